//! Where names stand in the text, and what each means: what a renaming must reach.

use crate::Architecture;
use crate::architecture::references;
use crate::entity::Entity;
use crate::facets::deployment::{DeploymentId, End};
use crate::facets::flows::StepKind;
use crate::facets::structure::{ElementId, RelationId};
use crate::facets::workspace;
use crate::items::ItemRef;
use crate::names::{Arrow, split_kind, without_dot};
use groma_base::{Edit, Range, Span};

/// A name as it is written somewhere, with the declaration of what it means.
struct Written {
    at: ItemRef,
    range: Range,
    means: ItemRef,
}

impl Architecture {
    /// The edits that write a new name wherever something is named by its own: at its declaration, and in each path that leads to it or
    /// through it. Texts of queries, and rules, kinds and facts of the workspace's own, which are named as words of the language, are
    /// left as they are. In the order of the text.
    pub fn with_name(&self, declared: ItemRef, name: &str) -> Vec<Edit> {
        let old = self.name(declared);
        let mut edits = vec![Edit { span: self.name_span(declared), text: name.to_owned() }];
        for written in self.written_names() {
            // Nearly all mean something else.
            let Some(depth) = self.declarations_around(written.means).position(|at| at == declared) else { continue };
            let text = written.range.of(&self.file(written.at).text);
            if let Some(range) = part_of_path(text, written.range, depth).filter(|(_, part)| *part == old) {
                edits.push(Edit { span: Span::new(written.at.file, range.0), text: name.to_owned() });
            }
        }
        edits.sort_by_key(|edit| edit.span);
        edits.dedup();
        edits
    }

    /// Where something that stands alone is named: what names it, and the whole name as it is written there. In the order of the text.
    pub fn places_that_name(&self, declared: ItemRef) -> Vec<(ItemRef, Range)> {
        let all = self.written_names().into_iter().filter(|written| written.means == declared);
        let mut places: Vec<(ItemRef, Range)> = all.map(|written| (written.at, written.range)).collect();
        places.sort_unstable_by_key(|(at, range)| (at.file, *range));
        places
    }

    fn written_names(&self) -> Vec<Written> {
        let mut all = Vec::new();
        let item = |at: ItemRef| self.item(at);
        for file in self.files.iter() {
            for (id, of) in file.items.entries() {
                let at = ItemRef { file: file.file, item: id };
                for value in references(file, of) {
                    match self.referred(at, value) {
                        Some(Entity::Relation(id)) => all.extend(self.written_ends(at, value.range, id)),
                        Some(entity) => all.push(Written { at, range: value.range, means: self.declared_at(entity) }),
                        None => {}
                    }
                }
                if of.kind.is(&workspace::class::EXTEND)
                    && let Some(id) = self.extended(at)
                {
                    all.push(Written { at, range: of.name, means: self.element(id).at });
                }
            }
        }
        let mut ends = |at: ItemRef, (from, to): (Option<ItemRef>, Option<ItemRef>)| {
            let of = [(item(at).name, from), (item(at).target, to)];
            all.extend(of.into_iter().filter_map(|(range, means)| Some(Written { at, range, means: means? })));
        };
        let element = |id: ElementId| self.element(id).at;
        for relation in self.relations.iter() {
            ends(relation.at, (Some(element(relation.from)), Some(element(relation.to))));
        }
        for step in self.flows.iter().flat_map(|flow| &flow.steps) {
            if let Some((from, to)) = step.kind.ends() {
                ends(step.at, (Some(element(from)), Some(element(to))));
            } else if let StepKind::Unresolved { from, to, .. } = step.kind {
                ends(step.at, (from.map(element), to.map(element)));
            }
        }
        for (id, deployment) in self.deployments.entries() {
            let end = |end: End| match end {
                End::Place(node) => self.place_item(id, node),
                End::Element(id) => element(id),
            };
            for instance in &deployment.instances {
                ends(instance.at, (Some(element(instance.element)), None));
            }
            for connection in &deployment.connections {
                ends(connection.at, (Some(end(connection.from)), Some(end(connection.to))));
            }
        }
        for pipeline in self.pipelines.iter() {
            for one in &pipeline.transitions {
                ends(one.at, (Some(pipeline.stages[one.from].at), Some(pipeline.stages[one.to].at)));
            }
        }
        all
    }

    /// The names of both ends of a relationship that a fact names.
    fn written_ends(&self, at: ItemRef, whole: Range, id: RelationId) -> impl Iterator<Item = Written> + use<> {
        let relation = self.relation(id);
        let means = [relation.from, relation.to].map(|end| self.element(end).at);
        let places = Arrow::ends_in(&self.file(at).text, whole);
        let ends = places.into_iter().flat_map(move |places| places.into_iter().zip(means));
        ends.map(move |(range, means)| Written { at, range, means })
    }

    /// The declarations whose names a path to something consists of, from the inside out.
    fn declarations_around(&self, at: ItemRef) -> impl Iterator<Item = ItemRef> + '_ {
        let entity = self.entity(at);
        let elements = entity.and_then(Entity::element).map(|id| self.ancestors(id).map(|id| self.element(id).at));
        let place = entity.and_then(Entity::place).map(|place| self.place(place));
        let places = place.map(|(of, node)| self.places_around(of, node).map(move |node| self.place_item(of, node)));
        let deployment = place.map(|(of, _): (DeploymentId, _)| self.deployments[of].at);
        let is_alone = entity.is_none_or(|entity| !matches!(entity, Entity::Element(_) | Entity::Place(_)));
        let alone = is_alone.then_some(at).into_iter();
        alone.chain(elements.into_iter().flatten()).chain(places.into_iter().flatten()).chain(deployment)
    }
}

/// The part of a path that stands so many before its last one, with its place.
fn part_of_path(text: &str, range: Range, depth: usize) -> Option<(Range, &str)> {
    let is_quote = |text: &str| text.len() >= 2 && text.starts_with('"') && text.ends_with('"');
    let path = if is_quote(text) { &text[1..text.len() - 1] } else { text };
    let path = without_dot(split_kind(path).1);
    let part = path.rsplit('.').nth(depth)?;
    let start = range.start + (part.as_ptr() as usize - text.as_ptr() as usize) as u32;
    Some((Range::new(start, start + part.len() as u32), part))
}

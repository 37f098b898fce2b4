//! The canonical form.

use super::lines::{Lines, escaped, quoted};
use super::target::Target;
use super::values::facts;
use crate::difference::{Side, written_ends};
use crate::entity::Entity;
use crate::facets::decisions::family;
use crate::facets::signatures::class::SIGNATURE;
use crate::facets::workspace::class::ALLOW;
use crate::items::ItemRef;
use crate::schema::Head;
use crate::{Architecture, ElementId, RelationId};
use rustc_hash::{FxHashMap, FxHashSet};

/// Writes canonical forms of what is in an architecture.
pub struct Forms<'a> {
    arch: &'a Architecture,
    side: Side<'a>,
    /// The things that have names and are parts of one that has, in the order of their addresses.
    named_parts: FxHashMap<Entity, Vec<Entity>>,
}

impl<'a> Forms<'a> {
    /// Gets ready to write the forms of what is in this.
    pub fn new(arch: &'a Architecture) -> Forms<'a> {
        let side = Side::new(arch);
        let mut named_parts: FxHashMap<Entity, Vec<Entity>> = FxHashMap::default();
        for entity in side.entities.iter().copied().filter(|entity| entity.flow().is_none()) {
            if let Some(place) = side.place(entity) {
                named_parts.entry(place).or_default().push(entity);
            }
        }
        for parts in named_parts.values_mut() {
            parts.sort_by_cached_key(|part| arch.address(*part));
        }
        Forms { arch, side, named_parts }
    }

    /// The form of what a target selects.
    pub fn of(&self, target: &Target) -> String {
        match target {
            Target::Record(at) if self.is_markdown(*at) => self.record_text(*at),
            Target::Record(at) => self.of_things(&[*at]),
            Target::Things(things) => self.of_things(things),
        }
    }

    fn of_things(&self, things: &[ItemRef]) -> String {
        let arch = self.arch;
        let all: FxHashSet<ItemRef> = things.iter().copied().collect();
        let is_counted = |at: &ItemRef| !arch.item(*at).kind.class.is_in(&[&SIGNATURE, &ALLOW]);
        // What is a part of another is shown there.
        let is_part = |at: &ItemRef| self.around(*at).any(|around| all.contains(&around));
        let mut alone: Vec<ItemRef> = all.iter().copied().filter(|at| is_counted(at) && !is_part(at)).collect();
        alone.sort_by_cached_key(|at| (arch.relation_at(*at).is_some(), arch.address_of(*at), *at));
        let (mut lines, mut elements, mut relations) = (Lines::default(), Vec::new(), Vec::new());
        for at in alone {
            match arch.relation_at(at) {
                Some(relation) => relations.push(relation),
                None => {
                    self.thing(at, 0, &mut lines, &mut elements);
                    self.group_around(at, &mut lines);
                }
            }
        }
        relations.extend(elements.iter().flat_map(|id| arch.outgoing(*id).chain(arch.incoming(*id))));
        self.relations(relations, &mut lines);
        lines.0
    }

    /// The zone or group that something is in, which its address does not say.
    fn group_around(&self, at: ItemRef, lines: &mut Lines) {
        let place = self.arch.entity(at).and_then(|entity| self.side.place(entity));
        if let Some(group @ Entity::Group(_)) = place {
            lines.push(1, &format!("in {}", escaped(&self.arch.address(group))));
        }
    }

    /// What something is a part of, from the inside out.
    fn around(&self, at: ItemRef) -> impl Iterator<Item = ItemRef> + '_ {
        let arch = self.arch;
        let next = move |at: &ItemRef| match arch.entity(*at) {
            Some(entity) if entity.flow().is_some() => None,
            Some(entity) => self.side.place(entity).map(|place| self.side.at(place)),
            None if arch.relation_at(*at).is_some() => None,
            None => self.side.owner(*at),
        };
        std::iter::successors(next(&at), next)
    }

    /// Something with its facts and parts; the elements among these are added.
    fn thing(&self, at: ItemRef, depth: usize, lines: &mut Lines, elements: &mut Vec<ElementId>) {
        let arch = self.arch;
        let entity = arch.entity(at);
        lines.push(depth, &self.head(at));
        if self.is_markdown(at) {
            return self
                .record_text(at)
                .lines()
                .for_each(|line| lines.push(depth + 1, &format!(".line {}", quoted(line))));
        }
        facts(arch, at, depth + 1, lines);
        elements.extend(entity.and_then(Entity::element));
        for part in entity.and_then(|entity| self.named_parts.get(&entity)).into_iter().flatten() {
            self.thing(self.side.at(*part), depth + 1, lines, elements);
        }
        let is_counted = |at: &&ItemRef| !arch.item(**at).kind.class.is_in(&[&SIGNATURE, &ALLOW]);
        for part in self.side.parts(Some(at)).iter().filter(is_counted) {
            self.thing(*part, depth + 1, lines, elements);
        }
    }

    /// The line that says what something is.
    fn head(&self, at: ItemRef) -> String {
        let arch = self.arch;
        let item = arch.item(at);
        let title = arch.label(at).map(|title| format!(" {}", quoted(title))).unwrap_or_default();
        if let Some(entity) = arch.entity(at).filter(|_| !arch.name(at).is_empty()) {
            return format!("{}{title}", escaped(&arch.address(entity)));
        }
        match item.kind.head {
            Head::Arrow => {
                let (meant, written) = (self.side.ends(at), written_ends(arch, at));
                let [from, to] = [0, 1].map(|nth| match meant[nth] {
                    Some(Entity::Element(id)) => arch.element(id).path.to_string(),
                    Some(entity) => arch.address(entity),
                    None => written[nth].to_owned(),
                });
                format!("{} {} {}{title}", escaped(&from), item.kind.name, escaped(&to))
            }
            Head::Named => format!("{}:{}{title}", arch.kind_word(at), escaped(arch.name(at))),
            // The value is one of the facts.
            Head::Title | Head::Value(_) | Head::Perhaps(_) => format!("{}{title}", arch.kind_word(at)),
        }
    }

    /// Relationships, in the order of all that they say.
    fn relations(&self, mut relations: Vec<RelationId>, lines: &mut Lines) {
        relations.sort_unstable();
        relations.dedup();
        if relations.is_empty() {
            return;
        }
        let said = |id: RelationId| {
            let at = self.arch.relation(id).at;
            let mut own = Lines::default();
            own.push(1, &self.head(at));
            facts(self.arch, at, 2, &mut own);
            own.0
        };
        let mut all: Vec<String> = relations.into_iter().map(said).collect();
        all.sort_unstable();
        lines.push(0, "relationships");
        all.iter().for_each(|one| lines.0.push_str(one));
    }

    /// Whether something is a record in Markdown.
    fn is_markdown(&self, at: ItemRef) -> bool {
        let item = self.arch.item(at);
        family(item.kind.class).is_some() && item.called.is_some()
    }

    /// The lines of a record in Markdown that count.
    fn record_text(&self, at: ItemRef) -> String {
        let arch = self.arch;
        // Only the number and the day in its name tell something of a record.
        let called = arch.item(at).called.as_ref();
        let stem = called
            .and_then(|called| called.also.iter().find(|also| !also.contains('/')))
            .map_or(arch.name(at), |also| also);
        let file = format!("{}.md", stem.rsplit('/').next().unwrap_or(stem));
        let family = family(arch.item(at).kind.class).unwrap_or_default();
        groma_records::bound_text(family, &file, &arch.file(at).text)
    }
}

//! Decisions, with what they are about and what took their place.

use super::build::{GraphBuilder, element_part};
use super::picks::{Picks, has};
use super::{Graph, Part, PartKind};
use groma_model::facts::decision::Status;
use groma_model::kinds::class;
use groma_model::{Entity, ItemRef, RelationId};
use rustc_hash::FxHashMap;

impl GraphBuilder<'_> {
    /// The decisions that may be shown with the things that they are about. Where the view is limited to elements or other things, only
    /// the decisions about these.
    pub(super) fn decisions(mut self, picks: &Picks) -> Graph {
        let arch = self.arch;
        let is_decision = |at: &ItemRef| arch.item(*at).kind.is(&class::DECISION);
        let (only, things): (Vec<ItemRef>, Vec<ItemRef>) = picks.include.others.iter().copied().partition(is_decision);
        let is_limited = !things.is_empty() || !picks.include.elements.is_empty();
        let may_be_about = |thing: &ItemRef| match arch.nameable(*thing) {
            Some(Entity::Element(id)) => {
                (!is_limited || picks.include.elements.contains(&id)) && !picks.exclude.elements.contains(&id)
            }
            Some(Entity::Relation(id)) => {
                let ends = arch.ends(id);
                let is_included = ends.iter().any(|end| picks.include.elements.contains(end));
                (!is_limited || is_included) && !ends.iter().any(|end| picks.exclude.elements.contains(end))
            }
            _ => (!is_limited || things.contains(thing)) && !picks.exclude.others.contains(thing),
        };
        let mut boxes: FxHashMap<ItemRef, usize> = FxHashMap::default();
        for at in arch.records_of(&class::DECISION).map(|record| record.at) {
            if !has(&only, &picks.exclude.others, at) {
                continue;
            }
            let mut about: Vec<ItemRef> = arch.decided_by(at);
            about.retain(may_be_about);
            if about.is_empty() && is_limited {
                continue;
            }
            let from = self.decision(at, &mut boxes);
            for thing in about {
                let to = self.thing(thing, &mut boxes);
                self.connect(from, to, String::new(), String::new(), false);
            }
        }
        let shown: Vec<(ItemRef, usize)> = boxes.iter().map(|(at, part)| (*at, *part)).collect();
        self.replacements(shown);
        self.graph
    }

    /// The arrows from what took a place to what had it, in the order of the text.
    fn replacements(&mut self, mut shown: Vec<(ItemRef, usize)>) {
        shown.sort_unstable();
        for (at, old) in &shown {
            for successor in self.arch.successors(*at) {
                if let Ok(new) = shown.binary_search_by_key(&successor, |(at, _)| *at) {
                    self.connect(shown[new].1, *old, String::new(), String::new(), true);
                }
            }
        }
    }

    fn decision(&mut self, at: ItemRef, boxes: &mut FxHashMap<ItemRef, usize>) -> usize {
        let arch = self.arch;
        let status = arch.choice::<Status>(at);
        let word = match status {
            Some(status) => format!("{} decision", status.word()),
            None => "decision".to_owned(),
        };
        let mut part = self.plain(arch.address_of(at), PartKind::Record, &word, at, None);
        part.external = matches!(status, Some(Status::Rejected | Status::Deprecated | Status::Superseded));
        part.planned = matches!(status, None | Some(Status::Draft | Status::Proposed));
        // A record is called by its number, if it has one.
        let name = arch.name(at);
        if name.ends_with(|last: char| last.is_ascii_digit()) {
            part.title = format!("{name}. {}", part.title);
        }
        let part = self.push(part, None);
        boxes.insert(at, part);
        part
    }

    /// The box of what a decision is about.
    fn thing(&mut self, at: ItemRef, boxes: &mut FxHashMap<ItemRef, usize>) -> usize {
        let arch = self.arch;
        if let Some(part) = boxes.get(&at) {
            return *part;
        }
        let part = match arch.nameable(at) {
            Some(Entity::Element(id)) => match self.part_of.get(&id) {
                Some(part) => return *part,
                None => return self.push(element_part(arch, id, None), Some(id)),
            },
            Some(Entity::Flow(_)) => self.plain(arch.address_of(at), PartKind::Flow, "flow", at, None),
            Some(Entity::Relation(id)) => self.relationship(id),
            _ => self.plain(arch.address_of(at), PartKind::Requirement, arch.item(at).kind.name, at, None),
        };
        let part = self.push(part, None);
        boxes.insert(at, part);
        part
    }

    /// A relationship that a decision is about is a box of its own, which names both ends.
    fn relationship(&self, id: RelationId) -> Part {
        let (arch, at) = (self.arch, self.arch.relation(id).at);
        let mut part = self.plain(arch.address_of(at), PartKind::Requirement, "relationship", at, None);
        part.title = arch.title_of_ends(id);
        if part.description.is_empty() {
            part.description = arch.label(at).unwrap_or_default().to_owned();
        }
        part
    }
}

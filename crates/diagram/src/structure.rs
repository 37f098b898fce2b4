//! Views of the structure: the landscape, a system's context, its containers and components, and what a view picks.

use super::Graph;
use super::build::{GraphBuilder, with_parts};
use super::picks::Picks;
use crate::spec::Show;
use groma_model::{ElementId, Level, RelationId};

impl GraphBuilder<'_> {
    /// What a view picks, or else what its sort shows, with the relationships between that.
    pub(super) fn structure(mut self, show: Show, picks: &Picks) -> Graph {
        let (include, exclude) = (&picks.include, &picks.exclude);
        let usual = self.default_elements(show);
        let mut shown = if picks.is_limited { self.joined(usual, &include.relations) } else { usual };
        include.elements.iter().for_each(|id| shown[id.index()] = true);
        exclude.elements.iter().for_each(|id| shown[id.index()] = false);
        self.show(&shown);
        self.relations(|id| picks.relation(id));
        self.graph
    }

    /// Those of some elements at which one of these relationships ends, or in which it does.
    fn joined(&self, shown: Vec<bool>, relations: &[RelationId]) -> Vec<bool> {
        let mut joined = vec![false; shown.len()];
        for id in relations {
            let relation = self.arch.relation(*id);
            for end in [relation.from, relation.to].into_iter().flat_map(|end| self.arch.ancestors(end)) {
                joined[end.index()] |= shown[end.index()];
            }
        }
        joined
    }

    fn default_elements(&self, show: Show) -> Vec<bool> {
        let arch = self.arch;
        let mut shown = vec![false; arch.elements.len()];
        let (subject, inside) = match show {
            Show::Context(of) => (of, vec![of]),
            Show::Containers(of) | Show::Components(of) => {
                let parts: Vec<ElementId> = arch.children(of).collect();
                (of, if parts.is_empty() { vec![of] } else { parts })
            }
            Show::Landscape
            | Show::Deployment(_)
            | Show::Dynamic(_)
            | Show::Sequence(_)
            | Show::Pipeline(_)
            | Show::Traceability
            | Show::Decisions => {
                for id in arch.element_ids() {
                    shown[id.index()] = matches!(arch.element(id).level, Level::Person | Level::System);
                }
                return shown;
            }
        };
        inside.iter().for_each(|id| shown[id.index()] = true);
        let home = arch.at_level(subject, Level::System);
        let parts = with_parts(arch, [subject]);
        let around = parts.iter().flat_map(|id| arch.outgoing(*id).chain(arch.incoming(*id)));
        for relation in around.map(|id| arch.relation(id)) {
            let (from_inside, to_inside) =
                (arch.is_within(relation.from, subject), arch.is_within(relation.to, subject));
            if from_inside == to_inside {
                continue;
            }
            let other = if from_inside { relation.to } else { relation.from };
            // Neighbours in the same system show as containers, others as people and systems.
            let near = home.is_some() && arch.at_level(other, Level::System) == home;
            let lifted =
                if near && !matches!(show, Show::Context(_)) { arch.at_level(other, Level::Container) } else { None };
            let lifted = lifted.or_else(|| arch.at_level(other, Level::System)).unwrap_or(other);
            if !arch.is_within(subject, lifted) {
                shown[lifted.index()] = true;
            }
        }
        shown
    }

    /// Those relationships between what is shown that are wanted.
    fn relations(&mut self, is_wanted: impl Fn(RelationId) -> bool) {
        let parts = with_parts(self.arch, self.part_of.keys().copied());
        let beginnings = parts.into_iter().chain(self.framed());
        let mut leading_out: Vec<RelationId> = beginnings.flat_map(|id| self.arch.outgoing(id)).collect();
        // In the order of the text, which decides what stands first at an arrow.
        leading_out.sort_unstable();
        leading_out.dedup();
        for id in leading_out.into_iter().filter(|id| is_wanted(*id)) {
            let relation = self.arch.relation(id);
            if let Some((from, to)) = self.ends(relation.from, relation.to) {
                let label = self.arch.label(relation.at).unwrap_or_default().to_owned();
                self.connect(from, to, label, self.protocol(id), self.arch.is_async(id));
            }
        }
    }
}

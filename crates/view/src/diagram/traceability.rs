//! Requirements and qualities, with what realizes them and what they are measured on.

use super::build::{GraphBuilder, element_part};
use super::picks::Picks;
use super::{Connection, Graph, PartKind};
use groma_model::kinds::class;
use groma_model::{ElementId, FlowId, ItemRef};
use rustc_hash::FxHashMap;

/// What a requirement or quality leads to.
#[derive(Clone, Copy, PartialEq)]
enum Target {
    Element(ElementId),
    Flow(FlowId),
}

impl GraphBuilder<'_> {
    /// All requirements and qualities that are picked, but for those of which everything they lead to is left out.
    pub(super) fn traceability(mut self, picks: &Picks) -> Graph {
        let arch = self.arch;
        let mut flows: FxHashMap<FlowId, usize> = FxHashMap::default();
        let traced = arch.records.iter().filter(|record| record.class.is_in(&[&class::REQUIREMENT, &class::QUALITY]));
        for record in traced.filter(|record| picks.other(arch, record.at)) {
            let all = self.traced(record.at);
            let is_shown = |target: Target| match target {
                Target::Element(id) => picks.element(id),
                Target::Flow(id) => picks.other(arch, arch.flows[id].at),
            };
            let left: Vec<(Target, bool)> = all.iter().copied().filter(|(target, _)| is_shown(*target)).collect();
            if left.is_empty() && !all.is_empty() {
                continue;
            }
            let word = arch.item(record.at).kind.name;
            let part =
                self.plain(format!("{word}:{}", arch.name(record.at)), PartKind::Requirement, word, record.at, None);
            let from = self.push(part, None);
            let mut targets: Vec<(usize, bool)> =
                left.into_iter().map(|(target, measured)| (self.target(target, &mut flows), measured)).collect();
            targets.sort_unstable();
            targets.dedup_by_key(|(to, _)| *to);
            for (to, measured) in targets {
                // A dashed line, as the legend says, for what a quality is only measured on.
                self.graph.connections.push(Connection {
                    from,
                    to,
                    labels: Vec::new(),
                    technology: String::new(),
                    asynchronous: measured,
                });
            }
        }
        self.graph
    }

    /// What a requirement or quality leads to, each with whether it is only measured there.
    fn traced(&self, at: ItemRef) -> Vec<(Target, bool)> {
        let arch = self.arch;
        let (measured, measured_flows) = arch.measured_on(at);
        let (realized_by, realized_by_flows) = (arch.realized_by(at), arch.realized_by_flows(at));
        let elements = realized_by.iter().chain(&measured);
        let elements = elements.map(|id| (Target::Element(*id), !realized_by.contains(id)));
        let flows = realized_by_flows.iter().chain(&measured_flows);
        let flows = flows.map(|id| (Target::Flow(*id), !realized_by_flows.contains(id)));
        elements.chain(flows).collect()
    }

    /// The box of what a requirement leads to.
    fn target(&mut self, target: Target, flows: &mut FxHashMap<FlowId, usize>) -> usize {
        let arch = self.arch;
        match target {
            Target::Element(id) => match self.part_of.get(&id) {
                Some(part) => *part,
                None => self.push(element_part(arch, id, None), Some(id)),
            },
            Target::Flow(id) => *flows.entry(id).or_insert_with(|| {
                let at = arch.flows[id].at;
                let part = self.plain(format!("flow:{}", arch.name(at)), PartKind::Flow, "flow", at, None);
                self.push(part, None)
            }),
        }
    }
}

//! Requirements and qualities, with what realizes them and what they are measured on.

use super::build::{GraphBuilder, element_part};
use super::{Connection, Graph, PartKind};
use groma_model::FlowId;
use groma_model::kinds::class;
use rustc_hash::FxHashMap;

impl GraphBuilder<'_> {
    /// All requirements and qualities.
    pub(super) fn traceability(mut self) -> Graph {
        let arch = self.arch;
        let mut flows: FxHashMap<FlowId, usize> = FxHashMap::default();
        for record in arch.records.iter().filter(|record| record.class.is_in(&[&class::REQUIREMENT, &class::QUALITY])) {
            let word = arch.item(record.at).kind.name;
            let part =
                self.plain(format!("{word}:{}", arch.name(record.at)), PartKind::Requirement, word, record.at, None);
            let from = self.push(part, None);
            let mut targets = Vec::new();
            let (measured, measured_flows) = arch.measured_on(record.at);
            let (realized_by, realized_by_flows) = (arch.realized_by(record.at), arch.realized_by_flows(record.at));
            for element in realized_by.iter().chain(&measured) {
                let to = match self.part_of.get(element) {
                    Some(part) => *part,
                    None => self.push(element_part(arch, *element, None), Some(*element)),
                };
                targets.push((to, !realized_by.contains(element)));
            }
            for flow in realized_by_flows.iter().chain(&measured_flows) {
                let at = arch.flows[*flow].at;
                let to = match flows.get(flow) {
                    Some(part) => *part,
                    None => {
                        let part = self.plain(format!("flow:{}", arch.name(at)), PartKind::Flow, "flow", at, None);
                        self.push(part, None)
                    }
                };
                flows.insert(*flow, to);
                targets.push((to, !realized_by_flows.contains(flow)));
            }
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
}

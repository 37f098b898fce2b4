//! Requirements and qualities, with what realizes them and what they are measured on.

use super::build::{GraphBuilder, element_part};
use super::picks::{Picks, has};
use super::{Connection, Graph, PartKind};
use groma_model::kinds::class;
use groma_model::{Architecture, ElementId, FlowId, ItemRef};
use rustc_hash::FxHashMap;

/// What a requirement or quality leads to.
#[derive(Clone, Copy, PartialEq)]
enum Target {
    Element(ElementId),
    Flow(FlowId),
}

/// What a view is limited to on either side of its arrows, and what it leaves out.
struct Limits<'a> {
    arch: &'a Architecture,
    picks: &'a Picks,
    /// The requirements and qualities that `include` names, which are then the only ones.
    traced: Vec<ItemRef>,
    /// The flows that it names: with the elements that it names, the only things that anything leads to.
    flows: Vec<ItemRef>,
}

impl<'a> Limits<'a> {
    fn new(arch: &'a Architecture, picks: &'a Picks) -> Limits<'a> {
        let is_flow = |at: &ItemRef| arch.item(*at).kind.class.is_in(&[&class::FLOW]);
        let (flows, traced) = picks.include.others.iter().partition(|at| is_flow(at));
        Limits { arch, picks, traced, flows }
    }

    /// Whether a requirement or quality may be shown.
    fn traced(&self, at: ItemRef) -> bool {
        has(&self.traced, &self.picks.exclude.others, at)
    }

    /// Whether something that a requirement or quality leads to may be shown.
    fn target(&self, target: Target) -> bool {
        let (include, exclude) = (&self.picks.include, &self.picks.exclude);
        match target {
            Target::Element(id) => {
                (self.leads_anywhere() || include.elements.contains(&id)) && !exclude.elements.contains(&id)
            }
            Target::Flow(id) => {
                let at = self.arch.flows[id].at;
                (self.leads_anywhere() || self.flows.contains(&at)) && !exclude.others.contains(&at)
            }
        }
    }

    /// Whether all that a requirement or quality leads to may be shown.
    fn leads_anywhere(&self) -> bool {
        self.flows.is_empty() && self.picks.include.elements.is_empty()
    }

    /// Whether a requirement or quality that leads to nothing may be shown.
    fn unrealized(&self, at: ItemRef) -> bool {
        self.leads_anywhere() || self.traced.contains(&at)
    }
}

impl GraphBuilder<'_> {
    /// All requirements and qualities that may be shown, but for those of which everything they lead to is left out.
    pub(super) fn traceability(mut self, picks: &Picks) -> Graph {
        let arch = self.arch;
        let mut flows: FxHashMap<FlowId, usize> = FxHashMap::default();
        let traced = arch.records.iter().filter(|record| record.class.is_in(&[&class::REQUIREMENT, &class::QUALITY]));
        let limits = Limits::new(arch, picks);
        for record in traced.filter(|record| limits.traced(record.at)) {
            let all = self.traced(record.at);
            let left: Vec<(Target, bool)> = all.iter().copied().filter(|(target, _)| limits.target(*target)).collect();
            if left.is_empty() && !(all.is_empty() && limits.unrealized(record.at)) {
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

//! From an architecture to its network: stations where work is done, policies of who calls, and a program for each flow.

mod calls;
mod flows;
mod policies;
mod regions;
mod stations;

use crate::assumption::NetworkAssumption;
use crate::network::{Network, PolicyId, Program, SiteId, StationId};
use crate::placement::{Distance, Placements};
use groma_model::schema::Fact;
use groma_model::{Architecture, DeployNodeId, ElementId, FlowId, ItemRef, Per, RelationId, Step};
use rustc_hash::FxHashMap;

impl Network {
    /// The network of an architecture.
    pub fn new(arch: &Architecture) -> Network {
        network(arch)
    }
}

fn network(arch: &Architecture) -> Network {
    let mut builder = Builder {
        arch,
        network: Network::default(),
        pool_of: FxHashMap::default(),
        policy_of: FxHashMap::default(),
        readers: FxHashMap::default(),
        fallbacks: Vec::new(),
        hosts: FxHashMap::default(),
        default_latency: Vec::new(),
        numbers: Per::new(),
        is_within: false,
        shapes: FxHashMap::default(),
    };
    builder.network.placements = Placements::new(arch);
    builder.network.watched = crate::requirement::watched(arch);
    // By their names, so that where they stand in the text changes no order of stations.
    let mut flows: Vec<FlowId> = arch.flows.ids().collect();
    flows.sort_by_key(|flow| arch.name(arch.flows[*flow].at));
    let mut programs: Vec<Program> = flows.into_iter().map(|flow| builder.flow(flow)).collect();
    programs.sort_by_key(|program| program.flow);
    builder.network.programs = programs.into_iter().collect();
    builder.time_fallbacks();
    builder.network.go_on_from_zones();
    builder.network.find_expected_responses();
    builder.tell_of_regions();
    for distance in Distance::ALL.iter().filter(|distance| builder.default_latency.contains(distance)) {
        let (between, latency) = (distance.words(), distance.latency());
        builder.network.assumptions.push(NetworkAssumption::Latency { between, latency });
    }
    builder.network
}

struct Builder<'a> {
    arch: &'a Architecture,
    network: Network,
    pool_of: FxHashMap<RelationId, StationId>,
    policy_of: FxHashMap<Option<RelationId>, PolicyId>,
    /// The stations of read replicas.
    readers: FxHashMap<ElementId, StationId>,
    /// The sites of calls that are made instead of others, whose time is not known yet.
    fallbacks: Vec<SiteId>,
    /// The stations of hosts whose processors are shared.
    hosts: FxHashMap<DeployNodeId, StationId>,
    /// The distances whose network time had to be taken to be so.
    default_latency: Vec<Distance>,
    /// The steps of the flow that is read, numbered without those that change nothing.
    numbers: Per<Step, u64>,
    /// Whether the call whose block is read is one of another part of the same container.
    is_within: bool,
    /// How many flows of each shape there are so far.
    shapes: FxHashMap<u64, u64>,
}

impl Builder<'_> {
    /// The number of a fact, or what the language declares where none is given.
    pub(super) fn number(&self, at: ItemRef, fact: &'static Fact) -> Option<f64> {
        self.arch.quantity_or_default(at, fact).map(|quantity| quantity.high)
    }

    pub(super) fn whole(&self, at: ItemRef, fact: &'static Fact) -> Option<u32> {
        self.number(at, fact).map(|value| value.min(f64::from(u32::MAX)) as u32)
    }

    /// The same of a part of a fact.
    pub(super) fn part(&self, at: ItemRef, fact: &'static Fact, part: &'static Fact) -> Option<f64> {
        self.arch.part_or_default(at, fact, part).map(|quantity| quantity.high)
    }

    /// The relationship that a call with this text uses. Where that is not clear, it is told which was taken.
    pub(super) fn relation(&mut self, from: ElementId, to: ElementId, text: Option<&str>) -> Option<RelationId> {
        let arch = self.arch;
        let used = arch.used_relation(from, to, text)?;
        if !used.may_be.is_empty() {
            let assumed = NetworkAssumption::FirstRelation {
                call: text.unwrap_or_default().to_owned(),
                relation: arch.relation_address(used.id),
                of: used.may_be.len(),
            };
            if !self.network.assumptions.contains(&assumed) {
                self.network.assumptions.push(assumed);
            }
        }
        Some(used.id)
    }
}

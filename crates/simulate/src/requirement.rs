//! What is demanded: the `require` of qualities, the `threshold` of loads and the `expect` of failures.

use crate::load::usual_load;
use crate::metric::Metric;
use crate::network::{CounterId, Network, StationId, Watched, counter_of};
use groma_model::decode::FactValue;
use groma_model::kinds::class;
use groma_model::{Architecture, ElementId, FlowId, ItemRef, RecordId, Table, facts};

/// A `require` of a quality, or what is like it, as written. Limits are in seconds, per second, or shares.
#[derive(Clone, Debug)]
pub struct Requirement {
    /// The quality; the failure of an `expect`, the load of a `threshold`.
    pub quality: ItemRef,
    /// Whether it is a `threshold`: what a load asks of itself, run as a test.
    pub is_threshold: bool,
    /// Where its metric stands.
    pub range: groma_base::Range,
    /// What is measured.
    pub metric: Metric,
    /// The flow it is measured on.
    pub flow: Option<FlowId>,
    /// The element it is measured on.
    pub of: Option<ElementId>,
    /// Whether it is about the first part of answers that come in parts, not about all of them.
    pub first_part: bool,
    /// The limit.
    pub limit: f64,
    /// Whether the value must be below the limit.
    pub upper: bool,
    /// The window that it is to be counted over, in seconds, if one is written.
    pub window: Option<f64>,
    /// The load, as one of the architecture's records.
    pub load: Option<RecordId>,
    /// The failure, as one of the architecture's records.
    pub failure: Option<RecordId>,
}

/// Every requirement of every quality that has a limit, in the order of the text, then every threshold of every load, and what is
/// expected of flows during failures, as requirements with the metric [`Metric::Success`].
pub fn requirements(arch: &Architecture) -> Vec<Requirement> {
    let mut found = Vec::new();
    for record in arch.records_of(&class::QUALITY) {
        let all = arch.values_of(record.at, &facts::quality::REQUIRE);
        found.extend(all.filter_map(|value| {
            let failure = arch.part_value_of(record.at, value, &facts::quality::FAILURE);
            let failure = failure.and_then(|failure| arch.referred_record(record.at, failure));
            let one = limited(arch, record.at, value)?;
            Some(Requirement { load: load_of(arch, record.at, value), failure, ..one })
        }));
    }
    for load in arch.record_ids(&class::LOAD) {
        let at = arch.records[load].at;
        let all = arch.values_of(at, &facts::load::THRESHOLD).filter_map(|value| limited(arch, at, value));
        found.extend(all.map(|one| Requirement { is_threshold: true, load: Some(load), ..one }));
    }
    expectations(arch, &mut found);
    found
}

/// The load under which what a quality requires must hold: the one that it names, or else that which is meant
/// ([`usual_load`]).
pub fn load_of(arch: &Architecture, at: ItemRef, require: &FactValue) -> Option<RecordId> {
    let part = |fact| arch.part_value_of(at, require, fact);
    let named = part(&facts::quality::LOAD).and_then(|load| arch.referred_record(at, load));
    named.or_else(|| {
        let flow = part(&facts::quality::FLOW).and_then(|flow| arch.referred_flow(at, flow));
        let of = part(&facts::quality::OF).and_then(|of| arch.referred_element(at, of));
        usual_load(arch, &flows_of(arch, flow, of))
    })
}

/// What a fact that names a metric and its limit demands, under no load yet.
fn limited(arch: &Architecture, at: ItemRef, value: &FactValue) -> Option<Requirement> {
    let part = |fact| arch.part_value_of(at, value, fact);
    let number = |fact| part(fact).and_then(FactValue::number);
    let (limit, upper) = match (number(&facts::quality::UNDER), number(&facts::quality::OVER)) {
        (Some(limit), _) => (limit, true),
        (None, limit) => (limit?, false),
    };
    Some(Requirement {
        quality: at,
        is_threshold: false,
        range: value.range,
        metric: Metric::of_fact(value)?,
        flow: part(&facts::quality::FLOW).and_then(|value| arch.referred_flow(at, value)),
        of: part(&facts::quality::OF).and_then(|value| arch.referred_element(at, value)),
        first_part: part(&facts::quality::FIRST_PART).and_then(FactValue::flag) == Some(true),
        limit,
        upper,
        window: number(&facts::quality::PER),
        load: None,
        failure: None,
    })
}

impl Requirement {
    /// The stations that it is about, if it is about an element: of a queue also those where what it delivers waits, as far as
    /// nobody else waits there.
    pub(crate) fn stations(&self, arch: &Architecture, network: &Network) -> Vec<StationId> {
        let Some(element) = self.of else { return Vec::new() };
        let own = network.station(arch, element).into_iter().collect();
        if self.metric == Metric::Queue { network.waiting_rooms(arch, element).unwrap_or(own) } else { own }
    }

    /// The counters of what it is about: those of its flow or of all that are `asked` for, or that of the calls of its element.
    pub(crate) fn counters(&self, network: &Network, asked: &[FlowId]) -> Vec<CounterId> {
        if let Some(element) = self.of {
            let watcher = network.watcher(Watched { element, flow: self.flow });
            return watcher.map(|watcher| network.counter_of_calls(watcher)).into_iter().collect();
        }
        let meant = asked.iter().copied().filter(|flow| self.flow.is_none_or(|own| own == *flow));
        if self.first_part {
            return meant.filter_map(|flow| network.counter_of_first_part(flow)).collect();
        }
        meant.map(counter_of).collect()
    }
}

/// The elements whose own calls requirements, alerts and objectives are about.
pub(crate) fn watched(arch: &Architecture) -> Table<Watched> {
    let is_of_calls = |one: &Requirement| one.metric.is_of_requests() || one.metric == Metric::RecoveryTime;
    let demanded = requirements(arch).into_iter().filter(is_of_calls);
    let mut found: Vec<Watched> =
        demanded.filter_map(|one| Some(Watched { element: one.of?, flow: one.flow })).collect();
    for record in arch.records.iter().filter(|record| record.class.is_in(&[&class::ALERT, &class::SLO])) {
        let element = arch.fact(record.at, &facts::slo::OF);
        let flow = arch.fact(record.at, &facts::slo::FLOW).and_then(|value| arch.referred_flow(record.at, value));
        let element = element.and_then(|value| arch.referred_element(record.at, value));
        found.extend(element.map(|element| Watched { element, flow }));
    }
    let mut seen: Vec<Watched> = Vec::new();
    found.retain(|one| {
        !seen.contains(one) && {
            seen.push(*one);
            true
        }
    });
    found.into_iter().collect()
}

/// The flows that a requirement is about: the one that it names, or those with calls to an element; none if it names neither.
fn flows_of(arch: &Architecture, flow: Option<FlowId>, of: Option<ElementId>) -> Vec<FlowId> {
    let (None, Some(element)) = (flow, of) else { return flow.into_iter().collect() };
    let reaches = |flow: &FlowId| {
        let mut ends = arch.flows[*flow].steps.iter().filter_map(|step| step.kind.ends());
        ends.any(|(_, to)| arch.is_within(to, element))
    };
    arch.flows.ids().filter(reaches).collect()
}

/// What is expected of flows while something fails.
fn expectations(arch: &Architecture, found: &mut Vec<Requirement>) {
    for failure in arch.record_ids(&class::FAILURE) {
        let record = &arch.records[failure];
        for value in arch.values_of(record.at, &facts::failure::EXPECT) {
            let flow = arch.referred_flow(record.at, value);
            let Some(limit) =
                arch.part_value_of(record.at, value, &facts::failure::SUCCESS).and_then(FactValue::number)
            else {
                continue;
            };
            found.push(Requirement {
                quality: record.at,
                is_threshold: false,
                range: value.range,
                metric: Metric::Success,
                flow,
                of: None,
                first_part: false,
                limit,
                upper: false,
                window: None,
                load: usual_load(arch, &flows_of(arch, flow, None)),
                failure: Some(failure),
            });
        }
    }
}

//! What is asked of which network: a load and a failure, made ready to be simulated.

use super::lagging::Lagging;
use super::left_out::{connections_without_pools, left_out_of_failure, left_out_of_load};
use super::observation::Observation;

use crate::analysis::{self, Analysis};
use crate::assumption::{Assumption, LoadAssumption};
use crate::demand::{Arrivals, Asked, Demand};
use crate::engine::Fault;
use crate::failure::faults;
use crate::load::{Prepared, prepare};
use crate::network::{Network, OperatingPoint};
use crate::refusal::NotSimulated;
use crate::run::Options;
use crate::settling::events_each;
use crate::stability::Growing;
use groma_model::{Architecture, RecordId};

/// A load and a failure, ready to be simulated.
pub(super) struct Scenario {
    pub(super) network: Network,
    pub(super) demand: Demand,
    pub(super) analysis: Analysis,
    pub(super) assumptions: Vec<Assumption>,
    pub(super) observation: Observation,
    pub(super) growing: Growing,
    /// What is not as it was simulated all the time.
    pub(super) lagging: Vec<Lagging>,
    /// What can be told of it at the most that it serves.
    pub(super) at_most: Analysis,
}

/// Makes a load and a failure ready, or tells why it is not simulated.
pub(super) fn scenario(
    arch: &Architecture,
    network: &Network,
    load: RecordId,
    failure: Option<RecordId>,
    options: &Options,
) -> Result<Scenario, NotSimulated> {
    let prepared = prepare(arch, network, load)?;
    network.none_apart(arch, &prepared.demand.flows())?;
    let Prepared { mut network, mut demand, analysis, at_most, mut assumptions, settled } = prepared;
    let too_long = is_too_long(&network, &demand, &analysis, options);
    let lagging = Lagging::all(&network, &demand, too_long.is_some());
    if let Some(told) = too_long {
        assumptions.push(told.into());
        demand = demand.at_its_highest();
    }
    let failing = failure.map(|at| faults(arch, &network, arch.records[at].at, &demand.flows())).transpose()?;
    let (faults, taken_over) = failing.unwrap_or_default();
    if let (Some(at), true) = (failure, faults.is_empty()) {
        return Err(NotSimulated::IdleFailure { failure: arch.title(arch.records[at].at).to_owned() });
    }
    let mut growing = Growing::default();
    match demand.profile().map(|profile| profile.length()) {
        Some(length) => {
            begins_in_time(&faults, length)?;
            batches_come_in_time(&demand, length)?;
            network = start_settled(&network, &demand);
        }
        None => {
            growing = Growing::certain(&network, &demand, &analysis);
            assumptions.extend(settled.into_iter().map(Assumption::from));
        }
    }
    let asked = demand.flows();
    let notes = network.notes.iter().filter(|(flow, _)| asked.contains(flow));
    assumptions.extend(notes.map(|(_, one)| one.clone().into()));
    let mut of_load = left_out_of_load(&network, &demand, &analysis, &faults);
    of_load.extend(connections_without_pools(arch, &network, &analysis));
    assumptions.extend(of_load.into_iter().map(Assumption::from));
    let of_failure = left_out_of_failure(&network, &faults).into_iter().chain(taken_over);
    assumptions.extend(of_failure.map(Assumption::from));
    let observation = Observation::new(&network, &demand, &analysis, faults, options);
    Ok(Scenario { network, demand, analysis, assumptions, observation, growing, lagging, at_most })
}

/// What is done with a course that would take too many events.
fn is_too_long(network: &Network, demand: &Demand, analysis: &Analysis, options: &Options) -> Option<LoadAssumption> {
    let length = demand.profile()?.length();
    // Of courses of others, as much as comes while this one lasts, or all of it.
    let requests = |(one, rate): (&Asked, &f64)| match one.profile() {
        Some(profile) => profile.length() * profile.mean() * rate,
        None => length * rate,
    };
    let requests: f64 = demand.all().zip(&analysis.rates).map(requests).sum();
    let events = requests * events_each(network, demand, analysis);
    let highest = LoadAssumption::AtItsHighest { length, events, rate: analysis.rate_of_all() };
    (REPLICATIONS * events > options.most_events as f64).then_some(highest)
}

/// So many times the events of one replication of a course must be allowed.
const REPLICATIONS: f64 = 8.0;

/// How many millions of events must be allowed for a course of which one replication takes so many.
pub(super) fn millions_for(events: f64) -> f64 {
    let (millions, digits) = (REPLICATIONS * events / 1e6, 10.0);
    let unit = libm::pow(10.0, libm::log10(millions).floor()) / digits;
    (millions / unit).ceil() * unit
}

/// Whether what goes wrong does so before a load has ended.
fn begins_in_time(faults: &[Fault], length: f64) -> Result<(), NotSimulated> {
    match faults.iter().map(|fault| fault.from).reduce(f64::min) {
        Some(begin) if begin >= length => Err(NotSimulated::BeginsTooLate { begin, length }),
        _ => Ok(()),
    }
}

/// Whether all batches come before a course has ended. Where none is, they have no beginning.
fn batches_come_in_time(demand: &Demand, length: f64) -> Result<(), NotSimulated> {
    let begins = demand.all().filter_map(Asked::arrivals).filter_map(|arrivals| match arrivals {
        Arrivals::Batches(batches) => Some(batches.first),
        Arrivals::Poisson | Arrivals::Regular | Arrivals::Bursty(_) => None,
    });
    match begins.reduce(f64::max) {
        Some(begin) if begin >= length => Err(NotSimulated::BatchesTooLate { begin, length }),
        _ => Ok(()),
    }
}

/// A network whose autoscalers begin with as many replicas as the beginning of a course needs, their fewest if that is nothing.
fn start_settled(network: &Network, demand: &Demand) -> Network {
    match demand.clone().at_its_beginning() {
        Some(beginning) => {
            let (most, limits) = analysis::at_most_reachable(network, &beginning);
            most.at(&analysis::settle(&most, &limits).0)
        }
        None => network.at(&OperatingPoint::at_least(network)),
    }
}

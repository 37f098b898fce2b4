//! What came of a load, with a failure or without: what was asked, and what was measured of it.

use super::lagging::{Lag, Lagging};
use crate::analysis::Analysis;
use crate::assumption::{Assumption, LoadAssumption};
use crate::forecast::scenario::millions_for;
use crate::load::NO_ANALYSIS;
use crate::network::{Network, Op, SiteId, Watched};
use crate::not_converged::{EndlessWait, NotConverged};
use crate::refusal::NotSimulated;
use crate::requirement::Requirement;
use crate::result::{ElementResult, Endless, FlowResult, StationResult};
use crate::timeline::Timeline;
use groma_model::{Architecture, FlowId, RecordId};

/// What the simulation of a load tells, with a failure or without.
#[derive(Clone, Debug)]
pub struct Run {
    /// The load, as one of the architecture's records.
    pub load: RecordId,
    /// The failure, if any.
    pub failure: Option<RecordId>,
    /// What could be told before.
    pub analysis: Analysis,
    /// The same at the most that is served, when caches may find more.
    pub(crate) at_most: Analysis,
    /// The flows that loads beside it ask for, each as often as that is so, and how many a second; `None` if that changes or
    /// depends on how long they take.
    pub(crate) flows_beside: Vec<(FlowId, Option<f64>)>,
    /// How long it takes on average until what comes begins anew, in seconds; 0 if it is the same all the time.
    pub(crate) cycle: f64,
    /// What was taken to be so.
    pub assumptions: Vec<Assumption>,
    /// How much was simulated.
    pub effort: Effort,
    /// What is not as it was simulated all the time.
    pub(crate) lagging: Vec<Lagging>,
    /// What never comes to an end, if anything. A run that had to be ended may tell that, and no more.
    pub endless: Option<Endless>,
    /// What came of it.
    pub outcome: Outcome,
}

/// How much was simulated.
#[derive(Clone, Copy, Default, Debug)]
pub struct Effort {
    /// How many replications.
    pub replications: usize,
    /// Seconds of each that were counted.
    pub seconds: f64,
    /// Events in all.
    pub events: u64,
}

/// What came of a run.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// Nothing: it was not simulated, or not to its end.
    NotSimulated(NotSimulated),
    /// Numbers.
    Simulated(Box<Measured>),
}

/// What was measured.
#[derive(Clone, Debug)]
pub struct Measured {
    /// The flows of the load.
    pub flows: Vec<FlowResult>,
    /// The elements whose own calls are judged.
    pub elements: Vec<ElementResult>,
    /// The stations, the busiest first.
    pub stations: Vec<StationResult>,
    /// What happened in the course of it, if it is one: of a failure, or of a load that changes.
    pub timeline: Option<Timeline>,
    /// Of what times and shares may still be too good, if of anything.
    pub unsettled: Option<Unsettled>,
}

/// What has not settled in the time that was simulated.
#[derive(Clone, Debug)]
pub struct Unsettled {
    /// Why.
    pub why: NotConverged,
    /// The flows.
    pub flows: Vec<FlowId>,
    /// And their calls.
    pub(crate) sites: Vec<SiteId>,
}

impl Run {
    /// Whether a queue grows without end though no more is asked for than can be served by formula, behind asynchronous steps as well:
    /// retries, errors and timeouts take what is left.
    pub fn saturates_earlier(&self) -> bool {
        let is_overload =
            self.endless.as_ref().is_some_and(|endless| matches!(endless.reason, EndlessWait::Overload(_)));
        let jams_at = self.analysis.jam.as_ref().map_or(f64::INFINITY, |jam| jam.rate);
        is_overload && self.analysis.rate < self.analysis.capacity.min(jams_at)
    }

    pub(super) fn not_simulated_at_all(load: RecordId, failure: Option<RecordId>, reason: NotSimulated) -> Run {
        Run {
            load,
            failure,
            analysis: NO_ANALYSIS,
            at_most: NO_ANALYSIS,
            flows_beside: Vec::new(),
            cycle: 0.0,
            assumptions: Vec::new(),
            effort: Effort::default(),
            lagging: Vec::new(),
            endless: None,
            outcome: Outcome::NotSimulated(reason),
        }
    }

    /// What was measured, if it was simulated.
    pub fn measured(&self) -> Option<&Measured> {
        match &self.outcome {
            Outcome::NotSimulated(_) => None,
            Outcome::Simulated(measured) => Some(measured),
        }
    }

    /// Why it was not simulated, if so.
    pub fn not_simulated(&self) -> Option<&NotSimulated> {
        match &self.outcome {
            Outcome::NotSimulated(reason) => Some(reason),
            Outcome::Simulated(_) => None,
        }
    }

    /// What is told of the flows of the load.
    pub fn flows(&self) -> &[FlowResult] {
        self.measured().map_or(&[], |measured| &measured.flows)
    }

    /// What is told of the elements whose own calls are judged.
    pub fn elements(&self) -> &[ElementResult] {
        self.measured().map_or(&[], |measured| &measured.elements)
    }

    /// What is told of the stations, the busiest first.
    pub fn stations(&self) -> &[StationResult] {
        self.measured().map_or(&[], |measured| &measured.stations)
    }

    /// What happened in the course of it, if it is one.
    pub fn timeline(&self) -> Option<&Timeline> {
        self.measured()?.timeline.as_ref()
    }

    /// What has not settled, if anything.
    pub fn unsettled(&self) -> Option<&Unsettled> {
        self.measured()?.unsettled.as_ref()
    }

    /// The same without the numbers of what has not settled: with twice the time they would be others.
    pub(crate) fn published(self, arch: &Architecture, network: &Network) -> Run {
        let outcome = match self.outcome {
            Outcome::Simulated(measured) => Outcome::Simulated(Box::new(measured.published(arch, network))),
            Outcome::NotSimulated(reason) => Outcome::NotSimulated(reason),
        };
        Run { outcome, ..self }
    }

    /// The same of some flows alone.
    pub(crate) fn of_flows(self, is_wanted: &dyn Fn(FlowId) -> bool) -> Run {
        let outcome = match self.outcome {
            Outcome::Simulated(measured) => Outcome::Simulated(Box::new(measured.of_flows(is_wanted))),
            Outcome::NotSimulated(reason) => Outcome::NotSimulated(reason),
        };
        Run { outcome, ..self }
    }

    /// How many millions of events all of a load takes that was simulated at its highest, if it was.
    pub(crate) fn events_of_all(&self) -> Option<f64> {
        let highest = |one: &Assumption| {
            if let Assumption::Load(LoadAssumption::AtItsHighest { events, .. }) = one { Some(*events) } else { None }
        };
        self.assumptions.iter().find_map(highest).map(millions_for)
    }

    /// Why what a requirement is about may still be too good, if so.
    pub(crate) fn not_converged_of(
        &self,
        arch: &Architecture,
        network: &Network,
        one: &Requirement,
    ) -> Option<NotConverged> {
        let Unsettled { why, flows, sites } = self.unsettled()?;
        concerns((flows, sites), arch, network, one).then(|| why.clone())
    }

    /// What is not as it was simulated all the time, if what a requirement is about may wait for it.
    pub(crate) fn lag_of(&self, arch: &Architecture, network: &Network, one: &Requirement) -> Option<&Lag> {
        let is_meant = |lagging: &&Lagging| {
            let touched = &lagging.touched;
            concerns((&touched.flows, &touched.sites), arch, network, one)
        };
        self.lagging.iter().find(is_meant).map(|lagging| &lagging.why)
    }
}

/// Whether a requirement is about flows or calls that are not as they will be.
fn concerns(of: (&[FlowId], &[SiteId]), arch: &Architecture, network: &Network, one: &Requirement) -> bool {
    let (flows, sites) = of;
    match (one.of, one.flow) {
        (Some(element), flow) if one.metric.is_of_requests() => is_watched(of, network, Watched { element, flow }),
        (Some(_), _) => {
            let stations = one.stations(arch, network);
            let comes_there = |site: &SiteId| stations.contains(&network.sites[*site].to);
            stations.is_empty() || sites.iter().any(comes_there)
        }
        (None, Some(flow)) => flows.contains(&flow),
        (None, None) => !flows.is_empty(),
    }
}

/// Whether somebody watches one of some calls, or those of these flows.
fn is_watched((flows, sites): (&[FlowId], &[SiteId]), network: &Network, watched: Watched) -> bool {
    let Some(watcher) = network.watcher(watched) else { return true };
    let is_watched = |site: SiteId| network.sites[site].watchers.contains(&watcher);
    // Parts of a container are called by flows, not waited for.
    let ops = flows.iter().flat_map(|flow| &network.programs[*flow].ops);
    let parts = ops.filter_map(|op| if let Op::Inside { site, .. } = op { Some(*site) } else { None });
    sites.iter().copied().chain(parts).any(is_watched)
}

impl Measured {
    fn published(self, arch: &Architecture, network: &Network) -> Measured {
        let Some(unsettled) = &self.unsettled else { return self };
        let is_settled = |result: &ElementResult| {
            let watched = Watched { element: result.element, flow: result.flow };
            !is_watched((&unsettled.flows, &unsettled.sites), network, watched)
        };
        let station = |result: StationResult| {
            let at = result.element.and_then(|element| network.station(arch, element));
            let comes_there = |site: &SiteId| at == Some(network.sites[*site].to);
            if at.is_none() || unsettled.sites.iter().any(comes_there) {
                StationResult { waiting: None, utilization: None, ..result }
            } else {
                result
            }
        };
        Measured {
            flows: self.flows.into_iter().filter(|result| !unsettled.flows.contains(&result.flow)).collect(),
            elements: self.elements.into_iter().filter(is_settled).collect(),
            stations: self.stations.into_iter().map(station).collect(),
            ..self
        }
    }

    fn of_flows(self, is_wanted: &dyn Fn(FlowId) -> bool) -> Measured {
        let is_meant = |result: &ElementResult| result.flow.is_none_or(is_wanted);
        Measured {
            flows: self.flows.into_iter().filter(|result| is_wanted(result.flow)).collect(),
            elements: self.elements.into_iter().filter(is_meant).collect(),
            timeline: self.timeline.map(|line| line.of_flows(is_wanted)),
            ..self
        }
    }
}

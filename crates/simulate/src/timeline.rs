//! Courses of events: before, during and after a failure, or while a load changes.

use crate::backlog::{backlog, stations_behind};
use crate::engine::{FlowWindow, Window};
use crate::metric::{Latency, Metric};
use crate::network::{
    CounterId, Network, Policy, PolicyId, SiteId, Station, StationId, Watched, WatcherId, counter_of,
};
use crate::output::{SimulationOutput, requests};
use crate::recovery::{Episode, Recovery, recovery};
use crate::requirement::Requirement;
use crate::run::MeasurementWindows;
use groma_model::decode::FactValue;
use groma_model::kinds::class;
use groma_model::{Architecture, ElementId, FlowId, ItemRef, facts};

/// What happens in a course of events, window by window, averaged over the replications.
#[derive(Clone, Debug)]
pub struct Timeline {
    /// Where the windows end, in seconds from the beginning of the first.
    pub ends: Vec<f64>,
    /// When the failure begins and ends, in the same seconds, if there is one.
    pub trouble: Option<(f64, f64)>,
    /// The flows of the load.
    pub flows: Vec<FlowLine>,
    /// The stations that have limits.
    pub stations: Vec<StationLine>,
    /// Retries a second.
    pub retries: Vec<f64>,
    /// The circuit breakers.
    pub breakers: Vec<BreakerLine>,
    /// What the alerts do; only if there is a failure.
    pub alerts: Vec<AlertLine>,
    /// Whether all becomes as before; only if there is a failure.
    pub recovery: Option<Recovery>,
    /// Whether one flow, or the calls of one element, become as before, for each of which that is required.
    pub(crate) recoveries: Vec<(Subject, Recovery)>,
}

/// What a recovery is of: the calls of an element, a flow, or the calls of an element in a flow.
pub(crate) type Subject = (Option<ElementId>, Option<FlowId>);

impl Timeline {
    /// The same without what tells whether all becomes as before: where requests come by turns nothing is the same all the time.
    pub(crate) fn without_recovery(self) -> Timeline {
        Timeline { recovery: None, recoveries: Vec::new(), ..self }
    }

    /// The same of some flows alone. Of all is told whether all becomes as before.
    pub(crate) fn of_flows(self, is_wanted: &dyn Fn(FlowId) -> bool) -> Timeline {
        Timeline { flows: self.flows.into_iter().filter(|line| is_wanted(line.flow)).collect(), ..self }
    }

    /// Whether what a requirement is about becomes as before.
    pub(crate) fn recovery_of(&self, one: &Requirement) -> Option<&Recovery> {
        let own = self.recoveries.iter().find(|(subject, _)| *subject == (one.of, one.flow));
        own.map(|(_, recovery)| recovery).or(self.recovery.as_ref())
    }
}

/// A flow in a course of events: a number a window. Times in seconds, `None` where nothing was answered well.
#[derive(Clone, Debug)]
pub struct FlowLine {
    /// The flow.
    pub flow: FlowId,
    /// Requests a second that come.
    pub offered: Vec<f64>,
    /// Requests a second that are answered well.
    pub answered: Vec<f64>,
    /// Requests a second that fail.
    pub failed: Vec<f64>,
    /// Requests a second that are answered well, but with what a fallback gives.
    pub degraded: Vec<f64>,
    /// The mean time.
    pub mean: Vec<Option<f64>>,
    /// The 95th percentile of the time.
    pub p95: Vec<Option<f64>>,
}

/// A station in a course of events: a number a window.
#[derive(Clone, Debug)]
pub struct StationLine {
    /// What it is called.
    pub name: String,
    /// The element; `None` for a pool of connections.
    pub element: Option<ElementId>,
    /// The share of its slots in use.
    pub in_use: Vec<f64>,
    /// Requests that wait.
    pub waiting: Vec<f64>,
    /// Its replicas at the end of each window.
    pub replicas: Vec<f64>,
}

/// A circuit breaker in a course of events.
#[derive(Clone, Debug)]
pub struct BreakerLine {
    /// Between whom: `shop.core -> payments`.
    pub name: String,
    /// In which share of the replications it is open at the end of each window.
    pub open: Vec<f64>,
}

/// What an alert does when something fails.
#[derive(Clone, Debug)]
pub struct AlertLine {
    /// The alert.
    pub at: ItemRef,
    /// Seconds from the beginning of the failure until it fires, where it does: the mean.
    pub after: Option<f64>,
    /// In how many of the replications it fires.
    pub fired: usize,
    /// In how many it fires before anything fails.
    pub too_early: usize,
    /// In how many replications in all.
    pub of: usize,
}

impl AlertLine {
    /// What it does, in words, after its title.
    pub fn sentence(&self) -> String {
        let runs =
            |count: usize| if count == self.of { String::new() } else { format!(", in {count} of {} runs", self.of) };
        match self.after {
            Some(after) if self.too_early == 0 => {
                format!("fires {} after it begins{}", crate::number::time(after), runs(self.fired))
            }
            _ if self.too_early > 0 => format!("fires before anything fails{}", runs(self.too_early)),
            _ => "does not fire".to_owned(),
        }
    }
}

/// Lengths of windows that read well, in seconds.
const NICE: [f64; 17] =
    [0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1_800.0, 3_600.0, 7_200.0, 21_600.0];

/// About so many windows a course is cut into.
const ABOUT_WINDOWS: f64 = 80.0;

/// Cuts a course so that something begins and ends where windows do; what is between is judged.
pub(crate) fn measurement_windows(warm_up: f64, (begin, end): (f64, f64), total: f64) -> MeasurementWindows {
    let length = NICE.into_iter().find(|nice| total / nice <= ABOUT_WINDOWS).unwrap_or(total / ABOUT_WINDOWS);
    let mut ends: Vec<f64> = Vec::new();
    let mut marks = [0, 0, 0];
    for (part, (from, to)) in [(0.0, begin), (begin, end), (end, total)].into_iter().enumerate() {
        let count = ((to - from) / length - 1e-9).ceil().max(0.0) as usize;
        ends.extend((1..=count).map(|nth| if nth == count { to } else { from + nth as f64 * length }));
        marks[part] = ends.len();
    }
    MeasurementWindows { warm_up, ends, judged: (marks[0], marks[1]) }
}

/// What happens in the windows of an output.
pub(crate) fn timeline(
    arch: &Architecture,
    network: &Network,
    (asked, demanded): (&[FlowId], &[&Requirement]),
    ends: &[f64],
    fault: Option<Episode>,
    output: &SimulationOutput,
) -> Timeline {
    let average = |number: &dyn Fn(&Window) -> f64| -> Vec<f64> { averages(output, ends, number) };
    let times = |number: &dyn Fn(&Window) -> f64| {
        average(number).into_iter().map(|time| Some(time).filter(|time| time.is_finite())).collect()
    };
    let flow = |flow: &FlowId| {
        let at = counter_of(*flow);
        FlowLine {
            flow: *flow,
            offered: average(&|window| window.flows[at].arrivals as f64 / window.seconds),
            answered: average(&|window| window.flows[at].succeeded as f64 / window.seconds),
            failed: average(&|window| window.flows[at].failed as f64 / window.seconds),
            degraded: average(&|window| window.flows[at].degraded as f64 / window.seconds),
            mean: times(&|window| window.flows[at].latency[Latency::Mean]),
            p95: times(&|window| window.flows[at].latency[Latency::P95]),
        }
    };
    let station = |(at, station): (StationId, &Station)| {
        station.servers()?;
        Some(StationLine {
            name: station.name.clone(),
            element: station.element,
            in_use: average(&|window| window.stations[at].in_use),
            waiting: average(&|window| window.stations[at].waiting),
            replicas: average(&|window| f64::from(window.stations[at].replicas)),
        })
    };
    let breaker = |(at, policy): (PolicyId, &Policy)| {
        policy.breaker?;
        let relation = network.sites.iter().find(|site| site.policy == at)?.relation?;
        let name = arch.relation_address(relation);
        Some(BreakerLine { name, open: average(&|window| f64::from(u8::from(window.open[at]))) })
    };
    let stations: Vec<(StationId, StationLine)> =
        network.stations.entries().filter_map(|(at, one)| Some((at, station((at, one))?))).collect();
    let seen = fault.map(|fault| AfterFault { network, ends, fault, stations: &stations, output });
    let recovery = seen.as_ref().and_then(|seen| seen.of_all(asked));
    let recoveries = seen.as_ref().map(|seen| seen.of_each(asked, demanded)).unwrap_or_default();
    Timeline {
        ends: ends.to_vec(),
        trouble: fault.map(|fault| (fault.begin, fault.end)),
        flows: asked.iter().map(flow).collect(),
        stations: stations.into_iter().map(|(_, line)| line).collect(),
        retries: average(&|window| window.retries as f64 / window.seconds),
        breakers: network.policies.entries().filter_map(breaker).collect(),
        alerts: fault.map(|fault| alerts(arch, network, asked, ends, fault.begin, output)).unwrap_or_default(),
        recovery,
        recoveries,
    }
}

/// What is seen after a failure.
struct AfterFault<'a> {
    network: &'a Network,
    ends: &'a [f64],
    fault: Episode,
    stations: &'a [(StationId, StationLine)],
    output: &'a SimulationOutput,
}

impl AfterFault<'_> {
    /// Whether all becomes as before.
    fn of_all(&self, asked: &[FlowId]) -> Option<Recovery> {
        let all: Vec<CounterId> = asked.iter().copied().map(counter_of).collect();
        let found = recovery(&all, self.ends, self.fault, self.output)?;
        Some(self.with_backlogs(found, asked, None))
    }

    /// The same of one flow, or of the calls of one element, for each of which that is required.
    fn of_each(&self, asked: &[FlowId], demanded: &[&Requirement]) -> Vec<(Subject, Recovery)> {
        let is_own =
            |one: &&&Requirement| one.metric == Metric::RecoveryTime && (one.of.is_some() || one.flow.is_some());
        let of_one = |one: &&Requirement| {
            let found = recovery(&one.counters(self.network, asked), self.ends, self.fault, self.output)?;
            let is_meant = |at: &FlowId| one.flow.is_none_or(|flow| flow == *at);
            let flows: Vec<FlowId> = asked.iter().copied().filter(is_meant).collect();
            let watcher = one.of.and_then(|element| self.network.watcher(Watched { element, flow: one.flow }));
            Some(((one.of, one.flow), self.with_backlogs(found, &flows, watcher)))
        };
        demanded.iter().filter(is_own).filter_map(of_one).collect()
    }

    /// A recovery of flows, or of the calls that are watched in them, with what waits behind their answers.
    fn with_backlogs(&self, found: Recovery, flows: &[FlowId], watcher: Option<WatcherId>) -> Recovery {
        let is_watched = watcher.map(|at| move |site: SiteId| self.network.sites[site].watchers.contains(&at));
        let is_watched = is_watched.as_ref().map(|one| one as &dyn Fn(SiteId) -> bool);
        let behind = stations_behind(self.network, flows, is_watched);
        let lines = self.stations.iter().filter(|(at, _)| behind.contains(at));
        let backlogs = lines
            .filter_map(|(_, line)| backlog(&line.name, &line.waiting, self.ends, self.fault.begin..self.fault.end));
        Recovery { backlogs: backlogs.collect(), ..found }
    }
}

/// The mean of a number over the replications, window by window.
fn averages(output: &SimulationOutput, ends: &[f64], number: &dyn Fn(&Window) -> f64) -> Vec<f64> {
    let at = |nth: usize| {
        let windows = output.summaries.iter().filter_map(|summary| summary.windows.get(nth));
        let numbers = windows.map(number).filter(|number| number.is_finite());
        let (count, sum) = numbers.fold((0, 0.0), |(count, sum), number| (count + 1, sum + number));
        sum / f64::from(count)
    };
    (0..ends.len()).map(at).collect()
}

/// How many requests of a flow count in some windows, and how many of them failed.
fn counted<'w>(windows: impl Iterator<Item = &'w Window>, counter: CounterId) -> (f64, f64) {
    let (mut arrivals, mut succeeded, mut failed, mut time, mut seconds) = (0, 0, 0, 0.0, 0.0);
    for window in windows {
        seconds += window.seconds;
        let window = window.flows[counter];
        arrivals += window.arrivals;
        succeeded += window.succeeded;
        failed += window.failed;
        time += window.time();
    }
    let requests = requests(arrivals, succeeded, failed, time / seconds);
    (requests, requests - succeeded as f64)
}

fn alerts(
    arch: &Architecture,
    network: &Network,
    asked: &[FlowId],
    ends: &[f64],
    begin: f64,
    output: &SimulationOutput,
) -> Vec<AlertLine> {
    let mut found = Vec::new();
    for record in arch.records_of(&class::ALERT) {
        let Some(watch) = Watch::new(arch, network, asked, record.at) else { continue };
        let (mut times, mut too_early) = (Vec::new(), 0);
        for summary in &output.summaries {
            match watch.fired_after(&summary.windows, ends, begin) {
                Some(time) if time <= begin => too_early += 1,
                Some(time) => times.push(time - begin),
                None => {}
            }
        }
        let after = (!times.is_empty()).then(|| times.iter().sum::<f64>() / times.len() as f64);
        found.push(AlertLine { at: record.at, after, fired: times.len(), too_early, of: output.summaries.len() });
    }
    found
}

/// What an alert watches.
struct Watch {
    counters: Vec<CounterId>,
    station: Option<StationId>,
    /// Where those wait who come there.
    rooms: Vec<StationId>,
    conditions: Vec<Condition>,
}

enum Condition {
    /// A metric is over a limit (or under it) for so long.
    Threshold { metric: Metric, limit: f64, over: bool, length: f64 },
    /// The budget burns so many times too fast over both windows.
    Burn { factor: f64, budget: f64, long: f64, short: f64 },
}

impl Watch {
    fn new(arch: &Architecture, network: &Network, asked: &[FlowId], alert: ItemRef) -> Option<Watch> {
        let slo = arch.fact(alert, &facts::alert::SLO).and_then(|value| arch.referred_record(alert, value));
        let slo = slo.map(|id| arch.records[id].at);
        let watched = |at: ItemRef| {
            let flow = arch.fact(at, &facts::slo::FLOW).and_then(|value| arch.referred_flow(at, value));
            let element = arch.fact(at, &facts::slo::OF).and_then(|value| arch.referred_element(at, value));
            (flow, element)
        };
        let (own, of_slo) = (watched(alert), slo.map(watched).unwrap_or_default());
        let (flow, element) = (own.0.or(of_slo.0), own.1.or(of_slo.1));
        // Of an element its own calls are watched, which are counted behind the flows.
        let own = element.and_then(|element| network.watcher(Watched { element, flow }));
        let is_watched = |asked: &FlowId| flow.is_none_or(|flow| flow == *asked);
        let counters: Vec<CounterId> = match own {
            Some(watcher) => vec![network.counter_of_calls(watcher)],
            None => asked.iter().copied().filter(is_watched).map(counter_of).collect(),
        };
        let mut conditions = Vec::new();
        let given = |value, fact| arch.part_value_of(alert, value, fact).and_then(FactValue::number);
        if let Some(value) = arch.fact(alert, &facts::alert::ON)
            && let Some(metric) = Metric::of_fact(value)
        {
            let over = given(value, &facts::alert::OVER);
            let limit = over.or(given(value, &facts::alert::BELOW))?;
            let length =
                arch.part_of_or_default(alert, value, &facts::alert::FOR).map(|given| given.high).unwrap_or_default();
            conditions.push(Condition::Threshold { metric, limit, over: over.is_some(), length });
        }
        let objective = slo.and_then(|slo| arch.quantity(slo, &facts::slo::OBJECTIVE)).map(|objective| objective.low);
        for value in arch.values_of(alert, &facts::alert::BURN) {
            let (Some(factor), Some(objective)) = (value.number(), objective) else { continue };
            let long = given(value, &facts::alert::LONG).unwrap_or(3_600.0);
            let short = given(value, &facts::alert::SHORT).unwrap_or(long / 12.0);
            conditions.push(Condition::Burn { factor, budget: 1.0 - objective, long, short });
        }
        let station = element.and_then(|id| network.station(arch, id));
        let rooms = element.and_then(|id| network.waiting_rooms(arch, id).ok());
        let rooms = rooms.unwrap_or_else(|| station.into_iter().collect());
        (!conditions.is_empty() && !counters.is_empty()).then_some(Watch { counters, station, rooms, conditions })
    }

    /// When it fires first, in seconds from the beginning; before there was a beginning all was as before `begin`.
    fn fired_after(&self, windows: &[Window], ends: &[f64], begin: f64) -> Option<f64> {
        let one = |condition: &Condition| match condition {
            Condition::Threshold { metric, limit, over, length } => {
                let mut since = None;
                windows.iter().zip(ends).find_map(|(window, end)| {
                    let value = self.value(*metric, window)?;
                    let is_bad = if *over { value > *limit } else { value < *limit };
                    // Within the window that it was seen in first it began nobody knows when: at its end it is known.
                    since = if is_bad { since.or(Some(*end)) } else { None };
                    since.filter(|since| end - since >= length - 1e-9).map(|_| *end)
                })
            }
            Condition::Burn { factor, budget, long, short } => (0..windows.len()).find_map(|at| {
                let burns = |length: f64| self.failed_share(windows, ends, at, length, begin) >= factor * budget;
                (burns(*long) && burns(*short)).then(|| ends[at])
            }),
        };
        self.conditions.iter().filter_map(one).min_by(f64::total_cmp)
    }

    fn value(&self, metric: Metric, window: &Window) -> Option<f64> {
        let flows = || self.counters.iter().map(|at| window.flows[*at]);
        let counts: Vec<(f64, f64)> = self.counters.iter().map(|at| counted([window].into_iter(), *at)).collect();
        let requests: f64 = counts.iter().map(|(requests, _)| requests).sum();
        let failed: f64 = counts.iter().map(|(_, failed)| failed).sum();
        let worst =
            |time: &dyn Fn(FlowWindow) -> f64| flows().map(time).filter(|time| time.is_finite()).max_by(f64::total_cmp);
        match metric {
            Metric::Latency(latency) => worst(&|flow| flow.latency[latency]),
            Metric::Throughput => Some((requests - failed) / window.seconds),
            Metric::ErrorRate => (requests > 0.0).then(|| failed / requests),
            Metric::Success | Metric::Availability => (requests > 0.0).then(|| 1.0 - failed / requests),
            Metric::Degraded => {
                let (degraded, succeeded) =
                    flows().fold((0, 0), |sum, flow| (sum.0 + flow.degraded, sum.1 + flow.succeeded));
                (succeeded > 0).then(|| degraded as f64 / succeeded as f64)
            }
            Metric::Utilization => self.station.map(|at| window.stations[at].in_use),
            Metric::Queue => self.rooms.iter().map(|at| window.stations[*at].waiting).reduce(|one, other| one + other),
            // No course tells them.
            Metric::Users | Metric::RecoveryTime | Metric::DataLoss | Metric::Team => None,
        }
    }

    /// The share of failed requests over so many seconds up to the end of a window.
    fn failed_share(&self, windows: &[Window], ends: &[f64], at: usize, length: f64, begin: f64) -> f64 {
        let add = |range: &mut dyn Iterator<Item = &Window>| {
            let windows: Vec<&Window> = range.collect();
            let counts = self.counters.iter().map(|flow| counted(windows.iter().copied(), *flow));
            let sum = |sums: (f64, f64), one: (f64, f64)| (sums.0 + one.0, sums.1 + one.1);
            let (requests, failed) = counts.fold((0.0, 0.0), sum);
            (requests, failed, windows.iter().map(|window| window.seconds).sum::<f64>())
        };
        let usual = ends.partition_point(|end| *end <= begin + 1e-9);
        let (usual_requests, usual_failed, usual_seconds) = add(&mut windows[..usual.min(windows.len())].iter());
        let from = ends[at] - length;
        let first = ends[..=at].partition_point(|end| *end <= from + 1e-9);
        let (requests, failed, seconds) = add(&mut windows[first..=at].iter());
        let unseen = (length - seconds).max(0.0) / usual_seconds.max(1e-9);
        let (requests, failed) = (requests + unseen * usual_requests, failed + unseen * usual_failed);
        if requests > 0.0 { failed / requests } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::measurement_windows;

    #[test]
    fn failures_begin_and_end_where_windows_do() {
        let cut = measurement_windows(7.0, (30.0, 92.5), 200.0);
        assert_eq!(cut.ends[cut.judged.0 - 1], 30.0);
        assert_eq!(cut.ends[cut.judged.1 - 1], 92.5);
        assert_eq!(*cut.ends.last().unwrap(), 200.0);
        assert!(cut.ends.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(cut.ends.len() <= 82);
    }
}

//! What was measured: the numbers of each replication, and estimates from all together. What is published of them is a `result`.

use crate::analysis::Unseen;
use crate::engine::{RESOLUTION, SPREAD, SiteCount, StationCount, TimeSteps, Window};
use crate::metric::{Latencies, Latency};
use crate::network::{CallSite, Counter, CounterId, Network, Station, StationId, counter_of};
use crate::pooled;
use crate::rounds;
use crate::stability::Growing;
use crate::stats::Estimate;
use groma_model::{FlowId, Per};

/// What one replication tells of a flow. Times in seconds.
#[derive(Clone, Debug)]
pub(crate) struct FlowSummary {
    pub(crate) arrivals: u64,
    pub(crate) succeeded: u64,
    pub(crate) failed: u64,
    /// Of those answered well: how many rested on a fallback, and how many of these on a stale answer.
    pub(crate) degraded: u64,
    pub(crate) stale: u64,
    /// How many of those answered well are under way at a moment, by Little's law.
    pub(crate) under_way: f64,
    /// If those that began in the time that is judged were followed to their end: how many were answered well only after it,
    /// and how many were still under way when the watch ended.
    pub(crate) followed: Option<Followed>,
    pub(crate) latency: Latencies<f64>,
    /// The quantiles of [`SPREAD`].
    pub(crate) spread: [f64; SPREAD.len()],
    /// All times, in order.
    pub(crate) times: TimeSteps,
}

/// What became of requests that were followed to their end, and of those that had none.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Followed {
    pub(crate) late: u64,
    pub(crate) left: u64,
}

impl FlowSummary {
    /// The share of requests that failed; not a number if there were none.
    pub(crate) fn error_rate(&self) -> f64 {
        if self.followed.is_some() {
            return self.failed as f64 / self.arrivals as f64;
        }
        let all = requests(self.arrivals, self.succeeded, self.failed, self.under_way);
        (all - self.succeeded as f64) / all
    }

    /// The same if those whose end was not seen fail too.
    pub(crate) fn most_errors(&self) -> f64 {
        let left = self.followed.map_or(0, |followed| followed.left);
        self.error_rate() + if left > 0 { left as f64 / self.arrivals as f64 } else { 0.0 }
    }

    /// Those whose times are known, or known to be at least so long.
    fn timed(&self) -> f64 {
        self.followed.map_or(0, |followed| followed.left) as f64 + self.succeeded as f64
    }

    /// How many count for the share that fails.
    fn counted(&self) -> f64 {
        match self.followed {
            Some(_) => self.arrivals as f64,
            None => requests(self.arrivals, self.succeeded, self.failed, self.under_way),
        }
    }

    /// How many were answered.
    pub(crate) fn answers(&self) -> f64 {
        (self.succeeded + self.failed) as f64
    }

    /// The share of those with a time whose end was not seen, so that their time is longer than it seems.
    pub(crate) fn left(&self) -> f64 {
        self.followed.map_or(0.0, |followed| followed.left as f64 / (self.succeeded + followed.left).max(1) as f64)
    }
}

/// How many requests count. At any moment some are in flight, `under_way` of them if all is well, and are neither answered
/// nor failed. Those still in flight at the end count as failed when there are more of them than usual.
pub(crate) fn requests(arrivals: u64, succeeded: u64, failed: u64, under_way: f64) -> f64 {
    let (arrivals, answered) = (arrivals as f64, (succeeded + failed) as f64);
    let is_usual = arrivals - answered <= 0.1 * arrivals + 3.0 * arrivals.sqrt() + under_way;
    if is_usual { answered } else { arrivals }
}

/// What one replication tells.
#[derive(Clone, Debug)]
pub(crate) struct ReplicationOutput {
    /// The flows, and behind them those who watch calls.
    pub(crate) flows: Per<Counter, FlowSummary>,
    /// How many requests of each were answered well in the time that is judged.
    pub(crate) served: Per<Counter, u64>,
    pub(crate) stations: Per<Station, StationCount>,
    pub(crate) sites: Per<CallSite, SiteCount>,
    pub(crate) seconds: f64,
    pub(crate) events: u64,
    pub(crate) overflowed: bool,
    /// Its windows, if there were several.
    pub(crate) windows: Vec<Window>,
}

/// What all replications tell.
#[derive(Clone, Debug)]
pub(crate) struct SimulationOutput {
    pub(crate) summaries: Vec<ReplicationOutput>,
    /// The events of all replications, those of shorter first attempts included.
    pub(crate) events: u64,
    /// About how many events it might have taken.
    pub(crate) most_events: u64,
    /// The seconds of one replication that were counted.
    pub(crate) horizon: f64,
    /// Whether something fails in it.
    pub(crate) in_failure: bool,
    /// Of flows whose requests come in turns, such as batches, and may fail by what fails: how long a turn takes, in seconds.
    pub(crate) turns: Vec<(FlowId, f64)>,
    /// Whether it was ended from outside.
    pub(crate) cancelled: bool,
    /// How many rounds there were.
    pub(crate) rounds: u32,
    /// What grew with the time that was simulated, as it does before a system has settled.
    pub(crate) restless: Restless,
    /// What grows without end, for certain or as it was seen.
    pub(crate) growing: Growing,
    /// How long stations must be watched until they have settled, in seconds.
    pub(crate) needs: Vec<(StationId, f64)>,
    /// How much more there is than what was surely met.
    pub(crate) unseen: Unseen,
    /// How long must be watched until it is known how much more comes than is served where something grows without end.
    pub(crate) growth_needs: f64,
}

/// What has not come to rest.
#[derive(Clone, Debug, Default)]
pub(crate) struct Restless {
    pub(crate) flows: Vec<FlowId>,
    pub(crate) stations: Vec<StationId>,
}

impl Restless {
    /// Whether anything has not.
    pub(crate) fn is_any(&self) -> bool {
        !self.flows.is_empty() || !self.stations.is_empty()
    }
}

impl SimulationOutput {
    /// Which times or queues are longer in the second half of the replications than in the first by more than chance: told
    /// wrongly once in a thousand times, so that hardly any output is chosen by what it is.
    pub(crate) fn what_has_not_settled(&self, settles: &Settles) -> Restless {
        let is_more = |number: &dyn Fn(&Window) -> f64| {
            let halves: Vec<(f64, f64)> = self
                .summaries
                .iter()
                .filter_map(|one| Some((number(one.windows.first()?), number(one.windows.get(1)?))))
                .filter(|(before, after)| before.is_finite() && after.is_finite())
                .collect();
            let more: Vec<f64> = halves.iter().map(|(before, after)| after - before).collect();
            let usual = halves.iter().map(|(before, _)| before).sum::<f64>() / halves.len().max(1) as f64;
            let tests = (settles.flows.len() + settles.stations.len()) as f64;
            Estimate::with_confidence(&more, 1.0 - 0.002 / tests).is_some_and(|more| more.low > GROWS * usual)
        };
        let of_flow = |flow: FlowId| is_more(&|window| window.flows[counter_of(flow)].latency[Latency::Mean]);
        let of_station = |at: StationId| is_more(&|window| (window.stations[at].waiting - 1.0).max(0.0));
        Restless {
            flows: settles.flows.iter().copied().filter(|flow| of_flow(*flow)).collect(),
            stations: settles.stations.iter().copied().filter(|at| of_station(*at)).collect(),
        }
    }

    /// Whether a station's queue grows without end: from the first half of the replications to the second it grows more than
    /// one does that is asked for just as much as it can serve.
    pub(crate) fn queue_grows(&self, station: StationId, tests: usize) -> bool {
        let beyond = |summary: &ReplicationOutput| match &summary.windows[..] {
            [before, after] => after.stations[station].waiting - CRITICAL * before.stations[station].waiting - 1.0,
            _ => f64::NAN,
        };
        let each: Vec<f64> = self.summaries.iter().map(beyond).collect();
        let confidence = 1.0 - 0.002 / tests.max(1) as f64;
        Estimate::with_confidence(&each, confidence).is_some_and(|beyond| beyond.low > 0.0)
    }

    /// The share of the slots or cores of a station that were in use in the second half.
    pub(crate) fn in_use(&self, station: StationId) -> f64 {
        let last = self.summaries.iter().filter_map(|summary| summary.windows.last());
        let sum: f64 = last.map(|window| window.stations[station].in_use).sum();
        sum / self.summaries.len().max(1) as f64
    }

    /// The mean time of a flow.
    pub(crate) fn mean(&self, flow: FlowId) -> Option<Estimate> {
        self.estimate(|summary| summary.flows[counter_of(flow)].latency[Latency::Mean])
    }

    /// A time of a flow: if too many were still under way at the end, it is only known to be so long at least. `None` if there is
    /// a run in which nobody is answered well.
    pub(crate) fn time(&self, counter: CounterId, latency: Latency) -> Option<Estimate> {
        if self.flows(counter).any(|flow| flow.arrivals >= MANY && flow.timed() == 0.0) {
            return None;
        }
        let found = match self.pooled(counter, latency) {
            Some(pooled) => pooled,
            None => self.of_each(counter, latency)?,
        };
        let found = match latency.share() {
            None => found.with_unseen(self.unseen.times[counter]),
            Some(_) => found,
        };
        Some(if self.is_left(counter, latency) { Estimate { high: f64::INFINITY, ..found } } else { found })
    }

    /// Whether so many requests were still under way at the end that a time is only known to be so long at least.
    pub(crate) fn is_left(&self, counter: CounterId, latency: Latency) -> bool {
        self.flows(counter).any(|flow| flow.left() >= latency.share_left())
    }

    /// A time of a flow, by that of each replication.
    fn of_each(&self, counter: CounterId, latency: Latency) -> Option<Estimate> {
        let number = |flow: &FlowSummary| flow.latency[latency];
        let found = self.of_requests(counter, number, FlowSummary::timed)?.at_least_nothing();
        // Of a quantile no more is known than the step that it is in.
        let Some(share) = latency.share() else { return Some(found) };
        let found = Estimate { low: found.low.min(found.value * (1.0 - RESOLUTION)), ..found };
        let each: Vec<&TimeSteps> = self.flows(counter).map(|flow| &flow.times).collect();
        if pooled::is_smooth(&each, share, &found) {
            return Some(found);
        }
        // Where requests of a replication are so alike that all together have no upper end, the replications tell more.
        self.of_all(counter, share).filter(|all| all.high.is_finite()).or(Some(found))
    }

    /// A quantile of a flow by all requests together, if each replication has so few that its own would be too short: of ten
    /// requests no 99th percentile is to be seen.
    fn pooled(&self, counter: CounterId, latency: Latency) -> Option<Estimate> {
        let share = latency.share()?;
        let timed: f64 = self.flows(counter).map(FlowSummary::timed).sum();
        if timed * (1.0 - share) >= ENOUGH_BEYOND * self.summaries.len() as f64 {
            return None;
        }
        self.of_all(counter, share)
    }

    /// The time that a share of all requests do not exceed.
    fn of_all(&self, counter: CounterId, share: f64) -> Option<Estimate> {
        let each: Vec<&TimeSteps> = self.flows(counter).map(|flow| &flow.times).collect();
        pooled::quantile(&each, share)
    }

    /// Whether too few requests of a flow came for an upper end of a time.
    pub(crate) fn is_of_too_few(&self, counter: CounterId, latency: Latency) -> bool {
        self.pooled(counter, latency).is_some_and(|pooled| pooled.high.is_infinite())
    }

    fn flows(&self, counter: CounterId) -> impl Iterator<Item = &FlowSummary> {
        self.summaries.iter().map(move |summary| &summary.flows[counter])
    }

    /// The share of the requests of a flow that are not answered well, where some wait for what never ends: those that still wait at
    /// the end count as not answered.
    pub(crate) fn unanswered(&self, counter: CounterId) -> Option<Estimate> {
        let share = |summary: &ReplicationOutput| {
            let flow = &summary.flows[counter];
            1.0 - flow.succeeded as f64 / flow.arrivals as f64
        };
        self.estimate(share).map(Estimate::within_one)
    }

    /// The share of the requests of a flow that fail. Where none or all did, and it could have been otherwise, the interval
    /// says how rare that may be (the exact binomial one).
    pub(crate) fn error_rate(&self, network: &Network, counter: CounterId) -> Option<Estimate> {
        // Between that of those whose end was seen, and that with all others.
        let share = |number: &dyn Fn(&FlowSummary) -> f64| self.of_requests(counter, number, FlowSummary::counted);
        let middle = share(&|flow| f64::midpoint(flow.error_rate(), flow.most_errors()))?;
        let (low, high) = (share(&FlowSummary::error_rate)?.low, share(&FlowSummary::most_errors)?.high);
        let found = Estimate { low, high, ..middle }.within_one();
        let found = self.with_rare_trips(found, self.unseen.failing.get(counter));
        if found.low < found.high || !(network.may_fail(counter) || self.turn(network, counter).is_some()) {
            return Some(found);
        }
        let requests = self.summaries.iter().map(|summary| summary.flows[counter].answers()).sum();
        Some(never_or_always(found, self.draws(network, counter, requests)))
    }

    /// How many of so many requests tell something of their own: those of one batch, or of one burst, meet the same moment of a
    /// failure.
    fn draws(&self, network: &Network, counter: CounterId, requests: f64) -> f64 {
        let seconds: f64 = self.summaries.iter().map(|summary| summary.seconds).sum();
        self.turn(network, counter).map_or(requests, |turn| requests.min(seconds / turn))
    }

    /// How long a turn of the requests takes that are counted, in seconds, if by chance none of them may come when they would fail.
    fn turn(&self, network: &Network, counter: CounterId) -> Option<f64> {
        let own = self.turns.iter().find(|(flow, _)| counter_of(*flow) == counter).map(|(_, turn)| *turn);
        // Calls that are watched are those of any flow.
        let is_flow = network.programs.get(FlowId::new(counter.raw())).is_some();
        own.or_else(|| self.turns.iter().map(|(_, turn)| *turn).reduce(f64::max).filter(|_| !is_flow))
    }

    /// A share, with what breakers add to it that open too seldom to be seen often enough.
    fn with_rare_trips(&self, found: Estimate, adds: Option<&f64>) -> Estimate {
        if self.in_failure { found } else { found.with_unseen(adds.copied().unwrap_or(0.0)).within_one() }
    }

    /// The share of the requests of a flow that are answered well and rest on a fallback; with `only_stale` on one that serves what was
    /// good before. Of those whose end was not seen it may be so or not, if there is such a fallback at all.
    pub(crate) fn resting_on_fallback(
        &self,
        network: &Network,
        counter: CounterId,
        only_stale: bool,
    ) -> Option<Estimate> {
        let number = |flow: &FlowSummary| if only_stale { flow.stale } else { flow.degraded };
        let answered: Vec<(u64, u64, u64)> = self
            .summaries
            .iter()
            .map(|summary| &summary.flows[counter])
            .map(|flow| (number(flow), flow.succeeded, flow.followed.map_or(0, |followed| followed.left)))
            .filter(|(_, succeeded, _)| *succeeded > 0)
            .collect();
        if (answered.len() as f64) < MOSTLY * self.summaries.len() as f64 {
            return None;
        }
        if !network.may_fall_back(counter, only_stale) {
            return Some(Estimate::exact(0.0));
        }
        let share = |more: f64| {
            let of = |(so, succeeded, left): &(u64, u64, u64)| {
                (*so as f64 + more * *left as f64) / (succeeded + left) as f64
            };
            Estimate::of(&answered.iter().map(of).collect::<Vec<f64>>())
        };
        let found = Estimate { low: share(0.0)?.low, high: share(1.0)?.high, ..share(0.5)? }.within_one();
        let found = self.with_rare_trips(found, self.unseen.degraded.get(counter));
        if found.low < found.high {
            return Some(found);
        }
        let requests = answered.iter().map(|(_, succeeded, _)| *succeeded as f64).sum();
        Some(never_or_always(found, self.draws(network, counter, requests)))
    }

    /// The share of the slots or cores of a station that is in use: none while it has none. `None` if it has no limit.
    pub(crate) fn utilization(&self, network: &Network, station: StationId) -> Option<Estimate> {
        let servers = network.stations[station].servers()?;
        let found = self.estimate(|summary| {
            let count = &summary.stations[station];
            if count.capacity > 0.0 { count.utilization() } else { 0.0 }
        })?;
        Some(found.with_unseen(self.unseen.busy[station] / servers).within_one())
    }

    /// How many wait at a station.
    pub(crate) fn waiting(&self, station: StationId) -> Option<Estimate> {
        let found = self.amount(|summary| summary.stations[station].waiting / summary.seconds)?;
        Some(found.with_unseen(self.unseen.waiting[station]))
    }

    /// About how many events it takes until the replications are so many seconds long, which they are not. That is told twice: by
    /// how many events a second was, and by how far those went that there were. How long rounds may be is planned before it is
    /// known how many events a second is, and they may be fewer: then the first alone would be no more than there were.
    pub(crate) fn events_for(&self, horizon: f64) -> f64 {
        let last: u64 = self.summaries.iter().map(|summary| summary.events).sum();
        let each = last as f64 / self.summaries.len().max(1) as f64 / self.horizon;
        rounds::events_of_rounds(each, horizon).max(self.most_events as f64 * horizon / self.horizon)
    }

    /// Whether nothing more can come of it.
    pub(crate) fn has_ended(&self) -> bool {
        self.cancelled || self.summaries.iter().any(|summary| summary.overflowed)
    }

    /// An estimate of what cannot be negative, from one number a replication.
    pub(crate) fn amount(&self, number: impl Fn(&ReplicationOutput) -> f64) -> Option<Estimate> {
        self.estimate(number).map(Estimate::at_least_nothing)
    }

    /// An estimate of what is known of the requests of a flow in each replication. One in which none came, as may be in a
    /// short failure, says nothing of them; if that is so of many, or one has more batches than another, each counts by its requests.
    fn of_requests(
        &self,
        counter: CounterId,
        number: impl Fn(&FlowSummary) -> f64,
        weight: impl Fn(&FlowSummary) -> f64,
    ) -> Option<Estimate> {
        let asked: Vec<&FlowSummary> = self.flows(counter).filter(|flow| flow.arrivals > 0).collect();
        let values: Vec<f64> = asked.iter().map(|flow| number(flow)).filter(|value| value.is_finite()).collect();
        let comes_in_turns = self.turns.iter().any(|(flow, _)| counter_of(*flow) == counter);
        let has_most = values.len() as f64 >= MOSTLY * self.summaries.len() as f64;
        if values.len() == asked.len() && has_most && !comes_in_turns {
            return Estimate::of(&values);
        }
        let all: Vec<(f64, f64)> = self.flows(counter).map(|flow| (number(flow), weight(flow))).collect();
        pooled::ratio(&all)
    }

    /// An estimate from one number a replication.
    pub(crate) fn estimate(&self, number: impl Fn(&ReplicationOutput) -> f64) -> Option<Estimate> {
        let values: Vec<f64> = self.summaries.iter().map(number).filter(|value| value.is_finite()).collect();
        if values.len() < self.summaries.len() { None } else { Estimate::of(&values) }
    }
}

/// The same where none or all of so many were so: with how rare the other may be, the exact binomial interval.
fn never_or_always(found: Estimate, requests: f64) -> Estimate {
    let rest = 1.0 - libm::pow(0.025, 1.0 / requests.max(1.0));
    match found.value {
        0.0 => Estimate { high: rest, ..found },
        1.0 => Estimate { low: 1.0 - rest, ..found },
        _ => found,
    }
}

/// So large a share of the replications must have had requests: else those that came alone would weigh more than others.
const MOSTLY: f64 = 0.9;

/// A run in which so many requests come and none is answered well tells of no time, and not only by chance.
const MANY: u64 = 30;

/// If so many requests of each replication are longer than a quantile, the mean of theirs is hardly shorter than it is.
const ENOUGH_BEYOND: f64 = 10.0;

/// What was found is taken to be settled if it grows by less than this share from the first half to the second.
pub(crate) const GROWS: f64 = 0.02;

/// A queue that is asked for just as much as it can serve grows with the square root of the time: it is so many times as long
/// in the second half as in the first, where a quarter of both passes before. One that is asked for more grows with the time and
/// comes to be twice as long, one that is asked for less does not grow in the end.
/// With `w(t) = sqrt(t)`: `(1.25^1.5 - 0.75^1.5) / (0.75^1.5 - 0.25^1.5)`.
const CRITICAL: f64 = 1.43;

/// What must come to rest if a state is to last: all but what is known to grow without end.
pub(crate) struct Settles {
    pub(crate) flows: Vec<FlowId>,
    pub(crate) stations: Vec<StationId>,
}

impl Settles {
    pub(crate) fn of(network: &Network, asked: &[FlowId], growing: &Growing) -> Settles {
        let flows = asked.iter().copied().filter(|flow| !growing.holds_up(network, *flow));
        let stations = network.stations.ids().filter(|at| !growing.is_at(*at));
        Settles { flows: flows.collect(), stations: stations.collect() }
    }
}

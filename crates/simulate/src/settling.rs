//! How long a state must be watched until its numbers may be believed, by what was seen of it.

use crate::analysis::{Analysis, StationLoad, cost, cost_of_mix, shares};
use crate::demand::{Asked, Demand};
use crate::distribution::Distribution;
use crate::engine::{STEPS_OF_A_STALL, STEPS_OF_AN_EVENT};
use crate::network::{CallSite, Network, OpId, SiteId, Stall, Station, StationId, awaited};
use crate::not_converged::NotConverged;
use crate::output::{ReplicationOutput, SimulationOutput};
use crate::rounds;
use crate::stability::{Growing, Waits};
use groma_model::FlowId;

/// From so many times the settling time on, times are hardly too short.
pub(crate) const MIN_SETTLING_TIMES: f64 = 20.0;

/// A queue with a limit must be full before anything is counted, which is a fifth of the whole.
const FILLED: f64 = 4.0;

/// After so many times their mean patience few are left of those who came first, and after so many hardly anybody.
const LEFT: f64 = 3.0;
const ALL_LEFT: f64 = 5.0;

/// A system is watched for at least so many rounds of its users, so many times as long as its longest flow takes, and so many
/// times as long as anything lasts in it.
const ROUNDS: f64 = 5.0;
const LONGEST_TIMES: f64 = 50.0;
const LASTING_TIMES: f64 = 4.0;

/// The longest that any station must be watched, in seconds.
pub(crate) fn longest(needs: &[(StationId, f64)]) -> f64 {
    needs.iter().map(|(_, needs)| *needs).fold(0.0, f64::max)
}

/// So many times the settling time must be watched for quantiles that are right to a few per cent.
pub(crate) const SETTLING_TIMES: f64 = 250.0;

/// How long stations must be watched at least, in seconds, as formulas tell.
pub(crate) fn expected_needs(network: &Network, demand: &Demand, analysis: &Analysis) -> Vec<(StationId, f64)> {
    let stalls =
        analysis.stations.iter().map(|busy| (busy.station, MIN_STALLS * between_stalls(network, analysis, busy)));
    if demand.all().all(Asked::is_closed) {
        return stalls.filter(|(_, needs)| *needs > 0.0).collect();
    }
    // In a few turns of bursts and calms hardly anything is seen of either.
    let least = MIN_CYCLES * demand.cycle();
    let settles = |busy: &StationLoad| settling_time(network, demand, analysis, busy);
    let each = analysis.stations.iter().map(settles).zip(stalls);
    each.map(|(settles, (at, stalls))| (at, (MIN_SETTLING_TIMES * settles).max(least).max(stalls))).collect()
}

/// The mean time between two stalls of a station, in seconds; 0 where it has none, or where they are so rare and short that they
/// change no mean by more than a hundredth and meet less than a thousandth of the requests.
fn between_stalls(network: &Network, analysis: &Analysis, busy: &StationLoad) -> f64 {
    let station = &network.stations[busy.station];
    let counts = |stall: &Stall| stall.share() > RARE || stall.rest() > NEGLIGIBLE * analysis.unloaded_time;
    station.stall.filter(counts).map_or(0.0, |stall| stall.every / f64::from(station.replicas))
}

/// Stalls that are there for less than this share of the time are met by no more requests.
const RARE: f64 = 1e-3;
/// So many stalls of a station must be watched at least, and so many are if that can be afforded: all replications together see
/// twenty times as many.
const MIN_STALLS: f64 = 2.0;
const STALLS: f64 = 20.0;

/// The variance that stalls add to the work a station does in a long time, in units of that of one request: each replica has
/// `1 / every` stalls a second, and each keeps it from the work of `length` seconds.
fn stalls_vary(station: &Station, speed: f64) -> f64 {
    let squared = |stall: Stall| stall.length * stall.length / stall.every;
    station.stall.map_or(0.0, |stall| speed * squared(stall) / f64::from(station.replicas))
}

/// Why too few stalls were seen, if so.
pub(crate) fn too_few_stalls(
    network: &Network,
    analysis: &Analysis,
    output: &SimulationOutput,
) -> Option<NotConverged> {
    let simulated = output.horizon;
    let every = |busy: &StationLoad| (busy.station, between_stalls(network, analysis, busy));
    let (at, every) = analysis.stations.iter().map(every).max_by(|one, other| one.1.total_cmp(&other.1))?;
    let station = network.stations[at].name.clone();
    (simulated < MIN_STALLS * every).then_some(NotConverged::FewStalls { station, every, simulated })
}

/// How long the queue of a station takes to settle under an open load, in seconds: its relaxation time, that of an
/// M/G/c queue in heavy traffic, `s (1 + scv) / 2 / (c (1 - sqrt(u))^2)` (Newell, *Applications of Queueing Theory*, 1982),
/// with the dispersion of arrivals in the place of one where they come in bursts, and where more comes than can be served,
/// until the queue is full or those who waited longest are gone.
pub(crate) fn settling_time(network: &Network, demand: &Demand, analysis: &Analysis, busy: &StationLoad) -> f64 {
    let station = &network.stations[busy.station];
    let (Some(servers), Some(in_use)) = (station.servers(), busy.utilization) else { return 0.0 };
    let runs_here = |at: StationId| network.stations[at].runs_on.iter().any(|(host, _)| *host == busy.station);
    let comes = |site: &CallSite| site.to == busy.station || site.pool == Some(busy.station) || runs_here(site.to);
    let sites = || network.sites.entries().filter(|(_, site)| comes(site));
    let calls: f64 = sites().map(|(at, _)| analysis.calls[at]).sum();
    if calls <= 0.0 {
        return 0.0;
    }
    let each = busy.demand / calls;
    let relaxes = |in_use: f64, varies: f64| {
        let rest = 1.0 - in_use.sqrt();
        let servers_each = servers / network.queues_by_themselves(busy.station);
        each * f64::midpoint(demand.dispersion(), varies) / (servers_each * rest * rest)
    };
    let insisting = busy.insistent / servers;
    let is_mixed = demand.is_mixed() && busy.insistent < busy.demand && insisting < 1.0;
    if in_use < 1.0 || is_mixed {
        let varies = sites().filter_map(|(_, site)| site.law).map(|law| law.scv().min(MOST_VARIED)).fold(1.0, f64::max);
        let varies = varies + stalls_vary(station, servers / each);
        if !is_mixed {
            return relaxes(in_use, varies);
        }
        let crowded = relaxes(insisting, varies) + among_users(demand.users(), each, servers, insisting);
        return if in_use < 1.0 { relaxes(in_use, varies).min(crowded) } else { crowded };
    }
    let excess = calls * (1.0 - 1.0 / in_use).max(1e-3);
    let fills = station.queue_limit.map_or(0.0, |limit| f64::from(limit) * network.queues(busy.station) / excess);
    let leave = station.patience.map_or(0.0, |patience| ALL_LEFT * patience.mean());
    // A queue that fills is watched a few times as long, not as often as one that comes and goes.
    fills.max(leave) * FILLED / SETTLING_TIMES
}

/// The relaxation time of a queue of requests among so many users that are always there: each request that comes lets all
/// others, users too, wait longer. Linear about its mean: near `n = u N / (1 - u)` it falls by `c / s (n / (n + N) - u)`.
fn among_users(users: f64, each: f64, servers: f64, insisting: f64) -> f64 {
    users * each / (servers * (1.0 - insisting) * (1.0 - insisting))
}

/// Who has not settled if something has not.
#[derive(Clone, Debug, Default)]
pub(crate) struct Touched {
    pub(crate) flows: Vec<FlowId>,
    pub(crate) sites: Vec<SiteId>,
}

/// Who has not settled if some stations, or some flows themselves, have not: what comes to a station that requests may wait for
/// together with these, or by way of others. What is set off goes its own way. Users who wait for it come the later to all
/// that their flows do.
pub(crate) fn touched(network: &Network, demand: &Demand, stations: &[StationId], flows: &[FlowId]) -> Touched {
    let is_limited = |at: StationId| network.stations[at].servers().is_some();
    let waits = Waits::of(network, demand);
    let (mut known, mut ways) = (stations.to_vec(), flows.iter().map(|flow| (*flow, None)).collect::<Vec<_>>());
    let mut before = (0, 0);
    while before != (known.len(), ways.len()) {
        before = (known.len(), ways.len());
        for wait in &waits.all {
            let way = (wait.flow, wait.thread);
            if known.contains(&wait.station) && !ways.contains(&way) {
                ways.push(way);
            }
            if ways.contains(&way) && is_limited(wait.station) && !known.contains(&wait.station) {
                known.push(wait.station);
            }
        }
        for users in demand.all().filter(|one| one.is_closed()) {
            let own = || users.flows().iter().map(|(flow, _)| (*flow, None));
            if own().any(|way| ways.contains(&way)) {
                let new: Vec<_> = own().filter(|way| !ways.contains(way)).collect();
                ways.extend(new);
            }
        }
    }
    let own = |wait: &&crate::stability::Wait| ways.contains(&(wait.flow, wait.thread));
    let mut flows: Vec<FlowId> = ways.iter().filter(|(_, thread)| thread.is_none()).map(|(flow, _)| *flow).collect();
    flows.sort_unstable();
    flows.dedup();
    Touched { flows, sites: waits.all.iter().filter(own).map(|wait| wait.site).collect() }
}

/// How long stations take to settle, as they were seen.
pub(crate) struct Seen<'a> {
    pub(crate) network: &'a Network,
    pub(crate) demand: &'a Demand,
    pub(crate) analysis: &'a Analysis,
    pub(crate) waits: &'a Waits,
    pub(crate) growing: &'a Growing,
    pub(crate) output: &'a SimulationOutput,
}

/// What was seen of a station with a limit, or of each replica that has a queue of its own.
struct SeenStation {
    /// Seconds that one call takes a slot or core.
    each: f64,
    servers: f64,
    /// How many times what it can do is asked of it, between two bounds.
    asked: (f64, f64),
    /// The squared coefficient of variation of its times.
    varies: f64,
    /// The dispersion of what comes: 1 if that does not come in bursts.
    dispersion: f64,
    /// How many may be there at once; infinite if any number may.
    most: f64,
    /// The mean time after which those who wait leave, if they do.
    patience: Option<f64>,
}

impl SeenStation {
    /// How long it must be watched, in seconds.
    ///
    /// The relaxation time is that of a queue of which `servers` work off one every `each` seconds and that holds at most so
    /// many: one over `mu (1 - sqrt(r))^2 + 2 mu sqrt(r) (1 - cos(pi / (k + 1)))`, where `mu` is `servers / each` and `r` how
    /// much is asked of it (Morse, *Queues, Inventories and Maintenance*, 1958, for M/M/1/K), longer by half of one and the
    /// variation where times vary otherwise (Newell, *Applications of Queueing Theory*, 1982). If more comes than it can do
    /// it must be full first.
    fn needs(&self) -> f64 {
        let places = self.most - self.servers;
        if places <= 0.0 {
            return 0.0;
        }
        let (low, high) = self.asked;
        let nearest = if high < 1.0 { high } else { low.max(1.0) };
        let speed = self.servers / self.each;
        let rest = 1.0 - nearest.sqrt();
        let bounded = 2.0 * nearest.sqrt() * (1.0 - (std::f64::consts::PI / (places + 2.0)).cos());
        let gap = speed * (rest * rest + bounded) / f64::midpoint(self.dispersion, self.varies);
        let relaxes = 1.0 / (gap + self.patience.map_or(0.0, |patience| 1.0 / patience));
        // Until the places are taken, or those leave who came first.
        let takes = places / speed / (nearest - 1.0);
        let leave = self.patience.map_or(f64::INFINITY, |patience| LEFT * patience);
        let filled = if nearest > 1.0 && takes.min(leave).is_finite() { takes.min(leave) } else { 0.0 };
        (MIN_SETTLING_TIMES * relaxes).max(FILLED * filled)
    }
}

impl Seen<'_> {
    /// How long each station must be watched until it has settled, in seconds: those where a queue grows without end, or all
    /// others. Those that settle at once are left out.
    pub(crate) fn needs(&self, is_growing: bool) -> Vec<(StationId, f64)> {
        let stations = self.network.stations.ids().filter(|at| self.growing.is_at(*at) == is_growing);
        let each = stations.filter_map(|at| Some((at, self.needs_of(at)?)));
        each.filter(|(_, needs)| *needs > 0.0).collect()
    }

    /// How long a station must be watched, in seconds: where users wait among others, no longer than among as many users as
    /// there are.
    fn needs_of(&self, at: StationId) -> Option<f64> {
        let seen = self.station(at)?;
        let needs = seen.needs();
        let busy = self.analysis.stations.iter().find(|busy| busy.station == at);
        let servers = seen.servers * self.network.queues_by_themselves(at);
        let insisting = busy.map_or(1.0, |busy| busy.insistent / servers);
        if !self.waits.is_mixed_at(at) || insisting >= 1.0 {
            return Some(needs);
        }
        let crowd = MIN_SETTLING_TIMES * among_users(self.demand.users(), seen.each, servers, insisting);
        let others = SeenStation { asked: (insisting, insisting), ..seen }.needs();
        Some(needs.min(others + crowd))
    }

    fn station(&self, at: StationId) -> Option<SeenStation> {
        let one = &self.network.stations[at];
        let servers = one.servers()?;
        // Users who wait themselves come the less the longer it takes.
        if self.waits.is_waited_for_by_users(at) {
            return None;
        }
        let of = |summary: &ReplicationOutput| summary.stations[at];
        let sum = |number: &dyn Fn(&ReplicationOutput) -> f64| self.output.summaries.iter().map(number).sum::<f64>();
        // Cores of a host are not left, but gone to.
        let is_host = one.is_processor();
        let done = sum(&|one| if is_host { of(one).arrivals as f64 } else { of(one).served as f64 });
        let each = sum(&|one| of(one).busy) / done;
        if !(each.is_finite() && each > 0.0) {
            return None;
        }
        let load = |summary: &ReplicationOutput| {
            let count = of(summary);
            let turned_away = count.refused as f64 / (count.arrivals - count.refused).max(1) as f64;
            count.utilization() * (1.0 + turned_away)
        };
        let seen = self.output.estimate(load)?;
        // Where a queue grows, that much more comes than is done.
        let held = self.waits.all.iter().filter(|wait| wait.station == at);
        let mut places: Vec<StationId> = held.flat_map(|wait| &wait.holders).copied().chain([at]).collect();
        places.sort_unstable();
        places.dedup();
        let grows: f64 = places.into_iter().filter(|at| self.growing.is_at(*at)).map(|at| self.growth(at)).sum();
        let more = grows * each / servers;
        Some(SeenStation {
            each,
            servers: servers / self.network.queues_by_themselves(at),
            asked: if more > 0.0 { (1.0 + more, 1.0 + more) } else { (seen.low, seen.high) },
            varies: self.varies(at) + stalls_vary(one, servers / each),
            dispersion: self.demand.dispersion(),
            most: self.waits.most_in_queue(self.network, at),
            patience: one.patience.map(|law| law.mean()),
        })
    }

    /// How many more wait at a station every second, at least.
    fn growth(&self, at: StationId) -> f64 {
        let waiting = |summary: &ReplicationOutput, nth: usize| Some(summary.windows.get(nth)?.stations[at].waiting);
        let half = self.output.horizon / 2.0;
        let more = |summary: &ReplicationOutput| match (waiting(summary, 0), waiting(summary, 1)) {
            (Some(before), Some(after)) => (after - before) / half,
            (None, _) | (_, None) => f64::NAN,
        };
        self.output.estimate(more).map_or(0.0, |more| more.low.max(0.0))
    }

    /// The squared coefficient of variation of the times at a station.
    fn varies(&self, at: StationId) -> f64 {
        let comes = self.waits.all.iter().filter(|wait| wait.station == at).map(|wait| wait.site);
        let asked = comes.filter(|site| self.analysis.calls[*site] > 0.0);
        let laws = asked.filter_map(|site| self.network.sites[site].law);
        laws.map(|law| law.scv().min(MOST_VARIED)).fold(1.0, f64::max)
    }
}

/// Times vary by no more than this: beyond it, the few that are longest are hardly met.
const MOST_VARIED: f64 = 20.0;

/// How long a system must be watched until it is in its stride, in seconds.
pub(crate) fn settling_horizon(network: &Network, demand: &Demand, analysis: &Analysis) -> f64 {
    settling_horizon_of(network, demand, analysis, SETTLING_TIMES)
}

/// The same, as many times the settling time.
pub(crate) fn settling_horizon_of(network: &Network, demand: &Demand, analysis: &Analysis, times: f64) -> f64 {
    // Users who queue take as long as all of them before they are in their stride.
    let round = |asked: &Asked| match asked {
        Asked::Closed { users, think, .. } => {
            // Where some wait and others do not, by turns, that takes several rounds more.
            let is_near = analysis.knee.is_some_and(|knee| f64::from(*users) > 0.8 * knee);
            // Who thinks much the same time every time keeps for long to those he came with.
            let is_alike = think.scv() < 1.0;
            (think.mean() + f64::from(*users) / analysis.capacity) * if is_near || is_alike { 4.0 } else { 1.0 }
        }
        Asked::Open { .. } => 0.0,
    };
    let round = demand.all().map(round).fold(0.0, f64::max);
    // Before that has passed, those who think long are missing among those who come.
    let thinks = |asked: &Asked| match asked {
        Asked::Closed { think, .. } if think.scv() > 1.0 => think.work_within(),
        Asked::Open { .. } | Asked::Closed { .. } => 0.0,
    };
    let thinks = demand.all().map(thinks).fold(0.0, f64::max);
    let settles = if demand.profile().is_none() && !demand.all().all(Asked::is_closed) {
        analysis.stations.iter().map(|busy| settling_time(network, demand, analysis, busy)).fold(0.0, f64::max)
    } else {
        0.0
    };
    let stalls = analysis.stations.iter().map(|busy| between_stalls(network, analysis, busy)).fold(0.0, f64::max);
    (ROUNDS * (round + analysis.unloaded_time))
        .max(LONGEST_TIMES * analysis.longest)
        .max(LASTING_TIMES * lasting(network, demand).max(thinks))
        .max(times * settles)
        .max(if times > MIN_SETTLING_TIMES { CYCLES } else { MIN_CYCLES } * demand.cycle())
        .max(if times > MIN_SETTLING_TIMES { STALLS } else { MIN_STALLS } * stalls)
}

/// About how many events it takes until a failure can be played through after enough turns of bursts and calms, if a load comes in any.
pub(crate) fn events_of_turns(network: &Network, demand: &Demand, analysis: &Analysis) -> Option<(f64, f64)> {
    let cycle = Some(demand.cycle()).filter(|cycle| *cycle > 0.0)?;
    let each = analysis.rate_of_all() * events_each(network, demand, analysis);
    Some((cycle, rounds::events_of_courses(each, MIN_CYCLES * cycle)))
}

/// So many turns of bursts and calms must be watched at least, and so many are if that can be afforded: all replications
/// together see twenty times as many.
const MIN_CYCLES: f64 = 20.0;
const CYCLES: f64 = 60.0;

/// How long work lasts that somebody waits for, but for a hundredth of it, in seconds: before that has passed, those who take long
/// are missing among those who are done. The fifth that is cut off must be as long.
fn lasting(network: &Network, demand: &Demand) -> f64 {
    let works = demand.flows().into_iter().flat_map(|flow| awaited_works(network, flow));
    works.map(|(_, law)| law.work_within()).fold(0.0, f64::max)
}

/// The calls of a flow whose work somebody waits for, with how long that takes.
fn awaited_works(network: &Network, flow: FlowId) -> Vec<(SiteId, Distribution)> {
    let ops = &network.programs[flow].ops;
    let work = |at: OpId| {
        let site = ops[at].work()?;
        Some((site, network.sites[site].law?))
    };
    awaited(ops, OpId::FIRST..ops.end()).into_iter().filter_map(work).collect()
}

/// Work, however rare, that counts for the mean time of its flow and of which too little can have ended in what was simulated.
pub(crate) struct Unfinished {
    pub(crate) flow: FlowId,
    pub(crate) station: StationId,
    /// How long it lasts, but for a hundredth of it, in seconds.
    lasts: f64,
}

/// All such work.
pub(crate) fn unfinished(network: &Network, demand: &Demand, output: &SimulationOutput) -> Vec<Unfinished> {
    let of_flow = |flow: FlowId| {
        let is_long = |law: Distribution| output.horizon < MIN_LASTING_TIMES * law.work_within();
        let long: Vec<(SiteId, Distribution)> =
            awaited_works(network, flow).into_iter().filter(|(_, law)| is_long(*law)).collect();
        if long.is_empty() {
            return Vec::new();
        }
        let cost = cost(network, flow);
        let counts =
            |(site, law): &(SiteId, Distribution)| cost.tried[*site].0 * law.mean() > NEGLIGIBLE * cost.unloaded_time;
        let found = long.into_iter().filter(counts);
        found
            .map(|(site, law)| Unfinished { flow, station: network.sites[site].to, lasts: law.work_within() })
            .collect()
    };
    demand.flows().into_iter().flat_map(of_flow).collect()
}

/// Why too little has ended, if so.
pub(crate) fn too_long(unfinished: &[Unfinished], output: &SimulationOutput) -> Option<NotConverged> {
    let lasts = unfinished.iter().map(|one| one.lasts).reduce(f64::max)?;
    let events = output.events_for(until_ended(unfinished));
    Some(NotConverged::Short { unloaded_time: lasts, simulated: output.horizon, events })
}

/// How long it takes until enough of such work has ended, in seconds.
fn until_ended(unfinished: &[Unfinished]) -> f64 {
    unfinished.iter().map(|one| MIN_LASTING_TIMES * one.lasts).fold(0.0, f64::max)
}

/// A state is watched for at least so many times as long as work in it lasts.
const MIN_LASTING_TIMES: f64 = 2.0;
/// Work that is no more than this share of the mean time of its flow changes no verdict that is not too close to call.
const NEGLIGIBLE: f64 = 0.01;

/// About how many events a request is.
pub(crate) fn events_each(network: &Network, demand: &Demand, analysis: &Analysis) -> f64 {
    let waits = network.stations.beside(0.0);
    let (mixed, _) = cost_of_mix(network, &shares(demand, analysis), &waits);
    let met = |(at, station): (StationId, &Station)| station.stall.map_or(0.0, |stall| mixed.demand[at] / stall.every);
    let met: f64 = network.stations.entries().map(met).sum();
    let steps = mixed.blocks + STEPS_OF_A_STALL as f64 * met;
    1.0 + 2.0 * mixed.visits.iter().sum::<f64>() + steps / STEPS_OF_AN_EVENT as f64
}

/// Why what was simulated is too short against the turns in which a load comes, if so.
pub(crate) fn too_few_turns(demand: &Demand, output: &SimulationOutput) -> Option<NotConverged> {
    let cycle = demand.cycle();
    let (needs, simulated) = (MIN_CYCLES * cycle, output.horizon);
    (simulated < needs).then(|| NotConverged::FewTurns { cycle, simulated, events: output.events_for(needs) })
}

/// Why what was simulated is too short against one request, if so: many are answered only after it. What is advised is also enough
/// for what is `unfinished`, which would be told next.
pub(crate) fn too_short(
    unloaded_time: f64,
    unfinished: &[Unfinished],
    output: &SimulationOutput,
) -> Option<NotConverged> {
    let needs = LONG_ENOUGH * unloaded_time;
    let is_short = output.horizon < needs;
    let events = output.events_for(needs.max(until_ended(unfinished)));
    is_short.then_some(NotConverged::Short { unloaded_time, simulated: output.horizon, events })
}

/// A state is watched for at least so many times as long as one request takes.
const LONG_ENOUGH: f64 = 20.0;

/// Why what was simulated is too long to tell the times of a flow, if so: moments are numbers with 52 binary digits, and of requests
/// that are so rare and so short too few of them are left for what lies between two moments.
pub(crate) fn too_rare(network: &Network, demand: &Demand, output: &SimulationOutput) -> Option<NotConverged> {
    let waits = network.stations.beside(0.0);
    let alone = |flow: FlowId| cost_of_mix(network, &[(flow, 1.0)], &waits).1;
    let shortest = demand.flows().into_iter().map(alone).filter(|time| *time > 0.0).fold(f64::INFINITY, f64::min);
    let simulated = output.horizon;
    let resolved = f64::EPSILON * simulated;
    (resolved > FINE_ENOUGH * shortest).then_some(NotConverged::Rare { unloaded_time: shortest, simulated })
}

/// Moments must be told apart that differ by so small a share of the shortest time that is told.
const FINE_ENOUGH: f64 = 1e-3;

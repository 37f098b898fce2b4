//! What a failure leaves to do where nobody waits for it: answers are as before, and messages wait.

use crate::metric::Metric;
use crate::network::{Network, Op, OpId, SiteId, StationId, awaited};
use crate::number::{interval, plain, time};
use crate::stats::Estimate;
use groma_model::FlowId;
use std::ops::Range;

/// More that waits at a station behind the answers than before a failure, on average over the runs.
#[derive(Clone, PartialEq, Debug)]
pub struct Backlog {
    /// The name of the station.
    pub station: String,
    /// How much waits at the most.
    pub most: f64,
    /// Until when more than before waits, in seconds from the end of the failure, in no window after it; `None` if that is not
    /// within the watch.
    pub until: Option<(f64, f64)>,
    /// How much waits at the end of the watch.
    pub left: f64,
    /// How long was watched after the failure, in seconds.
    pub observed: f64,
}

/// So many times what waited in any window before the failure, and this many more, are no chance.
const TIMES: f64 = 2.0;
const MORE: f64 = 1.0;

/// What waits at a station in each of some windows, if that becomes more while something fails. All times are in seconds from the
/// beginning of the first window.
pub(crate) fn backlog(station: &str, waiting: &[f64], ends: &[f64], fault: Range<f64>) -> Option<Backlog> {
    let first = ends.partition_point(|at| *at <= fault.start + 1e-9);
    let before = waiting[..first].iter().copied().fold(0.0, f64::max);
    let last = waiting.iter().rposition(|one| *one > TIMES * before + MORE).filter(|last| *last >= first)?;
    let begin = last.checked_sub(1).map_or(0.0, |before| ends[before]);
    let is_over = last + 1 < waiting.len();
    Some(Backlog {
        station: station.to_owned(),
        most: waiting[first..].iter().copied().fold(0.0, f64::max),
        until: is_over.then(|| (begin.max(fault.start) - fault.end, ends[last] - fault.end)),
        left: waiting[waiting.len() - 1],
        observed: ends[ends.len() - 1] - fault.end,
    })
}

impl Backlog {
    /// In words.
    pub fn sentence(&self) -> String {
        let most = format!("up to {} wait for {}, for which no answer waits", plain(self.most), self.station);
        let after =
            |low: f64, high: f64| interval(Metric::RecoveryTime, &Estimate { low, high, ..Estimate::exact(high) });
        match self.until {
            None => {
                let (left, observed) = (plain(self.left), time(self.observed));
                format!("{most}, and {left} still when the watch ends, {observed} after the fault ends")
            }
            Some((_, high)) if high <= 0.0 => format!("{most}, until the fault ends at the latest"),
            Some((low, high)) => {
                format!("{most}, more than before until {} after the fault ends", after(low.max(0.0), high))
            }
        }
    }
}

/// The stations that work behind the answers of some flows, or of the calls that are watched in them, and for which nothing that
/// is answered waits.
pub(crate) fn stations_behind(
    network: &Network,
    flows: &[FlowId],
    is_watched: Option<&dyn Fn(SiteId) -> bool>,
) -> Vec<StationId> {
    let (mut behind, mut waited_for): (Vec<StationId>, Vec<StationId>) = (Vec::new(), Vec::new());
    for program in network.programs.iter().filter(|program| flows.contains(&program.flow)) {
        let ops = &program.ops;
        let parts: Vec<Range<OpId>> = match is_watched {
            None => vec![OpId::FIRST..ops.end()],
            Some(is_watched) => {
                let called = |(at, op): (OpId, &Op)| match *op {
                    Op::Call { site, end } | Op::Inside { site, end } if is_watched(site) => Some(at.next()..end),
                    _ => None,
                };
                ops.entries().filter_map(called).collect()
            }
        };
        let waited: Vec<OpId> = parts.iter().flat_map(|part| awaited(ops, part.clone())).collect();
        for (at, op) in ops.entries().filter(|(at, _)| parts.iter().any(|part| part.contains(at))) {
            let Some(site) = op.call() else { continue };
            let found = if waited.contains(&at) { &mut waited_for } else { &mut behind };
            let called = &network.sites[site];
            let hosts = network.stations[called.to].runs_on.iter().map(|(host, _)| *host);
            found.extend(called.pool.into_iter().chain([called.to]).chain(hosts));
        }
    }
    behind.retain(|at| !waited_for.contains(at));
    behind.sort_unstable();
    behind.dedup();
    behind
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ten windows of 10 s; it fails from 20 s to 40 s. By hand: what waits first is more than before in the window from 20 s and
    /// last in that from 60 s to 70 s, which ends 30 s after the failure.
    #[test]
    fn a_backlog_lasts_until_its_last_window() {
        let ends: Vec<f64> = (1..=10).map(|nth| f64::from(nth) * 10.0).collect();
        let of = |waiting: [f64; 10]| backlog("w", &waiting, &ends, 20.0..40.0);
        let found = of([0.5, 0.2, 30.0, 90.0, 60.0, 30.0, 5.0, 1.0, 0.4, 0.5]).unwrap();
        assert_eq!((found.most, found.until), (90.0, Some((20.0, 30.0))));
        assert_eq!(of([0.5, 0.2, 1.9, 1.5, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]), None, "no more than twice as much, and one");
        let never = of([0.0, 0.0, 30.0, 90.0, 80.0, 70.0, 60.0, 50.0, 40.0, 30.0]).unwrap();
        assert_eq!((never.until, never.left, never.observed), (None, 30.0, 60.0));
        assert_eq!(
            of([9.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]),
            None,
            "what waited before is no doing of it"
        );
        let meanwhile = of([0.0, 0.0, 30.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]).unwrap();
        assert_eq!(meanwhile.until, Some((-20.0, -10.0)));
        assert!(meanwhile.sentence().ends_with("until the fault ends at the latest"), "{}", meanwhile.sentence());
    }
}

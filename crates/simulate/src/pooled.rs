//! What is known of the requests of all replications together, where a replication alone has too few to tell it.

use crate::engine::{RESOLUTION, TimeSteps};
use crate::stats::Estimate;
use statrs::distribution::{Binomial, ContinuousCDF, DiscreteCDF, StudentsT};

/// In fewer replications than these requests must have come: fewer tell nothing of how they differ.
const LEAST_TELLING: usize = 4;

/// The mean of one number a replication, each counting by its weight: the requests that it is of. A ratio estimator, with the
/// interval of its linear form (Cochran, *Sampling Techniques*, 1977, chapter 6). A replication without requests has no weight
/// and no number. `None` if too few have any.
pub(crate) fn ratio(all: &[(f64, f64)]) -> Option<Estimate> {
    let known = || all.iter().filter(|(value, weight)| *weight > 0.0 && value.is_finite());
    if known().count() < LEAST_TELLING {
        return None;
    }
    let weights: f64 = known().map(|(_, weight)| weight).sum();
    let mean = known().map(|(value, weight)| value * weight).sum::<f64>() / weights;
    let count = all.len() as f64;
    let beyond = |(value, weight): &(f64, f64)| {
        if *weight > 0.0 && value.is_finite() { count * weight * (value - mean) / weights } else { 0.0 }
    };
    let linear: Vec<f64> = all.iter().map(|one| mean + beyond(one)).collect();
    Estimate::of(&linear)
}

/// The time in seconds that `share` of all requests do not exceed, from those of each replication.
/// Its interval is that of order statistics, as many requests counting as tell so much if all were independent of each other
/// (Korn and Graubard, "Confidence intervals for proportions with small expected number of positive counts estimated from survey
/// data", 1998): where requests of one replication are alike, these are fewer. Without an upper end if too few came for one.
pub(crate) fn quantile(each: &[&TimeSteps], share: f64) -> Option<Estimate> {
    let all = together(each);
    let count = f64::from(all.count());
    let at = |share: f64| all.nth(((share * count).ceil() as u32).max(1));
    let value = at(share)?;
    let beyond = beyond(each, value);
    let enough = worth(&beyond, share, count)?;
    let (low, high) = ranks(enough, share)?;
    let seconds = |time: u64| time as f64 / 1e9;
    let low_time = if low > 0.0 { seconds(at(low)?) } else { 0.0 };
    let high_time = if high <= 1.0 { seconds(at(high)?) } else { f64::INFINITY };
    // What a request more beyond it makes of the time, by how much the shares of the interval differ.
    let top = if high <= 1.0 { high_time } else { seconds(at(1.0)?) };
    let slope = (top - low_time) / (high.min(1.0) - low).max(1.0 / count);
    let runs = each.len() as f64;
    let samples = beyond.iter().map(|beyond| seconds(value) + runs * beyond / count * slope).collect();
    let within = if all.is_exact { 0.0 } else { RESOLUTION };
    Some(Estimate {
        value: seconds(value),
        low: low_time.min(seconds(value)) * (1.0 - within),
        high: high_time.max(seconds(value)),
        samples,
    })
}

/// The times of all replications.
fn together(each: &[&TimeSteps]) -> TimeSteps {
    let mut all: Vec<(u64, u64)> = each.iter().flat_map(|one| one.each()).collect();
    all.sort_unstable_by_key(|(time, _)| *time);
    TimeSteps::of(all.into_iter(), each.iter().all(|one| one.is_exact))
}

/// How many more requests than its share of them are longer than a time, in each replication.
fn beyond(each: &[&TimeSteps], time: u64) -> Vec<f64> {
    let known = share_up_to(each, time);
    each.iter().map(|one| known * f64::from(one.count()) - f64::from(one.up_to(time))).collect()
}

/// The share of all requests that are no longer than a time.
fn share_up_to(each: &[&TimeSteps], time: u64) -> f64 {
    let count: f64 = each.iter().map(|one| f64::from(one.count())).sum();
    each.iter().map(|one| f64::from(one.up_to(time))).sum::<f64>() / count
}

/// By this share of the half width of an interval its ends may differ from those of all requests together.
const SMOOTH: f64 = 0.5;

/// Whether times are spread smoothly around a quantile, so that the mean over the replications tells it: its interval then ends
/// about where that of all requests together does. Where hardly any request takes a time between two, as between the hits of a
/// cache and its misses, the quantile of one replication is here and that of another there, and their mean is a time that no
/// request takes.
pub(crate) fn is_smooth(each: &[&TimeSteps], share: f64, found: &Estimate) -> bool {
    let nanoseconds = |time: f64| (time.max(0.0) * 1e9) as u64;
    let count: f64 = each.iter().map(|one| f64::from(one.count())).sum();
    let enough = worth(&beyond(each, nanoseconds(found.value)), share, count);
    let Some((low, high)) = enough.and_then(|enough| ranks(enough, share)) else { return false };
    let apart = SMOOTH * (found.high - found.low) / 2.0;
    // So many take no longer than a little before the end, and so many no longer than a little behind it.
    let is_near = |end: f64, share: f64| {
        share_up_to(each, nanoseconds(end - apart)) <= share && share <= share_up_to(each, nanoseconds(end + apart))
    };
    is_near(found.low, low) && is_near(found.high, high)
}

/// How many independent requests would tell as much of a share as `count` in several replications do, `beyond` being how many
/// more or fewer than the share of its own each has.
fn worth(beyond: &[f64], share: f64, count: f64) -> Option<f64> {
    let runs = beyond.len() as f64;
    let t = StudentsT::new(0.0, 1.0, runs - 1.0).ok()?.inverse_cdf(0.975);
    let seen = runs / (runs - 1.0) * beyond.iter().map(|one| one * one).sum::<f64>();
    let effect = (seen / (count * share * (1.0 - share))).max(1.0);
    Some((count / effect * (NORMAL / t) * (NORMAL / t)).max(1.0))
}

/// The 97.5th percentile of the normal distribution.
const NORMAL: f64 = 1.959_964;

/// The shares of so many requests, in order, between which the time lies that `share` of all do not exceed: below nothing it is
/// any that is shorter, above one any that is longer.
fn ranks(count: f64, share: f64) -> Option<(f64, f64)> {
    let count = count.floor();
    let shorter = Binomial::new(share, count as u64).ok()?;
    let (low, high) = (shorter.inverse_cdf(0.025) as f64, shorter.inverse_cdf(0.975) as f64 + 1.0);
    Some((low / count, high / count))
}

#[cfg(test)]
mod tests {
    use super::{is_smooth, quantile, ranks, ratio};
    use crate::engine::TimeSteps;
    use crate::stats::Estimate;

    /// Times in nanoseconds, in order.
    fn steps(times: &[u64]) -> TimeSteps {
        TimeSteps::of(times.iter().map(|time| (*time, 1)), true)
    }

    /// Of 100 requests, 95 of which should be shorter, up to 89 are with 1.1% and up to 90 with 2.8%, up to 98 with 96.3% and up to
    /// 99 with 99.4%: the 90th and the 100th. Of 400, 99% of which should be: up to 399 with 98.2%. Of 40 none need be longer, as
    /// 0.99^40 is 67%.
    #[test]
    fn ranks_are_those_of_the_binomial_law() {
        let (low, high) = ranks(100.0, 0.95).unwrap();
        assert_eq!((low, high), (0.9, 1.0));
        assert!(ranks(40.0, 0.99).unwrap().1 > 1.0);
        assert_eq!(ranks(400.0, 0.99).unwrap(), (392.0 / 400.0, 1.0));
    }

    #[test]
    fn each_replication_counts_by_its_requests() {
        // Two of ten fail, none of thirty, two of twenty, one of twenty.
        let found = ratio(&[(0.2, 10.0), (0.0, 30.0), (f64::NAN, 0.0), (0.0, 0.0), (0.1, 20.0), (0.05, 20.0)]).unwrap();
        assert!((found.value - 5.0 / 80.0).abs() < 1e-12, "{found:?}");
        assert_eq!(ratio(&[(0.2, 10.0), (f64::NAN, 0.0), (f64::NAN, 0.0), (f64::NAN, 0.0)]), None);
    }

    /// Times of 1 to 1,000 ns in replications of ten each, which are more alike than chance makes them: the interval is that of 1,000
    /// independent ones, the 936th and the 964th in order, or a little more, as the replications are a hundred.
    #[test]
    fn a_quantile_is_that_of_all_together() {
        let runs: Vec<Vec<u64>> = (0..100).map(|run| (0..10).map(|nth| nth * 100 + run + 1).collect()).collect();
        let each: Vec<TimeSteps> = runs.iter().map(|run| steps(run)).collect();
        let found = quantile(&each.iter().collect::<Vec<_>>(), 0.95).unwrap();
        assert_eq!((found.value * 1e9).round(), 950.0);
        let (low, high) = ((found.low * 1e9).round(), (found.high * 1e9).round());
        assert!((930.0..942.0).contains(&low) && (958.0..970.0).contains(&high), "{low} {high}");
        // Where all of a replication take the same time, it tells no more than one of them.
        let alike: Vec<Vec<u64>> = (0..100).map(|run| vec![(run + 1) * 10; 10]).collect();
        let each: Vec<TimeSteps> = alike.iter().map(|run| steps(run)).collect();
        let alike = quantile(&each.iter().collect::<Vec<_>>(), 0.95).unwrap();
        assert!((alike.low * 1e9).round() <= 910.0 && (alike.high * 1e9).round() >= 990.0, "{alike:?}");
    }

    /// Of twenty replications of 1,000 requests each 10 or 11 take a second and the others ten milliseconds: the 99th percentile of
    /// one is here and that of the other there, and that of all is a second, as 1.05% take one. Chance could make it either.
    #[test]
    fn between_two_times_lies_no_quantile() {
        let run = |slow: usize| {
            let mut times = vec![10_000_000_u64; 1_000 - slow];
            times.resize(1_000, 1_000_000_000);
            steps(&times)
        };
        let runs: Vec<TimeSteps> = (0..20).map(|nth| run(10 + nth % 2)).collect();
        let each: Vec<&TimeSteps> = runs.iter().collect();
        let quantiles: Vec<f64> = (0..20).map(|nth| if nth % 2 == 1 { 1.0 } else { 0.01 }).collect();
        assert!(!is_smooth(&each, 0.99, &Estimate::of(&quantiles).unwrap()));
        let found = quantile(&each, 0.99).unwrap();
        assert_eq!((found.low, found.value, found.high), (0.01, 1.0, 1.0));
        // Just above a jump hardly any request takes longer, and some far longer: it is no less of one.
        let thin = |nth: usize| {
            let mut times = vec![25_000_000_u64; 9_901];
            times.resize(9_904, 28_000_000);
            times.resize(10_000, 35_000_000);
            let fast = if nth % 2 == 1 { 30 } else { 0 };
            times[9_901 - fast..9_901].fill(35_000_000);
            times.sort_unstable();
            steps(&times)
        };
        let runs: Vec<TimeSteps> = (0..20).map(thin).collect();
        let each: Vec<&TimeSteps> = runs.iter().collect();
        let quantiles: Vec<f64> = (0..20).map(|nth| if nth % 2 == 1 { 0.035 } else { 0.025 }).collect();
        assert!(!is_smooth(&each, 0.99, &Estimate::of(&quantiles).unwrap()));
        // Of times that are spread evenly the mean tells it.
        let even = |run: u64| steps(&(0..1_000).map(|nth| 1_000 * nth + 37 * run).collect::<Vec<u64>>());
        let runs: Vec<TimeSteps> = (0..20).map(even).collect();
        let each: Vec<&TimeSteps> = runs.iter().collect();
        let around: Vec<f64> = (0..20).map(|run| (989_000.0 + 600.0 * f64::from(run) - 5_400.0) / 1e9).collect();
        assert!(is_smooth(&each, 0.99, &Estimate::of(&around).unwrap()));
    }
}

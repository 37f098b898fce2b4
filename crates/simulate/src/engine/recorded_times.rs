//! The times of many requests: exactly as long as they or the times among them are few, then each within 0.1 per cent.

use hdrhistogram::Histogram;

/// Times in nanoseconds.
#[derive(Clone, Debug)]
pub(crate) enum RecordedTimes {
    /// Each of them, in no order.
    Few(Vec<u64>),
    /// Of many that take one of few times, these in order and how often each came.
    Repeated(Vec<(u64, u32)>),
    /// How often each came, within three digits.
    Many(Box<Histogram<u32>>),
}

/// From so many on they are counted. Of very many flows most have few requests, and a histogram takes a hundred kilobytes.
const FEW: usize = 1_024;

/// So many times at most are told apart exactly where more requests come.
const MOST_REPEATED: usize = 64;

impl RecordedTimes {
    pub(super) fn new() -> RecordedTimes {
        RecordedTimes::Few(Vec::new())
    }

    pub(super) fn record(&mut self, seconds: f64) {
        self.record_nanoseconds((seconds * 1e9) as u64, 1);
    }

    fn record_nanoseconds(&mut self, time: u64, times: u32) {
        match self {
            RecordedTimes::Few(all) if all.len() + times as usize <= FEW => {
                all.extend((0..times).map(|_| time));
                return;
            }
            RecordedTimes::Few(all) => *self = condensed(all),
            RecordedTimes::Repeated(_) | RecordedTimes::Many(_) => {}
        }
        if let RecordedTimes::Repeated(all) = self {
            match all.binary_search_by_key(&time, |(known, _)| *known) {
                Ok(at) => return all[at].1 = all[at].1.saturating_add(times),
                Err(at) if all.len() < MOST_REPEATED => return all.insert(at, (time, times)),
                Err(_) => *self = RecordedTimes::Many(Box::new(counted(all))),
            }
        }
        if let RecordedTimes::Many(counts) = self {
            // It grows with what it is given.
            let _ = counts.record_n(time, times);
        }
    }

    /// Forgets all of them.
    pub(super) fn reset(&mut self) {
        match self {
            RecordedTimes::Few(all) => all.clear(),
            RecordedTimes::Repeated(all) => all.clear(),
            RecordedTimes::Many(counts) => counts.reset(),
        }
    }

    pub(super) fn add(&mut self, other: &RecordedTimes) {
        match other {
            RecordedTimes::Few(all) => all.iter().for_each(|time| self.record_nanoseconds(*time, 1)),
            RecordedTimes::Repeated(all) => {
                all.iter().for_each(|(time, times)| self.record_nanoseconds(*time, *times));
            }
            RecordedTimes::Many(more) => {
                match self {
                    RecordedTimes::Few(all) => *self = RecordedTimes::Many(Box::new(counted(&once(all)))),
                    RecordedTimes::Repeated(all) => *self = RecordedTimes::Many(Box::new(counted(all))),
                    RecordedTimes::Many(_) => {}
                }
                if let RecordedTimes::Many(counts) = self {
                    let _ = counts.add(more.as_ref());
                }
            }
        }
    }

    /// All of them in order.
    pub(crate) fn steps(&self) -> TimeSteps {
        match self {
            RecordedTimes::Few(all) => {
                let mut sorted = all.clone();
                sorted.sort_unstable();
                TimeSteps::of(sorted.into_iter().map(|time| (time, 1)), true)
            }
            RecordedTimes::Repeated(all) => {
                TimeSteps::of(all.iter().map(|(time, times)| (*time, u64::from(*times))), true)
            }
            RecordedTimes::Many(counts) => {
                let each = counts.iter_recorded();
                TimeSteps::of(each.map(|step| (step.value_iterated_to(), u64::from(step.count_at_value()))), false)
            }
        }
    }

    /// The times in seconds that these shares of all do not exceed, from the lowest share to the highest; not numbers if there
    /// are no times.
    pub(crate) fn quantiles<const N: usize>(&self, shares: &[f64; N]) -> [f64; N] {
        match self {
            RecordedTimes::Few(all) if all.is_empty() => [f64::NAN; N],
            RecordedTimes::Few(all) => {
                let mut sorted = all.clone();
                sorted.sort_unstable();
                let rank = |share: f64| ((share * sorted.len() as f64).ceil() as usize).clamp(1, sorted.len());
                shares.map(|share| sorted[rank(share) - 1] as f64 / 1e9)
            }
            RecordedTimes::Repeated(all) => {
                let count = all.iter().map(|(_, times)| u64::from(*times)).sum::<u64>() as f64;
                let steps = all.iter().map(|(time, times)| (*time, u64::from(*times)));
                of_steps(steps, count, shares)
            }
            RecordedTimes::Many(counts) => {
                let steps = counts.iter_recorded();
                let steps = steps.map(|step| (step.value_iterated_to(), step.count_since_last_iteration()));
                of_steps(steps, counts.len() as f64, shares)
            }
        }
    }
}

/// Times in order: each in nanoseconds, and how many are no longer.
#[derive(Clone, Debug)]
pub(crate) struct TimeSteps {
    steps: Box<[(u64, u32)]>,
    /// Whether they are exact, not within [`RESOLUTION`].
    pub(crate) is_exact: bool,
}

impl TimeSteps {
    /// Those of times in order with how often each came.
    pub(crate) fn of(times: impl Iterator<Item = (u64, u64)>, is_exact: bool) -> TimeSteps {
        let mut steps: Vec<(u64, u32)> = Vec::new();
        let mut sum: u64 = 0;
        for (time, count) in times {
            sum += count;
            let up_to = sum.min(u64::from(u32::MAX)) as u32;
            match steps.last_mut() {
                Some((last, count)) if *last == time => *count = up_to,
                _ => steps.push((time, up_to)),
            }
        }
        TimeSteps { steps: steps.into(), is_exact }
    }

    /// How many there are.
    pub(crate) fn count(&self) -> u32 {
        self.steps.last().map_or(0, |(_, count)| *count)
    }

    /// How many are no longer than a time.
    pub(crate) fn up_to(&self, time: u64) -> u32 {
        let steps = self.steps.partition_point(|(other, _)| *other <= time);
        steps.checked_sub(1).map_or(0, |at| self.steps[at].1)
    }

    /// The shortest time that so many are no longer than; the longest if there are not so many.
    pub(crate) fn nth(&self, nth: u32) -> Option<u64> {
        let at = self.steps.partition_point(|(_, count)| *count < nth);
        self.steps.get(at).or(self.steps.last()).map(|(time, _)| *time)
    }

    /// Each time with how often it came.
    pub(crate) fn each(&self) -> impl Iterator<Item = (u64, u64)> + '_ {
        let before = std::iter::once(0).chain(self.steps.iter().map(|(_, count)| *count));
        self.steps.iter().zip(before).map(|((time, count), before)| (*time, u64::from(count - before)))
    }
}

/// Times that are counted are at most by this share shorter than they are told to be: three digits take 2,048 steps, of which the
/// upper half is used.
pub(crate) const RESOLUTION: f64 = 1.0 / 1_024.0;

/// Times, each of which came once.
fn once(times: &[u64]) -> Vec<(u64, u32)> {
    times.iter().map(|time| (*time, 1)).collect()
}

/// Times that have become many: by how often each came, exactly if few of them differ.
fn condensed(times: &[u64]) -> RecordedTimes {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    let repeated: Vec<(u64, u32)> =
        sorted.chunk_by(|one, other| one == other).map(|alike| (alike[0], alike.len() as u32)).collect();
    match repeated.len() <= MOST_REPEATED {
        true => RecordedTimes::Repeated(repeated),
        false => RecordedTimes::Many(Box::new(counted(&repeated))),
    }
}

fn counted(times: &[(u64, u32)]) -> Histogram<u32> {
    let mut counts = Histogram::new(3).expect("three digits");
    for (time, times) in times {
        let _ = counts.record_n(*time, *times);
    }
    counts
}

/// The quantiles of so many times, of which each that there is comes in order with how often it came, found in one pass.
fn of_steps<const N: usize>(steps: impl Iterator<Item = (u64, u64)>, all: f64, shares: &[f64; N]) -> [f64; N] {
    let mut found = [f64::NAN; N];
    let (mut seen, mut at) = (0, 0);
    for (time, times) in steps {
        seen += times;
        while at < N && seen as f64 >= shares[at] * all {
            found[at] = time as f64 / 1e9;
            at += 1;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{FEW, RecordedTimes};

    /// The same times tell the same within 0.1 per cent, few or many, added or not.
    #[test]
    fn quantiles_are_the_same_exactly_and_counted() {
        let shares = [0.5, 0.95, 0.99];
        for count in [1_000_usize, FEW + 1, 50_000] {
            let (mut all, mut one, mut other) = (RecordedTimes::new(), RecordedTimes::new(), RecordedTimes::new());
            for nth in 1..=count {
                let time = nth as f64 / count as f64;
                all.record(time);
                if nth % 3 == 0 { one.record(time) } else { other.record(time) }
            }
            one.add(&other);
            for times in [&all, &one] {
                for (found, share) in times.quantiles(&shares).into_iter().zip(shares) {
                    assert!((found - share).abs() < 0.001 * share + 1.0 / count as f64, "{count}: {found}, {share}");
                }
            }
            all.reset();
            assert!(all.quantiles(&shares)[0].is_nan());
        }
    }

    /// Where few times differ each is told exactly, however many requests take it.
    #[test]
    fn few_different_times_are_exact() {
        let (mut all, mut more) = (RecordedTimes::new(), RecordedTimes::new());
        for nth in 0..100_000 {
            let time = if nth % 10 == 0 { 0.7 } else { 0.5 };
            if nth % 2 == 0 { all.record(time) } else { more.record(time) }
        }
        all.add(&more);
        assert_eq!(all.quantiles(&[0.5, 0.89, 0.95]), [0.5, 0.5, 0.7]);
        assert!(all.steps().is_exact && all.steps().count() == 100_000);
        (0..100).for_each(|nth| all.record(1.0 + f64::from(nth)));
        assert!(!all.steps().is_exact && all.steps().count() == 100_100);
        assert!((all.quantiles(&[0.95])[0] - 0.7).abs() < 0.001);
    }

    #[test]
    fn times_of_days_and_of_nothing() {
        let mut times = RecordedTimes::new();
        (0..2 * FEW).for_each(|nth| times.record(if nth % 2 == 0 { 0.0 } else { 1e6 }));
        let [low, high] = times.quantiles(&[0.25, 0.75]);
        assert!(low == 0.0 && (high - 1e6).abs() < 1e3, "{low} {high}");
    }
}

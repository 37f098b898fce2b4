//! How times are spread, as numbers: what formulas do not reach is summed up slice by slice.

use crate::law::Law;

/// A distribution as values with their weights, by value. The weights add up to one.
#[derive(Clone, Debug)]
pub(crate) struct Spread(Vec<(f64, f64)>);

/// Each side of the median is cut into so many slices, each a little smaller than the one before, down to a millionth.
const SLICES: i32 = 240;

/// How much less is beyond a slice than beyond the one before.
fn thinner() -> f64 {
    libm::exp(libm::log(2e-6) / f64::from(SLICES))
}

/// The shares at which slices begin and end.
fn cuts() -> Vec<f64> {
    let tail: Vec<f64> = (0..=SLICES).map(|nth| 0.5 * thinner().powi(nth)).collect();
    let low = tail.iter().rev().copied();
    let high = tail.iter().skip(1).map(|rest| 1.0 - rest);
    [0.0].into_iter().chain(low).chain(high).chain([1.0]).collect()
}

impl Spread {
    /// Always this.
    pub(crate) fn exactly(value: f64) -> Spread {
        Spread(vec![(value, 1.0)])
    }

    /// A law: the middle of each slice, with the law's own mean.
    pub(crate) fn of(law: Law) -> Spread {
        if law.scv() == 0.0 {
            return Spread::exactly(law.mean());
        }
        let slice = |pair: &[f64]| {
            let middle = match (pair[0], pair[1]) {
                (0.0, high) => high / 2.0,
                (low, 1.0) => f64::midpoint(low, 1.0),
                (low, high) => f64::midpoint(low, high),
            };
            (law.quantile(middle), pair[1] - pair[0])
        };
        let atoms: Vec<(f64, f64)> = cuts().windows(2).map(slice).collect();
        let mean: f64 = atoms.iter().map(|(value, weight)| value * weight).sum();
        Spread(atoms).times(law.mean() / mean)
    }

    fn times(mut self, factor: f64) -> Spread {
        self.0.iter_mut().for_each(|(value, _)| *value *= factor);
        self
    }

    /// So much more each time.
    pub(crate) fn later(mut self, by: f64) -> Spread {
        self.0.iter_mut().for_each(|(value, _)| *value += by);
        self
    }

    pub(crate) fn mean(&self) -> f64 {
        self.0.iter().map(|(value, weight)| value * weight).sum()
    }

    /// One after the other, independently.
    pub(crate) fn then(&self, next: &Spread) -> Spread {
        if let [(value, _)] = next.0[..] {
            return self.clone().later(value);
        }
        if let [(value, _)] = self.0[..] {
            return next.clone().later(value);
        }
        let each = |(value, weight): &(f64, f64)| {
            let (value, weight) = (*value, *weight);
            next.0.iter().map(move |(other, share)| (value + other, weight * share))
        };
        Spread::thinned(self.0.iter().flat_map(each).collect())
    }

    /// The one or the other, with these shares.
    pub(crate) fn mixed(parts: &[(f64, Spread)]) -> Spread {
        let each = |(share, spread): &(f64, Spread)| {
            let share = *share;
            spread.0.iter().map(move |(value, weight)| (*value, weight * share)).collect::<Vec<_>>()
        };
        Spread::thinned(parts.iter().filter(|(share, _)| *share > 0.0).flat_map(each).collect())
    }

    /// The same several times, one after the other.
    pub(crate) fn repeated(&self, times: u32) -> Spread {
        let (mut all, mut power, mut left) = (Spread::exactly(0.0), self.clone(), times);
        while left > 0 {
            if left % 2 == 1 {
                all = all.then(&power);
            }
            left /= 2;
            if left > 0 {
                power = power.then(&power);
            }
        }
        all
    }

    /// The share of values over a limit.
    pub(crate) fn over(&self, limit: f64) -> f64 {
        self.0.iter().filter(|(value, _)| *value > limit).map(|(_, weight)| weight).sum()
    }

    /// The mean of those up to a limit; 0 if there are none.
    pub(crate) fn mean_within(&self, limit: f64) -> f64 {
        let within = self.0.iter().filter(|(value, _)| *value <= limit);
        let (sum, all) = within.fold((0.0, 0.0), |(sum, all), (value, weight)| (sum + value * weight, all + weight));
        if all > 0.0 { sum / all } else { 0.0 }
    }

    /// Without so much of what takes no time at all.
    pub(crate) fn without_nothing(mut self, share: f64) -> Spread {
        let mut left = share;
        for (_, weight) in self.0.iter_mut().take_while(|(value, _)| *value <= 0.0) {
            let taken = left.min(*weight);
            (*weight, left) = (*weight - taken, left - taken);
        }
        let all: f64 = self.0.iter().map(|(_, weight)| weight).sum();
        self.0.retain(|(_, weight)| *weight > 0.0);
        self.0.iter_mut().for_each(|(_, weight)| *weight /= all);
        if self.0.is_empty() { Spread::exactly(0.0) } else { self }
    }

    /// When so many of several, that begin together and go on independently, are over.
    pub(crate) fn when(needed: usize, all: &[Spread]) -> Spread {
        if needed == 0 || all.is_empty() {
            return Spread::exactly(0.0);
        }
        if let [only] = all {
            return only.clone();
        }
        // At each value of any of them: how likely it is over by then.
        let mut steps: Vec<(f64, usize, f64)> = Vec::new();
        for (which, spread) in all.iter().enumerate() {
            steps.extend(spread.0.iter().map(|(value, weight)| (*value, which, *weight)));
        }
        steps.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut over = vec![0.0_f64; all.len()];
        let (mut found, mut before) = (Vec::new(), 0.0);
        let (every, mut looked_at) = (steps.len().div_ceil(MOST_STEPS), 0);
        for (nth, (value, which, weight)) in steps.iter().enumerate() {
            over[*which] = (over[*which] + weight).min(1.0);
            let is_last = nth + 1 == steps.len();
            if !is_last && (nth + 1 - looked_at < every || steps[nth + 1].0 == *value) {
                continue;
            }
            looked_at = nth + 1;
            let enough = if is_last { 1.0 } else { at_least(needed, &over) };
            found.push((*value, enough - before));
            before = enough;
        }
        Spread::thinned(found)
    }

    /// As many values as there are slices, each the mean of those in its slice.
    fn thinned(mut atoms: Vec<(f64, f64)>) -> Spread {
        atoms.retain(|(_, weight)| *weight > 0.0);
        if atoms.len() <= 2 * SLICES as usize {
            atoms.sort_by(|a, b| a.0.total_cmp(&b.0));
            return Spread(atoms);
        }
        atoms.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (mut found, mut seen, mut slice) = (Vec::new(), 0.0, (0.0, 0.0));
        let all: f64 = atoms.iter().map(|(_, weight)| weight).sum();
        let mut cuts = cuts().into_iter().skip(1).peekable();
        for (value, weight) in atoms {
            seen += weight / all;
            slice = (slice.0 + value * weight / all, slice.1 + weight / all);
            let is_full = cuts.peek().is_some_and(|cut| seen >= *cut - 1e-12);
            while cuts.next_if(|cut| seen >= *cut - 1e-12).is_some() {}
            if is_full {
                found.push((slice.0 / slice.1, slice.1));
                slice = (0.0, 0.0);
            }
        }
        if slice.1 > 0.0 {
            found.push((slice.0 / slice.1, slice.1));
        }
        Spread(found)
    }
}

/// It is looked at no more than so many moments.
const MOST_STEPS: usize = 4_000;

/// How likely at least so many of some things happen that happen with these probabilities, independently of each other.
pub(crate) fn at_least(needed: usize, shares: &[f64]) -> f64 {
    if needed == shares.len() {
        return shares.iter().product();
    }
    if needed == 1 {
        return 1.0 - shares.iter().map(|share| 1.0 - share).product::<f64>();
    }
    // How likely exactly 0, 1, 2… of those looked at happen.
    let mut exactly = vec![1.0];
    for share in shares {
        exactly.push(0.0);
        for count in (0..exactly.len()).rev() {
            let one_less = if count > 0 { exactly[count - 1] } else { 0.0 };
            exactly[count] = exactly[count] * (1.0 - share) + one_less * share;
        }
    }
    exactly.iter().skip(needed).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn close(value: f64, expected: f64) {
        assert!((value - expected).abs() <= 0.003 * expected, "{value}, expected {expected}");
    }

    #[test]
    fn some_of_several() {
        let shares = [0.9; 3];
        assert!((at_least(1, &shares) - 0.999).abs() < 1e-12);
        assert!((at_least(2, &shares) - 0.972).abs() < 1e-12);
        assert!((at_least(3, &shares) - 0.729).abs() < 1e-12);
        assert_eq!(at_least(0, &shares), 1.0);
    }

    /// Of n exponential times with mean 1 the k-th is over after 1/n + 1/(n-1) + … + 1/(n-k+1).
    #[test]
    fn the_order_of_exponential_times() {
        let one = Spread::of(Law::Exponential(1.0));
        for (needed, count) in [(1, 2), (2, 2), (3, 3), (1, 3), (2, 3), (5, 10), (100, 100)] {
            let exact: f64 = (0..needed).map(|nth| 1.0 / (count - nth) as f64).sum();
            close(Spread::when(needed, &vec![one.clone(); count]).mean(), exact);
        }
    }

    /// The later of two sums of two exponential times of mean 1: E[max] of two Erlang-2 is 2.75.
    #[test]
    fn sums_and_the_later_of_them() {
        let one = Spread::of(Law::Exponential(1.0));
        let two = one.then(&one);
        close(two.mean(), 2.0);
        // P(Erlang-2 > t) = (1 + t) e^-t.
        let exact = 4.0 * (-3.0_f64).exp();
        assert!((two.over(3.0) - exact).abs() < 0.015 * exact, "as fine as the slices: {}", two.over(3.0));
        close(Spread::when(2, &[two.clone(), two]).mean(), 2.75);
        close(one.repeated(5).mean(), 5.0);
    }

    /// The later of two times that are anything up to one: 2/3; the sooner: 1/3. The mean of those within the median: 1/4.
    #[test]
    fn uniform_times() {
        let one = Spread::of(Law::Uniform(1.0));
        close(Spread::when(2, &[one.clone(), one.clone()]).mean(), 2.0 / 3.0);
        close(Spread::when(1, &[one.clone(), one.clone()]).mean(), 1.0 / 3.0);
        close(one.mean_within(0.5), 0.25);
        close(Spread::mixed(&[(0.25, one.clone()), (0.75, Spread::exactly(2.0))]).mean(), 1.625);
        close(Spread::mixed(&[(0.25, one), (0.75, Spread::exactly(0.0))]).without_nothing(0.75).mean(), 0.5);
    }
}

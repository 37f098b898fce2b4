//! How times are spread, as numbers: what formulas do not reach is summed up slice by slice.

use crate::distribution::Distribution;
use std::rc::Rc;

/// A distribution as values with their weights, by value. The weights add up to one.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Spread(Vec<(f64, f64)>);

/// Each side of the median is cut into so many slices, each a little smaller than the one before, down to a millionth.
const SLICES: i32 = 240;

/// No slice weighs more than this.
const MOST_OF_A_SLICE: f64 = 0.03;

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
    pub(crate) fn of(law: Distribution) -> Spread {
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

    /// The only value, if there is one.
    pub(crate) fn only(&self) -> Option<f64> {
        match self.0[..] {
            [(value, _)] => Some(value),
            _ => None,
        }
    }

    pub(crate) fn variance(&self) -> f64 {
        let mean = self.mean();
        self.0.iter().map(|(value, weight)| (value - mean) * (value - mean) * weight).sum()
    }

    /// One after the other, independently.
    pub(crate) fn then(&self, next: &Spread) -> Spread {
        if let Some(value) = next.only() {
            return self.clone().later(value);
        }
        if let Some(value) = self.only() {
            return next.clone().later(value);
        }
        let (first, second) = (self.coarse(), next.coarse());
        let ends = |atoms: &[(f64, f64)]| (atoms[0].0, atoms[atoms.len() - 1].0);
        let least = ends(&first).0 + ends(&second).0;
        let most = ends(&first).1 + ends(&second).1 - least;
        // Sums are gathered in bins of logarithmic width above the least, which needs no sorting.
        let bottom = (most * 1e-7).to_bits() >> FINE;
        let count = (most.to_bits() >> FINE) - bottom + 1;
        let mut bins = vec![(0.0, 0.0); count as usize];
        for (value, weight) in &first {
            let value = value - least;
            for (other, share) in &second {
                let (sum, weight) = (value + other, weight * share);
                let bin = &mut bins[(sum.max(0.0).to_bits() >> FINE).saturating_sub(bottom).min(count - 1) as usize];
                *bin = (bin.0 + sum * weight, bin.1 + weight);
            }
        }
        let bins = bins.into_iter().filter(|(_, weight)| *weight > 0.0);
        Spread::thinned(bins.map(|(sum, weight)| (least + sum / weight, weight)).collect())
    }

    /// Its values, of many slices three together: as fine as a sum of two needs.
    fn coarse(&self) -> Vec<(f64, f64)> {
        if self.0.len() < SLICES as usize {
            return self.0.clone();
        }
        let together = |atoms: &[(f64, f64)]| {
            let weight: f64 = atoms.iter().map(|(_, weight)| weight).sum();
            (atoms.iter().map(|(value, weight)| value * weight).sum::<f64>() / weight, weight)
        };
        let is_slice = |atom: &(f64, f64)| atom.1 < MOST_OF_A_SLICE;
        self.0.chunk_by(|a, b| is_slice(a) && is_slice(b)).flat_map(|run| run.chunks(3)).map(together).collect()
    }

    /// The same and then something of which only the mean and variance are known, in seconds and their square.
    pub(crate) fn then_nearly(&self, mean: f64, variance: f64) -> Spread {
        let (mean, variance) = (mean + self.mean(), variance + self.variance());
        Spread::nearly(mean, variance)
    }

    /// Any law with this mean and variance.
    fn nearly(mean: f64, variance: f64) -> Spread {
        let cv = variance.max(0.0).sqrt() / mean;
        if cv > 1e-9 { Spread::of(Distribution::lognormal_mean_cv(mean, cv)) } else { Spread::exactly(mean) }
    }

    /// The one or the other, in these proportions.
    pub(crate) fn mixed(parts: &[(f64, Spread)]) -> Spread {
        let there = || parts.iter().filter(|(share, _)| *share > 0.0);
        let all: f64 = there().map(|(share, _)| share).sum();
        if let Some((_, only)) = there().next().filter(|_| there().count() <= 1) {
            return only.clone();
        }
        if all <= 0.0 {
            return Spread::exactly(0.0);
        }
        let each = |(share, spread): &(f64, Spread)| {
            let share = *share / all;
            spread.0.iter().map(move |(value, weight)| (*value, weight * share)).collect::<Vec<_>>()
        };
        Spread::thinned(there().flat_map(each).collect())
    }

    /// The same several times, one after the other. The sum of many is nearly normal, and any law with its mean and variance
    /// will do.
    pub(crate) fn repeated(&self, times: u32) -> Spread {
        if times > MANY {
            return Spread::nearly(self.mean() * f64::from(times), self.variance() * f64::from(times));
        }
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

    /// The share of what a value stands for that is over a limit: a slice reaches halfway to those on either side, while what
    /// weighs more than a slice is all at one place.
    fn share_over(&self, at: usize, limit: f64) -> f64 {
        let (value, _) = self.0[at];
        let is_slice = |at: usize| self.0.get(at).is_some_and(|(_, weight)| *weight < MOST_OF_A_SLICE);
        if at > 0 && is_slice(at - 1) && is_slice(at) && is_slice(at + 1) {
            let (low, high) = (f64::midpoint(self.0[at - 1].0, value), f64::midpoint(value, self.0[at + 1].0));
            if low < limit && limit < high {
                return (high - limit) / (high - low);
            }
        }
        f64::from(u8::from(value > limit))
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

    /// When so many of several, that begin together and go on independently, are over: each with how likely it ever is. With how
    /// likely so many are.
    pub(crate) fn when(needed: usize, all: &[(f64, Rc<Spread>)]) -> (f64, Spread) {
        let mut alike: Vec<(&(f64, Rc<Spread>), u32)> = Vec::new();
        for one in all {
            match alike.last_mut().filter(|(last, _)| last.0 == one.0 && Rc::ptr_eq(&last.1, &one.1)) {
                Some((_, count)) => *count += 1,
                None => alike.push((one, 1)),
            }
        }
        if needed == 0 {
            return (1.0, Spread::exactly(0.0));
        }
        match alike[..] {
            [] => (0.0, Spread::exactly(0.0)),
            [((likely, only), 1)] => (if needed == 1 { *likely } else { 0.0 }, Spread::clone(only)),
            _ => Spread::when_alike(needed, &alike),
        }
    }

    /// The same of several that are so many times there.
    fn when_alike(needed: usize, all: &[(&(f64, Rc<Spread>), u32)]) -> (f64, Spread) {
        // At each value of any of them: how likely it is over by then.
        let mut steps: Vec<(f64, usize, f64)> = Vec::new();
        for (which, ((likely, spread), _)) in all.iter().enumerate() {
            steps.extend(spread.0.iter().map(|(value, weight)| (*value, which, *weight * likely)));
        }
        steps.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut over: Vec<(f64, u32)> = all.iter().map(|(_, count)| (0.0, *count)).collect();
        let in_the_end: Vec<(f64, u32)> = all.iter().map(|((likely, _), count)| (*likely, *count)).collect();
        let (mut found, mut before) = (Vec::new(), 0.0);
        let (every, mut looked_at) = (steps.len().div_ceil(MOST_STEPS), 0);
        for (nth, (value, which, weight)) in steps.iter().enumerate() {
            over[*which].0 = (over[*which].0 + weight).min(1.0);
            let is_last = nth + 1 == steps.len();
            if !is_last && (nth + 1 - looked_at < every || steps[nth + 1].0 == *value) {
                continue;
            }
            looked_at = nth + 1;
            let enough = at_least(needed, if is_last { &in_the_end } else { &over });
            found.push((*value, (enough - before).max(0.0)));
            before = enough.max(before);
        }
        if before <= 0.0 {
            return (0.0, Spread::exactly(0.0));
        }
        found.iter_mut().for_each(|(_, weight)| *weight /= before);
        (before, Spread::thinned(found))
    }

    /// What is up to a limit and what is over it, each with its share.
    pub(crate) fn split(&self, limit: f64) -> [(f64, Spread); 2] {
        let mut parts = [Vec::new(), Vec::new()];
        for (at, (value, weight)) in self.0.iter().enumerate() {
            let over = self.share_over(at, limit);
            let [up_to, beyond] = &mut parts;
            if over < 1.0 {
                up_to.push((value.min(limit), weight * (1.0 - over)));
            }
            if over > 0.0 {
                beyond.push((value.max(limit), weight * over));
            }
        }
        parts.map(|mut part: Vec<(f64, f64)>| {
            let share: f64 = part.iter().map(|(_, weight)| weight).sum();
            if share <= 0.0 {
                return (0.0, Spread::exactly(limit));
            }
            part.iter_mut().for_each(|(_, weight)| *weight /= share);
            (share, Spread(part))
        })
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

/// Sums are gathered in bins of which an octave has 512: so many bits of a number are within one.
const FINE: u32 = 52 - 9;

/// The sum of more than so many is taken from its mean and variance.
const MANY: u32 = 256;

/// How likely at least so many of some things happen that happen independently of each other: each kind with its probability
/// and how many there are of it.
pub(crate) fn at_least(needed: usize, kinds: &[(f64, u32)]) -> f64 {
    let count: usize = kinds.iter().map(|(_, count)| *count as usize).sum();
    let all = |of: &dyn Fn(f64) -> f64| -> f64 {
        let of_kind = |(share, count): &(f64, u32)| match count {
            1 => of(*share),
            _ => libm::pow(of(*share), f64::from(*count)),
        };
        kinds.iter().map(of_kind).product()
    };
    if needed > count {
        return 0.0;
    }
    if needed == count {
        return all(&|share| share);
    }
    match needed {
        0 => return 1.0,
        1 => return 1.0 - all(&|share| 1.0 - share),
        _ => {}
    }
    // Fewer must be counted of those that happen or of those that do not.
    let spared = count - needed + 1;
    let fewer = needed.min(spared);
    if fewer * kinds.iter().map(|(_, count)| fewer.min(*count as usize)).sum::<usize>() > MOST_COUNTED {
        return nearly_at_least(needed, kinds);
    }
    if needed <= spared {
        return 1.0 - fewer_than(needed, kinds.iter().copied());
    }
    fewer_than(spared, kinds.iter().map(|(share, count)| (1.0 - share, *count)))
}

/// How likely fewer than so many happen: by how likely exactly 0, 1, 2… of those looked at do.
fn fewer_than(most: usize, kinds: impl Iterator<Item = (f64, u32)>) -> f64 {
    let mut exactly = vec![1.0];
    for (share, count) in kinds {
        let of_kind = binomial(share, count, most);
        let mut both = vec![0.0; (exactly.len() + of_kind.len() - 1).min(most)];
        for (some, likely) in exactly.iter().enumerate() {
            for (more, other) in of_kind.iter().enumerate().take(both.len().saturating_sub(some)) {
                both[some + more] += likely * other;
            }
        }
        exactly = both;
    }
    exactly.iter().sum()
}

/// How likely exactly 0, 1, 2… of so many alike happen, up to before `most`.
fn binomial(share: f64, count: u32, most: usize) -> Vec<f64> {
    let length = (count as usize + 1).min(most);
    if share <= 0.0 || share >= 1.0 {
        let happens = if share <= 0.0 { 0 } else { count as usize };
        return (0..length).map(|nth| f64::from(u8::from(nth == happens))).collect();
    }
    // Logarithms, as what none happens with may be too small for a number.
    let (of_one, of_none) = (libm::log(share), libm::log1p(-share));
    let mut ways = 0.0;
    let mut found = Vec::with_capacity(length);
    for nth in 0..length {
        let (some, rest) = (nth as f64, f64::from(count) - nth as f64);
        found.push(libm::exp(ways + some * of_one + rest * of_none));
        ways += libm::log(rest.max(1.0)) - libm::log(some + 1.0);
    }
    found
}

/// If it would take more than so many steps, it is not looked at how likely each number is.
const MOST_COUNTED: usize = 1 << 14;

/// The same of very many, by the normal law with its first correction for skewness.
fn nearly_at_least(needed: usize, kinds: &[(f64, u32)]) -> f64 {
    let sum =
        |of: &dyn Fn(f64) -> f64| -> f64 { kinds.iter().map(|(share, count)| of(*share) * f64::from(*count)).sum() };
    let (mean, variance) = (sum(&|share| share), sum(&|share| share * (1.0 - share)));
    let over = needed as f64 - 0.5 - mean;
    if variance < 1e-12 {
        return if over <= 0.0 { 1.0 } else { 0.0 };
    }
    let skew = sum(&|share| share * (1.0 - share) * (1.0 - 2.0 * share)) / (variance * variance.sqrt());
    let z = over / variance.sqrt();
    let bell = libm::exp(-z * z / 2.0) / (2.0 * std::f64::consts::PI).sqrt();
    let above = libm::erfc(z / std::f64::consts::SQRT_2) / 2.0;
    (above + skew / 6.0 * (z * z - 1.0) * bell).clamp(0.0, 1.0)
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
        for kinds in [&[(0.9, 3)][..], &[(0.9, 1), (0.9, 2)]] {
            assert!((at_least(1, kinds) - 0.999).abs() < 1e-12);
            assert!((at_least(2, kinds) - 0.972).abs() < 1e-12);
            assert!((at_least(3, kinds) - 0.729).abs() < 1e-12);
            assert_eq!(at_least(0, kinds), 1.0);
        }
        // Of 0.5 and 0.2 and twice 0.1, at least two: one less nothing (0.324) and one (0.324 + 0.081 + 2 x 0.036).
        let kinds = [(0.5, 1), (0.2, 1), (0.1, 2)];
        assert!((at_least(2, &kinds) - 0.199).abs() < 1e-12);
        // At least three: the first two and one of the others (0.1 x 0.19), or one of the first two and both (0.5 x 0.01).
        assert!((at_least(3, &kinds) - 0.024).abs() < 1e-12);
    }

    /// Of very many it is nearly the same by the normal law.
    #[test]
    fn some_of_very_many() {
        let kinds: Vec<(f64, u32)> = (0..400).map(|nth| (0.3 + 0.001 * f64::from(nth), 1)).collect();
        for needed in [180, 195, 200, 210] {
            let exact = 1.0 - fewer_than(needed, kinds.iter().copied());
            assert!((nearly_at_least(needed, &kinds) - exact).abs() < 2e-4, "{needed}: {exact}");
        }
    }

    /// Of n exponential times with mean 1 the k-th is over after 1/n + 1/(n-1) + … + 1/(n-k+1).
    #[test]
    fn the_order_of_exponential_times() {
        let one = Rc::new(Spread::of(Distribution::Exponential(1.0)));
        for (needed, count) in [(1, 2), (2, 2), (3, 3), (1, 3), (2, 3), (5, 10), (100, 100), (250, 500), (2, 400)] {
            let exact: f64 = (0..needed).map(|nth| 1.0 / (count - nth) as f64).sum();
            let (likely, spread) = Spread::when(needed, &vec![(1.0, one.clone()); count]);
            assert_eq!(likely, 1.0);
            close(spread.mean(), exact);
        }
    }

    /// The later of two sums of two exponential times of mean 1: E[max] of two Erlang-2 is 2.75.
    #[test]
    fn sums_and_the_later_of_them() {
        let one = Spread::of(Distribution::Exponential(1.0));
        let two = one.then(&one);
        close(two.mean(), 2.0);
        // P(Erlang-2 > t) = (1 + t) e^-t.
        let exact = 4.0 * (-3.0_f64).exp();
        let [(_, within), (over, _)] = two.split(3.0);
        assert!((over - exact).abs() < 0.003 * exact, "{over}");
        // Of those within 3 the mean is (2 - (2 + 2 · 3 + 3²) e^-3) / (1 - 4 e^-3).
        close(within.mean(), (2.0 - 17.0 * (-3.0_f64).exp()) / (1.0 - exact));
        close(Spread::when(2, &vec![(1.0, Rc::new(two)); 2]).1.mean(), 2.75);
        close(one.repeated(5).mean(), 5.0);
        // Beyond the mean and two deviations, 300 + 2 sqrt(300), of 300 together: 2.58% (Erlang-300).
        close(one.repeated(300).mean(), 300.0);
        assert!((one.repeated(300).split(300.0 + 2.0 * 300.0_f64.sqrt())[1].0 - 0.0258).abs() < 0.002);
    }

    /// The later of two times that are anything up to one: 2/3; the sooner: 1/3. The mean of those within the median: 1/4.
    #[test]
    fn uniform_times() {
        let one = Spread::of(Distribution::Uniform(1.0));
        let both = vec![(1.0, Rc::new(one.clone())); 2];
        close(Spread::when(2, &both).1.mean(), 2.0 / 3.0);
        close(Spread::when(1, &both).1.mean(), 1.0 / 3.0);
        // Where each is ever over half of the time, one of them is in three of four cases; then mostly there is only that one.
        let (likely, spread) = Spread::when(1, &vec![(0.5, Rc::new(one.clone())); 2]);
        close(likely, 0.75);
        close(spread.mean(), (0.5 * 0.5 + 0.25 / 3.0) / 0.75);
        close(one.split(0.5)[0].1.mean(), 0.25);
        close(Spread::mixed(&[(0.25, one.clone()), (0.75, Spread::exactly(2.0))]).mean(), 1.625);
        close(Spread::mixed(&[(0.25, one), (0.75, Spread::exactly(0.0))]).without_nothing(0.75).mean(), 0.5);
    }
}

//! How many weightings each option wins: weights are drawn at random, and counted is who is first.
//!
//! All weightings alike (a uniform Dirichlet distribution) give the first rank acceptability index of SMAA-2 (R. Lahdelma, P. Salminen,
//! "SMAA-2: Stochastic multicriteria acceptability analysis for group decision making", Operations Research 49(3), 2001). Near the given
//! weights they are Dirichlet distributed around these.

use crate::matrix::{Interval, Matrix, exceeds};
use crate::random::{exponential, gamma};
use rand_core::SeedableRng;
use rand_xoshiro::Xoshiro256PlusPlus;

/// How many weightings are drawn.
pub const DRAWS: u32 = 100_000;

/// From where random numbers begin: the same every time.
pub const SEED: u64 = 1;

/// How near weights stay to the given ones unless that is said: the share `p` of a weight then varies by `sqrt(p (1 - p) / 31)`: one of a
/// fifth by a third of itself.
pub const CONCENTRATION: f64 = 30.0;

/// Which weightings are drawn.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Weightings {
    /// All alike.
    Any,
    /// Those near the given weights: a Dirichlet distribution whose mean these are, of this concentration (the sum of its parameters).
    Near(f64),
}

/// In how many of the weightings that were drawn an option is first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Share {
    /// Alone, whatever is not known.
    pub alone: u32,
    /// Perhaps, or beside another.
    pub perhaps: u32,
    /// How many were drawn.
    pub draws: u32,
}

impl Share {
    /// Between what the share is, of all weightings: what is not known and what chance makes both widen it (95%).
    pub fn interval(self) -> Interval {
        Interval { low: wilson(self.alone, self.draws).low, high: wilson(self.perhaps, self.draws).high }
    }
}

/// The interval that holds the share of which so many of so many draws are seen, in 95% (E. B. Wilson, 1927).
pub fn wilson(seen: u32, draws: u32) -> Interval {
    const Z: f64 = 1.959_963_984_540_054;
    let (n, p) = (f64::from(draws), f64::from(seen) / f64::from(draws));
    let (middle, half) = (p + Z * Z / (2.0 * n), Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt());
    let all = 1.0 + Z * Z / n;
    // What was never or always seen may be so.
    let low = if seen == 0 { 0.0 } else { ((middle - half) / all).max(0.0) };
    let high = if seen == draws { 1.0 } else { ((middle + half) / all).min(1.0) };
    Interval { low, high }
}

impl Matrix {
    /// In how many of the weightings each option is first. Only what the numbers are tells which weights are drawn, not in which order
    /// criteria or options stand, except among criteria that no number tells apart.
    pub fn shares(&self, weightings: Weightings) -> Vec<Share> {
        let order = self.order();
        let laws = self.laws(weightings, &order);
        let mut random = Xoshiro256PlusPlus::seed_from_u64(SEED);
        let mut shares = vec![Share { alone: 0, perhaps: 0, draws: DRAWS }; self.scores.len()];
        let mut weights = vec![0.0; self.weights.len()];
        for _ in 0..DRAWS {
            for (law, at) in laws.iter().zip(&order) {
                weights[*at] = match law {
                    Some(shape) => gamma(&mut random, *shape),
                    None => exponential(&mut random),
                };
            }
            self.count(&weights, &mut shares);
        }
        shares
    }

    /// The shape of the gamma law of each weight before all are divided by their sum, in this order; one that is not there is exponential.
    fn laws(&self, weightings: Weightings, order: &[usize]) -> Vec<Option<f64>> {
        let all = self.weight();
        let law = |at: &usize| match weightings {
            Weightings::Any => None,
            Weightings::Near(concentration) => Some(concentration * self.weights[*at] / all),
        };
        order.iter().map(law).collect()
    }

    /// The criteria by their weights, then by their scores.
    fn order(&self) -> Vec<usize> {
        let scores = |at: usize| {
            let mut scores: Vec<(f64, f64)> = self.scores.iter().map(|row| (row[at].low, row[at].high)).collect();
            scores.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.total_cmp(&other.1)));
            scores
        };
        let compared = |one: &usize, other: &usize| {
            let pairs = scores(*one).into_iter().zip(scores(*other));
            let by_scores = pairs.map(|(one, other)| one.0.total_cmp(&other.0).then(one.1.total_cmp(&other.1)));
            let weight = self.weights[*one].total_cmp(&self.weights[*other]);
            weight.then(by_scores.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then))
        };
        let mut order: Vec<usize> = (0..self.weights.len()).collect();
        order.sort_by(compared);
        order
    }

    fn count(&self, weights: &[f64], shares: &mut [Share]) {
        let totals: Vec<Interval> = (0..self.scores.len()).map(|option| self.total_by(weights, option)).collect();
        let least = totals.iter().map(|total| total.low).fold(f64::NEG_INFINITY, f64::max);
        let may_lead = |total: &Interval| !exceeds(least, total.high);
        let is_alone = totals.iter().filter(|total| may_lead(total)).count() == 1;
        for (share, _) in shares.iter_mut().zip(&totals).filter(|(_, total)| may_lead(total)) {
            share.perhaps += 1;
            share.alone += u32::from(is_alone);
        }
    }
}

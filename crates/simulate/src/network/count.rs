//! How often something is repeated.

use crate::distribution::{Stream, uniform};
use rand_distr::{Distribution as _, Geometric, Poisson};

/// How often something is repeated.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Count {
    /// From so many to so many times, each number as likely.
    Evenly(u32, u32),
    /// So often on average; after each time, and before the first, it ends with the same probability.
    Geometric(f64),
    /// So often on average, as many as events of a Poisson process.
    Poisson(f64),
}

/// Of numbers that vary, about so many are looked at where each is looked at by itself.
const MOST_GROUPS: u32 = 24;
/// Numbers that are rarer than that together are left out there.
const RARE: f64 = 1e-5;

impl Count {
    /// How often on average.
    pub(crate) fn mean(self) -> f64 {
        match self {
            Count::Evenly(low, high) => f64::midpoint(f64::from(low), f64::from(high)),
            Count::Geometric(mean) | Count::Poisson(mean) => mean,
        }
    }

    /// The mean of `ok` to the power of the number: how likely all of it goes well if each time does with this probability.
    pub(crate) fn all_well(self, ok: f64) -> f64 {
        match self {
            _ if ok >= 1.0 => 1.0,
            Count::Evenly(low, high) => {
                let counts = f64::from(high - low + 1);
                (libm::pow(ok, f64::from(low)) - libm::pow(ok, f64::from(high) + 1.0)) / (1.0 - ok) / counts
            }
            Count::Geometric(mean) => 1.0 / (1.0 + mean * (1.0 - ok)),
            Count::Poisson(mean) => libm::exp(-mean * (1.0 - ok)),
        }
    }

    /// How often on average where all of it goes well: fewer times are more likely to.
    pub(crate) fn mean_if_well(self, ok: f64) -> f64 {
        match self {
            _ if ok > 1.0 - 1e-6 => self.mean(),
            Count::Evenly(low, high) if low == high => self.mean(),
            Count::Evenly(low, high) => {
                // The sum of n ok^n over the sum of ok^n.
                let (low, next) = (f64::from(low), f64::from(high) + 1.0);
                let (first, last) = (libm::pow(ok, low), libm::pow(ok, next));
                if first <= last { low } else { (low * first - next * last) / (first - last) + ok / (1.0 - ok) }
            }
            Count::Geometric(mean) => ok * mean / (1.0 + mean * (1.0 - ok)),
            Count::Poisson(mean) => ok * mean,
        }
    }

    /// How often it is begun on average if it is done until it fails.
    pub(crate) fn begun(self, ok: f64) -> f64 {
        if ok >= 1.0 { self.mean() } else { (1.0 - self.all_well(ok)) / (1.0 - ok) }
    }

    /// Draws a number.
    pub(crate) fn draw(self, stream: &mut Stream) -> u32 {
        match self {
            Count::Evenly(low, high) => low + (uniform(stream) * f64::from(high - low + 1)) as u32,
            Count::Geometric(mean) => {
                let drawn = Geometric::new(1.0 / (1.0 + mean)).map_or(0, |law| law.sample(stream));
                drawn.min(u64::from(u32::MAX)) as u32
            }
            Count::Poisson(mean) => Poisson::new(mean).map_or(0.0, |law| law.sample(stream)) as u32,
        }
    }

    /// The numbers and how likely each is; of many, groups of them by their mean.
    pub(crate) fn likely(self) -> Vec<(u32, f64)> {
        match self {
            Count::Evenly(low, high) => {
                let step = ((high - low) / MOST_STEPS).max(1);
                let counts: Vec<u32> = (low..=high).step_by(step as usize).collect();
                let share = 1.0 / counts.len() as f64;
                counts.into_iter().map(|count| (count, share)).collect()
            }
            Count::Geometric(_) | Count::Poisson(_) => self.grouped(),
        }
    }

    fn grouped(self) -> Vec<(u32, f64)> {
        let mean = self.mean();
        let deviation = match self {
            Count::Geometric(_) => (mean * (1.0 + mean)).sqrt(),
            Count::Evenly(..) | Count::Poisson(_) => mean.sqrt(),
        };
        // Far enough for what is left out to be rare, by the exponential tail of the one and the thinner of the other.
        let most = (mean - deviation * libm::log(RARE)).ceil().min(1e6) as u32;
        let first = (mean + deviation * libm::log(RARE)).floor().max(0.0) as u32;
        let width = ((most - first) / MOST_GROUPS).max(1);
        let mut groups: Vec<(u32, f64)> = Vec::new();
        let (mut sum, mut weight, mut of) = (0.0, 0.0, 0);
        for count in first..=most {
            let share = self.share(count);
            sum += share * f64::from(count);
            weight += share;
            of += 1;
            if of == width || count == most {
                if weight > 0.0 {
                    groups.push(((sum / weight).round() as u32, weight));
                }
                (sum, weight, of) = (0.0, 0.0, 0);
            }
        }
        let all: f64 = groups.iter().map(|(_, share)| share).sum();
        groups.into_iter().map(|(count, share)| (count, share / all)).collect()
    }

    /// How likely it is done just so often.
    fn share(self, count: u32) -> f64 {
        let of = f64::from(count);
        match self {
            Count::Evenly(low, high) => {
                let is_in = (low..=high).contains(&count);
                if is_in { 1.0 / f64::from(high - low + 1) } else { 0.0 }
            }
            Count::Geometric(mean) => libm::pow(mean / (1.0 + mean), of) / (1.0 + mean),
            Count::Poisson(mean) if mean <= 0.0 => f64::from(u8::from(count == 0)),
            Count::Poisson(mean) => libm::exp(of * libm::log(mean) - mean - libm::lgamma(of + 1.0)),
        }
    }
}

/// Of counts that vary evenly, about so many are looked at.
const MOST_STEPS: u32 = 8;

#[cfg(test)]
mod tests {
    use super::Count;
    use crate::distribution::stream;

    /// The mean of numbers drawn, of those that are listed and of the generating function agree.
    #[test]
    fn numbers_are_drawn_as_they_are_reckoned() {
        for count in [
            Count::Evenly(2, 5),
            Count::Geometric(2.5),
            Count::Poisson(2.5),
            Count::Geometric(40.0),
            Count::Poisson(0.0),
        ] {
            let mut own = stream(1, 2, 3, 4);
            let drawn: Vec<u32> = (0..200_000).map(|_| count.draw(&mut own)).collect();
            let mean = |of: &dyn Fn(u32) -> f64| drawn.iter().map(|one| of(*one)).sum::<f64>() / drawn.len() as f64;
            let near = |found: f64, right: f64| {
                assert!((found - right).abs() <= 0.01 * right + 1e-9, "{count:?}: {found}, {right}")
            };
            near(mean(&f64::from), count.mean());
            near(mean(&|one| 0.9_f64.powf(f64::from(one))), count.all_well(0.9));
            near(mean(&|one| f64::from(u8::from(one == 0))), count.all_well(0.0));
            let listed = count.likely();
            near(listed.iter().map(|(one, share)| f64::from(*one) * share).sum(), count.mean());
            near(listed.iter().map(|(_, share)| share).sum(), 1.0);
        }
    }
}

//! The laws of service times, and the random numbers they are drawn from. Logarithms and exponentials are `libm`'s, not
//! the platform's, so that every machine draws the same numbers.

use groma_model::decode::FactValue;
use groma_model::facts::step::Distribution as Named;
use groma_model::schema::Fact;
use groma_model::{Architecture, ItemRef, facts};
use rand_core::{Rng, SeedableRng};
use rand_distr::{Distribution as _, Exp1, Gamma, StandardNormal};
use rand_xoshiro::{SplitMix64, Xoshiro256PlusPlus};
use statrs::distribution::{ContinuousCDF, Normal};
use std::hash::{Hash, Hasher};

/// A stream of random numbers. One that is made from the same key gives the same numbers, whatever other streams do.
pub(crate) type Stream = Xoshiro256PlusPlus;

/// The stream of a purpose: what it is for, in which replication, from which seed.
pub(crate) fn stream(seed: u64, replication: u64, key: u64, purpose: u64) -> Stream {
    let mut hasher = rustc_hash::FxHasher::default();
    (seed, replication, key, purpose).hash(&mut hasher);
    Stream::seed_from_u64(hasher.finish())
}

/// Draws the order of what happens at the same instant.
pub(crate) struct Tiebreaks(SplitMix64);

/// The tiebreaks of a replication.
pub(crate) fn tiebreaks(seed: u64) -> Tiebreaks {
    Tiebreaks(SplitMix64::seed_from_u64(seed))
}

impl Tiebreaks {
    pub(crate) fn draw(&mut self) -> u32 {
        (self.0.next_u64() >> 32) as u32
    }
}

/// A number from 0 up to, not including, 1.
pub(crate) fn uniform(stream: &mut Stream) -> f64 {
    (stream.next_u64() >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
}

/// An exponential time of this mean.
pub(crate) fn exponential(stream: &mut Stream, mean: f64) -> f64 {
    let one: f64 = Exp1.sample(stream);
    one * mean
}

/// How a time varies. Times in seconds.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Distribution {
    /// Always this.
    Fixed(f64),
    /// Exponential with this mean.
    Exponential(f64),
    /// Lognormal: the logarithm is normal.
    Lognormal {
        /// The mean of the logarithm.
        mu: f64,
        /// The deviation of the logarithm.
        sigma: f64,
    },
    /// Gamma with this shape and scale.
    Gamma {
        /// The shape; the squared coefficient of variation is its inverse.
        shape: f64,
        /// The scale, in seconds.
        scale: f64,
    },
    /// Anything from zero to this.
    Uniform(f64),
}

/// The law of a step's own time, or of the time that users think, as it is written.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum StepDistribution {
    /// No time is given.
    Unknown,
    /// There is no law through the times that are given.
    Impossible,
    /// This one.
    Known(Distribution),
}

impl StepDistribution {
    /// The law that a step has: the one that is named, or else the one that its numbers make.
    pub fn of(arch: &Architecture, step: ItemRef) -> StepDistribution {
        let of = |fact| arch.quantity(step, fact).map(|quantity| quantity.high);
        let mean = of(&facts::step::TIME);
        StepDistribution::through(arch.choice(step), mean, &of)
    }

    /// The law of the time that the users of a load think between two requests.
    pub fn of_thinking(arch: &Architecture, load: ItemRef) -> StepDistribution {
        let part = |fact| arch.part(load, &facts::load::USERS, fact);
        let of = |fact| part(fact)?.number();
        let law = part(&facts::step::DISTRIBUTION).and_then(FactValue::choice);
        StepDistribution::through(law, of(&facts::load::THINK), &of)
    }

    /// The law of this name and mean, and with the numbers that are given beside it.
    fn through(law: Option<Named>, mean: Option<f64>, of: &dyn Fn(&'static Fact) -> Option<f64>) -> StepDistribution {
        let (p50, p99, cv) = (of(&facts::step::P50), of(&facts::step::P99), of(&facts::step::CV));
        let law = match (law, mean, p50, p99, cv) {
            (_, None, Some(p50), Some(p99), _) => Distribution::lognormal_p50_p99(p50, p99),
            (_, Some(0.0), ..) => Some(Distribution::Fixed(0.0)),
            (Some(Named::Fixed), Some(mean), ..) => Some(Distribution::Fixed(mean)),
            (Some(Named::Uniform), Some(mean), ..) => Some(Distribution::Uniform(2.0 * mean)),
            (Some(Named::Exponential), Some(mean), ..) => Some(Distribution::Exponential(mean)),
            (Some(Named::Gamma), Some(mean), _, _, cv) => Some(Distribution::gamma_mean_cv(mean, cv.unwrap_or(1.0))),
            (_, Some(mean), _, Some(p99), _) => Distribution::lognormal_mean_p99(mean, p99),
            (_, Some(mean), _, None, Some(cv)) => Some(Distribution::lognormal_mean_cv(mean, cv)),
            (Some(Named::Lognormal), Some(mean), ..) => Some(Distribution::lognormal_mean_cv(mean, 1.0)),
            (_, Some(mean), ..) => Some(Distribution::Exponential(mean)),
            (_, None, ..) => return StepDistribution::Unknown,
        };
        law.map_or(StepDistribution::Impossible, StepDistribution::Known)
    }
}

/// The 99th percentile of the standard normal law.
fn z99() -> f64 {
    Normal::standard().inverse_cdf(0.99)
}

impl Distribution {
    /// The lognormal law through a median and a 99th percentile. `None` if the percentile is below the median.
    pub fn lognormal_p50_p99(p50: f64, p99: f64) -> Option<Distribution> {
        (p99 >= p50 && p50 > 0.0)
            .then(|| Distribution::Lognormal { mu: libm::log(p50), sigma: libm::log(p99 / p50) / z99() })
    }

    /// The lognormal law with this mean and 99th percentile. `None` if there is none: the percentile must lie between
    /// the mean and about 15 times the mean, where the deviation would exceed what a lognormal can have.
    pub fn lognormal_mean_p99(mean: f64, p99: f64) -> Option<Distribution> {
        // ln p99 = mu + z sigma and ln mean = mu + sigma² / 2; of the two solutions the one with less deviation.
        let z = z99();
        let under = z * z - 2.0 * libm::log(p99 / mean);
        if p99 < mean || mean <= 0.0 || under < 0.0 {
            return None;
        }
        let sigma = z - under.sqrt();
        Some(Distribution::Lognormal { mu: libm::log(mean) - sigma * sigma / 2.0, sigma })
    }

    /// The lognormal law with this mean and coefficient of variation.
    pub fn lognormal_mean_cv(mean: f64, cv: f64) -> Distribution {
        let variance = libm::log(1.0 + cv * cv);
        Distribution::Lognormal { mu: libm::log(mean) - variance / 2.0, sigma: variance.sqrt() }
    }

    /// The gamma law with this mean and coefficient of variation.
    pub fn gamma_mean_cv(mean: f64, cv: f64) -> Distribution {
        if cv == 0.0 {
            return Distribution::Fixed(mean);
        }
        let shape = 1.0 / (cv * cv);
        Distribution::Gamma { shape, scale: mean / shape }
    }

    /// The mean, in seconds.
    pub fn mean(self) -> f64 {
        match self {
            Distribution::Fixed(time) | Distribution::Exponential(time) => time,
            Distribution::Lognormal { mu, sigma } => libm::exp(mu + sigma * sigma / 2.0),
            Distribution::Gamma { shape, scale } => shape * scale,
            Distribution::Uniform(most) => most / 2.0,
        }
    }

    /// The squared coefficient of variation.
    pub fn scv(self) -> f64 {
        match self {
            Distribution::Fixed(_) => 0.0,
            Distribution::Exponential(_) => 1.0,
            Distribution::Lognormal { sigma, .. } => (sigma * sigma).exp_m1(),
            Distribution::Gamma { shape, .. } => 1.0 / shape,
            Distribution::Uniform(_) => 1.0 / 3.0,
        }
    }

    /// The time that this share of times does not exceed.
    pub fn quantile(self, share: f64) -> f64 {
        match self {
            Distribution::Lognormal { mu, sigma } => libm::exp(mu + sigma * Normal::standard().inverse_cdf(share)),
            Distribution::Exponential(mean) => -mean * libm::log1p(-share),
            Distribution::Fixed(time) => time,
            Distribution::Uniform(most) => most * share,
            Distribution::Gamma { shape, scale } => {
                statrs::distribution::Gamma::new(shape, 1.0 / scale).map_or(0.0, |law| law.inverse_cdf(share))
            }
        }
    }

    /// What the times that this share of all exceed add to the mean and to the second moment, in seconds and squared seconds.
    pub(crate) fn beyond(self, share: f64) -> (f64, f64) {
        let at = self.quantile(1.0 - share);
        match self {
            Distribution::Fixed(time) => (share * time, share * time * time),
            Distribution::Exponential(mean) => (share * (at + mean), share * ((at + mean) * (at + mean) + mean * mean)),
            Distribution::Uniform(most) => {
                ((most * most - at * at) / (2.0 * most), (most * most * most - at * at * at) / (3.0 * most))
            }
            // Weighed by the times or their squares, the logarithm is normal with a mean that is one or two variances larger.
            Distribution::Lognormal { mu, sigma } => {
                let z = Normal::standard().inverse_cdf(1.0 - share);
                let over = |times: f64| Normal::standard().cdf(times * sigma - z);
                let moment = |times: f64| libm::exp(times * mu + times * times * sigma * sigma / 2.0);
                (moment(1.0) * over(1.0), moment(2.0) * over(2.0))
            }
            // And a gamma law has a shape that is larger by one or two.
            Distribution::Gamma { shape, scale } => {
                let over = |more: f64| {
                    let weighed = statrs::distribution::Gamma::new(shape + more, 1.0 / scale);
                    weighed.map_or(0.0, |law| 1.0 - law.cdf(at))
                };
                (shape * scale * over(1.0), shape * (shape + 1.0) * scale * scale * over(2.0))
            }
        }
    }

    /// The time that all but a hundredth of the work takes no longer than, in seconds: that share of the mean comes from times
    /// that are longer.
    pub(crate) fn work_within(self) -> f64 {
        match self {
            Distribution::Fixed(time) => time,
            // (1 + t) e^-t is a hundredth there.
            Distribution::Exponential(mean) => 6.638 * mean,
            // Weighted by how long they are, times have the same law, their logarithms more by sigma squared.
            Distribution::Lognormal { mu, sigma } => libm::exp(mu + sigma * sigma + sigma * z99()),
            Distribution::Gamma { shape, scale } => Distribution::Gamma { shape: shape + 1.0, scale }.quantile(0.99),
            Distribution::Uniform(most) => most,
        }
    }

    /// The same law, all times longer by a factor.
    pub fn scaled(self, factor: f64) -> Distribution {
        match self {
            Distribution::Fixed(time) => Distribution::Fixed(time * factor),
            Distribution::Exponential(mean) => Distribution::Exponential(mean * factor),
            Distribution::Lognormal { mu, sigma } => Distribution::Lognormal { mu: mu + libm::log(factor), sigma },
            Distribution::Gamma { shape, scale } => Distribution::Gamma { shape, scale: scale * factor },
            Distribution::Uniform(most) => Distribution::Uniform(most * factor),
        }
    }

    /// How long such a time still lasts from any moment on, in which longer ones are the likelier the longer they are.
    pub(crate) fn sample_rest(self, stream: &mut Stream) -> f64 {
        let whole = match self {
            // What has no memory lasts as long from any moment on.
            Distribution::Exponential(mean) => return exponential(stream, mean),
            Distribution::Fixed(time) => time,
            Distribution::Lognormal { mu, sigma } => {
                Distribution::Lognormal { mu: mu + sigma * sigma, sigma }.sample(stream)
            }
            Distribution::Gamma { shape, scale } => Distribution::Gamma { shape: shape + 1.0, scale }.sample(stream),
            Distribution::Uniform(most) => most * uniform(stream).sqrt(),
        };
        whole * uniform(stream)
    }

    /// A time by this law. Most are exponential, so that one is drawn without a detour.
    #[inline(always)]
    pub(crate) fn sample(self, stream: &mut Stream) -> f64 {
        match self {
            Distribution::Exponential(mean) => exponential(stream, mean),
            other => other.sample_other(stream),
        }
    }

    fn sample_other(self, stream: &mut Stream) -> f64 {
        match self {
            Distribution::Fixed(time) => time,
            Distribution::Exponential(mean) => exponential(stream, mean),
            Distribution::Lognormal { mu, sigma } => {
                let normal: f64 = StandardNormal.sample(stream);
                libm::exp(mu + sigma * normal)
            }
            Distribution::Gamma { shape, scale } => Gamma::new(shape, scale).map_or(0.0, |law| law.sample(stream)),
            Distribution::Uniform(most) => most * uniform(stream),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Distribution, stream};

    /// From any moment on such a time lasts `mean (1 + scv) / 2` on average: the mean excess of renewal theory.
    #[test]
    fn what_is_left_of_a_time() {
        let mut own = stream(1, 1, 1, 1);
        for law in [
            Distribution::Fixed(2.0),
            Distribution::Exponential(2.0),
            Distribution::lognormal_mean_cv(2.0, 0.8),
            Distribution::gamma_mean_cv(2.0, 1.5),
            Distribution::Uniform(4.0),
        ] {
            let draws = 200_000;
            let mean = (0..draws).map(|_| law.sample_rest(&mut own)).sum::<f64>() / f64::from(draws);
            let expected = law.mean() * (1.0 + law.scv()) / 2.0;
            assert!((mean / expected - 1.0).abs() < 0.02, "{law:?}: {mean} instead of {expected}");
        }
    }

    /// The mean of the times up to there is 99% of the mean, integrated in steps of a millionth of all times.
    #[test]
    fn a_hundredth_of_the_work_takes_longer() {
        for law in [
            Distribution::Exponential(2.0),
            Distribution::Gamma { shape: 0.5, scale: 3.0 },
            Distribution::Gamma { shape: 4.0, scale: 0.1 },
            Distribution::lognormal_mean_p99(0.4, 3.0).unwrap(),
        ] {
            let limit = law.work_within();
            let steps = 20_000;
            let each = |nth: i32| law.quantile((f64::from(nth) + 0.5) / f64::from(steps));
            let within: f64 = (0..steps).map(each).filter(|time| *time <= limit).sum::<f64>() / f64::from(steps);
            assert!((within / law.mean() - 0.99).abs() < 0.001, "{law:?}: {within}");
        }
    }

    /// Beyond the quantiles, by sums over a fine grid of shares (midpoints): what `beyond` says in closed form.
    #[test]
    fn the_tail_of_a_law_is_that_of_its_quantiles() {
        let laws = [
            Distribution::Fixed(0.2),
            Distribution::Exponential(0.2),
            Distribution::Uniform(0.4),
            Distribution::gamma_mean_cv(0.2, 1.5),
            Distribution::lognormal_mean_cv(0.2, 1.0),
        ];
        for law in laws {
            for share in [1.0, 0.3, 0.01] {
                let (mean, square) = law.beyond(share);
                let steps = 20_000;
                let times = (0..steps).map(|nth| law.quantile(1.0 - share * (f64::from(nth) + 0.5) / f64::from(steps)));
                let sums = times.fold((0.0, 0.0), |sum, time| (sum.0 + time, sum.1 + time * time));
                let each = share / f64::from(steps);
                assert!((sums.0 * each / mean - 1.0).abs() < 0.01, "{law:?} {share}: {mean}");
                assert!((sums.1 * each / square - 1.0).abs() < 0.02, "{law:?} {share}: {square}");
            }
        }
    }
}

//! Estimates with intervals, from independent replications.

use crate::rounding::is_same;
use statrs::distribution::{ContinuousCDF, StudentsT};
use std::sync::Arc;

/// A tenth of the half width of an interval moves its end by a fiftieth of a standard error, which nobody sees.
const TENTH: f64 = 0.1;

/// A mean over replications with its 95% confidence interval by Student's t (Law, *Simulation Modeling and Analysis*,
/// chapter 9).
#[derive(Clone, PartialEq, Debug)]
pub struct Estimate {
    /// The mean.
    pub value: f64,
    /// The lower end of the interval.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// The number of each replication; empty if the value is exact.
    pub samples: Arc<[f64]>,
}

impl Estimate {
    /// A number that is exact.
    pub fn exact(value: f64) -> Estimate {
        Estimate { value, low: value, high: value, samples: Arc::new([]) }
    }

    /// The estimate from one number a replication. `None` from fewer than two.
    pub fn of(values: &[f64]) -> Option<Estimate> {
        Estimate::with_confidence(values, 0.95)
    }

    /// The same with another confidence than 95%.
    pub(crate) fn with_confidence(values: &[f64], confidence: f64) -> Option<Estimate> {
        let count = values.len() as f64;
        if values.len() < 2 {
            return None;
        }
        let mean = values.iter().sum::<f64>() / count;
        let variance = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (count - 1.0);
        let t = StudentsT::new(0.0, 1.0, count - 1.0).ok()?.inverse_cdf(f64::midpoint(1.0, confidence));
        let half = t * (variance / count).sqrt();
        Some(Estimate { value: mean, low: mean - half, high: mean + half, samples: values.into() })
    }

    /// How much more this is than `before`, replication by replication: both were drawn with the same random numbers, so
    /// most of the chance in them cancels out. `None` if they were not run alike.
    pub fn paired_difference(&self, before: &Estimate) -> Option<Estimate> {
        if self.samples.len() != before.samples.len() {
            return None;
        }
        let by = |(after, before): (&f64, &f64)| if is_same(*after, *before) { 0.0 } else { after - before };
        let each: Vec<f64> = self.samples.iter().zip(before.samples.iter()).map(by).collect();
        Estimate::of(&each)
    }

    /// The same a second, if it was counted over so many.
    pub(crate) fn per(&self, seconds: f64) -> Estimate {
        let samples = self.samples.iter().map(|sample| sample / seconds).collect();
        Estimate { value: self.value / seconds, low: self.low / seconds, high: self.high / seconds, samples }
    }

    /// The same as a share of one: neither it nor its interval goes beyond.
    pub(crate) fn within_one(self) -> Estimate {
        self.within(0.0, 1.0)
    }

    /// The same of what cannot be negative: a time, a length, a rate.
    pub(crate) fn at_least_nothing(self) -> Estimate {
        self.within(0.0, f64::INFINITY)
    }

    /// The same of what is known to be at least so much, unless it was seen to be less.
    pub(crate) fn at_least(self, least: f64) -> Estimate {
        Estimate { low: self.low.max(least.min(self.value)), ..self }
    }

    /// The same of what lies between two bounds; rounding may have led beyond them.
    fn within(self, least: f64, most: f64) -> Estimate {
        let (low, high) = (self.low.clamp(least, most), self.high.clamp(least, most));
        Estimate { value: self.value.clamp(low, high), low, high, ..self }
    }

    /// The same where so much more may be missing, as it was hardly ever met: if that is no more than the interval says anyway,
    /// it changes nothing.
    pub(crate) fn with_unseen(self, more: f64) -> Estimate {
        if self.is_moved_by(more) { Estimate { high: self.high + more, ..self } } else { self }
    }

    /// Whether so much more is more than the interval says anyway.
    pub(crate) fn is_moved_by(&self, more: f64) -> bool {
        more > TENTH * (self.high - self.low) / 2.0
    }

    /// The one with the largest value.
    pub(crate) fn largest(all: impl IntoIterator<Item = Estimate>) -> Option<Estimate> {
        all.into_iter().max_by(|one, other| one.value.total_cmp(&other.value))
    }

    /// Several together, that were taken of the same replications. `None` if there are none.
    pub(crate) fn sum(all: &[Estimate]) -> Option<Estimate> {
        if let [one] = all {
            return Some(one.clone());
        }
        let count = all.iter().map(|one| one.samples.len()).min()?;
        let samples: Vec<f64> = (0..count).map(|at| all.iter().map(|one| one.samples[at]).sum()).collect();
        Estimate::of(&samples)
    }

    /// So much more.
    pub(crate) fn plus(&self, more: f64) -> Estimate {
        let samples = self.samples.iter().map(|sample| sample + more).collect();
        Estimate { value: self.value + more, low: (self.low).max(0.0) + more, high: self.high + more, samples }
    }

    /// One less this, as a share: of what failed, what did not.
    pub(crate) fn complement(&self) -> Estimate {
        let samples = self.samples.iter().map(|sample| 1.0 - sample).collect();
        Estimate { value: 1.0 - self.value, low: 1.0 - self.high, high: 1.0 - self.low, samples }
    }

    /// The half width of the interval as a share of the value.
    pub fn precision(&self) -> f64 {
        if self.high == self.low { 0.0 } else { (self.high - self.low) / 2.0 / self.value.abs() }
    }
}

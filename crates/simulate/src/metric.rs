//! What can be measured: the metrics of requirements and alerts, and what is true of each whatever asks.

use groma_base::Dimension;
use groma_model::decode::FactValue;
use groma_model::facts;
use groma_model::facts::quality::Metric as Declared;
use std::fmt;

/// What a requirement or an alert is about.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Metric {
    /// How long requests take.
    Latency(Latency),
    /// Requests a second that are answered well.
    Throughput,
    /// Users at the same time.
    Users,
    /// The share of requests that fail.
    ErrorRate,
    /// The share of requests that are answered well. No `require` names it: it is what a failure's `expect` is about.
    Success,
    /// The share of requests answered well whose answer rests on a fallback.
    Degraded,
    /// The share of time that all works that is needed.
    Availability,
    /// The share of a station that is in use.
    Utilization,
    /// How many wait at a station.
    Queue,
    /// The time from a failure until all is as before.
    RecoveryTime,
    /// For how long data is lost by a failure.
    DataLoss,
    /// How many people maintain it.
    Team,
}

/// One table of the percentiles that are told, from the lowest to the highest: all that is known of them is made of it.
macro_rules! percentiles {
    ($($(#[$doc:meta])* $name:ident = $share:literal),+ $(,)?) => {
        /// Which of the times that requests take: their mean, or a quantile.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        pub enum Latency {
            /// The mean.
            Mean,
            $($(#[$doc])* $name),+
        }

        /// The shares of the percentiles that are told, from the lowest to the highest.
        pub(crate) const SHARES: [f64; [$($share),+].len()] = [$($share),+];

        impl Latency {
            /// All of them.
            pub const ALL: [Latency; 1 + SHARES.len()] = [Latency::Mean, $(Latency::$name),+];

            /// The percentiles, each the one of [`SHARES`] that it is.
            pub(crate) const QUANTILES: [Latency; SHARES.len()] = [$(Latency::$name),+];

            /// How it is declared.
            fn declared(self) -> Declared {
                match self {
                    Latency::Mean => Declared::Mean,
                    $(Latency::$name => Declared::$name),+
                }
            }
        }
    };
}

percentiles! {
    /// The median.
    P50 = 0.5,
    /// The 90th percentile.
    P90 = 0.9,
    /// The 95th percentile.
    P95 = 0.95,
    /// The 99th percentile.
    P99 = 0.99,
}

/// A mean is only known to be so long at least if this share was still under way at the end.
const MEAN_LEFT: f64 = 0.001;

/// On which side a metric is good.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Better {
    /// The lower, the better.
    Lower,
    /// The higher, the better.
    Higher,
}

impl Latency {
    /// The word for it.
    pub fn word(self) -> &'static str {
        self.declared().word()
    }

    /// The share of requests that take no longer; none of the mean.
    pub fn share(self) -> Option<f64> {
        self.quantile().map(|at| SHARES[at])
    }

    /// Which of the quantiles that are measured it is: an index into [`SHARES`]. The mean is none.
    pub(crate) fn quantile(self) -> Option<usize> {
        (self as usize).checked_sub(1)
    }

    /// If so large a share of requests is still under way, the time can be of any length.
    pub(crate) fn share_left(self) -> f64 {
        self.share().map_or(MEAN_LEFT, |share| 1.0 - share)
    }
}

/// Something for the mean and for each percentile: `times[Latency::P95]`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Latencies<T> {
    mean: T,
    quantiles: [T; SHARES.len()],
}

impl<T> Latencies<T> {
    /// For the mean, and for the percentiles of [`SHARES`].
    pub(crate) fn new(mean: T, quantiles: [T; SHARES.len()]) -> Latencies<T> {
        Latencies { mean, quantiles }
    }

    /// All, the mean first and the percentiles from the lowest to the highest.
    pub fn entries(&self) -> impl Iterator<Item = (Latency, &T)> {
        Latency::ALL.into_iter().map(|latency| (latency, &self[latency]))
    }
}

impl<T> std::ops::Index<Latency> for Latencies<T> {
    type Output = T;

    fn index(&self, latency: Latency) -> &T {
        latency.quantile().map_or(&self.mean, |at| &self.quantiles[at])
    }
}

impl Metric {
    /// The metric that a fact names: a `require`, or the `on` of an alert.
    pub fn of_fact(value: &FactValue) -> Option<Metric> {
        value.choice().map(|declared: Declared| declared.into())
    }

    /// A limit of it as one of another metric, if it says anything of that: what does not fail is available.
    pub fn limit_as(self, limit: f64, other: Metric) -> Option<f64> {
        let is_opposite = matches!(
            (self, other),
            (Metric::ErrorRate, Metric::Availability) | (Metric::Availability, Metric::ErrorRate)
        );
        let same = (self == other).then_some(limit);
        same.or_else(|| is_opposite.then_some(1.0 - limit))
    }

    /// The word for it in the language and in reports.
    pub fn word(self) -> &'static str {
        match self {
            Metric::Latency(latency) => latency.word(),
            Metric::Throughput => Declared::Throughput.word(),
            Metric::Users => Declared::Users.word(),
            Metric::ErrorRate => Declared::ErrorRate.word(),
            Metric::Success => facts::failure::SUCCESS.name,
            Metric::Degraded => Declared::Degraded.word(),
            Metric::Availability => Declared::Availability.word(),
            Metric::Utilization => Declared::Utilization.word(),
            Metric::Queue => Declared::Queue.word(),
            Metric::RecoveryTime => Declared::RecoveryTime.word(),
            Metric::DataLoss => Declared::DataLoss.word(),
            Metric::Team => Declared::Team.word(),
        }
    }

    /// What its values measure.
    pub fn dimension(self) -> Dimension {
        match self {
            Metric::Latency(_) | Metric::RecoveryTime | Metric::DataLoss => Dimension::Time,
            Metric::ErrorRate | Metric::Success | Metric::Degraded | Metric::Availability | Metric::Utilization => {
                Dimension::Ratio
            }
            Metric::Throughput => Dimension::Rate,
            Metric::Users | Metric::Queue | Metric::Team => Dimension::Count,
        }
    }

    /// On which side it is good.
    pub fn better(self) -> Better {
        match self {
            Metric::Throughput | Metric::Users | Metric::Success | Metric::Availability => Better::Higher,
            Metric::Latency(_)
            | Metric::ErrorRate
            | Metric::Degraded
            | Metric::Utilization
            | Metric::Queue
            | Metric::RecoveryTime
            | Metric::DataLoss
            | Metric::Team => Better::Lower,
        }
    }

    /// Whether it is about requests: their times, errors and number. Of an element, it is about the calls that enter it.
    pub(crate) fn is_of_requests(self) -> bool {
        match self {
            Metric::Latency(_)
            | Metric::ErrorRate
            | Metric::Success
            | Metric::Degraded
            | Metric::Throughput
            | Metric::Availability => true,
            Metric::Users
            | Metric::Utilization
            | Metric::Queue
            | Metric::RecoveryTime
            | Metric::DataLoss
            | Metric::Team => false,
        }
    }

    /// Whether it is measured where requests wait and are served: what runs as one is one place then.
    pub fn is_of_station(self) -> bool {
        match self {
            Metric::Utilization | Metric::Queue => true,
            Metric::Latency(_)
            | Metric::Throughput
            | Metric::Users
            | Metric::ErrorRate
            | Metric::Success
            | Metric::Degraded
            | Metric::Availability
            | Metric::RecoveryTime
            | Metric::DataLoss
            | Metric::Team => false,
        }
    }

    /// Whether a system that runs shows it, however long it runs: load tests measure it, and alerts watch it.
    pub fn is_watchable(self) -> bool {
        match self {
            Metric::Latency(_)
            | Metric::Throughput
            | Metric::ErrorRate
            | Metric::Success
            | Metric::Degraded
            | Metric::Availability
            | Metric::Utilization
            | Metric::Queue => true,
            Metric::Users | Metric::RecoveryTime | Metric::DataLoss | Metric::Team => false,
        }
    }

    /// Whether it is a share of requests, by how they end.
    pub(crate) fn is_share_of_requests(self) -> bool {
        match self {
            Metric::ErrorRate | Metric::Success | Metric::Degraded => true,
            Metric::Latency(_)
            | Metric::Throughput
            | Metric::Users
            | Metric::Availability
            | Metric::Utilization
            | Metric::Queue
            | Metric::RecoveryTime
            | Metric::DataLoss
            | Metric::Team => false,
        }
    }

    /// Whether a simulated load tells it.
    pub(crate) fn needs_run(self) -> bool {
        match self {
            Metric::Latency(_)
            | Metric::Throughput
            | Metric::Users
            | Metric::ErrorRate
            | Metric::Success
            | Metric::Degraded
            | Metric::Utilization
            | Metric::Queue
            | Metric::RecoveryTime => true,
            Metric::Availability | Metric::DataLoss | Metric::Team => false,
        }
    }

    /// Whether it is judged by how a system is once it has settled.
    pub(crate) fn is_of_state(self) -> bool {
        match self {
            Metric::Latency(_)
            | Metric::ErrorRate
            | Metric::Success
            | Metric::Degraded
            | Metric::Utilization
            | Metric::Queue => true,
            Metric::Throughput
            | Metric::Users
            | Metric::Availability
            | Metric::RecoveryTime
            | Metric::DataLoss
            | Metric::Team => false,
        }
    }

    /// Whether it grows without end where a queue does. Shares and rates stay finite.
    pub(crate) fn grows_without_end(self) -> bool {
        match self {
            Metric::Latency(_)
            | Metric::Users
            | Metric::Availability
            | Metric::Queue
            | Metric::RecoveryTime
            | Metric::DataLoss
            | Metric::Team => true,
            Metric::Throughput | Metric::ErrorRate | Metric::Success | Metric::Degraded | Metric::Utilization => false,
        }
    }
}

impl From<Declared> for Metric {
    fn from(declared: Declared) -> Metric {
        match declared {
            Declared::Mean => Metric::Latency(Latency::Mean),
            Declared::P50 => Metric::Latency(Latency::P50),
            Declared::P90 => Metric::Latency(Latency::P90),
            Declared::P95 => Metric::Latency(Latency::P95),
            Declared::P99 => Metric::Latency(Latency::P99),
            Declared::Throughput => Metric::Throughput,
            Declared::Users => Metric::Users,
            Declared::ErrorRate => Metric::ErrorRate,
            Declared::Degraded => Metric::Degraded,
            Declared::Availability => Metric::Availability,
            Declared::Utilization => Metric::Utilization,
            Declared::Queue => Metric::Queue,
            Declared::RecoveryTime => Metric::RecoveryTime,
            Declared::DataLoss => Metric::DataLoss,
            Declared::Team => Metric::Team,
        }
    }
}

impl fmt::Display for Metric {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.pad(self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::{Declared, Latency, Metric};

    #[test]
    fn a_metric_has_the_word_that_is_declared() {
        for declared in Declared::ALL {
            assert_eq!(Metric::from(*declared).word(), declared.word());
        }
    }

    #[test]
    fn quantiles_are_those_that_are_measured() {
        for latency in Latency::ALL {
            let Some(at) = latency.quantile() else { continue };
            let share = super::SHARES[at];
            assert_eq!(latency.word(), format!("p{}", share * 100.0));
            assert_eq!(Latency::QUANTILES[at], latency);
            assert!(at == 0 || super::SHARES[at - 1] < share, "from the lowest to the highest");
        }
    }
}

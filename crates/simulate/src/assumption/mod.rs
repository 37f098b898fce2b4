//! What a forecast takes to be so where the text does not say it, and what the text says that the forecast leaves out: as data,
//! worded here and nowhere else.

mod failure;
mod flow;
mod load;
mod network;

pub use failure::FailureAssumption;
pub use flow::FlowAssumption;
pub use load::LoadAssumption;
pub(crate) use network::MOST_BALANCED;
pub use network::{BreakerDefault, IdleBalance, NetworkAssumption};
use std::fmt;

/// What was taken to be so.
#[derive(Clone, PartialEq, Debug)]
pub enum Assumption {
    /// Of stations, relationships and calls, whatever is asked of them.
    Network(NetworkAssumption),
    /// Of a single flow.
    Flow(FlowAssumption),
    /// Of a load, and of what it makes of the network.
    Load(LoadAssumption),
    /// Of a failure.
    Failure(FailureAssumption),
}

impl Assumption {
    /// Whether it says of a failure that calls wait until it is over.
    pub(crate) fn holds_calls(&self) -> bool {
        matches!(self, Assumption::Failure(FailureAssumption::Holds { .. } | FailureAssumption::HoldsOnTheWay))
    }
}

impl fmt::Display for Assumption {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Assumption::Network(one) => one.fmt(out),
            Assumption::Flow(one) => one.fmt(out),
            Assumption::Load(one) => one.fmt(out),
            Assumption::Failure(one) => one.fmt(out),
        }
    }
}

impl From<NetworkAssumption> for Assumption {
    fn from(one: NetworkAssumption) -> Assumption {
        Assumption::Network(one)
    }
}

impl From<FlowAssumption> for Assumption {
    fn from(one: FlowAssumption) -> Assumption {
        Assumption::Flow(one)
    }
}

impl From<LoadAssumption> for Assumption {
    fn from(one: LoadAssumption) -> Assumption {
        Assumption::Load(one)
    }
}

impl From<FailureAssumption> for Assumption {
    fn from(one: FailureAssumption) -> Assumption {
        Assumption::Failure(one)
    }
}

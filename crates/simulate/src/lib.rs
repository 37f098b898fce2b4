//! Predicts whether an architecture meets its requirements, before it is built: an analysis of its queues that takes
//! no time ([`analysis`], [`queueing`], [`reliability`]), a discrete-event simulation of what formulas do not reach,
//! and a verdict for each quality ([`judge`]).

pub mod analysis;
mod engine;
mod law;
mod levers;
pub mod network;
pub mod number;
pub mod queueing;
pub mod reliability;
mod run;
mod stats;
mod verdict;

pub use law::Law;
pub use levers::{Lever, levers};
pub use network::Network;
pub use run::Options;
pub use stats::Estimate;
pub use verdict::{
    FlowResult, Hop, Judgement, Progress, Report, Requirement, Run, StationResult, Verdict, foresee,
    foreseen_availability, judge, requirements,
};

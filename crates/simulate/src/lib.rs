//! Predicts whether an architecture meets its requirements, before it is built: an analysis of its queues that takes
//! no time ([`analysis`], [`queueing`], [`reliability`]), a discrete-event simulation of what formulas do not reach,
//! and a verdict for each quality ([`judge`]).
//!
//! A forecast goes through the modules in this order:
//!
//! 1. `compile` turns flows into programs on the stations of a `network` (`nesting` and `awaited` order their steps, `placement`
//!    knows where they run, `distribution` how times are spread, `activities` and `response_distribution` what no mean tells).
//! 2. `load` reads what is asked (`demand`), `failure` what goes wrong; `analysis` tells what formulas tell ([`queueing`],
//!    [`reliability`], `spread`, `cache`, `capacity`).
//! 3. `forecast` prepares both as a scenario, `run` simulates it in replications through `engine`, `output` is what they tell
//!    together: `rounds` how many are planned, `stats` the intervals, `pooled` percentiles of many runs. `settling`, `stability` and
//!    `recovery` tell whether that may be believed and what it means.
//! 4. `result` and `timeline` are what is told of flows and stations; `verdict` judges it by each `requirement` and its `metric`, `people`
//!    what needs no run at all; `brief` is a short simulation that only a verdict asks for.
//! 5. `curve` does it all again at many levels of a load, `levers` with what might help.
//!
//! [`number`](mod@number) writes values with their units.
//!
//! What is said of all that, `assumption`s, a `refusal` to simulate, why it has `not_converged` and the reasons of verdicts, is data until
//! somebody shows it: each enum is worded beside its declaration.

mod activities;
pub mod analysis;
mod assumption;
mod awaited;
mod backlog;
mod brief;
mod cache;
mod capacity;
mod coincidence;
mod compile;
mod curve;
mod demand;
mod distribution;
mod engine;
mod failure;
mod forecast;
mod levers;
mod load;
mod metric;
mod nesting;
pub mod network;
mod not_converged;
pub mod number;
mod outage;
mod output;
mod people;
mod placement;
mod pooled;
pub mod queueing;
mod recovery;
mod refusal;
pub mod reliability;
mod requirement;
mod rerouting;
mod response_distribution;
mod result;
mod rounding;
mod rounds;
mod route;
mod run;
mod settling;
mod spread;
mod stability;
mod stats;
mod takeover;
mod timeline;
mod verdict;

pub use assumption::{
    Assumption, BreakerDefault, FailureAssumption, FlowAssumption, IdleBalance, LoadAssumption, NetworkAssumption,
};
pub use backlog::Backlog;
pub use cache::Cache;
pub use curve::{LoadCurve, LoadPoint, against_load};
pub use distribution::{Distribution, StepDistribution};
pub use failure::{is_within_other, meets_nothing};
pub use forecast::{Effort, Lag, Measured, Outcome, Run, Unsettled};
pub use levers::{Lever, Tried, levers, time_between};
pub use load::{analyse_load, analytic_network, usual_load};
pub use metric::{Better, Latencies, Latency, Metric};
pub use network::{Network, Scaling, unit_of};
pub use not_converged::{Circle, EndlessWait, Excess, MOST_EVENTS, NotConverged, Overload};
pub use people::{Burden, Need, Thumb, is_within, own_services};
pub use recovery::Recovery;
pub use refusal::{CallsApart, MissingFact, NotSimulated, UnclearLoad};
pub use requirement::{Requirement, load_of, requirements};
pub use response_distribution::UnloadedTime;
pub use result::{Degraded, ElementResult, Endless, Fates, FlowResult, Hop, StationResult};
pub use run::Options;
pub use stability::{circles, named_circle};
pub use stats::Estimate;
pub use takeover::{IdleStandby, takes_over_after};
pub use timeline::{AlertLine, BreakerLine, FlowLine, StationLine, Timeline};
pub use verdict::{
    AfterFailure, Basis, Behind, BehindLimit, Longest, Lost, Reason, Served, ServedAtLimit, Spent, Unknown,
};
pub use verdict::{Judgement, Progress, Report, Verdict, judge, judge_one, judge_some, predicted_availability};

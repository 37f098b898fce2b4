//! What requests wait for.

use super::StationId;
use crate::distribution::Distribution;
use groma_model::{DeployNodeId, ElementId, RelationId};

/// What a station does with one request more than may wait.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WhenFull {
    /// The caller gets an error at once.
    Reject,
    /// The caller hears nothing.
    Drop,
}

/// How it is decided which replica a call goes to, where each has a queue of its own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Balance {
    /// Each in turn.
    RoundRobin,
    /// Any, each as likely.
    Random,
    /// The one with the fewest requests in it, waiting or worked on; of several any, each as likely.
    LeastConnections,
    /// Of two that are drawn, each pair as likely, the one with fewer requests in it.
    TwoChoices,
}

/// A container or external system, as something that requests wait for.
#[derive(Clone, Debug)]
pub struct Station {
    /// The element, or `None` for a pool of connections.
    pub element: Option<ElementId>,
    /// The element whose read replicas these are, if they are.
    pub copies_of: Option<ElementId>,
    /// What reports call it.
    pub name: String,
    /// How many run.
    pub replicas: u32,
    /// From how many to how many may run.
    pub range: (u32, u32),
    /// How many of them must be up for it to work.
    pub needed: u32,
    /// How calls are balanced among the replicas, if each has its own slots, cores and queue. `None` is one queue for all of
    /// them.
    pub balance: Option<Balance>,
    /// How many requests one replica works on at once; `None` is no limit.
    pub concurrency: Option<u32>,
    /// The processor cores of all replicas, shared by the requests there; `None` where time just passes.
    pub cores: Option<f64>,
    /// Where its work is done if it has both slots and cores of its own: the station of those cores.
    pub(crate) processor: Option<StationId>,
    /// How many requests may wait in each queue; `None` is no limit.
    pub queue_limit: Option<u32>,
    /// What happens to one more.
    pub when_full: WhenFull,
    /// How long a request waits here at most.
    pub patience: Option<Distribution>,
    /// For a pool, the relationship whose connections it keeps.
    pub relation: Option<RelationId>,
    /// For a pool, the station whose replicas each have one.
    pub(crate) owner: Option<StationId>,
    /// How each replica stands still again and again, if it does.
    pub stall: Option<Stall>,
    /// How the number of replicas follows the load, if it does.
    pub scaling: Option<Scaling>,
    /// The calls a second that it lets in, for all callers together.
    pub rate_limit: Option<RateLimit>,
    /// The calls a second that it lets in of each user.
    pub user_limit: Option<RateLimit>,
    /// The host whose processors this stands for, if it does.
    pub host: Option<DeployNodeId>,
    /// The hosts whose processors its requests share, as stations, and the share of its work that is done there.
    pub(crate) runs_on: Vec<(StationId, f64)>,
    /// The same of those that take over from it.
    pub(crate) standby_on: Vec<(StationId, f64)>,
}

impl Station {
    /// The container that it stands for, or whose read replicas.
    pub(crate) fn unit(&self) -> Option<ElementId> {
        self.element.or(self.copies_of)
    }

    /// Whether it stands for the read replicas of a container.
    pub(crate) fn is_of_copies(&self) -> bool {
        self.copies_of.is_some()
    }

    /// Whether it works on just so much at once.
    pub(crate) fn is_limited(&self) -> bool {
        self.concurrency.is_some() || self.cores.is_some() || !self.runs_on.is_empty()
    }

    /// One that works on anything at once.
    pub(crate) fn unlimited(name: String, range: (u32, u32)) -> Station {
        Station {
            element: None,
            copies_of: None,
            name,
            replicas: range.0,
            range,
            needed: 1,
            balance: None,
            concurrency: None,
            cores: None,
            processor: None,
            queue_limit: None,
            when_full: WhenFull::Reject,
            patience: None,
            relation: None,
            owner: None,
            stall: None,
            scaling: None,
            rate_limit: None,
            user_limit: None,
            host: None,
            runs_on: Vec::new(),
            standby_on: Vec::new(),
        }
    }

    /// Whether its replicas follow the load, and those of nothing else with it.
    pub fn is_autoscaled(&self) -> bool {
        self.owner.is_none() && self.scaling.is_some() && self.servers().is_some()
    }

    /// Whether it is cores that work is done on which holds a slot elsewhere: nobody calls it.
    pub(crate) fn is_processor(&self) -> bool {
        self.cores.is_some() && (self.host.is_some() || self.owner.is_some())
    }

    /// How many requests it works on at once.
    pub fn slots(&self) -> Option<u32> {
        self.concurrency.map(|each| each.saturating_mul(self.replicas))
    }

    /// How many requests can be worked on at once without slowing each other: its cores if requests share them, or else
    /// its slots. `None` is no limit.
    pub fn servers(&self) -> Option<f64> {
        self.cores.or(self.slots().map(f64::from))
    }
}

/// How many calls are let in: a token bucket.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct RateLimit {
    /// Calls a second in the long run.
    pub rate: f64,
    /// How many may come at once: as many as the limit's own unit of time allows, a hundred of `100/min`.
    pub burst: f64,
}

/// How a station is scaled.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Scaling {
    /// The share in use that is aimed at: of its own cores if it has such, else of its slots.
    pub target: f64,
    /// How often it is decided, in seconds.
    pub every: f64,
    /// How long a new replica takes to start, in seconds.
    pub delay: f64,
}

/// A deviation from the target below this share changes nothing, as the autoscaler of Kubernetes has it
/// (`--horizontal-pod-autoscaler-tolerance`).
const TOLERANCE: f64 = 0.1;

impl Scaling {
    /// Whether so much in use is so near to the target that nothing changes.
    pub(crate) fn is_met_by(&self, in_use: f64) -> bool {
        (in_use / self.target - 1.0).abs() <= TOLERANCE
    }

    /// Whether more replicas are wanted where so much is in use.
    pub(crate) fn adds_at(&self, in_use: f64) -> bool {
        in_use > self.target && !self.is_met_by(in_use)
    }
}

/// How a replica stands still again and again: between two stalls goes a pause of `every - length` on average.
///
/// Someone who comes finds it in a stall with a probability of `length / every`, and waits half of one then; in each second of
/// work `1 / (every - length)` further ones begin. So work of `s` that nobody waits for takes
/// `s + length² / (2 every) + s length / (every - length)` on average, exactly so where the pauses are exponential, and of the time
/// that passes `1 - length / every` is left to work in. (A server with breakdowns: Avi-Itzhak, Naor, "Some Queuing Problems with
/// the Service Station Subject to Breakdown", Operations Research 11, 1963.)
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Stall {
    /// How long each lasts, in seconds.
    pub length: f64,
    /// How long it takes on average from the beginning of one to that of the next, in seconds; longer than `length`.
    pub every: f64,
    /// Whether they begin at equal distances.
    pub is_regular: bool,
}

impl Stall {
    /// How many times longer work takes in the long run.
    pub fn stretch(&self) -> f64 {
        self.every / (self.every - self.length)
    }

    /// How long somebody who comes at any moment waits for the end of a stall, on average.
    pub fn rest(&self) -> f64 {
        self.length * self.length / (2.0 * self.every)
    }

    /// The share of the time in which it stands still.
    pub fn share(&self) -> f64 {
        self.length / self.every
    }
}

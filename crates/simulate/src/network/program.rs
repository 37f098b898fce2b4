//! Flows as programs: what a request does, operation by operation.

use super::{BranchingId, Count, ExpectedResponse, OpId, PolicyId, SiteId, StationId, WatcherId};
use crate::distribution::Distribution;
use crate::route::RouteId;
use groma_model::{FlowId, ItemRef, RelationId, Table};
use rustc_hash::FxHashMap;

/// A call of a flow.
#[derive(Clone, Debug)]
pub struct CallSite {
    /// The step.
    pub at: ItemRef,
    /// The relationship that it uses.
    pub relation: Option<RelationId>,
    /// Who calls; `None` for people.
    pub from: Option<StationId>,
    /// Who is called.
    pub to: StationId,
    /// Its own time there.
    pub law: Option<Distribution>,
    /// Its time on the network, in seconds: on average where calls go different ways.
    pub latency: f64,
    /// Where it goes, if that is not always the same.
    pub(crate) route: Option<RouteId>,
    /// The share that fails for no other reason.
    pub error_rate: f64,
    /// The pool whose connection it needs, if it needs one.
    pub pool: Option<StationId>,
    /// What its caller does when it fails or takes long.
    pub policy: PolicyId,
    /// Where it waits with others, calls of the highest go first.
    pub priority: u32,
    /// Names its random numbers.
    pub key: u64,
    /// Who watches it.
    pub(crate) watchers: Vec<WatcherId>,
}

/// What a request does next. Ends are those of what is inside.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Op {
    /// Time passes where the request is.
    Work { site: SiteId },
    /// A call, with what the callee does.
    Call { site: SiteId, end: OpId },
    /// What is inside goes on by itself.
    Spawn { end: OpId },
    /// What is inside happens with this probability.
    Chance { share: f64, stream: BranchingId, end: OpId },
    /// What is inside happens unless the cache has it.
    Miss { hit: f64, cache: Option<StationId>, stream: BranchingId, end: OpId },
    /// What is inside happens several times.
    Repeat { count: Count, stream: BranchingId, end: OpId },
    /// Passed over: what is inside is done by a call that ends just before and has failed for good.
    Else { end: OpId },
    /// The branches inside happen at the same time; `join` of those that wait for something must answer well.
    Parallel { join: u32, end: OpId },
    /// A branch.
    Branch { end: OpId },
    /// One of the cases inside happens.
    Either { stream: BranchingId, end: OpId },
    /// A case: what is inside happens with this probability, and `whole` is the end of all cases.
    Case { share: f64, end: OpId, whole: OpId },
    /// The call is answered here; what follows is done afterwards and holds the slot, not the caller.
    Answer,
    /// Whoever began the flow gets a part of the answer, and waits for the rest.
    Part,
    /// Another part of the same container is called, for whom somebody watches: a call that takes no slot.
    Inside { site: SiteId, end: OpId },
}

impl Op {
    /// What it asks for by itself.
    fn asks(self) -> Asks {
        match self {
            Op::Work { site } => Asks::Work(site),
            Op::Call { site, .. } => Asks::Call(site),
            Op::Miss { cache: Some(cache), .. } => Asks::Cache(cache),
            Op::Miss { cache: None, .. }
            | Op::Spawn { .. }
            | Op::Chance { .. }
            | Op::Repeat { .. }
            | Op::Else { .. }
            | Op::Parallel { .. }
            | Op::Branch { .. }
            | Op::Either { .. }
            | Op::Case { .. }
            | Op::Answer
            | Op::Part
            | Op::Inside { .. } => Asks::Nothing,
        }
    }

    /// The call that it is, as a site; none if it is no call, or one within a container.
    pub(crate) fn call(self) -> Option<SiteId> {
        if let Asks::Call(site) = self.asks() { Some(site) } else { None }
    }

    /// The call that it is, within a container or not, as a site.
    pub(crate) fn enters(self) -> Option<SiteId> {
        if let Op::Inside { site, .. } = self { Some(site) } else { self.call() }
    }

    /// The call in whose course it is work, as a site; none if it is no work.
    pub(crate) fn work(self) -> Option<SiteId> {
        if let Asks::Work(site) = self.asks() { Some(site) } else { None }
    }

    /// The cache in which it looks, if it does.
    pub(crate) fn cache(self) -> Option<StationId> {
        if let Asks::Cache(cache) = self.asks() { Some(cache) } else { None }
    }

    /// The same operation where all places are so much further on.
    pub(crate) fn moved(self, by: u32) -> Op {
        match self {
            Op::Work { .. } | Op::Answer | Op::Part => self,
            Op::Call { site, end } => Op::Call { site, end: end.after(by) },
            Op::Inside { site, end } => Op::Inside { site, end: end.after(by) },
            Op::Spawn { end } => Op::Spawn { end: end.after(by) },
            Op::Chance { share, stream, end } => Op::Chance { share, stream, end: end.after(by) },
            Op::Miss { hit, cache, stream, end } => Op::Miss { hit, cache, stream, end: end.after(by) },
            Op::Repeat { count, stream, end } => Op::Repeat { count, stream, end: end.after(by) },
            Op::Parallel { join, end } => Op::Parallel { join, end: end.after(by) },
            Op::Branch { end } => Op::Branch { end: end.after(by) },
            Op::Else { end } => Op::Else { end: end.after(by) },
            Op::Either { stream, end } => Op::Either { stream, end: end.after(by) },
            Op::Case { share, end, whole } => Op::Case { share, end: end.after(by), whole: whole.after(by) },
        }
    }
}

/// What an operation asks for by itself.
enum Asks {
    Work(SiteId),
    Call(SiteId),
    Cache(StationId),
    Nothing,
}

/// A flow as a program.
#[derive(Clone, Debug)]
pub struct Program {
    /// The flow.
    pub flow: FlowId,
    pub(crate) ops: Table<Op>,
    /// What is known of its calls and branches from how times are spread.
    pub(crate) expected: FxHashMap<OpId, ExpectedResponse>,
    /// Names its random numbers: made of its shape and times, so that it stays when things are renamed or moved.
    pub key: u64,
}

//! Effects of a failure that meet the same replica: whichever answers a call at random meets all of them or none, while each of them is
//! simulated by a share of its own.

use crate::engine::{Fault, FaultEffect};
use crate::network::{Network, SiteId, StationId};
use crate::route::Met;
use rustc_hash::FxHashMap;

/// An effect that some of the replicas of a station are met by.
#[derive(Clone, Copy, PartialEq)]
enum Effect {
    /// It is slower or fails.
    Worse(usize),
    /// It is gone, or calls wait for it: of what is left, others are told by their shares of that.
    Gone(usize),
    /// Its calls are cut, or held up on their way.
    CallsFrom(usize, SiteId),
    /// Calls to it are.
    CallsTo(usize, SiteId),
}

impl Effect {
    /// Whether it is told by a draw of its own, though the replica that one of these meets is the same.
    fn is_drawn_apart_from(self, other: Effect) -> bool {
        match (self, other) {
            (Effect::Worse(_), Effect::Gone(_)) | (Effect::Gone(_), Effect::Worse(_)) => false,
            // Two calls may come to two replicas.
            (Effect::CallsTo(..), Effect::CallsTo(_, site)) => matches!(self, Effect::CallsTo(_, own) if own == site),
            _ => true,
        }
    }
}

/// A station of which a request meets a replica by chance that several effects tell apart at one time.
pub(crate) fn coincidence(network: &Network, found: &[Fault]) -> Option<StationId> {
    let by_chance: Vec<(usize, &Fault)> = found.iter().enumerate().filter(|(_, fault)| is_by_chance(fault)).collect();
    if by_chance.is_empty() {
        return None;
    }
    network.programs.iter().find_map(|program| {
        let mut met: FxHashMap<StationId, Vec<(Effect, &Fault)>> = FxHashMap::default();
        let mut sites: Vec<SiteId> = program.ops.iter().filter_map(|op| op.call()).collect();
        sites.sort_unstable();
        sites.dedup();
        for site in sites {
            for (nth, fault) in &by_chance {
                for (station, effect) in effects(network, site, *nth, fault) {
                    let known = met.entry(station).or_default();
                    let is_other = |(other, fault_of_other): &(Effect, &Fault)| {
                        let is_at_one_time = fault.from < fault_of_other.to && fault_of_other.from < fault.to;
                        *other != effect && is_at_one_time && effect.is_drawn_apart_from(*other)
                    };
                    if known.iter().any(is_other) {
                        return Some(station);
                    }
                    known.push((effect, fault));
                }
            }
        }
        None
    })
}

/// Whether a draw decides which calls an effect of a place is met by.
fn is_by_chance(fault: &Fault) -> bool {
    match &fault.effect {
        FaultEffect::Missed(.., met) | FaultEffect::Slow { met, .. } | FaultEffect::Errors(_, met, _) => {
            met.is_by_chance()
        }
        FaultEffect::Cut(sites) | FaultEffect::HeldOnTheWay(sites) => sites.iter().any(|(_, met)| met.is_by_chance()),
        FaultEffect::Held(_, share) => *share < 1.0,
        FaultEffect::Down(_) | FaultEffect::Lost(..) | FaultEffect::Flushed(..) | FaultEffect::Rerouted(_) => false,
    }
}

/// The stations whose replicas an effect tells apart for calls of a site.
fn effects(network: &Network, site: SiteId, nth: usize, fault: &Fault) -> Vec<(StationId, Effect)> {
    let (from, to) = (network.sites[site].from, network.sites[site].to);
    match &fault.effect {
        FaultEffect::Missed(at, ..) | FaultEffect::Held(at, _) if *at == to => vec![(to, Effect::Gone(nth))],
        FaultEffect::Slow { station: at, .. } | FaultEffect::Errors(at, ..) if *at == to => {
            vec![(to, Effect::Worse(nth))]
        }
        FaultEffect::Cut(sites) | FaultEffect::HeldOnTheWay(sites) => {
            let is_cut = |(at, met): &(SiteId, Met)| *at == site && met.is_by_chance();
            if !sites.iter().any(is_cut) {
                return Vec::new();
            }
            let caller = from.map(|from| (from, Effect::CallsFrom(nth, site)));
            caller.into_iter().chain([(to, Effect::CallsTo(nth, site))]).collect()
        }
        FaultEffect::Missed(..)
        | FaultEffect::Held(..)
        | FaultEffect::Slow { .. }
        | FaultEffect::Errors(..)
        | FaultEffect::Down(_)
        | FaultEffect::Lost(..)
        | FaultEffect::Flushed(..)
        | FaultEffect::Rerouted(_) => Vec::new(),
    }
}

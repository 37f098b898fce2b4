//! What takes over from what fails: one answer for failures of elements, failures of places and availability.

use crate::placement::Placements;
use groma_model::decode::FactValue;
use groma_model::facts::element::{FAILOVER, FAILOVER_AFTER, Failover};
use groma_model::{Architecture, DeployNodeId, ElementId};
use std::fmt;

/// How long a failover takes where nothing is said, in seconds: what managed databases promise ("typically 60 seconds or less").
pub(crate) const TAKES_OVER: f64 = 60.0;

/// After how many seconds another takes over from what fails of an element. `None` if nobody says that any does: then it is gone
/// until its failure ends, as a takeover that nobody promised may never come.
pub fn takes_over_after(arch: &Architecture, element: ElementId) -> Option<f64> {
    let said = said_after(arch, element);
    match arch.choice(arch.element(element).at)? {
        Failover::Automatic => said.or(Some(TAKES_OVER)),
        Failover::Manual => said,
        Failover::None => None,
    }
}

fn said_after(arch: &Architecture, element: ElementId) -> Option<f64> {
    arch.part(arch.element(element).at, &FAILOVER, &FAILOVER_AFTER).and_then(FactValue::number)
}

/// What takes over.
#[derive(Clone, Copy)]
pub(crate) struct Takeover {
    /// After how many seconds.
    pub(crate) after: f64,
    /// Whether that is said, and not taken to be so.
    pub(crate) is_said: bool,
    /// How many replicas do nothing else.
    pub(crate) standbys: u32,
    /// How many answer reads until then.
    pub(crate) copies: u32,
}

/// Who does what a replica did that is gone.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Succession {
    /// Any of the others, at once: no `failover` says that one is in charge.
    AtOnce,
    /// One is in charge, and another takes over from it.
    TakenOver,
    /// Those that a call comes to are in charge, and nobody takes over: however many others there are, they help nothing.
    Nobody,
}

impl Succession {
    /// That of an element. A takeover that is promised is from one that leads, however long it takes.
    pub(crate) fn of(arch: &Architecture, element: ElementId) -> Succession {
        match (arch.fact(arch.element(element).at, &FAILOVER), takes_over_after(arch, element)) {
            (None, _) => Succession::AtOnce,
            (Some(_), Some(_)) => Succession::TakenOver,
            (Some(_), None) => Succession::Nobody,
        }
    }

    /// How many of the replicas at work are in charge: what such a one does is missed from when it fails until another has taken
    /// over from it. Where all are needed, each is.
    pub(crate) fn in_charge(self, needed: u32, replicas: u32) -> u32 {
        if replicas <= needed {
            return needed;
        }
        match self {
            Succession::AtOnce => 0,
            Succession::TakenOver => 1,
            Succession::Nobody => needed,
        }
    }
}

/// The share of the calls that come to a replica that is lost, if each comes to so many of all and which these are is not known.
pub(crate) fn share_missed(in_charge: u32, lost: u32, replicas: u32) -> f64 {
    let left = replicas.saturating_sub(lost);
    let meets = |nth: u32| f64::from(left.saturating_sub(nth)) / f64::from(replicas.saturating_sub(nth).max(1));
    1.0 - (0..in_charge).map(meets).product::<f64>()
}

/// Something with a standby of which nobody says that it takes over.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct IdleStandby {
    /// What it is called.
    pub station: String,
}

impl IdleStandby {
    /// Whether an element is that, of what is left when some places are gone. Where a takeover is refused nothing is left to say.
    pub(crate) fn of(
        arch: &Architecture,
        placements: &Placements,
        element: ElementId,
        gone: &[DeployNodeId],
    ) -> Option<IdleStandby> {
        let is_refused = arch.choice(arch.element(element).at) == Some(Failover::None);
        let is_idle = takes_over_after(arch, element).is_none() && !is_refused;
        let is_there = is_idle && placements.standby(element, gone) > 0;
        is_there.then(|| IdleStandby { station: arch.element(element).path.to_string() })
    }
}

impl fmt::Display for IdleStandby {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "no standby takes over from {}, as nothing says when: write `failover automatic after=60s`, or `manual`, with the time that it takes",
            self.station
        )
    }
}

/// What takes over from an element, of what is left when some places are gone.
pub(crate) fn takeover(
    arch: &Architecture,
    placements: &Placements,
    element: ElementId,
    gone: &[DeployNodeId],
) -> Option<Takeover> {
    let copies = f64::from(placements.read_replicas(arch, element));
    let all = placements.shares_of_copies(element);
    let is_gone = |around: &[DeployNodeId]| around.iter().any(|place| gone.contains(place));
    let lost: f64 = all.iter().filter(|(_, around)| is_gone(around)).map(|(share, _)| share).sum();
    Some(Takeover {
        after: takes_over_after(arch, element)?,
        is_said: said_after(arch, element).is_some(),
        standbys: placements.standby(element, gone),
        copies: (copies * (1.0 - lost)).round() as u32,
    })
}

#[cfg(test)]
mod tests {
    use super::share_missed;

    /// One of two in charge; two of four of which one is lost; a quorum of two that any loss may hit.
    #[test]
    fn calls_meet_what_is_lost_by_its_share() {
        for ((in_charge, lost, replicas), share) in [
            ((0, 1, 2), 0.0),
            ((1, 1, 2), 0.5),
            ((1, 1, 4), 0.25),
            ((2, 1, 4), 0.5),
            ((2, 2, 4), 5.0 / 6.0),
            ((2, 3, 4), 1.0),
        ] {
            assert!((share_missed(in_charge, lost, replicas) - share).abs() < 1e-12, "{in_charge} {lost} {replicas}");
        }
    }
}

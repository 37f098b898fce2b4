//! What takes over from what fails: one answer for failures of elements, failures of places and availability.

use crate::placement::Placements;
use groma_model::decode::FactValue;
use groma_model::facts::element::{FAILOVER, FAILOVER_AFTER, Failover, READ_REPLICAS};
use groma_model::{Architecture, DeployNodeId, ElementId};

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

/// What takes over from an element: of all that there is, or of what is left when a place is gone.
pub(crate) fn takeover(
    arch: &Architecture,
    placements: &Placements,
    element: ElementId,
    gone: Option<DeployNodeId>,
) -> Option<Takeover> {
    let copies = arch.quantity(arch.element(element).at, &READ_REPLICAS).map_or(0.0, |copies| copies.low);
    let lost = gone.map_or(0.0, |place| placements.share_of_copies_at(element, place, &[]).0);
    Some(Takeover {
        after: takes_over_after(arch, element)?,
        is_said: said_after(arch, element).is_some(),
        standbys: placements.standby(element, gone),
        copies: (copies * (1.0 - lost)).round() as u32,
    })
}

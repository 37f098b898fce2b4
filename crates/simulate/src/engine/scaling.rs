//! Autoscalers at work.

use crate::network::{Scaling, StationId};
use groma_model::Idx;
use std::collections::VecDeque;

/// Fewer replicas are only wanted after nothing has asked for more for so long, as the autoscaler of Kubernetes has it
/// (`--horizontal-pod-autoscaler-downscale-stabilization`).
const PATIENCE: f64 = 300.0;

pub(super) type ScalerId = Idx<Scaler>;

/// An autoscaler and what it remembers.
pub(super) struct Scaler {
    pub(super) station: StationId,
    /// The station whose use is looked at: the same, or the cores that it has for its own.
    pub(super) measured: StationId,
    pub(super) scaling: Scaling,
    pub(super) range: (u32, u32),
    /// Replicas that work.
    pub(super) replicas: u32,
    /// When the replicas that start will work.
    pub(super) starting: VecDeque<f64>,
    /// Slots or cores in use summed over time, up to the beginning of this measurement window and up to the latest decision.
    pub(super) carried: f64,
    pub(super) seen: f64,
    /// What was wanted, when.
    wanted: VecDeque<(f64, u32)>,
}

impl Scaler {
    pub(super) fn new(
        station: StationId,
        measured: StationId,
        scaling: Scaling,
        range: (u32, u32),
        replicas: u32,
    ) -> Scaler {
        // So many were wanted until now.
        let wanted = VecDeque::from([(0.0, replicas)]);
        let (starting, carried, seen) = (VecDeque::new(), 0.0, 0.0);
        Scaler { station, measured, scaling, range, replicas, starting, carried, seen, wanted }
    }

    /// The replicas that work or start.
    pub(super) fn there(&self) -> u32 {
        self.replicas + self.starting.len() as u32
    }

    /// Takes so many away, those first that were asked for last and have not started yet.
    pub(super) fn take_away(&mut self, count: u32) {
        let unstarted = (self.starting.len() as u32).min(count);
        self.starting.truncate(self.starting.len() - unstarted as usize);
        self.replicas = self.replicas.saturating_sub(count - unstarted).max(self.range.0);
    }

    /// How many replicas there should be, if this share of what it measures was in use since the last decision: the rule of the
    /// horizontal pod autoscaler of Kubernetes, `ceil(replicas x use / target)`.
    pub(super) fn decide(&mut self, now: f64, in_use: f64) -> u32 {
        let ratio = in_use / self.scaling.target;
        let there = self.there();
        let wanted = if self.scaling.is_met_by(in_use) {
            there
        } else {
            ((f64::from(self.replicas) * ratio).ceil() as u32).clamp(self.range.0, self.range.1)
        };
        while self.wanted.front().is_some_and(|(when, _)| now - when > PATIENCE) {
            self.wanted.pop_front();
        }
        self.wanted.push_back((now, wanted));
        if wanted >= there {
            return wanted;
        }
        self.wanted.iter().map(|(_, wanted)| *wanted).max().unwrap_or(wanted).min(there)
    }
}

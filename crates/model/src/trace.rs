//! Arrivals as they were recorded, which a load may follow.

use groma_base::FileId;
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// Arrivals as they were recorded.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Trace {
    /// When each came, in seconds after the first, not falling; and what it wanted, as an index into `flows`.
    pub arrivals: Vec<(f64, Option<u32>)>,
    /// The names of the flows that are named.
    pub flows: Vec<Box<str>>,
}

/// The traces of a workspace: by the file that names one, and the path as it is written there.
pub type Traces = FxHashMap<(FileId, Box<str>), Arc<Trace>>;

impl Trace {
    /// The trace of these arrivals, in any order, counted from any moment on.
    pub fn new(mut arrivals: Vec<(f64, Option<u32>)>, flows: Vec<Box<str>>) -> Trace {
        arrivals.sort_by(|a, b| a.0.total_cmp(&b.0));
        let first = arrivals.first().map_or(0.0, |(time, _)| *time);
        arrivals.iter_mut().for_each(|(time, _)| *time -= first);
        Trace { arrivals, flows }
    }

    /// How long it is, in seconds.
    pub fn length(&self) -> f64 {
        self.arrivals.last().map_or(0.0, |(time, _)| *time)
    }
}

//! Types for what is known in advance of the times of a program's operations; `response_distribution` finds it out.

/// What is known of a place in a program.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ExpectedResponse {
    /// How long branches take until it is decided, or one try of a call until it is answered or given up.
    pub(crate) times: MeanTimes,
    /// The share of tries that are given up after the timeout.
    pub(crate) late: f64,
    /// The share of tries that are made a second time before they are answered.
    pub(crate) again: f64,
}

/// How long something takes whoever does it, on average and without any waiting but that which is given.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MeanTimes {
    /// Whatever comes of it.
    pub(crate) all: f64,
    /// How likely it goes well.
    pub(crate) ok: f64,
    /// If it goes well.
    pub(crate) well: f64,
}

impl MeanTimes {
    pub(crate) const NOTHING: MeanTimes = MeanTimes { all: 0.0, ok: 1.0, well: 0.0 };

    pub(crate) fn always(time: f64) -> MeanTimes {
        MeanTimes { all: time, ok: 1.0, well: time }
    }

    /// This, and then another if it went well.
    pub(crate) fn then(self, next: MeanTimes) -> MeanTimes {
        MeanTimes { all: self.all + self.ok * next.all, ok: self.ok * next.ok, well: self.well + next.well }
    }

    /// This, and another instead if it failed.
    pub(crate) fn or_else(self, instead: MeanTimes) -> MeanTimes {
        let failed = 1.0 - self.ok;
        let ok = self.ok + failed * instead.ok;
        let well = self.ok * self.well + failed * instead.ok * (self.badly() + instead.well);
        let well = if ok > 0.0 { well / ok } else { 0.0 };
        MeanTimes { all: self.all + failed * instead.all, ok, well }
    }

    /// The time of what fails.
    pub(crate) fn badly(self) -> f64 {
        if self.ok < 1.0 { (self.all - self.ok * self.well) / (1.0 - self.ok) } else { 0.0 }
    }
}

//! Availability, error budgets and burn rates.
//!
//! Sources: Trivedi, *Probability and Statistics with Reliability, Queuing and Computer Science Applications* (2001);
//! IEC 61508-6 for the beta factor; *The Site Reliability Workbook* (2018), chapter 5, for burn rates.

/// The share of time that something is there which fails every `mtbf` and is repaired in `mttr`, in the same unit.
pub fn from_mtbf(mtbf: f64, mttr: f64) -> f64 {
    mtbf / (mtbf + mttr)
}

/// The availability of what needs all of these.
pub fn series(parts: impl IntoIterator<Item = f64>) -> f64 {
    parts.into_iter().product()
}

/// The availability of what needs `needed` of `count` like parts, which fail independently.
pub fn at_least(needed: u32, count: u32, part: f64) -> f64 {
    if needed > count {
        return 0.0;
    }
    // The unavailability is summed, as it is the small number.
    let mut ways = 1.0;
    let mut missing = 0.0;
    for up in 0..needed {
        missing += ways * part.powi(up as i32) * (1.0 - part).powi((count - up) as i32);
        ways *= f64::from(count - up) / f64::from(up + 1);
    }
    1.0 - missing
}

/// The unavailability of `needed` of `count` like parts of which a share `beta` of the failures takes all at once (the
/// beta-factor model).
pub fn with_common_cause(needed: u32, count: u32, part: f64, beta: f64) -> f64 {
    let gone = 1.0 - part;
    let independent = 1.0 - at_least(needed, count, 1.0 - (1.0 - beta) * gone);
    if count == needed { gone.max(independent) } else { independent + beta * gone }
}

/// The seconds of a window that an objective leaves for failures.
pub fn budget(objective: f64, window: f64) -> f64 {
    (1.0 - objective) * window
}

/// An alert on the burn rate of an error budget, over a long window and a short one.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct BurnAlert {
    /// The objective, such as 0.999.
    pub objective: f64,
    /// The window of the objective, in seconds.
    pub window: f64,
    /// The long window, in seconds.
    pub long: f64,
    /// The short window, in seconds.
    pub short: f64,
    /// How many times too fast the budget must burn.
    pub burn: f64,
}

impl BurnAlert {
    /// The share of the budget that is gone when the alert has burned for its long window.
    pub fn budget_consumed(&self) -> f64 {
        self.burn * self.long / self.window
    }

    /// The share of errors at which it fires.
    pub fn threshold(&self) -> f64 {
        self.burn * (1.0 - self.objective)
    }

    /// The seconds until the budget is gone at this rate.
    pub fn exhausted_after(&self) -> f64 {
        self.window / self.burn
    }

    /// The seconds after which it fires when this share of requests fails from now on; `None` if never.
    pub fn detected_after(&self, errors: f64) -> Option<f64> {
        let share = self.threshold() / errors;
        (share <= 1.0).then(|| (share * self.long).max(share * self.short))
    }

    /// The seconds after the end of a total outage until the short window lets it end.
    pub fn reset_after(&self) -> f64 {
        self.short * (1.0 - self.threshold())
    }
}

/// The objective below which an alert of this burn rate can never fire: not even if everything fails.
pub fn lowest_objective(burn: f64) -> f64 {
    1.0 - 1.0 / burn
}

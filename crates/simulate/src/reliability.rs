//! Availability, error budgets and burn rates.
//!
//! Sources: Trivedi, *Probability and Statistics with Reliability, Queuing and Computer Science Applications* (2001);
//! IEC 61508-6 for the beta factor; *The Site Reliability Workbook* (2018), chapter 5, for burn rates.

/// The share of time that something is there which fails every `mtbf` and is repaired in `mttr`, in the same unit.
pub fn from_mtbf(mtbf: f64, mttr: f64) -> f64 {
    mtbf / (mtbf + mttr)
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

/// The share of time in which something with this availability is gone and nothing has taken over from it, where that takes `after` and
/// a repair `mttr` on average, exponentially distributed, in the same unit: of each failure it lasts min(`after`, repair).
pub fn switching(one: f64, mttr: f64, after: f64) -> f64 {
    if mttr <= 0.0 {
        return 0.0;
    }
    (1.0 - one) * -libm::expm1(-after / mttr)
}

/// The objective below which an alert of this burn rate can never fire: not even if everything fails.
pub fn lowest_objective(burn: f64) -> f64 {
    1.0 - 1.0 / burn
}

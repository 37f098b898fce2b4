//! Numbers that differ by rounding alone.

/// By how much of the larger two numbers differ at most if rounding alone tells them apart.
const ROUNDING: f64 = 1e-9;

/// Whether two numbers differ by rounding alone, if at all: then they are told and judged alike.
pub fn is_same(a: f64, b: f64) -> bool {
    a == b || a.is_finite() && b.is_finite() && (a - b).abs() <= ROUNDING * a.abs().max(b.abs())
}

/// Whether a number is greater than another by more than rounding.
pub fn is_beyond(a: f64, b: f64) -> bool {
    a > b && !is_same(a, b)
}

//! Numbers as people read them: three significant digits.

use crate::metric::Metric;
pub use crate::rounding::{is_beyond, is_same};
use crate::stats::Estimate;
use groma_base::Dimension;

/// A number with three significant digits and separators: `12,300`, `0.0123`.
pub fn plain(value: f64) -> String {
    if !value.is_finite() {
        return if value.is_nan() { "unknown".into() } else { "unbounded".into() };
    }
    if value == 0.0 {
        return "0".into();
    }
    let digits = 2 - value.abs().log10().floor() as i32;
    let scale = 10f64.powi(digits);
    let rounded = (value * scale).round() / scale;
    grouped(&format!("{rounded:.*}", digits.clamp(0, 12) as usize))
}

/// A number with separators between its thousands, without zeros that say nothing.
fn grouped(text: &str) -> String {
    let (whole, rest) = text.split_once('.').map_or((text, ""), |(whole, rest)| (whole, rest.trim_end_matches('0')));
    let negative = whole.starts_with('-');
    let digits: Vec<char> = whole.trim_start_matches('-').chars().collect();
    let mut grouped = String::new();
    for (at, digit) in digits.iter().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(*digit);
    }
    let sign = if negative { "-" } else { "" };
    if rest.is_empty() { format!("{sign}{grouped}") } else { format!("{sign}{grouped}.{rest}") }
}

/// Seconds with the unit that reads best: `12.3 ms`.
pub fn time(seconds: f64) -> String {
    let (factor, unit) = match seconds.abs() {
        _ if !seconds.is_finite() => return plain(seconds),
        0.0 => return "0 s".into(),
        value if value < 0.999_5e-3 => (1e6, "µs"),
        value if value < 0.999_5 => (1e3, "ms"),
        value if value < 120.0 => (1.0, "s"),
        value if value < 7200.0 => (1.0 / 60.0, "min"),
        value if value < 172_800.0 => (1.0 / 3600.0, "h"),
        _ => (1.0 / 86_400.0, "d"),
    };
    format!("{} {unit}", plain(seconds * factor))
}

/// Bytes with the unit that reads best: `256 kB`.
pub fn size(bytes: f64) -> String {
    let (factor, unit) = match bytes.abs() {
        _ if !bytes.is_finite() => return plain(bytes),
        value if value < 999.5 => (1.0, "B"),
        value if value < 999.5e3 => (1e-3, "kB"),
        value if value < 999.5e6 => (1e-6, "MB"),
        value if value < 999.5e9 => (1e-9, "GB"),
        _ => (1e-12, "TB"),
    };
    format!("{} {unit}", plain(bytes * factor))
}

/// A share as a percentage; near one, with the digits that matter: `99.95%`.
pub fn share(value: f64) -> String {
    if !value.is_finite() {
        return plain(value);
    }
    if value > 0.9 && value < 1.0 - 1e-12 {
        let missing = (1.0 - value) * 100.0;
        let digits = (1 - missing.log10().floor() as i32).clamp(0, 9) as usize;
        let text = format!("{:.digits$}", value * 100.0);
        let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
        return format!("{text}%");
    }
    // Less than once in the events of any simulation.
    if value.abs() < 1e-11 {
        return "0%".into();
    }
    format!("{}%", plain(value * 100.0))
}

/// The value of a metric with its unit.
pub fn of_metric(metric: Metric, value: f64) -> String {
    of_dimension(metric.dimension(), value)
}

fn of_dimension(dimension: Dimension, value: f64) -> String {
    match dimension {
        Dimension::Time => time(value),
        Dimension::Ratio => share(value),
        Dimension::Rate => format!("{}/s", plain(value)),
        Dimension::Data => size(value),
        Dimension::Count
        | Dimension::DataRate
        | Dimension::Money
        | Dimension::MoneyPerTime
        | Dimension::MoneyPerData => plain(value),
    }
}

/// An estimate of a metric with its interval: `16 ms (15.7 ms to 16.2 ms)`.
pub fn interval(metric: Metric, estimate: &Estimate) -> String {
    told(estimate, |value| of_metric(metric, value))
}

/// By how much a metric changes, with its interval; a share by percentage points, as `-50%` would be half of it.
pub fn change(metric: Metric, difference: &Estimate) -> String {
    if metric.dimension() == Dimension::Ratio {
        return format!("{} percentage points", told(difference, |value| plain(value * 100.0)));
    }
    interval(metric, difference)
}

/// The same beside a limit, with as many digits as it takes to see on which side of it each number is.
pub fn interval_beside(metric: Metric, estimate: &Estimate, limit: f64) -> String {
    told(estimate, |value| apart(metric.dimension(), value, limit).0)
}

fn told(estimate: &Estimate, words: impl Fn(f64) -> String) -> String {
    let value = words(estimate.value);
    let (low, high) = (words(estimate.low), words(estimate.high));
    if low == high && low == value {
        return value;
    }
    format!("{value} ({low} to {high})")
}

/// Digits beyond which two numbers are the same to all who read.
const MOST_DIGITS: usize = 15;

/// Two numbers as people read them, with as many digits as it takes to tell them apart unless they differ by rounding alone.
pub fn apart(dimension: Dimension, a: f64, b: f64) -> (String, String) {
    let readable = (of_dimension(dimension, a), of_dimension(dimension, b));
    if readable.0 != readable.1 || is_same(a, b) || !a.is_finite() || !b.is_finite() {
        return readable;
    }
    let (factor, unit) = match dimension {
        Dimension::Time if a.abs() < 1.0 => (1e3, " ms"),
        Dimension::Time => (1.0, " s"),
        Dimension::Ratio => (100.0, "%"),
        Dimension::Rate => (1.0, "/s"),
        Dimension::Data => (1.0, " B"),
        Dimension::Count
        | Dimension::DataRate
        | Dimension::Money
        | Dimension::MoneyPerTime
        | Dimension::MoneyPerData => (1.0, ""),
    };
    let told = |value: f64, digits| format!("{}{unit}", with_digits(value * factor, digits));
    let pairs = (4..=MOST_DIGITS).map(|digits| (told(a, digits), told(b, digits)));
    pairs.into_iter().find(|(a, b)| a != b).unwrap_or(readable)
}

/// A number rounded to so many significant digits.
fn with_digits(value: f64, digits: usize) -> String {
    let whole = if value == 0.0 { 0 } else { value.abs().log10().floor() as i32 };
    let decimals = (digits as i32 - 1 - whole).max(0) as usize;
    grouped(&format!("{value:.decimals$}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        let shown: Vec<String> = [0.0, 12_345.6, 0.012_345, 999.9, 1.0, -4.25, 7.0e-9].map(plain).to_vec();
        assert_eq!(shown, ["0", "12,300", "0.0123", "1,000", "1", "-4.25", "0.000000007"]);
        assert_eq!([0.000_25, 0.0123, 1.5, 300.0].map(time), ["250 µs", "12.3 ms", "1.5 s", "5 min"]);
        assert_eq!([0.000_999_9, 0.999_9].map(time), ["1 ms", "1 s"]);
        assert_eq!([0.999, 0.999_5, 0.05, 0.123_4, 1.0].map(share), ["99.9%", "99.95%", "5%", "12.3%", "100%"]);
        assert_eq!([0.0, 7.31e-7, 1e-13].map(share), ["0%", "0.0000731%", "0%"]);
    }

    #[test]
    fn numbers_that_differ_are_seen_to_differ() {
        let cases = [
            (Dimension::Ratio, 0.99, 0.989_996, "99%", "98.9996%"),
            (Dimension::Ratio, 0.99, 0.95, "99%", "95%"),
            (Dimension::Ratio, 0.05, 0.050_001, "5%", "5.0001%"),
            (Dimension::Time, 0.1, 0.100_04, "100 ms", "100.04 ms"),
            (Dimension::Time, 3.0, 2.999_99, "3 s", "2.99999 s"),
            (Dimension::Count, 2001.0, 2000.0, "2,001", "2,000"),
            (Dimension::Rate, 100.0, 99.99, "100/s", "99.99/s"),
            (Dimension::Count, 7.0, 7.0, "7", "7"),
            (Dimension::Time, 0.01, 0.010_000_000_000_2, "10 ms", "10 ms"),
            (Dimension::Time, 0.3, 0.1 + 0.1 + 0.1, "300 ms", "300 ms"),
        ];
        assert!(is_beyond(f64::INFINITY, 1.0) && !is_beyond(0.1 + 0.1 + 0.1, 0.3) && is_beyond(0.300_001, 0.3));
        for (dimension, a, b, first, second) in cases {
            assert_eq!(apart(dimension, a, b), (first.to_owned(), second.to_owned()));
        }
    }
}

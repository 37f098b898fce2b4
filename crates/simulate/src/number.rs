//! Numbers as people read them: three significant digits.

use crate::stats::Estimate;
use groma_base::Dimension;

/// A number with three significant digits and separators: `12,300`, `0.0123`.
pub fn plain(value: f64) -> String {
    if !value.is_finite() {
        return if value.is_nan() { "unknown".into() } else { "without end".into() };
    }
    if value == 0.0 {
        return "0".into();
    }
    let digits = 2 - value.abs().log10().floor() as i32;
    let scale = 10f64.powi(digits);
    let rounded = (value * scale).round() / scale;
    let text = format!("{rounded:.*}", digits.clamp(0, 12) as usize);
    let (whole, rest) =
        text.split_once('.').map_or((text.as_str(), ""), |(whole, rest)| (whole, rest.trim_end_matches('0')));
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

/// What a metric measures.
pub fn measures(metric: &str) -> Dimension {
    match metric {
        "p50" | "p90" | "p95" | "p99" | "mean" | "recovery-time" | "data-loss" => Dimension::Time,
        "error-rate" | "success" | "availability" | "utilization" => Dimension::Ratio,
        "throughput" => Dimension::Rate,
        _ => Dimension::Count,
    }
}

/// The value of a metric with its unit.
pub fn of_metric(metric: &str, value: f64) -> String {
    match measures(metric) {
        Dimension::Time => time(value),
        Dimension::Ratio => share(value),
        Dimension::Rate => format!("{}/s", plain(value)),
        _ => plain(value),
    }
}

/// An estimate of a metric with its interval: `16 ms (15.7 ms to 16.2 ms)`.
pub fn interval(metric: &str, estimate: &Estimate) -> String {
    let value = of_metric(metric, estimate.value);
    if estimate.low == estimate.high {
        return value;
    }
    format!("{value} ({} to {})", of_metric(metric, estimate.low), of_metric(metric, estimate.high))
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
}

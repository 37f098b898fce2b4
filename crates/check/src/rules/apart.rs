//! Two numbers in one message: where they differ, it must be seen that they do.

use groma_base::Dimension;
use groma_simulate::number::{plain, share, time};

/// Digits beyond which two numbers are the same to all who read.
const MOST_DIGITS: usize = 15;

/// Two numbers as people read them, with as many digits as it takes to tell them apart.
pub(super) fn apart(dimension: Dimension, a: f64, b: f64) -> (String, String) {
    let usual = |value| match dimension {
        Dimension::Time => time(value),
        Dimension::Ratio => share(value),
        Dimension::Rate => format!("{}/s", plain(value)),
        _ => plain(value),
    };
    let readable = (usual(a), usual(b));
    if readable.0 != readable.1 || a == b || !a.is_finite() || !b.is_finite() {
        return readable;
    }
    let (factor, unit) = match dimension {
        Dimension::Time if a.abs() < 1.0 => (1e3, " ms"),
        Dimension::Time => (1.0, " s"),
        Dimension::Ratio => (100.0, "%"),
        Dimension::Rate => (1.0, "/s"),
        _ => (1.0, ""),
    };
    let told = |value: f64, digits| format!("{}{unit}", with_digits(value * factor, digits));
    let pairs = (4..=MOST_DIGITS).map(|digits| (told(a, digits), told(b, digits)));
    pairs.into_iter().find(|(a, b)| a != b).unwrap_or(readable)
}

/// A number rounded to so many significant digits.
fn with_digits(value: f64, digits: usize) -> String {
    let whole = if value == 0.0 { 0 } else { value.abs().log10().floor() as i32 };
    let decimals = (digits as i32 - 1 - whole).max(0) as usize;
    let text = format!("{value:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::apart;
    use groma_base::Dimension;

    #[test]
    fn numbers_that_differ_are_seen_to_differ() {
        let cases = [
            (Dimension::Ratio, 0.99, 0.989_996, "99%", "98.9996%"),
            (Dimension::Ratio, 0.99, 0.95, "99%", "95%"),
            (Dimension::Ratio, 0.05, 0.050_001, "5%", "5.0001%"),
            (Dimension::Time, 0.1, 0.100_04, "100 ms", "100.04 ms"),
            (Dimension::Time, 3.0, 2.999_99, "3 s", "2.99999 s"),
            (Dimension::Count, 2001.0, 2000.0, "2001", "2000"),
            (Dimension::Rate, 100.0, 99.99, "100/s", "99.99/s"),
            (Dimension::Count, 7.0, 7.0, "7", "7"),
        ];
        for (dimension, a, b, first, second) in cases {
            assert_eq!(apart(dimension, a, b), (first.to_owned(), second.to_owned()));
        }
    }
}

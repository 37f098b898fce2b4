//! Quantities: numbers with units, written bare in the language (`10s`, `99.9%`, `$3000/month`, `3..20`).

use std::fmt;

/// What a quantity measures.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Dimension {
    /// A plain number.
    Count,
    /// Time in seconds.
    Time,
    /// Data in bytes.
    Data,
    /// A share of one; `99.9%` is 0.999.
    Ratio,
    /// Happenings a second.
    Rate,
    /// Bytes a second.
    DataRate,
    /// Money in the given currency.
    Money,
    /// Money a second.
    MoneyPerTime,
    /// Money a byte.
    MoneyPerData,
}

impl Dimension {
    /// How messages call it.
    pub fn word(self) -> &'static str {
        match self {
            Dimension::Count => "number",
            Dimension::Time => "duration",
            Dimension::Data => "amount of data",
            Dimension::Ratio => "percentage",
            Dimension::Rate => "rate",
            Dimension::DataRate => "data rate",
            Dimension::Money => "amount of money",
            Dimension::MoneyPerTime => "amount of money per time",
            Dimension::MoneyPerData => "amount of money per data",
        }
    }

    /// Two examples for messages.
    pub fn examples(self) -> &'static str {
        match self {
            Dimension::Count => "`3` or `2..20`",
            Dimension::Time => "`200ms` or `10s`",
            Dimension::Data => "`500MB` or `5GiB`",
            Dimension::Ratio => "`99.9%` or `5%`",
            Dimension::Rate => "`800/s` or `100/min`",
            Dimension::DataRate => "`20MB/s`",
            Dimension::Money => "`$3000`",
            Dimension::MoneyPerTime => "`$3000/month`",
            Dimension::MoneyPerData => "`$0.02/GB`",
        }
    }
}

/// One unit: its symbol, what it measures, its size in the base unit and its meaning.
#[derive(Debug)]
pub struct UnitDoc {
    /// As written.
    pub symbol: &'static str,
    /// What it measures.
    pub dimension: Dimension,
    /// Size in seconds, bytes or shares of one.
    pub size: f64,
    /// What it means.
    pub meaning: &'static str,
}

const fn unit(symbol: &'static str, dimension: Dimension, size: f64, meaning: &'static str) -> UnitDoc {
    UnitDoc { symbol, dimension, size, meaning }
}

/// The closed set of units. A month is 30 days and a year 365, as error budgets are counted.
pub static UNITS: &[UnitDoc] = &[
    unit("ns", Dimension::Time, 1e-9, "nanoseconds"),
    unit("us", Dimension::Time, 1e-6, "microseconds"),
    unit("µs", Dimension::Time, 1e-6, "microseconds"),
    unit("ms", Dimension::Time, 1e-3, "milliseconds"),
    unit("s", Dimension::Time, 1.0, "seconds"),
    unit("m", Dimension::Time, 60.0, "minutes"),
    unit("min", Dimension::Time, 60.0, "minutes"),
    unit("h", Dimension::Time, 3600.0, "hours"),
    unit("d", Dimension::Time, 86_400.0, "days"),
    unit("w", Dimension::Time, 604_800.0, "weeks"),
    unit("month", Dimension::Time, 2_592_000.0, "months of 30 days"),
    unit("year", Dimension::Time, 31_536_000.0, "years of 365 days"),
    unit("B", Dimension::Data, 1.0, "bytes"),
    unit("kB", Dimension::Data, 1e3, "kilobytes (1000 B)"),
    unit("MB", Dimension::Data, 1e6, "megabytes"),
    unit("GB", Dimension::Data, 1e9, "gigabytes"),
    unit("TB", Dimension::Data, 1e12, "terabytes"),
    unit("PB", Dimension::Data, 1e15, "petabytes"),
    unit("KiB", Dimension::Data, 1024.0, "kibibytes (1024 B)"),
    unit("MiB", Dimension::Data, 1_048_576.0, "mebibytes"),
    unit("GiB", Dimension::Data, 1_073_741_824.0, "gibibytes"),
    unit("TiB", Dimension::Data, 1_099_511_627_776.0, "tebibytes"),
    unit("PiB", Dimension::Data, 1_125_899_906_842_624.0, "pebibytes"),
    unit("%", Dimension::Ratio, 0.01, "per cent"),
];

/// The currency signs that may stand before an amount.
const CURRENCIES: [char; 4] = ['$', '€', '£', '¥'];

/// Whether a character may begin an amount of money.
pub fn is_currency(character: char) -> bool {
    CURRENCIES.contains(&character)
}

/// A number or a range of numbers with its unit, in base units (seconds, bytes, shares of one, per second).
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Quantity {
    /// What it measures.
    pub dimension: Dimension,
    /// The value, or the lower end of a range.
    pub low: f64,
    /// The upper end of a range; equal to `low` for a single value.
    pub high: f64,
    /// The sign of the currency, for money.
    pub currency: Option<char>,
}

/// Why a text is no quantity.
#[derive(Clone, PartialEq, Debug)]
pub enum QuantityError {
    /// It does not start as a number.
    NotANumber,
    /// The letters after the number are no unit.
    UnknownUnit {
        /// What stands where a unit should.
        unit: String,
        /// Where it starts in the text, in bytes.
        at: usize,
    },
    /// This unit cannot stand after `/` here.
    UnknownPer {
        /// What stands after the slash.
        unit: String,
        /// Where it starts in the text, in bytes.
        at: usize,
    },
    /// The range's second end is below its first.
    Backwards,
}

impl fmt::Display for QuantityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            QuantityError::NotANumber => write!(f, "not a number"),
            QuantityError::UnknownUnit { unit, .. } => write!(f, "unknown unit `{unit}`"),
            QuantityError::UnknownPer { unit, .. } => write!(f, "`{unit}` cannot stand after `/`"),
            QuantityError::Backwards => write!(f, "the range runs backwards"),
        }
    }
}

impl Quantity {
    /// A plain number.
    pub fn count(value: f64) -> Quantity {
        Quantity { dimension: Dimension::Count, low: value, high: value, currency: None }
    }

    /// Whether it is a range rather than one value.
    pub fn is_range(self) -> bool {
        self.low != self.high
    }

    /// Reads a quantity such as `10s`, `99.9%`, `5GiB`, `800/s`, `$3000/month`, `3..20` or `8..10d`.
    ///
    /// # Errors
    /// If the text is no number, its unit is not in [`UNITS`], or a range runs backwards.
    pub fn parse(text: &str) -> Result<Quantity, QuantityError> {
        let (sign, currency, after_currency) = split_currency(text);
        let (low, rest) = number(after_currency).ok_or(QuantityError::NotANumber)?;
        let (high, rest) = match rest.strip_prefix("..") {
            Some(after) => number(after).ok_or(QuantityError::NotANumber)?,
            None => (low, rest),
        };
        let (low, high) = if sign { (-high, -low) } else { (low, high) };
        if high < low {
            return Err(QuantityError::Backwards);
        }
        let at = text.len() - rest.len();
        let (symbol, per) = match rest.split_once('/') {
            Some((symbol, per)) => (symbol, Some(per)),
            None => (rest, None),
        };
        let (dimension, size) =
            own_unit(symbol, currency).ok_or(QuantityError::UnknownUnit { unit: symbol.into(), at })?;
        let (dimension, size) = match per {
            None => (dimension, size),
            Some(per) => per_unit(dimension, size, per)
                .ok_or(QuantityError::UnknownPer { unit: per.into(), at: at + symbol.len() + 1 })?,
        };
        // Parts of one divide, so that 70% is 0.7 and not the next number after it.
        let parts = (1.0 / size).round();
        let is_part = size < 1.0 && (parts * size - 1.0).abs() < 1e-12;
        let sized = |value: f64| if is_part { value / parts } else { value * size };
        Ok(Quantity { dimension, low: sized(low), high: sized(high), currency })
    }
}

fn split_currency(text: &str) -> (bool, Option<char>, &str) {
    let (negative, rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    match rest.chars().next().filter(|first| is_currency(*first)) {
        Some(sign) => (negative, Some(sign), &rest[sign.len_utf8()..]),
        None => (negative, None, rest),
    }
}

/// The decimal number at the start of the text and what follows it. A `.` counts only before a digit,
/// so that `3..20` splits at the dots.
fn number(text: &str) -> Option<(f64, &str)> {
    let bytes = text.as_bytes();
    let digits =
        |from: usize| from + bytes[from..].iter().take_while(|byte| byte.is_ascii_digit() || **byte == b'_').count();
    if !bytes.first()?.is_ascii_digit() {
        return None;
    }
    let mut end = digits(0);
    if bytes.get(end) == Some(&b'.') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit) {
        end = digits(end + 1);
    }
    let value = text[..end].replace('_', "").parse().ok()?;
    Some((value, &text[end..]))
}

fn find_unit(symbol: &str) -> Option<(Dimension, f64)> {
    UNITS.iter().find(|unit| unit.symbol == symbol).map(|unit| (unit.dimension, unit.size))
}

fn own_unit(symbol: &str, currency: Option<char>) -> Option<(Dimension, f64)> {
    match (symbol, currency) {
        ("", None) => Some((Dimension::Count, 1.0)),
        ("", Some(_)) => Some((Dimension::Money, 1.0)),
        (_, Some(_)) => None,
        (symbol, None) => find_unit(symbol),
    }
}

fn per_unit(dimension: Dimension, size: f64, per: &str) -> Option<(Dimension, f64)> {
    let (per_dimension, per_size) = find_unit(per)?;
    let combined = match (dimension, per_dimension) {
        (Dimension::Count, Dimension::Time) => Dimension::Rate,
        (Dimension::Data, Dimension::Time) => Dimension::DataRate,
        (Dimension::Money, Dimension::Time) => Dimension::MoneyPerTime,
        (Dimension::Money, Dimension::Data) => Dimension::MoneyPerData,
        _ => return None,
    };
    Some((combined, size / per_size))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, dimension: Dimension, low: f64, high: f64) {
        let quantity = Quantity::parse(text).unwrap();
        assert_eq!(quantity.dimension, dimension, "{text}");
        assert!((quantity.low - low).abs() <= low.abs() * 1e-12, "{text}: {}", quantity.low);
        assert!((quantity.high - high).abs() <= high.abs() * 1e-12, "{text}: {}", quantity.high);
    }

    #[test]
    fn quantities_of_every_dimension() {
        check("10s", Dimension::Time, 10.0, 10.0);
        check("200ms", Dimension::Time, 0.2, 0.2);
        check("5m", Dimension::Time, 300.0, 300.0);
        check("99.9%", Dimension::Ratio, 0.999, 0.999);
        check("5GiB", Dimension::Data, 5.0 * 1_073_741_824.0, 5.0 * 1_073_741_824.0);
        check("800/s", Dimension::Rate, 800.0, 800.0);
        check("60/min", Dimension::Rate, 1.0, 1.0);
        check("3..20", Dimension::Count, 3.0, 20.0);
        check("8..10d", Dimension::Time, 8.0 * 86_400.0, 10.0 * 86_400.0);
        check("1_000.5/s", Dimension::Rate, 1000.5, 1000.5);
        check("$3000/month", Dimension::MoneyPerTime, 3000.0 / 2_592_000.0, 3000.0 / 2_592_000.0);
        check("$0.02/GB", Dimension::MoneyPerData, 0.02e-9, 0.02e-9);
        check("-5%", Dimension::Ratio, -0.05, -0.05);
    }

    #[test]
    fn errors_say_what_is_wrong_and_where() {
        let error = |text| Quantity::parse(text).unwrap_err();
        assert_eq!(error("10foo"), QuantityError::UnknownUnit { unit: "foo".into(), at: 2 });
        assert_eq!(error("0n"), QuantityError::UnknownUnit { unit: "n".into(), at: 1 });
        assert_eq!(error("10/fortnight"), QuantityError::UnknownPer { unit: "fortnight".into(), at: 3 });
        assert_eq!(error("20..3"), QuantityError::Backwards);
        assert_eq!(error("1.0.0"), QuantityError::UnknownUnit { unit: ".0".into(), at: 3 });
        assert_eq!(error("5%/s"), QuantityError::UnknownPer { unit: "s".into(), at: 3 });
    }
}

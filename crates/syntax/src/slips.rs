//! Numbers as people write them elsewhere, and how they are written here.

use groma_base::{Dimension, Quantity, UNITS};

/// What a word that is no quantity was meant as.
pub(crate) struct Meant {
    pub(crate) message: String,
    pub(crate) help: String,
    /// What to write in its place, if that is certain.
    pub(crate) text: Option<String>,
}

/// The unit that a word or an abbreviation stands for, as it is written after a number: `s` for `seconds`, `/s` for `rps`.
pub fn unit_called(word: &str) -> Option<&'static str> {
    const CALLED: [(&str, &[&str]); 12] = [
        ("ms", &["msec", "msecs", "milli", "millis", "millisecond", "milliseconds"]),
        ("s", &["sec", "secs", "second", "seconds"]),
        ("min", &["mins", "minute", "minutes"]),
        ("h", &["hr", "hrs", "hour", "hours"]),
        ("d", &["day", "days"]),
        ("w", &["wk", "wks", "week", "weeks"]),
        ("month", &["mo", "mos", "mth", "months"]),
        ("year", &["y", "yr", "yrs", "years"]),
        ("%", &["percent", "pct"]),
        (
            "/s",
            &[
                "rps",
                "qps",
                "tps",
                "req/s",
                "reqs/s",
                "requests/s",
                "rq/s",
                "r/s",
                "req/sec",
                "requests/sec",
                "requests/second",
            ],
        ),
        ("/min", &["rpm", "req/min", "reqs/min", "requests/min", "requests/minute"]),
        ("/h", &["rph", "req/h", "requests/h", "requests/hour"]),
    ];
    if let Some(unit) = UNITS.iter().find(|unit| unit.symbol == word) {
        return Some(unit.symbol);
    }
    let lower = word.to_lowercase();
    if let Some((unit, _)) = CALLED.iter().find(|(_, called)| called.contains(&&*lower)) {
        return Some(unit);
    }
    // One letter alone may be a unit of something else: `W` is watts, and `w` is weeks.
    let mut alike = UNITS.iter().map(|unit| unit.symbol).filter(|symbol| symbol.eq_ignore_ascii_case(word));
    alike.next().filter(|_| alike.next().is_none() && word.chars().count() > 1)
}

/// What a letter in another case may have meant: of hours it is likely, of weeks it is not.
fn one_letter(number: &str, rest: &str) -> Option<String> {
    let unit = UNITS
        .iter()
        .find(|unit| ["s", "h", "d", "B"].contains(&unit.symbol) && unit.symbol.eq_ignore_ascii_case(rest))?;
    let meant = format!("{number}{}", unit.symbol);
    fits(&meant)
        .then(|| format!("write `{meant}` if {} are meant; `groma explain units` lists all units", unit.meaning))
}

/// The number of a quantity and its unit, as that is written here: `500hrs` is 500 in `h`. Thousands and millions are no unit.
pub fn number_and_unit(text: &str) -> Option<(&str, &'static str)> {
    let digits = text.bytes().take_while(|byte| byte.is_ascii_digit() || matches!(byte, b'_' | b'.')).count();
    let (number, rest) = text.split_at(digits);
    let unit = unit_called(rest).filter(|_| !rest.is_empty() && zeros_of(rest).is_none() && fits(number))?;
    Some((number, unit))
}

fn fits(meant: &str) -> bool {
    Quantity::parse(meant).is_ok()
}

fn written(message: String, meant: String) -> Option<Meant> {
    fits(&meant).then(|| Meant { message, help: format!("write `{meant}`"), text: Some(meant) })
}

/// What a number was meant as that has a comma behind it or after its first digits.
fn with_comma(text: &str, number: &str, rest: &str) -> Option<Meant> {
    if let Some(bare) = text.strip_suffix(',').filter(|bare| fits(bare)) {
        return written("values are separated by spaces, not commas".into(), bare.into())
            .map(|meant| Meant { help: "remove the comma: a space is enough".into(), ..meant });
    }
    let after = rest.strip_prefix(',')?;
    let decimals = after.bytes().take_while(u8::is_ascii_digit).count();
    let message = format!("`{text}` has a comma in its number");
    if after.starts_with(|first: char| first.is_ascii_digit()) && decimals == 3 {
        let thousands = text.replace(',', "_");
        let help = format!("write `{thousands}`, or `{number}.{after}` if the comma is a decimal point");
        return fits(&thousands).then_some(Meant { message, help, text: None });
    }
    written(message, format!("{number}.{after}"))
}

/// What a word that begins as a number does was meant as, if that can be told.
pub(crate) fn meant_number(text: &str) -> Option<Meant> {
    let digits = text.bytes().take_while(|byte| byte.is_ascii_digit() || matches!(byte, b'_' | b'.')).count();
    let (number, rest) = text.split_at(digits);
    let own = rest.split_once('/').map_or(rest, |(own, _)| own);
    if text.ends_with(',') && fits(&text[..text.len() - 1]) || rest.starts_with(',') {
        return with_comma(text, number, rest);
    }
    if let Some(meant) = unit_twice(text).or_else(|| units_together(text)).or_else(|| other_range(text)) {
        return Some(meant);
    }
    let message = || format!("`{text}` is not a valid quantity: there is no unit `{rest}`");
    if matches!(rest, "x" | "×") {
        return written(message(), number.into());
    }
    if let Some(unit) = rest.strip_prefix('/').and_then(unit_called) {
        return written(format!("`{text}` is not a valid quantity"), format!("{number}/{unit}"));
    }
    if let Some(zeros) = zeros_of(rest).filter(|_| !number.contains('.') && !number.is_empty()) {
        let meant = written(message(), format!("{number}{zeros}"))?;
        let minutes = format!("write `{number}m` for minutes, or `{number}{zeros}`");
        return Some(if rest == "M" { Meant { help: minutes, text: None, ..meant } } else { meant });
    }
    if let Some(sign) = currency_called(own) {
        let message = format!("`{text}` is not a valid quantity: the currency comes first");
        return written(message, format!("{sign}{number}{}", &rest[own.len()..]));
    }
    if let Some(digits) = with_digits(text) {
        return written(format!("`{text}` is not a valid quantity: it has a letter for a digit"), digits);
    }
    if let Some(help) = one_letter(number, rest) {
        return Some(Meant { message: message(), help, text: None });
    }
    let is_number = Quantity::parse(number).is_ok();
    let unit = unit_called(rest).filter(|_| is_number && !rest.is_empty())?;
    let meant = written(message(), format!("{number}{unit}"))?;
    // A small `b` may be a bit.
    Some(if rest.ends_with('b') { Meant { text: None, ..meant } } else { meant })
}

/// A quantity in which a letter stands for the digit that looks like it: `O2s`, `1Oms`, `l0s`.
pub fn with_digits(text: &str) -> Option<String> {
    let is_digit = |letter: char| letter.is_ascii_digit() || matches!(letter, 'O' | 'o' | 'l' | 'I' | '.' | '_');
    let (digits, unit) = text.split_at(text.find(|letter| !is_digit(letter)).unwrap_or(text.len()));
    let read = digits.replace(['O', 'o'], "0").replace(['l', 'I'], "1");
    let has_digit = digits.bytes().any(|byte| byte.is_ascii_digit());
    let number = if read.contains('.') { &read } else { read.trim_start_matches('0') };
    let meant = format!("{number}{unit}");
    (has_digit && read != digits && fits(&meant)).then_some(meant)
}

/// `2-6`, `2+`: a range with another sign, or without its end.
fn other_range(text: &str) -> Option<Meant> {
    for separator in ["...", "-", "–", "—", "…"] {
        let Some((low, high)) = text.split_once(separator) else { continue };
        if fits(low) && fits(high) {
            return written(format!("`{text}` is not a valid range"), format!("{low}..{high}"));
        }
    }
    let low = text.strip_suffix('+').filter(|low| fits(low))?;
    let message = format!("`{text}` is not a valid range: a range has two ends");
    Some(Meant { message, help: format!("write `{low}..` and the largest number, or `{low}`"), text: None })
}

/// The zeros that a word for thousands or millions stands for.
fn zeros_of(word: &str) -> Option<&'static str> {
    match word {
        "k" | "K" => Some("_000"),
        "M" | "mio" | "million" => Some("_000_000"),
        _ => None,
    }
}

/// The sign of a currency with this name, as people write it behind a number.
fn currency_called(name: &str) -> Option<&'static str> {
    match name.to_lowercase().as_str() {
        "$" | "usd" | "dollar" | "dollars" => Some("$"),
        "€" | "eur" | "euro" | "euros" => Some("€"),
        "£" | "gbp" => Some("£"),
        _ => None,
    }
}

/// `4ms..8ms`: a range with its unit at both ends. Of times nothing takes one.
fn unit_twice(text: &str) -> Option<Meant> {
    let (low, high) = text.split_once("..")?;
    let (lowest, _) = (Quantity::parse(low).ok()?, Quantity::parse(high).ok()?);
    let digits = low.trim_end_matches(|letter: char| !letter.is_ascii_digit());
    let unit = low[digits.len()..].to_owned();
    let meant = format!("{digits}..{high}");
    if unit.is_empty() || !high.ends_with(&unit) || !fits(&meant) {
        return None;
    }
    let message = format!("`{text}` is not a valid range: its unit stands once, behind it");
    if lowest.dimension != Dimension::Time {
        return written(message, meant);
    }
    let help = "a time is one value: write the mean, and how it varies as `p99=…`, `cv=…` or `distribution=uniform`";
    Some(Meant { message, help: help.into(), text: None })
}

/// `1h30m`: a time in several units, as it is in the smallest of them.
fn units_together(text: &str) -> Option<Meant> {
    let (mut total, mut rest, mut count, mut last) = (0.0, text, 0, "");
    while !rest.is_empty() {
        let digits = rest.len() - rest.trim_start_matches(|digit: char| digit.is_ascii_digit()).len();
        let letters = rest[digits..].find(|letter: char| !letter.is_ascii_alphabetic()).unwrap_or(rest.len() - digits);
        let unit = unit_called(&rest[digits..digits + letters]).filter(|_| digits > 0)?;
        let part = Quantity::parse(&format!("{}{unit}", &rest[..digits])).ok()?;
        if part.dimension != Dimension::Time {
            return None;
        }
        total += part.low;
        (last, count) = (unit, count + 1);
        rest = &rest[digits + letters..];
    }
    let one = Quantity::parse(&format!("1{last}")).ok()?.low;
    let number = (total / one).round();
    let last = if last == "m" { "min" } else { last };
    let message = format!("`{text}` is not a valid quantity: a quantity has one unit");
    written(message, format!("{number}{last}")).filter(|_| count > 1)
}

//! Numbers as people write them elsewhere, and how they are written here.

use groma_base::{Quantity, UNITS};

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
    let mut alike = UNITS.iter().map(|unit| unit.symbol).filter(|symbol| symbol.eq_ignore_ascii_case(word));
    alike.next().filter(|_| alike.next().is_none())
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
    for separator in ["...", "-", "–", "—", "…"] {
        let Some((low, high)) = text.split_once(separator) else { continue };
        if fits(low) && fits(high) {
            return written(format!("`{text}` is not a valid range"), format!("{low}..{high}"));
        }
    }
    if let Some(low) = text.strip_suffix('+').filter(|low| fits(low)) {
        let message = format!("`{text}` is not a valid range: a range has two ends");
        return Some(Meant {
            message,
            help: format!("write `{low}..` and the largest number, or `{low}`"),
            text: None,
        });
    }
    let message = || format!("`{text}` is not a valid quantity: there is no unit `{rest}`");
    let thousand = match rest {
        "k" | "K" => Some("_000"),
        "M" | "mio" | "million" => Some("_000_000"),
        _ => None,
    };
    if let Some(zeros) = thousand.filter(|_| !number.contains('.') && !number.is_empty()) {
        let meant = written(message(), format!("{number}{zeros}"))?;
        let minutes = format!("write `{number}m` for minutes, or `{number}{zeros}`");
        return Some(if rest == "M" { Meant { help: minutes, text: None, ..meant } } else { meant });
    }
    let per = &rest[own.len()..];
    let sign = match own.to_lowercase().as_str() {
        "$" | "usd" | "dollar" | "dollars" => "$",
        "€" | "eur" | "euro" | "euros" => "€",
        "£" | "gbp" => "£",
        _ => "",
    };
    if !sign.is_empty() {
        return written(
            format!("`{text}` is not a valid quantity: the currency comes first"),
            format!("{sign}{number}{per}"),
        );
    }
    let is_number = Quantity::parse(number).is_ok();
    let unit = unit_called(rest).filter(|_| is_number && !rest.is_empty())?;
    let meant = written(message(), format!("{number}{unit}"))?;
    // A small `b` may be a bit.
    Some(if rest.ends_with('b') { Meant { text: None, ..meant } } else { meant })
}

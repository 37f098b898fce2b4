//! The values of facts: what fits a type, and what is said of what does not.

use super::unknown::is_percentile;
use super::{Decoder, WRONG_VALUE};
use crate::facets::decisions::class::RECORDED;
use crate::facts;
use crate::facts::quality::Metric;
use crate::items::{Text, Value};
use crate::schema::{Fact, Type};
use groma_base::{
    Dimension, MeantDate, Quantity, did_you_mean, is_blank, is_date, list_words, meant_date, nearest, only_meant,
};
use groma_syntax::{Value as SyntaxValue, Word, WordKind, number_and_unit, with_digits};

impl Decoder<'_> {
    pub(super) fn value(&mut self, fact: &'static Fact, word: Word) -> Option<Value> {
        if word.kind == WordKind::Broken {
            self.doubts_if(true);
            self.broken_count(fact, word);
            return None;
        }
        if self.begins_slip(word) {
            let is_text = matches!(fact.ty, Type::Text | Type::TextOrName(_));
            return is_text.then(|| Value::Text(self.text_of_slip(word)));
        }
        if matches!(fact.ty, Type::Reference(_)) && self.parted.contains_key(&word.range().start) {
            return Some(Value::Reference(Text::Slice(self.whole_value(word))));
        }
        let word = self.without_comma(word);
        let value = self.tree.value(word);
        // `$200` alone is a name to the parser, which does not know where money may stand.
        let money = match &value {
            SyntaxValue::Text(text) if word.kind == WordKind::Bare && fact.ty == Type::Quantity => {
                Quantity::parse(text).ok().filter(|quantity| quantity.dimension == Dimension::Money)
            }
            _ => None,
        };
        let value = money.map_or(value, SyntaxValue::Quantity);
        let result = match fact.ty {
            Type::Text | Type::TextOrName(_) if value == SyntaxValue::Null => Err(None),
            // A fact that says nothing would count as one that is given.
            _ if matches!(&value, SyntaxValue::Text(text) if is_blank(text)) => {
                Err(Some("an empty text says nothing: fill it, or leave the fact out".into()))
            }
            Type::Text | Type::TextOrName(_) | Type::Query => Ok(Value::Text(self.text_of(word))),
            Type::Bool => boolean(&value),
            Type::Whole => whole(&value).map(Value::Quantity),
            Type::Number => number(&value),
            Type::Amount => amount(&value),
            Type::Quantity => quantity(&value),
            Type::Duration => measured(&value, Dimension::Time, "s"),
            Type::Rate => measured(&value, Dimension::Rate, "/s"),
            Type::MoneyPerTime => measured(&value, Dimension::MoneyPerTime, "/month"),
            Type::Size => measured(&value, Dimension::Data, "MB"),
            Type::Ratio => ratio(&value),
            Type::OneOf(words) => one_of(words, fact, &value),
            Type::Reference(_) if matches!(value, SyntaxValue::Text(_)) => Ok(Value::Reference(self.text_of(word))),
            // A record is called by its number.
            Type::Reference(classes)
                if classes.iter().any(|class| class.is_in(RECORDED))
                    && matches!(value, SyntaxValue::Number(number) if number.as_f64() >= 0.0) =>
            {
                Ok(Value::Reference(Text::Slice(word.range())))
            }
            Type::Reference(_) => Err(None),
            Type::Date => date(&value, self.text_of(word)),
        };
        let value = result.map_err(|hint| self.wrong_value(fact, word, hint)).ok()?;
        if matches!(value, Value::Quantity(quantity) if quantity.is_range()) && !fact.is_ranged {
            self.range_of_one(fact, word);
            return None;
        }
        Some(value)
    }

    /// Reports a count with a unit that is none here, `500hrs`: it has none, and that unit it would not take either.
    fn broken_count(&mut self, fact: &'static Fact, word: Word) {
        if self.seeks_slips && without_unit(fact, self.source(word.range())).is_some() {
            self.wrong_value(fact, word, None);
        }
    }

    /// A range where one value is meant: which end of it would count?
    fn range_of_one(&mut self, fact: &'static Fact, word: Word) {
        let range = word.range();
        let shown = range.of(&self.tree.text);
        let message = format!("`{shown}` is a range, and `{}` is one value", fact.name);
        let finding = self.report(WRONG_VALUE, range, message);
        finding.primary.message = format!("expected {}", fact.expected());
        finding.help.push(if fact == &facts::step::TIME || fact == &facts::load::THINK {
            "write the mean, and how it varies: `p99=…`, `cv=…` or `distribution=uniform`".into()
        } else {
            "write what is expected; `groma sweep` and `--what-if` show what other values would change".into()
        });
    }

    fn wrong_value(&mut self, fact: &'static Fact, word: Word, hint: Option<String>) {
        let range = word.range();
        let shown = range.of(&self.tree.text).to_owned();
        let meant = meant(fact, &self.tree.value(word), &shown);
        let span = self.span(range);
        let message = match self.head_of {
            Some(kind) => format!("`{shown}` is not a valid {} for `{kind}`", fact.ty.noun()),
            None => format!("`{shown}` is not a valid value for `{}`", fact.name),
        };
        let finding = self.report(WRONG_VALUE, range, message);
        finding.primary.message = format!("expected {}", fact.expected());
        match meant {
            Some(meant) => finding.add_meant(span, meant),
            None if fact.parts.contains(&&facts::quality::UNDER) && Quantity::parse(&shown).is_ok() => {
                finding.help.push(format!("write `under={shown}` or `over={shown}`"));
            }
            None if fact == &facts::load::USERS && Quantity::parse(&shown).is_ok_and(is_rate) => {
                finding.help.push(format!("that many requests arrive, whoever sends them: write `rate {shown}`"));
            }
            None => finding.help.extend(hint),
        }
    }
}

/// The one of some words that a word of other tools stands for.
fn choice_called(text: &str, words: &[(&str, &str)]) -> Option<&'static str> {
    const CALLED: [(&str, &[&str]); 6] = [
        ("first", &["any", "race", "fastest", "either"]),
        ("all", &["every", "both", "each"]),
        ("exponential", &["exp", "expo", "exponentially"]),
        ("constant", &["const", "fixed"]),
        ("round-robin", &["rr", "roundrobin"]),
        ("regular", &["constant", "uniform", "even", "fixed"]),
    ];
    let lower = text.to_lowercase();
    let is_known = |meant: &&str| words.iter().any(|(known, _)| known == meant);
    let mut meant = CALLED.iter().filter(|(_, called)| called.contains(&&*lower)).map(|(meant, _)| *meant);
    meant.find(is_known)
}

/// Why a value does not fit, as a hint.
type Hint = Option<String>;

/// What a wrong value was certainly meant as, as it is written.
fn meant(fact: &'static Fact, value: &SyntaxValue<'_>, shown: &str) -> Option<String> {
    match value {
        SyntaxValue::Text(text) => without_unit(fact, text).or_else(|| meant_text(fact, text)),
        SyntaxValue::Number(number) => {
            let number = number.as_f64();
            // 1 is all for some, and a hundredth for others.
            (fact.ty == Type::Ratio && number > 1.0 && number <= 100.0).then(|| format!("{shown}%"))
        }
        SyntaxValue::Quantity(_) => without_unit(fact, shown),
        SyntaxValue::Bool(_) | SyntaxValue::Null => None,
    }
}

/// The number of a count that is written with a unit. Of a weight `85%` is as good as 85; that something comes so often in a time is no count.
fn without_unit(fact: &Fact, shown: &str) -> Option<String> {
    let (number, unit) = number_and_unit(shown).filter(|_| fact.ty.dimension() == Some(Dimension::Count))?;
    let fits = Quantity::parse(number).is_ok_and(|number| fact.is_ranged || !number.is_range());
    (fits && !unit.starts_with('/')).then(|| number.to_owned())
}

/// What a wrong text was certainly meant as, as it is written.
fn meant_text(fact: &'static Fact, text: &str) -> Option<String> {
    match fact.ty {
        Type::Bool => match text.to_lowercase().as_str() {
            "yes" | "true" | "on" | "y" => Some("#true".into()),
            "no" | "false" | "off" | "n" => Some("#false".into()),
            // How others vary a pause.
            "full" | "equal" | "decorrelated" | "random" if fact == &facts::relation::JITTER => Some("#true".into()),
            _ => None,
        },
        Type::OneOf(words) => {
            let near = nearest(text, words.iter().map(|(known, _)| *known));
            only_meant(text, &near).or_else(|| choice_called(text, words)).map(str::to_owned)
        }
        Type::Quantity => Quantity::parse(text).ok().map(|_| text.to_owned()),
        Type::Date => match meant_date(text)? {
            MeantDate::Day(day) => Some(day),
            MeantDate::NoSuchDay | MeantDate::OneOfTwo => None,
        },
        Type::Whole
        | Type::Number
        | Type::Amount
        | Type::Duration
        | Type::Rate
        | Type::Ratio
        | Type::MoneyPerTime
        | Type::Size => {
            let written = with_digits(text).unwrap_or_else(|| text.to_owned());
            let quantity = Quantity::parse(&written).ok()?;
            (fact.ty.dimension() == Some(quantity.dimension)).then_some(written)
        }
        Type::Text | Type::TextOrName(_) | Type::Reference(_) | Type::Query => None,
    }
}

fn boolean(value: &SyntaxValue<'_>) -> Result<Value, Hint> {
    match value {
        SyntaxValue::Bool(value) => Ok(Value::Bool(*value)),
        SyntaxValue::Text(_) | SyntaxValue::Number(_) | SyntaxValue::Quantity(_) | SyntaxValue::Null => Err(None),
    }
}

fn number(value: &SyntaxValue<'_>) -> Result<Value, Hint> {
    match value {
        SyntaxValue::Number(number) if number.as_f64() < 0.0 => Err(Some("it must not be negative".into())),
        SyntaxValue::Number(number) if !number.as_f64().is_finite() => Err(Some("it must be a number".into())),
        SyntaxValue::Number(number) => Ok(Value::Quantity(Quantity::count(number.as_f64()))),
        SyntaxValue::Text(_) | SyntaxValue::Quantity(_) | SyntaxValue::Bool(_) | SyntaxValue::Null => Err(None),
    }
}

fn amount(value: &SyntaxValue<'_>) -> Result<Value, Hint> {
    match value {
        SyntaxValue::Quantity(quantity) if quantity.dimension == Dimension::Count && quantity.low >= 0.0 => {
            Ok(Value::Quantity(*quantity))
        }
        SyntaxValue::Quantity(quantity) if quantity.dimension == Dimension::Count => {
            Err(Some("it must not be negative".into()))
        }
        SyntaxValue::Text(_)
        | SyntaxValue::Number(_)
        | SyntaxValue::Quantity(_)
        | SyntaxValue::Bool(_)
        | SyntaxValue::Null => number(value),
    }
}

fn quantity(value: &SyntaxValue<'_>) -> Result<Value, Hint> {
    match value {
        SyntaxValue::Number(number) if !number.as_f64().is_finite() => Err(Some("it must be a number".into())),
        SyntaxValue::Number(number) => Ok(Value::Quantity(Quantity::count(number.as_f64()))),
        SyntaxValue::Quantity(quantity) => Ok(Value::Quantity(*quantity)),
        SyntaxValue::Text(_) | SyntaxValue::Bool(_) | SyntaxValue::Null => Err(None),
    }
}

fn one_of(
    words: &'static [(&'static str, &'static str)],
    fact: &'static Fact,
    value: &SyntaxValue<'_>,
) -> Result<Value, Hint> {
    let SyntaxValue::Text(text) = value else { return Err(None) };
    if let Some((known, _)) = words.iter().find(|(known, _)| *known == text) {
        return Ok(Value::Choice(known));
    }
    if fact.many && text.contains(',') {
        let each = text.replace(',', " ");
        let each: Vec<&str> = each.split_whitespace().collect();
        return Err(Some(format!("write several in the block, without commas: `{} {}`", fact.name, each.join(" "))));
    }
    let is_latency =
        matches!(&**text, "latency" | "response-time" | "duration" | "time" | "speed" | "http_req_duration");
    let is_time = |known: &&str| is_percentile(known) || *known == Metric::Mean.word();
    let mut times = words.iter().map(|(known, _)| *known).filter(is_time).peekable();
    if is_latency && times.peek().is_some() {
        let times: Vec<String> = times.map(|time| format!("`{time}`")).collect();
        return Err(Some(format!("write {}", list_words(times.iter().map(String::as_str), "or"))));
    }
    if text == "http_req_failed" && words.iter().any(|(known, _)| *known == Metric::ErrorRate.word()) {
        return Err(Some("write `error-rate`".into()));
    }
    if is_percentile(text) && words.iter().any(|(known, _)| is_percentile(known)) {
        let all = words.iter().map(|(known, _)| *known).filter(|known| is_percentile(known));
        return Err(Some(format!("the percentiles are {}", list_words(all, "and"))));
    }
    Err(did_you_mean(&nearest(text, words.iter().map(|(known, _)| *known))))
}

fn whole(value: &SyntaxValue<'_>) -> Result<Quantity, Hint> {
    let quantity = match value {
        SyntaxValue::Number(number) => Quantity::count(number.as_f64()),
        SyntaxValue::Quantity(quantity) if quantity.dimension == Dimension::Count => *quantity,
        SyntaxValue::Text(_) | SyntaxValue::Quantity(_) | SyntaxValue::Bool(_) | SyntaxValue::Null => return Err(None),
    };
    let fits = |value: f64| value >= 0.0 && value.fract() == 0.0;
    if quantity.high >= 1e15 && fits(quantity.low) {
        Err(Some("it must be below 1,000,000,000,000,000".into()))
    } else if fits(quantity.low) && fits(quantity.high) {
        Ok(quantity)
    } else {
        Err(Some("it must be whole and not negative".into()))
    }
}

fn measured(value: &SyntaxValue<'_>, dimension: Dimension, unit: &str) -> Result<Value, Hint> {
    match value {
        SyntaxValue::Quantity(quantity) if quantity.dimension == dimension && quantity.low >= 0.0 => {
            Ok(Value::Quantity(*quantity))
        }
        SyntaxValue::Quantity(quantity) if quantity.dimension == dimension => {
            Err(Some("it must not be negative".into()))
        }
        SyntaxValue::Quantity(quantity) => {
            let word = quantity.dimension.word();
            let article = if word.starts_with('a') { "an" } else { "a" };
            Err(Some(format!("this is {article} {word}")))
        }
        SyntaxValue::Number(number) => {
            let number = number.as_f64();
            Err(Some(match dimension {
                Dimension::Time => format!("add a unit, such as `{number}ms` or `{number}s`"),
                Dimension::Rate => format!("add a unit, such as `{number}/s` or `{number}/min`"),
                Dimension::Data => format!("add a unit, such as `{number}kB` or `{number}MB`"),
                Dimension::Count
                | Dimension::Ratio
                | Dimension::DataRate
                | Dimension::Money
                | Dimension::MoneyPerTime
                | Dimension::MoneyPerData => format!("write money over time, such as `${number}{unit}`"),
            }))
        }
        SyntaxValue::Text(text)
            if dimension == Dimension::MoneyPerTime && text.starts_with(groma_base::is_currency) =>
        {
            Err(Some(format!("say over what time: `{text}{unit}`")))
        }
        SyntaxValue::Text(_) | SyntaxValue::Bool(_) | SyntaxValue::Null => Err(None),
    }
}

fn ratio(value: &SyntaxValue<'_>) -> Result<Value, Hint> {
    match value {
        SyntaxValue::Quantity(quantity) if quantity.dimension == Dimension::Ratio => {
            let fits = quantity.low >= 0.0 && quantity.high <= 1.0;
            if fits { Ok(Value::Quantity(*quantity)) } else { Err(Some("it must be between 0% and 100%".into())) }
        }
        SyntaxValue::Number(number) if (0.0..1.0).contains(&number.as_f64()) => {
            let percent = (number.as_f64() * 1e8).round() / 1e6;
            Err(Some(format!("write a share in per cent: `{percent}%`")))
        }
        SyntaxValue::Number(_) => Err(Some("it must be between 0% and 100%".into())),
        SyntaxValue::Text(_) | SyntaxValue::Quantity(_) | SyntaxValue::Bool(_) | SyntaxValue::Null => Err(None),
    }
}

fn date(value: &SyntaxValue<'_>, text: Text) -> Result<Value, Hint> {
    let SyntaxValue::Text(written) = value else { return Err(Some("put the date in quotes".into())) };
    if is_date(written) {
        return Ok(Value::Text(text));
    }
    Err(meant_date(written).map(|meant| match meant {
        MeantDate::NoSuchDay => "there is no such day: write one of the calendar".into(),
        MeantDate::OneOfTwo | MeantDate::Day(_) => {
            "write the year first, then the month and the day: `2026-11-30`".into()
        }
    }))
}

fn is_rate(quantity: Quantity) -> bool {
    quantity.dimension == Dimension::Rate
}

//! Dates: how they compare, how long ago they were and how long it is until they come.

use super::of_technologies::Said;
use super::parse::Words;
use super::scope::Scope;
use super::select::{Asking, select};
use super::terms::{Days, Operator};
use super::values::{compares, is_within, quantity};
use super::{QueryError, error};
use crate::ItemRef;
use crate::schema::{Fact, Type};
use groma_base::{Dimension, Quantity, is_date};

/// Seconds of a day.
const DAY: f64 = 86_400.0;

impl Asking<'_> {
    /// `date<2026-12-31`
    pub(super) fn comparing_dates(
        &self,
        fact: &Words,
        operator: Operator,
        value: &Words,
        facts: &[&'static Fact],
        among: Vec<ItemRef>,
    ) -> Result<Vec<ItemRef>, QueryError> {
        if !is_date(&value.text) {
            let message = format!("`{}` cannot be compared with `{}`: that takes a date", fact.text, value.text);
            return Err(error(value.range, message, "write `2026-11-30`, or ask for its age: `age(date)>90d`"));
        }
        let fits = |own: &str| match operator {
            Operator::Less => own < &*value.text,
            Operator::LessOrEqual => own <= &*value.text,
            Operator::Greater => own > &*value.text,
            Operator::GreaterOrEqual => own >= &*value.text,
            Operator::Equal => own == value.text,
        };
        let said = Said::asked(self.arch, fact, facts);
        Ok(select(among, |at| self.dates(at, facts, said.as_ref()).into_iter().any(fits)))
    }

    /// The dates that something has in these facts, those that hold where it says nothing among them, or that technologies say which it
    /// names.
    pub(super) fn dates<'s>(
        &'s self,
        at: ItemRef,
        facts: &'s [&'static Fact],
        said: Option<&Said<'s>>,
    ) -> Vec<&'s str> {
        if let Some(said) = said {
            return said.of(at);
        }
        let given = self.values(at, facts).map(|given| self.arch.words(at, given));
        given.chain(self.defaults(at, facts).into_iter().map(|(_, default)| default)).collect()
    }

    /// `age(fact)>value` or `time-to(fact)<value`
    pub(super) fn counted(
        &self,
        days: Days,
        fact: &Words,
        (operator, value): (Operator, &Words),
        scope: &Scope<'_>,
        among: Vec<ItemRef>,
    ) -> Result<Vec<ItemRef>, QueryError> {
        let (facts, word) = (self.facts(fact, scope)?, days.word());
        if facts.iter().any(|fact| fact.ty != Type::Date) {
            return Err(error(fact.range, format!("`{}` is no date", fact.text), format!("`{word}` takes a date")));
        }
        let asked = quantity(value)?;
        if asked.dimension != Dimension::Time {
            let message = format!("`{word}` cannot be compared with `{}`: that takes a duration", value.text);
            return Err(error(value.range, message, "write a duration such as `90d`"));
        }
        if !is_within((0.0, f64::INFINITY), operator, asked) {
            return Err(error(
                value.range,
                format!("`{word}` can never compare so with `{}`", value.text),
                days.help(),
            ));
        }
        let Some(today) = self.answers.today else {
            let help = format!(
                "`groma query`, standards and `breaking` know; a picture is the same on every day, so a view compares with one: `{}<2026-09-01`",
                fact.text
            );
            return Err(error(fact.range, format!("`{word}` needs to know what day it is"), help));
        };
        let said = Said::asked(self.arch, fact, &facts);
        Ok(select(among, |at| {
            let dates = self.dates(at, &facts, said.as_ref()).into_iter();
            let mut counts = dates.filter_map(|date| days.count(date, today));
            counts.any(|days| compares(exactly(days as f64 * DAY), operator, asked))
        }))
    }
}

fn exactly(seconds: f64) -> Quantity {
    Quantity { dimension: Dimension::Time, low: seconds, high: seconds, currency: None }
}

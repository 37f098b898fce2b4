//! What is traded for what: the requirements over a grid of numbers.

use crate::draw::{Chart, Line, Panel, Unit};
use groma_base::Dimension;
use groma_simulate::Judgement;
use groma_simulate::number::{interval_beside, plain};
use std::collections::BTreeSet;

/// More lines than this in a panel cannot be told apart.
const MOST_LINES: usize = 6;

/// A fact that is varied.
#[derive(Clone, Debug)]
pub struct Varied<'a> {
    /// The fact, as in `shop.core.replicas`.
    pub fact: &'a str,
    /// Where each of its values lies on an axis.
    pub positions: Vec<f64>,
    /// In which unit; `None` for the smallest of their dimension.
    pub unit: Option<&'a str>,
}

/// What came out over a grid of numbers.
#[derive(Clone, Copy, Debug)]
pub struct TradeOff<'a> {
    /// The facts that were varied.
    pub varied: &'a [Varied<'a>],
    /// For each combination, the last fact changing first: the values of the facts, as written, and what was judged.
    pub points: &'a [(&'a [String], &'a [Judgement])],
}

/// The requirements that change, over the values of the first fact; a line for each combination of the others. `None` if
/// none changes.
pub fn trade_off(found: &TradeOff<'_>) -> Option<Chart> {
    let first = found.varied.first()?;
    let panels: Vec<Panel> = (0..found.points.first()?.1.len())
        .filter(|nth| changes(found, *nth))
        .map(|nth| panel(found, first, nth))
        .collect();
    if panels.is_empty() {
        return None;
    }
    let unit = first.unit.unwrap_or("in base units");
    Some(Chart {
        title: format!("What {} changes", first.fact),
        description: format!(
            "{} numbers that are required, for {} values of {}.",
            panels.len(),
            plain(first.positions.len() as f64),
            first.fact
        ),
        axis: if unit.is_empty() { first.fact.to_owned() } else { format!("{}, {unit}", first.fact) },
        unit: Unit::Number,
        is_logarithmic: false,
        panels,
        shade: None,
    })
}

/// Whether what was found of a requirement depends on the combination.
fn changes(found: &TradeOff<'_>, nth: usize) -> bool {
    let told = |one: &Judgement| match &one.estimate {
        Some(estimate) => interval_beside(one.metric, estimate, one.limit),
        None => one.reason.to_string(),
    };
    let all: BTreeSet<String> = found.points.iter().map(|(_, judged)| told(&judged[nth])).collect();
    all.len() > 1
}

/// A requirement, over the values of the first fact.
fn panel(found: &TradeOff<'_>, first: &Varied<'_>, nth: usize) -> Panel {
    let one = &found.points[0].1[nth];
    let others = found.points.len() / first.positions.len();
    let line = |other: usize| {
        let facts = found.varied[1..].iter().zip(&found.points[other].0[1..]);
        let values = first.positions.iter().enumerate().map(|(at, across)| {
            let estimate = found.points[at * others + other].1[nth].estimate.as_ref();
            (*across, estimate.map(|estimate| estimate.value).filter(|value| value.is_finite()))
        });
        Line {
            name: facts.map(|(varied, value)| format!("{}={value}", varied.fact)).collect::<Vec<_>>().join(" "),
            points: values.collect(),
            is_marked: true,
        }
    };
    let unit = match one.metric.dimension() {
        Dimension::Time => Unit::Time,
        Dimension::Ratio => Unit::Share,
        Dimension::Count
        | Dimension::Data
        | Dimension::Rate
        | Dimension::DataRate
        | Dimension::Money
        | Dimension::MoneyPerTime
        | Dimension::MoneyPerData => Unit::Number,
    };
    let lines = (0..others.min(MOST_LINES)).map(line).collect();
    let title = if others > MOST_LINES { format!("{} ({MOST_LINES} of {others})", one.demand()) } else { one.demand() };
    Panel { limit: Some(one.limit), ..Panel::new(&title, unit, lines) }
}

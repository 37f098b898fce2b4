//! What comes of the requirements over a grid of numbers.

use crate::change::target_and_value;
use crate::what_if::go_on;
use crate::{Forecastable, NoAnswer, Selection};
use groma_base::Quantity;
use groma_simulate::{Options, Report, Verdict};
use std::collections::BTreeSet;
use std::sync::atomic::AtomicBool;

/// More combinations than this are a mistake.
pub const MOST_COMBINATIONS: usize = 1_000;

/// A fact with the values that it is given.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Axis {
    /// The fact, as in `shop.core.replicas`.
    pub fact: String,
    /// Its values, as they are written.
    pub values: Vec<String>,
}

impl Axis {
    /// Where each value lies on the axis, and the unit in which that is told; `None` if they have several units, and
    /// all are told in the smallest: seconds, bytes, a second.
    pub fn positions(&self) -> (Vec<f64>, Option<&str>) {
        let units: BTreeSet<&str> = self.values.iter().filter_map(|value| Some(number(value)?.1)).collect();
        let at = |nth: usize| match (number(&self.values[nth]), units.len()) {
            (Some((value, _)), 1) => value,
            _ => Quantity::parse(&self.values[nth]).map_or(nth as f64, |quantity| quantity.high),
        };
        let unit = if units.len() == 1 { units.first().copied() } else { None };
        ((0..self.values.len()).map(at).collect(), unit)
    }
}

/// What came out for a combination.
#[derive(Clone, Debug)]
pub struct Point {
    /// The values, in the order of the axes.
    pub values: Vec<String>,
    /// What is forecast with them.
    pub report: Report,
}

impl Point {
    /// Whether everything holds that was judged.
    pub fn holds(&self) -> bool {
        self.report.judgements.iter().all(|one| one.verdict == Verdict::Holds)
    }
}

/// Facts with the values that they are given: all combinations are asked about.
#[derive(Clone, Debug)]
pub struct Grid {
    axes: Vec<Axis>,
}

/// Why there is no such grid.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum NoGrid {
    /// This does not say which values.
    NoValues(String),
    /// These values cannot be spread.
    Values {
        /// The values as they were written.
        words: String,
        /// Why.
        reason: String,
    },
    /// So many combinations are more than [`MOST_COMBINATIONS`].
    TooMany(usize),
}

impl Grid {
    /// Reads facts and their values: `shop.core.replicas=2,4,8`, or from..to in so many steps:
    /// `peak.rate=200/s..2000/s:10`. Where it is not said in how many, few whole numbers are all taken.
    ///
    /// # Errors
    /// If one is not of that form, or if there are too many combinations. What names one fact in two ways is told when the
    /// workspace is asked, which alone knows what names mean.
    pub fn new(words: &[String]) -> Result<Grid, NoGrid> {
        let grid = Grid { axes: words.iter().map(|word| axis(word)).collect::<Result<Vec<Axis>, NoGrid>>()? };
        match grid.count() {
            count if count > MOST_COMBINATIONS => Err(NoGrid::TooMany(count)),
            _ => Ok(grid),
        }
    }

    /// How many combinations there are.
    pub fn count(&self) -> usize {
        self.axes.iter().map(|axis| axis.values.len()).product()
    }

    /// The values of the combination of this number; the last axis changes first.
    fn combination(&self, mut nth: usize) -> Vec<String> {
        let mut values: Vec<String> = Vec::new();
        for axis in self.axes.iter().rev() {
            values.push(axis.values[nth % axis.values.len()].clone());
            nth /= axis.values.len();
        }
        values.reverse();
        values
    }
}

/// What came out over a grid.
#[derive(Clone, Debug)]
pub struct TradeOffs {
    /// The facts that were varied.
    pub axes: Vec<Axis>,
    /// What came out for each combination; the last axis changes first.
    pub points: Vec<Point>,
}

impl TradeOffs {
    /// Whether nothing was judged.
    pub fn is_empty(&self) -> bool {
        self.points.iter().all(|point| point.report.judgements.is_empty())
    }

    /// The combinations with which everything holds.
    pub fn good(&self) -> impl Iterator<Item = &Point> {
        self.points.iter().filter(|point| point.holds())
    }

    /// A combination as changes that make it: `shop.core.replicas=2 peak.rate=200/s`.
    pub fn words(&self, point: &Point) -> Vec<String> {
        words(&self.axes, &point.values)
    }
}

fn words(axes: &[Axis], values: &[String]) -> Vec<String> {
    axes.iter().zip(values).map(|(axis, value)| format!("{}={value}", axis.fact)).collect()
}

impl Forecastable<'_> {
    /// What comes of the requirements that are selected with each combination of a grid.
    /// `progress` is told the number of each before it is forecast. All are simulated with the same random numbers, so
    /// that what differs comes from the values.
    ///
    /// # Errors
    /// If two axes are the same fact, a combination means nothing here or may not be forecast, or nobody waits for the answer
    /// any more.
    pub fn trade_offs(
        &self,
        grid: &Grid,
        selection: &Selection,
        options: &Options,
        cancel: &AtomicBool,
        progress: &dyn Fn(usize),
    ) -> Result<TradeOffs, NoAnswer> {
        let chosen = selection.resolved(self.arch());
        let mut points = Vec::new();
        for nth in 0..grid.count() {
            progress(nth);
            let values = grid.combination(nth);
            let changed = self.with_changes(&words(&grid.axes, &values))?;
            let report = changed.judge_some(&|one| chosen.is_wanted(self.arch(), one), options, cancel, &|_, _, _| {});
            go_on(cancel)?;
            points.push(Point { values, report });
        }
        Ok(TradeOffs { axes: grid.axes.clone(), points })
    }
}

fn axis(word: &str) -> Result<Axis, NoGrid> {
    let Some((fact, values)) = target_and_value(word).filter(|(fact, values)| !fact.is_empty() && !values.is_empty())
    else {
        return Err(NoGrid::NoValues(word.to_owned()));
    };
    let values = match values.split_once("..") {
        None => values.split(',').map(|value| value.trim().to_owned()).collect(),
        Some((from, rest)) => {
            range(from, rest).map_err(|reason| NoGrid::Values { words: values.to_owned(), reason })?
        }
    };
    Ok(Axis { fact: fact.to_owned(), values })
}

/// The number of values of a range of which it is not said.
const USUAL_STEPS: usize = 5;
/// So many whole numbers are all taken where it is not said how many are.
const MOST_WHOLE: f64 = 10.0;

/// The values from one number to another; `rest` is the other, perhaps with the number of steps: `20` or `20:5`.
fn range(from: &str, rest: &str) -> Result<Vec<String>, String> {
    let (to, said) = rest.split_once(':').map_or((rest, None), |(to, count)| (to, Some(count)));
    let read = |text| number(text).ok_or_else(|| format!("`{text}` is not a valid number, written like 2000 or 50ms"));
    let ((low, low_unit), (high, unit)) = (read(from)?, read(to)?);
    if low_unit != unit && !low_unit.is_empty() {
        return Err(format!("`{from}` and `{to}` have different units"));
    }
    if unit.starts_with(['e', 'E']) {
        return Err(format!("`{to}` has an exponent: write the number out"));
    }
    if low >= high {
        return Err("a range goes from the smaller number to the larger".to_owned());
    }
    let is_whole = low.fract() == 0.0 && high.fract() == 0.0;
    let is_allowed = |count: &usize| (2..=MOST_COMBINATIONS).contains(count);
    let count = match said {
        Some(said) => said
            .parse::<usize>()
            .ok()
            .filter(is_allowed)
            .ok_or_else(|| format!("`{said}` is not a number of steps from 2 to {MOST_COMBINATIONS}"))?,
        None if is_whole && unit.is_empty() && high - low < MOST_WHOLE => (high - low) as usize + 1,
        None => USUAL_STEPS,
    };
    let value = |nth: usize| {
        let value = low + (high - low) * nth as f64 / (count - 1) as f64;
        let value = if is_whole { value.round() } else { (value * 1e6).round() / 1e6 };
        format!("{value}{unit}")
    };
    let mut values: Vec<String> = (0..count).map(value).collect();
    values.dedup();
    Ok(values)
}

/// A number and the unit behind it.
fn number(text: &str) -> Option<(f64, &str)> {
    let end = text.find(|letter: char| !letter.is_ascii_digit() && !matches!(letter, '.' | '_')).unwrap_or(text.len());
    Some((text[..end].replace('_', "").parse().ok()?, &text[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_listed_or_spread() {
        let values = |word: &str| axis(word).ok().map(|axis| axis.values.join(" "));
        assert_eq!(values("a.b=2,4, 8").as_deref(), Some("2 4 8"));
        assert_eq!(values("a.b=1..3").as_deref(), Some("1 2 3"));
        assert_eq!(values("a.b=10ms..50ms:3").as_deref(), Some("10ms 30ms 50ms"));
        assert_eq!(values("p.rate=100..200/s:2").as_deref(), Some("100/s 200/s"));
        assert_eq!(values("a->b \"x=1\".c=2,4").as_deref(), Some("2 4"));
        assert_eq!(values("a.c=0.1..0.2:3").as_deref(), Some("0.1 0.15 0.2"));
        assert_eq!(values("a.c=2..8").as_deref(), Some("2 3 4 5 6 7 8"));
        assert_eq!(values("a.c=0..40").as_deref(), Some("0 10 20 30 40"));
        for wrong in ["a.b", "a.b=", "=3", "a.b=x..y", "a.b=5..1", "a.b=1s..5ms", "a.b=1..5:1"] {
            assert_eq!(values(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_last_fact_changes_first() {
        let grid = Grid::new(&["a=1,2".to_owned(), "b=x,y,z".to_owned()]).unwrap();
        let all: Vec<String> = (0..grid.count()).map(|nth| grid.combination(nth).concat()).collect();
        assert_eq!(all, ["1x", "1y", "1z", "2x", "2y", "2z"]);
    }
}

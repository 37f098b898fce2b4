//! A choice of an architecture as numbers.

use crate::choice::{Candidate, Cell, Choice, Criterion, Given, Must, OfMust};
use crate::matrix::Interval;
use crate::problems::Problems;
use crate::scale::{HIGHEST, LOWEST, Scale};
use crate::whole::{of_whole, said_twice};
use groma_base::Quantity;
use groma_model::facets::choices::CriterionOf;
use groma_model::facts::criterion::Better;
use groma_model::facts::option::By;
use groma_model::facts::{choice as whole, criterion as asked, option as said, quality as said_of};
use groma_model::items::FactValue;
use groma_model::{Architecture, ItemRef};

const ANYTHING: Interval = Interval { low: LOWEST, high: HIGHEST };

impl<'a> Choice<'a> {
    /// Reads a choice.
    pub fn of(arch: &'a Architecture, at: ItemRef) -> Choice<'a> {
        let mut problems = Problems { arch, found: Vec::new() };
        let criteria: Vec<Criterion<'a>> =
            arch.criteria_of(at).iter().map(|one| criterion(one, &mut problems)).collect();
        let musts = arch.musts_of(at).into_iter().map(|at| Must { at, name: arch.name(at), title: arch.title(at) });
        let musts: Vec<Must<'a>> = musts.collect();
        let options = arch.options_of(at);
        let options: Vec<Candidate<'a>> =
            options.into_iter().map(|at| candidate(at, (&criteria, &musts), &mut problems)).collect();
        let names_nothing = |option: &Candidate<'_>| {
            let is_none = |facts: [&'static groma_model::schema::Fact; 2], known: &dyn Fn(&str) -> bool| {
                facts
                    .iter()
                    .flat_map(|fact| arch.values_of(option.at, fact))
                    .any(|value| !known(arch.words(option.at, value)))
            };
            is_none([&said::SCORE, &said::VALUE], &|name| criteria.iter().any(|one| one.name == name))
                || is_none([&said::MEETS, &said::FAILS], &|name| musts.iter().any(|one| one.name == name))
        };
        let has_unknown_names = options.iter().any(names_nothing);
        let mut choice = Choice {
            at,
            name: arch.name(at),
            title: arch.title(at),
            criteria,
            musts,
            options,
            decision: arch.text(at, &whole::DECISION),
            despite: arch.text(at, &whole::DESPITE),
            problems: Vec::new(),
            has_unknown_names,
            is_broken: is_broken(arch, at),
        };
        // What could not be read may be what is missed.
        if !choice.is_broken {
            of_whole(&mut problems, &choice);
        }
        choice.problems = problems.found;
        choice
    }
}

/// Whether something in a choice could not be read.
fn is_broken(arch: &Architecture, at: ItemRef) -> bool {
    let (file, range) = (arch.file(at), arch.item(at).range);
    file.problems.iter().any(|problem| range.contains(problem.primary.span.range))
        || file.lost.iter().any(|lost| range.contains(*lost))
}

fn criterion<'a>(of: &CriterionOf, problems: &mut Problems<'a>) -> Criterion<'a> {
    let arch = problems.arch;
    let shipped = of.shipped;
    let name = of.at.map(|at| arch.name(at)).or(shipped.map(|one| one.name)).unwrap_or_default();
    let label = of.at.and_then(|at| arch.label(at)).or(shipped.map(|one| one.title));
    let weight = of.at.and_then(|at| arch.quantity_or_default(at, &asked::WEIGHT)).map_or(1.0, |weight| weight.high);
    if let Some(at) = of.at {
        problems.weight(at);
    }
    let scale = of.at.and_then(|at| scale(at, problems));
    let asks = shipped.map(|one| one.asks);
    let quality = of.at.and_then(|at| quality(at, scale.is_some(), problems));
    Criterion { at: of.at, name, title: label.unwrap_or(name), asks, weight, scale, quality }
}

/// The quality that a criterion is measured by: it must say one number, of what the scale is.
fn quality<'a>(at: ItemRef, has_scale: bool, problems: &mut Problems<'a>) -> Option<&'a str> {
    let arch = problems.arch;
    let given = arch.fact(at, &asked::MEASURE)?;
    let quality = arch.referred_record(at, given).map(|record| arch.records[record].at)?;
    let name = arch.name(quality);
    let limit = |require| {
        let part = |fact| arch.part_value_of(quality, require, fact);
        part(&said_of::UNDER).or_else(|| part(&said_of::OVER))
    };
    let limits: Vec<&FactValue> = arch.values_of(quality, &said_of::REQUIRE).filter_map(limit).collect();
    let [limit] = limits[..] else {
        let (message, help) = match limits.is_empty() {
            true => (
                format!("the quality `{name}` requires no number"),
                "write what it requires: `require p95 flow=… under=200ms`",
            ),
            false => (
                format!("the quality `{name}` requires several numbers"),
                "name one that requires the number that is meant, and no other",
            ),
        };
        problems.at(at, given, message, help);
        return None;
    };
    let ends = [&asked::WORST, &asked::THRESHOLD, &asked::BEST].into_iter().find_map(|fact| arch.fact(at, fact));
    let Some(end) = ends else {
        let help = "write `worst=` and `best=` on the criterion, or each `threshold` with its score";
        problems.at(
            at,
            given,
            format!("`{}` has no scale that makes a score of what is forecast", arch.name(at)),
            help,
        );
        return None;
    };
    // What is wrong with a scale is told as that.
    (problems.unit(at, end, (quality, limit)) && has_scale).then_some(name)
}

fn scale(at: ItemRef, problems: &mut Problems<'_>) -> Option<Scale> {
    let arch = problems.arch;
    let [worst, best, threshold, better] =
        [&asked::WORST, &asked::BEST, &asked::THRESHOLD, &asked::BETTER].map(|fact| arch.fact(at, fact));
    match (worst, best, threshold) {
        (Some(worst), Some(best), None) => linear(at, (worst, best, better), problems),
        (None, None, Some(_)) => thresholds(at, better, problems),
        (None, None, None) => None,
        (Some(ends), _, Some(_)) | (None, Some(ends), Some(_)) => {
            let help = "keep `worst` and `best`, between which a score is in proportion, or the thresholds";
            problems.at(at, ends, "the criterion has two scales", help);
            None
        }
        (Some(one), None, None) | (None, Some(one), None) => {
            let other = if worst.is_some() { "best" } else { "worst" };
            let message = format!("the scale has no `{other}`");
            let help = format!("write `{other}` as well: a score is in proportion between both");
            problems.at(at, one, message, help);
            None
        }
    }
}

fn linear(
    at: ItemRef,
    (worst, best, better): (&FactValue, &FactValue, Option<&FactValue>),
    problems: &mut Problems<'_>,
) -> Option<Scale> {
    let arch = problems.arch;
    if !problems.unit(at, best, (at, worst)) {
        return None;
    }
    let (from, to) = (single(at, worst, problems)?, single(at, best, problems)?);
    if from == to {
        let help = "write two values: that which scores 1, and that which scores 5";
        problems.at(at, best, "`worst` and `best` are the same", help).beside = Some(arch.span(at, worst.range));
        return None;
    }
    let said = better.and_then(|better| better.choice::<Better>());
    let is = if to > from { Better::High } else { Better::Low };
    if let Some(better) = better.filter(|_| said.is_some_and(|said| said != is)) {
        let message = format!(
            "`better={}` contradicts the scale, whose `best` is the {}",
            arch.words(at, better),
            if to > from { "larger" } else { "smaller" }
        );
        problems.at(at, better, message, "swap `worst` and `best`, or remove `better`");
        return None;
    }
    Some(Scale::Linear { worst: from, best: to })
}

/// A value that must not be a range.
fn single(at: ItemRef, given: &FactValue, problems: &mut Problems<'_>) -> Option<f64> {
    let value = given.quantity()?;
    if value.is_range() || !value.low.is_finite() {
        let message = format!("`{}` is not one value", problems.arch.words(at, given));
        problems.at(at, given, message, "write one: the scale has no doubt, the values may");
        return None;
    }
    Some(value.low)
}

fn thresholds(at: ItemRef, better: Option<&FactValue>, problems: &mut Problems<'_>) -> Option<Scale> {
    let arch = problems.arch;
    let given: Vec<&FactValue> = arch.values_of(at, &asked::THRESHOLD).collect();
    let first = *given.first()?;
    let Some(better) = better else {
        let help = "write `better=low` on the criterion if the smaller value is better, or `better=high`";
        problems.at(at, first, "the thresholds do not say which values are better", help);
        return None;
    };
    let is_low_better = better.choice::<Better>() == Some(Better::Low);
    let mut all: Vec<(f64, f64, &FactValue)> = Vec::new();
    for one in given {
        if !problems.unit(at, one, (at, first)) {
            return None;
        }
        let Some(score) = arch.part_value_of(at, one, &asked::THRESHOLD_SCORE) else {
            let help = "write `threshold 50ms score=5`";
            problems.at(at, one, "the threshold has no score", help);
            return None;
        };
        if !problems.score(at, score) {
            return None;
        }
        all.push((single(at, one, problems)?, score.number()?, one));
    }
    all.sort_by(|one, other| one.0.total_cmp(&other.0));
    let is_wrong = |pair: &[(f64, f64, &FactValue)]| match is_low_better {
        true => pair[0].1 <= pair[1].1,
        false => pair[0].1 >= pair[1].1,
    };
    if let Some(pair) = all.windows(2).find(|pair| is_wrong(pair) || pair[0].0 == pair[1].0) {
        let message = format!(
            "`{}` scores no worse than a better value",
            arch.words(at, if is_low_better { pair[1].2 } else { pair[0].2 })
        );
        let help = format!(
            "`better={}`: the {} a value, the higher its score",
            arch.words(at, better),
            if is_low_better { "smaller" } else { "larger" }
        );
        let beside = arch.span(at, pair[0].2.range);
        problems.at(at, pair[1].2, message, help).beside = Some(beside);
        return None;
    }
    Some(Scale::Thresholds { is_low_better, all: all.into_iter().map(|(value, score, _)| (value, score)).collect() })
}

fn candidate<'a>(
    at: ItemRef,
    (criteria, musts): (&[Criterion<'a>], &[Must<'a>]),
    problems: &mut Problems<'a>,
) -> Candidate<'a> {
    let arch = problems.arch;
    said_twice(problems, at);
    let said_of = |fact, nth: usize| arch.values_of(at, fact).find(|value| arch.words(at, value) == musts[nth].name);
    let all_of = |fact| -> Vec<OfMust<'a>> {
        let one = |must| Some(OfMust { must, because: arch.part_of(at, said_of(fact, must)?, &said::BECAUSE) });
        (0..musts.len()).filter_map(one).collect()
    };
    let is_said = |nth| said_of(&said::MEETS, nth).is_some() || said_of(&said::FAILS, nth).is_some();
    let unsaid = (0..musts.len()).filter(|nth| !is_said(*nth)).collect();
    Candidate {
        at,
        name: arch.name(at),
        title: arch.title(at),
        technology: arch.text(at, &said::TECHNOLOGY),
        by: arch.choice::<By>(at),
        cells: criteria.iter().map(|criterion| cell(at, criterion, problems)).collect(),
        meets: all_of(&said::MEETS),
        fails: all_of(&said::FAILS),
        unsaid,
    }
}

fn cell<'a>(at: ItemRef, criterion: &Criterion<'a>, problems: &mut Problems<'a>) -> Cell<'a> {
    let arch = problems.arch;
    let of = |fact| arch.values_of(at, fact).find(|value| arch.words(at, value) == criterion.name);
    let because = |given| arch.part_of(at, given, &said::BECAUSE);
    if let Some(given) = of(&said::SCORE) {
        let points = arch.part_value_of(at, given, &said::SCORE_POINTS);
        let score = points.filter(|points| problems.score(at, points)).and_then(FactValue::quantity);
        let score = score.map_or(ANYTHING, |score: Quantity| Interval { low: score.low, high: score.high });
        return Cell { score, given: Given::Score, because: because(given) };
    }
    if let Some(given) = of(&said::VALUE) {
        let amount = arch.part_value_of(at, given, &said::VALUE_AMOUNT);
        let score = amount.and_then(|amount| measured(at, amount, criterion, problems));
        let written = amount.map_or("", |amount| arch.words(at, amount));
        return Cell { score: score.unwrap_or(ANYTHING), given: Given::Value(written), because: because(given) };
    }
    let is_forecast = criterion.at.is_some_and(|of| arch.fact(of, &asked::MEASURE).is_some());
    let given = if is_forecast { Given::Unmeasured } else { Given::Nothing };
    Cell { score: ANYTHING, given, because: None }
}

fn measured(
    at: ItemRef,
    amount: &FactValue,
    criterion: &Criterion<'_>,
    problems: &mut Problems<'_>,
) -> Option<Interval> {
    let arch = problems.arch;
    let scale_at = |fact| criterion.at.and_then(|of| Some((of, arch.fact(of, fact)?)));
    let Some(known) = scale_at(&asked::WORST).or_else(|| scale_at(&asked::THRESHOLD)) else {
        // Half of a scale is told as that.
        if scale_at(&asked::BEST).is_none() {
            let message =
                format!("`{}` has no scale that makes a score of `{}`", criterion.name, arch.words(at, amount));
            let help = "write `worst=` and `best=` on the criterion, or each `threshold` with its score";
            problems.at(at, amount, message, help);
        }
        return None;
    };
    if !problems.unit(at, amount, known) {
        return None;
    }
    Some(criterion.scale.as_ref()?.scores(amount.quantity()?))
}

//! What comes of a choice, for people.

use super::words::{apart, sentence, shares, titles};
use crate::{aligned, one_line};
use groma_base::list_words;
use groma_decide::{Analysis, Given, HIGHEST, Leader, ScoreSwitch, Switch, letter};
use std::fmt::Write;

/// How many characters of a bar are a point.
const PER_POINT: f64 = 8.0;

/// How many scores that change the winner are told.
const MOST_SCORES: usize = 5;

/// A whole answer.
pub fn human(analysis: &Analysis<'_>) -> String {
    let choice = analysis.choice;
    let mut out = format!("{} ({})\n\n", one_line(choice.title), choice.name);
    ranking(analysis, &mut out);
    criteria(analysis, &mut out);
    if let Leader::Certain(_) = analysis.leader {
        weights(analysis, &mut out);
        scores(analysis, &mut out);
    }
    weightings(analysis, &mut out);
    dominance(analysis, &mut out);
    let _ = writeln!(out, "{}", sentence(analysis));
    if let Some(decision) = choice.decision {
        let despite = choice.despite.map(|why| format!(", which decided otherwise: {}", one_line(why)));
        let _ = writeln!(out, "It led to decision {decision}{}", despite.unwrap_or_else(|| ".".to_owned()));
    }
    out
}

/// A bar of what each criterion adds; what may be added besides is dots.
fn bar(analysis: &Analysis<'_>, option: usize) -> String {
    let (mut bar, mut sum, mut drawn) = (String::new(), 0.0, 0);
    for (criterion, part) in analysis.matrix.contributions(option).iter().enumerate() {
        sum += part.low * PER_POINT;
        let end = sum.round() as usize;
        bar.extend(std::iter::repeat_n(letter(criterion), end - drawn));
        drawn = end;
    }
    let most = ((analysis.totals[option].high * PER_POINT).round() as usize).min((HIGHEST * PER_POINT) as usize);
    bar.extend(std::iter::repeat_n('·', most.saturating_sub(drawn)));
    bar
}

fn ranking(analysis: &Analysis<'_>, out: &mut String) {
    let line = |at: &usize| {
        let rank = analysis.ranks[*at];
        let place = if rank.best == rank.worst {
            format!("{}.", rank.best)
        } else {
            format!("{}–{}.", rank.best, rank.worst)
        };
        vec![place, one_line(analysis.candidates[*at].title), analysis.totals[*at].points(), bar(analysis, *at)]
    };
    let lines: Vec<Vec<String>> = analysis.order.iter().map(line).collect();
    out.push_str(&aligned(lines.iter()));
    for option in analysis.choice.options.iter().filter(|option| !option.fails.is_empty()) {
        let told = option.fails.iter().map(|failed| {
            let why = failed.because.map(|why| format!(" ({})", one_line(why))).unwrap_or_default();
            format!("`{}`{why}", analysis.choice.musts[failed.must].name)
        });
        let musts = groma_base::join_words(&told.collect::<Vec<_>>(), "and");
        let _ = writeln!(out, "excluded: {}, which fails {musts}", one_line(option.title));
    }
    for option in analysis.candidates.iter().filter(|option| !option.unsaid.is_empty()) {
        let musts = list_words(option.unsaid.iter().map(|nth| analysis.choice.musts[*nth].name), "and");
        let _ = writeln!(out, "not said: whether {} meets {musts}", one_line(option.title));
    }
    out.push('\n');
}

/// The criteria, how much each weighs, and the score of each option.
fn criteria(analysis: &Analysis<'_>, out: &mut String) {
    let names = analysis.order.iter().map(|at| one_line(analysis.candidates[*at].title));
    let head = ["", "criterion", "weight", "of all"].map(str::to_owned).into_iter().chain(names).collect();
    let all = analysis.matrix.weight();
    let row = |(nth, criterion): (usize, &groma_decide::Criterion<'_>)| {
        let scores = analysis.order.iter().map(|at| {
            let cell = &analysis.candidates[*at].cells[nth];
            match cell.given {
                Given::Nothing | Given::Unmeasured => "?".to_owned(),
                Given::Score => plain(cell.score.points()),
                Given::Value(written) | Given::Forecast(written) => {
                    format!("{} ({})", plain(cell.score.points()), one_line(written))
                }
            }
        });
        let share = format!("{:.0}%", 100.0 * criterion.weight / all);
        let begin = [letter(nth).to_string(), one_line(criterion.title), criterion.weight.to_string(), share];
        begin.into_iter().chain(scores).collect()
    };
    let rows = analysis.choice.criteria.iter().enumerate().map(row);
    let lines: Vec<Vec<String>> = std::iter::once(head).chain(rows).collect();
    out.push_str(&aligned(lines.iter()));
    out.push('\n');
}

/// What becomes of those who are in front then: what is not known may keep them from it.
fn is_first(analysis: &Analysis<'_>, rivals: &[usize]) -> &'static str {
    let leader = if let Leader::Certain(first) = analysis.leader { Some(first) } else { None };
    let is_known = rivals.iter().copied().chain(leader).all(|at| analysis.totals[at].is_exact());
    match (is_known, rivals.len()) {
        (true, 1) => "is first",
        (true, _) => "are first",
        (false, _) => "may be first",
    }
}

/// A whole number without decimals.
fn plain(number: String) -> String {
    number.replace(".00", "")
}

/// At which weight the winner changes, if that weight alone does, a line for each; and last of which that changes nothing.
pub fn weights_that_change(analysis: &Analysis<'_>) -> Vec<String> {
    let mut told = Vec::new();
    let mut never = Vec::new();
    for one in &analysis.weight_switches {
        let name = analysis.choice.criteria[one.criterion].name;
        if one.below.is_none() && one.above.is_none() {
            never.push(name);
        }
        for (side, switch) in [("below", &one.below), ("above", &one.above)] {
            if let Some(Switch { at, rivals }) = switch {
                let (now, is) = (analysis.matrix.weights[one.criterion], is_first(analysis, rivals));
                let rivals = titles(analysis, rivals, "and");
                let (at, _) = apart(*at, now);
                told.push(format!("`{name}` {side} {at} (it is {now}): {rivals} {is}"));
            }
        }
    }
    if !never.is_empty() {
        told.push(format!("that of {} changes nothing, whatever it is", list_words(never, "or")));
    }
    told
}

/// At which score the winner changes, if that score alone does: a line for each of the nearest, and how many more there are.
pub fn scores_that_change(analysis: &Analysis<'_>) -> Vec<String> {
    let Leader::Certain(first) = analysis.leader else { return Vec::new() };
    let now = |one: &ScoreSwitch| {
        let score = analysis.matrix.scores[one.option][one.criterion];
        if one.option == first { score.low } else { score.high }
    };
    let mut all: Vec<&ScoreSwitch> = analysis.score_switches.iter().collect();
    let distance = |one: &ScoreSwitch| (one.switch.at - now(one)).abs();
    all.sort_by(|one, other| distance(one).total_cmp(&distance(other)));
    let line = |one: &&ScoreSwitch| {
        let option = one_line(analysis.candidates[one.option].title);
        let name = analysis.choice.criteria[one.criterion].name;
        let side = if one.option == first { "below" } else { "above" };
        let (at, now) = apart(one.switch.at, now(one));
        let now = plain(now);
        let (rivals, is) = (titles(analysis, &one.switch.rivals, "and"), is_first(analysis, &one.switch.rivals));
        format!("`{name}` of {option} {side} {at} (it is {now}): {rivals} {is}")
    };
    let mut told: Vec<String> = all.iter().take(MOST_SCORES).map(line).collect();
    if all.len() > MOST_SCORES {
        told.push(format!("and {} more, farther off", all.len() - MOST_SCORES));
    }
    told
}

fn weights(analysis: &Analysis<'_>, out: &mut String) {
    if analysis.candidates.len() < 2 {
        return;
    }
    listed("the winner changes if one weight alone is", &weights_that_change(analysis), out);
}

fn scores(analysis: &Analysis<'_>, out: &mut String) {
    if analysis.candidates.len() < 2 {
        return;
    }
    match scores_that_change(analysis) {
        none if none.is_empty() => out.push_str("no score alone changes the winner, whatever it is\n\n"),
        all => listed("the winner changes if one score alone is", &all, out),
    }
}

fn listed(head: &str, lines: &[String], out: &mut String) {
    let _ = writeln!(out, "{head}");
    for line in lines {
        let _ = writeln!(out, "  {line}");
    }
    out.push('\n');
}

fn weightings(analysis: &Analysis<'_>, out: &mut String) {
    if analysis.candidates.len() < 2 {
        return;
    }
    let head = ["wins this share of the weightings", "near the given one", "of all"].map(str::to_owned).to_vec();
    let row = |at: &usize| {
        let title = format!("  {}", one_line(analysis.candidates[*at].title));
        vec![title, shares(analysis.near[*at].interval()), shares(analysis.any[*at].interval())]
    };
    let lines: Vec<Vec<String>> = std::iter::once(head).chain(analysis.order.iter().map(row)).collect();
    out.push_str(&aligned(lines.iter()));
    out.push('\n');
}

fn dominance(analysis: &Analysis<'_>, out: &mut String) {
    for (one, other) in &analysis.dominance {
        let (one, other) = (titles(analysis, &[*one], "and"), titles(analysis, &[*other], "and"));
        let _ = writeln!(
            out,
            "{one} is at least as good as {other} by every criterion, and better by one: it is ahead by any weights"
        );
    }
    if !analysis.dominance.is_empty() {
        out.push('\n');
    }
}

//! Numbers of choices, and how firm a winner is, in words.

use groma_base::list_words;
use groma_decide::{Analysis, Firmness, Interval, Leader};

/// Two numbers that differ, with as many decimals as tell them apart.
pub(super) fn apart(one: f64, other: f64) -> (String, String) {
    let with = |decimals: usize, value: f64| format!("{:.decimals$}", value + 0.0);
    let decimals = (2..=9).find(|decimals| with(*decimals, one) != with(*decimals, other)).unwrap_or(2);
    (with(decimals, one), with(decimals, other))
}

/// A share, rounded outwards so that the interval holds what it must.
pub fn shares(interval: Interval) -> String {
    let (low, high) = ((interval.low * 1000.0).floor() / 10.0, (interval.high * 1000.0).ceil() / 10.0);
    if low == high { format!("{low}%") } else { format!("{low}%–{high}%") }
}

/// The titles of some options.
pub(super) fn titles(analysis: &Analysis<'_>, options: &[usize], last: &str) -> String {
    let names: Vec<String> = options.iter().map(|at| crate::one_line(analysis.candidates[*at].title)).collect();
    groma_base::join_words(&names, last)
}

/// How firm the winner is, in one sentence.
pub fn sentence(analysis: &Analysis<'_>) -> String {
    let first = match &analysis.leader {
        Leader::Certain(first) => *first,
        Leader::Tied(all) => {
            return format!("{} are level: the numbers do not decide between them.", titles(analysis, all, "and"));
        }
        Leader::Unsure(all) => {
            let all = titles(analysis, all, "or");
            return format!("What is not known decides: {all} may be first.");
        }
        Leader::Nobody => return "There is no option left.".to_owned(),
    };
    let title = titles(analysis, &[first], "and");
    let share = shares(analysis.near[first].interval());
    let wins = format!("it wins {share} of the weightings near the given one");
    let told = match analysis.firmness() {
        Firmness::NoWinner => return String::new(),
        Firmness::Alone => format!("{title} is the only option that is left."),
        Firmness::Dominates => {
            format!("{title} is first whatever the weights: no other option is better by any criterion.")
        }
        Firmness::Firm => {
            format!("{title} is firmly first: {wins}, and no score that is wrong by one point changes that.")
        }
        Firmness::FirmByWeights => {
            format!("{title} is first by firm weights, not by firm scores: {wins}, but {}.", nearest_score(analysis))
        }
        Firmness::Likely => format!("{title} is first, not firmly: {wins}{}.", nearest(analysis)),
        Firmness::Weak => format!("{title} is first by little: {wins}{}.", nearest(analysis)),
    };
    let unsaid = &analysis.candidates[first].unsaid;
    if unsaid.is_empty() {
        return told;
    }
    let musts = list_words(unsaid.iter().map(|nth| analysis.choice.musts[*nth].name), "and");
    format!("{told} Whether it meets {musts} is not said.")
}

fn leader(analysis: &Analysis<'_>) -> Option<usize> {
    if let Leader::Certain(first) = analysis.leader { Some(first) } else { None }
}

/// The score that changes the winner by the least, as part of a sentence.
fn nearest_score(analysis: &Analysis<'_>) -> String {
    let Some(one) = analysis.nearest_score() else { return String::new() };
    let (option, criterion) = (&analysis.candidates[one.option], &analysis.choice.criteria[one.criterion]);
    let option = crate::one_line(option.title);
    let score = analysis.matrix.scores[one.option][one.criterion];
    let is_leader = Leader::Certain(one.option) == analysis.leader;
    let (side, now) = if is_leader { ("lower", score.low) } else { ("higher", score.high) };
    let (at, now) = apart(one.switch.at, now);
    format!("not if the score of {option} by `{}` is {at} or {side} (it is {now})", criterion.name)
}

/// What changes the winner by the least, as the end of a sentence.
fn nearest(analysis: &Analysis<'_>) -> String {
    if analysis.nearest_score().is_some() {
        return format!(", but {}", nearest_score(analysis));
    }
    match analysis.nearest_weight() {
        None => String::new(),
        Some((criterion, at, rivals)) => {
            let name = analysis.choice.criteria[criterion].name;
            let given = analysis.matrix.weights[criterion];
            let side = if at < given { "below" } else { "above" };
            let all = rivals.iter().copied().chain(leader(analysis));
            let would = if all.clone().all(|at| analysis.totals[at].is_exact()) { "would" } else { "might" };
            let rivals = titles(analysis, rivals, "and");
            format!(", and {rivals} {would} win if `{name}` weighed {side} {}", apart(at, given).0)
        }
    }
}

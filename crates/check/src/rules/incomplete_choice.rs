use crate::{Absence, Context, Reach, Rule};
use groma_base::Severity;
use groma_model::{Flow, ItemRef, Step, StepKind, facts};

pub(super) static RULE: Rule = Rule {
    name: "incomplete-choice",
    severity: Severity::Error,
    summary: "an `either` whose cases do not cover everything that can happen",
    check: Some(check),
    reach: Reach::Near,
    absence: Some(Absence::OfPart),
    calculates_from: None,
    blocks_forecast: true,
    page: include_str!("incomplete_choice.md"),
};

/// What shares that add up may lack by rounding, such as 33.3% three times.
const ROUNDING: f64 = 0.002;

fn check(cx: &mut Context<'_>) {
    let choices: Vec<(ItemRef, Vec<Step>)> = cx.flows().flat_map(choices).collect();
    for (at, courses) in choices {
        courses_of(cx, at, &courses);
    }
}

/// Each `either` with its courses.
fn choices(flow: &Flow) -> impl Iterator<Item = (ItemRef, Vec<Step>)> + '_ {
    let eithers = flow.steps.entries().filter(|(_, step)| step.kind == StepKind::Either);
    eithers.map(|(at, either)| (either.at, flow.inside(at).map(|course| flow.steps[course]).collect()))
}

fn courses_of(cx: &mut Context<'_>, at: ItemRef, courses: &[Step]) {
    let rest = courses.iter().position(|step| step.kind == StepKind::Otherwise);
    if courses.len() < 2 {
        let finding = cx.at(at, "a choice with fewer than two cases");
        return cx.push(finding.help("write a `case 30% \"…\" { … }` for each, and `otherwise { … }` for what is left; for steps that happen only sometimes `chance 30% { … }` does"));
    }
    if let Some(rest) = rest.filter(|rest| rest + 1 < courses.len()) {
        let finding = cx.at(courses[rest + 1].at, "a case after `otherwise`, which takes all that is left");
        return cx.push(finding.help("write `otherwise` once, as the last course"));
    }
    let shares: Vec<f64> = courses
        .iter()
        .filter(|step| step.kind == StepKind::Case)
        .filter_map(|step| cx.arch.quantity(step.at, &facts::case::SHARE).map(|share| share.high))
        .collect();
    // What has no share can be drawn, and the forecast asks for it.
    let is_known = shares.len() + usize::from(rest.is_some()) == courses.len();
    let sum: f64 = shares.iter().sum();
    let percent = format!("{}%", (sum * 1000.0).round() / 10.0);
    if sum > 1.0 + ROUNDING {
        let finding = cx.at(at, format!("the shares of its cases add up to {percent}"));
        cx.push(finding.help("correct them: together they are 100% at most"));
    } else if is_known && rest.is_none() && sum < 1.0 - ROUNDING {
        let finding = cx.at(at, format!("the shares of its cases add up to {percent}, and the rest is undefined"));
        cx.push(finding.help("correct them to 100%, or add `otherwise { … }` for the rest; it may be empty"));
    } else if is_known && rest.is_some() && sum > 1.0 - 1e-9 {
        let last = courses[courses.len() - 1].at;
        let finding = cx.at(last, "`otherwise` never happens: the shares of the cases add up to 100%");
        cx.push(finding.help("correct the shares, or leave `otherwise` out"));
    }
}

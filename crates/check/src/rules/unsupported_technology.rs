use crate::{Absence, Context, Reach, Rule};
use groma_base::{Severity, date_after};
use groma_model::facts::{technology, workspace};
use groma_model::stack::Used;

pub(super) static RULE: Rule = Rule {
    name: "unsupported-technology",
    severity: Severity::Warning,
    summary: "a technology whose support ends within the horizon, or has ended",
    check: Some(check),
    reach: Reach::Whole,
    absence: Some(Absence::OfTechnology),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("unsupported_technology.md"),
};

/// Seconds of a day.
const DAY: f64 = 86_400.0;

fn check(cx: &mut Context<'_>) {
    let given = cx.arch.workspace.and_then(|at| cx.arch.quantity(at, &workspace::HORIZON));
    let Some(horizon) = given.or_else(|| workspace::HORIZON.default_quantity()) else { return };
    let days = horizon.high / DAY;
    for (_, users) in cx.by_text() {
        report(cx, users, days);
    }
}

fn report<'a>(cx: &mut Context<'a>, users: &[Used<'a>], horizon: f64) {
    let technologies = cx.technologies();
    let Some(first) = users.first() else { return };
    let Some(known) = first.named.known else { return };
    let ended = technologies.text(known, &technology::ENDED);
    let until = ended.or_else(|| technologies.support_until(&first.named));
    let newer = technologies.next_newer(&first.named).filter(|_| until.is_none());
    let Some(until) = until.or(newer.map(|(_, until)| until)) else { return };
    let what = if ended.is_some() { "is offered" } else { "is supported" };
    let title = technologies.title(known);
    let called = match first.named.version.filter(|_| ended.is_none()) {
        Some(version) => format!("{title} {version}"),
        None => title.to_owned(),
    };
    let successor = technologies.text(known, &technology::SUCCESSOR);
    let successor = successor.map(|name| technologies.called(name).map_or(name, |known| technologies.title(known)));
    let cure = match (ended, successor) {
        (_, Some(successor)) => format!("plan the move to {successor}, its successor"),
        (Some(_), None) => "plan what takes its place".to_owned(),
        (None, None) => "plan the move to a version that is supported for longer".to_owned(),
    };
    let meant = technologies.latest_meant(&first.named).filter(|(_, until)| ended.is_none() && until.is_some());
    let mut push = |message: String, from: Option<String>, before: Option<&str>| {
        let mut finding = cx.at_users(users, message);
        finding = from.iter().fold(finding, |finding, day| finding.from_day(day));
        finding = before.iter().fold(finding, |finding, day| finding.before_day(day));
        if let Some((latest, _)) = meant {
            finding = finding.note(format!("{called} is taken for {latest}, the latest of it that is known"));
        }
        if known.own.is_none() {
            finding = finding.note(format!("`groma explain {}` tells where Groma has this from", name_of(known)));
        }
        cx.push(finding.help(cure.clone()));
    };
    // The last day of support is one of support; what has `ended` is not offered on that day.
    let gone = if ended.is_some() { Some(until.to_owned()) } else { date_after(until, 1) };
    if let Some((newer, _)) = newer {
        let message = format!("{called} is older than {newer}, whose support ended {until}");
        return push(message, gone, None);
    }
    push(
        format!("{called} {what} until {until} only, which is within the horizon"),
        date_after(until, -(horizon as i64)),
        gone.as_deref(),
    );
    let since = if ended.is_some() { " since" } else { ": its last day was" };
    push(format!("{called} {what} no more{since} {until}"), gone.clone(), None);
}

fn name_of(known: groma_model::stack::Known) -> &'static str {
    known.built_in.map_or("technology", |entry| entry.name())
}

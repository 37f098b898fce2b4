use crate::{Absence, Context, Reach, Rule};
use groma_base::{Severity, date_after};
use groma_model::facts::technology;
use groma_model::stack::{Support, Used};

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

fn check(cx: &mut Context<'_>) {
    let Some(days) = cx.technologies().horizon_days() else { return };
    for (_, users) in cx.by_text() {
        report(cx, users, days);
    }
}

fn report<'a>(cx: &mut Context<'a>, users: &[Used<'a>], horizon: f64) {
    let technologies = cx.technologies();
    let Some(first) = users.first() else { return };
    let Some(known) = first.named.known else { return };
    let support = technologies.support(&first.named);
    let Some(until) = support.until() else { return };
    let is_offer = matches!(support, Support::Offered(_));
    let what = if is_offer { "is offered" } else { "is supported" };
    let title = technologies.title(known);
    let called = match first.named.version.filter(|_| !is_offer) {
        Some(version) => format!("{title} {version}"),
        None => title.to_owned(),
    };
    let successor = technologies.text(known, &technology::SUCCESSOR);
    let successor = successor.map(|name| technologies.called(name).map_or(name, |known| technologies.title(known)));
    let cure = match (is_offer, successor) {
        (_, Some(successor)) => format!("plan the move to {successor}, its successor"),
        (true, None) => "plan what takes its place".to_owned(),
        (false, None) => "plan the move to a version that is supported for longer".to_owned(),
    };
    let meant = technologies.latest_meant(&first.named).filter(|(_, until)| !is_offer && until.is_some());
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
    let gone = if is_offer { Some(until.to_owned()) } else { date_after(until, 1) };
    if let Support::OlderThan(newer, _) = support {
        let message = format!("{called} is older than {newer}, whose support ended {until}");
        return push(message, gone, None);
    }
    push(
        format!("{called} {what} until {until} only, which is within the horizon"),
        date_after(until, -(horizon as i64)),
        gone.as_deref(),
    );
    let since = if is_offer { " since" } else { ": its last day was" };
    push(format!("{called} {what} no more{since} {until}"), gone.clone(), None);
}

fn name_of(known: groma_model::stack::Known) -> &'static str {
    known.built_in.map_or("technology", |entry| entry.name())
}

use crate::{Absence, Context, Reach, Rule};
use groma_base::{Severity, did_you_mean, nearest, now_called};
use groma_model::difference::OldNames;
use groma_model::kinds::class;
use groma_model::stack::entries;

pub(super) static RULE: Rule = Rule {
    name: "unknown-technology",
    severity: Severity::Note,
    summary: "a technology of which nothing is known",
    check: Some(check),
    reach: Reach::Whole,
    absence: Some(Absence::OfName),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("unknown_technology.md"),
};

fn check(cx: &mut Context<'_>) {
    let old = OldNames::of_today(cx.arch);
    for &(name, ref users) in cx.by_text().iter().filter(|(_, users)| users[0].named.known.is_none()) {
        let finding = cx.at_users(users, format!("nothing is known of the technology `{name}`"));
        cx.push(finding.help(cure(cx, &old, name)));
    }
}

/// The name that is near, or how it is made known.
fn cure(cx: &Context<'_>, old: &OldNames, text: &str) -> String {
    let is_version = |word: &&str| !word.starts_with(|letter: char| letter.is_ascii_digit());
    let name: Vec<&str> = text.split_whitespace().take_while(is_version).collect();
    let name = name.join(" ");
    let today = old.today(cx.arch, &name, &[&class::TECHNOLOGY]);
    if !today.is_empty() {
        let (message, help, _) = now_called(&name, &today);
        return format!("{message}: {help}");
    }
    let own = cx.arch.records_of(&class::TECHNOLOGY).map(|record| cx.arch.title(record.at));
    let near = nearest(&name, entries().iter().map(|entry| entry.title()).chain(own));
    did_you_mean(&near).unwrap_or_else(|| {
        format!("declare it, so that rules can count on it: `technology NAME \"{name}\" category=…` (`groma explain technology`)")
    })
}

use crate::{Absence, Context, Reach, Rule};
use groma_base::{Diagnostic, Edit, Fix, Range, Severity, Span, did_you_mean, nearest, now_called, only_meant};
use groma_model::Architecture;
use groma_model::difference::OldNames;
use groma_model::kinds::class;
use groma_model::stack::{Used, entries, radar};

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
    let radar = radar(cx.arch).find(|at| cx.arch.kit(*at).is_some());
    for (text, users) in cx.by_text() {
        let name = without_version(text);
        let today = match cx.technologies().formerly_called(name).and_then(|known| known.own) {
            Some(own) => vec![cx.arch.name(own).to_owned()],
            None if users[0].named.known.is_some() => continue,
            None => old.today(cx.arch, name, &[&class::TECHNOLOGY]),
        };
        let finding = match &today[..] {
            [] => {
                let finding = cx.at_users(users, format!("nothing is known of the technology `{text}`"));
                near_or_declare(cx, finding, users, name)
            }
            today => renamed(cx, users, name, today),
        };
        // What nobody knows no radar knows either.
        cx.push(match radar {
            Some(radar) => cx.from_kit(radar, finding),
            None => finding,
        });
    }
}

/// The name in a text of a technology: the words before its version.
fn without_version(text: &str) -> &str {
    let begins = |at: usize| text[..at].ends_with(char::is_whitespace);
    let version = text.char_indices().find(|(at, letter)| letter.is_ascii_digit() && begins(*at));
    version.map_or(text, |(at, _)| text[..at].trim_end())
}

/// What is called nearly so, which is written wherever it stands if one thing alone is; or how it is made known.
fn near_or_declare(cx: &Context<'_>, finding: Diagnostic, users: &[Used<'_>], name: &str) -> Diagnostic {
    let own = cx.arch.records_of(&class::TECHNOLOGY).map(|record| cx.arch.title(record.at));
    let titles = entries().iter().map(|entry| entry.title()).chain(own);
    let mut near = nearest(name, titles);
    if near.is_empty() {
        near = nearest(name, entries().iter().flat_map(|entry| entry.names()));
    }
    match (did_you_mean(&near), only_meant(name, &near)) {
        (Some(help), Some(meant)) => {
            let words = format!("write `{meant}`");
            corrected(cx.arch, finding.help(help), users, (name, meant, words))
        }
        (Some(help), None) => finding.help(help),
        (None, _) => finding.help(format!(
            "declare it, so that rules can count on it: `technology NAME \"{name}\" category=…` (`groma explain technology`)"
        )),
    }
}

/// An old name, which is corrected wherever it stands if one thing is meant.
fn renamed(cx: &Context<'_>, users: &[Used<'_>], name: &str, today: &[String]) -> Diagnostic {
    let (message, help, now) = now_called(name, today);
    let finding = cx.at_users(users, message).help(help.as_str());
    match now {
        Some(now) => corrected(cx.arch, finding, users, (name, now, help)),
        None => finding,
    }
}

/// With the correction that writes one name for another wherever that stands.
fn corrected(
    arch: &Architecture,
    mut finding: Diagnostic,
    users: &[Used<'_>],
    (name, meant, message): (&str, &str, String),
) -> Diagnostic {
    let written = users.iter().map(|user| span_of(arch, user, name)).collect::<Option<Vec<Span>>>();
    if let Some(written) = written {
        let edits = written.into_iter().map(|span| Edit { span, text: meant.to_owned() }).collect();
        finding.fixes.push(Fix { message, edits });
    }
    finding
}

/// Where the name stands in what names the technology, if it is written as it is read.
fn span_of(arch: &Architecture, user: &Used<'_>, name: &str) -> Option<Span> {
    let range = user.fact.range;
    let start = range.start + range.of(&arch.file(user.at).text).find(user.named.text)? as u32;
    Some(Span::new(user.at.file, Range::new(start, start + name.len() as u32)))
}

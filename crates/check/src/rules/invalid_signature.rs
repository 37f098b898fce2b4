use crate::{Absence, Context, Reach, Rule};
use groma_base::Severity;
use groma_model::facts::sign;
use groma_model::signing::Unreadable;

pub(super) static RULE: Rule = Rule {
    name: "invalid-signature",
    severity: Severity::Error,
    summary: "a signature that says nothing, as it cannot be read",
    check: Some(check),
    reach: Reach::Whole,
    absence: Some(Absence::OfPart),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("invalid_signature.md"),
};

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    for (at, why) in &cx.signatures().unreadable {
        let fact = match why {
            Unreadable::Missing(_) => None,
            Unreadable::Person => Some(&sign::BY),
            Unreadable::Hash => Some(&sign::HASH),
            Unreadable::Form => Some(&sign::FORM),
        };
        let message = format!("the signature says nothing: {why}");
        let finding = match fact.and_then(|fact| arch.fact(*at, fact)) {
            Some(given) => cx.at_fact(*at, given, message),
            None => cx.at(*at, message),
        };
        let finding = finding.regarding(arch.text(*at, &sign::HASH).unwrap_or_default());
        cx.push(finding.help(match why {
            Unreadable::Form => "a newer version of Groma may know it: update, or have it signed anew by `groma sign`",
            _ => "`groma sign` writes these lines: take it as it was from git, or have it signed anew",
        }));
    }
}

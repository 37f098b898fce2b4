use crate::{Absence, Context, Reach, Rule};
use groma_base::Severity;
use groma_model::facts;

pub(super) static RULE: Rule = Rule {
    name: "open-entry",
    severity: Severity::Warning,
    summary: "a public entry without authentication",
    check: Some(check),
    reach: Reach::Near,
    absence: Some(Absence::OfPart),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("open_entry.md"),
};

fn check(cx: &mut Context<'_>) {
    for id in crate::rules::entry::entries(cx) {
        let element = cx.arch.element(id);
        let guarded = crate::rules::entry::fact_around(cx, id, &facts::element::AUTHENTICATION);
        if !guarded {
            let finding = cx.at(
                element.at,
                format!(
                    "the {} can be reached from outside, but does not say how callers are authenticated",
                    cx.named(id)
                ),
            );
            cx.push(finding.help(
                "write `authentication=…` (OIDC, JWT, API key …); `authentication=none` says that everybody may",
            ));
        }
    }
}

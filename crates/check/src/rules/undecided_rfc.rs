use crate::{Absence, Context, Reach, Rule};
use groma_base::Severity;
use groma_model::facts::rfc::{LED_TO, Status};
use groma_model::kinds::class::RFC;

pub(super) static RULE: Rule = Rule {
    name: "undecided-rfc",
    severity: Severity::Warning,
    summary: "a request for comments that was accepted, and that led to no decision",
    check: Some(check),
    reach: Reach::Whole,
    // What is not understood may be the decision.
    absence: Some(Absence::OfAnything),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("undecided_rfc.md"),
};

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    for at in arch.records_of(&RFC).map(|record| record.at) {
        let is_accepted = arch.choice::<Status>(at) == Some(Status::Accepted);
        // A name that means nothing is told as such.
        if !is_accepted || arch.fact(at, &LED_TO).is_some() || !arch.led_to(at).is_empty() {
            continue;
        }
        let name = arch.name(at);
        let finding = cx.at(at, format!("{} is accepted, and led to no decision", cx.thing(at)));
        let help = format!(
            "write the record of what was decided (`groma adr new \"…\" --from-rfc {name}`), or link the one that there is below `Decisions`"
        );
        cx.push(finding.help(help));
    }
}

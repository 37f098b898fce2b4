use crate::{Absence, Context, Reach, Rule};
use groma_base::Severity;
use groma_model::facts::decision::{DECIDES, Status};
use groma_model::kinds::class::DECISION;

pub(super) static RULE: Rule = Rule {
    name: "idle-decision",
    severity: Severity::Note,
    summary: "an accepted decision that decides nothing in the model",
    check: Some(check),
    reach: Reach::Records,
    absence: Some(Absence::OfPart),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("idle_decision.md"),
};

fn check(cx: &mut Context<'_>) {
    for at in cx.records_of(&DECISION) {
        let is_accepted = cx.arch.choice::<Status>(at) == Some(Status::Accepted);
        // A name that means nothing is told as such, and so is what a record says that is not understood.
        let names_something = cx.arch.fact(at, &DECIDES).is_some() || !cx.arch.file(at).problems.is_empty();
        if !is_accepted || names_something || !cx.arch.decided_by(at).is_empty() {
            continue;
        }
        let name = cx.arch.name(at);
        let help = format!("write `decision={name}` on what it decides, or name that in its `decides`");
        let finding = cx.at(at, format!("{} is accepted, and decides nothing in the model", cx.thing(at)));
        cx.push(finding.help(help));
    }
}

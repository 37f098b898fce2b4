use super::choices::sound;
use crate::{Context, Reach, Rule};
use groma_base::Severity;
use groma_model::facts::choice::DECISION;

pub(super) static RULE: Rule = Rule {
    name: "undecided-choice",
    severity: Severity::Note,
    summary: "a choice in which all is said, and that led to no decision",
    check: Some(check),
    reach: Reach::Whole,
    absence: None,
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("undecided_choice.md"),
};

fn check(cx: &mut Context<'_>) {
    for choice in sound(cx.arch) {
        if !choice.gaps().is_empty() || cx.arch.fact(choice.at, &DECISION).is_some() {
            continue;
        }
        let message = format!("all is said in {}, and it led to no decision", cx.thing(choice.at));
        let finding = cx.at(choice.at, message);
        let name = cx.arch.name(choice.at);
        let record = format!("`groma adr new \"TITLE\" --from-choice {name}`");
        cx.push(finding.help(format!("write the record with {record}, and name it here: `decision=` and its number")));
    }
}

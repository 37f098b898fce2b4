use super::choices::{accepted, leaders, named_by, sound};
use crate::{Context, Reach, Rule};
use groma_base::{Severity, list_words};
use groma_model::facts::choice::{DECISION, DESPITE};

pub(super) static RULE: Rule = Rule {
    name: "choice-against-record",
    severity: Severity::Warning,
    summary: "an accepted decision that names another option than its choice ranks first, with no word why",
    check: Some(check),
    reach: Reach::Whole,
    absence: None,
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("choice_against_record.md"),
};

fn check(cx: &mut Context<'_>) {
    for choice in sound(cx.arch) {
        let Some(decision) = accepted(cx.arch, choice.at) else { continue };
        let (first, named) = (leaders(&choice), named_by(cx.arch, decision, &choice));
        if first.is_empty() || named.is_empty() {
            continue;
        }
        let agrees = first.iter().any(|first| named.iter().any(|named| named.at == first.at));
        let record = cx.thing(decision);
        match (agrees, cx.arch.fact(choice.at, &DESPITE)) {
            (true, Some(despite)) => {
                let message =
                    format!("`despite` says why another option was decided, and {record} names the one that is first");
                let finding = cx.at_fact(choice.at, despite, message);
                cx.push(finding.help("remove it, or say that in the record"));
            }
            (false, None) => {
                let titles =
                    |all: &[&groma_decide::Candidate<'_>]| list_words(all.iter().map(|option| option.title), "or");
                let message = format!(
                    "{record} names {}, and by the numbers of its choice {} is first",
                    titles(&named),
                    titles(&first)
                );
                let Some(given) = cx.arch.fact(choice.at, &DECISION) else { continue };
                let finding = cx.at_fact(choice.at, given, message).secondary(cx.arch.name_span(decision), "this one");
                cx.push(finding.help("correct the scores or weights that are not meant so, or say with `despite=\"…\"` why the numbers were overruled"));
            }
            (true, None) | (false, Some(_)) => {}
        }
    }
}

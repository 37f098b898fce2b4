use crate::{Absence, Context, Reach, Rule};
use groma_base::Severity;
use groma_model::facts::record::State;
use groma_model::kinds::class;
use groma_model::{Statement, facts};

pub(super) static RULE: Rule = Rule {
    name: "open-question",
    severity: Severity::Note,
    summary: "a question without an answer",
    check: Some(check),
    reach: Reach::Whole,
    absence: Some(Absence::OfPart),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("open_question.md"),
};

fn check(cx: &mut Context<'_>) {
    for record in cx.arch.records_of(&class::RECORD) {
        if Statement::of(cx.arch.item(record.at).kind.name) != Some(Statement::Question) {
            continue;
        }
        let settled = match cx.arch.choice::<State>(record.at) {
            Some(State::Resolved | State::Confirmed | State::Refuted) => true,
            Some(State::Open) | None => false,
        };
        if !settled {
            let mut finding = cx.at(record.at, format!("\"{}\" is still open", cx.arch.title(record.at)));
            if cx.arch.fact(record.at, &facts::OWNER).is_none() {
                finding = finding.note("nobody is named who will answer it");
            }
            cx.push(finding.help("answer it: `state=resolved answer=\"…\"`"));
        } else if cx.arch.fact(record.at, &facts::record::ANSWER).is_none() {
            let finding = cx.at(
                record.at,
                format!("\"{}\" is settled, but its answer is not written down", cx.arch.title(record.at)),
            );
            cx.push(finding.help("add `answer=\"…\"`"));
        }
    }
}

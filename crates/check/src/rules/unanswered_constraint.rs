use crate::{Absence, Context, Reach, Rule};
use groma_base::Severity;
use groma_model::kinds::class;
use groma_model::{Statement, facts};

pub(super) static RULE: Rule = Rule {
    name: "unanswered-constraint",
    severity: Severity::Note,
    summary: "a constraint that nothing is said to answer to",
    check: Some(check),
    reach: Reach::Whole,
    absence: Some(Absence::OfUse),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("unanswered_constraint.md"),
};

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    for record in arch.records_of(&class::RECORD) {
        if Statement::of(arch.item(record.at).kind.name) != Some(Statement::Constraint) {
            continue;
        }
        let is_named = |entity| arch.referring(entity, &facts::REALIZES).next().is_some();
        let is_answered = arch.fact(record.at, &facts::requirement::REALIZED_BY).is_some()
            || arch.entity(record.at).is_some_and(is_named);
        if !is_answered {
            let finding =
                cx.at(record.at, format!("nothing is said to answer to the constraint \"{}\"", arch.title(record.at)));
            let name = arch.name(record.at);
            cx.push(finding.help(format!(
                "write `realizes={name}` on the element, flow or technology that was chosen because of it"
            )));
        }
    }
}

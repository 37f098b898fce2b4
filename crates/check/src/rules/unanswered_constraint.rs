use crate::{Absence, Context, Reach, Rule};
use groma_base::Severity;
use groma_model::kinds::class;
use groma_model::{Architecture, ItemRef, Statement, facts};

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

/// The constraints of a workspace.
pub(super) fn constraints(arch: &Architecture) -> impl Iterator<Item = ItemRef> {
    let records = arch.records_of(&class::RECORD).map(|record| record.at);
    records.filter(|at| Statement::of(arch.item(*at).kind.name) == Some(Statement::Constraint))
}

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    for at in constraints(arch) {
        let is_named = |entity| arch.referring(entity, &facts::REALIZES).next().is_some();
        let is_answered =
            arch.fact(at, &facts::requirement::REALIZED_BY).is_some() || arch.entity(at).is_some_and(is_named);
        if !is_answered {
            let finding = cx.at(at, format!("nothing is said to answer to the constraint \"{}\"", arch.title(at)));
            let name = arch.name(at);
            cx.push(finding.help(format!(
                "write `realizes={name}` on the element, flow or technology that was chosen because of it"
            )));
        }
    }
}

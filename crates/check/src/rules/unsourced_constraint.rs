use crate::{Absence, Context, Reach, Rule};
use groma_base::Severity;
use groma_model::facts::{self, constraint, requirement};
use groma_model::kinds::class;

pub(super) static RULE: Rule = Rule {
    name: "unsourced-constraint",
    severity: Severity::Note,
    summary: "a constraint of law or contract that nobody can look up",
    check: Some(check),
    reach: Reach::Whole,
    absence: Some(Absence::OfPart),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("unsourced_constraint.md"),
};

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    for record in arch.records_of(&class::RECORD) {
        if arch.choice(record.at) != Some(constraint::Category::Legal) {
            continue;
        }
        let is_told = [&requirement::SOURCE, &facts::LINK].iter().any(|fact| arch.fact(record.at, fact).is_some());
        if !is_told {
            let title = arch.title(record.at);
            let finding = cx.at(record.at, format!("nothing says which law or contract asks \"{title}\""));
            cx.push(finding.help("name it with `source=\"…\"`, or where it can be read with `link`"));
        }
    }
}

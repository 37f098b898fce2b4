use crate::{Absence, Context, Reach, Rule};
use groma_base::Severity;
use groma_model::facts;
use groma_model::kinds::class;

pub(super) static RULE: Rule = Rule {
    name: "unjudged-failure",
    severity: Severity::Note,
    summary: "a failure of which nothing says what must hold meanwhile",
    check: Some(check),
    reach: Reach::Whole,
    absence: Some(Absence::OfAnything),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("unjudged_failure.md"),
};

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    // Without a flow there is nothing to judge.
    if arch.flows.is_empty() {
        return;
    }
    for failure in arch.records_of(&class::FAILURE).filter(|failure| !arch.is_judged(failure.at)) {
        let is_played = facts::failure::WRONGS.iter().any(|fact| arch.fact(failure.at, fact).is_some());
        if is_played {
            let message =
                format!("nothing judges \"{}\": no quality names it, and it expects nothing", arch.title(failure.at));
            let finding =
                cx.at(failure.at, message).note("`groma simulate` plays it, and passes whatever becomes of it");
            let name = arch.name(failure.at);
            cx.push(finding.help(format!(
                "write what must hold meanwhile, `expect FLOW success=99%` in it or `require … failure={name}` in a quality"
            )));
        }
    }
}

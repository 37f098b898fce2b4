use crate::{Context, Reach, Rule};
use groma_base::Severity;

pub(super) static RULE: Rule = Rule {
    name: "retry-of-final-error",
    severity: Severity::Error,
    summary: "a retry of an error that will not go away on its own",
    check: Some(check),
    reach: Reach::Near,
    absence: None,
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("retry_of_final_error.md"),
};

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    for id in cx.relations() {
        let at = arch.relation(id).at;
        for error in arch.retried_errors(id).into_iter().filter(|error| error.is_final()) {
            let message = format!("`{}` will fail again however often it is tried", error.word);
            let finding = cx.finding(arch.span(at, error.range), message).about(at.item.raw()).regarding(error.word);
            cx.push(finding.help("retry what may pass: `on=\"429, 5xx, timeout\"`"));
        }
    }
}

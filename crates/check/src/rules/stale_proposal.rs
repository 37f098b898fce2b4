use crate::{Context, Reach, Rule};
use groma_base::{Severity, date_after};
use groma_model::facts::decision::{DATE, Status};
use groma_model::facts::workspace::PROPOSED_FOR;
use groma_model::kinds::class::DECISION;

pub(super) static RULE: Rule = Rule {
    name: "stale-proposal",
    severity: Severity::Warning,
    summary: "a decision that has been proposed for longer than the workspace allows",
    check: Some(check),
    reach: Reach::Records,
    absence: None,
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("stale_proposal.md"),
};

const SECONDS_OF_A_DAY: f64 = 86_400.0;

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    let given = arch.workspace.and_then(|at| arch.quantity(at, &PROPOSED_FOR));
    let Some(longest) = given.or_else(|| PROPOSED_FOR.default_quantity()) else { return };
    // Nobody lives longer than that; a date that far away is none.
    let days = (longest.high / SECONDS_OF_A_DAY).ceil().min(1e6) as i64;
    for at in cx.records_of(&DECISION) {
        if arch.choice::<Status>(at) != Some(Status::Proposed) {
            continue;
        }
        let Some(date) = arch.fact(at, &DATE) else { continue };
        let Some(first) = date_after(arch.words(at, date), days + 1) else { continue };
        let message =
            format!("{} has been proposed since {}, for more than {days} days", cx.thing(at), arch.words(at, date));
        let name = arch.name_for_commands(at);
        let finding = cx.at_fact(at, date, message).from_day(&first);
        cx.push(finding.help(format!("decide: `groma adr accept {name}` or `groma adr reject {name}`")));
    }
}

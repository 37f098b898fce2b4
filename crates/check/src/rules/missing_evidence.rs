use crate::{Context, Reach, Rule};
use groma_base::Severity;
use groma_model::decode::find_fact;
use groma_model::facets::decisions::{is_promised, is_promised_though_linked, says_where};
use groma_model::facts::decision::{EVIDENCE, EVIDENCE_LINK, Status};
use groma_model::kinds::class::DECISION;

pub(super) static RULE: Rule = Rule {
    name: "missing-evidence",
    severity: Severity::Warning,
    summary: "a prototype, benchmark or RFC that a decision rests on, and that nothing leads to",
    check: Some(check),
    reach: Reach::Records,
    absence: None,
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("missing_evidence.md"),
};

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    for at in cx.records_of(&DECISION) {
        let is_open = matches!(arch.choice::<Status>(at), Some(Status::Accepted | Status::Proposed));
        for given in arch.values_of(at, &EVIDENCE).filter(|_| is_open) {
            let words = arch.words(at, given);
            let is_linked = find_fact(arch.file(at).parts_of(given), &EVIDENCE_LINK).is_some();
            let is_promised = if is_linked { is_promised_though_linked(words) } else { is_promised(words) };
            let is_there = is_linked || says_where(words);
            if is_there && !is_promised {
                continue;
            }
            let is = if is_promised { "is yet to come" } else { "stands nowhere that is told" };
            let message = format!("{} rests on evidence that {is}", cx.thing(at));
            let finding = cx.at_fact(at, given, message);
            cx.push(finding.help("link it, or say in the record that it was decided without"));
        }
    }
}

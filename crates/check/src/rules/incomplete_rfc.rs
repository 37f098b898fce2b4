use crate::{Absence, Context, Reach, Rule};
use groma_base::{Severity, join_words};
use groma_model::decode::{FactValue, find_fact};
use groma_model::facts::decision::{OPTION_ABOUT, OPTION_BECAUSE, OPTION_CON};
use groma_model::facts::rfc::{ALTERNATIVE, CONSIDERED, PROBLEM, PROPOSAL, QUESTION, Status};
use groma_model::kinds::class::RFC;
use groma_model::{Architecture, ItemRef};

pub(super) static RULE: Rule = Rule {
    name: "incomplete-rfc",
    severity: Severity::Warning,
    summary: "a request for comments that does not say what it solves, how, or instead of what; or one that was accepted with open questions",
    check: Some(check),
    reach: Reach::Records,
    absence: Some(Absence::OfPart),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("incomplete_rfc.md"),
};

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    for at in cx.records_of(&RFC) {
        let status = arch.choice::<Status>(at);
        // What is being written is not done, and what is over need not be mended.
        if !matches!(status, Some(Status::Review | Status::Accepted)) {
            continue;
        }
        let lacks = lacks(arch, at);
        if !lacks.is_empty() {
            let words = join_words(&lacks.iter().map(|(what, _)| (*what).to_owned()).collect::<Vec<_>>(), "and");
            let help = lacks.iter().map(|(_, help)| *help).collect::<Vec<_>>().join("; ");
            let finding = cx.at(at, format!("{} says {words}", cx.thing(at)));
            cx.push(finding.help(help));
        }
        for option in arch.values_of(at, &ALTERNATIVE).filter(|option| !has_reason(arch, at, option)) {
            let message = format!("nothing says why \"{}\" is not proposed", arch.words(at, option));
            let finding = cx.at_fact(at, option, message);
            cx.push(finding.help("write the reason: a reviewer has the same idea"));
        }
        for question in arch.values_of(at, &QUESTION).filter(|_| status == Some(Status::Accepted)) {
            let finding = cx.at_fact(at, question, format!("{} is accepted, and this is still open", cx.thing(at)));
            cx.push(finding.help(
                "answer it in the text and take it out, or tick it: `- [x]`; what may stay open is work of its own",
            ));
        }
    }
}

/// What a request for comments says nothing of, each with what to write.
fn lacks(arch: &Architecture, at: ItemRef) -> Vec<(&'static str, &'static str)> {
    let says = |fact| arch.fact(at, fact).is_some();
    [
        (says(&PROBLEM), "no problem", "write what hurts, whom and how much"),
        (says(&PROPOSAL), "no proposal", "write what is to be done, so that somebody else could do it"),
        (
            says(&ALTERNATIVE) || says(&CONSIDERED),
            "no alternative",
            "name what else was considered, doing nothing included, and why it is not proposed",
        ),
    ]
    .into_iter()
    .filter(|(is_said, ..)| !is_said)
    .map(|(_, what, help)| (what, help))
    .collect()
}

/// Whether something is said against an alternative, or of it at all.
fn has_reason(arch: &Architecture, at: ItemRef, option: &FactValue) -> bool {
    let parts = arch.file(at).parts_of(option);
    // `Kafka — more to run than all the rest`
    let says_more = ["—", "–", " - "].iter().any(|dash| arch.words(at, option).contains(dash));
    says_more || [&OPTION_BECAUSE, &OPTION_CON, &OPTION_ABOUT].iter().any(|fact| find_fact(parts, fact).is_some())
}

use crate::{Absence, Context, Reach, Rule};
use groma_base::{Severity, list_words};
use groma_model::facts::sign;
use groma_model::signing::{Signature, Standing, is_number_of_record};

pub(super) static RULE: Rule = Rule {
    name: "lapsed-signature",
    severity: Severity::Error,
    summary: "something that has changed since it was signed",
    check: Some(check),
    reach: Reach::Whole,
    // What is not understood may be what was signed.
    absence: Some(Absence::OfAnything),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("lapsed_signature.md"),
};

fn check(cx: &mut Context<'_>) {
    let signatures = cx.signatures();
    for (nth, (signature, standing)) in signatures.all.iter().enumerate() {
        if signatures.is_replaced(nth) {
            continue;
        }
        match standing {
            Standing::Valid | Standing::Wrong(_) => {}
            Standing::Lapsed(_) if signature.is_of_shared_number(cx.arch) => of_shared_number(cx, signature),
            Standing::Lapsed(_) => report(cx, signature, "has changed since", CHANGED),
            Standing::Gone if is_number_of_record(signature.target) => report(cx, signature, NO_RECORD.0, NO_RECORD.1),
            Standing::Gone => report(cx, signature, NOTHING.0, NOTHING.1),
        }
    }
}

const CHANGED: &str = "`groma sign --verify` shows what has changed; where that is right, have it signed anew: the new line takes the place of this one";

const NOTHING: (&str, &str) = (
    "selects nothing any more: what it selected is gone since",
    "where that is right, take the line out: git keeps it",
);

const NO_RECORD: (&str, &str) = (
    "is the number of no record any more since",
    "where it has another number now, have it signed anew by that; then take this line out: git keeps it",
);

/// Tells of one that is about the first of several records with the same number, which is not what was signed.
fn of_shared_number(cx: &mut Context<'_>, signature: &Signature<'_>) {
    let called = signature.record.and_then(|at| cx.arch.item(at).called.as_ref());
    let others = called.into_iter().flat_map(|called| &called.namesakes);
    let others = list_words(others.map(|file| &**file), "and");
    let has = format!("is the number of {others} as well, and the first of them is not what it was when");
    let help = "give one of them another number: then the signature is about the other again; or have the one that is meant signed anew, by the name of its file, and take this line out";
    report(cx, signature, &has, help);
}

fn report(cx: &mut Context<'_>, signature: &Signature<'_>, has: &str, help: &str) {
    let Some(given) = cx.arch.fact(signature.at, &sign::TARGET) else { return };
    let Signature { target, role, person, on, hash, .. } = signature;
    let message = format!("`{target}` {has} {} signed it as {role} on {on}", person.name);
    let finding = cx.at_fact(signature.at, given, message);
    cx.push(finding.help(help).regarding(*hash));
}

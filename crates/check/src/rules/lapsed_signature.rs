use crate::{Absence, Context, Reach, Rule};
use groma_base::Severity;
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
            Standing::Lapsed(_) => report(cx, signature, "has changed since"),
            Standing::Gone => report(cx, signature, gone(signature)),
        }
    }
}

const NOTHING: &str = "selects nothing any more: what it selected is gone since";
const NO_RECORD: &str = "is the number of no record any more since";

fn gone(signature: &Signature<'_>) -> &'static str {
    if is_number_of_record(signature.target) { NO_RECORD } else { NOTHING }
}

fn report(cx: &mut Context<'_>, signature: &Signature<'_>, has: &str) {
    let Some(given) = cx.arch.fact(signature.at, &sign::TARGET) else { return };
    let Signature { target, role, person, on, hash, .. } = signature;
    let message = format!("`{target}` {has} {} signed it as {role} on {on}", person.name);
    let help = "`groma sign --verify` shows what has changed; where that is right, have it signed anew: the new line takes the place of this one";
    let help = match has {
        NO_RECORD => {
            "where it has another number now, have it signed anew by that; then take this line out: git keeps it"
        }
        NOTHING => "where that is right, take the line out: git keeps it",
        _ => help,
    };
    let finding = cx.at_fact(signature.at, given, message);
    cx.push(finding.help(help).regarding(*hash));
}

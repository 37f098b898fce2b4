use crate::{Context, Reach, Rule};
use groma_base::Severity;
use groma_model::facts::sign;
use groma_model::signing::{Standing, may_sign, who_may_sign};

pub(super) static RULE: Rule = Rule {
    name: "unknown-signer",
    severity: Severity::Error,
    summary: "a signature of somebody who may not sign in that role",
    check: Some(check),
    reach: Reach::Whole,
    absence: None,
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("unknown_signer.md"),
};

fn check(cx: &mut Context<'_>) {
    let (arch, signatures) = (cx.arch, cx.signatures());
    for (nth, (signature, standing)) in signatures.all.iter().enumerate() {
        let counts = *standing == Standing::Valid && !signatures.is_replaced(nth);
        if !counts || may_sign(arch, &signature.person, signature.role) {
            continue;
        }
        let Some(given) = arch.fact(signature.at, &sign::BY) else { continue };
        let role = signature.role;
        let message = format!("{} is no member of a team with the role `{role}`", signature.person.name);
        let help = format!("have it signed by one who has it; {}", who_may_sign(arch, role));
        cx.push(cx.at_fact(signature.at, given, message).help(help).regarding(signature.hash));
    }
}

use crate::{Absence, Context, Reach, Rule};
use groma_base::{Diagnostic, Severity};
use groma_model::facts::sign;
use groma_model::signers::{CHANGED, KeyProof};
use groma_model::signing::{Signature, Standing, Unread, Unreadable};

pub(super) static RULE: Rule = Rule {
    name: "invalid-signature",
    severity: Severity::Error,
    summary: "a signature that cannot be read, or whose key does not prove it",
    check: Some(check),
    reach: Reach::Whole,
    absence: Some(Absence::OfPart),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("invalid_signature.md"),
};

fn check(cx: &mut Context<'_>) {
    unreadable(cx);
    let signatures = cx.signatures();
    for (nth, (signature, standing)) in signatures.all.iter().enumerate() {
        of_future(cx, signature);
        // Of what has changed since that is told.
        if *standing == Standing::Valid && !signatures.is_replaced(nth) {
            of_key(cx, signature);
        }
    }
}

/// Tells of a signature of a day that is still to come, as long as it is.
fn of_future(cx: &mut Context<'_>, signature: &Signature<'_>) {
    let Some(given) = cx.arch.fact(signature.at, &sign::ON) else { return };
    let message = format!("the signature is said to be of {}, which is still to come", signature.on);
    let finding = cx.at_fact(signature.at, given, message).before_day(signature.on);
    cx.push(finding.help("take the line out, and have it signed on the day that it is").regarding(signature.hash));
}

/// Tells of a signature with a key that does not prove it.
fn of_key(cx: &mut Context<'_>, signature: &Signature<'_>) {
    let Some(given) = cx.arch.fact(signature.at, &sign::SIGNATURE) else { return };
    let mail = signature.person.mail;
    let finding = match signature.proof(cx.arch) {
        KeyProof::NoKey | KeyProof::Proven => return,
        KeyProof::Unknown(key) => {
            let message = format!("nothing says that the key of this signature is one of {mail}");
            let finding = cx.at_fact(signature.at, given, message);
            let help = format!("if it is, add it to `{}`: `groma sign --verify` says how", key.file);
            Diagnostic { severity: finding.severity.min(Severity::Warning), ..finding }.help(help)
        }
        KeyProof::Bad(why) => {
            let message = format!("the signature with a key proves nothing: {why}");
            cx.at_fact(signature.at, given, message).help(match why {
                CHANGED => {
                    "take the line as it was from git, or have it signed anew: the new line takes the place of this one"
                }
                _ => "have it signed anew, with a key of theirs that holds: the new line takes the place of this one",
            })
        }
    };
    cx.push(finding.regarding(signature.hash));
}

/// Tells of those that cannot be read.
fn unreadable(cx: &mut Context<'_>) {
    let arch = cx.arch;
    let signatures = cx.signatures();
    let all = signatures.unreadable.iter().enumerate();
    for (_, Unread { at, why, .. }) in all.filter(|(nth, _)| !signatures.is_unreadable_replaced(*nth)) {
        let fact = match why {
            Unreadable::Missing(_) => None,
            Unreadable::Person => Some(&sign::BY),
            Unreadable::Hash => Some(&sign::HASH),
            Unreadable::Form => Some(&sign::FORM),
        };
        let message = format!("the signature says nothing: {why}");
        let finding = match fact.and_then(|fact| arch.fact(*at, fact)) {
            Some(given) => cx.at_fact(*at, given, message),
            None => cx.at(*at, message),
        };
        let finding = finding.regarding(arch.text(*at, &sign::HASH).unwrap_or_default());
        cx.push(finding.help(match why {
            Unreadable::Form => "a newer version of Groma may know it: update, or have it signed anew by `groma sign`",
            _ => "`groma sign` writes these lines: take it as it was from git, or have it signed anew",
        }));
    }
}

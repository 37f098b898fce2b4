use crate::{Absence, Context, Reach, Rule};
use groma_base::{Severity, date_after};
use groma_model::ItemRef;
use groma_model::facts::rfc::{LAST_CALL, Status};
use groma_model::kinds::class::{MEMBER, RFC};
use groma_model::signing::{Answer, Review, reviews};

pub(super) static RULE: Rule = Rule {
    name: "unreviewed-rfc",
    severity: Severity::Warning,
    summary: "a request for comments that was accepted without the signatures of its reviewers, asks one whom nobody is, or is in review past its last call",
    check: Some(check),
    reach: Reach::Whole,
    // What is not understood may be the signature, or who has the role.
    absence: Some(Absence::OfAnything),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("unreviewed_rfc.md"),
};

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    for at in arch.records_of(&RFC).map(|record| record.at) {
        match arch.choice::<Status>(at) {
            Some(Status::Accepted) => unsigned(cx, at),
            Some(Status::Review) => {
                unknown_reviewers(cx, at);
                past_last_call(cx, at);
            }
            _ => {}
        }
    }
}

/// The reviewers that have not signed what was accepted as it is.
fn unsigned(cx: &mut Context<'_>, at: ItemRef) {
    let arch = cx.arch;
    let (owed, is_used) = {
        let signatures = cx.signatures();
        let owed = reviews(arch, signatures, at).into_iter().filter(|review| review.answer != Answer::Signed);
        (owed.collect::<Vec<_>>(), !signatures.all.is_empty())
    };
    for review in owed {
        let (problem, help) = problem(arch.name(at), &review);
        let message = format!("{} is accepted, and {problem}", cx.thing(at));
        let mut finding = cx.at_fact(at, review.asked, message).help(help).regarding(review.role);
        // A workspace in which nobody signs has reviews elsewhere.
        if !is_used {
            finding.severity = finding.severity.min(Severity::Note);
        }
        cx.push(finding);
    }
}

/// The reviewers that nobody is, where anybody is in a team: they are asked in vain.
fn unknown_reviewers(cx: &mut Context<'_>, at: ItemRef) {
    let arch = cx.arch;
    if arch.records_of(&MEMBER).next().is_none() {
        return;
    }
    let unknown: Vec<_> = {
        let signatures = cx.signatures();
        reviews(arch, signatures, at).into_iter().filter(|review| !review.is_known).collect()
    };
    for review in unknown {
        let message = format!("nobody in the teams is {}, who is to sign {}", review.role, cx.thing(at));
        let help = format!(
            "say who that is: `member id \"Name\" email=… roles={}`, or name another reviewer",
            as_role(review.role)
        );
        let finding = cx.at_fact(at, review.asked, message).help(help).regarding(review.role);
        cx.push(finding);
    }
}

/// What is wrong with a review, and what to do.
fn problem(name: &str, review: &Review<'_>) -> (String, String) {
    let role = review.role;
    let signs_as = review.signs_as.unwrap_or("ROLE");
    // A name that is a number needs what tells it from a decision.
    let target =
        if name.bytes().all(|byte| byte.is_ascii_digit()) { format!("rfc-{name}") } else { format!("rfc:{name}") };
    let sign = format!("groma sign {target} --as {signs_as}");
    match review.answer {
        Answer::Lapsed => (
            format!("has changed since {role} signed it"),
            format!(
                "have it read again and signed: `{sign}`; a change of its status, date and decisions lapses nothing"
            ),
        ),
        Answer::Bad => (
            format!("the signature of {role} does not hold"),
            "`groma sign --verify` says why; have it signed by somebody who has the role".to_owned(),
        ),
        Answer::Owed | Answer::Signed if review.is_known => {
            (format!("{role} has not signed it"), format!("whoever that is runs `{sign}`, or it goes back to review"))
        }
        Answer::Owed | Answer::Signed => (
            format!("nobody in the teams is {role}, who was to sign it"),
            format!("say who that is: `member id \"Name\" email=… roles={}`, or name another reviewer", as_role(role)),
        ),
    }
}

/// A role as it is written in a team.
fn as_role(role: &str) -> String {
    let words = role.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join("-")
}

fn past_last_call(cx: &mut Context<'_>, at: ItemRef) {
    let arch = cx.arch;
    let Some(day) = arch.fact(at, &LAST_CALL) else { return };
    let words = arch.words(at, day);
    let Some(day_after) = date_after(words, 1) else { return };
    let message = format!("{} is in review, and its last call was on {words}", cx.thing(at));
    let finding = cx.at_fact(at, day, message).from_day(&day_after);
    cx.push(finding.help("accept, reject or withdraw it, or write another day and say why"));
}

use crate::{Absence, Context, Reach, Rule};
use groma_base::Severity;
use groma_model::ItemRef;
use groma_model::decode::FactValue;
use groma_model::facts::stage;
use groma_model::signers::KeyProof;
use groma_model::signing::{Forms, Signature, Standing, hash, may_sign, roles_of, target};

pub(super) static RULE: Rule = Rule {
    name: "unsigned-step",
    severity: Severity::Error,
    summary: "a step of a pipeline that needs a signature which nobody has given",
    check: Some(check),
    reach: Reach::Whole,
    // What is not understood may be what was signed.
    absence: Some(Absence::OfAnything),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("unsigned_step.md"),
};

/// The day of queries that ask for an age.
const ANY_DAY: &str = "2026-01-01";

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    let stages = arch.pipelines.iter().flat_map(|pipeline| pipeline.stages.iter().map(|stage| stage.at));
    let needed: Vec<(ItemRef, &FactValue)> =
        stages.flat_map(|at| arch.values_of(at, &stage::NEEDS_SIGNATURE).map(move |needed| (at, needed))).collect();
    if needed.is_empty() {
        return;
    }
    let forms = Forms::new(arch);
    for (at, needed) in needed {
        let Some(Problem { what, help, until }) = problem(cx, &forms, (at, needed)) else { continue };
        let message = format!("{} needs a signature as {}, and {what}", cx.thing(at), arch.words(at, needed));
        let finding = cx.at_fact(at, needed, message).help(help).regarding(arch.words(at, needed));
        cx.push(until.into_iter().fold(finding, |finding, day| finding.before_day(day)));
    }
}

/// What is wrong with a signature that is needed, and what to do.
struct Problem<'a> {
    what: String,
    help: String,
    /// The day on which it is given, if it is.
    until: Option<&'a str>,
}

impl Problem<'_> {
    fn new(what: impl Into<String>, help: impl Into<String>) -> Option<Self> {
        Some(Problem { what: what.into(), help: help.into(), until: None })
    }
}

/// What is wrong with a signature that is needed; nothing where something else tells of it.
fn problem<'a>(cx: &Context<'a>, forms: &Forms<'_>, (at, needed): (ItemRef, &FactValue)) -> Option<Problem<'a>> {
    let arch = cx.arch;
    let role = arch.words(at, needed);
    let Some(of) = arch.part_of(at, needed, &stage::SIGNATURE_OF) else {
        let help = "write `of` after it: `needs-signature architect of=\"kind:decision\"`";
        return Problem::new("it does not say of what", help);
    };
    if !roles_of(arch).contains(&role) {
        let help = format!("say who has it in a team: `member id \"Name\" email=… roles={role}`");
        return Problem::new("nobody has that role", help);
    }
    // What is no query is told as that.
    let meant = target(arch, of, ANY_DAY).ok()?;
    if meant.things().is_empty() {
        let help = "name what is to be signed; `groma query` shows what a query selects";
        return Problem::new(format!("`{of}` selects nothing that could be signed"), help);
    }
    let with_key = arch.part_value_of(at, needed, &stage::WITH_KEY).and_then(FactValue::flag) == Some(true);
    let help = format!("whoever has that role runs `groma sign \"{of}\" --as {role}`");
    let (how, help) = match with_key {
        true => (
            " with a known key",
            format!("{help}, with a key that `acts/allowed_signers` or `acts/allowed_keys.asc` knows"),
        ),
        false => ("", help),
    };
    let until = first_day(cx, &hash(&forms.of(&meant)), role, with_key);
    Some(Problem { what: format!("nobody has signed `{of}` as it is{how}"), help, until })
}

/// The first day on which somebody who may signed what has this hash in a role, with a known key if it must be one.
fn first_day<'a>(cx: &Context<'a>, hash: &str, role: &str, with_key: bool) -> Option<&'a str> {
    let (arch, all) = (cx.arch, &cx.signatures().all);
    let holds = |one: &Signature<'_>| match one.proof(arch) {
        KeyProof::Proven => true,
        KeyProof::NoKey | KeyProof::Unknown(_) => !with_key,
        KeyProof::Bad(_) => false,
    };
    let valid = all.iter().filter(|(_, standing)| *standing == Standing::Valid).map(|(one, _)| one);
    let given = valid.filter(|one| (one.hash, one.role) == (hash, role) && may_sign(arch, &one.person, role));
    given.filter(|one| holds(one)).map(|one| one.on).min()
}

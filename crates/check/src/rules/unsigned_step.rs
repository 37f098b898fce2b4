use crate::{Absence, Context, Reach, Rule};
use groma_base::Severity;
use groma_model::ItemRef;
use groma_model::decode::FactValue;
use groma_model::facts::stage;
use groma_model::signers::KeyProof;
use groma_model::signing::{Forms, Standing, hash, may_sign, roles_of, target};

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
        let Some((problem, help)) = problem(cx, &forms, (at, needed)) else { continue };
        let message = format!("{} needs a signature as {}, and {problem}", cx.thing(at), arch.words(at, needed));
        cx.push(cx.at_fact(at, needed, message).help(help).regarding(arch.words(at, needed)));
    }
}

/// What is wrong with a signature that is needed, and what to do; nothing where it is given, or where something else tells of it.
fn problem(cx: &Context<'_>, forms: &Forms<'_>, (at, needed): (ItemRef, &FactValue)) -> Option<(String, String)> {
    let arch = cx.arch;
    let role = arch.words(at, needed);
    let Some(of) = arch.part_of(at, needed, &stage::SIGNATURE_OF) else {
        let help = "write `of` after it: `needs-signature architect of=\"kind:decision\"`";
        return Some(("it does not say of what".to_owned(), help.to_owned()));
    };
    if !roles_of(arch).contains(&role) {
        let help = format!("say who has it in a team: `member id \"Name\" email=… roles={role}`");
        return Some(("nobody has that role".to_owned(), help));
    }
    // What is no query is told as that.
    let meant = target(arch, of, ANY_DAY).ok()?;
    if meant.things().is_empty() {
        let help = "name what is to be signed; `groma query` shows what a query selects".to_owned();
        return Some((format!("`{of}` selects nothing that could be signed"), help));
    }
    let with_key = arch.part_value_of(at, needed, &stage::WITH_KEY).and_then(FactValue::flag) == Some(true);
    if is_signed(cx, &hash(&forms.of(&meant)), role, with_key) {
        return None;
    }
    let help = format!("whoever has that role runs `groma sign \"{of}\" --as {role}`");
    let (how, help) = match with_key {
        true => (
            " with a known key",
            format!("{help}, with a key that `acts/allowed_signers` or `acts/allowed_keys.asc` knows"),
        ),
        false => ("", help),
    };
    Some((format!("nobody has signed `{of}` as it is{how}"), help))
}

/// Whether somebody who may has signed what has this hash in a role, with a known key if it must be one.
fn is_signed(cx: &Context<'_>, hash: &str, role: &str, with_key: bool) -> bool {
    let (arch, all) = (cx.arch, &cx.signatures().all);
    all.iter().any(|(one, standing)| {
        *standing == Standing::Valid
            && (one.hash, one.role) == (hash, role)
            && may_sign(arch, &one.person, role)
            && match one.proof(arch) {
                KeyProof::Proven => true,
                KeyProof::NoKey | KeyProof::Unknown(_) => !with_key,
                KeyProof::Bad(_) => false,
            }
    })
}

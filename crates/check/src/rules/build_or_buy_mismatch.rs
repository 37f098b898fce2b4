use super::choices::{accepted, leaders, named_by, sound};
use crate::{Context, Reach, Rule};
use groma_base::Severity;
use groma_decide::{Candidate, Choice};
use groma_model::facts::choice::{CORE_DIFFERENTIATOR, Criteria};
use groma_model::facts::option::By;

pub(super) static RULE: Rule = Rule {
    name: "build-or-buy-mismatch",
    severity: Severity::Warning,
    summary: "what is bought although it is called core, what is built although it is not, and what of the two is not said",
    check: Some(check),
    reach: Reach::Whole,
    absence: None,
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("build_or_buy_mismatch.md"),
};

fn check(cx: &mut Context<'_>) {
    for choice in sound(cx.arch) {
        let is_form = cx.arch.choice::<Criteria>(choice.at) == Some(Criteria::BuildOrBuy);
        let core = cx.arch.flag(choice.at, &CORE_DIFFERENTIATOR);
        match core {
            None if is_form => {
                let message =
                    format!("{} does not say whether it is about your core differentiator", cx.thing(choice.at));
                let finding = cx.at(choice.at, message);
                cx.push(finding.help("write `core-differentiator` if it is what sets you apart from others, or `core-differentiator=#false`"));
            }
            None => continue,
            Some(is_core) => against_core(cx, &choice, is_core),
        }
        for option in choice.candidates().filter(|option| option.by.is_none()) {
            let finding =
                cx.at(option.at, format!("option `{}` does not say whether it is built or bought", option.name));
            cx.push(finding.help("write `by=build` or `by=buy`"));
        }
    }
}

/// Says where what is chosen is not what the answer to the first question asks for.
fn against_core(cx: &mut Context<'_>, choice: &Choice<'_>, is_core: bool) {
    let decided = accepted(cx.arch, choice.at).map(|decision| named_by(cx.arch, decision, choice));
    let (chosen, is_decided) = match decided.as_deref() {
        Some([only]) => (*only, true),
        _ => match leaders(choice)[..] {
            [only] => (only, false),
            _ => return,
        },
    };
    let how = |option: &Candidate<'_>, says: &str| {
        let by_what = if is_decided { "is decided" } else { "is first by the numbers" };
        format!("option `{}` {by_what}: {says}", option.name)
    };
    let (message, help) = match (is_core, chosen.by) {
        (true, Some(By::Buy)) => (
            how(chosen, "it is bought, and called core"),
            "build what sets you apart, or say that it is not core: `core-differentiator=#false`",
        ),
        (false, Some(By::Build)) => (
            how(chosen, "it is built, and not core"),
            "buy what others do as well, or say that it is core: `core-differentiator`",
        ),
        (true, Some(By::Build) | None) | (false, Some(By::Buy) | None) => return,
    };
    let Some(given) = cx.arch.fact(choice.at, &CORE_DIFFERENTIATOR) else { return };
    let finding = cx.at(chosen.at, message).secondary(cx.arch.span(choice.at, given.range), "this is said");
    cx.push(finding.help(help));
}

use crate::{Absence, Context, Reach, Rule};
use groma_base::Severity;
use groma_model::signing::{Need, Needed, needed};

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

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    for needed in needed(arch, cx.signatures()) {
        let Some(Problem { what, help, until }) = problem(&needed) else { continue };
        let message = format!("{} needs a signature as {}, and {what}", cx.thing(needed.step), needed.role);
        let finding = cx.at_fact(needed.step, needed.said, message).help(help).regarding(needed.role);
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

impl<'a> Problem<'a> {
    fn new(what: impl Into<String>, help: impl Into<String>) -> Option<Problem<'a>> {
        Some(Problem { what: what.into(), help: help.into(), until: None })
    }
}

/// What is wrong with a signature that is needed; nothing where something else tells of it.
fn problem<'a>(needed: &Needed<'a>) -> Option<Problem<'a>> {
    let (role, of) = (needed.role, needed.of.unwrap_or_default());
    let until = match &needed.stands {
        // What is no query is told as that.
        Need::NoQuery(_) => return None,
        Need::OfNothing => {
            let help = "write `of` after it: `needs-signature architect of=\"kind:decision\"`";
            return Problem::new("it does not say of what", help);
        }
        Need::NobodyHasRole => {
            let help = format!("say who has it in a team: `member id \"Name\" email=… roles={role}`");
            return Problem::new("nobody has that role", help);
        }
        Need::SelectsNothing => {
            let help = "name what is to be signed; `groma query` shows what a query selects";
            return Problem::new(format!("`{of}` selects nothing that could be signed"), help);
        }
        Need::Owed => None,
        Need::Given(day) => Some(*day),
    };
    let help = format!("whoever has that role runs `groma sign \"{of}\" --as {role}`");
    let (how, help) = match needed.with_key {
        true => (
            " with a known key",
            format!("{help}, with a key that `acts/allowed_signers` or `acts/allowed_keys.asc` knows"),
        ),
        false => ("", help),
    };
    Some(Problem { what: format!("nobody has signed `{of}` as it is{how}"), help, until })
}

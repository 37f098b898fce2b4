use crate::{Absence, Context, Reach, Rule, rule};
use groma_base::Severity;
use groma_model::facts;
use groma_model::kinds::class;

pub(super) static RULE: Rule = Rule {
    name: "unclear-standard",
    severity: Severity::Error,
    summary: "a standard that does not say what must be true of what and why, or that has the name of a rule",
    check: Some(check),
    reach: Reach::Whole,
    absence: Some(Absence::OfPart),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("unclear_standard.md"),
};

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    for standard in arch.records_of(&class::STANDARD) {
        let at = standard.at;
        let (name, title) = (arch.name(at), arch.title(at));
        if rule(name).is_some() {
            let finding =
                cx.at(at, format!("`{name}` is a rule: what it finds could not be told from what this finds"));
            cx.push(finding.help("give the standard another name"));
        }
        let demanded = [
            (&facts::standard::APPLIES, "which things it is about", "applies=\"kind:service\""),
            (&facts::standard::MUST, "what must be true of them", "must=\"has:owner\""),
            (&facts::standard::REASON, "why", "reason=\"…\""),
        ];
        let missing: Vec<_> = demanded.into_iter().filter(|(fact, ..)| arch.fact(at, fact).is_none()).collect();
        if let [(_, first, _), ..] = missing[..] {
            let finding = cx.at(at, format!("the standard \"{title}\" does not say {first}"));
            let lines: Vec<&str> = missing.iter().map(|(.., line)| *line).collect();
            cx.push(finding.help(format!("add `{}`", lines.join(" "))));
        }
    }
}

use crate::{Absence, Context, Reach, Rule};
use groma_base::Severity;
use groma_model::facets::kits::compare_versions;
use groma_model::facts::kit;
use groma_model::kinds::class;
use std::cmp::Ordering;

pub(super) static RULE: Rule = Rule {
    name: "unclear-kit",
    severity: Severity::Warning,
    summary: "a kit without a version, beside another one, or for a newer Groma",
    check: Some(check),
    reach: Reach::Whole,
    absence: Some(Absence::OfPart),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("unclear_kit.md"),
};

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    for record in arch.records_of(&class::KIT) {
        let at = record.at;
        if arch.fact(at, &kit::VERSION).is_none() {
            let finding = cx.at(at, format!("the kit \"{}\" does not say its version", arch.title(at)));
            cx.push(finding.help("add `version=\"1.0\"`, so that teams can tell what has changed"));
        }
        if let Some(other) = arch.kit(at).filter(|other| *other != at) {
            let finding = cx.at(at, format!("the kit \"{}\" stands in the folder of another one", arch.title(at)));
            cx.push(finding.secondary(arch.name_span(other), "this one").help("keep one kit a folder"));
        }
        let Some(given) = arch.fact(at, &kit::GROMA) else { continue };
        let (wanted, own) = (arch.words(at, given), env!("CARGO_PKG_VERSION"));
        match compare_versions(wanted, own) {
            Some(Ordering::Greater) => {
                let words = arch.words(at, given);
                let message =
                    format!("the kit \"{}\" was written for Groma {words}, and this is older", arch.title(at));
                cx.push(
                    cx.at_fact(at, given, message)
                        .help("update Groma; what it does not know yet it takes for mistakes"),
                );
            }
            None => {
                let finding = cx.at_fact(at, given, format!("`{wanted}` is no version"));
                cx.push(finding.help("write numbers with dots between them, such as `0.1`"));
            }
            Some(Ordering::Less | Ordering::Equal) => {}
        }
    }
}

use crate::{Absence, Context, Reach, Rule};
use groma_base::Severity;
use groma_model::facts::{self, DataClass};

pub(super) static RULE: Rule = Rule {
    name: "unencrypted-store",
    severity: Severity::Warning,
    summary: "personal or card data that rests unencrypted",
    check: Some(check),
    reach: Reach::Near,
    absence: Some(Absence::OfPart),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("unencrypted_store.md"),
};

fn check(cx: &mut Context<'_>) {
    for id in cx.own_elements().filter(|id| cx.arch.is_store(*id)) {
        let at = cx.arch.element(id).at;
        let classes: Vec<&str> = cx
            .arch
            .list(at, &facts::DATA)
            .filter(|class| DataClass::of(class).is_some_and(DataClass::must_be_encrypted))
            .collect();
        if !classes.is_empty() && !cx.arch.is(at, &facts::element::ENCRYPTED_AT_REST) {
            let finding = cx.at(
                at,
                format!(
                    "the {} holds {} data and does not say that it is encrypted",
                    cx.named(id),
                    classes.join(" and ")
                ),
            );
            cx.push(finding.help("write `encrypted-at-rest=#true` once it is"));
        }
    }
}

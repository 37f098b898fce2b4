use super::encryption::is_encrypted;
use crate::{Absence, Context, Reach, Rule};
use groma_base::Severity;
use groma_model::facts::DataClass;
use groma_model::{Architecture, ElementId, facts};

pub(super) static RULE: Rule = Rule {
    name: "unencrypted-crossing",
    severity: Severity::Error,
    summary: "personal or card data that crosses zones unencrypted",
    check: Some(check),
    reach: Reach::Near,
    absence: Some(Absence::OfPart),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("unencrypted_crossing.md"),
};

fn check(cx: &mut Context<'_>) {
    for id in cx.relations() {
        let relation = *cx.arch.relation(id);
        let (from, to) = (cx.arch.element(relation.from), cx.arch.element(relation.to));
        if from.zone == to.zone && from.external == to.external {
            continue;
        }
        let mut classes: Vec<&str> = cx.arch.list(relation.at, &facts::DATA).collect();
        if classes.is_empty() && cx.arch.is_store(relation.to) {
            classes.extend(cx.arch.list(to.at, &facts::DATA));
        }
        classes.retain(|class| DataClass::of(class).is_some_and(DataClass::must_be_encrypted));
        if classes.is_empty() || is_encrypted(cx.arch, relation.at) {
            continue;
        }
        let message = format!(
            "{} data crosses from {} to {} unencrypted",
            classes.join(" and "),
            zone(cx.arch, relation.from),
            zone(cx.arch, relation.to)
        );
        let finding = cx.at(relation.at, message);
        cx.push(finding.help("name a protocol that encrypts (`protocol=HTTPS`), or say `encrypted=#true`"));
    }
}

fn zone(arch: &Architecture, id: ElementId) -> String {
    match arch.element(id).zone {
        Some(zone) => format!("the zone \"{}\"", arch.title(arch.groups[zone].at)),
        None if arch.element(id).external => "an external system".to_owned(),
        None => "outside any zone".to_owned(),
    }
}

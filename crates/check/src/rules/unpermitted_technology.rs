use super::technologies::in_ring;
use crate::{Absence, Context, Reach, Rule};
use groma_base::Severity;
use groma_model::facts::radar::Policy;
use groma_model::stack::{Known, Technologies};
use groma_model::{Architecture, ItemRef};

pub(super) static RULE: Rule = Rule {
    name: "unpermitted-technology",
    severity: Severity::Warning,
    summary: "a technology that needs a permission, and is used without one",
    check: Some(check),
    reach: Reach::Whole,
    absence: Some(Absence::OfName),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("unpermitted_technology.md"),
};

/// The technologies that need a permission.
pub(super) fn to_be_permitted(arch: &Architecture) -> Vec<ItemRef> {
    let technologies = Technologies::new(arch);
    let is_asked = |known: &Known| technologies.ring(*known).is_some_and(|ring| ring.policy == Policy::Permission);
    technologies.own().filter(is_asked).filter_map(|known| known.own).collect()
}

fn check(cx: &mut Context<'_>) {
    for &(known, ref users) in cx.by_technology() {
        let Some(ring) = cx.technologies().ring(known).filter(|ring| ring.policy == Policy::Permission) else {
            continue;
        };
        let title = cx.technologies().title(known);
        for one in users {
            let message =
                format!("{title} is in the ring `{}`: {} needs a permission for it", ring.name, cx.thing(one.at));
            let finding = cx.at_use(one, message);
            let name = RULE.name;
            let help = format!("who permits it writes `allow {name} owner=… reason=\"…\" expires=YYYY-MM-DD` there");
            cx.push(in_ring(cx, known, ring, finding.help(help)));
        }
    }
}

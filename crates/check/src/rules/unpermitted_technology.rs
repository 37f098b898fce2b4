use crate::{Absence, Context, Reach, Rule};
use groma_base::Severity;
use groma_model::facts::radar::Policy;

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

fn check(cx: &mut Context<'_>) {
    for &(known, ref users) in cx.by_technology() {
        let Some(ring) = cx.technologies().ring(known).filter(|ring| ring.policy == Policy::Permission) else {
            continue;
        };
        let title = cx.technologies().title(known);
        for one in users {
            let message =
                format!("{title} is in the ring `{}`: {} needs a permission for it", ring.name, cx.thing(one.at));
            let mut finding = cx.at_fact(one.at, one.fact, message);
            if let Some(at) = known.own {
                finding = finding.secondary(cx.arch.name_span(at), format!("`{}`: {}", ring.name, ring.means));
            }
            let name = RULE.name;
            let help = format!("who permits it writes `allow {name} owner=… reason=\"…\" expires=YYYY-MM-DD` there");
            cx.push(finding.help(help));
        }
    }
}

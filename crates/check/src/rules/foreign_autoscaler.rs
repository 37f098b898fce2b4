use crate::{Absence, Context, Reach, Rule};
use groma_base::{Severity, join_words};
use groma_model::decode::FactValue;
use groma_model::facts::element;
use groma_model::items::find_fact;
use groma_model::stack::Known;
use groma_model::{ElementId, ItemRef};

pub(super) static RULE: Rule = Rule {
    name: "foreign-autoscaler",
    severity: Severity::Warning,
    summary: "an autoscaler of a platform that nothing here runs on",
    check: Some(check),
    reach: Reach::Whole,
    absence: Some(Absence::OfPlace),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("foreign_autoscaler.md"),
};

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    for id in cx.own_elements() {
        let at = arch.element(id).at;
        for given in arch.values_of(at, &element::REPLICAS) {
            if let Some(autoscaler) = find_fact(arch.file(at).parts_of(given), &element::AUTOSCALER) {
                judge(cx, id, autoscaler);
            }
        }
    }
}

fn judge<'a>(cx: &mut Context<'a>, id: ElementId, autoscaler: &'a FactValue) {
    let (arch, technologies) = (cx.arch, cx.technologies());
    let at = arch.element(id).at;
    let Some(known) = technologies.named(arch.words(at, autoscaler)).known else { return };
    let wanted = technologies.platforms(known);
    let (places, is_placed) = places_of(cx, id);
    let platforms_at = |place: &ItemRef| -> Vec<(Known, Vec<Known>)> {
        let named = technologies.of(*place).filter_map(|named| named.known);
        named.map(|host| (host, technologies.platforms(host))).filter(|(_, of)| !of.is_empty()).collect()
    };
    let hosts: Vec<(ItemRef, Known, Vec<Known>)> = places
        .iter()
        .flat_map(|place| platforms_at(place).into_iter().map(|(host, platforms)| (*place, host, platforms)))
        .collect();
    // Of a host that says nothing of a platform it is not known what runs on it.
    if wanted.is_empty() || hosts.is_empty() || hosts.iter().any(|(.., of)| of.iter().any(|one| wanted.contains(one))) {
        return;
    }
    let titles = |known: &[Known]| {
        let mut titles: Vec<String> = known.iter().map(|one| technologies.title(*one).to_owned()).collect();
        titles.sort_unstable();
        titles.dedup();
        join_words(&titles, "and")
    };
    let here: Vec<Known> = hosts.iter().map(|(_, host, _)| *host).collect();
    let runs = match is_placed {
        true => format!("the {} runs on {}", cx.named(id), titles(&here)),
        false => format!("all that is deployed runs on {}", titles(&here)),
    };
    let message = format!("{} is of {}, and {runs}", technologies.title(known), titles(&wanted));
    let mut finding = cx.at_fact(at, autoscaler, message);
    for (place, host, _) in &hosts {
        finding = finding.secondary(arch.name_span(*place), format!("this is {}", technologies.title(*host)));
    }
    let help = format!("write the autoscaler that there is, or the host of {} that this runs on", titles(&wanted));
    cx.push(finding.help(help));
}

/// The regions and hosts where something runs, and that this is said; of what is placed nowhere, all that there are.
fn places_of(cx: &Context<'_>, id: ElementId) -> (Vec<ItemRef>, bool) {
    let arch = cx.arch;
    let mut found: Vec<ItemRef> = Vec::new();
    for (deployment, placed) in arch.deployments.entries() {
        let own = placed.instances.iter().filter(|instance| arch.is_within(id, instance.element));
        for node in own.filter_map(|instance| instance.node) {
            found.extend(arch.places_around(deployment, node).map(|around| arch.place_item(deployment, around)));
        }
    }
    if found.is_empty() {
        let all = arch.places().map(|(deployment, node)| arch.place_item(deployment, node));
        return (all.collect(), false);
    }
    found.sort_unstable();
    found.dedup();
    (found, true)
}

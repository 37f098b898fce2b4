use crate::{Context, Reach, Rule};
use groma_base::Severity;
use groma_model::{Architecture, ElementId, Instance, ItemRef, Placed, facts};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

pub(super) static RULE: Rule = Rule {
    name: "unchecked-replicas",
    severity: Severity::Warning,
    summary: "requests are balanced over replicas of which nobody asks whether they are well",
    check: Some(check),
    reach: Reach::Whole,
    absence: None,
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("unchecked_replicas.md"),
};

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    for deployment in arch.deployments.iter() {
        let running = deployment.running();
        let placed: FxHashMap<ItemRef, Placed<'_>> =
            arch.placed(deployment).map(|placed| (placed.instance.at, placed)).collect();
        for connection in &deployment.connections {
            if arch.fact(connection.at, &facts::element::BALANCE).is_none()
                || arch.fact(connection.at, &facts::connection::HEALTH_CHECK).is_some()
            {
                continue;
            }
            let behind = running.get(&connection.to).map_or(&[][..], |behind| behind);
            let Some((element, count)) = several(arch, &placed, behind) else { continue };
            let message = format!(
                "requests are spread over {count} replicas of {}, and no `health-check` takes out one that is gone",
                cx.named(element)
            );
            let finding = cx.at(connection.at, message);
            cx.push(finding.help(format!(
                "add `health-check \"/health\" every=10s failures=3`: until then 1 of {count} requests goes to a replica that is gone"
            )));
        }
    }
}

/// The one of these that has the most replicas, if it has several, and how many at most.
fn several(
    arch: &Architecture,
    placed: &FxHashMap<ItemRef, Placed<'_>>,
    behind: &[&Instance],
) -> Option<(ElementId, f64)> {
    let mut at_work: BTreeMap<ElementId, (f64, bool)> = BTreeMap::new();
    for one in behind {
        let Some(replicas) = placed[&one.at].replicas else { continue };
        let (count, is_said) = at_work.entry(one.element).or_default();
        *count += replicas.high;
        *is_said |= arch.fact(one.at, &facts::instance::REPLICAS).is_some();
    }
    let count = |(element, (here, is_said)): (ElementId, (f64, bool))| {
        // What says of no instance how many run there has as many as it says itself.
        let own = arch.quantity(arch.element(element).at, &facts::element::REPLICAS).map_or(1.0, |count| count.high);
        (element, if is_said { here } else { here.max(own) })
    };
    let several = at_work.into_iter().map(count).filter(|(_, count)| *count > 1.0);
    let path = |element: ElementId| &arch.element(element).path;
    several.min_by(|(a, of_a), (b, of_b)| of_b.total_cmp(of_a).then_with(|| path(*a).cmp(path(*b))))
}

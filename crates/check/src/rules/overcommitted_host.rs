use crate::{Context, Input, Reach, Rule};
use groma_base::{Dimension, Severity};
use groma_model::{Architecture, DeployNodeId, Deployment, DeploymentId, Instance, Placed, facts};
use groma_simulate::number::apart;
use groma_simulate::number::plain;
use rustc_hash::FxHashMap;

pub(super) static RULE: Rule = Rule {
    name: "overcommitted-host",
    severity: Severity::Error,
    summary: "containers that are promised more cores than their host has",
    check: Some(check),
    reach: Reach::Numbers,
    absence: None,
    calculates_from: Some(Input::Structure),
    blocks_forecast: false,
    page: include_str!("overcommitted_host.md"),
};

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    for (nth, deployment) in arch.deployments.entries() {
        let mut on_host: FxHashMap<DeployNodeId, Vec<(&Instance, f64)>> = FxHashMap::default();
        for placed in arch.placed(deployment) {
            let host = host_of(arch, nth, deployment, placed.instance);
            if let (Some(host), Some(cores)) = (host, promised(arch, placed)) {
                on_host.entry(host).or_default().push((placed.instance, cores));
            }
        }
        for (at, node) in deployment.nodes.entries() {
            let Some(cpu) = arch.quantity(node.at, &facts::host::CPU) else { continue };
            let machines = arch.quantity_or_default(node.at, &facts::host::MACHINES).map_or(1.0, |count| count.low);
            let here = on_host.remove(&at).unwrap_or_default();
            let total: f64 = here.iter().map(|(_, cores)| cores).sum();
            if total <= cpu.low * machines {
                continue;
            }
            let (promised, there) = apart(Dimension::Count, total, cpu.low * machines);
            let message = format!("up to {promised} cores are promised here, but there are only {there}");
            let mut finding = cx.at(node.at, message);
            for (instance, cores) in &here {
                let words = format!("{} of them, as {} has `cpu`", plain(*cores), cx.named(instance.element));
                finding = finding.secondary(arch.name_span(instance.at), words);
            }
            cx.push(finding.help("add `machines`, place fewer replicas here, or give each less `cpu`"));
        }
    }
}

/// The innermost host around an instance that says how many cores it has.
fn host_of(
    arch: &Architecture,
    nth: DeploymentId,
    deployment: &Deployment,
    instance: &Instance,
) -> Option<DeployNodeId> {
    let has_cores = |node: &DeployNodeId| arch.fact(deployment.nodes[*node].at, &facts::host::CPU).is_some();
    arch.places_around(nth, instance.node?).find(has_cores)
}

/// The cores that the replicas of an instance, of which read replicas are some too, have for themselves.
fn promised(arch: &Architecture, placed: Placed<'_>) -> Option<f64> {
    let each = arch.quantity(arch.element(placed.instance.element).at, &facts::element::CPU)?.low;
    // When all are asked for most at once, the autoscaler starts as many as it may.
    let count: f64 = [placed.replicas, placed.copies].into_iter().flatten().map(|count| count.high).sum();
    Some(each * count)
}

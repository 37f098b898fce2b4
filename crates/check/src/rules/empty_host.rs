use crate::{Context, Reach, Rule};
use groma_base::Severity;
use groma_model::kinds::class;
use groma_model::{Architecture, DeployNodeId, Deployment, End, ItemRef, PlaceKind};
use rustc_hash::FxHashSet;

pub(super) static RULE: Rule = Rule {
    name: "empty-host",
    severity: Severity::Note,
    summary: "a host that runs nothing and is connected with nothing",
    check: Some(check),
    reach: Reach::Whole,
    absence: None,
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("empty_host.md"),
};

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    for deployment in arch.deployments.iter() {
        if !is_understood(arch, deployment) {
            continue;
        }
        let running = deployment.running();
        let connected: FxHashSet<End> = deployment.connections.iter().flat_map(|one| [one.from, one.to]).collect();
        let holding: FxHashSet<DeployNodeId> = deployment.nodes.iter().filter_map(|node| node.parent).collect();
        for (id, node) in deployment.nodes.entries() {
            let (end, name) = (End::Place(id), arch.name(node.at));
            let is_host = PlaceKind::of(arch.item(node.at).kind.name) == Some(PlaceKind::Host);
            if !is_host || holding.contains(&id) || running.contains_key(&end) || connected.contains(&end) {
                continue;
            }
            let called = arch.title(node.at);
            let finding = cx.at(node.at, format!("nothing runs on {called}, and nothing is connected with it"));
            cx.push(finding.help(format!(
                "place in it what runs there, say what it passes on to whom: `{name} -> …`, or remove it"
            )));
        }
    }
}

/// Whether each instance and connection that is written in it is known: one that is not may be what a host is for.
fn is_understood(arch: &Architecture, deployment: &Deployment) -> bool {
    let inside = deployment.at.item.next().until(arch.item(deployment.at).subtree_end);
    let inside = inside.map(|item| arch.item(ItemRef { item, ..deployment.at }));
    let written = inside.filter(|item| item.kind.class.is_in(&[&class::INSTANCE, &class::CONNECTION])).count();
    written == deployment.instances.len() + deployment.connections.len()
}

use crate::Context;
use groma_base::Severity;
use groma_model::{Architecture, DeployNode, DeployNodeId, ElementId, Level};

super::declare!(Warning, "a synchronous call between regions", check, whole);

fn check(cx: &mut Context<'_>) {
    for deployment in &cx.arch.deployments {
        let mut regions: Vec<(ElementId, Option<DeployNodeId>)> = Vec::new();
        for instance in &deployment.instances {
            regions.push((instance.element, region_of(cx.arch, &deployment.nodes, instance.node)));
        }
        let of = |id: ElementId| {
            let container = cx.arch.at_level(id, Level::Container).unwrap_or(id);
            regions
                .iter()
                .filter(move |(element, _)| *element == container)
                .filter_map(|(_, region)| *region)
                .collect::<Vec<_>>()
        };
        for id in cx.arch.relation_ids() {
            let relation = *cx.arch.relation(id);
            let (from, to) = (of(relation.from), of(relation.to));
            if from.is_empty() || to.is_empty() || cx.arch.is_async(id) || from.iter().all(|region| to.contains(region))
            {
                continue;
            }
            let title = |region: DeployNodeId| cx.arch.title(deployment.nodes[region.index()].at);
            let away = from.iter().find(|region| !to.contains(region)).copied().unwrap_or(from[0]);
            let message = format!(
                "in \"{}\" this call goes from {} to {}",
                cx.arch.title(deployment.at),
                title(away),
                title(to[0])
            );
            let finding = cx.at(relation.at, message);
            cx.push(
                finding
                    .note("a round trip between regions takes tens to hundreds of milliseconds")
                    .help("put a replica of the callee into the region, or make the call asynchronous"),
            );
        }
    }
}

/// The outermost region around a place; those inside it are its availability zones.
fn region_of(arch: &Architecture, nodes: &[DeployNode], at: Option<DeployNodeId>) -> Option<DeployNodeId> {
    let around = std::iter::successors(at, |at| nodes[at.index()].parent);
    around.filter(|at| arch.item(nodes[at.index()].at).kind.name == "region").last()
}

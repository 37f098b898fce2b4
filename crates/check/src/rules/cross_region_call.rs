use crate::{Context, Reach, Rule};
use groma_base::Severity;
use groma_model::{Architecture, DeployNode, DeployNodeId, Deployment, ElementId, Level, PlaceKind, RelationId};
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

pub(super) static RULE: Rule = Rule {
    name: "cross-region-call",
    severity: Severity::Warning,
    summary: "a synchronous call between regions",
    check: Some(check),
    reach: Reach::Whole,
    absence: None,
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("cross_region_call.md"),
};

fn check(cx: &mut Context<'_>) {
    let mut by_caller: FxHashMap<ElementId, Vec<RelationId>> = FxHashMap::default();
    for id in cx.arch.relation_ids().filter(|_| !cx.arch.deployments.is_empty()) {
        by_caller.entry(placed(cx.arch, cx.arch.relation(id).from)).or_default().push(id);
    }
    let accesses = cx.arch.accesses();
    for deployment in &cx.arch.deployments {
        let Regions { at_work, of_copies } = Regions::of(cx.arch, deployment);
        let mut calls: Vec<RelationId> = at_work.keys().filter_map(|id| by_caller.get(id)).flatten().copied().collect();
        calls.sort_unstable();
        for id in calls.into_iter().filter(|id| !cx.arch.is_async(*id)) {
            let relation = *cx.arch.relation(id);
            let of = |id| at_work.get(&placed(cx.arch, id));
            let (Some(from), Some(to)) = (of(relation.from), of(relation.to)) else { continue };
            let only_reads = accesses.get(&id).is_some_and(|access| access.reads && !access.writes);
            let copies = of_copies.get(&placed(cx.arch, relation.to)).filter(|_| only_reads);
            let answers = |region| to.contains(region) || copies.is_some_and(|copies| copies.contains(region));
            let away = from.iter().find(|region| !answers(region));
            let (Some(away), Some(there)) = (away, to.first()) else { continue };
            let title = |region: &DeployNodeId| cx.arch.title(deployment.nodes[*region].at);
            let message = format!(
                "in \"{}\" this call goes from {} to {}",
                cx.arch.title(deployment.at),
                title(away),
                title(there)
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

/// What is placed when an element is: the container around it, or the system itself.
fn placed(arch: &Architecture, id: ElementId) -> ElementId {
    arch.at_level(id, Level::Container).unwrap_or(id)
}

/// In which regions each element of a deployment runs, in the order of the text.
#[derive(Default)]
struct Regions {
    /// Where it does all its work: a standby does none until it takes over.
    at_work: FxHashMap<ElementId, BTreeSet<DeployNodeId>>,
    /// Where read replicas of it are, which only answer what reads.
    of_copies: FxHashMap<ElementId, BTreeSet<DeployNodeId>>,
}

impl Regions {
    fn of(arch: &Architecture, deployment: &Deployment) -> Regions {
        let mut regions = Regions::default();
        for placed in arch.placed(deployment) {
            let Some(region) = region_of(arch, &deployment.nodes, placed.instance.node) else { continue };
            let element = placed.instance.element;
            if placed.replicas.is_some() && !placed.is_standby {
                regions.at_work.entry(element).or_default().insert(region);
            }
            if placed.copies.is_some() {
                regions.of_copies.entry(element).or_default().insert(region);
            }
        }
        regions
    }
}

/// The outermost region around a place; those inside it are its availability zones.
fn region_of(arch: &Architecture, nodes: &[DeployNode], at: Option<DeployNodeId>) -> Option<DeployNodeId> {
    let around = std::iter::successors(at, |at| nodes[at.index()].parent);
    around.filter(|at| PlaceKind::of(arch.item(nodes[at.index()].at).kind.name) == Some(PlaceKind::Region)).last()
}

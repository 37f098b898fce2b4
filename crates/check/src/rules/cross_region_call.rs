use crate::{Context, Reach, Rule};
use groma_base::Severity;
use groma_model::{Access, Architecture, DeployNodeId, DeploymentId, ElementId, Level, RelationId};
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
    let arch = cx.arch;
    let calls = awaited(arch);
    for deployment in arch.deployments.ids() {
        let regions = Regions::of(arch, deployment);
        let calls = if regions.are_several() { &calls[..] } else { &[] };
        for (id, access) in calls.iter().copied() {
            for away in regions.away(arch, id, access) {
                tell(cx, deployment, id, &away);
            }
        }
    }
}

/// The relationships along which somebody waits for an answer, with what the calls do that are waited for: as the steps of flows say it,
/// which may differ from the relationship, or the relationship where no flow uses it.
fn awaited(arch: &Architecture) -> Vec<(RelationId, Option<Access>)> {
    let (all, waited) = (arch.accesses(), arch.accesses_of(|step| !arch.is_async_step(step)));
    let of_one = |id: RelationId| match all.contains_key(&id) {
        true => waited.get(&id).map(|access| (id, Some(*access))),
        false => (!arch.is_async(id)).then_some((id, None)),
    };
    arch.relation_ids().filter_map(of_one).collect()
}

fn tell(cx: &mut Context<'_>, deployment: DeploymentId, call: RelationId, away: &Away) {
    let title = |region: DeployNodeId| cx.arch.title(cx.arch.place_item(deployment, region));
    let environment = cx.arch.title(cx.arch.deployments[deployment].at);
    let (from, to) = (title(away.from), title(away.to));
    let call_words = if away.is_read { "what this call reads comes" } else { "this call goes" };
    let (from, to) = if away.is_read { (to, from) } else { (from, to) };
    let message = format!("in \"{environment}\" {call_words} from {from} to {to}");
    let environment = cx.arch.lasting_address_of(cx.arch.deployments[deployment].at);
    let regarded = if away.is_read { format!("{environment} read") } else { environment };
    let finding = cx.at(cx.arch.relation(call).at, message).regarding(regarded);
    let finding = finding.note("a round trip between regions takes tens to hundreds of milliseconds");
    let finding = match away.is_read {
        true => finding
            .note("what only reads (`read` in a flow) is answered by read replicas")
            .help("put a read replica into the region as well"),
        false => finding.help("put a replica of the callee into the region, or make the call asynchronous"),
    };
    cx.push(finding);
}

/// What is known of something, or of the innermost whole that it is part of.
fn in_whole<'m, T>(arch: &Architecture, known: &'m FxHashMap<ElementId, T>, id: ElementId) -> Option<&'m T> {
    arch.ancestors(id).find_map(|one| known.get(&one))
}

/// A call that leaves its region.
struct Away {
    from: DeployNodeId,
    to: DeployNodeId,
    /// Whether it is for the read replicas.
    is_read: bool,
}

/// In which regions of a deployment each element answers.
#[derive(Default)]
struct Regions {
    /// Where it does all its work.
    at_work: FxHashMap<ElementId, BTreeSet<DeployNodeId>>,
    /// Where it has read replicas.
    of_copies: FxHashMap<ElementId, BTreeSet<DeployNodeId>>,
}

impl Regions {
    fn of(arch: &Architecture, deployment: DeploymentId) -> Regions {
        let mut regions = Regions::default();
        for placed in arch.placed(&arch.deployments[deployment]) {
            let region = placed.instance.node.and_then(|node| arch.region_around(deployment, node));
            for (read, found) in [(false, &mut regions.at_work), (true, &mut regions.of_copies)] {
                if placed.answers(read) {
                    // Of what runs outside of all regions nobody knows how far it is.
                    found.entry(placed.instance.element).or_default().extend(region);
                }
            }
        }
        regions
    }

    /// Whether anything runs in more than one: else no call leaves any.
    fn are_several(&self) -> bool {
        let all: BTreeSet<&DeployNodeId> = self.at_work.values().chain(self.of_copies.values()).flatten().collect();
        all.len() > 1
    }

    /// How calls leave a region where nobody answers them: those that write, and those that only read. What no flow calls may write.
    fn away(&self, arch: &Architecture, call: RelationId, access: Option<Access>) -> Vec<Away> {
        let relation = arch.relation(call);
        let container = |id: ElementId| arch.at_level(id, Level::Container);
        if container(relation.from).is_some_and(|from| container(relation.to) == Some(from)) {
            return Vec::new();
        }
        let at_work = in_whole(arch, &self.at_work, relation.to).map(|regions| (regions, false));
        let copies = in_whole(arch, &self.of_copies, relation.to).map(|regions| (regions, true));
        let (is_read, is_written) = access.map_or((false, true), |access| (access.reads, access.writes));
        let reads = if is_read { copies.or(at_work) } else { None };
        // What both go to is one call.
        let writes = at_work.filter(|_| is_written && reads != at_work);
        let Some(callers) = in_whole(arch, &self.at_work, relation.from) else { return Vec::new() };
        let of_these = writes.into_iter().chain(reads).filter_map(|(answering, is_read)| {
            let from = *callers.iter().find(|region| !answering.contains(region))?;
            Some(Away { from, to: *answering.first()?, is_read })
        });
        of_these.collect()
    }
}

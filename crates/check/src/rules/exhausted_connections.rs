use crate::Context;
use groma_base::Severity;
use groma_model::{Deployment, facts, kinds};
use groma_simulate::number::plain;

super::declare!(Error, "pools that open more connections than the other side accepts", check, numbers);

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    for id in arch.element_ids() {
        let Some(most) = arch.quantity(arch.element(id).at, &facts::CONNECTIONS) else { continue };
        let mut total = 0.0;
        let mut told = Vec::new();
        for relation in arch.incoming(id) {
            let at = arch.relation(relation).at;
            let Some(pool) = arch.quantity(at, &facts::POOL) else { continue };
            let caller = arch.relation(relation).from;
            let replicas = most_replicas(cx, caller);
            total += replicas * pool.high;
            told.push((at, format!("{} replicas with {} connections each", plain(replicas), plain(pool.high))));
        }
        if total <= most.high {
            continue;
        }
        let message = format!(
            "up to {} connections are opened to the {}, which accepts {}",
            plain(total),
            cx.named(id),
            plain(most.high)
        );
        let Some((first, _)) = told.first() else { continue };
        let mut finding = cx.at(*first, message);
        for (at, words) in &told {
            finding = finding.secondary(arch.name_span(*at), words.clone());
        }
        cx.push(finding.help("make the pools smaller, run fewer replicas, or put a connection pooler between them"));
    }
}

/// The most replicas of what an element is part of.
fn most_replicas(cx: &Context<'_>, id: groma_model::ElementId) -> f64 {
    let arch = cx.arch;
    let own = arch.ancestors(id).find_map(|at| arch.quantity(arch.element(at).at, &facts::REPLICAS));
    let placed_in = |deployment: &Deployment| {
        let here = deployment.instances.iter().filter(|instance| arch.is_within(id, instance.element));
        here.map(|instance| arch.quantity(instance.at, &kinds::REPLICA_COUNT).map_or(1.0, |count| count.high)).sum()
    };
    let placed = || arch.deployments.iter().map(placed_in).fold(1.0, f64::max);
    own.map_or_else(placed, |own| own.high)
}

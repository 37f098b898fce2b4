use crate::Context;
use groma_base::Severity;
use groma_model::facts;
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
    let placed = || {
        let instances = arch.deployments.iter().flat_map(|deployment| &deployment.instances);
        let here = instances.filter(|instance| arch.is_within(id, instance.element));
        let counts = here.filter_map(|instance| arch.quantity(instance.at, &groma_model::kinds::REPLICA_COUNT));
        counts.map(|count| count.high).fold(None, |most: Option<f64>, one| Some(most.map_or(one, |most| most.max(one))))
    };
    own.map(|own| own.high).or_else(placed).unwrap_or(1.0)
}

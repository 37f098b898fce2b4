use crate::Context;
use groma_base::Severity;
use groma_model::schema::Fact;
use groma_model::{ItemRef, facts};

super::declare!(Error, "a capacity of nothing", check);

/// What must be at least one, and what none of it means.
const CAPACITIES: &[(&Fact, &str)] = &[
    (&facts::REPLICAS, "no replica runs: nobody answers"),
    (&facts::CONCURRENCY, "no request is ever worked on"),
    (&facts::CPU, "nothing is ever worked on"),
    (&facts::POOL, "no call ever gets a connection"),
    (&facts::BULKHEAD, "no call is ever let through"),
    (&facts::CONNECTIONS, "nobody can connect"),
    (&facts::KEYS, "nothing is ever asked for"),
    (&facts::TIMEOUT, "every call is given up as it is made"),
];

fn check(cx: &mut Context<'_>) {
    let elements = cx.elements().map(|id| cx.arch.element(id).at);
    let relations = cx.relations().map(|id| cx.arch.relation(id).at);
    let all: Vec<ItemRef> = elements.chain(relations).collect();
    for at in all {
        for (fact, meaning) in CAPACITIES {
            let Some(given) = cx.arch.fact(at, fact) else { continue };
            if cx.arch.quantity(at, fact).is_some_and(|quantity| quantity.high == 0.0) {
                let finding = cx.at_fact(at, given, format!("{} 0: {meaning}", fact.name));
                cx.push(finding.help("write at least 1, or leave it out where there is no limit"));
            }
        }
    }
}

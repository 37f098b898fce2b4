use crate::{Context, Reach, Rule};
use groma_base::{Quantity, Severity};
use groma_model::decode::Value;
use groma_model::schema::Fact;
use groma_model::{ItemRef, facts};

pub(super) static RULE: Rule = Rule {
    name: "zero-capacity",
    severity: Severity::Error,
    summary: "a capacity of zero",
    check: Some(check),
    reach: Reach::Numbers,
    absence: None,
    calculates_from: None,
    blocks_forecast: true,
    page: include_str!("zero_capacity.md"),
};

/// What must be at least one, and what none of it means.
const CAPACITIES: &[(&Fact, &str)] = &[
    (&facts::element::REPLICAS, "no replica runs: nobody answers"),
    (&facts::element::CONCURRENCY, "no request is ever worked on"),
    (&facts::element::CPU, "nothing is ever worked on"),
    (&facts::relation::POOL, "no call ever gets a connection"),
    (&facts::relation::BULKHEAD, "no call is ever let through"),
    (&facts::element::CONNECTIONS, "nobody can connect"),
    (&facts::element::KEYS, "no request is ever sent"),
    (&facts::host::CPU, "nothing is ever worked on"),
    (&facts::host::MACHINES, "nothing runs there"),
    (&facts::instance::REPLICAS, "nothing runs there"),
    (&facts::element::QUEUE_TIMEOUT, "nothing ever queues: everything beyond the free slots is rejected"),
    (&facts::relation::TIMEOUT, "every call is given up as it is made"),
];

fn check(cx: &mut Context<'_>) {
    let elements = cx.elements().map(|id| cx.arch.element(id).at);
    let relations = cx.relations().map(|id| cx.arch.relation(id).at);
    let places = cx.arch.deployments.iter().flat_map(|deployment| {
        let instances = deployment.instances.iter().map(|instance| instance.at);
        deployment.nodes.iter().map(|node| node.at).chain(instances)
    });
    let all: Vec<ItemRef> = elements.chain(relations).chain(places).collect();
    let mut found = Vec::new();
    for at in all {
        for given in cx.arch.file(at).facts_of(cx.arch.item(at)) {
            let Value::Quantity(Quantity { high: 0.0, .. }) = given.value else { continue };
            if let Some((fact, meaning)) = CAPACITIES.iter().find(|(fact, _)| *fact == given.fact) {
                let finding = cx.at_fact(at, given, format!("{} 0: {meaning}", fact.name));
                let least = if **fact == facts::relation::TIMEOUT || **fact == facts::element::QUEUE_TIMEOUT {
                    "write how long, such as `2s`"
                } else {
                    "write at least 1"
                };
                found.push(finding.help(format!("{least}, or leave it out where there is no limit")));
            }
        }
    }
    found.into_iter().for_each(|finding| cx.push(finding));
    people(cx);
}

/// People who can own nothing.
fn people(cx: &mut Context<'_>) {
    let Some(at) = cx.arch.workspace else { return };
    let team = &facts::workspace::TEAM;
    for part in [&facts::workspace::SERVICES_PER_PERSON, &facts::workspace::TECHNOLOGIES_PER_PERSON] {
        let Some(given) = cx.arch.part(at, team, part) else { continue };
        if matches!(given.value, Value::Quantity(quantity) if quantity.high <= 0.0) {
            let finding = cx.at_fact(at, given, format!("`{}` 0: no number of people is enough", part.name));
            cx.push(finding.help("write how many one person can own or know, or leave it out"));
        }
    }
}

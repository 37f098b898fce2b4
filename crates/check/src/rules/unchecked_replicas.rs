use crate::{Context, Reach, Rule};
use groma_base::Severity;
use groma_model::{ItemRef, facts};

pub(super) static RULE: Rule = Rule {
    name: "unchecked-replicas",
    severity: Severity::Warning,
    summary: "requests are balanced over replicas of which nobody asks whether they are well",
    check: Some(check),
    reach: Reach::Whole,
    absence: None,
    blocks_forecast: false,
    page: include_str!("unchecked_replicas.md"),
};

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    for deployment in arch.deployments.iter() {
        let running = deployment.running();
        for connection in &deployment.connections {
            if arch.fact(connection.at, &facts::element::BALANCE).is_none()
                || arch.fact(connection.at, &facts::connection::HEALTH_CHECK).is_some()
            {
                continue;
            }
            let counts = |at: ItemRef, fact| arch.quantity(at, fact).map(|count| count.high);
            let behind = running.get(&connection.to).into_iter().flatten();
            let several = behind.copied().find_map(|one| {
                let own = || counts(arch.element(one.element).at, &facts::element::REPLICAS);
                let count = counts(one.at, &facts::instance::REPLICAS).or_else(own)?;
                (count > 1.0).then_some((one.element, count))
            });
            let Some((element, count)) = several else { continue };
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

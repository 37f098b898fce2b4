use crate::{Absence, Context, Reach, Rule};
use groma_base::Severity;
use groma_model::facts::Status;
use groma_model::facts::deployment::Environment;
use groma_model::{Container, Deployment, ElementId, Level};
use rustc_hash::FxHashSet;

pub(super) static RULE: Rule = Rule {
    name: "undeployed-container",
    severity: Severity::Warning,
    summary: "a container that no deployment places",
    check: Some(check),
    reach: Reach::Whole,
    absence: Some(Absence::OfPlace),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("undeployed_container.md"),
};

fn check(cx: &mut Context<'_>) {
    if cx.arch.deployments.is_empty() {
        return;
    }
    let production =
        |deployment: &&Deployment| matches!(cx.arch.choice(deployment.at), None | Some(Environment::Production));
    let placed: FxHashSet<ElementId> = cx
        .arch
        .deployments
        .iter()
        .filter(production)
        .flat_map(|deployment| &deployment.instances)
        .map(|instance| instance.element)
        .collect();
    let instances = cx.arch.deployments.iter().flat_map(|deployment| &deployment.instances);
    let elsewhere: FxHashSet<ElementId> = instances.map(|instance| instance.element).collect();
    // A system that no deployment has anything of is not deployed by this workspace.
    let deployed: FxHashSet<Option<ElementId>> =
        placed.iter().flat_map(|id| [Some(*id), cx.arch.element(*id).parent]).collect();
    for id in cx.own_elements() {
        let element = cx.arch.element(id);
        let at_home = element.container().is_some_and(Container::is_installed_by_users);
        if element.level != Level::Container || at_home || cx.arch.choice(element.at) == Some(Status::Planned) {
            continue;
        }
        if deployed.contains(&element.parent) && !cx.arch.ancestors(id).any(|at| placed.contains(&at)) {
            let is_elsewhere = cx.arch.ancestors(id).any(|at| elsewhere.contains(&at));
            let (place, where_to) = match is_elsewhere {
                true => ("in no production environment", " in production"),
                false => ("nowhere", ""),
            };
            let finding = cx.at(element.at, format!("the {} is deployed {place}", cx.named(id)));
            cx.push(finding.help(format!("add `instance {}` to the host it runs on{where_to}", element.path)));
        }
    }
}

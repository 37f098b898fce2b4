use crate::{Context, Reach, Rule};
use groma_base::Severity;
use groma_model::{Container, facts};

pub(super) static RULE: Rule = Rule {
    name: "too-many-services",
    severity: Severity::Warning,
    summary: "more services than the team can own",
    check: Some(check),
    reach: Reach::Whole,
    absence: None,
    blocks_forecast: false,
    page: include_str!("too_many_services.md"),
};

fn check(cx: &mut Context<'_>) {
    let Some(workspace) = cx.arch.workspace else { return };
    let Some(team) = cx.arch.quantity(workspace, &facts::workspace::TEAM) else { return };
    let services: Vec<_> =
        cx.own_containers(&[Container::Service, Container::Worker, Container::Function, Container::Gateway]).collect();
    if services.len() as f64 > team.high * SERVICES_PER_PERSON {
        let Some(fact) = cx.arch.fact(workspace, &facts::workspace::TEAM) else { return };
        let message = format!("{} services for a team of {}", services.len(), team.high);
        let finding = cx
            .at_fact(workspace, fact, message)
            .note(format!("more than {SERVICES_PER_PERSON} a person count as too many"));
        cx.push(finding.help("start with a monolith that is split inside, and take services out when one needs to scale or change on its own"));
    }
}

const SERVICES_PER_PERSON: f64 = 1.0;

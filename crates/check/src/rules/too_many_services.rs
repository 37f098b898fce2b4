use crate::rules::team::teams;
use crate::{Context, Reach, Rule};
use groma_base::Severity;
use groma_simulate::{Thumb, own_services};

pub(super) static RULE: Rule = Rule {
    name: "too-many-services",
    severity: Severity::Warning,
    summary: "more services than the team can own",
    check: Some(check),
    reach: Reach::Whole,
    absence: None,
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("too_many_services.md"),
};

fn check(cx: &mut Context<'_>) {
    let per_person = Thumb::of(cx.arch).services_per_person;
    if per_person <= 0.0 {
        return;
    }
    for team in teams(cx) {
        let services = own_services(cx.arch, team.of).len();
        if services as f64 <= team.people * per_person {
            continue;
        }
        let word = if services == 1 { "service" } else { "services" };
        let message = format!("{services} {word} for a team of {}", team.people);
        let finding = cx.at_fact(team.at, team.fact, message).note(format!(
            "more than {per_person} a person count as too many, unless `team` says otherwise (`services-per-person`)"
        ));
        cx.push(finding.help("start with a monolith that is split inside, and take services out when one needs to scale or change on its own"));
    }
}

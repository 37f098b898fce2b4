use crate::{Absence, Context, Reach, Rule};
use groma_base::Severity;
use groma_model::facts::{member, workspace};
use groma_model::kinds::class;
use groma_model::stack::Known;

pub(super) static RULE: Rule = Rule {
    name: "unfamiliar-technology",
    severity: Severity::Note,
    summary: "a technology that nobody in the team is said to know",
    check: Some(check),
    reach: Reach::Whole,
    absence: Some(Absence::OfName),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("unfamiliar_technology.md"),
};

fn check(cx: &mut Context<'_>) {
    let skills = skills(cx);
    if skills.is_empty() {
        return;
    }
    let technologies = cx.technologies();
    let known_to_team: Vec<Known> = skills.iter().filter_map(|skill| technologies.named(skill).known).collect();
    for &(known, ref users) in cx.by_technology() {
        let languages = technologies.languages(known);
        let is_known = known_to_team.contains(&known)
            || !languages.is_empty() && languages.iter().any(|language| known_to_team.contains(language));
        if is_known || users.is_empty() || !technologies.is_learned(known) {
            continue;
        }
        let title = technologies.title(known);
        let finding = cx.at_users(users, format!("nobody in the team is said to know {title}"));
        let finding = finding.note(format!("they know {}", skills.join(", ")));
        cx.push(finding.help("plan the time to learn it, choose what they know, or add it to `skills`"));
    }
}

/// What the people of the team are said to know.
fn skills<'a>(cx: &Context<'a>) -> Vec<&'a str> {
    let arch = cx.arch;
    let of_team = arch
        .workspace
        .and_then(|at| arch.part(at, &workspace::TEAM, &workspace::SKILLS).map(|given| arch.words(at, given)));
    let members = arch.records_of(&class::MEMBER).flat_map(|record| arch.list(record.at, &member::SKILLS));
    let mut skills: Vec<&str> =
        of_team.into_iter().flat_map(|list| list.split(',')).map(str::trim).chain(members).collect();
    skills.retain(|skill| !skill.is_empty());
    skills.sort_unstable();
    skills.dedup();
    skills
}

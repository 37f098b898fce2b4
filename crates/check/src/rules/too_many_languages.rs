use crate::{Absence, Context, Reach, Rule};
use groma_base::Severity;
use groma_model::facts;

pub(super) static RULE: Rule = Rule {
    name: "too-many-languages",
    severity: Severity::Warning,
    summary: "more programming languages than the team can maintain",
    check: Some(check),
    reach: Reach::Whole,
    absence: Some(Absence::OfName),
    blocks_forecast: false,
    page: include_str!("too_many_languages.md"),
};

fn check(cx: &mut Context<'_>) {
    let Some(workspace) = cx.arch.workspace else { return };
    let Some(team) = cx.arch.quantity(workspace, &facts::workspace::TEAM) else { return };
    let technologies = cx.technologies();
    let known = cx.used().iter().filter_map(|one| one.named.known);
    // Where several would do, it is one that is counted for other things too, or else the first.
    let choices: Vec<Vec<&str>> = known
        .map(|known| technologies.languages(known).into_iter().map(|language| technologies.title(language)).collect())
        .collect();
    let mut found: Vec<&str> = choices.iter().filter(|choice| choice.len() == 1).map(|choice| choice[0]).collect();
    for choice in choices.iter().filter(|choice| choice.len() > 1) {
        if !choice.iter().any(|language| found.contains(language)) {
            found.push(choice[0]);
        }
    }
    found.sort_unstable();
    found.dedup();
    // Who knows the one reads the other.
    if found.contains(&"TypeScript") {
        found.retain(|language| *language != "JavaScript");
    }
    let most = (team.high / 2.0).ceil().max(1.0);
    if found.len() as f64 > most {
        let Some(fact) = cx.arch.fact(workspace, &facts::workspace::TEAM) else { return };
        let message =
            format!("{} programming languages ({}) for a team of {}", found.len(), found.join(", "), team.high);
        let finding =
            cx.at_fact(workspace, fact, message).note("each language needs at least two people who know it well");
        cx.push(finding.help("agree on fewer languages"));
    }
}

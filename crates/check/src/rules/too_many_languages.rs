use crate::rules::team::teams;
use crate::{Absence, Context, Reach, Rule};
use groma_base::Severity;
use groma_simulate::Thumb;

pub(super) static RULE: Rule = Rule {
    name: "too-many-languages",
    severity: Severity::Warning,
    summary: "more programming languages than the team can maintain",
    check: Some(check),
    reach: Reach::Whole,
    absence: Some(Absence::OfName),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("too_many_languages.md"),
};

fn check(cx: &mut Context<'_>) {
    let thumb = Thumb::of(cx.arch);
    for team in teams(cx) {
        let used = cx.used().iter().filter(|one| one.is_within(cx.arch, team.of));
        let found = cx.technologies().fewest_languages(used.filter_map(|one| one.named.known));
        if found.len() as f64 <= thumb.most_languages(team.people) {
            continue;
        }
        let message =
            format!("{} programming languages ({}) for a team of {}", found.len(), found.join(", "), team.people);
        let finding = cx.at_fact(team.at, team.fact, message).note(format!(
            "each language needs {} people who know it well, unless `team` says otherwise (`people-per-language`)",
            thumb.people_per_language
        ));
        cx.push(finding.help("agree on fewer languages"));
    }
}

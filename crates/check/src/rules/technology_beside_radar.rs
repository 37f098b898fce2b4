use crate::{Absence, Context, Reach, Rule};
use groma_base::{Severity, did_you_mean, list_words, nearest};
use groma_model::facts::technology;
use groma_model::stack::radar;
use groma_model::{Architecture, ItemRef};

pub(super) static RULE: Rule = Rule {
    name: "technology-beside-radar",
    severity: Severity::Note,
    summary: "a technology of which your radar says nothing",
    check: Some(check),
    reach: Reach::Whole,
    absence: Some(Absence::OfName),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("technology_beside_radar.md"),
};

/// What the radar consists of.
pub(super) fn of_radar(arch: &Architecture) -> Vec<ItemRef> {
    radar(arch).collect()
}

fn check(cx: &mut Context<'_>) {
    let (arch, technologies) = (cx.arch, cx.technologies());
    // That of a kit binds whoever adds to it.
    let Some(radar) = radar(arch).find(|at| arch.kit(*at).is_some()).or_else(|| radar(arch).next()) else { return };
    unknown_rings(cx, radar);
    for &(known, ref users) in cx.by_technology() {
        let is_on_it = known.own.is_some_and(|at| cx.arch.fact(at, &technology::RING).is_some());
        let is_agreed_elsewhere = technologies.category(known).is_some_and(|category| !category.is_product());
        if is_on_it || is_agreed_elsewhere || users.is_empty() {
            continue;
        }
        let title = technologies.title(known);
        let finding = cx.at_users(users, format!("the radar says nothing of {title}"));
        let name = known.built_in.map_or("NAME", |entry| entry.name());
        let finding = finding.help(format!("decide in which ring it is: `technology {name} \"{title}\" ring=…`"));
        cx.push(cx.from_kit(radar, finding));
    }
}

/// A ring that the radar does not have.
fn unknown_rings(cx: &mut Context<'_>, radar: ItemRef) {
    let technologies = cx.technologies();
    let rings: Vec<&str> = technologies.rings().iter().map(|ring| ring.name).collect();
    for known in technologies.own() {
        let Some((at, given)) = known.own.and_then(|at| Some((at, cx.arch.fact(at, &technology::RING)?))) else {
            continue;
        };
        let name = cx.arch.words(at, given);
        if rings.contains(&name) {
            continue;
        }
        let near = nearest(name, rings.iter().copied());
        let all = || format!("the rings are {}", list_words(rings.iter().copied(), "and"));
        let mut finding = cx.at_fact(at, given, format!("the radar has no ring called `{name}`"));
        finding.severity = Severity::Error.min(cx.severity.max(Severity::Warning));
        cx.push(cx.from_kit(radar, finding.help(did_you_mean(&near).unwrap_or_else(all))));
    }
}

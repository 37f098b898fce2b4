use crate::{Absence, Context, Reach, Rule};
use groma_base::{Diagnostic, Severity, did_you_mean, list_words, nearest};
use groma_model::facts::technology;
use groma_model::items::FactValue;
use groma_model::stack::{names_of_technology, radar};
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
    let Some(radar) = radar(arch).find(|at| arch.is_of_binding_kit(*at)).or_else(|| radar(arch).next()) else { return };
    unknown_rings(cx, radar);
    for &(known, ref users) in cx.by_technology() {
        // A ring that does not count is told where it stands.
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
        if technologies.is_beside_radar_of_kit(at) {
            // What is called like one of the kit is told for its name.
            let is_free = |name: &&str| technologies.of_kit_called(name).is_none();
            if names_of_technology(cx.arch, at).iter().all(is_free) {
                cx.push(cx.from_kit(radar, ring_in_vain(cx, at, given)));
            }
            continue;
        }
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

/// A ring that has no effect, as the radar is that of a kit.
fn ring_in_vain(cx: &Context<'_>, at: ItemRef, given: &FactValue) -> Diagnostic {
    let title = cx.arch.title(at);
    let message = format!("the radar of the kit says nothing of {title}, so this ring has no effect");
    let mut finding = cx.at_fact(at, given, message);
    finding.severity = finding.severity.max(Severity::Warning);
    finding.help("ask for its place on that radar, and remove the `ring`")
}

use crate::{Absence, Context, Reach, Rule};
use groma_base::{Severity, list_words};
use groma_model::facts::view::Show;
use groma_model::query::{Picked, Query};
use groma_model::{Architecture, ElementId, Entity, Level, View, facts};

pub(super) static RULE: Rule = Rule {
    name: "empty-view",
    severity: Severity::Warning,
    summary: "a view that shows nothing",
    check: Some(check),
    reach: Reach::Whole,
    absence: Some(Absence::OfName),
    blocks_forecast: false,
    page: include_str!("empty_view.md"),
};

fn check(cx: &mut Context<'_>) {
    for view in &cx.arch.views {
        if cx.arch.fact(view.at, &facts::view::SHOW).is_none() {
            let finding = cx.at(view.at, format!("the view \"{}\" does not say what it shows", cx.arch.title(view.at)));
            let sorts = facts::view::SHOW.ty.expected();
            cx.push(finding.help(format!("add `show=` with {sorts}")));
            continue;
        }
        without_effect(cx, view);
        let Some(problem) = problem(cx.arch, view) else { continue };
        let finding = cx.at(view.at, format!("the view \"{}\" shows nothing: {problem}", cx.arch.title(view.at)));
        cx.push(finding.help("correct `show`, `of`, `include` or `exclude`"));
    }
}

/// Tells the facts that change nothing in a picture of this sort.
fn without_effect(cx: &mut Context<'_>, view: &View) {
    let arch = cx.arch;
    let Some(show) = arch.choice::<Show>(view.at) else { return };
    for fact in show.without_effect() {
        let Some(given) = arch.fact(view.at, fact) else { continue };
        let sorts = Show::ALL.iter().filter(|sort| !sort.without_effect().contains(fact));
        let sorts = list_words(sorts.map(|sort| sort.word()), "and");
        let message = format!("`{}` changes nothing in a view with `show={}`", fact.name, show.word());
        let finding = cx.at_fact(view.at, given, message);
        cx.push(finding.help(format!("remove it: it works where `show` is {sorts}")));
    }
}

fn problem(arch: &Architecture, view: &View) -> Option<String> {
    let show: Show = arch.choice(view.at)?;
    let shown = arch.shown(view.at);
    if shown.is_none() && arch.fact(view.at, &facts::view::OF).is_some() {
        // That there is nothing of this name is told already.
        return None;
    }
    let level = shown.and_then(|shown| arch.level(shown));
    let needed = match show {
        Show::Context | Show::Container if level != Some(Level::System) => Some("a system"),
        Show::Component if level != Some(Level::Container) => Some("a container"),
        Show::Deployment if !matches!(shown, Some(Entity::Deployment(_))) => Some("a deployment"),
        Show::Dynamic | Show::Sequence if !matches!(shown, Some(Entity::Flow(_))) => Some("a flow"),
        Show::Pipeline if !matches!(shown, Some(Entity::Pipeline(_))) => Some("a pipeline"),
        Show::Landscape
        | Show::Context
        | Show::Container
        | Show::Component
        | Show::Deployment
        | Show::Dynamic
        | Show::Sequence
        | Show::Pipeline
        | Show::Traceability => None,
    };
    if let Some(needed) = needed {
        let given = arch.fact(view.at, &facts::view::OF).map(|of| arch.words(view.at, of));
        let instead = given.map(|given| format!(", and `{given}` is none")).unwrap_or_default();
        return Some(format!("`show={}` needs `of=` with {needed}{instead}", show.word()));
    }
    if show == Show::Traceability && arch.records.is_empty() {
        return Some("there are no requirements".to_owned());
    }
    let queries = |fact| -> Option<Vec<Picked>> {
        arch.all_facts(view.at, fact)
            .map(|given| {
                Query::parse(arch.words(view.at, given)).and_then(|query| query.picked(arch, show.picks())).ok()
            })
            .collect()
    };
    // A query that cannot be understood is reported as such.
    let (included, excluded) = (queries(&facts::view::INCLUDE)?, queries(&facts::view::EXCLUDE)?);
    if !included.is_empty() && included.iter().all(Picked::is_empty) {
        return Some("`include` selects nothing".to_owned());
    }
    let elements = |picked: &'_ [Picked]| -> Vec<ElementId> {
        picked.iter().flat_map(|picked| picked.elements.iter().copied()).collect()
    };
    let (only, without) = (elements(&included), elements(&excluded));
    let mut left: Vec<bool> = vec![only.is_empty(); arch.elements.len()];
    only.iter().for_each(|id| left[id.index()] = true);
    without.iter().for_each(|id| left[id.index()] = false);
    let all_excluded = !excluded.is_empty() && !left.contains(&true);
    all_excluded.then(|| "`exclude` leaves nothing".to_owned())
}

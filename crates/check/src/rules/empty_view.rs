use crate::{Absence, Context, Reach, Rule};
use groma_base::{Severity, list_words};
use groma_diagram::{Diagram, Spec};
use groma_model::facts::view::Show;
use groma_model::query::Query;
use groma_model::{Architecture, Entity, Level, View, facts};
use std::slice::from_ref;

pub(super) static RULE: Rule = Rule {
    name: "empty-view",
    severity: Severity::Warning,
    summary: "a view that shows nothing",
    check: Some(check),
    reach: Reach::Whole,
    absence: Some(Absence::OfAnything),
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
        let Some(problem) = problem(cx.arch, view) else {
            selections(cx, view);
            continue;
        };
        let finding = cx.at(view.at, format!("the view \"{}\" shows nothing: {problem}", cx.arch.title(view.at)));
        cx.push(finding.help("correct `show` or `of`"));
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
    None
}

/// Tells what `include` and `exclude` do nothing about, and where they leave nothing.
fn selections(cx: &mut Context<'_>, view: &View) {
    let arch = cx.arch;
    let Some(spec) = Spec::declared(arch, view).filter(|spec| is_readable(arch, view, spec)) else { return };
    let title = arch.title(view.at);
    if shown(arch, &spec, &[], &[]).is_none() {
        if let Some(why) = without_content(spec.show) {
            let finding = cx.at(view.at, format!("the view \"{title}\" shows nothing: {why}"));
            cx.push(finding.help("say what there is, or remove the view"));
        }
        return;
    }
    let mut tell = |given, message| {
        let finding = cx.at_fact(view.at, given, message);
        cx.push(finding.help("correct or remove it: `groma query` lists what it selects"));
    };
    let mut is_told = false;
    for (given, query) in arch.all_facts(view.at, &facts::view::INCLUDE).zip(&spec.include) {
        if shown(arch, &spec, from_ref(query), &[]).is_none() {
            tell(given, format!("`include` selects nothing that the view \"{title}\" could show"));
            is_told = true;
        }
    }
    let Some(included) = shown(arch, &spec, &spec.include, &[]) else {
        if let Some(given) = arch.fact(view.at, &facts::view::INCLUDE).filter(|_| !is_told) {
            tell(
                given,
                format!(
                    "the view \"{title}\" shows nothing: nothing that one `include` selects belongs to what another does"
                ),
            );
        }
        return;
    };
    for (nth, (given, query)) in arch.all_facts(view.at, &facts::view::EXCLUDE).zip(&spec.exclude).enumerate() {
        if shown(arch, &spec, &spec.include, from_ref(query)).as_ref() == Some(&included) {
            tell(given, format!("`exclude` selects nothing that the view \"{title}\" shows"));
        } else if shown(arch, &spec, &spec.include, &spec.exclude[..=nth]).is_none() {
            return tell(given, format!("the view \"{title}\" shows nothing: `exclude` leaves nothing"));
        }
    }
}

/// Whether all queries of a view can be asked; of those that cannot another rule tells.
fn is_readable(arch: &Architecture, view: &View, spec: &Spec) -> bool {
    let picks = spec.show.sort().picks();
    let given =
        [&facts::view::INCLUDE, &facts::view::EXCLUDE].into_iter().flat_map(|fact| arch.all_facts(view.at, fact));
    let mut asked = given.map(|given| Query::parse(arch.words(view.at, given)));
    asked.all(|query| query.is_ok_and(|query| query.picked(arch, picks).is_ok()))
}

/// What a view shows with some of its queries, if anything.
fn shown(arch: &Architecture, spec: &Spec, include: &[Query], exclude: &[Query]) -> Option<Diagram> {
    let spec = Spec { include: include.to_vec(), exclude: exclude.to_vec(), ..spec.clone() };
    Diagram::new(arch, &spec).ok()
}

/// Why a view shows nothing that leaves nothing out. Of flows without steps another rule tells.
fn without_content(show: groma_diagram::Show) -> Option<&'static str> {
    match show.sort() {
        Show::Landscape => Some("there are no people and no systems"),
        Show::Deployment => Some("nothing stands in the deployment"),
        Show::Pipeline => Some("the pipeline has no steps"),
        Show::Traceability => Some("there are no requirements and no qualities"),
        Show::Context | Show::Container | Show::Component | Show::Dynamic | Show::Sequence => None,
    }
}

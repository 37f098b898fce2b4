use crate::{Absence, Context, Reach, Rule};
use groma_base::{Severity, list_words};
use groma_diagram::{Diagram, Spec};
use groma_model::decode::FactValue;
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
    match shown(arch, &spec, &spec.include, &[]) {
        Some(included) => {
            inclusions(cx, view, &spec);
            exclusions(cx, view, &spec, &included);
        }
        None if shown(arch, &spec, &[], &[]).is_some() => {
            if !inclusions(cx, view, &spec)
                && let Some(given) = arch.fact(view.at, &facts::view::INCLUDE)
            {
                let title = arch.title(view.at);
                let message = format!(
                    "the view \"{title}\" shows nothing: nothing that one `include` selects belongs to what another does"
                );
                tell(cx, (view, given), message);
            }
        }
        None => {
            if let Some(why) = without_content(spec.show) {
                let finding = cx.at(view.at, format!("the view \"{}\" shows nothing: {why}", arch.title(view.at)));
                cx.push(finding.help("say what there is, or remove the view"));
            }
        }
    }
}

/// Tells of each `include` with which alone a view would show nothing. Whether there is any.
fn inclusions(cx: &mut Context<'_>, view: &View, spec: &Spec) -> bool {
    let arch = cx.arch;
    let given = arch.all_facts(view.at, &facts::view::INCLUDE).zip(&spec.include);
    let idle: Vec<&FactValue> =
        given.filter(|(_, query)| shown(arch, spec, from_ref(query), &[]).is_none()).map(|(given, _)| given).collect();
    for given in &idle {
        let title = arch.title(view.at);
        tell(cx, (view, given), format!("`include` selects nothing that the view \"{title}\" could show"));
    }
    !idle.is_empty()
}

/// Tells of each `exclude` that changes nothing of what a view includes, and of the one that leaves nothing.
fn exclusions(cx: &mut Context<'_>, view: &View, spec: &Spec, included: &Diagram) {
    let (arch, title) = (cx.arch, cx.arch.title(view.at));
    let leaves_nothing = !spec.exclude.is_empty() && shown(arch, spec, &spec.include, &spec.exclude).is_none();
    for (nth, (given, query)) in arch.all_facts(view.at, &facts::view::EXCLUDE).zip(&spec.exclude).enumerate() {
        if !takes_part_away(arch, spec, query, included)
            && shown(arch, spec, &spec.include, from_ref(query)).as_ref() == Some(included)
        {
            tell(cx, (view, given), format!("`exclude` selects nothing that the view \"{title}\" shows"));
        } else if leaves_nothing && shown(arch, spec, &spec.include, &spec.exclude[..=nth]).is_none() {
            return tell(cx, (view, given), format!("the view \"{title}\" shows nothing: `exclude` leaves nothing"));
        }
    }
}

fn tell(cx: &mut Context<'_>, (view, given): (&View, &FactValue), message: String) {
    let finding = cx.at_fact(view.at, given, message);
    cx.push(finding.help("correct or remove it: `groma query` lists what it selects"));
}

/// Whether a box of a picture is of an element that a query selects: then it is seen at once that the query takes something away.
fn takes_part_away(arch: &Architecture, spec: &Spec, query: &Query, picture: &Diagram) -> bool {
    let Ok(picked) = query.picked(arch, spec.show.sort().picks()) else { return false };
    let boxes = picture.parts().iter().filter(|part| !part.kind.is_frame()).filter_map(|part| part.element);
    boxes.into_iter().any(|id| picked.elements.contains(&id))
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

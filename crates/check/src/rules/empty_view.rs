use crate::{Absence, Context, Reach, Rule};
use groma_base::{Severity, list_words};
use groma_diagram::{Diagram, Spec};
use groma_model::decode::FactValue;
use groma_model::facts::view::Show;
use groma_model::query::{Picked, Query};
use groma_model::schema::Fact;
use groma_model::{Architecture, Entity, Level, View, facts};
use std::slice::from_ref;

pub(super) static RULE: Rule = Rule {
    name: "empty-view",
    severity: Severity::Warning,
    summary: "a view that shows nothing",
    check: Some(check),
    reach: Reach::Whole,
    absence: Some(Absence::OfAnything),
    calculates_from: None,
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
        | Show::Traceability
        | Show::Decisions => None,
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
    let Some(asked) = Asked::of(arch, view) else { return };
    match asked.shown(&asked.include, &[]) {
        Some(included) => {
            inclusions(cx, &asked);
            exclusions(cx, &asked, &included);
        }
        None if asked.shown(&[], &[]).is_some() => {
            if !inclusions(cx, &asked)
                && let Some(given) = arch.fact(view.at, &facts::view::INCLUDE)
            {
                let title = asked.title();
                let message = format!(
                    "the view \"{title}\" shows nothing: nothing that one `include` selects belongs to what another does"
                );
                tell(cx, view, given, message);
            }
        }
        None => {
            if let Some(why) = without_content(asked.spec.show) {
                let finding = cx.at(view.at, format!("the view \"{}\" shows nothing: {why}", asked.title()));
                cx.push(finding.help("say what there is, or remove the view"));
            }
        }
    }
}

/// A view with what each of its queries picks.
struct Asked<'a> {
    arch: &'a Architecture,
    view: &'a View,
    spec: Spec,
    include: Vec<Picked>,
    exclude: Vec<Picked>,
}

impl<'a> Asked<'a> {
    /// `None` if one of the queries cannot be asked, of which another rule tells, or if the view lacks what it needs.
    fn of(arch: &'a Architecture, view: &'a View) -> Option<Asked<'a>> {
        let spec = Spec::declared(arch, view)?;
        let picks = spec.show.sort().picks();
        let picked = |fact: &'static Fact| -> Option<Vec<Picked>> {
            let given = arch.values_of(view.at, fact);
            given
                .map(|given| Query::said_by(view.at, arch, arch.words(view.at, given)).ok()?.picked(arch, picks).ok())
                .collect()
        };
        let is_used = |queries: &[Query], picked: Vec<Picked>| if queries.is_empty() { Vec::new() } else { picked };
        let (include, exclude) = (picked(&facts::view::INCLUDE)?, picked(&facts::view::EXCLUDE)?);
        let (include, exclude) = (is_used(&spec.include, include), is_used(&spec.exclude, exclude));
        Some(Asked { arch, view, spec, include, exclude })
    }

    fn title(&self) -> &'a str {
        self.arch.title(self.view.at)
    }

    /// What it shows where some of its queries limit it and others leave something out, if anything.
    fn shown(&self, include: &[Picked], exclude: &[Picked]) -> Option<Diagram> {
        Diagram::picking(self.arch, &self.spec, include, exclude)
    }
}

/// Tells of each `include` with which alone a view would show nothing. Whether there is any.
fn inclusions(cx: &mut Context<'_>, asked: &Asked<'_>) -> bool {
    let given = cx.arch.values_of(asked.view.at, &facts::view::INCLUDE).zip(&asked.include);
    let idle = given.filter(|(_, picked)| asked.shown(from_ref(picked), &[]).is_none());
    let idle: Vec<&FactValue> = idle.map(|(given, _)| given).collect();
    for given in &idle {
        let message = format!("`include` selects nothing that the view \"{}\" could show", asked.title());
        tell(cx, asked.view, given, message);
    }
    !idle.is_empty()
}

/// Tells of each `exclude` that changes nothing of what a view includes, and of the one that leaves nothing.
fn exclusions(cx: &mut Context<'_>, asked: &Asked<'_>, included: &Diagram) {
    let (include, exclude) = (&asked.include, &asked.exclude);
    let leaves_nothing = !exclude.is_empty() && asked.shown(include, exclude).is_none();
    for (nth, (given, picked)) in cx.arch.values_of(asked.view.at, &facts::view::EXCLUDE).zip(exclude).enumerate() {
        let changes = || asked.shown(include, from_ref(picked)).as_ref() != Some(included);
        if !takes_box_away(picked, included) && !changes() {
            let message = format!("`exclude` selects nothing that the view \"{}\" shows", asked.title());
            tell(cx, asked.view, given, message);
        } else if leaves_nothing && asked.shown(include, &exclude[..=nth]).is_none() {
            let message = format!("the view \"{}\" shows nothing: `exclude` leaves nothing", asked.title());
            return tell(cx, asked.view, given, message);
        }
    }
}

fn tell(cx: &mut Context<'_>, view: &View, given: &FactValue, message: String) {
    let finding = cx.at_fact(view.at, given, message);
    cx.push(finding.help("correct or remove it: `groma query` lists what it selects"));
}

/// Whether a box of a picture is of an element that a query picks: then no second picture is needed to see that it takes something away.
fn takes_box_away(picked: &Picked, picture: &Diagram) -> bool {
    let mut boxes = picture.parts().iter().filter(|part| !part.kind.is_frame()).filter_map(|part| part.element);
    boxes.any(|id| picked.elements.contains(&id))
}

/// Why a view shows nothing that leaves nothing out. Of flows without steps another rule tells.
fn without_content(show: groma_diagram::Show) -> Option<&'static str> {
    match show.sort() {
        Show::Landscape => Some("there are no people and no systems"),
        Show::Deployment => Some("nothing stands in the deployment"),
        Show::Pipeline => Some("the pipeline has no steps"),
        Show::Traceability => Some("there are no requirements and no qualities"),
        Show::Decisions => Some("there are no decisions"),
        Show::Context | Show::Container | Show::Component | Show::Dynamic | Show::Sequence => None,
    }
}

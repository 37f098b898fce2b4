//! Which pictures there are: those the workspace declares, and sensible ones if it declares none.

use groma_model::facts::view::{self, Direction};
use groma_model::kinds::class;
use groma_model::query::Query;
use groma_model::schema::{Class, Fact};
use groma_model::{Architecture, DeploymentId, ElementId, Entity, FlowId, ItemRef, Level, PipelineId, View, facts};

/// The sorts of pictures.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Show {
    /// All people and systems.
    Landscape,
    /// One system with its surroundings.
    Context(ElementId),
    /// The containers of one system.
    Containers(ElementId),
    /// The components of one container.
    Components(ElementId),
    /// One deployment, as an index.
    Deployment(DeploymentId),
    /// One flow on the structure.
    Dynamic(FlowId),
    /// One flow as a sequence diagram.
    Sequence(FlowId),
    /// One pipeline, as an index.
    Pipeline(PipelineId),
    /// Requirements and what realizes them.
    Traceability,
    /// Decisions, what they are about and what they replaced.
    Decisions,
}

impl Show {
    /// The word that declares it.
    pub fn word(self) -> &'static str {
        self.sort().word()
    }

    /// What a dashed line between two boxes means.
    pub fn dashed(self) -> &'static str {
        match self {
            Show::Traceability => "measured on",
            Show::Decisions => "replaces",
            Show::Landscape
            | Show::Context(_)
            | Show::Containers(_)
            | Show::Components(_)
            | Show::Deployment(_)
            | Show::Dynamic(_)
            | Show::Sequence(_)
            | Show::Pipeline(_) => "asynchronous",
        }
    }

    /// Its sort.
    pub fn sort(self) -> view::Show {
        match self {
            Show::Landscape => view::Show::Landscape,
            Show::Context(_) => view::Show::Context,
            Show::Containers(_) => view::Show::Container,
            Show::Components(_) => view::Show::Component,
            Show::Deployment(_) => view::Show::Deployment,
            Show::Dynamic(_) => view::Show::Dynamic,
            Show::Sequence(_) => view::Show::Sequence,
            Show::Pipeline(_) => view::Show::Pipeline,
            Show::Traceability => view::Show::Traceability,
            Show::Decisions => view::Show::Decisions,
        }
    }
}

/// A picture to be drawn.
#[derive(Clone, Debug)]
pub struct Spec {
    /// Its name.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What it says about itself.
    pub description: String,
    /// Its sort, and of what.
    pub show: Show,
    /// What is shown instead of the default; empty for the default.
    pub include: Vec<Query>,
    /// What is left out.
    pub exclude: Vec<Query>,
    /// Which way relationships run.
    pub direction: Direction,
    /// Whether only names are written.
    pub names_only: bool,
}

impl Spec {
    /// The one with a name, before which its kind may stand: `view:checkout`. If none has it, those that have it in other letters.
    pub fn called<'s>(specs: &'s [Spec], name: &str) -> Vec<&'s Spec> {
        let name = name.strip_prefix("view:").unwrap_or(name);
        let lower = name.to_lowercase();
        let mut found: Vec<&Spec> = specs.iter().filter(|spec| spec.id.to_lowercase() == lower).collect();
        if let Some(only) = found.iter().copied().find(|spec| spec.id == name) {
            found = vec![only];
        }
        found
    }

    /// The only one with a title, in letters of either case.
    pub fn titled<'s>(specs: &'s [Spec], title: &str) -> Option<&'s Spec> {
        let lower = title.to_lowercase();
        let mut found = specs.iter().filter(|spec| spec.title.to_lowercase() == lower);
        found.next().filter(|_| found.next().is_none())
    }

    fn new(id: String, title: String, show: Show) -> Spec {
        let direction = if matches!(show, Show::Traceability | Show::Decisions | Show::Pipeline(_)) {
            Direction::Right
        } else {
            Direction::Down
        };
        Spec {
            id,
            title,
            description: String::new(),
            show,
            include: Vec::new(),
            exclude: Vec::new(),
            direction,
            names_only: false,
        }
    }

    /// A declared view, without the facts that change nothing in its sort; `None` if what it needs is missing, which a rule reports.
    pub fn declared(arch: &Architecture, of: &View) -> Option<Spec> {
        let at = of.at;
        let shown = arch.shown(at);
        let element = |wanted: Level| shown.and_then(Entity::element).filter(|id| arch.element(*id).level == wanted);
        let show = match (arch.choice(at)?, shown) {
            (view::Show::Landscape, _) => Show::Landscape,
            (view::Show::Context, _) => Show::Context(element(Level::System)?),
            (view::Show::Container, _) => Show::Containers(element(Level::System)?),
            (view::Show::Component, _) => Show::Components(element(Level::Container)?),
            (view::Show::Traceability, _) => Show::Traceability,
            (view::Show::Decisions, _) => Show::Decisions,
            (view::Show::Deployment, Some(Entity::Deployment(id))) => Show::Deployment(id),
            (view::Show::Dynamic, Some(Entity::Flow(id))) => Show::Dynamic(id),
            (view::Show::Sequence, Some(Entity::Flow(id))) => Show::Sequence(id),
            (view::Show::Pipeline, Some(Entity::Pipeline(id))) => Show::Pipeline(id),
            (view::Show::Deployment | view::Show::Dynamic | view::Show::Sequence | view::Show::Pipeline, _) => {
                return None;
            }
        };
        let works = |fact: &&'static Fact| !show.sort().without_effect().contains(fact);
        let queries = |fact| {
            let given = Some(fact).filter(works).into_iter().flat_map(|fact| arch.values_of(at, fact));
            given.filter_map(|given| Query::said_by(at, arch, arch.words(at, given)).ok()).collect()
        };
        let mut spec = Spec::new(arch.name(at).to_owned(), arch.title(at).to_owned(), show);
        spec.description = arch.text(at, &groma_model::facts::DESCRIPTION).unwrap_or_default().to_owned();
        spec.include = queries(&facts::view::INCLUDE);
        spec.exclude = queries(&facts::view::EXCLUDE);
        spec.names_only = works(&&view::DETAIL) && arch.choice(at) == Some(view::Detail::Names);
        spec.direction = arch.choice(at).filter(|_| works(&&view::DIRECTION)).unwrap_or(spec.direction);
        Some(spec)
    }
}

/// How the names of the views end that there are by default: after that of what each is of.
mod ending {
    pub(super) const CONTEXT: &str = "-context";
    pub(super) const CONTAINERS: &str = "-containers";
    pub(super) const COMPONENTS: &str = "-components";
    pub(super) const SEQUENCE: &str = "-sequence";
    pub(super) const DEPLOYMENT: &str = "-deployment";
    pub(super) const PIPELINE: &str = "-pipeline";
    pub(super) const ALL: [&str; 6] = [CONTEXT, CONTAINERS, COMPONENTS, SEQUENCE, DEPLOYMENT, PIPELINE];
}

impl Spec {
    /// The view that had a name while what it is of had another, as `was` tells.
    pub fn formerly<'s>(arch: &Architecture, specs: &'s [Spec], id: &str) -> Option<&'s Spec> {
        let wanted: Vec<&'static Class> = [&class::FLOW, &class::DEPLOYMENT, &class::PIPELINE]
            .into_iter()
            .chain(class::ELEMENTS.iter().copied())
            .collect();
        ending::ALL.iter().find_map(|ending| {
            let [today] = &arch.names_of_today(id.strip_suffix(ending)?, &wanted)[..] else { return None };
            specs.iter().find(|spec| spec.id.strip_suffix(ending) == Some(today))
        })
    }
}

/// The declared views, and by default one for each thing that no declared view of its sort is of. Long because it is a list: a few lines for
/// each sort.
pub fn declared_and_default(arch: &Architecture) -> Vec<Spec> {
    let mut specs: Vec<Spec> = arch.views.iter().filter_map(|view| Spec::declared(arch, view)).collect();
    let mut add = |id: String, title: String, show: Show| {
        if specs.iter().any(|spec| spec.show == show) {
            return;
        }
        let mut name = id.clone();
        let mut number = 2;
        while specs.iter().any(|spec| spec.id == name) {
            name = format!("{id}-{number}");
            number += 1;
        }
        specs.push(Spec::new(name, title, show));
    };
    let own =
        |level| arch.element_ids().filter(move |id| arch.element(*id).level == level && !arch.element(*id).external);
    let systems: Vec<ElementId> = own(Level::System).collect();
    let title = |at: ItemRef| arch.title(at).to_owned();
    if systems.len() > 1 {
        add("landscape".into(), format!("{}: landscape", arch.workspace_title()), Show::Landscape);
    }
    for id in systems {
        let element = arch.element(id);
        add(
            format!("{}{}", element.path, ending::CONTEXT),
            format!("{}: context", title(element.at)),
            Show::Context(id),
        );
        if arch.children(id).next().is_some() {
            add(
                format!("{}{}", element.path, ending::CONTAINERS),
                format!("{}: containers", title(element.at)),
                Show::Containers(id),
            );
        }
    }
    for id in own(Level::Container).filter(|id| arch.children(*id).next().is_some()) {
        let element = arch.element(id);
        add(
            format!("{}{}", element.path, ending::COMPONENTS),
            format!("{}: components", title(element.at)),
            Show::Components(id),
        );
    }
    for (at, flow) in arch.flows.entries().filter(|(_, flow)| !flow.steps.is_empty()) {
        add(format!("{}{}", arch.name(flow.at), ending::SEQUENCE), title(flow.at), Show::Sequence(at));
    }
    for (at, deployment) in arch.deployments.entries() {
        add(format!("{}{}", arch.name(deployment.at), ending::DEPLOYMENT), title(deployment.at), Show::Deployment(at));
    }
    for (at, pipeline) in arch.pipelines.entries() {
        add(format!("{}{}", arch.name(pipeline.at), ending::PIPELINE), title(pipeline.at), Show::Pipeline(at));
    }
    if arch.records.iter().any(|record| arch.is_realized(record.at)) {
        add("traceability".into(), "Requirements and what realizes them".into(), Show::Traceability);
    }
    if arch.records_of(&class::DECISION).any(|record| !arch.decided_by(record.at).is_empty()) {
        add("decisions".into(), "Decisions and what they are about".into(), Show::Decisions);
    }
    specs
}

/// The view with this name.
pub fn find(arch: &Architecture, id: &str) -> Option<Spec> {
    let specs = declared_and_default(arch);
    match Spec::called(&specs, id)[..] {
        [only] => Some(only.clone()),
        _ => None,
    }
}

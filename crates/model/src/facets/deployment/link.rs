//! How deployments are linked.

use super::facts::deployment::Environment;
use super::{Connection, DeployNode, DeployNodeId, Deployment, DeploymentId, End, Instance, class, facts};
use crate::entity::Entity;
use crate::facets::structure::class::ELEMENTS;
use crate::facets::structure::{ElementId, Level};
use crate::ids::{Idx, Table};
use crate::items::{FactValue, ItemId, ItemRef, find_fact};
use crate::link::{Linker, UNRESOLVED_NAME};
use crate::misplaced::MISPLACED;
use crate::names::split_kind;
use groma_base::{Diagnostic, Range, Span, last_part};
use rustc_hash::{FxHashMap, FxHashSet};

/// Names the deployments, all of them with the one that is met first. The one that is simulated comes first: that for production, or
/// else the first by name, so that it makes no difference in which order and in which files they stand.
pub(crate) fn deployment(linker: &mut Linker, _: ItemRef) {
    if !linker.linked.deployments.is_empty() {
        return;
    }
    let mut all = Vec::new();
    linker.each_item(|linker, at| all.extend(linker.files.item(at).kind.is(&class::DEPLOYMENT).then_some(at)));
    let files = linker.files.clone();
    let environment = |at: ItemRef| {
        let given = files.file(at).facts_of(files.item(at));
        find_fact(given, &facts::deployment::ENVIRONMENT).and_then(FactValue::choice)
    };
    all.sort_by_key(|at| (environment(*at) != Some(Environment::Production), files.name(*at).to_owned()));
    for at in all {
        let deployment = Deployment { at, nodes: Table::default(), instances: Vec::new(), connections: Vec::new() };
        let id = linker.linked.deployments.push(deployment);
        linker.name(at, Entity::Deployment(id));
    }
}

/// Joins each deployment's instances to their elements and places, and its connections to what they lead to.
pub(crate) fn join(linker: &mut Linker) {
    let mut places = 0;
    for id in linker.linked.deployments.ids() {
        let (nodes, instances) = contents(linker, linker.linked.deployments[id].at);
        linker.linked.place_starts.push(places);
        for (node, number) in nodes.iter().zip(places..) {
            linker.linked.entities.set(node.at, Entity::Place(Idx::new(number)));
        }
        places += nodes.len() as u32;
        (linker.linked.deployments[id].nodes, linker.linked.deployments[id].instances) = (nodes, instances);
        linker.linked.deployments[id].connections = connections(linker, id);
    }
}

fn connections(linker: &mut Linker, id: DeploymentId) -> Vec<Connection> {
    let files = linker.files.clone();
    let deployment = linker.linked.deployments[id].at;
    let here = Here::of(linker, id);
    let mut found = Vec::new();
    for item in deployment.item.next().until(files.item(deployment).subtree_end) {
        let at = ItemRef { item, ..deployment };
        let part = files.item(at);
        if part.kind.is(&class::CONNECTION) {
            let ends = [part.name, part.target].map(|range| end(linker, &here, at, range));
            if let [Some(from), Some(to)] = ends {
                found.push(Connection { at, from, to });
            }
        }
    }
    found
}

/// What connections of a deployment may name.
struct Here {
    id: DeploymentId,
    /// Its places, by the last name of each.
    places: FxHashMap<String, Vec<DeployNodeId>>,
    running: FxHashSet<ElementId>,
    /// Whether an instance is of nobody knows what: anything may run here.
    is_open: bool,
}

impl Here {
    fn of(linker: &Linker, id: DeploymentId) -> Here {
        let deployment = &linker.linked.deployments[id];
        let mut places: FxHashMap<String, Vec<DeployNodeId>> = FxHashMap::default();
        for (node, place) in deployment.nodes.entries() {
            places.entry(linker.files.name(place.at).to_owned()).or_default().push(node);
        }
        let running = deployment.instances.iter().map(|instance| instance.element).collect();
        let within = deployment.at.item.next().until(linker.files.item(deployment.at).subtree_end);
        let is_instance =
            |item: &ItemId| linker.files.item(ItemRef { item: *item, ..deployment.at }).kind.is(&class::INSTANCE);
        let is_open = within.filter(is_instance).count() > deployment.instances.len();
        Here { id, places, running, is_open }
    }

    fn names(&self, linker: &Linker) -> Vec<String> {
        let running = self.running.iter().map(|id| linker.linked.elements[*id].path.to_string());
        let mut names: Vec<String> = self.places.keys().cloned().chain(running).collect();
        names.sort_unstable();
        names
    }
}

/// What a connection begins or ends at; reports a name of nothing that runs in the deployment.
fn end(linker: &mut Linker, here: &Here, at: ItemRef, range: Range) -> Option<End> {
    if range.is_none() {
        return None;
    }
    let files = linker.files.clone();
    let (span, name) = (Span::new(at.file, range), range.of(&files.file(at).text));
    let (word, bare) = split_kind(name);
    let scope = place_around(linker, here.id, at);
    let first = linker.linked.place_starts[here.id.index()];
    let resolver = linker.resolver();
    let is_called = |(_, entity): &(End, Entity)| word.is_none_or(|word| resolver.is_called(*entity, word));
    let called = here.places.get(last_part(bare)).map_or(&[][..], |called| called);
    let places = resolver.places_in(here.id, scope, bare, called).into_iter();
    let places = places.map(|node| (End::Place(node), Entity::Place(Idx::new(first + node.raw()))));
    let element = resolver.element(None, bare);
    let runs = |element: &ElementId| here.running.contains(element);
    let running = element.filter(runs).map(|element| (End::Element(element), Entity::Element(element)));
    let found: Vec<(End, Entity)> = places.chain(running).filter(is_called).collect();
    match (&found[..], element) {
        ([(only, _)], _) => return Some(*only),
        ([], Some(element)) if !runs(&element) && here.is_open => {}
        ([], Some(element)) if !runs(&element) => runs_elsewhere(linker, span, name, element),
        ([], _) => {
            if let Some(found) = end_of_old_name(linker, here, span, (scope, name)) {
                return found;
            }
            let known = if linker.problems.suggests() { here.names(linker) } else { Vec::new() };
            let known = known.iter().map(String::as_str).collect();
            linker.unresolved_within(span, name, "host or instance", (known, |_| None));
        }
        (several, _) => {
            let several: Vec<Entity> = several.iter().map(|(_, entity)| *entity).collect();
            linker.several(span, name, &several);
        }
    }
    None
}

/// What had a name that nothing has any more in the deployment, if anything did: reports that it has another now.
fn end_of_old_name(
    linker: &mut Linker,
    here: &Here,
    span: Span,
    (scope, name): (Option<DeployNodeId>, &str),
) -> Option<Option<End>> {
    let first = linker.linked.place_starts[here.id.index()];
    let old = linker.old_names()?;
    let names = linker.resolver();
    let mut meant = old.meant_among(names, None, name, &[&class::PLACE]);
    meant.extend(old.meant_among(names, None, name, ELEMENTS));
    let end = |entity: &Entity| match *entity {
        Entity::Place(place) if linker.linked.place(place).0 == here.id => {
            Some(End::Place(DeployNodeId::new(place.raw() - first)))
        }
        Entity::Element(id) if here.running.contains(&id) => Some(End::Element(id)),
        Entity::Place(_)
        | Entity::Element(_)
        | Entity::Group(_)
        | Entity::Flow(_)
        | Entity::Record(_)
        | Entity::Deployment(_)
        | Entity::Pipeline(_)
        | Entity::View(_)
        | Entity::Relation(_) => None,
    };
    meant.retain(|entity| end(entity).is_some());
    let ends: Vec<End> = meant.iter().filter_map(end).collect();
    let resolver = linker.resolver();
    let today = |entity: &Entity| {
        let path = resolver.path(*entity);
        let last = last_part(&path);
        let called = here.places.get(last).map_or(&[][..], |called| called);
        let is_enough = matches!(end(entity), Some(End::Place(node)) if resolver.places_in(here.id, scope, last, called)[..] == [node]);
        if is_enough { last.to_owned() } else { path }
    };
    let today: Vec<String> = meant.iter().map(today).collect();
    if today.is_empty() {
        return None;
    }
    linker.problems.old_name(span, name, &today);
    Some(if let [only] = ends[..] { Some(only) } else { None })
}

/// Reports a connection of something that runs nowhere in the deployment.
fn runs_elsewhere(linker: &mut Linker, span: Span, name: &str, element: ElementId) {
    let element = &linker.linked.elements[element];
    let message = format!("the {} `{name}` does not run in this deployment", element.kind_name);
    let help = match element.level {
        Level::System | Level::Container => {
            format!("add `instance {}` to the host it runs on, or connect that host", element.path)
        }
        Level::Person | Level::Component => "connect the host that is meant, or a container that runs here".to_owned(),
    };
    linker.problems.push(Diagnostic::error(UNRESOLVED_NAME, span, message).help(help));
}

/// The region or host that a connection stands in.
fn place_around(linker: &Linker, id: DeploymentId, at: ItemRef) -> Option<DeployNodeId> {
    let parent = linker.files.item(at).parent?;
    let nodes = &linker.linked.deployments[id].nodes;
    nodes.binary_search_by_key(&parent, |node| node.at.item).ok().map(|node| DeployNodeId::new(node as u32))
}

fn contents(linker: &mut Linker, deployment: ItemRef) -> (Table<DeployNode>, Vec<Instance>) {
    let files = linker.files.clone();
    let mut nodes: Table<DeployNode> = Table::default();
    let mut instances = Vec::new();
    let mut node_of: FxHashMap<ItemId, DeployNodeId> = FxHashMap::default();
    let mut first_called: FxHashMap<(Option<DeployNodeId>, &str), ItemRef> = FxHashMap::default();
    for item in deployment.item.next().until(files.item(deployment).subtree_end) {
        let at = ItemRef { item, ..deployment };
        let part = files.item(at);
        let parent = part.parent.and_then(|parent| node_of.get(&parent).copied());
        if part.kind.is(&class::PLACE) {
            let first = *first_called.entry((parent, files.name(at))).or_insert(at);
            if first != at {
                linker.duplicate(at, first);
            }
            node_of.insert(item, nodes.push(DeployNode { at, parent }));
        } else if part.kind.is(&class::INSTANCE) {
            let named = linker.element_named(at, None, part.name);
            if let Some(element) = named.filter(|id| is_deployable(linker, *id, at)) {
                instances.push(Instance { at, node: parent, element });
            }
        }
    }
    (nodes, instances)
}

/// Whether something can run on a host; reports it if not.
fn is_deployable(linker: &mut Linker, id: ElementId, at: ItemRef) -> bool {
    let level = linker.linked.elements[id].level;
    let fits = matches!(level, Level::System | Level::Container);
    if !fits {
        let span = Span::new(at.file, linker.files.item(at).name);
        let finding = Diagnostic::error(MISPLACED, span, format!("a {} is not deployed", level.word()));
        linker.problems.push(finding.help("deploy the container that it is in, or remove this instance"));
    }
    fits
}

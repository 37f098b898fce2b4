//! Deployments, places and instances, and what is asked of them.

use super::super::structure::ElementId;
use super::super::structure::facts::element::{BALANCE, Balance};
use super::PlaceKind;
use super::facts::instance::{READ_REPLICAS, REPLICAS, STANDBY};
use crate::entity::Entity;
use crate::ids::{Idx, Table};
use crate::items::{FactValue, ItemRef};
use crate::names::Resolver;
use crate::{Architecture, Linked, facts};
use groma_base::Quantity;
use rustc_hash::{FxHashMap, FxHashSet};

/// A deployment's number.
pub type DeploymentId = Idx<Deployment>;

/// The deployment that is simulated: linking puts it before the others.
pub const SIMULATED: DeploymentId = DeploymentId::FIRST;
/// A region's or host's number within its deployment.
pub type DeployNodeId = Idx<DeployNode>;

/// A region or host.
#[derive(Clone, Debug)]
pub struct DeployNode {
    /// Where it was declared.
    pub at: ItemRef,
    /// The node around it.
    pub parent: Option<DeployNodeId>,
}

/// An element that runs somewhere.
#[derive(Clone, Copy, Debug)]
pub struct Instance {
    /// Where it was declared.
    pub at: ItemRef,
    /// The node it runs on.
    pub node: Option<DeployNodeId>,
    /// What runs.
    pub element: ElementId,
}

/// What an instance places.
#[derive(Clone, Copy, Debug)]
pub struct Placed<'a> {
    /// The instance.
    pub instance: &'a Instance,
    /// How many replicas of which each does all that the element does: one if nothing is said, `None` where only read replicas are.
    pub replicas: Option<Quantity>,
    /// Whether these only wait to take over.
    pub is_standby: bool,
    /// How many read replicas, if any.
    pub copies: Option<Quantity>,
    /// Whether no other instance of the element does its work.
    pub is_alone: bool,
}

impl Placed<'_> {
    /// Whether it answers calls. Those that only `read` are for read replicas, wherever these are, if the element has any placed;
    /// a standby answers nothing.
    pub fn answers(&self, read: bool) -> bool {
        if read { self.copies.is_some() } else { self.replicas.is_some() && !self.is_standby }
    }
}

/// What a connection begins or ends at.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum End {
    /// A region or host, and all that runs there.
    Place(DeployNodeId),
    /// Something that runs in the deployment, wherever it does.
    Element(ElementId),
}

/// Two places, or things that run there, that are connected.
#[derive(Clone, Copy, Debug)]
pub struct Connection {
    /// Where it was declared.
    pub at: ItemRef,
    /// Where it begins.
    pub from: End,
    /// Where it leads.
    pub to: End,
}

/// Where everything runs in one environment.
#[derive(Clone, Debug)]
pub struct Deployment {
    /// Where it was declared.
    pub at: ItemRef,
    /// Its regions and hosts.
    pub nodes: Table<DeployNode>,
    /// What runs on them.
    pub instances: Vec<Instance>,
    /// What is connected with what.
    pub connections: Vec<Connection>,
}

impl Deployment {
    /// What runs at each place, within it and at itself alike, and where each thing runs, as the ends of connections name them.
    pub fn running(&self) -> FxHashMap<End, Vec<&Instance>> {
        let mut found: FxHashMap<End, Vec<&Instance>> = FxHashMap::default();
        for instance in &self.instances {
            found.entry(End::Element(instance.element)).or_default().push(instance);
            let around = std::iter::successors(instance.node, |at| self.nodes[*at].parent);
            around.for_each(|place| found.entry(End::Place(place)).or_default().push(instance));
        }
        found
    }
}

/// What is connected with what in a deployment. Places where nothing runs, such as a load balancer, are passed through.
#[derive(Debug)]
pub struct Ways<'a> {
    running: FxHashMap<End, Vec<&'a Instance>>,
    next: FxHashMap<End, Vec<End>>,
}

impl<'a> Ways<'a> {
    /// Those of a deployment.
    pub fn of(deployment: &'a Deployment) -> Ways<'a> {
        let mut next: FxHashMap<End, Vec<End>> = FxHashMap::default();
        deployment.connections.iter().for_each(|one| next.entry(one.from).or_default().push(one.to));
        Ways { running: deployment.running(), next }
    }

    /// What runs at an end.
    pub fn at(&self, end: End) -> &[&'a Instance] {
        self.running.get(&end).map_or(&[], |found| found)
    }

    /// The ends where something runs that a way to one leads to: that one, or where nothing runs what comes behind it. A way goes on
    /// only through what `may_pass`.
    pub fn behind(&self, end: End, may_pass: impl Fn(End) -> bool) -> Vec<End> {
        let (mut found, mut open, mut seen) = (Vec::new(), vec![end], FxHashSet::default());
        while let Some(end) = open.pop().filter(|_| seen.len() < MOST_PASSED) {
            if !seen.insert(end) {
                continue;
            }
            if !self.at(end).is_empty() {
                found.push(end);
            } else if may_pass(end) {
                open.extend(self.next.get(&end).into_iter().flatten());
            }
        }
        found
    }
}

/// By way of so many places where nothing runs a connection is followed at most.
const MOST_PASSED: usize = 1_000;

/// A region or host, counted over all deployments.
#[derive(Debug)]
pub enum Place {}

/// The number of a region or host among all of the workspace.
pub type PlaceId = Idx<Place>;

/// The regions and hosts by the ends of their paths, one table for each number of names that was asked for.
#[derive(Default, Debug)]
pub(crate) struct PlaceNames(FxHashMap<usize, FxHashMap<String, Vec<PlaceId>>>);

/// So many places with one name are told apart.
const MOST_NAMESAKES: usize = 5;

impl PlaceNames {
    /// The first few places whose path is this or ends in it.
    pub(crate) fn called(&mut self, within: Resolver<'_>, name: &str) -> &[PlaceId] {
        let length = name.split('.').count();
        let table = self.0.entry(length).or_insert_with(|| PlaceNames::of_length(within, length));
        table.get(name).map_or(&[], |places| places)
    }

    fn of_length(within: Resolver<'_>, length: usize) -> FxHashMap<String, Vec<PlaceId>> {
        let mut table: FxHashMap<String, Vec<PlaceId>> = FxHashMap::default();
        for (at, (deployment, node)) in within.linked.places().enumerate() {
            let mut end: Vec<&str> = within.place_names(deployment, node).take(length).collect();
            if end.len() < length {
                continue;
            }
            end.reverse();
            let namesakes = table.entry(end.join(".")).or_default();
            if namesakes.len() < MOST_NAMESAKES {
                namesakes.push(Idx::new(at as u32));
            }
        }
        table
    }

    /// The place that a name means: that of the first deployment that has any, if it has one.
    pub(crate) fn meant(&mut self, within: Resolver<'_>, name: &str) -> Option<PlaceId> {
        match *self.called(within, name) {
            [] => None,
            [first, second, ..] if within.linked.place(first).0 == within.linked.place(second).0 => None,
            [first, ..] => Some(first),
        }
    }
}

impl Linked {
    /// The deployment of a region or host, and its number there.
    pub fn place(&self, place: PlaceId) -> (DeploymentId, DeployNodeId) {
        let deployment = self.place_starts.partition_point(|start| *start <= place.raw()) - 1;
        (Idx::new(deployment as u32), Idx::new(place.raw() - self.place_starts[deployment]))
    }

    /// All regions and hosts, each with its deployment, in the order of their numbers.
    pub fn places(&self) -> impl Iterator<Item = (DeploymentId, DeployNodeId)> + '_ {
        self.deployments.entries().flat_map(|(at, deployment)| deployment.nodes.ids().map(move |node| (at, node)))
    }

    /// A region or host and all those around it, from the inside out.
    pub fn places_around(
        &self,
        deployment: DeploymentId,
        node: DeployNodeId,
    ) -> impl Iterator<Item = DeployNodeId> + '_ {
        std::iter::successors(Some(node), move |at| self.deployments[deployment].nodes[*at].parent)
    }

    /// The declaration of a region or host.
    pub fn place_item(&self, deployment: DeploymentId, node: DeployNodeId) -> ItemRef {
        self.deployments[deployment].nodes[node].at
    }
}

impl<'a> Resolver<'a> {
    /// The names in the path of a region or host, from the inside out.
    fn place_names(self, deployment: DeploymentId, node: DeployNodeId) -> impl Iterator<Item = &'a str> {
        let linked = self.linked;
        let nodes = linked.places_around(deployment, node).map(move |at| linked.place_item(deployment, at));
        nodes.chain([linked.deployments[deployment].at]).map(move |at| self.files.name(at))
    }

    /// The region or host of these, which bear its last name, that a path means in one deployment: seen from inside a place, from
    /// the inside out, or else the only one of which the path ends so. All where there are several.
    pub(crate) fn places_in(
        self,
        deployment: DeploymentId,
        scope: Option<DeployNodeId>,
        path: &str,
        called: &[DeployNodeId],
    ) -> Vec<DeployNodeId> {
        let nodes = &self.linked.deployments[deployment].nodes;
        let names: Vec<&str> = path.split('.').rev().collect();
        let ends_so =
            |node: &DeployNodeId| self.place_names(deployment, *node).take(names.len()).eq(names.iter().copied());
        let found: Vec<DeployNodeId> = called.iter().copied().filter(ends_so).collect();
        let is_beside = |around: Option<DeployNodeId>| {
            let outermost = |node: &DeployNodeId| {
                let last = self.linked.places_around(deployment, *node).nth(names.len() - 1);
                last.is_some_and(|last| nodes[last].parent == around)
            };
            found.iter().copied().find(outermost)
        };
        let mut around = scope;
        loop {
            match (is_beside(around), around) {
                (Some(only), _) => return vec![only],
                (None, Some(inner)) => around = nodes[inner].parent,
                (None, None) => return found,
            }
        }
    }

    /// The dotted path of a region or host, from its deployment on: `production.eu.web`.
    pub(crate) fn place_path(self, deployment: DeploymentId, node: DeployNodeId) -> String {
        let mut names: Vec<&str> = self.place_names(deployment, node).collect();
        names.reverse();
        names.join(".")
    }
}

impl Architecture {
    /// How calls are balanced among the replicas of something that says nothing of it itself: what the simulated deployment says
    /// on the way to it, and where.
    pub fn balanced_by(&self, element: ElementId) -> Option<(ItemRef, Balance)> {
        let deployment = self.deployments.first().filter(|first| !first.connections.is_empty())?;
        let own = deployment.instances.iter().filter(|instance| instance.element == element);
        let places = own.filter_map(|instance| instance.node);
        let around = places.flat_map(|node| self.places_around(SIMULATED, node)).map(End::Place);
        let ends: FxHashSet<End> = around.chain([End::Element(element)]).collect();
        let leading = deployment.connections.iter().filter(|one| ends.contains(&one.to));
        let said = |at: ItemRef| self.fact(at, &BALANCE).and_then(FactValue::choice);
        let saying: Vec<(ItemRef, Balance)> = leading.filter_map(|one| Some((one.at, said(one.at)?))).collect();
        match saying[..] {
            [] => None,
            [one] => Some(one),
            // Which of several is meant is not decided by where they stand.
            _ => saying.into_iter().min_by_key(|(at, _)| self.address_of(*at)),
        }
    }

    /// What each instance of a deployment places. One that says only `read-replicas` places just these, unless nothing else does the work:
    /// something must be written to, and where nothing says where that runs it is beside them.
    pub fn placed<'a>(&'a self, deployment: &'a Deployment) -> impl Iterator<Item = Placed<'a>> {
        let read = |instance: &'a Instance| {
            let said = self.quantity(instance.at, &REPLICAS);
            let copies = self.quantity(instance.at, &READ_REPLICAS).filter(|copies| copies.high > 0.0);
            let is_standby = self.is(instance.at, &STANDBY);
            let is_just_copies = copies.is_some() && said.is_none() && !is_standby;
            let replicas = said.or_else(|| (!is_just_copies).then(|| Quantity::count(1.0)));
            Placed { instance, replicas, is_standby, copies, is_alone: false }
        };
        let works = |placed: &Placed<'_>| placed.replicas.is_some() && !placed.is_standby;
        let all = deployment.instances.iter().map(read);
        let mut working: FxHashMap<ElementId, usize> = FxHashMap::default();
        all.clone().filter(works).for_each(|placed| *working.entry(placed.instance.element).or_default() += 1);
        all.map(move |placed| {
            let at_work = working.get(&placed.instance.element).copied().unwrap_or(0);
            let replicas = placed.replicas.or_else(|| (at_work == 0).then(|| Quantity::count(1.0)));
            Placed { replicas, is_alone: works(&placed) && at_work == 1, ..placed }
        })
    }

    /// How many of what an instance places, as it stands behind the title of that: ` × 3 (standby)`, ` + 2 read replicas`. Where it does not
    /// say how many, and is the only one that does the work, these are as many as the element says.
    pub fn placed_words(&self, placed: &Placed<'_>) -> String {
        let said = |fact| self.fact(placed.instance.at, fact).map(|count| self.words(placed.instance.at, count));
        let element = self.element(placed.instance.element).at;
        let of_element = || self.fact(element, &facts::element::REPLICAS).map(|count| self.words(element, count));
        let replicas = said(&REPLICAS).or_else(|| of_element().filter(|_| placed.is_alone));
        let mut words = replicas.map_or(String::new(), |count| format!(" × {}", count.replace("..", "–")));
        if placed.is_standby {
            words.push_str(" (standby)");
        }
        if let Some(copies) = said(&READ_REPLICAS) {
            let copies = format!("{copies} read replica{}", if copies == "1" { "" } else { "s" });
            // Where only these run, the thing itself is elsewhere.
            words.push_str(&match placed.replicas {
                Some(_) => format!(" + {copies}"),
                None => format!(" ({copies})"),
            });
        }
        words
    }

    /// The region around a place: the outermost, as those inside it are its availability zones.
    pub fn region_around(&self, deployment: DeploymentId, node: DeployNodeId) -> Option<DeployNodeId> {
        let kind = |place: DeployNodeId| PlaceKind::of(self.item(self.place_item(deployment, place)).kind.name);
        self.places_around(deployment, node).filter(|place| kind(*place) == Some(PlaceKind::Region)).last()
    }

    /// The place that a fact names: the deployment, and the region or host in it.
    pub fn referred_place(&self, at: ItemRef, value: &FactValue) -> Option<(DeploymentId, DeployNodeId)> {
        self.referred(at, value).and_then(Entity::place).map(|place| self.place(place))
    }

    /// The region or host with this path, of which the beginning may be left out if that leaves one of the simulated deployment
    /// that has any.
    pub fn place_named(&self, name: &str) -> Option<PlaceId> {
        self.resolver().place(name)
    }

    /// The dotted path of a region or host, from its deployment on: `production.eu.web`.
    pub fn place_path(&self, deployment: DeploymentId, node: DeployNodeId) -> String {
        self.resolver().place_path(deployment, node)
    }
}

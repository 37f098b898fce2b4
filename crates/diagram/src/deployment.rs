//! What runs where, and which of the copies uses which.

use super::build::{GraphBuilder, element_part};
use super::picks::Picks;
use super::{Graph, PartKind};
use groma_model::{
    Access, Connection, DeployNodeId, DeploymentId, ElementId, End, Instance, ItemRef, Placed, Ways, facts,
};
use rustc_hash::FxHashSet;

impl<'a> GraphBuilder<'a> {
    /// A deployment: its places, what runs there and what that uses.
    pub(super) fn deployment(mut self, index: DeploymentId, picks: &Picks) -> Graph {
        let places = self.places(index, picks);
        let running = self.running(index, &places, picks);
        self.connections(index, &places, &running);
        self.uses(index, &places, &running, picks);
        self.graph
    }

    /// Adds the connections as they are said.
    fn connections(&mut self, index: DeploymentId, places: &[Option<usize>], running: &[Running<'_>]) {
        let arch = self.arch;
        for connection in &arch.deployments[index].connections {
            let parts = |end: End| -> Vec<usize> {
                match end {
                    End::Place(place) => places[place.index()].into_iter().collect(),
                    End::Element(element) => {
                        running.iter().filter(|one| one.element() == element).map(|one| one.part).collect()
                    }
                }
            };
            let label = arch.label(connection.at).unwrap_or_default();
            let protocol = arch.text(connection.at, &facts::relation::PROTOCOL);
            let technology = protocol.or_else(|| arch.text(connection.at, &facts::TECHNOLOGY)).unwrap_or_default();
            for from in parts(connection.from) {
                // What is connected with its own part is told by a rule, and no exporter draws it.
                let apart = |to: &usize| from != *to && !self.is_around(from, *to) && !self.is_around(*to, from);
                for to in parts(connection.to).into_iter().filter(apart).collect::<Vec<usize>>() {
                    self.connect(from, to, label.to_owned(), technology.to_owned(), false);
                }
            }
        }
    }

    /// Adds the places that are shown; the box of each.
    fn places(&mut self, index: DeploymentId, picks: &Picks) -> Vec<Option<usize>> {
        let arch = self.arch;
        let shown = self.shown_places(index, picks);
        let mut places = Vec::new();
        for (at, node) in arch.deployments[index].nodes.iter().enumerate() {
            if !shown[at] {
                places.push(None);
                continue;
            }
            let parent = node.parent.and_then(|parent| places[parent.index()]);
            let kind = arch.item(node.at).kind.name;
            let mut part = self.plain(format!("place:{at}"), PartKind::Place, kind, node.at, parent);
            if let Some(cores) = arch.text(node.at, &facts::host::CPU) {
                let cores = format!("{cores} cores");
                part.technology =
                    if part.technology.is_empty() { cores } else { format!("{}, {cores}", part.technology) };
            }
            if let Some(count) = arch.fact(node.at, &facts::host::MACHINES) {
                part.title = format!("{} × {}", part.title, arch.words(node.at, count).replace("..", "–"));
            }
            places.push(Some(self.push(part, None)));
        }
        places
    }

    /// Whether each place is shown. One where all that runs there is left out goes with it, unless a connection names it; where a view
    /// says what it is limited to, one goes where nothing of that runs.
    fn shown_places(&self, index: DeploymentId, picks: &Picks) -> Vec<bool> {
        let (arch, deployment) = (self.arch, &self.arch.deployments[index]);
        let around = |place: DeployNodeId| arch.places_around(index, place);
        let is_of_all = picks.include.elements.is_empty();
        let places: Vec<bool> = deployment.nodes.ids().map(|place| self.is_there(index, Some(place), picks)).collect();
        let mut shown: Vec<bool> = places.iter().map(|is_there| is_of_all && *is_there).collect();
        for place in deployment.instances.iter().filter_map(|instance| instance.node).flat_map(around) {
            shown[place.index()] = false;
        }
        let mut holding: Vec<DeployNodeId> =
            self.instances(index, picks).filter_map(|(_, instance)| instance.node).collect();
        if is_of_all {
            let ends = deployment.connections.iter().flat_map(|connection| [connection.from, connection.to]);
            holding.extend(ends.filter_map(|end| match end {
                End::Place(place) => Some(place).filter(|place| places[place.index()]),
                End::Element(_) => None,
            }));
        }
        if !picks.include.others.is_empty() {
            // What a place is in is drawn around it.
            holding.extend(deployment.nodes.ids().filter(|place| shown[place.index()]));
        }
        holding.into_iter().flat_map(around).for_each(|place| shown[place.index()] = true);
        shown
    }

    /// Whether something at a place is shown, for all that the view says of places.
    fn is_there(&self, index: DeploymentId, place: Option<DeployNodeId>, picks: &Picks) -> bool {
        let (arch, nodes) = (self.arch, &self.arch.deployments[index].nodes);
        let around = place.into_iter().flat_map(|place| arch.places_around(index, place));
        let around: Vec<ItemRef> = around.map(|place| nodes[place].at).collect();
        let is_in = |places: &[ItemRef]| around.iter().any(|place| places.contains(place));
        (picks.include.others.is_empty() || is_in(&picks.include.others)) && !is_in(&picks.exclude.others)
    }

    /// The instances that are shown, with their numbers.
    fn instances<'b>(
        &'b self,
        index: DeploymentId,
        picks: &'b Picks,
    ) -> impl Iterator<Item = (usize, &'b Instance)> + 'b {
        let all = self.arch.deployments[index].instances.iter().enumerate();
        all.filter(move |(_, one)| picks.element(one.element) && self.is_there(index, one.node, picks))
    }

    /// Adds what runs at the places.
    fn running(&mut self, index: DeploymentId, places: &[Option<usize>], picks: &Picks) -> Vec<Running<'a>> {
        let arch = self.arch;
        let mut running = Vec::new();
        let shown: Vec<usize> = self.instances(index, picks).map(|(at, _)| at).collect();
        let all: Vec<Placed<'_>> = arch.placed(&arch.deployments[index]).collect();
        for (at, placed) in shown.into_iter().map(|at| (at, all[at])) {
            let instance = placed.instance;
            let parent = instance.node.and_then(|node| places[node.index()]);
            let mut part = element_part(arch, instance.element, parent);
            part.id = format!("instance:{at}");
            part.title.push_str(&arch.placed_words(&placed));
            part.description = arch.text(instance.at, &facts::DESCRIPTION).unwrap_or(&part.description).to_owned();
            let around = instance.node.map(|node| arch.places_around(index, node).collect()).unwrap_or_default();
            let region = instance.node.and_then(|node| arch.region_around(index, node));
            let part = self.push(part, None);
            running.push(Running { placed, part, around, region });
        }
        running
    }

    /// Between which ends connections lead that are drawn, those by way of places where nothing runs as well.
    fn told(&self, index: DeploymentId, places: &[Option<usize>]) -> FxHashSet<(End, End)> {
        let deployment = &self.arch.deployments[index];
        let ways = Ways::of(deployment);
        let is_drawn = |end: End| match end {
            End::Place(place) => places[place.index()].is_some(),
            End::Element(_) => true,
        };
        let ends = |one: &Connection| {
            let from = one.from;
            ways.behind(one.to, is_drawn).into_iter().map(move |to| (from, to)).collect::<Vec<_>>()
        };
        deployment.connections.iter().flat_map(ends).collect()
    }

    /// Adds the relationships between what runs, but for those of which a connection tells already.
    fn uses(&mut self, index: DeploymentId, places: &[Option<usize>], running: &[Running<'_>], picks: &Picks) {
        let arch = self.arch;
        let said = self.told(index, places);
        let is_told = |from: &Running<'_>, to: &Running<'_>| {
            !said.is_empty() && from.ends().any(|from| to.ends().any(|to| said.contains(&(from, to))))
        };
        let accesses = arch.accesses();
        for id in arch.relation_ids().filter(|id| picks.relation(*id)) {
            let relation = arch.relation(id);
            let runs = |end: ElementId| running.iter().filter(move |one| arch.is_within(end, one.element()));
            // What only waits uses nobody.
            for from in runs(relation.from).filter(|from| !from.placed.is_standby) {
                let to: Vec<&Running<'_>> = if relation.from == relation.to {
                    fellows(from, running, relation.from)
                } else {
                    let others: Vec<&Running<'_>> =
                        runs(relation.to).filter(|to| to.element() != from.element()).collect();
                    answering(from, &others, accesses.get(&id).copied())
                };
                for to in to.into_iter().filter(|to| !is_told(from, to)) {
                    let label = arch.label(relation.at).unwrap_or_default().to_owned();
                    self.connect(from.part, to.part, label, self.protocol(id), arch.is_async(id));
                }
            }
        }
    }
}

/// Something that runs somewhere.
struct Running<'a> {
    placed: Placed<'a>,
    part: usize,
    /// The places around it, from the inside out.
    around: Vec<DeployNodeId>,
    /// The region that it is in.
    region: Option<DeployNodeId>,
}

impl Running<'_> {
    /// What runs.
    fn element(&self) -> ElementId {
        self.placed.instance.element
    }

    /// What a connection that leads to it or from it may name.
    fn ends(&self) -> impl Iterator<Item = End> {
        self.around.iter().copied().map(End::Place).chain([End::Element(self.element())])
    }
}

/// What an element that uses itself reaches from one place: itself at all other places, or there if that is the only
/// one. What runs as part of a whole uses itself inside of that.
fn fellows<'r, 'a>(from: &'r Running<'a>, running: &'r [Running<'a>], element: ElementId) -> Vec<&'r Running<'a>> {
    let others: Vec<&Running<'_>> =
        running.iter().filter(|one| one.element() == from.element() && one.part != from.part).collect();
    if others.is_empty() && from.element() == element { vec![from] } else { others }
}

/// Those that something uses of the same thing at several places: all that answer it in its region, wherever in that, as the replicas of a
/// region share their work, or else all that answer. What no flow calls may write.
fn answering<'r, 'a>(from: &Running<'_>, all: &[&'r Running<'a>], access: Option<Access>) -> Vec<&'r Running<'a>> {
    let answering_to = |read: bool| {
        let is_near = all.iter().any(|to| to.placed.answers(read) && to.region == from.region);
        move |to: &Running<'_>| to.placed.answers(read) && (!is_near || to.region == from.region)
    };
    let is_read = access.is_some_and(|access| access.reads) && all.iter().any(|to| to.placed.answers(true));
    let is_written = !is_read || access.is_none_or(|access| access.writes);
    let (works, reads) = (answering_to(false), answering_to(true));
    all.iter().copied().filter(|to| is_written && works(to) || is_read && reads(to)).collect()
}

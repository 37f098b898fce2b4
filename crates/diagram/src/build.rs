//! What pictures of every sort are built with: boxes, the frames around them, and the arrows between them.

use super::{About, Connection, Graph, Part, PartKind};
use groma_model::facts::Status;
use groma_model::{Architecture, Container, ElementId, GroupId, ItemRef, Level, RelationId, facts};
use rustc_hash::FxHashMap;

/// A picture of boxes and arrows in the making.
pub(super) struct GraphBuilder<'a> {
    pub(super) arch: &'a Architecture,
    pub(super) graph: Graph,
    /// The box of an element.
    pub(super) part_of: FxHashMap<ElementId, usize>,
    /// The frame around what is part of an element or in a group.
    frame_of: FxHashMap<FrameKey, usize>,
    /// The arrow between two parts.
    between: FxHashMap<(usize, usize), usize>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum FrameKey {
    Element(ElementId),
    Group(GroupId),
}

impl<'a> GraphBuilder<'a> {
    /// A builder that has shown nothing yet.
    pub(super) fn new(arch: &'a Architecture, about: About) -> GraphBuilder<'a> {
        let graph = Graph { about, parts: Vec::new(), connections: Vec::new() };
        let (part_of, frame_of, between) = Default::default();
        GraphBuilder { arch, graph, part_of, frame_of, between }
    }

    /// Adds what is shown; what has shown parts becomes a frame around them.
    pub(super) fn show(&mut self, shown: &[bool]) {
        let arch = self.arch;
        let mut has_parts = vec![false; arch.elements.len()];
        for id in arch.element_ids().filter(|id| shown[id.index()]) {
            arch.ancestors(id).skip(1).for_each(|at| has_parts[at.index()] = true);
        }
        for id in arch.element_ids().filter(|id| shown[id.index()] && !has_parts[id.index()]) {
            self.element(id);
        }
    }

    fn element(&mut self, id: ElementId) -> usize {
        if let Some(part) = self.part_of.get(&id) {
            return *part;
        }
        let element = self.arch.element(id);
        let parent = self.frame_around(element.group, element.parent);
        let part = element_part(self.arch, id, parent);
        self.push(part, Some(id))
    }

    /// Adds a box, which stands for an element or for nothing of that sort.
    pub(super) fn push(&mut self, part: Part, element: Option<ElementId>) -> usize {
        let at = self.graph.parts.len();
        self.graph.parts.push(part);
        if let Some(element) = element {
            self.part_of.insert(element, at);
        }
        at
    }

    /// The frame of the innermost group around something, or else of what it is part of.
    fn frame_around(&mut self, group: Option<GroupId>, parent: Option<ElementId>) -> Option<usize> {
        if let Some(group) = group {
            return Some(self.group_frame(group));
        }
        let parent = parent?;
        if let Some(frame) = self.frame_of.get(&FrameKey::Element(parent)) {
            return Some(*frame);
        }
        let element = self.arch.element(parent);
        let around = self.frame_around(element.group, element.parent);
        let mut part = element_part(self.arch, parent, around);
        part.kind = PartKind::Boundary;
        let at = self.push(part, None);
        self.frame_of.insert(FrameKey::Element(parent), at);
        Some(at)
    }

    fn group_frame(&mut self, id: GroupId) -> usize {
        if let Some(frame) = self.frame_of.get(&FrameKey::Group(id)) {
            return *frame;
        }
        let group = &self.arch.groups[id];
        let parent = self.frame_around(group.parent, group.element);
        let (kind, word) = if group.is_zone { (PartKind::Zone, "trust zone") } else { (PartKind::Group, "group") };
        let part = self.plain(format!("group:{}", group.path), kind, word, group.at, parent);
        let at = self.push(part, None);
        self.frame_of.insert(FrameKey::Group(id), at);
        at
    }

    /// A box for what is no element.
    pub(super) fn plain(
        &self,
        id: String,
        kind: PartKind,
        kind_name: &str,
        at: ItemRef,
        parent: Option<usize>,
    ) -> Part {
        Part {
            id,
            kind,
            kind_name: kind_name.to_owned(),
            title: self.arch.title(at).to_owned(),
            technology: self.arch.text(at, &facts::TECHNOLOGY).unwrap_or_default().to_owned(),
            description: self.arch.text(at, &facts::DESCRIPTION).unwrap_or_default().to_owned(),
            parent,
            external: false,
            planned: false,
            element: None,
            level: None,
        }
    }

    /// The elements that are frames around their parts.
    pub(super) fn framed(&self) -> impl Iterator<Item = ElementId> + '_ {
        self.frame_of.keys().filter_map(|key| match key {
            FrameKey::Element(id) => Some(*id),
            FrameKey::Group(_) => None,
        })
    }

    /// The part that stands for an element: its own, that of what it is part of, or the frame around its parts.
    fn stands_for(&self, id: ElementId) -> Option<usize> {
        let frame = || self.frame_of.get(&FrameKey::Element(id));
        self.arch.ancestors(id).find_map(|at| self.part_of.get(&at)).or_else(frame).copied()
    }

    /// The parts between which an arrow stands for what goes on between two elements; `None` where one of them is not
    /// shown, or where it goes on inside a part. An element with itself is an arrow only at its own part.
    pub(super) fn ends(&self, from: ElementId, to: ElementId) -> Option<(usize, usize)> {
        let (start, end) = (self.stands_for(from)?, self.stands_for(to)?);
        let is_loop = from == to && self.graph.parts[start].element == Some(from);
        let is_inside = start == end || self.is_around(start, end) || self.is_around(end, start);
        (is_loop || !is_inside).then_some((start, end))
    }

    /// Adds an arrow, or joins it to the one between the same two parts. What an arrow says besides labels is true of all that it joins.
    pub(super) fn connect(&mut self, from: usize, to: usize, label: String, technology: String, asynchronous: bool) {
        let next = self.graph.connections.len();
        let at = *self.between.entry((from, to)).or_insert(next);
        if at == next {
            self.graph.connections.push(Connection { from, to, labels: Vec::new(), technology, asynchronous });
        } else {
            let known = &mut self.graph.connections[at];
            known.technology = in_both(&known.technology, &technology);
            known.asynchronous &= asynchronous;
        }
        let labels = &mut self.graph.connections[at].labels;
        if !label.is_empty() && !labels.contains(&label) {
            labels.push(label);
        }
    }

    /// Whether one part is a frame around another.
    pub(super) fn is_around(&self, frame: usize, part: usize) -> bool {
        std::iter::successors(self.graph.parts[part].parent, |at| self.graph.parts[*at].parent).any(|at| at == frame)
    }

    /// What an arrow says about the protocol or technology of a relationship.
    pub(super) fn protocol(&self, id: RelationId) -> String {
        let at = self.arch.relation(id).at;
        let named = self.arch.text(at, &facts::relation::PROTOCOL).or_else(|| self.arch.text(at, &facts::TECHNOLOGY));
        named.unwrap_or_default().to_owned()
    }
}

/// Those of the technologies in one list that are in another too.
fn in_both(list: &str, other: &str) -> String {
    let each = |list| str::split(list, ',').map(str::trim);
    each(list).filter(|one| each(other).any(|other| other == *one)).collect::<Vec<_>>().join(", ")
}

/// The shape that a kind of container is drawn in.
fn shape_of_container(kind: Container) -> PartKind {
    match kind {
        Container::Web => PartKind::Web,
        Container::Mobile | Container::Desktop => PartKind::App,
        Container::Service | Container::Worker | Container::Function => PartKind::Service,
        Container::Gateway | Container::Cdn => PartKind::Gateway,
        Container::Database => PartKind::Database,
        Container::Cache => PartKind::Cache,
        Container::Queue => PartKind::Queue,
        Container::Bucket => PartKind::Bucket,
    }
}

/// Some elements and all that is part of them, at any depth.
pub(super) fn with_parts(arch: &Architecture, of: impl IntoIterator<Item = ElementId>) -> Vec<ElementId> {
    let mut found: Vec<ElementId> = of.into_iter().collect();
    let mut at = 0;
    while let Some(whole) = found.get(at).copied() {
        found.extend(arch.children(whole));
        at += 1;
    }
    found
}

/// A box for an element.
pub(super) fn element_part(arch: &Architecture, id: ElementId, parent: Option<usize>) -> Part {
    let element = arch.element(id);
    let kind = match element.level {
        Level::Person => PartKind::Person,
        Level::System => PartKind::System,
        Level::Component => PartKind::Component,
        Level::Container => element.container().map_or(PartKind::Service, shape_of_container),
    };
    let described = arch.text(element.at, &facts::DESCRIPTION).map(str::to_owned);
    let duties = || {
        arch.values_of(element.at, &facts::element::RESPONSIBILITY)
            .map(|duty| arch.words(element.at, duty))
            .collect::<Vec<_>>()
            .join("; ")
    };
    Part {
        id: element.path.to_string(),
        kind,
        kind_name: element.kind_name.to_string(),
        title: arch.element_title(id).to_owned(),
        technology: arch.text(element.at, &facts::TECHNOLOGY).unwrap_or_default().to_owned(),
        description: described.unwrap_or_else(duties),
        parent,
        external: element.external,
        planned: arch.choice(element.at) == Some(Status::Planned),
        element: Some(id),
        level: Some(element.level),
    }
}

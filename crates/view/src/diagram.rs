//! What a picture shows, before anything is placed. The text formats (Mermaid, PlantUML, DOT) read this too.

use crate::spec::{Show, Spec};
use groma_layout::Direction;
use groma_model::kinds::class;
use groma_model::{
    Architecture, DeployNodeId, DeploymentId, ElementId, FlowId, GroupId, ItemRef, Level, PipelineId, RelationId, Step,
    StepKind, facts, kinds,
};
use rustc_hash::FxHashMap;

/// What a part of a picture is, which decides its shape and colour.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, PartialOrd, Ord)]
pub enum PartKind {
    /// A person.
    Person,
    /// A software system.
    System,
    /// A container that runs something.
    Service,
    /// A web application.
    Web,
    /// A mobile or desktop app.
    App,
    /// A gateway or content delivery network.
    Gateway,
    /// A database.
    Database,
    /// A cache.
    Cache,
    /// A queue.
    Queue,
    /// Object storage.
    Bucket,
    /// A component.
    Component,
    /// A requirement or quality.
    Requirement,
    /// A flow.
    Flow,
    /// A step of a pipeline.
    Stage,
    /// A decision of a pipeline.
    Decision,
    /// An end of a pipeline.
    End,
    /// A box around a system's or container's parts.
    Boundary,
    /// A box around a group.
    Group,
    /// A box around a trust zone.
    Zone,
    /// A region or host.
    Place,
}

impl PartKind {
    /// Whether it is a box around others.
    pub fn is_frame(self) -> bool {
        matches!(self, PartKind::Boundary | PartKind::Group | PartKind::Zone | PartKind::Place)
    }
}

/// A box of a picture.
#[derive(Clone, Debug)]
pub struct Part {
    /// A name that is unique in the picture.
    pub id: String,
    /// What it is.
    pub kind: PartKind,
    /// The name of its kind as a reader knows it, such as `service`.
    pub kind_name: String,
    /// Its title.
    pub title: String,
    /// What it is built with.
    pub technology: String,
    /// What it is for.
    pub description: String,
    /// The box around it, as an index of an earlier part.
    pub parent: Option<usize>,
    /// Whether others build and run it.
    pub external: bool,
    /// Whether it is not there yet.
    pub planned: bool,
    /// The element it stands for.
    pub element: Option<ElementId>,
}

/// An arrow of a picture.
#[derive(Clone, Debug)]
pub struct Connection {
    /// From which part.
    pub from: usize,
    /// To which part.
    pub to: usize,
    /// What is written on it, one text a relationship.
    pub labels: Vec<String>,
    /// The protocol or technology.
    pub technology: String,
    /// Whether the caller does not wait.
    pub asynchronous: bool,
}

/// A message of a sequence diagram.
#[derive(Clone, Debug)]
pub struct Message {
    /// From which part.
    pub from: usize,
    /// To which part.
    pub to: usize,
    /// What is written on it.
    pub label: String,
    /// Whether it is an answer.
    pub is_reply: bool,
    /// Whether the caller does not wait.
    pub asynchronous: bool,
}

/// A frame around messages of a sequence diagram.
#[derive(Clone, Debug)]
pub struct Frame {
    /// `opt`, `loop` or `par`.
    pub word: &'static str,
    /// When, or how often.
    pub label: String,
}

/// The course of a sequence diagram.
#[derive(Clone, Debug)]
pub enum SequenceItem {
    /// A message.
    Message(Message),
    /// The callee begins to work.
    Activate(usize),
    /// The callee is done.
    Deactivate(usize),
    /// A frame begins.
    Open(Frame),
    /// The next branch of the innermost frame begins.
    Divide,
    /// The innermost frame ends.
    Close,
}

/// What a picture shows.
#[derive(Clone, Debug)]
pub struct Diagram {
    /// The view's name.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What it says about itself.
    pub description: String,
    /// The word of its sort.
    pub show: &'static str,
    /// Which way arrows run.
    pub direction: Direction,
    /// Whether only names are written.
    pub names_only: bool,
    /// Its boxes, frames before what is in them.
    pub parts: Vec<Part>,
    /// Its arrows.
    pub connections: Vec<Connection>,
    /// Its course, for a sequence diagram.
    pub sequence: Vec<SequenceItem>,
}

impl Diagram {
    /// What a view shows.
    ///
    /// # Errors
    /// If its queries select nothing or cannot be understood.
    pub fn new(arch: &Architecture, spec: &Spec) -> Result<Diagram, String> {
        let mut builder = Builder {
            arch,
            diagram: Diagram::empty(spec),
            part_of: FxHashMap::default(),
            frame_of: FxHashMap::default(),
            between: FxHashMap::default(),
        };
        match spec.show {
            Show::Deployment(index) => builder.deployment(index),
            Show::Pipeline(index) => builder.pipeline(index),
            Show::Traceability => builder.traceability(),
            Show::Dynamic(flow) => builder.dynamic(flow),
            Show::Sequence(flow) => builder.sequence(flow),
            _ => builder.structure(spec)?,
        }
        if builder.diagram.parts.is_empty() {
            return Err("the view shows nothing".into());
        }
        Ok(builder.diagram)
    }

    /// What a view says of itself, before anything is shown.
    pub(crate) fn empty(spec: &Spec) -> Diagram {
        Diagram {
            id: spec.id.clone(),
            title: spec.title.clone(),
            description: spec.description.clone(),
            show: spec.show.word(),
            direction: spec.direction,
            names_only: spec.names_only,
            parts: Vec::new(),
            connections: Vec::new(),
            sequence: Vec::new(),
        }
    }
}

struct Builder<'a> {
    arch: &'a Architecture,
    diagram: Diagram,
    part_of: FxHashMap<ElementId, usize>,
    frame_of: FxHashMap<FrameKey, usize>,
    /// The arrow between two parts.
    between: FxHashMap<(usize, usize), usize>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum FrameKey {
    Element(ElementId),
    Group(GroupId),
}

impl<'a> Builder<'a> {
    fn structure(&mut self, spec: &Spec) -> Result<(), String> {
        let arch = self.arch;
        let mut shown =
            if spec.include.is_empty() { self.default_elements(spec.show) } else { vec![false; arch.elements.len()] };
        for (queries, value) in [(&spec.include, true), (&spec.exclude, false)] {
            for query in queries {
                for id in query.select(arch).map_err(|error| error.message)? {
                    shown[id.index()] = value;
                }
            }
        }
        self.show(&shown);
        self.relations();
        Ok(())
    }

    fn default_elements(&self, show: Show) -> Vec<bool> {
        let arch = self.arch;
        let mut shown = vec![false; arch.elements.len()];
        let (subject, inside) = match show {
            Show::Context(of) => (of, vec![of]),
            Show::Containers(of) | Show::Components(of) => {
                let parts: Vec<ElementId> = arch.children(of).collect();
                (of, if parts.is_empty() { vec![of] } else { parts })
            }
            _ => {
                for id in arch.element_ids() {
                    shown[id.index()] = matches!(arch.element(id).level, Level::Person | Level::System);
                }
                return shown;
            }
        };
        inside.iter().for_each(|id| shown[id.index()] = true);
        let home = arch.at_level(subject, Level::System);
        for relation in &arch.relations {
            let (from_inside, to_inside) =
                (arch.is_within(relation.from, subject), arch.is_within(relation.to, subject));
            if from_inside == to_inside {
                continue;
            }
            let other = if from_inside { relation.to } else { relation.from };
            // Neighbours in the same system show as containers, others as people and systems.
            let near = home.is_some() && arch.at_level(other, Level::System) == home;
            let lifted =
                if near && !matches!(show, Show::Context(_)) { arch.at_level(other, Level::Container) } else { None };
            let lifted = lifted.or_else(|| arch.at_level(other, Level::System)).unwrap_or(other);
            if !arch.is_within(subject, lifted) {
                shown[lifted.index()] = true;
            }
        }
        shown
    }

    /// Adds what is shown; what has shown parts becomes a frame around them.
    fn show(&mut self, shown: &[bool]) {
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

    fn push(&mut self, part: Part, element: Option<ElementId>) -> usize {
        let at = self.diagram.parts.len();
        self.diagram.parts.push(part);
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

    fn plain(&self, id: String, kind: PartKind, kind_name: &str, at: ItemRef, parent: Option<usize>) -> Part {
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
        }
    }

    /// The part that stands for an element: its own, that of what it is part of, or the frame around its parts.
    fn stands_for(&self, id: ElementId) -> Option<usize> {
        let frame = || self.frame_of.get(&FrameKey::Element(id));
        self.arch.ancestors(id).find_map(|at| self.part_of.get(&at)).or_else(frame).copied()
    }

    /// Relationships between what is shown.
    fn relations(&mut self) {
        for id in self.arch.relation_ids() {
            let relation = self.arch.relation(id);
            if let Some((from, to)) = self.ends(relation.from, relation.to) {
                let label = self.arch.label(relation.at).unwrap_or_default().to_owned();
                self.connect(from, to, label, self.protocol(id), self.arch.is_async(id));
            }
        }
    }

    /// The parts between which an arrow stands for what goes on between two elements; `None` where one of them is not
    /// shown, or where it goes on inside a part. An element with itself is an arrow only at its own part.
    fn ends(&self, from: ElementId, to: ElementId) -> Option<(usize, usize)> {
        let (start, end) = (self.stands_for(from)?, self.stands_for(to)?);
        let is_loop = from == to && self.diagram.parts[start].element == Some(from);
        let is_inside = start == end || self.is_around(start, end) || self.is_around(end, start);
        (is_loop || !is_inside).then_some((start, end))
    }

    /// Adds an arrow, or joins it to the one between the same two parts.
    fn connect(&mut self, from: usize, to: usize, label: String, technology: String, asynchronous: bool) {
        let next = self.diagram.connections.len();
        let at = *self.between.entry((from, to)).or_insert(next);
        if at == next {
            let (labels, technology) = (Vec::new(), String::new());
            self.diagram.connections.push(Connection { from, to, labels, technology, asynchronous });
        }
        let known = &mut self.diagram.connections[at];
        if !label.is_empty() && !known.labels.contains(&label) {
            known.labels.push(label);
        }
        if known.technology.is_empty() {
            known.technology = technology;
        } else if !technology.is_empty() && !known.technology.split(", ").any(|one| one == technology) {
            known.technology = format!("{}, {technology}", known.technology);
        }
        known.asynchronous &= asynchronous;
    }

    /// Whether one part is a frame around another.
    fn is_around(&self, frame: usize, part: usize) -> bool {
        std::iter::successors(self.diagram.parts[part].parent, |at| self.diagram.parts[*at].parent)
            .any(|at| at == frame)
    }

    fn protocol(&self, id: RelationId) -> String {
        let at = self.arch.relation(id).at;
        let named = self.arch.text(at, &facts::PROTOCOL).or_else(|| self.arch.text(at, &facts::TECHNOLOGY));
        named.unwrap_or_default().to_owned()
    }

    fn dynamic(&mut self, flow: FlowId) {
        let arch = self.arch;
        let steps = &arch.flows[flow].steps;
        let mut shown = vec![false; arch.elements.len()];
        for step in steps {
            if let StepKind::Call { from, to } = step.kind {
                shown[from.index()] = true;
                shown[to.index()] = true;
            }
        }
        // A whole and its part in the same flow: the part is drawn, and stands for neither.
        self.show(&shown);
        let mut number = 0;
        for step in steps {
            let StepKind::Call { from, to } = step.kind else { continue };
            number += 1;
            let Some((from, to)) = self.ends(from, to) else { continue };
            let label = format!("{number}. {}", arch.label(step.at).unwrap_or_default());
            self.connect(from, to, label, String::new(), arch.is_async_step(step));
        }
    }

    fn sequence(&mut self, flow: FlowId) {
        let arch = self.arch;
        let steps = &arch.flows[flow].steps;
        for step in steps {
            if let StepKind::Call { from, to } | StepKind::Reply { from, to } = step.kind {
                for id in [from, to] {
                    if !self.part_of.contains_key(&id) {
                        let part = element_part(arch, id, None);
                        self.push(part, Some(id));
                    }
                }
            }
        }
        // Where no person begins, whoever does is at it until all is done: so long the flow is timed.
        let first = steps.iter().find_map(|step| match step.kind {
            StepKind::Call { from, .. } => Some(from),
            _ => None,
        });
        let beginner = first.filter(|from| arch.element(*from).level != Level::Person).map(|from| self.part_of[&from]);
        if let Some(beginner) = beginner {
            self.diagram.sequence.push(SequenceItem::Activate(beginner));
            if self.diagram.description.is_empty() {
                let title = &self.diagram.parts[beginner].title;
                self.diagram.description =
                    format!("Begins at {title}, without a person, and lasts until its work is done.");
            }
        }
        self.course(flow, 0, steps.len() as u32);
        self.diagram.sequence.extend(beginner.map(SequenceItem::Deactivate));
    }

    fn course(&mut self, flow: FlowId, start: u32, end: u32) {
        let arch = self.arch;
        let steps = &arch.flows[flow].steps;
        let mut at = start;
        while at < end {
            let step = &steps[at as usize];
            let label = arch.label(step.at).unwrap_or_default().to_owned();
            match step.kind {
                StepKind::Call { from, to } => {
                    let (from, to) = (self.part_of[&from], self.part_of[&to]);
                    let asynchronous = arch.is_async_step(step);
                    self.message(from, to, timed(arch, step.at, label), false, asynchronous);
                    // An answer that is written in the block stands where it is written.
                    let is_answered = is_answered(steps, at);
                    let reply = arch.text(step.at, &kinds::REPLY_TEXT).filter(|_| !is_answered).map(str::to_owned);
                    let active = from != to;
                    if active {
                        self.diagram.sequence.push(SequenceItem::Activate(to));
                    }
                    self.course(flow, at + 1, step.subtree_end);
                    if let Some(reply) = reply {
                        self.message(to, from, reply, true, false);
                    }
                    if active {
                        self.diagram.sequence.push(SequenceItem::Deactivate(to));
                    }
                }
                StepKind::Reply { from, to } => {
                    self.message(self.part_of[&from], self.part_of[&to], label, true, false)
                }
                StepKind::Unresolved { .. } => {}
                StepKind::Chance | StepKind::Miss | StepKind::Repeat | StepKind::Parallel => {
                    let (word, value) = match step.kind {
                        StepKind::Chance => ("opt", arch.fact(step.at, &kinds::CHANCE_OF)),
                        StepKind::Miss => ("opt", None),
                        StepKind::Repeat => ("loop", arch.fact(step.at, &kinds::TIMES)),
                        _ => ("par", None),
                    };
                    let value = value.map(|value| arch.words(step.at, value)).unwrap_or_default();
                    let first = arch.text(step.at, &kinds::JOIN) == Some("first");
                    let join = if first { "the first answer counts" } else { "" };
                    let said = [value, label.as_str(), join].into_iter().filter(|text| !text.is_empty());
                    let label = said.collect::<Vec<_>>().join(" ");
                    self.diagram.sequence.push(SequenceItem::Open(Frame { word, label }));
                    if step.kind == StepKind::Parallel {
                        self.branches(flow, at + 1, step.subtree_end);
                    } else {
                        self.course(flow, at + 1, step.subtree_end);
                    }
                    self.diagram.sequence.push(SequenceItem::Close);
                }
            }
            at = step.subtree_end.max(at + 1);
        }
    }

    /// The branches of a parallel block: each step begins one, but for an answer and for a call of somebody who was called in
    /// a branch, which belong to that.
    fn branches(&mut self, flow: FlowId, start: u32, end: u32) {
        for (nth, branch) in branches(self.arch, flow, start, end).into_iter().enumerate() {
            if nth > 0 {
                self.diagram.sequence.push(SequenceItem::Divide);
            }
            for (from, to) in branch.steps {
                self.course(flow, from, to);
            }
        }
    }

    fn message(&mut self, from: usize, to: usize, label: String, is_reply: bool, asynchronous: bool) {
        self.diagram.sequence.push(SequenceItem::Message(Message { from, to, label, is_reply, asynchronous }));
    }

    fn deployment(&mut self, index: DeploymentId) {
        let arch = self.arch;
        let deployment = &arch.deployments[index];
        let mut places = Vec::new();
        for (at, node) in deployment.nodes.iter().enumerate() {
            let parent = node.parent.map(|parent| places[parent.index()]);
            let kind = arch.item(node.at).kind.name;
            let mut part = self.plain(format!("place:{at}"), PartKind::Place, kind, node.at, parent);
            if let Some(cores) = arch.text(node.at, &kinds::HOST_CPU) {
                let cores = format!("{cores} cores");
                part.technology =
                    if part.technology.is_empty() { cores } else { format!("{}, {cores}", part.technology) };
            }
            if let Some(count) = arch.fact(node.at, &kinds::MACHINES) {
                part.title = format!("{} × {}", part.title, arch.words(node.at, count).replace("..", "–"));
            }
            places.push(self.push(part, None));
        }
        let mut running: Vec<Running> = Vec::new();
        for (at, instance) in deployment.instances.iter().enumerate() {
            let parent = instance.node.map(|node| places[node.index()]);
            let mut part = element_part(arch, instance.element, parent);
            part.id = format!("instance:{at}");
            if let Some(count) = arch.fact(instance.at, &kinds::REPLICA_COUNT) {
                part.title = format!("{} × {}", part.title, arch.words(instance.at, count).replace("..", "–"));
            }
            let standby = arch.is(instance.at, &kinds::STANDBY);
            if standby {
                part.title = format!("{} (standby)", part.title);
            }
            let copies = arch.fact(instance.at, &kinds::COPIES_HERE).map(|copies| arch.words(instance.at, copies));
            if let Some(copies) = copies {
                let noun = if copies == "1" { "read replica" } else { "read replicas" };
                part.title = format!("{} + {copies} {noun}", part.title);
            }
            part.description = arch.text(instance.at, &facts::DESCRIPTION).unwrap_or(&part.description).to_owned();
            let around = instance.node.map(|node| arch.places_around(index, node).collect()).unwrap_or_default();
            let part = self.push(part, None);
            let element = instance.element;
            running.push(Running { element, part, around, standby, has_copies: copies.is_some() });
        }
        for id in arch.relation_ids() {
            let relation = arch.relation(id);
            let runs = |end: ElementId| running.iter().filter(move |one| arch.is_within(end, one.element));
            // What only waits uses nobody.
            for from in runs(relation.from).filter(|from| !from.standby) {
                let to: Vec<&Running> = if relation.from == relation.to {
                    fellows(from, &running, relation.from)
                } else {
                    let others: Vec<&Running> = runs(relation.to).filter(|to| to.element != from.element).collect();
                    nearest(from, &others)
                };
                for to in to {
                    let label = arch.label(relation.at).unwrap_or_default().to_owned();
                    self.connect(from.part, to.part, label, self.protocol(id), arch.is_async(id));
                }
            }
        }
    }

    fn pipeline(&mut self, index: PipelineId) {
        let arch = self.arch;
        let pipeline = &arch.pipelines[index];
        for stage in &pipeline.stages {
            let word = arch.text(stage.at, &kinds::STAGE_SHAPE).unwrap_or("action");
            let kind = match word {
                "decision" | "approval" => PartKind::Decision,
                "end" => PartKind::End,
                _ => PartKind::Stage,
            };
            let part = self.plain(format!("step:{}", arch.name(stage.at)), kind, word, stage.at, None);
            self.push(part, None);
        }
        for transition in &pipeline.transitions {
            let labels = arch.label(transition.at).map(str::to_owned).into_iter().collect();
            let (from, to) = (transition.from as usize, transition.to as usize);
            self.diagram.connections.push(Connection {
                from,
                to,
                labels,
                technology: String::new(),
                asynchronous: false,
            });
        }
    }

    fn traceability(&mut self) {
        let arch = self.arch;
        let mut flows: FxHashMap<FlowId, usize> = FxHashMap::default();
        for record in arch.records.iter().filter(|record| record.class.is_in(&[&class::REQUIREMENT, &class::QUALITY])) {
            let word = arch.item(record.at).kind.name;
            let part =
                self.plain(format!("{word}:{}", arch.name(record.at)), PartKind::Requirement, word, record.at, None);
            let from = self.push(part, None);
            let mut targets = Vec::new();
            let (measured, measured_flows) = arch.measured_on(record.at);
            let (realized_by, realized_by_flows) = (arch.realized_by(record.at), arch.realized_by_flows(record.at));
            for element in realized_by.iter().chain(&measured) {
                let to = match self.part_of.get(element) {
                    Some(part) => *part,
                    None => self.push(element_part(arch, *element, None), Some(*element)),
                };
                targets.push((to, !realized_by.contains(element)));
            }
            for flow in realized_by_flows.iter().chain(&measured_flows) {
                let at = arch.flows[*flow].at;
                let to = match flows.get(flow) {
                    Some(part) => *part,
                    None => {
                        let part = self.plain(format!("flow:{}", arch.name(at)), PartKind::Flow, "flow", at, None);
                        self.push(part, None)
                    }
                };
                flows.insert(*flow, to);
                targets.push((to, !realized_by_flows.contains(flow)));
            }
            targets.sort_unstable();
            targets.dedup_by_key(|(to, _)| *to);
            for (to, measured) in targets {
                // A dashed line, as the legend says, for what a quality is only measured on.
                self.diagram.connections.push(Connection {
                    from,
                    to,
                    labels: Vec::new(),
                    technology: String::new(),
                    asynchronous: measured,
                });
            }
        }
    }
}

/// The label of a call with the time that it takes: `Find the user (3ms, p99 20ms)`.
fn timed(arch: &Architecture, step: ItemRef, label: String) -> String {
    let Some(time) = arch.text(step, &kinds::TIME) else { return label };
    let p99 = arch.text(step, &kinds::P99).map(|p99| format!(", p99 {p99}")).unwrap_or_default();
    format!("{label} ({time}{p99})").trim_start().to_owned()
}

fn element_part(arch: &Architecture, id: ElementId, parent: Option<usize>) -> Part {
    let element = arch.element(id);
    let kind = match (element.level, element.kind.name) {
        (Level::Person, _) => PartKind::Person,
        (Level::System, _) => PartKind::System,
        (Level::Component, _) => PartKind::Component,
        (_, "web") => PartKind::Web,
        (_, "mobile" | "desktop") => PartKind::App,
        (_, "gateway" | "cdn") => PartKind::Gateway,
        (_, "database") => PartKind::Database,
        (_, "cache") => PartKind::Cache,
        (_, "queue") => PartKind::Queue,
        (_, "bucket") => PartKind::Bucket,
        _ => PartKind::Service,
    };
    let described = arch.text(element.at, &facts::DESCRIPTION).map(str::to_owned);
    let duties = || {
        arch.all_facts(element.at, &facts::RESPONSIBILITY)
            .map(|duty| arch.words(element.at, duty))
            .collect::<Vec<_>>()
            .join("; ")
    };
    Part {
        id: element.path.to_string(),
        kind,
        kind_name: if element.external {
            format!("external {}", element.kind_name)
        } else {
            element.kind_name.to_string()
        },
        title: arch.element_title(id).to_owned(),
        technology: arch.text(element.at, &facts::TECHNOLOGY).unwrap_or_default().to_owned(),
        description: described.unwrap_or_else(duties),
        parent,
        external: element.external,
        planned: arch.text(element.at, &facts::STATUS) == Some("planned"),
        element: Some(id),
    }
}

/// Something that runs somewhere.
struct Running {
    element: ElementId,
    part: usize,
    /// The places around it, from the inside out.
    around: Vec<DeployNodeId>,
    /// Whether it only waits to take over.
    standby: bool,
    /// Whether read replicas run there too.
    has_copies: bool,
}

/// What an element that uses itself reaches from one place: itself at all other places, or there if that is the only
/// one. What runs as part of a whole uses itself inside of that.
fn fellows<'a>(from: &'a Running, running: &'a [Running], element: ElementId) -> Vec<&'a Running> {
    let others: Vec<&Running> =
        running.iter().filter(|one| one.element == from.element && one.part != from.part).collect();
    if others.is_empty() && from.element == element { vec![from] } else { others }
}

/// Those that something uses of the same thing at several places: the nearest of those at work, and the nearest that has
/// read replicas.
fn nearest<'a>(from: &Running, all: &[&'a Running]) -> Vec<&'a Running> {
    let shared = |to: &Running| to.around.iter().filter(|place| from.around.contains(place)).count();
    let nearest_of = |is_meant: fn(&Running) -> bool| {
        let most = all.iter().filter(|to| is_meant(to)).map(|to| shared(to)).max();
        move |to: &Running| is_meant(to) && Some(shared(to)) == most
    };
    let (works, reads) = (nearest_of(|to| !to.standby), nearest_of(|to| to.has_copies));
    all.iter().copied().filter(|to| works(to) || reads(to)).collect()
}

/// Whether the answer to a call is written in its block.
fn is_answered(steps: &[Step], call: u32) -> bool {
    let StepKind::Call { from: caller, to: callee } = steps[call as usize].kind else { return false };
    let end = steps[call as usize].subtree_end;
    let mut at = call + 1;
    while at < end {
        let step = &steps[at as usize];
        if step.kind == (StepKind::Reply { from: callee, to: caller }) {
            return true;
        }
        at = step.subtree_end.max(at + 1);
    }
    false
}

/// A branch of a parallel block.
#[derive(Default)]
struct Branch {
    /// Its steps, each from its number to before another.
    steps: Vec<(u32, u32)>,
    /// Who is called in it.
    called: Vec<ElementId>,
}

/// The branches of a parallel block.
fn branches(arch: &Architecture, flow: FlowId, start: u32, end: u32) -> Vec<Branch> {
    let steps = &arch.flows[flow].steps;
    let first_call = |at: u32, next: u32| {
        steps[at as usize..next as usize].iter().find_map(|step| match step.kind {
            StepKind::Call { from, to } => Some((from, to)),
            _ => None,
        })
    };
    let doer = first_call(start, end).map(|(from, _)| from);
    let mut found: Vec<Branch> = Vec::new();
    let mut at = start;
    while at < end {
        let next = steps[at as usize].subtree_end.max(at + 1);
        let call = first_call(at, next);
        let by = match steps[at as usize].kind {
            StepKind::Reply { from, .. } => Some(from),
            _ => call.map(|(from, _)| from).filter(|from| Some(*from) != doer),
        };
        let own = by.and_then(|by| found.iter_mut().rev().find(|branch| branch.called.contains(&by)));
        let callee = call.map(|(_, to)| to);
        match own {
            Some(branch) => {
                branch.steps.push((at, next));
                branch.called.extend(callee);
            }
            None => found.push(Branch { steps: vec![(at, next)], called: callee.into_iter().collect() }),
        }
        at = next;
    }
    found
}

//! Which pictures there are, and what each shows, before anything is placed: a [`Spec`] says which picture, a [`Diagram`] what it
//! shows. Rules ask it what a view leaves out; the text formats (Mermaid, PlantUML, DOT) read it as well as what draws.

mod build;
mod decisions;
mod deployment;
mod flows;
mod picks;
mod pipeline;
mod spec;
mod structure;
mod traceability;

use build::GraphBuilder;
use groma_model::query::{Picked, Query};
use groma_model::{Architecture, ElementId, Level};
use picks::Picks;

pub use groma_model::facts::view::Direction;
pub use spec::{Show, Spec, declared_and_default, find};

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
    /// A requirement, a quality or another record, such as a technology; or a relationship that a decision is about.
    Requirement,
    /// A decision about the architecture: drawn as others build and run it where it is not in force, and as planned until it is accepted.
    Record,
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
#[derive(Clone, PartialEq, Debug)]
pub struct Part {
    /// A name that is unique in the picture.
    pub id: String,
    /// What it is.
    pub kind: PartKind,
    /// The name of its kind as a reader knows it, such as `service`; empty where it is not to be written.
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
    /// The level of that.
    pub level: Option<Level>,
}

impl Part {
    /// Its kind and what it is built with, as readers of C4 diagrams know them: `[external service: Go]`.
    pub fn kind_line(&self) -> String {
        if self.kind_name.is_empty() {
            return String::new();
        }
        let external = if self.external && self.kind != PartKind::Record { "external " } else { "" };
        let technology = if self.technology.is_empty() { String::new() } else { format!(": {}", self.technology) };
        format!("[{external}{}{technology}]", self.kind_name)
    }
}

/// An arrow of a picture.
#[derive(Clone, PartialEq, Debug)]
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
#[derive(Clone, PartialEq, Debug)]
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
    /// When it is sent, for pictures without frames: the conditions around it, the outermost first. Empty if always.
    pub guard: String,
}

/// What a frame around messages of a sequence diagram says of them: an interaction operator of UML, or a title.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FrameKind {
    /// They happen only sometimes.
    Optional,
    /// One branch happens, and no other.
    Alternatives,
    /// They happen several times.
    Loop,
    /// The branches happen at the same time.
    Parallel,
    /// They happen only sometimes, and then instead of what follows.
    Break,
    /// They belong together.
    Section,
}

impl FrameKind {
    /// The operator's name in UML, and in the text formats that follow it.
    pub fn word(self) -> &'static str {
        match self {
            FrameKind::Optional => "opt",
            FrameKind::Alternatives => "alt",
            FrameKind::Loop => "loop",
            FrameKind::Parallel => "par",
            FrameKind::Break => "break",
            FrameKind::Section => "group",
        }
    }
}

/// A frame around messages of a sequence diagram.
#[derive(Clone, PartialEq, Debug)]
pub struct SequenceFrame {
    /// What it says of them.
    pub kind: FrameKind,
    /// When, or how often; of alternatives, when the first happens.
    pub label: String,
}

/// A remark in a sequence diagram.
#[derive(Clone, PartialEq, Debug)]
pub struct Note {
    /// The participants that it stands across, the leftmost and the rightmost.
    pub over: (usize, usize),
    /// What it says.
    pub text: String,
}

/// The course of a sequence diagram.
#[derive(Clone, PartialEq, Debug)]
pub enum SequenceItem {
    /// A message.
    Message(Message),
    /// The callee begins to work.
    Activate(usize),
    /// The callee is done.
    Deactivate(usize),
    /// A frame begins.
    Open(SequenceFrame),
    /// The next branch of the innermost frame begins; of alternatives, with when it happens.
    Divide(String),
    /// A remark.
    Note(Note),
    /// The innermost frame ends.
    Close,
}

/// What every picture says of itself, whatever its sort.
#[derive(Clone, PartialEq, Debug)]
pub struct About {
    /// The view's name.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What it says about itself.
    pub description: String,
    /// Its sort, and of what.
    pub show: Show,
    /// Which way arrows run.
    pub direction: Direction,
    /// Whether only names are written.
    pub names_only: bool,
}

impl About {
    /// What a picture says of itself.
    pub fn new(spec: &Spec) -> About {
        About {
            id: spec.id.clone(),
            title: spec.title.clone(),
            description: spec.description.clone(),
            show: spec.show,
            direction: spec.direction,
            names_only: spec.names_only,
        }
    }
}

/// Boxes and the arrows between them.
#[derive(Clone, PartialEq, Debug)]
pub struct Graph {
    /// What it says of itself.
    pub about: About,
    /// Its boxes, frames before what is in them.
    pub parts: Vec<Part>,
    /// Its arrows.
    pub connections: Vec<Connection>,
}

/// Participants side by side and what goes on between them, in the order of time.
#[derive(Clone, PartialEq, Debug)]
pub struct Sequence {
    /// What it says of itself.
    pub about: About,
    /// Its participants, in the order in which they take part.
    pub parts: Vec<Part>,
    /// Its course.
    pub items: Vec<SequenceItem>,
}

/// What a picture shows.
#[derive(Clone, PartialEq, Debug)]
pub enum Diagram {
    /// Any picture of boxes and arrows.
    Graph(Graph),
    /// A sequence diagram.
    Sequence(Sequence),
}

impl Diagram {
    /// What a view shows.
    ///
    /// # Errors
    /// If its queries select nothing or cannot be understood.
    pub fn new(arch: &Architecture, spec: &Spec) -> Result<Diagram, String> {
        let picked = |queries: &[Query]| -> Result<Vec<Picked>, String> {
            let each = queries.iter().map(|query| query.picked(arch, spec.show.sort().picks()));
            each.collect::<Result<_, _>>().map_err(|error| error.message)
        };
        let (include, exclude) = (picked(&spec.include)?, picked(&spec.exclude)?);
        Diagram::picking(arch, spec, &include, &exclude).ok_or_else(|| "the view shows nothing".to_owned())
    }

    /// What a view shows that is limited to what these of its queries pick, if there are any, without what others do; `None` if that
    /// is nothing.
    pub fn picking(arch: &Architecture, spec: &Spec, include: &[Picked], exclude: &[Picked]) -> Option<Diagram> {
        let about = About::new(spec);
        let builder = |about| GraphBuilder::new(arch, about);
        let picks = Picks::new(include, exclude)?;
        let diagram = match spec.show {
            Show::Sequence(flow) => Diagram::Sequence(flows::sequence(arch, about, flow)),
            Show::Dynamic(flow) => Diagram::Graph(builder(about).dynamic(flow, &picks)),
            Show::Deployment(index) => Diagram::Graph(builder(about).deployment(index, &picks)),
            Show::Pipeline(index) => Diagram::Graph(builder(about).pipeline(index)),
            Show::Decisions => Diagram::Graph(builder(about).decisions(&picks)),
            Show::Traceability => Diagram::Graph(builder(about).traceability(&picks)),
            Show::Landscape | Show::Context(_) | Show::Containers(_) | Show::Components(_) => {
                Diagram::Graph(builder(about).structure(spec.show, &picks))
            }
        };
        (!diagram.parts().is_empty()).then_some(diagram)
    }

    /// What it says of itself.
    pub fn about(&self) -> &About {
        match self {
            Diagram::Graph(graph) => &graph.about,
            Diagram::Sequence(sequence) => &sequence.about,
        }
    }

    /// The same without what is not to be written. Frames say what they are whatever the view says.
    pub fn as_written(&self) -> Diagram {
        let mut written = self.clone();
        if let Diagram::Graph(Graph { about: About { names_only: true, .. }, parts, .. }) = &mut written {
            for part in parts {
                part.description.clear();
                if !part.kind.is_frame() {
                    (part.kind_name, part.technology) = Default::default();
                }
            }
        }
        written
    }

    /// Its boxes or participants.
    pub fn parts(&self) -> &[Part] {
        match self {
            Diagram::Graph(graph) => &graph.parts,
            Diagram::Sequence(sequence) => &sequence.parts,
        }
    }
}

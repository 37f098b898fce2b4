//! [PlantUML](https://plantuml.com), as every version of it reads it: nothing is included, and no text is anything but
//! text, neither to its preprocessor nor to Creole, its markup.

use crate::{is_frame, names, numbered, parts_in, technology};
use groma_view::{Connection, Diagram, Direction, Graph, Note, Part, PartKind, Sequence, SequenceItem, Show, fill};

/// Writes a diagram in PlantUML's language.
pub fn plantuml(diagram: &Diagram) -> String {
    let about = diagram.about();
    let (title, description) = (plain(&about.title), plain(&about.description));
    let description = if description.is_empty() { description } else { format!("<size:11>{description}</size>") };
    let lines: Vec<String> = [title, description].into_iter().filter(|line| !line.is_empty()).collect();
    // Without a text, `title` would begin a block.
    let title = if lines.is_empty() { String::new() } else { format!("title {}\n", lines.join("\\n")) };
    let body = match diagram {
        Diagram::Graph(graph) => structure(graph),
        Diagram::Sequence(flow) => sequence(flow),
    };
    format!("@startuml\n{title}{body}@enduml\n")
}

/// A text whose signs mean nothing. PlantUML looks for numbers again in what it made of some: nothing visible keeps
/// these apart.
fn plain(text: &str) -> String {
    let text = numbered(text, |code| format!("<U+{code:04X}>"));
    text.replace("<U+003C>U", "<U+003C><U+200B>U").replace("<U+0026><U+0023>", "<U+0026><U+200B><U+0023>")
}

/// What follows a colon; nothing at all for no text.
fn after_colon(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!(" : {text}") }
}

fn structure(graph: &Graph) -> String {
    let across = if graph.about.direction == Direction::Right { "left to right direction\n" } else { "" };
    let mut out = format!("skinparam wrapWidth 240\nskinparam maxMessageSize 160\n{across}");
    let names = names(&graph.parts);
    parts(&graph.parts, &names, None, 0, &mut out);
    for connection in &graph.connections {
        let arrow = if connection.asynchronous { "..>" } else { "-->" };
        let (from, to) = (&names[connection.from], &names[connection.to]);
        out.push_str(&format!("{from} {arrow} {to}{}\n", after_colon(&label(connection, graph.about.show))));
    }
    out
}

fn label(connection: &Connection, show: Show) -> String {
    let mut lines: Vec<String> = connection.labels.iter().map(|label| plain(label)).collect();
    let technology = technology(connection, show);
    if !technology.is_empty() {
        lines.push(format!("<size:11>{}</size>", plain(&format!("[{technology}]"))));
    }
    lines.join("\\n")
}

fn parts(all: &[Part], names: &[String], parent: Option<usize>, depth: usize, out: &mut String) {
    let indent = "    ".repeat(depth);
    for (at, part) in parts_in(all, parent) {
        let framed = is_frame(all, at);
        let word = word(part.kind, framed);
        let opening = if framed { " {" } else { "" };
        out.push_str(&format!(
            "{indent}{word} \"{}\" as {} {}{opening}\n",
            written(part),
            names[at],
            fill(part.kind, part.external)
        ));
        if framed {
            parts(all, names, Some(at), depth + 1, out);
            out.push_str(&format!("{indent}}}\n"));
        }
    }
}

/// The word for a box, or for a frame around others.
fn word(kind: PartKind, framed: bool) -> &'static str {
    match kind {
        PartKind::Database | PartKind::Cache | PartKind::Bucket => "database",
        PartKind::Queue => "queue",
        PartKind::Place => "node",
        PartKind::Component if !framed => "component",
        PartKind::Component
        | PartKind::Person
        | PartKind::System
        | PartKind::Service
        | PartKind::Web
        | PartKind::App
        | PartKind::Gateway
        | PartKind::Requirement
        | PartKind::Record
        | PartKind::Flow
        | PartKind::Stage
        | PartKind::Decision
        | PartKind::End
        | PartKind::Boundary
        | PartKind::Group
        | PartKind::Zone => "rectangle",
    }
}

/// What stands in a box.
fn written(part: &Part) -> String {
    let mut text = format!("<b>{}</b>", plain(&part.title));
    let kind = part.kind_line();
    if !kind.is_empty() {
        text.push_str(&format!("\\n<size:11>{}</size>", plain(&kind)));
    }
    if !part.description.is_empty() {
        text.push_str(&format!("\\n\\n{}", plain(&part.description)));
    }
    text
}

/// The word for somebody who takes part in a flow.
fn participant_word(kind: PartKind) -> &'static str {
    match kind {
        PartKind::Person => "actor",
        PartKind::Database | PartKind::Cache => "database",
        PartKind::Queue => "queue",
        PartKind::System
        | PartKind::Service
        | PartKind::Web
        | PartKind::App
        | PartKind::Gateway
        | PartKind::Bucket
        | PartKind::Component
        | PartKind::Requirement
        | PartKind::Record
        | PartKind::Flow
        | PartKind::Stage
        | PartKind::Decision
        | PartKind::End
        | PartKind::Boundary
        | PartKind::Group
        | PartKind::Zone
        | PartKind::Place => "participant",
    }
}

fn sequence(sequence: &Sequence) -> String {
    let names = names(&sequence.parts);
    let mut out = "autonumber\n".to_owned();
    for (name, part) in names.iter().zip(&sequence.parts) {
        let word = participant_word(part.kind);
        out.push_str(&format!("{word} \"{}\" as {name}\n", plain(&part.title)));
    }
    for item in &sequence.items {
        let line = match item {
            SequenceItem::Message(message) => {
                let arrow = match (message.is_reply, message.asynchronous) {
                    (true, _) => "-->",
                    (false, true) => "->>",
                    (false, false) => "->",
                };
                let (from, to) = (&names[message.from], &names[message.to]);
                format!("{from} {arrow} {to}{}", after_colon(&plain(&message.label)))
            }
            SequenceItem::Activate(part) => format!("activate {}", names[*part]),
            SequenceItem::Deactivate(part) => format!("deactivate {}", names[*part]),
            SequenceItem::Open(frame) => format!("{} {}", frame.kind.word(), plain(&frame.label)),
            SequenceItem::Divide(label) => format!("else {}", plain(label)),
            SequenceItem::Note(Note { over: (first, last), text }) => {
                let across =
                    if first == last { names[*first].clone() } else { format!("{}, {}", names[*first], names[*last]) };
                format!("note over {across}{}", after_colon(&plain(text)))
            }
            SequenceItem::Close => "end".to_owned(),
        };
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

//! [Mermaid](https://mermaid.js.org): C4 diagrams for structures, sequence diagrams for flows, flowcharts for
//! the rest, and for structures that C4 diagrams cannot show.

use crate::{is_frame, names, numbered, one_line, parts_in, technology};
use groma_model::Level;
use groma_view::{About, Diagram, Direction, FrameKind, Graph, Part, PartKind, Sequence, SequenceItem, Show};

/// Writes a diagram in Mermaid's language.
pub fn mermaid(diagram: &Diagram) -> String {
    match diagram {
        Diagram::Sequence(flow) => sequence(flow),
        Diagram::Graph(graph) => match c4_kind(graph.about.show).filter(|_| fits_c4(graph)) {
            Some(kind) => c4(graph, kind),
            None => flowchart(graph),
        },
    }
}

/// Whether Mermaid's C4 diagrams can show a picture: they know no arrow that ends at a boundary, draw no loop, and run downwards only.
fn fits_c4(graph: &Graph) -> bool {
    let ends_well = |at: usize| !is_frame(&graph.parts, at);
    graph.about.direction == Direction::Down
        && graph.connections.iter().all(|one| one.from != one.to && ends_well(one.from) && ends_well(one.to))
}

/// A text whose signs mean nothing: Mermaid knows HTML's character references with `#` for `&`.
fn plain(text: &str) -> String {
    // Two dollar signs would enclose a formula, even if numbered: nothing visible stands between them.
    let number = |code| if code == u32::from('$') { "#36;#8203;".to_owned() } else { format!("#{code};") };
    let text = numbered(text, number);
    // A sequence diagram may end at this word, wherever it stands.
    if text == "end" { "#101;nd".to_owned() } else { text }
}

/// What a picture says of itself below its title: Mermaid reads it to those who cannot see, and shows it nowhere.
fn described(about: &About) -> String {
    match plain(&about.description).as_str() {
        "" => String::new(),
        description => format!("    accDescr: {description}\n"),
    }
}

/// A text inside double quotes, as Mermaid reads it.
pub fn quoted(text: &str) -> String {
    format!("\"{}\"", plain(text))
}

/// The C4 diagram that a picture is in Mermaid, if it is one there.
fn c4_kind(show: Show) -> Option<&'static str> {
    match show {
        Show::Landscape | Show::Context(_) => Some("C4Context"),
        Show::Containers(_) => Some("C4Container"),
        Show::Components(_) => Some("C4Component"),
        Show::Dynamic(_) => Some("C4Dynamic"),
        Show::Deployment(_) | Show::Sequence(_) | Show::Pipeline(_) | Show::Traceability | Show::Decisions => None,
    }
}

fn c4(graph: &Graph, kind: &str) -> String {
    let mut out = format!("{kind}\n    title {}\n{}", plain(&graph.about.title), described(&graph.about));
    let names = names(&graph.parts);
    c4_parts(&graph.parts, &names, None, 1, &mut out);
    for connection in &graph.connections {
        let label = quoted(&connection.labels.join("; "));
        let (from, to) = (&names[connection.from], &names[connection.to]);
        match technology(connection, graph.about.show).as_str() {
            "" => out.push_str(&format!("    Rel({from}, {to}, {label})\n")),
            technology => out.push_str(&format!("    Rel({from}, {to}, {label}, {})\n", quoted(technology))),
        }
    }
    out
}

fn c4_parts(parts: &[Part], names: &[String], parent: Option<usize>, depth: usize, out: &mut String) {
    let indent = "    ".repeat(depth);
    for (at, part) in parts_in(parts, parent) {
        let (name, title) = (&names[at], quoted(&part.title));
        if is_frame(parts, at) {
            let word = boundary_word(part);
            out.push_str(&format!("{indent}{word}({name}, {title}) {{\n"));
            c4_parts(parts, names, Some(at), depth + 1, out);
            out.push_str(&format!("{indent}}}\n"));
            continue;
        }
        let word = c4_word(part);
        let description = quoted(&part.description);
        let technology = if word.starts_with("Co") { format!(", {}", quoted(&part.technology)) } else { String::new() };
        out.push_str(&format!("{indent}{word}({name}, {title}{technology}, {description})\n"));
    }
}

/// A boundary around the parts of an element is of its level; any other is just one.
fn boundary_word(part: &Part) -> &'static str {
    match part.level.filter(|_| part.kind == PartKind::Boundary) {
        Some(Level::System) => "System_Boundary",
        Some(Level::Person | Level::Container | Level::Component) => "Container_Boundary",
        None => "Boundary",
    }
}

fn c4_word(part: &Part) -> String {
    let base = match part.kind {
        PartKind::Person => "Person",
        PartKind::System => "System",
        PartKind::Database | PartKind::Cache | PartKind::Bucket => "ContainerDb",
        PartKind::Queue => "ContainerQueue",
        PartKind::Component => "Component",
        PartKind::Service
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
        | PartKind::Zone
        | PartKind::Place => "Container",
    };
    if part.external { format!("{base}_Ext") } else { base.to_owned() }
}

fn sequence(sequence: &Sequence) -> String {
    let names = names(&sequence.parts);
    let title = plain(&sequence.about.title);
    let title = if title.is_empty() { title } else { format!("    title: {title}\n") };
    let mut out = format!("sequenceDiagram\n{title}{}    autonumber\n", described(&sequence.about));
    for (name, part) in names.iter().zip(&sequence.parts) {
        let word = if part.kind == PartKind::Person { "actor" } else { "participant" };
        out.push_str(&format!("    {word} {name} as {}\n", plain(&part.title)));
    }
    let mut depth = 1;
    let mut open = Vec::new();
    for item in &sequence.items {
        if matches!(item, SequenceItem::Close) {
            depth -= 1;
        }
        let out_by = usize::from(matches!(item, SequenceItem::Divide(_)));
        let indent = "    ".repeat(depth - out_by);
        let line = match item {
            SequenceItem::Message(message) => {
                let arrow = match (message.is_reply, message.asynchronous) {
                    (true, _) => "-->>",
                    (false, true) => "-)",
                    (false, false) => "->>",
                };
                format!("{}{arrow}{}: {}", names[message.from], names[message.to], plain(&message.label))
            }
            SequenceItem::Activate(part) => format!("activate {}", names[*part]),
            SequenceItem::Deactivate(part) => format!("deactivate {}", names[*part]),
            SequenceItem::Open(frame) => {
                depth += 1;
                open.push(frame.kind);
                let label = plain(&frame.label);
                match frame.kind {
                    // There are no titled frames: a coloured one with a note says the same.
                    FrameKind::Section => {
                        let across = across(&names, (0, names.len().saturating_sub(1)));
                        format!("rect rgba(128, 128, 128, 0.1)\n{indent}    Note over {across}: {label}")
                    }
                    kind => format!("{} {label}", kind.word()),
                }
            }
            SequenceItem::Divide(label) => match open.last() {
                Some(FrameKind::Alternatives) => format!("else {}", plain(label)),
                Some(
                    FrameKind::Parallel | FrameKind::Optional | FrameKind::Loop | FrameKind::Break | FrameKind::Section,
                )
                | None => "and".to_owned(),
            },
            SequenceItem::Note(note) => format!("Note over {}: {}", across(&names, note.over), plain(&note.text)),
            SequenceItem::Close => {
                open.pop();
                "end".to_owned()
            }
        };
        out.push_str(&format!("{indent}{}\n", line.trim_end()));
    }
    out
}

/// The participants that a note stands across.
fn across(names: &[String], (first, last): (usize, usize)) -> String {
    if first == last { names[first].clone() } else { format!("{},{}", names[first], names[last]) }
}

/// A title in double quotes as YAML reads it. Mermaid knows no reference to a character there, and takes some for HTML:
/// their wide forms look the same.
fn yaml(text: &str) -> String {
    let text = one_line(text).replace('<', "＜").replace('>', "＞").replace('&', "＆");
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn flowchart(graph: &Graph) -> String {
    let names = names(&graph.parts);
    let direction = if graph.about.direction == Direction::Right { "LR" } else { "TB" };
    let mut out =
        format!("---\ntitle: {}\n---\nflowchart {direction}\n{}", yaml(&graph.about.title), described(&graph.about));
    flowchart_parts(&graph.parts, &names, None, 1, &mut out);
    for connection in &graph.connections {
        let (from, to) = (&names[connection.from], &names[connection.to]);
        let arrow = if connection.asynchronous { "-.->" } else { "-->" };
        let mut lines = connection.labels.clone();
        if !connection.technology.is_empty() {
            lines.push(format!("[{}]", connection.technology));
        }
        let label = if lines.is_empty() { String::new() } else { format!("|{}|", lined(&lines)) };
        out.push_str(&format!("    {from} {arrow}{label} {to}\n"));
    }
    out
}

fn flowchart_parts(parts: &[Part], names: &[String], parent: Option<usize>, depth: usize, out: &mut String) {
    let indent = "    ".repeat(depth);
    for (at, part) in parts_in(parts, parent) {
        let name = &names[at];
        if is_frame(parts, at) {
            let title = quoted(&format!("{} {}", part.title, part.kind_line()));
            out.push_str(&format!("{indent}subgraph {name}[{title}]\n"));
            flowchart_parts(parts, names, Some(at), depth + 1, out);
            out.push_str(&format!("{indent}end\n"));
            continue;
        }
        let (open, close) = brackets(part.kind);
        let label = lined(&[part.title.clone(), part.kind_line(), part.description.clone()]);
        out.push_str(&format!("{indent}{name}{open}{label}{close}\n"));
    }
}

/// The brackets that tell the shape of a box of a flowchart.
fn brackets(kind: PartKind) -> (&'static str, &'static str) {
    match kind {
        PartKind::Database | PartKind::Cache => ("[(", ")]"),
        PartKind::Queue => ("[[", "]]"),
        PartKind::Decision => ("{", "}"),
        PartKind::End | PartKind::Person => ("([", "])"),
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
        | PartKind::Boundary
        | PartKind::Group
        | PartKind::Zone
        | PartKind::Place => ("[", "]"),
    }
}

/// Texts below each other, inside double quotes. In a block of HTML Mermaid looks for no Markdown.
fn lined(lines: &[String]) -> String {
    let lines: Vec<String> = lines.iter().map(|line| plain(line)).filter(|line| !line.is_empty()).collect();
    format!("\"<div>{}</div>\"", lines.join("<br>"))
}

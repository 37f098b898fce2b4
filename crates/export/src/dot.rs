//! [DOT](https://graphviz.org/doc/info/lang.html), Graphviz's language.

use crate::{heading, is_frame, names, one_line, parts_in};
use groma_view::{Connection, Diagram, Direction, Message, Part, PartKind, SequenceItem};

/// Writes a diagram in DOT. A sequence becomes a graph of its numbered calls.
pub fn dot(diagram: &Diagram) -> String {
    let (about, all) = (diagram.about(), diagram.parts());
    let names = names(all);
    let direction = if about.direction == Direction::Right { "LR" } else { "TB" };
    let mut out = format!(
        "digraph {} {{\n    label={}; labelloc=t; rankdir={direction}; compound=true;\n    node [shape=box, fontname=\"Helvetica\"]; edge [fontname=\"Helvetica\", fontsize=11];\n",
        quoted(&about.id),
        quoted(&heading(about).join("\n"))
    );
    parts(all, &names, None, 1, &mut out);
    match diagram {
        Diagram::Graph(graph) => {
            out.extend(graph.connections.iter().map(|connection| edge(all, &names, connection)));
        }
        Diagram::Sequence(sequence) => {
            let messages = sequence.items.iter().filter_map(|item| match item {
                SequenceItem::Message(message) => Some(message),
                _ => None,
            });
            out.extend(messages.zip(1..).map(|(message, number)| numbered_edge(&names, message, number)));
        }
    }
    out.push_str("}\n");
    out
}

fn numbered_edge(names: &[String], message: &Message, number: usize) -> String {
    let style = if message.is_reply || message.asynchronous { ", style=dashed" } else { "" };
    let guard = if message.guard.is_empty() { String::new() } else { format!(" [{}]", message.guard) };
    let label = quoted(&format!("{number}. {}{guard}", message.label));
    format!("    {} -> {} [label={label}{style}];\n", names[message.from], names[message.to])
}

fn edge(parts: &[Part], names: &[String], connection: &Connection) -> String {
    let Connection { from, to, .. } = *connection;
    let (tail, head) = (end(parts, from), end(parts, to));
    let mut lines = connection.labels.clone();
    if !connection.technology.is_empty() {
        lines.push(format!("[{}]", connection.technology));
    }
    let mut ends = String::new();
    if tail != from && from == to {
        // Graphviz draws no loop at a cluster: what is inside stands for it, and the label says so.
        lines.insert(0, format!("{0} → {0}", parts[from].title));
    } else {
        if tail != from {
            ends.push_str(&format!(", ltail=cluster_{}", names[from]));
        }
        if head != to {
            ends.push_str(&format!(", lhead=cluster_{}", names[to]));
        }
    }
    let style = if connection.asynchronous { ", style=dashed" } else { "" };
    format!("    {} -> {} [label={}{style}{ends}];\n", names[tail], names[head], quoted(&lines.join("\n")))
}

/// Where an arrow to a part ends: Graphviz knows edges between nodes only, cut off at the clusters around them.
fn end(parts: &[Part], at: usize) -> usize {
    parts_in(parts, Some(at)).next().map_or(at, |(inner, _)| end(parts, inner))
}

fn parts(all: &[Part], names: &[String], parent: Option<usize>, depth: usize, out: &mut String) {
    let indent = "    ".repeat(depth);
    for (at, part) in parts_in(all, parent) {
        if is_frame(all, at) {
            out.push_str(&format!(
                "{indent}subgraph cluster_{} {{\n{indent}    label={};\n",
                names[at],
                quoted(&part.title)
            ));
            parts(all, names, Some(at), depth + 1, out);
            out.push_str(&format!("{indent}}}\n"));
            continue;
        }
        let shape = shape(part.kind);
        let technology = if part.technology.is_empty() { String::new() } else { format!("\n[{}]", part.technology) };
        out.push_str(&format!(
            "{indent}{} [label={}{shape}];\n",
            names[at],
            quoted(&format!("{}{technology}", part.title))
        ));
    }
}

/// What tells the shape of a box, if it is not that of all.
fn shape(kind: PartKind) -> &'static str {
    match kind {
        PartKind::Database | PartKind::Cache => ", shape=cylinder",
        PartKind::Decision => ", shape=diamond",
        PartKind::Person | PartKind::End => ", style=rounded",
        PartKind::Component => ", shape=component",
        PartKind::System
        | PartKind::Service
        | PartKind::Web
        | PartKind::App
        | PartKind::Gateway
        | PartKind::Queue
        | PartKind::Bucket
        | PartKind::Requirement
        | PartKind::Record
        | PartKind::Flow
        | PartKind::Stage
        | PartKind::Boundary
        | PartKind::Group
        | PartKind::Zone
        | PartKind::Place => "",
    }
}

/// A text in double quotes, where Graphviz knows escapes and HTML's character references.
pub fn quoted(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(one_line).collect();
    let text = lines.join("\n").replace('\\', "\\\\").replace('"', "\\\"").replace('&', "&amp;");
    format!("\"{}\"", text.replace('\n', "\\n"))
}

//! [DOT](https://graphviz.org/doc/info/lang.html), Graphviz's language.

use crate::{is_frame, names, one_line, parts_in};
use groma_view::{Connection, Diagram, PartKind, SequenceItem};

/// Writes a diagram in DOT. A sequence becomes a graph of its numbered calls.
pub fn dot(diagram: &Diagram) -> String {
    let names = names(diagram);
    let direction = if diagram.direction == groma_layout::Direction::Right { "LR" } else { "TB" };
    let mut out = format!(
        "digraph {} {{\n    label={}; labelloc=t; rankdir={direction}; compound=true;\n    node [shape=box, fontname=\"Helvetica\"]; edge [fontname=\"Helvetica\", fontsize=11];\n",
        quoted(&diagram.id),
        quoted(&diagram.title)
    );
    parts(diagram, &names, None, 1, &mut out);
    for connection in &diagram.connections {
        out.push_str(&edge(diagram, &names, connection));
    }
    let mut number = 0;
    for item in &diagram.sequence {
        if let SequenceItem::Message(message) = item {
            number += 1;
            let style = if message.is_reply { ", style=dashed" } else { "" };
            let label = quoted(&format!("{number}. {}", message.label));
            out.push_str(&format!("    {} -> {} [label={label}{style}];\n", names[message.from], names[message.to]));
        }
    }
    out.push_str("}\n");
    out
}

fn edge(diagram: &Diagram, names: &[String], connection: &Connection) -> String {
    let Connection { from, to, .. } = *connection;
    let (tail, head) = (end(diagram, from), end(diagram, to));
    let mut lines = connection.labels.clone();
    if !connection.technology.is_empty() {
        lines.push(format!("[{}]", connection.technology));
    }
    let mut ends = String::new();
    if tail != from && from == to {
        // Graphviz draws no loop at a cluster: what is inside stands for it, and the label says so.
        lines.insert(0, format!("{0} → {0}", diagram.parts[from].title));
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
fn end(diagram: &Diagram, at: usize) -> usize {
    parts_in(diagram, Some(at)).next().map_or(at, |(inner, _)| end(diagram, inner))
}

fn parts(diagram: &Diagram, names: &[String], parent: Option<usize>, depth: usize, out: &mut String) {
    let indent = "    ".repeat(depth);
    for (at, part) in parts_in(diagram, parent) {
        if is_frame(diagram, at) {
            out.push_str(&format!(
                "{indent}subgraph cluster_{} {{\n{indent}    label={};\n",
                names[at],
                quoted(&part.title)
            ));
            parts(diagram, names, Some(at), depth + 1, out);
            out.push_str(&format!("{indent}}}\n"));
            continue;
        }
        let shape = match part.kind {
            PartKind::Database | PartKind::Cache => ", shape=cylinder",
            PartKind::Decision => ", shape=diamond",
            PartKind::Person | PartKind::End => ", style=rounded",
            PartKind::Component => ", shape=component",
            _ => "",
        };
        let technology = if part.technology.is_empty() { String::new() } else { format!("\n[{}]", part.technology) };
        out.push_str(&format!(
            "{indent}{} [label={}{shape}];\n",
            names[at],
            quoted(&format!("{}{technology}", part.title))
        ));
    }
}

/// A text in double quotes, where Graphviz knows escapes and HTML's character references.
fn quoted(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(one_line).collect();
    let text = lines.join("\n").replace('\\', "\\\\").replace('"', "\\\"").replace('&', "&amp;");
    format!("\"{}\"", text.replace('\n', "\\n"))
}

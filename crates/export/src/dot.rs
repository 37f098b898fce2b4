//! [DOT](https://graphviz.org/doc/info/lang.html), Graphviz's language.

use crate::{is_frame, names, parts_in};
use groma_view::{Diagram, PartKind, SequenceItem};

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
        let mut label = connection.labels.join("\n");
        if !connection.technology.is_empty() {
            label.push_str(&format!("\n[{}]", connection.technology));
        }
        let style = if connection.asynchronous { ", style=dashed" } else { "" };
        out.push_str(&format!(
            "    {} -> {} [label={}{style}];\n",
            names[connection.from],
            names[connection.to],
            quoted(label.trim())
        ));
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

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}

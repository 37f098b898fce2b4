//! [Mermaid](https://mermaid.js.org): C4 diagrams for structures, sequence diagrams for flows, flowcharts for
//! the rest.

use crate::{is_frame, names, one_line, parts_in, technology};
use groma_view::{Diagram, Part, PartKind, SequenceItem};

/// Writes a diagram in Mermaid's language.
pub fn mermaid(diagram: &Diagram) -> String {
    match diagram.show {
        "sequence" => sequence(diagram),
        "landscape" | "context" | "container" | "component" | "dynamic" => c4(diagram),
        _ => flowchart(diagram),
    }
}

/// A text inside double quotes: Mermaid knows HTML's character references with `#` for `&`.
fn quoted(text: &str) -> String {
    format!("\"{}\"", one_line(text).replace('#', "#35;").replace('"', "#quot;"))
}

fn c4(diagram: &Diagram) -> String {
    let kind = match diagram.show {
        "container" => "C4Container",
        "component" => "C4Component",
        "dynamic" => "C4Dynamic",
        _ => "C4Context",
    };
    let mut out = format!("{kind}\n    title {}\n", plain(&diagram.title));
    let names = names(diagram);
    c4_parts(diagram, &names, None, 1, &mut out);
    for connection in &diagram.connections {
        let label = quoted(&connection.labels.join("; "));
        let (from, to) = (&names[connection.from], &names[connection.to]);
        match technology(connection).as_str() {
            "" => out.push_str(&format!("    Rel({from}, {to}, {label})\n")),
            technology => out.push_str(&format!("    Rel({from}, {to}, {label}, {})\n", quoted(technology))),
        }
    }
    out
}

fn c4_parts(diagram: &Diagram, names: &[String], parent: Option<usize>, depth: usize, out: &mut String) {
    let indent = "    ".repeat(depth);
    for (at, part) in parts_in(diagram, parent) {
        let (name, title) = (&names[at], quoted(&part.title));
        if is_frame(diagram, at) {
            let word = match part.kind {
                PartKind::Boundary if part.kind_name.contains("system") => "System_Boundary",
                PartKind::Boundary => "Container_Boundary",
                _ => "Boundary",
            };
            out.push_str(&format!("{indent}{word}({name}, {title}) {{\n"));
            c4_parts(diagram, names, Some(at), depth + 1, out);
            out.push_str(&format!("{indent}}}\n"));
            continue;
        }
        let word = c4_word(part);
        let description = quoted(&part.description);
        let technology = if word.starts_with("Co") { format!(", {}", quoted(&part.technology)) } else { String::new() };
        out.push_str(&format!("{indent}{word}({name}, {title}{technology}, {description})\n"));
    }
}

pub(crate) fn c4_word(part: &Part) -> String {
    let base = match part.kind {
        PartKind::Person => "Person",
        PartKind::System => "System",
        PartKind::Database | PartKind::Cache | PartKind::Bucket => "ContainerDb",
        PartKind::Queue => "ContainerQueue",
        PartKind::Component => "Component",
        _ => "Container",
    };
    if part.external { format!("{base}_Ext") } else { base.to_owned() }
}

fn sequence(diagram: &Diagram) -> String {
    let names = names(diagram);
    let mut out = format!("---\ntitle: {}\n---\nsequenceDiagram\n    autonumber\n", yaml(&diagram.title));
    for (name, part) in names.iter().zip(&diagram.parts) {
        let word = if part.kind == PartKind::Person { "actor" } else { "participant" };
        out.push_str(&format!("    {word} {name} as {}\n", plain(&part.title)));
    }
    let mut depth = 1;
    for item in &diagram.sequence {
        if matches!(item, SequenceItem::Close) {
            depth -= 1;
        }
        let out_by = usize::from(matches!(item, SequenceItem::Divide));
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
                format!("{} {}", frame.word, plain(&frame.label))
            }
            SequenceItem::Divide => "and".to_owned(),
            SequenceItem::Close => "end".to_owned(),
        };
        out.push_str(&format!("{indent}{}\n", line.trim_end()));
    }
    out
}

/// A text in double quotes as YAML reads it.
fn yaml(text: &str) -> String {
    format!("\"{}\"", one_line(text).replace('\\', "\\\\").replace('"', "\\\""))
}

/// A text that stands bare to the end of its line.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in one_line(text).chars() {
        match character {
            '#' => out.push_str("#35;"),
            ';' => out.push_str("#59;"),
            character => out.push(character),
        }
    }
    out
}

fn flowchart(diagram: &Diagram) -> String {
    let names = names(diagram);
    let direction = if diagram.direction == groma_layout::Direction::Right { "LR" } else { "TB" };
    let mut out = format!("flowchart {direction}\n");
    flowchart_parts(diagram, &names, None, 1, &mut out);
    for connection in &diagram.connections {
        let (from, to) = (&names[connection.from], &names[connection.to]);
        let arrow = if connection.asynchronous { "-.->" } else { "-->" };
        let label = connection.labels.join("; ");
        let label = if label.is_empty() { String::new() } else { format!("|{}|", quoted(&label)) };
        out.push_str(&format!("    {from} {arrow}{label} {to}\n"));
    }
    out
}

fn flowchart_parts(diagram: &Diagram, names: &[String], parent: Option<usize>, depth: usize, out: &mut String) {
    let indent = "    ".repeat(depth);
    for (at, part) in parts_in(diagram, parent) {
        let (name, title) = (&names[at], quoted(&part.title));
        if is_frame(diagram, at) {
            out.push_str(&format!("{indent}subgraph {name}[{title}]\n"));
            flowchart_parts(diagram, names, Some(at), depth + 1, out);
            out.push_str(&format!("{indent}end\n"));
            continue;
        }
        let (open, close) = match part.kind {
            PartKind::Database | PartKind::Cache => ("[(", ")]"),
            PartKind::Queue => ("[[", "]]"),
            PartKind::Decision => ("{", "}"),
            PartKind::End | PartKind::Person => ("([", "])"),
            _ => ("[", "]"),
        };
        out.push_str(&format!("{indent}{name}{open}{title}{close}\n"));
    }
}

//! [PlantUML](https://plantuml.com) with [C4-PlantUML](https://github.com/plantuml-stdlib/C4-PlantUML) for
//! structures and plain PlantUML for sequences.

use crate::mermaid::c4_word;
use crate::{is_frame, names, one_line, parts_in, technology};
use groma_view::{Diagram, PartKind, SequenceItem};

/// Writes a diagram in PlantUML's language.
pub fn plantuml(diagram: &Diagram) -> String {
    let body = if diagram.show == "sequence" { sequence(diagram) } else { structure(diagram) };
    format!("@startuml\ntitle {}\n{body}@enduml\n", one_line(&diagram.title))
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", one_line(text).replace('"', "<U+0022>"))
}

fn structure(diagram: &Diagram) -> String {
    let library = if diagram.show == "deployment" { "C4_Deployment" } else { "C4_Component" };
    let across = if diagram.direction == groma_layout::Direction::Right { "LAYOUT_LEFT_RIGHT()\n" } else { "" };
    let mut out = format!("!include <C4/{library}>\n{across}");
    let names = names(diagram);
    parts(diagram, &names, None, 0, &mut out);
    for connection in &diagram.connections {
        let label = quoted(&connection.labels.join("; "));
        let technology = match technology(connection).as_str() {
            "" => String::new(),
            technology => format!(", {}", quoted(technology)),
        };
        out.push_str(&format!("Rel({}, {}, {label}{technology})\n", names[connection.from], names[connection.to]));
    }
    out.push_str("SHOW_LEGEND()\n");
    out
}

fn parts(diagram: &Diagram, names: &[String], parent: Option<usize>, depth: usize, out: &mut String) {
    let indent = "    ".repeat(depth);
    for (at, part) in parts_in(diagram, parent) {
        let (name, title) = (&names[at], quoted(&part.title));
        if is_frame(diagram, at) {
            let word = match part.kind {
                PartKind::Boundary if part.kind_name.contains("system") => "System_Boundary",
                PartKind::Boundary => "Container_Boundary",
                PartKind::Place => "Deployment_Node",
                _ => "Boundary",
            };
            let kind =
                if part.kind == PartKind::Place { format!(", {}", quoted(&part.kind_name)) } else { String::new() };
            out.push_str(&format!("{indent}{word}({name}, {title}{kind}) {{\n"));
            parts(diagram, names, Some(at), depth + 1, out);
            out.push_str(&format!("{indent}}}\n"));
            continue;
        }
        let word = c4_word(part);
        let technology = if word.starts_with("Co") { format!(", {}", quoted(&part.technology)) } else { String::new() };
        out.push_str(&format!("{indent}{word}({name}, {title}{technology}, {})\n", quoted(&part.description)));
    }
}

fn sequence(diagram: &Diagram) -> String {
    let names = names(diagram);
    let mut out = "autonumber\n".to_owned();
    for (name, part) in names.iter().zip(&diagram.parts) {
        let word = match part.kind {
            PartKind::Person => "actor",
            PartKind::Database | PartKind::Cache => "database",
            PartKind::Queue => "queue",
            _ => "participant",
        };
        out.push_str(&format!("{word} {} as {name}\n", quoted(&part.title)));
    }
    for item in &diagram.sequence {
        let line = match item {
            SequenceItem::Message(message) => {
                let arrow = match (message.is_reply, message.asynchronous) {
                    (true, _) => "-->",
                    (false, true) => "->>",
                    (false, false) => "->",
                };
                format!("{} {arrow} {} : {}", names[message.from], names[message.to], one_line(&message.label))
            }
            SequenceItem::Activate(part) => format!("activate {}", names[*part]),
            SequenceItem::Deactivate(part) => format!("deactivate {}", names[*part]),
            SequenceItem::Open(frame) => format!("{} {}", frame.word, one_line(&frame.label)),
            SequenceItem::Divide => "else".to_owned(),
            SequenceItem::Close => "end".to_owned(),
        };
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

//! Diagrams as text for other tools. One file a format; each writes what a [`Diagram`] shows and leaves the
//! placing to its reader, but for [`ascii`], which places by itself.

mod ascii;
mod dot;
mod mermaid;
mod plantuml;

use groma_view::{Connection, Diagram, Part};

pub use ascii::ascii;
pub use dot::dot;
pub use mermaid::mermaid;
pub use plantuml::plantuml;

/// A short name for each part that every format accepts: letters, digits and `_`, none twice.
fn names(diagram: &Diagram) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for part in &diagram.parts {
        let mut name: String = part.id.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
        // Words such as `end` mean something to Mermaid; no format minds a prefix.
        name.insert_str(0, "e_");
        while names.contains(&name) {
            name.push('_');
        }
        names.push(name);
    }
    names
}

/// What a C4 export writes as the technology of a relationship: C4 has no other place for `asynchronous`.
fn technology(connection: &Connection) -> String {
    let asynchronous = if connection.asynchronous { "asynchronous" } else { "" };
    [connection.technology.as_str(), asynchronous]
        .iter()
        .filter(|word| !word.is_empty())
        .copied()
        .collect::<Vec<_>>()
        .join(", ")
}

/// A text on one line.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The parts that stand directly in a frame, or at the top.
fn parts_in(diagram: &Diagram, parent: Option<usize>) -> impl Iterator<Item = (usize, &Part)> {
    diagram.parts.iter().enumerate().filter(move |(_, part)| part.parent == parent)
}

/// Whether a frame has parts; one without is drawn as a box.
fn is_frame(diagram: &Diagram, at: usize) -> bool {
    diagram.parts.iter().any(|part| part.parent == Some(at))
}

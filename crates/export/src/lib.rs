//! Diagrams as text for other tools. One file a format; each writes what a [`Diagram`](groma_view::Diagram) shows
//! and leaves the placing to its reader, but for [`ascii`], which places by itself.

mod ascii;
mod dot;
mod mermaid;
mod plantuml;

use groma_view::{About, Connection, Diagram, Part, Show};
use std::collections::HashSet;

pub use ascii::ascii;
pub use dot::{dot, quoted as dot_text};
pub use mermaid::{mermaid, quoted as mermaid_text};
pub use plantuml::plantuml;

/// A format.
#[derive(Debug)]
pub struct Format {
    /// What it is called.
    pub name: &'static str,
    /// What it is, as a list of choices says it.
    pub summary: &'static str,
    /// The endings of files by which it is known; the first is the one that Groma writes.
    pub endings: &'static [&'static str],
    /// Whether it is read on the terminal itself, not by another tool.
    pub is_for_terminals: bool,
    /// Writes a diagram, or says why it cannot.
    pub write: fn(&Diagram) -> Result<String, String>,
}

/// All formats, in the order in which they are offered.
pub static FORMATS: &[Format] = &[
    Format {
        name: "mermaid",
        summary: "Mermaid: C4, sequence or flowchart",
        endings: &["mmd", "mermaid"],
        is_for_terminals: false,
        write: |diagram| Ok(mermaid(&diagram.as_written())),
    },
    Format {
        name: "plantuml",
        summary: "PlantUML, any version",
        endings: &["puml", "plantuml"],
        is_for_terminals: false,
        write: |diagram| Ok(plantuml(&diagram.as_written())),
    },
    Format {
        name: "dot",
        summary: "Graphviz",
        endings: &["dot", "gv"],
        is_for_terminals: false,
        write: |diagram| Ok(dot(&diagram.as_written())),
    },
    Format {
        name: "ascii",
        summary: "Boxes of characters, for a terminal or a code block",
        endings: &["txt"],
        is_for_terminals: true,
        write: |diagram| ascii(&diagram.as_written()),
    },
];

/// A short name for each part that every format accepts: letters, digits and `_`, none twice.
fn names(parts: &[Part]) -> Vec<String> {
    let mut taken = HashSet::new();
    let name = |part: &Part| {
        // Words such as `end` mean something to Mermaid; no format minds a prefix.
        let mut name = format!("e_{}", part.id.replace(|c: char| !c.is_ascii_alphanumeric(), "_"));
        while !taken.insert(name.clone()) {
            name.push('_');
        }
        name
    };
    parts.iter().map(name).collect()
}

/// What a text format writes as the technology of a relationship: it has no other place for what a dashed line means.
fn technology(connection: &Connection, show: Show) -> String {
    let asynchronous = if connection.asynchronous { show.dashed() } else { "" };
    [connection.technology.as_str(), asynchronous]
        .iter()
        .filter(|word| !word.is_empty())
        .copied()
        .collect::<Vec<_>>()
        .join(", ")
}

/// The title of a picture, and below it what it says of itself, each on one line.
fn heading(about: &About) -> Vec<String> {
    [&about.title, &about.description].map(|text| one_line(text)).into_iter().filter(|line| !line.is_empty()).collect()
}

/// A text on one line. What cannot be seen and no format can hold, such as the bell, becomes a space.
fn one_line(text: &str) -> String {
    let visible = text.replace(|c: char| c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}'), " ");
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text on one line in which no sign means anything: `number` writes those that a format could give a meaning.
/// Signs of everyday prose stay where they stand alone between words, so that the source can be read.
fn numbered(text: &str, number: fn(u32) -> String) -> String {
    let text: Vec<char> = one_line(text).chars().collect();
    let is_sign = |at: usize| text.get(at).is_some_and(|c| is_sign(*c));
    let is_alone = |at: usize| at > 0 && !is_sign(at - 1) && !is_sign(at + 1);
    let mut out = String::new();
    for (at, character) in text.iter().enumerate() {
        if !is_sign(at) || (is_alone(at) && matches!(character, ',' | '.' | '-' | '/' | '(' | ')' | '?' | '+')) {
            out.push(*character);
        } else {
            out.push_str(&number(u32::from(*character)));
        }
    }
    out
}

/// Whether a format could give a character a meaning: PlantUML takes curly quotes for straight ones.
fn is_sign(character: char) -> bool {
    matches!(character, '!'..='\u{ff}' | '\u{2010}'..='\u{206f}') && !character.is_alphanumeric()
}

/// The parts that stand directly in a frame, or at the top.
fn parts_in(parts: &[Part], parent: Option<usize>) -> impl Iterator<Item = (usize, &Part)> {
    parts.iter().enumerate().filter(move |(_, part)| part.parent == parent)
}

/// Whether a frame has parts; one without is drawn as a box.
fn is_frame(parts: &[Part], at: usize) -> bool {
    parts.iter().any(|part| part.parent == Some(at))
}

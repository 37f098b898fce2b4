//! The log of decisions as a graph: what took the place of what, and what links to what.

use super::number;
use groma_export::{dot_text, mermaid_text};
use groma_records::State;
use groma_session::records::{RecordFile, Records, Relation};
use std::fmt::Write;

/// What a record is called in the graph.
fn label(file: &RecordFile) -> String {
    let title = file.record.title.as_ref().map_or(file.record.file.as_str(), |title| &title.value);
    [number(file), title.to_owned()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// How a record looks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Look {
    /// In force, or unknown.
    Plain,
    /// Not decided yet.
    Open,
    /// Not in force any more, or never.
    Gone,
}

fn look(file: &RecordFile) -> Look {
    match file.record.status.as_ref().map(|status| status.value) {
        None | Some(State::Accepted) => Look::Plain,
        Some(State::Draft | State::Proposed | State::Review) => Look::Open,
        Some(State::Rejected | State::Deprecated | State::Superseded | State::Withdrawn) => Look::Gone,
    }
}

/// The records that are in the graph, each with its place in [`Records::files`].
fn nodes(records: &Records) -> impl Iterator<Item = (usize, &RecordFile)> {
    records.files.iter().enumerate().filter(|(_, file)| file.is_record())
}

/// The graph for Graphviz.
pub fn dot(records: &Records) -> String {
    let mut out = "digraph decisions {\n    rankdir=LR\n    node [shape=box, style=rounded, fontname=\"sans-serif\"]\n"
        .to_owned();
    for (at, file) in nodes(records) {
        let style = match look(file) {
            Look::Plain => "",
            Look::Open => ", style=\"rounded,dashed\"",
            Look::Gone => ", color=gray50, fontcolor=gray50",
        };
        let _ = writeln!(out, "    d{at} [label={}{style}]", dot_text(&label(file)));
    }
    for (from, relation, to) in records.relations() {
        let style = match relation {
            Relation::Supersedes => "label=\"supersedes\"".to_owned(),
            Relation::Links(Some(word)) => format!("label=\"{word}\", style=dashed"),
            Relation::Links(None) => "style=dashed".to_owned(),
        };
        let _ = writeln!(out, "    d{from} -> d{to} [{style}]");
    }
    out.push_str("}\n");
    out
}

/// The graph for Mermaid.
pub fn mermaid(records: &Records) -> String {
    let mut out = "flowchart LR\n".to_owned();
    for (at, file) in nodes(records) {
        let class = match look(file) {
            Look::Plain => "",
            Look::Open => ":::open",
            Look::Gone => ":::gone",
        };
        let _ = writeln!(out, "    d{at}[{}]{class}", mermaid_text(&label(file)));
    }
    for (from, relation, to) in records.relations() {
        let arrow = match relation {
            Relation::Supersedes => "-->|supersedes|".to_owned(),
            Relation::Links(Some(word)) => format!("-.->|{word}|"),
            Relation::Links(None) => "-.->".to_owned(),
        };
        let _ = writeln!(out, "    d{from} {arrow} d{to}");
    }
    out.push_str("    classDef open stroke-dasharray: 5\n    classDef gone color:#777,stroke:#aaa\n");
    out
}

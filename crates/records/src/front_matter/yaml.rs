//! Front matter that is YAML, by a parser's events.

use super::{Key, Value, part_of_key};
use crate::finding::FindingKind;
use granit_parser::{Event, Parser, ScalarStyle, Span};
use groma_base::Range;
use std::collections::HashMap;

/// Aliases may not stand for more values than these.
const MOST_VALUES: u64 = 10_000;
/// Of one key not more values are taken.
const MOST_OF_KEY: usize = 1_000;

/// Why a front matter is not read as YAML.
pub(super) struct Refused {
    pub(super) kind: FindingKind,
    pub(super) at: Range,
    pub(super) why: String,
}

/// A node and what is below it.
#[derive(Debug)]
struct Node {
    shape: Shape,
    range: Range,
    /// How many values it stands for, aliases followed.
    size: u64,
}

#[derive(Debug)]
enum Shape {
    Scalar(String),
    List(Vec<usize>),
    Map(Vec<usize>),
    Alias(usize),
}

/// The nodes of a document; the root is the last.
struct Nodes {
    all: Vec<Node>,
    anchors: HashMap<usize, usize>,
}

/// The keys of the mapping that the lines are.
pub(super) fn keys(text: &str, range: Range) -> Result<Vec<Key>, Refused> {
    let inside = range.of(text);
    let broken = |at: Range, why: String| Refused { kind: FindingKind::BrokenFrontMatter, at, why };
    let nodes = nodes(inside, range.start).map_err(|(at, why)| broken(at, format!("no YAML: {why}")))?;
    let Some(root) = nodes.all.last() else { return Ok(Vec::new()) };
    let Shape::Map(parts) = &root.shape else {
        return Err(broken(range, "front matter is lines `key: value`".into()));
    };
    if root.size > MOST_VALUES {
        let why = format!("aliases that stand for more than {MOST_VALUES} values are not followed");
        return Err(Refused { kind: FindingKind::AliasBomb, at: range, why });
    }
    Ok(parts.chunks_exact(2).filter_map(|pair| key(&nodes, text, pair[0], pair[1])).collect())
}

fn key(nodes: &Nodes, text: &str, key: usize, value: usize) -> Option<Key> {
    let Shape::Scalar(name) = &nodes.all[key].shape else { return None };
    let name = Value { text: name.trim().to_owned(), range: nodes.all[key].range };
    let mut found =
        Key { part: part_of_key(&name.text), key: name, values: Vec::new(), is_list: false, pairs: Vec::new() };
    let value = nodes.followed(value);
    match &nodes.all[value].shape {
        Shape::List(items) => {
            found.is_list = true;
            for item in items.iter().take(MOST_OF_KEY) {
                let item = nodes.followed(*item);
                found.values.extend(nodes.value(text, item));
                found.pairs.extend(nodes.pairs(text, item));
            }
        }
        _ => found.values.extend(nodes.value(text, value)),
    }
    Some(found)
}

impl Nodes {
    /// The node itself, or the one that an alias stands for.
    fn followed(&self, node: usize) -> usize {
        match self.all[node].shape {
            Shape::Alias(anchor) => self.anchors.get(&anchor).copied().unwrap_or(node),
            _ => node,
        }
    }

    /// A value as text; a list or mapping is its own bytes, as braces around a placeholder make one.
    fn value(&self, text: &str, node: usize) -> Option<Value> {
        let node = &self.all[node];
        let value = match &node.shape {
            Shape::Scalar(value) => value.trim().to_owned(),
            _ => node.range.of(text).trim().to_owned(),
        };
        let is_null = matches!(value.as_str(), "" | "~" | "null" | "Null" | "NULL");
        (!is_null).then_some(Value { text: value, range: node.range })
    }

    /// The pairs of a mapping.
    fn pairs(&self, text: &str, node: usize) -> Option<Vec<(String, Value)>> {
        let Shape::Map(parts) = &self.all[node].shape else { return None };
        let pair = |pair: &[usize]| match &self.all[pair[0]].shape {
            Shape::Scalar(key) => Some((key.clone(), self.value(text, self.followed(pair[1]))?)),
            _ => None,
        };
        Some(parts.chunks_exact(2).filter_map(pair).collect())
    }
}

/// A list or mapping that is not closed yet.
struct Open {
    is_map: bool,
    parts: Vec<usize>,
    start: u32,
    anchor: usize,
}

fn nodes(inside: &str, offset: u32) -> Result<Nodes, (Range, String)> {
    let mut nodes = Nodes { all: Vec::new(), anchors: HashMap::new() };
    let mut open: Vec<Open> = Vec::new();
    let range_of = |span: &Span| {
        let bytes = span.byte_range().unwrap_or(0..0);
        Range::new(offset + bytes.start as u32, offset + bytes.end as u32)
    };
    for next in Parser::new_from_str(inside) {
        let (event, span) = next.map_err(|error| {
            let at = offset + error.marker().byte_offset().unwrap_or(0).min(inside.len()) as u32;
            (Range::new(at, at), why(&error.info(), &inside[(at - offset) as usize..]))
        })?;
        let range = range_of(&span);
        let (shape, anchor, range) = match event {
            Event::Scalar(value, style, anchor, _) => {
                let range = if matches!(style, ScalarStyle::Plain) { trimmed(range, offset, inside) } else { range };
                (Shape::Scalar(value.into_owned()), anchor, range)
            }
            Event::Alias(anchor) => (Shape::Alias(anchor), 0, range),
            Event::SequenceStart(_, anchor, _) => {
                open.push(Open { is_map: false, parts: Vec::new(), start: range.start, anchor });
                continue;
            }
            Event::MappingStart(_, anchor, _) => {
                open.push(Open { is_map: true, parts: Vec::new(), start: range.start, anchor });
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let Some(Open { is_map, parts, start, anchor }) = open.pop() else { continue };
                let shape = if is_map { Shape::Map(parts) } else { Shape::List(parts) };
                (shape, anchor, Range::new(start, range.end))
            }
            _ => continue,
        };
        nodes.push(shape, anchor, range, open.last_mut());
    }
    Ok(nodes)
}

impl Nodes {
    fn push(&mut self, shape: Shape, anchor: usize, range: Range, parent: Option<&mut Open>) {
        let sum = |parts: &[usize]| parts.iter().fold(1_u64, |sum, part| sum.saturating_add(self.all[*part].size));
        let size = match &shape {
            Shape::Scalar(_) => 1,
            Shape::List(parts) | Shape::Map(parts) => sum(parts),
            Shape::Alias(anchor) => self.anchors.get(anchor).map_or(1, |node| self.all[*node].size),
        };
        let at = self.all.len();
        self.all.push(Node { shape, range, size });
        if anchor > 0 {
            self.anchors.insert(anchor, at);
        }
        if let Some(parent) = parent {
            parent.parts.push(at);
        }
    }
}

/// Why something is no YAML, as the parser says, or where it says nothing by what stands at that place.
fn why(told: &str, rest: &str) -> String {
    match rest.trim_start_matches(' ').chars().next() {
        _ if !told.trim().is_empty() => told.trim().to_owned(),
        Some('\t') => "a tab stands where only blanks may".to_owned(),
        Some(sign @ ('"' | '\'')) => format!("the {sign} that is opened here is not closed"),
        _ => "what stands here is none".to_owned(),
    }
}

/// A plain value ends with its last letter.
fn trimmed(range: Range, offset: u32, inside: &str) -> Range {
    let text = &inside[(range.start - offset) as usize..(range.end - offset) as usize];
    Range::new(range.start, range.start + text.trim_end().len() as u32)
}

//! The JSON Schema of what `groma tree FILE --format json` prints, made from the declarations of the kinds.

use crate::facets::decisions::class::RECORDED;
use crate::facets::own_facts::OwnFacts;
use crate::kinds;
use crate::schema::{Fact, Head, Kind, Type};
use groma_base::Dimension;
use serde_json::{Map, Value, json};

/// The schema, after JSON Schema 2020-12. Every tree of a text without a syntax error is valid by it whose nodes of
/// Groma's kinds decode without an error; names are not resolved, so an unknown one passes, and so does on the top level
/// any node whose name is none of Groma's there: `groma tree` reads all of KDL. A workspace's own facts are valid where it
/// declares them.
pub fn json_schema(own: &OwnFacts) -> Value {
    let mut defs = Map::new();
    defs.insert("node".into(), plain_node());
    for (name, dimension) in DIMENSIONS {
        defs.insert((*name).into(), quantity(&[*dimension]));
    }
    defs.insert("own-kind-node".into(), own_kind_node());
    defs.insert("other-node".into(), other_node());
    let facts = all_facts(own);
    for (fact, name) in &facts {
        defs.insert(name.clone(), fact_node(fact, own, &facts));
    }
    for kind in kinds::all() {
        defs.insert(def_name(kind), kind_schema(kind, own, &facts));
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A Groma file, parsed",
        "description": "What `groma tree FILE --format json` prints for a file without errors.",
        "type": "object",
        "required": ["version", "nodes"],
        "properties": {
            "version": { "const": 1 },
            "nodes": { "type": "array", "items": file_items(&facts) },
        },
        "$defs": defs,
    })
}

const DIMENSIONS: &[(&str, Dimension)] = &[
    ("count", Dimension::Count),
    ("duration", Dimension::Time),
    ("rate", Dimension::Rate),
    ("ratio", Dimension::Ratio),
    ("money-over-time", Dimension::MoneyPerTime),
    ("size", Dimension::Data),
];

/// Facts with the names of their definitions: two facts of one name can differ.
type Named = Vec<(&'static Fact, String)>;

/// Every fact, and every part of one.
fn all_facts(own: &OwnFacts) -> Named {
    let mut named = Named::new();
    let own = own.all().iter().map(|own| own.fact);
    let mut waiting: Vec<&'static Fact> = kinds::all().flat_map(Kind::all_facts).chain(own).collect();
    waiting.reverse();
    while let Some(fact) = waiting.pop() {
        if named.iter().any(|(known, _)| *known == fact) {
            continue;
        }
        let earlier = named.iter().filter(|(known, _)| known.name == fact.name).count();
        let nth = if earlier == 0 { String::new() } else { format!("-{}", earlier + 1) };
        named.push((fact, format!("fact-{}{nth}", fact.name)));
        waiting.extend(fact.parts.iter().rev());
    }
    named
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{name}") })
}

/// The kinds of arrows share a name and differ in where they stand.
fn def_name(kind: &Kind) -> String {
    match kind.head {
        Head::Arrow => format!("arrow-{}", kind.class.word),
        Head::Named | Head::Title | Head::Value(_) | Head::Perhaps(_) => format!("{}-{}", kind.name, kind.class.word),
    }
}

fn plain_node() -> Value {
    json!({
        "description": "Any node of the syntax.",
        "type": "object",
        "required": ["name", "args", "props", "children"],
        "properties": {
            "name": { "type": "string" },
            "args": { "type": "array" },
            "props": { "type": "object" },
            "children": { "type": "array", "items": { "$ref": "#/$defs/node" } },
        },
    })
}

/// A node of one of the workspace's own kinds: its facts are those of the kind that it `is`, which only the whole
/// workspace tells.
fn own_kind_node() -> Value {
    let facts = kinds::all().flat_map(Kind::all_facts).map(|fact| fact.name);
    let mut built_in: Vec<&str> = kinds::all().map(|kind| kind.name).chain(facts).collect();
    built_in.sort_unstable();
    built_in.dedup();
    json!({
        "description": "A node of a kind that the workspace declares itself.",
        "allOf": [reference("node")],
        "properties": { "name": { "not": { "enum": built_in } }, "args": { "minItems": 1, "items": { "type": "string", "not": { "enum": ["->", "-->"] } } } },
    })
}

/// A node of the top level that says nothing about an architecture.
fn other_node() -> Value {
    let held = kinds::held_by(None).filter(|kind| !matches!(kind.head, Head::Arrow));
    let mut known: Vec<&str> = held.map(|kind| kind.name).collect();
    known.sort_unstable();
    known.dedup();
    json!({
        "description": "A node of the top level that is none of Groma's.",
        "allOf": [reference("node")],
        "properties": { "name": { "not": { "enum": known } }, "args": { "prefixItems": [{ "not": { "enum": ["->", "-->"] } }] } },
    })
}

fn file_items(named: &Named) -> Value {
    let mut items = one_of_these(kinds::held_by(None), &[], named);
    if let Some(choices) = items["anyOf"].as_array_mut() {
        choices.push(reference("other-node"));
    }
    items
}

fn quantity(dimensions: &[Dimension]) -> Value {
    let words: Vec<&str> = dimensions.iter().map(|dimension| dimension.word()).collect();
    json!({
        "type": "object",
        "required": ["quantity", "dimension"],
        "properties": { "quantity": { "type": "string" }, "dimension": { "enum": words } },
    })
}

/// Any of these kinds, or the facts of a node written in its block.
fn one_of_these(kinds: impl Iterator<Item = &'static Kind> + Clone, facts: &[&'static Fact], named: &Named) -> Value {
    let name_of = |fact: &&Fact| named.iter().find(|(known, _)| known == fact).map(|(_, name)| name);
    let mut choices: Vec<Value> = facts.iter().filter_map(name_of).map(|name| reference(name)).collect();
    choices.extend(kinds.clone().map(|kind| reference(&def_name(kind))));
    if kinds.into_iter().any(|kind| kind.class.is_element()) {
        choices.push(reference("own-kind-node"));
    }
    if choices.is_empty() { json!(false) } else { json!({ "anyOf": choices }) }
}

fn kind_schema(kind: &'static Kind, own: &OwnFacts, named: &Named) -> Value {
    let facts: Vec<&'static Fact> = kind.all_facts().chain(own.of(kind, kind.word())).collect();
    let props = properties(&facts, own);
    let title = || json!({ "type": "string" });
    let (name, least, before) = match kind.head {
        Head::Named => (json!({ "const": kind.name }), 1, vec![title(), title()]),
        Head::Title => (json!({ "const": kind.name }), 0, vec![title()]),
        Head::Perhaps(fact) => {
            (json!({ "const": kind.name }), 0, vec![json!({ "anyOf": [value(fact.ty), title()] }), title()])
        }
        Head::Value(fact) => (json!({ "const": kind.name }), 1, vec![value(fact.ty), title()]),
        Head::Arrow => (json!({ "type": "string" }), 2, vec![json!({ "const": kind.name }), title(), title()]),
    };
    let args = json!({ "type": "array", "minItems": least, "prefixItems": before, "items": flags(&facts) });
    json!({
        "description": kind.summary,
        "type": "object",
        "required": ["name", "args", "props", "children"],
        "properties": {
            "name": name,
            "args": args,
            "props": { "type": "object", "properties": props, "additionalProperties": false },
            "children": { "type": "array", "items": one_of_these(kinds::held_by(Some(kind)), &facts, named) },
        },
    })
}

/// The bare words that say yes to one of these facts.
fn flags(facts: &[&'static Fact]) -> Value {
    let words: Vec<&str> = facts.iter().filter(|fact| matches!(fact.ty, Type::Bool)).map(|fact| fact.name).collect();
    if words.is_empty() { json!(false) } else { json!({ "enum": words }) }
}

/// Facts written as properties: under their names, and under those that they had.
fn properties(facts: &[&'static Fact], own: &OwnFacts) -> Map<String, Value> {
    let of_one = |fact: &&'static Fact| {
        let value = value_of(fact);
        names(fact, own).into_iter().map(move |name| (name.to_owned(), value.clone()))
    };
    facts.iter().flat_map(of_one).collect()
}

/// The name of a fact, and those that it had: of one of the workspace's own those that its `was` says.
fn names(fact: &'static Fact, own: &OwnFacts) -> Vec<&'static str> {
    let is_own = own.all().iter().any(|own| own.fact == fact);
    let before = if is_own { fact.other_names } else { fact.older_names };
    std::iter::once(fact.name).chain(before.iter().copied()).collect()
}

/// The value of a fact, with the words that it usually is, which editors offer.
fn value_of(fact: &Fact) -> Value {
    let mut value = value(fact.ty);
    if !fact.usual.is_empty() {
        value["examples"] = json!(fact.usual);
    }
    value
}

/// A fact written as a node: `retry 3 backoff=exponential`.
fn fact_node(fact: &'static Fact, own: &OwnFacts, named: &Named) -> Value {
    let parts = properties(fact.parts, own);
    let name = match &names(fact, own)[..] {
        [only] => json!({ "const": only }),
        several => json!({ "enum": several }),
    };
    let least = usize::from(!matches!(fact.ty, Type::Bool));
    let flags = flags(fact.parts);
    let one = if least == 0 { json!({ "anyOf": [value(fact.ty), flags] }) } else { value(fact.ty) };
    let args = match (fact.then, fact.many) {
        (Some(part), _) => {
            json!({ "type": "array", "minItems": least, "prefixItems": [one, value(part.ty)], "items": flags })
        }
        (None, true) => json!({ "type": "array", "minItems": least, "items": { "anyOf": [value(fact.ty), flags] } }),
        (None, false) => json!({ "type": "array", "minItems": least, "prefixItems": [one], "items": flags }),
    };
    json!({
        "description": fact.described(),
        "type": "object",
        "required": ["name", "args", "props", "children"],
        "properties": {
            "name": name,
            "args": args,
            "props": { "type": "object", "properties": parts, "additionalProperties": false },
            "children": { "type": "array", "items": one_of_these(std::iter::empty(), fact.parts, named) },
        },
    })
}

fn value(ty: Type) -> Value {
    match ty {
        Type::Text | Type::TextOrName(_) | Type::Query => json!({ "not": { "type": "null" } }),
        Type::Bool => json!({ "type": "boolean" }),
        Type::Whole => json!({ "anyOf": [{ "type": "integer", "minimum": 0 }, reference("count")] }),
        Type::Number => json!({ "type": "number", "minimum": 0 }),
        Type::Amount => json!({ "anyOf": [{ "type": "number", "minimum": 0 }, reference("count")] }),
        Type::Duration => reference("duration"),
        Type::Ratio => reference("ratio"),
        Type::Rate => reference("rate"),
        Type::MoneyPerTime => reference("money-over-time"),
        Type::Size => reference("size"),
        Type::Quantity => json!({ "anyOf": [{ "type": "number" }, { "type": "object", "required": ["quantity"] }] }),
        Type::OneOf(words) => json!({ "enum": words.iter().map(|(word, _)| *word).collect::<Vec<_>>() }),
        // A record is called by its number.
        Type::Reference(classes) if classes.iter().any(|class| class.is_in(RECORDED)) => {
            json!({ "type": ["string", "integer"] })
        }
        Type::Reference(_) | Type::Date => json!({ "type": "string" }),
    }
}

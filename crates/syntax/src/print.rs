//! A tree as canonical KDL, in the form that the KDL project's conformance suite expects, and as JSON.

use crate::characters::{is_disallowed, is_newline};
use crate::lexer::is_identifier;
use crate::tree::{Entry, NodeId, Number, Tree, Value, Word, WordKind};
use groma_base::Quantity;
use serde_json::{Map, Value as Json, json};

/// The version of the JSON that [`json`] writes.
pub const JSON_VERSION: u32 = 1;

/// The tree as canonical KDL: no comments, four spaces a level, bare names where they can be, properties
/// sorted by key with only the last of equal ones, numbers in their simplest decimal form.
pub fn kdl(tree: &Tree) -> String {
    let mut out = String::with_capacity(tree.text.len());
    // Where each block that is open ends: deep texts need no deep stack.
    let mut open: Vec<u32> = Vec::new();
    for id in (0..tree.node_count() as u32).map(NodeId) {
        close_blocks(&mut open, id.0, &mut out);
        indent(open.len(), &mut out);
        kdl_head(tree, id, &mut out);
        if tree.children(id).next().is_some() {
            out.push_str(" {");
            open.push(tree.node(id).subtree_end);
        }
        out.push('\n');
    }
    close_blocks(&mut open, tree.node_count() as u32, &mut out);
    if out.is_empty() {
        out.push('\n');
    }
    out
}

/// Closes the blocks that end before the node with this number.
fn close_blocks(open: &mut Vec<u32>, next: u32, out: &mut String) {
    while open.pop_if(|end| *end <= next).is_some() {
        indent(open.len(), out);
        out.push_str("}\n");
    }
}

fn indent(depth: usize, out: &mut String) {
    out.extend(std::iter::repeat_n("    ", depth));
}

/// A node without its block.
fn kdl_head(tree: &Tree, id: NodeId, out: &mut String) {
    let node = tree.node(id);
    kdl_type(tree, node.ty, out);
    kdl_string(&tree.string(node.name), out);
    for entry in tree.entries(id).iter().filter(|entry| !entry.key.is_some()) {
        out.push(' ');
        kdl_value(tree, entry, out);
    }
    for (key, entry) in properties(tree, id) {
        out.push(' ');
        kdl_string(&key, out);
        out.push('=');
        kdl_value(tree, entry, out);
    }
}

/// The properties of a node sorted by key, only the last of each key.
fn properties(tree: &Tree, id: NodeId) -> Vec<(std::borrow::Cow<'_, str>, &Entry)> {
    let keyed = tree.entries(id).iter().filter(|entry| entry.key.is_some());
    let mut found: Vec<_> = keyed.map(|entry| (tree.string(entry.key), entry)).collect();
    found.reverse();
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found.dedup_by(|later, kept| later.0 == kept.0);
    found
}

fn kdl_type(tree: &Tree, ty: Word, out: &mut String) {
    if ty.is_some() {
        out.push('(');
        kdl_string(&tree.string(ty), out);
        out.push(')');
    }
}

fn kdl_value(tree: &Tree, entry: &Entry, out: &mut String) {
    kdl_type(tree, entry.ty, out);
    let text = entry.value.range().of(&tree.text);
    match entry.value.kind {
        WordKind::Number => out.push_str(&canonical_number(text)),
        kind if kind.is_string() => kdl_string(&tree.string(entry.value), out),
        _ => out.push_str(text),
    }
}

/// Writes a string bare if it can be, otherwise quoted with escapes.
pub fn kdl_string(text: &str, out: &mut String) {
    if is_identifier(text) {
        out.push_str(text);
    } else {
        kdl_quoted(text, out);
    }
}

/// Writes a string in quotes, with escapes for what may not stand in them as it is.
pub fn kdl_quoted(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{C}' => out.push_str("\\f"),
            _ if is_disallowed(character) || is_newline(character) || character.is_control() => {
                out.push_str(&format!("\\u{{{:x}}}", character as u32));
            }
            _ => out.push(character),
        }
    }
    out.push('"');
}

fn canonical_number(text: &str) -> String {
    let digits: String = text.chars().filter(|character| *character != '_').collect();
    let (sign, unsigned) = match digits.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", digits.strip_prefix('+').unwrap_or(&digits)),
    };
    let radix = match unsigned.get(..2) {
        Some("0x") => 16,
        Some("0o") => 8,
        Some("0b") => 2,
        _ => return format!("{sign}{}", canonical_decimal(unsigned)),
    };
    format!("{sign}{}", to_decimal(&unsigned[2..], radix))
}

fn canonical_decimal(unsigned: &str) -> String {
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let mut out = without_leading_zeros(whole).to_owned();
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    if let Some(exponent) = exponent {
        let sign = if exponent.starts_with('-') { '-' } else { '+' };
        out.push('E');
        out.push(sign);
        out.push_str(without_leading_zeros(exponent.trim_start_matches(['+', '-'])));
    }
    out
}

fn without_leading_zeros(digits: &str) -> &str {
    let rest = digits.trim_start_matches('0');
    if rest.is_empty() { "0" } else { rest }
}

/// Digits of another base as decimal digits, of any length.
fn to_decimal(digits: &str, radix: u32) -> String {
    const LIMB: u64 = 1_000_000_000;
    let mut limbs: Vec<u64> = vec![0];
    for digit in digits.chars().filter_map(|digit| digit.to_digit(radix)) {
        let mut carry = u64::from(digit);
        for limb in &mut limbs {
            let value = *limb * u64::from(radix) + carry;
            *limb = value % LIMB;
            carry = value / LIMB;
        }
        if carry > 0 {
            limbs.push(carry);
        }
    }
    let mut parts = limbs.iter().rev();
    let first = parts.next().map(u64::to_string).unwrap_or_default();
    parts.fold(first, |text, limb| format!("{text}{limb:09}"))
}

/// The tree as JSON: `{"version", "nodes": [{"name", "type"?, "args", "props", "children"}]}`.
pub fn json(tree: &Tree) -> Json {
    // From the last node to the first, so that the parts of each are there before it, its first on top.
    let mut made: Vec<Json> = Vec::new();
    for id in (0..tree.node_count() as u32).rev().map(NodeId) {
        let children = tree.children(id).filter_map(|_| made.pop()).collect();
        made.push(json_node(tree, id, children));
    }
    made.reverse();
    // Not by `json!`, which would go through the nodes once more, as deep as they are.
    Json::Object(Map::from_iter([("version".into(), JSON_VERSION.into()), ("nodes".into(), Json::Array(made))]))
}

fn json_node(tree: &Tree, id: NodeId, children: Vec<Json>) -> Json {
    let node = tree.node(id);
    let mut object = Map::new();
    object.insert("name".into(), tree.string(node.name).into());
    if node.ty.is_some() {
        object.insert("type".into(), tree.string(node.ty).into());
    }
    let arguments = tree.entries(id).iter().filter(|entry| !entry.key.is_some());
    object.insert("args".into(), arguments.map(|entry| json_value(tree, entry)).collect());
    let named = properties(tree, id).into_iter().map(|(key, entry)| (key.into_owned(), json_value(tree, entry)));
    object.insert("props".into(), Json::Object(named.collect()));
    object.insert("children".into(), Json::Array(children));
    Json::Object(object)
}

fn json_value(tree: &Tree, entry: &Entry) -> Json {
    let text = entry.value.range().of(&tree.text);
    let value = match tree.value(entry.value) {
        Value::Text(text) => Json::String(text.into_owned()),
        Value::Bool(value) => Json::Bool(value),
        Value::Null => Json::Null,
        Value::Number(Number::Integer(value)) => json!(value),
        Value::Number(Number::Float(value)) if value.is_finite() => json!(value),
        Value::Number(_) => json!({ "number": canonical_number(text.trim_start_matches('#')) }),
        Value::Quantity(quantity) => json_quantity(text, quantity),
    };
    if entry.ty.is_some() { json!({ "type": tree.string(entry.ty), "value": value }) } else { value }
}

fn json_quantity(text: &str, quantity: Quantity) -> Json {
    let mut object = Map::new();
    object.insert("quantity".into(), text.into());
    object.insert("dimension".into(), quantity.dimension.word().into());
    if quantity.is_range() {
        object.insert("low".into(), json!(quantity.low));
        object.insert("high".into(), json!(quantity.high));
    } else {
        object.insert("value".into(), json!(quantity.low));
    }
    Json::Object(object)
}

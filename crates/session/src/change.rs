//! Changes to facts, made in the text: comments and formatting stay as they are.

use groma_base::{Edit, Range, Span, list_words, nearest};
use groma_model::schema::Fact;
use groma_model::{Architecture, ItemRef};

/// What is to be changed, as the command line says it: `shop.core.replicas=6`, or for a relationship
/// `shop.core->shop.db.pool=20`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    /// As it was written.
    pub words: String,
    /// The edit that makes it.
    pub edit: Edit,
}

/// Finds what a change means in an architecture.
///
/// # Errors
/// If it is not of that form, or names something that there is not; the error says what there is.
pub fn change(arch: &Architecture, words: &str) -> Result<Change, String> {
    let (target, value) = words.split_once('=').ok_or("write it as `element.fact=value`")?;
    let (owner, fact) = target.rsplit_once('.').ok_or("write it as `element.fact=value`")?;
    let at = match owner.split_once("->") {
        Some((from, to)) => relation(arch, from.trim(), to.trim())?,
        None => element(arch, owner.trim())?,
    };
    let known = arch.item(at).kind;
    let Some(fact) = known.fact(fact.trim()) else {
        let near = nearest(fact, known.all_facts().map(|fact| fact.name));
        let hint = if near.is_empty() { String::new() } else { format!(": did you mean {}?", list_words(near, "or")) };
        return Err(format!("`{owner}` has no fact called `{fact}`{hint}"));
    };
    if value.trim().is_empty() || value.contains(['{', '}', '\n', ';']) {
        return Err(format!("`{value}` is no value"));
    }
    Ok(Change { words: words.to_owned(), edit: set_fact(arch, at, fact, value.trim()) })
}

/// The edit that gives a fact of a node another value, or adds the fact to the node's line.
pub fn set_fact(arch: &Architecture, at: ItemRef, fact: &'static Fact, value: &str) -> Edit {
    match arch.fact(at, fact) {
        Some(given) => Edit { span: arch.span(at, given.range), text: value.to_owned() },
        None => {
            let end = arch.item(at).head.end;
            Edit { span: Span::new(at.file, Range::new(end, end)), text: format!(" {}={value}", fact.name) }
        }
    }
}

fn element(arch: &Architecture, path: &str) -> Result<ItemRef, String> {
    let record = || arch.records.iter().map(|record| record.at).find(|at| arch.name(*at) == path);
    let place = || {
        let (deployment, node) = arch.places().nth(arch.place_named(path)?)?;
        Some(arch.place_item(deployment, node))
    };
    match arch.element_by_path(path).map(|id| arch.element(id).at).or_else(record).or_else(place) {
        Some(at) => Ok(at),
        None => {
            let records = arch.records.iter().map(|record| arch.name(record.at));
            let places: Vec<String> = arch.places().map(|(at, node)| arch.place_path(at, node)).collect();
            let elements = arch.elements.iter().map(|element| &*element.path);
            let near = nearest(path, elements.chain(records).chain(places.iter().map(String::as_str)));
            let hint =
                if near.is_empty() { String::new() } else { format!(": did you mean {}?", list_words(near, "or")) };
            Err(format!("there is no element, load, failure or place `{path}`{hint}"))
        }
    }
}

fn relation(arch: &Architecture, from: &str, to: &str) -> Result<ItemRef, String> {
    element(arch, from)?;
    element(arch, to)?;
    let found = arch
        .relation_ids()
        .map(|id| arch.relation(id))
        .find(|relation| &*arch.element(relation.from).path == from && &*arch.element(relation.to).path == to);
    found.map(|relation| relation.at).ok_or_else(|| format!("there is no relationship `{from} -> {to}`"))
}

//! The functions of queries that facts are from the side of what they name.

use super::scope::all_kinds;
use crate::schema::{Class, Fact};

/// A function that a fact which names things is from their side: what `decides` names is `decided-by` of the decision.
#[derive(Clone, Debug)]
pub struct OtherSide {
    /// As written.
    pub name: &'static str,
    /// The fact.
    pub fact: &'static Fact,
    /// What has the fact: these are given to the function.
    pub of: Vec<&'static Class>,
}

/// The functions that facts are from the other side, in the order of the alphabet, but for those that a fact is called as well.
pub fn other_sides() -> Vec<OtherSide> {
    let facts = || all_kinds().flat_map(|kind| kind.all_facts().map(move |fact| (kind.class, fact)));
    let mut all: Vec<OtherSide> = Vec::new();
    for (class, fact) in facts() {
        let Some(name) = fact.inverse.filter(|name| facts().all(|(_, fact)| fact.name != *name)) else { continue };
        match all.iter_mut().find(|one| (one.name, one.fact) == (name, fact)) {
            Some(known) if known.of.contains(&class) => {}
            Some(known) => known.of.push(class),
            None => all.push(OtherSide { name, fact, of: vec![class] }),
        }
    }
    all.sort_by_key(|one| (one.name, one.fact.name));
    all
}

//! Findings that are gone at a thing that there is no longer, and new at another: it may be the same thing, of which nothing says that it was
//! renamed. That is only told, as it is a guess: it spares nothing.

use groma_model::Architecture;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;

/// A thing that may be another one of before.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PerhapsRenamed {
    /// How many findings are gone at the one and new at the other.
    pub findings: usize,
    /// The path of what there is no longer.
    pub old: String,
    /// The path of what may be the same.
    pub new: String,
    /// What `was` says of it then.
    pub was: String,
}

/// A rule and the address at which it finds something.
pub(crate) type Found<'a> = (&'a str, &'a str);

/// What is found at a thing of a kind: the word of that, and the rules.
type Key<'a> = (&'a str, Vec<&'a str>);

/// The thing with most findings that are gone that there is no longer, if just one other of its kind has as many new ones of the same rules.
pub(crate) fn perhaps_renamed(arch: &Architecture, gone: &[Found<'_>], new: &[Found<'_>]) -> Option<PerhapsRenamed> {
    if gone.is_empty() || new.is_empty() {
        return None;
    }
    let entities = || arch.item_refs().filter_map(|at| arch.entity(at));
    let there_are: FxHashSet<String> = entities().map(|entity| arch.address(entity)).collect();
    let paths: FxHashSet<String> = entities().map(|entity| arch.path(entity)).collect();
    let old = only_with(gone, |address| is_thing(address) && !there_are.contains(address));
    let new = only_with(new, |address| there_are.contains(address));
    let mut pairs: Vec<(usize, &str, &str)> = Vec::new();
    for (key, old) in old {
        if let (Some(old), Some(Some(new))) = (old, new.get(&key)) {
            pairs.push((key.1.len(), old, new));
        }
    }
    pairs.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
    pairs.into_iter().find_map(|(findings, old, new)| {
        let (old, new) = renamed_whole(path(old), path(new));
        let is_renamed = paths.contains(new) && !paths.contains(old);
        let was = match (old.rsplit_once('.'), new.rsplit_once('.')) {
            (Some((around, name)), Some((other, _))) if around == other => name,
            _ => old,
        };
        is_renamed.then(|| PerhapsRenamed { findings, old: old.into(), new: new.into(), was: was.into() })
    })
}

/// The things of each kind by the rules that find something at them; none where several are alike.
fn only_with<'a>(found: &[Found<'a>], may_be: impl Fn(&str) -> bool) -> FxHashMap<Key<'a>, Option<&'a str>> {
    let mut rules: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (rule, address) in found.iter().filter(|(_, address)| may_be(address)) {
        rules.entry(address).or_default().push(rule);
    }
    let mut things: FxHashMap<Key<'a>, Option<&'a str>> = FxHashMap::default();
    for (address, mut rules) in rules {
        rules.sort_unstable();
        let kind = address.split_once(':').map_or("", |(kind, _)| kind);
        things.entry((kind, rules)).and_modify(|only| *only = None).or_insert(Some(address));
    }
    things
}

/// Whether an address is that of something with a name, not of a part of one: `service:shop.core`.
fn is_thing(address: &str) -> bool {
    address.contains(':') && !address.contains(' ')
}

fn path(address: &str) -> &str {
    address.split_once(':').map_or(address, |(_, path)| path)
}

/// The wholes of two paths that are called otherwise, where the ends are the same: `shop` and `store` of `shop.web` and `store.web`.
fn renamed_whole<'a>(mut old: &'a str, mut new: &'a str) -> (&'a str, &'a str) {
    while let (Some((around, name)), Some((other, same))) = (old.rsplit_once('.'), new.rsplit_once('.')) {
        if name != same {
            break;
        }
        (old, new) = (around, other);
    }
    (old, new)
}

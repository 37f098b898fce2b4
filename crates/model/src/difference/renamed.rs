//! Old names in texts: what a query, a message or an address called something before, said with the names of after.

use super::pairs::Pairs;
use super::side::Side;
use crate::Architecture;
use crate::entity::Entity;
use crate::facts;
use crate::kinds::class;
use crate::schema::Fact;
use rustc_hash::{FxHashMap, FxHashSet};

/// The paths of what is called otherwise, or stands in something else.
#[derive(Clone, Default, Debug)]
pub struct Renamed {
    paths: FxHashMap<String, String>,
    /// The facts of the workspace's own that had another name, by that.
    facts: FxHashMap<String, &'static Fact>,
}

/// So many things that stand in each other, each with an old name, are followed.
const DEPTH: usize = 16;

impl Renamed {
    pub(super) fn new(before: &Side<'_>, after: &Side<'_>, pairs: &Pairs) -> Renamed {
        let mut renamed = Renamed::default();
        for entity in &after.entities {
            let Some(old) = pairs.before(*entity) else { continue };
            let (own, other) = (after.key(*entity), before.key(old));
            if own.name != other.name || own.scope != other.scope.and_then(|scope| pairs.after(scope)) {
                renamed.add(after.arch, *entity, before.arch.path(old));
            }
        }
        renamed
    }

    /// What a workspace itself says by `was`, as far as nothing is called so now.
    pub fn said(arch: &Architecture) -> Renamed {
        let mut renamed = Renamed::default();
        let saying: Vec<Entity> = arch
            .item_refs()
            .filter(|at| arch.fact(*at, &facts::WAS).is_some())
            .filter_map(|at| arch.entity(at))
            .collect();
        if saying.is_empty() {
            return renamed;
        }
        let taken: FxHashSet<String> = arch.item_refs().filter_map(|at| Some(arch.path(arch.entity(at)?))).collect();
        for entity in saying {
            let path = arch.path(entity);
            for was in arch.list(arch.declared_at(entity), &facts::WAS) {
                let old = match path.rsplit_once('.').filter(|_| !was.contains('.')) {
                    Some((around, _)) => format!("{around}.{was}"),
                    None => was.to_owned(),
                };
                if !taken.contains(&old) {
                    renamed.add(arch, entity, old);
                }
            }
        }
        renamed
    }

    fn add(&mut self, arch: &Architecture, entity: Entity, old: String) {
        let path = arch.path(entity);
        if arch.item(arch.declared_at(entity)).kind.is(&class::OWN_FACT)
            && let Some(own) = arch.own_facts.all().iter().find(|own| own.fact.name == path)
        {
            self.facts.insert(old.clone(), own.fact);
        }
        self.paths.insert(old, path);
    }

    /// What a fact of before is after.
    pub(super) fn fact(&self, before: &'static Fact) -> &'static Fact {
        self.facts.get(before.name).copied().unwrap_or(before)
    }

    /// A text in which each path that is now another one is that.
    pub(super) fn words(&self, text: &str) -> String {
        self.each(text, |run, _| self.path(run))
    }

    /// An address with the names of today.
    pub fn address(&self, old: &str) -> String {
        let mut address = old.to_owned();
        // What stands in something that has an old name as well has one of which this is only the beginning.
        for _ in 0..DEPTH {
            // What stands before a colon is the word of a kind.
            let word = |run: &str, behind: &str| match behind.starts_with(':') {
                true => run.to_owned(),
                false => self.path(run),
            };
            let newer = self.each(&address, word);
            if newer == address {
                break;
            }
            address = newer;
        }
        address
    }

    /// A text in which each word, which may be a path, is what is made of it and of what stands behind it.
    fn each(&self, text: &str, made: impl Fn(&str, &str) -> String) -> String {
        if self.paths.is_empty() {
            return text.to_owned();
        }
        let is_of_name = |letter: char| letter.is_alphanumeric() || "_-.".contains(letter);
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let end = rest.find(|letter: char| is_of_name(letter) != is_of_name(first)).unwrap_or(rest.len());
            let (run, behind) = rest.split_at(end);
            match is_of_name(first) {
                true => out.push_str(&made(run, behind)),
                false => out.push_str(run),
            }
            rest = behind;
        }
        out
    }

    /// A path of which the longest beginning that has another name now has that.
    fn path(&self, path: &str) -> String {
        let dots = path.match_indices('.').map(|(at, _)| at);
        let mut ends: Vec<usize> = dots.chain([path.len()]).collect();
        ends.reverse();
        let found = ends.into_iter().find_map(|end| Some((end, self.paths.get(&path[..end])?)));
        found.map_or_else(|| path.to_owned(), |(end, new)| format!("{new}{}", &path[end..]))
    }
}

//! Old names in texts: what a query or a message called something before, said with the names of after.

use super::pairs::Pairs;
use super::side::Side;
use crate::Architecture;
use crate::entity::Entity;
use crate::kinds::class;
use crate::names::family::Family;
use crate::names::old::{Part, Word, each_part, each_word, families, family_around, family_of_path};
use crate::schema::Fact;
use rustc_hash::FxHashMap;

/// The paths of what is called otherwise, or stands in something else.
#[derive(Clone, Default, Debug)]
pub struct Renamed {
    paths: FxHashMap<String, String>,
    /// The same by the family of which it is.
    of_family: FxHashMap<(Family, String), String>,
    /// Of which family is what the word of a kind calls.
    families: FxHashMap<String, Family>,
    /// The facts of the workspace's own that had another name, by that.
    facts: FxHashMap<String, &'static Fact>,
}

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
        if !renamed.paths.is_empty() {
            renamed.families = families(before.arch);
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
        let family = family_of_path(arch.resolver(), arch.declared_at(entity));
        self.of_family.insert((family, old.clone()), path.clone());
        self.paths.insert(old, path);
    }

    /// What a fact of before is after.
    pub(super) fn fact(&self, before: &'static Fact) -> &'static Fact {
        self.facts.get(before.name).copied().unwrap_or(before)
    }

    /// A text in which each path that is now another one is that.
    pub(super) fn words(&self, text: &str) -> String {
        if self.paths.is_empty() {
            return text.to_owned();
        }
        let mut out = String::with_capacity(text.len());
        each_part(text, |part| match part {
            Part::Name { name, .. } => out.push_str(&self.path(name)),
            Part::Between(words) => out.push_str(words),
        });
        out
    }

    /// An address with the names of after. Unlike in a text, of each word it is known what it names.
    pub(super) fn address(&self, address: &str) -> String {
        if self.paths.is_empty() {
            return address.to_owned();
        }
        let mut out = String::with_capacity(address.len());
        let in_family = |family: Family, path: &str| {
            with_longest(path, |end| {
                let of_part = if end < path.len() { family_around(family) } else { family };
                self.of_family.get(&(of_part, path[..end].to_owned()))
            })
        };
        each_word(&self.families, address, |word| match word {
            Word::Path { family, path } => out.push_str(&in_family(family, path)),
            Word::Step { pipeline, name } => {
                let path = in_family(Family::Step, &format!("{pipeline}.{name}"));
                out.push_str(path.rsplit('.').next().unwrap_or_default());
            }
            Word::Other(words) => out.push_str(words),
        });
        out
    }

    /// A path of which the longest beginning that has another name now has that.
    fn path(&self, path: &str) -> String {
        with_longest(path, |end| self.paths.get(&path[..end]))
    }
}

/// A path with the longest beginning that is called otherwise replaced by that; `other` tells of one that ends somewhere.
fn with_longest<'a>(path: &str, other: impl Fn(usize) -> Option<&'a String>) -> String {
    let dots = path.match_indices('.').map(|(at, _)| at);
    let mut ends: Vec<usize> = dots.chain([path.len()]).collect();
    ends.reverse();
    let found = ends.into_iter().find_map(|end| Some((end, other(end)?)));
    found.map_or_else(|| path.to_owned(), |(end, new)| format!("{new}{}", &path[end..]))
}

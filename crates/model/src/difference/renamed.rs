//! Old names in texts: what a query or a message called something before, said with the names of after.

use super::pairs::Pairs;
use super::side::Side;
use crate::Architecture;
use crate::entity::Entity;
use crate::kinds::class;
use crate::names::old::{Part, each_part};
use crate::schema::Fact;
use rustc_hash::FxHashMap;

/// The paths of what is called otherwise, or stands in something else.
#[derive(Clone, Default, Debug)]
pub struct Renamed {
    paths: FxHashMap<String, String>,
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

    /// A path of which the longest beginning that has another name now has that.
    fn path(&self, path: &str) -> String {
        let dots = path.match_indices('.').map(|(at, _)| at);
        let mut ends: Vec<usize> = dots.chain([path.len()]).collect();
        ends.reverse();
        let found = ends.into_iter().find_map(|end| Some((end, self.paths.get(&path[..end])?)));
        found.map_or_else(|| path.to_owned(), |(end, new)| format!("{new}{}", &path[end..]))
    }
}

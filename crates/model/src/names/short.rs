//! Names that stand in no file: in queries, arguments of commands and texts that are kept.

use crate::Architecture;
use crate::entity::Entity;
use crate::facets::pipelines::class::STAGE;
use crate::items::ItemRef;
use crate::names::{NotFound, split_kind};
use crate::schema::Class;
use groma_base::last_part;
use rustc_hash::FxHashSet;
use std::borrow::Cow;

impl Architecture {
    /// What a name means that stands in no file, among these classes: as [`Architecture::resolve`] from the top, or else the one
    /// thing of which it is the last part of the path, or else what has it in other letters, as in a query. What `may_be` meant goes
    /// before what may not.
    ///
    /// # Errors
    /// As those of [`Architecture::resolve`]; of several things that may be meant, just these.
    pub fn resolve_short(
        &self,
        name: &str,
        wanted: &[&'static Class],
        may_be: &dyn Fn(&Entity) -> bool,
    ) -> Result<Entity, NotFound> {
        let found = self.resolve_as_written(name, wanted, may_be);
        if !matches!(found, Err(NotFound::Nothing | NotFound::Other(_))) {
            return found;
        }
        let mut all: Vec<Entity> = Vec::new();
        for name in self.resolver().in_other_letters(name, wanted) {
            match self.resolve(None, &name, wanted) {
                Ok(one) => all.push(one),
                Err(NotFound::Several(several)) => all.extend(several),
                Err(NotFound::Nothing | NotFound::Other(_)) => {}
            }
        }
        let mut known = FxHashSet::default();
        all.retain(|one| known.insert(*one));
        if all.iter().any(may_be) {
            all.retain(may_be);
        }
        match all[..] {
            [] => found,
            [only] => Ok(only),
            _ => Err(NotFound::Several(all)),
        }
    }

    /// The same of a name in just these letters.
    fn resolve_as_written(
        &self,
        name: &str,
        wanted: &[&'static Class],
        may_be: &dyn Fn(&Entity) -> bool,
    ) -> Result<Entity, NotFound> {
        let found = self.resolve(None, name, wanted);
        let mut all = match &found {
            Ok(one) => vec![*one],
            Err(NotFound::Several(several)) => several.clone(),
            Err(_) => Vec::new(),
        };
        // A place is found by the end of its path as well, which is as short as that of anything else.
        let is_whole = |one: &Entity| !matches!(one, Entity::Place(_)) || self.path(*one) == split_kind(name).1;
        all.sort_by_key(|one| !is_whole(one));
        let whole = all.iter().filter(|one| is_whole(one)).count();
        let is_wanted =
            |at: &ItemRef| self.entity(*at).is_some_and(|entity| self.resolver().class(entity).is_in(wanted));
        let short = self.short_named(name, self.item_refs().filter(is_wanted));
        all.extend(short.into_iter().filter_map(|at| self.entity(at)));
        let mut known = FxHashSet::default();
        all.retain(|one| known.insert(*one));
        for among in [&all[..whole], &all[whole..]] {
            let meant: Vec<Entity> = among.iter().filter(|one| may_be(one)).copied().collect();
            match meant[..] {
                [] => {}
                [only] => return Ok(only),
                _ => return Err(NotFound::Several(meant)),
            }
        }
        match all[..] {
            [] => found,
            [only] => Ok(only),
            _ => Err(NotFound::Several(all)),
        }
    }

    /// Those of some things of which the last part of the path is this name.
    pub fn short_named(&self, name: &str, among: impl Iterator<Item = ItemRef>) -> Vec<ItemRef> {
        among.filter(|at| self.path_of(*at).is_some_and(|path| last_part(&path) == name)).collect()
    }

    /// The names of what something is part of and its own, joined by dots, if it has a name: also of a step of a pipeline.
    pub fn path_of(&self, at: ItemRef) -> Option<Cow<'_, str>> {
        match self.entity(at) {
            Some(Entity::Element(id)) => Some(Cow::Borrowed(&*self.element(id).path)),
            Some(entity) => Some(Cow::Owned(self.path(entity))),
            None if self.item(at).kind.is(&STAGE) => {
                let pipeline = self.items_around(at).nth(1)?;
                Some(Cow::Owned(format!("{}.{}", self.name(pipeline), self.name(at))))
            }
            None => None,
        }
    }
}

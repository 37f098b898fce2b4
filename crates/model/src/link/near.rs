//! Which elements may be meant by a name that none has.

use super::Linker;
use crate::entity::Entity;
use crate::facets::structure::{Element, ElementId};
use crate::items::ItemRef;
use crate::names::split_kind;
use groma_base::{MOST_NEAR, Range, is_same_but_for_capitals, last_part, nearest, only_meant};

/// A way to find what may be meant by a name in a scope.
type Way = fn(&Linker, Option<ElementId>, &str) -> Vec<ElementId>;

/// The ways to find what may be meant by a name, the most certain first.
const WAYS: [Way; 5] =
    [Linker::in_other_letters, Linker::titled, Linker::near_beside, Linker::called_so_or_near, Linker::near_anywhere];

/// In how many wholes what has a path is.
pub(super) fn depth(path: &str) -> usize {
    path.matches('.').count()
}

/// Those of some elements that are called nearest to a name, the nearest first.
fn called_nearest<'n>(name: &str, called: impl Iterator<Item = (ElementId, &'n str)> + Clone) -> Vec<ElementId> {
    let near = nearest(name, called.clone().map(|(_, called)| called));
    let place = |called: &str| near.iter().position(|near| *near == called);
    let mut found: Vec<(usize, ElementId)> = called.filter_map(|(id, called)| Some((place(called)?, id))).collect();
    found.sort_unstable();
    found.into_iter().map(|(_, id)| id).take(MOST_NEAR).collect()
}

impl Linker {
    /// Takes back the correction of a name at one end of an arrow that would lead from the other end to a part of it, or to what it is part of:
    /// no arrow does.
    pub(crate) fn takes_no_part_of(&mut self, other: ElementId, (at, name): (ItemRef, Range)) {
        let text = name.of(&self.files.file(at).text).to_owned();
        let Some((finding, Entity::Element(meant))) = self.problems.meant_by((at.file, &text)) else { return };
        let is_around =
            |one, other| std::iter::successors(Some(one), |id| self.linked.elements[*id].parent).any(|id| id == other);
        if is_around(meant, other) || is_around(other, meant) {
            self.problems.found[finding].fixes.clear();
        }
    }

    /// At most [`MOST_NEAR`] elements that may be meant by a name that none has, by the first way that finds any.
    pub(super) fn near_elements(&mut self, scope: Option<ElementId>, name: &str) -> Vec<ElementId> {
        let (scope, name) = name.strip_prefix('.').map_or((scope, name), |name| (None, name));
        // The word before a colon may be what is wrong.
        if let (Some(_), bare) = split_kind(name) {
            return self.resolver().element(scope, bare).into_iter().collect();
        }
        self.problems.compares(self.linked.elements.len());
        let found = WAYS.iter().map(|way| way(self, scope, name));
        found.into_iter().find(|found| !found.is_empty()).unwrap_or_default()
    }

    /// The elements with a name: what has none cannot be meant by one.
    fn named_elements(&self) -> impl Iterator<Item = (ElementId, &Element)> + Clone {
        self.linked.elements.entries().filter(|(_, element)| !last_part(&element.path).is_empty())
    }

    /// Those with this path but for capitals, in the innermost scope that has any.
    fn in_other_letters(&self, scope: Option<ElementId>, name: &str) -> Vec<ElementId> {
        let mut scope = scope;
        loop {
            let path = scope.map_or(name.to_owned(), |scope| format!("{}.{name}", self.linked.elements[scope].path));
            let found = self.named_elements().filter(|(_, element)| is_same_but_for_capitals(&path, &element.path));
            let found: Vec<ElementId> = found.map(|(id, _)| id).take(MOST_NEAR).collect();
            let Some(inside) = scope.filter(|_| found.is_empty()) else { return found };
            scope = self.linked.elements[inside].parent;
        }
    }

    /// Those with this title in letters of either case, in just these letters first.
    fn titled(&self, _: Option<ElementId>, name: &str) -> Vec<ElementId> {
        let lower = name.to_lowercase();
        let titled = self.named_elements().filter(|(_, element)| self.has_title(element.at, &lower));
        let mut found: Vec<ElementId> = titled.map(|(id, _)| id).collect();
        found.sort_by_key(|id| self.files.label(self.linked.elements[*id].at) != Some(name));
        found.truncate(MOST_NEAR);
        found
    }

    /// Whether something has a title, given in small letters, in letters of either case.
    fn has_title(&self, at: ItemRef, lower: &str) -> bool {
        self.files.label(at).is_some_and(|title| title.to_lowercase() == lower)
    }

    /// Those that are called nearly so where the last part of a name would be looked for first: in what the rest of it names, or
    /// in the scope.
    fn near_beside(&self, scope: Option<ElementId>, name: &str) -> Vec<ElementId> {
        let around = match name.rsplit_once('.') {
            Some((whole, _)) => self.resolver().element(scope, whole),
            None => scope,
        };
        if around.is_none() {
            return Vec::new();
        }
        let beside = self.named_elements().filter(|(_, element)| element.parent == around);
        called_nearest(last_part(name), beside.map(|(id, element)| (id, last_part(&element.path))))
    }

    /// Those with the same last part elsewhere, and then those with a near path of as many parts: what is called just so elsewhere
    /// comes before what is only called nearly so here.
    fn called_so_or_near(&self, _: Option<ElementId>, name: &str) -> Vec<ElementId> {
        let last = last_part(name);
        let mut found = self.elsewhere(name, |called| called == last);
        let as_deep = self.named_elements().filter(|(_, element)| depth(&element.path) == depth(name));
        let near = called_nearest(name, as_deep.map(|(id, element)| (id, &*element.path)));
        // Of those the one with a near path as well: what is around it may be what is misspelt.
        found.sort_by_key(|id| !near.contains(id));
        found.extend(near.into_iter().filter(|id| !found.contains(id)).collect::<Vec<ElementId>>());
        found.truncate(MOST_NEAR);
        found
    }

    /// Those whose last part is near to a name of one part, wherever they are.
    fn near_anywhere(&self, _: Option<ElementId>, name: &str) -> Vec<ElementId> {
        if depth(name) > 0 {
            return Vec::new();
        }
        let near = nearest(name, self.named_elements().map(|(_, element)| last_part(&element.path)));
        self.elsewhere(name, |called| near.contains(&called))
    }

    /// Those whose last part fits, but for what is in that which has the name.
    fn elsewhere(&self, name: &str, fits: impl Fn(&str) -> bool) -> Vec<ElementId> {
        let is_inside = |path: &str| path.strip_prefix(name).is_some_and(|rest| rest.starts_with('.'));
        let fitting = |path: &str| fits(last_part(path)) && !is_inside(path);
        let found = self.named_elements().filter(|(_, element)| fitting(&element.path));
        found.map(|(id, _)| id).take(MOST_NEAR).collect()
    }

    /// The one of the near elements that a name certainly means: its path from further out, its title, or one that differs by a slip.
    pub(super) fn element_meant(&self, scope: Option<ElementId>, name: &str, near: &[ElementId]) -> Option<ElementId> {
        let path = |id: ElementId| &*self.linked.elements[id].path;
        let (word, bare) = split_kind(name);
        if let [only] = near {
            let is_whole =
                path(*only).strip_suffix(bare).is_some_and(|around| around.is_empty() || around.ends_with('.'));
            let is_title = || self.has_title(self.linked.elements[*only].at, &name.to_lowercase());
            let is_in_group = || last_part(path(*only)) == last_part(name) && self.group_in(scope, name).is_some();
            if is_whole || is_in_group() || word.is_none() && is_title() {
                return Some(*only);
            }
        }
        // As many parts of the path as there are in the name.
        let depth = depth(bare);
        let tail =
            |id: ElementId| path(id).rmatch_indices('.').nth(depth).map_or(path(id), |(at, _)| &path(id)[at + 1..]);
        let tails: Vec<&str> = near.iter().map(|id| tail(*id)).collect();
        let meant = only_meant(bare, &tails)?;
        near.iter().copied().find(|id| tail(*id) == meant)
    }
}

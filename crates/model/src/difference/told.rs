//! What tells a declaration without a name from those beside it.

use super::Guess;
use super::side::written_ends;
use super::values::Both;
use crate::entity::Entity;
use crate::items::ItemRef;
use rustc_hash::FxHashMap;

/// The declarations that are the same before and after, and those that have no other.
#[derive(Default)]
pub(super) struct Parts {
    pub(super) pairs: Vec<(ItemRef, ItemRef)>,
    pub(super) removed: Vec<ItemRef>,
    pub(super) added: Vec<ItemRef>,
    /// Those of the pairs that stand elsewhere in the order of a flow.
    pub(super) moved: Vec<ItemRef>,
    /// How likely pairs are that are guesses, by what is after.
    pub(super) guesses: FxHashMap<ItemRef, Guess>,
}

/// A name in a declaration that has none of its own.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Word<'a> {
    /// What it means, by what that is after.
    Thing(Entity),
    /// What it means, if that is only there before.
    Gone(Entity),
    Text(&'a str),
}

/// What tells a declaration from those beside it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct Ident<'a> {
    pub(super) kind: &'static str,
    pub(super) names: [Word<'a>; 2],
}

/// A declaration with what tells it from others.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct Told<'a> {
    pub(super) ident: Ident<'a>,
    pub(super) label: Option<&'a str>,
}

impl<'a> Both<'a> {
    /// What tells a declaration before from others.
    pub(super) fn told_before(&self, at: ItemRef) -> Told<'a> {
        let thing = |entity: Entity| self.pairs.after(entity).map_or(Word::Gone(entity), Word::Thing);
        let arch = self.before.arch;
        let names = self.before.ends(at).map(|end| end.map(thing));
        told(arch, at, names)
    }

    /// Whether an end of two arrows, or what their heads name, is the same. What is written alike and means something on one side only
    /// says the same.
    pub(super) fn same_end(&self, before: ItemRef, after: ItemRef, nth: usize) -> bool {
        match (self.before.ends(before)[nth], self.after.ends(after)[nth]) {
            (Some(old), Some(new)) => self.pairs.after(old) == Some(new),
            _ => written_ends(self.before.arch, before)[nth] == written_ends(self.after.arch, after)[nth],
        }
    }

    /// What tells a declaration after from others.
    pub(super) fn told_after(&self, at: ItemRef) -> Told<'a> {
        let names = self.after.ends(at).map(|end| end.map(Word::Thing));
        told(self.after.arch, at, names)
    }
}

/// What tells a declaration from others by what is written in it alone.
pub(super) fn told_as_written(arch: &crate::Architecture, at: ItemRef) -> Told<'_> {
    told(arch, at, [None, None])
}

fn told<'a>(arch: &'a crate::Architecture, at: ItemRef, names: [Option<Word<'a>>; 2]) -> Told<'a> {
    let (item, written) = (arch.item(at), written_ends(arch, at));
    let name = |nth: usize| names[nth].unwrap_or(Word::Text(written[nth]));
    Told { ident: Ident { kind: item.kind.word(), names: [name(0), name(1)] }, label: arch.label(at) }
}

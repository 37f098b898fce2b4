//! A name without the word of its kind before it, `balancer "Load balancer"`, and which of several near kinds is meant.

use super::{Decoder, Facts, UNKNOWN_WORD};
use crate::items::ItemId;
use crate::kinds;
use crate::schema::{Fact, Head, Kind};
use crate::write::is_name;
use groma_base::list_words;
use groma_syntax::{NodeId, WordKind};

/// So many kinds are named that may be meant.
const MOST_KINDS: usize = 3;

/// The kinds that are meant most, which are named before others.
const USUAL: [&str; 4] = ["service", "database", "component", "system"];

/// The one of some kinds that a name and a title say: `db "Data"`, `store "Shop database"`.
fn kind_said<'n>(name: &str, title: &str, kinds: &[&'n str]) -> Option<&'n str> {
    let title = title.to_lowercase();
    let mut words = title.split(|letter: char| !letter.is_alphanumeric());
    let called = |word: &str| kinds.iter().copied().find(|kind| *kind == word);
    kinds::other_name(name).and_then(called).or_else(|| words.find_map(called))
}

impl Decoder<'_> {
    /// Whether a node is a name with its title, without the word of its kind before it: something else names it.
    pub(super) fn lacks_kind(&self, id: NodeId) -> bool {
        let name = self.tree.node(id).name;
        let is_bare = name.kind == WordKind::Bare && is_name(self.source(name.range()));
        self.seeks_slips && is_bare && self.title_of(id).is_some() && self.is_used_as_name(self.source(name.range()))
    }

    /// `data "Data layer" technology=SQL`: whether what begins as a fact does is the name of something, without the word of its kind.
    pub(super) fn is_name_and_no_fact(&self, id: NodeId, fact: &Fact) -> bool {
        let is_part = |key: &str| fact.part(key).is_some() || fact.part_also_called(key).is_some();
        let mut keyed = self.tree.entries(id).iter().filter(|entry| entry.key.is_some());
        self.seeks_slips && keyed.any(|entry| !is_part(&self.tree.string(entry.key))) && self.lacks_kind(id)
    }

    /// Reports a name without the word of its kind. Whether it was one.
    pub(super) fn name_without_kind(
        &mut self,
        id: NodeId,
        word: &str,
        parent: Option<ItemId>,
        owner: Option<&'static Kind>,
    ) -> bool {
        let Some(title) = self.title_of(id).filter(|_| self.lacks_kind(id)) else { return false };
        let title = self.source(title.range()).to_owned();
        let may_be = |kind: &&'static Kind| matches!(kind.head, Head::Named) && kind.may_stand_in(owner);
        let names: Vec<&str> =
            kinds::all().filter(may_be).filter(|kind| self.takes_all(id, kind)).map(|kind| kind.name).collect();
        let help = match (&names[..], kind_said(word, &title, &names)) {
            ([], _) => return false,
            (&[only], _) | (_, Some(only)) => format!("write `{only} {word} {title}`"),
            (several, None) => {
                let usual = USUAL.iter().copied().filter(|usual| several.contains(usual));
                let others = several.iter().copied().filter(|kind| !USUAL.contains(kind));
                let first: Vec<&str> = usual.chain(others).take(MOST_KINDS).collect();
                format!("write `kind {word} {title}`, with the kind that is meant, such as {}", list_words(first, "or"))
            }
        };
        let place = owner.map_or(String::new(), |owner| format!(" in `{}`", self.called(parent, owner)));
        let node = *self.tree.node(id);
        let message = format!("the kind of `{word}` is missing before it{place}");
        self.report(UNKNOWN_WORD, node.name.range(), message).help.push(help);
        self.lost.push(node.range());
        true
    }

    /// Whether things of a kind may have all facts on the line of a node.
    pub(super) fn takes_all(&self, id: NodeId, kind: &'static Kind) -> bool {
        let facts = Facts::Of(kind, self.own, kind.name);
        let mut keyed = self.tree.entries(id).iter().filter(|entry| entry.key.is_some());
        keyed.all(|entry| facts.called(&self.tree.string(entry.key)).is_some())
    }

    /// The words near to one that is none, without the kinds that cannot have what is said on its line, if others can.
    pub(super) fn those_that_fit(&self, id: NodeId, near: Vec<&'static str>) -> Vec<&'static str> {
        let fits = |word: &&'static str| kinds::by_name(word).is_none_or(|kind| self.takes_all(id, kind));
        let fitting: Vec<&'static str> = near.iter().copied().filter(fits).collect();
        if fitting.is_empty() { near } else { fitting }
    }
}

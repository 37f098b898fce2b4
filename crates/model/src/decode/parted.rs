//! `flow=place order`: a name of several words, where one is asked for. It is read as one name; what is said of it is known where
//! names are.

use super::{Decoder, Facts, UNTITLED};
use crate::schema::{Fact, Head, Kind, Type};
use crate::write::is_name;
use groma_base::Range;
use groma_syntax::{Entry, NodeId, Word, WordKind};

impl Decoder<'_> {
    /// The name of several words that is the value of a property of a node, if it can be nothing else.
    pub(super) fn parted_property(&mut self, id: NodeId, nth: usize, facts: Facts<'_>) {
        let entries = self.tree.entries(id);
        let is_other = |entry: &Entry| match facts {
            Facts::Of(kind, ..) => !has_title(kind, entries) || self.bare_choice(entry, kind).is_some(),
            Facts::PartsOf(fact) => {
                let has_value = entries[..nth].iter().any(|entry| !entry.key.is_some());
                self.bare_choice_of_part(entry, fact).is_some()
                    || may_take(fact, self.source(entry.value.range()), has_value)
            }
        };
        let is_fact = |entry: &Entry| {
            let word = self.source(entry.value.range());
            facts.called(word).is_some() || facts.flag_meant(word).is_some()
        };
        let more = self.words_of_name(&entries[nth + 1..], |entry| is_fact(entry) || is_other(entry));
        self.read_as_one(&entries[nth..], more);
    }

    /// The same of the value of a fact in a block.
    pub(super) fn parted_fact(&mut self, id: NodeId, fact: &'static Fact) {
        let entries = self.tree.entries(id);
        let [first, rest @ ..] = entries else { return };
        if fact.many || !matches!(fact.ty, Type::Reference(_)) || self.words_of_name(&[*first], |_| false) == 0 {
            return;
        }
        let is_part = |entry: &Entry| {
            let word = self.source(entry.value.range());
            fact.part(word).is_some() || self.bare_choice_of_part(entry, fact).is_some()
        };
        let more = self.words_of_name(rest, is_part);
        self.read_as_one(entries, more);
    }

    /// The same of the name of another thing on the line of a node, `instance shop db`, where that is named as `shop.db` or `db` elsewhere.
    pub(super) fn parted_head(&mut self, id: NodeId, kind: &'static Kind) {
        let names_other = matches!(kind.head, Head::Value(fact) if !fact.ty.names().is_empty());
        let [first, second, ..] = self.tree.entries(id) else { return };
        if !self.seeks_slips || !names_other || !kind.class.is_in(UNTITLED) || first.key.is_some() {
            return;
        }
        let is_fact = |entry: &Entry| self.facts_of(id, kind).called(self.source(entry.value.range())).is_some();
        let are_path = || self.are_path(first.value.range(), second.value.range());
        if self.words_of_name(&[*second], is_fact) == 1 && are_path() {
            self.read_as_one(self.tree.entries(id), 1);
        }
    }

    /// How many of some words may go on with a name.
    fn words_of_name(&self, entries: &[Entry], is_other: impl Fn(&Entry) -> bool) -> usize {
        let is_word = |entry: &&Entry| {
            let range = entry.value.range();
            let is_bare = !entry.key.is_some() && entry.value.kind == WordKind::Bare && is_name(self.source(range));
            is_bare && self.spoiled_at(range.start).is_none() && !is_other(entry)
        };
        entries.iter().take_while(is_word).count()
    }

    /// Reads the first of some words and so many behind it as one.
    fn read_as_one(&mut self, entries: &[Entry], more: usize) {
        let [first, second, ..] = &entries[..=more] else { return };
        let (start, end) = (first.value.range().start, entries[more].value.range().end);
        let are_beside = entries[..=more]
            .windows(2)
            .all(|pair| self.is_spaced(pair[0].value.range().end, pair[1].value.range().start));
        if first.value.kind == WordKind::Bare && are_beside && self.spoiled_at(start).is_none() {
            self.parted.insert(start, end);
            // What begins before it, a space, stands for it: it is passed over.
            self.spoil(Range::new(second.value.range().start - 1, end));
        }
    }

    /// A value as it is read: with the words behind it that are the same name.
    pub(super) fn whole_value(&self, word: Word) -> Range {
        let range = word.range();
        self.parted.get(&range.start).map_or(range, |end| Range::new(range.start, *end))
    }
}

/// Whether a node has a title already, so that no further word is one.
fn has_title(kind: &Kind, entries: &[Entry]) -> bool {
    let is_text = |entry: &Entry| !entry.key.is_some() && entry.value.kind == WordKind::Quoted;
    kind.class.is_in(UNTITLED) || matches!(kind.head, Head::Value(_)) || entries.iter().any(is_text)
}

/// Whether a word may be a further value of a fact.
fn may_take(fact: &Fact, word: &str, has_value: bool) -> bool {
    let takes_more = fact.many || !has_value;
    takes_more
        && match fact.ty {
            Type::OneOf(words) => words.iter().any(|(known, _)| *known == word),
            _ => fact.ty.dimension().is_none(),
        }
}

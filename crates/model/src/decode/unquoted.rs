//! Texts of several words without quotes: each is told once, as far as it is certain to go.

use super::{Arguments, Decoder, Facts, UNKNOWN_WORD, UNTITLED, WRONG_VALUE, arrows, heads, is_number, order};
use crate::facts;
use crate::misplaced;
use crate::schema::{Fact, Kind, Type};
use crate::write::{is_arrow, is_name, quoted};
use groma_base::Range;
use groma_syntax::{Entry, NodeId, WordKind};

impl Decoder<'_> {
    /// A text of several words without quotes, as the value of a property.
    pub(super) fn unquoted_properties(&mut self, id: NodeId, facts: Facts<'_>) {
        if !self.seeks_slips {
            return;
        }
        let tree = self.tree;
        let entries = tree.entries(id);
        for (at, entry) in entries.iter().enumerate().filter(|(_, entry)| entry.key.is_some()) {
            let next = entries.get(at + 1);
            if next.is_some_and(|next| next.key.is_some()) {
                continue;
            }
            let fact = facts.called(&tree.string(entry.key));
            match fact.map(|fact| fact.ty) {
                Some(Type::Reference(_)) => self.parted_property(id, at, facts),
                Some(Type::Text | Type::TextOrName(_))
                    if !next.is_some_and(|next| self.flag_after_value(next, facts)) =>
                {
                    // A description is a sentence, and the other texts are names of things.
                    self.unquoted(id, &entries[at..], Some(facts), fact != Some(&facts::DESCRIPTION));
                }
                _ => {}
            }
        }
    }

    /// `protocol=HTTPS idempotents`: a yes-or-no fact with a slip of the pen, which is no word of the value before it. Whether it was one.
    fn flag_after_value(&mut self, entry: &Entry, facts: Facts<'_>) -> bool {
        let range = entry.value.range();
        let word = self.source(range);
        let is_known = || facts.called(word).is_some();
        if entry.value.kind != WordKind::Bare || self.spoiled_at(range.start).is_some() || is_known() {
            return false;
        }
        let (Some(meant), word) = (facts.flag_meant(word), word.to_owned()) else { return false };
        self.no_flag(range, &word, meant);
        // What begins before it, a space, stands for it: it is passed over.
        self.spoil(Range::new(range.start - 1, range.end));
        true
    }

    pub(super) fn no_flag(&mut self, range: Range, word: &str, meant: &str) {
        self.slip(UNKNOWN_WORD, range, format!("`{word}` is not a fact here"), Some(meant.to_owned()));
    }

    /// Reports the text without quotes that begins here, if it has several words. That a value goes on with the word after it is certain only
    /// if that is a number, is written with a capital, or is one of several.
    fn unquoted(&mut self, id: NodeId, entries: &[Entry], facts: Option<Facts>, is_value: bool) -> bool {
        let first = &entries[0];
        if !self.is_plain(first) || self.spoiled_at(first.value.range().start).is_some() {
            return false;
        }
        let more = self.words_of_text(&entries[1..], facts);
        // A fact whose `=` was forgotten, rather than the second word of a text.
        let is_fact = || entries.get(1).is_some_and(|next| self.fact_of(facts, next).is_some());
        let last = entries[more].value;
        let is_all = more + 1 == entries.len();
        let behind = Some(last.range().end).filter(|_| is_all).and_then(|end| self.behind_semicolon(id, end));
        if more == 0 && (is_value || behind.is_none()) || matches!(more, 1 | 2) && is_fact() {
            return false;
        }
        let whole = first.value.range().cover(behind.unwrap_or(last.range()));
        let text = self.source(whole);
        if text.contains(['\n', '\\', '"']) || text.contains("/*") {
            return false;
        }
        let meant = quoted(text);
        let word = self.source(last.range()).to_owned();
        let is_list = self.source(first.value.range()).ends_with(',');
        let is_certain = !is_value || is_list || more > 1 || behind.is_some();
        let goes_on = is_certain || last.kind != WordKind::Bare || word.starts_with(char::is_uppercase);
        self.spoil(whole);
        // What stands behind it is read once the text has its quotes.
        self.lost.extend(behind.and_then(|words| self.block_behind(id, words)));
        match goes_on {
            true => {
                self.said.insert(whole.start, whole);
                self.slip(WRONG_VALUE, whole, "a text of several words needs quotes", Some(meant));
            }
            false => {
                let finding = self.report(WRONG_VALUE, last.range(), format!("`{word}` is not a fact here"));
                finding
                    .help
                    .push(format!("write facts as `name=value`; if it belongs to the text before it, write `{meant}`"));
            }
        }
        true
    }

    /// The fact that a word names, perhaps with a colon, as YAML has it.
    fn fact_of(&self, facts: Option<Facts>, entry: &Entry) -> Option<&'static Fact> {
        let text = self.source(entry.value.range());
        facts?.called(text.strip_suffix(':').unwrap_or(text))
    }

    /// How many of some words may go on with a text: none that says yes to a fact, and none that is a fact with its number behind it.
    fn words_of_text(&self, entries: &[Entry], facts: Option<Facts>) -> usize {
        let is_word = |nth: &usize| {
            let entry = &entries[*nth];
            let has_number = || entries.get(*nth + 1).is_some_and(|next| !next.key.is_some() && is_number(next));
            let is_fact = self.fact_of(facts, entry).is_some_and(|fact| match fact.ty {
                Type::Bool => true,
                ty => ty.dimension().is_some() && has_number(),
            });
            let is_word = !entry.key.is_some() || self.is_no_fact(facts, entry);
            is_word && self.is_plain(entry) && !is_fact && self.spoiled_at(entry.range().start).is_none()
        };
        (0..entries.len()).take_while(is_word).count()
    }

    /// Where a text goes on behind a `;`, which ends its node: as long as words stand there, on the same line, that mean nothing. Facts may
    /// follow them, and a block.
    fn behind_semicolon(&self, id: NodeId, end: u32) -> Option<Range> {
        let tree = self.tree;
        let (mut end, mut last) = (end, None);
        let count = tree.node_count() as u32;
        let behind = (id.0 + 1..count).map(NodeId).take_while(|_| tree.node(id).block.is_none());
        for next in behind {
            let node = tree.node(next);
            let between = self.source(Range::new(end, node.name.range().start));
            let words = self.words_of_text(tree.entries(next), None);
            let rest = &tree.entries(next)[words..];
            let are_facts = rest.iter().all(|entry| entry.key.is_some());
            if between.trim_matches([' ', '\t']) != ";" || !are_facts || !self.means_nothing(next) {
                break;
            }
            let whole = tree.entries(next)[..words]
                .last()
                .map_or(node.name.range(), |last| node.name.range().cover(last.range()));
            (end, last) = (whole.end, Some(whole));
            if !rest.is_empty() || !node.block.is_none() {
                break;
            }
        }
        last
    }

    /// Whether the first word of a node is neither a kind nor a fact, nor nearly one, and no arrow follows.
    pub(super) fn means_nothing(&self, id: NodeId) -> bool {
        let node = self.tree.node(id);
        let is_sign = |entry: &Entry| self.source(entry.value.range()).contains("->");
        let has_sign = self.tree.entries(id).iter().any(is_sign);
        let word = self.source(node.name.range());
        let is_own = || self.own.has_kind(word) || self.own.all().iter().any(|own| own.fact.is_called(word));
        node.name.kind == WordKind::Bare && !has_sign && !misplaced::is_near(word) && !is_own()
    }

    /// The block of the node, behind this one, in which a text ends.
    fn block_behind(&self, id: NodeId, words: Range) -> Option<Range> {
        let behind = (id.0 + 1..self.tree.node_count() as u32).map(|id| *self.tree.node(NodeId(id)));
        let mut ended = behind.take_while(|node| node.name.range().start < words.end);
        ended.find(|node| !node.block.is_none()).map(|node| node.block)
    }

    /// Whether a node was told as a part of a text.
    pub(super) fn is_in_text(&self, id: NodeId) -> bool {
        !self.spoiled.is_empty() && self.spoiled_at(self.tree.node(id).name.range().start).is_some()
    }

    /// The values of a node, from one of its entries on, once a title of several words without quotes is told; where there is a title,
    /// it is the value with this number.
    pub(super) fn with_one_title(&mut self, id: NodeId, from: usize, nth: usize, kind: &'static Kind) -> Arguments {
        let arguments = self.arguments(id, from);
        if !self.seeks_slips {
            return arguments;
        }
        let told = self.problems.len();
        self.unquoted_title(id, arguments.get(nth), kind);
        if self.problems.len() == told { arguments } else { self.arguments(id, from) }
    }

    /// A title of several words without quotes. It begins with this entry, if it has one.
    fn unquoted_title(&mut self, id: NodeId, title: Option<&Entry>, kind: &'static Kind) {
        let may_begin = |title: &&Entry| title.value.kind == WordKind::Bare || self.is_sign_of_text(title);
        let Some(title) = title.filter(may_begin) else { return };
        let tree = self.tree;
        let entries = tree.entries(id);
        let at = entries.iter().position(|entry| entry.value.range() == title.value.range());
        let text = self.source(title.value.range());
        let facts = self.facts_of(id, kind);
        if facts.called(text).is_some() || self.bare_choice(title, kind).is_some() || kind.class.is_in(UNTITLED) {
            return;
        }
        if text.strip_suffix(':').is_some_and(|text| facts.called(text).is_some()) || order::is_plus_minus(text) {
            return;
        }
        if text == ":" || is_arrow(text) || arrows::is_other_sign(text) {
            return;
        }
        if let Some(at) = at.filter(|at| at + 1 < entries.len()) {
            self.unquoted(id, &entries[at..], Some(facts), false);
        }
    }

    /// A text of several words without quotes, or a query of several, as the value of a fact in a block.
    pub(super) fn unquoted_fact(&mut self, id: NodeId, fact: &'static Fact) {
        let tree = self.tree;
        let entries = tree.entries(id);
        // What stands before an `=` is told as that.
        if entries.first().is_some_and(|first| first.key.is_some()) {
            return;
        }
        let is_joined = |entry: &Entry| matches!(self.source(entry.value.range()), "and" | "or" | "not");
        let may_be = match fact.ty {
            Type::Text | Type::TextOrName(_) => !fact.many || fact.is_prose,
            Type::Query => entries.iter().any(is_joined),
            Type::Bool
            | Type::Whole
            | Type::Number
            | Type::Amount
            | Type::Duration
            | Type::Ratio
            | Type::Rate
            | Type::MoneyPerTime
            | Type::Size
            | Type::Quantity
            | Type::Reference(_)
            | Type::OneOf(_)
            | Type::Date => false,
        };
        if may_be && (entries.len() > 1 || fact.is_prose && !entries.is_empty()) {
            self.unquoted(id, entries, None, false);
        }
    }

    /// Whether a value may be a word of a text without quotes.
    fn is_plain(&self, entry: &Entry) -> bool {
        matches!(entry.value.kind, WordKind::Bare | WordKind::Number | WordKind::Quantity)
            || self.is_sign_of_text(entry)
    }

    /// Whether a word cannot be read as it has a sign that stands in texts: `#1`, `{id}`.
    fn is_sign_of_text(&self, entry: &Entry) -> bool {
        let word = self.source(entry.value.range());
        entry.value.kind == WordKind::Broken && word.starts_with(['#', '{']) && !word.contains('"')
    }

    /// Whether what looks like a property is none that there is anywhere, nor nearly one: in a text, `x=1` is a word.
    fn is_no_fact(&self, facts: Option<Facts>, entry: &Entry) -> bool {
        let key = self.source(entry.key.range());
        let is_called = || facts.is_some_and(|facts| facts.called(key).is_some());
        let is_own = || self.own.all().iter().any(|own| own.fact.is_called(key));
        is_name(key) && !misplaced::is_near(key) && !heads::is_key(key) && !is_called() && !is_own()
    }
}

//! What stands twice where once says it all: words, facts and whole lines.

use super::{Decoder, Gathered, REPEATED_FACT, UNTITLED, WRONG_VALUE, arrow_kind, holds, range_of};
use crate::facts::failure::AT;
use crate::items::{FactValue, Text, Value};
use crate::kinds;
use crate::kinds::class;
use crate::schema::{Class, Fact, Head, Kind, Type};
use crate::write::is_name;
use groma_base::{Label, Quantity, Range, Span};
use groma_syntax::{Entry, NodeId, WordKind};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

/// What says nothing if it stands in a block a second time, or in its first line what could say it.
const SAID_ONCE: &[&Class] =
    &[&class::TRANSITION, &class::CONNECTION, &class::NOTE, &class::INCLUDE, &class::INSTANCE, &class::RULE_SETTING];

/// Whether a name can stand but once in what a fact says: it says something of each, and nothing that happens at a time.
fn names_once(fact: &Fact) -> bool {
    let is_name = fact.many && matches!(fact.ty, Type::Reference(_));
    is_name && fact.parts.iter().all(|part| part.ty != Type::Duration)
}

/// Whether a fact says what happens to something at a time, wholly or not at all.
fn begins(fact: &Fact) -> bool {
    let is_how_much = |part: &&Fact| matches!(part.ty, Type::Number | Type::Ratio);
    fact.parts.contains(&&AT) && !fact.parts.iter().any(is_how_much)
}

impl Decoder<'_> {
    /// Reports a word that stands twice, right behind itself. What it says is read once.
    pub(super) fn twice(&mut self, before: Range, word: Range) {
        let text = self.source(word).to_owned();
        let span = self.span(Range::new(before.end, word.end));
        self.spoil(Range::new(word.start - 1, word.end));
        let shown = text.trim_matches('"');
        let finding = self.report(WRONG_VALUE, word, format!("`{shown}` stands here twice"));
        finding.add_removal(span);
    }

    /// Looks for words of a node that stand twice: values, and the value of a property again behind it.
    pub(super) fn words_twice(&mut self, id: NodeId) {
        let tree = self.tree;
        // Where the word stands before them as well it is told there: one of the three is too much.
        if self.kind_twice(id) {
            return;
        }
        for (nth, pair) in tree.entries(id).windows(2).enumerate() {
            let (before, after) = (pair[0].value.range(), pair[1].value.range());
            self.key_twice(id, nth);
            let is_short = before.end - before.start == after.end - after.start && !pair[1].key.is_some();
            if is_short && self.source(before) == self.source(after) && pair[1].value.kind != WordKind::Broken {
                let is_arrow = matches!(self.source(after), "-" | "--" | "->" | "-->");
                if !is_arrow && self.is_spaced(before.end, after.start) {
                    self.twice(before, after);
                }
            }
        }
    }

    /// `… time time=5ms`: the key of a property that stands before it as well. What comes first on a line, or behind an arrow, may be a name.
    fn key_twice(&mut self, id: NodeId, nth: usize) {
        let entries = self.tree.entries(id);
        let (before, next) = (entries[nth].value, entries[nth + 1].key);
        let is_arrow = |entry: &Entry| matches!(self.source(entry.value.range()), "->" | "-->");
        let is_name = nth == 0 || is_arrow(&entries[nth - 1]);
        let is_again = || self.source(before.range()) == self.source(next.range());
        if is_name || !next.is_some() || before.kind != WordKind::Bare || !is_again() {
            return;
        }
        let (word, span) = (before.range(), self.span(Range::new(before.range().start, next.range().start)));
        if entries[nth].key.is_some() || !self.is_spaced(word.end, next.range().start) {
            return;
        }
        self.spoil(Range::new(word.start - 1, word.end));
        let finding =
            self.report(WRONG_VALUE, next.range(), format!("`{}` stands here twice", word.of(&self.tree.text)));
        finding.add_removal(span);
    }

    /// `quality quality fast "Fast"`: the kind of a node again, before its name. Whether it is so.
    fn kind_twice(&mut self, id: NodeId) -> bool {
        let tree = self.tree;
        let (name, entries) = (tree.node(id).name, tree.entries(id));
        let Some(first) = entries.first() else { return false };
        let is_value = |entry: &&Entry| !entry.key.is_some() && entry.value.kind.is_string();
        let is_again = is_value(&first) && self.source(first.value.range()) == self.source(name.range());
        if !is_again || !self.is_spaced(name.range().end, first.value.range().start) {
            return false;
        }
        let Some(kind) = kinds::by_name(self.source(name.range())) else { return false };
        let next = entries.get(1).filter(is_value);
        let is_bare = |entry: &Entry| entry.value.kind == WordKind::Bare;
        let is_bare_name = || next.is_some_and(|next| is_bare(next) && is_name(self.source(next.value.range())));
        let is_titled = || entries.get(2).filter(is_value).is_some_and(|third| !is_bare(third));
        let is_twice = match kind.head {
            // Its own name may be that of its kind: `cache cache "Cache"`.
            Head::Named => is_bare_name() && is_titled(),
            Head::Value(fact) if fact.ty.dimension().is_some() => true,
            // A cache may be called `miss`: `miss miss "Not there"`.
            Head::Value(_) => next.is_some_and(|next| is_bare(next) || kind.class.is_in(UNTITLED)),
            // No title says what its kind says.
            Head::Title | Head::Perhaps(_) => true,
            Head::Arrow => false,
        };
        if is_twice {
            self.twice(name.range(), first.value.range());
        }
        is_twice
    }

    /// `rate-limit rate-limit 100/min`: a fact that is named twice. What it names may be called as it is.
    pub(super) fn fact_twice(&mut self, id: NodeId, fact: &'static Fact) {
        let tree = self.tree;
        let name = tree.node(id).name.range();
        let values: SmallVec<[&Entry; 3]> =
            tree.entries(id).iter().filter(|entry| !entry.key.is_some()).take(3).collect();
        let Some(first) = values.first().map(|first| first.value.range()) else { return };
        if self.source(first) != self.source(name) || !self.is_spaced(name.end, first.start) {
            return;
        }
        let is_text = |entry: &Entry| entry.value.kind.is_string() && entry.value.kind != WordKind::Bare;
        let is_twice = match (fact.ty, values.get(1)) {
            (Type::Bool, _) => true,
            (_, None) => false,
            // `owner owner core`: one name is asked for, and two words stand there.
            (Type::Reference(_) | Type::TextOrName(_) | Type::Text, Some(_)) if !fact.many => values.len() == 2,
            (Type::TextOrName(_) | Type::Text, Some(next)) => is_text(next),
            // Whether it names something is known where names are.
            (Type::Reference(_), Some(_)) => false,
            _ => true,
        };
        if is_twice {
            self.twice(name, first);
        }
    }

    /// Reports facts that are given twice on a node where once says it all.
    pub(super) fn check_repeats(&mut self, id: NodeId, gathered: &Gathered) {
        let may_be_told = !self.problems.is_empty() && !gathered.is_empty();
        if gathered.len() < 2 && !may_be_told {
            return;
        }
        self.check_names_twice(id, gathered);
        self.check_said_twice(id, gathered);
        self.check_begun_twice(id, gathered);
        let told = self.without_second(id, gathered);
        // One a fact, so that these stay few however many values there are.
        let mut firsts: SmallVec<[&FactValue; 8]> = SmallVec::new();
        for fact in gathered.iter().filter(|fact| !fact.fact.many) {
            let Some(earlier) = firsts.iter().find(|other| other.fact == fact.fact) else {
                firsts.push(fact);
                continue;
            };
            if told.iter().any(|told| told.contains(fact.whole) || told.contains(earlier.whole)) {
                continue;
            }
            let message = format!("`{}` is given twice", fact.fact.name);
            self.given_twice(
                id,
                [(earlier.whole, earlier.whole), (fact.whole, fact.whole)],
                message,
                "first given here",
            );
        }
    }

    /// Reports what is given twice: where each of the two is, and the fact that it is part of. If both are written alike one can go.
    fn given_twice(&mut self, id: NodeId, both: [(Range, Range); 2], message: String, first: &'static str) {
        let [(before, before_whole), (again, again_whole)] = both;
        let is_alike = self.source(before_whole) == self.source(again_whole) && self.is_whole(id, again_whole);
        let (before, removed) = (self.span(before), self.span(self.with_separator(again_whole)));
        let finding = self.report(REPEATED_FACT, again, message);
        finding.secondary.push(Label { span: before, message: first.into() });
        match is_alike {
            true => finding.add_removal(removed),
            false => finding.help.push("keep one of the two".to_owned()),
        }
    }

    /// Whether this is all of a fact of a node: a property, or a node in its block that has none itself.
    fn is_whole(&self, id: NodeId, range: Range) -> bool {
        let tree = self.tree;
        let child = tree.children(id).find(|child| tree.node(*child).head_range(tree) == range);
        child.is_none_or(|child| tree.node(child).block.is_none())
    }

    /// Takes the corrections on the line of a node back that write a fact which is given elsewhere: nobody knows which of the two
    /// is meant. What these are about.
    fn without_second(&mut self, id: NodeId, gathered: &Gathered) -> Vec<Range> {
        let line = self.tree.node(id).head_range(self.tree);
        let mut told = Vec::new();
        let own = self.problems.iter_mut().rev().take_while(|one| one.primary.span.range.start >= line.start);
        for problem in own.filter(|one| line.contains(one.primary.span.range)) {
            let range = problem.primary.span.range;
            let written = problem.fixes.first().and_then(|fix| fix.edits.first()?.text.split_once('='));
            let is_second = |(name, _): &(&str, &str)| {
                gathered.iter().find(|one| !one.fact.many && one.fact.name == *name && !range.contains(one.whole))
            };
            let Some(given) = written.as_ref().and_then(is_second) else { continue };
            problem.fixes.clear();
            problem.help = vec![format!("`{}` is given already: keep one of the two", given.fact.name)];
            problem.secondary.push(Label { span: Span::new(self.file, given.whole), message: "given here".into() });
            told.push(range);
        }
        told
    }

    /// A name twice in a fact that says something of each: `mix buy weight=1; mix buy weight=3`. What happens at a time may happen again.
    fn check_names_twice(&mut self, id: NodeId, gathered: &Gathered) {
        let mut firsts: FxHashMap<(&str, &str), &FactValue> = FxHashMap::default();
        let mut told = None;
        for value in gathered.iter().filter(|value| names_once(value.fact)) {
            let Value::Reference(Text::Slice(name)) = &value.value else { continue };
            let name = name.of(&self.tree.text);
            let Some(first) = firsts.get(&(value.fact.name, name)) else {
                firsts.insert((value.fact.name, name), value);
                continue;
            };
            // The same line twice is one mistake, however many names stand in it.
            let is_told = told == Some(value.whole) && self.source(first.whole) == self.source(value.whole);
            if !is_told && first.range != value.range {
                let message = format!("`{}` names `{name}` twice", value.fact.name);
                let both = [(first.range, first.whole), (value.range, value.whole)];
                self.given_twice(id, both, message, "first named here");
                told = Some(value.whole);
            }
        }
    }

    /// The same statement twice: `require p95 under=1s; require p95 under=1s`. What goes on after what stands before it may happen again, and a
    /// word twice in a list of words does no harm. What happens at a time does not happen twice at that.
    fn check_said_twice(&mut self, id: NodeId, gathered: &Gathered) {
        let is_said = |fact: &Fact| match fact.ty {
            Type::Query => true,
            Type::Text => fact.is_prose || !fact.parts.is_empty(),
            Type::OneOf(_) | Type::Number => !fact.parts.is_empty(),
            Type::Reference(_) => !names_once(fact),
            Type::Bool
            | Type::Whole
            | Type::Amount
            | Type::Duration
            | Type::Ratio
            | Type::Rate
            | Type::MoneyPerTime
            | Type::Size
            | Type::Quantity
            | Type::TextOrName(_)
            | Type::Date => false,
        };
        let mut firsts: FxHashMap<(&str, &str), Range> = FxHashMap::default();
        for value in gathered.iter().filter(|value| value.fact.many && is_said(value.fact)) {
            let range = value.whole;
            match firsts.get(&(value.fact.name, self.source(range))) {
                Some(first) if *first == range => {}
                Some(first) => {
                    let message = format!("`{}` says the same twice", value.fact.name);
                    self.given_twice(id, [(*first, *first), (range, range)], message, "first said here");
                }
                None => _ = firsts.insert((value.fact.name, range.of(&self.tree.text)), range),
            }
        }
    }

    /// What happens twice to the same at one time, however it is written: `fail bank; fail bank at=60s`. What says how much of it happens may
    /// happen in several ways at once.
    fn check_begun_twice(&mut self, id: NodeId, gathered: &Gathered) {
        let mut firsts: FxHashMap<(&str, &str, u64, Vec<&str>), Range> = FxHashMap::default();
        let text = self.tree.text.clone();
        for value in gathered.iter().filter(|value| begins(value.fact)) {
            let Value::Reference(Text::Slice(name)) = &value.value else { continue };
            let parts = &self.facts[range_of(value.parts)];
            let at = parts.iter().find(|part| part.fact == &AT).and_then(FactValue::number);
            let at = at.or_else(|| AT.default.and_then(|default| Some(Quantity::parse(default).ok()?.high)));
            let names = parts.iter().filter(|part| matches!(part.fact.ty, Type::Reference(_)));
            let names = names.map(|part| part.range.of(&text)).collect();
            let key = (value.fact.name, name.of(&text), at.unwrap_or_default().to_bits(), names);
            match firsts.get(&key).copied() {
                // What is written alike is told as that.
                Some(first) if first == value.whole || first.of(&text) == value.whole.of(&text) => {}
                Some(first) => {
                    let message = format!("`{}` happens to `{}` twice at the same time", value.fact.name, key.1);
                    self.given_twice(id, [(first, first), (value.whole, value.whole)], message, "first said here");
                }
                None => _ = firsts.insert(key, value.whole),
            }
        }
    }

    /// Reports lines of a block that stand there twice, where nothing happens a second time: transitions and connections, and notes right
    /// below each other. A rule has one severity, whatever the lines say.
    pub(super) fn lines_twice(&mut self, nodes: &[NodeId], owner: Option<&'static Kind>) {
        let tree = self.tree;
        let kind_of = |id: NodeId| arrow_kind(tree, id, owner).or_else(|| kinds::by_name(&tree.name(id)));
        let said = |id: NodeId| tree.node(id).range().of(&tree.text);
        let key = |kind: &Kind, id: NodeId| match tree.entries(id).first().filter(|_| kind.is(&class::RULE_SETTING)) {
            Some(rule) => rule.value.range().of(&tree.text),
            None => said(id),
        };
        let mut firsts: FxHashMap<&str, NodeId> = FxHashMap::default();
        let mut before = None;
        for id in nodes.iter().copied() {
            // What is out of place is told as that.
            let is_once = |kind: &&Kind| kind.class.is_in(SAID_ONCE) && holds(owner, kind.class);
            let Some(kind) = kind_of(id).filter(is_once) else { continue };
            let first = match kind.is(&class::NOTE) {
                true => before.filter(|before| said(*before) == said(id)),
                false => firsts.get(key(kind, id)).copied(),
            };
            match first {
                Some(first) => self.line_twice(kind, first, id),
                None => _ = firsts.insert(key(kind, id), id),
            }
            before = Some(id);
        }
    }

    fn line_twice(&mut self, kind: &Kind, first: NodeId, again: NodeId) {
        let tree = self.tree;
        let span = |id: NodeId| self.span(tree.node(id).head_range(tree));
        let is_alike = tree.node(first).range().of(&tree.text) == tree.node(again).range().of(&tree.text);
        let head = tree.node(again).head_range(tree);
        let (before, removed) = (span(first), self.span(self.with_separator(tree.node(again).range())));
        let message = match is_alike {
            true => format!("this {} is written twice", kind.class.word),
            false => format!("`{}` is set twice", head.of(&tree.text).split_whitespace().nth(1).unwrap_or_default()),
        };
        let finding = self.report(REPEATED_FACT, head, message);
        finding.secondary.push(Label { span: before, message: "first written here".into() });
        match is_alike {
            // To remove one would be to run fewer.
            true if kind.is(&class::INSTANCE) => {
                finding.help.push("say in one line how many run: `replicas=2`".to_owned());
            }
            true => finding.add_removal(removed),
            false => finding.help.push("keep one of the two".to_owned()),
        }
    }
}

//! A fact on a line whose name is missing, `require p95 =180ms`, or has changed places with the word before it: `require under p95=180ms`,
//! `service core technology "Core API"=Rust`. What was meant is read, and told once.

use super::facts::Facts;
use super::{Decoder, Gathered, UNTITLED, WRONG_VALUE, is_number};
use crate::items::{FactValue, ItemId};
use crate::schema::{Fact, Head, Kind, Type};
use groma_base::{Edit, Fix, Range, list_words, nearest};
use groma_syntax::{Entry, NodeId, Word, WordKind};

/// So many facts are named that may be meant.
const MOST_FACTS: usize = 4;

/// What is meant by a value before a fact without a name, or with one in the wrong place.
struct Meant {
    /// The value before the fact.
    value: Word,
    /// The fact, if it is certain, with its value.
    fact: Option<(&'static Fact, Word)>,
    /// All that was told.
    whole: Range,
}

impl Decoder<'_> {
    /// The value of a fact, or what stands first behind a kind, where it is taken for the name of a fact because of what is wrong behind it; that is
    /// reported. `fits` says whether a word may stand first.
    fn first_value(&mut self, id: NodeId, facts: Facts<'_>, fits: impl Fn(&mut Self, Word) -> bool) -> Option<Meant> {
        let entries = self.tree.entries(id);
        let (first, second) = (*entries.first()?, entries.get(1).copied());
        if self.spoiled_at(first.range().start).is_some() {
            return None;
        }
        if let Some((fact, keyed)) = second.and_then(|second| self.key_behind_fact(first, second, facts)) {
            return fits(self, keyed.key).then(|| self.changed_places(first.value.range(), fact, keyed));
        }
        if !first.key.is_some() || self.is_called(first.key, facts) || !fits(self, first.key) {
            return None;
        }
        let named = facts.called(self.source(first.value.range())).filter(|_| first.value.kind == WordKind::Bare);
        match (named, second.filter(|second| !second.key.is_some())) {
            (Some(fact), Some(value)) if self.is_read(fact, value.value) => {
                Some(self.sign_before_name(first, fact, value.value))
            }
            _ => self.nameless(id, first, facts),
        }
    }

    /// Whether a word that stands before an `=` is a fact there, or nearly so written as one.
    fn is_called(&self, key: Word, facts: Facts<'_>) -> bool {
        let word = self.tree.string(key);
        let names: Vec<&str> = facts.all().into_iter().map(|fact| fact.name).collect();
        facts.called(&word).is_some() || facts.also_called(&word).is_some() || !nearest(&word, names).is_empty()
    }

    /// `under p95=180ms`: the fact that a word without a sign names, and what stands before the sign behind it.
    fn key_behind_fact(&self, word: Entry, next: Entry, facts: Facts<'_>) -> Option<(&'static Fact, Entry)> {
        let is_bare = !word.key.is_some() && word.value.kind == WordKind::Bare;
        let fact = facts.called(self.source(word.value.range())).filter(|_| is_bare)?;
        let is_other =
            next.key.is_some() && !self.is_called(next.key, facts) && self.spoiled_at(next.range().start).is_none();
        (is_other && !matches!(fact.ty, Type::Bool)).then_some((fact, next))
    }

    /// Whether a word can be read as the value of a fact. Nothing is told of it.
    fn is_read(&mut self, fact: &'static Fact, word: Word) -> bool {
        let told = self.problems.len();
        let is_read = self.value(fact, word).is_some() && self.problems.len() == told;
        self.problems.truncate(told);
        is_read
    }

    fn changed_places(&mut self, word: Range, fact: &'static Fact, keyed: Entry) -> Meant {
        let (key, value) = (self.source(keyed.key.range()), self.source(keyed.value.range()));
        let (message, meant) =
            (format!("`{}` stands before the `=`", fact.name), format!("{key} {}={value}", fact.name));
        let whole = word.cover(keyed.range());
        let span = self.span(whole);
        self.report(WRONG_VALUE, whole, message).add_meant(span, meant);
        Meant { value: keyed.key, fact: Some((fact, keyed.value)), whole }
    }

    /// `p95 = under 180ms`.
    fn sign_before_name(&mut self, first: Entry, fact: &'static Fact, value: Word) -> Meant {
        let whole = first.range().cover(value.range());
        let meant = format!("{} {}={}", self.source(first.key.range()), fact.name, self.source(value.range()));
        let span = self.span(whole);
        self.report(WRONG_VALUE, whole, format!("the `=` stands behind `{}`", fact.name)).add_meant(span, meant);
        Meant { value: first.key, fact: Some((fact, value)), whole }
    }

    /// `p95 =180ms`. Only what some fact would take may be one.
    fn nameless(&mut self, id: NodeId, first: Entry, facts: Facts<'_>) -> Option<Meant> {
        let given: Vec<String> = self.given(id).iter().map(|word| word.to_string()).collect();
        let is_free = |fact: &'static Fact| fact.many || !given.iter().any(|word| word == fact.name);
        // A number is none of a text.
        let is_text = |ty: Type| matches!(ty, Type::Text | Type::TextOrName(_) | Type::Reference(_) | Type::Query);
        let may_take = |fact: &'static Fact| !is_number(&first) || !is_text(fact.ty);
        let mut could_be = facts.all();
        could_be.retain(|fact| is_free(fact) && may_take(fact) && self.is_read(fact, first.value));
        let only = if let [only] = could_be[..] { Some(only) } else { None };
        // What takes any text would be a guess among many.
        let names: Vec<&str> = could_be.iter().map(|fact| fact.name).take(MOST_FACTS).collect();
        let (key, value) = (first.key.range(), first.value.range());
        let gap = Range::new(key.end, value.start);
        let sign = gap.start + self.source(gap).find('=')? as u32;
        let meant = |name: &str| format!("{} {name}={}", self.source(key), self.source(value));
        let help = match (&names[..], only) {
            ([], _) => return None,
            (_, Some(only)) => format!("write `{}`", meant(only.name)),
            _ => format!("write `{}`, with the fact that is meant, such as {}", meant("…"), list_words(names, "or")),
        };
        let edit =
            only.map(|only| Edit { span: self.span(Range::new(key.end, sign)), text: format!(" {}", only.name) });
        let finding =
            self.report(WRONG_VALUE, Range::new(sign, sign + 1), "the name of a fact is missing before the `=`");
        finding.help.push(help.clone());
        finding.fixes.extend(edit.map(|edit| Fix { message: help, edits: vec![edit] }));
        Some(Meant { value: first.key, fact: only.map(|only| (only, first.value)), whole: first.range() })
    }

    /// Has nothing more told of what was, and reads the fact in it. The value before that, as it would stand there.
    fn read_as_meant(&mut self, meant: &Meant, gathered: &mut Gathered) -> Entry {
        self.spoil(Range::new(meant.whole.start - 1, meant.whole.end));
        if let Some((fact, word)) = meant.fact {
            let told = self.problems.len();
            if let Some(value) = self.value(fact, word) {
                let range = word.range();
                gathered.push(FactValue { fact, value, range, whole: meant.whole, parts: (0, 0), number: 0 });
            }
            self.problems.truncate(told);
        }
        Entry { value: meant.value, ..Entry::default() }
    }

    /// What stands first behind the word of a kind and was taken for the name of a fact, which is reported.
    pub(super) fn first_of_kind(&mut self, id: NodeId, kind: &'static Kind, gathered: &mut Gathered) -> Option<Entry> {
        if !self.seeks_slips {
            return None;
        }
        let facts = self.facts_of(id, kind);
        let fits = |decoder: &mut Self, word: Word| match kind.head {
            Head::Value(fact) => decoder.is_read(fact, word),
            Head::Named => {
                word.kind == WordKind::Bare
                    && crate::write::is_name(&decoder.tree.string(word))
                    && !super::heads::is_key(&decoder.tree.string(word))
            }
            Head::Title | Head::Perhaps(_) | Head::Arrow => false,
        };
        let meant = self.first_value(id, facts, fits)?;
        Some(self.read_as_meant(&meant, gathered))
    }

    /// The value of a fact in a block, where it was taken for the name of a part of it, which is reported.
    pub(super) fn first_of_fact(&mut self, id: NodeId, fact: &'static Fact, parts: &mut Gathered) -> Option<Entry> {
        if !self.seeks_slips || matches!(fact.ty, Type::Bool) {
            return None;
        }
        let fits = |decoder: &mut Self, word: Word| decoder.is_read(fact, word);
        let meant = self.first_value(id, Facts::PartsOf(fact), fits)?;
        Some(self.read_as_meant(&meant, parts))
    }

    /// `since=2026 2026-01-01`: the value of a fact right behind one that is none of it, which is reported. Whether it was one.
    pub(super) fn value_behind_value(&mut self, given: &Entry, extra: &Entry, fact: &'static Fact) -> bool {
        let (wrong, right) = (given.value.range(), extra.value.range());
        let is_beside = self.is_spaced(wrong.end, right.start) && self.spoiled_at(given.range().start).is_none();
        // What any text is fits everywhere.
        let is_told = matches!(fact.ty, Type::Text | Type::TextOrName(_) | Type::Reference(_) | Type::Query);
        if is_told || !is_beside || self.is_read(fact, given.value) || !self.is_read(fact, extra.value) {
            return false;
        }
        let meant = format!("{}={}", self.source(given.key.range()), self.source(right));
        let whole = given.range().cover(right);
        self.spoil(Range::new(whole.start - 1, whole.end));
        let (span, message) =
            (self.span(whole), format!("`{}` stands before the value of `{}`", self.source(wrong), fact.name));
        self.report(WRONG_VALUE, wrong, message).add_meant(span, meant);
        true
    }

    /// `technology "Core API"=Rust`: a title that has changed places with the name of a fact, which is reported and read. Whether it was one.
    pub(super) fn title_as_key(
        &mut self,
        (id, at): (NodeId, ItemId),
        kind: &'static Kind,
        word: &Entry,
        gathered: &mut Gathered,
    ) -> bool {
        let is_titled = !kind.class.is_in(UNTITLED) && self.items[at].title.is_none();
        if !self.seeks_slips || !is_titled {
            return false;
        }
        let entries = self.tree.entries(id);
        let next = entries.iter().skip_while(|entry| entry.value.range() != word.value.range()).nth(1).copied();
        let next = next.filter(|next| next.key.kind == WordKind::Quoted);
        let Some((fact, keyed)) = next.and_then(|next| self.key_behind_fact(*word, next, self.facts_of(id, kind)))
        else {
            return false;
        };
        let meant = self.changed_places(word.value.range(), fact, keyed);
        let title = self.read_as_meant(&meant, gathered);
        let (text, item) = (self.text_of(title.value), at);
        (self.items[item].title, self.items[item].title_range) = (Some(text), title.value.range());
        true
    }
}

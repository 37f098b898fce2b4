//! What stands before the title of a node, where it stands elsewhere or with a name: `chance "on a miss" 20%`, `case "by card" weight=70%`,
//! `repeat geometric 3`.

use super::{Arguments, Decoder, Gathered, UNKNOWN_WORD, WRONG_VALUE, is_number};
use crate::items::{FactValue, ItemId, Value};
use crate::kinds;
use crate::schema::{Fact, Head, Kind, Type};
use groma_base::{Quantity, Range};
use groma_syntax::{Entry, NodeId, WordKind};

/// The number before the title of a kind.
fn number_of(kind: &Kind) -> Option<&'static Fact> {
    match kind.head {
        Head::Value(fact) | Head::Perhaps(fact) => Some(fact).filter(|fact| fact.ty.dimension().is_some()),
        Head::Named | Head::Title | Head::Arrow => None,
    }
}

impl Decoder<'_> {
    /// Reports what does not stand in the order of a kind with a number before its title, and puts it there. Whether a part of it was read.
    pub(super) fn in_order(&mut self, id: NodeId, kind: &'static Kind, all: &mut Arguments, gathered: &mut Gathered) {
        if !self.seeks_slips {
            return;
        }
        let Some(number) = number_of(kind) else { return };
        let quoted = |entry: &Entry| entry.value.kind == WordKind::Quoted && !self.begins_slip(entry.value);
        match &all[..] {
            [title, value, ..] if quoted(title) && is_number(value) => {
                let (title, value) = (*title, *value);
                self.swapped(kind, number, (title, value));
                (all[0], all[1]) = (value, title);
            }
            [word, value, ..] if is_number(value) && word.value.kind == WordKind::Bare => {
                let Some(fact) = self.bare_choice(word, kind) else { return };
                let (word, value) = (*word, *value);
                let shown =
                    format!("{} {}={}", self.source(value.value.range()), fact.name, self.source(word.value.range()));
                let whole = word.value.range().cover(value.value.range());
                let message = format!("the {} comes first, and `{}` is a fact", number.ty.noun(), fact.name);
                self.slip(WRONG_VALUE, whole, message, Some(shown));
                self.fact_argument(fact, &word, word.value.range(), (0, 0), gathered);
                all.remove(0);
            }
            [value, sign, ..] if is_number(value) && is_plus_minus(self.source(sign.value.range())) => {
                self.plus_minus(kind, all);
            }
            [] => self.keyed_number(id, kind, number, all),
            [title] if quoted(title) => self.keyed_number(id, kind, number, all),
            _ => {}
        }
    }

    fn swapped(&mut self, kind: &Kind, number: &Fact, (title, value): (Entry, Entry)) {
        let whole = title.value.range().cover(value.value.range());
        let meant = format!("{} {}", self.source(value.value.range()), self.source(title.value.range()));
        let message = format!("the {} of `{}` comes before the title", number.ty.noun(), kind.name);
        self.slip(WRONG_VALUE, whole, message, Some(meant));
    }

    /// `case "by card" weight=70%`: the number with a name.
    fn keyed_number(&mut self, id: NodeId, kind: &'static Kind, number: &'static Fact, all: &mut Arguments) {
        let Some(keyed) = self.keyed_head_number(id, kind) else { return };
        let Some(value) = self.adapted(number, keyed.value) else { return };
        let title = all.first().map(|title| format!(" {}", self.source(title.value.range()))).unwrap_or_default();
        let whole = all.first().map_or(keyed.range(), |title| title.value.range().cover(keyed.range()));
        let between = self.tree.entries(id).iter().filter(|entry| {
            let range = entry.range();
            whole.start <= range.start && range.end <= whole.end
        });
        let is_alone = between.count() == all.len() + 1;
        let message = format!("the {} of `{}` comes before the title, without a name", number.ty.noun(), kind.name);
        let meant = format!("{value}{title}");
        if is_alone && value == self.source(keyed.value.range()) {
            self.slip(WRONG_VALUE, whole, message, Some(meant));
        } else {
            self.report(WRONG_VALUE, keyed.range(), message).help.push(format!("write `{} {meant}`", kind.name));
        }
        all.insert(0, Entry { key: groma_syntax::Word::default(), ..keyed });
    }

    /// The property that is the number before the title, by its own name or by another.
    pub(super) fn keyed_head_number(&self, id: NodeId, kind: &Kind) -> Option<Entry> {
        if !self.seeks_slips {
            return None;
        }
        let number = number_of(kind)?;
        let is_it = |entry: &&Entry| {
            let key = self.tree.string(entry.key);
            let is_called = number.is_called(&key) || number.other_names.contains(&&*key);
            entry.key.is_some() && is_number(entry) && is_called && kind.fact(&key).is_none()
        };
        self.tree.entries(id).iter().find(is_it).copied()
    }

    /// `repeat 2 +- 1`: how a number varies, which is said otherwise.
    fn plus_minus(&mut self, kind: &Kind, all: &mut Arguments) {
        let sign = all[1].value.range();
        let attached = self.source(sign).trim_start_matches(['+', '-', '/', '±']);
        let is_alone = attached.is_empty();
        let by = match all.get(2).filter(|_| is_alone) {
            Some(by) => self.source(by.value.range()),
            None => attached,
        };
        let number = self.source(all[0].value.range());
        let ends = number.parse::<u32>().ok().zip(by.parse::<u32>().ok()).filter(|(number, by)| number >= by);
        let range = ends.map_or("1..3".to_owned(), |(number, by)| format!("{}..{}", number - by, number + by));
        let help =
            format!("write a range, `{} {range}`, or a mean, `{} {number} distribution=poisson`", kind.name, kind.name);
        let count = if is_alone && all.len() > 2 { 2 } else { 1 };
        let whole = sign.cover(all[count].value.range());
        self.report(WRONG_VALUE, whole, "how a number varies is not said so").help.push(help);
        all.drain(1..=count);
    }

    /// `parallel 2`: the only number of a kind with a title alone, without its name. What is read of it.
    pub(super) fn number_alone(&mut self, kind: &'static Kind, entry: &Entry, gathered: &mut Gathered) -> bool {
        let mut numbers = kind.all_facts().filter(|fact| fact.ty.dimension().is_some());
        let (Head::Title, Some(fact), None) = (kind.head, numbers.next(), numbers.next()) else { return false };
        self.number_without_name(fact, entry, gathered)
    }

    /// A number on the line of a node that is meant for a fact of it. Whether it fits.
    pub(super) fn number_without_name(&mut self, fact: &'static Fact, entry: &Entry, gathered: &mut Gathered) -> bool {
        let quantity = Quantity::parse(self.source(entry.value.range())).ok();
        let fits = quantity.is_some_and(|quantity| Some(quantity.dimension) == fact.ty.dimension());
        if !fits || !is_number(entry) {
            return false;
        }
        let range = entry.value.range();
        let meant = format!("{}={}", fact.name, self.source(range));
        self.slip(WRONG_VALUE, range, format!("`{}` is written with its name here", fact.name), Some(meant));
        let told = self.problems.len();
        if let Some(value) = self.value(fact, entry.value) {
            gathered.push(FactValue { fact, value, range, whole: range, parts: (0, 0), number: 0 });
        }
        self.problems.truncate(told);
        true
    }

    /// `opt "on a miss" 20%`: another word for a kind with a number before its title, of which more is wrong. It is told once. Whether
    /// it was one.
    pub(super) fn other_word_in_disorder(
        &mut self,
        id: NodeId,
        kind: &'static Kind,
        message: &str,
        parent: Option<ItemId>,
    ) -> bool {
        let node = *self.tree.node(id);
        let all = self.arguments(id, 0);
        if number_of(kind).is_none() || all.first().is_some_and(is_number) {
            return false;
        }
        let span = self.span(node.head_range(self.tree));
        let quoted = |entry: &Entry| entry.value.kind == WordKind::Quoted;
        let (meant, is_certain) = match &all[..] {
            [title, value] if quoted(title) && is_number(value) => {
                let (value, title) = (self.source(value.value.range()), self.source(title.value.range()));
                (format!("{} {value} {title}", kind.name), self.tree.entries(id).len() == 2)
            }
            [title] if quoted(title) => {
                let sample = if number_of(kind).is_some_and(|number| number.ty == Type::Ratio) { "30%" } else { "3" };
                (format!("{} {sample} {}", kind.name, self.source(title.value.range())), false)
            }
            _ => return false,
        };
        let told = self.problems.len();
        self.declared(id, kind, false, parent);
        self.problems.truncate(told);
        let finding = self.report(UNKNOWN_WORD, node.name.range(), message);
        match is_certain {
            true => finding.add_meant(span, meant),
            false => finding.help.push(format!("write `{meant}`, with how often that is")),
        }
        true
    }

    /// The kind behind a word that is too many before it, and the fact to which the word says yes, if it is one.
    pub(super) fn kind_behind(
        &self,
        id: NodeId,
        word: &str,
        owner: Option<&Kind>,
    ) -> Option<(&'static Kind, Option<&'static Fact>)> {
        if !self.seeks_slips {
            return None;
        }
        let [first, second, ..] = self.tree.entries(id) else { return None };
        let bare = |entry: &Entry| !entry.key.is_some() && entry.value.kind == WordKind::Bare;
        let kind = kinds::by_name(self.source(first.value.range())).filter(|_| bare(first) && bare(second))?;
        let flag = kind.fact(word).filter(|fact| matches!(fact.ty, Type::Bool));
        let names_something = matches!(kind.head, Head::Value(fact) if fact.ty.dimension().is_none());
        let is_condition = matches!(word, "if" | "when" | "on" | "opt") && names_something;
        (kind.may_stand_in(owner) && (flag.is_some() || is_condition)).then_some((kind, flag))
    }

    /// `if miss pages {`, `external system bank "Bank" {`: a word too many before the kind of a node. Whether it was one.
    pub(super) fn word_before_kind(
        &mut self,
        id: NodeId,
        word: &str,
        parent: Option<ItemId>,
        owner: Option<&'static Kind>,
    ) -> bool {
        let tree = self.tree;
        let node = *tree.node(id);
        let entries = tree.entries(id);
        let Some((kind, flag)) = self.kind_behind(id, word, owner) else { return false };
        let (first, second) = (&entries[0], &entries[1]);
        let last = entries.iter().take_while(|entry| !entry.key.is_some()).last().unwrap_or(second);
        let before = Range::new(node.name.range().start, first.value.range().start);
        let rest = self.source(first.value.range().cover(last.value.range())).to_owned();
        let after = last.value.range().end;
        let (remove, add) = (self.span(before), self.span(Range::new(after, after)));
        let message = format!("`{word}` is not a kind of node");
        let meant = flag.map_or(rest.clone(), |flag| format!("{rest} {}", flag.name));
        let finding = self.report(UNKNOWN_WORD, node.name.range(), message);
        finding.help.push(format!("write `{meant}`"));
        finding.add_fix(format!("write `{meant}`"), remove, "");
        if let (Some(flag), Some(fix)) = (flag, finding.fixes.last_mut()) {
            fix.edits.push(groma_base::Edit { span: add, text: format!(" {}", flag.name) });
        }
        let told = self.problems.len();
        let at = self.push_item(id, kind, false, parent);
        let mut gathered = Gathered::new();
        if matches!(kind.head, Head::Named) {
            self.items[at].name = second.value.range();
        } else if let Head::Value(fact) = kind.head {
            self.head_value(at, kind, fact, Some(second), &mut gathered);
        }
        if let Some(fact) = flag {
            let range = node.name.range();
            gathered.push(FactValue { fact, value: Value::Bool(true), range, whole: range, parts: (0, 0), number: 0 });
        }
        let rest = self.arguments(id, 2);
        self.title_and_flags((id, at), kind, &rest, &mut gathered);
        self.unquoted_properties(id, self.facts_of(id, kind));
        self.problems.truncate(told);
        self.finish_item(id, at, kind, gathered);
        true
    }
}

/// Whether a word says by how much a number varies: `+-`, `±1`, `+/-`.
pub(super) fn is_plus_minus(text: &str) -> bool {
    text.starts_with("+-") || text.starts_with("+/-") || text.starts_with('±')
}

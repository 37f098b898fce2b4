//! Words that people bring from other tools, which each fact and kind declares: what is written here instead, in the author's own
//! values where they say all.

use super::{Arguments, Decoder, Gathered, MISPLACED, Owner, UNKNOWN_WORD, WRONG_VALUE, range_of};
use crate::items::{FactValue, ItemId};
use crate::kinds;
use crate::kinds::class;
use crate::misplaced::{self, calls_so};
use crate::schema::{Fact, Head, Kind, Type};
use groma_base::{Dimension, Edit, Fix, Quantity, Range};
use groma_syntax::{Entry, NodeId, Word, WordKind};

impl Decoder<'_> {
    /// Reports a word that other tools have for a fact, an answer or something else of the node that it stands in. Whether it was one.
    pub(super) fn habit(
        &mut self,
        id: NodeId,
        word: &str,
        parent: Option<ItemId>,
        owner: Option<&'static Kind>,
    ) -> bool {
        let node = *self.tree.node(id);
        let Some(owner) = owner else { return false };
        let lower = word.to_lowercase();
        if self.first_value_alone(id, owner, word) {
            self.lost.push(node.range());
            return true;
        }
        let given = parent.map_or(&[][..], |parent| &self.facts[range_of(self.items[parent].facts)]);
        let is_free = |fact: &&'static Fact| fact.many || !given.iter().any(|one| one.fact == *fact);
        if let Some(instead) = owner.instead(&lower) {
            self.instead(
                node.name.range(),
                format!("unknown word `{word}` in `{}`", self.called(parent, owner)),
                instead,
            );
        } else if let Some(fact) = owner.fact_also_called(&lower).filter(is_free) {
            self.called_otherwise(
                id,
                fact,
                UNKNOWN_WORD,
                format!("unknown word `{word}` in `{}`", self.called(parent, owner)),
            );
        } else if kinds::other_name(word) == Some("-->") && class::REPLY.may_stand_in(owner.class) {
            self.worded_answer(id, parent, owner, word);
        } else {
            return false;
        }
        self.lost.push(node.range());
        true
    }

    /// `p95 flow=buy under=3s` in a quality: the value of a fact that has parts, without the fact. Whether it was that.
    fn first_value_alone(&mut self, id: NodeId, owner: &'static Kind, word: &str) -> bool {
        let tree = self.tree;
        let is_value = |fact: &&'static Fact| match fact.ty {
            Type::OneOf(words) => words.iter().any(|(known, _)| *known == word) && !fact.parts.is_empty(),
            _ => false,
        };
        let Some(fact) = owner.all_facts().find(is_value) else { return false };
        let is_part = |entry: &Entry| {
            let key = tree.string(entry.key);
            entry.key.is_some() && (fact.part(&key).is_some() || fact.part_also_called(&key).is_some())
        };
        let is_compared = |entry: &Entry| {
            let text = self.source(entry.value.range());
            !entry.key.is_some() && (text.starts_with(['<', '>', '≤', '≥']) || Quantity::parse(text).is_ok())
        };
        if tree.entries(id).is_empty() || !tree.entries(id).iter().all(|entry| is_part(entry) || is_compared(entry)) {
            return false;
        }
        let node = *tree.node(id);
        let head = self.source(node.head_range(tree));
        let meant = format!("{} {head}", fact.name);
        let (before, words) = (self.span(Range::new(node.name.range().start, node.name.range().start)), meant.clone());
        let are_parts = tree.entries(id).iter().all(is_part);
        let message = format!("`{word}` is a value of `{}`", fact.name);
        let finding = self.report(UNKNOWN_WORD, node.name.range(), message);
        finding.help.push(format!("write `{words}`"));
        if are_parts {
            finding.add_fix(format!("write `{words}`"), before, format!("{} ", fact.name));
        }
        true
    }

    /// The same of the name of a property.
    pub(super) fn habit_of_property(&mut self, owner: Owner, range: Range, key: &str) -> bool {
        let kind = self.items[owner.item].kind;
        let lower = key.to_lowercase();
        let instead = owner.fact.map_or_else(|| kind.instead(&lower), |fact| fact.instead(&lower));
        let message = format!("`{}` has no fact called `{key}`", self.name_of(owner));
        if let Some(instead) = instead {
            self.instead(range, message, instead);
            return true;
        }
        let Some(entry) = self.tree.entries(owner.node).iter().find(|entry| entry.key.range() == range).copied() else {
            return false;
        };
        if let Some(fact) = owner.fact {
            if self.side_of_alert(owner.node, fact, &entry) {
                return true;
            }
            return self.habit_of_part(owner, fact, &entry, message);
        }
        let given = self.given(owner.node);
        let is_free = |fact: &&'static Fact| fact.many || !given.iter().any(|one| one == fact.name);
        let Some(fact) = kind.fact_also_called(&lower).filter(is_free) else { return false };
        self.renamed(&entry, fact, message);
        true
    }

    /// A part of a fact by another name: the whole fact is written anew if all of it is understood, and then told once.
    fn habit_of_part(&mut self, owner: Owner, fact: &'static Fact, entry: &Entry, message: String) -> bool {
        let part = |entry: &Entry| {
            let key = self.tree.string(entry.key).to_lowercase();
            fact.part_also_called(&key).filter(|_| fact.part(&key).is_none())
        };
        let Some(meant) = part(entry) else { return false };
        let keyed = self.tree.entries(owner.node).iter().filter(|entry| entry.key.is_some());
        let other: Vec<&Entry> = keyed.filter(|entry| part(entry).is_some()).collect();
        let is_first = other.first().is_some_and(|first| first.key.range() == entry.key.range());
        let is_whole = self.tree.string(self.tree.node(owner.node).name) == fact.name;
        match self.as_fact(owner.node, fact).filter(|_| is_whole && other.len() > 1) {
            Some(_) if !is_first => {}
            Some(whole) => {
                let span = self.span(self.tree.node(owner.node).head_range(self.tree));
                self.report(UNKNOWN_WORD, entry.key.range(), message).add_meant(span, whole);
            }
            None => self.renamed(entry, meant, message),
        }
        true
    }

    fn instead(&mut self, range: Range, message: String, instead: &str) {
        self.report(UNKNOWN_WORD, range, message).help.push(instead.to_owned());
    }

    /// Reports a property that is called otherwise here.
    fn renamed(&mut self, entry: &Entry, fact: &'static Fact, message: String) {
        let value = self.adapted(fact, entry.value);
        let span = self.span(entry.range());
        let finding = self.report(UNKNOWN_WORD, entry.key.range(), message);
        match value {
            Some(value) => finding.add_meant(span, format!("{}={value}", fact.name)),
            None => finding.help.push(format!("it is called `{}` here: {}", fact.name, usual(fact))),
        }
    }

    /// Reports a node that stands for a fact under another name.
    pub(super) fn called_otherwise(&mut self, id: NodeId, fact: &'static Fact, code: &'static str, message: String) {
        let node = *self.tree.node(id);
        let meant = self.as_fact(id, fact);
        let span = self.span(node.head_range(self.tree));
        let finding = self.report(code, node.name.range(), message);
        match meant {
            Some(meant) => finding.add_meant(span, meant),
            None => finding.help.push(format!("it is called `{}` here: {}", fact.name, usual(fact))),
        }
    }

    /// A node as this fact, with what it is given in the words that are used here; `None` unless all of it fits.
    fn as_fact(&mut self, id: NodeId, fact: &'static Fact) -> Option<String> {
        let entries = self.tree.entries(id).to_vec();
        let values: Arguments = entries.iter().filter(|entry| !entry.key.is_some()).copied().collect();
        let compared = self.compared(fact, &values);
        let plain = compared.as_ref().map_or(values.len(), |compared| compared.first);
        let mut meant = fact.name.to_owned();
        for (at, entry) in values[..plain].iter().enumerate() {
            if at > 0 && !fact.many {
                return None;
            }
            meant += &format!(" {}", self.adapted(fact, entry.value)?);
        }
        let compared = compared.map(|compared| (compared.end, compared.meant));
        if let Some((end, limit)) = compared {
            meant += &format!(" {}", limit.filter(|_| end == values.len())?);
        } else if plain == 0 && !matches!(fact.ty, Type::Bool) {
            return None;
        }
        for entry in entries.iter().filter(|entry| entry.key.is_some()) {
            let key = self.tree.string(entry.key).to_lowercase();
            let part = fact.part(&key).or_else(|| fact.part_also_called(&key))?;
            meant += &format!(" {}={}", part.name, self.adapted(part, entry.value)?);
        }
        Some(meant)
    }

    /// A value as a fact takes it: as it is written, or with what is certain to be missing or too much of it.
    pub(super) fn adapted(&mut self, fact: &'static Fact, word: Word) -> Option<String> {
        let told = self.problems.len();
        let fits = self.value(fact, word).is_some() && self.problems.len() == told;
        self.problems.truncate(told);
        let text = word.range().of(&self.tree.text);
        if fits {
            return Some(text.to_owned());
        }
        let is_number = |text: &str| text.parse::<f64>().is_ok_and(|number| number >= 0.0);
        match fact.ty.dimension() {
            Some(Dimension::Rate) if is_number(text) => Some(format!("{text}/s")),
            Some(Dimension::Ratio) if is_number(text) => Some(format!("{text}%")),
            Some(Dimension::Count) => {
                let number = text.trim_end_matches(['x', '×', '%']);
                is_number(number).then(|| number.to_owned())
            }
            _ => None,
        }
    }

    /// `return "202"` for an answer. In the block of a step it is known whose answer to whom it is.
    fn worded_answer(&mut self, id: NodeId, parent: Option<ItemId>, owner: &'static Kind, word: &str) {
        let node = *self.tree.node(id);
        let text = &self.tree.text;
        let around = parent.map(|parent| &self.items[parent]).filter(|_| owner.is(&class::STEP));
        let ends = around.map(|step| format!("{} --> {}", step.target.of(text), step.name.of(text)));
        let said = match self.tree.entries(id) {
            [only] if !only.key.is_some() && only.value.kind == WordKind::Quoted => only.value.range().of(text),
            _ => "\"…\"",
        };
        let is_certain = ends.is_some() && said != "\"…\"";
        let meant = format!("{} {said}", ends.as_deref().unwrap_or("b --> a"));
        let span = self.span(node.head_range(self.tree));
        let finding = self.report(
            UNKNOWN_WORD,
            node.name.range(),
            format!("unknown word `{word}` in `{}`", self.called(parent, owner)),
        );
        match is_certain {
            true => finding.add_meant(span, meant),
            false => finding.help.push(format!("an answer is an arrow back: write `{meant}`")),
        }
    }

    /// Reports a kind that stands where other tools have it for another kind, a fact or something else. Whether it was so.
    pub(super) fn habit_of_kind(
        &mut self,
        id: NodeId,
        kind: &'static Kind,
        parent: Option<ItemId>,
        owner: Option<&'static Kind>,
    ) -> bool {
        let Some(owner) = owner else { return false };
        let node = *self.tree.node(id);
        let range = node.name.range();
        let span = self.span(range);
        let message = format!("`{}` cannot stand in `{}`", kind.name, self.called(parent, owner));
        let other = kinds::held_by(Some(owner)).find(|other| other.other_names.contains(&kind.name));
        if let Some(other) = other {
            self.report(MISPLACED, range, message).add_meant(span, other.name);
            self.declared(id, other, false, parent);
            return true;
        }
        if let Some(instead) = owner.instead(kind.name) {
            self.report(MISPLACED, range, message).help.push(instead.to_owned());
        } else if let Some(fact) = owner.fact_also_called(kind.name) {
            self.called_otherwise(id, fact, MISPLACED, message);
        } else {
            return false;
        }
        self.lost.push(node.range());
        true
    }

    /// A part of a fact on the line of the node, where the fact has no room for it: `failover=automatic after=10s`. It is told once for
    /// all parts of the fact, with the block that they go into. Whether it was one.
    pub(super) fn part_on_line(&mut self, owner: Owner, range: Range, key: &str) -> bool {
        let tree = self.tree;
        let kind = self.items[owner.item].kind;
        let entries = tree.entries(owner.node);
        let is_given = |fact: &'static Fact, entry: &Entry| match entry.key.is_some() {
            true => fact.is_called(&tree.string(entry.key)),
            false => {
                let is_flag = matches!(fact.ty, Type::Bool) && entry.value.kind == WordKind::Bare;
                is_flag && fact.is_called(entry.value.range().of(&tree.text))
            }
        };
        // A title of the node itself, more likely than that of one of its links.
        let may_be = owner.fact.is_none() && key != "title";
        let mut with_it = kind.all_facts().filter(|fact| may_be && part_of(fact, key).is_some());
        let found = with_it.find_map(|fact| Some((fact, entries.iter().find(|entry| is_given(fact, entry))?)));
        let Some((fact, given)) = found else { return false };
        let is_part = |entry: &&Entry| {
            let key = tree.string(entry.key);
            entry.key.is_some() && kind.fact(&key).is_none() && part_of(fact, &key).is_some()
        };
        let parts: Vec<Entry> = entries.iter().filter(is_part).copied().collect();
        if parts.first().is_some_and(|first| first.key.range() == range) {
            self.parts_to_block(owner.node, fact, given, &parts);
        }
        true
    }

    /// Whether a value that has no place goes with the fact before it on its line: `pool=20 min` lacks the number of a part, which is
    /// reported, and what stands behind a fact that there is not is told with that.
    pub(super) fn belongs_to_key(&mut self, owner: Owner, extra: &Entry) -> bool {
        let tree = self.tree;
        let is_before = |entry: &&Entry| entry.key.is_some() && entry.range().end <= extra.range().start;
        let Some(given) = tree.entries(owner.node).iter().rfind(is_before) else { return false };
        let Some(fact) = self.facts_at(owner).called(&tree.string(given.key)) else { return true };
        if self.further_text(owner, given, fact) || self.value_behind_value(given, extra, fact) {
            return true;
        }
        let is_part = owner.fact.is_none() && part_of(fact, &tree.string(extra.value)).is_some();
        if is_part {
            self.parts_to_block(owner.node, fact, given, &[*extra]);
        }
        is_part
    }

    /// Reports that a fact with these parts goes into the block of its node. A part without a value lacks it, unless it says yes.
    fn parts_to_block(&mut self, id: NodeId, fact: &'static Fact, given: &Entry, parts: &[Entry]) {
        let tree = self.tree;
        let mut meant = fact.name.to_owned();
        if given.key.is_some() {
            meant += &format!(" {}", given.value.range().of(&tree.text));
        }
        let mut is_certain = true;
        for entry in parts {
            let Some(part) = part_of(fact, &tree.string(called(entry))) else { continue };
            if !entry.key.is_some() {
                let says_yes = matches!(part.ty, Type::Bool);
                is_certain &= says_yes;
                meant += &format!(" {}{}", part.name, if says_yes { "" } else { "=…" });
                continue;
            }
            let value = self.adapted(part, entry.value);
            is_certain &= value.is_some();
            let value = value.unwrap_or_else(|| entry.value.range().of(&tree.text).to_owned());
            meant += &format!(" {}={value}", part.name);
        }
        let first = called(parts.first().unwrap_or(given)).range();
        let message = format!("`{}` is said of `{}`, which takes it only in a block", first.of(&tree.text), fact.name);
        let removed: Vec<Range> = std::iter::once(given).chain(parts).map(Entry::range).collect();
        let edits = self.moved_to_block(id, &removed, &meant);
        let words = format!("write `{{ {meant} }}`");
        let finding = self.report(MISPLACED, first, message);
        finding.help.push(words.clone());
        if is_certain {
            finding.fixes.push(Fix { message: words, edits });
        }
    }

    /// The edits that move what stands on the line of a node into its block.
    fn moved_to_block(&self, id: NodeId, removed: &[Range], meant: &str) -> Vec<Edit> {
        let node = *self.tree.node(id);
        let text = &self.tree.text;
        let without_space = |range: &Range| {
            let before = &text[..range.start as usize];
            let spaces = before.len() - before.trim_end_matches(' ').len();
            Range::new(range.start - spaces as u32, range.end)
        };
        let mut edits: Vec<Edit> =
            removed.iter().map(|range| Edit { span: self.span(without_space(range)), text: String::new() }).collect();
        let (at, text) = match node.block.is_none() {
            true => (node.head_range(self.tree).end, format!(" {{ {meant} }}")),
            false => (node.block.start + 1, format!(" {meant};")),
        };
        edits.push(Edit { span: self.span(Range::new(at, at)), text });
        edits
    }

    /// `mix browse 80%`: the number of a name whose part is the only one that takes one. What is left of the values.
    pub(super) fn number_after_name(&mut self, fact: &'static Fact, all: Arguments, parts: &mut Gathered) -> Arguments {
        let [_, number] = &all[..] else { return all };
        let given = Quantity::parse(self.source(number.value.range())).map(|given| given.dimension);
        let of = |dimension: Dimension| fact.parts.iter().filter(move |part| part.ty.dimension() == Some(dimension));
        let dimension = given.unwrap_or(Dimension::Count);
        let dimension = if of(dimension).next().is_some() { dimension } else { Dimension::Count };
        let mut counts = of(dimension);
        let (Type::Reference(_), Some(part), None) = (fact.ty, counts.next().copied(), counts.next()) else {
            return all;
        };
        if !matches!(number.value.kind, WordKind::Number | WordKind::Quantity) {
            return all;
        }
        let range = number.value.range();
        let Some(value) = self.adapted(part, number.value) else { return all };
        let message = format!("the number behind a name in `{}` is written `{}=`", fact.name, part.name);
        self.slip(WRONG_VALUE, range, message, Some(format!("{}={value}", part.name)));
        if let Ok(number) = Quantity::parse(&value) {
            let value = crate::items::Value::Quantity(number);
            parts.push(FactValue { fact: part, value, range, whole: range, parts: (0, 0), number: 0 });
        }
        all.into_iter().take(1).collect()
    }

    /// Says of a word that it is a fact elsewhere under another name: `circuit-breaker` of a service.
    pub(super) fn called_elsewhere(
        &self,
        word: &str,
        item: Option<ItemId>,
        fact: Option<&'static Fact>,
    ) -> Option<String> {
        let Some(name) = calls_so(&word.to_lowercase()) else {
            let kind =
                kinds::other_name(word).and_then(kinds::by_name).filter(|kind| matches!(kind.head, Head::Named))?;
            let name = kind.name;
            return Some(format!(
                "it is called `{name}` here, which is a node of its own: `{name} name \"Title\" {{ … }}`"
            ));
        };
        let place = self.in_context(item, fact, |context| misplaced::elsewhere(name, context))?;
        Some(format!("in Groma it is called `{name}`; {place}"))
    }
}

/// The part of a fact that is called so, here or by other tools.
fn part_of(fact: &'static Fact, key: &str) -> Option<&'static Fact> {
    fact.part(key).or_else(|| fact.part_also_called(key))
}

/// The word by which an entry says what it is about.
fn called(entry: &Entry) -> Word {
    if entry.key.is_some() { entry.key } else { entry.value }
}

/// How a fact is usually written.
fn usual(fact: &Fact) -> String {
    let sample = match fact.ty {
        _ if !fact.form.is_empty() => return format!("write `{}`", fact.form),
        Type::Bool => return format!("write `{}`", fact.name),
        Type::Whole | Type::Number | Type::Amount => "3",
        Type::Duration => "10s",
        Type::Ratio => "99.9%",
        Type::Rate => "100/s",
        Type::MoneyPerTime => "$3000/month",
        Type::Size => "5MB",
        Type::Quantity => "200ms",
        Type::OneOf(words) => words.first().map_or("…", |(word, _)| word),
        Type::Date => "2026-11-30",
        Type::Text | Type::TextOrName(_) | Type::Query => "\"…\"",
        Type::Reference(_) => "…",
    };
    format!("write `{} {sample}`", fact.name)
}

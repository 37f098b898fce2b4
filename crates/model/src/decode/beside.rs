//! What stands beside a fact as if it belonged to it: a further fact on its line, a further text of a list.

use super::{Decoder, Facts, Owner, WRONG_VALUE};
use crate::items::ItemId;
use crate::schema::{Fact, Type};
use groma_base::{Edit, Fix, Range};
use groma_syntax::{Entry, NodeId, WordKind};

impl Decoder<'_> {
    /// `timeout 3s, retry 3`: facts behind the first on its line in a block, which is reported. Whether there are any.
    pub(super) fn further_facts(&mut self, item: ItemId, id: NodeId, fact: &'static Fact) -> bool {
        let tree = self.tree;
        let is_own = |owner: NodeId| tree.children(owner).any(|child| child == id);
        let Some(owner) = self.node_of(item).filter(|owner| is_own(*owner)) else { return false };
        let facts = self.facts_of(owner, self.items[item].kind);
        let entries = tree.entries(id);
        let (mut before, mut last, mut since) = (fact, tree.node(id).name.range(), 0);
        let mut further: Vec<(Range, Range)> = Vec::new();
        for (nth, entry) in entries.iter().enumerate() {
            if let Some(next) = self.further_fact(facts, before, &entries[since..=nth], entries.get(nth + 1)) {
                further.push((last, entry.value.range()));
                (before, since) = (next, nth + 1);
            }
            last = entry.range();
        }
        let Some((_, first)) = further.first().copied() else { return false };
        let edits: Vec<Edit> = further.iter().map(|(last, word)| self.with_semicolon(*last, *word)).collect();
        let line = tree.node(id).head_range(tree);
        let (mut meant, mut at) = (String::new(), line.start);
        for edit in &edits {
            meant += self.source(Range::new(at, edit.span.range.start));
            meant += &edit.text;
            at = edit.span.range.end;
        }
        meant += self.source(Range::new(at, line.end));
        let message = format!("`{}` is no part of `{}`", self.source(first), fact.name);
        let words = format!("write `{meant}`, or each fact on its own line");
        let finding = self.report(WRONG_VALUE, first, message);
        finding.help.push(words);
        finding.fixes.push(Fix { message: "write `;` between the facts".to_owned(), edits });
        self.lost.push(tree.node(id).range());
        true
    }

    /// The edit that puts a `;` between a fact and the next, for a comma if there is one.
    fn with_semicolon(&self, last: Range, word: Range) -> Edit {
        let comma = u32::from(self.source(last).ends_with(','));
        Edit { span: self.span(Range::new(last.end - comma, word.start)), text: "; ".to_owned() }
    }

    /// The fact that the last of some words behind another names: with a value behind it, unless it says yes, and after the value of the one before
    /// it. Behind a text without quotes it may be a word of that, and behind names a name.
    fn further_fact(
        &self,
        facts: Facts<'_>,
        before: &'static Fact,
        words: &[Entry],
        value: Option<&Entry>,
    ) -> Option<&'static Fact> {
        let [given @ .., word] = words else { return None };
        let text = self.source(word.value.range());
        let next = facts.called(text.trim_end_matches(',')).filter(|_| !word.key.is_some())?;
        let is_again = next == before && !before.many;
        let is_part = before.part(text).is_some() || self.bare_choice_of_part(word, before).is_some();
        let has_value = matches!(next.ty, Type::Bool)
            || value.is_some_and(|value| !value.key.is_some() && self.is_value_of(next, value));
        let first = given.first().filter(|first| !first.key.is_some());
        let is_ended = match before.ty {
            Type::Bool => true,
            Type::Text | Type::TextOrName(_) | Type::Query => {
                first.is_some_and(|first| first.value.kind == WordKind::Quoted)
            }
            Type::Reference(_) => first.is_some() && !(before.many && next.ty.dimension().is_none()),
            Type::Whole
            | Type::Number
            | Type::Amount
            | Type::Duration
            | Type::Ratio
            | Type::Rate
            | Type::MoneyPerTime
            | Type::Size
            | Type::Quantity
            | Type::OneOf(_)
            | Type::Date => first.is_some(),
        };
        (word.value.kind == WordKind::Bare && !is_part && !is_again && has_value && is_ended).then_some(next)
    }

    /// Whether a word may be the value of a fact, by how it is written.
    fn is_value_of(&self, fact: &'static Fact, value: &Entry) -> bool {
        let is_number = matches!(value.value.kind, WordKind::Number | WordKind::Quantity | WordKind::Broken);
        match fact.ty.dimension() {
            Some(_) => is_number,
            None => value.value.kind.is_string(),
        }
    }

    /// `idempotent, timeout 3s`: the fact that a node begins with, and a comma behind it, where a further fact follows.
    pub(super) fn fact_before_comma(&self, id: NodeId, facts: Facts<'_>) -> Option<&'static Fact> {
        let name = self.source(self.tree.node(id).name.range()).strip_suffix(',').filter(|_| self.seeks_slips)?;
        let first = self.tree.entries(id).first().filter(|first| !first.key.is_some())?;
        facts.called(self.source(first.value.range()))?;
        facts.called(name).filter(|fact| matches!(fact.ty, Type::Bool))
    }

    /// `tags="a" "b"`: a text in quotes right behind that of a property which takes several, which is reported. Whether it was one.
    pub(super) fn further_text(&mut self, owner: Owner, given: &Entry, fact: &'static Fact) -> bool {
        let tree = self.tree;
        let is_text = |entry: &Entry| entry.value.kind == WordKind::Quoted && !self.begins_slip(entry.value);
        let behind = tree.entries(owner.node).iter().skip_while(|entry| entry.range() != given.range()).skip(1);
        let texts: Vec<&Entry> =
            std::iter::once(given).chain(behind.take_while(|entry| !entry.key.is_some() && is_text(entry))).collect();
        let is_list = matches!(fact.ty, Type::Text) && (fact.is_listed || fact.many) && is_text(given);
        if texts.len() < 2 || !is_list {
            return false;
        }
        let each: Vec<&str> = texts.iter().map(|entry| self.source(entry.value.range()).trim_matches('"')).collect();
        let whole = given.value.range().cover(texts[texts.len() - 1].value.range());
        let in_block: Vec<String> = each.iter().map(|text| format!("\"{text}\"")).collect();
        let (list, in_block) = (format!("\"{}\"", each.join(", ")), in_block.join(" "));
        let (extra, span) = (texts[1].value.range(), self.span(whole));
        let finding = self.report(WRONG_VALUE, extra, "a fact has one value on a line");
        match (fact.is_listed, fact.many) {
            (true, false) => finding.add_meant(span, list),
            (true, true) => {
                finding.help.push(format!("write `{list}`, or `{} {in_block}` in the block", fact.name));
                finding.add_fix(format!("write `{list}`"), span, list);
            }
            (false, _) => finding.help.push(format!("write `{} {in_block}` in the block", fact.name)),
        }
        true
    }
}

//! The two ends of an arrow, and what people write in their place: several of them, one in two words, a colon behind one.

use super::arrows::Ends;
use super::{Decoder, MISSING_PART, WRONG_VALUE};
use crate::items::ItemId;
use crate::schema::Kind;
use crate::write::{is_name, quoted};
use groma_base::{Edit, Fix, Range};
use groma_syntax::{Entry, NodeId, Word, WordKind};
use smallvec::SmallVec;

impl Decoder<'_> {
    /// The ends of an arrow that is written as such.
    pub(super) fn ends_of(&mut self, at: ItemId, id: NodeId, kind: &'static Kind, from: Word) -> Ends {
        let from = self.plain(from);
        let entries = self.tree.entries(id);
        let values: SmallVec<[&Entry; 3]> = entries.iter().take(3).filter(|entry| !entry.key.is_some()).collect();
        let arrow = values.first().map_or(from, |entry| entry.value.range());
        let nowhere = |rest| Ends { from, to: None, rest };
        if let (Some(again), Some(target)) = (values.get(1).filter(|again| self.is_arrow(again)), values.get(2)) {
            self.twice(arrow, again.value.range());
            return Ends { from, to: Some(target.value.range()), rest: 3 };
        }
        let Some(target) = values.get(1) else {
            self.report(MISSING_PART, arrow, "this arrow leads nowhere")
                .help
                .push("write `a -> b \"does what\"`".to_owned());
            return nowhere(1);
        };
        let range = target.value.range();
        if !target.value.kind.is_string() {
            self.report(WRONG_VALUE, range, "expected the name of an element after the arrow")
                .help
                .push("write `a -> b \"does what\"`".to_owned());
            return nowhere(2);
        }
        let is_label = target.value.kind == WordKind::Quoted && !is_name(&self.tree.string(target.value));
        let next = values.get(2).filter(|next| next.value.kind == WordKind::Bare);
        if let Some(next) = next.filter(|_| target.value.kind == WordKind::Quoted) {
            let to = next.value.range();
            let meant = format!("{} {}", to.of(&self.tree.text), range.of(&self.tree.text));
            let whole = self.span(range.cover(to));
            self.title_argument(at, target);
            self.report(WRONG_VALUE, range, "the label comes after the end of the arrow").add_meant(whole, meant);
            return Ends { from, to: Some(to), rest: 3 };
        }
        let text = range.of(&self.tree.text);
        let others = values.get(2).filter(|next| next.value.kind == WordKind::Bare).map(|next| next.value.range());
        if let (Some(target), Some(other)) = (text.strip_suffix(',').filter(|_| !is_label), others) {
            return self.several_ends(kind, from, (range, target.to_owned()), other);
        }
        let is_labelled =
            || entries.get(3).is_some_and(|label| label.value.kind == WordKind::Quoted && !label.key.is_some());
        if let Some(other) = others.filter(|other| !is_label && is_labelled() && self.source(*other) != text) {
            self.broken_end(range, other);
            return nowhere(3);
        }
        if text.ends_with(':') && target.value.kind == WordKind::Bare {
            return self.end_with_colon(from, range, entries);
        }
        let value = self.without_comma(target.value);
        Ends { from, to: Some(self.plain(value)), rest: 2 }
    }

    /// Reports `a -> b: does what`, and reads what follows the colon as the label.
    fn end_with_colon(&mut self, from: Range, range: Range, entries: &[Entry]) -> Ends {
        let to = Range::new(range.start, range.end - 1);
        let (target, span) = (self.source(to).to_owned(), self.span(Range::new(to.end, range.end)));
        let label = self.unquoted_label(&entries[2..]);
        let rest = if label.is_some() { entries.len() } else { 2 };
        let finding = self.report(WRONG_VALUE, range, "a name is not followed by a colon");
        finding
            .help
            .push(format!("write `{target}`{}", if label.is_some() { ", and the label in quotes" } else { "" }));
        let edits = std::iter::once(Edit { span, text: String::new() }).chain(label).collect();
        finding.fixes.push(Fix { message: format!("write `{target}`"), edits });
        Ends { from, to: Some(to), rest }
    }

    /// Reports `a -> b c "label"`: a space stands for the dot, or one of the two is too much.
    fn broken_end(&mut self, first: Range, second: Range) {
        let (whole, part) = (self.source(first), self.source(second));
        let path = format!("{whole}.{part}");
        let is_meant = is_name(part) && self.is_used_as_name(part);
        let gap = self.span(Range::new(first.end, second.start));
        let finding = self.report(WRONG_VALUE, first.cover(second), "an arrow leads to one name");
        finding.help.push(format!("write `{path}`, or take one of the two out"));
        if is_meant {
            finding.add_fix(format!("write `{path}`"), gap, ".");
        }
    }

    /// Reports `a -> b, c`, and reads it as `a -> b`.
    fn several_ends(&mut self, kind: &Kind, from: Range, (range, target): (Range, String), other: Range) -> Ends {
        let (name, other) = (from.of(&self.tree.text).to_owned(), other.of(&self.tree.text).to_owned());
        let finding = self.report(WRONG_VALUE, range, format!("{} has one end", kind.class.phrase));
        finding.help.push(format!("write `{name} -> {target}` and `{name} -> {other}`, each on its own line"));
        Ends { from, to: Some(Range::new(range.start, range.end - 1)), rest: 3 }
    }

    /// The edit that puts a label of bare words into quotes, if these are such words.
    fn unquoted_label(&self, entries: &[Entry]) -> Option<Edit> {
        let words = entries.iter().take_while(|entry| !entry.key.is_some() && entry.value.kind == WordKind::Bare);
        let (first, last) = (entries.first()?.value.range(), words.last()?.value.range());
        let whole = first.cover(last);
        Some(Edit { span: self.span(whole), text: quoted(whole.of(&self.tree.text)) })
    }
}

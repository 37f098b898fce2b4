//! Whole lines of other notations, and words that stand twice: each is told once, and read as it is meant.

use super::{Arguments, Decoder, Gathered, UNKNOWN_WORD, WRONG_VALUE};
use crate::facts;
use crate::items::{FactValue, ItemId, Text};
use crate::kinds::class;
use crate::schema::{Head, Kind};
use crate::write::{is_name, quoted};
use groma_base::Range;
use groma_syntax::{Entry, NodeId, Word, WordKind};

impl Decoder<'_> {
    /// Whether nothing but space stands between two offsets.
    pub(super) fn is_spaced(&self, from: u32, to: u32) -> bool {
        from < to && self.tree.text[from as usize..to as usize].bytes().all(|byte| matches!(byte, b' ' | b'\t'))
    }

    /// `database "DB" as db`, as PlantUML has it, or `database db as "DB"`, as Mermaid does: the name and the title, which is reported,
    /// and what follows them.
    pub(super) fn named_as(&mut self, id: NodeId, kind: &'static Kind) -> Option<(Entry, Entry, Arguments)> {
        if !self.seeks_slips {
            return None;
        }
        let tree = self.tree;
        let [first, between, last, ..] = tree.entries(id) else { return None };
        let are_values = [first, between, last].iter().all(|entry| !entry.key.is_some());
        let is_as = between.value.kind == WordKind::Bare && self.source(between.value.range()) == "as";
        if !are_values || !is_as || !matches!(kind.head, Head::Named) {
            return None;
        }
        let is_bare_name = |word: Word| word.kind == WordKind::Bare && is_name(self.source(word.range()));
        let (name, title) = match (first.value.kind, last.value.kind) {
            (WordKind::Quoted, _) if is_bare_name(last.value) => (*last, *first),
            (_, WordKind::Quoted) if is_bare_name(first.value) => (*first, *last),
            _ => return None,
        };
        let whole = first.value.range().cover(last.value.range());
        let meant = format!("{} {}", self.source(name.value.range()), self.source(title.value.range()));
        self.slip(WRONG_VALUE, whole, "the name comes before the title, without `as`", Some(meant));
        Some((name, title, self.arguments(id, 3)))
    }

    /// `note over shop.site "hello"`, `note right of shop.site: hello`: what is said beside a participant, which is reported. Whether it was
    /// one; its title and whom it is about are read.
    pub(super) fn placed_note(&mut self, at: ItemId, id: NodeId, kind: &'static Kind, gathered: &mut Gathered) -> bool {
        if !self.seeks_slips {
            return false;
        }
        let tree = self.tree;
        if !kind.is(&class::NOTE) {
            return false;
        }
        let (about, entries) = (&facts::note::ABOUT, tree.entries(id));
        let bare = |entry: &Entry| !entry.key.is_some() && entry.value.kind == WordKind::Bare;
        let word =
            |at: usize| entries.get(at).filter(|entry| bare(entry)).map(|entry| self.source(entry.value.range()));
        let skipped = match (word(0), word(1)) {
            (Some("over"), _) => 1,
            (Some("left" | "right"), Some("of")) => 2,
            _ => return false,
        };
        let (Some(written), Some(whom)) = (word(skipped), entries.get(skipped)) else { return false };
        let name = written.trim_end_matches(':');
        let rest = &entries[skipped + 1..];
        let (Some(first), Some(last)) = (rest.first(), rest.last()) else { return false };
        let whole = first.value.range().cover(last.value.range());
        let title = match rest {
            [only] if only.value.kind == WordKind::Quoted && !only.key.is_some() => self.source(whole).to_owned(),
            rest if rest.iter().all(bare) => quoted(self.source(whole).trim_start_matches([':', ' '])),
            _ => return false,
        };
        let meant = format!("{title} about={name}");
        let (start, name_length) = (whom.value.range().start, name.len() as u32);
        let placed = entries[0].value.range().cover(whole);
        self.slip(UNKNOWN_WORD, placed, "whom a note is about is a fact of it", Some(meant));
        if let Some(value) = self.value(about, Word::new(start, start + name_length, WordKind::Bare)) {
            let range = Range::new(start, start + name_length);
            gathered.push(FactValue { fact: about, value, range, whole: range, parts: (0, 0), number: 0 });
        }
        let said = if title.len() as u32 == whole.end - whole.start && first.value.kind == WordKind::Quoted {
            Range::new(whole.start + 1, whole.end - 1)
        } else {
            whole
        };
        let item = &mut self.items[at];
        (item.title, item.title_range) = (Some(Text::Slice(said)), whole);
        true
    }
}

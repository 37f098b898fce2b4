//! What Groma has to say about a text, as data. Rendering is the business of `groma-report`.

use crate::{FileId, Range, Span};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// How grave a finding is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Severity {
    /// Worth a thought; nothing is known to be wrong.
    Note,
    /// Probably wrong, or right only for a reason that is not written down.
    Warning,
    /// Wrong: the text contradicts itself or cannot be understood.
    Error,
}

impl Severity {
    /// All severities, mildest first.
    pub const ALL: [Severity; 3] = [Severity::Note, Severity::Warning, Severity::Error];

    /// The word used for it in texts and on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }

    /// The severity that this word names.
    pub fn from_word(word: &str) -> Option<Severity> {
        Severity::ALL.into_iter().find(|severity| severity.word() == word)
    }
}

/// A place in the text with a remark on it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Label {
    /// The words it underlines.
    pub span: Span,
    /// The remark; may be empty.
    pub message: String,
}

/// One replacement in a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Edit {
    /// What is replaced; an empty range inserts.
    pub span: Span,
    /// The new text.
    pub text: String,
}

/// A change that mends a finding.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fix {
    /// What the change does, as an instruction.
    pub message: String,
    /// Edits that do not overlap.
    pub edits: Vec<Edit>,
}

/// A finding: what is wrong, where, why it matters and what to do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnostic {
    /// The rule's name, such as `unresolved-name`, or that of a standard of the workspace.
    pub code: Cow<'static, str>,
    /// How grave it is here, after the workspace's settings.
    pub severity: Severity,
    /// The headline: lower case, complete by itself.
    pub message: String,
    /// The words it is about.
    pub primary: Label,
    /// Other places that explain it.
    pub secondary: Vec<Label>,
    /// Other places at which the same is so, which it might stand at as well: where it is told once for many.
    pub also: Vec<Also>,
    /// Other places at which it might stand, where it is of several and names decide at which it does: lists and suppressions know it
    /// at each, so that a new name makes no other finding of it.
    pub or_at: Vec<Span>,
    /// Facts that are not instructions.
    pub notes: Vec<String>,
    /// What to do next, each an instruction.
    pub help: Vec<String>,
    /// Changes that mend it.
    pub fixes: Vec<Fix>,
    /// The declared item it is about, as its place in its file, if it is about one.
    pub subject: Option<u32>,
    /// The days on which it is so, if it is so at some time only.
    pub days: Days,
    /// A file of the kit that demands that it is otherwise, if one does.
    pub of_kit: Option<FileId>,
    /// What else it regards, in words that last, where its rule may find several things at one place: `deployment:production`.
    pub regards: Option<Box<str>>,
}

/// Another place at which the same is so.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Also {
    /// The words, and the remark that is made on them where the finding stands elsewhere.
    pub label: Label,
    /// The declared item it is about, as its place in its file.
    pub subject: u32,
}

/// The days on which something is so, each written `YYYY-MM-DD`: from the first on, before the other.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Days {
    /// The first; none if it is so since ever.
    pub from: Option<Box<str>>,
    /// The day after the last; none if it stays so.
    pub before: Option<Box<str>>,
}

impl Days {
    /// Whether a day is one of them.
    pub fn contain(&self, day: &str) -> bool {
        self.from.as_deref().is_none_or(|from| from <= day) && self.before.as_deref().is_none_or(|before| day < before)
    }
}

/// So many other places at which the same is so are shown at most.
const MOST_ALSO: usize = 4;

/// So many characters of a word are repeated: whoever wrote more knows what it was.
const MOST_OF_WORD: usize = 60;

/// A text with a piece of each word that is longer than [`MOST_OF_WORD`]; `None` if none is, as in nearly all.
fn with_short_words(text: &str) -> Option<String> {
    let is_break = |letter: char| letter.is_whitespace() || matches!(letter, '`' | '"');
    // No word has more characters than bytes.
    if text.split(is_break).all(|word| word.len() <= MOST_OF_WORD) {
        return None;
    }
    let short = |word: &str| match word.trim_end_matches(is_break).char_indices().nth(MOST_OF_WORD) {
        Some((end, _)) => format!("{}…{}", &word[..end], &word[word.trim_end_matches(is_break).len()..]),
        None => word.to_owned(),
    };
    Some(text.split_inclusive(is_break).map(short).collect())
}

impl Diagnostic {
    /// A finding with a headline at a place.
    pub fn new(
        code: impl Into<Cow<'static, str>>,
        severity: Severity,
        span: Span,
        message: impl Into<String>,
    ) -> Diagnostic {
        Diagnostic {
            code: code.into(),
            severity,
            message: message.into(),
            primary: Label { span, message: String::new() },
            secondary: Vec::new(),
            also: Vec::new(),
            or_at: Vec::new(),
            notes: Vec::new(),
            help: Vec::new(),
            fixes: Vec::new(),
            subject: None,
            days: Days::default(),
            of_kit: None,
            regards: None,
        }
    }

    /// An error with a headline at a place.
    pub fn error(code: impl Into<Cow<'static, str>>, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(code, Severity::Error, span, message)
    }

    /// The same with a piece of each word that is too long to be read, in all that is said. Edits stay whole.
    pub fn with_short_words(mut self) -> Diagnostic {
        let labels = std::iter::once(&mut self.primary).chain(&mut self.secondary).map(|label| &mut label.message);
        let said = labels.chain(&mut self.notes).chain(&mut self.help);
        let fixes = self.fixes.iter_mut().map(|fix| &mut fix.message);
        for text in said.chain(fixes).chain([&mut self.message]) {
            if let Some(short) = with_short_words(text) {
                *text = short;
            }
        }
        self
    }

    /// Says what else it regards, which tells it from others of its rule at the same place: an address, or a word that lasts.
    pub fn regarding(mut self, what: impl Into<Box<str>>) -> Diagnostic {
        self.regards = Some(what.into());
        self
    }

    /// Says from which day on it is so.
    pub fn from_day(mut self, day: &str) -> Diagnostic {
        self.days.from = Some(day.into());
        self
    }

    /// Says before which day it is so.
    pub fn before_day(mut self, day: &str) -> Diagnostic {
        self.days.before = Some(day.into());
        self
    }

    /// Says which declared item of the primary label's file it is about.
    pub fn about(mut self, item: u32) -> Diagnostic {
        self.subject = Some(item);
        self
    }

    /// Adds the remark on the underlined words themselves.
    pub fn label(mut self, message: impl Into<String>) -> Diagnostic {
        self.primary.message = message.into();
        self
    }

    /// Adds another place with a remark.
    pub fn secondary(mut self, span: Span, message: impl Into<String>) -> Diagnostic {
        self.secondary.push(Label { span, message: message.into() });
        self
    }

    /// Adds a place at which the same is so.
    pub fn also(mut self, span: Span, subject: u32, message: impl Into<String>) -> Diagnostic {
        self.also.push(Also { label: Label { span, message: message.into() }, subject });
        self
    }

    /// Adds a place at which it might stand as well, as it is of several.
    pub fn or_at(mut self, span: Span) -> Diagnostic {
        self.or_at.push(span);
        self
    }

    /// All places at which it is so: where it stands, and the others. None if it is about no item.
    pub fn places(&self) -> Vec<Also> {
        let first = self.subject.map(|subject| Also { label: self.primary.clone(), subject });
        first.into_iter().chain(self.also.iter().cloned()).collect()
    }

    /// The same at some of its places: it stands at the first of these, shows a few of the others, and mends nothing elsewhere.
    pub fn at_places(mut self, places: Vec<Also>) -> Diagnostic {
        if !self.fixes.is_empty() {
            let left: BTreeSet<Span> = places.iter().map(|place| place.label.span).collect();
            let all: BTreeSet<Span> = self.places().into_iter().map(|place| place.label.span).collect();
            let is_gone = |span: &Span| all.contains(span) && !left.contains(span);
            self.fixes.iter_mut().for_each(|fix| fix.edits.retain(|edit| !is_gone(&edit.span)));
            self.fixes.retain(|fix| !fix.edits.is_empty());
        }
        self.secondary.retain(|label| !self.also.iter().any(|other| other.label == *label));
        let mut places = places.into_iter();
        if let Some(first) = places.next() {
            self.primary.span = first.label.span;
            self.subject = Some(first.subject);
        }
        self.also = places.collect();
        self.secondary.splice(0..0, self.also.iter().take(MOST_ALSO).map(|also| also.label.clone()));
        self
    }

    /// Adds a fact.
    pub fn note(mut self, message: impl Into<String>) -> Diagnostic {
        self.notes.push(message.into());
        self
    }

    /// Adds an instruction.
    pub fn help(mut self, message: impl Into<String>) -> Diagnostic {
        self.help.push(message.into());
        self
    }

    /// Adds a change that replaces one range.
    pub fn fix(mut self, message: impl Into<String>, span: Span, text: impl Into<String>) -> Diagnostic {
        self.add_fix(message, span, text);
        self
    }

    /// Adds the words that are meant, as help and as the change that writes them over a range.
    pub fn add_meant(&mut self, span: Span, meant: impl Into<String>) {
        let meant = meant.into();
        let words = format!("write `{meant}`");
        self.help.push(words.clone());
        self.add_fix(words, span, meant);
    }

    /// Adds that one of two things is to be removed, and the change that removes this one.
    pub fn add_removal(&mut self, span: Span) {
        let words = "remove one of the two";
        self.help.push(words.to_owned());
        self.add_fix(words, span, "");
    }

    /// Adds a change that replaces one range.
    pub fn add_fix(&mut self, message: impl Into<String>, span: Span, text: impl Into<String>) {
        self.fixes.push(Fix { message: message.into(), edits: vec![Edit { span, text: text.into() }] });
    }

    /// The order in which findings are shown: by file, then place, then rule.
    pub fn sort_key(&self) -> (Span, &str, &str) {
        (self.primary.span, &self.code, &self.message)
    }
}

/// The text with the edits made. Edits that do not fit the text or overlap an earlier one are left out.
pub fn apply_edits(text: &str, edits: &[(Range, &str)]) -> String {
    let mut sorted: Vec<_> = edits.to_vec();
    sorted.sort_by_key(|(range, _)| *range);
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for (range, new) in sorted {
        let Some(kept) = text.get(at..range.start as usize) else { continue };
        if text.get(range.start as usize..range.end as usize).is_none() {
            continue;
        }
        out.push_str(kept);
        out.push_str(new);
        at = range.end as usize;
    }
    out.push_str(&text[at..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_is_too_long_is_told_by_its_beginning() {
        let long = "x".repeat(100_000);
        let span = Span::default();
        let said = |word: &str| {
            Diagnostic::error("c", span, format!("there is no `{word}` here"))
                .secondary(span, word)
                .note(format!("\"{word}\" and {word}"))
                .fix(format!("write `{word}`"), span, word)
                .with_short_words()
        };
        let (short, same) = (said(&long), said("shop.core"));
        let cut = format!("{}…", "x".repeat(60));
        assert_eq!(short.message, format!("there is no `{cut}` here"));
        assert_eq!((&short.secondary[0].message, &short.notes[0]), (&cut, &format!("\"{cut}\" and {cut}")));
        assert_eq!(
            (short.fixes[0].message.as_str(), short.fixes[0].edits[0].text == long),
            (&*format!("write `{cut}`"), true)
        );
        assert_eq!(same.message, "there is no `shop.core` here");
        // It is cut between letters, and so are many of them that are each short enough.
        let accents = "é".repeat(61);
        assert_eq!(with_short_words(&format!("{accents}  b")), Some(format!("{}…  b", "é".repeat(60))));
        assert_eq!(with_short_words(&"word ".repeat(50)), None);
    }

    #[test]
    fn edits_apply_in_order_of_place_and_skip_overlaps() {
        let edits =
            [(Range::new(4, 5), "X"), (Range::new(0, 1), "Y"), (Range::new(4, 6), "Z"), (Range::new(90, 91), "W")];
        assert_eq!(apply_edits("abcdefg", &edits), "YbcdXfg");
    }
}

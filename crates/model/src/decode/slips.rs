//! What people write out of habit, from other languages or by a slip of the pen: each is told once, with what is written here,
//! and what was meant is read.

use super::foreign::is_protocol;
use super::{Arguments, Decoder, Gathered, UNKNOWN_WORD, UNTITLED, WRONG_VALUE};
use crate::items::FactValue;
use crate::kinds;
use crate::kinds::class;
use crate::schema::{Fact, Head, Kind, Type};
use crate::write::{is_name, quoted};
use groma_base::{Quantity, Range};
use groma_syntax::{Entry, NodeId, Word, WordKind, unit_called};

/// The quotes that people write for `"`, with those that close them.
const QUOTES: [(char, &[char]); 6] =
    [('\'', &['\'']), ('`', &['`', '\'']), ('“', &['”', '“']), ('”', &['”']), ('„', &['“', '”']), ('«', &['»'])];

/// Arrows as people write them that are none here.
const ARROWS: [&str; 14] = ["-", "--", "<-", "<--", "<->", "<-->", "->>", "-->>", "--->", "→", "⇒", "➜", "–>", "—>"];

/// Words that people write for an arrow.
const VERBS: [&str; 12] = [
    "uses",
    "use",
    "calls",
    "call",
    "to",
    "reads",
    "writes",
    "sends",
    "requests",
    "depends-on",
    "talks-to",
    "connects",
];

/// The ends of an arrow, and where in the node's entries what follows them begins.
pub(super) struct Ends {
    pub(super) from: Range,
    pub(super) to: Option<Range>,
    pub(super) rest: usize,
}

/// What stands for an arrow that is none: the ends that are meant, the words that are wrong, and what to write.
pub(super) struct ArrowSlip {
    pub(super) ends: Option<Ends>,
    pub(super) wrong: Range,
    pub(super) message: &'static str,
    pub(super) meant: Option<String>,
    pub(super) fix: Option<(Range, String)>,
}

/// A comparison: from which value to before which it goes, the parts that say a limit, and how it is written here.
pub(super) struct Compared {
    pub(super) first: usize,
    pub(super) end: usize,
    message: String,
    pub(super) meant: Option<String>,
}

impl Decoder<'_> {
    /// Reports a slip, with what is written instead if that is certain.
    pub(super) fn slip(&mut self, code: &'static str, range: Range, message: impl Into<String>, meant: Option<String>) {
        let span = self.span(range);
        let finding = self.report(code, range, message);
        if let Some(meant) = meant {
            finding.add_meant(span, meant);
        }
    }

    /// Marks the words of a slip: the first stands for all, the others are passed over.
    fn spoil(&mut self, range: Range) {
        self.spoiled.insert(range.start, range.end);
    }

    /// Whether a word is part of a slip, and whether it is the first of it.
    fn spoiled_at(&self, start: u32) -> Option<bool> {
        let (first, end) = self.spoiled.range(..=start).next_back()?;
        (start < *end).then_some(*first == start)
    }

    /// Whether a word begins a slip that was told.
    pub(super) fn begins_slip(&self, word: Word) -> bool {
        !self.spoiled.is_empty() && self.spoiled_at(word.range().start) == Some(true)
    }

    fn is_passed_over(&self, entry: &Entry) -> bool {
        !self.spoiled.is_empty() && self.spoiled_at(entry.range().start) == Some(false)
    }

    /// The values of a node, from one of its entries on, without the words that belong to a slip.
    pub(super) fn arguments(&self, id: NodeId, from: usize) -> Arguments {
        let entries = self.tree.entries(id).iter().skip(from);
        entries.filter(|entry| !entry.key.is_some() && !self.is_passed_over(entry)).copied().collect()
    }

    fn source(&self, range: Range) -> &str {
        range.of(&self.tree.text)
    }

    /// Looks for what is wrong whatever it stands for: other quotes, and numbers apart from their units.
    pub(super) fn slips_of_words(&mut self) {
        for id in (0..self.tree.node_count() as u32).map(NodeId) {
            let entries = self.tree.entries(id);
            for (at, entry) in entries.iter().enumerate() {
                let word = entry.value;
                match word.kind {
                    WordKind::Bare => {
                        let first = self.tree.text.as_bytes()[word.range().start as usize];
                        if matches!(first, b'\'' | b'`' | 0xC2 | 0xE2) {
                            self.other_quotes(word);
                        }
                    }
                    WordKind::Number if entries.get(at + 1).is_some_and(|next| !next.key.is_some()) => {
                        self.apart_from_unit(&entries[at..]);
                    }
                    _ => {}
                }
            }
        }
    }

    fn other_quotes(&mut self, word: Word) {
        let range = word.range();
        if self.spoiled_at(range.start).is_some() {
            return;
        }
        let text = &self.tree.text[range.start as usize..];
        let line = &text[..text.find(['\n', '\r', '"']).unwrap_or(text.len())];
        let Some(open) = line.chars().next() else { return };
        let Some((_, closing)) = QUOTES.iter().find(|(quote, _)| *quote == open) else { return };
        let inner = &line[open.len_utf8()..];
        // A quote inside of a word is an apostrophe.
        let ends_text = |(at, quote): &(usize, &str)| {
            let next = inner[at + quote.len()..].chars().next();
            next.is_none_or(|next| next.is_whitespace() || matches!(next, ';' | '{' | '}' | ','))
        };
        let Some((close, _)) = inner.match_indices(*closing).find(ends_text) else { return };
        let last = inner[close..].chars().next().map_or(0, char::len_utf8);
        let end = open.len_utf8() + close + last;
        let whole = Range::new(range.start, range.start + end as u32);
        let meant = quoted(&inner[..close]);
        self.spoil(whole);
        self.slip(WRONG_VALUE, whole, "a text goes between straight double quotes", Some(meant));
    }

    /// `800 ms`, `100 per minute`, `2 to 6`.
    fn apart_from_unit(&mut self, entries: &[Entry]) {
        let texts: Vec<&str> = entries.iter().take(3).map(|entry| self.source(entry.value.range())).collect();
        let number = texts[0];
        let (meant, count) = match texts[1..] {
            ["per" | "a" | "every", unit] => (unit_called(unit).map(|unit| format!("{number}/{unit}")), 3),
            ["to" | "-" | "–" | ".." | "until", high] => (Some(format!("{number}..{high}")), 3),
            [unit, ..] => (unit_called(unit).map(|unit| format!("{number}{unit}")), 2),
            [] => return,
        };
        let are_values = entries[1..count.min(entries.len())].iter().all(|entry| !entry.key.is_some());
        let Some(meant) = meant.filter(|meant| are_values && Quantity::parse(meant).is_ok()) else { return };
        let whole = entries[0].value.range().cover(entries[count - 1].value.range());
        self.spoil(whole);
        self.slip(WRONG_VALUE, whole, "a quantity is written as one word", Some(meant));
    }

    /// A text of several words without quotes, as the value of a property.
    pub(super) fn unquoted_properties(&mut self, id: NodeId, fact_of: impl Fn(&str) -> Option<&'static Fact>) {
        let tree = self.tree;
        let entries = tree.entries(id);
        for (at, pair) in entries.windows(2).enumerate() {
            let is_text = || match fact_of(&tree.string(pair[0].key)) {
                Some(fact) => matches!(fact.ty, Type::Text | Type::TextOrName(_)),
                None => false,
            };
            let is_followed = pair[0].key.is_some() && !pair[1].key.is_some();
            if is_followed && is_text() {
                self.unquoted(&entries[at..], &fact_of);
            }
        }
    }

    /// Reports the text of several words that begins here, if there is one.
    fn unquoted(&mut self, entries: &[Entry], fact_of: &impl Fn(&str) -> Option<&'static Fact>) -> bool {
        let plain = |entry: &Entry| matches!(entry.value.kind, WordKind::Bare | WordKind::Number | WordKind::Quantity);
        let is_word = |entry: &&Entry| {
            let text = self.source(entry.value.range());
            let is_flag = fact_of(text).is_some_and(|fact| matches!(fact.ty, Type::Bool));
            !entry.key.is_some() && plain(entry) && !is_flag && self.spoiled_at(entry.value.range().start).is_none()
        };
        let first = &entries[0];
        if !plain(first) || self.spoiled_at(first.value.range().start).is_some() {
            return false;
        }
        // A fact whose `=` was forgotten, rather than the second word of a text.
        let more = entries[1..].iter().take_while(is_word).count();
        let is_fact = entries.get(1).is_some_and(|next| fact_of(self.source(next.value.range())).is_some());
        let Some(last) = entries[1..=more].last().filter(|_| more > 2 || !is_fact) else { return false };
        let whole = first.value.range().cover(last.value.range());
        let text = self.source(whole);
        if text.contains(['\n', '\\', '"']) || text.contains("/*") {
            return false;
        }
        let meant = quoted(text);
        self.spoil(whole);
        self.slip(WRONG_VALUE, whole, "a text of several words needs quotes", Some(meant));
        true
    }

    /// The values of a node, from one of its entries on, once a title of several words without quotes is told; where there is a title,
    /// it is the value with this number.
    pub(super) fn with_one_title(&mut self, id: NodeId, from: usize, nth: usize, kind: &'static Kind) -> Arguments {
        let arguments = self.arguments(id, from);
        let told = self.problems.len();
        self.unquoted_title(id, arguments.get(nth), kind);
        if self.problems.len() == told { arguments } else { self.arguments(id, from) }
    }

    /// A title of several words without quotes. It begins with this entry, if it has one.
    fn unquoted_title(&mut self, id: NodeId, title: Option<&Entry>, kind: &'static Kind) {
        let Some(title) = title.filter(|title| title.value.kind == WordKind::Bare) else { return };
        let tree = self.tree;
        let entries = tree.entries(id);
        let at = entries.iter().position(|entry| entry.value.range() == title.value.range());
        let text = self.source(title.value.range());
        if kind.fact(text).is_some() || self.bare_choice(title, kind).is_some() || kind.class.is_in(UNTITLED) {
            return;
        }
        if text == ":" || ["->", "-->"].contains(&text) || ARROWS.contains(&text) {
            return;
        }
        if let Some(at) = at {
            self.unquoted(&entries[at..], &|name| kind.fact(name));
        }
    }

    /// Reports a name of several words before a title, of which the last is read: `service my api "API"`. How many words it has.
    pub(super) fn name_of_words(&mut self, id: NodeId, kind: &'static Kind) -> usize {
        let entries = self.tree.entries(id);
        let is_word = |entry: &&Entry| {
            let text = self.source(entry.value.range());
            let is_bare = !entry.key.is_some() && entry.value.kind == WordKind::Bare && is_name(text);
            is_bare && kind.fact(text).is_none() && self.bare_choice(entry, kind).is_none()
        };
        let words: Vec<&Entry> = entries.iter().take_while(is_word).collect();
        let next = entries.get(words.len()).filter(|next| !next.key.is_some() && next.value.kind == WordKind::Quoted);
        let ([first, .., last], Head::Named, Some(_)) = (&words[..], kind.head, next) else {
            return words.len().min(1);
        };
        let whole = first.value.range().cover(last.value.range());
        let meant: Vec<&str> = words.iter().map(|word| self.source(word.value.range())).collect();
        let meant = meant.join("-");
        // It may be meant otherwise: whoever uses it may have written any of the words.
        self.report(WRONG_VALUE, whole, "a name is one word").help.push(format!("write `{meant}`"));
        self.lost.push(whole);
        words.len()
    }

    /// A text of several words without quotes, or a query of several, as the value of a fact in a block.
    pub(super) fn unquoted_fact(&mut self, id: NodeId, fact: &'static Fact) {
        let tree = self.tree;
        let entries = tree.entries(id);
        let is_joined = |entry: &Entry| matches!(self.source(entry.value.range()), "and" | "or" | "not");
        let may_be = match fact.ty {
            Type::Text | Type::TextOrName(_) => !fact.many,
            Type::Query => entries.iter().any(is_joined),
            _ => false,
        };
        if may_be && entries.len() > 1 {
            self.unquoted(entries, &|_| None);
        }
    }

    /// `p95 < 800ms`, `p95<800ms`, `under<3s`: a limit as a comparison. Whether it was one.
    pub(super) fn comparison(&mut self, fact: &'static Fact, arguments: &[Entry]) -> Option<usize> {
        let compared = self.compared(fact, arguments)?;
        let whole = arguments[compared.first].value.range().cover(arguments[compared.end - 1].value.range());
        self.slip(WRONG_VALUE, whole, compared.message, compared.meant);
        // What is compared is the value itself if it stands in the same word.
        Some(compared.first)
    }

    /// The comparison among the values of a fact.
    pub(super) fn compared(&self, fact: &'static Fact, arguments: &[Entry]) -> Option<Compared> {
        let part = |names: &[&str]| fact.parts.iter().find(|part| names.contains(&part.name)).map(|part| part.name);
        let limits = part(&["under", "below"]).zip(part(&["over"]));
        let is_compared = |entry: &Entry| self.source(entry.value.range()).contains(['<', '>', '≤', '≥']);
        let is_part = |text: &str| fact.parts.iter().any(|part| part.name == text);
        let sign = arguments.iter().position(is_compared)?;
        let begins = self.source(arguments[sign].value.range()).starts_with(['<', '>', '≤', '≥']);
        let before = sign.checked_sub(1).filter(|at| begins && is_part(self.source(arguments[*at].value.range())));
        let first = before.unwrap_or(sign);
        let (mut text, mut end) = (String::new(), first);
        for entry in &arguments[first..] {
            text += self.source(entry.value.range());
            end += 1;
            if !text.ends_with(['<', '>', '=', '≤', '≥']) && end > sign {
                break;
            }
        }
        let sign = text.find(['<', '>', '≤', '≥'])?;
        let (left, right) = (&text[..sign], text[sign..].trim_start_matches(['<', '>', '=', '≤', '≥']));
        let is_below = text[sign..].starts_with(['<', '≤']);
        let (message, meant) = match limits {
            Some((under, over)) => {
                let side = if is_below { under } else { over };
                let message = format!("a limit is written with `{under}=` or `{over}=`");
                let meant = match left {
                    "" => format!("{side}={right}"),
                    left if is_part(left) => format!("{left}={right}"),
                    left => format!("{left} {side}={right}"),
                };
                (message, meant)
            }
            None if is_part(left) => (format!("`{left}` takes its value with `=`"), format!("{left}={right}")),
            None => return None,
        };
        let meant = (Quantity::parse(right).is_ok()).then_some(meant);
        Some(Compared { first, end, message, meant })
    }

    /// Takes the comma from the end of a word without quotes.
    pub(super) fn without_comma(&mut self, word: Word) -> Word {
        let range = word.range();
        if word.kind != WordKind::Bare || range.end - range.start < 2 || !self.source(range).ends_with(',') {
            return word;
        }
        let comma = Range::new(range.end - 1, range.end);
        let span = self.span(comma);
        let finding = self.report(WRONG_VALUE, comma, "values are separated by spaces, not commas");
        finding.help.push("remove the comma: a space is enough".to_owned());
        finding.add_fix("remove the comma", span, "");
        Word::new(range.start, range.end - 1, WordKind::Bare)
    }

    /// What was meant as an arrow and is none: `a->b`, `a <- b`, `a → b`, `a uses b`, `person a -> b`.
    pub(super) fn arrow_slip(&self, id: NodeId) -> Option<ArrowSlip> {
        let word = self.tree.node(id).name;
        let entries = self.tree.entries(id);
        let bare =
            |at: usize| entries.get(at).filter(|entry| !entry.key.is_some() && entry.value.kind == WordKind::Bare);
        let name = |at: usize| {
            let entry = entries.get(at).filter(|entry| !entry.key.is_some() && entry.value.kind.is_string())?;
            Some(entry.value.range())
        };
        let text = self.source(word.range());
        if word.kind == WordKind::Bare && text.contains("->") {
            let slip = self.arrow_in_word(word.range(), text, name(0))?;
            return Some(self.with_label_after_colon(slip, text, entries));
        }
        let second = bare(0)?.value.range();
        let sign = self.source(second);
        let ends = |to: Range, rest| Some(Ends { from: word.range(), to: Some(to), rest });
        if ARROWS.contains(&sign) {
            let to = name(1)?;
            let written = self.source(to).to_owned();
            let (message, meant, fix, is_backwards) = match sign {
                "<-" | "<--" => {
                    let meant = format!("{written} -> {text}");
                    (FORWARDS, meant.clone(), Some((word.range().cover(to), meant)), true)
                }
                "<->" | "<-->" => (ONE_WAY, format!("{text} -> {written}` and `{written} -> {text}"), None, false),
                "-->>" => (NO_ARROW, format!("{text} --> {written}"), Some((second, "-->".to_owned())), false),
                _ => (NO_ARROW, format!("{text} -> {written}"), Some((second, "->".to_owned())), false),
            };
            let ends = match is_backwards {
                true => Some(Ends { from: to, to: Some(word.range()), rest: 2 }),
                false => ends(to, 2),
            };
            return Some(ArrowSlip { ends, wrong: second, message, meant: Some(meant), fix });
        }
        if sign.starts_with("-->|") || sign.starts_with("->|") || sign.starts_with("--|") {
            return Some(self.labelled_arrow(word.range(), entries));
        }
        if let Some(target) = sign.strip_prefix("->").filter(|target| is_path(target)) {
            let to = Range::new(second.end - target.len() as u32, second.end);
            let meant = format!("{text} -> {target}");
            let fix = Some((second, format!("-> {target}")));
            return Some(ArrowSlip { ends: ends(to, 1), wrong: second, message: NO_ARROW, meant: Some(meant), fix });
        }
        let is_kind = || kinds::by_name(text).is_some() || kinds::other_name(text).is_some();
        let third = || bare(1).map(|entry| self.source(entry.value.range()));
        if matches!(third(), Some("->" | "-->")) && is_kind() {
            let to = name(2)?;
            let meant = format!("{sign} {} {}", third().unwrap_or("->"), self.source(to));
            let ends = Some(Ends { from: second, to: Some(to), rest: 3 });
            let fix = Some((word.range().cover(second), sign.to_owned()));
            return Some(ArrowSlip { ends, wrong: word.range(), message: NAMES_ALONE, meant: Some(meant), fix });
        }
        let is_verb = VERBS.contains(&sign) && is_path(text) && !is_kind();
        let to = name(1).filter(|to| is_verb && is_path(self.source(*to)))?;
        let meant = format!("{text} -> {}", self.source(to));
        let fix = Some((second, "->".to_owned()));
        Some(ArrowSlip { ends: ends(to, 2), wrong: second, message: NO_VERB, meant: Some(meant), fix })
    }

    /// `a->b`, in one word.
    fn arrow_in_word(&self, range: Range, text: &str, next: Option<Range>) -> Option<ArrowSlip> {
        let sign = ["-->>", "->>", "-->", "->"].into_iter().find(|sign| text.contains(sign))?;
        let at = text.find(sign)?;
        let (from, to) = (&text[..at], &text[at + sign.len()..]);
        let target = to.trim_end_matches([':', ',']);
        let arrow = if sign.starts_with("--") { "-->" } else { "->" };
        if from.is_empty() {
            return Some(ArrowSlip { ends: None, wrong: range, message: NO_BEGINNING, meant: None, fix: None });
        }
        let from = Range::new(range.start, range.start + at as u32);
        let start = range.start + (at + sign.len()) as u32;
        let (to, rest) = match target {
            "" => (next, 1),
            target => (Some(Range::new(start, start + target.len() as u32)), 0),
        };
        let meant = format!("{} {arrow} {}", self.source(from), to.map_or("b", |to| self.source(to)));
        let fix = to.map(|to| (range.cover(to), meant.clone()));
        let ends = Some(Ends { from, to, rest });
        Some(ArrowSlip { ends, wrong: range, message: NO_ARROW, meant: Some(meant), fix })
    }

    /// `a->b: does what`, as Mermaid has it.
    fn with_label_after_colon(&self, mut slip: ArrowSlip, text: &str, entries: &[Entry]) -> ArrowSlip {
        let words = entries.iter().take_while(|entry| !entry.key.is_some() && entry.value.kind == WordKind::Bare);
        let (Some(last), true) = (words.last(), text.ends_with(':')) else { return slip };
        let label = entries[0].value.range().cover(last.value.range());
        if let (Some(ends), Some((range, meant))) = (&mut slip.ends, &mut slip.fix) {
            ends.rest = entries.len();
            *meant = format!("{meant} {}", quoted(self.source(label)));
            *range = slip.wrong.cover(label);
            slip.meant = Some(meant.clone());
        }
        slip
    }

    /// `a -->|does what| b`, as Mermaid has it.
    fn labelled_arrow(&self, from: Range, entries: &[Entry]) -> ArrowSlip {
        let first = entries[0].value.range();
        let close = entries.iter().skip(1).position(|entry| self.source(entry.value.range()).ends_with('|'));
        let close = if self.source(first).matches('|').count() > 1 { Some(0) } else { close.map(|at| at + 1) };
        let to = close.and_then(|close| Some(entries.get(close + 1)?.value.range()));
        let (Some(close), Some(to)) = (close, to) else {
            return ArrowSlip { ends: None, wrong: first, message: NO_ARROW, meant: None, fix: None };
        };
        let label = first.cover(entries[close].value.range());
        let words = self.source(label);
        let words = words[words.find('|').unwrap_or(0)..].trim_matches('|');
        let meant = format!("{} -> {} {}", self.source(from), self.source(to), quoted(words));
        let fix = Some((from.cover(to), meant.clone()));
        let ends = Some(Ends { from, to: Some(to), rest: close + 2 });
        ArrowSlip { ends, wrong: label, message: NO_ARROW, meant: Some(meant), fix }
    }

    /// Reports what stands for an arrow and is none.
    pub(super) fn report_arrow(&mut self, slip: &ArrowSlip) {
        let fix = slip.fix.clone().map(|(range, text)| (self.span(range), text));
        let finding = self.report(UNKNOWN_WORD, slip.wrong, slip.message);
        let meant = slip.meant.as_deref().unwrap_or("a -> b");
        finding.help.push(match &slip.meant {
            Some(meant) => format!("write `{meant}`"),
            None => "write `a -> b \"does what\"`, with a space on each side of the arrow".to_owned(),
        });
        if let Some((span, text)) = fix {
            finding.add_fix(format!("write `{meant}`"), span, text);
        }
    }

    /// What follows the end of an arrow and does not belong there: `: text`, another arrow, further names. Whether it was told.
    pub(super) fn after_arrow(&mut self, ends: &Ends, kind: &'static Kind, arguments: &[Entry]) -> bool {
        let Some(first) = arguments.first().filter(|first| first.value.kind == WordKind::Bare) else { return false };
        let range = first.value.range();
        let text = self.source(range).to_owned();
        let (from, to) = (self.source(ends.from).to_owned(), ends.to.map_or("b", |to| self.source(to)).to_owned());
        if text == ":" || text.starts_with(':') {
            let last = arguments.last().map_or(range, |last| last.value.range());
            let words = self.source(range.cover(last)).trim_start_matches([':', ' ']).to_owned();
            let meant = if words.starts_with('"') { words } else { quoted(&words) };
            self.slip(WRONG_VALUE, range.cover(last), "a label goes in quotes, without a colon", Some(meant));
            return true;
        }
        if text != "->" && text != "-->" {
            return false;
        }
        let next = arguments.get(1).map_or("c", |next| self.source(next.value.range())).to_owned();
        let finding = self.report(WRONG_VALUE, range, format!("{} has one arrow", kind.class.phrase));
        finding.help.push(format!("write `{from} -> {to}` and `{to} {text} {next}`, each on its own line"));
        true
    }

    /// The fact that a bare word names.
    pub(super) fn bare_name(
        &self,
        entry: &Entry,
        fact: impl Fn(&str) -> Option<&'static Fact>,
    ) -> Option<&'static Fact> {
        (entry.value.kind == WordKind::Bare).then(|| fact(self.source(entry.value.range())))?
    }

    /// The fact of a kind that a bare word is a value of, where the fact is a choice between words.
    pub(super) fn bare_choice(&self, entry: &Entry, kind: &'static Kind) -> Option<&'static Fact> {
        if entry.value.kind != WordKind::Bare {
            return None;
        }
        let word = self.source(entry.value.range());
        let is_choice = |fact: &&'static Fact| match fact.ty {
            Type::OneOf(words) => words.iter().any(|(known, _)| *known == word),
            _ => false,
        };
        kind.all_facts().find(is_choice)
    }

    /// Reports `owner core`, on a line, and reads it as `owner=core`. How many words that were.
    pub(super) fn without_sign(
        &mut self,
        fact: &'static Fact,
        name: &Entry,
        value: Option<&Entry>,
        gathered: &mut Gathered,
    ) -> usize {
        let range = name.value.range();
        let Some(value) = value else {
            let finding = self.report(
                WRONG_VALUE,
                range,
                format!("`{}` is the name of a fact, which has no value here", fact.name),
            );
            finding
                .help
                .push(format!("write `{}=…`; a text of one word needs quotes if it is the name of a fact", fact.name));
            return 1;
        };
        let told = self.problems.len();
        let read = self.value(fact, value.value);
        self.problems.truncate(told);
        let whole = range.cover(value.value.range());
        let meant = read.is_some().then(|| format!("{}={}", fact.name, self.source(value.value.range())));
        self.slip(WRONG_VALUE, whole, format!("`{}` takes its value with `=`", fact.name), meant);
        if let Some(read) = read {
            gathered.push(FactValue { fact, value: read, range: value.value.range(), whole, parts: (0, 0), number: 0 });
        }
        2
    }

    /// Reports `parallel first`, and reads it as `parallel join=first`. How many words that were.
    pub(super) fn choice_alone(&mut self, fact: &'static Fact, word: &Entry, gathered: &mut Gathered) -> usize {
        let range = word.value.range();
        let meant = format!("{}={}", fact.name, self.source(range));
        self.slip(WRONG_VALUE, range, format!("`{}` is a value of `{}`", self.source(range), fact.name), Some(meant));
        if let Some(value) = self.value(fact, word.value) {
            gathered.push(FactValue { fact, value, range, whole: range, parts: (0, 0), number: 0 });
        }
        1
    }

    /// Reports a value that has no place, with what was likely meant.
    pub(super) fn no_place(&mut self, kind: Option<&'static Kind>, name: &str, extra: &Entry, count: usize) {
        let range = extra.value.range();
        let is_quoted = extra.value.kind != WordKind::Bare && extra.value.kind.is_string();
        let said = self.tree.string(extra.value);
        let fact_called = |name: &str| kind.and_then(|kind| kind.fact(name));
        if is_quoted && fact_called(&said).is_some_and(|fact| matches!(fact.ty, Type::Bool)) {
            let (message, meant) =
                (format!("`{said}` is written without quotes if it means yes"), said.clone().into_owned());
            return self.slip(WRONG_VALUE, range, message, Some(meant));
        }
        let fact = kind.filter(|_| is_quoted && count == 1).and_then(|kind| {
            let name = match kind.is(&class::RELATION) {
                true if is_protocol(&said) => "protocol",
                true => "technology",
                false => "description",
            };
            kind.fact(name).map(|fact| fact.name)
        });
        if let Some(fact) = fact {
            let meant = format!("{fact}={}", self.source(range));
            return self.slip(WRONG_VALUE, range, format!("`{name}` takes no further text here"), Some(meant));
        }
        let finding = self.report(WRONG_VALUE, range, format!("`{name}` takes no further value here"));
        finding.help.push("write facts as `name=value`, and a title of several words in quotes".to_owned());
    }
}

const NO_ARROW: &str = "this is not how an arrow is written";
const NO_VERB: &str = "a relationship is written with an arrow";
const FORWARDS: &str = "an arrow leads from left to right";
const ONE_WAY: &str = "an arrow leads one way";
const NAMES_ALONE: &str = "an arrow takes names alone";
const NO_BEGINNING: &str = "this arrow begins nowhere";

fn is_path(text: &str) -> bool {
    !text.is_empty() && text.split('.').all(is_name)
}

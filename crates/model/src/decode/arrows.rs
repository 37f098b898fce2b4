//! What people write for arrows, and around them.

use super::{Decoder, UNKNOWN_WORD, WRONG_VALUE, holds};
use crate::kinds;
use crate::kinds::class;
use crate::schema::Kind;
use crate::write::{is_name, quoted};
use groma_base::Range;
use groma_syntax::{Entry, NodeId, Word, WordKind};

/// What people make arrows of: shafts and tips.
const STROKES: [char; 14] = ['-', '–', '—', '~', '.', '|', '_', '+', '*', '<', '>', '→', '⇒', '➜'];

/// Whether a word is made as an arrow is, and is none here.
pub(super) fn is_other_sign(text: &str) -> bool {
    !matches!(text, "->" | "-->") && is_stroke(text) && text.contains(['-', '–', '—', '<', '>', '→', '⇒', '➜'])
}

/// A sign between the ends of an arrow that is made as an arrow is, and is none.
struct WrongSign<'s> {
    sign: &'s str,
    range: Range,
    to: Range,
    rest: usize,
}

/// Arrows that people write without space, the longest first.
const SIGNS: [&str; 7] = ["-->>", "->>", "-->", "->", "→", "⇒", "➜"];

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

impl Decoder<'_> {
    /// What was meant as an arrow and is none: `a->b`, `a <- b`, `a → b`, `a uses b`, `person a -> b`.
    pub(super) fn arrow_slip(&self, id: NodeId, owner: Option<&Kind>) -> Option<ArrowSlip> {
        if !self.seeks_slips {
            return None;
        }
        let word = self.tree.node(id).name;
        let entries = self.tree.entries(id);
        let bare =
            |at: usize| entries.get(at).filter(|entry| !entry.key.is_some() && entry.value.kind == WordKind::Bare);
        let name = |at: usize| {
            let entry = entries.get(at).filter(|entry| !entry.key.is_some() && entry.value.kind.is_string())?;
            Some(entry.value.range())
        };
        let text = self.source(word.range());
        if word.kind == WordKind::Bare && has_sign(text) {
            let after = bare(1).map(|entry| entry.value.range());
            let slip = self.arrow_in_word(word.range(), text, name(0), after)?;
            return Some(self.with_label_after_colon(slip, text, entries));
        }
        if let Some(sign) = self.sign_with_equals(id) {
            return Some(self.wrong_sign(id, owner, word.range(), &sign));
        }
        let second = bare(0)?.value.range();
        let sign = self.source(second);
        let ends = |to: Range, rest| Some(Ends { from: word.range(), to: Some(to), rest });
        if let Some(slip) = self.other_sign(id, owner, (word.range(), second)) {
            return Some(slip);
        }
        if sign.starts_with("-->|") || sign.starts_with("->|") || sign.starts_with("--|") {
            return Some(self.labelled_arrow(word.range(), entries));
        }
        let target = SIGNS.iter().find_map(|arrow| sign.strip_prefix(arrow));
        if let Some(target) = target.filter(|target| is_path(target)) {
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
        if matches!(third(), Some("->" | "-->")) && is_path(text) && is_path(sign) {
            let meant = format!("{text}.{sign} {} {}", third().unwrap_or("->"), self.source(name(2)?));
            let wrong = word.range().cover(second);
            return Some(ArrowSlip { ends: None, wrong, message: ONE_BEGINNING, meant: Some(meant), fix: None });
        }
        if let Some(slip) = self.missing_arrow(id, owner, (word.range(), second)) {
            return Some(slip);
        }
        let is_verb = VERBS.contains(&sign) && is_path(text) && !is_kind();
        let to = name(1).filter(|to| is_verb && is_path(self.source(*to)))?;
        let meant = format!("{text} -> {}", self.source(to));
        let fix = Some((second, "->".to_owned()));
        Some(ArrowSlip { ends: ends(to, 2), wrong: second, message: NO_VERB, meant: Some(meant), fix })
    }

    /// Whether the word behind the first one of a node may be an arrow with its end: what takes any path takes `->p` as well.
    pub(super) fn has_sign_behind(&self, id: NodeId) -> bool {
        let behind = self.tree.entries(id).first().filter(|entry| !entry.key.is_some());
        behind.is_some_and(|entry| entry.value.kind == WordKind::Bare && has_sign(self.source(entry.value.range())))
    }

    /// The ends of `shop core -> bank`, which begins at one name of two words: what it means is told where names are.
    pub(super) fn parted_beginning(&self, id: NodeId) -> Option<Ends> {
        let [second, arrow, to, ..] = self.tree.entries(id) else { return None };
        let word = self.tree.node(id).name;
        let is_path = |word: Word| word.kind == WordKind::Bare && is_path(self.source(word.range()));
        let are_names = [word, second.value, to.value].into_iter().all(is_path);
        let is_kind = |text: &str| kinds::by_name(text).is_some() || kinds::other_name(text).is_some();
        let is_one = self.seeks_slips
            && are_names
            && self.is_arrow(arrow)
            && [second, to].iter().all(|entry| !entry.key.is_some())
            && !is_kind(self.source(word.range()))
            && self.are_path(word.range(), second.value.range());
        let from = word.range().cover(second.value.range());
        is_one.then(|| Ends { from, to: Some(to.value.range()), rest: 3 })
    }

    /// Whether two words are a path if a dot stands between them: it stands elsewhere, or the second is declared.
    pub(super) fn are_path(&self, first: Range, second: Range) -> bool {
        let (whole, part) = (self.source(first), self.source(second));
        let path = format!("{whole}.{part}");
        let next = part.split('.').next().unwrap_or(part);
        whole != part && (self.is_declared(next) || self.is_used_as_name(&path))
    }

    /// Whether what people write for an arrow stands behind the first word of a node, and something behind that.
    pub(super) fn has_other_sign(&self, id: NodeId) -> bool {
        if !self.seeks_slips {
            return false;
        }
        if self.sign_with_equals(id).is_some() {
            return true;
        }
        let [sign, _, ..] = self.tree.entries(id) else { return false };
        let is_bare = !sign.key.is_some() && sign.value.kind == WordKind::Bare;
        let text = self.source(sign.value.range());
        is_bare && is_other_sign(text)
    }

    /// Another sign between the ends: `a - > b`, `a <- b`, `a → b`; or the first end twice.
    fn other_sign(&self, id: NodeId, owner: Option<&Kind>, (from, second): (Range, Range)) -> Option<ArrowSlip> {
        let entries = self.tree.entries(id);
        let bare =
            |at: usize| entries.get(at).filter(|entry| !entry.key.is_some() && entry.value.kind == WordKind::Bare);
        let name = |at: usize| {
            let entry = entries.get(at).filter(|entry| !entry.key.is_some() && entry.value.kind.is_string())?;
            Some(entry.value.range())
        };
        let (text, sign) = (self.source(from), self.source(second));
        let ends = |to: Range, rest| Some(Ends { from, to: Some(to), rest });
        if let ("-" | "--", Some(tip)) =
            (sign, bare(1).filter(|tip| matches!(self.source(tip.value.range()), ">" | "->" | "-->")))
        {
            let (to, whole) = (name(2)?, second.cover(tip.value.range()));
            let is_answer = (sign == "--" || self.source(tip.value.range()) == "-->") && self.answers(id, owner);
            let arrow = if is_answer { "-->" } else { "->" };
            let meant = format!("{text} {arrow} {}", self.source(to));
            let fix = Some((whole, arrow.to_owned()));
            return Some(ArrowSlip { ends: ends(to, 3), wrong: whole, message: ONE_WORD, meant: Some(meant), fix });
        }
        if sign == text && bare(1).is_some_and(|arrow| self.is_arrow(arrow)) {
            let to = name(2)?;
            let fix = Some((Range::new(from.end, second.end), String::new()));
            return Some(ArrowSlip { ends: ends(to, 3), wrong: second, message: TWICE, meant: None, fix });
        }
        let to = name(1).filter(|_| is_other_sign(sign))?;
        Some(self.wrong_sign(id, owner, from, &WrongSign { sign, range: second, to, rest: 2 }))
    }

    /// A sign with `=` in it, which is read as a property: `a -=> b` as `-` and its value `>`, `a <= b` as `<` and its value `b`.
    fn sign_with_equals(&self, id: NodeId) -> Option<WrongSign<'_>> {
        let entries = self.tree.entries(id);
        let first = entries.first().filter(|first| first.key.is_some() && is_stroke(self.source(first.key.range())))?;
        let (key, value) = (first.key.range(), first.value.range());
        let (range, to, rest) = match is_stroke(self.source(value)) {
            true => (key.cover(value), entries.get(1).filter(|next| !next.key.is_some())?.value, 2),
            false => (Range::new(key.start, key.end + 1), first.value, 1),
        };
        // What is compared with a number is a limit.
        to.kind.is_string().then(|| WrongSign { sign: self.source(range), range, to: to.range(), rest })
    }

    /// What a sign that is none between two ends stands for.
    fn wrong_sign(&self, id: NodeId, owner: Option<&Kind>, from: Range, wrong: &WrongSign<'_>) -> ArrowSlip {
        let WrongSign { sign, range, to, rest } = *wrong;
        let (text, written) = (self.source(from), self.source(to));
        let answers = || self.answers(id, owner);
        let (message, meant, fix, is_backwards) = match sign {
            sign if sign.starts_with('<') && !sign.contains('>') => {
                let is_answer = sign == "<--" && answers();
                let meant = format!("{written} {} {text}", if is_answer { "-->" } else { "->" });
                (FORWARDS, meant.clone(), Some((from.cover(to), meant)), true)
            }
            sign if sign.starts_with('<') => {
                (ONE_WAY, format!("{text} -> {written}` and `{written} -> {text}"), None, false)
            }
            "-->>" if answers() => (NO_ARROW, format!("{text} --> {written}"), Some((range, "-->".to_owned())), false),
            _ => (NO_ARROW, format!("{text} -> {written}"), Some((range, "->".to_owned())), false),
        };
        let fix = fix.map(|fix| self.with_one_space(fix, from, to));
        let ends = match is_backwards {
            true => Ends { from: to, to: Some(from), rest },
            false => Ends { from, to: Some(to), rest },
        };
        ArrowSlip { ends: Some(ends), wrong: range, message, meant: Some(meant), fix }
    }

    /// Whether a dashed arrow is an answer: in a flow it is, unless what is said of it is said of calls.
    fn answers(&self, id: NodeId, owner: Option<&Kind>) -> bool {
        let is_call = || match [kinds::arrow("-->", owner), kinds::arrow("->", owner)] {
            [Some(answer), Some(call)] => self.says_of_call(id, answer, call),
            _ => false,
        };
        holds(owner, &class::REPLY) && !is_call()
    }

    /// `shop.web shop.core "Calls"`: two names without an arrow, the first of which begins no other node.
    fn missing_arrow(&self, id: NodeId, owner: Option<&Kind>, (from, to): (Range, Range)) -> Option<ArrowSlip> {
        let (text, target) = (self.source(from), self.source(to));
        // So begin almost all nodes, which are as they should be.
        if kinds::by_name(text).is_some_and(|kind| kind.may_stand_in(owner)) || self.own.has_kind(text) {
            return None;
        }
        // So does what says a fact of the workspace's own, of whichever kind of thing.
        if self.own.all().iter().any(|own| own.fact.is_called(text)) && !self.is_declared(text) {
            return None;
        }
        let entries = self.tree.entries(id);
        let is_titled = entries.get(1).is_none_or(|next| next.key.is_some() || next.value.kind == WordKind::Quoted);
        let is_class = || kinds::all().any(|kind| kind.class.word == text);
        let is_word = || kinds::by_name(text).is_some() || is_class() || kinds::other_name(text).is_some();
        // What begins as a declaration does is none if both are the names of others: `bus c "Delivers to"` with a `queue bus`.
        let are_declared = || self.is_declared(text) && self.is_declared(target);
        let is_kind = !target.contains('.') && is_word() && !are_declared();
        let are_names = is_path(text) && is_path(target) && text != target && !is_kind && is_titled;
        let may_be = are_names && kinds::arrow("->", owner).is_some_and(|kind| kind.may_stand_in(owner));
        let is_name_elsewhere = |name: &str| name.split('.').all(|part| self.is_used_as_name(part));
        let is_used = text.contains('.') || is_name_elsewhere(text) && is_name_elsewhere(target);
        if !may_be || !is_used {
            return None;
        }
        let fix = Some((Range::new(from.end, to.start), " -> ".to_owned()));
        let meant = Some(format!("{text} -> {target}"));
        let ends = Some(Ends { from, to: Some(to), rest: 1 });
        Some(ArrowSlip { ends, wrong: from.cover(to), message: NO_SIGN, meant, fix })
    }

    /// `a->b`, in one word.
    fn arrow_in_word(&self, range: Range, text: &str, next: Option<Range>, after: Option<Range>) -> Option<ArrowSlip> {
        let sign = SIGNS.into_iter().find(|sign| text.contains(sign))?;
        let at = text.find(sign)?;
        let (from, to) = (&text[..at], &text[at + sign.len()..]);
        let target = to.trim_end_matches([':', ',']);
        let arrow = if sign.starts_with("--") { "-->" } else { "->" };
        let start = range.start + (at + sign.len()) as u32;
        let (to, rest) = match target {
            "" => (next, 1),
            target => (Some(Range::new(start, start + target.len() as u32)), 0),
        };
        if from.is_empty() {
            // Where it leads is read, so that what leads there is not told to be without it.
            if let Some(slip) = to.filter(|_| target.is_empty()).and_then(|to| self.sign_before_ends(range, to, after))
            {
                return Some(slip);
            }
            let ends = to.map(|to| Ends { from: Range::default(), to: Some(to), rest });
            return Some(ArrowSlip { ends, wrong: range, message: NO_BEGINNING, meant: None, fix: None });
        }
        let from = Range::new(range.start, range.start + at as u32);
        let meant = format!("{} {arrow} {}", self.source(from), to.map_or("b", |to| self.source(to)));
        let fix = to.map(|to| (range.cover(to), meant.clone()));
        let ends = Some(Ends { from, to, rest });
        Some(ArrowSlip { ends, wrong: range, message: NO_ARROW, meant: Some(meant), fix })
    }

    /// `-> a b "does what"`: a sign before both ends.
    fn sign_before_ends(&self, sign: Range, from: Range, to: Option<Range>) -> Option<ArrowSlip> {
        let to = to.filter(|to| is_path(self.source(*to)) && is_path(self.source(from)))?;
        let meant = format!("{} {} {}", self.source(from), self.source(sign), self.source(to));
        let fix = Some((sign.cover(to), meant.clone()));
        let ends = Some(Ends { from, to: Some(to), rest: 2 });
        Some(ArrowSlip { ends, wrong: sign, message: BETWEEN, meant: Some(meant), fix })
    }

    /// The cure of an arrow, with one space on each side of it if only spaces stand there.
    fn with_one_space(&self, (range, text): (Range, String), from: Range, to: Range) -> (Range, String) {
        let is_arrow = range.start > from.start && range.end < to.start;
        if !is_arrow || !self.is_spaced(from.end, range.start) || !self.is_spaced(range.end, to.start) {
            return (range, text);
        }
        (Range::new(from.end, to.start), format!(" {text} "))
    }

    /// Whether a value is an arrow.
    pub(super) fn is_arrow(&self, entry: &Entry) -> bool {
        let is_bare = !entry.key.is_some() && entry.value.kind == WordKind::Bare;
        is_bare && matches!(self.source(entry.value.range()), "->" | "-->")
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

    /// `a --> b "x" time=5ms { … }`: a call that is written as an answer, which is reported. The kind that it is then.
    pub(super) fn call_as_answer(&mut self, id: NodeId, kind: &Kind, owner: Option<&Kind>) -> Option<&'static Kind> {
        if !self.seeks_slips {
            return None;
        }
        let tree = self.tree;
        let is_answer = kind.is(&class::REPLY) && kind.may_stand_in(owner);
        let call = kinds::arrow("->", owner).filter(|call| is_answer && call.may_stand_in(owner))?;
        let arrow = tree.entries(id).first().filter(|_| self.says_of_call(id, kind, call))?.value.range();
        self.slip(
            UNKNOWN_WORD,
            arrow,
            "`-->` is an answer, which takes no time and calls nobody",
            Some("->".to_owned()),
        );
        Some(call)
    }

    /// Whether something is said of an arrow that is said of a call and not of an answer.
    fn says_of_call(&self, id: NodeId, answer: &Kind, call: &Kind) -> bool {
        let tree = self.tree;
        let is_of_call = |name: &str| answer.fact(name).is_none() && call.fact(name).is_some();
        let keyed = tree.entries(id).iter().filter(|entry| entry.key.is_some()).map(|entry| entry.key);
        let calls = |node: NodeId| tree.entries(node).first().is_some_and(|entry| self.is_arrow(entry));
        keyed.into_iter().any(|key| is_of_call(&tree.string(key)))
            || tree.children(id).any(|child| calls(child) || is_of_call(&tree.name(child)))
    }

    /// Reports what stands for an arrow and is none.
    pub(super) fn report_arrow(&mut self, slip: &ArrowSlip) {
        let fix = slip.fix.clone().map(|(range, text)| (self.span(range), text));
        let finding = self.report(UNKNOWN_WORD, slip.wrong, slip.message);
        let meant = slip.meant.as_deref().unwrap_or("a -> b");
        finding.help.push(match &slip.meant {
            _ if slip.message == TWICE => "remove one of the two".to_owned(),
            Some(meant) => format!("write `{meant}`"),
            None => "write `a -> b \"does what\"`, with a space on each side of the arrow".to_owned(),
        });
        if let Some((span, text)) = fix {
            let message = if text.is_empty() { "remove one of the two".to_owned() } else { format!("write `{meant}`") };
            finding.add_fix(message, span, text);
        }
    }

    /// What follows the end of an arrow and does not belong there: `: text`, another arrow, further names. Whether it was told.
    pub(super) fn after_arrow(&mut self, ends: &Ends, kind: &'static Kind, arguments: &[Entry]) -> bool {
        if !self.seeks_slips {
            return false;
        }
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
}

const NO_ARROW: &str = "this is not how an arrow is written";
const NO_VERB: &str = "a relationship is written with an arrow";
const FORWARDS: &str = "an arrow leads from left to right";
const ONE_WAY: &str = "an arrow leads one way";
const NAMES_ALONE: &str = "an arrow takes names alone";
const NO_SIGN: &str = "an arrow is missing between these names";
const ONE_WORD: &str = "an arrow is written as one word";
const TWICE: &str = "this name stands here twice";
const ONE_BEGINNING: &str = "an arrow begins at one name";
const BETWEEN: &str = "an arrow stands between its ends";
const NO_BEGINNING: &str = "this arrow begins nowhere";

/// Whether an arrow stands in a word. Nearly all words have none, and a look at their bytes tells.
fn has_sign(text: &str) -> bool {
    text.bytes().any(|byte| byte == b'>' || !byte.is_ascii()) && SIGNS.iter().any(|sign| text.contains(sign))
}

/// Whether a text is made of the strokes of arrows alone.
pub(super) fn is_stroke(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|stroke| STROKES.contains(&stroke))
}

fn is_path(text: &str) -> bool {
    !text.is_empty() && text.split('.').all(is_name)
}

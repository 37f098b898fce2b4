//! What people write out of habit, from other languages or by a slip of the pen: each is told once, with what is written here,
//! and what was meant is read.

use super::foreign::is_protocol;
use super::{Arguments, Decoder, Facts, Gathered, Owner, WRONG_VALUE};
use crate::facts::quality::Metric;
use crate::facts::{self, alert, quality};
use crate::items::{FactValue, Text};
use crate::kinds::class;
use crate::misplaced;
use crate::schema::{Fact, Head, Kind, Type};
use crate::write::{is_name, quoted};
use groma_base::{Quantity, Range};
use groma_syntax::{Entry, NodeId, Word, WordKind, in_other_quotes};

/// Whether a word may begin with one of these quotes, by its first byte.
pub(super) fn begins_with_quote(word: &str) -> bool {
    matches!(word.as_bytes().first(), Some(b'\'' | b'`' | 0xC2 | 0xE2))
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
    pub(super) fn spoil(&mut self, range: Range) {
        self.spoiled.insert(range.start, range.end);
    }

    /// Whether a word is part of a slip, and whether it is the first of it.
    pub(super) fn spoiled_at(&self, start: u32) -> Option<bool> {
        let (first, end) = self.spoiled.range(..=start).next_back()?;
        (start < *end).then_some(*first == start)
    }

    /// Whether a word begins a slip that was told.
    pub(super) fn begins_slip(&self, word: Word) -> bool {
        !self.spoiled.is_empty() && self.spoiled_at(word.range().start) == Some(true)
    }

    /// What a text that was told is read as: all of it, so that nothing else is told of what its first word alone would mean.
    pub(super) fn text_of_slip(&self, word: Word) -> Text {
        let range = word.range();
        Text::Slice(self.said.get(&range.start).copied().unwrap_or(range))
    }

    pub(super) fn is_passed_over(&self, entry: &Entry) -> bool {
        !self.spoiled.is_empty() && self.spoiled_at(entry.range().start) == Some(false)
    }

    /// The values of a node, from one of its entries on, without the words that belong to a slip.
    pub(super) fn arguments(&self, id: NodeId, from: usize) -> Arguments {
        let entries = self.tree.entries(id).iter().skip(from);
        entries.filter(|entry| !entry.key.is_some() && !self.is_passed_over(entry)).copied().collect()
    }

    pub(super) fn source(&self, range: Range) -> &str {
        range.of(&self.tree.text)
    }

    /// Looks for what is wrong whatever it stands for: other quotes, and numbers apart from their units.
    pub(super) fn slips_of_words(&mut self) {
        for id in (0..self.tree.node_count() as u32).map(NodeId) {
            self.words_twice(id);
            let entries = self.tree.entries(id);
            for (at, entry) in entries.iter().enumerate() {
                let word = entry.value;
                match word.kind {
                    WordKind::Bare if begins_with_quote(self.source(word.range())) => self.other_quotes(word),
                    WordKind::Number if entries.get(at + 1).is_some_and(|next| !next.key.is_some()) => {
                        self.apart_from_unit(id, at);
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
        let Some((inner, end)) = in_other_quotes(&self.tree.text[range.start as usize..]) else { return };
        let whole = Range::new(range.start, range.start + end);
        let inner = Range::new(range.start + inner.start, range.start + inner.end);
        let meant = quoted(self.source(inner));
        self.said.insert(whole.start, inner);
        self.spoil(whole);
        self.slip(WRONG_VALUE, whole, "a text goes between straight double quotes", Some(meant));
    }

    /// Reports a name of several words before a title, of which the last is read: `service my api "API"`. How many words it has.
    pub(super) fn name_of_words(&mut self, id: NodeId, kind: &'static Kind) -> usize {
        if !self.seeks_slips {
            return 0;
        }
        let entries = self.tree.entries(id);
        let is_word = |entry: &&Entry| {
            let text = self.source(entry.value.range());
            let is_bare = !entry.key.is_some() && entry.value.kind == WordKind::Bare && is_name(text);
            is_bare && self.facts_of(id, kind).called(text).is_none() && self.bare_choice(entry, kind).is_none()
        };
        let words: Vec<&Entry> = entries.iter().take_while(is_word).collect();
        let next = entries.get(words.len()).filter(|next| !next.key.is_some() && next.value.kind == WordKind::Quoted);
        let ([first, .., last], Head::Named, Some(_)) = (&words[..], kind.head, next) else {
            return words.len().min(1);
        };
        // Of a word that stands twice it is told elsewhere.
        let said = |entry: &Entry| self.source(entry.value.range());
        if said(first) == self.tree.name(id) || words.windows(2).any(|pair| said(pair[0]) == said(pair[1])) {
            return 1;
        }
        let whole = first.value.range().cover(last.value.range());
        let meant: Vec<&str> = words.iter().map(|word| self.source(word.value.range())).collect();
        let meant = meant.join("-");
        // It may be meant otherwise: whoever uses it may have written any of the words.
        self.report(WRONG_VALUE, whole, "a name is one word").help.push(format!("write `{meant}`"));
        self.lost.push(whole);
        words.len()
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
        let k6 = (fact == &facts::load::THRESHOLD).then(|| as_k6(left, right)).flatten();
        let (left, right) = k6.as_ref().map_or((left, right), |(left, right)| (left, right));
        let is_below = text[sign..].starts_with(['<', '≤']);
        let (message, meant) = match limits(fact) {
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

    /// The fact that a bare word names.
    pub(super) fn bare_name(
        &self,
        entry: &Entry,
        fact: impl Fn(&str) -> Option<&'static Fact>,
    ) -> Option<&'static Fact> {
        let text = self.source(entry.value.range());
        // With a colon, as YAML has it.
        (entry.value.kind == WordKind::Bare).then(|| fact(text.strip_suffix(':').unwrap_or(text)))?
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
        // What has parts as well says little with a word alone: `require team` lacks its limit.
        kind.all_facts().filter(|fact| !fact.many || fact.parts.is_empty()).find(is_choice)
    }

    /// The part of a fact that a bare word is a value of, in the same way.
    pub(super) fn bare_choice_of_part(&self, entry: &Entry, fact: &'static Fact) -> Option<&'static Fact> {
        let word = self.source(entry.value.range());
        let is_choice = |part: &&'static Fact| match part.ty {
            Type::OneOf(words) => words.iter().any(|(known, _)| *known == word),
            _ => false,
        };
        fact.parts.iter().copied().find(is_choice).filter(|_| entry.value.kind == WordKind::Bare)
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
        // Behind another fact it is no value of this one.
        let is_next = |value: &&Entry| !self.source(Range::new(range.end, value.value.range().start)).contains('=');
        let Some(value) = value.filter(is_next) else {
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

    /// Reports `weight:10`, a fact with its value as other languages have it. Whether it was one.
    pub(super) fn colon_for_sign(&mut self, facts: Facts<'_>, entry: &Entry) -> bool {
        let range = entry.value.range();
        let colon = self.source(range).find(':').filter(|_| entry.value.kind == WordKind::Bare);
        let Some((name, value)) = colon.map(|at| (&self.source(range)[..at], &self.source(range)[at + 1..])) else {
            return false;
        };
        let Some(fact) = facts.called(name).filter(|_| !value.is_empty() && !value.contains(':')) else { return false };
        let meant = format!("{}={value}", fact.name);
        self.slip(WRONG_VALUE, range, format!("`{}` takes its value with `=`", fact.name), Some(meant));
        true
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

    /// Whether a bare word is certainly meant for a fact that says yes: `system payments externl`.
    pub(super) fn misspelt_flag(&self, entry: &Entry, facts: Facts<'_>) -> bool {
        let word = self.source(entry.value.range());
        // With a capital it may as well be a title.
        let is_small = word.starts_with(char::is_lowercase);
        entry.value.kind == WordKind::Bare && is_small && facts.flag_meant(word).is_some()
    }

    /// Reports a value that has no place in an item, or in a fact of it, with what was likely meant.
    pub(super) fn no_place(&mut self, owner: Owner, extra: &Entry, count: usize) {
        let Owner { item, fact: of, .. } = owner;
        let own = self.items[item].kind;
        let (kind, name) = of.map_or((Some(own), own.name), |fact| (None, fact.name));
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
            let fact = match kind.is(&class::RELATION) {
                true if is_protocol(&said) => &facts::relation::PROTOCOL,
                true => &facts::TECHNOLOGY,
                false => &facts::DESCRIPTION,
            };
            kind.all_facts().find(|known| *known == fact).map(|fact| fact.name)
        });
        if let Some(fact) = fact {
            let meant = format!("{fact}={}", self.source(range));
            return self.slip(WRONG_VALUE, range, format!("`{name}` takes no further text here"), Some(meant));
        }
        if let Some(meant) =
            kind.filter(|_| !is_quoted).and_then(|kind| Facts::Of(kind, self.own, "").flag_meant(&said))
        {
            return self.no_flag(range, &said, meant);
        }
        if !is_quoted && misplaced::is_flag(&said) && self.belongs_elsewhere(range, &said, Some(item), of) {
            return;
        }
        let is_time = kind.is_some_and(|kind| kind.is(&class::STEP)) && Quantity::parse(&said).is_ok_and(is_time);
        if is_time {
            let meant = format!("{}={said}", facts::step::TIME.name);
            return self.slip(WRONG_VALUE, range, "the time of a step is written with its name", Some(meant));
        }
        let help = match kind.filter(|kind| kind.is(&class::INSTANCE)) {
            Some(_) => {
                let whole = self.source(self.items[item].name);
                format!(
                    "write facts as `name=value`, and a part as `{whole}.part`; an instance has no title of its own"
                )
            }
            None => "write facts as `name=value`, and a title of several words in quotes".to_owned(),
        };
        self.report(WRONG_VALUE, range, format!("`{name}` takes no further value here")).help.push(help);
    }
}

/// The parts of a fact that say below and above which value something must be, by name, if it has both.
pub(super) fn limits(fact: &Fact) -> Option<(&'static str, &'static str)> {
    let part = |of: [&'static Fact; 2]| fact.parts.iter().find(|part| of.contains(*part)).map(|part| part.name);
    part([&quality::UNDER, &alert::BELOW]).zip(part([&quality::OVER, &alert::OVER]))
}

fn is_time(quantity: Quantity) -> bool {
    quantity.dimension == groma_base::Dimension::Time
}

/// A threshold as k6 has it, whose times are milliseconds and whose rates are those of what failed: `"p(95)<500"`, `"rate<0.01"`.
fn as_k6(left: &str, right: &str) -> Option<(String, String)> {
    let (left, right) = (left.trim_matches(['"', ' ']), right.trim_matches(['"', ' ']));
    let number: f64 = right.parse().ok()?;
    let metric = match left {
        "avg" => Metric::Mean.word().to_owned(),
        "med" => Metric::P50.word().to_owned(),
        "rate" => {
            let share = format!("{}%", (number * 1e8).round() / 1e6);
            return Some((Metric::ErrorRate.word().to_owned(), share));
        }
        _ => format!("p{}", left.strip_prefix("p(")?.strip_suffix(')')?),
    };
    Some((metric, format!("{right}ms")))
}

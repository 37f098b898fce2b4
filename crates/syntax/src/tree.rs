//! The tree: flat tables of nodes and entries that point into the text.

use crate::characters::{is_newline, is_space};
use crate::error::{SyntaxError, SyntaxErrorKind};
use groma_base::{Quantity, Range};
use std::borrow::Cow;
use std::sync::Arc;

/// The forms a word can have.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[repr(u8)]
pub enum WordKind {
    /// There is no word here.
    #[default]
    None,
    /// `name`
    Bare,
    /// `"text"` without escapes.
    Quoted,
    /// `"text"` with escapes.
    Escaped,
    /// `"""` … `"""`
    Multiline,
    /// `#"text"#`
    Raw,
    /// `#"""` … `"""#`
    RawMultiline,
    /// A KDL number.
    Number,
    /// A number with a unit, or a range.
    Quantity,
    /// A date, `2026-11-30`.
    Date,
    /// `#true`
    True,
    /// `#false`
    False,
    /// `#null`
    Null,
    /// `#inf`, `#-inf` or `#nan`
    FloatKeyword,
    /// Unreadable, and already reported.
    Broken,
}

impl WordKind {
    /// Whether the word is a string in any of its forms.
    pub fn is_string(self) -> bool {
        use WordKind::*;
        matches!(self, Bare | Quoted | Escaped | Multiline | Raw | RawMultiline | Broken)
    }
}

/// A word in the text.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Word {
    start: u32,
    end: u32,
    /// Its form.
    pub kind: WordKind,
}

impl Word {
    /// A word of this form at these offsets.
    pub fn new(start: u32, end: u32, kind: WordKind) -> Word {
        Word { start, end, kind }
    }

    /// Where it stands, quotes included.
    pub fn range(self) -> Range {
        Range::new(self.start, self.end)
    }

    /// Whether there is a word.
    pub fn is_some(self) -> bool {
        self.kind != WordKind::None
    }
}

/// The number of a node in its tree; nodes are numbered in the order of the text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct NodeId(pub u32);

/// An argument, or a property if it has a key.
#[derive(Clone, Copy, Debug, Default)]
pub struct Entry {
    /// The key of a property.
    pub key: Word,
    /// The type annotation.
    pub ty: Word,
    /// The value.
    pub value: Word,
}

impl Entry {
    /// The whole entry.
    pub fn range(&self) -> Range {
        let start = if self.key.is_some() {
            self.key
        } else if self.ty.is_some() {
            self.ty
        } else {
            self.value
        };
        start.range().cover(self.value.range())
    }
}

/// A node: a name, entries and children.
#[derive(Clone, Copy, Debug)]
pub struct Node {
    /// The type annotation.
    pub ty: Word,
    /// The name.
    pub name: Word,
    pub(crate) entries: (u32, u32),
    pub(crate) subtree_end: u32,
    /// From the opening to after the closing brace; empty without children.
    pub block: Range,
    /// Where the node ends: after its last entry or its closing brace.
    pub end: u32,
}

impl Node {
    /// The whole node with its children.
    pub fn range(&self) -> Range {
        let start = if self.ty.is_some() { self.ty } else { self.name };
        Range::new(start.range().start, self.end)
    }

    /// The node without its children.
    pub fn head_range(&self, tree: &Tree) -> Range {
        let last = tree.entry_table[self.entries.0 as usize..self.entries.1 as usize].last();
        let name = self.name.range();
        last.map_or(name, |entry| name.cover(entry.range()))
    }
}

/// A parsed text. It owns the text, so nothing of it is lost.
#[derive(Clone, Debug)]
pub struct Tree {
    /// The text.
    pub text: Arc<str>,
    pub(crate) nodes: Vec<Node>,
    pub(crate) entry_table: Vec<Entry>,
}

/// A number as KDL writes it.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Number {
    /// Fits a 64-bit integer.
    Integer(i64),
    /// Anything else, as near as a double gets.
    Float(f64),
}

impl Number {
    /// The number as a double.
    pub fn as_f64(self) -> f64 {
        match self {
            Number::Integer(value) => value as f64,
            Number::Float(value) => value,
        }
    }
}

/// The meaning of a word.
#[derive(Clone, PartialEq, Debug)]
pub enum Value<'t> {
    /// A string in any form.
    Text(Cow<'t, str>),
    /// A number.
    Number(Number),
    /// A quantity with its unit.
    Quantity(Quantity),
    /// `#true` or `#false`
    Bool(bool),
    /// `#null`
    Null,
}

impl Tree {
    /// The node with this number.
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    /// How many nodes there are on all levels.
    pub fn node_count(&self) -> usize {
        self.nodes.len()
    }

    /// The nodes of the top level.
    pub fn roots(&self) -> Siblings<'_> {
        Siblings { tree: self, next: 0, end: self.nodes.len() as u32 }
    }

    /// The children of a node.
    pub fn children(&self, id: NodeId) -> Siblings<'_> {
        Siblings { tree: self, next: id.0 + 1, end: self.node(id).subtree_end }
    }

    /// The arguments and properties of a node in their order.
    pub fn entries(&self, id: NodeId) -> &[Entry] {
        let (start, end) = self.node(id).entries;
        &self.entry_table[start as usize..end as usize]
    }

    /// The string that a word stands for; the word itself if it is no string.
    pub fn string(&self, word: Word) -> Cow<'_, str> {
        unescape(&self.text, word)
    }

    /// The name of a node.
    pub fn name(&self, id: NodeId) -> Cow<'_, str> {
        self.string(self.node(id).name)
    }

    /// The meaning of a word.
    pub fn value(&self, word: Word) -> Value<'_> {
        let text = word.range().of(&self.text);
        match word.kind {
            WordKind::Number => Value::Number(parse_number(text)),
            WordKind::Quantity => match Quantity::parse(text) {
                Ok(quantity) => Value::Quantity(quantity),
                Err(_) => Value::Text(Cow::Borrowed(text)),
            },
            WordKind::True => Value::Bool(true),
            WordKind::False => Value::Bool(false),
            WordKind::Null => Value::Null,
            WordKind::FloatKeyword => Value::Number(Number::Float(match text {
                "#inf" => f64::INFINITY,
                "#-inf" => f64::NEG_INFINITY,
                _ => f64::NAN,
            })),
            _ => Value::Text(self.string(word)),
        }
    }
}

/// Nodes that have the same parent, in their order.
#[derive(Clone)]
pub struct Siblings<'t> {
    tree: &'t Tree,
    next: u32,
    end: u32,
}

impl Iterator for Siblings<'_> {
    type Item = NodeId;

    fn next(&mut self) -> Option<NodeId> {
        if self.next >= self.end {
            return None;
        }
        let id = NodeId(self.next);
        self.next = self.tree.node(id).subtree_end;
        Some(id)
    }
}

fn parse_number(text: &str) -> Number {
    let digits: String = text.chars().filter(|character| *character != '_').collect();
    let (negative, unsigned) = match digits.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, digits.strip_prefix('+').unwrap_or(&digits)),
    };
    let radix = match unsigned.get(..2) {
        Some("0x") => 16,
        Some("0o") => 8,
        Some("0b") => 2,
        _ => 10,
    };
    let body = if radix == 10 { unsigned } else { &unsigned[2..] };
    let sign = if negative { "-" } else { "" };
    if let Ok(integer) = i64::from_str_radix(&format!("{sign}{body}"), radix) {
        return Number::Integer(integer);
    }
    let magnitude = if radix == 10 {
        body.parse().unwrap_or(f64::NAN)
    } else {
        body.chars()
            .filter_map(|digit| digit.to_digit(radix))
            .fold(0.0, |sum, digit| sum * f64::from(radix) + f64::from(digit))
    };
    Number::Float(if negative { -magnitude } else { magnitude })
}

/// The string that a word of this text stands for.
pub fn unescape(text: &str, word: Word) -> Cow<'_, str> {
    let raw = word.range().of(text);
    match word.kind {
        WordKind::Quoted => Cow::Borrowed(&raw[1..raw.len() - 1]),
        WordKind::Raw => {
            let hashes = raw.bytes().take_while(|byte| *byte == b'#').count();
            Cow::Borrowed(&raw[hashes + 1..raw.len() - hashes - 1])
        }
        WordKind::Escaped | WordKind::Multiline | WordKind::RawMultiline => {
            Cow::Owned(decode_string(text, word, &mut Vec::new()))
        }
        _ => Cow::Borrowed(raw),
    }
}

/// Decodes a string with escapes or several lines, and reports what is wrong in it.
pub(crate) fn decode_string(text: &str, word: Word, errors: &mut Vec<SyntaxError>) -> String {
    let raw = word.range().of(text);
    let mut decoder = Decoder { base: word.range().start, errors };
    match word.kind {
        WordKind::Escaped => {
            let pieces = decoder.remove_space_escapes(1, &raw[1..raw.len() - 1]);
            let mut out = String::with_capacity(raw.len());
            decoder.escapes(&pieces, &mut out);
            out
        }
        WordKind::Multiline => decoder.multiline(raw, 3, true),
        _ => {
            let hashes = raw.bytes().take_while(|byte| *byte == b'#').count();
            decoder.multiline(raw, 3 + hashes, false)
        }
    }
}

struct Decoder<'e> {
    base: u32,
    errors: &'e mut Vec<SyntaxError>,
}

/// Characters with the offset of each in the word.
type Located = Vec<(u32, char)>;

impl Decoder<'_> {
    fn error(&mut self, start: u32, end: u32, kind: SyntaxErrorKind) {
        let range = Range::new(self.base + start, self.base + end);
        self.errors.push(SyntaxError::new(range, kind));
    }

    /// Drops each `\` that is followed by white space, together with that space.
    fn remove_space_escapes(&mut self, offset: u32, body: &str) -> Located {
        let mut out = Vec::with_capacity(body.len());
        let mut characters = body.char_indices().map(|(at, c)| (at as u32 + offset, c)).peekable();
        while let Some((at, character)) = characters.next() {
            out.push((at, character));
            if character != '\\' {
                continue;
            }
            match characters.peek() {
                Some(&(_, next)) if is_space(next) || is_newline(next) => {
                    out.pop();
                    while characters.next_if(|(_, next)| is_space(*next) || is_newline(*next)).is_some() {}
                }
                Some(_) => out.extend(characters.next()),
                None => {}
            }
        }
        out
    }

    fn escapes(&mut self, characters: &[(u32, char)], out: &mut String) {
        let mut at = 0;
        while at < characters.len() {
            let (start, character) = characters[at];
            at += 1;
            if character != '\\' {
                out.push(character);
                continue;
            }
            let Some(&(end, escape)) = characters.get(at) else { return };
            at += 1;
            match escape {
                'n' => out.push('\n'),
                'r' => out.push('\r'),
                't' => out.push('\t'),
                'b' => out.push('\u{8}'),
                'f' => out.push('\u{C}'),
                's' => out.push(' '),
                '\\' | '"' => out.push(escape),
                'u' => at = self.unicode_escape(characters, start, at, out),
                _ => self.error(start, end + escape.len_utf8() as u32, SyntaxErrorKind::UnknownEscape),
            }
        }
    }

    fn unicode_escape(&mut self, characters: &[(u32, char)], start: u32, at: usize, out: &mut String) -> usize {
        let close = characters[at..].iter().take(8).position(|(_, character)| *character == '}');
        let opened = characters.get(at).is_some_and(|(_, character)| *character == '{');
        if let (true, Some(close)) = (opened, close) {
            let hex: String = characters[at + 1..at + close].iter().map(|(_, character)| character).collect();
            let valid = (1..=6).contains(&hex.len()) && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
            if let (true, Some(character)) = (valid, u32::from_str_radix(&hex, 16).ok().and_then(char::from_u32)) {
                out.push(character);
                return at + close + 1;
            }
        }
        self.error(start, start + 2, SyntaxErrorKind::NoSuchCharacter);
        at
    }

    fn multiline(&mut self, raw: &str, quotes: usize, escaped: bool) -> String {
        let inner = &raw[quotes..raw.len().saturating_sub(quotes).max(quotes)];
        if !inner.starts_with(is_newline) {
            self.error(0, quotes as u32, SyntaxErrorKind::TextAfterOpeningQuotes);
            return inner.to_owned();
        }
        let characters: Located = if escaped {
            self.remove_space_escapes(quotes as u32, inner)
        } else {
            inner.char_indices().map(|(at, c)| (at as u32 + quotes as u32, c)).collect()
        };
        let lines = split_lines(&characters);
        let (last, body) = match lines.as_slice() {
            [_, body @ .., last] => (*last, body),
            _ => {
                self.error(
                    raw.len() as u32 - quotes as u32,
                    raw.len() as u32,
                    SyntaxErrorKind::TextBeforeClosingQuotes,
                );
                return String::new();
            }
        };
        if last.iter().any(|(_, character)| !is_space(*character)) {
            self.error(raw.len() as u32 - quotes as u32, raw.len() as u32, SyntaxErrorKind::TextBeforeClosingQuotes);
            return String::new();
        }
        self.dedent(body, last, escaped)
    }

    fn dedent(&mut self, body: &[&[(u32, char)]], prefix: &[(u32, char)], escaped: bool) -> String {
        let mut out = String::new();
        for (number, line) in body.iter().enumerate() {
            if number > 0 {
                out.push('\n');
            }
            if line.iter().all(|(_, character)| is_space(*character)) {
                continue;
            }
            let fits = line.len() >= prefix.len() && line.iter().zip(prefix).all(|((_, a), (_, b))| a == b);
            if !fits {
                let start = line[0].0;
                let end = line.last().map_or(start, |(at, character)| at + character.len_utf8() as u32);
                self.error(start, end, SyntaxErrorKind::BadIndentation);
                continue;
            }
            let rest = &line[prefix.len()..];
            if escaped {
                self.escapes(rest, &mut out);
            } else {
                out.extend(rest.iter().map(|(_, character)| character));
            }
        }
        out
    }
}

fn split_lines(characters: &[(u32, char)]) -> Vec<&[(u32, char)]> {
    let mut lines = Vec::new();
    let mut start = 0;
    let mut at = 0;
    while at < characters.len() {
        if is_newline(characters[at].1) {
            lines.push(&characters[start..at]);
            let crlf = characters[at].1 == '\r' && characters.get(at + 1).is_some_and(|(_, next)| *next == '\n');
            at += usize::from(crlf);
            start = at + 1;
        }
        at += 1;
    }
    lines.push(&characters[start..]);
    lines
}

//! How the parser goes on after what it cannot read.

use super::{Head, OpenBlock, Parser, is_double_arrow};
use crate::characters::is_word_character;
use crate::error::{SyntaxError, SyntaxErrorKind};
use crate::lexer::TokenKind;
use crate::lexer::is_identifier;
use crate::tree::{Entry, Word, WordKind};
use groma_base::{Dimension, Quantity, Range};

/// The words with which other languages go on after a block.
const ELSE: [&str; 3] = ["else", "elseif", "elif"];

impl Parser<'_> {
    /// `name = kind "Title"`, or `key=value` in a block: what is meant is read. The token is the `=` or space before it.
    pub(super) fn equals_after_name(&mut self, node: u32) {
        let start = self.token.range;
        self.node_space();
        let equals = self.token.range;
        self.bump();
        self.node_space();
        let TokenKind::Word(kind) = self.token.kind else {
            return self.no_value(self.nodes[node as usize].name, equals);
        };
        let value = self.take_word(kind);
        let source = self.lexer.source();
        let name = self.nodes[node as usize].name;
        let (shown, given) = (name.range().of(source), value.range().of(source));
        let follows = source[value.range().end as usize..].trim_start_matches([' ', '\t']);
        if kind == WordKind::Bare && follows.starts_with(['"', '\'', '“', '{']) {
            let kind = SyntaxErrorKind::NameBeforeKind { name: shown.into(), kind: given.into() };
            let whole = name.range().cover(value.range());
            let meant = format!("{given} {shown}");
            self.errors.push(SyntaxError::new(whole, kind).fixed(whole, meant));
            let node = &mut self.nodes[node as usize];
            (node.name, node.end) = (value, value.range().end);
            return self.entries.push(Entry { key: Word::default(), ty: Word::default(), value: name });
        }
        let meant = format!("{shown} {given}");
        let space = Range::new(start.start, value.range().start);
        let kind = SyntaxErrorKind::EqualsInBlock { meant };
        self.errors.push(SyntaxError::new(equals, kind).fixed(space, " "));
        self.nodes[node as usize].end = value.range().end;
        self.entries.push(Entry { key: Word::default(), ty: Word::default(), value });
    }

    /// A comma right behind a value. That of a property with a text goes before more of what is one text: `tags="a","b"`.
    pub(super) fn comma_after_value(&mut self, head: &Head) {
        let (source, comma) = (self.lexer.source(), self.token.range);
        let entries = self.nodes[head.node as usize].entries.0 as usize;
        let last = self.entries.get(entries..).and_then(<[Entry]>::last).copied();
        let last = last.filter(|last| last.key.is_some() && last.value.kind == WordKind::Quoted && !head.closed);
        let texts = last.and_then(|last| Some((last, quoted_texts(&source[last.value.range().start as usize..])?)));
        self.bump();
        let Some((last, (texts, _))) = texts else {
            let error = SyntaxError::new(comma, SyntaxErrorKind::Comma);
            let behind = &source[comma.end as usize..];
            // `on=429, 5xx, timeout`: the commas may as well be part of a text.
            let next = behind.split_whitespace().next().unwrap_or_default();
            let is_listed = next.ends_with(',') && !next.contains('=');
            let space = if behind.starts_with(char::is_whitespace) { "" } else { " " };
            return self.errors.push(if is_listed { error } else { error.fixed(comma, space) });
        };
        let meant = format!("{}=\"{}\"", last.key.range().of(source), texts.join(", "));
        let mut end = comma.end;
        for _ in 1..texts.len() {
            while matches!(self.token.kind, TokenKind::Space) || self.token.range.of(source) == "," {
                self.bump();
            }
            end = self.token.range.end;
            self.bump();
        }
        let whole = Range::new(last.key.range().start, end);
        let key = last.key.range().of(source).to_owned();
        self.errors.push(
            SyntaxError::new(comma, SyntaxErrorKind::SeveralTexts { key, meant: meant.clone() }).fixed(whole, meant),
        );
    }

    /// `time=normal(4ms, 1ms)`, `p95(buy) < 2s`: what is no function here, which is reported. Whether it was one.
    pub(super) fn function_call(&mut self, head: &Head) -> bool {
        let (source, open) = (self.lexer.source(), self.token.range);
        let entries = self.nodes[head.node as usize].entries.0 as usize;
        let last = self.entries.get(entries..).and_then(<[Entry]>::last).copied();
        let is_name = |last: &Entry| last.value.kind == WordKind::Bare && last.value.range().end == open.start;
        let Some(last) = last.filter(is_name) else { return false };
        let line = source[open.end as usize..].lines().next().unwrap_or_default();
        let Some((inner, rest)) = line.split_once(')') else { return false };
        let called = last.value.range().of(source).to_owned();
        let end = open.end + inner.len() as u32 + 1;
        let meant = match last.key.is_some() {
            true => varying(last.key.range().of(source), inner),
            false => measured_of(&called, inner, rest),
        };
        let whole = Range::new(last.value.range().start, end);
        self.error(whole, SyntaxErrorKind::Function { called, meant });
        self.pass_over_node();
        true
    }

    /// Reads a `{` that begins a line as the block of the node on the line above. Whether there is such a node.
    pub(super) fn joins_last_node(&mut self) -> bool {
        let Some(last) = self.nodes.last() else { return false };
        let (brace, node) = (self.token.range, self.nodes.len() as u32 - 1);
        let is_between_space = self.lexer.source()[last.end as usize..brace.start as usize].trim().is_empty();
        let is_inside = self.open.last().is_none_or(|open| open.node < node);
        if !is_between_space || !is_inside || last.block != Range::default() {
            return false;
        }
        let space = Range::new(last.end, brace.start);
        self.errors.push(SyntaxError::new(brace, SyntaxErrorKind::BraceOnNextLine).fixed(space, " "));
        let rest = self.open_block(Head { node, mark: None, had_block: false, closed: false }, None);
        if let Some(rest) = rest {
            self.node_rest(rest);
        }
        true
    }

    /// Whether the `{` at hand opens braces around one word, `{id}`, behind which words follow as in a text: no block goes on so.
    pub(super) fn goes_on_behind_braces(&self) -> bool {
        let Some(end) = self.lexer.in_braces(self.token.range.start as usize) else { return false };
        let rest = self.lexer.source()[end..].trim_start_matches([' ', '\t']);
        rest.starts_with(is_word_character) && !ELSE.contains(&rest.split(' ').next().unwrap_or_default())
    }

    /// Takes braces around one word, with what stands right behind them, as a word of a text that lacks its quotes, and reports it.
    pub(super) fn word_in_braces(&mut self) -> Word {
        let (source, start) = (self.lexer.source(), self.token.range.start);
        let end = self.lexer.in_braces(start as usize).unwrap_or(start as usize + 1);
        let known = self.lexer.errors.len();
        while (self.token.range.start as usize) < end
            || (self.token.range.start as usize) == end && matches!(self.token.kind, TokenKind::Word(_))
        {
            self.bump();
        }
        self.lexer.errors.truncate(known);
        let behind = source[end..].find(|letter: char| !is_word_character(letter)).unwrap_or(source.len() - end);
        let whole = Range::new(start, (end + behind) as u32);
        let word = whole.of(source).to_owned();
        let quoted = format!("\"{word}\"");
        let kind = SyntaxErrorKind::NeedsQuotes { word, character: '{' };
        self.errors.push(SyntaxError::new(whole, kind).fixed(whole, quoted));
        Word::new(whole.start, whole.end, WordKind::Broken)
    }

    /// Whether the word at hand is one with which other languages go on after a block.
    pub(super) fn is_else(&self) -> bool {
        ELSE.contains(&self.token.range.of(self.lexer.source()))
    }

    /// Where the line is broken before a `=`, reads what belongs together, and reports it. The token is the line break. Whether it is so.
    pub(super) fn equals_on_next_line(&mut self, head: &Head) -> bool {
        let source = self.lexer.source();
        let rest = source[self.token.range.end as usize..].trim_start_matches([' ', '\t']);
        let first = self.nodes[head.node as usize].entries.0 as usize;
        let is_key = |entry: &&Entry| !entry.key.is_some() && entry.value.kind == WordKind::Bare;
        let Some(key) = self.entries.get(first..).and_then(<[Entry]>::last).filter(is_key).map(|entry| entry.value)
        else {
            return false;
        };
        let value =
            rest.strip_prefix('=').filter(|value| !head.closed && !value.starts_with(['>', ' ', '\t', '\n', '\r']));
        if value.is_none() || !source[key.range().end as usize..self.token.range.start as usize].trim().is_empty() {
            return false;
        }
        self.line_space();
        let equals = self.token.range;
        self.bump();
        let TokenKind::Word(kind) = self.token.kind else { return true };
        let space = Range::new(key.range().end, equals.start);
        self.errors.push(SyntaxError::new(equals, SyntaxErrorKind::BreakAtEquals).fixed(space, ""));
        let value = self.take_word(kind);
        self.entries.pop();
        self.push_entry(head, Entry { key, ty: Word::default(), value });
        true
    }

    /// Passes over a second `=` right behind the first, and reports it. That of a sign such as `<==` is told with the sign.
    pub(super) fn equals_twice(&mut self, key: Word) {
        if self.token.kind == TokenKind::Equals {
            let (range, text) = (self.token.range, key.range().of(self.lexer.source()));
            if matches!(text, "<" | "-" | "--") {
                return self.bump();
            }
            self.errors.push(SyntaxError::new(range, SyntaxErrorKind::EqualsTwice).fixed(range, ""));
            self.bump();
        }
    }

    /// Passes over the key of a property where it stands again behind its `=`, and reports it.
    pub(super) fn key_twice(&mut self, key: Word) {
        let (source, again) = (self.lexer.source(), self.token.range);
        if key.range().of(source) == again.of(source) && self.is_next_key() {
            let kind = SyntaxErrorKind::KeyTwice { key: again.of(source).to_owned() };
            let whole = Range::new(again.start, again.end + 1);
            self.errors.push(SyntaxError::new(whole, kind).fixed(whole, ""));
            self.bump();
            self.bump();
        }
    }

    /// Whether the token is a word with a `=` right behind it.
    pub(super) fn is_next_key(&self) -> bool {
        let rest = &self.lexer.source()[self.token.range.end as usize..];
        matches!(self.token.kind, TokenKind::Word(kind) if kind.is_string())
            && rest.starts_with('=')
            && !is_double_arrow(rest)
    }

    /// Reports that nothing follows the `=` of a key.
    pub(super) fn no_value(&mut self, key: Word, equals: Range) {
        let key = key.range();
        let kind = SyntaxErrorKind::KeyWithoutValue { key: key.of(self.lexer.source()).to_owned() };
        self.error(key.cover(equals), kind);
    }

    /// Where the line is broken behind a `=` and a value follows that can begin no node, goes on to it, and reports it.
    pub(super) fn value_on_next_line(&mut self, equals: Range) {
        let source = self.lexer.source();
        let rest = source[self.token.range.end as usize..].trim_start_matches([' ', '\t']);
        if self.token.kind == TokenKind::Newline
            && rest.starts_with(|first: char| first.is_ascii_digit() || first == '"')
        {
            self.line_space();
            let space = Range::new(equals.end, self.token.range.start);
            self.errors.push(SyntaxError::new(equals, SyntaxErrorKind::BreakAtEquals).fixed(space, ""));
        }
    }

    /// Whether the `{` at hand opens the block again that the one right before it has opened. Then it is reported.
    pub(super) fn opens_again(&mut self) -> bool {
        let (brace, source) = (self.token.range, self.lexer.source());
        let Some(open) = self.open.last() else { return false };
        let between = &source[open.brace.end as usize..brace.start as usize];
        if !between.bytes().all(|byte| matches!(byte, b' ' | b'\t'))
            || !source[..open.brace.end as usize].ends_with('{')
        {
            return false;
        }
        let removed = Range::new(open.brace.end, brace.end);
        self.errors.push(SyntaxError::new(brace, SyntaxErrorKind::BraceTwice).fixed(removed, ""));
        true
    }

    /// Whether the `}` at hand, right behind the one that has closed a block, closes it again as it was opened again.
    pub(super) fn closes_again(&mut self, block: &OpenBlock) -> bool {
        let (brace, source) = (self.token.range, self.lexer.source());
        if self.token.kind != TokenKind::CloseBrace || !source[..brace.start as usize].ends_with('}') {
            return false;
        }
        let opened = block.brace.end;
        let is_its = |error: &&mut SyntaxError| {
            let is_its = error.fix.as_ref().is_some_and(|(range, _)| range.start == opened);
            matches!(error.kind, SyntaxErrorKind::BraceTwice) && is_its
        };
        let Some(error) = self.errors.iter_mut().rev().find(is_its) else { return false };
        error.second_edit = Some((brace, String::new()));
        true
    }

    /// Passes over what is no node. What its words have wrong is of no interest.
    pub(super) fn pass_over_node(&mut self) {
        let known = self.lexer.errors.len();
        self.skip_to_end_of_node();
        self.lexer.errors.truncate(known);
    }

    pub(super) fn bad_node_start(&mut self, kind: TokenKind) {
        let range = self.token.range;
        match kind {
            TokenKind::Unknown => {}
            TokenKind::OpenBrace => self.error(range, SyntaxErrorKind::BlockWithoutNode),
            TokenKind::Word(_) => self.error(range, SyntaxErrorKind::NodeWithoutName),
            TokenKind::Equals => self.error(range, SyntaxErrorKind::EqualsWithoutKey),
            _ => self.error(range, SyntaxErrorKind::NoNode),
        }
    }

    /// Passes over what cannot be an entry, one token at least.
    pub(super) fn skip_entry(&mut self) {
        use TokenKind::*;
        if !matches!(self.token.kind, Newline | Semicolon | OpenBrace | CloseBrace | End | LineComment | Slashdash) {
            self.bump();
        }
    }

    pub(super) fn skip_to_end_of_node(&mut self) {
        loop {
            match self.token.kind {
                TokenKind::Newline | TokenKind::Semicolon | TokenKind::End | TokenKind::CloseBrace => return,
                TokenKind::OpenBrace => {
                    self.bump();
                    self.skip_block();
                }
                _ => self.bump(),
            }
        }
    }

    /// Passes over everything up to and with the brace that closes a block already opened.
    pub(super) fn skip_block(&mut self) {
        let mut depth = 1;
        while depth > 0 && self.token.kind != TokenKind::End {
            match self.token.kind {
                TokenKind::OpenBrace => depth += 1,
                TokenKind::CloseBrace => depth -= 1,
                _ => {}
            }
            self.bump();
        }
    }
}

/// The texts in quotes that a line begins with, with commas between them, if there are several, and how long
/// they are together.
pub fn quoted_texts(line: &str) -> Option<(Vec<&str>, usize)> {
    let mut texts = Vec::new();
    let mut rest = line;
    loop {
        let (text, after) = rest.strip_prefix('"')?.split_once('"')?;
        if text.contains(['\\', '\n']) {
            return None;
        }
        texts.push(text);
        match after.strip_prefix(',') {
            Some(more) => rest = more.trim_start_matches(' '),
            None => {
                rest = after;
                break;
            }
        }
    }
    let length = line.len() - rest.len();
    (texts.len() > 1).then_some((texts, length))
}

/// `time=normal(4ms, 1ms)` as facts.
fn varying(key: &str, inner: &str) -> Option<String> {
    let given: Vec<&str> = inner.split(',').map(str::trim).collect();
    let mean = Quantity::parse(given[0]).ok().filter(|mean| mean.low > 0.0)?;
    let deviation = given.get(1).and_then(|given| Quantity::parse(given).ok());
    let cv = deviation.filter(|deviation| deviation.dimension == mean.dimension);
    let cv = cv.map(|deviation| (deviation.low / mean.low * 1000.0).round() / 1000.0);
    let cv = cv.map_or(String::new(), |cv| format!(" cv={cv}"));
    (mean.dimension == Dimension::Time).then(|| format!("{key}={}{cv}", given[0]))
}

/// `p95(buy) < 2s` as a fact of a flow with its limit.
fn measured_of(called: &str, inner: &str, rest: &str) -> Option<String> {
    let (flow, rest) = (inner.trim(), rest.trim());
    let limit = rest.trim_start_matches(['<', '>', '=', ' ']).split([' ', ';', '}']).next().unwrap_or_default();
    let side = match rest.chars().next() {
        Some('<') => "under=",
        Some('>') => "over=",
        _ => return None,
    };
    (is_identifier(flow) && Quantity::parse(limit).is_ok()).then(|| format!("{called} flow={flow} {side}{limit}"))
}

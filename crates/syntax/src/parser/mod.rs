//! Tokens to tree. The parser never gives up: it reports what it cannot read, passes over it and goes on.

mod brackets;
mod recovery;

use crate::MAX_DEPTH;
use crate::error::{SyntaxError, SyntaxErrorKind};
use crate::lexer::{Lexer, Token, TokenKind, is_identifier};
use crate::tree::{Entry, Node, Tree, Word, WordKind};
use groma_base::Range;
use std::sync::Arc;

pub use recovery::quoted_texts;

/// The tree and all errors, as they are found.
pub(crate) fn read(text: &Arc<str>) -> (Tree, Vec<SyntaxError>) {
    let mut parser = Parser::new(text);
    parser.document();
    let Parser { nodes, entries, mut errors, mut lexer, .. } = parser;
    errors.append(&mut lexer.errors);
    errors.sort_by_key(|error| error.range);
    (Tree { text: text.clone(), nodes, entry_table: entries }, errors)
}

struct Parser<'t> {
    lexer: Lexer<'t>,
    token: Token,
    nodes: Vec<Node>,
    entries: Vec<Entry>,
    errors: Vec<SyntaxError>,
    /// The nodes whose blocks are open; `None` for a block that a slashdash takes out.
    open: Vec<OpenBlock>,
    /// How many `(` and `[` are open in the innermost block.
    brackets: u32,
}

struct OpenBlock {
    brace: Range,
    /// The node that owns the block.
    node: u32,
    /// The block is after `/-`: what was read since these marks is dropped at its end.
    dropped: Option<Mark>,
    /// The node is after `/-`.
    node_mark: Option<Mark>,
    node_had_block: bool,
    /// How many `(` and `[` are open around it, in the block that it stands in.
    brackets: u32,
}

#[derive(Clone, Copy)]
struct Mark {
    nodes: usize,
    entries: usize,
}

/// What a node is waiting for.
struct Head {
    node: u32,
    mark: Option<Mark>,
    had_block: bool,
    /// After any block, even one that is taken out, no entry may follow.
    closed: bool,
}

impl<'t> Parser<'t> {
    fn new(text: &'t str) -> Parser<'t> {
        let mut lexer = Lexer::new(text);
        let token = lexer.next_token();
        let nodes = Vec::with_capacity(text.len() / 48);
        let entries = Vec::with_capacity(text.len() / 24);
        Parser { lexer, token, nodes, entries, errors: Vec::new(), open: Vec::new(), brackets: 0 }
    }

    fn bump(&mut self) {
        self.count_bracket();
        self.token = self.lexer.next_token();
    }

    fn error(&mut self, range: Range, kind: SyntaxErrorKind) {
        self.errors.push(SyntaxError::new(range, kind));
    }

    fn mark(&self) -> Mark {
        Mark { nodes: self.nodes.len(), entries: self.entries.len() }
    }

    fn drop_since(&mut self, mark: Mark) {
        self.nodes.truncate(mark.nodes);
        self.entries.truncate(mark.entries);
    }

    /// Space inside a node; whether there was any.
    fn node_space(&mut self) -> bool {
        let mut any = false;
        while matches!(self.token.kind, TokenKind::Space | TokenKind::BlockComment | TokenKind::Escline) {
            any = true;
            self.bump();
        }
        any
    }

    /// Space between nodes, where lines may end.
    fn line_space(&mut self) {
        use TokenKind::*;
        while matches!(self.token.kind, Space | BlockComment | Escline | Newline | LineComment) {
            self.bump();
        }
    }

    fn document(&mut self) {
        loop {
            self.line_space();
            let kind = self.token.kind;
            match kind {
                TokenKind::End => break,
                TokenKind::Semicolon => self.bump(),
                TokenKind::CloseBrace if self.open.is_empty() => {
                    let range = self.token.range;
                    self.error(range, SyntaxErrorKind::ClosesNothing { ended: None });
                    self.bump();
                }
                TokenKind::CloseBrace => self.close_block(),
                TokenKind::OpenBrace if self.opens_again() => {
                    self.bump();
                }
                TokenKind::CloseParen | TokenKind::Unknown if self.is_closing_bracket() => {
                    self.closes_with_bracket();
                    self.close_block();
                }
                _ => self.node(),
            }
        }
        self.close_at_end();
    }

    /// Closes what is still open at the end of the text. One missing brace is one error, at the outermost block.
    fn close_at_end(&mut self) {
        let end = self.token.range.end;
        if let Some(outermost) = self.open.first() {
            let kind = SyntaxErrorKind::UnclosedBlocks { count: self.open.len() };
            self.errors.push(SyntaxError::new(outermost.brace, kind).explained_at(Range::new(end, end)));
        }
        while let Some(block) = self.open.pop() {
            self.finish_block(&block, end);
            self.finish_node(&Head { node: block.node, mark: block.node_mark, had_block: true, closed: true });
        }
    }

    fn node(&mut self) {
        let mark = self.mark();
        let mut dropped = None;
        if self.token.kind == TokenKind::Slashdash {
            let slashdash = self.token.range;
            self.bump();
            self.line_space();
            if matches!(self.token.kind, TokenKind::CloseBrace | TokenKind::End | TokenKind::Semicolon) {
                self.error(slashdash, SyntaxErrorKind::TakesOutNothing);
                return;
            }
            dropped = Some(mark);
        }
        let ty = self.type_annotation();
        self.node_space();
        let name = match self.token.kind {
            TokenKind::Word(kind) if kind.is_string() => self.take_word(kind),
            kind => {
                if kind == TokenKind::OpenBrace && dropped.is_none() && !ty.is_some() && self.joins_last_node() {
                    return;
                }
                self.bad_node_start(kind);
                self.pass_over_node();
                return;
            }
        };
        let first_entry = self.entries.len() as u32;
        let node = self.nodes.len() as u32;
        let end = name.range().end;
        self.nodes.push(Node {
            ty,
            name,
            entries: (first_entry, first_entry),
            subtree_end: node + 1,
            block: Range::default(),
            end,
        });
        match self.token.kind {
            TokenKind::OpenParen if name.kind == WordKind::Bare && !self.ends_line_after() => {
                let range = name.range().cover(self.token.range);
                let name = name.range().of(self.lexer.source()).to_owned();
                self.error(range, SyntaxErrorKind::Call { name });
                self.pass_over_node();
            }
            TokenKind::Equals | TokenKind::Space if self.equals_is_next() => self.equals_after_name(node),
            _ => {}
        }
        self.node_rest(Head { node, mark: dropped, had_block: false, closed: false });
    }

    /// Whether nothing but space follows the token on its line.
    fn ends_line_after(&self) -> bool {
        let rest = &self.lexer.source()[self.token.range.end as usize..];
        let rest = rest.trim_start_matches([' ', '\t']);
        rest.is_empty() || rest.starts_with(['\n', '\r']) || rest.starts_with("//")
    }

    /// Whether the token is `=`, or space before one that is no arrow.
    fn equals_is_next(&self) -> bool {
        let rest = self.lexer.source()[self.token.range.start as usize..].trim_start_matches([' ', '\t']);
        rest.starts_with('=') && !is_double_arrow(rest)
    }

    fn take_word(&mut self, kind: WordKind) -> Word {
        let range = self.token.range;
        self.bump();
        Word::new(range.start, range.end, kind)
    }

    /// Entries and blocks up to the node's end, or up to the start of its own block.
    fn node_rest(&mut self, mut head: Head) {
        loop {
            let spaced = self.node_space();
            let kind = self.token.kind;
            match kind {
                TokenKind::Newline if self.equals_on_next_line(&head) => {}
                TokenKind::LineComment | TokenKind::End | TokenKind::CloseBrace => return self.finish_node(&head),
                TokenKind::OpenBrace if !head.closed && self.goes_on_behind_braces() => {
                    let value = self.word_in_braces();
                    self.push_entry(&head, Entry { key: Word::default(), ty: Word::default(), value });
                }
                TokenKind::OpenBrace => {
                    if head.had_block {
                        let range = self.token.range;
                        self.error(range, SyntaxErrorKind::SecondBlock);
                    }
                    match self.open_block(head, None) {
                        Some(rest) => head = rest,
                        None => return,
                    }
                }
                TokenKind::Slashdash => match self.slashdash_part(head) {
                    Some(rest) => head = rest,
                    None => return,
                },
                // As other languages go on: what it says is told by whoever reads the words.
                TokenKind::Word(WordKind::Bare) if head.closed && spaced && self.is_else() => {
                    return self.finish_node(&head);
                }
                TokenKind::Newline | TokenKind::Semicolon => {
                    self.bump();
                    return self.finish_node(&head);
                }
                TokenKind::CloseParen | TokenKind::Unknown if self.ends_block_of_line() => {
                    return self.finish_node(&head);
                }
                TokenKind::OpenParen | TokenKind::Unknown if !head.had_block && self.is_opening_bracket() => {
                    self.opens_with_bracket();
                    match self.open_block(head, None) {
                        Some(rest) => head = rest,
                        None => return,
                    }
                }
                TokenKind::Unknown => self.bump(),
                _ => {
                    if !self.entry(&head, spaced) {
                        self.skip_entry();
                    }
                }
            }
        }
    }

    /// What stands after `/-` inside a node: an entry or a block. What the node waits for then, unless its block is open.
    fn slashdash_part(&mut self, head: Head) -> Option<Head> {
        let slashdash = self.token.range;
        self.bump();
        self.line_space();
        match self.token.kind {
            TokenKind::OpenBrace => {
                let mark = self.mark();
                return self.open_block(Head { closed: true, ..head }, Some(mark));
            }
            TokenKind::Word(_) | TokenKind::OpenParen => {
                let kept = self.entries.len();
                if !self.entry(&head, true) {
                    self.skip_entry();
                }
                self.entries.truncate(kept);
            }
            _ => self.error(slashdash, SyntaxErrorKind::TakesOutNothing),
        }
        Some(head)
    }

    /// Opens the block of a node; or passes over it if it lies too deep, and tells what the node waits for then.
    fn open_block(&mut self, head: Head, dropped: Option<Mark>) -> Option<Head> {
        let (brace, brackets) = (self.token.range, self.brackets);
        self.bump();
        if self.open.len() >= MAX_DEPTH {
            self.error(brace, SyntaxErrorKind::TooDeep);
            self.skip_block();
            return Some(Head { had_block: true, closed: true, ..head });
        }
        self.seal_entries(head.node);
        self.brackets = 0;
        self.open.push(OpenBlock {
            brace,
            node: head.node,
            dropped,
            node_mark: head.mark,
            node_had_block: head.had_block,
            brackets,
        });
        None
    }

    fn seal_entries(&mut self, node: u32) {
        let end = self.entries.len() as u32;
        let node = &mut self.nodes[node as usize];
        if node.block == Range::default() {
            node.entries.1 = end.max(node.entries.0);
        }
    }

    fn close_block(&mut self) {
        let Some(block) = self.open.pop() else { return };
        let mut end = self.token.range.end;
        self.bump();
        if self.closes_again(&block) {
            end = self.token.range.end;
            self.bump();
        }
        self.brackets = block.brackets;
        self.finish_block(&block, end);
        let had_block = block.node_had_block || block.dropped.is_none();
        self.node_rest(Head { node: block.node, mark: block.node_mark, had_block, closed: true });
    }

    fn finish_block(&mut self, block: &OpenBlock, end: u32) {
        if let Some(mark) = block.dropped {
            self.drop_since(mark);
        } else {
            let next = self.nodes.len() as u32;
            let node = &mut self.nodes[block.node as usize];
            node.block = Range::new(block.brace.start, end);
            node.subtree_end = next;
        }
        self.nodes[block.node as usize].end = end;
    }

    fn finish_node(&mut self, head: &Head) {
        if !head.closed {
            self.seal_entries(head.node);
        }
        if let Some(mark) = head.mark {
            self.drop_since(mark);
        }
    }

    /// One argument or property; whether it could be read.
    fn entry(&mut self, head: &Head, spaced: bool) -> bool {
        let start = self.token.range;
        if !spaced && head_is_word(self.token.kind) {
            if let Some(is_read) = self.unspaced(head) {
                return is_read;
            }
            let fault = SyntaxError::new(start, SyntaxErrorKind::NoSpace);
            let is_key = self.lexer.source()[start.end as usize..].starts_with('=');
            let before = Range::new(start.start, start.start);
            self.errors.push(if is_key { fault.fixed(before, " ") } else { fault });
        }
        if head.closed && head_is_word(self.token.kind) {
            self.error(start, SyntaxErrorKind::AfterBlock);
        }
        let ty = self.type_annotation();
        if ty.is_some() {
            self.node_space();
        }
        let TokenKind::Word(kind) = self.token.kind else {
            if ty.is_some() || self.token.kind == TokenKind::OpenParen {
                self.error(start, SyntaxErrorKind::TypeWithoutValue);
            } else {
                let range = self.token.range;
                let shown = range.of(self.lexer.source()).to_owned();
                let rest = &self.lexer.source()[range.start as usize..];
                let is_arrow = is_double_arrow(rest);
                let kind = SyntaxErrorKind::Unexpected { text: shown };
                self.errors.push(match is_arrow {
                    true => {
                        let arrow = Range::new(range.start, range.start + rest.find('>').unwrap_or(0) as u32 + 1);
                        SyntaxError::new(arrow, SyntaxErrorKind::WrongArrow).fixed(arrow, "->")
                    }
                    false => SyntaxError::new(range, kind),
                });
            }
            return false;
        };
        let word = self.take_word(kind);
        if let Some(value) = self.property_value(word) {
            if ty.is_some() {
                self.error(ty.range(), SyntaxErrorKind::TypeBeforeKey);
            }
            let Some((value_ty, value)) = value else { return true };
            self.push_entry(head, Entry { key: word, ty: value_ty, value });
        } else {
            self.push_entry(head, Entry { key: Word::default(), ty, value: word });
        }
        true
    }

    /// A word without space before it that is no word of its own: a comma, the colon of a key, the `#` of `C#`. Whether an
    /// entry could be read, if it is one of these.
    fn unspaced(&mut self, head: &Head) -> Option<bool> {
        let (source, range) = (self.lexer.source(), self.token.range);
        let text = range.of(source);
        let before = &source[..range.start as usize];
        if text == "," {
            self.comma_after_value(head);
            return Some(true);
        }
        if text == "(" && self.function_call(head) {
            return Some(true);
        }
        if text == ":" && source[range.end as usize..].trim_start_matches(' ').starts_with('{') {
            self.errors.push(SyntaxError::new(range, SyntaxErrorKind::ColonBeforeBlock).fixed(range, ""));
            self.bump();
            return Some(true);
        }
        if text.starts_with(':') && before.ends_with('"') {
            self.error(Range::new(range.start, range.start + 1), SyntaxErrorKind::Colon { meant: None });
            self.pass_over_node();
            return Some(true);
        }
        self.behind_word(head)
    }

    /// What stands behind a bare word without space and is no word of its own: the text of `r"…"`, the `#` of `C#`, the value of
    /// `key:"value"`.
    fn behind_word(&mut self, head: &Head) -> Option<bool> {
        let (source, range) = (self.lexer.source(), self.token.range);
        let text = range.of(source);
        let entries = self.nodes[head.node as usize].entries.0 as usize;
        let last = self.entries.get(entries..).and_then(<[Entry]>::last).map(|entry| entry.value);
        let last =
            last.filter(|last| last.range().end == range.start && last.kind == WordKind::Bare && !head.closed)?;
        if last.range().of(source) == "r"
            && matches!(self.token.kind, TokenKind::Word(WordKind::Quoted | WordKind::Raw))
        {
            let TokenKind::Word(kind) = self.token.kind else { return None };
            let whole = last.range().cover(range);
            let meant = if kind == WordKind::Raw { text.to_owned() } else { format!("#{text}#") };
            let fault = SyntaxErrorKind::RawString { meant: meant.clone() };
            self.errors.push(SyntaxError::new(whole, fault).fixed(whole, meant));
            let value = self.take_word(kind);
            if let Some(last) = self.entries.last_mut() {
                last.value = value;
            }
            return Some(true);
        }
        if text.starts_with('#') {
            let whole = last.range().cover(range);
            let kind = SyntaxErrorKind::NeedsQuotes { word: whole.of(source).to_owned(), character: '#' };
            let quoted = format!("\"{}\"", whole.of(source));
            self.errors.push(SyntaxError::new(whole, kind).fixed(whole, quoted));
            self.bump();
            return Some(true);
        }
        let key =
            last.range().of(source).strip_suffix(':').filter(|key| is_identifier(key) && text.starts_with('"'))?;
        let colon = Range::new(range.start - 1, range.start);
        let kind = SyntaxErrorKind::Colon { meant: Some(format!("{key}={text}")) };
        self.errors.push(SyntaxError::new(colon, kind).fixed(colon, "="));
        // The key with its value, as meant.
        let key = Word::new(last.range().start, range.start - 1, WordKind::Bare);
        self.entries.pop();
        let TokenKind::Word(kind) = self.token.kind else { return Some(false) };
        let value = self.take_word(kind);
        self.push_entry(head, Entry { key, ty: Word::default(), value });
        Some(true)
    }

    fn push_entry(&mut self, head: &Head, entry: Entry) {
        if !head.closed {
            self.nodes[head.node as usize].end = entry.value.range().end;
            self.entries.push(entry);
        }
    }

    /// `None`: the word is no key. `Some(None)`: it is one, but its value is missing, which is reported.
    fn property_value(&mut self, key: Word) -> Option<Option<(Word, Word)>> {
        if self.token.kind != TokenKind::Equals {
            // Space may stand before `=`: look ahead with a copy of the position.
            if !matches!(self.token.kind, TokenKind::Space | TokenKind::BlockComment | TokenKind::Escline) {
                return None;
            }
            if !self.equals_follows_space() {
                return None;
            }
            self.node_space();
        }
        let equals = self.token.range;
        self.bump();
        if !key.kind.is_string() {
            self.error(key.range(), SyntaxErrorKind::KeyIsNoString);
        }
        self.equals_twice(key);
        self.key_twice(key);
        let spaced = self.node_space();
        if spaced && self.is_next_key() {
            self.no_value(key, equals);
            return Some(None);
        }
        self.value_on_next_line(equals);
        let ty = self.type_annotation();
        if ty.is_some() {
            self.node_space();
        }
        match self.token.kind {
            TokenKind::Word(kind) => Some(Some((ty, self.take_word(kind)))),
            TokenKind::Unknown => {
                self.bump();
                Some(None)
            }
            TokenKind::OpenBrace
                if self.token.range.start == equals.end && self.lexer.in_braces(equals.end as usize).is_some() =>
            {
                Some(Some((ty, self.word_in_braces())))
            }
            // Of a key the `=` stands right behind it.
            TokenKind::OpenBrace if ty == Word::default() && key.range().end < equals.start => {
                let space = Range::new(key.range().end, self.token.range.start);
                self.errors.push(SyntaxError::new(equals, SyntaxErrorKind::EqualsBeforeBlock).fixed(space, " "));
                None
            }
            _ => {
                self.no_value(key, equals);
                Some(None)
            }
        }
    }

    fn equals_follows_space(&self) -> bool {
        let mut ahead = self.lexer.fork();
        loop {
            match ahead.next_token().kind {
                TokenKind::Space | TokenKind::BlockComment | TokenKind::Escline => {}
                kind => return kind == TokenKind::Equals,
            }
        }
    }

    fn type_annotation(&mut self) -> Word {
        if self.token.kind != TokenKind::OpenParen {
            return Word::default();
        }
        let open = self.token.range;
        self.bump();
        self.node_space();
        let word = match self.token.kind {
            TokenKind::Word(kind) if kind.is_string() => self.take_word(kind),
            _ => {
                self.error(open, SyntaxErrorKind::TypeWithoutName);
                Word::default()
            }
        };
        self.node_space();
        if self.token.kind == TokenKind::CloseParen {
            self.bump();
        } else if word.is_some() && self.token.kind == TokenKind::Equals {
            self.error(open, SyntaxErrorKind::Parentheses);
        } else if word.is_some() {
            self.error(open, SyntaxErrorKind::UnclosedType);
        }
        word
    }
}

/// Whether a text begins with an arrow that has `=` for its shaft, `=>` or `==>`.
fn is_double_arrow(text: &str) -> bool {
    text.starts_with('=') && text.trim_start_matches('=').starts_with('>')
}

fn head_is_word(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::Word(_) | TokenKind::OpenParen)
}

//! From a text to a document: the tree says what the nodes are, the tokens between them what stands around each.

use super::slots::Slots;
use super::space::{TakenOut, leading_space};
use super::{Block, Document, Entry, Origin, Slot, Value, Written};
use groma_base::Range;
use groma_syntax::is_newline;
use groma_syntax::{Lexer, NodeId, SyntaxError, Token, TokenKind, Tree, Word, parse};

pub(super) fn read(text: &str) -> Result<Document, Vec<SyntaxError>> {
    let (tree, errors) = parse(text);
    if !errors.is_empty() {
        return Err(errors);
    }
    let mut reader = Reader { tree: &tree, tokens: tokens(text), slots: Slots::default() };
    let start = if text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() as u32 } else { 0 };
    let inner = Inner { start: 0, first: start, end: text.len() as u32 };
    let top = reader.block(None, String::new(), inner, tree.roots());
    let read = reader.slots.len();
    let mut document = Document { slots: reader.slots, read, top, ..Document::new() };
    let first = text.find(is_newline).unwrap_or(0);
    if text[first..].starts_with("\r\n") {
        document.newline = "\r\n";
    }
    if let Some(indentation) = indentation(&document) {
        document.indentation = indentation;
    }
    Ok(document)
}

/// By how much the first node that begins the line after a `{` is indented.
fn indentation(document: &Document) -> Option<String> {
    let all = (0..document.read as u32).map(NodeId);
    let mut steps = all.filter_map(|node| {
        let block = document.slots[node].block.as_ref()?;
        let first = block.children.first().filter(|_| block.open.ends_with(is_newline))?;
        let lead = &document.slots[*first].lead;
        let own = leading_space(&lead[lead.rfind(is_newline).map_or(0, |at| at + 1)..]);
        let step = own.strip_prefix(&*document.line_indentation(node))?;
        (!step.is_empty()).then(|| step.to_owned())
    });
    steps.next()
}

fn tokens(text: &str) -> Vec<Token> {
    let mut lexer = Lexer::new(text);
    let mut tokens = Vec::with_capacity(text.len() / 4);
    loop {
        let token = lexer.next_token();
        tokens.push(token);
        if token.kind == TokenKind::End {
            return tokens;
        }
    }
}

/// Where a block's inside begins, where its first line ends, and where it ends.
struct Inner {
    start: u32,
    first: u32,
    end: u32,
}

struct Reader<'t> {
    tree: &'t Tree,
    tokens: Vec<Token>,
    slots: Slots,
}

impl<'t> Reader<'t> {
    fn piece(&self, start: u32, end: u32) -> String {
        Range::new(start, end).of(&self.tree.text).to_owned()
    }

    /// The number of the first token at or after this place.
    fn token_at(&self, offset: u32) -> usize {
        self.tokens.partition_point(|token| token.range.start < offset)
    }

    /// Where a word begins with its type annotation, whose range is without the parentheses.
    fn start_with_type(&self, ty: Word, word: Word) -> u32 {
        if !ty.is_some() {
            return word.range().start;
        }
        let before = self.tokens[..self.token_at(ty.range().start)].iter();
        let open = before.rev().find(|token| token.kind == TokenKind::OpenParen);
        open.map_or(ty.range().start, |token| token.range.start)
    }

    fn written(&self, word: Word) -> Written {
        let value = Value::read(word.range().of(&self.tree.text), word.kind);
        Written { value, at: Some(word.range().start) }
    }

    /// Reads what stands in a block. The parser has seen to it that blocks do not nest too deep for this to call itself.
    fn block(
        &mut self,
        parent: Option<NodeId>,
        gap: String,
        inner: Inner,
        nodes: impl Iterator<Item = NodeId>,
    ) -> Block {
        let mut at = inner.first;
        let children: Vec<NodeId> = nodes.inspect(|id| at = self.node(*id, parent, at)).collect();
        let (open, tail) = (self.piece(inner.start, inner.first), self.piece(at, inner.end));
        let origin = match children.is_empty() {
            true => Origin::Empty { open: open.clone(), tail: tail.clone() },
            false => Origin::Node,
        };
        Block { gap, open, children, tail, origin }
    }

    /// Reads a node and what is in it; what belongs to it ends at the place that is returned.
    fn node(&mut self, id: NodeId, parent: Option<NodeId>, from: u32) -> u32 {
        let tree = self.tree;
        let node = tree.node(id);
        let start = self.start_with_type(node.ty, node.name);
        let mut at = node.name.range().end;
        let entries = tree.entries(id).iter().map(|entry| self.entry(entry, &mut at)).collect();
        self.slots.push(Slot {
            start,
            parent,
            lead: self.piece(from, start),
            prefix: self.piece(start, node.name.range().start),
            word: self.written(node.name),
            entries,
            block: None,
            trail: String::new(),
            is_gone: false,
        });
        if node.block != Range::default() {
            let gap = self.piece(at, node.block.start);
            let start = node.block.start + 1;
            let inner = Inner { start, first: self.end_of_first_line(start), end: node.block.end - 1 };
            let block = self.block(Some(id), gap, inner, tree.children(id));
            self.slots[id].block = Some(block);
            at = node.block.end;
        }
        let end = self.end_of_trail(at);
        self.slots[id].trail = self.piece(at, end);
        end
    }

    fn entry(&self, entry: &groma_syntax::Entry, at: &mut u32) -> Entry {
        let value = entry.value.range();
        let (start, key, key_end) = if entry.key.is_some() {
            let key = entry.key.range();
            (key.start, Some(self.written(entry.key)), key.end)
        } else {
            let start = self.start_with_type(entry.ty, entry.value);
            (start, None, start)
        };
        let gap = self.piece(*at, start);
        *at = value.end;
        Entry { gap, key, between: self.piece(key_end, value.start), value: self.written(entry.value) }
    }

    /// Where the line ends that a block is opened on, if nothing but comments follows; otherwise where it began.
    fn end_of_first_line(&self, start: u32) -> u32 {
        for token in &self.tokens[self.token_at(start)..] {
            match token.kind {
                TokenKind::Space | TokenKind::BlockComment | TokenKind::LineComment => {}
                TokenKind::Newline => return token.range.end,
                _ => break,
            }
        }
        start
    }

    /// Where that ends which belongs to a node after its last entry or its block: comments, what `/-` takes out, and the end
    /// of the line or the `;` that ends it.
    fn end_of_trail(&self, after: u32) -> u32 {
        let mut end = after;
        let mut taken_out = TakenOut::default();
        for at in self.token_at(after)..self.tokens.len() {
            let token = self.tokens[at];
            let inside = taken_out.is_inside();
            match token.kind {
                TokenKind::End => return end,
                TokenKind::CloseBrace if !inside => return end,
                TokenKind::Newline if !inside => return token.range.end,
                TokenKind::Semicolon if !inside => return self.end_after_semicolon(at),
                TokenKind::Space | TokenKind::Escline => {}
                _ => end = token.range.end,
            }
            taken_out.pass(token.kind);
        }
        end
    }

    /// After a `;` the rest of the line belongs to the node if it is nothing but comments.
    fn end_after_semicolon(&self, semicolon: usize) -> u32 {
        let mut end = self.tokens[semicolon].range.end;
        for token in &self.tokens[semicolon + 1..] {
            match token.kind {
                TokenKind::Space => {}
                TokenKind::BlockComment | TokenKind::LineComment => end = token.range.end,
                TokenKind::Newline => return token.range.end,
                TokenKind::End | TokenKind::CloseBrace => return end,
                _ => break,
            }
        }
        self.tokens[semicolon].range.end
    }
}

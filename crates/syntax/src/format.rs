//! The formatter: rewrites the space between the words and nothing else, so comments, quoting and the
//! order of things stay as they were written.

use crate::error::SyntaxError;
use crate::lexer::{Lexer, Token, TokenKind};
use crate::told::parse;

/// The text in the one style: four spaces a level, one space between words, at most one empty line in a
/// row, one node a line except in a block that was written on one line. All lines end as the first one does, with
/// `\n` or `\r\n`. Formatting twice changes nothing.
///
/// # Errors
/// The errors of the text; a text with errors is not touched.
pub fn format(text: &str) -> Result<String, Vec<SyntaxError>> {
    let (_, errors) = parse(text);
    if !errors.is_empty() {
        return Err(errors);
    }
    let tokens = significant_tokens(text);
    let mut writer = Writer {
        text,
        out: String::with_capacity(text.len() + 64),
        blocks: Vec::new(),
        at_line_start: true,
        block_starts: true,
        in_node: false,
    };
    for at in 0..tokens.len() {
        writer.token(&tokens, at);
    }
    let mark = if text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK } else { "" };
    Ok(format!("{mark}{}", with_line_ends_of(text, writer.finish())))
}

/// What some editors begin a file with, and look for.
const BYTE_ORDER_MARK: &str = "\u{FEFF}";

/// Ends every line as the first one of a text ends. KDL takes each of them for the same in a string of several lines.
fn with_line_ends_of(text: &str, formatted: String) -> String {
    let plain = if formatted.contains('\r') { formatted.replace("\r\n", "\n").replace('\r', "\n") } else { formatted };
    let first = text.find(['\r', '\n']).unwrap_or(0);
    if text[first..].starts_with("\r\n") { plain.replace('\n', "\r\n") } else { plain }
}

/// All tokens but plain space; each with whether space stood before it.
fn significant_tokens(text: &str) -> Vec<(Token, bool)> {
    let mut lexer = Lexer::new(text);
    let mut tokens = Vec::new();
    let mut spaced = false;
    loop {
        let token = lexer.next_token();
        match token.kind {
            TokenKind::End => return tokens,
            TokenKind::Space => spaced = true,
            _ => {
                tokens.push((token, spaced));
                spaced = false;
            }
        }
    }
}

struct Writer<'t> {
    text: &'t str,
    out: String,
    /// The open blocks; whether each was written on one line.
    blocks: Vec<bool>,
    at_line_start: bool,
    /// Nothing but space was written since the block, or the text, began.
    block_starts: bool,
    /// Words of a node were written since the last line break or `;`.
    in_node: bool,
}

impl Writer<'_> {
    fn token(&mut self, tokens: &[(Token, bool)], at: usize) {
        let (token, spaced) = tokens[at];
        let text = token.range.of(self.text);
        match token.kind {
            TokenKind::Newline => self.newline(tokens, at),
            TokenKind::Semicolon => self.semicolon(tokens, at),
            TokenKind::OpenBrace => self.open_brace(tokens, at),
            TokenKind::CloseBrace => self.close_brace(),
            TokenKind::LineComment => self.piece(text.trim_end(), true),
            TokenKind::Escline => self.escline(text),
            TokenKind::Equals => self.out.push('='),
            TokenKind::CloseParen => self.out.push(')'),
            _ => {
                let glued = at > 0 && self.is_glued(tokens[at - 1].0.kind, token.kind, spaced);
                self.piece(text, !glued);
                self.in_node |= matches!(token.kind, TokenKind::Word(_));
            }
        }
    }

    fn is_glued(&self, before: TokenKind, kind: TokenKind, spaced: bool) -> bool {
        let opens =
            matches!(before, TokenKind::OpenParen | TokenKind::Equals | TokenKind::Slashdash | TokenKind::CloseParen);
        opens && !(matches!(kind, TokenKind::BlockComment) && spaced)
    }

    /// Writes a word, with a space or the line's indentation before it.
    fn piece(&mut self, text: &str, space: bool) {
        if self.at_line_start {
            self.indent(self.blocks.len());
        } else if space && !self.out.ends_with([' ', '(']) && !self.out.ends_with("/-") {
            self.out.push(' ');
        }
        self.out.push_str(text);
        self.at_line_start = false;
        self.block_starts = false;
    }

    fn indent(&mut self, depth: usize) {
        self.out.extend(std::iter::repeat_n("    ", depth));
    }

    fn end_line(&mut self) {
        let kept = self.out.trim_end_matches([' ', '\t']).len();
        self.out.truncate(kept);
        if !self.at_line_start {
            self.out.push('\n');
        }
        self.at_line_start = true;
        self.in_node = false;
    }

    fn newline(&mut self, tokens: &[(Token, bool)], at: usize) {
        // A break right after `/-` belongs to what it takes out.
        if at > 0 && tokens[at - 1].0.kind == TokenKind::Slashdash {
            return;
        }
        let empty_before = at == 0 || tokens[at - 1].0.kind == TokenKind::Newline;
        self.end_line();
        let next = tokens.get(at + 1).map(|(token, _)| token.kind);
        let block_ends = matches!(next, None | Some(TokenKind::CloseBrace | TokenKind::Newline));
        if empty_before && !block_ends && !self.block_starts && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    fn semicolon(&mut self, tokens: &[(Token, bool)], at: usize) {
        let inline = self.blocks.last().copied().unwrap_or(false);
        let next = tokens.get(at + 1).map(|(token, _)| token.kind);
        // Of several in a row the last says all.
        if next == Some(TokenKind::Semicolon) {
            return;
        }
        if inline {
            if !matches!(next, Some(TokenKind::CloseBrace)) && self.in_node {
                self.out.push(';');
            }
            self.in_node = false;
        } else if !matches!(next, Some(TokenKind::LineComment | TokenKind::BlockComment)) {
            self.end_line();
        } else {
            // A comment on the same line stays on it; only a `;` keeps a block comment out of the next node.
            if matches!(next, Some(TokenKind::BlockComment)) {
                self.out.push(';');
            }
            self.in_node = false;
        }
    }

    fn open_brace(&mut self, tokens: &[(Token, bool)], at: usize) {
        self.piece(
            "{",
            !matches!(tokens.get(at.wrapping_sub(1)), Some((token, _)) if token.kind == TokenKind::Slashdash),
        );
        let inline = is_one_line(self.text, tokens, at);
        self.blocks.push(inline);
        self.block_starts = true;
        self.in_node = false;
        let next = tokens.get(at + 1).map(|(token, _)| token.kind);
        if !inline && !matches!(next, Some(TokenKind::Newline | TokenKind::LineComment)) {
            self.end_line();
        }
    }

    fn close_brace(&mut self) {
        let inline = self.blocks.pop().unwrap_or(false);
        if inline {
            if !self.out.ends_with('{') {
                self.out.push(' ');
            }
        } else {
            self.end_line();
            // An empty line before a `;` that says nothing stood before the end of the block.
            if self.out.ends_with("\n\n") {
                self.out.pop();
            }
            self.indent(self.blocks.len());
        }
        self.out.push('}');
        self.block_starts = false;
        self.at_line_start = false;
        self.in_node = true;
    }

    fn escline(&mut self, text: &str) {
        let comment = text[1..].trim();
        self.piece("\\", true);
        if !comment.is_empty() {
            self.out.push(' ');
            self.out.push_str(comment);
        }
        self.out.push('\n');
        self.indent(self.blocks.len() + 1);
        self.at_line_start = false;
    }

    fn finish(mut self) -> String {
        self.end_line();
        let kept = self.out.trim_end_matches('\n').len();
        self.out.truncate(kept);
        if !self.out.is_empty() {
            self.out.push('\n');
        }
        self.out
    }
}

/// Whether the block that opens at this token closes on the same line and holds no line comment.
fn is_one_line(text: &str, tokens: &[(Token, bool)], open: usize) -> bool {
    let mut depth = 0;
    for (token, _) in &tokens[open..] {
        match token.kind {
            TokenKind::OpenBrace => depth += 1,
            TokenKind::CloseBrace => depth -= 1,
            TokenKind::Newline | TokenKind::LineComment | TokenKind::Escline => return false,
            _ if token.range.of(text).contains('\n') => return false,
            _ => {}
        }
        if depth == 0 {
            return true;
        }
    }
    false
}

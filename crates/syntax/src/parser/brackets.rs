//! Other brackets where braces are meant, `flow buy "Buy" [ … )`: they open and close the block all the same, and each block is told once.

use super::Parser;
use crate::error::{SyntaxError, SyntaxErrorKind};
use crate::lexer::TokenKind;
use groma_base::Range;

/// So many bytes of a line are looked at, at most.
const MOST_BYTES: usize = 500;

impl Parser<'_> {
    /// Counts the bracket at hand, if it is one.
    pub(super) fn count_bracket(&mut self) {
        match self.token.kind {
            TokenKind::OpenParen => self.brackets += 1,
            TokenKind::CloseParen => self.brackets = self.brackets.saturating_sub(1),
            TokenKind::Unknown if self.bracket() == b'[' => self.brackets += 1,
            TokenKind::Unknown if self.bracket() == b']' => self.brackets = self.brackets.saturating_sub(1),
            _ => {}
        }
    }

    /// The first byte of the token.
    fn bracket(&self) -> u8 {
        self.lexer.source().as_bytes()[self.token.range.start as usize]
    }

    /// Whether the token opens a block: the last of its line, but before no list of values, or with the `}` of the block behind it.
    pub(super) fn is_opening_bracket(&self) -> bool {
        let bracket = self.bracket();
        if !matches!(bracket, b'(' | b'[') {
            return false;
        }
        if self.ends_line_after() {
            let rest = &self.lexer.source().as_bytes()[self.token.range.end as usize..];
            let next = rest.iter().take(MOST_BYTES).find(|byte| !byte.is_ascii_whitespace());
            return !next.is_some_and(|next| matches!(next, b'"' | b'0'..=b'9'));
        }
        let rest = &self.lexer.source().as_bytes()[self.token.range.end as usize..];
        let mut depth = 0;
        for byte in rest.iter().take(MOST_BYTES).take_while(|_| rest.starts_with(b" ")) {
            match byte {
                b'{' => depth += 1,
                b'}' if depth == 0 => return true,
                b'}' => depth -= 1,
                b'\n' | b'\r' | b')' | b']' => return false,
                _ => {}
            }
        }
        false
    }

    /// Whether the token is a `)` or `]` that closes nothing but the block.
    pub(super) fn is_closing_bracket(&self) -> bool {
        !self.open.is_empty() && self.brackets == 0 && matches!(self.bracket(), b')' | b']')
    }

    /// Whether the token ends a block that stands on this line, and the line.
    pub(super) fn ends_block_of_line(&self) -> bool {
        let Some(open) = self.open.last().filter(|_| self.is_closing_bracket()) else { return false };
        let bytes = self.lexer.source().as_bytes();
        let (before, rest) = (&bytes[..self.token.range.start as usize], &bytes[self.token.range.end as usize..]);
        let rest = rest.iter().take(MOST_BYTES).find(|byte| !matches!(byte, b' ' | b'\t' | b'}' | b')' | b']'));
        let inside = &before[open.brace.end as usize..];
        rest.is_none_or(|next| matches!(next, b'\n' | b'\r' | b'/'))
            && inside.len() <= MOST_BYTES
            && !inside.contains(&b'\n')
    }

    /// Reports the bracket at hand, for which `{` is meant.
    pub(super) fn opens_with_bracket(&mut self) {
        let error = self.wrong_bracket('{');
        self.errors.push(error);
    }

    /// Reports the bracket at hand, for which `}` is meant: with the one that opens the block, if that is another too.
    pub(super) fn closes_with_bracket(&mut self) {
        let error = self.wrong_bracket('}');
        let is_bracket = |brace: &Range| !brace.of(self.lexer.source()).starts_with('{');
        let opened = self.open.last().map(|open| open.brace).filter(is_bracket);
        let is_its = |before: &&mut SyntaxError| {
            opened == Some(before.range) && matches!(before.kind, SyntaxErrorKind::WrongBracket { .. })
        };
        match opened.and_then(|_| self.errors.iter_mut().rev().find(is_its)) {
            Some(opening) => opening.second_edit = error.fix,
            None => self.errors.push(error),
        }
    }

    /// What is said of the bracket at hand, and no longer that it has no meaning.
    fn wrong_bracket(&mut self, meant: char) -> SyntaxError {
        let range = self.token.range;
        if self.lexer.errors.last().is_some_and(|error| error.range == range) {
            self.lexer.errors.pop();
        }
        let written = char::from(self.bracket());
        SyntaxError::new(range, SyntaxErrorKind::WrongBracket { written, meant }).fixed(range, meant)
    }
}

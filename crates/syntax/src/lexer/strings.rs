//! Strings in quotes: on one line, over several lines, and raw.

use super::{Lexer, TokenKind};
use crate::characters::{is_newline, is_space};
use crate::error::{SyntaxError, SyntaxErrorKind};
use crate::tree::{Word, WordKind, decode_string};
use groma_base::Range;

/// The quotes that people write for `"`, with those that close them.
const QUOTES: [(char, &[char]); 6] =
    [('\'', &['\'']), ('`', &['`', '\'']), ('“', &['”', '“']), ('”', &['”']), ('„', &['“', '”']), ('«', &['»'])];

/// Where the inside of a text in other quotes lies that a line begins with, and where it ends.
pub fn in_other_quotes(line: &str) -> Option<(Range, u32)> {
    let open = line.chars().next()?;
    let (_, closing) = QUOTES.iter().find(|(quote, _)| *quote == open)?;
    let line = &line[..line.find(['\n', '\r', '"']).unwrap_or(line.len())];
    let start = open.len_utf8();
    let inner = &line[start..];
    // A quote inside of a word is an apostrophe.
    let ends_text = |(at, quote): &(usize, &str)| {
        let next = inner[at + quote.len()..].chars().next();
        next.is_none_or(|next| next.is_whitespace() || matches!(next, ';' | '{' | '}' | ','))
    };
    let (close, quote) = inner.match_indices(*closing).find(ends_text)?;
    let end = start + close;
    Some((Range::new(start as u32, end as u32), (end + quote.len()) as u32))
}

impl Lexer<'_> {
    /// Takes a text in other quotes that begins here, if it cannot be read as words, `'429, 5xx'` or `'/orders/{id}'`, and reports it. Of
    /// one that can be read what it says is told with it.
    pub(super) fn other_quotes(&mut self) -> Option<TokenKind> {
        let start = self.at;
        if !matches!(self.bytes[start], b'\'' | b'`' | 0xC2 | 0xE2) {
            return None;
        }
        let (inner, end) = in_other_quotes(&self.text[start..])?;
        let text = inner.of(&self.text[start..]);
        let mut words = Lexer::new(text);
        let is_read = |kind: TokenKind| matches!(kind, TokenKind::Space | TokenKind::Word(_));
        let mut tokens = std::iter::from_fn(|| Some(words.next_token().kind).filter(|kind| *kind != TokenKind::End));
        if tokens.all(is_read) && words.errors.is_empty() || text.contains('\\') {
            return None;
        }
        self.at += end as usize;
        let (whole, meant) = (self.range_from(start), format!("\"{text}\""));
        let kind = SyntaxErrorKind::OtherQuotes { meant: meant.clone() };
        self.errors.push(SyntaxError::new(whole, kind).fixed(whole, meant));
        Some(TokenKind::Word(WordKind::Broken))
    }

    pub(super) fn raw(&mut self, start: usize, hashes: usize) -> TokenKind {
        self.at += hashes;
        let multiline = self.bytes[self.at..].starts_with(b"\"\"\"") && !self.closes_empty_raw(hashes);
        let quotes = if multiline { 3 } else { 1 };
        self.at += quotes;
        let closing = |bytes: &[u8]| {
            bytes.len() >= quotes + hashes
                && bytes[..quotes].iter().all(|byte| *byte == b'"')
                && bytes[quotes..quotes + hashes].iter().all(|byte| *byte == b'#')
        };
        while self.at < self.bytes.len() {
            if self.bytes[self.at] == b'"' && closing(&self.bytes[self.at..]) {
                self.at += quotes + hashes;
                let kind = if multiline { WordKind::RawMultiline } else { WordKind::Raw };
                return self.finish_string(start, kind);
            }
            let character = self.peek_char().unwrap_or(' ');
            if is_newline(character) && !multiline {
                break;
            }
            self.check_allowed(character);
            self.at += character.len_utf8();
        }
        self.unterminated(start, &format!("{}{}", "\"".repeat(quotes), "#".repeat(hashes)))
    }

    /// `#""#` is an empty raw string although another quote may follow.
    fn closes_empty_raw(&self, hashes: usize) -> bool {
        let after = &self.bytes[self.at + 2..];
        after.len() >= hashes && after[..hashes].iter().all(|byte| *byte == b'#')
    }

    fn unterminated(&mut self, start: usize, closing: &str) -> TokenKind {
        let end = self.text[start..].find(is_newline).map_or(self.text.len(), |at| start + at);
        let kind = SyntaxErrorKind::UnendedString { closing: closing.to_owned() };
        self.error(Range::new(start as u32, end as u32), kind);
        self.at = self.at.max(end);
        TokenKind::Word(WordKind::Broken)
    }

    pub(super) fn quoted(&mut self) -> TokenKind {
        let start = self.at;
        if self.bytes[self.at..].starts_with(b"\"\"\"") {
            return self.multiline(start);
        }
        self.at += 1;
        let mut plain = true;
        while let Some(&byte) = self.bytes.get(self.at) {
            match byte {
                b'"' => {
                    self.at += 1;
                    return self.finish_string(start, if plain { WordKind::Quoted } else { WordKind::Escaped });
                }
                b'\\' => {
                    plain = false;
                    self.at += 1;
                    self.skip_escaped();
                }
                b' '..=b'~' | b'\t' => self.at += 1,
                _ => {
                    let character = self.peek_char().unwrap_or(' ');
                    if is_newline(character) {
                        break;
                    }
                    self.check_allowed(character);
                    self.at += character.len_utf8();
                }
            }
        }
        self.unterminated(start, "\"")
    }

    /// After a backslash: all white space, line breaks too, or one character.
    fn skip_escaped(&mut self) {
        let mut first = true;
        while let Some(character) = self.peek_char() {
            let white = is_space(character) || is_newline(character);
            if !white && !first {
                return;
            }
            self.at += character.len_utf8();
            if !white {
                return;
            }
            first = false;
        }
    }

    fn multiline(&mut self, start: usize) -> TokenKind {
        self.at += 3;
        while self.at < self.bytes.len() {
            if self.bytes[self.at..].starts_with(b"\"\"\"") {
                self.at += 3;
                return self.finish_string(start, WordKind::Multiline);
            }
            let character = self.peek_char().unwrap_or(' ');
            self.check_allowed(character);
            self.at += character.len_utf8();
            if character == '\\' {
                self.skip_escaped();
            }
        }
        self.unterminated(start, "\"\"\"")
    }

    /// Checks escapes and indentation, which only the forms that have them need.
    fn finish_string(&mut self, start: usize, kind: WordKind) -> TokenKind {
        let word = Word::new(start as u32, self.at as u32, kind);
        if matches!(kind, WordKind::Escaped | WordKind::Multiline | WordKind::RawMultiline) {
            decode_string(self.text, word, &mut self.errors);
        }
        TokenKind::Word(kind)
    }
}

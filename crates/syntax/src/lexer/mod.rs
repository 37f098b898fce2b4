//! Text to tokens. The lexer always advances and reports what is wrong inside a token as it goes.

mod bare_words;
mod strings;

use crate::characters::{is_disallowed, is_newline, is_space};
use crate::error::{SyntaxError, SyntaxErrorKind};
use crate::tree::WordKind;
use groma_base::{Range, meant_date};

pub use bare_words::is_identifier;
pub use strings::in_other_quotes;

/// The kinds of tokens.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TokenKind {
    /// Spaces and tabs.
    Space,
    /// One line break; `\r\n` is one.
    Newline,
    /// `// …` without its line break.
    LineComment,
    /// `/* … */`, nested ones included.
    BlockComment,
    /// `/-`
    Slashdash,
    /// `\` with the space, comment and line break after it.
    Escline,
    /// `{`
    OpenBrace,
    /// `}`
    CloseBrace,
    /// `(`
    OpenParen,
    /// `)`
    CloseParen,
    /// `;`
    Semicolon,
    /// `=`
    Equals,
    /// A name, string, number, quantity or keyword.
    Word(WordKind),
    /// Something that cannot be read; already reported.
    Unknown,
    /// The end of the text.
    End,
}

/// One token.
#[derive(Clone, Copy, Debug)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where it stands.
    pub range: Range,
}

/// Reads tokens one by one.
pub struct Lexer<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    /// What was found wrong inside tokens so far.
    pub errors: Vec<SyntaxError>,
}

impl<'t> Lexer<'t> {
    /// A lexer at the start of the text; a byte order mark there is passed over.
    pub fn new(text: &'t str) -> Lexer<'t> {
        let at = if text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
        Lexer { text, bytes: text.as_bytes(), at, errors: Vec::new() }
    }

    /// The text that is read.
    pub fn source(&self) -> &'t str {
        self.text
    }

    /// A lexer at the same place that reports to nobody.
    pub(crate) fn fork(&self) -> Lexer<'t> {
        Lexer { text: self.text, bytes: self.bytes, at: self.at, errors: Vec::new() }
    }

    fn peek_byte(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn peek_char(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn range_from(&self, start: usize) -> Range {
        Range::new(start as u32, self.at as u32)
    }

    fn error(&mut self, range: Range, kind: SyntaxErrorKind) {
        self.errors.push(SyntaxError::new(range, kind));
    }

    /// The next token.
    pub fn next_token(&mut self) -> Token {
        let start = self.at;
        let kind = self.scan();
        Token { kind, range: self.range_from(start) }
    }

    fn single(&mut self, kind: TokenKind) -> TokenKind {
        self.at += 1;
        kind
    }

    fn scan(&mut self) -> TokenKind {
        let Some(&first) = self.bytes.get(self.at) else { return TokenKind::End };
        match first {
            b' ' | b'\t' => self.space(),
            b'\n' | 0x0B | 0x0C => self.single(TokenKind::Newline),
            b'\r' => {
                self.at += if self.peek_byte(1) == b'\n' { 2 } else { 1 };
                TokenKind::Newline
            }
            b'{' => self.single(TokenKind::OpenBrace),
            b'}' => self.single(TokenKind::CloseBrace),
            b'(' => self.single(TokenKind::OpenParen),
            b')' => self.single(TokenKind::CloseParen),
            b';' => self.single(TokenKind::Semicolon),
            b'=' => self.single(TokenKind::Equals),
            b'"' => self.quoted(),
            b'#' => self.hash(),
            b'/' => self.slash(),
            b'\\' => self.escline(),
            b'[' | b']' => self.unknown(SyntaxErrorKind::SquareBracket),
            0x80.. => self.wide(),
            _ => self.bare(),
        }
    }

    fn space(&mut self) -> TokenKind {
        while matches!(self.peek_byte(0), b' ' | b'\t') {
            self.at += 1;
        }
        TokenKind::Space
    }

    fn wide(&mut self) -> TokenKind {
        let character = self.peek_char().unwrap_or(' ');
        if is_space(character) {
            self.at += character.len_utf8();
            TokenKind::Space
        } else if is_newline(character) {
            self.at += character.len_utf8();
            TokenKind::Newline
        } else {
            self.bare()
        }
    }

    fn unknown(&mut self, kind: SyntaxErrorKind) -> TokenKind {
        let start = self.at;
        self.at += self.peek_char().map_or(1, char::len_utf8);
        self.error(self.range_from(start), kind);
        TokenKind::Unknown
    }

    fn slash(&mut self) -> TokenKind {
        match self.peek_byte(1) {
            b'-' => {
                self.at += 2;
                TokenKind::Slashdash
            }
            b'/' => {
                self.line_comment();
                TokenKind::LineComment
            }
            b'*' => {
                self.block_comment();
                TokenKind::BlockComment
            }
            _ => self.lone_slash(),
        }
    }

    /// A `/` that begins no comment: in a word without quotes, which is passed over as a whole.
    fn lone_slash(&mut self) -> TokenKind {
        let slash = self.at;
        let ends = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b'"' | b'{' | b'}' | b'=' | b';');
        let start = self.bytes[..slash].iter().rposition(ends).map_or(0, |before| before + 1);
        self.at = self.end_of_path(slash);
        let whole = self.range_from(start);
        let word = whole.of(self.text);
        if let Some((range, label)) = self.label_after_colon(slash) {
            self.at = range.end as usize;
            let kind = SyntaxErrorKind::Label { label: label.clone() };
            let space = if self.text[..range.start as usize].ends_with(' ') { "" } else { " " };
            self.errors.push(SyntaxError::new(range, kind).fixed(range, format!("{space}\"{label}\"")));
            return TokenKind::Unknown;
        }
        let is_value = start > 0 && self.bytes[start - 1] == b'=';
        if let Some(meant) = meant_date(word) {
            self.wrong_date(whole, meant);
        } else if (is_value || word.starts_with(['.', '/']) && word != "/")
            && word.chars().all(|one| one.is_alphanumeric() || "/._-+:{}?&=%*~@,$".contains(one))
        {
            let whole = Range::new(self.method_before(start) as u32, whole.end);
            let word = whole.of(self.text).to_owned();
            let fix = format!("\"{word}\"");
            let error = SyntaxError::new(whole, SyntaxErrorKind::NeedsQuotes { word, character: '/' });
            // `/v1/{id` goes on, and nobody knows how far.
            let goes_on = self.bytes.get(self.at).is_some_and(|next| matches!(next, b'{' | b'='));
            // Before a title it stands for something else, or for nothing.
            let is_before_title = !is_value && self.text[self.at..].trim_start_matches([' ', '\t']).starts_with('"');
            self.errors.push(if goes_on || is_before_title { error } else { error.fixed(whole, fix) });
        } else {
            self.error(Range::new(slash as u32, slash as u32 + 1), SyntaxErrorKind::LoneSlash);
        }
        TokenKind::Unknown
    }

    /// Where the path ends in which there is a slash: with what stands in braces, `/orders/{id}`, and what is asked behind a `?`.
    fn end_of_path(&self, slash: usize) -> usize {
        let mut at = slash;
        let mut asks = false;
        while let Some(byte) = self.bytes.get(at) {
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' | b'"' | b'}' | b';' => break,
                b'=' if !asks => break,
                b'{' => match self.in_braces(at) {
                    Some(end) => at = end,
                    None => break,
                },
                _ => {
                    asks |= *byte == b'?';
                    at += 1;
                }
            }
        }
        at
    }

    /// Where the braces close that open here around one word, right behind another character of it.
    pub(crate) fn in_braces(&self, open: usize) -> Option<usize> {
        let rest = &self.text[open + 1..];
        let length = rest.find(|letter: char| !letter.is_alphanumeric() && !matches!(letter, '-' | '_'))?;
        (length > 0 && rest[length..].starts_with('}')).then_some(open + length + 2)
    }

    /// Where the text begins whose path begins here: `POST /orders` begins with the method of HTTP.
    fn method_before(&self, path: usize) -> usize {
        let Some(before) = self.text[..path].strip_suffix(' ') else { return path };
        let method = before.len() - before.bytes().rev().take_while(u8::is_ascii_uppercase).count();
        let is_apart = self.text[..method].ends_with(' ');
        if is_apart && before.len() - method >= 3 { method } else { path }
    }

    /// The label of an arrow as Mermaid and PlantUML have it, in which there is a `/`: `a -> b : GET /x`. Its range with the colon.
    fn label_after_colon(&self, slash: usize) -> Option<(Range, String)> {
        let start = self.text[..slash].rfind('\n').map_or(0, |end| end + 1);
        let (arrow, colon) = (self.text[start..slash].find("->")?, self.text[start..slash].find(':')?);
        let line = &self.text[slash..];
        let end = slash + line.find(['\n', '\r', '{', '}', ';', '"']).unwrap_or(line.len());
        let end = start + self.text[start..end].trim_end().len();
        let label = self.text[start + colon + 1..end].trim_start();
        let is_plain = !label.contains(['"', '\\', '=']) && !label.contains("//");
        (arrow < colon && is_plain).then(|| (Range::new((start + colon) as u32, end as u32), label.to_owned()))
    }

    fn line_comment(&mut self) {
        for character in self.text[self.at..].chars() {
            if is_newline(character) {
                break;
            }
            self.check_allowed(character);
            self.at += character.len_utf8();
        }
    }

    fn block_comment(&mut self) {
        let start = self.at;
        self.at += 2;
        let mut depth = 1;
        while depth > 0 {
            match (self.peek_byte(0), self.peek_byte(1)) {
                _ if self.at >= self.bytes.len() => {
                    self.error(Range::new(start as u32, start as u32 + 2), SyntaxErrorKind::UnendedComment);
                    return;
                }
                (b'*', b'/') => {
                    depth -= 1;
                    self.at += 2;
                }
                (b'/', b'*') => {
                    depth += 1;
                    self.at += 2;
                }
                (0..0x80, _) => {
                    self.check_allowed(self.bytes[self.at] as char);
                    self.at += 1;
                }
                _ => {
                    let character = self.peek_char().unwrap_or(' ');
                    self.check_allowed(character);
                    self.at += character.len_utf8();
                }
            }
        }
    }

    fn check_allowed(&mut self, character: char) {
        if is_disallowed(character) {
            let range = Range::new(self.at as u32, (self.at + character.len_utf8()) as u32);
            self.error(range, SyntaxErrorKind::Invisible(character));
        }
    }

    /// `\`, then space and comments, up to and with the line break.
    fn escline(&mut self) -> TokenKind {
        let start = self.at;
        self.at += 1;
        loop {
            match self.peek_char() {
                None => return TokenKind::Escline,
                Some('\r') if self.peek_byte(1) == b'\n' => {
                    self.at += 2;
                    return TokenKind::Escline;
                }
                Some(character) if is_newline(character) => {
                    self.at += character.len_utf8();
                    return TokenKind::Escline;
                }
                Some(character) if is_space(character) => self.at += character.len_utf8(),
                Some('/') if self.peek_byte(1) == b'/' => self.line_comment(),
                Some('/') if self.peek_byte(1) == b'*' => self.block_comment(),
                Some(_) => {
                    self.error(Range::new(start as u32, start as u32 + 1), SyntaxErrorKind::AfterBackslash);
                    return TokenKind::Unknown;
                }
            }
        }
    }
}

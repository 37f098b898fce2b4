//! Text to tokens. The lexer always advances and reports what is wrong inside a token as it goes.

use crate::error::{SyntaxError, SyntaxErrorKind};
use crate::tree::{Word, WordKind, decode_string};
use groma_base::{Quantity, QuantityError, Range, is_currency, is_date};

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

/// What a byte may mean inside a bare word.
const PLAIN: u8 = 0;
const STOP: u8 = 1;
const WIDE: u8 = 2;
const CONTROL: u8 = 3;

static BYTE_CLASS: [u8; 256] = byte_classes();

const fn byte_classes() -> [u8; 256] {
    let mut table = [PLAIN; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            b'\t' | b'\n' | b'\r' | 0x0B | 0x0C | b' ' => STOP,
            b'\\' | b'/' | b'(' | b')' | b'{' | b'}' | b';' | b'[' | b']' | b'"' | b'#' | b'=' => STOP,
            0x00..=0x1F | 0x7F => CONTROL,
            0x80..=0xFF => WIDE,
            _ => PLAIN,
        };
        byte += 1;
    }
    table
}

pub(crate) fn is_space(character: char) -> bool {
    matches!(
        character,
        '\t' | ' ' | '\u{A0}' | '\u{1680}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}'
    )
}

pub(crate) fn is_newline(character: char) -> bool {
    matches!(character, '\n' | '\r' | '\u{0B}' | '\u{0C}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Code points that KDL allows only as `\u{…}` escapes.
pub(crate) fn is_disallowed(character: char) -> bool {
    matches!(
        character,
        '\u{0}'..='\u{8}' | '\u{E}'..='\u{1F}' | '\u{7F}' | '\u{200E}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
            | '\u{2066}'..='\u{2069}' | '\u{FEFF}'
    )
}

fn is_word_character(character: char) -> bool {
    !is_space(character)
        && !is_newline(character)
        && !is_disallowed(character)
        && !matches!(character, '\\' | '/' | '(' | ')' | '{' | '}' | ';' | '[' | ']' | '"' | '#' | '=')
}

/// Words that must be quoted to be strings, because bare they look like KDL 1 keywords.
const RESERVED: [&str; 6] = ["true", "false", "null", "inf", "-inf", "nan"];

/// Whether the text can stand as a bare identifier.
pub fn is_identifier(text: &str) -> bool {
    !text.is_empty() && text.chars().all(is_word_character) && !starts_like_number(text) && !RESERVED.contains(&text)
}

fn starts_like_number(text: &str) -> bool {
    let rest = text.strip_prefix(['+', '-']).unwrap_or(text);
    let rest = rest.strip_prefix('.').unwrap_or(rest);
    rest.starts_with(|first: char| first.is_ascii_digit())
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
            _ => self.unknown(SyntaxErrorKind::LoneSlash),
        }
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

    fn take_bare(&mut self) {
        loop {
            match self.bytes.get(self.at) {
                None => return,
                Some(&byte) => match BYTE_CLASS[byte as usize] {
                    PLAIN => self.at += 1,
                    STOP => return,
                    class => {
                        let character = self.peek_char().unwrap_or(' ');
                        if class == WIDE && !is_word_character(character) && !is_disallowed(character) {
                            return;
                        }
                        self.check_allowed(character);
                        self.at += character.len_utf8();
                    }
                },
            }
        }
    }

    /// A bare word, or a number or quantity, told apart by how it begins.
    fn bare(&mut self) -> TokenKind {
        let start = self.at;
        self.take_bare();
        let text = &self.text[start..self.at];
        let bytes = text.as_bytes();
        let unsigned = if matches!(bytes.first(), Some(b'+' | b'-')) { &bytes[1..] } else { bytes };
        let kind = match unsigned {
            [b'0'..=b'9', ..] => return TokenKind::Word(self.number_or_quantity(start)),
            [b'.', b'0'..=b'9', ..] => {
                self.error(self.range_from(start), SyntaxErrorKind::NoDigitBeforePoint { text: text.to_owned() });
                WordKind::Broken
            }
            _ if unsigned.first().is_some_and(|byte| *byte == b'$' || *byte >= 0xC2) && self.is_money(start) => {
                return TokenKind::Word(self.quantity(start));
            }
            _ if RESERVED.contains(&text) => {
                self.error(self.range_from(start), SyntaxErrorKind::BareKeyword { text: text.to_owned() });
                WordKind::Broken
            }
            _ => WordKind::Bare,
        };
        TokenKind::Word(kind)
    }

    /// `$3/month` is money; `$3` alone stays the identifier that KDL says it is.
    fn is_money(&self, start: usize) -> bool {
        let text = self.text[start..self.at].trim_start_matches(['+', '-']);
        let mut characters = text.chars();
        characters.next().is_some_and(is_currency)
            && characters.next().is_some_and(|next| next.is_ascii_digit())
            && self.peek_byte(0) == b'/'
            && self.peek_byte(1).is_ascii_alphabetic()
    }

    fn number_or_quantity(&mut self, start: usize) -> WordKind {
        let slash = self.peek_byte(0) == b'/' && self.peek_byte(1).is_ascii_alphabetic();
        if !slash {
            match classify_number(&self.text[start..self.at]) {
                NumberForm::Number => return WordKind::Number,
                NumberForm::Broken(kind) => {
                    self.error(self.range_from(start), kind);
                    return WordKind::Broken;
                }
                NumberForm::MaybeQuantity => {}
            }
        }
        self.quantity(start)
    }

    fn quantity(&mut self, start: usize) -> WordKind {
        if self.peek_byte(0) == b'/' && self.peek_byte(1).is_ascii_alphabetic() {
            self.at += 1;
            self.take_bare();
        }
        let text = &self.text[start..self.at];
        let Err(error) = Quantity::parse(text) else { return WordKind::Quantity };
        if is_date(text) {
            return WordKind::Date;
        }
        let range = match &error {
            QuantityError::NotANumber | QuantityError::Backwards => self.range_from(start),
            QuantityError::UnknownUnit { at, .. } | QuantityError::UnknownPer { at, .. } => self.range_from(start + at),
        };
        self.error(range, SyntaxErrorKind::BadQuantity { text: text.to_owned(), error });
        WordKind::Broken
    }

    /// `#true`, `#"raw"#` and their like.
    fn hash(&mut self) -> TokenKind {
        let start = self.at;
        let hashes = self.bytes[self.at..].iter().take_while(|byte| **byte == b'#').count();
        if self.peek_byte(hashes) == b'"' {
            return self.raw(start, hashes);
        }
        self.at += hashes;
        self.take_bare();
        let kind = match &self.text[start..self.at] {
            "#true" => WordKind::True,
            "#false" => WordKind::False,
            "#null" => WordKind::Null,
            "#inf" | "#-inf" | "#nan" => WordKind::FloatKeyword,
            other => {
                self.error(self.range_from(start), SyntaxErrorKind::UnknownKeyword { text: other.to_owned() });
                WordKind::Broken
            }
        };
        TokenKind::Word(kind)
    }

    fn raw(&mut self, start: usize, hashes: usize) -> TokenKind {
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

    fn quoted(&mut self) -> TokenKind {
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

enum NumberForm {
    Number,
    MaybeQuantity,
    Broken(SyntaxErrorKind),
}

fn digits_then(bytes: &[u8], digit: impl Fn(u8) -> bool) -> Option<usize> {
    if !digit(*bytes.first()?) {
        return None;
    }
    Some(bytes.iter().take_while(|byte| digit(**byte) || **byte == b'_').count())
}

fn classify_number(text: &str) -> NumberForm {
    let bytes = text.as_bytes();
    let bytes = if matches!(bytes.first(), Some(b'+' | b'-')) { &bytes[1..] } else { bytes };
    let radix = match bytes {
        [b'0', b'x', ..] => Some(16),
        [b'0', b'o', ..] => Some(8),
        [b'0', b'b', ..] => Some(2),
        _ => None,
    };
    if let Some(radix) = radix {
        let whole = digits_then(&bytes[2..], |byte| (byte as char).is_digit(radix)) == Some(bytes.len() - 2);
        return if whole { NumberForm::Number } else { NumberForm::Broken(SyntaxErrorKind::DigitOutsideBase) };
    }
    let decimal = |byte: u8| byte.is_ascii_digit();
    let Some(mut at) = digits_then(bytes, decimal) else { return NumberForm::MaybeQuantity };
    if bytes.get(at) == Some(&b'.') {
        match digits_then(&bytes[at + 1..], decimal) {
            Some(count) => at += 1 + count,
            None if bytes.get(at + 1) == Some(&b'.') => return NumberForm::MaybeQuantity,
            None => return NumberForm::Broken(SyntaxErrorKind::NoDigitAfterPoint),
        }
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        match digits_then(&bytes[at + 1 + sign..], decimal) {
            Some(count) => at += 1 + sign + count,
            None => return NumberForm::MaybeQuantity,
        }
        if at < bytes.len() {
            return NumberForm::Broken(SyntaxErrorKind::AfterExponent);
        }
    }
    if at == bytes.len() { NumberForm::Number } else { NumberForm::MaybeQuantity }
}

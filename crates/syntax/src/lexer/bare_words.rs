//! Words without quotes: names, numbers, quantities, dates and keywords.

use super::{Lexer, TokenKind};
use crate::characters::{BYTE_CLASS, PLAIN, STOP, WIDE, is_disallowed, is_word_character};
use crate::error::{SyntaxError, SyntaxErrorKind};
use crate::slips::meant_number;
use crate::tree::WordKind;
use groma_base::{MeantDate, Quantity, QuantityError, Range, is_currency, is_date, meant_date};

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

impl Lexer<'_> {
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
    pub(super) fn bare(&mut self) -> TokenKind {
        if let Some(quoted) = self.other_quotes() {
            return quoted;
        }
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
                let range = self.range_from(start);
                let fault = SyntaxError::new(range, SyntaxErrorKind::BareKeyword { text: text.to_owned() });
                let is_value = start > 0 && self.bytes[start - 1] == b'=';
                self.errors.push(match text {
                    "true" | "false" if is_value => fault.fixed(range, format!("#{text}")),
                    _ => fault,
                });
                WordKind::Broken
            }
            _ if self.is_scheme(text) => {
                let rest = self.text[self.at..].find([' ', '\t', '\r', '\n', '"', ';']);
                self.at = rest.map_or(self.bytes.len(), |length| self.at + length);
                let whole = self.range_from(start);
                let word = whole.of(self.text).to_owned();
                let quoted = format!("\"{word}\"");
                let kind = SyntaxErrorKind::NeedsQuotes { word, character: '/' };
                self.errors.push(SyntaxError::new(whole, kind).fixed(whole, quoted));
                WordKind::Broken
            }
            _ if self.is_path_of_names(text) => {
                let sign = char::from(self.peek_byte(0));
                self.at = self.end_of_names(start);
                let whole = self.range_from(start);
                let word = whole.of(self.text).to_owned();
                let quoted = format!("\"{word}\"");
                let kind = SyntaxErrorKind::NeedsQuotes { word, character: sign };
                let error = SyntaxError::new(whole, kind);
                self.errors.push(if sign == '/' { error.fixed(whole, quoted) } else { error });
                WordKind::Bare
            }
            _ => WordKind::Bare,
        };
        TokenKind::Word(kind)
    }

    /// Whether a word that ends here goes on with a `/` or `\` and a further name, `shop/db` or `shop\db`, and nothing else.
    fn is_path_of_names(&self, text: &str) -> bool {
        if !matches!(self.peek_byte(0), b'/' | b'\\') || !is_identifier(text) {
            return false;
        }
        let end = self.end_of_names(self.at);
        let mut names = self.text[self.at + 1..end].split(['/', '\\']);
        let ends = matches!(self.bytes.get(end), None | Some(b' ' | b'\t' | b'\r' | b'\n' | b';' | b'}'));
        let is_meant = |name: &str| is_identifier(name) && name.starts_with(char::is_alphabetic);
        ends && names.all(is_meant) && self.label_after_colon(self.at).is_none()
    }

    /// Where the names end that begin here, with `/` or `\` between them.
    fn end_of_names(&self, start: usize) -> usize {
        let rest = &self.text[start..];
        let is_sign = |letter: char| matches!(letter, '/' | '\\');
        start + rest.find(|letter: char| !is_sign(letter) && !is_word_character(letter)).unwrap_or(rest.len())
    }

    /// Whether a word that ends here begins an address, `https://…`: what begins with its slashes is no comment.
    fn is_scheme(&self, text: &str) -> bool {
        let is_address =
            |rest: &str| rest.strip_prefix("//").is_some_and(|host| host.starts_with(char::is_alphanumeric));
        text.strip_suffix(':').is_some_and(is_identifier) && is_address(&self.text[self.at..])
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
        if self.peek_byte(0) == b'/' && matches!(self.peek_byte(1), 0 | b' ' | b'\t' | b'\r' | b'\n' | b';' | b'}') {
            self.at += 1;
            let text = self.text[start..self.at].to_owned();
            self.error(self.range_from(start), SyntaxErrorKind::NoUnitAfterSlash { text });
            return WordKind::Broken;
        }
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

    /// Whether a word follows that is no key, as in a text without quotes: `Rust 1.95, axum 0.8`. Of what begins at `start` any value goes on
    /// that is a property's, or has a comma behind it as well: `on=429, 5xx timeout`.
    fn goes_on_as_text(&self, start: usize) -> bool {
        let next = self.text[self.at..].strip_prefix(' ').unwrap_or_default();
        let is_property = self.text[..start].ends_with('=');
        let is_value = |word: &str| !word.contains(['=', '{', '}', ';']) && !word.starts_with('/');
        let is_listed = |word: &str| is_value(word) && (is_property || word.ends_with(','));
        if next.split_whitespace().next().is_some_and(is_listed) {
            return true;
        }
        let after =
            next.trim_start_matches(|letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.'));
        next.starts_with(char::is_alphabetic) && !after.starts_with('=')
    }

    /// The words with commas between them that are the value of a property which begins here, `on=429, 5xx, timeout`, where nothing follows
    /// them that may be one more: a property has one value.
    fn list_from(&self, start: usize) -> Option<Range> {
        let line = self.text[start..].lines().next().unwrap_or_default();
        let line = &line[..line.find(['"', '{', '}', ';', '/']).unwrap_or(line.len())];
        let words = line.split(' ').take_while(|word| !word.is_empty() && !word.contains('='));
        let words: Vec<&str> = words.collect();
        let count = words.iter().position(|word| !word.ends_with(','))? + 1;
        let length = words[..count].iter().map(|word| word.len() + 1).sum::<usize>() - 1;
        let is_property = self.text[..start].ends_with('=');
        (is_property && count == words.len()).then(|| Range::new(start as u32, (start + length) as u32))
    }

    fn quantity(&mut self, start: usize) -> WordKind {
        if self.peek_byte(0) == b'/' && self.peek_byte(1).is_ascii_alphabetic() {
            self.at += 1;
            self.take_bare();
            // A range with its unit at both ends.
            if self.text[start..self.at].contains("..")
                && self.peek_byte(0) == b'/'
                && self.peek_byte(1).is_ascii_alphabetic()
            {
                self.at += 1;
                self.take_bare();
            }
        }
        let text = &self.text[start..self.at];
        let Err(error) = Quantity::parse(text) else { return WordKind::Quantity };
        if is_date(text) {
            return WordKind::Date;
        }
        if text.ends_with(',') && self.goes_on_as_text(start) {
            let fault = SyntaxError::new(self.range_from(start), SyntaxErrorKind::CommaInText);
            self.errors.push(match self.list_from(start) {
                Some(list) => fault.fixed(list, format!("\"{}\"", list.of(self.text))),
                None => fault,
            });
            return WordKind::Broken;
        }
        if let Some(meant) = meant_date(text) {
            self.wrong_date(self.range_from(start), meant);
            return WordKind::Broken;
        }
        if let Some(meant) = meant_number(text) {
            let text = text.to_owned();
            let whole = self.range_from(start);
            let fault = SyntaxError::new(whole, SyntaxErrorKind::BadQuantity { text, error });
            self.errors.push(match meant.text {
                Some(meant) => fault.fixed(whole, meant),
                None => fault,
            });
            return WordKind::Broken;
        }
        let range = match &error {
            QuantityError::NotANumber | QuantityError::Backwards => self.range_from(start),
            QuantityError::UnknownUnit { at, .. } | QuantityError::UnknownPer { at, .. } => self.range_from(start + at),
        };
        self.error(range, SyntaxErrorKind::BadQuantity { text: text.to_owned(), error });
        WordKind::Broken
    }

    pub(super) fn wrong_date(&mut self, range: Range, meant: MeantDate) {
        let kind = SyntaxErrorKind::WrongDate { text: range.of(self.text).to_owned(), meant: meant.clone() };
        let error = SyntaxError::new(range, kind);
        self.errors.push(match meant {
            MeantDate::Day(day) => error.fixed(range, day),
            MeantDate::NoSuchDay | MeantDate::OneOfTwo => error,
        });
    }

    /// `#true`, `#"raw"#` and their like.
    pub(super) fn hash(&mut self) -> TokenKind {
        let start = self.at;
        let hashes = self.bytes[self.at..].iter().take_while(|byte| **byte == b'#').count();
        if self.peek_byte(hashes) == b'"' {
            return self.raw(start, hashes);
        }
        let ends = |byte: u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | 0);
        let is_apart = start == 0 || ends(self.bytes[start - 1]);
        if is_apart && ends(self.peek_byte(hashes)) {
            let range = Range::new(start as u32, (start + hashes) as u32);
            self.errors.push(SyntaxError::new(range, SyntaxErrorKind::HashComment).fixed(range, "//"));
            self.line_comment();
            return TokenKind::LineComment;
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

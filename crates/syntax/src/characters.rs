//! What each character may be part of.

/// What a byte may mean inside a bare word.
pub(crate) const PLAIN: u8 = 0;
pub(crate) const STOP: u8 = 1;
pub(crate) const WIDE: u8 = 2;
const CONTROL: u8 = 3;

pub(crate) static BYTE_CLASS: [u8; 256] = byte_classes();

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

/// Whether a letter ends a line, as KDL has it.
pub fn is_newline(character: char) -> bool {
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

pub(crate) fn is_word_character(character: char) -> bool {
    !is_space(character)
        && !is_newline(character)
        && !is_disallowed(character)
        && !matches!(character, '\\' | '/' | '(' | ')' | '{' | '}' | ';' | '[' | ']' | '"' | '#' | '=')
}

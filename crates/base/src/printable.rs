//! Text on a terminal.

use std::borrow::Cow;
use std::fmt::Write;

/// A text that shows what it says and commands nothing. What a terminal could take for a command, or what turns round
/// the order in which the rest is read, is written as `\u001b`: visible to people, and in JSON the same text.
pub fn printable(text: &str) -> Cow<'_, str> {
    // Of plain ASCII, which is most of what is shown, the bytes tell it sooner.
    let is_plain = |byte| matches!(byte, b' '..=b'~' | b'\n' | b'\t');
    if text.bytes().all(is_plain) || !text.chars().any(commands) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        if commands(character) && !(character == '\r' && rest.peek() == Some(&'\n')) {
            let _ = write!(out, "\\u{:04x}", character as u32);
        } else {
            out.push(character);
        }
    }
    Cow::Owned(out)
}

/// Control characters but for line ends and tabs, line separators, and those that set the direction of writing: see
/// [Trojan Source](https://trojansource.codes).
fn commands(character: char) -> bool {
    match character {
        '\n' | '\t' => false,
        '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => true,
        character => character.is_control(),
    }
}

/// The width of a column of a table of text, in characters: that of its longest cell, but never so much that no row can be read.
pub fn column_width(cells: impl Iterator<Item = impl AsRef<str>>) -> usize {
    const MOST: usize = 80;
    cells.map(|cell| cell.as_ref().chars().count()).max().unwrap_or(0).min(MOST)
}

#[cfg(test)]
mod tests {
    use super::printable;

    #[test]
    fn what_commands_is_shown_instead() {
        assert_eq!(printable("a\tb\r\n日本 é\n"), "a\tb\r\n日本 é\n");
        assert_eq!(printable("\u{1b}[31m\u{9b}2J\r\u{7}\u{7f}"), r"\u001b[31m\u009b2J\u000d\u0007\u007f");
        assert_eq!(printable("\u{202e}x\u{2066}\u{2028}"), r"\u202ex\u2066\u2028");
    }
}

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

/// The same on one line: what would begin another is shown as well, so that no text reads like a line of others.
pub fn printable_line(text: &str) -> String {
    printable(text).replace('\r', "\\u000d").replace('\n', "\\u000a").replace('\t', "\\u0009")
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

/// Whether nothing of a text is seen: it is empty, or all of it is blank or what Unicode calls
/// [default ignorable](https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point), such as a space without width.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|character| character.is_whitespace() || character.is_control() || is_ignorable(character))
}

fn is_ignorable(character: char) -> bool {
    matches!(
        character,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}'
    )
}

/// The width of a column of a table of text, in characters: that of its longest cell, but never so much that no row can be read.
pub fn column_width(cells: impl Iterator<Item = impl AsRef<str>>) -> usize {
    const MOST: usize = 80;
    cells.map(|cell| cell.as_ref().chars().count()).max().unwrap_or(0).min(MOST)
}

#[cfg(test)]
mod tests {
    use super::{is_blank, printable, printable_line};

    #[test]
    fn what_is_not_seen_is_blank() {
        for blank in ["", " ", "\t\u{a0}", "\u{200b}", "\u{2060}\u{ad}", "\u{3164}", "\u{feff} \u{e0020}"] {
            assert!(is_blank(blank), "{blank:?}");
        }
        for seen in ["a", " é ", "\u{200b}x", "。", "🙂\u{fe0f}", "-"] {
            assert!(!is_blank(seen), "{seen:?}");
        }
    }

    #[test]
    fn what_commands_is_shown_instead() {
        assert_eq!(printable("a\tb\r\n日本 é\n"), "a\tb\r\n日本 é\n");
        assert_eq!(printable("\u{1b}[31m\u{9b}2J\r\u{7}\u{7f}"), r"\u001b[31m\u009b2J\u000d\u0007\u007f");
        assert_eq!(printable("\u{202e}x\u{2066}\u{2028}"), r"\u202ex\u2066\u2028");
    }

    #[test]
    fn a_text_may_be_kept_on_its_line() {
        assert_eq!(printable_line("a\nb\r\nc\td \u{1b} é"), r"a\u000ab\u000d\u000ac\u0009d \u001b é");
    }
}

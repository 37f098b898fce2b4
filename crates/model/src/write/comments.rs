//! Edits of a text as it is written that lose no comment.

use super::space::{is_newline, tokens};
use groma_base::Range;
use groma_syntax::TokenKind;
use std::borrow::Cow;

/// What is to be written over a range of a text so that the comments there stay: behind the new text, those that went to the end of
/// their line as ones that do not. `None` if that cannot be, as one of them says `*/`.
pub fn keeping_comments<'t>(text: &str, range: Range, new: &'t str) -> Option<Cow<'t, str>> {
    let comments = comments_within(text, range);
    if comments.is_empty() {
        return Some(Cow::Borrowed(new));
    }
    let rest = text.get(range.end as usize..)?;
    let ends_line = rest.trim_start_matches([' ', '\t']).chars().next().is_none_or(is_newline);
    let last = comments.len() - 1;
    let mut words = if new.trim().is_empty() { Vec::new() } else { vec![new.to_owned()] };
    for (nth, comment) in comments.into_iter().enumerate() {
        words.push(if ends_line && nth == last { comment.to_owned() } else { closed(comment)? });
    }
    let before = text.get(..range.start as usize)?.chars().next_back();
    let is_apart = before.is_none_or(char::is_whitespace) || !new.trim().is_empty();
    let gap = if is_apart { "" } else { " " };
    let end = if rest.starts_with(char::is_whitespace) || rest.is_empty() { "" } else { " " };
    Some(Cow::Owned(format!("{gap}{}{end}", words.join(" "))))
}

/// The comments that lie in a range of a text.
fn comments_within(text: &str, range: Range) -> Vec<&str> {
    let may_hold = text
        .get(range.start as usize..range.end as usize)
        .is_some_and(|piece| piece.contains("//") || piece.contains("/*"));
    if !may_hold {
        return Vec::new();
    }
    let is_comment = |kind: TokenKind| matches!(kind, TokenKind::LineComment | TokenKind::BlockComment);
    let all = tokens(text).skip_while(|token| token.range.start < range.start);
    let inside = all.take_while(|token| token.range.end <= range.end);
    inside.filter(|token| is_comment(token.kind)).map(|token| token.range.of(text).trim_end()).collect()
}

/// A comment after which its line can go on.
fn closed(comment: &str) -> Option<String> {
    let Some(said) = comment.strip_prefix("//") else { return Some(comment.to_owned()) };
    (!said.contains("*/") && !said.contains("/*")).then(|| format!("/*{said} */"))
}

/// The range of what is to be removed, with the space before it that would be left at the end of its line, and with its line if nothing
/// else stands there.
pub fn whole_line(text: &str, range: Range) -> Range {
    let (Some(before), Some(after)) = (text.get(..range.start as usize), text.get(range.end as usize..)) else {
        return range;
    };
    let ends_line = after.chars().next().is_none_or(is_newline);
    if !ends_line {
        return range;
    }
    let before = before.trim_end_matches([' ', '\t']);
    let is_alone = before.chars().next_back().is_none_or(is_newline);
    let newline = match () {
        () if !is_alone => 0,
        () if after.starts_with("\r\n") => 2,
        () => after.chars().next().map_or(0, char::len_utf8),
    };
    Range::new(before.len() as u32, range.end + newline as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(text: &str, from: &str, to: &str, new: &str) -> Option<String> {
        let start = text.find(from).unwrap();
        let end = start + text[start..].find(to).unwrap() + to.len();
        let range = Range::new(start as u32, end as u32);
        let new = keeping_comments(text, range, new)?;
        Some(format!("{}{new}{}", &text[..start], &text[end..]))
    }

    #[test]
    fn comments_stay_behind_what_is_written() {
        let told = |text, from, to, new| kept(text, from, to, new).unwrap();
        assert_eq!(told("retries /*c*/ 2\n", "retries", "2", "retry 2"), "retry 2 /*c*/\n");
        assert_eq!(told("a /*b*/ c d\n", "a", "c", "x"), "x /*b*/ d\n");
        assert_eq!(told("a // b\nc d\n", "a", "c", "x"), "x /* b */ d\n");
        assert_eq!(told("a /*1*/ b // 2\n", "a", "// 2", "x"), "x /*1*/ // 2\n");
        assert_eq!(told("a b /*c*/ d\n", " b", "*/", ""), "a /*c*/ d\n");
        assert_eq!(told("a \"//b\" d\n", "a", "//b\"", "x"), "x d\n");
        assert_eq!(kept("a // */\nc d\n", "a", "c", "x"), None);
    }

    #[test]
    fn a_line_of_which_nothing_is_left_goes() {
        let text = "a\n  b\r\nc d\n";
        let of = |piece: &str| {
            let start = text.find(piece).unwrap() as u32;
            whole_line(text, Range::new(start, start + piece.len() as u32)).of(text)
        };
        assert_eq!((of("b"), of("d"), of("c"), of("c d")), ("  b\r\n", " d", "c", "c d\n"));
    }
}

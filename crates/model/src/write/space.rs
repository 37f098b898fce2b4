//! What stands between the nodes: space, comments, ends of lines and what `/-` takes out. All of it is kept as text, and read
//! with the lexer where an edit must know what belongs to whom.

use groma_syntax::{Lexer, Token, TokenKind, is_newline};

/// The tokens of a piece of the text, which must begin and end between tokens.
pub(super) fn tokens(text: &str) -> impl Iterator<Item = Token> {
    let mut lexer = Lexer::new(text);
    std::iter::from_fn(move || Some(lexer.next_token()).filter(|token| token.kind != TokenKind::End))
}

/// Whether no comment can hold it.
pub(super) fn is_forbidden(character: char) -> bool {
    (character.is_control() && character != '\t')
        || matches!(character, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

pub(super) fn has_newline(text: &str) -> bool {
    text.contains(is_newline)
}

/// The space that a text begins with.
pub(super) fn leading_space(text: &str) -> &str {
    let rest = text.trim_start_matches(|character: char| character.is_whitespace() && !is_newline(character));
    &text[..text.len() - rest.len()]
}

/// Tells where in a piece of text a node is that `/-` takes out, so that its lines are taken for no others.
#[derive(Default)]
pub(super) struct TakenOut {
    depth: usize,
    waits: bool,
}

impl TakenOut {
    /// Goes past a token.
    pub(super) fn pass(&mut self, kind: TokenKind) {
        match kind {
            TokenKind::OpenBrace => self.depth += 1,
            TokenKind::CloseBrace => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        use TokenKind::*;
        let goes_on = matches!(kind, Space | Newline | LineComment | BlockComment | Escline);
        self.waits = kind == Slashdash || (self.waits && goes_on);
    }

    /// Whether what comes next is in a block, or what `/-` waits for.
    pub(super) fn is_inside(&self) -> bool {
        self.depth > 0 || self.waits
    }
}

/// What a line between nodes holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Line {
    Blank,
    Comment,
    Other,
}

/// The lines of what stands before a node, each with where it begins; the last one is that of the node itself. A node that
/// `/-` takes out is in one of them, with all of its lines.
pub(super) fn lines(lead: &str) -> Vec<(usize, Line)> {
    let mut lines = vec![(0, Line::Blank)];
    let mut taken_out = TakenOut::default();
    for token in tokens(lead) {
        let inside = taken_out.is_inside();
        let line = &mut lines.last_mut().expect("one at least").1;
        match token.kind {
            TokenKind::Newline if inside => {}
            TokenKind::Newline => lines.push((token.range.end as usize, Line::Blank)),
            TokenKind::Space => {}
            TokenKind::LineComment | TokenKind::BlockComment if *line == Line::Blank => *line = Line::Comment,
            TokenKind::LineComment | TokenKind::BlockComment => {}
            _ => *line = Line::Other,
        }
        taken_out.pass(token.kind);
    }
    lines
}

/// Where in what stands before a node its own part begins: the comments directly above it, and the space on its line.
pub(super) fn own_start(lead: &str) -> usize {
    let lines = lines(lead);
    let (mut start, last) = lines[lines.len() - 1];
    if last == Line::Other {
        // After a `;` on the same line.
        return start + past_last_semicolon(&lead[start..]);
    }
    for (line, kind) in lines[..lines.len() - 1].iter().rev() {
        if *kind != Line::Comment {
            break;
        }
        start = *line;
    }
    start
}

fn past_last_semicolon(text: &str) -> usize {
    let mut taken_out = TakenOut::default();
    let mut end = 0;
    for token in tokens(text) {
        if token.kind == TokenKind::Semicolon && !taken_out.is_inside() {
            end = token.range.end as usize;
        }
        taken_out.pass(token.kind);
    }
    end
}

/// Whether there is a blank line before the line of the node.
pub(super) fn has_blank(lead: &str) -> bool {
    let lines = lines(lead);
    lines[..lines.len() - 1].iter().any(|(_, line)| *line == Line::Blank)
}

/// The text without the blank line that it begins with, if it does.
pub(super) fn without_first_blank(text: &str) -> Option<&str> {
    match lines(text).as_slice() {
        [(_, Line::Blank), (second, _), ..] => Some(&text[*second..]),
        _ => None,
    }
}

/// Whole lines without the blank line that they end with, if they do.
pub(super) fn without_last_blank(text: &str) -> Option<&str> {
    match lines(text).as_slice() {
        [.., (start, Line::Blank), (end, Line::Blank)] if *end == text.len() => Some(&text[..*start]),
        _ => None,
    }
}

/// Whether a text is nothing but space and ends of lines.
pub(super) fn is_empty(text: &str) -> bool {
    tokens(text).all(|token| matches!(token.kind, TokenKind::Space | TokenKind::Newline))
}

pub(super) fn has_line_comment(text: &str) -> bool {
    tokens(text).any(|token| token.kind == TokenKind::LineComment)
}

/// How a node ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Ending {
    /// With the text or the block.
    Open,
    /// With a `;`, and the line goes on.
    Semicolon,
    /// With its line.
    Newline,
}

/// What stands after a node on its line, split into what is said there and how the node ends.
pub(super) fn split_trail(trail: &str) -> (String, Ending) {
    let mut taken_out = TakenOut::default();
    let mut said: Vec<&str> = Vec::new();
    // So many pieces there are up to the last one that is no mere space.
    let mut kept = 0;
    let mut ending = Ending::Open;
    for token in tokens(trail) {
        let piece = token.range.of(trail);
        match token.kind {
            TokenKind::Newline if !taken_out.is_inside() => ending = Ending::Newline,
            TokenKind::Semicolon if !taken_out.is_inside() => ending = Ending::Semicolon,
            TokenKind::Space => said.push(piece),
            TokenKind::Escline if !piece.contains('/') => said.push(piece),
            _ => {
                said.push(piece);
                kept = said.len();
            }
        }
        taken_out.pass(token.kind);
    }
    said.truncate(kept);
    // A `\` would join the next line to this one: only the comment after it is kept.
    if let Some(last) = said.last_mut().filter(|last| last.starts_with('\\')) {
        *last = last[1..].trim();
    }
    (said.concat(), ending)
}

/// Takes the end of the line off a text.
pub(super) fn pop_newline(text: &mut String) {
    let crlf = text.ends_with("\r\n");
    if text.ends_with(is_newline) {
        text.pop();
    }
    if crlf {
        text.pop();
    }
}

/// Where in what follows a node's last entry the entries end that `/-` takes out: no block may open before them.
pub(super) fn past_entries(trail: &str) -> usize {
    let mut end = 0;
    for token in tokens(trail) {
        match token.kind {
            TokenKind::Word(_) => end = token.range.end as usize,
            TokenKind::OpenBrace | TokenKind::LineComment | TokenKind::Semicolon => break,
            _ => {}
        }
    }
    end
}

/// Gives the lines of pieces of text, one after the other, another indentation.
pub(super) struct Indenter<'s> {
    pub(super) old: &'s str,
    pub(super) new: &'s str,
    pub(super) at_line_start: bool,
}

impl Indenter<'_> {
    /// Goes over what stands before a word, or before a closing brace.
    pub(super) fn before_word(&mut self, text: &mut String) {
        self.between(text);
        if std::mem::take(&mut self.at_line_start) && self.old.is_empty() {
            text.push_str(self.new);
        }
    }

    /// Goes over what more of that kind may follow.
    pub(super) fn between(&mut self, text: &mut String) {
        if text.is_empty() || !(self.at_line_start || has_newline(text)) {
            return;
        }
        let mut out = String::with_capacity(text.len());
        for token in tokens(text) {
            let piece = token.range.of(text);
            let starts = std::mem::take(&mut self.at_line_start);
            match token.kind {
                TokenKind::Newline => self.at_line_start = true,
                TokenKind::Escline => self.at_line_start = has_newline(piece),
                TokenKind::Space if starts => {
                    let rest = piece.strip_prefix(self.old).map(|rest| format!("{}{rest}", self.new));
                    out.push_str(rest.as_deref().unwrap_or(piece));
                    continue;
                }
                _ if starts && self.old.is_empty() => out.push_str(self.new),
                _ => {}
            }
            out.push_str(piece);
        }
        *text = out;
    }
}

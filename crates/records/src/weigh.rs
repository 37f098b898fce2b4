//! What speaks for and against: of options, and among consequences.

use crate::document::{Block, Document, Kind, Words, reads};
use crate::parts::{Part, part};
use crate::record::Said;

/// Which side something is on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Side {
    Good,
    Bad,
    Neutral,
    /// A reason against an option as a whole.
    WhyNot,
}

/// What stands on each side.
#[derive(Default, Debug)]
pub(crate) struct Balance {
    pub(crate) good: Vec<Said<String>>,
    pub(crate) bad: Vec<Said<String>>,
    pub(crate) neutral: Vec<Said<String>>,
    pub(crate) why_not: Option<Said<String>>,
    /// Items and paragraphs of which nothing says on which side they are.
    pub(crate) unweighed: Vec<Said<String>>,
}

/// How an item begins that is on a side, in lower case.
const MARKS: &[(&str, Side)] = &[
    ("good, because", Side::Good),
    ("good because", Side::Good),
    ("good,", Side::Good),
    ("good:", Side::Good),
    ("great, because", Side::Good),
    ("bad, because", Side::Bad),
    ("bad because", Side::Bad),
    ("bad,", Side::Bad),
    ("bad:", Side::Bad),
    ("neutral, because", Side::Neutral),
    ("neutral because", Side::Neutral),
    ("neutral,", Side::Neutral),
    ("neutral:", Side::Neutral),
    ("pro:", Side::Good),
    ("con:", Side::Bad),
    ("gut, weil", Side::Good),
    ("schlecht, weil", Side::Bad),
    ("neutral, weil", Side::Neutral),
    ("bonne, parce qu", Side::Good),
    ("bon, parce qu", Side::Good),
    ("mauvaise, parce qu", Side::Bad),
    ("mauvais, parce qu", Side::Bad),
    ("neutre, parce qu", Side::Neutral),
    ("bueno, porque", Side::Good),
    ("malo, porque", Side::Bad),
    ("neutral, porque", Side::Neutral),
    ("(+)", Side::Good),
    ("(-)", Side::Bad),
    ("(–)", Side::Bad),
    ("(\u{2212})", Side::Bad),
    ("(=)", Side::Neutral),
    ("(~)", Side::Neutral),
    ("(o)", Side::Neutral),
    ("[+]", Side::Good),
    ("[-]", Side::Bad),
    ("+ ", Side::Good),
    ("- ", Side::Bad),
    ("➕", Side::Good),
    ("➖", Side::Bad),
    ("✅", Side::Good),
    ("❌", Side::Bad),
    ("👍", Side::Good),
    ("👎", Side::Bad),
];

/// How a reason against an option begins, in lower case.
const REASONS: &[&str] = &[
    "rejected because ",
    "rejected, because ",
    "rejected, as ",
    "rejected, since ",
    "rejected: ",
    "rejected due to ",
    "rejected since ",
    "rejected as ",
    "not chosen because ",
    "not chosen, because ",
    "not chosen: ",
    "discarded because ",
    "dismissed because ",
    "ruled out because ",
    "reason for rejection: ",
    "why rejected: ",
    "why not chosen: ",
    "why not: ",
];

/// The side that a heading or label says: by its part, or by the first of several words of which no other is on another side, as
/// `Negative / trade-offs`.
pub(crate) fn side_said(words: &str) -> Option<Side> {
    let whole = part(words);
    if whole != Part::Other {
        return side_of(whole);
    }
    let mut pieces = words.split(['/', '&', '(']).flat_map(|piece| piece.split(" and "));
    let first = side_of(part(pieces.next()?))?;
    pieces.all(|piece| side_of(part(piece)).is_none_or(|side| side == first)).then_some(first)
}

/// The side that a part of a record is on.
pub(crate) fn side_of(part: Part) -> Option<Side> {
    match part {
        Part::Positive | Part::Pros => Some(Side::Good),
        Part::Negative | Part::Cons => Some(Side::Bad),
        Part::Neutral => Some(Side::Neutral),
        Part::WhyNot => Some(Side::WhyNot),
        _ => None,
    }
}

/// The side that a text says itself, and where its words begin.
fn mark(text: &str) -> Option<(Side, usize)> {
    let may_be = |byte: u8| !byte.is_ascii() || b"gbnpcsm(+-[".contains(&byte.to_ascii_lowercase());
    if !text.bytes().next().is_some_and(may_be) {
        return None;
    }
    let fits = |mark: &str| {
        let head = text.get(..mark.len())?;
        head.eq_ignore_ascii_case(mark).then_some(mark.len())
    };
    let (length, side) = MARKS.iter().find_map(|(mark, side)| Some((fits(mark)?, *side)))?;
    // `parce que` and `parce qu'` end where the reason begins.
    let rest = &text[length..];
    let more = if text[..length].ends_with("qu") {
        rest.find([' ', '\'', '’']).map_or(0, |at| at + rest[at..].chars().next().map_or(1, char::len_utf8))
    } else {
        0
    };
    Some((side, length + more))
}

/// A reason against an option, and where in the text it begins and its words start.
pub(crate) fn reason(text: &str) -> Option<(usize, usize)> {
    // Most texts hold none of these words.
    const HEADS: [&[u8]; 4] = [b"eject", b"hy not", b"ot chosen", b"ed "];
    let bytes = text.as_bytes();
    let is_head =
        |at: usize| matches!(bytes[at], b'e' | b'h' | b'o') && HEADS.iter().any(|head| bytes[at..].starts_with(head));
    if !(0..bytes.len()).any(is_head) {
        return None;
    }
    let lower = text.to_ascii_lowercase();
    let found = REASONS.iter().filter_map(|words| Some((lower.find(words)?, words.len())));
    let (at, length) = found.min_by_key(|(at, _)| *at)?;
    let before = &lower[..at];
    let is_word = !before.ends_with(|letter: char| letter.is_alphanumeric());
    let is_denied = ["not", "never"].iter().any(|word| before.trim_end().ends_with(word));
    // `Rejected as the main store because it is slow`
    let because = " because ";
    let end = at + length;
    let start = match lower[at..end].ends_with("as ") {
        true => lower[end..].find(because).map_or(end, |found| end + found + because.len()),
        false => end,
    };
    (is_word && !is_denied).then_some((at, start))
}

/// Words without a sign before them.
pub(crate) fn without_sign(document: &Document, words: Words) -> Words {
    let is_sign = |letter: char| !letter.is_alphanumeric() && !letter.is_ascii() && !"«„“‘’¿¡€£¥§".contains(letter);
    let text = document.text(words);
    let rest = text.trim_start_matches(|letter: char| is_sign(letter) || letter.is_whitespace());
    let start = if text.trim_start().starts_with(is_sign) { text.len() - rest.len() } else { 0 };
    document.trimmed(words.part(start, text.len()))
}

/// Words as something that the record says.
pub(crate) fn said(document: &Document, words: Words) -> Said<String> {
    let words = document.trimmed(words);
    Said::new(document.reads(words), document.range(words))
}

/// Words without a stop at their end.
pub(crate) fn without_stop(document: &Document, words: Words) -> Words {
    document.trimmed_of(words, |letter| letter.is_whitespace() || letter == '.')
}

/// What stands on each side in some blocks; `side` is the one that the heading above them says.
pub(crate) fn weigh(document: &Document, blocks: &[Block], side: Option<Side>) -> Balance {
    let mut scale = Scale {
        document,
        balance: Balance::default(),
        side,
        depth: None,
        label: None,
        columns: Vec::new(),
        is_listed: false,
    };
    for block in blocks {
        scale.block(block);
    }
    scale.balance
}

struct Scale<'d> {
    document: &'d Document,
    balance: Balance,
    side: Option<Side>,
    /// How deep the items stand that count on their own.
    depth: Option<u16>,
    /// An item that is a label for those below it, with its depth.
    label: Option<(Side, u16)>,
    /// The sides of the columns of the table that is open.
    columns: Vec<Option<Side>>,
    is_listed: bool,
}

impl Scale<'_> {
    fn block(&mut self, block: &Block) {
        match &block.kind {
            Kind::Heading(_) => {
                self.side = side_said(self.document.text(block.words));
                (self.depth, self.label, self.is_listed) = (None, None, false);
            }
            Kind::Item { .. } => self.item(block),
            Kind::Row { cells, head } => self.row(cells.clone(), *head),
            Kind::Paragraph if block.depth == 0 => self.paragraph(block.words),
            _ => {}
        }
    }

    fn item(&mut self, block: &Block) {
        let words = self.document.trimmed(block.words);
        if self.label.is_some_and(|(_, depth)| block.depth <= depth) {
            self.label = None;
        }
        if words.is_empty() || self.labelled(words, Some(block.depth)) {
            return;
        }
        if let Some((side, start)) = mark(self.document.text(words)) {
            let is_of_own = self.side.is_none() || matches!(self.side, Some(side_now) if side_now == side);
            if is_of_own || self.label.is_none() {
                self.put(side, words.part(start, (words.end - words.start) as usize));
            }
            return;
        }
        if let Some((_, start)) = reason(self.document.text(words)).filter(|(at, _)| *at == 0 && self.side.is_none()) {
            return self.put(Side::WhyNot, words.part(start, (words.end - words.start) as usize));
        }
        match (self.label, self.side) {
            (Some((side, depth)), _) if block.depth == depth + 1 => self.put(side, words),
            (None, Some(side)) if *self.depth.get_or_insert(block.depth) == block.depth => {
                self.is_listed = true;
                self.put(side, words);
            }
            (None, None) if *self.depth.get_or_insert(block.depth) == block.depth => self.put_unweighed(words),
            _ => {}
        }
    }

    /// A line `Positive: …`; whether it is one. Without a value it is a label for the items below it.
    fn labelled(&mut self, words: Words, depth: Option<u16>) -> bool {
        let text = self.document.text(words);
        let colon = text.find(':').filter(|at| *at < 40);
        let (label, value) = colon.map_or((text, ""), |at| (&text[..at], text[at + 1..].trim()));
        let side = if colon.is_some() { side_said(label) } else { side_of(part(label)) };
        let Some(side) = side else { return false };
        let length = text.len();
        match (value.is_empty(), depth) {
            (true, Some(depth)) => self.label = Some((side, depth)),
            (true, None) => self.side = Some(side),
            (false, _) => self.put(side, words.part(length - value.len(), length)),
        }
        true
    }

    fn paragraph(&mut self, words: Words) {
        let document = self.document;
        let lines: Vec<Words> = document.lines(words).filter(|line| !line.is_empty()).collect();
        if lines.iter().filter(|line| self.labelled(**line, None)).count() > 0 {
            return;
        }
        if let Some((_, start)) = reason(document.text(words)).filter(|(at, _)| *at == 0) {
            return self.put(Side::WhyNot, words.part(start, (words.end - words.start) as usize));
        }
        match self.side {
            Some(side) if !self.is_listed => self.put(side, words),
            // What ends in a colon only leads to what follows, which is on no side that was said before.
            Some(_) if document.text(words).ends_with(':') => (self.side, self.depth) = (None, None),
            None if !document.text(words).ends_with(':') => self.put_unweighed(words),
            Some(_) | None => {}
        }
    }

    fn put_unweighed(&mut self, words: Words) {
        let said = said(self.document, without_sign(self.document, self.document.trimmed(words)));
        if !said.value.is_empty() && !crate::words::is_placeholder(&said.value) {
            self.balance.unweighed.push(said);
        }
    }

    fn row(&mut self, cells: std::ops::Range<usize>, head: bool) {
        let cells = &self.document.cells[cells];
        if head {
            self.columns = cells.iter().map(|cell| side_said(self.document.text(*cell))).collect();
            return;
        }
        let sides: Vec<Option<Side>> = self.columns.clone();
        for (cell, side) in cells.iter().zip(sides) {
            let Some(side) = side else { continue };
            for piece in pieces(self.document, *cell) {
                self.put(side, piece);
            }
        }
    }

    fn put(&mut self, side: Side, words: Words) {
        let words = without_sign(self.document, self.document.trimmed(words));
        let words = match mark(self.document.text(words)) {
            Some((_, start)) if side != Side::WhyNot => words.part(start, (words.end - words.start) as usize),
            _ => words,
        };
        let said = said(self.document, if side == Side::WhyNot { without_stop(self.document, words) } else { words });
        // Of what was chosen, tables say that there is no reason; and `None` is no consequence.
        if crate::words::is_nothing(&said.value) {
            return;
        }
        match side {
            Side::Good => self.balance.good.push(said),
            Side::Bad => self.balance.bad.push(said),
            Side::Neutral => self.balance.neutral.push(said),
            Side::WhyNot => {
                self.balance.why_not.get_or_insert(said);
            }
        }
    }
}

/// What a cell lists: parted by semicolons or lines.
pub(crate) fn pieces(document: &Document, cell: Words) -> Vec<Words> {
    let text = document.text(cell);
    let mut found = Vec::new();
    let mut start = 0;
    for piece in text.split([';', '\n']) {
        let words = document.trimmed(cell.part(start, start + piece.len()));
        if !reads(document.text(words)).is_empty() {
            found.push(words);
        }
        start += piece.len() + 1;
    }
    found
}

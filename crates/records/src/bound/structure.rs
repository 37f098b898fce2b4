//! What makes structure of a text, and is bound with it: a heading's underline, the line below the head of a table, the fences of front matter,
//! and of code that nothing but its indent or a tag above it makes.

use super::{Line, is_layout};
use crate::document::{Block, Kind};
use crate::read::Reading;
use groma_base::Range;

/// Signs that stand on lines of their own, as no line of the text does that says nothing.
const FENCE: &str = "---";
const HEAD_OF_TABLE: &str = "|";
const CODE: &str = "+";
const HTML: &str = ">";

/// The lines that are bound, with what makes structure of them.
pub(super) fn bound(reading: &Reading, text: &str, lines: &[Line]) -> String {
    let mut bound = Bound { lines, before: vec![None; lines.len() + 1] };
    bound.front_matter(reading, text);
    for (at, block) in reading.document.blocks.iter().enumerate() {
        match block.kind {
            Kind::Heading(_) => bound.underline(block, text),
            Kind::Row { head: true, .. } => bound.table(&reading.document.blocks[at..]),
            Kind::Code => bound.indented(block, text),
            Kind::Html => bound.tagged(block, text),
            _ => {}
        }
    }
    bound.text()
}

struct Bound<'l> {
    lines: &'l [Line],
    /// What stands before a line.
    before: Vec<Option<&'static str>>,
}

impl Bound<'_> {
    /// The lines that a range touches.
    fn within(&self, range: Range) -> std::ops::Range<usize> {
        let from = self.lines.partition_point(|line| line.range.end <= range.start);
        let to = self.lines.partition_point(|line| line.range.start < range.end);
        from..to.max(from)
    }

    fn is_kept(&self, line: usize) -> bool {
        !is_layout(&self.lines[line].kept)
    }

    /// The fences, where something between them would be no front matter but by these.
    fn front_matter(&mut self, reading: &Reading, text: &str) {
        let Some(front) = &reading.front else { return };
        let within = self.within(front.range);
        let is_other = |line: &usize| !is_pair(self.lines[*line].range.of(text)) && self.is_kept(*line);
        if within.clone().any(|line| is_other(&line)) {
            self.before[within.start] = Some(FENCE);
            self.before[within.end] = Some(FENCE);
        }
    }

    fn underline(&mut self, block: &Block, text: &str) {
        let within = self.within(block.range);
        let Some(last) = within.clone().last().filter(|last| *last > within.start) else { return };
        let line = self.lines[last].range.of(text).trim();
        let line = line.trim_start_matches(['>', ' ']);
        if within.clone().any(|line| self.is_kept(line)) && !line.is_empty() {
            let sign = if line.chars().all(|letter| letter == '=') { "===" } else { "---" };
            self.before[last] = line.chars().all(|letter| "=-".contains(letter)).then_some(sign);
        }
    }

    /// The line below the head of a table of which something is kept.
    fn table(&mut self, blocks: &[Block]) {
        let is_row = |block: &&Block| matches!(block.kind, Kind::Row { head: false, .. });
        let rows = blocks[1..].iter().take_while(is_row);
        let kept = blocks[..1].iter().chain(rows).any(|row| self.within(row.range).any(|line| self.is_kept(line)));
        if kept {
            let head = self.within(blocks[0].range);
            self.before[head.end] = Some(HEAD_OF_TABLE);
        }
    }

    /// Code without a fence.
    fn indented(&mut self, block: &Block, text: &str) {
        let source = block.range.of(text).trim_start();
        if source.starts_with("```") || source.starts_with("~~~") {
            return;
        }
        self.mark(self.within(block.range), CODE);
    }

    /// Lines below a tag that ends with a blank line. What a comment holds its own signs tell.
    fn tagged(&mut self, block: &Block, text: &str) {
        let source = block.range.of(text).trim_start();
        let is_closed = ["<!", "<?", "<pre", "<script", "<style", "<textarea"];
        if is_closed.iter().any(|tag| source.get(..tag.len()).is_some_and(|head| head.eq_ignore_ascii_case(tag))) {
            return;
        }
        let within = self.within(block.range);
        self.mark(within.start + 1..within.end, HTML);
    }

    fn mark(&mut self, lines: std::ops::Range<usize>, sign: &'static str) {
        for line in lines {
            if self.is_kept(line) {
                self.before[line] = Some(sign);
            }
        }
    }

    fn text(&self) -> String {
        let mut text = String::new();
        let mut push = |line: &str| {
            text.push_str(line);
            text.push('\n');
        };
        for (line, sign) in self.lines.iter().map(Some).chain([None]).zip(&self.before) {
            sign.iter().for_each(|sign| push(sign));
            line.filter(|line| !is_layout(&line.kept)).into_iter().for_each(|line| push(&line.kept));
        }
        text
    }
}

/// Whether a line of front matter is a pair, an item or what goes on from the line before, which no text is.
fn is_pair(line: &str) -> bool {
    let key = line.split([':', '=']).next().unwrap_or_default();
    let is_of_key = |letter: char| letter.is_alphanumeric() || "-_.\"' ".contains(letter);
    let is_one_word = key.len() < line.len() && !key.trim().is_empty() && key.chars().all(is_of_key);
    line.starts_with([' ', '\t', '-', ']', '}', '[', '{']) || is_one_word && !key.trim().contains(' ')
}

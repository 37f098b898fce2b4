//! What a signature of a record binds: its text, without what the commands that carry it through its life change themselves.
//!
//! Where the status, the date, and what it supersedes and is superseded by stand, wherever a dialect has them, the states, days, relations and
//! names of records are left out, and all else that stands in these bytes of the file is kept: comments, tags, titles of links and numbers as
//! well ([`words`]). Left out are also lines of a section of links that say in a word or two how another record stands to this one, and of a
//! request for comments the day of its last call and the decisions that it led to. Blank lines, and those that only rule, underline or part
//! something, are left out as far as they make no structure ([`structure`]). Of the rest each line counts, without the blanks at its end; so do
//! the number, the title, those who decided, and what is decided.

mod structure;
mod words;

use crate::dates;
use crate::document::{Block, Head, Kind, Words};
use crate::edit::{after_line, line_start, whole};
use crate::family::Family;
use crate::labels::Place;
use crate::numbers;
use crate::parts::Part;
use crate::read::rfc::{self, Life};
use crate::read::{Reading, Spot, reading};
use crate::record::LedTo;
use groma_base::Range;
use words::Reader;

/// The text of a record that a signature binds, one line after the other. `path` is that of its file.
pub fn bound_text(family: Family, path: &str, text: &str) -> String {
    let reading = reading(family, path, text, Vec::new());
    let record = &reading.record;
    let is_named = numbers::of_name(&record.file).is_none() && dates::of_name(numbers::stem(&record.file)).is_none();
    let reader = Reader { family, is_named };
    let mut found = Found { reading: &reading, text, reader, passages: Vec::new() };
    found.fill();
    let passages = disjoint(found.passages);
    let lines = each_line(text, Range::new(0, text.len() as u32));
    let lines = lines.map(|range| Line { range, kept: kept(text, range, &passages, reader) });
    structure::bound(&reading, text, &lines.collect::<Vec<_>>())
}

/// A line, and what is kept of it.
struct Line {
    range: Range,
    kept: String,
}

/// How much of some bytes is left out; of two that are said of the same bytes the later one counts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Less {
    /// The states, days, relations and names of records that the words tell.
    Life,
    /// The same; a bare number is one of a record.
    Names,
    All,
}

/// Bytes of which something is left out.
#[derive(Clone, Copy)]
struct Passage {
    range: Range,
    less: Less,
}

/// Passages in their order that share no bytes.
fn disjoint(passages: Vec<Passage>) -> Vec<Passage> {
    let edges = passages.iter().flat_map(|one| [(one.range.start, one.less, 1), (one.range.end, one.less, -1)]);
    let mut edges: Vec<(u32, Less, i32)> = edges.collect();
    edges.sort_unstable();
    let (mut open, mut found): ([i32; 3], Vec<Passage>) = ([0; 3], Vec::new());
    for pair in edges.windows(2) {
        let ((start, less, step), (end, ..)) = (pair[0], pair[1]);
        open[less as usize] += step;
        let range = Range::new(start, end);
        let most = [Less::All, Less::Names, Less::Life].into_iter().find(|less| open[*less as usize] > 0);
        let Some(less) = most.filter(|_| start < end) else { continue };
        match found.last_mut().filter(|last| last.less == less && last.range.end == start) {
            Some(last) => last.range.end = end,
            None => found.push(Passage { range, less }),
        }
    }
    found
}

/// What is kept of a line.
fn kept(text: &str, line: Range, passages: &[Passage], reader: Reader) -> String {
    let from = passages.partition_point(|one| one.range.end <= line.start);
    let (mut kept, mut at) = (String::new(), line.start);
    for one in passages[from..].iter().take_while(|one| one.range.start < line.end) {
        let range = Range::new(one.range.start.max(line.start), one.range.end.min(line.end));
        kept.push_str(Range::new(at, range.start).of(text));
        match one.less {
            Less::All => {}
            less => kept.push_str(&reader.besides(range.of(text), less == Less::Names)),
        }
        at = range.end;
    }
    kept.push_str(Range::new(at, line.end).of(text));
    kept.trim_start_matches('\u{FEFF}').trim_end().to_owned()
}

/// Whether the commands for records change such a part themselves.
fn is_of_its_life(part: Part) -> bool {
    matches!(part, Part::Status | Part::Date | Part::Supersedes | Part::SupersededBy)
}

/// What the words of a part tell.
fn less(part: Part) -> Less {
    if matches!(part, Part::Supersedes | Part::SupersededBy) { Less::Names } else { Less::Life }
}

/// Whether a line has nothing but blanks and what rules, underlines, parts or sets.
fn is_layout(line: &str) -> bool {
    // An arrow ends a comment, and so says what is one.
    line.chars().all(|letter| letter.is_whitespace() || "-=*_|:+>".contains(letter)) && !line.contains("->")
}

/// The whole lines around a range.
fn lines(text: &str, range: Range) -> Range {
    let is_ended = range.start < range.end && range.of(text).ends_with(['\n', '\r']);
    let end = if is_ended { range.end } else { after_line(text, range.end) };
    Range::new(line_start(text, range.start), end)
}

/// The lines that a range begins, each whole.
fn each_line(text: &str, range: Range) -> impl Iterator<Item = Range> + '_ {
    let first = (range.start < range.end).then(|| lines(text, Range::new(range.start, range.start)));
    std::iter::successors(first, move |line| {
        (line.end < range.end).then(|| lines(text, Range::new(line.end, line.end)))
    })
}

/// What of a record is left out.
struct Found<'r> {
    reading: &'r Reading,
    text: &'r str,
    reader: Reader,
    passages: Vec<Passage>,
}

impl Found<'_> {
    fn add(&mut self, range: Range, less: Less) {
        if range.start < range.end {
            self.passages.push(Passage { range, less });
        }
    }

    fn fill(&mut self) {
        let reading = self.reading;
        for spot in reading.header.spots.iter().filter(|spot| is_of_its_life(spot.part)) {
            self.spot(spot, less(spot.part));
        }
        if let Some(date) = reading.record.date.as_ref().filter(|date| !date.range.is_none()) {
            self.add(date.range, Less::Life);
        }
        self.sections();
        self.links();
        if reading.family == Family::Rfc {
            for life in rfc::life(reading) {
                match life {
                    Life::Spot(spot) if self.leads_on(spot) => self.spot(spot, Less::Names),
                    Life::Spot(spot) => self.spot(spot, Less::Life),
                    Life::Section(head) => self.results(head),
                }
            }
        }
    }

    /// Whether a label says which decisions came of a request for comments.
    fn leads_on(&self, spot: &Spot) -> bool {
        let led_to = self.reading.record.rfc.iter().flat_map(|rfc| &rfc.led_to);
        led_to.into_iter().any(|led| matches!(led, LedTo::Links(range) if range.contains(spot.key_range)))
    }

    /// A key of front matter or a label with its values, and what stands between and behind them.
    fn spot(&mut self, spot: &Spot, less: Less) {
        if spot.place == Place::Section {
            return;
        }
        let text = self.text;
        self.add(spot.key_range, Less::All);
        if let [only] = &spot.phrases[..]
            && spot.part == Part::Status
            && self.reader.is_own_status(only.range.of(text))
        {
            self.add(only.range, Less::All);
        }
        if spot.place == Place::FrontMatter {
            let around = lines(text, spot.key_range.cover(spot.range));
            return self.add(Range::new(spot.key_range.start, around.end), less);
        }
        // With its links and marks.
        let values = spot.phrases.iter().map(|phrase| whole(phrase, text)).fold(spot.range, Range::cover);
        let is_on_line = line_start(text, spot.key_range.start) == line_start(text, spot.range.start);
        let values = if is_on_line { spot.key_range.cover(values) } else { values };
        let rest = Range::new(values.end, after_line(text, values.end));
        let is_break = words::BREAKS.iter().any(|mark| mark.eq_ignore_ascii_case(rest.of(text).trim()));
        self.add(if is_break { values.cover(rest) } else { values }, less);
    }

    /// Sections of such a part, with what stands directly in them; none that stands in a section of another part.
    fn sections(&mut self) {
        let reading = self.reading;
        let is_within = |head: &Head| {
            let mut around = reading.heads.iter().filter(|other| other.block < head.block && head.block < other.end);
            around.any(|other| {
                !is_of_its_life(other.part) && !matches!(other.part, Part::Title | Part::Metadata | Part::Other)
            })
        };
        for head in reading.heads.iter().filter(|head| is_of_its_life(head.part) && !is_within(head)) {
            self.section(head);
        }
    }

    fn section(&mut self, head: &Head) {
        let (document, text) = (&self.reading.document, self.text);
        let heading = &document.blocks[head.block];
        let key_end = head.value.map_or(heading.words.end, |value| value.start);
        let key = document.range(Words { end: key_end, ..heading.words });
        self.add(key, Less::All);
        self.add(lines(text, heading.range), less(head.part));
        let inside = &document.blocks[head.block + 1..head.own_end.max(head.block + 1)];
        if let [first, ..] = inside
            && first.kind == Kind::Paragraph
            && head.part == Part::Status
            && self.reader.is_own_status(first.range.of(text))
        {
            self.add(first.range, Less::All);
        }
        if let Some(range) = inside.iter().map(|block| block.range).reduce(Range::cover) {
            self.add(lines(text, range), less(head.part));
        }
    }

    /// What a section of the decisions that a request for comments led to says of these alone: lines that name some and say nothing else; if
    /// that is all that it says, its heading as well.
    fn results(&mut self, head: &Head) {
        let (document, text, reader) = (&self.reading.document, self.text, self.reader);
        let inside = &document.blocks[head.block + 1..head.end.max(head.block + 1)];
        let is_plain = |block: &Block| matches!(block.kind, Kind::Paragraph | Kind::Item { .. } | Kind::Rule);
        if inside.iter().any(|block| !is_plain(block) && !is_layout(block.range.of(text))) {
            return;
        }
        let names = |line: &str| line.bytes().any(|byte| byte.is_ascii_digit()) || line.contains("](");
        let is_result = |line: &Range| names(line.of(text)) && reader.besides(line.of(text), true).is_empty();
        self.lines_of(head, inside, is_result);
    }

    /// The relations in the sections of links; of one that has nothing else the heading as well.
    fn links(&mut self) {
        let (document, text, reader) = (&self.reading.document, self.text, self.reader);
        for head in self.reading.heads.iter().filter(|head| head.part == Part::Links) {
            let inside = &document.blocks[head.block + 1..head.own_end.max(head.block + 1)];
            self.lines_of(head, inside, |line| reader.is_relation(line.of(text)));
        }
    }

    /// Of a section the lines that are left out, and if nothing else stands in it the heading as well.
    fn lines_of(&mut self, head: &Head, inside: &[Block], is_left_out: impl Fn(&Range) -> bool) {
        let text = self.text;
        let all: Vec<Range> = inside.iter().flat_map(|block| each_line(text, block.range)).collect();
        for line in all.iter().filter(|line| is_left_out(line)) {
            self.add(*line, Less::All);
        }
        let is_all = all.iter().all(|line| is_left_out(line) || is_layout(line.of(text)));
        if is_all && head.end <= head.own_end.max(head.block + 1 + inside.len()) {
            self.add(lines(text, self.reading.document.blocks[head.block].range), Less::All);
        }
    }
}

//! The number and the title of a record.

use super::Reading;
use crate::document::{Head, Words};
use crate::finding::{Finding, FindingKind};
use crate::front_matter::Value;
use crate::labels;
use crate::numbers::{self, is_generic};
use crate::parts::Part;
use crate::record::Said;
use crate::words::{is_nothing, is_placeholder_title};
use groma_base::Range;

/// Reads both; the heading that is the title, if one is.
pub(super) fn read(reading: &mut Reading, text: &str) -> Option<usize> {
    let by_name = numbers::of_name(&reading.record.file).map(|(number, _)| number);
    let (head, mut title, heading) = of_headings(reading, by_name);
    let in_front = reading.front.as_ref().and_then(|front| {
        let key = front.keys.iter().find(|key| key.part == Part::Title)?;
        of_value(key.values.first()?, by_name)
    });
    let is_weak = head.is_none_or(|at| {
        reading.heads[at].level > 1 || matches!(reading.heads[at].part, Part::Known | Part::TradeOffs)
    });
    let mut by_front = front_number(reading);
    if let Some((number, said)) = in_front {
        by_front = by_front.or(number);
        if is_weak || title.is_none() {
            title = Some(said);
        }
    }
    let mut head = head;
    if title.is_none() || is_weak {
        let is_known = head.is_some_and(|at| matches!(reading.heads[at].part, Part::Known | Part::TradeOffs));
        let labelled = of_label(reading, head.filter(|_| !is_known), by_name, &mut by_front);
        // A heading such as `# Abstract` is the title only where nothing else is.
        head = head.filter(|_| !is_known || labelled.is_none());
        title = labelled.or(title);
    }
    if by_name.is_none() && by_front.is_none() && heading.is_none() {
        by_front = labelled_number(reading, head);
    }
    number(reading, by_name, by_front, heading);
    if title.is_none() {
        let whole = Range::new(0, text.len().min(1) as u32);
        reading.record.findings.push(Finding::new(
            FindingKind::NoTitle,
            whole,
            "no title: the first heading `# …` is one",
        ));
    }
    reading.record.title = title;
    head
}

fn number(reading: &mut Reading, by_name: Option<u32>, by_front: Option<Said<u32>>, heading: Option<Said<u32>>) {
    if let (Some(name), Some(heading)) = (by_name, &heading)
        && name != heading.value
    {
        let message =
            format!("the heading says {}, the file's name {name}: links go by the file, so that holds", heading.value);
        reading.record.findings.push(Finding::new(FindingKind::NumbersDiffer, heading.range, message));
    }
    let by_name = by_name.map(|number| Said::new(number, Range::default()));
    // Where the heading agrees its bytes are told.
    let agrees = heading.clone().filter(|heading| by_name.as_ref().is_some_and(|name| name.value == heading.value));
    reading.record.number = agrees.or(by_name).or(by_front).or(heading);
}

/// The number that the front matter gives.
fn front_number(reading: &Reading) -> Option<Said<u32>> {
    let keys = &reading.front.as_ref()?.keys;
    let key = keys.iter().find(|key| key.part == Part::Number && key.key.text != "id")?;
    let value = key.values.first()?;
    let (number, length) = numbers::at(&value.text)?;
    (length == value.text.len()).then(|| Said::new(number, value.range))
}

/// The number in a line such as `ADR ID: 12` below the title, or in a section of that name.
fn labelled_number(reading: &Reading, head: Option<usize>) -> Option<Said<u32>> {
    let document = &reading.document;
    let first = head.map_or(0, |at| reading.heads[at].block + 1);
    let end = reading.heads.iter().map(|head| head.block).find(|at| *at >= first).unwrap_or(document.blocks.len());
    let entries = labels::entries(document, first, &document.blocks[first.min(end)..end]);
    let label = entries.iter().find(|entry| entry.part == Part::Number).and_then(|entry| entry.values.first().copied());
    let section = || {
        let head = reading.heads.iter().find(|head| head.part == Part::Number)?;
        document.blocks[head.block + 1..head.own_end].iter().map(|block| block.words).find(|words| !words.is_empty())
    };
    let words = document.trimmed(label.or_else(section)?);
    let (number, length) = numbers::at(document.text(words))?;
    (length == document.text(words).len()).then(|| Said::new(number, document.range(words)))
}

type Numbered = (Option<Said<u32>>, Said<String>);

/// A title of the front matter or a label, with the number before it.
fn of_value(value: &Value, by_name: Option<u32>) -> Option<Numbered> {
    if is_nothing(&value.text) {
        return None;
    }
    let found = numbers::of_heading(&value.text, by_name);
    let start = found.as_ref().map_or_else(|| numbers::after_kind(&value.text), |found| found.title);
    let number = found.map(|found| Said::new(found.number, value.range));
    let bare = crate::document::reads(&value.text[start..]);
    (!bare.is_empty()).then(|| (number, Said::new(bare, value.range)))
}

/// The title in a line `Title: …` above all headings, or in a section of that name.
fn of_label(
    reading: &Reading,
    head: Option<usize>,
    by_name: Option<u32>,
    by_front: &mut Option<Said<u32>>,
) -> Option<Said<String>> {
    let document = &reading.document;
    let first = head.map_or(0, |at| reading.heads[at].block + 1);
    let end = reading.heads.iter().map(|head| head.block).find(|at| *at >= first).unwrap_or(document.blocks.len());
    let entries = labels::entries(document, first, &document.blocks[first.min(end)..end]);
    let title = entries.iter().find(|entry| entry.part == Part::Title).and_then(|entry| entry.values.first().copied());
    let in_section = || {
        let head = reading.heads.iter().find(|head| head.part == Part::Title)?;
        head.value.or_else(|| {
            document.blocks[head.block + 1..head.own_end]
                .iter()
                .map(|block| block.words)
                .find(|words| !words.is_empty())
        })
    };
    let words = title.or_else(in_section)?;
    let value = Value { text: document.reads(words), range: document.range(words) };
    let (number, said) = of_value(&value, by_name)?;
    *by_front = by_front.take().or(number);
    Some(said)
}

/// The heading that is the title, the title in it, and its number.
fn of_headings(reading: &Reading, by_name: Option<u32>) -> (Option<usize>, Option<Said<String>>, Option<Said<u32>>) {
    let mut number = None;
    let mut empty = None;
    for at in candidates(reading, by_name) {
        let head = &reading.heads[at];
        let words = match head.value {
            Some(value) if head.part == Part::Title => value,
            _ => reading.document.blocks[head.block].words,
        };
        let (found, title) = of_heading(reading, words, by_name);
        number = number.or(found);
        if let Some(title) = title {
            return (Some(at), Some(title), number);
        }
        empty = empty.or(Some(at));
    }
    (empty, None, number)
}

/// Headings that may be the title, the best first.
fn candidates(reading: &Reading, by_name: Option<u32>) -> Vec<usize> {
    let real = |head: &Head| head.level < crate::document::BOLD && !reading.document.blocks[head.block].quoted;
    let may_be = |head: &Head| match head.part {
        Part::Other => true,
        // `# Decision: use a queue` is a title.
        _ => head.value.is_some() && head.level == 1,
    };
    let heads = || reading.heads.iter().enumerate().filter(|(_, head)| real(head));
    let section = heads().find(|(_, head)| {
        !matches!(head.part, Part::Other | Part::Known | Part::TradeOffs | Part::Title) && head.value.is_none()
    });
    let section = section.map_or(usize::MAX, |(at, _)| at);
    let top = heads().filter(|(_, head)| head.level == 1 && may_be(head)).map(|(at, _)| at);
    let mut found: Vec<usize> = top.take(2).collect();
    // Of two the one with the number of the file is the title; a banner may stand above it.
    let has_number = |at: &usize| by_name.is_some() && heading_number(reading, *at, by_name) == by_name;
    if found.len() == 2 && has_number(&found[1]) && !has_number(&found[0]) {
        found.reverse();
    }
    found.extend(
        heads()
            .filter(|(at, head)| head.level > 1 && *at < section && head.part == Part::Other)
            .map(|(at, _)| at)
            .take(3),
    );
    found.extend(
        heads()
            .filter(|(_, head)| head.level == 1 && matches!(head.part, Part::Known | Part::TradeOffs))
            .map(|(at, _)| at)
            .take(1),
    );
    found
}

/// The number that a heading begins with.
fn heading_number(reading: &Reading, head: usize, by_name: Option<u32>) -> Option<u32> {
    let words = reading.document.blocks[reading.heads[head].block].words;
    numbers::of_heading(reading.document.text(words), by_name).map(|found| found.number)
}

/// The number and the title of one heading.
fn of_heading(reading: &Reading, words: Words, by_name: Option<u32>) -> (Option<Said<u32>>, Option<Said<String>>) {
    let document = &reading.document;
    let text = document.text(words);
    let found = numbers::of_heading(text, by_name);
    let by_words = || {
        let kind = numbers::after_kind(text).max(numbers::after_chapter(text));
        kind.max(numbers::after_identifier(text, &reading.record.file))
    };
    let start = found.as_ref().map_or_else(by_words, |found| found.title);
    let number =
        found.map(|found| Said::new(found.number, document.range(words.part(found.digits.start, found.digits.end))));
    let mut title = document.trimmed(words.part(start, crate::parts::without_anchor(text).len().max(start)));
    let read = document.reads(title);
    let is_title = !is_placeholder_title(&read) && (!is_nothing(&read) || read.starts_with('[')) && !is_generic(&read);
    // Brackets that the template had around its title.
    if read.starts_with('[') && read.ends_with(']') && read.matches('[').count() == 1 {
        title = document.trimmed_of(title, |letter| "[]".contains(letter) || letter.is_whitespace());
    }
    let read = document.reads(title);
    (number, is_title.then(|| Said::new(read, document.range(title))))
}

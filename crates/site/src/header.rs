//! Which lines of a record's text the list of facts above it says already: they are left out of the text, so that nothing is told twice.
//! A line of which anything would be lost is left as it is.

use crate::Site;
use groma_model::ItemRef;
use groma_model::decode::FactValue;
use groma_model::schema::{Fact, Type};
use std::ops::Range;

/// The lines of a record that say nothing but facts which are shown above it.
pub(crate) fn said_above(site: &Site<'_>, at: ItemRef, shown: &[&'static Fact]) -> Vec<Range<usize>> {
    let text = &site.arch.file(at).text;
    let values = shown.iter().flat_map(|fact| site.arch.values_of(at, fact));
    let mut ranges: Vec<Range<usize>> = values.filter_map(|value| shown_range(site, at, value)).collect();
    ranges.sort_by_key(|range| (range.start, range.end));
    said(text, &ranges)
}

/// Where a value stands in the text, if what is shown of it says as much as the text: a state in words of one's own says more.
fn shown_range(site: &Site<'_>, at: ItemRef, value: &FactValue) -> Option<Range<usize>> {
    let arch = site.arch;
    let range = value.range.start as usize..value.range.end as usize;
    let written = arch.file(at).text.get(range.clone()).filter(|written| !written.is_empty())?;
    let letters =
        |text: &str| text.chars().filter(|letter| letter.is_alphanumeric()).collect::<String>().to_lowercase();
    let is_same = letters(written) == letters(arch.words(at, value));
    (is_same || value.fact.ty == Type::Date || arch.referred(at, value).is_some()).then_some(range)
}

/// Between values these words say nothing of their own.
const JOINING: [&str; 4] = ["and", "by", "on", "und"];

/// A label has so many words at most.
const MOST_WORDS: usize = 3;

/// A line of a text, and the values in it.
struct Line<'t> {
    range: Range<usize>,
    text: &'t str,
    values: Vec<Range<usize>>,
}

impl Line<'_> {
    fn is_blank(&self) -> bool {
        let trimmed = self.text.trim();
        trimmed.is_empty() || trimmed.starts_with("<!--") && trimmed.ends_with("-->")
    }

    fn is_row(&self) -> bool {
        self.text.trim_start().starts_with('|')
    }

    fn is_heading(&self) -> bool {
        let signs = self.text.len() - self.text.trim_start_matches('#').len();
        (1..=6).contains(&signs) && self.text[signs..].starts_with([' ', '\t', '\r', '\n'])
    }

    fn has_words(&self) -> bool {
        self.text.contains(char::is_alphanumeric)
    }

    /// The text before, between and after the values.
    fn gaps(&self) -> Vec<&str> {
        let mut from = self.range.start;
        let mut gaps = Vec::new();
        for value in &self.values {
            gaps.push(self.part(from, value.start));
            from = from.max(value.end);
        }
        gaps.push(self.part(from, self.range.end));
        gaps
    }

    fn part(&self, from: usize, to: usize) -> &str {
        self.text.get(from - self.range.start..to.max(from) - self.range.start).unwrap_or_default()
    }

    /// Whether it has values and nothing besides but labels before them.
    fn is_said(&self, needs_label: bool) -> bool {
        let gaps = self.gaps();
        let (Some((last, before)), Some(first)) = (gaps.split_last(), gaps.first()) else { return false };
        let is_labelled = !needs_label || is_label(first);
        !self.values.is_empty()
            && is_labelled
            && says_nothing(last)
            && before.iter().all(|gap| says_nothing(gap) || is_label(gap))
    }
}

/// Whether some text is nothing but signs, joining words and where links lead.
fn says_nothing(text: &str) -> bool {
    let mut rest = text.to_owned();
    while let Some(start) = rest.find("](") {
        let Some(end) = rest[start..].find(')') else { break };
        rest.replace_range(start..=start + end, "");
    }
    let mut words = rest.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    words.all(|word| JOINING.contains(&word.to_lowercase().as_str()))
}

/// Whether some text is a label: a few words, then a colon or the end of a cell.
fn is_label(text: &str) -> bool {
    let end = text.trim_end_matches(|letter: char| letter.is_whitespace() || "*_`[".contains(letter));
    let Some(label) = end.strip_suffix([':', '：', '|']) else { return false };
    let words = label.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).count();
    (1..=MOST_WORDS).contains(&words) && !label.contains([':', '.', '!', '?'])
}

/// The lines that say nothing but these values, which are in their order, as far as they stand in the head of a text or are all of a section.
fn said(text: &str, values: &[Range<usize>]) -> Vec<Range<usize>> {
    let lines = lines(text, values);
    let title = lines.iter().position(Line::is_heading).filter(|at| lines[*at].text.starts_with("# "));
    let first = title.map_or(0, |at| at + 1);
    let is_head_end = |line: &Line<'_>| line.is_heading() || line.text.starts_with("```");
    let end = lines[first..].iter().position(is_head_end).map_or(lines.len(), |at| first + at);
    let mut cuts = in_head(&lines[first..end]);
    let mut at = end;
    while at < lines.len() {
        let next = lines[at + 1..].iter().position(Line::is_heading).map_or(lines.len(), |next| at + 1 + next);
        let below: Vec<&Line<'_>> = lines[at + 1..next].iter().filter(|line| !line.is_blank()).collect();
        if lines[at].is_heading() && !below.is_empty() && below.iter().all(|line| line.is_said(false)) {
            cuts.push(lines[at].range.start..lines[next - 1].range.end);
        }
        at = next;
    }
    joined(text, cuts)
}

fn lines<'t>(text: &'t str, values: &[Range<usize>]) -> Vec<Line<'t>> {
    let mut start = 0;
    let line = |text: &'t str| {
        let range = start..start + text.len();
        start = range.end;
        let within = |value: &&Range<usize>| value.start >= range.start && value.end <= range.end;
        Line { values: values.iter().filter(within).cloned().collect(), range, text }
    };
    text.split_inclusive('\n').map(line).collect()
}

/// The lines between the title and the first section that are said above; of a table all of them or none.
fn in_head(lines: &[Line<'_>]) -> Vec<Range<usize>> {
    let mut cuts = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let rows = lines[at..].iter().take_while(|line| line.is_row()).count();
        let table = &lines[at..at + rows];
        if rows > 0 {
            // Without a value, the first row names the columns.
            let is_said = |(nth, row): (usize, &Line<'_>)| {
                !row.has_words() || row.is_said(false) || nth == 0 && row.values.is_empty()
            };
            if table.iter().any(|row| !row.values.is_empty()) && table.iter().enumerate().all(is_said) {
                cuts.extend(table.iter().map(|row| row.range.clone()));
            }
        } else if lines[at].is_said(true) {
            cuts.push(lines[at].range.clone());
        }
        at += rows.max(1);
    }
    cuts
}

/// Cuts between which there is nothing are one.
fn joined(text: &str, cuts: Vec<Range<usize>>) -> Vec<Range<usize>> {
    let mut all: Vec<Range<usize>> = Vec::new();
    for cut in cuts {
        match all.last_mut() {
            Some(last) if text[last.end..cut.start].trim().is_empty() => last.end = cut.end,
            _ => all.push(cut),
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::said;

    /// What is left of a text whose values are in angles.
    fn left(marked: &str) -> String {
        let (mut text, mut values, mut from) = (String::new(), Vec::new(), 0);
        for letter in marked.chars() {
            match letter {
                '‹' => from = text.len(),
                '›' => values.push(from..text.len()),
                letter => text.push(letter),
            }
        }
        let cuts = said(&text, &values);
        for cut in cuts.into_iter().rev() {
            text.replace_range(cut, "");
        }
        text
    }

    #[test]
    fn what_the_facts_say_is_left_out_of_the_head() {
        for head in [
            "**Status:** ‹Accepted›\n**Date:** ‹2024-01-01›\n",
            "- Status: ‹accepted›\n- Deciders: ‹Ana›, ‹Jonas› and ‹Mette›\n",
            "**Status:** ‹Superseded› by [‹ADR-2›](0002-b.md)\n",
            "Status: ‹Accepted› | Date: ‹2024-01-01›\n",
            "| | |\n|---|---|\n| Status | ‹Accepted› |\n| Date | ‹2024-01-01› |\n",
            "| Status | Date |\n|---|---|\n| ‹Accepted› | ‹2024-01-01› |\n",
            "## Status\n\n‹Accepted›\n\n",
            "## Deciders\n\n* ‹Ana›\n* ‹Jonas›\n\n",
        ] {
            assert_eq!(
                left(&format!("# 1. Title\n\n{head}## Context\n\nWhy.\n")),
                "# 1. Title\n\n## Context\n\nWhy.\n",
                "{head}"
            );
        }
    }

    #[test]
    fn what_the_facts_do_not_say_stays() {
        for kept in [
            "**Status:** ‹Accepted›, after a long talk\n",
            "**Related:** [ADR-9](0009-c.md)\n",
            "We met on ‹2024-01-01›.\n",
            "| Status | ‹Accepted› |\n|---|---|\n| Cost | 3 |\n",
            "## Status\n\n‹Accepted› for a year\n\n",
            "## Decision\n\nWe take it.\n\n",
        ] {
            let text = format!("# 1. Title\n\n{kept}\n## Context\n\nWhy: ‹accepted›, and more.\n");
            assert_eq!(left(&text), text.replace(['‹', '›'], ""), "{kept}");
        }
    }
}

//! What the sections of a record say: context, drivers, options, outcome, consequences, confirmation.

use super::Reading;
use super::scores::has_figure;
use crate::document::{BOLD, Block, Document, Head, Kind, Words};
use crate::labels::Entry;
use crate::parts::Part;
use crate::record::Said;
use crate::weigh::{Balance, Side, said, side_of, side_said, weigh};
use crate::words::is_placeholder;
use crate::{choices, statement};

pub(super) fn read(reading: &mut Reading) {
    let document = &reading.document;
    let heads = &reading.heads;
    let labels = &reading.header.entries;
    let first = |part| first_text(document, heads, part).or_else(|| labelled(document, labels, part));
    let (context, outcome) = (first(Part::Context), first(Part::Outcome));
    let confirmation = match listed(document, heads, Part::Confirmation) {
        items if items.is_empty() => first(Part::Confirmation).into_iter().collect(),
        items => items,
    };
    let drivers = listed(document, heads, Part::Drivers);
    let links = heads.iter().filter(|head| head.part == Part::Links);
    let references = links.flat_map(|head| items_below(document, head)).filter(|said| !said.value.is_empty()).collect();
    let mut options = choices::options(document, heads);
    if let Some(words) = value_of(labels, Part::Options).filter(|_| options.is_empty()) {
        options = choices::listed(document, words);
    }
    let balance = consequences(document, heads);
    let figures = figures(document, heads);
    let considered = first(Part::Options).filter(|_| options.is_empty());
    let sentence = sentence(reading);
    let record = &mut reading.record;
    (record.context, record.outcome, record.confirmation) = (context, outcome, confirmation);
    (record.drivers, record.options, record.considered) = (drivers, options, considered);
    (record.positive, record.negative, record.neutral) = (balance.good, balance.bad, balance.neutral);
    (record.consequences, record.references, record.figures) = (balance.unweighed, references, figures);
    if let Some(words) = sentence {
        statement::read(&reading.document, words, &mut reading.record);
    }
}

/// The one sentence that is the record, where it has no sections.
pub(super) fn sentence(reading: &Reading) -> Option<Words> {
    if reading.heads.iter().any(|head| !matches!(head.part, Part::Other | Part::Links)) {
        return None;
    }
    let document = &reading.document;
    let mut blocks =
        document.blocks.iter().filter(|block| block.kind == Kind::Paragraph).map(|block| document.trimmed(block.words));
    blocks.find(|words| statement::is_statement(document.text(*words)))
}

fn value_of(labels: &[Entry], part: Part) -> Option<Words> {
    labels.iter().find(|entry| entry.part == part)?.values.first().copied()
}

fn labelled(document: &Document, labels: &[Entry], part: Part) -> Option<Said<String>> {
    value_of(labels, part).map(|words| said(document, words)).filter(is_said)
}

fn is_said(said: &Said<String>) -> bool {
    !said.value.is_empty() && !is_placeholder(&said.value)
}

/// The first paragraph or item below the first heading of a part that has one; not what stands below a heading of another part.
fn first_text(document: &Document, heads: &[Head], part: Part) -> Option<Said<String>> {
    let of_head = |head: &Head| {
        let is_other =
            |other: &&Head| !matches!(other.part, Part::Other | Part::Known | Part::TradeOffs) && other.part != part;
        let end = head.below(heads).iter().find(is_other).map_or(head.end, |other| other.block);
        let is_text = |block: &&Block| {
            let is_kind = matches!(block.kind, Kind::Paragraph | Kind::Item { .. } | Kind::Heading(BOLD));
            is_kind && !document.text(block.words).trim().is_empty()
        };
        let first = document.blocks[head.block + 1..end].iter().find(is_text);
        first.map(|block| said(document, block.words)).or_else(|| head.value.map(|words| said(document, words)))
    };
    heads.iter().filter(|head| head.part == part).filter_map(of_head).find(is_said)
}

/// The items below the first heading of a part.
fn listed(document: &Document, heads: &[Head], part: Part) -> Vec<Said<String>> {
    let Some(head) = heads.iter().find(|head| head.part == part) else { return Vec::new() };
    items_below(document, head).filter(is_said).collect()
}

/// The items below a heading, but for those within items.
fn items_below<'d>(document: &'d Document, head: &Head) -> impl Iterator<Item = Said<String>> + use<'d> {
    let own = &document.blocks[head.block + 1..head.own_end];
    let depth = own.iter().find(|block| matches!(block.kind, Kind::Item { .. })).map(|block| block.depth);
    let items = own.iter().filter(move |block| matches!(block.kind, Kind::Item { .. }) && Some(block.depth) == depth);
    items.map(|block| said(document, crate::weigh::without_sign(document, document.trimmed(block.words))))
}

/// What the sections of consequences say, and those of one side that stand outside of options.
fn consequences(document: &Document, heads: &[Head]) -> Balance {
    let mut all = Balance::default();
    let mut add = |other: Balance| {
        all.good.extend(other.good);
        all.bad.extend(other.bad);
        all.neutral.extend(other.neutral);
        all.unweighed.extend(other.unweighed);
    };
    let (mut end_of_options, mut end_of_consequences) = (0, 0);
    for head in heads {
        if head.part == Part::Consequences {
            end_of_consequences = head.end;
        }
        let is_of_options = head.block < end_of_options;
        if matches!(head.part, Part::Options | Part::ProsAndCons) {
            end_of_options = end_of_options.max(head.end);
        }
        let side = match head.part {
            Part::Consequences | Part::Outcome => None,
            Part::Positive | Part::Negative | Part::Neutral => side_of(head.part),
            Part::TradeOffs if head.block < end_of_consequences => Some(Side::Neutral),
            // What speaks for and against stands for what becomes better and worse there.
            Part::Pros | Part::Cons => side_of(head.part),
            Part::Other if head.block < end_of_consequences => {
                let Some(side) = side_said(document.text(document.blocks[head.block].words)) else { continue };
                Some(side)
            }
            _ => continue,
        };
        if is_of_options {
            continue;
        }
        let blocks = &document.blocks[head.block + 1..head.own_end];
        // In the outcome only what says itself that it is good or bad is a consequence.
        match head.part {
            Part::Outcome => {
                let weighed = weigh(document, &items_of(blocks), None);
                add(Balance { unweighed: Vec::new(), ..weighed });
            }
            _ => add(weigh(document, blocks, side)),
        }
    }
    all
}

/// The paragraphs and items with digits that tell what is decided upon, and not of an option; scores of a matrix are none.
fn figures(document: &Document, heads: &[Head]) -> Vec<Said<String>> {
    let is_of_it = |part| {
        use Part::{Confirmation, Consequences, Context, Drivers, Negative, Neutral, Outcome, Positive};
        matches!(part, Context | Drivers | Outcome | Consequences | Positive | Negative | Neutral | Confirmation)
    };
    let is_text = |block: &&Block| matches!(block.kind, Kind::Paragraph | Kind::Item { .. });
    let mut end_of_options = 0;
    let mut found = Vec::new();
    for head in heads {
        if matches!(head.part, Part::Options | Part::ProsAndCons) {
            end_of_options = end_of_options.max(head.end);
        }
        if head.block < end_of_options || !is_of_it(head.part) {
            continue;
        }
        // What stands below headings that are no known words belongs to it as well.
        let is_other = |other: &&Head| !matches!(other.part, Part::Other | Part::Known);
        let end = head.below(heads).iter().find(is_other).map_or(head.end, |other| other.block);
        let blocks = document.blocks[head.block + 1..end].iter().filter(is_text);
        let with_digits = blocks.filter(|block| has_figure(document.text(block.words)));
        found.extend(with_digits.map(|block| said(document, document.trimmed(block.words))));
    }
    found
}

fn items_of(blocks: &[Block]) -> Vec<Block> {
    blocks.iter().filter(|block| matches!(block.kind, Kind::Item { .. })).cloned().collect()
}

//! No correction loses what was written.

use super::misspelt::examples;
use super::*;
use groma_base::Range;
use groma_syntax::{NodeId, WordKind, parse};
use std::collections::BTreeMap;

/// The words of a text without the commas and semicolons behind them, with how often each stands in it: bare ones, texts and numbers, of facts the name and the value.
fn words(text: &str) -> BTreeMap<String, usize> {
    let (tree, _) = parse(text.to_owned());
    let mut found = BTreeMap::new();
    for id in (0..tree.node_count() as u32).map(NodeId) {
        let entries = tree.entries(id).iter().flat_map(|entry| [entry.key, entry.value]);
        for word in std::iter::once(tree.node(id).name).chain(entries) {
            let said = word.range().of(&tree.text).trim_matches('"');
            // Commas between values are none of them.
            let parts = said.split([' ', '\t', '\n', ',', ';']).filter(|part| !part.is_empty());
            parts.for_each(|part| *found.entry(part.to_owned()).or_default() += 1);
        }
    }
    found
}

/// A text in which the value of one fact is left out, and a loose word stands at the end of its line.
fn without_values(text: &str) -> Vec<String> {
    let (tree, _) = parse(text.to_owned());
    let mut found = Vec::new();
    for id in (0..tree.node_count() as u32).map(NodeId) {
        let entries = tree.entries(id);
        let keyed = entries.iter().filter(|entry| entry.key.is_some());
        if keyed.clone().count() < 2 {
            continue;
        }
        let end = entries.last().expect("two").value.range().end as usize;
        for entry in keyed {
            let (key, whole) = (entry.key.range(), entry.value.range());
            let loose = if entry.value.kind == WordKind::Quoted { "\"Loose\"" } else { "loose" };
            let mut text = text.to_owned();
            text.insert_str(end, &format!(" {loose}"));
            text.replace_range(key.end as usize..whole.end as usize, "");
            found.push(text);
        }
    }
    found
}

/// Texts with signs in them.
const ODD: [&str; 4] = ["POST /v1/orders", "PUT /v1/orders/7", "Core rules: orders, stock", "first; second"];

/// A text in which one text has lost its quotes.
fn without_quotes(text: &str) -> Vec<String> {
    let (tree, _) = parse(text.to_owned());
    let mut ranges: Vec<Range> = Vec::new();
    for id in (0..tree.node_count() as u32).map(NodeId) {
        let quoted = tree.entries(id).iter().map(|entry| entry.value).filter(|word| word.kind == WordKind::Quoted);
        ranges.extend(quoted.map(|word| word.range()));
    }
    let bare =
        |range: &Range, inner: &str| format!("{}{inner}{}", &text[..range.start as usize], &text[range.end as usize..]);
    let as_it_is = ranges.iter().map(|range| bare(range, range.of(text).trim_matches('"')));
    let odd = ranges.iter().step_by(7).flat_map(|range| ODD.map(|odd| bare(range, odd)));
    as_it_is.chain(odd).collect()
}

/// What a correction of a text leaves out.
fn lost(text: &str) -> Option<String> {
    let snapshot = open(text);
    let corrected = corrected(&snapshot, TODAY, |_| true).into_iter().next()?.text;
    let now = words(&corrected);
    let missing = |(word, count): (&String, &usize)| now.get(word).copied().unwrap_or_default() < *count;
    let lost: Vec<String> = words(text).iter().filter(|one| missing(*one)).map(|(word, _)| word.clone()).collect();
    (!lost.is_empty()).then(|| format!("=== {lost:?}\n{text}\n--->\n{corrected}\n"))
}

#[track_caller]
fn nothing_is_lost(damaged: fn(&str) -> Vec<String>, least: usize) {
    let (mut tried, mut wrong) = (0, Vec::new());
    let has_nothing_to_correct = |text: &String| corrected(&open(text), TODAY, |_| true).is_empty();
    let right = examples().into_iter().filter(has_nothing_to_correct);
    for text in right.flat_map(|text| damaged(&text)) {
        tried += 1;
        wrong.extend(lost(&text));
    }
    assert!(tried > least, "{tried}");
    assert!(wrong.is_empty(), "{} of {tried}\n{}", wrong.len(), wrong[..wrong.len().min(12)].join("\n"));
}

#[test]
fn no_correction_loses_a_word_where_a_value_was_left_out() {
    nothing_is_lost(without_values, 400);
}

#[test]
fn no_correction_loses_a_word_where_quotes_were_left_out() {
    nothing_is_lost(without_quotes, 1_000);
}

//! A word that is misspelt once is told once, whatever it is and whatever depends on it.

use super::*;
use groma_base::{Range, Severity};
use groma_model::decode::Value;
use groma_model::kinds::{self, class};
use groma_syntax::{NodeId, WordKind, parse};

/// A text in which one word is misspelt.
struct Misspelt {
    word: String,
    line: usize,
    text: String,
}

/// A word as it is typed in haste: without its second letter but one, or with two letters in the wrong order.
fn slips(word: &str) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    if letters.len() < 5 || !word.is_ascii() {
        return if word.is_empty() { Vec::new() } else { vec![format!("{word}q")] };
    }
    let middle = letters.len() / 2;
    let without = letters.iter().enumerate().filter(|(at, _)| *at != middle).map(|(_, letter)| letter).collect();
    let mut swapped = letters.clone();
    swapped.swap(middle, middle + 1);
    let swapped: String = swapped.into_iter().collect();
    [without, swapped].into_iter().filter(|slip| *slip != word).collect()
}

pub(super) fn examples() -> Vec<String> {
    let mut found = vec![read("base.groma")];
    for rule in groma_check::RULES {
        let alone = rule.blocks().into_iter().filter(|block| block.files.len() == 1);
        found.extend(alone.map(|block| block.files.into_iter().next().expect("one").1));
    }
    found
}

fn errors(text: &str) -> Vec<String> {
    let findings = open(text).findings(TODAY);
    let errors = findings.iter().filter(|one| one.severity == Severity::Error);
    errors.map(|one| format!("[{}] {}", one.code, one.message)).collect()
}

/// A text with one of these places misspelt.
fn misspelt_at(text: &str, places: &[Range]) -> Vec<Misspelt> {
    let mut found = Vec::new();
    for place in places {
        let word = place.of(text);
        for slip in slips(word) {
            let (start, end) = (place.start as usize, place.end as usize);
            let text = format!("{}{slip}{}", &text[..start], &text[end..]);
            found.push(Misspelt { word: format!("{word} as {slip}"), line: text[..start].lines().count(), text });
        }
    }
    found
}

/// Misspells these places of each example, one at a time, and tells where not just one error is told.
#[track_caller]
fn told_once(places: impl Fn(&str) -> Vec<Range>, least: usize, exceptions: &[&str]) {
    let (mut tried, mut wrong) = (0, Vec::new());
    for text in examples().iter().filter(|text| errors(text).is_empty()) {
        for one in misspelt_at(text, &places(text)) {
            tried += 1;
            let told = errors(&one.text);
            if told.len() != 1 && !exceptions.iter().any(|word| one.word.starts_with(&format!("{word} as "))) {
                let line = one.text.lines().nth(one.line.saturating_sub(1)).unwrap_or_default();
                wrong.push(format!("{}: {}\n  {}", one.word, line.trim(), told.join("\n  ")));
            }
        }
    }
    assert!(tried >= least, "{tried}");
    assert!(wrong.is_empty(), "{} of {tried}\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_misspelt_kind_is_told_once() {
    let kinds = |text: &str| {
        let (tree, _) = parse(text.to_owned());
        let names = (0..tree.node_count()).map(|nth| tree.node(NodeId(nth as u32)).name);
        let kinds = names.filter(|name| name.kind == WordKind::Bare && kinds::by_name(&tree.string(*name)).is_some());
        kinds.map(|name| name.range()).collect()
    };
    told_once(kinds, 1_500, &[]);
}

#[test]
fn a_misspelt_fact_is_told_once() {
    let facts = |text: &str| {
        let (tree, _) = parse(text.to_owned());
        let nodes = || (0..tree.node_count()).map(|nth| NodeId(nth as u32));
        let is_bare = |word: &groma_syntax::Word| word.kind == WordKind::Bare;
        let keys =
            nodes().flat_map(|node| tree.entries(node).iter().map(|entry| entry.key)).filter(|key| key.is_some());
        let names = nodes().map(|node| tree.node(node).name).filter(|name| {
            let word = tree.string(*name);
            kinds::by_name(&word).is_none() && kinds::all().any(|kind| kind.fact(&word).is_some())
        });
        // Of what is shorter nobody can say what is meant.
        keys.chain(names)
            .filter(is_bare)
            .map(|word| word.range())
            .filter(|range| range.end - range.start >= 5)
            .collect()
    };
    told_once(facts, 1_000, &[]);
}

#[test]
fn a_misspelt_name_is_told_once() {
    let names = |text: &str| {
        let arch = open(text).arch;
        let mut found = Vec::new();
        for at in arch.item_refs() {
            let (file, item) = (arch.file(at), arch.item(at));
            let given = file.facts_of(item).iter().filter(|given| matches!(given.value, Value::Reference(_)));
            found.extend(given.map(|given| given.range));
            if item.kind.class.is_in(&[&class::RELATION, &class::STEP, &class::REPLY]) {
                found.extend([item.name, item.target]);
            }
        }
        found
    };
    told_once(names, 800, &[]);
}

#[test]
fn a_misspelt_kind_that_may_have_a_fact_is_told_once() {
    let uses =
        "system s \"S\" { service a \"A\" tier=gold; service b \"B\" tier=silver; service c \"C\" { tier gold } }";
    for kind in slips("service") {
        let text = format!("fact tier \"Tier\" on=\"system, {kind}\" one-of=\"gold, silver\"\n{uses}");
        assert_eq!(errors(&text), [format!("[unclear-fact] there is no kind called `{kind}`")], "{text}");
    }
}

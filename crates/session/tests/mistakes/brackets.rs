//! Another bracket where a brace is meant, and lines that are gone with their braces.

use super::*;
use groma_base::Severity;

/// The examples that are one file.
fn whole_examples() -> [String; 2] {
    ["orders", "orders-as-found"].map(|example| {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(example).join("orders.groma");
        std::fs::read_to_string(file).unwrap().replace('\r', "")
    })
}

/// The errors of a text.
fn errors(text: &str) -> Vec<String> {
    let findings = open(text).findings(TODAY).into_iter().filter(|finding| finding.severity == Severity::Error);
    findings.map(|finding| finding.message).collect()
}

/// What is told of each brace of a text for which one of `others` stands, where that is not one error with the cure. Of `each` other
/// bracket, or of one in turn.
fn told_otherwise(text: &str, each: bool) -> Vec<String> {
    let before = errors(text);
    let (tree, _) = groma_syntax::parse(text.to_owned());
    let is_in_text = |at: usize| {
        let mut values = (0..tree.node_count() as u32).flat_map(|node| tree.entries(groma_syntax::NodeId(node)));
        values.any(|entry| (entry.value.range().start as usize..entry.value.range().end as usize).contains(&at))
    };
    let mut wrong = Vec::new();
    let braces = text.match_indices(['{', '}']).filter(|(at, _)| !is_in_text(*at));
    for (turn, (at, brace)) in braces.enumerate() {
        let others = if brace == "{" { ["[", "(", "]", ")", "}"] } else { ["]", ")", "[", "(", "{"] };
        let others = if each { &others[..] } else { &others[turn % 5..=turn % 5] };
        for other in others {
            let mut mistaken = text.to_owned();
            mistaken.replace_range(at..=at, other);
            let mut told = errors(&mistaken);
            told.retain(|message| !before.contains(message));
            let syntax = |finding: &groma_base::Diagnostic| finding.code == "syntax";
            let now = corrected(&open(&mistaken), TODAY, syntax).into_iter().next().map_or(mistaken, |new| new.text);
            let is_told = matches!(&*told, [only] if only.starts_with("a block "));
            if !is_told || now != text {
                let line = text[..at].matches('\n').count() + 1;
                wrong.push(format!("line {line}, `{other}`: {told:?}"));
            }
        }
    }
    wrong
}

#[test]
fn another_bracket_for_a_brace_is_told_once_and_put_right() {
    let mut wrong = told_otherwise(WELL_INDENTED, true);
    whole_examples().iter().for_each(|text| wrong.extend(told_otherwise(text, false)));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Without the line that opens a block nobody knows whose it is: no correction may give it to another.
#[test]
fn the_block_of_a_line_that_is_gone_is_given_to_no_other() {
    let [orders, found] = whole_examples();
    let mut wrong = Vec::new();
    for text in [WELL_INDENTED, &orders, &found] {
        let lines: Vec<&str> = text.lines().collect();
        let opens = |line: &str| line.split(" //").next().unwrap_or_default().trim_end().ends_with('{');
        for at in (0..lines.len()).filter(|at| opens(lines[*at])) {
            let left: Vec<&str> = [&lines[..at], &lines[at + 1..]].concat();
            let mistaken = left.join("\n") + "\n";
            let syntax = |finding: &groma_base::Diagnostic| finding.code == "syntax";
            let Some(new) = corrected(&open(&mistaken), TODAY, syntax).into_iter().next() else { continue };
            let is_out_of_place =
                |finding: &groma_base::Diagnostic| ["misplaced", "unknown-word"].contains(&&*finding.code);
            let told: Vec<_> = open(&new.text).findings(TODAY).into_iter().filter(is_out_of_place).collect();
            if !told.is_empty() {
                let told: Vec<_> = told.into_iter().map(|finding| finding.message).collect();
                wrong.push(format!("without `{}`: {told:?}", lines[at].trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

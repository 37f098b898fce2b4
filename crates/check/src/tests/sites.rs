//! Whatever a rule can say is said in a block of its page: each place of the code that begins a finding is met, and
//! each sentence is shown.

use super::{Workspace, blocks};
use crate::rules::OF_KITS;
use crate::{UNMET_STANDARD, rule};
use groma_base::Diagnostic;
use groma_testing::{Sentence, texts};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::Location;
use std::path::Path;

thread_local! {
    /// The places of the code that have begun a finding on this thread: files and lines.
    static MET: RefCell<BTreeSet<(String, usize)>> = const { RefCell::new(BTreeSet::new()) };
}

/// Notes which place of the code begins a finding.
pub(crate) fn meet(place: &Location<'_>) {
    let file = Path::new(place.file()).file_name().unwrap_or_default().to_string_lossy().into_owned();
    MET.with_borrow_mut(|met| met.insert((file, place.line() as usize)));
}

/// What each rule says on the pages: messages, remarks, notes and instructions. What bears the name of a standard is said by the rule
/// that looks for it.
fn said() -> BTreeMap<&'static str, Vec<String>> {
    let mut said: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (_, block) in blocks() {
        for (_, finding) in Workspace::new(&block).findings() {
            let rule = rule(&finding.code).map_or(UNMET_STANDARD, |rule| rule.name);
            said.entry(rule).or_default().extend(sentences_of(finding));
        }
    }
    said
}

fn sentences_of(finding: Diagnostic) -> impl Iterator<Item = String> {
    let labels = std::iter::once(finding.primary).chain(finding.secondary).map(|label| label.message);
    let fixes = finding.fixes.into_iter().map(|fix| fix.message);
    std::iter::once(finding.message).chain(labels).chain(finding.notes).chain(finding.help).chain(fixes)
}

/// The files with what rules say: their names, the rules that say it (all, for what several share), and the texts.
fn sources() -> Vec<(String, Option<String>, String)> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let rules = std::fs::read_dir(source.join("rules")).unwrap().map(|entry| entry.unwrap().path());
    let code = rules.filter(|path| path.extension().is_some_and(|extension| extension == "rs"));
    let mut files: Vec<(String, Option<String>, String)> = code
        .chain([source.join("allow.rs")])
        .map(|path| {
            let text = std::fs::read_to_string(&path).unwrap();
            let rule = path.with_extension("md").exists();
            let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
            let stem = name(&path).replace(".rs", "").replace('_', "-");
            (name(&path), rule.then_some(stem), what_runs(&text).to_owned())
        })
        .collect();
    files.sort();
    files
}

/// Who includes a kit could switch off what it demands by a rule that is not listed.
#[test]
fn the_rules_that_tell_of_kits_are_those_that_kits_demand() {
    // What rules about rings say of a kit is written once for them.
    let tells = |text: &str| text.contains(".from_kit(") || text.contains("in_ring(");
    let telling = sources().into_iter().filter(|(_, _, text)| tells(text));
    let telling: Vec<String> = telling.filter_map(|(_, rule, _)| rule).collect();
    assert_eq!(telling, OF_KITS.map(|(rule, _)| rule.name), "put the rule into `OF_KITS`, or let it tell of the kit");
}

/// A source text without its tests.
fn what_runs(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap_or(text)
}

/// A text of the code: the line that it is on, and its letters with `{}` for what is put in.
#[derive(PartialEq, Debug)]
struct Literal {
    line: usize,
    text: String,
}

/// The texts of a source file, apart from those in comments and in the declaration of the rule.
fn literals(source: &str) -> Vec<Literal> {
    let mut found = Vec::new();
    let mut is_declaration = false;
    for (number, line) in source.lines().enumerate() {
        is_declaration = (is_declaration || line.contains("static RULE: Rule")) && line != "};";
        if is_declaration || line.trim_start().starts_with("//") {
            continue;
        }
        let line_literals = texts(line).into_iter().map(|text| Literal { line: number + 1, text });
        found.extend(line_literals);
    }
    found
}

/// Texts of several words that are names of what is looked for, not said.
const NAMES: &[&str] = &["cloud run", "route 53", "api gateway"];

#[test]
fn each_sentence_of_the_code_is_said_on_a_page() {
    let said = said();
    let mut unsaid = String::new();
    for (file, rule, source) in sources() {
        let sentences: Vec<&String> = match &rule {
            Some(rule) => said.get(rule.as_str()).into_iter().flatten().collect(),
            None => said.values().flatten().collect(),
        };
        let is_shown = |sentence: &Sentence| sentences.iter().any(|shown| sentence.is_said_in(shown));
        for Literal { line, text } in literals(&source) {
            let is_sentence = text.trim().contains(' ') && !NAMES.contains(&text.as_str());
            if is_sentence && !is_shown(&Sentence::new(&text)) {
                unsaid += &format!("\n{file}:{line}: {text}");
            }
        }
    }
    assert!(unsaid.is_empty(), "no page shows:{unsaid}");
}

/// The lines of a source file that begin findings.
fn sites(source: &str) -> impl Iterator<Item = usize> {
    let begins = |line: &str| {
        let calls = [".at(", ".at_fact(", ".at_users(", ".at_use(", ".finding("];
        calls.iter().any(|call| line.contains(&format!("cx{call}")) || line.trim_start().starts_with(call))
    };
    source.lines().enumerate().filter(move |(_, line)| begins(line)).map(|(number, _)| number + 1)
}

#[test]
fn each_place_that_begins_a_finding_is_met_on_a_page() {
    said();
    let met = MET.with_borrow(Clone::clone);
    let of_file = |(file, _, source): &(String, Option<String>, String)| -> Vec<(String, usize)> {
        sites(source).map(|line| (file.clone(), line)).collect()
    };
    let known: BTreeSet<(String, usize)> = sources().iter().flat_map(of_file).collect();
    let unmet: Vec<_> = known.difference(&met).collect();
    assert!(unmet.is_empty(), "no page meets {unmet:?}");
    let unknown: Vec<_> = met.difference(&known).collect();
    assert!(unknown.is_empty(), "`sites` does not see {unknown:?}");
}

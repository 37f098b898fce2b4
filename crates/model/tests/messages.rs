//! What is said of mistakes: each sentence of the code stands in `tests/messages/`, with a text that brings it about.

use groma_base::{Diagnostic, FileId, Severity, Source, Span, apply_edits};
use groma_model::facets::own_facts::OwnFacts;
use groma_model::facts::view::Show;
use groma_model::query::{Answers, Finding, Query, QueryError};
use groma_model::{Architecture, ItemRef, decode, link};
use groma_testing::{Sentence, goldens, texts};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/messages")
}

#[test]
fn messages() {
    goldens(folder(), |goldens| {
        goldens.check_cases("decoding.txt", problems_beside);
        goldens.check_cases("linking.txt", problems);
        goldens.check_cases("queries.txt", answer);
    });
}

/// What several texts say together, with what decoding and then linking finds wrong.
fn read(texts: &[&str]) -> (Architecture, Vec<Diagnostic>) {
    read_files(&texts.iter().map(|text| ("", *text)).collect::<Vec<_>>())
}

/// The same of files, each with its path.
fn read_files(files: &[(&str, &str)]) -> (Architecture, Vec<Diagnostic>) {
    let decoded = |own_facts: &OwnFacts| -> Vec<_> {
        let decoded = files.iter().zip(0..).map(|((path, text), file)| {
            let (tree, errors) = groma_syntax::parse((*text).to_owned());
            assert!(errors.is_empty(), "{text}: {errors:?}");
            Arc::new(decode::decode_with(FileId(file), &tree, own_facts).at_path(path))
        });
        decoded.collect()
    };
    let files = decoded(&OwnFacts::declared(decoded(&OwnFacts::default()).iter()));
    let mut problems: Vec<_> = files.iter().flat_map(|file| file.problems.clone()).collect();
    let (arch, unlinked) = link(files);
    problems.extend(unlinked);
    (arch, problems)
}

/// What texts may use without declaring it.
const USED: &str = "person a; system b";

/// What decoding and linking say of a text beside [`USED`].
fn problems_beside(text: &str) -> String {
    told(&[text, USED], &read(&[text, USED]).1)
}

/// Begins another file in a case, with its path.
const FILE: &str = "// file: ";

/// What decoding and linking say of a text, or of several files.
fn problems(case: &str) -> String {
    let mut parts = case.split(FILE);
    let first = ("", parts.next().unwrap_or_default());
    let others = parts.map(|part| part.split_once('\n').expect("a text below the path"));
    let files: Vec<(&str, &str)> = std::iter::once(first).chain(others).collect();
    told(&files.iter().map(|(_, text)| *text).collect::<Vec<_>>(), &read_files(&files).1)
}

fn told(texts: &[&str], problems: &[Diagnostic]) -> String {
    let sources: Vec<Source> = texts.iter().map(|text| Source::new("", *text)).collect();
    match problems {
        [] => "nothing\n".to_owned(),
        problems => problems.iter().map(|problem| one(&sources, problem)).collect(),
    }
}

fn one(sources: &[Source], problem: &Diagnostic) -> String {
    let source = &sources[problem.primary.span.file.index()];
    let mut out = format!("{}[{}]: {}\n", problem.severity.word(), problem.code, problem.message);
    for label in std::iter::once(&problem.primary).chain(&problem.secondary) {
        out += &underlined(&sources[label.span.file.index()], label.span, &label.message);
    }
    problem.notes.iter().for_each(|note| _ = writeln!(out, "  note: {note}"));
    problem.help.iter().for_each(|help| _ = writeln!(out, "  help: {help}"));
    for fix in &problem.fixes {
        let edits: Vec<_> = fix.edits.iter().map(|edit| (edit.span.range, edit.text.as_str())).collect();
        let fixed = apply_edits(&source.text, &edits);
        let changed = fixed.lines().zip(source.text.lines()).find(|(new, old)| new != old).map_or("", |(new, _)| new);
        _ = writeln!(out, "  fix:  {}: {}", fix.message, changed.trim());
    }
    out
}

/// The line of a place, the place underlined.
fn underlined(source: &Source, span: Span, label: &str) -> String {
    let start = source.line_column(span.range.start);
    let line = source.line(start.line).expect("a line").of(&source.text).trim_end();
    let before = start.column as usize - 1;
    let width = span.range.of(&source.text).lines().next().unwrap_or_default().chars().count().max(1);
    format!("{:3} | {line}\n    | {}{} {label}", start.line, " ".repeat(before), "^".repeat(width))
        .trim_end()
        .to_owned()
        + "\n"
}

/// The workspace that is asked.
const ASKED: &str = r#"
kind adapter is=component
zone inner "Inner" { system shop "Shop" { service core "Core" owner=shop-team; database db "DB"; } }
system bank "Bank" external=#true { service core "Core"; }
flow checkout "Checkout" { bank.core -> shop.core "Pays" }
requirement search "Search" priority=must realized-by=shop.core
requirement pay "Pay" priority=should
deployment live { region eu { host one { instance shop.core } } }
question scale "How many?" due=2026-08-01
assumption few "Few come" due=2026-12-01
bank.core -> shop.core "Pays" timeout=2s { retry 2 from=100ms }
"#;

/// What is said of a query, or what it selects. Below it may stand another workspace that is asked.
fn answer(query: &str) -> String {
    let (query, asked) = query.trim_end().split_once('\n').unwrap_or((query.trim_end(), ASKED));
    let (arch, problems) = read(&[asked]);
    assert!(problems.is_empty(), "{problems:?}");
    let findings: Vec<Finding<'_>> = arch
        .item_refs()
        .filter(|at| arch.name(*at) == "core")
        .map(|of| Finding { of, rule: "no-owner", severity: Severity::Note })
        .collect();
    let answers = Answers {
        today: Some("2026-11-26"),
        findings: Some(&findings),
        rules: &["no-owner", "no-title"],
        verdicts: None,
    };
    let asks_day = ["age(", "time-to("].iter().any(|word| query.contains(word));
    let answers = if asks_day && asked != ASKED { Answers::default() } else { answers };
    let name = |at: ItemRef| arch.entity(at).map_or_else(|| arch.address_of(at), |entity| arch.path(entity));
    let shown = arch.views.iter().find_map(|view| arch.choice::<Show>(view.at));
    let ask = |query: Query| match shown {
        None => query.things(&arch, &answers),
        Some(show) => query.picked(&arch, show.picks()).map(|picked| {
            let elements = picked.elements.into_iter().map(|id| arch.element(id).at);
            let relations = picked.relations.into_iter().map(|id| arch.relation(id).at);
            elements.chain(relations).chain(picked.others).collect()
        }),
    };
    match Query::parse(query).and_then(ask) {
        Ok(found) if found.is_empty() => "selects nothing\n".to_owned(),
        Ok(found) => found.iter().map(|at| format!("selects {}\n", name(*at))).collect(),
        Err(QueryError { range, message, help, fix }) => {
            let span = Span::new(FileId(0), range);
            let fixed = fix.map(|(range, text)| apply_edits(query, &[(range, text.as_str())]));
            let fixed = fixed.map_or(String::new(), |fixed| format!("  fix:  {fixed}\n"));
            format!("error: {message}\n{}  help: {help}\n{fixed}", underlined(&Source::new("", query), span, ""))
        }
    }
}

/// The files that say what is wrong.
fn sources() -> Vec<(String, String)> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = vec!["misplaced.rs".to_owned(), "schema.rs".to_owned()];
    for folder in ["decode", "link", "query"] {
        let entries = std::fs::read_dir(source.join(folder)).unwrap();
        files.extend(entries.map(|entry| format!("{folder}/{}", entry.unwrap().file_name().to_string_lossy())));
    }
    let facets = std::fs::read_dir(source.join("facets")).unwrap().map(|entry| entry.unwrap());
    let links = facets.map(|entry| format!("facets/{}/link.rs", entry.file_name().to_string_lossy()));
    files.extend(links.filter(|name| source.join(name).exists()));
    // What can be asked is listed there; nothing is said of mistakes.
    files.retain(|name| name != "query/terms.rs");
    files.sort();
    let read = |name: &String| std::fs::read_to_string(source.join(name)).unwrap();
    files.into_iter().map(|name| (name.clone(), read(&name))).collect()
}

/// The sentences of a source file: texts of several words, but for those that are no messages.
fn sentences(source: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut is_table = false;
    for (at, line) in source.split("#[cfg(test)]").next().unwrap_or_default().lines().enumerate() {
        is_table = (is_table || line.contains(": &[(&str, &str)] = &[")) && line != "];";
        let is_comment = line.trim_start().starts_with("//") || line.contains("reason = \"");
        let is_bug = line.contains("expect(") || line.contains("unreachable!");
        if !is_table && !is_comment && !is_bug {
            let sentences = texts(line).into_iter().filter(|text| text.trim().contains(' '));
            found.extend(sentences.map(|text| (at + 1, text)));
        }
    }
    found
}

#[test]
fn each_sentence_of_the_code_is_said() {
    let of_file = |name: &str| std::fs::read_to_string(folder().join(name)).unwrap();
    // The table of mistakes, which goes through all of Groma, says some of them.
    let mistakes = "../../../session/tests/mistakes/cases.txt";
    let said = ["decoding.txt", "linking.txt", "queries.txt", mistakes].map(of_file).concat();
    let said: Vec<&str> =
        said.split("---\n").flat_map(|block| block.split("\n===").next()).flat_map(str::lines).collect();
    let (mut unsaid, mut all) = (String::new(), 0);
    for (file, source) in sources() {
        for (line, text) in sentences(&source) {
            all += 1;
            let sentence = Sentence::new(&text);
            if !said.iter().any(|line| sentence.is_said_in(line)) {
                _ = write!(unsaid, "\n{file}:{line}: {text}");
            }
        }
    }
    assert!(unsaid.is_empty(), "no case shows:{unsaid}");
    assert!(all > 150, "{all}");
}

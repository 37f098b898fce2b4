//! What people get wrong, and what they are told: one mistake is one finding, at the words that are wrong, with the cure.
//!
//! Each case of `mistakes/cases.txt` changes `mistakes/base.groma`, in which nothing is wrong: a line after `- ` is left out, a line
//! after `+ ` stands in its place or, where none is left out, at the end. What is told stands below, all of it. `UPDATE=1`
//! writes that anew.

use groma_base::{Source, Span};
use groma_session::{MemoryFiles, Session, Snapshot, corrected};
use std::fmt::Write;
use std::path::{Path, PathBuf};

const TODAY: &str = "2026-01-01";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mistakes")
}

fn read(name: &str) -> String {
    std::fs::read_to_string(folder().join(name)).unwrap().replace('\r', "")
}

/// A mistake and what is said to be told of it.
struct Case<'t> {
    name: &'t str,
    change: &'t str,
    told: &'t str,
}

fn cases(text: &str) -> Vec<Case<'_>> {
    let case = |text| {
        let (name, rest) = str::split_once(text, '\n').expect("a name");
        let (change, told) = rest.split_once("---\n").unwrap_or((rest, ""));
        Case { name, change, told: told.trim_end() }
    };
    text.split("=== ").skip(1).map(case).collect()
}

/// The base with the mistake in it.
fn mistaken(base: &str, change: &str) -> String {
    let mut hunks: Vec<(Option<&str>, Vec<&str>)> = Vec::new();
    for line in change.lines() {
        match (line.strip_prefix("- "), line.strip_prefix('+'), hunks.last_mut()) {
            (Some(removed), ..) => hunks.push((Some(removed), Vec::new())),
            (_, Some(added), Some((_, lines))) => lines.push(added.strip_prefix(' ').unwrap_or(added)),
            (_, Some(added), None) => hunks.push((None, vec![added.strip_prefix(' ').unwrap_or(added)])),
            _ => {}
        }
    }
    let mut out = String::new();
    for line in base.lines() {
        let Some(at) = hunks.iter().position(|(removed, _)| *removed == Some(line.trim_start())) else {
            out.extend([line, "\n"]);
            continue;
        };
        let indent = &line[..line.len() - line.trim_start().len()];
        for new in hunks.remove(at).1 {
            out.extend([if new.is_empty() { "" } else { indent }, new, "\n"]);
        }
    }
    for (removed, lines) in hunks {
        assert!(removed.is_none(), "the base has no such line: {removed:?}");
        lines.iter().for_each(|new| out.extend([new, "\n"]));
    }
    out
}

fn open(text: &str) -> Snapshot {
    let files = MemoryFiles::new(&[("w/shop.groma", text)]);
    Session::open(&files, Path::new("w")).unwrap_or_else(|error| panic!("{}", error.message)).snapshot()
}

/// All that is told of a text, and what becomes of it if it is corrected until nothing more can be.
fn told(text: &str) -> (usize, String) {
    let snapshot = open(text);
    let findings = snapshot.findings(TODAY);
    let mut out = String::new();
    for finding in &findings {
        _ = writeln!(out, "{}[{}]: {}", finding.severity.word(), finding.code, finding.message);
        for label in std::iter::once(&finding.primary).chain(&finding.secondary) {
            out += &underlined(snapshot.sources.get(label.span.file), label.span, &label.message);
        }
        finding.notes.iter().for_each(|note| _ = writeln!(out, "  note: {note}"));
        finding.help.iter().for_each(|help| _ = writeln!(out, "  help: {help}"));
        finding.fixes.iter().for_each(|fix| _ = writeln!(out, "  fix: {}", fix.message));
    }
    let mut now = text.to_owned();
    let mut rounds = 0;
    while let Some(new) = corrected(&open(&now), TODAY).into_iter().next() {
        assert!(new.text != now, "a correction that changes nothing: {out}");
        now = new.text;
        rounds += 1;
        assert!(rounds < 10, "corrections without an end: {now}");
    }
    if now != text {
        let left = open(&now).findings(TODAY);
        let lines: Vec<&str> = text.lines().collect();
        for line in now.lines().filter(|line| !lines.contains(line)) {
            _ = writeln!(out, "  fixed: {}", line.trim());
        }
        left.iter().for_each(|finding| _ = writeln!(out, "  left: {}", finding.message));
    }
    (findings.len(), out)
}

/// The line of a place, the place underlined.
fn underlined(source: &Source, span: Span, label: &str) -> String {
    let start = source.line_column(span.range.start);
    let line = source.line(start.line).expect("a line").of(&source.text).trim_end();
    let indent = line.chars().take_while(|character| *character == ' ').count();
    let before = (start.column as usize - 1).saturating_sub(indent);
    let width = span.range.of(&source.text).lines().next().unwrap_or_default().chars().count().max(1);
    let below = format!("  | {}{} {label}", " ".repeat(before), "^".repeat(width));
    format!("  | {}\n{}\n", line.trim_start(), below.trim_end())
}

#[test]
fn the_base_is_clean() {
    assert_eq!(told(&read("base.groma")), (0, String::new()));
}

#[test]
fn one_mistake_is_one_finding_with_the_right_cure() {
    let (base, text) = (read("base.groma"), read("cases.txt"));
    let mut anew = String::new();
    let (mut wrong, mut several) = (String::new(), Vec::new());
    let cases = cases(&text);
    for case in &cases {
        let (count, told) = told(&mistaken(&base, case.change));
        if count != 1 && !case.name.contains(" (") {
            several.push(format!("{count}: {}", case.name));
        }
        if told.trim_end() != case.told {
            _ = write!(wrong, "=== {}\n{}---\n{}\n\nnot\n{}\n\n", case.name, case.change, told.trim_end(), case.told);
        }
        _ = write!(anew, "=== {}\n{}---\n{told}\n", case.name, case.change);
    }
    if std::env::var_os("UPDATE").is_some() {
        let before = text.split("=== ").next().unwrap_or_default();
        std::fs::write(folder().join("cases.txt"), format!("{before}{anew}").trim_end().to_owned() + "\n").unwrap();
    } else {
        assert!(wrong.is_empty(), "{wrong}");
    }
    assert!(cases.len() >= 120, "{}", cases.len());
    assert!(several.is_empty(), "{} of {} are not told once:\n{}", several.len(), cases.len(), several.join("\n"));
}

//! What people get wrong, and what they are told: one mistake is one finding, at the words that are wrong, with the cure.
//!
//! Each case of `mistakes/cases.txt` changes `mistakes/base.groma`, in which nothing is wrong: a line after `- ` is left out, a line
//! after `+ ` stands in its place or, where none is left out, at the end. What is told stands below, all of it. `UPDATE=1`
//! writes that anew.

use groma_base::{Source, Span};
use groma_session::{MemoryFileSystem, Session, Snapshot, corrected};
use std::fmt::Write;
use std::path::{Path, PathBuf};

#[path = "mistakes/brackets.rs"]
mod brackets;
#[path = "mistakes/comments.rs"]
mod comments;
#[path = "mistakes/misspelt.rs"]
mod misspelt;
#[path = "mistakes/words.rs"]
mod words;

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
    let files = MemoryFileSystem::new(&[("w/shop.groma", text)]);
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
    while let Some(new) = corrected(&open(&now), TODAY, |_| true).into_iter().next() {
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

const WELL_INDENTED: &str = r#"system shop "Shop" description="What we build." {
    web site "Web shop" technology="React 19" description="What customers see."
    service core "Core API" technology="Rust 1.95" description="The rules." {
        rate-limit 100/min per=user
        replicas 2..6
        component cart "Cart" technology="Rust 1.95" description="What is to be bought."
    }
    database db "Database" technology="PostgreSQL 17" description="Orders." {
        availability 99.9%
    }
    queue jobs "Jobs" {
    }
    site -> core "Calls" protocol=HTTPS
    core.cart -> db "Reads and writes" // always
}

person customer "Customer"
system bank "Payment provider" external=#true description="Charges cards."

customer -> shop.site "Shops with" protocol=HTTPS
shop.core -> bank "Charges cards with" protocol=HTTPS {
    timeout 10s
    fallback "The order waits for payment; the customer is told"
}

flow buy "Buy" { // the only one
    customer -> shop.site "Confirms the cart" {
        shop.site -> shop.core "POST /orders" time=5ms reply="Confirmation" {
            shop.core.cart -> shop.db "Write the order" time=4ms
            shop.core -> bank "Charge the card" time=300ms p99=2s
        }
    }
}

deployment production "Production" {
    region eu "EU" {
        host edge "CDN" technology="CloudFront" { instance shop.site }
        host cluster "Machines" technology="Debian 13" {
            instance shop.core replicas=3
        }
        host data "Managed database" technology="Amazon RDS" { instance shop.db }
    }
}
"#;

/// The words of a text without the space between them, and blocks without anything in them left out.
fn meaning(text: &str) -> String {
    let (tree, errors) = groma_syntax::parse(text.to_owned());
    assert!(errors.is_empty(), "{text}");
    groma_syntax::print::kdl(&tree).replace(" {\n    }", "").replace(" {\n}", "")
}

#[test]
fn no_correction_damages_a_text_that_lacks_a_quote_or_a_brace() {
    let errors = |text: &str| {
        let findings = open(text).findings(TODAY);
        findings.iter().filter(|finding| finding.severity == groma_base::Severity::Error).count()
    };
    assert_eq!(errors(WELL_INDENTED), 0);
    let meant = meaning(WELL_INDENTED);
    let (mut restored, mut told, mut several, mut wrong) = (0, 0, 0, Vec::new());
    let mut positions = 0;
    for (at, lacking) in WELL_INDENTED.match_indices(['"', '{', '}']) {
        positions += 1;
        let mut now = WELL_INDENTED.to_owned();
        now.remove(at);
        let mistaken = now.clone();
        let before = errors(&now);
        several += usize::from(before != 1);
        let mut rounds = 0;
        let mut is_worse = false;
        while let Some(new) = corrected(&open(&now), TODAY, |_| true).into_iter().next() {
            is_worse |= groma_syntax::count_errors(&new.text) > groma_syntax::count_errors(&now);
            now = new.text;
            rounds += 1;
            assert!(rounds < 10, "corrections without an end: {now}");
        }
        let after = errors(&now);
        let line = WELL_INDENTED[..at].matches('\n').count();
        let shown = || {
            let lines: Vec<&str> = mistaken.lines().collect();
            let new: Vec<&str> = now.lines().filter(|line| !lines.contains(line)).collect();
            format!(
                "{before} to {after} without `{lacking}`: {}\n    now {new:?}",
                lines[line.min(lines.len() - 1)].trim()
            )
        };
        if after > before || is_worse {
            wrong.push(format!("worse, {}", shown()));
        } else if after > 0 {
            told += 1;
        } else if meaning(&now) == meant {
            restored += 1;
        } else {
            wrong.push(format!("other, {}", shown()));
        }
    }
    assert!(wrong.is_empty(), "{} of {positions}:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(several, 0, "not told once");
    assert!(positions >= 100 && restored >= 31 && restored + told == positions, "{positions}: {restored}, {told}");
}

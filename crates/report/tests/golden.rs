//! Every format of findings as it is written, and what documents of forecasts are made of.

use groma_base::{Diagnostic, FileId, Fix, Place, Range, Severity, Source, Sources, Span};
use groma_report::{
    Allow, By, Color, FindingsReport, Format, LeftOut, RuleWords, Suppression, forecast, render, sweep, what_if,
};
use groma_session::{Forecastable, Grid, MemoryFileSystem, Selection, Session, Snapshot, TradeOffs, WhatIf};
use groma_simulate::{Estimate, Judgement, Options, Reason, Unknown, Verdict};
use groma_testing::{goldens, shape};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name)
}

/// Two files, of which one has a name that means something in addresses, in workflow commands and in XML.
fn sources() -> Sources {
    let mut sources = Sources::default();
    for (path, text) in [
        ("main.groma", "system shop \"Shop\"\nsystem shop \"日本 \\\"x\\\"\" {\n\tservice a\n}\n"),
        ("odd, 100%:<a>&b.groma", "person p\np -> shpo \"Uses\"\n"),
    ] {
        let mut source = Source::new(path, text);
        source.place = Place::InRepository(format!("work/{path}"));
        sources.add(Arc::new(source));
    }
    sources
}

/// The words in a file.
fn at(sources: &Sources, file: u32, words: &str) -> Span {
    let text = &sources.get(FileId(file)).text;
    let start = text.find(words).unwrap_or_else(|| panic!("{words}")) as u32;
    Span::new(FileId(file), Range::new(start, start + words.len() as u32))
}

/// Findings with all that findings can have.
fn findings(sources: &Sources) -> Vec<Diagnostic> {
    let twice = Span::new(FileId(0), Range::new(26, 30));
    let name = at(sources, 1, "shpo");
    vec![
        Diagnostic::error("duplicate-name", twice, "`shop` is declared twice")
            .label("here")
            .secondary(at(sources, 0, "shop"), "first declared here")
            .note("a note, and \"quotes\" <tags> & more")
            .help("rename one of them"),
        Diagnostic::new(
            "lonely-element",
            Severity::Warning,
            at(sources, 0, "service a"),
            "nothing uses `a`: 100% sure,\nreally",
        ),
        Diagnostic {
            fixes: vec![Fix { message: "leave it out".to_owned(), edits: Vec::new() }],
            ..Diagnostic::error("unresolved-name", name, "there is no element called `shpo`")
        }
        .help("did you mean `shop`?")
        .fix("write `shop`", name, "shop"),
        Diagnostic::new(
            "open-question",
            Severity::Note,
            Span::new(FileId(1), Range::new(0, 0)),
            "at the very beginning",
        ),
    ]
}

/// Every format, and how the names of its golden files end.
const FORMATS: [(Format, &str); 5] = [
    (Format::Human, "txt"),
    (Format::Json, "json"),
    (Format::Sarif, "sarif"),
    (Format::Github, "github"),
    (Format::Junit, "xml"),
];

/// The pages of two rules; of the third there is none.
fn page_of_rule(name: &str) -> Option<std::borrow::Cow<'static, str>> {
    match name {
        "lonely-element" => Some("# lonely-element\n\nA page.\n".into()),
        "duplicate-name" => Some("# duplicate-name\n\nA standard.\n".into()),
        _ => None,
    }
}

#[test]
fn findings_in_every_format() {
    let sources = sources();
    let findings = findings(&sources);
    let allow = at(&sources, 0, "shop");
    let suppression = |finding, reason| Suppression {
        finding,
        by: By::Allow(Allow {
            at: allow,
            address: "system:shop / allow:lonely-element".to_owned(),
            reason,
            owner: reason.map(|_| "ana"),
            expires: reason.map(|_| "2026-12-31"),
        }),
    };
    let rule = |name, summary, address: Option<&str>, is_own| RuleWords {
        name,
        summary,
        address: address.map(str::to_owned),
        is_own,
    };
    let (address, own) = ("https://example.org/lonely_element.md", "https://example.org/rules");
    let rules = [
        rule("lonely-element", "what nothing uses & <nobody> knows", Some(address), false),
        rule("open-question", "a question that is \"open\"", None, false),
        rule("duplicate-name", "as if it were a standard", Some(own), true),
    ];
    let left_out = [LeftOut { rule: "lonely-element".into(), severity: Severity::Warning, count: 7 }];
    let report = FindingsReport {
        sources: &sources,
        findings: &findings,
        rules: &rules,
        page: &|name| page_of_rule(name),
        left_out: &left_out,
        suppressed: &[
            suppression(&findings[1], Some("it goes away &\n<soon>")),
            suppression(&findings[0], None),
            Suppression { finding: &findings[3], by: By::Baseline("work/old.baseline".to_owned()) },
        ],
        suppressed_left_out: &left_out,
        workspace: Some("shop & more"),
        ..FindingsReport::of(&sources, &[], &[])
    };
    let nothing = FindingsReport { findings: &[], left_out: &[], suppressed: &[], suppressed_left_out: &[], ..report };
    goldens(golden("findings"), |goldens| {
        for (format, ending) in FORMATS {
            goldens.check(&format!("some.{ending}"), &render(&report, format, Color::Never));
            goldens.check(&format!("none.{ending}"), &render(&nothing, format, Color::Never));
        }
    });
}

#[test]
fn programs_can_read_what_is_written_for_them() {
    let sources = sources();
    let findings = findings(&sources);
    let report = FindingsReport::of(&sources, &findings, &[]);
    let written = |format| render(&report, format, Color::Never);
    let json: Value = serde_json::from_str(&written(Format::Json)).unwrap();
    assert_eq!(json["findings"].as_array().unwrap().len(), findings.len());
    let sarif: Value = serde_json::from_str(&written(Format::Sarif)).unwrap();
    assert_eq!(sarif["runs"][0]["results"].as_array().unwrap().len(), findings.len());
    let junit = written(Format::Junit);
    roxmltree::Document::parse(&junit).unwrap_or_else(|error| panic!("{error}: {junit}"));
    // A workflow command is a line: a finding of two lines is still one.
    assert_eq!(written(Format::Github).lines().filter(|line| line.starts_with("::")).count(), findings.len());
    assert!(render(&report, Format::Human, Color::Always).contains('\u{1b}'));
    assert!(!written(Format::Human).contains('\u{1b}'));
}

fn snapshot() -> Snapshot {
    let files = MemoryFileSystem::new(&[("small.groma", include_str!("small.groma"))]);
    Session::open(&files, Path::new("small.groma")).unwrap().snapshot()
}

fn options() -> Options {
    Options { most_events: 300_000, ..Options::default() }
}

fn judged(workspace: &Forecastable<'_>) -> groma_simulate::Report {
    workspace.judge(&options(), &AtomicBool::new(false), &|_, _, _| {})
}

fn trade_offs(workspace: &Forecastable<'_>) -> TradeOffs {
    let words = ["shop.db.concurrency=10,20".to_owned(), "peak.rate=100/s,150/s".to_owned()];
    let Ok(grid) = Grid::new(&words) else { panic!("a grid") };
    let Ok(found) = workspace.trade_offs(
        &grid,
        &Selection { qualities: vec!["quality:back".to_owned()], ..Selection::default() },
        &options(),
        &AtomicBool::new(false),
        &|_| {},
    ) else {
        panic!("a table")
    };
    found
}

/// The first line of a table, and how many fields each line has.
fn columns(table: &str) -> String {
    let fields = |line: &str| line.split('"').step_by(2).collect::<String>().matches(',').count() + 1;
    let mut counts: Vec<usize> = table.lines().map(fields).collect();
    counts.dedup();
    assert!(table.lines().count() > 1, "{table}");
    format!("{}\nfields of each line: {counts:?}\n", table.lines().next().unwrap())
}

#[test]
fn documents_of_forecasts() {
    let snapshot = snapshot();
    let workspace = snapshot.forecastable().unwrap_or_else(|refusal| panic!("{:?}", refusal.findings));
    let report = judged(&workspace);
    let found = trade_offs(&workspace);
    goldens(golden("forecasts"), |goldens| {
        goldens.check("forecast.json.txt", &shape(&forecast::json(&snapshot.arch, &snapshot.sources, &report)));
        goldens.check("forecast.csv.txt", &columns(&forecast::csv(&snapshot.arch, &report, None)));
        goldens.check("sweep.json.txt", &shape(&sweep::json(&snapshot.arch, &found)));
        goldens.check("sweep.csv.txt", &columns(&sweep::csv(&snapshot.arch, &found)));
        goldens.check("sweep.txt", &sweep::human(&with_plain_numbers(found)));
        goldens.check("what-if.txt", &compared(&report));
    });
}

/// An estimate that no engine makes.
fn plainly(one: &mut Judgement, value: f64, verdict: Verdict) {
    one.verdict = verdict;
    one.reason = Reason::Unknown(Unknown::NoRequest);
    if let Some(estimate) = &mut one.estimate {
        (estimate.value, estimate.low, estimate.high) = (value, value * 0.9, value * 1.1);
    }
}

/// The table with numbers that no engine makes.
fn with_plain_numbers(mut found: TradeOffs) -> TradeOffs {
    let values = [(30.0, Verdict::Holds), (90.0, Verdict::Fails), (58.0, Verdict::TooClose), (30.0, Verdict::Holds)];
    for (point, (value, verdict)) in found.points.iter_mut().zip(values) {
        plainly(&mut point.report.judgements[0], value, verdict);
        plainly(&mut point.report.judgements[1], 0.002, Verdict::Holds);
    }
    found
}

/// What a change makes of judgements with numbers that no engine makes.
fn compared(report: &groma_simulate::Report) -> String {
    let with = |values: [f64; 2]| {
        let mut report = report.clone();
        report.judgements.retain(|one| one.estimate.is_some());
        report.judgements.truncate(2);
        for (one, value) in report.judgements.iter_mut().zip(values) {
            plainly(one, value, if value > 0.3 { Verdict::Fails } else { Verdict::Holds });
        }
        report
    };
    let (today, then) = (with([0.4, 0.2]), with([0.25, 0.2]));
    let apart = |value: f64, half: f64| {
        let estimate: Option<Estimate> = today.judgements[0].estimate.clone();
        estimate.map(|estimate| Estimate { value, low: value - half, high: value + half, ..estimate })
    };
    let differences = vec![apart(-0.15, 0.01), apart(0.0, 0.01)];
    let words = vec!["shop.db.concurrency=20".to_owned(), "peak.rate=100/s".to_owned()];
    what_if::human(&today, &WhatIf { words, report: then, differences })
}

//! `groma radar`: every format, what has moved, and radars of others.

mod common;

use common::{expect, groma_in, told, write};
use std::path::Path;

const COMPANY: &str = r#"
radar company "Company radar" date=2026-11-30 {
    ring adopt means="Safe to use"
    ring trial means="With permission"
    ring hold means="Not for new services"
}
technology typescript "TypeScript" ring=adopt rationale="Most of us write it."
technology rust "Rust" ring=trial
technology php "PHP" ring=hold
technology ours "Ours" ring=adopt
technology lost "Lost" ring=nowhere quadrant=tools
"#;

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("now/w.groma"), COMPANY);
    write(&folder.path().join("before.groma"), "technology rust ring=hold\ntechnology php ring=hold\n");
    folder
}

fn printed(folder: &Path, arguments: &[&str]) -> String {
    let output = groma_in(folder, arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", told(&output));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_radar_is_shown_in_every_format() {
    let folder = folder();
    let here = folder.path();
    for (format, begin) in [
        ("svg", "<svg "),
        ("html", "<!DOCTYPE html>"),
        ("csv", "name,ring,"),
        ("json", "["),
        ("text", "Company radar, 2026-11-30\n"),
    ] {
        let on_screen = printed(here, &["radar", "now", "--format", format]);
        assert!(on_screen.starts_with(begin), "{format}: {on_screen}");
        assert!(on_screen.contains("TypeScript") && on_screen.contains("Rust"), "{format}");
        let ending = if format == "text" { "txt" } else { format };
        let file = format!("radar.{ending}");
        printed(here, &["radar", "now", "--out", &file]);
        assert_eq!(std::fs::read_to_string(here.join(&file)).unwrap(), on_screen, "{format}");
    }
    assert_eq!(printed(here, &["radar", "now"]), printed(here, &["radar", "now", "--format", "text"]));
    printed(here, &["radar", "now", "--out", "radar.png", "--scale", "1"]);
    assert!(std::fs::read(here.join("radar.png")).unwrap().starts_with(b"\x89PNG"));
}

#[test]
fn what_moved_since_an_earlier_issue_is_told() {
    let folder = folder();
    let text = printed(folder.path(), &["radar", "now", "--since", "before.groma", "--format", "csv"]);
    assert!(text.contains("TypeScript,adopt,Languages & Frameworks,TRUE,new,Most"), "{text}");
    assert!(text.contains("Rust,trial,Languages & Frameworks,FALSE,moved in,"), "{text}");
    assert!(text.contains("PHP,hold,Languages & Frameworks,FALSE,no change,"), "{text}");
    let svg = printed(folder.path(), &["radar", "now", "--since", "before.groma", "--format", "svg"]);
    assert!(svg.contains("moved in, the tip shows inwards"));
}

#[test]
fn what_is_left_out_is_told_with_its_place() {
    let folder = folder();
    let output = groma_in(folder.path(), &["radar", "now"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("w.groma:10:12: `ours` is in a ring, and it is not known in which quadrant"), "{said}");
    assert!(said.contains("w.groma:11:12: `lost` is in the ring `nowhere`, which the radar lacks"), "{said}");
}

#[test]
fn a_wrong_call_says_what_to_do() {
    let folder = folder();
    let here = folder.path();
    write(&here.join("none.groma"), "system s \"S\"\n");
    expect(here, &["radar", "none.groma"], 2, "no technology in it is in a ring");
    expect(here, &["radar", "now", "--out", "radar.gif"], 2, "add `--format svg`");
    expect(here, &["radar", "now", "--out", "radar.csv", "--format", "json"], 2, "correct one of the two");
    expect(here, &["radar", "now", "--scale", "100"], 2, "between 0.1 and 10");
    expect(here, &["radar", "nowhere"], 2, "nowhere");
    expect(here, &["radar", "now", "--since", "nowhere"], 2, "nowhere");
    expect(here, &["radar", "--import", "nowhere.csv"], 2, "nowhere.csv");
    expect(here, &["radar", "--import", "now", "--format", "csv"], 2, "cannot be used with");
}

#[test]
fn a_radar_of_others_becomes_text() {
    let folder = folder();
    let here = folder.path();
    let head = "name,ring,quadrant,isNew,description\n";
    write(&here.join("good.csv"), &format!("{head}Go,Trial,Languages & Frameworks,TRUE,\"<p>Fast</p>\"\n"));
    let text = printed(here, &["radar", "--import", "good.csv"]);
    assert!(text.contains("technology go \"Go\" ring=trial {\n    rationale \"Fast\"\n}"), "{text}");
    write(&here.join("half.csv"), &format!("{head}Go,trial,tools,,\nPHP,never,tools,,\n"));
    expect(here, &["radar", "--import", "half.csv"], 1, "half.csv:3: there is no ring `never`, so `PHP` is left out");
    write(&here.join("none.csv"), head);
    expect(here, &["radar", "--import", "none.csv"], 2, "nothing in `none.csv` could be read");
    write(&here.join("wrong.json"), "{}");
    expect(here, &["radar", "--import", "wrong.json"], 2, "wrong.json:1: the file is no list in JSON");
    std::fs::write(here.join("bytes.csv"), b"name,ring,quadrant\n\xff,adopt,tools\n").unwrap();
    expect(here, &["radar", "--import", "bytes.csv"], 2, "bytes.csv");
    // A hole of a gigabyte is not read.
    std::fs::File::create(here.join("large.csv")).unwrap().set_len(1 << 30).unwrap();
    expect(here, &["radar", "--import", "large.csv"], 2, "at most 10 MB are read");
    // With the rings of a workspace, and into a file that is a workspace.
    printed(here, &["radar", "now", "--format", "csv", "--out", "ours.csv"]);
    write(&here.join("own.groma"), "radar r { ring in; ring out }\n");
    write(&here.join("own.csv"), &format!("{head}Go,in,tools,,\n"));
    printed(here, &["radar", "own.groma", "--import", "own.csv", "--out", "imported.groma"]);
    let again = printed(here, &["radar", "imported.groma", "--format", "csv"]);
    assert!(again.contains("Go,in,Tools,FALSE,no change,"), "{again}");
    expect(here, &["fmt", "--check", "imported.groma"], 0, "");
}

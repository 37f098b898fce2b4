//! Titles that mean something to the formats they are written into: they stay texts there.

mod common;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Escapes of the language are doubled for this file's own strings: what stands here is what a user would write.
const HOSTILE: &[&str] = &[
    r#""\" onload=\"alert(1)""#,
    r#""</text></svg><script>alert(1)</script>""#,
    r#""]]> &amp; <![CDATA[""#,
    r#""one\n@enduml\nend\n---""#,
    r#""%% ; # { } [ ] ( ) | ` ~~~""#,
    r#""*/ // \\ $x ${y} %0A::error::z""#,
    r#""\u{202E}abc\u{0007}\u{200B}\t\u{85}x\u{2028}y""#,
    r#""日本語 العربية 👩‍💻""#,
];

fn groma(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_groma")).args(arguments).output().expect("groma runs")
}

fn workspace(title: &str) -> String {
    format!(
        "workspace w {title} {{ summary {title} }}\nperson p {title} description={title}\nsystem s {title} owner={title} description={title} {{\n    service a {title} technology={title} description={title}\n    database b {title} technology={title}\n    a -> b {title} protocol={title}\n}}\np -> s.a {title}\nflow f {title} {{\n    p -> s.a {title} reply={title} {{\n        chance 5% {title} {{ s.a -> s.b {title} }}\n    }}\n}}\nrequirement r {title} {{ realized-by s.a }}\ndeployment d {title} {{\n    host h {title} {{ instance s.a; instance s.b }}\n}}\n"
    )
}

/// What a format makes of the text, view by view.
fn drawn(folder: &std::path::Path, title: &str, format: &str) -> Vec<(String, Vec<u8>)> {
    let source = folder.join("w.groma");
    std::fs::write(&source, workspace(title)).unwrap();
    let out = folder.join(format);
    let output =
        groma(&["draw", source.to_str().unwrap(), "--all", "--format", format, "--out", out.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0), "{format} {title}: {}", String::from_utf8_lossy(&output.stderr));
    let mut found: Vec<(String, Vec<u8>)> = std::fs::read_dir(&out)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().to_string_lossy().into_owned(), std::fs::read(entry.path()).unwrap()))
        .filter(|(name, _)| !name.starts_with('.'))
        .collect();
    found.sort();
    found
}

fn is_xml(text: &[u8], what: &str) {
    let text = std::str::from_utf8(text).unwrap();
    if let Err(error) = roxmltree::Document::parse(text) {
        panic!("{what}: {error}");
    }
}

#[test]
fn pictures_keep_texts_texts() {
    let folder = tempfile::tempdir().unwrap();
    for format in common::text_formats().chain(["png"]) {
        let plain = drawn(folder.path(), "\"Plain\"", format);
        assert!(plain.len() > 3, "{format}");
        for title in HOSTILE {
            let hostile = drawn(folder.path(), title, format);
            for ((name, before), (_, after)) in plain.iter().zip(&hostile) {
                let lines = |bytes: &[u8]| bytes.iter().filter(|byte| **byte == b'\n').count();
                match format {
                    "svg" => is_xml(after, &format!("{name} {title}")),
                    "scene" => drop(serde_json::from_slice::<serde_json::Value>(after).unwrap()),
                    "mermaid" | "plantuml" | "dot" => {
                        assert_eq!(lines(before), lines(after), "{name} {title}:\n{}", String::from_utf8_lossy(after))
                    }
                    _ => assert!(!after.is_empty()),
                }
            }
        }
    }
}

#[test]
fn reports_keep_texts_texts() {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("w.groma");
    for title in HOSTILE {
        std::fs::write(&source, workspace(title)).unwrap();
        let report = |format: &str| {
            let output = groma(&["check", source.to_str().unwrap(), "--format", format]);
            assert!(output.status.code().is_some_and(|code| code < 2), "{format} {title}");
            output.stdout
        };
        let json: serde_json::Value = serde_json::from_slice(&report("json")).unwrap();
        let found = json["findings"].as_array().unwrap().len();
        assert!(found > 0);
        let sarif: serde_json::Value = serde_json::from_slice(&report("sarif")).unwrap();
        assert_eq!(sarif["runs"][0]["results"].as_array().unwrap().len(), found);
        is_xml(&report("junit"), title);
        let github = String::from_utf8(report("github")).unwrap();
        assert_eq!(github.lines().count(), found, "{github}");
    }
}

#[test]
fn of_many_findings_some_are_shown_and_all_are_counted() {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("w.groma");
    let repeated = 1_200;
    let text = "a -> b \"Calls\"\n".repeat(repeated + 1);
    std::fs::write(&source, format!("system s \"S\" owner=o {{\nservice a\nservice b\n{text}}}\n")).unwrap();
    let report = |format: &str, fail_on: &str| {
        let rule = ["--rule", "repeated-relationship"];
        let path = source.to_str().unwrap();
        groma(&[&["check", path, "--format", format, "--fail-on", fail_on], &rule[..]].concat())
    };
    let left_out = repeated - 1_000;
    let output = report("json", "warning");
    assert_eq!(output.status.code(), Some(1));
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["findings"].as_array().unwrap().len(), 1_000);
    assert_eq!(json["left_out"][0]["count"], left_out);
    let told = format!("{left_out} more");
    for format in ["human", "sarif", "github", "junit"] {
        let output = report(format, "error");
        assert_eq!(output.status.code(), Some(0));
        assert!(String::from_utf8(output.stdout).unwrap().contains(&told), "{format}");
    }
    let human = report("human", "error");
    assert!(String::from_utf8(human.stderr).unwrap().contains(&format!("{repeated} warnings")));
}

#[test]
fn pages_keep_texts_texts() {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("w.groma");
    for (at, title) in HOSTILE.iter().enumerate() {
        std::fs::write(&source, workspace(title)).unwrap();
        let out = folder.path().join(at.to_string());
        let output = groma(&["build", source.to_str().unwrap(), "--out", out.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(0), "{title}: {}", String::from_utf8_lossy(&output.stderr));
        let mut pending = vec![out];
        while let Some(path) = pending.pop() {
            if path.is_dir() {
                pending.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            } else if path.extension().is_some_and(|ending| ending == "html") {
                let page = std::fs::read_to_string(&path).unwrap();
                assert!(!page.contains("<script>alert"), "{}", path.display());
                assert!(!page.contains("\" onload="), "{}", path.display());
            }
        }
    }
}

/// What a terminal would take for a command, or for an order to read backwards.
fn commands(character: char) -> bool {
    (character.is_control() && !matches!(character, '\n' | '\t'))
        || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// What would be a command to a terminal.
const COMMANDS: &str = "\u{1b}[31m\u{9b}2J\u{1b}]0;x\u{7}\u{7f}\u{202e}\u{2066}\u{85}";

/// Workspaces with such texts: one that is good, which is returned, and `bad` and `wrong` beside it.
fn write_hostile(folder: &Path) -> PathBuf {
    let hostile = COMMANDS;
    // A name of a file cannot hold all of it everywhere, but here it can.
    let root = folder.join(format!("w{hostile}"));
    let title = "\"\\u{1b}[31m\\u{9b}2J\\u{1b}]0;x\\u{7}\\u{202e}\\u{2066}y\u{9b}2J\"";
    let flow = "load l \"L\" rate=10/s\nquality q \"Q\" { require p95 flow=f under=1s }\nperson  z \"Z\"\n";
    common::write(&root.join(format!("good{hostile}.groma")), &(workspace(title) + flow));
    common::write(&folder.join("bad/a.groma"), &format!("person \u{1b}[31m\u{202e} \"\u{9b}\" {hostile}=\u{1b}\n"));
    common::write(
        &folder.join("wrong/a.groma"),
        "person p \"P\" \"\u{9b}2J\\u{202e}\"=1 tags=\"\\u{1b}[31m\"\np -> \"\\u{1b}x\" y\n",
    );
    root
}

/// Titles, names of files, words of the command line, unreadable text: whatever is told of them commands no terminal.
#[test]
fn no_text_reaches_a_terminal_as_a_command() {
    let folder = tempfile::tempdir().unwrap();
    let hostile = COMMANDS;
    let root = write_hostile(folder.path());
    let root = root.to_str().unwrap();
    for arguments in [
        &["check", root][..],
        &["check", root, "--format", "json"],
        &["check", root, "--format", "sarif"],
        &["check", root, "--format", "github"],
        &["check", root, "--format", "junit"],
        &["check", "bad"],
        &["check", "bad", "--format", "json"],
        &["check", "wrong"],
        &["check", "wrong", "--format", "sarif"],
        &["fmt", "--check", root],
        &["fmt", "--check", "bad"],
        &["query", "**", root],
        &["query", "**", root, "--format", "json"],
        &["query", hostile, root],
        &["environments", root],
        &["environments", root, "--format", "csv"],
        &["explain", hostile],
        &["draw", root],
        &["draw", root, "--view", hostile],
        &["draw", root, "--view", "s-containers", "--format", "ascii"],
        &["simulate", root],
        &["simulate", root, "--format", "json"],
        &["simulate", root, "--what-if", hostile],
        &["sweep", root, "--vary", "s.a.replicas=1..2"],
        &["sweep", root, "--vary", hostile],
        &["tree", &format!("{root}/good{hostile}.groma")],
        &["tree", &format!("{root}/good{hostile}.groma"), "--format", "json"],
        &["tree", "bad/a.groma"],
        &[hostile],
        &["check", "--format", hostile],
        &["check", hostile],
        &["build", root, "--out", "bad"],
        &["build", root, "--out", &format!("site{hostile}"), "--no-forecast"],
    ] {
        let output = common::groma_in(folder.path(), arguments);
        let told = common::told(&output);
        assert!(!told.is_empty(), "{arguments:?}");
        assert_eq!(told.chars().find(|one| commands(*one)), None, "{arguments:?}: {told:?}");
        if arguments.ends_with(&["json"]) || arguments.ends_with(&["sarif"]) {
            let parsed: serde_json::Result<serde_json::Value> = serde_json::from_slice(&output.stdout);
            assert!(parsed.is_ok(), "{arguments:?}: {told}");
        }
    }
    // What is escaped in JSON is the same text.
    let listed = common::groma_in(folder.path(), &["query", "s", root, "--format", "json"]).stdout;
    let listed: serde_json::Value = serde_json::from_slice(&listed).unwrap();
    assert!(listed["things"][0]["title"].as_str().unwrap().contains("\u{1b}[31m\u{9b}2J"), "{listed}");
}

/// Columns are as wide as what stands in them, but no wider than can be written.
#[test]
fn a_name_of_any_length_stands_in_a_table() {
    let folder = tempfile::tempdir().unwrap();
    let long = "n".repeat(70_000);
    let path = folder.path().join("w.groma");
    let text = format!(
        "system {long} \"{long}\" technology=\"{long} 1\"\ntechnology {long} \"{long}\" category=language ring=adopt\n\
         person p \"P\"\np -> {long} \"Asks\"\nflow {long} \"{long}\" {{ p -> {long} }}\n\
         load {long} \"{long}\" {{ rate 1/s; mix {long}; }}\nview {long} \"{long}\" show=context\n"
    );
    std::fs::write(&path, text).unwrap();
    let path = path.to_str().unwrap();
    for call in [
        &["check", path][..],
        &["query", "any", path],
        &["draw", path],
        &["radar", path],
        &["simulate", path],
        &["tree", path],
        &["explain", &long, path],
    ] {
        let answer = groma(call);
        let told = String::from_utf8_lossy(&answer.stderr);
        assert_eq!(answer.status.code(), Some(0), "{}: {}", call[0], &told[..told.len().min(500)]);
    }
}

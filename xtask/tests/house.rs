//! What is true of the code itself: how long its functions and files are, which modules know which, and that the picture of
//! the crates is the one that Cargo has.

mod source;

use serde_json::Value;
use source::{Code, Source};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

/// A file has no more lines than this.
const LONGEST_FILE: usize = 600;
/// A function has no more lines than this, unless a comment at it says `Long because …`.
const LONGEST_FUNCTION: usize = 60;

/// Every Rust file below these folders.
fn sources(folders: &[&str]) -> Vec<Source> {
    let mut found = Vec::new();
    folders.iter().for_each(|folder| read(&xtask::root().join(folder), &mut found));
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn read(folder: &Path, found: &mut Vec<Source>) {
    for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            read(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let name = path.strip_prefix(xtask::root()).unwrap().to_string_lossy().replace('\\', "/");
            found.push(Source { path: name, text: std::fs::read_to_string(path).unwrap() });
        }
    }
}

const ALL: &[&str] = &["crates", "xtask", "testing", "benches", "fuzz/fuzz_targets"];

#[test]
fn no_file_is_long() {
    let long: Vec<String> = sources(ALL)
        .iter()
        .map(|source| (source.text.lines().count(), &source.path))
        .filter(|(lines, _)| *lines > LONGEST_FILE)
        .map(|(lines, path)| format!("{path} has {lines} lines"))
        .collect();
    assert!(long.is_empty(), "{long:#?}");
}

#[test]
fn no_function_is_long_without_a_reason() {
    let (mut long, mut seen) = (Vec::new(), 0);
    for source in sources(ALL) {
        for function in Code::of(&source.text).functions() {
            seen += 1;
            if function.lines > LONGEST_FUNCTION && !source.says_why(&function) {
                let (path, name, lines) = (&source.path, &function.name, function.lines);
                long.push(format!(
                    "{path}: `{name}` has {lines} lines: split it, or say `Long because …` in a comment"
                ));
            }
        }
    }
    assert!(long.is_empty(), "{long:#?}");
    assert!(seen > 3_000, "{seen}");
}

/// Modules that know each other by design, by what is around them.
const KNOTS: &[(&str, &[&str])] = &[
    // A facet's folder says how it is joined, the linker goes through all facets, and both fill the tables in which things of
    // every facet stand, which `names` looks up and `references` joins; `kinds` goes through all declarations, and linking and the facets'
    // own part of it ask it and `misplaced` for the words of messages. All else knows these one way.
    ("model::", &["architecture", "entity", "facets", "kinds", "link", "misplaced", "names", "references"]),
    // The language has circles, so facets name each other's classes and facts: a quality is judged under a load, a load tests a quality;
    // an `allow` stands in everything, is part of the workspace, whose kits add to elements, and may name a standard; a load may run on a
    // deployment, and a requirement may name technologies; a decision names what it decides, which names the decision. What all facets have in
    // common (`owner`,
    // `realizes`) names teams and requirements.
    (
        "model::facets",
        &[
            "common",
            "decisions",
            "deployment",
            "flows",
            "loads",
            "people",
            "requirements",
            "standards",
            "structure",
            "technologies",
            "workspace",
        ],
    ),
];

/// To say no to a yes-or-no fact is to give it as well: whoever asks only whether it is given takes that for a yes.
#[test]
fn no_yes_or_no_fact_is_asked_whether_it_is_given() {
    // Who has said no has decided, which is all that is asked there.
    const DECIDED: [&str; 2] = ["check/src/rules/unclear_retry.rs IDEMPOTENT", "site/src/flows.rs ASYNC"];
    let all = sources(&["crates"]);
    let flags = all.iter().filter(|source| source.path.contains("/facets/")).flat_map(|source| {
        let declared = source.text.split("pub static ").skip(1).filter_map(|rest| rest.split_once(": Fact ="));
        declared.filter(|(_, what)| what.split(';').next().is_some_and(|what| what.contains("Type::Bool")))
    });
    let flags: BTreeSet<&str> = flags.map(|(name, _)| name).collect();
    assert!(flags.len() >= 15, "{flags:?}");
    let mut wrong = BTreeSet::new();
    for source in all.iter().filter(|source| source.path.contains("/src/")) {
        let text: String = source.text.split_whitespace().collect();
        for (before, _) in [").is_some()", ").is_none()", ").map(|_|"].iter().flat_map(|asked| ends(&text, asked)) {
            let name = before.rsplit([':', '&', ',', '(']).next().unwrap_or_default();
            if flags.contains(name) {
                wrong.insert(format!("{} {name}", source.path.trim_start_matches("crates/")));
            }
        }
    }
    assert_eq!(wrong, BTreeSet::from(DECIDED.map(str::to_owned)), "ask `arch.is` or `FactValue::flag`");
}

/// What stands before and after each place at which some words stand.
fn ends<'t>(text: &'t str, words: &str) -> impl Iterator<Item = (&'t str, &'t str)> {
    text.match_indices(words).map(|(at, words)| (&text[..at], &text[at + words.len()..]))
}

/// The modules that stand beside each other know each other one way: none is left when those that know none of the rest are taken
/// away again and again. What the module around them itself defines is known to all of them.
#[test]
fn modules_make_no_circle() {
    let mut crates: BTreeMap<String, Vec<Source>> = BTreeMap::new();
    for source in sources(&["crates"]) {
        let name = source.path.split('/').nth(1).unwrap().to_owned();
        if source.path.contains("/src/") && !source.path.ends_with("tests.rs") && !source.path.contains("/src/tests/") {
            crates.entry(name).or_default().push(source);
        }
    }
    let mut knots = Vec::new();
    for (name, sources) in crates {
        for (around, modules) in source::knowledge(&sources) {
            let knot = knot(modules);
            if !knot.is_empty() {
                knots.push((format!("{name}::{around}"), knot));
            }
        }
    }
    let is_designed = |(around, knot): &(String, BTreeMap<String, BTreeSet<String>>)| {
        KNOTS.iter().any(|(other, known)| around == other && knot.keys().eq(known.iter()))
    };
    let (designed, others): (Vec<_>, Vec<_>) = knots.into_iter().partition(is_designed);
    assert!(others.is_empty(), "these know each other, or what does: {others:#?}");
    assert_eq!(designed.len(), KNOTS.len(), "what stands in `KNOTS` and is none");
}

/// Of modules, by whom each knows, those of circles.
fn knot(mut modules: BTreeMap<String, BTreeSet<String>>) -> BTreeMap<String, BTreeSet<String>> {
    loop {
        let left: BTreeSet<String> = modules.keys().cloned().collect();
        modules.retain(|_, others| others.iter().any(|other| left.contains(other)));
        if modules.len() == left.len() {
            break;
        }
    }
    // What only knows the circle is no part of it.
    loop {
        let known: BTreeSet<String> = modules.values().flatten().cloned().collect();
        let before = modules.len();
        modules.retain(|module, _| known.contains(module));
        if modules.len() == before {
            break;
        }
    }
    let all: BTreeSet<String> = modules.keys().cloned().collect();
    modules.values_mut().for_each(|known| known.retain(|module| all.contains(module)));
    modules
}

fn metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(xtask::root())
        .output()
        .expect("cargo runs");
    serde_json::from_slice(&output.stdout).expect("cargo metadata is JSON")
}

/// A crate as Groma's own workspace calls it.
fn component(name: &str) -> String {
    if name == "groma" { "command".to_owned() } else { name.trim_start_matches("groma-").to_owned() }
}

/// Groma's own workspace draws the dependencies between the crates that Cargo has, and no other.
#[test]
fn the_architecture_workspace_has_the_dependencies_of_the_manifests() {
    let metadata = metadata();
    let layers: Vec<&str> =
        metadata["metadata"]["groma"]["layers"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    let mut real = BTreeSet::new();
    for package in metadata["packages"].as_array().unwrap() {
        let name = package["name"].as_str().unwrap();
        let dependencies = package["dependencies"].as_array().unwrap().iter().filter(|one| one["kind"].is_null());
        let ours = dependencies.filter_map(|one| one["name"].as_str()).filter(|other| layers.contains(other));
        real.extend(
            ours.filter(|_| layers.contains(&name)).map(|other| format!("{} -> {}", component(name), component(other))),
        );
    }
    let text = std::fs::read_to_string(xtask::root().join("architecture/groma.groma")).unwrap();
    let (_, inside) = text.split_once("system groma").unwrap();
    let arrow = |line: &str| {
        let mut words = line.split_whitespace();
        let (from, arrow, to) = (words.next()?, words.next()?, words.next()?);
        (line.starts_with("        ") && arrow == "->" && !from.contains('.')).then(|| format!("{from} -> {to}"))
    };
    let drawn: BTreeSet<String> = inside.lines().filter_map(arrow).collect();
    let missing: Vec<&String> = real.difference(&drawn).collect();
    let extra: Vec<&String> = drawn.difference(&real).collect();
    assert!(
        missing.is_empty() && extra.is_empty(),
        "architecture/groma.groma lacks {missing:?} and has {extra:?} too many"
    );
    let is_allowed = text.lines().any(|line| line.trim_start().starts_with("allow "));
    assert!(!is_allowed, "Groma keeps its own rules without an `allow`");
}

//! What must be true of the repository as a whole.

use groma_model::facets::own_facts::OwnFacts;
use groma_model::schema::{Head, Kind};
use serde_json::Value;
use std::collections::BTreeSet;
use std::process::Command;

fn metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(xtask::root())
        .output()
        .expect("cargo runs");
    serde_json::from_slice(&output.stdout).expect("cargo metadata is JSON")
}

#[test]
fn dependencies_point_down_the_layers_only() {
    let metadata = metadata();
    let layers: Vec<&str> =
        metadata["metadata"]["groma"]["layers"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    let place = |name: &str| layers.iter().position(|layer| *layer == name);
    let mut wrong = Vec::new();
    for package in metadata["packages"].as_array().unwrap() {
        let name = package["name"].as_str().unwrap();
        if ["xtask", "groma-benches", "groma-testing"].contains(&name) {
            continue;
        }
        let Some(own) = place(name) else {
            wrong.push(format!("{name} is in no layer: add it to [workspace.metadata.groma] in Cargo.toml"));
            continue;
        };
        for dependency in package["dependencies"].as_array().unwrap() {
            let other = dependency["name"].as_str().unwrap();
            let development = dependency["kind"] == "dev";
            if !development && place(other).is_some_and(|other| other >= own) {
                wrong.push(format!("{name} must not depend on {other}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The sources of a crate, as one text.
fn sources(folder: &std::path::Path) -> String {
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths
        .map(|path| if path.is_dir() { sources(&path) } else { std::fs::read_to_string(&path).unwrap_or_default() })
        .collect()
}

#[test]
fn every_forecast_passes_the_gate() {
    let metadata = metadata();
    let layers = metadata["metadata"]["groma"]["layers"].as_array().unwrap();
    let names = layers.iter().filter_map(Value::as_str);
    for front_end in names.skip_while(|name| *name != "groma-session").skip(1) {
        let folder = front_end.strip_prefix("groma-").unwrap_or(front_end);
        let text = sources(&xtask::root().join("crates").join(folder).join("src"));
        let imports = text.split("use groma_simulate::").skip(1).filter_map(|rest| rest.split(';').next());
        let words = |text: &str| text.split(|c: char| !c.is_alphanumeric() && c != '_').any(|w| w.starts_with("judge"));
        let is_around = text.contains("groma_simulate::judge") || imports.into_iter().any(words);
        assert!(!is_around, "{front_end} forecasts past the gate: ask `groma_session::Snapshot::forecastable`");
    }
}

#[test]
fn the_map_names_every_crate_and_no_other() {
    let map = std::fs::read_to_string(xtask::root().join("ARCHITECTURE.md")).unwrap();
    let mut named: Vec<String> = map
        .lines()
        .filter_map(|line| line.strip_prefix("| `crates/"))
        .filter_map(|rest| rest.split('`').next())
        .map(|name| name.trim_end_matches('/').to_owned())
        .collect();
    named.sort();
    let mut real: Vec<String> = std::fs::read_dir(xtask::root().join("crates"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    real.sort();
    assert_eq!(named, real);
    assert!(map.lines().count() < 200, "the map must stay short");
}

#[test]
fn generated_files_are_fresh() {
    for (path, content) in xtask::generated::files() {
        let written = std::fs::read_to_string(xtask::root().join(path)).unwrap_or_default();
        assert!(written == content, "{path} is stale: run `cargo xtask generate`");
    }
}

#[test]
fn the_architecture_workspace_names_every_crate() {
    let text = std::fs::read_to_string(xtask::root().join("architecture/groma.groma")).unwrap();
    let words = text.lines().filter_map(|line| line.trim().strip_prefix("component "));
    let mut named: Vec<&str> = words.filter_map(|rest| rest.split('"').nth(1)).collect();
    named.sort_unstable();
    let metadata = metadata();
    let layers = metadata["metadata"]["groma"]["layers"].as_array().unwrap();
    let mut real: Vec<&str> =
        layers.iter().filter_map(Value::as_str).map(|name| name.strip_prefix("groma-").unwrap_or(name)).collect();
    real.sort_unstable();
    assert_eq!(named, real);
}

/// The trees of all `.groma` files below a folder, as `groma tree --format json` prints them.
fn trees(folder: &std::path::Path, found: &mut Vec<(String, Value)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            trees(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "groma") {
            let (tree, errors) = groma_syntax::parse(std::fs::read_to_string(&path).unwrap());
            assert!(errors.is_empty(), "{}", path.display());
            found.push((path.display().to_string(), groma_syntax::print::json(&tree)));
        }
    }
}

#[test]
fn the_examples_are_valid_by_the_json_schema() {
    // One of them declares facts of its own.
    let declared = std::fs::read_to_string(xtask::root().join("examples/company/kit/facts.groma")).unwrap();
    let (tree, _) = groma_syntax::parse(declared);
    let declared = std::sync::Arc::new(groma_model::decode::decode(groma_base::FileId(0), &tree));
    let own_facts = OwnFacts::declared(std::iter::once(&declared));
    assert!(own_facts.all().len() > 3);
    let schema = groma_model::json_schema(&own_facts);
    let validator = jsonschema::validator_for(&schema).expect("the schema is one");
    let mut found = Vec::new();
    for folder in ["examples", "architecture"] {
        trees(&xtask::root().join(folder), &mut found);
    }
    assert!(found.len() > 3);
    for (path, tree) in found {
        for node in tree["nodes"].as_array().unwrap() {
            let one = serde_json::json!({ "version": 1, "nodes": [node] });
            assert!(validator.is_valid(&one), "{path}: {}", serde_json::to_string_pretty(node).unwrap());
        }
    }
}

#[test]
fn the_json_schema_refuses_what_does_not_decode() {
    let schema = groma_model::json_schema(&OwnFacts::default());
    let validator = jsonschema::validator_for(&schema).expect("the schema is one");
    for wrong in [
        "system shop colour=red",
        "quality q { require p95 under=#true }",
        "quality q priority=sometimes",
        "person { }",
        "system s { service api { replicas many } }",
        "system s { a -> b { timeout 10 } }",
    ] {
        let (tree, errors) = groma_syntax::parse(wrong.to_owned());
        assert!(errors.is_empty());
        assert!(!validator.is_valid(&groma_syntax::print::json(&tree)), "{wrong}");
    }
}

/// Problems of reading, other than that what a piece names stands elsewhere.
fn unreadable(text: &str) -> Vec<String> {
    let (tree, errors) = groma_syntax::parse(text.to_owned());
    let mut problems: Vec<String> = errors.into_iter().map(|error| error.message).collect();
    let model = groma_model::decode::decode(groma_base::FileId(0), &tree);
    problems.extend(model.problems.into_iter().map(|problem| problem.message));
    problems
}

/// A part of something inside of what may hold it, up to the top of a file.
fn within_its_home(kind: &Kind, text: String) -> String {
    if kind.may_stand_in(None) {
        return text;
    }
    let named = |home: &&Kind| matches!(home.head, Head::Named);
    let titled = |home: &&Kind| matches!(home.head, Head::Title);
    let is_home = |home: &&Kind| *home != kind && kind.may_stand_in(Some(home));
    let mut homes = groma_model::kinds::all().filter(is_home);
    let mut others = homes.clone().filter(titled);
    let home = homes.find(named).or_else(|| others.next()).expect("something holds it");
    let name = if named(&home) { " x" } else { "" };
    within_its_home(home, format!("{}{name} {{\n{text}\n}}", home.name))
}

#[test]
fn the_examples_of_kinds_can_be_read() {
    for kind in groma_model::kinds::all() {
        // Some show the whole that the kind is a part of.
        let is_part = kind.example.starts_with(kind.name) || matches!(kind.head, Head::Arrow);
        let text = if is_part { within_its_home(kind, kind.example.to_owned()) } else { kind.example.to_owned() };
        assert_eq!(unreadable(&text), Vec::<String>::new(), "the example of {}", kind.name);
    }
}

#[test]
fn the_code_in_the_docs_can_be_read() {
    let root = xtask::root();
    let mut pages = vec![root.join("README.md"), root.join("CONTRIBUTING.md"), root.join("docs/first-architecture.md")];
    pages.extend(std::fs::read_dir(root.join("docs/examples")).unwrap().map(|entry| entry.unwrap().path()));
    let mut blocks = 0;
    for page in pages {
        let text = std::fs::read_to_string(&page).unwrap();
        for block in text.split("```groma\n").skip(1) {
            let code = block.split("```").next().unwrap().replace('…', "\"\"");
            // What is a part of a system is shown without it.
            let inside = format!("system s {{\n{code}\n}}");
            let problems = unreadable(&code);
            assert!(problems.is_empty() || unreadable(&inside).is_empty(), "{}:\n{code}\n{problems:?}", page.display());
            blocks += 1;
        }
    }
    assert!(blocks > 5);
}

/// The README's first command is `cargo run`, without saying of what.
#[test]
fn cargo_run_runs_the_command() {
    let metadata = metadata();
    let default: Vec<&str> =
        metadata["workspace_default_members"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    let [only] = default.as_slice() else { panic!("{default:?}") };
    assert!(only.contains("/crates/groma#"), "{only}");
}

/// The text of every Rust file of the crates, with its path from the root.
fn rust_files() -> Vec<(String, String)> {
    let root = xtask::root();
    let mut folders = vec![root.join("crates")];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else if entry.extension().is_some_and(|extension| extension == "rs") {
                let path = entry.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
                found.push((path, std::fs::read_to_string(entry).unwrap()));
            }
        }
    }
    found
}

/// The facets of records of which code elsewhere makes something, each with what that is.
const MADE_SOMETHING_OF: [(&str, &str); 9] = [
    ("workspace", "it says how all else is read, and which findings are suppressed"),
    ("own_facts", "what it declares is part of the language"),
    ("decisions", "records in Markdown are read as such, and are called by their numbers"),
    ("signatures", "what they bind is told by a form of all that there is"),
    ("standards", "they are asked as queries, and findings bear their names"),
    ("requirements", "forecasts are judged by qualities"),
    ("loads", "forecasts are made of them"),
    ("technologies", "the stack and its radar are told of them, and elements name them by their texts"),
    ("views", "pictures are drawn of them"),
];

/// Where else one of the others is named, and why.
const NAMED_IN: [(&str, &str, &str); 4] = [
    ("kits", "crates/model/src/architecture.rs", "whether all that there is is a kit"),
    ("kits", "crates/model/src/link/mod.rs", "which file is part of which kit is decided once, for all files"),
    ("people", "crates/model/src/difference/values.rs", "whether owners are names, or words in which no case matters"),
    ("people", "crates/model/src/signing/person.rs", "who may sign is a member of a team"),
];

/// What is said of a facet of records stands in its folder, in the list of facets and in tests; a rule may be about it.
#[test]
fn a_facet_of_records_touches_one_folder() {
    let files: Vec<(String, String)> = rust_files()
        .into_iter()
        .filter(|(path, _)| !path.contains("/tests") && !path.starts_with("crates/check/src/rules/"))
        .map(|(path, text)| (path, text.split("#[cfg(test)]").next().unwrap_or_default().to_owned()))
        .collect();
    let (mut found, mut told) = (Vec::new(), Vec::new());
    for facet in groma_model::facets::FACETS {
        let folder = format!("crates/model/src/facets/{}/", facet.name);
        let own: String = files.iter().filter(|(path, _)| path.starts_with(&folder)).map(|(_, text)| &**text).collect();
        if !own.contains("Facet::of_records(") {
            continue;
        }
        found.push(facet.name);
        let classes = own.split("pub static ").filter_map(|rest| rest.split_once(": Class"));
        let mut names: Vec<String> = classes.map(|(name, _)| format!("class::{name}")).collect();
        names.push(format!("facets::{}", facet.name));
        let elsewhere = files.iter().filter(|(path, text)| {
            !path.starts_with("crates/model/src/facets/") && names.iter().any(|name| has_path(text, name))
        });
        let elsewhere: Vec<&str> = elsewhere.map(|(path, _)| &**path).collect();
        let is_of_use = MADE_SOMETHING_OF.iter().any(|(name, _)| *name == facet.name);
        match is_of_use {
            true => assert!(!elsewhere.is_empty(), "nothing is made of {}: take it off the list", facet.name),
            false => told.extend(elsewhere.into_iter().map(|path| (facet.name, path))),
        }
    }
    told.sort_unstable();
    let listed = MADE_SOMETHING_OF.iter().map(|(name, _)| *name).chain(["glossary", "kits", "people"]);
    assert!(listed.clone().all(|name| found.contains(&name)), "{found:?}");
    assert_eq!(told, NAMED_IN.map(|(facet, path, _)| (facet, path)), "what is said of a facet stands in its folder");
}

/// Whether a path stands in a text, and not only the beginning of a longer one.
fn has_path(text: &str, path: &str) -> bool {
    let is_end = |rest: &str| !rest.starts_with(|letter: char| letter.is_alphanumeric() || letter == '_');
    text.match_indices(path).any(|(at, path)| is_end(&text[at + path.len()..]))
}

/// A facet that is missing in a list of `facets/mod.rs` is silently absent from the language.
#[test]
fn every_facet_stands_in_every_list() {
    let folder = xtask::root().join("crates/model/src/facets");
    let lists = std::fs::read_to_string(folder.join("mod.rs")).unwrap();
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let facets: Vec<String> = entries
        .filter(|entry| entry.file_type().unwrap().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    assert!(facets.len() >= 10, "{facets:?}");
    for facet in facets {
        let named =
            ["pub mod {};", "    &{}::FACET,", "    pub use super::{}::facts::*;", "    pub use super::{}::class::*;"];
        let missing: Vec<String> =
            named.iter().map(|line| line.replace("{}", &facet)).filter(|line| !lists.contains(line)).collect();
        assert!(missing.is_empty(), "facets/mod.rs lacks {missing:?}");
    }
}

/// Every path of the repository that a document or a comment names is there.
#[test]
fn paths_that_are_named_exist() {
    let root = xtask::root();
    let mut texts = rust_files();
    let top = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "Cargo.toml"];
    let mut documents: Vec<String> = top.map(str::to_owned).into();
    for folder in ["docs", "docs/decisions", "docs/reference", "architecture"] {
        let entries = std::fs::read_dir(root.join(folder)).unwrap().map(|entry| entry.unwrap().file_name());
        let names = entries.map(|name| format!("{folder}/{}", name.to_string_lossy()));
        documents.extend(names.filter(|name| name.ends_with(".md") || name.ends_with(".groma")));
    }
    texts.extend(documents.into_iter().map(|path| {
        let text = std::fs::read_to_string(root.join(&path)).unwrap();
        (path, text)
    }));
    let (mut missing, mut seen) = (Vec::new(), 0);
    let files: BTreeSet<String> =
        rust_files().iter().filter_map(|(path, _)| Some(path.rsplit_once('/')?.1.to_owned())).collect();
    for (path, text) in &texts {
        for named in text.split('`').skip(1).step_by(2) {
            let is_bare = path.ends_with(".md") && named.ends_with(".rs") && !named.contains(['/', ' ']);
            if is_bare && !named.contains("my_rule") && !files.contains(named) {
                missing.push(format!("{path} names {named}"));
            }
            // Within a crate paths begin in its `src` or in the folder of crates.
            let is_path = named.contains('/')
                && [".rs", ".md", ".groma", ".toml", ".json", "/"].iter().any(|end| named.ends_with(end))
                && named.chars().all(|letter| letter.is_ascii_alphanumeric() || "/._-".contains(letter));
            let first = named.split('/').next().unwrap_or_default();
            let is_ours = ["crates", "xtask", "benches", "fuzz", "docs", "examples"].contains(&first)
                || first != ".." && root.join("crates").join(first).is_dir();
            if !is_path || !is_ours || named.contains("my_rule") {
                continue;
            }
            seen += 1;
            if !root.join(named).exists() && !root.join("crates").join(named).exists() {
                missing.push(format!("{path} names {named}"));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
    assert!(seen > 50, "{seen}");
}

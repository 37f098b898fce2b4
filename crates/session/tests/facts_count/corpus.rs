//! The texts that are there: what the search for the uses of facts looks at.

use groma_model::kinds;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// A workspace in memory.
#[derive(Clone)]
pub struct Workspace {
    /// What is opened: a folder.
    pub root: String,
    /// Its files with their paths.
    pub files: Vec<(String, String)>,
    /// Whether it is small enough, and meant, to be forecast.
    pub is_forecast: bool,
    /// Whether it is asked last for what rules find.
    pub is_last: bool,
}

impl Workspace {
    fn of(files: Vec<(String, String)>, is_forecast: bool) -> Workspace {
        let files = files.into_iter().map(|(name, text)| (format!("w/{name}"), text)).collect();
        Workspace { root: "w".into(), files, is_forecast, is_last: false }
    }

    pub fn of_text(text: String, is_forecast: bool) -> Workspace {
        Workspace::of(vec![("main.groma".into(), text)], is_forecast)
    }

    /// How much there is to read.
    pub fn size(&self) -> usize {
        self.files.iter().map(|(_, text)| text.len()).sum()
    }
}

fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The files below a folder of the repository with one of these endings, in the order of their paths.
fn files_below(folder: &Path, endings: &[&str]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut pending = vec![repository().join(folder)];
    while let Some(path) = pending.pop() {
        if path.is_dir() {
            pending.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|ending| endings.iter().any(|wanted| ending == *wanted)) {
            let name = path.strip_prefix(repository()).unwrap().to_str().unwrap().to_owned();
            found.push((name, std::fs::read_to_string(&path).unwrap()));
        }
    }
    found.sort();
    found
}

/// All texts: the cases that are given by hand, the pages of the rules, the examples of the kinds, the cases of verdicts, and the examples.
pub fn all() -> Vec<Workspace> {
    let by_hand = files_below(Path::new("crates/session/tests/facts_count/cases"), &["groma"]);
    let mut found: Vec<Workspace> = by_hand.into_iter().map(|(_, text)| Workspace::of_text(text, true)).collect();
    let blocks = groma_check::RULES.iter().flat_map(|rule| rule.blocks());
    found.extend(blocks.map(|block| {
        Workspace::of(block.files.into_iter().map(|(name, text)| (name.to_owned(), text)).collect(), false)
    }));
    found.extend(kinds::all().map(|kind| Workspace::of_text(format!("{}\n", kind.example), false)));
    let cases: Vec<Value> = serde_json::from_str(include_str!("../../../simulate/tests/verdicts.json")).unwrap();
    found.extend(cases.iter().map(|case| {
        let lines: Vec<&str> = case["text"].as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect();
        Workspace { is_last: true, ..Workspace::of_text(format!("{}\n", lines.join("\n")), true) }
    }));
    let examples = ["storefront", "orders", "company/checkout", "company/reports"];
    found.extend(examples.into_iter().map(|name| {
        let folder = name.split('/').next().unwrap();
        let files = files_below(&Path::new("examples").join(folder), &["groma", "csv", "md"]);
        Workspace { root: format!("examples/{name}"), files, is_forecast: false, is_last: true }
    }));
    found
}

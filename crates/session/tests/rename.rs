//! Renaming, tried on everything that has a name in the examples of the rules and in the example workspaces.

use groma_base::Severity;
use groma_model::{Architecture, ItemRef};
use groma_session::{Baseline, MemoryFileSystem, NoRenaming, OsFileSystem, Session, Snapshot};
use std::path::Path;

const TODAY: &str = "2026-01-01";

fn open(text: &str) -> Session {
    Session::open(&MemoryFileSystem::new(&[("w/a.groma", text)]), Path::new("w")).unwrap()
}

/// What has a name, but for the workspace itself.
fn named(arch: &Architecture) -> Vec<(ItemRef, String)> {
    let files = arch.files.iter();
    let items = files.flat_map(|file| file.items.ids().map(|item| ItemRef { file: file.file, item }));
    let entities = items.filter(|at| arch.entity(*at).is_some() && !arch.name(*at).is_empty());
    entities.map(|at| (at, arch.address_of(at))).collect()
}

/// What is new beside what was found before, whatever is called otherwise.
fn came(before: &Snapshot, after: &Snapshot) -> Vec<String> {
    let list = Baseline::of(before, &before.findings(TODAY));
    let list = Baseline::read(after, &list.text()).unwrap();
    let left = list.apply(after, after.findings(TODAY)).left;
    left.iter().map(|one| format!("{}: {}", one.code, one.message)).collect()
}

/// Renames something, and back; how it fails, if it does.
fn there_and_back(session: &mut Session, (at, address): (ItemRef, &str)) -> Result<(), String> {
    let before = session.snapshot();
    let (old, path) = (before.arch.name(at).to_owned(), before.arch.address_of(at));
    let new = format!("zz-{old}");
    let said =
        |why: NoRenaming| format!("{address}: {} {:?}", why.message, why.findings.first().map(|one| &one.message));
    let there = session.renaming(&path, &new, TODAY).map_err(said)?;
    for (file, text) in &there.files {
        session.set_text(&before.sources.get(*file).path, text.as_str());
    }
    let after = session.snapshot();
    let came = came(&before, &after);
    if !came.is_empty() {
        return Err(format!("{address}: new: {came:?}"));
    }
    let back = session.renaming(&there.after, &old, TODAY).map_err(said)?;
    for (file, text) in &back.files {
        session.set_text(&before.sources.get(*file).path, text.as_str());
    }
    let again = session.snapshot();
    // Where `was` stood already, one more needs a block, which stays.
    let written = |text: &str| match text.contains("was") {
        true => text.split_whitespace().collect(),
        false => text.to_owned(),
    };
    let differs =
        before.sources.iter().find(|(file, source)| written(&again.sources.get(*file).text) != written(&source.text));
    differs
        .map_or(Ok(()), |(file, source)| Err(format!("{address}:\n{}\n{}", source.text, again.sources.get(file).text)))
}

/// What is not renamed, by the rule in whose example it stands: the new name, or going back to the old one, would be a mistake.
const REFUSED: &[(&str, &str)] = &[
    // Names that a fact may not bear, and one that is a standard's and a rule's.
    ("unclear-fact", "fact:replicas"),
    ("unclear-fact", "fact:status"),
    ("unclear-fact", "fact:component"),
    ("unclear-fact", "fact:level"),
    ("unclear-fact", "fact:age"),
    ("unclear-standard", "standard:missing-owner"),
    ("wrong-query", "system:shop"),
    ("wrong-query", "system:Shop"),
    // What a fact is where nothing is said is a text.
    ("unclear-fact", "team:core"),
    ("wrong-query", "fact:covers"),
    // A kit is known by where it lies, and has no `was`.
    ("unclear-kit", "kit:company"),
    // Something else is called by an old name still, or had this name.
    ("unknown-owner", "team:sales"),
    ("unknown-technology", "technology:zorbium"),
    ("unknown-rule", "standard:owned"),
    ("unknown-rule", "standard:metrics"),
    ("unresolved-fallback", "system:s"),
    ("unresolved-fallback", "database:s.d"),
    // Answers that answer nobody are not known by who gives them.
    ("unexpected-reply", "person:u"),
    ("unexpected-reply", "system:s"),
    ("unexpected-reply", "web:s.site"),
];

/// Renaming is no change: nothing is found anew, and the opposite gives the same bytes.
#[test]
fn whatever_is_renamed_in_the_examples_of_the_rules_nothing_else_changes() {
    let (mut tried, mut wrong) = (0, Vec::new());
    for rule in groma_check::RULES {
        for block in rule.page.split("```groma").skip(1) {
            let text = block.split_once('\n').and_then(|(_, text)| text.split("```").next()).expect("the block ends");
            if text.contains("// file:") {
                continue;
            }
            let mut session = open(text);
            // What a text means that is not understood nobody knows.
            if session.snapshot().problems.iter().any(|problem| problem.severity == Severity::Error) {
                continue;
            }
            for (at, address) in named(&session.snapshot().arch) {
                let mut session = open(text);
                tried += 1;
                if let Err(why) = there_and_back(&mut session, (at, &address)) {
                    wrong.push(format!("{}: {why}", rule.name));
                }
            }
        }
    }
    let is_refused =
        |why: &&String| !REFUSED.iter().any(|(rule, address)| why.starts_with(&format!("{rule}: {address}: ")));
    let told: Vec<&String> = wrong.iter().filter(is_refused).collect();
    assert!(told.is_empty(), "of {tried}: {told:#?}");
    assert_eq!(wrong.len(), REFUSED.len(), "{wrong:#?}");
    assert!(tried > 1_500, "{tried}");
}

#[test]
fn whatever_is_renamed_in_the_example_workspaces_nothing_else_changes() {
    let (mut tried, mut wrong) = (0, Vec::new());
    for example in ["storefront", "orders", "company/checkout"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(example);
        let mut session = Session::open(&OsFileSystem, &path).unwrap();
        let snapshot = session.snapshot();
        let own = named(&snapshot.arch).into_iter().filter(|(at, _)| !snapshot.sources.get(at.file).is_foreign);
        for (at, address) in own.step_by(5) {
            tried += 1;
            if let Err(why) = there_and_back(&mut session, (at, &address)) {
                wrong.push(format!("{example}: {why}"));
            }
        }
    }
    assert_eq!(wrong.len(), 0, "of {tried}:\n{}", wrong.join("\n"));
}

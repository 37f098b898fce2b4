//! Renaming, tried on everything that has a name in the examples of the rules and in the example workspaces.

use groma_base::{Diagnostic, Severity};
use groma_model::{Architecture, ItemRef};
use groma_session::{Baseline, MemoryFileSystem, NoRenaming, OsFileSystem, Session, Snapshot, compare};
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

/// What is new beside what was found before, whatever is called otherwise: to a list of findings and to a comparison.
fn came(before: &Snapshot, after: &Snapshot) -> Vec<String> {
    let list = Baseline::of(before, &before.findings(TODAY));
    let list = Baseline::read(after, &list.text()).unwrap();
    let left = list.apply(after, after.findings(TODAY)).left;
    // What a wrong query calls breaking cannot be asked.
    let came = compare(before, after, TODAY).map_or_else(|_| Vec::new(), |compared| compared.came);
    // What has another name is not what was signed, and a signature is called by that.
    let is_of_signature = |one: &Diagnostic| {
        ["lapsed-signature", "unsigned-step", "unreviewed-rfc", "invalid-signature", "unknown-signer"]
            .contains(&&*one.code)
    };
    let all = left.iter().map(|one| ("listed", one)).chain(came.iter().map(|one| ("came", one)));
    let all = all.filter(|(_, one)| !is_of_signature(one));
    all.map(|(how, one)| format!("{how}: {}: {}", one.code, one.message)).collect()
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
        // Records are called by their numbers, which `groma adr` changes.
        let is_own = |at: &ItemRef| !snapshot.sources.get(at.file).is_foreign && !snapshot.is_record(at.file);
        let own = named(&snapshot.arch).into_iter().filter(|(at, _)| is_own(at));
        for (at, address) in own.step_by(5) {
            tried += 1;
            if let Err(why) = there_and_back(&mut session, (at, &address)) {
                wrong.push(format!("{example}: {why}"));
            }
        }
    }
    assert_eq!(wrong.len(), 0, "of {tried}:\n{}", wrong.join("\n"));
}

const SHOP: &str = r#"
system shop "Shop" owner=core {
    service api "Api"
    service orders "Orders"
    database orders-db "Orders"
    api -> orders-db "Reads"
}
deployment prod "Live" { host api "Machine"; }
team core "Core"
fact guard "Guards it" on=service names=team
standard a "A" applies="kind:service" must="service:api" reason="So it is."
standard b "B" applies="kind:service" must="uses(orders-db)" reason="So it is."
standard c "C" applies="kind:service" must="guard(core)" reason="So it is."
standard d "D" applies="kind:service" must="'shop.api'" reason="So it is."
standard e "E" applies="kind:service" must="owner:Core" reason="So it is."
standard f "F" applies="kind:service" must="shop.API" reason="So it is."
view v "V" show=container of=shop { include "orders-db" "shop.order*"; }
pipeline ship "Ship" { step build "Build"; step test "Test"; build -> test; }
pipeline drop "Drop" { step build "Build"; step test "Test"; build -> test; }
"#;

/// The lines of the text in which something is renamed that are not as they were; or why it cannot be.
fn renamed(name: &str, new: &str) -> Result<Vec<String>, [String; 2]> {
    let renaming = open(SHOP).renaming(name, new, TODAY).map_err(|why| [why.message, why.help])?;
    let text = &renaming.files[0].1;
    let changed = text.lines().zip(SHOP.lines()).filter(|(after, before)| after != before);
    Ok(changed.map(|(after, _)| after.trim().to_owned()).collect())
}

#[test]
fn queries_name_what_is_renamed_whole_short_quoted_or_in_other_letters() {
    let changed = renamed("shop.api", "front").unwrap();
    let changed: Vec<&str> = changed.iter().map(|line| line.split(" reason").next().unwrap()).collect();
    assert_eq!(
        changed,
        [
            "service front \"Api\" was=api",
            "front -> orders-db \"Reads\"",
            "standard a \"A\" applies=\"kind:service\" must=\"service:shop.front\"",
            "standard d \"D\" applies=\"kind:service\" must=\"shop.front\"",
            "standard f \"F\" applies=\"kind:service\" must=\"shop.front\"",
        ]
    );
    let told = |name, new, line: &str| renamed(name, new).unwrap().iter().any(|changed| changed.contains(line));
    assert!(told("fact:guard", "keeper", "must=\"keeper(core)\""));
    assert!(told("core", "kernel", "must=\"guard(kernel)\""));
    assert!(told("core", "kernel", "must=\"owner:kernel\""));
}

#[test]
fn a_renaming_that_makes_a_query_select_something_else_is_refused() {
    let [message, help] = renamed("shop.orders", "purchases").unwrap_err();
    assert_eq!(message, "a query of view:v would select something else");
    assert!(help.contains("choose a name that it selects as well"), "{help}");
    // The pattern selects it as before.
    assert!(renamed("shop.orders", "ordering").is_ok());
}

#[test]
fn a_short_name_that_fits_a_place_as_well_renames_neither() {
    let [message, help] = renamed("api", "front").unwrap_err();
    assert_eq!(message, "`api` fits several things");
    assert!(help.contains("shop.api") && help.contains("prod.api"), "{help}");
}

#[test]
fn steps_are_called_by_path_and_address() {
    for name in ["ship.build", "step:ship.build", "pipeline:ship / step:build"] {
        let changed = renamed(name, "compile").unwrap_or_else(|why| panic!("{name}: {why:?}"));
        assert_eq!(changed.len(), 1, "{name}");
        assert!(changed[0].contains("ship") && changed[0].contains("compile -> test"), "{name}: {changed:?}");
    }
    let [message, help] = renamed("build", "compile").unwrap_err();
    assert_eq!(message, "several steps are called `build`");
    assert_eq!(help, "write `ship.build` or `drop.build`");
}

/// A new name of one thing is none of another that is called alike: neither hides what is found of it, nor makes it look new.
#[test]
fn what_is_called_alike_is_not_compared_by_the_new_name() {
    let text = |flow: &str, view: &str| {
        format!(
            r#"person user "User"
system shop "Shop" {{ service core "Core"; }}
user -> shop.core "Uses"
flow a "A" {{ user -> shop.core "asks" time=30ms; }}
flow b "B" {{ user -> shop.core "asks" time=30ms; }}
load l "L" {{ rate 20/s; mix a; mix b; }}
quality fast "Fast" {{ require p95 flow={flow} under=20ms load=l; }}
view {view} show=container of=shop
"#
        )
    };
    let compared = |before: &str, after: &str| {
        let compared = compare(&open(before).snapshot(), &open(after).snapshot(), TODAY).unwrap();
        let errors = |all: &[groma_base::Diagnostic]| all.iter().filter(|one| one.severity == Severity::Error).count();
        [errors(&compared.came), errors(&compared.went)]
    };
    // Another flow is too slow now, whatever the view is called.
    assert_eq!(compared(&text("a", "a \"V\""), &text("b", "b \"V\" was=a")), [1, 1]);
    assert_eq!(compared(&text("a", "a \"V\""), &text("a", "b \"V\" was=a")), [0, 0]);
}

//! What findings say besides: which part of a standard is lacking, and that one misspelt fact hides no other finding.

use groma_base::{Diagnostic, FileId};
use groma_model::{decode, link};
use std::sync::Arc;

/// All findings of reading, of linking and of the rules.
fn findings(text: &str) -> Vec<Diagnostic> {
    let (tree, unreadable) = groma_syntax::parse(text.to_owned());
    assert!(unreadable.is_empty(), "{unreadable:?}");
    let model = decode::decode(FileId(0), &tree);
    let mut problems: Vec<Diagnostic> = model.problems.clone();
    let (arch, unresolved) = link(vec![Arc::new(model)]);
    problems.extend(unresolved);
    groma_check::check(&arch, problems, "2026-01-01")
}

/// The help of the only finding with this code.
fn help(text: &str, code: &str) -> Vec<String> {
    let found: Vec<Diagnostic> = findings(text).into_iter().filter(|finding| finding.code == code).collect();
    let [one] = &found[..] else { panic!("{found:?}") };
    one.help.clone()
}

fn standard(must: &str, service: &str) -> String {
    format!(
        "standard good \"Good\" applies=\"kind:service\" must=\"{must}\" {{ reason \"Why not.\"; }}\nteam core \"Core\"\nsystem s \"S\" owner=core {{\n    service a \"A\" {service}\n}}\n"
    )
}

#[test]
fn which_part_of_a_standard_is_lacking_is_told() {
    let told = |must: &str, service: &str| help(&standard(must, service), "good");
    let must = "tag:metrics and (has:technology or tag:old) and not description:x";
    let lacks = |part: &str| vec![format!("it must be `{must}`"), format!("what it lacks is {part}")];
    assert_eq!(told(must, "technology=\"Go 1.24\" description=y"), lacks("`tag:metrics`"));
    assert_eq!(
        told(must, "description=x tags=metrics"),
        lacks("`(has:technology or tag:old)` and `not description:x`")
    );
    // Where nothing of it is so, or where it is one thing, that is all that there is to say.
    assert_eq!(told(must, "description=x"), [format!("it must be `{must}`")]);
    assert_eq!(told("tag:a or tag:b and tag:c", "tags=b"), ["it must be `tag:a or tag:b and tag:c`"]);
    assert_eq!(told("tag:a", ""), ["it must be `tag:a`"]);
}

#[test]
fn that_something_must_be_written_is_told_where_it_holds_anyway() {
    let told = |must: &str| help(&standard(must, ""), "good").join("\n");
    let of_owner = "`has:owner` asks whether it is written here; `owner` is `core` anyway: `owner:*` asks whether it has one at all";
    assert!(told("has:owner").contains(of_owner), "{}", told("has:owner"));
    assert!(
        told("has:public and has:owner").contains("`public` is `no` anyway"),
        "{}",
        told("has:public and has:owner")
    );
    assert!(!told("has:technology").contains("anyway"));
    assert!(findings(&standard("owner:*", "")).iter().all(|finding| finding.code != "good"));
}

#[test]
fn a_misspelt_fact_does_not_hide_a_technology_that_is_supported_no_more() {
    let text =
        |fact: &str| format!("system s \"S\" {{\n    database a \"A\" technology=\"PostgreSQL 9.6\" {fact}\n}}\n");
    let has = |text: &str, code: &str| findings(text).iter().any(|finding| finding.code == code);
    let misspelt = text("descriptoin=\"Keeps it.\"");
    assert!(has(&misspelt, "unknown-word") && has(&misspelt, "unsupported-technology"));
    // What stands behind the text may belong to it.
    let broken = text("17");
    assert!(has(&broken, "wrong-value") && !has(&broken, "unsupported-technology"));
}

//! Every fact that is written counts: for each there is a text in which another value of it changes a finding, a picture or a verdict.
//! Who uses which fact is kept in `crates/model/src/used_by.txt`, for the reference; `UPDATE=1` writes it anew.

mod change;
mod corpus;
mod defaults;
mod observe;
mod search;
mod text_only;

use groma_model::kinds;
use search::{Declared, search};
use std::collections::BTreeSet;
use std::path::Path;
use text_only::TEXT_ONLY;

#[test]
fn every_fact_counts() {
    let declared = kinds::facts();
    let uses = search(&Declared::new());
    assert!((5_000..20_000).contains(&uses.tried), "{} texts were tried: the search is to stay small", uses.tried);
    let users = |at: usize| uses.by_fact.get(&at).cloned().unwrap_or_default();
    let mut table = String::new();
    let (mut idle, mut listed_in_vain) = (Vec::new(), Vec::new());
    for (at, (name, _)) in declared.iter().enumerate() {
        let users: BTreeSet<String> = users(at);
        let is_listed = TEXT_ONLY.iter().any(|(listed, _)| listed == name);
        match (users.is_empty(), is_listed) {
            (true, false) => idle.push(name.as_str()),
            (false, true) => listed_in_vain.push(format!("{name}: {users:?}")),
            _ => {}
        }
        let told =
            if users.is_empty() { "text only".to_owned() } else { users.into_iter().collect::<Vec<_>>().join(", ") };
        table += &format!("{name}: {told}\n");
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../model/src/used_by.txt");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &table).unwrap();
    }
    let unknown: Vec<&str> = TEXT_ONLY
        .iter()
        .map(|(name, _)| *name)
        .filter(|name| declared.iter().all(|(known, _)| known != name))
        .collect();
    assert!(
        idle.is_empty(),
        "nothing comes of these facts: show their use in the page of a rule, an example or `cases/` beside this test, or list them with a reason in `text_only.rs`: {idle:#?}"
    );
    assert!(listed_in_vain.is_empty(), "these count, and are listed as text only: {listed_in_vain:#?}");
    assert!(unknown.is_empty(), "these are listed and no facts: {unknown:?}");
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == table, "crates/model/src/used_by.txt is stale: run `cargo xtask generate`");
}

//! The example of each kind, in a workspace with what it names, is in order.

use groma_base::{Diagnostic, FileId, Severity};
use groma_model::schema::{Head, Kind};
use groma_model::{decode, kinds, link};
use std::sync::Arc;

/// What examples name: what declares it, and all of it.
const NAMED: &[(&str, &str)] = &[
    (
        "system shop",
        "system shop \"Shop\" {\n    web web \"Web\"\n    service core \"Core\"\n    database db \"DB\"\n    cache cache \"Cache\"\n    web -> core \"asks\"\n    core -> db \"reads\"\n    core -> cache \"asks\"\n}\n",
    ),
    ("person customer", "person customer \"Customer\"\ncustomer -> shop.web \"Shops\"\n"),
    ("system payments", "system payments \"Payments\" external\n"),
    ("team core", "team core \"Core team\" {\n    member ana \"Ana\"\n}\n"),
    ("team shop-team", "team shop-team \"Shop team\"\n"),
    ("flow search", "flow search \"Search\" {\n    customer -> shop.web \"Searches\"\n}\n"),
    ("load peak", "load peak \"Peak\" rate=10/s\n"),
];

/// Whether a text has a name as a word of its own.
fn has_word(text: &str, name: &str) -> bool {
    text.split(|letter: char| !letter.is_alphanumeric() && letter != '-').any(|word| word == name)
}

/// A text, with what it names and does not declare itself.
fn with_what_it_names(text: String) -> String {
    let is_missing = |all: &str, declared: &str| {
        let name = declared.split_once(' ').expect("a kind and a name").1;
        has_word(all, name) && !all.contains(declared)
    };
    let mut whole = text;
    // What is named may name what stands before it in the list.
    for (declared, piece) in NAMED.iter().rev() {
        if is_missing(&whole, declared) {
            whole.push_str(piece);
        }
    }
    whole
}

/// The example of a kind where it may stand. A few stand on others: an answer on a call, a transition on its steps, a connection
/// on its hosts.
fn at_home(kind: &Kind) -> String {
    let example = kind.example;
    let is_part = example.starts_with(kind.name) || matches!(kind.head, Head::Arrow);
    if !is_part || kind.may_stand_in(None) {
        return format!("{example}\n");
    }
    if kind.is(&kinds::class::TRANSITION) {
        return format!(
            "pipeline x \"X\" {{\n    step tests \"Tests\"\n    step deploy \"Deploy\"\n    {example}\n}}\n"
        );
    }
    if kind.is(&kinds::class::CONNECTION) {
        return format!(
            "deployment x \"X\" {{\n    host balancer \"Balancer\"\n    host cluster \"Cluster\"\n    {example}\n}}\n"
        );
    }
    let in_flow = |steps: &str| format!("flow x \"X\" {{\n    shop.web -> shop.core \"Asks\"\n{steps}\n}}\n");
    if kind.is(&kinds::class::REPLY) || example.contains("-->") {
        return in_flow(example);
    }
    if kind.is(&kinds::class::CASE) {
        let other = if kind.name == "case" { "otherwise" } else { "case 20% { shop.core -> shop.db \"Reads\"; }" };
        let (first, last) = if kind.name == "case" { (example, other) } else { (other, example) };
        return in_flow(&format!("either {{\n{first}\n{last}\n}}"));
    }
    let is_home = |home: &&Kind| matches!(home.head, Head::Named) && *home != kind && kind.may_stand_in(Some(home));
    let mut text = format!("{example}\n");
    let mut around = kinds::all().find(is_home);
    while let Some(home) = around {
        text = format!("{} x \"X\" {{\n{text}}}\n", home.name);
        let is_around = |other: &&Kind| matches!(other.head, Head::Named) && home.may_stand_in(Some(other));
        around = if home.may_stand_in(None) { None } else { kinds::all().find(is_around) };
    }
    text
}

/// All errors of reading, of linking and of the rules.
fn errors(text: &str) -> Vec<String> {
    let (tree, unreadable) = groma_syntax::parse(text.to_owned());
    let model = decode::decode(FileId(0), &tree);
    let mut problems: Vec<Diagnostic> = model.problems.clone();
    let (arch, unresolved) = link(vec![Arc::new(model)]);
    problems.extend(unresolved);
    let found = groma_check::check(&arch, problems, "2026-01-01");
    let grave = found.iter().filter(|finding| finding.severity == Severity::Error);
    let told = grave.map(|finding| format!("[{}] {}", finding.code, finding.message));
    unreadable.into_iter().map(|error| error.message).chain(told).collect()
}

#[test]
fn no_example_of_a_kind_has_an_error() {
    let mut seen = 0;
    for kind in kinds::all() {
        let text = with_what_it_names(at_home(kind));
        let mut errors = errors(&text);
        // A part of a choice alone is not yet one that can be calculated.
        let is_of_choice = kind.class.is_in(&[&kinds::class::CRITERION, &kinds::class::MUST, &kinds::class::OPTION]);
        let is_of_rest = |error: &String| error.starts_with("[impossible-choice]") || error.contains("of this choice");
        errors.retain(|error| !is_of_choice || !is_of_rest(error));
        assert_eq!(errors, Vec::<String>::new(), "the example of {}:\n{text}", kind.name);
        seen += 1;
    }
    assert!(seen > 30, "{seen}");
}

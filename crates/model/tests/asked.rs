//! What is asked of things that do not have it: whatever the language or a fact calls so, the message says whose it is.

use groma_base::{FileId, Severity};
use groma_model::query::{Answers, Finding, Key, Query, Sort, Verdict, vocabulary};
use groma_model::schema::{Class, Kind, Type, phrase};
use groma_model::{Architecture, ItemRef, decode, kinds, link};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What is wrong with a query of an empty workspace, and what to do; `None` if nothing is.
fn fault(arch: &Architecture, query: &str) -> Option<(String, String)> {
    let asked = Query::parse(query).and_then(|query| query.things(arch, &Answers::default()));
    asked.err().map(|fault| (fault.message, fault.help))
}

fn empty() -> Architecture {
    link(Vec::new()).0
}

/// One kind of each class that can be asked for.
fn asked() -> Vec<&'static Kind> {
    let mut seen: Vec<&'static Class> = Vec::new();
    let is_first = |kind: &&'static Kind| {
        let is_new = !seen.contains(&kind.class);
        seen.push(kind.class);
        is_new && kind.class.word != "extend" && !kind.word().is_empty()
    };
    kinds::all().filter(is_first).collect()
}

#[test]
fn a_word_of_the_language_that_is_not_asked_of_something_says_of_what_it_is() {
    let arch = empty();
    let mut limited = BTreeSet::new();
    for term in vocabulary().into_iter().filter(|term| !term.of.is_empty()) {
        let written = match term.sort {
            Sort::Key => format!("{}:x", term.name),
            Sort::Function => format!("{}(x)", term.name),
            Sort::Word => term.name.to_owned(),
            Sort::Sign | Sort::Join | Sort::Comparison => panic!("{} is of some kinds only", term.name),
        };
        limited.insert(written.clone());
        for kind in asked().into_iter().filter(|kind| !kind.class.is_in(term.of)) {
            // A fact of the same name is asked of those that have it.
            if kind.every_fact().any(|fact| fact.name == term.name) {
                continue;
            }
            let query = format!("kind:{} and {written}", kind.word());
            let (message, help) = fault(&arch, &query).unwrap_or_else(|| panic!("`{query}` is answered"));
            assert!(message.starts_with(&format!("`{}` is not asked of ", term.name)), "`{query}`: {message}");
            assert!(help.contains(&phrase(term.of)), "`{query}`: {help}");
        }
    }
    for written in ["zone:x", "group:x", "level:x", "async", "external", "uses(x)", "from(x)"] {
        assert!(limited.contains(written), "{written}");
    }
}

#[test]
fn a_key_that_anything_has_is_no_unknown_one() {
    let arch = empty();
    for term in vocabulary().into_iter().filter(|term| term.sort == Sort::Key && term.of.is_empty()) {
        for kind in asked() {
            let query = format!("kind:{} and {}:x", kind.word(), term.name);
            let said = fault(&arch, &query);
            assert!(said.as_ref().is_none_or(|(message, _)| !message.contains("no key")), "`{query}`: {said:?}");
        }
    }
}

/// What facts are called, each with the classes that have one, or that are seen so from the other side.
fn having(is_meant: impl Fn(&groma_model::schema::Fact) -> bool) -> BTreeMap<&'static str, Vec<&'static Class>> {
    let mut found: BTreeMap<&'static str, Vec<&'static Class>> = BTreeMap::new();
    for kind in kinds::all().filter(|kind| kind.class.word != "extend") {
        for fact in kind.every_fact().filter(|fact| is_meant(fact)) {
            found.entry(fact.name).or_default().push(kind.class);
        }
    }
    found
}

/// Whether a help says of one of these classes that it has something.
fn names_one(help: &str, classes: &[&'static Class]) -> bool {
    let kinds =
        |class: &'static Class| kinds::all().any(|kind| kind.is(class) && help.contains(&format!("`{}`", kind.word())));
    let of_elements = ["elements have it", "an element"].iter().any(|words| help.contains(words));
    classes.iter().any(|class| help.contains(class.phrase) || class.is_element() && of_elements || kinds(class))
}

/// Each way to ask is put to one in so many classes, another one each time.
const SHARE: usize = 6;

#[test]
fn a_fact_that_something_does_not_have_says_what_has_it() {
    let arch = empty();
    let (mut wrong, mut turn) = (Vec::new(), 0);
    let mut ask = |name: &str, written: String, having: &[&'static Class]| {
        let language = vocabulary().into_iter().filter(|term| term.name == name).flat_map(|term| term.of);
        let having: Vec<&'static Class> = having.iter().chain(language).copied().collect();
        turn += 1;
        for kind in asked().into_iter().skip(turn % SHARE).step_by(SHARE).filter(|kind| !kind.class.is_in(&having)) {
            let query = format!("kind:{} and {written}", kind.word());
            // That nothing is called `x` is said of those that may have it, which all elements may that are asked with one that does.
            let said = fault(&arch, &query).filter(|(message, _)| !message.contains("`x`"));
            let Some((message, help)) = said else { continue };
            let is_known = having.is_empty() || names_one(&help, &having);
            // What is meant may be known better than by who has it.
            let is_meant = ["write ", "it is called ", "for ", "did you mean "].iter().any(|way| help.starts_with(way));
            if !is_known && (!is_meant || help.contains(&format!("`{name}`"))) {
                wrong.push(format!("{query}: {message}: {help}"));
            }
        }
    };
    for (name, classes) in having(|_| true) {
        ask(name, format!("has:{name}"), &classes);
        ask(name, format!("{name}:x"), &classes);
    }
    for (name, classes) in having(|fact| fact.ty == Type::Bool) {
        ask(name, name.to_owned(), &classes);
    }
    for (name, classes) in having(|fact| !fact.ty.names().is_empty()) {
        ask(name, format!("{name}(x)"), &classes);
    }
    let mut seen: BTreeMap<&str, Vec<&'static Class>> = BTreeMap::new();
    for fact in kinds::all().flat_map(Kind::every_fact) {
        if let Some(inverse) = fact.inverse {
            seen.entry(inverse).or_default().extend(fact.ty.names());
        }
    }
    for (name, mut classes) in seen {
        classes.extend(having(|fact| fact.name == name).into_values().flatten());
        ask(name, format!("{name}(x)"), &classes);
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// What is found and judged is not known before a query is asked, and no reason to refuse it: `any and verdict:fails` was an error where all held.
#[test]
fn what_is_wrong_with_a_query_does_not_depend_on_what_is_found() {
    let text = "system s \"S\"; requirement r \"R\"; quality q \"Q\"; team t \"T\"";
    let (tree, _) = groma_syntax::parse(text.to_owned());
    let (arch, problems) = link(vec![Arc::new(decode::decode(FileId(0), &tree))]);
    assert!(problems.is_empty(), "{problems:?}");
    let things: Vec<ItemRef> = arch.item_refs().collect();
    let finding = |of: &ItemRef| Finding { of: *of, rule: "no-owner", severity: Severity::Note };
    let findings: Vec<Finding<'_>> = things.iter().map(finding).collect();
    let verdicts: Vec<(ItemRef, Verdict)> = things.iter().map(|of| (*of, Verdict::Fails)).collect();
    let some =
        Answers { findings: Some(&findings), rules: &["no-owner"], verdicts: Some(&verdicts), ..Answers::default() };
    let none = Answers { findings: Some(&[]), verdicts: Some(&[]), ..some };
    let fault = |query: &str, answers| Query::parse(query).and_then(|query| query.things(&arch, answers)).err();
    for (key, values) in [(Key::Finding, ["note", "no-owner", "x"]), (Key::Verdict, ["fails", "holds", "x"])] {
        for value in values {
            let term = format!("{}:{value}", key.word());
            let kinds = asked().into_iter().map(|kind| format!("kind:{}", kind.word()));
            let about = kinds.chain(["any", "'*'", "not s", "(any or s)"].map(str::to_owned));
            for query in about.flat_map(|about| [format!("{about} and {term}"), format!("{about} or not {term}")]) {
                assert_eq!(fault(&query, &none), fault(&query, &some), "{query}");
            }
        }
    }
}

/// The dots in the ends of a relationship are none of a path to it; `*` behind the word of a kind is all of that kind.
#[test]
fn stars_select_what_they_stand_for() {
    let text = r#"
person u "U"
system s "S" { service a "A"; service b "B"; a -> b "Asks"; }
u -> s.a "Uses"
pipeline p "P" { step one "One"; step two "Two"; one -> two; }
deployment d "D" { host h "H" { instance s.a; } }
"#;
    let (tree, errors) = groma_syntax::parse(text.to_owned());
    assert!(errors.is_empty(), "{errors:?}");
    let (arch, problems) = link(vec![Arc::new(decode::decode(FileId(0), &tree))]);
    assert!(problems.is_empty(), "{problems:?}");
    let count =
        |query: &str| Query::parse(query).and_then(|query| query.things(&arch, &Answers::default())).unwrap().len();
    assert_eq!(count("*.a"), 1);
    for (query, found) in [("*.a", 0), ("*.*", 0), ("*", 2), ("u -> *", 1), ("* -> *.a", 1)] {
        assert_eq!(count(&format!("kind:relationship and {query}")), found, "{query}");
    }
    for (query, found) in [("step:*", 2), ("instance:*", 1), ("host:*", 1), ("service:*", 2)] {
        assert_eq!(count(query), found, "{query}");
    }
}

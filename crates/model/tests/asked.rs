//! What is asked of things that do not have it: whatever the language or a fact calls so, the message says whose it is.

use groma_base::{FileId, Severity};
use groma_model::facets::own_facts::OwnFacts;
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

fn read(text: &str) -> Architecture {
    let (tree, errors) = groma_syntax::parse(text.to_owned());
    assert!(errors.is_empty(), "{text}: {errors:?}");
    let decoded = |own: &OwnFacts| vec![Arc::new(decode::decode_with(FileId(0), &tree, own))];
    let own = OwnFacts::declared(decoded(&OwnFacts::default()).iter());
    link(decoded(&own)).0
}

/// What a workspace of this text has by a query, each by its name; or what is wrong with that.
fn selected(text: &str, query: &str) -> Result<Vec<String>, String> {
    let arch = read(text);
    let found = Query::parse(query).and_then(|query| query.things(&arch, &Answers::default()));
    found.map(|found| found.into_iter().map(|at| arch.name(at).to_owned()).collect()).map_err(|fault| fault.message)
}

#[test]
fn a_ring_that_there_is_not_is_told() {
    let own = "radar r \"R\" { ring adopt; ring stop policy=existing }\ntechnology php \"PHP\" ring=stop\nsystem s \"S\" { service a \"A\" technology=PHP; }";
    let usual = "technology php \"PHP\" ring=hold\nsystem s \"S\" { service a \"A\" technology=PHP; }";
    for (text, ring) in [(own, "stop"), (usual, "hold"), (usual, "ad*")] {
        for query in ["technology.ring:R", "kind:technology and ring:R", "built-with(ring:R)"] {
            assert!(selected(text, &query.replace('R', ring)).is_ok(), "{query}: {ring}");
        }
    }
    assert_eq!(selected(own, "technology.ring:stop").unwrap(), ["a"]);
    for (text, ring) in [(own, "sotp"), (own, "hold"), (usual, "holt")] {
        for query in ["not technology.ring:R", "kind:technology and ring:R", "built-with(ring:R)"] {
            assert_eq!(selected(text, &query.replace('R', ring)), Err(format!("there is no ring called `{ring}`")));
        }
    }
}

#[test]
fn parts_of_what_has_none_of_the_kind_that_is_asked_for_are_told() {
    let text = "team t \"T\" { member m \"M\" }\npipeline p \"P\" { step build \"B\" }\nsystem s \"S\" owner=m { service a \"A\" owner=t; }";
    let fault = |query| selected(text, query).unwrap_err();
    assert_eq!(fault("team:t or parts(team:t)"), "`parts` of teams never selects teams");
    assert_eq!(fault("owner(team:t or parts(team:t))"), "`parts` of teams never selects teams");
    assert_eq!(fault("member:m or whole(member:m)"), "`whole` of members of a team never selects members of a team");
    assert_eq!(selected(text, "any and (team:t or parts(team:t))").unwrap(), ["t", "m"]);
    assert_eq!(selected(text, "owner(team:t) or owner(parts(team:t))").unwrap(), ["s", "a"]);
    assert_eq!(selected(text, "kind:member and parts(team:t)").unwrap(), ["m"]);
    assert_eq!(selected(text, "s or parts(s)").unwrap(), ["s", "a"]);
    assert_eq!(selected(text, "kind:pipeline and not whole(step:*.build)").unwrap(), Vec::<String>::new());
}

#[test]
fn the_declaration_of_ones_own_fact_is_in_nobodys_way() {
    let text = "fact seen on=element type=yes-no\nsystem s \"S\" seen { service a \"A\"; }";
    assert_eq!(selected(text, "any and seen").unwrap(), ["s"]);
    assert_eq!(selected(text, "in(seen)").unwrap(), ["s", "a"]);
    assert_eq!(selected(text, "fact:seen").unwrap(), ["seen"]);
    let other = format!("{text}\nrequirement seen \"Seen\"");
    assert_eq!(selected(&other, "any and seen"), Err("`seen` may be a name or the fact of this name".to_owned()));
}

/// An `allow` names a standard as whatever names something does.
#[test]
fn exceptions_are_asked_for_by_the_name_of_their_standard() {
    let standard = "standard b \"B\" applies=\"kind:system\" must=\"has:tags\" was=a { reason \"So.\" }\n";
    for written in ["a", "b"] {
        let text = format!(
            "{standard}system s \"S\" {{ allow {written} owner=o reason=r expires=2027-01-01; allow too-deep; }}"
        );
        assert_eq!(selected(&text, "kind:allow and rule:b").unwrap(), [written]);
        assert_eq!(selected(&text, "refers-to(standard:b) and kind:allow").unwrap(), [written]);
        assert_eq!(selected(&text, "kind:standard and not referred-to-by(kind:allow)").unwrap(), Vec::<String>::new());
        assert_eq!(selected(&text, "kind:allow and rule:too-deep").unwrap(), ["too-deep"]);
        assert!(selected(&text, "kind:allow and rule:a").unwrap_err().contains("now called `b`"), "{written}");
    }
}

/// What is said by a name that a fact had is right for the schema too.
#[test]
fn the_schema_knows_what_facts_of_ones_own_were_called() {
    let arch = read("fact cost-centre \"Who pays\" on=system was=cost-center");
    let schema = groma_model::json_schema(&arch.own_facts);
    let system = &schema["$defs"]["system-system"]["properties"]["props"]["properties"];
    assert!(system.get("cost-centre").is_some() && system.get("cost-center").is_some(), "{system}");
    assert_eq!(schema["$defs"]["fact-cost-centre"]["properties"]["name"]["enum"][1], "cost-center");
}

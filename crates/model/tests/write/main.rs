//! The writer of Groma text: what single edits make of a text, and what is true of all edits of all texts.

mod properties;
mod texts;
mod values;

use groma_model::write::{Arrow, Document, EditError, Node, Place, Value};
use groma_syntax::format::format;

/// Makes an edit of a text, which must be in the one style before and after.
#[track_caller]
fn check(text: &str, edit: impl Fn(&mut Document), expected: &str) {
    let mut document = Document::open(text).unwrap();
    assert_eq!(document.text(), text);
    edit(&mut document);
    let found = document.text();
    assert_eq!(found, expected);
    assert_eq!(format(&found).unwrap(), found, "the style stays");
    let returns = text.replace('\n', "\r\n");
    let mut document = Document::open(&returns).unwrap();
    edit(&mut document);
    assert_eq!(document.text(), expected.replace('\n', "\r\n"), "with returns");
}

fn retry() -> Node {
    Node::fact("retry", 3).property("backoff", Value::text("exponential"))
}

#[test]
fn nodes_are_added_in_the_style_of_their_neighbours() {
    let text = "// The shop.\n\nperson user \"User\"\n\nsystem s \"S\" {\n    // The front.\n    web w\n\n    // The back.\n    service a \"A\"\n    // Nothing else.\n}\n";
    let node = Node::named("service", "b").title("B");
    check(
        text,
        |document| drop(document.insert(Place::After(document.find("s.a").unwrap()), &node)),
        &text.replace("\"A\"\n", "\"A\"\n    service b \"B\"\n"),
    );
    check(
        text,
        |document| drop(document.insert(Place::Before(document.find("s.a").unwrap()), &node)),
        &text.replace("    // The back", "    service b \"B\"\n\n    // The back"),
    );
    check(
        text,
        |document| drop(document.insert(Place::EndOf(document.find("s").unwrap()), &node)),
        &text.replace("else.\n", "else.\n\n    service b \"B\"\n"),
    );
    let flow = Node::named("flow", "f").child(Node::arrow("user", Arrow::Call, "s.w").title("Looks").child(retry()));
    check(
        text,
        |document| drop(document.insert(Place::End, &flow)),
        &format!("{text}\nflow f {{\n    user -> s.w \"Looks\" {{\n        retry 3 backoff=exponential\n    }}\n}}\n"),
    );
}

#[test]
fn blocks_are_opened_kept_on_their_line_and_broken() {
    let relation = |document: &Document| document.roots()[0];
    check(
        "a -> b \"Asks\" // often\n",
        |document| drop(document.insert(Place::EndOf(relation(document)), &retry())),
        "a -> b \"Asks\" { // often\n    retry 3 backoff=exponential\n}\n",
    );
    check(
        "a -> b \"Asks\" { timeout 3s } // often\n",
        |document| drop(document.insert(Place::EndOf(relation(document)), &retry())),
        "a -> b \"Asks\" { timeout 3s; retry 3 backoff=exponential } // often\n",
    );
    check(
        "group g {\n    a -> b \"Asks for what is needed to answer\" { timeout 3s; pool 20 min=5 idle=30s } // often\n}\n",
        |document| {
            let relation = document.children(relation(document))[0];
            document.insert(Place::EndOf(relation), &retry()).unwrap();
        },
        "group g {\n    a -> b \"Asks for what is needed to answer\" {\n        timeout 3s\n        pool 20 min=5 idle=30s\n        retry 3 backoff=exponential\n    } // often\n}\n",
    );
}

#[test]
fn a_node_goes_with_what_belongs_to_it() {
    let text =
        "// Head.\n\n// One.\na 1 // one\n\n// Of nobody.\n\n// Two.\nb 2 { c } // two\n/-d 3\n\n// Three.\ne 3\n";
    check(text, |document| document.remove(document.roots()[0]).unwrap(), &text.replace("// One.\na 1 // one\n\n", ""));
    check(
        text,
        |document| document.remove(document.roots()[1]).unwrap(),
        &text.replace("// Two.\nb 2 { c } // two\n", ""),
    );
    check(text, |document| document.remove(document.roots()[2]).unwrap(), &text.replace("\n// Three.\ne 3\n", ""));
    check("a { b; c }\n", |document| document.remove(document.children(document.roots()[0])[0]).unwrap(), "a { c }\n");
    check("a { b; c }\n", |document| document.remove(document.children(document.roots()[0])[1]).unwrap(), "a { b }\n");
    check(
        "a { // why\n    b\n}\n",
        |document| document.remove(document.find("x").unwrap_or(document.children(document.roots()[0])[0])).unwrap(),
        "a // why\n",
    );
}

#[test]
fn a_node_moves_with_its_comments_and_its_indentation() {
    let text =
        "system s {\n    // Here.\n    service a { // busy\n        replicas 2\n    } // a\n\n    service b\n}\n";
    check(
        text,
        |document| document.move_to(document.find("s.a").unwrap(), Place::End).unwrap(),
        "system s {\n    service b\n}\n\n// Here.\nservice a { // busy\n    replicas 2\n} // a\n",
    );
    check(
        text,
        |document| {
            let (a, b) = (document.find("s.a").unwrap(), document.find("s.b").unwrap());
            document.move_to(a, Place::EndOf(b)).unwrap();
            assert_eq!(document.move_to(b, Place::EndOf(a)), Err(EditError::IntoItself));
        },
        "system s {\n    service b {\n        // Here.\n        service a { // busy\n            replicas 2\n        } // a\n    }\n}\n",
    );
}

#[test]
fn facts_are_changed_where_they_stand() {
    let text = "service a \"A\" cpu=1 { // c\n    replicas 2..8 delay=20s // few\n}\nservice b\n";
    let fact = |name: &'static str, value: &'static str, expected: &str| {
        check(
            text,
            |document| {
                let a = document.find("a").unwrap();
                document.set_fact(a, name, &Value::written(value).unwrap()).unwrap();
                assert_eq!(
                    document.values(a, name).iter().map(|value| value.as_written()).collect::<Vec<_>>(),
                    [value]
                );
            },
            expected,
        );
    };
    fact("cpu", "2", &text.replace("cpu=1", "cpu=2"));
    fact("replicas", "3", &text.replace("2..8", "3"));
    fact("owner", "\"the team\"", &text.replace("cpu=1", "cpu=1 owner=\"the team\""));
    let part = |fact: &'static str, part: &'static str, expected: &str| {
        let set = |document: &mut Document| {
            let a = document.find("a").unwrap();
            document.set_part(a, fact, part, &Value::written("5s").unwrap()).unwrap();
        };
        check(text, set, expected);
    };
    part("replicas", "delay", &text.replace("20s", "5s"));
    part("replicas", "every", &text.replace("20s", "20s every=5s"));
    part("cpu", "x", &text.replace(" cpu=1 { // c\n", " { // c\n    cpu 1 x=5s\n"));
    check(
        text,
        |document| {
            let a = document.find("a").unwrap();
            assert_eq!(document.remove_fact(a, "replicas"), Ok(1));
            assert_eq!(document.remove_fact(a, "cpu"), Ok(1));
            assert_eq!(document.remove_fact(a, "cpu"), Ok(0));
        },
        "service a \"A\" // c\nservice b\n",
    );
}

#[test]
fn of_a_property_that_is_written_twice_the_last_is_kept() {
    check(
        "a x=1 /* c */ x=2 y=3\n",
        |document| document.set_fact(document.roots()[0], "x", &Value::from(4)).unwrap(),
        "a /* c */ x=4 y=3\n",
    );
    let mut document = Document::open("a x=1 {\n    x 2\n}\n").unwrap();
    let a = document.roots()[0];
    assert_eq!(document.set_fact(a, "x", &Value::from(4)), Err(EditError::SeveralValues("x".into())));
    assert_eq!(document.set_part(a, "y", "z", &Value::from(4)), Err(EditError::NoFact("y".into())));
    document.add_fact(a, "x", &Value::text("a b")).unwrap();
    assert_eq!(document.text(), "a x=1 {\n    x 2\n    x \"a b\"\n}\n");
}

#[test]
fn names_titles_and_ends_are_changed() {
    let text = "service \"a\" { x }\na -> b.c \"Asks\"\na --> b\n";
    check(
        text,
        |document| {
            let [named, arrow, reply] = document.roots().try_into().unwrap();
            document.set_name(named, "d").unwrap();
            document.set_title(named, "D \"d\"").unwrap();
            document.set_ends(arrow, "d", "e.f").unwrap();
            document.set_title(reply, "Yes").unwrap();
            assert_eq!(document.remove_title(arrow), Ok(true));
            assert_eq!(document.title(reply).unwrap(), "Yes");
            assert_eq!(document.ends(arrow).unwrap(), ("d".into(), "e.f".into()));
            assert_eq!(document.set_name(arrow, "x"), Err(EditError::NoName));
            assert_eq!(document.set_name(named, "x.y"), Err(EditError::NotAName("x.y".into())));
            assert_eq!(document.set_title(document.children(named)[0], "X"), Err(EditError::NoName));
        },
        "service \"d\" \"D \\\"d\\\"\" { x }\nd -> e.f\na --> b \"Yes\"\n",
    );
}

#[test]
fn a_new_name_is_written_wherever_the_old_one_stands() {
    let text = "service core // core\ncore -> shop.core.core \"core\" of=core { fallback \"core\" }\n";
    let places: Vec<_> =
        text.match_indices("core").map(|(at, _)| groma_base::Range::new(at as u32, at as u32 + 4)).collect();
    let meant = [0, 2, 3, 4, 6, 7].map(|at| (places[at], "api-2"));
    let mut document = Document::open(text).unwrap();
    document.replace(&meant).unwrap();
    assert_eq!(
        document.text(),
        "service api-2 // core\napi-2 -> shop.api-2.api-2 \"core\" of=api-2 { fallback \"api-2\" }\n"
    );
    assert_eq!(document.replace(&meant[..1]), Err(EditError::NoWord(meant[0].0)), "it was changed");
    let mut document = Document::open(text).unwrap();
    assert_eq!(document.replace(&[(places[0], "a"), (places[1], "b")]), Err(EditError::NoWord(places[1])));
    assert_eq!(document.replace(&[(places[0], "a"), (places[2], "b c")]), Err(EditError::NotAWord("b c".into())));
    assert_eq!(document.text(), text, "all or none");
}

#[test]
fn edits_that_findings_offer_are_made() {
    let text = "allow x\nservice core {\n    // Not any more.\n    allow x\n    allow y\n}\n";
    let place = |word: &str| {
        let at = text.rfind(word).unwrap() as u32;
        groma_base::Range::new(at, at + word.len() as u32)
    };
    let mut document = Document::open(text).unwrap();
    let edits = [(place("core"), "api"), (place("allow x"), ""), (place("allow x"), "")];
    document.apply(&edits).unwrap();
    assert_eq!(document.text(), "allow x\nservice api {\n    // Not any more.\n    allow y\n}\n");
    let mut document = Document::open(text).unwrap();
    assert!(document.apply(&[(place("core"), "api"), (place("core {"), "")]).is_err());
    assert_eq!(document.text(), text);
}

#[test]
fn a_node_prints_in_the_one_style() {
    let node = Node::named("system", "s")
        .title("S")
        .property("owner", Value::text("the team"))
        .comment("What is sold.\nAnd how.")
        .child(Node::named("service", "a").child(retry()).comment("The core."))
        .child(Node::arrow("a", Arrow::Call, "b").title("Asks"));
    let text = "// What is sold.\n// And how.\nsystem s \"S\" owner=\"the team\" {\n    // The core.\n    service a {\n        retry 3 backoff=exponential\n    }\n    a -> b \"Asks\"\n}\n";
    assert_eq!(node.to_string(), text);
    assert_eq!(format(text).unwrap(), text);
}

#[test]
fn nothing_is_written_that_is_too_deep_to_be_read() {
    let mut node = Node::new("a");
    for _ in 0..groma_syntax::MAX_DEPTH {
        node = Node::new("a").child(node);
    }
    let mut document = Document::new();
    document.insert(Place::End, &node).unwrap();
    assert_eq!(document.text().lines().count(), 2 * groma_syntax::MAX_DEPTH + 1);
    let top = document.roots()[0];
    assert_eq!(document.insert(Place::EndOf(top), &node), Err(EditError::TooDeep));
    let other = document.insert(Place::End, &Node::new("b")).unwrap();
    let text = document.text();
    assert_eq!(document.move_to(top, Place::EndOf(other)), Err(EditError::TooDeep));
    assert_eq!(document.text(), text);
    assert!(Document::open(&text).is_ok());
}

#[test]
fn what_is_gone_cannot_be_edited() {
    let mut document = Document::open("a { b }\nc\n").unwrap();
    let (a, b) = (document.roots()[0], document.children(document.roots()[0])[0]);
    document.remove(a).unwrap();
    assert_eq!(document.remove(b), Err(EditError::NoSuchNode));
    assert_eq!(document.set_title(a, "x"), Err(EditError::NoSuchNode));
    assert_eq!(document.insert(Place::EndOf(b), &Node::new("x")), Err(EditError::NoSuchNode));
    assert_eq!(document.children(a), []);
}

/// As long as it takes to write a node at the end, however many there are.
#[test]
fn many_edits_take_no_longer_each() {
    let mut document = Document::new();
    let system = document.insert(Place::End, &Node::named("system", "s")).unwrap();
    for number in 0..20_000 {
        document.insert(Place::EndOf(system), &Node::named("service", &format!("a{number}")).child(retry())).unwrap();
    }
    assert_eq!(document.text().lines().count(), 60_002);
}

//! Values and names: what is written reads back as what it was made from.

use groma_base::Quantity;
use groma_model::write::{Value, identifier, is_name, quoted, unique_identifier};
use groma_syntax::{Number, Tree, Value as Read, parse};
use groma_testing::Dice;

fn read(text: &str) -> Tree {
    let (tree, errors) = parse(format!("node {text} key={text} {{ child {text}; }}"));
    assert_eq!(errors, [], "{text}");
    assert_eq!(tree.entries(tree.roots().next().unwrap()).len(), 2, "{text}");
    tree
}

#[track_caller]
fn check(value: &Value, expected: &Read) {
    let tree = read(value.as_written());
    let entries = tree.entries(tree.roots().next().unwrap());
    assert_eq!(tree.value(entries[0].value), *expected, "{value}");
    assert_eq!(tree.value(entries[1].value), *expected, "{value}");
    assert_eq!(Value::written(value.as_written()).as_ref(), Some(value));
}

const HOSTILE: [&str; 34] = [
    "",
    " ",
    "a",
    "true",
    "null",
    "inf",
    "-inf",
    "nan",
    "->",
    "-->",
    "10s",
    "1",
    "-1",
    ".5",
    "+",
    "-",
    "$3",
    "$3/month",
    "99.9%",
    "2026-11-30",
    "2026-13-30",
    "a b",
    "a\"b",
    "a\\b",
    "a\nb",
    "a\r\nb",
    "\u{FEFF}",
    "\u{2028}",
    "\u{202E}",
    "#true",
    "a=b",
    "a{b}",
    "/-",
    "\u{7F}\u{0}\u{1B}",
];

#[test]
fn texts_read_back_as_they_were() {
    for text in HOSTILE {
        check(&Value::text(text), &Read::Text(text.into()));
        check(&Value::quoted(text), &Read::Text(text.into()));
        assert_eq!(Value::text(text).string(), text);
        assert_eq!(Value::quoted(text).as_written(), quoted(text));
    }
    let mut dice = Dice::new(7);
    for _ in 0..5_000 {
        let mut text = String::new();
        for _ in 0..4 {
            text.push_str(dice.one_of(&HOSTILE));
        }
        check(&Value::text(&text), &Read::Text(text.as_str().into()));
    }
}

#[test]
fn nothing_is_quoted_without_need() {
    for bare in ["a", "Rust", "shop.core.x", "PostgreSQL-17", "2026-11-30", "über", "$3", "-", "a:b"] {
        assert_eq!(Value::text(bare).as_written(), bare);
    }
}

#[test]
fn only_one_word_is_a_value() {
    for text in ["200ms", "99.9%", "100/s", "3..20", "$3000/month", "#true", "\"a b\"", "#\"a\"#", "1_000"] {
        assert_eq!(Value::written(text).unwrap().as_written(), text);
    }
    for text in ["", " ", "a b", "a ", "1foo", "true", "a=b", "{", "\"a", "a;", "// a", "/-a", "(t)a", "a\n"] {
        assert_eq!(Value::written(text), None, "{text}");
    }
}

#[test]
fn numbers_and_answers() {
    check(&Value::from(true), &Read::Bool(true));
    check(&Value::from(false), &Read::Bool(false));
    check(&Value::from(17), &Read::Number(Number::Integer(17)));
    check(&Value::from(0.25), &Read::Number(Number::Float(0.25)));
    check(&Value::from(1e300), &Read::Number(Number::Float(1e300)));
    check(&Value::from(f64::NEG_INFINITY), &Read::Number(Number::Float(f64::NEG_INFINITY)));
}

#[test]
fn quantities_are_written_in_the_unit_that_fits() {
    for text in [
        "200ms",
        "10s",
        "99.9%",
        "100/s",
        "60/min",
        "3..20",
        "5GiB",
        "1h",
        "20MB/s",
        "$30",
        "€3/month",
        "$0.02/GB",
        "8..10d",
        "-5%",
        "90s",
        "1.5s",
        "0s",
        "7us",
    ] {
        let quantity = Quantity::parse(text).unwrap();
        let written = Value::from(quantity);
        assert_eq!(Quantity::parse(written.as_written()), Ok(quantity), "{text} -> {written}");
        assert!(written.as_written().len() <= text.len(), "{text} -> {written}");
    }
    assert_eq!(Value::from(Quantity::parse("0.2s").unwrap()).as_written(), "200ms");
    assert_eq!(Value::from(Quantity::parse("3600s").unwrap()).as_written(), "1h");
}

#[test]
fn names_are_made_from_titles() {
    for (title, name) in [
        ("Shop", "shop"),
        ("My \"best\" shop, 2", "my-best-shop-2"),
        ("42", "the-42"),
        ("Übung", "übung"),
        ("True", "the-true"),
        ("", "the"),
        ("!?", "the"),
        ("_x_", "x"),
    ] {
        assert_eq!(identifier(title), name);
    }
    for text in HOSTILE {
        assert!(is_name(&identifier(text)), "{text}");
        assert_eq!(Value::text(&identifier(text)).as_written(), identifier(text));
    }
    let taken = ["shop", "shop-2"];
    assert_eq!(unique_identifier("Shop", |name| taken.contains(&name)), "shop-3");
    assert_eq!(unique_identifier("Cart", |name| taken.contains(&name)), "cart");
}

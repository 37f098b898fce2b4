//! What is true of every edit of every text.

use crate::texts::{any, canonical};
use groma_model::write::{Arrow, Document, Node, Place, Value};
use groma_syntax::format::format;
use groma_syntax::{Lexer, NodeId, TokenKind, Tree, parse};
use groma_testing::Dice;

fn tree(text: &str) -> Tree {
    let (tree, errors) = parse(text);
    assert_eq!(errors, [], "{text}");
    tree
}

/// The comments of a text and what `/-` takes out, in the order of the alphabet.
fn remarks(text: &str) -> Vec<String> {
    let mut lexer = Lexer::new(text);
    let mut found = Vec::new();
    loop {
        let token = lexer.next_token();
        match token.kind {
            TokenKind::End => break,
            TokenKind::LineComment | TokenKind::BlockComment => found.push(token.range.of(text).trim_end().to_owned()),
            TokenKind::Escline if token.range.of(text).contains('/') => {
                found.push(token.range.of(text)[1..].trim().to_owned())
            }
            TokenKind::Slashdash => found.push("/-".to_owned()),
            _ => {}
        }
    }
    found.sort();
    found
}

/// The nodes of a text: of each how deep it lies and what its line says.
fn nodes(text: &str) -> Vec<(usize, String)> {
    let tree = tree(text);
    let mut found = Vec::new();
    let mut open: Vec<(usize, NodeId)> = tree.roots().map(|node| (0, node)).collect();
    open.reverse();
    while let Some((depth, node)) = open.pop() {
        let entries = tree.entries(node).iter().map(|entry| {
            let words = [entry.key, entry.ty, entry.value].map(|word| word.range().of(text).to_owned());
            words.join("=")
        });
        let words: Vec<String> = entries.collect();
        found.push((depth, format!("{} {}", tree.node(node).name.range().of(text), words.join(" "))));
        let mut children: Vec<_> = tree.children(node).map(|child| (depth + 1, child)).collect();
        children.reverse();
        open.extend(children);
    }
    found
}

fn all(document: &Document) -> Vec<NodeId> {
    let mut found = Vec::new();
    let mut open: Vec<NodeId> = document.roots().iter().rev().copied().collect();
    while let Some(node) = open.pop() {
        found.push(node);
        open.extend(document.children(node).iter().rev());
    }
    found
}

fn some_node(document: &Document, dice: &mut Dice) -> Option<NodeId> {
    let all = all(document);
    (!all.is_empty()).then(|| all[dice.roll(all.len())])
}

fn some_place(document: &Document, dice: &mut Dice) -> Place {
    let Some(node) = some_node(document, dice) else { return Place::End };
    match dice.roll(4) {
        0 => Place::Before(node),
        1 => Place::After(node),
        2 => Place::EndOf(node),
        _ => Place::End,
    }
}

fn new_node(dice: &mut Dice) -> Node {
    let long = "x".repeat(dice.one_of(&[1, 3, 30, 90]));
    match dice.roll(5) {
        0 => Node::new("new"),
        1 => Node::named("new", "n").title(&long),
        2 => Node::arrow("new", Arrow::Call, "n").title("Asks"),
        3 => Node::named("new", "n").child(Node::fact("new", 3).property("part", Value::text(&long))),
        _ => Node::new("new").child(Node::new("new").child(Node::new("new"))).child(Node::new("new")),
    }
}

fn for_texts(check: impl Fn(&str, &mut Dice)) {
    let mut dice = Dice::new(1);
    for text in canonical() {
        for _ in 0..20 {
            check(text, &mut dice);
        }
    }
    for _ in 0..6_000 {
        let text = any(&mut dice);
        check(&text, &mut dice);
    }
}

/// The document is what its text says.
fn check_whole(document: &Document, before: &str) -> String {
    let text = document.text();
    let (tree, errors) = parse(text.as_str());
    assert_eq!(errors, [], "\n--- before\n{before}\n--- after\n{text}");
    let words = |document: &Document| -> Vec<String> {
        all(document).iter().map(|node| document.word(*node).unwrap().into_owned()).collect()
    };
    let again = Document::open(&text).unwrap();
    assert_eq!(again.text(), text);
    assert_eq!(words(&again), words(document), "\n--- before\n{before}\n--- after\n{text}");
    assert_eq!(tree.node_count(), words(document).len());
    text
}

#[test]
fn a_text_that_is_not_edited_stays_the_same() {
    for_texts(|text, _| {
        for text in [text.to_owned(), text.replace('\n', "\r\n"), format!("\u{FEFF}{text}")] {
            let document = Document::open(&text).unwrap();
            assert_eq!(document.text(), text);
            let tree = tree(&text);
            for at in 0..tree.node_count() as u32 {
                let name = tree.node(NodeId(at)).name;
                assert_eq!(document.node_at(name.range().start), Some(NodeId(at)), "the numbers are those of the tree");
                assert_eq!(document.word(NodeId(at)).unwrap(), tree.string(name));
                assert_eq!(document.children(NodeId(at)), tree.children(NodeId(at)).collect::<Vec<_>>());
            }
        }
    });
}

#[test]
fn what_is_added_can_be_removed_to_the_byte() {
    for_texts(|text, dice| {
        let mut document = Document::open(text).unwrap();
        let place = some_place(&document, dice);
        let new = new_node(dice);
        let id = document.insert(place, &new).unwrap();
        let added = check_whole(&document, text);
        assert_eq!(remarks(&added), remarks(text), "{place:?}\n--- before\n{text}\n--- after\n{added}");
        let (old, mut now) = (nodes(text), nodes(&added));
        now.retain(|(_, words)| !words.starts_with("new "));
        assert_eq!(now, old, "{place:?}\n--- before\n{text}\n--- after\n{added}");
        document.remove(id).unwrap();
        let removed = document.text();
        if removed != text {
            // Only that a block was broken cannot be undone.
            let unbroken = |text: &str| text.replace(['\n', '\t', ' ', ';'], "");
            assert!(
                removed.lines().count() > text.lines().count() && unbroken(&removed) == unbroken(text),
                "{place:?}\n--- before\n{text}\n--- added\n{added}\n--- after\n{removed}"
            );
        }
    });
}

#[test]
fn what_is_removed_takes_nothing_else_with_it() {
    for_texts(|text, dice| {
        let mut document = Document::open(text).unwrap();
        let Some(node) = some_node(&document, dice) else { return };
        let (all, number) = (all(&document), node.0 as usize);
        let level = |node: NodeId| std::iter::successors(document.parent(node), |node| document.parent(*node)).count();
        let gone = all[number + 1..].iter().take_while(|other| level(**other) > level(node)).count() + 1;
        let mut expected = nodes(text);
        expected.drain(number..number + gone);
        document.remove(node).unwrap();
        let removed = check_whole(&document, text);
        assert_eq!(nodes(&removed), expected, "\n--- before\n{text}\n--- after\n{removed}");
    });
}

#[test]
fn what_is_changed_can_be_changed_back() {
    for_texts(|text, dice| {
        let mut document = Document::open(text).unwrap();
        let Some(node) = some_node(&document, dice) else { return };
        let fact = dice.one_of(&["fact", "k", "owner", "technology", "timeout"]);
        let old: Vec<Value> = document.values(node, fact).into_iter().cloned().collect();
        let is_said = document.says(node, fact);
        let new = dice.one_of(&["\"v w\"", "u", "#false", "5ms"]);
        if document.set_fact(node, fact, &Value::written(new).unwrap()).is_err() {
            return assert_eq!(document.text(), text);
        }
        let set = check_whole(&document, text);
        assert!(
            document.values(node, fact).len() == 1
                && document.values(node, fact)[0].string() == Value::written(new).unwrap().string()
        );
        assert_eq!(remarks(&set), remarks(text), "\n--- before\n{text}\n--- after\n{set}");
        match old.as_slice() {
            [] if !is_said => {
                document.remove_fact(node, fact).unwrap();
                assert_eq!(document.text(), text);
            }
            // Quotes without need come back only where they still are.
            [old] if !old.as_written().starts_with('"') => {
                document.set_fact(node, fact, old).unwrap();
                assert_eq!(document.text(), text);
            }
            _ => {}
        }
    });
}

#[test]
fn parts_titles_and_names_change_alone() {
    for_texts(|text, dice| {
        let mut document = Document::open(text).unwrap();
        let Some(node) = some_node(&document, dice) else { return };
        let fact = dice.one_of(&["fact", "k", "replicas", "failover"]);
        let edit = match dice.roll(6) {
            0 => document.set_part(node, fact, "part", &Value::from(7)),
            1 => document.set_title(node, "A new \"title\""),
            2 => document.set_name(node, "new-name"),
            3 => document.set_ends(node, "from.x", "to"),
            4 => document.remove_title(node).map(drop),
            _ => document.add_fact(node, fact, &Value::text("more")).map(drop),
        };
        let changed = check_whole(&document, text);
        if edit.is_err() {
            assert_eq!(changed, text);
        }
        assert_eq!(remarks(&changed), remarks(text), "\n--- before\n{text}\n--- after\n{changed}");
        if dice.roll(2) == 0 {
            document.remove_part(node, fact, "part").unwrap();
            document.remove_fact(node, fact).unwrap();
            check_whole(&document, text);
            assert_eq!(document.values(node, fact), Vec::<&Value>::new());
        }
    });
}

#[test]
fn what_is_moved_says_the_same() {
    for_texts(|text, dice| {
        let mut document = Document::open(text).unwrap();
        let Some(node) = some_node(&document, dice) else { return };
        let place = some_place(&document, dice);
        let moved = document.move_to(node, place);
        let after = check_whole(&document, text);
        let sorted = |text: &str| {
            let mut words: Vec<String> = nodes(text).into_iter().map(|(_, words)| words).collect();
            words.sort();
            words
        };
        assert_eq!(sorted(&after), sorted(text), "{place:?} {node:?}\n--- before\n{text}\n--- after\n{after}");
        assert_eq!(remarks(&after), remarks(text), "{place:?} {node:?} \n--- before\n{text}\n--- after\n{after}");
        if moved.is_err() {
            assert_eq!(after, text);
        }
    });
}

/// Any edit.
fn edit(document: &mut Document, dice: &mut Dice) {
    let node = some_node(document, dice).unwrap_or(NodeId(7));
    let fact = dice.one_of(&["fact", "k", "owner", "technology", "new"]);
    let value = Value::written(dice.one_of(&["1", "x", "\"y z\"", "5s"])).unwrap();
    let place = some_place(document, dice);
    // Whether it can be made is not the question.
    let _ = match dice.roll(9) {
        0 => document.insert(place, &new_node(dice)).map(drop),
        1 => document.remove(node),
        2 => document.move_to(node, place),
        3 => document.set_title(node, "New"),
        4 => document.set_fact(node, fact, &value),
        5 => document.set_part(node, fact, "part", &value),
        6 => document.remove_fact(node, fact).map(drop),
        7 => document.add_fact(node, fact, &value).map(drop),
        _ => document.set_name(node, "name"),
    };
}

#[test]
fn a_text_in_the_one_style_stays_so() {
    let mut dice = Dice::new(3);
    for text in canonical() {
        for _ in 0..60 {
            let mut document = Document::open(text).unwrap();
            for _ in 0..8 {
                let before = document.text();
                edit(&mut document, &mut dice);
                let after = check_whole(&document, text);
                assert_eq!(format(&after).unwrap(), after, "\n--- before\n{before}");
            }
        }
    }
}

#[test]
fn lines_end_as_they_did_whatever_is_edited() {
    for_texts(|text, dice| {
        if text.find('\n').is_none() {
            return;
        }
        let mut plain = Document::open(text).unwrap();
        let mut returns = Document::open(&text.replace('\n', "\r\n")).unwrap();
        let mut same = dice.clone();
        for _ in 0..5 {
            edit(&mut plain, dice);
            edit(&mut returns, &mut same);
        }
        assert_eq!(returns.text(), check_whole(&plain, text).replace('\n', "\r\n"));
    });
}

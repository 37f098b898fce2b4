//! What holds where a fact is not given: writing it changes nothing of what is meant, and a query that asks for it finds who does
//! not write it.

use crate::corpus::{self, Workspace};
use crate::observe::read;
use groma_model::difference::difference;
use groma_model::query::{Answers, Query};
use groma_model::schema::{Fact, Type};
use groma_model::write::{Document, Value};
use groma_model::{Architecture, ItemRef, facts, kinds};
use groma_session::Snapshot;
use std::collections::{BTreeMap, BTreeSet};

/// So many things of a kind are tried for each fact: others of it show the same.
const MOST_TRIED: usize = 3;

/// What is written so bare nowhere else.
const BARE: &str = r#"
system s "S" {
    service a "A"
    service b "B"
    queue q "Q"
    a -> b "Asks" { breaker; }
    a -> b "Asks for more" { breaker trials=3; }
    a -> b "Asks for a share" { breaker rate=50%; }
    a -> q "Tells"
}
fact kept-by "Kept by" on=service names=team default=core
team core "Core"
failure slow-b "Slow" {
    slow s.b
}
failure wrong-b "Wrong" {
    errors s.b
}
"#;

/// A fact, or a part of one, that something does not give, with what holds of it.
struct Held {
    at: ItemRef,
    fact: &'static Fact,
    part: Option<&'static Fact>,
    /// As it would be written.
    value: String,
}

impl Held {
    /// The fact or the part.
    fn asked(&self) -> &'static Fact {
        self.part.unwrap_or(self.fact)
    }

    fn name(&self) -> String {
        self.part.map_or(self.fact.name.to_owned(), |part| format!("{}.{}", self.fact.name, part.name))
    }

    /// The text of its file in which it is given.
    fn written(&self, arch: &Architecture) -> Option<String> {
        let mut document = Document::open(&arch.file(self.at).text).ok()?;
        let node = document.node_at(arch.item(self.at).range.start)?;
        let value = match self.asked().ty {
            Type::Bool => Value::written(if self.value == "yes" { "#true" } else { "#false" })?,
            Type::Text => Value::text(&self.value),
            _ => Value::typed(&self.value)?,
        };
        match self.part {
            Some(part) => document.set_part(node, self.fact.name, part.name, &value).ok()?,
            None => document.set_fact(node, self.fact.name, &value).ok()?,
        }
        Some(document.text())
    }

    /// The query that asks for it among things of its kind.
    fn query(&self, arch: &Architecture) -> String {
        let sign = if self.asked().ty.dimension().is_some() { '=' } else { ':' };
        format!("kind:{} and {}{sign}\"{}\"", arch.kind_word(self.at), self.name(), self.value)
    }
}

/// All that the things of a workspace do not say and that holds of them.
fn held(arch: &Architecture) -> Vec<Held> {
    let mut found = Vec::new();
    for at in arch.item_refs() {
        for fact in arch.item(at).kind.all_facts().chain(arch.own_facts_of(at)) {
            let given: Vec<_> = arch.values_of(at, fact).collect();
            if given.is_empty() {
                let words = arch.holds_anyway(at, fact);
                // Several values are not one text.
                let value = if fact.is_listed || words.len() == 1 { words.join(", ") } else { String::new() };
                found.extend((!value.is_empty()).then_some(Held { at, fact, part: None, value }));
            }
            for given in given {
                for part in fact.parts.iter().filter(|part| arch.part_value_of(at, given, part).is_none()) {
                    let value = arch.holds_of_part(at, given, part).join(", ");
                    found.extend((!value.is_empty()).then_some(Held { at, fact, part: Some(part), value }));
                }
            }
        }
    }
    found
}

/// What is wrong about what holds of one thing; `None` where it cannot be tried.
fn fault(workspace: &Workspace, before: &Snapshot, held: &Held) -> Option<Vec<String>> {
    let arch = &before.arch;
    let text = held.written(arch)?;
    let path = before.sources.get(held.at.file).path.clone();
    let after = read(workspace, Some((&path, &text)));
    let mut wrong = Vec::new();
    if !difference(arch, &after.arch).is_empty() {
        wrong.push(format!("written out it is a change:\n{text}"));
    }
    let query = held.query(arch);
    let things = Query::parse(&query).and_then(|query| query.things(arch, &Answers::default()));
    match things {
        Ok(things) if things.contains(&held.at) => {}
        other => wrong.push(format!("`{query}` does not find it: {other:?}")),
    }
    Some(wrong)
}

/// Every fact with a declared default, by the name that tells it from all others.
fn declared() -> BTreeSet<usize> {
    let all = kinds::facts().into_iter().filter(|(_, fact)| fact.default.is_some());
    all.map(|(_, fact)| std::ptr::from_ref(fact).addr()).collect()
}

#[test]
fn what_holds_anyway_says_nothing_new_if_it_is_written() {
    let mut tried: BTreeMap<(&'static str, String), usize> = BTreeMap::new();
    let (mut left, mut wrong) = (declared(), Vec::new());
    let bare = Workspace::of_text(BARE.to_owned(), false);
    for workspace in corpus::all().into_iter().chain([bare]) {
        let before = read(&workspace, None);
        for held in held(&before.arch) {
            // What Groma knows of versions and other names holds besides those that are written.
            let is_added = held.fact.name == "version" || held.fact.name == "also";
            let times = tried.entry((before.arch.item(held.at).kind.name, held.name())).or_default();
            if is_added || *times >= MOST_TRIED {
                continue;
            }
            let Some(found) = fault(&workspace, &before, &held) else { continue };
            *times += 1;
            left.remove(&std::ptr::from_ref(held.asked()).addr());
            wrong.extend(found.into_iter().map(|what| format!("{} {}: {what}", held.name(), held.value)));
        }
    }
    let names = kinds::facts();
    let untried = names.iter().filter(|(_, fact)| left.contains(&std::ptr::from_ref(*fact).addr()));
    let untried: Vec<&str> = untried.map(|(name, _)| name.as_str()).collect();
    assert!(untried.is_empty(), "nothing shows {untried:?}");
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
    let has = |kind: &str, fact: &str| tried.contains_key(&(kind, fact.to_owned()));
    assert!(has("service", facts::element::PUBLIC.name) && has("->", facts::ASYNC.name));
    assert!(has("->", "breaker.half-open") && has("database", "failover.after"));
    assert!(has("technology", "category") && has("technology", "quadrant") && has("service", facts::OWNER.name));
}

#[test]
fn what_is_known_anyway_is_found_however_it_is_asked_for() {
    let text = r#"
workspace w "W" owner=core
team core "Core"
technology kafka "Apache Kafka"
technology dynamo "Amazon DynamoDB"
fact kept-by "Kept by" on=service names=team default=core
system s "S" {
    service a "A" technology="Amazon DynamoDB"
    service b "B" technology="Apache Kafka"
    queue q "Q"
    a -> b "Asks" { breaker rate=50%; }
    a -> q "Tells" { breaker trials=3; }
}
"#;
    let snapshot = read(&Workspace::of_text(text.to_owned(), false), None);
    let arch = &snapshot.arch;
    let found = |query: &str| -> Vec<String> {
        let things = Query::parse(query).unwrap().things(arch, &Answers::default()).unwrap();
        things.into_iter().map(|at| arch.address_of(at).replace("service:", "")).collect()
    };
    for (query, expected) in [
        ("technology.managed", vec!["s.a"]),
        ("kind:service and not technology.managed", vec!["s.b"]),
        ("kind:technology and category:event-stream", vec!["technology:kafka"]),
        ("kind:technology and managed:yes", vec!["technology:dynamo"]),
        ("kind:technology and has:category", vec![]),
        ("kind:service and refers-to(team:core)", vec!["s.a", "s.b"]),
        ("kind:team and referred-to-by(s.a)", vec!["team:core"]),
        ("kind:relationship and async:yes", vec!["s.a -> s.q"]),
        ("kind:relationship and async:no", vec!["s.a -> s.b"]),
        // A share opens the one, and as many as may be under way at once decide on the other.
        ("kind:relationship and breaker.failures=5", vec!["s.a -> s.q"]),
        ("kind:relationship and breaker.half-open=3", vec!["s.a -> s.q"]),
        ("built-with(technology:kafka)", vec!["s.b"]),
        ("kind:service and external:no", vec!["s.a", "s.b"]),
    ] {
        assert_eq!(found(query), expected, "{query}");
    }
}

//! Whatever is written of a thing stands on its page: all facts that are declared for its kind are given to it, and looked for there.

use groma_model::kinds::{self, class};
use groma_model::schema::{Class, Fact, Head, Kind, Type};
use groma_session::{MemoryFileSystem, Session};
use groma_site::{Found, build};
use std::collections::BTreeMap;
use std::path::Path;

/// What has no page: these are drawn in pictures, set something up, or are told where they take effect.
const WITHOUT: &[&Class] = &[
    &class::GROUP,
    &class::ZONE,
    &class::DEPLOYMENT,
    &class::PLACE,
    &class::CONNECTION,
    &class::PIPELINE,
    &class::STAGE,
    &class::TRANSITION,
    &class::RULE_SETTING,
    &class::ALLOW,
    &class::INCLUDE,
    &class::EXTEND,
    &class::OWN_KIND,
];

/// What is said in other words: the zones by their titles, what realizes something by links to it, and what a ring asks by what that means.
const IN_OTHER_WORDS: &[&str] = &["in-zone", "realized-by", "policy"];

/// A value of each fact that no other has, with the words that the page says of it.
#[derive(Default)]
struct Values {
    number: usize,
    expected: Vec<(&'static str, String)>,
}

impl Values {
    /// A fact with all its parts as it is written in a block.
    fn line(&mut self, fact: &'static Fact) -> String {
        let value = self.value(fact);
        let parts: String = fact.parts.iter().map(|part| format!(" {}={}", part.name, self.value(part))).collect();
        format!("{} {value}{parts}\n", fact.name)
    }

    fn value(&mut self, fact: &'static Fact) -> String {
        self.number += 1;
        let number = self.number + 1000;
        let (written, said) = match fact.ty {
            Type::Text | Type::TextOrName(_) => (format!("\"text-{number}\""), format!("text-{number}")),
            Type::Bool => ("#true".to_owned(), fact.name.to_owned()),
            Type::Whole | Type::Number | Type::Amount | Type::Quantity => (number.to_string(), number.to_string()),
            Type::Duration => (format!("{number}s"), format!("{number}s")),
            Type::Ratio => (format!("0.{number}%"), format!("0.{number}%")),
            Type::Rate => (format!("{number}/s"), format!("{number}/s")),
            Type::MoneyPerTime => (format!("€{number}/month"), format!("€{number}/month")),
            Type::Size => (format!("{number}kB"), format!("{number}kB")),
            Type::OneOf(words) => (words[words.len() - 1].0.to_owned(), words[words.len() - 1].0.to_owned()),
            Type::Reference(_) => (format!("name-{number}"), format!("name-{number}")),
            Type::Query => (format!("\"name:name-{number}\""), format!("name:name-{number}")),
            Type::Date => ("2027-03-04".to_owned(), "2027-03-04".to_owned()),
        };
        self.expected.push((fact.name, said));
        written
    }
}

/// A workspace in which something of this kind has all its facts, and the page on which they are told; none where that is one of several.
fn workspace(kind: &'static Kind, values: &mut Values) -> (String, Option<&'static str>) {
    let facts: String = kind.all_facts().map(|fact| values.line(fact)).collect();
    let head = match kind.head {
        Head::Named => "it",
        Head::Title => "\"it\"",
        Head::Value(_) | Head::Perhaps(_) if *kind.class == class::INSTANCE => "s.c",
        Head::Value(fact) | Head::Perhaps(fact) => match fact.ty {
            Type::Ratio => "10%",
            Type::Reference(_) => "s.c",
            _ => "2",
        },
        Head::Arrow => "s.a",
    };
    let own = match kind.head {
        Head::Arrow => format!("s.c {} s.d \"it\" {{\n{facts}}}\n", kind.name),
        _ => format!("{} {head} {{\n{facts}}}\n", kind.name),
    };
    let around = "system s { service c; service d; cache e; }\ns.c -> s.d\n";
    let is = |class: &Class| *kind.class == *class;
    let stands = |class: &Class| kind.class.may_stand_in(class);
    if is(&class::WORKSPACE) {
        (format!("{own}{around}"), Some("index.html"))
    } else if is(&class::CONTAINER) {
        (format!("{around}system t {{\n{own}}}\n"), Some("element/t.it.html"))
    } else if is(&class::COMPONENT) {
        (format!("{around}system t {{ service u {{\n{own}}}\n}}\n"), Some("element/t.u.it.html"))
    } else if kind.class.is_element() {
        (format!("{around}{own}"), Some("element/it.html"))
    } else if is(&class::RELATION) {
        (format!("system s {{ service c; service d; }}\n{own}"), Some("element/s.c.html"))
    } else if is(&class::INSTANCE) {
        (format!("{around}deployment x {{ host y {{\n{own}}}\n}}\n"), Some("element/s.c.html"))
    } else if is(&class::FLOW) {
        (format!("{around}{own}"), Some("flow/it.html"))
    } else if is(&class::VIEW) {
        (format!("{around}{own}"), Some("view/it.html"))
    } else if stands(&class::FLOW) {
        let inside =
            if matches!(kind.head, Head::Arrow) { own } else { own.replacen("}\n", "s.c -> s.d \"calls\"\n}\n", 1) };
        (format!("{around}flow x {{ s.c -> s.d \"first\"\n{inside}}}\n"), Some("flow/x.html"))
    } else if is(&class::SIGNATURE) {
        (own, Some("signatures.html"))
    } else if stands(&class::CHOICE) {
        (format!("choice x \"Which?\" {{\n{own}}}\n"), Some("choices.html"))
    } else if stands(&class::TEAM) {
        (format!("team x {{\n{own}}}\n"), None)
    } else if stands(&class::RADAR) {
        (format!("radar x {{\n{own}}}\ntechnology y ring=it\n"), None)
    } else {
        (format!("{around}{own}"), None)
    }
}

fn pages(text: &str) -> BTreeMap<String, String> {
    let files = MemoryFileSystem::new(&[("w.groma", text)]);
    let snapshot = Session::open(&files, Path::new("w.groma")).unwrap().snapshot();
    let files =
        build(&snapshot, Found { checked: &snapshot.checked("2026-01-01"), spared: &[], today: "2026-01-01" }, None);
    let pages = files.into_iter().filter(|file| file.path.ends_with(".html"));
    pages.map(|file| (file.path, words(&String::from_utf8(file.bytes).unwrap()))).collect()
}

/// What a reader sees of a page below its header and above what is found, in small letters.
fn words(page: &str) -> String {
    let main = page.split("<main").nth(1).unwrap_or_default();
    let main = main.split("<h2>Findings</h2>").next().unwrap_or_default();
    let texts = main.split('<').filter_map(|piece| piece.split_once('>')).map(|(_, text)| text);
    texts.collect::<Vec<_>>().join("").to_lowercase()
}

#[test]
fn every_fact_of_a_thing_stands_on_its_page() {
    let mut missing = String::new();
    let mut all = 0;
    for kind in kinds::all().filter(|kind| !kind.class.is_in(WITHOUT)) {
        let mut values = Values::default();
        let (text, page) = workspace(kind, &mut values);
        let pages = pages(&text);
        let said: String = match page {
            Some(page) => pages.get(page).unwrap_or_else(|| panic!("{page}: {:?}", pages.keys())).clone(),
            None => pages.into_iter().filter(|(name, _)| name != "findings.html").map(|(_, page)| page).collect(),
        };
        for (name, value) in values.expected {
            all += 1;
            let is_said = |words: &str| said.contains(words) || said.contains(&words.replace('-', " "));
            if !is_said(&value.to_lowercase()) && !IN_OTHER_WORDS.contains(&name) {
                missing.push_str(&format!("{} ({}): {name} {value}\n", kind.name, kind.class.word));
            }
        }
    }
    assert!(missing.is_empty(), "{missing}");
    assert!(all > 300, "{all}");
}

#[test]
fn so_does_every_fact_of_your_own() {
    let text = r#"
fact own-a "A" on="service, relationship, flow, view, instance, workspace, call" type=whole
workspace w "W" own-a=2001
system s "S" { service c own-a=2002; service d; }
s.c -> s.d "Calls" own-a=2003
flow f "F" own-a=2004 { s.c -> s.d "Calls" own-a=2005; }
view v "V" show=landscape own-a=2006
deployment x { host y { instance s.c own-a=2007; } }
"#;
    let pages = pages(text);
    for (page, numbers) in [
        ("index.html", &["2001"][..]),
        ("element/s.c.html", &["2002", "2003", "2007"]),
        ("element/s.d.html", &["2003"]),
        ("flow/f.html", &["2004", "2005"]),
        ("view/v.html", &["2006"]),
    ] {
        for number in numbers {
            assert!(pages[page].contains(number), "{page}: {number}");
        }
    }
}

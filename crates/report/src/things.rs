//! What a query selects, to text: for people, for programs and as a table.

use crate::{aligned, quoted};
use groma_base::{Quantity, Span, counted, join_words};
use groma_model::decode::{FactValue, Value as DecodedValue};
use groma_model::kinds::{self, class};
use groma_model::schema::{Fact, Type, YesNo};
use groma_model::stack::Technologies;
use groma_model::{Architecture, ItemRef, facts};
use serde_json::{Map, Value, json};
use std::cmp::Ordering;

/// What is told of each thing.
#[derive(Clone, PartialEq, Debug)]
pub enum Column {
    /// Its path, or its address if it has no name.
    Name,
    /// The word of its kind.
    Kind,
    /// Its title or label.
    Title,
    /// The address that tells it from everything else.
    Address,
    /// Where it stands.
    At,
    /// A fact by its name, or a part of one such as `retry.from`; several values are joined by commas.
    Fact(String),
}

impl Column {
    /// The column with this name; any that is none of the others is a fact.
    pub fn named(name: &str) -> Column {
        match name {
            "name" => Column::Name,
            "kind" => Column::Kind,
            "title" => Column::Title,
            "address" => Column::Address,
            "at" => Column::At,
            fact => Column::Fact(fact.to_owned()),
        }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        match self {
            Column::Name => "name",
            Column::Kind => "kind",
            Column::Title => "title",
            Column::Address => "address",
            Column::At => "at",
            Column::Fact(fact) => fact,
        }
    }

    /// Whether there is something that may have it.
    pub fn is_known(&self, arch: &Architecture) -> bool {
        let Column::Fact(name) = self else { return true };
        let own = arch.own_facts.all();
        let mut facts = kinds::all().flat_map(|kind| kind.every_fact()).chain(own.iter().map(|own| own.fact));
        match name.split_once('.') {
            None => facts.any(|fact| fact.name == name),
            Some((whole, part)) => {
                fact_of_technologies(arch, whole, part).is_some()
                    || facts.any(|fact| fact.name == whole && fact.part(part).is_some())
            }
        }
    }

    fn of(&self, technologies: &Technologies<'_>, place: &dyn Fn(Span) -> String, at: ItemRef) -> String {
        let arch = technologies.architecture();
        match self {
            Column::Name => arch.entity(at).map_or_else(|| arch.address_of(at), |entity| arch.path(entity)),
            Column::Kind => arch.kind_word(at).to_owned(),
            Column::Title => arch.title(at).to_owned(),
            Column::Address => arch.address_of(at),
            Column::At => place(arch.name_span(at)),
            Column::Fact(name) => fact_words(technologies, at, name),
        }
    }
}

/// The things with what is told of each, in the order in which they are told.
#[derive(Debug)]
pub struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// What is told of some things. `place` tells where something stands: people are told as they named the workspace, programs
    /// from the root of the repository.
    pub fn new(arch: &Architecture, place: &dyn Fn(Span) -> String, things: &[ItemRef], columns: Vec<Column>) -> Table {
        let technologies = Technologies::new(arch);
        let row = |at: &ItemRef| columns.iter().map(|column| column.of(&technologies, place, *at)).collect();
        let rows = things.iter().map(row).collect();
        Table { columns, rows }
    }

    /// Sorts by a column, and within equals in the order of the text; quantities by their size.
    pub fn sort(&mut self, by: usize) {
        self.rows.sort_by(|a, b| order(&a[by], &b[by]));
    }

    /// Lines for people, the columns below each other and below their names.
    pub fn human(&self) -> String {
        let head: Vec<String> = self.columns.iter().map(|column| column.name().to_owned()).collect();
        aligned(std::iter::once(&head).chain(&self.rows).take_while(|_| !self.rows.is_empty()))
    }

    /// A document, with a version.
    pub fn json(&self) -> Value {
        let row = |row: &Vec<String>| -> Value {
            let cells = self.columns.iter().zip(row);
            Value::Object(cells.map(|(column, cell)| (column.name().to_owned(), json!(cell))).collect::<Map<_, _>>())
        };
        json!({ "version": 2, "things": self.rows.iter().map(row).collect::<Vec<_>>() })
    }

    /// One row for each thing, below the names of the columns.
    pub fn csv(&self) -> String {
        let line = |cells: Vec<String>| format!("{}\n", cells.join(","));
        let head = self.columns.iter().map(|column| quoted(column.name())).collect();
        let rows = self.rows.iter().map(|row| line(row.iter().map(|cell| quoted(cell)).collect()));
        std::iter::once(line(head)).chain(rows).collect()
    }
}

/// How many things there are of each kind, in the order in which they are told: `2 members and 1 team`.
pub fn counted_by_kind(arch: &Architecture, things: &[ItemRef]) -> String {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for word in things.iter().map(|at| arch.kind_word(*at)) {
        match counts.iter_mut().find(|(known, _)| *known == word) {
            Some((_, count)) => *count += 1,
            None => counts.push((word, 1)),
        }
    }
    let told: Vec<String> = counts.into_iter().map(|(word, count)| counted(count, word)).collect();
    join_words(&told, "and")
}

/// The fact of technologies that a column such as `technology.licence` tells of those that something names.
fn fact_of_technologies(arch: &Architecture, whole: &str, part: &str) -> Option<&'static Fact> {
    let built_in = kinds::all().filter(|kind| kind.is(&class::TECHNOLOGY)).flat_map(|kind| kind.every_fact());
    let own = arch.own_facts.all().iter().map(|own| own.fact);
    built_in.chain(own).find(|fact| facts::TECHNOLOGY.is_called(whole) && fact.is_called(part))
}

/// All values of a fact of something as written, or of a part of a fact; what holds where nothing is written. Of a technology that is
/// what Groma knows.
fn fact_words(technologies: &Technologies<'_>, at: ItemRef, name: &str) -> String {
    let arch = technologies.architecture();
    let (whole, part) = name.split_once('.').map_or((name, None), |(whole, part)| (whole, Some(part)));
    if let Some(fact) = part.and_then(|part| fact_of_technologies(arch, whole, part)) {
        return technologies.texts_of_named(at, fact).join(", ");
    }
    let Some(fact) = arch.facts_for(at).find(|fact| fact.is_called(whole)) else { return String::new() };
    if fact == &facts::OWNER {
        return arch.owner_of(at).map_or(String::new(), |(around, owner)| arch.words(around, owner).to_owned());
    }
    let given: Vec<&FactValue> = arch.values_of(at, fact).collect();
    let words: Vec<&str> = match part.map(|part| fact.part(part)) {
        None if given.is_empty() => held(fact, arch.holds_anyway(at, fact)),
        None => given.into_iter().map(|given| said(arch, at, given)).collect(),
        Some(None) => Vec::new(),
        Some(Some(part)) => given
            .into_iter()
            .flat_map(|given| {
                let parts = arch.file(at).parts_of(given).iter().filter(|given| given.fact == part);
                let words: Vec<&str> = parts.map(|given| said(arch, at, given)).collect();
                if words.is_empty() { held(part, arch.holds_of_part(at, given, part)) } else { words }
            })
            .collect(),
    };
    words.join(", ")
}

/// A value as it is written; a bare name means yes.
fn said<'a>(arch: &'a Architecture, at: ItemRef, value: &'a FactValue) -> &'a str {
    match value.value {
        DecodedValue::Bool(is_so) => flag(is_so),
        _ => arch.words(at, value),
    }
}

/// The order of two values: first the quantities, those of one dimension by their size, then texts whatever their case; last what
/// has none.
fn order(a: &str, b: &str) -> Ordering {
    let by_value = || match (Quantity::parse(a), Quantity::parse(b)) {
        (Ok(one), Ok(other)) => {
            let kind = |of: Quantity| (of.dimension.word(), of.currency);
            let by_size = || one.low.total_cmp(&other.low).then(one.high.total_cmp(&other.high));
            kind(one).cmp(&kind(other)).then_with(by_size)
        }
        (Ok(_), Err(_)) => Ordering::Less,
        (Err(_), Ok(_)) => Ordering::Greater,
        (Err(_), Err(_)) => a.to_lowercase().cmp(&b.to_lowercase()),
    };
    a.is_empty().cmp(&b.is_empty()).then_with(by_value).then_with(|| a.cmp(b))
}

/// What holds where a fact is not given, as it would be written.
fn held<'a>(fact: &'static Fact, words: Vec<&'a str>) -> Vec<&'a str> {
    let written = |word| if fact.ty == Type::Bool { flag(word == YesNo::Yes.word()) } else { word };
    words.into_iter().map(written).collect()
}

/// Yes or no as it would be written.
fn flag(is_so: bool) -> &'static str {
    if is_so { "#true" } else { "#false" }
}

#[cfg(test)]
mod tests {
    use super::{Column, Table, order};
    use groma_model::query::{Answers, Query};
    use groma_session::{MemoryFileSystem, Session};
    use std::path::Path;

    #[test]
    fn quantities_are_sorted_by_their_size() {
        let mut values = ["Beta", "1s", "", "alpha", "900ms", "3", "2min", "20"];
        values.sort_by(|a, b| order(a, b));
        assert_eq!(values, ["900ms", "1s", "2min", "3", "20", "alpha", "Beta", ""]);
    }

    #[test]
    fn what_is_known_of_technologies_is_told_where_they_are_named_and_declared() {
        let text = "technology pg \"Our PostgreSQL\" also=PostgreSQL ring=adopt licence=Ours\ntechnology mysql ring=hold\nsystem s \"S\" {\n    database a \"A\" technology=\"PostgreSQL 17\"\n    service b \"B\" technology=\"MySQL 8.4, Zorbium\"\n}\n";
        let snapshot =
            Session::open(&MemoryFileSystem::new(&[("w.groma", text)]), Path::new("w.groma")).unwrap().snapshot();
        let told = |query: &str, columns: &[&str]| {
            let things = Query::parse(query).unwrap().things(&snapshot.arch, &Answers::default()).unwrap();
            let columns: Vec<Column> = columns.iter().map(|column| Column::named(column)).collect();
            assert!(columns.iter().all(|column| column.is_known(&snapshot.arch)));
            Table::new(&snapshot.arch, &|_| String::new(), &things, columns).csv().replace('"', "")
        };
        let columns =
            ["name", "technology.category", "technology.ring", "technology.licence", "technology.support-until"];
        let head = columns.join(",");
        assert_eq!(
            told("level:container", &columns),
            format!(
                "{head}\ns.a,relational-database,adopt,Ours,2029-11-08\ns.b,relational-database,hold,GPL-2.0-only,2032-04-30\n"
            )
        );
        assert_eq!(
            told("kind:technology", &["name", "category", "connections"]),
            "name,category,connections\npg,relational-database,100\nmysql,relational-database,151\n"
        );
        assert!(!Column::named("technology.zorb").is_known(&snapshot.arch));
    }

    #[test]
    fn an_owner_is_told_and_asked_for_wherever_it_holds() {
        let text = "workspace w \"W\" owner=core\nteam core \"Core\"\nteam edge \"Edge\"\nperson p \"P\"\nsystem s \"S\" {\n    service a \"A\"\n    service b \"B\" owner=edge\n}\nsystem t \"T\" owner=edge {\n    service c \"C\"\n}\n";
        let snapshot =
            Session::open(&MemoryFileSystem::new(&[("w.groma", text)]), Path::new("w.groma")).unwrap().snapshot();
        let told = |query: &str| {
            let things = Query::parse(query).unwrap().things(&snapshot.arch, &Answers::default()).unwrap();
            let columns = ["name", "owner"].into_iter().map(Column::named).collect();
            Table::new(&snapshot.arch, &|_| String::new(), &things, columns).csv().replace('"', "")
        };
        assert_eq!(told("owner:core"), "name,owner\ns,core\ns.a,core\n");
        assert_eq!(told("owner:edge"), "name,owner\ns.b,edge\nt,edge\nt.c,edge\n");
        for team in ["core", "edge"] {
            assert_eq!(told(&format!("owner(team:{team})")), told(&format!("owner:{team}")), "{team}");
        }
        assert_eq!(told("kind:person"), "name,owner\np,\n");
    }

    #[test]
    fn what_holds_where_nothing_is_written_is_told() {
        let text = "system s \"S\" {\n    service a \"A\"\n    service b \"B\" kept=#false tier=low\n    service c \"C\" kept\n    a -> b \"Asks\" { retry 2; }\n}\nfact kept \"Kept\" on=service type=yes-no default=yes\nfact tier \"Tier\" on=service one-of=\"low, high\" default=high\n";
        let snapshot =
            Session::open(&MemoryFileSystem::new(&[("w.groma", text)]), Path::new("w.groma")).unwrap().snapshot();
        let told = |query: &str, columns: &[&str], by: usize| {
            let things = Query::parse(query).unwrap().things(&snapshot.arch, &Answers::default()).unwrap();
            let columns = columns.iter().map(|column| Column::named(column)).collect();
            let mut table = Table::new(&snapshot.arch, &|_| String::new(), &things, columns);
            table.sort(by);
            table.csv().replace('"', "")
        };
        assert_eq!(
            told("kind:service", &["name", "kept", "tier"], 2),
            "name,kept,tier\ns.a,#true,high\ns.c,#true,high\ns.b,#false,low\n"
        );
        assert_eq!(told("s.a", &["name", "public", "external"], 0), "name,public,external\ns.a,#false,#false\n");
        assert_eq!(told("kind:relationship", &["async", "retry.jitter"], 0), "async,retry.jitter\n#false,#false\n");
        assert_eq!(told("kind:relationship", &["retry.from", "retry.max"], 0), "retry.from,retry.max\n100ms,\n");
    }
}

//! What the `fact` nodes of a workspace declare, as declarations like those of the language itself.

use super::class::OWN_FACT;
use super::facts::own_fact::{self, Value};
use crate::facets::common::WAS;
use crate::facets::kits;
use crate::facets::structure::class::{COMPONENT, CONTAINER};
use crate::facets::workspace::class::OWN_KIND;
use crate::facets::workspace::facts::own_kind;
use crate::items::{FactValue, FileModel, Item, find_fact};
use crate::kinds;
use crate::schema::{Class, Fact, Kind, Type, fact};
use groma_base::is_slip;
use rustc_hash::FxHashMap;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// A fact of one's own.
#[derive(Clone, PartialEq, Debug)]
pub struct OwnFact {
    /// Its declaration; the same for the same text, however often that is read.
    pub fact: &'static Fact,
    /// The words of the kinds that may have it: `service`, or one of the workspace's own.
    pub on: Vec<Box<str>>,
    /// The words of the kinds of which it names one, if it is a name.
    pub names: Vec<Box<str>>,
    /// Whether it counts instead of a built-in fact of its name, which came after its kit was written.
    pub is_older: bool,
}

/// The facts that a workspace declares.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct OwnFacts {
    all: Vec<OwnFact>,
    /// The names of the workspace's own kinds, each with the built-in kind that it is a special case of, if that is one: what begins with
    /// one is neither a slip of the pen nor an arrow without its sign, and is read as that kind.
    kinds: BTreeMap<Box<str>, Option<&'static Kind>>,
}

impl OwnFacts {
    /// Those that some files declare, without those that their kinds have already; the rule `unclear-fact` tells of these.
    pub fn declared<'f>(files: impl Iterator<Item = &'f Arc<FileModel>>) -> OwnFacts {
        let mut own = OwnFacts::default();
        let files: Vec<&Arc<FileModel>> = files.collect();
        let of = |class| {
            files
                .iter()
                .flat_map(move |file| file.items.iter().map(move |item| (*file, item)))
                .filter(move |(_, item)| item.kind.is(class))
        };
        // A fact may be on or name kinds that are declared further down.
        for (file, item) in of(&OWN_KIND) {
            own.kinds.entry(file.name(item).into()).or_insert_with(|| base_of(file, item));
        }
        let kits = if of(&OWN_FACT).next().is_some() { kits::of_files(&files) } else { Vec::new() };
        for (file, kit) in files.iter().zip(kits) {
            let written_for = kit.and_then(|kit| {
                let of_kit = files.iter().find(|file| file.file == kit.file)?;
                Some(of_kit.words(find_fact(of_kit.facts_of(&of_kit.items[kit.item]), &kits::facts::kit::GROMA)?))
            });
            for item in file.items.iter().filter(|item| item.kind.is(&OWN_FACT)) {
                own.declare(file, item, written_for);
            }
        }
        own.also_on_what_is_meant();
        own
    }

    /// Declares a fact of a kit that was written for a version of Groma, if it is of one that says so.
    fn declare(&mut self, file: &FileModel, item: &Item, written_for: Option<&str>) {
        let name = file.name(item);
        let is_twice = self.all.iter().any(|other| other.fact.name == name);
        if name.is_empty() || is_twice {
            return;
        }
        // What is called as a kind is, or as a fact that they have, stands nowhere.
        let is_kind = kinds::by_name(name).is_some();
        let built_in = |word: &str| self.kinds_meant(word).filter_map(|kind| kind.fact(name)).collect::<Vec<_>>();
        let has_it = |word: &str| !built_in(word).iter().all(|fact| is_newer(fact, written_for));
        let mut on: Vec<Box<str>> = list(file, item, &own_fact::ON).flat_map(words_of).collect();
        on.retain(|word| !is_kind && !has_it(word));
        let is_older = on.iter().any(|word| !built_in(word).is_empty());
        let said = Said::read(file, item, |word| self.base(word));
        let names = list(file, item, &own_fact::NAMES).map(Into::into).collect();
        self.all.push(OwnFact { fact: kept(said), on, names, is_older });
    }

    /// Lets facts on misspelt kinds stand on the ones that are meant: the slip is told where it is, and nothing else.
    fn also_on_what_is_meant(&mut self) {
        let OwnFacts { all, kinds: own } = self;
        for word in all.iter_mut().flat_map(|fact| &mut fact.on) {
            let is_known = own.contains_key(word) || kinds_called(word).next().is_some();
            let mut meant = kinds::all().filter(|kind| !is_known && is_misspelt(word, kind.word()));
            if let (Some(only), None) = (meant.next(), meant.next()) {
                *word = only.word().into();
            }
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Whether a word is a kind of the workspace's own.
    pub fn has_kind(&self, word: &str) -> bool {
        self.kinds.contains_key(word)
    }

    /// The built-in kind of which a kind of the workspace's own is a special case.
    pub fn base(&self, word: &str) -> Option<&'static Kind> {
        *self.kinds.get(word)?
    }

    /// The built-in kinds that a word means, or that of which it is a special case.
    pub fn kinds_meant<'a>(&self, word: &'a str) -> impl Iterator<Item = &'static Kind> + use<'a> {
        self.base(word).into_iter().chain(kinds_called(word))
    }

    /// All, in the order of the text.
    pub fn all(&self) -> &[OwnFact] {
        &self.all
    }

    /// That with a name which counts instead of a built-in one of a kind, or of one of the workspace's own that begins with a word.
    pub fn instead_of(&self, kind: &'static Kind, word: &str, name: &str) -> Option<&'static Fact> {
        let older = self.all.iter().filter(|own| own.is_older && own.is_on(kind, word));
        older.map(|own| own.fact).find(|fact| fact.is_called(name))
    }

    /// The only one of a kind, or of one of the workspace's own that begins with a word, that had a name before.
    pub fn formerly(&self, kind: &'static Kind, word: &str, name: &str) -> Option<&'static Fact> {
        let mut had_it = self.of(kind, word).filter(|fact| fact.other_names.contains(&name));
        had_it.next().filter(|_| had_it.next().is_none())
    }

    /// Those of a kind, or of one of the workspace's own that begins with a word.
    pub fn of<'o>(&'o self, kind: &'static Kind, word: &'o str) -> impl Iterator<Item = &'static Fact> + Clone + 'o {
        self.all.iter().filter(move |own| own.is_on(kind, word)).map(|own| own.fact)
    }
}

impl OwnFact {
    /// Whether things of a kind, or of one of the workspace's own that begins with a word, may have it.
    fn is_on(&self, kind: &'static Kind, word: &str) -> bool {
        self.on.iter().any(|on| **on == *kind.word() || **on == *word)
    }
}

/// Whether a built-in fact came after what was written for a version of Groma.
pub fn is_newer(built_in: &Fact, written_for: Option<&str>) -> bool {
    let order = written_for.and_then(|version| kits::compare_versions(built_in.since, version));
    order == Some(Ordering::Greater)
}

fn base_of(file: &FileModel, item: &Item) -> Option<&'static Kind> {
    let is = find_fact(file.facts_of(item), &own_kind::IS).map(|given| file.words(given))?;
    kinds::by_name(is).filter(|kind| kind.class.is_in(&[&CONTAINER, &COMPONENT]))
}

/// Whether a word is certainly meant for the name of a kind: by a slip of the pen, or without one letter of a name of five or more.
fn is_misspelt(word: &str, name: &str) -> bool {
    let lacks_letter = || {
        let is_it =
            |(at, letter): (usize, char)| word.strip_prefix(&name[..at]) == Some(&name[at + letter.len_utf8()..]);
        name.len() >= 5 && word.len() + 1 == name.len() && name.char_indices().skip(1).any(is_it)
    };
    is_slip(word, name) || lacks_letter()
}

/// The word in `on` for every kind of element.
pub const ANY_ELEMENT: &str = "element";

/// The built-in kinds that a word means: [`ANY_ELEMENT`] means every kind of element.
pub fn kinds_called(word: &str) -> impl Iterator<Item = &'static Kind> + '_ {
    kinds::all().filter(move |kind| {
        kind.word() == word || kind.class.word == word || word == ANY_ELEMENT && kind.class.is_element()
    })
}

/// The words of the kinds that one word means; a kind of the workspace's own is its own word.
fn words_of(word: &str) -> Vec<Box<str>> {
    let mut found: Vec<Box<str>> = kinds_called(word).map(|kind| kind.word().into()).collect();
    found.dedup();
    if found.is_empty() {
        found.push(word.into());
    }
    found
}

/// The classes of things of which these words are kinds.
fn classes_of<'a>(words: impl Iterator<Item = &'a str>) -> Vec<&'static Class> {
    let mut found: Vec<&'static Class> = Vec::new();
    for kind in words.flat_map(kinds_called) {
        if !kind.class.is_in(&found) {
            found.push(kind.class);
        }
    }
    found
}

/// What stands between the commas of a fact.
fn list<'f>(file: &'f FileModel, item: &'f Item, of: &'static Fact) -> impl Iterator<Item = &'f str> {
    let given = file.facts_of(item).iter().filter(move |given| given.fact == of);
    given.flat_map(|given| file.words(given).split(',')).map(str::trim).filter(|word| !word.is_empty())
}

/// What a declaration says, as far as it matters to those who read it.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Said {
    name: Box<str>,
    summary: Box<str>,
    value: Value,
    words: Vec<Box<str>>,
    names: Vec<Box<str>>,
    many: bool,
    default: Option<Box<str>>,
    /// The names that it had.
    was: Vec<Box<str>>,
}

impl Said {
    /// What an item says; `base` is the kind of which a kind of the workspace's own is a special case.
    fn read(file: &FileModel, item: &Item, base: impl Fn(&str) -> Option<&'static Kind>) -> Said {
        let given = |of| find_fact(file.facts_of(item), of);
        let words = |of| list(file, item, of).map(Into::into).collect();
        let title = item.title.as_ref().map_or("", |title| file.text(title));
        Said {
            name: file.name(item).into(),
            summary: title.into(),
            value: given(&own_fact::TYPE).and_then(|given| given.choice()).unwrap_or(Value::Text),
            words: words(&own_fact::ONE_OF),
            // What names a kind of one's own is taken for what names the kind that it is: both are in one class.
            names: list(file, item, &own_fact::NAMES)
                .map(|word| base(word).map_or(word, |kind| kind.word()).into())
                .collect(),
            many: given(&own_fact::MANY).and_then(FactValue::flag) == Some(true),
            default: given(&own_fact::DEFAULT).map(|given| file.words(given).into()),
            was: words(&WAS),
        }
    }

    fn ty(&self) -> Type {
        if !self.words.is_empty() {
            let words = self.words.iter().map(|word| (leaked(word), ""));
            return Type::OneOf(words.collect::<Vec<_>>().leak());
        }
        if !self.names.is_empty() {
            return Type::Reference(classes_of(self.names.iter().map(|name| &**name)).leak());
        }
        match self.value {
            Value::Text => Type::Text,
            Value::YesNo => Type::Bool,
            Value::Whole => Type::Whole,
            Value::Number => Type::Number,
            Value::Duration => Type::Duration,
            Value::Percentage => Type::Ratio,
            Value::Rate => Type::Rate,
            Value::Money => Type::MoneyPerTime,
            Value::Size => Type::Size,
            Value::Quantity => Type::Quantity,
            Value::Date => Type::Date,
            Value::Query => Type::Query,
        }
    }

    fn made(&self) -> Fact {
        let ty = self.ty();
        Fact {
            many: self.many,
            other_names: self.was.iter().map(|name| leaked(name)).collect::<Vec<_>>().leak(),
            default: self
                .default
                .as_deref()
                .map(|default| if ty == Type::Bool { yes_or_no(default) } else { leaked(default) }),
            ..fact(leaked(&self.name), ty, leaked(&self.summary))
        }
    }
}

/// The default of a fact that says yes or no, which may be written as the fact is.
fn yes_or_no(default: &str) -> &'static str {
    match default {
        "#true" => "yes",
        "#false" => "no",
        other => leaked(other),
    }
}

fn leaked(text: &str) -> &'static str {
    Box::leak(text.into())
}

/// The declaration that says this. A declaration is told from others by where it is kept, so each is made once and never given up:
/// a few hundred bytes for each text that is ever written for one.
fn kept(said: Said) -> &'static Fact {
    static KEPT: Mutex<Option<FxHashMap<Said, &'static Fact>>> = Mutex::new(None);
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    let kept = kept.get_or_insert_with(FxHashMap::default);
    let made = |said: &Said| -> &'static Fact { Box::leak(Box::new(said.made())) };
    kept.entry(said).or_insert_with_key(made)
}

#[cfg(test)]
mod tests {
    use super::OwnFacts;
    use std::sync::Arc;

    /// What a kit of before declares counts instead of what came since.
    #[test]
    fn a_newer_fact_yields_to_that_of_a_kit() {
        let read = |written_for: &str| {
            let texts = [
                format!("kit k \"K\" {written_for}\nfact data \"Where\" on=\"service, database\" one-of=\"eu, us\""),
                "system s \"S\" { service a \"A\" data=eu; service b \"B\" data=personal; service c \"C\" }".to_owned(),
            ];
            let trees = texts.map(|text| groma_syntax::parse(text).0);
            let decoded = |own: &OwnFacts| -> Vec<Arc<crate::decode::FileModel>> {
                let files = trees.iter().zip(["kit/k.groma", "a.groma"]).zip(0..);
                let decode = |tree, at| crate::decode::decode_with(groma_base::FileId(at), tree, own);
                files.map(|((tree, path), at)| Arc::new(decode(tree, at).at_path(path))).collect()
            };
            let files = decoded(&OwnFacts::declared(decoded(&OwnFacts::default()).iter()));
            let problems: usize = files.iter().map(|file| file.problems.len()).sum();
            let (arch, _) = crate::link(files);
            let query = crate::query::Query::parse("kind:service and data:eu").unwrap();
            let found = query.things(&arch, &crate::query::Answers::on("2026-01-01")).map(|found| found.len());
            let facts = arch.facts_for(arch.element(crate::ElementId::new(1)).at).filter(|fact| fact.name == "data");
            (problems, found.ok(), facts.count())
        };
        // `personal` is no value of the kit's.
        assert_eq!(read("groma=\"0.0.9\""), (1, Some(1), 1));
        // `eu` is none of the built-in one's.
        for written_for in ["groma=\"0.1\"", "groma=\"0.1.0\"", ""] {
            assert_eq!(read(written_for), (1, None, 1), "{written_for}");
        }
    }

    /// To say no is as to say nothing.
    #[test]
    fn a_fact_that_is_said_not_to_be_given_several_times_is_not() {
        for (said, many) in [("", false), ("many", true), ("many=#true", true), ("many=#false", false)] {
            let (tree, _) = groma_syntax::parse(format!("fact tier \"Tier\" on=system {said}\n"));
            let file = Arc::new(crate::decode::decode(groma_base::FileId(0), &tree));
            let own = OwnFacts::declared(std::iter::once(&file));
            assert_eq!(own.all()[0].fact.many, many, "{said}");
        }
    }
}

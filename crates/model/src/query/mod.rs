//! The query language: which things? One language for views, `groma query`, gates and the scopes of rules.
//!
//! ```text
//! shop.*                                      the direct parts of shop
//! shop.** and not kind:cache                  everything in shop but the caches
//! uses(payments) or external
//! kind:requirement and priority:must and not realized
//! kind:relationship and to(kind:database) and timeout>1s
//! ```
//!
//! A query ranges over elements unless it names another kind ([`scope`]); `*` and `not` stay within that range.

mod dates;
mod doubts;
mod found;
mod graph;
mod memo;
mod named;
mod of_technologies;
mod other_sides;
mod parse;
mod pattern;
mod possible;
mod scope;
mod select;
mod terms;
mod values;
mod within;

use crate::facets::flows::class::FLOW;
use crate::facets::structure::class::ELEMENTS;
use crate::schema::{Class, phrase};
use crate::{Architecture, ElementId, Entity, ItemRef, RelationId};
use groma_base::{Range, Severity, now_called, only_meant};
use parse::{Expression, Words};
use scope::Scope;
use select::Asking;

pub use doubts::Doubt;
pub use other_sides::{OtherSide, other_sides};
pub use scope::kind_words;
pub use select::without;
use terms::ANY;
pub use terms::{Key, Sort, Term, Verdict, vocabulary};
pub use within::Within;

/// Why a text is no query.
#[derive(Clone, PartialEq, Debug)]
pub struct QueryError {
    /// The words it is about, as a range of the query.
    pub range: Range,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
    /// What to put in the place of a range of the query, where the cure is certain.
    pub fix: Option<(Range, String)>,
}

impl QueryError {
    /// The same with its cure.
    fn fixed(mut self, range: Range, text: impl Into<String>) -> QueryError {
        self.fix = Some((range, text.into()));
        self
    }

    /// The same with its cure if one of the words that are near is certainly meant.
    fn fixed_by(self, word: &str, near: &[impl AsRef<str>]) -> QueryError {
        let range = self.range;
        let near: Vec<&str> = near.iter().map(AsRef::as_ref).collect();
        match only_meant(word, &near) {
            Some(certain) => self.fixed(range, certain),
            None => self,
        }
    }
}

fn error(range: Range, message: impl Into<String>, help: impl Into<String>) -> QueryError {
    QueryError { range, message: message.into(), help: help.into(), fix: None }
}

/// That a name, with which the words of a range begin, is the old one of what is called otherwise today.
fn old_name(asked: &Words, name: &str, today: &[String]) -> Option<QueryError> {
    let today: Vec<String> = today.iter().filter(|today| *today != name).cloned().collect();
    if today.is_empty() {
        return None;
    }
    let (message, help, only) = now_called(name, &today);
    let fault = error(asked.range, message, help);
    // Alone, or in quotes, which a name of today does not need.
    let width = (asked.range.end - asked.range.start) as usize;
    let is_whole = [asked.text.len(), asked.text.len() + 2].contains(&width);
    let rest = asked.text.strip_prefix(name).filter(|_| is_whole);
    Some(match (only, rest) {
        (Some(only), Some(rest)) => fault.fixed(asked.range, format!("{only}{rest}")),
        _ => fault,
    })
}

/// A finding that a query may ask for.
#[derive(Clone, Copy, Debug)]
pub struct Finding<'a> {
    /// What it is about.
    pub of: ItemRef,
    /// The rule.
    pub rule: &'a str,
    /// How grave it is.
    pub severity: Severity,
}

/// What a query may ask and the text does not say; its caller supplies it. What is not supplied cannot be asked.
#[derive(Clone, Copy, Default, Debug)]
pub struct Answers<'a> {
    /// The day from which `age` counts back, as `YYYY-MM-DD`.
    pub today: Option<&'a str>,
    /// The findings of a check.
    pub findings: Option<&'a [Finding<'a>]>,
    /// The rules that these may bear, standards among them.
    pub rules: &'a [&'a str],
    /// What a forecast says of things.
    pub verdicts: Option<&'a [(ItemRef, Verdict)]>,
}

impl<'a> Answers<'a> {
    /// Those of whoever knows what day it is and nothing else.
    pub fn on(today: &'a str) -> Answers<'a> {
        Answers { today: Some(today), ..Answers::default() }
    }
}

/// What a query picks for a picture.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Picked {
    /// The elements.
    pub elements: Vec<ElementId>,
    /// The relationships.
    pub relations: Vec<RelationId>,
    /// Things of other classes.
    pub others: Vec<ItemRef>,
}

impl Picked {
    /// Adds what another query picks.
    pub fn extend(&mut self, more: Picked) {
        self.elements.extend(more.elements);
        self.relations.extend(more.relations);
        self.others.extend(more.others);
    }

    /// Whether it is nothing.
    pub fn is_empty(&self) -> bool {
        self.elements.is_empty() && self.relations.is_empty() && self.others.is_empty()
    }
}

/// A query that has been read.
#[derive(Clone, Debug)]
pub struct Query {
    text: String,
    root: Expression,
    /// Whether a word that may be a name or a fact is the fact.
    means_facts: bool,
}

impl Query {
    /// Reads a query.
    ///
    /// # Errors
    /// The first thing that cannot be understood, with what was expected.
    pub fn parse(text: &str) -> Result<Query, QueryError> {
        parse::parse(text).map(|root| Query { text: text.trim().to_owned(), root, means_facts: false })
    }

    /// Reads a query that something of the workspace says. In that of a kit a word that may be a name or a fact is the fact: those who take
    /// the kit in name their things as they like.
    ///
    /// # Errors
    /// As those of [`Query::parse`].
    pub fn said_by(at: ItemRef, arch: &Architecture, text: &str) -> Result<Query, QueryError> {
        Query::parse(text).map(|query| Query { means_facts: arch.kit(at).is_some(), ..query })
    }

    /// The things that the query selects, in the order of the text.
    ///
    /// # Errors
    /// If the query names something that there is not, asks what can never be, or asks for what is not supplied.
    pub fn things(&self, arch: &Architecture, answers: &Answers<'_>) -> Result<Vec<ItemRef>, QueryError> {
        self.asking(arch, answers).all(&self.root, ELEMENTS)
    }

    /// What the query would select with `any` and how that is written, where it ranges over elements alone.
    pub fn beyond_elements(&self, arch: &Architecture, answers: &Answers<'_>) -> Option<(Vec<ItemRef>, String)> {
        if !Scope::of(&self.root, arch, ELEMENTS).has_only(ELEMENTS) {
            return None;
        }
        let found = self.asking(arch, answers).among_all(&self.root).ok()?;
        let text = match self.root {
            Expression::Or(_) => format!("{ANY} and ({})", self.text),
            _ => format!("{ANY} and {}", self.text),
        };
        Some((found, text))
    }

    fn asking<'a>(&self, arch: &'a Architecture, answers: &'a Answers<'a>) -> Asking<'a> {
        Asking { arch, answers, memo: None, means_facts: self.means_facts }
    }

    /// What it joins by `and`, each as a query; itself if it joins nothing.
    pub fn terms(&self) -> Vec<Query> {
        let term = |text| Query::parse(text).map(|term| Query { means_facts: self.means_facts, ..term });
        parse::joined_by_and(&self.text).into_iter().filter_map(|text| term(text).ok()).collect()
    }

    /// How it is written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The fact of which it asks whether it is written, if it is `has:fact`.
    pub fn asks_whether_written(&self) -> Option<&str> {
        match &self.root {
            Expression::Pair { key, value } if Key::of(&key.text) == Some(Key::Has) => Some(&value.text),
            _ => None,
        }
    }

    /// Whether it asks for something by this key anywhere.
    pub fn asks(&self, key: Key) -> bool {
        self.root.asks(key)
    }

    /// The words that functions and keys of these names take, each with where it stands: of `decided-by(2 or 3)` these are `2` and `3`.
    pub fn taken_by(&self, names: &[&str]) -> Vec<(&str, Range)> {
        let mut found = Vec::new();
        self.root.taken_by(names, false, &mut found);
        found.into_iter().map(|word| (&*word.text, word.range)).collect()
    }

    /// All words that may name something, each with where it stands.
    pub fn words(&self) -> Vec<(&str, Range)> {
        let mut found = Vec::new();
        self.root.words(&mut found);
        found.into_iter().map(|word| (&*word.text, word.range)).collect()
    }

    /// Whether what it selects depends on the day.
    pub fn asks_day(&self) -> bool {
        self.root.asks_day()
    }

    /// What the query selects of the things of these classes, which are all that may be picked, in the order of the text.
    ///
    /// # Errors
    /// As those of [`Query::things`]; and if it asks for anything else.
    pub fn picked(&self, arch: &Architecture, classes: &[&'static Class]) -> Result<Picked, QueryError> {
        let scope = Scope::of(&self.root, arch, ELEMENTS);
        if let Some((range, other)) = scope.beyond(classes) {
            let message = format!("what is picked here is {}, and this asks for {other}", phrase(classes));
            let help = match scope.has(&[&FLOW]) {
                true => "write `flow(…)` for the elements that a flow passes",
                false => "write a name such as `shop.*`, or a kind such as `kind:service`",
            };
            return Err(error(range, message, help));
        }
        let mut picked = Picked::default();
        for at in self.things(arch, &Answers::default())? {
            match (arch.entity(at), arch.relation_at(at)) {
                (Some(Entity::Element(id)), _) => picked.elements.push(id),
                (_, Some(id)) => picked.relations.push(id),
                _ => picked.others.push(at),
            }
        }
        Ok(picked)
    }
}

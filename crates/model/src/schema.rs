//! How a kind of node is declared. The decoder, `groma explain`, the language reference and the JSON
//! schema all read these declarations; nothing else describes the language.

mod class;

use crate::word_enums::words;
pub use class::{Becomes, Class, Feeds, Level, Listed, Names, TOP};
use groma_base::{join_words, list_words};

words! {
    /// What a fact that is true or not says, in words.
    YesNo {
        /// It is so.
        Yes = "yes",
        /// It is not so.
        No = "no",
    }
}

impl From<bool> for YesNo {
    fn from(value: bool) -> YesNo {
        if value { YesNo::Yes } else { YesNo::No }
    }
}

/// What stands on a node's line before its properties.
#[derive(Clone, Copy, Debug)]
pub enum Head {
    /// `kind id "Title"`; the title may be left out.
    Named,
    /// `kind "Title"`, without a name.
    Title,
    /// `kind value "Title"`, with a value of this type.
    Value(&'static Fact),
    /// The same, where the value may be left out.
    Perhaps(&'static Fact),
    /// `from -> to "does what"`
    Arrow,
}

/// Words that people bring from other tools where nothing here is called so, and what to write instead.
#[derive(Debug)]
pub struct Habit {
    /// The words, in small letters.
    pub words: &'static [&'static str],
    /// What to write, as an order.
    pub instead: &'static str,
}

/// The habit of writing these words.
pub(crate) const fn habit(words: &'static [&'static str], instead: &'static str) -> Habit {
    Habit { words, instead }
}

/// What to write instead of a word of another tool.
fn instead(habits: &'static [Habit], word: &str) -> Option<&'static str> {
    habits.iter().find(|habit| habit.words.contains(&word)).map(|habit| habit.instead)
}

/// A kind of node.
#[derive(Debug)]
pub struct Kind {
    /// The word that begins the node; `->` and `-->` for arrows.
    pub name: &'static str,
    /// What other tools and notations call it, in small letters.
    pub other_names: &'static [&'static str],
    /// What it is in the model.
    pub class: &'static Class,
    /// One line, lower case.
    pub summary: &'static str,
    /// What to know about it, in Markdown.
    pub doc: &'static str,
    /// A short example that checks clean on its own, or is a part of one.
    pub example: &'static str,
    /// What stands on its line.
    pub head: Head,
    /// The facts it may have.
    pub facts: &'static [&'static [&'static Fact]],
    /// What people write in it out of habit.
    pub habits: &'static [Habit],
}

impl PartialEq for Kind {
    fn eq(&self, other: &Kind) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Kind {
    /// The same, which other tools call so.
    pub(crate) const fn also_called(self, other_names: &'static [&'static str]) -> Kind {
        Kind { other_names, ..self }
    }

    /// The same, in which people write this out of habit.
    pub(crate) const fn unlike(self, habits: &'static [Habit]) -> Kind {
        Kind { habits, ..self }
    }

    /// What to write in it instead of a word of another tool, in small letters.
    pub fn instead(&self, word: &str) -> Option<&'static str> {
        instead(self.habits, word)
    }

    /// The fact that other tools call so, in small letters.
    pub fn fact_also_called(&self, word: &str) -> Option<&'static Fact> {
        self.all_facts().find(|fact| fact.other_names.contains(&word))
    }

    /// The word that it is asked for by: its own, or for an arrow that of its class.
    pub fn word(&self) -> &'static str {
        if self.is_arrow() { self.class.word } else { self.name }
    }

    /// Whether it is written with an arrow between two names.
    pub fn is_arrow(&self) -> bool {
        matches!(self.head, Head::Arrow)
    }

    /// Whether it is of this class.
    pub fn is(&self, class: &'static Class) -> bool {
        self.class == class
    }

    /// Whether it may stand in a node of another kind, or at the top of a file.
    pub fn may_stand_in(&self, owner: Option<&Kind>) -> bool {
        self.class.may_stand_in(owner.map_or(&TOP, |owner| owner.class))
    }

    /// All its facts, and before them that of the value on its line.
    pub fn every_fact(&self) -> impl Iterator<Item = &'static Fact> {
        let head = match self.head {
            Head::Value(fact) | Head::Perhaps(fact) => Some(fact),
            Head::Named | Head::Title | Head::Arrow => None,
        };
        head.into_iter().chain(self.all_facts())
    }

    /// All its facts.
    pub fn all_facts(&self) -> impl Iterator<Item = &'static Fact> {
        self.facts.iter().flat_map(|group| group.iter().copied())
    }
}

/// A fact of a node, written `name=value` on its line or `name value` in its block.
#[derive(Debug)]
pub struct Fact {
    /// Its name.
    pub name: &'static str,
    /// What its value may be.
    pub ty: Type,
    /// One line, lower case.
    pub summary: &'static str,
    /// Whether it may be given more than once, or with several values.
    pub many: bool,
    /// Further facts about it, given as properties after its value.
    pub parts: &'static [&'static Fact],
    /// The part that stands as a second value right behind its own: `score fit 5`.
    pub then: Option<&'static Fact>,
    /// Older names, which are read and never written.
    pub older_names: &'static [&'static str],
    /// What holds where it is not given, as it would be written.
    pub default: Option<&'static str>,
    /// If it names things, what it is called when they are asked about: `realizes` is `realized-by` from the other side.
    pub inverse: Option<&'static str>,
    /// What other tools and notations call it, in small letters: not read, but understood in messages.
    pub other_names: &'static [&'static str],
    /// How it is usually written if its name and a value do not show that.
    pub form: &'static str,
    /// What people write as a part of it out of habit.
    pub habits: &'static [Habit],
    /// Whether linking reads it, so that another value may give everything other numbers; that of a reference always is.
    pub is_linked: bool,
    /// Whether its value may be a range, as of what varies by itself; any other is one value.
    pub is_ranged: bool,
    /// Whether the order of its values says something.
    pub is_ordered: bool,
    /// Whether a text of it is several words with commas between them.
    pub is_listed: bool,
    /// Whether each of its values is a sentence, so that several words without quotes are one and lack their quotes.
    pub is_prose: bool,
    /// The words that its texts usually are or are made of; any other text is as good, but for one that is nearly such a word.
    pub usual: &'static [&'static str],
    /// The version of Groma that it came with: a fact of the same name in a kit that was written for an older one counts instead.
    pub since: &'static str,
}

/// One of the words that a fact takes; `choice!` declares them.
pub trait Choice: Copy + PartialEq + 'static {
    /// The fact.
    const FACT: &'static Fact;

    /// What a word stands for.
    fn of(word: &str) -> Option<Self>;
}

/// A fact of one value without parts.
pub const fn fact(name: &'static str, ty: Type, summary: &'static str) -> Fact {
    Fact {
        name,
        ty,
        summary,
        many: false,
        parts: &[],
        then: None,
        older_names: &[],
        default: None,
        inverse: None,
        other_names: &[],
        form: "",
        habits: &[],
        is_linked: false,
        is_ranged: false,
        is_ordered: false,
        is_listed: false,
        is_prose: false,
        usual: &[],
        since: "0.1",
    }
}

/// A fact that may be given several times or with several values.
pub const fn facts(name: &'static str, ty: Type, summary: &'static str) -> Fact {
    Fact { many: true, ..fact(name, ty, summary) }
}

impl Fact {
    /// The same with parts.
    pub const fn with(self, parts: &'static [&'static Fact]) -> Fact {
        Fact { parts, ..self }
    }

    /// The same, with a part of it right behind its value.
    pub const fn then(self, part: &'static Fact) -> Fact {
        Fact { then: Some(part), ..self }
    }

    /// The same, which was called otherwise.
    pub const fn formerly(self, older_names: &'static [&'static str]) -> Fact {
        Fact { older_names, ..self }
    }

    /// The same, whose values are sentences.
    pub const fn prose(self) -> Fact {
        Fact { is_prose: true, ..self }
    }

    /// The same, which is so where it is not given.
    pub const fn or(self, default: &'static str) -> Fact {
        Fact { default: Some(default), ..self }
    }

    /// The same, which is called otherwise from the other side.
    pub const fn seen_as(self, inverse: &'static str) -> Fact {
        Fact { inverse: Some(inverse), ..self }
    }

    /// The same, which other tools call so.
    pub const fn also_called(self, other_names: &'static [&'static str]) -> Fact {
        Fact { other_names, ..self }
    }

    /// The same, which is usually written so.
    pub const fn written(self, form: &'static str) -> Fact {
        Fact { form, ..self }
    }

    /// The same, to which people give such parts out of habit.
    pub const fn unlike(self, habits: &'static [Habit]) -> Fact {
        Fact { habits, ..self }
    }

    /// What to write instead of a part of another tool, in small letters.
    pub fn instead(&self, word: &str) -> Option<&'static str> {
        instead(self.habits, word)
    }

    /// Its part that other tools call so, in small letters.
    pub fn part_also_called(&self, word: &str) -> Option<&'static Fact> {
        self.parts.iter().find(|part| part.other_names.contains(&word)).copied()
    }

    /// Whether this is its name, or was.
    pub fn is_called(&self, name: &str) -> bool {
        self.name == name || self.older_names.contains(&name)
    }

    /// Its name and those it had.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        [self.name].into_iter().chain(self.older_names.iter().copied())
    }

    /// Its part with this name, or with this older one.
    pub fn part(&self, name: &str) -> Option<&'static Fact> {
        self.parts.iter().find(|part| part.is_called(name)).copied()
    }

    /// The same, read by linking.
    pub const fn linked(self) -> Fact {
        Fact { is_linked: true, ..self }
    }

    /// The same, of a value or a range of values.
    pub const fn ranged(self) -> Fact {
        Fact { is_ranged: true, ..self }
    }

    /// The same, of values whose order says something.
    pub const fn in_order(self) -> Fact {
        Fact { is_ordered: true, ..self }
    }

    /// The same, of which a text is several words with commas between them.
    pub const fn listed(self) -> Fact {
        Fact { is_listed: true, ..self }
    }

    /// The same, whose texts usually are or are made of these words.
    pub const fn usually(self, usual: &'static [&'static str]) -> Fact {
        Fact { usual, ..self }
    }

    /// What a value of it looks like, for messages.
    pub fn expected(&self) -> String {
        let value = self.ty.expected();
        match self.ty {
            Type::Text if !self.usual.is_empty() => {
                format!("{value}, usually of the words {}", list_words(self.usual.iter().copied(), "and"))
            }
            Type::Whole | Type::Amount if self.is_ranged => format!("{value}, or a range such as `2..20`"),
            _ => value,
        }
    }
}

impl PartialEq for Fact {
    fn eq(&self, other: &Fact) -> bool {
        std::ptr::eq(self, other)
    }
}

/// The types of values.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Type {
    /// Any text.
    Text,
    /// Yes or no; the bare name of the fact in a block means yes.
    Bool,
    /// A whole number of at least zero.
    Whole,
    /// A number of at least zero.
    Number,
    /// A number of at least zero, perhaps as a quantity.
    Amount,
    /// A duration of at least zero.
    Duration,
    /// A percentage from 0% to 100%.
    Ratio,
    /// A rate, such as `100/s`.
    Rate,
    /// Money over time.
    MoneyPerTime,
    /// An amount of data of at least zero.
    Size,
    /// A number or a quantity of any unit.
    Quantity,
    /// One of a closed set of words, each with its meaning.
    OneOf(&'static [(&'static str, &'static str)]),
    /// The name of something of these classes.
    Reference(&'static [&'static Class]),
    /// A text that may be the name of something of these classes.
    TextOrName(&'static [&'static Class]),
    /// A query.
    Query,
    /// A date, `YYYY-MM-DD`.
    Date,
}

impl Type {
    /// The classes that a value may name.
    pub fn names(self) -> &'static [&'static Class] {
        match self {
            Type::Reference(classes) | Type::TextOrName(classes) => classes,
            Type::Text
            | Type::Bool
            | Type::Whole
            | Type::Number
            | Type::Amount
            | Type::Duration
            | Type::Ratio
            | Type::Rate
            | Type::MoneyPerTime
            | Type::Size
            | Type::Quantity
            | Type::OneOf(_)
            | Type::Query
            | Type::Date => &[],
        }
    }

    /// Whether its values are quantities, which have an order.
    pub fn is_compared(self) -> bool {
        self == Type::Quantity || self.dimension().is_some()
    }

    /// What its quantities measure, if they all measure the same.
    pub fn dimension(self) -> Option<groma_base::Dimension> {
        Some(match self {
            Type::Whole | Type::Number | Type::Amount => groma_base::Dimension::Count,
            Type::Duration => groma_base::Dimension::Time,
            Type::Ratio => groma_base::Dimension::Ratio,
            Type::Rate => groma_base::Dimension::Rate,
            Type::MoneyPerTime => groma_base::Dimension::MoneyPerTime,
            Type::Size => groma_base::Dimension::Data,
            Type::Text
            | Type::Bool
            | Type::Quantity
            | Type::OneOf(_)
            | Type::Reference(_)
            | Type::TextOrName(_)
            | Type::Query
            | Type::Date => return None,
        })
    }

    /// What a value of it is called.
    pub fn noun(self) -> &'static str {
        match self {
            Type::Whole | Type::Number | Type::Amount => "number",
            Type::Ratio => "share",
            Type::Duration => "duration",
            Type::Size => "size",
            Type::Text
            | Type::Bool
            | Type::Rate
            | Type::MoneyPerTime
            | Type::Quantity
            | Type::OneOf(_)
            | Type::Reference(_)
            | Type::TextOrName(_)
            | Type::Query
            | Type::Date => "value",
        }
    }

    /// An example of a value, as it is written; empty for a flag, of which the name is enough. `None` where it is a name.
    pub fn example(self) -> Option<&'static str> {
        Some(match self {
            Type::Text => "\"…\"",
            Type::Bool => "",
            Type::Whole => "3",
            Type::Number | Type::Amount => "2.5",
            Type::Duration => "10s",
            Type::Ratio => "99.9%",
            Type::Rate => "100/s",
            Type::MoneyPerTime => "$3000/month",
            Type::Size => "5GB",
            Type::Quantity => "200ms",
            Type::OneOf(words) => words.first().map_or("…", |(word, _)| *word),
            Type::Reference(_) | Type::TextOrName(_) => return None,
            Type::Query => "\"kind:service\"",
            Type::Date => "2026-11-30",
        })
    }

    /// What a value of it looks like, for messages.
    pub fn expected(self) -> String {
        match self {
            Type::Text => "a text".into(),
            Type::Bool => "`#true` or `#false`".into(),
            Type::Whole => "a whole number such as `3`".into(),
            Type::Number => "a number".into(),
            Type::Amount => "a number such as `3` or `2.5`".into(),
            Type::Duration => "a duration such as `200ms` or `10s`".into(),
            Type::Ratio => "a percentage such as `99.9%`".into(),
            Type::Rate => "a rate such as `100/s` or `60/min`".into(),
            Type::MoneyPerTime => "money over time, such as `$3000/month`".into(),
            Type::Size => "an amount of data such as `500kB` or `5GB`".into(),
            Type::Quantity => "a number or a quantity such as `200ms`, `99.9%` or `800/s`".into(),
            Type::OneOf(words) => {
                format!("one of {}", groma_base::list_words(words.iter().map(|(word, _)| *word), "or"))
            }
            Type::Reference(classes) => format!("the name of {}", phrase(classes)),
            Type::TextOrName(classes) => format!("the name of {}, or a text", phrase(classes)),
            Type::Query => "a query such as `\"shop.* and kind:service\"`".into(),
            Type::Date => "a date such as `2026-11-30`".into(),
        }
    }
}

/// `an element`, `a requirement or a quality` and so on.
pub fn phrase(classes: &[&'static Class]) -> String {
    join_words(&phrases(classes), "or")
}

/// `element`, `requirement or quality` and so on.
pub fn noun(classes: &[&'static Class]) -> String {
    let nouns = phrases(classes).into_iter().map(|phrase| phrase.split_once(' ').map_or(phrase, |(_, noun)| noun));
    join_words(&nouns.collect::<Vec<_>>(), "or")
}

/// What things of some classes are called, each once.
fn phrases(classes: &[&'static Class]) -> Vec<&'static str> {
    let is_of = |level: &Level| classes.iter().any(|class| class.becomes == Becomes::Element(*level));
    let all_elements = Level::ALL.iter().all(is_of);
    let of = |class: &&'static Class| if all_elements && class.is_element() { "an element" } else { class.phrase };
    let mut phrases: Vec<&str> = Vec::new();
    for phrase in classes.iter().map(of) {
        if !phrases.contains(&phrase) {
            phrases.push(phrase);
        }
    }
    phrases
}

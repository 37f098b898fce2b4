//! Facts of the technologies that something names, as terms: `technology.support-until<2027-01-01`.

use super::parse::Words;
use crate::facts;
use crate::schema::{Fact, Type, YesNo};
use crate::stack::Technologies;
use crate::{Architecture, ItemRef};

/// Of a word such as `technology.licence` the fact of technologies that it asks for.
pub(super) fn part_of_technologies(word: &str) -> Option<&str> {
    word.split_once('.').filter(|(whole, _)| facts::TECHNOLOGY.is_called(whole)).map(|(_, part)| part)
}

/// What the technologies that things name say in one fact.
pub(super) struct Said<'a> {
    technologies: Technologies<'a>,
    fact: &'static Fact,
}

impl<'a> Said<'a> {
    /// In these facts, where a word asks for one of technologies.
    pub(super) fn asked(arch: &'a Architecture, word: &Words, facts: &[&'static Fact]) -> Option<Said<'a>> {
        let fact = facts.first().filter(|_| part_of_technologies(&word.text).is_some())?;
        Some(Said { technologies: Technologies::new(arch), fact })
    }

    /// What is said by those that something names.
    pub(super) fn of(&self, at: ItemRef) -> Vec<&'a str> {
        let technologies = &self.technologies;
        if self.fact.ty != Type::Bool {
            return technologies.texts_of_named(at, self.fact);
        }
        let known = technologies.of(at).filter_map(|named| technologies.fact(named.known?, self.fact)?.flag());
        known.map(|is_so| YesNo::from(is_so).word()).collect()
    }
}

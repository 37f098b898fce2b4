//! What is known of the support of what something names: the rule, the pages and `groma explain` answer it with this.

use super::text::{EDITIONS, version_behind};
use super::{Named, Technologies, beginning_of_version};
use crate::facets::technologies::facts::technology;
use crate::facts::workspace;

/// Seconds of a day.
const DAY: f64 = 86_400.0;

/// What is known of the support of a technology or of a version of it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Support<'a> {
    /// The technology as a whole is offered until this day, and on that day no more.
    Offered(&'a str),
    /// The version is supported; this is the last day of it, if that is known.
    Supported(Option<&'a str>),
    /// The version is older than this one, of which this was the last day.
    OlderThan(&'a str, &'a str),
    /// Nothing is known of it.
    Unknown,
}

impl<'a> Support<'a> {
    /// The day that decides: of support its last one.
    pub fn until(self) -> Option<&'a str> {
        match self {
            Support::Offered(day) | Support::OlderThan(_, day) => Some(day),
            Support::Supported(day) => day,
            Support::Unknown => None,
        }
    }

    /// The same in words, as said of a version, without a look at what day it is.
    pub fn words(self) -> String {
        match self {
            Support::Offered(day) => format!("offered until {day}"),
            Support::Supported(Some(day)) => format!("supported until {day}"),
            Support::Supported(None) => "supported".to_owned(),
            Support::OlderThan(newer, day) => format!("older than {newer}, which ended {day}"),
            Support::Unknown => "not known".to_owned(),
        }
    }
}

/// The version with which a title ends: that of `Log4j 1`, of `Java SE 8 (LTS)`; not of `Neo4j` nor of `3`.
pub(super) fn version_in_title(title: &str) -> Option<&str> {
    let (name, rest) = title.trim().split_once(char::is_whitespace)?;
    let begins_version = |word: &str| {
        let digits = word.trim_start_matches(['v', 'V', '(']);
        name.contains(char::is_alphabetic) && digits.starts_with(|letter: char| letter.is_ascii_digit())
    };
    let word = rest.split_whitespace().rev().find(|word| {
        let plain = word.trim_matches(['(', ')']).to_lowercase();
        !EDITIONS.contains(&&*plain)
    })?;
    begins_version(word).then(|| version_behind(word))?
}

impl<'a> Technologies<'a> {
    /// What is known of the support of what something names.
    pub fn support(&self, named: &Named<'a>) -> Support<'a> {
        let Some(known) = named.known else { return Support::Unknown };
        if let Some(day) = self.text(known, &technology::ENDED) {
            return Support::Offered(day);
        }
        if let Some(day) = self.support_until(named) {
            return Support::Supported(Some(day));
        }
        if let Some((newer, day)) = self.next_newer(named) {
            return Support::OlderThan(newer, day);
        }
        if self.is_version_known(named) { Support::Supported(None) } else { Support::Unknown }
    }

    /// Whether a version is among those that are known to be supported, or means one of them.
    fn is_version_known(&self, named: &Named<'a>) -> bool {
        let Some((known, version)) = named.known.zip(named.version.map(beginning_of_version)) else { return false };
        let is_of =
            |cycle: &str| version == cycle || version.strip_prefix(cycle).is_some_and(|rest| rest.starts_with('.'));
        let mut cycles = self.own_cycles(known).chain(Self::built_in_cycles(known));
        cycles.any(|(cycle, _)| is_of(cycle)) || self.latest_meant(named).is_some()
    }

    /// So many days ahead the workspace plans.
    pub fn horizon_days(&self) -> Option<f64> {
        let arch = self.arch;
        let given = arch.workspace.and_then(|at| arch.quantity(at, &workspace::HORIZON));
        Some(given.or_else(|| workspace::HORIZON.default_quantity())?.high / DAY)
    }
}

#[cfg(test)]
mod tests {
    use super::Support;
    use crate::stack::Technologies;
    use std::sync::Arc;

    /// What is known of the support of what a text names.
    fn support(text: &str) -> String {
        let (tree, _) = groma_syntax::parse(format!("technology acme version=\"2.1\"\nsystem s technology=\"{text}\""));
        let (arch, _) = crate::link(vec![Arc::new(crate::decode::decode(groma_base::FileId(0), &tree))]);
        let technologies = Technologies::new(&arch);
        let named = arch.item_refs().find_map(|at| technologies.of(at).next());
        named.map_or(Support::Unknown, |named| technologies.support(&named)).words()
    }

    #[test]
    fn a_title_that_ends_in_a_version_names_it() {
        for (title, version) in [
            ("Log4j 1", Some("1")),
            ("Java SE 8 (LTS)", Some("8")),
            ("Our queue v2.1", Some("2.1")),
            ("Neo4j", None),
            ("3", None),
            ("Log4j", None),
            ("365 Office", None),
        ] {
            assert_eq!(super::version_in_title(title), version, "{title}");
        }
        let text = "technology log4j \"Log4j 1\"\nsystem s technology=\"Log4j 1, log4j, log4j 2, Log4j 1.2\"";
        let (tree, _) = groma_syntax::parse(text.to_owned());
        let (arch, _) = crate::link(vec![Arc::new(crate::decode::decode(groma_base::FileId(0), &tree))]);
        let technologies = Technologies::new(&arch);
        let named: Vec<_> = arch.item_refs().flat_map(|at| technologies.of(at).collect::<Vec<_>>()).collect();
        let told: Vec<_> = named.iter().map(|named| (named.known.is_some(), named.version)).collect();
        assert_eq!(told, [(true, Some("1")), (true, Some("1")), (true, Some("2")), (true, Some("1.2"))]);
    }

    /// By hand from the catalogue: 7.2 and 7.4 of Redis are listed without an end, 8.0 with one, 9 not at all; 6.1 is between two.
    #[test]
    fn a_version_that_is_listed_without_an_end_is_supported() {
        for (text, expected) in [
            ("Redis 7.2", "supported"),
            ("Redis 7.2.5", "supported"),
            ("Redis 7.x", "supported"),
            ("Redis 8.0", "supported until 2026-02-11"),
            ("Redis 9", "not known"),
            ("Redis", "not known"),
            ("Redis 5", "older than 6.0, which ended 2022-05-31"),
            ("acme 2.1", "supported"),
            ("acme 2.2", "not known"),
            ("Zorbium 1", "not known"),
        ] {
            assert_eq!(support(text), expected, "{text}");
        }
    }
}

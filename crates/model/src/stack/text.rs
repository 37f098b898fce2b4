//! How a text names technologies: several in one, each with a version and with how it is run.

use super::{Known, Technologies, plain};

impl Technologies<'_> {
    /// The parts of a text that may each name something. The longest name that is known stays whole, as `Erlang/OTP` does.
    pub(super) fn parts<'t>(&self, text: &'t str) -> Vec<&'t str> {
        if text.len() > LONGEST_SPLIT {
            return vec![text];
        }
        let (mut parts, mut rest) = (Vec::new(), text);
        while let Some((end, next)) = self.first_sign(rest) {
            parts.push(&rest[..end]);
            rest = &rest[next..];
        }
        parts.push(rest);
        let bare = |part: &'t str| match part.contains('(') {
            true => part.trim(),
            false => part.trim().trim_end_matches(')').trim_end(),
        };
        parts.into_iter().map(bare).filter(|part| !part.is_empty()).collect()
    }

    /// Where the first sign between two technologies begins, and where what follows it does.
    fn first_sign(&self, text: &str) -> Option<(usize, usize)> {
        let lower = text.to_ascii_lowercase();
        let whole = WITH_SLASH.iter().find(|name| lower.starts_with(**name)).map_or(0, |name| name.len());
        let name = self.longest(text).map_or(0, |(_, end)| end).max(whole);
        let places = text.char_indices().map(|(at, _)| at).filter(|at| *at >= name);
        // What is only said besides counts where it is known: `(managed)` is no technology.
        let is_known = |after: &str| self.longest(after).is_some();
        places.into_iter().find_map(|at| {
            let behind = |signs: &[&str]| {
                let sign = signs.iter().find(|sign| lower[at..].starts_with(**sign))?;
                let after = &text[at + sign.len()..];
                Some(after.strip_prefix("with ").unwrap_or(after).trim_start())
            };
            let is_name = |after: &&str| after.trim_start_matches('.').starts_with(char::is_alphabetic);
            let after = behind(BETWEEN)
                .filter(is_name)
                .or_else(|| behind(BESIDES).filter(|after| is_known(after)))
                .or_else(|| beside(&text[name..], at - name).filter(|after| name > 0 && is_known(after)))?;
            Some((at, text.len() - after.len()))
        })
    }

    /// The longest beginning of a text that names a technology, and where it ends; a word that says how it is run may stand before it.
    pub(super) fn longest(&self, text: &str) -> Option<(Known, usize)> {
        let first = text.split_whitespace().next()?;
        let rest = if HOW.contains(&&*first.to_lowercase()) { &text[first.len()..] } else { "" };
        self.beginning(text).or_else(|| {
            let (known, end) = self.beginning(rest.trim_start())?;
            Some((known, text.len() - rest.trim_start().len() + end))
        })
    }

    fn beginning(&self, text: &str) -> Option<(Known, usize)> {
        let spaces = text.char_indices().filter(|(_, letter)| letter.is_whitespace()).map(|(end, _)| end);
        let ends: Vec<usize> = spaces.chain([text.len()]).take(MOST_WORDS).collect();
        let is_whole = |end: usize| !goes_on(&text[end..]) || !AMBIGUOUS.contains(&&*plain(&text[..end]));
        let named = |end: &usize| Some((self.meant(&text[..*end]).filter(|_| is_whole(*end))?, *end));
        // A sign at the end is no part of a name.
        let ends_in_word =
            |end: &&usize| text[..**end].split_whitespace().next_back().is_some_and(|last| last.contains(is_of_name));
        if let Some(found) = ends.iter().rev().filter(ends_in_word).find_map(named) {
            return Some(found);
        }
        // With the version in the same word: `Java-21`, `C++20`, `postgres:17-alpine`.
        let word = &text[..ends[0]];
        let bare = word.trim_end_matches(|letter: char| letter.is_ascii_digit() || ".-/@:".contains(letter));
        let of_tag = word.split([':', '@']).next().unwrap_or_default();
        let is_shorter = |name: &&str| !name.is_empty() && *name != word;
        let with_version =
            [bare, of_tag].into_iter().filter(is_shorter).find_map(|name| Some((self.meant(name)?, name.len())));
        with_version.or_else(|| self.beginning_of_word(word))
    }

    /// The longest beginning of a word that names a technology, with a sign behind it that stands for a blank: `PHP-FPM`. One letter is no name
    /// there: an `R-tree` is not written in R.
    fn beginning_of_word(&self, word: &str) -> Option<(Known, usize)> {
        let ends = word.match_indices(['-', '_', '.']).map(|(end, _)| end).filter(|end| *end > 1).rev();
        let names = ends.map(|end| &word[..end]).filter(|name| !AMBIGUOUS.contains(&&*plain(name)));
        names.take(MOST_WORDS).find_map(|name| Some((self.meant(name)?, name.len())))
    }
}

/// What stands between technologies besides commas.
const BETWEEN: &[&str] = &["/", ";", " + ", " & ", " and "];

/// What stands before a technology that is said besides another.
const BESIDES: &[&str] = &[
    "(", " with ", " on ", " in ", " or ", " plus ", " via ", " using ", " over ", "|", "[", "{", ":", "\\", "·", "•",
    "–", "—", "→",
];

/// Texts longer than this, in bytes, are not looked through for several technologies.
const LONGEST_SPLIT: usize = 1_000;
/// A name has no more words than this.
const MOST_WORDS: usize = 12;

/// Names with a slash that are of one thing and not in the catalogue.
const WITH_SLASH: &[&str] = &["pl/sql", "tcp/ip", "ci/cd", "z/os", "r/3", "s/4"];

/// Words between a name and its version that say which edition is meant.
pub(super) const EDITIONS: &[&str] =
    &["se", "ee", "lts", "version", "release", "community", "enterprise", "standard", "edition"];

/// Words before a technology that say how it is run.
const HOW: &[&str] = &["managed", "self-hosted", "hosted", "serverless", "self-managed"];

/// Names that are the beginning of other things too: `Oracle 19c` is a database, `Oracle Linux 8` is not.
const AMBIGUOUS: &[&str] = &["oracle", "node", "lambda"];

/// The version that follows the name of a technology.
pub(super) fn version_behind(rest: &str) -> Option<&str> {
    let rest = rest.trim_start_matches(|letter: char| letter.is_whitespace() || "-/@:".contains(letter));
    let words = rest.split(|letter: char| letter.is_whitespace() || ")]}|;".contains(letter));
    let word = words.into_iter().find(|word| !EDITIONS.contains(&&*word.to_lowercase()));
    let word = word.unwrap_or_default().trim_start_matches(['v', 'V', '(']);
    word.starts_with(|letter: char| letter.is_ascii_digit()).then_some(word)
}

/// What stands beside a technology without a word between: what follows its version, or its name. `behind` is all that follows the name.
fn beside(behind: &str, at: usize) -> Option<&str> {
    let is_version =
        |word: &str| word.trim_start_matches(['v', 'V', '(']).starts_with(|letter: char| letter.is_ascii_digit());
    let is_of_name_before =
        |word: &str| is_version(word) || EDITIONS.contains(&&*word.to_lowercase()) || !word.contains(is_of_name);
    let after = behind[at..]
        .strip_prefix(char::is_whitespace)?
        .trim_start_matches(|letter| !is_of_name(letter) && letter != '.');
    behind[..at].split_whitespace().all(is_of_name_before).then_some(after)
}

/// Whether a letter is one of those that tell names apart.
fn is_of_name(letter: char) -> bool {
    letter.is_alphanumeric()
}

/// Whether another word of the name follows, and no version, edition or sign.
fn goes_on(rest: &str) -> bool {
    let word = rest.split_whitespace().next().unwrap_or_default().to_lowercase();
    let is_version =
        word.strip_prefix('v').is_some_and(|rest| rest.starts_with(|letter: char| letter.is_ascii_digit()));
    let is_sign = BETWEEN.iter().chain(BESIDES).any(|sign| sign.trim() == word);
    word.starts_with(char::is_alphabetic) && !is_version && !is_sign && !EDITIONS.contains(&&*word)
}

#[cfg(test)]
mod tests {
    use super::Technologies;
    use std::sync::Arc;

    /// What a text names: titles and versions, `?` where nothing is known.
    fn named(text: &str) -> String {
        let (tree, _) = groma_syntax::parse(format!("system s {{ service a technology=\"{text}\" }}"));
        let (arch, _) = crate::link(vec![Arc::new(crate::decode::decode(groma_base::FileId(0), &tree))]);
        let technologies = Technologies::new(&arch);
        let all = arch.item_refs().flat_map(|at| technologies.of(at).collect::<Vec<_>>());
        let told = all.map(|one| {
            let title = one.known.map_or(format!("?{}", one.text), |known| technologies.title(known).to_owned());
            one.version.map_or(title.clone(), |version| format!("{title} {version}"))
        });
        told.collect::<Vec<_>>().join(" | ")
    }

    #[test]
    fn each_technology_of_a_text_counts() {
        for (text, expected) in [
            ("Java 21 and Kotlin", "Java 21 | Kotlin"),
            ("Java 21 + Kotlin", "Java 21 | Kotlin"),
            ("Java 21 / Kotlin", "Java 21 | Kotlin"),
            ("Java 21; Kotlin", "Java 21 | Kotlin"),
            ("Java 21 (with Kotlin)", "Java 21 | Kotlin"),
            ("Java (21)", "Java 21"),
            ("PostgreSQL 17 (managed)", "PostgreSQL 17"),
            ("PostgreSQL 17 on Kubernetes 1.33", "PostgreSQL 17 | Kubernetes 1.33"),
            ("TypeScript/React", "TypeScript | React"),
            ("Java and Zorbium", "Java | ?Zorbium"),
            ("C++", "C++"),
            ("Erlang/OTP 27 and Kotlin", "Erlang 27 | Kotlin"),
            ("PL/SQL", "?PL/SQL"),
            ("TCP/IP", "?TCP/IP"),
            ("Ruby on Rails", "Ruby on Rails"),
            ("TypeScript 5.9 or PHP 8.4", "TypeScript 5.9 | PHP 8.4"),
            ("PostgreSQL or MongoDB", "PostgreSQL | MongoDB"),
            ("PostgreSQL / MongoDB", "PostgreSQL | MongoDB"),
            ("PostgreSQL MongoDB", "PostgreSQL | MongoDB"),
            ("PostgreSQL 17 MongoDB 8", "PostgreSQL 17 | MongoDB 8"),
            ("PostgreSQL 17 | MongoDB 8", "PostgreSQL 17 | MongoDB 8"),
            ("PostgreSQL|MongoDB", "PostgreSQL | MongoDB"),
            ("[PostgreSQL 17] [MongoDB 8]", "PostgreSQL 17 | MongoDB 8"),
            ("PostgreSQL – MongoDB", "PostgreSQL | MongoDB"),
            ("PostgreSQL · MongoDB", "PostgreSQL | MongoDB"),
            ("PostgreSQL: MongoDB", "PostgreSQL | MongoDB"),
            ("PostgreSQL - MongoDB", "PostgreSQL | MongoDB"),
            ("PostgreSQL managed MongoDB", "PostgreSQL | MongoDB"),
            ("Java 21 Spring Boot 3", "Java 21 | Spring Boot 3"),
            ("postgres:17-alpine", "PostgreSQL 17-alpine"),
            ("PostgreSQL / ", "PostgreSQL"),
            ("PostgreSQL primary", "PostgreSQL"),
            ("C++ 20", "C++ 20"),
        ] {
            assert_eq!(named(text), expected, "{text}");
        }
        // However many signs there are, this ends.
        assert_eq!(named(&["zorb"; 200].join(" on ")).matches('?').count(), 1);
        assert_eq!(named(&["zorb"; 5_000].join(" / ")).matches('?').count(), 1);
    }

    #[test]
    fn an_edition_may_stand_before_the_version() {
        for (text, expected) in [
            ("Java SE 17", "Java 17"),
            ("Java LTS 21", "Java 21"),
            (".NET Framework 4.8", ".NET Framework 4.8"),
            (".NET 8", ".NET 8"),
            ("Oracle 19c", "Oracle Database 19c"),
            ("Oracle Linux 8", "?Oracle Linux 8"),
            ("Node v22", "Node.js 22"),
            ("Node exporter", "?Node exporter"),
            ("pg 17", "PostgreSQL 17"),
        ] {
            assert_eq!(named(text), expected, "{text}");
        }
    }
}

//! Patterns of names and texts: `*` is any characters of a part, `**` any number of parts.

use super::parse::Words;
use super::{QueryError, error};
use crate::names::{ARROW, without_dot};
use crate::wildcard::{Letters, fits};
use groma_base::list_words;

/// Whether a path fits a pattern: `*` inside a part is any characters, `**` is one or more parts.
fn matches_path(pattern: &[&str], path: &str, letters: Letters) -> bool {
    let path: Vec<&str> = path.split('.').collect();
    let (mut part, mut name) = (0, 0);
    // Where the last `**` was, and how many parts it has taken: it takes one more when what follows does not fit.
    let mut wild: Option<(usize, usize)> = None;
    loop {
        match (pattern.get(part), path.get(name)) {
            (None, None) => return true,
            (Some(&"**"), Some(_)) => {
                wild = Some((part, name + 1));
                (part, name) = (part + 1, name + 1);
            }
            (Some(expected), Some(found)) if fits(expected, found, letters) => (part, name) = (part + 1, name + 1),
            _ => match wild {
                Some((at, taken)) if taken < path.len() => {
                    wild = Some((at, taken + 1));
                    (part, name) = (at + 1, taken + 1);
                }
                _ => return false,
            },
        }
    }
}

/// Whether a name is that of a relationship: `a -> b`.
pub(super) fn is_arrow(name: &str) -> bool {
    name.contains(ARROW)
}

/// What is written for a name, in which `*` stands for others.
#[derive(Clone)]
pub(super) enum Pattern<'q> {
    /// A word.
    Word(&'q str),
    /// What stands between the dots of a path; and where it names more than a path, such as a relationship `a -> b`, all of it, with
    /// one space around the arrow.
    Path(Vec<&'q str>, Option<String>),
}

impl<'q> Pattern<'q> {
    /// That of a path.
    pub(super) fn path(text: &'q str) -> Pattern<'q> {
        let whole = match text.split_once(ARROW) {
            Some((from, to)) => Some(format!("{} -> {}", from.trim(), without_dot(to.trim()))),
            None => text.contains(' ').then(|| text.to_owned()),
        };
        Pattern::Path(text.split('.').collect(), whole)
    }

    /// Whether a name fits it.
    pub(super) fn fits(&self, name: &str, letters: Letters) -> bool {
        match self {
            Pattern::Word(word) => fits(word, name, letters),
            Pattern::Path(parts, whole) => {
                matches_path(parts, name, letters) || whole.as_ref().is_some_and(|whole| fits(whole, name, letters))
            }
        }
    }

    /// The path before the first part with a `*`: a name, so something must have it.
    pub(super) fn root(&self) -> String {
        match self {
            Pattern::Word(_) => String::new(),
            Pattern::Path(parts, _) => parts[..self.depth_of_root()].join("."),
        }
    }

    fn depth_of_root(&self) -> usize {
        match self {
            Pattern::Word(_) => 0,
            Pattern::Path(parts, _) => parts.iter().take_while(|part| !part.contains('*')).count(),
        }
    }

    /// What is written out of a name that fits it: all, or what stands in the place of its root.
    fn written_out<'n>(&self, name: &'n str) -> &'n str {
        let has_star = match self {
            Pattern::Word(word) => word.contains('*'),
            Pattern::Path(parts, _) => parts.iter().any(|part| part.contains('*')),
        };
        match (has_star, self.depth_of_root()) {
            (false, _) => name,
            (true, 0) => "",
            (true, depth) => name.match_indices('.').nth(depth - 1).map_or(name, |(end, _)| &name[..end]),
        }
    }
}

/// A pattern among the names that there are. If it fits one as it is written, only the same letters are meant; else case does not
/// matter.
pub(super) struct NamePattern<'q> {
    pattern: Pattern<'q>,
    letters: Letters,
    /// What is written out of it of the names that fit in other letters alone, each once.
    otherwise: Vec<String>,
}

impl<'q> NamePattern<'q> {
    /// A pattern among all names that there are.
    pub(super) fn among<N: AsRef<str>>(pattern: Pattern<'q>, known: impl Iterator<Item = N>) -> NamePattern<'q> {
        let mut otherwise: Vec<String> = Vec::new();
        for name in known {
            let name = name.as_ref();
            if !pattern.fits(name, Letters::EitherCase) {
                continue;
            }
            if pattern.fits(name, Letters::AsWritten) {
                return NamePattern { pattern, letters: Letters::AsWritten, otherwise: Vec::new() };
            }
            let written = pattern.written_out(name);
            if !written.is_empty() && !otherwise.iter().any(|known| known == written) {
                otherwise.push(written.to_owned());
            }
        }
        NamePattern { pattern, letters: Letters::EitherCase, otherwise }
    }

    /// The same, if it is one name: several that fit in other letters alone are told, as nothing says which is meant. `plural` is
    /// what they are names of.
    pub(super) fn certain(mut self, asked: &Words, plural: &str) -> Result<NamePattern<'q>, QueryError> {
        if self.otherwise.len() < 2 {
            return Ok(self);
        }
        self.otherwise.sort_unstable();
        let name = self.pattern.written_out(without_dot(&asked.text));
        let message = format!("{} {plural} are called `{name}` in other letters", self.otherwise.len());
        let ways = list_words(self.otherwise.iter().map(String::as_str), "or");
        Err(error(asked.range, message, format!("write {ways}")))
    }

    /// Which letters of a name are the same as its own.
    pub(super) fn letters(&self) -> Letters {
        self.letters
    }

    /// Whether a name is meant.
    pub(super) fn fits(&self, name: &str) -> bool {
        self.pattern.fits(name, self.letters)
    }
}

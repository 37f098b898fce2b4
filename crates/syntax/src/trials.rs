//! Corrections are tried before they are offered: a text must have fewer errors with one made.

use crate::error::{SyntaxError, SyntaxErrorKind};
use crate::tree::Tree;
use groma_base::{Range, apply_edits};
use std::sync::Arc;

/// How often a text is read again at most.
const MOST: usize = 32;

/// How many bytes are read again at most.
const MOST_BYTES: usize = 8 << 20;

/// To tell of an error costs as much as to read so many bytes.
const BYTES_OF_ERROR: usize = 64;

/// Reads a text, and tells every error.
pub(crate) type Read = fn(&Arc<str>) -> (Tree, Vec<SyntaxError>);

/// What may still be tried with a text, and what is wrong with it as it is.
pub(crate) struct Trials {
    read: Read,
    left: usize,
    bytes: usize,
    /// How much is wrong.
    pub(crate) weight: usize,
    /// How many braces are missing or too many.
    pub(crate) braces: usize,
}

/// A text with corrections.
pub(crate) struct Tried {
    pub(crate) tree: Tree,
    pub(crate) weight: usize,
    pub(crate) braces: usize,
}

impl Trials {
    pub(crate) fn new(read: Read, errors: &[SyntaxError]) -> Trials {
        Trials { read, left: MOST, bytes: MOST_BYTES, weight: weight(errors), braces: braces(errors) }
    }

    /// The text with these corrections; `None` if enough has been tried.
    pub(crate) fn read(&mut self, text: &str, edits: &[(Range, &str)]) -> Option<Tried> {
        self.left = self.left.checked_sub(1)?;
        self.bytes = self.bytes.checked_sub(text.len() + self.weight * BYTES_OF_ERROR)?;
        let (tree, errors) = (self.read)(&apply_edits(text, edits).into());
        Some(Tried { tree, weight: weight(&errors), braces: braces(&errors) })
    }

    /// Takes back the corrections that make nothing better.
    pub(crate) fn check(&mut self, text: &str, errors: &mut [SyntaxError]) {
        for error in errors {
            let Some((range, new)) = &error.fix else { continue };
            let mut edits = vec![(*range, new.as_str())];
            edits.extend(error.second_edit.iter().map(|(range, new)| (*range, new.as_str())));
            let is_better = self.read(text, &edits).is_some_and(|tried| tried.weight < self.weight);
            if !is_better {
                error.fix = None;
                error.second_edit = None;
            }
        }
    }
}

/// How much is wrong: the errors, each block that is not closed for itself.
pub(crate) fn weight(errors: &[SyntaxError]) -> usize {
    let weight = |error: &SyntaxError| match error.kind {
        SyntaxErrorKind::UnclosedBlocks { count } => count,
        _ => 1,
    };
    errors.iter().map(weight).sum()
}

fn braces(errors: &[SyntaxError]) -> usize {
    let weight = |error: &SyntaxError| match error.kind {
        SyntaxErrorKind::UnclosedBlocks { count } => count,
        SyntaxErrorKind::ClosesNothing { .. } => 1,
        _ => 0,
    };
    errors.iter().map(weight).sum()
}

#[cfg(test)]
mod tests {
    use super::{MOST, Trials};
    use crate::parser::read;

    #[test]
    fn the_more_errors_a_text_has_the_fewer_corrections_are_tried() {
        let tried = |errors: usize| {
            let text = "}\n".repeat(errors);
            let mut trials = Trials::new(read, &read(&text.as_str().into()).1);
            std::iter::from_fn(|| trials.read(&text, &[])).count()
        };
        assert_eq!([tried(100), tried(1_000), tried(10_000), tried(100_000)], [MOST, MOST, 12, 1]);
    }
}

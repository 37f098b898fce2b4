//! What several rules ask of choices.

use groma_decide::{Candidate, Choice, Leader};
use groma_model::facts::choice::DECISION;
use groma_model::facts::decision::{OUTCOME, Status};
use groma_model::{Architecture, ItemRef};

/// The choices that can be calculated.
pub(super) fn sound(arch: &Architecture) -> Vec<Choice<'_>> {
    arch.choices().map(|at| Choice::of(arch, at)).filter(Choice::is_sound).collect()
}

/// The options that may be first by the numbers.
pub(super) fn leaders<'c, 'a>(choice: &'c Choice<'a>) -> Vec<&'c Candidate<'a>> {
    let numbers = match choice.matrix().leader() {
        Leader::Certain(at) => vec![at],
        Leader::Tied(all) | Leader::Unsure(all) => all,
        Leader::Nobody => Vec::new(),
    };
    let all: Vec<&Candidate<'a>> = choice.candidates().collect();
    numbers.into_iter().map(|at| all[at]).collect()
}

/// The decision that a choice led to, if it is accepted.
pub(super) fn accepted(arch: &Architecture, choice: ItemRef) -> Option<ItemRef> {
    let given = arch.fact(choice, &DECISION)?;
    let decision = arch.declared_at(arch.referred(choice, given)?);
    (arch.choice::<Status>(decision) == Some(Status::Accepted)).then_some(decision)
}

/// The options that the outcome of a decision names, or its title if it has none.
pub(super) fn named_by<'c, 'a>(
    arch: &Architecture,
    decision: ItemRef,
    choice: &'c Choice<'a>,
) -> Vec<&'c Candidate<'a>> {
    let outcome = arch.text(decision, &OUTCOME).unwrap_or_else(|| arch.title(decision)).to_lowercase();
    let is_named = |option: &&Candidate<'_>| {
        // A short name, such as `own`, is a word of many sentences: its title is what a record says.
        [Some(option.title), option.technology]
            .into_iter()
            .flatten()
            .any(|name| has_words(&outcome, &name.to_lowercase()))
    };
    choice.options.iter().filter(is_named).collect()
}

/// Whether a text has some words, and not only as parts of others.
fn has_words(text: &str, words: &str) -> bool {
    let is_end = |letter: Option<char>| !letter.is_some_and(char::is_alphanumeric);
    let stands_alone =
        |at: usize| is_end(text[..at].chars().next_back()) && is_end(text[at + words.len()..].chars().next());
    !words.is_empty() && text.match_indices(words).any(|(at, _)| stands_alone(at))
}

#[cfg(test)]
mod tests {
    use super::has_words;

    #[test]
    fn a_name_is_found_as_a_word_alone() {
        assert!(has_words("use postgresql as primary database.", "postgresql"));
        assert!(has_words("we buy: stream.", "stream") && has_words("kafka streams, not stream", "stream"));
        assert!(!has_words("we stay with mysqldb", "mysql") && !has_words("anything", ""));
    }
}

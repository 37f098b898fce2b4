//! What several rules ask of choices.

use groma_decide::{Candidate, Choice, Leader};
use groma_model::facts::choice::DECISION;
use groma_model::facts::decision::Status;
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

/// The options that a decision is for, by its outcome or its title: a short name, such as `own`, is a word of many sentences, so their
/// titles and technologies count.
pub(super) fn named_by<'c, 'a>(
    arch: &Architecture,
    decision: ItemRef,
    choice: &'c Choice<'a>,
) -> Vec<&'c Candidate<'a>> {
    let is_named = |option: &&Candidate<'_>| {
        let names: Vec<&str> = std::iter::once(option.title).chain(option.technology).collect();
        arch.decides_for(decision, &names)
    };
    choice.options.iter().filter(is_named).collect()
}

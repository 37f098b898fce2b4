//! What the declarations of the language promise each other.

use groma_model::kinds;
use groma_model::schema::{Fact, Type};

/// A default is a value that the fact takes, and is stated once: where it is declared.
#[test]
fn defaults_are_values_and_stated_once() {
    let facts = kinds::all().flat_map(|kind| kind.all_facts());
    let all = facts.flat_map(|fact| std::iter::once(fact).chain(fact.parts.iter().copied()));
    let with_default: Vec<(&Fact, &str)> = all.filter_map(|fact| Some((fact, fact.default?))).collect();
    assert!(with_default.len() > 20);
    for (fact, default) in with_default {
        let is_value = match fact.ty {
            Type::OneOf(words) => words.iter().any(|(word, _)| *word == default),
            Type::Bool => default == "#false",
            ty => fact.default_quantity().is_some_and(|own| Some(own.dimension) == ty.dimension()),
        };
        assert!(is_value, "{} cannot be `{default}`", fact.name);
        assert!(!fact.summary.contains("default"), "{} states its default twice", fact.name);
        assert!(fact.described().ends_with(&format!("; default: `{default}`")), "{}", fact.described());
    }
}

//! All words that can be explained.

use groma_base::nearest;
use groma_model::Architecture;
use groma_model::facts::technology::Category;
use groma_model::kinds;
use groma_model::schema::{Fact, Kind, Type};
use groma_model::stack::{Entry, catalogue, entries};

/// The pages that are about no single word.
pub(super) const TOPICS: [&str; 6] = ["rules", "language", "query", "units", "technologies", "baseline"];

/// Every fact of every kind, with its parts.
pub(super) fn facts() -> impl Iterator<Item = &'static Fact> {
    let all = kinds::all().flat_map(Kind::all_facts);
    all.flat_map(|fact| std::iter::once(fact).chain(fact.parts.iter().copied()))
}

/// The words that have a page and look most like one that has none. What a technology is called besides is told by its name.
pub(super) fn near<'a>(word: &str, own: Option<&'a Architecture>) -> Vec<&'a str> {
    let mut near: Vec<&str> = Vec::new();
    for found in nearest(word, words(own)) {
        let name = catalogue(found).map_or(found, |entry| entry.name());
        if !near.contains(&name) {
            near.push(name);
        }
    }
    near
}

/// Every word that has a page, those of a workspace included.
fn words(own: Option<&Architecture>) -> Vec<&str> {
    let mut words: Vec<&str> = built_in();
    words.extend(own.into_iter().flat_map(groma_report::explained_names));
    words
}

/// Every word that has a page whatever the workspace.
fn built_in() -> Vec<&'static str> {
    let mut words: Vec<&str> = TOPICS.to_vec();
    words.extend(groma_check::RULES.iter().map(|rule| rule.name));
    words.extend(groma_check::ALIASES.iter().map(|(old, _)| *old));
    words.extend(kinds::all().flat_map(|kind| [kind.name, kind.word(), kind.class.word]));
    words.extend(facts().flat_map(|fact| std::iter::once(fact.name).chain(fact.older_names.iter().copied())));
    words.extend(values());
    words.extend(groma_report::query_words());
    words.extend(Category::ALL.iter().map(|category| category.word()));
    words.extend(entries().iter().copied().flat_map(Entry::names));
    words
}

/// The words that facts take.
fn values() -> impl Iterator<Item = &'static str> {
    let sets = facts().filter_map(|fact| match fact.ty {
        Type::OneOf(words) => Some(words),
        _ => None,
    });
    sets.flatten().map(|(word, _)| *word)
}

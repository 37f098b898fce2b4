use crate::{Absence, Context, Reach, Rule};
use groma_base::Severity;
use groma_base::list_words;
use groma_model::stack::Named;
use groma_model::{Level, facts};

pub(super) static RULE: Rule = Rule {
    name: "technology-without-version",
    severity: Severity::Note,
    summary: "a technology without its version",
    check: Some(check),
    reach: Reach::Whole,
    absence: Some(Absence::OfPart),
    blocks_forecast: false,
    page: include_str!("technology_without_version.md"),
};

fn check(cx: &mut Context<'_>) {
    for id in cx.own_elements() {
        let element = cx.arch.element(id);
        let Some(fact) = cx.arch.fact(element.at, &facts::TECHNOLOGY) else { continue };
        if element.level != Level::Container {
            continue;
        }
        let named = cx.technologies().of(element.at);
        let bare: Vec<&str> = named.filter(|named| !is_complete(cx, named)).map(|named| named.text).collect();
        if !bare.is_empty() {
            let message = format!("{} named without a version", list_words(bare, "and"));
            let finding = cx.at_fact(element.at, fact, message);
            cx.push(finding.help("add the version that is meant, such as `PostgreSQL 17`"));
        }
    }
}

/// Whether a text says which version is meant, or names what has none of ours.
fn is_complete(cx: &Context<'_>, named: &Named<'_>) -> bool {
    if named.version.is_some() || named.text.split_whitespace().any(|word| word.eq_ignore_ascii_case("managed")) {
        return true;
    }
    match named.known {
        Some(known) => {
            let technologies = cx.technologies();
            technologies.is_managed(known)
                || technologies.category(known).is_some_and(|category| !category.has_versions())
        }
        None => has_version(named.text),
    }
}

/// Whether a word of the name begins or ends with a number: `PostgreSQL 17`, `Rust 1.95`, `node v22`, `Java-21`, `C++20`, `ES2022`; not
/// `Neo4j`.
fn has_version(name: &str) -> bool {
    let is_part = |c: char| c.is_ascii_digit() || c == '.';
    let ends_with_number = |word: &str| {
        let known = word.trim_end_matches(is_part);
        known.len() < word.len() && !known.is_empty() && !word.ends_with('.')
    };
    name.split(|c: char| c.is_whitespace() || matches!(c, '-' | '/' | '@' | ':')).any(|word| {
        word.trim_start_matches(['v', 'V']).starts_with(|c: char| c.is_ascii_digit()) || ends_with_number(word)
    })
}

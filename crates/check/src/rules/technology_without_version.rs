use crate::{Absence, Context, Reach, Rule};
use groma_base::Severity;
use groma_model::stack::Used;
use groma_model::{ElementId, Level};

pub(super) static RULE: Rule = Rule {
    name: "technology-without-version",
    severity: Severity::Note,
    summary: "a technology without its version",
    check: Some(check),
    reach: Reach::Whole,
    absence: Some(Absence::OfPart),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("technology_without_version.md"),
};

fn check(cx: &mut Context<'_>) {
    for one in cx.used() {
        if !is_complete(cx, one) && !is_complete_around(cx, one) {
            let finding = cx.at_use(one, format!("`{}` named without a version", one.named.text));
            cx.push(finding.help("add the version that is meant, such as `PostgreSQL 17`"));
        }
    }
}

/// Whether what something is part of names the same technology: what is said there holds here.
fn is_complete_around(cx: &Context<'_>, one: &Used<'_>) -> bool {
    let arch = cx.arch;
    let around = one.id.into_iter().flat_map(|id| arch.ancestors(id)).map(|id| arch.element(id).at);
    let mut named = around.filter(|at| *at != one.at).flat_map(|at| cx.technologies().of(at));
    one.named.known.is_some_and(|known| named.any(|other| other.known == Some(known)))
}

/// Whether a text says which version is meant, or names what has none of ours. The version of what is of a kind is not that of the kind.
fn is_complete(cx: &Context<'_>, one: &Used<'_>) -> bool {
    let named = &one.named;
    if named.is_kind
        || named.version.is_some()
        || named.text.split_whitespace().any(|word| word.eq_ignore_ascii_case("managed"))
    {
        return true;
    }
    match named.known {
        Some(known) => {
            let technologies = cx.technologies();
            technologies.is_managed(known)
                || technologies.category(known).is_some_and(|category| !category.has_versions())
        }
        // Of what is no container it may be a protocol, or a size of machine.
        None => has_version(named.text) || !one.id.is_some_and(|id| is_container(cx, one, id)),
    }
}

fn is_container(cx: &Context<'_>, one: &Used<'_>, id: ElementId) -> bool {
    let element = cx.arch.element(id);
    element.at == one.at && element.level == Level::Container
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

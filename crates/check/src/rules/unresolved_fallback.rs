use crate::{Absence, Context, Reach, Rule};
use groma_base::{Severity, Span, did_you_mean, nearest, now_called};
use groma_model::decode::FactValue;
use groma_model::facets::structure::class::ELEMENTS;
use groma_model::{Architecture, ItemRef, Level, facts};

pub(super) static RULE: Rule = Rule {
    name: "unresolved-fallback",
    severity: Severity::Error,
    summary: "a fallback to nothing, or to what has just failed",
    check: Some(check),
    reach: Reach::Whole,
    absence: Some(Absence::OfName),
    calculates_from: None,
    blocks_forecast: true,
    page: include_str!("unresolved_fallback.md"),
};

/// At most so often a path that means nothing is compared with one that there is.
const MOST_COMPARISONS: usize = 2_000_000;

fn check(cx: &mut Context<'_>) {
    let mut compared = 0;
    for id in cx.relations() {
        let arch = cx.arch;
        let relation = arch.relation(id);
        let Some(fact) = arch.fact(relation.at, &facts::relation::FALLBACK) else { continue };
        let words = arch.words(relation.at, fact);
        let (message, help) = match arch.seen_from(relation.from, words) {
            Some(element) if arch.is_within(element, relation.to) || arch.is_within(relation.to, element) => (
                format!("the fallback is {}, which has just failed", cx.named(element)),
                "name something else, or say what is done instead",
            ),
            Some(element) if arch.is_within(relation.from, element) => (
                format!("the fallback is {}, which makes the call itself", cx.named(element)),
                "say in a sentence what it does instead",
            ),
            Some(element) if arch.element(element).level == Level::Person => (
                format!("{} is a person, who answers no calls", cx.named(element)),
                "say in a sentence what is done instead",
            ),
            None if is_path(words) || is_bare(arch, relation.at, fact) => {
                let today = arch.names_of_today(words, ELEMENTS);
                if !today.is_empty() {
                    renamed(cx, relation.at, fact, &today);
                    continue;
                }
                let known = if compared < MOST_COMPARISONS { &*arch.elements } else { &[] };
                compared += known.len();
                let mut near = nearest(words, known.iter().map(|element| &*element.path));
                if !is_path(words) {
                    near = nearest(words, known.iter().map(|element| element.path.rsplit('.').next().unwrap_or("")));
                    // One word may be a sentence; only one that is nearly a name is meant as such.
                    if near.is_empty() {
                        continue;
                    }
                }
                let hint = did_you_mean(&near).map(|hint| format!(": {hint}")).unwrap_or_default();
                let help = "name an element of the text, or say in a sentence what is done instead";
                (format!("there is no element `{words}`{hint}"), help)
            }
            _ => continue,
        };
        let finding = cx.at_fact(relation.at, fact, message);
        cx.push(finding.help(help));
    }
}

/// Tells of a fallback by the old name of an element, with its names of today.
fn renamed(cx: &mut Context<'_>, at: ItemRef, fact: &FactValue, today: &[String]) {
    let (message, help, only) = now_called(cx.arch.words(at, fact), today);
    let finding = cx.at_fact(at, fact, message).help(help.as_str());
    let span = Span::new(at.file, fact.range);
    cx.push(only.into_iter().fold(finding, |finding, only| finding.fix(help.as_str(), span, only)));
}

/// Whether the text of a fact is a single word without quotes.
fn is_bare(arch: &Architecture, at: ItemRef, fact: &FactValue) -> bool {
    let written = fact.range.of(&arch.file(at).text);
    written.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '-' | '_'))
}

/// Whether words can only be meant as the path of an element.
fn is_path(words: &str) -> bool {
    let is_letter =
        |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || matches!(letter, '-' | '_');
    let (word, path) = words.split_once(':').unwrap_or(("", words));
    let is_named = path.contains('.') || !word.is_empty();
    is_named
        && word.chars().all(is_letter)
        && path.split('.').all(|part| !part.is_empty() && part.chars().all(is_letter))
}

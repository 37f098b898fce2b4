use crate::{Absence, Context, Reach, Rule};
use groma_base::{Severity, list_words};
use groma_model::facts::technology::Category;
use groma_model::stack::Known;
use groma_model::stack::Used;
use groma_model::{ElementId, ItemRef};
use rustc_hash::FxHashMap;

pub(super) static RULE: Rule = Rule {
    name: "overlapping-technologies",
    severity: Severity::Note,
    summary: "two technologies for one purpose in a system",
    check: Some(check),
    reach: Reach::Whole,
    absence: Some(Absence::OfName),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("overlapping_technologies.md"),
};

/// What is used for a purpose in a system.
#[derive(Default)]
struct Answers<'a> {
    /// Each, with the first that uses it.
    first: Vec<(Known, Used<'a>)>,
    /// All that use one of them.
    all: Vec<Used<'a>>,
}

fn check(cx: &mut Context<'_>) {
    let mut found: Vec<((ElementId, Category), Answers<'_>)> = Vec::new();
    let mut places: FxHashMap<(ElementId, Category), usize> = FxHashMap::default();
    let mut last: Option<(ItemRef, Category)> = None;
    for one in cx.used() {
        let Some(((known, category), id)) = purpose(cx, one).zip(one.id) else { continue };
        // What one thing is built with belongs together.
        if last.replace((one.at, category)) == Some((one.at, category)) {
            continue;
        }
        let system = cx.arch.ancestors(id).last().unwrap_or(id);
        let at = *places.entry((system, category)).or_insert(found.len());
        if at == found.len() {
            found.push(((system, category), Answers::default()));
        }
        let answers = &mut found[at].1;
        answers.all.push(*one);
        if !answers.first.iter().any(|(other, _)| *other == known) {
            answers.first.push((known, *one));
        }
    }
    for ((system, category), answers) in found {
        report(cx, system, category, &answers);
    }
}

fn purpose(cx: &Context<'_>, one: &Used<'_>) -> Option<(Known, Category)> {
    let known = one.named.known?;
    let category = cx.technologies().category(known)?;
    category.is_one_purpose().then_some((known, category))
}

fn report<'a>(cx: &mut Context<'a>, system: ElementId, category: Category, answers: &Answers<'a>) {
    let [(_, first), (_, second), ..] = answers.first[..] else { return };
    let titles: Vec<&str> = answers.first.iter().map(|(known, _)| cx.technologies().title(*known)).collect();
    let all = list_words(titles.iter().copied(), "and");
    let message = format!("the {} uses {all}, which serve one purpose: {}", cx.named(system), category.word());
    let finding = cx
        .at_fact(second.at, second.fact, message)
        .regarding(category.word())
        .secondary(cx.arch.name_span(first.at), format!("{} is used here", titles[0]));
    let finding = answers.all.iter().fold(finding, |finding, one| finding.or_at(one.span()));
    cx.push(finding.help("use one of them for both, or say with an `allow` why it takes two"));
}

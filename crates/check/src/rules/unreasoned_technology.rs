use super::unanswered_constraint::constraints;
use crate::{Absence, Context, Reach, Rule};
use groma_base::{Severity, list_words};
use groma_model::facts::technology::Category;
use groma_model::kinds::class;
use groma_model::stack::{Known, Used};
use groma_model::{ElementId, Entity, Level, facts};
use rustc_hash::FxHashSet;

pub(super) static RULE: Rule = Rule {
    name: "unreasoned-technology",
    severity: Severity::Note,
    summary: "technologies of which nothing says why they were chosen, beside constraints that say why others were",
    check: Some(check),
    reach: Reach::Whole,
    absence: Some(Absence::OfPart),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("unreasoned_technology.md"),
};

/// What is asked about of one system, or of what is part of none: each technology with its uses, which begin with that one.
type Asked<'a> = (Option<ElementId>, Vec<(Known, &'a [Used<'a>])>);

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    // Who writes down no constraint has no reasons to trace to.
    let Some(first) = constraints(arch).next() else { return };
    let qualities = arch.records_of(&class::QUALITY).map(|record| record.at);
    let reasons = constraints(arch).chain(qualities);
    let chosen: FxHashSet<Entity> = reasons.flat_map(|reason| arch.realizers(reason)).collect();
    let mut asked: Vec<Asked<'_>> = Vec::new();
    for (known, users) in unreasoned(cx, &chosen) {
        let system = users[0].id.and_then(|id| arch.ancestors(id).last());
        match asked.iter_mut().find(|(of, _)| *of == system) {
            Some((_, all)) => all.push((known, users)),
            None => asked.push((system, vec![(known, users)])),
        }
    }
    for (system, all) in asked {
        let titles: Vec<&str> = all.iter().map(|(known, _)| cx.technologies().title(*known)).collect();
        let of = system.map_or("where it runs".to_owned(), |system| format!("in the {}", cx.named(system)));
        let used = all[0].1[0];
        let message = format!("nothing gives a reason for {} {of}", list_words(titles, "and"));
        let finding = cx.at_fact(used.at, used.fact, message);
        let finding =
            all[1..].iter().fold(finding, |finding, (_, users)| finding.secondary(users[0].span(), "named here"));
        let every = all.iter().flat_map(|(_, users)| *users);
        let finding = every.fold(finding, |finding, one| finding.or_at(one.span()));
        cx.push(finding.help(format!(
            "declare it with a `rationale`, or with `realizes=…` of what asks for it, such as the constraint `{}`",
            arch.name(first)
        )));
    }
}

/// The technologies that nothing answers for wherever they are used, each with its uses.
fn unreasoned<'a>(cx: &Context<'a>, chosen: &FxHashSet<Entity>) -> Vec<(Known, &'a [Used<'a>])> {
    let technologies = cx.technologies();
    let is_open = |known: Known, users: &[Used<'a>]| {
        technologies.category(known).is_some_and(Category::is_product)
            && !is_reasoned(cx, known, chosen)
            && !users.iter().any(|used| is_answered(cx, used, chosen))
    };
    let all = cx.by_technology().iter().filter(|(known, users)| is_open(*known, users));
    all.filter(|(_, users)| !users.is_empty()).map(|(known, users)| (*known, &users[..])).collect()
}

/// Whether the workspace says why it has this technology at all.
fn is_reasoned(cx: &Context<'_>, known: Known, chosen: &FxHashSet<Entity>) -> bool {
    let Some(own) = known.own else { return false };
    let says_why = [&facts::technology::RATIONALE, &facts::technology::RING].map(|fact| cx.arch.fact(own, fact));
    says_why.iter().any(Option::is_some) || cx.arch.entity(own).is_some_and(|entity| chosen.contains(&entity))
}

/// Whether what it is used in answers to a constraint or quality; that a whole system does says nothing of each of its parts.
fn is_answered(cx: &Context<'_>, used: &Used<'_>, chosen: &FxHashSet<Entity>) -> bool {
    let around = used.id.into_iter().flat_map(|id| cx.arch.ancestors(id));
    let mut parts = around.filter(|id| cx.arch.element(*id).level != Level::System).map(Entity::Element);
    parts.any(|part| chosen.contains(&part)) || cx.arch.entity(used.at).is_some_and(|of| chosen.contains(&of))
}

use crate::{Absence, Context, Reach, Rule};
use groma_base::{Range, Severity};
use groma_model::decode::FactValue;
use groma_model::facts::view::Show;
use groma_model::kinds::class;
use groma_model::query::{Answers, Query, QueryError, Within};
use groma_model::schema::{Fact, Type};
use groma_model::signing::{Standing, target};
use groma_model::standards_met::together;
use groma_model::{Architecture, ItemRef, facts};

pub(crate) static RULE: Rule = Rule {
    name: "wrong-query",
    severity: Severity::Error,
    summary: "a query that is not valid",
    check: Some(check),
    reach: Reach::Whole,
    absence: Some(Absence::OfName),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("wrong_query.md"),
};

/// What asks for an age is right or wrong on every day.
pub(super) const ANY_DAY: &str = "2026-01-01";

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    for view in &arch.views {
        let show = arch.choice(view.at).unwrap_or(Show::Container);
        let picks = show.picks();
        // That they change nothing at all is told of the view.
        let works = |fact: &&&Fact| !show.without_effect().contains(*fact);
        for fact in [&facts::view::INCLUDE, &facts::view::EXCLUDE].iter().filter(works) {
            for given in arch.values_of(view.at, fact) {
                let asked = Query::said_by(view.at, arch, arch.words(view.at, given))
                    .and_then(|query| query.picked(arch, picks));
                report(cx, view.at, given, asked.err());
            }
        }
    }
    if let Some(workspace) = arch.workspace {
        for fact in [&facts::workspace::BREAKING, &facts::workspace::SIGNIFICANT] {
            for given in arch.values_of(workspace, fact) {
                let asked = Query::said_by(workspace, arch, arch.words(workspace, given));
                let asked = asked.and_then(|query| query.things(arch, &Answers::on(ANY_DAY)));
                report(cx, workspace, given, asked.err());
            }
        }
    }
    own_facts(cx);
    signed(cx);
    for alike in together(arch, arch.records_of(&class::STANDARD).map(|standard| standard.at)) {
        standards(cx, &alike);
    }
}

/// What signatures are about, and what steps of pipelines need signed, where that is no decision. Of a signature in whose place a later one
/// stands nothing is asked any more.
fn signed(cx: &mut Context<'_>) {
    let (arch, signatures) = (cx.arch, cx.signatures());
    for (nth, (signature, standing)) in signatures.all.iter().enumerate() {
        let Standing::Wrong(error) = standing else { continue };
        if let Some(given) = arch.fact(signature.at, &facts::sign::TARGET).filter(|_| !signatures.is_replaced(nth)) {
            report(cx, signature.at, given, Some(error.clone()));
        }
    }
    for stage in arch.pipelines.iter().flat_map(|pipeline| pipeline.stages.iter()) {
        for needed in arch.values_of(stage.at, &facts::stage::NEEDS_SIGNATURE) {
            if let Some(of) = arch.part_value_of(stage.at, needed, &facts::stage::SIGNATURE_OF) {
                report(cx, stage.at, of, target(arch, arch.words(stage.at, of), ANY_DAY).err());
            }
        }
    }
}

/// The queries of standards that say the same in `applies`.
fn standards(cx: &mut Context<'_>, alike: &[ItemRef]) {
    let arch = cx.arch;
    let applies = alike.iter().find_map(|at| Some((*at, arch.text(*at, &facts::standard::APPLIES)?)));
    let Some((first, words)) = applies else { return };
    let (range, answers) = (Query::said_by(first, arch, words), Answers::on(ANY_DAY));
    // What a query asks is wrong whatever it is asked of.
    let within = range.as_ref().map(|range| (range, Within::new(range, Vec::new(), arch, &answers)));
    let wrong =
        within.as_ref().map_or_else(|error| Some((*error).clone()), |(range, within)| within.select(range).err());
    for at in alike {
        let given = |fact| arch.fact(*at, fact);
        if let Some(applies) = given(&facts::standard::APPLIES) {
            report(cx, *at, applies, wrong.clone());
        }
        if let (Ok((_, within)), Some(must)) = (&within, given(&facts::standard::MUST)) {
            let asked = Query::said_by(*at, arch, arch.words(*at, must)).and_then(|must| within.select(&must));
            report(cx, *at, must, asked.err());
        }
        for fact in [&facts::standard::APPLIES, &facts::standard::MUST] {
            doubts(cx, *at, fact);
        }
    }
}

/// The values in a query of a standard that look like a slip of the pen: it would be about nothing, or be met by nothing.
fn doubts(cx: &mut Context<'_>, at: ItemRef, fact: &'static Fact) {
    let Some(given) = cx.arch.fact(at, fact) else { return };
    let Ok(query) = Query::said_by(at, cx.arch, cx.arch.words(at, given)) else { return };
    for doubt in query.doubts(cx.arch) {
        let message = format!("nothing has the value `{}`, and `{}` is known", doubt.written, doubt.meant);
        let mut finding =
            cx.finding(cx.arch.span(at, part(cx.arch, at, given, doubt.range).unwrap_or(given.range)), message);
        finding.severity = finding.severity.min(Severity::Warning);
        cx.push(finding.help(format!("write `{}`, if it is meant", doubt.meant)));
    }
}

/// The queries that facts of the workspace's own take.
fn own_facts(cx: &mut Context<'_>) {
    let arch = cx.arch;
    if !arch.own_facts.all().iter().any(|own| own.fact.ty == Type::Query) {
        return;
    }
    for at in arch.item_refs() {
        for fact in arch.own_facts_of(at).filter(|fact| fact.ty == Type::Query) {
            for given in arch.values_of(at, fact) {
                let asked = Query::said_by(at, arch, arch.words(at, given));
                let asked = asked.and_then(|query| query.things(arch, &Answers::on(ANY_DAY)));
                report(cx, at, given, asked.err());
            }
        }
    }
}

/// Where a part of the query that a fact gives stands. `None` where the text is written otherwise than it reads, as with escaped letters.
pub(super) fn part(arch: &Architecture, at: ItemRef, given: &FactValue, part: Range) -> Option<Range> {
    let (written, read) = (given.range.end - given.range.start, arch.words(at, given).len() as u32);
    let start = match written.checked_sub(read)? {
        0 => given.range.start,
        // In quotes.
        2 => given.range.start + 1,
        _ => return None,
    };
    Some(Range::new(start + part.start, start + part.end))
}

/// Reports what is wrong with the query that a fact gives, at its words.
fn report(cx: &mut Context<'_>, at: ItemRef, given: &FactValue, error: Option<QueryError>) {
    let Some(error) = error else { return };
    let range = part(cx.arch, at, given, error.range).unwrap_or(given.range);
    let finding = cx.finding(cx.arch.span(at, range), error.message.as_str()).help(error.help.as_str());
    let fixed = error.fix.as_ref().and_then(|(fixed, text)| Some((part(cx.arch, at, given, *fixed)?, text)));
    cx.push(match fixed {
        Some((fixed, text)) => finding.fix(format!("write `{text}`"), cx.arch.span(at, fixed), text.as_str()),
        None => finding,
    });
}

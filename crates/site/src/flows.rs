//! The list of flows, and a page for each with its picture and its steps.

use crate::Site;
use crate::decisions::decisions_on;
use crate::links::{link, record_link};
use crate::menu::Whole;
use crate::page::{count, page};
use crate::records::{fact_list, facts_in_line, joined};
use crate::rfcs::rfcs_on;
use groma_model::schema::Fact;
use groma_model::{Entity, Flow, FlowId, ItemRef, StepId, StepKind, facts};
use groma_view::Show;
use maud::{Markup, html};

pub(crate) fn index(site: &Site<'_>) -> String {
    let arch = site.arch;
    let body = html! {
        h1 { "Flows" }
        @if arch.flows.is_empty() { p { "No flow is described." } }
        ul.cards {
            @for (at, flow) in arch.flows.entries() {
                li {
                    a href=(site.flow_file(at)) { (arch.title(flow.at)) }
                    @let calls = flow.steps.iter().filter(|step| matches!(step.kind, StepKind::Call { .. })).count();
                    p { (count(calls, "call", "calls")) }
                    @if let Some(text) = arch.text(flow.at, &facts::DESCRIPTION) { p { (text) } }
                }
            }
        }
    };
    page(site, "Flows", "", Whole::Flows, body)
}

/// The facts of steps that are shown where they belong in the sentence.
const SHOWN: &[&Fact] = &[&facts::step::TIME, &facts::step::P50, &facts::step::P99, &facts::step::REPLY, &facts::ASYNC];

/// The time of a step as it is written: its mean, and its median.
fn mean_and_median(site: &Site<'_>, step: ItemRef) -> Option<String> {
    let mean = site.arch.text(step, &facts::step::TIME).map(str::to_owned);
    let median = site.arch.text(step, &facts::step::P50).map(|median| format!("p50 {median}"));
    let said: Vec<String> = mean.into_iter().chain(median).collect();
    (!said.is_empty()).then(|| said.join(", "))
}

pub(crate) fn page_steps(site: &Site<'_>, at: FlowId, start: StepId, end: StepId) -> Markup {
    let arch = site.arch;
    let flow = &arch.flows[at];
    html! {
        ul.steps {
            @for index in flow.outermost(start, end) {
                @let step = &flow.steps[index];
                li {
                    @match step.kind {
                        StepKind::Call { from, to } => { span.number { (number(flow, index)) "." } " " (link(site, from, "../")) " → " (link(site, to, "../")) },
                        StepKind::Reply { from, to } => { (link(site, from, "../")) " ⇢ " (link(site, to, "../")) },
                        StepKind::Part { from, to } => { (link(site, from, "../")) " ⇢ " (link(site, to, "../")) " " em { "a part" } },
                        StepKind::Miss => { em { "when " (arch.name(step.at)) " does not have it" } },
                        StepKind::Chance => { em { "with a chance of " (arch.fact(step.at, &facts::chance::SHARE).map_or("", |share| arch.words(step.at, share))) } },
                        StepKind::Repeat => { em { "repeated " (arch.fact(step.at, &facts::repeat::TIMES).map(|times| arch.readable(step.at, times)).unwrap_or_default()) " times" } },
                        StepKind::Parallel => { em { "at the same time" } },
                        StepKind::Either => { em { "one of these" } },
                        StepKind::Case => { em { @match arch.fact(step.at, &facts::case::SHARE) {
                            Some(share) => { (arch.words(step.at, share)) " of the time" },
                            None => { "sometimes" },
                        } } },
                        StepKind::Otherwise => { em { "otherwise" } },
                        StepKind::Break => { em { "with a chance of " (arch.fact(step.at, &facts::chance::SHARE).map_or("", |share| arch.words(step.at, share))) ", and then nothing of what follows here" } },
                        StepKind::Section => { em { "section" } },
                        StepKind::Note => { em { "note" } },
                        StepKind::Unresolved { .. } => { em { "unknown" } },
                    }
                    @if let Some(label) = arch.label(step.at) { ": " (label) }
                    @if arch.is_async_step(step) { " " span.kind { "asynchronous" } } @else if arch.fact(step.at, &facts::ASYNC).is_some() { " " span.kind { "synchronous" } }
                    @if let Some(time) = mean_and_median(site, step.at) { " " span.technology { (time) @if let Some(p99) = arch.text(step.at, &facts::step::P99) { ", p99 " (p99) } } }
                    @if let Some(reply) = arch.text(step.at, &facts::step::REPLY) { " " span.kind { "answers: " (reply) } }
                    @let more = facts_in_line(site, step.at, SHOWN, "../");
                    @if !more.is_empty() { " " span.note { (joined(more)) } }
                    @if index.next() < step.subtree_end { (page_steps(site, at, index.next(), step.subtree_end)) }
                }
            }
        }
    }
}

/// The number of a call in its flow: that in the pictures.
fn number(flow: &Flow, at: StepId) -> usize {
    flow.steps
        .between(StepId::FIRST, at.next())
        .iter()
        .filter(|step| matches!(step.kind, StepKind::Call { .. }))
        .count()
}

pub(crate) fn page_of(site: &Site<'_>, at: FlowId) -> Markup {
    let arch = site.arch;
    let flow = &arch.flows[at];
    let shows = |show: Show| matches!(show, Show::Sequence(id) | Show::Dynamic(id) if id == at);
    let pictures: Vec<usize> = (0..site.specs.len()).filter(|spec| shows(site.specs[*spec].show)).collect();
    let reasons = site.reasons(Entity::Flow(at));
    html! {
        h1 { (arch.title(flow.at)) " " span.kind { "flow" } }
        @if let Some(text) = arch.text(flow.at, &facts::DESCRIPTION) { p.lead { (text) } }
        (fact_list(site, flow.at, &[&facts::DESCRIPTION], "../"))
        @for spec in pictures {
            a.thumb href={ "../" (site.view_file(spec)) } { img src={ "../" (site.picture_file(spec)) } alt=(site.specs[spec].title) loading="lazy"; }
        }
        h2 { "Steps" }
        div { (page_steps(site, at, StepId::FIRST, flow.steps.end())) }
        @if !reasons.is_empty() {
            h2 { "Why it is there" }
            ul { @for record in reasons { li { (record_link(site, *record, "../")) } } }
        }
        (decisions_on(site, flow.at, "../"))
        (rfcs_on(site, flow.at, "../"))
    }
}

pub(crate) fn page_file(site: &Site<'_>, at: FlowId) -> String {
    crate::page::page(site, site.arch.title(site.arch.flows[at].at), "../", Whole::Flows, page_of(site, at))
}

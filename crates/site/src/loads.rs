//! The loads, the failures, the objectives and the alerts; which failures hit what, and what is made of them in the forecast.

use crate::Site;
use crate::forecast;
use crate::links::record_link;
use crate::menu::Whole;
use crate::page::page;
use crate::records::{joined, named_words, said};
use groma_model::decode::FactValue;
use groma_model::kinds::{self, class};
use groma_model::schema::Listed;
use groma_model::{DeployNodeId, DeploymentId, ElementId, ItemRef, Record, facts};
use maud::{Markup, html};

pub(crate) fn page_file(site: &Site<'_>) -> String {
    let groups = kinds::all().filter_map(|kind| match kind.class.listed {
        Listed::WithLoads(heading) => Some((heading, site.arch.records_of(kind.class).collect::<Vec<_>>())),
        Listed::WithRequirements | Listed::WithPeople | Listed::InGlossary | Listed::WithKits | Listed::Nowhere => None,
    });
    let body = html! {
        h1 { "Loads and failures" }
        p.lead { "The load on the system, what may fail, what is promised, and who is alerted." }
        @for (heading, records) in groups {
            @if !records.is_empty() {
                h2 { (heading) }
                @for record in records { (section(site, record)) }
            }
        }
    };
    page(site, "Loads and failures", "", Whole::Loads, body)
}

fn section(site: &Site<'_>, record: &Record) -> Markup {
    html! {
        section id=(site.record_id(record.at)) {
            h3 { (site.arch.title(record.at)) }
            (said(site, record, &[]))
            @if record.class == &class::FAILURE { (outcome(site, record.at)) }
        }
    }
}

/// What becomes of a failure in the forecast; that nothing judges it, if so.
fn outcome(site: &Site<'_>, failure: ItemRef) -> Markup {
    if !site.arch.is_judged(failure) {
        return html! { p { span.lacks { "Nothing judges it" } ": no quality names it with " code { "failure=" } ", and it has no " code { "expect" } "." } };
    }
    match site.forecast {
        Some(Ok(report)) => forecast::of_failure(site, report, failure),
        Some(Err(_)) => {
            html! { p.note { "What becomes of it is unknown: there is " a href=(Whole::Forecast.file()) { "no forecast" } "." } }
        }
        None => html! { p.note { "It was not played: no forecast was made." } },
    }
}

/// The failures that hit an element, a part of it, what it is part of, or where it runs.
pub(crate) fn hitting(site: &Site<'_>, id: ElementId) -> Markup {
    let arch = site.arch;
    let wrongs = |failure: &Record| {
        let at = failure.at;
        let all = facts::failure::WRONGS.iter().flat_map(move |fact| arch.values_of(at, fact));
        let hits: Vec<Markup> =
            all.filter(|value| is_hit(site, id, at, value)).map(|value| named_words(site, at, value, "../")).collect();
        (at, hits)
    };
    let failures: Vec<(ItemRef, Vec<Markup>)> =
        arch.records_of(&class::FAILURE).map(wrongs).filter(|(_, hits)| !hits.is_empty()).collect();
    html! {
        @if !failures.is_empty() {
            h2 { "Failures that hit it" }
            ul {
                @for (at, hits) in failures {
                    li { (record_link(site, at, "../")) ": " (joined(hits)) @if !arch.is_judged(at) { " " span.lacks { "nothing judges it" } } }
                }
            }
        }
    }
}

/// Whether what goes wrong does so at an element, a part of it, what it is part of, or where it runs.
fn is_hit(site: &Site<'_>, id: ElementId, failure: ItemRef, value: &FactValue) -> bool {
    let arch = site.arch;
    let touches = |other: ElementId| arch.is_within(other, id) || arch.is_within(id, other);
    arch.referred_element(failure, value).is_some_and(touches)
        || arch.referred_place(failure, value).is_some_and(|place| runs_at(site, id, place))
}

/// Whether an element or a part of it runs at a place, or inside it.
fn runs_at(site: &Site<'_>, id: ElementId, (deployment, place): (DeploymentId, DeployNodeId)) -> bool {
    let arch = site.arch;
    let is_at = |node: DeployNodeId| arch.places_around(deployment, node).any(|around| around == place);
    let mut placed = arch.placed(&arch.deployments[deployment]).map(|placed| placed.instance);
    placed.any(|one| arch.is_within(one.element, id) && one.node.is_some_and(is_at))
}

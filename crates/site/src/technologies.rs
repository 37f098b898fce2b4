//! The technologies that things name: what they are for, their versions, and how far they may be used.

use crate::Site;
use crate::links::{entity_link, link};
use crate::menu::Whole;
use crate::page::page;
use crate::records::said;
use groma_base::days_between;
use groma_model::facts::radar::Policy;
use groma_model::facts::technology::{self, Category};
use groma_model::kinds::class;
use groma_model::stack::{Known, Named, Support};
use groma_model::{Entity, ItemRef, facts};
use maud::{Markup, html};
use std::collections::BTreeSet;

/// A technology with all that name it, in the order of the text.
struct Used<'a> {
    known: Known,
    by: Vec<(ItemRef, Named<'a>)>,
}

pub(crate) fn page_file(site: &Site<'_>) -> String {
    let (used, unknown) = used(site);
    let category = |category: Option<Category>| {
        let mut of_it: Vec<&Used<'_>> =
            used.iter().filter(|one| site.technologies.category(one.known) == category).collect();
        of_it.sort_by_cached_key(|one| site.technologies.title(one.known).to_lowercase());
        of_it
    };
    let categories = Category::ALL.iter().map(|one| Some(*one)).chain([None]);
    let groups: Vec<_> = categories.map(|one| (one, category(one))).filter(|(_, of_it)| !of_it.is_empty()).collect();
    let body = html! {
        h1 { "Technologies" }
        p.lead { "What everything is made with, by what it is for." }
        @if site.has_radar() { p { a href="radar.html" { "The radar" } " says how far each may be used." } }
        @if !groups.is_empty() {
            table.technologies {
                thead { tr { th { "Technology" } th { "Versions" } @if site.has_radar() { th { "Ring" } } th { "Supported until" } th { "Used by" } th { "Languages" } th { "Licence" } } }
                @for (category, of_it) in groups {
                    tbody {
                        tr { th.group colspan="7" scope="rowgroup" { (heading(category)) } }
                        @for one in of_it { (row(site, one)) }
                    }
                }
            }
        }
        @if site.has_records_on(Whole::Technologies) {
            h2 { "Declared here" }
            ul {
                @for record in site.arch.records_of(&class::TECHNOLOGY) {
                    li id=(site.record_id(record.at)) { strong { (site.arch.title(record.at)) } (said(site, record, &[])) }
                }
            }
        }
        @if !unknown.is_empty() {
            h2 { "Unknown" }
            p { "Nothing is known of these; a " code { "technology" } " says what they are." }
            table {
                thead { tr { th { "As written" } th { "Used by" } } }
                tbody { @for (text, by) in unknown { tr { td { (text) } td { @for at in by { p { (user(site, at)) } } } } } }
            }
        }
    };
    page(site, "Technologies", "", Whole::Technologies, body)
}

fn heading(category: Option<Category>) -> String {
    let Some(category) = category else { return "Other".to_owned() };
    crate::page::heading(category.word())
}

/// A text that names nothing known, with who writes it.
type Unknown<'a> = (&'a str, Vec<ItemRef>);

/// What things name, elements first: what is known, and what is not.
fn used<'a>(site: &Site<'a>) -> (Vec<Used<'a>>, Vec<Unknown<'a>>) {
    let (mut used, mut unknown): (Vec<Used<'a>>, Vec<Unknown<'a>>) = (Vec::new(), Vec::new());
    let arch = site.arch;
    let elements = arch.element_ids().map(|id| arch.element(id).at);
    let others = arch.item_refs().filter(|at| !matches!(arch.entity(*at), Some(Entity::Element(_))));
    for at in elements.chain(others) {
        for named in site.technologies.of(at) {
            match named.known {
                Some(known) => match used.iter_mut().find(|one| one.known == known) {
                    Some(one) => one.by.push((at, named)),
                    None => used.push(Used { known, by: vec![(at, named)] }),
                },
                None => match unknown.iter_mut().find(|(text, _)| *text == named.text) {
                    Some((_, by)) => by.push(at),
                    None => unknown.push((named.text, vec![at])),
                },
            }
        }
    }
    (used, unknown)
}

/// Who names a technology, with a link where there is a page.
fn user(site: &Site<'_>, at: ItemRef) -> Markup {
    let arch = site.arch;
    if let Some(Entity::Element(id)) = arch.entity(at) {
        return link(site, id, "");
    }
    if let Some(id) = arch.relation_at(at) {
        let relation = arch.relation(id);
        return html! { (link(site, relation.from, "")) " → " (link(site, relation.to, "")) };
    }
    // What has no name of its own, such as an instance, is found by what it stands in.
    let whole = arch.items_around(at).find_map(|around| arch.entity(around));
    html! {
        (arch.kind_word(at)) " "
        @match whole { Some(whole) => (entity_link(site, whole, "")), None => (arch.title(at)) }
        @if let Some(Entity::Place(place)) = whole { span.note { " in " (arch.title(arch.deployments[arch.place(place).0].at)) } }
    }
}

fn row<'a>(site: &Site<'a>, one: &Used<'a>) -> Markup {
    let technologies = &site.technologies;
    let versions: BTreeSet<(&str, Support<'_>)> =
        one.by.iter().map(|(_, named)| (named.version.unwrap_or_default(), technologies.support(named))).collect();
    let languages: Vec<&str> = match technologies.category(one.known) {
        Some(Category::Language) => Vec::new(),
        _ => technologies.languages(one.known).into_iter().map(|known| technologies.title(known)).collect(),
    };
    let mut by: Vec<ItemRef> = one.by.iter().map(|(at, _)| *at).collect();
    by.dedup();
    html! {
        tr id=[site.technology_id(one.known)] {
            td {
                @match one.known.own { Some(at) => (crate::links::record_link(site, at, "")), None => strong { (technologies.title(one.known)) } }
                @if let Some(text) = technologies.text(one.known, &facts::DESCRIPTION) { p.note { (text) } }
                @if let Some(text) = technologies.text(one.known, &technology::RATIONALE) { p.note { (text) } }
            }
            td { @if technologies.is_managed(one.known) { p.note { "run by its vendor" } } @for (version, _) in &versions { @if !version.is_empty() { p { (version) } } } }
            @if site.has_radar() { td { (ring(site, one.known)) } }
            td {
                @for version in &versions { (support(site, one.known, *version, versions.len() > 1)) }
                @if let Some(name) = technologies.text(one.known, &technology::SUCCESSOR) {
                    p.note { "its successor is " (technologies.called(name).map_or(name, |known| technologies.title(known))) }
                }
            }
            td { @for at in by { p { (user(site, at)) } } }
            td { (languages.join(", ")) }
            td { (technologies.text(one.known, &technology::LICENCE).unwrap_or_default()) }
        }
    }
}

/// Until when a version is supported; what is not known of it is said, as nothing would look like "for ever".
fn support<'a>(
    site: &Site<'a>,
    known: Known,
    (version, support): (&'a str, Support<'a>),
    is_of_several: bool,
) -> Markup {
    let technologies = &site.technologies;
    let has_versions =
        technologies.category(known).is_some_and(Category::has_versions) && !technologies.is_managed(known);
    let of_which = html! { @if is_of_several && !version.is_empty() { " " span.note { "(" (version) ")" } } };
    match support {
        Support::Supported(Some(day)) if day < site.today => ended(day, &of_which),
        // What is offered until a day is not offered on that day.
        Support::Offered(day) if day <= site.today => ended(day, &of_which),
        Support::OlderThan(..) => html! { p { strong.warning { (support.words()) } (of_which) } },
        Support::Supported(Some(day)) | Support::Offered(day) => html! {
            p { (day) (of_which) }
            @if is_within_horizon(site, day) { p.warning { "within the horizon" } }
        },
        Support::Supported(None) => html! { p { "supported; no end is known" (of_which) } },
        Support::Unknown if !version.is_empty() => html! { p.note { "not known" (of_which) } },
        Support::Unknown => html! { @if has_versions { p.note { "no version is given" } } },
    }
}

fn ended(day: &str, of_which: &Markup) -> Markup {
    html! { p { strong.warning { "ended " (day) } (of_which) } }
}

/// Whether a day is no further away than the workspace plans ahead, as `unsupported-technology` counts it.
fn is_within_horizon(site: &Site<'_>, day: &str) -> bool {
    let horizon = site.technologies.horizon_days().map(|days| days as i64);
    days_between(site.today, day).zip(horizon).is_some_and(|(left, horizon)| left <= horizon)
}

/// The ring of a technology, with what it asks.
fn ring(site: &Site<'_>, known: Known) -> Markup {
    match site.technologies.ring(known) {
        Some(ring) => html! { (ring.name) p.note { (asks(ring.policy)) } },
        None => html! { span.note { "in no ring" } },
    }
}

/// What a ring asks, in a few words.
pub(crate) fn asks(policy: Policy) -> &'static str {
    policy.meaning()
}

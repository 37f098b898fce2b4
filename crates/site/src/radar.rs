//! The technology radar: as a page of the site, and as a page that stands alone.

use crate::Site;
use crate::menu::Whole;
use crate::page::page;
use crate::policy::policy;
use crate::records::{fact_words, said};
use crate::technologies::asks;
use groma_model::facts::{self, technology};
use groma_model::kinds::class;
use groma_model::stack::blips::{Blip, Lack, Movement, QUADRANTS, Radar, lacking};
use groma_model::{ItemRef, Record};
use maud::{DOCTYPE, Markup, PreEscaped, html};

pub(crate) fn page_file(site: &Site<'_>) -> String {
    let arch = site.arch;
    let radar = Radar::new(&site.technologies, None);
    let record = arch.records_of(&class::RADAR).next();
    let address = |blip: &Blip<'_>| format!("#{}", site.record_id(blip.at));
    let id = |blip: &Blip<'_>| site.record_id(blip.at).to_owned();
    let more = |blip: &Blip<'_>| {
        let record = arch.records_of(&class::TECHNOLOGY).find(|record| record.at == blip.at);
        html! { @if let Some(record) = record { (said(site, record, SHOWN)) } }
    };
    let owner = |blip: &Blip<'_>| match arch.fact(blip.at, &groma_model::facts::OWNER) {
        Some(owner) => fact_words(site, blip.at, owner, ""),
        None => html! {},
    };
    let others: Vec<&Record> = others(site, &radar);
    let shown = [&facts::radar::DATE, &facts::radar::RINGS];
    let body = html! {
        div id=[record.map(|record| site.record_id(record.at))] {
            h1 { (radar.title) }
            @if let Some(date) = radar.date { p.lead { "As of " (date) } }
            @if let Some(record) = record { (said(site, record, &shown)) }
        }
        @for record in arch.records_of(&class::RADAR).skip(1) {
            section id=(site.record_id(record.at)) { h2 { (arch.title(record.at)) } (said(site, record, &shown)) }
        }
        (picture(&radar, Some(&address)))
        p.note { "What is new and what moved since an earlier issue: " code { "groma radar --since STATE --out radar.html" } ", where " code { "STATE" } " is a git revision, a folder or a file." }
        (rings(&radar))
        (tables(&radar, &Told { id: &id, more: &more, owner: &owner }))
        @if !others.is_empty() {
            h2 { "Not on the radar" }
            ul {
                @for record in others {
                    li id=(site.record_id(record.at)) {
                        strong { (arch.title(record.at)) }
                        @if let Some((_, lack)) = radar.unplaced.iter().find(|(at, _)| *at == record.at) { (why(site, record.at, *lack, &radar)) }
                        (said(site, record, &[]))
                    }
                }
            }
        }
    };
    page(site, radar.title, "", Whole::Radar, body)
}

/// What the table of blips shows in columns.
const SHOWN: &[&groma_model::schema::Fact] = &[
    &technology::RING,
    &technology::QUADRANT,
    &technology::RATIONALE,
    &technology::SUCCESSOR,
    &groma_model::facts::OWNER,
    &groma_model::facts::DESCRIPTION,
];

/// The technologies that the workspace declares and the radar does not show.
fn others<'s>(site: &'s Site<'_>, radar: &Radar<'_>) -> Vec<&'s Record> {
    let is_shown = |at: ItemRef| radar.blips.iter().any(|blip| blip.at == at);
    site.arch.records_of(&class::TECHNOLOGY).filter(|record| !is_shown(record.at)).collect()
}

fn why(site: &Site<'_>, at: ItemRef, lack: Lack, radar: &Radar<'_>) -> Markup {
    let (message, help) = lacking(site.arch, at, lack, &radar.rings);
    html! { p.note { (crate::page::coded(&format!("{message}: {help}"))) } }
}

fn picture(radar: &Radar<'_>, page: Option<&dyn Fn(&Blip<'_>) -> String>) -> Markup {
    html! { figure.radar { (PreEscaped(groma_plot::radar::radar(radar, page).svg)) } }
}

/// What each ring means and asks.
fn rings(radar: &Radar<'_>) -> Markup {
    html! {
        h2 { "Rings" }
        dl.facts {
            @for ring in &radar.rings {
                dt { (ring.name) }
                dd { @if !ring.means.is_empty() { p { (ring.means) } } p.note { (asks(ring.policy)) } }
            }
        }
    }
}

/// What a page tells of a blip besides what the radar says.
struct Told<'t> {
    /// Its place in the page.
    id: &'t dyn Fn(&Blip<'_>) -> String,
    /// Whatever else is said of it.
    more: &'t dyn Fn(&Blip<'_>) -> Markup,
    owner: &'t dyn Fn(&Blip<'_>) -> Markup,
}

/// The blips of each quarter.
fn tables(radar: &Radar<'_>, told: &Told<'_>) -> Markup {
    html! {
        @for quadrant in QUADRANTS {
            @let blips: Vec<&Blip<'_>> = radar.blips.iter().filter(|blip| blip.quadrant == quadrant).collect();
            @if !blips.is_empty() {
                h2 { (quadrant.title()) }
                table.blips {
                    thead { tr { th { "No." } th { "Technology" } th { "Ring" } @if radar.is_compared { th { "Since then" } } th { "Why" } th { "Owner" } th { "Successor" } } }
                    tbody {
                        @for blip in blips {
                            tr id=((told.id)(blip)) {
                                td { (blip.number) }
                                td { strong { (blip.title) } @if let Some(text) = blip.description { p.note { (text) } } ((told.more)(blip)) }
                                td { (radar.rings.get(blip.ring).map_or("", |ring| ring.name)) }
                                @if radar.is_compared { td { @if blip.movement != Movement::None { (blip.movement.word()) } } }
                                td { (blip.rationale.unwrap_or_default()) }
                                td { ((told.owner)(blip)) }
                                td { (blip.successor.unwrap_or_default()) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A page that stands alone: all that it needs is in it, and it runs nothing.
pub fn alone(radar: &Radar<'_>) -> String {
    let id = |blip: &Blip<'_>| format!("blip-{}", blip.number);
    let address = |blip: &Blip<'_>| format!("#{}", id(blip));
    let style = format!("<style>{}</style>", include_str!("../assets/style.css"));
    let body = html! {
        main id="main" {
            h1 { (radar.title) }
            @if let Some(date) = radar.date { p.lead { "As of " (date) } }
            (picture(radar, Some(&address)))
            (rings(radar))
            (tables(radar, &Told { id: &id, more: &|_| html! {}, owner: &|blip| html! { (blip.owner.unwrap_or_default()) } }))
            @if !radar.gone.is_empty() {
                h2 { "No longer on the radar" }
                ul { @for gone in &radar.gone { li { strong { (gone.title) } " was in " (gone.ring) } } }
            }
        }
        footer { "Made by Groma from the workspace's text." }
    };
    let policy = policy(&format!("{style}{}", body.0)).replace("script-src 'self'; ", "").replace("'self' ", "");
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (radar.title) }
                (PreEscaped(style))
            }
            body { (body) }
        }
    }
    .into_string()
}

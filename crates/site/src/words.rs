//! The words of a workspace: what they mean, and those that it adds to the language, mostly in kits.

use crate::Site;
use crate::menu::Whole;
use crate::page::page;
use crate::records::{fact_list, said};
use groma_model::facets::{FACETS, Facet};
use groma_model::{ItemRef, Record, facts};
use maud::{Markup, html};

/// The terms, in the order of the alphabet.
pub(crate) fn glossary(site: &Site<'_>) -> String {
    let arch = site.arch;
    let mut terms: Vec<&Record> = site.records_on(Whole::Glossary).collect();
    terms.sort_by_cached_key(|term| arch.title(term.at).to_lowercase());
    let body = html! {
        h1 { "Glossary" }
        p.lead { "What words mean here." }
        @for term in terms {
            section id=(site.record_id(term.at)) {
                h3 { (arch.title(term.at)) }
                @if let Some(means) = arch.text(term.at, &facts::term::MEANS) { p { (means) } }
                (said(site, term, &[&facts::term::MEANS]))
            }
        }
    };
    page(site, "Glossary", "", Whole::Glossary, body)
}

/// The kits, and the facts and kinds of one's own, each with the word by which it is written and asked for.
pub(crate) fn kits(site: &Site<'_>) -> String {
    let arch = site.arch;
    let section = |record: &Record| {
        html! { section id=(site.record_id(record.at)) { (word(site, record.at)) (said(site, record, &[])) } }
    };
    let of = |facet: &Facet| -> Vec<&Record> {
        site.records_on(Whole::Kits).filter(|record| facet.kinds.contains(arch.item(record.at).kind)).collect()
    };
    let kinds: Vec<ItemRef> = site.own_kinds().collect();
    let body = html! {
        h1 { "Kits and own words" }
        p.lead { "What applies to all that include a kit, and the words that are written and asked for here besides those of the language." }
        @for (facet, records) in FACETS.iter().map(|facet| (facet, of(facet))) {
            @if !records.is_empty() { h2 { (facet.title) } @for record in records { (section(record)) } }
        }
        @if !kinds.is_empty() { h2 { "Kinds of your own" } @for at in kinds { section { (word(site, at)) (fact_list(site, at, &[], "")) } } }
    };
    page(site, "Kits and own words", "", Whole::Kits, body)
}

/// The title of something, and the word that stands for it in the text.
fn word(site: &Site<'_>, at: ItemRef) -> Markup {
    html! { h3 { (site.arch.title(at)) " " code { (site.arch.name(at)) } } }
}

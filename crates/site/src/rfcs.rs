//! The requests for comments: what is proposed, who reviews it until when, and a page for each with all that it says.

use crate::Site;
use crate::decisions::{self, OfRecord, ROOT, links_to, page_of_record, told_of};
use crate::links::record_link;
use crate::menu::Whole;
use crate::page::{heading, page};
use groma_model::facts;
use groma_model::facts::rfc::{self, Status};
use groma_model::kinds::class::RFC;
use groma_model::signing::{Answer, Review, reviews};
use groma_model::{Entity, ItemRef};
use maud::{Markup, html};

pub(crate) fn page_file(site: &Site<'_>) -> String {
    let all: Vec<ItemRef> = site.arch.records_of(&RFC).map(|record| record.at).collect();
    let body = html! {
        h1 { "Requests for comments" }
        p.lead { "What is or was proposed, who is asked, and which decisions came of it." }
        p { (states(site, &all)) }
        table {
            thead { tr { th { "RFC" } th { "Title" } th { "Status" } th { "Date" } th { "Last call" } th { "Reviewed by" } th { "Led to" } } }
            tbody {
                @for at in all {
                    tr id=(site.record_id(at)) {
                        td { (site.arch.name(at)) }
                        td { (record_link(site, at, "")) }
                        td { (status(site, at)) }
                        td.date { (site.arch.text(at, &rfc::DATE).unwrap_or_default()) }
                        td.date { (site.arch.text(at, &rfc::LAST_CALL).unwrap_or_default()) }
                        td { @for review in reviews(site.arch, &site.signatures, at) { p { (review.role) " " (answer(&review)) } } }
                        td { (led_to(site, at, "")) }
                    }
                }
            }
        }
    };
    page(site, "Requests for comments", "", Whole::Rfcs, body)
}

/// How many there are in each state: `2 accepted, 1 in review`.
fn states(site: &Site<'_>, all: &[ItemRef]) -> String {
    let known = Status::ALL.iter().map(|status| (words(*status), Some(*status)));
    let counted = known.chain([("of unknown status", None)]).filter_map(|(word, status)| {
        let number = all.iter().filter(|at| site.arch.choice::<Status>(**at) == status).count();
        (number > 0).then(|| format!("{number} {word}"))
    });
    counted.collect::<Vec<_>>().join(", ")
}

fn words(status: Status) -> &'static str {
    match status {
        Status::Review => "in review",
        other => other.word(),
    }
}

/// The state in its word; what was not accepted is told by more than a colour.
fn status(site: &Site<'_>, at: ItemRef) -> Markup {
    match site.arch.choice::<Status>(at) {
        Some(Status::Accepted) => html! { span.holds { "accepted" } },
        Some(status) => html! { span.note { (words(status)) } },
        None => html! { span.lacks { "unknown" } },
    }
}

/// How a review stands, in a word.
fn answer(review: &Review<'_>) -> Markup {
    match review.answer {
        Answer::Signed => html! { span.holds { "signed" } },
        Answer::Lapsed => html! { span.lacks { "lapsed" } },
        Answer::Bad => html! { span.lacks { "bad" } },
        Answer::Owed => html! { span.note { "owed" } },
    }
}

/// The decisions that one led to.
fn led_to(site: &Site<'_>, at: ItemRef, root: &str) -> Markup {
    html! {
        @for decision in site.arch.led_to(at) {
            p { (site.arch.name(decision)) " " (record_link(site, decision, root)) " " (decisions::status(site, decision)) }
        }
    }
}

/// The requests for comments that something is discussed in, and of an element those about its relationships, from a page in a folder.
pub(crate) fn rfcs_on(site: &Site<'_>, thing: ItemRef, root: &str) -> Markup {
    let arch = site.arch;
    let element = arch.entity(thing).and_then(Entity::element);
    let on_relations = element.map(|id| arch.rfcs_on_relations(id)).unwrap_or_default();
    let one = |at: ItemRef| html! { "RFC " (arch.name(at)) " " (record_link(site, at, root)) " " (status(site, at)) };
    told_of(site, "Discussed in", &arch.discussed_in(thing), &on_relations, &one)
}

/// The page of one request for comments.
pub(crate) fn page_of_one(site: &Site<'_>, at: ItemRef) -> String {
    let arch = site.arch;
    let title = format!("RFC {} · {}", arch.name(at), arch.title(at));
    let above = (Whole::Rfcs, "Requests for comments");
    let of = OfRecord { above, title, head: head(site, at, ROOT), about: arch.discussed(at), shown: &SHOWN };
    page_of_record(site, at, &of)
}

/// What the head of a page says.
const SHOWN: [&groma_model::schema::Fact; 8] = [
    &rfc::STATUS,
    &rfc::DATE,
    &rfc::AUTHORS,
    &rfc::LAST_CALL,
    &rfc::REVIEWER,
    &rfc::ABOUT,
    &rfc::LED_TO,
    &facts::OWNER,
];

fn head(site: &Site<'_>, at: ItemRef, root: &str) -> Markup {
    let arch = site.arch;
    let all = |fact| arch.values_of(at, fact).map(|value| arch.words(at, value)).collect::<Vec<_>>().join(", ");
    let texts = [
        ("Date", all(&rfc::DATE)),
        ("Written by", all(&rfc::AUTHORS)),
        ("Owner", all(&facts::OWNER)),
        ("Last call", all(&rfc::LAST_CALL)),
    ];
    // Names of nothing that there is are shown as they are written.
    let unknown = |fact| {
        let all = arch.values_of(at, fact).filter(|value| arch.referred(at, value).is_none());
        all.map(|value| arch.words(at, value)).collect::<Vec<_>>().join(", ")
    };
    let unknown = [&rfc::ABOUT, &rfc::LED_TO].map(|fact| (fact.name, unknown(fact)));
    let (about, reviews) = (arch.discussed(at), reviews(arch, &site.signatures, at));
    let questions = arch.values_of(at, &rfc::QUESTION).count();
    html! {
        dl.facts {
            dt { "Status" } dd { (status(site, at)) }
            @for (name, text) in texts { @if !text.is_empty() { dt { (name) } dd { (text) } } }
            @if !about.is_empty() { dt { "Is about" } dd { (links_to(site, &about, root)) } }
            @if !reviews.is_empty() { dt { "Reviewed by" } dd { @for one in &reviews { (reviewed(one)) } } }
            @if questions > 0 { dt { "Open questions" } dd { (questions) } }
            @if !arch.led_to(at).is_empty() { dt { "Led to" } dd { (led_to(site, at, root)) } }
            @for (name, words) in unknown { @if !words.is_empty() { dt { (heading(name)) } dd { (words) } } }
        }
    }
}

/// Who is asked, and what they said when.
fn reviewed(review: &Review<'_>) -> Markup {
    html! {
        p {
            (review.role)
            @if let Some(who) = review.who { " (" (who) ")" }
            ": " (answer(review))
            @if let Some(one) = review.signature { " by " (one.person.name) " on " (one.on) }
            @if review.answer == Answer::Lapsed { "; it has changed since" }
            @if !review.is_known { "; nobody in the teams has that role" }
        }
    }
}

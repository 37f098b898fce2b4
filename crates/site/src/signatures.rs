//! The signatures: who agreed to what, and whether that is still as it was.

use crate::Site;
use crate::links::record_link;
use crate::menu::Whole;
use crate::page::page;
use crate::records::fact_list;
use groma_model::facts::sign;
use groma_model::signers::KeyProof;
use groma_model::signing::{Need, Needed, Signature, Standing, Target, may_sign, target as meant_by};
use groma_model::{ItemRef, PipelineId};
use maud::{Markup, html};

pub(crate) fn page_file(site: &Site<'_>) -> String {
    let signatures = &site.signatures;
    let body = html! {
        h1 { "Signatures" }
        p.lead { "Who agreed to what, and whether that is still as it was." }
        table {
            thead { tr { th { "What" } th { "As" } th { "By" } th { "On" } th { "How it stands" } th { "What it binds" } } }
            tbody {
                @for (nth, (signature, standing)) in signatures.all.iter().enumerate() {
                    tr {
                        td { (target(site, signature)) }
                        td { (signature.role) }
                        td { (signature.by) }
                        td.date { (signature.on) }
                        td { @if signatures.is_replaced(nth) { span.note { "another took its place" } } @else { (stands(site, signature, standing)) } }
                        td { (binds(site, signature)) }
                    }
                }
            }
        }
        @for (nth, unread) in signatures.unreadable.iter().enumerate() {
            h2 { "Cannot be read" }
            p.lacks { (unread.why) @if signatures.is_unreadable_replaced(nth) { "; a later one took its place" } }
            (fact_list(site, unread.at, &[], ""))
        }
    };
    page(site, "Signatures", "", Whole::Signatures, body)
}

/// What has columns of its own.
const SHOWN: [&groma_model::schema::Fact; 4] = [&sign::TARGET, &sign::ROLE, &sign::BY, &sign::ON];

/// So many letters of a hash tell what it is.
const SHORT: usize = "sha256:0123456789ab".len();

/// What a signature binds, by the beginning of its hash; all that it says, key included, is folded.
fn binds(site: &Site<'_>, signature: &Signature<'_>) -> Markup {
    html! {
        details {
            summary { code { (signature.hash.get(..SHORT).unwrap_or(signature.hash)) "…" } }
            (fact_list(site, signature.at, &SHOWN, ""))
        }
    }
}

/// The signatures of a decision, from a page in a folder.
pub(crate) fn signatures_of(site: &Site<'_>, decision: ItemRef) -> Markup {
    let signatures = &site.signatures;
    let all = signatures.all.iter().enumerate();
    let own: Vec<_> =
        all.filter(|(nth, (one, _))| one.record == Some(decision) && !signatures.is_replaced(*nth)).collect();
    html! {
        @if !own.is_empty() {
            dt { "Signed" }
            dd {
                @for (_, (one, standing)) in own {
                    p { (one.person.name) " as " (one.role) " on " (one.on) ": " (stands(site, one, standing)) }
                }
            }
        }
    }
}

/// The signatures that the steps of a pipeline need, and whether they are given, from a page in a folder.
pub(crate) fn signatures_needed(site: &Site<'_>, pipeline: PipelineId) -> Markup {
    let arch = site.arch;
    let stages = &arch.pipelines[pipeline].stages;
    let is_own = |one: &&Needed<'_>| stages.iter().any(|stage| stage.at == one.step);
    let all: Vec<&Needed<'_>> = site.needed.iter().filter(is_own).collect();
    html! {
        @if !all.is_empty() {
            h2 { "Signatures that steps need" }
            table {
                thead { tr { th { "Step" } th { "As" } th { "Of" } th { "Given" } } }
                tbody {
                    @for one in &all {
                        tr {
                            td { (arch.title(one.step)) }
                            td { (one.role) @if one.with_key { p.note { "with a known key" } } }
                            td { (needed_of(site, one)) }
                            td { (given(site, one)) }
                        }
                    }
                }
            }
        }
    }
}

fn needed_of(site: &Site<'_>, one: &Needed<'_>) -> Markup {
    let of = one.of.unwrap_or_default();
    match meant_by(site.arch, of, site.today) {
        Ok(Target::Record(record)) => record_link(site, record, "../"),
        Ok(Target::Things(_)) | Err(_) => html! { code { (of) } },
    }
}

/// Whether a signature that is needed is given, and since when.
fn given(site: &Site<'_>, one: &Needed<'_>) -> Markup {
    match &one.stands {
        Need::Given(day) if *day <= site.today => html! { span.holds { "since " time datetime=(day) { (day) } } },
        Need::Given(day) => html! { span.lacks { "only from " (day) " on" } },
        Need::Owed => html! { span.lacks { "nobody has signed it as it is" } },
        Need::OfNothing => html! { span.lacks { "it is not said of what" } },
        Need::NobodyHasRole => html! { span.lacks { "nobody has that role" } },
        Need::SelectsNothing => html! { span.lacks { "there is nothing of it that could be signed" } },
        Need::NoQuery(error) => html! { span.lacks { (error.message) } },
    }
}

fn target(site: &Site<'_>, signature: &Signature<'_>) -> Markup {
    match signature.record {
        Some(decision) => record_link(site, decision, ""),
        None => html! { code { (signature.target) } },
    }
}

fn stands(site: &Site<'_>, signature: &Signature<'_>, standing: &Standing) -> Markup {
    let proof = || match signature.proof(site.arch) {
        KeyProof::Proven => html! { span.holds { "as it was, with a known key" } },
        KeyProof::NoKey => html! { span.holds { "as it was" } " (without a key)" },
        KeyProof::Unknown(_) => html! { span.lacks { "as it was, with a key that is not known" } },
        KeyProof::Bad(why) => html! { span.lacks { "bad: " (why) } },
    };
    match standing {
        _ if signature.is_after(site.today) => html! { span.lacks { "bad: of a day that is still to come" } },
        Standing::Valid if !may_sign(site.arch, &signature.person, signature.role) => {
            html! { span.lacks { "by somebody who has not that role" } }
        }
        Standing::Valid => proof(),
        Standing::Lapsed(_) => html! { span.lacks { "lapsed: it has changed" } },
        Standing::Gone => html! { span.lacks { "lapsed: there is nothing of it any more" } },
        Standing::Wrong(error) => html! { span.lacks { "bad: " (error.message) } },
    }
}

//! The teams, who is in them, and what they answer for.

use crate::Site;
use crate::links::entity_link;
use crate::menu::Whole;
use crate::page::page;
use crate::records::said;
use groma_model::{Entity, ItemRef, Record, facts};
use maud::{Markup, html};

pub(crate) fn page_file(site: &Site<'_>) -> String {
    let arch = site.arch;
    let all = || site.records_on(Whole::People);
    let is_in = |member: &Record, team: ItemRef| arch.items_around(member.at).skip(1).any(|around| around == team);
    let body = html! {
        h1 { "People and teams" }
        p.lead { "Who builds and runs this, and who answers for what." }
        @for team in all().filter(|record| arch.item(record.at).parent.is_none()) {
            section id=(site.record_id(team.at)) {
                h2 { (arch.title(team.at)) }
                (told(site, team))
                ul {
                    @for member in all().filter(|member| is_in(member, team.at)) {
                        li id=(site.record_id(member.at)) { strong { (arch.title(member.at)) } (told(site, member)) }
                    }
                }
            }
        }
    };
    page(site, "People and teams", "", Whole::People, body)
}

/// What is written of a team or one of its members, and what it answers for.
fn told(site: &Site<'_>, record: &Record) -> Markup {
    let arch = site.arch;
    let named_by = arch.entity(record.at).into_iter().flat_map(|own| arch.referring(own, &facts::OWNER));
    let mut owned: Vec<Entity> = named_by.filter_map(|at| arch.entity(at)).collect();
    owned.sort_unstable();
    owned.dedup();
    html! {
        (said(site, record, &[]))
        @if !owned.is_empty() {
            p {
                "Answers for "
                @for (nth, entity) in owned.into_iter().enumerate() { @if nth > 0 { ", " } (entity_link(site, entity, "")) }
            }
        }
    }
}

//! The environments beside each other: what runs in which, where, and how often.

use crate::Site;
use crate::links::{entity_link, link, technology_links};
use crate::menu::Whole;
use crate::page::page;
use groma_model::facets::deployment::{Environments, Row, Spot};
use groma_model::{DeploymentId, Entity, ItemRef, facts};
use maud::{Markup, html};

impl Site<'_> {
    /// Whether there are several environments, so that they can be compared.
    pub(crate) fn has_environments(&self) -> bool {
        self.arch.deployments.len() > 1
    }
}

pub(crate) fn page_file(site: &Site<'_>) -> String {
    let environments = Environments::of(site.arch);
    let body = html! {
        h1 { "Environments" }
        p.lead { "What runs in which, where, and how often." }
        table.environments {
            thead { tr { th { "What runs" } @for at in &environments.all { th { (head(site, *at)) } } } }
            tbody { @for row in &environments.rows { (line(site, &environments, row)) } }
        }
    };
    page(site, "Environments", "", Whole::Environments, body)
}

fn head(site: &Site<'_>, at: DeploymentId) -> Markup {
    let whole = Entity::Deployment(at);
    let at = site.arch.deployments[at].at;
    html! {
        (entity_link(site, whole, ""))
        @if let Some(word) = site.arch.text(at, &facts::deployment::ENVIRONMENT) { p.note { (word) } }
    }
}

fn line(site: &Site<'_>, environments: &Environments<'_>, row: &Row<'_>) -> Markup {
    html! {
        tr {
            td { (link(site, row.element, "")) }
            @for (nth, spots) in row.spots.iter().enumerate() {
                td {
                    @if spots.is_empty() { span.note { "does not run here" } }
                    @for one in spots { (spot(site, environments, nth, one)) }
                }
            }
        }
    }
}

fn spot(site: &Site<'_>, environments: &Environments<'_>, nth: usize, spot: &Spot<'_>) -> Markup {
    let arch = site.arch;
    let deployment = environments.all[nth];
    let around = spot.place.into_iter().flat_map(|place| arch.places_around(deployment, place));
    let around: Vec<ItemRef> = around.map(|place| arch.place_item(deployment, place)).collect();
    let mut titles: Vec<&str> = around.iter().map(|at| arch.title(*at)).collect();
    titles.reverse();
    let technology = around.iter().find_map(|at| Some((*at, arch.text(*at, &facts::TECHNOLOGY)?)));
    html! {
        p {
            (titles.join(" / ")) (spot.words)
            @if let Some((at, technology)) = technology { span.note { " " (technology_links(site, at, technology, "")) } }
        }
    }
}

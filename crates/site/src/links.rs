//! Links from page to page, and out of the site.

use crate::Site;
use crate::menu::Whole;
use groma_model::stack::Known;
use groma_model::{ElementId, Entity, ItemRef};
use groma_view::Show;
use maud::{Markup, html};

impl Site<'_> {
    /// The id of the row of a technology that something names.
    pub(crate) fn technology_id(&self, known: Known) -> Option<&str> {
        self.technology_ids.get(&known).map(String::as_str)
    }

    /// Where something stands: on a page of its own, on one with others, or in a picture. `None` if nowhere.
    pub(crate) fn address(&self, entity: Entity) -> Option<String> {
        let arch = self.arch;
        let drawn = |is_in: &dyn Fn(Show) -> bool| {
            let at = self.specs.iter().position(|spec| is_in(spec.show));
            at.map(|at| self.view_file(at))
        };
        match entity {
            Entity::Element(id) => Some(self.element_file(id)),
            Entity::Relation(id) => Some(self.element_file(arch.relation(id).from)),
            Entity::Flow(id) => Some(self.flow_file(id)),
            Entity::Record(id) => Some(self.record_address(arch.records[id].at)),
            Entity::Deployment(id) => drawn(&|show| show == Show::Deployment(id)),
            Entity::Place(id) => drawn(&|show| show == Show::Deployment(arch.place(id).0)),
            Entity::Pipeline(id) => drawn(&|show| show == Show::Pipeline(id)),
            Entity::Group(id) => {
                let holds = arch.groups[id].element;
                drawn(&|show| match show {
                    Show::Landscape => holds.is_none(),
                    Show::Containers(of) | Show::Components(of) => holds == Some(of),
                    Show::Context(_) | Show::Deployment(_) | Show::Dynamic(_) | Show::Sequence(_) => false,
                    Show::Pipeline(_) | Show::Traceability | Show::Decisions => false,
                })
            }
            Entity::View(_) => {
                let name = arch.name(arch.declared_at(entity));
                let at = self.specs.iter().position(|spec| spec.id == name);
                at.map(|at| self.view_file(at))
            }
        }
    }
}

/// The technologies that something names, as they are written; each leads to its row, with the ring that it is in.
pub(crate) fn technology_links(site: &Site<'_>, at: ItemRef, written: &str, root: &str) -> Markup {
    let mut rest = written;
    let mut pieces = Vec::new();
    for named in site.technologies.of(at) {
        let Some((id, (before, after))) =
            named.known.and_then(|known| site.technology_id(known)).zip(rest.split_once(named.text))
        else {
            continue;
        };
        let ring = named.known.and_then(|known| site.technologies.ring(known));
        pieces.push(html! {
            (before)
            a href={ (root) (Whole::Technologies.file()) "#" (id) } { (named.text) }
            @if let Some(ring) = ring { " " span.kind title=(ring.policy.meaning()) { (ring.name) } }
        });
        rest = after;
    }
    html! { @for piece in pieces { (piece) } (rest) }
}

/// A link to an element's page, from a page in a folder.
pub(crate) fn link(site: &Site<'_>, id: ElementId, root: &str) -> Markup {
    html! { a href={ (root) (site.element_file(id)) } { (site.arch.element_title(id)) } }
}

/// A link to a record, from a page in a folder.
pub(crate) fn record_link(site: &Site<'_>, at: ItemRef, root: &str) -> Markup {
    html! { a href={ (root) (site.record_address(at)) } { (site.arch.title(at)) } }
}

/// A link to wherever something stands, from a page in a folder; its title alone where it stands nowhere.
pub(crate) fn entity_link(site: &Site<'_>, entity: Entity, root: &str) -> Markup {
    let title = site.arch.title(site.arch.declared_at(entity));
    html! {
        @match site.address(entity) {
            Some(address) => a href={ (root) (address) } { (title) },
            None => (title),
        }
    }
}

/// Only addresses that a browser opens as pages; anything else leads nowhere.
pub(crate) fn safe_address(address: &str) -> &str {
    let lower = address.to_lowercase();
    if lower.starts_with("http://") || lower.starts_with("https://") || lower.starts_with("mailto:") {
        address
    } else {
        "#"
    }
}

//! Links from page to page, and out of the site.

use crate::Site;
use groma_model::{ElementId, ItemRef};
use maud::{Markup, html};

/// A link to an element's page, from a page in a folder.
pub(crate) fn link(site: &Site<'_>, id: ElementId, root: &str) -> Markup {
    html! { a href={ (root) (site.element_file(id)) } { (site.arch.element_title(id)) } }
}

/// A link to a record, from a page in a folder.
pub(crate) fn record_link(site: &Site<'_>, at: ItemRef, root: &str) -> Markup {
    html! { a href={ (root) (site.record_address(at)) } { (site.arch.title(at)) } }
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

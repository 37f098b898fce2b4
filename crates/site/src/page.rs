//! What every page has in common.

use crate::Site;
use crate::menu::{Whole, menu};
use crate::policy::policy;
use maud::{DOCTYPE, Markup, html};

/// A page. `root` leads from it to the site's root: empty, or `../`; `here` is the page of the menu to which it belongs.
pub(crate) fn page(site: &Site<'_>, title: &str, root: &str, here: Whole, body: Markup) -> String {
    let whole = site.arch.workspace_title();
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy(&body.0));
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) @if title != whole { " · " (whole) } }
                link rel="stylesheet" href={ (root) "style.css" };
            }
            body data-root=(root) {
                a.skip href="#main" { "Skip to content" }
                header {
                    a.brand href={ (root) "index.html" } { (whole) }
                    (menu(site, root, here))
                    div.search hidden {
                        input type="search" id="search" placeholder="Search  /" aria-label="Search" autocomplete="off";
                        ul id="results" role="listbox" aria-label="Results" {}
                    }
                }
                main id="main" { (body) }
                footer { "Made by Groma from the workspace's text." }
                script src={ (root) "search.js" } defer {}
                script src={ (root) "site.js" } defer {}
            }
        }
    }
    .into_string()
}

/// A number of things in words.
pub(crate) fn count(number: usize, one: &str, many: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {many}") }
}

/// A text in which what stands between backquotes is code.
pub(crate) fn coded(text: &str) -> Markup {
    html! {
        @for (at, piece) in text.split('`').enumerate() {
            @if at % 2 == 1 { code { (piece) } } @else { (piece) }
        }
    }
}

/// The name of a fact as a heading: `Realized by`.
pub(crate) fn heading(name: &str) -> String {
    if matches!(name, "slo" | "sla" | "rto" | "rpo" | "mtbf" | "mttr" | "ttl" | "cpu") {
        return name.to_uppercase();
    }
    let spaced = name.replace('-', " ");
    let mut letters = spaced.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

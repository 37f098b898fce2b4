//! The list of views, and a page for each with its picture.

use crate::menu::Whole;
use crate::page::page;
use crate::records::fact_list;
use crate::signatures::signatures_needed;
use crate::{Site, SiteFile};
use groma_model::facts;
use groma_view::{Scene, Show, notice, scene, svg};
use maud::{Markup, PreEscaped, html};

pub(crate) fn index(site: &Site<'_>) -> String {
    let body = html! { h1 { "Views" } (thumbs(site, 0..site.specs.len(), "")) };
    page(site, "Views", "", Whole::Views, body)
}

/// Small pictures that lead to the large ones.
pub(crate) fn thumbs(site: &Site<'_>, which: impl Iterator<Item = usize>, root: &str) -> Markup {
    html! {
        ul.thumbs {
            @for at in which {
                li {
                    a href={ (root) (site.view_file(at)) } {
                        img src={ (root) (site.picture_file(at)) } alt="" loading="lazy";
                        span { (site.specs[at].title) }
                    }
                    span.kind { (site.specs[at].show.word()) }
                }
            }
        }
    }
}

/// A view's page and its picture.
pub(crate) fn files(site: &Site<'_>, at: usize) -> Vec<SiteFile> {
    let spec = &site.specs[at];
    let pages = |path: &str| {
        site.arch.element_by_path(path).map_or("#".to_owned(), |id| format!("../{}", site.element_file(id)))
    };
    let (scene, body) = match caught(|| scene(site.arch, spec)) {
        Ok(scene) => {
            let body = picture(&scene, &pages);
            (scene, body)
        }
        Err(problem) => {
            let sentence = format!("This view cannot be drawn: {problem}.");
            (notice(spec, &sentence), html! { p { (sentence) } })
        }
    };
    vec![
        crate::text(&site.picture_file(at), &svg(&scene, Some(&pages))),
        crate::text(&site.view_file(at), &view_page(site, at, body)),
    ]
}

/// What a view gives, or what is wrong with it: even a bug of ours in one view leaves the others.
pub(crate) fn caught<T>(view: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(view))
        .unwrap_or_else(|_| Err("Groma failed on it, which is a bug in Groma".to_owned()))
}

fn picture(scene: &Scene, pages: &dyn Fn(&str) -> String) -> Markup {
    let drawn = svg(scene, Some(pages));
    html! {
        div.canvas tabindex="0" aria-label="Picture: drag to move, wheel or + and - to zoom, 0 to see all" { (PreEscaped(drawn)) }
        details.outline {
            summary { "As text" }
            ul {
                @for one in scene.boxes.iter().filter(|one| !one.kind.is_frame()) {
                    li {
                        (one.tooltip.lines().next().unwrap_or_default())
                        @let out: Vec<_> = scene.edges.iter().filter(|edge| edge.from == one.id).collect();
                        @if !out.is_empty() { ul { @for edge in out { li { (edge.tooltip.replace('\n', ": ")) } } } }
                    }
                }
            }
        }
    }
}

fn view_page(site: &Site<'_>, at: usize, body: Markup) -> String {
    let spec = &site.specs[at];
    let declared = site.arch.views.iter().find(|view| site.arch.name(view.at) == spec.id);
    let whole = html! {
        h1 { (spec.title) " " span.kind { (spec.show.word()) " view" } }
        @if let Some(text) = declared.and_then(|view| site.arch.text(view.at, &facts::DESCRIPTION)) { p.lead { (text) } }
        (body)
        @if let Show::Pipeline(pipeline) = spec.show { (signatures_needed(site, pipeline)) }
        @if let Some(view) = declared { (fact_list(site, view.at, &[&facts::DESCRIPTION], "../")) }
        p.source { a href={ "../" (site.picture_file(at)) } { "Picture only" } }
    };
    page(site, &spec.title, "../", Whole::Views, whole)
}

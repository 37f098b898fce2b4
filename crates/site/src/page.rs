//! What every page has in common.

use crate::Site;
use groma_base::{Diagnostic, Severity};
use maud::{DOCTYPE, Markup, html};

/// A page. `root` leads from it to the site's root: empty, or `../`.
pub(crate) fn page(site: &Site<'_>, title: &str, root: &str, here: &str, body: Markup) -> String {
    let whole = site.arch.workspace_title();
    let entries = [
        ("index.html", "Overview"),
        ("views.html", "Views"),
        ("elements.html", "Elements"),
        ("flows.html", "Flows"),
        ("requirements.html", "Requirements"),
        ("findings.html", "Findings"),
    ];
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) @if title != whole { " · " (whole) } }
                link rel="stylesheet" href={ (root) "style.css" };
            }
            body data-root=(root) {
                a.skip href="#main" { "To the content" }
                header {
                    a.brand href={ (root) "index.html" } { (whole) }
                    nav aria-label="Main" {
                        @for (file, word) in entries {
                            a href={ (root) (file) } aria-current=[(file == here).then_some("page")] { (word) }
                        }
                    }
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

/// Findings as a list.
pub(crate) fn finding_list(site: &Site<'_>, findings: &[&Diagnostic]) -> Markup {
    html! {
        ul.findings {
            @for finding in findings {
                li class=(finding.severity.word()) {
                    p { span.severity { (finding.severity.word()) } " " (finding.message) }
                    p.where { code { (site.snapshot.sources.location(finding.primary.span)) } " · " (finding.code) }
                    @for note in &finding.notes { p.note { (note) } }
                    @for help in &finding.help { p.help { "→ " (help) } }
                }
            }
        }
    }
}

/// How many findings of each severity.
pub(crate) fn finding_counts(findings: &[Diagnostic]) -> [(Severity, usize); 3] {
    [Severity::Error, Severity::Warning, Severity::Note]
        .map(|severity| (severity, findings.iter().filter(|finding| finding.severity == severity).count()))
}

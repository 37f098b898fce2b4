//! What every page has in common.

use crate::Site;
use crate::links::link;
use crate::policy::policy;
use groma_base::{Diagnostic, Severity};
use groma_model::ElementId;
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
        ("environments.html", "Environments"),
        ("technologies.html", "Technologies"),
        ("radar.html", "Radar"),
        ("standards.html", "Standards"),
        ("loads.html", "Loads and failures"),
        ("forecast.html", "Forecast"),
        ("findings.html", "Findings"),
    ];
    let is_there = |file: &str| match file {
        "views.html" => !site.specs.is_empty(),
        "loads.html" => site.has_loads(),
        "environments.html" => site.has_environments(),
        "technologies.html" => site.has_technologies(),
        "radar.html" => site.has_radar(),
        "standards.html" => site.has_standards(),
        "forecast.html" => site.forecast.is_some(),
        _ => true,
    };
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
                    nav aria-label="Main" {
                        @for (file, word) in entries.into_iter().filter(|(file, _)| is_there(file)) {
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

/// A text in which what stands between backquotes is code.
pub(crate) fn coded(text: &str) -> Markup {
    html! {
        @for (at, piece) in text.split('`').enumerate() {
            @if at % 2 == 1 { code { (piece) } } @else { (piece) }
        }
    }
}

/// Findings as a list, the gravest first. With `root`, the way to the site's root, each leads to the element that it
/// stands in.
pub(crate) fn finding_list(site: &Site<'_>, findings: &[&Diagnostic], root: Option<&str>) -> Markup {
    let mut findings = findings.to_vec();
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    html! {
        ul.findings {
            @for finding in findings {
                li class=(finding.severity.word()) {
                    p { span.severity { (finding.severity.word()) } " " (coded(&finding.message)) }
                    p.where { code { (site.snapshot.sources.published_location(finding.primary.span)) } " · " (finding.code) @if let (Some(root), Some(id)) = (root, element_around(site, finding)) { " · " (link(site, id, root)) } }
                    @for note in &finding.notes { p.note { (coded(note)) } }
                    @for help in &finding.help { p.help { "→ " (coded(help)) } }
                }
            }
        }
    }
}

/// Findings that a baseline spares, below a heading, if there are any.
pub(crate) fn spared_list(site: &Site<'_>, spared: &[&Diagnostic], root: Option<&str>) -> Markup {
    html! { @if !spared.is_empty() { h2 #(SPARED) { "Spared by the baseline" } (finding_list(site, spared, root)) } }
}

/// The place of the findings that a baseline spares, in the page of findings.
pub(crate) const SPARED: &str = "spared";

/// The innermost element that a finding stands in.
pub(crate) fn element_around(site: &Site<'_>, finding: &Diagnostic) -> Option<ElementId> {
    let arch = site.arch;
    let span = finding.primary.span;
    let around = arch.element_ids().filter(|id| {
        let at = arch.element(*id).at;
        at.file == span.file && arch.item(at).range.contains(span.range)
    });
    around.max_by_key(|id| arch.item(arch.element(*id).at).range.start)
}

/// How many findings of each severity.
pub(crate) fn finding_counts(findings: &[Diagnostic]) -> [(Severity, usize); 3] {
    [Severity::Error, Severity::Warning, Severity::Note]
        .map(|severity| (severity, findings.iter().filter(|finding| finding.severity == severity).count()))
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

//! Overview, requirements and findings.

use crate::Site;
use crate::links::link;
use crate::page::{SPARED, count, finding_counts, finding_list, page, spared_list};
use crate::records::{fact_list, fact_words, said};
use crate::views::thumbs;
use groma_model::facets::FACETS;
use groma_model::kinds::class;
use groma_model::schema::Fact;
use groma_model::{Level, Record, Statement, facts};
use groma_view::Show;
use maud::{Markup, html};

/// The facts of the workspace that its first page tells as texts.
const SHOWN: &[&Fact] = &[&facts::workspace::SUMMARY, &facts::workspace::PROBLEM, &facts::workspace::CONTEXT];

/// So many views are shown on the first page.
const MOST_VIEWS: usize = 12;

/// The views that the first page shows: the first of each sort, and as many of the others as there is room for, in their order.
fn first_views(site: &Site<'_>) -> Vec<usize> {
    let sort = |at: usize| site.specs[at].show.sort();
    let mut views: Vec<usize> = (0..site.specs.len()).collect();
    let is_again = |at: &usize| (0..*at).any(|before| sort(before) == sort(*at));
    views.sort_by_key(is_again);
    views.truncate(MOST_VIEWS);
    views.sort_unstable();
    views
}

pub(crate) fn overview(site: &Site<'_>) -> String {
    let arch = site.arch;
    let level = |level| arch.elements.iter().filter(|element| element.level == level).count();
    let of = |class| arch.records_of(class).count();
    let text = |fact| arch.workspace.and_then(|at| arch.text(at, fact));
    let first = first_views(site);
    let body = html! {
        h1 { (arch.workspace_title()) }
        @if let Some(summary) = text(&facts::workspace::SUMMARY) { p.lead { (summary) } }
        ul.numbers {
            @if arch.elements.is_empty() && site.has_standards() {
                li { a href="standards.html" { (count(of(&class::STANDARD), "standard", "standards")) } }
                li { (count(of(&class::OWN_FACT), "fact", "facts")) }
                li { (count(arch.own_kinds.len(), "kind", "kinds")) }
                li { (count(of(&class::TECHNOLOGY), "technology", "technologies")) }
            } @else {
                li { (count(level(Level::System), "system", "systems")) }
                li { (count(level(Level::Container), "container", "containers")) }
                li { (count(level(Level::Component), "component", "components")) }
                li { (count(arch.relations.len(), "relationship", "relationships")) }
                li { (count(arch.flows.len(), "flow", "flows")) }
            }
            @match site.forecast {
                Some(Ok(report)) => li { a href="forecast.html" { "requirements: " (crate::forecast::summary(report)) } },
                Some(Err(_)) => li { a href="forecast.html" { span.error { "no forecast" } } },
                None => {},
            }
            li {
                a href="findings.html" {
                    @let counts = finding_counts(site.findings);
                    @if counts.iter().all(|(_, number)| *number == 0) { "no findings" }
                    @for (severity, number) in counts { @if number > 0 { span class=(severity.word()) { (count(number, severity.word(), &format!("{}s", severity.word()))) } " " } }
                }
            }
            @if !site.spared.is_empty() {
                li { a href={ "findings.html#" (SPARED) } { (count(site.spared.len(), "finding", "findings")) " spared" } }
            }
        }
        @for (heading, fact) in [("The problem", &facts::workspace::PROBLEM), ("Where it starts from", &facts::workspace::CONTEXT)] {
            @if let Some(text) = text(fact) { h2 { (heading) } p { (text) } }
        }
        @if let Some(at) = arch.workspace { (fact_list(site, at, SHOWN, "")) }
        @if !first.is_empty() {
            h2 { "Views" }
            @let all = site.specs.len();
            @let are_left_out = first.len() < all;
            (thumbs(site, first.into_iter()))
            @if are_left_out { p { a href="views.html" { "All " (all) " views" } } }
        }
        @for (heading, kind) in [("Goals", Statement::Goal), ("Non-goals", Statement::NonGoal), ("Success is measured by", Statement::Metric)] {
            @let records: Vec<_> = named(site, kind).collect();
            @if !records.is_empty() { h2 { (heading) } ul { @for record in records { li { (arch.title(record.at)) @if let Some(target) = arch.text(record.at, &facts::metric::TARGET) { ": " (target) } } } } }
        }
    };
    page(site, arch.workspace_title(), "", "index.html", body)
}

fn named<'s>(site: &'s Site<'_>, kind: Statement) -> impl Iterator<Item = &'s Record> {
    site.arch.records.iter().filter(move |record| Statement::of(site.arch.item(record.at).kind.name) == Some(kind))
}

pub(crate) fn requirements(site: &Site<'_>) -> String {
    let arch = site.arch;
    let of = |class| arch.records_of(class).collect::<Vec<_>>();
    let own = [&class::REQUIREMENT, &class::QUALITY, &class::RECORD];
    // What this page has no heading of its own for stands under that of its facet.
    let is_other = |record: &&Record| !record.class.is_in(&own) && site.page_of(record.class) == "requirements.html";
    let others: Vec<&Record> = arch.records.iter().filter(is_other).collect();
    let nothing = others.is_empty() && own.into_iter().all(|class| of(class).is_empty());
    let body = html! {
        h1 { "Requirements" }
        @for at in (0..site.specs.len()).filter(|at| site.specs[*at].show == Show::Traceability) {
            p { a href=(site.view_file(at)) { (site.specs[at].title) } ": what each of them rests on, as a picture" }
        }
        @for (heading, records) in [("What it must do", of(&class::REQUIREMENT)), ("How well", of(&class::QUALITY))] {
            @if !records.is_empty() {
                h2 { (heading) }
                table {
                    @let measured = records.iter().any(|record| record.class == &class::QUALITY);
                    thead { tr { th { "Requirement" } th { "Priority" } @if measured { th { "Measured by" } } th { "Realized by" } } }
                    tbody { @for record in records { (row(site, record, measured)) } }
                }
            }
        }
        @for (heading, kind) in [("Constraints", Statement::Constraint), ("Assumptions", Statement::Assumption), ("Questions", Statement::Question), ("Goals", Statement::Goal), ("Non-goals", Statement::NonGoal), ("Metrics", Statement::Metric)] {
            @let records: Vec<_> = named(site, kind).collect();
            @if !records.is_empty() {
                h2 { (heading) }
                ul {
                    @for record in records {
                        li id=(site.record_id(record.at)) {
                            (arch.title(record.at))
                            @if let Some(state) = arch.text(record.at, &facts::record::STATE) { " " span.kind { (state) } }
                            @if let Some(answer) = arch.text(record.at, &facts::record::ANSWER) { ": " (answer) }
                            (said(site, record, &[&facts::record::STATE, &facts::record::ANSWER]))
                        }
                    }
                }
            }
        }
        @for facet in FACETS {
            @let records: Vec<_> = others.iter().filter(|record| facet.kinds.contains(arch.item(record.at).kind)).collect();
            @if !records.is_empty() {
                h2 { (facet.title) }
                ul { @for record in records { li id=(site.record_id(record.at)) { strong { (arch.title(record.at)) } (said(site, record, &[])) } } }
            }
        }
        @if nothing { p { "No requirements are written down." } }
    };
    page(site, "Requirements", "", "requirements.html", body)
}

fn row(site: &Site<'_>, record: &Record, measured: bool) -> Markup {
    let arch = site.arch;
    let required =
        arch.values_of(record.at, &facts::quality::REQUIRE).chain(arch.values_of(record.at, &facts::quality::MEASURE));
    let shown = [
        &facts::requirement::PRIORITY,
        &facts::quality::REQUIRE,
        &facts::quality::MEASURE,
        &facts::requirement::REALIZED_BY,
    ];
    html! {
        tr id=(site.record_id(record.at)) {
            td { strong { (arch.title(record.at)) } (said(site, record, &shown)) }
            td { (arch.text(record.at, &facts::requirement::PRIORITY).unwrap_or_default()) }
            @if measured { td { @for value in required { p { (fact_words(site, record.at, value, "")) } } } }
            td {
                @for id in arch.realized_by(record.at) { p { (link(site, id, "")) } }
                @for flow in arch.realized_by_flows(record.at) { p { a href=(site.flow_file(flow)) { (arch.title(arch.flows[flow].at)) } } }
            }
        }
    }
}

pub(crate) fn findings(site: &Site<'_>) -> String {
    let (all, spared): (Vec<_>, Vec<_>) = (site.findings.iter().collect(), site.spared.iter().collect());
    let body = html! {
        h1 { "Findings" }
        @if all.is_empty() && spared.is_empty() { p { "Every rule was checked; none found anything." } }
        @if all.is_empty() && !spared.is_empty() { p { "Every rule was checked; none found anything that is not spared." } }
        (finding_list(site, &all, Some("")))
        @if !site.suppressed.is_empty() {
            p { (count(site.suppressed.len(), "more is", "more are")) " suppressed: " a href=(crate::exceptions::FILE) { "Exceptions" } }
        }
        (spared_list(site, &spared, Some("")))
    };
    page(site, "Findings", "", "findings.html", body)
}

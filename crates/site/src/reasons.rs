//! Overview, requirements and constraints.

use crate::findings::{SPARED, finding_counts};
use crate::links::entity_link;
use crate::menu::Whole;
use crate::page::{count, page};
use crate::records::{fact_list, fact_words, said};
use crate::views::thumbs;
use crate::{Site, forecast};
use groma_model::facets::FACETS;
use groma_model::facts::record::State;
use groma_model::facts::requirement::Priority;
use groma_model::kinds::class;
use groma_model::schema::{Class, Fact};
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
                Some(Ok(report)) => li { a href="forecast.html" { "requirements: " (forecast::summary(report)) } },
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
            (thumbs(site, first.into_iter(), ""))
            @if are_left_out { p { a href="views.html" { "All " (all) " views" } } }
        }
        @for (heading, kind) in [("Goals", Statement::Goal), ("Non-goals", Statement::NonGoal), ("Success is measured by", Statement::Metric)] {
            @let records: Vec<_> = named(site, kind).collect();
            @if !records.is_empty() { h2 { (heading) } ul { @for record in records { li { (arch.title(record.at)) @if let Some(target) = arch.text(record.at, &facts::metric::TARGET) { ": " (target) } } } } }
        }
    };
    page(site, arch.workspace_title(), "", Whole::Overview, body)
}

fn named<'s>(site: &'s Site<'_>, kind: Statement) -> impl Iterator<Item = &'s Record> {
    site.arch.records.iter().filter(move |record| Statement::of(site.arch.item(record.at).kind.name) == Some(kind))
}

pub(crate) fn requirements(site: &Site<'_>) -> String {
    let arch = site.arch;
    let stands_here = |record: &&Record| site.page_of(record.at) == Whole::Requirements;
    let (own, mut others): (Vec<&Record>, Vec<&Record>) =
        arch.records.iter().filter(stands_here).partition(|record| is_in_table(record.class));
    others.retain(|record| Statement::of(arch.item(record.at).kind.name).is_none());
    let body = html! {
        h1 { "Requirements" }
        @for at in (0..site.specs.len()).filter(|at| site.specs[*at].show == Show::Traceability) {
            p { a href=(site.view_file(at)) { (site.specs[at].title) } ": what each of them rests on, as a picture" }
        }
        @for (heading, class) in [("What it must do", &class::REQUIREMENT), ("How well", &class::QUALITY)] {
            @let records: Vec<&Record> = own.iter().copied().filter(|record| record.class == class).collect();
            @if !records.is_empty() {
                h2 { (heading) }
                table.requirements {
                    @let measured = class == &class::QUALITY;
                    thead { tr { th { "Requirement" } th { "Priority" } @if measured { th { "Measured by" } } th { "Realized by" } } }
                    tbody { @for record in records { (row(site, record, measured)) } }
                }
            }
        }
        (statements(site, &[("Goals", Statement::Goal), ("Non-goals", Statement::NonGoal), ("Metrics", Statement::Metric)]))
        // What has no heading of its own anywhere stands under that of its facet.
        @for facet in FACETS {
            @let records: Vec<_> = others.iter().filter(|record| facet.kinds.contains(arch.item(record.at).kind)).collect();
            @if !records.is_empty() {
                h2 { (facet.title) }
                ul { @for record in records { li id=(site.record_id(record.at)) { strong { (arch.title(record.at)) } (said(site, record, &[])) } } }
            }
        }
        @if !site.has_records_on(Whole::Requirements) { p { "No requirements are written down." } }
    };
    page(site, "Requirements", "", Whole::Requirements, body)
}

fn is_in_table(class: &Class) -> bool {
    class.is_in(&[&class::REQUIREMENT, &class::QUALITY])
}

/// What is given, taken to be so, and still asked.
pub(crate) fn constraints(site: &Site<'_>) -> String {
    let groups = [
        ("Constraints", Statement::Constraint),
        ("Assumptions", Statement::Assumption),
        ("Questions", Statement::Question),
    ];
    let body = html! {
        h1 { "Constraints" }
        p.lead { "What is given, what is taken to be so, and what is still asked." }
        (statements(site, &groups))
    };
    page(site, "Constraints", "", Whole::Constraints, body)
}

/// The records of these kinds, each kind under its heading.
fn statements(site: &Site<'_>, groups: &[(&str, Statement)]) -> Markup {
    let arch = site.arch;
    let shown = [&facts::record::STATE, &facts::record::ANSWER, &facts::requirement::REALIZED_BY];
    html! {
        @for (heading, kind) in groups {
            @let records: Vec<_> = named(site, *kind).collect();
            @if !records.is_empty() {
                h2 { (heading) }
                ul {
                    @for record in records {
                        li id=(site.record_id(record.at)) {
                            strong { (arch.title(record.at)) }
                            @if let Some(state) = arch.text(record.at, &facts::record::STATE) { " " span.kind { (state) } }
                            @if let Some(answer) = arch.text(record.at, &facts::record::ANSWER) { ": " (answer) }
                            @if let Some(lack) = lack(site, record) { " " span.lacks { (lack) } }
                            @let by = arch.realizers(record.at);
                            @if !by.is_empty() {
                                p { "Answered by " @for (nth, one) in by.into_iter().enumerate() { @if nth > 0 { ", " } (entity_link(site, one, "")) } }
                            }
                            (said(site, record, &shown))
                        }
                    }
                }
            }
        }
    }
}

/// What a record still lacks, in a few words.
fn lack(site: &Site<'_>, record: &Record) -> Option<&'static str> {
    let arch = site.arch;
    let is_settled = || arch.choice(record.at).is_some_and(|state: State| state != State::Open);
    let is_left_out = || arch.choice(record.at) == Some(Priority::Wont);
    match Statement::of(arch.item(record.at).kind.name) {
        Some(Statement::Constraint) => (!arch.is_realized(record.at)).then_some("not answered"),
        Some(Statement::Assumption) => (!is_settled()).then_some("not confirmed"),
        Some(Statement::Question) => (!is_settled()).then_some("still open"),
        Some(Statement::Goal | Statement::NonGoal | Statement::Metric) => None,
        None => {
            let is_due = record.class == &class::REQUIREMENT && !is_left_out() && !arch.elements.is_empty();
            (is_due && !arch.is_realized(record.at)).then_some("not realized")
        }
    }
}

fn row(site: &Site<'_>, record: &Record, measured: bool) -> Markup {
    let arch = site.arch;
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
            @if measured {
                td {
                    @for value in arch.values_of(record.at, &facts::quality::REQUIRE) {
                        p { (fact_words(site, record.at, value, "")) }
                        (forecast::verdict(site, record.at, value))
                    }
                    @for value in arch.values_of(record.at, &facts::quality::MEASURE) { p { (fact_words(site, record.at, value, "")) } }
                }
            }
            td {
                @for one in arch.realizers(record.at) { p { (entity_link(site, one, "")) } }
                @if let Some(lack) = lack(site, record) { span.lacks { (lack) } }
            }
        }
    }
}

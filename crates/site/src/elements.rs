//! The list of elements, and a page for each.

use crate::decisions::decisions_on;
use crate::findings::{finding_list, spared_list};
use crate::links::{entity_link, link, record_link};
use crate::menu::Whole;
use crate::records::{default_rows, fact_rows, fact_words, facts_in_line, given, joined, named_words};
use crate::rfcs::rfcs_on;
use crate::standards::standards_about;
use crate::{Site, exceptions, loads};
use groma_base::Diagnostic;
use groma_model::schema::Fact;
use groma_model::{Architecture, ElementId, Entity, FlowId, ItemRef, Level, RelationId, facts};
use groma_view::Show;
use maud::{Markup, html};
use std::collections::HashSet;

pub(crate) fn index(site: &Site<'_>) -> String {
    let arch = site.arch;
    let roots: Vec<ElementId> = arch.element_ids().filter(|id| arch.element(*id).parent.is_none()).collect();
    let people: Vec<ElementId> = roots.iter().copied().filter(|id| arch.element(*id).level == Level::Person).collect();
    let (outside, own): (Vec<ElementId>, Vec<ElementId>) =
        roots.iter().copied().filter(|id| !people.contains(id)).partition(|id| arch.element(*id).external);
    let body = html! {
        h1 { "Elements" }
        @for (title, ids) in [("People", &people), ("Our systems", &own), ("External systems", &outside)] {
            @if !ids.is_empty() {
                h2 { (title) }
                ul.tree { @for id in ids { (branch(site, *id, "")) } }
            }
        }
    };
    crate::page::page(site, "Elements", "", Whole::Elements, body)
}

fn branch(site: &Site<'_>, id: ElementId, root: &str) -> Markup {
    let arch = site.arch;
    let element = arch.element(id);
    let parts: Vec<ElementId> = arch.children(id).collect();
    html! {
        li {
            a href={ (root) (site.element_file(id)) } { (arch.element_title(id)) }
            " " span.kind { (element.kind_name) }
            @if let Some(technology) = arch.text(element.at, &facts::TECHNOLOGY) { " " span.technology { (technology) } }
            @if !parts.is_empty() { ul { @for part in parts { (branch(site, part, root)) } } }
        }
    }
}

pub(crate) fn page_title(site: &Site<'_>, id: ElementId) -> String {
    format!("{} [{}]", site.arch.element_title(id), site.arch.element(id).kind_name)
}

/// The facts that come first on the page of an element.
const FIRST: &[&Fact] = &[
    &facts::element::RESPONSIBILITY,
    &facts::element::INTERFACE,
    &facts::TECHNOLOGY,
    &facts::element::ERROR_HANDLING,
    &facts::element::REPLICAS,
    &facts::element::BALANCE,
    &facts::element::CONCURRENCY,
    &facts::element::AVAILABILITY,
    &facts::element::AUTHENTICATION,
    &facts::element::RATE_LIMIT,
    &facts::DATA,
];

/// The facts of an element that its page shows in another way.
const ELSEWHERE: &[&Fact] = &[&facts::DESCRIPTION, &facts::OWNER, &facts::element::IN_ZONE];

/// All that is said of an element: what matters most comes first, and the rest in the order of the language.
pub(crate) fn page_of_facts(site: &Site<'_>, id: ElementId) -> Markup {
    let arch = site.arch;
    let at = arch.element(id).at;
    let zones: Vec<&str> = arch.zones(id).into_iter().map(|zone| arch.title(arch.groups[zone].at)).collect();
    let mut given = given(site, at, ELSEWHERE);
    given.sort_by_key(|(fact, _)| FIRST.iter().position(|first| first == fact).unwrap_or(FIRST.len()));
    html! {
        dl.facts {
            @if let Some((at, owner)) = arch.owner(id) { dt { "Owner" } dd { (fact_words(site, at, owner, "../")) } }
            @if !zones.is_empty() { dt { "Trust zone" } dd { (zones.join(" in ")) } }
            (fact_rows(site, at, given, "../"))
            (default_rows(site, at, ELSEWHERE, "../"))
        }
    }
}

/// What the caller does when a call takes long or fails.
const ON_FAILURE: &[&Fact] = &[
    &facts::relation::TIMEOUT,
    &facts::relation::RETRY,
    &facts::relation::BREAKER,
    &facts::relation::BULKHEAD,
    &facts::relation::HEDGE,
    &facts::relation::FALLBACK,
];

/// The facts of a relationship that need no name to be understood.
const UNNAMED: &[&Fact] = &[&facts::relation::PROTOCOL, &facts::TECHNOLOGY, &facts::ASYNC, &facts::DATA];

fn relation_rows(site: &Site<'_>, rows: &[(RelationId, ElementId)]) -> Markup {
    let arch = site.arch;
    let cells: Vec<_> = rows.iter().map(|(id, _)| (how(site, *id), failure(site, *id))).collect();
    let any_how = cells.iter().any(|(how, _)| !how.is_empty());
    let any_failure = cells.iter().any(|(_, failure)| !failure.is_empty());
    html! {
        table {
            thead { tr { th { "Element" } th { "What for" } @if any_how { th { "How" } } @if any_failure { th { "When it fails" } } } }
            tbody {
                @for ((id, other), (how, failure)) in rows.iter().zip(cells) {
                    @let at = arch.relation(*id).at;
                    tr {
                        td { (link(site, *other, "../")) }
                        td { (arch.label(at).unwrap_or_default()) @if let Some(text) = arch.text(at, &facts::DESCRIPTION) { p.note { (text) } } }
                        @if any_how { td { (joined(how)) } }
                        @if any_failure { td { (joined(failure)) } }
                    }
                }
            }
        }
    }
}

/// What is said of a relationship, but for what happens when it fails.
fn how(site: &Site<'_>, id: RelationId) -> Vec<Markup> {
    let arch = site.arch;
    let at = arch.relation(id).at;
    let spoken = [&facts::relation::PROTOCOL, &facts::TECHNOLOGY].into_iter().flat_map(|fact| arch.values_of(at, fact));
    let mut said: Vec<Markup> = spoken.map(|value| fact_words(site, at, value, "../")).collect();
    match (arch.is_async(id), arch.fact(at, &facts::ASYNC)) {
        (true, _) => said.push(html! { "asynchronous" }),
        (false, Some(_)) => said.push(html! { "synchronous" }),
        (false, None) => {}
    }
    let data: Vec<&str> = arch.values_of(at, &facts::DATA).map(|value| arch.words(at, value)).collect();
    if !data.is_empty() {
        said.push(html! { (data.join(", ")) " data" });
    }
    let shown = [&[&facts::DESCRIPTION], UNNAMED, ON_FAILURE].concat();
    said.extend(facts_in_line(site, at, &shown, "../"));
    said
}

/// What the caller does when a call takes long or fails, as it is written.
fn failure(site: &Site<'_>, id: RelationId) -> Vec<Markup> {
    let at = site.arch.relation(id).at;
    let told = ON_FAILURE.iter().flat_map(|fact| site.arch.values_of(at, fact));
    told.map(|value| named_words(site, at, value, "../")).collect()
}

/// Relationships, each with the element at its other end.
type Relations = Vec<(RelationId, ElementId)>;

/// The relationships that lead out of an element and those that lead into it.
fn relations_around(arch: &Architecture, id: ElementId) -> (Relations, Relations) {
    let (mut out, mut into) = (Vec::new(), Vec::new());
    for relation in arch.relation_ids() {
        let (from, to) = (arch.relation(relation).from, arch.relation(relation).to);
        match (arch.is_within(from, id), arch.is_within(to, id)) {
            (true, false) => out.push((relation, to)),
            (false, true) => into.push((relation, from)),
            (true, true) | (false, false) => {}
        }
    }
    (out, into)
}

/// The page of an element.
pub(crate) fn page(site: &Site<'_>, id: ElementId) -> String {
    let arch = site.arch;
    let element = arch.element(id);
    let (uses, used_by) = relations_around(arch, id);
    let parts: Vec<ElementId> = arch.children(id).collect();
    let arrows: HashSet<ItemRef> = uses.iter().chain(&used_by).map(|(id, _)| arch.relation(*id).at).collect();
    let is_about = |finding: &Diagnostic| is_about(site, id, &arrows, finding);
    let findings: Vec<_> = site.findings.iter().filter(|finding| is_about(finding)).collect();
    let spared: Vec<_> = site.spared.iter().filter(|finding| is_about(finding)).collect();
    let suppressed = || {
        let mut all = site.suppressed.iter().filter(|one| is_about(&one.finding)).peekable();
        all.peek().is_some().then_some(all)
    };
    let is_of =
        |show: Show| matches!(show, Show::Context(of) | Show::Containers(of) | Show::Components(of) if of == id);
    let views: Vec<usize> =
        (0..site.specs.len()).filter(|at| is_of(site.specs[*at].show) || site.shown[*at].contains(&id)).collect();
    let flows: Vec<FlowId> = arch.flows.ids().filter(|at| flow_touches(site, *at, id)).collect();
    let reasons = site.reasons(Entity::Element(id));
    let body = html! {
        nav.crumbs aria-label="Part of" {
            @for at in arch.ancestors(id).skip(1).collect::<Vec<_>>().into_iter().rev() { (link(site, at, "../")) " / " }
        }
        h1 { (arch.element_title(id)) " " span.kind { @if element.external { "external " } (element.kind_name) } }
        p { code { (element.path) } }
        @if let Some(description) = arch.text(element.at, &facts::DESCRIPTION) { p.lead { (description) } }
        (page_of_facts(site, id))
        @if !views.is_empty() {
            h2 { "Views" }
            ul { @for at in views { li { a href={ "../" (site.view_file(at)) } { (site.specs[at].title) } } } }
        }
        @if !parts.is_empty() { h2 { "Parts" } ul.tree { @for part in parts { (branch(site, part, "../")) } } }
        @if !uses.is_empty() { h2 { "Uses" } (relation_rows(site, &uses)) }
        @if !used_by.is_empty() { h2 { "Used by" } (relation_rows(site, &used_by)) }
        @if !flows.is_empty() {
            h2 { "Flows through it" }
            ul { @for at in flows { li { a href={ "../" (site.flow_file(at)) } { (arch.title(arch.flows[at].at)) } } } }
        }
        @if !reasons.is_empty() {
            h2 { "Why it is there" }
            ul { @for record in reasons { li { (record_link(site, *record, "../")) } } }
        }
        (decisions_on(site, element.at, "../"))
        (rfcs_on(site, element.at, "../"))
        (placed(site, id))
        (loads::hitting(site, id))
        (standards_about(site, element.at, "../"))
        @if !findings.is_empty() { h2 { "Findings" } (finding_list(site, &findings, None)) }
        @if let Some(suppressed) = suppressed() { h2 { "Exceptions" } (exceptions::table_of(site, suppressed, "../")) }
        (spared_list(site, &spared, None))
        p.source { "Declared at " code { (site.snapshot.sources.published_location(arch.name_span(element.at))) } }
    };
    crate::page::page(site, &page_title(site, id), "../", Whole::Elements, body)
}

/// Whether a finding stands in an element, or in one of these relationships: they may be declared anywhere.
fn is_about(site: &Site<'_>, id: ElementId, arrows: &HashSet<ItemRef>, finding: &Diagnostic) -> bool {
    let (arch, at, span) = (site.arch, site.arch.element(id).at, finding.primary.span);
    let is_in = span.file == at.file && arch.item(at).range.contains(span.range);
    let mut around = arch.innermost(span).into_iter().flat_map(|at| arch.items_around(at));
    is_in || around.any(|at| arrows.contains(&at))
}

fn flow_touches(site: &Site<'_>, at: FlowId, id: ElementId) -> bool {
    let mut ends = site.arch.flows[at].steps.iter().filter_map(|step| step.kind.ends());
    ends.any(|(from, to)| site.arch.is_within(from, id) || site.arch.is_within(to, id))
}

/// The facts of an instance that have a column of their own, and what the page is about.
const IN_COLUMNS: &[&Fact] = &[&facts::instance::ELEMENT, &facts::instance::REPLICAS, &facts::instance::STANDBY];

/// Where it is deployed.
fn placed(site: &Site<'_>, id: ElementId) -> Markup {
    let arch = site.arch;
    let mut rows = Vec::new();
    for (whole, deployment) in arch.deployments.entries() {
        for one in arch.placed(deployment).filter(|one| arch.is_within(id, one.instance.element)) {
            let instance = one.instance;
            let mut places = Vec::new();
            let mut node = instance.node;
            while let Some(at) = node {
                places.push(arch.title(deployment.nodes[at].at));
                node = deployment.nodes[at].parent;
            }
            places.reverse();
            rows.push((
                entity_link(site, Entity::Deployment(whole), "../"),
                places.join(" / "),
                match one.replicas {
                    Some(_) => arch.text(instance.at, &facts::instance::REPLICAS).unwrap_or("1"),
                    None => "0",
                },
                if one.is_standby { " on standby" } else { "" },
                facts_in_line(site, instance.at, IN_COLUMNS, "../"),
            ));
        }
    }
    let any_more = rows.iter().any(|(.., more)| !more.is_empty());
    html! {
        @if !rows.is_empty() {
            h2 { "Where it runs" }
            table {
                thead { tr { th { "Deployment" } th { "Place" } th { "Replicas" } @if any_more { th { "Besides" } } } }
                tbody {
                    @for (deployment, place, replicas, standby, more) in rows {
                        tr { td { (deployment) } td { (place) } td { (replicas) (standby) } @if any_more { td { (joined(more)) } } }
                    }
                }
            }
        }
    }
}

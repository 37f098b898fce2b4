//! The list of elements, and a page for each.

use crate::links::{link, record_link, safe_address};
use crate::page::{finding_list, heading};
use crate::{Site, exceptions};
use groma_base::Diagnostic;
use groma_model::decode::{FactValue, Value};
use groma_model::schema::Fact;
use groma_model::{ElementId, Entity, FlowId, ItemRef, Level, RelationId, facts};
use groma_view::Show;
use maud::{Markup, html};

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
    crate::page::page(site, "Elements", "", "elements.html", body)
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

/// The facts of an element's card, with their headings.
const CARD: &[(&str, &Fact)] = &[
    ("Responsibility", &facts::element::RESPONSIBILITY),
    ("Interface", &facts::element::INTERFACE),
    ("Technology", &facts::TECHNOLOGY),
    ("Error handling", &facts::element::ERROR_HANDLING),
    ("Replicas", &facts::element::REPLICAS),
    ("Balancing", &facts::element::BALANCE),
    ("Requests at once per replica", &facts::element::CONCURRENCY),
    ("Availability", &facts::element::AVAILABILITY),
    ("Authentication", &facts::element::AUTHENTICATION),
    ("Rate limit", &facts::element::RATE_LIMIT),
    ("Data", &facts::DATA),
    ("Style", &facts::element::STYLE),
    ("Layer", &facts::element::LAYER),
    ("Status", &facts::STATUS),
    ("Tags", &facts::TAGS),
];

pub(crate) fn page_of_facts(site: &Site<'_>, id: ElementId) -> Markup {
    let arch = site.arch;
    let at = arch.element(id).at;
    html! {
        dl.facts {
            @if let Some((at, owner)) = arch.owner(id) { dt { "Owner" } dd { (owner_words(site, at, owner)) } }
            @for (heading, fact) in CARD {
                @let values: Vec<String> = arch.all_facts(at, fact).map(|value| with_parts(site, at, value)).collect();
                @if !values.is_empty() { dt { (heading) } dd { @for value in values { p { (value) } } } }
            }
            @for fact in arch.own_facts_of(at) {
                @let values: Vec<String> = arch.all_facts(at, fact).map(|value| with_parts(site, at, value)).collect();
                @if !values.is_empty() { dt { (heading(fact.name)) } dd { @for value in values { p { (value) } } } }
            }
            @let zones: Vec<&str> = arch.zones(id).into_iter().map(|zone| arch.title(arch.groups[zone].at)).collect();
            @if !zones.is_empty() { dt { "Trust zone" } dd { (zones.join(" in ")) } }
            @for link in arch.all_facts(at, &facts::LINK) {
                dt { "Link" } dd { a href=(safe_address(arch.words(at, link))) { (arch.words(at, link)) } }
            }
        }
    }
}

/// An owner: a link to the team or person, if that is declared.
fn owner_words(site: &Site<'_>, at: ItemRef, owner: &FactValue) -> Markup {
    match site.arch.referred(at, owner) {
        Some(Entity::Record(id)) => record_link(site, site.arch.records[id].at, "../"),
        _ => html! { (site.arch.words(at, owner)) },
    }
}

/// The words of a fact with its parts: `100/min per user`.
fn with_parts(site: &Site<'_>, at: ItemRef, value: &FactValue) -> String {
    let parts = site.arch.file(at).parts_of(value).iter();
    let parts = parts.map(|part| match part.value {
        // What means yes is said by its name.
        Value::Bool(true) => format!(" {}", part.fact.name),
        _ => format!(" {} {}", part.fact.name, site.arch.readable(at, part)),
    });
    format!("{}{}", site.arch.readable(at, value), parts.collect::<String>())
}

fn relation_rows(site: &Site<'_>, rows: &[(RelationId, ElementId)]) -> Markup {
    let arch = site.arch;
    let how = |id: RelationId| {
        let at = arch.relation(id).at;
        let spoken =
            arch.text(at, &facts::relation::PROTOCOL).or_else(|| arch.text(at, &facts::TECHNOLOGY)).unwrap_or_default();
        let data: Vec<&str> = arch.all_facts(at, &facts::DATA).map(|value| arch.words(at, value)).collect();
        let data = if data.is_empty() { String::new() } else { format!("{} data", data.join(", ")) };
        let asynchronous = if arch.is_async(id) { "asynchronous" } else { "" };
        let said = [spoken, asynchronous, &data].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>();
        said.join("; ")
    };
    let any_how = rows.iter().any(|(id, _)| !how(*id).is_empty());
    let any_failure = rows.iter().any(|(id, _)| !failure(site, *id).is_empty());
    html! {
        table {
            thead { tr { th { "Element" } th { "What for" } @if any_how { th { "How" } } @if any_failure { th { "When it fails" } } } }
            tbody {
                @for (id, other) in rows {
                    tr {
                        td { (link(site, *other, "../")) }
                        td { (arch.label(arch.relation(*id).at).unwrap_or_default()) }
                        @if any_how { td { (how(*id)) } }
                        @if any_failure { td { (failure(site, *id)) } }
                    }
                }
            }
        }
    }
}

/// What the caller does when a call takes long or fails, as it is written.
fn failure(site: &Site<'_>, id: RelationId) -> String {
    let at = site.arch.relation(id).at;
    let told = [
        &facts::relation::TIMEOUT,
        &facts::relation::RETRY,
        &facts::relation::BREAKER,
        &facts::relation::BULKHEAD,
        &facts::relation::HEDGE,
        &facts::relation::FALLBACK,
    ];
    let told = told.iter().filter_map(|fact| {
        let value = site.arch.fact(at, fact)?;
        // `breaker #true` reads better without its yes.
        let words = with_parts(site, at, value).replace("#true", "");
        Some(format!("{} {}", fact.name, words.trim().trim_start_matches(fact.name)).trim_end().replace("  ", " "))
    });
    told.collect::<Vec<_>>().join("; ")
}

pub(crate) fn page(site: &Site<'_>, id: ElementId) -> String {
    let arch = site.arch;
    let element = arch.element(id);
    let mut uses = Vec::new();
    let mut used_by = Vec::new();
    for relation in arch.relation_ids() {
        let (from, to) = (arch.relation(relation).from, arch.relation(relation).to);
        match (arch.is_within(from, id), arch.is_within(to, id)) {
            (true, false) => uses.push((relation, to)),
            (false, true) => used_by.push((relation, from)),
            (true, true) | (false, false) => {}
        }
    }
    let parts: Vec<ElementId> = arch.children(id).collect();
    let item = arch.item(element.at).range;
    let is_about = |finding: &Diagnostic| {
        finding.primary.span.file == element.at.file && item.contains(finding.primary.span.range)
    };
    let findings: Vec<_> = site.findings.iter().filter(|finding| is_about(finding)).collect();
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
        (placed(site, id))
        @if !findings.is_empty() { h2 { "Findings" } (finding_list(site, &findings, None)) }
        @if let Some(suppressed) = suppressed() { h2 { "Exceptions" } (exceptions::table_of(site, suppressed, "../")) }
        p.source { "Declared at " code { (site.snapshot.sources.published_location(arch.name_span(element.at))) } }
    };
    crate::page::page(site, &page_title(site, id), "../", "elements.html", body)
}

fn flow_touches(site: &Site<'_>, at: FlowId, id: ElementId) -> bool {
    let mut ends = site.arch.flows[at].steps.iter().filter_map(|step| step.kind.ends());
    ends.any(|(from, to)| site.arch.is_within(from, id) || site.arch.is_within(to, id))
}

/// Where it is deployed.
fn placed(site: &Site<'_>, id: ElementId) -> Markup {
    let arch = site.arch;
    let mut rows = Vec::new();
    for deployment in &arch.deployments {
        for instance in deployment.instances.iter().filter(|instance| arch.is_within(id, instance.element)) {
            let mut places = Vec::new();
            let mut node = instance.node;
            while let Some(at) = node {
                places.push(arch.title(deployment.nodes[at].at));
                node = deployment.nodes[at].parent;
            }
            places.reverse();
            rows.push((
                arch.title(deployment.at),
                places.join(" / "),
                arch.text(instance.at, &facts::instance::REPLICAS).unwrap_or("1"),
                if arch.is(instance.at, &facts::instance::STANDBY) { " on standby" } else { "" },
            ));
        }
    }
    html! {
        @if !rows.is_empty() {
            h2 { "Where it runs" }
            table {
                thead { tr { th { "Deployment" } th { "Place" } th { "Replicas" } } }
                tbody { @for (deployment, place, replicas, standby) in rows { tr { td { (deployment) } td { (place) } td { (replicas) (standby) } } } }
            }
        }
    }
}

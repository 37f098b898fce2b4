//! What the search of the site finds: whatever has a name or a title and a page, or stands on one.

use crate::Site;
use groma_model::{ElementId, Entity, ItemRef, facts};
use serde_json::{Value, json};

/// The index that the search reads: a script rather than JSON, because a page opened from disk may not fetch. What has a page of its own comes
/// before what stands on that of another.
pub(crate) fn index(site: &Site<'_>) -> String {
    let mut rows = with_pages(site);
    rows.extend(in_views(site));
    rows.extend(arrows(site));
    let rows = Value::Array(rows).to_string().replace("</", "<\\/");
    format!("window.gromaIndex = {rows};\n")
}

/// A row: what is found, by its title and these words, and where.
fn row(title: &str, words: &str, address: &str) -> Value {
    json!([title, words.trim(), address])
}

/// Elements, flows, views and records.
fn with_pages(site: &Site<'_>) -> Vec<Value> {
    let arch = site.arch;
    let mut rows = Vec::new();
    for id in arch.element_ids() {
        let element = arch.element(id);
        let technology = arch.text(element.at, &facts::TECHNOLOGY).unwrap_or_default();
        let words = format!("{} {} {technology}", element.kind_name, element.path);
        rows.push(row(arch.element_title(id), &words, &site.element_file(id)));
    }
    for (at, flow) in arch.flows.entries() {
        rows.push(row(arch.title(flow.at), &format!("flow {}", arch.name(flow.at)), &site.flow_file(at)));
    }
    for (at, spec) in site.specs.iter().enumerate() {
        rows.push(row(&spec.title, &format!("{} view {}", spec.show.word(), spec.id), &site.view_file(at)));
    }
    for record in &arch.records {
        let words = format!("{} {}", arch.item(record.at).kind.name, arch.name(record.at));
        rows.push(row(arch.title(record.at), &words, &site.record_address(record.at)));
    }
    rows
}

/// What stands in pictures alone: groups, deployments with their places, and pipelines with their steps.
fn in_views(site: &Site<'_>) -> Vec<Value> {
    let arch = site.arch;
    let mut rows = Vec::new();
    let mut add = |at: ItemRef, path: &str, whole: Entity| {
        let words = format!("{} {path}", arch.kind_word(at));
        rows.extend(site.address(whole).map(|address| row(arch.title(at), &words, &address)));
    };
    for (id, group) in arch.groups.entries() {
        add(group.at, &group.path, Entity::Group(id));
    }
    for (id, deployment) in arch.deployments.entries() {
        let whole = Entity::Deployment(id);
        add(deployment.at, arch.name(deployment.at), whole);
        for (node, place) in deployment.nodes.entries() {
            add(place.at, &arch.place_path(id, node), whole);
        }
    }
    for (id, pipeline) in arch.pipelines.entries() {
        let (whole, name) = (Entity::Pipeline(id), arch.name(pipeline.at));
        add(pipeline.at, name, whole);
        for step in &pipeline.stages {
            add(step.at, &format!("{name}.{}", arch.name(step.at)), whole);
        }
    }
    rows
}

/// Relationships and the steps of flows that have a text.
fn arrows(site: &Site<'_>) -> Vec<Value> {
    let arch = site.arch;
    let mut rows = Vec::new();
    let ends = |from: ElementId, to: ElementId| format!("{} -> {}", arch.element_title(from), arch.element_title(to));
    for relation in &arch.relations {
        let words = format!("relationship {}", ends(relation.from, relation.to));
        let address = site.element_file(relation.from);
        rows.extend(arch.label(relation.at).map(|label| row(label, &words, &address)));
    }
    for (id, flow) in arch.flows.entries() {
        for step in &flow.steps {
            let ends = step.kind.ends().map(|(from, to)| ends(from, to)).unwrap_or_default();
            let words = format!("step of {} {ends}", arch.title(flow.at));
            rows.extend(arch.label(step.at).map(|label| row(label, &words, &site.flow_file(id))));
        }
    }
    rows
}

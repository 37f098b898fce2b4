//! How deployments are linked.

use super::{DeployNode, DeployNodeId, Deployment, Instance, class};
use crate::entity::Entity;
use crate::facets::structure::{ElementId, Level};
use crate::ids::{Idx, Table};
use crate::items::{ItemId, ItemRef};
use crate::link::Linker;
use crate::misplaced::MISPLACED;
use groma_base::{Diagnostic, Span};
use rustc_hash::FxHashMap;

pub(crate) fn deployment(linker: &mut Linker, at: ItemRef) {
    let deployment = Deployment { at, nodes: Table::default(), instances: Vec::new() };
    let id = linker.linked.deployments.push(deployment);
    linker.name(at, Entity::Deployment(id));
}

/// Joins each deployment's instances to their elements and places.
pub(crate) fn join(linker: &mut Linker) {
    let mut places = 0;
    for id in linker.linked.deployments.ids() {
        let (nodes, instances) = contents(linker, linker.linked.deployments[id].at);
        linker.linked.place_starts.push(places);
        for (node, number) in nodes.iter().zip(places..) {
            linker.linked.entities.set(node.at, Entity::Place(Idx::new(number)));
        }
        places += nodes.len() as u32;
        (linker.linked.deployments[id].nodes, linker.linked.deployments[id].instances) = (nodes, instances);
    }
}

fn contents(linker: &mut Linker, deployment: ItemRef) -> (Table<DeployNode>, Vec<Instance>) {
    let files = linker.files.clone();
    let mut nodes: Table<DeployNode> = Table::default();
    let mut instances = Vec::new();
    let mut node_of: FxHashMap<ItemId, DeployNodeId> = FxHashMap::default();
    let mut first_called: FxHashMap<(Option<DeployNodeId>, &str), ItemRef> = FxHashMap::default();
    for item in deployment.item.next().until(files.item(deployment).subtree_end) {
        let at = ItemRef { item, ..deployment };
        let part = files.item(at);
        let parent = part.parent.and_then(|parent| node_of.get(&parent).copied());
        if part.kind.is(&class::PLACE) {
            let first = *first_called.entry((parent, files.name(at))).or_insert(at);
            if first != at {
                linker.duplicate(at, first);
            }
            node_of.insert(item, nodes.push(DeployNode { at, parent }));
        } else if part.kind.is(&class::INSTANCE) {
            let named = linker.element_named(at, None, part.name);
            if let Some(element) = named.filter(|id| is_deployable(linker, *id, at)) {
                instances.push(Instance { at, node: parent, element });
            }
        }
    }
    (nodes, instances)
}

/// Whether something can run on a host; reports it if not.
fn is_deployable(linker: &mut Linker, id: ElementId, at: ItemRef) -> bool {
    let level = linker.linked.elements[id].level;
    let fits = matches!(level, Level::System | Level::Container);
    if !fits {
        let span = Span::new(at.file, linker.files.item(at).name);
        let finding = Diagnostic::error(MISPLACED, span, format!("a {} is not deployed", level.word()));
        linker.problems.push(finding.help("deploy the container that it is in, or remove this instance"));
    }
    fits
}

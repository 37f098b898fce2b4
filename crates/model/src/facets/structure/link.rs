//! How elements, groups and relationships are linked.

use super::facts::element as stated;
use super::view::Use;
use super::{Element, ElementId, Group, GroupId, Level, Relation, class};
use crate::Linked;
use crate::entity::Entity;
use crate::facets::flows::FlowId;
use crate::facets::workspace::link as workspace;
use crate::items::ItemRef;
use crate::link::Linker;
use crate::misplaced::MISPLACED;
use groma_base::{Diagnostic, Span};

pub(crate) fn element(linker: &mut Linker, at: ItemRef, level: Level) {
    let (kind, kind_name) = workspace::kind_of(linker, at);
    let (parent, group) = linker.enclosing(at);
    let external = linker.files.flag(at, &stated::EXTERNAL) == Some(true);
    let path = linker.files.name(at).into();
    let zone = None;
    let id = linker.linked.elements.push(Element { at, kind, kind_name, level, path, parent, group, zone, external });
    linker.linked.entities.set(at, Entity::Element(id));
    // What stands in an `extend` block gets its name once the element it extends is known.
    if parent.is_some() || workspace::extend_around(&linker.files, at).is_none() {
        name_element(linker, id);
    }
}

fn name_element(linker: &mut Linker, id: ElementId) {
    let Element { at, parent, .. } = linker.linked.elements[id];
    if parent.is_some() {
        linker.linked.elements[id].path = path_of(linker, id);
    }
    put_name(linker, parent, at, Entity::Element(id));
}

fn path_of(linker: &Linker, id: ElementId) -> Box<str> {
    let element = &linker.linked.elements[id];
    let name = linker.files.name(element.at);
    match element.parent {
        Some(parent) => format!("{}.{name}", linker.linked.elements[parent].path).into(),
        None => name.into(),
    }
}

fn put_name(linker: &mut Linker, scope: Option<ElementId>, at: ItemRef, entity: Entity) {
    let files = linker.files.clone();
    let name = files.name(at);
    if name.is_empty() {
        return;
    }
    if let Some(first) = linker.resolver().lookup(scope, name) {
        return linker.duplicate(at, linker.linked.declared_at(first));
    }
    linker.extends.wake(scope, name);
    linker.linked.names.put(scope, name, entity);
}

pub(crate) fn group(linker: &mut Linker, at: ItemRef) {
    let (element, parent) = linker.enclosing(at);
    let is_zone = linker.files.item(at).kind.is(&class::ZONE);
    let path = group_path(linker, at, element);
    let id = linker.linked.groups.push(Group { at, is_zone, path, parent, element });
    linker.linked.entities.set(at, Entity::Group(id));
    // What stands in an `extend` block gets its name once the element it extends is known.
    if element.is_some() || workspace::extend_around(&linker.files, at).is_none() {
        put_name(linker, element, at, Entity::Group(id));
    }
}

fn group_path(linker: &Linker, at: ItemRef, element: Option<ElementId>) -> Box<str> {
    let name = linker.files.name(at);
    match element {
        Some(element) => format!("{}.{name}", linker.linked.elements[element].path).into(),
        None => name.into(),
    }
}

/// Ties a group in an `extend` block to the element it stands in, or brings its path up to date.
fn name_group(linker: &mut Linker, id: GroupId, target: Option<ElementId>) {
    let Group { at, element, .. } = linker.linked.groups[id];
    let is_new = element.is_none();
    let element = element.or(target);
    linker.linked.groups[id].element = element;
    linker.linked.groups[id].path = group_path(linker, at, element);
    if is_new {
        put_name(linker, element, at, Entity::Group(id));
    }
}

/// Joins what was declared: parts in `extend` blocks, levels, zones, relationships.
pub(crate) fn join(linker: &mut Linker) {
    workspace::extend_all(linker, name_parts);
    check_levels(linker);
    inherit(linker);
    linker.each_item(|linker, at| {
        if linker.files.item(at).kind.is(&class::RELATION) {
            relation(linker, at);
        }
    });
    let linked = &mut linker.linked;
    linked.by_ends = linked.relations.entries().map(|(id, one)| (one.from, one.to, id)).collect();
    linked.by_ends.sort_unstable();
}

/// Names the elements and groups that stand directly in an `extend` block, and then the parts of those.
fn name_parts(linker: &mut Linker, at: ItemRef, target: Option<ElementId>) {
    for item in at.item.next().until(linker.files.item(at).subtree_end) {
        let id = match linker.linked.entity(ItemRef { item, ..at }) {
            Some(Entity::Group(group)) => {
                name_group(linker, group, target);
                continue;
            }
            Some(Entity::Element(id)) => id,
            _ => continue,
        };
        if linker.linked.elements[id].parent.is_none() {
            linker.linked.elements[id].parent = target;
            name_element(linker, id);
        } else {
            linker.linked.elements[id].path = path_of(linker, id);
        }
    }
}

/// Every element must stand at its level of C4.
fn check_levels(linker: &mut Linker) {
    let mut found = Vec::new();
    for element in &linker.linked.elements {
        let parent = element.parent.map(|parent| linker.linked.elements[parent].level);
        let fits = match (element.level, parent) {
            (Level::Person | Level::System, parent) => parent.is_none(),
            (Level::Container, parent) => parent == Some(Level::System),
            (Level::Component, parent) => matches!(parent, Some(Level::Container | Level::Component)),
        };
        if fits || element.parent.is_none() && linker.is_in_unknown(element.at) {
            continue;
        }
        let (level, home) = match element.level {
            Level::Container => ("container", "a `system`"),
            Level::Component => ("component", "a container such as a `service`"),
            level @ (Level::Person | Level::System) => (level.word(), "no other element"),
        };
        let span = Span::new(element.at.file, linker.files.item(element.at).word);
        let finding = Diagnostic::error(MISPLACED, span, format!("a {level} must stand in {home}"))
            .help(format!("move it into {home}; `extend` adds to one that is declared elsewhere"));
        found.push(finding);
    }
    found.into_iter().for_each(|finding| linker.problems.push(finding));
}

/// Zones and being external pass from the outside in.
fn inherit(linker: &mut Linker) {
    let own: Vec<(Option<GroupId>, bool)> = linker.linked.elements.ids().map(|id| own_zone(linker, id)).collect();
    let elements = &linker.linked.elements;
    let around = |id: ElementId| std::iter::successors(Some(id), |at| elements[*at].parent);
    let inherited: Vec<(Option<GroupId>, bool)> = elements
        .ids()
        .map(|id| (around(id).find_map(|at| own[at.index()].0), around(id).any(|at| own[at.index()].1)))
        .collect();
    for (element, (zone, external)) in linker.linked.elements.iter_mut().zip(inherited) {
        (element.zone, element.external) = (zone, external);
    }
}

fn own_zone(linker: &Linker, id: ElementId) -> (Option<GroupId>, bool) {
    let linked = &linker.linked;
    let element = &linked.elements[id];
    let mut around = std::iter::successors(element.group, |group| linked.groups[*group].parent);
    let enclosing = around.find(|group| linked.groups[*group].is_zone);
    let named = linker.files.text(element.at, &stated::IN_ZONE).and_then(|name| {
        let is_zone = |entity: Entity| matches!(entity, Entity::Group(group) if linked.groups[group].is_zone);
        linker.resolver().structure(element.parent, name, &is_zone).and_then(Entity::group)
    });
    (named.or(enclosing), element.external)
}

fn relation(linker: &mut Linker, at: ItemRef) {
    let (name, target) = (linker.files.item(at).name, linker.files.item(at).target);
    let scope = linker.scope_of(at);
    let from = linker.element_named(at, scope, name);
    let to = linker.element_named(at, scope, target);
    match (from, to) {
        (Some(from), Some(to)) => {
            let id = linker.linked.relations.push(Relation { at, from, to });
            linker.linked.relation_at.set(at, id);
        }
        (Some(from), None) => linker.takes_no_part_of(from, (at, target)),
        (None, Some(to)) => linker.takes_no_part_of(to, (at, name)),
        (None, None) => {}
    }
}

/// What holds of each element or of anything in it. `passes` are elements with the flows that pass there.
pub(crate) fn uses(linked: &Linked, passes: &[(ElementId, FlowId)]) -> Vec<Use> {
    let mut uses = vec![Use::default(); linked.elements.len()];
    // Where something is marked, so is all that it is part of.
    let mut mark = |id: ElementId, what: fn(&mut Use) -> &mut bool| {
        let mut at = Some(id);
        while let Some(id) = at.filter(|id| !std::mem::replace(what(&mut uses[id.index()]), true)) {
            at = linked.elements[id].parent;
        }
    };
    for relation in &linked.relations {
        mark(relation.from, |used| &mut used.connected);
        mark(relation.to, |used| &mut used.connected);
        if relation.from != relation.to {
            mark(relation.to, |used| &mut used.reached);
        }
    }
    passes.iter().for_each(|(element, _)| mark(*element, |used| &mut used.passed));
    uses
}

//! Among which things the name of something is its own, and what its path begins with.

use crate::entity::Entity;
use crate::ids::Idx;
use crate::kinds;
use crate::schema::{Becomes, Class, Names};
use crate::{DeployNodeId, Linked};

/// Among which things a name is one's own.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Family {
    Element,
    Group,
    Place,
    Flow,
    Deployment,
    Pipeline,
    /// A step of a pipeline.
    Step,
    View,
    Relation,
    /// Records of this class, and of those that share its names.
    Record(&'static Class),
}

impl Family {
    /// Among which things the name of a record of a class is its own.
    pub(crate) fn of_records(class: &'static Class) -> Family {
        if let Names::With(other) = class.names { Family::of_records(other) } else { Family::Record(class) }
    }

    /// Among which things the path of something of a class is its own: that of a place begins with its deployment.
    pub(crate) fn of_paths(class: &'static Class) -> Option<Family> {
        match (class.becomes, class.names) {
            (Becomes::Element(_), _) => Some(Family::Element),
            (Becomes::Group, _) => Some(Family::Group),
            (Becomes::Flow, _) => Some(Family::Flow),
            (Becomes::Deployment, _) | (Becomes::Part, Names::Places) => Some(Family::Place),
            (Becomes::Pipeline, _) => Some(Family::Pipeline),
            (Becomes::View, _) => Some(Family::View),
            (Becomes::Record, _) => Some(Family::of_records(class)),
            (Becomes::Part, Names::Own | Names::With(_) | Names::Private | Names::Structure)
            | (Becomes::Workspace | Becomes::RuleSetting | Becomes::Allow | Becomes::Extend, _) => None,
        }
    }

    /// That which has this word in texts that are kept.
    pub(crate) fn of_word(word: &str) -> Option<Family> {
        const OF_SHAPE: [Family; 8] = [
            Family::Element,
            Family::Group,
            Family::Place,
            Family::Flow,
            Family::Deployment,
            Family::Pipeline,
            Family::Step,
            Family::View,
        ];
        let records = kinds::all().map(|kind| Family::of_records(kind.class));
        OF_SHAPE.into_iter().chain(records).find(|family| family.word() == word)
    }

    /// The word for it in texts that are kept.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Family::Element => "element",
            Family::Group => "group",
            Family::Place => "place",
            Family::Flow => "flow",
            Family::Deployment => "deployment",
            Family::Pipeline => "pipeline",
            Family::Step => "step",
            Family::View => "view",
            Family::Relation => "relationship",
            Family::Record(class) => class.word,
        }
    }
}

/// Everything that has a name, each after what it is part of.
pub(crate) fn entities(linked: &Linked) -> Vec<Entity> {
    let mut elements: Vec<_> = linked.elements.entries().collect();
    elements.sort_by_cached_key(|(_, element)| element.path.matches('.').count());
    let mut all: Vec<Entity> = elements.into_iter().map(|(id, _)| Entity::Element(id)).collect();
    all.extend(linked.groups.ids().map(Entity::Group));
    all.extend(linked.flows.ids().map(Entity::Flow));
    all.extend(linked.records.ids().map(Entity::Record));
    all.extend(linked.deployments.ids().map(Entity::Deployment));
    all.extend((0..linked.places().count()).map(|nth| Entity::Place(Idx::new(nth as u32))));
    all.extend(linked.pipelines.ids().map(Entity::Pipeline));
    all.extend(linked.views.ids().map(Entity::View));
    all
}

/// Among which things a name is one's own.
pub(crate) fn family(linked: &Linked, entity: Entity) -> Family {
    match entity {
        Entity::Element(_) => Family::Element,
        Entity::Group(_) => Family::Group,
        Entity::Place(_) => Family::Place,
        Entity::Flow(_) => Family::Flow,
        Entity::Deployment(_) => Family::Deployment,
        Entity::Pipeline(_) => Family::Pipeline,
        Entity::View(_) => Family::View,
        Entity::Relation(_) => Family::Relation,
        Entity::Record(id) => Family::of_records(linked.records[id].class),
    }
}

/// What the path of something begins with.
pub(crate) fn scope(linked: &Linked, entity: Entity) -> Option<Entity> {
    match entity {
        Entity::Element(id) => linked.elements[id].parent.map(Entity::Element),
        Entity::Group(id) => linked.groups[id].element.map(Entity::Element),
        Entity::Place(id) => {
            let (deployment, node) = linked.place(id);
            let around = linked.deployments[deployment].nodes[node].parent;
            let number = |node: DeployNodeId| Idx::new(id.raw() - linked.place(id).1.raw() + node.raw());
            Some(around.map_or(Entity::Deployment(deployment), |around| Entity::Place(number(around))))
        }
        Entity::Record(_)
        | Entity::Flow(_)
        | Entity::Deployment(_)
        | Entity::Pipeline(_)
        | Entity::View(_)
        | Entity::Relation(_) => None,
    }
}

//! Anything that has a name.

use crate::facets::deployment::{DeploymentId, PlaceId};
use crate::facets::flows::FlowId;
use crate::facets::pipelines::PipelineId;
use crate::facets::structure::{ElementId, GroupId, RelationId};
use crate::facets::views::ViewId;
use crate::ids::Idx;
use crate::items::{FactValue, ItemRef};
use crate::schema::{Class, Kind};
use crate::{Architecture, Linked};

/// A record's number.
pub type RecordId = Idx<Record>;

/// Anything that a name can stand for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Entity {
    /// A person, system, container or component.
    Element(ElementId),
    /// A group or zone.
    Group(GroupId),
    /// A flow.
    Flow(FlowId),
    /// A requirement, load or other record.
    Record(RecordId),
    /// A deployment.
    Deployment(DeploymentId),
    /// A region or host.
    Place(PlaceId),
    /// A pipeline.
    Pipeline(PipelineId),
    /// A view.
    View(ViewId),
    /// A relationship, which is named by its ends: `a -> b`.
    Relation(RelationId),
}

impl Entity {
    /// The element that it is.
    pub fn element(self) -> Option<ElementId> {
        if let Entity::Element(id) = self { Some(id) } else { None }
    }

    /// The group or zone that it is.
    pub fn group(self) -> Option<GroupId> {
        if let Entity::Group(id) = self { Some(id) } else { None }
    }

    /// The flow that it is.
    pub fn flow(self) -> Option<FlowId> {
        if let Entity::Flow(id) = self { Some(id) } else { None }
    }

    /// The record that it is.
    pub fn record(self) -> Option<RecordId> {
        if let Entity::Record(id) = self { Some(id) } else { None }
    }

    /// The region or host that it is.
    pub fn place(self) -> Option<PlaceId> {
        if let Entity::Place(id) = self { Some(id) } else { None }
    }
}

/// A thing of which its facts and references say all: a requirement, a load, a term.
#[derive(Clone, Copy, Debug)]
pub struct Record {
    /// Where it was declared.
    pub at: ItemRef,
    /// What it is.
    pub class: &'static Class,
}

impl Linked {
    /// Where something was declared.
    pub fn declared_at(&self, entity: Entity) -> ItemRef {
        match entity {
            Entity::Element(id) => self.elements[id].at,
            Entity::Group(id) => self.groups[id].at,
            Entity::Flow(id) => self.flows[id].at,
            Entity::Record(id) => self.records[id].at,
            Entity::Deployment(id) => self.deployments[id].at,
            Entity::Place(id) => {
                let (deployment, node) = self.place(id);
                self.deployments[deployment].nodes[node].at
            }
            Entity::Pipeline(id) => self.pipelines[id].at,
            Entity::View(id) => self.views[id].at,
            Entity::Relation(id) => self.relations[id].at,
        }
    }

    /// What was declared there, if it has a name of its own.
    pub fn entity(&self, at: ItemRef) -> Option<Entity> {
        self.entities.get(at)
    }

    /// What was declared there, if a fact may name it: by its own name, or by the ends of an arrow.
    pub fn nameable(&self, at: ItemRef) -> Option<Entity> {
        self.entity(at).or_else(|| self.relation_at(at).map(Entity::Relation))
    }

    /// The relationship that was declared there, if its ends are known.
    pub fn relation_at(&self, at: ItemRef) -> Option<RelationId> {
        self.relation_at.get(at)
    }

    /// The numbers of all records of a class, in the order of the text.
    pub fn record_ids(&self, class: &'static Class) -> impl Iterator<Item = RecordId> + Clone {
        self.records.entries().filter(move |(_, record)| record.class == class).map(|(id, _)| id)
    }

    /// All records of a class, in the order of the text.
    pub fn records_of(&self, class: &'static Class) -> impl Iterator<Item = &Record> + Clone {
        self.records.iter().filter(move |record| record.class == class)
    }
}

impl Architecture {
    /// The record that a fact names.
    pub fn referred_record(&self, at: ItemRef, value: &FactValue) -> Option<RecordId> {
        self.referred(at, value).and_then(Entity::record)
    }

    /// The kind of something.
    pub fn kind(&self, entity: Entity) -> &'static Kind {
        match entity {
            // One of the workspace's own kinds stands for a built-in one, which linking has found.
            Entity::Element(id) => self.elements[id].kind,
            entity => self.item(self.declared_at(entity)).kind,
        }
    }

    /// The name by which it is referred to from anywhere: its dotted path where it has one.
    pub fn path(&self, entity: Entity) -> String {
        self.resolver().path(entity)
    }
}

//! The model: what can be said ([`schema`], [`facets`]), what a file says ([`decode`]), and the one
//! resolved [`Architecture`] that everything else reads.

mod address;
pub mod architecture;
mod chosen;
pub mod decode;
mod defaults;
pub mod difference;
mod entity;
pub mod facets;
mod holds;
mod ids;
pub mod items;
mod json_schema;
pub mod kinds;
mod link;
mod misplaced;
mod names;
pub mod query;
mod references;
pub mod schema;
pub mod signers;
mod significant;
pub mod signing;
pub mod stack;
pub mod standards_met;
mod trace;
pub mod wildcard;
mod word_enums;
pub mod write;

pub use architecture::{Architecture, Linked};
pub use chosen::is_general_option;
pub use difference::{Difference, difference};
pub use entity::{Entity, Record, RecordId};
pub use facets::deployment::{
    Connection, DeployNode, DeployNodeId, Deployment, DeploymentId, End, Instance, PlaceId, PlaceKind, Placed,
    SIMULATED, Ways,
};
pub use facets::facts;
pub use facets::flows::{Access, Flow, FlowId, Step, StepId, StepKind};
pub use facets::pipelines::{Pipeline, PipelineId, Stage, StageId, Transition};
pub use facets::requirements::Statement;
pub use facets::structure::{
    Container, Duty, Element, ElementId, Group, GroupId, Level, Relation, RelationId, UsedRelation,
};
pub use facets::views::{View, ViewId};
pub use ids::{Idx, Per, Table};
pub use items::{ItemId, ItemRef};
pub use json_schema::json_schema;
pub use link::{DUPLICATE_NAME, UNRESOLVED_NAME, link};
pub use misplaced::UNKNOWN_WORD;
pub use names::NotFound;
pub use schema::Choice;
pub use trace::{Trace, Traces};

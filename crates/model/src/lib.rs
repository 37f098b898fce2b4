//! The model: what can be said ([`schema`], [`kinds`]), what a file says ([`decode`]), and the one
//! resolved [`Architecture`] that everything else reads.

pub mod architecture;
pub mod decode;
pub mod facts;
mod home;
mod json_schema;
pub mod kinds;
mod link;
pub mod query;
pub mod schema;
mod trace;
pub mod write;

pub use architecture::{
    Architecture, DeployNode, DeployNodeId, Deployment, Element, ElementId, Flow, FlowId, Group, GroupId, Instance,
    ItemRef, Level, Linked, Pipeline, Record, Relation, RelationId, Stage, Step, StepKind, Transition, View,
};
pub use json_schema::json_schema;
pub use link::{DUPLICATE_NAME, UNRESOLVED_NAME, link};
pub use trace::{Trace, Traces};

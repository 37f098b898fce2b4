//! The facts of views.

#![allow(missing_docs, reason = "the summary of each fact documents it")]

use super::super::deployment::class::DEPLOYMENT;
use super::super::flows::class::FLOW;
use super::super::pipelines::class::PIPELINE;
use super::super::structure::class::{COMPONENT, CONTAINER, SYSTEM};
use crate::schema::{Fact, Type, fact, facts};
use crate::word_enums::choice;

/// The facts of a view.
pub mod view {
    use super::*;

    choice! {
        /// The sorts of pictures.
        Show of SHOW {
            Landscape = "landscape", "all people and systems";
            Context = "context", "one system with its surroundings";
            Container = "container", "the containers of one system with their surroundings";
            Component = "component", "the components of one container with their surroundings";
            Deployment = "deployment", "where one deployment's instances run";
            Dynamic = "dynamic", "one flow on the structure, its steps numbered";
            Sequence = "sequence", "one flow as a sequence diagram";
            Pipeline = "pipeline", "one pipeline";
            Traceability = "traceability", "requirements and what realizes them";
            Decisions = "decisions", "decisions, what they are about and what they replaced";
        }
    }
    pub static SHOW: Fact = fact("show", Show::TYPE, "what sort of picture it is").linked();
    pub static OF: Fact = fact(
        "of",
        Type::Reference(&[&SYSTEM, &CONTAINER, &COMPONENT, &FLOW, &DEPLOYMENT, &PIPELINE]),
        "what it is a picture of",
    );
    pub static INCLUDE: Fact = facts(
        "include",
        Type::Query,
        "what it shows, instead of the default; relationships such as `\"kind:relationship and tag:audit\"` are then the only ones; of a flow, a deployment or traceability, these alone of what would be shown, with the hosts they run on, all of them, and the requirements that lead to them; of decisions, these and the decisions about them; of a deployment also the regions and hosts to which it is limited, such as `region:production.eu`",
    );
    pub static EXCLUDE: Fact = facts(
        "exclude",
        Type::Query,
        "what it leaves out, elements or relationships; of a deployment, also regions and hosts, and the hosts where nothing is left, unless a connection names them; of traceability and of decisions, what else they show as well",
    );
    choice! {
        /// Which way relationships run.
        Direction of DIRECTION {
            Down = "down", "from top to bottom";
            Right = "right", "from left to right";
        }
    }
    pub static DIRECTION: Fact = fact(
        "direction",
        Direction::TYPE,
        "which way relationships run; of a pipeline, of traceability and of decisions `right` if it says nothing, else `down`",
    );
    choice! {
        /// How much is written in the boxes.
        Detail of DETAIL {
            Full = "full", "names, technologies, descriptions; `dot` and `ascii` never write descriptions";
            Names = "names", "names only";
        }
    }
    pub static DETAIL: Fact = fact("detail", Detail::TYPE, "how much is written in the boxes");
}

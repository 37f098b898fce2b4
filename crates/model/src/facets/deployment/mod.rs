//! Where it runs: deployments.

mod environments;
pub mod facts;
pub(crate) mod link;
pub(crate) mod view;

use super::Facet;
use super::common::{DESCRIPTION, LINK, OWNER, TAGS, TECHNOLOGY, WAS};
use super::structure::facts::{element, relation};
use crate::schema::{Fact, Head, Kind};
use crate::word_enums::words;
pub use environments::{Environments, Row, Spot};
use facts::{connection, deployment, host, instance};
pub use view::{
    Connection, DeployNode, DeployNodeId, Deployment, DeploymentId, End, Instance, Place, PlaceId, Placed, SIMULATED,
    Ways,
};

/// The facet.
pub static FACET: Facet = Facet { name: "deployment", title: "Where it runs", kinds: KINDS, join: link::join };

/// The classes.
pub mod class {
    use super::super::workspace::class::ALLOW;
    use crate::schema::{Becomes, Class, Feeds, Listed, Names, TOP};

    /// `deployment`
    pub static DEPLOYMENT: Class = Class {
        word: "deployment",
        phrase: "a deployment",
        stands: &[&TOP],
        holds: &[&ALLOW],
        names: Names::Own,
        is_changeable: false,
        listed: Listed::Nowhere,
        becomes: Becomes::Deployment,
        feeds: Feeds::Structure,
    };
    /// `region`, `host`.
    pub static PLACE: Class = Class {
        word: "place",
        phrase: "a place of a deployment",
        stands: &[&DEPLOYMENT, &PLACE],
        holds: &[&ALLOW],
        names: Names::Places,
        is_changeable: true,
        listed: Listed::Nowhere,
        becomes: Becomes::Part,
        feeds: Feeds::AsItsWhole,
    };
    /// `instance`
    pub static INSTANCE: Class = Class {
        word: "instance",
        phrase: "an instance",
        stands: &[&DEPLOYMENT, &PLACE],
        holds: &[&ALLOW],
        names: Names::Private,
        is_changeable: false,
        listed: Listed::Nowhere,
        becomes: Becomes::Part,
        feeds: Feeds::AsItsWhole,
    };
    /// `a -> b` in a deployment.
    pub static CONNECTION: Class = Class {
        word: "connection",
        phrase: "a connection",
        stands: &[&DEPLOYMENT, &PLACE],
        holds: &[&ALLOW],
        names: Names::Private,
        is_changeable: false,
        listed: Listed::Nowhere,
        becomes: Becomes::Part,
        feeds: Feeds::AsItsWhole,
    };
}

const COMMON: &[&Fact] = &[&DESCRIPTION, &OWNER, &TAGS, &LINK, &WAS];

words! {
    /// The kinds of places.
    PlaceKind {
        /// A region, data centre or availability zone.
        Region = "region",
        /// A machine, cluster or managed service.
        Host = "host",
    }
}

const fn place(
    kind: PlaceKind,
    summary: &'static str,
    example: &'static str,
    facts: &'static [&'static [&'static Fact]],
) -> Kind {
    Kind {
        name: kind.word(),
        other_names: &[],
        habits: &[],
        class: &class::PLACE,
        summary,
        doc: "Places nest: a region holds hosts, a host may hold others. `instance` puts a container there.",
        example,
        head: Head::Named,
        facts,
    }
}

static KINDS: &[Kind] = &[
    Kind {
        name: "deployment",
        other_names: &["environment", "deploymentenvironment"],
        habits: &[],
        class: &class::DEPLOYMENT,
        summary: "where everything runs in one environment",
        doc: "Holds regions and hosts, in them instances of containers, and connections between these. A container that no production deployment places is a finding.",
        example: "deployment production \"Production\" environment=production {\n    region eu \"Frankfurt\" technology=\"AWS eu-central-1\" {\n        host cluster \"ECS\" { instance shop.core replicas=3 }\n    }\n}",
        head: Head::Named,
        facts: &[COMMON, &[&deployment::ENVIRONMENT, &TECHNOLOGY]],
    },
    place(
        PlaceKind::Region,
        "a region, data centre or availability zone",
        "region eu \"Frankfurt\" technology=\"AWS eu-central-1\"",
        &[COMMON, &[&TECHNOLOGY]],
    )
    .also_called(&["zone", "az", "availability-zone", "availabilityzone", "datacenter", "data-center"]),
    place(
        PlaceKind::Host,
        "a machine, cluster or managed service",
        "host cluster \"Web machines\" technology=\"Debian 13\" cpu=8 machines=2 { instance shop.core replicas=3 }",
        &[COMMON, &[&TECHNOLOGY, &host::CPU, &host::MACHINES]],
    )
    .also_called(&["node", "deploymentnode", "deployment-node", "server", "vm", "cluster"]),
    Kind {
        name: "instance",
        other_names: &["containerinstance", "container-instance", "systeminstance"],
        habits: &[],
        class: &class::INSTANCE,
        summary: "a container that runs here",
        doc: "`instance shop.core replicas=3`. Names the container by its path. The replicas of a container that says no `replicas` itself are those of its instances in the simulated deployment, without those on `standby`. Of one that says `replicas`, the standbys are among them: `replicas=2` with one `instance` and one on `standby` is one at work, unless as many others are placed as it says.",
        example: "instance shop.core replicas=3",
        head: Head::Value(&instance::ELEMENT),
        facts: &[&[&instance::REPLICAS, &instance::STANDBY, &instance::READ_REPLICAS, &DESCRIPTION, &TAGS]],
    },
    Kind {
        name: "->",
        other_names: &[],
        habits: &[],
        class: &class::CONNECTION,
        summary: "what a place of a deployment, or what runs there, is connected with",
        doc: "Leads from a region, host or container that runs here to another: from a CDN to the load balancer behind it, from that to the machines. Hosts that run nothing themselves, such as a load balancer, are passed through. A picture draws the way by connections, and what uses each other at its ends is not drawn past it. What runs at its beginning must use what runs at its end in the structure too. `balance` counts for the containers behind it that say nothing of it themselves.",
        example: "balancer -> cluster \"forwards to\" protocol=HTTPS balance=round-robin {\n    health-check \"/health\" every=10s failures=3\n}",
        head: Head::Arrow,
        facts: &[&[
            &DESCRIPTION,
            &TECHNOLOGY,
            &relation::PROTOCOL,
            &element::BALANCE,
            &connection::HEALTH_CHECK,
            &TAGS,
            &LINK,
        ]],
    },
];

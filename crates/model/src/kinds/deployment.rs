//! Where it runs: deployments and the pipelines that bring them there.

use crate::facts::{DESCRIPTION, LINK, OWNER, TAGS, TECHNOLOGY, fact};
use crate::schema::{Facet, Fact, Head, Kind, Role, Type};

#[allow(missing_docs, reason = "the summary of each fact documents it")]
mod own {
    use super::*;
    pub static OF_ELEMENT: Fact = fact("element", Type::Reference(&[Role::System, Role::Container]), "what runs here");
    pub static STANDBY: Fact =
        fact("standby", Type::Bool, "whether it does nothing until those that do the work are gone (see `failover`)");
    pub static COPIES_HERE: Fact = fact(
        "read-replicas",
        Type::Whole,
        "how many of its read replicas run here; where it runs itself if nowhere said",
    );
    pub static HOST_CPU: Fact = fact(
        "cpu",
        Type::Number,
        "the processor cores of one such machine, shared by all that runs on it and has no `cpu` of its own",
    );
    pub static MACHINES: Fact = fact("machines", Type::Whole, "how many such machines there are; 1 if not said");
    pub static REPLICA_COUNT: Fact = fact("replicas", Type::Whole, "how many run here, or from how many to how many");
    pub static ENVIRONMENT: Fact = fact(
        "environment",
        Type::OneOf(&[
            ("production", "what users see"),
            ("staging", "the last rehearsal"),
            ("test", "for tests"),
            ("development", "for developers"),
        ]),
        "what it is for",
    );
    pub static STAGE_SHAPE: Fact = fact(
        "is",
        Type::OneOf(&[
            ("action", "something is done"),
            ("decision", "the way parts: its transitions say on what"),
            ("approval", "a person decides"),
            ("end", "the pipeline ends here"),
        ]),
        "what sort of step it is; an action if not said",
    );
}
pub use own::*;

const COMMON: &[&Fact] = &[&DESCRIPTION, &OWNER, &TAGS, &LINK];
const IN_DEPLOYMENT: &[Role] = &[Role::DeployNode, Role::Instance, Role::Allow];

const fn place(
    name: &'static str,
    summary: &'static str,
    example: &'static str,
    facts: &'static [&'static [&'static Fact]],
) -> Kind {
    Kind {
        name,
        role: Role::DeployNode,
        facet: Facet::Deployment,
        summary,
        doc: "Places nest: a region holds hosts, a host may hold others. `instance` puts a container there.",
        example,
        head: Head::Named,
        facts,
        holds: IN_DEPLOYMENT,
    }
}

pub(super) static KINDS: &[Kind] = &[
    Kind {
        name: "deployment",
        role: Role::Deployment,
        facet: Facet::Deployment,
        summary: "where everything runs in one environment",
        doc: "Holds regions and hosts, and in them instances of containers. A container that no production deployment places is a finding.",
        example: "deployment production \"Production\" environment=production {\n    region eu \"Frankfurt\" technology=\"AWS eu-central-1\" {\n        host cluster \"ECS\" { instance shop.core replicas=3 }\n    }\n}",
        head: Head::Named,
        facts: &[COMMON, &[&ENVIRONMENT, &TECHNOLOGY]],
        holds: IN_DEPLOYMENT,
    },
    place(
        "region",
        "a region, data centre or availability zone",
        "region eu \"Frankfurt\" technology=\"AWS eu-central-1\"",
        &[COMMON, &[&TECHNOLOGY]],
    ),
    place(
        "host",
        "a machine, cluster or managed service",
        "host cluster \"Web machines\" technology=\"Debian 13\" cpu=8 machines=2 { instance shop.core replicas=3 }",
        &[COMMON, &[&TECHNOLOGY, &HOST_CPU, &MACHINES]],
    ),
    Kind {
        name: "instance",
        role: Role::Instance,
        facet: Facet::Deployment,
        summary: "a container that runs here",
        doc: "`instance shop.core replicas=3`. Names the container by its path. The replicas of a container that says no `replicas` itself are those of its instances in the first deployment, without those on `standby`.",
        example: "instance shop.core replicas=3",
        head: Head::Value(&OF_ELEMENT),
        facts: &[&[&REPLICA_COUNT, &STANDBY, &COPIES_HERE, &DESCRIPTION, &TAGS]],
        holds: &[Role::Allow],
    },
    Kind {
        name: "pipeline",
        role: Role::Pipeline,
        facet: Facet::Deployment,
        summary: "how a change gets to where it runs",
        doc: "Steps, and transitions between them. A step that is a `decision` has several transitions, each labelled with its case.",
        example: "pipeline release \"Release\" {\n    step commit \"Commit\"\n    step tests \"Tests\" is=decision\n    step deploy \"Deploy\" is=end\n    step notify \"Notify\" is=end\n    commit -> tests\n    tests -> deploy \"pass\"\n    tests -> notify \"fail\"\n}",
        head: Head::Named,
        facts: &[COMMON],
        holds: &[Role::Stage, Role::Transition, Role::Allow],
    },
    Kind {
        name: "step",
        role: Role::Stage,
        facet: Facet::Deployment,
        summary: "a step of a pipeline",
        doc: "Its sort is an `action` unless `is` says otherwise.",
        example: "step tests \"Tests\" is=decision",
        head: Head::Named,
        facts: &[&[&DESCRIPTION, &OWNER, &TECHNOLOGY, &STAGE_SHAPE]],
        holds: &[Role::Allow],
    },
    Kind {
        name: "->",
        role: Role::Transition,
        facet: Facet::Deployment,
        summary: "what follows a step of a pipeline",
        doc: "Its label says in which case.",
        example: "tests -> deploy \"pass\"",
        head: Head::Arrow,
        facts: &[&[&DESCRIPTION]],
        holds: &[],
    },
];

//! Structure: people, systems, containers, components and what connects them.

pub mod facts;
pub(crate) mod link;
mod used;
pub(crate) mod view;

use super::Facet;
use super::common::*;
use crate::schema::{Fact, Habit, Head, Kind, habit};
use crate::word_enums::words;
use facts::{element, relation, zone};
pub use used::UsedRelation;
pub use view::{Element, ElementId, Group, GroupId, Level, Relation, RelationId};

/// The facet.
pub static FACET: Facet = Facet { name: "structure", title: "Structure", kinds: KINDS, join: link::join };

/// The classes.
pub mod class {
    use super::super::workspace::class::{ALLOW, EXTEND};
    use crate::schema::{Becomes, Class, Feeds, Level, Listed, Names, TOP};

    /// Every class of elements.
    pub static ELEMENTS: &[&Class] = &[&PERSON, &SYSTEM, &CONTAINER, &COMPONENT];

    /// A person.
    pub static PERSON: Class = Class {
        word: "person",
        phrase: "a person",
        stands: &[&TOP, &GROUP, &ZONE],
        holds: &[&ALLOW],
        names: Names::Structure,
        is_changeable: true,
        listed: Listed::Nowhere,
        becomes: Becomes::Element(Level::Person),
        feeds: Feeds::Structure,
    };
    /// A software system.
    pub static SYSTEM: Class = Class {
        word: "system",
        phrase: "a system",
        stands: &[&TOP, &GROUP, &ZONE, &EXTEND],
        holds: &[&ALLOW],
        names: Names::Structure,
        is_changeable: true,
        listed: Listed::Nowhere,
        becomes: Becomes::Element(Level::System),
        feeds: Feeds::Structure,
    };
    /// A container in the sense of C4.
    pub static CONTAINER: Class = Class {
        word: "container",
        phrase: "a container",
        stands: &[&SYSTEM, &GROUP, &ZONE, &EXTEND],
        holds: &[&ALLOW],
        names: Names::Structure,
        is_changeable: true,
        listed: Listed::Nowhere,
        becomes: Becomes::Element(Level::Container),
        feeds: Feeds::Structure,
    };
    /// A component.
    pub static COMPONENT: Class = Class {
        word: "component",
        phrase: "a component",
        stands: &[&CONTAINER, &COMPONENT, &GROUP, &ZONE, &EXTEND],
        holds: &[&ALLOW],
        names: Names::Structure,
        is_changeable: true,
        listed: Listed::Nowhere,
        becomes: Becomes::Element(Level::Component),
        feeds: Feeds::Structure,
    };
    /// `group`
    pub static GROUP: Class = Class {
        word: "group",
        phrase: "a group",
        stands: &[&TOP, &SYSTEM, &CONTAINER, &GROUP, &ZONE, &EXTEND],
        holds: &[],
        names: Names::Structure,
        is_changeable: false,
        listed: Listed::Nowhere,
        becomes: Becomes::Group,
        feeds: Feeds::Structure,
    };
    /// `zone`
    pub static ZONE: Class = Class {
        word: "zone",
        phrase: "a zone",
        stands: &[&TOP, &SYSTEM, &GROUP, &ZONE, &EXTEND],
        holds: &[],
        names: Names::Structure,
        is_changeable: false,
        listed: Listed::Nowhere,
        becomes: Becomes::Group,
        feeds: Feeds::Structure,
    };
    /// `a -> b`
    pub static RELATION: Class = Class {
        word: "relationship",
        phrase: "a relationship",
        stands: &[&TOP, &SYSTEM, &CONTAINER, &COMPONENT, &GROUP, &ZONE, &EXTEND],
        holds: &[&ALLOW],
        names: Names::Private,
        is_changeable: false,
        listed: Listed::Nowhere,
        becomes: Becomes::Part,
        feeds: Feeds::Structure,
    };
}

const COMMON: &[&Fact] = &[
    &DESCRIPTION,
    &OWNER,
    &TAGS,
    &LINK,
    &STATUS,
    &WAS,
    &element::EXTERNAL,
    &element::IN_ZONE,
    &REALIZES,
    &DECISION,
    &DATA,
];
const BUILT: &[&Fact] = &[
    &TECHNOLOGY,
    &element::RESPONSIBILITY,
    &element::INTERFACE,
    &element::ERROR_HANDLING,
    &element::PUBLIC,
    &element::AUTHENTICATION,
    &element::RATE_LIMIT,
    &element::LAYER,
];
const RUNNING: &[&Fact] = &[
    &element::REPLICAS,
    &element::BALANCE,
    &element::CONCURRENCY,
    &element::CPU,
    &element::QUEUE_LIMIT,
    &element::QUEUE_TIMEOUT,
    &element::STALL,
    &element::CONNECTIONS,
    &element::AVAILABILITY,
    &element::MTBF,
    &element::MTTR,
    &element::COMMON_CAUSE,
    &element::FAILOVER,
    &element::STYLE,
    &element::LAYERS,
];

const CONTAINER_FACTS: &[&[&Fact]] = &[
    COMMON,
    BUILT,
    RUNNING,
    &[
        &element::ENCRYPTED_AT_REST,
        &element::HIT_RATIO,
        &element::KEYS,
        &element::ENTRIES,
        &element::TTL,
        &element::READ_REPLICAS,
    ],
];

/// A kind of container with its summary and its example.
const fn container(kind: Container, summary: &'static str, doc: &'static str, example: &'static str) -> Kind {
    Kind {
        name: kind.word(),
        other_names: &[],
        habits: &[],
        class: &class::CONTAINER,
        summary,
        doc,
        example,
        head: Head::Named,
        facts: CONTAINER_FACTS,
    }
}

words! {
    /// The kinds of containers.
    Container {
        /// What runs in a browser, or renders for one.
        Web = "web",
        /// An app on a phone or tablet.
        Mobile = "mobile",
        /// An application on a desk.
        Desktop = "desktop",
        /// What answers calls.
        Service = "service",
        /// What lets calls through.
        Gateway = "gateway",
        /// A serverless function.
        Function = "function",
        /// What works in the background.
        Worker = "worker",
        /// A database.
        Database = "database",
        /// What can be lost.
        Cache = "cache",
        /// A queue, topic, stream or bus.
        Queue = "queue",
        /// Object storage or a file share.
        Bucket = "bucket",
        /// A content delivery network.
        Cdn = "cdn",
    }
}

/// What a kind of container does for others, as rules and forecasts see it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Duty {
    /// It is in the hands of its users, or at the edge on their behalf: what calls from it comes from outside.
    Front,
    /// It does work of our own, and takes people who look after it.
    Work,
    /// It keeps data.
    Store,
    /// It passes messages on.
    Pass,
}

impl Container {
    /// What it is there for.
    pub const fn duty(self) -> Duty {
        match self {
            Container::Web | Container::Mobile | Container::Desktop | Container::Cdn => Duty::Front,
            Container::Service | Container::Gateway | Container::Function | Container::Worker => Duty::Work,
            Container::Database | Container::Cache | Container::Bucket => Duty::Store,
            Container::Queue => Duty::Pass,
        }
    }

    /// Whether it is of use although nothing calls it: it serves a user directly, or begins by a schedule or an event.
    pub const fn starts_by_itself(self) -> bool {
        match self {
            Container::Web | Container::Mobile | Container::Desktop | Container::Cdn => true,
            Container::Worker | Container::Function => true,
            Container::Service | Container::Gateway => false,
            Container::Database | Container::Cache | Container::Queue | Container::Bucket => false,
        }
    }

    /// Whether it answers calls from outside itself, and so is what is guarded against them. Who calls a database or a queue from
    /// outside is told of that elsewhere.
    pub const fn is_entry(self) -> bool {
        match self {
            Container::Service | Container::Gateway | Container::Function => true,
            Container::Web | Container::Mobile | Container::Desktop | Container::Cdn => false,
            Container::Worker => false,
            Container::Database | Container::Cache | Container::Queue | Container::Bucket => false,
        }
    }

    /// Whether it runs where its users install it, which is no place of ours.
    pub const fn is_installed_by_users(self) -> bool {
        match self {
            Container::Mobile | Container::Desktop => true,
            Container::Web | Container::Cdn => false,
            Container::Service | Container::Gateway | Container::Function | Container::Worker => false,
            Container::Database | Container::Cache | Container::Queue | Container::Bucket => false,
        }
    }

    /// Whether it may publish events and take them, rather than call and be called. A gateway only lets calls through.
    pub const fn may_use_events(self) -> bool {
        match self {
            Container::Service | Container::Function | Container::Worker => true,
            Container::Gateway => false,
            Container::Web | Container::Mobile | Container::Desktop | Container::Cdn => false,
            Container::Database | Container::Cache | Container::Queue | Container::Bucket => false,
        }
    }

    /// Whether messages reach others through it: it holds them, or works them off.
    pub const fn takes_messages(self) -> bool {
        match self {
            Container::Queue | Container::Worker | Container::Function => true,
            Container::Service | Container::Gateway => false,
            Container::Web | Container::Mobile | Container::Desktop | Container::Cdn => false,
            Container::Database | Container::Cache | Container::Bucket => false,
        }
    }
}

const CONTAINER_DOC: &str = "A container in the sense of C4: something that runs or stores and is deployed on its own. It stands inside a `system`.";

/// What is said elsewhere of queues in other tools.
const QUEUE_HABITS: &[Habit] = &[
    habit(
        &["capacity", "max-length", "max-size", "size", "length", "depth", "buffer", "maxsize"],
        "how many may wait is said where they are worked off: write `queue-limit` on the worker that the queue calls",
    ),
    habit(
        &["dead-letter", "dead-letter-queue", "deadletter", "dlq"],
        "a queue of what could not be done is another `queue`: declare it, and name it with `fallback=` on the relationship from this one to the worker",
    ),
    habit(&["partitions", "shards", "consumers"], "how many work it off is said of the worker: write `replicas` on it"),
];

/// What stands for a container of any kind in the notations of C4.
pub(crate) const CONTAINER_HABITS: &[Habit] = &[habit(
    &["container"],
    "say what kind of container it is: write `service`, `web`, `worker`, `database`, `cache`, `queue` or another (`groma explain system` lists them)",
)];

static KINDS: &[Kind] = &[
    Kind {
        name: "person",
        other_names: &["actor", "user", "role"],
        habits: &[],
        class: &class::PERSON,
        summary: "a person or role that uses the system",
        doc: "People stand at the top level. A person without a relationship is a finding.",
        example: "person customer \"Customer\" description=\"Buys things.\"",
        head: Head::Named,
        facts: &[COMMON],
    },
    Kind {
        name: "system",
        other_names: &["softwaresystem", "software-system"],
        habits: CONTAINER_HABITS,
        class: &class::SYSTEM,
        summary: "a software system: ours, or with `external` somebody else's",
        doc: "A software system in the sense of C4. Its block holds its containers. `style` names the architecture style whose rules it is checked against.",
        example: "system shop \"Shop\" owner=shop-team description=\"Sells things.\" style=monolith {\n    service core \"Core\" technology=\"Rust 1.95\"\n}",
        head: Head::Named,
        facts: &[COMMON, BUILT, RUNNING],
    },
    container(
        Container::Web,
        "a web application that runs in a browser or renders for one",
        CONTAINER_DOC,
        "web site \"Web app\" technology=\"Next.js 15\"",
    )
    .also_called(&["frontend", "browser", "webapp", "spa", "ui"]),
    container(
        Container::Mobile,
        "an app on a phone or tablet",
        CONTAINER_DOC,
        "mobile ios \"iOS app\" technology=\"Swift 6\"",
    ),
    container(
        Container::Desktop,
        "a desktop application",
        CONTAINER_DOC,
        "desktop till \"Till\" technology=\"Tauri 2\"",
    ),
    container(
        Container::Service,
        "a server-side application that answers calls",
        CONTAINER_DOC,
        "service core \"Core API\" technology=\"Rust 1.95, axum 0.8\" replicas=2..6 concurrency=32 balance=least-connections",
    )
    .also_called(&["app", "application", "backend", "server", "microservice"]),
    container(
        Container::Gateway,
        "an API gateway, load balancer or reverse proxy",
        CONTAINER_DOC,
        "gateway edge \"API gateway\" technology=\"nginx 1.27\" authentication=JWT {\n    rate-limit 100/min per=user\n}",
    ),
    container(
        Container::Function,
        "a serverless function",
        CONTAINER_DOC,
        "function thumbnails \"Thumbnails\" technology=\"Rust 1.95\"",
    )
    .also_called(&["lambda"]),
    container(
        Container::Worker,
        "a process that works in the background, off a queue or a schedule",
        CONTAINER_DOC,
        "worker mailer \"Mailer\" technology=\"Rust 1.95\"",
    ),
    container(
        Container::Database,
        "a database",
        CONTAINER_DOC,
        "database db \"Orders\" technology=\"PostgreSQL 17\" { data personal }",
    )
    .also_called(&["db", "datastore", "store", "table"]),
    container(
        Container::Cache,
        "a cache: what is in it can be lost",
        CONTAINER_DOC,
        "cache sessions \"Sessions\" technology=\"Valkey 8\"",
    ),
    container(
        Container::Queue,
        "a queue, topic, stream or event bus",
        CONTAINER_DOC,
        "queue jobs \"Jobs\" technology=\"NATS 2.11\"",
    )
    .also_called(&["topic", "bus", "broker", "stream"])
    .unlike(QUEUE_HABITS),
    container(
        Container::Bucket,
        "object storage or a file share",
        CONTAINER_DOC,
        "bucket images \"Images\" technology=S3",
    )
    .also_called(&["storage", "s3", "blob", "object-store", "objectstore", "fileshare"]),
    container(Container::Cdn, "a content delivery network", CONTAINER_DOC, "cdn edge \"CDN\" technology=CloudFront"),
    Kind {
        name: "component",
        other_names: &["module", "class", "package"],
        habits: &[],
        class: &class::COMPONENT,
        summary: "a part of a container with a responsibility of its own",
        doc: "A component in the sense of C4: it is not deployed on its own. Its card is made of its responsibilities, interfaces, technology, dependencies (its relationships), scale (its container's) and error handling.",
        example: "component catalog \"Catalog\" technology=Rust {\n    responsibility \"Finds products\"\n    interface \"GET /products\"\n    error-handling \"Answers from the cache when the database is gone\"\n}",
        head: Head::Named,
        facts: &[COMMON, BUILT],
    },
    Kind {
        name: "group",
        other_names: &["boundary", "enterprise", "subgraph"],
        habits: CONTAINER_HABITS,
        class: &class::GROUP,
        summary: "elements drawn together",
        doc: "A group is drawn around what stands in it. It is no part of the names of its elements.",
        example: "group clients \"Client apps\" {\n    person buyer \"Buyer\"\n}",
        head: Head::Named,
        facts: &[&[&DESCRIPTION, &TAGS, &WAS, &element::LAYER]],
    },
    Kind {
        name: "zone",
        other_names: &["trust-boundary", "trustboundary"],
        habits: CONTAINER_HABITS,
        class: &class::ZONE,
        summary: "a trust zone: a boundary that calls must not cross unguarded",
        doc: "A zone is drawn around what stands in it and is no part of the names of its elements. Personal or card data that crosses between zones must be encrypted.",
        example: "zone dmz \"DMZ\" trust=partner",
        head: Head::Named,
        facts: &[&[&zone::TRUST, &DESCRIPTION, &TAGS, &WAS]],
    },
    Kind {
        name: "->",
        other_names: &[],
        habits: relation::ATTEMPTS,
        class: &class::RELATION,
        summary: "a relationship: who uses whom, for what",
        doc: "`from -> to \"does what\"`. Names resolve from the inside out. Between elements of your own systems and external ones, say what happens when the other side is slow or gone: `timeout`, `retry`, `breaker`, `fallback`. Where several lead from one element to the same other one, a step of a flow uses the one whose text is its own.",
        example: "shop.core -> payments \"Charges cards with\" protocol=HTTPS {\n    timeout 10s\n    retry 3 backoff=exponential from=200ms jitter\n    breaker failures=5 reset=30s\n    fallback \"Queues the payment and tells the customer\"\n}",
        head: Head::Arrow,
        facts: &[
            &[&DESCRIPTION, &TECHNOLOGY, &relation::PROTOCOL, &DECISION, &TAGS, &LINK, &STATUS],
            relation::OF_CALLS,
            &[&DATA, &relation::SIZE, &relation::ENCRYPTED, &element::AUTHENTICATION, &relation::IDEMPOTENT],
        ],
    },
];

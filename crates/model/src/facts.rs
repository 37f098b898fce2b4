//! The facts that several kinds share. A fact is declared once here or beside its kind.

use crate::schema::{Fact, Role, Type};

/// Every role of an element.
pub const ELEMENTS: &[Role] = &[Role::Person, Role::System, Role::Container, Role::Component];

/// Every role of what can go wrong: elements, and the places that they run at.
pub const BREAKABLE: &[Role] = &[Role::Person, Role::System, Role::Container, Role::Component, Role::DeployNode];

/// A fact of one value without parts.
pub const fn fact(name: &'static str, ty: Type, summary: &'static str) -> Fact {
    Fact { name, ty, summary, many: false, parts: &[] }
}

/// A fact that may be given several times or with several values.
pub const fn facts(name: &'static str, ty: Type, summary: &'static str) -> Fact {
    Fact { name, ty, summary, many: true, parts: &[] }
}

macro_rules! declare {
    ($($constant:ident = $value:expr;)*) => {
        $(
            #[allow(missing_docs, reason = "the declaration's own summary is the documentation")]
            pub static $constant: Fact = $value;
        )*
    };
}

const DATA_CLASSES: Type = Type::OneOf(&[
    ("public", "anyone may read it"),
    ("internal", "for the organisation only"),
    ("personal", "about identifiable persons (GDPR, CCPA)"),
    ("health", "about the health of persons (HIPAA)"),
    ("card", "payment card numbers (PCI DSS)"),
    ("secret", "credentials and keys"),
]);

declare! {
    DESCRIPTION = fact("description", Type::Text, "what it is and what it is for, in a sentence or two");
    TECHNOLOGY = fact("technology", Type::Text, "what it is built with, with versions, separated by commas");
    OWNER = fact("owner", Type::Text, "the team or person that answers for it");
    TAGS = facts("tags", Type::Text, "free words to select it by in queries; several may be separated by commas");
    LINK = Fact { name: "link", ty: Type::Text, summary: "a web address to read on", many: true, parts: &[&LINK_TITLE] };
    LINK_TITLE = fact("title", Type::Text, "what the address leads to");
    EXTERNAL = fact("external", Type::Bool, "whether others build and run it");
    STATUS = fact("status", Type::OneOf(&[
        ("existing", "it is there today"),
        ("planned", "it is to be built"),
        ("deprecated", "it is to go away"),
    ]), "whether it exists today or is to be built; existing if not said");
    IN_ZONE = fact("in-zone", Type::Reference(&[Role::Zone]), "the trust zone it stands in, if that zone does not enclose it in the text");
    RESPONSIBILITY = facts("responsibility", Type::Text, "what it is responsible for");
    INTERFACE = facts("interface", Type::Text, "how others interact with it: its API and the formats in and out");
    ERROR_HANDLING = fact("error-handling", Type::Text, "what it does when something it needs fails");
    REALIZES = facts("realizes", Type::Reference(&[Role::Requirement, Role::Quality]), "the requirements and qualities it helps to meet");
    DATA = facts("data", DATA_CLASSES, "the classes of data it holds or carries");
    PUBLIC = fact("public", Type::Bool, "whether it can be reached from the internet; yes if persons use it");
    AUTHENTICATION = fact("authentication", Type::Text, "how a caller proves who they are, or `none` with a reason in the description");
    RATE_LIMIT = Fact { name: "rate-limit", ty: Type::Rate, summary: "how often a caller may call", many: false, parts: &[&PER] };
    PER = fact("per", Type::Text, "whom the limit counts: `user`, an address, a key, or `all` together");
    REPLICAS = Fact { name: "replicas", ty: Type::Whole, summary: "how many run, or from how many to how many", many: false, parts: &[&TARGET_CPU, &EVERY, &DELAY, &NEEDED] };
    TARGET_CPU = fact("target-cpu", Type::Ratio, "the share of its slots in use at which replicas are added");
    EVERY = fact("every", Type::Duration, "how often the number of replicas is decided on; 15s if not said");
    DELAY = fact("delay", Type::Duration, "how long a new replica takes to start; 60s if not said");
    NEEDED = fact("needed", Type::Whole, "how many of the replicas must be up for it to work; 1 if not said");
    CONCURRENCY = fact("concurrency", Type::Whole, "how many requests one replica works on at once; without it there is no limit");
    CPU = fact("cpu", Type::Number, "the processor cores of one replica, which the requests in it share");
    QUEUE_LIMIT = Fact { name: "queue-limit", ty: Type::Whole, summary: "how many requests may wait for a slot, in all", many: false, parts: &[&WHEN_FULL] };
    WHEN_FULL = fact("when-full", Type::OneOf(&[
        ("reject", "the caller gets an error at once"),
        ("drop", "the caller hears nothing and waits until its timeout"),
    ]), "what happens to one more; `reject` if not said");
    QUEUE_TIMEOUT = Fact { name: "queue-timeout", ty: Type::Duration, summary: "how long a request waits for a slot before it is turned away: the patience of queueing theory", many: false, parts: &[&QUEUE_TIMEOUT_LAW] };
    QUEUE_TIMEOUT_LAW = fact("law", Type::OneOf(&[
        ("fixed", "the same for all"),
        ("exponential", "different for each, and this on average, as with people"),
    ]), "whether all wait equally long; `fixed` if not said");
    CONNECTIONS = fact("connections", Type::Whole, "how many connections it accepts in all");
    HIT_RATIO = fact("hit-ratio", Type::Ratio, "the share of lookups that a cache answers itself");
    KEYS = Fact { name: "keys", ty: Type::Number, summary: "how many different things a cache is asked for, if its hit ratio is to be calculated", many: false, parts: &[&SKEW] };
    SKEW = fact("skew", Type::Number, "how unequally they are asked for: the exponent of Zipf's law; 0, all alike, if not said");
    ENTRIES = fact("entries", Type::Number, "how many of them the cache holds; all if not said");
    TTL = fact("ttl", Type::Duration, "how long the cache keeps one; until it is displaced if not said");
    READ_REPLICAS = Fact { name: "read-replicas", ty: Type::Whole, summary: "how many copies answer the calls that only read (`read` in a flow), besides the one that is written to", many: false, parts: &[&LAG] };
    LAG = fact("lag", Type::Duration, "how far the copies are behind");
    AVAILABILITY = fact("availability", Type::Ratio, "the share of time that one replica of it is there");
    MTBF = fact("mtbf", Type::Duration, "the mean time between failures of one replica");
    MTTR = fact("mttr", Type::Duration, "the mean time until a failed replica works again");
    COMMON_CAUSE = fact("common-cause", Type::Ratio, "the share of failures that take all replicas at once (the beta factor)");
    FAILOVER = Fact { name: "failover", ty: Type::OneOf(&[
        ("automatic", "another replica takes over by itself"),
        ("manual", "somebody must act"),
        ("none", "there is nothing to take over"),
    ]), summary: "what happens when the replica in charge fails", many: false, parts: &[&FAILOVER_AFTER] };
    FAILOVER_AFTER = fact("after", Type::Duration, "how long it takes until another has taken over");
    STYLE = fact("style", Type::OneOf(&[
        ("layered", "every component names its `layer`, and calls go downwards"),
        ("hexagonal", "components are in the layers `adapter`, `port` and `core`; dependencies point inwards"),
        ("microservices", "services own their data and do not call each other's stores"),
        ("event-driven", "producers and consumers meet only at a queue"),
        ("monolith", "one deployable, split inside"),
    ]), "the architecture style it follows; its rules are checked");
    LAYERS = fact("layers", Type::Text, "the names of its layers from top to bottom, separated by commas");
    LAYER = fact("layer", Type::Text, "the layer it belongs to");
    PROTOCOL = fact("protocol", Type::Text, "what is spoken on the wire, such as HTTPS, gRPC, AMQP");
    TIMEOUT = fact("timeout", Type::Duration, "how long the caller waits");
    RETRY = Fact { name: "retry", ty: Type::Whole, summary: "how often the caller tries again, but not when its `breaker` lets no call through", many: false, parts: &[&BACKOFF, &RETRY_FROM, &JITTER, &RETRY_ON, &RETRY_BUDGET] };
    BACKOFF = fact("backoff", Type::OneOf(&[
        ("none", "at once"),
        ("constant", "the same pause each time"),
        ("linear", "a pause that grows by the same amount"),
        ("exponential", "a pause that doubles"),
    ]), "how the pause grows between tries");
    RETRY_FROM = fact("from", Type::Duration, "the first pause");
    JITTER = fact("jitter", Type::Bool, "whether the pause is varied at random");
    RETRY_BUDGET = fact("budget", Type::Ratio, "how many retries there may be for each call, over all calls");
    RETRY_ON = facts("on", Type::Text, "which errors are tried again, such as 429, 5xx, timeout");
    BREAKER = Fact { name: "breaker", ty: Type::Bool, summary: "a circuit breaker; alone it opens after 5 failures in a row, for 30 s", many: false, parts: &[&FAILURES, &BREAKER_RATE, &BREAKER_CALLS, &RESET, &HALF_OPEN] };
    BULKHEAD = fact("bulkhead", Type::Whole, "how many of these calls one replica of the caller may have open at once");
    HEDGE = fact("hedge", Type::Duration, "after how long without an answer the same call is made a second time, and the first answer counts");
    LATENCY = fact("latency", Type::Duration, "the time that a call and its answer spend on the network, together");
    ERROR_RATE = fact("error-rate", Type::Ratio, "the share of calls that fail for no reason the model knows");
    POOL = Fact { name: "pool", ty: Type::Whole, summary: "how many connections one replica of the caller keeps at most", many: false, parts: &[&POOL_MIN, &POOL_IDLE, &CONNECT_TIMEOUT] };
    POOL_MIN = fact("min", Type::Whole, "how many connections it keeps at least");
    POOL_IDLE = fact("idle", Type::Duration, "how long an unused connection is kept");
    CONNECT_TIMEOUT = fact("connect-timeout", Type::Duration, "how long it waits for a free connection");
    FAILURES = fact("failures", Type::Whole, "how many failures in a row open it");
    RESET = fact("reset", Type::Duration, "how long it stays open");
    BREAKER_RATE = fact("rate", Type::Ratio, "the share of failures that opens it, instead of a number in a row");
    BREAKER_CALLS = fact("calls", Type::Whole, "over how many calls that share is taken; 20 if not said");
    HALF_OPEN = fact("half-open", Type::Whole, "how many calls in a row must succeed, one at a time, before it closes again; 1 if not said");
    FALLBACK = Fact { name: "fallback", ty: Type::Text, summary: "what the caller does instead: an element it turns to, by what is said of the relationship to that, or a sentence", many: false, parts: &[&MAX_AGE] };
    MAX_AGE = fact("max-age", Type::Duration, "how old what it serves may be, counted from the last good answer; without it any age will do");
    ASYNC = fact("async", Type::Bool, "whether the caller goes on without waiting for the answer; so it is taken to be to and from a queue");
    ENCRYPTED = fact("encrypted", Type::Bool, "whether the connection is encrypted, where the protocol does not tell");
    IDEMPOTENT = fact("idempotent", Type::Bool, "whether the same call twice does no harm");
}

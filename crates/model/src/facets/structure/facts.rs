//! The facts of elements, groups and relationships.

#![allow(missing_docs, reason = "the summary of each fact documents it")]

use super::class::{ELEMENTS, ZONE};
use crate::schema::{Fact, Habit, Type, fact, facts, habit};
use crate::word_enums::choice;

/// The facts of an element.
pub mod element {
    use super::*;

    pub static EXTERNAL: Fact = fact("external", Type::Bool, "whether others build and run it")
        .or("#false")
        .linked()
        .also_called(&["extern", "third-party", "foreign", "saas"]);
    pub static IN_ZONE: Fact = fact(
        "in-zone",
        Type::Reference(&[&ZONE]),
        "the trust zone it stands in, if that zone does not enclose it in the text",
    );
    pub static RESPONSIBILITY: Fact = facts("responsibility", Type::Text, "what it is responsible for").prose();
    pub static INTERFACE: Fact =
        facts("interface", Type::Text, "how others interact with it: its API and the formats in and out").prose();
    pub static ERROR_HANDLING: Fact = fact("error-handling", Type::Text, "what it does when something it needs fails");
    pub static PUBLIC: Fact =
        fact("public", Type::Bool, "whether it can be reached from the internet; yes if persons use it");
    pub static AUTHENTICATION: Fact = fact(
        "authentication",
        Type::Text,
        "how a caller proves who they are, or `none` with a reason in the description",
    )
    .usually(AUTHENTICATIONS)
    .also_called(&["auth", "authn", "security"]);
    /// How a caller proves who they are, as people call it.
    const AUTHENTICATIONS: &[&str] = &[
        "none",
        "OIDC",
        "OAuth",
        "SAML",
        "JWT",
        "mTLS",
        "TLS",
        "token",
        "password",
        "session",
        "cookie",
        "certificate",
        "Kerberos",
        "LDAP",
        "SASL",
        "IAM",
        "HMAC",
        "SCRAM",
        "basic",
        "bearer",
        "API key",
        "passkey",
    ];
    pub static RATE_LIMIT: Fact = fact("rate-limit", Type::Rate, "how often a caller may call").with(&[&PER]);
    choice! {
        /// Whose calls a limit counts.
        CountedBy of PER {
            All = "all", "all callers together";
            User = "user", "each user";
            Address = "address", "each network address";
            Key = "key", "each key that callers are given";
            Client = "client", "each program that calls";
            Tenant = "tenant", "each customer of several that share it";
        }
    }
    pub static PER: Fact = fact("per", CountedBy::TYPE, "whose calls the limit counts");
    pub static REPLICAS: Fact = fact("replicas", Type::Whole, "how many run, or from how many to how many")
        .with(&[&TARGET_CPU, &EVERY, &DELAY, &NEEDED, &AUTOSCALER])
        .also_called(&[
            "instances",
            "scale",
            "count",
            "copies",
            "nodes",
            "autoscale",
            "autoscaling",
            "auto-scaling",
            "hpa",
            "pods",
        ])
        .written("replicas 2..10")
        .ranged();
    pub static TARGET_CPU: Fact = fact(
        "target-cpu",
        Type::Ratio,
        "the share in use at which replicas are added: of its `cpu`, or of its `concurrency` without `cpu`",
    )
    .or("70%");
    pub static EVERY: Fact = fact("every", Type::Duration, "how often the number of replicas is decided on").or("15s");
    pub static DELAY: Fact = fact("delay", Type::Duration, "how long a new replica takes to start").or("60s");
    pub static NEEDED: Fact = fact("needed", Type::Whole, "how many of the replicas must be up for it to work")
        .or("1")
        .also_called(&["quorum", "min-available"]);
    pub static AUTOSCALER: Fact = fact("autoscaler", Type::Text, "the technology that adds and removes them");
    choice! {
        /// Which replica a request goes to.
        Balance of BALANCE {
            SharedQueue = "shared-queue", "they share one queue: whichever is free first takes the next request";
            RoundRobin = "round-robin", "to each in turn";
            Random = "random", "to any of them by chance";
            LeastConnections = "least-connections", "to the one with the fewest requests in it, any of several by chance";
            TwoChoices = "two-choices", "to the one of two drawn by chance that has fewer requests in it";
        }
    }
    pub static BALANCE: Fact = fact(
        "balance",
        Balance::TYPE,
        "how requests are balanced among the replicas; but for `shared-queue` each replica has a queue of its own",
    )
    .or("shared-queue")
    .also_called(&["balancing", "load-balancing", "load-balancer", "lb-policy"]);
    pub static CONCURRENCY: Fact = fact(
        "concurrency",
        Type::Whole,
        "how many requests one replica works on at once; without it there is no limit",
    )
    .also_called(&["threads", "slots", "workers", "parallelism"]);
    pub static CPU: Fact =
        fact("cpu", Type::Number, "the processor cores of one replica, which the requests in it share")
            .also_called(&["cores", "vcpu", "vcpus", "cpus"]);
    pub static QUEUE_LIMIT: Fact =
        fact("queue-limit", Type::Whole, "how many requests may wait for a slot: in all, or at each replica where `balance` gives each a queue of its own").with(&[&WHEN_FULL]).also_called(&["backlog", "max-queue", "queue-size", "queue-length"]);
    choice! {
        /// What happens to one more than may wait.
        WhenFull of WHEN_FULL {
            Reject = "reject", "the caller gets an error at once";
            Drop = "drop", "the caller hears nothing and waits until its timeout";
        }
    }
    pub static WHEN_FULL: Fact = fact("when-full", WhenFull::TYPE, "what happens to one more").or("reject");
    pub static QUEUE_TIMEOUT: Fact =
        fact("queue-timeout", Type::Duration, "how long a request waits for a slot before it is turned away")
            .with(&[&QUEUE_TIMEOUT_DISTRIBUTION]);
    choice! {
        /// How differently long requests wait.
        Patience of QUEUE_TIMEOUT_DISTRIBUTION {
            Fixed = "fixed", "the same for all";
            Exponential = "exponential", "different for each, and this on average, as with people";
        }
    }
    pub static QUEUE_TIMEOUT_DISTRIBUTION: Fact =
        fact("distribution", Patience::TYPE, "whether all wait equally long").or("fixed").formerly(&["law"]);
    pub static STALL: Fact = fact(
        "stall",
        Type::Duration,
        "how long one replica stands still each time, as while it collects garbage, is paused with its machine or compacts its data",
    )
    .with(&[&STALL_EVERY, &STALL_DISTRIBUTION]);
    pub static STALL_EVERY: Fact =
        fact("every", Type::Duration, "how long it takes on average from the beginning of one to that of the next");
    choice! {
        /// How stalls are spread over time.
        StallSpread of STALL_DISTRIBUTION {
            Exponential = "exponential", "the pause between two is exponentially distributed: they come at any time";
            Fixed = "fixed", "they begin at equal distances";
        }
    }
    pub static STALL_DISTRIBUTION: Fact =
        fact("distribution", StallSpread::TYPE, "how they are spread").or("exponential");
    pub static CONNECTIONS: Fact = fact("connections", Type::Whole, "how many connections it accepts in all");
    pub static HIT_RATIO: Fact = fact("hit-ratio", Type::Ratio, "the share of lookups that a cache answers itself")
        .also_called(&["hit-rate", "hits", "hitrate"]);
    pub static KEYS: Fact = fact(
        "keys",
        Type::Number,
        "how many different things a cache is asked for, if its hit ratio is to be calculated",
    )
    .with(&[&SKEW]);
    pub static SKEW: Fact = fact(
        "skew",
        Type::Number,
        "how unequally they are asked for: the exponent of Zipf's law, which is 0 where all are asked for alike",
    )
    .or("0");
    pub static ENTRIES: Fact = fact("entries", Type::Number, "how many of them the cache holds; default: all");
    pub static TTL: Fact = fact("ttl", Type::Duration, "how long the cache keeps one; default: until it is displaced")
        .also_called(&["expiry", "expires", "expiration"]);
    pub static READ_REPLICAS: Fact = fact(
        "read-replicas",
        Type::Whole,
        "how many copies answer the calls that only read (`read` in a flow), besides the one that is written to; where no standby does, one takes over from that as `failover` says",
    )
    .with(&[&LAG])
    .also_called(&["followers", "readers"]);
    pub static LAG: Fact = fact("lag", Type::Duration, "how far the copies are behind");
    pub static AVAILABILITY: Fact =
        fact("availability", Type::Ratio, "the share of time that one replica of it is there")
            .also_called(&["uptime", "sla"]);
    pub static MTBF: Fact = fact("mtbf", Type::Duration, "the mean time between failures of one replica");
    pub static MTTR: Fact = fact("mttr", Type::Duration, "the mean time until a failed replica works again");
    pub static COMMON_CAUSE: Fact =
        fact("common-cause", Type::Ratio, "the share of failures that take all replicas at once (the beta factor)");
    choice! {
        /// Who takes over when the replica in charge fails.
        Failover of FAILOVER {
            Automatic = "automatic", "another replica takes over by itself";
            Manual = "manual", "somebody must act";
            None = "none", "there is nothing to take over";
        }
    }
    pub static FAILOVER: Fact =
        fact("failover", Failover::TYPE, "what happens when the replica in charge fails").with(&[&FAILOVER_AFTER]);
    /// How long it takes where another takes over by itself and nothing says how long.
    pub const TAKES_OVER_AFTER: &str = "60s";
    pub static FAILOVER_AFTER: Fact = fact("after", Type::Duration, "how long it takes until another has taken over; default: `60s` where it does so by itself, and never where somebody must act")
        .also_called(&["delay", "within", "time"]);
    choice! {
        /// The architecture styles.
        Style of STYLE {
            Layered = "layered", "every component names its `layer`, and calls go downwards";
            Hexagonal = "hexagonal", "components are in the layers `adapter`, `port` and `core`; dependencies point inwards";
            Microservices = "microservices", "services own their data and do not call each other's stores";
            EventDriven = "event-driven", "producers and consumers meet only at a queue";
            Monolith = "monolith", "one deployable, split inside";
        }
    }
    pub static STYLE: Fact = fact("style", Style::TYPE, "the architecture style it follows; its rules are checked");
    pub static LAYERS: Fact =
        fact("layers", Type::Text, "the names of its layers from top to bottom, separated by commas")
            .listed()
            .in_order();
    pub static LAYER: Fact =
        fact("layer", Type::Text, "the layer it belongs to; that of a group is the layer of what stands in it");
    pub static ENCRYPTED_AT_REST: Fact = fact("encrypted-at-rest", Type::Bool, "whether what it stores is encrypted");
}

/// The facts of a relationship.
pub mod relation {
    use super::super::super::common::{ASYNC, ERROR_RATE};
    use super::*;

    /// Those that say what a call by it does in time, and when it fails.
    pub static OF_CALLS: &[&Fact] =
        &[&ASYNC, &TIMEOUT, &RETRY, &BREAKER, &BULKHEAD, &HEDGE, &FALLBACK, &LATENCY, &ERROR_RATE, &POOL];

    pub static PROTOCOL: Fact = fact("protocol", Type::Text, "what is spoken on the wire, such as HTTPS, gRPC, AMQP")
        .usually(PROTOCOLS)
        .also_called(&["via", "transport"]);
    /// What is spoken on the wire, as people call it.
    const PROTOCOLS: &[&str] = &[
        "HTTP",
        "HTTPS",
        "HTTP2",
        "HTTP3",
        "REST",
        "gRPC",
        "GraphQL",
        "SOAP",
        "JSON",
        "AMQP",
        "MQTT",
        "Kafka",
        "JDBC",
        "ODBC",
        "SQL",
        "TCP",
        "UDP",
        "TLS",
        "SSL",
        "SSH",
        "SFTP",
        "FTP",
        "SMTP",
        "SMPP",
        "SNMP",
        "IMAP",
        "XMPP",
        "STOMP",
        "NATS",
        "RESP",
        "WebSocket",
        "LDAP",
    ];
    pub static SIZE: Fact = fact("size", Type::Size, "how large one request or message is at most").also_called(&[
        "payload",
        "message-size",
        "body-size",
    ]);
    pub static TIMEOUT: Fact =
        fact("timeout", Type::Duration, "how long the caller waits; default: for ever, but `127s` for what is cut off")
            .also_called(&["deadline"]);
    pub static RETRY: Fact =
        fact("retry", Type::Whole, "how often the caller tries again, but not when its `breaker` lets no call through")
            .with(&[&BACKOFF, &RETRY_FROM, &JITTER, &RETRY_ON, &RETRY_BUDGET, &EARNED_BY, &BUDGET_CAP])
            .also_called(&["retries", "max-retries"])
            .unlike(ATTEMPTS);
    /// What counts the first try as well.
    pub const ATTEMPTS: &[Habit] = &[habit(
        &["attempts", "max-attempts", "maxattempts", "tries"],
        "`retry` counts the tries after the first one: three attempts are `retry 2`",
    )];
    choice! {
        /// How the pause between tries grows.
        Backoff of BACKOFF {
            None = "none", "at once";
            Constant = "constant", "the same pause each time";
            Linear = "linear", "a pause that grows by the same amount";
            Exponential = "exponential", "a pause that doubles";
        }
    }
    pub static BACKOFF: Fact = fact("backoff", Backoff::TYPE, "how the pause grows between tries").or("none");
    pub static RETRY_FROM: Fact = fact("from", Type::Duration, "the first pause").or("100ms").also_called(&[
        "initial",
        "base",
        "initial-delay",
        "delay",
        "interval",
        "pause",
        "wait",
    ]);
    pub static JITTER: Fact = fact("jitter", Type::Bool, "whether the pause is varied at random").or("#false");
    pub static RETRY_BUDGET: Fact =
        fact("budget", Type::Ratio, "how many retries there may be for each call, over all calls");
    choice! {
        /// What earns retries.
        EarnedBy of EARNED_BY {
            Calls = "calls", "every call, whatever comes of it: as many retries go on when all fails";
            Successes = "successes", "every call that is answered well: where nothing succeeds, nothing is tried again";
        }
    }
    pub static EARNED_BY: Fact = fact("earned-by", EarnedBy::TYPE, "what adds to the `budget`").or("calls");
    pub static BUDGET_CAP: Fact =
        fact("budget-cap", Type::Number, "how many retries the `budget` holds at most, saved up in good times")
            .or("10");
    pub static RETRY_ON: Fact =
        facts("on", Type::Text, "which errors are tried again, such as 429, 5xx, timeout").listed();
    pub static BREAKER: Fact =
        fact("breaker", Type::Bool, "a circuit breaker; alone it opens after 5 failures in a row, for 30 s")
            .or("#false")
            .with(&[&FAILURES, &BREAKER_RATE, &BREAKER_CALLS, &RESET, &HALF_OPEN, &TRIALS, &HALF_OPEN_RATE])
            .also_called(&["circuit-breaker", "circuitbreaker", "circuit"]);
    pub static BULKHEAD: Fact =
        fact("bulkhead", Type::Whole, "how many of these calls one replica of the caller may have open at once");
    pub static HEDGE: Fact = fact(
        "hedge",
        Type::Duration,
        "after how long without an answer the same call is made a second time, and the first answer counts",
    );
    pub static LATENCY: Fact =
        fact("latency", Type::Duration, "the time that a call and its answer spend on the network, together; default: `0.5ms`, `1.5ms` between availability zones, `70ms` between regions, and none for the call of a person")
            .also_called(&["network", "rtt"]);
    pub static POOL: Fact = fact("pool", Type::Whole, "how many connections one replica of the caller keeps at most")
        .with(&[&POOL_MIN, &POOL_IDLE, &CONNECT_TIMEOUT])
        .also_called(&["connection-pool", "pool-size", "max-connections"]);
    pub static POOL_MIN: Fact = fact("min", Type::Whole, "how many connections it keeps at least");
    pub static POOL_IDLE: Fact = fact("idle", Type::Duration, "how long an unused connection is kept");
    pub static CONNECT_TIMEOUT: Fact =
        fact("connect-timeout", Type::Duration, "how long it waits for a free connection");
    pub static FAILURES: Fact =
        fact("failures", Type::Whole, "how many failures in a row open it, unless a `rate` does")
            .or("5")
            .also_called(&["after", "threshold", "errors", "failure-threshold"]);
    pub static RESET: Fact = fact("reset", Type::Duration, "how long it stays open").or("30s").also_called(&[
        "open",
        "for",
        "timeout",
        "wait",
        "sleep-window",
        "open-for",
    ]);
    pub static BREAKER_RATE: Fact =
        fact("rate", Type::Ratio, "the share of failures that opens it, instead of a number in a row");
    pub static BREAKER_CALLS: Fact = fact("calls", Type::Whole, "over how many calls that share is taken").or("20");
    pub static HALF_OPEN: Fact = fact(
        "half-open",
        Type::Whole,
        "how many calls are let through after `reset`, all of which must succeed before it closes again; default: as many as `trials`",
    );
    pub static TRIALS: Fact = fact(
        "trials",
        Type::Whole,
        "how many of the `half-open` calls may be under way at once; of one, each waits for the one before",
    )
    .or("1");
    pub static HALF_OPEN_RATE: Fact = fact(
        "half-open-rate",
        Type::Ratio,
        "the share of failures among the `half-open` calls that opens it again, once all are answered; default: the first failure does",
    );
    pub static FALLBACK: Fact = fact(
        "fallback",
        Type::TextOrName(ELEMENTS),
        "what the caller does instead: an element it turns to, by what is said of the relationship to that, or a sentence",
    )
    .with(&[&MAX_AGE]);
    pub static MAX_AGE: Fact = fact(
        "max-age",
        Type::Duration,
        "how old what it serves may be, counted from the last good answer; without it any age will do",
    );
    pub static ENCRYPTED: Fact =
        fact("encrypted", Type::Bool, "whether the connection is encrypted, where the protocol does not tell");
    pub static IDEMPOTENT: Fact = fact("idempotent", Type::Bool, "whether the same call twice does no harm");
}

/// The facts of a zone.
pub mod zone {
    use super::*;

    choice! {
        /// How far those in a zone are trusted.
        Trust of TRUST {
            Public = "public", "anyone can be in it";
            Partner = "partner", "known others";
            Internal = "internal", "our own, behind a boundary";
            Restricted = "restricted", "our own, for few";
        }
    }
    pub static TRUST: Fact = fact("trust", Trust::TYPE, "how far those in it are trusted");
}

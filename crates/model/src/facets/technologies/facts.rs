//! The facts of technologies and of the radar.

#![allow(missing_docs, reason = "the summary of each fact documents it")]

use super::class::TECHNOLOGY;
use crate::schema::{Fact, Type, fact, facts};
use crate::word_enums::choice;

/// The facts of a technology.
pub mod technology {
    use super::*;

    choice! {
        /// What a technology is for.
        Category of CATEGORY {
            Language = "language", "a programming language";
            Runtime = "runtime", "what runs programs of a language";
            FrontendFramework = "frontend-framework", "a framework for what runs in browsers";
            BackendFramework = "backend-framework", "a framework for services";
            MobileFramework = "mobile-framework", "a framework for mobile applications";
            Orm = "orm", "access to a database from a language";
            RelationalDatabase = "relational-database", "tables and transactions";
            DocumentDatabase = "document-database", "documents without a fixed schema";
            KeyValueStore = "key-value-store", "values found by their key";
            WideColumnDatabase = "wide-column-database", "rows spread over many machines";
            GraphDatabase = "graph-database", "nodes and what connects them";
            TimeSeriesDatabase = "time-series-database", "measurements over time";
            AnalyticsDatabase = "analytics-database", "questions over much data";
            VectorDatabase = "vector-database", "what is similar to something";
            Cache = "cache", "copies of data that are fast to read";
            SearchEngine = "search-engine", "texts found by their words";
            ObjectStorage = "object-storage", "files of any size";
            LocalFirst = "local-first", "data on the device that is synchronised";
            MessageQueue = "message-queue", "messages that are each worked off once";
            EventStream = "event-stream", "events that many may read";
            WorkflowEngine = "workflow-engine", "work of many steps that survives failures";
            DataPipeline = "data-pipeline", "data moved and made ready";
            Cloud = "cloud", "a provider of many services";
            Serverless = "serverless", "functions that run when they are called";
            ContainerHosting = "container-hosting", "containers run by a provider";
            Orchestration = "orchestration", "containers over many machines";
            ContainerEngine = "container-engine", "containers on one machine";
            Edge = "edge", "code run close to its users";
            WebAssembly = "webassembly", "code of any language in a sandbox";
            VirtualMachine = "virtual-machine", "rented machines";
            OperatingSystem = "operating-system", "what runs on a machine before anything else does";
            HostingPlatform = "hosting-platform", "a platform that builds and runs applications";
            Cdn = "cdn", "files served close to their readers";
            LoadBalancer = "load-balancer", "requests spread over replicas";
            ApiGateway = "api-gateway", "one way in for all interfaces";
            ServiceMesh = "service-mesh", "what services say to each other, handled beside them";
            Dns = "dns", "names of machines";
            Metrics = "metrics", "numbers of a running system";
            Logs = "logs", "what a running system says";
            Tracing = "tracing", "the way of one request";
            Apm = "apm", "the performance of applications as a whole";
            ErrorTracking = "error-tracking", "errors of programs, gathered";
            Dashboards = "dashboards", "pictures of what is measured";
            Alerting = "alerting", "who is called when";
            ProductAnalytics = "product-analytics", "what users do";
            Identity = "identity", "who somebody is and may do";
            Secrets = "secrets", "keys and passwords";
            Payment = "payment", "money from customers";
            Email = "email", "mail to customers";
            MessagingService = "messaging-service", "texts, notifications and chats to people";
            FeatureFlags = "feature-flags", "what is switched on for whom";
            ContentManagement = "content-management", "texts and pictures that editors keep";
            ModelApi = "model-api", "a machine-learned model that is called";
            MachineLearning = "machine-learning", "models that are trained or run by oneself";
            Ci = "ci", "what builds and delivers";
            InfrastructureAsCode = "infrastructure-as-code", "infrastructure written as text";
            ConfigurationManagement = "configuration-management", "machines that are set up alike";
            PackageRegistry = "package-registry", "where packages come from";
            LoadTesting = "load-testing", "load made for a test";
            TestFramework = "test-framework", "tests of programs";
            BuildTool = "build-tool", "programs made of their sources";
            Autoscaling = "autoscaling", "replicas that follow the load";
            CostManagement = "cost-management", "what it costs";
            CodeQuality = "code-quality", "faults found in sources";
            Protocol = "protocol", "how programs speak";
            DataFormat = "data-format", "how data is written";
            ApiStyle = "api-style", "how interfaces are described";
            Technique = "technique", "a way of building";
        }
    }
    pub static CATEGORY: Fact = fact("category", Category::TYPE, "what it is for").also_called(&["type", "purpose"]);
    choice! {
        /// A quarter of a radar.
        Quadrant of QUADRANT {
            Languages = "languages-and-frameworks", "what programs are written in and with";
            Tools = "tools", "what helps to build, deliver and watch";
            Platforms = "platforms", "what programs run on and keep their data in";
            Techniques = "techniques", "ways of building";
        }
    }
    pub static QUADRANT: Fact =
        fact("quadrant", Quadrant::TYPE, "its quarter of the radar; the default follows from its category");
    pub static ALSO: Fact = facts("also", Type::Text, "other names that people write for it, separated by commas")
        .listed()
        .also_called(&["alias", "aliases", "aka"]);
    pub static VERSION: Fact = facts("version", Type::Text, "a version, and until when its makers support it")
        .with(&[&SUPPORT_UNTIL])
        .also_called(&["versions"]);
    pub static SUPPORT_UNTIL: Fact = fact("support-until", Type::Date, "the day on which support ends").also_called(&[
        "eol",
        "end-of-life",
        "end-of-support",
    ]);
    pub static ENDED: Fact = fact("ended", Type::Date, "the day from which it is no longer offered at all");
    pub static SUCCESSOR: Fact = fact("successor", Type::TextOrName(&[&TECHNOLOGY]), "what takes its place")
        .also_called(&["replaced-by", "superseded-by"])
        .seen_as("succeeds");
    pub static LICENCE: Fact = fact("licence", Type::Text, "its licence, as SPDX says it").also_called(&["license"]);
    pub static MANAGED: Fact =
        fact("managed", Type::Bool, "whether its vendor runs it: then it has no version of yours")
            .also_called(&["saas", "hosted"]);
    pub static LANGUAGE: Fact =
        facts("language", Type::Text, "the languages in which code for it is written, separated by commas")
            .listed()
            .also_called(&["languages"]);
    pub static PLATFORM: Fact = facts(
        "platform",
        Type::Text,
        "the platforms that it is or works on, such as `kubernetes`, separated by commas; of what runs containers or functions: itself",
    )
    .listed();
    pub static RING: Fact = fact(
        "ring",
        Type::Text,
        "how far it may be used: `adopt`, `trial`, `assess`, `hold`, or a ring of your own radar",
    )
    .also_called(&["status", "level"]);
    pub static RATIONALE: Fact =
        fact("rationale", Type::Text, "why it is in that ring, or was chosen").also_called(&["reason", "why"]);
    pub static WHEN: Fact = fact("when", Type::Text, "when to choose it");
    pub static AVOID: Fact =
        fact("avoid", Type::Text, "its limits: when not to choose it").also_called(&["limits", "when-not"]);
    pub static CONNECTIONS: Fact =
        fact("connections", Type::Whole, "how many connections it accepts unless it is told otherwise");
    pub static PAYLOAD: Fact = fact("payload", Type::Size, "the largest request, message or value that it takes");
    pub static COLD_START: Fact =
        fact("cold-start", Type::Duration, "how long it takes to begin when it is not running");
    pub static CPU_TIME: Fact = fact("cpu-time", Type::Duration, "the most processor time of one request");
    pub static TIME_LIMIT: Fact = fact("time-limit", Type::Duration, "how long one request or run may take at most");
    pub static MEMORY_LIMIT: Fact = fact("memory-limit", Type::Size, "the most memory of one instance");
    pub static CONCURRENCY: Fact = fact(
        "concurrency",
        Type::Whole,
        "how many requests it takes at once unless it is told otherwise; forecasts go by the `concurrency` of the element",
    );
    pub static SOURCE: Fact = facts("source", Type::Text, "where this was read").with(&[&SOURCE_FOR, &SOURCE_SEEN]);
    pub static SOURCE_FOR: Fact = fact("for", Type::Text, "the facts that it supports, separated by commas").listed();
    pub static SOURCE_SEEN: Fact = fact("seen", Type::Date, "the day on which it was looked at");
}

/// The facts of a radar.
pub mod radar {
    use super::*;

    pub static DATE: Fact = fact("date", Type::Date, "the day of this issue of the radar");
    pub static RINGS: Fact =
        facts("ring", Type::Text, "a ring, from the innermost to the outermost, with what it means")
            .with(&[&RING_MEANS, &RING_POLICY])
            .written("ring adopt means=\"Safe to use\"")
            .in_order();
    pub static RING_MEANS: Fact = fact("means", Type::Text, "what it means for those who choose");
    choice! {
        /// What a ring asks of those who use something in it.
        Policy of RING_POLICY {
            Free = "free", "anybody may use it";
            Permission = "permission", "using it needs a permission with a name and a date";
            Existing = "existing", "what uses it may go on; nothing new may begin to";
            Nowhere = "nowhere", "nothing may use it";
        }
    }
    pub static RING_POLICY: Fact = fact(
        "policy",
        Policy::TYPE,
        "what is asked of those who use something in it; the default of `adopt` is `free`, of `trial` and `assess` `permission`, of `hold` `existing`",
    );
}

//! Reasons, refusals and assumptions for programs: a `kind` with what it is about, beside the sentence that people read.

use groma_base::Sources;
use groma_model::Architecture;
use groma_simulate::{
    AfterFailure, Assumption, Backlog, Basis, BreakerDefault, Burden, CallsApart, Circle, Degraded, EndlessWait,
    FailureAssumption, Fates, FlowAssumption, IdleStandby, Lag, LoadAssumption, Longest, MissingFact, Need,
    NetworkAssumption, NotConverged, NotSimulated, Overload, Reason, Recovery, Served, Spent, UnclearLoad, Unknown,
};
use serde_json::{Map, Value, json};

/// Where things are declared: what turns addresses into places.
#[derive(Clone, Copy)]
pub(crate) struct Places<'a> {
    /// The architecture.
    pub arch: &'a Architecture,
    /// Its texts, if places in them are told.
    pub sources: Option<&'a Sources>,
}

/// A kind and its fields.
type Typed = (&'static str, Value);

impl Places<'_> {
    pub(crate) fn assumption(self, one: &Assumption) -> Value {
        let typed = match one {
            Assumption::Network(one) => network(one),
            Assumption::Flow(one) => flow(one),
            Assumption::Load(one) => load(one),
            Assumption::Failure(one) => failure(one),
        };
        self.told(typed, one.to_string())
    }

    pub(crate) fn not_simulated(self, one: &NotSimulated) -> Value {
        self.told(not_simulated(one), one.to_string())
    }

    pub(crate) fn not_converged(self, one: &NotConverged) -> Value {
        self.told(not_converged(one), one.to_string())
    }

    pub(crate) fn endless(self, one: &EndlessWait, flows: &[&str]) -> Value {
        let (kind, mut fields) = endless(one);
        fields["flows"] = json!(flows);
        self.told((kind, fields), one.to_string())
    }

    pub(crate) fn reason(self, one: &Reason) -> Value {
        self.told(reason(one), one.to_string())
    }

    /// A kind, its fields, the sentence and the places of the elements that the fields name.
    fn told(self, (kind, fields): Typed, sentence: String) -> Value {
        let mut places = Vec::new();
        self.find(&fields, &mut places);
        let mut whole = Map::from_iter([("kind".to_owned(), json!(kind)), ("sentence".to_owned(), json!(sentence))]);
        if let Value::Object(fields) = fields {
            whole.extend(fields);
        }
        if self.sources.is_some() || !places.is_empty() {
            whole.insert("places".to_owned(), Value::Array(places));
        }
        Value::Object(whole)
    }

    /// Where the elements are declared whose addresses stand in a value, each once.
    fn find(self, value: &Value, places: &mut Vec<Value>) {
        match value {
            Value::String(text) => {
                let Some(place) = self.place(text) else { return };
                if !places.contains(&place) {
                    places.push(place);
                }
            }
            Value::Array(all) => all.iter().for_each(|one| self.find(one, places)),
            Value::Object(all) => all.values().for_each(|one| self.find(one, places)),
            _ => {}
        }
    }

    fn place(self, address: &str) -> Option<Value> {
        let element = self.arch.element_by_path(address)?;
        let span = self.arch.name_span(self.arch.element(element).at);
        let mut place = json!({ "address": address });
        if let Some(sources) = self.sources {
            let (source, fields) = (sources.get(span.file), &mut place);
            let at = source.line_column(span.range.start);
            (fields["file"], fields["line"], fields["column"]) =
                (json!(source.place.path()), json!(at.line), json!(at.column));
        }
        Some(place)
    }
}

/// A kind with its fields, as the field of another.
fn nested((kind, fields): Typed) -> Value {
    let mut whole = Map::from_iter([("kind".to_owned(), json!(kind))]);
    if let Value::Object(fields) = fields {
        whole.extend(fields);
    }
    Value::Object(whole)
}

/// The kind of a reason.
pub(crate) fn reason_kind(one: &Reason) -> &'static str {
    reason(one).0
}

/// What takes people.
fn need(one: &Need) -> Value {
    match &one.burden {
        Burden::Services(names) => json!({ "people": one.people, "services": names }),
        Burden::Languages(names) => json!({ "people": one.people, "languages": names }),
        Burden::Technologies(names) => json!({ "people": one.people, "technologies": names }),
        Burden::OnCall(promised) => {
            let (title, share) = promised.as_ref().map(|(title, share)| (title, super::rounded(*share))).unzip();
            json!({ "people": one.people, "on-call": { "promise": title, "share": share } })
        }
    }
}

/// Adds what has a standby that nobody says takes over, if anything has.
fn add_idle<'a>(idle: impl IntoIterator<Item = &'a IdleStandby>, fields: &mut Value) {
    let stations: Vec<&str> = idle.into_iter().map(|one| &*one.station).collect();
    if !stations.is_empty() {
        fields["nobody-takes-over"] = json!(stations);
    }
}

fn reason(one: &Reason) -> Typed {
    match one {
        Reason::Found { basis: found, window, lost, behind } => {
            let (kind, mut fields) = basis(found);
            if let Some(window) = window {
                fields["window-not-used"] = json!(window);
            }
            if !lost.is_empty() {
                let told = lost.iter().map(|one| json!({ "station": one.station, "share": one.share }));
                fields["lost"] = told.collect();
            }
            if let Some(behind) = behind {
                fields["behind-answers"] = json!({
                    "station": behind.station,
                    "from": behind.from,
                    "capacity": behind.most,
                    "capacity-of-answers": behind.answers,
                    "grows": behind.grows,
                    "is-counted": behind.is_counted,
                });
            }
            (kind, fields)
        }
        Reason::Beyond { metric, limit, not_converged: why } => {
            ("beyond", json!({ "metric": metric.word(), "limit": limit, "not-converged": nested(not_converged(why)) }))
        }
        Reason::Unknown(why) => unknown(why),
    }
}

fn network(one: &NetworkAssumption) -> Typed {
    use NetworkAssumption as One;
    match one {
        One::FirstRelation { call, relation, of } => {
            ("first-relationship", json!({ "call": call, "relationship": relation, "of": of }))
        }
        One::OneQueueForRegions { station } => ("one-queue-for-regions", json!({ "station": station })),
        One::FallbackWithoutTime { station } => ("fallback-without-time", json!({ "station": station })),
        One::BreakerDefaults { relation, taken } => {
            let word = |one: &BreakerDefault| match one {
                BreakerDefault::Failures => "failures",
                BreakerDefault::Calls => "calls",
                BreakerDefault::Reset => "reset",
            };
            let taken: Vec<&str> = taken.iter().map(word).collect();
            ("breaker-defaults", json!({ "relationship": relation, "facts": taken }))
        }
        One::IdleHalfOpenRate { relation } => ("idle-half-open-rate", json!({ "relationship": relation })),
        One::NoBudget { relation } => ("no-budget", json!({ "relationship": relation })),
        One::RetryWithoutPause { relation } => ("retry-without-pause", json!({ "relationship": relation })),
        One::FirstPause { relation } => ("first-pause", json!({ "relationship": relation })),
        One::IdleHedge { relation } => ("idle-hedge", json!({ "relationship": relation })),
        One::QueueIsNotAwaited { queue } => ("queue-not-awaited", json!({ "station": queue })),
        One::Latency { between, latency } => ("latency", json!({ "between": between, "seconds": latency })),
        One::StaleReads { element, lag } => ("stale-reads", json!({ "station": element, "seconds": lag })),
        One::StallsOfReplicas { element } => ("stalls-of-replicas", json!({ "station": element })),
        One::IdleBalance { station, why } => ("idle-balance", json!({ "station": station, "why": why.word() })),
        One::CommonBulkhead { relation, caller } => {
            ("common-bulkhead", json!({ "relationship": relation, "caller": caller }))
        }
        One::RateLimitOfAll { element } => ("rate-limit-of-all", json!({ "station": element })),
        One::IdleRateLimit { element } => ("idle-rate-limit", json!({ "station": element })),
    }
}

fn flow(one: &FlowAssumption) -> Typed {
    match one {
        FlowAssumption::IdleAnswer { answer, flow } => ("idle-answer", json!({ "answer": answer, "flow": flow })),
        FlowAssumption::Timed { flow, first, is_queue } => {
            ("timed-from", json!({ "flow": flow, "station": first, "is-queue": is_queue }))
        }
        FlowAssumption::WithoutTime { flow, callees } => ("without-time", json!({ "flow": flow, "stations": callees })),
        FlowAssumption::HeldUp { flow } => ("held-up", json!({ "flow": flow })),
    }
}

fn load(one: &LoadAssumption) -> Typed {
    use LoadAssumption as One;
    match one {
        One::HitRatio { station, found, asked } => {
            ("hit-ratio", json!({ "station": station, "share": found, "lookups": asked }))
        }
        One::Replicas { station, chosen, range: (low, high) } => {
            ("replicas", json!({ "station": station, "replicas": chosen, "least": low, "most": high }))
        }
        One::NeverScales { station, seen, target, range: (low, high) } => (
            "never-scales",
            json!({ "station": station, "in-use": seen, "target": target, "replicas": low, "least": low, "most": high }),
        ),
        One::Recorded { requests, length } => ("recorded", json!({ "requests": requests, "seconds": length })),
        One::Beside { load, rate, users, changes } => {
            ("beside", json!({ "load": load, "rate": rate, "users": users, "changes": changes }))
        }
        One::Bursts { rates: (calm, burst), lasting: (calm_for, burst_for), capacity, by_mean } => (
            "bursts",
            json!({
                "calm": { "rate": calm, "seconds": calm_for },
                "burst": { "rate": burst, "seconds": burst_for },
                "capacity": capacity,
                "by-mean-rate": by_mean,
            }),
        ),
        One::Batches { count, period, spread, by_mean } => {
            ("batches", json!({ "count": count, "every": period, "spread": spread, "by-mean-rate": by_mean }))
        }
        One::UpperEnd { load, fact } => ("upper-end", json!({ "load": load, "fact": fact })),
        One::DrawnPhase => ("drawn-phase", json!({})),
        One::AtItsHighest { length, events, rate } => {
            ("at-peak", json!({ "seconds": length, "events": events, "rate": rate }))
        }
        One::Unlimited { stations } => ("unlimited", json!({ "stations": stations })),
        One::IdleQueue { fact, station } => ("idle-queue", json!({ "fact": fact, "station": station })),
        One::IdlePriority { station } => ("idle-priority", json!({ "station": station })),
        One::IdlePolicy { station } => ("idle-policy", json!({ "station": station })),
        One::IdleUserLimit { station, is_mixed } => {
            ("idle-user-limit", json!({ "station": station, "applies-to-users": is_mixed }))
        }
        One::IdleConnections { station, callers } => {
            ("idle-connections", json!({ "station": station, "callers": callers }))
        }
        One::RareTrips { calls, every, share } => {
            ("rare-trips", json!({ "calls": calls, "every": every, "share": share }))
        }
        One::Rare { flow, requests, adds } => ("rare", json!({ "flow": flow, "requests": requests, "adds": adds })),
        One::MayTipOver { station } => ("may-tip-over", json!({ "station": station })),
        One::MayDeadlock(Circle { stations }) => ("may-deadlock", json!({ "stations": stations })),
        One::NotPrecise { precision, load } => ("not-precise", json!({ "precision": precision, "load": load })),
        One::NotConverged(why) => ("not-converged", json!({ "why": nested(not_converged(why)) })),
    }
}

fn failure(one: &FailureAssumption) -> Typed {
    use FailureAssumption as One;
    match one {
        One::Loses { station, lost, replicas } => {
            ("loses-replicas", json!({ "station": station, "lost": lost, "replicas": replicas }))
        }
        One::CopiesGoOn { copies, station } => ("copies-keep-working", json!({ "copies": copies, "station": station })),
        One::Emptied { station, lasts } => ("cache-emptied", json!({ "station": station, "seconds": lasts })),
        One::Fills { station, empty, takes } => {
            ("cache-refills", json!({ "station": station, "empty": empty, "seconds": takes }))
        }
        One::CutOff { after } => ("cut-off", json!({ "seconds": after })),
        One::Holds { station, share, most } => {
            ("holds-calls", json!({ "station": station, "share": share, "most": most }))
        }
        One::HoldsOnTheWay => ("holds-calls-on-the-way", json!({})),
        One::FailsOver { station, after, is_said } => {
            ("fails-over", json!({ "station": station, "seconds": after, "is-default": !is_said }))
        }
        One::ReadReplicaTakesOver { station, is_last } => {
            ("read-replica-takes-over", json!({ "station": station, "is-last": is_last }))
        }
        One::AsFarAsBefore { station } => ("as-far-as-before", json!({ "station": station })),
        One::NobodyTakesOver(standby) => ("nobody-takes-over", json!({ "station": standby.station })),
        One::Misses { station, least, most, after } => {
            let share = (least == most).then_some(most);
            (
                "misses-calls",
                json!({ "station": station, "share": share, "low": least, "high": most, "seconds": after }),
            )
        }
    }
}

fn not_simulated(one: &NotSimulated) -> Typed {
    match one {
        NotSimulated::Load { load, reason } => {
            ("unclear-load", json!({ "load": load, "why": nested(unclear_load(reason)) }))
        }
        NotSimulated::Missing(fact) => ("missing-fact", json!({ "fact": nested(missing(fact)) })),
        NotSimulated::RegionsApart { all } => {
            let one = |one: &CallsApart| {
                json!({
                    "station": one.station,
                    "caller": one.caller,
                    "region": one.region,
                    "calls": one.calls,
                    "replicas": one.replicas,
                })
            };
            let first = all.first().map(|one| &one.station);
            ("regions-apart", json!({ "station": first, "calls": all.iter().map(one).collect::<Vec<_>>() }))
        }
        NotSimulated::SuccessorAtPlace { station } => ("successor-at-place", json!({ "station": station })),
        NotSimulated::StaysInRegion { station } => ("stays-in-region", json!({ "station": station })),
        NotSimulated::IdleFailure { failure } => ("ineffective-failure", json!({ "failure": failure })),
        NotSimulated::BeginsTooLate { begin, length } => {
            ("begins-too-late", json!({ "begin": begin, "length": length }))
        }
        NotSimulated::BatchesTooLate { begin, length } => {
            ("batches-too-late", json!({ "begin": begin, "length": length }))
        }
        NotSimulated::Interrupted => ("interrupted", json!({})),
        NotSimulated::TooMuch => ("too-many-events", json!({})),
        NotSimulated::TooManyTurns { cycle, events } => ("too-many-turns", json!({ "cycle": cycle, "events": events })),
    }
}

fn unclear_load(one: &UnclearLoad) -> Typed {
    match one {
        UnclearLoad::NoFlow => ("no-flow", json!({})),
        UnclearLoad::NoWeight => ("no-weight", json!({})),
        UnclearLoad::EndlessWeight => ("endless-weight", json!({})),
        UnclearLoad::NoThinkTime => ("no-think-time", json!({})),
        UnclearLoad::ImpossibleThinkTime => ("impossible-think-time", json!({})),
        UnclearLoad::UnclearBatches => ("unclear-batches", json!({})),
        UnclearLoad::TooManyAtOnce { most } => ("too-many-at-once", json!({ "most": most })),
        UnclearLoad::UnclearBursts => ("unclear-bursts", json!({})),
        UnclearLoad::BriefBursts => ("brief-bursts", json!({})),
        UnclearLoad::TooManyUsers { most } => ("too-many-users", json!({ "most": most })),
        UnclearLoad::NothingGiven => ("nothing-given", json!({})),
        UnclearLoad::AsksForNothing => ("no-requests", json!({})),
        UnclearLoad::UnreadableTrace => ("unreadable-trace", json!({})),
        UnclearLoad::UnknownFlow { name } => ("unknown-flow", json!({ "name": name })),
    }
}

fn missing(one: &MissingFact) -> Typed {
    match one {
        MissingFact::Time { call, callee } => ("time", json!({ "call": call, "station": callee })),
        MissingFact::Distribution => ("distribution", json!({})),
        MissingFact::HitRatio { cache } => ("hit-ratio", json!({ "cache": cache })),
        MissingFact::Share { course } => ("share", json!({ "case": course })),
        MissingFact::Steps { flow } => ("steps", json!({ "flow": flow })),
        MissingFact::Depth { most } => ("depth", json!({ "most": most })),
        MissingFact::Courses { most } => ("early-ends", json!({ "most": most })),
    }
}

fn not_converged(one: &NotConverged) -> Typed {
    match one {
        NotConverged::Grows { simulated, is_open } => ("grows", json!({ "simulated": simulated, "is-open": is_open })),
        NotConverged::Short { unloaded_time, simulated, events } => {
            ("too-short", json!({ "unloaded-time": unloaded_time, "simulated": simulated, "events": events }))
        }
        NotConverged::Rare { unloaded_time, simulated } => {
            ("too-rare", json!({ "unloaded-time": unloaded_time, "simulated": simulated }))
        }
        NotConverged::NearSaturation { station, needs, simulated, events } => {
            ("near-saturation", json!({ "station": station, "needs": needs, "simulated": simulated, "events": events }))
        }
        NotConverged::FewTurns { cycle, simulated, events } => {
            ("few-turns", json!({ "cycle": cycle, "simulated": simulated, "events": events }))
        }
        NotConverged::FewStalls { station, every, simulated } => {
            ("few-stalls", json!({ "station": station, "every": every, "simulated": simulated }))
        }
        NotConverged::AtSaturation { station, simulated } => {
            ("at-saturation", json!({ "station": station, "simulated": simulated }))
        }
    }
}

fn endless(one: &EndlessWait) -> Typed {
    match one {
        EndlessWait::Overload(all) => {
            let one = |one: &Overload| {
                json!({
                    "station": one.station,
                    "queue": one.place.as_ref().unwrap_or(&one.station),
                    "rate": one.by_formula.map(|excess| excess.rate),
                    "capacity": one.by_formula.map(|excess| excess.served),
                })
            };
            ("overload", json!({ "overloads": all.iter().map(one).collect::<Vec<_>>() }))
        }
        EndlessWait::Deadlock { circle, stuck, runs, within } => {
            ("deadlock", json!({ "stations": circle.stations, "stuck": stuck, "replications": runs, "within": within }))
        }
    }
}

fn basis(one: &Basis) -> Typed {
    match one {
        Basis::Requests(fates, degraded) => {
            ("requests", json!({ "fates": fates_of(fates), "fallbacks": fallbacks(degraded.as_ref()) }))
        }
        Basis::Fallbacks(degraded) => ("fallbacks", fallbacks(Some(degraded))),
        Basis::Times(Longest { flow, spent, behind }, fates) => {
            let behind = behind.as_ref().map(|one| json!({ "stations": one.stations, "work": one.work }));
            let (on, share) =
                spent.as_ref().map_or((Value::Null, None), |(on, share)| (nested(spent_on(on)), Some(share)));
            (
                "times",
                json!({ "flow": flow, "longest": on, "share": share, "fates": fates_of(fates), "behind": behind }),
            )
        }
        Basis::Backlog { takers } => ("backlog", json!({ "stations": takers })),
        Basis::FirstPart { flow, whole } => ("first-part", json!({ "flow": flow, "whole": whole })),
        Basis::NobodyAnswered => ("none-succeeds", json!({})),
        Basis::Station { calls, replicas } => ("station", json!({ "rate": calls, "replicas": replicas })),
        Basis::Calls { element, rate, degraded } => {
            ("calls", json!({ "element": element, "rate": rate, "fallbacks": fallbacks(degraded.as_ref()) }))
        }
        Basis::Endless(wait) => endless(wait),
        Basis::Knee { station } => ("knee", json!({ "station": station })),
        Basis::Capacity { station } => ("capacity", json!({ "station": station })),
        Basis::AtLimit(served) => (
            "served-at-limit",
            json!({
                "limit": served.limit,
                "share": served.share,
                "station": served.most.as_ref().map(|(station, _)| station),
                "capacity": served.most.as_ref().map(|(_, capacity)| capacity),
            }),
        ),
        Basis::Served(served) => {
            let word = match served {
                Served::All => "all",
                Served::AllAsked => "all-asked",
                Served::InFailure => "during-failure",
                Served::Recorded => "recorded",
                Served::Simulated => "simulated",
                Served::MoreThanShare => "more-than-share",
            };
            ("served", json!({ "of": word }))
        }
        Basis::Weakest { call, flow, station, idle } => {
            let mut fields = json!({ "call": call, "flow": flow, "weakest": station });
            add_idle(idle, &mut fields);
            ("availability", fields)
        }
        Basis::Declared { idle } => {
            let mut fields = json!({});
            add_idle(idle, &mut fields);
            ("declared", fields)
        }
        Basis::People(needs) => ("people", json!({ "needs": needs.iter().map(need).collect::<Vec<_>>() })),
        Basis::DeclaredRecovery => ("declared-recovery", json!({})),
        Basis::Recovery(after) => ("recovery", after_failure(after)),
    }
}

fn fates_of(fates: &Option<Fates>) -> Value {
    fates.map_or(Value::Null, |one| json!({ "failed": one.failed, "late": one.late, "in-flight": one.left }))
}

/// Which shares of those that succeed rest on a fallback.
fn fallbacks(degraded: Option<&Degraded>) -> Value {
    degraded.map_or(Value::Null, |one| json!({ "degraded": one.share.value, "stale": one.stale.value }))
}

fn spent_on(one: &Spent) -> Typed {
    match one {
        Spent::Waiting(station) => ("waiting", json!({ "station": station })),
        Spent::Work(station) => ("work", json!({ "station": station })),
        Spent::Network(station) => ("network", json!({ "station": station })),
        Spent::Branches => ("branches", json!({})),
        Spent::Pauses => ("backoff", json!({})),
        Spent::Held => ("held", json!({})),
        Spent::FailedCalls => ("failed-calls", json!({})),
    }
}

fn after_failure(one: &AfterFailure) -> Value {
    json!({
        "failure": one.failure,
        "lasts": one.lasts,
        "recovered": one.recovery.recovered,
        "replications": one.recovery.of,
        "metastable": one.recovery.stuck,
        "observed": one.recovery.observed,
        "backlogs": backlogs(&one.recovery),
    })
}

/// What waits meanwhile where no answer waits for it.
pub(crate) fn backlogs(one: &Recovery) -> Value {
    let told = |one: &Backlog| {
        let until = one.until.map(|(low, high)| [low, high]);
        json!({ "station": one.station, "most": one.most, "until": until, "left": one.left })
    };
    one.backlogs.iter().map(told).collect()
}

fn unknown(one: &Unknown) -> Typed {
    match one {
        Unknown::NotSimulated(why) => ("not-simulated", json!({ "why": nested(not_simulated(why)) })),
        Unknown::NotConverged(why) => ("not-converged", json!({ "why": nested(not_converged(why)) })),
        Unknown::NoLoad => ("no-load", json!({})),
        Unknown::Team => ("team", json!({})),
        Unknown::FlowNotAsked { load } => ("flow-not-in-load", json!({ "load": load })),
        Unknown::NobodyComes => ("not-reached-by-load", json!({})),
        Unknown::NoFlow => ("not-reached", json!({})),
        Unknown::NoFlowMeant => ("no-flow-matches", json!({})),
        Unknown::NoRequest => ("no-request", json!({})),
        Unknown::NoParts => ("no-parts", json!({})),
        Unknown::NoTimeOfFirstPart(metric) => ("no-time-of-first-part", json!({ "metric": metric.word() })),
        Unknown::NoneSucceeds => ("hardly-any-succeeds", json!({})),
        Unknown::NoCall => ("no-call", json!({})),
        Unknown::SharedBacklog { station } => ("shared-backlog", json!({ "station": station })),
        Unknown::NoLimitThere => ("no-limit-there", json!({})),
        Unknown::NoLimit => ("no-limit", json!({})),
        Unknown::NoKnee => ("no-knee", json!({})),
        Unknown::NotMeasured(metric) => ("not-measured", json!({ "metric": metric.word() })),
        Unknown::ShareOfEndless { wait, simulated } => {
            ("share-of-endless", json!({ "wait": nested(endless(wait)), "simulated": simulated }))
        }
        Unknown::VaryingCache { station } => ("varying-cache", json!({ "station": station })),
        Unknown::AtPeak { metric, value, events, lag } => {
            let value = value.is_finite().then_some(value);
            let (replicas, cache) = match lag {
                Some(Lag::Replicas(station)) => (Some(station), None),
                Some(Lag::Cache(station)) => (None, Some(station)),
                None => (None, None),
            };
            let before = json!({ "replicas": replicas, "cache": cache });
            ("at-peak", json!({ "metric": metric.word(), "value": value, "events": events, "worse_before": before }))
        }
        Unknown::Availability { element } => ("no-availability", json!({ "elements": [element] })),
        Unknown::Availabilities { elements } => ("no-availability", json!({ "elements": elements })),
        Unknown::RepairTimes { elements, low, high } => {
            ("no-repair-time", json!({ "elements": elements, "low": low, "high": high }))
        }
        Unknown::NoFailure => ("no-failure", json!({})),
        Unknown::NoRecovery { fact } => ("no-recovery", json!({ "fact": fact })),
        Unknown::Recovery(after) => ("recovery-unknown", after_failure(after)),
        Unknown::RecoveryInTurns { cycle } => ("recovery-in-turns", json!({ "cycle": cycle })),
        Unknown::WatchedTooShort(after) => ("observed-too-short", after_failure(after)),
    }
}

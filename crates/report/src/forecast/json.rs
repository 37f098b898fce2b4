//! A forecast as JSON for programs.

use super::rounded;
use super::typed::Places;
use groma_base::Sources;
use groma_model::Architecture;
use groma_model::kinds::class;
use groma_simulate::{ElementResult, Estimate, FlowResult, Judgement, Latencies, Report, Run, StationResult, Timeline};
use serde_json::{Value, json};

/// Rises when a field changes its meaning or goes away.
const VERSION: u32 = 2;

pub(crate) fn estimate(one: &Option<Estimate>) -> Value {
    // JSON has no infinity: what grows without end is null.
    let finite = |value: f64| if value.is_finite() { json!(value) } else { Value::Null };
    one.as_ref().map_or(
        Value::Null,
        |one| json!({ "value": finite(one.value), "low": finite(one.low), "high": finite(one.high) }),
    )
}

/// The name of the quality that a judgement is of; none for what is expected of a flow during a failure, or of a load as a test.
pub(crate) fn quality_of<'a>(arch: &'a Architecture, one: &Judgement) -> Option<&'a str> {
    arch.item(one.quality).kind.is(&class::QUALITY).then(|| arch.name(one.quality))
}

/// A judgement as JSON. With `sources`, the places of what its reason names are told.
pub fn judgement(arch: &Architecture, sources: Option<&Sources>, one: &Judgement) -> Value {
    json!({
        "quality": quality_of(arch, one),
        "title": arch.title(one.quality),
        "threshold": one.is_threshold,
        "metric": one.metric.word(),
        "subject": one.subject,
        "flow": one.flow.map(|flow| arch.name(arch.flows[flow].at)),
        "of": one.of.map(|of| &*arch.element(of).path),
        "load": one.load.map(|load| arch.name(arch.records[load].at)),
        "failure": one.failure.map(|failure| arch.name(arch.records[failure].at)),
        "side": if one.upper { "under" } else { "over" },
        "limit": rounded(one.limit),
        "verdict": one.verdict.word(),
        "estimate": estimate(&one.estimate),
        "margin": one.margin().filter(|margin| margin.is_finite()),
        "reason": Places { arch, sources }.reason(&one.reason),
        "run": one.run,
    })
}

/// The whole forecast as JSON; `sources` are the texts that it is of.
pub fn json(arch: &Architecture, sources: &Sources, report: &Report) -> Value {
    let places = Places { arch, sources: Some(sources) };
    let judged = |one: &Judgement| {
        let source = sources.get(one.quality.file);
        let at = source.line_column(one.range.start);
        let mut whole = judgement(arch, Some(sources), one);
        whole["at"] = json!({ "file": source.place.path(), "line": at.line, "column": at.column });
        whole
    };
    json!({
        "version": VERSION,
        "judgements": report.judgements.iter().map(judged).collect::<Vec<_>>(),
        "runs": report.runs.iter().map(|one| run(places, one)).collect::<Vec<_>>(),
    })
}

fn run(places: Places<'_>, run: &Run) -> Value {
    let arch = places.arch;
    json!({
        "load": arch.name(arch.records[run.load].at),
        "failure": run.failure.map(|at| arch.name(arch.records[at].at)),
        "rate": run.analysis.rate,
        "capacity": Some(run.analysis.capacity).filter(|capacity| capacity.is_finite()),
        "bottleneck": run.analysis.first_full,
        "jams": run.analysis.jam.as_ref().map(|jam| json!({ "station": jam.station, "rate": jam.rate })),
        "unloaded-time": run.analysis.unloaded_time,
        "not-simulated": run.not_simulated().map(|why| places.not_simulated(why)),
        "not-converged": run.unsettled().map(|one| places.not_converged(&one.why)),
        "endless": run.endless.as_ref().map(|endless| {
            let flows: Vec<&str> = endless.flows.iter().map(|flow| arch.name(arch.flows[*flow].at)).collect();
            places.endless(&endless.reason, &flows)
        }),
        "replications": run.effort.replications,
        "seconds": run.effort.seconds,
        "events": run.effort.events,
        "assumptions": run.assumptions.iter().map(|one| places.assumption(one)).collect::<Vec<_>>(),
        "flows": run.flows().iter().map(|one| flow(arch, one)).collect::<Vec<_>>(),
        "elements": run.elements().iter().map(|one| element(arch, one)).collect::<Vec<_>>(),
        "timeline": run.timeline().map(|line| timeline(arch, line)),
        "stations": run.stations().iter().map(station).collect::<Vec<_>>(),
    })
}

/// An object with a field for the mean and for each percentile, named by its word.
fn with_times(mut object: Value, times: &Latencies<Option<Estimate>>) -> Value {
    for (latency, time) in times.entries() {
        object[latency.word()] = estimate(time);
    }
    object
}

fn flow(arch: &Architecture, flow: &FlowResult) -> Value {
    let value = json!({
        "flow": arch.name(arch.flows[flow.flow].at),
        "throughput": estimate(&flow.throughput),
        "error-rate": estimate(&flow.error_rate),
        "degraded": estimate(&flow.degraded.as_ref().map(|one| one.share.clone())),
        "stale": estimate(&flow.degraded.as_ref().map(|one| one.stale.clone())),
        "mean-by-formula": flow.mean_by_formula.filter(|mean| mean.is_finite()),
        "first-part": flow.first_part.as_ref().map(|part| with_times(json!({}), part)),
        "fates": flow.fates.map(|fates| json!({ "failed": fates.failed, "late": fates.late, "in-flight": fates.left })),
        "hops": flow.hops.iter().map(|hop| json!({
            "step": arch.label(hop.at), "at": hop.station, "calls": hop.calls, "wait": hop.wait, "work": hop.work,
            "network": hop.network, "retries": hop.retries,
            "waited-for": hop.is_waited_for, "beside": hop.is_beside,
        })).collect::<Vec<_>>(),
    });
    with_times(value, &flow.latency)
}

fn element(arch: &Architecture, one: &ElementResult) -> Value {
    let value = json!({
        "element": &*arch.element(one.element).path,
        "flow": one.flow.map(|flow| arch.name(arch.flows[flow].at)),
        "throughput": estimate(&one.throughput),
        "error-rate": estimate(&one.error_rate),
        "degraded": estimate(&one.degraded.as_ref().map(|one| one.share.clone())),
        "stale": estimate(&one.degraded.as_ref().map(|one| one.stale.clone())),
    });
    with_times(value, &one.latency)
}

fn station(station: &StationResult) -> Value {
    json!({
        "name": station.name, "replicas": station.replicas, "utilization": estimate(&station.utilization),
        "waiting": estimate(&station.waiting), "rate": estimate(&station.rate), "rejected": station.refused,
    })
}

/// The timeline of a run as JSON: a number for each window.
fn timeline(arch: &Architecture, line: &Timeline) -> Value {
    json!({
        "ends": line.ends,
        "failure": line.trouble.map(|(from, to)| json!({ "from": from, "to": to })),
        "flows": line.flows.iter().map(|flow| json!({
            "flow": arch.name(arch.flows[flow.flow].at),
            "offered": flow.offered, "succeeded": flow.answered, "failed": flow.failed, "degraded": flow.degraded, "mean": flow.mean, "p95": flow.p95,
        })).collect::<Vec<_>>(),
        "stations": line.stations.iter().map(|station| json!({
            "name": station.name, "in-use": station.in_use, "waiting": station.waiting, "replicas": station.replicas,
        })).collect::<Vec<_>>(),
        "retries": line.retries,
        "breakers": line.breakers.iter().map(|breaker| json!({ "name": breaker.name, "open": breaker.open })).collect::<Vec<_>>(),
        "alerts": line.alerts.iter().map(|alert| json!({
            "alert": arch.name(alert.at), "after": alert.after, "fires": alert.fired, "too-early": alert.too_early, "of": alert.of,
        })).collect::<Vec<_>>(),
        "recovery": line.recovery.as_ref().map(|recovery| json!({
            "took": estimate(&recovery.took), "recovered": recovery.recovered, "likely": recovery.likely(), "metastable": recovery.stuck,
            "of": recovery.of, "observed": recovery.observed, "sentence": recovery.sentence(),
            "backlogs": super::typed::backlogs(recovery),
        })),
    })
}

//! What is predicted: verdicts, where the time goes, what is in use.

use crate::Site;
use crate::findings::finding_list;
use crate::links::{link, record_link};
use crate::menu::Whole;
use crate::page::{count, page};
use groma_base::{Diagnostic, last_part};
use groma_model::decode::FactValue;
use groma_model::{ItemRef, RecordId};
use groma_plot::{PLOTS, Subject};
use groma_simulate::number::{interval_beside, plain, share, time};
use groma_simulate::{
    Estimate, FlowResult, Hop, Judgement, Latency, LoadCurve, Metric, Report, Run, Timeline, Verdict,
};
use maud::{Markup, PreEscaped, html};

/// The page of verdicts, or of why there are none.
pub(crate) fn page_file(site: &Site<'_>) -> String {
    match site.forecast {
        Some(Ok(report)) => report_page(site, report),
        Some(Err(refusal)) => refusal_page(site, refusal.findings.iter().collect()),
        None => refusal_page(site, Vec::new()),
    }
}

fn report_page(site: &Site<'_>, report: &Report) -> String {
    let assumed = report.runs.iter().flat_map(|run| &run.assumptions);
    let mut assumptions: Vec<String> = assumed.map(ToString::to_string).collect();
    assumptions.sort_unstable();
    assumptions.dedup();
    let body = html! {
        h1 { "Forecast" }
        p.lead { "Whether each quality holds, predicted from the flows, their times and the loads, before anything is built." }
        p { (summary(report)) }
        table.verdicts {
            thead { tr { th { "Verdict" } th { "Quality" } th { "Required" } th { "Predicted" } th { "Why" } } }
            tbody {
                @for (nth, one) in report.judgements.iter().enumerate() {
                    tr id=(verdict_id(nth)) {
                        td { (verdict_word(one.verdict)) }
                        td { (record_link(site, one.quality, "")) }
                        td { (one.demand()) }
                        td {
                            @if let Some(estimate) = &one.estimate { (interval_beside(one.metric, estimate, one.limit)) }
                            @if let Some(of_it) = on_fallbacks(one) { "; of it " (of_it) }
                        }
                        td { (crate::page::coded(&one.reason.to_string())) }
                    }
                }
            }
        }
        p.key.note { "Bars: " span.times { span.work { "work" } span.wait { "waiting" } span.net { "network" } } }
        @for (nth, run) in report.runs.iter().enumerate() { section id=(run_id(nth)) { (run_section(site, report, run)) } }
        @if !assumptions.is_empty() {
            h2 { "Assumptions" }
            ul { @for assumption in assumptions { li { (crate::page::coded(&assumption)) } } }
        }
    };
    page(site, "Forecast", "", Whole::Forecast, body)
}

/// Which share of what succeeds rests on a fallback, beside a verdict of how much succeeds.
fn on_fallbacks(one: &Judgement) -> Option<String> {
    let degraded = one.degraded().filter(|_| one.metric == Metric::Success)?;
    degraded.sentence()
}

/// The page of a workspace that cannot be forecast: no verdict, and why.
fn refusal_page(site: &Site<'_>, findings: Vec<&Diagnostic>) -> String {
    let body = html! {
        h1 { "Forecast" }
        p.lead { "There is no forecast: with these findings it would not describe what is written. Fix them first." }
        (finding_list(site, &findings, Some("")))
    };
    page(site, "Forecast", "", Whole::Forecast, body)
}

/// How many requirements of qualities fare how.
pub(crate) fn summary(report: &Report) -> Markup {
    let all = [
        (Verdict::Holds, "holds", "hold"),
        (Verdict::Fails, "fails", "fail"),
        (Verdict::TooClose, "is too close to call", "are too close to call"),
        (Verdict::Unknown, "unknown", "unknown"),
    ];
    html! {
        @let counts: Vec<_> = all.into_iter().filter(|(verdict, ..)| report.count(*verdict) > 0).collect();
        @for (nth, (verdict, one, many)) in counts.into_iter().enumerate() {
            @if nth > 0 { ", " }
            span class=(class(verdict)) { (count(report.count(verdict), one, many)) }
        }
    }
}

/// The id of a verdict on the page of the forecast.
fn verdict_id(nth: usize) -> String {
    format!("verdict-{}", nth + 1)
}

fn verdict_word(verdict: Verdict) -> Markup {
    html! { span class={ "verdict " (class(verdict)) } { (verdict.word()) } }
}

/// A verdict with a link to where it is told in full, and what is predicted.
fn verdict_link(nth: usize, one: &Judgement) -> Markup {
    html! {
        a href={ (Whole::Forecast.file()) "#" (verdict_id(nth)) } { (verdict_word(one.verdict)) }
        @if let Some(estimate) = &one.estimate { " " (interval_beside(one.metric, estimate, one.limit)) }
    }
}

/// How what is required of a quality fares, if there is a forecast.
pub(crate) fn verdict(site: &Site<'_>, quality: ItemRef, required: &FactValue) -> Markup {
    let judgements = site.forecast.and_then(Result::ok).map_or(&[][..], |report| &report.judgements);
    let is_meant = |one: &Judgement| !one.is_threshold && one.quality == quality && one.range == required.range;
    html! { @for (nth, one) in judgements.iter().enumerate().filter(|(_, one)| is_meant(one)) { p.note { (verdict_link(nth, one)) } } }
}

/// What becomes of a failure: where it was played, and how what is judged of it fares.
pub(crate) fn of_failure(site: &Site<'_>, report: &Report, failure: ItemRef) -> Markup {
    let arch = site.arch;
    let is_it = |named: Option<RecordId>| named.is_some_and(|named| arch.records[named].at == failure);
    let judged: Vec<_> = report.judgements.iter().enumerate().filter(|(_, one)| is_it(one.failure)).collect();
    let played: Vec<_> = report.runs.iter().enumerate().filter(|(_, run)| is_it(run.failure)).collect();
    html! {
        p {
            @if played.is_empty() { "It was not played: what is judged of it follows without a simulation." }
            @else { "Played under " }
            @for (at, (nth, run)) in played.into_iter().enumerate() {
                @if at > 0 { ", " }
                a href={ (Whole::Forecast.file()) "#" (run_id(nth)) } { (arch.title(arch.records[run.load].at)) }
                @if let Some(recovery) = run.timeline().and_then(|line| line.recovery.as_ref()) { ": " (recovery.sentence()) }
            }
        }
        @if judged.is_empty() { p { span.lacks { "Nothing judges it" } " in the forecast." } }
        ul.verdicts {
            @for (nth, one) in judged {
                li { (verdict_link(nth, one)) ": " @if one.quality != failure { (record_link(site, one.quality, "")) ", " } (one.demand()) }
            }
        }
    }
}

/// The id of what was simulated on the page of the forecast.
fn run_id(nth: usize) -> String {
    format!("run-{}", nth + 1)
}

fn class(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Holds => "holds",
        Verdict::Fails => "error",
        Verdict::TooClose => "warning",
        Verdict::Unknown => "note",
    }
}

fn run_section(site: &Site<'_>, report: &Report, run: &Run) -> Markup {
    let arch = site.arch;
    let failure = run.failure.map(|at| arch.title(arch.records[at].at));
    html! {
        h2 { (arch.title(arch.records[run.load].at)) @if let Some(failure) = failure { ", during: " (failure) } }
        @if run.analysis.rate > 0.0 {
            p {
                @if run.analysis.is_highest || run.analysis.knee.is_some() { "up to " }
                (plain(run.analysis.rate)) " requests/s; "
                @match &run.analysis.first_full {
                    Some(name) => { "bottleneck " code { (name) } ": saturates at " (plain(run.analysis.capacity)) " requests/s" @if run.saturates_earlier() { " by formula, and earlier as simulated" } },
                    None => "no limit on the path",
                }
                @if let Some(jam) = &run.analysis.jam {
                    "; behind asynchronous steps " code { (jam.station) } " saturates at " (plain(jam.rate)) " requests/s"
                }
                "."
            }
        }
        @if let Some(reason) = run.not_simulated() { p.warning { "Not simulated: " (reason) "." } }
        @else if let Some(endless) = &run.endless { p.warning { (endless.reason) "." } }
        @if let Some(unsettled) = run.unsettled() { p.warning { "No numbers: " (unsettled.why) "." } }
        @if !run.flows().is_empty() { (flow_table(site, run)) }
        @if !run.stations().is_empty() { (station_table(site, run)) }
        (pictures(site, Subject::Timeline(run)))
        @if let Some(line) = run.timeline() { (timeline_notes(site, line)) }
        (pictures(site, Subject::Whole(run)))
        @if let Some(curve) = curve(report, run) { (pictures(site, Subject::Load(curve))) }
        @else if run.failure.is_none() && run.timeline().is_none() && run.not_simulated().is_none() {
            p.note { "How times follow the load is not drawn: too many events would be needed until each point of it has settled." }
        }
        @if run.effort.events > 0 { p.note { (run.effort.replications) " replications of " (time(run.effort.seconds)) "." } }
    }
}

fn shown(estimate: &Option<Estimate>, how: fn(f64) -> String) -> String {
    estimate.as_ref().map_or("–".into(), |one| how(one.value))
}

fn flow_table(site: &Site<'_>, run: &Run) -> Markup {
    let arch = site.arch;
    let falls_back = run.flows().iter().any(|flow| flow.degraded.as_ref().is_some_and(|one| one.share.value > 0.0));
    let in_parts = run.flows().iter().any(|flow| flow.first_part.is_some());
    html! {
        table {
            thead { tr { th { "Flow" } th { "Requests/s" } th { "Mean" } th { "Median" } th { "p95" } th { "p99" } @if in_parts { th { "First part" } th { "Its p95" } } th { "Errors" } @if falls_back { th { "Degraded" } th { "Stale" } } th { "Where the time goes" } } }
            tbody {
                @for flow in run.flows() {
                    tr {
                        td { a href=(site.flow_file(flow.flow)) { (arch.title(arch.flows[flow.flow].at)) } }
                        td { (shown(&flow.throughput, plain)) }
                        td { (shown(&flow.latency[Latency::Mean], time)) }
                        td { (shown(&flow.latency[Latency::P50], time)) }
                        td { (shown(&flow.latency[Latency::P95], time)) }
                        td { (shown(&flow.latency[Latency::P99], time)) }
                        @if in_parts {
                            td { (shown(&flow.first_part.as_ref().and_then(|part| part[Latency::Mean].clone()), time)) }
                            td { (shown(&flow.first_part.as_ref().and_then(|part| part[Latency::P95].clone()), time)) }
                        }
                        td { (shown(&flow.error_rate, share)) }
                        @if falls_back {
                            td { (shown(&flow.degraded.as_ref().map(|one| one.share.clone()), share)) }
                            td { (shown(&flow.degraded.as_ref().map(|one| one.stale.clone()), share)) }
                        }
                        td { (time_bar(flow)) }
                    }
                }
            }
        }
    }
}

fn station_table(site: &Site<'_>, run: &Run) -> Markup {
    html! {
        table.stations {
            thead { tr { th { "Station" } th { "Replicas" } th { "In use" } th { "" } th { "Requests/s" } th { "Queue" } } }
            tbody {
                @for station in run.stations() {
                    tr {
                        td { @match station.element { Some(id) => (link(site, id, "")), None => (station.name) } }
                        td { (station.replicas) }
                        td { (station.in_use()) }
                        td.bar { @if let Some(used) = &station.utilization { (bar(used.value)) } }
                        td { (shown(&station.rate, plain)) }
                        td { (shown(&station.waiting, plain)) @if station.refused > 0.0 { "; " (share(station.refused)) " rejected" } }
                    }
                }
            }
        }
    }
}

/// The plots of something that are shown beside what is told of it.
fn pictures(site: &Site<'_>, of: Subject<'_>) -> Markup {
    html! {
        @for picture in PLOTS.iter().filter(|plot| (plot.is_beside)(of)).filter_map(|plot| (plot.draw)(site.arch, of)) {
            figure.plot { figcaption { (picture.title) } (PreEscaped(picture.svg)) }
        }
    }
}

/// How times follow the load of a run without a failure.
fn curve<'a>(report: &'a Report, run: &Run) -> Option<&'a LoadCurve> {
    report.curves.iter().find(|curve| run.failure.is_none() && curve.load == run.load)
}

/// What the alerts do in the course of a failure, and how it ends.
fn timeline_notes(site: &Site<'_>, line: &Timeline) -> Markup {
    html! {
        ul {
            @for alert in &line.alerts {
                li {
                    (record_link(site, alert.at, "")) " " (alert.sentence())
                }
            }
            @if let Some(recovery) = &line.recovery { li { (recovery.sentence()) } }
        }
    }
}

/// A bar of how much is in use, striped where it is nearly all.
fn bar(used: f64) -> Markup {
    let full = if used > 0.85 { "used full" } else { "used" };
    html! { span.gauge role="img" aria-label={ (share(used)) " in use" } { span class={ (full) " " (width(used)) } {} } }
}

/// The class of a width, a share of the whole; what is there is seen.
fn width(share: f64) -> String {
    let percent = (share * 100.0).round().clamp(0.0, 100.0);
    format!("w{}", if share > 0.0 { percent.max(1.0) } else { percent })
}

/// Where the mean time of a flow goes: waiting, work and network of each call that is waited for.
fn time_bar(flow: &FlowResult) -> Markup {
    let hops: Vec<&Hop> = flow.hops.iter().filter(|hop| hop.is_waited_for).collect();
    let all: f64 = hops.iter().map(|hop| hop.wait + hop.work + hop.network).sum();
    html! {
        @if all > 0.0 {
            span.times role="img" aria-label={ "work, waiting and network of " (hops.len()) " calls" } {
                @for hop in hops {
                    @for (seconds, class, word) in [(hop.wait, "wait", "waiting"), (hop.work, "work", "work"), (hop.network, "net", "network")] {
                        @if seconds / all > 0.002 {
                            span class={ (class) " " (width(seconds / all)) } title={ (hop.station) ", " (word) ": " (time(seconds)) } {
                                @if class == "work" && seconds / all > 0.18 { (last_part(&hop.station)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

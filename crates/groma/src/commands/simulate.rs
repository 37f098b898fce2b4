//! `groma simulate`: whether each quality holds, and why.

use crate::commands::course::course;
use crate::commands::{fix, what_if};
use crate::output::{Failure, Outcome, print, print_error, print_progress};
use crate::{refusal, workspace, write};
use clap::{Args, ValueEnum};
use groma_model::decode::FactValue;
use groma_model::kinds::class;
use groma_model::{Architecture, kinds};
use groma_session::describe;
use groma_simulate::number::{interval_beside, plain, share, time};
use groma_simulate::{Estimate, Judgement, Options, Report, Run, Timeline, Verdict};
use serde_json::{Value, json};
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// How the report is written.
#[derive(Clone, Copy, ValueEnum)]
enum ReportFormat {
    /// For people
    Human,
    /// For programs; carries a version
    Json,
    /// A table of the verdicts
    Csv,
}

/// Predict whether each quality holds
///
/// Every `require` of every `quality` gets a verdict: holds, fails, too close to call, or cannot be told and what is
/// missing. The flows are simulated under the loads that the qualities name.
#[derive(Args)]
pub(crate) struct SimulateArgs {
    /// A workspace folder, or one .groma file
    #[arg(default_value = ".")]
    path: PathBuf,
    /// How to write the report
    #[arg(long, value_enum, default_value = "human")]
    format: ReportFormat,
    /// Chooses the random numbers: the same seed, the same report
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How narrow an interval must be where the verdict is not clear before, in per cent of the value
    #[arg(long, default_value_t = 5.0, value_name = "PERCENT")]
    precision: f64,
    /// Reach the precision even where the verdict is clear
    #[arg(long)]
    exhaustive: bool,
    /// About how many million events to simulate for one load at most
    #[arg(long, default_value_t = 60.0, value_name = "MILLIONS")]
    events: f64,
    /// How many threads work; the report does not depend on it
    #[arg(long)]
    threads: Option<usize>,
    /// Exit with 1 also where a verdict is too close to call or cannot be told
    #[arg(long)]
    strict: bool,
    /// Also judge with a fact changed, such as `shop.core.replicas=6`, `shop.core->shop.db.pool=20`, or a part of one as in
    /// `shop.db.failover.after=15s`, of an element, relationship, load, failure or place, and compare; may be
    /// repeated, the changes are made together
    #[arg(long, value_name = "CHANGE")]
    what_if: Vec<String>,
    /// Write plots into this folder: how times are spread and follow the load, what is in use, the course of each failure
    #[arg(long, value_name = "FOLDER")]
    plots: Option<PathBuf>,
    /// For each requirement that fails, look for a change that makes it hold: what is used most first, then several at once
    #[arg(long)]
    fix: bool,
}

pub(crate) fn run(args: &SimulateArgs) -> Result<Outcome, Failure> {
    let result = forecast(args);
    if matches!(args.format, ReportFormat::Json) { refusal::as_json(result) } else { result }
}

fn forecast(args: &SimulateArgs) -> Result<Outcome, Failure> {
    let snapshot = workspace::open(&args.path)?;
    let workspace = snapshot.forecastable().map_err(Failure::refused)?;
    let default = Options::default();
    let options = Options {
        seed: args.seed,
        precision: precision(args.precision)?,
        exhaustive: args.exhaustive,
        most_events: events(args.events)?,
        threads: args.threads.unwrap_or(default.threads).clamp(1, 256),
    };
    write::finish_files_on_interrupt();
    let talks = std::io::stderr().is_terminal();
    let began = Instant::now();
    let progress = |run: usize, runs: usize, done: f64| {
        if talks {
            let share = (run as f64 + done) / runs as f64;
            let left = time(began.elapsed().as_secs_f64() * (1.0 - share) / share.max(0.01));
            print_progress(&format!(
                "simulating load {} of {runs}: {:3.0}%, about {left} left ",
                run + 1,
                done * 100.0
            ));
        }
    };
    let mut report = workspace.judge(&options, write::interruption(), &progress);
    let mut more = String::new();
    if !args.what_if.is_empty() {
        more.push_str(&what_if::compare(&snapshot, &workspace, &report, &args.what_if, &options)?);
    }
    if args.fix {
        more.push_str(&fix::fixes(&snapshot, &workspace, &report, &options)?);
    }
    if talks {
        print_progress("");
    }
    write::interrupted()?;
    if let Some(folder) = &args.plots {
        report.add_curves(&snapshot.arch, &options, write::interruption());
        write::interrupted()?;
        write_plots(&snapshot.arch, &report, folder)?;
    }
    let text = match args.format {
        ReportFormat::Human => human(&snapshot.arch, &report),
        ReportFormat::Json => {
            format!("{}\n", serde_json::to_string_pretty(&to_json(&snapshot.arch, &report)).unwrap_or_default())
        }
        ReportFormat::Csv => csv(&snapshot.arch, &report),
    };
    print(&text)?;
    match args.format {
        ReportFormat::Human if !args.fix && report.count(Verdict::Fails) > 0 => {
            print(&format!("{more}`--fix` looks for the smallest change that makes a requirement hold\n"))?;
        }
        ReportFormat::Human => print(&more)?,
        _ => print_error(&more),
    }
    let unsure = report.count(Verdict::TooClose) + report.count(Verdict::Unknown);
    let is_bad = report.count(Verdict::Fails) > 0 || (args.strict && unsure > 0);
    Ok(if is_bad { Outcome::Findings } else { Outcome::Clean })
}

/// A precision in per cent as a share.
pub(crate) fn precision(percent: f64) -> Result<f64, Failure> {
    let is_allowed = (0.01..=100.0).contains(&percent);
    is_allowed.then_some(percent / 100.0).ok_or_else(|| Failure::new("`--precision` must be between 0.01 and 100"))
}

/// Millions of events as events.
pub(crate) fn events(millions: f64) -> Result<u64, Failure> {
    let is_allowed = (0.1..=100_000.0).contains(&millions);
    is_allowed
        .then_some((millions * 1e6) as u64)
        .ok_or_else(|| Failure::new("`--events` must be between 0.1 and 100000"))
}

/// Writes the plots of every run: `peak.svg`, and `peak-database-gone.svg` and `peak-database-gone-course.svg` with a failure.
fn write_plots(arch: &Architecture, report: &Report, folder: &Path) -> Result<(), Failure> {
    let fails =
        |error: std::io::Error| Failure::new(format!("cannot make `{}`: {}", folder.display(), describe(&error)));
    std::fs::create_dir_all(folder).map_err(fails)?;
    let name = |run: &Run| {
        let load = arch.name(arch.records[run.load].at);
        let failure = run.failure.map(|failure| format!("-{}", arch.name(arch.records[failure].at)));
        format!("{load}{}", failure.unwrap_or_default())
    };
    // Names of records may hold anything: they must not lead out of the folder.
    for (run, name) in report.runs.iter().zip(groma_site::file_names(report.runs.iter().map(name))) {
        let plots = [(groma_plot::distribution(arch, run), ""), (groma_plot::timeline(arch, run), "-course")];
        let drawn = plots.into_iter().filter_map(|(plot, ending)| Some((groma_plot::draw(&plot?), ending)));
        for (svg, ending) in drawn.chain(groma_plot::utilization(arch, run).map(|svg| (svg, "-in-use"))) {
            write::file(&folder.join(format!("{name}{ending}.svg")), svg.as_bytes())?;
        }
    }
    let loads = report.curves.iter().map(|curve| arch.name(arch.records[curve.load].at).to_owned());
    for (curve, name) in report.curves.iter().zip(groma_site::file_names(loads)) {
        let Some(plot) = groma_plot::against_load(arch, curve) else { continue };
        write::file(&folder.join(format!("{name}-against-load.svg")), groma_plot::draw(&plot).as_bytes())?;
    }
    Ok(())
}

/// The requirements that nothing can be judged by, a line for each.
fn without_limit(arch: &Architecture) -> String {
    let mut out = String::new();
    for record in arch.records_of(&class::QUALITY) {
        for value in arch.all_facts(record.at, &kinds::REQUIRE) {
            let is_limit =
                |part: &FactValue| [&kinds::UNDER, &kinds::ABOVE].iter().any(|one| std::ptr::eq(part.fact, *one));
            if arch.file(record.at).parts_of(value).iter().any(is_limit) {
                continue;
            }
            let (metric, quality) = (arch.words(record.at, value), arch.title(record.at));
            out.push_str(&format!(
                "not judged: `require {metric}` of \"{quality}\" has no limit; add `under=…` or `over=…`\n\n"
            ));
        }
    }
    out
}

fn human(arch: &Architecture, report: &Report) -> String {
    let mut out = without_limit(arch);
    if report.judgements.is_empty() {
        out.push_str("no quality requires anything that can be measured; `groma explain quality` tells how one does\n");
        return out;
    }
    let mut judgements: Vec<&Judgement> = report.judgements.iter().collect();
    judgements.sort_by_key(|one| urgency(one.verdict));
    for one in judgements {
        let quality = arch.title(one.quality);
        out.push_str(&format!("{:16}  {quality}\n", one.verdict.word().to_uppercase()));
        let value = one
            .estimate
            .as_ref()
            .map(|estimate| format!(": {}", interval_beside(one.metric, estimate, one.limit)))
            .unwrap_or_default();
        let value = format!("{value}{}", margin(one));
        out.push_str(&format!("{:18}{}{value}\n", "", one.demand()));
        out.push_str(&format!("{:18}{}\n\n", "", one.reason));
    }
    for run in &report.runs {
        run_text(arch, run, &mut out);
    }
    let mut assumptions: Vec<&String> = report.runs.iter().flat_map(|run| &run.assumptions).collect();
    assumptions.sort_unstable();
    assumptions.dedup();
    for assumption in assumptions {
        out.push_str(&format!("assumed: {assumption}\n"));
    }
    let count = |verdict| report.count(verdict);
    out.push_str(&format!(
        "{} hold, {} fail, {} too close to call, {} cannot be told\n",
        count(Verdict::Holds),
        count(Verdict::Fails),
        count(Verdict::TooClose),
        count(Verdict::Unknown)
    ));
    out
}

/// What is read first.
fn urgency(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Fails => 0,
        Verdict::TooClose => 1,
        Verdict::Unknown => 2,
        Verdict::Holds => 3,
    }
}

/// How far a value is from its limit, in words.
fn margin(one: &Judgement) -> String {
    match one.margin().filter(|margin| margin.is_finite() && *margin != 0.0) {
        None => String::new(),
        // Of a share near one it counts how much of what may fail does.
        Some(margin) if one.is_of_rest() && margin < -2.0 => format!(", {} times what may fail", plain(1.0 - margin)),
        Some(margin) if one.is_of_rest() => format!(", {} of what may fail", share(1.0 - margin)),
        Some(margin) if margin < -2.0 => format!(", {} times the limit", plain(1.0 - margin)),
        Some(margin) => format!(", {} {}", share(margin.abs()), if margin < 0.0 { "too far" } else { "to spare" }),
    }
}

fn run_text(arch: &Architecture, run: &Run, out: &mut String) {
    let load = arch.title(arch.records[run.load].at);
    let failure = run.failure.map(|at| format!(", with \"{}\"", arch.title(arch.records[at].at))).unwrap_or_default();
    out.push_str(&format!("load \"{load}\"{failure}\n"));
    let analysis = &run.analysis;
    if analysis.rate > 0.0 {
        let first = analysis.first_full.as_ref();
        let limit =
            first.map(|name| format!("; {name} is the first to be fully used, at {}", plain(analysis.capacity)));
        out.push_str(&format!(
            "  {}{} requests a second{}; one that is alone takes {}\n",
            if analysis.is_highest || analysis.knee.is_some() { "up to " } else { "" },
            plain(analysis.rate),
            limit.unwrap_or_else(|| "; nothing on the way has a limit".into()),
            time(analysis.unloaded_time)
        ));
    }
    if let Some(reason) = &run.refused {
        out.push_str(&format!("  not simulated: {reason}\n"));
    }
    if let Some(endless) = run.endless.as_ref().filter(|_| run.refused.is_none()) {
        out.push_str(&format!("  {}\n", endless.reason));
        if !endless.flows.is_empty() {
            let titles = endless.flows.iter().map(|flow| arch.title(arch.flows[*flow].at));
            out.push_str(&format!("  without an answer: {}\n", groma_base::list_words(titles, "and")));
        }
    }
    if let Some(reason) = &run.unsettled {
        let titles: Vec<&str> = run.restless.iter().map(|flow| arch.title(arch.flows[*flow].at)).collect();
        let of =
            if titles.is_empty() { String::new() } else { format!(" of {}", groma_base::list_words(titles, "and")) };
        out.push_str(&format!("  no numbers{of}: {reason}\n"));
    }
    let shown = |estimate: &Option<Estimate>, how: fn(f64) -> String| {
        estimate.as_ref().map_or("-".into(), |one| how(one.value))
    };
    if !run.flows.is_empty() {
        let width = run.flows.iter().map(|flow| arch.title(arch.flows[flow.flow].at).chars().count()).max();
        let width = width.unwrap_or(0).clamp(4, 32);
        out.push_str(&format!(
            "\n  {:width$}  {:>9}  {:>9}  {:>10}  {:>9}  {:>9}  {:>9}  {:>8}\n",
            "flow", "per s", "mean", "by formula", "p50", "p95", "p99", "errors"
        ));
        for flow in &run.flows {
            let title: String = arch.title(arch.flows[flow.flow].at).chars().take(width).collect();
            out.push_str(&format!(
                "  {title:width$}  {:>9}  {:>9}  {:>10}  {:>9}  {:>9}  {:>9}  {:>8}\n",
                shown(&flow.throughput, plain),
                shown(&flow.mean, time),
                flow.mean_by_formula.map_or("-".into(), time),
                shown(&flow.quantiles[0], time),
                shown(&flow.quantiles[2], time),
                shown(&flow.quantiles[3], time),
                shown(&flow.error_rate, share)
            ));
        }
    }
    if !run.stations.is_empty() {
        let width = run.stations.iter().map(|station| station.name.chars().count()).max().unwrap_or(0).clamp(7, 44);
        out.push_str(&format!(
            "\n  {:width$}  {:>8}  {:>9}  {:>9}  {:>9}\n",
            "station", "replicas", "in use", "per s", "waiting"
        ));
        for station in &run.stations {
            let name: String = station.name.chars().take(width).collect();
            out.push_str(&format!(
                "  {name:width$}  {:>8}  {:>9}  {:>9}  {:>9}{}\n",
                station.replicas,
                station.in_use(),
                shown(&station.rate, plain),
                shown(&station.waiting, plain),
                if station.refused > 0.0 { format!("  {} turned away", share(station.refused)) } else { String::new() }
            ));
        }
    }
    if let Some(line) = &run.timeline {
        out.push_str(&course(arch, line));
    }
    if run.events > 0 {
        out.push_str(&format!(
            "\n  {} replications of {}, {} events\n",
            run.replications,
            time(run.seconds),
            plain(run.events as f64)
        ));
    }
    out.push('\n');
}

fn csv(arch: &Architecture, report: &Report) -> String {
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let mut out = "quality,metric,subject,load,failure,side,limit,verdict,value,low,high,reason\n".to_owned();
    for one in &report.judgements {
        let number =
            |of: fn(&Estimate) -> f64| one.estimate.as_ref().map(|one| of(one).to_string()).unwrap_or_default();
        out.push_str(&format!(
            "{},{},{},{},{},{},{},{},{},{},{},{}\n",
            quoted(arch.name(one.quality)),
            one.metric,
            quoted(&one.subject),
            quoted(one.load.map_or("", |load| arch.name(arch.records[load].at))),
            quoted(one.failure.map_or("", |failure| arch.name(arch.records[failure].at))),
            if one.upper { "under" } else { "over" },
            one.limit,
            quoted(one.verdict.word()),
            number(|one| one.value),
            number(|one| one.low),
            number(|one| one.high),
            quoted(&one.reason)
        ));
    }
    out
}

fn estimate(one: &Option<Estimate>) -> Value {
    // JSON has no infinity: what grows without end is null.
    let finite = |value: f64| if value.is_finite() { json!(value) } else { Value::Null };
    one.as_ref().map_or(
        Value::Null,
        |one| json!({ "value": finite(one.value), "low": finite(one.low), "high": finite(one.high) }),
    )
}

/// A judgement as JSON.
pub(crate) fn judgement(arch: &Architecture, one: &Judgement) -> Value {
    json!({
        "quality": arch.name(one.quality),
        "title": arch.title(one.quality),
        "metric": one.metric.word(),
        "subject": one.subject,
        "load": one.load.map(|load| arch.name(arch.records[load].at)),
        "failure": one.failure.map(|failure| arch.name(arch.records[failure].at)),
        "side": if one.upper { "under" } else { "over" },
        "limit": one.limit,
        "verdict": one.verdict.word(),
        "estimate": estimate(&one.estimate),
        "margin": one.margin().filter(|margin| margin.is_finite()),
        "reason": one.reason,
        "run": one.run,
    })
}

fn to_json(arch: &Architecture, report: &Report) -> Value {
    let run = |run: &Run| {
        json!({
            "load": arch.name(arch.records[run.load].at),
            "failure": run.failure.map(|at| arch.name(arch.records[at].at)),
            "rate": run.analysis.rate,
            "capacity": Some(run.analysis.capacity).filter(|capacity| capacity.is_finite()),
            "alone": run.analysis.unloaded_time,
            "refused": run.refused,
            "unsettled": run.unsettled,
            "endless": run.endless.as_ref().map(|endless| json!({
                "reason": endless.reason,
                "flows": endless.flows.iter().map(|flow| arch.name(arch.flows[*flow].at)).collect::<Vec<_>>(),
            })),
            "replications": run.replications,
            "seconds": run.seconds,
            "events": run.events,
            "assumptions": run.assumptions,
            "flows": run.flows.iter().map(|flow| json!({
                "flow": arch.name(arch.flows[flow.flow].at),
                "throughput": estimate(&flow.throughput),
                "error-rate": estimate(&flow.error_rate),
                "mean": estimate(&flow.mean),
                "mean-by-formula": flow.mean_by_formula.filter(|mean| mean.is_finite()),
                "p50": estimate(&flow.quantiles[0]),
                "p90": estimate(&flow.quantiles[1]),
                "p95": estimate(&flow.quantiles[2]),
                "p99": estimate(&flow.quantiles[3]),
                "fates": flow.fates.map(|fates| json!({ "failed": fates.failed, "late": fates.late, "under-way": fates.left })),
                "hops": flow.hops.iter().map(|hop| json!({
                    "step": arch.label(hop.at), "at": hop.station, "calls": hop.calls, "wait": hop.wait, "work": hop.work,
                    "network": hop.network, "retries": hop.retries,
                    "waited-for": hop.is_waited_for, "beside": hop.is_beside,
                })).collect::<Vec<_>>(),
            })).collect::<Vec<_>>(),
            "elements": run.elements.iter().map(|one| json!({
                "element": &*arch.element(one.element).path,
                "flow": one.flow.map(|flow| arch.name(arch.flows[flow].at)),
                "throughput": estimate(&one.throughput),
                "error-rate": estimate(&one.error_rate),
                "mean": estimate(&one.mean),
                "p50": estimate(&one.quantiles[0]),
                "p90": estimate(&one.quantiles[1]),
                "p95": estimate(&one.quantiles[2]),
                "p99": estimate(&one.quantiles[3]),
            })).collect::<Vec<_>>(),
            "course": run.timeline.as_ref().map(|line| timeline(arch, line)),
            "stations": run.stations.iter().map(|station| json!({
                "name": station.name, "replicas": station.replicas, "utilization": estimate(&station.utilization),
                "waiting": estimate(&station.waiting), "rate": estimate(&station.rate), "refused": station.refused,
            })).collect::<Vec<_>>(),
        })
    };
    json!({
        "version": 1,
        "judgements": report.judgements.iter().map(|one| judgement(arch, one)).collect::<Vec<_>>(),
        "runs": report.runs.iter().map(run).collect::<Vec<_>>(),
    })
}

/// The course of a run as JSON: a number a stretch.
fn timeline(arch: &Architecture, line: &Timeline) -> Value {
    json!({
        "ends": line.ends,
        "failure": line.trouble.map(|(from, to)| json!({ "from": from, "to": to })),
        "flows": line.flows.iter().map(|flow| json!({
            "flow": arch.name(arch.flows[flow.flow].at),
            "wanted": flow.offered, "answered": flow.answered, "failed": flow.failed, "mean": flow.mean, "p95": flow.p95,
        })).collect::<Vec<_>>(),
        "stations": line.stations.iter().map(|station| json!({
            "name": station.name, "in-use": station.in_use, "waiting": station.waiting, "replicas": station.replicas,
        })).collect::<Vec<_>>(),
        "retries": line.retries,
        "breakers": line.breakers.iter().map(|breaker| json!({ "name": breaker.name, "open": breaker.open })).collect::<Vec<_>>(),
        "alerts": line.alarms.iter().map(|alarm| json!({
            "alert": arch.name(alarm.at), "after": alarm.after, "sounds": alarm.sounds, "too-early": alarm.too_early, "of": alarm.of,
        })).collect::<Vec<_>>(),
        "recovery": line.recovery.as_ref().map(|recovery| json!({
            "took": estimate(&recovery.took), "recovered": recovery.recovered, "likely": recovery.likely(), "metastable": recovery.stuck,
            "of": recovery.of, "observed": recovery.observed, "sentence": recovery.sentence(),
        })),
    })
}

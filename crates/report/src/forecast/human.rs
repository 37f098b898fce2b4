//! A forecast for people: the verdicts, the gravest first, then what they are based on.

use super::timeline::timeline;
use crate::one_line;
use groma_base::Dimension;
use groma_model::decode::FactValue;
use groma_model::kinds::class;
use groma_model::{Architecture, FlowId, facts};
use groma_simulate::number::{interval_beside, plain, share, time};
use groma_simulate::{
    Assumption, Backlog, Degraded, Estimate, FlowResult, Judgement, Latency, LoadAssumption, Metric, Report, Run,
    Unsettled, Verdict,
};

/// How much of a forecast is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Detail {
    /// The verdicts, and of each load what limits it and the times of its flows.
    Short,
    /// What every verdict rests on, the stations, what was assumed and how much was simulated as well.
    Full,
}

/// The forecast as it is shown in a terminal.
pub fn human(arch: &Architecture, report: &Report, detail: Detail) -> String {
    let mut out = without_limit(arch);
    if report.judgements.is_empty() {
        out.push_str("no quality requires anything that can be measured; `groma explain quality` tells how one does\n");
        return out;
    }
    let mut judgements: Vec<&Judgement> = report.judgements.iter().collect();
    judgements.sort_by_key(|one| urgency(one.verdict));
    let width = judgements.iter().map(|one| one.verdict.word().len()).max().unwrap_or(0);
    let mut before = None;
    for one in judgements {
        verdict_lines(arch, one, before, (detail, width), &mut out);
        before = Some(one);
    }
    out.push_str(&counts(report));
    out.push_str(&unjudged_queues(arch, report));
    for run in &report.runs {
        out.push('\n');
        run_text(arch, run, detail, &mut out);
    }
    out.push_str(&assumed(report, detail));
    out
}

/// A verdict: what is demanded, what comes out, and why, unless it holds and no details are wanted.
fn verdict_lines(
    arch: &Architecture,
    one: &Judgement,
    before: Option<&Judgement>,
    (detail, width): (Detail, usize),
    out: &mut String,
) {
    let word = one.verdict.word().to_uppercase();
    let found = one.estimate.as_ref().map(|estimate| format!(": {}", interval_beside(one.metric, estimate, one.limit)));
    let found = format!("{}{}{}{}", one_line(&one.demand()), found.unwrap_or_default(), margin(one), of_it(one));
    match detail {
        Detail::Short => out.push_str(&format!("{word:width$}  {found}\n")),
        Detail::Full => {
            let title = one_line(arch.title(one.quality));
            out.push_str(&format!("{word:width$}  {title}\n{:width$}  {found}\n", ""));
        }
    }
    if detail == Detail::Full || one.verdict != Verdict::Holds {
        out.push_str(&format!("{:width$}  {}\n", "", reason(one, before)));
    } else {
        let behind = one.reason.mostly_behind().map(ToString::to_string);
        let limit = one.reason.behind_limit().map(ToString::to_string);
        let lost = one.reason.lost().iter().map(ToString::to_string);
        let backlogs = one.reason.backlogs().iter().map(Backlog::sentence);
        for told in behind.into_iter().chain(limit).chain(lost).chain(backlogs) {
            out.push_str(&format!("{:width$}  {}\n", "", one_line(&told)));
        }
    }
    if detail == Detail::Full {
        out.push('\n');
    }
}

/// Why a verdict is as it is. Nobody reads ten times why nothing can be told.
fn reason(one: &Judgement, before: Option<&Judgement>) -> String {
    let reason = one.reason.to_string();
    let is_known = before.is_some_and(|before| one.verdict == Verdict::Unknown && before.reason.to_string() == reason);
    if is_known { "for the same reason".to_owned() } else { one_line(&reason) }
}

/// How many requirements fare how.
fn counts(report: &Report) -> String {
    let words = [
        (Verdict::Holds, "holds", "hold"),
        (Verdict::Fails, "fails", "fail"),
        (Verdict::TooClose, "too close to call", "too close to call"),
        (Verdict::Unknown, "unknown", "unknown"),
    ];
    let counts =
        words.iter().map(|(verdict, one, many)| (report.count(*verdict), one, many)).filter(|(count, ..)| *count > 0);
    let words: Vec<String> =
        counts.map(|(count, one, many)| format!("{count} {}", if count == 1 { one } else { many })).collect();
    format!("{}\n", words.join(", "))
}

/// The queues that grow without end and that no verdict speaks of.
fn unjudged_queues(arch: &Architecture, report: &Report) -> String {
    let untold = report.runs.iter().enumerate().filter_map(|(nth, run)| {
        let reason = &run.endless.as_ref().filter(|_| run.failure.is_none())?.reason;
        let is_told = |one: &Judgement| one.run == Some(nth) && one.endless() == Some(reason);
        let load = arch.title(arch.records[run.load].at);
        (!report.judgements.iter().any(is_told)).then(|| format!("at \"{load}\", whatever is required: {reason}\n"))
    });
    untold.collect()
}

/// What was taken to be so.
fn assumed(report: &Report, detail: Detail) -> String {
    let assumed = report.runs.iter().flat_map(|run| &run.assumptions);
    let mut assumptions: Vec<String> = assumed.map(|one| one_line(&one.to_string())).collect();
    assumptions.sort_unstable();
    assumptions.dedup();
    match (detail, assumptions.len()) {
        (_, 0) => String::new(),
        (Detail::Short, 1) => "\n1 assumption; --details lists it\n".to_owned(),
        (Detail::Short, count) => format!("\n{count} assumptions; --details lists them\n"),
        (Detail::Full, _) => {
            format!("\n{}", assumptions.iter().map(|one| format!("assumed: {one}\n")).collect::<String>())
        }
    }
}

/// Which share of what succeeds rests on a fallback, beside a verdict of how much succeeds.
fn of_it(one: &Judgement) -> String {
    let degraded = one.degraded().filter(|_| one.metric == Metric::Success);
    degraded.and_then(Degraded::sentence).map(|words| format!("; of it {words}")).unwrap_or_default()
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
    let Some(margin) = one.margin().filter(|margin| margin.is_finite() && *margin != 0.0) else { return String::new() };
    let times = |number: f64| if number < 10.0 { plain(number) } else { plain(number.round()) };
    if one.is_of_rest() {
        // Of a share near one it counts how much of what may fail does.
        let used = 1.0 - margin;
        let used = if used > 3.0 { format!("{}x", times(used)) } else { format!("{} of", share(used)) };
        return format!(", uses {used} the error budget");
    }
    // Of a share that is near all, how often the limit goes into it says nothing.
    if one.upper
        && margin < 0.0
        && one.metric.dimension() == Dimension::Ratio
        && one.estimate.as_ref().is_some_and(|all| all.value > 0.5)
    {
        return String::new();
    }
    match (margin < 0.0, one.upper) {
        // What differs from the limit by rounding alone is the limit.
        _ if margin.abs() < 1e-9 => String::new(),
        (true, true) if margin < -2.0 => format!(", {}x the limit", times(1.0 - margin)),
        (true, true) => format!(", {} over the limit", share(-margin)),
        (true, false) => format!(", {} below the limit", share(-margin)),
        (false, false) if margin >= 1.0 => format!(", {}x headroom", times(1.0 + margin)),
        (false, _) => format!(", {} headroom", share(margin)),
    }
}

/// The requirements that nothing can be judged by, a line for each.
fn without_limit(arch: &Architecture) -> String {
    let mut out = String::new();
    for record in arch.records_of(&class::QUALITY) {
        for value in arch.values_of(record.at, &facts::quality::REQUIRE) {
            let is_limit = |part: &FactValue| [&facts::quality::UNDER, &facts::quality::OVER].contains(&part.fact);
            if arch.file(record.at).parts_of(value).iter().any(is_limit) {
                continue;
            }
            let (metric, quality) = (arch.words(record.at, value), one_line(arch.title(record.at)));
            out.push_str(&format!(
                "not judged: `require {metric}` of \"{quality}\" has no limit; add `under=…` or `over=…`\n\n"
            ));
        }
    }
    out
}

/// A run: what is asked, what comes of it, and why numbers are missing.
fn run_text(arch: &Architecture, run: &Run, detail: Detail, out: &mut String) {
    let load = arch.title(arch.records[run.load].at);
    let failure = run.failure.map(|at| format!(", with \"{}\"", arch.title(arch.records[at].at))).unwrap_or_default();
    out.push_str(&format!("{}\n", one_line(&format!("load \"{load}\"{failure}"))));
    if run.analysis.rate > 0.0 {
        out.push_str(&asked(run));
    }
    out.push_str(&without_numbers(arch, run));
    if !run.flows().is_empty() {
        out.push_str(&flow_table(arch, run));
    }
    if !run.stations().is_empty() && detail == Detail::Full {
        out.push_str(&station_table(run));
    }
    if let Some(line) = run.timeline() {
        out.push_str(&timeline(arch, line));
    }
    if run.effort.events > 0 && detail == Detail::Full {
        out.push_str(&format!(
            "\n  {} replications of {}, {} events\n",
            run.effort.replications,
            time(run.effort.seconds),
            plain(run.effort.events as f64)
        ));
    }
}

/// Where a queue grows although less is asked for than can be served.
const EARLIER: &str = " by formula, and earlier as simulated: calls that are given up and retried use capacity in vain";

/// What autoscalers do where a bottleneck saturates.
fn scaled(run: &Run, bottleneck: &str) -> &'static str {
    let all = || run.assumptions.iter();
    let is_stuck = |one: &Assumption| matches!(one, Assumption::Load(LoadAssumption::NeverScales { station, .. }) if station == bottleneck);
    if all().any(is_stuck) {
        ", as its autoscaler adds no replicas"
    } else if all().any(|one| matches!(one, Assumption::Load(LoadAssumption::Replicas { .. }))) {
        " with autoscaling at its maximum"
    } else {
        ""
    }
}

/// How much is asked, and how much could be served.
fn asked(run: &Run) -> String {
    let analysis = &run.analysis;
    let limit = analysis.first_full.as_ref().map_or("no limit on the path".to_owned(), |name| {
        let (capacity, earlier) = (plain(analysis.capacity), if run.saturates_earlier() { EARLIER } else { "" });
        format!("bottleneck {name}: saturates at {capacity} requests/s{}{earlier}", scaled(run, name))
    });
    let behind = analysis.jam.as_ref().map_or(String::new(), |jam| {
        format!("; behind asynchronous steps {} saturates at {} requests/s", jam.station, plain(jam.rate))
    });
    format!(
        "  {}{} requests/s; {limit}{behind}; {} without contention\n",
        if analysis.is_highest || analysis.knee.is_some() { "up to " } else { "" },
        plain(analysis.rate),
        time(analysis.unloaded_time)
    )
}

/// Why a run has no numbers, or some of its flows.
fn without_numbers(arch: &Architecture, run: &Run) -> String {
    let mut out = String::new();
    if let Some(reason) = run.not_simulated() {
        out.push_str(&format!("  not simulated: {}\n", one_line(&reason.to_string())));
    }
    if let Some(endless) = run.endless.as_ref().filter(|_| run.not_simulated().is_none()) {
        out.push_str(&format!("  {}\n", endless.reason));
        if !endless.flows.is_empty() {
            out.push_str(&format!("  never answered: {}\n", titles(arch, &endless.flows)));
        }
    }
    if let Some(Unsettled { why, flows, .. }) = run.unsettled() {
        let of = match (flows.is_empty(), run.flows().is_empty()) {
            (true, true) => String::new(),
            (true, false) => " of what nobody waits for".to_owned(),
            (false, _) => format!(" of {}", titles(arch, flows)),
        };
        out.push_str(&format!("  no numbers{of}: {why}\n"));
    }
    out
}

/// The titles of flows, in the order of the alphabet.
fn titles(arch: &Architecture, flows: &[FlowId]) -> String {
    let mut titles: Vec<&str> = flows.iter().map(|flow| arch.title(arch.flows[*flow].at)).collect();
    titles.sort_unstable();
    one_line(&groma_base::list_words(titles, "and"))
}

fn shown(estimate: &Option<Estimate>, how: fn(f64) -> String) -> String {
    estimate.as_ref().map_or("-".into(), |one| how(one.value))
}

/// Beyond this share of it a mean is another than that by formula.
const FORMULA_DIFFERS: f64 = 0.05;

/// Whether the mean by formula tells anything that the simulated one does not.
fn formula_differs(flow: &FlowResult) -> bool {
    let (Some(mean), Some(formula)) = (&flow.latency[Latency::Mean], flow.mean_by_formula) else { return false };
    (mean.value - formula).abs() > FORMULA_DIFFERS * mean.value
}

/// How long it takes until the first part of each answer that comes in parts.
fn first_parts(arch: &Architecture, run: &Run) -> String {
    let line = |flow: &FlowResult| {
        let part = flow.first_part.as_ref()?;
        let title = one_line(arch.title(arch.flows[flow.flow].at));
        let [mean, p50, p95, p99] =
            [Latency::Mean, Latency::P50, Latency::P95, Latency::P99].map(|one| shown(&part[one], time));
        Some(format!("  until the first part of {title}: mean {mean}, p50 {p50}, p95 {p95}, p99 {p99}\n"))
    };
    run.flows().iter().filter_map(line).collect()
}

fn flow_table(arch: &Architecture, run: &Run) -> String {
    let width = run.flows().iter().map(|flow| arch.title(arch.flows[flow.flow].at).chars().count()).max();
    let width = width.unwrap_or(0).clamp(4, 32);
    let by_formula = run.flows().iter().any(formula_differs);
    let on_fallbacks = |of: fn(&Degraded) -> &Estimate| {
        run.flows().iter().any(|flow| flow.degraded.as_ref().is_some_and(|one| of(one).value > 0.0))
    };
    let (falls_back, is_stale) = (on_fallbacks(|one| &one.share), on_fallbacks(|one| &one.stale));
    let row = |title: &str, [rate, mean, formula, p50, p95, p99, errors, degraded, stale]: [&str; 9]| {
        let title: String = title.chars().take(width).collect();
        let formula = if by_formula { format!("  {formula:>10}") } else { String::new() };
        let degraded = if falls_back { format!("  {degraded:>8}") } else { String::new() };
        let stale = if is_stale { format!("  {stale:>8}") } else { String::new() };
        format!(
            "  {title:width$}  {rate:>10}  {mean:>9}{formula}  {p50:>9}  {p95:>9}  {p99:>9}  {errors:>8}{degraded}{stale}\n"
        )
    };
    let heads = ["requests/s", "mean", "by formula", "p50", "p95", "p99", "errors", "degraded", "stale"];
    let mut out = format!("\n{}", row("flow", heads));
    for flow in run.flows() {
        let cells = [
            shown(&flow.throughput, plain),
            shown(&flow.latency[Latency::Mean], time),
            flow.mean_by_formula.map_or("-".into(), time),
            shown(&flow.latency[Latency::P50], time),
            shown(&flow.latency[Latency::P95], time),
            shown(&flow.latency[Latency::P99], time),
            shown(&flow.error_rate, share),
            flow.degraded.as_ref().map_or("-".into(), |one| share(one.share.value)),
            flow.degraded.as_ref().map_or("-".into(), |one| share(one.stale.value)),
        ];
        out.push_str(&row(&one_line(arch.title(arch.flows[flow.flow].at)), cells.each_ref().map(String::as_str)));
    }
    out.push_str(&first_parts(arch, run));
    if falls_back {
        let stale = if is_stale { "; stale: on one with `max-age`" } else { "" };
        out.push_str(&format!(
            "  degraded: of the requests that succeed, those whose answer rests on a fallback{stale}\n"
        ));
    }
    if by_formula {
        out.push_str("  by formula: each station on its own as an M/M/c queue, without retries, timeouts and limits\n");
    }
    out
}

fn station_table(run: &Run) -> String {
    let width = run.stations().iter().map(|station| station.name.chars().count()).max().unwrap_or(0).clamp(7, 44);
    let mut out =
        format!("\n  {:width$}  {:>8}  {:>9}  {:>10}  {:>9}\n", "station", "replicas", "in use", "requests/s", "queue");
    for station in run.stations() {
        let name: String = station.name.chars().take(width).collect();
        out.push_str(&format!(
            "  {name:width$}  {:>8}  {:>9}  {:>10}  {:>9}{}\n",
            station.replicas,
            station.in_use(),
            shown(&station.rate, plain),
            shown(&station.waiting, plain),
            if station.refused > 0.0 { format!("  {} rejected", share(station.refused)) } else { String::new() }
        ));
    }
    out
}

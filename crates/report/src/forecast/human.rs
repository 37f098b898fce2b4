//! A forecast for people: the verdicts, the gravest first, then what they are based on.

use super::course::course;
use groma_model::decode::FactValue;
use groma_model::kinds::class;
use groma_model::{Architecture, facts};
use groma_simulate::number::{interval_beside, plain, share, time};
use groma_simulate::{Estimate, Judgement, Report, Run, Verdict};

/// The forecast as it is shown in a terminal.
pub fn human(arch: &Architecture, report: &Report) -> String {
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
    let assumed = report.runs.iter().flat_map(|run| &run.assumptions);
    let mut assumptions: Vec<String> = assumed.map(ToString::to_string).collect();
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

/// The requirements that nothing can be judged by, a line for each.
fn without_limit(arch: &Architecture) -> String {
    let mut out = String::new();
    for record in arch.records_of(&class::QUALITY) {
        for value in arch.all_facts(record.at, &facts::quality::REQUIRE) {
            let is_limit = |part: &FactValue| {
                [&facts::quality::UNDER, &facts::quality::OVER].iter().any(|one| std::ptr::eq(part.fact, *one))
            };
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

/// A run: what is asked, what comes of it, and why numbers are missing.
fn run_text(arch: &Architecture, run: &Run, out: &mut String) {
    let load = arch.title(arch.records[run.load].at);
    let failure = run.failure.map(|at| format!(", with \"{}\"", arch.title(arch.records[at].at))).unwrap_or_default();
    out.push_str(&format!("load \"{load}\"{failure}\n"));
    if run.analysis.rate > 0.0 {
        out.push_str(&asked(run));
    }
    out.push_str(&without_numbers(arch, run));
    if !run.flows.is_empty() {
        out.push_str(&flow_table(arch, run));
    }
    if !run.stations.is_empty() {
        out.push_str(&station_table(run));
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

/// How much is asked, and how much could be served.
fn asked(run: &Run) -> String {
    let analysis = &run.analysis;
    let first = analysis.first_full.as_ref();
    let limit = first.map(|name| format!("; {name} is the first to be fully used, at {}", plain(analysis.capacity)));
    format!(
        "  {}{} requests a second{}; one that is alone takes {}\n",
        if analysis.is_highest || analysis.knee.is_some() { "up to " } else { "" },
        plain(analysis.rate),
        limit.unwrap_or_else(|| "; nothing on the way has a limit".into()),
        time(analysis.unloaded_time)
    )
}

/// Why a run has no numbers, or some of its flows.
fn without_numbers(arch: &Architecture, run: &Run) -> String {
    let mut out = String::new();
    if let Some(reason) = &run.not_simulated {
        out.push_str(&format!("  not simulated: {reason}\n"));
    }
    if let Some(endless) = run.endless.as_ref().filter(|_| run.not_simulated.is_none()) {
        out.push_str(&format!("  {}\n", endless.reason));
        if !endless.flows.is_empty() {
            let titles = endless.flows.iter().map(|flow| arch.title(arch.flows[*flow].at));
            out.push_str(&format!("  without an answer: {}\n", groma_base::list_words(titles, "and")));
        }
    }
    if let Some(reason) = &run.not_converged {
        let titles: Vec<&str> = run.restless.iter().map(|flow| arch.title(arch.flows[*flow].at)).collect();
        let of =
            if titles.is_empty() { String::new() } else { format!(" of {}", groma_base::list_words(titles, "and")) };
        out.push_str(&format!("  no numbers{of}: {reason}\n"));
    }
    out
}

fn shown(estimate: &Option<Estimate>, how: fn(f64) -> String) -> String {
    estimate.as_ref().map_or("-".into(), |one| how(one.value))
}

fn flow_table(arch: &Architecture, run: &Run) -> String {
    let width = run.flows.iter().map(|flow| arch.title(arch.flows[flow.flow].at).chars().count()).max();
    let width = width.unwrap_or(0).clamp(4, 32);
    let mut out = format!(
        "\n  {:width$}  {:>9}  {:>9}  {:>10}  {:>9}  {:>9}  {:>9}  {:>8}\n",
        "flow", "per s", "mean", "by formula", "p50", "p95", "p99", "errors"
    );
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
    out
}

fn station_table(run: &Run) -> String {
    let width = run.stations.iter().map(|station| station.name.chars().count()).max().unwrap_or(0).clamp(7, 44);
    let mut out =
        format!("\n  {:width$}  {:>8}  {:>9}  {:>9}  {:>9}\n", "station", "replicas", "in use", "per s", "waiting");
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
    out
}

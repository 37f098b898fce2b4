//! Plots of the run of a load: its timeline, and how long requests take.

use crate::Picture;
use crate::draw::{Chart, Line, Panel, Unit, bars};
use groma_model::Architecture;
use groma_simulate::number::{plain, time};
use groma_simulate::{LoadCurve, Run, StationLine, StationResult, Timeline};

/// More lines than this in a panel cannot be told apart.
const MOST_LINES: usize = 4;

/// The latency distributions of the flows of a run. `None` if it was not simulated.
pub fn distribution(arch: &Architecture, run: &Run) -> Option<Chart> {
    let line = |flow: &groma_simulate::FlowResult| Line {
        name: arch.title(arch.flows[flow.flow].at).to_owned(),
        points: flow.distribution.iter().map(|(share, time)| (*time, Some(*share))).collect(),
        is_marked: false,
    };
    let lines: Vec<Line> = run.flows().iter().filter(|flow| !flow.distribution.is_empty()).map(line).take(6).collect();
    if lines.is_empty() {
        return None;
    }
    let load = arch.title(arch.records[run.load].at);
    Some(Chart {
        title: format!("Latency at \"{load}\""),
        description: "For each time, the share of requests answered within it.".to_owned(),
        axis: "answered within".to_owned(),
        unit: Unit::Time,
        is_logarithmic: true,
        panels: vec![Panel::new("Share of requests", Unit::Share, lines)],
        shade: None,
    })
}

/// What happens in the course of a run. `None` if nothing changes in it.
pub fn timeline(arch: &Architecture, run: &Run) -> Option<Chart> {
    let line = run.timeline()?;
    let load = arch.title(arch.records[run.load].at);
    let failure = run.failure.map(|at| arch.title(arch.records[at].at).to_owned());
    let (seconds, unit) = clock(line);
    let mut panels = vec![throughput(line), latency(arch, line)];
    panels.extend(waiting(line));
    panels.extend(replicas(line));
    panels.extend(breakers(line));
    let recovery = line.recovery.as_ref().map(|recovery| format!("{}. ", recovery.sentence())).unwrap_or_default();
    Some(Chart {
        title: match &failure {
            Some(failure) => format!("\"{load}\" while \"{failure}\""),
            None => format!("Timeline of \"{load}\""),
        },
        description: format!(
            "{recovery}Requests a second, times and queues over {}.",
            time(line.ends.last().copied().unwrap_or(0.0))
        ),
        axis: match &failure {
            Some(failure) => format!("{unit}; shaded: {failure}"),
            None => unit.to_owned(),
        },
        unit: Unit::Number,
        is_logarithmic: false,
        panels,
        shade: line.trouble.map(|(from, to)| (from / seconds, to / seconds)),
    })
}

/// How many seconds the unit of a timeline's axis has, and what it is called.
fn clock(line: &Timeline) -> (f64, &'static str) {
    match line.ends.last().copied().unwrap_or(0.0) {
        total if total < 180.0 => (1.0, "seconds"),
        total if total < 10_800.0 => (60.0, "minutes"),
        _ => (3_600.0, "hours"),
    }
}

/// A line over the middles of the stretches.
fn over(line: &Timeline, name: &str, values: impl Iterator<Item = Option<f64>>) -> Line {
    let begins = std::iter::once(&0.0).chain(&line.ends);
    let middles = begins.zip(&line.ends).map(|(begin, end)| f64::midpoint(*begin, *end) / clock(line).0);
    Line { name: name.to_owned(), points: middles.zip(values).collect(), is_marked: false }
}

fn throughput(line: &Timeline) -> Panel {
    let all = |of: fn(&groma_simulate::FlowLine) -> &Vec<f64>| {
        (0..line.ends.len()).map(move |at| Some(line.flows.iter().map(|flow| of(flow)[at]).sum::<f64>()))
    };
    let mut lines =
        vec![over(line, "succeeded", all(|flow| &flow.answered)), over(line, "offered", all(|flow| &flow.offered))];
    if line.flows.iter().any(|flow| flow.failed.iter().any(|rate| *rate > 0.0)) {
        lines.push(over(line, "failed", all(|flow| &flow.failed)));
    }
    if line.retries.iter().any(|rate| *rate > 0.0) {
        lines.push(over(line, "retried", line.retries.iter().map(|rate| Some(*rate))));
    }
    Panel::new("Requests per second", Unit::Number, lines)
}

fn latency(arch: &Architecture, line: &Timeline) -> Panel {
    let lines = line.flows.iter().take(MOST_LINES);
    let lines = lines.map(|flow| over(line, arch.title(arch.flows[flow.flow].at), flow.p95.iter().copied()));
    Panel { is_logarithmic: true, ..Panel::new("95% are answered within", Unit::Time, lines.collect()) }
}

/// The stations where most wait, if anybody does.
fn waiting(line: &Timeline) -> Option<Panel> {
    let most = |station: &StationLine| station.waiting.iter().copied().fold(0.0, f64::max);
    let mut stations: Vec<&StationLine> = line.stations.iter().filter(|station| most(station) >= 0.5).collect();
    stations.sort_by(|a, b| most(b).total_cmp(&most(a)));
    let lines: Vec<Line> = stations
        .into_iter()
        .take(MOST_LINES)
        .map(|station| over(line, &station.name, station.waiting.iter().map(|value| Some(*value))))
        .collect();
    (!lines.is_empty()).then(|| Panel::new("Queued requests", Unit::Number, lines))
}

/// The stations whose replicas change.
fn replicas(line: &Timeline) -> Option<Panel> {
    let changes = |station: &&StationLine| station.replicas.windows(2).any(|pair| pair[0] != pair[1]);
    let stations = line.stations.iter().filter(changes).filter(|station| station.element.is_some());
    let lines: Vec<Line> = stations
        .take(MOST_LINES)
        .map(|station| over(line, &station.name, station.replicas.iter().map(|value| Some(*value))))
        .collect();
    (!lines.is_empty()).then(|| Panel::new("Replicas", Unit::Number, lines))
}

/// The circuit breakers that open.
fn breakers(line: &Timeline) -> Option<Panel> {
    let opens = line.breakers.iter().filter(|breaker| breaker.open.iter().any(|share| *share > 0.0));
    let lines: Vec<Line> = opens
        .take(MOST_LINES)
        .map(|breaker| over(line, &breaker.name, breaker.open.iter().map(|share| Some(*share))))
        .collect();
    (!lines.is_empty()).then(|| Panel::new("Open circuit breakers", Unit::Share, lines))
}

/// The utilization of each station in a run. `None` if nothing has a limit.
pub fn utilization(arch: &Architecture, run: &Run) -> Option<Picture> {
    let load = arch.title(arch.records[run.load].at);
    let used = |station: &StationResult| Some((station.name.clone(), station.utilization.as_ref()?.value));
    let rows: Vec<(String, f64)> = run.stations().iter().filter_map(used).collect();
    let description = "For each station, the share of its slots, cores or connections that is in use.";
    let title = format!("Utilization at \"{load}\"");
    (!rows.is_empty()).then(|| Picture { svg: bars(&title, description, ("Share in use", "all in use"), &rows), title })
}

/// How the times of a load's flows follow it; shaded is more than can be served.
pub fn against_load(arch: &Architecture, curve: &LoadCurve) -> Option<Chart> {
    let first = curve.points.first()?;
    let line = |nth: usize| Line {
        name: arch.title(arch.flows[first.p95[nth].0].at).to_owned(),
        points: curve
            .points
            .iter()
            .map(|point| (point.asked, point.p95[nth].1.as_ref().map(|estimate| estimate.value)))
            .collect(),
        is_marked: true,
    };
    let lines: Vec<Line> = (0..first.p95.len().min(6)).map(line).collect();
    let most = curve.points.last()?.asked;
    let unit = if curve.is_of_users { "users" } else { "requests per second" };
    let declared = plain(curve.declared);
    let beyond = if curve.knee < most { "; shaded: they wait for each other" } else { "" };
    let load = arch.title(arch.records[curve.load].at);
    Some(Chart {
        title: format!("Latency over load, around \"{load}\""),
        description: format!(
            "The 95th percentile of the latency of each flow, for fewer and more {unit} than {declared}."
        ),
        axis: format!("{unit}, {declared} are declared{beyond}"),
        unit: Unit::Number,
        is_logarithmic: false,
        panels: vec![Panel { is_logarithmic: true, ..Panel::new("95% are answered within", Unit::Time, lines) }],
        shade: (curve.knee < most).then_some((curve.knee, most)),
    })
}

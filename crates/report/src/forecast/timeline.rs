//! The timeline of a run in a terminal: a line of small columns for each number.

use crate::one_line;
use groma_model::Architecture;
use groma_simulate::number::{plain, time};
use groma_simulate::{FlowLine, StationLine, Timeline};

/// How many columns a line has.
const WIDTH: usize = 60;
/// How many letters its name has.
const NAME: usize = 30;

/// A name that fits, without its middle if it is too long: what tells names apart is at their ends.
fn shortened(name: &str) -> String {
    let count = name.chars().count();
    if count <= NAME {
        return name.to_owned();
    }
    let (front, back) = (NAME / 2, NAME - NAME / 2 - 1);
    name.chars().take(front).chain(['…']).chain(name.chars().skip(count - back)).collect()
}

/// A line for each number that changes, what the alerts do, and how it ends.
pub(crate) fn timeline(arch: &Architecture, line: &Timeline) -> String {
    let total = line.ends.last().copied().unwrap_or(0.0);
    let mut out = format!("\n  {:NAME$} {}\n", format!("timeline, {}", time(total)), ruler(line, total));
    let mut row = |name: &str, values: &[Option<f64>], how: &dyn Fn(f64) -> String| {
        let values: Vec<Option<f64>> = columns(&line.ends, total)
            .map(|at| values.get(at).copied().flatten().filter(|one| one.is_finite()))
            .collect();
        let most = values.iter().flatten().copied().fold(0.0, f64::max);
        let name = shortened(name);
        let drawn: String = values.iter().map(|value| column(*value, most)).collect();
        out.push_str(&format!("  {name:NAME$} {drawn} up to {}\n", how(most)));
    };
    let per_second = |value: f64| format!("{}/s", plain(value));
    let sum = |of: fn(&FlowLine) -> &Vec<f64>| -> Vec<Option<f64>> {
        (0..line.ends.len()).map(|at| Some(line.flows.iter().map(|flow| of(flow)[at]).sum())).collect()
    };
    let some = |values: &[f64]| -> Vec<Option<f64>> { values.iter().copied().map(Some).collect() };
    let is_there = |values: &[f64]| values.iter().any(|value| *value >= 0.5);
    row("offered", &sum(|flow| &flow.offered), &per_second);
    row("succeeded", &sum(|flow| &flow.answered), &per_second);
    let failed = sum(|flow| &flow.failed);
    if failed.iter().flatten().any(|rate| *rate > 0.0) {
        row("failed", &failed, &per_second);
    }
    let degraded = sum(|flow| &flow.degraded);
    if degraded.iter().flatten().any(|rate| *rate > 0.0) {
        row("degraded", &degraded, &per_second);
    }
    if line.retries.iter().any(|rate| *rate > 0.0) {
        row("retried", &some(&line.retries), &per_second);
    }
    for flow in &line.flows {
        row(&format!("p95 {}", one_line(arch.title(arch.flows[flow.flow].at))), &flow.p95, &time);
    }
    let changes = |station: &&StationLine| station.replicas.windows(2).any(|pair| pair[0] != pair[1]);
    for station in line.stations.iter().filter(|station| is_there(&station.waiting)) {
        row(&format!("waiting for {}", station.name), &some(&station.waiting), &plain);
    }
    for station in line.stations.iter().filter(changes).filter(|station| station.element.is_some()) {
        row(&format!("replicas of {}", station.name), &some(&station.replicas), &plain);
    }
    for breaker in line.breakers.iter().filter(|breaker| breaker.open.iter().any(|share| *share > 0.0)) {
        row(&format!("breaker {}", breaker.name), &some(&breaker.open), &|_| "open".to_owned());
    }
    for alert in &line.alerts {
        out.push_str(&format!("  alert \"{}\" {}\n", one_line(arch.title(alert.at)), alert.sentence()));
    }
    if let Some(recovery) = &line.recovery {
        out.push_str(&format!("  {}\n", recovery.sentence()));
    }
    out
}

/// The stretch that is in the middle of each column.
fn columns(ends: &[f64], total: f64) -> impl Iterator<Item = usize> {
    (0..WIDTH).map(move |column| {
        let middle = (column as f64 + 0.5) / WIDTH as f64 * total;
        ends.partition_point(|end| *end <= middle).min(ends.len().saturating_sub(1))
    })
}

fn column(value: Option<f64>, most: f64) -> char {
    const HEIGHTS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    match value {
        Some(value) if value > 0.0 && most > 0.0 => HEIGHTS[((value / most * 8.0).ceil() as usize).clamp(1, 8) - 1],
        Some(_) => '·',
        None => ' ',
    }
}

/// Where the failure is.
fn ruler(line: &Timeline, total: f64) -> String {
    let Some((from, to)) = line.trouble else { return String::new() };
    let is_in = |column: usize| {
        let middle = (column as f64 + 0.5) / WIDTH as f64 * total;
        from <= middle && middle < to
    };
    let drawn: String = (0..WIDTH).map(|column| if is_in(column) { '━' } else { ' ' }).collect();
    format!("{drawn} the failure, {}", time(to - from))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_show_the_height_of_numbers() {
        let drawn = |values: &[Option<f64>]| values.iter().map(|value| column(*value, 8.0)).collect::<String>();
        assert_eq!(drawn(&[None, Some(0.0), Some(0.1), Some(4.0), Some(8.0)]), " ·▁▄█");
    }
}

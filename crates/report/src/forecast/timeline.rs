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
    let columns = columns(&line.ends, total);
    let mut row_of = |name: &str, values: &[Option<f64>], pick: Pick, how: &dyn Fn(f64) -> String| {
        let value = |at: &usize| values.get(*at).copied().flatten().filter(|one| one.is_finite());
        let most = columns.iter().flatten().filter_map(value).fold(0.0, f64::max);
        let picked = columns.iter().map(|windows| windows.iter().filter_map(value).reduce(pick));
        let drawn: String = picked.map(|value| column(value, most)).collect();
        out.push_str(&format!("  {:NAME$} {drawn} up to {}\n", shortened(name), how(most)));
    };
    let per_second = |value: f64| format!("{}/s", plain(value));
    let sum = |of: fn(&FlowLine) -> &Vec<f64>| -> Vec<Option<f64>> {
        (0..line.ends.len()).map(|at| Some(line.flows.iter().map(|flow| of(flow)[at]).sum())).collect()
    };
    let some = |values: &[f64]| -> Vec<Option<f64>> { values.iter().copied().map(Some).collect() };
    let is_there = |values: &[f64]| values.iter().any(|value| *value >= 0.5);
    row_of("offered", &sum(|flow| &flow.offered), f64::max, &per_second);
    row_of("succeeded", &sum(|flow| &flow.answered), f64::min, &per_second);
    let mut row = |name: &str, values: &[Option<f64>], how: &dyn Fn(f64) -> String| row_of(name, values, f64::max, how);
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

/// Which of the values of a column is drawn.
type Pick = fn(f64, f64) -> f64;

/// The windows that each column shows: those of which the middle is in it, or else the one that it is in.
fn columns(ends: &[f64], total: f64) -> Vec<Vec<usize>> {
    let place = |moment: f64| ((moment / total * WIDTH as f64) as usize).min(WIDTH - 1);
    let mut columns = vec![Vec::new(); WIDTH];
    for (at, end) in ends.iter().enumerate() {
        let begin = at.checked_sub(1).map_or(0.0, |before| ends[before]);
        columns[place(f64::midpoint(begin, *end))].push(at);
    }
    for (nth, windows) in columns.iter_mut().enumerate().filter(|(_, windows)| windows.is_empty()) {
        let middle = (nth as f64 + 0.5) / WIDTH as f64 * total;
        windows.push(ends.partition_point(|end| *end <= middle).min(ends.len().saturating_sub(1)));
    }
    columns
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
    // A short one is in the column in which its middle is.
    let own = (f64::midpoint(from, to) / total * WIDTH as f64) as usize;
    let is_in = |column: usize| {
        let middle = (column as f64 + 0.5) / WIDTH as f64 * total;
        column == own || from <= middle && middle < to
    };
    let drawn: String = (0..WIDTH).map(|column| if is_in(column) { '━' } else { ' ' }).collect();
    format!("{drawn} the failure, {}", time(to - from))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// However short it is, each window is in a column, and each column shows one.
    #[test]
    fn no_window_is_left_out() {
        let even: Vec<f64> = (1..=10).map(f64::from).collect();
        let uneven: Vec<f64> = (1..=200).map(|at| f64::from(at) * 3.0).chain([600.5, 601.0, 604.0]).collect();
        for ends in [even, uneven] {
            let columns = columns(&ends, *ends.last().unwrap());
            assert!(columns.iter().all(|windows| !windows.is_empty()));
            assert!((0..ends.len()).all(|at| columns.iter().any(|windows| windows.contains(&at))), "{columns:?}");
        }
    }

    #[test]
    fn columns_show_the_height_of_numbers() {
        let drawn = |values: &[Option<f64>]| values.iter().map(|value| column(*value, 8.0)).collect::<String>();
        assert_eq!(drawn(&[None, Some(0.0), Some(0.1), Some(4.0), Some(8.0)]), " ·▁▄█");
    }
}

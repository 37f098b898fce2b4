//! How checking grows with what there are many of, as ratios within one run: `cargo bench --bench growth [-- SHAPE …]`.
//! Ten times as much may take ten times as long, and not much more.

#![allow(clippy::print_stdout, reason = "what it prints is what it is for")]

use groma_benches::growth::{SHAPES, Shape};
use groma_report::{Color, FindingsReport, Format, most, render};
use groma_session::{OsFileSystem, Session};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const SIZES: [usize; 3] = [1_000, 10_000, 100_000];
/// What takes longer than this is not tried with ten times as much.
const PATIENCE: Duration = Duration::from_secs(1);

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    println!(
        "{:24} {:>10} {:>10} {:>10}  {:>7} {:>7}",
        "ms for so many", SIZES[0], SIZES[1], SIZES[2], "growth", "growth"
    );
    for shape in SHAPES.iter().filter(|shape| wanted.is_empty() || wanted.iter().any(|name| name == shape.name)) {
        measure(shape);
    }
}

fn measure(shape: &Shape) {
    let mut times: Vec<f64> = Vec::new();
    for size in SIZES {
        let folder = written(shape, size);
        let taken = shortest(&folder);
        std::fs::remove_dir_all(&folder).expect("what was just written");
        times.push(taken.as_secs_f64() * 1e3);
        if taken > PATIENCE {
            break;
        }
    }
    let column = |at: usize| times.get(at).map_or("-".to_owned(), |time| format!("{time:.1}"));
    let growth = |at: usize| times.get(at + 1).map_or("-".to_owned(), |time| format!("{:.1}", time / times[at]));
    println!(
        "{:24} {:>10} {:>10} {:>10}  {:>7} {:>7}",
        shape.name,
        column(0),
        column(1),
        column(2),
        growth(0),
        growth(1)
    );
}

/// A folder with the files of a shape.
fn written(shape: &Shape, size: usize) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("groma-growth-{}", std::process::id()));
    for (path, text) in (shape.files)(size) {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().expect("a file in a folder")).expect("a folder to write to");
        std::fs::write(path, text).expect("a folder to write to");
    }
    folder
}

/// The shortest of a few runs: what disturbs only makes them longer.
fn shortest(folder: &Path) -> Duration {
    let runs = (0..5).scan(Duration::ZERO, |spent, _| {
        (*spent < PATIENCE).then(|| {
            let taken = check(folder);
            *spent += taken;
            taken
        })
    });
    runs.min().unwrap_or_default()
}

/// All that `groma check` does but starting and printing.
fn check(folder: &Path) -> Duration {
    let start = Instant::now();
    let mut session = Session::open(&OsFileSystem, folder).unwrap_or_else(|error| panic!("{}", error.message));
    let snapshot = session.snapshot();
    let (findings, left_out) = most(snapshot.findings("2026-01-01"));
    let report = FindingsReport::of(&snapshot.sources, &findings, &left_out);
    std::hint::black_box(render(&report, Format::Human, Color::Never));
    start.elapsed()
}

//! Reading decision records beside reading their files alone, as ratios within one run: `cargo bench --bench records`.

#![allow(clippy::print_stdout, reason = "what it prints is what it is for")]

use groma_records::Family;
use groma_session::OsFileSystem;
use groma_session::records::Records;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const SIZES: [usize; 2] = [1_000, 10_000];
const RUNS: usize = 5;

fn main() {
    println!("{:>8} {:>12} {:>12} {:>7}", "records", "files, ms", "records, ms", "ratio");
    for size in SIZES {
        let folder = written(size);
        let plain = shortest(|| bytes_of(&folder));
        let read = shortest(|| {
            let records = Records::open(&OsFileSystem, &folder, Family::Decision)
                .unwrap_or_else(|error| panic!("{}", error.message));
            assert!(records.files.iter().all(|file| file.findings.is_empty()));
            records.files.len()
        });
        std::fs::remove_dir_all(&folder).expect("what was just written");
        let ms = |time: Duration| time.as_secs_f64() * 1e3;
        println!("{size:>8} {:>12.1} {:>12.1} {:>7.1}", ms(plain), ms(read), ms(read) / ms(plain));
    }
}

/// A folder with so many records of 3 KB, every tenth of which takes the place of the one before.
fn written(size: usize) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("groma-records-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder to write to");
    for number in 1..=size {
        std::fs::write(folder.join(name(number)), record(number, size)).expect("a folder to write to");
    }
    folder
}

fn name(number: usize) -> String {
    format!("{number:05}-decision.md")
}

fn record(number: usize, size: usize) -> String {
    let link = |number: usize| format!("[{number}. Decision {number}]({})", name(number));
    let status = match number % 10 {
        0 => format!("Accepted\n\nSupersedes {}", link(number - 1)),
        9 if number < size => format!("Superseded by {}", link(number + 1)),
        _ => "Accepted".to_owned(),
    };
    let mut text =
        format!("# {number}. Decision {number}\n\nDate: 2026-11-30\n\n## Status\n\n{status}\n\n## Context\n");
    for part in ["Context", "Decision", "Consequences"] {
        if part != "Context" {
            let _ = write!(text, "\n## {part}\n");
        }
        for nth in 0..9 {
            let _ = write!(
                text,
                "\nWhat is said of {nth} in *{part}* takes a line or two, as people write them, with `code` at times.\n"
            );
        }
    }
    text
}

fn bytes_of(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).expect("what was just written");
    entries.map(|entry| std::fs::read(entry.expect("a file").path()).expect("a file").len()).sum()
}

/// The shortest of a few runs: what disturbs only makes them longer.
fn shortest(mut run: impl FnMut() -> usize) -> Duration {
    let mut time = || {
        let start = Instant::now();
        std::hint::black_box(run());
        start.elapsed()
    };
    (0..RUNS).map(|_| time()).min().unwrap_or_default()
}

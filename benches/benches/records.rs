//! Reading and checking decision records beside reading their files alone, as ratios within one run, and what one changed record takes:
//! `cargo bench --bench records`.

#![allow(clippy::print_stdout, reason = "what it prints is what it is for")]

use groma_records::Family;
use groma_session::records::Records;
use groma_session::{OsFileSystem, Session};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const SIZES: [usize; 2] = [1_000, 10_000];
const FOLDER: &str = "docs/adr";
const TODAY: &str = "2026-12-01";
const RUNS: usize = 5;

fn main() {
    let head = ["records", "files, ms", "read, ms", "ratio", "checked, ms", "ratio", "one changed, ms"];
    println!("{}", head.map(|word| format!("{word:>15}")).join(" "));
    for size in SIZES {
        let root = written(size);
        let folder = root.join(FOLDER);
        let plain = shortest(|| bytes_of(&folder));
        let read = shortest(|| {
            let records = Records::open(&OsFileSystem, &folder, Family::Decision)
                .unwrap_or_else(|error| panic!("{}", error.message));
            assert!(records.files.iter().all(|file| file.findings.is_empty()));
            records.files.len()
        });
        let checked = shortest(|| open(&root).snapshot().findings(TODAY).len());
        let changed = one_changed(&root, size);
        std::fs::remove_dir_all(&root).expect("what was just written");
        let ms = |time: Duration| time.as_secs_f64() * 1e3;
        let (plain, read, checked) = (ms(plain), ms(read), ms(checked));
        let row = [plain, read, read / plain, checked, checked / plain, ms(changed)];
        println!("{size:>15} {}", row.map(|number| format!("{number:>15.1}")).join(" "));
    }
}

fn open(root: &Path) -> Session {
    Session::open(&OsFileSystem, root).unwrap_or_else(|error| panic!("{}", error.message))
}

/// From another sentence in one record to the findings.
fn one_changed(root: &Path, size: usize) -> Duration {
    let mut session = open(root);
    session.snapshot().findings(TODAY);
    let path = root.join(FOLDER).join(name(5));
    let shown = path.to_str().expect("a path of letters");
    let mut round = 0;
    shortest(|| {
        round += 1;
        session.set_text(shown, record(5, size).replace("What is said of 3", &format!("What {round} is said of 3")));
        session.snapshot().findings(TODAY).len()
    })
}

/// A workspace with so many records of 3 KB, every tenth of which takes the place of the one before, and a thousand services that they decide.
fn written(size: usize) -> PathBuf {
    let root = std::env::temp_dir().join(format!("groma-records-{}", std::process::id()));
    let folder = root.join(FOLDER);
    std::fs::create_dir_all(&folder).expect("a folder to write to");
    for number in 1..=size {
        std::fs::write(folder.join(name(number)), record(number, size)).expect("a folder to write to");
    }
    let service = |nth: usize| format!("    service s{nth} \"Service {nth}\" decision={}\n", 10 * nth + 1);
    let services: String = (0..size / 10).map(service).collect();
    std::fs::write(root.join("shop.groma"), format!("system shop \"Shop\" {{\n{services}}}\n")).expect("a file");
    root
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

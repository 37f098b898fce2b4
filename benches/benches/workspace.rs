//! A workspace of 1,000 and of 10,000 elements: cold by stage, and warm after a changed line.

use divan::{Bencher, black_box};
use groma_session::{MemoryFileSystem, Session};
use std::path::Path;

fn main() {
    divan::main();
}

const TODAY: &str = "2026-01-01";
const SIZES: [usize; 2] = [1_000, 10_000];

fn files(elements: usize) -> MemoryFileSystem {
    in_memory(groma_benches::workspace(elements, elements / 50))
}

fn in_memory(files: Vec<(String, String)>) -> MemoryFileSystem {
    let pairs: Vec<(String, String)> = files.into_iter().map(|(path, text)| (format!("w/{path}"), text)).collect();
    let borrowed: Vec<(&str, &str)> = pairs.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    MemoryFileSystem::new(&borrowed)
}

fn open(elements: usize) -> Session {
    Session::open(&files(elements), Path::new("w")).unwrap_or_else(|error| panic!("{}", error.message))
}

#[divan::bench(args = SIZES)]
fn cold_1_read_and_decode(bencher: Bencher, elements: usize) {
    let files = files(elements);
    bencher.bench_local(|| Session::open(&files, Path::new("w")).map(|_| ()).map_err(|error| error.message));
}

#[divan::bench(args = SIZES)]
fn cold_2_link(bencher: Bencher, elements: usize) {
    let files = open(elements).snapshot().arch.files;
    bencher.with_inputs(|| files.to_vec()).bench_local_values(groma_model::link);
}

#[divan::bench(args = SIZES)]
fn cold_3_rules(bencher: Bencher, elements: usize) {
    let arch = open(elements).snapshot().arch;
    bencher.bench_local(|| groma_check::run(&arch));
}

#[divan::bench(args = SIZES)]
fn cold_all(bencher: Bencher, elements: usize) {
    let files = files(elements);
    bencher.bench_local(|| {
        Session::open(&files, Path::new("w"))
            .map(|mut session| session.snapshot().findings(TODAY))
            .map_err(|error| error.message)
    });
}

/// With 200 standards and 1,000 technologies of its own.
#[divan::bench(args = SIZES)]
fn cold_all_of_company(bencher: Bencher, elements: usize) {
    let files = in_memory(groma_benches::company(elements, elements / 50, 200, 1_000));
    bencher.bench_local(|| {
        Session::open(&files, Path::new("w"))
            .map(|mut session| session.snapshot().findings(TODAY))
            .map_err(|error| error.message)
    });
}

/// A description changes in one file.
#[divan::bench(args = SIZES)]
fn warm_change_to_findings(bencher: Bencher, elements: usize) {
    let mut session = open(elements);
    let (path, text) = groma_benches::workspace(elements, elements / 50).swap_remove(7);
    let path = format!("w/{path}");
    let mut round = 0;
    session.snapshot().findings(TODAY);
    bencher.bench_local(move || {
        round += 1;
        session.set_text(&path, text.replace("Answers for part 1 ", &format!("Answers {round} for part 1 ")));
        black_box(session.snapshot().findings(TODAY))
    });
}

/// A relationship gets another end: names are linked and every rule runs anew.
#[divan::bench(args = SIZES)]
fn warm_new_relationship_to_findings(bencher: Bencher, elements: usize) {
    let mut session = open(elements);
    let (path, text) = groma_benches::workspace(elements, elements / 50).swap_remove(7);
    let path = format!("w/{path}");
    let mut round = 0;
    session.snapshot();
    bencher.bench_local(move || {
        round += 1;
        session.set_text(
            &path,
            text.replace("svc1.c2 -> db2", if round % 2 == 0 { "svc1.c2 -> db3" } else { "svc1.c2 -> db4" }),
        );
        black_box(session.snapshot().findings(TODAY))
    });
}

/// A description changes, and the view that shows it is drawn anew.
#[divan::bench(args = SIZES)]
fn warm_change_to_picture(bencher: Bencher, elements: usize) {
    let mut session = open(elements);
    let (path, text) = groma_benches::workspace(elements, elements / 50).swap_remove(7);
    let path = format!("w/{path}");
    let mut round = 0;
    bencher.bench_local(move || {
        round += 1;
        session.set_text(&path, text.replace("Answers for part 1 ", &format!("Answers {round} for part 1 ")));
        let snapshot = session.snapshot();
        let spec = groma_view::find(&snapshot.arch, "s6-containers").expect("the view");
        let scene = groma_view::scene(&snapshot.arch, &spec).expect("the scene");
        black_box(groma_view::svg(&scene, None))
    });
}

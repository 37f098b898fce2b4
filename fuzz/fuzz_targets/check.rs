//! Any workspace is linked and checked without panic, and a text put in later gives what it gives at once.
#![no_main]

use groma_session::{MemoryFileSystem, Session};
use std::path::Path;

const TODAY: &str = "2026-01-01";

libfuzzer_sys::fuzz_target!(|texts: (&str, &str, &str)| {
    let (first, second, edited) = texts;
    let open = |second: &str| Session::open(&MemoryFileSystem::new(&[("w/a.groma", first), ("w/b.groma", second)]), Path::new("w"));
    let Ok(mut session) = open(second) else { return };
    session.snapshot().findings(TODAY);
    if session.set_text("w/b.groma", edited) {
        let warm = session.snapshot().findings(TODAY);
        let Ok(mut fresh) = open(edited) else { return };
        assert_eq!(warm, fresh.snapshot().findings(TODAY));
    }
});

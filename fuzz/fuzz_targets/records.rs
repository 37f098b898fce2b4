//! Any bytes are read as a record without panic, every place lies in them, and a status that is set is read back.
#![no_main]

use groma_base::Range;
use groma_records::edit::{Text, set_status};
use groma_records::{Record, State};

const PATH: &str = "0012-use-a-queue.md";

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let record = Record::read(PATH, bytes);
    let is_inside = |range: Range| range.is_none() || range.start <= range.end && range.end as usize <= bytes.len();
    let findings = record.findings.iter().map(|finding| finding.range);
    let sections = record.sections.iter().map(|section| section.range);
    let links = record.links.iter().flatten().map(|link| link.range);
    assert!(findings.chain(sections).chain(links).all(is_inside));
    for state in State::ALL {
        if let Ok(after) = set_status(Text { path: PATH, bytes }, state, None) {
            assert_eq!(Record::read(PATH, &after).status.map(|status| status.value), Some(state));
        }
    }
});

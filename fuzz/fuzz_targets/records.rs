//! Any bytes are read as a record of each family without panic, every place lies in them, and a status that is set is read back.
#![no_main]

use groma_base::Range;
use groma_records::edit::{Text, set_status};
use groma_records::{Family, Record};

const PATH: &str = "0012-use-a-queue.md";

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    Family::ALL.into_iter().for_each(|family| check(family, bytes));
});

fn check(family: Family, bytes: &[u8]) {
    let record = Record::read_as(family, PATH, bytes);
    let is_inside = |range: Range| range.is_none() || range.start <= range.end && range.end as usize <= bytes.len();
    let findings = record.findings.iter().map(|finding| finding.range);
    let sections = record.sections.iter().map(|section| section.range);
    let links = record.links.iter().flatten().map(|link| link.range);
    assert!(findings.chain(sections).chain(links).all(is_inside));
    for state in family.states() {
        if let Ok(after) = set_status(Text { family, path: PATH, bytes }, *state, None) {
            let after = Record::read_as(family, PATH, &after);
            assert_eq!(after.status.map(|status| status.value), Some(*state));
        }
    }
}

//! What the words say that tell what a decision rests on.

use super::chosen::{is_in, plain};

/// What a decision may rest on, as plain words.
const EVIDENCE: [&str; 12] = [
    "analysis",
    "benchmark",
    "calculation",
    "design doc",
    "experiment",
    "load test",
    "measurement",
    "poc",
    "proof of concept",
    "prototype",
    "rfc",
    "spike",
];

/// Words for what is not there yet.
const YET: [&str; 8] = ["tbd", "todo", "to do", "to follow", "to be done", "to be added", "to be written", "pending"];

/// Whether what a record refers to is something that it rests on, and no other reading.
pub(super) fn is_evidence(reference: &str) -> bool {
    let words = plain(reference);
    EVIDENCE.iter().any(|one| is_in(one, &words) || is_in(&format!("{one}s"), &words))
}

/// Whether words say of evidence that it will be there one day.
pub fn is_promised(words: &str) -> bool {
    let words = plain(words);
    YET.iter().any(|yet| is_in(yet, &words))
}

/// Whether words say where evidence is: a path, an address, a number such as that of an RFC, or a day.
pub fn says_where(words: &str) -> bool {
    words.contains('/') || words.bytes().any(|byte| byte.is_ascii_digit())
}

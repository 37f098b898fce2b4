//! Formatting changes no meaning, and a formatted text is left as it is.
#![no_main]

use groma_syntax::{format::format, parse, print};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let (tree, errors) = parse(text);
    if !errors.is_empty() {
        return;
    }
    let formatted = format(text).expect("a text without errors is formatted");
    assert_eq!(print::kdl(&tree), print::kdl(&parse(formatted.as_str()).0));
    assert_eq!(format(&formatted).expect("a formatted text has no errors"), formatted);
});

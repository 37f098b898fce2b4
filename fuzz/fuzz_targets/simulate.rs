//! Whatever a workspace says, its forecast ends, takes no more than it may, and makes sense.
#![no_main]

#[path = "../../crates/session/tests/hostile/mod.rs"]
mod hostile;

libfuzzer_sys::fuzz_target!(|chosen: (&[u8], &str)| {
    let (choices, text) = chosen;
    hostile::judged(&hostile::workspace(choices));
    hostile::judged(text);
});

//! What the language can say happens in the simulation, from text to verdict.

mod caches;
mod calls;
mod changes;
#[path = "../common/mod.rs"]
mod common;
mod rare;
mod verdicts;

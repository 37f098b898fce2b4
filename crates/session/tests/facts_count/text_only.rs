//! The facts that people read and nothing computes with, each with the reason.

/// A fact, as `used_by.txt` names it, and why nothing comes of another value of it.
pub const TEXT_ONLY: &[(&str, &str)] = &[];

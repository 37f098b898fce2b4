use crate::Rule;
use groma_base::Severity;

pub(super) static RULE: Rule = Rule {
    name: "unused-allow",
    severity: Severity::Warning,
    summary: "an excuse for nothing",
    page: include_str!("unused_allow.md"),
    ..Rule::FOUND_BY_READING
};

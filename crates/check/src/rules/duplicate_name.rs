use crate::Rule;
use groma_base::Severity;

pub(super) static RULE: Rule = Rule {
    name: "duplicate-name",
    severity: Severity::Error,
    summary: "two things with the same name",
    blocks_forecast: true,
    page: include_str!("duplicate_name.md"),
    ..Rule::WITHOUT_CHECK
};

use crate::Rule;
use groma_base::Severity;

pub(super) static RULE: Rule = Rule {
    name: "misplaced",
    severity: Severity::Error,
    summary: "a node or fact where it is not allowed",
    blocks_forecast: true,
    page: include_str!("misplaced.md"),
    ..Rule::WITHOUT_CHECK
};

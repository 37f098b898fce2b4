use crate::Rule;
use groma_base::Severity;

pub(super) static RULE: Rule = Rule {
    name: "missing-part",
    severity: Severity::Error,
    summary: "a node without a required part",
    blocks_forecast: true,
    page: include_str!("missing_part.md"),
    ..Rule::WITHOUT_CHECK
};

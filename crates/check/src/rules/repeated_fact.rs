use crate::Rule;
use groma_base::Severity;

pub(super) static RULE: Rule = Rule {
    name: "repeated-fact",
    severity: Severity::Error,
    summary: "the same fact or line twice in one node",
    blocks_forecast: true,
    page: include_str!("repeated_fact.md"),
    ..Rule::WITHOUT_CHECK
};

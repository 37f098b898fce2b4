use crate::Rule;
use groma_base::Severity;

pub(super) static RULE: Rule = Rule {
    name: "wrong-value",
    severity: Severity::Error,
    summary: "a value that is not valid for its fact",
    blocks_forecast: true,
    page: include_str!("wrong_value.md"),
    ..Rule::WITHOUT_CHECK
};

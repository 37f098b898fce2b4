use crate::Rule;
use groma_base::Severity;

pub(super) static RULE: Rule = Rule {
    name: "unresolved-name",
    severity: Severity::Error,
    summary: "a name that is not declared",
    blocks_forecast: true,
    page: include_str!("unresolved_name.md"),
    ..Rule::WITHOUT_CHECK
};

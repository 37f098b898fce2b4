use crate::Rule;
use groma_base::Severity;

pub(super) static RULE: Rule = Rule {
    name: "unresolved-name",
    severity: Severity::Error,
    summary: "a name that nothing has",
    blocks_forecast: true,
    page: include_str!("unresolved_name.md"),
    ..Rule::FOUND_BY_READING
};

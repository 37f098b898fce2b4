use crate::Rule;
use groma_base::Severity;

pub(super) static RULE: Rule = Rule {
    name: "unknown-rule",
    severity: Severity::Error,
    summary: "a setting or an excuse for a rule that there is not",
    page: include_str!("unknown_rule.md"),
    ..Rule::FOUND_BY_READING
};

use crate::Rule;
use groma_base::Severity;

pub(crate) static RULE: Rule = Rule {
    name: "unknown-rule",
    severity: Severity::Error,
    summary: "a setting or suppression for a rule that does not exist",
    page: include_str!("unknown_rule.md"),
    ..Rule::WITHOUT_CHECK
};

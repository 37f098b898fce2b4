use crate::Rule;
use groma_base::Severity;

pub(crate) static RULE: Rule = Rule {
    name: "unused-allow",
    severity: Severity::Warning,
    summary: "a suppression that suppresses nothing",
    page: include_str!("unused_allow.md"),
    ..Rule::WITHOUT_CHECK
};

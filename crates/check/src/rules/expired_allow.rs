use crate::Rule;
use groma_base::Severity;

pub(crate) static RULE: Rule = Rule {
    name: "expired-allow",
    severity: Severity::Error,
    summary: "a suppression whose date has passed",
    page: include_str!("expired_allow.md"),
    ..Rule::WITHOUT_CHECK
};

use crate::Rule;
use groma_base::Severity;

pub(crate) static RULE: Rule = Rule {
    name: "unexplained-allow",
    severity: Severity::Warning,
    summary: "a suppression without owner, reason or date",
    page: include_str!("unexplained_allow.md"),
    ..Rule::WITHOUT_CHECK
};

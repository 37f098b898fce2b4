use crate::Rule;
use groma_base::Severity;

pub(super) static RULE: Rule = Rule {
    name: "renamed-fact",
    severity: Severity::Note,
    summary: "a fact of your own by a name that it had before",
    page: include_str!("renamed_fact.md"),
    ..Rule::WITHOUT_CHECK
};

use crate::Rule;
use groma_base::Severity;

pub(super) static RULE: Rule = Rule {
    name: "decision-record",
    severity: Severity::Warning,
    summary: "a decision record that cannot be read as a whole, contradicts itself or names what is not there",
    page: include_str!("decision_record.md"),
    ..Rule::WITHOUT_CHECK
};

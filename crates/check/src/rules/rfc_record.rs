use crate::Rule;
use groma_base::Severity;

pub(super) static RULE: Rule = Rule {
    name: "rfc-record",
    severity: Severity::Warning,
    summary: "a request for comments that cannot be read as a whole, contradicts itself or names what is not there",
    page: include_str!("rfc_record.md"),
    ..Rule::WITHOUT_CHECK
};

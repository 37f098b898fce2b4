use crate::Rule;
use groma_base::Severity;

pub(super) static RULE: Rule = Rule {
    name: "syntax",
    severity: Severity::Error,
    summary: "the text is not valid KDL",
    blocks_forecast: true,
    page: include_str!("syntax.md"),
    ..Rule::WITHOUT_CHECK
};

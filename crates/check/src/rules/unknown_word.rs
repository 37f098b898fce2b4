use crate::Rule;
use groma_base::Severity;

pub(super) static RULE: Rule = Rule {
    name: "unknown-word",
    severity: Severity::Error,
    summary: "a word that the language does not know",
    blocks_forecast: true,
    page: include_str!("unknown_word.md"),
    ..Rule::WITHOUT_CHECK
};

//! How many findings are shown. A mistake in a generated text can be found a million times; nobody reads them all.

use groma_base::{Diagnostic, Severity};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// So many findings of one rule are shown.
pub const MOST_OF_RULE: usize = 1_000;
/// So many findings are shown altogether.
pub const MOST: usize = 10_000;

/// How many findings of a rule are not shown.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LeftOut {
    /// The rule or standard.
    pub rule: Cow<'static, str>,
    /// How grave they are.
    pub severity: Severity,
    /// How many.
    pub count: usize,
}

/// The findings that are shown, in their order, and how many are not: the gravest come first, then those that come
/// first in the text.
pub fn most(findings: Vec<Diagnostic>) -> (Vec<Diagnostic>, Vec<LeftOut>) {
    most_of(findings, |finding| finding)
}

/// The same of what is told of findings.
pub fn most_of<T>(mut told: Vec<T>, finding: impl Fn(&T) -> &Diagnostic) -> (Vec<T>, Vec<LeftOut>) {
    let mut of_rule: BTreeMap<Cow<'static, str>, usize> = BTreeMap::new();
    let mut left_out: BTreeMap<(Cow<'static, str>, Severity), usize> = BTreeMap::new();
    let mut is_shown = vec![false; told.len()];
    let mut shown = 0;
    for severity in Severity::ALL.into_iter().rev() {
        for (at, finding) in told.iter().map(&finding).enumerate().filter(|(_, one)| one.severity == severity) {
            let of_rule = of_rule.entry(finding.code.clone()).or_default();
            if *of_rule < MOST_OF_RULE && shown < MOST {
                *of_rule += 1;
                shown += 1;
                is_shown[at] = true;
            } else {
                *left_out.entry((finding.code.clone(), severity)).or_default() += 1;
            }
        }
    }
    let mut is_shown = is_shown.into_iter();
    told.retain(|_| is_shown.next().unwrap_or(false));
    let left_out = left_out.into_iter().map(|((rule, severity), count)| LeftOut { rule, severity, count });
    (told, left_out.collect())
}

/// What is left out, in a sentence; `None` if nothing is.
pub(crate) fn sentence(left_out: &[LeftOut]) -> Option<String> {
    sentence_of("findings", left_out)
}

/// The same of findings that are called so.
pub(crate) fn sentence_of(findings: &str, left_out: &[LeftOut]) -> Option<String> {
    let total: usize = left_out.iter().map(|one| one.count).sum();
    let each: Vec<String> = left_out.iter().map(|one| format!("{} of `{}`", one.count, one.rule)).collect();
    let (last, rest) = each.split_last()?;
    let and = if rest.is_empty() { "" } else { " and " };
    Some(format!("{total} more {findings} are not shown: {}{and}{last}", rest.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use groma_base::{FileId, Range, Span};

    fn findings(code: &'static str, severity: Severity, count: usize) -> impl Iterator<Item = Diagnostic> {
        let span = |at: usize| Span::new(FileId(0), Range::new(at as u32, at as u32 + 1));
        (0..count).map(move |at| Diagnostic::new(code, severity, span(at), "wrong"))
    }

    #[test]
    fn few_findings_are_all_shown() {
        let all: Vec<_> = findings("a", Severity::Note, MOST_OF_RULE).collect();
        assert_eq!(most(all.clone()), (all, vec![]));
        assert_eq!(sentence(&[]), None);
    }

    #[test]
    fn of_many_the_first_of_each_rule_are_shown_and_the_rest_is_counted() {
        let notes = findings("a", Severity::Note, MOST_OF_RULE + 7);
        let (shown, left_out) = most(notes.chain(findings("b", Severity::Error, MOST_OF_RULE + 1)).collect());
        assert_eq!(shown.len(), 2 * MOST_OF_RULE);
        assert!(shown[..MOST_OF_RULE].iter().all(|finding| finding.code == "a"), "the order stays");
        assert_eq!(shown[MOST_OF_RULE - 1].primary.span.range.start, MOST_OF_RULE as u32 - 1, "the first are kept");
        let counts: Vec<_> = left_out.iter().map(|one| (&*one.rule, one.count)).collect();
        assert_eq!(counts, [("a", 7), ("b", 1)]);
        assert_eq!(sentence(&left_out).unwrap(), "8 more findings are not shown: 7 of `a` and 1 of `b`");
        assert_eq!(sentence(&left_out[..1]).unwrap(), "7 more findings are not shown: 7 of `a`");
    }

    #[test]
    fn the_gravest_are_shown_first() {
        const NAMES: [&str; 11] = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"];
        let of = |at: usize| {
            let severity = if at == NAMES.len() - 1 { Severity::Error } else { Severity::Note };
            findings(NAMES[at], severity, MOST_OF_RULE)
        };
        let (shown, left_out) = most((0..NAMES.len()).flat_map(of).collect());
        assert_eq!(shown.len(), MOST);
        assert_eq!(shown.iter().filter(|finding| finding.code == "k").count(), MOST_OF_RULE);
        assert_eq!(left_out, [LeftOut { rule: "j".into(), severity: Severity::Note, count: MOST_OF_RULE }]);
    }
}

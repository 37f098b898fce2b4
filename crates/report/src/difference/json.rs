//! For programs.

use super::{Compared, State};
use crate::{By, Suppression};
use groma_base::{Diagnostic, Span};
use groma_model::difference::{Changed, Held, Known, Thing};
use groma_session::Suppressed;
use serde_json::{Value, json};

/// Rises when a field changes its meaning or goes away.
const VERSION: u32 = 2;

impl Compared<'_> {
    /// A document, with a version.
    pub fn json(&self) -> Value {
        let Compared { before, after, comparison, .. } = self;
        let difference = &comparison.difference;
        let things =
            |state: State<'_>, things: &[Thing]| -> Vec<Value> { things.iter().map(|one| thing(state, one)).collect() };
        let unknown = difference.unknown_names.iter().map(|(at, name)| {
            json!({ "name": name, "address": after.arch.address_of(*at), "at": place(*after, after.arch.name_span(*at)) })
        });
        let taken = difference.taken_names.iter().map(|(at, name, other)| {
            json!({
                "name": name,
                "address": after.arch.address_of(*at),
                "taken_by": after.arch.address_of(*other),
                "at": place(*after, after.arch.name_span(*at)),
            })
        });
        let breaking = comparison
            .breaking
            .iter()
            .map(|one| json!({ "address": one.address, "what": one.what.word(), "queries": one.queries }));
        let not_asked = comparison
            .not_asked
            .iter()
            .map(|one| json!({ "query": one.query, "message": one.error.message, "at": place(*after, one.span) }));
        let not_included = self.not_included().map(|(state, other, lacking)| {
            json!({
                "state": state.name,
                "errors": findings(state, &lacking.errors),
                "unknown": things(other, &lacking.things),
            })
        });
        json!({
            "version": VERSION,
            "from": before.name,
            "to": after.name,
            "is_same": difference.is_empty() && self.is_all_known(),
            "not_included": not_included.collect::<Vec<_>>(),
            "not_understood": { "from": comparison.not_understood[0], "to": comparison.not_understood[1] },
            "removed": things(*before, &difference.removed),
            "added": things(*after, &difference.added),
            "changed": difference.changed.iter().map(|one| self.changed_json(one)).collect::<Vec<_>>(),
            "unknown_was": unknown.collect::<Vec<_>>(),
            "taken_was": taken.collect::<Vec<_>>(),
            "pairs": { "compared": difference.compared, "not_compared": difference.not_compared },
            "findings": self.findings_json(),
            "verdicts": self.verdicts_json(),
            "breaking": breaking.collect::<Vec<_>>(),
            "not_asked": not_asked.collect::<Vec<_>>(),
        })
    }

    fn findings_json(&self) -> Value {
        let Compared { before, after, comparison, .. } = self;
        json!({
            "came": findings(*after, &comparison.came),
            "went": findings(*before, &comparison.went),
            "changed": comparison.changed_findings.iter().map(|one| {
                json!({ "before": finding(*before, &one.before), "after": finding(*after, &one.after) })
            }).collect::<Vec<_>>(),
            "excused": self.excused_json(self.after, &comparison.excused),
            "no_longer_excused": self.excused_json(self.before, &comparison.no_longer_excused),
        })
    }

    /// Findings with the `allow` that suppresses them in a state.
    fn excused_json(&self, state: State<'_>, all: &[Suppressed]) -> Vec<Value> {
        let told = all.iter().map(|one| {
            let allow = Suppression::new(state.arch, one);
            let mut told = finding(self.after, &one.finding);
            if let By::Allow(allow) = &allow.by {
                told["allow"] = json!({
                    "address": allow.address,
                    "reason": allow.reason,
                    "owner": allow.owner,
                    "expires": allow.expires,
                    "at": place(state, allow.at),
                });
            }
            told
        });
        told.collect()
    }

    fn verdicts_json(&self) -> Value {
        let Some(verdicts) = self.verdicts else { return Value::Null };
        let changes = verdicts.changes.iter().map(|one| {
            json!({
                "address": one.address,
                "demand": one.demand,
                "limit_before": one.limit_before,
                "before": one.before.map(groma_simulate::Verdict::word),
                "after": one.after.map(groma_simulate::Verdict::word),
            })
        });
        json!({ "changes": changes.collect::<Vec<_>>(), "not_forecast": verdicts.not_forecast })
    }

    fn changed_json(&self, one: &Changed) -> Value {
        let pair = |pair: &Option<(String, String)>| {
            pair.as_ref().map(|(before, after)| json!({ "before": before, "after": after }))
        };
        let (known, was, guess) = match &one.known {
            Known::Address => ("address", None, None),
            Known::Was(name) => ("was", Some(name), None),
            Known::Guess(guess) => ("guess", None, Some(guess)),
        };
        let guess = guess.map(|guess| {
            let agreements = guess.agreements.iter();
            let agreements = agreements.map(|one| json!({ "what": one.what, "same": one.alike, "of": one.of }));
            json!({ "share": guess.share as f64 / 100.0, "evidence": agreements.collect::<Vec<_>>() })
        });
        let facts = one.facts.iter().map(|fact| {
            let held = |held: &Option<Held>| {
                held.as_ref().map(|held| json!({ "value": held.words, "is_default": held.is_default }))
            };
            json!({
                "fact": fact.fact,
                "of": fact.of,
                "before": fact.before,
                "after": fact.after,
                "held_before": held(&fact.held_before),
                "held_after": held(&fact.held_after),
            })
        });
        json!({
            "address": one.address,
            "address_before": one.old_address,
            "kind": one.kind,
            "title": one.title,
            "renamed": pair(&one.renamed),
            "moved": pair(&one.moved),
            "known_by": known,
            "was": was,
            "guess": guess,
            "facts": facts.collect::<Vec<_>>(),
            "at": place(self.after, self.after.arch.name_span(one.after)),
            "at_before": place(self.before, self.before.arch.name_span(one.before)),
        })
    }
}

fn thing(state: State<'_>, one: &Thing) -> Value {
    json!({
        "address": one.address,
        "kind": one.kind,
        "title": one.title,
        "is_inside": one.is_inside,
        "holds": one.holds,
        "at": place(state, state.arch.name_span(one.at)),
    })
}

fn findings(state: State<'_>, all: &[Diagnostic]) -> Vec<Value> {
    all.iter().map(|one| finding(state, one)).collect()
}

fn finding(state: State<'_>, one: &Diagnostic) -> Value {
    json!({
        "rule": one.code,
        "severity": one.severity.word(),
        "message": one.message,
        "address": state.arch.innermost(one.primary.span).map(|at| state.arch.address_of(at)),
        "at": place(state, one.primary.span),
    })
}

/// Where something stands: the file from the root of the repository, and from the folder of the workspace.
fn place(state: State<'_>, span: Span) -> Value {
    let source = state.sources.get(span.file);
    let at = source.line_column(span.range.start);
    json!({
        "file": source.place.path(),
        "published": source.published,
        "line": at.line,
        "column": at.column,
    })
}

use super::wrong_query::ANY_DAY;
use crate::{Absence, Context, Reach, Rule, UNMET_STANDARD, each, rule};
use groma_base::{Severity, date_after, list_words};
use groma_model::facts::standard::Severity as Said;
use groma_model::kinds::class;
use groma_model::query::{Answers, Query};
use groma_model::standards_met::{Scope, depends_on_the_day, says_none, scopes, together};
use groma_model::{Architecture, ItemRef, facts};

pub(super) static RULE: Rule = Rule {
    name: UNMET_STANDARD,
    severity: Severity::Error,
    summary: "what does not meet a standard of your own; the finding bears the standard's name",
    check: Some(check),
    reach: Reach::Whole,
    absence: Some(Absence::OfPart),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("unmet_standard.md"),
};

/// All standards.
pub(super) fn standards(arch: &Architecture) -> Vec<ItemRef> {
    arch.records_of(&class::STANDARD).map(|record| record.at).collect()
}

fn check(cx: &mut Context<'_>) {
    find(cx, false, ANY_DAY);
}

/// Finds what the day decides, which is looked for on each day anew.
pub(super) fn check_on(cx: &mut Context<'_>, today: &str) {
    find(cx, true, today);
}

/// What does not meet the standards of which the day decides something, or of which it decides nothing.
fn find(cx: &mut Context<'_>, of_days: bool, today: &str) {
    let arch = cx.arch;
    let all = arch.records_of(&class::STANDARD).map(|record| record.at);
    // What bears the name of a rule is told by `unclear-standard`, and its findings would be taken for those of the rule.
    let all = all.filter(|at| rule(arch.name(*at)).is_none());
    let alike = together(arch, all.filter(|at| depends_on_the_day(arch, *at) == of_days));
    let found = each(arch, alike.len(), |nth| scopes(arch, &alike[nth], today));
    let scopes = alike.into_iter().flatten().zip(found.into_iter().flatten());
    let mut unmet: Vec<(ItemRef, Scope)> = scopes.filter_map(|(at, scope)| Some((at, scope?))).collect();
    unmet.sort_by_key(|(standard, _)| *standard);
    for (standard, scope) in unmet {
        scope.unmet.iter().for_each(|at| report(cx, (standard, &scope), *at, today));
    }
}

/// Which of the things that are demanded something lacks, where there are several.
fn lacking(scope: &Scope, at: ItemRef) -> Option<String> {
    let lacking: Vec<&str> = scope.lacking(at).map(Query::text).collect();
    let is_some = scope.parts.len() > 1 && (1..scope.parts.len()).contains(&lacking.len());
    is_some.then(|| format!("what it lacks is {}", list_words(lacking, "and")))
}

/// That `has:` asks for what is written, where something else holds without that.
fn held_anyway(arch: &Architecture, scope: &Scope, at: ItemRef) -> Option<String> {
    let is_meant = |name: &str| arch.facts_for(at).find(|fact| fact.is_called(name));
    let facts = scope.lacking(at).filter_map(Query::asks_whether_written).filter_map(is_meant);
    let (fact, held) = facts.map(|fact| (fact, arch.holds_anyway(at, fact))).find(|(_, held)| !held.is_empty())?;
    let (name, held) = (fact.name, held.join(", "));
    let help = match *fact == facts::OWNER {
        true => format!("`{name}:*` asks whether it has one at all"),
        false => "what holds without being written is asked for by its value".to_owned(),
    };
    Some(format!("`has:{name}` asks whether it is written here; `{name}` is `{held}` anyway: {help}"))
}

/// The day from which an `allow` that lacks nothing but a later day is told as one that has expired, and not also here.
fn told_as_expired(arch: &Architecture, scope: &Scope, at: ItemRef) -> Option<String> {
    let expires = arch.item(at).kind.is(&class::ALLOW).then(|| arch.text(at, &facts::allow::EXPIRES))??;
    let mut lacking = scope.lacking(at).peekable();
    lacking.peek()?;
    lacking.all(|term| term.asks_only(&facts::allow::EXPIRES)).then(|| date_after(expires, 1))?
}

fn report(cx: &mut Context<'_>, (standard, scope): (ItemRef, &Scope), at: ItemRef, today: &str) {
    let arch = cx.arch;
    let text = |fact| arch.text(standard, fact);
    let name = arch.name(standard);
    let mut finding = cx.at(at, format!("{} does not meet \"{}\"", cx.thing(at), arch.title(standard)));
    finding.code = name.to_owned().into();
    let severity = match arch.choice(standard) {
        Some(Said::Note) => Severity::Note,
        Some(Said::Warning) => Severity::Warning,
        Some(Said::Error) | None => Severity::Error,
    };
    // A workspace may take all standards more lightly.
    finding.severity = severity.min(cx.severity);
    finding.notes.extend(text(&facts::standard::REASON).map(str::to_owned));
    for found in scope.lacking(at).flat_map(|term| term.found(arch, at, &Answers::on(today))) {
        if !finding.notes.contains(&found) {
            finding.notes.push(found);
        }
    }
    let must = text(&facts::standard::MUST).unwrap_or_default();
    finding = finding.secondary(arch.name_span(standard), "the standard").help(format!("it must be `{must}`"));
    let told = [lacking(scope, at), held_anyway(arch, scope, at)];
    finding = told.into_iter().flatten().fold(finding, |finding, told| finding.help(told));
    if let Some(exception) = text(&facts::standard::EXCEPTION) {
        finding = finding.help(format!("exceptions: {exception}"));
        if !says_none(exception) {
            finding = finding.help(format!(
                "one that is granted is written as `allow {name} owner=… reason=\"…\" expires=YYYY-MM-DD` in it"
            ));
        }
    }
    if let Some(day) = told_as_expired(arch, scope, at) {
        finding = finding.before_day(&day);
    }
    if let Some(since) = text(&facts::standard::SINCE) {
        finding = finding.from_day(since);
    }
    cx.push(cx.from_kit(standard, finding));
}

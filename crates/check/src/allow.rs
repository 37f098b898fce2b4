//! `allow` nodes: which findings they excuse, and what is wrong with them.

use crate::doubt::Doubt;
use crate::{RULES, Settings, rule};
use groma_base::{Diagnostic, Range, Span, list_words, nearest};
use groma_model::decode::NONE;
use groma_model::schema::Role;
use groma_model::{Architecture, ItemRef, facts, kinds};

struct Allow<'a> {
    at: ItemRef,
    rule: &'a str,
    scope: Option<Range>,
    /// The element whose `extend` block it stands in: that is excused as well, wherever it is declared.
    extended: Option<ItemRef>,
    expired: bool,
    used: bool,
}

/// Takes out what is excused and adds what is wrong with the excuses.
pub(crate) fn apply(
    arch: &Architecture,
    findings: Vec<Diagnostic>,
    settings: &Settings,
    doubt: &Doubt,
    today: &str,
) -> Vec<Diagnostic> {
    let mut allows: Vec<Allow<'_>> = arch.allows.iter().map(|at| read(arch, *at, today)).collect();
    let mut kept: Vec<Diagnostic> = findings.into_iter().filter(|finding| !excuse(&mut allows, finding)).collect();
    for allow in &allows {
        judge(arch, allow, settings, doubt, &mut kept);
    }
    for at in &arch.rule_settings {
        unknown_rule(arch, *at, settings, &mut kept);
    }
    kept
}

fn read<'a>(arch: &'a Architecture, at: ItemRef, today: &str) -> Allow<'a> {
    let item = arch.item(at);
    let scope = (item.parent != NONE).then(|| arch.file(at).items[item.parent as usize].range);
    let expired = arch.text(at, &kinds::EXPIRES).is_some_and(|date| date < today);
    let around = (item.parent != NONE).then_some(ItemRef { file: at.file, item: item.parent });
    let extended = around.filter(|around| arch.item(*around).kind.role == Role::Extend);
    let extended = extended.and_then(|extend| arch.element_by_path(arch.name(extend))).map(|id| arch.element(id).at);
    Allow { at, rule: arch.name(at), scope, extended, expired, used: false }
}

/// Only what a rule of its own finds can be excused: a text that cannot be understood cannot.
fn excuse(allows: &mut [Allow<'_>], finding: &Diagnostic) -> bool {
    if rule(finding.code).is_none_or(|rule| rule.check.is_none()) {
        return false;
    }
    let span = finding.primary.span;
    let covers = |allow: &&mut Allow<'_>| {
        let about = |item| finding.subject.is_some_and(|subject| item == ItemRef { file: span.file, item: subject });
        let encloses = allow.at.file == span.file && allow.scope.is_none_or(|scope| scope.contains(span.range));
        allow.rule == finding.code && (encloses || allow.extended.is_some_and(about))
    };
    // The innermost excuse counts, so that an outer one that does nothing is seen as unused.
    let found = allows
        .iter_mut()
        .filter(|allow| !allow.expired)
        .filter(covers)
        .max_by_key(|allow| allow.scope.map(|scope| scope.start));
    match found {
        Some(allow) => {
            allow.used = true;
            true
        }
        None => {
            allows.iter_mut().filter(|allow| allow.expired).filter(covers).for_each(|allow| allow.used = true);
            false
        }
    }
}

fn judge(arch: &Architecture, allow: &Allow<'_>, settings: &Settings, doubt: &Doubt, findings: &mut Vec<Diagnostic>) {
    let span = arch.name_span(allow.at);
    if unknown_rule(arch, allow.at, settings, findings) || doubt.covers_item(allow.at) {
        return;
    }
    let missing: Vec<&str> = [("owner", &facts::OWNER), ("reason", &kinds::REASON), ("expires", &kinds::EXPIRES)]
        .into_iter()
        .filter(|(_, fact)| arch.fact(allow.at, fact).is_none())
        .map(|(name, _)| name)
        .collect();
    if let (false, Some(severity)) = (missing.is_empty(), settings.of("unexplained-allow")) {
        let message = format!("this excuse does not say its {}", list_words(missing, "and"));
        findings.push(
            Diagnostic::new("unexplained-allow", severity, span, message)
                .help("write `allow rule owner=… reason=\"…\" expires=YYYY-MM-DD`"),
        );
    }
    if allow.expired {
        let date = arch.text(allow.at, &kinds::EXPIRES).unwrap_or_default();
        if let Some(severity) = settings.of("expired-allow") {
            let finding = Diagnostic::new("expired-allow", severity, span, format!("this excuse ended on {date}"));
            let help = if allow.used {
                "mend what it excused, or agree on a new date"
            } else {
                "remove it: there is nothing left to excuse"
            };
            findings.push(finding.help(help));
        }
    } else if let (false, Some(severity)) = (allow.used, settings.of("unused-allow")) {
        let finding =
            Diagnostic::new("unused-allow", severity, span, format!("`{}` finds nothing here to excuse", allow.rule));
        let whole = Span::new(allow.at.file, arch.item(allow.at).range);
        findings.push(finding.help("remove this line").fix("remove it", whole, ""));
    }
}

/// Reports the name of a rule that there is not; whether it did.
fn unknown_rule(arch: &Architecture, at: ItemRef, settings: &Settings, findings: &mut Vec<Diagnostic>) -> bool {
    let name = arch.name(at);
    if name.is_empty() || rule(name).is_some() {
        return false;
    }
    let near = nearest(name, RULES.iter().map(|rule| rule.name));
    let help = if near.is_empty() {
        "`groma explain rules` lists them".to_owned()
    } else {
        format!("did you mean {}?", list_words(near, "or"))
    };
    if let Some(severity) = settings.of("unknown-rule") {
        findings.push(
            Diagnostic::new("unknown-rule", severity, arch.name_span(at), format!("there is no rule called `{name}`"))
                .help(help),
        );
    }
    true
}

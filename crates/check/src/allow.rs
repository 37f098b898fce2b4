//! `allow` nodes: which findings they suppress, and what is wrong with them.

use crate::held_back::HeldBack;
use crate::lack::{Lack, unsaid};
use crate::rules::{EXPIRED_ALLOW, OF_KITS, UNEXPLAINED_ALLOW, UNKNOWN_RULE, UNUSED_ALLOW};
use crate::{RULES, Rule, RuleSettings, UNMET_STANDARD, is_of_reading, rule};
use groma_base::{Diagnostic, FileId, Range, Severity, Span, did_you_mean, list_words, nearest, only_meant};
use groma_model::facets::decisions::{DECISION_RECORD, RFC_RECORD};
use groma_model::facts::allow::UpTo;
use groma_model::kinds::class;
use groma_model::standards_met::{scope, standard_called};
use groma_model::{Architecture, ItemRef, facts};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeSet;

/// A finding that an `allow` suppresses.
#[derive(Clone, PartialEq, Debug)]
pub struct Suppressed {
    /// What was found.
    pub finding: Diagnostic,
    /// The `allow`.
    pub by: ItemRef,
}

struct Allow<'a> {
    at: ItemRef,
    rule: &'a str,
    /// What it stands in, which an `extend` block is not: that is suppressed, and all in it. `None` is the file.
    around: Option<ItemRef>,
    expired: bool,
    /// How grave a finding may be that it suppresses.
    up_to: Severity,
    used: bool,
    /// A file of the kit that demands what this would take out, and what it lacks for that.
    refused: Option<(FileId, Lack)>,
}

impl Allow<'_> {
    /// Where it holds.
    fn place(&self) -> Place {
        self.around.map_or(Place::File(self.at.file), Place::Within)
    }

    /// What it lacks to take out what a kit demands.
    fn lack(&self, arch: &Architecture) -> Option<Lack> {
        Lack::of(arch, self.at, self.around.is_none())
    }
}

/// Takes what is suppressed apart from what is not, to which is added what is wrong with the suppressions.
pub(crate) fn apply(
    arch: &Architecture,
    findings: Vec<Diagnostic>,
    settings: &RuleSettings,
    held_back: &HeldBack,
    today: &str,
) -> (Vec<Diagnostic>, Vec<Suppressed>) {
    let mut allows = Allows::new(arch, today);
    let (mut kept, mut suppressed) = (Vec::with_capacity(findings.len()), Vec::new());
    for finding in findings {
        let mut places = std::iter::once(finding.primary.span).chain(finding.or_at.iter().copied());
        let by = places.find_map(|place| allows.suppresses(&finding, place));
        if !finding.also.is_empty() {
            allows.split(finding, by, &mut kept, &mut suppressed);
            continue;
        }
        match by {
            Some(by) => suppressed.push(Suppressed { finding, by }),
            None => kept.push(allows.kept(finding)),
        }
    }
    let judge =
        Judge { arch, settings, held_back, today, unsuppressed: Unsuppressed::new(arch, &allows.allows, &kept) };
    let mut wrong: Vec<Diagnostic> = allows.allows.iter().flat_map(|allow| judge.of_allow(allow)).collect();
    wrong.extend(arch.rule_settings.iter().flat_map(|at| judge.of_setting(*at)));
    kept.extend(wrong);
    (kept, suppressed)
}

fn read<'a>(arch: &'a Architecture, at: ItemRef, today: &str) -> Allow<'a> {
    let item = arch.item(at);
    let expired = arch.text(at, &facts::allow::EXPIRES).is_some_and(|date| date < today);
    let around = item.parent.map(|item| of_element(arch, ItemRef { item, ..at }));
    let up_to = match arch.choice(at) {
        Some(UpTo::Note) => Severity::Note,
        Some(UpTo::Warning) => Severity::Warning,
        Some(UpTo::Error) | None => Severity::Error,
    };
    Allow { at, rule: meant(arch, arch.name(at)), around, expired, up_to, used: false, refused: None }
}

/// What something is a part of the text of: of an `extend` block that is the element, wherever that is declared.
fn of_element(arch: &Architecture, at: ItemRef) -> ItemRef {
    arch.extended(at).map_or(at, |id| arch.element(id).at)
}

/// The name of the rule that a word names, if any: its own, where the word is an older name, and that which is certainly meant, where it
/// is misspelt, so that what it was to suppress is not told beside that.
fn meant<'a>(arch: &'a Architecture, word: &'a str) -> &'a str {
    if let Some(rule) = rule(word) {
        return rule.name;
    }
    if let Some(standard) = standard_called(arch, word) {
        return arch.name(standard);
    }
    only_meant(word, &near(arch, word)).unwrap_or(word)
}

/// The rules and standards that are called nearly so.
fn near<'a>(arch: &'a Architecture, name: &str) -> Vec<&'a str> {
    let own = standards(arch).map(|(name, _)| name);
    nearest(name, RULES.iter().map(|rule| rule.name).chain(own))
}

/// The `allow` nodes by what they suppress.
struct Allows<'a> {
    arch: &'a Architecture,
    allows: Vec<Allow<'a>>,
    /// The rules and standards that are named, each with its number.
    named: FxHashMap<&'a str, usize>,
    by_place: FxHashMap<(usize, Place), Here>,
    /// The one for which the last finding was too grave.
    outgrown: Option<usize>,
}

/// Where a suppression holds.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Place {
    File(FileId),
    /// A declaration and all in it, blocks that extend it included.
    Within(ItemRef),
}

/// The suppressions of one rule at one place.
#[derive(Default)]
struct Here {
    /// The first that has not expired: any further one is of no use.
    valid: Option<usize>,
    /// The first of these that lacks nothing that a kit asks of it.
    explained: Option<usize>,
    /// Those that have, as long as nothing shows that they were of use.
    expired: Vec<usize>,
}

impl<'a> Allows<'a> {
    fn new(arch: &'a Architecture, today: &str) -> Allows<'a> {
        let allows: Vec<Allow<'a>> = arch.allows.iter().map(|at| read(arch, *at, today)).collect();
        let mut named: FxHashMap<&str, usize> = FxHashMap::default();
        let mut by_place: FxHashMap<(usize, Place), Here> = FxHashMap::default();
        for (number, allow) in allows.iter().enumerate() {
            let next = named.len();
            let rule = *named.entry(allow.rule).or_insert(next);
            let here = by_place.entry((rule, allow.place())).or_default();
            if allow.expired {
                here.expired.push(number);
                continue;
            }
            here.valid.get_or_insert(number);
            if allow.lack(arch).is_none() {
                here.explained.get_or_insert(number);
            }
        }
        Allows { arch, allows, named, by_place, outgrown: None }
    }

    /// The `allow` that suppresses a finding, if any does. Only what the check of a rule finds, or a standard, can be suppressed: neither that
    /// a text cannot be understood, nor what is wrong with a suppression.
    fn suppresses(&mut self, finding: &Diagnostic, span: Span) -> Option<ItemRef> {
        let code = &*finding.code;
        let rule = self.named.get(code).copied().filter(|_| !is_never_suppressed(code))?;
        let places = places(self.arch, span);
        let keys = || places.iter().map(|place| (rule, *place));
        // The innermost suppression counts, so that an outer one that does nothing is seen as unused.
        let innermost = |of: fn(&Here) -> Option<usize>| keys().find_map(|key| of(self.by_place.get(&key)?));
        let valid = innermost(|here| here.valid);
        let is_of_allow = || self.arch.innermost(span).is_some_and(|at| self.arch.item(at).kind.is(&class::ALLOW));
        let counts = match finding.of_kit {
            None => valid,
            // Else an exception could excuse itself.
            Some(_) if is_of_allow() => None,
            Some(_) => innermost(|here| here.explained),
        };
        if let Some(number) = counts {
            let allow = &mut self.allows[number];
            allow.used = true;
            if finding.severity <= allow.up_to {
                return Some(allow.at);
            }
            self.outgrown = Some(number);
            return None;
        }
        if let Some(number) = valid {
            let lack = if is_of_allow() { Some(Lack::IsOfAllow) } else { self.allows[number].lack(self.arch) };
            self.allows[number].refused = finding.of_kit.zip(lack);
            return None;
        }
        for key in keys() {
            let expired = self.by_place.get_mut(&key).map(|here| std::mem::take(&mut here.expired));
            expired.into_iter().flatten().for_each(|number| self.allows[number].used = true);
        }
        None
    }

    /// A finding that is told; also, if one suppresses no more than what is less grave, that it does.
    fn kept(&mut self, finding: Diagnostic) -> Diagnostic {
        let Some(allow) = self.outgrown.take().map(|number| &self.allows[number]) else { return finding };
        let label = format!("suppresses no more than a {}", allow.up_to.word());
        finding.secondary(self.arch.name_span(allow.at), label)
    }

    /// Takes what is told once for many places apart: it stands at the first at which nothing suppresses it, and is suppressed at each of the
    /// others. `by` is what suppresses it where it stands.
    fn split(
        &mut self,
        finding: Diagnostic,
        by: Option<ItemRef>,
        kept: &mut Vec<Diagnostic>,
        suppressed: &mut Vec<Suppressed>,
    ) {
        let places = finding.places();
        let (mut open, mut by) = (Vec::new(), Some(by));
        for place in places {
            let by = by.take().unwrap_or_else(|| self.suppresses(&finding, place.label.span));
            match by {
                Some(by) => suppressed.push(Suppressed { finding: finding.clone().at_places(vec![place]), by }),
                None => open.push(place),
            }
        }
        if !open.is_empty() {
            kept.push(self.kept(finding.at_places(open)));
        }
    }
}

/// The places whose suppressions apply to what is found there, from the inside out. A block that extends what stands in it leads nowhere else.
fn places(arch: &Architecture, span: Span) -> Vec<Place> {
    let (mut places, mut extended) = (Vec::new(), Vec::new());
    let mut next = arch.innermost(span);
    while let Some(at) = next {
        let of = of_element(arch, at);
        if of != at {
            if extended.contains(&of) {
                break;
            }
            extended.push(of);
        }
        places.push(Place::Within(of));
        next = arch.item(of).parent.map(|item| ItemRef { item, ..of });
    }
    places.push(Place::File(span.file));
    // A record in Markdown holds no `allow`: those of the workspace and of its file count.
    if let Some(workspace) = arch.workspace.filter(|_| is_in_record(arch, span)) {
        places.extend([Place::Within(workspace), Place::File(workspace.file)]);
    }
    places
}

/// Whether something stands in a decision record: a file that is one decision from its first letter to its last.
fn is_in_record(arch: &Architecture, span: Span) -> bool {
    let is_whole = |at: ItemRef| arch.item(at).range == Range::new(0, arch.file(at).text.len() as u32);
    arch.innermost(span).is_some_and(|at| arch.item(at).kind.class.is_in(class::RECORDED) && is_whole(at))
}

/// Whether what is found under this name is that a text cannot be understood, or what is wrong with a suppression.
fn is_never_suppressed(code: &str) -> bool {
    ![DECISION_RECORD, RFC_RECORD].contains(&code) && rule(code).is_some_and(|rule| rule.check.is_none())
}

/// What is told although something suppresses nothing: by the name under which somebody looks for it, and the place.
struct Unsuppressed<'a> {
    by_place: FxHashMap<(&'a str, Place), Vec<&'a Diagnostic>>,
}

impl<'a> Unsuppressed<'a> {
    /// Of the findings that are left those that an unused suppression may have been meant for: at a place that is only shown, where a finding
    /// is told once for several; or by the name of the rule of all standards.
    fn new(arch: &Architecture, allows: &[Allow<'a>], kept: &'a [Diagnostic]) -> Unsuppressed<'a> {
        let mut by_place: FxHashMap<(&str, Place), Vec<&Diagnostic>> = FxHashMap::default();
        let wanted: FxHashSet<&str> = allows.iter().filter(|allow| !allow.used).map(|allow| allow.rule).collect();
        for finding in kept {
            if let Some(code) = wanted.get(&*finding.code) {
                let own = places(arch, finding.primary.span);
                let shown =
                    finding.secondary.iter().filter(|label| !finding.also.iter().any(|also| also.label == **label));
                let shown = shown.flat_map(|label| places(arch, label.span));
                for place in shown.filter(|place| !own.contains(place)).collect::<FxHashSet<_>>() {
                    by_place.entry((code, place)).or_default().push(finding);
                }
            } else if wanted.contains(UNMET_STANDARD) && standard_called(arch, &finding.code).is_some() {
                for place in places(arch, finding.primary.span) {
                    by_place.entry((UNMET_STANDARD, place)).or_default().push(finding);
                }
            }
        }
        Unsuppressed { by_place }
    }

    /// What is told of that at the place of a suppression.
    fn at(&self, allow: &Allow<'_>) -> Vec<&'a Diagnostic> {
        self.by_place.get(&(allow.rule, allow.place())).into_iter().flatten().copied().collect()
    }
}

/// Why a suppression can suppress nothing where it stands, whatever is found.
enum OfNoUse<'a> {
    /// The rule finds what is never suppressed.
    Never,
    /// What is found bears the names of standards: these.
    Standards(BTreeSet<&'a str>),
    /// What is found is told elsewhere.
    Elsewhere(&'a Diagnostic),
}

/// What suppressions are judged by.
struct Judge<'a> {
    arch: &'a Architecture,
    settings: &'a RuleSettings,
    held_back: &'a HeldBack,
    today: &'a str,
    unsuppressed: Unsuppressed<'a>,
}

impl Judge<'_> {
    /// What is wrong with a suppression.
    fn of_allow(&self, allow: &Allow<'_>) -> Vec<Diagnostic> {
        let mut found: Vec<Diagnostic> = self.misnamed(allow.at).into_iter().collect();
        let means_nothing = matches!(named(self.arch, allow.at), Named::Nothing);
        if means_nothing || self.held_back.covers_item(allow.at) {
            return found;
        }
        if let Some((kit, lack)) = &allow.refused {
            found.push(self.refused(allow, *kit, lack));
        } else if let Some(why) = self.of_no_use(allow) {
            found.extend(self.misled(allow, &why));
        } else {
            found.extend(self.unexplained(allow));
            found.extend(if allow.expired { self.expired(allow) } else { self.unused(allow) });
        }
        found
    }

    /// What is wrong with how grave a rule is said to be.
    fn of_setting(&self, at: ItemRef) -> impl Iterator<Item = Diagnostic> {
        let of_kit = demanded_by_kit(self.arch, at).map(|demand| of_kit(self.arch, at, demand));
        self.misnamed(at).into_iter().chain(of_kit)
    }

    /// That a suppression does not say why, until when or who answers for it.
    fn unexplained(&self, allow: &Allow<'_>) -> Option<Diagnostic> {
        let missing = unsaid(self.arch, allow.at);
        let severity = self.settings.of(&UNEXPLAINED_ALLOW).filter(|_| !missing.is_empty())?;
        let message = format!("this suppression does not say its {}", list_words(missing, "and"));
        let finding = Diagnostic::new(UNEXPLAINED_ALLOW.name, severity, self.arch.name_span(allow.at), message);
        Some(finding.help("write `allow rule owner=… reason=\"…\" expires=YYYY-MM-DD`"))
    }

    /// That a suppression of what a kit demands has no effect, whatever the workspace makes of the rule.
    fn refused(&self, allow: &Allow<'_>, of_kit: FileId, lack: &Lack) -> Diagnostic {
        let arch = self.arch;
        let message = format!("this suppression has no effect, as {}", lack.words());
        let finding = Diagnostic::error(UNEXPLAINED_ALLOW.name, arch.name_span(allow.at), message);
        let kit = arch.kit_of_file(of_kit).map(|kit| arch.kit_name(kit)).unwrap_or_default();
        finding.note(lack.asked(&kit)).help(lack.help(allow.rule))
    }

    /// That the day of a suppression is over.
    fn expired(&self, allow: &Allow<'_>) -> Option<Diagnostic> {
        let severity = self.settings.of(&EXPIRED_ALLOW)?;
        let date = self.arch.text(allow.at, &facts::allow::EXPIRES).unwrap_or_default();
        let message = format!("this suppression expired on {date}");
        let finding = Diagnostic::new(EXPIRED_ALLOW.name, severity, self.arch.name_span(allow.at), message);
        Some(finding.help(match allow.used {
            true => "fix what it suppressed, or agree on a new date",
            false => "remove it: there is nothing left to suppress",
        }))
    }

    /// Why a suppression can be of no use where it stands, if so.
    fn of_no_use(&self, allow: &Allow<'_>) -> Option<OfNoUse<'_>> {
        if is_never_suppressed(allow.rule) {
            return Some(OfNoUse::Never);
        }
        let told = || self.unsuppressed.at(allow);
        if allow.rule == UNMET_STANDARD {
            return Some(OfNoUse::Standards(told().into_iter().map(|finding| &*finding.code).collect()));
        }
        let elsewhere = || told().into_iter().min_by_key(|finding| finding.sort_key());
        (!allow.used).then(elsewhere).flatten().map(OfNoUse::Elsewhere)
    }

    /// That a suppression can suppress nothing where it stands, and what to do instead.
    fn misled(&self, allow: &Allow<'_>, why: &OfNoUse<'_>) -> Option<Diagnostic> {
        let severity = self.settings.of(&UNUSED_ALLOW)?;
        let (rule, span) = (allow.rule, self.arch.name_span(allow.at));
        let finding = |message: String| Diagnostic::new(UNUSED_ALLOW.name, severity, span, message);
        Some(match why {
            OfNoUse::Never => finding(format!("what `{rule}` finds cannot be suppressed"))
                .help("correct what it finds, and remove this line"),
            OfNoUse::Standards(names) => {
                let finding =
                    finding(format!("`{rule}` finds nothing under its own name: findings bear those of standards"));
                let writes = names.iter().map(|name| format!("`allow {name}`")).collect::<Vec<_>>();
                finding.help(match writes.is_empty() {
                    true => "write the name of the standard that need not be met here".to_owned(),
                    false => format!("write {}", list_words(writes.iter().map(String::as_str), "or")),
                })
            }
            OfNoUse::Elsewhere(told) => {
                finding(format!("what `{rule}` finds here is told at another place, once for all"))
                    .secondary(told.primary.span, "it is told here")
                    .help("move it there: it counts where the finding is told, or around that")
            }
        })
    }

    /// That there is nothing which a suppression suppresses. What a standard that cannot be asked would find is not known.
    fn unused(&self, allow: &Allow<'_>) -> Option<Diagnostic> {
        let Judge { arch, held_back, today, .. } = self;
        if allow.used || held_back.is_unsure() || is_of_broken_standard(arch, allow.rule, today) {
            return None;
        }
        let severity = self.settings.of(&UNUSED_ALLOW)?;
        let finding = |message| Diagnostic::new(UNUSED_ALLOW.name, severity, arch.name_span(allow.at), message);
        if rule(allow.rule).is_some_and(|rule| self.settings.of(rule).is_none()) {
            let finding = finding(format!("`{}` is switched off in this workspace", allow.rule));
            return Some(finding.help("remove this line, or the `rule` in the workspace that switches it off"));
        }
        let finding = finding(format!("`{}` finds nothing here to suppress", allow.rule));
        let whole = Span::new(allow.at.file, arch.item(allow.at).range);
        // Why something was agreed on is not thrown away by a machine: a mistake elsewhere may be why nothing is found.
        Some(match arch.fact(allow.at, &facts::allow::REASON) {
            Some(_) => finding.help("remove it if what its reason says is over"),
            None => finding.help("remove this line").fix("remove it", whole, ""),
        })
    }

    /// That nothing is found, or found no more, under the name that an `allow` or a `rule` bears. A standard can be allowed as a rule can,
    /// but says itself how severe it is.
    fn misnamed(&self, at: ItemRef) -> Option<Diagnostic> {
        let arch = self.arch;
        let is_allow = arch.item(at).kind.is(&class::ALLOW);
        let finding = match (named(arch, at), is_allow) {
            (Named::Rule, _) => return None,
            (Named::Standard(standard), true) => in_use_again(arch, at, standard)?,
            (Named::FormerStandard(standard), true) => old_name(arch, at, standard),
            (Named::Standard(standard) | Named::FormerStandard(standard), false) => of_standard(arch, at, standard),
            (Named::Nothing, _) => no_rule(arch, at, is_allow),
        };
        let severity = self.settings.of(&UNKNOWN_RULE)?;
        Some(Diagnostic { severity: finding.severity.min(severity), ..finding })
    }
}

/// The standards of a workspace, with their names.
fn standards(arch: &Architecture) -> impl Iterator<Item = (&str, ItemRef)> {
    arch.records_of(&class::STANDARD).map(|record| (arch.name(record.at), record.at))
}

/// Whether a name is that of a standard whose queries cannot be asked, which is told there.
fn is_of_broken_standard(arch: &Architecture, name: &str, today: &str) -> bool {
    standards(arch).any(|(known, at)| known == name && scope(arch, at, today).is_none())
}

/// What an `allow` or a `rule` names.
enum Named {
    /// A rule, by its name or an older one; or there is no name, which is told as that.
    Rule,
    /// A standard.
    Standard(ItemRef),
    /// A standard that has another name now.
    FormerStandard(ItemRef),
    /// Nothing that there is.
    Nothing,
}

fn named(arch: &Architecture, at: ItemRef) -> Named {
    let name = arch.name(at);
    if name.is_empty() || rule(name).is_some() {
        return Named::Rule;
    }
    match standard_called(arch, name) {
        Some(standard) if arch.name(standard) == name => Named::Standard(standard),
        Some(standard) => Named::FormerStandard(standard),
        None => Named::Nothing,
    }
}

/// That a standard has another name now: the `allow` holds as before.
fn old_name(arch: &Architecture, at: ItemRef, standard: ItemRef) -> Diagnostic {
    let (name, new, span) = (arch.name(at), arch.name(standard), arch.name_span(at));
    let message = format!("the standard `{name}` is called `{new}` now");
    let finding = Diagnostic::new(UNKNOWN_RULE.name, Severity::Note, span, message);
    let finding = finding.secondary(arch.name_span(standard), "declared here");
    finding.help(format!("write `{new}`")).fix(format!("write `{new}`"), span, new)
}

/// That another standard had the name that a standard has now: whoever wrote the `allow` may have meant that.
fn in_use_again(arch: &Architecture, at: ItemRef, standard: ItemRef) -> Option<Diagnostic> {
    let (name, span) = (arch.name(at), arch.name_span(at));
    let had_it = |other: &ItemRef| *other != standard && arch.list(*other, &facts::WAS).any(|was| was == name);
    let (new, other) = standards(arch).find(|(_, other)| had_it(other))?;
    let message = format!("the standard `{new}` was called `{name}`, and this allows the one that is called so now");
    let finding = Diagnostic::new(UNKNOWN_RULE.name, Severity::Note, span, message);
    let finding = finding.secondary(arch.name_span(standard), "the one that is called so now");
    let finding = finding.secondary(arch.name_span(other), "the one that was");
    Some(
        finding
            .help(format!("write `{new}` where that is meant, and remove its `was={name}` when all is as it is meant")),
    )
}

/// That a `rule` names a standard.
fn of_standard(arch: &Architecture, at: ItemRef, standard: ItemRef) -> Diagnostic {
    let message = format!("`{}` is a standard, which says itself how severe it is", arch.name(at));
    let finding = Diagnostic::new(UNKNOWN_RULE.name, Severity::Error, arch.name_span(at), message);
    let finding = finding.secondary(arch.name_span(standard), "declared here");
    finding.help("change its `severity` there, or write an `allow` where it need not be met")
}

/// The first thing that a kit demands and that a `rule` outside of that kit would switch off or take more lightly: who is held to a kit does
/// not say how severe its standards are, nor whether its facts must be given. Beside what is not understood nobody knows whether they are met.
pub(crate) fn demanded_by_kit(arch: &Architecture, at: ItemRef) -> Option<ItemRef> {
    let named = rule(arch.name(at))?;
    let is_meant = |rule: &Rule| std::ptr::eq(rule, named) || is_of_reading(named);
    let severity = match arch.choice(at)? {
        facts::rule::Severity::Off => None,
        facts::rule::Severity::Note => Some(Severity::Note),
        facts::rule::Severity::Warning => Some(Severity::Warning),
        facts::rule::Severity::Error => Some(Severity::Error),
    };
    if severity >= Some(named.severity) {
        return None;
    }
    let is_of_other = |demand: &ItemRef| arch.kit(*demand).is_some_and(|kit| arch.kit(at) != Some(kit));
    let all = OF_KITS.iter().filter(|(rule, _)| is_meant(rule));
    all.flat_map(|(_, demands)| demands(arch)).find(is_of_other)
}

/// That what a kit demands is not taken more lightly as a whole.
fn of_kit(arch: &Architecture, at: ItemRef, demand: ItemRef) -> Diagnostic {
    let kit = arch.kit(demand).map_or(String::new(), |kit| arch.kit_name(kit));
    let is_standard = arch.item(demand).kind.is(&class::STANDARD);
    if rule(arch.name(at)).is_some_and(is_of_reading) {
        let message = format!("what this finds leaves open whether the kit {kit} is kept to, so this has no effect");
        let finding = Diagnostic::new(UNKNOWN_RULE.name, Severity::Error, arch.name_span(at), message);
        return finding.secondary(arch.name_span(demand), "demanded here").help("remove it, and correct what is found");
    }
    let (message, what) = match is_standard {
        true => (
            format!("the kit {kit} says itself how severe its standards are, so this has no effect"),
            "a standard of the kit",
        ),
        false => (format!("the kit {kit} demands this itself, so this has no effect"), "demanded here"),
    };
    let finding = Diagnostic::new(UNKNOWN_RULE.name, Severity::Error, arch.name_span(at), message);
    let finding = finding.secondary(arch.name_span(demand), what);
    if !is_standard {
        let allow =
            format!("write `allow {} owner=… reason=\"…\" expires=YYYY-MM-DD` where it need not be so", arch.name(at));
        return finding.help(allow);
    }
    finding
        .help("write `allow STANDARD owner=… reason=\"…\" expires=YYYY-MM-DD` where one need not be met")
        .help("a standard of your own says by its `severity` how severe it is")
}

/// That there is no rule called so.
fn no_rule(arch: &Architecture, at: ItemRef, is_allow: bool) -> Diagnostic {
    let (name, span) = (arch.name(at), arch.name_span(at));
    let mut near = near(arch, name);
    near.retain(|name| is_allow || rule(name).is_some());
    let help = did_you_mean(&near).unwrap_or_else(|| "`groma explain rules` lists them".to_owned());
    let finding =
        Diagnostic::new(UNKNOWN_RULE.name, Severity::Error, span, format!("there is no rule called `{name}`"))
            .help(help);
    match only_meant(name, &near) {
        Some(certain) => finding.fix(format!("write `{certain}`"), span, certain),
        None => finding,
    }
}

//! The rules. Each is a file of code beside a page that explains it; the page's examples are its tests.

mod allow;
mod context;
mod held_back;
mod lack;
mod rules;
#[cfg(test)]
mod tests;

use context::{Focus, Shared};
use groma_base::{Diagnostic, FileId, Severity, shared_out};
use groma_model::{Architecture, ItemId, ItemRef, facts};
use held_back::HeldBack;
use rules::{EXPIRED_ALLOW, OF_DAYS, UNEXPLAINED_ALLOW, UNKNOWN_RULE, UNUSED_ALLOW, WRONG_QUERY};

pub use allow::Suppressed;
pub use context::Context;
pub use rules::{ALIASES, RULES};

/// A rule.
#[derive(Debug)]
pub struct Rule {
    /// Its name.
    pub name: &'static str,
    /// How grave its findings are unless the workspace says otherwise.
    pub severity: Severity,
    /// What it finds, in one line.
    pub summary: &'static str,
    /// Finds it; `None` for what is found otherwise: while the text is read, when suppressions are applied, or anew on each day
    /// (`OF_DAYS` in `rules/mod.rs`).
    pub check: Option<fn(&mut Context<'_>)>,
    /// What its findings may depend on.
    pub reach: Reach,
    /// What it finds to be missing, if it is about that.
    pub absence: Option<Absence>,
    /// What it calculates from, if it does.
    pub calculates_from: Option<Input>,
    /// Whether there is no forecast where it finds something, because that would be computed from something else than
    /// what is written: see [`blocking`].
    pub blocks_forecast: bool,
    /// Its page, in Markdown.
    pub page: &'static str,
}

/// The rule under which a text that cannot be read is reported.
pub const SYNTAX: &str = "syntax";

/// The rule whose findings bear the names of standards.
pub const UNMET_STANDARD: &str = "unmet-standard";

/// Where Groma's sources are.
const REPOSITORY: &str = env!("CARGO_PKG_REPOSITORY");

/// The rule with this name, or with this older name.
pub fn rule(name: &str) -> Option<&'static Rule> {
    let name = ALIASES.iter().find(|(old, _)| *old == name).map_or(name, |(_, new)| new);
    RULES.iter().copied().find(|rule| rule.name == name)
}

/// The rules about `allow` and `rule` nodes: what they find leaves nothing open that the text says.
static ABOUT_ALLOWS: [&Rule; 4] = [&EXPIRED_ALLOW, &UNEXPLAINED_ALLOW, &UNKNOWN_RULE, &UNUSED_ALLOW];

/// Whether what a rule finds is that a text, a name, a value or a query is not understood.
pub(crate) fn is_of_reading(rule: &Rule) -> bool {
    let is_about_allows = || ABOUT_ALLOWS.iter().any(|one| std::ptr::eq(*one, rule));
    rule.check.is_none() && !is_about_allows() || std::ptr::eq(rule, &WRONG_QUERY)
}

/// Whether a finding leaves open what else there is: an error because of which something is not understood. What a rule does not find
/// beside one may be there all the same.
pub fn leaves_open(finding: &Diagnostic) -> bool {
    finding.severity == Severity::Error && rule(&finding.code).is_some_and(is_of_reading)
}

impl Rule {
    /// What rules have in common whose findings are made elsewhere, while the text is read or in [`finish`]: there is nothing to run.
    pub(crate) const WITHOUT_CHECK: Rule = Rule {
        name: "",
        severity: Severity::Error,
        summary: "",
        check: None,
        reach: Reach::Whole,
        absence: None,
        calculates_from: None,
        blocks_forecast: false,
        page: "",
    };

    /// Where its page can be read.
    pub fn address(&self) -> String {
        format!("{REPOSITORY}/blob/main/crates/check/src/rules/{}.md", self.name.replace('-', "_"))
    }

    /// The blocks of its page.
    pub fn blocks(&self) -> Vec<Block> {
        let mut found = Vec::new();
        let mut lines = self.page.lines();
        while let Some(line) = lines.next() {
            let finds = match line {
                "```groma finds" => true,
                "```groma clean" => false,
                _ => continue,
            };
            found.push(Block { finds, files: files(lines.by_ref().take_while(|line| *line != "```")) });
        }
        found
    }

    /// The examples of its page that are one file, each with whether the rule finds something there.
    pub fn examples(&self) -> Vec<(bool, String)> {
        let alone = |block: Block| Some((block.finds, <[_; 1]>::try_from(block.files).ok()?));
        self.blocks().into_iter().filter_map(alone).map(|(finds, [(_, text)])| (finds, text)).collect()
    }
}

/// A block of a rule's page: an example that is marked `finds` or `clean`.
#[derive(Clone, Debug)]
pub struct Block {
    /// Whether the rule finds something there; else it is clean.
    pub finds: bool,
    /// The names and texts of its files.
    pub files: Vec<(&'static str, String)>,
}

/// The files of a block: a line `// file: NAME` begins another.
fn files(lines: impl Iterator<Item = &'static str>) -> Vec<(&'static str, String)> {
    let mut files: Vec<(&str, String)> = Vec::new();
    for line in lines {
        match (line.strip_prefix("// file: "), files.last_mut()) {
            (Some(name), _) => files.push((name, String::new())),
            (None, Some((_, text))) => text.extend([line, "\n"]),
            (None, None) => files.push(("main.groma", format!("{line}\n"))),
        }
    }
    files
}

/// What a rule finds to be missing. It may stand where the text could not be understood, so such a finding is held
/// back there: one mistake is reported once.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Absence {
    /// A fact or a part of the thing itself.
    OfPart,
    /// A fact of something around it.
    OfWhole,
    /// Anything, wherever it stands.
    OfAnything,
    /// A relationship or a step that names it.
    OfUse,
    /// An instance of it in a deployment.
    OfPlace,
    /// Another step or transition of the flow or pipeline.
    OfStep,
    /// The call that an answer is given to.
    OfCall,
    /// The relationship that a step follows.
    OfRelation,
    /// What a name in a text means, such as in a query.
    OfName,
    /// What the text of a technology means: a fact beside it that is not understood says nothing of that.
    OfTechnology,
}

/// What a rule calculates from. While an error leaves that unsure its findings are held back, for they may be wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Input {
    /// What there is, and where it runs: whatever is open about flows and loads.
    Structure,
    /// What is asked of it, in loads, tests, objectives and alerts: whatever there is and does.
    Records,
    /// What there is, what it does in flows and what is asked of it.
    Everything,
}

/// What a rule's findings may depend on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reach {
    /// On what is near the item it is about: its own facts and those of what it is part of, its relationships,
    /// what is at their other ends; and of everything else on no more than what it is called and what it stands in.
    Near,
    /// On one decision or request for comments, which the finding stands in, and on what is no such record; on none of the others.
    Records,
    /// On the numbers, choices and titles of everything.
    Numbers,
    /// On anything.
    Whole,
}

/// What the rules have found, before suppressions: one list for each rule, in the order of [`RULES`].
#[derive(Clone, Debug, Default)]
pub struct Findings {
    by_rule: Vec<Vec<Diagnostic>>,
}

/// Runs all rules.
pub fn run(arch: &Architecture) -> Findings {
    let (settings, shared) = (RuleSettings::new(arch), Shared::default());
    Findings { by_rule: each_rule(arch, |at| run_rule(arch, at, &settings, None, &shared)) }
}

/// Brings findings up to date after the facts of one file have changed, and its names have not. The result is
/// that of [`run`], found by looking only at what the change can reach. `same_numbers` says that numbers, choices and titles are as they
/// were ([`Architecture::has_same_numbers`]).
pub fn rerun(arch: &Architecture, before: Findings, changed: FileId, same_numbers: bool) -> Findings {
    let has_settings = arch.rule_settings.iter().any(|at| at.file == changed);
    if has_settings || before.by_rule.len() != RULES.len() {
        return run(arch);
    }
    let (settings, shared) = (RuleSettings::new(arch), Shared::default());
    let focus = Focus::new(arch, changed);
    // Of a changed record others know nothing, by the rules that look at one at a time.
    let of_record = |rule: &Rule| rule.reach == Reach::Records && focus.is_of_records(arch);
    // Findings of rules about numbers that point into the file would point to the wrong place.
    let points_here = |finding: &Diagnostic| {
        finding.primary.span.file == changed || finding.secondary.iter().any(|label| label.span.file == changed)
    };
    let stays: Vec<bool> = RULES
        .iter()
        .zip(&before.by_rule)
        .map(|(rule, found)| rule.reach == Reach::Numbers && same_numbers && !found.iter().any(points_here))
        .collect();
    let found = each_rule(arch, |at| {
        if stays[at] {
            return Vec::new();
        }
        let is_focused = RULES[at].reach == Reach::Near || of_record(RULES[at]);
        run_rule(arch, at, &settings, is_focused.then_some(&focus), &shared)
    });
    let by_rule =
        before.by_rule.into_iter().zip(found).zip(RULES).zip(&stays).map(|(((mut kept, found), rule), stays)| {
            match rule.reach {
                Reach::Numbers if *stays => {}
                Reach::Records if of_record(rule) => kept.retain(|finding| !points_here(finding)),
                Reach::Whole | Reach::Numbers | Reach::Records => kept.clear(),
                Reach::Near => kept.retain(|finding| {
                    let file = finding.primary.span.file;
                    finding.subject.is_some_and(|item| !focus.covers(arch, ItemRef { file, item: ItemId::new(item) }))
                }),
            }
            kept.extend(found);
            kept
        });
    Findings { by_rule: by_rule.collect() }
}

/// What each rule finds, in the order of [`RULES`].
fn each_rule(arch: &Architecture, find: impl Fn(usize) -> Vec<Diagnostic> + Sync) -> Vec<Vec<Diagnostic>> {
    each(arch, RULES.len(), find)
}

/// What is found for each number below a count, in their order; in large workspaces on two cores.
pub(crate) fn each<T: Send>(arch: &Architecture, count: usize, find: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let threads = if arch.elements.len() + arch.records.len() < WORTH_A_THREAD { 1 } else { 2 };
    shared_out(count, threads, find)
}

/// From how many elements and records on a second thread saves more time than it takes to start.
const WORTH_A_THREAD: usize = 2_000;

fn run_rule<'a>(
    arch: &'a Architecture,
    at: usize,
    settings: &RuleSettings,
    focus: Option<&'a Focus>,
    shared: &'a Shared<'a>,
) -> Vec<Diagnostic> {
    settings.severities[at].map_or(Vec::new(), |severity| findings_of(arch, RULES[at], severity, focus, shared))
}

/// What a rule finds, as grave as given.
fn findings_of<'a>(
    arch: &'a Architecture,
    rule: &'static Rule,
    severity: Severity,
    focus: Option<&'a Focus>,
    shared: &'a Shared<'a>,
) -> Vec<Diagnostic> {
    let Some(check) = rule.check else { return Vec::new() };
    let mut context = Context { arch, rule, severity, findings: Vec::new(), focus, shared };
    check(&mut context);
    context.findings
}

/// What a workspace is told.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Checked {
    /// What is found, in the order of files, then places, then rules.
    pub findings: Vec<Diagnostic>,
    /// What is found and suppressed, in the same order.
    pub suppressed: Vec<Suppressed>,
}

/// What is to be shown: the rules' findings and `problems`, those found while reading the text, with what is wrong with the suppressions;
/// and apart from them what is suppressed. `today` (`YYYY-MM-DD`) decides what is so already, and which suppressions have expired.
pub fn finish(arch: &Architecture, found: &Findings, problems: Vec<Diagnostic>, today: &str) -> Checked {
    let settings = RuleSettings::new(arch);
    let held_back = HeldBack::new(arch, &problems);
    let mut findings: Vec<Diagnostic> = problems.into_iter().filter_map(|problem| settings.apply(problem)).collect();
    let counts =
        |rule: &Rule, finding: &Diagnostic| finding.days.contain(today) && !held_back.hides(arch, rule, finding);
    for (rule, found) in RULES.iter().zip(&found.by_rule) {
        findings.extend(found.iter().filter(|finding| counts(rule, finding)).cloned());
    }
    let shared = Shared::default();
    for (rule, find) in OF_DAYS {
        let Some(severity) = settings.of(rule) else { continue };
        let mut context = Context { arch, rule, severity, findings: Vec::new(), focus: None, shared: &shared };
        find(&mut context, today);
        findings.extend(context.findings.into_iter().filter(|finding| counts(rule, finding)));
    }
    let (findings, mut suppressed) = allow::apply(arch, findings, &settings, &held_back, today);
    suppressed.sort_by(|a, b| a.finding.sort_key().cmp(&b.finding.sort_key()));
    suppressed.dedup();
    let short = |one: Suppressed| Suppressed { finding: one.finding.with_short_words(), ..one };
    Checked { findings: in_order(findings), suppressed: suppressed.into_iter().map(short).collect() }
}

/// What leaves an architecture without a forecast: of `problems`, those found while reading the text, and of what the rules
/// find, all that is found under a rule that blocks forecasts. Neither an `allow` nor a `rule` that is off changes that: a
/// suppression makes no impossible number possible.
///
/// The findings are as grave as their rules declare, in the order of files, then places, then rules.
pub fn blocking(arch: &Architecture, problems: &[Diagnostic]) -> Vec<Diagnostic> {
    let (held_back, shared) = (HeldBack::new(arch, problems), Shared::default());
    let blocks = |problem: &&Diagnostic| rule(&problem.code).is_some_and(|rule| rule.blocks_forecast);
    let mut findings: Vec<Diagnostic> = problems.iter().filter(blocks).cloned().collect();
    for rule in RULES.iter().filter(|rule| rule.blocks_forecast) {
        let found = findings_of(arch, rule, rule.severity, None, &shared);
        findings.extend(found.into_iter().filter(|finding| !held_back.hides(arch, rule, finding)));
    }
    in_order(findings)
}

/// Findings in the order of files, then places, then rules, each once.
fn in_order(findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut findings: Vec<Diagnostic> = findings.into_iter().map(Diagnostic::with_short_words).collect();
    findings.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
    findings.dedup();
    findings
}

/// Checks an architecture: [`run`] and [`finish`] in one.
pub fn check(arch: &Architecture, problems: Vec<Diagnostic>, today: &str) -> Vec<Diagnostic> {
    finish(arch, &run(arch), problems, today).findings
}

/// How grave each rule's findings are in this workspace; `None` if it is off.
pub(crate) struct RuleSettings {
    severities: Vec<Option<Severity>>,
}

impl RuleSettings {
    fn new(arch: &Architecture) -> RuleSettings {
        let mut severities: Vec<_> = RULES.iter().map(|rule| Some(rule.severity)).collect();
        for at in &arch.rule_settings {
            let named = rule(arch.name(*at));
            let Some(rule) = named.and_then(|named| RULES.iter().position(|rule| rule.name == named.name)) else {
                continue;
            };
            if allow::demanded_by_kit(arch, *at).is_some() {
                continue;
            }
            match arch.choice(*at) {
                Some(facts::rule::Severity::Off) => severities[rule] = None,
                Some(facts::rule::Severity::Note) => severities[rule] = Some(Severity::Note),
                Some(facts::rule::Severity::Warning) => severities[rule] = Some(Severity::Warning),
                Some(facts::rule::Severity::Error) => severities[rule] = Some(Severity::Error),
                None => {}
            }
        }
        RuleSettings { severities }
    }

    /// A finding of the reader as grave as the workspace wants it; `None` if it is off. That a text cannot be read
    /// at all is always an error.
    fn apply(&self, mut problem: Diagnostic) -> Option<Diagnostic> {
        if let Some(rule) = rule(&problem.code).filter(|_| problem.code != SYNTAX) {
            problem.severity = self.of(rule)?;
        }
        Some(problem)
    }

    /// How grave the findings of a rule are here; `None` if it is off.
    pub(crate) fn of(&self, rule: &Rule) -> Option<Severity> {
        RULES.iter().position(|one| std::ptr::eq(*one, rule)).and_then(|at| self.severities[at])
    }
}

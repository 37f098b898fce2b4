//! Two states of a workspace beside each other: what is different, which findings and verdicts came and went, and what of that breaks
//! something.

use crate::{Snapshot, only_errors_of_text};
use groma_base::{Diagnostic, Span};
use groma_model::difference::{Changed, Difference, Known, difference};
use groma_model::query::{Answers, Query, QueryError};
use groma_model::{Architecture, ItemRef, facts};
use groma_simulate::{Judgement, Verdict};
use rustc_hash::{FxHashMap, FxHashSet};

/// Two states of a workspace beside each other.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// What is different in what they say.
    pub difference: Difference,
    /// The findings that only the state after has.
    pub came: Vec<Diagnostic>,
    /// The findings that only the state before has.
    pub went: Vec<Diagnostic>,
    /// What breaks something.
    pub breaking: Vec<Breaking>,
    /// The queries of what is breaking that only the state after has and that cannot be asked of the state before.
    pub not_asked: Vec<NotAsked>,
}

/// Something that others rely on and that is not as it was.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Breaking {
    /// Its address before.
    pub address: String,
    /// What has happened to it.
    pub what: Broken,
    /// The queries that select it.
    pub queries: Vec<String>,
}

/// How something is not as it was.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Broken {
    /// It is gone.
    Removed,
    /// It is called otherwise or stands elsewhere, and `was` does not say so.
    Renamed,
    /// Something else is said of it.
    Changed,
}

impl Broken {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Broken::Removed => "removed",
            Broken::Renamed => "renamed without `was`",
            Broken::Changed => "changed",
        }
    }
}

/// A query that cannot be asked.
#[derive(Clone, PartialEq, Debug)]
pub struct NotAsked {
    /// The query.
    pub query: String,
    /// Where it stands.
    pub span: Span,
    /// Why.
    pub error: QueryError,
}

/// A verdict that is not what it was.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VerdictChange {
    /// The address of the quality.
    pub address: String,
    /// What is demanded, in words.
    pub demand: String,
    /// The verdict before; `None` if it was not demanded.
    pub before: Option<Verdict>,
    /// The verdict after.
    pub after: Option<Verdict>,
}

impl Snapshot {
    /// The errors of the text, which leave open what it says.
    pub fn errors_of_text(&self) -> Vec<Diagnostic> {
        only_errors_of_text(&self.problems)
    }
}

/// Compares two states of a workspace. `today` is `YYYY-MM-DD`.
///
/// # Errors
/// If what the state before calls breaking cannot be asked of it.
pub fn compare(before: &Snapshot, after: &Snapshot, today: &str) -> Result<Comparison, Box<NotAsked>> {
    let difference = difference(&before.arch, &after.arch);
    let (came, went) = findings(&difference, before, after, today);
    let (breaking, not_asked) = breaking(&difference, &before.arch, &after.arch, today)?;
    Ok(Comparison { difference, came, went, breaking, not_asked })
}

/// What tells a finding from others, whichever lines it stands on: its rule, the address of what it is about and what it says.
type Told = (String, Option<String>, String);

/// The findings that came and those that went.
fn findings(
    difference: &Difference,
    before: &Snapshot,
    after: &Snapshot,
    today: &str,
) -> (Vec<Diagnostic>, Vec<Diagnostic>) {
    let (mut went, mut came) = (before.findings(today), after.findings(today));
    let old = |finding: &Diagnostic| -> Told {
        let about = before.arch.innermost(finding.primary.span);
        let about = about.map(|at| match difference.after_of(at) {
            Some(at) => after.arch.address_of(at),
            None => before.arch.address_of(at),
        });
        (finding.code.to_string(), about, difference.with_new_names(&finding.message))
    };
    let new = |finding: &Diagnostic| -> Told {
        let about = after.arch.innermost(finding.primary.span);
        (finding.code.to_string(), about.map(|at| after.arch.address_of(at)), finding.message.clone())
    };
    let mut known: FxHashMap<Told, usize> = FxHashMap::default();
    went.iter().map(old).for_each(|told| *known.entry(told).or_default() += 1);
    let mut stayed: FxHashMap<Told, usize> = FxHashMap::default();
    came.retain(|finding| {
        let told = new(finding);
        match known.get_mut(&told).filter(|left| **left > 0) {
            Some(left) => {
                *left -= 1;
                *stayed.entry(told).or_default() += 1;
                false
            }
            None => true,
        }
    });
    went.retain(|finding| {
        let left = stayed.get_mut(&old(finding)).filter(|left| **left > 0);
        left.map(|left| *left -= 1).is_none()
    });
    (came, went)
}

/// What breaks something: of what the queries select before, what is removed, changed, or renamed without saying so. The queries are
/// those of both states, so that none is broken by taking its query away.
fn breaking(
    difference: &Difference,
    before: &Architecture,
    after: &Architecture,
    today: &str,
) -> Result<(Vec<Breaking>, Vec<NotAsked>), Box<NotAsked>> {
    let (old, new) = (queries(before), queries(after));
    if old.is_empty() && new.is_empty() {
        return Ok((Vec::new(), Vec::new()));
    }
    let answers = Answers { today: Some(today), ..Answers::default() };
    let broken = broken(difference);
    let mut found: Vec<(ItemRef, Breaking)> = Vec::new();
    let mut numbers: FxHashMap<ItemRef, usize> = FxHashMap::default();
    let mut not_asked = Vec::new();
    let mut asked: FxHashSet<String> = FxHashSet::default();
    for (nth, (query, span)) in old.iter().chain(&new).enumerate() {
        if !asked.insert(query.clone()) {
            continue;
        }
        let things = Query::parse(query).and_then(|query| query.things(before, &answers));
        let things = match things {
            Ok(things) => things,
            Err(error) => {
                let told = NotAsked { query: query.clone(), span: *span, error };
                if nth < old.len() {
                    return Err(Box::new(told));
                }
                not_asked.push(told);
                continue;
            }
        };
        for at in things {
            let Some(what) = broken.get(&at) else { continue };
            let number = *numbers.entry(at).or_insert(found.len());
            if number == found.len() {
                found.push((at, Breaking { address: before.address_of(at), what: *what, queries: Vec::new() }));
            }
            found[number].1.queries.push(query.clone());
        }
    }
    found.sort_by_key(|(at, _)| *at);
    Ok((found.into_iter().map(|(_, one)| one).collect(), not_asked))
}

/// The queries of what a workspace calls breaking, with where each stands.
fn queries(arch: &Architecture) -> Vec<(String, Span)> {
    let Some(at) = arch.workspace else { return Vec::new() };
    let given = arch.all_facts(at, &facts::workspace::BREAKING);
    given.map(|value| (arch.words(at, value).to_owned(), arch.span(at, value.range))).collect()
}

/// Everything that is not as it was, by where it stood.
fn broken(difference: &Difference) -> FxHashMap<ItemRef, Broken> {
    let how = |one: &Changed| match one.known {
        _ if !one.facts.is_empty() => Some(Broken::Changed),
        Known::Guess(_) => Some(Broken::Renamed),
        Known::Address | Known::Was(_) => None,
    };
    let changed = difference.changed.iter().filter_map(|one| Some((one.before, how(one)?)));
    difference.removed.iter().map(|one| (one.at, Broken::Removed)).chain(changed).collect()
}

/// The verdicts that are not what they were, those of after first; what is demanded is told apart by its quality and its words.
pub fn verdict_changes(
    difference: &Difference,
    before: (&Architecture, &[Judgement]),
    after: (&Architecture, &[Judgement]),
) -> Vec<VerdictChange> {
    let mut known: FxHashMap<(ItemRef, String), Vec<Verdict>> = FxHashMap::default();
    let mut gone = Vec::new();
    let key = |one: &Judgement| Some((difference.after_of(one.quality)?, difference.with_new_names(&one.demand())));
    let after_keys: FxHashSet<(ItemRef, String)> = after.1.iter().map(|one| (one.quality, one.demand())).collect();
    for one in before.1 {
        match key(one).filter(|key| after_keys.contains(key)) {
            Some(key) => known.entry(key).or_default().push(one.verdict),
            None => gone.push(VerdictChange {
                address: before.0.address_of(one.quality),
                demand: one.demand(),
                before: Some(one.verdict),
                after: None,
            }),
        }
    }
    known.values_mut().for_each(|verdicts| verdicts.reverse());
    let mut changes = Vec::new();
    for one in after.1 {
        let demand = one.demand();
        let before = known.get_mut(&(one.quality, demand.clone())).and_then(Vec::pop);
        if before != Some(one.verdict) {
            let address = after.0.address_of(one.quality);
            changes.push(VerdictChange { address, demand, before, after: Some(one.verdict) });
        }
    }
    changes.extend(gone);
    changes
}

//! Two states of a workspace beside each other: what is different, which findings came and went, and what of that breaks
//! something.

use crate::baseline::{at_each_place, query_at, regards, with_addresses};
use crate::{Missing, Snapshot, Suppressed, only_errors_of_text};
use groma_base::{Diagnostic, Severity, Span};
use groma_model::difference::{Changed, Difference, Known, Thing, difference};
use groma_model::kinds::class;
use groma_model::query::{Answers, Query, QueryError};
use groma_model::{Architecture, ItemRef, facts};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::VecDeque;

/// Two states of a workspace beside each other.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// What is different in what they say.
    pub difference: Difference,
    /// The findings that only the state after has.
    pub came: Vec<Diagnostic>,
    /// The findings that only the state before has.
    pub went: Vec<Diagnostic>,
    /// The findings that both have, of the same rule about the same thing, and that say something else or are as grave no more.
    pub changed_findings: Vec<ChangedFinding>,
    /// The findings that both have and that an `allow` of the state after suppresses, which none did before.
    pub excused: Vec<Suppressed>,
    /// The findings that both have and that only an `allow` of the state before suppressed: as they are after, with that `allow`.
    pub no_longer_excused: Vec<Suppressed>,
    /// What the state before, and that after, does not have because an `include` names nothing.
    pub not_included: [Option<NotIncluded>; 2],
    /// How many things of the state before, and of that after, could not be understood: what would be found of them is not known.
    pub not_understood: [usize; 2],
    /// What breaks something.
    pub breaking: Vec<Breaking>,
    /// The queries of what is breaking that only the state after has and that cannot be asked of the state before.
    pub not_asked: Vec<NotAsked>,
}

/// A finding that is there before and after, and not the same.
#[derive(Clone, PartialEq, Debug)]
pub struct ChangedFinding {
    /// As it was.
    pub before: Diagnostic,
    /// As it is.
    pub after: Diagnostic,
}

impl ChangedFinding {
    /// Whether it is worse than it was, by its severity.
    pub fn is_graver(&self) -> bool {
        self.after.severity > self.before.severity
    }
}

/// What is not known of a state, because an `include` of it names nothing while that of the other state does.
#[derive(Clone, PartialEq, Debug)]
pub struct NotIncluded {
    /// The errors that say so.
    pub errors: Vec<Diagnostic>,
    /// What only the other state has, in files that are not read in this one: it may be in what is missing.
    pub things: Vec<Thing>,
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

impl Snapshot {
    /// How many things of the text could not be understood and are left out.
    pub fn not_understood(&self) -> usize {
        self.problems.iter().filter(|problem| problem.severity == Severity::Error).count()
    }

    /// The errors of the text, which leave open what it says.
    pub fn errors_of_text(&self) -> Vec<Diagnostic> {
        only_errors_of_text(&self.problems)
    }
}

/// Compares two states of a workspace. `today` is `YYYY-MM-DD`. Where a state lacks what it is to include, and the other does not, the
/// findings are not compared, but for what says so.
///
/// # Errors
/// If what the state before calls breaking cannot be asked of it.
pub fn compare(before: &Snapshot, after: &Snapshot, today: &str) -> Result<Comparison, Box<NotAsked>> {
    let mut difference = difference(&before.arch, &after.arch);
    let not_included =
        [not_included(before, (after, &mut difference.added)), not_included(after, (before, &mut difference.removed))];
    let mut findings = Findings::of(&difference, before, after, today);
    if not_included.iter().any(Option::is_some) {
        findings.came.retain(|finding| after.says_what_is_missing(finding));
        findings.went.retain(|finding| before.says_what_is_missing(finding));
        findings.changed.retain(|one| after.says_what_is_missing(&one.after));
        findings.excused.retain(|one| after.says_what_is_missing(&one.finding));
        findings.no_longer_excused.retain(|one| after.says_what_is_missing(&one.finding));
    }
    let Findings { came, went, changed: changed_findings, excused, no_longer_excused } = findings;
    let (breaking, not_asked) = breaking(&difference, &before.arch, &after.arch, today)?;
    Ok(Comparison {
        difference,
        came,
        went,
        changed_findings,
        excused,
        no_longer_excused,
        not_included,
        not_understood: [before, after].map(Snapshot::not_understood),
        breaking,
        not_asked,
    })
}

/// What a state lacks that the other one has, taken out of what only that one has.
fn not_included(state: &Snapshot, other: (&Snapshot, &mut Vec<Thing>)) -> Option<NotIncluded> {
    let (other, things) = other;
    let lacks_too = |one: &&Missing| other.missing.iter().any(|missing| missing.path == one.path);
    let missing = state.missing.iter().filter(|one| !lacks_too(one));
    let errors: Vec<Diagnostic> = missing.map(|one| one.error.clone()).collect();
    if errors.is_empty() {
        return None;
    }
    let read: FxHashSet<&str> = state.sources.iter().map(|(_, source)| &*source.published).collect();
    let is_read = |thing: &Thing| read.contains(&*other.sources.get(thing.at.file).published);
    let (known, unknown) = std::mem::take(things).into_iter().partition(is_read);
    *things = known;
    Some(NotIncluded { errors, things: unknown })
}

/// What tells a finding from others, whichever lines it stands on: its rule, the address of what it is about, what else it regards, and
/// what it says.
type Identity = (String, Option<String>, String, String);

/// How much of what a finding says tells it from others.
#[derive(Clone, Copy, PartialEq)]
enum Says {
    /// All.
    Words,
    /// All but the figures.
    WordsAlone,
    /// Nothing: only what it is about.
    Nothing,
}

impl Says {
    fn of(self, message: String) -> String {
        match self {
            Says::Words => message,
            Says::WordsAlone => message.split(|letter: char| letter.is_numeric() || ".,".contains(letter)).collect(),
            Says::Nothing => String::new(),
        }
    }
}

/// How what a finding is about is known on the other side.
#[derive(Clone, Copy, PartialEq)]
enum About {
    /// As that which it is after.
    Same,
    /// As that which has its address: of things that are told apart by their order alone, any may be meant.
    Namesake,
}

impl About {
    /// The address by which something is known.
    fn address(self, arch: &Architecture, at: ItemRef) -> String {
        match self {
            About::Same => arch.lasting_address_of(at),
            About::Namesake => arch.shared_address_of(at),
        }
    }
}

/// The findings of two states beside each other.
struct Findings {
    came: Vec<Diagnostic>,
    went: Vec<Diagnostic>,
    changed: Vec<ChangedFinding>,
    excused: Vec<Suppressed>,
    no_longer_excused: Vec<Suppressed>,
}

impl Findings {
    fn of(difference: &Difference, before: &Snapshot, after: &Snapshot, today: &str) -> Findings {
        let (old, new) = (before.checked(today), after.checked(today));
        let states = States::of(difference, before, after);
        let open = states.paired(apart(&old.findings), apart(&new.findings));
        let suppressed = |all: &[Suppressed]| all.iter().map(|one| one.finding.clone()).collect::<Vec<_>>();
        let (old_suppressed, new_suppressed) = (suppressed(&old.suppressed), suppressed(&new.suppressed));
        let hidden = states.paired(apart(&old_suppressed), apart(&new_suppressed));
        let changed_pairs = open.changed();
        // What is neither open in both nor suppressed in both may be the one before and the other after.
        let excused = states.paired(open.went, hidden.came);
        let no_longer = states.paired(hidden.went, open.came);
        let changed = |(before, after): (usize, usize)| ChangedFinding {
            before: old.findings[before].clone(),
            after: new.findings[after].clone(),
        };
        let with_allow = |findings: &[Diagnostic], pairs: Vec<Pair>, by: &dyn Fn(&Pair) -> ItemRef| {
            let of_one = pairs.chunk_by(|one, other| one.after.0 == other.after.0);
            let told = of_one.flat_map(|pairs| {
                let places = pairs.iter().map(|pair| pair.after.clone()).collect();
                together(findings, places).into_iter().map(|finding| Suppressed { finding, by: by(&pairs[0]) })
            });
            told.collect()
        };
        Findings {
            came: together(&new.findings, no_longer.came),
            went: together(&old.findings, excused.went),
            changed: changed_pairs.into_iter().map(changed).collect(),
            excused: with_allow(&new_suppressed, excused.pairs, &|pair| new.suppressed[pair.after.0].by),
            no_longer_excused: with_allow(&new.findings, no_longer.pairs, &|pair| old.suppressed[pair.before.0].by),
        }
    }
}

/// Two states of which findings are told from each other.
struct States<'a> {
    difference: &'a Difference,
    before: &'a Snapshot,
    after: &'a Snapshot,
    /// What the standards of before are called after.
    codes: FxHashMap<String, String>,
    /// What there is no longer.
    gone: FxHashSet<ItemRef>,
}

impl<'a> States<'a> {
    fn of(difference: &'a Difference, before: &'a Snapshot, after: &'a Snapshot) -> States<'a> {
        let codes = new_names_of_standards(difference, before, after);
        States { difference, before, after, codes, gone: difference.removed.iter().map(|thing| thing.at).collect() }
    }

    /// By what a finding of before is known after, if it is about something that is still there.
    fn identity_before(&self, finding: &Diagnostic, about: About, message: String) -> Option<Identity> {
        let (before, after) = (&self.before.arch, &self.after.arch);
        let address = match before.innermost(finding.primary.span) {
            // What has its address now is something else.
            Some(at) if self.gone.contains(&at) => return None,
            Some(at) => Some(match self.difference.after_of(at) {
                Some(at) => about.address(after, at),
                None => self.difference.address_with_new_names(&about.address(before, at)),
            }),
            None => None,
        };
        let code = self.codes.get(&*finding.code).map_or(&*finding.code, String::as_str).to_owned();
        let regarded = regards(self.before, finding);
        let regards = match query_at(self.before, finding) {
            Some(_) => self.difference.with_new_names(&regarded),
            None => with_addresses(&regarded, |one| self.difference.address_with_new_names(one)),
        };
        Some((code, address, regards, message))
    }

    /// By what a finding of after is known: what is of several things may have stood at another of them.
    fn identities_after(&self, finding: &Diagnostic, about: About, message: &str) -> Vec<Identity> {
        let arch = &self.after.arch;
        let places = std::iter::once(finding.primary.span).chain(finding.or_at.iter().copied());
        let addresses = places.map(|place| arch.innermost(place).map(|at| about.address(arch, at)));
        let regards = regards(self.after, finding);
        addresses.map(|one| (finding.code.to_string(), one, regards.clone(), message.to_owned())).collect()
    }

    /// Findings of before beside findings of after.
    fn paired(&self, went: Vec<AtPlace>, came: Vec<AtPlace>) -> Paired {
        let mut all = Paired { went, came, pairs: Vec::new() };
        let renamed = |finding: &Diagnostic| self.difference.with_new_names(&finding.message);
        for says in [Says::Words, Says::WordsAlone, Says::Nothing] {
            for about in [About::Same, About::Namesake] {
                // What is about no thing is known by all its words alone.
                let is_known = |told: &Identity| told.1.is_some() || says == Says::Words;
                let new = |finding: &Diagnostic| {
                    let mut all = self.identities_after(finding, about, &says.of(finding.message.clone()));
                    all.retain(is_known);
                    all
                };
                let renamed = |finding: &Diagnostic| {
                    self.identity_before(finding, about, says.of(renamed(finding))).filter(is_known)
                };
                all.pair(says, renamed, new);
                // A word that is a name as well need not be meant as one.
                let as_it_stands = |finding: &Diagnostic| {
                    self.identity_before(finding, about, says.of(finding.message.clone())).filter(is_known)
                };
                all.pair(says, as_it_stands, new);
            }
        }
        // The names in a query may be written otherwise now, whatever it asks for.
        let of_query = |state: &Snapshot, finding: &Diagnostic, told: Identity| {
            query_at(state, finding).map(|fact| (told.0, told.1, fact.to_owned(), told.3))
        };
        let old = |finding: &Diagnostic| {
            let told = self.identity_before(finding, About::Same, Says::Words.of(renamed(finding)))?;
            of_query(self.before, finding, told)
        };
        let new = |finding: &Diagnostic| {
            let told = self.identities_after(finding, About::Same, &finding.message);
            told.into_iter().filter_map(|told| of_query(self.after, finding, told)).collect()
        };
        all.pair(Says::Words, old, new);
        let by_place = |(nth, one): &AtPlace, (other_nth, other): &AtPlace| {
            nth.cmp(other_nth).then_with(|| one.sort_key().cmp(&other.sort_key()))
        };
        all.pairs.sort_by(|one, other| by_place(&one.after, &other.after));
        all
    }
}

/// A finding at one of the places at which it is told, and the how many-th of its state it is.
type AtPlace = (usize, Diagnostic);

fn apart(findings: &[Diagnostic]) -> Vec<AtPlace> {
    let each = |(nth, finding)| at_each_place(finding).into_iter().map(move |one| (nth, one));
    findings.iter().enumerate().flat_map(each).collect()
}

/// The findings of a state at the places that are left of them.
fn together(findings: &[Diagnostic], left: Vec<AtPlace>) -> Vec<Diagnostic> {
    let of_one = left.chunk_by(|(one, _), (other, _)| one == other);
    let told = of_one.map(|places| {
        let finding = findings[places[0].0].clone();
        let all = places.iter().flat_map(|(_, one)| one.places()).collect();
        if finding.also.is_empty() { finding } else { finding.at_places(all) }
    });
    told.collect()
}

/// The findings of two states, place by place, on the way to be paired.
struct Paired {
    came: Vec<AtPlace>,
    went: Vec<AtPlace>,
    pairs: Vec<Pair>,
}

/// A finding at a place before, and the same after.
struct Pair {
    before: AtPlace,
    after: AtPlace,
    /// It says the same, as gravely.
    is_same: bool,
}

impl Paired {
    /// Takes out of those that came and that went the ones that are told by the same.
    fn pair(
        &mut self,
        says: Says,
        old: impl Fn(&Diagnostic) -> Option<Identity>,
        new: impl Fn(&Diagnostic) -> Vec<Identity>,
    ) {
        if self.went.is_empty() || self.came.is_empty() {
            return;
        }
        let mut known: FxHashMap<Identity, VecDeque<usize>> = FxHashMap::default();
        for (nth, told) in self.went.iter().enumerate().filter_map(|(nth, (_, one))| Some((nth, old(one)?))) {
            known.entry(told).or_default().push_back(nth);
        }
        let mut after_of: Vec<Option<AtPlace>> = self.went.iter().map(|_| None).collect();
        for after in std::mem::take(&mut self.came) {
            match new(&after.1).iter().find_map(|told| known.get_mut(told)?.pop_front()) {
                Some(nth) => after_of[nth] = Some(after),
                None => self.came.push(after),
            }
        }
        for (before, after) in std::mem::take(&mut self.went).into_iter().zip(after_of) {
            match after {
                None => self.went.push(before),
                Some(after) => {
                    let is_same = says == Says::Words && before.1.severity == after.1.severity;
                    self.pairs.push(Pair { before, after, is_same });
                }
            }
        }
    }

    /// The findings that are there before and after and are not the same, each pair once.
    fn changed(&self) -> Vec<(usize, usize)> {
        let changed = self.pairs.iter().filter(|pair| !pair.is_same);
        let mut numbers: Vec<(usize, usize)> = changed.map(|pair| (pair.before.0, pair.after.0)).collect();
        numbers.sort_unstable_by_key(|(before, after)| (*after, *before));
        numbers.dedup();
        numbers
    }
}

/// What the standards of before are called after, where that is another name: their findings bear it.
fn new_names_of_standards(difference: &Difference, before: &Snapshot, after: &Snapshot) -> FxHashMap<String, String> {
    let named = |at: ItemRef| {
        let (old, new) = (before.arch.name(at), after.arch.name(difference.after_of(at)?));
        (old != new).then(|| (old.to_owned(), new.to_owned()))
    };
    before.arch.records_of(&class::STANDARD).filter_map(|record| named(record.at)).collect()
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
    let answers = Answers::on(today);
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
    let given = arch.values_of(at, &facts::workspace::BREAKING);
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

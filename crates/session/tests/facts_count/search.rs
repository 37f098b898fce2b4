//! The search: for each fact, who makes something else of another value of it.

use crate::change::changes;
use crate::corpus::{self, Workspace};
use crate::observe::{Finding, differ, findings, forecast, is_of_reading, pictures, read};
use groma_base::FileId;
use groma_model::kinds;
use groma_model::schema::Fact;
use groma_session::Snapshot;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Of one fact in one text so many places are tried.
const MOST_PLACES: usize = 2;
/// So many texts are tried of each fact for pictures.
const MOST_TEXTS: usize = 6;
/// And so many of the largest.
const LARGEST: usize = 2;
/// So many texts are tried of each fact for forecasts.
const MOST_FORECASTS: usize = 12;

/// The facts, each with its number in [`kinds::facts`].
pub struct Declared {
    by_fact: HashMap<usize, usize>,
    /// How many there are.
    count: usize,
}

impl Declared {
    pub fn new() -> Declared {
        let all = kinds::facts();
        let by_fact = all.iter().enumerate().map(|(at, (_, fact))| (address(fact), at)).collect();
        Declared { by_fact, count: all.len() }
    }
}

fn address(fact: &'static Fact) -> usize {
    std::ptr::from_ref(fact) as usize
}

/// Who uses each fact, by its number, and how many texts were tried.
#[derive(Default)]
pub struct Uses {
    pub by_fact: BTreeMap<usize, BTreeSet<String>>,
    pub tried: usize,
}

impl Uses {
    fn add(&mut self, fact: usize, user: &str) {
        self.by_fact.entry(fact).or_default().insert(user.to_owned());
    }

    fn join(&mut self, other: Uses) {
        self.tried += other.tried;
        for (fact, users) in other.by_fact {
            self.by_fact.entry(fact).or_default().extend(users);
        }
    }
}

/// A text in which a fact stands, with what it may be changed to.
struct Place {
    fact: usize,
    /// The kind of the thing that has it.
    kind: &'static str,
    path: String,
    old: String,
    /// The whole texts, each with the words that are new in it.
    changed: Vec<(String, String)>,
}

/// The places of a text at which facts stand, each fact at a few.
fn places(declared: &Declared, snapshot: &Snapshot) -> Vec<Place> {
    let arch = &snapshot.arch;
    let mut found: Vec<Place> = Vec::new();
    for file in arch.files.iter() {
        for (_, item) in file.items.entries() {
            let own = file.facts_of(item);
            let parts = own.iter().flat_map(|fact| file.parts_of(fact));
            for value in own.iter().chain(parts) {
                let Some(fact) = declared.by_fact.get(&address(value.fact)).copied() else { continue };
                let is_told = found.iter().filter(|place| place.fact == fact).count() >= MOST_PLACES;
                if is_told || value.range.of(&file.text).is_empty() {
                    continue;
                }
                found.push(Place {
                    fact,
                    kind: item.kind.word(),
                    path: path(snapshot, file.file),
                    old: value.range.of(&file.text).trim_matches('"').to_owned(),
                    changed: changes(arch, &file.text, value),
                });
            }
        }
    }
    found
}

fn path(snapshot: &Snapshot, file: FileId) -> String {
    snapshot.sources.get(file).path.clone()
}

/// The users of all facts, found in all texts.
pub fn search(declared: &Declared) -> Uses {
    let texts = corpus::all();
    let mut uses = Uses::default();
    // The pages of rules and the cases by hand are small and say the most; of the rest only what these do not tell is asked.
    for is_last in [false, true] {
        let is_asked = |fact: usize| !is_last || !uses.by_fact.contains_key(&fact);
        let asked: Vec<&Workspace> = texts.iter().filter(|text| text.is_last == is_last).collect();
        let found = on_two_threads(asked.len(), |at| rules(declared, asked[at], &is_asked));
        found.into_iter().for_each(|found| uses.join(found));
    }
    let places: Vec<(usize, Place)> = texts
        .iter()
        .enumerate()
        .flat_map(|(at, text)| places(declared, &read(text, None)).into_iter().map(move |place| (at, place)))
        .collect();
    let of_facts = on_two_threads(declared.count, |fact| {
        let of_fact: Vec<&(usize, Place)> = places.iter().filter(|(_, place)| place.fact == fact).collect();
        let mut uses = Uses::default();
        changes_pictures(&texts, &of_fact, &mut uses);
        changes_forecast(&texts, &of_fact, &mut uses);
        uses
    });
    of_facts.into_iter().for_each(|found| uses.join(found));
    uses
}

/// What is made of each number below a count, in their order.
fn on_two_threads<T: Send>(count: usize, make: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let share = || -> Vec<(usize, T)> {
        let numbers = std::iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed));
        numbers.take_while(|at| *at < count).map(|at| (at, make(at))).collect()
    };
    let mut made = std::thread::scope(|scope| {
        let other = scope.spawn(share);
        let mut made = share();
        made.extend(other.join().unwrap());
        made
    });
    made.sort_by_key(|(at, _)| *at);
    made.into_iter().map(|(_, made)| made).collect()
}

/// The rules that find something else where a fact of a text is changed.
fn rules(declared: &Declared, text: &Workspace, is_asked: &dyn Fn(usize) -> bool) -> Uses {
    let snapshot = read(text, None);
    let before = findings(&snapshot);
    let mut uses = Uses::default();
    for place in places(declared, &snapshot).into_iter().filter(|place| is_asked(place.fact)) {
        for (changed, new) in &place.changed {
            uses.tried += 1;
            let after = findings(&read(text, Some((&place.path, changed))));
            if OF_LANGUAGE.contains(&place.kind) && !same_reading(&before, &after) {
                uses.add(place.fact, "reading");
            } else if is_valid(&before, &after) {
                let rules = other_rules(&before, &after, &place.old, new.trim().trim_matches('"'));
                rules.into_iter().for_each(|rule| uses.add(place.fact, &user(&rule, place.kind)));
            }
        }
    }
    uses
}

/// The kinds whose facts say how the rest is read: there other findings of reading count as well.
const OF_LANGUAGE: &[&str] = &["rule", "include", "extend", "kind", "fact"];

fn same_reading(before: &[Finding], after: &[Finding]) -> bool {
    let of_reading =
        |findings: &[Finding]| findings.iter().filter(|one| is_of_reading(one)).cloned().collect::<Vec<_>>();
    of_reading(before) == of_reading(after)
}

/// Whether a text can be read as well as the one before.
fn is_valid(before: &[Finding], after: &[Finding]) -> bool {
    after.iter().filter(|finding| is_of_reading(finding)).all(|finding| before.iter().any(|one| one.0 == finding.0))
}

/// The rules of the findings that are only in one of two lists, but for the words themselves that were changed.
fn other_rules(before: &[Finding], after: &[Finding], old: &str, new: &str) -> BTreeSet<String> {
    let masked = |findings: &[Finding]| -> Vec<Finding> {
        let mask = |message: &str| {
            let message = if old.is_empty() { message.to_owned() } else { message.replace(old, "…") };
            if new.is_empty() { message } else { message.replace(new, "…") }
        };
        findings
            .iter()
            .map(|(rule, message, file, line, severity)| (rule.clone(), mask(message), *file, *line, *severity))
            .collect()
    };
    let (before, after) = (masked(before), masked(after));
    let only = |these: &[Finding], those: &[Finding]| -> Vec<String> {
        these.iter().filter(|one| !those.contains(one) && !is_of_reading(one)).map(|one| one.0.clone()).collect()
    };
    only(&before, &after).into_iter().chain(only(&after, &before)).collect()
}

/// Who it is that finds something else: a rule, or a query of the workspace.
fn user(rule: &str, kind: &str) -> String {
    match groma_check::rule(rule) {
        Some(_) if rule == "empty-view" && kind != "view" => "queries".into(),
        Some(rule) => rule.name.into(),
        None if matches!(kind, "standard" | "kit") => groma_check::UNMET_STANDARD.into(),
        None => "queries".into(),
    }
}

/// Whether pictures show something else where a fact is changed.
fn changes_pictures(texts: &[Workspace], places: &[&(usize, Place)], uses: &mut Uses) {
    // The smallest first: they are the quickest. The largest have views of their own.
    let mut places: Vec<&&(usize, Place)> = places.iter().collect();
    places.sort_by_key(|(at, _)| texts[*at].size());
    let is_tried = |nth: usize| nth < MOST_TEXTS || nth + LARGEST >= places.len();
    for (_, (at, place)) in places.iter().enumerate().filter(|(nth, _)| is_tried(*nth)) {
        let snapshot = read(&texts[*at], None);
        let is_placed = place.kind == "view";
        let (before, shown) = (findings(&snapshot), pictures(&snapshot, is_placed));
        for (changed, _) in &place.changed {
            uses.tried += 1;
            let after = read(&texts[*at], Some((&place.path, changed)));
            if pictures(&after, is_placed) != shown && is_valid(&before, &findings(&after)) {
                return uses.add(place.fact, "pictures");
            }
        }
    }
}

/// Whether a forecast tells something else where a fact is changed.
fn changes_forecast(texts: &[Workspace], places: &[&(usize, Place)], uses: &mut Uses) {
    let mut may: Vec<&&(usize, Place)> = places.iter().filter(|(at, _)| texts[*at].is_forecast).collect();
    may.sort_by_key(|(at, _)| texts[*at].size());
    for (at, place) in may.into_iter().take(MOST_FORECASTS) {
        let snapshot = read(&texts[*at], None);
        let told = forecast(&snapshot);
        for (changed, _) in &place.changed {
            uses.tried += 1;
            let after = read(&texts[*at], Some((&place.path, changed)));
            let other = forecast(&after);
            if told.is_some() && other.is_some() && differ(&told, &other) {
                return uses.add(place.fact, "forecast");
            }
        }
    }
}

//! What is different between two states of an architecture, to text: for people, for programs, and for a pull request.

mod human;
mod json;
mod markdown;

use groma_base::{Severity, Sources};
use groma_model::Architecture;
use groma_model::difference::{Changed, FactChange, Known, Thing};
use groma_session::{Comparison, NotIncluded, Suppressed, VerdictChange};

/// One of two states.
#[derive(Clone, Copy, Debug)]
pub struct State<'a> {
    /// What it is called: a revision, a folder, or `the work tree`.
    pub name: &'a str,
    /// What it says.
    pub arch: &'a Architecture,
    /// Its files.
    pub sources: &'a Sources,
}

/// What the forecasts of two states make of each other.
#[derive(Clone, Default, Debug)]
pub struct Verdicts {
    /// The verdicts and limits that changed.
    pub changes: Vec<VerdictChange>,
    /// The states that cannot be forecast, each with the reason: then nothing is known of any change.
    pub not_forecast: Vec<String>,
}

/// What is told.
#[derive(Clone, Copy, Debug)]
pub struct Compared<'a> {
    /// The state before.
    pub before: State<'a>,
    /// The state after.
    pub after: State<'a>,
    /// What is different.
    pub comparison: &'a Comparison,
    /// What their forecasts say, if they were asked.
    pub verdicts: Option<&'a Verdicts>,
}

impl Compared<'_> {
    /// How much is different, in a few words.
    fn summary(&self) -> String {
        let difference = &self.comparison.difference;
        let is_renamed = |one: &&Changed| one.renamed.is_some();
        let is_moved = |one: &&Changed| one.renamed.is_none() && one.moved.is_some();
        let is_changed = |one: &&Changed| one.renamed.is_none() && one.moved.is_none();
        let count = |which: &dyn Fn(&&Changed) -> bool| difference.changed.iter().filter(which).count();
        let counts = [
            (difference.removed.len(), "removed"),
            (difference.added.len(), "added"),
            (count(&is_renamed), "renamed"),
            (count(&is_moved), "moved"),
            (count(&is_changed), "changed"),
        ];
        let told: Vec<String> =
            counts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
        match told.is_empty() {
            true if self.is_all_known() => "no difference".to_owned(),
            true => "no difference in what is there".to_owned(),
            false => told.join(", "),
        }
    }

    /// Whether neither state lacks what it is to include.
    fn is_all_known(&self) -> bool {
        self.comparison.not_included.iter().all(Option::is_none)
    }

    /// What the findings are called that only one state has: where the other could not be understood, they may be there as well.
    fn came_and_went(&self, called: impl Fn(&str) -> String) -> [String; 2] {
        let [before, after] = self.comparison.not_understood;
        let heading = |what: &str, state: &str, broken: usize| match broken {
            0 => format!("findings that {what}"),
            broken => {
                let things = groma_base::counted(broken, "thing");
                let state = called(state);
                format!("findings that {what}, or are hidden in {state}, of which {things} could not be understood")
            }
        };
        [heading("came", self.before.name, before), heading("went", self.after.name, after)]
    }

    /// The states that lack what they are to include and the other has, each with the other.
    fn not_included(&self) -> impl Iterator<Item = (State<'_>, State<'_>, &NotIncluded)> {
        let states = [(self.before, self.after), (self.after, self.before)];
        let all = states.into_iter().zip(&self.comparison.not_included);
        all.filter_map(|((state, other), lacking)| Some((state, other, lacking.as_ref()?)))
    }

    /// The findings that an `allow` suppresses on one side alone: how that is called, the side, and they as they are after, with the `allow`.
    fn excused(&self) -> [(&'static str, State<'_>, &[Suppressed]); 2] {
        let comparison = self.comparison;
        [
            ("findings that are excused now", self.after, &comparison.excused),
            ("findings that are no longer excused", self.before, &comparison.no_longer_excused),
        ]
    }

    /// How many findings there are, by severity, in words.
    fn counted<'a>(findings: impl IntoIterator<Item = &'a groma_base::Diagnostic>) -> String {
        let severities: Vec<Severity> = findings.into_iter().map(|finding| finding.severity).collect();
        let count = |severity| severities.iter().filter(|one| **one == severity).count();
        let told = Severity::ALL.into_iter().rev().filter_map(|severity| match count(severity) {
            0 => None,
            1 => Some(format!("1 {}", severity.word())),
            count => Some(format!("{count} {}s", severity.word())),
        });
        told.collect::<Vec<_>>().join(", ")
    }
}

/// What is not known of a state that lacks what it is to include.
fn unknown(other: State<'_>, lacking: &NotIncluded) -> Vec<String> {
    let mut files: Vec<(&str, usize)> = Vec::new();
    for thing in &lacking.things {
        let path = &*other.sources.get(thing.at.file).path;
        match files.iter_mut().find(|(known, _)| *known == path) {
            Some((_, count)) => *count += 1,
            None => files.push((path, 1)),
        }
    }
    let things = files.into_iter().map(|(path, count)| match count {
        1 => format!("whether it has the one thing that only `{path}` has is not known"),
        count => format!("whether it has the {count} things that only `{path}` has is not known"),
    });
    things.chain(["which other findings came and went is not known".to_owned()]).collect()
}

/// How it is known that something was renamed or moved, in words.
fn known(one: &Changed) -> String {
    match &one.known {
        Known::Address => String::new(),
        Known::Was(name) => format!("`was={name}` says so"),
        Known::Guess(guess) => format!("a guess: {}% is the same ({})", guess.share, guess.evidence()),
    }
}

/// What stands in a thing and is removed or added with it, in words.
fn held(one: &Thing) -> String {
    match one.holds {
        0 => String::new(),
        1 => "with 1 thing in it or connected to it".to_owned(),
        count => format!("with {count} things in it or connected to it"),
    }
}

/// The name of a fact, with which of its values it is about.
fn fact_name(fact: &FactChange) -> String {
    match &fact.of {
        Some(of) => format!("{} of `{}`", fact.fact, crate::one_line(of)),
        None => fact.fact.clone(),
    }
}

/// What is demanded, with the limit that it had before.
fn demand(one: &VerdictChange) -> String {
    match &one.limit_before {
        Some(limit) => format!("{} (was {limit})", one.demand),
        None => one.demand.clone(),
    }
}

//! What becomes of records by an edit: the files that change, with what is to be said of it.

use super::links::{all_targets, target};
use super::{RecordFile, Records, findings_of};
use crate::{FileSystem, folder_of};
use groma_base::{is_date, join_words};
use groma_records::edit::{NewStatus, Refused, Text, add_link, renumber, retarget, set_status, supersede};
use groma_records::folder::{is_record, is_supersession, number_of, spelling};
use groma_records::{Family, Finding, FindingKind, LedTo, Record, Reference, State};
use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

/// A file that changes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FileChange {
    /// Where it is.
    pub path: PathBuf,
    /// How it is shown.
    pub shown: String,
    /// Its bytes as they are; `None` for a new file.
    pub before: Option<Vec<u8>>,
    /// Its bytes as they are to be; `None` for one that is removed.
    pub after: Option<Vec<u8>>,
}

/// What an edit makes. All of its files are to be written, or none.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Edited {
    /// The files that change; none if all is said already.
    pub changes: Vec<FileChange>,
    /// What else is to be known of it.
    pub notes: Vec<String>,
}

/// Why an edit is not made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NoEdit {
    /// What is in the way.
    pub message: String,
    /// What to do.
    pub help: String,
}

pub(super) fn no(message: impl Into<String>, help: impl Into<String>) -> NoEdit {
    NoEdit { message: message.into(), help: help.into() }
}

/// How a message names a record that another names.
fn named(reference: &Reference) -> String {
    match reference {
        Reference::Number(number) => number.to_string(),
        Reference::Name(name) => format!("`{name}`"),
    }
}

/// Files by their places in [`Records::files`], with the bytes that they are to have.
type Written = Vec<(usize, Vec<u8>)>;

impl Records {
    /// The status that a word says, usual or of the workspace.
    ///
    /// # Errors
    /// If it says none, or that another record took the place, of which it does not say which.
    pub fn status_of_word<'w>(&'w self, word: &'w str) -> Result<NewStatus<'w>, NoEdit> {
        let Some(status) = self.states.meant(word) else {
            let words = self.family.states().iter().map(|state| state.word()).chain(self.states.own_words());
            let help = "a word of your own is said in the workspace: `decision-status \"In review\" means=proposed`";
            let words = groma_base::list_words(words, "and");
            return Err(no(format!("`{word}` is no status"), format!("there are {words}; {help}")));
        };
        match status.state {
            State::Superseded => {
                let message = format!("`{word}` does not say what took the place of it");
                Err(no(message, "write `groma adr supersede OLD NEW`"))
            }
            _ => Ok(status),
        }
    }

    /// Another status, and the day of it if one is given. `is_forced` also from a state that this one does not follow.
    ///
    /// # Errors
    /// If the state does not follow, or the record cannot be edited.
    pub fn with_state(
        &self,
        files: &dyn FileSystem,
        at: usize,
        status: NewStatus<'_>,
        date: Option<&str>,
        is_forced: bool,
    ) -> Result<Edited, NoEdit> {
        let file = self.to_edit(files, at)?;
        if let Some(date) = date.filter(|date| !is_date(date)) {
            return Err(no(format!("`{date}` is not a valid date"), "write it as 2026-11-30"));
        }
        self.follows(file, status.state, is_forced)?;
        let bytes = set_status(self.text(file), status, date).map_err(|why| refused(&why))?;
        let mut edited = self.edited(files, vec![(at, bytes)], Vec::new())?;
        let said = file.record.status_text.as_ref().zip(file.record.date.as_ref());
        let is_dated = said.is_some_and(|(status, day)| !day.range.is_none() && status.range.contains(day.range));
        if is_dated && date.is_none() && !edited.changes.is_empty() {
            edited.notes.push(format!(
                "the day beside the status of `{}` stays: `--date today` sets it as well",
                file.source.path
            ));
        }
        Ok(edited)
    }

    /// One record superseded by another, said in both.
    ///
    /// # Errors
    /// If the state does not follow, if the two lie in different folders, or if one of them cannot be edited.
    pub fn superseding(
        &self,
        files: &dyn FileSystem,
        (old, new): (usize, usize),
        date: Option<&str>,
        is_forced: bool,
    ) -> Result<Edited, NoEdit> {
        let (one, other) = (self.to_edit(files, old)?, self.to_edit(files, new)?);
        self.together(one, other)?;
        self.follows(one, State::Superseded, is_forced)?;
        let gone = [State::Rejected, State::Deprecated, State::Superseded];
        let state = other.record.status.as_ref().map(|status| status.value);
        if let Some(state) = state.filter(|state| gone.contains(state) && !is_forced) {
            let message = format!("{} is {}: nothing is superseded by it", self.place_of_status(other), state.word());
            return Err(no(message, "name the record that is in force, or add `--force`"));
        }
        let successor = one.record.superseded_by.iter().find(|said| self.meant(one, said) != Some(new));
        if let Some(other) = successor.filter(|_| !is_forced) {
            let message = format!("`{}` is superseded already, by {}", one.source.path, named(&other.value));
            return Err(no(message, "mend that by hand if it is wrong, or add `--force` for a second one"));
        }
        let texts: Vec<&str> = self.of(one.folder).map(|file| &*file.source.text).collect();
        let (mut before, after) =
            supersede(self.text(one), self.text(other), spelling(texts)).map_err(|why| refused(&why))?;
        if let Some(date) = date {
            let text = Text { family: self.family, path: &one.source.path, bytes: &before };
            before = set_status(text, State::Superseded, Some(date)).map_err(|why| refused(&why))?;
        }
        let mut edited = self.edited(files, vec![(old, before), (new, after)], Vec::new())?;
        let is_in_force = other.record.status.as_ref().is_none_or(|status| status.value == State::Accepted);
        if !edited.changes.is_empty() && !is_in_force {
            let message =
                format!("{} is not accepted yet, so that nothing holds in its place", self.place_of_status(other));
            edited.notes.push(message);
        }
        Ok(edited)
    }

    /// A link from one record to another; `word` says how the first stands to the other, such as `Amends`.
    ///
    /// # Errors
    /// If the word means more than a link, if the two lie in different folders, or if the record cannot be edited.
    pub fn with_link(&self, files: &dyn FileSystem, from: usize, word: &str, to: usize) -> Result<Edited, NoEdit> {
        let word = word.trim();
        let is_plain = |letter: char| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '\'' | '’');
        if word.is_empty() || !word.chars().all(is_plain) {
            return Err(no(format!("`{word}` is no word of a link"), "write words such as `Amends` or `Relates to`"));
        }
        // Longer ones are a sentence, which a signature binds.
        if word.split_whitespace().count() > MOST_WORDS_OF_LINK {
            let message = format!("`{word}` is a sentence, not a relation");
            return Err(no(message, "write three words at most, such as `Amends` or `Is required by`"));
        }
        if is_supersession(word) {
            let message = format!("`{word}` says more than a link: the state of the older record changes with it");
            return Err(no(message, "write `groma adr supersede OLD NEW`"));
        }
        let (one, other) = (self.to_edit(files, from)?, self.to_edit(files, to)?);
        self.together(one, other)?;
        if from == to {
            return Err(no(format!("`{}` would link to itself", one.source.path), "name another record"));
        }
        if says_link(one, word, &other.record.file) {
            return Ok(Edited::default());
        }
        let bytes = add_link(self.text(one), word, self.text(other)).map_err(|why| refused(&why))?;
        self.edited(files, vec![(from, bytes)], Vec::new())
    }

    /// Another number for a record, and for the name of its file. Every link of a record that leads to it follows.
    ///
    /// # Errors
    /// If the number is that of another record of the folder, or if a record that links there cannot be edited.
    pub fn renumbered(&self, files: &dyn FileSystem, at: usize, number: u32) -> Result<Edited, NoEdit> {
        let file = self.to_edit(files, at)?;
        let taken = self.of(file.folder).find(|other| {
            other.path != file.path
                && (other.record.number.as_ref().map(|own| own.value) == Some(number)
                    || number_of(&other.record.file) == Some(number))
        });
        if let Some(taken) = taken {
            let message = format!("number {number} is that of `{}`", taken.source.path);
            let names: Vec<&str> = self.of(file.folder).map(|file| &*file.record.file).collect();
            let next = groma_records::folder::next_number(names);
            return Err(no(message, format!("take one that is free, such as {next}")));
        }
        let new = renumber(self.text(file), number).map_err(|why| refused(&why))?;
        if new.file == file.record.file {
            return self.edited(files, vec![(at, new.bytes)], Vec::new());
        }
        let path = folder_of(&file.path).join(&new.file);
        if files.is_folder(&path).is_ok() {
            return Err(no(format!("`{}` is there already", shown_beside(file, &new.file)), "take another number"));
        }
        let shown = shown_beside(file, &new.file);
        let own = Text { family: self.family, path: &shown, bytes: &new.bytes };
        let is_only = self.has_number_alone(file);
        let bytes = retarget(own, (&file.record.file, &new.file), is_only).map_err(|why| refused(&why))?;
        let bytes = bytes.unwrap_or(new.bytes);
        let (followed, notes) = self.followed(files, at, &new.file)?;
        let (proposals, doubts) = self.followed_by_proposals(files, at, &new.file);
        let moved = FileChange { path, shown, before: None, after: Some(bytes) };
        let mut edited = self.edited(files, followed, vec![(at, moved)])?;
        edited.changes.extend(proposals);
        edited.notes.extend(notes.into_iter().chain(doubts));
        edited.notes.extend(self.notes_of_old_number(files, at, &edited));
        Ok(edited)
    }

    /// Whether no other record of its folder has the number that the name of a file says.
    fn has_number_alone(&self, file: &RecordFile) -> bool {
        let number = number_of(&file.record.file);
        let has_it = |other: &RecordFile| other.record.number.as_ref().is_some_and(|own| Some(own.value) == number);
        self.of(file.folder).filter(|other| has_it(other)).count() < 2
    }

    /// The records whose links led to a file, leading to its new name.
    fn followed(&self, files: &dyn FileSystem, at: usize, new: &str) -> Result<(Written, Vec<String>), NoEdit> {
        let file = &self.files[at];
        let is_only = self.has_number_alone(file);
        let (mut changed, mut notes) = (Vec::new(), Vec::new());
        for (nth, other) in self.files.iter().enumerate().filter(|(nth, _)| *nth != at) {
            let folder = folder_of(&other.path);
            let is_beside = other.folder == file.folder;
            let leads: Vec<bool> = other
                .record
                .links
                .iter()
                .flatten()
                .filter_map(|link| target(folder, link))
                .filter(|path| path.file_name() == file.path.file_name())
                .map(|path| path == file.path)
                .collect();
            // What is no link, as in front matter, names a file of its own folder.
            if !is_beside && !leads.contains(&true) {
                continue;
            }
            let is_mixed = leads.contains(&false);
            match retarget(self.text(other), (&file.record.file, new), is_only) {
                Ok(None) => {}
                Ok(Some(_)) if is_mixed => {
                    let message = format!("`{}` links to two files called `{}`", other.source.path, file.record.file);
                    return Err(no(message, "mend these links by hand first"));
                }
                Ok(Some(bytes)) => {
                    self.to_edit(files, nth)?;
                    if String::from_utf8_lossy(&bytes).contains(&file.record.file) {
                        notes.push(format!("`{}` still names `{}`: see where", other.source.path, file.record.file));
                    }
                    changed.push((nth, bytes));
                }
                Err(Refused::NotRead(_)) => {
                    if other.source.text.contains(&file.record.file) {
                        notes.push(format!(
                            "`{}` still names `{}`: no link of it is followed",
                            other.source.path, file.record.file
                        ));
                    }
                }
                Err(why) => return Err(refused(&why)),
            }
        }
        Ok((changed, notes))
    }

    /// The requests for comments that led to a decision, leading to its new name; and what of them has to be done by hand.
    fn followed_by_proposals(&self, files: &dyn FileSystem, at: usize, new: &str) -> (Vec<FileChange>, Vec<String>) {
        let file = &self.files[at];
        let (mut changes, mut notes) = (Vec::new(), Vec::new());
        let from = self.workspace().unwrap_or(&self.repository);
        let Ok(proposals) = Records::open(files, from, Family::Rfc) else { return (changes, notes) };
        let is_old = |number: u32| number_of(&file.record.file) == Some(number);
        let is_shared = !self.has_number_alone(file);
        // Where the repository itself is a folder of records, these are found again.
        let is_other = |one: &RecordFile| self.files.iter().all(|own| own.path != one.path);
        let all = proposals.files.iter().enumerate();
        for (nth, one) in all.filter(|(_, one)| one.is_record() && is_other(one)) {
            let leads = all_targets(folder_of(&one.path), &one.record).any(|(path, _)| path == file.path);
            let led_to = one.record.rfc.iter().flat_map(|rfc| &rfc.led_to);
            let is_named = led_to.clone().any(|led| matches!(led, LedTo::Number(number) if is_old(number.value)));
            if is_named && is_shared {
                let message =
                    format!("`{}` names a number that two records had: see which one it means", one.source.path);
                notes.push(message);
            }
            if !leads && (is_shared || !is_named) {
                continue;
            }
            let retargeted = retarget(proposals.text(one), (&file.record.file, new), !is_shared);
            let may = proposals.to_edit(files, nth).is_ok();
            match retargeted {
                Ok(Some(after)) if may => changes.push(FileChange {
                    path: one.path.clone(),
                    shown: one.source.path.clone(),
                    before: Some(one.bytes().to_vec()),
                    after: Some(after),
                }),
                Ok(None) => {}
                Ok(Some(_)) | Err(_) => {
                    let message =
                        format!("`{}` still leads to `{}`: mend it by hand", one.source.path, file.record.file);
                    notes.push(message);
                }
            }
        }
        (changes, notes)
    }

    /// Texts beside the records that name the old file, and records that name the old number without a link.
    fn notes_of_old_number(&self, files: &dyn FileSystem, at: usize, edited: &Edited) -> Vec<String> {
        let file = &self.files[at];
        let mut notes = Vec::new();
        let mut entries = files.list(folder_of(&file.path)).unwrap_or_default();
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        for entry in entries.into_iter().filter(|entry| !entry.is_folder && !entry.is_link) {
            let name = entry.name.to_string_lossy().into_owned();
            if is_record(&name) || !name.ends_with(".md") {
                continue;
            }
            let bytes =
                files.read(&folder_of(&file.path).join(&name), groma_records::LARGEST as u64).unwrap_or_default();
            if String::from_utf8_lossy(&bytes).contains(&file.record.file) {
                notes.push(format!(
                    "`{}` still names `{}`: it is no record, and stays",
                    shown_beside(file, &name),
                    file.record.file
                ));
            }
        }
        let Some(old) = file.record.number.as_ref().map(|number| number.value) else { return notes };
        for other in self.of(file.folder).filter(|other| other.path != file.path) {
            let change = edited.changes.iter().find(|change| change.path == other.path);
            let after = change.and_then(|change| change.after.as_deref());
            let record = after.map_or_else(|| other.record.clone(), |bytes| self.read(&other.source.path, bytes));
            let beside = record.beside.iter().map(|one| &one.record);
            let mut said = record.supersedes.iter().chain(&record.superseded_by).chain(beside);
            let text = after.map_or(&*other.source.text, |bytes| std::str::from_utf8(bytes).unwrap_or_default());
            if said.any(|said| said.value == Reference::Number(old)) {
                notes.push(format!("`{}` still names number {old}, by which another may be meant", other.source.path));
            } else if mentions(text, old) {
                notes.push(format!("`{}` mentions ADR {old} in a sentence, which stays", other.source.path));
            }
        }
        notes
    }

    fn text<'f>(&self, file: &'f RecordFile) -> Text<'f> {
        Text { family: self.family, path: &file.source.path, bytes: file.bytes() }
    }

    /// A file that may be edited.
    fn to_edit(&self, files: &dyn FileSystem, at: usize) -> Result<&RecordFile, NoEdit> {
        let file = &self.files[at];
        if !super::is_inside(files, &self.repository, &file.path) {
            let message = format!("`{}` leads out of the repository", file.source.path);
            return Err(no(message, "edit it where it lies"));
        }
        Ok(file)
    }

    fn together(&self, one: &RecordFile, other: &RecordFile) -> Result<(), NoEdit> {
        if one.folder == other.folder {
            return Ok(());
        }
        let message = format!("`{}` and `{}` lie in two folders", one.source.path, other.source.path);
        Err(no(message, "only links within one folder are written; write this one by hand"))
    }

    fn follows(&self, file: &RecordFile, state: State, is_forced: bool) -> Result<(), NoEdit> {
        let Some(status) = file.record.status.as_ref().filter(|_| !is_forced) else { return Ok(()) };
        if status.value == state || self.states.may_become(status.value, state) {
            return Ok(());
        }
        let message =
            format!("{} is {}, and does not become {}", self.place_of_status(file), status.value.word(), state.word());
        let before: Vec<&str> = self.states.before(state).into_iter().map(State::word).collect();
        let help = match &before[..] {
            [] => format!("by the table of the workspace nothing becomes {}", state.word()),
            before => format!("only what is {} becomes {}", join_words(before, "or"), state.word()),
        };
        Err(no(message, format!("{help}; `--force` does it all the same")))
    }

    /// Where a record says its state, as a message names it.
    fn place_of_status(&self, file: &RecordFile) -> String {
        let status = file.record.status.as_ref().filter(|status| !status.range.is_none());
        let place = status.map(|status| file.source.line_column(status.range.start));
        place.map_or_else(|| format!("`{}`", file.source.path), |at| format!("`{}:{}`", file.source.path, at.line))
    }

    /// The files that change, if nothing is found in their folders then that was not found before. `moved` are those that get another
    /// name, each with its new file.
    fn edited(
        &self,
        files: &dyn FileSystem,
        written: Written,
        moved: Vec<(usize, FileChange)>,
    ) -> Result<Edited, NoEdit> {
        self.makes_nothing_wrong(files, &written, &moved)?;
        let mut changes = Vec::new();
        for (at, change) in moved {
            let old = &self.files[at];
            changes.push(change);
            let (path, shown) = (old.path.clone(), old.source.path.clone());
            changes.push(FileChange { path, shown, before: Some(old.bytes().to_vec()), after: None });
        }
        for (at, bytes) in written.into_iter().filter(|(at, bytes)| self.files[*at].bytes() != bytes) {
            let file = &self.files[at];
            let (path, shown) = (file.path.clone(), file.source.path.clone());
            changes.push(FileChange { path, shown, before: Some(file.bytes().to_vec()), after: Some(bytes) });
        }
        Ok(Edited { changes, notes: Vec::new() })
    }

    fn makes_nothing_wrong(
        &self,
        files: &dyn FileSystem,
        written: &[(usize, Vec<u8>)],
        moved: &[(usize, FileChange)],
    ) -> Result<(), NoEdit> {
        let edited = |at: usize| -> Option<Record> {
            let written = written.iter().find(|(other, _)| *other == at);
            let written = written.map(|(_, bytes)| self.read(&self.files[at].source.path, bytes));
            let moved = moved.iter().find(|(other, _)| *other == at).map(|(_, change)| change);
            written
                .or_else(|| moved.map(|change| self.read(&change.shown, change.after.as_deref().unwrap_or_default())))
        };
        let touched = written.iter().map(|(at, _)| *at).chain(moved.iter().map(|(at, _)| *at));
        let mut folders: Vec<usize> = touched.map(|at| self.files[at].folder).collect();
        folders.sort_unstable();
        folders.dedup();
        for folder in folders {
            let own: Vec<usize> = (0..self.files.len()).filter(|at| self.files[*at].folder == folder).collect();
            let after: Vec<Record> =
                own.iter().map(|at| edited(*at).unwrap_or_else(|| self.files[*at].record.clone())).collect();
            let before: Vec<Record> = own.iter().map(|at| self.files[*at].record.clone()).collect();
            let path = &self.folders[folder].path;
            let was_there = |path: &Path| files.is_folder(path).is_ok();
            let comes = |path: &Path| moved.iter().any(|(_, change)| change.path == path);
            let goes = |path: &Path| moved.iter().any(|(at, _)| self.files[*at].path == path);
            let is_there = |path: &Path| comes(path) || was_there(path) && !goes(path);
            let (old, new) = (findings_of(path, &before, &was_there), findings_of(path, &after, &is_there));
            if let Some((nth, finding)) = first_new(&old, &new) {
                let message =
                    format!("`{}` would be wrong then: {}", self.files[own[nth]].source.path, finding.message);
                return Err(no(message, "name another record, or mend that first"));
            }
        }
        Ok(())
    }
}

/// The first finding of a kind of which there are more than before.
fn first_new(before: &[Vec<Finding>], after: &[Vec<Finding>]) -> Option<(usize, Finding)> {
    let counts = |found: &[Vec<Finding>]| {
        let mut counts: BTreeMap<FindingKind, usize> = BTreeMap::new();
        found.iter().flatten().for_each(|finding| *counts.entry(finding.kind).or_default() += 1);
        counts
    };
    let (old, new) = (counts(before), counts(after));
    let kind = new.iter().find(|(kind, count)| **count > old.get(kind).copied().unwrap_or(0))?.0;
    let of_kind = |found: &[Finding]| -> HashSet<String> {
        found.iter().filter(|one| one.kind == *kind).map(|one| one.message.clone()).collect()
    };
    let told: Vec<HashSet<String>> = before.iter().map(|found| of_kind(found)).collect();
    let had = |nth: usize, finding: &Finding| told[nth].contains(&finding.message);
    let all = after.iter().enumerate().flat_map(|(nth, found)| found.iter().map(move |one| (nth, one)));
    all.filter(|(nth, one)| one.kind == *kind && !had(*nth, one)).map(|(nth, one)| (nth, one.clone())).next()
}

/// Whether a record says of another what a link is to say.
fn says_link(file: &RecordFile, word: &str, other: &str) -> bool {
    let text = &file.source.text;
    let links = file.record.links.iter().flatten().filter(|link| link.target.trim_start_matches("./") == other);
    let before = |start: u32| words_before(text, start).trim_end_matches([' ', ':', '*']).to_lowercase();
    links.map(|link| before(link.range.start)).any(|before| before.ends_with(&word.to_lowercase()))
}

/// Whether a text speaks of a record by its number with the word for it: `ADR-5`, `ADR 0005`.
fn mentions(text: &str, number: u32) -> bool {
    let lower = text.to_ascii_lowercase();
    let is_it = |at: usize| {
        let rest = lower[at + 3..].trim_start_matches(['-', '_', ' ', '#']);
        let length = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
        let is_word = !lower[..at].ends_with(|letter: char| letter.is_alphanumeric() || letter == '/');
        // The name of a file is no number in a sentence.
        is_word && rest[..length].parse() == Ok(number) && !rest[length..].starts_with('-')
    };
    lower.match_indices("adr").any(|(at, _)| is_it(at))
}

/// A relation has no more words, as a signature of the record leaves it out by that.
const MOST_WORDS_OF_LINK: usize = 3;

/// So many bytes before a link hold the words of its relation.
const LONGEST_RELATION: usize = 100;

/// What stands right before a place in a text.
pub(super) fn words_before(text: &str, at: u32) -> &str {
    let before = text.get(..at as usize).unwrap_or_default();
    &before[before.floor_char_boundary(before.len().saturating_sub(LONGEST_RELATION))..]
}

/// How a file is shown that lies beside another.
fn shown_beside(file: &RecordFile, name: &str) -> String {
    let shown = Path::new(&file.source.path);
    shown.parent().map_or_else(|| PathBuf::from(name), |folder| folder.join(name)).to_string_lossy().replace('\\', "/")
}

pub(super) fn refused(why: &Refused) -> NoEdit {
    let help = match why {
        Refused::NotRead(_) => "nothing was written: edit it by hand",
        Refused::Otherwise(_) => "nothing was written",
        Refused::Impossible(_) => "nothing was written: name another",
    };
    no(why.to_string(), help)
}

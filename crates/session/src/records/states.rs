//! What a workspace says of the states of its decisions: its own words for them, and which may follow on which.

use crate::parse::parse_all;
use crate::{FILE_LIMIT, FileSystem, folder_of, groma_files};
use groma_base::{Diagnostic, FileId, Source, Span, list_words};
use groma_model::decode::{FactValue, FileModel, Value, WRONG_VALUE};
use groma_model::facets::own_facts::OwnFacts;
use groma_model::facts::workspace::{DECISION_STATUS, DECISION_TRANSITION, DECISIONS, MEANS, RFCS, TRANSITION_TO};
use groma_model::kinds::class::WORKSPACE;
use groma_model::schema::Fact;
use groma_records::{Family, State, StateTable};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The table that the files of a workspace say.
pub(crate) fn table<'m>(models: impl Iterator<Item = &'m FileModel>) -> StateTable {
    let mut table = StateTable::default();
    for model in models {
        for value in said(model, &DECISION_STATUS) {
            if let Some(state) = part(model, value, &MEANS) {
                table.add_word(model.words(value), state);
            }
        }
        for value in said(model, &DECISION_TRANSITION) {
            if let Some((from, to)) = state(&value.value).zip(part(model, value, &TRANSITION_TO)) {
                table.add_step(from, to);
            }
        }
    }
    table
}

/// What is lacking in what a file says of the table.
pub(crate) fn problems_of(model: &FileModel) -> Vec<Diagnostic> {
    let lacks = |fact: &'static Fact, of: &'static Fact| {
        let lacking = said(model, fact).filter(move |value| model.parts_of(value).iter().all(|part| part.fact != of));
        lacking.map(move |value| {
            let message = format!("`{}` does not say `{}`", fact.name, of.name);
            let words = list_words(State::ALL.map(State::word), "or");
            let span = Span::new(model.file, value.range);
            Diagnostic::error(WRONG_VALUE, span, message).help(format!("add `{}=` with {words}", of.name))
        })
    };
    let usual = said(model, &DECISION_STATUS).filter(|value| StateTable::is_usual(model.words(value)));
    let usual = usual.map(|value| {
        let message = format!("`{}` is a usual word for a state, and means that", model.words(value));
        let help = "`decision-status` is for other words; take it out";
        Diagnostic::error(WRONG_VALUE, Span::new(model.file, value.range), message).help(help)
    });
    usual.chain(lacks(&DECISION_STATUS, &MEANS)).chain(lacks(&DECISION_TRANSITION, &TRANSITION_TO)).collect()
}

fn said<'m>(model: &'m FileModel, fact: &'static Fact) -> impl Iterator<Item = &'m FactValue> {
    let workspaces = model.items.iter().filter(|item| item.kind.is(&WORKSPACE));
    workspaces.flat_map(|item| model.facts_of(item)).filter(move |value| value.fact == fact)
}

fn part(model: &FileModel, value: &FactValue, fact: &'static Fact) -> Option<State> {
    state(&model.parts_of(value).iter().find(|part| part.fact == fact)?.value)
}

fn state(value: &Value) -> Option<State> {
    let Value::Choice(word) = value else { return None };
    State::ALL.into_iter().find(|state| state.word() == *word)
}

/// The files of a workspace that say something of records, with where they are. What they are wrong in is told by `groma check`.
pub(super) fn of_workspace(files: &dyn FileSystem, root: &Path) -> Vec<(PathBuf, Arc<FileModel>)> {
    let found = groma_files(files, root).unwrap_or_default();
    let texts = found.into_iter().filter_map(|file| {
        let text = String::from_utf8(files.read(&file.path, FILE_LIMIT).ok()?).ok()?;
        Some((file.path, text))
    });
    // Only what names one of the facts has to be understood.
    let facts = [&DECISION_STATUS, &DECISION_TRANSITION, &DECISIONS, &RFCS];
    let is_about = |text: &str| facts.iter().any(|fact| text.contains(fact.name));
    let (paths, texts): (Vec<PathBuf>, Vec<String>) = texts.filter(|(_, text)| is_about(text)).unzip();
    let sources: Vec<Arc<Source>> = texts.into_iter().map(|text| Arc::new(Source::new("", text))).collect();
    let numbers: Vec<FileId> = (0..sources.len() as u32).map(FileId).collect();
    let parsed = parse_all(&sources, &numbers, &OwnFacts::default());
    paths.into_iter().zip(parsed.into_iter().map(|parsed| parsed.model)).collect()
}

/// The folders that the files of a workspace name for a family.
pub(super) fn folders_of(said_in: &[(PathBuf, Arc<FileModel>)], family: Family) -> Vec<PathBuf> {
    let fact = match family {
        Family::Decision => &DECISIONS,
        Family::Rfc => &RFCS,
    };
    let of_file = |(path, model): &(PathBuf, Arc<FileModel>)| {
        said(model, fact).map(|value| folder_of(path).join(model.words(value))).collect::<Vec<_>>()
    };
    said_in.iter().flat_map(of_file).collect()
}

/// The workspace that a path belongs to: the path itself, if it is a file of one, or the nearest folder from there upwards that holds one; else the
/// nearest below which there is one, and one alone.
pub(super) fn workspace_around(files: &dyn FileSystem, path: &Path, repository: &Path) -> Option<PathBuf> {
    let is_text = |path: &Path| path.extension().is_some_and(|ending| ending == "groma");
    if is_text(path) {
        return Some(path.to_owned());
    }
    let holds_text = |folder: &Path| {
        let entries = files.list(folder).unwrap_or_default();
        entries.iter().any(|entry| !entry.is_folder && is_text(Path::new(&entry.name)))
    };
    let whole = files.identity(path);
    let from = if files.is_folder(path) == Ok(true) { &*whole } else { folder_of(&whole) };
    let above = || from.ancestors().take_while(|folder| folder.starts_with(repository));
    let direct = above().find(|folder| holds_text(folder));
    direct.or_else(|| above().find(|folder| holds_one_workspace(files, folder))).map(Path::to_owned)
}

/// So deep below a folder the files of a workspace are looked for, and in so many entries.
const DEEPEST: usize = 3;
const MOST_ENTRIES: usize = 20_000;

/// Whether texts lie below a folder, and all of them are of one workspace.
fn holds_one_workspace(files: &dyn FileSystem, folder: &Path) -> bool {
    let (mut texts, mut seen) = (Vec::new(), 0);
    let mut pending = vec![(folder.to_path_buf(), 0)];
    while let Some((folder, depth)) = pending.pop() {
        for entry in files.list(&folder).unwrap_or_default() {
            seen += 1;
            let path = folder.join(&entry.name);
            let is_hidden = entry.name.as_encoded_bytes().starts_with(b".");
            if seen > MOST_ENTRIES {
                return false;
            }
            match entry.is_folder {
                true if depth < DEEPEST && !is_hidden && !entry.is_link => pending.push((path, depth + 1)),
                false if path.extension().is_some_and(|ending| ending == "groma") => texts.push(path),
                _ => {}
            }
        }
    }
    let text = |path: &PathBuf| String::from_utf8(files.read(path, FILE_LIMIT).ok()?).ok();
    let about: Vec<String> = texts.iter().filter_map(text).filter(|text| text.contains(WORKSPACE.word)).collect();
    let sources: Vec<Arc<Source>> = about.into_iter().map(|text| Arc::new(Source::new("", text))).collect();
    let numbers: Vec<FileId> = (0..sources.len() as u32).map(FileId).collect();
    let models = parse_all(&sources, &numbers, &OwnFacts::default());
    let items = models.iter().flat_map(|parsed| &parsed.model.items);
    !texts.is_empty() && items.filter(|item| item.kind.is(&WORKSPACE)).count() < 2
}

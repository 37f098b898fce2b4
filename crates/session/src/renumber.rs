//! What names a decision record in the texts of a workspace, when the record gets another number.

use crate::records::{Edited, FileChange, Records};
use crate::{FileSystem, Session, Snapshot, folder_of, groma_files};
use groma_base::{FileId, Range, apply_edits};
use groma_model::ItemRef;
use groma_model::facts::sign;
use groma_model::kinds::class::{DECISION, SIGNATURE};
use groma_model::query::Query;
use groma_model::schema::Type;
use groma_model::write::{Value, is_name};
use groma_records::folder::{named_number, number_of, stem_of};
use std::collections::BTreeMap;
use std::path::Path;

/// The functions and keys of queries that take decisions.
const TAKE_DECISIONS: [&str; 6] = ["decided-by", "decision", "supersedes", "superseded-by", "led-to", "follows-from"];

/// A record that gets another number.
struct Renumbered<'a> {
    /// The name of its file as it was.
    old: &'a str,
    /// The name of its file as it is to be.
    new: &'a str,
    /// What stands before its name where another folder has a record of the new number.
    folder: Option<String>,
}

/// Has the texts of the workspace that records belong to follow, when one of them gets another number: `edited` is what becomes of the records
/// themselves, as [`Records::renumbered`] tells it.
pub fn follow_in_workspace(files: &dyn FileSystem, records: &Records, at: usize, edited: &mut Edited) {
    let file = &records.files[at];
    let Some(new) = edited.changes.iter().find(|change| change.before.is_none()) else { return };
    let new = new.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let opened = records.workspace().and_then(|root| Session::open(files, root).ok());
    let Some(mut session) = opened else {
        edited.notes.extend(note_of_other_texts(files, records, &file.record.file));
        return;
    };
    let snapshot = session.snapshot();
    let texts = Texts { paths: session.entries.iter().map(|entry| &*entry.path).collect(), snapshot: &snapshot };
    let Some(own) = texts.decisions().find(|at| texts.path(*at) == file.path) else { return };
    let folder = folder_of(&file.path);
    let (beside, elsewhere): (Vec<ItemRef>, Vec<ItemRef>) =
        texts.decisions().filter(|at| *at != own).partition(|at| folder_of(texts.path(*at)) == folder);
    let has_number = |at: &ItemRef, name: &str| number_of(texts.file_name(*at)) == number_of(name);
    let is_taken = elsewhere.iter().any(|at| has_number(at, &new));
    let folder = is_taken.then(|| records.folders[file.folder].place.clone());
    texts.follow(own, &Renumbered { old: &file.record.file, new: &new, folder }, edited);
    let namesakes: Vec<ItemRef> = beside.into_iter().filter(|at| has_number(at, &file.record.file)).collect();
    for at in &namesakes {
        edited.notes.extend(texts.doubts(*at, texts.file_name(*at)));
    }
    if !namesakes.is_empty() {
        edited.notes.extend(texts.doubts(own, &new));
    }
}

/// The texts of a workspace.
struct Texts<'a> {
    snapshot: &'a Snapshot,
    /// Where each file of it lies.
    paths: Vec<&'a Path>,
}

impl Texts<'_> {
    fn path(&self, at: ItemRef) -> &Path {
        self.paths[at.file.0 as usize]
    }

    /// The decisions that are records.
    fn decisions(&self) -> impl Iterator<Item = ItemRef> + '_ {
        let all = self.snapshot.arch.records_of(&DECISION).map(|record| record.at);
        all.filter(|at| self.snapshot.is_record(at.file))
    }

    /// The name of the file of a record.
    fn file_name(&self, at: ItemRef) -> &str {
        self.path(at).file_name().and_then(|name| name.to_str()).unwrap_or_default()
    }

    /// What names a record other than a record, with the whole name as it stands there.
    fn naming(&self, at: ItemRef) -> Vec<(ItemRef, Range)> {
        let mut all = self.snapshot.arch.places_that_name(at);
        all.retain(|(by, _)| !self.snapshot.is_record(by.file));
        all
    }

    fn text(&self, (by, range): (ItemRef, Range)) -> &str {
        range.of(&self.snapshot.arch.file(by).text)
    }

    fn place(&self, (by, range): (ItemRef, Range)) -> String {
        let source = self.snapshot.sources.get(by.file);
        format!("`{}:{}`", source.path, source.line_column(range.start).line)
    }

    /// Writes the new name wherever the old one stands.
    fn follow(&self, own: ItemRef, renumbered: &Renumbered<'_>, edited: &mut Edited) {
        let arch = &self.snapshot.arch;
        let mut edits: BTreeMap<FileId, Vec<(Range, String)>> = BTreeMap::new();
        for named in self.naming(own) {
            let (by, range) = named;
            let Some(name) = renumbered.written(self.text(named)) else { continue };
            let why = match () {
                () if self.snapshot.sources.get(by.file).is_foreign => "is not of this workspace",
                () if arch.text(by, &sign::SIGNATURE).is_some() => "is signed with a key, and must be signed anew",
                () => {
                    edits.entry(by.file).or_default().push((range, name));
                    continue;
                }
            };
            edited.notes.push(format!("{} still says `{}`: it {why}", self.place(named), unquoted(self.text(named))));
        }
        let asked = self.asking(own, renumbered);
        for (file, range, name) in asked.edits {
            edits.entry(file).or_default().push((range, name));
        }
        edited.notes.extend(asked.notes);
        for (file, edits) in edits {
            let source = self.snapshot.sources.get(file);
            let edits: Vec<(Range, &str)> = edits.iter().map(|(range, text)| (*range, text.as_str())).collect();
            edited.changes.push(FileChange {
                path: self.paths[file.0 as usize].to_owned(),
                shown: source.path.clone(),
                before: Some(source.text.as_bytes().to_vec()),
                after: Some(apply_edits(&source.text, &edits).into_bytes()),
            });
        }
    }

    /// Where queries ask for the record by its number, with how they ask for it then: `decided-by(2)`, `decision:adr-2`; and what of them has to be
    /// looked at.
    fn asking(&self, own: ItemRef, renumbered: &Renumbered<'_>) -> Asking {
        let arch = &self.snapshot.arch;
        let mut asking = Asking::default();
        let Some(called) = &arch.item(own).called else { return asking };
        // A number that several have is that of the first.
        let is_by_number = named_number(last_part(&called.name)).is_some();
        let is_shared = !called.namesakes.is_empty() || !is_by_number;
        for at in arch.item_refs().filter(|at| !self.snapshot.sources.get(at.file).is_foreign) {
            let file = arch.file(at);
            let given = file.facts_of(arch.item(at)).iter();
            let queries = given.flat_map(|fact| std::iter::once(fact).chain(file.parts_of(fact)));
            for query in queries.filter(|fact| fact.fact.ty == Type::Query) {
                let (written, words) = (query.range.of(&file.text), arch.words(at, query));
                // What is written with escapes stands elsewhere than it reads.
                let Some(start) = written.find(words) else { continue };
                let Ok(asked) = Query::parse(words) else { continue };
                let first = query.range.start + start as u32;
                // Who signed said what it was that has the number, and a key what the line was.
                let is_signed =
                    arch.text(at, &sign::SIGNATURE).is_some() || arch.item(at).kind.is(&SIGNATURE) && is_shared;
                let taken = asked.taken_by(&TAKE_DECISIONS);
                for (word, place) in asked.words() {
                    let Some(name) = renumbered.name(word) else { continue };
                    let range = Range::new(first + place.start, first + place.end);
                    let is_followed = taken.contains(&(word, place)) && !is_signed;
                    let is_meant = is_by_number || named_number(last_part(word)).is_none();
                    if is_followed && is_meant {
                        asking.edits.push((at.file, range, name));
                    }
                    if is_shared && named_number(last_part(word)).is_some() || !is_followed {
                        let place = self.place((at, range));
                        asking.notes.push(format!("{place} asks for `{word}`: see which record it means"));
                    }
                }
            }
        }
        asking
    }

    /// What names a record by a number that two had, and may have meant the other one.
    fn doubts(&self, at: ItemRef, file: &str) -> Vec<String> {
        let by_number = |named: &(ItemRef, Range)| named_number(last_part(unquoted(self.text(*named)))).is_some();
        let told = self.naming(at).into_iter().filter(by_number).map(|named| {
            format!("{} named a number that two records had: see that it means `{file}`", self.place(named))
        });
        told.collect()
    }
}

/// What of queries follows a record, and what of them has to be looked at.
#[derive(Default)]
struct Asking {
    edits: Vec<(FileId, Range, String)>,
    notes: Vec<String>,
}

impl Renumbered<'_> {
    /// How a name is written then, in the way in which it is written; `None` if it names no number.
    fn written(&self, text: &str) -> Option<String> {
        let bare = unquoted(text);
        let name = self.name(bare)?;
        let is_bare = text.len() == bare.len() && (is_name(&name) || name.parse::<u32>().is_ok());
        Some(if is_bare { name } else { Value::quoted(&name).as_written().to_owned() })
    }

    /// What a name of the record is then; `None` if it is none.
    fn name(&self, bare: &str) -> Option<String> {
        let last = last_part(bare);
        let before = &bare[..bare.len() - last.len()];
        let name = if last == stem_of(self.old) {
            stem_of(self.new).to_owned()
        } else {
            let number = named_number(last).filter(|number| Some(*number) == number_of(self.old))?;
            let prefix = last.trim_end_matches(|letter: char| letter.is_ascii_digit());
            let digits = last.len() - prefix.len();
            let width = if digits > number.to_string().len() { digits } else { 0 };
            format!("{prefix}{:0width$}", number_of(self.new)?)
        };
        let folder = self.folder.as_ref().filter(|_| !before.contains('/')).map(|folder| format!("{folder}/"));
        Some(format!("{before}{}{name}", folder.unwrap_or_default()))
    }
}

/// Whether texts of a workspace that was not found may name the record.
fn note_of_other_texts(files: &dyn FileSystem, records: &Records, file: &str) -> Option<String> {
    let found = groma_files(files, records.repository()).ok()?;
    let first = found.first()?;
    let shown = first.path.strip_prefix(records.repository()).unwrap_or(&first.path).display();
    let number = number_of(file)?;
    Some(format!("whether `{shown}` names number {number} is not looked at: name its workspace instead of the folder"))
}

/// The part of a name behind its kind and folder.
fn last_part(name: &str) -> &str {
    name.rfind(['/', ':']).map_or(name, |at| &name[at + 1..])
}

fn unquoted(text: &str) -> &str {
    text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text)
}

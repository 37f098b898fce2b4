//! Which folders hold records.

use super::{RecordFolder, Records, is_inside};
use crate::FileSystem;
use groma_records::Family;
use groma_records::folder::{CONFIGURATIONS, configured, is_dated, is_record, number_of};
use std::path::{Path, PathBuf};

/// No configuration is so large.
const LARGEST_CONFIGURATION: u64 = 1 << 20;

/// So deep below a folder of records others are looked for, as those of categories.
const DEEPEST: usize = 3;

/// Where the first record of a repository goes if nothing says so.
const USUAL: &str = "docs/decisions";

/// Fills in the folders: those that the workspace names, and those from its own upwards to the root of the repository.
pub(super) fn find(records: &mut Records, files: &dyn FileSystem, (root, named): (&Path, Vec<PathBuf>)) {
    let ways = root.ancestors().take_while(|folder| folder.starts_with(&records.repository));
    let ways: Vec<PathBuf> = ways.map(Path::to_path_buf).collect();
    // A folder of records that is itself asked for is all that is meant.
    if names(files, root).iter().any(|name| number_of(name).is_some() || is_dated(name)) {
        return add(records, files, root.to_path_buf(), None);
    }
    // One that is not there, or is none, is told by `groma check` where it is named.
    for path in named.into_iter().filter(|path| files.is_folder(path) == Ok(true)) {
        add(records, files, path, None);
    }
    for folder in &ways {
        read_configurations(records, files, folder);
    }
    for folder in &ways {
        add_usual(records, files, folder);
    }
    if records.wanted == Path::new("") {
        records.wanted = match records.family {
            Family::Decision => records.repository.join(USUAL),
            Family::Rfc => beside_decisions(records, files, root),
        };
    }
}

/// Where the first request for comments goes: into `rfcs` of the folder of documents that holds the decisions.
fn beside_decisions(records: &Records, files: &dyn FileSystem, root: &Path) -> PathBuf {
    let mut decisions = Records { wanted: PathBuf::new(), ..Records::none(files, root, Family::Decision) };
    find(&mut decisions, files, (root, Vec::new()));
    let first = decisions.folders.first().map_or(&decisions.wanted, |folder| &folder.path);
    let is_of_documents = |folder: &&Path| folder.file_name().is_some_and(|name| name == "docs" || name == "doc");
    let mut above = first.ancestors().take_while(|folder| folder.starts_with(&records.repository));
    above.find(is_of_documents).map_or_else(|| records.repository.join("docs/rfcs"), |folder| folder.join("rfcs"))
}

/// Adds those of the usual folders that are there. One at the top is that of something else, unless it holds texts.
fn add_usual(records: &mut Records, files: &dyn FileSystem, folder: &Path) {
    for usual in records.family.folders() {
        let path = folder.join(usual);
        if files.is_folder(&path) == Ok(true) && (usual.contains('/') || !names(files, &path).is_empty()) {
            add(records, files, path, None);
        }
    }
}

/// Adds the folders that the files of tools name; those are for decisions.
fn read_configurations(records: &mut Records, files: &dyn FileSystem, folder: &Path) {
    if records.family == Family::Decision {
        CONFIGURATIONS.into_iter().for_each(|name| read_configuration(records, files, folder, name));
    }
}

/// Fills in the folders of a workspace: those that it names, and those in its folder, if it is one.
pub(super) fn find_of_workspace(
    records: &mut Records,
    files: &dyn FileSystem,
    folder: Option<&Path>,
    named: Vec<PathBuf>,
) {
    for path in named {
        add(records, files, path, None);
    }
    let Some(folder) = folder else { return };
    read_configurations(records, files, folder);
    add_usual(records, files, folder);
}

/// The records by their names that lie in a folder.
fn names(files: &dyn FileSystem, folder: &Path) -> Vec<String> {
    let entries = files.list(folder).unwrap_or_default();
    let names =
        entries.into_iter().filter(|entry| !entry.is_folder).map(|entry| entry.name.to_string_lossy().into_owned());
    names.filter(|name| is_record(name)).collect()
}

fn read_configuration(records: &mut Records, files: &dyn FileSystem, folder: &Path, name: &str) {
    let path = folder.join(name);
    if files.is_folder(&path) != Ok(false) {
        return;
    }
    let shown = records.shown(files, &path);
    let bytes = match files.read(&path, LARGEST_CONFIGURATION) {
        Ok(bytes) => bytes,
        Err(error) => return records.problem(shown, format!("cannot be read: {}", error.message), "mend or remove it"),
    };
    let named = configured(name, &String::from_utf8_lossy(&bytes));
    if named.is_empty() {
        return records.problem(shown, "names no folder of records", "write the path of the folder into it");
    }
    for target in named {
        let path = folder.join(&target);
        let help = "a path is told from the folder of this file";
        if !is_inside(files, &records.repository, &path) {
            records.problem(shown.clone(), format!("`{target}` lies outside of the repository, and is not read"), help);
            continue;
        }
        match files.is_folder(&path) {
            Ok(true) => add(records, files, path, Some(&shown)),
            Ok(false) => records.problem(shown.clone(), format!("`{target}` is a file, not a folder"), help),
            Err(error) => {
                if records.wanted == Path::new("") {
                    records.wanted.clone_from(&path);
                }
                let help = format!("{help}; `groma adr new` makes the first one");
                records.problem(shown.clone(), format!("`{target}` is not there: {}", error.message), help);
            }
        }
    }
}

/// Adds a folder, and those below it that hold records with numbers, if they are not known yet.
fn add(records: &mut Records, files: &dyn FileSystem, path: PathBuf, named_by: Option<&str>) {
    let identity = files.identity(&path);
    if !identity.starts_with(&records.repository) {
        let shown = records.shown(files, &path);
        return records.problem(
            shown,
            "leads out of the repository, and is not read",
            "name a folder of the repository",
        );
    }
    if records.folders.iter().any(|known| known.path == identity) {
        return;
    }
    add_one(records, files, identity.clone(), named_by);
    below(records, files, &identity, DEEPEST);
}

fn add_one(records: &mut Records, files: &dyn FileSystem, path: PathBuf, named_by: Option<&str>) {
    let source = records.places.source(files, &path);
    let place = source.place.path().to_owned();
    records.folders.push(RecordFolder { path, shown: source.path, place, named_by: named_by.map(str::to_owned) });
}

fn below(records: &mut Records, files: &dyn FileSystem, folder: &Path, depth: usize) {
    let mut entries = files.list(folder).unwrap_or_default();
    entries.retain(|entry| entry.is_folder && !entry.name.as_encoded_bytes().starts_with(b"."));
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    for entry in entries {
        let path = folder.join(&entry.name);
        // A folder that is called like a record is told as one.
        if depth == 0 || is_record(&entry.name.to_string_lossy()) {
            continue;
        }
        let has_records = names(files, &path).iter().any(|name| number_of(name).is_some());
        if has_records && records.folders.iter().all(|known| known.path != path) {
            add_one(records, files, path.clone(), None);
        }
        below(records, files, &path, depth - 1);
    }
}

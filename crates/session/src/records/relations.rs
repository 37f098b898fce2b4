//! Which record stands to which other how.

use super::edit::words_before;
use super::links::target;
use super::{RecordFile, Records};
use crate::folder_of;
use groma_records::folder::{relation_before, stem_of};
use groma_records::{Reference, Said};
use std::collections::BTreeMap;

/// How one record stands to another.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Relation {
    /// It took its place.
    Supersedes,
    /// It has a link to it, and neither took the place of the other; how it stands to it, such as `amends`, if either of the two says so.
    Links(Option<&'static str>),
}

impl Records {
    /// How records stand to one another, by their places in [`Records::files`], each pair once in the order of the files: either of two may
    /// say that one took the place of the other.
    pub fn relations(&self) -> Vec<(usize, Relation, usize)> {
        let mut found: BTreeMap<(usize, usize), Relation> = BTreeMap::new();
        for (at, file) in self.files.iter().enumerate().filter(|(_, file)| file.is_record()) {
            for old in file.record.supersedes.iter().filter_map(|said| self.meant(file, said)) {
                found.insert((at, old), Relation::Supersedes);
            }
            for new in file.record.superseded_by.iter().filter_map(|said| self.meant(file, said)) {
                found.insert((new, at), Relation::Supersedes);
            }
        }
        let mut links: Vec<(usize, usize, Option<&'static str>)> = Vec::new();
        for (at, file) in self.files.iter().enumerate().filter(|(_, file)| file.is_record()) {
            for (other, said) in self.linked(file).filter(|(other, _)| *other != at) {
                links.push(match said {
                    Some((word, true)) => (other, at, Some(word)),
                    Some((word, false)) => (at, other, Some(word)),
                    None => (at, other, None),
                });
            }
        }
        for (at, file) in self.files.iter().enumerate().filter(|(_, file)| file.is_record()) {
            for one in &file.record.beside {
                if let Some(other) = self.meant(file, &one.record).filter(|other| *other != at) {
                    let (from, to) = if one.is_of_other { (other, at) } else { (at, other) };
                    links.push((from, to, Some(one.how)));
                }
            }
        }
        // Of two links the one that says how counts.
        links.sort_by_key(|(.., word)| word.is_none());
        for (from, to, word) in links {
            if !found.contains_key(&(to, from)) {
                found.entry((from, to)).or_insert(Relation::Links(word));
            }
        }
        found.into_iter().map(|((from, to), relation)| (from, relation, to)).collect()
    }

    /// The record of the same folder that another names; `None` for several of one number, and for none.
    pub(super) fn meant(&self, file: &RecordFile, said: &Said<Reference>) -> Option<usize> {
        let is_meant = |other: &RecordFile| match &said.value {
            Reference::Number(number) => other.record.number.as_ref().is_some_and(|own| own.value == *number),
            Reference::Name(name) => stem_of(&other.record.file) == name,
        };
        let of_folder = |other: &RecordFile| other.folder == file.folder && other.is_record();
        let mut fits = (0..self.files.len()).filter(|at| of_folder(&self.files[*at]) && is_meant(&self.files[*at]));
        fits.next().filter(|_| fits.next().is_none())
    }

    /// The records to which a record has a link, in whatever folder, with the relation that stands before it.
    fn linked<'r>(&'r self, file: &'r RecordFile) -> impl Iterator<Item = (usize, Option<(&'static str, bool)>)> + 'r {
        let folder = folder_of(&file.path);
        let links = file.record.links.iter().flatten();
        links.filter_map(move |link| {
            let path = target(folder, link)?;
            let at = self.files.iter().position(|other| other.path == path && other.is_record())?;
            let before = words_before(&file.source.text, link.range.start);
            let line = before.rsplit(['\n', '\r']).next().unwrap_or_default();
            Some((at, relation_before(line)))
        })
    }
}

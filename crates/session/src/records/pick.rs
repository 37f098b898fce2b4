//! Which record is meant by a number, a slug, or the path of a file.

use super::{RecordFile, Records};
use groma_base::{join_words, may_mean};
use groma_records::Family;
use groma_records::folder::{named_number, slug_of, stem_of};
use std::fmt;

/// Why no record is meant, or more than one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NoRecord {
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

impl fmt::Display for NoRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// So many numbers are named as the nearest.
const MOST_NEAR: usize = 2;

impl Records {
    /// The record that is called so: its place in [`Records::files`]. A number, with `ADR-` or zeros before it; the name of a file, with
    /// or without its ending and its number; each with the folder before it, or its end, where two folders have one.
    ///
    /// # Errors
    /// If no record is called so, or several are.
    pub fn named(&self, name: &str) -> Result<usize, NoRecord> {
        let bare = name.trim().trim_start_matches("./").trim_end_matches('/');
        let (folder, last) = bare.rsplit_once('/').unwrap_or(("", bare));
        let fits: Vec<usize> =
            (0..self.files.len()).filter(|at| self.files[*at].is_record() && self.is_in(*at, folder)).collect();
        let by = |is_called: &dyn Fn(&RecordFile) -> bool| -> Vec<usize> {
            fits.iter().copied().filter(|at| is_called(&self.files[*at])).collect()
        };
        let number = named_number(last);
        // The whole name of a file is meant before a number that stands in another.
        let ways: [&dyn Fn(&RecordFile) -> bool; 4] = [
            &|file| file.record.file == last,
            &|file| stem_of(&file.record.file) == last,
            &|file| number.is_some() && file.record.number.as_ref().map(|own| own.value) == number,
            &|file| slug_of(&file.record.file).eq_ignore_ascii_case(last),
        ];
        let found = ways.into_iter().map(by).find(|found| !found.is_empty()).unwrap_or_default();
        match found[..] {
            [only] => Ok(only),
            [] => Err(self.nothing(name, number)),
            _ => Err(self.several(name, &found)),
        }
    }

    /// Whether a file lies in a folder that is named by its path, or the end of it.
    fn is_in(&self, at: usize, folder: &str) -> bool {
        let own = &self.folders[self.files[at].folder];
        let ends = |path: &str| path == folder || path.strip_suffix(folder).is_some_and(|before| before.ends_with('/'));
        folder.is_empty() || ends(&own.shown) || ends(&own.place) || ends(&own.path.to_string_lossy())
    }

    fn nothing(&self, name: &str, number: Option<u32>) -> NoRecord {
        let (noun, command) = (self.family.noun(), self.family.command());
        let records = || self.files.iter().filter(|file| file.is_record());
        if records().next().is_none() {
            let message = format!("there is no {noun} `{name}`, nor any other");
            return NoRecord { message, help: format!("`groma {command} new \"TITLE\"` writes the first") };
        }
        let message = format!("there is no {noun} `{name}`");
        let near = number.map(|number| self.nearest(number)).filter(|near| !near.is_empty());
        let near = near.map(|near| format!("the nearest are {}", join_words(&near, "and")));
        let known = || records().flat_map(|file| [slug_of(&file.record.file), stem_of(&file.record.file)]);
        let help = near.or_else(|| may_mean(name, known()));
        NoRecord { message, help: help.unwrap_or_else(|| format!("`groma {command} list` lists them")) }
    }

    /// The nearest numbers with their files, the lower first.
    fn nearest(&self, number: u32) -> Vec<String> {
        let records = self.files.iter().filter(|file| file.is_record());
        let mut numbers: Vec<(u32, u32, &str)> = records
            .filter_map(|file| Some((file.record.number.as_ref()?.value, &*file.source.path)))
            .map(|(own, path)| (own.abs_diff(number), own, path))
            .collect();
        numbers.sort_unstable();
        numbers.truncate(MOST_NEAR);
        numbers.sort_unstable_by_key(|(_, own, _)| *own);
        numbers.into_iter().map(|(_, own, path)| format!("{own} (`{path}`)")).collect()
    }

    fn several(&self, name: &str, found: &[usize]) -> NoRecord {
        let paths: Vec<String> = found.iter().map(|at| format!("`{}`", self.files[*at].source.path)).collect();
        let all = join_words(&paths, "and");
        let folder = self.files[found[0]].folder;
        let is_one_folder = found.iter().all(|at| self.files[*at].folder == folder);
        let is_decision = self.family == Family::Decision;
        let help = match is_decision && is_one_folder && named_number(name).is_some() {
            true => "name the file that is meant, or give one another number: `groma adr renumber FILE NUMBER`",
            false => "name the file that is meant",
        };
        NoRecord {
            message: format!("several {}s are called `{name}`: {all}", self.family.noun()),
            help: help.to_owned(),
        }
    }
}

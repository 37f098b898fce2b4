//! Golden files: what tests make, compared with what is kept in the repository. `UPDATE=1` in the environment writes what is
//! made instead; a file that no test makes fails. What the code can say, so that a test can ask whether it is shown. And choices by
//! chance.

mod dice;
mod said;
mod shape;

pub use dice::Dice;
pub use said::{Sentence, texts};
pub use shape::shape;

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// More lines than this of a difference are not shown.
const MOST_LINES: usize = 60;
/// So many equal lines are shown around a difference.
const AROUND: usize = 2;

/// A folder of golden files.
#[derive(Debug)]
pub struct Goldens {
    folder: PathBuf,
    is_update: bool,
    met: BTreeSet<String>,
    wrong: String,
}

/// Compares everything that `make` makes with the files of a folder, and the folder with what is made.
///
/// # Panics
/// If something differs, lacks a file or is a file that nothing makes.
#[track_caller]
pub fn goldens(folder: impl AsRef<Path>, make: impl FnOnce(&mut Goldens)) {
    let wrong = compared(folder.as_ref(), std::env::var_os("UPDATE").is_some(), make);
    assert!(wrong.is_empty(), "{wrong}\nif this is as it should be, run the test with UPDATE=1");
}

fn compared(folder: &Path, is_update: bool, make: impl FnOnce(&mut Goldens)) -> String {
    let folder = folder.to_owned();
    let mut all = Goldens { folder, is_update, met: BTreeSet::new(), wrong: String::new() };
    make(&mut all);
    for name in all.strangers() {
        match is_update {
            true => std::fs::remove_file(all.folder.join(&name)).expect("a stale file is removed"),
            false => _ = write!(all.wrong, "\n{name} is made by no test"),
        }
    }
    all.wrong
}

impl Goldens {
    /// Compares a text with the file of this name.
    ///
    /// # Panics
    /// If a file of this name was compared already, or cannot be written.
    #[track_caller]
    pub fn check(&mut self, name: &str, text: &str) {
        assert!(self.met.insert(name.to_owned()), "{name} is made twice");
        let path = self.folder.join(name);
        let kept = std::fs::read_to_string(&path).ok();
        if kept.as_deref() == Some(text) {
            return;
        }
        if self.is_update {
            std::fs::create_dir_all(&self.folder).expect("the folder can be made");
            return std::fs::write(&path, text).expect("the file can be written");
        }
        let told = kept.map_or_else(|| "there is no such file".to_owned(), |kept| difference(&kept, text));
        _ = write!(self.wrong, "\n{}:\n{told}", path.display());
    }

    /// Compares the cases of a file with what is made of them. A case is a line `=== what it shows`, a text, a line `---` and
    /// what is made of the text.
    ///
    /// # Panics
    /// If there is no such file, it has no cases, or two of one name.
    #[track_caller]
    pub fn check_cases(&mut self, name: &str, make: impl Fn(&str) -> String) {
        let kept = std::fs::read_to_string(self.folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        let mut made = String::new();
        let mut titles = BTreeSet::new();
        for case in cases(&kept) {
            assert!(titles.insert(case.title), "{name}: two cases are called `{}`", case.title);
            let output = make(case.input);
            _ = write!(made, "=== {}\n{}---\n{}\n\n", case.title, case.input, output.trim_end());
        }
        assert!(!titles.is_empty(), "{name} has no cases");
        self.check(name, &format!("{}\n", made.trim_end()));
    }

    /// The files of the folder that nothing has made.
    fn strangers(&self) -> Vec<String> {
        let entries = std::fs::read_dir(&self.folder).into_iter().flatten();
        let names = entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned());
        let mut strangers: Vec<String> = names.filter(|name| !self.met.contains(name)).collect();
        strangers.sort();
        strangers
    }
}

/// A text, and what it shows.
#[derive(PartialEq, Debug)]
struct Case<'t> {
    title: &'t str,
    input: &'t str,
}

fn cases(text: &str) -> impl Iterator<Item = Case<'_>> {
    let blocks = text.strip_prefix("=== ").unwrap_or_default().split("\n=== ");
    blocks.filter(|block| !block.is_empty()).map(|block| {
        let (title, rest) = block.split_once('\n').unwrap_or((block, ""));
        let end = rest.find("\n---\n").map_or(rest.len(), |at| at + 1);
        Case { title, input: &rest[..end] }
    })
}

/// What differs between two texts, line by line: without what is alike at the beginning and the end.
fn difference(kept: &str, made: &str) -> String {
    let (kept, made): (Vec<&str>, Vec<&str>) = (kept.lines().collect(), made.lines().collect());
    let alike = kept.iter().zip(&made).take_while(|(old, new)| old == new).count();
    let (old, new) = (&kept[alike..], &made[alike..]);
    let after = old.iter().rev().zip(new.iter().rev()).take_while(|(old, new)| old == new).count();
    let mut out = format!("from line {}\n", alike + 1);
    let lines = kept[alike.saturating_sub(AROUND)..alike].iter().map(|line| (' ', *line));
    let lines = lines.chain(old[..old.len() - after].iter().map(|line| ('-', *line)));
    let lines = lines.chain(new[..new.len() - after].iter().map(|line| ('+', *line)));
    let lines: Vec<(char, &str)> =
        lines.chain(old.iter().rev().take(after).rev().take(AROUND).map(|l| (' ', *l))).collect();
    for (sign, line) in lines.iter().take(MOST_LINES) {
        _ = writeln!(out, "{sign} {line}");
    }
    if lines.len() > MOST_LINES {
        _ = writeln!(out, "… and {} lines more", lines.len() - MOST_LINES);
    }
    if lines.iter().all(|(sign, _)| *sign == ' ') {
        out.push_str("only the ends of lines differ\n");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_told_and_an_update_mends_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        let make = |goldens: &mut Goldens| {
            goldens.check("one", "a\nb\nc\n");
            goldens.check("two", "x\n");
        };
        std::fs::write(path.join("one"), "a\nB\nc\n").unwrap();
        std::fs::write(path.join("three"), "").unwrap();
        let told = compared(path, false, make);
        assert!(told.contains("from line 2\n  a\n- B\n+ b\n  c\n"), "{told}");
        assert!(told.contains("two:\nthere is no such file") && told.contains("three is made by no test"), "{told}");
        assert_eq!(compared(path, true, make), "");
        assert_eq!(compared(path, false, make), "");
        assert!(!path.join("three").exists());
    }

    #[test]
    fn cases_are_made_anew() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cases");
        std::fs::write(&path, "=== one\nsome\ntext\n---\nSOME\nTEXT\n\n=== two\nmore\n---\nless\n").unwrap();
        let make = |goldens: &mut Goldens| goldens.check_cases("cases", str::to_uppercase);
        let told = compared(folder.path(), false, make);
        assert!(told.contains("- less\n+ MORE\n") && !told.contains("SOME"), "{told}");
        compared(folder.path(), true, make);
        assert_eq!(
            std::fs::read_to_string(&path).unwrap(),
            "=== one\nsome\ntext\n---\nSOME\nTEXT\n\n=== two\nmore\n---\nMORE\n"
        );
    }

    #[test]
    fn lines_that_end_otherwise_differ() {
        assert!(difference("a\r\n", "a\n").contains("only the ends of lines differ"));
        assert_eq!(difference("a\na\n", "a\n"), "from line 2\n  a\n- a\n");
    }
}

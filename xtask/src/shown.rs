//! What the documentation shows of Groma's output, as Groma prints it today. A comment before a block says how it came
//! about:
//!
//! ```text
//! <!-- shown by: groma simulate examples/orders
//! for: a step as it stands in the example
//! with: the same step as the page has it
//! lines: 3 from FAILS
//! lines: 1 from in use
//! keep: plot.svg as docs/images/plot.svg -->
//! ```
//!
//! The command runs in a copy of the examples in which `with` stands for `for`, where they are given. Each `lines` shows so
//! many lines, from the first with these words after what was shown before; `keep` puts a file that it writes into
//! the documentation.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

const MARK: &str = "<!-- shown by: ";
const BLOCK: &str = "```text\n";

/// Files of the documentation, by their paths from the root, as they should be.
pub type Files = BTreeMap<String, Vec<u8>>;

/// What commands have printed, each with what is replaced in the examples: several blocks may show a part of one.
type Printed = BTreeMap<(String, Option<(String, String)>), String>;

/// Every page that shows output, with what `groma` prints today, and the files that go with them.
///
/// # Errors
/// If a page cannot be read, a mark cannot be understood, or a command does not print what is to be shown.
pub fn files(groma: &Path) -> Result<Files, String> {
    let mut found = Files::new();
    let mut printed = Printed::new();
    for path in pages()? {
        let text = std::fs::read_to_string(crate::root().join(&path)).map_err(|error| format!("{path}: {error}"))?;
        if text.contains(MARK) {
            let fresh =
                page(&text, groma, (&mut found, &mut printed)).map_err(|problem| format!("{path}: {problem}"))?;
            found.insert(path, fresh.into_bytes());
        }
    }
    Ok(found)
}

/// The pages that are written by hand, by their paths from the root.
///
/// # Errors
/// If a folder cannot be read.
pub fn pages() -> Result<Vec<String>, String> {
    let mut found = vec!["README.md".to_owned()];
    for folder in ["docs", "docs/examples"] {
        let entries = std::fs::read_dir(crate::root().join(folder)).map_err(|error| format!("{folder}: {error}"))?;
        let names = entries.filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()));
        found.extend(names.filter(|name| name.ends_with(".md")).map(|name| format!("{folder}/{name}")));
    }
    found.sort();
    Ok(found)
}

/// A page with its blocks made anew.
fn page(text: &str, groma: &Path, (files, printed): (&mut Files, &mut Printed)) -> Result<String, String> {
    let mut pieces = text.split(MARK);
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (mark, rest) = piece.split_once("-->\n").ok_or("a comment is not closed")?;
        let (before, rest) = rest.split_once(BLOCK).ok_or("a comment has no block after it")?;
        let (_, rest) = rest.split_once("```\n").ok_or("a block is not closed")?;
        let shown = Shown::read(mark)?;
        let key = (shown.command.to_owned(), shown.instead.map(|(old, new)| (old.to_owned(), new.to_owned())));
        let all = match printed.get(&key) {
            Some(known) => known.clone(),
            None => shown.run(groma, files)?,
        };
        let shown = shown.choose(&all)?;
        printed.insert(key, all);
        out.push_str(&format!("{MARK}{mark}-->\n{before}{BLOCK}{shown}```\n{rest}"));
    }
    Ok(out)
}

/// How a block comes about.
#[derive(Default)]
struct Shown<'t> {
    command: &'t str,
    /// What is replaced in the examples, and by what.
    instead: Option<(&'t str, &'t str)>,
    /// How many lines are shown, from the first with these words.
    lines: Vec<(usize, &'t str)>,
    /// A file that the command writes, and where it is kept.
    keep: Option<(&'t str, &'t str)>,
}

impl<'t> Shown<'t> {
    fn read(mark: &'t str) -> Result<Shown<'t>, String> {
        let mut rows = mark.lines().map(str::trim).filter(|row| !row.is_empty());
        let mut shown = Shown { command: rows.next().unwrap_or_default(), ..Shown::default() };
        let mut replaced = None;
        for row in rows {
            let (word, rest) = row.split_once(": ").ok_or_else(|| format!("`{row}` says nothing"))?;
            match (word, replaced) {
                ("for", _) => replaced = Some(rest),
                ("with", Some(replaced)) => shown.instead = Some((replaced, rest)),
                ("lines", _) => shown.lines.push(lines(rest)?),
                ("keep", _) => shown.keep = rest.split_once(" as "),
                _ => return Err(format!("`{row}` says nothing")),
            }
        }
        Ok(shown)
    }

    /// Everything that is printed.
    fn run(&self, groma: &Path, files: &mut Files) -> Result<String, String> {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let copied = copy(&crate::root().join("examples"), &folder.path().join("examples"), self.instead);
        if copied.map_err(|error| error.to_string())? == 0 && self.instead.is_some() {
            return Err(format!("no example has what is replaced for `{}`", self.command));
        }
        let printed = run(self.command, folder.path(), groma)?.1;
        if let Some((from, to)) = self.keep {
            let bytes = std::fs::read(folder.path().join(from)).map_err(|error| format!("{from}: {error}"))?;
            files.insert(to.to_owned(), bytes);
        }
        Ok(printed)
    }

    /// The lines that are shown.
    fn choose(&self, printed: &str) -> Result<String, String> {
        let mut left = printed.lines();
        let mut out = String::new();
        for (count, words) in &self.lines {
            let first = left.find(|line| line.contains(words));
            let first = first.ok_or_else(|| format!("`{}` prints no `{words}`:\n{printed}", self.command))?;
            for line in std::iter::once(first).take(*count).chain(left.by_ref().take(count.saturating_sub(1))) {
                out.push_str(line);
                out.push('\n');
            }
        }
        Ok(out)
    }
}

/// `3 from FAILS`
fn lines(row: &str) -> Result<(usize, &str), String> {
    let wrong = || format!("`{row}` is not a valid number of lines");
    let (count, words) = row.split_once(" from ").ok_or_else(wrong)?;
    Ok((count.parse().map_err(|_| wrong())?, words))
}

/// Copies a folder, with other words in its files; gives back how often they stood there.
fn copy(from: &Path, to: &Path, instead: Option<(&str, &str)>) -> std::io::Result<usize> {
    std::fs::create_dir_all(to)?;
    let mut count = 0;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        if source.is_dir() {
            count += copy(&source, &target, instead)?;
            continue;
        }
        let text = std::fs::read_to_string(&source)?;
        let (old, new) = instead.unwrap_or_default();
        let is_there = !old.is_empty() && text.contains(old);
        count += usize::from(is_there);
        std::fs::write(target, if is_there { text.replace(old, new) } else { text })?;
    }
    Ok(count)
}

/// Runs a line as a shell does, with `groma` on its path: the exit code, and what is printed.
///
/// # Errors
/// If there is no shell.
pub fn run(line: &str, folder: &Path, groma: &Path) -> Result<(i32, String), String> {
    let bin = groma.parent().map(Path::to_path_buf).unwrap_or_default();
    let others = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths(std::iter::once(bin).chain(std::env::split_paths(&others)));
    let output = Command::new("sh")
        .args(["-c", line])
        .current_dir(folder)
        .env("PATH", path.map_err(|error| error.to_string())?)
        // What is shown must not change with the day on which it is looked at.
        .env("SOURCE_DATE_EPOCH", "1795737600")
        .output()
        .map_err(|error| format!("sh: {error}"))?;
    let printed = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    Ok((output.status.code().unwrap_or(-1), printed))
}

/// Builds the command of this workspace, beside this program.
///
/// # Errors
/// If it cannot be built.
pub fn build_groma() -> Result<PathBuf, String> {
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let folder = own.parent().map(Path::to_path_buf).unwrap_or_default();
    let release: &[&str] = if folder.ends_with("release") { &["--release"] } else { &[] };
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let build =
        Command::new(cargo).args(["build", "-q", "-p", "groma"]).args(release).current_dir(crate::root()).status();
    match build {
        Ok(status) if status.success() => Ok(folder.join(format!("groma{}", std::env::consts::EXE_SUFFIX))),
        Ok(_) => Err("`cargo build -p groma` failed".to_owned()),
        Err(error) => Err(format!("cargo: {error}")),
    }
}

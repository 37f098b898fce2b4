//! What is different between two canonical forms.

use rustc_hash::FxHashMap;

/// The lines that only one of two forms has, with what they stand in: `-` before those of the first, `+` before those of the second and
/// two blanks before what is the same.
pub fn changes(before: &str, after: &str) -> Vec<String> {
    let (old, new) = (with_place(before), with_place(after));
    let (gone, come) = (missing(&old, &new), missing(&new, &old));
    let mut told: Vec<(&[&str], usize, char)> = Vec::new();
    told.extend(gone.iter().map(|nth| (&old[*nth][..], *nth, '-')));
    told.extend(come.iter().map(|nth| (&new[*nth][..], *nth, '+')));
    // What stands in one thing stands together, what is gone before what came.
    told.sort_by(|a, b| {
        let around = |path: &[&str]| path[..path.len() - 1].join("\n");
        (around(a.0), a.2 == '+', a.1).cmp(&(around(b.0), b.2 == '+', b.1))
    });
    let mut lines = Vec::new();
    let mut shown: &[&str] = &[];
    for (path, _, sign) in told {
        let (last, around) = path.split_last().expect("a line stands in its own path");
        let same = around.iter().zip(shown).take_while(|(a, b)| a == b).count();
        lines.extend(around[same..].iter().map(|line| format!("  {line}")));
        lines.push(format!("{sign} {last}"));
        shown = path;
    }
    lines
}

/// Each line with those that it stands in before it.
fn with_place(form: &str) -> Vec<Vec<&str>> {
    let mut around: Vec<&str> = Vec::new();
    let mut all = Vec::new();
    for line in form.lines() {
        let depth = (line.len() - line.trim_start_matches(' ').len()) / 2;
        around.truncate(depth);
        around.push(line);
        all.push(around.clone());
    }
    all
}

/// Which lines of the first the second lacks, as often as it does.
fn missing(one: &[Vec<&str>], other: &[Vec<&str>]) -> Vec<usize> {
    let mut counts: FxHashMap<&[&str], usize> = FxHashMap::default();
    other.iter().for_each(|path| *counts.entry(path).or_default() += 1);
    let mut found = Vec::new();
    for (nth, path) in one.iter().enumerate() {
        match counts.get_mut(&path[..]) {
            Some(count) if *count > 0 => *count -= 1,
            _ => found.push(nth),
        }
    }
    found
}

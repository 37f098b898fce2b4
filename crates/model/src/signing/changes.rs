//! What is different between two canonical forms.

use rustc_hash::FxHashMap;

/// The lines that only one of two forms has, with what they stand in: `-` before those of the first, `+` before those of the second and
/// two blanks before what is the same. What has another name or title only is told in one line, `a is now b`.
pub fn changes(before: &str, after: &str) -> Vec<String> {
    let (mut old, new) = (with_place(before), with_place(after));
    let renamed = rename(&mut old, &new);
    let (gone, come) = (missing(&old, &new), missing(&new, &old));
    let mut told: Vec<Told<'_>> = Vec::new();
    told.extend(gone.iter().map(|nth| Told::new(&old, *nth, Sign::Gone)));
    told.extend(come.iter().map(|nth| Told::new(&new, *nth, Sign::Come)));
    told.extend(renamed.iter().map(|(nth, was)| Told::new(&new, *nth, Sign::Renamed(was))));
    told.sort_by(|a, b| a.key.cmp(&b.key));
    let mut lines = Vec::new();
    let mut shown: Vec<&str> = Vec::new();
    for one in told {
        let path: Vec<&str> = one.key.iter().map(|step| step.line).collect();
        let (last, around) = path.split_last().expect("a line stands in its own path");
        let same = around.iter().zip(&shown).take_while(|(a, b)| a == b).count();
        lines.extend(around[same..].iter().map(|line| format!("  {line}")));
        lines.push(match one.sign {
            Sign::Gone => format!("- {last}"),
            Sign::Come => format!("+ {last}"),
            Sign::Renamed(was) => format!("  {was} is now {}", last.trim_start()),
        });
        shown = path;
    }
    lines
}

/// A line that is told.
struct Told<'t> {
    key: Vec<Step<'t>>,
    sign: Sign<'t>,
}

impl<'t> Told<'t> {
    fn new(form: &[Vec<&'t str>], nth: usize, sign: Sign<'t>) -> Told<'t> {
        Told { key: key(form, nth, sign), sign }
    }
}

#[derive(Clone, Copy)]
enum Sign<'t> {
    Gone,
    Come,
    /// What it stands in is the same, and was called so.
    Renamed(&'t str),
}

/// A line on the way to one that is told. What stands in one thing stands together: first single lines, what is gone before what came, then
/// those with others below them.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Step<'t> {
    is_heading: bool,
    /// Of a single line, whether it came, and its place: these follow the text.
    place: (bool, usize),
    line: &'t str,
}

fn key<'t>(form: &[Vec<&'t str>], nth: usize, sign: Sign<'_>) -> Vec<Step<'t>> {
    let path = &form[nth];
    let step = |(at, line): (usize, &&'t str)| {
        let is_heading = at + 1 < path.len() || !below(form, nth).is_empty();
        let place = if is_heading { (false, 0) } else { (matches!(sign, Sign::Come), nth) };
        Step { is_heading, place, line }
    };
    path.iter().enumerate().map(step).collect()
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

/// The lines that stand in one.
fn below<'f, 't>(form: &'f [Vec<&'t str>], nth: usize) -> &'f [Vec<&'t str>] {
    let depth = form[nth].len();
    let count = form[nth + 1..].iter().take_while(|path| path.len() > depth).count();
    &form[nth + 1..nth + 1 + count]
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

/// Gives what is called otherwise in the first form its name in the second, from the outside in; which lines of the second these are, and
/// what each was called.
fn rename<'t>(old: &mut [Vec<&'t str>], new: &[Vec<&'t str>]) -> Vec<(usize, &'t str)> {
    let mut renamed = Vec::new();
    let deepest = new.iter().map(Vec::len).max().unwrap_or_default();
    for depth in 1..=deepest {
        let headings = |form: &[Vec<&'t str>], missing: Vec<usize>| -> Vec<usize> {
            missing.into_iter().filter(|nth| form[*nth].len() == depth && !below(form, *nth).is_empty()).collect()
        };
        let gone = headings(old, missing(old, new));
        let come = headings(new, missing(new, old));
        for (was, is) in pairs(old, &gone, new, &come) {
            let (line, count) = (old[was][depth - 1], below(old, was).len());
            old[was..=was + count].iter_mut().for_each(|path| path[depth - 1] = new[is][depth - 1]);
            renamed.push((is, line));
        }
    }
    renamed
}

/// What tells alike things: what they stand in, and what of them is the same.
type Likeness<'t> = (Vec<&'t str>, Vec<&'t str>);

/// The things that only the first form has, each with that of the second that it is: what stands in both is the same, or they have one
/// address, or one title.
fn pairs(old: &[Vec<&str>], gone: &[usize], new: &[Vec<&str>], come: &[usize]) -> Vec<(usize, usize)> {
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for likeness in [by_content, by_address, by_title] {
        let mut of: FxHashMap<Likeness<'_>, Vec<usize>> = FxHashMap::default();
        for nth in come.iter().rev().filter(|nth| pairs.iter().all(|(_, is)| is != *nth)) {
            likeness(new, *nth).into_iter().for_each(|alike| of.entry(alike).or_default().push(*nth));
        }
        let rest: Vec<usize> = gone.iter().copied().filter(|nth| pairs.iter().all(|(was, _)| was != nth)).collect();
        let pair = |nth: usize| Some((nth, of.get_mut(&likeness(old, nth)?)?.pop()?));
        pairs.extend(rest.into_iter().filter_map(pair));
    }
    pairs
}

fn around<'t>(path: &[&'t str]) -> Vec<&'t str> {
    path[..path.len() - 1].to_vec()
}

/// The lines that stand in it.
fn by_content<'t>(form: &[Vec<&'t str>], nth: usize) -> Option<Likeness<'t>> {
    let lines = below(form, nth).iter().map(|path| path[path.len() - 1]);
    Some((around(&form[nth]), lines.collect()))
}

/// The line before its title.
fn by_address<'t>(form: &[Vec<&'t str>], nth: usize) -> Option<Likeness<'t>> {
    let line = form[nth].last()?;
    Some((around(&form[nth]), vec![line.split_once(TITLE).map_or(line, |(address, _)| address)]))
}

/// The kind and the title.
fn by_title<'t>(form: &[Vec<&'t str>], nth: usize) -> Option<Likeness<'t>> {
    let (address, title) = form[nth].last()?.split_once(TITLE)?;
    Some((around(&form[nth]), vec![address.split_once(':').map_or(address, |(kind, _)| kind), title]))
}

/// A title begins so.
const TITLE: &str = " \"";

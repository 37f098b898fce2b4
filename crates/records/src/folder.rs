//! Folders of records: which folders hold some, which names are records, what the records of one folder say of one another. Nothing is read
//! here: names and texts are handed in.

use crate::dates;
use crate::edit::Spelling;
use crate::finding::{Finding, FindingKind};
use crate::numbers;
use crate::record::{Dialect, Record, Reference, State};
use crate::words::{Way, relation_at};
use groma_base::Range;
use std::borrow::Borrow;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Files that name a folder of records: that of adr-tools, of adrs, of log4brains.
pub const CONFIGURATIONS: [&str; 4] = [".adr-dir", "adrs.toml", ".adrs.toml", ".log4brains.yml"];

/// The folders that a configuration names, as paths from its own folder.
pub fn configured(name: &str, text: &str) -> Vec<String> {
    let value = |line: &str, key: &str| {
        let rest = line.trim_start().trim_start_matches("- ").trim_start();
        let rest = rest.strip_prefix(key)?.trim_start().strip_prefix([':', '='])?;
        let rest = rest.split(" #").next().unwrap_or_default();
        let path = rest.trim().trim_matches(['"', '\'']).trim_start_matches("./").trim_end_matches('/');
        (!path.is_empty()).then(|| path.to_owned())
    };
    match name {
        ".adr-dir" => text
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .take(1)
            .map(|line| cleaned(line).to_owned())
            .collect(),
        "adrs.toml" | ".adrs.toml" => text.lines().find_map(|line| value(line, "adr_dir")).into_iter().collect(),
        ".log4brains.yml" => text
            .lines()
            .filter(|line| !line.trim_start().starts_with('#'))
            .filter_map(|line| value(line, "adrFolder"))
            .collect(),
        _ => Vec::new(),
    }
}

fn cleaned(path: &str) -> &str {
    path.trim_start_matches("./").trim_end_matches('/')
}

/// Whether a file of a folder of records is a record by its name: Markdown or AsciiDoc, and no template, index or readme.
pub fn is_record(name: &str) -> bool {
    let stem = numbers::stem(name);
    let lower = stem.to_ascii_lowercase();
    let is_other = ["readme", "index", "contributing", "changelog", "license", "glossary", "toc", "_index", "summary"]
        .contains(&lower.as_str());
    stem != name && !name.starts_with('.') && !is_other && !numbers::is_template_name(name)
}

/// Whether a file is a template by its name.
pub fn is_template(name: &str) -> bool {
    numbers::stem(name) != name && numbers::is_template_name(name)
}

/// The number in the name of a file, if it has one.
pub fn number_of(name: &str) -> Option<u32> {
    numbers::of_name(name).map(|(number, _)| number)
}

/// Whether the name of a file begins with a day, as log4brains has it: `20240219-sell.md`.
pub fn is_dated(name: &str) -> bool {
    dates::of_name(numbers::stem(name)).is_some()
}

/// The name of a file without its ending.
pub fn stem_of(name: &str) -> &str {
    numbers::stem(name)
}

/// The name of a file without its ending, and without the number or the day before it: `0012-use-a-queue.md` is `use-a-queue`.
pub fn slug_of(name: &str) -> &str {
    let stem = numbers::stem(name);
    let number = numbers::of_name(name).map(|(_, digits)| digits.end);
    let end = number.or_else(|| dates::of_name(stem).map(|(_, length)| length)).unwrap_or(0);
    let slug = stem[end..].trim_start_matches(['-', '_', '.', ' ']);
    if slug.is_empty() { stem } else { slug }
}

/// The number by which somebody names a record, if it is one: `12`, `0012`, `ADR-12`, `#12`.
pub fn named_number(name: &str) -> Option<u32> {
    let bare = name.trim_start_matches('#');
    numbers::at(bare).filter(|(_, end)| *end == bare.len()).map(|(number, _)| number)
}

/// Whether a word says that one record replaces another, which is more than a link.
pub fn is_supersession(word: &str) -> bool {
    matches!(relation_at(word.trim()), Some((_, Way::Supersedes | Way::SupersededBy)))
}

/// The relation that the words before a link say, such as `amends`, and whether the record that is linked to is its subject.
pub fn relation_before(text: &str) -> Option<(&'static str, bool)> {
    crate::words::relation_before(text)
}

/// The number after the highest of some names, as adr-tools counts; 1 for none.
pub fn next_number<'a>(names: impl IntoIterator<Item = &'a str>) -> u32 {
    let numbers = names
        .into_iter()
        .filter(|name| is_record(name))
        .filter_map(|name| numbers::of_name(name).map(|(number, _)| number));
    numbers.max().map_or(1, |highest| highest.saturating_add(1))
}

/// How many digits the numbers of some names have: as many as most; four for none.
pub fn digits<'a>(names: impl IntoIterator<Item = &'a str>) -> usize {
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for (_, digits) in names.into_iter().filter_map(numbers::of_name) {
        *counts.entry(digits.len()).or_default() += 1;
    }
    counts.into_iter().max_by_key(|(_, count)| *count).map_or(4, |(digits, _)| digits)
}

/// What stands before the numbers of most names, such as `ADR-`; the first by letters of several that are as frequent.
pub fn prefix<'a>(names: impl IntoIterator<Item = &'a str>) -> &'a str {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for name in names {
        if let Some((_, digits)) = numbers::of_name(name) {
            *counts.entry(&name[..digits.start]).or_default() += 1;
        }
    }
    counts.into_iter().rev().max_by_key(|(_, count)| *count).map_or("", |(prefix, _)| prefix)
}

/// The dialect that most records of a folder are written in; the first in [`Dialect::ALL`] of several that are as frequent.
pub fn usual_dialect<R: Borrow<Record>>(records: &[R]) -> Option<Dialect> {
    let count = |dialect: Dialect| {
        let records = records.iter().map(Borrow::borrow);
        records.filter(|record| record.dialect == dialect && !record.is_template).count()
    };
    let kinds = Dialect::ALL.into_iter().filter(|dialect| !matches!(dialect, Dialect::Other | Dialect::AsciiDoc));
    kinds.rev().max_by_key(|dialect| count(*dialect)).filter(|dialect| count(*dialect) > 0)
}

/// How the records of a folder spell that they supersede others.
pub fn spelling<'a>(texts: impl IntoIterator<Item = &'a str>) -> Spelling {
    let (mut with_s, mut with_c) = (0, 0);
    for text in texts {
        let lower = text.to_ascii_lowercase();
        with_s += lower.matches("supersede").count();
        with_c += lower.matches("supercede").count();
    }
    if with_c > with_s { Spelling::Supercede } else { Spelling::Supersede }
}

/// What the records of one folder say of one another: for each record, in their order, its findings.
pub fn findings<R: Borrow<Record>>(records: &[R]) -> Vec<Vec<Finding>> {
    let records: Vec<&Record> = records.iter().map(Borrow::borrow).collect();
    let mut found: Vec<Vec<Finding>> = vec![Vec::new(); records.len()];
    duplicates(&records, &mut found);
    missing(&records, &mut found);
    circles(&records, &mut found);
    one_sided(&records, &mut found);
    found
}

/// Records that are in force by their own words, and of which an accepted one says that it took their place.
fn one_sided(records: &[&Record], found: &mut [Vec<Finding>]) {
    let known = known(records);
    let state = |record: &Record| record.status.as_ref().map(|status| status.value);
    for record in records.iter().filter(|record| is_counted(record) && state(record) == Some(State::Accepted)) {
        for old in record.supersedes.iter().filter_map(|said| known.get(&said.value).copied()) {
            let of_old = records[old];
            let is_told = of_old.superseded_by.is_empty() && !std::ptr::eq(of_old, *record);
            if let (true, Some(status)) = (is_told && state(of_old) == Some(State::Accepted), &of_old.status) {
                let message = format!("`{}` says that it supersedes this one, which says nothing of it", record.file);
                found[old].push(Finding::new(FindingKind::OneSided, status.range, message));
            }
        }
    }
}

fn is_counted(record: &Record) -> bool {
    !record.is_template
}

fn duplicates(records: &[&Record], found: &mut [Vec<Finding>]) {
    let mut by_number: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (at, record) in records.iter().enumerate().filter(|(_, record)| is_counted(record)) {
        if let Some(number) = &record.number {
            by_number.entry(number.value).or_default().push(at);
        }
    }
    for (number, places) in by_number.into_iter().filter(|(_, places)| places.len() > 1) {
        for at in &places {
            let others = places.iter().filter(|other| *other != at).map(|other| format!("`{}`", records[*other].file));
            let message =
                format!("number {number} is that of {} as well: renumber one", others.collect::<Vec<_>>().join(", "));
            let range = records[*at].number.as_ref().map_or(Range::default(), |number| number.range);
            found[*at].push(Finding::new(FindingKind::DuplicateNumber, range, message));
        }
    }
}

/// Links that lead to Markdown files which the folder does not have, and references to records that are not there.
fn missing(records: &[&Record], found: &mut [Vec<Finding>]) {
    let files: HashSet<&str> = records.iter().map(|record| record.file.as_str()).collect();
    let known = known(records);
    for (at, record) in records.iter().enumerate().filter(|(_, record)| is_counted(record)) {
        let mut ranges: Vec<Range> = Vec::new();
        for link in record.links.iter().flatten() {
            let path = link.target.split(['#', '?']).next().unwrap_or_default();
            if is_record_path(path) && !files.contains(path.trim_start_matches("./")) {
                ranges.push(link.range);
                let message = format!("`{path}` is not there: mend the link");
                found[at].push(Finding::new(FindingKind::MissingRecord, link.range, message));
            }
        }
        let beside = record.beside.iter().map(|one| &one.record);
        for said in record.supersedes.iter().chain(&record.superseded_by).chain(beside) {
            let is_told = ranges.iter().any(|range| range.contains(said.range) || said.range.contains(*range));
            if !known.contains_key(&said.value) && !is_told {
                let message = format!("no record {} is here: name one that is", name(&said.value));
                found[at].push(Finding::new(FindingKind::MissingRecord, said.range, message));
            }
        }
    }
}

fn name(reference: &Reference) -> String {
    match reference {
        Reference::Number(number) => number.to_string(),
        Reference::Name(name) => format!("`{name}`"),
    }
}

/// Whether a target is a record's file by its name: Markdown or AsciiDoc in this project.
fn is_record_path(path: &str) -> bool {
    let file = path.rsplit('/').next().unwrap_or_default();
    !path.contains("://") && !path.starts_with('/') && is_record(file)
}

/// Records by how others name them.
fn known(records: &[&Record]) -> HashMap<Reference, usize> {
    let mut known = HashMap::new();
    for (at, record) in records.iter().enumerate().filter(|(_, record)| is_counted(record)) {
        known.entry(Reference::Name(numbers::stem(&record.file).to_owned())).or_insert(at);
        if let Some(number) = &record.number {
            known.entry(Reference::Number(number.value)).or_insert(at);
        }
    }
    known
}

/// Records that replace one another in a circle; one that replaces itself has its own finding.
fn circles(records: &[&Record], found: &mut [Vec<Finding>]) {
    let known = known(records);
    let follow = |at: usize| {
        records[at]
            .superseded_by
            .iter()
            .filter_map(|said| known.get(&said.value).copied())
            .filter(move |next| *next != at)
    };
    let next: Vec<Vec<usize>> = (0..records.len()).map(|at| follow(at).collect()).collect();
    for at in in_circles(&next) {
        let range = records[at].superseded_by.first().map_or(Range::default(), |said| said.range);
        let message = "this record replaces what replaced it: one of the two is wrong";
        found[at].push(Finding::new(FindingKind::Circle, range, message));
    }
}

/// The places from which a way leads back to themselves: whatever leads to none, or is led to from none, is taken away until nothing is left to
/// take, and of the rest each is followed.
fn in_circles(next: &[Vec<usize>]) -> Vec<usize> {
    let mut left: Vec<usize> = (0..next.len()).filter(|at| !next[*at].is_empty()).collect();
    loop {
        let kept: HashSet<usize> = left.iter().copied().collect();
        let led: HashSet<usize> = left.iter().flat_map(|at| &next[*at]).copied().collect();
        let stays = |at: &usize| led.contains(at) && next[*at].iter().any(|other| kept.contains(other));
        let rest: Vec<usize> = left.iter().copied().filter(stays).collect();
        if rest.len() == left.len() {
            break;
        }
        left = rest;
    }
    left.iter().copied().filter(|at| leads_back(next, *at)).collect()
}

fn leads_back(next: &[Vec<usize>], start: usize) -> bool {
    let mut seen = HashSet::new();
    let mut open = next[start].clone();
    while let Some(at) = open.pop() {
        if at == start {
            return true;
        }
        if seen.insert(at) {
            open.extend(&next[at]);
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::{
        configured, digits, findings, in_circles, is_dated, is_record, is_supersession, named_number, next_number,
        number_of, prefix, slug_of, spelling, usual_dialect,
    };
    use crate::edit::Spelling;
    use crate::record::{Dialect, Record};

    #[test]
    fn names_are_records_or_not() {
        for name in ["0001-keep.md", "adr060-avoid.md", "deepen.md", "0075-route.adoc", "20240219-sell.md"] {
            assert!(is_record(name), "{name}");
        }
        for name in [
            "README.md",
            "index.md",
            "template.md",
            "adr-template.md",
            "0000-template.md",
            "adr000-template.md",
            "x.png",
            ".x.md",
        ] {
            assert!(!is_record(name), "{name}");
        }
    }

    #[test]
    fn names_tell_numbers_days_and_slugs() {
        let told = ["0012-use-a-queue.md", "adr-3-sell.md", "20240219-sell.md", "deepen.md", "DR077.md"]
            .map(|name| (number_of(name), is_dated(name), slug_of(name)));
        let expected = [
            (Some(12), false, "use-a-queue"),
            (Some(3), false, "sell"),
            (None, true, "sell"),
            (None, false, "deepen"),
            (Some(77), false, "DR077"),
        ];
        assert_eq!(told, expected);
        assert_eq!(
            ["12", "0012", "ADR-12", "#12", "12-x", "12 x"].map(named_number),
            [Some(12), Some(12), Some(12), Some(12), None, None]
        );
        assert!(is_supersession("Supersedes") && is_supersession("superseded by") && !is_supersession("Amends"));
    }

    #[test]
    fn the_next_number_is_the_highest_plus_one() {
        assert_eq!(next_number(["0008-a.md", "0009-b.md", "0009-c.md", "template.md", "20240219-x.md"]), 10);
        assert_eq!(next_number([]), 1);
        assert_eq!((digits(["001-a.md", "002-b.md", "0003-c.md"]), digits([])), (3, 4));
        assert_eq!((prefix(["ADR-1-a.md", "ADR-2-b.md", "3-c.md"]), prefix(["1-a.md", "x.md"])), ("ADR-", ""));
    }

    #[test]
    fn configurations_name_folders() {
        assert_eq!(configured(".adr-dir", "doc/decisions/\n"), ["doc/decisions"]);
        assert_eq!(configured("adrs.toml", "# x\nadr_dir = \"docs/adrs\"\nmode = \"nextgen\"\n"), ["docs/adrs"]);
        let brains = "project:\n  name: x\n  adrFolder: ./docs/adr\n  packages:\n    - name: a\n      adrFolder: ./a/docs/adr # own\n";
        assert_eq!(configured(".log4brains.yml", brains), ["docs/adr", "a/docs/adr"]);
        assert!(configured("other", "x").is_empty());
    }

    #[test]
    fn a_folder_is_written_in_the_way_of_most() {
        let nygard = Record::read("0001-a.md", "# 1. A\n\n## Status\n\nAccepted\n");
        let bold = Record::read("0002-b.md", "# 2. B\n\n**Status:** Accepted\n");
        assert_eq!(usual_dialect(&[bold.clone(), nygard.clone(), nygard.clone()]), Some(Dialect::Nygard));
        assert_eq!(usual_dialect(&[bold, nygard]), Some(Dialect::Nygard));
        assert_eq!(usual_dialect::<Record>(&[]), None);
        assert_eq!(spelling(["Superceded by", "Supercedes", "Supersedes"]), Spelling::Supercede);
        assert_eq!(spelling(["x"]), Spelling::Supersede);
    }

    #[test]
    fn circles_are_found_and_what_leads_to_one_is_none() {
        // 0 and 1 replace each other; 2 leads there; 3 is led to from there.
        assert_eq!(in_circles(&[vec![1], vec![0, 3], vec![0], vec![]]), [0, 1]);
        assert!(in_circles(&[vec![1], vec![2], vec![]]).is_empty());
        let read =
            |name: &str, by: &str| Record::read(name, format!("# X\n\n## Status\n\nSuperseded by [{by}]({by}.md)\n"));
        let records = [read("a.md", "b"), read("b.md", "c"), read("c.md", "a"), read("d.md", "e")];
        let words = |at: usize| findings(&records)[at].iter().map(|finding| finding.kind.words()).collect::<Vec<_>>();
        assert_eq!((words(0), words(3)), (vec!["circle of supersession"], vec!["link to a missing record"]));
    }
}

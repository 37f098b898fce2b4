//! The decision records and the requests for comments of a workspace, as files of it.

use crate::parse::Parsed;
use crate::records::{Records, problems_of, reading_threads, table, targets};
use crate::{Entry, FileSystem, Session, folder_of};
use groma_base::{Diagnostic, FileId, Range, Severity, Source, Span, shared_out};
use groma_model::decode::{FileModel, Item, Value, WRONG_VALUE};
use groma_model::facets::decisions::{DECISION_RECORD, Known, Naming, RFC_RECORD, names_of, of_record};
use groma_model::facts;
use groma_model::kinds::class;
use groma_model::schema::{Class, Fact};
use groma_records::{Family, Record, StateTable};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What is known of a record besides its entry.
pub(crate) struct OfRecord {
    family: Family,
    /// How it and those beside it are called.
    naming: Naming,
    /// How the records of the other family are called, by where they are.
    others: Arc<HashMap<PathBuf, Box<str>>>,
    /// Its text and what it said when the workspace was opened: what those beside it say of it is known of that alone.
    opened: (Arc<Source>, Arc<FileModel>),
}

/// The records of a family as they were read, each with how it is called.
struct Named {
    records: Records,
    /// By their places in the files of the records.
    names: Vec<(usize, Naming)>,
}

impl Named {
    fn of(records: Records) -> Named {
        let is_own = |nth: usize, at: &usize| records.files[*at].folder == nth && records.files[*at].is_record();
        let own = |nth: usize| (0..records.files.len()).filter(move |at| is_own(nth, at));
        let of_folder = |nth: usize| own(nth).map(|at| &records.files[at].record).collect();
        let folders: Vec<(&str, Vec<&Record>)> =
            records.folders.iter().enumerate().map(|(nth, folder)| (&*folder.place, of_folder(nth))).collect();
        let names = names_of(records.family, &folders).into_iter().flatten();
        let names = (0..folders.len()).flat_map(own).zip(names).collect();
        Named { records, names }
    }

    /// How they are called, by where they are.
    fn by_path(&self) -> HashMap<PathBuf, Box<str>> {
        let called =
            |(at, naming): &(usize, Naming)| (self.records.files[*at].path.clone(), naming.called.name.clone());
        self.names.iter().map(called).collect()
    }
}

impl Session {
    /// The place of the first entry that is a record.
    pub(crate) fn first_record(&self) -> usize {
        self.entries.len() - self.records.len()
    }

    /// Reads the decision records and the requests for comments that count for the workspace, behind all other files. `is_whole` says that
    /// it is all of the folder, and not one file in it.
    pub(crate) fn read_decisions(&mut self, files: &dyn FileSystem, folder: &Path, is_whole: bool) {
        self.states = table(self.entries.iter().map(|entry| &*entry.parsed.model));
        self.problems.extend(self.entries.iter().flat_map(|entry| problems_of(&entry.parsed.model)));
        let [decisions, rfcs] = Family::ALL.map(|family| {
            let named = self.named_folders(files, folder, family);
            let states = self.states_of(family);
            Named::of(Records::of_workspace(files, (folder, is_whole), named, (family, states)))
        });
        // Where one family has none, nothing asks how the others are called.
        let is_both = !decisions.names.is_empty() && !rfcs.names.is_empty();
        let by_path = |of: &Named| Arc::new(if is_both { of.by_path() } else { HashMap::new() });
        let (of_decisions, of_rfcs) = (by_path(&decisions), by_path(&rfcs));
        self.add_records(decisions, &of_rfcs);
        self.add_records(rfcs, &of_decisions);
    }

    fn states_of(&self, family: Family) -> StateTable {
        match family {
            Family::Decision => self.states.clone(),
            Family::Rfc => StateTable::of(family),
        }
    }

    fn add_records(&mut self, named: Named, others: &Arc<HashMap<PathBuf, Box<str>>>) {
        let Named { mut records, names } = named;
        let (family, rule) = (records.family, rule_of(records.family));
        for problem in &records.problems {
            let message = format!("`{}` {}", problem.place, problem.message);
            let told = Diagnostic::error(rule, Span::default(), message).help(&*problem.help);
            self.problems.push(Diagnostic { severity: Severity::Warning, ..told });
        }
        records.files.iter_mut().for_each(|file| without_foreign_numbers(&mut file.record, others));
        let first = self.entries.len();
        let made = shared_out(names.len(), reading_threads(names.len()), |nth| {
            let (at, naming) = &names[nth];
            let file = &records.files[*at];
            let mut source = file.source.with_text(file.source.text.clone());
            // It lies in the repository, and was named or found as what everybody is to read.
            source.is_foreign = false;
            let linked = linked(&file.record, &file.path, others);
            let known = Known { family, naming, findings: &file.findings, linked: &linked };
            let model = of_record(FileId((first + nth) as u32), source.text.clone(), &file.record, known);
            let model = model.at_path(&source.published);
            (Arc::new(source), Arc::new(model))
        });
        for ((at, naming), (source, model)) in names.into_iter().zip(made) {
            let opened = (source.clone(), model.clone());
            self.records.push(OfRecord { family, naming, others: others.clone(), opened });
            self.entries.push(entry(std::mem::take(&mut records.files[at].path), source, model));
        }
    }

    /// The folders of records that the workspace names.
    fn named_folders(&mut self, files: &dyn FileSystem, root: &Path, family: Family) -> Vec<PathBuf> {
        let fact = match family {
            Family::Decision => &facts::workspace::DECISIONS,
            Family::Rfc => &facts::workspace::RFCS,
        };
        let (mut named, mut problems) = (Vec::new(), Vec::new());
        for entry in self.entries.iter().filter(|entry| !entry.source.is_foreign) {
            for (span, target) in texts_of(entry, &class::WORKSPACE, fact) {
                let path = folder_of(&entry.path).join(&target);
                let why = match files.is_folder(&path) {
                    Ok(true) if Records::holds(files, root, &path) => {
                        named.push(path);
                        continue;
                    }
                    Ok(true) => "it lies outside of the repository".to_owned(),
                    Ok(false) => "it is a file, not a folder".to_owned(),
                    Err(error) => error.message,
                };
                let message = format!("cannot read the {}s in `{target}`: {why}", family.noun());
                let help = "name a folder of the repository; the path is relative to this file";
                problems.push(Diagnostic::error(WRONG_VALUE, span, message).help(help));
            }
        }
        self.problems.extend(problems);
        named
    }

    /// Puts new text in the place of that of a record. What it and those beside it say of one another is known anew once the workspace
    /// is opened anew.
    pub(crate) fn set_record(&mut self, at: usize, text: Arc<str>) {
        let own = &self.records[at - self.first_record()];
        let path = std::mem::take(&mut self.entries[at].path);
        let (source, model) = match *text == *own.opened.0.text {
            true => own.opened.clone(),
            false => {
                let OfRecord { family, naming, others, opened } = own;
                let source = Arc::new(opened.0.with_text(text));
                let mut record = Record::read_as(*family, &source.path, source.text.as_bytes());
                self.states_of(*family).apply(&mut record);
                without_foreign_numbers(&mut record, others);
                let linked = linked(&record, &path, others);
                let findings = record.findings.clone();
                let known = Known { family: *family, naming, findings: &findings, linked: &linked };
                let model = of_record(FileId(at as u32), source.text.clone(), &record, known);
                let model = model.at_path(&source.published);
                (source, Arc::new(model))
            }
        };
        self.entries[at] = entry(path, source, model);
        let made = self.made.take();
        self.made = made.and_then(|made| self.remake(made, at));
    }
}

/// The rule under which what is wrong with folders of records is told.
fn rule_of(family: Family) -> &'static str {
    match family {
        Family::Decision => DECISION_RECORD,
        Family::Rfc => RFC_RECORD,
    }
}

/// Where there are no records of the other family, a number in a line `RFC:` is that of something else.
fn without_foreign_numbers(record: &mut Record, others: &HashMap<PathBuf, Box<str>>) {
    if others.is_empty() {
        record.came_of.clear();
    }
}

/// Where the links of a record lead to records of the other family, by their names.
fn linked(record: &Record, path: &Path, others: &HashMap<PathBuf, Box<str>>) -> Vec<(Box<str>, Range)> {
    if others.is_empty() {
        return Vec::new();
    }
    let leads = targets(folder_of(path), record);
    leads.filter_map(|(target, range)| Some((others.get(&target)?.clone(), range))).collect()
}

/// The texts of a fact of the nodes of a class that are not broken, with where they stand.
pub(crate) fn texts_of(entry: &Entry, class: &'static Class, fact: &'static Fact) -> Vec<(Span, String)> {
    let model = &entry.parsed.model;
    let broken = |item: &Item| {
        entry.parsed.errors.iter().any(|error| {
            item.head.start <= error.primary.span.range.end && error.primary.span.range.start <= item.head.end
        })
    };
    let nodes = model.items.iter().filter(|item| item.kind.is(class) && !broken(item));
    nodes
        .flat_map(|item| model.facts_of(item))
        .filter(|value| value.fact == fact)
        .filter_map(|value| match &value.value {
            Value::Text(text) => Some((Span::new(model.file, value.range), model.text(text).to_owned())),
            _ => None,
        })
        .collect()
}

fn entry(path: PathBuf, source: Arc<Source>, model: Arc<FileModel>) -> Entry {
    Entry { path, source, parsed: Parsed { model, errors: Vec::new(), is_broken: false } }
}

#[cfg(test)]
mod tests {
    use crate::tests::open;
    use crate::{Snapshot, corrected};
    use groma_model::facets::decisions::class::{DECISION, RFC};
    use groma_model::query::{Answers, Query};

    const TODAY: &str = "2026-11-30";
    const SHOP: &str = "system shop \"Shop\" owner=core {\n    database orders \"Orders\" decision=1\n}\n";
    const FIRST: &str =
        "# 1. Keep orders in a table\n\nDate: 2024-03-01\nDecides: shop.Orders\n\n## Status\n\nAccepted\n";

    fn names(snapshot: &Snapshot) -> Vec<&str> {
        snapshot.arch.records_of(&DECISION).map(|record| snapshot.arch.name(record.at)).collect()
    }

    fn read(pairs: &[(&str, &str)], root: &str) -> Snapshot {
        open(pairs, root).unwrap().snapshot()
    }

    #[test]
    fn the_records_in_the_folder_of_a_workspace_count_and_those_above_only_if_it_names_them() {
        let above = ("r/docs/decisions/0002-use-a-queue.md", "# 2. Use a queue\n\n## Status\n\nAccepted\n");
        let own = ("r/w/docs/adr/0001-a.md", FIRST);
        let git = ("r/.git/HEAD", "");
        assert_eq!(names(&read(&[git, ("r/w/a.groma", SHOP), own, above], "r/w")), ["1"]);
        let naming = format!("workspace w {{ decisions \"../docs/decisions\" }}\n{SHOP}");
        assert_eq!(names(&read(&[git, ("r/w/a.groma", &naming), own, above], "r/w")), ["2", "1"]);
        // One file is not all of the folder.
        assert_eq!(names(&read(&[git, ("r/w/a.groma", SHOP), own, above], "r/w/a.groma")), [""; 0]);
        assert_eq!(names(&read(&[git, ("r/w/a.groma", &naming), own, above], "r/w/a.groma")), ["2"]);
        // The repository as a whole is a workspace as well.
        assert_eq!(names(&read(&[git, ("r/w/a.groma", SHOP), above], "r")), ["2"]);
    }

    #[test]
    fn what_is_wrong_is_told_once_at_its_place_in_the_markdown_and_corrected_there() {
        let files = [("w/a.groma", SHOP), ("w/docs/adr/0001-a.md", FIRST)];
        let snapshot = read(&files, "w");
        let found = snapshot.findings(TODAY);
        let errors: Vec<_> = found.iter().filter(|one| &*one.code == "unresolved-name").collect();
        let [error] = errors[..] else { panic!("{errors:?}") };
        let source = snapshot.sources.get(error.primary.span.file);
        assert_eq!((&*source.path, error.primary.span.range.of(&source.text)), ("w/docs/adr/0001-a.md", "shop.Orders"));
        let fixed = corrected(&snapshot, TODAY, |finding| finding.code == error.code);
        assert_eq!(fixed.len(), 1);
        assert_eq!(fixed[0].text, FIRST.replace("shop.Orders", "shop.orders"));
    }

    #[test]
    fn a_folder_that_is_not_there_is_none_or_lies_elsewhere_is_told_where_it_is_named() {
        for (target, why) in [
            ("no/such", "no such file or directory"),
            ("a.groma", "it is a file, not a folder"),
            ("../../docs/adr", "it lies outside of the repository"),
        ] {
            let text = format!("workspace w {{\n    decisions \"{target}\"\n}}\n");
            let files = [("r/.git/HEAD", ""), ("r/w/a.groma", &*text), ("docs/adr/0001-a.md", FIRST)];
            let snapshot = read(&files, "r/w");
            let told: Vec<_> = snapshot.problems.iter().map(|one| (&*one.code, &*one.message)).collect();
            assert_eq!(told, [("wrong-value", &*format!("cannot read the records in `{target}`: {why}"))]);
            assert_eq!(snapshot.problems[0].primary.span.range.of(&text).trim_matches('"'), target);
        }
    }

    #[test]
    fn what_the_records_themselves_tell_is_told_once() {
        let twice = "# 1. Again\n\nDate: 2026-01-01\n\n## Status\n\nSuperseded by [7. None](0007-none.md)\n";
        let files = [("w/a.groma", SHOP), ("w/docs/adr/0001-a.md", FIRST), ("w/docs/adr/0001-b.md", twice)];
        let found = read(&files, "w").findings(TODAY);
        let of_records = found.iter().filter(|one| &*one.code == "decision-record");
        let told: Vec<_> = of_records.map(|one| (one.primary.span.file.0, &*one.message)).collect();
        // And once where the number of two is meant.
        let of_model = told.iter().filter(|(file, _)| *file == 0).count();
        assert_eq!((told.len() - of_model, of_model), (3, 1), "{told:?}");
        assert!(found.iter().all(|one| &*one.code != "duplicate-name"), "{found:?}");
        assert_eq!(found.iter().filter(|one| &*one.code == "unresolved-name").count(), 1, "{found:?}");
    }

    #[test]
    fn an_rfc_and_its_decisions_find_each_other_by_links_of_either_side() {
        let by_record = FIRST.replace("## Status", "Came of [RFC 3](../rfcs/0003-a.md).\n\n## Status");
        let rfc = "# RFC 3: A\n\nStatus: Accepted\n\n## Decisions\n\n- [ADR-2](../adr/0002-b.md)\n";
        let second = "# 2. B\n\n## Status\n\nAccepted\n";
        let files = [
            ("w/a.groma", SHOP),
            ("w/docs/adr/0001-a.md", &*by_record),
            ("w/docs/adr/0002-b.md", second),
            ("w/docs/rfcs/0003-a.md", rfc),
            ("w/docs/rfcs/template.md", "# {title}\n"),
        ];
        let mut session = open(&files, "w").unwrap();
        let led_to = |snapshot: &Snapshot| {
            let arch = &snapshot.arch;
            let at = arch.records_of(&RFC).next().unwrap().at;
            arch.led_to(at).into_iter().map(|at| arch.name(at).to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(led_to(&session.snapshot()), ["1", "2"]);
        assert!(!session.set_text("w/docs/adr/0001-a.md", FIRST));
        assert_eq!(led_to(&session.snapshot()), ["2"]);
        assert!(!session.set_text("w/docs/rfcs/0003-a.md", rfc.replace("## Decisions", "## Background")));
        assert_eq!(led_to(&session.snapshot()), [""; 0]);
    }

    #[test]
    fn the_rfcs_of_a_workspace_are_those_in_its_folder_and_in_those_that_it_names() {
        let rfc = "# RFC 3: A\n\nStatus: Draft\n";
        let naming = format!("workspace w {{ rfcs \"../proposals\" }}\n{SHOP}");
        let count = |files: &[(&str, &str)]| read(files, "r/w").arch.records_of(&RFC).count();
        let git = ("r/.git/HEAD", "");
        assert_eq!(count(&[git, ("r/w/a.groma", SHOP), ("r/w/docs/rfc/0003-a.md", rfc)]), 1);
        assert_eq!(count(&[git, ("r/w/a.groma", SHOP), ("r/w/rfcs/0003-a.md", rfc)]), 1);
        assert_eq!(count(&[git, ("r/w/a.groma", SHOP), ("r/proposals/0003-a.md", rfc)]), 0);
        assert_eq!(count(&[git, ("r/w/a.groma", &naming), ("r/proposals/0003-a.md", rfc)]), 1);
        let wrong = read(&[git, ("r/w/a.groma", "workspace w { rfcs \"../proposals\" }\n")], "r/w");
        let told: Vec<&str> = wrong.problems.iter().map(|one| &*one.message).collect();
        assert_eq!(told, ["cannot read the RFCs in `../proposals`: no such file or directory"]);
    }

    #[test]
    fn a_number_of_an_rfc_that_is_not_here_is_told_only_where_there_are_some() {
        let record = FIRST.replace("Date:", "RFC: 7807\nDate:");
        let told = |files: &[(&str, &str)]| {
            read(files, "w").findings(TODAY).iter().filter(|one| &*one.code == "unresolved-name").count()
        };
        let files = [("w/a.groma", SHOP), ("w/docs/adr/0001-a.md", &*record)];
        assert_eq!(told(&files), 1);
        assert_eq!(told(&[files[0], files[1], ("w/docs/rfcs/0003-a.md", "# A\n\nStatus: Draft\n")]), 2);
    }

    #[test]
    fn new_text_of_a_record_is_read_and_the_workspace_is_to_be_opened_anew() {
        let path = "w/docs/adr/0001-a.md";
        let mut session = open(&[("w/a.groma", SHOP), (path, FIRST)], "w").unwrap();
        let asked = Query::parse("kind:decision and status:rejected").unwrap();
        let count = |snapshot: &Snapshot| asked.things(&snapshot.arch, &Answers::on(TODAY)).unwrap().len();
        let before = session.snapshot();
        assert_eq!((count(&before), session.set_text(path, FIRST.replace("Accepted", "Rejected"))), (0, false));
        assert_eq!(count(&session.snapshot()), 1);
        assert!(!session.set_text(path, FIRST));
        assert_eq!(session.snapshot().findings(TODAY), before.findings(TODAY));
        // Other texts are read as before.
        assert!(session.set_text("w/a.groma", SHOP.replace("\"Orders\"", "\"All orders\"")));
    }

    #[test]
    fn a_new_name_is_written_into_records_and_a_record_has_none_to_be_given() {
        let record = FIRST.replace("shop.Orders", "shop.orders");
        let mut session = open(&[("w/a.groma", SHOP), ("w/docs/adr/0001-a.md", &record)], "w").unwrap();
        let renaming = session.renaming("shop.orders", "ledger", TODAY).unwrap();
        let of_record = renaming.files.iter().find(|(file, _)| file.0 == 1).map(|(_, text)| text.as_str());
        assert_eq!(of_record, Some(&*record.replace("shop.orders", "shop.ledger")));
        let why = session.renaming("decision:1", "other", TODAY).unwrap_err();
        assert_eq!(why.help, "`groma adr renumber` gives it another number");
    }
}

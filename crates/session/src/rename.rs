//! Giving something another name, wherever it is named.

use crate::baseline::Baseline;
use crate::change::{fits_several, in_names_of_today};
use crate::{Session, Snapshot, corrected};
use groma_base::{Diagnostic, Edit, FileId, Severity, apply_edits, counted, list_words};
use groma_model::difference::{Changed, Difference, FactChange, difference};
use groma_model::facets::decisions::family;
use groma_model::kinds::class;
use groma_model::query::{Answers, Query};
use groma_model::schema::Type;
use groma_model::write::{Document, Value, is_name};
use groma_model::{Architecture, ItemRef, NotFound, facts, kinds};
use groma_records::Family;
use rustc_hash::FxHashSet;
use std::collections::{BTreeMap, HashMap};

/// What a renaming writes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Renaming {
    /// How what is renamed was called: its address.
    pub before: String,
    /// How it is called then.
    pub after: String,
    /// The files that change, with their new texts.
    pub files: Vec<(FileId, String)>,
    /// How many signatures lapse by it: what has another name is not what was signed.
    pub lapsed: usize,
}

/// Why something cannot be renamed.
#[derive(Clone, PartialEq, Debug)]
pub struct NoRenaming {
    /// What is in the way.
    pub message: String,
    /// What to do.
    pub help: String,
    /// What would be wrong then.
    pub findings: Vec<Diagnostic>,
}

/// What is found where something was signed under its old name.
const LAPSED: &str = "lapsed-signature";

/// The rules that find things of signatures, which are called by what was signed.
const OF_SIGNATURES: [&str; 5] = [LAPSED, "unsigned-step", "unreviewed-rfc", "invalid-signature", "unknown-signer"];

/// So often what is found after a renaming is corrected: what one correction writes may show another.
const MOST_ROUNDS: usize = 4;

impl Session {
    /// The texts in which something has another name wherever it is named: at its declaration, in paths, in queries, in what suppresses a
    /// rule. `was` keeps the old one there, unless the new one is what it was called before. The session stays as it is. Nothing else
    /// may change its meaning: what is then found and what `difference` tells is compared with what was before.
    ///
    /// # Errors
    /// If nothing or several things are called so, if the new name is none or in use, if a file that is not the workspace's own would have
    /// to change, if a text cannot be read, or if anything would mean something else.
    pub fn renaming(&mut self, name: &str, new: &str, today: &str) -> Result<Renaming, NoRenaming> {
        let before = self.snapshot();
        let found = before.findings(today);
        if let Some(finding) = found.iter().find(|finding| finding.code == groma_check::SYNTAX) {
            let message = "a text cannot be read, and what stands in it would keep the old name";
            return Err(NoRenaming { findings: vec![finding.clone()], ..no(message, "mend that first") });
        }
        let at = named(&before.arch, name)?;
        if before.arch.item(at).called.is_some() {
            let message = format!("`{name}` is a record, and called by its number or its file");
            let help = match family(before.arch.item(at).kind.class) {
                Some(Family::Rfc) => "give its file another name",
                _ => "`groma adr renumber` gives it another number",
            };
            return Err(no(message, help));
        }
        if !is_name(new) {
            return Err(no(
                format!("`{new}` is no name"),
                "a name begins with a letter, and has letters, digits, `-` and `_`",
            ));
        }
        if before.arch.name(at) == new {
            return Err(no(format!("`{name}` is called so already"), "name another one"));
        }
        let renamed = self.renamed(&before, (at, new), &found, today);
        let after = self.snapshot();
        let is_back = before.arch.list(at, &facts::WAS).any(|was| was == new);
        let without_was = is_back.then(|| without(&after.arch, at, before.arch.name(at))).flatten();
        // Whatever comes of it, nothing is written here.
        for (_, source) in before.sources.iter().filter(|(file, source)| after.sources.get(*file).text != source.text) {
            self.set_text(&source.path, source.text.clone());
        }
        renamed?;
        let lapsed = is_the_same(&before, &after, at, today)?;
        let changed = before.sources.iter().filter(|(file, source)| after.sources.get(*file).text != source.text);
        let mut files: Vec<(FileId, String)> =
            changed.map(|(file, _)| (file, after.sources.get(file).text.to_string())).collect();
        if let Some(text) = without_was {
            files.iter_mut().filter(|(file, _)| *file == at.file).for_each(|(_, new)| new.clone_from(&text));
        }
        Ok(Renaming { before: before.arch.address_of(at), after: after.arch.address_of(at), files, lapsed })
    }

    /// Gives something another name in the texts of the session.
    fn renamed(
        &mut self,
        before: &Snapshot,
        (at, new): (ItemRef, &str),
        found: &[Diagnostic],
        today: &str,
    ) -> Result<(), NoRenaming> {
        let mut edits: BTreeMap<FileId, Vec<Edit>> = BTreeMap::new();
        for edit in before.arch.with_name(at, new) {
            edits.entry(edit.span.file).or_default().push(edit);
        }
        for (file, edits) in edits {
            let text = &before.sources.get(file).text;
            let edits: Vec<_> = edits.iter().map(|edit| (edit.span.range, &*edit.text)).collect();
            self.put(before, file, apply_edits(text, &edits))?;
        }
        let written = self.snapshot();
        let text = with_was(&written.arch, at, before.arch.name(at));
        self.put(before, at.file, text.ok_or_else(|| no("the text cannot be edited", "rename it by hand"))?)?;
        let known: FxHashSet<(&str, &str)> = found.iter().map(|one| (&*one.code, &*one.message)).collect();
        // What names it as a word of the language, or in a query, is told with its correction.
        let is_of_name = |finding: &Diagnostic| {
            let mut edits = finding.fixes.first().into_iter().flat_map(|fix| &fix.edits);
            !known.contains(&(&*finding.code, &*finding.message)) && edits.any(|edit| edit.text.contains(new))
        };
        for _ in 0..MOST_ROUNDS {
            let corrected = corrected(&self.snapshot(), today, is_of_name);
            if corrected.is_empty() {
                break;
            }
            for one in corrected {
                self.put(before, one.file, one.text)?;
            }
        }
        Ok(())
    }

    fn put(&mut self, before: &Snapshot, file: FileId, text: String) -> Result<(), NoRenaming> {
        let source = before.sources.get(file);
        if source.is_foreign {
            let message = format!("`{}` names it, and is not of this workspace", source.path);
            return Err(no(message, "rename it there first, with `was`"));
        }
        self.set_text(&source.path, text);
        Ok(())
    }
}

/// What is called so, of whatever kind.
fn named(arch: &Architecture, name: &str) -> Result<ItemRef, NoRenaming> {
    let classes = kinds::classes();
    match arch.resolve_short(name, &classes, &|_| true) {
        Ok(entity) => return Ok(arch.declared_at(entity)),
        Err(NotFound::Several(several)) => {
            let [message, help] = fits_several(arch, name, &several);
            return Err(no(message, help));
        }
        Err(NotFound::Nothing | NotFound::Other(_)) => {}
    }
    let stages = arch.pipelines.iter().flat_map(|pipeline| &pipeline.stages).map(|stage| stage.at);
    let path = name.strip_prefix("step:").unwrap_or(name);
    let has_path = |at: &ItemRef| arch.path_of(*at).is_some_and(|own| own == path) || arch.address_of(*at) == name;
    if let Some(step) = stages.clone().find(has_path) {
        return Ok(step);
    }
    match arch.short_named(path, stages)[..] {
        [] => {}
        [only] => return Ok(only),
        ref several => {
            let paths: Vec<String> = several.iter().filter_map(|at| arch.path_of(*at)).map(Into::into).collect();
            let help = format!("write {}", list_words(paths.iter().map(String::as_str), "or"));
            return Err(no(format!("several steps are called `{path}`"), help));
        }
    }
    let help =
        arch.instead_of(name, &classes, &[]).unwrap_or_else(|| "`groma query any` lists all there is".to_owned());
    Err(no(format!("nothing is called `{name}`"), help))
}

/// The text of the file of something in which `was` says how it was called, besides what it says, but for the name that it has.
fn with_was(arch: &Architecture, at: ItemRef, old: &str) -> Option<String> {
    let own = arch.name(at);
    with_values(arch, at, |had| {
        had.retain(|was| was.string() != own);
        had.push(Value::text(old));
    })
}

/// The same in which it does not say that name.
fn without(arch: &Architecture, at: ItemRef, old: &str) -> Option<String> {
    with_values(arch, at, |had| had.retain(|was| was.string() != old))
}

/// The text of the file of something of which `was` says other names. What it says already stays where it stands.
fn with_values(arch: &Architecture, at: ItemRef, change: impl FnOnce(&mut Vec<Value>)) -> Option<String> {
    let mut document = Document::open(&arch.file(at).text).ok()?;
    let node = document.node_at(arch.item(at).range.start)?;
    let name = facts::WAS.name;
    let had: Vec<Value> = document.values(node, name).into_iter().cloned().collect();
    let mut wanted = had.clone();
    change(&mut wanted);
    let kept = wanted.len() > had.len() && wanted[..had.len()] == had[..];
    if !kept {
        document.remove_fact(node, name).ok()?;
    }
    for was in &wanted[if kept { had.len() } else { 0 }..] {
        match document.says(node, name) {
            true => drop(document.add_fact(node, name, was).ok()?),
            false => document.set_fact(node, name, was).ok()?,
        }
    }
    Some(document.text())
}

/// Fails if anything but a name is another one: if something means something else, or is found that was not there. Tells how many signatures
/// lapse by it.
fn is_the_same(before: &Snapshot, after: &Snapshot, at: ItemRef, today: &str) -> Result<usize, NoRenaming> {
    let told = difference(&before.arch, &after.arch);
    // A signature is called by what was signed.
    let is_signature = |arch: &Architecture, at: ItemRef| arch.item(at).kind.is(&class::SIGNATURE);
    let is_of_signature = |change: &FactChange| change.fact.starts_with(facts::stage::NEEDS_SIGNATURE.name);
    let is_other = |one: &&Changed| {
        let is_set = sets_the_same(&after.arch, one);
        let is_known =
            |change: &FactChange| is_of_signature(change) || is_set && change.fact == facts::option::SET.name;
        let says_other = !one.facts.iter().all(is_known);
        let is_named_anew = one.after != at && one.facts.is_empty();
        (says_other || is_named_anew) && !is_signature(&after.arch, one.after)
    };
    let changed = told.changed.iter().filter(is_other).map(|one| one.address.clone());
    let came = told.added.iter().filter(|thing| !is_signature(&after.arch, thing.at));
    let went = told.removed.iter().filter(|thing| !is_signature(&before.arch, thing.at));
    let others: Vec<String> = changed.chain(came.chain(went).map(|thing| thing.address.clone())).collect();
    if let Some(first) = others.first() {
        let all = counted(others.len(), "thing");
        let message =
            format!("{all} would no longer say the same, such as `{first}`, as the name means something else there");
        let new = after.arch.name(at);
        let others = before.arch.item_refs().filter(|one| before.arch.path_of(*one).is_some());
        let mut had = others.filter(|one| before.arch.name(*one) == new).map(|one| before.arch.address_of(one));
        let help = match had.next() {
            Some(other) => format!("choose a name that nothing else has: `{other}` has this one"),
            None => "choose a name that nothing else has".to_owned(),
        };
        return Err(no(message, help));
    }
    if let Some(at) = other_selection(before, after, &told, today) {
        let message = format!("a query of {} would select something else", before.arch.address_of(at));
        return Err(no(message, "name in that query what it is to select, or choose a name that it selects as well"));
    }
    // Read as a list of before, it is known by the names of after.
    let known = before.findings(today);
    let list = Baseline::of(before, &known).text();
    let list = Baseline::read(after, &list).map_err(|why| no(why.message, why.help))?;
    let mut findings = list.apply(after, after.findings(today)).left;
    // What was wrong in a line in which the new name stands is wrong there still.
    let told = |finding: &Diagnostic| (finding.code.clone(), finding.message.clone(), finding.primary.span.file);
    let mut counts: HashMap<_, usize> = HashMap::new();
    known.iter().for_each(|finding| *counts.entry(told(finding)).or_default() += 1);
    let mut was_there = |finding: &Diagnostic| {
        let count = counts.get_mut(&told(finding)).filter(|count| **count > 0);
        count.is_some_and(|count| {
            *count -= 1;
            true
        })
    };
    findings.retain(|finding| finding.severity == Severity::Error && !was_there(finding));
    let lapses = |finding: &Diagnostic| OF_SIGNATURES.contains(&&*finding.code);
    let lapsed = findings.iter().filter(|finding| finding.code == LAPSED).count();
    if findings.iter().all(lapses) {
        return Ok(lapsed);
    }
    let message = format!("{} would come of it", counted(findings.len(), "error"));
    Err(NoRenaming { findings, ..no(message, "choose another name, or write the new one there first") })
}

/// Whether an option sets what it set before, by the names of today: these are texts that name things.
fn sets_the_same(arch: &Architecture, option: &Changed) -> bool {
    let sets = || option.facts.iter().filter(|change| change.fact == facts::option::SET.name);
    let bare = |written: &String| written.trim_matches('"').to_owned();
    let today = |words: String| in_names_of_today(arch, &words).unwrap_or(words);
    let mut before: Vec<String> =
        sets().filter_map(|change| change.before.as_ref()).map(|old| today(bare(old))).collect();
    let mut after: Vec<String> = sets().filter_map(|change| change.after.as_ref()).map(bare).collect();
    before.sort_unstable();
    after.sort_unstable();
    before == after
}

/// What has a query that selects something else than before, if anything has one.
fn other_selection(before: &Snapshot, after: &Snapshot, told: &Difference, today: &str) -> Option<ItemRef> {
    let is_other = |at: &ItemRef| {
        let Some(now) = told.after_of(*at) else { return false };
        let (old, new) = (selected(&before.arch, *at, today), selected(&after.arch, now, today));
        let are_others = |(old, new): (Vec<ItemRef>, Vec<ItemRef>)| {
            let old: FxHashSet<Option<ItemRef>> = old.into_iter().map(|at| told.after_of(at)).collect();
            old != new.into_iter().map(Some).collect()
        };
        // What cannot be asked is found as such.
        old.into_iter().zip(new).filter_map(|(old, new)| Some((old?, new?))).any(are_others)
    };
    before.arch.item_refs().find(is_other)
}

/// What each query that is given of something selects, if it can be asked.
fn selected(arch: &Architecture, at: ItemRef, today: &str) -> Vec<Option<Vec<ItemRef>>> {
    let applies = arch.text(at, &facts::standard::APPLIES);
    let given = arch.file(at).facts_of(arch.item(at)).iter().filter(|fact| fact.fact.ty == Type::Query);
    let asked = |text: &str| Query::parse(text).and_then(|query| query.things(arch, &Answers::on(today))).ok();
    let each = given.map(|fact| match (applies, arch.words(at, fact)) {
        // What must hold is asked of what the standard applies to.
        (Some(applies), words) if *fact.fact == facts::standard::MUST => asked(&format!("({applies}) and ({words})")),
        (_, words) => asked(words),
    });
    each.collect()
}

fn no(message: impl Into<String>, help: impl Into<String>) -> NoRenaming {
    NoRenaming { message: message.into(), help: help.into(), findings: Vec::new() }
}

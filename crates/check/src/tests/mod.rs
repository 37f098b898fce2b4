//! The pages of the rules are their tests.

mod order;
mod pages;
mod reach;
pub(crate) mod sites;

use crate::{Block, RULES, SYNTAX, check};
use groma_base::{Diagnostic, FileId, Source, Span};
use groma_keys::KnownKeys;
use groma_model::decode::{FileModel, decode_with};
use groma_model::facets::decisions::{Known, names_of, of_record};
use groma_model::facets::own_facts::OwnFacts;
use groma_model::signers::Signers;
use groma_model::{Architecture, Trace, Traces, link};
use groma_records::{Family, FindingKind, Record, folder};
use std::sync::Arc;

/// The day on which the pages are true.
const TODAY: &str = "2026-01-01";

/// A block of a page, read.
struct Workspace {
    sources: Vec<Source>,
    models: Vec<Arc<FileModel>>,
    traces: Traces,
    /// What is wrong with the texts as such.
    errors: Vec<Diagnostic>,
}

impl Workspace {
    fn new(block: &Block) -> Workspace {
        let (records, texts): (Vec<_>, Vec<_>) = block.files.iter().partition(|(name, _)| name.ends_with(".csv"));
        let sources: Vec<Source> = texts.iter().map(|(name, text)| Source::new(*name, text.as_str())).collect();
        let files = (0..sources.len() as u32).map(FileId);
        let traces =
            files.flat_map(|file| records.iter().map(move |(name, text)| ((file, (*name).into()), trace(text))));
        let mut workspace = Workspace { models: Vec::new(), traces: traces.collect(), errors: Vec::new(), sources };
        workspace.read(&OwnFacts::default());
        let own_facts = OwnFacts::declared(workspace.models.iter());
        if !own_facts.is_empty() {
            workspace.read(&own_facts);
        }
        workspace
    }

    fn read(&mut self, own_facts: &OwnFacts) {
        self.models.clear();
        self.errors.clear();
        for at in 0..self.sources.len() {
            let (file, source) = (FileId(at as u32), &self.sources[at]);
            let (model, errors) = match source.path.ends_with(".md") {
                true => (self.record(file), Vec::new()),
                false => read(file, &source.text, own_facts),
            };
            self.models.push(Arc::new(model.at_path(&self.sources[at].published)));
            self.errors.extend(errors);
        }
    }

    /// A decision record or a request for comments, which lies in one folder with all others of its family.
    fn record(&self, file: FileId) -> FileModel {
        let family_of = |source: &Source| if source.path.contains("rfcs/") { Family::Rfc } else { Family::Decision };
        let family = family_of(&self.sources[file.index()]);
        let is_record = |source: &&Source| source.path.ends_with(".md") && family_of(source) == family;
        let read = |source: &Source| Record::read_as(family, &source.path, source.text.as_bytes());
        let all: Vec<Record> = self.sources.iter().filter(is_record).map(read).collect();
        let nth = self.sources[..file.index()].iter().filter(is_record).count();
        let naming = &names_of(family, &[("docs/decisions", all.iter().collect())])[0][nth];
        let mut found = all[nth].findings.clone();
        found.extend(folder::findings(&all).swap_remove(nth));
        // What lies in another folder is not missing here, and is that of the other family.
        found.retain(|one| one.kind != FindingKind::MissingRecord || !one.message.contains("../"));
        let is_other = |source: &&Source| source.path.ends_with(".md") && family_of(source) != family;
        let others: Vec<&Source> = self.sources.iter().filter(is_other).collect();
        let link = |link: &groma_records::Link| {
            let name = link.target.rsplit('/').next()?;
            others.iter().find(|other| other.path.ends_with(name))?;
            Some((folder::number_of(name)?.to_string().into(), link.range))
        };
        let linked: Vec<_> = all[nth].links.iter().flatten().filter_map(link).collect();
        let known = Known { family, naming, findings: &found, linked: &linked };
        of_record(file, self.sources[file.index()].text.clone(), &all[nth], known)
    }

    fn link(&self) -> (Architecture, Vec<Diagnostic>) {
        let (mut arch, unresolved) = link(self.models.clone());
        arch.traces = Arc::new(self.traces.clone());
        arch.signers = Signers::new(KnownKeys::default());
        (arch, unresolved)
    }

    /// What `groma check` finds, each with the number of its file and of its line, from 1 on.
    fn findings(&self) -> Vec<(Place, Diagnostic)> {
        let (arch, unresolved) = self.link();
        let found = check(&arch, self.problems(unresolved), TODAY);
        found.into_iter().map(|finding| (self.place(finding.primary.span), finding)).collect()
    }

    /// What is wrong with the texts, and the names in them that mean nothing.
    fn problems(&self, unresolved: Vec<Diagnostic>) -> Vec<Diagnostic> {
        let of_models = self.models.iter().flat_map(|model| &model.problems);
        self.errors.iter().chain(of_models).cloned().chain(unresolved).collect()
    }

    fn place(&self, span: Span) -> Place {
        let file = span.file.0 as usize;
        (file, self.sources[file].line_column(span.range.start).line as usize)
    }
}

/// A file and a line in it.
type Place = (usize, usize);

fn read(file: FileId, text: &Arc<str>, own_facts: &OwnFacts) -> (FileModel, Vec<Diagnostic>) {
    let (tree, errors) = groma_syntax::parse(text.clone());
    let told = |error: groma_syntax::SyntaxError| {
        Diagnostic::error(SYNTAX, Span::new(file, error.range), error.message).help(error.help)
    };
    (decode_with(file, &tree, own_facts), errors.into_iter().map(told).collect())
}

/// Recorded arrivals, each a line with the second and the name of the flow.
fn trace(text: &str) -> Arc<Trace> {
    let mut flows: Vec<Box<str>> = Vec::new();
    let mut arrivals = Vec::new();
    for (second, flow) in text.lines().filter_map(|line| line.split_once(',')) {
        let known = flows.iter().position(|known| **known == *flow);
        let at = known.unwrap_or_else(|| {
            flows.push(flow.into());
            flows.len() - 1
        });
        arrivals.push((second.parse().unwrap(), Some(at as u32)));
    }
    Arc::new(Trace::new(arrivals, flows))
}

/// All blocks of all pages, with the names of their rules.
fn blocks() -> impl Iterator<Item = (&'static str, Block)> {
    RULES.iter().flat_map(|rule| rule.blocks().into_iter().map(|block| (rule.name, block)))
}

/// The declarations at the top of a text, each with what it holds.
fn declarations(text: &str) -> Vec<String> {
    let (mut found, mut depth) = (vec![String::new()], 0);
    for line in text.lines() {
        let last = found.len() - 1;
        found[last] += &format!("{line}\n");
        depth += line.matches('{').count();
        depth -= line.matches('}').count();
        if depth == 0 && !line.trim_start().starts_with("//") {
            found.push(String::new());
        }
    }
    found.retain(|one| !one.is_empty());
    found
}

#[test]
fn a_rule_is_found_under_its_older_names_which_are_those_of_no_rule() {
    for (old, new) in crate::ALIASES {
        assert_eq!(crate::rule(old).map(|rule| rule.name), Some(*new), "{old}");
        assert!(RULES.iter().all(|rule| rule.name != *old), "{old}");
        assert!(RULES.iter().any(|rule| rule.name == *new), "{new}");
    }
    assert!(crate::ALIASES.is_sorted(), "in the order of the alphabet");
}

#[test]
fn an_older_name_suppresses_and_sets_what_the_rule_of_today_finds() {
    let text =
        "person u \"U\" description=\"Asks.\"\nsystem s \"S\" owner=team description=\"Answers.\"\nu -> s \"Asks\"\n";
    let found = |more: &str| {
        let text = format!("{text}{more}");
        let block = Block { finds: true, files: vec![("main.groma", text)] };
        let found = Workspace::new(&block).findings();
        found
            .into_iter()
            .map(|(_, finding)| finding.code)
            .filter(|code| *code != "missing-technology")
            .collect::<Vec<_>>()
    };
    let wrong = "flow ask \"Ask\" { u -> s \"Ask\" time=300ms distribution=uniform cv=2";
    assert_eq!(found(&format!("{wrong} }}\n")), ["impossible-distribution"]);
    let allow = "allow impossible-law owner=team reason=\"known\" expires=2099-01-01";
    assert_eq!(found(&format!("{allow}\n{wrong} }}\n")), [] as [&str; 0]);
    assert_eq!(
        found(&format!("workspace w \"W\" {{ rule impossible-law severity=off; }}\n{wrong} }}\n")),
        [] as [&str; 0]
    );
}

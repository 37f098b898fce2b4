//! From the bytes of a file to a [`Record`].

mod body;
mod dating;
mod dialects;
mod header;
mod people;
pub(crate) mod rfc;
mod scores;
mod standing;
mod titles;

use crate::bytes;
use crate::document::{Document, Head, Kind, build, heads};
use crate::family::Family;
use crate::finding::{Finding, FindingKind};
use crate::front_matter::{self, FrontMatter};
use crate::numbers;
use crate::record::{Dialect, Fact, Link, Record, Said, Section};
use groma_base::Range;
pub(crate) use header::{Header, Spot};

/// A record with what an edit has to know of how it is written.
pub(crate) struct Reading {
    pub(crate) family: Family,
    pub(crate) record: Record,
    /// What the header says, and where.
    pub(crate) header: Header,
    pub(crate) document: Document,
    pub(crate) heads: Vec<Head>,
    pub(crate) front: Option<FrontMatter>,
    /// The heading that is the title.
    pub(crate) title: Option<usize>,
}

impl Record {
    /// Reads the record of a decision by its path and bytes. It never fails: what cannot be read is told by the record's findings.
    pub fn read(path: &str, bytes: impl AsRef<[u8]>) -> Record {
        Record::read_as(Family::Decision, path, bytes)
    }

    /// Reads a record of a family by its path and bytes. It never fails: what cannot be read is told by the record's findings.
    pub fn read_as(family: Family, path: &str, bytes: impl AsRef<[u8]>) -> Record {
        let bytes = bytes.as_ref();
        let mut findings = Vec::new();
        match bytes::text_of(bytes, &mut findings) {
            Some(text) => reading(family, path, &text, findings).record,
            None => unread(path, findings),
        }
    }
}

/// The name of a file in a path.
fn name_of(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

fn unread(path: &str, findings: Vec<Finding>) -> Record {
    let file = name_of(path);
    let mut record = Record::unread(file, Dialect::Other);
    record.number = numbers::of_name(file).map(|(number, _)| Said::new(number, Range::default()));
    record.findings = findings;
    record
}

/// Reads a text of the length of the file.
pub(crate) fn reading(family: Family, path: &str, text: &str, mut findings: Vec<Finding>) -> Reading {
    let file = name_of(path);
    let start = if text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
    if is_ascii_doc(file, &text[start..]) {
        return ascii_doc(family, file, text, findings);
    }
    let front = front_matter::read(text, start, &mut findings);
    let from = front.as_ref().map_or(start, |front| front.end);
    let document = build(text, from);
    let mut heads = heads(&document);
    if family == Family::Rfc {
        rfc::name_parts(&document, &mut heads);
    }
    let mut reading = Reading {
        family,
        record: Record::unread(file, Dialect::Other),
        header: Header::default(),
        document,
        heads,
        front,
        title: None,
    };
    reading.record.findings = findings;
    reading.fill(text, from);
    reading
}

/// How the finding of such a mark begins.
pub const STILL_TO_BE_SAID: &str = "it is still to be said";

/// What such a mark begins with.
const MARK: &str = "{to be said:";

impl Reading {
    fn fill(&mut self, text: &str, from: usize) {
        self.swallowed();
        self.record.links = Some(self.links());
        self.record.sections = self.sections();
        self.title = titles::read(self, text);
        self.header = header::read(self, text);
        self.record.is_template = numbers::is_template_name(&self.record.file);
        standing::read(self, text);
        dating::read(self, text);
        people::read(self, text);
        body::read(self);
        self.marks();
        self.record.facts = self.facts();
        match self.family {
            Family::Decision => self.record.came_of = rfc::came_of(self),
            Family::Rfc => rfc::read(self, text),
        }
        self.record.dialect = dialects::of(self, text);
        self.told_once(text, from);
    }

    /// The marks of what a person is still to say: `{to be said: how it is made sure that it is kept}`.
    fn marks(&mut self) {
        for block in &self.document.blocks {
            let text = self.document.text(block.words);
            let Some(start) = text.find(MARK) else { continue };
            let end = text[start..].find('}').map_or(text.len(), |end| start + end + 1);
            let what = text[start + MARK.len()..end].trim_end_matches('}').trim();
            let what = what.split_whitespace().collect::<Vec<_>>().join(" ");
            let range = self.document.range(block.words.part(start, end));
            let message = format!("{STILL_TO_BE_SAID} {what}");
            self.record.findings.push(Finding::new(FindingKind::ToBeSaid, range, message));
        }
    }

    /// What a fence or a comment without end swallows is told.
    fn swallowed(&mut self) {
        let fence = self
            .document
            .open_fence
            .map(|at| (FindingKind::UnclosedFence, at, "a code fence that is never closed: all that follows is code"));
        let comment = self.document.open_comment.map(|at| {
            (FindingKind::UnclosedComment, at, "a comment that is never closed by `-->`: all that follows is hidden")
        });
        for (kind, range, message) in fence.into_iter().chain(comment) {
            self.record.findings.push(Finding::new(kind, range, message));
        }
    }

    fn links(&self) -> Vec<Link> {
        let link = |anchor: &crate::document::Anchor| Link {
            text: self.document.reads(anchor.words),
            target: anchor.target.clone(),
            range: anchor.range,
        };
        let mut links: Vec<Link> = self.document.links.iter().map(link).collect();
        // In the order of the text: a picture that is a link stands in one.
        links.sort_by_key(|link| link.range.start);
        links
    }

    fn sections(&self) -> Vec<Section> {
        let section = |head: &Head| {
            let block = &self.document.blocks[head.block];
            let last =
                self.document.blocks.get(head.end.saturating_sub(1)).map_or(block.range.end, |last| last.range.end);
            let title = self.document.reads(block.words);
            let range = Range::new(block.range.start, last.max(block.range.end));
            Section { title, level: head.level, part: head.part, range }
        };
        self.heads.iter().map(section).collect()
    }

    /// The facts of the header that no field holds.
    fn facts(&self) -> Vec<Fact> {
        let others = self.header.spots.iter().filter(|spot| header::is_fact(spot.part));
        let fact = |spot: &Spot| {
            let value: Vec<String> = spot.phrases.iter().map(crate::phrase::Phrase::reads).collect();
            (!value.is_empty()).then(|| Fact { key: spot.key.clone(), value: Said::new(value.join(", "), spot.range) })
        };
        others.filter_map(fact).collect()
    }

    /// One mistake is one finding: what is empty, a picture or a template lacks nothing else.
    fn told_once(&mut self, text: &str, from: usize) {
        let whole = Range::new(0, text.len() as u32);
        let is_blank = text[from..].trim_start_matches('\u{FEFF}').trim().is_empty();
        let is_silent = self
            .document
            .blocks
            .iter()
            .all(|block| block.words.is_empty() && !matches!(block.kind, Kind::Code | Kind::Html));
        let only = |record: &mut Record, kind, message: &str, keep: &[FindingKind]| {
            record.findings.retain(|finding| keep.contains(&finding.kind));
            record.findings.insert(0, Finding::new(kind, whole, message));
        };
        use FindingKind as Kind1;
        if self.record.is_template {
            let status_text = self.record.status_text.take();
            let blank = Record::unread(&self.record.file, self.record.dialect);
            let (links, sections) = (self.record.links.take(), std::mem::take(&mut self.record.sections));
            self.record = Record { is_template: true, status_text, links, sections, ..blank };
            only(&mut self.record, Kind1::Template, "a template by its name: it is no record", &[]);
        } else if is_blank && self.front.is_none() {
            only(&mut self.record, Kind1::EmptyRecord, "nothing but blanks: a record has a title and a status", &[]);
        } else if is_blank {
            let lacks = [Kind1::NoTitle, Kind1::NoStatus];
            self.record.findings.retain(|finding| !lacks.contains(&finding.kind));
            let message = "nothing stands below the front matter";
            self.record.findings.push(Finding::new(Kind1::OnlyFrontMatter, whole, message));
        } else if is_silent && self.document.pictures > 0 {
            self.record
                .findings
                .insert(0, Finding::new(Kind1::OnlyImage, whole, "only an image: what it shows, no tool can read"));
        }
    }
}

fn is_ascii_doc(file: &str, text: &str) -> bool {
    let ending = file.rsplit_once('.').map_or("", |(_, ending)| ending);
    if ["adoc", "asciidoc", "asc"].iter().any(|known| known.eq_ignore_ascii_case(ending)) {
        return true;
    }
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    lines.next().is_some_and(|first| first.starts_with("= "))
        && lines.any(|line| line.starts_with("== ") || line.starts_with(':'))
}

fn ascii_doc(family: Family, file: &str, text: &str, mut findings: Vec<Finding>) -> Reading {
    let mut record = Record::unread(file, Dialect::AsciiDoc);
    record.number = numbers::of_name(file).map(|(number, _)| Said::new(number, Range::default()));
    let whole = Range::new(0, text.len() as u32);
    findings.push(Finding::new(FindingKind::AsciiDoc, whole, "AsciiDoc is named and not read: records are Markdown"));
    record.findings = findings;
    Reading {
        family,
        record,
        header: Header::default(),
        document: Document::default(),
        heads: Vec::new(),
        front: None,
        title: None,
    }
}

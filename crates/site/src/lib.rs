//! A workspace as a static site: it opens from disk, reads without JavaScript, and prints. The files come
//! back in memory; who writes them is not decided here.

mod choices;
mod decisions;
mod elements;
mod environments;
mod exceptions;
mod findings;
mod flows;
mod forecast;
mod header;
mod links;
mod loads;
mod markdown;
mod menu;
mod page;
mod people;
mod policy;
mod radar;
mod reasons;
mod records;
mod rfcs;
mod search;
mod signatures;
mod standards;
mod technologies;
mod views;
mod words;

pub use radar::alone as radar_page;

use crate::menu::Whole;
use groma_base::{Diagnostic, shared_out};
use groma_model::kinds::class;
use groma_model::signing::{Needed, Signatures, needed};
use groma_model::stack::{Known, Technologies};
use groma_model::standards_met::{Scope, scopes, together};
use groma_model::{Architecture, ElementId, Entity, FlowId, ItemRef, Record, facts};
use groma_session::{Checked, Refusal, Snapshot, Suppressed};
use groma_simulate::Report;
use groma_view::{Diagram, Spec, declared_and_default};
use std::collections::{HashMap, HashSet};

/// A file of the site.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SiteFile {
    /// Its path in the site, with `/`.
    pub path: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// What is found in a workspace on a day.
#[derive(Clone, Copy, Debug)]
pub struct Found<'a> {
    /// The findings, and those that an `allow` suppresses.
    pub checked: &'a Checked,
    /// Those that a baseline spares, which are not among the findings.
    pub spared: &'a [Diagnostic],
    /// The day, `YYYY-MM-DD`.
    pub today: &'a str,
}

/// Everything that pages are made from.
pub(crate) struct Site<'a> {
    pub(crate) snapshot: &'a Snapshot,
    pub(crate) arch: &'a Architecture,
    pub(crate) findings: &'a [Diagnostic],
    pub(crate) suppressed: &'a [Suppressed],
    pub(crate) spared: &'a [Diagnostic],
    /// The day of the build, `YYYY-MM-DD`.
    pub(crate) today: &'a str,
    /// What is predicted, or why nothing is, if that was asked for and there is something to predict.
    pub(crate) forecast: Option<Result<&'a Report, &'a Refusal>>,
    pub(crate) specs: Vec<Spec>,
    /// The elements that each view shows as boxes.
    pub(crate) shown: Vec<HashSet<ElementId>>,
    pub(crate) technologies: Technologies<'a>,
    element_files: Vec<String>,
    view_files: Vec<String>,
    flow_files: Vec<String>,
    /// The id of the row of each technology that something names.
    technology_ids: HashMap<Known, String>,
    /// The id of each record in the page that it stands on.
    record_ids: HashMap<ItemRef, String>,
    /// The decision or request for comments that each record in Markdown is, by its path.
    by_path: HashMap<String, ItemRef>,
    /// Who signed what.
    pub(crate) signatures: Signatures<'a>,
    /// What the steps of pipelines need to be signed.
    pub(crate) needed: Vec<Needed<'a>>,
    /// What each standard is about, if it says that; in the order of the text.
    standards: Vec<(ItemRef, Option<Scope>)>,
    /// The requirements and qualities that each element or flow is there for, in the order of the text.
    reasons: HashMap<Entity, Vec<ItemRef>>,
}

/// Makes the site of a workspace as it is on a day on which this is found, with its forecast or why there is none, if it
/// was to be forecast. Where there is nothing to judge, that gets no page.
pub fn build(snapshot: &Snapshot, found: Found<'_>, forecast: Option<&Result<Report, Refusal>>) -> Vec<SiteFile> {
    let arch = &snapshot.arch;
    let judges = |forecast: &Result<&Report, &Refusal>| match forecast {
        Ok(report) => !report.judgements.is_empty(),
        Err(_) => asks_for_verdicts(arch),
    };
    let specs = declared_and_default(arch);
    let boxes = |at: usize| -> HashSet<ElementId> {
        let diagram = views::caught(|| Diagram::new(arch, &specs[at]));
        diagram.iter().flat_map(Diagram::parts).filter_map(|part| part.element).collect()
    };
    let technologies = Technologies::new(arch);
    let signatures = Signatures::on(arch, found.today);
    let site = Site {
        shown: shared_out(specs.len(), processors(), boxes),
        snapshot,
        arch,
        findings: &found.checked.findings,
        suppressed: &found.checked.suppressed,
        spared: found.spared,
        today: found.today,
        technology_ids: technology_ids(&technologies),
        technologies,
        forecast: forecast.map(Result::as_ref).filter(judges),
        element_files: file_names(arch.elements.iter().map(|element| element.path.to_string())),
        view_files: file_names(specs.iter().map(|spec| spec.id.clone())),
        flow_files: file_names(arch.flows.iter().map(|flow| arch.name(flow.at).to_owned())),
        record_ids: record_ids(arch),
        by_path: decisions::by_path(snapshot),
        needed: needed(arch, &signatures),
        signatures,
        standards: standards(arch, found.today),
        reasons: reasons_of_all(arch),
        specs,
    };
    let mut files = pages_of_all(&site);
    for id in arch.element_ids() {
        files.push(text(&site.element_file(id), &elements::page(&site, id)));
    }
    for record in arch.records_of(&class::DECISION) {
        files.push(text(&site.record_address(record.at), &decisions::page_of_one(&site, record.at)));
    }
    for record in arch.records_of(&class::RFC) {
        files.push(text(&site.record_address(record.at), &rfcs::page_of_one(&site, record.at)));
    }
    for at in arch.flows.ids() {
        files.push(text(&site.flow_file(at), &flows::page_file(&site, at)));
    }
    files.extend(shared_out(site.specs.len(), processors(), |at| views::files(&site, at)).into_iter().flatten());
    files
}

/// The pages that are about all of the workspace.
fn pages_of_all(site: &Site<'_>) -> Vec<SiteFile> {
    let mut files = vec![
        text("style.css", &style()),
        text("site.js", include_str!("../assets/site.js")),
        text("search.js", &search::index(site)),
    ];
    files.extend(menu::pages(site).into_iter().map(|page| text(page.file(), &made(site, page))));
    files
}

/// A page about all of the workspace.
fn made(site: &Site<'_>, page: Whole) -> String {
    match page {
        Whole::Overview => reasons::overview(site),
        Whole::Views => views::index(site),
        Whole::Elements => elements::index(site),
        Whole::Flows => flows::index(site),
        Whole::Requirements => reasons::requirements(site),
        Whole::Constraints => reasons::constraints(site),
        Whole::Decisions => decisions::page_file(site),
        Whole::Rfcs => rfcs::page_file(site),
        Whole::Choices => choices::page_file(site),
        Whole::Signatures => signatures::page_file(site),
        Whole::People => people::page_file(site),
        Whole::Glossary => words::glossary(site),
        Whole::Technologies => technologies::page_file(site),
        Whole::Radar => radar::page_file(site),
        Whole::Standards => standards::page_file(site),
        Whole::Kits => words::kits(site),
        Whole::Environments => environments::page_file(site),
        Whole::Loads => loads::page_file(site),
        Whole::Forecast => forecast::page_file(site),
        Whole::Findings => findings::page_file(site),
        Whole::Exceptions => exceptions::page_file(site),
    }
}

/// What each element or flow is there for: it or a part of it meets a requirement, or a quality is measured on it.
fn reasons_of_all(arch: &Architecture) -> HashMap<Entity, Vec<ItemRef>> {
    let mut reasons: HashMap<Entity, Vec<ItemRef>> = HashMap::new();
    for record in &arch.records {
        let (elements, flows) = arch.measured_on(record.at);
        let mut concerned = arch.realizers(record.at);
        concerned.extend(elements.into_iter().map(Entity::Element));
        concerned.extend(flows.into_iter().map(Entity::Flow));
        let around = |entity: Entity| match entity {
            Entity::Element(id) => arch.ancestors(id).skip(1).map(Entity::Element).collect(),
            _ => Vec::new(),
        };
        concerned.extend(concerned.clone().into_iter().flat_map(around));
        concerned.sort_unstable();
        concerned.dedup();
        concerned.into_iter().for_each(|entity| reasons.entry(entity).or_default().push(record.at));
    }
    reasons
}

/// What each standard is about on a day, in the order of the text.
fn standards(arch: &Architecture, today: &str) -> Vec<(ItemRef, Option<Scope>)> {
    let alike = together(arch, arch.records_of(&class::STANDARD).map(|record| record.at));
    let scopes = alike.iter().flat_map(|alike| scopes(arch, alike, today)).collect::<Vec<_>>();
    let mut all: Vec<(ItemRef, Option<Scope>)> = alike.into_iter().flatten().zip(scopes).collect();
    all.sort_by_key(|(at, _)| *at);
    all
}

/// Whether anything is written that verdicts could be about, perhaps with mistakes.
fn asks_for_verdicts(arch: &Architecture) -> bool {
    let has = |role, fact| arch.records_of(role).any(|record| arch.fact(record.at, fact).is_some());
    has(&class::QUALITY, &facts::quality::REQUIRE)
        || has(&class::LOAD, &facts::load::THRESHOLD)
        || has(&class::FAILURE, &facts::failure::EXPECT)
}

/// As many threads make pages as there are processors.
fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// The style sheet, with a class for each width in per cent: a page's policy allows no style of an element's own.
/// A width is a share of what is around it, as `.gauge` has it; only in `.times` the widths share what the others leave.
fn style() -> String {
    let widths = (0..=100).map(|share| format!(".w{share}{{width:{share}%}} .times .w{share}{{flex-grow:{share}}}\n"));
    widths.fold(include_str!("../assets/style.css").to_owned(), |style, width| style + &width)
}

fn text(path: &str, content: &str) -> SiteFile {
    SiteFile { path: path.to_owned(), bytes: content.as_bytes().to_vec() }
}

/// File systems take names of 255 bytes; this leaves room for a number and an ending.
const LONGEST_NAME: usize = 120;

/// File names that differ even where letters' case does not count.
pub fn file_names(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut taken = HashSet::new();
    names
        .map(|name| {
            let safe: String = name
                .chars()
                .map(|c| if c.is_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '-' })
                .collect();
            // What begins with a point is hidden, and not served by most servers.
            let safe = safe.trim_start_matches('.');
            let short = safe.floor_char_boundary(LONGEST_NAME);
            let base = if safe.is_empty() { "unnamed".to_owned() } else { safe[..short].to_owned() };
            let mut candidate = base.clone();
            let mut number = 2;
            while !taken.insert(candidate.to_lowercase()) {
                candidate = format!("{base}-{number}");
                number += 1;
            }
            candidate
        })
        .collect()
}

/// An id for the row of each technology that something names. No record has one with such a sign.
fn technology_ids(technologies: &Technologies<'_>) -> HashMap<Known, String> {
    let arch = technologies.architecture();
    let mut named: Vec<Known> = arch
        .item_refs()
        .flat_map(|at| technologies.of(at).filter_map(|named| named.known).collect::<Vec<_>>())
        .collect();
    let mut seen = HashSet::new();
    named.retain(|known| seen.insert(*known));
    let ids = file_names(named.iter().map(|known| technologies.title(*known).to_lowercase()));
    named.into_iter().zip(ids.into_iter().map(|id| format!("row~{id}"))).collect()
}

/// An id for each record that nothing else on its page has: a load and a failure may have one name.
fn record_ids(arch: &Architecture) -> HashMap<ItemRef, String> {
    let taken = records::IDS_OF_PAGES;
    // Decisions and requests for comments have the same numbers.
    let name = |record: &Record| match (record.class == &class::RFC, arch.name(record.at)) {
        (true, name) if name.bytes().all(|byte| byte.is_ascii_digit()) => format!("rfc-{name}"),
        (_, name) => name.to_owned(),
    };
    let ids = file_names(taken.into_iter().map(str::to_owned).chain(arch.records.iter().map(name)));
    arch.records.iter().map(|record| record.at).zip(ids.into_iter().skip(taken.len())).collect()
}

impl Site<'_> {
    /// Every exception that is written.
    fn exceptions(&self) -> impl Iterator<Item = ItemRef> + '_ {
        self.arch.item_refs().filter(|at| self.arch.item(*at).kind.is(&class::ALLOW))
    }

    pub(crate) fn element_file(&self, id: ElementId) -> String {
        format!("element/{}.html", self.element_files[id.index()])
    }

    /// The requirements and qualities that something is there for.
    pub(crate) fn reasons(&self, entity: Entity) -> &[ItemRef] {
        self.reasons.get(&entity).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn view_file(&self, at: usize) -> String {
        format!("view/{}.html", self.view_files[at])
    }

    pub(crate) fn picture_file(&self, at: usize) -> String {
        format!("view/{}.svg", self.view_files[at])
    }

    pub(crate) fn flow_file(&self, id: FlowId) -> String {
        format!("flow/{}.html", self.flow_files[id.index()])
    }
}

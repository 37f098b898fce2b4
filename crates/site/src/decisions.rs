//! The decisions: the log, when each was taken, and a page for each with all that its record says.

use crate::Site;
use crate::choices::choices_behind;
use crate::findings::finding_group;
use crate::header::said_above;
use crate::links::{entity_link, record_link};
use crate::markdown::{Leads, rendered};
use crate::menu::Whole;
use crate::page::{count, heading, page};
use crate::records::fact_list;
use crate::signatures::signatures_of;
use crate::views::thumbs;
use groma_base::Diagnostic;
use groma_model::facts;
use groma_model::facts::decision::{self, Status};
use groma_model::kinds::class::{DECISION, RECORDED};
use groma_model::schema::Fact;
use groma_model::{ElementId, Entity, FlowId, ItemRef, RelationId};
use groma_session::Snapshot;
use groma_view::Show;
use maud::{Markup, html};
use std::collections::{BTreeMap, HashMap};

pub(crate) fn page_file(site: &Site<'_>) -> String {
    let all: Vec<ItemRef> = site.arch.records_of(&DECISION).map(|record| record.at).collect();
    let owed = site.findings.iter().filter(|finding| finding.code == "owed-decision").count();
    let body = html! {
        h1 { "Decisions" }
        p.lead { "What was decided, what it is about, and what took its place." }
        p { (states(site, &all)) @if owed > 0 { "; " a href="findings.html" { (count(owed, "decision is", "decisions are")) " owed" } } }
        @for at in (0..site.specs.len()).filter(|at| site.specs[*at].show == Show::Decisions) {
            p { a href=(site.view_file(at)) { (site.specs[at].title) } ": each with what it is about, as a picture" }
        }
        (log(site, &all))
        (timeline(site, &all))
    };
    page(site, "Decisions", "", Whole::Decisions, body)
}

/// How many there are in each state: `5 accepted, 1 proposed`.
fn states(site: &Site<'_>, all: &[ItemRef]) -> String {
    let known = Status::ALL.iter().map(|status| (status.word(), Some(*status)));
    let counted = known.chain([("of unknown status", None)]).filter_map(|(word, status)| {
        let number = all.iter().filter(|at| site.arch.choice::<Status>(**at) == status).count();
        (number > 0).then(|| format!("{number} {word}"))
    });
    counted.collect::<Vec<_>>().join(", ")
}

fn log(site: &Site<'_>, all: &[ItemRef]) -> Markup {
    html! {
        table {
            thead { tr { th { "Decision" } th { "Title" } th { "Status" } th { "Date" } th { "Is about" } th { "Replaced by" } } }
            tbody {
                @for at in all {
                    tr id=(site.record_id(*at)) {
                        td { (site.arch.name(*at)) }
                        td { (record_link(site, *at, "")) }
                        td { (status(site, *at)) }
                        td.date { (site.arch.text(*at, &decision::DATE).unwrap_or_default()) }
                        td { (things(site, *at, "")) }
                        td { @for next in site.arch.successors(*at) { p { (record_link(site, next, "")) } } }
                    }
                }
            }
        }
    }
}

/// The state in its word; what is not in force is told by more than a colour.
pub(crate) fn status(site: &Site<'_>, at: ItemRef) -> Markup {
    match site.arch.choice::<Status>(at) {
        Some(Status::Accepted) => html! { span.holds { "accepted" } },
        Some(status) => html! { span.note { (status.word()) } },
        None => html! { span.lacks { "unknown" } },
    }
}

/// The things that a decision is about, in the order of the text.
fn things(site: &Site<'_>, at: ItemRef, root: &str) -> Markup {
    links_to(site, &site.arch.decided_by(at), root)
}

/// A link to each of some things.
pub(crate) fn links_to(site: &Site<'_>, things: &[ItemRef], root: &str) -> Markup {
    html! {
        @for thing in things.iter().copied() {
            p {
                @match site.arch.entity(thing) {
                    Some(entity) => (entity_link(site, entity, root)),
                    None => (relation(site, thing, root)),
                }
            }
        }
    }
}

/// A relationship, which stands on the page of what it begins in.
fn relation(site: &Site<'_>, at: ItemRef, root: &str) -> Markup {
    let arch = site.arch;
    match arch.relation_at(at) {
        Some(id) => html! {
            a href={ (root) (site.element_file(arch.relation(id).from)) } {
                (arch.title_of_ends(id))
            }
        },
        None => html! { (arch.title(at)) },
    }
}

/// The decisions by year, the newest first; those without a date are told by their number.
fn timeline(site: &Site<'_>, all: &[ItemRef]) -> Markup {
    let mut years: BTreeMap<&str, Vec<(&str, ItemRef)>> = BTreeMap::new();
    for at in all {
        if let Some(date) = site.arch.text(*at, &decision::DATE) {
            years.entry(date.split('-').next().unwrap_or(date)).or_default().push((date, *at));
        }
    }
    years.values_mut().for_each(|of_year| of_year.sort_by(|a, b| b.0.cmp(a.0)));
    let dated: usize = years.values().map(Vec::len).sum();
    html! {
        @if dated > 0 {
            h2 { "When" }
            @for (year, of_year) in years.iter().rev() {
                h3 { (year) }
                ol.timeline {
                    @for (date, at) in of_year {
                        li { time datetime=(date) { (date) } " " (record_link(site, *at, "")) " " (status(site, *at)) }
                    }
                }
            }
            @if dated < all.len() { p.note { (count(all.len() - dated, "decision has", "decisions have")) " no date." } }
        }
    }
}

/// The decisions that something is as it is by, and of an element those about its relationships, from a page in a folder.
pub(crate) fn decisions_on(site: &Site<'_>, thing: ItemRef, root: &str) -> Markup {
    let arch = site.arch;
    let element = arch.entity(thing).and_then(Entity::element);
    let on_relations = element.map(|id| arch.decisions_on_relations(id)).unwrap_or_default();
    let one = |at: ItemRef| html! { (arch.name(at)) " " (record_link(site, at, root)) " " (status(site, at)) };
    told_of(site, "Decisions", &arch.decisions_on(thing), &on_relations, &one)
}

/// The records about something, and those about its relationships with which these are.
pub(crate) fn told_of(
    site: &Site<'_>,
    heading: &str,
    of_itself: &[ItemRef],
    of_relations: &[(RelationId, Vec<ItemRef>)],
    one: &dyn Fn(ItemRef) -> Markup,
) -> Markup {
    html! {
        @if !of_itself.is_empty() || !of_relations.is_empty() {
            h2 { (heading) }
            ul {
                @for at in of_itself { li { (one(*at)) } }
                @for (relation, all) in of_relations {
                    @for at in all { li { (one(*at)) " " span.note { "about " (site.arch.title_of_ends(*relation)) } } }
                }
            }
        }
    }
}

/// The page of one decision.
pub(crate) fn page_of_one(site: &Site<'_>, at: ItemRef) -> String {
    let arch = site.arch;
    let title = format!("{} · {}", arch.name(at), arch.title(at));
    let above = (Whole::Decisions, "Decisions");
    let of = OfRecord { above, title, head: head(site, at, ROOT), about: arch.decided_by(at), shown: &SHOWN };
    page_of_record(site, at, &of)
}

/// From the page of a record to the folder of the site.
pub(crate) const ROOT: &str = "../";

/// What the page of a record has of its own.
pub(crate) struct OfRecord {
    /// The list that it is in, and what that is called.
    pub(crate) above: (Whole, &'static str),
    pub(crate) title: String,
    /// What stands before its pictures.
    pub(crate) head: Markup,
    /// What it is about.
    pub(crate) about: Vec<ItemRef>,
    /// The facts that its head shows: they are not said again below it.
    pub(crate) shown: &'static [&'static Fact],
}

/// The page of a record: what it says, the pictures of what it is about, and what is found of it.
pub(crate) fn page_of_record(site: &Site<'_>, at: ItemRef, of: &OfRecord) -> String {
    let own = |finding: &&Diagnostic| {
        finding.primary.span.file == at.file && (is_record(site, at) || finding.subject == Some(at.item.index() as u32))
    };
    let found: Vec<&Diagnostic> = site.findings.iter().filter(own).collect();
    let published = site.snapshot.sources.published_location(site.arch.name_span(at));
    let (list, name) = of.above;
    let body = html! {
        p.crumbs { a href={ (ROOT) (list.file()) } { (name) } }
        h1 { (of.title) }
        (of.head)
        (pictures(site, &of.about, ROOT))
        @if !found.is_empty() { h2 { "Findings" } (finding_group(site, &found)) }
        @if is_record(site, at) {
            article { (record(site, at, of.shown)) }
            p.source { "Read from " code { (published) } }
        } @else {
            (fact_list(site, at, of.shown, ROOT))
        }
    };
    page(site, &of.title, ROOT, list, body)
}

/// So many pictures of what a decision is about are shown on its page.
const MOST_PICTURES: usize = 3;

/// The views that show most of some things: first those of the flows among them, beside which other flows are none of it.
pub(crate) fn pictures(site: &Site<'_>, things: &[ItemRef], root: &str) -> Markup {
    let arch = site.arch;
    let all: Vec<Entity> = things.iter().filter_map(|thing| arch.nameable(*thing)).collect();
    let flows: Vec<FlowId> = all.iter().filter_map(|one| one.flow()).collect();
    let elements: Vec<Vec<ElementId>> = all.iter().map(|one| elements_of(site, *one)).collect();
    let is_named = |view: usize| match site.specs[view].show {
        Show::Sequence(flow) | Show::Dynamic(flow) => Some(flows.contains(&flow)),
        _ => None,
    };
    let is_shown =
        |of_one: &[ElementId], view: usize| !of_one.is_empty() && of_one.iter().all(|id| site.shown[view].contains(id));
    let shows = |view: usize| elements.iter().filter(|of_one| is_shown(of_one, view)).count();
    let is_of_it = |view: &usize| match is_named(*view) {
        Some(is_named) if !flows.is_empty() => is_named,
        _ => shows(*view) > 0,
    };
    let mut views: Vec<usize> = (0..site.specs.len()).filter(is_of_it).collect();
    views.sort_by_key(|view| std::cmp::Reverse((is_named(*view) == Some(true), shows(*view))));
    views.truncate(MOST_PICTURES);
    html! { @if !views.is_empty() { (thumbs(site, views.into_iter(), root)) } }
}

/// The elements that something stands for in pictures: of a relationship, both ends.
fn elements_of(site: &Site<'_>, one: Entity) -> Vec<ElementId> {
    match one {
        Entity::Relation(id) => site.arch.ends(id).to_vec(),
        other => other.element().into_iter().collect(),
    }
}

/// What the head of a page says.
const SHOWN: [&groma_model::schema::Fact; 9] = [
    &decision::STATUS,
    &decision::DATE,
    &decision::DECIDERS,
    &decision::DECIDES,
    &decision::SUPERSEDES,
    &decision::SUPERSEDED_BY,
    &decision::RFC,
    &decision::REVIEW,
    &facts::OWNER,
];

pub(crate) fn is_record(site: &Site<'_>, at: ItemRef) -> bool {
    site.snapshot.is_record(at.file)
}

fn head(site: &Site<'_>, at: ItemRef, root: &str) -> Markup {
    let arch = site.arch;
    let all = |fact| arch.values_of(at, fact).map(|value| arch.words(at, value)).collect::<Vec<_>>().join(", ");
    let texts = [
        ("Date", all(&decision::DATE)),
        ("Decided by", all(&decision::DECIDERS)),
        ("Owner", all(&facts::OWNER)),
        ("To be looked at again by", all(&decision::REVIEW)),
    ];
    let related =
        [("Came of", arch.came_of(at)), ("Replaces", arch.replaced_by(at)), ("Replaced by", arch.successors(at))];
    // Names of nothing that there is are shown as they are written.
    let unknown = |fact| {
        let all = arch.values_of(at, fact).filter(|value| arch.referred(at, value).is_none());
        all.map(|value| arch.words(at, value)).collect::<Vec<_>>().join(", ")
    };
    let unknown = [&decision::DECIDES, &decision::SUPERSEDES, &decision::SUPERSEDED_BY, &decision::RFC]
        .map(|fact| (fact.name, unknown(fact)));
    html! {
        dl.facts {
            dt { "Status" } dd { (status(site, at)) }
            @for (name, text) in texts { @if !text.is_empty() { dt { (name) } dd { (text) } } }
            @if !arch.decided_by(at).is_empty() { dt { "Is about" } dd { (things(site, at, root)) } }
            (choices_behind(site, at, root))
            (signatures_of(site, at))
            @for (name, others) in related {
                @if !others.is_empty() { dt { (name) } dd { @for other in others { p { (record_link(site, other, root)) } } } }
            }
            @for (name, words) in unknown { @if !words.is_empty() { dt { (heading(name)) } dd { (words) } } }
        }
    }
}

/// The words of a record but those that these facts say, which are shown above, with links to the other records and to what it names.
pub(crate) fn record(site: &Site<'_>, at: ItemRef, shown: &[&'static Fact]) -> Markup {
    let arch = site.arch;
    let own = &site.snapshot.sources.get(at.file).path;
    let folder = own.rsplit_once('/').map_or("", |(folder, _)| folder);
    let path = |target: &str| {
        let target = target.split(['#', '?']).next().unwrap_or_default();
        let is_relative = !target.is_empty() && !target.starts_with('/');
        let other = site.by_path.get(&joined(folder, target)).filter(|_| is_relative)?;
        Some(format!("../{}", site.record_address(*other)))
    };
    let name = |words: &str| {
        let id = arch.element_by_path(words)?;
        site.address(Entity::Element(id)).map(|address| format!("../{address}"))
    };
    let left_out = said_above(site, at, shown);
    rendered(&arch.file(at).text, &Leads { path: &path, name: &name, left_out: &left_out })
}

/// The decisions and requests for comments that are records in Markdown, by their paths.
pub(crate) fn by_path(snapshot: &Snapshot) -> HashMap<String, ItemRef> {
    let all = RECORDED.iter().flat_map(|class| snapshot.arch.records_of(class)).map(|record| record.at);
    let all = all.filter(|at| snapshot.is_record(at.file));
    all.map(|at| (joined("", &snapshot.sources.get(at.file).path), at)).collect()
}

/// A path from a folder, without `.` and `..`.
fn joined(folder: &str, target: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

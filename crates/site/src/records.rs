//! Requirements, loads, failures and all other records: where each stands in the site, and what is written of it.

use crate::Site;
use crate::links::{entity_link, safe_address, technology_links};
use crate::menu::Whole;
use crate::page::heading;
use groma_model::decode::{FactValue, Value};
use groma_model::kinds::class;
use groma_model::schema::{Fact, Listed, Type};
use groma_model::{Entity, ItemRef, Record, Statement, facts};
use maud::{Markup, html};

/// The ids that every page has already.
pub(crate) const IDS_OF_PAGES: [&str; 5] = ["main", "search", "results", "radar-title", "radar-desc"];

impl Site<'_> {
    /// The records that stand on this page, in the order of the text.
    pub(crate) fn records_on(&self, page: Whole) -> impl Iterator<Item = &Record> {
        self.arch.records.iter().filter(move |record| self.page_of(record.at) == page)
    }

    /// Whether any record stands on this page.
    pub(crate) fn has_records_on(&self, page: Whole) -> bool {
        self.records_on(page).next().is_some()
    }

    /// The declarations of kinds that are the workspace's own.
    pub(crate) fn own_kinds(&self) -> impl Iterator<Item = ItemRef> {
        self.arch.item_refs().filter(|at| *self.arch.item(*at).kind.class == class::OWN_KIND)
    }

    /// The id of a record in its page.
    pub(crate) fn record_id(&self, at: ItemRef) -> &str {
        self.record_ids.get(&at).map_or("", String::as_str)
    }

    /// Where a record stands.
    pub(crate) fn record_address(&self, at: ItemRef) -> String {
        match self.page_of(at) {
            Whole::Decisions => format!("decision/{}.html", self.record_id(at)),
            Whole::Rfcs => format!("rfc/{}.html", self.record_id(at)),
            page => format!("{}#{}", page.file(), self.record_id(at)),
        }
    }

    /// The page on which a record stands.
    pub(crate) fn page_of(&self, at: ItemRef) -> Whole {
        let kind = self.arch.item(at).kind;
        match kind.class.listed {
            Listed::WithLoads(_) => Whole::Loads,
            Listed::WithPeople => Whole::People,
            Listed::InGlossary => Whole::Glossary,
            Listed::WithKits => Whole::Kits,
            _ if kind.class == &class::STANDARD => Whole::Standards,
            _ if kind.class == &class::DECISION => Whole::Decisions,
            _ if kind.class == &class::RFC => Whole::Rfcs,
            _ if kind.class == &class::CHOICE => Whole::Choices,
            _ if kind.class.is_in(&[&class::TECHNOLOGY, &class::RADAR]) => match self.has_radar() {
                true => Whole::Radar,
                false => Whole::Technologies,
            },
            Listed::WithRequirements | Listed::Nowhere => match Statement::of(kind.name) {
                Some(Statement::Constraint | Statement::Assumption | Statement::Question) => Whole::Constraints,
                Some(Statement::Goal | Statement::NonGoal | Statement::Metric) | None => Whole::Requirements,
            },
        }
    }

    /// Whether anything names a technology, or one is declared that stands in no radar.
    pub(crate) fn has_technologies(&self) -> bool {
        let is_named = |at| self.arch.fact(at, &facts::TECHNOLOGY).is_some();
        self.has_records_on(Whole::Technologies) || self.arch.item_refs().any(is_named)
    }

    /// Whether there is a radar, or a technology in a ring.
    pub(crate) fn has_radar(&self) -> bool {
        self.technologies.has_radar()
    }

    /// Whether the workspace gives itself standards.
    pub(crate) fn has_standards(&self) -> bool {
        self.arch.records_of(&class::STANDARD).next().is_some()
    }
}

/// What is written of a record: its description, and all its facts but those that are shown elsewhere.
pub(crate) fn said(site: &Site<'_>, record: &Record, shown: &[&'static Fact]) -> Markup {
    let shown = [&[&facts::DESCRIPTION], shown].concat();
    html! {
        @if let Some(text) = site.arch.text(record.at, &facts::DESCRIPTION) { p.note { (text) } }
        (fact_list(site, record.at, &shown, ""))
    }
}

/// The facts that are given of something, each with its values in the order of the text, but for those that are shown elsewhere.
pub(crate) fn given<'a>(
    site: &Site<'a>,
    at: ItemRef,
    shown: &[&'static Fact],
) -> Vec<(&'static Fact, Vec<&'a FactValue>)> {
    let arch = site.arch;
    let facts = arch.facts_for(at).filter(|fact| !shown.contains(fact));
    let with_values = facts.map(|fact| (fact, arch.values_of(at, fact).collect::<Vec<_>>()));
    with_values.filter(|(_, values)| !values.is_empty()).collect()
}

/// All facts that are given of something but those that are shown elsewhere, as a list.
pub(crate) fn fact_list(site: &Site<'_>, at: ItemRef, shown: &[&'static Fact], root: &str) -> Markup {
    let rows = fact_rows(site, at, given(site, at, shown), root);
    let defaults = default_rows(site, at, shown, root);
    html! { @if !rows.0.is_empty() || !defaults.0.is_empty() { dl.facts { (rows) (defaults) } } }
}

/// The rows of facts of the workspace's own that something does not give and that hold all the same, as their declarations say.
pub(crate) fn default_rows(site: &Site<'_>, at: ItemRef, shown: &[&'static Fact], root: &str) -> Markup {
    let arch = site.arch;
    let lacking = arch.own_facts_of(at).filter(|fact| !shown.contains(fact) && arch.fact(at, fact).is_none());
    let held = lacking.map(|fact| (fact, arch.holds_anyway(at, fact)));
    let value = |fact: &'static Fact, words: &str| match arch.resolve(None, words, fact.ty.names()) {
        Ok(entity) if !fact.ty.names().is_empty() => name_words(site, entity, words, root),
        _ => html! { (words) },
    };
    html! {
        @for (fact, words) in held.filter(|(_, words)| !words.is_empty()) {
            dt { (own_name(site, fact, root).unwrap_or_default()) }
            dd { @for words in words { p { (value(fact, words)) " " span.note { "(default)" } } } }
        }
    }
}

/// The rows of facts in a list.
pub(crate) fn fact_rows(
    site: &Site<'_>,
    at: ItemRef,
    given: Vec<(&'static Fact, Vec<&FactValue>)>,
    root: &str,
) -> Markup {
    html! {
        @for (fact, values) in given {
            dt { @match own_name(site, fact, root) { Some(name) => (name), None => (heading(fact.name)) } }
            dd { @for value in values { p { (fact_words(site, at, value, root)) } } }
        }
    }
}

/// All facts that are given of something but those that are shown elsewhere, in one line: `timeout 3s; retry 2 from 100ms`.
pub(crate) fn facts_in_line(site: &Site<'_>, at: ItemRef, shown: &[&'static Fact], root: &str) -> Vec<Markup> {
    let given = given(site, at, shown).into_iter();
    given.flat_map(|(_, values)| values).map(|value| named_words(site, at, value, root)).collect()
}

/// What a fact of the workspace's own is called there: its title, if it has one, and the word by which it is written and asked for.
fn own_name(site: &Site<'_>, fact: &Fact, root: &str) -> Option<Markup> {
    let arch = site.arch;
    arch.own_facts.all().iter().find(|own| *own.fact == *fact)?;
    let declared = arch.records_of(&class::OWN_FACT).find(|record| arch.name(record.at) == fact.name)?.at;
    let title = arch.label(declared).map(|title| format!("{title} "));
    Some(
        html! { (title.unwrap_or_default()) a href={ (root) (site.record_address(declared)) } { code { (fact.name) } } },
    )
}

/// A fact with its name; what only says yes is its name alone.
pub(crate) fn named_words(site: &Site<'_>, at: ItemRef, value: &FactValue, root: &str) -> Markup {
    html! {
        @match own_name(site, value.fact, root) {
            Some(name) => { (name) @if value.value != Value::Bool(true) { ":" } },
            None => { (value.fact.name) @if value.fact.is_listed { ":" } },
        }
        @if value.value != Value::Bool(true) { " " (value_words(site, at, value, root)) }
        (parts(site, at, value, root))
    }
}

/// Several pieces of one line.
pub(crate) fn joined(pieces: Vec<Markup>) -> Markup {
    html! { @for (nth, piece) in pieces.into_iter().enumerate() { @if nth > 0 { "; " } (piece) } }
}

/// A fact as it is written, with a link for each name: `p95 flow Search products under 200ms`. What follows a sentence
/// is kept apart from it. `root` is the way from the page to the site's root.
pub(crate) fn fact_words(site: &Site<'_>, at: ItemRef, value: &FactValue, root: &str) -> Markup {
    html! { (value_words(site, at, value, root)) (parts(site, at, value, root)) }
}

/// The parts of a fact, as they follow its value.
fn parts(site: &Site<'_>, at: ItemRef, value: &FactValue, root: &str) -> Markup {
    let is_text = matches!(value.fact.ty, Type::Text);
    let parts = site.arch.file(at).parts_of(value).iter().filter(|part| *part.fact != facts::LINK_TITLE);
    html! {
        @for part in parts {
            // A list has commas of its own, and ends where nobody sees it: `5; skills: go, oracle`.
            @if is_text || part.fact.is_listed { "; " } @else { " " }
            (named_words(site, at, part, root))
        }
    }
}

/// The value of a fact: a link if it names something that has a place in the site.
fn value_words(site: &Site<'_>, at: ItemRef, value: &FactValue, root: &str) -> Markup {
    let arch = site.arch;
    let words = arch.words(at, value);
    if *value.fact == facts::LINK {
        let (title, address) = (arch.part_of(at, value, &facts::LINK_TITLE), safe_address(words));
        // What leads nowhere is shown as it is written.
        let shown = title.filter(|_| address == words).unwrap_or(words);
        return html! { a href=(address) { (shown) } @if shown == words { @if let Some(title) = title { " " (title) } } };
    }
    if *value.fact == facts::TECHNOLOGY {
        return technology_links(site, at, words, root);
    }
    if *value.fact == facts::workspace::TEAM {
        let people = arch.readable(at, value);
        return html! { (people) @if people == "1" { " person" } @else { " people" } };
    }
    match (&value.value, arch.referred(at, value)) {
        (Value::Bool(is_so), _) => html! { (if *is_so { "yes" } else { "no" }) },
        (_, Some(entity)) => name_words(site, entity, words, root),
        _ => html! { (arch.readable(at, value)) },
    }
}

/// What a name stands for, in its own words, with a link to where that stands.
fn name_words(site: &Site<'_>, entity: Entity, written: &str, root: &str) -> Markup {
    match entity {
        Entity::Element(_) | Entity::Flow(_) | Entity::Record(_) => entity_link(site, entity, root),
        // Of these the path says more than the title.
        Entity::Group(_)
        | Entity::Deployment(_)
        | Entity::Place(_)
        | Entity::Pipeline(_)
        | Entity::View(_)
        | Entity::Relation(_) => {
            html! { @match site.address(entity) { Some(address) => a href={ (root) (address) } { (written) }, None => (written) } }
        }
    }
}

//! What is said about names that mean nothing, and about those that mean two things.

use super::Linker;
use super::misspelt::{Missing, Misspelt, Near};
use super::near::depth;
use super::wanted::{MOST_NAMES, Wanted};
use crate::entity::Entity;
use crate::facets::structure::{ElementId, class::ELEMENTS};
use crate::items::{FactValue, Files, ItemRef, NAMELESS};
use crate::names::{NotFound, split_kind};
use crate::schema::{Class, Fact, Kind, Type, noun, phrase};
use crate::write::identifier;
use groma_base::{
    Diagnostic, Edit, FileId, Label, Span, did_you_mean, is_slip, last_part, list_words, nearest, only_meant,
};
use rustc_hash::{FxHashMap, FxHashSet};

/// A name that means nothing.
pub const UNRESOLVED_NAME: &str = "unresolved-name";
/// Two things with one name.
pub const DUPLICATE_NAME: &str = "duplicate-name";

/// At most this many further uses of an unknown name are labelled.
const MOST_LABELS: usize = 4;
/// For at most this many unknown names near ones are looked for.
const MOST_SUGGESTIONS: usize = 200;
/// At most so often an unknown name is compared with a known one.
const MOST_COMPARISONS: usize = 2_000_000;

/// What other languages call the element in whose block it stands. Here it is called by its name, as everywhere.
const ITSELF: &str = "this";

/// A name that was reported.
struct Reported {
    /// Its finding, if it is not held back.
    finding: Option<usize>,
    /// What it was looked for among; nothing if among kinds.
    wanted: Vec<&'static Class>,
    /// What is put in its place, if that is certain.
    meant: Option<Entity>,
}

/// The findings about names.
#[derive(Default)]
pub(crate) struct Problems {
    pub(crate) found: Vec<Diagnostic>,
    /// Where a name that means nothing was reported first, once for each sort of thing that was wanted.
    reported: FxHashMap<(FileId, Box<str>), Vec<Reported>>,
    /// The findings that may be of a declaration which is misspelt.
    pub(super) misspelt: Misspelt,
    /// The words of what could not be understood, and whether a declaration without a name is among it.
    lost: Option<(FxHashSet<Box<str>>, bool)>,
    /// How often an unknown name was compared with a known one.
    compared: usize,
    /// The names that two things have: one that is not found may be the second.
    twice: FxHashSet<Box<str>>,
}

impl Problems {
    /// Adds a finding.
    pub(crate) fn push(&mut self, finding: Diagnostic) {
        self.found.push(finding);
    }

    /// Reports a name that something has already, perhaps in a kit.
    pub(super) fn duplicate(&mut self, files: &Files, at: ItemRef, first: ItemRef, kit: Option<ItemRef>) {
        let message = format!("`{}` is declared twice", files.name(at));
        let declared = if kit.is_some() { "declared in a kit" } else { "first declared here" };
        let mut finding =
            Diagnostic::error(DUPLICATE_NAME, files.name_span(at), message).secondary(files.name_span(first), declared);
        let said = |at: ItemRef| files.item(at).range.of(&files.file(at).text);
        if at.file == first.file && said(at) == said(first) {
            finding.add_removal(Span::new(at.file, files.item(at).range));
        } else {
            let item = files.item(at);
            let help = match (item.own || item.kind.class.is_element(), kit) {
                (true, _) => {
                    "rename one of them; to add parts to an element from another place, write `extend path { … }`"
                        .to_owned()
                }
                (false, Some(kit)) => {
                    format!("rename it, or remove it: the kit \"{}\" has this name", files.title(kit))
                }
                (false, None) => "rename one of them, or remove it: neither wins".to_owned(),
            };
            finding.help.push(help);
        }
        self.push(finding);
        self.twice.insert(files.name(at).into());
    }

    pub(super) fn no_element(&mut self, span: Span, name: &str, called: &str) {
        if self.twice.contains(last_part(name)) {
            return;
        }
        let finding = Diagnostic::error(UNRESOLVED_NAME, span, format!("`{name}` is a {called}, not an element"));
        self.push(finding.help("name an element in it"));
    }

    /// Whether a name was reported, or held back, that nothing has.
    pub(super) fn misses_names(&self) -> bool {
        !self.reported.is_empty()
    }

    /// Whether near names are still looked for: in a text full of errors they cost much and help nobody.
    pub(crate) fn suggests(&self) -> bool {
        self.reported.len() < MOST_SUGGESTIONS && self.compared < MOST_COMPARISONS
    }

    /// Counts comparisons with known names.
    pub(crate) fn compares(&mut self, times: usize) {
        self.compared += times;
    }

    /// Reports the name of a kind, or of what is named within its own block alone, that there is not; what is known may be declared somewhere.
    /// The same name again in the same file is the same mistake: it only adds a label.
    pub(crate) fn unresolved(
        &mut self,
        span: Span,
        name: &str,
        what: &str,
        (known, declared): (Vec<&str>, impl Fn(&str) -> Option<ItemRef>),
    ) {
        let before =
            self.reported.get(&(span.file, name.into())).into_iter().flatten().find(|one| one.wanted.is_empty());
        if let Some(finding) = before.and_then(|one| one.finding) {
            let text =
                self.found[finding].fixes.first().and_then(|fix| fix.edits.first()).map(|edit| edit.text.clone());
            return self.used_again(finding, span, text);
        }
        self.compared += known.len();
        let near = nearest(name, known.iter().copied());
        let fix = only_meant(name, &near);
        let slip = fix.filter(|fix| is_slip(name, fix)).and_then(declared);
        let finding = Some(self.unresolved_near(span, name, Wanted::OneOf(what, known), (&near, fix)));
        if let (Some(declared), Some(finding)) = (slip, finding) {
            self.misspelt.note(Missing::near(name, declared), finding);
        }
        self.remember(finding, span, (name, &[]), None);
    }

    /// Whether a name was reported at just this place.
    pub(super) fn is_told_at(&self, span: Span, name: &str) -> bool {
        let all = self.reported.get(&(span.file, name.into())).into_iter().flatten();
        all.filter_map(|one| one.finding).any(|finding| self.found[finding].primary.span == span)
    }

    /// Remembers a name that was reported, or held back.
    pub(super) fn remember(
        &mut self,
        finding: Option<usize>,
        span: Span,
        (name, wanted): (&str, &[&'static Class]),
        meant: Option<Entity>,
    ) {
        let reported = Reported { finding, wanted: wanted.to_vec(), meant };
        self.reported.entry((span.file, name.into())).or_default().push(reported);
    }

    /// The finding about a name in a file where the same may have been wanted, if just this was meant by it.
    pub(super) fn reported_as(
        &self,
        (file, name): (FileId, &str),
        wanted: &[&'static Class],
        meant: Option<Entity>,
    ) -> Option<usize> {
        let all = self.reported.get(&(file, name.into())).into_iter().flatten();
        let mut same = all.filter(|one| one.meant == meant && one.wanted.iter().any(|class| class.is_in(wanted)));
        same.find_map(|one| one.finding)
    }

    /// Adds a further place to a finding, and what is put there to its fix: without that nobody knows what is meant.
    pub(super) fn used_again(&mut self, finding: usize, span: Span, text: Option<String>) {
        self.misspelt.used_again(finding, span);
        let finding = &mut self.found[finding];
        match (text, finding.fixes.first_mut()) {
            _ if finding.primary.span == span => {}
            (Some(text), Some(fix)) => fix.edits.push(Edit { span, text }),
            _ => finding.fixes.clear(),
        }
        if finding.secondary.len() < MOST_LABELS && finding.primary.span != span {
            finding.secondary.push(Label { span, message: "and here".into() });
        }
    }

    /// Reports a name that means nothing and was not reported before, with those near to it that may be meant, and with `fix`
    /// in its place. The number of the finding.
    fn unresolved_near(
        &mut self,
        span: Span,
        name: &str,
        wanted: Wanted<'_>,
        (near, fix): (&[&str], Option<&str>),
    ) -> usize {
        self.unresolved_names(span, &[name], wanted, (near, fix))
    }

    /// The same of several names that stand beside each other.
    fn unresolved_names(
        &mut self,
        span: Span,
        names: &[&str],
        wanted: Wanted<'_>,
        (near, fix): (&[&str], Option<&str>),
    ) -> usize {
        let names = list_words(names.iter().copied(), "or");
        let message = format!("there is no {} called {names}", wanted.noun());
        let finding = Diagnostic::error(UNRESOLVED_NAME, span, message);
        let finding = finding.help(did_you_mean(near).unwrap_or_else(|| wanted.what_there_is()));
        self.push(match fix {
            Some(fix) => finding.fix(format!("write `{fix}`"), span, fix),
            None => finding,
        });
        self.found.len() - 1
    }

    /// The finding about a name of a file, with what is put in its place.
    pub(super) fn meant_by(&self, (file, name): (FileId, &str)) -> Option<(usize, Entity)> {
        let mut all = self.reported.get(&(file, name.into()))?.iter();
        all.find_map(|one| Some((one.finding?, one.meant?)))
    }
}

impl Linker {
    /// Whether a name was reported before in this file where the same may have been wanted. Then the new place is added to
    /// that finding, and to its fix with the name that means the same from there.
    pub(super) fn is_reported(
        &mut self,
        span: Span,
        (scope, name): (Option<ElementId>, &str),
        wanted: &[&'static Class],
    ) -> bool {
        let Some(all) = self.problems.reported.get_mut(&(span.file, name.into())) else { return false };
        let same = |one: &&mut Reported| one.wanted.iter().any(|class| class.is_in(wanted));
        let Some(Reported { finding, meant, .. }) = all.iter_mut().find(same) else { return false };
        let (finding, meant) = (*finding, *meant);
        let Some(finding) = finding else { return true };
        let text = meant.and_then(|entity| self.written_from(scope, entity, wanted));
        self.problems.used_again(finding, span, text);
        true
    }

    /// The shortest name that means something from a scope.
    pub(super) fn written_from(
        &self,
        scope: Option<ElementId>,
        entity: Entity,
        wanted: &[&'static Class],
    ) -> Option<String> {
        let resolver = self.resolver();
        let fits = |name: &str| resolver.resolve(scope, name, wanted) == Ok(entity);
        let Entity::Element(id) = entity else {
            let name = self.files.name(self.linked.declared_at(entity));
            return Some(name).filter(|name| fits(name)).map(str::to_owned);
        };
        let path = &*self.linked.elements[id].path;
        let starts = std::iter::once(0).chain(path.match_indices('.').map(|(at, _)| at + 1));
        let names: Vec<&str> = starts.map(|start| &path[start..]).collect();
        names.into_iter().rev().find(|name| fits(name)).map(str::to_owned)
    }

    /// Whether a name that nothing has may be declared where the text could not be understood.
    fn is_lost(&mut self, name: &str, is_certain: bool) -> bool {
        let suggests = self.problems.suggests();
        let files = &self.files;
        self.problems.lost.get_or_insert_with(|| {
            let mut words = FxHashSet::default();
            let mut nameless = false;
            for file in files.iter() {
                for range in &file.lost {
                    nameless |= *range == NAMELESS;
                    let is_end = |letter: char| !letter.is_alphanumeric() && !matches!(letter, '-' | '_');
                    let text = range.of(&file.text);
                    words.extend(text.split(is_end).filter(|word| !word.is_empty()).map(Box::from));
                    words.extend(names_for_title(text));
                }
            }
            (words, nameless)
        });
        let is_twice = name.split('.').any(|part| self.problems.twice.contains(part));
        let (words, nameless) = self.problems.lost.as_ref().expect("just filled");
        // The beginning of a name that cannot be read: `api` of `api-v2.1`.
        let is_like =
            |part: &str| *nameless && suggests && words.iter().any(|word| word.starts_with(part) && !part.is_empty());
        let is_part = |part: &str| words.contains(part) || is_like(part);
        is_twice || *nameless && !is_certain || !words.is_empty() && name.split('.').any(is_part)
    }

    /// Reports the name of what is named within its own block alone, that there is not: see [`Problems::unresolved`].
    pub(crate) fn unresolved_within(
        &mut self,
        span: Span,
        name: &str,
        what: &str,
        (known, declared): (Vec<&str>, impl Fn(&str) -> Option<ItemRef>),
    ) {
        if !self.is_lost(name, false) {
            self.problems.unresolved(span, name, what, (known, declared));
        }
    }

    /// Holds back a name that may be declared where the text could not be understood.
    fn hold_back(&mut self, span: Span, name: &str, wanted: &[&'static Class]) {
        self.problems.misspelt.places.push(span);
        self.problems.remember(None, span, (name, wanted), None);
    }

    /// Reports a name that no element has, with near short names and paths, as they are written from a scope.
    pub(crate) fn unresolved_element(&mut self, span: Span, (scope, name): (Option<ElementId>, &str)) {
        let wanted = ELEMENTS;
        if self.is_reported(span, (scope, name), wanted) {
            return;
        }
        let near = if self.problems.suggests() { self.near_elements(scope, name) } else { Vec::new() };
        let meant = self.element_meant(scope, name, &near).filter(|id| !self.is_nearly_here(scope, name, *id));
        let meant = meant.map(Entity::Element);
        if self.is_lost(name, meant.is_some()) {
            return self.hold_back(span, name, wanted);
        }
        let missing = self.missing(span.file, (scope, name), near.first().copied().map(Entity::Element));
        let fix = meant.and_then(|entity| self.written_from(scope, entity, wanted));
        if self.is_misspelt(&missing, span, (name, wanted), (meant, fix.clone())) {
            return;
        }
        let written: Vec<String> = near
            .iter()
            .map(|id| {
                let shortest = self.written_from(scope, Entity::Element(*id), wanted);
                shortest.unwrap_or_else(|| self.linked.elements[*id].path.to_string())
            })
            .collect();
        let words: Vec<&str> = written.iter().map(String::as_str).collect();
        let finding = self.problems.unresolved_near(span, name, Wanted::Element, (&words, fix.as_deref()));
        if let Some(help) = self.help_of_element((scope, name), written.first().map(String::as_str)) {
            self.problems.found[finding].help = vec![help];
        }
        self.problems.misspelt.note(missing, finding);
        self.problems.remember(Some(finding), span, (name, wanted), meant);
    }

    /// Reports names beside each other that nothing has; but not if one was reported before, may be declared where the text could not be
    /// understood, or is near to what there is. Whether they were reported.
    pub(super) fn report_unknown(
        &mut self,
        span: Span,
        (scope, names): (Option<ElementId>, &[&str]),
        wanted: &'static [&'static Class],
    ) -> bool {
        let known = if self.problems.suggests() { self.resolver().names_of(wanted) } else { return false };
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        let may_be_element = wanted.iter().any(|class| class.is_element());
        for name in names {
            self.problems.compares(known.len());
            if self.problems.reported.contains_key(&(span.file, (*name).into()))
                || self.is_lost(name, false)
                || !near_names(name, &known).is_empty()
                || may_be_element && !self.near_elements(scope, name).is_empty()
            {
                return false;
            }
        }
        let what = noun(wanted);
        let wanted_one = match wanted.iter().all(|class| class.is_element()) {
            true => Wanted::Element,
            false => Wanted::OneOf(&what, known),
        };
        let finding = self.problems.unresolved_names(span, names, wanted_one, (&[], None));
        for name in names {
            self.problems.remember(Some(finding), span, (name, wanted), None);
        }
        true
    }

    /// What to do about a name that no element has, where more can be said than what is `near`.
    fn help_of_element(&self, (scope, name): (Option<ElementId>, &str), near: Option<&str>) -> Option<String> {
        if name == ITSELF {
            return Some("write the name of the element itself".to_owned());
        }
        if let Some(group) = self.group_in(scope, name) {
            let meant = near.map_or("leave it out".to_owned(), |meant| format!("write `{meant}`"));
            return Some(format!("{group}, and groups and zones are no part of names: {meant}"));
        }
        if near.is_some() { None } else { self.parts_around(scope, name) }
    }

    /// Whether what is missing in a name was reported of another. Then the new place is added to that.
    fn is_misspelt(
        &mut self,
        missing: &Missing,
        span: Span,
        name: (&str, &[&'static Class]),
        (meant, fix): (Option<Entity>, Option<String>),
    ) -> bool {
        let Some(finding) = self.problems.misspelt.finding(missing) else { return false };
        self.problems.used_again(finding, span, fix);
        self.problems.remember(Some(finding), span, name, meant);
        true
    }

    /// The group or zone that a path goes through, as a sentence begins with it.
    pub(super) fn group_in(&self, scope: Option<ElementId>, name: &str) -> Option<String> {
        let wholes = name.match_indices('.').map(|(at, _)| &name[..at]).filter(|whole| !whole.is_empty());
        for whole in wholes {
            if let Some(Entity::Group(group)) = self.resolver().structure(scope, whole, &|_| true) {
                let called = if self.linked.groups[group].is_zone { "zone" } else { "group" };
                return Some(format!("`{whole}` is a {called}"));
            }
        }
        None
    }

    /// What the element has of which a path names a part that there is not.
    fn parts_around(&self, scope: Option<ElementId>, name: &str) -> Option<String> {
        let (whole, _) = name.rsplit_once('.')?;
        let around = self.resolver().element(scope, whole)?;
        let parts = self.linked.elements.iter().filter(|element| element.parent == Some(around));
        let parts = parts.map(|element| last_part(&element.path)).filter(|part| !part.is_empty());
        let parts: Vec<&str> = parts.take(MOST_NAMES).collect();
        match parts.len() {
            0 => None,
            _ => Some(format!("declare it, or correct the name; `{whole}` has {}", list_words(parts, "and"))),
        }
    }

    /// Reports a name in a fact that means nothing there.
    pub(super) fn report_reference(
        &mut self,
        span: Span,
        (scope, name): (Option<ElementId>, &str),
        wanted: &'static [&'static Class],
        reason: &NotFound,
    ) {
        if self.is_reported(span, (scope, name), wanted) {
            return;
        }
        match reason {
            NotFound::Other(found @ (Entity::Element(_) | Entity::Record(_))) => {
                self.other_than_wanted(span, name, wanted, *found);
            }
            NotFound::Several(meant) => self.several(span, name, meant),
            NotFound::Other(_) | NotFound::Nothing if wanted.iter().all(|class| class.is_element()) => {
                self.unresolved_element(span, (scope, name));
            }
            NotFound::Other(_) | NotFound::Nothing => self.unresolved_of(span, (scope, name), wanted),
        }
    }

    /// Reports a name that nothing of some classes has, not all of which are of elements.
    fn unresolved_of(
        &mut self,
        span: Span,
        (scope, name): (Option<ElementId>, &str),
        wanted: &'static [&'static Class],
    ) {
        let what = noun(wanted);
        let may_be_element = wanted.iter().any(|class| class.is_element()) && self.problems.suggests();
        let elements = if may_be_element { self.near_elements(scope, name) } else { Vec::new() };
        let known = if self.problems.suggests() { self.resolver().names_of(wanted) } else { Vec::new() };
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        self.problems.compares(known.len());
        let mut near = near_names(name, &known);
        if near.is_empty() {
            let path = |id: ElementId| known.iter().find(|known| **known == &*self.linked.elements[id].path);
            near.extend(elements.iter().copied().filter_map(path).copied());
        }
        // What fits several things, or none from here, is no correction.
        let certain = only_meant(name, &near);
        let meant = certain.and_then(|certain| self.resolver().resolve(scope, certain, wanted).ok());
        let fix = certain.filter(|_| meant.is_some());
        if self.is_lost(name, certain.is_some()) {
            return self.hold_back(span, name, wanted);
        }
        let nearest = near.first().and_then(|near| self.resolver().resolve(scope, near, wanted).ok());
        let nearest = nearest.or(elements.first().copied().map(Entity::Element));
        let missing = self.missing(span.file, (scope, name), nearest);
        let is_known = matches!(missing.near, Near::Declared(_));
        if is_known && self.is_misspelt(&missing, span, (name, wanted), (meant, fix.map(str::to_owned))) {
            return;
        }
        let finding = self.problems.unresolved_near(span, name, Wanted::OneOf(&what, known), (&near, fix));
        if is_known {
            self.problems.misspelt.note(missing, finding);
        }
        self.problems.remember(Some(finding), span, (name, wanted), meant);
    }

    /// Reports a name of something for which the same statement has another fact: `of=f`, where `f` is a flow. Whether it was one.
    pub(super) fn belongs_to_other_fact(
        &mut self,
        (kind, value): (&'static Kind, &FactValue),
        span: Span,
        (scope, name): (Option<ElementId>, &str),
    ) -> bool {
        // What is wrong with a word before a colon is told as that.
        if split_kind(name).0.is_some() {
            return false;
        }
        let fact = value.fact;
        let whole = kind.all_facts().find(|whole| whole.parts.contains(&fact));
        let whole = whole.filter(|_| kind.fact(fact.name) != Some(fact));
        let beside: Vec<&'static Fact> = whole.map_or_else(|| kind.all_facts().collect(), |whole| whole.parts.to_vec());
        let resolver = self.resolver();
        let names = |other: &&'static Fact| match other.ty {
            Type::Reference(classes) if !other.many && *other != fact => resolver.resolve(scope, name, classes).ok(),
            _ => None,
        };
        let found = beside.into_iter().filter(|_| !fact.many).find_map(|other| Some((other, names(&other)?)));
        let Some((other, entity)) = found else { return false };
        let file = self.files.iter().find(|file| file.file == span.file);
        let written = file.map_or("", |file| value.whole.of(&file.text));
        let Some(rest) = written.strip_prefix(fact.name) else { return false };
        let meant = format!("{}{rest}", other.name);
        let called = match entity {
            Entity::Element(id) => format!("a {}", self.linked.elements[id].kind_name),
            entity => resolver.class(entity).phrase.to_owned(),
        };
        let message = format!("`{name}` is {called}, not {}", wanted_phrase(fact));
        let mut finding = Diagnostic::error(UNRESOLVED_NAME, span, message);
        finding.add_meant(Span::new(span.file, value.whole), meant);
        self.problems.push(finding);
        true
    }

    fn other_than_wanted(&mut self, span: Span, name: &str, wanted: &'static [&'static Class], found: Entity) {
        let (word, bare) = split_kind(name);
        let wanted_words = word.map_or_else(|| phrase(wanted), |word| format!("a {word}"));
        let kind = match found {
            Entity::Element(id) => &*self.linked.elements[id].kind_name,
            found => self.files.item(self.linked.declared_at(found)).kind.word(),
        };
        let message = format!("`{bare}` is a {kind}, not {wanted_words}");
        let names = &self.linked.names;
        let mut known: Vec<&str> =
            wanted.iter().flat_map(|class| names.names_of_class(class).take(MOST_NAMES)).collect();
        // Classes may share their names.
        known.retain(|name| self.resolver().resolve(None, name, wanted).is_ok());
        known.sort_unstable();
        known.dedup();
        known.truncate(MOST_NAMES);
        let help = match known.as_slice() {
            _ if word.is_some() => "correct the word before the colon, or leave it out".to_owned(),
            [] => format!("name {wanted_words}"),
            known => format!("name {wanted_words}, such as {}", list_words(known.iter().copied(), "or")),
        };
        self.problems.push(Diagnostic::error(UNRESOLVED_NAME, span, message).help(help));
    }

    /// Reports a name that fits several things.
    pub(crate) fn several(&mut self, span: Span, name: &str, meant: &[Entity]) {
        let are_places = meant.iter().all(|entity| matches!(entity, Entity::Place(_)));
        let what = if are_places { "several places are called" } else { "several things are called" };
        let message = format!("{what} `{name}`");
        let resolver = self.resolver();
        let way = |entity: &Entity| match entity {
            Entity::Place(_) if are_places => {
                let way = resolver.unmistakable(*entity, name);
                way.split_once(':').map_or(way.clone(), |(_, path)| path.to_owned())
            }
            entity => resolver.unmistakable(*entity, name),
        };
        let ways: Vec<String> = meant.iter().map(way).take(MOST_LABELS).collect();
        let finding = Diagnostic::error(UNRESOLVED_NAME, span, message);
        let help = format!("write {}", list_words(ways.iter().map(String::as_str), "or"));
        self.problems.push(finding.help(help));
    }
}

/// The names that something may have of which a text in quotes is the title, and the name is missing: `store` of `"Store"`.
fn names_for_title(text: &str) -> Vec<Box<str>> {
    let Some(title) = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) else { return Vec::new() };
    let whole = identifier(title);
    let words = whole.split('-').filter(|word| !word.is_empty());
    words.chain([&*whole]).map(Box::from).collect()
}

/// The near ones of known names: no whole is meant by the name of a part, and of as many parts are meant first.
fn near_names<'k>(name: &str, known: &[&'k str]) -> Vec<&'k str> {
    let is_around = |path: &str| name.strip_prefix(path).is_some_and(|rest| rest.starts_with('.'));
    let is_as_deep = |near: &&str| depth(near) == depth(name);
    let mut near = nearest(name, known.iter().copied());
    near.retain(|near| !is_around(near));
    if near.iter().any(is_as_deep) {
        near.retain(is_as_deep);
    }
    near
}

/// What a fact names, as it is called in a sentence.
fn wanted_phrase(fact: &Fact) -> String {
    match fact.ty {
        Type::Reference(wanted) => phrase(wanted),
        _ => "that".to_owned(),
    }
}

//! The one resolver of names: what does a name mean here, among what may be meant?

pub(crate) mod family;
pub(crate) mod old;
mod short;
mod written;

use crate::Linked;
use crate::entity::Entity;
use crate::facets::decisions::{family, plain as plain_words, plain_name};
use crate::facets::deployment::PlaceId;
use crate::facets::deployment::view::PlaceNames;
use crate::facets::structure::class::RELATION;
use crate::facets::structure::{ElementId, RelationId};
use crate::items::Files;
use crate::schema::{Class, Names};
use groma_base::{Range, is_same_but_for_capitals, nearest};
use hashbrown::HashTable;
use rustc_hash::FxHasher;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::hash::Hasher;
use std::sync::{Mutex, PoisonError};

/// Why a name means nothing.
#[derive(Clone, PartialEq, Debug)]
pub enum NotFound {
    /// Nothing has it.
    Nothing,
    /// It means something that cannot be meant here.
    Other(Entity),
    /// It means several things that may be meant here.
    Several(Vec<Entity>),
}

/// The scope and the name in it that nothing has; `None` if the names before mean nothing that has parts.
pub(crate) type Missing<'n> = Option<(Option<ElementId>, &'n str)>;

/// All names of a workspace.
#[derive(Default, Debug)]
pub(crate) struct NameTable {
    /// Elements and groups, each in the element that it is part of, with the hash of both names.
    structure: HashTable<(u64, Option<ElementId>, Entity)>,
    /// All others, by the word of the class whose names they are.
    own: BTreeMap<&'static str, BTreeMap<Box<str>, Entity>>,
    /// What else is understood as the name of a record in Markdown, by the word of its class.
    also: BTreeMap<&'static str, BTreeMap<Box<str>, Entity>>,
    /// Regions and hosts, as they are asked for.
    places: Mutex<PlaceNames>,
}

fn hash_name(scope: Option<ElementId>, name: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write_u32(scope.map_or(u32::MAX, ElementId::raw));
    hasher.write(name.as_bytes());
    hasher.finish()
}

/// The class whose names a class shares, if it has names of the whole workspace.
fn namespace(class: &'static Class) -> Option<&'static Class> {
    match class.names {
        Names::Own => Some(class),
        Names::With(other) => Some(other),
        Names::Private | Names::Structure | Names::Places => None,
    }
}

/// The form of a name by which things of a class are known: records by their number, however that is written.
fn plain<'n>(class: &Class, name: &'n str) -> Cow<'n, str> {
    if family(class).is_some() { plain_name(class, name) } else { Cow::Borrowed(name) }
}

/// What a name means, seen from where it stands.
#[derive(Clone, Copy)]
pub(crate) struct Resolver<'a> {
    pub(crate) files: &'a Files,
    pub(crate) linked: &'a Linked,
}

impl<'a> Resolver<'a> {
    /// What this name means, seen from inside an element (or from the top), if it is one of these classes. `requirement:search`
    /// says of which class or kind it is.
    pub(crate) fn resolve(
        self,
        scope: Option<ElementId>,
        name: &str,
        wanted: &[&'static Class],
    ) -> Result<Entity, NotFound> {
        let (word, bare) = split_kind(name);
        if RELATION.is_in(wanted)
            && let Some(arrow) = Arrow::read(name)
        {
            return self.relation(scope, arrow);
        }
        let is_of_word = |entity: &Entity| word.is_none_or(|word| self.is_called(*entity, word));
        let mut found: Vec<Entity> = Vec::new();
        let mut asked: Vec<&'static Class> = Vec::new();
        let mut other = None;
        for class in wanted {
            let space = namespace(class).unwrap_or(class);
            let is_structure = matches!(class.names, Names::Structure);
            let known =
                |asked: &&&'static Class| **asked == space || is_structure && matches!(asked.names, Names::Structure);
            if asked.iter().any(|class| known(&class)) {
                continue;
            }
            asked.push(space);
            let fits = |entity: Entity| self.class(entity).is_in(wanted) && is_of_word(&entity);
            for entity in self.in_namespace(class, scope, bare, &fits) {
                if fits(entity) {
                    found.push(entity);
                } else {
                    other = Some(entity);
                }
            }
        }
        match found[..] {
            [] => {}
            [only] => return Ok(only),
            _ => return Err(NotFound::Several(found)),
        }
        let other = other.or_else(|| self.structure(scope, bare, &|_| true));
        Err(other.map_or(NotFound::Nothing, NotFound::Other))
    }

    /// The relationship that an arrow means.
    fn relation(self, scope: Option<ElementId>, arrow: Arrow<'_>) -> Result<Entity, NotFound> {
        let ends = self.element(scope, arrow.from).zip(self.element(scope, arrow.to));
        let (from, to) = ends.ok_or(NotFound::Nothing)?;
        match self.relations(from, to, arrow)[..] {
            [] => Err(NotFound::Nothing),
            [only] => Ok(Entity::Relation(only)),
            ref several => Err(NotFound::Several(several.iter().copied().map(Entity::Relation).collect())),
        }
    }

    /// The relationships between two elements that have the text of an arrow: those of which a number says which it is, or all.
    pub(crate) fn relations(self, from: ElementId, to: ElementId, arrow: Arrow<'_>) -> Vec<RelationId> {
        let all = || self.linked.relations_between(from, to);
        let label = |id: &RelationId| self.files.label(self.linked.relations[*id].at);
        let mut found: Vec<RelationId> = all().filter(|id| arrow.has_text(label(id))).collect();
        if found.is_empty() {
            // What sets words in Markdown, or quotes them, is not read with them.
            let words = plain_words(arrow.words);
            found = all().filter(|id| label(id).is_some_and(|label| plain_words(label) == words)).collect();
        }
        if let Some(nth) = arrow.nth {
            found = found.get(nth.wrapping_sub(1)).copied().into_iter().collect();
        }
        found
    }

    /// What a name means among those of a class; several only where places share one.
    fn in_namespace(
        self,
        class: &'static Class,
        scope: Option<ElementId>,
        name: &str,
        fits: &dyn Fn(Entity) -> bool,
    ) -> Vec<Entity> {
        match class.names {
            Names::Private => Vec::new(),
            Names::Structure => self.structure(scope, name, fits).into_iter().collect(),
            Names::Places => {
                let mut places = self.linked.names.places.lock().unwrap_or_else(PoisonError::into_inner);
                match places.meant(self, name) {
                    Some(place) => vec![Entity::Place(place)],
                    None => places.called(self, name).iter().map(|place| Entity::Place(*place)).collect(),
                }
            }
            Names::Own | Names::With(_) => self.linked.names.own_name(class, name).into_iter().collect(),
        }
    }

    /// The place that a path means, of which the beginning may be left out.
    pub(crate) fn place(self, name: &str) -> Option<PlaceId> {
        self.linked.names.places.lock().unwrap_or_else(PoisonError::into_inner).meant(self, name)
    }

    pub(crate) fn class(self, entity: Entity) -> &'static Class {
        match entity {
            Entity::Element(id) => self.linked.elements[id].kind.class,
            entity => self.files.item(self.linked.declared_at(entity)).kind.class,
        }
    }

    /// Whether the word of its class or kind is this.
    pub(crate) fn is_called(self, entity: Entity, word: &str) -> bool {
        let (kind, own) = match entity {
            Entity::Element(id) => (self.linked.elements[id].kind, Some(&*self.linked.elements[id].kind_name)),
            entity => (self.files.item(self.linked.declared_at(entity)).kind, None),
        };
        kind.class.word == word || kind.name == word || own == Some(word)
    }

    /// What a dotted name means among elements and groups, from the inside out: the innermost that fits, or else the innermost.
    /// One that begins with a dot is a path from the top.
    pub(crate) fn structure(
        self,
        scope: Option<ElementId>,
        path: &str,
        fits: &dyn Fn(Entity) -> bool,
    ) -> Option<Entity> {
        let mut innermost = None;
        let (mut scope, path) = path.strip_prefix('.').map_or((scope, path), |path| (None, path));
        loop {
            if let Ok(found) = self.structure_in(scope, path) {
                if fits(found) {
                    return Some(found);
                }
                innermost = innermost.or(Some(found));
            }
            let Some(inside) = scope else { return innermost };
            scope = self.linked.elements[inside].parent;
        }
    }

    /// The first part of a path that nothing has there.
    pub(crate) fn missing_part(self, scope: Option<ElementId>, name: &str) -> &str {
        let path = split_kind(name).1;
        let ends = path.match_indices('.').map(|(at, _)| at).chain([path.len()]);
        let missing = ends.into_iter().find(|end| self.structure(scope, &path[..*end], &|_| true).is_none());
        groma_base::last_part(&path[..missing.unwrap_or(path.len())])
    }

    /// The element that a dotted name means, from the inside out. `service:core` says of which kind it is.
    pub(crate) fn element(self, scope: Option<ElementId>, name: &str) -> Option<ElementId> {
        let (word, path) = split_kind(name);
        let fits = |entity: Entity| {
            matches!(entity, Entity::Element(_)) && word.is_none_or(|word| self.is_called(entity, word))
        };
        self.structure(scope, path, &fits).filter(|found| fits(*found)).and_then(Entity::element)
    }

    /// The same in this scope alone.
    pub(crate) fn structure_in<'n>(self, scope: Option<ElementId>, path: &'n str) -> Result<Entity, Missing<'n>> {
        let mut scope = scope;
        let mut parts = path.split('.').peekable();
        loop {
            let part = parts.next().ok_or(None)?;
            let entity = self.lookup(scope, part).ok_or(Some((scope, part)))?;
            if parts.peek().is_none() {
                return Ok(entity);
            }
            scope = Some(entity.element().ok_or(None)?);
        }
    }

    /// The element or group with this name in a scope.
    pub(crate) fn lookup(self, scope: Option<ElementId>, name: &str) -> Option<Entity> {
        let hash = hash_name(scope, name);
        let is_meant = |(other_hash, other, entity): &(u64, Option<ElementId>, Entity)| {
            *other_hash == hash && *other == scope && self.short_name(*entity) == name
        };
        self.linked.names.structure.find(hash, is_meant).map(|(.., entity)| *entity)
    }

    fn short_name(self, entity: Entity) -> &'a str {
        self.files.name(self.linked.declared_at(entity))
    }

    /// The names of everything of these classes.
    pub(crate) fn names_of(self, wanted: &[&'static Class]) -> Vec<String> {
        self.each_name_of(wanted).map(Cow::into_owned).collect()
    }

    /// The same, one after the other.
    pub(crate) fn each_name_of<'w>(self, wanted: &'w [&'static Class]) -> impl Iterator<Item = Cow<'a, str>> + 'w
    where
        'a: 'w,
    {
        let Resolver { files, linked } = self;
        let mut spaces: Vec<&str> =
            wanted.iter().filter_map(|class| namespace(class)).map(|space| space.word).collect();
        spaces.dedup();
        let own = spaces.into_iter().filter_map(move |space| linked.names.own.get(space));
        let own = own.flat_map(|names| names.keys()).map(|name| &**name);
        let is_any = |fits: &dyn Fn(&Class) -> bool| wanted.iter().any(|class| fits(class));
        let elements = is_any(&|class| class.is_element()).then(|| linked.elements.iter());
        let elements = elements.into_iter().flatten().map(|element| &*element.path);
        let groups = linked.groups.iter().filter(|group| files.item(group.at).kind.class.is_in(wanted));
        let written = own.chain(elements).chain(groups.map(|group| &*group.path)).map(Cow::Borrowed);
        let places = is_any(&|class| matches!(class.names, Names::Places)).then(|| linked.places());
        let places = places.into_iter().flatten();
        let places = places.map(move |(deployment, node)| Cow::Owned(self.place_path(deployment, node)));
        written.chain(places).filter(|name| !name.is_empty() && !name.ends_with('.'))
    }

    /// The names of these classes that are this one but for capitals. The word before a colon stays.
    pub(crate) fn in_other_letters(self, name: &str, wanted: &[&'static Class]) -> Vec<String> {
        let (word, bare) = split_kind(name);
        let found = self.each_name_of(wanted).filter(|known| is_same_but_for_capitals(without_dot(bare), known));
        found.map(|name| word.map_or(name.to_string(), |word| format!("{word}:{name}"))).collect()
    }

    /// The names of these classes that are nearest to one that means nothing.
    pub(crate) fn near(self, name: &str, wanted: &[&'static Class]) -> Vec<String> {
        let known = self.names_of(wanted);
        nearest(name, known.iter().map(String::as_str)).into_iter().map(str::to_owned).collect()
    }

    /// How something must be written so that nothing else is meant: `requirement:search`; a place by its whole path.
    pub(crate) fn unmistakable(self, entity: Entity, name: &str) -> String {
        let bare = split_kind(name).1;
        match entity {
            Entity::Element(id) => format!("{}:{bare}", self.linked.elements[id].kind_name),
            Entity::Place(place) => {
                let (deployment, node) = self.linked.place(place);
                let path = self.place_path(deployment, node);
                format!("{}:{path}", self.word(entity))
            }
            Entity::Relation(_) => self.path(entity),
            Entity::Group(_)
            | Entity::Flow(_)
            | Entity::Record(_)
            | Entity::Deployment(_)
            | Entity::Pipeline(_)
            | Entity::View(_) => format!("{}:{bare}", self.word(entity)),
        }
    }

    /// The name by which something is referred to from anywhere: its dotted path where it has one.
    pub(crate) fn path(self, entity: Entity) -> String {
        match entity {
            Entity::Element(id) => self.linked.elements[id].path.to_string(),
            Entity::Group(id) => self.linked.groups[id].path.to_string(),
            Entity::Place(id) => {
                let (deployment, node) = self.linked.place(id);
                self.place_path(deployment, node)
            }
            Entity::Relation(id) => self.relation_path(id),
            Entity::Flow(_) | Entity::Record(_) | Entity::Deployment(_) | Entity::Pipeline(_) | Entity::View(_) => {
                self.files.name(self.linked.declared_at(entity)).to_owned()
            }
        }
    }

    /// The ends of a relationship, and where these have several its text, and where even that is not its own which of them it is.
    fn relation_path(self, id: RelationId) -> String {
        let relation = &self.linked.relations[id];
        let path = |end: ElementId| &self.linked.elements[end].path;
        let ends = format!("{} {ARROW} {}", path(relation.from), path(relation.to));
        let label = |id: RelationId| self.files.label(self.linked.relations[id].at).unwrap_or_default();
        let between: Vec<RelationId> = self.linked.relations_between(relation.from, relation.to).collect();
        let alike: Vec<RelationId> = between.iter().copied().filter(|other| label(*other) == label(id)).collect();
        match (&between[..], &alike[..]) {
            ([_], _) => ends,
            (_, [_]) => format!("{ends} {:?}", label(id)),
            _ => {
                let nth = alike.iter().position(|other| *other == id).unwrap_or_default() + 1;
                format!("{ends} {:?} #{nth}", label(id))
            }
        }
    }

    fn word(self, entity: Entity) -> &'static str {
        self.files.item(self.linked.declared_at(entity)).kind.name
    }
}

/// What stands between the ends of a relationship.
pub(crate) const ARROW: &str = "->";

/// The name of a relationship: `a -> b`; with its text where there are several, and the number of those with this text: `a -> b "reads" #2`.
#[derive(Clone, Copy)]
pub(crate) struct Arrow<'n> {
    pub(crate) from: &'n str,
    pub(crate) to: &'n str,
    pub(crate) words: &'n str,
    nth: Option<usize>,
}

impl<'n> Arrow<'n> {
    /// The parts of a name that is one of a relationship.
    pub(crate) fn read(name: &'n str) -> Option<Arrow<'n>> {
        let (from, behind) = name.split_once(ARROW)?;
        let behind = behind.trim();
        let (to, words) = behind.split_at(behind.find(char::is_whitespace).unwrap_or(behind.len()));
        let numbered = words.rsplit_once('#').and_then(|(words, nth)| Some((words, nth.parse().ok()?)));
        let (words, nth) = numbered.map_or((words, None), |(words, nth)| (words, Some(nth)));
        Some(Arrow { from: from.trim(), to, words: words.trim(), nth })
    }

    /// Where the two ends stand in a text, of which a range is such a name, in quotes or bare.
    pub(crate) fn ends_in(text: &str, whole: Range) -> Option<[Range; 2]> {
        let written = whole.of(text).trim_matches(['"', '\'']);
        let arrow = Arrow::read(written)?;
        let place = |end: &str| {
            let start = (end.as_ptr() as usize - text.as_ptr() as usize) as u32;
            Range::new(start, start + end.len() as u32)
        };
        Some([place(arrow.from), place(arrow.to)])
    }

    /// Whether a relationship with this text may be meant.
    fn has_text(self, label: Option<&str>) -> bool {
        let label = label.unwrap_or_default();
        self.words.is_empty() || self.words == label.trim() || self.words == format!("{label:?}")
    }
}

/// A path without the dot that says that it begins at the top, if it does.
pub(crate) fn without_dot(path: &str) -> &str {
    path.strip_prefix('.').unwrap_or(path)
}

/// A name, and the class or kind that it is said to be of. No name has a colon.
pub(crate) fn split_kind(name: &str) -> (Option<&str>, &str) {
    name.split_once(':').map_or((None, name), |(word, bare)| (Some(word), bare))
}

impl NameTable {
    /// Gives an element or group its name in a scope, which nothing else has there.
    pub(crate) fn put(&mut self, scope: Option<ElementId>, name: &str, entity: Entity) {
        let hash = hash_name(scope, name);
        self.structure.insert_unique(hash, (hash, scope, entity), |(hash, ..)| *hash);
    }

    /// Gives something a name of the whole workspace. What has it already, if anything.
    pub(crate) fn put_own(&mut self, class: &'static Class, name: &str, entity: Entity) -> Option<Entity> {
        let names = self.own.entry(namespace(class)?.word).or_default();
        let name = plain(class, name);
        if let Some(first) = names.get(&*name) {
            return Some(*first);
        }
        names.insert(name.into(), entity);
        None
    }

    /// Gives a record another name besides its own; the first that has it keeps it.
    pub(crate) fn put_also(&mut self, class: &'static Class, name: &str, entity: Entity) {
        self.also.entry(class.word).or_default().entry(name.into()).or_insert(entity);
    }

    /// What has a name of the whole workspace among those of a class.
    fn own_name(&self, class: &'static Class, name: &str) -> Option<Entity> {
        let space = namespace(class)?;
        let own = self.own.get(space.word).and_then(|names| names.get(&*plain(space, name)));
        own.or_else(|| self.also.get(space.word)?.get(name)).copied()
    }

    /// The names that things of a class have, in the order of the alphabet.
    pub(crate) fn names_of_class(&self, class: &'static Class) -> impl Iterator<Item = &str> {
        let names = namespace(class).and_then(|space| self.own.get(space.word));
        names.into_iter().flat_map(|names| names.keys()).map(|name| &**name)
    }
}

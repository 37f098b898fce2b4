//! What old names mean today, as `was` tells it: in a text of today in which something is still called as it was before, and in a text that was
//! written once and is kept beside the workspace, such as a list of findings.
//!
//! A name may be in use again: `system b was=a` beside a new `system a`. In a text of today it means what has it. In one that is kept it
//! depends on when that was written, so such a text keeps what `was` had told of then (`OldNames::told`): what is told since then is about names
//! in the text.

use crate::Architecture;
use crate::entity::{Entity, Record};
use crate::facets::deployment::PlaceId;
use crate::facets::structure::ElementId;
use crate::facts;
use crate::items::{Files, ItemRef};
use crate::kinds::{self, class};
use crate::names::family::{Family, entities, family, scope};
use crate::names::{NotFound, Resolver, split_kind, without_dot};
use crate::schema::Class;
use groma_base::{may_mean, now_called};
use rustc_hash::{FxHashMap, FxHashSet};
use std::fmt;
use std::str::FromStr;

/// What `was` tells of a thing.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Renaming {
    family: Family,
    /// What its path was when it was told.
    pub(crate) path: String,
    /// The name that it had before.
    pub(crate) name: String,
}

impl Renaming {
    /// It with each of its names made otherwise, as a text that is kept may need it.
    pub fn map(self, other: impl Fn(String) -> String) -> Renaming {
        Renaming { family: self.family, path: other(self.path), name: other(self.name) }
    }
}

/// As texts that are kept have it: `element:shop.core kernel`.
impl fmt::Display for Renaming {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{} {}", self.family.word(), self.path, self.name)
    }
}

impl FromStr for Renaming {
    type Err = ();

    fn from_str(text: &str) -> Result<Renaming, ()> {
        let (thing, name) = text.split_once(' ').ok_or(())?;
        let (family, path) = thing.split_once(':').ok_or(())?;
        let family = Family::of_word(family).ok_or(())?;
        Ok(Renaming { family, path: path.to_owned(), name: name.to_owned() })
    }
}

/// Which things of today the names in a text of before mean.
#[derive(Default)]
pub struct OldNames {
    /// The paths of today of what had a path, by its family and that path: what it is part of is called there as it is today.
    had: FxHashMap<(Family, String), Vec<String>>,
    /// The paths that are in use, if the text does not say what `was` had told of: then they may be meant as well.
    in_use: FxHashSet<(Family, String)>,
    /// Of which family is what is called by the word of a kind.
    families: FxHashMap<String, Family>,
}

impl OldNames {
    /// All that `was` tells of in a workspace.
    pub fn told(arch: &Architecture) -> FxHashSet<Renaming> {
        let names = arch.resolver();
        let told = |(at, name): (ItemRef, &str)| Renaming {
            family: family_of_path(names, at),
            path: path(names, at),
            name: name.to_owned(),
        };
        claims(names).map(told).collect()
    }

    /// What the names mean in a text that was written when `was` had told of what is `known`, if the text says so.
    pub fn since(arch: &Architecture, known: Option<&FxHashSet<Renaming>>) -> OldNames {
        OldNames { families: families(arch), ..OldNames::of(arch.resolver(), known) }
    }

    /// What the names mean in a text of today that nothing has any more.
    pub fn of_today(arch: &Architecture) -> OldNames {
        OldNames::of(arch.resolver(), None)
    }

    /// What that is called today that had a name which nothing of these classes has, as it is written from anywhere.
    pub fn today(&self, arch: &Architecture, name: &str, wanted: &[&'static Class]) -> Vec<String> {
        let meant = self.meant_among(arch.resolver(), None, name, wanted);
        meant.into_iter().map(|entity| arch.path(entity)).collect()
    }

    /// The same, but for what depends on the words of kinds.
    pub(crate) fn of(arch: Resolver<'_>, known: Option<&FxHashSet<Renaming>>) -> OldNames {
        let mut old = OldNames::default();
        let is_known = |at: ItemRef, name: &str| {
            let mut known = known.into_iter().flatten().filter(|known| known.name == name);
            known.any(|known| had(arch, at, known.family, &known.path))
        };
        for (at, name) in claims(arch).filter(|(at, name)| !is_known(*at, name)) {
            let path = path(arch, at);
            let around = path.rsplit_once('.').map(|(around, _)| around).filter(|_| !name.contains('.'));
            let was = around.map_or_else(|| name.to_owned(), |around| format!("{around}.{name}"));
            old.had.entry((family_of_path(arch, at), was)).or_default().push(path);
        }
        if known.is_none() && !old.had.is_empty() {
            old.in_use = named(arch).map(|at| (family_of_path(arch, at), path(arch, at))).collect();
        }
        old
    }

    /// The addresses of today of what an address may mean: several where nothing tells which.
    pub fn addresses(&self, old: &str) -> Vec<String> {
        // What stands in nothing is of its file.
        if self.had.is_empty() || old.starts_with("file ") {
            return vec![old.to_owned()];
        }
        let mut all = vec![String::new()];
        let mut add = |words: &[String]| {
            all = all.iter().flat_map(|one| words.iter().map(move |word| format!("{one}{word}"))).collect();
        };
        each_word(&self.families, old, |word| match word {
            Word::Step { pipeline, name } => add(&self.steps(pipeline, name)),
            Word::Path { family, path } => add(&self.paths(family, path)),
            Word::Other(words) => add(&[words.to_owned()]),
        });
        all
    }

    /// An address without what changes as a thing becomes one of another kind: a service that is a gateway now is the same.
    pub fn of_any_kind(&self, address: &str) -> String {
        let mut out = String::with_capacity(address.len());
        each_part(address, |part| match part {
            Part::Name { name, behind } if behind.starts_with(':') => {
                let built_in = || Family::of_paths(kinds::by_name(name)?.class);
                let family = self.families.get(name).copied().or_else(built_in);
                out.push_str(family.map_or(name, |family| family.word()));
            }
            Part::Name { name: words, .. } | Part::Between(words) => out.push_str(words),
        });
        out
    }

    /// The names of today of what is a record of this class and is called so in the text.
    pub fn records(&self, class: &'static Class, old: &str) -> Vec<String> {
        self.paths(Family::of_records(class), old)
    }

    /// What a name means that nothing has any more, seen from inside an element or from the top, among these classes: what had it or stands in
    /// what had it; or else what had a path that ended so.
    pub(crate) fn meant_among(
        &self,
        names: Resolver<'_>,
        scope: Option<ElementId>,
        name: &str,
        wanted: &[&'static Class],
    ) -> Vec<Entity> {
        if self.had.is_empty() {
            return Vec::new();
        }
        let (word, bare) = split_kind(name);
        let mut families: Vec<Family> = Vec::new();
        for family in wanted.iter().filter_map(|class| Family::of_paths(class)) {
            if !families.contains(&family) {
                families.push(family);
            }
        }
        let mut found: Vec<Entity> = families
            .into_iter()
            .flat_map(|family| self.paths_meant(names, family, scope, bare).into_iter().map(move |path| (family, path)))
            .filter_map(|(family, path)| with_path(names, family, &path))
            .filter(|entity| names.class(*entity).is_in(wanted))
            .filter(|entity| word.is_none_or(|word| names.is_called(*entity, word)))
            .collect();
        let mut known = FxHashSet::default();
        found.retain(|entity| known.insert(*entity));
        found
    }

    /// The paths of today of what a name of a family may mean, the innermost that there are.
    fn paths_meant(&self, names: Resolver<'_>, of: Family, scope: Option<ElementId>, name: &str) -> Vec<String> {
        let is_there = |path: &String| with_path(names, of, path).is_some();
        let is_in_elements = matches!(of, Family::Element | Family::Group);
        let path = without_dot(name);
        let mut around = scope.filter(|_| is_in_elements && path == name);
        loop {
            let within = around.map_or("", |around| &*names.linked.elements[around].path);
            let mut found = self.paths_in(within, of, path);
            found.retain(is_there);
            if !found.is_empty() {
                return found;
            }
            let Some(inside) = around else { break };
            around = names.linked.elements[inside].parent;
        }
        if path == name { self.paths_of_ends(of, path).into_iter().filter(is_there).collect() } else { Vec::new() }
    }

    /// The paths of today of what had a path of which just the end is written.
    fn paths_of_ends(&self, of: Family, name: &str) -> Vec<String> {
        let ends = name.match_indices('.').map(|(at, _)| at).chain([name.len()]);
        let mut found: Vec<String> = Vec::new();
        for end in ends {
            let of_part = if end < name.len() { family_around(of) } else { of };
            let is_end = |path: &str| path.strip_suffix(&name[..end]).is_some_and(|before| before.ends_with('.'));
            for (_, today) in self.had.iter().filter(|((family, path), _)| *family == of_part && is_end(path)) {
                found.extend(today.iter().flat_map(|today| match name.get(end + 1..) {
                    Some(rest) => self.paths_in(today, of, rest),
                    None => vec![today.clone()],
                }));
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The names of today of what may be meant by the name of a step in a pipeline, both as they are called in the text.
    pub(crate) fn steps(&self, pipeline: &str, old: &str) -> Vec<String> {
        let paths = self.paths(Family::Step, &format!("{pipeline}.{old}"));
        paths.iter().map(|path| path.rsplit('.').next().unwrap_or_default().to_owned()).collect()
    }

    /// The paths of today of what a path may mean.
    fn paths(&self, family: Family, old: &str) -> Vec<String> {
        self.paths_in("", family, old)
    }

    /// The same of a path within that of something of today.
    fn paths_in(&self, around: &str, family: Family, old: &str) -> Vec<String> {
        let is_whole = around.is_empty();
        let mut paths = vec![around.to_owned()];
        let ends = old.match_indices('.').map(|(at, _)| at).chain([old.len()]);
        let mut begin = 0;
        for end in ends {
            let name = &old[begin..end];
            let family = if end < old.len() { family_around(family) } else { family };
            let mut next: Vec<String> = Vec::new();
            for around in &paths {
                let beside = if around.is_empty() { name.to_owned() } else { format!("{around}.{name}") };
                let whole = (family, old[..end].to_owned());
                let key = (family, beside);
                let had = self.had.get(&key).or_else(|| self.had.get(&whole).filter(|_| is_whole));
                next.extend(had.into_iter().flatten().cloned());
                if had.is_none() || self.in_use.contains(&key) {
                    next.push(key.1);
                }
            }
            next.sort_unstable();
            next.dedup();
            paths = next;
            begin = end + 1;
        }
        paths
    }
}

impl Architecture {
    /// What to do about a name that nothing of these classes has, as the help of a message: what had it has another now, or something is
    /// called nearly so; that may be one of `others` as well, which are known without being declared.
    pub fn instead_of(&self, name: &str, wanted: &[&'static Class], others: &[&str]) -> Option<String> {
        let today = self.names_of_today(name, wanted);
        if !today.is_empty() {
            let (message, help, _) = now_called(split_kind(name).1, &today);
            return Some(format!("{message}: {help}"));
        }
        let mut known = self.resolver().names_of(wanted);
        // Things of other classes may have their names among the same.
        known.retain(|name| !matches!(self.resolve(None, name, wanted), Err(NotFound::Nothing | NotFound::Other(_))));
        may_mean(name, known.iter().map(String::as_str).chain(others.iter().copied()))
    }

    fn meant_today(&self, name: &str, wanted: &[&'static Class]) -> Vec<Entity> {
        OldNames::of_today(self).meant_among(self.resolver(), None, name, wanted)
    }

    /// How that is asked for today, whatever it is, that had a name which nothing of these classes has.
    pub(crate) fn addresses_of_today(&self, name: &str, wanted: &[&'static Class]) -> Vec<String> {
        self.meant_today(name, wanted).into_iter().map(|entity| self.unmistakable(entity, &self.path(entity))).collect()
    }

    /// What that is called today that had a name which nothing of these classes has, as it is written from anywhere.
    pub fn names_of_today(&self, name: &str, wanted: &[&'static Class]) -> Vec<String> {
        let old = OldNames::of_today(self);
        let today = old.today(self, name, wanted);
        if !today.is_empty() {
            return today;
        }
        // As a name of today, it may be written in other letters.
        let lower = name.to_lowercase();
        let mut today = old.today(self, &lower, wanted);
        today.retain(|one| *one != lower);
        today
    }
}

/// What has a path of today of a family.
fn with_path(names: Resolver<'_>, of: Family, path: &str) -> Option<Entity> {
    let linked = names.linked;
    let called = |at: ItemRef| names.files.name(at) == path;
    let found = match of {
        Family::Element | Family::Group => names.structure_in(None, path).ok(),
        Family::Place if path.contains('.') => {
            let nth = linked.places().position(|(deployment, node)| names.place_path(deployment, node) == path);
            nth.map(|nth| Entity::Place(PlaceId::new(nth as u32)))
        }
        Family::Place | Family::Deployment => {
            linked.deployments.entries().find(|(_, one)| called(one.at)).map(|(id, _)| Entity::Deployment(id))
        }
        Family::Flow => linked.flows.entries().find(|(_, flow)| called(flow.at)).map(|(id, _)| Entity::Flow(id)),
        Family::Pipeline => {
            linked.pipelines.entries().find(|(_, one)| called(one.at)).map(|(id, _)| Entity::Pipeline(id))
        }
        Family::View => linked.views.entries().find(|(_, view)| called(view.at)).map(|(id, _)| Entity::View(id)),
        Family::Record(_) => {
            let is_it = |record: &Record| Family::of_records(record.class) == of && called(record.at);
            linked.records.entries().find(|(_, record)| is_it(record)).map(|(id, _)| Entity::Record(id))
        }
        Family::Step | Family::Relation => None,
    };
    found.filter(|entity| family_of_path(names, linked.declared_at(*entity)) == of)
}

/// Where everything is declared that has a name: anywhere, or in what it stands in.
fn named(names: Resolver<'_>) -> impl Iterator<Item = ItemRef> {
    let linked = names.linked;
    let steps = linked.pipelines.iter().flat_map(|pipeline| pipeline.stages.iter().map(|step| step.at));
    entities(linked).into_iter().map(|entity| linked.declared_at(entity)).chain(steps)
}

/// The names that something is said to have had.
pub(crate) fn had_names(files: &Files, at: ItemRef) -> impl Iterator<Item = &str> {
    files.list(at, &facts::WAS)
}

/// The names that things are said to have had.
fn claims<'a>(names: Resolver<'a>) -> impl Iterator<Item = (ItemRef, &'a str)> {
    named(names).flat_map(move |at| had_names(names.files, at).map(move |name| (at, name)))
}

/// Whether something may have had a path, by its names and those of what it is part of.
fn had(names: Resolver<'_>, at: ItemRef, of: Family, path: &str) -> bool {
    if family_of_path(names, at) != of {
        return false;
    }
    let is_called = |name: &str| names.files.name(at) == name || had_names(names.files, at).any(|was| was == name);
    let is_beside = || match (part_of(names, at), path.rsplit_once('.')) {
        (Some(around), Some((outer, name))) => {
            is_called(name) && had(names, around, family_of_path(names, around), outer)
        }
        (None, _) => is_called(path),
        (Some(_), None) => false,
    };
    is_beside() || had_names(names.files, at).any(|was| was == path && was.contains('.'))
}

/// What the path of something begins with.
fn part_of(names: Resolver<'_>, at: ItemRef) -> Option<ItemRef> {
    match names.linked.entity(at) {
        Some(entity) => scope(names.linked, entity).map(|around| names.linked.declared_at(around)),
        None => names.files.item(at).parent.map(|item| ItemRef { item, ..at }),
    }
}

/// The names of what something is part of and its own, joined by dots.
fn path(names: Resolver<'_>, at: ItemRef) -> String {
    match (names.linked.entity(at), part_of(names, at)) {
        (Some(entity), _) => names.path(entity),
        (None, Some(around)) => format!("{}.{}", path(names, around), names.files.name(at)),
        (None, None) => names.files.name(at).to_owned(),
    }
}

/// Among which things the path of something is its own.
pub(crate) fn family_of_path(names: Resolver<'_>, at: ItemRef) -> Family {
    match names.linked.entity(at) {
        // The path of a place begins with its deployment.
        Some(Entity::Deployment(_)) => Family::Place,
        Some(entity) => family(names.linked, entity),
        None => Family::Step,
    }
}

/// Of which family is what something of a family is part of.
pub(crate) fn family_around(family: Family) -> Family {
    match family {
        Family::Group => Family::Element,
        Family::Step => Family::Pipeline,
        family => family,
    }
}

/// Of which family is what is called by the word of a kind in addresses.
pub(crate) fn families(arch: &Architecture) -> FxHashMap<String, Family> {
    let mut all: FxHashMap<String, Family> = FxHashMap::default();
    for at in named(arch.resolver()) {
        all.entry(arch.kind_word(at).to_owned()).or_insert_with(|| family_of_path(arch.resolver(), at));
    }
    // What follows these names a rule, which may be a standard.
    for kind in kinds::all().filter(|kind| kind.class.is_in(&[&class::ALLOW, &class::RULE_SETTING])) {
        all.insert(kind.name.to_owned(), Family::of_records(&class::STANDARD));
    }
    all
}

/// A word of an address.
pub(crate) enum Word<'a> {
    /// The path of something, and among which things it is its own.
    Path { family: Family, path: &'a str },
    /// The name of a step of a pipeline.
    Step { pipeline: &'a str, name: &'a str },
    /// The word of a kind, what stands between names, or what is said of a thing in quotes.
    Other(&'a str),
}

/// Goes through the words of an address.
pub(crate) fn each_word<'a>(families: &FxHashMap<String, Family>, address: &'a str, mut take: impl FnMut(Word<'a>)) {
    let (mut kind, mut pipeline) = (None, None);
    let (mut is_quoted, mut is_escaped) = (false, false);
    each_part(address, |part| match part {
        // What stands between quotes is said of a thing, and names none.
        Part::Name { name, .. } if is_quoted => {
            take(Word::Other(name));
            is_escaped = false;
        }
        Part::Name { name, behind } if behind.starts_with(':') => {
            kind = Some(families.get(name).copied().unwrap_or(Family::Element));
            take(Word::Other(name));
        }
        Part::Name { name, .. } => {
            // What has no kind before it in a pipeline is an end of a transition.
            let inside = pipeline.map_or(Family::Element, |_| Family::Step);
            match (kind.take().unwrap_or(inside), pipeline) {
                (Family::Step, Some(pipeline)) => take(Word::Step { pipeline, name }),
                (family, _) => {
                    pipeline = pipeline.or((family == Family::Pipeline).then_some(name));
                    take(Word::Path { family, path: name });
                }
            }
        }
        Part::Between(words) => {
            for letter in words.chars() {
                is_quoted ^= letter == '"' && !is_escaped;
                is_escaped = letter == '\\' && !is_escaped;
            }
            take(Word::Other(words));
        }
    });
}

/// A part of a text: a word that may be a path, with what stands behind it, or what stands between two of them.
pub(crate) enum Part<'a> {
    Name { name: &'a str, behind: &'a str },
    Between(&'a str),
}

/// Goes through the parts of a text.
pub(crate) fn each_part<'a>(text: &'a str, mut take: impl FnMut(Part<'a>)) {
    let is_of_name = |letter: char| letter.is_alphanumeric() || "_-.".contains(letter);
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = rest.find(|letter: char| is_of_name(letter) != is_of_name(first)).unwrap_or(rest.len());
        let (name, behind) = rest.split_at(end);
        take(if is_of_name(first) { Part::Name { name, behind } } else { Part::Between(name) });
        rest = behind;
    }
}

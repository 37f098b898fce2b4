//! Old names in a text that was written once and is kept beside the workspace, such as a list of findings: which thing of today each means.
//!
//! A name may be in use again: `system b was=a` beside a new `system a`. Then it depends on when the text was written what `a` means in it. So
//! such a text keeps what `was` had told of when it was written (`OldNames::told`): what is told since then is about names in the text.

use super::renamed::{Part, each_part};
use super::side::{Family, entities, family, scope};
use crate::Architecture;
use crate::entity::Entity;
use crate::facts;
use crate::items::ItemRef;
use crate::schema::Class;
use rustc_hash::{FxHashMap, FxHashSet};
use std::fmt;
use std::str::FromStr;

/// What `was` tells of a thing.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Renaming {
    family: Family,
    /// What its path was when it was told.
    pub(super) path: String,
    /// The name that it had before.
    pub(super) name: String,
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
        let told = |(at, name): (ItemRef, &str)| Renaming {
            family: family_of_path(arch, at),
            path: path(arch, at),
            name: name.to_owned(),
        };
        claims(arch).map(told).collect()
    }

    /// What the names mean in a text that was written when `was` had told of what is `known`, if the text says so.
    pub fn since(arch: &Architecture, known: Option<&FxHashSet<Renaming>>) -> OldNames {
        let mut old = OldNames::default();
        for at in named(arch) {
            let word = arch.kind_word(at);
            old.families.entry(word.to_owned()).or_insert_with(|| family_of_path(arch, at));
        }
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
        let (mut kind, mut pipeline) = (None, None);
        let (mut is_quoted, mut is_escaped) = (false, false);
        each_part(old, |part| match part {
            // What stands between quotes is said of a thing, and names none.
            Part::Name { name, .. } if is_quoted => {
                add(&[name.to_owned()]);
                is_escaped = false;
            }
            Part::Name { name, behind } if behind.starts_with(':') => {
                kind = Some(self.families.get(name).copied().unwrap_or(Family::Element));
                add(&[name.to_owned()]);
            }
            Part::Name { name, .. } => {
                // What has no kind before it in a pipeline is an end of a transition.
                let inside = pipeline.map_or(Family::Element, |_| Family::Step);
                match (kind.take().unwrap_or(inside), pipeline) {
                    (Family::Step, Some(pipeline)) => add(&self.steps(pipeline, name)),
                    (family, _) => {
                        pipeline = pipeline.or((family == Family::Pipeline).then_some(name));
                        add(&self.paths(family, name));
                    }
                }
            }
            Part::Between(words) => {
                for letter in words.chars() {
                    is_quoted ^= letter == '"' && !is_escaped;
                    is_escaped = letter == '\\' && !is_escaped;
                }
                add(&[words.to_owned()]);
            }
        });
        all
    }

    /// The names of today of what is a record of this class and is called so in the text.
    pub fn records(&self, class: &'static Class, old: &str) -> Vec<String> {
        self.paths(Family::of_records(class), old)
    }

    /// The names of today of what may be meant by the name of a step in a pipeline, both as they are called in the text.
    fn steps(&self, pipeline: &str, old: &str) -> Vec<String> {
        let paths = self.paths(Family::Step, &format!("{pipeline}.{old}"));
        paths.iter().map(|path| path.rsplit('.').next().unwrap_or_default().to_owned()).collect()
    }

    /// The paths of today of what a path may mean.
    fn paths(&self, family: Family, old: &str) -> Vec<String> {
        let mut paths = vec![String::new()];
        let ends = old.match_indices('.').map(|(at, _)| at).chain([old.len()]);
        let mut begin = 0;
        for end in ends {
            let name = &old[begin..end];
            let family = if end < old.len() { family_around(family) } else { family };
            let mut next: Vec<String> = Vec::new();
            for around in &paths {
                let beside = if begin == 0 { name.to_owned() } else { format!("{around}.{name}") };
                let whole = (family, old[..end].to_owned());
                let key = (family, beside);
                let had = self.had.get(&key).or_else(|| self.had.get(&whole));
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

/// Where everything is declared that has a name: anywhere, or in what it stands in.
fn named(arch: &Architecture) -> impl Iterator<Item = ItemRef> {
    let steps = arch.pipelines.iter().flat_map(|pipeline| pipeline.stages.iter().map(|step| step.at));
    entities(arch).into_iter().map(|entity| arch.declared_at(entity)).chain(steps)
}

/// The names that things are said to have had.
fn claims(arch: &Architecture) -> impl Iterator<Item = (ItemRef, &str)> {
    named(arch).flat_map(move |at| arch.list(at, &facts::WAS).map(move |name| (at, name)))
}

/// Whether something may have had a path, by its names and those of what it is part of.
fn had(arch: &Architecture, at: ItemRef, of: Family, path: &str) -> bool {
    if family_of_path(arch, at) != of {
        return false;
    }
    let is_called = |name: &str| arch.name(at) == name || arch.list(at, &facts::WAS).any(|was| was == name);
    let is_beside = || match (part_of(arch, at), path.rsplit_once('.')) {
        (Some(around), Some((outer, name))) => {
            is_called(name) && had(arch, around, family_of_path(arch, around), outer)
        }
        (None, _) => is_called(path),
        (Some(_), None) => false,
    };
    is_beside() || arch.list(at, &facts::WAS).any(|was| was == path && was.contains('.'))
}

/// What the path of something begins with.
fn part_of(arch: &Architecture, at: ItemRef) -> Option<ItemRef> {
    match arch.entity(at) {
        Some(entity) => scope(arch, entity).map(|around| arch.declared_at(around)),
        None => arch.item(at).parent.map(|item| ItemRef { item, ..at }),
    }
}

/// The names of what something is part of and its own, joined by dots.
fn path(arch: &Architecture, at: ItemRef) -> String {
    match (arch.entity(at), part_of(arch, at)) {
        (Some(entity), _) => arch.path(entity),
        (None, Some(around)) => format!("{}.{}", path(arch, around), arch.name(at)),
        (None, None) => arch.name(at).to_owned(),
    }
}

/// Among which things the path of something is its own.
fn family_of_path(arch: &Architecture, at: ItemRef) -> Family {
    match arch.entity(at) {
        // The path of a place begins with its deployment.
        Some(Entity::Deployment(_)) => Family::Place,
        Some(entity) => family(arch, entity),
        None => Family::Step,
    }
}

/// Of which family is what something of a family is part of.
fn family_around(family: Family) -> Family {
    match family {
        Family::Group => Family::Element,
        Family::Step => Family::Pipeline,
        family => family,
    }
}

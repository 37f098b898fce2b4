//! Old names in a text that was written once and is kept beside the workspace, such as a list of findings: which thing of today each means.
//!
//! A name may be in use again: `system b was=a` beside a new `system a`. Then it depends on when the text was written what `a` means in it. So
//! such a text keeps what `was` had told of when it was written (`OldNames::told`): what is told since then is about names in the text.

use super::renamed::{Part, each_part};
use super::side::{Family, entities, family, scope};
use crate::Architecture;
use crate::entity::Entity;
use crate::facts;
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
        let told = |(entity, name): (Entity, &str)| {
            let (family, path) = (family_of_path(arch, entity), arch.path(entity));
            Renaming { family, path, name: name.to_owned() }
        };
        claims(arch).map(told).collect()
    }

    /// What the names mean in a text that was written when `was` had told of what is `known`, if the text says so.
    pub fn since(arch: &Architecture, known: Option<&FxHashSet<Renaming>>) -> OldNames {
        let mut old = OldNames::default();
        for entity in entities(arch) {
            let address = arch.address(entity);
            let word = address.split(':').next().unwrap_or_default();
            old.families.entry(word.to_owned()).or_insert_with(|| family_of_path(arch, entity));
        }
        let is_known = |entity: Entity, name: &str| {
            let mut known = known.into_iter().flatten().filter(|known| known.name == name);
            known.any(|known| had(arch, entity, known.family, &known.path))
        };
        for (entity, name) in claims(arch).filter(|(entity, name)| !is_known(*entity, name)) {
            let path = arch.path(entity);
            let around = path.rsplit_once('.').map(|(around, _)| around).filter(|_| !name.contains('.'));
            let was = around.map_or_else(|| name.to_owned(), |around| format!("{around}.{name}"));
            old.had.entry((family_of_path(arch, entity), was)).or_default().push(path);
        }
        if known.is_none() && !old.had.is_empty() {
            old.in_use =
                entities(arch).into_iter().map(|entity| (family_of_path(arch, entity), arch.path(entity))).collect();
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
        let mut kind = None;
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
            Part::Name { name, .. } => add(&self.paths(kind.take().unwrap_or(Family::Element), name)),
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

/// The names that things are said to have had.
fn claims(arch: &Architecture) -> impl Iterator<Item = (Entity, &str)> {
    entities(arch)
        .into_iter()
        .flat_map(move |entity| arch.list(arch.declared_at(entity), &facts::WAS).map(move |name| (entity, name)))
}

/// Whether something may have had a path, by its names and those of what it is part of.
fn had(arch: &Architecture, entity: Entity, of: Family, path: &str) -> bool {
    if family_of_path(arch, entity) != of {
        return false;
    }
    let at = arch.declared_at(entity);
    let is_called = |name: &str| arch.name(at) == name || arch.list(at, &facts::WAS).any(|was| was == name);
    let is_beside = || match (scope(arch, entity), path.rsplit_once('.')) {
        (Some(around), Some((outer, name))) => {
            is_called(name) && had(arch, around, family_of_path(arch, around), outer)
        }
        (None, _) => is_called(path),
        (Some(_), None) => false,
    };
    is_beside() || arch.list(at, &facts::WAS).any(|was| was == path && was.contains('.'))
}

/// Among which things the path of something is its own.
fn family_of_path(arch: &Architecture, entity: Entity) -> Family {
    match entity {
        // The path of a place begins with its deployment.
        Entity::Deployment(_) => Family::Place,
        entity => family(arch, entity),
    }
}

/// Of which family is what something of a family is part of.
fn family_around(family: Family) -> Family {
    if family == Family::Group { Family::Element } else { family }
}

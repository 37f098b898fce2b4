//! What the technologies of a workspace are called, and which of several a name means.

use super::text::version_behind;
use super::{Known, Technologies, in_order_of_names, plain, radar};
use crate::facets::technologies::TechnologyNames;
use crate::facets::technologies::class::TECHNOLOGY;
use crate::facets::technologies::facts::technology;
use crate::{Architecture, ItemRef, facts};
use rustc_hash::FxHashMap;
use std::collections::hash_map::Entry;

/// What the workspace calls a technology: its name, its title, and from [`ALSO_CALLED`] on what else.
pub fn names_of_technology(arch: &Architecture, at: ItemRef) -> Vec<&str> {
    [arch.name(at), arch.title(at)].into_iter().chain(arch.list(at, &technology::ALSO)).collect()
}

const ALSO_CALLED: usize = 2;

/// The technologies that a workspace declares, by the plain form of their names. What a kit declares comes first, as nobody who is held to it
/// may take a technology out of its radar by another name: neither by one that it has there, nor by one with a version. What has such a
/// name among other words, as `PHP CLI` does, is a technology of its own, and one of that kind.
pub(super) fn by_name(arch: &Architecture) -> TechnologyNames {
    let (of_kits, others): (Vec<ItemRef>, Vec<ItemRef>) =
        in_order_of_names(arch, &TECHNOLOGY).into_iter().partition(|at| arch.is_of_binding_kit(*at));
    let has_radar_of_kit = radar(arch).any(|at| arch.is_of_binding_kit(at));
    let mut names = TechnologyNames { before: before(arch), has_radar_of_kit, ..TechnologyNames::default() };
    names.today = claimed(arch, &of_kits).into_iter().map(|(name, claim)| (name, claim.at)).collect();
    let has_kit = !names.today.is_empty();
    let mut free = Vec::new();
    for (name, claim) in claimed(arch, &others) {
        match Technologies::with(arch, &names).meant_by_whole(claim.name).filter(|_| has_kit) {
            Some(of_kit) => _ = names.refused.insert(name, of_kit),
            None => free.push((name, claim.at)),
        }
    }
    if has_kit {
        names.kinds = kinds(&Technologies::with(arch, &names), &others);
    }
    names.today.extend(free);
    names
}

/// Of technologies those whose names, as texts, name some of a kit, and these: that something is declared takes nothing from what its name says.
fn kinds(of_kits: &Technologies<'_>, technologies: &[ItemRef]) -> FxHashMap<ItemRef, Vec<ItemRef>> {
    let kinds = |at: ItemRef| {
        let names = names_of_technology(of_kits.architecture(), at);
        let named = names.into_iter().flat_map(|name| of_kits.all_named(name).to_vec());
        let mut kinds: Vec<ItemRef> = named.filter_map(|named| named.known?.own).collect();
        kinds.sort_unstable();
        kinds.dedup();
        kinds
    };
    technologies.iter().map(|at| (*at, kinds(*at))).filter(|(_, kinds)| !kinds.is_empty()).collect()
}

/// A name that a technology has, and how much it is its own: nought is the most.
struct Claim<'a> {
    name: &'a str,
    rank: usize,
    at: ItemRef,
}

/// Whose each name is. A name comes before a title, and that before what it is also called.
fn claimed<'a>(arch: &'a Architecture, technologies: &[ItemRef]) -> FxHashMap<String, Claim<'a>> {
    let mut claims: FxHashMap<String, Claim<'_>> = FxHashMap::default();
    for at in technologies.iter().copied() {
        for (nth, name) in names_of_technology(arch, at).into_iter().enumerate() {
            let claim = Claim { name, rank: nth.min(ALSO_CALLED), at };
            match claims.entry(plain(name)) {
                Entry::Occupied(mut best) if claim.rank < best.get().rank => _ = best.insert(claim),
                Entry::Occupied(_) => {}
                Entry::Vacant(entry) => _ = entry.insert(claim),
            }
        }
    }
    claims
}

/// Whose each name was.
fn before(arch: &Architecture) -> FxHashMap<String, Option<ItemRef>> {
    let mut before: FxHashMap<String, Option<ItemRef>> = FxHashMap::default();
    for record in arch.records_of(&TECHNOLOGY) {
        for name in arch.list(record.at, &facts::WAS) {
            let is_other = |known: &mut Option<ItemRef>| *known = known.filter(|other| *other == record.at);
            before.entry(plain(name)).and_modify(is_other).or_insert(Some(record.at));
        }
    }
    before
}

impl Technologies<'_> {
    /// The technology of the workspace that a text means which is no more than its name, or that with a version.
    fn meant_by_whole(&self, text: &str) -> Option<ItemRef> {
        let with_version = || {
            let (known, end) = self.longest(text)?;
            version_behind(&text[end..]).map(|_| known)
        };
        self.called(text).or_else(with_version)?.own
    }

    /// The technologies of a kit that the name of another names.
    pub(super) fn kinds(&self, known: Known) -> impl Iterator<Item = Known> {
        let kinds = known.own.and_then(|own| self.own.kinds.get(&own)).into_iter().flatten();
        kinds.filter_map(|kind| self.called(self.architecture().name(*kind)))
    }

    /// The technology of a kit that a name means, which another of the workspace has as well, in vain.
    pub fn of_kit_called(&self, name: &str) -> Option<ItemRef> {
        self.own.refused.get(&plain(name)).copied()
    }
}

//! Names that nothing has because what they name is misspelt where it is declared: one mistake, however many names lead to it or through it.

use super::Linker;
use super::near::depth;
use crate::entity::Entity;
use crate::facets::structure::ElementId;
use crate::items::{ItemRef, Value};
use crate::kinds::class::{DEPLOYMENT, EXTEND, INSTANCE, PLACE};
use crate::names::split_kind;
use crate::schema::{Head, Type};
use groma_base::{FileId, Range, Span, is_slip, last_part, nearest};
use rustc_hash::FxHashMap;

/// For at most so many names it is looked whether anything names them.
const MOST_SEARCHED: usize = 20;

/// What is missing in a name.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Missing {
    /// The part of it that nothing has.
    part: Box<str>,
    /// What is called nearly so.
    pub(super) near: Near,
}

impl Missing {
    /// A part of names that nothing has, and the declaration that is called nearly so.
    pub(super) fn near(part: &str, declared: ItemRef) -> Missing {
        Missing { part: part.into(), near: Near::Declared(declared) }
    }
}

/// What is called nearly as something that is missing.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Near {
    /// What is declared here.
    Declared(ItemRef),
    /// Nothing: the same name in another file is another mistake.
    NothingIn(FileId),
}

/// The findings that may be of a declaration which is misspelt.
#[derive(Default)]
pub(super) struct Misspelt {
    /// The findings, by what is missing.
    findings: FxHashMap<Missing, usize>,
    /// In how many places what a finding is of stands.
    uses: FxHashMap<usize, usize>,
    /// The places that findings are of, but for the first of each.
    pub(super) places: Vec<Span>,
}

impl Misspelt {
    /// The finding of what is missing.
    pub(super) fn finding(&self, missing: &Missing) -> Option<usize> {
        self.findings.get(missing).copied()
    }

    /// Remembers the finding of what is missing.
    pub(super) fn note(&mut self, missing: Missing, finding: usize) {
        self.findings.insert(missing, finding);
        *self.uses.entry(finding).or_default() += 1;
    }

    /// Remembers a further place that a finding is of.
    pub(super) fn used_again(&mut self, finding: usize, place: Span) {
        *self.uses.entry(finding).or_default() += 1;
        self.places.push(place);
    }
}

impl Linker {
    /// What is missing in a name to which something is the nearest.
    pub(super) fn missing(
        &self,
        file: FileId,
        (scope, name): (Option<ElementId>, &str),
        near: Option<Entity>,
    ) -> Missing {
        let near = match near {
            Some(Entity::Element(id)) => Some(id),
            Some(entity @ Entity::Place(_)) => return self.missing_on_way(name, entity),
            Some(entity) => return Missing::near(last_part(name), self.linked.declared_at(entity)),
            None => None,
        };
        let part = self.resolver().missing_part(scope, name);
        if split_kind(name).0.is_some() {
            return Missing { part: name.into(), near: Near::NothingIn(file) };
        }
        let below = name.split('.').rev().position(|one| one == part).unwrap_or(0);
        let meant = std::iter::successors(near, |id| self.linked.elements[*id].parent).nth(below);
        let called = |id: &ElementId| last_part(&self.linked.elements[*id].path);
        let declared = meant.filter(|id| !nearest(part, [called(id)]).is_empty()).map(|id| self.linked.elements[id].at);
        Missing { part: part.into(), near: declared.map_or(Near::NothingIn(file), Near::Declared) }
    }

    /// The same of the path of a place: what is called otherwise may be anything on the way to it, as its deployment.
    fn missing_on_way(&self, name: &str, place: Entity) -> Missing {
        let path = self.resolver().path(place);
        let mut parts = name.split('.').zip(path.split('.'));
        let nth = parts.clone().position(|(part, called)| part != called);
        let way = nth.filter(|_| depth(name) == depth(&path)).and_then(|nth| path.match_indices('.').nth(nth));
        let whole = way.and_then(|(end, _)| self.resolver().resolve(None, &path[..end], &[&DEPLOYMENT, &PLACE]).ok());
        match (whole, nth.and_then(|nth| parts.nth(nth))) {
            (Some(whole), Some((part, _))) => Missing::near(part, self.linked.declared_at(whole)),
            _ => Missing::near(last_part(name), self.linked.declared_at(place)),
        }
    }

    /// Whether what is called so stands elsewhere, and something here is called nearly so: then it is not certain which is misspelt.
    pub(super) fn is_nearly_here(&self, scope: Option<ElementId>, name: &str, meant: ElementId) -> bool {
        let around = name.rsplit_once('.').and_then(|(whole, _)| self.resolver().element(scope, whole)).or(scope);
        let is_here = |id: ElementId| self.linked.elements[id].parent == around;
        let mut here = self.linked.elements.ids().filter(|id| is_here(*id) && *id != meant);
        !is_here(meant) && here.any(|id| is_slip(last_part(&self.linked.elements[id].path), last_part(name)))
    }

    /// Where several names agree in something and nothing names what is called nearly so, its declaration is what is misspelt: that is
    /// corrected, and not all those names.
    pub(super) fn leave_what_agrees(&mut self) {
        let misspelt = &self.problems.misspelt;
        let several = misspelt.findings.iter().filter(|(_, finding)| misspelt.uses[finding] > 1);
        let several = several.filter_map(|(missing, finding)| match missing.near {
            Near::Declared(declared) => Some((*finding, missing.part.clone(), declared)),
            Near::NothingIn(_) => None,
        });
        let mut several: Vec<(usize, Box<str>, ItemRef)> = several.collect();
        several.sort_unstable_by_key(|(finding, ..)| *finding);
        let mut asked: FxHashMap<Box<str>, bool> = FxHashMap::default();
        for (finding, part, declared) in several {
            let called = self.files.name(declared).to_owned();
            let is_searched = asked.contains_key(&*called) || asked.len() < MOST_SEARCHED;
            let is_named =
                is_searched && *asked.entry(called.as_str().into()).or_insert_with(|| is_named(self, &called));
            if is_named {
                continue;
            }
            let span = self.files.name_span(declared);
            let finding = &mut self.problems.found[finding];
            finding.fixes.clear();
            finding
                .help
                .push(format!("if this is right, correct the declaration of `{called}`: nothing else names it"));
            if is_searched && is_slip(&called, &part) {
                finding.add_fix(format!("write `{part}` for `{called}`"), span, part);
            }
        }
    }
}

/// Whether an arrow, a fact or a query names something so.
fn is_named(linker: &Linker, name: &str) -> bool {
    linker.files.iter().any(|file| {
        let is_name = |range: Range| range.of(&file.text).split('.').any(|part| part == name);
        let names = file
            .items
            .iter()
            .filter(|item| matches!(item.kind.head, Head::Arrow) || item.kind.class.is_in(&[&EXTEND, &INSTANCE]));
        let mut facts = file.facts.iter().filter_map(|fact| match &fact.value {
            Value::Reference(text) | Value::Text(text) => Some((fact, file.text(text))),
            Value::Bool(_) | Value::Quantity(_) | Value::Choice(_) => None,
        });
        let is_end = |letter: char| !letter.is_alphanumeric() && !matches!(letter, '-' | '_');
        names.into_iter().any(|item| is_name(item.name) || is_name(item.target))
            || facts
                .any(|(fact, text)| !matches!(fact.fact.ty, Type::Text) && text.split(is_end).any(|part| part == name))
    })
}

//! How the workspace, its own kinds and its `extend` blocks are linked.

use super::class;
use super::facts::own_kind;
use crate::entity::Entity;
use crate::facets::structure::Container;
use crate::facets::structure::class::ELEMENTS;
use crate::facets::structure::{ElementId, class as structure};
use crate::items::{Files, Item, ItemRef};
use crate::kinds;
use crate::link::{DUPLICATE_NAME, Linker, UNRESOLVED_NAME};
use crate::misplaced::{self, Context};
use crate::misplaced::{MISPLACED, UNKNOWN_WORD, known_words};
use crate::names::{split_kind, without_dot};
use crate::schema::Kind;
use groma_base::{Diagnostic, Span, did_you_mean, list_words, nearest, only_meant};
use rustc_hash::FxHashMap;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

/// The workspace's own kinds.
#[derive(Default)]
pub(crate) struct OwnKinds {
    kinds: FxHashMap<Box<str>, OwnKind>,
    /// Where each of them was declared first.
    first: FxHashMap<Box<str>, ItemRef>,
    /// The names of built-in kinds that are in use, each kept once.
    built_in: FxHashMap<&'static str, Arc<str>>,
}

struct OwnKind {
    name: Arc<str>,
    base: &'static Kind,
}

/// The `extend` blocks of a workspace.
#[derive(Default)]
pub(crate) struct Extends {
    all: Vec<ItemRef>,
    /// Those that wait for a name in a scope, and those whose name has come.
    waiting: FxHashMap<(Option<ElementId>, Box<str>), Vec<usize>>,
    woken: Vec<usize>,
}

impl Extends {
    /// A name has come to a scope.
    pub(crate) fn wake(&mut self, scope: Option<ElementId>, name: &str) {
        if !self.waiting.is_empty() {
            self.woken.extend(self.waiting.remove(&(scope, name.into())).unwrap_or_default());
        }
    }
}

pub(crate) fn workspace(linker: &mut Linker, at: ItemRef) {
    let Some(first) = linker.linked.workspace else {
        linker.linked.workspace = Some(at);
        return;
    };
    let finding = Diagnostic::error(DUPLICATE_NAME, linker.files.name_span(at), "a second `workspace`")
        .secondary(linker.files.name_span(first), "the first one is here")
        .help("keep one; a workspace describes one effort");
    linker.problems.push(finding);
}

pub(crate) fn rule_setting(linker: &mut Linker, at: ItemRef) {
    linker.linked.rule_settings.push(at);
}

pub(crate) fn allow(linker: &mut Linker, at: ItemRef) {
    linker.linked.allows.push(at);
}

pub(crate) fn extend(linker: &mut Linker, at: ItemRef) {
    linker.extends.all.push(at);
}

/// Takes in the workspace's own kinds, which everything else may be of.
pub(crate) fn own_kinds(linker: &mut Linker) {
    linker.each_item(|linker, at| {
        if linker.files.item(at).kind.is(&class::OWN_KIND) {
            own_kind(linker, at);
        }
    });
}

fn own_kind(linker: &mut Linker, at: ItemRef) {
    let is = linker.files.text(at, &own_kind::IS).unwrap_or("service").to_owned();
    let may_be = |kind: &&Kind| kind.is(&structure::CONTAINER) || kind.is(&structure::COMPONENT);
    let base = kinds::by_name(&is).filter(may_be);
    let is_own =
        |other: &ItemRef| linker.files.item(*other).kind.is(&class::OWN_KIND) && linker.files.name(*other) == is;
    if base.is_none() && item_refs(&linker.files).any(|other| is_own(&other)) {
        let given = linker.files.fact(at, &own_kind::IS);
        let span = given.map_or(linker.files.name_span(at), |fact| Span::new(at.file, fact.range));
        let built_in: Vec<&str> = Container::ALL.iter().map(|kind| kind.word()).chain(["component"]).collect();
        let finding =
            Diagnostic::error(UNRESOLVED_NAME, span, format!("`{is}` is a kind of your own, not a built-in one"));
        linker.problems.push(finding.help(format!("write one of {}", list_words(built_in, "or"))));
    } else if base.is_none() {
        let given = linker.files.fact(at, &own_kind::IS);
        let span = given.map_or(linker.files.name_span(at), |fact| Span::new(at.file, fact.range));
        let known = Container::ALL.iter().map(|kind| kind.word()).chain(["component"]);
        linker.problems.unresolved(span, &is, "kind of container", (known.collect(), |_| None));
    }
    let name: Arc<str> = linker.files.name(at).into();
    new_kind(linker, at, &name);
    let base = base.unwrap_or_else(|| kinds::by_name("service").expect("a built-in kind"));
    linker.linked.own_kinds.push(name.clone());
    linker.own_kinds.kinds.insert((&*name).into(), OwnKind { name, base });
}

fn item_refs(files: &Files) -> impl Iterator<Item = ItemRef> + '_ {
    files.iter().flat_map(|file| file.items.ids().map(|item| ItemRef { file: file.file, item }))
}

/// Reports a kind whose name is taken.
fn new_kind(linker: &mut Linker, at: ItemRef, name: &str) {
    if let Some(first) = linker.own_kinds.first.get(name).copied() {
        linker.duplicate(at, first);
    } else if kinds::by_name(name).is_some() {
        let span = linker.files.name_span(at);
        let finding = Diagnostic::error(DUPLICATE_NAME, span, format!("`{name}` is a built-in kind"));
        linker.problems.push(finding.help("choose another name for your own kind"));
    } else {
        linker.own_kinds.first.insert(name.into(), at);
    }
}

/// The built-in kind of an element, and the name of its kind as written; reports a word that is no kind.
pub(crate) fn kind_of(linker: &mut Linker, at: ItemRef) -> (&'static Kind, Arc<str>) {
    let files = linker.files.clone();
    let (file, item) = (files.file(at), files.item(at));
    if !item.own {
        let name = linker.own_kinds.built_in.entry(item.kind.name).or_insert_with(|| item.kind.name.into());
        return (item.kind, name.clone());
    }
    let word = item.word.of(&file.text);
    if let Some(own) = linker.own_kinds.kinds.get(word) {
        return (own.base, own.name.clone());
    }
    unknown_kind(linker, &files, at, item, word);
    (item.kind, word.into())
}

fn unknown_kind(linker: &mut Linker, files: &Files, at: ItemRef, item: &Item, word: &str) {
    let file = files.file(at);
    let around = item.parent.map(|parent| &file.items[parent]);
    let owner = around.map(|around| around.kind);
    let given = around.map_or(&[][..], |around| file.facts_of(around));
    let mut known: Vec<&str> = known_words(owner, given).collect();
    if linker.problems.suggests() {
        linker.problems.compares(linker.own_kinds.kinds.len());
        known.extend(linker.own_kinds.kinds.keys().map(|name| &**name));
    }
    let meant = kinds::other_name(word).filter(|meant| known.contains(meant));
    let lower = word.to_lowercase();
    let span = Span::new(at.file, item.word);
    let called = owner.map_or("", |owner| owner.name);
    let context = Context { kind: owner, fact: None, arrow: "", called };
    if let (None, Some(instead)) = (meant, owner.and_then(|owner| owner.instead(&lower))) {
        let message = format!("unknown node kind `{word}`");
        return linker.problems.push(Diagnostic::error(UNKNOWN_WORD, span, message).help(instead));
    }
    if let (None, Some(message)) = (meant, misplaced::elsewhere(word, context)) {
        let finding = Diagnostic::error(MISPLACED, span, message).help("move it there, or remove it");
        return linker.problems.push(finding);
    }
    let near = meant.map_or_else(|| nearest(word, known), |meant| vec![meant]);
    let finding = Diagnostic::error(UNKNOWN_WORD, span, format!("unknown node kind `{word}`"));
    let finding = match (near.as_slice(), misplaced::nearer_elsewhere(word, &near, context)) {
        (_, Some(nearer)) if meant.is_none() => finding.help(nearer),
        ([], _) => finding.help(format!(
            "use a built-in kind (`groma explain language` lists them), or declare `kind {word} is=service`"
        )),
        (near, _) => {
            let asked = finding.help(did_you_mean(near).unwrap_or_default());
            match meant.or_else(|| only_meant(word, near)) {
                Some(certain) => asked.fix(format!("write `{certain}`"), span, certain),
                None => asked,
            }
        }
    };
    linker.problems.push(finding);
}

/// The `extend` block around an item.
pub(crate) fn extend_around(files: &Files, at: ItemRef) -> Option<ItemRef> {
    let file = files.file(at);
    let mut all = std::iter::successors(file.items[at.item].parent, |item| file.items[*item].parent);
    let extend = all.find(|item| file.items[*item].kind.is(&class::EXTEND))?;
    Some(ItemRef { item: extend, ..at })
}

/// Ties what stands in `extend` blocks to the extended elements. An extended element may itself stand
/// in such a block, so this goes over the blocks in rounds, and in each only over those whose name has come.
/// `name_parts` names what stands in a block, once its element is known or known to be missing.
pub(crate) fn extend_all(linker: &mut Linker, name_parts: impl Fn(&mut Linker, ItemRef, Option<ElementId>)) {
    let extends = std::mem::take(&mut linker.extends.all);
    let mut next: BinaryHeap<Reverse<(usize, usize)>> = (0..extends.len()).map(|nth| Reverse((0, nth))).collect();
    let mut is_tied = vec![false; extends.len()];
    while let Some(Reverse((round, nth))) = next.pop() {
        if let Some(target) = target_of(linker, nth, extends[nth]) {
            name_parts(linker, extends[nth], Some(target));
            is_tied[nth] = true;
        }
        let woken = std::mem::take(&mut linker.extends.woken).into_iter();
        next.extend(woken.map(|other| Reverse((round + usize::from(other < nth), other))));
    }
    linker.extends.waiting.clear();
    for (_, at) in is_tied.iter().zip(extends).filter(|(is_tied, _)| !**is_tied) {
        let name = linker.files.name(at).to_owned();
        let span = linker.files.name_span(at);
        match linker.resolver().structure_in(None, without_dot(&name)) {
            Ok(Entity::Group(group)) => linker.no_element(span, &name, group),
            _ if linker.renamed(span, (None, &name), ELEMENTS).is_empty() => {
                linker.unresolved_element(span, (None, &name));
            }
            _ => {}
        }
        name_parts(linker, at, None);
    }
}

/// The element that a block extends; else it waits for the name that is missing.
fn target_of(linker: &mut Linker, nth: usize, at: ItemRef) -> Option<ElementId> {
    let files = linker.files.clone();
    let name = files.name(at);
    match linker.resolver().structure_in(None, without_dot(split_kind(name).1)) {
        Ok(Entity::Element(_)) => return linker.resolver().element(None, name),
        Err(Some((scope, name))) => linker.extends.waiting.entry((scope, name.into())).or_default().push(nth),
        Ok(_) | Err(None) => {}
    }
    None
}

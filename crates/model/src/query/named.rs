//! Which things a name means in a query.

use super::parse::Words;
use super::pattern::{NamePattern, Pattern, is_arrow};
use super::scope::{Noun, Scope, all_kinds, of_kinds, words_of_kinds};
use super::select::{Asking, select};
use super::terms::{Key, WORDS};
use super::{QueryError, error, old_name};
use crate::facets::decisions::class::RECORDED;
use crate::facets::flows::class::{REPLY, STEP};
use crate::facets::pipelines::class::STAGE;
use crate::facets::structure::class::ELEMENTS;
use crate::facets::technologies::class::TECHNOLOGY;
use crate::names::{ARROW, without_dot};
use crate::schema::{Class, Kind, Type, phrase};
use crate::stack::Technologies;
use crate::wildcard::Letters;
use crate::{Entity, ItemRef, NotFound, facts};
use groma_base::{did_you_mean, last_part, list_words, nearest};
use std::borrow::Cow;

impl Asking<'_> {
    /// The things with a name that the query is about, of which any text may be a pattern. One that begins with a dot is a path from the
    /// top.
    pub(super) fn named(&self, name: &Words, scope: &Scope<'_>) -> Result<Vec<ItemRef>, QueryError> {
        if scope.has_only(ELEMENTS)
            && let Some(id) = self.arch.element_by_path(without_dot(&name.text))
        {
            return Ok(vec![self.arch.element(id).at]);
        }
        self.named_among(name, scope, scope.everything(self.arch), scope.noun())
    }

    /// The same among some of these. A name that fits as it is written, whole or by its last part, comes before one in other letters.
    pub(super) fn named_among(
        &self,
        name: &Words,
        scope: &Scope<'_>,
        all: Vec<ItemRef>,
        noun: Noun<'_>,
    ) -> Result<Vec<ItemRef>, QueryError> {
        let path = without_dot(&name.text);
        let is_absolute = path != name.text;
        let all = if is_absolute { select(all, |at| self.is_structure(at)) } else { all };
        let pattern = Pattern::path(path);
        // The dots in the ends of a relationship are none of a path to it.
        let is_path = !is_arrow(path) && !path.contains(' ') && !matches!(path, "*" | "**");
        let fits = |at: ItemRef| {
            !(is_path && self.arch.relation_at(at).is_some())
                && self.names(at).iter().any(|name| pattern.fits(name, Letters::EitherCase))
        };
        let found = select(all.clone(), fits);
        let meant = NamePattern::among(pattern.clone(), found.iter().flat_map(|at| self.names(*at)));
        let is_exact = meant.letters() == Letters::AsWritten;
        let short = if is_exact { Vec::new() } else { self.arch.short_named(&name.text, all.iter().copied()) };
        match &short[..] {
            [] => {}
            [only] => return Ok(vec![*only]),
            several => return Err(self.several_short(name, noun, several)),
        }
        if !found.is_empty() {
            let meant = meant.certain(name, &noun.plural())?;
            return Ok(select(found, |at| self.names(at).iter().any(|name| meant.fits(name))));
        }
        // A record is known by its number, however that is written.
        let of_class = |class: &'static Class| self.arch.resolve(None, &name.text, &[class]).ok();
        let mut records = RECORDED.iter().filter_map(|class| Some(self.arch.declared_at(of_class(class)?)));
        if let Some(at) = records.find(|at| all.contains(at)) {
            return Ok(vec![at]);
        }
        self.ends_are_of_today(name)?;
        // What stands before the first `*` is a name, so it must be one; after that nothing needs to fit.
        let root = pattern.root();
        let has_star = path.contains('*');
        let is_root =
            |path: &str| path.strip_prefix(&*root).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        let is_there = || scope.everything(self.arch).iter().any(|at| is_root(&self.path(*at)));
        if has_star && (root.is_empty() || is_there()) {
            return Ok(found);
        }
        let unknown = if has_star { &root } else { &name.text };
        Err(self.no_such_name(unknown, name, scope, (&all, noun)))
    }

    /// Fails at an end of a relationship that begins with what an element was called once.
    fn ends_are_of_today(&self, name: &Words) -> Result<(), QueryError> {
        let Some((from, to)) = name.text.split_once(ARROW).filter(|_| name.text.contains('*')) else { return Ok(()) };
        for end in [from.trim(), to.trim()] {
            let root = Pattern::path(without_dot(end)).root();
            if let Some(fault) = old_name(name, &root, &self.arch.names_of_today(&root, ELEMENTS)) {
                return Err(fault);
            }
        }
        Ok(())
    }

    /// That a short name is that of several things.
    fn several_short(&self, name: &Words, noun: Noun<'_>, several: &[ItemRef]) -> QueryError {
        let several: Vec<Cow<'_, str>> = several.iter().map(|at| self.path(*at)).collect();
        fits_several(name, &noun.plural(), &several)
    }

    /// Whether it has a place in the structure, with a path from the top: an element, a group or a relationship.
    fn is_structure(&self, at: ItemRef) -> bool {
        matches!(self.arch.entity(at), Some(Entity::Element(_) | Entity::Group(_)))
            || self.arch.relation_at(at).is_some()
    }

    /// The names of something: its path, or its address; of a relationship its ends, these with its text, and with which it is of those
    /// that have it.
    fn names(&self, at: ItemRef) -> Vec<Cow<'_, str>> {
        match self.arch.relation_at(at) {
            Some(id) => {
                let ends = self.arch.relation_ends(id);
                let whole = format!("{ends} {}", self.arch.relation_words(id));
                let numbered = format!("{whole} {}", self.arch.relation_number(id));
                vec![Cow::Owned(ends), Cow::Owned(whole), Cow::Owned(numbered)]
            }
            None => vec![self.path(at)],
        }
    }

    /// What something is called: its path, or its address if it has no name.
    fn path(&self, at: ItemRef) -> Cow<'_, str> {
        self.arch.path_of(at).unwrap_or_else(|| Cow::Owned(self.arch.address_of(at)))
    }

    /// That nothing has a name, or the beginning of one, that stands in the query.
    fn no_such_name(
        &self,
        name: &str,
        asked: &Words,
        scope: &Scope<'_>,
        (all, noun): (&[ItemRef], Noun<'_>),
    ) -> QueryError {
        let range = asked.range;
        if let Some(fault) = old_name(asked, name, &self.names_of_today(name, scope.classes(), all)) {
            return fault;
        }
        if scope.has_only(&[&TECHNOLOGY]) && Technologies::new(self.arch).called(name).is_some() {
            let message = format!("`{name}` is no technology of this workspace's own");
            return error(range, message, format!("`technology:{name}` asks for what names it"));
        }
        let paths: Vec<Cow<'_, str>> = all.iter().map(|at| self.path(*at)).collect();
        let flags = scope.all_facts().filter(|fact| fact.ty == Type::Bool).map(|fact| fact.name);
        let words = WORDS.iter().filter(|word| scope.has(word.of)).map(|word| word.name).chain(flags);
        let bare = without_dot(name);
        let mut near = nearest(bare, paths.iter().map(|path| &**path).chain(words));
        keep_as_deep(&mut near, bare);
        let message = format!("there is no {} called `{name}`", noun.one());
        let is_whole = range.end - range.start == name.len() as u32;
        if is_whole && !matches!(noun, Noun::Kind(_)) && words_of_kinds(self.arch).any(|word| word == name) {
            let meant = format!("kind:{name}");
            return error(range, message, format!("`{name}` is a kind: write `{meant}`")).fixed(range, meant);
        }
        if let Some(meant) = ends_of_step(name).filter(|_| scope.has_only(&[&STEP, &REPLY])) {
            return error(range, message, format!("write `{meant}`")).fixed(range, meant);
        }
        if let Some(meant) = self.ends_meant(name, all) {
            let fault = error(range, message, format!("write `{meant}`"));
            return if is_whole { fault.fixed(range, meant) } else { fault };
        }
        let others = if near.is_empty() && !scope.is_inside { self.others_named(name) } else { Vec::new() };
        match &others[..] {
            [] => {}
            [only] => {
                let fault = error(range, message, format!("`{only}` asks for what has this name"));
                let is_alone = !matches!(noun, Noun::Kind(_));
                return if is_whole && is_alone { fault.fixed(range, only) } else { fault };
            }
            several => {
                let several = list_words(several.iter().map(String::as_str), "and");
                return error(range, message, format!("{several} ask for what has this name"));
            }
        }
        if scope.is_inside && near.is_empty() && matches!(noun, Noun::Thing) {
            return self.no_name_taken(asked, name, scope.classes());
        }
        let says = |kind: &&Kind| kind.every_fact().any(|fact| fact.name == bare && fact.ty == Type::Bool);
        let elsewhere: Vec<&'static Kind> = all_kinds().filter(|kind| !scope.is_inside && says(kind)).collect();
        let help = did_you_mean(&near).unwrap_or_else(|| match elsewhere.is_empty() {
            true => format!("`groma query {}` lists all {}", noun.all(), noun.plural()),
            false => of_kinds(&elsewhere, bare),
        });
        let fault = error(range, message, help);
        if is_whole { fault.fixed_by(name, &near) } else { fault }
    }

    /// That nothing which a function takes has a name, and what has it.
    fn no_name_taken(&self, asked: &Words, name: &str, takes: &[&'static Class]) -> QueryError {
        let all: Vec<&'static Class> = all_kinds().map(|kind| kind.class).collect();
        let has_it = self.arch.resolve(None, name, &all).ok().map(|entity| self.arch.kind(entity).class);
        let message = match has_it {
            Some(class) => format!("`{name}` is {}, which this function does not take", phrase(&[class])),
            None => format!("there is nothing called `{name}` that this function takes"),
        };
        error(asked.range, message, format!("name {}", phrase(takes)))
    }

    /// The name of a relationship of which the ends are written short, or as they were called once.
    fn ends_meant(&self, name: &str, all: &[ItemRef]) -> Option<String> {
        let (from, behind) = name.split_once(ARROW)?;
        let (to, text) = behind.trim().split_once(' ').unwrap_or((behind.trim(), ""));
        let whole = |end: &str| match self.arch.resolve(None, end, ELEMENTS) {
            Ok(entity) => Some(self.arch.path(entity)),
            Err(_) => match &self.arch.names_of_today(end, ELEMENTS)[..] {
                [only] => Some(only.clone()),
                _ => self.element_that_ends(end),
            },
        };
        let ends = format!("{} {ARROW} {}", whole(from.trim())?, whole(to)?);
        let meant = if text.is_empty() { ends } else { format!("{ends} {text}") };
        all.iter().any(|at| self.names(*at).iter().any(|own| own.starts_with(&meant))).then_some(meant)
    }

    /// The path of the only element that has a name as its last parts.
    fn element_that_ends(&self, name: &str) -> Option<String> {
        let ends_so = |path: &str| path.strip_suffix(name).is_some_and(|before| before.ends_with('.'));
        let mut found = self.arch.elements.iter().map(|element| &*element.path).filter(|path| ends_so(path));
        found.next().filter(|_| found.next().is_none()).map(str::to_owned)
    }

    /// What those of some things are called today that had a name, or stand in what had it.
    fn names_of_today(&self, name: &str, classes: &[&'static Class], all: &[ItemRef]) -> Vec<String> {
        let mut today = self.arch.names_of_today(name, classes);
        today.retain(|today| all.iter().any(|at| *self.path(*at) == **today));
        // Steps of pipelines are known by their names alone.
        let last = last_part(name);
        let steps = all.iter().filter(|at| self.arch.item(**at).kind.is(&STAGE));
        let had_it = |at: &&ItemRef| self.arch.list(**at, &facts::WAS).any(|was| was == last);
        let path = steps.filter(had_it).map(|at| self.path(*at).into_owned());
        let around = |path: &str| path.strip_suffix(last_part(path)).unwrap_or_default().to_owned();
        today.extend(path.filter(|path| last == name || around(path) == around(name)));
        today
    }

    /// How things of any class with this name are asked for.
    fn others_named(&self, name: &str) -> Vec<String> {
        let mut classes: Vec<&'static Class> = all_kinds().map(|kind| kind.class).collect();
        classes.dedup();
        let found = match self.arch.resolve(None, name, &classes) {
            Ok(entity) => vec![entity],
            Err(NotFound::Several(found)) => found,
            Err(NotFound::Nothing | NotFound::Other(_)) => Vec::new(),
        };
        if found.is_empty() {
            return self.arch.addresses_of_today(name, &classes);
        }
        let asked = |entity: Entity| {
            let address = self.arch.unmistakable(entity, name);
            // What is a key as well asks for what has that.
            match address.split_once(':').filter(|(word, _)| Key::of(word).is_some()) {
                Some((word, name)) => format!("(kind:{word} and name:{name})"),
                None => address,
            }
        };
        found.into_iter().map(asked).collect()
    }

    /// The things of the kind that stands before a name: `requirement:search`.
    pub(super) fn named_of_kind(
        &self,
        kind: &Words,
        name: &Words,
        scope: &Scope<'_>,
    ) -> Result<Vec<ItemRef>, QueryError> {
        let of_kind = select(scope.everything(self.arch), |at| self.is_called(at, &kind.text));
        // Whatever it is part of.
        if name.text == "*" && !of_kind.is_empty() {
            return Ok(of_kind);
        }
        let noun = Noun::Kind(&kind.text);
        let found = self.named_among(name, scope, of_kind, noun)?;
        if found.is_empty() {
            let message = format!("there is no {} called `{}`", noun.one(), name.text);
            return Err(error(name.range, message, format!("`groma query {}` lists all", noun.all())));
        }
        Ok(found)
    }

    /// Whether the word of its kind or class is this.
    fn is_called(&self, at: ItemRef, word: &str) -> bool {
        match self.arch.entity(at) {
            Some(entity) => self.arch.resolver().is_called(entity, word),
            None => {
                let kind = self.arch.item(at).kind;
                kind.name == word || kind.class.word == word
            }
        }
    }
}

/// How steps are asked for that lead from one end to another: a text behind the ends is none of them.
fn ends_of_step(name: &str) -> Option<String> {
    let (from, to) = name.split_once(ARROW)?;
    let to = to.trim().split_once(' ').map_or(to.trim(), |(to, _)| to);
    Some(format!("from({}) and to({to})", from.trim()))
}

/// That a name is the short one of several things with these whole names.
pub(super) fn fits_several(name: &Words, plural: &str, wholes: &[Cow<'_, str>]) -> QueryError {
    let help = format!("write {}", list_words(wholes.iter().map(|path| &**path), "or"));
    error(name.range, format!("`{}` fits several {plural}", name.text), help)
}

/// Keeps of near names those with as many parts as what is written, if there are any.
fn keep_as_deep(near: &mut Vec<&str>, written: &str) {
    let depth = |path: &str| path.matches('.').count();
    if near.iter().any(|near| depth(near) == depth(written)) {
        near.retain(|near| depth(near) == depth(written));
    }
}

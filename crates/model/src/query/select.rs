//! What a query selects. Each term takes from the things that are left those that it fits, so a rare kind makes a query cheap.

use super::parse::{Expression, Words, unknown};
use super::pattern::{Letters, NamePattern, fits, glob, matches_path};
use super::scope::{Scope, all_kinds, called, is_called, kind_pattern, words_of_kinds};
use super::terms::{ANY, Key, WORDS};
use super::{Answers, QueryError, error};
use crate::facets::structure::class::ELEMENTS;
use crate::facts;
use crate::items::{FactValue, Value};
use crate::names::{split_kind, without_dot};
use crate::schema::{Class, Kind, Type, phrase};
use crate::{Architecture, ElementId, Entity, GroupId, ItemRef, Level, NotFound, kinds};
use groma_base::{Range, did_you_mean, list_words, nearest, there_are};
use rustc_hash::FxHashSet;
use std::borrow::Cow;

/// One question, and whom it is put to.
pub(super) struct Asking<'a> {
    pub(super) arch: &'a Architecture,
    pub(super) answers: &'a Answers<'a>,
}

/// A name that is asked for, of which any text may be a pattern.
struct Name<'q> {
    /// What stands between its dots.
    parts: Vec<&'q str>,
    /// Where it names more than a path, such as a relationship `a -> b`: all of it, with one space around the arrow.
    arrow: Option<String>,
}

impl<'q> Name<'q> {
    fn read(text: &'q str) -> Name<'q> {
        let arrow = match text.split_once("->") {
            Some((from, to)) => Some(format!("{} -> {}", from.trim(), without_dot(to.trim()))),
            None => text.contains(' ').then(|| text.to_owned()),
        };
        Name { parts: text.split('.').collect(), arrow }
    }
}

/// Those of some things that a test lets through.
pub(super) fn select(among: Vec<ItemRef>, test: impl Fn(ItemRef) -> bool) -> Vec<ItemRef> {
    let mut among = among;
    among.retain(|at| test(*at));
    among
}

/// Some things without others, both in the order of the text.
pub fn without(things: Vec<ItemRef>, others: Vec<ItemRef>) -> Vec<ItemRef> {
    let mut others = others.into_iter().peekable();
    let mut things = things;
    things.retain(|at| {
        while others.next_if(|other| other < at).is_some() {}
        others.next_if_eq(at).is_none()
    });
    things
}

impl Asking<'_> {
    /// All things that the query in a function selects, which takes these classes alone.
    pub(super) fn inside(
        &self,
        root: &Expression,
        name: &str,
        takes: &[&'static Class],
    ) -> Result<Vec<ItemRef>, QueryError> {
        let scope = Scope::of(root, self.arch, takes).inside();
        if let Some((range, other)) = scope.beyond(takes) {
            let message = format!("`{name}` takes {}, and this asks for {other}", phrase(takes));
            return Err(error(range, message, format!("name {}", phrase(takes))));
        }
        self.among(root, &scope, scope.things(root, self.arch))
    }

    /// All things that a query selects, which ranges over these classes if it says nothing else.
    pub(super) fn all(&self, root: &Expression, usual: &[&'static Class]) -> Result<Vec<ItemRef>, QueryError> {
        let scope = Scope::of(root, self.arch, usual);
        self.among(root, &scope, scope.things(root, self.arch))
    }

    /// Those of some things that a query selects, which is about these classes if it says nothing else.
    pub(super) fn of_these(
        &self,
        root: &Expression,
        usual: &[&'static Class],
        things: Vec<ItemRef>,
    ) -> Result<Vec<ItemRef>, QueryError> {
        let scope = Scope::of(root, self.arch, usual);
        let meant = |at: ItemRef| scope.has(&[self.arch.item(at).kind.class]);
        self.among(root, &scope, select(things, meant))
    }

    fn among(&self, root: &Expression, scope: &Scope<'_>, among: Vec<ItemRef>) -> Result<Vec<ItemRef>, QueryError> {
        match root {
            Expression::And(terms) => terms.iter().try_fold(among, |left, term| self.among(term, scope, left)),
            Expression::Or(terms) => {
                let mut found: Vec<ItemRef> = Vec::new();
                for term in terms {
                    found.extend(self.among(term, scope, among.clone())?);
                }
                found.sort_unstable();
                found.dedup();
                Ok(found)
            }
            Expression::Not(inner) => {
                let inside = self.among(inner, scope, among.clone())?;
                Ok(without(among, inside))
            }
            Expression::Everything => Ok(among),
            Expression::Word(word) => self.word(word, scope, among),
            Expression::Pair { key, value } => self.pair(key, value, scope, among),
            Expression::Compare { fact, operator, value } => {
                if Key::of(&fact.text).is_some() && scope.facts(&fact.text).is_empty() {
                    let meant = format!("{}:{}", fact.text, value.text);
                    let whole = fact.range.cover(value.range);
                    let message = format!("`{}` is not compared but matched", fact.text);
                    return Err(error(whole, message, format!("write `{meant}`")).fixed(whole, meant));
                }
                self.comparing(fact, *operator, value, scope, among)
            }
            Expression::Age { fact, operator, value } => self.aged(fact, *operator, value, scope, among),
            Expression::Function { name, inner, depth } => self.function(name, inner, *depth, scope, among),
        }
    }

    /// A word that stands alone: one of the language's own, a fact that says yes or no, or a name.
    fn word(&self, word: &Words, scope: &Scope<'_>, among: Vec<ItemRef>) -> Result<Vec<ItemRef>, QueryError> {
        if word.text == ANY {
            return Ok(among);
        }
        let mut own = WORDS.iter().filter(|own| own.name == word.text);
        if let Some(own) = own.clone().find(|own| scope.has(own.of)) {
            let is_so = (own.test)(self.arch);
            let test = |at: ItemRef| self.is_of(at, own.of) && is_so(at);
            return Ok(select(among, test));
        }
        let flags = scope.facts(&word.text);
        let is_flag = flags.iter().any(|fact| fact.ty == Type::Bool);
        let named = self.named(&word.text, word.range, scope);
        match (is_flag, named) {
            (true, Ok(_)) => {
                let message = format!("`{}` may be a name or the fact of this name", word.text);
                let help = format!("write `name:{0}` or `{0}:yes`", word.text);
                Err(error(word.range, message, help))
            }
            (true, Err(_)) => {
                let yes = |at: ItemRef| {
                    self.values(at, &flags).any(|given| given.value == Value::Bool(true))
                        || self.defaults(at, &flags).iter().any(|(_, default)| *default == "yes")
                };
                Ok(select(among, yes))
            }
            (false, Ok(named)) => Ok(select(among, |at| named.binary_search(&at).is_ok())),
            (false, Err(unknown)) => Err(match own.next() {
                Some(own) => {
                    let message = format!("`{}` is not asked of {}", own.name, scope.plural());
                    error(word.range, message, format!("it is asked of {}", phrase(own.of)))
                }
                None => unknown,
            }),
        }
    }

    /// The things with a name, of which any text may be a pattern. One that begins with a dot is a path from the top.
    fn named(&self, pattern: &str, range: Range, scope: &Scope<'_>) -> Result<Vec<ItemRef>, QueryError> {
        let path = without_dot(pattern);
        if scope.has_only(ELEMENTS)
            && let Some(id) = self.arch.element_by_path(path)
        {
            return Ok(vec![self.arch.element(id).at]);
        }
        let is_absolute = path != pattern;
        let all = if is_absolute {
            select(scope.everything(self.arch), |at| self.is_structure(at))
        } else {
            scope.everything(self.arch)
        };
        let name = Name::read(path);
        let found: Vec<ItemRef> = select(all.clone(), |at| self.has_name(at, &name, Letters::EitherCase));
        if !found.is_empty() {
            let exact = select(found.clone(), |at| self.has_name(at, &name, Letters::AsWritten));
            return Ok(if exact.is_empty() { found } else { exact });
        }
        // What stands before the first `*` is a name, so it must be one; after that nothing needs to fit.
        let root: Vec<&str> = name.parts.iter().copied().take_while(|part| !part.contains('*')).collect();
        let root = root.join(".");
        if path.contains('*') && (root.is_empty() || all.iter().any(|at| *self.path(*at) == *root)) {
            return Ok(found);
        }
        // A short name that only one has will do.
        match &self.arch.short_named(pattern, all.iter().copied())[..] {
            [] => {}
            [only] => return Ok(vec![*only]),
            several => {
                let several: Vec<Cow<'_, str>> = several.iter().map(|at| self.path(*at)).collect();
                let help = format!("write {}", list_words(several.iter().map(|path| &**path), "or"));
                return Err(error(range, format!("`{pattern}` fits several {}", scope.plural()), help));
            }
        }
        let pattern = if pattern.contains('*') { root.as_str() } else { pattern };
        Err(self.no_such_name(pattern, range, scope, &all))
    }

    /// Whether it has a place in the structure, with a path from the top: an element, a group or a relationship.
    fn is_structure(&self, at: ItemRef) -> bool {
        matches!(self.arch.entity(at), Some(Entity::Element(_) | Entity::Group(_)))
            || self.arch.relation_at(at).is_some()
    }

    /// Whether a name is that of something: its path, or its address. That of a relationship will do without its text.
    fn has_name(&self, at: ItemRef, name: &Name<'_>, letters: Letters) -> bool {
        let is_so = |path: &str| {
            matches_path(&name.parts, path, letters)
                || name.arrow.as_ref().is_some_and(|arrow| fits(arrow, path, letters))
        };
        match self.arch.relation_at(at) {
            Some(id) => {
                let ends = self.arch.relation_ends(id);
                is_so(&ends) || name.arrow.is_some() && is_so(&format!("{ends} {}", self.arch.relation_text(id)))
            }
            None => is_so(&self.path(at)),
        }
    }

    fn no_such_name(&self, pattern: &str, range: Range, scope: &Scope<'_>, all: &[ItemRef]) -> QueryError {
        let noun = scope.noun();
        let paths: Vec<Cow<'_, str>> = all.iter().map(|at| self.path(*at)).collect();
        let words = WORDS.iter().filter(|word| scope.has(word.of)).map(|word| word.name);
        let bare = without_dot(pattern);
        let mut near = nearest(bare, paths.iter().map(|path| &**path).chain(words));
        let depth = |path: &str| path.matches('.').count();
        if near.iter().any(|near| depth(near) == depth(bare)) {
            near.retain(|near| depth(near) == depth(bare));
        }
        let message = format!("there is no {noun} called `{pattern}`");
        let is_whole = range.end - range.start == pattern.len() as u32;
        let others = if near.is_empty() && !scope.is_inside { self.others_named(pattern) } else { Vec::new() };
        match &others[..] {
            [] => {}
            [only] => {
                let fault = error(range, message, format!("`{only}` asks for what has this name"));
                return if is_whole { fault.fixed(range, only) } else { fault };
            }
            several => {
                let several = list_words(several.iter().map(String::as_str), "and");
                return error(range, message, format!("{several} ask for what has this name"));
            }
        }
        let everything = match &*noun {
            "element" => "'*'".to_owned(),
            "thing" => ANY.to_owned(),
            noun => format!("kind:{noun}"),
        };
        let help =
            did_you_mean(&near).unwrap_or_else(|| format!("`groma query {everything}` lists all {}", scope.plural()));
        let fault = error(range, message, help);
        if is_whole { fault.fixed_by(pattern, &near) } else { fault }
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
        found.into_iter().map(|entity| self.arch.unmistakable(entity, name)).collect()
    }

    /// What something is called: its path, or its address if it has no name.
    fn path(&self, at: ItemRef) -> Cow<'_, str> {
        match self.arch.entity(at) {
            Some(Entity::Element(id)) => Cow::Borrowed(&*self.arch.element(id).path),
            Some(entity) => Cow::Owned(self.arch.path(entity)),
            None => Cow::Owned(self.arch.address_of(at)),
        }
    }

    /// `key:value`. Long because it is a table: a line or two for each key.
    fn pair(
        &self,
        key: &Words,
        value: &Words,
        scope: &Scope<'_>,
        among: Vec<ItemRef>,
    ) -> Result<Vec<ItemRef>, QueryError> {
        let pattern = &*value.text;
        match Key::of(&key.text) {
            Some(Key::Kind) => self.of_kind(value, among),
            Some(Key::Level) => {
                self.elements_only(key, scope)?;
                let levels = [Level::Person, Level::System, Level::Container, Level::Component].map(Level::word);
                closed("level", value, levels.into())?;
                Ok(self.elements(among, |id| glob(pattern, self.arch.element(id).level.word())))
            }
            Some(Key::Zone | Key::Group) if scope.has(ELEMENTS) => self.grouped(key, value, among),
            Some(Key::Owner) => {
                self.facts(key, scope)?;
                Ok(self.owned_by(pattern, among))
            }
            Some(Key::Tag) => {
                self.facts(&Words { text: facts::TAGS.name.to_owned(), range: key.range }, scope)?;
                Ok(select(among, |at| self.arch.list(at, &facts::TAGS).any(|tag| glob(pattern, tag))))
            }
            Some(Key::Technology) => {
                self.facts(key, scope)?;
                Ok(self.built_with(pattern, among))
            }
            Some(Key::Has) => {
                let facts = self.facts(value, scope)?;
                Ok(select(among, |at| self.values(at, &facts).next().is_some()))
            }
            Some(Key::Name) if pattern == "*" => Ok(select(among, |at| self.is_named(at))),
            Some(Key::Name) => {
                let named = self.named(pattern, value.range, scope)?;
                Ok(select(among, |at| named.binary_search(&at).is_ok()))
            }
            Some(Key::Title) => Ok(select(among, |at| glob(pattern, self.arch.title(at)))),
            Some(Key::Finding) => {
                let findings = self.supplied(key, self.answers.findings)?;
                self.is_rule(value)?;
                let meant = findings.iter().filter(|one| glob(pattern, one.rule) || glob(pattern, one.severity));
                let meant: FxHashSet<ItemRef> = meant.map(|one| one.of).collect();
                Ok(select(among, |at| meant.contains(&at)))
            }
            Some(Key::Verdict) => {
                let verdicts = self.supplied(key, self.answers.verdicts)?;
                closed("verdict", value, vec!["holds", "fails", "unknown"])?;
                Ok(select(among, |at| verdicts.iter().any(|(of, verdict)| *of == at && glob(pattern, verdict))))
            }
            None | Some(Key::Zone | Key::Group) => {
                if scope.is_name_of_kind(key) {
                    if !self.is_asked_by_kind(key, scope) {
                        self.facts(key, scope)?;
                    }
                    let named = self.named(pattern, value.range, scope)?;
                    let named = select(named, |at| self.is_called(at, &key.text));
                    return if named.is_empty() {
                        let message = format!("there is no {} called `{pattern}`", key.text);
                        Err(error(value.range, message, format!("`groma query kind:{}` lists all", key.text)))
                    } else {
                        Ok(select(among, |at| named.binary_search(&at).is_ok()))
                    };
                }
                if all_kinds().any(|kind| !Scope::of_one(self.arch, kind).facts(&key.text).is_empty()) {
                    let facts = self.facts(key, scope)?;
                    return self.matching(key, value, &facts, among);
                }
                Err(unknown_key(key))
            }
        }
    }

    /// Whether something of the kind that a key names is asked for at all.
    fn is_asked_by_kind(&self, key: &Words, scope: &Scope<'_>) -> bool {
        all_kinds().any(|kind| is_called(kind, &key.text) && scope.has(&[kind.class]))
    }

    fn supplied<T>(&self, key: &Words, answer: Option<T>) -> Result<T, QueryError> {
        let help = "only `groma query` and gates can ask for it";
        answer.ok_or_else(|| error(key.range, format!("`{}` cannot be asked for here", key.text), help))
    }

    /// Whether it has a name of its own, as a call or an answer has none.
    fn is_named(&self, at: ItemRef) -> bool {
        self.arch.entity(at).is_some() || self.arch.relation_at(at).is_some()
    }

    /// That findings may bear a rule, or be of a severity, that is asked for.
    fn is_rule(&self, value: &Words) -> Result<(), QueryError> {
        let known = self.answers.rules.iter().copied().chain(["error", "warning", "note"]);
        if known.clone().any(|known| glob(&value.text, known)) {
            return Ok(());
        }
        let near = nearest(&value.text, known);
        let help = did_you_mean(&near).unwrap_or_else(|| {
            "write a rule, a standard, `error`, `warning` or `note`; `groma explain rules` lists the rules".to_owned()
        });
        let message = format!("there is no rule called `{}`", value.text);
        Err(error(value.range, message, help).fixed_by(&value.text, &near))
    }

    fn elements_only(&self, key: &Words, scope: &Scope<'_>) -> Result<(), QueryError> {
        if scope.has(ELEMENTS) {
            return Ok(());
        }
        Err(error(key.range, format!("`{}` is asked of elements alone", key.text), "leave it out"))
    }

    fn of_kind(&self, value: &Words, among: Vec<ItemRef>) -> Result<Vec<ItemRef>, QueryError> {
        let pattern = &*value.text;
        let named = kind_pattern(self.arch, pattern);
        let mut fitting: Vec<&str> = words_of_kinds(self.arch).filter(|word| named.fits(word)).collect();
        if fitting.is_empty() {
            return Err(self.no_such_kind(value));
        }
        fitting.sort_unstable();
        fitting.dedup();
        if fitting.len() > 1 && !pattern.contains('*') {
            let message = format!("{} kinds are called `{pattern}` in other letters", fitting.len());
            let help = format!("write {}", list_words(fitting.into_iter(), "or"));
            return Err(error(value.range, message, help));
        }
        let meant: Vec<&'static Kind> = all_kinds().filter(|kind| called(kind, |word| named.fits(word))).collect();
        Ok(select(among, |at| {
            let item = self.arch.item(at);
            match self.arch.entity(at) {
                Some(Entity::Element(id)) if item.own => {
                    let element = self.arch.element(id);
                    named.fits(&element.kind_name) || called(element.kind, |word| named.fits(word))
                }
                _ => meant.contains(&item.kind),
            }
        }))
    }

    fn no_such_kind(&self, value: &Words) -> QueryError {
        let pattern = &*value.text;
        let built_in = kinds::all().filter(|kind| kind.class.is_element()).map(|kind| kind.name);
        let own = self.arch.own_kinds.iter().map(|name| &**name);
        let elements: Vec<&str> = built_in.chain(own).collect();
        let others: Vec<&str> = all_kinds().map(|kind| kind.word()).collect();
        let near = nearest(pattern, elements.iter().copied().chain(others));
        let help = did_you_mean(&near).unwrap_or_else(|| {
            format!("{}; `groma explain query` lists the kinds of other things", there_are(elements))
        });
        error(value.range, format!("there is no kind called `{pattern}`"), help).fixed_by(pattern, &near)
    }

    /// Whether the word of its kind or class fits.
    fn is_called(&self, at: ItemRef, pattern: &str) -> bool {
        let item = self.arch.item(at);
        if !item.own {
            return is_called(item.kind, pattern);
        }
        let Some(Entity::Element(id)) = self.arch.entity(at) else { return false };
        let element = self.arch.element(id);
        glob(pattern, &element.kind_name) || is_called(element.kind, pattern)
    }

    pub(super) fn is_of(&self, at: ItemRef, classes: &[&'static Class]) -> bool {
        let item = self.arch.item(at);
        if item.own { ELEMENTS[0].is_in(classes) } else { item.kind.class.is_in(classes) }
    }

    /// Those that are elements and pass a test.
    pub(super) fn elements(&self, among: Vec<ItemRef>, test: impl Fn(ElementId) -> bool) -> Vec<ItemRef> {
        select(among, |at| matches!(self.arch.entity(at), Some(Entity::Element(id)) if test(id)))
    }

    /// `zone:path`, `group:path`
    fn grouped(&self, key: &Words, value: &Words, among: Vec<ItemRef>) -> Result<Vec<ItemRef>, QueryError> {
        let is_zone = key.text == "zone";
        let pattern = match split_kind(&value.text) {
            (Some("zone"), bare) => bare,
            (Some("group"), bare) if !is_zone => bare,
            _ => &value.text,
        };
        let pattern = without_dot(pattern);
        let groups = self.arch.groups.iter().filter(|group| group.is_zone || !is_zone);
        let words = Words { text: pattern.to_owned(), range: value.range };
        let known: Vec<&str> = groups.map(|group| &*group.path).collect();
        let meant = NamePattern::among(pattern, known.iter().copied());
        closed(&key.text, &words, known)?;
        let fits = |group: GroupId| meant.fits(&self.arch.groups[group].path);
        Ok(self.elements(among, |id| {
            let element = self.arch.element(id);
            let mut around = std::iter::successors(element.group, |group| self.arch.groups[*group].parent);
            if is_zone { self.arch.zones(id).into_iter().any(fits) } else { around.any(fits) }
        }))
    }

    /// Those with an owner that fits a pattern, before which its kind may stand: `team:core`.
    fn owned_by(&self, pattern: &str, among: Vec<ItemRef>) -> Vec<ItemRef> {
        let arch = self.arch;
        let owners = arch.item_refs().filter_map(|at| Some(arch.words(at, arch.fact(at, &facts::OWNER)?)));
        let owners: Vec<&str> = owners.flat_map(|owner| [owner, split_kind(owner).1]).collect();
        let (word, bare) = split_kind(pattern);
        let (whole, name) =
            (NamePattern::among(pattern, owners.iter().copied()), NamePattern::among(bare, owners.iter().copied()));
        select(among, |at| {
            let Some((at, owner)) = self.owner_of(at) else { return false };
            let written = arch.words(at, owner);
            let is_of_kind =
                |word: &str| arch.referred(at, owner).is_some_and(|entity| arch.resolver().is_called(entity, word));
            whole.fits(written) || name.fits(split_kind(written).1) && word.is_none_or(is_of_kind)
        })
    }

    /// The owner of something, and where it is named.
    fn owner_of(&self, at: ItemRef) -> Option<(ItemRef, &FactValue)> {
        match self.arch.entity(at) {
            Some(Entity::Element(id)) => self.arch.owner(id),
            _ => Some((at, self.arch.fact(at, &facts::OWNER)?)),
        }
    }

    /// The ends of a relationship, call or answer.
    pub(super) fn ends(&self, at: ItemRef) -> Option<(ElementId, ElementId)> {
        if let Some(id) = self.arch.relation_at(at) {
            let relation = self.arch.relation(id);
            return Some((relation.from, relation.to));
        }
        let flow = self.arch.items_around(at).find_map(|around| match self.arch.entity(around) {
            Some(Entity::Flow(flow)) => Some(flow),
            _ => None,
        })?;
        let steps = &self.arch.flows[flow].steps;
        let nth = steps.binary_search_by_key(&at, |step| step.at).ok()?;
        steps[crate::StepId::new(nth as u32)].kind.ends()
    }
}

/// That a value is one of those that there are.
fn closed(noun: &str, value: &Words, known: Vec<&str>) -> Result<(), QueryError> {
    if known.iter().any(|known| glob(&value.text, known)) {
        return Ok(());
    }
    let near = nearest(&value.text, known.iter().copied());
    let help = did_you_mean(&near).unwrap_or_else(|| match known.is_empty() {
        false => there_are(known),
        true => format!("the workspace has no {noun}"),
    });
    Err(error(value.range, format!("there is no {noun} called `{}`", value.text), help).fixed_by(&value.text, &near))
}

fn unknown_key(key: &Words) -> QueryError {
    unknown(key, "key", Key::ALL.iter().map(|key| key.word()))
}

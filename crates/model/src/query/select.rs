//! What a query selects. Each term takes from the things that are left those that it fits, so a rare kind makes a query cheap.

use super::memo::{Memo, Selected};
use super::of_technologies::{Said, part_of_technologies};
use super::parse::{Expression, Words, unknown};
use super::pattern::{NamePattern, Pattern};
use super::scope::{Noun, Scope, all_kinds, called, is_called, kind_pattern, not_asked, words_of_kinds};
use super::terms::{ANY, Key, STAR, Verdict, WORDS};
use super::{Answers, QueryError, error, old_name};
use crate::facets::own_facts::class::OWN_FACT;
use crate::facets::standards::standard_called;
use crate::facets::structure::class::{self, ELEMENTS};
use crate::facets::technologies::class::TECHNOLOGY;
use crate::facts;
use crate::names::{split_kind, without_dot};
use crate::schema::{Class, Kind, Type, YesNo, phrase};
use crate::wildcard::glob;
use crate::{Architecture, ElementId, Entity, GroupId, ItemRef, Level, kinds};
use groma_base::{Severity, did_you_mean, last_part, may_mean, nearest, there_are};
use rustc_hash::FxHashSet;

/// One question, and whom it is put to.
pub(super) struct Asking<'a> {
    pub(super) arch: &'a Architecture,
    pub(super) answers: &'a Answers<'a>,
    /// What is remembered of questions before.
    pub(super) memo: Option<&'a Memo>,
    /// Whether a word that may be a name or a fact is the fact.
    pub(super) means_facts: bool,
}

/// Those of some things that a test lets through.
pub(super) fn select(among: Vec<ItemRef>, test: impl Fn(ItemRef) -> bool) -> Vec<ItemRef> {
    let mut among = among;
    among.retain(|at| test(*at));
    among
}

/// Some things without others, both in the order of the text.
pub fn without(things: &[ItemRef], others: &[ItemRef]) -> Vec<ItemRef> {
    let mut others = others.iter().peekable();
    let is_left = |at: &ItemRef| {
        while others.next_if(|other| **other < *at).is_some() {}
        others.next_if(|other| **other == *at).is_none()
    };
    things.iter().copied().filter(is_left).collect()
}

impl Asking<'_> {
    /// All things that the query in a function selects, which takes these classes alone.
    pub(super) fn inside(
        &self,
        root: &Expression,
        name: &str,
        takes: &[&'static Class],
    ) -> Result<Vec<ItemRef>, QueryError> {
        let scope = Scope::inside(root, self.arch, takes);
        if let Some((range, other)) = scope.beyond(takes) {
            let message = format!("`{name}` takes {}, and this asks for {other}", phrase(takes));
            return Err(error(range, message, format!("name {}", phrase(takes))));
        }
        self.possible(root, &scope)
    }

    /// All things that a query selects, which ranges over these classes if it says nothing else.
    pub(super) fn all(&self, root: &Expression, usual: &[&'static Class]) -> Result<Vec<ItemRef>, QueryError> {
        self.possible(root, &Scope::of(root, self.arch, usual))
    }

    /// What a query selects of things of every kind.
    pub(super) fn among_all(&self, root: &Expression) -> Result<Vec<ItemRef>, QueryError> {
        self.possible(root, &Scope::of_all(self.arch))
    }

    /// What is selected of all that a query is about, if what it asks can be so of any of that.
    pub(super) fn possible(&self, root: &Expression, scope: &Scope<'_>) -> Result<Vec<ItemRef>, QueryError> {
        let found = self.among(root, scope, scope.things(root, self.arch).into())?;
        self.is_possible_of(root, scope, &self.sorts(scope))?;
        Ok(found.into_things())
    }

    /// Those of some things that a term selects, perhaps as it is remembered.
    pub(super) fn among(&self, root: &Expression, scope: &Scope<'_>, among: Selected) -> Result<Selected, QueryError> {
        if let Some(known) = self.memo.and_then(|memo| memo.known(&among, root)) {
            return Ok(known);
        }
        let number = among.number();
        let found = match root {
            Expression::And(terms) => terms.iter().try_fold(among, |left, term| self.among(term, scope, left))?,
            Expression::Or(terms) => {
                let mut found: Vec<ItemRef> = Vec::new();
                for term in terms {
                    found.extend(self.among(term, scope, among.clone())?.things());
                }
                // What each finds is in order: the stable sort merges them.
                found.sort();
                found.dedup();
                found.into()
            }
            Expression::Not(inner) => {
                let inside = self.among(inner, scope, among.clone())?;
                without(among.things(), inside.things()).into()
            }
            Expression::Everything => among,
            Expression::Word(_)
            | Expression::Pair { .. }
            | Expression::Compare { .. }
            | Expression::Days { .. }
            | Expression::Function { .. } => self.of_term(root, scope, among.into_things())?.into(),
        };
        Ok(match self.memo {
            Some(memo) => memo.remember(number, root, found),
            None => found,
        })
    }

    /// The same of a term that holds no others, or only those in a function.
    fn of_term(&self, term: &Expression, scope: &Scope<'_>, among: Vec<ItemRef>) -> Result<Vec<ItemRef>, QueryError> {
        match term {
            Expression::Or(_) | Expression::And(_) | Expression::Not(_) | Expression::Everything => Ok(among),
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
            Expression::Days { days, fact, operator, value } => {
                self.counted(*days, fact, (*operator, value), scope, among)
            }
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
        if let Some(part) = part_of_technologies(&word.text)
            && self.fact_of_technologies(word, part, scope).is_ok_and(|fact| fact.ty == Type::Bool)
        {
            let yes = Words { text: YesNo::Yes.word().to_owned(), range: word.range };
            return self.pair(word, &yes, scope, among);
        }
        let flags = scope.facts(&word.text);
        let is_flag = flags.iter().any(|fact| fact.ty == Type::Bool);
        let named = self.named(word, scope);
        // The declaration of a fact is called like it.
        let is_declaration = |at: &ItemRef| self.arch.item(*at).kind.is(&OWN_FACT);
        match (is_flag, named) {
            (true, Ok(named)) if !self.means_facts && !named.iter().all(is_declaration) => {
                let message = format!("`{}` may be a name or the fact of this name", word.text);
                let help = format!("write `name:{0}` or `{0}:yes`", word.text);
                Err(error(word.range, message, help))
            }
            (true, _) => {
                let yes = |at: ItemRef| {
                    self.values(at, &flags).any(|given| given.flag() == Some(true))
                        || self.defaults(at, &flags).iter().any(|(_, words)| YesNo::of(words) == Some(YesNo::Yes))
                };
                Ok(select(among, yes))
            }
            (false, Ok(named)) => Ok(select(among, |at| named.binary_search(&at).is_ok())),
            (false, Err(unknown)) => Err(match own.next() {
                Some(own) => not_asked(word, own.of, scope),
                None => unknown,
            }),
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
        let asked = Key::of(&key.text).or((key.text == facts::TAGS.name).then_some(Key::Tag));
        match asked {
            Some(Key::Kind) => self.of_kind(value, among),
            Some(Key::Level) if scope.has(ELEMENTS) => {
                closed(&key.text, value, Level::ALL.iter().map(|level| level.word()).collect())?;
                Ok(self.elements(among, |id| glob(pattern, self.arch.element(id).level.word())))
            }
            Some(Key::Zone) if scope.has(ELEMENTS) => {
                let fits = self.group(&class::ZONE, value)?;
                Ok(self.elements(among, |id| self.arch.zones(id).into_iter().any(&fits)))
            }
            Some(Key::Group) if scope.has(ELEMENTS) => {
                let fits = self.group(&class::GROUP, value)?;
                let parent = |group: &GroupId| self.arch.groups[*group].parent;
                let around = |id: ElementId| std::iter::successors(self.arch.element(id).group, parent);
                Ok(self.elements(among, |id| around(id).any(&fits)))
            }
            Some(Key::Owner) => {
                self.facts(key, scope)?;
                self.is_no_old_name(value, facts::OWNER.ty.names())?;
                self.owned_by(value, among)
            }
            Some(Key::Tag) => {
                self.facts(&Words { text: facts::TAGS.name.to_owned(), range: key.range }, scope)?;
                self.tagged(value, among)
            }
            // Among technologies it can only be the name of one.
            Some(Key::Technology) if scope.has_only(&[&TECHNOLOGY]) => {
                let named = self.named_of_kind(key, value, scope)?;
                Ok(select(among, |at| named.binary_search(&at).is_ok()))
            }
            Some(Key::Technology) => {
                self.facts(key, scope)?;
                Ok(self.built_with(pattern, among))
            }
            Some(Key::Has) => {
                let facts = self.facts(value, scope)?;
                Ok(match Said::asked(self.arch, value, &facts) {
                    Some(said) => select(among, |at| !said.of(at).is_empty()),
                    None => select(among, |at| self.values(at, &facts).next().is_some()),
                })
            }
            Some(Key::Name) if pattern == STAR => Ok(select(among, |at| self.is_named(at))),
            Some(Key::Name) => {
                let named = self.named(value, scope)?;
                Ok(select(among, |at| named.binary_search(&at).is_ok()))
            }
            Some(Key::Title) => Ok(select(among, |at| glob(pattern, self.arch.title(at)))),
            Some(Key::Finding) => {
                let findings = self.supplied(key, self.answers.findings)?;
                let asked = self.rule(value)?;
                let meant = findings.iter().filter(|one| asked.fits(one.rule) || asked.fits(one.severity.word()));
                let meant: FxHashSet<ItemRef> = meant.map(|one| one.of).collect();
                Ok(select(among, |at| meant.contains(&at)))
            }
            Some(Key::Verdict) if scope.has(Key::Verdict.asked_of()) => {
                let verdicts = self.supplied(key, self.answers.verdicts)?;
                closed(&key.text, value, Verdict::ALL.iter().map(|verdict| verdict.word()).collect())?;
                Ok(select(among, |at| verdicts.iter().any(|(of, verdict)| *of == at && glob(pattern, verdict.word()))))
            }
            None | Some(Key::Level | Key::Zone | Key::Group | Key::Verdict) => {
                if scope.is_name_of_kind(key) {
                    if !self.is_asked_by_kind(key, scope) {
                        return Err(self.of_other_kind(key, value, scope));
                    }
                    let named = self.named_of_kind(key, value, scope)?;
                    return Ok(select(among, |at| named.binary_search(&at).is_ok()));
                }
                if part_of_technologies(&key.text).is_some()
                    || all_kinds().any(|kind| !Scope::of_one(self.arch, kind).facts(&key.text).is_empty())
                {
                    let facts = self.facts(key, scope)?;
                    return self.matching(key, value, &facts, among);
                }
                Err(asked.map_or_else(|| unknown_key(key, scope), |one| not_asked(key, one.asked_of(), scope)))
            }
        }
    }

    /// That a kind before a name is none that the query is about, with how the thing itself may have been meant.
    fn of_other_kind(&self, kind: &Words, name: &Words, scope: &Scope<'_>) -> QueryError {
        let Err(fault) = self.facts(kind, scope) else { return unknown_key(kind, scope) };
        let is_called = |known: &&'static Kind| known.name == kind.text || known.class.word == kind.text;
        let meant: Vec<&'static Class> = all_kinds().filter(is_called).map(|kind| kind.class).collect();
        let within = format!("in({}:{})", kind.text, name.text);
        if scope.classes().iter().any(|class| meant.iter().any(|around| class.is_within(around))) {
            let help = format!("write `{within}` for what stands in it");
            return QueryError { help, ..fault }.fixed(kind.range.cover(name.range), within);
        }
        let mut naming = scope.facts_that_name(&meant);
        naming.sort_by_key(|fact| last_part(fact) != kind.text);
        if let Some(help) = did_you_mean(&naming) {
            let fault = QueryError { help, fix: None, ..fault };
            return match &naming[..] {
                [only] => fault.fixed(kind.range, only.clone()),
                _ => fault,
            };
        }
        match all_kinds().find(|inside| inside.class.stands.iter().any(|around| around.is_in(&meant))) {
            Some(inside) => {
                let (phrase, word) = (inside.class.phrase, inside.word());
                QueryError { help: format!("for {phrase}, write `kind:{word} and {within}`"), ..fault }
            }
            None => fault,
        }
    }

    /// Whether something of the kind that a key names is asked for at all.
    fn is_asked_by_kind(&self, key: &Words, scope: &Scope<'_>) -> bool {
        all_kinds().any(|kind| is_called(kind, &key.text) && scope.has(&[kind.class]))
    }

    fn supplied<T>(&self, key: &Words, answer: Option<T>) -> Result<T, QueryError> {
        let help = "only `groma query` can ask for it";
        answer.ok_or_else(|| error(key.range, format!("`{}` cannot be asked for here", key.text), help))
    }

    /// Whether it has a name of its own, as a call or an answer has none.
    fn is_named(&self, at: ItemRef) -> bool {
        self.arch.entity(at).is_some() || self.arch.relation_at(at).is_some()
    }

    /// The rule that findings may bear, or the severity, that is asked for.
    fn rule<'q>(&self, value: &'q Words) -> Result<NamePattern<'q>, QueryError> {
        let known = || self.answers.rules.iter().copied().chain(Severity::ALL.map(Severity::word));
        let asked = NamePattern::among(Pattern::Word(&value.text), known());
        if known().any(|known| asked.fits(known)) {
            return asked.certain(value, "rules");
        }
        let standard = standard_called(self.arch, &value.text).map(|at| self.arch.name(at).to_owned());
        if let Some(fault) = old_name(value, &value.text, &Vec::from_iter(standard)) {
            return Err(fault);
        }
        let near = nearest(&value.text, known());
        let help = may_mean(&value.text, known()).unwrap_or_else(|| {
            "write a rule, a standard, `error`, `warning` or `note`; `groma explain rules` lists the rules".to_owned()
        });
        let message = format!("there is no rule called `{}`", value.text);
        Err(error(value.range, message, help).fixed_by(&value.text, &near))
    }

    fn of_kind(&self, value: &Words, among: Vec<ItemRef>) -> Result<Vec<ItemRef>, QueryError> {
        let pattern = &*value.text;
        let named = kind_pattern(self.arch, pattern);
        if !words_of_kinds(self.arch).any(|word| named.fits(word)) {
            return Err(self.no_such_kind(value));
        }
        let named = named.certain(value, "kinds")?;
        let meant: Vec<&'static Kind> = all_kinds().filter(|kind| called(kind, |word| named.fits(word))).collect();
        Ok(select(among, |at| {
            let item = self.arch.item(at);
            match self.arch.entity(at).and_then(Entity::element) {
                Some(id) if item.own => {
                    let element = self.arch.element(id);
                    named.fits(&element.kind_name) || called(element.kind, |word| named.fits(word))
                }
                Some(_) | None => meant.contains(&item.kind),
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

    pub(super) fn is_of(&self, at: ItemRef, classes: &[&'static Class]) -> bool {
        let item = self.arch.item(at);
        if item.own { ELEMENTS[0].is_in(classes) } else { item.kind.class.is_in(classes) }
    }

    /// Those that are elements and pass a test.
    pub(super) fn elements(&self, among: Vec<ItemRef>, test: impl Fn(ElementId) -> bool) -> Vec<ItemRef> {
        select(among, |at| matches!(self.arch.entity(at), Some(Entity::Element(id)) if test(id)))
    }

    /// Whether a group, or one that is a zone, has the path that is asked for, before which its kind may stand.
    fn group<'q>(
        &'q self,
        class: &'static Class,
        value: &'q Words,
    ) -> Result<impl Fn(GroupId) -> bool + 'q, QueryError> {
        let is_meant = |at: ItemRef| *class == class::GROUP || self.arch.item(at).kind.is(class);
        let is_own_kind = |word: &str| word == class.word || *class == class::GROUP && word == class::ZONE.word;
        let bare = match split_kind(&value.text) {
            (Some(word), bare) if is_own_kind(word) => bare,
            _ => &value.text,
        };
        let path = Words { text: without_dot(bare).to_owned(), range: value.range };
        let groups = self.arch.groups.iter().filter(|group| is_meant(group.at));
        let known: Vec<&str> = groups.map(|group| &*group.path).collect();
        let meant = NamePattern::among(Pattern::Word(without_dot(bare)), known.iter().copied());
        if !known.iter().any(|known| glob(&path.text, known))
            && let Some(fault) = old_name(value, bare, &self.arch.names_of_today(bare, &[class]))
        {
            return Err(fault);
        }
        closed(class.word, &path, known)?;
        let meant = meant.certain(&path, &Noun::Of(class).plural())?;
        Ok(move |group: GroupId| meant.fits(&self.arch.groups[group].path))
    }

    /// Those with a tag.
    fn tagged(&self, value: &Words, among: Vec<ItemRef>) -> Result<Vec<ItemRef>, QueryError> {
        let tags = &self.arch.written().tags;
        let meant = NamePattern::among(Pattern::Word(&value.text), tags.keys()).certain(value, "tags")?;
        let mut having: Vec<ItemRef> =
            tags.iter().filter(|(tag, _)| meant.fits(tag)).flat_map(|(_, having)| having).copied().collect();
        having.sort_unstable();
        Ok(select(among, |at| having.binary_search(&at).is_ok()))
    }

    /// Those with an owner that fits a pattern, before which its kind may stand: `team:core`.
    fn owned_by(&self, value: &Words, among: Vec<ItemRef>) -> Result<Vec<ItemRef>, QueryError> {
        let arch = self.arch;
        let owners = &arch.written().owners;
        let (word, bare) = split_kind(&value.text);
        // Who is declared is meant as it is written there: nobody else by the same name in other letters.
        let declared: Vec<_> = arch.resolver().each_name_of(facts::OWNER.ty.names()).collect();
        let known = || owners.iter().map(|owner| &**owner).chain(declared.iter().map(|name| &**name));
        let whole = NamePattern::among(Pattern::Word(&value.text), known());
        let name = NamePattern::among(Pattern::Word(bare), known().map(|owner| split_kind(owner).1));
        let name = name.certain(value, "owners")?;
        Ok(select(among, |at| {
            let Some((at, owner)) = arch.owner_of(at) else { return false };
            let written = arch.words(at, owner);
            let is_of_kind =
                |word: &str| arch.referred(at, owner).is_some_and(|entity| arch.resolver().is_called(entity, word));
            whole.fits(written) || name.fits(split_kind(written).1) && word.is_none_or(is_of_kind)
        }))
    }

    /// The ends of a relationship, call or answer.
    pub(super) fn ends(&self, at: ItemRef) -> Option<(ElementId, ElementId)> {
        if let Some(id) = self.arch.relation_at(at) {
            let relation = self.arch.relation(id);
            return Some((relation.from, relation.to));
        }
        let flow = self.arch.items_around(at).find_map(|around| self.arch.entity(around).and_then(Entity::flow))?;
        let steps = &self.arch.flows[flow].steps;
        let nth = steps.binary_search_by_key(&at, |step| step.at).ok()?;
        steps[crate::StepId::new(nth as u32)].kind.ends()
    }
}

/// That a value is one of those that there are.
pub(super) fn closed(noun: &str, value: &Words, known: Vec<&str>) -> Result<(), QueryError> {
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

/// That a key is none: the help names a fact as well that is called nearly so.
fn unknown_key(key: &Words, scope: &Scope<'_>) -> QueryError {
    let keys = || Key::ALL.iter().map(|key| key.word());
    let near = nearest(&key.text, keys().chain(scope.fact_names()));
    if let Some(fault) = old_name(key, &key.text, &scope.other_facts(&key.text)) {
        return fault;
    }
    match did_you_mean(&near) {
        Some(help) => {
            error(key.range, format!("there is no key called `{}`", key.text), help).fixed_by(&key.text, &near)
        }
        None => {
            let fault = unknown(key, "key", keys());
            let help = format!("{}; and each fact is one, such as `tags` (`groma explain query`)", fault.help);
            QueryError { help, ..fault }
        }
    }
}

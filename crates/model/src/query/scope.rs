//! What a query ranges over: elements, unless it names another kind.

use super::parse::{Expression, Words};
use super::pattern::{NamePattern, Pattern, is_arrow};
use super::terms::{ANY, Key};
use super::{QueryError, error};
use crate::facets::own_facts::{OwnFact, OwnFacts, kinds_called};
use crate::facets::structure::class::{ELEMENTS, RELATION};
use crate::schema::{Class, Fact, Kind, TOP, phrase};
use crate::wildcard::glob;
use crate::{Architecture, ItemRef, kinds};
use groma_base::{Range, join_words, plural};

/// What some things are called.
#[derive(Clone, Copy)]
pub(super) enum Noun<'q> {
    /// Elements of whatever kind.
    Element,
    /// Things of one class.
    Of(&'static Class),
    /// Those of a kind with this word.
    Kind(&'q str),
    /// Anything.
    Thing,
}

impl<'q> Noun<'q> {
    /// What one is called.
    pub(super) fn one(self) -> &'q str {
        match self {
            Noun::Element => "element",
            Noun::Of(class) => class.noun(),
            Noun::Kind(word) => word,
            Noun::Thing => "thing",
        }
    }

    /// What several are called.
    pub(super) fn plural(self) -> String {
        plural(self.one())
    }

    /// The query for all of them.
    pub(super) fn all(self) -> String {
        match self {
            Noun::Element => "'*'".to_owned(),
            Noun::Of(class) => format!("kind:{}", class.word),
            Noun::Kind(word) => format!("kind:{word}"),
            Noun::Thing => ANY.to_owned(),
        }
    }
}

/// The classes of things that a query is about.
#[derive(Clone, Debug)]
pub(super) struct Scope<'a> {
    /// The facts of the workspace's own.
    own: &'a OwnFacts,
    /// In the order of the reference.
    classes: Vec<&'static Class>,
    /// Where the query names something beyond what it would be about otherwise.
    named_at: Option<Range>,
    /// Whether it is the query in a function, which takes nothing else.
    pub(super) is_inside: bool,
}

impl<'a> Scope<'a> {
    /// What a query is about that is about these if it says nothing else.
    pub(super) fn of(root: &Expression, arch: &'a Architecture, usual: &[&'static Class]) -> Scope<'a> {
        let mut named: Vec<(&'static Class, Range)> = Vec::new();
        let mut by_kind = |expression: &Expression| match expression {
            Expression::Pair { key, value } if Key::of(&key.text) == Some(Key::Kind) => {
                named.extend(of_kind(arch, &value.text).map(|class| (class, value.range)));
            }
            Expression::Word(word) if word.text == ANY => {
                named.extend(classes().map(|class| (class, word.range)));
            }
            _ => {}
        };
        each_term(root, &mut by_kind);
        if named.is_empty() {
            let usual = Scope::exactly(arch, usual);
            let mut by_name = |expression: &Expression| match expression {
                Expression::Pair { key, .. } if usual.is_name_of_kind(key) => {
                    named.extend(of_kind(arch, &key.text).map(|class| (class, key.range)));
                }
                // Nothing else is called by an arrow.
                Expression::Word(name) if is_arrow(&name.text) => named.push((&RELATION, name.range)),
                Expression::Pair { key, value: name }
                    if Key::of(&key.text) == Some(Key::Name) && is_arrow(&name.text) =>
                {
                    named.push((&RELATION, name.range));
                }
                _ => {}
            };
            each_term(root, &mut by_name);
        }
        let is_usual = |class: &Class| class.is_in(usual);
        if named.is_empty() {
            return Scope::exactly(arch, usual);
        }
        let is_named = |class: &&'static Class| named.iter().any(|(other, _)| other == class);
        Scope {
            own: &arch.own_facts,
            classes: classes().filter(is_named).collect(),
            named_at: named.iter().find(|(class, _)| !is_usual(class)).map(|(_, range)| *range),
            is_inside: false,
        }
    }

    /// What the query in a function is about, which takes these classes. One kind of elements stands for all, so that `not` means the
    /// others: of these the function takes its own.
    pub(super) fn inside(root: &Expression, arch: &'a Architecture, takes: &[&'static Class]) -> Scope<'a> {
        let mut scope = Scope { is_inside: true, ..Scope::of(root, arch, takes) };
        if names_kind_of(root, arch, takes) {
            scope.classes.retain(|class| class.is_in(takes) || !class.is_element());
        }
        scope
    }

    /// The same of a function that takes whatever is named, and these where nothing is.
    pub(super) fn inside_of_any_kind(root: &Expression, arch: &'a Architecture, usual: &[&'static Class]) -> Scope<'a> {
        Scope { is_inside: false, ..Scope::inside(root, arch, usual) }
    }

    /// That is about one kind.
    pub(super) fn of_one(arch: &'a Architecture, kind: &'static Kind) -> Scope<'a> {
        Scope::exactly(arch, &[kind.class])
    }

    /// That is about things of every kind.
    pub(super) fn of_all(arch: &'a Architecture) -> Scope<'a> {
        Scope::exactly(arch, &classes().collect::<Vec<_>>())
    }

    fn exactly(arch: &'a Architecture, classes: &[&'static Class]) -> Scope<'a> {
        Scope { own: &arch.own_facts, classes: classes.to_vec(), named_at: None, is_inside: false }
    }

    /// Whether a key is a kind before a name, `requirement:search`: the kind of something that the query is about, or of what it
    /// cannot be asked about otherwise.
    pub(super) fn is_name_of_kind(&self, key: &Words) -> bool {
        let mut kinds = all_kinds().filter(|kind| kind.name == key.text || kind.class.word == key.text).peekable();
        Key::of(&key.text).is_none()
            && kinds.peek().is_some()
            && (self.facts(&key.text).is_empty() || kinds.any(|kind| self.has(&[kind.class])))
    }

    /// Where things of other classes are asked for, and what they are called.
    pub(super) fn beyond(&self, usual: &[&'static Class]) -> Option<(Range, String)> {
        let other: Vec<&'static Class> = self.classes.iter().copied().filter(|class| !class.is_in(usual)).collect();
        let phrase = if other.len() > ELEMENTS.len() { "things of every kind".to_owned() } else { phrase(&other) };
        Some((self.named_at?, phrase)).filter(|_| !other.is_empty())
    }

    /// The classes of the things that it is about.
    pub(super) fn classes(&self) -> &[&'static Class] {
        &self.classes
    }

    /// Whether it is about things of one of these classes.
    pub(super) fn has(&self, classes: &[&'static Class]) -> bool {
        self.classes.iter().any(|class| class.is_in(classes))
    }

    /// Whether it is about things of these classes alone.
    pub(super) fn has_only(&self, classes: &[&'static Class]) -> bool {
        self.classes.iter().all(|class| class.is_in(classes))
    }

    /// What the things are called that it is about: `elements`, `requirements`.
    pub(super) fn plural(&self) -> String {
        self.noun().plural()
    }

    /// What one of these is called.
    pub(super) fn noun(&self) -> Noun<'static> {
        match self.classes[..] {
            [only] => Noun::Of(only),
            _ if self.classes.iter().all(|class| class.is_element()) => Noun::Element,
            _ => Noun::Thing,
        }
    }

    /// The kinds that it is about.
    pub(super) fn kinds(&self) -> impl Iterator<Item = &'static Kind> + '_ {
        all_kinds().filter(|kind| kind.class.is_in(&self.classes))
    }

    /// All facts that these may have: those of their kinds, and the workspace's own.
    pub(super) fn all_facts(&self) -> impl Iterator<Item = &'static Fact> + '_ {
        let has_kind = |word: &str| self.kinds().any(|kind| kind.word() == word);
        // What is no built-in kind is an element of a kind of the workspace's own.
        let may_have = move |own: &&OwnFact| {
            let is_own = |word: &str| self.has(ELEMENTS) && kinds_called(word).next().is_none();
            own.on.iter().any(|word| has_kind(word) || is_own(word))
        };
        let own = self.own.all().iter().filter(may_have).map(|own| own.fact);
        self.kinds().flat_map(|kind| kind.every_fact()).chain(own)
    }

    /// What the workspace's own facts of these are called that had a name.
    pub(super) fn other_facts(&self, name: &str) -> Vec<String> {
        let own = |fact: &&'static Fact| self.own.all().iter().any(|own| own.fact == *fact);
        let had_it = self.all_facts().filter(|fact| fact.other_names.contains(&name)).filter(own);
        had_it.map(|fact| fact.name.to_owned()).collect()
    }

    /// The facts with a name that these have, and the parts of facts for a name such as `retry.from`.
    pub(super) fn facts(&self, name: &str) -> Vec<&'static Fact> {
        let (whole, part) = name.split_once('.').map_or((name, None), |(whole, part)| (whole, Some(part)));
        let mut found: Vec<&'static Fact> = Vec::new();
        let is_known = self.all_facts().any(|fact| fact.is_called(whole));
        // An old name holds on, as it does where the fact is given.
        let today = if is_known { Vec::new() } else { self.other_facts(whole) };
        let whole = if let [only] = &today[..] { only } else { whole };
        for fact in self.all_facts().filter(|fact| fact.is_called(whole)) {
            if let Some(fact) = part.map_or(Some(fact), |part| fact.part(part))
                && !found.contains(&fact)
            {
                found.push(fact);
            }
        }
        found
    }

    /// The facts of these that name things of some classes, and the parts of facts that do, each as it is asked for.
    pub(super) fn facts_that_name(&self, classes: &[&'static Class]) -> Vec<String> {
        let names_one = |fact: &Fact| fact.ty.names().iter().any(|class| class.is_in(classes));
        let mut found: Vec<String> = Vec::new();
        for fact in self.all_facts() {
            let parts = fact.parts.iter().filter(|part| names_one(part));
            let whole = names_one(fact).then(|| fact.name.to_owned());
            found.extend(whole.into_iter().chain(parts.map(|part| format!("{}.{}", fact.name, part.name))));
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The parts of facts with a name that these have, each as it is asked for.
    pub(super) fn parts(&self, name: &str) -> Vec<String> {
        let facts = self.all_facts();
        let mut found: Vec<String> =
            facts.filter(|fact| fact.part(name).is_some()).map(|fact| format!("{}.{name}", fact.name)).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The names of the facts that these have.
    pub(super) fn fact_names(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.all_facts().map(|fact| fact.name)
    }

    /// All things that it is about, in the order of the text.
    pub(super) fn everything(&self, arch: &Architecture) -> Vec<ItemRef> {
        self.things(&Expression::Everything, arch)
    }

    /// All things that it is about and that a query may select, in the order of the text. Where the query asks for a kind, only that
    /// is looked at.
    pub(super) fn things(&self, root: &Expression, arch: &Architecture) -> Vec<ItemRef> {
        let pattern = kind_asked_for(root);
        let is_meant = |kind: &Kind| self.has(&[kind.class]) && pattern.is_none_or(|pattern| is_called(kind, pattern));
        let all = arch.by_kind();
        let mut found: Vec<ItemRef> = Vec::new();
        for (_, things) in all.built_in.iter().filter(|(kind, _)| is_meant(kind)) {
            found.extend(things);
        }
        if self.has(ELEMENTS) {
            found.extend(all.own.iter().filter(|at| self.has(&[arch.item(**at).kind.class])));
        }
        // Those of each kind are in order: the stable sort merges them.
        found.sort();
        found
    }
}

/// What a query asks of the kind of all that it selects.
fn kind_asked_for(root: &Expression) -> Option<&str> {
    match root {
        Expression::Pair { key, value } if Key::of(&key.text) == Some(Key::Kind) => Some(&value.text),
        Expression::And(terms) => terms.iter().find_map(kind_asked_for),
        _ => None,
    }
}

/// Calls this for each term of a query, but for those in the queries of functions, which range over what the function takes.
fn each_term(expression: &Expression, see: &mut dyn FnMut(&Expression)) {
    match expression {
        Expression::Or(terms) | Expression::And(terms) => terms.iter().for_each(|term| each_term(term, see)),
        Expression::Not(inner) => each_term(inner, see),
        Expression::Everything
        | Expression::Word(_)
        | Expression::Pair { .. }
        | Expression::Compare { .. }
        | Expression::Days { .. }
        | Expression::Function { .. } => see(expression),
    }
}

/// All kinds of things that can be asked for: an `extend` declares none.
pub(super) fn all_kinds() -> impl Iterator<Item = &'static Kind> + Clone {
    use crate::facets::workspace::class::EXTEND;
    kinds::all().filter(|kind| !kind.class.is_in(&[&EXTEND, &TOP]))
}

/// That a word of the language is not asked of what a query is about, but of these.
pub(super) fn not_asked(word: &Words, of: &[&'static Class], scope: &Scope<'_>) -> QueryError {
    let message = format!("`{}` is not asked of {}", word.text, scope.plural());
    let kinds: Vec<String> = of.iter().map(|class| format!("`kind:{}`", class.word)).collect();
    let ask = match of.iter().any(|class| class.is_element()) {
        true => String::new(),
        false => format!(": ask for {} with {}", if of.len() == 1 { "it" } else { "these" }, join_words(&kinds, "or")),
    };
    error(word.range, message, format!("it is asked of {}{ask}", phrase(of)))
}

/// The words that can stand after `kind:`, but for a workspace's own.
pub fn kind_words() -> Vec<&'static str> {
    let mut words: Vec<&'static str> = all_kinds().map(Kind::word).collect();
    words.dedup();
    words
}

/// All classes, in the order of the reference.
fn classes() -> impl Iterator<Item = &'static Class> {
    let mut seen: Vec<&'static Class> = Vec::new();
    for kind in all_kinds() {
        if !kind.class.is_in(&seen) {
            seen.push(kind.class);
        }
    }
    seen.into_iter()
}

/// Whether a word is that of a kind, or of its class.
pub(super) fn is_called(kind: &Kind, pattern: &str) -> bool {
    called(kind, |word| glob(pattern, word))
}

/// Whether the word of a kind, or that of its class, is meant.
pub(super) fn called(kind: &Kind, is_meant: impl Fn(&str) -> bool) -> bool {
    is_meant(kind.name) || is_meant(kind.class.word)
}

/// A pattern among the words of all kinds of a workspace, its own ones as well.
pub(super) fn kind_pattern<'q>(arch: &Architecture, pattern: &'q str) -> NamePattern<'q> {
    NamePattern::among(Pattern::Word(pattern), words_of_kinds(arch))
}

/// The words of all kinds of a workspace, and of their classes.
pub(super) fn words_of_kinds(arch: &Architecture) -> impl Iterator<Item = &str> {
    let built_in = all_kinds().flat_map(|kind| [kind.name, kind.class.word]);
    built_in.chain(arch.own_kinds.iter().map(|name| &**name))
}

/// Whether a query asks for a kind that is of one of these classes.
fn names_kind_of(root: &Expression, arch: &Architecture, classes: &[&'static Class]) -> bool {
    let takes_elements = classes.iter().any(|class| class.is_element());
    let mut names_one = false;
    let mut see = |term: &Expression| {
        let word = match term {
            Expression::Pair { key, value } if Key::of(&key.text) == Some(Key::Kind) => &value.text,
            Expression::Pair { key, .. } if Key::of(&key.text).is_none() => &key.text,
            _ => return,
        };
        let named = kind_pattern(arch, word);
        let is_own = || takes_elements && arch.own_kinds.iter().any(|name| named.fits(name));
        let mut kinds = all_kinds().filter(|kind| kind.class.is_in(classes));
        names_one |= kinds.any(|kind| called(kind, |word| named.fits(word))) || is_own();
    };
    each_term(root, &mut see);
    names_one
}

/// The classes that a pattern of kinds asks for: all elements as soon as one of them is meant, so that `not` means the others;
/// and nothing else where a `*` may mean elements.
fn of_kind(arch: &Architecture, pattern: &str) -> std::vec::IntoIter<&'static Class> {
    let named = kind_pattern(arch, pattern);
    let meant: Vec<&'static Kind> = all_kinds().filter(|kind| called(kind, |word| named.fits(word))).collect();
    let is_element =
        meant.iter().any(|kind| kind.class.is_element()) || arch.own_kinds.iter().any(|name| named.fits(name));
    let mut found: Vec<&'static Class> = if is_element { ELEMENTS.to_vec() } else { Vec::new() };
    if !is_element || !pattern.contains('*') {
        for kind in meant {
            if !kind.class.is_in(&found) {
                found.push(kind.class);
            }
        }
    }
    found.into_iter()
}

/// That these kinds of things have what is asked for, each once; `term` asks for it where that is known.
pub(super) fn of_kinds(kinds: &[&'static Kind], term: &str) -> String {
    let and = if term.is_empty() { String::new() } else { format!(" and {term}") };
    let each = |told: &dyn Fn(&Kind) -> String| {
        let mut all: Vec<String> = kinds.iter().map(|kind| told(kind)).collect();
        all.dedup();
        all.truncate(MOST_KINDS);
        all
    };
    let (phrases, words) =
        (each(&|kind| kind.class.phrase.to_owned()), each(&|kind| format!("`kind:{}{and}`", kind.word())));
    let have = if phrases.len() == 1 { "has" } else { "have" };
    format!("{} {have} it: ask for these with {}", join_words(&phrases, "and"), join_words(&words, "or"))
}

/// So many kinds are named in a message.
const MOST_KINDS: usize = 4;

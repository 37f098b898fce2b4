//! Every kind of node, found by its word, and what documents say of its facts.

use crate::facets::FACETS;
use crate::schema::{Class, Fact, Kind, Type};
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::LazyLock;

pub use crate::facets::class;

/// All kinds, in the order of the reference.
pub fn all() -> impl Iterator<Item = &'static Kind> + Clone {
    FACETS.iter().flat_map(|facet| facet.kinds)
}

/// The kinds that may stand in a node of this kind, or at the top of a file.
pub fn held_by(owner: Option<&Kind>) -> impl Iterator<Item = &'static Kind> + Clone {
    all().filter(move |kind| kind.may_stand_in(owner))
}

static BY_NAME: LazyLock<FxHashMap<&'static str, &'static Kind>> =
    LazyLock::new(|| all().filter(|kind| !kind.is_arrow()).map(|kind| (kind.name, kind)).collect());

/// The kind that this word begins; arrows are found by [`arrow`].
pub fn by_name(name: &str) -> Option<&'static Kind> {
    BY_NAME.get(name).copied()
}

/// The facts of each kind by their names, today's and older ones: a text gives more facts than anything else, and a kind may have fifty.
static FACTS: LazyLock<FxHashMap<(usize, &'static str), &'static Fact>> = LazyLock::new(|| {
    let mut facts = FxHashMap::default();
    for (kind, fact) in all().flat_map(|kind| kind.all_facts().map(move |fact| (kind, fact))) {
        for name in fact.names() {
            facts.entry((std::ptr::from_ref(kind).addr(), name)).or_insert(fact);
        }
    }
    facts
});

impl Kind {
    /// The fact with this name.
    pub fn fact(&self, name: &str) -> Option<&'static Fact> {
        FACTS.get(&(std::ptr::from_ref(self).addr(), name)).copied()
    }
}

/// The kinds that are written with an arrow: few of the many, and most nodes of most files are asked whether they are one.
static ARROWS: LazyLock<Vec<&'static Kind>> = LazyLock::new(|| all().filter(|kind| kind.is_arrow()).collect());

/// The kind of arrow that may stand in a node of this kind, or at the top of a file; else the first that is written so.
pub fn arrow(word: &str, owner: Option<&Kind>) -> Option<&'static Kind> {
    let mut written_so = ARROWS.iter().copied().filter(|kind| kind.name == word);
    written_so.clone().find(|kind| kind.may_stand_in(owner)).or_else(|| written_so.next())
}

/// The kind that a word of another tool or notation stands for.
pub fn other_name(word: &str) -> Option<&'static str> {
    let word = word.to_lowercase();
    all().find(|kind| kind.other_names.contains(&&*word)).map(|kind| kind.name)
}

/// Whether every fact of this name is a text.
pub fn is_text(name: &str) -> bool {
    let mut called = all().flat_map(|kind| kind.fact(name)).peekable();
    called.peek().is_some() && called.all(|fact| matches!(fact.ty, Type::Text))
}

/// The fact of this name, if it says yes or no wherever there is one.
pub fn flag(name: &str) -> Option<&'static Fact> {
    let mut called = all().flat_map(|kind| kind.fact(name));
    let first = called.next().filter(|fact| fact.ty == Type::Bool)?;
    called.all(|fact| fact.ty == Type::Bool).then_some(first)
}

/// All classes of what can be said, each once.
pub fn classes() -> Vec<&'static Class> {
    let mut found: Vec<&'static Class> = Vec::new();
    for class in all().map(|kind| kind.class) {
        if !class.is_in(&found) {
            found.push(class);
        }
    }
    found
}

/// The classes of which a question may change a fact.
pub static CHANGEABLE: LazyLock<Vec<&'static Class>> = LazyLock::new(|| {
    let mut found = classes();
    found.retain(|class| class.is_changeable);
    found
});

impl Fact {
    /// What it says, and what holds where it is not given.
    pub fn described(&self) -> String {
        match self.default {
            Some(default) => format!("{}; default: `{default}`", self.summary),
            None => self.summary.to_owned(),
        }
    }
}

/// Every fact and every part of one, each once, with a name that tells it from all others: where it stands first, such as
/// `system.replicas.delay`. What stands on the line before the properties comes first of each kind.
pub fn facts() -> Vec<(String, &'static Fact)> {
    let mut found = Vec::new();
    for kind in all() {
        kind.every_fact().for_each(|fact| add_fact(kind.word(), fact, &mut found));
    }
    let mut known = FxHashSet::default();
    found.retain(|(_, fact)| known.insert(address(fact)));
    found
}

fn add_fact(before: &str, fact: &'static Fact, found: &mut Vec<(String, &'static Fact)>) {
    let name = format!("{before}.{}", fact.name);
    found.push((name.clone(), fact));
    fact.parts.iter().for_each(|part| add_fact(&name, part, found));
}

fn address(fact: &'static Fact) -> usize {
    std::ptr::from_ref(fact) as usize
}

/// Who uses each fact, by its address. The file is made by a search: see `crates/session/tests/facts_count`.
static USED_BY: LazyLock<FxHashMap<usize, &'static str>> = LazyLock::new(|| {
    let told: FxHashMap<&str, &'static str> =
        include_str!("used_by.txt").lines().filter_map(|line| line.split_once(": ")).collect();
    facts().into_iter().filter_map(|(name, fact)| Some((address(fact), *told.get(name.as_str())?))).collect()
});

/// Who uses a built-in fact: the rules that find something else where its value is another one, the `forecast`, `pictures`, `queries`, the
/// `reading` of the rest; or that it is `text only`.
pub fn used_by(fact: &'static Fact) -> Option<&'static str> {
    USED_BY.get(&address(fact)).copied()
}

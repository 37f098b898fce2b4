//! The sorts of things that nodes are: what may be named, and what may stand where.

use crate::word_enums::words;
use std::hash::{Hash, Hasher};

/// What sort of thing a node is. Kinds of one class differ in their names and facts alone; what a reference may name, and
/// what may stand where, is said by class.
#[derive(Debug)]
pub struct Class {
    /// The word that tells it from others with the same name: `requirement:search`.
    pub word: &'static str,
    /// What one is called in messages: `a requirement`.
    pub phrase: &'static str,
    /// The classes in which it may stand; [`TOP`] is the top of a file.
    pub stands: &'static [&'static Class],
    /// The classes that may stand in it, besides those that say so themselves.
    pub holds: &'static [&'static Class],
    /// Which names it shares.
    pub names: Names,
    /// Whether a question such as `what-if` may change a fact of one.
    pub is_changeable: bool,
    /// On which page of a document about the whole, such as the site, its records are listed.
    pub listed: Listed,
    /// What a node of it becomes.
    pub becomes: Becomes,
    /// What is calculated from one.
    pub feeds: Feeds,
}

/// A page on which records are listed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Listed {
    /// None: these are no records.
    Nowhere,
    /// That of requirements, under the title of the facet unless the page has a heading of its own for them.
    WithRequirements,
    /// That of loads and failures, under this heading.
    WithLoads(&'static str),
    /// That of people and teams.
    WithPeople,
    /// The glossary.
    InGlossary,
    /// That of kits, and of what a company adds to the language.
    WithKits,
}

words! {
    /// The levels of C4.
    Level {
        /// A person.
        Person = "person",
        /// A software system.
        System = "system",
        /// A container.
        Container = "container",
        /// A component.
        Component = "component",
    }
}

/// What a node becomes in the architecture; `link` takes it there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Becomes {
    /// Nothing of its own: it is read with what it stands in, or with its facet.
    Part,
    /// A record.
    Record,
    /// An element.
    Element(Level),
    /// A group or zone.
    Group,
    /// A flow.
    Flow,
    /// A deployment.
    Deployment,
    /// A pipeline.
    Pipeline,
    /// A view.
    View,
    /// What is said of the workspace.
    Workspace,
    /// How grave the findings of a rule are.
    RuleSetting,
    /// What is suppressed.
    Allow,
    /// More of an element that is declared elsewhere.
    Extend,
}

/// What is calculated from a node: while the node is not understood, that is unsure.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Feeds {
    /// Nothing: people read it, and rules.
    Nothing,
    /// What there is.
    Structure,
    /// What that does.
    Flows,
    /// What is asked of it.
    Demand,
    /// What is calculated from the node that it is a part of.
    AsItsWhole,
}

/// Which names the nodes of a class share: within these each stands for one thing.
#[derive(Clone, Copy, Debug)]
pub enum Names {
    /// They have names that nothing else can use, or none.
    Private,
    /// Those of elements and groups, each in what it is part of; seen from the inside out.
    Structure,
    /// Those of regions and hosts: paths of which the beginning may be left out.
    Places,
    /// One name in the whole workspace, among those of this class.
    Own,
    /// The same, among those of another class.
    With(&'static Class),
}

/// The top of a file.
pub static TOP: Class = Class {
    word: "file",
    phrase: "a file",
    stands: &[],
    holds: &[],
    names: Names::Private,
    is_changeable: false,
    listed: Listed::Nowhere,
    becomes: Becomes::Part,
    feeds: Feeds::Nothing,
};

impl PartialEq for Class {
    fn eq(&self, other: &Class) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Eq for Class {}

impl Hash for Class {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.word.hash(state);
    }
}

impl Class {
    /// The same, of which a question may change a fact.
    pub(crate) const fn changeable(self) -> Class {
        Class { is_changeable: true, ..self }
    }

    /// The same, listed elsewhere.
    pub(crate) const fn listed(self, listed: Listed) -> Class {
        Class { listed, ..self }
    }

    /// Whether it is one of these.
    pub fn is_in(&self, classes: &[&Class]) -> bool {
        classes.contains(&self)
    }

    /// Whether a node of it may stand in one of another class.
    pub fn may_stand_in(&self, other: &Class) -> bool {
        self.is_in(other.holds) || other.is_in(self.stands)
    }

    /// What one is called, without an article: `requirement`.
    pub fn noun(&self) -> &'static str {
        self.phrase.split_once(' ').map_or(self.phrase, |(_, noun)| noun)
    }

    /// Whether a node of it may stand in one of another class, however deep.
    pub fn is_within(&'static self, other: &'static Class) -> bool {
        let mut around: Vec<&'static Class> = vec![self];
        let mut next = 0;
        while let Some(class) = around.get(next).copied() {
            next += 1;
            if *class != TOP && class.may_stand_in(other) {
                return true;
            }
            let more = class.stands.iter().copied().filter(|class| !class.is_in(&around));
            around.extend(more.collect::<Vec<_>>());
        }
        false
    }

    /// Whether its nodes are elements of the structure.
    pub fn is_element(&self) -> bool {
        matches!(self.becomes, Becomes::Element(_))
    }
}

//! How a kind of node is declared. The decoder, `groma explain`, the language reference and the JSON
//! schema all read these declarations; nothing else describes the language.

/// The part of an architecture that a kind belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Facet {
    /// The workspace itself.
    Effort,
    /// Requirements and what surrounds them.
    Why,
    /// Elements and relationships.
    Structure,
    /// Flows.
    Behaviour,
    /// Loads, failures and alerts: what is predicted.
    Prediction,
    /// Deployments and pipelines.
    Deployment,
    /// Views.
    Pictures,
}

impl Facet {
    /// All facets in the order of the reference.
    pub const ALL: [Facet; 7] = [
        Facet::Effort,
        Facet::Why,
        Facet::Structure,
        Facet::Behaviour,
        Facet::Prediction,
        Facet::Deployment,
        Facet::Pictures,
    ];

    /// The heading under which the reference lists it.
    pub fn title(self) -> &'static str {
        match self {
            Facet::Effort => "The effort",
            Facet::Why => "Why",
            Facet::Structure => "Structure",
            Facet::Behaviour => "Behaviour",
            Facet::Prediction => "Loads and failures",
            Facet::Deployment => "Where it runs",
            Facet::Pictures => "Pictures",
        }
    }
}

/// What a node is in the model. Kinds with the same role differ only in name and facts.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, PartialOrd, Ord)]
pub enum Role {
    /// The top of a file.
    File,
    /// `workspace`
    Workspace,
    /// `include`
    Include,
    /// `kind`
    OwnKind,
    /// `extend`
    Extend,
    /// A person.
    Person,
    /// A software system.
    System,
    /// A container in the sense of C4.
    Container,
    /// A component.
    Component,
    /// `group`
    Group,
    /// `zone`
    Zone,
    /// `a -> b`
    Relation,
    /// `requirement`
    Requirement,
    /// `quality`
    Quality,
    /// Constraints, assumptions, questions, goals, non-goals and metrics.
    Record,
    /// `flow`
    Flow,
    /// `a -> b` in a flow.
    Step,
    /// `a --> b` in a flow.
    Reply,
    /// `chance`, `miss`, `repeat`, `parallel`.
    Block,
    /// `load`
    Load,
    /// `failure`
    Failure,
    /// `slo`
    Slo,
    /// `alert`
    Alert,
    /// `deployment`
    Deployment,
    /// `region`, `host`.
    DeployNode,
    /// `instance`
    Instance,
    /// `pipeline`
    Pipeline,
    /// `step` of a pipeline.
    Stage,
    /// `a -> b` in a pipeline.
    Transition,
    /// `view`
    View,
    /// `allow`: excuses a finding.
    Allow,
    /// `rule`: sets a rule's severity.
    RuleSetting,
}

impl Role {
    /// Whether nodes of this role are elements of the structure.
    pub fn is_element(self) -> bool {
        matches!(self, Role::Person | Role::System | Role::Container | Role::Component)
    }
}

/// What stands on a node's line before its properties.
#[derive(Clone, Copy, Debug)]
pub enum Head {
    /// `kind id "Title"`; the title may be left out.
    Named,
    /// `kind value "Title"`, with a value of this type.
    Value(&'static Fact),
    /// `from -> to "does what"`
    Arrow,
}

/// A kind of node.
#[derive(Debug)]
pub struct Kind {
    /// The word that begins the node; `->` and `-->` for arrows.
    pub name: &'static str,
    /// What it is in the model.
    pub role: Role,
    /// Where the reference lists it.
    pub facet: Facet,
    /// One line, lower case.
    pub summary: &'static str,
    /// What to know about it, in Markdown.
    pub doc: &'static str,
    /// A short example that checks clean on its own, or is a part of one.
    pub example: &'static str,
    /// What stands on its line.
    pub head: Head,
    /// The facts it may have.
    pub facts: &'static [&'static [&'static Fact]],
    /// The roles of the nodes it may hold.
    pub holds: &'static [Role],
}

impl Kind {
    /// The fact with this name.
    pub fn fact(&self, name: &str) -> Option<&'static Fact> {
        self.facts.iter().flat_map(|group| group.iter()).find(|fact| fact.name == name).copied()
    }

    /// All its facts.
    pub fn all_facts(&self) -> impl Iterator<Item = &'static Fact> {
        self.facts.iter().flat_map(|group| group.iter().copied())
    }
}

/// A fact of a node, written `name=value` on its line or `name value` in its block.
#[derive(Debug)]
pub struct Fact {
    /// Its name.
    pub name: &'static str,
    /// What its value may be.
    pub ty: Type,
    /// One line, lower case.
    pub summary: &'static str,
    /// Whether it may be given more than once, or with several values.
    pub many: bool,
    /// Further facts about it, given as properties after its value.
    pub parts: &'static [&'static Fact],
}

/// The types of values.
#[derive(Clone, Copy, Debug)]
pub enum Type {
    /// Any text.
    Text,
    /// Yes or no; the bare name of the fact in a block means yes.
    Bool,
    /// A whole number of at least zero, or a range of them.
    Whole,
    /// A number of at least zero.
    Number,
    /// A duration of at least zero.
    Duration,
    /// A percentage from 0% to 100%.
    Ratio,
    /// A rate, such as `100/s`.
    Rate,
    /// Money over time.
    MoneyPerTime,
    /// A number or a quantity of any unit.
    Quantity,
    /// One of a closed set of words, each with its meaning.
    OneOf(&'static [(&'static str, &'static str)]),
    /// The name of something of these roles.
    Reference(&'static [Role]),
    /// A query.
    Query,
    /// A date, `YYYY-MM-DD`.
    Date,
}

impl Type {
    /// What its quantities measure, if they all measure the same.
    pub fn dimension(self) -> Option<groma_base::Dimension> {
        Some(match self {
            Type::Whole | Type::Number => groma_base::Dimension::Count,
            Type::Duration => groma_base::Dimension::Time,
            Type::Ratio => groma_base::Dimension::Ratio,
            Type::Rate => groma_base::Dimension::Rate,
            Type::MoneyPerTime => groma_base::Dimension::MoneyPerTime,
            _ => return None,
        })
    }

    /// What a value of it is called.
    pub fn noun(self) -> &'static str {
        match self {
            Type::Whole | Type::Number => "number",
            Type::Ratio => "share",
            Type::Duration => "duration",
            _ => "value",
        }
    }

    /// What a value of it looks like, for messages.
    pub fn expected(self) -> String {
        match self {
            Type::Text => "a text".into(),
            Type::Bool => "`#true` or `#false`".into(),
            Type::Whole => "a whole number such as `3`, or a range such as `2..20`".into(),
            Type::Number => "a number".into(),
            Type::Duration => "a duration such as `200ms` or `10s`".into(),
            Type::Ratio => "a percentage such as `99.9%`".into(),
            Type::Rate => "a rate such as `100/s` or `60/min`".into(),
            Type::MoneyPerTime => "money over time, such as `$3000/month`".into(),
            Type::Quantity => "a number or a quantity such as `200ms`, `99.9%` or `800/s`".into(),
            Type::OneOf(words) => {
                format!("one of {}", groma_base::list_words(words.iter().map(|(word, _)| *word), "or"))
            }
            Type::Reference(roles) => format!("the name of {}", roles_phrase(roles)),
            Type::Query => "a query such as `\"shop.* and kind:service\"`".into(),
            Type::Date => "a date such as `2026-11-30`".into(),
        }
    }
}

/// `an element`, `a requirement or a quality` and so on.
pub fn roles_phrase(roles: &[Role]) -> String {
    let mut phrases: Vec<&str> = Vec::new();
    let all_elements = crate::facts::ELEMENTS.iter().all(|role| roles.contains(role));
    let phrase = |role: &Role| if all_elements && role.is_element() { "an element" } else { role_phrase(*role) };
    for phrase in roles.iter().map(phrase) {
        if !phrases.contains(&phrase) {
            phrases.push(phrase);
        }
    }
    match phrases.as_slice() {
        [head @ .., last] if !head.is_empty() => format!("{} or {last}", head.join(", ")),
        phrases => phrases.concat(),
    }
}

fn role_phrase(role: Role) -> &'static str {
    match role {
        Role::Person => "a person",
        Role::System => "a system",
        Role::Container => "a container",
        Role::Component => "a component",
        Role::Requirement => "a requirement",
        Role::Quality => "a quality",
        Role::Record => "a record",
        Role::Flow => "a flow",
        Role::Load => "a load",
        Role::Failure => "a failure",
        Role::Slo => "an SLO",
        Role::Alert => "an alert",
        Role::Zone => "a zone",
        Role::Group => "a group",
        Role::Deployment => "a deployment",
        Role::DeployNode => "a place of a deployment",
        Role::Pipeline => "a pipeline",
        Role::Stage => "a step",
        Role::View => "a view",
        _ => "an element",
    }
}

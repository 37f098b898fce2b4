//! What a record says, each with the bytes that say it.

use crate::finding::Finding;
use crate::parts::Part;
use groma_base::Range;

/// Something that a record says, and the bytes that say it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Said<T> {
    /// What is said, as it reads: without markup, runs of blanks as one.
    pub value: T,
    /// The bytes; nowhere ([`Range::is_none`]) if only the name of the file says it.
    pub range: Range,
}

impl<T> Said<T> {
    pub(crate) fn new(value: T, range: Range) -> Said<T> {
        Said { value, range }
    }
}

/// How a record is written, told by the place where its status stands: that decides what an edit may touch.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Dialect {
    /// A section `Status`, as Nygard and adr-tools have it.
    Nygard,
    /// MADR 1 and 2: the first list after the title.
    Madr2,
    /// MADR 3: YAML with `deciders`, or a section Validation.
    Madr3,
    /// MADR 4: YAML with `decision-makers`, or a section Confirmation; also a MADR body that shows no version.
    Madr4,
    /// log4brains: a list, and a date before the name of the file.
    Log4brains,
    /// Label lines: `**Status:** Accepted`.
    Bold,
    /// A table below the title.
    Table,
    /// A list of facts of no known tool.
    List,
    /// One sentence is the record.
    YStatement,
    /// AsciiDoc, which is named and not read.
    AsciiDoc,
    /// Anything else.
    Other,
}

impl Dialect {
    /// All of them.
    pub const ALL: [Dialect; 11] = [
        Dialect::Nygard,
        Dialect::Madr2,
        Dialect::Madr3,
        Dialect::Madr4,
        Dialect::Log4brains,
        Dialect::Bold,
        Dialect::Table,
        Dialect::List,
        Dialect::YStatement,
        Dialect::AsciiDoc,
        Dialect::Other,
    ];

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Dialect::Nygard => "nygard",
            Dialect::Madr2 => "madr2",
            Dialect::Madr3 => "madr3",
            Dialect::Madr4 => "madr4",
            Dialect::Log4brains => "log4brains",
            Dialect::Bold => "bold",
            Dialect::Table => "table",
            Dialect::List => "list",
            Dialect::YStatement => "y-statement",
            Dialect::AsciiDoc => "asciidoc",
            Dialect::Other => "other",
        }
    }
}

/// The states that a decision or a request for comments can have; which of them is said by its family.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum State {
    /// Being written.
    Draft,
    /// Open for comments.
    Proposed,
    /// In force.
    Accepted,
    /// Decided against.
    Rejected,
    /// No longer advised; nothing took its place.
    Deprecated,
    /// Another decision took its place.
    Superseded,
    /// Of a request for comments: reviewers are asked.
    Review,
    /// Of a request for comments: no longer proposed, as it was taken back, put off or replaced.
    Withdrawn,
}

impl State {
    /// All states of decisions, in the order of their life.
    pub const ALL: [State; 6] =
        [State::Draft, State::Proposed, State::Accepted, State::Rejected, State::Deprecated, State::Superseded];

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            State::Draft => "draft",
            State::Proposed => "proposed",
            State::Accepted => "accepted",
            State::Rejected => "rejected",
            State::Deprecated => "deprecated",
            State::Superseded => "superseded",
            State::Review => "review",
            State::Withdrawn => "withdrawn",
        }
    }
}

/// How another record is named.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Reference {
    /// By its number.
    Number(u32),
    /// By its file's name without ending, where that has no number.
    Name(String),
}

/// An option that was considered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Choice {
    /// What it is called.
    pub title: Said<String>,
    /// What speaks for it.
    pub pros: Vec<Said<String>>,
    /// What speaks against it.
    pub cons: Vec<Said<String>>,
    /// Why it was rejected, where words say so.
    pub rejected_because: Option<Said<String>>,
    /// What else is said of it first, neither for nor against it.
    pub about: Option<Said<String>>,
}

impl Choice {
    /// One of which no more is known than its name, and which stands nowhere.
    pub fn named(title: &str) -> Choice {
        Choice {
            title: Said::new(title.to_owned(), Range::default()),
            pros: Vec::new(),
            cons: Vec::new(),
            rejected_because: None,
            about: None,
        }
    }
}

/// A link that a reader can follow.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Link {
    /// Its text.
    pub text: String,
    /// Where it leads.
    pub target: String,
    /// The whole link.
    pub range: Range,
}

/// A heading and what stands below it, up to the next heading that is not deeper.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Section {
    /// The heading as it reads.
    pub title: String,
    /// 1 to 6; 7 for a line of bold type that stands for a heading.
    pub level: u8,
    /// What its heading says that it holds.
    pub part: Part,
    /// The heading with what stands below it.
    pub range: Range,
}

/// A fact of the header that is none of the fields, such as `review: 2027-01-01`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fact {
    /// The key as written.
    pub key: String,
    /// The value as it reads.
    pub value: Said<String>,
}

/// Who is to review a request for comments.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reviewer {
    /// The role, or the person where no role is named.
    pub role: Said<String>,
    /// Who reviews in that role, where that is said: `Lead Backend (Ana Ruiz)`.
    pub who: Option<String>,
}

/// What a request for comments says of a decision that it led to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum LedTo {
    /// The number of its record.
    Number(Said<u32>),
    /// A place whose links lead to records of it.
    Links(Range),
}

/// What only a request for comments says.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Rfc {
    /// Who wrote it.
    pub authors: Vec<Said<String>>,
    /// Who is to review it, each role once.
    pub reviewers: Vec<Reviewer>,
    /// The last day on which it may be commented on, `YYYY-MM-DD`.
    pub last_call: Option<Said<String>>,
    /// What is still open.
    pub questions: Vec<Said<String>>,
    /// What it is about, by the names of the model.
    pub about: Vec<Said<String>>,
    /// What it led to.
    pub led_to: Vec<LedTo>,
}

/// Another record, and how one stands to the other while both stay in force.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Beside {
    /// How, such as `amends`.
    pub how: &'static str,
    /// Whether the other record does that to this one: `Amended by ADR-2`.
    pub is_of_other: bool,
    /// The other record.
    pub record: Said<Reference>,
}

/// A decision record as it was read. What a careful person could not tell is `None` or empty, never guessed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Record {
    /// The name of the file, without folders.
    pub file: String,
    /// How it is written.
    pub dialect: Dialect,
    /// Whether it is a template, which is no record.
    pub is_template: bool,
    /// Its number.
    pub number: Option<Said<u32>>,
    /// Its title, without the number.
    pub title: Option<Said<String>>,
    /// Its state.
    pub status: Option<Said<State>>,
    /// The line or paragraph that says the state.
    pub status_text: Option<Said<String>>,
    /// The date of the decision, `YYYY-MM-DD`.
    pub date: Option<Said<String>>,
    /// Who decided.
    pub deciders: Vec<Said<String>>,
    /// Who was asked.
    pub consulted: Vec<Said<String>>,
    /// Who was told.
    pub informed: Vec<Said<String>>,
    /// The first paragraph of the context or problem.
    pub context: Option<Said<String>>,
    /// What drove the decision.
    pub drivers: Vec<Said<String>>,
    /// What was considered.
    pub options: Vec<Choice>,
    /// What is said of alternatives in prose, where none has a name of its own.
    pub considered: Option<Said<String>>,
    /// What was decided: the first paragraph.
    pub outcome: Option<Said<String>>,
    /// Good consequences.
    pub positive: Vec<Said<String>>,
    /// Bad consequences.
    pub negative: Vec<Said<String>>,
    /// Consequences that are neither.
    pub neutral: Vec<Said<String>>,
    /// Consequences of which nothing says whether they are good or bad.
    pub consequences: Vec<Said<String>>,
    /// How it is made sure that the decision is kept.
    pub confirmation: Vec<Said<String>>,
    /// What states numbers in its context, drivers, outcome, consequences and confirmation: the paragraphs and items.
    pub figures: Vec<Said<String>>,
    /// The items below the headings of links and references, as they stand: a placeholder may be among them.
    pub references: Vec<Said<String>>,
    /// What this one replaces.
    pub supersedes: Vec<Said<Reference>>,
    /// What replaced this one.
    pub superseded_by: Vec<Said<Reference>>,
    /// Records that it names without a link, and how it stands to each while both stay in force.
    pub beside: Vec<Beside>,
    /// All links of the text; `None` where nothing was read.
    pub links: Option<Vec<Link>>,
    /// What it decides: elements, relationships and technologies by their names.
    pub decides: Vec<Said<String>>,
    /// What the record of a decision says itself, by number, of the requests for comments that it came of.
    pub came_of: Vec<Said<u32>>,
    /// What only a request for comments says; `None` for a decision.
    pub rfc: Option<Box<Rfc>>,
    /// Other facts of the header.
    pub facts: Vec<Fact>,
    /// Its sections in order.
    pub sections: Vec<Section>,
    /// What could not be read, or contradicts itself.
    pub findings: Vec<Finding>,
}

impl Record {
    /// A record of which nothing is known but the name of its file.
    pub(crate) fn unread(file: &str, dialect: Dialect) -> Record {
        Record {
            file: file.to_owned(),
            dialect,
            is_template: false,
            number: None,
            title: None,
            status: None,
            status_text: None,
            date: None,
            deciders: Vec::new(),
            consulted: Vec::new(),
            informed: Vec::new(),
            context: None,
            drivers: Vec::new(),
            options: Vec::new(),
            considered: None,
            outcome: None,
            positive: Vec::new(),
            negative: Vec::new(),
            neutral: Vec::new(),
            consequences: Vec::new(),
            confirmation: Vec::new(),
            figures: Vec::new(),
            references: Vec::new(),
            supersedes: Vec::new(),
            superseded_by: Vec::new(),
            beside: Vec::new(),
            links: None,
            decides: Vec::new(),
            came_of: Vec::new(),
            rfc: None,
            facts: Vec::new(),
            sections: Vec::new(),
            findings: Vec::new(),
        }
    }
}

//! What could not be read in a record, or contradicts itself, as data.

use groma_base::Range;

/// Declares the kinds of findings with the words that name each.
macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $words:literal,)*) => {
        /// What a finding is about.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum FindingKind { $($(#[$doc])* $name,)* }

        impl FindingKind {
            /// All kinds.
            pub const ALL: &[FindingKind] = &[$(FindingKind::$name,)*];

            /// The words that name it.
            pub fn words(self) -> &'static str {
                match self { $(FindingKind::$name => $words,)* }
            }
        }
    };
}

kinds! {
    /// Nothing says a status.
    NoStatus = "no status",
    /// The place of the status holds nothing.
    EmptyStatus = "empty status",
    /// The words of the status are in no table.
    UnknownStatus = "unknown status word",
    /// The choice of the template was never made.
    PlaceholderStatus = "placeholder status",
    /// The date of the template was never filled in.
    PlaceholderDate = "placeholder date",
    /// Superseded in part only: neither in force nor gone.
    PartlySuperseded = "partly superseded",
    /// Day and month could be either.
    AmbiguousDate = "ambiguous date",
    /// A day that the calendar does not have.
    ImpossibleDate = "impossible date",
    /// No date that anybody can read.
    UnreadableDate = "unreadable date",
    /// Nothing says a title.
    NoTitle = "no title",
    /// Nothing but blanks.
    EmptyRecord = "empty record",
    /// A picture and no words.
    OnlyImage = "only an image",
    /// Front matter and nothing below it.
    OnlyFrontMatter = "no content beyond front matter",
    /// The template lies among the records.
    Template = "template, not a record",
    /// Front matter says one status, the body another.
    FrontMatterStatus = "front matter and body disagree: status",
    /// Front matter says one date, the body another.
    FrontMatterDate = "front matter and body disagree: date",
    /// Two places of the body say different statuses.
    TwoStatuses = "two places disagree: status",
    /// Two places of the body say different dates.
    TwoDates = "two places disagree: date",
    /// One key twice.
    DuplicateKey = "duplicate key in front matter",
    /// No parser of YAML accepts it.
    BrokenFrontMatter = "broken front matter",
    /// No closing line.
    UnclosedFrontMatter = "unclosed front matter",
    /// TOML of more than lines with a key and a value, which are all that is read.
    TomlFrontMatter = "TOML that is not read",
    /// Something stands above it, so that no tool takes it for front matter.
    LateFrontMatter = "front matter is not at the start",
    /// Aliases that grow without bounds.
    AliasBomb = "front matter refused: too many aliases",
    /// A code fence swallows the rest.
    UnclosedFence = "unclosed code fence",
    /// A comment swallows the rest.
    UnclosedComment = "unclosed comment",
    /// Bytes that are no UTF-8.
    NotUtf8 = "not UTF-8",
    /// NUL bytes in a text.
    NulByte = "NUL byte",
    /// No text at all.
    Binary = "binary: not read",
    /// Larger than any record.
    TooLarge = "too large: not read",
    /// AsciiDoc.
    AsciiDoc = "AsciiDoc: not read",
    /// The heading has another number than the file's name.
    NumbersDiffer = "number in heading and file name differ",
    /// Two records have one number.
    DuplicateNumber = "duplicate number",
    /// The text of a link names another record than its target.
    LinkDiffers = "link text and target differ",
    /// A link leads to a record that is not there.
    MissingRecord = "link to a missing record",
    /// A record replaces itself.
    SupersededByItself = "superseded by itself",
    /// Superseded, and nothing says by what.
    NoSuccessor = "superseded without a successor",
    /// Another record says that it supersedes this one, which says that it is in force.
    OneSided = "superseded by the words of another alone",
    /// A mark that a person was to replace by words.
    ToBeSaid = "still to be said",
    /// Records that replace one another.
    Circle = "circle of supersession",
}

/// Something that could not be read, or contradicts itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// What it is about.
    pub kind: FindingKind,
    /// The bytes that it is about; nowhere if it is about the whole file or its name.
    pub range: Range,
    /// Other bytes that take part, such as the other of two places that disagree.
    pub also: Option<Range>,
    /// What is so, and what was expected.
    pub message: String,
}

impl Finding {
    pub(crate) fn new(kind: FindingKind, range: Range, message: impl Into<String>) -> Finding {
        Finding { kind, range, also: None, message: message.into() }
    }

    pub(crate) fn between(kind: FindingKind, range: Range, also: Range, message: impl Into<String>) -> Finding {
        Finding { kind, range, also: Some(also), message: message.into() }
    }
}

//! What can be wrong with a text, and what is said about it.

use crate::MAX_DEPTH;
use crate::slips::meant_number;
use groma_base::{MeantDate, QuantityError, Range, UNITS, did_you_mean};

/// A fault of the text, before it is tied to a file. What it says follows from its kind.
#[derive(Clone, PartialEq, Debug)]
#[non_exhaustive]
pub struct SyntaxError {
    /// The words it is about.
    pub range: Range,
    /// What sort of fault it is, for code that tells faults apart.
    pub kind: SyntaxErrorKind,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
    /// Another place that explains it.
    pub related: Option<(Range, String)>,
    /// What to put in the place of some words, where the cure is certain.
    pub fix: Option<(Range, String)>,
    /// What else to put elsewhere, if the cure is at two places.
    pub second_edit: Option<(Range, String)>,
}

impl SyntaxError {
    pub(crate) fn new(range: Range, kind: SyntaxErrorKind) -> SyntaxError {
        let (message, help) = kind.says();
        SyntaxError { range, kind, message, help, related: None, fix: None, second_edit: None }
    }

    /// The same with its cure.
    pub(crate) fn fixed(mut self, range: Range, text: impl Into<String>) -> SyntaxError {
        self.fix = Some((range, text.into()));
        self
    }

    /// The same with another place that explains it, if there can be one for faults of its kind.
    pub(crate) fn explained_at(mut self, range: Range) -> SyntaxError {
        self.related = self.kind.says_elsewhere().map(|text| (range, text.to_owned()));
        self
    }

    /// Whether it leaves open what stands in what: a brace or a quote is missing or too many.
    pub fn breaks_nesting(&self) -> bool {
        use SyntaxErrorKind::*;
        matches!(
            self.kind,
            WrongBracket { written: '}' | ')' | ']', meant: '{' }
                | WrongBracket { written: '{' | '(' | '[', meant: '}' }
                | UnclosedBlocks { .. }
                | UnclosedBlockOf { .. }
                | OpenedTwice
                | UnclosedType
                | ClosesNothing { .. }
                | MissingBrace
                | MissingQuote { .. }
                | UnendedString { .. }
                | BrokenString { .. }
        )
    }

    /// Whether it tells of a brace, and not what else is wrong.
    pub(crate) fn is_about_braces(&self) -> bool {
        matches!(self.kind, SyntaxErrorKind::ClosesNothing { .. } | SyntaxErrorKind::UnclosedBlocks { .. })
    }

    /// Whether its cure moves or changes a brace.
    pub(crate) fn is_cured_by_brace(&self) -> bool {
        use SyntaxErrorKind::{BraceOnNextLine, WrongBracket};
        matches!(self.kind, BraceOnNextLine | WrongBracket { .. }) || self.is_about_braces()
    }

    /// Whether it is about single words, of which whoever knows what stands there may say more.
    pub fn is_of_words(&self) -> bool {
        use SyntaxErrorKind::*;
        matches!(self.kind, BadQuantity { .. } | Comma | CommaInText | UnknownKeyword { .. } | NeedsQuotes { .. })
    }

    /// Whether it is a string without its closing quote.
    pub(crate) fn is_unended_string(&self) -> bool {
        matches!(self.kind, SyntaxErrorKind::UnendedString { .. })
    }
}

/// What can be wrong with a text.
#[derive(Clone, PartialEq, Debug)]
pub enum SyntaxErrorKind {
    /// `[` or `]` outside of a string.
    SquareBracket,
    /// A `/` that begins no comment.
    LoneSlash,
    /// A comment without its `*/`.
    UnendedComment,
    /// A character that may only be written as an escape.
    Invisible(char),
    /// Something other than the end of the line after `\`.
    AfterBackslash,
    /// A number such as `.5`.
    NoDigitBeforePoint {
        /// The number.
        text: String,
    },
    /// A number such as `1.`.
    NoDigitAfterPoint,
    /// A number such as `0b12`.
    DigitOutsideBase,
    /// A number such as `1e5x`.
    AfterExponent,
    /// A word that begins as a number does and is no quantity either.
    BadQuantity {
        /// The word.
        text: String,
        /// Why it is none.
        error: QuantityError,
    },
    /// A number or quantity that ends with `/`.
    NoUnitAfterSlash {
        /// The word.
        text: String,
    },
    /// A keyword without its `#`.
    BareKeyword {
        /// The word.
        text: String,
    },
    /// A `#` that begins no keyword.
    UnknownKeyword {
        /// The word, with the `#`.
        text: String,
    },
    /// A string without its closing quote.
    UnendedString {
        /// What would close it.
        closing: String,
    },
    /// A `\` in a string before a character that makes no escape.
    UnknownEscape,
    /// A `\u{…}` that names no character.
    NoSuchCharacter,
    /// Text on the line of opening triple quotes.
    TextAfterOpeningQuotes,
    /// Text on the line of closing triple quotes.
    TextBeforeClosingQuotes,
    /// A line between triple quotes that does not begin with the space before the closing ones.
    BadIndentation,
    /// A `}` without a block.
    ClosesNothing {
        /// The node whose block ends before it should, if the indentation tells.
        ended: Option<String>,
    },
    /// Blocks that are open at the end of the text, at the outermost of them.
    UnclosedBlocks {
        /// How many.
        count: usize,
    },
    /// A block that is open at the end of the text, and as the indentation tells should not be.
    UnclosedBlockOf {
        /// The node whose block it is.
        node: String,
    },
    /// A node without the `{` of the block that follows, as the indentation tells.
    MissingBrace,
    /// Another bracket than the brace that begins or ends a block; the other brace too, where the indentation tells.
    WrongBracket {
        /// The bracket.
        written: char,
        /// The brace.
        meant: char,
    },
    /// A `{` on the line below its node.
    BraceOnNextLine,
    /// A date in another form than it is written here, or of a day that there is not.
    WrongDate {
        /// The word.
        text: String,
        /// What it was meant as.
        meant: MeantDate,
    },
    /// A second `=` right behind the one of a property.
    EqualsTwice,
    /// The key of a property again as its value: `time=time=5ms`.
    KeyTwice {
        /// The key.
        key: String,
    },
    /// A line that opens a block right below the same line.
    OpenedTwice,
    /// A line break before or behind the `=` of a property.
    BreakAtEquals,
    /// A string of one line that is broken into two.
    BrokenString {
        /// What was meant.
        meant: String,
    },
    /// A second `{` right behind the one that opens a block.
    BraceTwice,
    /// `r"…"` or `r#"…"#`, as other languages have raw strings.
    RawString {
        /// What was meant.
        meant: String,
    },
    /// Parentheses around properties.
    Parentheses,
    /// A string that another `"` ends than the one that should: `"Title key="value"`.
    MissingQuote {
        /// What was meant.
        meant: String,
    },
    /// `#` where `//` is meant.
    HashComment,
    /// A `#` or `/` in a word without quotes.
    NeedsQuotes {
        /// The word.
        word: String,
        /// The character.
        character: char,
    },
    /// A text in other quotes than `"`, which cannot be read as words.
    OtherQuotes {
        /// The text in quotes.
        meant: String,
    },
    /// A label without quotes, after a colon.
    Label {
        /// Its words.
        label: String,
    },
    /// A comma between values.
    Comma,
    /// A comma between the texts of a property.
    SeveralTexts {
        /// Its key.
        key: String,
        /// The property with one text.
        meant: String,
    },
    /// A name with values in parentheses.
    Function {
        /// The name.
        called: String,
        /// What it is as facts.
        meant: Option<String>,
    },
    /// A colon before a `{`.
    ColonBeforeBlock,
    /// A `=` before a `{`.
    EqualsBeforeBlock,
    /// A comma behind a number after which words follow: a list or a text.
    CommaInText,
    /// A colon after a key.
    Colon {
        /// What is meant, if that can be told.
        meant: Option<String>,
    },
    /// `name = kind …`, as other languages have it.
    NameBeforeKind {
        /// The name.
        name: String,
        /// The kind.
        kind: String,
    },
    /// `key=value` where a node should begin.
    EqualsInBlock {
        /// What is meant.
        meant: String,
    },
    /// `Name(…)`, as in other languages.
    Call {
        /// The word before the parenthesis.
        name: String,
    },
    /// A `/-` before nothing that it could take out.
    TakesOutNothing,
    /// A block where a node should begin.
    BlockWithoutNode,
    /// A value where a node should begin.
    NodeWithoutName,
    /// A `=` where a node should begin.
    EqualsWithoutKey,
    /// Something else where a node should begin.
    NoNode,
    /// A second block of a node.
    SecondBlock,
    /// A node deeper than [`MAX_DEPTH`].
    TooDeep,
    /// Two words without space between them.
    NoSpace,
    /// An argument or property after a node's block.
    AfterBlock,
    /// A type annotation before nothing that has a type.
    TypeWithoutValue,
    /// A type annotation before the key of a property.
    TypeBeforeKey,
    /// Parentheses without a name in them.
    TypeWithoutName,
    /// A type annotation without its `)`.
    UnclosedType,
    /// `=>`, which people write for an arrow.
    WrongArrow,
    /// Something that is no part of a node.
    Unexpected {
        /// What stands there.
        text: String,
    },
    /// A property whose key is a number or keyword.
    KeyIsNoString,
    /// A property without a value.
    KeyWithoutValue {
        /// The key.
        key: String,
    },
}

impl SyntaxErrorKind {
    /// What is wrong and what to do. Long because it is a table: so the two are read together, and all in one place.
    fn says(&self) -> (String, String) {
        use SyntaxErrorKind::*;
        let (message, help) = match self {
            SquareBracket => (
                "square brackets have no meaning here",
                "write several values with spaces between them, parts in `{ … }`, and a text in quotes",
            ),
            LoneSlash => (
                "a lone `/` has no meaning",
                "put a text with `/` in quotes; a path of names is written with dots, and a comment begins with `//`",
            ),
            UnendedComment => ("this comment never ends", "close it with `*/`"),
            Invisible(character) => {
                let code = *character as u32;
                return (
                    format!("the invisible character U+{code:04X} is not allowed in the text"),
                    format!("remove it, or write `\\u{{{code:x}}}` inside a quoted string"),
                );
            }
            AfterBackslash => {
                ("only the end of the line may follow `\\`", "remove the `\\`, or move what follows to the next line")
            }
            NoDigitBeforePoint { text } => {
                let help = format!("write `{}`", text.replacen('.', "0.", 1));
                return ("a number needs a digit before its point".into(), help);
            }
            NoDigitAfterPoint => ("a number needs a digit after its point", NUMBER_HELP),
            DigitOutsideBase => ("this number has a digit that its base does not have", NUMBER_HELP),
            AfterExponent => ("nothing may follow the exponent of a number", NUMBER_HELP),
            BadQuantity { text, error } => return bad_quantity(text, error),
            NoUnitAfterSlash { text } => {
                let help = format!("say per what time it is: `{text}s`, `{text}min` or `{text}h`; or remove the `/`");
                return (format!("`{text}` ends without a unit"), help);
            }
            BareKeyword { text } if text == "null" => {
                return (
                    "`null` must be written `#null`".into(),
                    "leave out what is not known, or write `\"null\"` for the text".into(),
                );
            }
            BareKeyword { text } => {
                return (
                    format!("`{text}` must be written `#{text}`"),
                    format!("write `#{text}` for the value, or `\"{text}\"` for the text"),
                );
            }
            UnknownKeyword { text } => {
                let help = "a comment begins with `//`; put a text with `#` in quotes; the keywords are `#true`, `#false`, `#null`, `#inf`, `#-inf` and `#nan`";
                return (format!("`{text}` is not a keyword"), help.into());
            }
            UnendedString { closing } => {
                let help = format!("close it with `{closing}`; a text of several lines goes between `\"\"\"` lines");
                return ("this string never ends".into(), help);
            }
            UnknownEscape => (
                "unknown escape",
                r#"write `/` in a path, or `\\` for the character; the escapes are \n \r \t \b \f \s \\ \" and \u{…}"#,
            ),
            NoSuchCharacter => (
                "no character has this number",
                r"write \u{…} with one to six hexadecimal digits of a Unicode character",
            ),
            TextAfterOpeningQuotes => (
                "a text between triple quotes begins on its own line",
                "break the line after the opening quotes, or use single ones",
            ),
            TextBeforeClosingQuotes => {
                ("the closing quotes must be on a line of their own", "break the line before them")
            }
            BadIndentation => (
                "this line is indented less than the closing quotes, or differently",
                "begin it with the same space as there is before the closing quotes",
            ),
            ClosesNothing { ended: None } => ("this `}` closes nothing", "remove it, or open its block with `{`"),
            ClosesNothing { ended: Some(node) } => {
                let help = format!("remove a `}}` before that line, perhaps the one that ends `{node}`");
                return ("this `}` closes nothing".into(), help);
            }
            UnclosedBlocks { count: 1 } => ("this block is never closed", UNCLOSED_HELP),
            UnclosedBlocks { count: 2 } => ("this block and one in it are never closed", UNCLOSED_HELP),
            UnclosedBlocks { count } => {
                let message = format!("this block and {} blocks in it are never closed", count - 1);
                return (message, UNCLOSED_HELP.into());
            }
            UnclosedBlockOf { node } => {
                return (format!("the block of `{node}` is never closed"), UNCLOSED_HELP.into());
            }
            MissingBrace => {
                ("a `{` is missing at the end of this line", "write ` {` there: what follows belongs in its block")
            }
            WrongBracket { written, meant } => return wrong_bracket(*written, *meant),
            BraceOnNextLine => ("a `{` goes on the line of its node", "move it to the end of the line above"),
            WrongDate { text, meant } => return wrong_date(text, meant),
            EqualsTwice => ("a value follows one `=`", "remove one of the two"),
            KeyTwice { key } => return (format!("`{key}=` stands here twice"), "remove one of the two".into()),
            OpenedTwice => ("this line stands here twice, and its block is closed once", "remove one of the two"),
            BreakAtEquals => ("a key, its `=` and its value stand on one line", "join the two lines"),
            BrokenString { meant } => {
                return ("this string is broken into two lines".into(), format!("write `{meant}`"));
            }
            BraceTwice => ("this `{` stands here twice", "remove one of the two"),
            RawString { meant } => {
                return ("a raw string begins with `#`, not with `r`".into(), format!("write `{meant}`"));
            }
            Parentheses => ("facts are written without parentheses", "remove the parentheses"),
            MissingQuote { meant } => {
                return ("a `\"` is missing in this".into(), format!("write `{meant}`"));
            }
            HashComment => ("a comment begins with `//`", "write `//` for the `#`; put a text with `#` in quotes"),
            NeedsQuotes { word, character } => {
                return (format!("a text with `{character}` needs quotes"), format!("write `\"{word}\"`"));
            }
            OtherQuotes { meant } => {
                return ("a text goes between straight double quotes".into(), format!("write `{meant}`"));
            }
            Label { label } => {
                return ("a label goes in quotes, without a colon".into(), format!("write `\"{label}\"`"));
            }
            CommaInText => (
                "a comma needs quotes around its text",
                "put the whole text in quotes; between values remove the comma, a space is enough",
            ),
            SeveralTexts { meant, .. } => {
                return (
                    "a fact has one value on a line".into(),
                    format!("write `{meant}` if that is one text, or its values one after the other in the block"),
                );
            }
            Function { called, meant } => {
                let help = match meant {
                    Some(meant) => format!("write `{meant}`"),
                    None => "write each number as a fact: `name=value`".to_owned(),
                };
                return (format!("`{called}(…)` is not how this is written"), help);
            }
            ColonBeforeBlock => ("no colon belongs before a block", "remove it"),
            EqualsBeforeBlock => ("no `=` belongs before a block", "remove it"),
            Comma => ("values are separated by spaces, not commas", "remove the comma: a space is enough"),
            Colon { meant: Some(meant) } => return ("no colon belongs here".into(), format!("write `{meant}`")),
            Colon { meant: None } => {
                ("no colon belongs here", "write `key value` on a line of its own, or `key=value` after a node's name")
            }
            NameBeforeKind { name, kind } => {
                return ("the kind of a node comes before its name".into(), format!("write `{kind} {name}`"));
            }
            EqualsInBlock { meant } => {
                return ("in a block a fact is written without `=`".into(), format!("write `{meant}`"));
            }
            Call { name } => {
                return (
                    format!("`{name}(…)` is not how a node is written"),
                    "write `kind name \"Title\" fact=value`, and a relationship as `a -> b \"does what\"`".into(),
                );
            }
            TakesOutNothing => {
                ("`/-` takes out nothing here", "remove it, or put it before a node, an entry or a block")
            }
            BlockWithoutNode => ("this block belongs to no node", "write the node's name before it, on the same line"),
            NodeWithoutName => {
                ("a node must begin with a name", "put a name before this value, or quote it if it is the name")
            }
            EqualsWithoutKey => ("`=` needs a key before it", "write `key=value` after the node's name"),
            NoNode => ("expected a node here", "a node begins with a name"),
            SecondBlock => ("a node has only one block", "join the two blocks, or begin a new node on its own line"),
            TooDeep => {
                let message = format!("nodes nest more than {MAX_DEPTH} deep here");
                return (message, "split the text: what lies deeper is not read".into());
            }
            NoSpace => ("a space is missing before this", "put a space before it"),
            AfterBlock => (
                "nothing may follow a node's block but another block",
                "move this before the `{`; if it begins a node of its own, put a `;` before it or move it onto its own line",
            ),
            TypeWithoutValue => ("a type annotation needs a value after it", "write the value after the `)`"),
            TypeBeforeKey => {
                ("a type annotation cannot come before a key", "move it before the value: `key=(type)value`")
            }
            TypeWithoutName => ("a type annotation needs a name", "write `(type)`, or remove the parentheses"),
            UnclosedType => ("this `(` is never closed", "close the type annotation with `)`"),
            WrongArrow => ("`=>` is not an arrow", "write `->`"),
            Unexpected { text } => {
                let help = "expected an argument, `key=value`, `{` or the end of the line";
                return (format!("unexpected `{text}`"), help.into());
            }
            KeyIsNoString => ("a number or keyword cannot be a key", "quote the key"),
            KeyWithoutValue { key } => {
                let help = "write the value right after the `=`, or remove the key";
                return (format!("a value is missing after `{key}=`"), help.into());
            }
        };
        (message.to_owned(), help.to_owned())
    }

    /// What is said at another place that explains the fault, for the kinds that have one.
    fn says_elsewhere(&self) -> Option<&'static str> {
        use SyntaxErrorKind::*;
        match self {
            UnendedString { .. } => Some("or a quote is missing before this"),
            UnclosedBlocks { .. } => Some("the text ends here"),
            UnclosedBlockOf { .. } => Some("by its indentation this is outside it"),
            OpenedTwice => Some("first written here"),
            MissingBrace => Some("by its indentation this is in its block"),
            ClosesNothing { .. } => Some("by its indentation this is inside a block"),
            _ => None,
        }
    }
}

const NUMBER_HELP: &str =
    "digits may be split with `_`, but not begin with it; write `0x1F`, `0o17`, `0b101` or `1.5e3`";

const UNCLOSED_HELP: &str = "close it with `}`";

fn wrong_bracket(written: char, meant: char) -> (String, String) {
    match (meant, written) {
        ('}', _) => ("a block ends with `}`".into(), format!("write `}}` for the `{written}`")),
        (_, '}' | ')' | ']') => ("a block begins with `{`".into(), format!("write `{{` for the `{written}`")),
        _ => ("a block begins with `{`".into(), format!("write `{{` for the `{written}`, and `}}` at the block's end")),
    }
}

fn wrong_date(text: &str, meant: &MeantDate) -> (String, String) {
    let other = format!("`{text}` is not how a date is written");
    match meant {
        MeantDate::Day(day) => (other, format!("write `{day}`")),
        MeantDate::OneOfTwo => (other, "write the year first, then the month and the day: `2026-11-30`".into()),
        MeantDate::NoSuchDay => {
            (format!("there is no such day as `{text}`"), "write a day of the calendar, such as `2026-11-30`".into())
        }
    }
}

fn bad_quantity(text: &str, error: &QuantityError) -> (String, String) {
    if let Some(meant) = meant_number(text) {
        return (meant.message, meant.help);
    }
    match error {
        QuantityError::NotANumber => {
            (format!("`{text}` is not a valid quantity: {error}"), "quote it if it is text".to_owned())
        }
        QuantityError::Backwards => {
            (format!("`{text}` is not a valid quantity: {error}"), "write the smaller end first".to_owned())
        }
        QuantityError::UnknownUnit { unit, .. } | QuantityError::UnknownPer { unit, .. } => {
            (format!("`{text}` is neither a number nor a quantity: {error}"), unit_help(unit, text))
        }
    }
}

fn unit_help(unit: &str, text: &str) -> String {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if text.split(['.', '/']).count() == 3 && text.split(['.', '/']).all(digits) {
        return "write a date as `2026-11-30`, year first".into();
    }
    let is_near = |symbol: &&str| unit.chars().count() > 1 && symbol.eq_ignore_ascii_case(unit);
    let near: Vec<&str> = UNITS.iter().map(|known| known.symbol).filter(is_near).collect();
    did_you_mean(&near).unwrap_or_else(|| {
        "`groma explain units` lists all units: in any other a number stands alone; a name begins with a letter, and a text is written in quotes"
            .to_owned()
    })
}

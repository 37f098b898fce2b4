//! The text of Groma: all of [KDL 2](https://kdl.dev) and, beyond it, bare quantities (`10s`, `99.9%`, `3..20`).
//!
//! [`parse`] never fails: it returns a tree together with every error of the text. The tree holds ranges
//! into the text, so nothing of it is lost; [`format`](format::format) rewrites only the space between the words.

mod characters;
mod error;
pub mod format;
mod lexer;
mod nesting;
mod parser;
pub mod print;
mod slips;
mod told;
mod tree;
mod trials;

pub use characters::is_newline;
pub use error::{SyntaxError, SyntaxErrorKind};
pub use lexer::{Lexer, Token, TokenKind, in_other_quotes, is_identifier};
pub use parser::quoted_texts;
pub use slips::{number_and_unit, unit_called, with_digits};
pub use told::{count_errors, parse};
pub use tree::{Entry, Node, NodeId, Number, Tree, Value, Word, WordKind, unescape};

/// How deeply nodes may nest. What lies deeper is reported once and left out.
pub const MAX_DEPTH: usize = 200;

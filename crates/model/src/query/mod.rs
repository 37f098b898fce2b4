//! The query language: which elements? One language for views, `groma query` and the scopes of rules.
//!
//! ```text
//! shop.*                          the direct parts of shop
//! shop.** and not kind:cache      everything in shop but the caches
//! uses(payments) or external
//! reachable-from(shop.web, 2)
//! flow(checkout) and replicas<2
//! ```

mod select;

use crate::kinds::{self, class};
use crate::schema::Kind;
use crate::{Architecture, ElementId};
use groma_base::{Quantity, Range, did_you_mean, list_words, nearest};
use select::evaluate;

pub use select::owner;

/// Why a text is no query.
#[derive(Clone, PartialEq, Debug)]
pub struct QueryError {
    /// The words it is about, as a range of the query.
    pub range: Range,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
    /// What to put in the place of a range of the query, where the cure is certain.
    pub fix: Option<(Range, String)>,
}

impl QueryError {
    /// The same with its cure.
    fn fixed(mut self, range: Range, text: impl Into<String>) -> QueryError {
        self.fix = Some((range, text.into()));
        self
    }

    /// The same with its cure if just one word is near.
    fn fixed_by(self, near: &[impl AsRef<str>]) -> QueryError {
        let range = self.range;
        match near {
            [only] => self.fixed(range, only.as_ref()),
            _ => self,
        }
    }
}

/// How deeply parentheses may nest.
const MAX_DEPTH: usize = 64;

/// The keys of `key:value` terms with what each selects by.
pub const KEYS: &[(&str, &str)] = &[
    ("kind", "the kind, built-in or your own, such as `kind:service`"),
    ("level", "`person`, `system`, `container` or `component`"),
    ("tag", "a tag"),
    ("technology", "a word of the technology, whatever its case"),
    ("owner", "the owner"),
    ("zone", "the trust zone, by its path"),
    ("group", "the group it is in, by its path"),
    ("status", "`existing`, `planned` or `deprecated`"),
    ("data", "a class of data it holds"),
    ("has", "whether a fact is given at all, such as `has:owner`"),
    ("name", "the path, with `*` for any part and `**` for any number of parts"),
];

/// The functions with what each selects.
pub const FUNCTIONS: &[(&str, &str)] = &[
    ("uses", "what has a relationship to one of these"),
    ("used-by", "what one of these has a relationship to"),
    ("neighbours", "both, up to a depth: `neighbours(shop.core, 2)`"),
    ("reaches", "from where these can be reached, up to a depth if given"),
    ("reachable-from", "what can be reached from these, up to a depth if given"),
    ("parts", "everything that is part of these"),
    ("whole", "everything that these are part of"),
    ("flow", "what a flow passes through: `flow(checkout)`"),
];

/// The words that stand alone.
pub const WORDS: &[(&str, &str)] = &[
    ("*", "everything"),
    ("external", "what others build and run"),
    ("public", "what can be reached from the internet"),
    ("lonely", "what has no relationship at all, nor any part that has"),
];

/// A query that has been read.
#[derive(Clone, Debug)]
pub struct Query {
    root: Expression,
}

#[derive(Clone, Debug)]
enum Expression {
    Or(Vec<Expression>),
    And(Vec<Expression>),
    Not(Box<Expression>),
    Everything,
    External,
    Public,
    Lonely,
    Name(String, Range),
    Key(&'static str, String, Range),
    Compare { fact: &'static crate::schema::Fact, operator: Operator, value: Quantity },
    Function { name: &'static str, inner: Box<Expression>, depth: usize },
    Flow(String, Range),
}

#[derive(Clone, Copy, PartialEq, Debug)]
enum Operator {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
}

#[derive(Clone, Debug)]
struct Token<'q> {
    text: &'q str,
    range: Range,
}

impl Query {
    /// Reads a query.
    ///
    /// # Errors
    /// The first thing that cannot be understood, with what was expected.
    pub fn parse(text: &str) -> Result<Query, QueryError> {
        let tokens = tokens(text);
        let end = Range::new(text.len() as u32, text.len() as u32);
        let mut parser = Parser { tokens: &tokens, at: 0, end, depth: 0 };
        let root = parser.either()?;
        match parser.peek() {
            None => Ok(Query { root }),
            Some(extra) => {
                let (help, fix) = match extra.text.to_lowercase().as_str() {
                    "and" | "&&" | "&" => ("write `and`", Some("and")),
                    "or" | "||" | "|" => ("write `or`", Some("or")),
                    "," => ("write `or` between terms", Some(" or")),
                    _ => ("join terms with `and` or `or`", None),
                };
                let fault = error(extra.range, format!("unexpected `{}`", extra.text), help);
                Err(fix.map_or(fault.clone(), |fix| fault.fixed(extra.range, fix)))
            }
        }
    }

    /// The elements that the query selects, in the order of the text.
    ///
    /// # Errors
    /// If the query names an element, flow or kind that there is not.
    pub fn select(&self, arch: &Architecture) -> Result<Vec<ElementId>, QueryError> {
        let set = evaluate(&self.root, arch)?;
        Ok(arch.element_ids().filter(|id| set[id.index()]).collect())
    }
}

fn error(range: Range, message: impl Into<String>, help: impl Into<String>) -> QueryError {
    QueryError { range, message: message.into(), help: help.into(), fix: None }
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut at = 0;
    let symbol = |c: char| matches!(c, '(' | ')' | ',' | ':' | '<' | '>' | '=');
    while let Some(first) = text[at..].chars().next() {
        let start = at;
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        if first == '"' || first == '\'' {
            at = text[at + 1..].find(first).map_or(text.len(), |close| at + close + 2);
        } else if symbol(first) {
            at += if text[at..].starts_with("<=") || text[at..].starts_with(">=") { 2 } else { 1 };
        } else {
            at = text[at..].find(|c: char| c.is_whitespace() || symbol(c)).map_or(text.len(), |end| at + end);
        }
        tokens.push(Token { text: &text[start..at], range: Range::new(start as u32, at as u32) });
    }
    tokens
}

struct Parser<'q> {
    tokens: &'q [Token<'q>],
    at: usize,
    end: Range,
    depth: usize,
}

impl<'q> Parser<'q> {
    fn peek(&self) -> Option<&'q Token<'q>> {
        self.tokens.get(self.at)
    }

    fn take(&mut self, text: &str) -> bool {
        let found = self.peek().is_some_and(|token| token.text == text);
        self.at += usize::from(found);
        found
    }

    fn either(&mut self) -> Result<Expression, QueryError> {
        let mut terms = vec![self.both()?];
        while self.take("or") {
            terms.push(self.both()?);
        }
        Ok(joined(terms, Expression::Or))
    }

    fn both(&mut self) -> Result<Expression, QueryError> {
        let mut terms = vec![self.negated()?];
        while self.take("and") {
            terms.push(self.negated()?);
        }
        Ok(joined(terms, Expression::And))
    }

    fn negated(&mut self) -> Result<Expression, QueryError> {
        let mut negations = 0;
        while self.take("not") {
            negations += 1;
        }
        let inner = self.primary()?;
        Ok(if negations % 2 == 1 { Expression::Not(Box::new(inner)) } else { inner })
    }

    fn deeper<T>(
        &mut self,
        range: Range,
        inner: impl FnOnce(&mut Self) -> Result<T, QueryError>,
    ) -> Result<T, QueryError> {
        if self.depth >= MAX_DEPTH {
            return Err(error(range, format!("parentheses nest more than {MAX_DEPTH} deep"), "split the query"));
        }
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        result
    }

    fn close(&mut self, open: Range) -> Result<(), QueryError> {
        if self.take(")") { Ok(()) } else { Err(error(open, "this `(` is never closed", "close it with `)`")) }
    }

    fn primary(&mut self) -> Result<Expression, QueryError> {
        let Some(token) = self.peek() else {
            return Err(error(
                self.end,
                "the query ends where a term was expected",
                "write a name such as `shop.*`, a term such as `kind:service`, or `*`",
            ));
        };
        self.at += 1;
        match token.text {
            "(" => {
                let inner = self.deeper(token.range, Parser::either)?;
                self.close(token.range)?;
                Ok(inner)
            }
            "*" => Ok(Expression::Everything),
            "external" => Ok(Expression::External),
            "public" => Ok(Expression::Public),
            "lonely" => Ok(Expression::Lonely),
            ")" | "," | ":" | "<" | ">" | "=" | "<=" | ">=" | "and" | "or" => Err(error(
                token.range,
                format!("a term was expected before `{}`", token.text),
                "write a name such as `shop.*`, or a term such as `kind:service`",
            )),
            word => match self.peek().map(|next| next.text) {
                Some("(") => self.function(token),
                Some(":") => self.key(token),
                Some("<" | ">" | "=" | "<=" | ">=") => self.comparison(token),
                _ => Ok(Expression::Name(unquote(word).to_owned(), token.range)),
            },
        }
    }

    fn function(&mut self, name: &Token<'q>) -> Result<Expression, QueryError> {
        let open = self.peek().map_or(name.range, |token| token.range);
        self.at += 1;
        let Some((known, _)) = FUNCTIONS.iter().find(|(known, _)| *known == name.text) else {
            return Err(unknown(name, "function", FUNCTIONS));
        };
        if self.peek().is_some_and(|token| token.text == ")") {
            let what = if *known == "flow" {
                "the name of a flow: `flow(checkout)`".to_owned()
            } else {
                format!("a query: `{known}(shop.core)`")
            };
            let whole = name.range.cover(self.peek().map_or(open, |token| token.range));
            return Err(error(whole, format!("`{known}()` selects nothing"), format!("write in it {what}")));
        }
        if *known == "flow" {
            let (flow, range) = self.name(name.range)?;
            self.close(open)?;
            return Ok(Expression::Flow(flow, range));
        }
        let inner = self.deeper(open, Parser::either)?;
        let depth = if matches!(*known, "parts" | "whole") {
            usize::MAX
        } else if self.take(",") {
            self.depth_number()?
        } else if matches!(*known, "uses" | "used-by" | "neighbours") {
            1
        } else {
            usize::MAX
        };
        self.close(open)?;
        Ok(Expression::Function { name: known, inner: Box::new(inner), depth })
    }

    fn depth_number(&mut self) -> Result<usize, QueryError> {
        let token = self.value(self.end)?;
        token
            .text
            .parse()
            .map_err(|_| error(token.range, format!("`{}` is not a valid depth", token.text), "write a whole number"))
    }

    fn value(&mut self, before: Range) -> Result<&'q Token<'q>, QueryError> {
        let token = self
            .peek()
            .ok_or_else(|| error(before, "a value is missing after this", "write the value right after it"))?;
        self.at += 1;
        Ok(token)
    }

    /// The name of something that is no element, before which its kind may stand: `flow:checkout`.
    fn name(&mut self, before: Range) -> Result<(String, Range), QueryError> {
        let word = self.value(before)?;
        let text = unquote(word.text);
        if !self.take(":") {
            return Ok((text.to_owned(), word.range));
        }
        let name = self.value(word.range)?;
        Ok((format!("{text}:{}", unquote(name.text)), word.range.cover(name.range)))
    }

    fn key(&mut self, key: &Token<'q>) -> Result<Expression, QueryError> {
        self.at += 1;
        let Some((known, _)) = KEYS.iter().find(|(known, _)| *known == key.text) else {
            let name = self.peek().filter(|_| kinds::by_name(key.text).is_some());
            let kind = kinds::by_name(key.text).filter(|kind| !kind.class.is_element());
            return Err(match (name, kind) {
                (Some(_), Some(kind)) => no_element(kind, key.range),
                (Some(name), None) => {
                    let whole = key.range.cover(name.range);
                    let help = format!("write `{}`", name.text);
                    error(key.range, "an element is named without its kind", help).fixed(whole, name.text)
                }
                (None, _) => unknown(key, "key", KEYS),
            });
        };
        if matches!(*known, "owner" | "zone" | "group") {
            let (name, range) = self.name(key.range)?;
            return Ok(Expression::Key(known, name, range));
        }
        let value = self.value(key.range)?;
        let text = unquote(value.text).to_owned();
        if *known == "name" {
            return Ok(Expression::Name(text, value.range));
        }
        if *known == "has" && element_fact(&text).is_none() {
            return Err(unknown_fact(&text, value.range));
        }
        Ok(Expression::Key(known, text, value.range))
    }

    fn comparison(&mut self, name: &Token<'q>) -> Result<Expression, QueryError> {
        let operator = match self.peek().map(|token| token.text) {
            Some("<") => Operator::Less,
            Some("<=") => Operator::LessOrEqual,
            Some(">") => Operator::Greater,
            Some(">=") => Operator::GreaterOrEqual,
            _ => Operator::Equal,
        };
        let mut sign = self.peek().map_or(name.range, |token| token.range);
        self.at += 1;
        while let (Operator::Equal, Some(again)) = (operator, self.peek().filter(|token| token.text == "=")) {
            sign = sign.cover(again.range);
            self.at += 1;
        }
        let fact = element_fact(name.text).ok_or_else(|| match KEYS.iter().any(|(key, _)| *key == name.text) {
            true => {
                let value = self.peek().map_or("value", |token| token.text);
                let message = format!("`{}` is not compared but matched", name.text);
                let fault = error(name.range.cover(sign), message, format!("write `{}:{value}`", name.text));
                if operator == Operator::Equal { fault.fixed(sign, ":") } else { fault }
            }
            false => unknown_fact(name.text, name.range),
        })?;
        let token = self.value(name.range)?;
        let value = Quantity::parse(token.text).map_err(|fault| {
            error(
                token.range,
                format!("`{}` cannot be compared: {fault}", token.text),
                "write a number or a quantity such as `3`, `200ms` or `99.9%`",
            )
        })?;
        if let Some(expected) = fact.ty.dimension().filter(|expected| *expected != value.dimension) {
            return Err(error(
                token.range,
                format!("`{}` cannot be compared with `{}`: that takes {}", fact.name, token.text, fact.ty.expected()),
                format!("write {}", expected.examples()),
            ));
        }
        Ok(Expression::Compare { fact, operator, value })
    }
}

/// One term as it is, several joined.
fn joined(mut terms: Vec<Expression>, join: fn(Vec<Expression>) -> Expression) -> Expression {
    if terms.len() == 1 { terms.remove(0) } else { join(terms) }
}

fn unquote(text: &str) -> &str {
    let inner = text.strip_prefix(['"', '\'']).and_then(|rest| rest.strip_suffix(['"', '\'']));
    inner.unwrap_or(text)
}

fn unknown(token: &Token<'_>, what: &str, known: &[(&str, &str)]) -> QueryError {
    let near = nearest(token.text, known.iter().map(|(name, _)| *name));
    let help = did_you_mean(&near)
        .unwrap_or_else(|| format!("there are {}", list_words(known.iter().map(|(name, _)| *name), "and")));
    error(token.range, format!("there is no {what} called `{}`", token.text), help).fixed_by(&near)
}

/// What is said of a kind whose things no query selects.
pub(super) fn no_element(kind: &Kind, range: Range) -> QueryError {
    let help = match kind.class == &class::FLOW {
        true => "write `flow(…)` for the elements that a flow passes",
        false => "write a name such as `shop.*`, or a kind of element such as `kind:service`",
    };
    error(range, format!("a query selects elements, and {} is none", kind.class.phrase), help)
}

/// Any element's fact with this name.
fn element_fact(name: &str) -> Option<&'static crate::schema::Fact> {
    kinds::all().filter(|kind| kind.class.is_element()).find_map(|kind| kind.fact(name))
}

fn unknown_fact(name: &str, range: Range) -> QueryError {
    let facts =
        kinds::all().filter(|kind| kind.class.is_element()).flat_map(|kind| kind.all_facts().map(|fact| fact.name));
    let near = nearest(name, facts);
    let help = did_you_mean(&near).unwrap_or_else(|| "`groma explain service` lists the facts".to_owned());
    error(range, format!("elements have no fact called `{name}`"), help).fixed_by(&near)
}

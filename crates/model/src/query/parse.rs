//! The text of a query as a tree. What its words mean is found where it is asked.

use super::terms::{Days, FUNCTIONS, Function, Join, Key, Operator, STAR, does_spread};
use super::{QueryError, error};
use crate::names::ARROW;
use groma_base::{Range, did_you_mean, nearest, there_are};
use std::borrow::Cow;
use std::hash::{Hash, Hasher};

/// How deeply parentheses may nest.
const MAX_DEPTH: usize = 64;

/// What a query consists of.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) enum Expression {
    Or(Vec<Expression>),
    And(Vec<Expression>),
    Not(Box<Expression>),
    /// Everything that it ranges over.
    Everything,
    /// A name or a word that stands alone.
    Word(Words),
    /// `key:value`
    Pair {
        key: Words,
        value: Words,
    },
    /// `fact<value`
    Compare {
        fact: Words,
        operator: Operator,
        value: Words,
    },
    /// `age(fact)>value`, `time-to(fact)<value`
    Days {
        days: Days,
        fact: Words,
        operator: Operator,
        value: Words,
    },
    /// `function(query, depth)`
    Function {
        name: Words,
        inner: Box<Expression>,
        depth: Option<usize>,
    },
}

impl Expression {
    /// The words that functions and keys of these names take, at any depth.
    pub(super) fn taken_by<'q>(&'q self, names: &[&str], is_taken: bool, found: &mut Vec<&'q Words>) {
        let is_one = |name: &Words| names.contains(&&*name.text);
        match self {
            Expression::Or(terms) | Expression::And(terms) => {
                terms.iter().for_each(|term| term.taken_by(names, is_taken, found));
            }
            Expression::Not(inner) => inner.taken_by(names, is_taken, found),
            Expression::Function { name, inner, .. } => inner.taken_by(names, is_one(name), found),
            Expression::Word(word) if is_taken => found.push(word),
            Expression::Pair { key, value } if is_one(key) => found.push(value),
            Expression::Everything
            | Expression::Word(_)
            | Expression::Pair { .. }
            | Expression::Compare { .. }
            | Expression::Days { .. } => {}
        }
    }

    /// The words that may name something, at any depth.
    pub(super) fn words<'q>(&'q self, found: &mut Vec<&'q Words>) {
        match self {
            Expression::Or(terms) | Expression::And(terms) => terms.iter().for_each(|term| term.words(found)),
            Expression::Not(inner) | Expression::Function { inner, .. } => inner.words(found),
            Expression::Word(word) | Expression::Pair { value: word, .. } => found.push(word),
            Expression::Everything | Expression::Compare { .. } | Expression::Days { .. } => {}
        }
    }

    /// Whether it depends on what day it is.
    pub(super) fn asks_day(&self) -> bool {
        match self {
            Expression::Or(terms) | Expression::And(terms) => terms.iter().any(Expression::asks_day),
            Expression::Not(inner) | Expression::Function { inner, .. } => inner.asks_day(),
            Expression::Days { .. } => true,
            Expression::Everything | Expression::Word(_) | Expression::Pair { .. } | Expression::Compare { .. } => {
                false
            }
        }
    }

    /// Whether there is a pair with this key in it.
    pub(super) fn asks(&self, asked: Key) -> bool {
        match self {
            Expression::Or(terms) | Expression::And(terms) => terms.iter().any(|term| term.asks(asked)),
            Expression::Not(inner) | Expression::Function { inner, .. } => inner.asks(asked),
            Expression::Pair { key, .. } => Key::of(&key.text) == Some(asked),
            Expression::Everything | Expression::Word(_) | Expression::Compare { .. } | Expression::Days { .. } => {
                false
            }
        }
    }
}

/// Words of a query, without quotes, and where they stand.
#[derive(Clone, Debug)]
pub(super) struct Words {
    pub(super) text: String,
    pub(super) range: Range,
}

/// The same words mean the same wherever they stand.
impl PartialEq for Words {
    fn eq(&self, other: &Words) -> bool {
        self.text == other.text
    }
}

impl Eq for Words {}

impl Hash for Words {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

/// The texts between the `and`s of a query that stand in no parentheses, as they are written; the whole of one that is no `and`.
pub(super) fn joined_by_and(text: &str) -> Vec<&str> {
    let tokens = tokens(text);
    let (mut found, mut depth, mut start) = (Vec::new(), 0_usize, 0);
    for token in &tokens {
        match token.text {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            // `a and b or c` is no `and`.
            word if word == Join::Or.word() => return vec![text.trim()],
            word if word == Join::And.word() => {
                found.push(text[start..token.range.start as usize].trim());
                start = token.range.end as usize;
            }
            _ => {}
        }
    }
    found.push(text[start..].trim());
    found
}

/// Reads a query.
pub(super) fn parse(text: &str) -> Result<Expression, QueryError> {
    let tokens = tokens(text);
    let end = Range::new(text.len() as u32, text.len() as u32);
    let mut parser = Parser { tokens: &tokens, at: 0, end, depth: 0 };
    let root = parser.either()?;
    let Some(extra) = parser.peek() else { return Ok(root) };
    let (help, fix) = match extra.text.to_lowercase().as_str() {
        "and" | "&&" | "&" => ("write `and`", Some("and")),
        "or" | "||" | "|" => ("write `or`", Some("or")),
        "," => ("write `or` between terms", Some(" or")),
        _ => ("join terms with `and` or `or`", None),
    };
    let fault = error(extra.range, format!("unexpected `{}`", extra.text), help);
    Err(fix.map_or(fault.clone(), |fix| fault.fixed(extra.range, fix)))
}

#[derive(Clone, Debug)]
struct Token<'q> {
    text: &'q str,
    range: Range,
}

impl Token<'_> {
    fn words(&self) -> Words {
        Words { text: unquote(self.text).into_owned(), range: self.range }
    }
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
        if let Some(arrow) = ARROWS.into_iter().find(|arrow| text[at..].starts_with(arrow)) {
            at += arrow.len();
        } else if first == '"' || first == '\'' {
            at = end_of_quoted(text, at, first);
        } else if symbol(first) {
            at += if text[at..].starts_with("<=") || text[at..].starts_with(">=") { 2 } else { 1 };
        } else {
            let ends = |(end, c): &(usize, char)| {
                c.is_whitespace() || symbol(*c) || ARROWS.iter().any(|arrow| text[at + end..].starts_with(arrow))
            };
            at = text[at..].char_indices().find(ends).map_or(text.len(), |(end, _)| at + end);
        }
        tokens.push(Token { text: &text[start..at], range: Range::new(start as u32, at as u32) });
    }
    tokens
}

/// The signs between the ends of what leads from one thing to another; the longer first.
const ARROWS: [&str; 2] = ["-->", ARROW];

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
        while self.take(Join::Or.word()) {
            terms.push(self.both()?);
        }
        Ok(joined(terms, Expression::Or))
    }

    fn both(&mut self) -> Result<Expression, QueryError> {
        let mut terms = vec![self.negated()?];
        while self.take(Join::And.word()) {
            terms.push(self.negated()?);
        }
        Ok(joined(terms, Expression::And))
    }

    fn negated(&mut self) -> Result<Expression, QueryError> {
        let mut negations = 0;
        while self.take(Join::Not.word()) {
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
            STAR if self.peek().is_none_or(|next| next.text != ARROW) => Ok(Expression::Everything),
            sign if is_sign(sign) => Err(error(
                token.range,
                format!("a term was expected before `{}`", token.text),
                "write a name such as `shop.*`, or a term such as `kind:service`",
            )),
            _ => match self.peek().map(|next| next.text) {
                Some("(") => match Days::ALL.into_iter().find(|days| days.word() == token.text) {
                    Some(days) => self.days(token, days),
                    None => self.function(token),
                },
                Some(":") => self.pair(token),
                Some(next) if Operator::of(next).is_some() => self.comparison(token),
                _ => Ok(Expression::Word(self.name(token)?)),
            },
        }
    }

    /// A name, which may be that of a relationship: `a -> b`, perhaps with its text and its number among those with the same text.
    fn name(&mut self, first: &Token<'q>) -> Result<Words, QueryError> {
        let mut words = first.words();
        let Some(arrow) = self.peek().filter(|token| token.text == ARROW) else { return Ok(words) };
        self.at += 1;
        let Some(end) = self.peek().filter(|token| !is_sign(token.text)) else {
            let range = first.range.cover(arrow.range);
            return Err(error(range, "this arrow leads to nothing", "write a relationship as `shop.web -> shop.core`"));
        };
        self.at += 1;
        words.text = format!("{} -> {}", words.text, unquote(end.text));
        words.range = words.range.cover(end.range);
        while let Some(more) = self.peek().filter(|token| token.text.starts_with(['"', '\'', '#'])) {
            self.at += 1;
            let text = unquote(more.text);
            words.text += &if text == more.text { format!(" {text}") } else { format!(" {text:?}") };
            words.range = words.range.cover(more.range);
        }
        Ok(words)
    }

    fn function(&mut self, name: &Token<'q>) -> Result<Expression, QueryError> {
        let open = self.peek().map_or(name.range, |token| token.range);
        self.at += 1;
        if let Some(close) = self.peek().filter(|token| token.text == ")") {
            let whole = name.range.cover(close.range);
            let help = format!("write in it a query: `{}({})`", name.text, Function::example(name.text));
            return Err(error(whole, format!("`{}()` selects nothing", name.text), help));
        }
        if self.peek().is_none() {
            self.value(name.range)?;
        }
        let inner = self.deeper(open, Parser::either)?;
        let depth = if self.peek().is_some_and(|token| token.text == ",") && does_spread(name.text) {
            self.at += 1;
            Some(self.depth_number()?)
        } else {
            None
        };
        self.close(open)?;
        Ok(Expression::Function { name: name.words(), inner: Box::new(inner), depth })
    }

    fn depth_number(&mut self) -> Result<usize, QueryError> {
        let token = self.value(self.end)?;
        token
            .text
            .parse()
            .map_err(|_| error(token.range, format!("`{}` is not a valid depth", token.text), "write a whole number"))
    }

    fn days(&mut self, name: &Token<'q>, days: Days) -> Result<Expression, QueryError> {
        let open = self.peek().map_or(name.range, |token| token.range);
        self.at += 1;
        let fact = self.value(name.range)?.words();
        self.close(open)?;
        let whole = name.range.cover(fact.range);
        let Some(operator) = self.peek().and_then(|token| Operator::of(token.text)) else {
            let help = format!("compare it: `{}`", days.example(&fact.text));
            return Err(error(whole, format!("`{}` alone selects nothing", days.word()), help));
        };
        self.at += 1;
        let value = self.value(whole)?.words();
        Ok(Expression::Days { days, fact, operator, value })
    }

    fn value(&mut self, before: Range) -> Result<&'q Token<'q>, QueryError> {
        let token = self
            .peek()
            .ok_or_else(|| error(before, "a value is missing after this", "write the value right after it"))?;
        self.at += 1;
        Ok(token)
    }

    /// A value, before which the kind of what it names may stand: `owner:team:core`.
    fn pair(&mut self, key: &Token<'q>) -> Result<Expression, QueryError> {
        self.at += 1;
        let word = self.value(key.range)?;
        let mut value = self.name(word)?;
        if self.take(":") {
            let name = self.value(word.range)?;
            value =
                Words { text: format!("{}:{}", value.text, unquote(name.text)), range: word.range.cover(name.range) };
        }
        Ok(Expression::Pair { key: key.words(), value })
    }

    fn comparison(&mut self, name: &Token<'q>) -> Result<Expression, QueryError> {
        let Some(sign) = self.peek() else { return Ok(Expression::Word(name.words())) };
        let Some(operator) = Operator::of(sign.text) else { return Ok(Expression::Word(name.words())) };
        self.at += 1;
        let before = name.range.cover(sign.range);
        let value = self.value(before)?;
        if operator == Operator::Equal && value.text == "=" {
            let value = self.value(value.range)?;
            let sign = if Key::of(name.text).is_some() { ":" } else { "=" };
            let meant = format!("{}{sign}{}", name.text, value.text);
            let whole = name.range.cover(value.range);
            return Err(error(whole, "no two `=` are needed", format!("write `{meant}`")).fixed(whole, meant));
        }
        if let Some(fact) = name.text.strip_suffix('!') {
            let whole = name.range.cover(value.range);
            let meant = format!("not {fact}={}", value.text);
            return Err(
                error(before, "values are not compared by `!=`", format!("write `{meant}`")).fixed(whole, meant)
            );
        }
        Ok(Expression::Compare { fact: name.words(), operator, value: value.words() })
    }
}

/// Whether a word is one of the language's own signs, which are no names.
fn is_sign(text: &str) -> bool {
    matches!(text, "(" | ")" | "," | ":") || ARROWS.contains(&text) || Operator::of(text).is_some() || is_join(text)
}

/// Whether a word joins two terms.
fn is_join(text: &str) -> bool {
    matches!(Join::of(text), Some(Join::And | Join::Or))
}

/// One term as it is, several joined.
fn joined(mut terms: Vec<Expression>, join: fn(Vec<Expression>) -> Expression) -> Expression {
    if terms.len() == 1 { terms.remove(0) } else { join(terms) }
}

/// Where a text in quotes ends: behind the quote that closes it, before which no `\` stands.
fn end_of_quoted(text: &str, start: usize, quote: char) -> usize {
    let mut is_escaped = false;
    let close = text[start + 1..].find(|letter| {
        let closes = letter == quote && !is_escaped;
        is_escaped = letter == '\\' && !is_escaped;
        closes
    });
    close.map_or(text.len(), |close| start + close + 2)
}

/// A text without its quotes, and without the `\` before a quote or a `\` in it; one without quotes as it is.
fn unquote(text: &str) -> Cow<'_, str> {
    let inner = text.strip_prefix(['"', '\'']).and_then(|rest| rest.strip_suffix(['"', '\'']));
    let Some(inner) = inner.filter(|inner| inner.contains('\\')) else { return Cow::Borrowed(inner.unwrap_or(text)) };
    let mut letters = inner.chars().peekable();
    let mut plain = String::with_capacity(inner.len());
    while let Some(letter) = letters.next() {
        let escaped = letters.next_if(|next| letter == '\\' && matches!(next, '"' | '\'' | '\\'));
        plain.push(escaped.unwrap_or(letter));
    }
    Cow::Owned(plain)
}

/// What is said of a word that is none of a list.
pub(super) fn unknown<'a>(word: &Words, what: &str, known: impl Iterator<Item = &'a str> + Clone) -> QueryError {
    let near = nearest(&word.text, known.clone());
    let help = did_you_mean(&near).unwrap_or_else(|| there_are(known));
    error(word.range, format!("there is no {what} called `{}`", word.text), help).fixed_by(&word.text, &near)
}

/// What is said of a function that there is not.
pub(super) fn unknown_function(name: &Words, facts: Vec<&'static str>) -> QueryError {
    unknown(name, "function", FUNCTIONS.iter().map(|function| function.name).chain(facts))
}

//! The query language: which elements? One language for views, `groma query` and the scopes of rules.
//!
//! ```text
//! shop.*                          the direct parts of shop
//! shop.** and not kind:cache      everything in shop but the caches
//! uses(payments) or external
//! reachable-from(shop.web, 2)
//! flow(checkout) and replicas<2
//! ```

use crate::facts;
use crate::items::Value;
use crate::kinds::{self, class};
use crate::schema::Type;
use crate::{Architecture, ElementId, Entity, Level, StepKind};
use groma_base::{Quantity, Range, list_words, nearest};

/// Why a text is no query.
#[derive(Clone, PartialEq, Debug)]
pub struct QueryError {
    /// The words it is about, as a range of the query.
    pub range: Range,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
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
    ("group", "the group it stands in, by its path"),
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
                let word = match extra.text.to_lowercase().as_str() {
                    "and" | "&&" | "&" => "write `and`",
                    "or" | "||" | "|" => "write `or`",
                    _ => "join terms with `and` or `or`",
                };
                Err(error(extra.range, format!("unexpected `{}`", extra.text), word))
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
    QueryError { range, message: message.into(), help: help.into() }
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
        if *known == "flow" {
            let flow = self.value(name.range)?;
            self.close(open)?;
            return Ok(Expression::Flow(unquote(flow.text).to_owned(), flow.range));
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
            .map_err(|_| error(token.range, format!("`{}` is no depth", token.text), "write a whole number"))
    }

    fn value(&mut self, before: Range) -> Result<&'q Token<'q>, QueryError> {
        let token = self
            .peek()
            .ok_or_else(|| error(before, "a value is missing after this", "write the value right after it"))?;
        self.at += 1;
        Ok(token)
    }

    fn key(&mut self, key: &Token<'q>) -> Result<Expression, QueryError> {
        self.at += 1;
        let Some((known, _)) = KEYS.iter().find(|(known, _)| *known == key.text) else {
            return Err(unknown(key, "key", KEYS));
        };
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
        self.at += 1;
        let fact = element_fact(name.text).ok_or_else(|| match KEYS.iter().any(|(key, _)| *key == name.text) {
            true => error(
                name.range,
                format!("`{}` is not compared but matched", name.text),
                format!("write `{}:` and the value", name.text),
            ),
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
    let help = if near.is_empty() {
        format!("there are {}", list_words(known.iter().map(|(name, _)| *name), "and"))
    } else {
        format!("did you mean {}?", list_words(near, "or"))
    };
    error(token.range, format!("there is no {what} called `{}`", token.text), help)
}

/// Any element's fact with this name.
fn element_fact(name: &str) -> Option<&'static crate::schema::Fact> {
    kinds::all().filter(|kind| kind.class.is_element()).find_map(|kind| kind.fact(name))
}

fn unknown_fact(name: &str, range: Range) -> QueryError {
    let facts =
        kinds::all().filter(|kind| kind.class.is_element()).flat_map(|kind| kind.all_facts().map(|fact| fact.name));
    let near = nearest(name, facts);
    let help = if near.is_empty() {
        "`groma explain service` lists the facts".to_owned()
    } else {
        format!("did you mean {}?", list_words(near, "or"))
    };
    error(range, format!("elements have no fact called `{name}`"), help)
}

type Set = Vec<bool>;

fn evaluate(expression: &Expression, arch: &Architecture) -> Result<Set, QueryError> {
    let each = |test: &dyn Fn(ElementId) -> bool| arch.element_ids().map(test).collect::<Set>();
    Ok(match expression {
        Expression::Or(terms) => combine(terms, arch, |all, one| *all |= one)?,
        Expression::And(terms) => combine(terms, arch, |all, one| *all &= one)?,
        Expression::Not(inner) => evaluate(inner, arch)?.into_iter().map(|inside| !inside).collect(),
        Expression::Everything => each(&|_| true),
        Expression::External => each(&|id| arch.element(id).external),
        Expression::Public => each(&|id| arch.is_public(id)),
        Expression::Lonely => {
            let mut busy = vec![false; arch.elements.len()];
            for relation in &arch.relations {
                for end in [relation.from, relation.to] {
                    arch.ancestors(end).for_each(|at| busy[at.index()] = true);
                }
            }
            busy.into_iter().map(|busy| !busy).collect()
        }
        Expression::Name(pattern, range) => names(arch, pattern, *range)?,
        Expression::Key(key, value, range) => by_key(arch, key, value, *range)?,
        Expression::Compare { fact, operator, value } => each(&|id| compares(arch, id, fact, *operator, *value)),
        Expression::Flow(name, range) => flow(arch, name, *range)?,
        Expression::Function { name, inner, depth } => function(arch, name, &evaluate(inner, arch)?, *depth),
    })
}

fn combine(terms: &[Expression], arch: &Architecture, add: fn(&mut bool, bool)) -> Result<Set, QueryError> {
    let (first, rest) = terms.split_first().expect("a joined expression has terms");
    let mut set = evaluate(first, arch)?;
    for term in rest {
        set.iter_mut().zip(evaluate(term, arch)?).for_each(|(all, one)| add(all, one));
    }
    Ok(set)
}

fn names(arch: &Architecture, pattern: &str, range: Range) -> Result<Set, QueryError> {
    let parts: Vec<&str> = pattern.split('.').collect();
    let set: Set = arch.elements.iter().map(|element| matches(&parts, &element.path)).collect();
    if set.contains(&true) {
        return Ok(set);
    }
    // What stands before the first `*` is a name, so it must be one; after that nothing needs to fit.
    let root: Vec<&str> = parts.iter().copied().take_while(|part| !part.contains('*')).collect();
    let root = root.join(".");
    if pattern.contains('*') && (root.is_empty() || arch.elements.iter().any(|element| *element.path == *root)) {
        return Ok(set);
    }
    // A short name that only one element has will do.
    let short: Set = arch.elements.iter().map(|element| element.path.rsplit('.').next() == Some(pattern)).collect();
    if short.iter().filter(|found| **found).count() == 1 {
        return Ok(short);
    }
    let pattern = if pattern.contains('*') { root.as_str() } else { pattern };
    let near =
        nearest(pattern, arch.elements.iter().map(|element| &*element.path).chain(WORDS.iter().map(|(word, _)| *word)));
    let help = if near.is_empty() {
        "`groma query '*'` lists all elements".to_owned()
    } else {
        format!("did you mean {}?", list_words(near, "or"))
    };
    Err(error(range, format!("there is no element called `{pattern}`"), help))
}

/// Whether a path fits a pattern: `*` inside a part is any characters, `**` is one or more parts.
fn matches(pattern: &[&str], path: &str) -> bool {
    let path: Vec<&str> = path.split('.').collect();
    matches_parts(pattern, &path)
}

fn matches_parts(pattern: &[&str], path: &[&str]) -> bool {
    let (mut part, mut name) = (0, 0);
    // Where the last `**` was, and how many parts it has taken: it takes one more when what follows does not fit.
    let mut wild: Option<(usize, usize)> = None;
    loop {
        match (pattern.get(part), path.get(name)) {
            (None, None) => return true,
            (Some(&"**"), Some(_)) => {
                wild = Some((part, name + 1));
                (part, name) = (part + 1, name + 1);
            }
            (Some(expected), Some(found)) if glob(expected, found) => (part, name) = (part + 1, name + 1),
            _ => match wild {
                Some((at, taken)) if taken < path.len() => {
                    wild = Some((at, taken + 1));
                    (part, name) = (at + 1, taken + 1);
                }
                _ => return false,
            },
        }
    }
}

/// Whether a text fits a pattern in which `*` stands for any characters. Case does not matter.
fn glob(pattern: &str, text: &str) -> bool {
    let pattern = pattern.to_lowercase();
    let text = text.to_lowercase();
    let mut pieces = pattern.split('*');
    let first = pieces.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let mut pieces = pieces.peekable();
    if pieces.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(piece) = pieces.next() {
        if pieces.peek().is_none() {
            return rest.ends_with(piece);
        }
        match rest.find(piece) {
            Some(at) => rest = &rest[at + piece.len()..],
            None => return false,
        }
    }
    true
}

fn by_key(arch: &Architecture, key: &str, value: &str, range: Range) -> Result<Set, QueryError> {
    if let Some((what, known)) = known_values(arch, key)
        && !known.iter().any(|known| glob(value, known))
    {
        let near = nearest(value, known.iter().copied());
        let help = match (near.is_empty(), known.is_empty()) {
            (false, _) => format!("did you mean {}?", list_words(near, "or")),
            (true, false) => format!("there are {}", list_words(known, "and")),
            (true, true) => format!("the workspace has no {what}"),
        };
        return Err(error(range, format!("there is no {what} called `{value}`"), help));
    }
    let group_path = |group: Option<crate::GroupId>| group.map(|group| &*arch.groups[group].path);
    let around = |id: ElementId| std::iter::successors(arch.element(id).group, |group| arch.groups[*group].parent);
    let test = |id: ElementId| {
        let element = arch.element(id);
        let at = element.at;
        match key {
            "kind" => glob(value, &element.kind_name) || glob(value, element.kind.name),
            "level" => glob(value, element.level.word()),
            "tag" => arch.list(at, &facts::TAGS).any(|tag| glob(value, tag)),
            "technology" => arch.technologies(id).any(|name| glob(&format!("*{value}*"), name)),
            "owner" => owner(arch, id).is_some_and(|owner| glob(value, owner)),
            "zone" => group_path(element.zone).is_some_and(|path| glob(value, path)),
            "group" => around(id).any(|group| group_path(Some(group)).is_some_and(|path| glob(value, path))),
            "status" => arch.text(at, &facts::STATUS).unwrap_or("existing") == value.to_lowercase(),
            "data" => arch.list(at, &facts::DATA).any(|class| glob(value, class)),
            _ => element_fact(value).is_some_and(|fact| {
                let named = arch.file(at).facts_of(arch.item(at));
                named.iter().any(|given| given.fact.name == fact.name)
            }),
        }
    };
    Ok(arch.element_ids().map(test).collect())
}

/// The values that a key can have at all, if they are a closed set, and what they are called.
fn known_values<'a>(arch: &'a Architecture, key: &str) -> Option<(&'static str, Vec<&'a str>)> {
    let words = |fact: &'static crate::schema::Fact| match fact.ty {
        Type::OneOf(words) => words.iter().map(|(word, _)| *word).collect(),
        _ => Vec::new(),
    };
    let groups = |zones: bool| {
        arch.groups.iter().filter(move |group| group.is_zone || !zones).map(|group| &*group.path).collect()
    };
    Some(match key {
        "kind" => {
            let built_in = kinds::all().filter(|kind| kind.class.is_element()).map(|kind| kind.name);
            ("kind", built_in.chain(arch.own_kinds.iter().map(|name| &**name)).collect())
        }
        "level" => {
            ("level", [Level::Person, Level::System, Level::Container, Level::Component].map(Level::word).into())
        }
        "status" => ("status", words(&facts::STATUS)),
        "data" => ("class of data", words(&facts::DATA)),
        "zone" => ("zone", groups(true)),
        "group" => ("group", groups(false)),
        _ => return None,
    })
}

/// The owner of an element: its own, or that of what it is part of.
pub fn owner(arch: &Architecture, id: ElementId) -> Option<&str> {
    arch.ancestors(id).find_map(|at| arch.text(arch.element(at).at, &facts::OWNER))
}

fn compares(
    arch: &Architecture,
    id: ElementId,
    fact: &'static crate::schema::Fact,
    operator: Operator,
    value: Quantity,
) -> bool {
    let at = arch.element(id).at;
    let Some(Value::Quantity(own)) = arch.fact(at, fact).map(|given| &given.value) else { return false };
    if own.dimension != value.dimension {
        return false;
    }
    match operator {
        Operator::Less => own.high < value.low,
        Operator::LessOrEqual => own.high <= value.low,
        Operator::Greater => own.low > value.high,
        Operator::GreaterOrEqual => own.low >= value.high,
        Operator::Equal => own.low <= value.low && value.high <= own.high,
    }
}

fn flow(arch: &Architecture, name: &str, range: Range) -> Result<Set, QueryError> {
    let Ok(Entity::Flow(flow)) = arch.resolve(None, name, &[&class::FLOW]) else {
        let near = arch.near_names(name, &[&class::FLOW]);
        let help = if near.is_empty() {
            "declare it with `flow`".to_owned()
        } else {
            format!("did you mean {}?", list_words(near.iter().map(String::as_str), "or"))
        };
        return Err(error(range, format!("there is no flow called `{name}`"), help));
    };
    let mut set = vec![false; arch.elements.len()];
    for step in &arch.flows[flow].steps {
        if let StepKind::Call { from, to } | StepKind::Reply { from, to } = step.kind {
            set[from.index()] = true;
            set[to.index()] = true;
        }
    }
    Ok(set)
}

fn function(arch: &Architecture, name: &str, inner: &Set, depth: usize) -> Set {
    match name {
        "parts" => arch.element_ids().map(|id| arch.ancestors(id).skip(1).any(|at| inner[at.index()])).collect(),
        "whole" => {
            let mut set = vec![false; inner.len()];
            for id in arch.element_ids().filter(|id| inner[id.index()]) {
                arch.ancestors(id).skip(1).for_each(|at| set[at.index()] = true);
            }
            set
        }
        "uses" | "reaches" => spread(arch, inner, depth, false, true),
        "used-by" | "reachable-from" => spread(arch, inner, depth, true, false),
        _ => spread(arch, inner, depth, true, true),
    }
}

/// What is within `depth` relationships of a set, without the set itself. A relationship of a part counts for
/// what it is part of.
fn spread(arch: &Architecture, start: &Set, depth: usize, forward: bool, backward: bool) -> Set {
    let mut reached = start.clone();
    let mut left = depth;
    loop {
        let inside = |id: ElementId| arch.ancestors(id).any(|at| reached[at.index()]);
        let mut found = Vec::new();
        for relation in &arch.relations {
            if forward && inside(relation.from) && !inside(relation.to) {
                found.push(relation.to);
            }
            if backward && inside(relation.to) && !inside(relation.from) {
                found.push(relation.from);
            }
        }
        if found.is_empty() || left == 0 {
            break;
        }
        left -= 1;
        for id in found {
            reached[id.index()] = true;
        }
    }
    reached.into_iter().zip(start).map(|(reached, start)| reached && !start).collect()
}

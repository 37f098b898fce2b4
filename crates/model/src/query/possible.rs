//! Whether what a query asks can be so of anything that it selects: no system has what only a service can have, and nothing is both more
//! and less than a number. Such a query is a mistake, and would be answered with nothing, as if there were none.

use super::parse::{Expression, Words};
use super::scope::{Noun, Scope, called, kind_pattern};
use super::select::Asking;
use super::terms::{Key, Operator, WORDS};
use super::{QueryError, error};
use crate::facets::structure::class::ELEMENTS;
use crate::kinds;
use crate::schema::{Fact, Kind, Type};
use crate::wildcard::glob;
use groma_base::{Quantity, Range, list_words};

/// The things of one kind, built-in or the workspace's own.
#[derive(Clone, Copy)]
pub(super) struct Sort<'a> {
    kind: &'static Kind,
    word: &'a str,
}

/// A term that holds no others: how it is written, and where.
struct Leaf<'q> {
    term: &'q Expression,
    is_denied: bool,
    written: String,
    range: Range,
}

/// So many kinds are named at most.
const MOST_NAMED: usize = 6;

impl Asking<'_> {
    /// All sorts of things that a query is about.
    pub(super) fn sorts(&self, scope: &Scope<'_>) -> Vec<Sort<'_>> {
        let mut sorts: Vec<Sort<'_>> = scope.kinds().map(|kind| Sort { kind, word: kind.word() }).collect();
        // What says nothing else is a service.
        let base = |word: &str| self.arch.own_facts.base(word).or_else(|| kinds::by_name("service"));
        let own = self.arch.own_kinds.iter().filter_map(|word| Some(Sort { kind: base(word)?, word }));
        sorts.extend(own.filter(|_| scope.has(ELEMENTS)));
        sorts
    }

    /// Those of some sorts of which a query may select things, by the kinds and levels that it names.
    pub(super) fn narrowed<'s>(&self, mut sorts: Vec<Sort<'s>>, root: &Expression) -> Vec<Sort<'s>> {
        match root {
            Expression::And(terms) => terms.iter().fold(sorts, |left, term| self.narrowed(left, term)),
            Expression::Or(terms) => {
                sorts.retain(|sort| terms.iter().any(|term| !self.narrowed(vec![*sort], term).is_empty()));
                sorts
            }
            Expression::Pair { key, value } => {
                match Key::of(&key.text) {
                    Some(Key::Kind) => {
                        let named = kind_pattern(self.arch, &value.text);
                        sorts.retain(|sort| named.fits(sort.word) || called(sort.kind, |word| named.fits(word)));
                    }
                    Some(Key::Level) => sorts.retain(|sort| glob(&value.text, sort.kind.class.word)),
                    _ => {}
                }
                sorts
            }
            Expression::Not(_)
            | Expression::Everything
            | Expression::Word(_)
            | Expression::Compare { .. }
            | Expression::Days { .. }
            | Expression::Function { .. } => sorts,
        }
    }

    /// Fails at what can be so of nothing that the query selects.
    pub(super) fn is_possible_of(
        &self,
        root: &Expression,
        scope: &Scope<'_>,
        sorts: &[Sort<'_>],
    ) -> Result<(), QueryError> {
        match root {
            Expression::And(terms) => {
                contradiction(&[], &leaves(root))?;
                self.is_one_of(root, sorts)?;
                let sorts = self.narrowed(sorts.to_vec(), root);
                terms.iter().try_for_each(|term| self.is_possible_of(term, scope, &sorts))
            }
            Expression::Or(terms) => terms.iter().try_for_each(|term| self.is_possible_of(term, scope, sorts)),
            Expression::Not(inner) => self.is_possible_of(inner, scope, sorts),
            Expression::Pair { key, value } if Key::of(&key.text) == Some(Key::Has) => {
                self.has_one(value, scope.facts(&value.text), sorts, scope)
            }
            Expression::Pair { key, .. } if Key::of(&key.text).is_none() && !scope.is_name_of_kind(key) => {
                self.has_one(key, scope.facts(&key.text), sorts, scope)
            }
            Expression::Compare { fact, .. } | Expression::Days { fact, .. } => {
                self.has_one(fact, scope.facts(&fact.text), sorts, scope)
            }
            Expression::Word(word) if WORDS.iter().all(|own| own.name != word.text) => {
                let mut flags = scope.facts(&word.text);
                flags.retain(|fact| fact.ty == Type::Bool);
                self.has_one(word, flags, sorts, scope)
            }
            Expression::Everything | Expression::Word(_) | Expression::Pair { .. } | Expression::Function { .. } => {
                Ok(())
            }
        }
    }

    /// The same of what must be so of things that another query selects.
    pub(super) fn is_possible_beside(
        &self,
        root: &Expression,
        scope: &Scope<'_>,
        (range, of_range): (&Expression, &Scope<'_>),
    ) -> Result<(), QueryError> {
        let sorts = self.narrowed(self.sorts(of_range), range);
        // That none may be what is selected is a way to forbid it.
        let (selected, demanded) = (leaves(range), leaves(root));
        let is_forbidden = |leaf: &Leaf<'_>| selected.iter().any(|one| one.written == leaf.written);
        let demanded: Vec<Leaf<'_>> = demanded.into_iter().filter(|leaf| !is_forbidden(leaf)).collect();
        contradiction(&selected, &demanded)?;
        self.is_one_of(root, &sorts)?;
        self.is_possible_of(root, scope, &sorts)
    }

    /// Fails at the first term because of which none of some sorts is one that a query names.
    fn is_one_of(&self, root: &Expression, sorts: &[Sort<'_>]) -> Result<(), QueryError> {
        if sorts.is_empty() || !self.narrowed(sorts.to_vec(), root).is_empty() {
            return Ok(());
        }
        if let Expression::And(terms) | Expression::Or(terms) = root {
            let is_and = matches!(root, Expression::And(_));
            let mut left = sorts.to_vec();
            for term in terms {
                self.is_one_of(term, &left)?;
                left = if is_and { self.narrowed(left, term) } else { left };
            }
        }
        let Some(leaf) = leaves(root).into_iter().next() else { return Ok(()) };
        let message = format!("`{}` is never so of {}", leaf.written, plural(sorts));
        Err(error(leaf.range, message, "name a kind of which something is asked for, or join them with `or`"))
    }

    /// Fails if things of none of these sorts may have one of these facts.
    fn has_one(
        &self,
        name: &Words,
        facts: Vec<&'static Fact>,
        sorts: &[Sort<'_>],
        scope: &Scope<'_>,
    ) -> Result<(), QueryError> {
        let may_have = |sort: &Sort<'_>| {
            let all = sort.kind.every_fact().chain(self.arch.own_facts.of(sort.kind, sort.word));
            let mut all = all.flat_map(|fact| std::iter::once(fact).chain(fact.parts.iter().copied()));
            all.any(|fact| facts.contains(&fact))
        };
        if facts.is_empty() || sorts.is_empty() || sorts.iter().any(may_have) {
            return Ok(());
        }
        let message = format!("{} have no fact called `{}`", plural(sorts), name.text);
        let mut having: Vec<&str> = self.sorts(scope).into_iter().filter(may_have).map(|sort| sort.word).collect();
        having.dedup();
        having.truncate(MOST_NAMED);
        let help = format!("it is a fact of {}", list_words(having, "and"));
        Err(error(name.range, message, help))
    }
}

/// What things of some sorts are called.
fn plural(sorts: &[Sort<'_>]) -> String {
    let mut words: Vec<String> = sorts.iter().map(|sort| Noun::Kind(sort.word).plural()).collect();
    words.dedup();
    if words.len() > MOST_NAMED {
        return Noun::Thing.plural();
    }
    words.join(" and ")
}

/// The terms that must all be so, wherever they stand in parentheses.
fn leaves(root: &Expression) -> Vec<Leaf<'_>> {
    let (term, is_denied) = match root {
        Expression::And(terms) => return terms.iter().flat_map(leaves).collect(),
        Expression::Not(inner) => (&**inner, true),
        Expression::Or(_)
        | Expression::Everything
        | Expression::Word(_)
        | Expression::Pair { .. }
        | Expression::Compare { .. }
        | Expression::Days { .. }
        | Expression::Function { .. } => (root, false),
    };
    let (written, range) = match term {
        Expression::Word(word) => (word.text.clone(), word.range),
        Expression::Pair { key, value } => (format!("{}:{}", key.text, value.text), key.range.cover(value.range)),
        Expression::Compare { fact, operator, value } => {
            (format!("{}{}{}", fact.text, operator.word(), value.text), fact.range.cover(value.range))
        }
        Expression::Days { days, fact, operator, value } => {
            (format!("{}({}){}{}", days.word(), fact.text, operator.word(), value.text), fact.range.cover(value.range))
        }
        Expression::Or(_)
        | Expression::And(_)
        | Expression::Not(_)
        | Expression::Everything
        | Expression::Function { .. } => return Vec::new(),
    };
    vec![Leaf { term, is_denied, written, range }]
}

/// Fails at a term that nothing meets which meets one before it, or one of those that are so already.
fn contradiction(given: &[Leaf<'_>], leaves: &[Leaf<'_>]) -> Result<(), QueryError> {
    for (nth, later) in leaves.iter().enumerate() {
        let mut before = given.iter().chain(&leaves[..nth]);
        let Some(other) = before.find(|other| excludes(other, later)) else { continue };
        let not = |leaf: &Leaf<'_>| if leaf.is_denied { "not " } else { "" };
        let message =
            format!("nothing is both `{}{}` and `{}{}`", not(other), other.written, not(later), later.written);
        return Err(error(later.range, message, "leave one of them out, or join them with `or`"));
    }
    Ok(())
}

fn excludes(one: &Leaf<'_>, other: &Leaf<'_>) -> bool {
    if one.is_denied != other.is_denied {
        return one.written == other.written;
    }
    let (
        Expression::Compare { fact, operator, value },
        Expression::Compare { fact: other_fact, operator: other_operator, value: other_value },
    ) = (one.term, other.term)
    else {
        return false;
    };
    // Of a part one time that the fact is given may be less, and another more.
    if one.is_denied || fact.text != other_fact.text || fact.text.contains('.') {
        return false;
    }
    let (Ok(value), Ok(other_value)) = (Quantity::parse(&value.text), Quantity::parse(&other_value.text)) else {
        return false;
    };
    let is_comparable = value.dimension == other_value.dimension && value.currency == other_value.currency;
    let (one, other) = ((*operator, value), (*other_operator, other_value));
    is_comparable && (is_beyond(one, other) || is_beyond(other, one))
}

/// Whether what is as one says is more than the other lets it be.
fn is_beyond((one, least): (Operator, Quantity), (other, most): (Operator, Quantity)) -> bool {
    let (least, above) = match one {
        Operator::Greater => (least.high, true),
        Operator::GreaterOrEqual => (least.high, false),
        Operator::Equal => (least.high, false),
        Operator::Less | Operator::LessOrEqual => return false,
    };
    let (most, below) = match other {
        Operator::Less => (most.low, true),
        Operator::LessOrEqual => (most.low, false),
        // Something may be a range, and so be equal to several numbers.
        Operator::Equal if one != Operator::Equal => (most.low, false),
        Operator::Equal | Operator::Greater | Operator::GreaterOrEqual => return false,
    };
    least > most || least == most && (above || below)
}

//! What a query selects.

use super::{Expression, Operator, QueryError, WORDS, element_fact, error, no_element};
use crate::facts;
use crate::facts::Status;
use crate::items::{FactValue, Value};
use crate::kinds::{self, class};
use crate::names::told_apart;
use crate::schema::Type;
use crate::{Architecture, ElementId, Entity, ItemRef, Level, StepKind};
use groma_base::{Quantity, Range, did_you_mean, list_words, nearest};

type Set = Vec<bool>;

pub(super) fn evaluate(expression: &Expression, arch: &Architecture) -> Result<Set, QueryError> {
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
    let mut near =
        nearest(pattern, arch.elements.iter().map(|element| &*element.path).chain(WORDS.iter().map(|(word, _)| *word)));
    let depth = |path: &str| path.matches('.').count();
    if near.iter().any(|near| depth(near) == depth(pattern)) {
        near.retain(|near| depth(near) == depth(pattern));
    }
    let help = did_you_mean(&near).unwrap_or_else(|| "`groma query '*'` lists all elements".to_owned());
    let fault = error(range, format!("there is no element called `{pattern}`"), help);
    Err(if range.end - range.start == pattern.len() as u32 { fault.fixed_by(&near) } else { fault })
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
    let value = match (key, told_apart(value)) {
        ("zone", (Some("zone"), bare)) | ("group", (Some("group" | "zone"), bare)) => bare,
        _ => value,
    };
    if let Some((what, known)) = known_values(arch, key)
        && !known.iter().any(|known| glob(value, known))
    {
        if let Some(kind) = kinds::by_name(value).filter(|_| key == "kind") {
            return Err(no_element(kind, range));
        }
        let near = nearest(value, known.iter().copied());
        let help = did_you_mean(&near).unwrap_or_else(|| match known.is_empty() {
            false => format!("there are {}", list_words(known, "and")),
            true => format!("the workspace has no {what}"),
        });
        return Err(error(range, format!("there is no {what} called `{value}`"), help).fixed_by(&near));
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
            "owner" => owner(arch, id).is_some_and(|(at, owner)| is_owner(arch, at, owner, value)),
            "zone" => group_path(element.zone).is_some_and(|path| glob(value, path)),
            "group" => around(id).any(|group| group_path(Some(group)).is_some_and(|path| glob(value, path))),
            "status" => arch.choice(at).unwrap_or(Status::Existing).word() == value.to_lowercase(),
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

/// The owner of an element, and where it is named: its own, or that of what it is part of.
pub fn owner(arch: &Architecture, id: ElementId) -> Option<(ItemRef, &FactValue)> {
    arch.ancestors(id).map(|id| arch.element(id).at).find_map(|at| Some((at, arch.fact(at, &facts::OWNER)?)))
}

/// Whether an owner fits a pattern, before which its kind may stand: `team:core`.
fn is_owner(arch: &Architecture, at: ItemRef, owner: &FactValue, pattern: &str) -> bool {
    let written = arch.words(at, owner);
    let (word, bare) = told_apart(pattern);
    let is_of_kind =
        |word: &str| arch.referred(at, owner).is_some_and(|entity| arch.resolver().is_called(entity, word));
    glob(pattern, written) || glob(bare, told_apart(written).1) && word.is_none_or(is_of_kind)
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
        let help = did_you_mean(&near).unwrap_or_else(|| "declare it with `flow`".to_owned());
        return Err(error(range, format!("there is no flow called `{name}`"), help).fixed_by(&near));
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
        "neighbours" => spread(arch, inner, depth, true, true),
        other => unreachable!("a function {other} that selects nothing"),
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

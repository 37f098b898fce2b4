//! Values of facts: whether they fit a pattern, and how they compare.

use super::named::fits_several;
use super::of_technologies::{Said, part_of_technologies};
use super::parse::Words;
use super::pattern::{NamePattern, Pattern, is_arrow};
use super::scope::{Scope, all_kinds, of_kinds};
use super::select::{Asking, closed, select};
use super::terms::Operator;
use super::{QueryError, error, old_name};
use crate::facets::technologies::class::TECHNOLOGY;
use crate::facts::{self, technology};
use crate::items::{FactValue, Value};
use crate::names::{split_kind, without_dot};
use crate::schema::{Class, Fact, Kind, Type, YesNo, phrase};
use crate::stack::{Known, Technologies};
use crate::wildcard::{Letters, fits, glob};
use crate::{Entity, ItemRef};
use groma_base::{Dimension, Quantity, Range, did_you_mean, last_part, list_words, nearest, there_are};

/// What is asked for by a name.
struct Meant<'q> {
    pattern: NamePattern<'q>,
    /// It is the whole name of something, and not the last part of names.
    is_whole: bool,
}

impl Meant<'_> {
    fn fits(&self, path: &str) -> bool {
        // What stands behind the last dot of an arrow is an end of it.
        self.pattern.fits(path) || !self.is_whole && !is_arrow(path) && self.pattern.fits(last_part(path))
    }
}

/// A fact, and what holds where it is not given.
pub(super) type Default<'a> = (&'static Fact, &'a str);

impl Asking<'_> {
    /// `fact:value`
    pub(super) fn matching(
        &self,
        key: &Words,
        value: &Words,
        facts: &[&'static Fact],
        among: Vec<ItemRef>,
    ) -> Result<Vec<ItemRef>, QueryError> {
        if let Some(fact) = facts.iter().find(|fact| fact.ty.is_compared()).filter(|_| !value.text.contains('*')) {
            let meant = format!("{}={}", key.text, value.text);
            let whole = key.range.cover(value.range);
            let message = format!("`{}` is not matched but compared", fact.name);
            return Err(error(whole, message, format!("write `{meant}`")).fixed(whole, meant));
        }
        self.is_possible(key, value, facts)?;
        if let Some(said) = Said::asked(self.arch, key, facts) {
            let fits =
                |text: &str| glob(&value.text, text) || text.split(',').any(|word| glob(&value.text, word.trim()));
            return Ok(select(among, |at| said.of(at).into_iter().any(fits)));
        }
        let meant = self.meant(value, facts)?;
        Ok(select(among, |at| {
            self.values(at, facts).any(|given| self.fits(at, given, &value.text, &meant))
                || self.defaults(at, facts).iter().any(|default| self.fits_default(*default, &value.text, &meant))
        }))
    }

    /// Whether a value that is asked for can be there at all, where these are a closed set.
    fn is_possible(&self, key: &Words, value: &Words, facts: &[&'static Fact]) -> Result<(), QueryError> {
        let mut words: Vec<&str> = Vec::new();
        let mut names: Vec<&'static Class> = Vec::new();
        // Of what may be a name or a text any text may be asked for, but for a name that is out of use.
        let (mut perhaps, mut is_text): (Vec<&'static Class>, bool) = (Vec::new(), false);
        for fact in facts {
            match fact.ty {
                Type::OneOf(known) => words.extend(known.iter().map(|(word, _)| *word)),
                Type::Bool => words.extend(YesNo::ALL.iter().map(|said| said.word())),
                Type::Reference(classes) => names.extend(classes),
                Type::TextOrName(classes) => perhaps.extend(classes),
                Type::Text
                | Type::Whole
                | Type::Number
                | Type::Amount
                | Type::Duration
                | Type::Ratio
                | Type::Rate
                | Type::MoneyPerTime
                | Type::Size
                | Type::Quantity
                | Type::Query
                | Type::Date => is_text = true,
            }
        }
        if facts.iter().all(|fact| **fact == technology::RING) {
            return self.is_ring(value);
        }
        if is_text || !perhaps.is_empty() {
            return self.is_no_old_name(value, &perhaps);
        }
        if words.iter().any(|known| glob(&value.text, known)) {
            return Ok(());
        }
        if are_flags(facts) {
            return Err(error(value.range, format!("`{}` is neither yes nor no", value.text), "write `yes` or `no`"));
        }
        let noun = if facts.contains(&&facts::DATA) { "class of data" } else { &key.text };
        let message = format!("there is no {noun} called `{}`", value.text);
        if names.is_empty() {
            let near = nearest(&value.text, words.iter().copied());
            let help = did_you_mean(&near).unwrap_or_else(|| there_are(words.iter().copied()));
            return Err(error(value.range, message, help).fixed_by(&value.text, &near));
        }
        if value.text.contains('*') || self.arch.resolve(None, &value.text, &names).is_ok() {
            return Ok(());
        }
        let bare = split_kind(&value.text).1;
        let known = self.arch.resolver().names_of(&names);
        if known.iter().any(|name| glob(bare, name) || glob(bare, last_part(name))) {
            return Ok(());
        }
        self.is_no_old_name(value, &names)?;
        let near = self.arch.near_names(&value.text, &names);
        let help = did_you_mean(&near).unwrap_or_else(|| format!("`{}` names {}", key.text, phrase(&names)));
        let message = format!("there is nothing called `{}` that `{}` could name", value.text, key.text);
        Err(error(value.range, message, help).fixed_by(&value.text, &near))
    }

    /// Whether there is such a ring: one of the radar, or one in which a technology is said to stand.
    fn is_ring(&self, value: &Words) -> Result<(), QueryError> {
        let technologies = Technologies::new(self.arch);
        let written = technologies.own().filter_map(|known| technologies.text(known, &technology::RING));
        let mut known: Vec<&str> = technologies.rings().into_iter().map(|ring| ring.name).collect();
        for name in written {
            if !known.contains(&name) {
                known.push(name);
            }
        }
        closed(technology::RING.name, value, known)
    }

    /// Fails at what something of these classes was called once.
    pub(super) fn is_no_old_name(&self, value: &Words, classes: &[&'static Class]) -> Result<(), QueryError> {
        if self.arch.resolve(None, &value.text, classes).is_ok() {
            return Ok(());
        }
        let today = self.arch.names_of_today(&value.text, classes);
        old_name(value, &value.text, &today).map_or(Ok(()), Err)
    }

    /// Those that name a technology with these words in its text, or that is also called so. Whole words: `go` is none of `MongoDB`.
    pub(super) fn built_with(&self, pattern: &str, among: Vec<ItemRef>) -> Vec<ItemRef> {
        let technologies = Technologies::new(self.arch);
        let has_words = |text: &str| {
            let words: Vec<&str> = text.split(|sign: char| sign.is_whitespace() || ",/()".contains(sign)).collect();
            let count = pattern.split_whitespace().count().max(1);
            words.windows(count).any(|words| glob(pattern, &words.join(" "))) || glob(pattern, text)
        };
        // A query, as that of a standard, may be older than a name.
        let renamed = technologies.formerly_called(pattern);
        let is_called =
            |known: Known| renamed == Some(known) || technologies.names(known).iter().any(|name| glob(pattern, name));
        select(among, |at| {
            self.arch.list(at, &facts::TECHNOLOGY).any(has_words)
                || technologies.of(at).filter_map(|named| named.known).any(is_called)
        })
    }

    /// The values of these facts, or parts of facts, that something has.
    pub(super) fn values<'s>(&'s self, at: ItemRef, facts: &'s [&'static Fact]) -> impl Iterator<Item = &'s FactValue> {
        let file = self.arch.file(at);
        let all = file.facts_of(self.arch.item(at)).iter();
        let with_parts = all.flat_map(|given| std::iter::once(given).chain(file.parts_of(given)));
        with_parts.filter(move |given| facts.contains(&given.fact) && self.arch.has_effect(at, given.fact))
    }

    /// What holds of something where it does not say these facts, though it could: of a part of a fact, for each time that the
    /// fact is given without it.
    pub(super) fn defaults(&self, at: ItemRef, facts: &[&'static Fact]) -> Vec<Default<'_>> {
        let (arch, file) = (self.arch, self.arch.file(at));
        let given = file.facts_of(arch.item(at));
        let mut found = Vec::new();
        for fact in facts.iter().copied() {
            let is_of_kind = || arch.facts_for(at).any(|own| own == fact);
            if !given.iter().any(|given| given.fact == fact) && is_of_kind() {
                found.extend(arch.holds_anyway(at, fact).into_iter().map(|words| (fact, words)));
            }
            let is_without = |whole: &&FactValue| {
                whole.fact.parts.contains(&fact) && !file.parts_of(whole).iter().any(|part| part.fact == fact)
            };
            let held = given.iter().filter(is_without).flat_map(|whole| arch.holds_of_part(at, whole, fact));
            found.extend(held.map(|words| (fact, words)));
        }
        found
    }

    /// The same of what holds where nothing is given.
    fn fits_default(&self, (fact, default): Default<'_>, pattern: &str, meant: &Meant<'_>) -> bool {
        let Some(entity) = self.default_names((fact, default)) else {
            return glob(pattern, default) || default.split(',').any(|word| glob(pattern, word.trim()));
        };
        let path = self.arch.path(entity);
        meant.fits(&path) && split_kind(pattern).0.is_none_or(|word| self.arch.resolver().is_called(entity, word))
    }

    /// What is named where nothing is given.
    pub(super) fn default_names(&self, (fact, default): Default<'_>) -> Option<Entity> {
        self.arch.resolve(None, default, fact.ty.names()).ok()
    }

    /// A pattern as a name of what these facts may name, by its path or its last part alone. A short name that several have is told.
    fn meant<'q>(&self, value: &'q Words, facts: &[&'static Fact]) -> Result<Meant<'q>, QueryError> {
        let classes: Vec<&'static Class> = facts.iter().flat_map(|fact| fact.ty.names()).copied().collect();
        let (word, rest) = split_kind(&value.text);
        let (bare, resolver) = (without_dot(rest), self.arch.resolver());
        let known = || resolver.each_name_of(&classes);
        let parts = known().flat_map(|name| [last_part(&name).to_owned(), name.into()]);
        let pattern = NamePattern::among(Pattern::Word(bare), parts).certain(value, "things")?;
        let is_whole = bare != rest || known().any(|name| pattern.fits(&name));
        if !is_whole && !bare.contains('*') {
            let is_of_kind = |name: &str| {
                word.is_none_or(|word| self.arch.resolve(None, &format!("{word}:{name}"), &classes).is_ok())
            };
            let mut short: Vec<_> = known().filter(|name| pattern.fits(last_part(name)) && is_of_kind(name)).collect();
            short.sort_unstable();
            short.dedup();
            if short.len() > 1 {
                return Err(fits_several(value, "things", &short));
            }
        }
        Ok(Meant { pattern, is_whole: is_whole && !bare.contains('*') })
    }

    /// Whether a value fits a pattern: a text as a whole or by one of the words between its commas, a name by what it names.
    fn fits(&self, at: ItemRef, given: &FactValue, pattern: &str, meant: &Meant<'_>) -> bool {
        if let Value::Bool(value) = given.value {
            return glob(pattern, YesNo::from(value).word());
        }
        let written = self.arch.words(at, given);
        let Some(entity) = self.arch.referred(at, given) else {
            return glob(pattern, written) || written.split(',').any(|word| glob(pattern, word.trim()));
        };
        let path = self.arch.path(entity);
        // The short name of something may be written like the whole name of something else.
        let letters = meant.pattern.letters();
        let may_be_written = letters == Letters::EitherCase || pattern.contains('*');
        let is_written = || may_be_written && fits(pattern, written, letters);
        is_written()
            || meant.fits(&path)
                && split_kind(pattern).0.is_none_or(|word| self.arch.resolver().is_called(entity, word))
    }

    /// `fact<value`
    pub(super) fn comparing(
        &self,
        fact: &Words,
        operator: Operator,
        value: &Words,
        scope: &Scope<'_>,
        among: Vec<ItemRef>,
    ) -> Result<Vec<ItemRef>, QueryError> {
        let facts = self.facts(fact, scope)?;
        if facts.iter().all(|fact| fact.ty == Type::Date) {
            return self.comparing_dates(fact, operator, value, &facts, among);
        }
        let Some(compared) = facts.iter().find(|fact| fact.ty.is_compared()) else {
            let whole = fact.range.cover(value.range);
            let message = format!("`{}` is not compared but matched", fact.text);
            let meant = match &*value.text {
                "#true" | "true" if are_flags(&facts) => format!("{}:yes", fact.text),
                "#false" | "false" if are_flags(&facts) => format!("{}:no", fact.text),
                text => format!("{}:{text}", fact.text),
            };
            let fault = error(whole, message, format!("write `{meant}`"));
            return Err(if operator == Operator::Equal { fault.fixed(whole, meant) } else { fault });
        };
        let asked = quantity(value)?;
        let takes = |fact: &&&'static Fact| fact.ty.dimension().is_none_or(|own| own == asked.dimension);
        if !facts.iter().filter(|fact| fact.ty.is_compared()).any(|fact| takes(&fact)) {
            let message =
                format!("`{}` cannot be compared with `{}`: that takes {}", fact.text, value.text, compared.expected());
            let examples = compared.ty.dimension().map_or("a number", Dimension::examples);
            return Err(error(value.range, message, format!("write {examples}")));
        }
        self.has_currency(fact, (value, asked), &facts, scope)?;
        can_be(fact, operator, (value, asked), &facts)?;
        let fits = |own: Quantity| compares(own, operator, asked);
        if let Some(said) = Said::asked(self.arch, fact, &facts) {
            return Ok(select(among, |at| said.of(at).into_iter().any(|text| Quantity::parse(text).is_ok_and(fits))));
        }
        Ok(select(among, |at| {
            self.values(at, &facts).any(|given| matches!(given.value, Value::Quantity(own) if fits(own)))
                || self.defaults(at, &facts).iter().any(|(_, default)| Quantity::parse(default).is_ok_and(fits))
        }))
    }

    /// That an amount of money is asked for in a currency in which some of these facts are written, if any are: others are never
    /// equal, less or more.
    fn has_currency(
        &self,
        fact: &Words,
        (value, asked): (&Words, Quantity),
        facts: &[&'static Fact],
        scope: &Scope<'_>,
    ) -> Result<(), QueryError> {
        let Some(sign) = asked.currency else { return Ok(()) };
        let all = scope.everything(self.arch);
        let given = all.iter().flat_map(|at| self.values(*at, facts));
        let currency = |given: &FactValue| if let Value::Quantity(own) = given.value { own.currency } else { None };
        let mut written: Vec<char> = given.filter_map(currency).collect();
        written.sort_unstable();
        written.dedup();
        if written.is_empty() || written.contains(&sign) {
            return Ok(());
        }
        let written: Vec<String> = written.iter().map(char::to_string).collect();
        let message = format!("no `{}` is written in `{sign}`, and currencies are not converted", fact.text);
        let help = format!("write the amount in {}", list_words(written.iter().map(String::as_str), "or"));
        Err(error(value.range, message, help))
    }

    /// The fact of technologies that a word asks for, of things that may name some.
    pub(super) fn fact_of_technologies(
        &self,
        word: &Words,
        part: &str,
        scope: &Scope<'_>,
    ) -> Result<&'static Fact, QueryError> {
        self.facts(&Words { text: facts::TECHNOLOGY.name.to_owned(), range: word.range }, scope)?;
        let kinds = all_kinds().filter(|kind| kind.is(&TECHNOLOGY));
        let of: Vec<Scope<'_>> = kinds.map(|kind| Scope::of_one(self.arch, kind)).collect();
        if let Some(fact) = of.iter().flat_map(|scope| scope.facts(part)).next() {
            return Ok(fact);
        }
        let near = nearest(part, of.iter().flat_map(Scope::fact_names));
        let help = did_you_mean(&near).unwrap_or_else(|| "`groma explain technology` lists the facts".to_owned());
        let is_plain = (word.range.end - word.range.start) as usize == word.text.len();
        let start = word.range.end - part.len() as u32;
        let range = if is_plain { Range { start, ..word.range } } else { word.range };
        let fault = error(range, format!("technologies have no fact called `{part}`"), help);
        Err(if is_plain { fault.fixed_by(part, &near) } else { fault })
    }

    /// The facts with a name, if what is asked for has any.
    pub(super) fn facts(&self, name: &Words, scope: &Scope<'_>) -> Result<Vec<&'static Fact>, QueryError> {
        if let Some(part) = part_of_technologies(&name.text) {
            return Ok(vec![self.fact_of_technologies(name, part, scope)?]);
        }
        let facts = scope.facts(&name.text);
        if !facts.is_empty() {
            return Ok(facts);
        }
        let message = format!("{} have no fact called `{}`", scope.plural(), name.text);
        if let Some(fact) = scope.all_facts().find(|fact| fact.other_names.contains(&&*name.text)) {
            if let Some(fault) = old_name(name, &name.text, &scope.other_facts(&name.text)) {
                return Err(fault);
            }
            let help = format!("it is called `{}` here", fact.name);
            return Err(error(name.range, message, help).fixed(name.range, fact.name));
        }
        let parts = scope.parts(&name.text);
        if let Some(help) = did_you_mean(&parts) {
            let fault = error(name.range, message, help);
            return Err(match &parts[..] {
                [only] => fault.fixed(name.range, only.clone()),
                _ => fault,
            });
        }
        let elsewhere = all_kinds().filter(|kind| !Scope::of_one(self.arch, kind).facts(&name.text).is_empty());
        let elsewhere: Vec<&'static Kind> = elsewhere.collect();
        if !elsewhere.is_empty() {
            return Err(error(name.range, message, having(&elsewhere)));
        }
        let near = nearest(&name.text, scope.fact_names());
        let help = did_you_mean(&near).unwrap_or_else(|| {
            let kind = scope.kinds().find(|kind| !kind.is_arrow()).filter(|kind| !kind.class.is_element());
            format!("`groma explain {}` lists the facts", kind.map_or("service", |kind| kind.name))
        });
        Err(error(name.range, message, help).fixed_by(&name.text, &near))
    }
}

/// That these kinds of things have what is asked for. Elements are named alone, as nothing needs to be written for them.
pub(super) fn having(kinds: &[&'static Kind]) -> String {
    match kinds.iter().any(|kind| kind.class.is_element()) {
        true => "elements have it, which are asked for without `kind:`".to_owned(),
        false => of_kinds(kinds, ""),
    }
}

/// That a value of one of these facts can compare so at all: no share is more than all, and hardly anything is less than nothing.
fn can_be(
    fact: &Words,
    operator: Operator,
    (value, asked): (&Words, Quantity),
    facts: &[&'static Fact],
) -> Result<(), QueryError> {
    let compared = facts.iter().filter(|fact| fact.ty.is_compared());
    let bounds: Vec<(f64, f64)> = compared.map(|fact| bounds(fact.ty)).collect();
    let is_possible = |bounds: &(f64, f64)| is_within(*bounds, operator, asked);
    let is_between = operator == Operator::Equal
        && asked.low == asked.high
        && asked.low.fract() != 0.0
        && facts.iter().filter(|fact| fact.ty.is_compared()).all(|fact| fact.ty == Type::Whole);
    if bounds.iter().any(is_possible) && !is_between {
        return Ok(());
    }
    let help = match bounds.iter().all(|(_, most)| *most == 1.0) {
        _ if is_between => format!("`{}` is a whole number", fact.text),
        true => format!("`{}` is between 0% and 100%", fact.text),
        false => format!("`{}` is never less than 0", fact.text),
    };
    let whole = fact.range.cover(value.range);
    Err(error(whole, format!("`{}` can never compare so with `{}`", fact.text, value.text), help))
}

/// Whether what is between two bounds can compare so.
pub(super) fn is_within((least, most): (f64, f64), operator: Operator, asked: Quantity) -> bool {
    match operator {
        Operator::Less => asked.low > least,
        Operator::LessOrEqual => asked.low >= least,
        Operator::Greater => asked.high < most,
        Operator::GreaterOrEqual => asked.high <= most,
        Operator::Equal => asked.low >= least && asked.high <= most,
    }
}

/// The least and the most that a value of a type can be.
fn bounds(ty: Type) -> (f64, f64) {
    match ty {
        Type::Quantity => (f64::NEG_INFINITY, f64::INFINITY),
        Type::Ratio => (0.0, 1.0),
        Type::Text
        | Type::Bool
        | Type::Whole
        | Type::Number
        | Type::Amount
        | Type::Duration
        | Type::Rate
        | Type::MoneyPerTime
        | Type::Size
        | Type::OneOf(_)
        | Type::Reference(_)
        | Type::TextOrName(_)
        | Type::Query
        | Type::Date => (0.0, f64::INFINITY),
    }
}

/// Whether facts all say yes or no.
fn are_flags(facts: &[&'static Fact]) -> bool {
    facts.iter().all(|fact| fact.ty == Type::Bool)
}

pub(super) fn quantity(value: &Words) -> Result<Quantity, QueryError> {
    Quantity::parse(&value.text).map_err(|reason| {
        error(
            value.range,
            format!("`{}` cannot be compared: {reason}", value.text),
            "write a number or a quantity such as `3`, `200ms` or `99.9%`",
        )
    })
}

pub(super) fn compares(own: Quantity, operator: Operator, asked: Quantity) -> bool {
    own.dimension == asked.dimension
        && own.currency == asked.currency
        && match operator {
            Operator::Less => own.high < asked.low,
            Operator::LessOrEqual => own.high <= asked.low,
            Operator::Greater => own.low > asked.high,
            Operator::GreaterOrEqual => own.low >= asked.high,
            Operator::Equal => own.low <= asked.low && asked.high <= own.high,
        }
}

//! Queries about the things that one query selects, as standards are that apply to the same: what their terms have in common is looked for
//! once.

use super::parse::Expression;
use super::scope::Scope;
use super::select::{Asking, select};
use super::{Answers, Query, QueryError};
use crate::facets::structure::class::ELEMENTS;
use crate::schema::Class;
use crate::{Architecture, ItemRef};
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::rc::Rc;

/// The things that a query selects, of which others are asked.
pub struct Within<'a> {
    range: &'a Query,
    things: Vec<ItemRef>,
    arch: &'a Architecture,
    answers: &'a Answers<'a>,
    memo: Memo,
}

impl<'a> Within<'a> {
    /// Some things that `range` selects.
    pub fn new(range: &'a Query, things: Vec<ItemRef>, arch: &'a Architecture, answers: &'a Answers<'a>) -> Within<'a> {
        Within { range, things, arch, answers, memo: Memo::default() }
    }

    /// Those of them that a query selects too. Where it names no kind it is about the same sorts of things.
    ///
    /// # Errors
    /// As those of [`Query::things`].
    pub fn select(&self, query: &Query) -> Result<Vec<ItemRef>, QueryError> {
        let usual = Scope::of(&self.range.root, self.arch, ELEMENTS);
        let scope = Scope::of(&query.root, self.arch, usual.classes());
        let asking = Asking { memo: Some(&self.memo), ..Asking::new(self.arch, self.answers) };
        let meant = |at: ItemRef| scope.has(&[self.arch.item(at).kind.class]);
        let start = self.memo.start(&scope, || select(self.things.clone(), meant));
        let found = asking.among(&query.root, &scope, start)?;
        asking.is_possible_beside(&query.root, &scope, (&self.range.root, &usual))?;
        Ok(found.into_things())
    }
}

/// Some things, and by which number a memo knows them, if it does.
#[derive(Clone)]
pub(super) struct Selected {
    things: Rc<Vec<ItemRef>>,
    number: Option<usize>,
}

impl From<Vec<ItemRef>> for Selected {
    fn from(things: Vec<ItemRef>) -> Selected {
        Selected { things: Rc::new(things), number: None }
    }
}

impl Selected {
    /// The things.
    pub(super) fn things(&self) -> &[ItemRef] {
        &self.things
    }

    /// By which number a memo knows them.
    pub(super) fn number(&self) -> Option<usize> {
        self.number
    }

    /// The things, copied where they are remembered as well.
    pub(super) fn into_things(self) -> Vec<ItemRef> {
        Rc::unwrap_or_clone(self.things)
    }
}

/// What terms have selected of which things.
#[derive(Default)]
pub(super) struct Memo(RefCell<Found>);

#[derive(Default)]
struct Found {
    /// How many selections have a number.
    count: usize,
    /// Where queries begin that are about some classes.
    starts: FxHashMap<Vec<&'static Class>, Selected>,
    /// What a term selects of what has a number.
    terms: FxHashMap<usize, FxHashMap<Expression, Selected>>,
}

impl Found {
    fn numbered(&mut self, mut one: Selected) -> Selected {
        self.count += usize::from(one.number.is_none());
        one.number.get_or_insert(self.count);
        one
    }
}

impl Memo {
    /// The things that a query with a scope begins with.
    fn start(&self, scope: &Scope<'_>, things: impl FnOnce() -> Vec<ItemRef>) -> Selected {
        let mut found = self.0.borrow_mut();
        if let Some(known) = found.starts.get(scope.classes()) {
            return known.clone();
        }
        let start = found.numbered(things().into());
        found.starts.insert(scope.classes().to_vec(), start.clone());
        start
    }

    /// What a term is known to select.
    pub(super) fn known(&self, of: &Selected, term: &Expression) -> Option<Selected> {
        self.0.borrow().terms.get(&of.number?)?.get(term).cloned()
    }

    /// Remembers what a term selects of what has a number.
    pub(super) fn remember(&self, of: Option<usize>, term: &Expression, selected: Selected) -> Selected {
        let Some(of) = of else { return selected };
        let mut found = self.0.borrow_mut();
        let selected = found.numbered(selected);
        found.terms.entry(of).or_default().insert(term.clone(), selected.clone());
        selected
    }
}

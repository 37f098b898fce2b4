//! What terms have selected before of the same things.

use super::parse::Expression;
use super::scope::Scope;
use crate::ItemRef;
use crate::schema::Class;
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::rc::Rc;

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
    pub(super) fn start(&self, scope: &Scope<'_>, things: impl FnOnce() -> Vec<ItemRef>) -> Selected {
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

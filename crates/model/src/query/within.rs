//! Queries about the things that one query selects, as standards are that apply to the same: what their terms have in common is looked for
//! once.

use super::memo::Memo;
use super::scope::Scope;
use super::select::{Asking, select};
use super::{Answers, Query, QueryError};
use crate::facets::structure::class::ELEMENTS;
use crate::{Architecture, ItemRef};

/// The things that a query selects, of which others are asked.
pub struct Within<'a> {
    range: &'a Query,
    /// What this is about.
    usual: Scope<'a>,
    things: Vec<ItemRef>,
    arch: &'a Architecture,
    answers: &'a Answers<'a>,
    memo: Memo,
}

impl<'a> Within<'a> {
    /// Some things that `range` selects.
    pub fn new(range: &'a Query, things: Vec<ItemRef>, arch: &'a Architecture, answers: &'a Answers<'a>) -> Within<'a> {
        let usual = Scope::of(&range.root, arch, ELEMENTS);
        Within { range, usual, things, arch, answers, memo: Memo::default() }
    }

    /// Those of them that a query selects too. Where it names no kind it is about the same sorts of things.
    ///
    /// # Errors
    /// As those of [`Query::things`].
    pub fn select(&self, query: &Query) -> Result<Vec<ItemRef>, QueryError> {
        let scope = Scope::of(&query.root, self.arch, self.usual.classes());
        let asking = Asking { memo: Some(&self.memo), ..query.asking(self.arch, self.answers) };
        let meant = |at: ItemRef| scope.has(&[self.arch.item(at).kind.class]);
        let start = self.memo.start(&scope, || select(self.things.clone(), meant));
        let found = asking.among(&query.root, &scope, start)?;
        asking.is_possible_beside(&query.root, &scope, (&self.range.root, &self.usual))?;
        Ok(found.into_things())
    }
}

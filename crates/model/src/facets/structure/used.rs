//! Which relationship a call uses, where several lead from its caller to its callee.

use crate::items::{FactValue, Value};
use crate::schema::Fact;
use crate::{Architecture, ElementId, RelationId, facts};
use std::cmp::Ordering;

/// The relationship that a call uses.
#[derive(Clone, PartialEq, Debug)]
pub struct UsedRelation {
    /// That one; where nothing says which it is, one that it may be.
    pub id: RelationId,
    /// All that it may be, that one first, if these differ in what a call by them does and nothing says which is meant.
    pub may_be: Vec<RelationId>,
    /// The facts in which these differ.
    pub differ_in: Vec<&'static Fact>,
}

impl Architecture {
    /// The relationship that a call with this text uses: one from and to the elements themselves, or else from and to what they
    /// are part of. Of several it is the one with the same text; where that is none, or several, their texts and facts decide, so
    /// that the order in which they are written does not.
    pub fn used_relation(&self, from: ElementId, to: ElementId, text: Option<&str>) -> Option<UsedRelation> {
        let mut may_be: Vec<RelationId> = self
            .ancestors(from)
            .flat_map(|from| self.ancestors(to).map(move |to| (from, to)))
            .map(|(from, to)| self.relations_between(from, to).collect::<Vec<_>>())
            .find(|known| !known.is_empty())?;
        let text = text.unwrap_or_default().trim();
        if may_be.iter().any(|id| self.call_text(*id) == text) {
            may_be.retain(|id| self.call_text(*id) == text);
        }
        may_be.sort_by(|one, other| self.compare_calls(*one, *other));
        let id = may_be[0];
        let differs = |fact: &&&'static Fact| may_be.iter().any(|other| self.compare_in(id, *other, fact).is_ne());
        let differ_in: Vec<&'static Fact> = facts::relation::OF_CALLS.iter().filter(differs).copied().collect();
        if differ_in.is_empty() {
            may_be.clear();
        }
        Some(UsedRelation { id, may_be, differ_in })
    }

    fn call_text(&self, id: RelationId) -> &str {
        self.label(self.relation(id).at).unwrap_or_default().trim()
    }

    /// The order of relationships between the same elements: by their texts, and then by what they say of calls.
    fn compare_calls(&self, one: RelationId, other: RelationId) -> Ordering {
        let by_text = self.call_text(one).cmp(self.call_text(other));
        facts::relation::OF_CALLS
            .iter()
            .fold(by_text, |order, fact| order.then_with(|| self.compare_in(one, other, fact)))
    }

    /// The order of two relationships by what a fact makes of calls; equal if these do the same.
    fn compare_in(&self, one: RelationId, other: RelationId, fact: &'static Fact) -> Ordering {
        if *fact == facts::ASYNC {
            return self.is_async(one).cmp(&self.is_async(other));
        }
        // What is denied is as if nothing were said.
        let said = |id: RelationId| {
            let at = self.relation(id).at;
            self.fact(at, fact).filter(|given| given.flag() != Some(false)).map(|given| (at, given))
        };
        let ((at, given), (other_at, other)) = match (said(one), said(other)) {
            (Some(own), Some(others)) => (own, others),
            (own, others) => return own.is_some().cmp(&others.is_some()),
        };
        let compare_value = |a: &FactValue, b: &FactValue| match (&a.value, &b.value) {
            (Value::Quantity(a), Value::Quantity(b)) => a.low.total_cmp(&b.low).then(a.high.total_cmp(&b.high)),
            (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
            (Value::Choice(a), Value::Choice(b)) => a.cmp(b),
            _ => self.words(at, a).cmp(self.words(other_at, b)),
        };
        let parts_of = |at, given, part: &'static Fact| {
            self.file(at).parts_of(given).iter().filter(move |given: &&FactValue| given.fact == part)
        };
        let compare_part = |part: &&'static Fact| {
            let (own, mut others) = (parts_of(at, given, part), parts_of(other_at, other, part));
            let compared = own.map(|a| others.next().map_or(Ordering::Greater, |b| compare_value(a, b)));
            let order = compared.fold(Ordering::Equal, Ordering::then);
            order.then(if others.next().is_some() { Ordering::Less } else { Ordering::Equal })
        };
        fact.parts.iter().fold(compare_value(given, other), |order, part| order.then_with(|| compare_part(part)))
    }
}

//! Which relationship a call uses, where several lead from its caller to its callee.

use crate::items::Value;
use crate::schema::Fact;
use crate::{Architecture, ElementId, RelationId, facts};

/// The relationship that a call uses.
#[derive(Clone, PartialEq, Debug)]
pub struct UsedRelation {
    /// That one; where nothing says which it is, the first that it may be.
    pub id: RelationId,
    /// All that it may be, if these differ in what a call by them does and nothing says which is meant.
    pub may_be: Vec<RelationId>,
    /// The facts in which these differ.
    pub differ_in: Vec<&'static Fact>,
}

impl Architecture {
    /// The relationship that a call with this text uses: one from and to the elements themselves, or else from and to what they
    /// are part of. Of several it is the one with the same text.
    pub fn used_relation(&self, from: ElementId, to: ElementId, text: Option<&str>) -> Option<UsedRelation> {
        let mut may_be: Vec<RelationId> = self
            .ancestors(from)
            .flat_map(|from| self.ancestors(to).map(move |to| (from, to)))
            .map(|(from, to)| self.relations_between(from, to).collect::<Vec<_>>())
            .find(|known| !known.is_empty())?;
        let text = text.unwrap_or_default().trim();
        let is_meant = |id: &RelationId| self.label(self.relation(*id).at).unwrap_or_default().trim() == text;
        if may_be.iter().any(is_meant) {
            may_be.retain(is_meant);
        }
        let id = may_be[0];
        let differs = |fact: &&&'static Fact| may_be.iter().any(|other| !self.says_same(id, *other, fact));
        let differ_in: Vec<&'static Fact> = facts::relation::OF_CALLS.iter().filter(differs).copied().collect();
        if differ_in.is_empty() {
            may_be.clear();
        }
        Some(UsedRelation { id, may_be, differ_in })
    }

    /// Whether a fact makes calls by two relationships between the same elements do the same.
    fn says_same(&self, one: RelationId, other: RelationId, fact: &'static Fact) -> bool {
        if *fact == facts::ASYNC {
            return self.is_async(one) == self.is_async(other);
        }
        // What is denied is as if nothing were said.
        let said = |id: RelationId| {
            let at = self.relation(id).at;
            self.fact(at, fact).filter(|given| given.value != Value::Bool(false)).map(|given| (at, given))
        };
        let (Some((at, given)), Some((other_at, other))) = (said(one), said(other)) else {
            return said(one).is_none() && said(other).is_none();
        };
        let same_value = |a: &crate::items::FactValue, b: &crate::items::FactValue| match (&a.value, &b.value) {
            (Value::Text(_) | Value::Reference(_), _) => self.words(at, a) == self.words(other_at, b),
            (a, b) => a == b,
        };
        let parts_of = |at, given, part: &'static Fact| {
            self.file(at).parts_of(given).iter().filter(move |given: &&crate::items::FactValue| given.fact == part)
        };
        let same_part = |part: &&'static Fact| {
            let (mut own, mut others) = (parts_of(at, given, part), parts_of(other_at, other, part));
            loop {
                match (own.next(), others.next()) {
                    (None, None) => return true,
                    (Some(a), Some(b)) if same_value(a, b) => {}
                    _ => return false,
                }
            }
        };
        same_value(given, other) && fact.parts.iter().all(same_part)
    }
}

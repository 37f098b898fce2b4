//! What is asked of choices.

use super::class::{CHOICE, CRITERION, MUST, OPTION};
use super::facts::choice::{Criteria, DECISION};
use super::link::parts;
use super::shipped::{Shipped, shipped_criterion};
use crate::Architecture;
use crate::items::ItemRef;
use crate::schema::Class;

/// A criterion of a choice: declared in it, or brought by the shipped criteria that it begins with.
#[derive(Clone, Copy, Debug)]
pub struct CriterionOf {
    /// Where it is declared, if it is.
    pub at: Option<ItemRef>,
    /// The shipped one of its name, if there is one.
    pub shipped: Option<&'static Shipped>,
}

impl Architecture {
    /// All choices, in the order of the text.
    pub fn choices(&self) -> impl Iterator<Item = ItemRef> + Clone + '_ {
        self.records_of(&CHOICE).map(|record| record.at)
    }

    /// The criteria of a choice: first those that it begins with, then its own. Of two of one name the first counts.
    pub fn criteria_of(&self, choice: ItemRef) -> Vec<CriterionOf> {
        let own = self.first_of_each_name(choice, &CRITERION);
        let set = self.choice::<Criteria>(choice).map_or(&[][..], Criteria::all);
        let declared = |name: &str| own.iter().find(|at| self.name(**at) == name).copied();
        let mut all: Vec<CriterionOf> =
            set.iter().map(|shipped| CriterionOf { at: declared(shipped.name), shipped: Some(shipped) }).collect();
        let is_other = |at: &&ItemRef| set.iter().all(|shipped| shipped.name != self.name(**at));
        let others = own.iter().filter(is_other);
        all.extend(others.map(|at| CriterionOf { at: Some(*at), shipped: shipped_criterion(self.name(*at)) }));
        all
    }

    /// The must-haves of a choice.
    pub fn musts_of(&self, choice: ItemRef) -> Vec<ItemRef> {
        self.first_of_each_name(choice, &MUST)
    }

    /// The options of a choice.
    pub fn options_of(&self, choice: ItemRef) -> Vec<ItemRef> {
        self.first_of_each_name(choice, &OPTION)
    }

    /// All that stands in a choice, in the order of the text; what is declared twice as well.
    pub fn parts_of_choice(&self, choice: ItemRef) -> Vec<ItemRef> {
        let mut all: Vec<ItemRef> =
            [&CRITERION, &MUST, &OPTION].into_iter().flat_map(|class| parts(&self.files, choice, class)).collect();
        all.sort_unstable();
        all
    }

    /// The choices that led to a decision.
    pub fn choices_behind(&self, decision: ItemRef) -> impl Iterator<Item = ItemRef> + '_ {
        self.entity(decision).into_iter().flat_map(|entity| self.referring(entity, &DECISION))
    }

    fn first_of_each_name(&self, choice: ItemRef, class: &'static Class) -> Vec<ItemRef> {
        let mut all: Vec<ItemRef> = Vec::new();
        for at in parts(&self.files, choice, class) {
            if !all.iter().any(|known| self.name(*known) == self.name(at)) {
                all.push(at);
            }
        }
        all
    }
}

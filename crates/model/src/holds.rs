//! What holds of a thing where it does not say a fact: what is declared to hold, and what is known of it anyway.

use crate::facets::flows::facts::step;
use crate::facets::loads::facts::load;
use crate::facets::technologies::class::TECHNOLOGY;
use crate::facts::{element, relation, technology};
use crate::items::FactValue;
use crate::schema::{Fact, Type, YesNo};
use crate::stack::Technologies;
use crate::{Architecture, Entity, ItemRef, facts};

impl Architecture {
    /// Whether a fact counts that something gives. A ring does not that is no part of the radar.
    pub(crate) fn has_effect(&self, at: ItemRef, fact: &'static Fact) -> bool {
        *fact != technology::RING || !Technologies::new(self).is_beside_radar_of_kit(at)
    }

    /// What holds of something that does not give a fact which it may have, as it would be written; of a flag `yes` or `no`. Nothing
    /// where that is not known.
    pub fn holds_anyway(&self, at: ItemRef, fact: &'static Fact) -> Vec<&str> {
        match self.known_anyway(at, fact) {
            known if known.is_empty() => self.declared_to_hold(fact),
            known => known,
        }
    }

    /// What holds of a fact that something gives without a part.
    pub fn holds_of_part(&self, at: ItemRef, given: &FactValue, part: &'static Fact) -> Vec<&str> {
        // What is denied has no parts.
        if given.flag() == Some(false) {
            return Vec::new();
        }
        let said = |part| self.part_of(at, given, part);
        if *part == relation::FAILURES && said(&relation::BREAKER_RATE).is_some() {
            return Vec::new();
        }
        if *part == relation::HALF_OPEN {
            return match said(&relation::TRIALS) {
                Some(trials) => vec![trials],
                None => self.declared_to_hold(&relation::TRIALS),
            };
        }
        if *part == element::FAILOVER_AFTER {
            let acts_itself = given.choice() == Some(element::Failover::Automatic);
            return if acts_itself { vec![element::TAKES_OVER_AFTER] } else { Vec::new() };
        }
        if *part == step::DISTRIBUTION {
            let time = self.part_value_of(at, given, &load::THINK);
            return self.spreads_anyway(time, |number| said(number).is_some());
        }
        self.declared_to_hold(part)
    }

    /// The distribution of a mean time of which nothing else is said.
    fn spreads_anyway(&self, mean: Option<&FactValue>, is_said: impl Fn(&'static Fact) -> bool) -> Vec<&str> {
        let is_spread = mean.and_then(FactValue::quantity).is_some_and(|mean| mean.high > 0.0);
        match is_spread && ![&step::P50, &step::P99, &step::CV].into_iter().any(is_said) {
            true => vec![step::Distribution::Exponential.word()],
            false => Vec::new(),
        }
    }

    /// What is declared to hold where a fact is not given.
    pub(crate) fn declared_to_hold(&self, fact: &'static Fact) -> Vec<&str> {
        match (fact.ty, fact.default_flag()) {
            (Type::Bool, Some(is_so)) => vec![YesNo::from(is_so).word()],
            _ => fact.defaults().collect(),
        }
    }

    /// What follows from what else is said, or what Groma knows.
    fn known_anyway(&self, at: ItemRef, fact: &'static Fact) -> Vec<&str> {
        let flag = |is_so: Option<bool>| is_so.map(|is_so| YesNo::from(is_so).word()).into_iter().collect();
        if *fact == element::PUBLIC {
            let element = self.entity(at).and_then(Entity::element);
            return flag(element.map(|id| self.is_public_anyway(id)));
        }
        if *fact == element::EXTERNAL {
            let element = self.entity(at).and_then(Entity::element);
            return flag(element.map(|id| self.element(id).external));
        }
        if *fact == facts::ASYNC {
            return flag(self.is_async_anyway(at));
        }
        if *fact == facts::OWNER {
            let owner = self.owner_of(at).filter(|(around, _)| *around != at);
            return owner.map(|(around, given)| self.words(around, given)).into_iter().collect();
        }
        if *fact == step::DISTRIBUTION {
            let time = self.fact(at, &step::TIME);
            return self.spreads_anyway(time, |number| self.fact(at, number).is_some());
        }
        if self.item(at).kind.is(&TECHNOLOGY) {
            return Technologies::new(self).known_anyway(at, fact);
        }
        Vec::new()
    }
}

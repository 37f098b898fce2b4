//! What relationships say of failed calls, as policies.

use super::Builder;
use crate::assumption::{BreakerDefault, NetworkAssumption};
use crate::network::{Backoff, Breaker, Earned, Fallback, Policy, PolicyId, Retried, RetryBudget, StationId};
use groma_model::decode::FactValue;
use groma_model::facts::relation::EarnedBy;
use groma_model::{ItemRef, RelationId, facts};

impl Builder<'_> {
    pub(super) fn policy(&mut self, relation: Option<RelationId>, caller: Option<StationId>) -> PolicyId {
        if let Some(known) = self.policy_of.get(&relation) {
            return *known;
        }
        let policy = relation.map(|id| self.policy_of_relation(id, caller)).unwrap_or_default();
        let index = self.network.policies.push(policy);
        self.policy_of.insert(relation, index);
        index
    }

    pub(super) fn policy_of_relation(&mut self, id: RelationId, caller: Option<StationId>) -> Policy {
        let arch = self.arch;
        let at = arch.relation(id).at;
        let retries = self.whole(at, &facts::relation::RETRY).unwrap_or(0);
        let backoff =
            match arch.part(at, &facts::relation::RETRY, &facts::relation::BACKOFF).and_then(FactValue::choice) {
                Some(facts::relation::Backoff::Constant) => Backoff::Constant,
                Some(facts::relation::Backoff::Linear) => Backoff::Linear,
                Some(facts::relation::Backoff::Exponential) => Backoff::Exponential,
                Some(facts::relation::Backoff::None) | None => Backoff::None,
            };
        let jitter = arch.part(at, &facts::relation::RETRY, &facts::relation::JITTER);
        let jitter = jitter.and_then(FactValue::flag) == Some(true);
        self.tell_defaults(id);
        caller.into_iter().for_each(|caller| self.tell_common_bulkhead(id, caller));
        let breaker = arch.is(at, &facts::relation::BREAKER).then(|| {
            let given = |part| self.part(at, &facts::relation::BREAKER, part);
            let whole = |part, least: f64| given(part).unwrap_or(least).max(1.0) as u32;
            let trials = given(&facts::relation::TRIALS).unwrap_or_default().max(1.0);
            Breaker {
                failures: whole(&facts::relation::FAILURES, 1.0),
                share: given(&facts::relation::BREAKER_RATE)
                    .map(|share| (share, whole(&facts::relation::BREAKER_CALLS, 1.0).min(10_000))),
                reset: given(&facts::relation::RESET).unwrap_or_default(),
                half_open: whole(&facts::relation::HALF_OPEN, trials),
                trials: trials as u32,
                half_open_share: given(&facts::relation::HALF_OPEN_RATE),
            }
        });
        let on = arch.retried_errors(id);
        let on_some = |is: bool| on.is_empty() || on.iter().any(|error| error.is_timeout() == is);
        let retried = Retried { timeouts: on_some(true), errors: on_some(false) };
        let fallback = match arch.text(at, &facts::relation::FALLBACK) {
            None => Fallback::None,
            Some(words) => self.fallback_station(id, words).map_or(Fallback::GoOn, Fallback::Station),
        };
        Policy {
            timeout: self.number(at, &facts::relation::TIMEOUT),
            retries: retries.min(10_000),
            backoff,
            pause: self.part(at, &facts::relation::RETRY, &facts::relation::RETRY_FROM).unwrap_or_default(),
            jitter,
            budget: self.budget(at),
            breaker,
            retried,
            hedge: self.number(at, &facts::relation::HEDGE),
            fallback,
            max_age: self.part(at, &facts::relation::FALLBACK, &facts::relation::MAX_AGE),
            bulkhead: self.whole(at, &facts::relation::BULKHEAD).map(|each| (each, caller)),
        }
    }

    /// The budget for retries of a relationship, if it has one.
    fn budget(&self, at: ItemRef) -> Option<RetryBudget> {
        let given = |part| self.part(at, &facts::relation::RETRY, part);
        let share = given(&facts::relation::RETRY_BUDGET)?;
        let earned = self.arch.part(at, &facts::relation::RETRY, &facts::relation::EARNED_BY);
        let earned = match earned.and_then(FactValue::choice).unwrap_or(EarnedBy::Calls) {
            EarnedBy::Successes => Earned::Successes,
            EarnedBy::Calls => Earned::Calls,
        };
        Some(RetryBudget { share, earned, cap: given(&facts::relation::BUDGET_CAP).unwrap_or_default() })
    }

    /// The policy of a call that is made instead of others: that of the relationship to whom it goes. Where its own fallback was
    /// tried already it has none, with a breaker of its own.
    pub(super) fn policy_of_fallback(
        &mut self,
        relation: Option<RelationId>,
        tried: &[StationId],
        from: Option<StationId>,
    ) -> PolicyId {
        let policy = self.policy(relation, from);
        match self.network.policies[policy].fallback {
            Fallback::Station(next) if tried.contains(&next) => {
                let last = Policy { fallback: Fallback::None, ..self.network.policies[policy].clone() };
                self.network.policies.push(last)
            }
            Fallback::None | Fallback::GoOn | Fallback::Station(_) => policy,
        }
    }

    /// Tells what is taken of a policy that does not say all: what opens a breaker and for how long, when is tried again, and what
    /// never acts.
    pub(super) fn tell_defaults(&mut self, id: RelationId) {
        let arch = self.arch;
        let at = arch.relation(id).at;
        let relation = || arch.relation_address(id);
        let is_given = |fact, part| arch.part(at, fact, part).is_some();
        let mut told = Vec::new();
        if arch.is(at, &facts::relation::BREAKER) {
            let of_breaker = |part| is_given(&facts::relation::BREAKER, part);
            let mut taken = Vec::new();
            if !of_breaker(&facts::relation::FAILURES) && !of_breaker(&facts::relation::BREAKER_RATE) {
                taken.push(BreakerDefault::Failures);
            }
            if of_breaker(&facts::relation::BREAKER_RATE) && !of_breaker(&facts::relation::BREAKER_CALLS) {
                taken.push(BreakerDefault::Calls);
            }
            if !of_breaker(&facts::relation::RESET) {
                taken.push(BreakerDefault::Reset);
            }
            if !taken.is_empty() {
                told.push(NetworkAssumption::BreakerDefaults { relation: relation(), taken });
            }
            let of_all = |part| self.part(at, &facts::relation::BREAKER, part).unwrap_or(1.0);
            let is_one = of_all(&facts::relation::HALF_OPEN).max(of_all(&facts::relation::TRIALS)) <= 1.0;
            if of_breaker(&facts::relation::HALF_OPEN_RATE) && is_one {
                told.push(NetworkAssumption::IdleHalfOpenRate { relation: relation() });
            }
        }
        let of_retry = |part| is_given(&facts::relation::RETRY, part);
        let is_of_budget = of_retry(&facts::relation::EARNED_BY) || of_retry(&facts::relation::BUDGET_CAP);
        if is_of_budget && !of_retry(&facts::relation::RETRY_BUDGET) {
            told.push(NetworkAssumption::NoBudget { relation: relation() });
        }
        if self.whole(at, &facts::relation::RETRY).is_some_and(|retries| retries > 0) {
            if !is_given(&facts::relation::RETRY, &facts::relation::BACKOFF) {
                told.push(NetworkAssumption::RetryWithoutPause { relation: relation() });
            } else if !is_given(&facts::relation::RETRY, &facts::relation::RETRY_FROM) && self.pauses(at) {
                told.push(NetworkAssumption::FirstPause { relation: relation() });
            }
        }
        let (timeout, hedge) = (self.number(at, &facts::relation::TIMEOUT), self.number(at, &facts::relation::HEDGE));
        if let (Some(timeout), Some(hedge)) = (timeout, hedge)
            && hedge >= timeout
        {
            told.push(NetworkAssumption::IdleHedge { relation: relation() });
        }
        self.network.assumptions.extend(told);
    }

    /// Tells of a bulkhead that is counted for all replicas of its caller together, though each has requests of its own.
    fn tell_common_bulkhead(&mut self, id: RelationId, caller: StationId) {
        let at = self.arch.relation(id).at;
        let station = &self.network.stations[caller];
        if station.balance.is_some() && self.whole(at, &facts::relation::BULKHEAD).is_some() {
            let relation = self.arch.relation_address(id);
            let caller = station.name.clone();
            self.network.assumptions.push(NetworkAssumption::CommonBulkhead { relation, caller });
        }
    }

    /// Whether a retry comes after a pause.
    pub(super) fn pauses(&self, at: ItemRef) -> bool {
        let backoff = self.arch.part(at, &facts::relation::RETRY, &facts::relation::BACKOFF);
        backoff.is_some_and(|value| value.choice() != Some(facts::relation::Backoff::None))
    }

    /// The element that a fallback names, seen from the caller.
    pub(super) fn fallback_station(&mut self, id: RelationId, words: &str) -> Option<StationId> {
        let arch = self.arch;
        let from = arch.relation(id).from;
        let element = arch.seen_from(from, words)?;
        Some(self.station(element))
    }
}

//! The calls of flows: who calls whom, over what, and what is called instead.

use super::Builder;
use crate::assumption::{FlowAssumption, NetworkAssumption};
use crate::distribution::Distribution;
use crate::nesting::{Activity, ActivityKind};
use crate::network::Watched;
use crate::network::unit_of;
use crate::network::{CallSite, Fallback, Gap, Op, OpId, SiteId, StationId, WatcherId, combine};
use crate::refusal::MissingFact;
use crate::route::RouteId;
use groma_model::{Container, ElementId, FlowId, Level, Table, facts};
use std::collections::BTreeSet;

impl Builder<'_> {
    pub(super) fn site(
        &mut self,
        (flow, key): (FlowId, u64),
        part: &Activity,
        station: StationId,
        here: Option<StationId>,
        law: Option<Distribution>,
    ) -> Option<SiteId> {
        let ActivityKind::Call { from, to, is_async, inside, afterwards } = &part.kind else { return None };
        let (arch, from, to) = (self.arch, *from, *to);
        let step = arch.flows[flow].steps[part.at];
        let relation = self.relation(from, to, arch.label(step.at));
        let of_relation = |fact| relation.and_then(|id| self.number(arch.relation(id).at, fact));
        let by_person = arch.element(from).level == Level::Person;
        let error_rate = self.number(step.at, &facts::ERROR_RATE).or_else(|| of_relation(&facts::ERROR_RATE));
        // Of a message without a time of its own nobody sees how long it is on its way.
        let is_bare = law.is_none() && inside.is_empty() && afterwards.is_empty();
        let said = of_relation(&facts::relation::LATENCY);
        let said = said.or_else(|| (by_person || here == Some(station) || is_bare).then_some(0.0));
        let caller_unit = (!by_person).then(|| unit_of(arch, from));
        let (latency, route) = self.way(caller_unit, station, said);
        if law.is_none() && inside.is_empty() && afterwards.is_empty() && !is_async {
            let call = arch.label(step.at).unwrap_or("a call").to_owned();
            let fact = MissingFact::Time { call, callee: arch.element_title(to).to_owned() };
            self.network.gaps.push(Gap { at: step.at, flow, fact });
        }
        if law.is_none() && !inside.is_empty() && !arch.is_kind(to, Container::Queue) {
            self.tell_without_time(flow, to);
        }
        let caller = self.caller(from, here);
        let pool = relation.and_then(|id| self.pool(id, caller));
        let policy = self.policy(relation, caller);
        let priority = self.whole(arch.flows[flow].at, &facts::flow::PRIORITY).unwrap_or_default();
        Some(self.network.sites.push(CallSite {
            at: step.at,
            relation,
            from: caller,
            to: station,
            law,
            latency,
            route,
            error_rate: error_rate.unwrap_or(0.0),
            pool,
            policy,
            priority,
            key: combine(key, self.numbers[part.at]),
            watchers: self.watchers(flow, Some(from), to),
        }))
    }

    /// Tells of a call that does something, but of whose own time nothing is said.
    fn tell_without_time(&mut self, flow: FlowId, to: ElementId) {
        let callee = self.arch.element(to).path.to_string();
        let told = self.network.notes.iter_mut().find_map(|(of, note)| match note {
            FlowAssumption::WithoutTime { callees, .. } if *of == flow => Some(callees),
            _ => None,
        });
        match told {
            Some(callees) if callees.contains(&callee) => {}
            Some(callees) => callees.push(callee),
            None => {
                let title = self.arch.title(self.arch.flows[flow].at).to_owned();
                self.network.notes.push((flow, FlowAssumption::WithoutTime { flow: title, callees: vec![callee] }));
            }
        }
    }

    /// The station that makes a call: where the request is, or, where the step is of somebody else, that of who takes it: of
    /// who begins a flow without a person, or of the caller, who goes on in the block of his own call.
    pub(super) fn caller(&mut self, from: ElementId, here: Option<StationId>) -> Option<StationId> {
        let arch = self.arch;
        let is_of = |at: StationId| {
            let station = &self.network.stations[at];
            station.unit().is_some_and(|unit| arch.on_one_line(unit, from))
        };
        match here {
            Some(here) if is_of(here) => Some(here),
            _ => (arch.element(from).level != Level::Person).then(|| self.station(from)),
        }
    }

    /// Adds what is done instead of a call that ends here when it fails for good: another call, with what is said of the
    /// relationship to whom it goes, its own fallback included.
    pub(super) fn fallback(&mut self, flow: FlowId, site: SiteId, from: Option<StationId>, ops: &mut Table<Op>) {
        let mut tried = vec![self.network.sites[site].to];
        let mut places = Vec::new();
        let mut last = site;
        while let Fallback::Station(to) = self.network.policy_of(last).fallback {
            tried.push(to);
            last = self.fallback_site(flow, last, to, &tried, from);
            places.push(ops.push(Op::Else { end: OpId::FIRST }));
            let call = ops.end();
            ops.push(Op::Call { site: last, end: call.after(2) });
            ops.push(Op::Work { site: last });
        }
        let end = ops.end();
        places.into_iter().for_each(|place| ops[place] = Op::Else { end });
    }

    /// The site of a call that is made instead of another by the same caller, to the last of those that were tried.
    pub(super) fn fallback_site(
        &mut self,
        flow: FlowId,
        instead_of: SiteId,
        to: StationId,
        tried: &[StationId],
        from: Option<StationId>,
    ) -> SiteId {
        let called = self.network.sites[instead_of].clone();
        let element = |at: StationId| self.network.stations[at].element;
        let (caller, callee) = (from.and_then(element), element(to));
        let watchers = callee.map(|callee| self.watchers(flow, caller, callee)).unwrap_or_default();
        let relation = caller.zip(callee).and_then(|(caller, callee)| self.relation(caller, callee, None));
        let policy = self.policy_of_fallback(relation, tried, from);
        let pool = relation.and_then(|id| self.pool(id, from));
        let said = relation.and_then(|id| self.number(self.arch.relation(id).at, &facts::ERROR_RATE));
        let (law, error_rate) = (None, said.unwrap_or(0.0));
        let (latency, route) = self.way_between(from, to);
        let key = combine(called.key, 1);
        let fallback =
            CallSite { relation, from, to, law, latency, route, pool, error_rate, policy, key, watchers, ..called };
        let site = self.network.sites.push(fallback);
        self.fallbacks.push(site);
        site
    }

    /// Who watches a call of a flow from one element to another: those that it enters.
    pub(super) fn watchers(&self, flow: FlowId, from: Option<ElementId>, to: ElementId) -> Vec<WatcherId> {
        let arch = self.arch;
        let enters = |of: ElementId| arch.is_within(to, of) && from.is_none_or(|from| !arch.is_within(from, of));
        let is_meant = |watched: &Watched| watched.flow.is_none_or(|one| one == flow) && enters(watched.element);
        let watched = self.network.watched.entries();
        watched.filter(|(_, watched)| is_meant(watched)).map(|(at, _)| at).collect()
    }

    /// The way of a call between two stations for which no call is drawn.
    fn way_between(&mut self, from: Option<StationId>, to: StationId) -> (f64, Option<RouteId>) {
        let element = |at: StationId| self.network.stations[at].element;
        let (Some(caller), Some(callee)) = (from.and_then(element), element(to)) else { return (0.0, None) };
        let relation = self.relation(caller, callee, None).map(|id| self.arch.relation(id).at);
        let said = relation.and_then(|at| self.number(at, &facts::relation::LATENCY));
        self.way(Some(caller), to, said)
    }

    /// How long a call of a container is on the network on average, if it is not `said`, and where it goes if that is not always the same.
    fn way(&mut self, from: Option<ElementId>, to: StationId, said: Option<f64>) -> (f64, Option<RouteId>) {
        let called = &self.network.stations[to];
        let (unit, read) = (called.unit(), called.is_of_copies());
        let Some(unit) = unit else { return (said.unwrap_or(0.0), None) };
        let route = self.network.placements.route((from, unit, read), said);
        let latency = said.unwrap_or_else(|| match from {
            None => 0.0,
            Some(from) => {
                let distances = self.network.placements.distances(from, unit, read);
                self.default_latency.extend(distances.iter().map(|(distance, _)| *distance));
                distances.iter().map(|(distance, share)| share * distance.latency()).sum()
            }
        });
        (latency, route.map(|route| self.network.routes.push(route)))
    }

    /// Tells which calls stay in their region though what limits those whom they are for is computed for all regions together.
    pub(super) fn tell_of_regions(&mut self) {
        let stations = &self.network.stations;
        let stays = |site: &CallSite| {
            let (from, called) = (stations[site.from?].element?, &stations[site.to]);
            let to = called.unit().filter(|_| called.is_limited())?;
            self.network.placements.stay_in_region(from, to, called.is_of_copies()).then_some(&called.name)
        };
        let told: BTreeSet<&String> = self.network.sites.iter().filter_map(stays).collect();
        let told: Vec<_> =
            told.into_iter().map(|name| NetworkAssumption::OneQueueForRegions { station: name.clone() }).collect();
        self.network.assumptions.extend(told);
    }

    /// Gives calls that are made instead of others the time that other calls of the same station take.
    pub(super) fn time_fallbacks(&mut self) {
        for site in std::mem::take(&mut self.fallbacks) {
            let to = self.network.sites[site].to;
            let law = self.network.sites.iter().filter(|one| one.to == to).find_map(|one| one.law);
            self.network.sites[site].law = law;
            if law.is_none() {
                let station = self.network.stations[to].name.clone();
                self.network.assumptions.push(NetworkAssumption::FallbackWithoutTime { station });
            }
        }
    }
}

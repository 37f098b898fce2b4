//! Elements, their copies, hosts and pools as stations.

use super::Builder;
use crate::assumption::{IdleBalance, MOST_BALANCED, NetworkAssumption};
use crate::cache::Cache;
use crate::distribution::Distribution;
use crate::network::unit_of;
use crate::network::{Balance, RateLimit, Scaling, Stall, Station, StationId, WhenFull};
use groma_model::decode::FactValue;
use groma_model::facts::element::CountedBy;
use groma_model::{DeployNodeId, ElementId, Entity, ItemRef, RelationId, SIMULATED, facts};

impl Builder<'_> {
    pub(super) fn station(&mut self, element: ElementId) -> StationId {
        let unit = unit_of(self.arch, element);
        if let Some(known) = self.network.station_of.get(&unit) {
            return *known;
        }
        let at = self.arch.element(unit).at;
        let range = self.replicas(unit);
        let when_full = self.arch.part(at, &facts::element::QUEUE_LIMIT, &facts::element::WHEN_FULL);
        let when_full = match when_full.and_then(FactValue::choice) {
            Some(facts::element::WhenFull::Drop) => WhenFull::Drop,
            Some(facts::element::WhenFull::Reject) | None => WhenFull::Reject,
        };
        let (rate_limit, user_limit) = self.limits(unit);
        let cores = self.number(at, &facts::element::CPU);
        // Who has cores of its own does not share those of a host.
        let [runs_on, standby_on] = match cores {
            Some(_) => [Vec::new(), Vec::new()],
            None => [self.network.placements.hosts(unit), self.network.placements.hosts_of_standbys(unit)]
                .map(|hosts| self.hosts_as_stations(hosts)),
        };
        let station = Station {
            element: Some(unit),
            needed: self.part(at, &facts::element::REPLICAS, &facts::element::NEEDED).map_or(1, |needed| needed as u32),
            concurrency: self.whole(at, &facts::element::CONCURRENCY),
            cores: cores.map(|cores| cores * f64::from(range.0)),
            queue_limit: self.whole(at, &facts::element::QUEUE_LIMIT),
            when_full,
            patience: self.patience(at),
            stall: self.stall(unit, range),
            scaling: self.scaling(at, range),
            rate_limit,
            user_limit,
            runs_on,
            standby_on,
            ..Station::unlimited(self.arch.element(unit).path.to_string(), range)
        };
        let station = self.balanced(at, station);
        let index = self.with_processor(station);
        self.network.station_of.insert(unit, index);
        if let (None, Some(keys)) =
            (self.number(at, &facts::element::HIT_RATIO), self.number(at, &facts::element::KEYS))
        {
            let cache = Cache {
                keys,
                entries: self.number(at, &facts::element::ENTRIES).unwrap_or(f64::INFINITY),
                ttl: self.number(at, &facts::element::TTL).unwrap_or(f64::INFINITY),
                skew: self.part(at, &facts::element::KEYS, &facts::element::SKEW).unwrap_or_default(),
            };
            self.network.caches.push((index, cache));
        }
        index
    }

    /// How the calls of an element are balanced among its replicas: as it says, or else the way to it in the simulated deployment.
    fn said_balance(&self, at: ItemRef) -> Option<facts::element::Balance> {
        let on_the_way = || match self.arch.entity(at)? {
            Entity::Element(element) => self.arch.balanced_by(element).map(|(_, balance)| balance),
            _ => None,
        };
        self.arch.fact(at, &facts::element::BALANCE).and_then(FactValue::choice).or_else(on_the_way)
    }

    /// The same, with its calls balanced among its replicas as its element says, where that makes a difference. Where it makes
    /// none that is told.
    fn balanced(&mut self, at: ItemRef, station: Station) -> Station {
        use facts::element::Balance as Said;
        let balance = match self.said_balance(at).unwrap_or(Said::SharedQueue) {
            Said::SharedQueue => return station,
            Said::RoundRobin => Balance::RoundRobin,
            Said::Random => Balance::Random,
            Said::LeastConnections => Balance::LeastConnections,
            Said::TwoChoices => Balance::TwoChoices,
        };
        // On one host all replicas share the same cores.
        let has_hosts = station.runs_on.first().is_some_and(|(_, share)| *share < 1.0);
        let is_limited = station.concurrency.is_some() || station.cores.is_some() || has_hosts;
        let why = match station.range.1 {
            0 | 1 => IdleBalance::OneReplica,
            _ if !is_limited => IdleBalance::Unlimited,
            most if most > MOST_BALANCED => IdleBalance::TooMany,
            _ => return Station { balance: Some(balance), ..station },
        };
        // Of a database that is alone it may be meant for its read replicas.
        if why != IdleBalance::OneReplica || self.arch.fact(at, &facts::element::READ_REPLICAS).is_none() {
            self.network.assumptions.push(NetworkAssumption::IdleBalance { station: station.name.clone(), why });
        }
        station
    }

    /// Adds a station. Where it has slots and cores of its own these are two limits: a slot is held for all that a request does,
    /// a core for the work alone. Its cores become a station that its work is done on.
    pub(super) fn with_processor(&mut self, mut station: Station) -> StationId {
        let cores = station.cores.take_if(|_| station.concurrency.is_some());
        let Some(cores) = cores else { return self.network.stations.push(Station { processor: None, ..station }) };
        let name = format!("{} (processor)", station.name);
        let owner = self.network.stations.end();
        let processor = Station { cores: Some(cores), owner: Some(owner), ..Station::unlimited(name, station.range) };
        let processor = Station { replicas: station.replicas, ..processor };
        let at = owner.next();
        self.network.stations.push(Station { processor: Some(at), runs_on: vec![(at, 1.0)], ..station });
        self.network.stations.push(processor);
        owner
    }

    /// Hosts with shares of something's work, as stations.
    pub(super) fn hosts_as_stations(&mut self, hosts: Vec<(DeployNodeId, f64)>) -> Vec<(StationId, f64)> {
        hosts.into_iter().map(|(host, share)| (self.host(host), share)).collect()
    }

    /// The station of a host: its processors, but for what containers have for themselves.
    pub(super) fn host(&mut self, node: DeployNodeId) -> StationId {
        if let Some(known) = self.hosts.get(&node) {
            return *known;
        }
        let arch = self.arch;
        let at = arch.place_item(SIMULATED, node);
        let machines = self.whole(at, &facts::host::MACHINES).unwrap_or_default().max(1);
        let cores = self.number(at, &facts::host::CPU).unwrap_or(1.0) * f64::from(machines);
        let left = cores - self.reserved(node);
        let index = self.network.stations.push(Station {
            cores: Some(if left > 0.0 { left } else { cores }),
            host: Some(node),
            ..Station::unlimited(format!("host {}", arch.place_path(SIMULATED, node)), (machines, machines))
        });
        self.hosts.insert(node, index);
        index
    }

    /// The cores of a host that containers there have for themselves.
    pub(super) fn reserved(&self, host: DeployNodeId) -> f64 {
        let containers = self.network.placements.containers_at(host).into_iter();
        let cores = |(element, share): (ElementId, f64)| {
            let each = self.number(self.arch.element(element).at, &facts::element::CPU)?;
            Some(each * f64::from(self.replicas(element).0) * share)
        };
        // Added from the least on, so that where they stand in the text changes no sum.
        let mut all: Vec<f64> = containers.filter_map(cores).collect();
        all.sort_by(f64::total_cmp);
        all.into_iter().sum()
    }

    /// The station of the read replicas of an element, if it has any.
    pub(super) fn readers(&mut self, element: ElementId) -> Option<StationId> {
        let unit = unit_of(self.arch, element);
        let at = self.arch.element(unit).at;
        let count = Some(self.network.placements.read_replicas(self.arch, unit)).filter(|count| *count > 0)?;
        if let Some(known) = self.readers.get(&unit) {
            return Some(*known);
        }
        let primary = self.station(unit);
        let one = self.network.stations[primary].clone();
        let name = format!("{} (read replicas)", one.name);
        let of_primary = one.processor.and_then(|processor| self.network.stations[processor].cores);
        let cores = one.cores.or(of_primary).map(|cores| cores / f64::from(one.replicas) * f64::from(count));
        let (replicas, range, scaling) = (count, (count, count), None);
        let (element, copies_of, needed) = (None, Some(unit), 1);
        let hosts = if cores.is_none() { self.network.placements.hosts_of_copies(unit) } else { Vec::new() };
        let (runs_on, standby_on) = (self.hosts_as_stations(hosts), Vec::new());
        let copies = Station {
            name,
            cores,
            replicas,
            range,
            needed,
            element,
            copies_of,
            scaling,
            runs_on,
            standby_on,
            balance: None,
            ..one
        };
        let copies = self.balanced(at, copies);
        let index = self.with_processor(copies);
        self.readers.insert(unit, index);
        if let Some(lag) = self.part(at, &facts::element::READ_REPLICAS, &facts::element::LAG) {
            let element = self.arch.element(unit).path.to_string();
            self.network.assumptions.push(NetworkAssumption::StaleReads { element, lag });
        }
        Some(index)
    }

    pub(super) fn pool(&mut self, relation: RelationId, caller: Option<StationId>) -> Option<StationId> {
        let at = self.arch.relation(relation).at;
        let each = self.whole(at, &facts::relation::POOL)?;
        if let Some(known) = self.pool_of.get(&relation) {
            return Some(*known);
        }
        let range = caller.map_or((1, 1), |caller| self.network.stations[caller].range);
        let index = self.network.stations.push(Station {
            concurrency: Some(each),
            patience: self.part(at, &facts::relation::POOL, &facts::relation::CONNECT_TIMEOUT).map(Distribution::Fixed),
            relation: Some(relation),
            owner: caller,
            ..Station::unlimited(format!("pool {}", self.arch.relation_address(relation)), range)
        });
        self.pool_of.insert(relation, index);
        Some(index)
    }

    pub(super) fn patience(&self, at: ItemRef) -> Option<Distribution> {
        let time = self.number(at, &facts::element::QUEUE_TIMEOUT)?;
        let law = self.arch.part(at, &facts::element::QUEUE_TIMEOUT, &facts::element::QUEUE_TIMEOUT_DISTRIBUTION);
        let is_drawn = law.and_then(FactValue::choice) == Some(facts::element::Patience::Exponential);
        Some(if is_drawn { Distribution::Exponential(time) } else { Distribution::Fixed(time) })
    }

    /// The calls that an element lets in: of all callers together, and of each user. A limit for each user binds only where
    /// users are simulated: else how often one comes is not known. What a partner lets in without a word on whom it counts is
    /// taken to be for all: to the partner we are one caller.
    pub(super) fn limits(&mut self, unit: ElementId) -> (Option<RateLimit>, Option<RateLimit>) {
        let at = self.arch.element(unit).at;
        let Some(limit) = self.limit(at) else { return (None, None) };
        let per = self.arch.part(at, &facts::element::RATE_LIMIT, &facts::element::PER).and_then(FactValue::choice);
        let element = self.arch.element(unit).path.to_string();
        match per {
            Some(CountedBy::All) => (Some(limit), None),
            Some(CountedBy::User) => (None, Some(limit)),
            None if self.arch.element(unit).external => {
                self.network.assumptions.push(NetworkAssumption::RateLimitOfAll { element });
                (Some(limit), None)
            }
            Some(CountedBy::Address | CountedBy::Key | CountedBy::Client | CountedBy::Tenant) | None => {
                self.network.assumptions.push(NetworkAssumption::IdleRateLimit { element });
                (None, None)
            }
        }
    }

    pub(super) fn limit(&self, at: ItemRef) -> Option<RateLimit> {
        let rate = self.number(at, &facts::element::RATE_LIMIT)?;
        let words =
            self.arch.fact(at, &facts::element::RATE_LIMIT).map(|value| value.range.of(&self.arch.file(at).text))?;
        let unit = words.rsplit_once('/').map_or("s", |(_, unit)| unit.trim());
        let window = groma_base::UNITS.iter().find(|known| known.symbol == unit).map_or(1.0, |known| known.size);
        Some(RateLimit { rate, burst: (rate * window).max(1.0) })
    }

    /// How the replicas of an element stall, if that can be.
    pub(super) fn stall(&mut self, unit: ElementId, range: (u32, u32)) -> Option<Stall> {
        let at = self.arch.element(unit).at;
        let length = self.number(at, &facts::element::STALL)?;
        let every = self.part(at, &facts::element::STALL, &facts::element::STALL_EVERY)?;
        let law = self.arch.part(at, &facts::element::STALL, &facts::element::STALL_DISTRIBUTION);
        let is_regular = law.and_then(FactValue::choice) == Some(facts::element::StallSpread::Fixed);
        let stall = Some(Stall { length, every, is_regular }).filter(|_| 0.0 < length && length < every)?;
        let is_shared = matches!(self.said_balance(at), None | Some(facts::element::Balance::SharedQueue));
        if range.1 > 1 && is_shared {
            let element = self.arch.element(unit).path.to_string();
            self.network.assumptions.push(NetworkAssumption::StallsOfReplicas { element });
        }
        Some(stall)
    }

    pub(super) fn scaling(&self, at: ItemRef, range: (u32, u32)) -> Option<Scaling> {
        let given = |fact| self.part(at, &facts::element::REPLICAS, fact).unwrap_or_default();
        (range.0 < range.1).then(|| Scaling {
            target: given(&facts::element::TARGET_CPU).max(0.01),
            every: given(&facts::element::EVERY).max(1.0),
            delay: given(&facts::element::DELAY),
        })
    }

    /// From how many to how many replicas run: as the element says, or else as the simulated deployment places it.
    pub(super) fn replicas(&self, unit: ElementId) -> (u32, u32) {
        let whole = |at, fact| {
            let quantity = self.arch.quantity(at, fact)?;
            Some(((quantity.low as u32).max(1), (quantity.high.min(1e6) as u32).max(1)))
        };
        let placements = &self.network.placements;
        let said = whole(self.arch.element(unit).at, &facts::element::REPLICAS);
        let at_work = said.map(|said| placements.at_work_of(unit, said));
        at_work.or_else(|| placements.replicas(unit)).unwrap_or((1, 1))
    }
}

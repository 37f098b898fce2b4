//! Where containers run: what the simulated deployment says.

use crate::route::{Route, Way, Zone};
use groma_base::Quantity;
use groma_model::{Architecture, DeployNodeId, ElementId, PlaceKind, Placed, SIMULATED, facts};
use rustc_hash::FxHashMap;

/// A container at a place.
#[derive(Clone, Debug)]
struct Placement {
    /// The places around it, from the inside out.
    around: Vec<DeployNodeId>,
    /// Its availability zone and the region around that, which may be the same.
    zone: Option<(Zone, Zone)>,
    /// From how many to how many run there.
    replicas: (u32, u32),
    /// Whether it only waits to take over.
    standby: bool,
}

impl Placement {
    /// Whether it is still there when some places are gone.
    fn is_left(&self, gone: &[DeployNodeId]) -> bool {
        !self.around.iter().any(|place| gone.contains(place))
    }

    /// How much of the work is done here, relative to other places.
    fn weight(&self) -> f64 {
        f64::midpoint(f64::from(self.replicas.0), f64::from(self.replicas.1))
    }
}

/// Which share of the calls to something comes to a region, and which share of what answers them is there.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct RegionShares {
    pub(crate) region: DeployNodeId,
    pub(crate) calls: f64,
    pub(crate) replicas: f64,
}

/// Where every container runs.
#[derive(Clone, Debug, Default)]
pub(crate) struct Placements {
    of: FxHashMap<ElementId, Vec<Placement>>,
    /// Where their read replicas run, if that is said.
    copies: FxHashMap<ElementId, Vec<Placement>>,
    /// The hosts whose processors are shared.
    hosts: Vec<DeployNodeId>,
    /// The regions and zones by their numbers.
    zones: Vec<DeployNodeId>,
}

/// What an instance says, in numbers that have an order.
type Said = (ElementId, (u64, u64), (u64, u64), bool);

fn said_of(one: &Placed<'_>) -> Said {
    let bits = |count: Option<Quantity>| count.map_or((0, 0), |count| (count.low.to_bits(), count.high.to_bits()));
    (one.instance.element, bits(one.replicas), bits(one.copies), one.is_standby)
}

/// What is said of each place: its cores, its machines, and all that runs there.
fn shapes(
    arch: &Architecture,
    placed: &[(Vec<DeployNodeId>, Placed<'_>)],
) -> FxHashMap<DeployNodeId, (u64, u64, Vec<Said>)> {
    let number = |place: DeployNodeId, fact| {
        let said = arch.quantity(arch.place_item(SIMULATED, place), fact);
        said.map_or(0, |said| said.high.to_bits())
    };
    let mut shapes: FxHashMap<DeployNodeId, (u64, u64, Vec<Said>)> = FxHashMap::default();
    for (around, one) in placed {
        for place in around {
            let shape = shapes.entry(*place).or_insert_with(|| {
                (number(*place, &facts::host::CPU), number(*place, &facts::host::MACHINES), Vec::new())
            });
            shape.2.push(said_of(one));
        }
    }
    shapes.values_mut().for_each(|(.., said)| said.sort_unstable());
    shapes
}

impl Placements {
    pub(crate) fn new(arch: &Architecture) -> Placements {
        let mut placements = Placements::default();
        let Some(deployment) = arch.deployments.first() else { return placements };
        let mut zones: FxHashMap<DeployNodeId, Zone> = FxHashMap::default();
        for (id, node) in deployment.nodes.entries() {
            if PlaceKind::of(arch.item(node.at).kind.name) == Some(PlaceKind::Region) {
                let next = u16::try_from(zones.len()).map_or(Zone::NOWHERE, Zone);
                zones.insert(id, next);
                placements.zones.push(id);
            } else if arch.fact(node.at, &facts::host::CPU).is_some() {
                placements.hosts.push(id);
            }
        }
        // The innermost region around something is its zone, the outermost its region.
        let zone_of = |around: &[DeployNodeId]| {
            let mut around = around.iter().filter_map(|node| zones.get(node));
            let zone = *around.next()?;
            Some((zone, around.next_back().copied().unwrap_or(zone)))
        };
        let placed = arch.placed(deployment).map(|placed| {
            let around = placed.instance.node.map(|node| arch.places_around(SIMULATED, node).collect());
            (around.unwrap_or_default(), placed)
        });
        let mut placed: Vec<(Vec<DeployNodeId>, Placed<'_>)> = placed.collect();
        // Which of its places draws first follows from what is said of them, so that the order of the text changes no number, and never from
        // their names. Of places that differ in nothing the one that is declared first does.
        let shapes = shapes(arch, &placed);
        placed.sort_by_cached_key(|(around, one)| {
            let shape = around.iter().rev().map(|place| shapes[place].clone()).collect::<Vec<_>>();
            (said_of(one), shape, around.clone())
        });
        let counted = |count: Quantity| (count.low as u32, count.high.min(1e6) as u32);
        for (around, Placed { instance, replicas, is_standby, copies, .. }) in placed {
            if let Some(copies) = copies.map(counted) {
                let (around, zone) = (around.clone(), zone_of(&around));
                let copies = Placement { around, zone, replicas: copies, standby: false };
                placements.copies.entry(instance.element).or_default().push(copies);
            }
            if let Some((low, high)) = replicas.map(counted) {
                let zone = zone_of(&around);
                let placement = Placement { around, zone, replicas: (low.max(1), high.max(1)), standby: is_standby };
                placements.of.entry(instance.element).or_default().push(placement);
            }
        }
        placements.take_from_wholes(arch);
        for all in placements.of.values_mut().filter(|all| all.iter().all(|placement| placement.standby)) {
            // If every instance is a standby, treat them as active.
            all.iter_mut().for_each(|placement| placement.standby = false);
        }
        placements
    }

    /// What is part of a whole that is placed, and not placed itself, runs where that does.
    fn take_from_wholes(&mut self, arch: &Architecture) {
        let is_placed = |placements: &Placements, id: &ElementId| {
            placements.of.contains_key(id) || placements.copies.contains_key(id)
        };
        for id in arch.element_ids().filter(|id| arch.element(*id).container().is_some()) {
            if let Some(whole) = arch.ancestors(id).find(|one| is_placed(self, one)).filter(|whole| *whole != id) {
                for all in [&mut self.of, &mut self.copies] {
                    if let Some(placed) = all.get(&whole).cloned() {
                        all.insert(id, placed);
                    }
                }
            }
        }
    }

    /// How many read replicas a container has: as it says, or else as many as are placed.
    pub(crate) fn read_replicas(&self, arch: &Architecture, element: ElementId) -> u32 {
        let said = arch.quantity(arch.element(element).at, &facts::element::READ_REPLICAS);
        let placed = || self.copies.get(&element).into_iter().flatten().map(|placement| placement.replicas.0).sum();
        said.map_or_else(placed, |said| said.low.min(1e6) as u32)
    }

    /// Where the read replicas of a container run.
    fn copies_of(&self, element: ElementId) -> &[Placement] {
        self.copies.get(&element).or(self.of.get(&element)).map_or(&[], |all| all)
    }

    fn at_work(&self, element: ElementId) -> impl Iterator<Item = &Placement> + Clone {
        self.of.get(&element).into_iter().flatten().filter(|placement| !placement.standby)
    }

    /// From how many to how many replicas of a container work, if it is placed anywhere.
    pub(crate) fn replicas(&self, element: ElementId) -> Option<(u32, u32)> {
        let sum = |all: (u32, u32), one: (u32, u32)| (all.0.saturating_add(one.0), all.1.saturating_add(one.1));
        self.at_work(element).map(|placement| placement.replicas).reduce(sum)
    }

    /// How many of the replicas that a container says it has are at work: those on standby are among them, unless as many others
    /// are placed as it says or they leave fewer than are placed. Those of an autoscaler are all at work.
    pub(crate) fn at_work_of(&self, element: ElementId, said: (u32, u32)) -> (u32, u32) {
        let placed = self.replicas(element).unwrap_or_default();
        let left = said.0.saturating_sub(self.standby(element, &[]));
        if said.0 < said.1 || placed.0 == said.0 || left < placed.0 { said } else { (left, left) }
    }

    /// The hosts with processors of their own that a container works on, and how much of its work is done there.
    pub(crate) fn hosts(&self, element: ElementId) -> Vec<(DeployNodeId, f64)> {
        self.hosts_of(self.at_work(element))
    }

    /// The same of those that take over from a container.
    pub(crate) fn hosts_of_standbys(&self, element: ElementId) -> Vec<(DeployNodeId, f64)> {
        self.hosts_of(self.of.get(&element).into_iter().flatten().filter(|placement| placement.standby))
    }

    /// The same of the read replicas of a container.
    pub(crate) fn hosts_of_copies(&self, element: ElementId) -> Vec<(DeployNodeId, f64)> {
        self.hosts_of(self.copies_of(element).iter().filter(|placement| !placement.standby))
    }

    fn hosts_of<'a>(&self, all: impl Iterator<Item = &'a Placement> + Clone) -> Vec<(DeployNodeId, f64)> {
        let total: f64 = all.clone().map(Placement::weight).sum();
        let mut found: Vec<(DeployNodeId, f64)> = Vec::new();
        for placement in all {
            let Some(host) = placement.around.iter().find(|node| self.hosts.contains(node)) else { continue };
            let share = placement.weight() / total;
            match found.iter_mut().find(|(known, _)| known == host) {
                Some((_, sum)) => *sum += share,
                None => found.push((*host, share)),
            }
        }
        found
    }

    /// The containers that work on a host itself, with the share of the replicas of each.
    pub(crate) fn containers_at(&self, host: DeployNodeId) -> Vec<(ElementId, f64)> {
        let share = |element: &ElementId| {
            let hosts = self.hosts(*element);
            hosts.iter().find(|(node, _)| *node == host).map(|(_, share)| (*element, *share))
        };
        let mut here: Vec<(ElementId, f64)> = self.of.keys().filter_map(share).collect();
        here.sort_by_key(|(element, _)| *element);
        here
    }

    /// The share of the replicas of a container at work that are at a place, of those that are left when some places are gone;
    /// and the share of those that stand before them in the text.
    pub(crate) fn share_at(&self, element: ElementId, place: DeployNodeId, gone: &[DeployNodeId]) -> (f64, f64) {
        share_at(self.at_work(element).filter(|placement| placement.is_left(gone)), place)
    }

    /// The same of the read replicas of a container.
    pub(crate) fn share_of_copies_at(
        &self,
        element: ElementId,
        place: DeployNodeId,
        gone: &[DeployNodeId],
    ) -> (f64, f64) {
        let copies = self.copies_of(element).iter().filter(|placement| !placement.standby);
        share_at(copies.filter(|placement| placement.is_left(gone)), place)
    }

    /// What each instance of the read replicas of a container has of them all, with the places around it.
    pub(crate) fn shares_of_copies(&self, element: ElementId) -> Vec<(f64, Vec<DeployNodeId>)> {
        shares(self.copies_of(element).iter().filter(|placement| !placement.standby))
    }

    /// How many replicas of a container wait to take over, of those that are left when some places are gone.
    pub(crate) fn standby(&self, element: ElementId, gone: &[DeployNodeId]) -> u32 {
        let waiting = self.of.get(&element).into_iter().flatten().filter(|placement| placement.standby);
        waiting.filter(|placement| placement.is_left(gone)).map(|placement| placement.replicas.0).sum()
    }

    /// How far a container is from what answers its calls, its read replicas if those are `read`: the share of calls that go
    /// each way.
    pub(crate) fn distances(&self, from: ElementId, to: ElementId, read: bool) -> Vec<(Distance, f64)> {
        let callers = Placements::spots(self.at_work(from));
        let answering = self.answering(to, read);
        if callers.is_empty() || answering.is_empty() {
            return vec![(Distance::Near, 1.0)];
        }
        let mut shares = Distance::ALL.map(|distance| (distance, 0.0));
        for caller in &callers {
            for (spot, asked) in asked_by(caller, &answering) {
                let distance = caller.distance(spot);
                let share = shares.iter_mut().find(|(known, _)| *known == distance);
                share.into_iter().for_each(|(_, share)| *share += caller.share * asked);
            }
        }
        shares.into_iter().filter(|(_, share)| *share > 0.0).collect()
    }

    /// Where calls go from one container to another, or to its read replicas, if they may come from several zones or be answered in several.
    /// `said` is what is said of their time on the network; `None` where the distance decides.
    pub(crate) fn route(&self, ends: (Option<ElementId>, ElementId, bool), said: Option<f64>) -> Option<Route> {
        let (from, to, read) = ends;
        let is_spread = from.is_some_and(|from| self.are_apart(from)) || self.are_apart(to);
        (is_spread && !self.answering(to, read).is_empty()).then(|| self.route_of(ends, said))
    }

    /// The same wherever they come from and are answered.
    pub(crate) fn route_of(&self, ends: (Option<ElementId>, ElementId, bool), said: Option<f64>) -> Route {
        let (from, to, read) = ends;
        let callers = from.map(|from| Placements::spots(self.at_work(from))).unwrap_or_default();
        let answering = self.answering(to, read);
        let way = |share: f64, to: &Spot, distance: Distance| {
            let latency = said.unwrap_or_else(|| distance.latency());
            Way { share, to: to.zone, latency }
        };
        let ways = |caller: &Spot| -> Vec<Way> {
            let asked = asked_by(caller, &answering).into_iter();
            asked.map(|(spot, share)| way(share, spot, caller.distance(spot))).collect()
        };
        let from: Vec<(Zone, Vec<Way>)> = callers.iter().map(|caller| (caller.zone, ways(caller))).collect();
        let of_all = callers
            .iter()
            .zip(&from)
            .flat_map(|(caller, (_, ways))| ways.iter().map(|way| Way { share: way.share * caller.share, ..*way }));
        let any = match callers.is_empty() {
            true => answering.iter().map(|spot| way(spot.share, spot, Distance::Near)).collect(),
            false => of_all.collect(),
        };
        Route { ends, said, from, any }
    }

    /// Whether calls of one container to another, or to its read replicas, stay in the region of the caller though others answer elsewhere.
    pub(crate) fn stay_in_region(&self, from: ElementId, to: ElementId, read: bool) -> bool {
        let answering = self.answering(to, read);
        let callers = Placements::spots(self.at_work(from));
        callers.iter().any(|caller| asked_by(caller, &answering).len() < answering.len())
    }

    /// The region to which most more of the calls that arrive in zones come than is its share of what answers them, its read replicas if those
    /// are `read`; `None` if they are spread over the regions alike, but for so little. Within a region all do the same work.
    pub(crate) fn most_apart(
        &self,
        to: ElementId,
        read: bool,
        arriving: &[(Zone, f64)],
        alike: f64,
    ) -> Option<RegionShares> {
        let answering = self.answering(to, read);
        let region_of = |zone: Zone| answering.iter().find(|spot| spot.zone == zone).map(|spot| spot.region);
        let shares = answering.iter().filter_map(|spot| {
            let here = answering.iter().filter(|other| other.region == spot.region);
            let arrive = arriving.iter().filter(|(zone, _)| region_of(*zone) == Some(spot.region));
            let (calls, replicas) = (arrive.map(|(_, share)| share).sum(), here.map(|other| other.share).sum());
            Some(RegionShares { region: *self.zones.get(usize::from(spot.region.0))?, calls, replicas })
        });
        let shares: Vec<RegionShares> = shares.collect();
        let is_apart = shares.iter().any(|one| (one.calls - one.replicas).abs() >= alike);
        // Of several that are alike the first.
        let more = |one: RegionShares, other: RegionShares| {
            if other.calls - other.replicas > one.calls - one.replicas { other } else { one }
        };
        shares.into_iter().reduce(more).filter(|_| is_apart)
    }

    /// What is at work where some places are gone, each for so many seconds. `replaced` tells after how many others do the work of a container.
    /// What nobody does the work of stays as it was: calls come to it.
    pub(crate) fn without(
        &self,
        gone: &[(DeployNodeId, f64)],
        replaced: &dyn Fn(ElementId) -> Option<f64>,
    ) -> Placements {
        let since = |placement: &Placement| {
            let here = gone.iter().filter(|(place, _)| placement.around.contains(place)).map(|(_, since)| *since);
            here.fold(None, |longest: Option<f64>, since| Some(longest.map_or(since, |longest| longest.max(since))))
        };
        let mut left = self.clone();
        for all in left.copies.values_mut().filter(|all| all.iter().any(|one| since(one).is_none())) {
            all.retain(|copies| since(copies).is_none());
        }
        for (element, all) in &mut left.of {
            let Some(after) = replaced(*element) else { continue };
            let is_replaced = |one: &Placement| !one.standby && since(one).is_some_and(|since| since >= after);
            if !all.iter().any(is_replaced) {
                continue;
            }
            let others = all.iter().filter(|one| !is_replaced(one) && (!one.standby || since(one).is_none()));
            let others = others.map(|one| Placement { standby: false, ..one.clone() });
            let mut others: Vec<Placement> = others.collect();
            if others.is_empty() {
                others
                    .extend(left.copies.get(element).into_iter().flatten().filter(|one| since(one).is_none()).cloned());
            }
            if !others.is_empty() {
                *all = others;
            }
        }
        left
    }

    /// Where a container at work runs, or its read replicas if those are `read`: once where nothing is known.
    pub(crate) fn sides(&self, element: Option<ElementId>, read: bool) -> Vec<Side<'_>> {
        let of = |one| -> Vec<&Placement> {
            match read {
                true => self.copies_of(one).iter().filter(|placement| !placement.standby).collect(),
                false => self.at_work(one).collect(),
            }
        };
        let all = element.map(of).unwrap_or_default().into_iter().map(|placement| Side {
            zone: placement.zone.map(|(zone, _)| zone),
            weight: placement.weight(),
            around: &placement.around,
        });
        let all: Vec<Side<'_>> = all.collect();
        if all.is_empty() { vec![Side { zone: None, weight: 1.0, around: &[] }] } else { all }
    }

    /// Whether some replicas of a container run at a place and others elsewhere, those on standby and read replicas among them.
    pub(crate) fn is_partly_at(&self, element: ElementId, place: DeployNodeId) -> bool {
        let all = || [&self.of, &self.copies].into_iter().filter_map(|all| all.get(&element)).flatten();
        let is_there = |placement: &Placement| placement.around.contains(&place);
        all().any(is_there) && !all().all(is_there)
    }

    /// Whether a container, those on standby and its read replicas are in several zones.
    pub(crate) fn are_apart(&self, element: ElementId) -> bool {
        let all = [&self.of, &self.copies].into_iter().filter_map(|all| all.get(&element)).flatten();
        Placements::spots(all).len() > 1
    }

    /// The zones where calls to a container are answered, those that only `read` where it has read replicas.
    fn answering(&self, to: ElementId, read: bool) -> Vec<Spot> {
        match read {
            true => Placements::spots(self.copies_of(to).iter().filter(|placement| !placement.standby)),
            false => Placements::spots(self.at_work(to)),
        }
    }

    /// The zones in which something runs, each once, with the share of the work that is done there.
    fn spots<'a>(all: impl Iterator<Item = &'a Placement>) -> Vec<Spot> {
        let mut spots: Vec<Spot> = Vec::new();
        for placement in all {
            let Some((zone, region)) = placement.zone else { continue };
            match spots.iter_mut().find(|spot| spot.zone == zone) {
                Some(spot) => spot.share += placement.weight(),
                None => spots.push(Spot { zone, region, share: placement.weight() }),
            }
        }
        let total: f64 = spots.iter().map(|spot| spot.share).sum();
        spots.iter_mut().for_each(|spot| spot.share /= total);
        spots
    }
}

/// Whom a caller asks, and with which share of his calls: they stay in his region where somebody there answers; within it, replicas do not
/// look where the other is.
fn asked_by<'s>(caller: &Spot, answering: &'s [Spot]) -> Vec<(&'s Spot, f64)> {
    let near: Vec<&Spot> = answering.iter().filter(|spot| spot.region == caller.region).collect();
    let asked = if near.is_empty() { answering.iter().collect() } else { near };
    let total: f64 = asked.iter().map(|spot| spot.share).sum();
    asked.into_iter().map(|spot| (spot, spot.share / total)).collect()
}

/// An end of some calls at one place.
#[derive(Clone, Copy)]
pub(crate) struct Side<'a> {
    /// Its zone, if that is known.
    pub(crate) zone: Option<Zone>,
    /// How much of the work is done there, relative to other places.
    pub(crate) weight: f64,
    /// The places around it, from the inside out.
    pub(crate) around: &'a [DeployNodeId],
}

/// A zone where some of a container runs.
#[derive(Clone, Copy, Debug)]
struct Spot {
    zone: Zone,
    region: Zone,
    /// The share of its work that is done here.
    share: f64,
}

impl Spot {
    fn distance(&self, other: &Spot) -> Distance {
        match (self.zone == other.zone, self.region == other.region) {
            (true, _) => Distance::Near,
            (false, true) => Distance::BetweenZones,
            (false, false) => Distance::BetweenRegions,
        }
    }
}

fn shares<'a>(all: impl Iterator<Item = &'a Placement> + Clone) -> Vec<(f64, Vec<DeployNodeId>)> {
    let total: f64 = all.clone().map(Placement::weight).sum();
    all.map(|placement| (placement.weight() / total, placement.around.clone())).collect()
}

fn share_at<'a>(all: impl Iterator<Item = &'a Placement> + Clone, place: DeployNodeId) -> (f64, f64) {
    let total: f64 = all.clone().map(Placement::weight).sum();
    let is_there = |placement: &&Placement| placement.around.contains(&place);
    let there: f64 = all.clone().filter(is_there).map(Placement::weight).sum();
    let before: f64 = all.take_while(|placement| !is_there(placement)).map(Placement::weight).sum();
    if total > 0.0 { (there / total, before / total) } else { (0.0, 0.0) }
}

/// How far two containers are from each other.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Distance {
    /// In one availability zone, or nothing is known.
    Near,
    /// In different zones of a region.
    BetweenZones,
    /// In different regions.
    BetweenRegions,
}

impl Distance {
    /// Every distance.
    pub(crate) const ALL: [Distance; 3] = [Distance::Near, Distance::BetweenZones, Distance::BetweenRegions];

    /// The network time of a call and its answer where nothing is said, in seconds: of the order that the large clouds
    /// measure within a zone, between zones of a region, and between regions of a continent or two.
    pub(crate) fn latency(self) -> f64 {
        match self {
            Distance::Near => 0.0005,
            Distance::BetweenZones => 0.0015,
            Distance::BetweenRegions => 0.07,
        }
    }

    /// Between what.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Distance::Near => "between containers",
            Distance::BetweenZones => "between availability zones",
            Distance::BetweenRegions => "between regions",
        }
    }
}

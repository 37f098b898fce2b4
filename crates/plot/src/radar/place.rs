//! Where the blips of a radar stand. Every quarter of a ring has places along arcs, all of them further apart than a blip is wide, so
//! that no two blips can overlap. A blip stands at the free place nearest to where the hash of its name wants it: one that comes or
//! goes elsewhere moves none.

use std::f64::consts::FRAC_PI_2;

/// How far two places are apart at least, and how far the outermost point of a blip is from its middle.
pub(super) const STEP: f64 = 31.0;
/// See [`STEP`].
pub(super) const REACH: f64 = 14.5;
/// How far a place is from the lines between the quarters.
const MARGIN: f64 = 20.0;
/// The arcs of a radar with few blips, over all rings.
const ARCS: usize = 11;

/// A point, seen from the middle of the radar.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Spot {
    /// To the right.
    pub x: f64,
    /// Downwards.
    pub y: f64,
}

/// What is to be placed.
#[derive(Clone, Copy, Debug)]
pub struct Placed<'a> {
    /// What tells it from all others, and decides where it stands.
    pub name: &'a str,
    /// Its quarter: left above, right above, left below, right below.
    pub quarter: usize,
    /// Its ring, counted from the inside.
    pub ring: usize,
}

/// The rings of a radar, and where everything stands.
#[derive(Clone, PartialEq, Debug)]
pub struct Layout {
    /// How far each ring reaches, from the inside out.
    pub edges: Vec<f64>,
    /// Where each thing stands.
    pub spots: Vec<Spot>,
}

/// Places everything; what names a ring beyond the last stands in the last.
pub fn layout(rings: usize, things: &[Placed<'_>]) -> Layout {
    let rings = rings.max(1);
    let ring_of = |thing: &Placed<'_>| thing.ring.min(rings - 1);
    let mut counts = vec![[0_usize; 4]; rings];
    things.iter().for_each(|thing| counts[ring_of(thing)][thing.quarter % 4] += 1);
    let mut first = 1;
    let mut arcs = Vec::new();
    for (ring, least) in usual_arcs(rings).into_iter().enumerate() {
        let most = counts[ring].iter().copied().max().unwrap_or_default();
        let mut last = first + least - 1;
        // A quarter more than is needed, so that most stand where their names want them.
        while (first..=last).map(places_on).sum::<usize>() < most + most.div_ceil(4) {
            last += 1;
        }
        arcs.push((first, last));
        first = last + 1;
    }
    let mut spots = vec![Spot { x: 0.0, y: 0.0 }; things.len()];
    for (ring, (from, to)) in arcs.iter().enumerate() {
        for quarter in 0..4 {
            let here = |at: &usize| ring_of(&things[*at]) == ring && things[*at].quarter % 4 == quarter;
            let members: Vec<usize> = (0..things.len()).filter(here).collect();
            let names: Vec<&str> = members.iter().map(|at| things[*at].name).collect();
            for (at, spot) in members.into_iter().zip(chosen(&names, *from, *to)) {
                spots[at] = turned(spot, quarter);
            }
        }
    }
    let edges = arcs.iter().map(|(_, last)| radius(*last) + STEP / 2.0).collect();
    Layout { edges, spots }
}

/// How many arcs each ring has at least: two, and what is left goes to the inner ones, whose arcs are short.
fn usual_arcs(rings: usize) -> Vec<usize> {
    let mut arcs = vec![2; rings];
    for nth in 0..ARCS.saturating_sub(2 * rings) {
        arcs[[0, 1, 0, 2][nth % 4] % rings] += 1;
    }
    arcs
}

fn radius(arc: usize) -> f64 {
    arc as f64 * STEP
}

/// The smallest angle at which something may stand on an arc, and the angle between neighbours.
fn angles(arc: usize) -> (f64, f64) {
    let angle = |length: f64| libm::asin((length / radius(arc)).min(1.0));
    (angle(MARGIN), 2.0 * angle(STEP / 2.0))
}

/// How many places an arc has in a quarter.
fn places_on(arc: usize) -> usize {
    let (first, between) = angles(arc);
    1 + ((FRAC_PI_2 - 2.0 * first) / between).max(0.0) as usize
}

/// The places of an arc in the quarter to the right and below.
fn places(arc: usize) -> impl Iterator<Item = Spot> {
    let (first, _) = angles(arc);
    let count = places_on(arc);
    let angle = move |nth: usize| match count {
        1 => FRAC_PI_2 / 2.0,
        _ => first + (FRAC_PI_2 - 2.0 * first) * nth as f64 / (count - 1) as f64,
    };
    (0..count).map(move |nth| polar(radius(arc), angle(nth)))
}

fn polar(radius: f64, angle: f64) -> Spot {
    Spot { x: radius * libm::cos(angle), y: radius * libm::sin(angle) }
}

/// For each name the place nearest to where its hash wants it, of those that the names before it in the order of hashes left free.
fn chosen(names: &[&str], from: usize, to: usize) -> Vec<Spot> {
    let mut free: Vec<Spot> = (from..=to).flat_map(places).collect();
    let mut order: Vec<(u64, &str, usize)> = names.iter().zip(0..).map(|(name, at)| (hash(name), *name, at)).collect();
    order.sort_unstable();
    let mut found = vec![Spot { x: 0.0, y: 0.0 }; names.len()];
    for (hash, _, at) in order {
        let wanted = wanted(hash, radius(from), radius(to));
        let distance = |spot: &Spot| (spot.x - wanted.x).powi(2) + (spot.y - wanted.y).powi(2);
        let nearest = (0..free.len()).min_by(|a, b| distance(&free[*a]).total_cmp(&distance(&free[*b])));
        if let Some(nearest) = nearest {
            found[at] = free.remove(nearest);
        }
    }
    found
}

/// Where a hash wants something between two arcs: each piece of the ground on which it may stand is about as likely as another.
fn wanted(hash: u64, from: f64, to: f64) -> Spot {
    let share = |bits: u64| (bits & 0xffff_ffff) as f64 / f64::from(u32::MAX);
    let squared = from * from + share(hash >> 32) * (to * to - from * from);
    let radius = squared.sqrt();
    let first = libm::asin((MARGIN / radius).min(0.7));
    polar(radius, first + (FRAC_PI_2 - 2.0 * first) * share(hash))
}

/// FNV-1a, and its bits mixed once more, as short names differ in few.
fn hash(name: &str) -> u64 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325, step);
    let hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash ^ (hash >> 33)
}

/// A spot of the quarter to the right and below in another one.
fn turned(Spot { x, y }: Spot, quarter: usize) -> Spot {
    match quarter {
        0 => Spot { x: -x, y: -y },
        1 => Spot { x, y: -y },
        2 => Spot { x: -x, y },
        _ => Spot { x, y },
    }
}

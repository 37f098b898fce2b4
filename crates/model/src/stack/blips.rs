//! A radar as it is shown: its rings, what stands in them, and what has moved since an earlier issue.

use super::{Known, Ring, Technologies};
use crate::facets::technologies::class::{RADAR, TECHNOLOGY};
use crate::facets::technologies::facts::radar;
use crate::facets::technologies::facts::technology::{self, Quadrant};
use crate::{Architecture, ItemRef, facts};
use std::collections::BTreeMap;

/// What became of a technology since an earlier issue of the radar.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Movement {
    /// It was in no ring.
    New,
    /// It was further out.
    In,
    /// It was further in.
    Out,
    /// It stands where it stood, or nothing earlier is known.
    None,
}

impl Movement {
    /// As radar builders write it.
    pub fn word(self) -> &'static str {
        match self {
            Movement::New => "new",
            Movement::In => "moved in",
            Movement::Out => "moved out",
            Movement::None => "no change",
        }
    }
}

/// What became of the technologies since an earlier issue of the radar.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Movements {
    /// Of each that is in a ring, by its name.
    of: BTreeMap<String, Movement>,
    /// Those that are in no ring any more.
    gone: Vec<Gone>,
}

/// A technology that was in a ring and is in none any more.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Gone {
    /// Its name as people write it.
    pub title: String,
    /// The ring in which it was.
    pub ring: String,
}

/// What became of each technology that is in a ring afterwards, and which were in one before.
pub fn movements(before: &Technologies<'_>, after: &Technologies<'_>) -> Movements {
    let (old, new) = (rings_once(before), rings_once(after));
    let mut movements = Movements::default();
    let mut still: Vec<Known> = Vec::new();
    for known in after.own() {
        let Some(ring) = after.ring(known) else { continue };
        let earlier = names(after, known).into_iter().filter_map(|name| before.called(name));
        let was = earlier.filter_map(|known| Some((known, before.ring(known)?))).next();
        still.extend(was.map(|(known, _)| known));
        let movement = was.map_or(Movement::New, |(_, was)| between((was, &old), (ring, &new)));
        movements.of.insert(after.name(known).to_owned(), movement);
    }
    let gone = before.own().filter(|known| !still.contains(known));
    let gone = gone.filter_map(|known| {
        Some(Gone { title: before.title(known).to_owned(), ring: before.ring(known)?.name.to_owned() })
    });
    movements.gone = gone.collect();
    movements
}

/// What a technology is called, and was called before.
fn names<'a>(technologies: &Technologies<'a>, known: Known) -> Vec<&'a str> {
    let arch = technologies.architecture();
    let was = known.own.into_iter().flat_map(|at| arch.list(at, &facts::WAS));
    [technologies.name(known), technologies.title(known)].into_iter().chain(was).collect()
}

/// The way from a ring to a ring. A ring that is there no longer counts by its place.
fn between((was, old): (Ring<'_>, &[Ring<'_>]), (is, new): (Ring<'_>, &[Ring<'_>])) -> Movement {
    let place = |rings: &[Ring<'_>], name: &str| rings.iter().position(|ring| ring.name == name);
    let was = place(new, was.name).or_else(|| place(old, was.name));
    match was.cmp(&place(new, is.name)) {
        std::cmp::Ordering::Greater => Movement::In,
        std::cmp::Ordering::Less => Movement::Out,
        std::cmp::Ordering::Equal => Movement::None,
    }
}

/// The rings from the inside out, each once.
fn rings_once<'a>(technologies: &Technologies<'a>) -> Vec<Ring<'a>> {
    let mut once: Vec<Ring<'a>> = Vec::new();
    for ring in technologies.rings() {
        if once.iter().all(|known| known.name != ring.name) {
            once.push(ring);
        }
    }
    once
}

/// A technology on a radar.
#[derive(Clone, Debug)]
pub struct Blip<'a> {
    /// The number by which the picture and the legend tell it.
    pub number: usize,
    /// The record that puts it into its ring.
    pub at: ItemRef,
    /// Its name in the workspace.
    pub name: &'a str,
    /// Its name as people write it.
    pub title: &'a str,
    /// Its quarter.
    pub quadrant: Quadrant,
    /// Its ring, counted from the inside.
    pub ring: usize,
    /// What became of it.
    pub movement: Movement,
    /// Why it is in its ring.
    pub rationale: Option<&'a str>,
    /// What it is.
    pub description: Option<&'a str>,
    /// Who answers for it.
    pub owner: Option<&'a str>,
    /// What takes its place.
    pub successor: Option<&'a str>,
}

impl<'a> Blip<'a> {
    /// What other radars call its description: why it is in its ring, or else what it is.
    pub fn told(&self) -> &'a str {
        self.rationale.or(self.description).unwrap_or_default()
    }
}

/// Why a technology that names a ring is not shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lack {
    /// The radar has no such ring.
    Ring,
    /// It has neither a quadrant nor a category.
    Quadrant,
}

/// A radar as it is shown.
#[derive(Clone, Debug)]
pub struct Radar<'a> {
    /// Its title.
    pub title: &'a str,
    /// The day of this issue.
    pub date: Option<&'a str>,
    /// Who answers for it.
    pub owner: Option<&'a str>,
    /// Its rings, from the inside out.
    pub rings: Vec<Ring<'a>>,
    /// What stands in them, in the order of their numbers.
    pub blips: Vec<Blip<'a>>,
    /// What names a ring and is not shown.
    pub unplaced: Vec<(ItemRef, Lack)>,
    /// Whether an earlier issue is known.
    pub is_compared: bool,
    /// What stood in it in that issue and does not any more.
    pub gone: Vec<Gone>,
}

/// The quarters in the order in which they are shown.
pub const QUADRANTS: [Quadrant; 4] = [Quadrant::Techniques, Quadrant::Tools, Quadrant::Platforms, Quadrant::Languages];

impl Quadrant {
    /// Its name as people write it.
    pub fn title(self) -> &'static str {
        match self {
            Quadrant::Techniques => "Techniques",
            Quadrant::Tools => "Tools",
            Quadrant::Platforms => "Platforms",
            Quadrant::Languages => "Languages & Frameworks",
        }
    }

    /// Its place in [`QUADRANTS`].
    pub fn place(self) -> usize {
        QUADRANTS.iter().position(|quadrant| *quadrant == self).unwrap_or_default()
    }
}

impl<'a> Radar<'a> {
    /// The radar of a workspace, with what became of its technologies if an earlier issue is known.
    pub fn new(technologies: &Technologies<'a>, moved: Option<&Movements>) -> Radar<'a> {
        let arch = technologies.architecture();
        let record = arch.records_of(&RADAR).next();
        let mut radar = Radar {
            title: record.map_or("Technology radar", |record| arch.title(record.at)),
            date: record.and_then(|record| arch.text(record.at, &radar::DATE)),
            owner: record.and_then(|record| arch.text(record.at, &facts::OWNER)),
            rings: rings_once(technologies),
            blips: Vec::new(),
            unplaced: Vec::new(),
            is_compared: moved.is_some(),
            gone: moved.map_or_else(Vec::new, |moved| moved.gone.clone()),
        };
        for known in technologies.own() {
            let Some(at) = known.own else { continue };
            match radar.blip(technologies, known, at) {
                None => {}
                Some(Ok(blip)) => {
                    let movement = moved.and_then(|moved| moved.of.get(blip.name)).copied();
                    radar.blips.push(Blip { movement: movement.unwrap_or(Movement::None), ..blip });
                }
                Some(Err(lack)) => radar.unplaced.push((at, lack)),
            }
        }
        radar.blips.sort_by_cached_key(|blip| {
            (blip.quadrant.place(), blip.ring, blip.title.to_lowercase(), blip.name.to_owned())
        });
        radar.blips.iter_mut().zip(1..).for_each(|(blip, number)| blip.number = number);
        radar
    }

    /// A technology as it is shown; `None` if it names no ring.
    fn blip(&self, technologies: &Technologies<'a>, known: Known, at: ItemRef) -> Option<Result<Blip<'a>, Lack>> {
        let arch = technologies.architecture();
        let ring = arch.text(at, &technology::RING)?;
        let Some(ring) = self.rings.iter().position(|known| known.name == ring) else { return Some(Err(Lack::Ring)) };
        let Some(quadrant) = technologies.quadrant(known) else { return Some(Err(Lack::Quadrant)) };
        let successor = technologies.text(known, &technology::SUCCESSOR);
        let named = |name: &'a str| technologies.called(name).map_or(name, |known| technologies.title(known));
        Some(Ok(Blip {
            number: 0,
            at,
            name: arch.name(at),
            title: technologies.title(known),
            quadrant,
            ring,
            movement: Movement::None,
            rationale: technologies.text(known, &technology::RATIONALE),
            description: technologies.text(known, &facts::DESCRIPTION),
            owner: arch.text(at, &facts::OWNER),
            successor: successor.map(named),
        }))
    }

    /// What stands in a ring of a quarter.
    pub fn standing(&self, quadrant: Quadrant, ring: usize) -> impl Iterator<Item = &Blip<'a>> {
        self.blips.iter().filter(move |blip| blip.quadrant == quadrant && blip.ring == ring)
    }
}

impl<'a> Technologies<'a> {
    /// Its name: in the workspace, or else in the catalogue.
    pub fn name(&self, known: Known) -> &'a str {
        let own = known.own.map(|at| self.architecture().name(at));
        own.or_else(|| known.built_in.map(|entry| entry.name())).unwrap_or_default()
    }

    /// Whether the workspace declares technologies at all.
    pub fn has_own(&self) -> bool {
        self.architecture().records_of(&TECHNOLOGY).next().is_some()
    }
}

/// What a reader does about a technology that names a ring and is not shown.
pub fn lacking(arch: &Architecture, at: ItemRef, lack: Lack, rings: &[Ring<'_>]) -> (String, String) {
    let name = arch.name(at);
    match lack {
        Lack::Ring => {
            let ring = arch.text(at, &technology::RING).unwrap_or_default();
            let known: Vec<String> = rings.iter().map(|ring| format!("`{}`", ring.name)).collect();
            let known = known.join(", ");
            (format!("`{name}` is in the ring `{ring}`, which the radar lacks"), format!("write one of {known}"))
        }
        Lack::Quadrant => (
            format!("`{name}` is in a ring, and it is not known in which quadrant"),
            "add `quadrant=tools` or another, or say by `category` what it is for".to_owned(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use groma_base::FileId;
    use std::sync::Arc;

    fn read(text: &str) -> Architecture {
        let (tree, errors) = groma_syntax::parse(text.to_owned());
        assert!(errors.is_empty(), "{errors:?}");
        let (arch, problems) = crate::link(vec![Arc::new(crate::decode::decode(FileId(0), &tree))]);
        assert!(problems.is_empty(), "{problems:?}");
        arch
    }

    fn moved(before: &str, after: &str) -> Vec<(String, Movement)> {
        let (before, after) = (read(before), read(after));
        movements(&Technologies::new(&before), &Technologies::new(&after)).of.into_iter().collect()
    }

    #[test]
    fn what_came_and_what_moved_is_told() {
        let before = "technology go ring=assess\ntechnology rust ring=trial\ntechnology php ring=hold\ntechnology perl";
        let after =
            "technology go ring=trial\ntechnology rust ring=hold\ntechnology php ring=hold\ntechnology perl ring=hold";
        use Movement::*;
        let told = moved(before, after);
        let told: Vec<(&str, Movement)> = told.iter().map(|(name, movement)| (name.as_str(), *movement)).collect();
        assert_eq!(told, [("go", In), ("perl", New), ("php", None), ("rust", Out)]);
    }

    #[test]
    fn another_name_for_the_same_is_the_same() {
        let before = "technology pg \"PostgreSQL\" ring=trial";
        assert_eq!(moved(before, "technology postgresql ring=adopt"), [("postgresql".to_owned(), Movement::In)]);
    }

    #[test]
    fn what_is_in_no_ring_any_more_is_told() {
        let before = "technology go ring=trial\ntechnology perl \"Perl\" ring=hold\ntechnology old-queue ring=adopt\ntechnology php ring=hold";
        let after = "technology go\ntechnology acme-queue was=old-queue ring=adopt\ntechnology php ring=hold";
        let (before, after) = (read(before), read(after));
        let moved = movements(&Technologies::new(&before), &Technologies::new(&after));
        let gone: Vec<(&str, &str)> = moved.gone.iter().map(|gone| (&*gone.title, &*gone.ring)).collect();
        assert_eq!(gone, [("Go", "trial"), ("Perl", "hold")]);
        assert_eq!(moved.of["acme-queue"], Movement::None);
    }

    #[test]
    fn a_ring_that_is_gone_counts_by_its_place() {
        let before = "radar r { ring yes; ring perhaps; ring no }\ntechnology go ring=perhaps\ntechnology php ring=no";
        let after = "radar r { ring yes; ring no }\ntechnology go ring=no\ntechnology php ring=yes";
        let all: Vec<Movement> = moved(before, after).into_iter().map(|(_, movement)| movement).collect();
        assert_eq!(all, [Movement::None, Movement::In]);
    }

    #[test]
    fn blips_are_numbered_by_quadrant_ring_and_title_and_what_cannot_stand_is_told() {
        let text = "technology b \"B\" ring=hold quadrant=tools\ntechnology a \"A\" ring=hold quadrant=tools\ntechnology postgresql ring=adopt\ntechnology x ring=adopt\ntechnology go ring=never\ntechnology small-steps ring=adopt quadrant=techniques\nteam t";
        let arch = read(text);
        let radar = Radar::new(&Technologies::new(&arch), Option::None);
        let told: Vec<(usize, &str)> = radar.blips.iter().map(|blip| (blip.number, blip.title)).collect();
        assert_eq!(told, [(1, "small-steps"), (2, "A"), (3, "B"), (4, "PostgreSQL")]);
        let lacks: Vec<Lack> = radar.unplaced.iter().map(|(_, lack)| *lack).collect();
        assert_eq!(lacks, [Lack::Quadrant, Lack::Ring]);
        assert_eq!(radar.title, "Technology radar");
    }
}

//! Technologies: what is known of them, and how far a company wants them used.

pub mod category;
pub mod facts;

use super::Facet;
use super::common::{DECISION, DESCRIPTION, LINK, OWNER, REALIZES, TAGS, WAS};
use crate::items::ItemRef;
use crate::schema::{Fact, Head, Kind};
use facts::{radar, technology};
use rustc_hash::FxHashMap;

/// The facet.
pub static FACET: Facet = Facet::of_records("technologies", "Technologies", KINDS);

/// The classes.
pub mod class {
    use super::super::common::records;
    use crate::schema::{Class, Feeds};

    /// `technology`
    pub static TECHNOLOGY: Class = records("technology", "a technology", Feeds::Nothing);
    /// `radar`
    pub static RADAR: Class = records("radar", "a radar", Feeds::Nothing);
}

/// What the technologies of a workspace are called, in the plain form of names.
#[derive(Debug, Default)]
pub(crate) struct TechnologyNames {
    /// All that they are called.
    pub(crate) today: FxHashMap<String, ItemRef>,
    /// What is called like one of a kit: the name means that one.
    pub(crate) refused: FxHashMap<String, ItemRef>,
    /// Of what is called by names of some of a kit, among other words, those.
    pub(crate) kinds: FxHashMap<ItemRef, Vec<ItemRef>>,
    /// All that they were called; `None` where several were.
    pub(crate) before: FxHashMap<String, Option<ItemRef>>,
    /// Whether the radar, or some of it, is that of a kit.
    pub(crate) has_radar_of_kit: bool,
}

const OF_A_TECHNOLOGY: &[&Fact] = &[
    &technology::CATEGORY,
    &technology::QUADRANT,
    &technology::ALSO,
    &technology::RING,
    &technology::RATIONALE,
    &technology::VERSION,
    &technology::SUPPORT_UNTIL,
    &technology::ENDED,
    &technology::SUCCESSOR,
    &technology::LICENCE,
    &technology::MANAGED,
    &technology::LANGUAGE,
    &technology::PLATFORM,
    &technology::WHEN,
    &technology::AVOID,
    &technology::CONNECTIONS,
    &technology::PAYLOAD,
    &technology::COLD_START,
    &technology::CPU_TIME,
    &technology::TIME_LIMIT,
    &technology::MEMORY_LIMIT,
    &technology::CONCURRENCY,
    &technology::SOURCE,
    &REALIZES,
    &DECISION,
    &DESCRIPTION,
    &OWNER,
    &TAGS,
    &LINK,
    &WAS,
];

static KINDS: &[Kind] = &[
    Kind {
        name: "technology",
        other_names: &["tech", "tool", "product"],
        habits: &[],
        class: &class::TECHNOLOGY,
        summary: "what is known of a technology, and how far you want it used",
        doc: "`technology=\"PostgreSQL 17\"` on an element means it by its title, its name here or one of `also`, whatever the case, blanks, dots and hyphens; the version is what follows. Groma knows several hundred by itself (`groma explain postgresql`); what you say of one of these wins over what Groma knows, and what you do not say stays. A text that names nothing known is allowed, and told once.",
        example: "technology postgresql \"PostgreSQL\" ring=adopt owner=platform {\n    rationale \"Three teams run it.\"\n    version \"17\" support-until=2029-11-08\n}",
        head: Head::Named,
        facts: &[OF_A_TECHNOLOGY],
    },
    Kind {
        name: "radar",
        other_names: &["technology-radar", "tech-radar"],
        habits: &[],
        class: &class::RADAR,
        summary: "the rings of your technology radar, and what each asks",
        doc: "The technologies in it are those with a `ring`. Without a `radar` the rings are `adopt`, `trial`, `assess` and `hold`. `policy` says what a ring asks of those who use something in it; the rules `technology-on-hold`, `unpermitted-technology` and `technology-beside-radar` hold them to it. `groma radar` draws it.",
        example: "radar company \"Company radar\" date=2026-11-30 {\n    ring adopt means=\"Safe to use\"\n    ring trial means=\"With permission\"\n    ring hold means=\"Not for new services\"\n}\ntechnology mongodb \"MongoDB\" ring=hold successor=postgresql {\n    rationale \"Nobody can run it.\"\n}\ntechnology postgresql \"PostgreSQL\" ring=adopt",
        head: Head::Named,
        facts: &[&[&radar::DATE, &radar::RINGS, &DESCRIPTION, &OWNER, &TAGS, &LINK, &WAS]],
    },
];

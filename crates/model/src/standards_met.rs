//! What the standards of a workspace are about, and what does not meet them.

use crate::facets::standards::facts::standard;
pub use crate::facets::standards::{says_none, standard_called};
use crate::query::{Answers, Query, Within, without};
use crate::schema::Fact;
use crate::{Architecture, ItemRef};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// What a standard is about.
#[derive(Clone, Debug)]
pub struct Scope {
    /// The things to which it applies, in the order of the text.
    pub about: Arc<[ItemRef]>,
    /// Those of them that do not meet it.
    pub unmet: Vec<ItemRef>,
    /// What it demands, if several things with `and` each of these, with those that do not meet it; nothing where all meet it.
    pub parts: Vec<(Query, Vec<ItemRef>)>,
}

impl Scope {
    /// What something lacks of what is demanded with `and`.
    pub fn lacking(&self, at: ItemRef) -> impl Iterator<Item = &Query> {
        self.parts.iter().filter(move |(_, unmet)| unmet.binary_search(&at).is_ok()).map(|(part, _)| part)
    }
}

/// What a standard is about, on a day (`YYYY-MM-DD`). `None` if it does not say that.
pub fn scope(arch: &Architecture, standard: ItemRef, today: &str) -> Option<Scope> {
    scopes(arch, &[standard], today).pop()?
}

/// The same of standards that say the same in `applies`: what they have in common is looked for once.
pub fn scopes(arch: &Architecture, standards: &[ItemRef], today: &str) -> Vec<Option<Scope>> {
    let answers = Answers::on(today);
    let first = standards.first().and_then(|first| query(arch, *first, &standard::APPLIES));
    let about = first.as_ref().and_then(|applies| applies.things(arch, &answers).ok());
    let (Some(applies), Some(about)) = (&first, about) else { return vec![None; standards.len()] };
    let within = Within::new(applies, about.clone(), arch, &answers);
    let about: Arc<[ItemRef]> = about.into();
    let scope = |standard: &ItemRef| {
        let must = query(arch, *standard, &standard::MUST)?;
        let unmet = without(&about, &within.select(&must).ok()?);
        let terms = if unmet.is_empty() { Vec::new() } else { must.terms() };
        let is_one = terms.len() == 1;
        let lacking = |term: Query| {
            let lacking = if is_one { unmet.clone() } else { without(&unmet, &within.select(&term).ok()?) };
            Some((term, lacking))
        };
        let parts = terms.into_iter().filter_map(lacking).collect();
        Some(Scope { about: Arc::clone(&about), unmet, parts })
    };
    standards.iter().map(scope).collect()
}

/// Some standards, those together that say the same in `applies` and mean the same by it, as those of kits do.
pub fn together(arch: &Architecture, standards: impl IntoIterator<Item = ItemRef>) -> Vec<Vec<ItemRef>> {
    let mut found: Vec<Vec<ItemRef>> = Vec::new();
    let mut place: FxHashMap<(Option<&str>, bool), usize> = FxHashMap::default();
    for at in standards {
        let group = *place.entry((arch.text(at, &standard::APPLIES), arch.kit(at).is_some())).or_insert(found.len());
        if group == found.len() {
            found.push(Vec::new());
        }
        found[group].push(at);
    }
    found
}

/// Whether the day decides what a standard is about, or what meets it.
pub fn depends_on_the_day(arch: &Architecture, standard: ItemRef) -> bool {
    let asks_day = |fact| query(arch, standard, fact).map(|query| query.asks_day());
    asks_day(&standard::APPLIES).zip(asks_day(&standard::MUST)).is_some_and(|(applies, must)| applies || must)
}

/// What it applies to, or what must be so of that.
fn query(arch: &Architecture, at: ItemRef, fact: &'static Fact) -> Option<Query> {
    Query::said_by(at, arch, arch.text(at, fact)?).ok()
}

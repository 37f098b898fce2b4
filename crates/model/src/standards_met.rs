//! What the standards of a workspace are about, and what does not meet them.

use crate::facets::standards::facts::standard;
use crate::facts;
use crate::kinds::class;
use crate::query::{Answers, Query, without};
use crate::{Architecture, ItemRef};

/// The standard of this name, or else that which had it before, as its `was` says.
pub fn standard_called(arch: &Architecture, name: &str) -> Option<ItemRef> {
    let all = || arch.records_of(&class::STANDARD).map(|record| record.at);
    let was = |at: &ItemRef| arch.list(*at, &facts::WAS).any(|was| was == name);
    all().find(|at| arch.name(*at) == name).or_else(|| all().find(was))
}

/// What a standard is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Scope {
    /// The things to which it applies, in the order of the text.
    pub about: Vec<ItemRef>,
    /// Those of them that do not meet it.
    pub unmet: Vec<ItemRef>,
}

/// What a standard is about, on a day (`YYYY-MM-DD`). `None` if it does not say that.
pub fn scope(arch: &Architecture, standard: ItemRef, today: &str) -> Option<Scope> {
    let (applies, must) = queries(arch, standard)?;
    let answers = Answers::on(today);
    let about = applies.things(arch, &answers).ok()?;
    let good = must.of_these(about.clone(), &applies, arch, &answers).ok()?;
    let unmet = without(about.clone(), good);
    Some(Scope { about, unmet })
}

/// Whether the day decides what a standard is about, or what meets it.
pub fn depends_on_the_day(arch: &Architecture, standard: ItemRef) -> bool {
    queries(arch, standard).is_some_and(|(applies, must)| applies.asks_age() || must.asks_age())
}

/// What it applies to, and what must be so of that.
fn queries(arch: &Architecture, standard: ItemRef) -> Option<(Query, Query)> {
    let query = |fact| Query::parse(arch.text(standard, fact)?).ok();
    Some((query(&standard::APPLIES)?, query(&standard::MUST)?))
}

//! What the standards of a workspace are about, and what does not meet them.

use crate::facets::standards::facts::standard;
use crate::query::{Answers, Query, without};
use crate::{Architecture, ItemRef};

/// What a standard is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Scope {
    /// The things to which it applies, in the order of the text.
    pub about: Vec<ItemRef>,
    /// Those of them that do not meet it.
    pub unmet: Vec<ItemRef>,
}

/// What a standard is about. `None` if it does not say that.
pub fn scope(arch: &Architecture, standard: ItemRef) -> Option<Scope> {
    let query = |fact| Query::parse(arch.text(standard, fact)?).ok();
    let (applies, must) = (query(&standard::APPLIES)?, query(&standard::MUST)?);
    let about = applies.things(arch, &Answers::default()).ok()?;
    let good = must.of_these(about.clone(), &applies, arch, &Answers::default()).ok()?;
    let unmet = without(about.clone(), good);
    Some(Scope { about, unmet })
}

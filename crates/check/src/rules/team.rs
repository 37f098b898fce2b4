//! How many people there are to own what there is: those of the workspace, or as few as a quality wants.

use crate::Context;
use groma_model::decode::FactValue;
use groma_model::{ElementId, ItemRef, facts};
use groma_simulate::Metric;

/// So many people, for all or for an element, and where that stands.
pub(super) struct Team<'a> {
    pub(super) at: ItemRef,
    pub(super) fact: &'a FactValue,
    pub(super) people: f64,
    pub(super) of: Option<ElementId>,
}

/// The team of the workspace, and each smaller one that a quality wants to be enough.
pub(super) fn teams<'a>(cx: &Context<'a>) -> Vec<Team<'a>> {
    let arch = cx.arch;
    let given = |at| Some((arch.fact(at, &facts::workspace::TEAM)?, arch.quantity(at, &facts::workspace::TEAM)?.high));
    let own = arch.workspace.and_then(|at| given(at).map(|(fact, people)| Team { at, fact, people, of: None }));
    let there = own.as_ref().map_or(f64::INFINITY, |own| own.people);
    let required = groma_simulate::requirements(arch)
        .into_iter()
        .filter(|one| one.metric == Metric::Team && one.upper && one.limit < there && !one.is_threshold);
    let required = required.filter_map(|one| {
        let mut all = arch.values_of(one.quality, &facts::quality::REQUIRE);
        let fact = all.find(|fact| fact.range == one.range)?;
        Some(Team { at: one.quality, fact, people: one.limit, of: one.of })
    });
    own.into_iter().chain(required).collect()
}

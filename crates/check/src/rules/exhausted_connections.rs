use crate::{Context, Input, Reach, Rule};
use groma_base::{Dimension, Severity};
use groma_model::facts::technology;
use groma_model::stack::Known;
use groma_model::{Architecture, ElementId, Level, RelationId, facts};
use groma_simulate::number::apart;
use groma_simulate::number::plain;
use rustc_hash::FxHashMap;
use std::cell::OnceCell;

pub(super) static RULE: Rule = Rule {
    name: "exhausted-connections",
    severity: Severity::Error,
    summary: "pools that open more connections than the other side accepts",
    check: Some(check),
    reach: Reach::Whole,
    absence: None,
    calculates_from: Some(Input::Structure),
    blocks_forecast: false,
    page: include_str!("exhausted_connections.md"),
};

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    let placed = Placed::default();
    for id in arch.element_ids() {
        let Some((most, usual)) = accepted(cx, id) else { continue };
        let mut total = 0.0;
        let mut told = Vec::new();
        let pool = |relation| Some((relation, arch.quantity(arch.relation(relation).at, &facts::relation::POOL)?));
        let mut opened: Vec<_> = opened_to(arch, id).into_iter().filter_map(pool).collect();
        opened.sort_by_cached_key(|(relation, _)| arch.relation_address(*relation));
        for (relation, pool) in opened {
            let (at, caller) = (arch.relation(relation).at, arch.relation(relation).from);
            let replicas = placed.most_replicas(arch, caller);
            total += replicas * pool.high;
            told.push((at, format!("{} replicas with {} connections each", plain(replicas), plain(pool.high))));
        }
        if total <= most {
            continue;
        }
        let (opened, accepted) = apart(Dimension::Count, total, most);
        let message =
            format!("up to {opened} connections are opened to the {}, which accepts {accepted}", cx.named(id));
        let Some((first, _)) = told.first() else { continue };
        let mut finding = cx.at(*first, message);
        if let Some(usual) = usual {
            let title = cx.technologies().title(usual);
            let unless =
                format!("{title} accepts {} unless it is told otherwise; `connections` says that it is", plain(most));
            finding = finding.note(unless);
        }
        for (at, words) in &told {
            let span = arch.name_span(*at);
            finding = finding.secondary(span, words.clone()).or_at(span);
        }
        cx.push(finding.help("make the pools smaller, run fewer replicas, or put a connection pooler between them"));
    }
}

/// The relationships that open connections to an element: to a container also those to what is in it, as a schema in a database has none
/// of its own.
fn opened_to(arch: &Architecture, id: ElementId) -> Vec<RelationId> {
    match arch.element(id).level {
        Level::Container => arch.incoming_from_outside(id),
        Level::Person | Level::System | Level::Component => arch.incoming(id).collect(),
    }
}

/// How many connections an element accepts: as it says, or else as what it is built with usually does, which is named.
fn accepted(cx: &Context<'_>, id: ElementId) -> Option<(f64, Option<Known>)> {
    let at = cx.arch.element(id).at;
    if let Some(most) = cx.arch.quantity(at, &facts::element::CONNECTIONS) {
        return Some((most.high, None));
    }
    let technologies = cx.technologies();
    let known = technologies.of(at).filter_map(|named| named.known);
    let limits =
        known.filter_map(|known| Some((technologies.quantity(known, &technology::CONNECTIONS)?.high, Some(known))));
    limits.min_by(|a, b| a.0.total_cmp(&b.0))
}

/// How many replicas of each element each deployment has, once it is asked for: pairs of deployment and number.
#[derive(Default)]
struct Placed(OnceCell<FxHashMap<ElementId, Vec<(usize, f64)>>>);

impl Placed {
    /// The most replicas of what an element is part of.
    fn most_replicas(&self, arch: &Architecture, id: ElementId) -> f64 {
        let own = arch.ancestors(id).find_map(|at| arch.quantity(arch.element(at).at, &facts::element::REPLICAS));
        own.map_or_else(|| self.most_placed(arch, id), |own| own.high)
    }

    fn most_placed(&self, arch: &Architecture, id: ElementId) -> f64 {
        let placed = self.0.get_or_init(|| placed(arch));
        let mut totals: FxHashMap<usize, f64> = FxHashMap::default();
        for (deployment, count) in arch.ancestors(id).filter_map(|at| placed.get(&at)).flatten() {
            *totals.entry(*deployment).or_default() += count;
        }
        totals.into_values().fold(1.0, f64::max)
    }
}

fn placed(arch: &Architecture) -> FxHashMap<ElementId, Vec<(usize, f64)>> {
    let mut placed: FxHashMap<ElementId, Vec<(usize, f64)>> = FxHashMap::default();
    for (nth, deployment) in arch.deployments.iter().enumerate() {
        for (of, count) in arch.placed(deployment).filter_map(|one| Some((one.instance.element, one.replicas?.high))) {
            placed.entry(of).or_default().push((nth, count));
        }
    }
    placed
}

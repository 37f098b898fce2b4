use super::prose::{Figure, Of, figures};
use crate::{Context, Reach, Rule};
use groma_base::{Diagnostic, Severity, Span};
use groma_model::decode::{FactValue, find_fact};
use groma_model::facets::decisions::{is_in, plain};
use groma_model::facts::decision::{FIGURE, Status};
use groma_model::facts::{load, quality, workspace};
use groma_model::kinds::class::{DECISION, LOAD, QUALITY};
use groma_model::{Architecture, ElementId, Entity, FlowId, ItemRef};
use groma_simulate::Metric;

pub(super) static RULE: Rule = Rule {
    name: "contradicting-record",
    severity: Severity::Warning,
    summary: "a number in a decision that the qualities or loads of the model contradict",
    check: Some(check),
    reach: Reach::Records,
    absence: None,
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("contradicting_record.md"),
};

/// A number of the model that one in a sentence may contradict.
struct Stated<'a> {
    at: ItemRef,
    given: &'a FactValue,
    value: f64,
    /// For which share of the requests, of a response time; `None` is their mean.
    share: Option<f64>,
}

/// Where the model states numbers.
struct Sources {
    qualities: Vec<ItemRef>,
    loads: Vec<ItemRef>,
    /// The flows, with their titles as plain words.
    flows: Vec<(FlowId, String)>,
}

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    let all = |class| arch.records_of(class).map(|record| record.at).collect();
    let flows = arch.flows.entries().map(|(id, flow)| (id, plain(arch.title(flow.at)))).collect();
    let sources = Sources { qualities: all(&QUALITY), loads: all(&LOAD), flows };
    for at in cx.records_of(&DECISION) {
        if !matches!(arch.choice::<Status>(at), Some(Status::Accepted | Status::Proposed)) {
            continue;
        }
        let things = arch.decided_by(at);
        // What a record says twice is told once.
        let mut told: Vec<(Of, f64)> = Vec::new();
        for given in arch.values_of(at, &FIGURE) {
            for figure in figures(arch.words(at, given), &|name| cx.technologies().called(name).is_some()) {
                if told.contains(&(figure.of, figure.value)) {
                    continue;
                }
                told.push((figure.of, figure.value));
                let found = contradiction(
                    cx,
                    (at, given),
                    &figure,
                    &sources.stated(arch, &things, (figure.of, arch.words(at, given))),
                );
                found.into_iter().for_each(|finding| cx.push(finding));
            }
        }
    }
}

/// What contradicts a number, with both side by side: the nearest of those that the model states, if it states none like it.
fn contradiction(
    cx: &Context<'_>,
    (at, given): (ItemRef, &FactValue),
    figure: &Figure,
    stated: &[Stated<'_>],
) -> Option<Diagnostic> {
    let arch = cx.arch;
    let is_alike = |one: &&Stated<'_>| (one.value - figure.value).abs() <= 1e-9 * figure.value.abs();
    let is_of_share = |one: &Stated<'_>| match figure.of {
        Of::Latency { share: Some(share) } => one.share.is_some_and(|other| (other - share).abs() < 1e-9),
        Of::Latency { share: None } | Of::Users { .. } | Of::Rate | Of::Availability => true,
    };
    if stated.iter().filter(is_alike).any(is_of_share) {
        return None;
    }
    let distance = |one: &&Stated<'_>| (one.value / figure.value).ln().abs();
    let address = |one: &Stated<'_>| arch.address_of(one.at);
    let near =
        stated.iter().min_by(|a, b| distance(a).total_cmp(&distance(b)).then_with(|| address(a).cmp(&address(b))))?;
    // Of fewer requests a smaller time is no other limit: half within 50ms, and 95% within 200ms.
    if let Of::Latency { share: Some(share) } = figure.of
        && near.share.is_some_and(|other| other > share && near.value > figure.value)
    {
        return None;
    }
    let words = arch.words(at, given);
    let (here, there) = (&words[figure.range.clone()], arch.words(near.at, near.given));
    let differs_in = match (figure.of, is_alike(&near)) {
        (Of::Latency { share: Some(share) }, true) => {
            let other = near.share.map_or("the mean".to_owned(), |share| format!("p{}", percent(share)));
            format!("for {}% of the requests here, and {there} as {other} there", percent(share))
        }
        _ => format!("{there} there"),
    };
    let message = format!("{} counts on {here}, and {} says otherwise: {differs_in}", cx.thing(at), cx.thing(near.at));
    let mut finding = cx.finding(place(arch, at, given, figure), message).about(at.item.raw());
    let of_all = matches!(figure.of, Of::Users { at_once: false });
    if of_all || is_alike(&near) {
        finding.severity = finding.severity.min(Severity::Note);
    }
    let help = match figure.of {
        Of::Users { at_once: false } => {
            "say in the record whether all users are meant or those at the same time, and let both say the same"
        }
        Of::Users { .. } | Of::Latency { .. } | Of::Rate | Of::Availability => {
            "find out which one holds, and write it in both"
        }
    };
    let finding = finding.secondary(arch.span(near.at, near.given.range), "the model says this");
    // A record in Markdown holds no `allow`: it may stand at any of the numbers of the model.
    let places = stated.iter().map(|one| arch.span(one.at, one.given.range));
    let finding = places.fold(finding, |finding, place| finding.or_at(place));
    Some(finding.regarding(format!("{} {here}", arch.lasting_address_of(near.at))).help(help))
}

/// A share in per cent, without the last digits that rounding made.
fn percent(share: f64) -> f64 {
    (share * 1e8).round() / 1e6
}

/// Where a number stands: its own words where the text is written as it reads.
fn place(arch: &Architecture, at: ItemRef, given: &FactValue, figure: &Figure) -> Span {
    let (written, words) = (given.range.of(&arch.file(at).text), arch.words(at, given));
    let number = &words[figure.range.clone()];
    match written.match_indices(number).collect::<Vec<_>>()[..] {
        [(start, _)] => {
            let start = given.range.start + start as u32;
            arch.span(at, groma_base::Range::new(start, start + number.len() as u32))
        }
        _ => arch.span(at, given.range),
    }
}

impl Sources {
    /// What the model states of that, about what is decided. Users of whom the words say what they do are compared with those alone who do
    /// nothing else.
    fn stated<'a>(&self, arch: &'a Architecture, things: &[ItemRef], (of, words): (Of, &str)) -> Vec<Stated<'a>> {
        let mut found = self.required(arch, things, of);
        let Of::Users { at_once } = of else { return found };
        let words = plain(words);
        let named = self.flows.iter().filter(|(_, title)| at_once && is_in(title, &words));
        let named: Vec<FlowId> = named.map(|(flow, _)| *flow).collect();
        if let Some(at) = arch.workspace.filter(|_| named.is_empty()) {
            let given = arch.fact(at, &workspace::USERS);
            found
                .extend(given.and_then(|given| Some(Stated { at, given, value: given.quantity()?.high, share: None })));
        }
        let counts = |load: &ItemRef| {
            let mixed = arch.values_of(*load, &load::MIX).filter_map(|value| arch.referred_flow(*load, value));
            let mixed: Vec<FlowId> = mixed.collect();
            let all = || if mixed.is_empty() { arch.flows.ids().collect() } else { mixed.clone() };
            named.is_empty() || all().iter().all(|flow| named.contains(flow))
        };
        for at in self.loads.iter().copied().filter(counts) {
            let stages = arch
                .values_of(at, &load::STAGE)
                .filter_map(|stage| find_fact(arch.file(at).parts_of(stage), &load::STAGE_USERS));
            let all = arch.fact(at, &load::USERS).into_iter().chain(stages);
            found
                .extend(all.filter_map(|given| Some(Stated { at, given, value: given.quantity()?.high, share: None })));
        }
        found
    }

    /// The limits of qualities that are about what is decided, or are decided themselves.
    fn required<'a>(&self, arch: &'a Architecture, things: &[ItemRef], of: Of) -> Vec<Stated<'a>> {
        let mut found = Vec::new();
        for at in self.qualities.iter().copied() {
            for require in arch.values_of(at, &quality::REQUIRE) {
                let metric = Metric::of_fact(require);
                let parts = arch.file(at).parts_of(require);
                let (limit, share) = match (of, metric) {
                    (Of::Users { .. }, Some(Metric::Users)) => (&quality::OVER, None),
                    (Of::Rate, Some(Metric::Throughput)) => (&quality::OVER, None),
                    (Of::Availability, Some(Metric::Availability)) => (&quality::OVER, None),
                    (Of::Latency { .. }, Some(Metric::Latency(latency))) => (&quality::UNDER, latency.share()),
                    _ => continue,
                };
                let Some(given) = find_fact(parts, limit) else { continue };
                let Some(quantity) = given.quantity() else { continue };
                if matches!(of, Of::Users { .. }) || things.contains(&at) || is_about(arch, at, parts, things) {
                    found.push(Stated { at, given, value: quantity.high, share });
                }
            }
        }
        found
    }
}

/// Whether a limit is measured on what is decided: on a part of it, on what it is part of, or on a flow that passes through it or a part of it.
fn is_about(arch: &Architecture, at: ItemRef, parts: &[FactValue], things: &[ItemRef]) -> bool {
    // A relationship is measured on what it leads to.
    let leads_to = |thing: ItemRef| arch.relation_at(thing).map(|relation| arch.relation(relation).to);
    let elements = things.iter().filter_map(|thing| arch.entity(*thing).and_then(Entity::element).or(leads_to(*thing)));
    let mut elements = elements.map(|id| arch.ancestors(id).collect::<Vec<ElementId>>());
    let named = |fact| find_fact(parts, fact).and_then(|part| arch.referred(at, part));
    let (of, flow) = (named(&quality::OF).and_then(Entity::element), named(&quality::FLOW));
    if let Some(Entity::Flow(flow)) = flow {
        let is_named = things.contains(&arch.flows[flow].at);
        return is_named || things.iter().any(|thing| passes(arch, flow, *thing));
    }
    let Some(of) = of else { return false };
    elements.any(|around| around.contains(&of) || arch.ancestors(of).any(|outer| outer == around[0]))
}

/// Whether a flow has a step that ends in an element or a part of it, or that uses a relationship.
fn passes(arch: &Architecture, flow: FlowId, thing: ItemRef) -> bool {
    let steps = &arch.flows[flow].steps;
    if let Some(relation) = arch.relation_at(thing) {
        let used = steps.iter().filter_map(|step| arch.relation_of_step(step));
        return used.into_iter().any(|used| used.id == relation || used.may_be.contains(&relation));
    }
    let Some(id) = arch.entity(thing).and_then(Entity::element) else { return false };
    let mut ends = steps.iter().filter_map(|step| step.kind.ends()).flat_map(|(from, to)| [from, to]);
    ends.any(|end| arch.ancestors(end).any(|around| around == id))
}

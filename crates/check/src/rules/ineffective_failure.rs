use crate::{Absence, Context, Input, Reach, Rule};
use groma_base::Severity;
use groma_model::decode::{FactValue, Value};
use groma_model::items::find_fact;
use groma_model::kinds::class;
use groma_model::{Architecture, DeployNodeId, DeploymentId, ElementId, ItemRef, Level, SIMULATED, StepKind, facts};
use rustc_hash::FxHashSet;

pub(super) static RULE: Rule = Rule {
    name: "ineffective-failure",
    severity: Severity::Warning,
    summary: "a failure that affects nothing that is simulated",
    check: Some(check),
    reach: Reach::Numbers,
    absence: Some(Absence::OfPart),
    calculates_from: Some(Input::Everything),
    blocks_forecast: false,
    page: include_str!("ineffective_failure.md"),
};

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    if arch.flows.is_empty() {
        return;
    }
    let touched = FlowReach::new(arch);
    // What a step touches that could not be understood is not known.
    let is_known =
        arch.flows.iter().flat_map(|flow| &flow.steps).all(|step| !matches!(step.kind, StepKind::Unresolved { .. }));
    for failure in arch.records_of(&class::FAILURE) {
        for expected in arch.values_of(failure.at, &facts::failure::EXPECT) {
            let parts = arch.file(failure.at).parts_of(expected);
            if !parts.iter().any(|part| *part.fact == facts::failure::SUCCESS) {
                let finding = cx.at_fact(failure.at, expected, "what is expected of this flow is not said");
                cx.push(finding.help("add the share of its requests that must succeed meanwhile: `success=99%`"));
            }
        }
        let idle = if is_known { groma_simulate::meets_nothing(arch, cx.network(), failure.at) } else { Vec::new() };
        for value in facts::failure::WRONGS.iter().flat_map(|fact| arch.values_of(failure.at, fact)) {
            let told = match (arch.referred_place(failure.at, value), arch.referred_element(failure.at, value)) {
                (Some(place), _) => reason_at_place(cx, failure.at, value, place),
                (None, Some(element)) if is_known || touched.used.contains(&element) => {
                    reason(cx, &touched, failure.at, value, element)
                }
                _ => continue,
            };
            let is_idle =
                idle.iter().any(|one| std::ptr::eq(*one, value)) && is_parted_from_known(arch, failure.at, value);
            let told = told.or_else(|| is_idle.then(|| (UNTOUCHED.to_owned(), UNTOUCHED_HELP.to_owned())));
            let Some((message, help)) = told else { continue };
            let finding = cx.at_fact(failure.at, value, message);
            cx.push(finding.help(help));
        }
    }
}
const UNTOUCHED: &str = "no call of any flow is touched by this";
const UNTOUCHED_HELP: &str = "name a container that flows come to, a place where one runs, or two that call each other";

/// Whether what a partition names as its other side is known, if it names any.
fn is_parted_from_known(arch: &Architecture, at: ItemRef, value: &FactValue) -> bool {
    arch.part_value_of(at, value, &facts::failure::FROM)
        .is_none_or(|other| arch.referred_place(at, other).is_some() || arch.referred_element(at, other).is_some())
}

/// Why something that goes wrong at a place changes nothing, and what to do, if so.
fn reason_at_place(
    cx: &Context<'_>,
    at: ItemRef,
    value: &FactValue,
    (deployment, place): (DeploymentId, DeployNodeId),
) -> Option<(String, String)> {
    let arch = cx.arch;
    if deployment > SIMULATED {
        let first = arch.title(arch.deployments[SIMULATED].at);
        let told = "this is not a place of the deployment that is simulated".to_owned();
        return Some((told, format!("name one of \"{first}\"")));
    }
    let named = |place: DeployNodeId| {
        let of = arch.deployments[SIMULATED].nodes[place].at;
        format!("{} \"{}\"", arch.item(of).kind.name, arch.title(of))
    };
    let other = arch.part_value_of(at, value, &facts::failure::FROM).and_then(|other| arch.referred_place(at, other));
    let other = other.filter(|(deployment, _)| *deployment == SIMULATED).map(|(_, other)| other);
    match other.filter(|other| groma_simulate::is_within_other(arch, place, *other)) {
        Some(other) if other == place => {
            Some((format!("{} is not cut off from itself", named(place)), CUT_HELP.to_owned()))
        }
        Some(other) => {
            let (inner, outer) = match arch.places_around(SIMULATED, place).any(|around| around == other) {
                true => (place, other),
                false => (other, place),
            };
            let told = format!("{} is in {}: nothing is cut off from what it is in", named(inner), named(outer));
            Some((told, CUT_HELP.to_owned()))
        }
        None => without_effect(cx, at, value, &named(place)),
    }
}

const CUT_HELP: &str =
    "name two places beside each other, or leave out `from`: then it is cut off from everything else";

/// Why something changes nothing, whatever it is that goes wrong, and what to do, if so.
fn without_effect(cx: &Context<'_>, at: ItemRef, value: &FactValue, named: &str) -> Option<(String, String)> {
    let parts = cx.arch.file(at).parts_of(value);
    let is_length = |part: &&FactValue| [&facts::failure::FOR, &facts::failure::RESTORE].contains(&part.fact);
    let is_nothing = |part: &FactValue| matches!(part.value, Value::Quantity(time) if time.high == 0.0);
    let factor = find_fact(parts, &facts::failure::FACTOR);
    if factor.is_some_and(|factor| matches!(factor.value, Value::Quantity(times) if times.high <= 1.0)) {
        Some((
            format!("{named} gets no slower by this factor"),
            "say how many times longer it takes: `factor=5`".to_owned(),
        ))
    } else if find_fact(parts, &facts::failure::SHARE).is_some_and(is_nothing) {
        Some((
            format!("no call to {named} fails by this share"),
            "say which share of the calls fails: `share=20%`".to_owned(),
        ))
    } else if parts.iter().find(is_length).is_some_and(is_nothing) {
        Some((format!("{named} fails for no time at all"), "say how long: `for=5min`".to_owned()))
    } else {
        None
    }
}

/// Why something that goes wrong with an element changes nothing, and what to do, if so.
fn reason(
    cx: &Context<'_>,
    touched: &FlowReach,
    at: ItemRef,
    value: &FactValue,
    element: ElementId,
) -> Option<(String, String)> {
    let named = cx.named(element);
    let told = without_effect(cx, at, value, &named);
    let of_element = || {
        if cx.arch.element(element).level == Level::Person {
            Some((format!("{named} is a person, who is not simulated"), "name what the person uses".to_owned()))
        } else if !touched.used.contains(&element) {
            let help = "draw the calls that it answers into a `flow`".to_owned();
            Some((format!("no flow comes to {named}: its failure changes nothing"), help))
        } else {
            flushed(cx, touched, value, element)
        }
    };
    told.or_else(of_element)
}

/// Why it changes nothing that something is emptied, if so.
fn flushed(cx: &Context<'_>, touched: &FlowReach, value: &FactValue, element: ElementId) -> Option<(String, String)> {
    (*value.fact == facts::failure::FLUSH && !touched.is_missed(cx.arch, element)).then(|| {
        let message = format!("no flow says what happens when {} does not have something", cx.named(element));
        (message, "draw a `miss` of it into a flow, with the calls that are made then".to_owned())
    })
}

/// What flows come to.
#[derive(Default)]
struct FlowReach {
    /// The ends of calls, and what they are part of.
    used: FxHashSet<ElementId>,
    /// The caches that may not have something.
    missed: FxHashSet<ElementId>,
    /// These, and what they are part of.
    around_missed: FxHashSet<ElementId>,
}

impl FlowReach {
    fn new(arch: &Architecture) -> FlowReach {
        let mut touched = FlowReach::default();
        for step in arch.flows.iter().flat_map(|flow| &flow.steps) {
            if let StepKind::Call { from, to } = step.kind {
                touched.used.extend(arch.ancestors(from).chain(arch.ancestors(to)));
            }
            let cache = arch.fact(step.at, &facts::miss::CACHE);
            if let Some(cache) = cache.and_then(|cache| arch.referred_element(step.at, cache)) {
                touched.missed.insert(cache);
                touched.around_missed.extend(arch.ancestors(cache));
            }
        }
        touched
    }

    fn is_missed(&self, arch: &Architecture, id: ElementId) -> bool {
        self.around_missed.contains(&id) || arch.ancestors(id).any(|around| self.missed.contains(&around))
    }
}

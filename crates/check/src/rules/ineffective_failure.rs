use crate::{Absence, Context, Input, Reach, Rule};
use groma_base::Severity;
use groma_model::decode::{FactValue, Value};
use groma_model::items::find_fact;
use groma_model::kinds::class;
use groma_model::{Architecture, ElementId, ItemRef, Level, SIMULATED, StepKind, facts};
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
        let mut is_told = false;
        for expected in arch.values_of(failure.at, &facts::failure::EXPECT) {
            let parts = arch.file(failure.at).parts_of(expected);
            if !parts.iter().any(|part| *part.fact == facts::failure::SUCCESS) {
                let finding = cx.at_fact(failure.at, expected, "what is expected of this flow is not said");
                cx.push(finding.help("add the share of its requests that must succeed meanwhile: `success=99%`"));
            }
        }
        for value in facts::failure::WRONGS.iter().flat_map(|fact| arch.values_of(failure.at, fact)) {
            if arch.referred_place(failure.at, value).is_some_and(|(deployment, _)| deployment > SIMULATED) {
                let first = arch.title(arch.deployments[SIMULATED].at);
                let finding = cx.at_fact(failure.at, value, "this is not a place of the deployment that is simulated");
                cx.push(finding.help(format!("name one of \"{first}\"")));
                is_told = true;
                continue;
            }
            let Some(element) = arch.referred_element(failure.at, value) else { continue };
            if !is_known && !touched.used.contains(&element) {
                continue;
            }
            let told =
                reason(cx, &touched, failure.at, value, element).or_else(|| flushed(cx, &touched, value, element));
            let Some((message, help)) = told else { continue };
            let finding = cx.at_fact(failure.at, value, message);
            cx.push(finding.help(help));
            is_told = true;
        }
        let first = facts::failure::WRONGS.iter().find_map(|fact| arch.fact(failure.at, fact));
        if let (Some(first), false, false) =
            (first, is_told || !is_known, groma_simulate::changes_anything(arch, cx.network(), failure.at))
        {
            let finding = cx.at_fact(failure.at, first, "no call of any flow is touched by this");
            cx.push(
                finding
                    .help("name a container that flows come to, a place where one runs, or two that call each other"),
            );
        }
    }
}

/// Why something that goes wrong changes nothing, and what to do, if so.
fn reason(
    cx: &Context<'_>,
    touched: &FlowReach,
    at: ItemRef,
    value: &FactValue,
    element: ElementId,
) -> Option<(String, &'static str)> {
    let parts = cx.arch.file(at).parts_of(value);
    let is_length = |part: &&FactValue| [&facts::failure::FOR, &facts::failure::RESTORE].contains(&part.fact);
    let is_nothing = |part: &FactValue| matches!(part.value, Value::Quantity(time) if time.high == 0.0);
    let named = cx.named(element);
    let factor = find_fact(parts, &facts::failure::FACTOR);
    if factor.is_some_and(|factor| matches!(factor.value, Value::Quantity(times) if times.high <= 1.0)) {
        Some((format!("{named} gets no slower by this factor"), "say how many times longer it takes: `factor=5`"))
    } else if parts.iter().find(is_length).is_some_and(is_nothing) {
        Some((format!("{named} fails for no time at all"), "say how long: `for=5min`"))
    } else if cx.arch.element(element).level == Level::Person {
        Some((format!("{named} is a person, who is not simulated"), "name what the person uses"))
    } else if !touched.used.contains(&element) {
        let help = "draw the calls that it answers into a `flow`";
        Some((format!("no flow comes to {named}: its failure changes nothing"), help))
    } else {
        None
    }
}

/// Why it changes nothing that something is emptied, if so.
fn flushed(
    cx: &Context<'_>,
    touched: &FlowReach,
    value: &FactValue,
    element: ElementId,
) -> Option<(String, &'static str)> {
    (*value.fact == facts::failure::FLUSH && !touched.is_missed(cx.arch, element)).then(|| {
        let message = format!("no flow says what happens when {} does not have something", cx.named(element));
        (message, "draw a `miss` of it into a flow, with the calls that are made then")
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

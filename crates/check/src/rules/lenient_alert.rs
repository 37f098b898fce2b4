use crate::{Context, Reach, Rule};
use groma_base::Severity;
use groma_model::decode::Value;
use groma_model::kinds::class;
use groma_model::schema::Fact;
use groma_model::{Architecture, ElementId, FlowId, ItemRef, facts};
use groma_simulate::number::apart;
use groma_simulate::{Metric, Requirement};
use rustc_hash::{FxHashMap, FxHashSet};

pub(super) static RULE: Rule = Rule {
    name: "lenient-alert",
    severity: Severity::Warning,
    summary: "an alert that fires only after the target is missed",
    check: Some(check),
    reach: Reach::Numbers,
    absence: None,
    blocks_forecast: false,
    page: include_str!("lenient_alert.md"),
};

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    // Alerts are about whole answers.
    let demanded = groma_simulate::requirements(arch).into_iter().filter(|one| !one.first_part).collect::<Vec<_>>();
    let mut strictest: FxHashMap<(Metric, bool), Strictest> = FxHashMap::default();
    for alert in arch.records_of(&class::ALERT) {
        let Some(on) = arch.fact(alert.at, &facts::alert::ON) else { continue };
        let Some(metric) = Metric::of_fact(on) else { continue };
        let part = |fact: &'static Fact| arch.part(alert.at, &facts::alert::ON, fact);
        let number = |fact| match part(fact)?.value {
            Value::Quantity(quantity) => Some(quantity.high),
            _ => None,
        };
        let (over, below) = (number(&facts::alert::OVER), number(&facts::alert::BELOW));
        let key = (metric, below.is_some());
        let limits = strictest.entry(key).or_insert_with(|| Strictest::new(arch, &demanded, key));
        let Some((limit, one)) = limits.about(arch, alert.at) else { continue };
        let one = &demanded[one];
        let (threshold, looser) = match (over, below) {
            (Some(over), _) => (over, over > limit),
            (_, Some(below)) => (below, below < limit),
            _ => continue,
        };
        if !looser {
            continue;
        }
        let (fires, missed) = apart(metric.dimension(), threshold, limit);
        let message =
            format!("this alert fires at {fires}, and \"{}\" is missed from {missed} on", arch.title(one.quality));
        let place = part(&facts::alert::OVER).or(part(&facts::alert::BELOW)).unwrap_or(on);
        let finding = cx.at_fact(alert.at, place, message);
        cx.push(
            finding
                .secondary(arch.name_span(one.quality), "the target is here")
                .help("let it fire at the target or before, or alert on how fast the error budget burns (`burn`)"),
        );
    }
}

/// The strictest limit of a metric for each flow and each place that requirements are about: the limit, and the number of
/// the first requirement that has it.
struct Strictest {
    /// Whether the highest is strictest.
    is_floor: bool,
    limits: FxHashMap<(About<FlowId>, Place), (f64, usize)>,
}

/// What requirements are about.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum About<T> {
    /// Whatever they name.
    Any,
    /// What they name, or that they name nothing.
    Only(Option<T>),
}

/// The elements that requirements are about.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Place {
    These(About<ElementId>),
    /// An element and its parts.
    Within(ElementId),
}

impl Strictest {
    fn new(arch: &Architecture, demanded: &[Requirement], (metric, is_floor): (Metric, bool)) -> Strictest {
        let mut strictest = Strictest { is_floor, limits: FxHashMap::default() };
        for (number, one) in demanded.iter().enumerate() {
            let Some(limit) = limit_for(metric, one) else { continue };
            if !(one.upper || metric == Metric::ErrorRate || is_floor) {
                continue;
            }
            let around = one.of.into_iter().flat_map(|of| arch.ancestors(of)).map(Place::Within);
            let places = [About::Any, About::Only(one.of)].map(Place::These).into_iter().chain(around);
            let keys = places.flat_map(|place| [About::Any, About::Only(one.flow)].map(|flow| (flow, place)));
            for key in keys {
                let known = strictest.limits.entry(key).or_insert((limit, number));
                *known = stricter(is_floor, *known, (limit, number));
            }
        }
        strictest
    }

    /// The strictest of what an alert watches: the same flow or element, or either says nothing.
    fn about(&self, arch: &Architecture, alert: ItemRef) -> Option<(f64, usize)> {
        let flow = arch.fact(alert, &facts::slo::FLOW).and_then(|value| arch.referred_flow(alert, value));
        let element = arch.fact(alert, &facts::slo::OF).and_then(|value| arch.referred_element(alert, value));
        let mut flows = flow.map_or(vec![About::Any], |flow| vec![About::Only(None), About::Only(Some(flow))]);
        if let Some(element) = element {
            // What is demanded of a flow is demanded of the elements where it passes.
            let passing = passing(arch, element);
            match flow {
                Some(flow) => flows.retain(|about| *about == About::Only(None) || passing.contains(&flow)),
                None => {
                    flows = std::iter::once(About::Only(None))
                        .chain(passing.into_iter().map(|flow| About::Only(Some(flow))))
                        .collect()
                }
            }
        }
        let places = element.map_or(vec![Place::These(About::Any)], |element| {
            let around = arch.ancestors(element).skip(1).map(|at| Place::These(About::Only(Some(at))));
            [Place::These(About::Only(None)), Place::Within(element)].into_iter().chain(around).collect()
        });
        let keys = flows.iter().flat_map(|flow| places.iter().map(move |place| (*flow, *place)));
        let limits = keys.filter_map(|key| self.limits.get(&key)).copied();
        limits.reduce(|a, b| stricter(self.is_floor, a, b))
    }
}

/// The flows that pass an element or a part of it.
fn passing(arch: &Architecture, element: ElementId) -> FxHashSet<FlowId> {
    let parts = arch.element_ids().filter(|id| arch.ancestors(*id).any(|around| around == element));
    parts.flat_map(|part| arch.flows_through(part)).collect()
}

/// The stricter of two limits; of equal ones that of the earlier requirement.
fn stricter(is_floor: bool, a: (f64, usize), b: (f64, usize)) -> (f64, usize) {
    let by_limit = if is_floor { b.0.total_cmp(&a.0) } else { a.0.total_cmp(&b.0) };
    if by_limit.then(a.1.cmp(&b.1)).is_le() { a } else { b }
}

/// What a requirement allows of a metric: availability allows errors as well.
fn limit_for(metric: Metric, one: &Requirement) -> Option<f64> {
    match (metric, one.metric) {
        (alert, demanded) if alert == demanded => Some(one.limit),
        (Metric::ErrorRate, Metric::Availability) => Some(1.0 - one.limit),
        _ => None,
    }
}

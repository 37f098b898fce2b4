use crate::rules::limits::{impossible, is_possible};
use crate::{Context, Input, Reach, Rule};
use groma_base::{Severity, Span};
use groma_model::decode::FactValue;
use groma_model::kinds::class;
use groma_model::schema::Fact;
use groma_model::{Architecture, ElementId, FlowId, ItemRef, facts};
use groma_simulate::number::apart;
use groma_simulate::{Metric, Requirement};
use rustc_hash::{FxHashMap, FxHashSet};

pub(super) static RULE: Rule = Rule {
    name: "lenient-alert",
    severity: Severity::Warning,
    summary: "an alert that fires only after the target is missed, or where a load test would have failed",
    check: Some(check),
    reach: Reach::Numbers,
    absence: None,
    calculates_from: Some(Input::Records),
    blocks_forecast: false,
    page: include_str!("lenient_alert.md"),
};

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    // Alerts are about whole answers.
    let all = groma_simulate::requirements(arch).into_iter().filter(|one| !one.first_part);
    let (all, wrong): (Vec<_>, Vec<_>) = all.partition(|one| is_possible(arch, one));
    let (tested, demanded): (Vec<_>, Vec<_>) = all.into_iter().partition(|one| one.is_threshold);
    let mut strictest: FxHashMap<(Metric, bool), [Strictest; 2]> = FxHashMap::default();
    for alert in arch.records_of(&class::ALERT) {
        let Some(on) = arch.fact(alert.at, &facts::alert::ON) else { continue };
        let Some(metric) = Metric::of_fact(on) else { continue };
        let part = |fact: &'static Fact| arch.part(alert.at, &facts::alert::ON, fact);
        let number = |fact| part(fact)?.number();
        let limits = [&facts::alert::OVER, &facts::alert::BELOW].into_iter().filter_map(part);
        let mut quantities = limits.filter_map(FactValue::quantity);
        // A limit that cannot be one is told as that: with what is meant nothing may be wrong.
        if quantities.any(|limit| impossible(metric, limit).is_some()) || wrong.iter().any(|one| one.metric == metric) {
            continue;
        }
        let (over, below) = (number(&facts::alert::OVER), number(&facts::alert::BELOW));
        let Some(threshold) = over.or(below) else { continue };
        let is_looser = |limit: f64| if over.is_some() { threshold > limit } else { threshold < limit };
        let key = (metric, below.is_some());
        let limits =
            strictest.entry(key).or_insert_with(|| [&demanded, &tested].map(|all| Strictest::new(arch, all, key)));
        let of = |at: usize| limits[at].about(arch, alert.at).filter(|(limit, _)| is_looser(*limit));
        let target = of(0).map(|(limit, one)| (limit, &demanded[one]));
        let test = of(1).map(|(limit, one)| (limit, &tested[one]));
        let Some((limit, one)) = target.or(test) else { continue };
        let (fires, missed) = apart(metric.dimension(), threshold, limit);
        let title = arch.title(one.quality);
        let message = match one.is_threshold {
            true => format!("this alert fires at {fires}, and the load test \"{title}\" fails from {missed} on"),
            false => format!("this alert fires at {fires}, and \"{title}\" is missed from {missed} on"),
        };
        let place = part(&facts::alert::OVER).or(part(&facts::alert::BELOW)).unwrap_or(on);
        let mut finding = cx.at_fact(alert.at, place, message).regarding(arch.address_of(one.quality));
        if let Some((_, target)) = target {
            finding = finding.secondary(arch.name_span(target.quality), "the target is here");
        }
        if let Some((limit, test)) = test {
            let fails = apart(metric.dimension(), limit, threshold).0;
            let place = Span::new(test.quality.file, test.range);
            finding = finding.secondary(place, format!("the load test fails from {fails} on"));
        }
        cx.push(match target {
            Some(_) => finding
                .help("let it fire at the target or before, or alert on how fast the error budget burns (`burn`)"),
            None => finding.help(
                "let it fire where the test fails or before: what no release may do is no less wrong in production",
            ),
        });
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
    let is_asked = one.metric == metric || metric == Metric::ErrorRate;
    one.metric.limit_as(one.limit, metric).filter(|_| is_asked)
}

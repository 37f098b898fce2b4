//! What could be changed to make a requirement hold.

use crate::verdict::{Judgement, Report, Verdict};
use groma_model::decode::Value;
use groma_model::schema::Fact;
use groma_model::{Architecture, ElementId, ItemRef, facts};

/// A number of the text that more of may help.
#[derive(Clone, Debug)]
pub struct Lever {
    /// The node that has it.
    pub at: ItemRef,
    /// The fact.
    pub fact: &'static Fact,
    /// What it is called: `shop.core.replicas`.
    pub name: String,
    /// What it is today.
    pub now: f64,
    /// The lower end, if it is a range.
    pub low: Option<f64>,
    /// The most that is tried.
    pub most: f64,
}

impl Lever {
    /// How another value is written.
    pub fn written(&self, value: f64) -> String {
        match self.low {
            Some(low) => format!("{low}..{value}"),
            None => format!("{value}"),
        }
    }
}

/// The levers that may make a failing judgement hold: the slots of the stations where its run waits, or that are in use
/// most, and the pools that lead to them. The likeliest first.
pub fn levers(arch: &Architecture, report: &Report, judged: &Judgement) -> Vec<Lever> {
    let Some(run) = judged.run.map(|at| &report.runs[at]) else { return Vec::new() };
    if judged.verdict == Verdict::Holds {
        return Vec::new();
    }
    let busiest = run.analysis.stations.iter().filter(|busy| busy.utilization.is_some_and(|share| share > 0.3));
    let mut found: Vec<Lever> = Vec::new();
    for busy in busiest.take(3) {
        match (busy.element, busy.relation) {
            (Some(element), _) => of_element(arch, element, &mut found),
            (None, Some(relation)) => {
                let at = arch.relation(relation).at;
                let ends = arch.relation(relation);
                let (from, to) = (&arch.element(ends.from).path, &arch.element(ends.to).path);
                found.extend(lever(arch, at, &facts::POOL, format!("{from}->{to}.pool")));
            }
            _ => {}
        }
    }
    found
}

fn of_element(arch: &Architecture, element: ElementId, found: &mut Vec<Lever>) {
    let at = arch.element(element).at;
    let path = &arch.element(element).path;
    for fact in [&facts::REPLICAS, &facts::CONCURRENCY, &facts::CPU] {
        found.extend(lever(arch, at, fact, format!("{path}.{}", fact.name)));
    }
}

fn lever(arch: &Architecture, at: ItemRef, fact: &'static Fact, name: String) -> Option<Lever> {
    let Value::Quantity(quantity) = arch.fact(at, fact)?.value else { return None };
    let low = quantity.is_range().then_some(quantity.low);
    Some(Lever { at, fact, name, now: quantity.high, low, most: quantity.high * 16.0 })
}

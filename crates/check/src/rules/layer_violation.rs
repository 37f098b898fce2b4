use crate::{Context, Reach, Rule};
use groma_base::{Severity, did_you_mean, list_words, nearest};
use groma_model::facts::element::Style;
use groma_model::{Architecture, ElementId, facts};
use rustc_hash::FxHashMap;

pub(super) static RULE: Rule = Rule {
    name: "layer-violation",
    severity: Severity::Error,
    summary: "a dependency that goes against the layers",
    check: Some(check),
    reach: Reach::Near,
    absence: None,
    blocks_forecast: false,
    page: include_str!("layer_violation.md"),
};

fn check(cx: &mut Context<'_>) {
    let mut orders: FxHashMap<ElementId, Option<Layers<'_>>> = FxHashMap::default();
    for id in cx.relations() {
        let relation = *cx.arch.relation(id);
        let Some((style, whole)) = cx.style_of(relation.from) else { continue };
        let Some(layers) = orders.entry(whole).or_insert_with(|| Layers::of(cx.arch, style, whole)) else { continue };
        if cx.style_of(relation.to).is_none_or(|(_, other)| other != whole) {
            continue;
        }
        let place = |id: ElementId| layers.place(cx.arch.text(cx.arch.element(id).at, &facts::element::LAYER)?);
        let (Some(from), Some(to)) = (place(relation.from), place(relation.to)) else { continue };
        let order = &layers.order;
        let problem = if to < from {
            format!("the layer `{}` must not depend on `{}`", order[from], order[to])
        } else if style == Style::Layered && to > from + 1 {
            format!("the layer `{}` skips `{}` to reach `{}`", order[from], order[from + 1], order[to])
        } else {
            continue;
        };
        let finding =
            cx.at(relation.at, problem).secondary(cx.span_of(whole), format!("declared as {} here", style.word()));
        let help = if style == Style::Hexagonal {
            "dependencies point inwards: from adapters to ports to the core"
        } else {
            "call the next layer below, and let it pass the call on"
        };
        cx.push(finding.help(help));
    }
    for id in cx.elements() {
        let at = cx.arch.element(id).at;
        let Some(fact) = cx.arch.fact(at, &facts::element::LAYER) else { continue };
        let Some((style, whole)) = cx.style_of(id) else { continue };
        let Some(layers) = orders.entry(whole).or_insert_with(|| Layers::of(cx.arch, style, whole)) else { continue };
        let layer = cx.arch.words(at, fact);
        if layers.place(layer).is_none() {
            let finding = cx.at_fact(at, fact, format!("there is no layer called `{layer}`"));
            let finding = finding.secondary(cx.span_of(whole), format!("declared as {} here", style.word()));
            cx.push(finding.help(layers.help(layer)));
        }
    }
}

/// The layers of a whole.
struct Layers<'a> {
    /// From top to bottom, or from the outside in.
    order: Vec<&'a str>,
    place: FxHashMap<&'a str, usize>,
}

/// So many layers are listed, and searched for one that may be meant.
const MOST_LISTED: usize = 20;

impl<'a> Layers<'a> {
    /// Those of an architecture style; `None` if it has none.
    fn of(arch: &'a Architecture, style: Style, whole: ElementId) -> Option<Layers<'a>> {
        let order = match style {
            Style::Layered => {
                let named: Vec<&str> = arch.list(arch.element(whole).at, &facts::element::LAYERS).collect();
                if named.is_empty() { vec!["presentation", "business", "data-access", "database"] } else { named }
            }
            Style::Hexagonal => vec!["adapter", "port", "core"],
            Style::Microservices | Style::EventDriven | Style::Monolith => return None,
        };
        let mut place = FxHashMap::default();
        for (at, name) in order.iter().enumerate() {
            place.entry(*name).or_insert(at);
        }
        Some(Layers { order, place })
    }

    fn place(&self, name: &str) -> Option<usize> {
        self.place.get(name).copied()
    }

    fn help(&self, unknown: &str) -> String {
        let listed = &self.order[..self.order.len().min(MOST_LISTED)];
        if let Some(question) = did_you_mean(&nearest(unknown, listed.iter().copied())) {
            question
        } else if listed.len() < self.order.len() {
            let more = self.order.len() - listed.len();
            let listed: Vec<String> = listed.iter().map(|name| format!("`{name}`")).collect();
            format!("the layers are {} and {more} more", listed.join(", "))
        } else {
            format!("the layers are {}", list_words(listed.iter().copied(), "and"))
        }
    }
}

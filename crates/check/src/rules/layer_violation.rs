use crate::{Absence, Context, Reach, Rule};
use groma_base::{Severity, did_you_mean, list_words, nearest};
use groma_model::facts::element::Style;
use groma_model::{Architecture, ElementId, Entity, ItemRef, Relation, facts};
use rustc_hash::FxHashMap;

pub(super) static RULE: Rule = Rule {
    name: "layer-violation",
    severity: Severity::Error,
    summary: "a dependency that goes against the layers",
    check: Some(check),
    reach: Reach::Whole,
    absence: Some(Absence::OfWhole),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("layer_violation.md"),
};

/// The layers of each whole that has been asked for.
type Orders<'a> = FxHashMap<ElementId, Option<(Style, Layers<'a>)>>;

fn check(cx: &mut Context<'_>) {
    let mut orders = Orders::default();
    for id in cx.relations() {
        let relation = *cx.arch.relation(id);
        for whole in cx.arch.ancestors(relation.from).filter(|whole| cx.arch.is_within(relation.to, *whole)) {
            against(cx, relation, whole, &mut orders);
        }
    }
    for id in cx.elements() {
        let element = cx.arch.element(id);
        unknown(cx, element.at, element.parent, &mut orders);
    }
    for group in &cx.arch.groups {
        unknown(cx, group.at, group.element, &mut orders);
    }
}

/// Reports a relationship against the layers of something around both its ends.
fn against<'a>(cx: &mut Context<'a>, relation: Relation, whole: ElementId, orders: &mut Orders<'a>) {
    let Some((style, layers)) = layers_of(cx, whole, orders) else { return };
    let place = |id: ElementId| layers.place(layer_of(cx, id, whole)?);
    let (Some(from), Some(to)) = (place(relation.from), place(relation.to)) else { return };
    let order = &layers.order;
    let problem = if to < from {
        format!("the layer `{}` must not depend on `{}`", order[from], order[to])
    } else if *style == Style::Layered && to > from + 1 {
        format!("the layer `{}` skips `{}` to reach `{}`", order[from], order[from + 1], order[to])
    } else {
        return;
    };
    let finding =
        cx.at(relation.at, problem).secondary(cx.span_of(whole), format!("declared as {} here", style.word()));
    let finding = finding.regarding(cx.arch.address(Entity::Element(whole)));
    cx.push(finding.help(if *style == Style::Hexagonal {
        "dependencies point inwards: from adapters to ports to the core"
    } else {
        "call the next layer below, and let it pass the call on"
    }));
}

/// Reports a layer that is none of those of what is around.
fn unknown<'a>(cx: &mut Context<'a>, at: ItemRef, around: Option<ElementId>, orders: &mut Orders<'a>) {
    let Some(fact) = cx.arch.fact(at, &facts::element::LAYER) else { return };
    let Some((_, whole)) = around.and_then(|around| cx.style_of(around)) else { return };
    let Some((style, layers)) = layers_of(cx, whole, orders) else { return };
    let layer = cx.arch.words(at, fact);
    if layers.place(layer).is_none() {
        let finding = cx.at_fact(at, fact, format!("there is no layer called `{layer}`"));
        let finding = finding.secondary(cx.span_of(whole), format!("declared as {} here", style.word()));
        cx.push(finding.help(layers.help(layer)));
    }
}

/// The style of something and its layers, if it says one that has layers.
fn layers_of<'o, 'a>(
    cx: &Context<'a>,
    whole: ElementId,
    orders: &'o mut Orders<'a>,
) -> Option<&'o (Style, Layers<'a>)> {
    let arch = cx.arch;
    let made = orders.entry(whole).or_insert_with(|| {
        let style: Style = arch.choice(arch.element(whole).at)?;
        Some((style, Layers::of(arch, style, whole)?))
    });
    made.as_ref()
}

/// Whether something of an architecture style has layers.
pub(super) fn has_layers(style: Style) -> bool {
    match style {
        Style::Layered | Style::Hexagonal => true,
        Style::Microservices | Style::EventDriven | Style::Monolith => false,
    }
}

/// The layer of something in a whole: its own or that of a group around it, or of what it is part of. What stands in something with a style
/// of its own is in the layers of that.
fn layer_of<'a>(cx: &Context<'a>, id: ElementId, whole: ElementId) -> Option<&'a str> {
    let arch = cx.arch;
    let is_of_whole = |id: &ElementId| {
        let around = arch.element(*id).parent.and_then(|parent| cx.style_of(parent));
        around.is_some_and(|(_, around)| around == whole)
    };
    let own = |id: ElementId| {
        let groups = std::iter::successors(arch.element(id).group, |group| arch.groups[*group].parent);
        let mut places = std::iter::once(arch.element(id).at).chain(groups.map(|group| arch.groups[group].at));
        places.find_map(|at| arch.text(at, &facts::element::LAYER))
    };
    arch.ancestors(id).take_while(|id| *id != whole).filter(is_of_whole).find_map(own)
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

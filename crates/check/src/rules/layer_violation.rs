use crate::Context;
use groma_base::{Severity, list_words, nearest};
use groma_model::{Architecture, ElementId, facts};

super::declare!(Error, "a dependency against the layers", check);

fn check(cx: &mut Context<'_>) {
    for id in cx.relations() {
        let relation = *cx.arch.relation(id);
        let Some((style, whole)) = cx.style_of(relation.from) else { continue };
        let Some(order) = layers(cx.arch, style, whole) else { continue };
        if cx.style_of(relation.to).is_none_or(|(_, other)| other != whole) {
            continue;
        }
        let place = |id: ElementId| {
            let layer = cx.arch.text(cx.arch.element(id).at, &facts::LAYER)?;
            order.iter().position(|name| *name == layer)
        };
        let (Some(from), Some(to)) = (place(relation.from), place(relation.to)) else { continue };
        let problem = if to < from {
            format!("the layer `{}` must not depend on `{}`", order[from], order[to])
        } else if style == "layered" && to > from + 1 {
            format!("the layer `{}` skips `{}` to reach `{}`", order[from], order[from + 1], order[to])
        } else {
            continue;
        };
        let finding = cx.at(relation.at, problem).secondary(cx.span_of(whole), format!("declared as {style} here"));
        let help = if style == "hexagonal" {
            "dependencies point inwards: from adapters to ports to the core"
        } else {
            "call the next layer below, and let it pass the call on"
        };
        cx.push(finding.help(help));
    }
    for id in cx.elements() {
        let at = cx.arch.element(id).at;
        let Some(fact) = cx.arch.fact(at, &facts::LAYER) else { continue };
        let Some((style, whole)) = cx.style_of(id) else { continue };
        let Some(order) = layers(cx.arch, style, whole) else { continue };
        let layer = cx.arch.words(at, fact);
        if !order.contains(&layer) {
            let finding = cx.at_fact(at, fact, format!("there is no layer called `{layer}`"));
            let near = nearest(layer, order.iter().copied());
            let help = if near.is_empty() {
                format!("the layers are {}", list_words(order, "and"))
            } else {
                format!("did you mean {}?", list_words(near, "or"))
            };
            cx.push(finding.secondary(cx.span_of(whole), format!("declared as {style} here")).help(help));
        }
    }
}

/// The layers of a whole from top to bottom, or from the outside in; `None` if its style has none.
fn layers<'a>(arch: &'a Architecture, style: &str, whole: ElementId) -> Option<Vec<&'a str>> {
    match style {
        "layered" => {
            let named: Vec<&str> = arch.list(arch.element(whole).at, &facts::LAYERS).collect();
            Some(if named.is_empty() { vec!["presentation", "business", "data-access", "database"] } else { named })
        }
        "hexagonal" => Some(vec!["adapter", "port", "core"]),
        _ => None,
    }
}

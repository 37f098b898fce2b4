use super::layer_violation::has_layers;
use crate::{Absence, Context, Reach, Rule};
use groma_base::Severity;
use groma_model::facts::element::{LAYER, LAYERS, Style};
use groma_model::{ElementId, ItemRef};

pub(super) static RULE: Rule = Rule {
    name: "ineffective-layer",
    severity: Severity::Warning,
    summary: "a layer that nothing is checked against",
    check: Some(check),
    reach: Reach::Whole,
    absence: Some(Absence::OfWhole),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("ineffective_layer.md"),
};

fn check(cx: &mut Context<'_>) {
    for id in cx.elements() {
        let element = cx.arch.element(id);
        layer(cx, element.at, element.parent);
        layers(cx, element.at);
    }
    for group in &cx.arch.groups {
        layer(cx, group.at, group.element);
    }
}

/// Tells a `layer` that stands in nothing with layers.
fn layer(cx: &mut Context<'_>, at: ItemRef, around: Option<ElementId>) {
    let Some(given) = cx.arch.fact(at, &LAYER) else { return };
    let styled = around.and_then(|around| cx.style_of(around));
    let finding = match styled {
        Some((style, _)) if has_layers(style) => return,
        Some((style, whole)) => {
            let message =
                format!("this `layer` is checked against nothing: the style `{}` has no layers", style.word());
            cx.at_fact(at, given, message).secondary(cx.span_of(whole), "declared here")
        }
        None => {
            let message = "this `layer` is checked against nothing: nothing around it says `style`";
            cx.at_fact(at, given, message)
        }
    };
    cx.push(
        finding.help("say `style=layered` or `style=hexagonal` of the system or container around it, or remove it"),
    );
}

/// Tells `layers` of something with other layers, or with none.
fn layers(cx: &mut Context<'_>, at: ItemRef) {
    let Some(given) = cx.arch.fact(at, &LAYERS).filter(|_| cx.arch.choice(at) != Some(Style::Layered)) else { return };
    let finding = cx.at_fact(at, given, "these `layers` have no effect: `style=layered` alone has layers of its own");
    cx.push(finding.help("say `style=layered` beside them, or remove them"));
}

use crate::Context;
use groma_base::Severity;
use groma_model::{ElementId, facts};

super::declare!(Error, "a dependency against the layers", check);

fn check(cx: &mut Context<'_>) {
    for id in cx.relations() {
        let relation = *cx.arch.relation(id);
        let Some((style, whole)) = cx.style_of(relation.from) else { continue };
        let order: Vec<&str> = match style {
            "layered" => {
                let named: Vec<&str> = cx.arch.list(cx.arch.element(whole).at, &facts::LAYERS).collect();
                if named.is_empty() { vec!["presentation", "business", "data-access", "database"] } else { named }
            }
            "hexagonal" => vec!["adapter", "port", "core"],
            _ => continue,
        };
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
        let help = if style == "hexagonal" { "dependencies point inwards: from adapters to ports to the core" } else { "call the next layer below, and let it pass the call on" };
        cx.push(finding.help(help));
    }
}

use crate::{Absence, Context, Reach, Rule};
use groma_base::Severity;
use groma_model::facts::technology::Category;
use groma_model::{Container, ElementId, Flow, Level, RelationId, StepId, StepKind, facts};

pub(super) static RULE: Rule = Rule {
    name: "blocking-model-call",
    severity: Severity::Note,
    summary: "somebody who waits for the whole answer of a model, or embeddings that are made anew each time",
    check: Some(check),
    reach: Reach::Whole,
    absence: Some(Absence::OfRelation),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("blocking_model_call.md"),
};

fn check(cx: &mut Context<'_>) {
    for flow in cx.flows() {
        if let Some(step) = waited_for(cx, flow) {
            let StepKind::Call { to, .. } = flow.steps[step].kind else { continue };
            let message = format!("whoever begins this waits for the whole answer of the {}", cx.named(to));
            let finding = cx.at(flow.steps[step].at, message).note("a model answers in seconds, not in milliseconds");
            cx.push(finding.help(
                "pass the answer on in parts (`first-part` measures when the first comes), or answer at once and make the call `async=#true`",
            ));
        }
    }
    for id in cx.relations() {
        if makes_embeddings(cx, id) && !has_cache(cx, cx.arch.relation(id).from) {
            let from = cx.arch.relation(id).from;
            let message = format!("the {} asks for embeddings and keeps none", cx.named(from));
            let finding = cx.at(cx.arch.relation(id).at, message).note("the same text has the same embedding");
            cx.push(finding.help("keep them in a cache, or in the store that is searched, and ask in batches"));
        }
    }
}

/// The first call of a model for whose whole answer the person waits who begins a flow.
fn waited_for(cx: &Context<'_>, flow: &Flow) -> Option<StepId> {
    let person = flow.first_caller().filter(|id| cx.arch.element(*id).level == Level::Person)?;
    for (id, step) in flow.steps.entries() {
        match step.kind {
            StepKind::Reply { to, .. } | StepKind::Part { to, .. } if to == person => return None,
            StepKind::Call { from, to } if is_model(cx, to) => {
                let gives_parts = flow.steps.iter().any(|step| matches!(step.kind, StepKind::Part { .. }));
                let relation = cx.arch.used_relation(from, to, cx.arch.label(step.at)).map(|used| used.id);
                let said = cx.arch.flag(step.at, &facts::ASYNC);
                let is_async = said.unwrap_or_else(|| relation.is_some_and(|id| cx.arch.is_async(id)));
                return Some(id).filter(|_| !gives_parts && !is_async);
            }
            _ => {}
        }
    }
    None
}

fn is_model(cx: &Context<'_>, id: ElementId) -> bool {
    let technologies = cx.technologies();
    let around = cx.arch.ancestors(id).map(|id| cx.arch.element(id).at);
    let mut named = around.flat_map(|at| technologies.of(at)).filter_map(|named| named.known);
    named.any(|known| technologies.category(known) == Some(Category::ModelApi))
}

fn makes_embeddings(cx: &Context<'_>, id: RelationId) -> bool {
    let relation = cx.arch.relation(id);
    let says_so = cx.arch.label(relation.at).is_some_and(|label| label.to_lowercase().contains("embedding"));
    says_so && is_model(cx, relation.to) && !cx.arch.element(relation.from).external
}

/// Whether something asks a cache or a store of vectors besides.
fn has_cache(cx: &Context<'_>, id: ElementId) -> bool {
    let technologies = cx.technologies();
    let keeps = |id: ElementId| {
        let named = technologies.of(cx.arch.element(id).at).filter_map(|named| named.known);
        let mut categories = named.filter_map(|known| technologies.category(known));
        cx.arch.is_kind(id, Container::Cache)
            || categories.any(|category| matches!(category, Category::Cache | Category::VectorDatabase))
    };
    cx.arch.outgoing(id).any(|relation| keeps(cx.arch.relation(relation).to))
}

use crate::{Absence, Context, Reach, Rule};
use groma_base::{Quantity, Severity};
use groma_model::facts::{relation, step, technology};
use groma_model::schema::Fact;
use groma_model::stack::Known;
use groma_model::{ElementId, ItemRef, StepKind};
use groma_simulate::number::apart;

pub(super) static RULE: Rule = Rule {
    name: "exceeded-platform-limit",
    severity: Severity::Warning,
    summary: "something that takes longer or is larger than what it runs on allows",
    check: Some(check),
    reach: Reach::Whole,
    absence: Some(Absence::OfName),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("exceeded_platform_limit.md"),
};

fn check(cx: &mut Context<'_>) {
    for flow in cx.flows() {
        for step in &flow.steps {
            let StepKind::Call { to, .. } = step.kind else { continue };
            if let Some(time) = cx.arch.quantity(step.at, &step::TIME) {
                let limits: &[(&'static Fact, &str)] = &[
                    (&technology::CPU_TIME, "of processor time for one request"),
                    (&technology::TIME_LIMIT, "for one request"),
                ];
                report(cx, (step.at, &step::TIME, time), &[to], limits, "the work takes");
            }
        }
    }
    for id in cx.relations() {
        let relation = cx.arch.relation(id);
        if let Some(size) = cx.arch.quantity(relation.at, &relation::SIZE) {
            let limits: &[(&'static Fact, &str)] = &[(&technology::PAYLOAD, "in one request or message")];
            report(cx, (relation.at, &relation::SIZE, size), &[relation.to, relation.from], limits, "it has");
        }
    }
}

/// Reports a number that is above one of these limits of what elements are built with: once, by the narrowest, however many it exceeds.
fn report(
    cx: &mut Context<'_>,
    (at, fact, given): (ItemRef, &'static Fact, Quantity),
    elements: &[ElementId],
    limits: &[(&'static Fact, &str)],
    how: &str,
) {
    for (limit, of_what) in limits {
        let exceeded = elements.iter().filter_map(|id| Some((*id, limit_of(cx, *id, limit)?)));
        let mut exceeded: Vec<_> = exceeded.filter(|(_, (_, most))| given.high > most.high).collect();
        exceeded.sort_by(|(_, (_, a)), (_, (_, b))| a.high.total_cmp(&b.high));
        let Some((_, (known, most))) = exceeded.first().copied() else { continue };
        let Some(written) = cx.arch.fact(at, fact) else { return };
        let title = cx.technologies().title(known);
        let (given, most) = apart(given.dimension, given.high, most.high);
        let message = format!("{how} {given}, and {title} allows {most} {of_what}");
        let mut finding = cx.at_fact(at, written, message).regarding(limit.name);
        for (id, (known, _)) in exceeded {
            finding = finding.secondary(cx.span_of(id), format!("runs on {}", cx.technologies().title(known)));
        }
        if let Some(entry) = known.built_in.filter(|entry| entry.fact(limit).is_some()) {
            finding = finding.note(format!("`groma explain {}` tells where Groma has this from", entry.name()));
        }
        return cx.push(finding.help(format!(
            "do it elsewhere, or in parts; where your plan allows more, say so: `technology {} \"{title}\" {}=…`",
            known.built_in.map_or("NAME", |entry| entry.name()),
            limit.name
        )));
    }
}

/// The narrowest limit of what an element, or what it is part of, is built with.
fn limit_of(cx: &Context<'_>, id: ElementId, limit: &'static Fact) -> Option<(Known, Quantity)> {
    let technologies = cx.technologies();
    let around = cx.arch.ancestors(id).map(|id| cx.arch.element(id).at);
    let named = around.flat_map(|at| technologies.of(at)).filter_map(|named| named.known);
    let limits = named.filter_map(|known| Some((known, technologies.quantity(known, limit)?)));
    limits.min_by(|a, b| a.1.high.total_cmp(&b.1.high))
}

use crate::Context;
use groma_base::Severity;
use groma_model::kinds;
use groma_model::schema::{Fact, Role};
use groma_model::{ElementId, Level};

super::declare!(Warning, "a failure that changes nothing", check, numbers);

const WRONGS: &[&Fact] =
    &[&kinds::FAIL, &kinds::SLOW, &kinds::ERRORS, &kinds::FLUSH, &kinds::CORRUPT, &kinds::PARTITION];

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    if arch.flows.is_empty() {
        return;
    }
    for failure in arch.records_of(Role::Failure) {
        for fact in WRONGS {
            for value in arch.all_facts(failure.at, fact) {
                let Some(element) = arch.referred_element(failure.at, value) else { continue };
                let parts = arch.file(failure.at).parts_of(value);
                let length = parts.iter().find(|part| std::ptr::eq(part.fact, &kinds::FOR_TIME));
                let is_over_at_once = length.is_some_and(
                    |length| matches!(length.value, groma_model::decode::Value::Quantity(time) if time.high == 0.0),
                );
                let named = cx.named(element);
                let (message, help) = if is_over_at_once {
                    (format!("{named} fails for no time at all"), "say how long: `for=5min`")
                } else if arch.element(element).level == Level::Person {
                    (format!("{named} is a person, who is not simulated"), "name what the person uses")
                } else if !is_used(cx, element) {
                    (
                        format!("no flow comes to {named}: its failure changes nothing"),
                        "draw the calls that it answers into a `flow`",
                    )
                } else {
                    continue;
                };
                let finding = cx.at_fact(failure.at, value, message);
                cx.push(finding.help(help));
            }
        }
    }
}

/// Whether a flow passes through an element or a part of it.
fn is_used(cx: &Context<'_>, element: ElementId) -> bool {
    cx.arch.element_ids().any(|id| cx.arch.is_within(id, element) && cx.arch.flows_through(id).next().is_some())
}

use crate::Context;
use groma_base::{Dimension, Quantity, Severity};
use groma_model::decode::Value;
use groma_model::kinds;
use groma_model::schema::{Fact, Role};

super::declare!(Error, "a limit that its metric cannot have", check, whole, blocks_forecast);

fn check(cx: &mut Context<'_>) {
    for record in cx.arch.records_of(Role::Quality) {
        for fact in cx.arch.all_facts(record.at, &kinds::REQUIRE) {
            let metric = cx.arch.words(record.at, fact);
            let (dimension, better) = measures(metric);
            let parts = cx.arch.file(record.at).parts_of(fact);
            let limit = |limit: &'static Fact| parts.iter().find(|part| std::ptr::eq(part.fact, limit));
            let (under, over) = (limit(&kinds::UNDER), limit(&kinds::ABOVE));
            if let (Some(under), Some(over)) = (under, over) {
                let finding = cx.at_fact(record.at, over, "two limits at once: only the upper one would be judged");
                let under = cx.arch.span(record.at, under.range);
                cx.push(finding.secondary(under, "the upper one").help("write a second `require` for the other limit"));
            }
            if metric == "recovery-time" && !parts.iter().any(|part| std::ptr::eq(part.fact, &kinds::UNDER_FAILURE)) {
                let finding = cx.at_fact(record.at, fact, "from which failure it must recover is not said");
                cx.push(finding.help("add `failure=` with the name of a `failure`"));
            }
            for part in [under, over].into_iter().flatten() {
                let Value::Quantity(quantity) = part.value else { continue };
                if quantity.low < 0.0 {
                    let finding = cx.at_fact(record.at, part, "nothing that is measured is below zero");
                    cx.push(finding.help("write a limit above zero"));
                    continue;
                }
                if let Some(expected) = misfit(quantity, dimension) {
                    let finding = cx.at_fact(
                        record.at,
                        part,
                        format!(
                            "`{metric}` is {}, and this is {}",
                            with_article(expected.word()),
                            with_article(quantity.dimension.word())
                        ),
                    );
                    cx.push(finding.help(format!("write {}", expected.examples())));
                }
            }
            let wrong = match better {
                Better::Low => over.filter(|_| under.is_none()),
                Better::High => under.filter(|_| over.is_none()),
            };
            if let Some(part) = wrong {
                let (is, right) = if better == Better::Low { ("lower", "under") } else { ("higher", "over") };
                let finding = cx.at_fact(
                    record.at,
                    part,
                    format!("`{metric}` is better the {is} it is, and this limits it from the wrong side"),
                );
                cx.push(finding.help(format!("write `{right}=`")));
            }
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Better {
    Low,
    High,
}

/// What a metric measures and which way it is better.
fn measures(metric: &str) -> (Dimension, Better) {
    let better = if matches!(metric, "throughput" | "users" | "availability") { Better::High } else { Better::Low };
    (groma_simulate::number::measures(metric), better)
}

/// What a limit should measure, if it measures something else.
fn misfit(quantity: Quantity, expected: Dimension) -> Option<Dimension> {
    (quantity.dimension != expected).then_some(expected)
}

fn with_article(word: &str) -> String {
    format!("{} {word}", if word.starts_with('a') { "an" } else { "a" })
}

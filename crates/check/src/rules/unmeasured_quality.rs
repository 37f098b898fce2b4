use crate::{Absence, Context, Reach, Rule};
use groma_base::Severity;
use groma_model::decode::FactValue;
use groma_model::kinds::class;
use groma_model::schema::Fact;
use groma_model::{ItemRef, facts};

pub(super) static RULE: Rule = Rule {
    name: "unmeasured-quality",
    severity: Severity::Warning,
    summary: "a quality, or a load test, without a measurable requirement",
    check: Some(check),
    reach: Reach::Whole,
    absence: Some(Absence::OfPart),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("unmeasured_quality.md"),
};

fn check(cx: &mut Context<'_>) {
    for record in cx.arch.records_of(&class::QUALITY) {
        let measured = cx.arch.fact(record.at, &facts::quality::REQUIRE).is_some()
            || cx.arch.fact(record.at, &facts::quality::MEASURE).is_some();
        if !measured {
            let finding = cx.at(record.at, format!("nothing says when \"{}\" is met", cx.arch.title(record.at)));
            cx.push(finding.help(
                "add `require p95 flow=… under=200ms`, or `measure \"…\"` where it is judged by an audit or a review",
            ));
        }
        limits_of(cx, record.at, &facts::quality::REQUIRE);
    }
    for load in cx.arch.records_of(&class::LOAD) {
        limits_of(cx, load.at, &facts::load::THRESHOLD);
    }
}

/// Demands without a limit: nothing can miss them.
fn limits_of(cx: &mut Context<'_>, at: ItemRef, demand: &'static Fact) {
    let arch = cx.arch;
    for value in arch.values_of(at, demand) {
        let is_limit = |part: &FactValue| [&facts::quality::UNDER, &facts::quality::OVER].contains(&part.fact);
        if !arch.file(at).parts_of(value).iter().any(is_limit) {
            let message = format!("`{} {}` has no limit", demand.name, arch.words(at, value));
            let finding = cx.at_fact(at, value, message);
            cx.push(finding.help("add `under=…` or `over=…`"));
        }
    }
}

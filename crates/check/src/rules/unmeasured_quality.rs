use crate::{Absence, Context, Reach, Rule};
use groma_base::Severity;
use groma_model::facts;
use groma_model::kinds::class;

pub(super) static RULE: Rule = Rule {
    name: "unmeasured-quality",
    severity: Severity::Warning,
    summary: "a quality without a measurable requirement",
    check: Some(check),
    reach: Reach::Whole,
    absence: Some(Absence::OfPart),
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
        for fact in cx.arch.all_facts(record.at, &facts::quality::REQUIRE) {
            let parts = cx.arch.file(record.at).parts_of(fact);
            let limited =
                parts.iter().any(|part| *part.fact == facts::quality::UNDER || *part.fact == facts::quality::OVER);
            if !limited {
                let finding =
                    cx.at_fact(record.at, fact, format!("`require {}` has no limit", cx.arch.words(record.at, fact)));
                cx.push(finding.help("add `under=…` or `over=…`"));
            }
        }
    }
}

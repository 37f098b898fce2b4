use crate::{Absence, Context, Reach, Rule};
use groma_base::Range;
use groma_base::Severity;
use groma_model::facts;
use groma_model::query::Query;

pub(super) static RULE: Rule = Rule {
    name: "wrong-query",
    severity: Severity::Error,
    summary: "a query that is not valid",
    check: Some(check),
    reach: Reach::Whole,
    absence: Some(Absence::OfName),
    blocks_forecast: false,
    page: include_str!("wrong_query.md"),
};

fn check(cx: &mut Context<'_>) {
    for view in &cx.arch.views {
        for fact in [&facts::view::INCLUDE, &facts::view::EXCLUDE] {
            for given in cx.arch.all_facts(view.at, fact) {
                let text = cx.arch.words(view.at, given);
                let Err(error) = Query::parse(text).and_then(|query| query.select(cx.arch)) else { continue };
                let quoted = given.range.end - given.range.start == text.len() as u32 + 2;
                let start = given.range.start + u32::from(quoted);
                let range = if quoted || given.range.end - given.range.start == text.len() as u32 {
                    Range::new(start + error.range.start, start + error.range.end)
                } else {
                    given.range
                };
                let finding = cx.finding(cx.arch.span(view.at, range), error.message.as_str());
                let finding = finding.help(error.help.as_str());
                cx.push(match &error.fix {
                    Some((fixed, text)) if range != given.range || !quoted => {
                        let fixed = Range::new(start + fixed.start, start + fixed.end);
                        finding.fix(format!("write `{text}`"), cx.arch.span(view.at, fixed), text.as_str())
                    }
                    _ => finding,
                });
            }
        }
    }
}

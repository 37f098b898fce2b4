use crate::rules::limits::is_possible;
use crate::{Context, Input, Reach, Rule};
use groma_base::{Dimension, Severity, Span};
use groma_simulate::Metric;
use groma_simulate::number::apart;

pub(super) static RULE: Rule = Rule {
    name: "unreachable-availability",
    severity: Severity::Error,
    summary: "an availability that its parts cannot reach",
    check: Some(check),
    reach: Reach::Numbers,
    absence: None,
    calculates_from: Some(Input::Everything),
    blocks_forecast: false,
    page: include_str!("unreachable_availability.md"),
};

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    for one in groma_simulate::requirements(arch) {
        if one.metric != Metric::Availability || one.upper || !is_possible(arch, &one) {
            continue;
        }
        let Some((found, basis)) = groma_simulate::predicted_availability(arch, cx.network(), &one) else { continue };
        if found >= one.limit {
            continue;
        }
        let (demanded, given) = apart(Dimension::Ratio, one.limit, found);
        let message = format!("{demanded} is demanded, and the parts together give {given}");
        let finding = cx.finding(Span::new(one.quality.file, one.range), message).about(one.quality.item.raw());
        cx.push(finding.note(basis.to_string()).help(
            "run replicas that take over by themselves, give callers a `fallback`, take parts out of the way, or demand less",
        ));
    }
}

use crate::Context;
use groma_base::{Dimension, Severity, Span};
use groma_simulate::Metric;
use groma_simulate::number::apart;

super::declare!(Error, "an availability that the parts cannot give", check, numbers);

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    for one in groma_simulate::requirements(arch) {
        if one.metric != Metric::Availability || one.upper {
            continue;
        }
        let Some((found, reason)) = groma_simulate::predicted_availability(arch, cx.network(), &one) else { continue };
        if found >= one.limit {
            continue;
        }
        let (demanded, given) = apart(Dimension::Ratio, one.limit, found);
        let message = format!("{demanded} is demanded, and the parts together give {given}");
        let finding = cx.finding(Span::new(one.quality.file, one.range), message).about(one.quality.item);
        cx.push(finding.note(reason).help(
            "run replicas that take over by themselves, give callers a `fallback`, take parts out of the way, or demand less",
        ));
    }
}

//! What a number rests on, in words.

use crate::result::FlowResult;
use groma_model::Architecture;

/// What a share of failures or successes rests on.
pub(super) fn share_reason(result: &FlowResult) -> String {
    result.fates.map_or("failed requests of all".to_owned(), |fates| fates.sentence())
}

/// Where most of the time of a flow goes. What is left of its mean time when all that is done one after the other is taken off
/// goes by in branches, or in pauses before calls are tried again.
pub(super) fn time_reason(arch: &Architecture, result: &FlowResult) -> String {
    // At which station, and on what, so much time goes.
    let mut parts: Vec<(String, f64)> = Vec::new();
    for hop in result.hops.iter().filter(|hop| hop.is_waited_for && !hop.is_beside) {
        for (what, time) in
            [("waiting for", hop.wait), ("the work of", hop.work), ("the network on the way to", hop.network)]
        {
            let name = format!("{what} {}", hop.station);
            match parts.iter_mut().find(|(known, _)| *known == name) {
                Some(known) => known.1 += time,
                None => parts.push((name, time)),
            }
        }
    }
    let told: f64 = parts.iter().map(|(_, time)| time).sum();
    let rest = result.mean.as_ref().map_or(0.0, |mean| mean.value - told);
    let has_branches = result.hops.iter().any(|hop| hop.is_waited_for && hop.is_beside);
    let retries = result.hops.iter().any(|hop| hop.is_waited_for && hop.retries > 0.0);
    let elsewhere = match (has_branches, retries) {
        (true, _) => "spent in branches side by side",
        (false, true) => "pauses before calls are tried again",
        (false, false) => "spent waiting for calls that do not go well",
    };
    if has_branches || rest > told {
        parts.push((elsewhere.to_owned(), rest.max(0.0)));
    }
    let all: f64 = parts.iter().map(|(_, time)| time).sum();
    let longest = parts.into_iter().max_by(|a, b| a.1.total_cmp(&b.1));
    let Some((what, time)) = longest.filter(|_| all > 0.0) else { return "it takes no time".to_owned() };
    let flow = arch.title(arch.flows[result.flow].at);
    format!("{flow}: {:.0}% of the time is {what}", time / all * 100.0)
}

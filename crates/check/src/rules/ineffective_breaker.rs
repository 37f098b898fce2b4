use crate::{Absence, Context, Input, Reach, Rule};
use groma_base::Severity;
use groma_model::kinds::class;
use groma_model::{RecordId, RelationId, facts};
use groma_simulate::network::Policy;
use groma_simulate::number::{plain, time};
use rustc_hash::{FxHashMap, FxHashSet};

pub(super) static RULE: Rule = Rule {
    name: "ineffective-breaker",
    severity: Severity::Warning,
    summary: "a circuit breaker that opens too late to help, or never",
    check: Some(check),
    reach: Reach::Numbers,
    absence: Some(Absence::OfPart),
    calculates_from: Some(Input::Everything),
    blocks_forecast: false,
    page: include_str!("ineffective_breaker.md"),
};

/// A breaker that takes longer than this to notice that everything fails spares nobody much, in seconds.
const LATE: f64 = 60.0;

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    let network = cx.network();
    if network.policies.iter().all(|policy| policy.breaker.is_none()) {
        return;
    }
    let foreseen = foreseen(cx);
    let mut seen: FxHashSet<RelationId> = FxHashSet::default();
    for site in &network.sites {
        let (Some(relation), policy) = (site.relation, &network.policies[site.policy]) else { continue };
        let at = arch.relation(relation).at;
        let Some(fact) = arch.fact(at, &facts::relation::BREAKER).filter(|_| policy.breaker.is_some()) else {
            continue;
        };
        if !seen.insert(relation) {
            continue;
        }
        if policy.timeout.is_none() {
            let finding = cx.at_fact(at, fact, "this breaker never sees a call that hangs: it has no `timeout`");
            cx.push(
                finding
                    .note("a call without an answer is neither a success nor a failure until somebody gives it up")
                    .help("add a `timeout`: what takes longer counts as failed"),
            );
            continue;
        }
        let Some((needed, rate, load)) = slowest(&foreseen, relation, policy) else { continue };
        let message = format!(
            "it takes {} until this breaker opens, if everything fails at \"{}\"",
            time(needed / rate),
            arch.title(arch.records[load].at)
        );
        let finding = cx.at_fact(at, fact, message);
        cx.push(
            finding
                .note(format!(
                    "it waits for {} failures, and there are {} calls per second",
                    plain(needed),
                    plain(rate)
                ))
                .help("let fewer failures open it, or a share of the latest few calls"),
        );
    }
}

/// How many failures are waited for and how many calls come a second, at the load with the most calls, if that is too slow.
fn slowest(foreseen: &[Foreseen], relation: RelationId, policy: &Policy) -> Option<(f64, f64, RecordId)> {
    let breaker = policy.breaker?;
    let needed = f64::from(breaker.share.map_or(breaker.failures, |(_, calls)| calls));
    let rates = foreseen.iter().map(|(load, calls)| {
        let calls = calls.get(&relation).copied().unwrap_or_default();
        (calls * f64::from(policy.retries + 1), *load)
    });
    let (rate, load) = rates.filter(|(rate, _)| *rate > 0.0).max_by(|a, b| a.0.total_cmp(&b.0))?;
    (needed / rate > LATE).then_some((needed, rate, load))
}

/// A load, and the calls by each relationship that are foreseen of it, a second.
type Foreseen = (RecordId, FxHashMap<RelationId, f64>);

fn foreseen(cx: &Context<'_>) -> Vec<Foreseen> {
    let loads = cx.arch.record_ids(&class::LOAD);
    let foresee = |load| {
        let (network, analysis) = groma_simulate::analyse_load(cx.arch, cx.network(), load)?;
        let mut by_relation: FxHashMap<RelationId, f64> = FxHashMap::default();
        for (site, calls) in network.sites.iter().zip(&analysis.calls) {
            if let Some(relation) = site.relation {
                *by_relation.entry(relation).or_default() += calls;
            }
        }
        Some((load, by_relation))
    };
    loads.filter_map(foresee).collect()
}

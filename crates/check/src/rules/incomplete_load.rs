use crate::{Absence, Context, Reach, Rule};
use groma_base::{Severity, did_you_mean, nearest};
use groma_model::decode::{FactValue, Value};
use groma_model::items::find_fact;
use groma_model::kinds::class;
use groma_model::schema::Fact;
use groma_model::{ItemRef, facts};
use groma_simulate::StepDistribution;
use rustc_hash::FxHashSet;

pub(super) static RULE: Rule = Rule {
    name: "incomplete-load",
    severity: Severity::Error,
    summary: "a load that does not say how much it asks for, or says it in two ways",
    check: Some(check),
    reach: Reach::Numbers,
    absence: Some(Absence::OfPart),
    calculates_from: None,
    blocks_forecast: true,
    page: include_str!("incomplete_load.md"),
};

const THINKING_UNKNOWN: &str = "how long do users think? without that they would ask again at once";

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    for load in arch.records_of(&class::LOAD) {
        let at = load.at;
        let title = arch.title(at);
        let (rate, users) = (arch.fact(at, &facts::load::RATE), arch.fact(at, &facts::load::USERS));
        let stages = arch.values_of(at, &facts::load::STAGE).next().is_some();
        arrivals_of(cx, at);
        if let (Some(every), None) = (arch.fact(at, &facts::load::EVERY), arch.fact(at, &facts::load::TRACE)) {
            batches_of(cx, at, every);
            weights_of(cx, at);
            continue;
        }
        if let Some(trace) = arch.fact(at, &facts::load::TRACE) {
            as_recorded(cx, at, trace);
            continue;
        }
        stages_of(cx, at);
        weights_of(cx, at);
        match (rate, users) {
            (None, None) if !stages => {
                let finding =
                    cx.at(at, format!("the load \"{title}\" says neither how many users nor how many requests"));
                cx.push(finding.help("write `users 10_000 think=10s`, or `rate 800/s`, or name a `trace`"));
            }
            (Some(rate), Some(users)) => {
                let finding = cx.at_fact(at, users, "users and a rate at once: one decides the other");
                let rate = arch.span(at, rate.range);
                cx.push(
                    finding
                        .secondary(rate, "the rate is here")
                        .help("keep `users` if they wait for answers before they ask again, else `rate`"),
                );
            }
            (None, Some(users)) if !thinks(cx, at) => {
                let finding = cx.at_fact(at, users, THINKING_UNKNOWN);
                cx.push(
                    finding.help("add `think=10s`: with N users and Z seconds, about N / Z requests arrive per second"),
                );
            }
            (Some(nothing), None) | (None, Some(nothing)) if !stages && is_zero(nothing) => {
                let finding = cx.at_fact(at, nothing, format!("the load \"{title}\" asks for nothing"));
                cx.push(finding.help("write what is expected, such as `rate 800/s` or `users 500 think=10s`"));
            }
            _ => {}
        }
    }
}

/// Whether it is said how long the users of a load think.
fn thinks(cx: &Context<'_>, at: ItemRef) -> bool {
    StepDistribution::of_thinking(cx.arch, at) != StepDistribution::Unknown
}

fn is_zero(value: &FactValue) -> bool {
    matches!(value.value, Value::Quantity(quantity) if quantity.high == 0.0)
}

/// How long something takes; 0 of what is no time.
fn seconds(value: &FactValue) -> f64 {
    if let Value::Quantity(quantity) = value.value { quantity.high } else { 0.0 }
}

/// Flows none of which is ever wanted.
fn weights_of(cx: &mut Context<'_>, at: ItemRef) {
    let arch = cx.arch;
    let weight = |value: &FactValue| {
        let parts = arch.file(at).parts_of(value);
        find_fact(parts, &facts::load::WEIGHT).is_some_and(is_zero)
    };
    let Some(first) = arch.fact(at, &facts::load::MIX) else { return };
    if arch.values_of(at, &facts::load::MIX).all(weight) {
        let finding = cx.at_fact(at, first, "all flows of this load have weight 0: none is ever called");
        cx.push(finding.help("give those that are wanted a `weight`, or leave it out where all are alike"));
    }
}

/// Arrivals that are spread where nothing arrives at a rate, and bursts of which not all is said, or too much.
fn arrivals_of(cx: &mut Context<'_>, at: ItemRef) {
    let arch = cx.arch;
    let Some(arrivals) = arch.fact(at, &facts::load::ARRIVALS) else { return };
    for (other, why) in [
        (&facts::load::TRACE, "they come as they were recorded"),
        (&facts::load::EVERY, "they come in batches"),
        (&facts::load::USERS, "users come when they have thought"),
    ] {
        let Some(other) = arch.fact(at, other) else { continue };
        let finding =
            cx.at_fact(at, arrivals, format!("`arrivals` says how the requests of a `rate` are spread: {why}"));
        let other = arch.span(at, other.range);
        cx.push(finding.secondary(other, "these are asked for").help("remove `arrivals`, or write a `rate`"));
        return;
    }
    let parts = arch.file(at).parts_of(arrivals);
    let of = |fact: &'static Fact| find_fact(parts, fact);
    let needed = [&facts::load::FACTOR, &facts::load::BURST, &facts::load::CALM];
    if arrivals.choice() != Some(facts::load::Arrivals::Bursty) {
        if let Some(idle) = needed.into_iter().find_map(of) {
            let finding =
                cx.at_fact(at, idle, format!("`{}` says how bursts come and go, and there are none", idle.fact.name));
            cx.push(finding.help("write `arrivals bursty`, or remove it"));
        }
        return;
    }
    if let Some(missing) = needed.into_iter().find(|fact| of(fact).is_none()) {
        let message = format!("bursts without a `{}` do not say how much comes when", missing.name);
        let finding = cx.at_fact(at, arrivals, message);
        cx.push(
            finding.help(
                "write `arrivals bursty factor=10 burst=5s calm=60s`: ten times as many for five seconds a minute",
            ),
        );
    } else if let Some(nothing) =
        [&facts::load::BURST, &facts::load::CALM].into_iter().filter_map(of).find(|part| is_zero(part))
    {
        let finding = cx.at_fact(at, nothing, format!("a `{}` that takes no time never happens", nothing.fact.name));
        cx.push(finding.help("write how long it lasts on average, or `arrivals poisson` if there are no bursts"));
    }
}

/// Batches beside something else that says how much is asked, or of which not all is said.
fn batches_of(cx: &mut Context<'_>, at: ItemRef, every: &FactValue) {
    let arch = cx.arch;
    for fact in [&facts::load::RATE, &facts::load::USERS, &facts::load::STAGE] {
        let Some(other) = arch.fact(at, fact) else { continue };
        let finding = cx.at_fact(at, other, format!("batches and `{}`: only the batches would count", fact.name));
        let every = arch.span(at, every.range);
        cx.push(
            finding
                .secondary(every, "the batches are here")
                .help("write a load for each, one of them `with` the other"),
        );
    }
    if is_zero(every) {
        let finding = cx.at_fact(at, every, "batches with no time between them would all come at once, for ever");
        cx.push(finding.help("write after how long the next one comes, such as `every 5min count=200`"));
    }
    let spread = arch.part(at, &facts::load::EVERY, &facts::load::SPREAD);
    if let Some(spread) = spread.filter(|spread| seconds(every) > 0.0 && seconds(spread) > seconds(every)) {
        let finding = cx.at_fact(at, spread, "batches that overlap: they are spread over more than `every`");
        cx.push(
            finding.help(
                "make `spread` no longer than `every`, or write the rate that they come to, such as `rate 200/min`",
            ),
        );
    }
    match arch.part(at, &facts::load::EVERY, &facts::load::COUNT) {
        None => {
            let finding = cx.at_fact(at, every, "how many requests come in each batch?");
            cx.push(finding.help("add `count=200`"));
        }
        Some(count) if is_zero(count) => {
            let finding = cx.at_fact(at, count, "batches of nothing");
            cx.push(finding.help("write how many requests come each time"));
        }
        Some(_) => {}
    }
}

/// So many flows that a trace names and that there are not are told of.
const MOST_TOLD: usize = 5;

/// A trace beside something else that says how much is asked, or with flows that there are not.
fn as_recorded(cx: &mut Context<'_>, at: ItemRef, trace: &FactValue) {
    let arch = cx.arch;
    let parts = arch.file(at).parts_of(trace);
    if let Some(speed) = parts.iter().find(|part| *part.fact == facts::load::SPEED && is_zero(part)) {
        let finding = cx.at_fact(at, speed, "at speed zero, no request ever arrives");
        cx.push(finding.help("write 1 for as recorded, 2 for twice as fast"));
    }
    for fact in [&facts::load::RATE, &facts::load::USERS, &facts::load::STAGE, &facts::load::EVERY] {
        let Some(other) = arch.fact(at, fact) else { continue };
        let finding = cx.at_fact(at, other, format!("a `trace` and `{}`: only the trace would count", fact.name));
        cx.push(finding.secondary(arch.span(at, trace.range), "the trace is here").help("write a load for each"));
    }
    let named = arch.trace(at).map(|trace| &trace.flows[..]).unwrap_or_default();
    if named.is_empty() {
        return;
    }
    let known: FxHashSet<&str> = arch.flows.iter().map(|flow| arch.name(flow.at)).collect();
    let unknown: Vec<&str> = named.iter().map(|name| &**name).filter(|name| !known.contains(name)).collect();
    for (nth, name) in unknown.iter().take(MOST_TOLD).enumerate() {
        let mut finding = cx
            .at_fact(at, trace, format!("this file names the flow `{name}`, which does not exist"))
            .regarding(&**name);
        if nth + 1 == MOST_TOLD && unknown.len() > MOST_TOLD {
            finding = finding.note(format!("{} more names in it are not flows", unknown.len() - MOST_TOLD));
        }
        let near = nearest(name, known.iter().copied());
        cx.push(
            finding.help(
                did_you_mean(&near).unwrap_or_else(|| {
                    "name the flows of the workspace in the second column, or leave it out".to_owned()
                }),
            ),
        );
    }
}

/// Stages that do not say where they lead, or mix users and rates.
fn stages_of(cx: &mut Context<'_>, at: ItemRef) {
    let arch = cx.arch;
    let mut kinds_seen: Vec<&'static Fact> = Vec::new();
    let (rate_first, users_first) = (arch.fact(at, &facts::load::RATE), arch.fact(at, &facts::load::USERS));
    let thinks = thinks(cx, at);
    for stage in arch.values_of(at, &facts::load::STAGE) {
        let parts = arch.file(at).parts_of(stage);
        let given = |fact: &'static Fact| find_fact(parts, fact).map(|_| fact);
        let (rate, users) = (given(&facts::load::STAGE_RATE), given(&facts::load::STAGE_USERS));
        let other = if rate.is_some() { users_first } else { rate_first };
        if let (Some(other), true) = (other, rate.is_some() != users.is_some()) {
            let finding = cx.at_fact(at, stage, "this stage changes something else than what the load begins with");
            let other = arch.span(at, other.range);
            cx.push(finding.secondary(other, "it begins with this").help("use `rate` in both, or `users`"));
            return;
        }
        if users.is_some() && !thinks {
            let finding = cx.at_fact(at, stage, THINKING_UNKNOWN);
            cx.push(finding.help("write `users 0 think=10s` before the stages"));
            return;
        }
        let Some(kind) = rate.or(users) else {
            let finding = cx.at_fact(at, stage, "this stage does not say where it leads");
            cx.push(finding.help("add `rate=800/s` or `users=500`; the same as before to stay there"));
            continue;
        };
        if kinds_seen.iter().any(|known| *known != kind) || (rate.is_some() && users.is_some()) {
            let finding = cx.at_fact(at, stage, "stages with a rate and stages with users: only the rates would count");
            cx.push(finding.help("write a load for each"));
        }
        if !kinds_seen.contains(&kind) {
            kinds_seen.push(kind);
        }
    }
}

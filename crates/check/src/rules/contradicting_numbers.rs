use crate::{Context, Reach, Rule};
use groma_base::Severity;
use groma_model::decode::Value;
use groma_model::schema::Fact;
use groma_model::{ItemRef, Step, StepKind, facts};

pub(super) static RULE: Rule = Rule {
    name: "contradicting-numbers",
    severity: Severity::Error,
    summary: "numbers that cannot be true together",
    check: Some(check),
    reach: Reach::Near,
    absence: None,
    calculates_from: None,
    blocks_forecast: true,
    page: include_str!("contradicting_numbers.md"),
};

fn check(cx: &mut Context<'_>) {
    branches(cx);
    times(cx);
    let elements: Vec<ItemRef> = cx.elements().map(|id| cx.arch.element(id).at).collect();
    for at in elements {
        replicas(cx, at);
        cache(cx, at);
        availability(cx, at);
        stall(cx, at);
    }
    let relations: Vec<ItemRef> = cx.relations().map(|id| cx.arch.relation(id).at).collect();
    for at in relations {
        if cx.arch.is(at, &facts::relation::BREAKER) {
            breaker(cx, at);
            half_open(cx, at);
        }
        budget(cx, at);
        pool(cx, at);
    }
}

/// The number of a fact's part, and the part.
fn part(cx: &Context<'_>, at: ItemRef, fact: &'static Fact, part: &'static Fact) -> Option<f64> {
    cx.arch.part(at, fact, part)?.number()
}

/// More branches that must answer than there are, or none.
fn branches(cx: &mut Context<'_>) {
    let mut found = Vec::new();
    for flow in cx.flows() {
        for (at, step) in flow.steps.entries().filter(|(_, step)| matches!(step.kind, StepKind::Parallel)) {
            let Some(needed) = cx.arch.quantity(step.at, &facts::parallel::NEEDED) else { continue };
            if cx.arch.fact(step.at, &facts::parallel::JOIN).is_some() {
                found.push((step.at, None));
                continue;
            }
            // Nobody waits for what goes on by itself, an answer belongs to its call, and a remark is none.
            let is_none =
                |branch: &Step| matches!(branch.kind, StepKind::Reply { .. } | StepKind::Part { .. } | StepKind::Note);
            let branches = flow.inside(at).map(|branch| &flow.steps[branch]);
            let count = branches.filter(|branch| !is_none(branch) && !cx.arch.is_async_step(branch)).count();
            if needed.high > count as f64 || needed.high == 0.0 {
                found.push((step.at, Some(count)));
            }
        }
    }
    for (at, count) in found {
        let Some(fact) = cx.arch.fact(at, &facts::parallel::NEEDED) else { continue };
        let Some(count) = count else {
            let finding = cx.at_fact(at, fact, "`join` and `needed` both say how many must answer");
            cx.push(finding.help("keep one of them"));
            continue;
        };
        let finding = cx.at_fact(at, fact, format!("{} of {count} branches cannot answer", cx.arch.words(at, fact)));
        cx.push(finding.help(format!("write a number from 1 to {count}, or leave it out if all must answer")));
    }
}

/// A number of times that cannot be, or that varies in two ways.
fn times(cx: &mut Context<'_>) {
    let mut found = Vec::new();
    for step in cx.flows().flat_map(|flow| &flow.steps).filter(|step| step.kind == StepKind::Repeat) {
        let Some(fact) = cx.arch.fact(step.at, &facts::repeat::TIMES) else { continue };
        let Value::Quantity(times) = fact.value else { continue };
        let varies = cx.arch.fact(step.at, &facts::repeat::DISTRIBUTION).is_some();
        let is_whole = times.low.fract() == 0.0 && times.high.fract() == 0.0;
        if varies && times.is_range() {
            let finding = cx.at_fact(step.at, fact, "a range of numbers and a distribution around one");
            found.push(finding.help("write the mean, such as `repeat 2.5 distribution=poisson`, or leave the distribution out: of a range each number is as likely"));
        } else if !varies && !is_whole {
            let words = cx.arch.words(step.at, fact);
            let finding = cx.at_fact(step.at, fact, format!("nothing happens {words} times"));
            found.push(finding.help(format!("write a whole number, a range such as `1..4`, or how it varies around that mean: `repeat {words} distribution=geometric`")));
        }
    }
    found.into_iter().for_each(|finding| cx.push(finding));
}

/// More replicas that must be up than there may be.
fn replicas(cx: &mut Context<'_>, at: ItemRef) {
    let Some(given) = cx.arch.quantity(at, &facts::element::REPLICAS) else { return };
    let Some(needed) = part(cx, at, &facts::element::REPLICAS, &facts::element::NEEDED) else { return };
    if let Some(fact) =
        cx.arch.part(at, &facts::element::REPLICAS, &facts::element::NEEDED).filter(|_| needed > given.low)
    {
        let message = format!("{needed} replicas are needed, and as few as {} may run", given.low);
        let finding = cx.at_fact(at, fact, message);
        cx.push(finding.help("let more run, or need fewer"));
    }
}

/// A hit ratio that is given and calculated.
fn cache(cx: &mut Context<'_>, at: ItemRef) {
    let (Some(ratio), Some(keys)) =
        (cx.arch.fact(at, &facts::element::HIT_RATIO), cx.arch.fact(at, &facts::element::KEYS))
    else {
        return;
    };
    let finding = cx.at_fact(at, ratio, "a hit ratio is given, and the keys that it would be calculated from");
    let keys = cx.arch.span(at, keys.whole);
    cx.push(finding.secondary(keys, "the keys are here").help("keep the ratio if it was measured, else the keys"));
}

/// How often something is there, said twice. How long a repair takes may stand beside it: that says what a takeover spares.
fn availability(cx: &mut Context<'_>, at: ItemRef) {
    let of = |fact| cx.arch.fact(at, fact);
    let (Some(share), Some(mtbf)) = (of(&facts::element::AVAILABILITY), of(&facts::element::MTBF)) else { return };
    let finding = cx.at_fact(at, mtbf, "an availability is given, and the times that it would follow from");
    let share = cx.arch.span(at, share.whole);
    let finding = finding.secondary(share, "the availability is here");
    cx.push(finding.help("keep `mtbf` and `mttr` if they were measured, else the share: only the share counts"));
}

/// A pool that keeps more connections than it may have.
fn pool(cx: &mut Context<'_>, at: ItemRef) {
    let (Some(most), Some(least)) = (
        cx.arch.quantity(at, &facts::relation::POOL),
        part(cx, at, &facts::relation::POOL, &facts::relation::POOL_MIN),
    ) else {
        return;
    };
    if let Some(fact) =
        cx.arch.part(at, &facts::relation::POOL, &facts::relation::POOL_MIN).filter(|_| least > most.high)
    {
        let message = format!("at least {least} connections are kept, and at most {}", most.high);
        let finding = cx.at_fact(at, fact, message);
        cx.push(finding.help("write a `min` that is no more than the pool"));
    }
}

/// A breaker that opens at once, or at two different things.
fn breaker(cx: &mut Context<'_>, at: ItemRef) {
    let Some(fact) = cx.arch.fact(at, &facts::relation::BREAKER) else { return };
    let of = |name| part(cx, at, &facts::relation::BREAKER, name);
    let (rate, failures) = (of(&facts::relation::BREAKER_RATE), of(&facts::relation::FAILURES));
    let message = match (rate, failures) {
        (Some(_), Some(_)) => "a number of failures in a row and a share of failures: one of them opens it",
        (Some(0.0), None) | (None, Some(0.0)) => "it opens before anything has failed",
        (Some(_), None) if of(&facts::relation::BREAKER_CALLS) == Some(0.0) => "a share of no calls",
        _ => return,
    };
    let finding = cx.at_fact(at, fact, message);
    cx.push(finding.help("write `breaker failures=5 reset=30s`, or `breaker rate=50% calls=20 reset=30s`"));
}

/// A breaker that never closes again, or lets more calls through at once than in all.
fn half_open(cx: &mut Context<'_>, at: ItemRef) {
    let of = |name| part(cx, at, &facts::relation::BREAKER, name);
    let (trials, half_open) = (of(&facts::relation::TRIALS), of(&facts::relation::HALF_OPEN));
    let (named, message, help) = match (trials, half_open, of(&facts::relation::HALF_OPEN_RATE)) {
        (Some(0.0), ..) => (
            &facts::relation::TRIALS,
            "it lets no call through to see whether all is well".to_owned(),
            "let at least one through: `trials=1`",
        ),
        (Some(trials), Some(half_open), _) if trials > half_open.max(1.0) => (
            &facts::relation::TRIALS,
            format!("{trials} calls at once, and no more than {half_open} are let through"),
            "let fewer through at once, or write as many `half-open`",
        ),
        (_, _, Some(0.0)) => (
            &facts::relation::HALF_OPEN_RATE,
            "it opens again though nothing has failed".to_owned(),
            "write the share of failures that is too much, such as `half-open-rate=50%`, or leave it out if one failure is",
        ),
        _ => return,
    };
    if let Some(fact) = cx.arch.part(at, &facts::relation::BREAKER, named) {
        let finding = cx.at_fact(at, fact, message);
        cx.push(finding.help(help));
    }
}

/// A budget for retries that never holds one.
fn budget(cx: &mut Context<'_>, at: ItemRef) {
    let (retry, cap) = (&facts::relation::RETRY, &facts::relation::BUDGET_CAP);
    let Some(fact) = cx.arch.part(at, retry, cap).filter(|_| part(cx, at, retry, cap).is_some_and(|cap| cap < 1.0))
    else {
        return;
    };
    let finding = cx.at_fact(at, fact, "a budget that never holds a whole retry: nothing is tried again");
    cx.push(finding.help("write at least 1, or leave out the `retry`"));
}

/// A stall that is not over when the next begins, or of which nobody knows when it comes.
fn stall(cx: &mut Context<'_>, at: ItemRef) {
    let stall = &facts::element::STALL;
    let (Some(fact), Some(length)) = (cx.arch.fact(at, stall), cx.arch.quantity(at, stall)) else { return };
    let every = part(cx, at, stall, &facts::element::STALL_EVERY);
    let lasts = cx.arch.words(at, fact);
    let message = match every {
        Some(every) if length.high < every => return,
        Some(_) => format!("a stall of {lasts} is not over when the next begins"),
        None => format!("a stall of {lasts}, and nothing says how often"),
    };
    let finding = cx.at_fact(at, fact, message);
    cx.push(finding.help(format!("write after how long the next begins, such as `stall {lasts} every=30s`")));
}

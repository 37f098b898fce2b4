use crate::Context;
use groma_base::Severity;
use groma_model::schema::{Fact, Role};
use groma_model::{ItemRef, kinds};

super::declare!(Error, "a load that does not say how much is asked", check, numbers);

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    for load in arch.records_of(Role::Load) {
        let at = load.at;
        let title = arch.title(at);
        let (rate, users) = (arch.fact(at, &kinds::ARRIVAL_RATE), arch.fact(at, &kinds::LOAD_USERS));
        let stages = arch.all_facts(at, &kinds::STAGE).next().is_some();
        stages_of(cx, at);
        match (rate, users) {
            (None, None) if !stages => {
                let finding =
                    cx.at(at, format!("the load \"{title}\" says neither how many users nor how many requests"));
                cx.push(finding.help("write `users 10_000 think=10s`, or `rate 800/s`"));
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
            (None, Some(users)) if arch.part(at, &kinds::LOAD_USERS, &kinds::THINK).is_none() => {
                let finding = cx.at_fact(at, users, "users who never think ask again at once: how long do they?");
                cx.push(
                    finding.help("add `think=10s`: with N users and Z seconds, about N / Z requests come a second"),
                );
            }
            (Some(_), None) if arch.quantity(at, &kinds::ARRIVAL_RATE).is_some_and(|rate| rate.high == 0.0) => {
                let finding = cx.at(at, format!("the load \"{title}\" asks for nothing"));
                cx.push(finding.help("write the `rate` that is expected, such as `800/s`"));
            }
            _ => {}
        }
    }
}

/// Stages that do not say where they lead, or mix users and rates.
fn stages_of(cx: &mut Context<'_>, at: ItemRef) {
    let arch = cx.arch;
    let mut kinds_seen: Vec<&'static Fact> = Vec::new();
    for stage in arch.all_facts(at, &kinds::STAGE) {
        let parts = arch.file(at).parts_of(stage);
        let given = |fact: &'static Fact| parts.iter().find(|part| std::ptr::eq(part.fact, fact)).map(|_| fact);
        let (rate, users) = (given(&kinds::STAGE_RATE), given(&kinds::STAGE_USERS));
        let other = if rate.is_some() { &kinds::LOAD_USERS } else { &kinds::ARRIVAL_RATE };
        if let (Some(other), true) = (arch.fact(at, other), rate.is_some() != users.is_some()) {
            let finding = cx.at_fact(at, stage, "this stage changes something else than what the load begins with");
            let other = arch.span(at, other.range);
            cx.push(finding.secondary(other, "it begins with this").help("use `rate` in both, or `users`"));
            return;
        }
        if users.is_some() && arch.part(at, &kinds::LOAD_USERS, &kinds::THINK).is_none() {
            let finding = cx.at_fact(at, stage, "users who never think ask again at once: how long do they?");
            cx.push(finding.help("write `users 0 think=10s` before the stages"));
            return;
        }
        let Some(kind) = rate.or(users) else {
            let finding = cx.at_fact(at, stage, "this stage does not say where it leads");
            cx.push(finding.help("add `rate=800/s` or `users=500`; the same as before to stay there"));
            continue;
        };
        if kinds_seen.iter().any(|known| !std::ptr::eq(*known, kind)) || (rate.is_some() && users.is_some()) {
            let finding = cx.at_fact(at, stage, "stages with a rate and stages with users: only the rates would count");
            cx.push(finding.help("write a load for each"));
        }
        kinds_seen.push(kind);
    }
}

use crate::Context;
use groma_base::Severity;
use groma_model::kinds;
use groma_model::schema::Role;

super::declare!(Error, "a load that does not say how much is asked", check, numbers);

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    for load in arch.records_of(Role::Load) {
        let at = load.at;
        let title = arch.title(at);
        let (rate, users) = (arch.fact(at, &kinds::ARRIVAL_RATE), arch.fact(at, &kinds::LOAD_USERS));
        let stages = arch.all_facts(at, &kinds::STAGE).next().is_some();
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

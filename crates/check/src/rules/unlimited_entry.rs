use crate::Context;
use groma_base::Severity;
use groma_model::facts;

super::declare!(Note, "a public entry without a rate limit", check, absence);

fn check(cx: &mut Context<'_>) {
    for id in crate::rules::entry::entries(cx) {
        let element = cx.arch.element(id);
        match cx.arch.fact(element.at, &facts::RATE_LIMIT) {
            None => {
                let finding = cx
                    .at(element.at, format!("the {} can be reached from outside and has no rate limit", cx.named(id)));
                cx.push(finding.help("write `rate-limit 100/min per=user` in its block"));
            }
            Some(fact) if cx.arch.part(element.at, &facts::RATE_LIMIT, &facts::PER).is_none() => {
                let finding = cx.at_fact(element.at, fact, "this rate limit does not say whom it counts");
                cx.push(finding.help("add `per=user`, `per=address` or `per=key`"));
            }
            Some(_) => {}
        }
    }
}

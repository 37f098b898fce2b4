use crate::Context;
use groma_base::Severity;
use groma_simulate::analysis::calls;

super::declare!(Warning, "retries of several layers that multiply", check, numbers);

/// From how many calls for one request on it is worth a finding.
const MANY: u32 = 10;

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    let calls = calls(cx.network());
    let mut found = Vec::new();
    for call in &calls {
        let Some(own) = call.relation.filter(|_| call.attempts > 1) else { continue };
        let mut product = call.attempts;
        let mut layers = vec![own];
        let mut around = call.inside;
        while let Some(outer) = around.map(|outer| &calls[outer]) {
            if let (Some(relation), true) = (outer.relation, outer.attempts > 1) {
                product = product.saturating_mul(outer.attempts);
                layers.push(relation);
            }
            around = outer.inside;
        }
        // One layer that tries ten times is meant so; a hundred times is no policy any more.
        let is_much = if layers.len() > 1 { product >= MANY } else { product > 10 * MANY };
        if is_much {
            found.push((own, product, layers));
        }
    }
    found.sort_by_key(|(own, product, _)| (*own, std::cmp::Reverse(*product)));
    found.dedup_by_key(|(own, _, _)| *own);
    for (own, product, layers) in found {
        let message = match layers.len() {
            1 => format!("one request can become {product} of these calls"),
            count => format!("one request can become {product} of these calls: {count} layers try again"),
        };
        let mut finding = cx.at(arch.relation(own).at, message);
        for layer in layers.iter().skip(1) {
            finding = finding.secondary(cx.relation_span(*layer), "tried again here too");
        }
        cx.push(
            finding.help("try again in one layer only, best the one next to what fails, and cap it with `budget=10%`"),
        );
    }
}

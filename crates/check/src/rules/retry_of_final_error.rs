use crate::{Context, Reach, Rule};
use groma_base::Severity;
use groma_model::facts;

pub(super) static RULE: Rule = Rule {
    name: "retry-of-final-error",
    severity: Severity::Error,
    summary: "a retry of an error that will not go away on its own",
    check: Some(check),
    reach: Reach::Near,
    absence: None,
    blocks_forecast: false,
    page: include_str!("retry_of_final_error.md"),
};

fn check(cx: &mut Context<'_>) {
    for id in cx.relations() {
        let at = cx.arch.relation(id).at;
        let Some(retry) = cx.arch.fact(at, &facts::relation::RETRY) else { continue };
        let file = cx.arch.file(at);
        let mut found = Vec::new();
        for part in file.parts_of(retry).iter().filter(|part| std::ptr::eq(part.fact, &facts::relation::RETRY_ON)) {
            let words = cx.arch.words(at, part).split(',').map(str::trim);
            found.extend(words.filter(|word| is_final(word)).map(|word| (part.range, word)));
        }
        for (range, word) in found {
            let finding = cx
                .finding(cx.arch.span(at, range), format!("`{word}` will fail again however often it is tried"))
                .about(at.item.raw());
            cx.push(finding.help("retry what may pass: `on=\"429, 5xx, timeout\"`"));
        }
    }
}

/// Whether an error is one of the caller's own: RFC 9110, section 15.5, without 408, 425 and 429.
fn is_final(word: &str) -> bool {
    let code = word.to_lowercase();
    code == "4xx"
        || (code.len() == 3
            && code.starts_with('4')
            && code.bytes().all(|byte| byte.is_ascii_digit())
            && !matches!(&*code, "408" | "425" | "429"))
}

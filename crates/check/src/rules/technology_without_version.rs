use crate::{Absence, Context, Reach, Rule};
use groma_base::Severity;
use groma_base::list_words;
use groma_model::{Level, facts};

pub(super) static RULE: Rule = Rule {
    name: "technology-without-version",
    severity: Severity::Note,
    summary: "a technology without its version",
    check: Some(check),
    reach: Reach::Near,
    absence: Some(Absence::OfPart),
    blocks_forecast: false,
    page: include_str!("technology_without_version.md"),
};

fn check(cx: &mut Context<'_>) {
    for id in cx.own_elements() {
        let element = cx.arch.element(id);
        let Some(fact) = cx.arch.fact(element.at, &facts::TECHNOLOGY) else { continue };
        if element.level != Level::Container {
            continue;
        }
        let bare: Vec<&str> = cx.arch.technologies(id).filter(|name| !has_version(name) && !is_managed(name)).collect();
        if !bare.is_empty() {
            let message = format!("{} named without a version", list_words(bare, "and"));
            let finding = cx.at_fact(element.at, fact, message);
            cx.push(finding.help("add the version that is meant, such as `PostgreSQL 17`"));
        }
    }
}

/// Services that their provider keeps current.
const MANAGED: &[&str] = &[
    "s3",
    "cloudfront",
    "lambda",
    "sqs",
    "sns",
    "dynamodb",
    "cloudflare",
    "fastly",
    "vercel",
    "elb",
    "alb",
    "nlb",
    "ecs",
    "fargate",
    "eventbridge",
    "cloud run",
    "bigquery",
    "gcs",
    "azure",
    "route 53",
    "api gateway",
    "kinesis",
    "cognito",
    "neon",
    "upstash",
    "supabase",
];

fn is_managed(name: &str) -> bool {
    let lower = name.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphanumeric());
    MANAGED.iter().any(|managed| {
        if managed.contains(' ') { lower.contains(managed) } else { words.clone().any(|word| word == *managed) }
    }) || words.any(|word| word == "managed")
}

/// Whether a word of the name begins with a number: `PostgreSQL 17`, `Rust 1.95`, `node v22`, `Java-21`; not `Neo4j`.
fn has_version(name: &str) -> bool {
    name.split(|c: char| c.is_whitespace() || matches!(c, '-' | '/' | '@' | ':'))
        .any(|word| word.trim_start_matches(['v', 'V']).starts_with(|c: char| c.is_ascii_digit()))
}

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

/// Names that end in a number which is no version.
const NUMBERED: &[&str] = &["auth0", "b2", "d3", "db2", "ec2", "h2", "k3", "k6", "r2", "route53", "s3", "web3"];

/// Whether a word of the name begins or ends with a number: `PostgreSQL 17`, `Rust 1.95`, `node v22`, `Java-21`, `C++20`, `ES2022`; not
/// `Neo4j`.
fn has_version(name: &str) -> bool {
    let is_part = |c: char| c.is_ascii_digit() || c == '.';
    let ends_with_number = |word: &str| {
        let known = word.trim_end_matches(is_part);
        known.len() < word.len()
            && !known.is_empty()
            && !NUMBERED.contains(&word.to_lowercase().as_str())
            && !word.ends_with('.')
    };
    name.split(|c: char| c.is_whitespace() || matches!(c, '-' | '/' | '@' | ':')).any(|word| {
        word.trim_start_matches(['v', 'V']).starts_with(|c: char| c.is_ascii_digit()) || ends_with_number(word)
    })
}

use crate::{Context, Reach, Rule};
use groma_base::Severity;
use groma_model::facts;

pub(super) static RULE: Rule = Rule {
    name: "too-many-languages",
    severity: Severity::Warning,
    summary: "more programming languages than the team can maintain",
    check: Some(check),
    reach: Reach::Whole,
    absence: None,
    blocks_forecast: false,
    page: include_str!("too_many_languages.md"),
};

fn check(cx: &mut Context<'_>) {
    let Some(workspace) = cx.arch.workspace else { return };
    let Some(team) = cx.arch.quantity(workspace, &facts::workspace::TEAM) else { return };
    let mut found: Vec<&str> = Vec::new();
    for id in cx.own_elements() {
        for technology in cx.arch.technologies(id) {
            let lower = technology.to_lowercase();
            let words: Vec<&str> =
                lower.split(|c: char| !(c.is_alphanumeric() || matches!(c, '+' | '#' | '.'))).collect();
            found.extend(
                LANGUAGES
                    .iter()
                    .filter(|(_, names)| names.iter().any(|name| words.contains(name)))
                    .map(|(language, _)| *language),
            );
        }
    }
    found.sort_unstable();
    found.dedup();
    let most = (team.high / 2.0).ceil().max(1.0);
    if found.len() as f64 > most {
        let Some(fact) = cx.arch.fact(workspace, &facts::workspace::TEAM) else { return };
        let message =
            format!("{} programming languages ({}) for a team of {}", found.len(), found.join(", "), team.high);
        let finding =
            cx.at_fact(workspace, fact, message).note("each language needs at least two people who know it well");
        cx.push(finding.help("agree on fewer languages"));
    }
}

/// Languages, with the words in a technology that give them away.
const LANGUAGES: &[(&str, &[&str])] = &[
    ("C#", &["c#", ".net", "asp.net"]),
    ("C++", &["c++"]),
    ("Elixir", &["elixir", "phoenix"]),
    ("Go", &["go", "golang"]),
    ("Java", &["java", "spring", "quarkus"]),
    (
        "JavaScript/TypeScript",
        &[
            "javascript",
            "typescript",
            "node",
            "node.js",
            "next.js",
            "react",
            "vue",
            "angular",
            "express",
            "svelte",
            "nestjs",
            "deno",
            "bun",
        ],
    ),
    ("Kotlin", &["kotlin"]),
    ("PHP", &["php", "laravel", "symfony"]),
    ("Python", &["python", "flask", "fastapi", "django"]),
    ("Ruby", &["ruby", "rails"]),
    ("Rust", &["rust", "axum", "actix"]),
    ("Scala", &["scala"]),
    ("Swift", &["swift"]),
];

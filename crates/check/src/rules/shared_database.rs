use crate::{Context, Reach, Rule};
use groma_base::Severity;
use groma_model::facts::element::Style;
use groma_model::{Container, ElementId, Level};
use rustc_hash::FxHashSet;

pub(super) static RULE: Rule = Rule {
    name: "shared-database",
    severity: Severity::Warning,
    summary: "microservices that share a database",
    check: Some(check),
    reach: Reach::Whole,
    absence: None,
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("shared_database.md"),
};

fn check(cx: &mut Context<'_>) {
    for store in cx.own_containers(|kind| kind == Container::Database) {
        if cx.style_of(store).is_none_or(|(style, _)| style != Style::Microservices) {
            continue;
        }
        let mut users: Vec<ElementId> = Vec::new();
        let mut known: FxHashSet<ElementId> = FxHashSet::default();
        for id in cx.arch.incoming(store) {
            if let Some(user) =
                cx.arch.at_level(cx.arch.relation(id).from, Level::Container).filter(|user| known.insert(*user))
            {
                users.push(user);
            }
        }
        if users.len() > 1 {
            let mut finding =
                cx.at(cx.arch.element(store).at, format!("{} services share the {}", users.len(), cx.named(store)));
            for user in &users {
                finding = finding.secondary(cx.span_of(*user), "uses it");
            }
            cx.push(finding.help("let one service own it and the others ask that service, or listen to its events"));
        }
    }
}

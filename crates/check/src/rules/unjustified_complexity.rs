use crate::{Absence, Context, Reach, Rule};
use groma_base::Severity;
use groma_model::facts::element::Style;
use groma_model::facts::quality::Category;
use groma_model::kinds::class;
use groma_model::{ItemRef, Statement, facts};

pub(super) static RULE: Rule = Rule {
    name: "unjustified-complexity",
    severity: Severity::Warning,
    summary: "Kubernetes or microservices that no requirement asks for",
    check: Some(check),
    reach: Reach::Whole,
    absence: Some(Absence::OfPart),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("unjustified_complexity.md"),
};

fn check(cx: &mut Context<'_>) {
    if cx
        .arch
        .records_of(&class::QUALITY)
        .any(|record| matches!(cx.arch.choice(record.at), Some(Category::Scalability | Category::Reliability)))
    {
        return;
    }
    let mut users: Vec<(ItemRef, groma_base::Span, &str)> = Vec::new();
    for id in cx.own_elements() {
        let at = cx.arch.element(id).at;
        if let Some(fact) =
            cx.arch.fact(at, &facts::element::STYLE).filter(|fact| fact.choice() == Some(Style::Microservices))
        {
            users.push((at, cx.arch.span(at, fact.range), Style::Microservices.word()));
        }
        if let Some(fact) = cx.arch.fact(at, &facts::TECHNOLOGY).filter(|fact| is_kubernetes(cx.arch.words(at, fact))) {
            users.push((at, cx.arch.span(at, fact.range), "Kubernetes"));
        }
    }
    for node in cx.arch.deployments.iter().flat_map(|deployment| &deployment.nodes) {
        if let Some(fact) =
            cx.arch.fact(node.at, &facts::TECHNOLOGY).filter(|fact| is_kubernetes(cx.arch.words(node.at, fact)))
        {
            users.push((node.at, cx.arch.span(node.at, fact.range), "Kubernetes"));
        }
    }
    let constrained = cx.arch.records_of(&class::RECORD).any(|record| {
        let text = format!(
            "{} {}",
            cx.arch.title(record.at),
            cx.arch.text(record.at, &facts::DESCRIPTION).unwrap_or_default()
        );
        Statement::of(cx.arch.item(record.at).kind.name) == Some(Statement::Constraint) && is_kubernetes(&text)
    });
    for (_, span, what) in users {
        if !(constrained && what == "Kubernetes") {
            let finding = cx.finding(span, format!("no requirement needs {what}"));
            cx.push(finding.help("write the quality (scalability, reliability) or the constraint that needs it, with its number, or choose something simpler"));
        }
    }
}

fn is_kubernetes(text: &str) -> bool {
    let mut words = text.split(|c: char| !c.is_alphanumeric());
    words.any(|word| {
        ["kubernetes", "k8s", "eks", "gke", "aks", "openshift"].iter().any(|name| word.eq_ignore_ascii_case(name))
    })
}

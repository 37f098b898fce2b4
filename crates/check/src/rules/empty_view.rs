use crate::Context;
use groma_base::Severity;
use groma_model::query::Query;
use groma_model::{Architecture, Level, View, kinds};

super::declare!(Warning, "a view that shows nothing", check, whole);

fn check(cx: &mut Context<'_>) {
    for view in &cx.arch.views {
        let Some(problem) = problem(cx.arch, view) else { continue };
        let finding = cx.at(view.at, format!("the view \"{}\" shows nothing: {problem}", cx.arch.title(view.at)));
        cx.push(finding.help("correct `show`, `of`, `include` or `exclude`"));
    }
}

fn problem(arch: &Architecture, view: &View) -> Option<String> {
    let Some(show) = arch.text(view.at, &kinds::SHOW) else { return Some("`show` does not say what sort of picture it is".into()) };
    let level = view.of.map(|of| arch.element(of).level);
    let needed = match show {
        "context" | "container" if level != Some(Level::System) => Some("a system"),
        "component" if level != Some(Level::Container) => Some("a container"),
        "deployment" if view.deployment.is_none() => Some("a deployment"),
        "dynamic" | "sequence" if view.flow.is_none() => Some("a flow"),
        "pipeline" if view.pipeline.is_none() => Some("a pipeline"),
        _ => None,
    };
    if let Some(needed) = needed {
        return Some(format!("`show={show}` needs `of=` with {needed}"));
    }
    let mut included: Vec<_> = arch.all_facts(view.at, &kinds::INCLUDE).collect();
    included.retain(|given| Query::parse(arch.words(view.at, given)).is_ok());
    let selects = |text: &str| Query::parse(text).and_then(|query| query.select(arch)).is_ok_and(|found| !found.is_empty());
    let nothing = !included.is_empty() && !included.iter().any(|given| selects(arch.words(view.at, given)));
    nothing.then(|| "`include` selects no element".to_owned())
}

use crate::{Absence, Context, Reach, Rule, UNMET_STANDARD};
use groma_base::Severity;
use groma_model::facts::standard::Severity as Said;
use groma_model::kinds::class;
use groma_model::query::{Answers, Query};
use groma_model::schema::Head;
use groma_model::{Architecture, Entity, ItemRef, facts};

pub(super) static RULE: Rule = Rule {
    name: UNMET_STANDARD,
    severity: Severity::Error,
    summary: "what does not meet a standard of your own; the finding bears the standard's name",
    check: Some(check),
    reach: Reach::Whole,
    absence: Some(Absence::OfPart),
    blocks_forecast: false,
    page: include_str!("unmet_standard.md"),
};

fn check(cx: &mut Context<'_>) {
    for standard in cx.arch.records_of(&class::STANDARD) {
        for at in unmet(cx.arch, standard.at).unwrap_or_default() {
            report(cx, standard.at, at);
        }
    }
}

/// The things to which a standard applies and that do not meet it. `None` if it does not say that, which is told elsewhere.
fn unmet(arch: &Architecture, standard: ItemRef) -> Option<Vec<ItemRef>> {
    let query = |fact| Query::parse(arch.text(standard, fact)?).ok();
    let (applies, must) = (query(&facts::standard::APPLIES)?, query(&facts::standard::MUST)?);
    let all = applies.things(arch, &Answers::default()).ok()?;
    let good = must.of_these(all.clone(), &applies, arch, &Answers::default()).ok()?;
    Some(all.into_iter().filter(|at| good.binary_search(at).is_err()).collect())
}

fn report(cx: &mut Context<'_>, standard: ItemRef, at: ItemRef) {
    let arch = cx.arch;
    let text = |fact| arch.text(standard, fact);
    let name = arch.name(standard);
    let mut finding = cx.at(at, format!("{} does not meet \"{}\"", called(cx, at), arch.title(standard)));
    finding.code = name.to_owned().into();
    let severity = match arch.choice(standard) {
        Some(Said::Note) => Severity::Note,
        Some(Said::Warning) => Severity::Warning,
        Some(Said::Error) | None => Severity::Error,
    };
    // A workspace may take all standards more lightly.
    finding.severity = severity.min(cx.severity);
    finding.notes.extend(text(&facts::standard::REASON).map(str::to_owned));
    let must = text(&facts::standard::MUST).unwrap_or_default();
    finding = finding.secondary(arch.name_span(standard), "the standard").help(format!("it must be `{must}`"));
    if let Some(exception) = text(&facts::standard::EXCEPTION) {
        finding = finding.help(format!(
            "for an exception: {exception}; then write `allow {name} owner=… reason=\"…\" expires=YYYY-MM-DD` in it"
        ));
    }
    cx.push(finding);
}

/// What a thing is called in a message: the service "Core", or `shop.core -> bank`.
fn called(cx: &Context<'_>, at: ItemRef) -> String {
    let (arch, item) = (cx.arch, cx.arch.item(at));
    if let Some(Entity::Element(id)) = arch.entity(at) {
        return format!("the {}", cx.named(id));
    }
    let text = &arch.file(at).text;
    match item.kind.head {
        Head::Arrow => format!("`{} {} {}`", item.name.of(text), item.kind.name, item.target.of(text)),
        _ => format!("the {} \"{}\"", item.kind.word(), arch.title(at)),
    }
}

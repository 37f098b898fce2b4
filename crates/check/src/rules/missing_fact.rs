use crate::{Absence, Context, Reach, Rule};
use groma_base::Severity;
use groma_model::facts::own_fact;
use groma_model::kinds::class;
use groma_model::schema::Fact;
use groma_model::{Architecture, ItemRef};

pub(super) static RULE: Rule = Rule {
    name: "missing-fact",
    severity: Severity::Error,
    summary: "a fact of your own that is required and not given",
    check: Some(check),
    reach: Reach::Whole,
    absence: Some(Absence::OfPart),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("missing_fact.md"),
};

/// The declarations of what must be given.
pub(super) fn required(arch: &Architecture) -> Vec<ItemRef> {
    let declared = arch.records_of(&class::OWN_FACT).map(|record| record.at);
    declared.filter(|at| arch.is(*at, &own_fact::REQUIRED)).collect()
}

/// How a fact is written, with a value of its type: a name is one that there is.
fn example(arch: &Architecture, fact: &Fact) -> String {
    let name = fact.name;
    let named = || {
        let mut meant = arch.item_refs().filter(|at| arch.item(*at).kind.class.is_in(fact.ty.names()));
        let entity = meant.find_map(|at| arch.entity(at))?;
        Some(arch.path(entity).to_string())
    };
    match fact.ty.example() {
        Some("") => format!("`{name}`, or `{name}=#false`,"),
        Some(value) => format!("`{name}={value}`"),
        None => format!("`{name}={}`", named().as_deref().unwrap_or("…")),
    }
}

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    let required: Vec<(&'static Fact, _)> = required(arch)
        .into_iter()
        .filter_map(|at| {
            let own = arch.own_facts.all().iter().find(|own| own.fact.name == arch.name(at))?;
            Some((own.fact, at))
        })
        .collect();
    if required.is_empty() {
        return;
    }
    for at in arch.item_refs().filter(|at| arch.is_own(*at)) {
        for fact in arch.facts_for(at) {
            let Some((_, declared)) = required.iter().find(|(one, _)| *one == fact) else { continue };
            if arch.fact(at, fact).is_some() {
                continue;
            }
            let finding =
                cx.at(at, format!("{} has no `{}`", cx.thing(at), fact.name)).regarding(arch.address_of(*declared));
            let how = format!("write {} with the value of its own; expected {}", example(arch, fact), fact.expected());
            let finding = finding.secondary(arch.name_span(*declared), "required here").help(how);
            let finding = match fact.summary {
                "" => finding,
                summary => finding.note(format!("`{}`: {summary}", fact.name)),
            };
            cx.push(cx.from_kit(*declared, finding));
        }
    }
}

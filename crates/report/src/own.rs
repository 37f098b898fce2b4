//! What a workspace declares of its own, explained as the language explains what is built in.

use groma_base::list_words;
use groma_model::kinds::class;
use groma_model::query::{Answers, Query};
use groma_model::{Architecture, ItemRef, facts};
use std::fmt::Write;

/// The page of a fact, a kind or a standard that a workspace declares under this name, in Markdown. `place` says where
/// something stands.
pub fn own_page(arch: &Architecture, name: &str, place: &dyn Fn(ItemRef) -> String) -> Option<String> {
    let classes = [&class::OWN_FACT, &class::OWN_KIND, &class::STANDARD];
    let is_meant = |at: &ItemRef| arch.item(*at).kind.class.is_in(&classes) && arch.name(*at) == name;
    let pages = arch.item_refs().filter(is_meant).map(|at| {
        let class = arch.item(at).kind.class;
        let mut page =
            format!("# {name}\n\n{}: a {} of this workspace, declared in {}.\n", arch.title(at), class.word, place(at));
        if let Some(description) = arch.text(at, &facts::DESCRIPTION) {
            let _ = writeln!(page, "\n{description}");
        }
        match class {
            class if *class == class::OWN_FACT => own_fact(arch, at, &mut page),
            class if *class == class::STANDARD => standard(arch, at, &mut page),
            _ => {
                let is = arch.text(at, &facts::own_kind::IS).unwrap_or("service");
                let _ = writeln!(page, "\nIt is a `{is}`, and has what `groma explain {is}` lists.");
            }
        }
        page
    });
    let pages: Vec<String> = pages.collect();
    (!pages.is_empty()).then(|| pages.join("\n"))
}

fn own_fact(arch: &Architecture, at: ItemRef, page: &mut String) {
    let Some(own) = arch.own_facts.all().iter().find(|own| own.fact.name == arch.name(at)) else { return };
    let on = list_words(own.on.iter().map(|word| &**word), "and");
    let _ = writeln!(page, "\n`{}=…`: {}. On: {on}.", own.fact.name, own.fact.expected());
    let said = [
        (arch.is(at, &facts::own_fact::REQUIRED), "It must be given.".to_owned()),
        (own.fact.many, "It may be given several times.".to_owned()),
        (
            own.fact.default.is_some(),
            format!("Where it is not given, `{}` holds.", own.fact.default.unwrap_or_default()),
        ),
    ];
    for (_, text) in said.into_iter().filter(|(is_so, _)| *is_so) {
        let _ = writeln!(page, "{text}");
    }
}

fn standard(arch: &Architecture, at: ItemRef, page: &mut String) {
    let said = [
        ("Applies to", &facts::standard::APPLIES),
        ("Must be", &facts::standard::MUST),
        ("Reason", &facts::standard::REASON),
        ("Since", &facts::standard::SINCE),
        ("Exception", &facts::standard::EXCEPTION),
    ];
    page.push('\n');
    for (heading, fact) in said {
        if let Some(text) = arch.text(at, fact) {
            let _ = writeln!(page, "- {heading}: {text}");
        }
    }
    let about = arch.text(at, &facts::standard::APPLIES).and_then(|text| Query::parse(text).ok());
    if let Some(about) = about.and_then(|query| query.things(arch, &Answers::default()).ok()) {
        let things = if about.len() == 1 { "thing" } else { "things" };
        let _ = writeln!(page, "- Here that is {} {things}", about.len());
    }
}

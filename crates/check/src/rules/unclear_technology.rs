use crate::{Absence, Context, Reach, Rule};
use groma_base::{Diagnostic, Severity, join_words};
use groma_model::ItemRef;
use groma_model::facts::radar::Policy;
use groma_model::facts::{self, technology};
use groma_model::kinds::class;
use groma_model::stack::{RINGS, catalogue, in_order_of_names, names_of_technology};

pub(super) static RULE: Rule = Rule {
    name: "unclear-technology",
    severity: Severity::Error,
    summary: "a name that means two technologies, or a technology of which it is not said what it is for, or a second radar",
    check: Some(check),
    reach: Reach::Whole,
    absence: Some(Absence::OfPart),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("unclear_technology.md"),
};

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    second_radars(cx);
    rings_without_policy(cx);
    for at in in_order_of_names(arch, &class::TECHNOLOGY) {
        let names = names_of_technology(arch, at);
        if let Some((name, of_kit)) = in_vain(cx, at, &names) {
            cx.push(named_like_one_of_kit(cx, at, name, of_kit));
            continue;
        }
        let of_another = |name: &&str| cx.technologies().own_called(name).filter(|own| *own != at);
        let taken = names.iter().find_map(|name| Some((*name, of_another(name)?)));
        // Two of one name are told where names are.
        if let Some((name, other)) = taken.filter(|(_, other)| arch.name(*other) != arch.name(at)) {
            let finding = cx
                .at(at, format!("`{name}` means two technologies"))
                .secondary(arch.name_span(other), "this is the other");
            cx.push(finding.help("keep the name with one of them; blanks, hyphens, dots and case make no difference"));
        }
        let is_known =
            arch.fact(at, &technology::CATEGORY).is_some() || names.iter().any(|name| catalogue(name).is_some());
        if !is_known {
            let mut finding = cx.at(at, format!("it is not said what {} is for", arch.title(at)));
            finding.severity = finding.severity.min(Severity::Warning);
            cx.push(finding.help("add `category=…` (`groma explain category` lists them)"));
        }
    }
}

/// A name of a technology that means one of a kit to which the workspace is held.
fn in_vain<'n>(cx: &Context<'_>, at: ItemRef, names: &[&'n str]) -> Option<(&'n str, ItemRef)> {
    // Two of one name are told where names are.
    let is_other = |of_kit: &ItemRef| cx.arch.name(*of_kit) != cx.arch.name(at);
    let of_kit = |name: &str| cx.technologies().of_kit_called(name).filter(is_other);
    names.iter().filter(|_| !cx.arch.is_of_binding_kit(at)).find_map(|name| Some((*name, of_kit(name)?)))
}

fn named_like_one_of_kit(cx: &Context<'_>, at: ItemRef, name: &str, of_kit: ItemRef) -> Diagnostic {
    let arch = cx.arch;
    let kit = arch.kit(of_kit).map_or(String::new(), |kit| arch.kit_name(kit));
    let message = format!("`{name}` means {} of the kit {kit}", arch.title(of_kit));
    let finding = cx.at(at, message).secondary(arch.name_span(of_kit), "this counts");
    finding.help("remove it, or call it otherwise; what is to be said of that technology, the kit says")
}

/// A ring of one's own asks nothing of anybody unless it says so, which whoever declares it may not know.
fn rings_without_policy(cx: &mut Context<'_>) {
    let arch = cx.arch;
    for radar in in_order_of_names(arch, &class::RADAR) {
        for given in arch.values_of(radar, &facts::radar::RINGS) {
            let name = arch.words(radar, given);
            let is_said = arch.part_value_of(radar, given, &facts::radar::RING_POLICY).is_some();
            if is_said || RINGS.iter().any(|usual| usual.name == name) {
                continue;
            }
            let message = format!("the ring `{name}` has no `policy`, so everybody may use what is in it");
            let mut finding = cx.at_fact(radar, given, message);
            finding.severity = finding.severity.min(Severity::Note);
            let words = Policy::ALL.iter().map(|policy| format!("`policy={}`", policy.word()));
            let words: Vec<String> = words.collect();
            cx.push(finding.help(format!("add {}", join_words(&words, "or"))));
        }
    }
}

/// A workspace has one radar: the rings of several would be taken together, in the order of the files.
fn second_radars(cx: &mut Context<'_>) {
    let arch = cx.arch;
    let radars = in_order_of_names(arch, &class::RADAR);
    for radar in radars.iter().skip(1).filter(|radar| arch.name(**radar) != arch.name(radars[0])) {
        let finding = cx.at(*radar, "a second `radar`, whose rings are taken together with those of another");
        let finding = radars.iter().fold(finding, |finding, one| finding.or_at(arch.name_span(*one)));
        let finding = finding.secondary(arch.name_span(radars[0]), "the other one is here");
        cx.push(finding.help("keep one; a workspace has one set of rings"));
    }
}

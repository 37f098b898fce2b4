use super::encryption::encryption;
use crate::{Absence, Context, Reach, Rule};
use groma_base::Severity;
use groma_model::facts::workspace::{COMPLIANCE, Regulation};
use groma_model::facts::zone::Trust;
use groma_model::facts::{self, DataClass};
use groma_model::{Architecture, ElementId, ItemRef, Level};

pub(super) static RULE: Rule = Rule {
    name: "unmet-compliance",
    severity: Severity::Warning,
    summary: "what a law or standard of `compliance` asks for, and the model does not show",
    check: Some(check),
    reach: Reach::Whole,
    absence: Some(Absence::OfPart),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("unmet_compliance.md"),
};

/// What a text asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ask {
    /// That it is known where data of these classes is.
    Known,
    /// That it is known of all data of which class it is.
    Classified,
    /// That what holds such data is kept apart.
    Apart,
    /// That such data is not where anyone can be.
    Sheltered,
    /// That such data is encrypted wherever it goes, inside as well.
    EncryptedInside,
    /// That somebody answers for each of the others that get such data.
    Agreed,
}

use DataClass::{Card, Health, Personal, Secret};
use Regulation::{Ccpa, Gdpr, Hipaa, Iso27001, PciDss, Soc2};

/// What is asked, by which text and where in it, and for which classes of data. What is asked of all data alike, whatever the text, is
/// found by other rules: `unencrypted-store`, `unencrypted-crossing`, `missing-owner`, `open-entry`.
const ASKED: &[(Ask, Regulation, &str, &[DataClass])] = &[
    (Ask::Known, Gdpr, "article 30", &[Personal, Health]),
    (Ask::Known, Ccpa, "1798.100", &[Personal, Health]),
    (Ask::Known, Hipaa, "164.308(a)(1)", &[Health]),
    (Ask::Known, PciDss, "requirement 12.5", &[Card]),
    (Ask::Classified, Soc2, "C1.1", &[]),
    (Ask::Classified, Iso27001, "A.5.12", &[]),
    (Ask::Apart, PciDss, "requirement 1", &[Card]),
    (Ask::Sheltered, Gdpr, "article 32", &[Personal, Health]),
    (Ask::Sheltered, Ccpa, "1798.100(e)", &[Personal, Health]),
    (Ask::Sheltered, Hipaa, "164.312(a)", &[Health]),
    (Ask::Sheltered, Soc2, "CC6.6", &[Secret]),
    (Ask::Sheltered, Iso27001, "A.8.22", &[Secret]),
    (Ask::EncryptedInside, Hipaa, "164.312(e)", &[Health]),
    (Ask::EncryptedInside, Soc2, "CC6.7", &[Secret]),
    (Ask::EncryptedInside, Iso27001, "A.8.24", &[Secret]),
    (Ask::Agreed, Gdpr, "article 28", &[Personal, Health]),
    (Ask::Agreed, Ccpa, "1798.100(d)", &[Personal, Health]),
    (Ask::Agreed, Hipaa, "164.308(b)", &[Health]),
    (Ask::Agreed, PciDss, "requirement 12.8", &[Card]),
];

fn check(cx: &mut Context<'_>) {
    let Some(workspace) = cx.arch.workspace else { return };
    let texts: Vec<Regulation> = cx.arch.list(workspace, &COMPLIANCE).filter_map(Regulation::of).collect();
    if texts.is_empty() || cx.arch.elements.is_empty() {
        return;
    }
    known(cx, workspace);
    for id in cx.own_elements().filter(|id| cx.arch.element(*id).level != Level::Person) {
        held(cx, id, &texts);
    }
    encrypted_inside(cx, &texts);
    agreed(cx, &texts);
}

/// Those of the texts that ask this of data of these classes, in words, and the first class that it is asked of.
fn asking(texts: &[Regulation], ask: Ask, classes: &[DataClass]) -> Option<(String, Option<DataClass>)> {
    let is_about = |of: &[DataClass]| of.is_empty() || classes.iter().any(|class| of.contains(class));
    let asked = || ASKED.iter().filter(|(one, text, _, of)| *one == ask && texts.contains(text) && is_about(of));
    let class = classes.iter().copied().find(|class| asked().any(|(.., of)| of.contains(class)));
    let words: Vec<String> = asked().map(|(_, text, place, _)| format!("`{}` ({place})", text.word())).collect();
    let verb = if words.len() == 1 { "asks" } else { "ask" };
    let (last, others) = words.split_last()?;
    let told = if others.is_empty() { last.clone() } else { format!("{} and {last}", others.join(", ")) };
    Some((format!("{told} {verb}"), class))
}

/// The classes of data that something says that it holds or carries.
fn classes(arch: &Architecture, at: ItemRef) -> Vec<DataClass> {
    arch.list(at, &facts::DATA).filter_map(DataClass::of).collect()
}

/// That it is said where the data is that a text is about.
fn known(cx: &mut Context<'_>, workspace: ItemRef) {
    let arch = cx.arch;
    let all = arch.element_ids().map(|id| arch.element(id).at);
    let all = all.chain(arch.relation_ids().map(|id| arch.relation(id).at));
    let said: Vec<DataClass> = all.flat_map(|at| classes(arch, at)).collect();
    for value in arch.values_of(workspace, &COMPLIANCE) {
        let Some(text) = Regulation::of(arch.words(workspace, value)) else { continue };
        let Some((_, _, place, of)) = ASKED.iter().find(|(ask, one, ..)| (*ask, *one) == (Ask::Known, text)) else {
            continue;
        };
        if said.iter().any(|class| of.contains(class)) {
            continue;
        }
        let (word, class) = (text.word(), of[0].word());
        let message =
            format!("`{word}` ({place}) asks where {class} data is, and nothing is said to hold or carry any");
        let finding = cx.at_fact(workspace, value, message).regarding(word);
        cx.push(finding.help(format!("write `data={class}` on what holds or carries it, or leave `{word}` out")));
    }
}

/// What is asked of an element for the data that it holds.
fn held(cx: &mut Context<'_>, id: ElementId, texts: &[Regulation]) {
    let (arch, element) = (cx.arch, cx.arch.element(id));
    let classes = classes(arch, element.at);
    // Of the zones around it, from the inside out; one that says nothing leaves it to those around it.
    let trusts: Vec<Trust> =
        arch.zones(id).into_iter().filter_map(|zone| arch.choice::<Trust>(arch.groups[zone].at)).collect();
    let is_apart = trusts.iter().take_while(|trust| **trust != Trust::Public).any(|trust| *trust == Trust::Restricted);
    let is_store = arch.is_store(id);
    if let (true, true, Some((asks, _))) = (is_store, classes.is_empty(), asking(texts, Ask::Classified, &[])) {
        let message = format!("{asks} of which class data is, and the {} does not say it", cx.named(id));
        cx.push(
            cx.at(element.at, message)
                .regarding("class")
                .help("write `data=…`: public, internal, personal, health, card or secret"),
        );
    }
    if let (false, Some((asks, _))) = (is_apart, asking(texts, Ask::Apart, &classes)) {
        let named = cx.named(id);
        let message =
            format!("{asks} that card data is kept apart, and the {named} is not in a zone that only few enter");
        let help = "put it in a zone of its own with `trust=restricted`, or leave card numbers to a provider";
        cx.push(cx.at(element.at, message).regarding("apart").help(help));
    } else if let (true, Some(Trust::Public), Some((asks, Some(class)))) =
        (is_store, trusts.first(), asking(texts, Ask::Sheltered, &classes))
    {
        let message =
            format!("{asks} that {} data is protected, and anyone can be where the {} is", class.word(), cx.named(id));
        cx.push(cx.at(element.at, message).regarding(class.word()).help("put it in a zone that is not `trust=public`"));
    }
}

/// That data is encrypted inside a zone as well. What leaves one is looked at by `unencrypted-crossing`.
fn encrypted_inside(cx: &mut Context<'_>, texts: &[Regulation]) {
    let arch = cx.arch;
    for id in cx.relations() {
        let relation = *arch.relation(id);
        let (from, to) = (arch.element(relation.from), arch.element(relation.to));
        let is_inside = from.zone == to.zone && from.external == to.external;
        if !is_inside || encryption(arch, relation.at) != Some(false) {
            continue;
        }
        let mut carried = classes(arch, relation.at);
        if carried.is_empty() && arch.is_store(relation.to) {
            carried = classes(arch, to.at);
        }
        let Some((asks, Some(class))) = asking(texts, Ask::EncryptedInside, &carried) else { continue };
        let message = format!("{asks} that {} data is encrypted wherever it is sent, and here it is not", class.word());
        cx.push(
            cx.at(relation.at, message)
                .regarding(class.word())
                .help("name a protocol that encrypts (`protocol=HTTPS`), or say `encrypted=#true`"),
        );
    }
}

/// That somebody answers for each of the others that get data.
fn agreed(cx: &mut Context<'_>, texts: &[Regulation]) {
    let arch = cx.arch;
    for id in cx.elements().filter(|id| arch.element(*id).external && arch.element(*id).level != Level::Person) {
        let at = arch.element(id).at;
        let ours = arch.incoming(id).filter(|relation| !arch.element(arch.relation(*relation).from).external);
        let given: Vec<DataClass> = ours.flat_map(|relation| classes(arch, arch.relation(relation).at)).collect();
        let given = [given, classes(arch, at)].concat();
        let Some((asks, Some(class))) = asking(texts, Ask::Agreed, &given) else { continue };
        let is_linked = |around: ElementId| arch.fact(arch.element(around).at, &facts::LINK).is_some();
        if arch.owner(id).is_some() || arch.ancestors(id).any(is_linked) {
            continue;
        }
        let (named, class) = (cx.named(id), class.word());
        let message =
            format!("{asks} for an agreement with whoever gets {class} data, and nobody answers for the {named}");
        cx.push(
            cx.at(at, message)
                .regarding(class)
                .help("name who does with `owner=…`, or where the agreement is with `link`"),
        );
    }
}

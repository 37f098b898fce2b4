use crate::{Absence, Context, Reach, Rule};
use groma_base::{Diagnostic, Severity, join_words};
use groma_model::facets::decisions::plain;
use groma_model::facts::DECISION;
use groma_model::facts::decision::Status;
use groma_model::facts::radar::Policy;
use groma_model::kinds::class;
use groma_model::stack::Known;
use groma_model::{Architecture, ElementId, Entity, ItemRef};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::OnceCell;

pub(super) static RULE: Rule = Rule {
    name: "owed-decision",
    severity: Severity::Warning,
    summary: "something significant that no accepted decision is about",
    check: Some(check),
    reach: Reach::Whole,
    absence: Some(Absence::OfPart),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("owed_decision.md"),
};

/// How many things are named in one message.
const MOST_NAMED: usize = 5;

fn check(cx: &mut Context<'_>) {
    let Some(workspace) = cx.arch.workspace else { return };
    let decided = Decided::new(cx);
    let owed: Vec<ItemRef> = cx.arch.significant().into_iter().filter(|at| !decided.covers(cx, *at)).collect();
    // Who records decisions elsewhere, or has yet to begin, is told once.
    if cx.arch.records_of(&class::DECISION).next().is_none() {
        return none_recorded(cx, workspace, &owed);
    }
    let owed_technologies: FxHashSet<ItemRef> =
        owed.iter().copied().filter(|at| cx.arch.item(*at).kind.is(&class::TECHNOLOGY)).collect();
    for at in owed {
        if cx.technologies().of(at).filter_map(|named| named.known?.own).any(|own| owed_technologies.contains(&own)) {
            continue;
        }
        let told = match decided.of_no_force.get(&at) {
            // That something says itself that it rests on what was rejected or replaced has a rule of its own.
            Some(decision) if is_over(cx.arch, *decision) && says_itself(cx.arch, at, *decision) => continue,
            Some(decision) => resting(cx, at, *decision),
            None => {
                let message = format!("no decision is about {}", cx.thing(at));
                cx.at(at, message)
                    .help("record why it is so with `groma adr new`, and write its number as `decision` here")
            }
        };
        cx.push(told);
    }
}

/// A finding that the decision about something is not accepted.
fn resting(cx: &Context<'_>, at: ItemRef, decision: ItemRef) -> Diagnostic {
    let status = cx.arch.choice::<Status>(decision);
    let word = match status {
        // One that is accepted took its place.
        Some(Status::Accepted) => "superseded",
        status => status.map_or("unknown", Status::word),
    };
    let message = format!("{} rests on {}, whose status is {word}", cx.thing(at), cx.thing(decision));
    let finding = cx.at(at, message).secondary(cx.arch.name_span(decision), "this one");
    finding.help(match status {
        Some(Status::Draft | Status::Proposed) | None => {
            format!("accept it with `groma adr accept {}`, or decide anew", cx.arch.name_for_commands(decision))
        }
        Some(_) => "record what holds today with `groma adr new`, and write its number as `decision` here".to_owned(),
    })
}

fn says_itself(arch: &Architecture, at: ItemRef, decision: ItemRef) -> bool {
    let mut named = arch.values_of(at, &DECISION).filter_map(|given| arch.referred(at, given));
    named.any(|entity| arch.declared_at(entity) == decision)
}

fn none_recorded(cx: &mut Context<'_>, workspace: ItemRef, owed: &[ItemRef]) {
    if owed.is_empty() {
        return;
    }
    let mut paths: Vec<String> = owed.iter().map(|at| path(cx.arch, *at)).collect();
    paths.sort();
    let mut names: Vec<String> = paths.iter().take(MOST_NAMED).map(|path| format!("`{path}`")).collect();
    if owed.len() > MOST_NAMED {
        names.push(format!("{} more", owed.len() - MOST_NAMED));
    }
    let names = join_words(&names, "and");
    let message = format!("no decision is recorded, and one is owed for {names}");
    let mut finding = cx.at(workspace, message);
    finding.severity = finding.severity.min(Severity::Note);
    cx.push(
        finding.help(
            "`groma adr new \"Use …\"` writes the first; `decisions` of the workspace says where yours lie already",
        ),
    );
}

/// How something is called where it is clear what it is.
fn path(arch: &Architecture, at: ItemRef) -> String {
    arch.entity(at).map_or_else(|| arch.address_of(at), |entity| arch.path(entity))
}

fn is_over(arch: &Architecture, decision: ItemRef) -> bool {
    // An accepted one that is not in force was replaced.
    matches!(arch.choice::<Status>(decision), Some(Status::Rejected | Status::Superseded | Status::Accepted))
}

/// What decisions are about.
#[derive(Default)]
struct Decided {
    /// What the accepted ones are for by their words.
    for_what: OnceCell<FxHashSet<String>>,
    by_accepted: FxHashSet<ItemRef>,
    /// What the relationships lead to of which one was decided, and what that is a part of.
    used: FxHashSet<ElementId>,
    /// The technologies of the workspace.
    technologies: FxHashMap<ItemRef, Known>,
    of_no_force: FxHashMap<ItemRef, ItemRef>,
}

impl Decided {
    fn new(cx: &Context<'_>) -> Decided {
        let arch = cx.arch;
        let mut decided = Decided::default();
        for decision in arch.records_of(&class::DECISION).map(|record| record.at) {
            let things = arch.decided_by(decision);
            if arch.is_in_force(decision) {
                let relations = things.iter().filter_map(|thing| arch.relation_at(*thing));
                decided.used.extend(relations.flat_map(|relation| arch.ancestors(arch.relation(relation).to)));
                decided.by_accepted.extend(things);
                continue;
            }
            for thing in things {
                let one = decided.of_no_force.entry(thing).or_insert(decision);
                // What may yet be accepted says more than what is over.
                if is_over(arch, *one) && !is_over(arch, decision) {
                    *one = decision;
                }
            }
        }
        decided.technologies = cx.technologies().own().filter_map(|known| Some((known.own?, known))).collect();
        decided
    }

    fn covers(&self, cx: &Context<'_>, at: ItemRef) -> bool {
        let arch = cx.arch;
        if self.by_accepted.contains(&at) {
            return true;
        }
        if let Some(relation) = arch.relation_at(at) {
            let mut around = arch.ancestors(arch.relation(relation).to);
            return around.any(|end| self.by_accepted.contains(&arch.element(end).at));
        }
        match arch.entity(at) {
            Some(Entity::Element(id)) => self.covers_element(cx, id),
            _ if arch.item(at).kind.is(&class::TECHNOLOGY) => self.covers_technology(cx, at),
            _ => false,
        }
    }

    /// Whether a technology of the workspace is decided, or what a decision is for by its words.
    fn covers_technology(&self, cx: &Context<'_>, at: ItemRef) -> bool {
        let names = self.technologies.get(&at).map(|known| cx.technologies().names(*known)).unwrap_or_default();
        self.by_accepted.contains(&at) || names.iter().any(|name| self.for_what(cx.arch).contains(&plain(name)))
    }

    /// What the accepted decisions are for by their words, read once anything asks.
    fn for_what(&self, arch: &Architecture) -> &FxHashSet<String> {
        let decisions = || arch.records_of(&class::DECISION).map(|record| record.at).filter(|at| arch.is_in_force(*at));
        self.for_what.get_or_init(|| decisions().flat_map(|decision| arch.phrases_for(decision)).collect())
    }

    /// Whether the technology of an element is decided, or how it is used, if others run it.
    fn covers_element(&self, cx: &Context<'_>, id: ElementId) -> bool {
        let (arch, element) = (cx.arch, cx.arch.element(id));
        let is_decided = |at: ItemRef| self.covers_technology(cx, at);
        // What the radar of a kit has for everybody is decided by the company.
        let is_of_company = |known: Known| {
            let is_free = || cx.technologies().ring(known).is_some_and(|ring| ring.policy == Policy::Free);
            known.own.is_some_and(|own| arch.kit(own).is_some()) && is_free()
        };
        let by_technology = || {
            let mut known = cx.technologies().of(element.at).filter_map(|named| named.known);
            known.any(|known| is_of_company(known) || known.own.is_some_and(is_decided))
        };
        by_technology() || element.external && self.used.contains(&id)
    }
}

use super::technologies::in_ring;
use super::technology_on_hold::on_hold;
use super::unpermitted_technology::to_be_permitted;
use crate::{Context, Reach, Rule};
use groma_base::Severity;
use groma_model::facts::decision::Status;
use groma_model::facts::radar::Policy;
use groma_model::kinds::class::DECISION;
use groma_model::stack::{Known, Ring};
use groma_model::{Architecture, ItemRef};
use rustc_hash::FxHashSet;

pub(super) static RULE: Rule = Rule {
    name: "decision-against-radar",
    severity: Severity::Warning,
    summary: "a decision for a technology that the radar wants in nothing new, or only with a permission",
    check: Some(check),
    reach: Reach::Whole,
    absence: None,
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("decision_against_radar.md"),
};

/// The technologies that a decision for them is asked about.
pub(super) fn asked_of(arch: &Architecture) -> Vec<ItemRef> {
    let mut all = on_hold(arch);
    all.extend(to_be_permitted(arch));
    all
}

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    let decisions: Vec<ItemRef> = arch.records_of(&DECISION).map(|record| record.at).collect();
    if decisions.is_empty() || !cx.technologies().has_radar() {
        return;
    }
    // Where it is used without a permission is told there.
    let used: FxHashSet<ItemRef> = cx.by_technology().iter().filter_map(|(known, _)| known.own).collect();
    let technologies = cx.technologies();
    let asked: Vec<(Known, ItemRef, Ring<'_>)> = technologies
        .own()
        .filter_map(|known| Some((known, known.own?, technologies.ring(known)?)))
        .filter(|(_, at, ring)| match ring.policy {
            Policy::Existing | Policy::Nowhere => true,
            Policy::Permission => !used.contains(at),
            Policy::Free => false,
        })
        .collect();
    for at in decisions {
        if !matches!(arch.choice::<Status>(at), Some(Status::Accepted | Status::Proposed)) {
            continue;
        }
        let things = arch.decided_by(at);
        for (known, technology, ring) in asked.iter().filter(|(_, technology, _)| things.contains(technology)) {
            // What leaves it behind is about it as well.
            if arch.decides_for(at, &technologies.names(*known)) {
                report(cx, at, (*known, *technology), *ring);
            }
        }
    }
}

fn report<'a>(cx: &mut Context<'a>, at: ItemRef, (known, technology): (Known, ItemRef), ring: Ring<'a>) {
    let title = cx.technologies().title(known);
    let message = format!("{} is for {title}, which is in the ring `{}`", cx.thing(at), ring.name);
    let finding = cx.at(at, message).regarding(cx.arch.lasting_address_of(technology));
    // A record in Markdown holds no `allow`: it may stand at the technology.
    let finding = finding.or_at(cx.arch.name_span(technology));
    let help = match ring.policy {
        Policy::Permission => "ask for the permission before it is built in, or choose what needs none",
        Policy::Existing | Policy::Nowhere | Policy::Free => {
            "choose what the radar has for it, or have the radar changed first"
        }
    };
    cx.push(in_ring(cx, known, ring, finding.help(help)));
}

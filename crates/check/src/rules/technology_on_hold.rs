use super::technologies::{in_ring, is_planned};
use crate::{Absence, Context, Reach, Rule};
use groma_base::Severity;
use groma_model::facts::radar::Policy;
use groma_model::facts::technology;
use groma_model::stack::{Known, Ring, Technologies, Used};
use groma_model::{Architecture, ItemRef};

pub(super) static RULE: Rule = Rule {
    name: "technology-on-hold",
    severity: Severity::Error,
    summary: "a technology that your radar wants in nothing new",
    check: Some(check),
    reach: Reach::Whole,
    absence: Some(Absence::OfName),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("technology_on_hold.md"),
};

/// The technologies that are not to be used, or for nothing new.
pub(super) fn on_hold(arch: &Architecture) -> Vec<ItemRef> {
    let technologies = Technologies::new(arch);
    let is_held = |known: &Known| technologies.ring(*known).is_some_and(|ring| is_hold(ring.policy));
    technologies.own().filter(is_held).filter_map(|known| known.own).collect()
}

/// Whether a ring forbids what stands in it.
fn is_hold(policy: Policy) -> bool {
    match policy {
        Policy::Existing | Policy::Nowhere => true,
        Policy::Free | Policy::Permission => false,
    }
}

fn check(cx: &mut Context<'_>) {
    for &(known, ref users) in cx.by_technology() {
        let Some(ring) = cx.technologies().ring(known) else { continue };
        if is_hold(ring.policy) {
            users.iter().for_each(|one| report(cx, known, ring, one));
        }
    }
}

fn report<'a>(cx: &mut Context<'a>, known: Known, ring: Ring<'a>, one: &Used<'a>) {
    let technologies = cx.technologies();
    let is_wrong = ring.policy == Policy::Nowhere || is_planned(cx.arch, one.at);
    let title = technologies.title(known);
    let user = cx.thing(one.at);
    let user = match user.strip_prefix("the ") {
        Some(named) if is_wrong && ring.policy == Policy::Existing => format!("the new {named}"),
        _ => user,
    };
    let message = format!("{title} is in the ring `{}`, and {user} uses it", ring.name);
    let mut finding = cx.at_use(one, message);
    if !is_wrong {
        finding.severity = finding.severity.min(Severity::Note);
    }
    let successor = technologies.text(known, &technology::SUCCESSOR);
    let successor = successor.map(|name| technologies.called(name).map_or(name, |known| technologies.title(known)));
    let way_out = match (successor, is_wrong) {
        (Some(successor), true) => format!("use {successor}, its successor"),
        (Some(successor), false) => format!("plan when it goes over to {successor}, its successor"),
        (None, true) => "choose another technology, or decide otherwise of this one on the radar".to_owned(),
        (None, false) => "plan when it is replaced, and name the `successor` on the radar".to_owned(),
    };
    cx.push(in_ring(cx, known, ring, finding.help(way_out)));
}

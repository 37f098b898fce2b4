use crate::{Context, Reach, Rule};
use groma_base::Severity;
use groma_model::{Architecture, Connection, ElementId, End, Level, Ways};
use rustc_hash::FxHashSet;

pub(super) static RULE: Rule = Rule {
    name: "unmatched-connection",
    severity: Severity::Warning,
    summary: "a connection of a deployment between things that do not use each other",
    check: Some(check),
    reach: Reach::Whole,
    absence: None,
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("unmatched_connection.md"),
};

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    if arch.deployments.iter().all(|deployment| deployment.connections.is_empty()) {
        return;
    }
    let uses = Uses::of(arch);
    for deployment in arch.deployments.iter() {
        let ways = Ways::of(deployment);
        for connection in &deployment.connections {
            one(cx, &uses, &ways, connection);
        }
    }
}

/// A connection that begins where something runs. Those that begin at a host which runs nothing are looked at with what leads there.
fn one(cx: &mut Context<'_>, uses: &Uses, ways: &Ways<'_>, connection: &Connection) {
    let callers = elements(ways, &[connection.from]);
    let called = elements(ways, &ways.behind(connection.to, |_| true));
    let (Some(&from), Some(&to)) = (callers.first(), called.first()) else { return };
    // What runs at both ends is connected with itself: copies of one thing.
    if uses.any(&callers, &called) || callers.iter().any(|from| called.contains(from)) {
        return;
    }
    let named = (cx.named(from), cx.named(to));
    let message = format!("{} is connected with {} here and does not use it in the structure", named.0, named.1);
    let help = if uses.any(&called, &callers) {
        "the relationship leads the other way: turn the connection round, since it begins where calls begin".to_owned()
    } else if let Some(between) = between(cx, uses, ways, (&callers, &called)) {
        let path = &cx.arch.element(between).path;
        format!(
            "in the structure {} stands between them and runs nowhere in this deployment: add `instance {path}`, or the relationship if both really talk to each other",
            cx.named(between)
        )
    } else {
        let (from, to) = (&cx.arch.element(from).path, &cx.arch.element(to).path);
        format!("add `{from} -> {to}` to the structure with what is asked for, or remove the connection")
    };
    let finding = cx.at(connection.at, message);
    cx.push(finding.help(help));
}

/// What one of the callers uses and what uses one of the called, if it does not run in the deployment.
fn between(
    cx: &Context<'_>,
    uses: &Uses,
    ways: &Ways<'_>,
    (callers, called): (&[ElementId], &[ElementId]),
) -> Option<ElementId> {
    let runs = |id: ElementId| cx.arch.ancestors(id).any(|around| !ways.at(End::Element(around)).is_empty());
    let is_between = |id: &ElementId| uses.any(callers, &[*id]) && uses.any(&[*id], called);
    let is_container = |id: &ElementId| cx.arch.element(*id).level == Level::Container;
    cx.own_elements().filter(is_container).filter(|id| !runs(*id)).find(is_between)
}

/// Which elements use which, each with what is in it.
struct Uses(FxHashSet<(ElementId, ElementId)>);

impl Uses {
    fn of(arch: &Architecture) -> Uses {
        let relations = arch.relation_ids().map(|id| arch.relation(id));
        let pairs = relations.flat_map(|relation| {
            arch.ancestors(relation.from).flat_map(|from| arch.ancestors(relation.to).map(move |to| (from, to)))
        });
        Uses(pairs.collect())
    }

    fn any(&self, from: &[ElementId], to: &[ElementId]) -> bool {
        from.iter().any(|from| to.iter().any(|to| self.0.contains(&(*from, *to))))
    }
}

/// What runs at some ends, each once.
fn elements(ways: &Ways<'_>, ends: &[End]) -> Vec<ElementId> {
    let instances = ends.iter().flat_map(|end| ways.at(*end));
    let mut found: Vec<ElementId> = instances.map(|instance| instance.element).collect();
    found.sort_unstable();
    found.dedup();
    found
}

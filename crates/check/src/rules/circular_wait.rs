use crate::{Context, Input, Reach, Rule};
use groma_base::Severity;
use groma_model::FlowId;
use groma_simulate::network::StationId;
use groma_simulate::{circles, named_circle};

pub(super) static RULE: Rule = Rule {
    name: "circular-wait",
    severity: Severity::Warning,
    summary: "slots that may deadlock, each waiting for another",
    check: Some(check),
    reach: Reach::Numbers,
    absence: None,
    calculates_from: Some(Input::Everything),
    blocks_forecast: false,
    page: include_str!("circular_wait.md"),
};

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    let network = cx.network();
    let flows: Vec<FlowId> = network.programs.ids().collect();
    for circle in circles(network, &flows) {
        let station = |at: &StationId| &network.stations[*at];
        let first = circle.iter().find_map(|at| {
            let station = station(at);
            let of_element = station.element.map(|element| arch.element(element).at);
            of_element.or_else(|| station.relation.map(|relation| arch.relation(relation).at))
        });
        let Some(at) = first else { continue };
        let message = format!("slots may deadlock in a cycle: {}", named_circle(network, &circle));
        let mut finding = cx.at(at, message);
        for at in circle.iter().skip(1) {
            if let Some(element) = station(at).element {
                finding = finding
                    .secondary(cx.span_of(element), "called by a request that holds a slot, and holding one itself");
            }
        }
        cx.push(
            finding
                .note("when all slots of each are held by requests that wait for the next, nobody goes on: a deadlock")
                .help("set a `timeout` on one of these calls, let one of them be answered later (`async`), or remove the call back"),
        );
    }
}

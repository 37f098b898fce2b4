use crate::{Context, Input, Reach, Rule};
use groma_base::{Diagnostic, Dimension, Severity};
use groma_model::kinds::class;
use groma_model::{Entity, ItemRef, SIMULATED, facts};
use groma_simulate::analysis::{Analysis, StationLoad};
use groma_simulate::network::{Network, Station};
use groma_simulate::number::apart;
use groma_simulate::number::{plain, share};

pub(super) static RULE: Rule = Rule {
    name: "overloaded",
    severity: Severity::Error,
    summary: "a load beyond the system's capacity",
    check: Some(check),
    reach: Reach::Numbers,
    absence: None,
    calculates_from: Some(Input::Everything),
    blocks_forecast: false,
    page: include_str!("overloaded.md"),
};

/// How much of a bottleneck may be in use with room for what comes unevenly: for that much more is advised.
const ROOMY: f64 = 0.7;

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    for at in arch.record_ids(&class::LOAD) {
        let record = &arch.records[at];
        let Some((network, analysis)) = groma_simulate::analyse_load(arch, cx.network(), at) else { continue };
        if arch.fact(record.at, &facts::load::WITH).is_some() {
            together(cx, record.at, &network, &analysis);
            continue;
        }
        let Some(busiest) = analysis.bottleneck().filter(|_| analysis.knee.is_none() && analysis.is_overloaded())
        else {
            continue;
        };
        let station = &network.stations[busiest.station];
        if station.servers() == Some(0.0) {
            // `zero-capacity` says so.
            continue;
        }
        if station.queue_limit.is_some() || station.patience.is_some() {
            // What is too much is turned away: a loss, which `error-rate` judges.
            continue;
        }
        alone(cx, record.at, (&analysis, &busiest), station);
    }
}

/// A load that is too much for its bottleneck.
fn alone(cx: &mut Context<'_>, load: ItemRef, (analysis, busiest): (&Analysis, &StationLoad), station: &Station) {
    let arch = cx.arch;
    let (wanted, served) = apart(Dimension::Count, analysis.rate, analysis.capacity);
    let message = format!(
        "\"{}\" asks for {wanted} requests per second, and {} can serve {served}",
        arch.title(load),
        station.name
    );
    let finding = with_bottleneck(cx, cx.at(load, message), station);
    let asked = busiest.utilization.unwrap_or(0.0);
    let (what, more) = match station.cores {
        Some(_) if station.host.is_some() => ("cores", "cores (`cpu`, `machines`)"),
        Some(_) => ("cores", "cores (`replicas`, `cpu`)"),
        None => ("slots", "slots (`replicas`, `concurrency`)"),
    };
    let note = format!(
        "{} {what} are in use for {} seconds each second: {} of them",
        station.servers().map_or("its".into(), plain),
        plain(busiest.demand),
        share(asked)
    );
    cx.push(finding.note(note).help(format!(
        "give {} {} times as many {more}, make what it waits for faster, or ask for less",
        station.name,
        plain((asked / ROOMY * 10.0).ceil() / 10.0)
    )));
}

/// A finding that regards the bottleneck, with its place, if that is declared somewhere.
fn with_bottleneck(cx: &Context<'_>, finding: Diagnostic, station: &Station) -> Diagnostic {
    if let Some(element) = station.element {
        let regarded = cx.arch.address(Entity::Element(element));
        finding.regarding(regarded).secondary(cx.span_of(element), "this is the bottleneck")
    } else if let Some(host) = station.host {
        let at = cx.arch.place_item(SIMULATED, host);
        finding.regarding(cx.arch.address_of(at)).secondary(cx.arch.name_span(at), "its processors are the bottleneck")
    } else {
        finding
    }
}

/// Loads beside each other that are too much together.
fn together(cx: &mut Context<'_>, load: ItemRef, network: &Network, analysis: &Analysis) {
    let arch = cx.arch;
    let Some((busy, asked)) = analysis.first_overloaded() else { return };
    let station = &network.stations[busy.station];
    if station.queue_limit.is_some() || station.patience.is_some() || station.servers() == Some(0.0) {
        return;
    }
    let (asked, slots) = apart(Dimension::Count, asked, station.servers().unwrap_or(0.0));
    let what = if station.cores.is_some() { "cores" } else { "slots" };
    let message = format!(
        "\"{}\" and what runs beside it need {asked} {what} of {}, and it has {slots}",
        arch.title(load),
        station.name
    );
    let finding = with_bottleneck(cx, cx.at(load, message), station);
    cx.push(finding.help("give it more, make what it waits for faster, or let less run at the same time"));
}

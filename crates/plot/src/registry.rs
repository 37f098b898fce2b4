//! Which plots there are.

use crate::{Chart, Picture, TradeOff, against_load, distribution, draw, timeline, trade_off, utilization};
use groma_model::Architecture;
use groma_simulate::{LoadCurve, Run};

/// A plot that can be drawn.
#[derive(Debug)]
pub struct Plot {
    /// What it is called.
    pub name: &'static str,
    /// How the name of its file ends.
    pub ending: &'static str,
    /// Whether it is shown where a run is told of anyway: not where a table beside it says the same, nor once more for
    /// each failure.
    pub is_beside: fn(Subject<'_>) -> bool,
    /// Draws it. `None` if it is no plot of this, or there is nothing to see.
    pub draw: fn(&Architecture, Subject<'_>) -> Option<Picture>,
}

/// What a plot is of.
#[derive(Clone, Copy, Debug)]
pub enum Subject<'a> {
    /// What happens over time in a run.
    Timeline(&'a Run),
    /// A run as a whole.
    Whole(&'a Run),
    /// How a load that grows is borne.
    Load(&'a LoadCurve),
    /// What came out over a grid of numbers.
    TradeOff(&'a TradeOff<'a>),
}

/// All plots.
pub static PLOTS: &[Plot] = &[
    // What happens over time in a run: requests, times, queues, replicas and circuit breakers.
    Plot {
        name: "timeline",
        ending: "-timeline",
        is_beside: |_| true,
        draw: |arch, of| if let Subject::Timeline(run) = of { timeline(arch, run).map(drawn) } else { None },
    },
    // The latency distributions of the flows of a run.
    Plot {
        name: "distribution",
        ending: "",
        is_beside: |of| matches!(of, Subject::Whole(run) if run.failure.is_none()),
        draw: |arch, of| if let Subject::Whole(run) = of { distribution(arch, run).map(drawn) } else { None },
    },
    // The utilization of each station in a run.
    Plot {
        name: "in-use",
        ending: "-in-use",
        is_beside: |_| false,
        draw: |arch, of| if let Subject::Whole(run) = of { utilization(arch, run) } else { None },
    },
    // The latency of the flows as a load grows.
    Plot {
        name: "against-load",
        ending: "-against-load",
        is_beside: |_| true,
        draw: |arch, of| if let Subject::Load(curve) = of { against_load(arch, curve).map(drawn) } else { None },
    },
    // The requirements over the values that are varied.
    Plot {
        name: "trade-off",
        ending: "-trade-off",
        is_beside: |_| true,
        draw: |_, of| if let Subject::TradeOff(found) = of { trade_off(found).map(drawn) } else { None },
    },
];

/// The plots of something that have anything to show, in the order of [`PLOTS`].
pub fn plots<'a>(arch: &'a Architecture, of: Subject<'a>) -> impl Iterator<Item = (&'static Plot, Picture)> + 'a {
    PLOTS.iter().filter_map(move |plot| Some((plot, (plot.draw)(arch, of)?)))
}

fn drawn(chart: Chart) -> Picture {
    Picture { svg: draw(&chart), title: chart.title }
}

#[cfg(test)]
mod tests {
    use super::PLOTS;
    use std::collections::BTreeSet;

    #[test]
    fn plots_are_told_apart_by_names_and_endings() {
        let names: BTreeSet<&str> = PLOTS.iter().map(|plot| plot.name).collect();
        let endings: BTreeSet<&str> = PLOTS.iter().map(|plot| plot.ending).collect();
        assert_eq!((names.len(), endings.len()), (PLOTS.len(), PLOTS.len()));
    }
}

//! Plots of forecasts as SVG: how latencies are spread, what happens in the course of a failure, what is traded for what.

mod draw;
mod forecast;

pub use draw::{Line, Panel, Plot, Unit, bars, draw};
pub use forecast::{against_load, distribution, timeline, utilization};

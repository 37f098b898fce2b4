//! Plots of forecasts as SVG: how latencies are spread, what happens in the course of a failure, what is traded for what.
//! [`PLOTS`] lists them; a front end asks [`plots`] for those of what it tells of, and names none. [`radar`] and [`choice()`] are of no forecast.

mod choice;
mod draw;
mod forecast;
pub mod radar;
mod registry;
mod trade_off;

pub use choice::choice;
pub use draw::{Chart, Line, Panel, Picture, Unit, bars, draw};
pub use forecast::{against_load, distribution, timeline, utilization};
pub use registry::{PLOTS, Plot, Subject, plots};
pub use trade_off::{TradeOff, Varied, trade_off};

//! Plots as SVG: panels one below the other over the same axis.

use groma_simulate::number::{plain, share, time};
use plotters::coord::ranged1d::{AsRangedCoord, ValueFormatter};
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// What an axis measures.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unit {
    /// A number.
    Number,
    /// A time in seconds.
    Time,
    /// A share of one.
    Share,
}

impl Unit {
    fn written(self, value: f64) -> String {
        match self {
            Unit::Number => plain(value),
            Unit::Time => time(value),
            Unit::Share => share(value),
        }
    }
}

/// A line of a plot.
#[derive(Clone, Debug)]
pub struct Line {
    /// What it is called in the legend.
    pub name: String,
    /// Its points; where one is missing the line is interrupted.
    pub points: Vec<(f64, Option<f64>)>,
    /// Whether its points are marked.
    pub is_marked: bool,
}

/// One of several plots over the same axis.
#[derive(Clone, Debug)]
pub struct Panel {
    /// What it shows.
    pub title: String,
    /// What its lines measure.
    pub unit: Unit,
    /// Its lines.
    pub lines: Vec<Line>,
    /// A line that must not be crossed.
    pub limit: Option<f64>,
}

/// A picture of one or several panels.
#[derive(Clone, Debug)]
pub struct Plot {
    /// What it shows, for those who cannot see it too.
    pub title: String,
    /// The same in a sentence or two.
    pub description: String,
    /// What the common axis is called.
    pub axis: String,
    /// What it measures.
    pub unit: Unit,
    /// Whether each step on the common axis is a multiple of the one before.
    pub is_logarithmic: bool,
    /// The panels.
    pub panels: Vec<Panel>,
    /// A part of the axis that is special, and what it is called.
    pub shade: Option<(f64, f64, String)>,
}

const WIDTH: u32 = 760;
const PANEL: u32 = 190;
const HEAD: i32 = 44;
/// Okabe and Ito's colours that can be told apart by everyone, without yellow, which cannot be seen on white.
const COLOURS: [RGBColor; 6] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(86, 180, 233),
    RGBColor(150, 110, 0),
];
const TEXT: RGBColor = RGBColor(31, 41, 55);
const GRID: RGBColor = RGBColor(229, 231, 235);
const SHADE: RGBColor = RGBColor(253, 230, 217);
const LIMIT: RGBColor = RGBColor(185, 28, 28);
/// The average width of a letter of this size, in pixels.
const LETTER: i32 = 7;
const STYLE: &str = "<style>text{font-family:Inter,system-ui,sans-serif}@media (prefers-color-scheme:dark){text{fill:#e5e7eb}[stroke=\"#1F2937\"]{stroke:#9ca3af}[stroke=\"#E5E7EB\"]{stroke:#374151}[fill=\"#FDE6D9\"]{fill:#4a2a1a}[stroke=\"#0072B2\"]{stroke:#56b4e9}[fill=\"#0072B2\"]{fill:#56b4e9}[stroke=\"#B91C1C\"]{stroke:#f87171}}</style>";

/// Draws a plot.
pub fn draw(plot: &Plot) -> String {
    let mut svg = String::new();
    let height = PANEL * plot.panels.len() as u32 + 24;
    {
        let root = SVGBackend::with_string(&mut svg, (WIDTH, height)).into_drawing_area();
        let areas = root.split_evenly((plot.panels.len().max(1), 1));
        for (panel, area) in plot.panels.iter().zip(&areas) {
            // What is drawn into a text cannot fail.
            let _ = draw_panel(plot, panel, area);
        }
    }
    accessible(&svg, plot)
}

/// Gives a picture its title and description, and colours for a dark surrounding.
fn accessible(svg: &str, plot: &Plot) -> String {
    let Some(end) = svg.find('>') else { return svg.to_owned() };
    format!(
        "{} role=\"img\"><title>{}</title><desc>{}</desc>{STYLE}{}",
        &svg[..end],
        escaped(&plot.title),
        escaped(&plot.description),
        &svg[end + 1..]
    )
}

fn escaped(text: &str) -> String {
    let is_allowed = |letter: &char| *letter >= ' ' && !matches!(letter, '\u{fffe}' | '\u{ffff}');
    let text: String = text.chars().filter(is_allowed).collect();
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

type Area<'a> = DrawingArea<SVGBackend<'a>, plotters::coord::Shift>;
type Drawn<'a> = Result<(), Box<dyn std::error::Error + 'a>>;

fn draw_panel<'a>(plot: &Plot, panel: &Panel, area: &Area<'a>) -> Drawn<'a> {
    let points = || plot.panels.iter().flat_map(|panel| &panel.lines).flat_map(|line| &line.points);
    let (left, right) =
        points().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), (x, _)| (low.min(*x), high.max(*x)));
    if left >= right && !(left.is_finite() && left == right) {
        return Ok(());
    }
    if plot.is_logarithmic {
        draw_over(plot, panel, area, (left..right.max(left * 1.01)).log_scale())
    } else {
        draw_over(plot, panel, area, left..if right > left { right } else { left + 1.0 })
    }
}

fn draw_over<'a, X>(plot: &Plot, panel: &Panel, area: &Area<'a>, across: X) -> Drawn<'a>
where
    X: AsRangedCoord<Value = f64>,
    X::CoordDescType: ValueFormatter<f64>,
{
    let values = || panel.lines.iter().flat_map(|line| &line.points).filter_map(|(_, value)| *value);
    let highest = values().chain(panel.limit).filter(|value| value.is_finite()).fold(0.0, f64::max);
    let highest = if highest > 0.0 { highest * 1.08 } else { 1.0 };
    let is_last = plot.panels.last().is_some_and(|last| std::ptr::eq(last, panel));
    heading(panel, area)?;
    let mut chart = ChartBuilder::on(area)
        .margin_top(HEAD)
        .margin_right(24)
        .x_label_area_size(if is_last { 40 } else { 22 })
        .y_label_area_size(72)
        .build_cartesian_2d(across, 0.0..highest)?;
    if let Some((from, to, _)) = &plot.shade {
        chart.draw_series([Rectangle::new([(*from, 0.0), (*to, highest)], SHADE.filled())])?;
    }
    let label = ("sans-serif", 12).into_font().color(&TEXT);
    let across_label = |value: &f64| plot.unit.written(*value);
    let up_label = |value: &f64| panel.unit.written(*value);
    let mut mesh = chart.configure_mesh();
    mesh.light_line_style(TRANSPARENT).bold_line_style(GRID).axis_style(TEXT).x_labels(8).y_labels(5);
    mesh.x_label_formatter(&across_label).y_label_formatter(&up_label).label_style(label.clone());
    if is_last {
        mesh.x_desc(&plot.axis).axis_desc_style(label);
    }
    mesh.draw()?;
    for (nth, line) in panel.lines.iter().enumerate() {
        let style = COLOURS[nth % COLOURS.len()].stroke_width(2);
        for piece in pieces(line) {
            match nth {
                0 => chart.draw_series(LineSeries::new(piece.iter().copied(), style))?,
                _ => chart.draw_series(DashedLineSeries::new(piece.iter().copied(), dash(nth), 4, style))?,
            };
            if line.is_marked || piece.len() == 1 {
                chart.draw_series(piece.iter().map(|point| Circle::new(*point, 3, style.filled())))?;
            }
        }
    }
    if let Some(limit) = panel.limit.filter(|limit| limit.is_finite()) {
        let (left, right) = ends(panel);
        chart.draw_series(DashedLineSeries::new([(left, limit), (right, limit)], 2, 3, LIMIT.stroke_width(2)))?;
    }
    Ok(())
}

fn ends(panel: &Panel) -> (f64, f64) {
    let all = panel.lines.iter().flat_map(|line| &line.points).map(|(x, _)| *x);
    all.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)))
}

/// How long the dashes of a line are.
fn dash(nth: usize) -> u32 {
    [0, 8, 3, 14, 5, 2][nth % 6]
}

/// The points of a line between its interruptions.
fn pieces(line: &Line) -> Vec<Vec<(f64, f64)>> {
    let mut pieces = vec![Vec::new()];
    for (x, value) in &line.points {
        match (value.filter(|value| value.is_finite()), pieces.last_mut()) {
            (Some(value), Some(piece)) => piece.push((*x, value)),
            _ => pieces.push(Vec::new()),
        }
    }
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

/// The title of a panel, and under it what each of its lines is.
fn heading<'a>(panel: &Panel, area: &Area<'a>) -> Drawn<'a> {
    let anchor = Pos::new(HPos::Left, VPos::Center);
    let bold = ("sans-serif", 14).into_font().style(FontStyle::Bold).color(&TEXT).pos(anchor);
    area.draw(&Text::new(panel.title.clone(), (8, 12), bold))?;
    let small = ("sans-serif", 12).into_font().color(&TEXT).pos(anchor);
    let mut left = 8;
    let limit = panel.limit.map(|limit| format!("limit {}", panel.unit.written(limit)));
    let named = panel.lines.iter().map(|line| line.name.clone()).chain(limit);
    for (nth, name) in named.enumerate() {
        let is_limit = nth == panel.lines.len();
        let style = if is_limit { LIMIT } else { COLOURS[nth % COLOURS.len()] }.stroke_width(2);
        let length = if is_limit { 2 } else { dash(nth) as i32 };
        let length = if length == 0 { 22 } else { length };
        let mut from = left;
        while from < left + 22 {
            area.draw(&PathElement::new([(from, 30), ((from + length).min(left + 22), 30)], style))?;
            from += length + 4;
        }
        area.draw(&Text::new(name.clone(), (left + 28, 30), small.clone()))?;
        left += 28 + name.chars().count() as i32 * LETTER + 18;
    }
    Ok(())
}

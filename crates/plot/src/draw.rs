//! Plots as SVG: panels one below the other over the same axis.

use groma_base::escape_xml;
use groma_simulate::number::{plain, share, time};
use plotters::coord::ranged1d::{AsRangedCoord, ValueFormatter};
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// A plot that is drawn.
#[derive(Clone, Debug)]
pub struct Picture {
    /// What it shows.
    pub title: String,
    /// The picture.
    pub svg: String,
}

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

/// A line of a chart.
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
    /// Whether each step up is a multiple of the one before; what is not positive is left out then.
    pub is_logarithmic: bool,
    /// Its lines.
    pub lines: Vec<Line>,
    /// A line that must not be crossed.
    pub limit: Option<f64>,
}

impl Panel {
    /// A panel without a limit.
    pub fn new(title: &str, unit: Unit, lines: Vec<Line>) -> Panel {
        Panel { title: title.to_owned(), unit, is_logarithmic: false, lines, limit: None }
    }
}

/// A picture of one or several panels.
#[derive(Clone, Debug)]
pub struct Chart {
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
    /// A part of the axis that is special.
    pub shade: Option<(f64, f64)>,
}

pub(crate) const WIDTH: u32 = 760;
const PANEL: u32 = 190;
/// The height of a panel that stands alone.
const ALONE: u32 = 300;
/// The height of a panel's heading with one row of names, and what each further row adds.
const HEAD: i32 = 44;
const ROW_OF_NAMES: i32 = 18;
/// Okabe and Ito's colours that can be told apart by everyone, without yellow, which cannot be seen on white.
pub(crate) const COLOURS: [RGBColor; 6] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(86, 180, 233),
    RGBColor(150, 110, 0),
];
pub(crate) const TEXT: RGBColor = RGBColor(31, 41, 55);
const GRID: RGBColor = RGBColor(229, 231, 235);
const SHADE: RGBColor = RGBColor(253, 230, 217);
const LIMIT: RGBColor = RGBColor(185, 28, 28);
/// The average width of a letter of this size, in pixels.
pub(crate) const LETTER: i32 = 7;
/// What each colour becomes on a dark ground.
const DARK: [(RGBColor, &str); 9] = [
    (GRID, "#374151"),
    (SHADE, "#4a2a1a"),
    (LIMIT, "#f87171"),
    (COLOURS[0], "#56b4e9"),
    (COLOURS[1], "#fb923c"),
    (COLOURS[2], "#34d399"),
    (COLOURS[3], "#f0abd0"),
    (COLOURS[4], "#bae6fd"),
    (COLOURS[5], "#eab308"),
];

/// The styles of a plot, scoped to it, as a picture inside a page shares its styles with the page.
fn style() -> String {
    let dark = |(RGBColor(red, green, blue), dark): &(RGBColor, &str)| {
        ["stroke", "fill"]
            .map(|what| format!(".groma-plot [{what}=\"#{red:02X}{green:02X}{blue:02X}\"]{{{what}:{dark}}}"))
            .concat()
    };
    let colours: String = DARK.iter().map(dark).collect();
    format!(
        "<style>.groma-plot text{{font-family:Inter,system-ui,sans-serif}}@media (prefers-color-scheme:dark){{.groma-plot text{{fill:#e5e7eb}}.groma-plot [stroke=\"#1F2937\"]{{stroke:#9ca3af}}{colours}}}</style>"
    )
}

/// Draws a chart.
pub fn draw(chart: &Chart) -> String {
    let mut svg = String::new();
    let rows = chart.panels.iter().map(rows_of_names).max().unwrap_or(1);
    let each = if chart.panels.len() == 1 { ALONE } else { PANEL } + (rows as u32 - 1) * ROW_OF_NAMES as u32;
    let height = each * chart.panels.len() as u32 + 24;
    {
        let root = SVGBackend::with_string(&mut svg, (WIDTH, height)).into_drawing_area();
        let areas = root.split_evenly((chart.panels.len().max(1), 1));
        for (panel, area) in chart.panels.iter().zip(&areas) {
            // What is drawn into a text cannot fail.
            let _ = draw_panel(chart, panel, area);
        }
    }
    accessible(&svg, &chart.title, &chart.description)
}

/// Draws a bar for each of some shares of one, under a label, with a line at one, which is called `whole`.
pub fn bars(title: &str, description: &str, (label, whole): (&str, &str), rows: &[(String, f64)]) -> String {
    const ROW: u32 = 26;
    const NAMES: i32 = 310;
    let mut svg = String::new();
    let height = 64 + ROW * rows.len() as u32;
    {
        let root = SVGBackend::with_string(&mut svg, (WIDTH, height)).into_drawing_area();
        let _ = draw_bars(&root, (label, whole), rows, ROW as i32, NAMES);
    }
    accessible(&svg, title, description)
}

fn draw_bars<'a>(
    area: &Area<'a>,
    (label, whole): (&str, &str),
    rows: &[(String, f64)],
    row: i32,
    names: i32,
) -> Drawn<'a> {
    let font = || ("sans-serif", 12).into_font().color(&TEXT);
    let (left, center) = (Pos::new(HPos::Left, VPos::Center), Pos::new(HPos::Right, VPos::Center));
    let bold = ("sans-serif", 14).into_font().style(FontStyle::Bold).color(&TEXT).pos(left);
    area.draw(&Text::new(label.to_owned(), (8, 14), bold))?;
    let most = rows.iter().map(|(_, value)| *value).filter(|value| value.is_finite()).fold(1.0, f64::max);
    let width = WIDTH as i32 - names - 80;
    let place = |value: f64| names + (f64::from(width) * (value / most).clamp(0.0, 1.0)) as i32;
    for (nth, (name, value)) in rows.iter().enumerate() {
        let middle = 42 + nth as i32 * row;
        let colour = if *value > 0.85 { COLOURS[1] } else { COLOURS[0] };
        let ends = [(names, middle - 8), (place(*value).max(names + 1), middle + 8)];
        area.draw(&Text::new(shortened(name, (names - 16) / LETTER), (names - 8, middle), font().pos(center)))?;
        area.draw(&Rectangle::new(ends, colour.filled()))?;
        area.draw(&Text::new(share(*value), (place(*value) + 6, middle), font().pos(left)))?;
    }
    let bottom = 30 + rows.len() as i32 * row;
    area.draw(&PathElement::new([(place(1.0), 30), (place(1.0), bottom)], LIMIT.stroke_width(1)))?;
    area.draw(&Text::new(
        whole.to_owned(),
        (place(1.0), bottom + 10),
        font().pos(Pos::new(HPos::Center, VPos::Center)),
    ))?;
    Ok(())
}

/// A name with so many letters at most.
pub(crate) fn shortened(name: &str, most: i32) -> String {
    let most = most.max(2) as usize;
    if name.chars().count() <= most {
        return name.to_owned();
    }
    name.chars().take(most - 1).chain(['…']).collect()
}

/// Gives a picture its title and description, and colours for a dark surrounding.
pub(crate) fn accessible(svg: &str, title: &str, description: &str) -> String {
    // No control character may stand in XML, not even escaped.
    let svg: String = svg.chars().filter(is_allowed).collect();
    let Some(end) = svg.find('>') else { return svg };
    format!(
        "{} class=\"groma-plot\" role=\"img\"><title>{}</title><desc>{}</desc>{}{}",
        &svg[..end],
        escape_xml(title),
        escape_xml(description),
        style(),
        &svg[end + 1..]
    )
}

fn is_allowed(letter: &char) -> bool {
    matches!(letter, '\n' | '\t' | ' '..) && !matches!(letter, '\u{fffe}' | '\u{ffff}')
}

pub(crate) type Area<'a> = DrawingArea<SVGBackend<'a>, plotters::coord::Shift>;
pub(crate) type Drawn<'a> = Result<(), Box<dyn std::error::Error + 'a>>;

fn draw_panel<'a>(chart: &Chart, panel: &Panel, area: &Area<'a>) -> Drawn<'a> {
    let points = || chart.panels.iter().flat_map(|panel| &panel.lines).flat_map(|line| &line.points);
    let (left, right) =
        points().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), (x, _)| (low.min(*x), high.max(*x)));
    if !left.is_finite() {
        return Ok(());
    }
    let values = || {
        let all = panel.lines.iter().flat_map(|line| &line.points).filter_map(|(_, value)| *value);
        all.chain(panel.limit).filter(|value| value.is_finite() && *value > 0.0)
    };
    let highest = values().fold(0.0, f64::max);
    let highest = if highest > 0.0 { highest * 1.08 } else { 1.0 };
    let lowest = values().fold(highest, f64::min) / 1.2;
    // Over less than two powers of ten a logarithmic axis has hardly a label.
    let is_logarithmic = panel.is_logarithmic && highest / lowest > 50.0;
    let right = if right > left { right } else { left + 1.0 };
    match (chart.is_logarithmic, is_logarithmic) {
        (true, true) => over(chart, panel, area, (left..right).log_scale(), (lowest..highest).log_scale(), lowest),
        (true, false) => over(chart, panel, area, (left..right).log_scale(), 0.0..highest, 0.0),
        (false, true) => over(chart, panel, area, left..right, (lowest..highest).log_scale(), lowest),
        (false, false) => over(chart, panel, area, left..right, 0.0..highest, 0.0),
    }
}

fn over<'a, X, Y>(chart: &Chart, panel: &Panel, area: &Area<'a>, across: X, up: Y, lowest: f64) -> Drawn<'a>
where
    X: AsRangedCoord<Value = f64>,
    X::CoordDescType: ValueFormatter<f64>,
    Y: AsRangedCoord<Value = f64>,
    Y::CoordDescType: ValueFormatter<f64>,
{
    let is_last = chart.panels.last().is_some_and(|last| std::ptr::eq(last, panel));
    heading(panel, area)?;
    let mut canvas = ChartBuilder::on(area)
        .margin_top(HEAD + (rows_of_names(panel) as i32 - 1) * ROW_OF_NAMES)
        .margin_right(24)
        .x_label_area_size(if is_last { 40 } else { 22 })
        .y_label_area_size(72)
        .build_cartesian_2d(across, up)?;
    let highest = canvas.as_coord_spec().get_y_range().end;
    if let Some((from, to)) = &chart.shade {
        canvas.draw_series([Rectangle::new([(*from, lowest), (*to, highest)], SHADE.filled())])?;
    }
    let label = ("sans-serif", 12).into_font().color(&TEXT);
    let across_label = |value: &f64| chart.unit.written(*value);
    let up_label = |value: &f64| panel.unit.written(*value);
    let mut mesh = canvas.configure_mesh();
    mesh.light_line_style(TRANSPARENT)
        .bold_line_style(GRID)
        .axis_style(TEXT)
        .x_labels(8)
        .y_labels(if chart.panels.len() == 1 { 11 } else { 5 });
    mesh.x_label_formatter(&across_label).y_label_formatter(&up_label).label_style(label.clone());
    if is_last {
        mesh.x_desc(shortened(&chart.axis, (WIDTH as i32 - 96) / LETTER)).axis_desc_style(label);
    }
    mesh.draw()?;
    for (nth, line) in panel.lines.iter().enumerate() {
        let style = COLOURS[nth % COLOURS.len()].stroke_width(2);
        for piece in pieces(line, panel.is_logarithmic) {
            match nth {
                0 => canvas.draw_series(LineSeries::new(piece.iter().copied(), style))?,
                _ => canvas.draw_series(DashedLineSeries::new(piece.iter().copied(), dash(nth), 4, style))?,
            };
            if line.is_marked || piece.len() == 1 {
                canvas.draw_series(piece.iter().map(|point| Circle::new(*point, 3, style.filled())))?;
            }
        }
    }
    if let Some(limit) = panel.limit.filter(|limit| limit.is_finite()) {
        let (left, right) = ends(panel);
        canvas.draw_series(DashedLineSeries::new([(left, limit), (right, limit)], 2, 3, LIMIT.stroke_width(2)))?;
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
fn pieces(line: &Line, is_logarithmic: bool) -> Vec<Vec<(f64, f64)>> {
    let mut pieces = vec![Vec::new()];
    for (x, value) in &line.points {
        match (value.filter(|value| value.is_finite() && (*value > 0.0 || !is_logarithmic)), pieces.last_mut()) {
            (Some(value), Some(piece)) => piece.push((*x, value)),
            _ => pieces.push(Vec::new()),
        }
    }
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

/// What stands before a name in a heading, and behind it.
const SAMPLE: i32 = 28;
const BEHIND: i32 = 18;

/// The names of the lines of a panel as they are written, and of its limit, each with its row and its place in that.
fn names(panel: &Panel) -> Vec<(String, usize, i32)> {
    let limit = panel.limit.map(|limit| format!("limit {}", panel.unit.written(limit)));
    let named = panel.lines.iter().map(|line| line.name.clone()).chain(limit);
    let (mut row, mut left) = (0, 8);
    let placed = named.map(|name| {
        let name = shortened(&name, (WIDTH as i32 - 16 - SAMPLE) / LETTER);
        let width = SAMPLE + name.chars().count() as i32 * LETTER;
        if left > 8 && left + width > WIDTH as i32 - 8 {
            (row, left) = (row + 1, 8);
        }
        let place = (name, row, left);
        left += width + BEHIND;
        place
    });
    placed.collect()
}

fn rows_of_names(panel: &Panel) -> usize {
    names(panel).last().map_or(1, |(_, row, _)| row + 1)
}

/// The title of a panel, and under it what each of its lines is.
fn heading<'a>(panel: &Panel, area: &Area<'a>) -> Drawn<'a> {
    let anchor = Pos::new(HPos::Left, VPos::Center);
    let bold = ("sans-serif", 14).into_font().style(FontStyle::Bold).color(&TEXT).pos(anchor);
    area.draw(&Text::new(shortened(&panel.title, (WIDTH as i32 - 16) / (LETTER + 1)), (8, 12), bold))?;
    let small = ("sans-serif", 12).into_font().color(&TEXT).pos(anchor);
    for (nth, (name, row, left)) in names(panel).into_iter().enumerate() {
        let is_limit = nth == panel.lines.len();
        let style = if is_limit { LIMIT } else { COLOURS[nth % COLOURS.len()] }.stroke_width(2);
        let length = if is_limit { 2 } else { dash(nth) as i32 };
        let length = if length == 0 { 22 } else { length };
        let middle = 30 + row as i32 * ROW_OF_NAMES;
        let mut from = left;
        while from < left + 22 {
            area.draw(&PathElement::new([(from, middle), ((from + length).min(left + 22), middle)], style))?;
            from += length + 4;
        }
        area.draw(&Text::new(name, (left + SAMPLE, middle), small.clone()))?;
    }
    Ok(())
}

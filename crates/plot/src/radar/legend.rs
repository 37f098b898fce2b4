//! What stands beside the circle: each number with its title, by quarter and ring; and below it what rings and shapes mean.

use super::ground::Ground;
use super::place::Spot;
use super::{EDGE, shape, text};
use groma_base::escape_xml;
use groma_model::facts::technology::Quadrant;
use groma_model::stack::blips::{Blip, Movement, QUADRANTS, Radar};
use groma_view::Font;
use std::fmt::Write;

const LINE: f64 = 21.0;
const COLUMN: f64 = 280.0;
/// Between columns.
const BETWEEN: f64 = 20.0;
/// No column is higher than this, or than the circle.
const HIGHEST: f64 = 1200.0;
/// Between the number of a blip and its title.
const NUMBER: f64 = 34.0;
const PLAIN: Font = Font { bold: false, size: 15.0 };
const BOLD: Font = Font { bold: true, size: 15.0 };

/// What stands on both sides of the circle.
pub(super) struct Sides<'a> {
    pub(super) left: Side<'a>,
    pub(super) right: Side<'a>,
}

/// What stands on one side.
pub(super) struct Side<'a> {
    pub(super) width: f64,
    pub(super) height: f64,
    columns: Vec<Vec<Row<'a>>>,
}

#[derive(Clone, Copy)]
enum Row<'a> {
    Quadrant(Quadrant),
    Ring(&'a str),
    Blip(&'a Blip<'a>),
    /// What is said of a quarter in which nothing stands.
    Empty,
    Nothing,
}

impl Row<'_> {
    /// Whether it says what the rows below it are.
    fn is_heading(self) -> bool {
        matches!(self, Row::Quadrant(_) | Row::Ring(_))
    }
}

/// The quarters of the left stand to the left, those of the right to the right.
pub(super) fn sides<'a>(radar: &'a Radar<'a>, ground: &Ground) -> Sides<'a> {
    let [left, right] = [0, 1].map(|side| {
        let mut rows = Vec::new();
        for quadrant in QUADRANTS.into_iter().filter(|quadrant| quadrant.place() % 2 == side) {
            let own = rows_of(radar, ground, quadrant);
            if quadrant.place() >= 2 && !own.is_empty() {
                // The lower quarter begins in the middle of the circle, if there is room above it.
                let middle = (ground.above() / LINE) as usize;
                let after = if rows.is_empty() { 0 } else { rows.len() + 1 };
                rows.resize(middle.max(after), Row::Nothing);
            }
            rows.extend(own);
        }
        side_of(rows, ground.height())
    });
    Sides { left, right }
}

fn rows_of<'a>(radar: &'a Radar<'a>, ground: &Ground, quadrant: Quadrant) -> Vec<Row<'a>> {
    let mut rows = Vec::new();
    for (at, ring) in radar.rings.iter().enumerate() {
        let blips: Vec<Row<'a>> = radar.standing(quadrant, at).map(Row::Blip).collect();
        if !blips.is_empty() {
            rows.push(Row::Ring(ring.name));
            rows.extend(blips);
        }
    }
    // A quarter that is left out is named below everything.
    if rows.is_empty() && ground.shows(quadrant) {
        rows.push(Row::Empty);
    }
    if !rows.is_empty() {
        rows.insert(0, Row::Quadrant(quadrant));
    }
    rows
}

/// The rows in columns that are no higher than the circle, or than a page. No column ends with a heading, and one that goes on
/// repeats the ring.
fn side_of<'a>(rows: Vec<Row<'a>>, circle: f64) -> Side<'a> {
    let most = (circle.max(HIGHEST) / LINE) as usize;
    // Where one column is not enough, all are about as high; a heading that moves on may leave two rows.
    let most = if rows.len() <= most { most } else { even(rows.len(), most).max((circle / LINE) as usize) };
    let mut columns: Vec<Vec<Row<'a>>> = vec![Vec::new()];
    let mut column = Vec::new();
    let mut heading = Row::Nothing;
    for row in rows {
        let needs = if row.is_heading() { 3 } else { 1 };
        if column.len() + needs > most {
            columns.push(std::mem::take(&mut column));
            column.extend(matches!(row, Row::Blip(_)).then_some(heading));
        }
        if row.is_heading() {
            heading = row;
        }
        let begins_later_column = column.is_empty() && columns.len() > 1;
        if !(begins_later_column && matches!(row, Row::Nothing)) {
            column.push(row);
        }
    }
    columns.push(column);
    columns.remove(0);
    let highest = columns.iter().map(Vec::len).max().unwrap_or_default();
    let count = columns.len() as f64;
    // Where nothing stands no room is left for it.
    let width = if highest == 0 { 0.0 } else { count * COLUMN + (count - 1.0) * BETWEEN };
    Side { width, height: highest as f64 * LINE, columns }
}

/// How many rows each column has if as few as possible have no more than `most`.
fn even(rows: usize, most: usize) -> usize {
    rows.div_ceil(rows.div_ceil(most)) + 3
}

/// Draws what stands on a side.
pub(super) fn side(out: &mut String, side: &Side<'_>, left: f64, top: f64) {
    if side.columns.iter().all(Vec::is_empty) {
        return;
    }
    out.push_str("<g role=\"list\" aria-label=\"Technologies by number\">\n");
    for (nth, column) in side.columns.iter().enumerate() {
        let x = left + nth as f64 * (COLUMN + BETWEEN);
        for (at, row) in column.iter().enumerate() {
            row_at(out, *row, Spot { x, y: top + at as f64 * LINE + 14.0 });
        }
    }
    out.push_str("</g>\n");
}

fn row_at(out: &mut String, row: Row<'_>, at: Spot) {
    match row {
        Row::Nothing => {}
        Row::Empty => text(out, "m", at, PLAIN, "nothing stands here"),
        Row::Quadrant(quadrant) => {
            let font = Font { bold: true, size: 16.0 };
            text(out, &format!("q{}", quadrant.place()), at, font, quadrant.title());
        }
        Row::Ring(name) => text(out, "r", at, BOLD, &BOLD.shorten(name, COLUMN)),
        Row::Blip(blip) => {
            let number = blip.number.to_string();
            let moved = if blip.movement == Movement::None { "" } else { blip.movement.word() };
            let behind = if moved.is_empty() { 0.0 } else { PLAIN.width(moved) + 8.0 };
            let title = PLAIN.shorten(blip.title, COLUMN - NUMBER - behind);
            let label = if moved.is_empty() { String::new() } else { format!(", {moved}") };
            let _ = writeln!(
                out,
                "<g role=\"listitem\" aria-label=\"{number}. {}{label}\"><title>{}</title>",
                escape_xml(blip.title),
                escape_xml(blip.title)
            );
            text(out, "m", Spot { x: at.x + NUMBER - 8.0 - PLAIN.width(&number), ..at }, PLAIN, &number);
            text(out, "l", Spot { x: at.x + NUMBER, ..at }, PLAIN, &title);
            text(out, "m", Spot { x: at.x + NUMBER + PLAIN.width(&title) + 8.0, ..at }, PLAIN, moved);
            out.push_str("</g>\n");
        }
    }
}

/// What stands below everything.
pub(super) struct Foot {
    pub(super) svg: String,
    pub(super) bottom: f64,
}

/// What the shapes say where an earlier issue is known, which quarters are left out, and what the rings mean.
pub(super) fn foot(radar: &Radar<'_>, ground: &Ground, (top, width): (f64, f64), has_rings: bool) -> Foot {
    let mut svg = String::new();
    let mut y = top + 14.0;
    if radar.is_compared {
        y = shapes(&mut svg, y, width) + LINE + 10.0;
    }
    let left_out: Vec<&str> = QUADRANTS.into_iter().filter(|one| !ground.shows(*one)).map(Quadrant::title).collect();
    if !left_out.is_empty() {
        let sentence = format!("Nothing is in {}.", left_out.join(" or in "));
        for line in &PLAIN.wrap(&sentence, width - 2.0 * EDGE, 3) {
            text(&mut svg, "m", Spot { x: EDGE, y }, PLAIN, line);
            y += LINE;
        }
    }
    for ring in radar.rings.iter().filter(|ring| has_rings && !ring.means.is_empty()) {
        let name = BOLD.shorten(ring.name, 130.0);
        text(&mut svg, "r", Spot { x: EDGE, y }, BOLD, &name);
        let left = EDGE + 140.0;
        let lines = PLAIN.wrap(ring.means, width - left - EDGE, 2);
        for line in &lines {
            text(&mut svg, "m", Spot { x: left, y }, PLAIN, line);
            y += LINE;
        }
    }
    Foot { svg, bottom: y + 6.0 }
}

/// What each shape says, in as many lines as are needed; gives back where the last stands.
fn shapes(out: &mut String, mut y: f64, width: f64) -> f64 {
    let all = [
        (Movement::None, "no change"),
        (Movement::New, "new"),
        (Movement::In, "moved in, the tip shows inwards"),
        (Movement::Out, "moved out, the tip shows outwards"),
    ];
    let mut x = EDGE + 12.0;
    for (movement, words) in all {
        if x + 20.0 + PLAIN.width(words) > width - EDGE && x > EDGE + 12.0 {
            (x, y) = (EDGE + 12.0, y + LINE + 8.0);
        }
        let spot = Spot { x, y: y - 5.0 };
        let mut drawn = String::new();
        // As if the middle of the circle were to the right.
        shape(&mut drawn, movement, 0, spot, Spot { x: x + 100.0, ..spot });
        let _ = writeln!(out, "{}", drawn.replace("class=\"b0\"", "class=\"k\""));
        text(out, "m", Spot { x: x + 20.0, y }, PLAIN, words);
        x += 20.0 + PLAIN.width(words) + 34.0;
    }
    y
}

//! The technology radar: quarters and rings with a numbered blip for each technology, and beside them what each number is.

mod ground;
mod legend;
pub mod place;

use crate::Picture;
use groma_base::escape_xml;
use groma_model::stack::blips::{Blip, Movement, Radar};
use groma_view::Font;
use ground::Ground;
use place::{Placed, REACH, Spot, layout};
use std::fmt::Write;

/// Above and below everything, and between the circle and what stands beside it.
const EDGE: f64 = 24.0;
/// The height of the title, and of what stands in its place where a page says it.
const HEAD: f64 = 44.0;
const NO_HEAD: f64 = 8.0;
const BLIP: f64 = 11.0;

/// Draws a radar. `page` gives the address of what is told of a blip, if the picture stands in a page: then blips are links, and the
/// page says the title and what the rings mean.
pub fn radar(radar: &Radar<'_>, page: Option<&dyn Fn(&Blip<'_>) -> String>) -> Picture {
    let placed = |blip: &Blip<'_>| (blip.quadrant.place(), blip.ring);
    let things: Vec<Placed<'_>> = radar
        .blips
        .iter()
        .map(|blip| Placed { name: blip.name, quarter: placed(blip).0, ring: placed(blip).1 })
        .collect();
    let layout = layout(radar.rings.len(), &things);
    let reach = layout.edges.last().copied().unwrap_or_default();
    let ground = Ground::of(radar, reach);
    let head = EDGE + if page.is_some() { NO_HEAD } else { HEAD };
    let sides = legend::sides(radar, &ground);
    let circle = Spot { x: sides.left.width + EDGE + ground.left(), y: head + ground.above() };
    let width = circle.x + ground.right() + EDGE + sides.right.width;
    let bottom = head + ground.height().max(sides.left.height).max(sides.right.height) + EDGE;
    let foot = legend::foot(radar, &ground, (bottom, width), page.is_none());
    let title = match radar.date {
        Some(date) => format!("{}, {date}", radar.title),
        None => radar.title.to_owned(),
    };
    let mut out = opening(radar, &title, (width, foot.bottom));
    if page.is_none() {
        heading(&mut out, radar, width);
    }
    ground.draw(&mut out, radar, &layout, circle);
    let spots = layout.spots.iter().map(|spot| Spot { x: circle.x + spot.x, y: circle.y + spot.y });
    radar.blips.iter().zip(spots).for_each(|(blip, spot)| drawn(&mut out, radar, blip, (spot, circle), page));
    legend::side(&mut out, &sides.left, EDGE, head);
    legend::side(&mut out, &sides.right, circle.x + ground.right() + EDGE, head);
    out.push_str(&foot.svg);
    out.push_str("</svg>\n");
    Picture { title, svg: out }
}

/// The beginning of the picture, with what it shows in words.
fn opening(radar: &Radar<'_>, title: &str, (width, height): (f64, f64)) -> String {
    let (width, height) = (n(width), n(height));
    let count = |ring: usize| radar.blips.iter().filter(|blip| blip.ring == ring).count();
    let rings = radar.rings.iter().enumerate().map(|(at, ring)| format!("{} in {}", count(at), ring.name));
    let rings: Vec<String> = rings.collect();
    let many = radar.blips.len();
    let words = if many == 1 { "1 technology".to_owned() } else { format!("{many} technologies") };
    format!(
        "<svg class=\"groma-radar\" xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" role=\"img\" aria-labelledby=\"radar-title radar-desc\">\n<title id=\"radar-title\">{}</title>\n<desc id=\"radar-desc\">{words} in four quadrants and {} rings, from the inside out: {}.</desc>\n{STYLE}<rect class=\"page\" width=\"{width}\" height=\"{height}\"/>\n",
        escape_xml(title),
        radar.rings.len(),
        escape_xml(&rings.join(", "))
    )
}

fn heading(out: &mut String, radar: &Radar<'_>, width: f64) {
    let font = Font { bold: true, size: 22.0 };
    let title = font.shorten(radar.title, width - 2.0 * EDGE - 120.0);
    text(out, "h", Spot { x: EDGE, y: EDGE + 16.0 }, font, &title);
    if let Some(date) = radar.date {
        let small = Font { bold: false, size: 15.0 };
        text(out, "s", Spot { x: EDGE + font.width(&title) + 12.0, y: EDGE + 16.0 }, small, date);
    }
}

/// A blip with its number. What is new is a square; what moved has a tip that shows where to.
fn drawn(
    out: &mut String,
    radar: &Radar<'_>,
    blip: &Blip<'_>,
    (spot, circle): (Spot, Spot),
    page: Option<&dyn Fn(&Blip<'_>) -> String>,
) {
    let moved = if blip.movement == Movement::None { String::new() } else { format!(", {}", blip.movement.word()) };
    let ring = radar.rings.get(blip.ring).map_or("", |ring| ring.name);
    let label = escape_xml(&format!("{}. {}: {ring}, {}{moved}", blip.number, blip.title, blip.quadrant.title()));
    let address = page.map(|page| escape_xml(&page(blip)));
    let (open, close) = match &address {
        Some(address) => (format!("<a href=\"{address}\" aria-label=\"{label}\">"), "</a>"),
        None => (format!("<g tabindex=\"0\" role=\"group\" aria-label=\"{label}\">"), "</g>"),
    };
    let _ = write!(out, "{open}<title>{label}</title>");
    shape(out, blip.movement, blip.quadrant.place(), spot, circle);
    let number = blip.number.to_string();
    let font = Font { bold: true, size: if number.len() > 2 { 10.0 } else { 11.0 } };
    let left = spot.x - font.width(&number) / 2.0;
    text(out, if number.len() > 2 { "nr small" } else { "nr" }, Spot { x: left, y: spot.y + 3.8 }, font, &number);
    let _ = writeln!(out, "{close}");
}

/// The outline of a blip.
fn shape(out: &mut String, movement: Movement, quarter: usize, spot: Spot, circle: Spot) {
    let (dx, dy) = (circle.x - spot.x, circle.y - spot.y);
    let length = dx.hypot(dy).max(0.001);
    let toward = (dx / length, dy / length);
    let _ = match movement {
        Movement::None => {
            write!(out, "<circle class=\"b{quarter}\" cx=\"{}\" cy=\"{}\" r=\"{BLIP}\"/>", n(spot.x), n(spot.y))
        }
        Movement::New => write!(
            out,
            "<rect class=\"b{quarter}\" x=\"{}\" y=\"{}\" width=\"21\" height=\"21\" rx=\"3\"/>",
            n(spot.x - 10.5),
            n(spot.y - 10.5)
        ),
        Movement::In => write!(out, "<path class=\"b{quarter}\" d=\"{}\"/>", drop(spot, toward)),
        Movement::Out => write!(out, "<path class=\"b{quarter}\" d=\"{}\"/>", drop(spot, (-toward.0, -toward.1))),
    };
}

/// A circle with a tip in a direction.
fn drop(spot: Spot, (dx, dy): (f64, f64)) -> String {
    const ROUND: f64 = 10.0;
    // Where the lines from the tip touch the circle.
    let along = ROUND * ROUND / REACH;
    let across = (ROUND * ROUND - along * along).sqrt();
    let point = |along: f64, across: f64| {
        format!("{} {}", n(spot.x + dx * along - dy * across), n(spot.y + dy * along + dx * across))
    };
    format!("M{}L{}A{ROUND} {ROUND} 0 1 1 {}Z", point(REACH, 0.0), point(along, across), point(along, -across))
}

/// A text with its measured width.
fn text(out: &mut String, class: &str, at: Spot, font: Font, words: &str) {
    if words.trim().is_empty() {
        return;
    }
    let _ = writeln!(
        out,
        "<text class=\"{class}\" x=\"{}\" y=\"{}\" textLength=\"{}\" lengthAdjust=\"spacingAndGlyphs\">{}</text>",
        n(at.x),
        n(at.y),
        n(font.width(words)),
        escape_xml(words)
    );
}

/// A number with at most one decimal, without a needless `.0`.
fn n(value: f64) -> String {
    let rounded = (value * 10.0).round() / 10.0;
    if rounded.fract() == 0.0 { format!("{}", rounded as i64) } else { format!("{rounded:.1}") }
}

/// Every selector is below `.groma-radar`, as a picture inside a page shares its styles with the page. Colours are chosen for a
/// contrast of at least 4.5 : 1 between text and ground, and 3 : 1 between blips and ground (WCAG 2.2, AA).
const STYLE: &str = "<style>
.groma-radar text{font-family:Inter,'Helvetica Neue',Helvetica,Arial,sans-serif;font-size:15px;fill:#1b2430}
.groma-radar .page{fill:#ffffff}.groma-radar .halo{fill:#ffffff}
.groma-radar .ring{stroke:#b9c3ce}.groma-radar .even{fill:#f4f6f9}.groma-radar .odd{fill:#ffffff}.groma-radar .axis{fill:none;stroke:#b9c3ce}
.groma-radar .h{font-size:22px;font-weight:600}.groma-radar .s{font-size:15px;fill:#51606f}
.groma-radar .ringname{font-size:12px;font-weight:600;fill:#51606f}.groma-radar .r{font-weight:600;fill:#51606f}.groma-radar .m{fill:#51606f}
.groma-radar .q0,.groma-radar .q1,.groma-radar .q2,.groma-radar .q3{font-size:16px;font-weight:600}
.groma-radar .q0{fill:#1d4f9e}.groma-radar .q1{fill:#0f5f6e}.groma-radar .q2{fill:#7a4a00}.groma-radar .q3{fill:#643cab}
.groma-radar .b0{fill:#1d4f9e}.groma-radar .b1{fill:#0f5f6e}.groma-radar .b2{fill:#7a4a00}.groma-radar .b3{fill:#643cab}
.groma-radar .nr{font-size:11px;font-weight:600;fill:#ffffff}.groma-radar .small{font-size:10px}
.groma-radar .k{fill:#51606f}
.groma-radar a:focus circle,.groma-radar a:focus rect,.groma-radar a:focus path,.groma-radar g:focus circle,.groma-radar g:focus rect,.groma-radar g:focus path{stroke:#1b2430;stroke-width:2;outline:none}
@media (prefers-color-scheme:dark){
.groma-radar text{fill:#e6ebf0}.groma-radar .page,.groma-radar .halo{fill:#14181d}
.groma-radar .ring{stroke:#4c5865}.groma-radar .even{fill:#1b2129}.groma-radar .odd{fill:#14181d}.groma-radar .axis{stroke:#4c5865}
.groma-radar .s,.groma-radar .ringname,.groma-radar .r,.groma-radar .m{fill:#a7b3bf}
.groma-radar .q0,.groma-radar .b0{fill:#8fb5f5}.groma-radar .q1,.groma-radar .b1{fill:#6ccbdf}.groma-radar .q2,.groma-radar .b2{fill:#e8b06a}.groma-radar .q3,.groma-radar .b3{fill:#c3a5f4}
.groma-radar .nr{fill:#14181d}.groma-radar .k{fill:#a7b3bf}
.groma-radar a:focus circle,.groma-radar a:focus rect,.groma-radar a:focus path,.groma-radar g:focus circle,.groma-radar g:focus rect,.groma-radar g:focus path{stroke:#e6ebf0}}
</style>
";

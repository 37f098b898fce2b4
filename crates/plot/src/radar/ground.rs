//! What the blips stand on: the rings, the lines between the quarters, and the names of both. Where nothing stands on one side of the
//! middle that side is left out, so that what there is can be seen; what stands on the other stays where it is.

use super::place::{Layout, Spot};
use super::{n, text};
use groma_model::facts::technology::Quadrant;
use groma_model::stack::blips::{QUADRANTS, Radar};
use groma_view::Font;
use std::fmt::Write;

/// What is still shown of a side that is left out: room for the names of the rings.
const REST: f64 = 12.0;

/// Which sides of the middle are shown, and how far the rings reach.
pub(super) struct Ground {
    reach: f64,
    left: bool,
    right: bool,
    above: bool,
    below: bool,
}

impl Ground {
    /// The sides on which something stands; all, if nothing does.
    pub(super) fn of(radar: &Radar<'_>, reach: f64) -> Ground {
        let is_on = |side: &dyn Fn(usize) -> bool| {
            radar.blips.is_empty() || radar.blips.iter().any(|blip| side(blip.quadrant.place()))
        };
        Ground {
            reach,
            left: is_on(&|place| place % 2 == 0),
            right: is_on(&|place| place % 2 == 1),
            above: is_on(&|place| place < 2),
            below: is_on(&|place| place >= 2),
        }
    }

    fn far(&self, is_shown: bool) -> f64 {
        if is_shown { self.reach } else { REST }
    }

    /// How far it reaches to the left of the middle.
    pub(super) fn left(&self) -> f64 {
        self.far(self.left)
    }

    /// The same to the right.
    pub(super) fn right(&self) -> f64 {
        self.far(self.right)
    }

    /// The same upwards.
    pub(super) fn above(&self) -> f64 {
        self.far(self.above)
    }

    /// How high it is.
    pub(super) fn height(&self) -> f64 {
        self.above() + self.far(self.below)
    }

    /// Whether a quarter is shown.
    pub(super) fn shows(&self, quadrant: Quadrant) -> bool {
        let place = quadrant.place();
        (if place.is_multiple_of(2) { self.left } else { self.right })
            && (if place < 2 { self.above } else { self.below })
    }

    /// Draws the rings from the outside in, the lines between the quarters, and the names of both.
    pub(super) fn draw(&self, out: &mut String, radar: &Radar<'_>, layout: &Layout, circle: Spot) {
        for (at, edge) in layout.edges.iter().enumerate().rev() {
            let shade = if at % 2 == 0 { "even" } else { "odd" };
            self.ring(out, shade, circle, *edge);
        }
        let far = |is_shown: bool| if is_shown { self.reach } else { 0.0 };
        let _ = writeln!(
            out,
            "<path class=\"axis\" d=\"M{} {}H{}M{} {}V{}\"/>",
            n(circle.x - far(self.left)),
            n(circle.y),
            n(circle.x + far(self.right)),
            n(circle.x),
            n(circle.y - far(self.above)),
            n(circle.y + far(self.below))
        );
        self.names_of_rings(out, radar, layout, circle);
        self.names_of_quarters(out, circle);
    }

    /// What is shown of a ring and of all inside it.
    fn ring(&self, out: &mut String, shade: &str, circle: Spot, radius: f64) {
        let (x, y, r) = (n(circle.x), n(circle.y), n(radius));
        let horizontal = f64::from(i8::from(self.right) - i8::from(self.left));
        let vertical = f64::from(i8::from(self.below) - i8::from(self.above));
        if horizontal == 0.0 && vertical == 0.0 {
            let _ = writeln!(out, "<circle class=\"ring {shade}\" cx=\"{x}\" cy=\"{y}\" r=\"{r}\"/>");
            return;
        }
        // Of a half the straight line leads through the middle by itself.
        let (from, to, clockwise) = match (horizontal == 0.0, vertical == 0.0) {
            (true, _) => ((-1.0, 0.0), (1.0, 0.0), vertical < 0.0),
            (_, true) => ((0.0, -1.0), (0.0, 1.0), horizontal > 0.0),
            _ => ((horizontal, 0.0), (0.0, vertical), horizontal * vertical > 0.0),
        };
        let point = |(dx, dy): (f64, f64)| format!("{} {}", n(circle.x + dx * radius), n(circle.y + dy * radius));
        let _ = writeln!(
            out,
            "<path class=\"ring {shade}\" d=\"M{x} {y}L{}A{r} {r} 0 0 {} {}Z\"/>",
            point(from),
            u8::from(clockwise),
            point(to)
        );
    }

    fn names_of_rings(&self, out: &mut String, radar: &Radar<'_>, layout: &Layout, circle: Spot) {
        let font = Font { bold: true, size: 12.0 };
        let mut inner = 0.0;
        for (ring, edge) in radar.rings.iter().zip(&layout.edges) {
            let name = font.shorten(ring.name, edge - inner - 6.0);
            for (side, _) in [(-1.0, self.left), (1.0, self.right)].into_iter().filter(|(_, is_shown)| *is_shown) {
                let middle = circle.x + side * (inner + edge) / 2.0;
                let left = middle - font.width(&name) / 2.0;
                let _ = writeln!(
                    out,
                    "<rect class=\"halo\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"12\" rx=\"2\"/>",
                    n(left - 3.0),
                    n(circle.y - 6.0),
                    n(font.width(&name) + 6.0)
                );
                text(out, "ringname", Spot { x: left, y: circle.y + 4.2 }, font, &name);
            }
            inner = *edge;
        }
    }

    /// The names of the quarters in the corners around the circle.
    fn names_of_quarters(&self, out: &mut String, circle: Spot) {
        let font = Font { bold: true, size: 16.0 };
        for quadrant in QUADRANTS.into_iter().filter(|quadrant| self.shows(*quadrant)) {
            let (name, place) = (quadrant.title(), quadrant.place());
            let x = if place % 2 == 0 { circle.x - self.reach } else { circle.x + self.reach - font.width(name) };
            let y = if place < 2 { circle.y - self.reach + 4.0 } else { circle.y + self.reach + 6.0 };
            text(out, &format!("q{place}"), Spot { x, y }, font, name);
        }
    }
}

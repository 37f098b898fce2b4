//! Scene to SVG: one file that is light or dark as the reader's screen is, and that can be read without being
//! seen. Every text carries its measured width, so that another font cannot make it overflow.

use crate::PartKind;
use crate::place::{SIGNED_HEIGHT, lying_cap, person_sign};
use crate::scene::{Backdrop, LegendEntry, Line, Scene, SceneBox, SceneEdge, Style, TextRole};
use groma_base::escape_xml;
use groma_layout::{Point, Rect};
use std::fmt::Write;

/// Draws a scene. `page` gives the address of an element's page for its path, if boxes are to be links.
pub fn svg(scene: &Scene, page: Option<&dyn Fn(&str) -> String>) -> String {
    let mut out = String::with_capacity(8192 + scene.boxes.len() * 700 + scene.edges.len() * 500);
    let (width, height) = (scene.width, scene.height);
    let _ = write!(
        out,
        "<svg class=\"groma\" xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" role=\"img\" aria-labelledby=\"title desc\">\n<title id=\"title\">{}</title>\n<desc id=\"desc\">{}</desc>\n",
        escape_xml(&scene.title),
        escape_xml(&scene.description)
    );
    out.push_str(STYLE);
    out.push_str(MARKERS);
    let _ = writeln!(out, "<rect class=\"page\" width=\"{width}\" height=\"{height}\"/>");
    texts(&mut out, &scene.heading);
    scene.backdrops.iter().for_each(|one| backdrop(&mut out, one));
    // What a frame says stands above the bars that cross it.
    for one in &scene.backdrops {
        if let Backdrop::Frame { lines, .. } = one {
            with_halo(&mut out, lines.get(1..).unwrap_or_default());
        }
    }
    scene.boxes.iter().filter(|one| one.kind.is_frame()).for_each(|one| scene_box(&mut out, one, page));
    scene.edges.iter().for_each(|one| edge(&mut out, one));
    // A frame's title stands above the arrows that cross its upper edge.
    scene.boxes.iter().filter(|one| one.kind.is_frame()).for_each(|one| with_halo(&mut out, &one.lines));
    scene.boxes.iter().filter(|one| !one.kind.is_frame()).for_each(|one| scene_box(&mut out, one, page));
    scene.edges.iter().for_each(|one| edge_label(&mut out, one));
    if !scene.legend.is_empty() {
        out.push_str("<g class=\"legend\" role=\"list\" aria-label=\"Legend\">\n");
        scene.legend.iter().for_each(|entry| legend(&mut out, entry));
        out.push_str("</g>\n");
    }
    out.push_str("</svg>\n");
    out
}

/// Every selector is below `.groma`, so that a picture inside a page leaves the page alone, and the page's own
/// classes mean nothing here. Colours are chosen for a contrast of at least 4.5 : 1 between text and ground (WCAG 2.2, AA).
const STYLE: &str = "<style>
.groma text{font-family:Inter,'Helvetica Neue',Helvetica,Arial,sans-serif;fill:#1b2430}
.groma .page{fill:#ffffff}
.groma .h{font-size:20px;font-weight:600}.groma .sh{font-size:13px;fill:#51606f}
.groma .t{font-size:14px;font-weight:600}.groma .k{font-size:11px;fill:#51606f}.groma .b{font-size:12px;fill:#33404d}
.groma .f{font-size:12px;font-weight:600;fill:#3b4754}.groma .l{font-size:12px;fill:#2c3743}.groma .n{font-size:11px;fill:#51606f}
.groma .box{stroke-width:1.5;stroke-linejoin:round}
.groma .mark{fill:none;stroke-width:1.5}
.groma .person{fill:#f3ecfd;stroke:#7a4fc4}.groma .system{fill:#e6effc;stroke:#2f66c4}.groma .service{fill:#e4f3f7;stroke:#1d7f96}
.groma .web,.groma .app{fill:#e8f0fe;stroke:#3f6fd1}.groma .gateway{fill:#eaf1ee;stroke:#4a7a67}.groma .database,.groma .bucket{fill:#e7f5ea;stroke:#2f8a4c}
.groma .cache{fill:#fdf1e3;stroke:#b96a12}.groma .queue{fill:#fdf7dc;stroke:#94780a}.groma .component{fill:#eef1f5;stroke:#5b6b7d}
.groma .requirement{fill:#fdecec;stroke:#c04a4a}.groma .flow{fill:#e9ecfb;stroke:#5a63c7}.groma .stage{fill:#e4f3f7;stroke:#1d7f96}
.groma .decision{fill:#fdf7dc;stroke:#94780a}.groma .end{fill:#eef1f5;stroke:#5b6b7d}
.groma .external{fill:#f2f2f2;stroke:#6e7781;stroke-dasharray:6 3}.groma .planned{stroke-dasharray:2 3}
.groma .boundary{fill:#f8fafc;stroke:#8795a5}.groma .group{fill:none;stroke:#a9b4c0;stroke-dasharray:4 4}
.groma .zone{fill:#fffaf3;stroke:#c99a5b;stroke-dasharray:10 4}.groma .place{fill:#f6f8f4;stroke:#8a9a7b}
.groma .edge{fill:none;stroke:#5a6673;stroke-width:1.5}.groma .dashed{stroke-dasharray:6 4}
.groma .tip{fill:#5a6673;stroke:none}.groma .open{fill:none;stroke:#5a6673;stroke-width:1.5}
.groma .life{stroke:#b3bdc7;stroke-dasharray:4 4}.groma .bar{fill:#dbe7f5;stroke:#5a7ba6}
.groma .fragment{fill:none;stroke:#94a1af}.groma .tab{fill:#eef1f5;stroke:#94a1af}.groma .remark{fill:#fdf7dc;stroke:#b9a24a}.groma .halo{fill:#ffffff;fill-opacity:.86}
.groma a:focus .box,.groma g:focus>.box,.groma g:focus>.edge{stroke-width:3;outline:none}
@media (prefers-color-scheme:dark){
.groma text{fill:#e6ebf0}.groma .page{fill:#14181d}.groma .sh,.groma .k,.groma .n{fill:#a7b3bf}.groma .b,.groma .f,.groma .l{fill:#cdd6df}
.groma .person{fill:#2c2140;stroke:#b794f0}.groma .system{fill:#17294a;stroke:#7da7f0}.groma .service{fill:#12333c;stroke:#5cbcd2}
.groma .web,.groma .app{fill:#192b4f;stroke:#86a9f2}.groma .gateway{fill:#1d302a;stroke:#86b8a4}.groma .database,.groma .bucket{fill:#17331f;stroke:#6cc489}
.groma .cache{fill:#3a2812;stroke:#e3a156}.groma .queue{fill:#353010;stroke:#d4bd4e}.groma .component{fill:#232b34;stroke:#93a3b5}
.groma .requirement{fill:#3b1f1f;stroke:#ea8d8d}.groma .flow{fill:#22264a;stroke:#9aa2f0}.groma .stage{fill:#12333c;stroke:#5cbcd2}
.groma .decision{fill:#353010;stroke:#d4bd4e}.groma .end{fill:#232b34;stroke:#93a3b5}
.groma .external{fill:#242729;stroke:#9aa4ad}.groma .boundary{fill:#191f26;stroke:#6d7b8a}.groma .group{fill:none;stroke:#5d6975}
.groma .zone{fill:#221d14;stroke:#b98f55}.groma .place{fill:#1a2018;stroke:#7f9070}
.groma .edge,.groma .open{stroke:#9aa8b6}.groma .tip{fill:#9aa8b6}.groma .life{stroke:#4c5865}.groma .bar{fill:#263a55;stroke:#7e9cc6}
.groma .fragment{stroke:#66727f}.groma .tab{fill:#232b34;stroke:#66727f}.groma .remark{fill:#353010;stroke:#9c8a3c}.groma .halo{fill:#14181d}}
</style>
";

const MARKERS: &str = "<defs><marker id=\"tip\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto-start-reverse\"><path class=\"tip\" d=\"M0 0L10 5L0 10z\"/></marker><marker id=\"open\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"8\" markerHeight=\"8\" orient=\"auto-start-reverse\"><path class=\"open\" d=\"M1 1L9 5L1 9\"/></marker></defs>\n";

/// A number with at most one decimal, without a needless `.0`.
fn n(value: f64) -> String {
    let rounded = (value * 10.0).round() / 10.0;
    if rounded.fract() == 0.0 { format!("{}", rounded as i64) } else { format!("{rounded:.1}") }
}

fn texts(out: &mut String, lines: &[Line]) {
    for line in lines.iter().filter(|line| !line.text.is_empty()) {
        let _ = writeln!(
            out,
            "<text class=\"{}\" x=\"{}\" y=\"{}\" textLength=\"{}\" lengthAdjust=\"spacingAndGlyphs\">{}</text>",
            line.role.class(),
            n(line.x),
            n(line.y),
            n(line.width),
            escape_xml(&line.text)
        );
    }
}

/// The colour that a part is filled with on a light page, as `#rrggbb`.
pub fn fill(kind: PartKind, external: bool) -> &'static str {
    if external {
        return "#f2f2f2";
    }
    match kind {
        PartKind::Person => "#f3ecfd",
        PartKind::System => "#e6effc",
        PartKind::Service | PartKind::Stage => "#e4f3f7",
        PartKind::Web | PartKind::App => "#e8f0fe",
        PartKind::Gateway => "#eaf1ee",
        PartKind::Database | PartKind::Bucket => "#e7f5ea",
        PartKind::Cache => "#fdf1e3",
        PartKind::Queue | PartKind::Decision | PartKind::Record => "#fdf7dc",
        PartKind::Component | PartKind::End => "#eef1f5",
        PartKind::Requirement => "#fdecec",
        PartKind::Flow => "#e9ecfb",
        PartKind::Boundary => "#f8fafc",
        PartKind::Group => "#ffffff",
        PartKind::Zone => "#fffaf3",
        PartKind::Place => "#f6f8f4",
    }
}

fn class(kind: PartKind, style: Style) -> String {
    // A decision is one, whether of a pipeline or about the architecture.
    let named = if kind == PartKind::Record { PartKind::Decision } else { kind };
    let mut class = format!("{named:?}").to_lowercase();
    if style.external {
        class.push_str(" external");
    }
    if style.planned {
        class.push_str(" planned");
    }
    class
}

fn scene_box(out: &mut String, one: &SceneBox, page: Option<&dyn Fn(&str) -> String>) {
    let link = one.element.as_ref().and_then(|path| page.map(|page| page(path)));
    let label = escape_xml(&one.tooltip.replace('\n', ". "));
    match &link {
        Some(address) => {
            let _ = write!(
                out,
                "<a href=\"{}\" data-id=\"{}\" aria-label=\"{label}\">",
                escape_xml(address),
                escape_xml(&one.id)
            );
        }
        None => {
            let _ = write!(
                out,
                "<g tabindex=\"0\" role=\"group\" data-id=\"{}\" aria-label=\"{label}\">",
                escape_xml(&one.id)
            );
        }
    }
    let _ = writeln!(out, "<title>{}</title>", escape_xml(&one.tooltip));
    shape(out, one.kind, one.style, one.rect);
    if !one.kind.is_frame() {
        texts(out, &one.lines);
    }
    out.push_str(if link.is_some() { "</a>\n" } else { "</g>\n" });
}

fn shape(out: &mut String, kind: PartKind, style: Style, rect: Rect) {
    let class = class(kind, style);
    let Rect { width, height, .. } = rect;
    let scale = (height / 124.0).clamp(0.14, 1.0);
    match kind {
        PartKind::Database | PartKind::Cache => standing_cylinder(out, &class, rect, (11.0 * scale).max(2.5)),
        PartKind::Queue => lying_cylinder(out, &class, rect, lying_cap(rect)),
        PartKind::Bucket => bucket(out, &class, rect, (14.0 * scale).max(3.0)),
        PartKind::Decision => hexagon(out, &class, rect, (20.0_f64).min(width / 4.0)),
        PartKind::Person | PartKind::End => rounded(out, &class, rect, (height / 2.0).min(28.0)),
        PartKind::App => rounded(out, &class, rect, (16.0 * scale).max(4.0)),
        PartKind::Boundary | PartKind::Group | PartKind::Zone | PartKind::Place => rounded(out, &class, rect, 8.0),
        PartKind::System
        | PartKind::Service
        | PartKind::Web
        | PartKind::Gateway
        | PartKind::Component
        | PartKind::Requirement
        | PartKind::Record
        | PartKind::Flow
        | PartKind::Stage => rounded(out, &class, rect, 5.0_f64.min(height / 4.0)),
    }
    mark(out, kind, &class, rect);
}

/// A cylinder whose ends, each `cap` high, are above and below.
fn standing_cylinder(out: &mut String, class: &str, rect: Rect, cap: f64) {
    let (left, right, top, bottom) = (n(rect.x), n(rect.right()), n(rect.y + cap), n(rect.bottom() - cap));
    let (rx, ry) = (n(rect.width / 2.0), n(cap));
    let _ = writeln!(
        out,
        "<path class=\"box {class}\" d=\"M{left} {top}A{rx} {ry} 0 0 1 {right} {top}V{bottom}A{rx} {ry} 0 0 1 {left} {bottom}Z\"/><path class=\"mark {class}\" style=\"fill:none\" d=\"M{left} {top}A{rx} {ry} 0 0 0 {right} {top}\"/>"
    );
}

/// A cylinder whose ends, each `cap` wide, are at its left and right.
fn lying_cylinder(out: &mut String, class: &str, rect: Rect, cap: f64) {
    let (left, right, top, bottom) = (n(rect.x + cap), n(rect.right() - cap), n(rect.y), n(rect.bottom()));
    let (rx, ry) = (n(cap), n(rect.height / 2.0));
    let _ = writeln!(
        out,
        "<path class=\"box {class}\" d=\"M{left} {top}H{right}A{rx} {ry} 0 0 1 {right} {bottom}H{left}A{rx} {ry} 0 0 1 {left} {top}Z\"/><path class=\"mark {class}\" style=\"fill:none\" d=\"M{right} {top}A{rx} {ry} 0 0 0 {right} {bottom}\"/>"
    );
}

/// A box that is narrower below, on each side by `lean`.
fn bucket(out: &mut String, class: &str, rect: Rect, lean: f64) {
    let (left, right, top, bottom) = (n(rect.x), n(rect.right()), n(rect.y), n(rect.bottom()));
    let (from, to) = (n(rect.x + lean), n(rect.right() - lean));
    let _ = writeln!(out, "<path class=\"box {class}\" d=\"M{left} {top}H{right}L{to} {bottom}H{from}Z\"/>");
}

/// A box with a point, `lean` wide, at its left and right.
fn hexagon(out: &mut String, class: &str, rect: Rect, lean: f64) {
    let (left, right, top, bottom) = (n(rect.x), n(rect.right()), n(rect.y), n(rect.bottom()));
    let (from, to, middle) = (n(rect.x + lean), n(rect.right() - lean), n(rect.y + rect.height / 2.0));
    let _ = writeln!(
        out,
        "<path class=\"box {class}\" d=\"M{left} {middle}L{from} {top}H{to}L{right} {middle}L{to} {bottom}H{from}Z\"/>"
    );
}

/// A box with round corners.
fn rounded(out: &mut String, class: &str, Rect { x, y, width, height }: Rect, radius: f64) {
    let [x, y, width, height, radius] = [x, y, width, height, radius].map(n);
    let _ = writeln!(
        out,
        "<rect class=\"box {class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"{radius}\"/>"
    );
}

/// The small sign that tells kinds of the same outline apart, without colour.
fn mark(out: &mut String, kind: PartKind, class: &str, rect: Rect) {
    if rect.height < SIGNED_HEIGHT {
        return;
    }
    let Rect { x, y, width, .. } = rect;
    let right = x + width;
    let path = match kind {
        PartKind::Person => {
            let sign = person_sign(rect);
            let (cx, cy) = (sign.x + sign.width / 2.0, sign.y + 4.5);
            format!(
                "M{} {}a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0M{} {}c0 -8 15 -8 15 0",
                n(cx - 4.5),
                n(cy),
                n(cx - 7.5),
                n(cy + 14.0)
            )
        }
        PartKind::Web if rect.height > 100.0 => {
            format!("M{} {}H{}M{} {}h0.1m6 0h0.1m6 0h0.1", n(x), n(y + 15.0), n(right), n(x + 9.0), n(y + 7.5))
        }
        PartKind::App if rect.height > 100.0 => format!("M{} {}h36", n(x + width / 2.0 - 18.0), n(y + 9.0)),
        PartKind::Component => format!("M{0} {1}h12v5h-12zM{0} {2}h12v5h-12z", n(x - 6.0), n(y + 14.0), n(y + 24.0)),
        PartKind::Gateway => {
            format!("M{} {}l6 5l-6 5M{} {}l6 5l-6 5", n(right - 26.0), n(y + 8.0), n(right - 18.0), n(y + 8.0))
        }
        PartKind::Cache => format!("M{} {}l-6 8h8l-6 8", n(right - 18.0), n(y + 26.0)),
        PartKind::Flow => format!("M{} {}h12m-4 -4l4 4l-4 4", n(right - 26.0), n(y + 14.0)),
        PartKind::System
        | PartKind::Service
        | PartKind::Web
        | PartKind::App
        | PartKind::Database
        | PartKind::Queue
        | PartKind::Bucket
        | PartKind::Requirement
        | PartKind::Record
        | PartKind::Stage
        | PartKind::Decision
        | PartKind::End
        | PartKind::Boundary
        | PartKind::Group
        | PartKind::Zone
        | PartKind::Place => return,
    };
    let fill = if kind == PartKind::Component { "" } else { " style=\"fill:none\"" };
    let _ = writeln!(out, "<path class=\"mark {class}\"{fill} stroke-linecap=\"round\" d=\"{path}\"/>");
}

/// The line, its corners rounded.
fn path(points: &[Point]) -> String {
    const RADIUS: f64 = 6.0;
    let Some(first) = points.first() else { return String::new() };
    let mut d = format!("M{} {}", n(first.x), n(first.y));
    for at in 1..points.len() {
        let (before, here) = (points[at - 1], points[at]);
        let Some(after) = points.get(at + 1) else {
            let _ = write!(d, "L{} {}", n(here.x), n(here.y));
            break;
        };
        let toward = |other: Point| {
            let (dx, dy) = (other.x - here.x, other.y - here.y);
            let length = dx.hypot(dy).max(0.001);
            let part = RADIUS.min(length / 2.0) / length;
            (here.x + dx * part, here.y + dy * part)
        };
        let (start, end) = (toward(before), toward(*after));
        let _ = write!(d, "L{} {}Q{} {} {} {}", n(start.0), n(start.1), n(here.x), n(here.y), n(end.0), n(end.1));
    }
    d
}

fn edge(out: &mut String, one: &SceneEdge) {
    let dashed = if one.dashed { " dashed" } else { "" };
    let marker = if one.open_head { "open" } else { "tip" };
    let _ = writeln!(
        out,
        "<g tabindex=\"0\" role=\"group\" aria-label=\"{}\" data-from=\"{}\" data-to=\"{}\"><title>{}</title><path class=\"edge{dashed}\" marker-end=\"url(#{marker})\" d=\"{}\"/></g>",
        escape_xml(&one.tooltip.replace('\n', ". ")),
        escape_xml(&one.from),
        escape_xml(&one.to),
        escape_xml(&one.tooltip),
        path(&one.points)
    );
}

fn edge_label(out: &mut String, one: &SceneEdge) {
    if let Some(label) = &one.label {
        with_halo(out, &label.lines);
    }
}

/// Texts on a ground of their own, so that a line behind them does not disturb.
fn with_halo(out: &mut String, lines: &[Line]) {
    for line in lines.iter().filter(|line| !line.text.is_empty()) {
        let rect = line.rect();
        let (x, y, width, height) = (n(rect.x - 2.0), n(rect.y - 1.0), n(rect.width + 4.0), n(rect.height + 2.0));
        let _ =
            writeln!(out, "<rect class=\"halo\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"2\"/>");
    }
    texts(out, lines);
}

fn backdrop(out: &mut String, one: &Backdrop) {
    let plain = |out: &mut String, class: &str, rect: &Rect| {
        let _ = writeln!(
            out,
            "<rect class=\"{class}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>",
            n(rect.x),
            n(rect.y),
            n(rect.width),
            n(rect.height)
        );
    };
    match one {
        Backdrop::Lifeline { from, to } => {
            let _ = writeln!(out, "<path class=\"life\" d=\"M{} {}V{}\"/>", n(from.x), n(from.y), n(to.y));
        }
        Backdrop::Activation(rect) => plain(out, "bar", rect),
        Backdrop::Frame { rect, tab, lines, dividers } => {
            plain(out, "fragment", rect);
            for y in dividers {
                let _ = writeln!(out, "<path class=\"life\" d=\"M{} {}H{}\"/>", n(rect.x), n(*y), n(rect.right()));
            }
            if tab.width > 0.0 {
                plain(out, "tab", tab);
            }
            // Its word; the rest comes when the bars are there.
            texts(out, lines.get(..1).unwrap_or_default());
        }
        Backdrop::Note { rect, lines } => {
            plain(out, "remark", rect);
            texts(out, lines);
        }
    }
}

fn legend(out: &mut String, entry: &LegendEntry) {
    out.push_str("<g role=\"listitem\">");
    match entry.kind {
        Some((kind, style)) => shape(out, kind, style, entry.swatch),
        None => {
            let middle = entry.swatch.y + entry.swatch.height / 2.0;
            let dashed = if entry.dashed { " dashed" } else { "" };
            let tip = if entry.open_head { "open" } else { "tip" };
            let _ = writeln!(
                out,
                "<path class=\"edge{dashed}\" marker-end=\"url(#{tip})\" d=\"M{} {}H{}\"/>",
                n(entry.swatch.x),
                n(middle),
                n(entry.swatch.right())
            );
        }
    }
    texts(out, std::slice::from_ref(&entry.line));
    out.push_str("</g>\n");
    debug_assert_eq!(entry.line.role, TextRole::Note);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first colour that the styles give a class, which is that of a light page.
    fn styled(class: &str) -> &'static str {
        let selector = format!(".groma .{class}");
        let is_whole = |at: &usize| STYLE[at + selector.len()..].starts_with(['{', ',']);
        let at = STYLE.match_indices(&selector).map(|(at, _)| at).find(is_whole).unwrap_or_else(|| panic!("{class}"));
        let (_, rest) = STYLE[at..].split_once("fill:").unwrap();
        rest.split([';', '}']).next().unwrap()
    }

    #[test]
    fn parts_are_filled_as_the_styles_say() {
        let kinds = [
            PartKind::Person,
            PartKind::System,
            PartKind::Service,
            PartKind::Web,
            PartKind::App,
            PartKind::Gateway,
            PartKind::Database,
            PartKind::Cache,
            PartKind::Queue,
            PartKind::Bucket,
            PartKind::Component,
            PartKind::Requirement,
            PartKind::Flow,
            PartKind::Stage,
            PartKind::Decision,
            PartKind::End,
            PartKind::Boundary,
            PartKind::Zone,
            PartKind::Place,
        ];
        for kind in kinds {
            let style = Style { external: false, planned: false };
            assert_eq!(fill(kind, false), styled(&class(kind, style)), "{kind:?}");
        }
        assert_eq!(fill(PartKind::System, true), styled("external"));
        // A group is seen through, to the page.
        assert_eq!((styled("group"), fill(PartKind::Group, false)), ("none", styled("page")));
    }
}

//! Diagram to scene: sizes, the layout engine, texts, legend.

use crate::scene::{LegendEntry, Line, Scene, SceneBox, SceneEdge, SceneLabel, Style, TextRole};
use crate::{About, Connection, Direction, Graph, Part, PartKind, Show};
use groma_layout::{Edge, Node, Point, Rect, Size, layered};
use groma_model::kinds::by_name;
use std::collections::BTreeSet;

/// Boxes have one size whatever their text, so that editing a text moves nothing.
const BOX: Size = Size { width: 232.0, height: 124.0 };
const SMALL_BOX: Size = Size { width: 184.0, height: 64.0 };
/// Room between a box's edge and its text.
const INSET: f64 = 14.0;
/// Room around the whole picture.
const MARGIN: f64 = 32.0;
const FRAME_HEADER: f64 = 22.0;
const LABEL_WIDTH: f64 = 148.0;
/// A label has at most this many lines; the rest is in its tooltip.
const LABEL_LINES: usize = 5;

/// Lines of text with what each is, before they are placed.
type Texts = Vec<(String, TextRole)>;

/// A direction as the layout engine calls it.
pub fn layout_direction(direction: Direction) -> groma_layout::Direction {
    match direction {
        Direction::Down => groma_layout::Direction::Down,
        Direction::Right => groma_layout::Direction::Right,
    }
}

/// Places boxes and arrows as the layout engine says.
pub(crate) fn graph(graph: &Graph) -> Result<Scene, String> {
    let Graph { about, parts, connections } = graph;
    let labels: Vec<(Texts, Option<Size>)> =
        connections.iter().map(|connection| label_lines(connection, about.show)).collect();
    let layout = layered(&groma_layout::Graph {
        direction: layout_direction(about.direction),
        nodes: parts
            .iter()
            .enumerate()
            .map(|(at, part)| Node { parent: part.parent, size: size(graph, at), header: FRAME_HEADER })
            .collect(),
        edges: connections
            .iter()
            .zip(&labels)
            .map(|(one, (_, size))| Edge { from: one.from, to: one.to, label: *size })
            .collect(),
        gap: 36.0,
        layer_gap: 44.0,
    })?;
    let boxes = parts.iter().filter(|part| !part.kind.is_frame()).count();
    let mut scene = empty(about, boxes, connections.len());
    let top = heading(&mut scene, about, layout.note.as_deref(), layout.size.width);
    let shift = |rect: Rect| Rect { x: rect.x + MARGIN, y: rect.y + top, ..rect };
    for (at, rect) in layout.nodes.iter().enumerate() {
        scene.boxes.push(scene_box(about, parts, at, shift(*rect)));
    }
    for (at, connection) in connections.iter().enumerate() {
        let route = &layout.edges[at];
        if route.points.is_empty() {
            continue;
        }
        let points = route.points.iter().map(|point| Point { x: point.x + MARGIN, y: point.y + top }).collect();
        let label = route.label.map(|rect| placed_label(&labels[at].0, shift(rect)));
        scene.edges.push(scene_edge(graph, connection, points, label));
    }
    finish(&mut scene, about.show, layout.size.width, top + layout.size.height);
    Ok(scene)
}

/// A picture of nothing but a view's title and a sentence, where there can be no other.
pub(crate) fn notice(about: &About, sentence: &str) -> Scene {
    let mut scene = empty(about, 0, 0);
    let bottom = heading(&mut scene, about, Some(sentence), 0.0);
    finish(&mut scene, about.show, 0.0, bottom);
    scene
}

/// A scene with nothing in it yet; how many boxes and arrows will be there is part of what it says of itself.
pub(crate) fn empty(about: &About, boxes: usize, arrows: usize) -> Scene {
    let description =
        format!("{} diagram with {boxes} boxes and {arrows} arrows. {}", about.show.word(), about.description);
    Scene {
        id: about.id.clone(),
        title: about.title.clone(),
        description: description.trim().to_owned(),
        width: 0.0,
        height: 0.0,
        heading: Vec::new(),
        backdrops: Vec::new(),
        boxes: Vec::new(),
        edges: Vec::new(),
        legend: Vec::new(),
    }
}

/// Writes the title, the description and what is left out; returns where what is below may begin.
pub(crate) fn heading(scene: &mut Scene, about: &About, note: Option<&str>, content: f64) -> f64 {
    let width = content.max(420.0);
    let mut y = MARGIN + 16.0;
    let mut add = |text: &str, role: TextRole, most: usize| {
        for line in role.font().wrap(text, width, most) {
            scene.heading.push(Line::left(line, role, MARGIN, y));
            y += role.leading();
        }
    };
    add(&about.title, TextRole::Heading, 2);
    add(&about.description, TextRole::Subheading, 3);
    if let Some(note) = note {
        add(note, TextRole::Subheading, 3);
        scene.description = format!("{} {note}", scene.description);
    }
    y + 8.0
}

/// Adds the legend and settles the size of the whole.
pub(crate) fn finish(scene: &mut Scene, show: Show, content: f64, bottom: f64) {
    let text = scene.heading.iter().map(|line| line.x + line.width - MARGIN).fold(0.0, f64::max);
    let width = content.max(text).max(420.0);
    let bottom = legend(scene, show, width, bottom + 24.0);
    scene.width = (width + 2.0 * MARGIN).ceil();
    scene.height = (bottom + MARGIN).ceil();
}

fn size(graph: &Graph, at: usize) -> Size {
    let part = &graph.parts[at];
    match part.kind {
        kind if kind.is_frame() && has_parts(&graph.parts, at) => Size { width: frame_width(part), height: 60.0 },
        kind if kind.is_frame() => SMALL_BOX,
        PartKind::Stage | PartKind::Decision | PartKind::End => SMALL_BOX,
        _ if graph.about.names_only => SMALL_BOX,
        _ => BOX,
    }
}

/// Whether a frame holds anything; one that does not is written like a box.
fn has_parts(parts: &[Part], frame: usize) -> bool {
    parts.iter().any(|part| part.parent == Some(frame))
}

/// The lines of a label and the room they need. Its width is rounded up, so that small edits move nothing.
fn label_lines(connection: &Connection, show: Show) -> (Texts, Option<Size>) {
    let mut lines: Vec<(String, TextRole)> = Vec::new();
    // In a flow the condition stands behind the words, where it must not be cut.
    let more = if matches!(show, Show::Dynamic(_)) { 2 } else { 0 };
    let each = more + if connection.labels.len() > 1 { 2 } else { 3 };
    for label in &connection.labels {
        lines.extend(
            TextRole::Label.font().wrap(label, LABEL_WIDTH, each).into_iter().map(|line| (line, TextRole::Label)),
        );
    }
    if lines.len() > LABEL_LINES + more {
        lines.truncate(LABEL_LINES + more - 1);
        lines.push(("…".into(), TextRole::Label));
    }
    if !connection.technology.is_empty() {
        let font = TextRole::Note.font();
        lines.push((font.shorten(&format!("[{}]", connection.technology), LABEL_WIDTH), TextRole::Note));
    }
    if lines.is_empty() {
        return (lines, None);
    }
    let widest = lines.iter().map(|(line, role)| role.font().width(line)).fold(0.0, f64::max);
    let width = ((widest + 8.0) / 24.0).ceil() * 24.0;
    let height = lines.iter().map(|(_, role)| role.leading()).sum::<f64>() + 4.0;
    (lines, Some(Size { width, height }))
}

fn placed_label(lines: &[(String, TextRole)], rect: Rect) -> SceneLabel {
    let mut y = rect.y + 2.0;
    let mut placed = Vec::new();
    for (line, role) in lines {
        placed.push(Line::centered(line.clone(), *role, rect.x + rect.width / 2.0, y + role.font().size));
        y += role.leading();
    }
    SceneLabel { rect, lines: placed }
}

fn scene_edge(graph: &Graph, connection: &Connection, points: Vec<Point>, label: Option<SceneLabel>) -> SceneEdge {
    let (from, to) = (&graph.parts[connection.from], &graph.parts[connection.to]);
    let mut tooltip = format!("{} → {}", from.title, to.title);
    for text in connection.labels.iter().chain((!connection.technology.is_empty()).then_some(&connection.technology)) {
        tooltip.push('\n');
        tooltip.push_str(text);
    }
    if connection.asynchronous {
        tooltip.push('\n');
        tooltip.push_str(graph.about.show.dashed());
    }
    SceneEdge {
        from: from.id.clone(),
        to: to.id.clone(),
        points,
        dashed: connection.asynchronous,
        open_head: false,
        label,
        tooltip,
    }
}

/// The box of one of the parts, with its texts.
pub(crate) fn scene_box(about: &About, parts: &[Part], at: usize, rect: Rect) -> SceneBox {
    let part = &parts[at];
    let framed = part.kind.is_frame() && has_parts(parts, at);
    let lines = if framed { frame_lines(part, rect) } else { box_lines(part, rect, about.names_only) };
    let mut tooltip = format!("{} {}", part.title, part.kind_line());
    if !part.description.is_empty() {
        tooltip.push('\n');
        tooltip.push_str(&part.description);
    }
    SceneBox {
        id: part.id.clone(),
        kind: part.kind,
        kind_name: part.kind_name.clone(),
        style: Style { external: part.external, planned: part.planned },
        rect,
        lines,
        tooltip,
        element: part
            .element
            .map(|_| part.id.clone())
            .or_else(|| (part.kind == PartKind::Boundary).then(|| part.id.clone())),
    }
}

/// How wide a frame must be for its title and kind; longer ones are cut.
fn frame_width(part: &Part) -> f64 {
    let kind = TextRole::Kind.font().width(&part.kind_line());
    (TextRole::Frame.font().width(&part.title) + 8.0 + kind + 2.0 * INSET).clamp(160.0, WIDEST_FRAME).ceil()
}

/// What a title makes a frame at most.
const WIDEST_FRAME: f64 = 480.0;

fn frame_lines(part: &Part, rect: Rect) -> Vec<Line> {
    let room = rect.width - 2.0 * INSET;
    let title = TextRole::Frame.font().shorten(&part.title, room);
    let mut lines = vec![Line::left(title, TextRole::Frame, rect.x + INSET, rect.y + 20.0)];
    let left = room - lines[0].width - 8.0;
    let kind = part.kind_line();
    if left > 40.0 {
        lines.push(Line::left(
            TextRole::Kind.font().shorten(&kind, left),
            TextRole::Kind,
            rect.x + INSET + lines[0].width + 8.0,
            rect.y + 20.0,
        ));
    }
    lines
}

fn box_lines(part: &Part, rect: Rect, names_only: bool) -> Vec<Line> {
    let lines = lines_beside(part, rect, names_only, 0.0);
    // The sign of a person stands at the left, and its lines beside it where they would run into it.
    let sign = person_sign(rect);
    let runs_into = |line: &Line| {
        let text = line.rect();
        text.x < sign.right() && text.y < sign.bottom() && text.bottom() > sign.y
    };
    match part.kind {
        PartKind::Person if rect.height >= SIGNED_HEIGHT && lines.iter().any(runs_into) => {
            lines_beside(part, rect, names_only, sign.right() - rect.x - INSET + 3.0)
        }
        _ => lines,
    }
}

/// Lower boxes bear no sign.
pub(crate) const SIGNED_HEIGHT: f64 = 40.0;

/// Where the sign of a person stands in its box.
pub(crate) fn person_sign(rect: Rect) -> Rect {
    Rect { x: rect.x + 16.5, y: rect.y + 15.5, width: 15.0, height: 18.5 }
}

/// The lines of a box, with so much room at the left for a sign.
fn lines_beside(part: &Part, rect: Rect, names_only: bool, left: f64) -> Vec<Line> {
    let small = rect.height < 100.0;
    let shape_inset = match part.kind {
        PartKind::Decision => 22.0,
        // Beside the sign of a cache.
        PartKind::Cache if small => 12.0,
        _ => 0.0,
    };
    // The end of a lying cylinder takes its room on the right.
    let rim = if part.kind == PartKind::Queue { 2.0 * lying_cap(rect) } else { 0.0 };
    let room = rect.width - left - rim - 2.0 * (INSET + shape_inset);
    let mut lines: Vec<(String, TextRole)> = Vec::new();
    let mut add = |text: &str, role: TextRole, most: usize| {
        lines.extend(role.font().wrap(text, room, most).into_iter().map(|line| (line, role)));
    };
    add(&part.title, TextRole::Title, 2);
    let title = TextRole::Title.font().wrap(&part.title, room, 2).len();
    match part.kind {
        PartKind::Stage | PartKind::Decision | PartKind::End => {}
        kind if kind.is_frame() => add(&part.kind_line(), TextRole::Kind, 1),
        _ if small || names_only => {}
        _ => {
            add(&part.kind_line(), TextRole::Kind, 1);
            // The rims of a cylinder leave room for one line less.
            let most = if is_cylinder(part.kind) && title > 1 { 2 } else { 3 };
            add(&part.description, TextRole::Body, most);
        }
    }
    let height: f64 = lines.iter().map(|(_, role)| role.leading()).sum::<f64>();
    // A head or the top of a cylinder takes its room from the text.
    let crown = match part.kind {
        kind if is_cylinder(kind) && !small => 12.0,
        PartKind::Web | PartKind::App if !small => 6.0,
        _ => 0.0,
    };
    let mut y = rect.y + crown + (rect.height - crown - height) / 2.0;
    let mut placed = Vec::new();
    for (line, role) in lines {
        placed.push(Line::centered(line, role, rect.x + left + (rect.width - left - rim) / 2.0, y + role.font().size));
        y += role.leading();
    }
    placed
}

/// How wide the ends of a lying cylinder are.
pub(crate) fn lying_cap(rect: Rect) -> f64 {
    (11.0 * (rect.height / 124.0).clamp(0.14, 1.0)).max(2.5)
}

fn is_cylinder(kind: PartKind) -> bool {
    matches!(kind, PartKind::Database | PartKind::Cache)
}

/// What the legend explains: boxes of a look, or lines of a look.
#[derive(Clone, Copy, PartialEq)]
enum Look {
    Box(PartKind, Style),
    Line { dashed: bool, open_head: bool },
}

/// One entry for each sort of box and line that the picture has. Returns where it ends.
fn legend(scene: &mut Scene, show: Show, width: f64, top: f64) -> f64 {
    let (mut x, mut y) = (MARGIN, top);
    for (look, text) in box_looks(&scene.boxes).into_iter().chain(line_looks(&scene.edges, show)) {
        let needed = 26.0 + 8.0 + TextRole::Note.font().width(&text) + 20.0;
        if x + needed > MARGIN + width && x > MARGIN {
            x = MARGIN;
            y += 24.0;
        }
        let swatch = Rect { x, y, width: 26.0, height: 16.0 };
        let line = Line::left(text, TextRole::Note, x + 34.0, y + 12.0);
        x += needed;
        scene.legend.push(match look {
            Look::Box(kind, style) => {
                LegendEntry { kind: Some((kind, style)), dashed: false, open_head: false, swatch, line }
            }
            Look::Line { dashed, open_head } => LegendEntry { kind: None, dashed, open_head, swatch, line },
        });
    }
    if scene.legend.is_empty() { top - 24.0 } else { y + 16.0 }
}

fn box_looks(boxes: &[SceneBox]) -> Vec<(Look, String)> {
    let mut looks: Vec<(PartKind, Style)> = boxes.iter().map(|one| (one.kind, one.style)).collect();
    looks.sort_by_key(|(kind, style)| (*kind, style.external, style.planned));
    looks.dedup();
    let words = |kind: PartKind, style: Style| {
        let alike = boxes.iter().filter(|one| (one.kind, one.style) == (kind, style));
        let (own, built_in): (Vec<&SceneBox>, Vec<&SceneBox>) = alike.partition(|one| is_of_own_kind(one));
        let names = |boxes: &[&SceneBox]| -> Vec<String> {
            let names: BTreeSet<&str> = boxes.iter().map(|one| kind_word(one)).collect();
            names.into_iter().map(str::to_owned).collect()
        };
        let mut known = names(&built_in);
        // What stands beside decisions is of many kinds, none of which stands for the others.
        if known.len() > 3 && kind != PartKind::Requirement {
            known = vec![fallback_word(kind).to_owned()];
        }
        // A reader knows what a service is, and of a kind of one's own nothing but what the legend says.
        known.extend(names(&own));
        known.join(", ")
    };
    let text = |kind, style: Style| {
        let is_said = kind != PartKind::Record;
        let external = if style.external && is_said { "external " } else { "" };
        let planned = if style.planned && is_said { "planned " } else { "" };
        format!("{external}{planned}{}", words(kind, style))
    };
    looks.into_iter().map(|(kind, style)| (Look::Box(kind, style), text(kind, style))).collect()
}

fn line_looks(edges: &[SceneEdge], show: Show) -> Vec<(Look, String)> {
    let (solid, dashed) = match show {
        Show::Sequence(_) => ("call", "nobody waits"),
        Show::Traceability => ("realized by", "measured on"),
        Show::Decisions => ("is about", "replaces"),
        Show::Pipeline(_) => ("then", ""),
        Show::Landscape
        | Show::Context(_)
        | Show::Containers(_)
        | Show::Components(_)
        | Show::Deployment(_)
        | Show::Dynamic(_) => ("uses", "uses, without waiting"),
    };
    let all = [
        (Look::Line { dashed: false, open_head: false }, solid),
        (Look::Line { dashed: true, open_head: false }, dashed),
        (Look::Line { dashed: true, open_head: true }, "answer"),
    ];
    let is_used =
        |look: Look| edges.iter().any(|edge| look == Look::Line { dashed: edge.dashed, open_head: edge.open_head });
    all.into_iter().filter(|(look, _)| is_used(*look)).map(|(look, word)| (look, word.to_owned())).collect()
}

/// Whether a box stands for an element of a kind that the workspace declares.
fn is_of_own_kind(one: &SceneBox) -> bool {
    one.element.is_some() && !one.kind.is_frame() && !one.kind_name.is_empty() && by_name(&one.kind_name).is_none()
}

/// What the legend calls a box. Boxes of one look can be of several kinds, built in or the workspace's own.
fn kind_word(one: &SceneBox) -> &str {
    if is_of_own_kind(one) {
        return &one.kind_name;
    }
    match one.kind {
        PartKind::Service | PartKind::App | PartKind::Gateway | PartKind::Requirement | PartKind::Record
            if !one.kind_name.is_empty() =>
        {
            &one.kind_name
        }
        kind => fallback_word(kind),
    }
}

fn fallback_word(kind: PartKind) -> &'static str {
    match kind {
        PartKind::Person => "person",
        PartKind::System => "system",
        PartKind::Service => "service",
        PartKind::Web => "web application",
        PartKind::App => "app",
        PartKind::Gateway => "gateway",
        PartKind::Database => "database",
        PartKind::Cache => "cache",
        PartKind::Queue => "queue",
        PartKind::Bucket => "object storage",
        PartKind::Component => "component",
        PartKind::Requirement => "requirement",
        PartKind::Record => "decision",
        PartKind::Flow => "flow",
        PartKind::Stage => "step",
        PartKind::Decision => "decision",
        PartKind::End => "end",
        PartKind::Boundary => "boundary",
        PartKind::Group => "group",
        PartKind::Zone => "trust zone",
        PartKind::Place => "where it runs",
    }
}

//! A picture with every box, line and text in its place, in pixels from the top left corner.

use crate::PartKind;
use crate::text::{Font, has_glyph};
use groma_layout::{Point, Rect};
use serde_json::{Value, json};

/// The version of the JSON that [`json`] writes.
const JSON_VERSION: u32 = 1;

/// What a text is, which decides its font and colour.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TextRole {
    /// The title of the whole picture.
    Heading,
    /// What the picture says about itself.
    Subheading,
    /// The title of a box.
    Title,
    /// The kind and technology of a box.
    Kind,
    /// The description of a box.
    Body,
    /// The title of a frame.
    Frame,
    /// The label of an arrow.
    Label,
    /// The technology of an arrow.
    Note,
}

impl TextRole {
    pub(crate) fn font(self) -> Font {
        let (bold, size) = match self {
            TextRole::Heading => (true, 20.0),
            TextRole::Subheading => (false, 13.0),
            TextRole::Title => (true, 14.0),
            TextRole::Kind => (false, 11.0),
            TextRole::Body => (false, 12.0),
            TextRole::Frame => (true, 12.0),
            TextRole::Label => (false, 12.0),
            TextRole::Note => (false, 11.0),
        };
        Font { bold, size }
    }

    /// The distance from one line of it to the next.
    pub(crate) fn leading(self) -> f64 {
        (self.font().size * 1.32).round()
    }

    pub(crate) fn class(self) -> &'static str {
        match self {
            TextRole::Heading => "h",
            TextRole::Subheading => "sh",
            TextRole::Title => "t",
            TextRole::Kind => "k",
            TextRole::Body => "b",
            TextRole::Frame => "f",
            TextRole::Label => "l",
            TextRole::Note => "n",
        }
    }
}

/// One line of text.
#[derive(Clone, Debug)]
pub struct Line {
    /// The characters.
    pub text: String,
    /// What it is.
    pub role: TextRole,
    /// Its left end.
    pub x: f64,
    /// Its baseline.
    pub y: f64,
    /// Its width.
    pub width: f64,
}

impl Line {
    pub(crate) fn left(text: String, role: TextRole, x: f64, y: f64) -> Line {
        let width = role.font().width(&text);
        Line { text, role, x, y, width }
    }

    pub(crate) fn centered(text: String, role: TextRole, middle: f64, y: f64) -> Line {
        let width = role.font().width(&text);
        Line { text, role, x: middle - width / 2.0, y, width }
    }

    /// The rectangle that the text fills.
    pub fn rect(&self) -> Rect {
        let size = self.role.font().size;
        Rect { x: self.x, y: self.y - size * 0.78, width: self.width, height: size }
    }
}

/// How a box looks beyond its kind.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Style {
    /// Others build and run it.
    pub external: bool,
    /// It is not there yet.
    pub planned: bool,
}

/// A box.
#[derive(Clone, Debug)]
pub struct SceneBox {
    /// Its name, unique in the picture.
    pub id: String,
    /// What it is.
    pub kind: PartKind,
    /// The name of its kind as a reader knows it, such as `worker`.
    pub kind_name: String,
    /// How it looks.
    pub style: Style,
    /// Where it is.
    pub rect: Rect,
    /// What is written in it.
    pub lines: Vec<Line>,
    /// All that is known of it, for a pointer that rests on it and for screen readers.
    pub tooltip: String,
    /// The path of the element it stands for, to link to its page.
    pub element: Option<String>,
}

/// A label of an arrow.
#[derive(Clone, Debug)]
pub struct SceneLabel {
    /// The room it fills.
    pub rect: Rect,
    /// Its lines.
    pub lines: Vec<Line>,
}

/// An arrow.
#[derive(Clone, Debug)]
pub struct SceneEdge {
    /// The box it comes from.
    pub from: String,
    /// The box it leads to.
    pub to: String,
    /// Start, bends and end.
    pub points: Vec<Point>,
    /// Whether it is dashed: nobody waits, or it is an answer.
    pub dashed: bool,
    /// Whether its head is open: an answer.
    pub open_head: bool,
    /// Its label.
    pub label: Option<SceneLabel>,
    /// All that is known of it.
    pub tooltip: String,
}

/// Something behind boxes and arrows of a sequence diagram.
#[derive(Clone, Debug)]
pub enum Backdrop {
    /// The dashed line below a participant.
    Lifeline {
        /// Its upper end.
        from: Point,
        /// Its lower end.
        to: Point,
    },
    /// A bar on a lifeline while its participant works.
    Activation(Rect),
    /// A frame around messages, with its word and condition.
    Frame {
        /// The frame.
        rect: Rect,
        /// The tab with the word.
        tab: Rect,
        /// The word and the condition.
        lines: Vec<Line>,
        /// Where its branches meet, from the top of the picture.
        dividers: Vec<f64>,
    },
    /// A remark on top of lifelines.
    Note {
        /// Its box.
        rect: Rect,
        /// What it says.
        lines: Vec<Line>,
    },
}

/// One entry of the legend.
#[derive(Clone, Debug)]
pub struct LegendEntry {
    /// A box of this kind and style, or `None` for a line.
    pub kind: Option<(PartKind, Style)>,
    /// For a line: whether it is dashed.
    pub dashed: bool,
    /// For a line: whether its head is open.
    pub open_head: bool,
    /// Where its swatch is.
    pub swatch: Rect,
    /// Its text.
    pub line: Line,
}

/// A picture, placed.
#[derive(Clone, Debug)]
pub struct Scene {
    /// The view's name.
    pub id: String,
    /// Its title.
    pub title: String,
    /// A sentence for those who do not see it.
    pub description: String,
    /// Its width.
    pub width: f64,
    /// Its height.
    pub height: f64,
    /// The title and what the view says about itself.
    pub heading: Vec<Line>,
    /// What is behind the rest.
    pub backdrops: Vec<Backdrop>,
    /// The boxes, frames before what is in them.
    pub boxes: Vec<SceneBox>,
    /// The arrows.
    pub edges: Vec<SceneEdge>,
    /// What the shapes and lines mean.
    pub legend: Vec<LegendEntry>,
}

impl Scene {
    /// Every line of text.
    fn texts(&self) -> impl Iterator<Item = &Line> {
        let labels = self.edges.iter().filter_map(|edge| edge.label.as_ref()).flat_map(|label| &label.lines);
        let frames = self.backdrops.iter().flat_map(|one| match one {
            Backdrop::Frame { lines, .. } | Backdrop::Note { lines, .. } => lines.as_slice(),
            Backdrop::Lifeline { .. } | Backdrop::Activation(_) => &[],
        });
        self.heading.iter().chain(self.boxes.iter().flat_map(|one| &one.lines)).chain(labels).chain(frames)
    }
}

/// The characters in a picture that its font has no glyph for, each once. A browser takes them from another font;
/// a raster image lacks them.
pub fn lacking_glyphs(scene: &Scene) -> Vec<char> {
    let mut lacking: Vec<char> =
        scene.texts().flat_map(|line| line.text.chars()).filter(|character| !has_glyph(*character)).collect();
    lacking.sort_unstable();
    lacking.dedup();
    lacking
}

fn rect(rect: Rect) -> Value {
    json!({ "x": round(rect.x), "y": round(rect.y), "width": round(rect.width), "height": round(rect.height) })
}

fn round(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

fn lines(lines: &[Line]) -> Vec<Value> {
    let text = |line: &Line| {
        let mut value = rect(line.rect());
        value["text"] = line.text.as_str().into();
        value
    };
    lines.iter().map(text).collect()
}

/// The scene as JSON: what is placed where, in pixels, so that a program can measure overlaps.
pub fn json(scene: &Scene) -> Value {
    let boxes: Vec<Value> = scene
        .boxes
        .iter()
        .map(|one| {
            let mut value =
                json!({ "id": one.id, "kind": format!("{:?}", one.kind).to_lowercase(), "frame": one.kind.is_frame() });
            value.as_object_mut().expect("an object").extend(rect(one.rect).as_object().expect("an object").clone());
            value["text"] = lines(&one.lines).into();
            value
        })
        .collect();
    let edges: Vec<Value> = scene
        .edges
        .iter()
        .map(|edge| {
            json!({
                "from": edge.from,
                "to": edge.to,
                "points": edge.points.iter().map(|point| json!([round(point.x), round(point.y)])).collect::<Vec<_>>(),
                "label": edge.label.as_ref().map(|label| {
                    let mut value = rect(label.rect);
                    value["text"] = lines(&label.lines).into();
                    value
                }),
            })
        })
        .collect();
    json!({
        "version": JSON_VERSION,
        "view": scene.id,
        "title": scene.title,
        "width": round(scene.width),
        "height": round(scene.height),
        "heading": lines(&scene.heading),
        "boxes": boxes,
        "edges": edges,
        "legend": scene.legend.iter().map(|entry| {
            let mut value = rect(entry.line.rect());
            value["text"] = entry.line.text.as_str().into();
            value
        }).collect::<Vec<_>>(),
    })
}

//! Diagrams to pictures: a [`Scene`] says where everything is that a [`Diagram`] shows, in pixels; [`svg()`] draws the scene.

mod place;
mod scene;
mod sequence;
mod svg;
mod text;

pub use groma_diagram::{
    About, Connection, Diagram, Direction, FrameKind, Graph, Message, Note, Part, PartKind, Sequence, SequenceFrame,
    SequenceItem, Show, Spec, declared_and_default, find,
};
pub use place::layout_direction;
pub use scene::{
    Backdrop, LegendEntry, Line, Scene, SceneBox, SceneEdge, SceneLabel, Style, TextRole, json, lacking_glyphs,
};
pub use svg::{fill, svg};
pub use text::{FONT_REGULAR, FONT_SEMIBOLD, Font};

use groma_model::Architecture;

/// Draws a view: what it shows, placed.
///
/// # Errors
/// If the view cannot be drawn, with the reason.
pub fn scene(arch: &Architecture, spec: &Spec) -> Result<Scene, String> {
    match Diagram::new(arch, spec)? {
        Diagram::Graph(graph) => place::graph(&graph),
        Diagram::Sequence(sequence) => Ok(sequence::place(&sequence)),
    }
}

/// What stands in the place of a view that cannot be drawn: its title and a sentence that says why.
pub fn notice(spec: &Spec, sentence: &str) -> Scene {
    place::notice(&About::new(spec), sentence)
}

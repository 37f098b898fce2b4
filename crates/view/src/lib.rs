//! Architecture to pictures. A [`Spec`] says which picture; [`diagram`](Diagram) says what it shows, without
//! places; a [`Scene`] says where everything is, in pixels; [`svg()`] draws the scene.

mod diagram;
mod place;
mod scene;
mod sequence;
mod spec;
mod svg;
mod text;

pub use diagram::{
    About, Connection, Diagram, FrameKind, Graph, Message, Note, Part, PartKind, Sequence, SequenceFrame, SequenceItem,
};
pub use scene::{
    Backdrop, LegendEntry, Line, Scene, SceneBox, SceneEdge, SceneLabel, Style, TextRole, json, lacking_glyphs,
};
pub use spec::{Show, Spec, declared_and_default, find};
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
    place::notice(&diagram::About::new(spec), sentence)
}

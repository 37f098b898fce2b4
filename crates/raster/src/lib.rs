//! SVG to PNG, with the fonts it is given and no others, so that the same picture gives the same bytes on
//! every machine.

use resvg::{tiny_skia, usvg};
use std::sync::Arc;

/// The largest edge of a picture in pixels.
const LARGEST: f32 = 16_000.0;

/// Draws an SVG at `scale` pixels a unit, with texts in the given fonts.
///
/// # Errors
/// If the text is no SVG, or the picture would be larger than 16,000 pixels along an edge.
pub fn png(svg: &str, fonts: &[&'static [u8]], scale: f32) -> Result<Vec<u8>, String> {
    let mut options = usvg::Options { font_family: "Inter".into(), ..usvg::Options::default() };
    // A picture shows what its text says: no file that it names is read.
    options.image_href_resolver.resolve_string = Box::new(|_, _| None);
    let database = Arc::make_mut(&mut options.fontdb);
    for font in fonts {
        database.load_font_data(font.to_vec());
    }
    database.set_sans_serif_family("Inter");
    let tree = usvg::Tree::from_str(svg, &options).map_err(|error| error.to_string())?;
    let (width, height) = ((tree.size().width() * scale).ceil(), (tree.size().height() * scale).ceil());
    if width > LARGEST || height > LARGEST {
        return Err(format!("the picture would be {width} by {height} pixels; choose a smaller scale"));
    }
    let mut pixels = tiny_skia::Pixmap::new(width as u32, height as u32).ok_or("the picture is empty")?;
    pixels.fill(tiny_skia::Color::WHITE);
    resvg::render(&tree, tiny_skia::Transform::from_scale(scale, scale), &mut pixels.as_mut());
    pixels.encode_png().map_err(|error| error.to_string())
}

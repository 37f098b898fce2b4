//! A file that one plot is drawn into, in the format that its name tells.

use crate::output::Failure;
use crate::write;
use groma_plot::Picture;
use std::ffi::OsStr;
use std::path::Path;

/// Pixels per unit of a plot, as `groma draw` has them where nothing is said.
const PNG_SCALE: f32 = 2.0;

/// A file that a plot is drawn into.
pub(crate) struct PlotFile<'a> {
    file: &'a Path,
    is_png: bool,
}

impl PlotFile<'_> {
    /// The file of this name. What cannot be written is refused before anything is calculated.
    pub(crate) fn new(file: &Path) -> Result<PlotFile<'_>, Failure> {
        let extension = file.extension().and_then(OsStr::to_str).map(str::to_ascii_lowercase);
        let is_png = match extension.as_deref() {
            Some("svg") => false,
            Some("png") => true,
            _ => {
                let message = format!("the name `{}` does not say what to draw", file.display());
                return Err(Failure::new(message).help("end it with `.svg` or `.png`"));
            }
        };
        write::check(file)?;
        Ok(PlotFile { file, is_png })
    }

    /// Draws a plot into it.
    pub(crate) fn write(&self, plot: Picture) -> Result<(), Failure> {
        let fonts = [groma_view::FONT_REGULAR, groma_view::FONT_SEMIBOLD];
        let bytes = match self.is_png {
            true => groma_raster::png(&plot.svg, &fonts, PNG_SCALE)
                .map_err(|error| Failure::new(format!("cannot draw `{}`: {error}", plot.title)))?,
            false => plot.svg.into_bytes(),
        };
        write::file(self.file, &bytes)
    }
}

//! `groma draw`: one view as a picture or as text for another tool.

use crate::output::{Exit, Failure, print, print_bytes, print_error};
use crate::own_folder::OwnFolder;
use crate::{workspace, write};
use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};
use groma_base::{column_width, list_words};
use groma_export::Format;
use groma_model::kinds::class;
use groma_view::{Diagram, Spec};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// The format of a picture.
#[derive(Clone, Copy)]
enum DrawFormat {
    /// A picture for pages and documents.
    Svg,
    /// A picture of pixels.
    Png,
    /// Text for another tool.
    Text(&'static Format),
    /// What is placed where.
    Scene,
}

/// All formats, in the order in which they are offered.
static ALL: LazyLock<Vec<DrawFormat>> = LazyLock::new(|| {
    let texts = groma_export::FORMATS.iter().map(DrawFormat::Text);
    [DrawFormat::Svg, DrawFormat::Png].into_iter().chain(texts).chain([DrawFormat::Scene]).collect()
});

impl DrawFormat {
    fn name(self) -> &'static str {
        match self {
            DrawFormat::Svg => "svg",
            DrawFormat::Png => "png",
            DrawFormat::Text(format) => format.name,
            DrawFormat::Scene => "scene",
        }
    }

    /// The endings of files by which it is known; the first is the one that Groma writes.
    fn endings(self) -> &'static [&'static str] {
        match self {
            DrawFormat::Svg => &["svg"],
            DrawFormat::Png => &["png"],
            DrawFormat::Text(format) => format.endings,
            DrawFormat::Scene => &["json"],
        }
    }
}

impl ValueEnum for DrawFormat {
    fn value_variants<'a>() -> &'a [DrawFormat] {
        &ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let summary = match self {
            DrawFormat::Svg => "A vector image for pages and documents, for light and dark mode",
            DrawFormat::Png => "A raster image",
            DrawFormat::Text(format) => format.summary,
            DrawFormat::Scene => "JSON with the position of everything, in pixels",
        };
        Some(PossibleValue::new(self.name()).help(summary))
    }
}

/// Draw a view
#[derive(Args)]
pub(crate) struct DrawArgs {
    /// A workspace folder, or one .groma file
    #[arg(default_value = ".")]
    path: PathBuf,
    /// The view; without it, the views are listed
    #[arg(long, value_name = "ID")]
    view: Option<String>,
    /// Draw every view into a file of its own in the folder `--out`, which must be new or empty, or hold earlier
    /// pictures, which are replaced
    #[arg(long, conflicts_with = "view", requires = "out")]
    all: bool,
    /// With `--all`: also write into a folder that holds other files
    #[arg(long, requires = "all")]
    force: bool,
    /// Output format; default: by the ending of the output file, or else svg
    #[arg(long, value_enum)]
    format: Option<DrawFormat>,
    /// The file to write, instead of standard output; with `--all`, the folder
    #[arg(long, short, value_name = "PATH")]
    out: Option<PathBuf>,
    /// Pixels per unit, for png
    #[arg(long, default_value_t = 2.0, value_name = "N", allow_negative_numbers = true)]
    scale: f32,
}

pub(crate) fn run(args: &DrawArgs) -> Result<Exit, Failure> {
    if !(0.1..=10.0).contains(&args.scale) {
        return Err(Failure::new("`--scale` must be between 0.1 and 10"));
    }
    let snapshot = workspace::open_to_answer(&args.path)?;
    let specs = groma_view::declared_and_default(&snapshot.arch);
    if args.all {
        return all(&snapshot.arch, &specs, args);
    }
    let Some(id) = &args.view else { return list(&specs) };
    let spec = match Spec::called(&specs, id)[..] {
        [only] => only,
        [] => {
            let known: Vec<&str> = specs.iter().map(|spec| spec.id.as_str()).collect();
            let help = Spec::titled(&specs, id).map(|spec| format!("that is a title: write `{}`", spec.id));
            let help = help.or_else(|| {
                Spec::formerly(&snapshot.arch, &specs, id).map(|spec| format!("that is `{}` now", spec.id))
            });
            let help = help.or_else(|| snapshot.arch.instead_of(id, &[&class::VIEW], &known));
            let help = help.unwrap_or_else(|| "`groma draw` without `--view` lists them".to_owned());
            return Err(Failure::new(format!("there is no view called `{id}`")).help(help));
        }
        ref several => {
            let ways = list_words(several.iter().map(|spec| &*spec.id), "or");
            return Err(Failure::new(format!("`{id}` fits several views")).help(format!("write {ways}")));
        }
    };
    let format = format(args)?;
    let bytes = draw(&snapshot.arch, spec, format, args.scale)?;
    match &args.out {
        Some(path) => write::file(path, &bytes)?,
        // What is read on the terminal itself, not by another tool.
        None if matches!(format, DrawFormat::Text(text) if text.is_for_terminals) => {
            print(&String::from_utf8_lossy(&bytes))?
        }
        None => print_bytes(&bytes)?,
    }
    Ok(Exit::Clean)
}

/// The file in a folder of pictures that lists them.
const LIST: &str = ".groma-pictures";

/// Draws every view that shows something, and says of the rest why not.
fn all(arch: &groma_model::Architecture, specs: &[Spec], args: &DrawArgs) -> Result<Exit, Failure> {
    let format = args.format.unwrap_or(DrawFormat::Svg);
    let Some(out) = &args.out else { return Ok(Exit::Clean) };
    let folder = OwnFolder::open(out, LIST, args.force)?;
    let mut outcome = Exit::Clean;
    let mut pictures = Vec::new();
    let names = groma_site::file_names(specs.iter().map(|spec| spec.id.clone()));
    for (spec, name) in specs.iter().zip(names) {
        match draw(arch, spec, format, args.scale) {
            Ok(bytes) => pictures.push((format!("{name}.{}", format.endings()[0]), bytes)),
            Err(Failure::Message { message, .. }) => {
                print_error(&format!("error: {message}\n"));
                outcome = Exit::Unusable;
            }
            Err(other) => return Err(other),
        }
    }
    let files: Vec<(&str, &[u8])> = pictures.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    folder.fill(&files)?;
    Ok(outcome)
}

fn list(specs: &[Spec]) -> Result<Exit, Failure> {
    let width = column_width(specs.iter().map(|spec| &spec.id));
    let line = |spec: &Spec| format!("{:width$}  {:12}  {}\n", spec.id, spec.show.word(), spec.title);
    print(&specs.iter().map(line).collect::<String>())?;
    print_error("choose one with `--view`, or draw them into a folder with `--all --out`\n");
    Ok(Exit::Clean)
}

fn format(args: &DrawArgs) -> Result<DrawFormat, Failure> {
    let Some(out) = &args.out else { return Ok(args.format.unwrap_or(DrawFormat::Svg)) };
    match (args.format, named_format(out)) {
        (Some(format), Some(named)) if format.name() != named.name() => {
            Err(Failure::new(format!("`{}` is named as another format than `--format` says", out.display()))
                .help("correct one of the two"))
        }
        (Some(format), _) | (None, Some(format)) => Ok(format),
        (None, None) => {
            Err(Failure::new(format!("`{}` does not tell the format", out.display()))
                .help("add `--format svg` or another"))
        }
    }
}

/// The format that the name of a file tells.
fn named_format(out: &Path) -> Option<DrawFormat> {
    let found = out.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    DrawFormat::value_variants().iter().copied().find(|format| format.endings().contains(&found.as_str()))
}

fn draw(arch: &groma_model::Architecture, spec: &Spec, format: DrawFormat, scale: f32) -> Result<Vec<u8>, Failure> {
    if matches!(format, DrawFormat::Png)
        && let Ok(scene) = groma_view::scene(arch, spec)
        && let lacking = groma_view::lacking_glyphs(&scene)
        && !lacking.is_empty()
    {
        let shown: String = lacking.iter().take(10).collect();
        print_error(&format!(
            "warning: the font of pictures lacks `{shown}`: the PNG shows nothing there; an SVG is shown with the reader's fonts\n"
        ));
    }
    bytes(arch, spec, format, scale).map_err(|error| Failure::new(format!("cannot draw `{}`: {error}", spec.id)))
}

fn bytes(arch: &groma_model::Architecture, spec: &Spec, format: DrawFormat, scale: f32) -> Result<Vec<u8>, String> {
    let svg = || groma_view::scene(arch, spec).map(|scene| groma_view::svg(&scene, None));
    Ok(match format {
        DrawFormat::Svg => svg()?.into_bytes(),
        DrawFormat::Png => groma_raster::png(&svg()?, &[groma_view::FONT_REGULAR, groma_view::FONT_SEMIBOLD], scale)?,
        DrawFormat::Text(format) => (format.write)(&Diagram::new(arch, spec)?)?.into_bytes(),
        DrawFormat::Scene => {
            let json = groma_view::json(&groma_view::scene(arch, spec)?);
            format!("{}\n", serde_json::to_string_pretty(&json).unwrap_or_default()).into_bytes()
        }
    })
}

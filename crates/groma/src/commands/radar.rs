//! `groma radar`: the technology radar as a picture, a page, a table and a file for other radar builders.

use crate::input::read_file_or_stdin;
use crate::output::{Exit, Failure, print, print_bytes, print_error};
use crate::{states, workspace, write};
use clap::{Args, ValueEnum};
use groma_model::stack::blips::{Radar, lacking, movements};
use groma_model::stack::{RINGS, Technologies};
use groma_report::radar::{IMPORT_LIMIT, Problem, csv, import, import_into, json, left_out, text};
use groma_session::Snapshot;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The format of a radar.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum RadarFormat {
    /// One line per technology, for people
    Text,
    /// A vector image for pages and documents, for light and dark mode
    Svg,
    /// A raster image
    Png,
    /// One page that stands alone, with the picture and what is told of each technology
    Html,
    /// Comma-separated values, as radar builders read them
    Csv,
    /// JSON, as radar builders read it
    Json,
}

impl RadarFormat {
    /// The ending of files by which it is known.
    fn ending(self) -> &'static str {
        match self {
            RadarFormat::Text => "txt",
            RadarFormat::Svg => "svg",
            RadarFormat::Png => "png",
            RadarFormat::Html => "html",
            RadarFormat::Csv => "csv",
            RadarFormat::Json => "json",
        }
    }
}

/// Show the technology radar
///
/// It shows the technologies of the workspace that have a `ring`. CSV and JSON are those of
/// <https://github.com/thoughtworks/build-your-own-radar>; `--import` reads them, and the JSON of Zalando's, Backstage's and AOE's radar,
/// and prints Groma text.
#[derive(Args)]
pub(crate) struct RadarArgs {
    /// A workspace folder, or one .groma file; default: the current folder. With `--import`: the workspace whose rings the
    /// file names; default: `adopt`, `trial`, `assess`, `hold`
    path: Option<PathBuf>,
    /// Output format; default: by the ending of the output file, or else text
    #[arg(long, value_enum)]
    format: Option<RadarFormat>,
    /// The file to write, instead of standard output
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,
    /// An earlier issue, a workspace folder, one .groma file or a git revision: what is new since and what moved is marked, and what is
    /// gone is told
    #[arg(long, value_name = "STATE")]
    since: Option<String>,
    /// Pixels per unit, for png
    #[arg(long, default_value_t = 2.0, value_name = "N", allow_negative_numbers = true)]
    scale: f32,
    /// Read a radar from CSV or JSON and print it as Groma text; `-` reads standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["format", "since", "scale"])]
    import: Option<PathBuf>,
}

pub(crate) fn run(args: &RadarArgs) -> Result<Exit, Failure> {
    if let Some(file) = &args.import {
        return read(args, file);
    }
    if !(0.1..=10.0).contains(&args.scale) {
        return Err(Failure::new("`--scale` must be between 0.1 and 10"));
    }
    let format = format(args)?;
    let path = args.path.as_deref().unwrap_or(Path::new("."));
    let snapshot = workspace::open_to_answer(path)?;
    let technologies = Technologies::new(&snapshot.arch);
    if !technologies.has_radar() {
        return Err(Failure::new(format!("`{}` has no radar: no technology in it is in a ring", path.display()))
            .help("write `technology postgresql \"PostgreSQL\" ring=adopt`; `groma explain radar` tells more"));
    }
    let mut from_today = BTreeSet::new();
    let earlier = args.since.as_deref().map(|since| states::open(since, path, &mut from_today)).transpose()?;
    states::note_from_today(&from_today);
    if let (Some(since), Some(earlier)) = (&args.since, &earlier) {
        workspace::warn_of_left_out(Some(since), earlier);
    }
    let moved = earlier.map(|earlier| movements(&Technologies::new(&earlier.arch), &technologies));
    let radar = Radar::new(&technologies, moved.as_ref());
    tell_left_out(&snapshot, &radar);
    tell_gone(&radar, format);
    tell_lost(&radar, format);
    let bytes = bytes(&radar, format, args.scale)?;
    match &args.out {
        Some(path) => write::file(path, &bytes)?,
        // What may be read on the terminal itself.
        None if matches!(format, RadarFormat::Text | RadarFormat::Csv | RadarFormat::Json) => {
            print(&String::from_utf8_lossy(&bytes))?
        }
        None => print_bytes(&bytes)?,
    }
    Ok(Exit::Clean)
}

/// Says which technologies name a ring and are not shown.
fn tell_left_out(snapshot: &Snapshot, radar: &Radar<'_>) {
    for (at, lack) in &radar.unplaced {
        let (message, help) = lacking(&snapshot.arch, *at, *lack, &radar.rings);
        let place = snapshot.sources.location(snapshot.arch.name_span(*at));
        print_error(&format!("warning: {place}: {message}, so it is left out; {help}\n"));
    }
}

/// Says what is gone where the format has no place for that.
fn tell_gone(radar: &Radar<'_>, format: RadarFormat) {
    if matches!(format, RadarFormat::Text | RadarFormat::Html) {
        return;
    }
    for gone in &radar.gone {
        print_error(&format!("note: no longer on the radar: {}, which was in {}\n", gone.title, gone.ring));
    }
}

/// Says what the form of radar builders has no place for.
fn tell_lost(radar: &Radar<'_>, format: RadarFormat) {
    let lost = left_out(radar);
    if lost.is_empty() || !matches!(format, RadarFormat::Csv | RadarFormat::Json) {
        return;
    }
    let lost = lost.join("; ");
    print_error(&format!(
        "note: this form has no place for: {lost}; `groma radar WORKSPACE --import` takes rings and names from the workspace again\n"
    ));
}

fn format(args: &RadarArgs) -> Result<RadarFormat, Failure> {
    let Some(out) = &args.out else { return Ok(args.format.unwrap_or(RadarFormat::Text)) };
    let found = out.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    let named = RadarFormat::value_variants().iter().copied().find(|format| format.ending() == found);
    match (args.format, named) {
        (Some(format), Some(named)) if format != named => {
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

fn bytes(radar: &Radar<'_>, format: RadarFormat, scale: f32) -> Result<Vec<u8>, Failure> {
    let picture = || groma_plot::radar::radar(radar, None).svg;
    Ok(match format {
        RadarFormat::Text => text(radar).into_bytes(),
        RadarFormat::Svg => picture().into_bytes(),
        RadarFormat::Png => {
            groma_raster::png(&picture(), &[groma_view::FONT_REGULAR, groma_view::FONT_SEMIBOLD], scale)
                .map_err(|error| Failure::new(format!("cannot draw the radar: {error}")))?
        }
        RadarFormat::Html => groma_site::radar_page(radar).into_bytes(),
        RadarFormat::Csv => csv(radar).into_bytes(),
        RadarFormat::Json => format!("{:#}\n", json(radar)).into_bytes(),
    })
}

/// Reads a radar from a file and prints it as Groma text.
fn read(args: &RadarArgs, file: &Path) -> Result<Exit, Failure> {
    let source = read_file_or_stdin(file, IMPORT_LIMIT)?;
    let snapshot = args.path.as_deref().map(workspace::open_to_answer).transpose()?;
    let technologies = snapshot.as_ref().map(|snapshot| Technologies::new(&snapshot.arch));
    let place = |problem: &Problem| format!("{}:{}: {}", source.path, problem.line, problem.message);
    let imported = technologies
        .as_ref()
        .map_or_else(|| import(&source.text, &RINGS), |own| import_into(&source.text, own))
        .map_err(|problem| Failure::new(place(&problem)).help(problem.help.as_str()))?;
    for problem in &imported.problems {
        print_error(&format!("warning: {}\nhelp: {}\n", place(problem), problem.help));
    }
    if imported.count == 0 {
        return Err(Failure::new(format!("nothing in `{}` could be read as a technology", source.path))
            .help("each needs a `name`, a `ring` and a `quadrant`"));
    }
    match &args.out {
        Some(path) => write::file(path, imported.text.as_bytes())?,
        None => print(&imported.text)?,
    }
    Ok(if imported.problems.is_empty() { Exit::Clean } else { Exit::Findings })
}

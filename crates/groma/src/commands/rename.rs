//! `groma rename`: another name, everywhere.

use crate::output::{Exit, Failure, print, print_error};
use crate::{problems, workspace, write};
use clap::Args;
use groma_base::{counted, list_words};
use std::path::PathBuf;

/// Give something another name wherever it is named
///
/// At its declaration, in paths, in arrows, in queries and in what suppresses a rule; comments and style stay as they are. `was` keeps the old
/// name at the declaration, so that baselines, `groma diff` and other workspaces know it; renaming it back takes that away. Nothing is written if
/// anything else would mean something else then, or if an error would come of it. Words in titles, descriptions and comments stay.
#[derive(Args)]
pub(crate) struct RenameArgs {
    /// What is renamed: its name or its path, such as `shop.core`
    #[arg(value_name = "NAME")]
    name: String,
    /// Its new name, without a path
    #[arg(value_name = "NEW")]
    new: String,
    /// A workspace folder, or one .groma file
    #[arg(default_value = ".")]
    path: PathBuf,
    /// Write nothing; say what would be
    #[arg(long)]
    dry_run: bool,
    /// The day on which it is, instead of today: some findings and exceptions begin or end on a day
    #[arg(long, value_name = "YYYY-MM-DD")]
    today: Option<String>,
}

pub(crate) fn run(args: &RenameArgs) -> Result<Exit, Failure> {
    let today = workspace::today(args.today.as_deref())?;
    let mut session = workspace::session(&args.path)?;
    let renaming = session.renaming(&args.name, &args.new, &today);
    let snapshot = session.snapshot();
    workspace::warn_of_left_out(None, &snapshot);
    let sources = &snapshot.sources;
    let renaming = renaming.map_err(|why| {
        problems::print_findings(sources, &why.findings);
        Failure::new(why.message).help(why.help)
    })?;
    let mut names = Vec::new();
    for (file, text) in &renaming.files {
        let source = sources.get(*file);
        names.push(source.path.as_str());
        if !args.dry_run {
            write::file(source.path.as_ref(), text.as_bytes())?;
        }
    }
    let files = counted(names.len(), "file");
    let is = if args.dry_run { "would be" } else { "is" };
    print(&format!("`{}` {is} `{}` now, in {files}: {}\n", renaming.before, renaming.after, list_words(names, "and")))?;
    if renaming.lapsed > 0 {
        let lapse = if renaming.lapsed == 1 { "signature lapses" } else { "signatures lapse" };
        print_error(&format!("note: {} {lapse}: what has another name must be signed anew\n", renaming.lapsed));
    }
    Ok(Exit::Clean)
}

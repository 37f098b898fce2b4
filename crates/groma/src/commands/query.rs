//! `groma query`: which elements?

use crate::output::{Exit, Failure, print, print_error};
use crate::workspace;
use clap::{Args, ValueEnum};
use groma_model::query::{Query, QueryError};
use serde_json::json;
use std::path::PathBuf;

#[derive(Clone, Copy, ValueEnum)]
enum QueryFormat {
    /// One path per line, with kind and title
    Human,
    /// JSON, with a version
    Json,
}

/// List the elements that a query selects
#[derive(Args)]
pub(crate) struct QueryArgs {
    /// The query, such as `shop.** and not kind:cache`; `groma explain query` describes the language
    query: String,
    /// A workspace folder, or one .groma file
    #[arg(default_value = ".")]
    path: PathBuf,
    /// Output format of the elements
    #[arg(long, value_enum, default_value = "human")]
    format: QueryFormat,
}

pub(crate) fn run(args: &QueryArgs) -> Result<Exit, Failure> {
    let query = Query::parse(&args.query).map_err(|error| explain(&args.query, &error))?;
    let snapshot = workspace::open(&args.path)?;
    let arch = &snapshot.arch;
    let found = query.select(arch).map_err(|error| explain(&args.query, &error))?;
    match args.format {
        QueryFormat::Human => {
            let width = found.iter().map(|id| arch.element(*id).path.chars().count()).max().unwrap_or(0);
            let kinds = found.iter().map(|id| arch.element(*id).kind_name.chars().count()).max().unwrap_or(0);
            let line = |id: &groma_model::ElementId| {
                let element = arch.element(*id);
                format!(
                    "{:width$}  {:kinds$}  {}\n",
                    element.path,
                    element.kind_name,
                    one_line(arch.element_title(*id))
                )
            };
            print(&found.iter().map(line).collect::<String>())?;
            print_error(&format!("{} of {} elements\n", found.len(), arch.elements.len()));
        }
        QueryFormat::Json => {
            let elements: Vec<_> = found
                .iter()
                .map(|id| {
                    let element = arch.element(*id);
                    json!({
                        "path": element.path,
                        "kind": &*element.kind_name,
                        "level": element.level.word(),
                        "title": arch.element_title(*id),
                        "external": element.external,
                        "at": snapshot.sources.location(arch.name_span(element.at)),
                    })
                })
                .collect();
            let whole = json!({ "version": 1, "elements": elements });
            print(&format!("{}\n", serde_json::to_string_pretty(&whole).unwrap_or_default()))?;
        }
    }
    Ok(Exit::Clean)
}

/// A text that stays on its line.
fn one_line(text: &str) -> String {
    text.replace(char::is_control, " ")
}

/// Shows the query with the words underlined that cannot be understood.
fn explain(query: &str, error: &QueryError) -> Failure {
    let before = query[..error.range.start as usize].chars().count();
    let length = error.range.of(query).chars().count().max(1);
    let message = format!("{}\n  | {query}\n  | {}{}", error.message, " ".repeat(before), "^".repeat(length));
    Failure::new(message).help(error.help.as_str())
}

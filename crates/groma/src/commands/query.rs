//! `groma query`: which things?

use crate::output::{Exit, Failure, print, print_error};
use crate::workspace;
use clap::{Args, ValueEnum};
use groma_check::{ALIASES, RULES};
use groma_model::kinds::class;
use groma_model::query::{Answers, Finding, Key, Query, QueryError, Verdict};
use groma_model::{Architecture, ItemRef};
use groma_report::things::{Column, Table, counted_by_kind};
use groma_session::Snapshot;
use groma_simulate::{Options, Verdict as Judged};
use std::path::PathBuf;

#[derive(Clone, Copy, ValueEnum)]
enum QueryFormat {
    /// One thing per line
    #[value(alias = "human")]
    Table,
    /// JSON, with a version
    Json,
    /// Comma-separated values, with a line of names
    Csv,
    /// How many there are
    Count,
}

/// List the things that a query selects
///
/// A query ranges over elements unless it names another kind, such as `kind:requirement and not realized`. `finding:` and
/// `verdict:` check and forecast the workspace first.
#[derive(Args)]
pub(crate) struct QueryArgs {
    /// The query, such as `shop.** and not kind:cache`; `groma explain query` describes the language
    query: String,
    /// A workspace folder, or one .groma file
    #[arg(default_value = ".")]
    path: PathBuf,
    /// Output format of the things
    #[arg(long, value_enum, default_value = "table")]
    format: QueryFormat,
    /// What is told of each: `name`, `kind`, `title`, `address`, `at` (where it stands), and any fact, such as `owner` or
    /// `retry.from`, and of the technologies that it names `technology.licence`, `technology.support-until` and so on; where nothing is written, what holds then (`has:owner` asks what is written)
    #[arg(long, value_delimiter = ',', value_name = "COLUMNS", default_value = "name,kind,title")]
    columns: Vec<String>,
    /// Sort by one of the columns
    #[arg(long, value_name = "COLUMN")]
    sort: Option<String>,
    /// The date from which `age` counts back, instead of today
    #[arg(long, value_name = "YYYY-MM-DD")]
    today: Option<String>,
}

pub(crate) fn run(args: &QueryArgs) -> Result<Exit, Failure> {
    let query = Query::parse(&args.query).map_err(|error| explain(&args.query, &error))?;
    let today = workspace::today(args.today.as_deref())?;
    let snapshot = workspace::open_to_answer(&args.path)?;
    let found = ask(&query, &snapshot, &today)?.map_err(|error| explain(&args.query, &error))?;
    let columns: Vec<Column> = args.columns.iter().map(|name| Column::named(name.trim())).collect();
    check_columns(&columns, &snapshot.arch)?;
    let sort = match &args.sort {
        None => None,
        Some(name) => Some(columns.iter().position(|column| column.name() == name).ok_or_else(|| {
            let help = groma_base::may_mean(name, columns.iter().map(Column::name));
            let help = help.unwrap_or_else(|| "add it to `--columns`".to_owned());
            Failure::new(format!("`{name}` is not one of the columns")).help(help)
        })?),
    };
    let place = |span| match args.format {
        QueryFormat::Table | QueryFormat::Count => snapshot.sources.location(span),
        QueryFormat::Json | QueryFormat::Csv => snapshot.sources.place_location(span),
    };
    let mut table = Table::new(&snapshot.arch, &place, &found, columns);
    if let Some(by) = sort {
        table.sort(by);
    }
    match args.format {
        QueryFormat::Table => {
            print(&table.human())?;
            print_error(&format!("{} {}\n", found.len(), if found.len() == 1 { "thing" } else { "things" }));
        }
        QueryFormat::Json => print(&format!("{:#}\n", table.json()))?,
        QueryFormat::Csv => print(&table.csv())?,
        QueryFormat::Count => print(&format!("{}\n", found.len()))?,
    }
    Ok(Exit::Clean)
}

/// Answers a query, and first whatever else it asks for.
fn ask(query: &Query, snapshot: &Snapshot, today: &str) -> Result<Result<Vec<ItemRef>, QueryError>, Failure> {
    let arch = &snapshot.arch;
    let rules = rules(arch);
    // What is wrong with a query is wrong whatever is found, and is told before anything is simulated.
    let nothing = Answers { today: Some(today), findings: Some(&[]), rules: &rules, verdicts: Some(&[]) };
    if let Err(error) = query.things(arch, &nothing) {
        return Ok(Err(error));
    }
    let told = if query.asks(Key::Finding) { snapshot.findings(today) } else { Vec::new() };
    let findings: Vec<Finding<'_>> = told
        .iter()
        .filter_map(|one| Some((arch.innermost(one.primary.span)?, one)))
        .flat_map(|(of, one)| names_of(&one.code).map(move |rule| Finding { of, rule, severity: one.severity }))
        .collect();
    let verdicts = if query.asks(Key::Verdict) { verdicts(snapshot)? } else { Vec::new() };
    let answers = Answers { today: Some(today), findings: Some(&findings), rules: &rules, verdicts: Some(&verdicts) };
    let found = query.things(arch, &answers);
    if let Ok(found) = &found
        && (found.is_empty() || query.asks(Key::Finding))
    {
        tell_beyond_elements(query, (arch, &answers), found.len());
    }
    Ok(found)
}

/// Says, past the answer, what a query would select that selects less, or nothing, because it ranges over elements alone.
fn tell_beyond_elements(query: &Query, (arch, answers): (&Architecture, &Answers<'_>), found: usize) {
    let Some((things, written)) = query.beyond_elements(arch, answers).filter(|(things, _)| things.len() > found)
    else {
        return;
    };
    let told = counted_by_kind(arch, &things);
    print_error(&format!("note: it ranges over elements alone; with `any` it selects {told}: write `{written}`\n"));
}

/// What a finding is asked for by: its rule and the older names of that, or its standard and the rule that finds what does not meet one.
fn names_of(code: &str) -> impl Iterator<Item = &str> {
    let older = ALIASES.iter().filter(move |(_, rule)| *rule == code).map(|(older, _)| *older);
    let of_standard = groma_check::rule(code).is_none().then_some(groma_check::UNMET_STANDARD);
    std::iter::once(code).chain(older).chain(of_standard)
}

/// All names by which findings may be asked for.
fn rules(arch: &Architecture) -> Vec<&str> {
    let standards = arch.records_of(&class::STANDARD).map(|standard| arch.name(standard.at));
    RULES.iter().flat_map(|rule| names_of(rule.name)).chain(standards).collect()
}

/// What the forecast says of each quality: the worst of its requirements.
fn verdicts(snapshot: &Snapshot) -> Result<Vec<(ItemRef, Verdict)>, Failure> {
    let workspace = snapshot.forecastable().map_err(Failure::refused)?;
    crate::write::finish_files_on_interrupt();
    let report = workspace.judge(&Options::default(), crate::write::interruption(), &|_, _, _| {});
    crate::write::interrupted()?;
    let rank = |verdict: Judged| match verdict {
        Judged::Fails => (2, Verdict::Fails),
        Judged::TooClose | Judged::Unknown => (1, Verdict::Unknown),
        Judged::Holds => (0, Verdict::Holds),
    };
    let mut worst: Vec<(ItemRef, (u8, Verdict))> = Vec::new();
    for one in &report.judgements {
        let own = rank(one.verdict);
        match worst.iter_mut().find(|(quality, _)| *quality == one.quality) {
            Some((_, known)) => *known = own.max(*known),
            None => worst.push((one.quality, own)),
        }
    }
    Ok(worst.into_iter().map(|(quality, (_, verdict))| (quality, verdict)).collect())
}

/// That each column is one, or a fact that something has.
fn check_columns(columns: &[Column], arch: &Architecture) -> Result<(), Failure> {
    let own = arch.own_facts.all();
    let facts = || groma_model::kinds::all().flat_map(|kind| kind.every_fact()).chain(own.iter().map(|own| own.fact));
    for column in columns {
        let Column::Fact(name) = column else { continue };
        if !column.is_known(arch) {
            let known = ["name", "kind", "title", "address", "at"].into_iter().chain(facts().map(|fact| fact.name));
            let mut built_in = groma_model::kinds::all().flat_map(|kind| kind.every_fact());
            let other = built_in.find(|fact| fact.other_names.contains(&name.as_str()));
            let help = other.map(|fact| format!("it is called `{}` here", fact.name));
            let help = help.or_else(|| arch.instead_of(name, &[&class::OWN_FACT], &known.collect::<Vec<&str>>()));
            let help =
                help.unwrap_or_else(|| "a column is `name`, `kind`, `title`, `address`, `at` or any fact".to_owned());
            return Err(Failure::new(format!("there is no column called `{name}`")).help(help));
        }
    }
    Ok(())
}

/// Shows the query with the words underlined that cannot be understood.
fn explain(query: &str, error: &QueryError) -> Failure {
    let before = query[..error.range.start as usize].chars().count();
    let length = error.range.of(query).chars().count().max(1);
    let message = format!("{}\n  | {query}\n  | {}{}", error.message, " ".repeat(before), "^".repeat(length));
    Failure::new(message).help(error.help.as_str())
}

#[cfg(test)]
mod tests {
    use super::names_of;

    #[test]
    fn a_finding_is_asked_for_by_each_of_its_names() {
        let names = |code| names_of(code).collect::<Vec<_>>();
        assert_eq!(names("missing-owner"), ["missing-owner"]);
        assert_eq!(names("lenient-alert"), ["lenient-alert", "loose-alert"]);
        assert_eq!(names("our-own-standard"), ["our-own-standard", "unmet-standard"]);
    }
}

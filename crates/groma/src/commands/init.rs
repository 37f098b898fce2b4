//! `groma init`: a first workspace, small, commented, clean.

use crate::output::{Exit, Failure, print_error};
use crate::write;
use clap::Args;
use groma_model::write::{identifier, quoted};
use std::io::{BufRead, IsTerminal, Write};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

/// Write a small workspace to start from
#[derive(Args)]
pub(crate) struct InitArgs {
    /// The folder to write it to; created if needed
    #[arg(default_value = ".")]
    path: PathBuf,
    /// What the system is called
    #[arg(long)]
    name: Option<String>,
    /// How many people build and run it
    #[arg(long, value_parser = clap::value_parser!(u64).range(PEOPLE))]
    team: Option<u64>,
    /// How many people use it at the same time
    #[arg(long, value_parser = clap::value_parser!(u64).range(USERS))]
    users: Option<u64>,
    /// Also write into a folder that holds other files, without asking
    #[arg(long)]
    force: bool,
}

const FILE: &str = "architecture.groma";

/// How many people there may be in a team.
const PEOPLE: RangeInclusive<u64> = 1..=10_000;

/// How many may use a system at the same time: no more than there are people.
const USERS: RangeInclusive<u64> = 1..=10_000_000_000;

pub(crate) fn run(args: &InitArgs) -> Result<Exit, Failure> {
    let target = args.path.join(FILE);
    if std::fs::symlink_metadata(&target).is_ok() {
        return Err(Failure::new(format!("`{}` exists already", target.display())).help("name another folder"));
    }
    if !args.force && holds_something(&args.path) {
        confirm(&args.path)?;
    }
    let name = match &args.name {
        Some(name) => name.clone(),
        None => ask("What is the system called?", "Shop")?,
    };
    if name.trim().is_empty() || name.chars().any(char::is_control) {
        return Err(Failure::new("the name must be a line of text"));
    }
    let team = match args.team {
        Some(team) => team,
        None => number(&ask("How many people build and run it?", "5")?, PEOPLE)?,
    };
    let users = match args.users {
        Some(users) => users,
        None => number(&ask("How many people use it at the same time?", "1000")?, USERS)?,
    };
    let text = workspace(name.trim(), team, users);
    if !groma_syntax::parse(text.as_str()).1.is_empty() {
        return Err(Failure::new("the name has characters that a text cannot hold")
            .help("leave out control characters and line separators"));
    }
    std::fs::create_dir_all(&args.path).map_err(|error| {
        Failure::new(format!("cannot make `{}`: {}", args.path.display(), groma_session::describe(&error)))
    })?;
    write::file(&target, text.as_bytes())?;
    let shown = for_a_shell(&args.path.display().to_string());
    print_error(&format!(
        "wrote {}\nnext: groma check {shown}, groma draw {shown}, groma build {shown} --out site\n",
        target.display()
    ));
    Ok(Exit::Clean)
}

/// A path as a shell takes it.
fn for_a_shell(path: &str) -> String {
    let is_plain = |letter: char| letter.is_alphanumeric() || "/._-+@%:,".contains(letter);
    match !path.is_empty() && path.chars().all(is_plain) {
        true => path.to_owned(),
        false => format!("'{}'", path.replace('\'', r"'\''")),
    }
}

/// Whether there is anything in a folder; what belongs to version control is nothing yet.
fn holds_something(folder: &Path) -> bool {
    let mut entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.any(|entry| !VERSION_CONTROL.contains(&entry.file_name().to_string_lossy().as_ref()))
}

const VERSION_CONTROL: [&str; 5] = [".git", ".hg", ".svn", ".jj", ".gitignore"];

/// Asks whether a folder that holds something is really meant. Where nobody can be asked, it is not.
fn confirm(folder: &Path) -> Result<(), Failure> {
    let question = format!("`{}` is not empty. Write `{FILE}` into it, yes or no?", folder.display());
    let is_meant = std::io::stdin().is_terminal() && ask(&question, "no")?.to_lowercase().starts_with('y');
    if is_meant {
        return Ok(());
    }
    Err(Failure::new(format!("`{}` is not empty", folder.display()))
        .help("name a new or empty folder, or add `--force`"))
}

fn ask(question: &str, default: &str) -> Result<String, Failure> {
    let mut input = std::io::stdin().lock();
    if std::io::stdin().is_terminal() {
        print_error(&format!("{question} [{default}] "));
        let _ = std::io::stderr().flush();
    }
    let mut line = String::new();
    input.read_line(&mut line).map_err(|error| Failure::new(format!("cannot read the answer: {error}")))?;
    let answer = line.trim();
    Ok(if answer.is_empty() { default.to_owned() } else { answer.to_owned() })
}

fn number(text: &str, among: RangeInclusive<u64>) -> Result<u64, Failure> {
    let digits: String = text.chars().filter(|c| !matches!(c, '_' | ',' | ' ')).collect();
    let number = digits.parse().map_err(|_| Failure::new(format!("`{text}` is not a whole number")))?;
    if among.contains(&number) {
        return Ok(number);
    }
    Err(Failure::new(format!("{text} is not between {} and {}", among.start(), among.end())))
}

/// What has a name in the workspace that is written, and is named from elsewhere.
const TAKEN: [&str; 4] = ["customer", "keep-orders", "one-service", "place-order"];

/// The first workspace. Long because it is a text.
fn workspace(title: &str, team: u64, users: u64) -> String {
    let id = match identifier(title).as_str() {
        id if TAKEN.contains(&id) => identifier(&format!("the {title}")),
        id => id.to_owned(),
    };
    let (quoted_title, summary) = (quoted(title), quoted(&format!("What {title} is, in a sentence.")));
    format!(
        r#"// The architecture of {title}, as text. `groma check` says what is wrong with it, `groma draw` draws it,
// `groma build` makes a site of it. `groma explain language` lists all that can be said.

workspace {id} {quoted_title} {{
    summary {summary}
    team {team}
    users {users}
    owner {id}-team
}}

// What it must do, and how well. A quality has a number that can be checked.
requirement order "Customers place orders" priority=must {{
    realized-by place-order
}}
quality fast-order "Placing an order is fast" category=performance {{
    require p95 flow=place-order under=500ms
}}

// What was decided, why, and at what price. As Markdown beside the code: `groma adr new`.
decision one-service "Keep the business rules in one service" status=accepted {{
    context "One team, and one release a day."
    outcome "One service instead of one for each domain."
    negative "All of it is deployed together."
}}
decision keep-orders "Keep orders in PostgreSQL" status=accepted {{
    context "An order and its payment must be committed together."
    option "PostgreSQL"
    option "MongoDB" because="Nobody here has run it."
    negative "One more upgrade a year."
}}

// Who uses it, and what it is made of.
person customer "Customer" description="Places orders."

system {id} {quoted_title} style=monolith decision=one-service {{
    description "What the team builds and runs."

    web web "Web app" technology="React 19" description="What customers see."
    service core "Core API" technology="Rust 1.95" authentication=OIDC {{
        responsibility "Holds the business rules"
        rate-limit 100/min per=user
    }}
    database db "Database" technology="PostgreSQL 17" decision=keep-orders description="Orders and customers."

    web -> core "Calls" protocol=HTTPS
    core -> db "Reads and writes"
}}

customer -> {id}.web "Orders with" protocol=HTTPS

// What happens, step by step: a call, and in its block what the callee does before it answers.
flow place-order "Place an order" {{
    customer -> {id}.web "Confirms the order" {{
        {id}.web -> {id}.core "POST /orders" time=5ms reply="Confirmation" {{
            {id}.core -> {id}.db "Write the order" time=4ms
        }}
    }}
}}
"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_init_writes_is_clean_and_formatted() {
        let usual = workspace("Shop", 5, 1000);
        let is_end = |letter: char| !letter.is_alphanumeric() && letter != '-';
        // Whatever has a name in it may also be what the system is called.
        let own = usual.split(is_end).filter(|word| word.chars().any(char::is_alphabetic));
        let odd = ["My \"best\" shop, 2", "42", "Übung", "Customer", "True", "null", "Inf"];
        for title in own.chain(odd) {
            let text = workspace(title, 5, 1000);
            assert_eq!(groma_syntax::format::format(&text).unwrap(), text, "{title}");
            let files = groma_session::MemoryFileSystem::new(&[("w/a.groma", &text)]);
            let mut session = groma_session::Session::open(&files, std::path::Path::new("w")).ok().unwrap();
            assert_eq!(session.snapshot().findings("2026-01-01"), [], "{title}");
        }
    }
}

//! `groma sign`: who agrees to what, as it is.

use super::sign_key;
use crate::git::OsGit;
use crate::output::{Exit, Failure, print, print_error};
use crate::write::Unwritten;
use crate::{problems, workspace, write};
use clap::{Args, ValueEnum};
use groma_base::{Severity, counted, join_words, printable_line};
use groma_model::signers::{KeyProof, Person};
use groma_report::signatures;
use groma_session::signing::{Appended, History, IsThere, NoSignature, Signed, ToSign, verified};
use groma_session::{Snapshot, folder_of};
use std::path::{Path, PathBuf};

#[derive(Clone, Copy, ValueEnum)]
enum SignFormat {
    /// Each signature, how it stands, and what has changed since
    Human,
    /// JSON, with a version
    Json,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Key {
    /// The one with which git signs
    Git,
    /// None
    None,
}

/// Sign what is in the workspace, or tell whether what was signed is still so
///
/// A signature is one line in `acts/YEAR.groma` of the workspace: who, in which role, on which day, and the SHA-256 of what the target says. It
/// holds until that changes; comments, layout and files change nothing. Of a decision that is a record its text is signed, without the
/// status, date and relations that `groma adr` writes. Who may sign in which role stands in the `team`s: `member ana "Ana Ruiz"
/// email="ana@example.org" roles=architect`.
#[derive(Args)]
pub(crate) struct SignArgs {
    /// A decision's name, or a query (`groma explain query`); and, last, a workspace folder or one .groma file. With `--verify` the workspace alone
    #[arg(value_names = ["TARGET", "PATH"], num_args = 0..=2)]
    words: Vec<String>,
    /// The role in which it is signed
    #[arg(long = "as", value_name = "ROLE", required_unless_present = "verify")]
    role: Option<String>,
    /// Who signs, instead of git's user.name and user.email
    #[arg(long, value_name = "NAME <MAIL>", conflicts_with = "verify")]
    by: Option<String>,
    /// The day of the signature, instead of today
    #[arg(long, value_name = "YYYY-MM-DD", conflicts_with = "verify")]
    on: Option<String>,
    /// With which key: `git` is the one with which git signs commits (`user.signingkey`, of OpenSSH or OpenPGP as `gpg.format` says), if it has one; `none` is none
    #[arg(long, value_enum, default_value = "git", conflicts_with = "verify")]
    key: Key,
    /// Tell of each signature how it stands, and what has changed since; exits with 1 if one has lapsed or is bad, or if a text in which others may stand, or something of the files of keys, cannot be read
    #[arg(long, conflicts_with = "role")]
    verify: bool,
    /// With `--verify`: the date after which no signature can have been given, instead of today
    #[arg(long, value_name = "YYYY-MM-DD", requires = "verify")]
    today: Option<String>,
    /// Output format of `--verify`
    #[arg(long, value_enum, default_value = "human", requires = "verify")]
    format: SignFormat,
}

pub(crate) fn run(args: &SignArgs) -> Result<Exit, Failure> {
    match (&args.role, &args.words[..]) {
        (None, []) => verify(args, Path::new(".")),
        (None, [path]) => verify(args, Path::new(path)),
        (None, [target, ..]) => Err(Failure::new(format!("`--verify` takes the workspace alone, and no `{target}`"))),
        (Some(_), []) => Err(Failure::new("what is signed is not said").help("name a decision, or write a query")),
        (Some(role), [target]) => sign(args, target, role, Path::new(".")),
        (Some(role), [target, path, ..]) => sign(args, target, role, Path::new(path)),
    }
}

fn verify(args: &SignArgs, path: &Path) -> Result<Exit, Failure> {
    let today = workspace::today(args.today.as_deref())?;
    let snapshot = workspace::open_to_answer(path)?;
    let files = workspace::files_of(path);
    let all = verified(&snapshot, History { git: &OsGit, files: &*files, workspace: path }, &today);
    match args.format {
        SignFormat::Human => print(&signatures::human(&all))?,
        SignFormat::Json => print(&format!("{:#}\n", signatures::json(&all)))?,
    }
    Ok(if all.is_wrong() { Exit::Findings } else { Exit::Clean })
}

fn sign(args: &SignArgs, target: &str, role: &str, path: &Path) -> Result<Exit, Failure> {
    let today = workspace::today(None)?;
    let on = workspace::today(args.on.as_deref())?;
    if on > today {
        return Err(Failure::new(format!("{on} is in the future")).help(format!("today is {today}")));
    }
    let by = match &args.by {
        Some(by) => by.clone(),
        None => of_git(path)?,
    };
    let person = Person::read(&by).ok_or_else(|| {
        let message = format!("`{}` is no name with an address", printable_line(&by));
        Failure::new(message).help("write it as git does: `--by \"Ana Ruiz <ana@example.org>\"`")
    })?;
    let asked = ToSign { target, role, person, on: &on, today: &today };
    // Who signs at the same time may have come first: what is there then is read anew.
    const TRIES: usize = 20;
    for _ in 1..TRIES {
        match sign_as_it_is(args.key, &asked, path) {
            Err(Unwritten::Changed(_)) => {}
            Err(Unwritten::Failed(why)) => return Err(why),
            Ok(exit) => return Ok(exit),
        }
    }
    Ok(sign_as_it_is(args.key, &asked, path)?)
}

/// Signs what the workspace is now.
fn sign_as_it_is(key: Key, asked: &ToSign<'_>, path: &Path) -> Result<Exit, Unwritten> {
    let snapshot = workspace::open(path)?;
    refuse_what_is_not_understood(&snapshot)?;
    let signed = snapshot.signed(asked).map_err(refused)?;
    let inner = within(path, &snapshot, (asked, &signed))?;
    let (path, snapshot, signed) = match inner {
        Within::This(note) => (path.to_path_buf(), snapshot, (signed, note)),
        Within::Other(path, snapshot, signed) => (path, *snapshot, (signed, None)),
    };
    write_down(key, asked, (path.as_path(), &snapshot), signed)
}

/// Where a signature is to stand.
enum Within {
    /// In the folder that was named, and what is to be said of that.
    This(Option<String>),
    /// In a workspace below it, which holds what is signed.
    Other(PathBuf, Box<Snapshot>, Signed),
}

/// The workspace that a signature belongs to. Where a folder holds one workspace in another folder below it, and that holds all that is
/// signed, it is that one: it counts there, and for whoever checks the whole as well.
fn within(path: &Path, snapshot: &Snapshot, (asked, signed): (&ToSign<'_>, &Signed)) -> Result<Within, Failure> {
    let below = if path.is_dir() { snapshot.workspaces_below() } else { Vec::new() };
    let shown = |folder: &String| format!("`{}`", inside(path, folder).display());
    let all: Vec<String> = below.iter().map(shown).collect();
    if let [only] = &below[..] {
        let inner = inside(path, only);
        let snapshot = workspace::open(&inner)?;
        match snapshot.signed(asked) {
            Ok(own) if own.target == signed.target && own.hash == signed.hash => {
                refuse_what_is_not_understood(&snapshot)?;
                return Ok(Within::Other(inner, Box::new(snapshot), own));
            }
            Ok(_) | Err(_) => {}
        }
    }
    Ok(Within::This((!all.is_empty()).then(|| {
        let is = if all.len() == 1 { "the workspace in" } else { "none of the workspaces in" };
        let not = if all.len() == 1 { "does not count it: it holds not all that is signed" } else { "counts it" };
        format!("{is} {} {not}; `groma check {}` does", join_words(&all, "and"), path.display())
    })))
}

/// A folder below another.
fn inside(path: &Path, folder: &str) -> PathBuf {
    if path == Path::new(".") { PathBuf::from(folder) } else { path.join(folder) }
}

/// Has a signature signed with a key, and adds its line.
fn write_down(
    key: Key,
    asked: &ToSign<'_>,
    (path, snapshot): (&Path, &Snapshot),
    (signed, note): (Signed, Option<String>),
) -> Result<Exit, Unwritten> {
    let (person, role) = (&asked.person, signed.role.clone());
    let is_there = |signed: &Signed, with_key: bool| match signed.is_there {
        IsThere::No => false,
        IsThere::WithoutKey => !with_key,
        IsThere::WithKey => true,
    };
    let key = match key {
        Key::Git if !is_there(&signed, true) => sign_key::signature(folder(path), &signed.message)?,
        Key::Git | Key::None => None,
    };
    if is_there(&signed, key.is_some()) {
        print(&format!("{person} has signed that already, as {role}, and it is as it was: nothing is changed\n"))?;
        return Ok(Exit::Clean);
    }
    if let Some(key) = &key {
        tell_what_it_proves(&signed.proof(snapshot, asked, key), person)?;
    }
    let signed = key.iter().fold(signed, |signed, key| signed.with_key(key));
    let appended = snapshot.with_signature((path, path.is_dir()), asked.on, &signed).map_err(refused)?;
    refuse_a_way_out(folder(path), &appended)?;
    put(&appended)?;
    tell(&signed, (person, &role), &appended)?;
    note.iter().for_each(|note| print_error(&format!("note: {note}\n")));
    Ok(Exit::Clean)
}

/// Refuses a key that is known not to be that of whoever signs; says so of one that nobody knows.
fn tell_what_it_proves(proof: &KeyProof, person: &Person<'_>) -> Result<(), Failure> {
    match proof {
        KeyProof::Bad(why) => Err(Failure::new(format!("the key proves nothing for {person}: {why}"))
            .help("nothing was written; sign with a key of theirs, or without one: `--key none`")),
        KeyProof::Unknown(key) => {
            let (file, add) = (key.file, &key.add);
            print_error(&format!("note: `{file}` does not know the key; if it is theirs, {add}\n"));
            Ok(())
        }
        KeyProof::Proven | KeyProof::NoKey => Ok(()),
    }
}

/// What is not understood is in no form: whoever signed it would have signed something else than they read.
fn refuse_what_is_not_understood(snapshot: &Snapshot) -> Result<(), Failure> {
    let errors: Vec<_> = snapshot.problems.iter().filter(|one| one.severity == Severity::Error).cloned().collect();
    if errors.is_empty() {
        return Ok(());
    }
    problems::print_findings(&snapshot.sources, &errors);
    let message = format!("{} could not be understood, and nothing is signed", counted(errors.len(), "thing"));
    Err(Failure::new(message).help("correct it first; for details: groma check"))
}

/// The folder of a workspace.
fn folder(path: &Path) -> &Path {
    if path.is_dir() { path } else { folder_of(path) }
}

/// The person that git knows.
fn of_git(path: &Path) -> Result<String, Failure> {
    let ask = |key: &str| sign_key::of_git(folder(path), &["--get", key]);
    match (ask("user.name"), ask("user.email")) {
        (Some(name), Some(mail)) => Ok(format!("{name} <{mail}>")),
        _ => Err(Failure::new("git knows no `user.name` and `user.email`: it is not said who signs")
            .help("write `--by \"Ana Ruiz <ana@example.org>\"`, or set both with `git config`")),
    }
}

/// Refuses to write through a link that leads out of the workspace: what stands there is not read as a part of it.
fn refuse_a_way_out(workspace: &Path, appended: &Appended) -> Result<(), Failure> {
    let whole = |path: &Path| path.canonicalize().ok();
    let written = whole(&appended.path).or_else(|| whole(folder_of(&appended.path)));
    match (whole(if workspace == Path::new("") { Path::new(".") } else { workspace }), written) {
        (Some(workspace), Some(written)) if !written.starts_with(&workspace) => {
            Err(Failure::new(format!("`{}` leads out of the workspace", appended.path.display()))
                .help("nothing was written; make `acts` a folder of the workspace"))
        }
        _ => Ok(()),
    }
}

fn put(appended: &Appended) -> Result<(), Unwritten> {
    let before = appended.before.as_deref().map(str::as_bytes);
    write::together(&[write::Change { path: &appended.path, before, after: Some(appended.after.as_bytes()) }])
}

fn tell(signed: &Signed, (person, role): (&Person<'_>, &str), appended: &Appended) -> Result<(), Failure> {
    let things = counted(signed.things, "thing");
    let path = appended.path.display();
    let target = printable_line(&signed.target);
    print(&format!("`{target}` is signed by {person} as {role}, in {path}: {things}, {}\n", signed.hash))
}

fn refused(why: NoSignature) -> Failure {
    Failure::new(why.message).help(why.help)
}

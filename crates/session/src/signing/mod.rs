//! Signing what is in a workspace: the line that says so, and the file that it goes into.

mod keys;
mod verify;

use crate::{Snapshot, folder_of};
use groma_base::{FileId, Source, list_words, may_mean};
use groma_model::facts::sign;
use groma_model::kinds::class::{RFC, SIGNATURE, WORKSPACE};
use groma_model::query::QueryError;
use groma_model::signers::{KeyProof, Person};
use groma_model::signing::{
    FORM, Forms, Signature, Signatures, Standing, Target, hash, is_same_role, is_shared_number, may_sign, message,
    roles_of, target, who_may_sign,
};
use groma_model::write::{Node, Value};
use groma_model::{Architecture, ItemRef};
use groma_records::folder::named_number;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

pub use verify::{Changed, History, Proof, Told, Verification, Verified, verified};

/// What is to be signed.
#[derive(Clone, Copy, Debug)]
pub struct ToSign<'a> {
    /// The name of a decision or of a request for comments, or a query.
    pub target: &'a str,
    /// The role.
    pub role: &'a str,
    /// Who signs.
    pub person: Person<'a>,
    /// On which day.
    pub on: &'a str,
    /// Which day it is.
    pub today: &'a str,
}

/// Why something is not signed.
#[derive(Clone, PartialEq, Debug)]
pub struct NoSignature {
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

fn no(message: impl Into<String>, help: impl Into<String>) -> NoSignature {
    NoSignature { message: message.into(), help: help.into() }
}

/// A signature that may be written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Signed {
    /// The target as it is written.
    pub target: String,
    /// The hash of its form.
    pub hash: String,
    /// How many things that is.
    pub things: usize,
    /// Whether the same stands there already, holds, and is signed with a known key or without one.
    pub is_there: IsThere,
    /// The role as it is written.
    pub role: String,
    /// What a key signs.
    pub message: String,
    line: String,
}

/// Whether the same signature stands there already, and holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum IsThere {
    /// It does not.
    No,
    /// It does, without a key that proves it.
    WithoutKey,
    /// It does, with a key that proves it.
    WithKey,
}

impl Signed {
    /// What a key would prove here.
    pub fn proof(&self, snapshot: &Snapshot, asked: &ToSign<'_>, signature: &str) -> KeyProof {
        snapshot.arch.signers.proof(Some(signature), &asked.person, asked.on, &self.message)
    }

    /// The same, signed with a key.
    #[must_use]
    pub fn with_key(mut self, signature: &str) -> Signed {
        let signature = Value::quoted(signature);
        self.line.push_str(&format!(" {}={}", sign::SIGNATURE.name, signature.as_written()));
        self
    }
}

/// A file as it was and as it is to be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Appended {
    /// Where it is.
    pub path: PathBuf,
    /// Its text as it was read; `None` if it is not there yet.
    pub before: Option<String>,
    /// Its text with the line.
    pub after: String,
}

impl Snapshot {
    /// The signature of what is to be signed, if it may be.
    ///
    /// # Errors
    /// If the role, the person or the target is not one.
    pub fn signed(&self, asked: &ToSign<'_>) -> Result<Signed, NoSignature> {
        let arch = &self.arch;
        let role = known_role(arch, asked.role)?;
        let asked = &ToSign { role, ..*asked };
        known_person(arch, asked)?;
        let meant = target(arch, asked.target, asked.on).map_err(|error| no_target(asked.target, error))?;
        if let Target::Record(at) = meant {
            only_one(self, at, asked.target)?;
        }
        if meant.things().is_empty() {
            let help =
                "name a decision or an RFC, or what a query selects: `groma query` shows that before it is signed";
            return Err(no(format!("`{}` selects nothing, and nothing is signed", asked.target), help));
        }
        let hash = hash(&Forms::new(arch).of(&meant));
        let target = match meant {
            Target::Record(at) => name_of_record(arch, at),
            Target::Things(_) => asked.target.trim().to_owned(),
        };
        let is_there = stands_already(arch, asked, (&target, &hash));
        let line = line(asked, &target, &hash);
        let message = message(&target, asked.role, &asked.person, asked.on, &hash);
        let role = role.to_owned();
        Ok(Signed { target, hash, things: meant.things().len(), is_there, role, message, line })
    }

    /// The folders below that of the workspace in which a `workspace` is declared, if none is in its own: each is one for whoever names it.
    pub fn workspaces_below(&self) -> Vec<String> {
        let declared = self.arch.item_refs().filter(|at| self.arch.item(*at).kind.is(&WORKSPACE));
        let own = declared.map(|at| self.sources.get(at.file)).filter(|source| !source.is_foreign);
        let folders: BTreeSet<&str> =
            own.map(|source| source.published.rsplit_once('/').map_or("", |(folder, _)| folder)).collect();
        if folders.contains("") { Vec::new() } else { folders.into_iter().map(str::to_owned).collect() }
    }

    /// The file of the workspace at a path with the line of a signature at its end.
    ///
    /// # Errors
    /// If the file would not be a part of the workspace, or if what stands at its end would take the line in.
    pub fn with_signature(&self, root: (&Path, bool), on: &str, signed: &Signed) -> Result<Appended, NoSignature> {
        let (root, is_folder) = root;
        let year = on.split('-').next().unwrap_or(on);
        let published = format!("{FOLDER}/{year}.groma");
        let known = self.sources.iter().map(|(_, source)| source).find(|source| source.published == published);
        let path = match known {
            Some(source) => PathBuf::from(&source.path),
            None if root == Path::new(".") && is_folder => PathBuf::from(&published),
            None if is_folder => root.join(&published),
            None => {
                let message =
                    format!("`{}` is read alone, and `{published}` beside it would not be read", root.display());
                let help = format!("name the folder: `groma sign … {}`", shown(folder_of(root)));
                return Err(no(message, help));
            }
        };
        let before = known.map(|source| source.text.to_string());
        let after = appended(before.as_deref().unwrap_or_default(), &signed.line);
        match is_appended(before.as_deref().unwrap_or_default(), &after) {
            true => Ok(Appended { path, before, after }),
            false => {
                let message = format!("what stands at the end of `{}` would take the line in", path.display());
                Err(no(message, "close the comment or the block at its end first; nothing was written"))
            }
        }
    }
}

/// The folder of the files that hold what people did: one for each year, each line of it an act.
pub const FOLDER: &str = "acts";

fn shown(folder: &Path) -> String {
    if folder == Path::new("") { ".".to_owned() } else { folder.display().to_string() }
}

/// The role of members that is meant, however it is written.
fn known_role<'a>(arch: &'a Architecture, role: &str) -> Result<&'a str, NoSignature> {
    let known = roles_of(arch);
    let meant: Vec<&str> = known.iter().copied().filter(|one| is_same_role(one, role)).collect();
    let only = if let [only] = meant[..] { Some(only) } else { None };
    if let Some(role) = known.iter().copied().find(|one| *one == role).or(only) {
        return Ok(role);
    }
    let message = format!("nobody has the role `{role}`");
    if known.is_empty() {
        let help = "say who has it, in a team: `member ana \"Ana Ruiz\" email=\"ana@example.org\" roles=ROLE`";
        return Err(no(message, help.replace("ROLE", role)));
    }
    let near = may_mean(role, known.iter().copied());
    Err(no(message, near.unwrap_or_else(|| format!("the members of teams have these: {}", list_words(known, "and")))))
}

fn known_person(arch: &Architecture, asked: &ToSign<'_>) -> Result<(), NoSignature> {
    if may_sign(arch, &asked.person, asked.role) {
        return Ok(());
    }
    let message = format!("{} is no member of a team with the role `{}`", asked.person, asked.role);
    Err(no(message, format!("{}; `--by` says who signs", who_may_sign(arch, asked.role))))
}

/// Refuses the number of several records: it is not said which of them is meant.
fn only_one(snapshot: &Snapshot, at: ItemRef, target: &str) -> Result<(), NoSignature> {
    if !is_shared_number(&snapshot.arch, at, target) {
        return Ok(());
    }
    let (noun, renumber) = match snapshot.arch.item(at).kind.is(&RFC) {
        true => ("RFCs", "give one another number in the name of its file"),
        false => ("decisions", "give one another number: `groma adr renumber FILE NUMBER`"),
    };
    let files = namesakes(snapshot, at);
    let all = list_words(files.iter().map(String::as_str), "and");
    Err(no(
        format!("several {noun} are called `{target}`: {all}"),
        format!("name the file that is meant, without `.md`, or {renumber}"),
    ))
}

/// The files of a record and of those in its folder that have the same number, in the order of their names.
fn namesakes(snapshot: &Snapshot, at: ItemRef) -> Vec<String> {
    let own = snapshot.sources.get(at.file).path.as_str();
    let called = snapshot.arch.item(at).called.as_ref();
    let others = called.into_iter().flat_map(|called| &called.namesakes);
    let folder = own.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
    let mut all: Vec<String> = others.map(|file| format!("{folder}{file}")).chain([own.to_owned()]).collect();
    all.sort_unstable();
    all
}

fn no_target(target: &str, error: QueryError) -> NoSignature {
    match named_number(target) {
        Some(_) if is_of_rfc(target) => no(format!("there is no RFC `{target}`"), "`groma rfc list` lists them"),
        Some(_) => no(format!("there is no decision `{target}`"), "`groma adr list` lists the records"),
        None => no(error.message, error.help),
    }
}

fn is_of_rfc(target: &str) -> bool {
    target.get(..3).is_some_and(|head| head.eq_ignore_ascii_case("rfc"))
}

/// A decision or a request for comments as the line names it: `adr-12`, `rfc-3`, or its name. By its file where others have its number.
fn name_of_record(arch: &Architecture, at: ItemRef) -> String {
    let (name, is_rfc) = (arch.name(at), arch.item(at).kind.is(&RFC));
    let called = arch.item(at).called.as_ref().filter(|called| !called.namesakes.is_empty());
    let file = called.and_then(|called| called.also.iter().find(|also| !also.contains('/')));
    let name = file.map_or(name, |file| file);
    match name.bytes().all(|byte| byte.is_ascii_digit()) {
        true if is_rfc => format!("rfc-{name}"),
        true => format!("adr-{name}"),
        // A decision may be called so as well.
        false if is_rfc => format!("rfc:{name}"),
        false => name.to_owned(),
    }
}

/// Whether a signature holds that says the same.
fn stands_already(arch: &Architecture, asked: &ToSign<'_>, (target, hash): (&str, &str)) -> IsThere {
    let is_same = |one: &Signature<'_>| {
        let is_of = one.target == target || one.record.is_some_and(|at| name_of_record(arch, at) == target);
        is_of && one.role == asked.role && one.hash == hash && one.person.mail.eq_ignore_ascii_case(asked.person.mail)
    };
    let all = Signatures::on(arch, asked.today).all;
    let all = all.iter().filter(|(one, _)| !one.is_after(asked.today));
    let same = all.filter(|(one, standing)| is_same(one) && *standing == Standing::Valid);
    let proofs: Vec<KeyProof> = same.map(|(one, _)| one.proof(arch)).collect();
    match (proofs.contains(&KeyProof::Proven), proofs.contains(&KeyProof::NoKey)) {
        (true, _) => IsThere::WithKey,
        (false, true) => IsThere::WithoutKey,
        (false, false) => IsThere::No,
    }
}

/// The line of a signature.
fn line(asked: &ToSign<'_>, target: &str, hash: &str) -> String {
    let node = Node::new("sign")
        .value(Value::plainly_quoted(target))
        .property(sign::ROLE.name, Value::text(asked.role))
        .property(sign::BY.name, Value::quoted(&asked.person.to_string()))
        .property(sign::ON.name, Value::text(asked.on))
        .property(sign::HASH.name, Value::quoted(hash))
        .property(sign::FORM.name, Value::from(u64::from(FORM)));
    node.to_string().trim_end().to_owned()
}

/// A text with a line at its end, which ends as its others do.
fn appended(before: &str, line: &str) -> String {
    let newline = if before.contains("\r\n") { "\r\n" } else { "\n" };
    let between = if before.is_empty() || before.ends_with('\n') { "" } else { newline };
    format!("{before}{between}{line}{newline}")
}

/// Whether a text says one signature more than another and nothing else that is new.
fn is_appended(before: &str, after: &str) -> bool {
    let read = |text: &str| {
        let (tree, errors) = groma_syntax::parse(text.to_owned());
        let model = groma_model::decode::decode(FileId(0), &tree);
        let signatures = model.items.iter().filter(|item| item.kind.is(&SIGNATURE)).count();
        (signatures, model.items.iter().count(), errors.len() + model.problems.len())
    };
    let ((signatures, items, problems), after) = (read(before), read(after));
    after == (signatures + 1, items + 1, problems)
}

/// Where a signature stands, as people read it: `acts/2026.groma:3`.
fn place(source: &Source, at: u32) -> String {
    format!("{}:{}", source.path, source.line_column(at).line)
}

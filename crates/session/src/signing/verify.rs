//! Whether the signatures of a workspace hold, and what has changed since they were given.

use super::place;
use crate::{FileSystem, Git, Snapshot, open_revision};
use groma_model::Architecture;
use groma_model::signers::KeyProof;
use groma_model::signing::{Forms, Signature, Signatures, Standing, Unreadable, changes, hash, may_sign, target};
use std::collections::BTreeMap;
use std::path::Path;

/// How a signature stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Proof {
    /// What was signed is as it was, and the key of whoever signed says so.
    Proven,
    /// What was signed is as it was, and no known key says who wrote the line.
    NotProven(String),
    /// What was signed has changed.
    Lapsed(Changed),
    /// It says nothing, and why.
    Bad(String),
}

/// What has changed since a signature.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Changed {
    /// The lines of the canonical form that are gone and that came, since this revision.
    Since(String, Vec<String>),
    /// It is not known, and why.
    Unknown(String),
}

/// A signature, and how it stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Verified {
    /// What was signed.
    pub target: String,
    /// In which role.
    pub role: String,
    /// Who signed.
    pub by: String,
    /// When.
    pub on: String,
    /// What it binds.
    pub hash: String,
    /// Where it stands.
    pub at: String,
    /// Whether a later one took its place: then nothing is wrong with it, whatever has changed.
    pub is_replaced: bool,
    /// How it stands.
    pub proof: Proof,
}

impl Verified {
    /// Whether somebody must look at it.
    pub fn is_wrong(&self) -> bool {
        !self.is_replaced && !matches!(self.proof, Proof::Proven | Proof::NotProven(_))
    }
}

/// Where earlier states of a workspace are found.
#[derive(Clone, Copy)]
pub struct History<'a> {
    /// Runs git.
    pub git: &'a dyn Git,
    /// Reads files.
    pub files: &'a dyn FileSystem,
    /// The workspace.
    pub workspace: &'a Path,
}

impl std::fmt::Debug for History<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("History").field("workspace", &self.workspace).finish_non_exhaustive()
    }
}

/// The signatures of a workspace in the order of the text, and how each stands.
pub fn verified(snapshot: &Snapshot, history: History<'_>) -> Vec<Verified> {
    let arch = &snapshot.arch;
    let signatures = Signatures::of(arch);
    let mut past = Past { history, read: BTreeMap::new() };
    let at = |at: groma_model::ItemRef| place(snapshot.sources.get(at.file), arch.item(at).head.start);
    let mut all: Vec<_> = Vec::new();
    for (nth, (signature, standing)) in signatures.all.iter().enumerate() {
        let is_replaced = signatures.is_replaced(nth);
        let proof = match standing {
            Standing::Valid if !may_sign(arch, &signature.person, signature.role) => {
                Proof::Bad(format!("{} is no member of a team with the role `{}`", signature.person, signature.role))
            }
            Standing::Valid => of_key(arch, signature),
            // What was, and is no more, is looked for only where it matters.
            _ if is_replaced => Proof::Lapsed(Changed::Unknown("a later signature took its place".to_owned())),
            Standing::Lapsed(now) => Proof::Lapsed(past.changed(signature, now)),
            Standing::Gone => Proof::Lapsed(past.changed(signature, "")),
            Standing::Wrong(error) => match past.changed(signature, "") {
                since @ Changed::Since(..) => Proof::Lapsed(since),
                Changed::Unknown(_) => Proof::Bad(format!("{}: {}", error.message, error.help)),
            },
        };
        let [target, role, by, on, hash] =
            [signature.target, signature.role, signature.by, signature.on, signature.hash].map(str::to_owned);
        all.push((signature.at, Verified { target, role, by, on, hash, at: at(signature.at), is_replaced, proof }));
    }
    all.extend(signatures.unreadable.iter().map(|(item, why)| (*item, unreadable(snapshot, *item, *why, at(*item)))));
    all.sort_by_key(|(at, _)| *at);
    all.into_iter().map(|(_, one)| one).collect()
}

/// How one stands that holds, by its key.
fn of_key(arch: &Architecture, signature: &Signature<'_>) -> Proof {
    match signature.proof(arch) {
        KeyProof::Proven => Proof::Proven,
        KeyProof::NoKey => Proof::NotProven("not signed with a key".to_owned()),
        KeyProof::Unknown(key) => {
            let (mail, file) = (signature.person.mail, key.file);
            let unknown = format!("`{file}` does not know its key as one of {mail} on that day");
            Proof::NotProven(format!("{unknown}; if it is, {}", key.add))
        }
        KeyProof::Bad(why) => Proof::Bad(why.to_owned()),
    }
}

/// A signature that cannot be read.
fn unreadable(snapshot: &Snapshot, item: groma_model::ItemRef, why: Unreadable, at: String) -> Verified {
    use groma_model::facts::sign;
    let text = |fact| snapshot.arch.text(item, fact).unwrap_or_default().to_owned();
    Verified {
        target: text(&sign::TARGET),
        role: text(&sign::ROLE),
        by: text(&sign::BY),
        on: text(&sign::ON),
        hash: text(&sign::HASH),
        at,
        is_replaced: false,
        proof: Proof::Bad(why.to_string()),
    }
}

/// The states that were read.
struct Past<'a> {
    history: History<'a>,
    read: BTreeMap<String, Option<Snapshot>>,
}

impl Past<'_> {
    /// What has changed since a signature, whose target has this form now: since the revision that brought its line, or else the one
    /// before that or the last, whichever holds what was signed.
    fn changed(&mut self, signature: &Signature<'_>, now: &str) -> Changed {
        let first = self.commit_with(signature.hash);
        let before = first.as_ref().map(|first| format!("{first}^"));
        for revision in first.into_iter().chain(before).chain(["HEAD".to_owned()]) {
            if let Some(form) = self.form(&revision, signature).filter(|form| hash(form) == signature.hash) {
                return Changed::Since(revision.chars().take(SHORT).collect(), changes(&form, now));
            }
        }
        Changed::Unknown("no revision that git holds here has it as it was signed".to_owned())
    }

    /// The first commit that holds a hash.
    fn commit_with(&self, hash: &str) -> Option<String> {
        let workspace = self.history.workspace;
        let folder = match self.history.files.is_folder(workspace) {
            Ok(true) => workspace,
            _ => workspace.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new(".")),
        };
        let asked = ["log", "--format=%H", "--reverse", "--no-textconv", "--no-ext-diff", "-S", hash];
        let answered = self.history.git.run(folder, &asked, b"").ok().filter(|answered| answered.is_well)?;
        String::from_utf8(answered.output).ok()?.lines().next().map(str::to_owned)
    }

    /// The form of what a signature is about in a revision.
    fn form(&mut self, revision: &str, signature: &Signature<'_>) -> Option<String> {
        let History { git, files, workspace } = self.history;
        let open = || open_revision(git, files, workspace, revision).ok().map(|read| read.snapshot);
        let snapshot = self.read.entry(revision.to_owned()).or_insert_with(open).as_ref()?;
        let meant = target(&snapshot.arch, signature.target, signature.on).ok()?;
        Some(Forms::new(&snapshot.arch).of(&meant))
    }
}

/// So many letters of the name of a commit are shown.
const SHORT: usize = 12;

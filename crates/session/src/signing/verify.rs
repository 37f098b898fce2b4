//! Whether the signatures of a workspace hold, and what has changed since they were given.

use super::keys::INVALID_SIGNATURE;
use super::{namesakes, place};
use crate::{FileSystem, Git, Snapshot, open_revision};
use groma_base::{Diagnostic, Severity, list_words};
use groma_model::decode::{MISPLACED, UNKNOWN_WORD};
use groma_model::kinds::class::{DECISION, RFC};
use groma_model::signers::KeyProof;
use groma_model::signing::{Forms, Signature, Signatures, Standing, Target, Unread, changes, hash, may_sign, target};
use groma_model::{Architecture, ItemRef};
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

/// The signatures of a workspace, and what may hide others.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Verification {
    /// Those that are read, in the order of the text.
    pub signatures: Vec<Verified>,
    /// What of the text is not understood: a signature may be in it, or what was signed.
    pub unread: Vec<Told>,
    /// What is not read of the files that say whose keys are known.
    pub keys: Vec<Told>,
}

impl Verification {
    /// Whether somebody must look at something.
    pub fn is_wrong(&self) -> bool {
        !self.unread.is_empty() || !self.keys.is_empty() || self.signatures.iter().any(Verified::is_wrong)
    }
}

/// Something that is not read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Told {
    /// Where it stands.
    pub at: String,
    /// What is wrong with it.
    pub message: String,
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
    /// Whether another took its place: then nothing is wrong with it, whatever has changed.
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

/// The signatures of a workspace as of a day, how each stands, and what is not read. `today` is `YYYY-MM-DD`.
pub fn verified(snapshot: &Snapshot, history: History<'_>, today: &str) -> Verification {
    let signatures = Signatures::on(&snapshot.arch, today);
    let mut past = Past { history, read: BTreeMap::new() };
    let mut all: Vec<(ItemRef, Verified)> = Vec::new();
    for (nth, (signature, standing)) in signatures.all.iter().enumerate() {
        let is_replaced = signatures.is_replaced(nth);
        let proof = proof(snapshot, &mut past, (signature, standing, is_replaced), today);
        let [target, role, by, on, hash] =
            [signature.target, signature.role, signature.by, signature.on, signature.hash].map(str::to_owned);
        let at = at(snapshot, signature.at);
        all.push((signature.at, Verified { target, role, by, on, hash, at, is_replaced, proof }));
    }
    for (nth, unread) in signatures.unreadable.iter().enumerate() {
        all.push((unread.at, unreadable(snapshot, unread, signatures.is_unreadable_replaced(nth))));
    }
    all.sort_by_key(|(at, _)| *at);
    let told = |is_meant: &dyn Fn(&Diagnostic) -> bool| snapshot.told(is_meant);
    Verification {
        signatures: all.into_iter().map(|(_, one)| one).collect(),
        unread: told(&|problem| may_hide(snapshot, problem)),
        keys: told(&|problem| problem.code == INVALID_SIGNATURE),
    }
}

/// Whether a signature may stand where something is not understood, or what was signed.
fn may_hide(snapshot: &Snapshot, problem: &Diagnostic) -> bool {
    let is_of_text = matches!(&*problem.code, groma_check::SYNTAX | UNKNOWN_WORD | MISPLACED);
    problem.severity == Severity::Error && (is_of_text || snapshot.says_what_is_missing(problem))
}

impl Snapshot {
    /// Where some problems of the text are, and what each is, in the order of the text.
    fn told(&self, is_meant: &dyn Fn(&Diagnostic) -> bool) -> Vec<Told> {
        let mut found: Vec<&Diagnostic> = self.problems.iter().filter(|problem| is_meant(problem)).collect();
        found.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
        let told = |problem: &Diagnostic| {
            let span = problem.primary.span;
            let at = place(self.sources.get(span.file), span.range.start);
            Told { at, message: problem.message.clone() }
        };
        found.into_iter().map(told).collect()
    }
}

/// Where an item stands.
fn at(snapshot: &Snapshot, item: ItemRef) -> String {
    place(snapshot.sources.get(item.file), snapshot.arch.item(item).head.start)
}

/// How one stands.
fn proof(
    snapshot: &Snapshot,
    past: &mut Past<'_>,
    (signature, standing, is_replaced): (&Signature<'_>, &Standing, bool),
    today: &str,
) -> Proof {
    let arch = &snapshot.arch;
    match standing {
        _ if signature.is_after(today) => {
            Proof::Bad(format!("it is said to be of {}, which is still to come", signature.on))
        }
        Standing::Valid if !may_sign(arch, &signature.person, signature.role) => {
            Proof::Bad(format!("{} is no member of a team with the role `{}`", signature.person, signature.role))
        }
        Standing::Valid => of_key(arch, signature),
        // What was, and is no more, is looked for only where it matters.
        _ if is_replaced => Proof::Lapsed(Changed::Unknown("another signature took its place".to_owned())),
        Standing::Lapsed(_) if signature.is_of_shared_number(arch) => {
            let files = signature.record.map(|at| namesakes(snapshot, at)).unwrap_or_default();
            let all = list_words(files.iter().map(String::as_str), "and");
            let one = "the first of them is not what was signed";
            Proof::Lapsed(Changed::Unknown(format!("`{}` is the number of {all}, and {one}", signature.target)))
        }
        Standing::Lapsed(now) => Proof::Lapsed(past.changed(signature, now)),
        Standing::Gone => Proof::Lapsed(past.changed(signature, "")),
        Standing::Wrong(error) => match past.changed(signature, "") {
            since @ Changed::Since(..) => Proof::Lapsed(since),
            Changed::Unknown(_) => Proof::Bad(format!("{}: {}", error.message, error.help)),
        },
    }
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
fn unreadable(snapshot: &Snapshot, unread: &Unread<'_>, is_replaced: bool) -> Verified {
    use groma_model::facts::sign;
    let text = |fact| snapshot.arch.text(unread.at, fact).unwrap_or_default().to_owned();
    Verified {
        target: text(&sign::TARGET),
        role: text(&sign::ROLE),
        by: text(&sign::BY),
        on: text(&sign::ON),
        hash: text(&sign::HASH),
        at: at(snapshot, unread.at),
        is_replaced,
        proof: Proof::Bad(unread.why.to_string()),
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
            if let Some(form) = self.form(&revision, signature) {
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

    /// The form that was signed, if a revision has it: that of what the signature is about, or of a record that had another name there.
    fn form(&mut self, revision: &str, signature: &Signature<'_>) -> Option<String> {
        let History { git, files, workspace } = self.history;
        let open = || open_revision(git, files, workspace, revision).ok().map(|read| read.snapshot);
        let snapshot = self.read.entry(revision.to_owned()).or_insert_with(open).as_ref()?;
        let arch = &snapshot.arch;
        let forms = Forms::new(arch);
        let form = |meant: &Target| Some(forms.of(meant)).filter(|form| hash(form) == signature.hash);
        let own = target(arch, signature.target, signature.on).ok().and_then(|meant| form(&meant));
        let records = || [&DECISION, &RFC].into_iter().flat_map(|class| arch.records_of(class));
        own.or_else(|| {
            records().filter(|one| snapshot.is_record(one.at.file)).find_map(|one| form(&Target::Record(one.at)))
        })
    }
}

/// So many letters of the name of a commit are shown.
const SHORT: usize = 12;

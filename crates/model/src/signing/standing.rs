//! Whether what was signed is still so.

use super::target::{is_number_of_record, record};
use super::{FORM, Forms, Target, hash, is_hash, message, target};
use crate::Architecture;
use crate::facets::signatures::class::SIGNATURE;
use crate::facts::sign;
use crate::items::ItemRef;
use crate::query::QueryError;
use crate::signers::{KeyProof, Person};
use groma_base::is_date;
use rustc_hash::{FxHashMap, FxHashSet};

/// A signature as it is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Signature<'a> {
    /// Where.
    pub at: ItemRef,
    /// What was signed.
    pub target: &'a str,
    /// In which role.
    pub role: &'a str,
    /// Who signed, as written.
    pub by: &'a str,
    /// The same, read.
    pub person: Person<'a>,
    /// On which day.
    pub on: &'a str,
    /// What it binds.
    pub hash: &'a str,
    /// Its signature with a key, if it has one.
    pub key: Option<&'a str>,
    /// The decision or request for comments that it is about, if its target is the name of one.
    pub record: Option<ItemRef>,
}

impl Signature<'_> {
    /// What its key proves.
    pub fn proof(&self, arch: &Architecture) -> KeyProof {
        let message = message(self.target, self.role, &self.person, self.on, self.hash);
        arch.signers.proof(self.key, &self.person, self.on, &message)
    }
}

/// Why a signature says nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unreadable {
    /// It does not give this fact.
    Missing(&'static str),
    /// `by` is no person.
    Person,
    /// `hash` is none.
    Hash,
    /// `form` is not known.
    Form,
}

impl std::fmt::Display for Unreadable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Unreadable::Missing(fact) => write!(f, "it has no `{fact}`"),
            Unreadable::Person => f.write_str("`by` is no name with an address, such as `Ana Ruiz <ana@example.org>`"),
            Unreadable::Hash => f.write_str("`hash` is not `sha256:` with 64 digits from 0 to f"),
            Unreadable::Form => write!(f, "this version of Groma knows no `form` but {FORM}"),
        }
    }
}

/// How a signature stands to what there is today.
#[derive(Clone, PartialEq, Debug)]
pub enum Standing {
    /// What was signed is as it was.
    Valid,
    /// It has changed; this is its form today.
    Lapsed(String),
    /// There is nothing of it any more.
    Gone,
    /// Its target is no query, or names what there is not.
    Wrong(QueryError),
}

/// The signatures of an architecture.
pub struct Signatures<'a> {
    /// Those that can be read, in the order of the text, each with how it stands.
    pub all: Vec<(Signature<'a>, Standing)>,
    /// Those that cannot.
    pub unreadable: Vec<(ItemRef, Unreadable)>,
    /// Of those that can be read, which later ones took the place of.
    replaced: Vec<bool>,
}

impl<'a> Signatures<'a> {
    /// Reads them, and compares each with what there is.
    pub fn of(arch: &'a Architecture) -> Signatures<'a> {
        let (mut all, mut unreadable) = (Vec::new(), Vec::new());
        for at in arch.item_refs().filter(|at| arch.item(*at).kind.is(&SIGNATURE)) {
            match read(arch, at) {
                Ok(signature) => all.push(signature),
                Err(why) => unreadable.push((at, why)),
            }
        }
        if all.is_empty() {
            return Signatures { all: Vec::new(), unreadable, replaced: Vec::new() };
        }
        let forms = Forms::new(arch);
        let stand = |signature: Signature<'a>| (signature, standing(&forms, arch, &signature));
        let all: Vec<(Signature<'a>, Standing)> = all.into_iter().map(stand).collect();
        Signatures { replaced: replaced(arch, &all), all, unreadable }
    }

    /// Whether a later signature about the same in the same role took the place of one: of the same person, or, where it no longer holds, one
    /// of another that does.
    pub fn is_replaced(&self, nth: usize) -> bool {
        self.replaced[nth]
    }
}

/// Which of some signatures later ones took the place of.
fn replaced(arch: &Architecture, all: &[(Signature<'_>, Standing)]) -> Vec<bool> {
    let mut alike: FxHashMap<(Option<ItemRef>, &str, &str), Vec<usize>> = FxHashMap::default();
    for (nth, (one, _)) in all.iter().enumerate() {
        let words = if one.record.is_some() { "" } else { one.target };
        alike.entry((one.record, words, one.role)).or_default().push(nth);
    }
    let mut found = vec![false; all.len()];
    for mut group in alike.into_values() {
        group.sort_by_key(|nth| (all[*nth].0.on, *nth));
        // From the last on: who has signed later, and whether one of these is valid.
        let (mut later, mut is_valid): (FxHashSet<String>, bool) = (FxHashSet::default(), false);
        for nth in group.into_iter().rev() {
            let (signature, standing) = &all[nth];
            // What a key does not prove takes no place.
            if signature.key.is_some() && matches!(signature.proof(arch), KeyProof::Bad(_)) {
                continue;
            }
            let is_first = later.insert(signature.person.mail.to_ascii_lowercase());
            found[nth] = !is_first || is_valid && *standing != Standing::Valid;
            is_valid |= *standing == Standing::Valid;
        }
    }
    found
}

/// A signature as it is written, if it can be read.
fn read(arch: &Architecture, at: ItemRef) -> Result<Signature<'_>, Unreadable> {
    let text = |fact: &'static crate::schema::Fact| arch.text(at, fact).ok_or(Unreadable::Missing(fact.name));
    let (target, role, by, on) = (text(&sign::TARGET)?, text(&sign::ROLE)?, text(&sign::BY)?, text(&sign::ON)?);
    let hash = text(&sign::HASH)?;
    let form = arch.quantity(at, &sign::FORM).ok_or(Unreadable::Missing(sign::FORM.name))?;
    if form.high != f64::from(FORM) {
        return Err(Unreadable::Form);
    }
    if !is_hash(hash) {
        return Err(Unreadable::Hash);
    }
    let person = Person::read(by).ok_or(Unreadable::Person)?;
    let target = target.trim();
    let (key, record) = (arch.text(at, &sign::SIGNATURE), record(arch, target));
    Ok(Signature { at, target, role, by, person, on, hash, key, record })
}

fn standing(forms: &Forms<'_>, arch: &Architecture, signature: &Signature<'_>) -> Standing {
    // A day that is none is told where the text is read.
    let day = if is_date(signature.on) { signature.on } else { "2026-01-01" };
    let things = match target(arch, signature.target, day) {
        Ok(Target::Things(things)) if things.is_empty() => return Standing::Gone,
        Ok(target) => target,
        // A record that got another number, or that was taken out.
        Err(_) if is_number_of_record(signature.target) => return Standing::Gone,
        Err(error) => return Standing::Wrong(error),
    };
    let form = forms.of(&things);
    if hash(&form) == signature.hash { Standing::Valid } else { Standing::Lapsed(form) }
}

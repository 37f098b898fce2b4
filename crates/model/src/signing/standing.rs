//! Whether what was signed is still so.

use super::target::{is_number_of_record, is_shared_number, record};
use super::{FORM, Forms, Target, hash, is_hash, message, target};
use crate::Architecture;
use crate::facts::sign;
use crate::items::ItemRef;
use crate::query::QueryError;
use crate::signers::{KeyProof, Person};
use groma_base::is_date;

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

    /// Whether its target is the number of a record that others have as well: then it is about the first of them.
    pub fn is_of_shared_number(&self, arch: &Architecture) -> bool {
        self.record.is_some_and(|at| is_shared_number(arch, at, self.target))
    }

    /// Whether its day is still to come on another.
    pub fn is_after(&self, today: &str) -> bool {
        self.on > today
    }
}

/// A signature that cannot be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Unread<'a> {
    /// Where.
    pub at: ItemRef,
    /// Why not.
    pub why: Unreadable,
    /// The target, the role and the person, if these can be read.
    pub about: Option<(&'a str, &'a str, Person<'a>)>,
    /// On which day it was given, if that is said.
    pub on: Option<&'a str>,
    /// The decision or request for comments that it is about, if its target is the name of one.
    pub record: Option<ItemRef>,
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

/// What can be read of a signature that cannot be read as a whole.
pub(super) fn unread(arch: &Architecture, at: ItemRef, why: Unreadable) -> Unread<'_> {
    let text = |fact| arch.text(at, fact).map(str::trim);
    let about = text(&sign::TARGET).zip(text(&sign::ROLE)).zip(text(&sign::BY).and_then(Person::read));
    let about = about.map(|((target, role), person)| (target, role, person));
    let record = about.and_then(|(target, ..)| record(arch, target));
    Unread { at, why, about, on: text(&sign::ON), record }
}

/// A signature as it is written, if it can be read.
pub(super) fn read(arch: &Architecture, at: ItemRef) -> Result<Signature<'_>, Unreadable> {
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

pub(super) fn standing(forms: &Forms<'_>, arch: &Architecture, signature: &Signature<'_>) -> Standing {
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

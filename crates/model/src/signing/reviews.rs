//! Who of those that a request for comments asks has signed it.

use super::person::{is_same_role, mail_of};
use super::replaced::Signatures;
use super::standing::{Signature, Standing};
use super::{may_sign, roles_of};
use crate::Architecture;
use crate::facts::rfc;
use crate::items::{FactValue, ItemRef};
use crate::signers::KeyProof;

/// What somebody who is asked has said.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Answer {
    /// It is signed as it is.
    Signed,
    /// It was signed, and has changed since.
    Lapsed,
    /// It was signed by somebody who may not, or with a key that proves nothing.
    Bad,
    /// Nobody has signed it.
    Owed,
}

/// Somebody who is asked to review a request for comments, and what they said.
#[derive(Clone, Copy, Debug)]
pub struct Review<'a> {
    /// Where it is said who is asked.
    pub asked: &'a FactValue,
    /// The role as it is written; or the person, where no role is named.
    pub role: &'a str,
    /// Who reviews in that role, if that is said.
    pub who: Option<&'a str>,
    /// The role as it is signed, such as `lead-backend`; `None` if nobody has it, and for a person.
    pub signs_as: Option<&'a str>,
    /// Whether somebody of the teams can sign it: the role is one of a member, or the person is a member.
    pub is_known: bool,
    /// How it stands.
    pub answer: Answer,
    /// The signature that says so; `None` if there is none.
    pub signature: Option<Signature<'a>>,
}

/// Who is asked to review a request for comments, in the order of its text, each with the signature that says most.
pub fn reviews<'a>(arch: &'a Architecture, signatures: &Signatures<'a>, at: ItemRef) -> Vec<Review<'a>> {
    let own: Vec<(Signature<'a>, Answer)> = signatures
        .all
        .iter()
        .enumerate()
        .filter(|(nth, (one, _))| one.record == Some(at) && !signatures.is_replaced(*nth))
        .map(|(_, (one, standing))| (*one, answer(arch, one, standing)))
        .collect();
    arch.values_of(at, &rfc::REVIEWER).map(|asked| review(arch, &own, (at, asked))).collect()
}

fn review<'a>(
    arch: &'a Architecture,
    own: &[(Signature<'a>, Answer)],
    (at, asked): (ItemRef, &'a FactValue),
) -> Review<'a> {
    let role = arch.words(at, asked);
    let signs_as = roles_of(arch).into_iter().find(|known| is_same_role(known, role));
    let person = if signs_as.is_none() { mail_of(arch, role) } else { None };
    let is_of = |one: &Signature<'a>| {
        is_same_role(one.role, role) || person.is_some_and(|mail| one.person.mail.eq_ignore_ascii_case(mail))
    };
    let best = own.iter().filter(|(one, _)| is_of(one)).min_by_key(|(_, answer)| *answer as u8);
    Review {
        asked,
        role,
        who: arch.part_of(at, asked, &rfc::REVIEWER_WHO),
        signs_as,
        is_known: signs_as.is_some() || person.is_some(),
        answer: best.map_or(Answer::Owed, |(_, answer)| *answer),
        signature: best.map(|(one, _)| *one),
    }
}

fn answer(arch: &Architecture, one: &Signature<'_>, standing: &Standing) -> Answer {
    match standing {
        Standing::Valid if !may_sign(arch, &one.person, one.role) => Answer::Bad,
        Standing::Valid if matches!(one.proof(arch), KeyProof::Bad(_)) => Answer::Bad,
        Standing::Valid => Answer::Signed,
        Standing::Lapsed(_) | Standing::Gone => Answer::Lapsed,
        Standing::Wrong(_) => Answer::Bad,
    }
}

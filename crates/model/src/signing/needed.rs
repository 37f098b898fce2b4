//! Which signatures the steps of pipelines need, and whether they are given.

use super::{Forms, Signature, Signatures, Standing, hash, may_sign, roles_of, target};
use crate::Architecture;
use crate::facets::pipelines::facts::stage;
use crate::items::{FactValue, ItemRef};
use crate::query::QueryError;
use crate::signers::KeyProof;

/// The day of queries that ask for an age.
const ANY_DAY: &str = "2026-01-01";

/// A signature that a step of a pipeline needs.
#[derive(Clone, Debug)]
pub struct Needed<'a> {
    /// The step.
    pub step: ItemRef,
    /// Where that is said.
    pub said: &'a FactValue,
    /// In which role.
    pub role: &'a str,
    /// Of what, if that is said.
    pub of: Option<&'a str>,
    /// Whether it must be given with a known key.
    pub with_key: bool,
    /// How it stands.
    pub stands: Need<'a>,
}

impl Needed<'_> {
    /// Whether it is given on a day.
    pub fn is_met(&self, today: &str) -> bool {
        matches!(self.stands, Need::Given(day) if day <= today)
    }
}

/// How a signature that is needed stands.
#[derive(Clone, PartialEq, Debug)]
pub enum Need<'a> {
    /// It is given, from this day on.
    Given(&'a str),
    /// Nobody has signed it as it is.
    Owed,
    /// It is not said of what.
    OfNothing,
    /// Nobody has the role.
    NobodyHasRole,
    /// What it is of selects nothing.
    SelectsNothing,
    /// What it is of is no query.
    NoQuery(QueryError),
}

/// The signatures that steps of pipelines need, in the order of the text.
pub fn needed<'a>(arch: &'a Architecture, signatures: &Signatures<'a>) -> Vec<Needed<'a>> {
    let stages = arch.pipelines.iter().flat_map(|pipeline| pipeline.stages.iter().map(|stage| stage.at));
    let said: Vec<(ItemRef, &FactValue)> =
        stages.flat_map(|at| arch.values_of(at, &stage::NEEDS_SIGNATURE).map(move |said| (at, said))).collect();
    if said.is_empty() {
        return Vec::new();
    }
    let forms = Forms::new(arch);
    let one = |(step, said): (ItemRef, &'a FactValue)| {
        let role = arch.words(step, said);
        let of = arch.part_of(step, said, &stage::SIGNATURE_OF);
        let with_key = arch.part_value_of(step, said, &stage::WITH_KEY).and_then(FactValue::flag) == Some(true);
        let stands = of.map_or(Need::OfNothing, |of| stands(arch, &forms, signatures, (of, role, with_key)));
        Needed { step, said, role, of, with_key, stands }
    };
    said.into_iter().map(one).collect()
}

fn stands<'a>(
    arch: &Architecture,
    forms: &Forms<'_>,
    signatures: &Signatures<'a>,
    (of, role, with_key): (&str, &str, bool),
) -> Need<'a> {
    if !roles_of(arch).contains(&role) {
        return Need::NobodyHasRole;
    }
    let meant = match target(arch, of, ANY_DAY) {
        Ok(meant) => meant,
        Err(error) => return Need::NoQuery(error),
    };
    if meant.things().is_empty() {
        return Need::SelectsNothing;
    }
    let day = first_day(arch, signatures, &hash(&forms.of(&meant)), role, with_key);
    day.map_or(Need::Owed, Need::Given)
}

/// The first day on which somebody who may signed what has this hash in a role, with a known key if it must be one.
fn first_day<'a>(
    arch: &Architecture,
    signatures: &Signatures<'a>,
    hash: &str,
    role: &str,
    with_key: bool,
) -> Option<&'a str> {
    let holds = |one: &Signature<'_>| match one.proof(arch) {
        KeyProof::Proven => true,
        KeyProof::NoKey | KeyProof::Unknown(_) => !with_key,
        KeyProof::Bad(_) => false,
    };
    let valid = signatures.all.iter().filter(|(_, standing)| *standing == Standing::Valid).map(|(one, _)| one);
    let given = valid.filter(|one| (one.hash, one.role) == (hash, role) && may_sign(arch, &one.person, role));
    given.filter(|one| holds(one)).map(|one| one.on).min()
}

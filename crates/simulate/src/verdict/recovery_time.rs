//! How long a recovery takes, and how much is lost: as simulated, or as declared where nothing is said that could be simulated.

use super::reason::{AfterFailure, Basis, Unknown};
use crate::forecast::Run;
use crate::requirement::Requirement;
use crate::stats::Estimate;
use groma_model::schema::Fact;
use groma_model::{Architecture, facts};

/// How long it takes from the beginning of a failure until all is as before.
pub(super) fn recovery_time(
    arch: &Architecture,
    one: &Requirement,
    run: Option<&Run>,
) -> Result<(Estimate, Basis), Unknown> {
    let declared = || declared_recovery(arch, one, &facts::failure::RTO);
    if let Some(reason) = run.and_then(Run::not_simulated) {
        return Err(reason.clone().into());
    }
    if let Some(run) = run.filter(|run| run.cycle > 0.0 && one.failure.is_some() && run.timeline().is_some()) {
        return Err(Unknown::RecoveryInTurns { cycle: run.cycle });
    }
    let line = run.and_then(Run::timeline);
    let (Some(line), Some(failure)) = (line, one.failure) else { return declared() };
    let (Some(recovery), Some((begin, end))) = (line.recovery_of(one), line.trouble) else {
        return declared();
    };
    let failure = arch.title(arch.records[failure].at).to_owned();
    let after = Box::new(AfterFailure { failure, lasts: end - begin, recovery: recovery.clone() });
    match &recovery.took {
        Some(took) if recovery.recovered == recovery.of => Ok((took.clone(), Basis::Recovery(after))),
        // What comes out now so, now so has no time.
        _ if recovery.recovered > 0 => Ok((Estimate::exact(f64::INFINITY), Basis::Recovery(after))),
        _ if recovery.is_untold => Err(Unknown::Recovery(after)),
        _ if recovery.stuck == 0 && one.limit > end - begin + recovery.observed => Err(Unknown::WatchedTooShort(after)),
        _ => Ok((Estimate::exact(f64::INFINITY), Basis::Recovery(after))),
    }
}

/// What a failure's `recovery` promises in one of its facts.
pub(super) fn declared_recovery(
    arch: &Architecture,
    one: &Requirement,
    fact: &'static Fact,
) -> Result<(Estimate, Basis), Unknown> {
    let at = one.failure.map(|at| arch.records[at].at).ok_or(Unknown::NoFailure)?;
    let given =
        arch.values_of(at, &facts::failure::RECOVERY).filter_map(|value| arch.part_value_of(at, value, fact)?.number());
    let longest = given.fold(None, |most: Option<f64>, one| Some(most.map_or(one, |most| most.max(one))));
    let longest = longest.ok_or(Unknown::NoRecovery { fact: fact.name })?;
    Ok((Estimate::exact(longest), Basis::DeclaredRecovery))
}

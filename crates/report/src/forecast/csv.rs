//! A forecast as a table of verdicts.

use crate::quoted;
use groma_model::Architecture;
use groma_simulate::{Degraded, Estimate, Report};

/// The verdicts as CSV, one a row.
pub fn csv(arch: &Architecture, report: &Report) -> String {
    let mut out =
        "quality,metric,subject,load,failure,side,limit,verdict,value,low,high,reason-kind,reason,degraded,stale\n"
            .to_owned();
    for one in &report.judgements {
        let number =
            |of: fn(&Estimate) -> f64| one.estimate.as_ref().map(|one| of(one).to_string()).unwrap_or_default();
        let on_fallback =
            |of: fn(&Degraded) -> &Estimate| one.degraded().map(|one| of(one).value.to_string()).unwrap_or_default();
        out.push_str(&format!(
            "{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}\n",
            quoted(arch.name(one.quality)),
            one.metric,
            quoted(&one.subject),
            quoted(one.load.map_or("", |load| arch.name(arch.records[load].at))),
            quoted(one.failure.map_or("", |failure| arch.name(arch.records[failure].at))),
            if one.upper { "under" } else { "over" },
            one.limit,
            quoted(one.verdict.word()),
            number(|one| one.value),
            number(|one| one.low),
            number(|one| one.high),
            super::typed::reason_kind(&one.reason),
            quoted(&one.reason.to_string()),
            on_fallback(|one| &one.share),
            on_fallback(|one| &one.stale)
        ));
    }
    out
}

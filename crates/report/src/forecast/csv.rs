//! A forecast as a table of verdicts.

use super::json::quality_of;
use super::rounded;
use crate::quoted;
use groma_model::Architecture;
use groma_session::WhatIf;
use groma_simulate::{Degraded, Estimate, Report};

/// The verdicts as CSV, one a row; those with changes stand below those of today.
pub fn csv(arch: &Architecture, report: &Report, what_if: Option<&WhatIf>) -> String {
    let mut out = "quality,metric,subject,flow,of,load,failure,side,limit,verdict,value,low,high,reason-kind,reason,degraded,stale,what-if\n"
        .to_owned();
    rows(arch, report, "", &mut out);
    if let Some(what_if) = what_if {
        rows(arch, &what_if.report, &what_if.words.join(" "), &mut out);
    }
    out
}

fn rows(arch: &Architecture, report: &Report, what_if: &str, out: &mut String) {
    for one in &report.judgements {
        let number =
            |of: fn(&Estimate) -> f64| one.estimate.as_ref().map(|one| of(one).to_string()).unwrap_or_default();
        let on_fallback =
            |of: fn(&Degraded) -> &Estimate| one.degraded().map(|one| of(one).value.to_string()).unwrap_or_default();
        out.push_str(&format!(
            "{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}\n",
            quoted(quality_of(arch, one).unwrap_or_default()),
            one.metric,
            quoted(&one.subject),
            quoted(one.flow.map_or("", |flow| arch.name(arch.flows[flow].at))),
            quoted(one.of.map_or("", |of| &arch.element(of).path)),
            quoted(one.load.map_or("", |load| arch.name(arch.records[load].at))),
            quoted(one.failure.map_or("", |failure| arch.name(arch.records[failure].at))),
            if one.upper { "under" } else { "over" },
            rounded(one.limit),
            quoted(one.verdict.word()),
            number(|one| one.value),
            number(|one| one.low),
            number(|one| one.high),
            super::typed::reason_kind(&one.reason),
            quoted(&one.reason.to_string()),
            on_fallback(|one| &one.share),
            on_fallback(|one| &one.stale),
            quoted(what_if)
        ));
    }
}

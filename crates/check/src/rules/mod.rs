//! The registry. A rule is a file of code, a page beside it, and its word in this list.

use crate::Rule;

/// Declares the rule of a file: severity, summary and, unless the reader of the text finds it, the function. The
/// word `whole` says that a finding may depend on anything, not only on what is near it, `numbers` that it may depend on
/// the numbers of anything: see [`crate::Reach`].
///
/// `absence`, `absence_of_use` and `absence_of_place` say that it finds something missing: see [`crate::Absence`].
/// `blocks_forecast` says that there is no forecast where it finds something: see [`Rule::blocks_forecast`].
macro_rules! declare {
    (@reach) => { crate::Reach::Near };
    (@reach whole $($rest:ident)*) => { crate::Reach::Whole };
    (@reach numbers $($rest:ident)*) => { crate::Reach::Numbers };
    (@reach $other:ident $($rest:ident)*) => { super::declare!(@reach $($rest)*) };
    (@absence) => { None };
    (@absence absence $($rest:ident)*) => { Some(crate::Absence::OfPart) };
    (@absence absence_of_use $($rest:ident)*) => { Some(crate::Absence::OfUse) };
    (@absence absence_of_place $($rest:ident)*) => { Some(crate::Absence::OfPlace) };
    (@absence $other:ident $($rest:ident)*) => { super::declare!(@absence $($rest)*) };
    (@blocks) => { false };
    (@blocks blocks_forecast $($rest:ident)*) => { true };
    (@blocks $other:ident $($rest:ident)*) => { super::declare!(@blocks $($rest)*) };
    (@rule $severity:ident, $summary:literal, $check:expr, $reach:expr, $($word:ident)*) => {
        pub(super) const SEVERITY: Severity = Severity::$severity;
        pub(super) const SUMMARY: &str = $summary;
        pub(super) const CHECK: Option<fn(&mut crate::Context<'_>)> = $check;
        pub(super) const REACH: crate::Reach = $reach;
        pub(super) const ABSENCE: Option<crate::Absence> = super::declare!(@absence $($word)*);
        pub(super) const BLOCKS_FORECAST: bool = super::declare!(@blocks $($word)*);
    };
    ($severity:ident, $summary:literal) => {
        super::declare!(@rule $severity, $summary, None, crate::Reach::Whole,);
    };
    ($severity:ident, $summary:literal, blocks_forecast) => {
        super::declare!(@rule $severity, $summary, None, crate::Reach::Whole, blocks_forecast);
    };
    ($severity:ident, $summary:literal, $check:ident $(, $word:ident)*) => {
        super::declare!(@rule $severity, $summary, Some($check), super::declare!(@reach $($word)*), $($word)*);
    };
}
use declare;

/// The name of a rule: that of its file with hyphens for underscores.
macro_rules! hyphens {
    ($module:ident) => {{
        const WORD: &str = stringify!($module);
        const BYTES: [u8; WORD.len()] = crate::rules::with_hyphens(WORD.as_bytes());
        match std::str::from_utf8(&BYTES) {
            Ok(name) => name,
            Err(_) => WORD,
        }
    }};
}

macro_rules! rules {
    ($($module:ident,)*) => {
        $(mod $module;)*

        /// Every rule, in the order of the alphabet.
        pub static RULES: &[Rule] = &[
            $(Rule {
                name: hyphens!($module),
                severity: $module::SEVERITY,
                summary: $module::SUMMARY,
                check: $module::CHECK,
                reach: $module::REACH,
                absence: $module::ABSENCE,
                blocks_forecast: $module::BLOCKS_FORECAST,
                page: include_str!(concat!(stringify!($module), ".md")),
            },)*
        ];
    };
}

const fn with_hyphens<const LENGTH: usize>(word: &[u8]) -> [u8; LENGTH] {
    let mut out = [0; LENGTH];
    let mut at = 0;
    while at < LENGTH {
        out[at] = if word[at] == b'_' { b'-' } else { word[at] };
        at += 1;
    }
    out
}

mod entry;
mod graph;
mod limits;
mod reach;
mod users;

rules! {
    broken_call_chain,
    broken_objective,
    circular_wait,
    component_misses_container,
    component_misses_store,
    contradicting_numbers,
    contradicting_placement,
    contradictory_recovery,
    cross_region_call,
    dead_end_step,
    direct_call_between_services,
    distributed_monolith,
    duplicate_name,
    empty_flow,
    empty_view,
    exhausted_connections,
    expired_allow,
    god_service,
    idle_failure,
    impossible_latency,
    impossible_law,
    incomplete_load,
    layer_violation,
    lonely_actor,
    lonely_element,
    loose_alert,
    misplaced,
    missing_description,
    missing_owner,
    missing_part,
    missing_technology,
    mixed_levels,
    open_entry,
    open_question,
    overcommitted_host,
    overloaded,
    relation_to_own_part,
    repeated_fact,
    repeated_relationship,
    retry_amplification,
    retry_of_final_error,
    retry_without_backoff,
    shared_database,
    short_timeout,
    sleeping_breaker,
    stale_read,
    step_without_relation,
    synchronous_cycle,
    syntax,
    technology_without_version,
    too_many_languages,
    too_many_services,
    unasked_reply,
    undeployed_container,
    unencrypted_crossing,
    unencrypted_store,
    unexplained_allow,
    unguarded_dependency,
    unjustified_complexity,
    unknown_rule,
    unknown_word,
    unlabelled_relation,
    unlimited_entry,
    unmeasured_quality,
    unnested_timeouts,
    unreachable_availability,
    unreached_container,
    unrealized_requirement,
    unresolved_fallback,
    unresolved_name,
    unused_allow,
    weak_load_test,
    wrong_limit,
    wrong_query,
    wrong_value,
    zero_capacity,
}

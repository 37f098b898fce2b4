//! The registry. A rule is a file of code, a page beside it, and its two lines here. One that is renamed leaves its old
//! name in [`ALIASES`].

use crate::{Context, Rule};
use groma_model::{Architecture, ItemRef};

pub(crate) use expired_allow::RULE as EXPIRED_ALLOW;
pub(crate) use unexplained_allow::RULE as UNEXPLAINED_ALLOW;
pub(crate) use unknown_rule::RULE as UNKNOWN_RULE;
pub(crate) use unused_allow::RULE as UNUSED_ALLOW;
pub(crate) use wrong_query::RULE as WRONG_QUERY;

// What several rules need.
mod choices;
mod encryption;
mod entry;
mod graph;
mod limits;
mod repeats;
mod team;
mod technologies;
mod users;
mod ways;

// The rules.
mod ambiguous_relationship;
mod blocking_model_call;
mod broken_call_chain;
mod build_or_buy_mismatch;
mod captured_path;
mod choice_against_record;
mod circular_load;
mod circular_supersession;
mod circular_wait;
mod component_misses_container;
mod component_misses_store;
mod contradicting_decisions;
mod contradicting_numbers;
mod contradicting_placement;
mod contradicting_qualities;
mod contradicting_record;
mod contradictory_recovery;
mod cross_region_call;
mod dead_end_step;
mod decision_against_radar;
mod decision_not_in_force;
mod decision_record;
mod direct_call_between_services;
mod distributed_monolith;
mod doubled_service;
mod duplicate_name;
mod empty_flow;
mod empty_host;
mod empty_view;
mod exceeded_platform_limit;
mod exhausted_connections;
mod expired_allow;
mod fewer_users;
mod foreign_autoscaler;
mod god_service;
mod idle_decision;
mod impossible_choice;
mod impossible_distribution;
mod impossible_latency;
mod incomplete_choice;
mod incomplete_decision;
mod incomplete_load;
mod incomplete_rfc;
mod inconsistent_slo;
mod ineffective_breaker;
mod ineffective_fact;
mod ineffective_failure;
mod ineffective_layer;
mod ineffective_limit;
mod insufficient_load_test;
mod invalid_signature;
mod lapsed_signature;
mod layer_violation;
mod lenient_alert;
mod lonely_actor;
mod lonely_element;
mod misplaced;
mod missing_description;
mod missing_evidence;
mod missing_fact;
mod missing_owner;
mod missing_part;
mod missing_technology;
mod misspelt_word;
mod mixed_levels;
mod open_entry;
mod open_question;
mod overcommitted_host;
mod overdue;
mod overdue_review;
mod overlapping_technologies;
mod overloaded;
mod owed_decision;
mod prose;
mod relation_to_own_part;
mod renamed_fact;
mod repeated_fact;
mod repeated_relationship;
mod retry_amplification;
mod retry_of_final_error;
mod retry_without_backoff;
mod rfc_record;
mod shared_database;
mod short_timeout;
mod stale_proposal;
mod stale_read;
mod step_without_relation;
mod synchronous_cycle;
mod syntax;
mod technology_beside_radar;
mod technology_on_hold;
mod technology_without_version;
mod too_many_languages;
mod too_many_services;
mod unanswered_constraint;
mod unchecked_replicas;
mod unclear_fact;
mod unclear_kit;
mod unclear_retry;
mod unclear_standard;
mod unclear_technology;
mod unclear_term;
mod undecided_choice;
mod undecided_rfc;
mod undeployed_container;
mod unencrypted_crossing;
mod unencrypted_store;
mod unexpected_reply;
mod unexplained_allow;
mod unfamiliar_technology;
mod unfollowed_decision;
mod unguarded_dependency;
mod unjudged_failure;
mod unjustified_complexity;
mod unknown_owner;
mod unknown_rule;
mod unknown_signer;
mod unknown_technology;
mod unknown_word;
mod unlabelled_relation;
mod unlimited_entry;
mod unmatched_connection;
mod unmeasured_quality;
mod unmet_compliance;
mod unmet_standard;
mod unnested_timeouts;
mod unpermitted_technology;
mod unreachable_availability;
mod unreached_container;
mod unreached_store;
mod unrealized_requirement;
mod unreasoned_technology;
mod unresolved_fallback;
mod unresolved_name;
mod unreviewed_rfc;
mod unsafe_retry;
mod unscored_option;
mod unsigned_step;
mod unsourced_constraint;
mod unsupported_technology;
mod unused_allow;
mod wrong_limit;
mod wrong_query;
mod wrong_value;
mod zero_capacity;

/// Every rule, in the order of the alphabet.
pub static RULES: &[&Rule] = &[
    &ambiguous_relationship::RULE,
    &blocking_model_call::RULE,
    &broken_call_chain::RULE,
    &build_or_buy_mismatch::RULE,
    &captured_path::RULE,
    &choice_against_record::RULE,
    &circular_load::RULE,
    &circular_supersession::RULE,
    &circular_wait::RULE,
    &component_misses_container::RULE,
    &component_misses_store::RULE,
    &contradicting_decisions::RULE,
    &contradicting_numbers::RULE,
    &contradicting_placement::RULE,
    &contradicting_qualities::RULE,
    &contradicting_record::RULE,
    &contradictory_recovery::RULE,
    &cross_region_call::RULE,
    &dead_end_step::RULE,
    &decision_against_radar::RULE,
    &decision_not_in_force::RULE,
    &decision_record::RULE,
    &direct_call_between_services::RULE,
    &distributed_monolith::RULE,
    &doubled_service::RULE,
    &duplicate_name::RULE,
    &empty_flow::RULE,
    &empty_host::RULE,
    &empty_view::RULE,
    &exceeded_platform_limit::RULE,
    &exhausted_connections::RULE,
    &expired_allow::RULE,
    &fewer_users::RULE,
    &foreign_autoscaler::RULE,
    &god_service::RULE,
    &idle_decision::RULE,
    &impossible_choice::RULE,
    &impossible_distribution::RULE,
    &impossible_latency::RULE,
    &incomplete_choice::RULE,
    &incomplete_decision::RULE,
    &incomplete_load::RULE,
    &incomplete_rfc::RULE,
    &inconsistent_slo::RULE,
    &ineffective_breaker::RULE,
    &ineffective_fact::RULE,
    &ineffective_failure::RULE,
    &ineffective_layer::RULE,
    &ineffective_limit::RULE,
    &insufficient_load_test::RULE,
    &invalid_signature::RULE,
    &lapsed_signature::RULE,
    &layer_violation::RULE,
    &lenient_alert::RULE,
    &lonely_actor::RULE,
    &lonely_element::RULE,
    &misplaced::RULE,
    &missing_description::RULE,
    &missing_evidence::RULE,
    &missing_fact::RULE,
    &missing_owner::RULE,
    &missing_part::RULE,
    &missing_technology::RULE,
    &misspelt_word::RULE,
    &mixed_levels::RULE,
    &open_entry::RULE,
    &open_question::RULE,
    &overcommitted_host::RULE,
    &overdue::RULE,
    &overdue_review::RULE,
    &overlapping_technologies::RULE,
    &overloaded::RULE,
    &owed_decision::RULE,
    &relation_to_own_part::RULE,
    &renamed_fact::RULE,
    &repeated_fact::RULE,
    &repeated_relationship::RULE,
    &retry_amplification::RULE,
    &retry_of_final_error::RULE,
    &retry_without_backoff::RULE,
    &rfc_record::RULE,
    &shared_database::RULE,
    &short_timeout::RULE,
    &stale_proposal::RULE,
    &stale_read::RULE,
    &step_without_relation::RULE,
    &synchronous_cycle::RULE,
    &syntax::RULE,
    &technology_beside_radar::RULE,
    &technology_on_hold::RULE,
    &technology_without_version::RULE,
    &too_many_languages::RULE,
    &too_many_services::RULE,
    &unanswered_constraint::RULE,
    &unchecked_replicas::RULE,
    &unclear_fact::RULE,
    &unclear_kit::RULE,
    &unclear_retry::RULE,
    &unclear_standard::RULE,
    &unclear_technology::RULE,
    &unclear_term::RULE,
    &undecided_choice::RULE,
    &undecided_rfc::RULE,
    &undeployed_container::RULE,
    &unencrypted_crossing::RULE,
    &unencrypted_store::RULE,
    &unexpected_reply::RULE,
    &unexplained_allow::RULE,
    &unfamiliar_technology::RULE,
    &unfollowed_decision::RULE,
    &unguarded_dependency::RULE,
    &unjudged_failure::RULE,
    &unjustified_complexity::RULE,
    &unknown_owner::RULE,
    &unknown_rule::RULE,
    &unknown_signer::RULE,
    &unknown_technology::RULE,
    &unknown_word::RULE,
    &unlabelled_relation::RULE,
    &unlimited_entry::RULE,
    &unmatched_connection::RULE,
    &unmeasured_quality::RULE,
    &unmet_compliance::RULE,
    &unmet_standard::RULE,
    &unnested_timeouts::RULE,
    &unpermitted_technology::RULE,
    &unreachable_availability::RULE,
    &unreached_container::RULE,
    &unreached_store::RULE,
    &unrealized_requirement::RULE,
    &unreasoned_technology::RULE,
    &unresolved_fallback::RULE,
    &unresolved_name::RULE,
    &unreviewed_rfc::RULE,
    &unsafe_retry::RULE,
    &unscored_option::RULE,
    &unsigned_step::RULE,
    &unsourced_constraint::RULE,
    &unsupported_technology::RULE,
    &unused_allow::RULE,
    &wrong_limit::RULE,
    &wrong_query::RULE,
    &wrong_value::RULE,
    &zero_capacity::RULE,
];

/// Older names of rules, each with the name of today: they are understood wherever a rule is named, and written nowhere.
pub static ALIASES: &[(&str, &str)] = &[
    ("broken-objective", "inconsistent-slo"),
    ("idle-failure", "ineffective-failure"),
    ("impossible-law", "impossible-distribution"),
    ("loose-alert", "lenient-alert"),
    ("sleeping-breaker", "ineffective-breaker"),
    ("unasked-reply", "unexpected-reply"),
    ("weak-load-test", "insufficient-load-test"),
];

/// What is looked for anew on each day that is asked about: on it depends what is found, and not only from when until when it counts
/// ([`groma_base::Diagnostic::days`]).
pub(crate) static OF_DAYS: [OnDay; 1] = [(&unmet_standard::RULE, unmet_standard::check_on)];

/// The rules whose findings come of what a kit demands of all that include it, each with what demands it. Who includes a kit can neither
/// switch them off nor take them more lightly as a whole.
pub(crate) static OF_KITS: [OfKit; 7] = [
    (&decision_against_radar::RULE, decision_against_radar::asked_of),
    (&missing_fact::RULE, missing_fact::required),
    (&technology_beside_radar::RULE, technology_beside_radar::of_radar),
    (&technology_on_hold::RULE, technology_on_hold::on_hold),
    (&unknown_technology::RULE, technology_beside_radar::of_radar),
    (&unmet_standard::RULE, unmet_standard::standards),
    (&unpermitted_technology::RULE, unpermitted_technology::to_be_permitted),
];

/// A rule, and the declarations of which its findings come.
pub(crate) type OfKit = (&'static Rule, fn(&Architecture) -> Vec<ItemRef>);

/// A rule, and what finds that of it on a day.
pub(crate) type OnDay = (&'static Rule, fn(&mut Context<'_>, &str));

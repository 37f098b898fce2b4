//! The registry. A rule is a file of code, a page beside it, and its two lines here.

use crate::Rule;

// What several rules need.
mod entry;
mod graph;
mod limits;
mod users;
mod ways;

// The rules.
mod broken_call_chain;
mod broken_objective;
mod captured_path;
mod circular_load;
mod circular_wait;
mod component_misses_container;
mod component_misses_store;
mod contradicting_numbers;
mod contradicting_placement;
mod contradictory_recovery;
mod cross_region_call;
mod dead_end_step;
mod direct_call_between_services;
mod distributed_monolith;
mod duplicate_name;
mod empty_flow;
mod empty_view;
mod exhausted_connections;
mod expired_allow;
mod god_service;
mod idle_failure;
mod impossible_latency;
mod impossible_law;
mod incomplete_choice;
mod incomplete_load;
mod layer_violation;
mod lonely_actor;
mod lonely_element;
mod loose_alert;
mod misplaced;
mod missing_description;
mod missing_owner;
mod missing_part;
mod missing_technology;
mod mixed_levels;
mod open_entry;
mod open_question;
mod overcommitted_host;
mod overloaded;
mod relation_to_own_part;
mod repeated_fact;
mod repeated_relationship;
mod retry_amplification;
mod retry_of_final_error;
mod retry_without_backoff;
mod shared_database;
mod short_timeout;
mod sleeping_breaker;
mod stale_read;
mod step_without_relation;
mod synchronous_cycle;
mod syntax;
mod technology_without_version;
mod too_many_languages;
mod too_many_services;
mod unasked_reply;
mod unclear_term;
mod undeployed_container;
mod unencrypted_crossing;
mod unencrypted_store;
mod unexplained_allow;
mod unguarded_dependency;
mod unjustified_complexity;
mod unknown_owner;
mod unknown_rule;
mod unknown_word;
mod unlabelled_relation;
mod unlimited_entry;
mod unmeasured_quality;
mod unnested_timeouts;
mod unreachable_availability;
mod unreached_container;
mod unrealized_requirement;
mod unresolved_fallback;
mod unresolved_name;
mod unused_allow;
mod weak_load_test;
mod wrong_limit;
mod wrong_query;
mod wrong_value;
mod zero_capacity;

/// Every rule, in the order of the alphabet.
pub static RULES: &[&Rule] = &[
    &broken_call_chain::RULE,
    &broken_objective::RULE,
    &captured_path::RULE,
    &circular_load::RULE,
    &circular_wait::RULE,
    &component_misses_container::RULE,
    &component_misses_store::RULE,
    &contradicting_numbers::RULE,
    &contradicting_placement::RULE,
    &contradictory_recovery::RULE,
    &cross_region_call::RULE,
    &dead_end_step::RULE,
    &direct_call_between_services::RULE,
    &distributed_monolith::RULE,
    &duplicate_name::RULE,
    &empty_flow::RULE,
    &empty_view::RULE,
    &exhausted_connections::RULE,
    &expired_allow::RULE,
    &god_service::RULE,
    &idle_failure::RULE,
    &impossible_latency::RULE,
    &impossible_law::RULE,
    &incomplete_choice::RULE,
    &incomplete_load::RULE,
    &layer_violation::RULE,
    &lonely_actor::RULE,
    &lonely_element::RULE,
    &loose_alert::RULE,
    &misplaced::RULE,
    &missing_description::RULE,
    &missing_owner::RULE,
    &missing_part::RULE,
    &missing_technology::RULE,
    &mixed_levels::RULE,
    &open_entry::RULE,
    &open_question::RULE,
    &overcommitted_host::RULE,
    &overloaded::RULE,
    &relation_to_own_part::RULE,
    &repeated_fact::RULE,
    &repeated_relationship::RULE,
    &retry_amplification::RULE,
    &retry_of_final_error::RULE,
    &retry_without_backoff::RULE,
    &shared_database::RULE,
    &short_timeout::RULE,
    &sleeping_breaker::RULE,
    &stale_read::RULE,
    &step_without_relation::RULE,
    &synchronous_cycle::RULE,
    &syntax::RULE,
    &technology_without_version::RULE,
    &too_many_languages::RULE,
    &too_many_services::RULE,
    &unasked_reply::RULE,
    &unclear_term::RULE,
    &undeployed_container::RULE,
    &unencrypted_crossing::RULE,
    &unencrypted_store::RULE,
    &unexplained_allow::RULE,
    &unguarded_dependency::RULE,
    &unjustified_complexity::RULE,
    &unknown_owner::RULE,
    &unknown_rule::RULE,
    &unknown_word::RULE,
    &unlabelled_relation::RULE,
    &unlimited_entry::RULE,
    &unmeasured_quality::RULE,
    &unnested_timeouts::RULE,
    &unreachable_availability::RULE,
    &unreached_container::RULE,
    &unrealized_requirement::RULE,
    &unresolved_fallback::RULE,
    &unresolved_name::RULE,
    &unused_allow::RULE,
    &weak_load_test::RULE,
    &wrong_limit::RULE,
    &wrong_query::RULE,
    &wrong_value::RULE,
    &zero_capacity::RULE,
];

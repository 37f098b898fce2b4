//! The facts that people read and nothing computes with, each with the reason.

/// A fact, as `used_by.txt` names it, and why nothing comes of another value of it.
pub const TEXT_ONLY: &[(&str, &str)] = &[
    ("workspace.summary", "prose: the first page of the site shows it"),
    ("workspace.problem", "prose: the first page of the site shows it"),
    ("workspace.context", "prose: the first page of the site shows it"),
    ("workspace.budget", "nothing in the model costs money, so there is nothing to add up against it"),
    ("workspace.link.title", "prose: what a link is called where it is shown"),
    ("member.email", "an address that people write to"),
    ("member.roles", "prose: what somebody does; skills are compared, roles are only shown"),
    ("metric.target", "prose: success is measured in the world, not in the model"),
    ("standard.exception", "prose: the help of a finding of the standard"),
    ("technology.quadrant", "where a radar is shown; what it is follows from the category, and no rule asks for it"),
    ("technology.successor", "named in the help of what is no longer supported, which is found without it"),
    ("technology.licence", "which licences a company accepts is for a standard of its own to say"),
    ("technology.when", "prose: `groma explain` shows it"),
    ("technology.avoid", "prose: `groma explain` shows it"),
    ("technology.cold-start", "how often one begins cold is not known, so no time can be told of it"),
    ("technology.memory-limit", "nothing in the model says how much memory something needs"),
    (
        "technology.concurrency",
        "a usual value that a team sets: the forecast takes the `concurrency` of the element alone",
    ),
    ("technology.source", "where a fact was read, for people who doubt it"),
    ("technology.source.for", "where a fact was read, for people who doubt it"),
    ("technology.source.seen", "where a fact was read, for people who doubt it"),
    ("radar.date", "which issue it is: what counts on which day is said by dates of the technologies themselves"),
    ("radar.ring.means", "prose: what a ring means to people; its `policy` is what rules ask"),
    ("system.interface", "prose: how others interact with it"),
    ("system.error-handling", "prose: what is computed is said by policies and fallbacks"),
    (
        "relationship.pool.idle",
        "an unused connection counts as one until it is closed: limits and waits ask for the most, never for the least",
    ),
    ("failure.impact", "prose: what users notice; `expect` is what is judged"),
    ("failure.mitigation", "prose: what softens it; policies and fallbacks are what is simulated"),
];

//! The workspace itself: what it is for, its own kinds, its settings, what it allows.

pub mod facts;
pub(crate) mod link;

use super::Facet;
use super::common::{DESCRIPTION, LINK, OWNER, WAS};
use super::structure::CONTAINER_HABITS;
use crate::schema::{Head, Kind};
use facts::{allow, extend, include, own_kind, rule, workspace};

/// The facet.
pub static FACET: Facet = Facet::of_records("workspace", "The workspace", KINDS);

/// The classes.
pub mod class {
    use crate::schema::{Becomes, Class, Feeds, Listed, Names, TOP};

    /// `workspace`
    pub static WORKSPACE: Class = Class {
        word: "workspace",
        phrase: "a workspace",
        stands: &[&TOP],
        holds: &[&ALLOW],
        names: Names::Private,
        is_changeable: false,
        listed: Listed::Nowhere,
        becomes: Becomes::Workspace,
        feeds: Feeds::Nothing,
    };
    /// `rule`: sets a rule's severity.
    pub static RULE_SETTING: Class = Class {
        word: "rule",
        phrase: "a rule setting",
        stands: &[&WORKSPACE],
        holds: &[],
        names: Names::Private,
        is_changeable: false,
        listed: Listed::Nowhere,
        becomes: Becomes::RuleSetting,
        feeds: Feeds::Nothing,
    };
    /// `allow`: suppresses a finding.
    pub static ALLOW: Class = Class {
        word: "allow",
        phrase: "a suppression",
        stands: &[&TOP, &EXTEND],
        holds: &[],
        names: Names::Private,
        is_changeable: false,
        listed: Listed::Nowhere,
        becomes: Becomes::Allow,
        feeds: Feeds::Nothing,
    };
    /// `include`
    pub static INCLUDE: Class = Class {
        word: "include",
        phrase: "an include",
        stands: &[&TOP],
        holds: &[],
        names: Names::Private,
        is_changeable: false,
        listed: Listed::Nowhere,
        becomes: Becomes::Part,
        feeds: Feeds::Nothing,
    };
    /// `kind`
    pub static OWN_KIND: Class = Class {
        word: "kind",
        phrase: "a kind",
        stands: &[&TOP],
        holds: &[],
        names: Names::Private,
        is_changeable: false,
        listed: Listed::Nowhere,
        becomes: Becomes::Part,
        feeds: Feeds::Nothing,
    };
    /// `extend`
    pub static EXTEND: Class = Class {
        word: "extend",
        phrase: "an `extend`",
        stands: &[&TOP],
        holds: &[],
        names: Names::Private,
        is_changeable: false,
        listed: Listed::Nowhere,
        becomes: Becomes::Extend,
        feeds: Feeds::Structure,
    };
}

static KINDS: &[Kind] = &[
    Kind {
        name: "workspace",
        other_names: &[],
        habits: &[],
        class: &class::WORKSPACE,
        summary: "the effort as a whole: what is built, by whom, within what",
        doc: "A workspace has at most one `workspace` node. It names the whole and holds what is true of all of it. `rule` nodes in it set how severe the findings of a rule are. How many people it takes to own what there is (`require team` of a quality, `too-many-services`, `too-many-languages`) is told by rules of thumb, whose figures are parts of `team`.",
        example: "workspace shop \"Shop\" {\n    summary \"An online shop.\"\n    team 5 skills=\"rust, postgres\"\n    users 10_000\n    rule too-many-languages severity=note\n}",
        head: Head::Named,
        facts: &[&[
            &workspace::SUMMARY,
            &workspace::PROBLEM,
            &workspace::CONTEXT,
            &workspace::TEAM,
            &workspace::BUDGET,
            &workspace::HORIZON,
            &workspace::USERS,
            &workspace::COMPLIANCE,
            &workspace::BREAKING,
            &workspace::DECISIONS,
            &workspace::RFCS,
            &workspace::SIGNIFICANT,
            &workspace::PROPOSED_FOR,
            &workspace::DECISION_STATUS,
            &workspace::DECISION_TRANSITION,
            &OWNER,
            &LINK,
            &WAS,
        ]],
    },
    Kind {
        name: "rule",
        other_names: &[],
        habits: &[],
        class: &class::RULE_SETTING,
        summary: "sets the severity of a rule's findings in this workspace",
        doc: "`severity` is `off`, `note`, `warning` or `error`. To suppress one finding rather than a whole rule, use `allow` beside it. Neither lets a workspace be forecast in which a rule that blocks forecasts finds something.",
        example: "workspace shop \"Shop\" {\n    rule too-many-languages severity=note\n}",
        head: Head::Value(&allow::RULE),
        facts: &[&[&rule::SEVERITY, &allow::REASON]],
    },
    Kind {
        name: "allow",
        other_names: &[],
        habits: &[],
        class: &class::ALLOW,
        summary: "suppresses the findings of one rule on the node it stands in",
        doc: "Stands inside the node that a finding points to and names the rule, who decided, why, and until when. An expired or unused one is itself a finding. At the top of a file it excuses that file.",
        example: "system legacy \"Legacy\" owner=core description=\"The old shop.\" {\n    allow lonely-element owner=ana reason=\"Its relations are being surveyed.\" expires=2027-06-30\n}",
        head: Head::Value(&allow::RULE),
        facts: &[&[&OWNER, &allow::REASON, &allow::EXPIRES, &allow::UP_TO]],
    },
    Kind {
        name: "include",
        other_names: &[],
        habits: &[],
        class: &class::INCLUDE,
        summary: "reads another file or folder as part of this workspace",
        doc: "A workspace reads every `.groma` file below its folder by itself; `include` is for what lies elsewhere. The path is relative to the file it stands in. A file is read once, however often it is included.",
        example: "include \"../shared/platform.groma\"",
        head: Head::Value(&include::PATH),
        facts: &[],
    },
    Kind {
        name: "kind",
        other_names: &[],
        habits: &[],
        class: &class::OWN_KIND,
        summary: "declares a kind of element of your own",
        doc: "`is` names the built-in kind it is a special case of; it has that kind's facts and shape. From then on its name begins nodes.",
        example: "kind lambda \"Lambda function\" is=function",
        head: Head::Named,
        facts: &[&[&own_kind::IS, &DESCRIPTION]],
    },
    Kind {
        name: "extend",
        other_names: &[],
        habits: CONTAINER_HABITS,
        class: &class::EXTEND,
        summary: "adds parts to an element that is declared elsewhere",
        doc: "Lets one system be spread over several files: what stands in the block is read as if it stood in the element's own block.",
        example: "extend shop.core {\n    component catalog \"Catalog\"\n}",
        head: Head::Value(&extend::ELEMENT),
        facts: &[],
    },
];

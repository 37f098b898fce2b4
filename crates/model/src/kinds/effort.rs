//! The effort: the workspace, its own kinds, its settings.

use crate::facts::{DESCRIPTION, LINK, OWNER, fact, facts};
use crate::schema::{Facet, Fact, Head, Kind, Role, Type};

#[allow(missing_docs, reason = "the summary of each fact documents it")]
mod own {
    use super::*;
    pub static SUMMARY: Fact = fact("summary", Type::Text, "what the system is, in one or two sentences");
    pub static PROBLEM: Fact = fact("problem", Type::Text, "the business problem that is to be solved");
    pub static CONTEXT: Fact = fact("context", Type::Text, "what exists today and what must change");
    pub static TEAM: Fact = Fact {
        name: "team",
        ty: Type::Whole,
        summary: "how many people build and run it",
        many: false,
        parts: &[&SKILLS],
    };
    pub static SKILLS: Fact = fact("skills", Type::Text, "what they know well, separated by commas");
    pub static BUDGET: Fact = fact("budget", Type::MoneyPerTime, "what running it may cost");
    pub static HORIZON: Fact = fact("horizon", Type::Duration, "how far ahead the architecture is planned");
    pub static USERS: Fact = fact("users", Type::Whole, "how many people use it at the same time, at most");
    pub static COMPLIANCE: Fact = facts(
        "compliance",
        Type::OneOf(&[
            ("gdpr", "EU General Data Protection Regulation"),
            ("ccpa", "California Consumer Privacy Act"),
            ("hipaa", "US Health Insurance Portability and Accountability Act"),
            ("pci-dss", "Payment Card Industry Data Security Standard"),
            ("soc2", "SOC 2 trust services criteria"),
            ("iso-27001", "ISO/IEC 27001"),
        ]),
        "the laws and standards it must obey",
    );
    pub static IS: Fact = fact("is", Type::Text, "the built-in kind it is a special case of");
    pub static ALLOW_RULE: Fact = fact("rule", Type::Text, "the rule that is excused");
    pub static REASON: Fact = fact("reason", Type::Text, "why it is right here");
    pub static EXPIRES: Fact = fact("expires", Type::Date, "until when it is excused");
    pub static SEVERITY: Fact = fact(
        "severity",
        Type::OneOf(&[
            ("off", "not checked"),
            ("note", "worth a thought"),
            ("warning", "probably wrong"),
            ("error", "wrong"),
        ]),
        "how grave its findings are in this workspace",
    );
    pub static INCLUDE_PATH: Fact = fact("path", Type::Text, "the file or folder, relative to this file");
    pub static EXTENDED: Fact =
        fact("element", Type::Reference(crate::facts::ELEMENTS), "the element whose parts follow");
}
pub use own::*;

const STRUCTURE: &[Role] =
    &[Role::System, Role::Container, Role::Component, Role::Group, Role::Zone, Role::Relation, Role::Allow];

pub(super) static KINDS: &[Kind] = &[
    Kind {
        name: "workspace",
        role: Role::Workspace,
        facet: Facet::Effort,
        summary: "the effort as a whole: what is built, by whom, within what",
        doc: "A workspace has at most one `workspace` node. It names the whole and holds what is true of all of it. `rule` nodes in it set how grave the findings of a rule are.",
        example: "workspace shop \"Shop\" {\n    summary \"An online shop.\"\n    team 5 skills=\"rust, postgres\"\n    users 10_000\n    rule too-many-languages severity=note\n}",
        head: Head::Named,
        facts: &[&[&SUMMARY, &PROBLEM, &CONTEXT, &TEAM, &BUDGET, &HORIZON, &USERS, &COMPLIANCE, &OWNER, &LINK]],
        holds: &[Role::RuleSetting, Role::Allow],
    },
    Kind {
        name: "rule",
        role: Role::RuleSetting,
        facet: Facet::Effort,
        summary: "sets how grave the findings of a rule are in this workspace",
        doc: "`severity` is `off`, `note`, `warning` or `error`. To excuse one finding rather than a whole rule, use `allow` beside it. Neither lets a workspace be forecast in which a rule that blocks forecasts finds something.",
        example: "workspace shop \"Shop\" {\n    rule too-many-languages severity=note\n}",
        head: Head::Value(&ALLOW_RULE),
        facts: &[&[&SEVERITY, &REASON]],
        holds: &[],
    },
    Kind {
        name: "allow",
        role: Role::Allow,
        facet: Facet::Effort,
        summary: "excuses the findings of one rule on the node it stands in",
        doc: "Stands inside the node that a finding points to and names the rule, who decided, why, and until when. An expired or unused one is itself a finding. At the top of a file it excuses that file.",
        example: "system legacy \"Legacy\" owner=core description=\"The old shop.\" {\n    allow lonely-element owner=ana reason=\"Its relations are being surveyed.\" expires=2027-06-30\n}",
        head: Head::Value(&ALLOW_RULE),
        facts: &[&[&OWNER, &REASON, &EXPIRES]],
        holds: &[],
    },
    Kind {
        name: "include",
        role: Role::Include,
        facet: Facet::Effort,
        summary: "reads another file or folder as part of this workspace",
        doc: "A workspace reads every `.groma` file below its folder by itself; `include` is for what lies elsewhere. The path is relative to the file it stands in. A file is read once, however often it is included.",
        example: "include \"../shared/platform.groma\"",
        head: Head::Value(&INCLUDE_PATH),
        facts: &[],
        holds: &[],
    },
    Kind {
        name: "kind",
        role: Role::OwnKind,
        facet: Facet::Effort,
        summary: "declares a kind of element of your own",
        doc: "`is` names the built-in kind it is a special case of; it has that kind's facts and shape. From then on its name begins nodes.",
        example: "kind lambda \"Lambda function\" is=function",
        head: Head::Named,
        facts: &[&[&IS, &DESCRIPTION]],
        holds: &[],
    },
    Kind {
        name: "extend",
        role: Role::Extend,
        facet: Facet::Effort,
        summary: "adds parts to an element that is declared elsewhere",
        doc: "Lets one system be spread over several files: what stands in the block is read as if it stood in the element's own block.",
        example: "extend shop.core {\n    component catalog \"Catalog\"\n}",
        head: Head::Value(&EXTENDED),
        facts: &[],
        holds: STRUCTURE,
    },
];

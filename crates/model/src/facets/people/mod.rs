//! People: the teams that answer for something, and who is in them. Those who use a system are persons of the structure.

use super::Facet;
use super::common::{DESCRIPTION, LINK, TAGS, WAS};
use crate::schema::{Fact, Habit, Head, Kind, habit};
use facts::member;

/// The facet.
pub static FACET: Facet = Facet::of_records("people", "People", KINDS);

/// The classes.
pub mod class {
    use super::super::workspace::class::ALLOW;
    use crate::schema::{Becomes, Class, Feeds, Listed, Names, TOP};

    /// Who can answer for something.
    pub static OWNERS: &[&Class] = &[&TEAM, &MEMBER];

    /// `team`
    pub static TEAM: Class = Class {
        word: "team",
        phrase: "a team",
        stands: &[&TOP],
        holds: &[&MEMBER, &ALLOW],
        names: Names::Own,
        is_changeable: false,
        listed: Listed::WithPeople,
        becomes: Becomes::Record,
        feeds: Feeds::Nothing,
    };
    /// `member` of a team
    pub static MEMBER: Class = Class {
        word: "member",
        phrase: "a member of a team",
        stands: &[],
        holds: &[&ALLOW],
        names: Names::With(&TEAM),
        is_changeable: false,
        listed: Listed::WithPeople,
        becomes: Becomes::Record,
        feeds: Feeds::AsItsWhole,
    };
}

/// The facts.
pub mod facts {
    use crate::schema::{Fact, Type, fact, facts};

    /// The facts of a member of a team.
    pub mod member {
        use super::*;

        /// Where they can be reached.
        pub static EMAIL: Fact =
            fact("email", Type::Text, "the address that they read").also_called(&["mail", "e-mail"]);
        /// What they do in the effort.
        pub static ROLES: Fact = facts(
            "roles",
            Type::Text,
            "what they do, such as architect or tech-lead; several may be separated by commas",
        )
        .listed()
        .also_called(&["role", "position", "job"]);
        /// What they know well.
        pub static SKILLS: Fact =
            facts("skills", Type::Text, "what they know well; several may be separated by commas")
                .listed()
                .also_called(&["skill", "expertise"]);
    }
}

const COMMON: &[&Fact] = &[&DESCRIPTION, &TAGS, &LINK, &WAS];

/// Ways to reach a team, which are addresses here.
const TEAM_HABITS: &[Habit] = &[
    habit(
        &["slack", "oncall", "on-call", "pager", "pagerduty", "channel", "chat", "teams", "contact", "opsgenie"],
        "how a team is reached is a link: write `link \"https://…\" title=\"…\"`",
    ),
    habit(
        &["lead", "people", "members"],
        "who is in a team stands in its block: write `member ana \"Ana Ruiz\" roles=lead`",
    ),
];

static KINDS: &[Kind] = &[
    Kind {
        name: "team",
        other_names: &["squad", "crew"],
        habits: TEAM_HABITS,
        class: &class::TEAM,
        summary: "a team that answers for parts of the architecture",
        doc: "`owner` names a team or a member of one. Once a workspace has a team, an owner that is neither is a finding. `team 5` in `workspace` is another thing: how many people there are.",
        example: "team core \"Core team\" {\n    member ana \"Ana Ruiz\" email=\"ana@example.org\" roles=architect skills=\"rust, postgres\"\n}\nsystem shop \"Shop\" owner=core",
        head: Head::Named,
        facts: &[COMMON],
    },
    Kind {
        name: "member",
        other_names: &[],
        habits: &[],
        class: &class::MEMBER,
        summary: "somebody in a team",
        doc: "Stands in the block of its team. A person who uses the system is a `person`.",
        example: "team core \"Core team\" {\n    member ana \"Ana Ruiz\" roles=architect\n}",
        head: Head::Named,
        facts: &[COMMON, &[&member::EMAIL, &member::ROLES, &member::SKILLS]],
    },
];

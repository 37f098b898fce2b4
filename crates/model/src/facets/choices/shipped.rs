//! The criteria that are built in: the questions that a choice of a kind is usually judged by.

use super::facts::choice::Criteria;

/// A criterion that every choice may use by its name.
#[derive(Debug)]
pub struct Shipped {
    /// Its name.
    pub name: &'static str,
    /// Its title.
    pub title: &'static str,
    /// What is asked, in a sentence.
    pub asks: &'static str,
}

const fn shipped(name: &'static str, title: &'static str, asks: &'static str) -> Shipped {
    Shipped { name, title, asks }
}

static ACCESS_PATTERN_FIT: Shipped = shipped(
    "access-pattern-fit",
    "Fits how data is accessed",
    "Is it made for what is mostly done: transactions, or analysis over much data?",
);
static QUERY_NEEDS: Shipped = shipped(
    "query-needs",
    "Query complexity and latency",
    "Can it answer the queries that are needed, as fast as they are needed?",
);
static OPERATIONAL_BURDEN: Shipped = shipped(
    "operational-burden",
    "Little operational burden",
    "How little work are backup, scaling and keeping it running?",
);
static TEAM_FAMILIARITY: Shipped = shipped(
    "team-familiarity",
    "Team familiarity and speed",
    "How well does the team know it, and how fast is something built with it?",
);
static TOOLING_FIT: Shipped = shipped(
    "tooling-fit",
    "Fits pipelines and analytics tools",
    "How well do the data pipelines and the tools for analysis work with it?",
);
static TEAM_SKILLS: Shipped =
    shipped("team-skills", "Team skills", "Are there people who can build and run it, and who learn it soon?");
static TIME_TO_MARKET: Shipped =
    shipped("time-to-market", "Time to market", "How soon does it serve the first real user?");
static SCALABILITY: Shipped = shipped(
    "scalability",
    "Scalability",
    "Does it carry the load that is expected in some years without a new design?",
);
static COST: Shipped = shipped("cost", "Cost", "What do licences, machines and the work on it cost?");
static ECOSYSTEM: Shipped =
    shipped("ecosystem", "Ecosystem", "Are there libraries, tools, people to hire and somebody to ask?");
static PERFORMANCE: Shipped =
    shipped("performance", "Performance", "Is it fast enough for what is required, on the machines that there are?");
static RELIABILITY: Shipped =
    shipped("reliability", "Reliability", "How seldom does it fail, and how well does it come back?");
static SECURITY: Shipped =
    shipped("security", "Security", "How well does it protect data, and how fast are its holes closed?");
static MAINTAINABILITY: Shipped =
    shipped("maintainability", "Maintainability", "How easily is what is built with it understood and changed?");
static EXIT_COST: Shipped = shipped(
    "exit-cost",
    "Low exit cost",
    "How little does it cost to leave it: its data, its interfaces, its contract?",
);
static COST_TO_OWN: Shipped = shipped(
    "cost-to-own",
    "Cost to own over three years",
    "What does it cost in three years: to build or to buy, to run, to maintain and to support?",
);
static DATA_CONTROL: Shipped = shipped(
    "data-control",
    "Control of the data",
    "Does the data stay where laws and contracts want it, and can all of it be taken out?",
);

static DATABASE: &[&Shipped] =
    &[&ACCESS_PATTERN_FIT, &QUERY_NEEDS, &OPERATIONAL_BURDEN, &TEAM_FAMILIARITY, &TOOLING_FIT];
static TECHNOLOGY: &[&Shipped] = &[
    &TEAM_SKILLS,
    &TIME_TO_MARKET,
    &SCALABILITY,
    &COST,
    &ECOSYSTEM,
    &PERFORMANCE,
    &RELIABILITY,
    &SECURITY,
    &MAINTAINABILITY,
    &EXIT_COST,
];
static BUILD_OR_BUY: &[&Shipped] = &[&COST_TO_OWN, &TIME_TO_MARKET, &EXIT_COST, &DATA_CONTROL, &TEAM_SKILLS];

impl Criteria {
    /// The criteria of the set.
    pub fn all(self) -> &'static [&'static Shipped] {
        match self {
            Criteria::Database => DATABASE,
            Criteria::Technology => TECHNOLOGY,
            Criteria::BuildOrBuy => BUILD_OR_BUY,
        }
    }
}

/// The shipped criterion of this name, whichever set it is of.
pub fn shipped_criterion(name: &str) -> Option<&'static Shipped> {
    Criteria::ALL.iter().flat_map(|set| set.all()).find(|criterion| criterion.name == name).copied()
}

//! What something has of the facts that a query compares: a finding that says what is demanded tells that beside it.

use super::of_technologies::Said;
use super::parse::{Expression, Words};
use super::scope::Scope;
use super::select::Asking;
use super::terms::{Days, Key};
use super::{Answers, Query};
use crate::schema::Fact;
use crate::{Architecture, ItemRef};
use groma_base::is_date;

impl Query {
    /// What something has of the facts that this compares or of which it counts days, each in a sentence; what stands in functions is
    /// asked of others.
    pub fn found(&self, arch: &Architecture, at: ItemRef, answers: &Answers<'_>) -> Vec<String> {
        let asking = self.asking(arch, answers);
        let scope = Scope::of_one(arch, arch.item(at).kind);
        let mut told: Vec<String> = Vec::new();
        for term in leaves(&self.root) {
            let sentence = match term {
                Expression::Compare { fact, .. } => asking.told(at, fact, &scope),
                Expression::Days { days, fact, .. } => asking.told_days(*days, at, fact, &scope),
                _ => None,
            };
            told.extend(sentence.filter(|sentence| !told.contains(sentence)));
        }
        told
    }

    /// Whether it asks for nothing but this fact.
    pub fn asks_only(&self, asked: &Fact) -> bool {
        leaves(&self.root).into_iter().all(|term| match term {
            Expression::Compare { fact, .. } | Expression::Days { fact, .. } => asked.is_called(&fact.text),
            Expression::Pair { key, value } if Key::of(&key.text) == Some(Key::Has) => asked.is_called(&value.text),
            Expression::Pair { key, .. } => asked.is_called(&key.text),
            _ => false,
        })
    }
}

/// What an expression joins, without what is asked of others.
fn leaves(root: &Expression) -> Vec<&Expression> {
    match root {
        Expression::And(terms) | Expression::Or(terms) => terms.iter().flat_map(leaves).collect(),
        Expression::Not(inner) => leaves(inner),
        _ => vec![root],
    }
}

impl Asking<'_> {
    /// What something has of a fact, and what holds where it says nothing.
    fn told(&self, at: ItemRef, fact: &Words, scope: &Scope<'_>) -> Option<String> {
        let facts = self.facts(fact, scope).ok()?;
        let name = &fact.text;
        if let Some(said) = Said::asked(self.arch, fact, &facts) {
            let said = said.of(at);
            return Some(if said.is_empty() {
                not_known(name)
            } else {
                format!("`{name}` is `{}`", said.join("`, `"))
            });
        }
        let given: Vec<String> = self.values(at, &facts).map(|given| self.arch.readable(at, given)).collect();
        if !given.is_empty() {
            return Some(format!("`{name}` is `{}`", given.join("`, `")));
        }
        let held: Vec<&str> = self.defaults(at, &facts).into_iter().map(|(_, held)| held).collect();
        Some(match held.is_empty() {
            true => not_given(name),
            false => format!("`{name}` is `{}` where it is not given", held.join("`, `")),
        })
    }

    /// How many days there are between today and the date of a fact.
    fn told_days(&self, days: Days, at: ItemRef, fact: &Words, scope: &Scope<'_>) -> Option<String> {
        let (facts, today) = (self.facts(fact, scope).ok()?, self.answers.today?);
        let said = Said::asked(self.arch, fact, &facts);
        let dates = self.dates(at, &facts, said.as_ref());
        let name = &fact.text;
        let told: Vec<String> = dates.iter().map(|date| in_days(days, date, today)).collect();
        Some(match (told.is_empty(), said.is_some()) {
            (true, true) => not_known(name),
            (true, false) => not_given(name),
            (false, _) => format!("`{name}` is {}", told.join(", ")),
        })
    }
}

fn not_given(name: &str) -> String {
    format!("`{name}` is not given")
}

fn not_known(name: &str) -> String {
    format!("`{name}` is not known")
}

/// How long ago a date is, or how long it is until it comes.
fn in_days(days: Days, date: &str, today: &str) -> String {
    let counted = |count: i64| if count == 1 { "1 day".to_owned() } else { format!("{count} days") };
    match (days, days.count(date, today)) {
        (Days::Age, Some(count)) => format!("{} ago ({date})", counted(count)),
        (Days::Until, Some(count)) => format!("in {} ({date})", counted(count)),
        (_, None) if !is_date(date) => format!("`{date}`"),
        (Days::Age, None) => format!("yet to come ({date})"),
        (Days::Until, None) => format!("past ({date})"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Answers, Query};
    use crate::facets::own_facts::OwnFacts;
    use groma_base::FileId;
    use std::sync::Arc;

    const TEXT: &str = "fact review on=system type=date\nfact seats on=system type=whole default=3\n\
        system s review=2026-07-30 { service a replicas=2 cpu=0.5; }\nsystem t review=2027-01-01 seats=9\nsystem u technology=\"Redis 7.0\"";

    /// What is found of the thing with a name, on 2026-11-27.
    fn found(query: &str, name: &str) -> String {
        let tree = groma_syntax::parse(TEXT.to_owned()).0;
        let first = Arc::new(crate::decode::decode(FileId(0), &tree));
        let own = OwnFacts::declared([first].iter());
        let (arch, _) = crate::link(vec![Arc::new(crate::decode::decode_with(FileId(0), &tree, &own))]);
        let at = arch.item_refs().find(|at| arch.name(*at) == name && !arch.item(*at).kind.name.is_empty()).unwrap();
        Query::parse(query).unwrap().found(&arch, at, &Answers::on("2026-11-27")).join("; ")
    }

    /// By hand: from 2026-07-30 to 2026-11-27 are 1 + 31 + 30 + 31 + 27 = 120 days, from there to 2027-01-01 are 35.
    #[test]
    fn what_is_compared_is_told_as_it_is_found() {
        for (query, name, expected) in [
            ("age(review)<=90d", "s", "`review` is 120 days ago (2026-07-30)"),
            ("not age(review)>90d", "s", "`review` is 120 days ago (2026-07-30)"),
            ("age(review)<=90d", "t", "`review` is yet to come (2027-01-01)"),
            ("age(review)<=90d", "u", "`review` is not given"),
            ("time-to(review)>90d", "t", "`review` is in 35 days (2027-01-01)"),
            ("time-to(review)>90d", "s", "`review` is past (2026-07-30)"),
            ("review>2026-08-01", "s", "`review` is `2026-07-30`"),
            ("seats>=5", "s", "`seats` is `3` where it is not given"),
            ("seats>=5 or seats=1", "t", "`seats` is `9`"),
            ("replicas>=3 and cpu>=1", "a", "`replicas` is `2`; `cpu` is `0.5`"),
            ("uses(replicas>=3) and has:owner", "a", ""),
            ("technology.support-until>2026-01-01", "s", "`technology.support-until` is not known"),
        ] {
            assert_eq!(found(query, name), expected, "{query} of {name}");
        }
    }

    #[test]
    fn a_query_about_one_fact_alone_is_told_from_others() {
        let asks = |query: &str| Query::parse(query).unwrap().asks_only(&crate::facts::allow::EXPIRES);
        for query in ["time-to(expires)<30d", "has:expires and not expires>2026-01-01", "expires<2026-01-01"] {
            assert!(asks(query), "{query}");
        }
        for query in ["owner:board and time-to(expires)<30d", "external", "refers-to(has:expires)"] {
            assert!(!asks(query), "{query}");
        }
    }
}

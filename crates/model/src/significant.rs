//! What a decision is owed for.

use crate::Architecture;
use crate::facts::workspace::SIGNIFICANT;
use crate::items::ItemRef;
use crate::query::{Answers, Query};

/// What is significant where the workspace says nothing else: what is dear to change later. The page of `owed-decision` shows them.
const USUALLY_SIGNIFICANT: [&str; 4] = [
    "(kind:database or kind:queue or kind:bucket) and not external",
    "kind:system and external",
    "has:style",
    "kind:technology and used and (category:language or category:frontend-framework or category:backend-framework \
     or category:mobile-framework or category:relational-database or category:document-database \
     or category:wide-column-database or category:graph-database or category:time-series-database \
     or category:message-queue or category:event-stream or category:cloud or category:orchestration or category:api-style)",
];

/// What is significant is so on every day.
const ANY_DAY: &str = "2026-01-01";

impl Architecture {
    /// What an accepted decision is owed for, by the queries of the workspace or the usual ones; in the order of the text. What a kit
    /// declares is decided by whoever keeps it. Queries that are wrong select nothing: `wrong-query` tells of them.
    pub fn significant(&self) -> Vec<ItemRef> {
        let Some(workspace) = self.workspace else { return Vec::new() };
        let own = self.values_of(workspace, &SIGNIFICANT).map(|given| self.words(workspace, given));
        let own: Vec<&str> = own.collect();
        let queries = if own.is_empty() { USUALLY_SIGNIFICANT.to_vec() } else { own };
        let select = |query: &str| {
            let query = Query::said_by(workspace, self, query).ok()?;
            query.things(self, &Answers::on(ANY_DAY)).ok()
        };
        let mut found: Vec<ItemRef> = queries.into_iter().filter_map(select).flatten().collect();
        found.sort_unstable();
        found.dedup();
        found.retain(|at| self.kit(*at).is_none());
        found
    }
}

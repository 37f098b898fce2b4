//! Addresses that outlive an edit, as line numbers do not: by them baselines, signatures and differences name things.

use crate::entity::Entity;
use crate::facets::deployment::{DeploymentId, End};
use crate::ids::Idx;
use crate::items::ItemRef;
use crate::schema::Head;
use crate::{Architecture, FlowId, RelationId, StepId};

/// What tells apart what stands in one place.
#[derive(Clone, Copy, PartialEq)]
enum By {
    /// What is written.
    Words,
    /// Where that is the same, also the order among those.
    OrderOfAlike,
    /// Where that is the same, also the order in which it stands; steps of a flow by that alone.
    Order,
}

impl Architecture {
    /// The address of something that has a name: `system:shop`, `requirement:search`, `host:production.eu.web`.
    pub fn address(&self, entity: Entity) -> String {
        match entity {
            Entity::Relation(id) => self.relation_address(id),
            entity => self.unmistakable_path(entity),
        }
    }

    /// The address of a relationship: `shop.web -> shop.core`; with its text where there are several between these.
    pub fn relation_address(&self, id: RelationId) -> String {
        self.relation_address_by(id, By::Order)
    }

    fn relation_address_by(&self, id: RelationId, by: By) -> String {
        let relation = self.relation(id);
        let ends = self.relation_ends(id);
        match self.relations_between(relation.from, relation.to).nth(1) {
            None => ends,
            Some(_) => format!("{ends} {}", self.relation_text_by(id, by)),
        }
    }

    /// The paths of the ends of a relationship: `shop.web -> shop.core`.
    pub fn relation_ends(&self, id: RelationId) -> String {
        let relation = self.relation(id);
        format!("{} -> {}", self.element(relation.from).path, self.element(relation.to).path)
    }

    /// The text of a relationship as its address has it, with which of those between the same ends it is (`#2`) where even the
    /// text is the same.
    pub fn relation_text(&self, id: RelationId) -> String {
        self.relation_text_by(id, By::Order)
    }

    /// The text of a relationship, which several between the same ends may have.
    pub fn relation_words(&self, id: RelationId) -> String {
        self.relation_text_by(id, By::Words)
    }

    /// Which of those between the same ends with the same text a relationship is: `#1`.
    pub fn relation_number(&self, id: RelationId) -> String {
        format!("#{}", self.ordinals().relations[id] + 1)
    }

    fn relation_text_by(&self, id: RelationId, by: By) -> String {
        let text = self.label(self.relation(id).at).unwrap_or_default();
        match self.ordinals().relations[id] {
            nth if nth > 0 && by != By::Words => format!("{text:?} #{}", nth + 1),
            _ => format!("{text:?}"),
        }
    }

    /// The address of a step of a flow: the flow and the positions that lead to it, `flow:checkout 1.2`.
    pub fn step_address(&self, flow: FlowId, step: StepId) -> String {
        let steps = &self.flows[flow].steps;
        let ordinals = &self.ordinals().steps[flow];
        let around = std::iter::successors(Some(step), |at| steps[*at].parent);
        let mut positions: Vec<String> = around.map(|at| (ordinals[at] + 1).to_string()).collect();
        positions.reverse();
        format!("{} {}", self.address(Entity::Flow(flow)), positions.join("."))
    }

    /// A step of a flow by what it says: who calls or answers whom, and where several do so also the how many-th of these it is.
    fn step_said(&self, flow: FlowId, step: StepId, by: By) -> String {
        let one = &self.flows[flow].steps[step];
        let item = self.item(one.at);
        let words = match (one.kind.ends(), item.kind.head) {
            (Some((from, to)), _) => {
                format!("{} {} {}", self.element(from).path, item.kind.name, self.element(to).path)
            }
            (None, Head::Arrow) => {
                format!("{} {} {}", self.name(one.at), item.kind.name, item.target.of(&self.file(one.at).text))
            }
            (None, Head::Named | Head::Title | Head::Value(_) | Head::Perhaps(_)) => {
                format!("{}:{}", item.kind.name, self.name(one.at))
            }
        };
        let nth = self.ordinals().alike[flow][step];
        let nth = if nth == 0 || by == By::Words { String::new() } else { format!(" #{}", nth + 1) };
        format!("{} / {words}{nth}", self.address(Entity::Flow(flow)))
    }

    /// A connection of a deployment by what it leads from and to, and where several do so also the how many-th of these it is.
    fn connection_said(&self, id: DeploymentId, at: ItemRef) -> Option<String> {
        let deployment = &self.deployments[id];
        let nth = deployment.connections.binary_search_by_key(&at, |connection| connection.at).ok()?;
        let [from, to] = [deployment.connections[nth].from, deployment.connections[nth].to].map(|end| match end {
            End::Place(node) => self.entity(deployment.nodes[node].at).map(|place| self.address(place)),
            End::Element(id) => Some(self.address(Entity::Element(id))),
        });
        let nth = self.ordinals().connections[id][Idx::new(nth as u32)];
        let nth = if nth == 0 { String::new() } else { format!(" #{}", nth + 1) };
        Some(format!("{} / {} -> {}{nth}", self.address(Entity::Deployment(id)), from?, to?))
    }

    /// The address of any declaration: of what it declares, or else of what it stands in and its place there.
    pub fn address_of(&self, at: ItemRef) -> String {
        self.address_by(at, By::Order)
    }

    /// The same, in which a step of a flow is known by what it says, as where it stands changes with each that comes before it; and a
    /// connection by what its ends are, as what they are called in it is not all of their names.
    pub fn lasting_address_of(&self, at: ItemRef) -> String {
        self.address_by(at, By::OrderOfAlike)
    }

    /// The same without what the order alone tells apart: what is written alike in one place has one such address.
    pub fn shared_address_of(&self, at: ItemRef) -> String {
        self.address_by(at, By::Words)
    }

    fn address_by(&self, at: ItemRef, by: By) -> String {
        if let Some(entity) = self.entity(at) {
            return self.address(entity);
        }
        if let Some(id) = self.relation_at(at) {
            return self.relation_address_by(id, by);
        }
        if let Some(address) = self.address_in_order(at, by) {
            return address;
        }
        let item = self.item(at);
        let own = match item.kind.head {
            Head::Arrow => format!("{} -> {}", self.name(at), item.target.of(&self.file(at).text)),
            _ => format!("{}:{}", item.kind.name, self.name(at)),
        };
        let nth = self.ordinals().items[at.file.index()][at.item];
        let own = if nth == 0 || by == By::Words { own } else { format!("{own}#{}", nth + 1) };
        match item.parent {
            Some(parent) => format!("{} / {own}", self.address_by(ItemRef { item: parent, ..at }, by)),
            None => own,
        }
    }

    /// The address of a step of a flow, or the lasting one of a connection.
    fn address_in_order(&self, at: ItemRef, by: By) -> Option<String> {
        match self.items_around(at).find_map(|around| self.entity(around))? {
            Entity::Flow(_) => {
                let (flow, step) = self.step_at(at)?;
                Some(match by {
                    By::Order => self.step_address(flow, step),
                    By::Words | By::OrderOfAlike => self.step_said(flow, step, by),
                })
            }
            Entity::Deployment(id) if by == By::OrderOfAlike => self.connection_said(id, at),
            Entity::Place(id) if by == By::OrderOfAlike => self.connection_said(self.place(id).0, at),
            Entity::Element(_)
            | Entity::Group(_)
            | Entity::Record(_)
            | Entity::Deployment(_)
            | Entity::Place(_)
            | Entity::Pipeline(_)
            | Entity::View(_)
            | Entity::Relation(_) => None,
        }
    }

    fn unmistakable_path(&self, entity: Entity) -> String {
        let word = match entity {
            Entity::Element(id) => &*self.element(id).kind_name,
            entity => self.kind(entity).name,
        };
        format!("{word}:{}", self.path(entity))
    }
}

#[cfg(test)]
mod tests {
    use super::By;
    use crate::link;
    use groma_base::FileId;
    use std::sync::Arc;

    /// The addresses of all that stands in a text.
    fn addresses_by(text: &str, by: By) -> Vec<String> {
        let (tree, errors) = groma_syntax::parse(text.to_owned());
        assert!(errors.is_empty(), "{errors:?}");
        let (arch, problems) = link(vec![Arc::new(crate::decode::decode(FileId(0), &tree))]);
        assert!(problems.is_empty(), "{problems:?}");
        let items = arch.files[0].items.ids();
        items.map(|item| arch.address_by(crate::ItemRef { file: FileId(0), item }, by)).collect()
    }

    /// A thing of every kind that has an address.
    const OF_EVERY_KIND: &str = r#"
system s "S" {
    service a "A"
    service b "B"
    a -> b "reads"
    a -> b "writes"
    a -> b "writes"
    b -> a "answers"
}
person p "P"
requirement s "Sells" { allow open-question owner=o }
flow f "F" { p -> s.a "x" { s.a -> s.b "y"; s.a -> s.b "z" }; chance 5% { p -> s.a "w" } }
deployment d "D" { region r { host h { instance s.a } }; host i; r -> i; r -> i; i -> r }
"#;

    /// Whatever stands in a workspace has an address of its own, and what is written above it changes none.
    #[test]
    fn addresses_tell_everything_apart_and_stay() {
        let text = OF_EVERY_KIND;
        let addresses = |text: &str| addresses_by(text, By::Order);
        let found = addresses(text);
        let expected = [
            "system:s",
            "service:s.a",
            "service:s.b",
            "s.a -> s.b \"reads\"",
            "s.a -> s.b \"writes\"",
            "s.a -> s.b \"writes\" #2",
            "s.b -> s.a",
            "person:p",
            "requirement:s",
            "requirement:s / allow:open-question",
            "flow:f 1",
            "flow:f 1.1",
            "flow:f 1.2",
            "flow:f 2",
            "flow:f 2.1",
            "deployment:d",
            "region:d.r",
            "host:d.r.h",
            "host:d.r.h / instance:s.a",
            "host:d.i",
            "deployment:d / r -> i",
            "deployment:d / r -> i#2",
            "deployment:d / i -> r",
        ];
        let mut with_flow: Vec<&str> = found.iter().map(String::as_str).collect();
        with_flow.retain(|address| *address != "flow:f");
        assert_eq!(with_flow, expected);
        let mut distinct = found.clone();
        distinct.sort();
        distinct.dedup();
        assert_eq!(distinct.len(), found.len());
        // By their words alone, those that are told apart by nothing else are one.
        let mut shared = addresses_by(text, By::Words);
        assert!(shared.iter().all(|address| !address.contains('#')), "{shared:?}");
        shared.sort();
        shared.dedup();
        // Two relationships, two connections, and twice two calls between the same ends.
        assert_eq!(shared.len(), found.len() - 4);
        let moved = addresses(&format!("// a comment\n\nperson q \"Q\"\n{text}"));
        assert_eq!(moved[1..], found[..]);
    }

    /// What lasts tells all apart as well, and a call before others changes none of theirs.
    #[test]
    fn lasting_addresses_stay_where_a_call_comes_before_them() {
        let text = OF_EVERY_KIND;
        let lasting = addresses_by(text, By::OrderOfAlike);
        assert_eq!(lasting.iter().collect::<std::collections::BTreeSet<_>>().len(), lasting.len());
        assert_eq!(
            lasting[11..16].join(", "),
            "flow:f / p -> s.a, flow:f / s.a -> s.b, flow:f / s.a -> s.b #2, flow:f / chance:5%, flow:f / p -> s.a #2"
        );
        let after =
            addresses_by(&text.replace("flow f \"F\" {", "flow f \"F\" { p -> s.b \"first\";"), By::OrderOfAlike);
        assert!(lasting.iter().all(|one| after.contains(one)), "{after:?}");
    }

    /// If each were counted by looking at all before it, this would take as long as all other tests together.
    #[test]
    fn the_addresses_of_many_that_are_alike_take_no_longer() {
        let many = |line: &str| line.repeat(20_000);
        let (calls, steps, edges) = (many("a -> b \"x\"\n"), many("s.a -> s.b \"x\"\n"), many("r -> i\n"));
        let parts = "service a \"A\"\nservice b \"B\"";
        let text = format!(
            "system s \"S\" {{\n{parts}\n{calls}}}\nflow f \"F\" {{\n{steps}}}\ndeployment d \"D\" {{\nregion r\nregion i\n{edges}}}\n"
        );
        let found = addresses_by(&text, By::Order);
        for last in ["s.a -> s.b \"x\" #20000", "flow:f 20000", "deployment:d / r -> i#20000"] {
            assert!(found.iter().any(|address| address == last), "{last}");
        }
    }
}

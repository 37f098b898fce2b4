//! The edits of facts, wherever they stand: `fact=value` or, for a yes, the bare `fact` on the line of a node, or `fact value` in
//! its block.

use super::edit::entry;
use super::{Document, EditError, Entry, Node, Place, Value};
use groma_syntax::NodeId;

/// Where a node says a fact: as properties on its line, as bare words there, and as nodes in its block.
struct Standing {
    properties: Vec<usize>,
    flags: Vec<usize>,
    nodes: Vec<NodeId>,
}

impl Document {
    /// Whether a node says a fact at all.
    pub fn says(&self, node: NodeId, fact: &str) -> bool {
        self.standing(node, fact).is_ok_and(|standing| standing.count() > 0)
    }

    /// The values that a node gives a fact, as they are written: those on its line first. A fact without a value, which means yes,
    /// has none.
    pub fn values(&self, node: NodeId, fact: &str) -> Vec<&Value> {
        let (Ok(standing), Ok(slot)) = (self.standing(node, fact), self.slot(node)) else { return Vec::new() };
        let on_line = standing.properties.iter().map(|at| &slot.entries[*at].value.value);
        let in_block = standing.nodes.iter().flat_map(|node| self.slots[*node].arguments());
        on_line.chain(in_block.map(|(_, entry)| &entry.value.value)).collect()
    }

    /// The nodes that say a fact in the block of a node.
    pub fn fact_nodes(&self, node: NodeId, fact: &str) -> Vec<NodeId> {
        self.standing(node, fact).map_or(Vec::new(), |standing| standing.nodes)
    }

    /// Gives a fact its one value: where it stands, or else as a property at the end of the node's line. Of a property that is
    /// written twice the last counts in KDL: that one is changed, and the others go.
    ///
    /// # Errors
    /// If the node is gone, or says the fact more than once or with several values in its block.
    pub fn set_fact(&mut self, node: NodeId, fact: &str, value: &Value) -> Result<(), EditError> {
        self.set_fact_beside(node, fact, value, &[])
    }

    /// The same where these words behind the fact in the block are no values of it but parts, each a yes, as in `retry 3 jitter`.
    ///
    /// # Errors
    /// As those of [`Document::set_fact`].
    pub fn set_fact_beside(&mut self, node: NodeId, fact: &str, value: &Value, yes: &[&str]) -> Result<(), EditError> {
        let standing = self.standing(node, fact)?;
        match (standing.properties.as_slice(), standing.flags.as_slice(), standing.nodes.as_slice()) {
            ([], [], [one]) => {
                let slot = self.slot_mut(*one)?;
                let is_value = |entry: &Entry| !yes.contains(&entry.value.value.as_written());
                let values: Vec<usize> =
                    slot.arguments().filter(|(_, entry)| is_value(entry)).map(|(at, _)| at).collect();
                match values[..] {
                    [] => slot.entries.insert(0, entry(None, value.clone())),
                    [only] => slot.entries[only].value.set(value.clone()),
                    _ => return Err(EditError::SeveralValues(fact.to_owned())),
                }
                Ok(())
            }
            ([earlier @ .., last], [], []) => {
                let slot = self.slot_mut(node)?;
                slot.entries[*last].value.set(value.clone());
                earlier.iter().rev().for_each(|at| slot.remove_entry(*at));
                Ok(())
            }
            ([], [earlier @ .., last], []) => {
                let slot = self.slot_mut(node)?;
                let gap = std::mem::take(&mut slot.entries[*last].gap);
                slot.entries[*last] = Entry { gap, ..entry(Some(Value::word(fact)), value.clone()) };
                earlier.iter().rev().for_each(|at| slot.remove_entry(*at));
                Ok(())
            }
            ([], [], []) => {
                self.slot_mut(node)?.entries.push(entry(Some(Value::word(fact)), value.clone()));
                Ok(())
            }
            _ => Err(EditError::SeveralValues(fact.to_owned())),
        }
    }

    /// Adds a value to a fact that may have several: as a node in the block, after the last one of this fact.
    ///
    /// # Errors
    /// If the node is gone, or lies too deep.
    pub fn add_fact(&mut self, node: NodeId, fact: &str, value: &Value) -> Result<NodeId, EditError> {
        let last = self.standing(node, fact)?.nodes.last().copied();
        let place = last.map_or(Place::EndOf(node), Place::After);
        self.insert(place, &Node::fact(fact, value.clone()))
    }

    /// Removes a fact with all its values and parts, wherever they stand. How many places it stood in.
    ///
    /// # Errors
    /// If the node is gone.
    pub fn remove_fact(&mut self, node: NodeId, fact: &str) -> Result<usize, EditError> {
        let standing = self.standing(node, fact)?;
        let slot = self.slot_mut(node)?;
        standing.on_line().iter().rev().for_each(|at| slot.remove_entry(*at));
        for fact in &standing.nodes {
            self.remove(*fact)?;
        }
        Ok(standing.count())
    }

    /// Gives a part of a fact its value. A fact on the line of its node, where it can have no parts, moves into the block.
    ///
    /// # Errors
    /// If the node is gone, does not say the fact, or says it more than once.
    pub fn set_part(&mut self, node: NodeId, fact: &str, part: &str, value: &Value) -> Result<(), EditError> {
        let standing = self.standing(node, fact)?;
        let said = match (standing.on_line().as_slice(), standing.nodes.as_slice()) {
            ([], []) => return Err(EditError::NoFact(fact.to_owned())),
            ([], [one]) => *one,
            ([.., last], []) => {
                let last = &self.slot(node)?.entries[*last];
                let moved = match &last.key {
                    Some(_) => Node::fact(fact, last.value.value.clone()),
                    None => Node::new(fact),
                };
                let first = self.children(node).first().copied();
                let place = first.map_or(Place::EndOf(node), Place::Before);
                let said = self.insert(place, &moved)?;
                let slot = self.slot_mut(node)?;
                standing.on_line().iter().rev().for_each(|at| slot.remove_entry(*at));
                said
            }
            _ => return Err(EditError::SeveralValues(fact.to_owned())),
        };
        self.set_fact(said, part, value)
    }

    /// Removes a part of a fact wherever the node says it. How many places it stood in.
    ///
    /// # Errors
    /// If the node is gone.
    pub fn remove_part(&mut self, node: NodeId, fact: &str, part: &str) -> Result<usize, EditError> {
        let nodes = self.standing(node, fact)?.nodes;
        nodes.into_iter().map(|fact| self.remove_fact(fact, part)).sum()
    }

    fn standing(&self, node: NodeId, fact: &str) -> Result<Standing, EditError> {
        let slot = self.slot(node)?;
        let is_it = |value: &Value| value.string() == fact;
        let properties = slot.entries.iter().enumerate();
        let properties = properties.filter(|(_, entry)| entry.key.as_ref().is_some_and(|key| is_it(&key.value)));
        let properties = properties.map(|(at, _)| at).collect();
        // What stands before the title is a name or a value, whatever it says.
        let after_name = slot.arguments().skip(slot.title_index());
        let flags = after_name.filter(|(_, entry)| entry.value.value.as_written() == fact).map(|(at, _)| at).collect();
        let nodes = self.children(node).iter().copied().filter(|child| {
            let child = &self.slots[*child];
            is_it(&child.word.value) && child.arrow().is_none()
        });
        Ok(Standing { properties, flags, nodes: nodes.collect() })
    }
}

impl Standing {
    /// Where it stands on the line, from left to right.
    fn on_line(&self) -> Vec<usize> {
        let mut all = [&*self.properties, &*self.flags].concat();
        all.sort_unstable();
        all
    }

    fn count(&self) -> usize {
        self.properties.len() + self.flags.len() + self.nodes.len()
    }
}

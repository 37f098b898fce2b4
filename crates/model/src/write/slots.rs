//! The nodes of a document, by their ids.

use super::Slot;
use groma_syntax::NodeId;
use std::ops::{Index, IndexMut};

/// The nodes of a document, those that are gone too.
#[derive(Clone, Default, Debug)]
pub(super) struct Slots(Vec<Slot>);

impl Slots {
    pub(super) fn push(&mut self, slot: Slot) -> NodeId {
        self.0.push(slot);
        NodeId(self.0.len() as u32 - 1)
    }

    pub(super) fn get(&self, id: NodeId) -> Option<&Slot> {
        self.0.get(id.0 as usize)
    }

    pub(super) fn get_mut(&mut self, id: NodeId) -> Option<&mut Slot> {
        self.0.get_mut(id.0 as usize)
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// The first of them.
    pub(super) fn first(&self, count: usize) -> &[Slot] {
        &self.0[..count]
    }
}

impl Index<NodeId> for Slots {
    type Output = Slot;

    fn index(&self, id: NodeId) -> &Slot {
        &self.0[id.0 as usize]
    }
}

impl IndexMut<NodeId> for Slots {
    fn index_mut(&mut self, id: NodeId) -> &mut Slot {
        &mut self.0[id.0 as usize]
    }
}

//! Where nodes stand: putting one into a block or taking one out, with the lines, comments and ends of lines around it.

use super::space::{self, Ending, Indenter, Line, has_newline, leading_space};
use super::{Block, Document, EditError, Origin, Slot};
use groma_syntax::is_newline;
use groma_syntax::{MAX_DEPTH, NodeId, TokenKind};

/// So many characters a line may have for a block on it to stay on one line when something is put into it.
pub const WIDEST: usize = 100;

/// A place for a node.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// Before this node, in its block: after the comments that do not belong to it, and before those that do.
    Before(NodeId),
    /// After this node, in its block.
    After(NodeId),
    /// At the end of the block of this node, which is opened if need be; after all comments in it.
    EndOf(NodeId),
    /// At the end of the text.
    End,
}

/// A place, as a block and a number in it.
#[derive(Clone, Copy)]
pub(super) struct Spot {
    parent: Option<NodeId>,
    index: usize,
    place: Place,
}

/// What came before a node: is put between it and the line before.
struct Above {
    lead: String,
    trail_is_open: bool,
}

impl Document {
    /// Finds a place, and sees to it that a node with so many levels can be there.
    pub(super) fn spot(&self, place: Place, levels: usize) -> Result<Spot, EditError> {
        let (parent, index) = match place {
            Place::Before(node) | Place::After(node) => {
                let parent = self.slot(node)?.parent;
                let at = self.index_of(node);
                (parent, if matches!(place, Place::After(_)) { at + 1 } else { at })
            }
            Place::EndOf(node) => {
                self.slot(node)?;
                (Some(node), self.children(node).len())
            }
            Place::End => (None, self.roots().len()),
        };
        let above = std::iter::successors(parent, |node| self.parent(*node)).count();
        if above + levels > MAX_DEPTH + 1 { Err(EditError::TooDeep) } else { Ok(Spot { parent, index, place }) }
    }

    pub(super) fn index_of(&self, node: NodeId) -> usize {
        let siblings = self.siblings(self.parent(node));
        // Most edits are made at the end.
        siblings.iter().rposition(|other| *other == node).unwrap_or(siblings.len())
    }

    pub(super) fn siblings(&self, parent: Option<NodeId>) -> &[NodeId] {
        parent.map_or(self.roots(), |parent| self.children(parent))
    }

    fn list(&self, parent: Option<NodeId>) -> Option<&Block> {
        match parent {
            None => Some(&self.top),
            Some(parent) => self.slot(parent).ok()?.block.as_ref(),
        }
    }

    /// The block of a node that is known to have one; the top level for no node.
    pub(super) fn list_mut(&mut self, parent: Option<NodeId>) -> &mut Block {
        match parent {
            Some(parent) if self.slots[parent].block.is_some() => self.slots[parent].block.as_mut().expect("is there"),
            _ => &mut self.top,
        }
    }

    pub(super) fn body(&self, node: NodeId) -> String {
        let mut out = String::new();
        self.push_node(&self.slots[node], &mut out);
        out
    }

    /// Whether a node has several lines.
    pub(super) fn is_tall(&self, node: NodeId) -> bool {
        let block = self.slots[node].block.as_ref();
        block.is_some_and(|block| has_newline(&block.open)) || has_newline(&self.body(node))
    }

    /// How many levels a node and what is in it have, with what `/-` takes out.
    pub(super) fn levels_of(&self, node: NodeId) -> usize {
        let (mut depth, mut deepest) = (1, 1);
        for token in space::tokens(&self.body(node)) {
            match token.kind {
                TokenKind::OpenBrace => depth += 1,
                TokenKind::CloseBrace => depth -= 1,
                _ => {}
            }
            deepest = deepest.max(depth);
        }
        deepest
    }

    /// Whether nothing but space and comments stands before a node on its line.
    pub(super) fn begins_line(&self, node: NodeId) -> bool {
        let slot = &self.slots[node];
        match space::lines(&slot.lead).as_slice() {
            [.., (_, Line::Other)] => false,
            [_] => self.is_line_start(slot.parent, self.index_of(node)),
            _ => true,
        }
    }

    /// Whether what stands before the node with this number in a block begins with its line.
    fn is_line_start(&self, parent: Option<NodeId>, index: usize) -> bool {
        match index.checked_sub(1) {
            Some(before) => {
                let before = self.siblings(parent)[before];
                self.slots[before].trail.ends_with(is_newline)
            }
            None => parent.is_none() || self.list(parent).is_some_and(|list| list.open.ends_with(is_newline)),
        }
    }

    /// The indentation of the line that a node begins on.
    pub(super) fn line_indentation(&self, node: NodeId) -> String {
        let lead = &self.slots[node].lead;
        if self.begins_line(node) {
            let line = space::lines(lead).last().map_or(0, |(start, _)| *start);
            return leading_space(&lead[line..]).to_owned();
        }
        let siblings = self.siblings(self.parent(node));
        let before = siblings[..self.index_of(node)].iter().rev().find(|other| self.begins_line(**other));
        let line = before.copied().or(self.parent(node));
        line.map_or(String::new(), |line| self.line_indentation(line))
    }

    /// The indentation for a node at this place of a block of several lines: that of its neighbour, if there is one.
    fn indentation_at(&self, spot: Spot) -> String {
        let siblings = self.siblings(spot.parent);
        let near = [spot.index.wrapping_sub(1), spot.index].into_iter().filter_map(|at| siblings.get(at));
        if let Some(near) = near.copied().find(|near| self.begins_line(*near)) {
            return self.line_indentation(near);
        }
        spot.parent.map_or(String::new(), |parent| self.line_indentation(parent) + &self.indentation)
    }

    /// Whether a block is written on one line.
    fn is_one_line(&self, parent: NodeId) -> bool {
        let Some(block) = self.list(Some(parent)) else { return false };
        let breaks = |child: &NodeId| {
            let slot = &self.slots[*child];
            has_newline(&slot.lead) || has_newline(&slot.trail)
        };
        let is_broken = has_newline(&block.open) || block.children.iter().any(breaks) || has_newline(&block.tail);
        !is_broken && !block.children.iter().any(|child| has_newline(&self.body(*child)))
    }

    /// The nodes around a place whose blocks are written on one line, the outermost first.
    fn one_line_blocks(&self, parent: Option<NodeId>) -> Vec<NodeId> {
        let around = std::iter::successors(parent, |node| self.parent(*node));
        // A node without a block may lie in one that is on one line.
        let around = around.skip_while(|node| self.list(Some(*node)).is_none());
        let mut found: Vec<NodeId> = around.take_while(|node| self.is_one_line(*node)).collect();
        found.reverse();
        found
    }

    /// Puts a node into a block. Its `lead` is the comments above it and its indentation, which is `old`; its `trail` what is
    /// said after it.
    pub(super) fn link(&mut self, node: NodeId, spot: Spot, old: &str, is_tall: bool) {
        let around = self.one_line_blocks(spot.parent);
        let is_one_line = match around.first() {
            Some(outermost) if self.fits(node, *outermost) => true,
            Some(_) => {
                for block in &around {
                    self.break_lines(*block);
                }
                false
            }
            None => false,
        };
        if let Some(parent) = spot.parent.filter(|parent| self.list(Some(*parent)).is_none()) {
            self.open_block(parent, is_one_line);
        }
        self.at(node).parent = spot.parent;
        if is_one_line {
            self.link_on_line(node, spot);
        } else {
            let indentation = self.indentation_at(spot);
            self.indent(node, old, &indentation);
            self.link_on_lines(node, spot, is_tall);
        }
        self.list_mut(spot.parent).children.insert(spot.index, node);
    }

    /// Whether a node can be put on the line of this node.
    fn fits(&self, node: NodeId, line: NodeId) -> bool {
        let slot = &self.slots[node];
        let body = self.body(node);
        let breaks = has_newline(&slot.lead) || has_newline(&body) || space::has_line_comment(&slot.trail);
        let more = slot.lead.trim_start().chars().count() + body.chars().count() + slot.trail.chars().count();
        let line = self.line_indentation(line) + &self.body(line);
        let line = line.rsplit(is_newline).next().unwrap_or_default().chars().count();
        // A space and braces, or a `;`.
        !breaks && line + more + "; ".len() <= WIDEST
    }

    /// Gives each node of a block that is written on one line a line of its own.
    fn break_lines(&mut self, parent: NodeId) {
        let outer = self.line_indentation(parent);
        let inner = outer.clone() + &self.indentation;
        let newline = self.newline;
        let list = self.list_mut(Some(parent));
        let children = list.children.clone();
        let tail = std::mem::take(&mut list.tail);
        list.open = format!("{}{newline}", list.open.trim_end());
        list.tail = match tail.trim() {
            "" => outer,
            said => format!("{inner}{said}{newline}{outer}"),
        };
        for child in children {
            let slot = self.at(child);
            slot.lead = format!("{inner}{}", slot.lead.trim_start());
            let (said, _) = space::split_trail(&slot.trail);
            slot.trail = said + newline;
        }
    }

    /// Gives a node a block, which is empty yet. A comment on the node's line stays there.
    fn open_block(&mut self, parent: NodeId, is_one_line: bool) {
        let newline = self.newline;
        let tail = if is_one_line { " ".to_owned() } else { self.line_indentation(parent) };
        let slot = self.at(parent);
        let rest = slot.trail.split_off(space::past_entries(&slot.trail));
        let gap = std::mem::replace(&mut slot.trail, rest) + " ";
        let mut open = String::new();
        if !is_one_line {
            let said = slot.trail.trim_end_matches(is_newline).to_owned();
            let kinds: Vec<TokenKind> = space::tokens(&said).map(|token| token.kind).collect();
            if matches!(kinds.as_slice(), [TokenKind::Space, TokenKind::LineComment] | [TokenKind::LineComment]) {
                slot.trail = slot.trail[said.len()..].to_owned();
                open = said;
            }
            open.push_str(newline);
        }
        slot.block = Some(Block { gap, open, children: Vec::new(), tail, origin: Origin::Node });
    }

    fn link_on_line(&mut self, node: NodeId, spot: Spot) {
        let (before, after) = self.neighbours(spot);
        let list = self.list_mut(spot.parent);
        // After a node without an end `/-` would take out an entry of it.
        let mut ends = after.is_some() || space::tokens(&list.tail).any(|token| token.kind == TokenKind::Slashdash);
        if let Some(before) = before {
            let trail = &mut self.at(before).trail;
            match space::split_trail(trail).1 {
                Ending::Open => trail.push(';'),
                Ending::Semicolon | Ending::Newline => ends = true,
            }
        } else if after.is_none() {
            let list = self.list_mut(spot.parent);
            if list.tail.is_empty() {
                list.tail.push(' ');
            }
        }
        let slot = self.at(node);
        slot.lead = format!(" {}", slot.lead.trim_start());
        if ends {
            slot.trail.push(';');
        }
    }

    /// Whether something follows a last node on its line that is not its own.
    fn is_before_more(&self, node: NodeId) -> bool {
        let slot = &self.slots[node];
        let ends = space::split_trail(&slot.trail).1 == Ending::Semicolon;
        ends && self.list(slot.parent).is_some_and(|list| !space::is_empty(&list.tail))
    }

    fn neighbours(&self, spot: Spot) -> (Option<NodeId>, Option<NodeId>) {
        let siblings = self.siblings(spot.parent);
        (spot.index.checked_sub(1).map(|at| siblings[at]), siblings.get(spot.index).copied())
    }

    fn link_on_lines(&mut self, node: NodeId, spot: Spot, is_tall: bool) {
        let newline = self.newline;
        let (before, after) = self.neighbours(spot);
        let is_within_line = !self.is_line_start(spot.parent, spot.index)
            && match after {
                Some(after) => matches!(spot.place, Place::After(_)) || !self.begins_line(after),
                None => before.is_some_and(|before| self.is_before_more(before)),
            };
        if is_within_line {
            return self.link_within_line(node);
        }
        let above = match after {
            Some(after) if matches!(spot.place, Place::Before(_)) && self.begins_line(after) => {
                self.above_node(after, spot, is_tall)
            }
            _ => self.above_end(spot, is_tall),
        };
        let is_top = spot.parent.is_none();
        let rest_is_empty = self.list_mut(spot.parent).tail.is_empty();
        let slot = self.at(node);
        slot.lead.insert_str(0, &above.lead);
        // A comment at the end of the line needs the end of the line, unless the text ends.
        let may_end_open = (is_top && rest_is_empty) || !space::has_line_comment(&slot.trail);
        if !(above.trail_is_open && may_end_open) {
            slot.trail.push_str(newline);
        }
    }

    /// Puts a node before one that stands on the same line as the one before.
    fn link_within_line(&mut self, node: NodeId) {
        let newline = self.newline;
        let slot = self.at(node);
        let breaks = space::lines(&slot.lead).len() > 1;
        slot.lead = if breaks { format!("{newline}{}", slot.lead) } else { format!(" {}", slot.lead.trim_start()) };
        slot.trail.push_str(if space::has_line_comment(&slot.trail) { newline } else { ";" });
    }

    /// What stands above a node is split where another node comes before it.
    fn above_node(&mut self, after: NodeId, spot: Spot, is_tall: bool) -> Above {
        let newline = self.newline;
        let siblings = self.siblings(spot.parent);
        let example = if siblings.len() > spot.index + 1 { spot.index + 1 } else { spot.index };
        let is_blank = self.wants_blank(spot, is_tall || self.is_tall(after), example);
        let lead = &mut self.at(after).lead;
        let own = lead.split_off(space::own_start(lead));
        let above = std::mem::replace(lead, own);
        // What stands without a blank line stays so.
        let has_room = space::without_last_blank(&above).is_some() || (spot.index == 0 && above.is_empty());
        if is_blank && has_room {
            lead.insert_str(0, newline);
        }
        Above { lead: above, trail_is_open: false }
    }

    /// What comes above a node that is put after another one, or at the end.
    fn above_end(&mut self, spot: Spot, is_tall: bool) -> Above {
        let newline = self.newline;
        let (before, after) = self.neighbours(spot);
        let mut trail_is_open = false;
        let mut is_blank = false;
        if let Some(before) = before {
            is_blank = self.has_room(spot) && self.wants_blank(spot, is_tall || self.is_tall(before), spot.index - 1);
            let trail = &mut self.at(before).trail;
            if !trail.ends_with(is_newline) {
                trail.push_str(newline);
                trail_is_open = true;
            }
        }
        let mut lead = String::new();
        if let (None, Some(after)) = (before, after) {
            // The blank line at the start of the block stays there.
            let below = &mut self.at(after).lead;
            if let Some(rest) = space::without_first_blank(below) {
                lead = below[..below.len() - rest.len()].to_owned();
                *below = rest.to_owned();
            }
        }
        if after.is_none() && matches!(spot.place, Place::End | Place::EndOf(_)) {
            trail_is_open |= self.take_tail(spot, &mut lead);
        }
        if is_blank || (after.is_none() && !lead.is_empty()) {
            lead.push_str(newline);
        }
        Above { lead, trail_is_open }
    }

    /// Whether a blank line follows the place, or nothing: what stands without a blank line stays so.
    fn has_room(&self, spot: Spot) -> bool {
        let rest = match self.neighbours(spot).1 {
            Some(after) => &self.slots[after].lead,
            None => &self.list(spot.parent).unwrap_or(&self.top).tail,
        };
        let is_end = matches!(spot.place, Place::End | Place::EndOf(_));
        is_end
            || space::without_first_blank(rest).is_some()
            || (self.neighbours(spot).1.is_none() && space::is_empty(rest))
    }

    /// Takes the comments at the end of a block, which come before what is put there. Whether the text ended without a line
    /// end.
    fn take_tail(&mut self, spot: Spot, lead: &mut String) -> bool {
        let newline = self.newline;
        let list = self.list_mut(spot.parent);
        let last = space::lines(&list.tail).last().map_or(0, |(start, _)| *start);
        let rest = list.tail.split_off(last);
        if space::tokens(&rest).any(|token| token.kind == TokenKind::Escline) {
            // It joins what follows to the line, which may be the node.
            list.tail.push_str(&rest);
            return false;
        }
        if spot.parent.is_none() && !space::is_empty(&rest) {
            lead.push_str(&list.tail);
            lead.push_str(&rest);
            lead.push_str(newline);
            list.tail.clear();
            return true;
        }
        if space::is_empty(&list.tail) {
            list.tail.push_str(&rest);
        } else {
            lead.push_str(&std::mem::replace(&mut list.tail, rest));
        }
        false
    }

    /// Whether a blank line is to stand between two nodes, one of which has several lines (`is_tall`) or none: as it is
    /// between a pair like them next to the place, whose second is `example`; otherwise at the top level around nodes of
    /// several lines.
    fn wants_blank(&self, spot: Spot, is_tall: bool, example: usize) -> bool {
        let siblings = self.siblings(spot.parent);
        if let (Some(first), Some(second)) = (example.checked_sub(1).map(|at| siblings[at]), siblings.get(example)) {
            let is_like = (self.is_tall(first) || self.is_tall(*second)) == is_tall;
            if is_like && self.begins_line(*second) {
                return space::has_blank(&self.slots[*second].lead);
            }
        }
        spot.parent.is_none() && is_tall
    }

    /// Indents the lines of a node anew.
    fn indent(&mut self, node: NodeId, old: &str, new: &str) {
        let mut indenter = Indenter { old, new, at_line_start: true };
        let mut lead = std::mem::take(&mut self.at(node).lead);
        indenter.before_word(&mut lead);
        self.at(node).lead = lead;
        self.indent_body(node, &mut indenter);
    }

    fn indent_body(&mut self, node: NodeId, indenter: &mut Indenter<'_>) {
        let Slot { entries, block, .. } = self.at(node);
        for entry in entries {
            indenter.before_word(&mut entry.gap);
            indenter.before_word(&mut entry.between);
        }
        let Some(block) = block else { return };
        indenter.before_word(&mut block.gap);
        indenter.between(&mut block.open);
        for child in block.children.clone() {
            let slot = self.at(child);
            indenter.before_word(&mut slot.lead);
            self.indent_body(child, indenter);
            indenter.between(&mut self.at(child).trail);
        }
        indenter.before_word(&mut self.list_mut(Some(node)).tail);
    }
}

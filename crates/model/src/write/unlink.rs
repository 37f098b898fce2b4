//! Taking a node out of its block, so that what is left looks as if it had never been there.

use super::space::{self, Ending, leading_space};
use super::{Block, Document, Origin};
use groma_syntax::is_newline;
use groma_syntax::{NodeId, TokenKind};

impl Document {
    /// Takes a node out of its block, with what belongs to it: its `lead` is then the comments above it and its indentation,
    /// which is returned, and its `trail` what is said after it.
    pub(super) fn unlink(&mut self, node: NodeId, comments: Comments) -> String {
        let parent = self.parent(node);
        let begins_line = self.begins_line(node);
        let indentation = self.line_indentation(node);
        let index = self.index_of(node);
        let newline = self.newline;
        let slot = self.at(node);
        let mut foreign = std::mem::take(&mut slot.lead);
        let own = foreign.split_off(space::own_start(&foreign));
        let (said, ending) = space::split_trail(&slot.trail);
        if comments == Comments::Stay {
            foreign += &left(&own, &said, begins_line.then_some((&indentation, newline)));
        }
        slot.trail = said;
        slot.lead = if begins_line { own } else { format!("{indentation}{}", own.trim_start()) };
        self.list_mut(parent).children.remove(index);
        let gone = Gone { parent, index, foreign, ending };
        if begins_line {
            self.close_lines(gone, &indentation);
        } else {
            self.close_line(gone);
        }
        if self.list_mut(parent).children.is_empty() {
            self.close_block(parent);
        }
        indentation
    }

    /// What stands after the place of a node that is gone, up to the next node or to the end of the block.
    fn rest(&mut self, gone: &Gone) -> &mut String {
        match self.siblings(gone.parent).get(gone.index).copied() {
            Some(next) => &mut self.at(next).lead,
            None => &mut self.list_mut(gone.parent).tail,
        }
    }

    /// After a node that began its line.
    fn close_lines(&mut self, gone: Gone, indentation: &str) {
        let is_last = self.siblings(gone.parent).len() == gone.index;
        let rest = self.rest(&gone);
        if gone.ending == Ending::Semicolon && !(is_last && space::is_empty(rest)) {
            // What comes next on the line takes its place.
            *rest = format!("{}{indentation}{}", gone.foreign, &rest[leading_space(rest).len()..]);
            return;
        }
        if gone.ending == Ending::Open {
            return self.close_end(gone);
        }
        let is_first = gone.index == 0;
        let rest = self.rest(&gone);
        *rest = joined(&gone.foreign, rest, is_first, is_last);
    }

    /// After a last node whose line did not end: the line before it does not end either, where that can be.
    fn close_end(&mut self, gone: Gone) {
        let ends_text = gone.parent.is_none() && space::is_empty(self.rest(&gone));
        let mut foreign = space::without_last_blank(&gone.foreign).unwrap_or(&gone.foreign).to_owned();
        let before = gone.index.checked_sub(1).map(|at| self.siblings(gone.parent)[at]);
        if !foreign.is_empty() {
            if ends_text {
                space::pop_newline(&mut foreign);
            }
        } else if let Some(before) = before {
            let trail = &mut self.at(before).trail;
            // A `\` would join what follows to this line.
            let needs_end = |kind| kind == TokenKind::Escline || (kind == TokenKind::LineComment && !ends_text);
            if !space::tokens(trail).any(|token| needs_end(token.kind)) {
                space::pop_newline(trail);
            }
        }
        self.rest(&gone).insert_str(0, &foreign);
    }

    /// After a node that stood on the line of the one before.
    fn close_line(&mut self, gone: Gone) {
        let newline = self.newline;
        let before = gone.index.checked_sub(1).map(|at| self.siblings(gone.parent)[at]);
        let is_last = self.siblings(gone.parent).len() == gone.index;
        let mut foreign = gone.foreign.clone();
        match (gone.ending, before) {
            (Ending::Newline, _) if !foreign.is_empty() => foreign.push_str(newline),
            (Ending::Newline, Some(before)) => {
                let (said, _) = space::split_trail(&self.at(before).trail);
                self.at(before).trail = said + newline;
            }
            (Ending::Newline, None) => self.list_mut(gone.parent).open.push_str(newline),
            (Ending::Open, Some(before)) if is_last && foreign.is_empty() => {
                let trail = &mut self.at(before).trail;
                if let Some(said) = trail.strip_suffix(';') {
                    *trail = said.to_owned();
                }
            }
            _ => {}
        }
        self.rest(&gone).insert_str(0, &foreign);
    }

    /// Takes a block away that has no node any more, unless something else is in it. What it was before it had one comes back.
    fn close_block(&mut self, parent: Option<NodeId>) {
        let Some(parent) = parent else { return };
        let is_text_end = self.parent(parent).is_none() && self.top.tail.is_empty();
        let slot = self.at(parent);
        let Some(block) = slot.block.take() else { return };
        let has = |kind| space::tokens(&block.open).any(|token| token.kind == kind);
        let (is_line, is_said) =
            (has(TokenKind::LineComment), has(TokenKind::BlockComment) || has(TokenKind::LineComment));
        let (said, ending) = space::split_trail(&slot.trail);
        let line_goes_on = ending != Ending::Newline && !(ending == Ending::Open && is_text_end);
        let stays = (is_said && !said.is_empty()) || (is_line && line_goes_on) || !space::is_empty(&block.tail);
        if stays {
            slot.block = Some(block);
        } else if let Origin::Empty { open, tail } = &block.origin {
            let (open, tail) = (open.clone(), tail.clone());
            slot.block = Some(Block { open, tail, ..block });
        } else {
            let mut said = if space::is_empty(&block.gap) { String::new() } else { block.gap };
            said.truncate(said.trim_end_matches(' ').len());
            if is_said {
                said.push_str(&block.open);
                space::pop_newline(&mut said);
            }
            if is_line {
                // A `;` there would be part of the comment.
                slot.trail = slot.trail.split_off(slot.trail.trim_end_matches(is_newline).len());
            }
            slot.trail.insert_str(0, &said);
        }
    }
}

/// What becomes of the comments that belong to a node.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Comments {
    /// They go where it goes.
    Go,
    /// They stay where it was.
    Stay,
}

/// The comments above a node and after it, as they stand without it: on lines of their own if it began one, else on its line.
fn left(own: &str, said: &str, line: Option<(&String, &str)>) -> String {
    let is_said = |text: &&str| !text.is_empty();
    let Some((indentation, newline)) = line else {
        let pieces = [own.trim(), said.trim()];
        return pieces.iter().filter(|text| is_said(text)).map(|text| format!(" {text}")).collect();
    };
    let (above, beside) = own.split_at(own.len() - own.rsplit(is_newline).next().unwrap_or_default().len());
    let pieces = [beside.trim(), said.trim()];
    let lines = pieces.iter().filter(|text| is_said(text)).map(|text| format!("{indentation}{text}{newline}"));
    let mut all: String = std::iter::once(above.to_owned()).chain(lines).collect();
    // So that they are not taken for comments of what comes next.
    if !all.is_empty() {
        all.push_str(newline);
    }
    all
}

/// A node that is gone: where it was, what stood above it and is not its own, and how it ended.
struct Gone {
    parent: Option<NodeId>,
    index: usize,
    foreign: String,
    ending: Ending,
}

/// What stood above a node that is gone and what stands after it, with one blank line where there were two.
fn joined(foreign: &str, rest: &str, is_first: bool, is_last: bool) -> String {
    let ends_blank = space::without_last_blank(foreign);
    let starts_blank = space::without_first_blank(rest);
    let ends_block = is_last && space::is_empty(rest);
    match (ends_blank, starts_blank) {
        (Some(foreign), _) if ends_block || starts_blank.is_some() => format!("{foreign}{rest}"),
        (_, Some(rest)) if is_first && !is_last && foreign.is_empty() => rest.to_owned(),
        _ => format!("{foreign}{rest}"),
    }
}

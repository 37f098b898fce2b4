//! A range that is given as its two ends: `minReplicas=2 maxReplicas=5` for `replicas=2..5`.

use super::{Decoder, Owner, UNKNOWN_WORD};
use crate::items::ItemId;
use crate::schema::{Fact, Kind, Type};
use groma_base::{Edit, Fix, Range, only_meant};
use groma_syntax::{NodeId, Word};

/// One end of a range, as it is written.
struct End {
    is_least: bool,
    /// What stands there, with its name.
    whole: Range,
    value: Option<Word>,
    is_property: bool,
}

/// The fact of a kind that is usually a range and of which a word says one end, and whether that is the lower one.
fn end_of(kind: &'static Kind, word: &str) -> Option<(&'static Fact, bool)> {
    let lower = word.to_lowercase();
    let starts = [("minimum", true), ("maximum", false), ("min", true), ("max", false)];
    let (rest, is_least) = starts.iter().find_map(|(start, is_least)| Some((lower.strip_prefix(start)?, *is_least)))?;
    let is_range = |fact: &&'static Fact| fact.ty == Type::Whole && fact.form.contains("..");
    let fact = kind
        .all_facts()
        .filter(is_range)
        .find(|fact| only_meant(rest.trim_start_matches(['-', '_']), &[fact.name]).is_some())?;
    Some((fact, is_least))
}

impl Decoder<'_> {
    /// Reports a fact or a node that is one end of a range. Where both ends are given, that is told once. Whether it was one.
    pub(super) fn end_of_range(&mut self, owner: Owner, range: Range, word: &str) -> bool {
        let kind = self.items[owner.item].kind;
        let Some((fact, _)) = end_of(kind, word).filter(|_| owner.fact.is_none()) else { return false };
        let ends = self.ends_of_range(owner.node, kind, fact);
        let is_first = ends.first().is_none_or(|first| first.whole.start == range.start);
        if ends.len() > 1 && !is_first {
            return true;
        }
        let number = |is_least: bool| {
            let value = ends.iter().find(|end| end.is_least == is_least)?.value?;
            let text = value.range().of(&self.tree.text);
            text.bytes().all(|byte| byte.is_ascii_digit()).then_some(text)
        };
        let meant = match (number(true), number(false), &ends[..]) {
            (Some(least), Some(most), [first, second]) if first.is_property == second.is_property => {
                Some((format!("{least}..{most}"), first, second))
            }
            _ => None,
        };
        let message = format!("`{}` has no fact called `{word}`", self.name_of(owner));
        let fix = meant.map(|(meant, first, second)| {
            let sign = if first.is_property { "=" } else { " " };
            let meant = format!("{}{sign}{meant}", fact.name);
            let spaced = self.with_separator(second.whole);
            let edit = |range, text: &str| Edit { span: self.span(range), text: text.to_owned() };
            (meant.clone(), vec![edit(first.whole, &meant), edit(spaced, "")])
        });
        let finding = self.report(UNKNOWN_WORD, range, message);
        match fix {
            Some((meant, edits)) => {
                finding.help.push(format!("both ends are one range: write `{meant}`"));
                finding.fixes.push(Fix { message: format!("write `{meant}`"), edits });
            }
            None => finding.help.push(format!("both ends are one range: write `{}`", fact.form)),
        }
        true
    }

    /// What stands there with the space before it and the `;` behind it.
    pub(super) fn with_separator(&self, range: Range) -> Range {
        let (before, after) = (&self.tree.text[..range.start as usize], &self.tree.text[range.end as usize..]);
        let space = before.len() - before.trim_end_matches([' ', '\t']).len();
        let end = after.trim_start_matches([' ', '\t']).strip_prefix(';').map_or(0, |rest| after.len() - rest.len());
        Range::new(range.start - space as u32, range.end + end as u32)
    }

    /// The same of a node in the block of an item.
    pub(super) fn end_in_block(&mut self, id: NodeId, word: &str, parent: Option<ItemId>) -> bool {
        let Some(item) = parent else { return false };
        let Some(around) = self.node_of(item) else { return false };
        let node = *self.tree.node(id);
        let is_end = self.end_of_range(Owner { item, fact: None, node: around }, node.name.range(), word);
        if is_end {
            self.lost.push(node.range());
        }
        is_end
    }

    /// The ends of the range of a fact that a node has, in the order of the text.
    fn ends_of_range(&self, node: NodeId, kind: &'static Kind, fact: &'static Fact) -> Vec<End> {
        let tree = self.tree;
        let end = |word: &str| end_of(kind, word).filter(|(of, _)| *of == fact).map(|(_, is_least)| is_least);
        let keyed = tree.entries(node).iter().filter(|entry| entry.key.is_some()).filter_map(|entry| {
            let is_least = end(&tree.string(entry.key))?;
            Some(End { is_least, whole: entry.range(), value: Some(entry.value), is_property: true })
        });
        let nodes = tree.children(node).filter_map(|child| {
            let is_least = end(&tree.name(child))?;
            let value = match tree.entries(child) {
                [only] if !only.key.is_some() => Some(only.value),
                _ => None,
            };
            Some(End { is_least, whole: tree.node(child).head_range(tree), value, is_property: false })
        });
        keyed.chain(nodes).take(3).collect()
    }
}

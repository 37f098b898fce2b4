//! Where a brace is likely missing or too many, told by the indentation.

use crate::error::{SyntaxError, SyntaxErrorKind};
use crate::tree::{NodeId, Tree};
use groma_base::Range;

/// Points the errors about braces to where the indentation stops to agree with the nesting: there the brace is missing
/// or too many, however far away the text runs out of braces.
pub(crate) fn point_to_the_brace(tree: &Tree, errors: &mut [SyntaxError]) {
    let name = |node: NodeId| tree.node(node).name.range();
    for error in errors {
        match error.kind {
            SyntaxErrorKind::UnclosedBlocks { .. } => {
                let Some((block, child)) = too_deep(tree) else { continue };
                let node = name(block).of(&tree.text).to_owned();
                let kind = SyntaxErrorKind::UnclosedBlockOf { node };
                *error = SyntaxError::new(name(block), kind).explained_at(child);
            }
            SyntaxErrorKind::ClosesNothing { .. } => {
                let Some((before, child)) = too_shallow(tree) else { continue };
                let ended = Some(name(before).of(&tree.text).to_owned());
                *error = SyntaxError::new(error.range, SyntaxErrorKind::ClosesNothing { ended }).explained_at(child);
            }
            _ => {}
        }
    }
}

/// The width of the space before a node, if it begins its line.
fn indentation(tree: &Tree, node: NodeId) -> Option<usize> {
    let start = tree.node(node).name.range().start as usize;
    let line = tree.text[..start].rfind('\n').map_or(0, |end| end + 1);
    let before = &tree.text[line..start];
    before.bytes().all(|byte| matches!(byte, b' ' | b'\t')).then_some(before.len())
}

/// The first node in the text that is indented no deeper than the node it is read as a part of, and that node.
fn too_deep(tree: &Tree) -> Option<(NodeId, Range)> {
    let found = all(tree).flat_map(|node| {
        let own = indentation(tree, node);
        tree.children(node).filter_map(move |child| {
            let outside = indentation(tree, child)? <= own?;
            outside.then(|| (node, tree.node(child).name.range()))
        })
    });
    found.min_by_key(|(_, child)| child.start)
}

/// The first node in the text that is indented deeper than its sibling before, and that sibling.
fn too_shallow(tree: &Tree) -> Option<(NodeId, Range)> {
    let lists = std::iter::once(tree.roots().collect()).chain(all(tree).map(|node| tree.children(node).collect()));
    let found = lists.filter_map(|siblings: Vec<NodeId>| {
        siblings.windows(2).find_map(|pair| {
            let deeper = indentation(tree, pair[1])? > indentation(tree, pair[0])?;
            deeper.then(|| (pair[0], tree.node(pair[1]).name.range()))
        })
    });
    found.min_by_key(|(_, child)| child.start)
}

fn all(tree: &Tree) -> impl Iterator<Item = NodeId> {
    (0..tree.node_count() as u32).map(NodeId)
}

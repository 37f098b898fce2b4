//! Where a brace is likely missing or too many, told by the indentation.

use crate::tree::{NodeId, SyntaxError, Tree};
use groma_base::Range;

/// Points the errors about braces to where the indentation stops to agree with the nesting: there the brace is missing
/// or too many, however far away the text runs out of braces.
pub(crate) fn point_to_the_brace(tree: &Tree, errors: &mut [SyntaxError]) {
    for error in errors {
        if error.message.ends_with("never closed") && tree.text[error.range.start as usize..].starts_with('{') {
            let Some((block, child)) = too_deep(tree) else { continue };
            let one = tree.node(block).name.range();
            error.range = one;
            error.message = format!("the block of `{}` is never closed", one.of(&tree.text));
            error.related = Some((child, "by its indentation this stands outside of it".into()));
        } else if error.message == CLOSES_NOTHING {
            let Some((before, child)) = too_shallow(tree) else { continue };
            error.related = Some((child, "by its indentation this stands inside of a block".into()));
            error.help = format!(
                "remove a `}}` before that line, perhaps the one that ends `{}`",
                tree.node(before).name.range().of(&tree.text)
            );
        }
    }
}

/// A `}` without a block.
pub(crate) const CLOSES_NOTHING: &str = "this `}` closes nothing";

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

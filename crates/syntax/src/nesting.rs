//! Where a brace is likely missing or too many, told by the indentation.

use crate::error::{SyntaxError, SyntaxErrorKind};
use crate::tree::{NodeId, Tree};
use groma_base::Range;

/// Points the errors about braces to where the indentation stops to agree with the nesting: there the brace is missing
/// or too many, however far away the text runs out of braces.
pub(crate) fn point_to_the_brace(tree: &Tree, errors: &mut [SyntaxError]) {
    let name = |node: NodeId| tree.node(node).name.range();
    let uses_indentation = all(tree).any(|node| indentation(tree, node).is_some_and(|width| width > 0));
    let mut without_block = None;
    for error in errors {
        match error.kind {
            SyntaxErrorKind::UnclosedBlocks { count } => {
                let Some((block, before, child)) = too_deep(tree) else { continue };
                let node = name(block).of(&tree.text).to_owned();
                let kind = SyntaxErrorKind::UnclosedBlockOf { node };
                *error = SyntaxError::new(name(block), kind).explained_at(child);
                if count == 1 {
                    let end = end_of_line(&tree.text, before);
                    let indent = " ".repeat(indentation(tree, block).unwrap_or(0));
                    *error = error.clone().fixed(Range::new(end, end), format!("{}{indent}}}", newline(&tree.text)));
                }
            }
            SyntaxErrorKind::ClosesNothing { .. } => {
                let without_block = without_block.get_or_insert_with(|| deeper_without_block(tree).into_iter());
                if let Some((node, child)) = without_block.next() {
                    let head = tree.node(node).head_range(tree);
                    let end = Range::new(head.end, head.end);
                    let last = Range::new(head.end - last_width(head.of(&tree.text)), head.end);
                    let kind = SyntaxErrorKind::MissingBrace;
                    *error = SyntaxError::new(last, kind).explained_at(child).fixed(end, " {");
                    continue;
                }
                if let Some((before, child)) = too_shallow(tree) {
                    let ended = Some(name(before).of(&tree.text).to_owned());
                    *error =
                        SyntaxError::new(error.range, SyntaxErrorKind::ClosesNothing { ended }).explained_at(child);
                } else if uses_indentation {
                    *error = error.clone().fixed(whole_line(&tree.text, error.range), "");
                }
            }
            _ => {}
        }
    }
}

/// How many bytes the last character of a text has.
fn last_width(text: &str) -> u32 {
    text.chars().next_back().map_or(0, char::len_utf8) as u32
}

/// The end of the line on which an offset lies, without its line break.
fn end_of_line(text: &str, at: u32) -> u32 {
    let line = &text[at as usize..];
    at + line.find(['\n', '\r']).unwrap_or(line.len()) as u32
}

/// How the lines of a text end.
fn newline(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

/// The line that a brace stands alone on, with its line break; else the brace.
fn whole_line(text: &str, brace: Range) -> Range {
    let start = text[..brace.start as usize].rfind('\n').map_or(0, |end| end + 1);
    let end = text[brace.end as usize..].find('\n').map_or(text.len(), |end| brace.end as usize + end + 1);
    match text[start..end].trim() {
        "}" => Range::new(start as u32, end as u32),
        _ => brace,
    }
}

/// The width of the space before a node, if it begins its line.
fn indentation(tree: &Tree, node: NodeId) -> Option<usize> {
    let start = tree.node(node).name.range().start as usize;
    let line = tree.text[..start].rfind('\n').map_or(0, |end| end + 1);
    let before = &tree.text[line..start];
    before.bytes().all(|byte| matches!(byte, b' ' | b'\t')).then_some(before.len())
}

/// The first node in the text that is indented no deeper than the node it is read as a part of: that node, the offset where
/// what stands before in its block ends, and the place.
fn too_deep(tree: &Tree) -> Option<(NodeId, u32, Range)> {
    let found = all(tree).flat_map(|node| {
        let own = indentation(tree, node);
        let mut before = tree.node(node).block.start + 1;
        tree.children(node).filter_map(move |child| {
            let end = std::mem::replace(&mut before, tree.node(child).end);
            let outside = indentation(tree, child)? <= own?;
            outside.then(|| (node, end, tree.node(child).name.range()))
        })
    });
    found.min_by_key(|(.., child)| child.start)
}

/// The nodes without a block whose next sibling is indented deeper, in the order of the text, and that sibling's name.
fn deeper_without_block(tree: &Tree) -> Vec<(NodeId, Range)> {
    let mut found = Vec::new();
    let mut look = |siblings: &mut dyn Iterator<Item = NodeId>| {
        let mut before: Option<NodeId> = None;
        for node in siblings {
            let missing = before.filter(|before| {
                let widths = (indentation(tree, *before), indentation(tree, node));
                tree.node(*before).block.is_none() && matches!(widths, (Some(before), Some(node)) if node > before)
            });
            found.extend(missing.map(|missing| (missing, tree.node(node).name.range())));
            before = Some(node);
        }
    };
    look(&mut tree.roots());
    all(tree).for_each(|node| look(&mut tree.children(node)));
    found.sort_by_key(|(_, child)| child.start);
    found
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

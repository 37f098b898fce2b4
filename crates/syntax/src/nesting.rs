//! Where a brace is likely missing or too many, told by the indentation.

use crate::error::{SyntaxError, SyntaxErrorKind};
use crate::tree::{NodeId, Tree};
use crate::trials::{Trials, Tried};
use groma_base::Range;

/// So many braces are tried as the other one, at most.
const MOST_TRIED: usize = 4;

/// Points the errors about braces to where the indentation stops to agree with the nesting: there the brace is missing
/// or too many, however far away the text runs out of braces. Only where the text with that brace put right has
/// fewer errors and nests everywhere as it is indented; else nothing is known but where the braces run out.
pub(crate) fn point_to_the_brace(tree: &Tree, errors: &mut Vec<SyntaxError>, trials: &mut Trials) {
    let unclosed = errors.iter().find_map(|error| match error.kind {
        SyntaxErrorKind::UnclosedBlocks { count } => Some(count),
        _ => None,
    });
    if turned_brackets(tree, errors, trials) || unclosed.is_some() && open_for_close(tree, errors, trials) {
        return;
    }
    let pointed = unclosed.map(|count| unclosed_block(tree, count, trials)).filter(|pointed| !pointed.is_empty());
    if let Some(pointed) = pointed {
        errors.retain(|error| !matches!(error.kind, SyntaxErrorKind::UnclosedBlocks { .. }));
        let at = errors.partition_point(|error| error.range < pointed[0].range);
        errors.splice(at..at, pointed);
    }
    let too_many: Vec<usize> =
        (0..errors.len()).filter(|at| matches!(errors[*at].kind, SyntaxErrorKind::ClosesNothing { .. })).collect();
    if !too_many.is_empty() {
        closes_nothing(tree, errors, &too_many, trials);
    }
}

/// Reports the brackets that stand the wrong way round for a brace, `service a )`, instead of what these make of the text: all that
/// there are, else one of them. Whether there are any.
fn turned_brackets(tree: &Tree, errors: &mut Vec<SyntaxError>, trials: &mut Trials) -> bool {
    let text = &*tree.text;
    let turned = |error: &SyntaxError| match error.range.of(text) {
        ")" | "]" => Some((error.range, "{")),
        "(" | "[" => Some((error.range, "}")),
        _ => None,
    };
    let turned: Vec<_> = errors.iter().filter_map(turned).take(MOST_TRIED).collect();
    let each = turned.chunks(1).filter(|_| turned.len() > 1);
    let braces = trials.braces;
    let mut tried = std::iter::once(&*turned).chain(each).filter(|edits| !edits.is_empty());
    let Some(meant) = tried.find(|edits| heals(trials, text, edits, braces)) else { return false };
    errors.retain(|error| !error.is_about_braces());
    for (range, brace) in meant {
        let [written, meant] = [range.of(text), brace].map(|one| one.chars().next().unwrap_or_default());
        let kind = SyntaxErrorKind::WrongBracket { written, meant };
        let told = errors.iter_mut().filter(|error| error.range == *range);
        told.for_each(|error| *error = SyntaxError::new(*range, kind.clone()).fixed(*range, *brace));
    }
    true
}

/// Reports a `{` where the one before it should be closed by `}`, instead of what that makes of the text. Whether there is one.
fn open_for_close(tree: &Tree, errors: &mut Vec<SyntaxError>, trials: &mut Trials) -> bool {
    let is_brace = |error: &&SyntaxError| {
        matches!(error.kind, SyntaxErrorKind::BraceOnNextLine | SyntaxErrorKind::BlockWithoutNode)
    };
    let told = errors.iter().filter(is_brace).map(|error| error.range);
    let braces: Vec<Range> = told.chain(braces_at_end_of_line(tree)).take(MOST_TRIED).collect();
    let all = trials.braces;
    let Some(brace) = braces.into_iter().find(|brace| heals(trials, &tree.text, &[(*brace, "}")], all)) else {
        return false;
    };
    errors.retain(|error| error.range != brace && !error.is_about_braces());
    let kind = SyntaxErrorKind::WrongBracket { written: '{', meant: '}' };
    let at = errors.partition_point(|error| error.range < brace);
    errors.insert(at, SyntaxError::new(brace, kind).fixed(brace, "}"));
    true
}

/// The `{` that end lines on which their parents' blocks begin.
fn braces_at_end_of_line(tree: &Tree) -> impl Iterator<Item = Range> {
    let text = &*tree.text;
    let parts = all(tree).flat_map(|node| tree.children(node).take(MOST_TRIED).map(move |child| (node, child)));
    parts.filter_map(|(node, child)| {
        let (around, own) = (tree.node(node).block, tree.node(child).block);
        let between = text.get(around.start as usize..own.start as usize).filter(|_| !own.is_none());
        let is_on_line = between.is_some_and(|between| !between.contains('\n'));
        let is_last = || text[own.start as usize + 1..end_of_line(text, own.start) as usize].trim().is_empty();
        (is_on_line && is_last()).then(|| Range::new(own.start, own.start + 1))
    })
}

/// What is said of the blocks that are open at the end of the text: of each line that opens one again, or of the block that by the
/// indentation should not be open.
fn unclosed_block(tree: &Tree, count: usize, trials: &mut Trials) -> Vec<SyntaxError> {
    let Some(deep) = too_deep(tree) else { return Vec::new() };
    let again = opened_again(tree, deep.0, count, trials);
    if again.is_empty() { block_too_deep(tree, count, deep, trials).into_iter().collect() } else { again }
}

/// What is said of the block that by the indentation should not be open where a part of it stands, if those that are open are all like that.
fn block_too_deep(
    tree: &Tree,
    count: usize,
    (block, before, child): (NodeId, u32, Range),
    trials: &mut Trials,
) -> Option<SyntaxError> {
    let close = |tree: &Tree, (block, before, _): (NodeId, u32, Range)| {
        let end = end_of_line(&tree.text, before);
        let indent = " ".repeat(indentation(tree, block).unwrap_or(0));
        (Range::new(end, end), format!("{}{indent}}}", newline(&tree.text)))
    };
    let (range, brace) = close(tree, (block, before, child));
    let mut weight = trials.braces;
    let mut now = trials.read(&tree.text, &[(range, &brace)])?;
    loop {
        if now.braces + 1 != weight || now.weight >= trials.weight {
            return None;
        }
        if agrees(&now.tree) {
            break;
        }
        weight = now.braces;
        let (range, brace) = close(&now.tree, too_deep(&now.tree)?);
        now = trials.read(&now.tree.text, &[(range, &brace)])?;
    }
    let name = tree.node(block).name.range();
    let kind = SyntaxErrorKind::UnclosedBlockOf { node: name.of(&tree.text).to_owned() };
    let error = SyntaxError::new(name, kind).explained_at(child);
    Some(if count == 1 { error.fixed(range, brace) } else { error })
}

/// What is said of the lines that open a block right below the same line, of which there are so many, if that is all that is wrong.
fn opened_again(tree: &Tree, block: NodeId, count: usize, trials: &mut Trials) -> Vec<SyntaxError> {
    let below = |above: &NodeId| opened_below(tree, *above);
    let again: Vec<NodeId> = std::iter::successors(below(&block), below).take(count).collect();
    let lines: Vec<(Range, &str)> = again.iter().map(|node| (whole_lines(tree, *node), "")).collect();
    if lines.len() < count || !heals(trials, &tree.text, &lines, count) {
        return Vec::new();
    }
    let first = tree.node(block).head_range(tree);
    let told = |(node, (line, _)): (&NodeId, &(Range, &str))| {
        let head = tree.node(*node).head_range(tree);
        let error = SyntaxError::new(head, SyntaxErrorKind::OpenedTwice).explained_at(first);
        // A comment would go with it.
        let is_alone = Range::new(head.end, end_of_line(&tree.text, head.end)).of(&tree.text).trim() == "{";
        if is_alone { error.fixed(*line, "") } else { error }
    };
    again.iter().zip(&lines).map(told).collect()
}

/// The first part of a block, if that opens a block with the same line right below.
fn opened_below(tree: &Tree, block: NodeId) -> Option<NodeId> {
    let text = &*tree.text;
    let again = tree.children(block).next().filter(|again| !tree.node(*again).block.is_none())?;
    let heads = [block, again].map(|node| tree.node(node).head_range(tree));
    let lines = heads.map(|head| Range::new(head.start, end_of_line(text, head.end)));
    let is_below = text.get(lines[0].end as usize..lines[1].start as usize)?.trim().is_empty();
    let is_same =
        heads[0].of(text) == heads[1].of(text) && lines[0].of(text).trim_end() == lines[1].of(text).trim_end();
    (is_below && is_same && width_before(text, lines[1].start).is_some()).then_some(again)
}

/// The line on which a node begins its block, from its beginning to that of the next.
fn whole_lines(tree: &Tree, node: NodeId) -> Range {
    let (text, head) = (&*tree.text, tree.node(node).head_range(tree));
    let start = head.start - width_before(text, head.start).unwrap_or(0) as u32;
    let end = end_of_line(text, head.end);
    Range::new(start, text[end as usize..].find('\n').map_or(text.len() as u32, |at| end + at as u32 + 1))
}

/// What is said of a line with this head whose `{` is missing. Behind a blank line what follows may as well be the block of a line that
/// is gone.
fn missing_brace(text: &str, head: Range, child: Range) -> SyntaxError {
    let last = Range::new(head.end - last_width(head.of(text)), head.end);
    let error = SyntaxError::new(last, SyntaxErrorKind::MissingBrace).explained_at(child);
    let between = text[head.end as usize..child.start as usize].trim_end_matches([' ', '\t']);
    let is_apart = between.lines().skip(1).any(|line| line.trim().is_empty());
    if is_apart { error } else { error.fixed(Range::new(head.end, head.end), " {") }
}

/// Says of each `}` that closes nothing, which are `at` among the errors, where the mistake likely is. The most likely is tried first,
/// and each says whether it was that.
fn closes_nothing(tree: &Tree, errors: &mut Vec<SyntaxError>, at: &[usize], trials: &mut Trials) {
    let _ = missing_opened(tree, errors, at, trials)
        || turned_round(tree, errors, at, trials)
        || one_astray(tree, errors, at, trials)
        || all_too_many(tree, errors, at, trials)
        || too_shallow_before(tree, errors, at);
}

/// The `{` are missing behind lines that are followed by deeper ones.
fn missing_opened(tree: &Tree, errors: &mut [SyntaxError], at: &[usize], trials: &mut Trials) -> bool {
    let text = &*tree.text;
    let missing: Vec<_> = deeper_without_block(tree).into_iter().take(at.len()).collect();
    let heads: Vec<Range> = missing.iter().map(|(node, _)| tree.node(*node).head_range(tree)).collect();
    let opened: Vec<_> = heads.iter().map(|head| (Range::new(head.end, head.end), " {")).collect();
    let is_it = heals(trials, text, &opened, opened.len());
    if is_it {
        for ((at, head), (_, child)) in at.iter().zip(&heads).zip(&missing) {
            errors[*at] = missing_brace(text, *head, *child);
        }
    }
    is_it
}

/// The first `}` behind other words should be a `{`, or is one too many.
fn turned_round(tree: &Tree, errors: &mut Vec<SyntaxError>, at: &[usize], trials: &mut Trials) -> bool {
    let text = &*tree.text;
    let behind = closed_blocks(tree).filter(|(node, brace)| {
        let name = tree.node(*node).name.range();
        text[name.start as usize..brace.start as usize].contains('\n')
    });
    let behind = behind.map(|(_, brace)| brace).chain(at.iter().map(|at| errors[*at].range));
    let behind = behind.filter(|brace| width_before(text, brace.start).is_none()).min_by_key(|brace| brace.start);
    let Some(brace) = behind else { return false };
    if at.len() >= 2 && heals(trials, text, &[(brace, "{")], 2) {
        let kind = SyntaxErrorKind::WrongBracket { written: '}', meant: '{' };
        errors[at[0]] = SyntaxError::new(brace, kind).fixed(brace, "{");
        errors.remove(at[1]);
        let end = end_of_line(text, brace.end);
        let is_told = |error: &SyntaxError| brace.end <= error.range.start && error.range.start < end;
        errors.retain(|error| !(matches!(error.kind, SyntaxErrorKind::AfterBlock) && is_told(error)));
        return true;
    }
    let is_too_many = at.len() == 1 && heals(trials, text, &[(brace, "")], 1);
    if is_too_many {
        // It may as well be that its `{` is missing.
        errors[at[0]] = SyntaxError::new(brace, SyntaxErrorKind::ClosesNothing { ended: None });
    }
    is_too_many
}

/// The only one too many is the first that does not stand below what it closes.
fn one_astray(tree: &Tree, errors: &mut [SyntaxError], at: &[usize], trials: &mut Trials) -> bool {
    let text = &*tree.text;
    let mut astray = closed_blocks(tree).filter(|(node, brace)| {
        let width = width_before(text, brace.start);
        width.is_some() && indentation(tree, *node).is_some_and(|own| width != Some(own))
    });
    let ([at], Some((_, brace))) = (at, astray.next()) else { return false };
    let line = whole_line(text, brace);
    let is_it = heals(trials, text, &[(line, "")], 1);
    if is_it {
        errors[*at] = SyntaxError::new(brace, SyntaxErrorKind::ClosesNothing { ended: None }).fixed(line, "");
    }
    is_it
}

/// They themselves are too many.
fn all_too_many(tree: &Tree, errors: &mut [SyntaxError], at: &[usize], trials: &mut Trials) -> bool {
    let removed: Vec<_> = at.iter().map(|at| (whole_line(&tree.text, errors[*at].range), "")).collect();
    let is_it = heals(trials, &tree.text, &removed, removed.len());
    if is_it {
        for (at, (line, _)) in at.iter().zip(removed) {
            errors[*at].fix = Some((line, String::new()));
        }
    }
    is_it
}

/// The only one stands behind what is less indented than the block it should be in.
fn too_shallow_before(tree: &Tree, errors: &mut [SyntaxError], at: &[usize]) -> bool {
    let (Some((before, child)), [at]) = (too_shallow(tree), at) else { return false };
    let ended = Some(tree.node(before).name.range().of(&tree.text).to_owned());
    let kind = SyntaxErrorKind::ClosesNothing { ended };
    errors[*at] = SyntaxError::new(errors[*at].range, kind).explained_at(child);
    true
}

/// The nodes with a block that is closed, each with its `}`.
fn closed_blocks(tree: &Tree) -> impl Iterator<Item = (NodeId, Range)> {
    all(tree).filter_map(|node| Some((node, closing_brace(tree, node)?)))
}

/// Whether with these corrections so many braces less are wrong, and the text nests as it is indented.
fn heals(trials: &mut Trials, text: &str, edits: &[(Range, &str)], fewer: usize) -> bool {
    let (braces, weight) = (trials.braces, trials.weight);
    let is_better = |tried: Tried| tried.braces + fewer == braces && tried.weight < weight && agrees(&tried.tree);
    fewer > 0 && trials.read(text, edits).is_some_and(is_better)
}

/// Whether a text nests everywhere as it is indented.
fn agrees(tree: &Tree) -> bool {
    let text = &*tree.text;
    let siblings_agree = |nodes: &mut dyn Iterator<Item = NodeId>| {
        let mut widths = nodes.filter_map(|node| indentation(tree, node));
        let first = widths.next();
        widths.all(|width| Some(width) == first)
    };
    let node_agrees = |node: NodeId| {
        let own = indentation(tree, node);
        let first = tree.children(node).find_map(|child| indentation(tree, child));
        let is_deeper = !matches!((own, first), (Some(own), Some(first)) if first <= own);
        let closes = closing_brace(tree, node).is_none_or(|brace| {
            let name = tree.node(node).name.range();
            let is_one_line = !text[name.start as usize..brace.start as usize].contains('\n');
            is_one_line || own.is_none() || width_before(text, brace.start) == own
        });
        is_deeper && closes && siblings_agree(&mut tree.children(node))
    };
    siblings_agree(&mut tree.roots()) && all(tree).all(node_agrees)
}

/// The `}` of the block of a node.
fn closing_brace(tree: &Tree, node: NodeId) -> Option<Range> {
    let block = tree.node(node).block;
    let is_closed = !block.is_none() && block.end > block.start + 1 && block.of(&tree.text).ends_with('}');
    is_closed.then(|| Range::new(block.end - 1, block.end))
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
    width_before(&tree.text, tree.node(node).name.range().start)
}

/// The width of the space between the beginning of a line and what stands there, if nothing else stands between.
fn width_before(text: &str, at: u32) -> Option<usize> {
    let before = &text.as_bytes()[..at as usize];
    let width = before.iter().rev().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let rest = &before[..before.len() - width];
    (rest.is_empty() || rest.ends_with(b"\n")).then_some(width)
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

fn all(tree: &Tree) -> impl Iterator<Item = NodeId> + Clone {
    (0..tree.node_count() as u32).map(NodeId)
}

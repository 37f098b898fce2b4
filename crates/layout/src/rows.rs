//! Boxes in rows, without arrows: for what is too much for the engine.

use crate::{Graph, Layout, PADDING, Point, Rect, Route, Size};

/// How much wider than high the whole becomes, about.
const WIDE: f64 = 1.5;

/// Places the boxes in rows, in the order they are given in, each in the box around it.
pub(crate) fn rows(graph: &Graph, note: String) -> Layout {
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); graph.nodes.len()];
    let mut roots = Vec::new();
    for (at, node) in graph.nodes.iter().enumerate() {
        node.parent.map_or(&mut roots, |parent| &mut children[parent]).push(at);
    }
    let mut nodes: Vec<Rect> = graph.nodes.iter().map(|node| sized(node.size)).collect();
    // A box comes before those in it: from the last to the first, all that is in a box has its size.
    for at in (0..nodes.len()).rev().filter(|at| !children[*at].is_empty()) {
        let header = PADDING + graph.nodes[at].header;
        let room = shelve(&children[at], &mut nodes, Point { x: PADDING, y: header }, graph.gap);
        nodes[at].width = nodes[at].width.max(room.width + 2.0 * PADDING);
        nodes[at].height = nodes[at].height.max(room.height + header + PADDING);
    }
    let size = shelve(&roots, &mut nodes, Point::default(), graph.gap);
    for at in 0..nodes.len() {
        if let Some(parent) = graph.nodes[at].parent {
            nodes[at].x += nodes[parent].x;
            nodes[at].y += nodes[parent].y;
        }
    }
    Layout { size, nodes, edges: vec![Route::default(); graph.edges.len()], note: Some(note) }
}

fn sized(size: Size) -> Rect {
    Rect { x: 0.0, y: 0.0, width: size.width, height: size.height }
}

/// Puts boxes side by side, row below row; returns the room that they take.
fn shelve(which: &[usize], nodes: &mut [Rect], origin: Point, gap: f64) -> Size {
    let area: f64 = which.iter().map(|at| (nodes[*at].width + gap) * (nodes[*at].height + gap)).sum();
    let widest = which.iter().map(|at| nodes[*at].width).fold((area * WIDE).sqrt(), f64::max);
    let (mut x, mut y, mut row) = (0.0, 0.0, 0.0_f64);
    let mut size = Size::default();
    for at in which {
        let rect = &mut nodes[*at];
        if x > 0.0 && x + rect.width > widest {
            (x, y, row) = (0.0, y + row + gap, 0.0);
        }
        (rect.x, rect.y) = (origin.x + x, origin.y + y);
        row = row.max(rect.height);
        size = Size { width: size.width.max(x + rect.width), height: y + row };
        x += rect.width + gap;
    }
    size
}

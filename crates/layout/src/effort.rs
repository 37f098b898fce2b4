//! What the engine will have to do for a graph, counted before it is tried: never clocked, so that the same graph is
//! laid out in the same way on every machine.

use crate::Graph;
use std::collections::HashMap;

/// How many pieces the engine cuts the arrows of a graph into: one for each layer that an arrow crosses, at each
/// level of boxes in boxes, and one for a loop. Its work grows with that, not with the number of arrows.
pub(crate) fn pieces(graph: &Graph) -> usize {
    let mut levels: HashMap<Option<usize>, Vec<(usize, usize)>> = HashMap::new();
    let mut crossed: Vec<usize> = Vec::new();
    for edge in graph.edges.iter().filter(|edge| edge.from != edge.to) {
        let (mut from, mut to) = (path(graph, edge.from), path(graph, edge.to));
        while from.len() > 1 && to.len() > 1 && from[from.len() - 2] == to[to.len() - 2] {
            from.pop();
            to.pop();
        }
        let (Some(start), Some(end)) = (from.pop(), to.pop()) else { continue };
        levels.entry(graph.nodes[start].parent).or_default().push((start, end));
        crossed.extend(from.iter().chain(&to).filter_map(|at| graph.nodes[*at].parent));
    }
    let layered: HashMap<Option<usize>, (usize, usize)> =
        levels.into_iter().map(|(parent, edges)| (parent, spans(&edges))).collect();
    let across = |parent: usize| layered.get(&Some(parent)).map_or(1, |(layers, _)| *layers);
    let loops = graph.edges.iter().filter(|edge| edge.from == edge.to).count();
    loops + layered.values().map(|(_, spans)| spans).sum::<usize>() + crossed.into_iter().map(across).sum::<usize>()
}

/// A node and the boxes around it, from the inside out.
fn path(graph: &Graph, at: usize) -> Vec<usize> {
    std::iter::successors(Some(at), |at| graph.nodes[*at].parent).collect()
}

/// How many layers these edges need, and how many they cross together.
fn spans(edges: &[(usize, usize)]) -> (usize, usize) {
    let mut nodes: Vec<usize> = edges.iter().flat_map(|(from, to)| [*from, *to]).collect();
    nodes.sort_unstable();
    nodes.dedup();
    let local = |node: &usize| nodes.binary_search(node).unwrap_or_default();
    let edges: Vec<(usize, usize)> =
        edges.iter().map(|(from, to)| (local(from), local(to))).filter(|(from, to)| from != to).collect();
    let order = order(nodes.len(), &edges);
    let mut forward: Vec<Vec<usize>> = vec![Vec::new(); nodes.len()];
    for (from, to) in edges {
        let (first, second) = if order[from] < order[to] { (from, to) } else { (to, from) };
        forward[first].push(second);
    }
    let mut by_order: Vec<usize> = (0..nodes.len()).collect();
    by_order.sort_unstable_by_key(|node| order[*node]);
    let mut layer = vec![0; nodes.len()];
    for node in &by_order {
        for next in &forward[*node] {
            layer[*next] = layer[*next].max(layer[*node] + 1);
        }
    }
    let crossed = by_order.iter().flat_map(|node| forward[*node].iter().map(|next| layer[*next] - layer[*node])).sum();
    (layer.iter().max().map_or(1, |deepest| deepest + 1), crossed)
}

/// A place in an order for each node, so that few edges run backwards: what nothing leads to comes first, what leads
/// nowhere last, and of a circle what has the most edges out for its edges in.
fn order(count: usize, edges: &[(usize, usize)]) -> Vec<usize> {
    let mut out: Vec<Vec<usize>> = vec![Vec::new(); count];
    let mut into: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (from, to) in edges {
        out[*from].push(*to);
        into[*to].push(*from);
    }
    let mut degrees: Vec<(usize, usize)> = (0..count).map(|at| (into[at].len(), out[at].len())).collect();
    let mut order = vec![usize::MAX; count];
    let (mut first, mut last) = (0, count);
    while first < last {
        let left = (0..count).filter(|at| order[*at] == usize::MAX);
        let rank = |at: &usize| match degrees[*at] {
            (_, 0) => (2, 0),
            (0, _) => (1, 0),
            (into, out) => (0, out as isize - into as isize),
        };
        // The first of the best, as the order of the text is the order of the picture.
        let Some(node) = left.min_by_key(|at| std::cmp::Reverse(rank(at))) else { break };
        if degrees[node].1 == 0 {
            last -= 1;
            order[node] = last;
        } else {
            order[node] = first;
            first += 1;
        }
        out[node].iter().for_each(|to| degrees[*to].0 -= 1);
        into[node].iter().for_each(|from| degrees[*from].1 -= 1);
    }
    order
}

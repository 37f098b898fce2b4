//! Cycles in directed graphs, for the rules that look for them.

use groma_model::Idx;

/// An edge: from which node it leads to which.
pub(super) type Edge<T> = (Idx<T>, Idx<T>);

/// A directed graph: the edges that leave each node, in the order of their ends: where each leads, and its number.
struct Graph<T>(Vec<Vec<(Idx<T>, usize)>>);

impl<T> Graph<T> {
    fn new(count: usize, edges: impl Iterator<Item = (usize, Edge<T>)>) -> Graph<T> {
        let mut sorted: Vec<(Idx<T>, Idx<T>, usize)> = edges.map(|(edge, (from, to))| (from, to, edge)).collect();
        sorted.sort_unstable();
        sorted.dedup_by_key(|(from, to, _)| (*from, *to));
        let mut leaving = vec![Vec::new(); count];
        sorted.into_iter().for_each(|(from, to, edge)| leaving[from.index()].push((to, edge)));
        Graph(leaving)
    }

    fn count(&self) -> usize {
        self.0.len()
    }

    fn from(&self, node: Idx<T>) -> &[(Idx<T>, usize)] {
        &self.0[node.index()]
    }
}

/// One shortest cycle through the smallest node of each strongly connected component, in the order of those nodes:
/// its nodes, each with the number of the edge that leaves it. `counts` says whether an edge counts; it is asked
/// only of edges that are in a circle if all count.
pub(super) fn cycles<T>(count: usize, edges: &[Edge<T>], counts: impl Fn(usize) -> bool) -> Vec<Vec<(Idx<T>, usize)>> {
    if edges.is_empty() {
        return Vec::new();
    }
    let component = components(&Graph::new(count, edges.iter().copied().enumerate()));
    let inner = |(_, (from, to)): &(usize, Edge<T>)| component[from.index()] == component[to.index()];
    let mut kept = edges.iter().copied().enumerate().filter(inner).filter(|(edge, _)| counts(*edge)).peekable();
    if kept.peek().is_none() {
        return Vec::new();
    }
    let graph = Graph::new(count, kept);
    let component = components(&graph);
    let mut sizes = vec![0usize; count];
    component.iter().for_each(|of| sizes[*of] += 1);
    let mut seen = vec![false; count];
    let mut before = vec![None; count];
    let mut found = Vec::new();
    for (start, of) in all_nodes(count).zip(&component) {
        if sizes[*of] > 1 && !std::mem::replace(&mut seen[*of], true) {
            found.push(shortest_cycle(&graph, &component, start, &mut before));
        }
    }
    found
}

fn all_nodes<T>(count: usize) -> impl Iterator<Item = Idx<T>> {
    Idx::FIRST.until(Idx::new(count as u32))
}

/// Breadth first from a node back to itself, inside its component. `before` is for each node how it was reached, if it
/// was; each component has its own part of it.
fn shortest_cycle<T>(
    graph: &Graph<T>,
    component: &[usize],
    start: Idx<T>,
    before: &mut [Option<(Idx<T>, usize)>],
) -> Vec<(Idx<T>, usize)> {
    let mut queue = std::collections::VecDeque::from([start]);
    while let Some(at) = queue.pop_front() {
        let inner = |(next, _): &&(Idx<T>, usize)| component[next.index()] == component[start.index()];
        for &(next, edge) in graph.from(at).iter().filter(inner) {
            if next == start {
                let way_back = |(at, _): &(Idx<T>, usize)| before[at.index()].filter(|_| *at != start);
                let mut path: Vec<(Idx<T>, usize)> = std::iter::successors(Some((at, edge)), way_back).collect();
                path.reverse();
                return path;
            }
            if before[next.index()].is_none() {
                before[next.index()] = Some((at, edge));
                queue.push_back(next);
            }
        }
    }
    Vec::new()
}

/// For each node, the number of its strongly connected component (Tarjan's algorithm, without recursion).
fn components<T>(graph: &Graph<T>) -> Vec<usize> {
    let mut search = Search::new(graph.count());
    let mut work: Vec<(Idx<T>, usize)> = Vec::new();
    for root in all_nodes(graph.count()) {
        if search.order[root.index()].is_some() {
            continue;
        }
        work.push((root, 0));
        while let Some((node, edge)) = work.pop() {
            if edge == 0 {
                search.enter(node);
            }
            if let Some(&(next, _)) = graph.from(node).get(edge) {
                work.push((node, edge + 1));
                if !search.meet(node, next) {
                    work.push((next, 0));
                }
                continue;
            }
            search.leave(node, work.last().map(|(parent, _)| *parent));
        }
    }
    search.component
}

/// Tarjan's algorithm at work.
struct Search<T> {
    /// For each node that was entered, the how many-th it was.
    order: Vec<Option<usize>>,
    /// The earliest node that is known to be reached from each.
    low: Vec<usize>,
    /// Nodes that were entered and belong to no component yet.
    stack: Vec<Idx<T>>,
    on_stack: Vec<bool>,
    component: Vec<usize>,
    entered: usize,
    components: usize,
}

impl<T> Search<T> {
    fn new(count: usize) -> Search<T> {
        Search {
            order: vec![None; count],
            low: vec![0; count],
            stack: Vec::new(),
            on_stack: vec![false; count],
            component: vec![0; count],
            entered: 0,
            components: 0,
        }
    }

    fn enter(&mut self, node: Idx<T>) {
        let at = node.index();
        (self.order[at], self.low[at]) = (Some(self.entered), self.entered);
        self.entered += 1;
        self.stack.push(node);
        self.on_stack[at] = true;
    }

    /// Looks along an edge; tells whether its end was entered before.
    fn meet(&mut self, node: Idx<T>, next: Idx<T>) -> bool {
        let Some(order) = self.order[next.index()] else { return false };
        if self.on_stack[next.index()] {
            self.low[node.index()] = self.low[node.index()].min(order);
        }
        true
    }

    /// Leaves a node of which all edges were looked along. What nothing earlier is reached from begins a component.
    fn leave(&mut self, node: Idx<T>, parent: Option<Idx<T>>) {
        let low = self.low[node.index()];
        if self.order[node.index()] == Some(low) {
            while let Some(member) = self.stack.pop() {
                self.on_stack[member.index()] = false;
                self.component[member.index()] = self.components;
                if member == node {
                    break;
                }
            }
            self.components += 1;
        }
        if let Some(parent) = parent {
            self.low[parent.index()] = self.low[parent.index()].min(low);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Node;

    /// The cycles as numbers of nodes, with the numbers of the edges that leave them.
    fn found(count: usize, edges: &[(u32, u32)], counts: impl Fn(usize) -> bool) -> Vec<Vec<(u32, usize)>> {
        let edges: Vec<Edge<Node>> = edges.iter().map(|(from, to)| (Idx::new(*from), Idx::new(*to))).collect();
        let found = cycles(count, &edges, counts);
        found.iter().map(|cycle| cycle.iter().map(|(node, edge)| (node.raw(), *edge)).collect()).collect()
    }

    #[test]
    fn each_component_gives_one_shortest_cycle() {
        let edges = [(0, 1), (1, 2), (2, 0), (1, 0), (3, 4), (4, 3), (5, 3)];
        assert_eq!(found(6, &edges, |_| true), [vec![(0, 0), (1, 3)], vec![(3, 4), (4, 5)]]);
        assert_eq!(found(6, &edges, |edge| edge != 3), [vec![(0, 0), (1, 1), (2, 2)], vec![(3, 4), (4, 5)]]);
        assert!(found(3, &[(0, 1), (1, 2)], |_| true).is_empty());
    }
}

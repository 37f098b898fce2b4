//! Cycles in directed graphs, for the rules that look for them.

/// A directed graph: the edges that leave each node, in the order of their ends.
struct Graph {
    starts: Vec<u32>,
    /// Where an edge leads, and its number.
    ends: Vec<(u32, u32)>,
}

impl Graph {
    fn new(count: usize, edges: impl Iterator<Item = (usize, (u32, u32))>) -> Graph {
        let mut sorted: Vec<(u32, u32, u32)> = edges.map(|(edge, (from, to))| (from, to, edge as u32)).collect();
        sorted.sort_unstable();
        sorted.dedup_by_key(|(from, to, _)| (*from, *to));
        let mut starts = vec![0u32; count + 1];
        sorted.iter().for_each(|(from, _, _)| starts[*from as usize + 1] += 1);
        (0..count).for_each(|at| starts[at + 1] += starts[at]);
        Graph { starts, ends: sorted.iter().map(|(_, to, edge)| (*to, *edge)).collect() }
    }

    fn count(&self) -> usize {
        self.starts.len() - 1
    }

    fn from(&self, node: u32) -> &[(u32, u32)] {
        &self.ends[self.starts[node as usize] as usize..self.starts[node as usize + 1] as usize]
    }
}

/// One shortest cycle through the smallest node of each strongly connected component, in the order of those nodes:
/// its nodes, each with the number of the edge that leaves it. `counts` says whether an edge counts; it is asked
/// only of edges that are in a circle if all count.
pub(super) fn cycles(count: usize, edges: &[(u32, u32)], counts: impl Fn(usize) -> bool) -> Vec<Vec<(u32, usize)>> {
    if edges.is_empty() {
        return Vec::new();
    }
    let component = components(&Graph::new(count, edges.iter().copied().enumerate()));
    let inner = |(_, (from, to)): &(usize, (u32, u32))| component[*from as usize] == component[*to as usize];
    let mut kept = edges.iter().copied().enumerate().filter(inner).filter(|(edge, _)| counts(*edge)).peekable();
    if kept.peek().is_none() {
        return Vec::new();
    }
    let graph = Graph::new(count, kept);
    let component = components(&graph);
    let mut sizes = vec![0usize; count];
    component.iter().for_each(|of| sizes[*of as usize] += 1);
    let mut seen = vec![false; count];
    let mut before = vec![(u32::MAX, 0); count];
    let mut found = Vec::new();
    for start in 0..count {
        let of = component[start] as usize;
        if sizes[of] > 1 && !std::mem::replace(&mut seen[of], true) {
            found.push(shortest_cycle(&graph, &component, start as u32, &mut before));
        }
    }
    found
}

/// Breadth first from a node back to itself, inside its component. `before` is for each node how it was reached; each
/// component has its own part of it.
fn shortest_cycle(graph: &Graph, component: &[u32], start: u32, before: &mut [(u32, usize)]) -> Vec<(u32, usize)> {
    let mut queue = std::collections::VecDeque::from([start]);
    while let Some(at) = queue.pop_front() {
        let inner = |(next, _): &&(u32, u32)| component[*next as usize] == component[start as usize];
        for (next, edge) in graph.from(at).iter().filter(inner) {
            if *next == start {
                let mut path = vec![(at, *edge as usize)];
                while let Some(&(last, _)) = path.last().filter(|(last, _)| *last != start) {
                    path.push(before[last as usize]);
                }
                path.reverse();
                return path;
            }
            if before[*next as usize].0 == u32::MAX {
                before[*next as usize] = (at, *edge as usize);
                queue.push_back(*next);
            }
        }
    }
    Vec::new()
}

/// For each node, the number of its strongly connected component (Tarjan's algorithm, without recursion).
fn components(graph: &Graph) -> Vec<u32> {
    let count = graph.count();
    const UNSEEN: u32 = u32::MAX;
    let mut order = vec![UNSEEN; count];
    let mut low = vec![0u32; count];
    let mut on_stack = vec![false; count];
    let mut component = vec![0u32; count];
    let (mut next_order, mut next_component) = (0, 0);
    let mut stack: Vec<u32> = Vec::new();
    let mut work: Vec<(u32, usize)> = Vec::new();
    for root in 0..count as u32 {
        if order[root as usize] != UNSEEN {
            continue;
        }
        work.push((root, 0));
        while let Some((node, edge)) = work.pop() {
            let at = node as usize;
            if edge == 0 {
                order[at] = next_order;
                low[at] = next_order;
                next_order += 1;
                stack.push(node);
                on_stack[at] = true;
            }
            if let Some(&(next, _)) = graph.from(node).get(edge) {
                work.push((node, edge + 1));
                if order[next as usize] == UNSEEN {
                    work.push((next, 0));
                } else if on_stack[next as usize] {
                    low[at] = low[at].min(order[next as usize]);
                }
                continue;
            }
            if low[at] == order[at] {
                while let Some(member) = stack.pop() {
                    on_stack[member as usize] = false;
                    component[member as usize] = next_component;
                    if member == node {
                        break;
                    }
                }
                next_component += 1;
            }
            if let Some((parent, _)) = work.last() {
                low[*parent as usize] = low[*parent as usize].min(low[at]);
            }
        }
    }
    component
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_component_gives_one_shortest_cycle() {
        let edges = [(0, 1), (1, 2), (2, 0), (1, 0), (3, 4), (4, 3), (5, 3)];
        assert_eq!(cycles(6, &edges, |_| true), [vec![(0, 0), (1, 3)], vec![(3, 4), (4, 5)]]);
        assert_eq!(cycles(6, &edges, |edge| edge != 3), [vec![(0, 0), (1, 1), (2, 2)], vec![(3, 4), (4, 5)]]);
        assert!(cycles(3, &[(0, 1), (1, 2)], |_| true).is_empty());
    }
}

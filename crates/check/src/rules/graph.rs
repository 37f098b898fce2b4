//! Cycles in directed graphs, for the rules that look for them.

/// One shortest cycle through the smallest node of each strongly connected component, in the order of those nodes.
pub(super) fn cycles(count: usize, edges: &[(u32, u32)]) -> Vec<Vec<u32>> {
    if edges.is_empty() {
        return Vec::new();
    }
    let mut targets: Vec<Vec<u32>> = vec![Vec::new(); count];
    for (from, to) in edges {
        if !targets[*from as usize].contains(to) {
            targets[*from as usize].push(*to);
        }
    }
    let component = components(&targets);
    let mut sizes = vec![0usize; count];
    component.iter().for_each(|of| sizes[*of as usize] += 1);
    let mut seen = vec![false; count];
    let mut found = Vec::new();
    for start in 0..count {
        let of = component[start] as usize;
        if sizes[of] > 1 && !std::mem::replace(&mut seen[of], true) {
            found.push(shortest_cycle(&targets, &component, start as u32));
        }
    }
    found
}

/// Breadth first from a node back to itself, inside its component.
fn shortest_cycle(targets: &[Vec<u32>], component: &[u32], start: u32) -> Vec<u32> {
    let mut before = vec![u32::MAX; targets.len()];
    let mut queue = std::collections::VecDeque::from([start]);
    while let Some(at) = queue.pop_front() {
        for next in targets[at as usize].iter().filter(|next| component[**next as usize] == component[start as usize]) {
            if *next == start {
                let mut path = vec![at];
                while let Some(&last) = path.last().filter(|last| **last != start) {
                    path.push(before[last as usize]);
                }
                path.reverse();
                return path;
            }
            if before[*next as usize] == u32::MAX {
                before[*next as usize] = at;
                queue.push_back(*next);
            }
        }
    }
    vec![start]
}

/// For each node, the number of its strongly connected component (Tarjan's algorithm, without recursion).
fn components(targets: &[Vec<u32>]) -> Vec<u32> {
    let count = targets.len();
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
            if let Some(&next) = targets[at].get(edge) {
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
        assert_eq!(cycles(6, &edges), [vec![0, 1], vec![3, 4]]);
        assert!(cycles(3, &[(0, 1), (1, 2)]).is_empty());
    }
}

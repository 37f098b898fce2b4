use super::*;

fn leaf(parent: Option<usize>) -> Node {
    Node { parent, size: Size { width: 100.0, height: 60.0 }, header: 30.0 }
}

#[test]
fn nested_boxes_hold_their_parts_and_arrows_touch_their_ends() {
    let label = Some(Size { width: 60.0, height: 16.0 });
    let graph = Graph {
        direction: Direction::Down,
        nodes: vec![leaf(None), leaf(None), leaf(Some(1)), leaf(Some(1))],
        edges: vec![
            Edge { from: 0, to: 2, label },
            Edge { from: 2, to: 3, label },
            Edge { from: 3, to: 3, label: None },
        ],
        gap: 40.0,
        layer_gap: 60.0,
    };
    let layout = layered(&graph).unwrap();
    let inside = |inner: Rect, outer: Rect| {
        inner.x >= outer.x
            && inner.right() <= outer.right()
            && inner.y >= outer.y + 30.0
            && inner.bottom() <= outer.bottom()
    };
    assert!(inside(layout.nodes[2], layout.nodes[1]) && inside(layout.nodes[3], layout.nodes[1]));
    for (edge, route) in graph.edges.iter().zip(&layout.edges) {
        let near = |point: Point, rect: Rect| {
            point.x >= rect.x - 1.0
                && point.x <= rect.right() + 1.0
                && point.y >= rect.y - 1.0
                && point.y <= rect.bottom() + 1.0
        };
        assert!(near(route.points[0], layout.nodes[edge.from]), "{route:?}");
        assert!(near(*route.points.last().unwrap(), layout.nodes[edge.to]), "{route:?}");
    }
    assert!(layout.edges[0].label.is_some());
}

fn graph(count: usize, edges: impl IntoIterator<Item = (usize, usize)>) -> Graph {
    let label = Some(Size { width: 60.0, height: 16.0 });
    Graph {
        direction: Direction::Down,
        nodes: (0..count).map(|_| leaf(None)).collect(),
        edges: edges.into_iter().map(|(from, to)| Edge { from, to, label }).collect(),
        gap: 40.0,
        layer_gap: 60.0,
    }
}

#[test]
fn arrows_count_as_many_pieces_as_layers_they_cross() {
    // A chain of ten crosses one layer nine times; an arrow from its head to its end crosses all nine at once.
    let chain = || (0..9).map(|at| (at, at + 1));
    assert_eq!(effort::pieces(&graph(10, chain())), 9);
    assert_eq!(effort::pieces(&graph(10, chain().chain([(0, 9)]))), 18);
    // Backwards is as far, and a loop is one.
    assert_eq!(effort::pieces(&graph(10, chain().chain([(9, 0), (3, 3)]))), 19);
    // Into a frame whose inside has two layers: one piece to the frame, one inside, two for the way through.
    let mut framed = graph(4, [(0, 2), (2, 3)]);
    framed.nodes[2].parent = Some(1);
    framed.nodes[3].parent = Some(1);
    assert_eq!(effort::pieces(&framed), 4);
}

#[test]
fn what_is_too_dense_is_told_and_the_rest_is_drawn() {
    // Thirty boxes, each with an arrow to each after it: an arrow over a distance d crosses d layers, together
    // (30³ - 30) / 6 = 4,495 pieces, more than are drawn.
    let all = (0..30).flat_map(|from| (from + 1..30).map(move |to| (from, to)));
    let dense = graph(30, all);
    assert_eq!(effort::pieces(&dense), 4_495);
    let layout = layered(&dense).unwrap();
    let drawn = layout.edges.iter().filter(|route| !route.points.is_empty()).count();
    let left_out = dense.edges.len() - drawn;
    assert!(drawn >= 29 && left_out > 0, "{drawn}");
    let note = layout.note.clone().unwrap();
    assert!(note.contains(&format!("{left_out} of 435 arrows are left out")), "{note}");
    // Every box keeps an arrow, and the same graph gives the same picture.
    for at in 0..30 {
        let has_arrow = |(edge, route): (&Edge, &Route)| (edge.from == at || edge.to == at) && !route.points.is_empty();
        assert!(dense.edges.iter().zip(&layout.edges).any(has_arrow), "{at}");
    }
    assert_eq!(format!("{layout:?}"), format!("{:?}", layered(&dense).unwrap()));
}

#[test]
fn more_boxes_than_the_engine_takes_stand_in_rows() {
    let mut many = graph(MAX_LAYERED + 3, [(0, 1)]);
    // The second and third stand in the first, the fourth in the third.
    many.nodes[1].parent = Some(0);
    many.nodes[2].parent = Some(0);
    many.nodes[3].parent = Some(2);
    let layout = layered(&many).unwrap();
    assert!(layout.note.unwrap().contains("803 boxes stand in rows, without the arrow between them"));
    let is_around = |outer: usize, inner: usize| {
        std::iter::successors(many.nodes[inner].parent, |at| many.nodes[*at].parent).any(|at| at == outer)
    };
    for (at, rect) in layout.nodes.iter().enumerate() {
        assert!(rect.right() <= layout.size.width && rect.bottom() <= layout.size.height);
        for other in (at + 1..layout.nodes.len()).filter(|other| !is_around(at, *other)) {
            assert!(!rect.overlaps(layout.nodes[other]), "{at} and {other}");
        }
        if let Some(parent) = many.nodes[at].parent {
            let around = layout.nodes[parent];
            assert!(rect.x > around.x && rect.right() < around.right() && rect.bottom() < around.bottom());
            assert!(rect.y >= around.y + many.nodes[parent].header);
        }
    }
}

#[test]
fn neither_depth_nor_number_is_more_than_can_be_drawn() {
    let mut deep = graph(MAX_DEPTH + 1, []);
    (1..=MAX_DEPTH).for_each(|at| deep.nodes[at].parent = Some(at - 1));
    assert!(layered(&deep).unwrap().note.is_some());
    assert!(layered(&graph(MAX_NODES + 1, [])).is_err());
}

/// Arrows, each from one box to another.
type Arrows = &'static [(usize, usize)];

/// Small graphs: how many boxes, and the arrows between them.
const SMALL: &[(&str, usize, Arrows)] = &[
    ("one box", 1, &[]),
    ("three that nothing ties", 3, &[]),
    ("a chain", 3, &[(0, 1), (1, 2)]),
    ("a fan", 4, &[(0, 1), (0, 2), (0, 3)]),
    ("a funnel", 4, &[(0, 3), (1, 3), (2, 3)]),
    ("a diamond", 4, &[(0, 1), (0, 2), (1, 3), (2, 3)]),
    ("a circle", 3, &[(0, 1), (1, 2), (2, 0)]),
    ("a loop, and arrows both ways", 2, &[(0, 0), (0, 1), (1, 0)]),
    ("two that are apart", 4, &[(0, 1), (2, 3)]),
];

#[test]
fn boxes_of_small_graphs_stand_apart_at_whole_numbers() {
    for (name, count, edges) in SMALL {
        for direction in [Direction::Down, Direction::Right] {
            let small = Graph { direction, ..graph(*count, edges.iter().copied()) };
            let layout = layered(&small).unwrap();
            for (at, rect) in layout.nodes.iter().enumerate() {
                let numbers = [rect.x, rect.y, rect.width, rect.height];
                assert!(numbers.iter().all(|number| number.fract() == 0.0), "{name}: {rect:?}");
                assert_eq!((rect.width, rect.height), (100.0, 60.0), "{name}");
                assert!(layout.nodes[at + 1..].iter().all(|other| !rect.overlaps(*other)), "{name}: {at}");
                assert!(rect.x >= 0.0 && rect.right() <= layout.size.width, "{name}: {rect:?}");
                assert!(rect.y >= 0.0 && rect.bottom() <= layout.size.height, "{name}: {rect:?}");
            }
        }
    }
}

/// Boxes of one layer stand in the order in which they are declared: from left to right where arrows run down, from top
/// to bottom where they run to the right.
#[test]
fn boxes_of_one_layer_keep_the_order_of_the_text() {
    let layers: &[(&str, &[usize])] = &[
        ("three that nothing ties", &[0, 1, 2]),
        ("a fan", &[1, 2, 3]),
        ("a funnel", &[0, 1, 2]),
        ("a diamond", &[1, 2]),
    ];
    for (name, layer) in layers {
        let (_, count, edges) = SMALL.iter().find(|(other, ..)| other == name).unwrap();
        for direction in [Direction::Down, Direction::Right] {
            let layout = layered(&Graph { direction, ..graph(*count, edges.iter().copied()) }).unwrap();
            let place = |at: &usize| (layout.nodes[*at].x, layout.nodes[*at].y);
            let places: Vec<(f64, f64)> = layer.iter().map(place).collect();
            let across = |(x, y): &(f64, f64)| if direction == Direction::Down { *x } else { *y };
            assert!(places.is_sorted_by(|a, b| across(a) < across(b)), "{name}, {direction:?}: {places:?}");
        }
    }
}

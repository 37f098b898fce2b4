//! The one boundary to the layout engine. Boxes and arrows go in, positions come out; which engine does it
//! is known only here (see `docs/decisions/0002-layout-engine.md`).

use serde_json::{Map, Value, json};

/// Which way arrows run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Direction {
    /// From top to bottom.
    Down,
    /// From left to right.
    Right,
}

/// A width and a height in pixels.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Size {
    /// Width in pixels.
    pub width: f64,
    /// Height in pixels.
    pub height: f64,
}

/// A place in pixels from the top left corner of the whole.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Point {
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
}

/// A rectangle in pixels.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Rect {
    /// Left edge.
    pub x: f64,
    /// Top edge.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

impl Rect {
    /// Right edge.
    pub fn right(self) -> f64 {
        self.x + self.width
    }

    /// Bottom edge.
    pub fn bottom(self) -> f64 {
        self.y + self.height
    }

    /// Its middle.
    pub fn center(self) -> Point {
        Point { x: self.x + self.width / 2.0, y: self.y + self.height / 2.0 }
    }

    /// Whether two rectangles share more than an edge.
    pub fn overlaps(self, other: Rect) -> bool {
        self.x < other.right() && other.x < self.right() && self.y < other.bottom() && other.y < self.bottom()
    }
}

/// A box. One that others have as parent grows around them.
#[derive(Clone, Debug, Default)]
pub struct Node {
    /// The box around it, as an index of an earlier node.
    pub parent: Option<usize>,
    /// Its size; for a box with others in it, the least it may have.
    pub size: Size,
    /// Room kept free inside at the top of a box with others in it.
    pub header: f64,
}

/// An arrow.
#[derive(Clone, Debug)]
pub struct Edge {
    /// From which node, as an index.
    pub from: usize,
    /// To which node.
    pub to: usize,
    /// The size of its label.
    pub label: Option<Size>,
}

/// What is to be laid out.
#[derive(Clone, Debug)]
pub struct Graph {
    /// Which way arrows run.
    pub direction: Direction,
    /// The boxes; each after the one around it.
    pub nodes: Vec<Node>,
    /// The arrows.
    pub edges: Vec<Edge>,
    /// The distance that boxes of one layer keep.
    pub gap: f64,
    /// The distance that layers keep.
    pub layer_gap: f64,
}

/// Where an arrow runs and its label stands.
#[derive(Clone, Debug, Default)]
pub struct Route {
    /// Start, bends and end.
    pub points: Vec<Point>,
    /// The label's rectangle.
    pub label: Option<Rect>,
}

/// The result.
#[derive(Clone, Debug)]
pub struct Layout {
    /// The size of the whole.
    pub size: Size,
    /// Each node's rectangle.
    pub nodes: Vec<Rect>,
    /// Each edge's route.
    pub edges: Vec<Route>,
}

/// Room kept inside a box around the boxes in it, in pixels.
const PADDING: f64 = 24.0;

/// How deeply boxes may stand in each other.
pub const MAX_DEPTH: usize = 40;

/// How many boxes can be laid out. The engine takes about a second for so many, and nobody reads more.
pub const MAX_NODES: usize = 800;

/// Lays a graph out in layers, with right-angled arrows. The same graph gives the same result, and nodes keep
/// the order they are given in where nothing speaks against it.
///
/// # Errors
/// If boxes stand in each other more than [`MAX_DEPTH`] deep, are more than [`MAX_NODES`], or the engine gives up.
pub fn layered(graph: &Graph) -> Result<Layout, String> {
    if graph.nodes.is_empty() {
        return Ok(Layout { size: Size::default(), nodes: Vec::new(), edges: Vec::new() });
    }
    let mut depths = vec![1usize; graph.nodes.len()];
    for (at, node) in graph.nodes.iter().enumerate() {
        depths[at] = node.parent.map_or(1, |parent| depths[parent] + 1);
    }
    if depths.iter().any(|depth| *depth > MAX_DEPTH) {
        return Err(format!("boxes stand in each other more than {MAX_DEPTH} deep"));
    }
    if graph.nodes.len() > MAX_NODES {
        let count = graph.nodes.len();
        return Err(format!("{count} boxes are too many for one picture (at most {MAX_NODES}): show fewer of them"));
    }
    let input = to_elk(graph).to_string();
    // The engine mirrors one in Java and panics where that throws.
    let result = std::panic::catch_unwind(|| elkrs::create_elk().layout_json(&input));
    let output = result.map_err(|_| "the layout engine failed".to_owned())??;
    Ok(from_elk(graph, &output))
}

fn to_elk(graph: &Graph) -> Value {
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); graph.nodes.len()];
    let mut roots = Vec::new();
    for (at, node) in graph.nodes.iter().enumerate() {
        match node.parent {
            Some(parent) => children[parent].push(at),
            None => roots.push(at),
        }
    }
    let edges: Vec<Value> = graph.edges.iter().enumerate().map(|(at, edge)| elk_edge(at, edge)).collect();
    json!({
        "id": "root",
        "layoutOptions": options(graph),
        "children": roots.iter().map(|at| elk_node(graph, &children, *at)).collect::<Vec<_>>(),
        "edges": edges,
    })
}

fn options(graph: &Graph) -> Value {
    let direction = match graph.direction {
        Direction::Down => "DOWN",
        Direction::Right => "RIGHT",
    };
    let mut options = Map::new();
    let mut set = |name: &str, value: &str| options.insert(format!("org.eclipse.elk.{name}"), value.into());
    set("algorithm", "layered");
    set("direction", direction);
    set("hierarchyHandling", "INCLUDE_CHILDREN");
    set("edgeRouting", "ORTHOGONAL");
    set("randomSeed", "1");
    set("padding", "[top=0,left=0,bottom=0,right=0]");
    set("spacing.nodeNode", &graph.gap.to_string());
    set("spacing.edgeNode", "24");
    set("spacing.edgeEdge", "16");
    set("spacing.edgeLabel", "4");
    set("spacing.labelNode", "8");
    set("spacing.componentComponent", "48");
    set("layered.spacing.nodeNodeBetweenLayers", &graph.layer_gap.to_string());
    set("layered.spacing.edgeNodeBetweenLayers", "24");
    set("layered.spacing.edgeEdgeBetweenLayers", "16");
    set("layered.considerModelOrder.strategy", "NODES_AND_EDGES");
    set("layered.crossingMinimization.forceNodeModelOrder", "false");
    set("layered.nodePlacement.strategy", "NETWORK_SIMPLEX");
    set("layered.nodePlacement.favorStraightEdges", "true");
    set("edgeLabels.inline", "false");
    set("layered.edgeLabels.sideSelection", "SMART_DOWN");
    Value::Object(options)
}

fn elk_node(graph: &Graph, children: &[Vec<usize>], at: usize) -> Value {
    let node = &graph.nodes[at];
    let id = format!("n{at}");
    if children[at].is_empty() {
        return json!({ "id": id, "width": node.size.width, "height": node.size.height });
    }
    let top = PADDING + node.header;
    // The engine lays out downwards by turning the picture by a quarter, but does not turn this size.
    let least = match graph.direction {
        Direction::Down => (node.size.height, node.size.width),
        Direction::Right => (node.size.width, node.size.height),
    };
    json!({
        "id": id,
        "layoutOptions": {
            "org.eclipse.elk.padding": format!("[top={top},left={PADDING},bottom={PADDING},right={PADDING}]"),
            "org.eclipse.elk.nodeSize.constraints": "MINIMUM_SIZE",
            "org.eclipse.elk.nodeSize.minimum": format!("({},{})", least.0, least.1),
        },
        "children": children[at].iter().map(|child| elk_node(graph, children, *child)).collect::<Vec<_>>(),
    })
}

fn elk_edge(at: usize, edge: &Edge) -> Value {
    let labels = match edge.label {
        Some(size) => json!([{
            "id": format!("l{at}"),
            "text": "label",
            "width": size.width,
            "height": size.height,
            "layoutOptions": { "org.eclipse.elk.edgeLabels.placement": "CENTER" },
        }]),
        None => json!([]),
    };
    json!({ "id": format!("e{at}"), "sources": [format!("n{}", edge.from)], "targets": [format!("n{}", edge.to)], "labels": labels })
}

fn from_elk(graph: &Graph, output: &Value) -> Layout {
    let mut layout = Layout {
        size: Size { width: number(output, "width"), height: number(output, "height") },
        nodes: vec![Rect::default(); graph.nodes.len()],
        edges: vec![Route::default(); graph.edges.len()],
    };
    place_nodes(output, Point::default(), &mut layout);
    place_edges(output, &mut layout);
    layout
}

fn number(value: &Value, key: &str) -> f64 {
    value.get(key).and_then(Value::as_f64).unwrap_or(0.0)
}

fn array<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn index(value: &Value, key: &str) -> Option<usize> {
    value.get(key)?.as_str()?.get(1..)?.parse().ok()
}

fn place_nodes(parent: &Value, origin: Point, layout: &mut Layout) {
    for child in array(parent, "children") {
        let Some(at) = index(child, "id") else { continue };
        let rect = Rect {
            x: origin.x + number(child, "x"),
            y: origin.y + number(child, "y"),
            width: number(child, "width"),
            height: number(child, "height"),
        };
        layout.nodes[at] = rect;
        place_nodes(child, Point { x: rect.x, y: rect.y }, layout);
    }
}

/// The engine lists an edge at the innermost node around both ends, and gives its places relative to that node.
fn place_edges(parent: &Value, layout: &mut Layout) {
    let around = index(parent, "id").filter(|at| *at < layout.nodes.len());
    let origin = around.map_or(Point::default(), |at| Point { x: layout.nodes[at].x, y: layout.nodes[at].y });
    for edge in array(parent, "edges") {
        let Some(at) = index(edge, "id").filter(|at| *at < layout.edges.len()) else { continue };
        let point = |value: &Value| Point { x: origin.x + number(value, "x"), y: origin.y + number(value, "y") };
        let route = &mut layout.edges[at];
        if let Some(section) = array(edge, "sections").first() {
            route.points.push(point(&section["startPoint"]));
            route.points.extend(array(section, "bendPoints").iter().map(point));
            route.points.push(point(&section["endPoint"]));
        }
        route.label = array(edge, "labels").first().map(|label| {
            let corner = point(label);
            Rect { x: corner.x, y: corner.y, width: number(label, "width"), height: number(label, "height") }
        });
    }
    for child in array(parent, "children") {
        place_edges(child, layout);
    }
}

#[cfg(test)]
mod tests {
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
}

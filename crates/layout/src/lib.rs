//! The one boundary to the layout engine. Boxes and arrows go in, positions come out; which engine does it
//! is known only here (see `docs/decisions/0002-layout-engine.md`).

mod effort;
mod rows;

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
    /// Start, bends and end; empty for an arrow that is left out.
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
    /// What was too much for one picture, in words for its reader.
    pub note: Option<String>,
}

/// Room kept inside a box around the boxes in it, in pixels.
const PADDING: f64 = 24.0;

/// How deeply boxes may stand in each other for the engine, which recurses.
const MAX_DEPTH: usize = 40;

/// How many boxes the engine is given; more stand in rows.
const MAX_LAYERED: usize = 800;

/// How many boxes a picture may have.
pub const MAX_NODES: usize = 10_000;

/// So many pieces of arrows (see [`effort::pieces`]) are placed with the greatest care, whose cost grows fastest.
const MOST_WITH_CARE: usize = 400;

/// So many have room for labels.
const MOST_WITH_LABELS: usize = 2_000;

/// So many are drawn at all.
const MOST_DRAWN: usize = 4_000;

/// The stack that the engine gets. What it is given at most takes less than one megabyte in a release build.
const STACK: usize = 32 << 20;

/// Lays a graph out in layers, with right-angled arrows. The same graph gives the same result, and nodes keep
/// the order they are given in where nothing speaks against it. What is too dense is drawn without labels, with fewer
/// arrows, or in rows, and a note says so.
///
/// # Errors
/// If there are more than [`MAX_NODES`] boxes.
pub fn layered(graph: &Graph) -> Result<Layout, String> {
    let count = graph.nodes.len();
    if count > MAX_NODES {
        return Err(format!("{count} boxes are too many for one picture (at most {MAX_NODES}): show fewer of them"));
    }
    if count == 0 {
        return Ok(Layout { size: Size::default(), nodes: Vec::new(), edges: Vec::new(), note: None });
    }
    if count > MAX_LAYERED || depth(graph) > MAX_DEPTH {
        let note = format!(
            "Too much for one picture: the {count} boxes stand in rows, {}. Show fewer boxes to see more.",
            without(graph)
        );
        return Ok(rows::rows(graph, note));
    }
    let plan = Task::new(graph);
    engine(&plan.graph, plan.care).map(|layout| plan.whole(graph, layout)).or_else(|problem| {
        let note = format!("The boxes stand in rows, {}: {problem}.", without(graph));
        Ok(rows::rows(graph, note))
    })
}

fn without(graph: &Graph) -> String {
    match graph.edges.len() {
        0 => "as they come".to_owned(),
        1 => "without the arrow between them".to_owned(),
        arrows => format!("without the {arrows} arrows between them"),
    }
}

fn depth(graph: &Graph) -> usize {
    let mut depths = vec![1usize; graph.nodes.len()];
    for (at, node) in graph.nodes.iter().enumerate() {
        depths[at] = node.parent.map_or(1, |parent| depths[parent] + 1);
    }
    depths.into_iter().max().unwrap_or_default()
}

/// How much trouble the engine takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Care {
    /// Straight arrows and short ways.
    Great,
    /// What a large picture allows.
    Some,
    /// The first order that comes.
    Little,
}

/// What the engine is given of a graph.
struct Task {
    graph: Graph,
    /// Which edges of the whole these are.
    kept: Vec<usize>,
    care: Care,
    note: Option<String>,
}

impl Task {
    fn new(graph: &Graph) -> Task {
        let all: Vec<usize> = (0..graph.edges.len()).collect();
        let pieces = effort::pieces(graph);
        if pieces > MOST_DRAWN {
            return Task::fewer(graph);
        }
        let mut plan = Task { graph: graph.clone(), kept: all, care: Care::Great, note: None };
        if pieces > MOST_WITH_LABELS {
            plan.graph.edges.iter_mut().for_each(|edge| edge.label = None);
            plan.care = Care::Little;
            plan.note = Some("Too dense for labels on the arrows: show fewer boxes to read them.".to_owned());
        } else if pieces > MOST_WITH_CARE {
            plan.care = Care::Some;
        }
        plan
    }

    /// The arrows that connect the most boxes, and of the rest as many as there is room for.
    fn fewer(graph: &Graph) -> Task {
        let ranked = connecting_first(graph);
        let mut count = ranked.len();
        let (graph, kept) = loop {
            count = count * 3 / 4;
            let mut kept = ranked[..count].to_vec();
            kept.sort_unstable();
            let part = Graph { edges: kept.iter().map(|at| graph.edges[*at].clone()).collect(), ..graph.clone() };
            if effort::pieces(&part) <= MOST_WITH_LABELS {
                break (part, kept);
            }
        };
        let all = ranked.len();
        let note = format!(
            "Too dense for one picture: {} of {all} arrows are left out. Show fewer boxes to see them.",
            all - count
        );
        Task { graph, kept, care: Care::Some, note: Some(note) }
    }

    /// The layout of the whole graph from that of the part the engine was given.
    fn whole(&self, graph: &Graph, part: Layout) -> Layout {
        let mut edges = vec![Route::default(); graph.edges.len()];
        for (at, route) in self.kept.iter().zip(part.edges) {
            edges[*at] = route;
        }
        Layout { edges, note: self.note.clone(), ..part }
    }
}

/// The edges, first those that join what no edge before them joins.
fn connecting_first(graph: &Graph) -> Vec<usize> {
    let mut joined: Vec<usize> = (0..graph.nodes.len()).collect();
    let mut joins = |edge: &Edge| {
        let (from, to) = (leader(&mut joined, edge.from), leader(&mut joined, edge.to));
        joined[from] = to;
        from != to
    };
    let (first, rest): (Vec<usize>, Vec<usize>) = (0..graph.edges.len()).partition(|at| joins(&graph.edges[*at]));
    first.into_iter().chain(rest).collect()
}

/// The node that stands for all that a node is joined with.
fn leader(joined: &mut [usize], mut at: usize) -> usize {
    while joined[at] != at {
        joined[at] = joined[joined[at]];
        at = joined[at];
    }
    at
}

/// Runs the engine on a stack of its own, or on that of its caller where no thread can be started.
fn engine(graph: &Graph, care: Care) -> Result<Layout, String> {
    let input = to_elk(graph, care).to_string();
    // The engine mirrors one in Java and panics where that throws.
    let run = || std::panic::catch_unwind(|| elkrs::create_elk().layout_json(&input));
    let result = std::thread::scope(|scope| {
        let own = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, run);
        own.map_or_else(|_| run(), |thread| thread.join().and_then(|result| result))
    });
    let output = result.map_err(|_| "the layout engine failed".to_owned())??;
    Ok(from_elk(graph, &output))
}

fn to_elk(graph: &Graph, care: Care) -> Value {
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
        "layoutOptions": options(graph, care),
        "children": roots.iter().map(|at| elk_node(graph, &children, *at)).collect::<Vec<_>>(),
        "edges": edges,
    })
}

fn options(graph: &Graph, care: Care) -> Value {
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
    set("spacing.nodeSelfLoop", "18");
    set("layered.spacing.nodeNodeBetweenLayers", &graph.layer_gap.to_string());
    set("layered.spacing.edgeNodeBetweenLayers", "24");
    set("layered.spacing.edgeEdgeBetweenLayers", "16");
    set("layered.considerModelOrder.strategy", "NODES_AND_EDGES");
    set("layered.crossingMinimization.forceNodeModelOrder", "false");
    let (placement, tries) = match care {
        Care::Great => ("NETWORK_SIMPLEX", "7"),
        Care::Some => ("BRANDES_KOEPF", "7"),
        Care::Little => ("BRANDES_KOEPF", "1"),
    };
    set("layered.nodePlacement.strategy", placement);
    set("layered.thoroughness", tries);
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
        note: None,
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
mod tests;

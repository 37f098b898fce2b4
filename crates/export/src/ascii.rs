//! Boxes and arrows of plain characters, for a terminal or a code block in a README.

use crate::{heading, one_line};
use groma_layout::{Edge, Node, Point, Rect, Size, layered};
use groma_view::{Diagram, Graph, Sequence, SequenceItem};
use unicode_width::UnicodeWidthChar;

/// One character is this many units wide and high for the layout engine.
const CELL: Size = Size { width: 8.0, height: 16.0 };
/// The widest a title or label may be, in characters.
const WIDEST: usize = 24;

/// Draws a diagram with box-drawing characters.
///
/// # Errors
/// If the layout engine gives up.
pub fn ascii(diagram: &Diagram) -> Result<String, String> {
    match diagram {
        Diagram::Graph(graph) => boxes(graph),
        Diagram::Sequence(flow) => Ok(sequence(flow)),
    }
}

/// Boxes and arrows where the layout engine says.
fn boxes(graph: &Graph) -> Result<String, String> {
    let Graph { about, parts, connections } = graph;
    let titles: Vec<Vec<String>> = parts
        .iter()
        .map(|part| {
            let mut lines = wrap(&part.title, WIDEST);
            if !part.technology.is_empty() && !part.kind.is_frame() {
                lines.extend(wrap(&format!("[{}]", part.technology), WIDEST));
            }
            lines
        })
        .collect();
    let labels: Vec<Vec<String>> =
        connections.iter().map(|one| one.labels.iter().flat_map(|label| wrap(label, WIDEST)).collect()).collect();
    let layout = layered(&groma_layout::Graph {
        direction: groma_view::layout_direction(about.direction),
        nodes: parts
            .iter()
            .zip(&titles)
            .map(|(part, lines)| Node { parent: part.parent, size: size(lines, 4.0, 2.0), header: CELL.height })
            .collect(),
        edges: connections
            .iter()
            .zip(&labels)
            .map(|(one, lines)| Edge {
                from: one.from,
                to: one.to,
                label: (!lines.is_empty()).then(|| size(lines, 2.0, 0.0)),
            })
            .collect(),
        gap: CELL.width * 4.0,
        layer_gap: CELL.height * 2.0,
    })?;
    let mut canvas = Canvas::new(layout.size);
    for (at, title) in titles.iter().enumerate() {
        canvas.frame(layout.nodes[at]);
        if crate::is_frame(parts, at) {
            canvas.text_at(layout.nodes[at], title);
        }
    }
    for route in &layout.edges {
        canvas.arrow(&route.points);
    }
    for at in (0..parts.len()).filter(|at| !crate::is_frame(parts, *at)) {
        canvas.text_in(layout.nodes[at], &titles[at]);
    }
    for (route, lines) in layout.edges.iter().zip(&labels) {
        if let Some(rect) = route.label {
            canvas.text_in(rect, lines);
        }
    }
    let note = layout.note.map(|note| format!("{note}\n")).unwrap_or_default();
    Ok(format!("{}\n{note}\n{}", heading(about).join("\n"), canvas.finish()))
}

fn size(lines: &[String], extra_columns: f64, extra_rows: f64) -> Size {
    let widest = lines.iter().map(|line| columns(line)).max().unwrap_or(0) as f64;
    Size { width: (widest + extra_columns) * CELL.width, height: (lines.len() as f64 + extra_rows) * CELL.height }
}

/// How many columns of a terminal a text takes, character by character: what has no width is left out.
fn columns(text: &str) -> usize {
    text.chars().map(|character| character.width().unwrap_or(0)).sum()
}

fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if columns(line) + 1 + columns(word) <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// The directions in which a line leaves a cell.
const UP: u8 = 1;
const DOWN: u8 = 2;
const LEFT: u8 = 4;
const RIGHT: u8 = 8;

struct Canvas {
    columns: usize,
    /// Lines, as the directions they leave a cell in.
    lines: Vec<u8>,
    /// Characters above the lines; `'\0'` where there is none.
    text: Vec<char>,
}

impl Canvas {
    fn new(size: Size) -> Canvas {
        let columns = (size.width / CELL.width).ceil() as usize + 3;
        let rows = (size.height / CELL.height).ceil() as usize + 3;
        Canvas { columns, lines: vec![0; columns * rows], text: vec!['\0'; columns * rows] }
    }

    fn cell(point: Point) -> (usize, usize) {
        ((point.x / CELL.width).round().max(0.0) as usize, (point.y / CELL.height).round().max(0.0) as usize)
    }

    fn at(&self, column: usize, row: usize) -> Option<usize> {
        let at = row * self.columns + column;
        (column < self.columns && at < self.lines.len()).then_some(at)
    }

    fn mark(&mut self, column: usize, row: usize, directions: u8) {
        if let Some(at) = self.at(column, row) {
            self.lines[at] |= directions;
        }
    }

    fn put(&mut self, column: usize, row: usize, character: char) {
        if let Some(at) = self.at(column, row) {
            self.text[at] = character;
        }
    }

    fn line(&mut self, from: (usize, usize), to: (usize, usize)) {
        let ((x1, y1), (x2, y2)) = (from, to);
        for x in x1.min(x2)..x1.max(x2) {
            self.mark(x, y1, RIGHT);
            self.mark(x + 1, y1, LEFT);
        }
        for y in y1.min(y2)..y1.max(y2) {
            self.mark(x2, y, DOWN);
            self.mark(x2, y + 1, UP);
        }
    }

    fn frame(&mut self, rect: Rect) {
        let (left, top) = Canvas::cell(Point { x: rect.x, y: rect.y });
        let (right, bottom) = Canvas::cell(Point { x: rect.right(), y: rect.bottom() });
        self.line((left, top), (right, top));
        self.line((right, top), (right, bottom));
        self.line((left, bottom), (right, bottom));
        self.line((left, top), (left, bottom));
    }

    fn arrow(&mut self, points: &[Point]) {
        let cells: Vec<_> = points.iter().map(|point| Canvas::cell(*point)).collect();
        for pair in cells.windows(2) {
            self.line(pair[0], pair[1]);
        }
        if let [.., before, last] = cells.as_slice() {
            let head = match (last.0.cmp(&before.0), last.1.cmp(&before.1)) {
                (std::cmp::Ordering::Less, _) => '◀',
                (std::cmp::Ordering::Greater, _) => '▶',
                (_, std::cmp::Ordering::Less) => '▲',
                _ => '▼',
            };
            self.put(last.0, last.1, head);
        }
    }

    fn words(&mut self, column: usize, row: usize, text: &str) {
        let mut at = column;
        for character in text.chars() {
            let width = character.width().unwrap_or(0);
            if width == 0 {
                continue;
            }
            self.put(at, row, character);
            for extra in 1..width {
                self.put(at + extra, row, '\u{1}');
            }
            at += width;
        }
    }

    /// Lines in the middle of a rectangle.
    fn text_in(&mut self, rect: Rect, lines: &[String]) {
        let (_, middle) =
            Canvas::cell(Point { x: 0.0, y: rect.y + (rect.height - lines.len() as f64 * CELL.height) / 2.0 });
        for (at, line) in lines.iter().enumerate() {
            let left =
                ((rect.x + rect.width / 2.0) / CELL.width - columns(line) as f64 / 2.0).round().max(0.0) as usize;
            self.words(left, middle + at, line);
        }
    }

    /// A title on the upper edge of a frame.
    fn text_at(&mut self, rect: Rect, lines: &[String]) {
        let (left, top) = Canvas::cell(Point { x: rect.x, y: rect.y });
        self.words(left + 2, top, &format!(" {} ", lines.join(" ")));
    }

    fn finish(&self) -> String {
        let mut out = String::new();
        for row in 0..self.lines.len() / self.columns {
            let cells = (0..self.columns).map(|column| row * self.columns + column);
            let line: String = cells
                .filter(|at| self.text[*at] != '\u{1}')
                .map(|at| if self.text[at] == '\0' { drawn(self.lines[at]) } else { self.text[at] })
                .collect();
            out.push_str(line.trim_end());
            out.push('\n');
        }
        format!("{}\n", out.trim_end())
    }
}

fn drawn(directions: u8) -> char {
    const CHARACTERS: [char; 16] = [' ', '│', '│', '│', '─', '┘', '┐', '┤', '─', '└', '┌', '├', '─', '┴', '┬', '┼'];
    CHARACTERS[directions as usize & 15]
}

/// A sequence as numbered lines, indented by how deep the call is.
fn sequence(sequence: &Sequence) -> String {
    let mut out = format!("{}\n\n", heading(&sequence.about).join("\n"));
    let (mut depth, mut number) = (0usize, 0);
    for item in &sequence.items {
        let indent = "   ".repeat(depth);
        match item {
            SequenceItem::Message(message) => {
                let title = |at: usize| one_line(&sequence.parts[at].title);
                let (from, to, label) = (title(message.from), title(message.to), one_line(&message.label));
                if message.is_reply {
                    out.push_str(&format!("{indent}    {from} ┄┄▶ {to}: {label}\n"));
                } else {
                    number += 1;
                    out.push_str(&format!("{indent}{number:2}. {from} ──▶ {to}: {label}\n"));
                }
            }
            SequenceItem::Activate(_) => depth += 1,
            SequenceItem::Deactivate(_) => depth = depth.saturating_sub(1),
            SequenceItem::Open(frame) => {
                let head = format!("{indent}    ┌ {} {}", frame.kind.word(), one_line(&frame.label));
                out.push_str(&format!("{}\n", head.trim_end()));
                depth += 1;
            }
            SequenceItem::Divide(label) => {
                let line = format!("{}    ├ {}", "   ".repeat(depth.saturating_sub(1)), one_line(label));
                out.push_str(&format!("{}\n", line.trim_end()));
            }
            SequenceItem::Note(note) => out.push_str(&format!("{indent}    ✎ {}\n", one_line(&note.text))),
            SequenceItem::Close => {
                depth = depth.saturating_sub(1);
                out.push_str(&format!("{}    └\n", "   ".repeat(depth)));
            }
        }
    }
    out
}

//! Sequence diagrams: participants side by side, time from top to bottom.

use crate::place::{empty, finish, heading, scene_box};
use crate::scene::{Backdrop, Line, Scene, SceneEdge, SceneLabel, TextRole};
use crate::{FrameKind, Message, Note, Sequence, SequenceFrame, SequenceItem};
use groma_layout::{Point, Rect};

const MARGIN: f64 = 32.0;
const HEAD_WIDTH: f64 = 150.0;
const HEAD_HEIGHT: f64 = 64.0;
const HEAD_GAP: f64 = 28.0;
/// The widest label before it is broken, for a message between neighbours.
const LABEL_WIDTH: f64 = 190.0;
const BAR: f64 = 10.0;
const SELF_LOOP: f64 = 34.0;
const FRAME_INSET: f64 = 28.0;
/// How wide a remark is at least, and how many lines it may have.
const NOTE_WIDTH: f64 = 160.0;
const NOTE_LINES: usize = 8;

/// Places a sequence diagram.
pub(crate) fn place(sequence: &Sequence) -> Scene {
    let Sequence { about, parts, items } = sequence;
    let mut scene = empty(about, parts.len(), messages(items).count());
    let columns = columns(parts.len(), items);
    let reach = columns.last().copied().unwrap_or(0.0) + HEAD_WIDTH / 2.0;
    let content = reach + right_overhang(items, &columns, reach);
    let top = heading(&mut scene, about, None, content);
    for (at, column) in columns.iter().enumerate() {
        let rect = Rect { x: MARGIN + column - HEAD_WIDTH / 2.0, y: top, width: HEAD_WIDTH, height: HEAD_HEIGHT };
        scene.boxes.push(scene_box(about, parts, at, rect));
    }
    let mut placer = Placer {
        sequence,
        columns,
        y: top + HEAD_HEIGHT + 20.0,
        number: 0,
        active: vec![Vec::new(); parts.len()],
        frames: Vec::new(),
        behind: Vec::new(),
        bars: Vec::new(),
        notes: Vec::new(),
        edges: Vec::new(),
    };
    for (at, item) in items.iter().enumerate() {
        placer.item(item, items.get(at + 1));
    }
    let bottom = placer.y + 16.0;
    for column in &placer.columns {
        let x = MARGIN + column;
        scene
            .backdrops
            .push(Backdrop::Lifeline { from: Point { x, y: top + HEAD_HEIGHT }, to: Point { x, y: bottom } });
    }
    // Frames that begin later lie inside those that began before.
    placer.behind.reverse();
    scene.backdrops.splice(0..0, placer.behind);
    scene.backdrops.extend(placer.bars);
    scene.backdrops.extend(placer.notes);
    scene.edges = placer.edges;
    finish(&mut scene, about.show, content, bottom);
    scene
}

fn messages(items: &[SequenceItem]) -> impl Iterator<Item = &Message> {
    items.iter().filter_map(|item| match item {
        SequenceItem::Message(message) => Some(message),
        _ => None,
    })
}

/// How wide a label becomes, with its number.
fn label_room(label: &str) -> f64 {
    let lines = TextRole::Label.font().wrap(&format!("00. {label}"), LABEL_WIDTH, 3);
    lines.iter().map(|line| TextRole::Label.font().width(line)).fold(0.0, f64::max)
}

/// The middle of each participant: as near to its neighbour as heads and labels allow.
fn columns(count: usize, items: &[SequenceItem]) -> Vec<f64> {
    let mut gaps = vec![HEAD_WIDTH + HEAD_GAP; count.saturating_sub(1)];
    for message in messages(items) {
        let (left, right) = (message.from.min(message.to), message.from.max(message.to));
        let needed = label_room(&message.label) + 36.0;
        if left == right {
            if let Some(gap) = gaps.get_mut(left) {
                *gap = gap.max(needed + SELF_LOOP);
            }
        } else {
            let missing = needed - gaps[left..right].iter().sum::<f64>();
            if missing > 0.0 {
                gaps[right - 1] += missing;
            }
        }
    }
    let mut at = HEAD_WIDTH / 2.0;
    let mut columns = vec![at];
    for gap in gaps {
        at += gap;
        columns.push(at);
    }
    columns.truncate(count);
    columns
}

/// How far the label of a message to oneself sticks out on the right.
fn right_overhang(items: &[SequenceItem], columns: &[f64], reach: f64) -> f64 {
    let own = messages(items).filter(|message| message.from == message.to);
    let ends = own.map(|message| columns[message.from] + SELF_LOOP + label_room(&message.label) + 24.0);
    let notes = items.iter().filter_map(|item| match item {
        SequenceItem::Note(note) => Some(columns[note.over.1] + NOTE_WIDTH / 2.0),
        _ => None,
    });
    ends.chain(notes).fold(0.0, |most: f64, end| most.max(end - reach))
}

/// Places what happens in a sequence, from top to bottom.
struct Placer<'d> {
    sequence: &'d Sequence,
    columns: Vec<f64>,
    y: f64,
    number: usize,
    /// Where each participant's open bars began.
    active: Vec<Vec<f64>>,
    frames: Vec<OpenFrame>,
    behind: Vec<Backdrop>,
    bars: Vec<Backdrop>,
    notes: Vec<Backdrop>,
    edges: Vec<SceneEdge>,
}

struct OpenFrame {
    top: f64,
    word: &'static str,
    label: String,
    left: f64,
    right: f64,
    /// Where the bar of its leftmost participant ends: its label stands to the right of it.
    bar_end: f64,
    /// Where its branches meet, and when the next happens.
    dividers: Vec<(f64, String)>,
}

impl Placer<'_> {
    fn item(&mut self, item: &SequenceItem, next: Option<&SequenceItem>) {
        match item {
            SequenceItem::Message(message) if message.from == message.to => self.own_message(message),
            SequenceItem::Message(message) => {
                let begins = matches!(next, Some(SequenceItem::Activate(part)) if *part == message.to);
                self.message(message, begins);
            }
            SequenceItem::Activate(part) => self.active[*part].push(self.y),
            SequenceItem::Deactivate(part) => self.deactivate(*part),
            SequenceItem::Open(frame) => self.open_frame(frame),
            SequenceItem::Divide(label) => {
                self.y += 2.0;
                if let Some(frame) = self.frames.last_mut() {
                    frame.dividers.push((self.y, label.clone()));
                }
                self.y += if label.is_empty() { 12.0 } else { 24.0 };
            }
            SequenceItem::Note(note) => self.note(note),
            SequenceItem::Close => self.close_frame(),
        }
    }

    /// Where an arrow meets a lifeline: at the edge of the innermost of so many bars.
    fn edge_of(&self, part: usize, depth: usize, towards_right: bool) -> f64 {
        let middle = MARGIN + self.columns[part];
        if depth == 0 {
            return middle;
        }
        let shift = (depth - 1) as f64 * BAR / 2.0;
        if towards_right { middle + shift + BAR / 2.0 } else { middle + shift - BAR / 2.0 }
    }

    fn lines(&mut self, message: &Message, width: f64) -> Vec<String> {
        let text = if message.is_reply {
            message.label.clone()
        } else {
            self.number += 1;
            format!("{}. {}", self.number, message.label)
        };
        TextRole::Label.font().wrap(&text, width, 3)
    }

    /// A message to somebody else, who begins to work with it or not.
    fn message(&mut self, message: &Message, begins: bool) {
        let right = message.to > message.from;
        let span = (self.columns[message.to] - self.columns[message.from]).abs();
        let lines = self.lines(message, (span - 28.0).max(LABEL_WIDTH));
        let leading = TextRole::Label.leading();
        let height = lines.len() as f64 * leading;
        let start = self.edge_of(message.from, self.active[message.from].len(), right);
        let end = self.edge_of(message.to, self.active[message.to].len() + usize::from(begins), !right);
        let middle = (start + end) / 2.0;
        let top = self.y;
        let placed = lines.into_iter().enumerate();
        let placed: Vec<Line> = placed
            .map(|(at, line)| Line::centered(line, TextRole::Label, middle, top + 12.0 + at as f64 * leading))
            .collect();
        self.y += height + 5.0;
        let y = self.y;
        self.y += 14.0;
        self.push(message, vec![Point { x: start, y }, Point { x: end, y }], placed);
    }

    fn own_message(&mut self, message: &Message) {
        let lines = self.lines(message, LABEL_WIDTH);
        let leading = TextRole::Label.leading();
        let height = (lines.len() as f64 * leading).max(22.0);
        let x = self.edge_of(message.from, self.active[message.from].len(), true);
        let (top, bottom) = (self.y + 4.0, self.y + 4.0 + height);
        let placed = lines.into_iter().enumerate();
        let placed: Vec<Line> = placed
            .map(|(at, line)| Line::left(line, TextRole::Label, x + SELF_LOOP + 6.0, top + 12.0 + at as f64 * leading))
            .collect();
        let points = vec![
            Point { x, y: top },
            Point { x: x + SELF_LOOP, y: top },
            Point { x: x + SELF_LOOP, y: bottom },
            Point { x, y: bottom },
        ];
        self.y = bottom + 14.0;
        self.push(message, points, placed);
    }

    fn push(&mut self, message: &Message, points: Vec<Point>, lines: Vec<Line>) {
        let (from, to) = (&self.sequence.parts[message.from], &self.sequence.parts[message.to]);
        let rects = lines.iter().map(Line::rect);
        let rect = rects.reduce(cover);
        let (mut left, mut right) = points
            .iter()
            .fold((f64::MAX, 0.0), |(left, right): (f64, f64), point| (left.min(point.x), right.max(point.x)));
        if let Some(rect) = rect {
            (left, right) = (left.min(rect.x), right.max(rect.right()));
        }
        // Bars stick out to the left of their lifelines.
        let bars = MARGIN + self.columns[message.from.min(message.to)] - 2.0 * BAR;
        let first = message.from.min(message.to);
        let bar_end = self.edge_of(first, self.active[first].len(), true);
        for frame in &mut self.frames {
            if bars < frame.left {
                frame.bar_end = bar_end;
            }
            frame.left = frame.left.min(left).min(bars);
            frame.right = frame.right.max(right);
        }
        let verb = if message.is_reply { "answers" } else { "calls" };
        self.edges.push(SceneEdge {
            from: from.id.clone(),
            to: to.id.clone(),
            points,
            dashed: message.is_reply || message.asynchronous,
            open_head: message.is_reply,
            label: rect.map(|rect| SceneLabel { rect, lines }),
            tooltip: format!("{} {verb} {}: {}", from.title, to.title, message.label),
        });
    }

    fn deactivate(&mut self, part: usize) {
        let Some(start) = self.active[part].pop() else { return };
        let shift = self.active[part].len() as f64 * BAR / 2.0;
        let x = MARGIN + self.columns[part] + shift - BAR / 2.0;
        self.bars.push(Backdrop::Activation(Rect { x, y: start - 14.0, width: BAR, height: self.y - start + 8.0 }));
        self.y += 4.0;
    }

    fn open_frame(&mut self, frame: &SequenceFrame) {
        self.y += 12.0;
        // The title of a section says all.
        let word = if frame.kind == FrameKind::Section { "" } else { frame.kind.word() };
        let label = frame.label.clone();
        let (left, right, bar_end) = (f64::MAX, 0.0, 0.0);
        self.frames.push(OpenFrame { top: self.y, word, label, left, right, bar_end, dividers: Vec::new() });
        self.y += 24.0;
    }

    /// A remark on top of the lifelines that it stands across.
    fn note(&mut self, note: &Note) {
        let (first, last) = (self.columns[note.over.0], self.columns[note.over.1]);
        let width = (last - first + 2.0 * BAR).max(NOTE_WIDTH);
        let middle = MARGIN + (first + last) / 2.0;
        let leading = TextRole::Label.leading();
        let wrapped = TextRole::Label.font().wrap(&note.text, width - 16.0, NOTE_LINES);
        let height = wrapped.len() as f64 * leading + 10.0;
        let rect = Rect { x: middle - width / 2.0, y: self.y, width, height };
        let baseline = |at: usize| self.y + 16.0 + at as f64 * leading;
        let lines = wrapped.into_iter().enumerate();
        let lines = lines.map(|(at, line)| Line::centered(line, TextRole::Label, middle, baseline(at))).collect();
        for frame in &mut self.frames {
            frame.left = frame.left.min(rect.x);
            frame.right = frame.right.max(rect.right());
        }
        self.notes.push(Backdrop::Note { rect, lines });
        self.y += height + 10.0;
    }

    fn close_frame(&mut self) {
        let Some(frame) = self.frames.pop() else { return };
        let tab = if frame.word.is_empty() { 0.0 } else { TextRole::Frame.font().width(frame.word) + 18.0 };
        // The tab ends before the bar of the leftmost participant begins.
        let inset = FRAME_INSET.max(tab - BAR);
        let left = if frame.left == f64::MAX { MARGIN } else { frame.left - inset };
        let label = |text: &str, role: TextRole, x: f64, y: f64| {
            Line::left(role.font().shorten(text, 320.0), role, x, y + 14.0)
        };
        let beside_bar = (left + 10.0).max(frame.bar_end + 6.0);
        let role = if frame.word.is_empty() { TextRole::Frame } else { TextRole::Label };
        let mut lines = vec![label(&frame.label, role, beside_bar.max(left + tab + 8.0), frame.top)];
        lines.extend(frame.dividers.iter().map(|(y, text)| label(text, TextRole::Label, beside_bar, *y)));
        let right = lines.iter().map(|line| line.rect().right() + 12.0).fold(frame.right + FRAME_INSET, f64::max);
        lines.insert(0, Line::left(frame.word.to_owned(), TextRole::Frame, left + 8.0, frame.top + 14.0));
        let rect = Rect { x: left, y: frame.top, width: right - left, height: self.y - frame.top + 2.0 };
        let tab = Rect { x: left, y: frame.top, width: tab, height: 20.0 };
        let dividers = frame.dividers.iter().map(|(y, _)| *y).collect();
        self.behind.push(Backdrop::Frame { rect, tab, lines, dividers });
        for outer in &mut self.frames {
            if left < outer.left {
                outer.bar_end = outer.bar_end.max(frame.bar_end);
            }
            outer.left = outer.left.min(left);
            outer.right = outer.right.max(right);
        }
        self.y += 14.0;
    }
}

fn cover(a: Rect, b: Rect) -> Rect {
    let (x, y) = (a.x.min(b.x), a.y.min(b.y));
    Rect { x, y, width: a.right().max(b.right()) - x, height: a.bottom().max(b.bottom()) - y }
}

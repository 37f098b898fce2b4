//! New nodes, to be put into a document.

use super::{Document, Place, Value};

/// A node to be written: its word, what stands on its line, and what stands in its block. It prints in the one style of
/// `groma fmt`; put into a document, it takes on the style of that.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Node {
    pub(super) comments: Vec<String>,
    pub(super) word: Value,
    pub(super) arguments: Vec<Value>,
    pub(super) properties: Vec<(Value, Value)>,
    pub(super) children: Vec<Node>,
}

/// The arrow of a relationship or of a step.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Arrow {
    /// `->`: calls, uses.
    Call,
    /// `-->`: answers.
    Reply,
}

impl Arrow {
    /// As it is written.
    pub fn word(self) -> &'static str {
        match self {
            Arrow::Call => "->",
            Arrow::Reply => "-->",
        }
    }
}

impl Node {
    /// A node that is a word alone, such as `parallel`.
    pub fn new(word: &str) -> Node {
        Node {
            comments: Vec::new(),
            word: Value::word(word),
            arguments: Vec::new(),
            properties: Vec::new(),
            children: Vec::new(),
        }
    }

    /// `kind name`, such as `service core`.
    pub fn named(kind: &str, name: &str) -> Node {
        Node::new(kind).value(Value::word(name))
    }

    /// `from -> to`, a relationship, or a step of a flow.
    pub fn arrow(from: &str, arrow: Arrow, to: &str) -> Node {
        let mut node = Node::new(from);
        // The one place where an arrow stands bare: quoted it would be a text.
        node.arguments.extend(Value::written(arrow.word()));
        node.value(Value::word(to))
    }

    /// `fact value`, a fact that stands in the block of its node.
    pub fn fact(name: &str, value: impl Into<Value>) -> Node {
        Node::new(name).value(value)
    }

    /// The title, or the text of a relationship, after the name.
    pub fn title(self, title: &str) -> Node {
        self.value(Value::quoted(title))
    }

    /// One more value on the line, after those before.
    pub fn value(mut self, value: impl Into<Value>) -> Node {
        self.arguments.push(value.into());
        self
    }

    /// `name=value` on the line: a fact of a node, or a part of a fact.
    pub fn property(mut self, name: &str, value: impl Into<Value>) -> Node {
        self.properties.push((Value::word(name), value.into()));
        self
    }

    /// A node in its block, after those before.
    pub fn child(mut self, node: Node) -> Node {
        self.children.push(node);
        self
    }

    /// A comment on lines of its own above the node.
    pub fn comment(mut self, text: &str) -> Node {
        let lines = text.split(['\n', '\r', '\u{0B}', '\u{0C}', '\u{85}', '\u{2028}', '\u{2029}']);
        self.comments.extend(lines.map(|line| line.trim().replace(super::space::is_forbidden, " ")));
        self
    }

    /// How many levels it has; a node without a block has one.
    pub(super) fn levels(&self) -> usize {
        let mut deepest = 0;
        let mut open = vec![(self, 1)];
        while let Some((node, level)) = open.pop() {
            deepest = deepest.max(level);
            open.extend(node.children.iter().map(|child| (child, level + 1)));
        }
        deepest
    }
}

/// The text of the node, as `groma fmt` leaves it. A node that is nested too deep to be read back prints nothing.
impl std::fmt::Display for Node {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut document = Document::new();
        // It can only be too deep; see `Document::insert`.
        let _ = document.insert(Place::End, self);
        f.write_str(&document.text())
    }
}

//! The one writer of Groma text. A [`Document`] is a text that can be edited: every comment, every `/-` and the style of the
//! file stay as they are, except where an edit is made. Whatever edits are made, the text can be read.
//!
//! ```
//! use groma_model::write::{Document, Node, Place, Value};
//!
//! let mut document = Document::open("system shop \"Shop\" {\n\n  web web \"Web\" // what users see\n}\n").unwrap();
//! let shop = document.find("shop").unwrap();
//! let api = document.insert(Place::EndOf(shop), &Node::named("service", "api").title("API")).unwrap();
//! document.set_fact(api, "replicas", &Value::from(3)).unwrap();
//! assert_eq!(
//!     document.text(),
//!     "system shop \"Shop\" {\n\n  web web \"Web\" // what users see\n  service api \"API\" replicas=3\n}\n"
//! );
//! ```
//!
//! What an edit keeps and what it does not:
//!
//! - A comment belongs to a node if it stands on its line after it, or directly above it with no blank line between. It is
//!   moved and removed with its node; all other comments stay, and so does what `/-` takes out.
//! - A block on one line stays so as long as the line has no more than [`WIDEST`] characters; then each of its nodes gets a
//!   line, for good.
//! - A block that loses its last node goes, unless a comment is left in it or it was empty before.
//! - A new value stands in quotes without need only if the one before it did.
//! - Lines end as the first line of the text does, and are indented as their neighbours are.

mod difference;
mod edit;
mod facts;
mod layout;
mod node;
mod read;
mod slots;
mod space;
mod unlink;
mod value;

pub use difference::difference;
pub use layout::{Place, WIDEST};
pub use node::{Arrow, Node};
pub(crate) use value::is_arrow;
pub use value::{Value, identifier, is_name, quoted, unique_identifier};

use groma_base::Range;
use groma_syntax::{NodeId, SyntaxError};
use slots::Slots;
use std::borrow::Cow;
use std::fmt;

/// A text that can be edited. Its nodes are named by [`NodeId`]s: those that stand in the text when it is opened have the
/// numbers that `groma_syntax::parse` gives them, new ones get new numbers, and none is given twice.
#[derive(Clone, Debug)]
pub struct Document {
    slots: Slots,
    /// How many of the slots were read from the text; their places in it ascend.
    read: usize,
    top: Block,
    newline: &'static str,
    indentation: String,
}

/// A word of a document.
#[derive(Clone, Debug)]
struct Written {
    value: Value,
    /// Where it stood in the text that was opened, as long as it is the same.
    at: Option<u32>,
}

impl From<Value> for Written {
    fn from(value: Value) -> Written {
        Written { value, at: None }
    }
}

/// An argument, or a property if it has a key.
#[derive(Clone, Debug)]
struct Entry {
    /// What stands before it.
    gap: String,
    key: Option<Written>,
    /// Between the key and the value: `=`, and a type annotation.
    between: String,
    value: Written,
}

/// What was there of a block before it had its first node.
#[derive(Clone, Debug)]
enum Origin {
    /// Nothing, or a block with nodes.
    Node,
    /// A block without nodes, in which this stood.
    Empty { open: String, tail: String },
}

#[derive(Clone, Debug)]
struct Block {
    /// Between the node's line and the `{`.
    gap: String,
    /// What follows the `{` on its line, and the end of that line.
    open: String,
    children: Vec<NodeId>,
    /// After the last node.
    tail: String,
    origin: Origin,
}

/// A node and the text around it. All of these, one after the other, are the text of the document.
#[derive(Clone, Debug)]
struct Slot {
    /// Where it stood in the text that was opened.
    start: u32,
    parent: Option<NodeId>,
    /// What stands before the node, from after what belongs to the one before.
    lead: String,
    /// The type annotation.
    prefix: String,
    word: Written,
    entries: Vec<Entry>,
    block: Option<Block>,
    /// What follows the node on its line, and what ends it.
    trail: String,
    is_gone: bool,
}

/// Why an edit was not made. The document is then as it was before.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum EditError {
    /// The node was removed, or is one of another document.
    NoSuchNode,
    /// A node cannot be moved into or beside itself.
    IntoItself,
    /// The node would lie deeper than texts are read.
    TooDeep,
    /// It cannot name anything; see [`is_name`].
    NotAName(String),
    /// The node has no name, which a title could follow; or it is no arrow, which could have ends.
    NoName,
    /// The node has no fact of this name.
    NoFact(String),
    /// The fact has several values, and it was not said which of them is meant.
    SeveralValues(String),
    /// There is no single word at this place of the text that was opened, or it was changed since.
    NoWord(Range),
    /// What would come of the word can no longer be read as one.
    NotAWord(String),
}

impl fmt::Display for EditError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EditError::NoSuchNode => f.write_str("this node is not in the document"),
            EditError::IntoItself => f.write_str("a node cannot be moved into itself"),
            EditError::TooDeep => write!(f, "nodes would nest more than {} deep", groma_syntax::MAX_DEPTH),
            EditError::NotAName(name) => write!(f, "`{name}` cannot be a name"),
            EditError::NoName => f.write_str("this node has no name"),
            EditError::NoFact(name) => write!(f, "there is no fact called `{name}`"),
            EditError::SeveralValues(name) => write!(f, "`{name}` has several values"),
            EditError::NoWord(_) => f.write_str("no word of the text stands here"),
            EditError::NotAWord(text) => write!(f, "`{text}` is not one word"),
        }
    }
}

impl std::error::Error for EditError {}

impl Default for Document {
    fn default() -> Document {
        Document::new()
    }
}

impl Document {
    /// An empty document, in the style of `groma fmt`.
    pub fn new() -> Document {
        let top = Block {
            gap: String::new(),
            open: String::new(),
            children: Vec::new(),
            tail: String::new(),
            origin: Origin::Node,
        };
        Document { slots: Slots::default(), read: 0, top, newline: "\n", indentation: "    ".to_owned() }
    }

    /// Opens a text.
    ///
    /// # Errors
    /// The errors of the text: one that cannot be read as a whole cannot be edited either.
    pub fn open(text: &str) -> Result<Document, Vec<SyntaxError>> {
        read::read(text)
    }

    /// The text with all edits made. If none were, it is byte for byte the one that was opened.
    pub fn text(&self) -> String {
        let mut out = String::new();
        self.push_block(&self.top, &mut out);
        out
    }

    /// The nodes of the top level, in their order.
    pub fn roots(&self) -> &[NodeId] {
        &self.top.children
    }

    /// The nodes in the block of a node, in their order; none for a node that is gone.
    pub fn children(&self, node: NodeId) -> &[NodeId] {
        self.slot(node).ok().and_then(|slot| slot.block.as_ref()).map_or(&[], |block| &block.children)
    }

    /// The node that a node stands in.
    pub fn parent(&self, node: NodeId) -> Option<NodeId> {
        self.slot(node).ok()?.parent
    }

    /// The node in whose line this place of the text that was opened lies, such as the start of `schema`'s items.
    pub fn node_at(&self, offset: u32) -> Option<NodeId> {
        let node = self.read_at(offset)?;
        let slot = self.slot(node).ok()?;
        let written = std::iter::once(&slot.word).chain(slot.entries.iter().map(|entry| &entry.value));
        let end = written.filter_map(|word| Some(word.at? + word.value.as_written().len() as u32)).max()?;
        (offset <= end).then_some(node)
    }

    /// The first node with this path of names, such as `shop.core`. Relationships have no names.
    pub fn find(&self, path: &str) -> Option<NodeId> {
        let mut found: Option<NodeId> = None;
        for name in path.split('.') {
            let among = found.map_or(self.roots(), |node| self.children(node));
            found = Some(*among.iter().find(|node| self.name(**node).as_deref() == Some(name))?);
        }
        found
    }

    /// The word that a node begins with.
    pub fn word(&self, node: NodeId) -> Option<Cow<'_, str>> {
        Some(self.slot(node).ok()?.word.value.string())
    }

    /// The name of a node: its first value, unless it is an arrow.
    pub fn name(&self, node: NodeId) -> Option<Cow<'_, str>> {
        let slot = self.slot(node).ok().filter(|slot| slot.arrow().is_none())?;
        Some(slot.argument(0)?.value.value.string())
    }

    /// The title of a node, or the text of a relationship.
    pub fn title(&self, node: NodeId) -> Option<Cow<'_, str>> {
        let slot = self.slot(node).ok()?;
        Some(slot.argument(slot.title_index())?.value.value.string())
    }

    /// The two ends of a relationship or step, as they are written.
    pub fn ends(&self, node: NodeId) -> Option<(Cow<'_, str>, Cow<'_, str>)> {
        let slot = self.slot(node).ok()?;
        slot.arrow()?;
        Some((slot.word.value.string(), slot.argument(1)?.value.value.string()))
    }

    fn slot(&self, node: NodeId) -> Result<&Slot, EditError> {
        self.slots.get(node).filter(|slot| !slot.is_gone).ok_or(EditError::NoSuchNode)
    }

    fn slot_mut(&mut self, node: NodeId) -> Result<&mut Slot, EditError> {
        self.slots.get_mut(node).filter(|slot| !slot.is_gone).ok_or(EditError::NoSuchNode)
    }

    /// A node that is known to be there.
    fn at(&mut self, node: NodeId) -> &mut Slot {
        &mut self.slots[node]
    }

    /// The last node that was read from before this place, which is the one whose line it can lie in.
    fn read_at(&self, offset: u32) -> Option<NodeId> {
        let starts = self.slots.first(self.read);
        let after = starts.partition_point(|slot| slot.start <= offset);
        after.checked_sub(1).map(|at| NodeId(at as u32))
    }

    fn push_block(&self, block: &Block, out: &mut String) {
        out.push_str(&block.open);
        for child in &block.children {
            let slot = &self.slots[*child];
            out.push_str(&slot.lead);
            self.push_node(slot, out);
            out.push_str(&slot.trail);
        }
        out.push_str(&block.tail);
    }

    /// A node without what stands around it. Documents are no deeper than texts are read, so this may call itself.
    fn push_node(&self, slot: &Slot, out: &mut String) {
        out.push_str(&slot.prefix);
        out.push_str(slot.word.value.as_written());
        for entry in &slot.entries {
            out.push_str(&entry.gap);
            out.push_str(entry.key.as_ref().map_or("", |key| key.value.as_written()));
            out.push_str(&entry.between);
            out.push_str(entry.value.value.as_written());
        }
        if let Some(block) = &slot.block {
            out.push_str(&block.gap);
            out.push('{');
            self.push_block(block, out);
            out.push('}');
        }
    }
}

impl Slot {
    /// The arguments, each with its place among the entries.
    fn arguments(&self) -> impl Iterator<Item = (usize, &Entry)> {
        self.entries.iter().enumerate().filter(|(_, entry)| entry.key.is_none())
    }

    fn argument(&self, nth: usize) -> Option<&Entry> {
        self.arguments().nth(nth).map(|(_, entry)| entry)
    }

    /// The arrow of a relationship or step. As in the decoder, only a bare one that stands first is one.
    fn arrow(&self) -> Option<Arrow> {
        let first = self.entries.first().filter(|entry| entry.key.is_none())?;
        [Arrow::Call, Arrow::Reply].into_iter().find(|arrow| first.value.value.as_written() == arrow.word())
    }

    /// Which of the arguments is the title.
    fn title_index(&self) -> usize {
        if self.arrow().is_some() { 2 } else { 1 }
    }
}

//! One tree to the declared nodes of one file. Names are not resolved here, so the result of a file
//! depends on nothing but its text.

mod arrows;
mod beside;
mod ends;
mod facts;
mod foreign;
mod habits;
mod heads;
mod keyless;
mod kindless;
mod named;
mod notations;
mod order;
mod parted;
mod ranges;
mod several;
mod slips;
mod twice;
mod units;
mod unknown;
mod unquoted;
mod values;

use crate::facets::own_facts::OwnFacts;
use crate::ids::Table;
use crate::items::number_names;
pub use crate::items::{FactValue, FileModel, Item, ItemId, Text, Value, find_fact};
use crate::kinds;
use crate::kinds::class;
pub use crate::misplaced::{MISPLACED, UNKNOWN_WORD};
use crate::schema::{Class, Fact, Head, Kind, TOP, Type};
use arrows::Ends;
use facts::Facts;
use groma_base::{Diagnostic, FileId, Range, Span};
use groma_syntax::{Entry, NodeId, Tree, Word, WordKind};
use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;
use std::borrow::Cow;
use std::cell::{Cell, OnceCell};
use std::collections::BTreeMap;

pub use crate::items::WRONG_VALUE;
/// A part that a node needs and does not have.
pub const MISSING_PART: &str = "missing-part";
/// The same fact twice on one node.
pub const REPEATED_FACT: &str = "repeated-fact";

/// Reads the nodes of a file in which no facts of one's own are written.
pub fn decode(file: FileId, tree: &Tree) -> FileModel {
    decode_with(file, tree, &OwnFacts::default())
}

/// Reads the nodes of a file of a workspace that declares these facts of its own.
pub fn decode_with(file: FileId, tree: &Tree, own: &OwnFacts) -> FileModel {
    // Almost all texts are without a mistake. What a mistake was meant for is looked for where there may be one.
    let Some(plain) = decode_once(file, tree, own, false) else {
        return decode_once(file, tree, own, true).expect("whoever looks for slips has no doubts");
    };
    debug_assert_eq!(decode_once(file, tree, own, true).map(|model| model.problems), Some(Vec::new()));
    plain
}

/// Reads a file. `None` where there may be a mistake in it, and slips are not looked for.
fn decode_once(file: FileId, tree: &Tree, own: &OwnFacts, seeks_slips: bool) -> Option<FileModel> {
    let mut decoder = Decoder {
        file,
        tree,
        own,
        seeks_slips,
        has_doubts: Cell::new(false),
        items: Table::with_capacity(tree.node_count()),
        facts: Vec::new(),
        problems: Vec::new(),
        head_of: None,
        spoiled: BTreeMap::new(),
        said: FxHashMap::default(),
        parted: BTreeMap::new(),
        lost: Vec::new(),
        foreign: Vec::new(),
        bare_words: OnceCell::new(),
        declared: OnceCell::new(),
        slips: FxHashMap::default(),
    };
    if seeks_slips {
        decoder.slips_of_words();
    }
    decoder.lines_twice(&tree.roots().collect::<Vec<_>>(), None);
    decoder.nodes(tree.roots(), None, None);
    let Decoder { has_doubts, items, facts, problems, lost, foreign, .. } = decoder;
    let is_understood = !has_doubts.get() && problems.is_empty() && lost.is_empty() && foreign.is_empty();
    let folder = std::sync::Arc::default();
    let (text, chosen) = (tree.text.clone(), std::sync::OnceLock::new());
    let model = || FileModel { file, folder, text, items, facts, problems, lost, foreign, chosen };
    (seeks_slips || is_understood).then(model)
}

struct Decoder<'t> {
    file: FileId,
    tree: &'t Tree,
    own: &'t OwnFacts,
    /// Whether slips are looked for: what people write out of habit or by mistake, and what it is meant for.
    seeks_slips: bool,
    /// Whether something that can be read may be a slip all the same.
    has_doubts: Cell<bool>,
    items: Table<Item>,
    facts: Vec<FactValue>,
    problems: Vec<Diagnostic>,
    /// The kind whose first value is read, which has no name of its own for messages.
    head_of: Option<&'static str>,
    /// The words that are told already, from where to where: the first stands for all of them.
    spoiled: BTreeMap<u32, u32>,
    /// What the texts among them are read as, by where they begin.
    said: FxHashMap<u32, Range>,
    /// The words that are read as one name, from where to where.
    parted: BTreeMap<u32, u32>,
    /// What could not be understood.
    lost: Vec<Range>,
    /// The blocks of words of other languages.
    foreign: Vec<Range>,
    /// What may be used as a name somewhere, once that is asked.
    bare_words: OnceCell<FxHashSet<&'t str>>,
    /// The names by which something is declared, once that is asked.
    declared: OnceCell<FxHashSet<&'t str>>,
    /// The words that are none here, with the kinds they begin nodes in, and what each is certainly meant for.
    slips: FxHashMap<(String, Option<&'static str>), Option<&'static str>>,
}

/// What has no title: its name says all.
const UNTITLED: &[&Class] = &[&class::INSTANCE, &class::RULE_SETTING, &class::ALLOW, &class::INCLUDE, &class::EXTEND];

/// Whether a value is a number, with a unit or without.
fn is_number(entry: &Entry) -> bool {
    matches!(entry.value.kind, WordKind::Number | WordKind::Quantity)
}

/// The values on the line of one node: few, for almost all.
type Arguments = SmallVec<[Entry; 4]>;

/// Facts gathered for one node before they move to the file's table in one piece.
type Gathered = Vec<FactValue>;

/// What facts are read for: an item, or a fact of it that has parts.
#[derive(Clone, Copy)]
struct Owner {
    /// The item.
    item: ItemId,
    /// Its fact, if what follows are parts of one.
    fact: Option<&'static Fact>,
    /// The node that they stand in.
    node: NodeId,
}

impl<'t> Decoder<'t> {
    fn span(&self, range: Range) -> Span {
        Span::new(self.file, range)
    }

    /// Has what can be read looked at again, for slips, if it may be one.
    fn doubts_if(&self, may_be_slip: bool) {
        self.has_doubts.set(self.has_doubts.get() || may_be_slip);
    }

    /// Whether the words on the line of a node may be a slip, although each can be read: one behind a property, which may go on with its
    /// value unless it says yes to a fact, or one that stands twice.
    fn has_doubtful_words(&self, id: NodeId, facts: Facts<'_>) -> bool {
        let is_flag = |word: &str| facts.called(word).is_some_and(|fact| matches!(fact.ty, Type::Bool));
        let (mut before, mut is_behind) = (self.source(self.tree.node(id).name.range()), false);
        self.tree.entries(id).iter().any(|entry| {
            let word = self.source(entry.value.range());
            let is_again = std::mem::replace(&mut before, word) == word;
            is_behind |= entry.key.is_some();
            !entry.key.is_some() && (is_again || is_behind && entry.value.kind == WordKind::Bare && !is_flag(word))
        })
    }

    fn report(&mut self, code: &'static str, range: Range, message: impl Into<String>) -> &mut Diagnostic {
        let span = self.span(range);
        self.problems.push(Diagnostic::error(code, span, message));
        self.problems.last_mut().expect("just pushed")
    }

    /// Reads nodes that stand beside each other. A list as in YAML is told once.
    fn nodes(&mut self, nodes: impl Iterator<Item = NodeId>, parent: Option<ItemId>, owner: Option<&'static Kind>) {
        let (mut was_listed, mut was_choice) = (false, false);
        for id in nodes {
            let name = self.tree.node(id).name;
            let text = name.range().of(&self.tree.text);
            let is_item = name.kind == WordKind::Bare && text == "-";
            // Told with the word before it.
            let goes_on = was_choice && matches!(text, "else" | "elseif" | "elif");
            if is_item && was_listed || goes_on || self.is_in_text(id) {
                continue;
            }
            was_choice = matches!(text, "alt" | "if" | "switch");
            was_listed = is_item || name.kind == WordKind::Bare && text.ends_with(':');
            self.node(id, parent, owner);
        }
    }

    /// Reads a node that is not a fact of its parent.
    fn node(&mut self, id: NodeId, parent: Option<ItemId>, owner: Option<&'static Kind>) {
        let node = self.tree.node(id);
        if let Some(kind) = self.arrow_kind(id, owner) {
            let kind = self.call_as_answer(id, kind, owner).unwrap_or(kind);
            return match kind.may_stand_in(owner) {
                true => self.arrow(id, kind, parent, None),
                false => self.misplaced_arrow(id, owner, parent),
            };
        }
        let two_words = self.parted_beginning(id);
        if let Some((ends, kind)) = two_words.zip(kinds::arrow("->", owner).filter(|kind| kind.may_stand_in(owner))) {
            return self.arrow(id, kind, parent, Some(ends));
        }
        if let Some(slip) = self.arrow_slip(id, owner) {
            self.report_arrow(&slip);
            let word = slip.meant.as_deref().map_or("->", |meant| if meant.contains("-->") { "-->" } else { "->" });
            let kind = kinds::arrow(word, owner).filter(|kind| kind.may_stand_in(owner));
            let kind = kind.or_else(|| kinds::arrow("->", owner).filter(|kind| kind.may_stand_in(owner)));
            return match (slip.ends, kind) {
                (Some(ends), Some(kind)) => self.arrow(id, kind, parent, Some(ends)),
                _ => self.lost.push(self.tree.node(id).range()),
            };
        }
        let word = self.tree.string(node.name);
        match kinds::by_name(&word) {
            Some(kind) if kind.may_stand_in(owner) => {
                self.doubts_if(self.has_sign_behind(id));
                self.declared(id, kind, false, parent);
            }
            Some(kind) => self.misplaced(id, kind, parent, owner),
            None if self.may_be_own_kind(id, owner) && self.slip_of(&word, owner).is_none() => {
                let usual = if holds(owner, &class::CONTAINER) { "service" } else { "component" };
                self.doubts_if(!self.own.has_kind(&word));
                let said = self.own.base(&word).filter(|kind| kind.may_stand_in(owner));
                let kind = said.or_else(|| kinds::by_name(usual)).expect("a built-in kind");
                self.declared(id, kind, true, parent);
            }
            None => self.unknown_word(id, &word, parent, owner),
        }
    }

    /// The facts that the node of a kind may have.
    fn facts_of(&self, id: NodeId, kind: &'static Kind) -> Facts<'t> {
        Facts::Of(kind, self.own, self.tree.node(id).name.range().of(&self.tree.text))
    }

    /// What a node of a kind is called: by the kind of the workspace's own that it begins with, if it does.
    fn called(&self, item: Option<ItemId>, kind: &'static Kind) -> &'t str {
        let word = item.map(|item| &self.items[item]).filter(|item| std::ptr::eq(item.kind, kind));
        let word = word.map(|item| item.word.of(&self.tree.text));
        word.filter(|word| self.own.has_kind(word)).unwrap_or(kind.name)
    }

    /// What has a property: the fact, or else the thing by its kind.
    fn name_of(&self, owner: Owner) -> &'t str {
        owner.fact.map_or_else(|| self.called(Some(owner.item), self.items[owner.item].kind), |fact| fact.name)
    }

    fn arrow_kind(&self, id: NodeId, owner: Option<&Kind>) -> Option<&'static Kind> {
        arrow_kind(self.tree, id, owner)
    }

    /// The node of an item. Nodes are in the order of the text.
    fn node_of(&self, item: ItemId) -> Option<NodeId> {
        let word = self.items[item].word;
        let start = |node: u32| self.tree.node(NodeId(node)).name.range().start;
        let (mut low, mut high) = (0, self.tree.node_count() as u32);
        while low < high {
            let middle = low.midpoint(high);
            if start(middle) < word.start { low = middle + 1 } else { high = middle }
        }
        let found = (low < self.tree.node_count() as u32).then_some(NodeId(low))?;
        (start(low) == word.start).then_some(found)
    }

    fn may_be_own_kind(&self, id: NodeId, owner: Option<&Kind>) -> bool {
        let word = self.tree.name(id);
        if self.kind_behind(id, &word, owner).is_some() {
            return false;
        }
        let elements = holds(owner, &class::CONTAINER) || holds(owner, &class::COMPONENT);
        let named = self
            .tree
            .entries(id)
            .first()
            .is_some_and(|entry| !entry.key.is_some() && entry.value.kind == WordKind::Bare);
        elements && named && foreign::foreign(&word).is_none() && !foreign::is_dependency(&word) && !word.ends_with(':')
    }

    fn push_item(&mut self, id: NodeId, kind: &'static Kind, own: bool, parent: Option<ItemId>) -> ItemId {
        let node = self.tree.node(id);
        self.items.push(Item {
            kind,
            own,
            word: node.name.range(),
            name: Range::default(),
            called: None,
            target: Range::default(),
            title: None,
            title_range: Range::default(),
            head: node.head_range(self.tree),
            range: node.range(),
            parent,
            subtree_end: ItemId::FIRST,
            facts: (0, 0),
        })
    }

    fn declared(&mut self, id: NodeId, kind: &'static Kind, own: bool, parent: Option<ItemId>) {
        let at = self.push_item(id, kind, own, parent);
        let mut gathered = Gathered::new();
        if self.placed_note(at, id, kind, &mut gathered) {
            return self.finish_item(id, at, kind, gathered);
        }
        self.unquoted_properties(id, self.facts_of(id, kind));
        if let Some((name, title, rest)) = self.named_as(id, kind) {
            self.name_argument(at, kind, Some(&name));
            self.title_argument(at, &title);
            self.title_and_flags((id, at), kind, &rest, &mut gathered);
            return self.finish_item(id, at, kind, gathered);
        }
        self.parted_head(id, kind);
        let moved = self.first_of_kind(id, kind, &mut gathered);
        let named = usize::from(has_first_value(kind, self.arguments(id, 0).first()));
        let words = self.name_of_words(id, kind);
        let mut all = if words > 1 { self.arguments(id, words - 1) } else { self.with_one_title(id, 0, named, kind) };
        all.insert_many(0, moved);
        self.in_order(id, kind, &mut all, &mut gathered);
        let keyed = self.keyed_head(id, kind, &all);
        let mut arguments = all.iter();
        match kind.head {
            Head::Named | Head::Arrow if keyed.name.is_some() => self.name_argument(at, kind, keyed.name.as_ref()),
            Head::Named | Head::Arrow => {
                let (name, next) = (arguments.next(), arguments.clone().next());
                if self.title_before_name(at, kind, (name, next)) {
                    arguments.next();
                } else {
                    self.name_argument(at, kind, name);
                }
            }
            Head::Title => {}
            Head::Perhaps(_) if !has_first_value(kind, all.first()) => {}
            Head::Value(fact) | Head::Perhaps(fact) => self.head_value(at, kind, fact, arguments.next(), &mut gathered),
        }
        self.title_and_flags((id, at), kind, arguments.as_slice(), &mut gathered);
        keyed.title.iter().for_each(|title| self.title_argument(at, title));
        self.finish_item(id, at, kind, gathered);
    }

    /// The title, if there is one, and bare words that name facts to which they say yes: `system payments "Payments" external`.
    fn title_and_flags(
        &mut self,
        (id, at): (NodeId, ItemId),
        kind: &'static Kind,
        arguments: &[Entry],
        gathered: &mut Gathered,
    ) {
        let is_titled = !kind.class.is_in(UNTITLED);
        let mut rest = arguments;
        let facts = Facts::Of(kind, self.own, self.items[at].word.of(&self.tree.text));
        while let Some(entry) = rest.first() {
            let taken = if let Some(flag) = self.flag(entry, |name| facts.called(name)) {
                gathered.push(flag);
                1
            } else if self.title_as_key((id, at), kind, entry, gathered) {
                1
            } else if let Some(fact) = self.bare_name(entry, |name| facts.called(name)) {
                self.without_sign(fact, entry, rest.get(1), gathered)
            } else if let Some(fact) = self.bare_choice(entry, kind) {
                self.choice_alone(fact, entry, gathered)
            } else if self.number_alone(kind, entry, gathered) || self.colon_for_sign(facts, entry) {
                1
            } else if is_titled && self.items[at].title.is_none() && !self.misspelt_flag(entry, facts) {
                self.title_argument(at, entry);
                1
            } else {
                return self.no_more_arguments(Owner { item: at, fact: None, node: id }, rest);
            };
            rest = &rest[taken.min(rest.len())..];
        }
    }

    /// The yes-or-no fact that a bare word on a line names.
    fn flag(&self, entry: &Entry, fact: impl Fn(&str) -> Option<&'static Fact>) -> Option<FactValue> {
        let word = entry.value;
        if word.kind != WordKind::Bare {
            return None;
        }
        let (range, fact) = (word.range(), fact(word.range().of(&self.tree.text))?);
        let is_flag = matches!(fact.ty, Type::Bool);
        is_flag.then_some(FactValue { fact, value: Value::Bool(true), range, whole: range, parts: (0, 0), number: 0 })
    }

    fn head_value(
        &mut self,
        at: ItemId,
        kind: &'static Kind,
        fact: &'static Fact,
        entry: Option<&Entry>,
        gathered: &mut Gathered,
    ) {
        let Some(entry) = entry else {
            let word = self.items[at].word;
            let finding = self.report(MISSING_PART, word, format!("`{}` needs {}", kind.name, fact.expected()));
            finding.help.push(format!("for example: {}", kind.example.lines().next().unwrap_or_default()));
            return;
        };
        self.items[at].name = match self.plain(entry.value) {
            name if name == entry.value.range() => self.whole_value(entry.value),
            name => name,
        };
        self.head_of = Some(kind.name);
        let value = self.value(fact, entry.value);
        self.head_of = None;
        if let Some(value) = value {
            let range = self.whole_value(entry.value);
            gathered.push(FactValue { fact, value, range, whole: range, parts: (0, 0), number: 0 });
        }
    }

    fn title_argument(&mut self, at: ItemId, entry: &Entry) {
        let is_told = self.begins_slip(entry.value);
        let value = if is_told { entry.value } else { self.without_comma(entry.value) };
        let range = value.range();
        if is_told {
            let said = self.text_of_slip(value);
            let item = &mut self.items[at];
            (item.title, item.title_range) = (Some(said), range);
            return;
        }
        if !value.kind.is_string() {
            self.report(WRONG_VALUE, range, "expected a title here").help.push("put the title in quotes".to_owned());
            return;
        }
        self.doubts_if(value.kind == WordKind::Bare);
        let title = self.text_of(value);
        let item = &mut self.items[at];
        item.title = Some(title);
        item.title_range = range;
    }

    /// Reports the first of the values that have no place in an item, or in a fact of it.
    fn no_more_arguments(&mut self, owner: Owner, rest: &[Entry]) {
        if let Some(extra) = rest.first().filter(|extra| !self.belongs_to_key(owner, extra)) {
            self.no_place(owner, extra, rest.len());
        }
    }

    /// Reads an arrow, whose ends are given if they stand elsewhere than they should.
    fn arrow(&mut self, id: NodeId, kind: &'static Kind, parent: Option<ItemId>, ends: Option<Ends>) {
        let at = self.push_item(id, kind, false, parent);
        let node = self.tree.node(id);
        self.unquoted_properties(id, self.facts_of(id, kind));
        let ends = match ends {
            Some(ends) => ends,
            None => self.ends_of(at, id, kind, node.name),
        };
        self.items[at].name = ends.from;
        self.items[at].target = ends.to.unwrap_or_default();
        let arguments = self.with_one_title(id, ends.rest, 0, kind);
        let mut gathered = Gathered::new();
        if !self.after_arrow(&ends, kind, &arguments) {
            self.title_and_flags((id, at), kind, &arguments, &mut gathered);
        }
        let keyed = self.keyed_head(id, kind, &arguments);
        keyed.title.iter().for_each(|title| self.title_argument(at, title));
        self.finish_item(id, at, kind, gathered);
    }

    /// Properties, facts in the block, and the nodes in it.
    fn finish_item(&mut self, id: NodeId, at: ItemId, kind: &'static Kind, mut gathered: Gathered) {
        self.doubts_if(self.has_doubtful_words(id, self.facts_of(id, kind)));
        let tree = self.tree;
        let owner = Owner { item: at, fact: None, node: id };
        let number = self.keyed_head_number(id, kind);
        for entry in tree.entries(id).iter().filter(|entry| entry.key.is_some()) {
            let is_head_number = number.is_some_and(|number| number.range() == entry.range());
            // The sign of an arrow, `a <= b`, is told as that.
            let is_sign = kind.is_arrow() && arrows::is_stroke(self.source(entry.key.range()));
            if !self.is_keyed_head(kind, entry) && !is_head_number && !is_sign && !self.is_passed_over(entry) {
                self.property(owner, entry, &mut gathered);
            }
        }
        let mut nodes: SmallVec<[NodeId; 16]> = SmallVec::new();
        let facts = self.facts_of(id, kind);
        for child in tree.children(id) {
            if self.is_in_text(child) {
                continue;
            }
            let name = tree.string(tree.node(child).name);
            let fact = || facts.called(&name).or_else(|| self.fact_before_comma(child, facts));
            let is_node = |child: NodeId| {
                self.arrow_kind(child, Some(kind)).is_some()
                    || self.has_other_sign(child)
                    || self.kind_behind(child, &tree.name(child), Some(kind)).is_some()
                    || fact().is_some_and(|fact| self.is_name_and_no_fact(child, fact))
            };
            match fact().filter(|_| !is_node(child)) {
                Some(fact) => self.fact_node(at, child, fact, &mut gathered),
                None => nodes.push(child),
            }
        }
        for child in &nodes {
            // It is told with the nodes, and read as what is meant, so that nothing seems to be missing.
            if let Some(fact) = self.misspelt_fact(*child, kind, facts, &gathered) {
                self.fact_node(at, *child, fact, &mut gathered);
            }
        }
        self.check_repeats(id, &gathered);
        let start = self.facts.len() as u32;
        self.facts.append(&mut gathered);
        self.items[at].facts = (start, self.facts.len() as u32);
        number_names(&mut self.facts, start);
        self.lines_twice(&nodes, Some(kind));
        self.nodes(nodes.into_iter(), Some(at), Some(kind));
        self.items[at].subtree_end = self.items.end();
    }

    fn text_of(&self, word: Word) -> Text {
        let range = word.range();
        self.doubts_if(word.kind == WordKind::Bare && slips::begins_with_quote(self.source(range)));
        match word.kind {
            WordKind::Quoted => Text::Slice(Range::new(range.start + 1, range.end - 1)),
            _ => match self.tree.string(word) {
                Cow::Borrowed(text) if text.len() as u32 == range.end - range.start => Text::Slice(range),
                text => Text::Owned(text.into()),
            },
        }
    }
}

/// Whether something stands before the title on a node's line, of which this is the first value.
fn has_first_value(kind: &Kind, first: Option<&Entry>) -> bool {
    let is_title = |entry: &Entry| entry.value.kind.is_string() && entry.value.kind != WordKind::Bare;
    match kind.head {
        Head::Named | Head::Arrow | Head::Value(_) => true,
        Head::Title => false,
        Head::Perhaps(_) => first.is_some_and(|first| !is_title(first)),
    }
}

/// The kind of a node that is written with an arrow.
fn arrow_kind(tree: &Tree, id: NodeId, owner: Option<&Kind>) -> Option<&'static Kind> {
    let first = tree.entries(id).first()?;
    if first.key.is_some() || first.value.kind != WordKind::Bare {
        return None;
    }
    match first.value.range().of(&tree.text) {
        word @ ("->" | "-->") => kinds::arrow(word, owner),
        _ => None,
    }
}

/// Whether a node of this kind, or the top of a file, holds nodes of a class.
fn holds(owner: Option<&Kind>, class: &'static Class) -> bool {
    class.may_stand_in(owner.map_or(&TOP, |owner| owner.class))
}

fn range_of((start, end): (u32, u32)) -> std::ops::Range<usize> {
    start as usize..end as usize
}

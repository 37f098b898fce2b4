//! One tree to the declared nodes of one file. Names are not resolved here, so the result of a file
//! depends on nothing but its text.

mod slips;
mod values;

use crate::items::NAMELESS;
use crate::items::number_names;
pub use crate::items::{FactValue, FileModel, Item, NONE, Text, Value, find_fact};
use crate::kinds;
use crate::kinds::class;
use crate::misplaced::{self, Context};
use crate::schema::{Class, Fact, Head, Kind, TOP, Type};
use crate::write::{identifier, is_name, quoted};
use groma_base::{Diagnostic, Edit, FileId, Fix, Range, Span, did_you_mean, list_words, nearest};
use groma_syntax::{Entry, Node, NodeId, Tree, Word, WordKind};
use slips::Ends;
use smallvec::SmallVec;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A word that nothing in the language explains.
pub const UNKNOWN_WORD: &str = "unknown-word";
/// A node that may not stand where it stands.
pub const MISPLACED: &str = "misplaced";
/// A value that does not fit its fact.
pub const WRONG_VALUE: &str = "wrong-value";
/// A part that a node needs and does not have.
pub const MISSING_PART: &str = "missing-part";
/// The same fact twice on one node.
pub const REPEATED_FACT: &str = "repeated-fact";

/// Reads the nodes of a file.
pub fn decode(file: FileId, tree: &Tree) -> FileModel {
    let mut decoder = Decoder {
        file,
        tree,
        items: Vec::with_capacity(tree.node_count()),
        facts: Vec::new(),
        problems: Vec::new(),
        head_of: None,
        spoiled: BTreeMap::new(),
        lost: Vec::new(),
    };
    decoder.slips_of_words();
    decoder.nodes(tree.roots(), NONE, None);
    let Decoder { items, facts, problems, lost, .. } = decoder;
    FileModel { file, text: tree.text.clone(), items, facts, problems, lost }
}

struct Decoder<'t> {
    file: FileId,
    tree: &'t Tree,
    items: Vec<Item>,
    facts: Vec<FactValue>,
    problems: Vec<Diagnostic>,
    /// The kind whose first value is read, which has no name of its own for messages.
    head_of: Option<&'static str>,
    /// The words that are told already, from where to where: the first stands for all of them.
    spoiled: BTreeMap<u32, u32>,
    /// What could not be understood.
    lost: Vec<Range>,
}

/// What has no title: its name says all.
const UNTITLED: &[&Class] = &[&class::RULE_SETTING, &class::ALLOW, &class::INCLUDE, &class::EXTEND];

/// The values on the line of one node: few, for almost all.
type Arguments = SmallVec<[Entry; 4]>;

/// Facts gathered for one node before they move to the file's table in one piece.
type Gathered = Vec<FactValue>;

/// What facts are read for: an item, or a fact of it that has parts.
#[derive(Clone, Copy)]
struct Owner {
    /// The item.
    item: u32,
    /// Its fact, if what follows are parts of one.
    fact: Option<&'static Fact>,
    /// The node that they stand in.
    node: NodeId,
}

impl<'t> Decoder<'t> {
    fn span(&self, range: Range) -> Span {
        Span::new(self.file, range)
    }

    fn report(&mut self, code: &'static str, range: Range, message: impl Into<String>) -> &mut Diagnostic {
        let span = self.span(range);
        self.problems.push(Diagnostic::error(code, span, message));
        self.problems.last_mut().expect("just pushed")
    }

    /// Reads nodes that stand beside each other. A list as in YAML is told once.
    fn nodes(&mut self, nodes: impl Iterator<Item = NodeId>, parent: u32, owner: Option<&'static Kind>) {
        let mut was_listed = false;
        for id in nodes {
            let name = self.tree.node(id).name;
            let text = name.range().of(&self.tree.text);
            let is_item = name.kind == WordKind::Bare && text == "-";
            if is_item && was_listed {
                continue;
            }
            was_listed = is_item || name.kind == WordKind::Bare && text.ends_with(':');
            self.node(id, parent, owner);
        }
    }

    /// Reads a node that is not a fact of its parent.
    fn node(&mut self, id: NodeId, parent: u32, owner: Option<&'static Kind>) {
        let node = self.tree.node(id);
        if let Some(kind) = self.arrow_kind(id, owner) {
            return match kind.may_stand_in(owner) {
                true => self.arrow(id, kind, parent, None),
                false => self.misplaced_arrow(id, owner, parent),
            };
        }
        if let Some(slip) = self.arrow_slip(id) {
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
            Some(kind) if kind.may_stand_in(owner) => self.declared(id, kind, false, parent),
            Some(kind) => self.misplaced(node, kind, owner),
            None if self.may_be_own_kind(id, owner) => {
                let read_as = if holds(owner, &class::CONTAINER) { "service" } else { "component" };
                let kind = kinds::by_name(read_as).expect("a built-in kind");
                self.declared(id, kind, true, parent);
            }
            None => self.unknown_word(id, &word, parent, owner),
        }
    }

    fn arrow_kind(&self, id: NodeId, owner: Option<&Kind>) -> Option<&'static Kind> {
        arrow_kind(self.tree, id, owner)
    }

    fn may_be_own_kind(&self, id: NodeId, owner: Option<&Kind>) -> bool {
        let elements = holds(owner, &class::CONTAINER) || holds(owner, &class::COMPONENT);
        let named = self
            .tree
            .entries(id)
            .first()
            .is_some_and(|entry| !entry.key.is_some() && entry.value.kind == WordKind::Bare);
        elements && named && slips::foreign(&self.tree.name(id)).is_none() && !self.tree.name(id).ends_with(':')
    }

    fn misplaced(&mut self, node: &Node, kind: &'static Kind, owner: Option<&'static Kind>) {
        let place = owner.map_or("at the top of a file".to_owned(), |owner| format!("in `{}`", owner.name));
        let homes: Vec<&str> =
            kinds::all().filter(|home| kind.may_stand_in(Some(home))).map(|home| home.name).collect();
        let help = match (kind.may_stand_in(None), homes.is_empty()) {
            (true, true) => "move it to the top of the file".to_owned(),
            (true, false) => format!("move it to the top of the file or into {}", list_words(first_few(&homes), "or")),
            (false, _) => format!("put it into {}", list_words(first_few(&homes), "or")),
        };
        let message = format!("`{}` cannot stand {place}", kind.name);
        self.report(MISPLACED, node.name.range(), message).help.push(help);
        self.lost.push(node.range());
    }

    fn misplaced_arrow(&mut self, id: NodeId, owner: Option<&'static Kind>, parent: u32) {
        let place = owner.map_or("at the top of a file".to_owned(), |owner| format!("in `{}`", owner.name));
        let Some(arrow) = self.tree.entries(id).first().map(|entry| entry.value.range()) else { return };
        let word = arrow.of(&self.tree.text).to_owned();
        let span = self.span(arrow);
        let finding = self.report(MISPLACED, arrow, format!("`{word}` cannot stand {place}"));
        if word == "-->" && holds(owner, &class::RELATION) {
            finding.help.push("`-->` is an answer in a `flow`; a relationship is written `->`".to_owned());
            *finding = finding.clone().fix("write `->`", span, "->");
            if let Some(kind) = kinds::arrow("->", owner).filter(|kind| kind.may_stand_in(owner)) {
                self.arrow(id, kind, parent, None);
            }
        } else {
            finding.help.push("relationships stand at the top of a file or in elements, steps in a `flow`".to_owned());
        }
    }

    fn unknown_word(&mut self, id: NodeId, word: &str, parent: u32, owner: Option<&'static Kind>) {
        let node = self.tree.node(id);
        if let Some((help, is_read)) = slips::foreign(word) {
            return self.foreign(id, help, is_read, parent, owner);
        }
        if let Some(key) = word.strip_suffix(':').filter(|_| node.name.kind == WordKind::Bare) {
            return self.with_colon(id, key, parent, owner);
        }
        let given = self.items.get(parent as usize).map_or(&[][..], |item| &self.facts[range_of(item.facts)]);
        let known: Vec<&str> = known_words(owner, given).collect();
        let meant = kinds::other_name(word).filter(|meant| known.contains(meant));
        if meant.is_none() && self.belongs_elsewhere(node.name.range(), word, parent, None) {
            return;
        }
        let meant = meant.or_else(|| slips::other_fact(word, &|fact| known.contains(&fact)));
        let near = meant.map_or_else(|| nearest(word, known.iter().copied()), |meant| vec![meant]);
        let place = owner.map_or("here".to_owned(), |owner| format!("in `{}`", owner.name));
        let otherwise = match owner {
            Some(owner) => format!("{} lists what can stand here", explain(owner.name)),
            None => "`groma explain language` lists what can stand here".to_owned(),
        };
        let nearer = match meant {
            Some(_) => None,
            None => self.in_context(parent, None, |context| misplaced::nearer_elsewhere(word, &near, context)),
        };
        let message = match owner {
            None => format!("unknown node kind `{word}`"),
            Some(_) => format!("unknown word `{word}` {place}"),
        };
        let is_named_so = nearer.is_none() && !near.is_empty();
        if let (Some(title), [only], true) = (self.title_alone(id), &near[..], is_named_so) {
            let finding = self.report(UNKNOWN_WORD, node.name.range(), message);
            finding.help.push(format!("write `{only} {} {}`", identifier(&title), quoted(&title)));
            self.lost.extend([NAMELESS, node.range()]);
            return;
        }
        self.unknown(node.name.range(), message, &near, nearer, otherwise);
        // A word alone says too little to be read as another.
        let is_more = !self.tree.entries(id).is_empty();
        let read_as = near.first().filter(|_| is_named_so && is_more).and_then(|near| kinds::by_name(near));
        match read_as.filter(|kind| kind.may_stand_in(owner)) {
            Some(kind) => self.declared(id, kind, false, parent),
            None => self.lost.push(node.range()),
        }
    }

    /// The title of a node that has no name before it.
    fn title_alone(&self, id: NodeId) -> Option<String> {
        let first = self.tree.entries(id).first().filter(|first| !first.key.is_some())?.value;
        let text = self.tree.string(first);
        (first.kind == WordKind::Quoted && !is_name(&text) && !text.is_empty()).then(|| text.into_owned())
    }

    /// Reports a word that other languages have here. What stands in its block is read if it may stand here as well.
    fn foreign(&mut self, id: NodeId, help: &str, is_read: bool, parent: u32, owner: Option<&'static Kind>) {
        let node = *self.tree.node(id);
        let word = node.name.range();
        let span = |range| self.span(range);
        let comment = help.contains("`//`").then(|| (span(word), "//"));
        let (opening, closing) = match node.block.is_none() {
            true => (None, None),
            false => {
                let open = Range::new(node.name.range().start, node.block.start + 1);
                (Some(span(open)), Some(span(Range::new(node.block.end - 1, node.block.end))))
            }
        };
        let text = word.of(&self.tree.text).to_owned();
        let finding = self.report(UNKNOWN_WORD, word, format!("unknown node kind `{text}`"));
        finding.help.push(help.to_owned());
        if let Some((span, slashes)) = comment {
            finding.fixes.push(Fix { message: "write `//`".into(), edits: vec![Edit { span, text: slashes.into() }] });
        }
        if let (true, Some(open), Some(close)) = (is_read, opening, closing) {
            let edits = [open, close].map(|span| Edit { span, text: String::new() });
            finding.fixes.push(Fix { message: "remove it and its braces".into(), edits: edits.into() });
        }
        match is_read {
            true => self.nodes(self.tree.children(id), parent, owner),
            false => self.lost.push(node.range()),
        }
    }

    /// Reports a word with a colon, as YAML has its keys.
    fn with_colon(&mut self, id: NodeId, key: &str, parent: u32, owner: Option<&'static Kind>) {
        let node = *self.tree.node(id);
        let range = node.name.range();
        let colon = self.span(Range::new(range.end - 1, range.end));
        let is_known = known_words(owner, &[]).any(|word| word == key);
        let finding = self.report(UNKNOWN_WORD, range, "no colon stands after a word");
        if is_known {
            let fixed = finding.clone().help(format!("write `{key}`")).fix(format!("write `{key}`"), colon, "");
            *finding = fixed;
        } else {
            let help = "write a node as `kind name \"Title\"`, and a fact as `name value` in its block";
            finding.help.push(help.to_owned());
        }
        let kind = kinds::by_name(key).filter(|kind| is_known && kind.may_stand_in(owner));
        match kind {
            Some(kind) => self.declared(id, kind, false, parent),
            None => self.lost.push(node.range()),
        }
    }

    fn push_item(&mut self, id: NodeId, kind: &'static Kind, own: bool, parent: u32) -> u32 {
        let node = self.tree.node(id);
        self.items.push(Item {
            kind,
            own,
            word: node.name.range(),
            name: Range::default(),
            target: Range::default(),
            title: None,
            title_range: Range::default(),
            head: node.head_range(self.tree),
            range: node.range(),
            parent,
            subtree_end: 0,
            facts: (0, 0),
        });
        self.items.len() as u32 - 1
    }

    fn declared(&mut self, id: NodeId, kind: &'static Kind, own: bool, parent: u32) {
        let at = self.push_item(id, kind, own, parent);
        let mut gathered = Gathered::new();
        self.unquoted_properties(id, |name| kind.fact(name));
        let named = usize::from(!matches!(kind.head, Head::Value(fact) if fact.name.is_empty()));
        let all = self.with_one_title(id, 0, named, kind);
        let mut arguments = all.iter();
        match kind.head {
            Head::Named | Head::Arrow => {
                let (name, next) = (arguments.next(), arguments.clone().next());
                if self.title_before_name(at, name, next) {
                    arguments.next();
                } else {
                    self.name_argument(at, kind, name);
                }
            }
            Head::Value(fact) if fact.name.is_empty() => {}
            Head::Value(fact) => self.head_value(at, kind, fact, arguments.next(), &mut gathered),
        }
        self.title_and_flags(at, kind, arguments.as_slice(), &mut gathered);
        self.finish_item(id, at, kind, gathered);
    }

    /// The title, if there is one, and bare words that name facts to which they say yes: `system payments "Payments" external`.
    fn title_and_flags(&mut self, at: u32, kind: &'static Kind, arguments: &[Entry], gathered: &mut Gathered) {
        let is_titled = !kind.class.is_in(UNTITLED);
        let mut rest = arguments;
        while let Some(entry) = rest.first() {
            let taken = if let Some(flag) = self.flag(entry, |name| kind.fact(name)) {
                gathered.push(flag);
                1
            } else if let Some(fact) = self.bare_name(entry, |name| kind.fact(name)) {
                self.without_sign(fact, entry, rest.get(1), gathered)
            } else if let Some(fact) = self.bare_choice(entry, kind) {
                self.choice_alone(fact, entry, gathered)
            } else if is_titled && self.items[at as usize].title.is_none() {
                self.title_argument(at, entry);
                1
            } else {
                return self.no_more_arguments(Some(kind), kind.name, rest);
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

    fn name_argument(&mut self, at: u32, kind: &'static Kind, entry: Option<&Entry>) {
        let word = self.items[at as usize].word;
        let Some(entry) = entry else {
            let finding = self.report(MISSING_PART, word, format!("this {} has no name", kind.name));
            finding.help.push(format!("write `{} name \"Title\"`", kind.name));
            return self.lost.push(NAMELESS);
        };
        let range = entry.value.range();
        if self.begins_slip(entry.value) {
            // Told with its quotes or its unit.
            return self.lost.push(NAMELESS);
        }
        if entry.value.kind == WordKind::Broken {
            return self.lost.push(NAMELESS);
        }
        let value = self.without_comma(entry.value);
        let text = self.tree.string(value);
        if !is_name(&text) || !value.kind.is_string() {
            let message = match text.is_empty() {
                true => "a name cannot be empty".to_owned(),
                false => format!("`{text}` cannot be a name"),
            };
            let meant = identifier(&text);
            let is_title = value.kind.is_string() && value.kind != WordKind::Bare && !text.is_empty();
            let finding = self.report(WRONG_VALUE, range, message);
            let rule = "a name is made of letters, digits, `-` and `_`, begins with a letter, and has no dots";
            finding.help.push(match (is_title, text.chars().any(char::is_alphanumeric)) {
                (true, true) => {
                    format!("write a name before the title: `{} {meant} {}`; {rule}", kind.name, quoted(&text))
                }
                (false, true) if is_name(&meant) => format!("write `{meant}`; {rule}"),
                _ => format!("{rule}; the title comes after it"),
            });
            return self.lost.push(NAMELESS);
        }
        self.items[at as usize].name = self.plain(value);
    }

    /// A title that stands before the name, which is reported. Whether it does.
    fn title_before_name(&mut self, at: u32, name: Option<&Entry>, next: Option<&Entry>) -> bool {
        let (Some(title), Some(name)) = (name, next) else { return false };
        let is_title = matches!(title.value.kind, WordKind::Quoted) && !self.begins_slip(title.value);
        let text = self.tree.string(name.value);
        let is_swapped = is_title && name.value.kind == WordKind::Bare && is_name(&text);
        if !is_swapped || is_name(&self.tree.string(title.value)) {
            return false;
        }
        let (title_range, name_range) = (title.value.range(), name.value.range());
        let whole = title_range.cover(name_range);
        let meant = format!("{text} {}", title_range.of(&self.tree.text));
        self.title_argument(at, title);
        self.items[at as usize].name = name_range;
        let span = self.span(whole);
        let finding = self.report(WRONG_VALUE, title_range, "the name stands before the title");
        let fixed = finding.clone().help(format!("write `{meant}`")).fix(format!("write `{meant}`"), span, meant);
        *finding = fixed;
        true
    }

    /// The characters of a name, without quotes. Names are looked up as they stand in the file, so an escape in
    /// one is refused.
    fn plain(&mut self, word: Word) -> Range {
        let range = word.range();
        let written = range.of(&self.tree.text);
        let hashes = (written.len() - written.trim_start_matches('#').len()) as u32;
        let quotes = u32::from(written[hashes as usize..].starts_with('"'));
        let inner = match word.kind.is_string() && range.end - range.start >= 2 * (hashes + quotes) {
            true => Range::new(range.start + hashes + quotes, range.end - hashes - quotes),
            false => range,
        };
        if word.kind.is_string() && self.tree.string(word) != inner.of(&self.tree.text) {
            let finding = self.report(WRONG_VALUE, range, "a name cannot be written with escapes or on several lines");
            finding.help.push("write it plainly".to_owned());
        }
        inner
    }

    fn head_value(
        &mut self,
        at: u32,
        kind: &'static Kind,
        fact: &'static Fact,
        entry: Option<&Entry>,
        gathered: &mut Gathered,
    ) {
        let Some(entry) = entry else {
            let word = self.items[at as usize].word;
            let finding = self.report(MISSING_PART, word, format!("`{}` needs {}", kind.name, fact.ty.expected()));
            finding.help.push(format!("for example: {}", kind.example.lines().next().unwrap_or_default()));
            return;
        };
        self.items[at as usize].name = self.plain(entry.value);
        self.head_of = Some(kind.name);
        let value = self.value(fact, entry.value);
        self.head_of = None;
        if let Some(value) = value {
            gathered.push(FactValue {
                fact,
                value,
                range: entry.value.range(),
                whole: entry.value.range(),
                parts: (0, 0),
                number: 0,
            });
        }
    }

    fn title_argument(&mut self, at: u32, entry: &Entry) {
        let value = self.without_comma(entry.value);
        let range = value.range();
        if self.begins_slip(value) {
            let item = &mut self.items[at as usize];
            (item.title, item.title_range) = (Some(Text::Slice(range)), range);
            return;
        }
        if !value.kind.is_string() {
            self.report(WRONG_VALUE, range, "expected a title here").help.push("put the title in quotes".to_owned());
            return;
        }
        let title = self.text_of(value);
        let item = &mut self.items[at as usize];
        item.title = Some(title);
        item.title_range = range;
    }

    fn no_more_arguments(&mut self, kind: Option<&'static Kind>, name: &str, rest: &[Entry]) {
        if let Some(extra) = rest.first() {
            self.no_place(kind, name, extra, rest.len());
        }
    }

    /// Reads an arrow, whose ends are given if they stand elsewhere than they should.
    fn arrow(&mut self, id: NodeId, kind: &'static Kind, parent: u32, ends: Option<Ends>) {
        let at = self.push_item(id, kind, false, parent);
        let node = self.tree.node(id);
        self.unquoted_properties(id, |name| kind.fact(name));
        let ends = match ends {
            Some(ends) => ends,
            None => self.ends_of(at, id, kind, node.name),
        };
        self.items[at as usize].name = ends.from;
        self.items[at as usize].target = ends.to.unwrap_or_default();
        let arguments = self.with_one_title(id, ends.rest, 0, kind);
        let mut gathered = Gathered::new();
        if !self.after_arrow(&ends, kind, &arguments) {
            self.title_and_flags(at, kind, &arguments, &mut gathered);
        }
        self.finish_item(id, at, kind, gathered);
    }

    /// The ends of an arrow that is written as such.
    fn ends_of(&mut self, at: u32, id: NodeId, kind: &'static Kind, from: Word) -> Ends {
        let from = self.plain(from);
        let entries = self.tree.entries(id);
        let values: SmallVec<[&Entry; 3]> = entries.iter().take(3).filter(|entry| !entry.key.is_some()).collect();
        let arrow = values.first().map_or(from, |entry| entry.value.range());
        let nowhere = |rest| Ends { from, to: None, rest };
        let Some(target) = values.get(1) else {
            self.report(MISSING_PART, arrow, "this arrow leads nowhere")
                .help
                .push("write `a -> b \"does what\"`".to_owned());
            return nowhere(1);
        };
        let range = target.value.range();
        if !target.value.kind.is_string() {
            self.report(WRONG_VALUE, range, "expected the name of an element after the arrow")
                .help
                .push("write `a -> b \"does what\"`".to_owned());
            return nowhere(2);
        }
        let is_label = target.value.kind == WordKind::Quoted && !is_name(&self.tree.string(target.value));
        let next = values.get(2).filter(|next| next.value.kind == WordKind::Bare);
        if let Some(next) = next.filter(|_| target.value.kind == WordKind::Quoted) {
            let to = next.value.range();
            let meant = format!("{} {}", to.of(&self.tree.text), range.of(&self.tree.text));
            let whole = self.span(range.cover(to));
            self.title_argument(at, target);
            let finding = self.report(WRONG_VALUE, range, "the label stands after the end of the arrow");
            let fixed = finding.clone().help(format!("write `{meant}`")).fix(format!("write `{meant}`"), whole, meant);
            *finding = fixed;
            return Ends { from, to: Some(to), rest: 3 };
        }
        let text = range.of(&self.tree.text);
        let others = values.get(2).filter(|next| next.value.kind == WordKind::Bare).map(|next| next.value.range());
        if let (Some(target), Some(other)) = (text.strip_suffix(',').filter(|_| !is_label), others) {
            let (from_text, other) = (from.of(&self.tree.text).to_owned(), other.of(&self.tree.text).to_owned());
            let target = target.to_owned();
            let finding = self.report(WRONG_VALUE, range, format!("{} has one end", kind.class.phrase));
            finding
                .help
                .push(format!("write `{from_text} -> {target}` and `{from_text} -> {other}`, each on its own line"));
            return Ends { from, to: Some(Range::new(range.start, range.end - 1)), rest: 3 };
        }
        if let Some(target) = text.strip_suffix(':').filter(|_| target.value.kind == WordKind::Bare) {
            let (target, span) = (target.to_owned(), self.span(Range::new(range.end - 1, range.end)));
            let to = Range::new(range.start, range.end - 1);
            let label = self.unquoted_label(&entries[2..]);
            let finding = self.report(WRONG_VALUE, range, "no colon stands after a name");
            finding
                .help
                .push(format!("write `{target}`{}", if label.is_some() { ", and the label in quotes" } else { "" }));
            let mut edits = vec![Edit { span, text: String::new() }];
            edits.extend(label);
            finding.fixes.push(Fix { message: format!("write `{target}`"), edits });
            let rest = if finding.fixes[0].edits.len() > 1 { entries.len() } else { 2 };
            return Ends { from, to: Some(to), rest };
        }
        let value = self.without_comma(target.value);
        Ends { from, to: Some(self.plain(value)), rest: 2 }
    }

    /// The edit that puts a label of bare words into quotes, if these are such words.
    fn unquoted_label(&self, entries: &[Entry]) -> Option<Edit> {
        let words = entries.iter().take_while(|entry| !entry.key.is_some() && entry.value.kind == WordKind::Bare);
        let (first, last) = (entries.first()?.value.range(), words.last()?.value.range());
        let whole = first.cover(last);
        Some(Edit { span: self.span(whole), text: quoted(whole.of(&self.tree.text)) })
    }

    /// Properties, facts in the block, and the nodes in it.
    fn finish_item(&mut self, id: NodeId, at: u32, kind: &'static Kind, mut gathered: Gathered) {
        let tree = self.tree;
        let owner = Owner { item: at, fact: None, node: id };
        for entry in tree.entries(id).iter().filter(|entry| entry.key.is_some()) {
            self.property(owner, entry, &mut gathered);
        }
        let mut nodes: SmallVec<[NodeId; 16]> = SmallVec::new();
        for child in tree.children(id) {
            let fact = || kind.fact(&tree.string(tree.node(child).name));
            match fact().filter(|_| self.arrow_kind(child, Some(kind)).is_none()) {
                Some(fact) => self.fact_node(at, child, fact, &mut gathered),
                None => nodes.push(child),
            }
        }
        self.check_repeats(&gathered);
        let start = self.facts.len() as u32;
        self.facts.append(&mut gathered);
        self.items[at as usize].facts = (start, self.facts.len() as u32);
        number_names(&mut self.facts, start);
        self.nodes(nodes.into_iter(), at, Some(kind));
        self.items[at as usize].subtree_end = self.items.len() as u32;
    }

    fn check_repeats(&mut self, gathered: &Gathered) {
        // One a fact, so that these stay few however many values there are.
        let mut firsts: SmallVec<[&FactValue; 8]> = SmallVec::new();
        for fact in gathered.iter().filter(|fact| !fact.fact.many) {
            let Some(earlier) = firsts.iter().find(|other| std::ptr::eq(other.fact, fact.fact)) else {
                firsts.push(fact);
                continue;
            };
            let first = self.span(earlier.whole);
            let finding = self.report(REPEATED_FACT, fact.whole, format!("`{}` is given twice", fact.fact.name));
            finding.help.push("keep one of the two".to_owned());
            let labelled = finding.clone().secondary(first, "first given here");
            *finding = labelled;
        }
    }

    fn property(&mut self, owner: Owner, entry: &Entry, gathered: &mut Gathered) {
        let key = self.tree.string(entry.key);
        let kind = self.items[owner.item as usize].kind;
        let found = match owner.fact {
            Some(fact) => fact.parts.iter().find(|part| part.name == key).copied(),
            None => kind.fact(&key),
        };
        let Some(fact) = found else { return self.unknown_fact(owner, entry.key.range(), &key) };
        if let Some(value) = self.value(fact, entry.value) {
            let (range, whole) = (entry.value.range(), entry.range());
            gathered.push(FactValue { fact, value, range, whole, parts: (0, 0), number: 0 });
        }
    }

    /// Reports a property that its owner does not have. Only what is no fact anywhere is taken for a slip of the pen, and
    /// never for a fact that is given already.
    fn unknown_fact(&mut self, owner: Owner, range: Range, key: &str) {
        if self.belongs_elsewhere(range, key, owner.item, owner.fact) {
            return;
        }
        let kind = self.items[owner.item as usize].kind;
        let given = self.given(owner.node);
        let known = kind.all_facts().filter(|_| owner.fact.is_none());
        let known = known.chain(owner.fact.iter().flat_map(|fact| fact.parts.iter().copied()));
        let known = known.filter(|fact| fact.many || !given.iter().any(|one| one == fact.name)).map(|fact| fact.name);
        let known: Vec<&str> = known.collect();
        let near = match slips::other_fact(key, &|fact| known.contains(&fact)) {
            Some(meant) => vec![meant],
            None => nearest(key, known.iter().copied()),
        };
        let name = owner.fact.map_or(kind.name, |fact| fact.name);
        let message = format!("`{name}` has no fact called `{key}`");
        let nearer = match slips::other_fact(key, &|fact| known.contains(&fact)) {
            Some(_) => None,
            None => self.in_context(owner.item, owner.fact, |context| misplaced::nearer_elsewhere(key, &near, context)),
        };
        let otherwise = match owner.fact {
            Some(fact) if !known.is_empty() => {
                format!("`{}` has {}", fact.name, list_words(known.iter().copied().take(8), "and"))
            }
            _ => format!("{} lists its facts", explain(name)),
        };
        self.unknown(range, message, &near, nearer, otherwise);
    }

    /// Reports an unknown word with the words that it may be meant for. Only one that is the nearest of all is put in its
    /// place: `nearer` tells where one belongs that is nearer, and `otherwise` what to do where none is near.
    fn unknown(&mut self, range: Range, message: String, near: &[&str], nearer: Option<String>, otherwise: String) {
        let span = self.span(range);
        let finding = self.report(UNKNOWN_WORD, range, message);
        finding.help.push(match &nearer {
            Some(nearer) => format!("correct the word; {nearer}"),
            None => did_you_mean(near).unwrap_or(otherwise),
        });
        if let ([only], None) = (near, nearer) {
            let fixed = finding.clone().fix(format!("write `{only}`"), span, *only);
            *finding = fixed;
        }
    }

    /// The names of the properties and nodes in a node.
    fn given(&self, node: NodeId) -> Vec<Cow<'_, str>> {
        let keys = self.tree.entries(node).iter().filter(|entry| entry.key.is_some());
        let keys = keys.map(|entry| self.tree.string(entry.key));
        keys.chain(self.tree.children(node).map(|child| self.tree.name(child))).collect()
    }

    /// Asks something about the place of a word in an item, or in a fact of it.
    fn in_context<T>(&self, item: u32, fact: Option<&'static Fact>, ask: impl FnOnce(Context<'_>) -> T) -> T {
        let item = self.items.get(item as usize);
        let text = &self.tree.text;
        let arrow = item.map_or(String::new(), |item| format!("{} -> {}", item.name.of(text), item.target.of(text)));
        ask(Context { kind: item.map(|item| item.kind), fact, arrow: &arrow })
    }

    /// Reports a word that is a fact, but not of this item, or not a part of this fact of it. Tells whether it is one.
    fn belongs_elsewhere(&mut self, range: Range, word: &str, item: u32, fact: Option<&'static Fact>) -> bool {
        let message = self.in_context(item, fact, |context| misplaced::elsewhere(word, context));
        let Some(message) = message else { return false };
        let help = match word {
            "title" => "a title stands in quotes on the line of its node, after the name".to_owned(),
            _ => format!("move it there; {} tells what it means", explain(word)),
        };
        self.report(MISPLACED, range, message).help.push(help);
        true
    }

    /// A fact written as a node: `retry 3 backoff=exponential`.
    fn fact_node(&mut self, item: u32, id: NodeId, fact: &'static Fact, gathered: &mut Gathered) {
        let tree = self.tree;
        let node = tree.node(id);
        self.unquoted_fact(id, fact);
        self.unquoted_properties(id, |name| fact.parts.iter().find(|part| part.name == name).copied());
        let mut parts = Gathered::new();
        let owner = Owner { item, fact: Some(fact), node: id };
        for entry in tree.entries(id).iter().filter(|entry| entry.key.is_some()) {
            self.property(owner, entry, &mut parts);
        }
        for child in tree.children(id) {
            let word = tree.name(child);
            match fact.parts.iter().find(|part| part.name == word) {
                Some(part) => self.fact_node(item, child, part, &mut parts),
                None => self.unknown_part(tree.node(child), &word, item, fact),
            }
        }
        let mut all = self.fact_arguments(id, fact, &mut parts);
        self.check_repeats(&parts);
        let start = self.facts.len() as u32;
        self.facts.append(&mut parts);
        let parts = (start, self.facts.len() as u32);
        if let Some(compared) = self.comparison(fact, &all) {
            all.truncate(compared);
            if all.is_empty() {
                // The value stands in the same word and is told with it.
                return;
            }
        }
        let whole = node.head_range(tree);
        match all.first() {
            None if matches!(fact.ty, Type::Bool) => {
                let range = node.name.range();
                gathered.push(FactValue { fact, value: Value::Bool(true), range, whole, parts, number: 0 });
            }
            None => {
                let message = format!("`{}` has no value", fact.name);
                self.report(MISSING_PART, node.name.range(), message)
                    .help
                    .push(format!("expected {}", fact.ty.expected()));
            }
            Some(first) => {
                self.fact_argument(fact, first, whole, parts, gathered);
                if fact.many {
                    for entry in &all[1..] {
                        self.fact_argument(fact, entry, whole, parts, gathered);
                    }
                } else {
                    self.no_more_arguments(None, fact.name, &all[1..]);
                }
            }
        }
    }

    /// The values of a fact, without the bare words that say yes to a part, which are gathered. Only the first value of a fact that is
    /// itself no yes may look like one.
    fn fact_arguments(&mut self, id: NodeId, fact: &'static Fact, parts: &mut Gathered) -> Arguments {
        let part = |name: &str| fact.parts.iter().find(|part| part.name == name).copied();
        let is_yes = matches!(fact.ty, Type::Bool);
        let all = self.arguments(id, 0);
        let (mut values, mut rest) = (Arguments::new(), all.as_slice());
        while let Some(entry) = rest.first() {
            let may_be_part = is_yes || !values.is_empty();
            let mut taken = 1;
            if let Some(flag) = self.flag(entry, part).filter(|_| may_be_part) {
                parts.push(flag);
            } else if let Some(part) = self.bare_name(entry, part).filter(|_| may_be_part) {
                taken = self.without_sign(part, entry, rest.get(1), parts);
            } else {
                values.push(*entry);
            }
            rest = &rest[taken.min(rest.len())..];
        }
        values
    }

    fn fact_argument(
        &mut self,
        fact: &'static Fact,
        entry: &Entry,
        whole: Range,
        parts: (u32, u32),
        gathered: &mut Gathered,
    ) {
        if let Some(value) = self.value(fact, entry.value) {
            gathered.push(FactValue { fact, value, range: entry.value.range(), whole, parts, number: 0 });
        }
    }

    fn unknown_part(&mut self, node: &Node, word: &str, item: u32, fact: &'static Fact) {
        if self.belongs_elsewhere(node.name.range(), word, item, Some(fact)) {
            return;
        }
        let known: Vec<&str> = fact.parts.iter().map(|part| part.name).collect();
        let help = if known.is_empty() {
            format!("`{}` has no parts", fact.name)
        } else {
            format!("it has {}", list_words(known, "and"))
        };
        self.report(UNKNOWN_WORD, node.name.range(), format!("`{}` has no part called `{word}`", fact.name))
            .help
            .push(help);
    }

    fn text_of(&self, word: Word) -> Text {
        let range = word.range();
        match word.kind {
            WordKind::Quoted => Text::Slice(Range::new(range.start + 1, range.end - 1)),
            _ => match self.tree.string(word) {
                Cow::Borrowed(text) if text.len() as u32 == range.end - range.start => Text::Slice(range),
                text => Text::Owned(text.into()),
            },
        }
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

fn first_few<'a>(words: &[&'a str]) -> Vec<&'a str> {
    words.iter().filter(|word| !word.starts_with('-')).take(6).copied().collect()
}

/// Whether a node of this kind, or the top of a file, holds nodes of a class.
fn holds(owner: Option<&Kind>, class: &'static Class) -> bool {
    class.may_stand_in(owner.map_or(&TOP, |owner| owner.class))
}

/// The words that can begin a node in this place, but for the facts that are given already.
pub(crate) fn known_words<'h>(
    owner: Option<&'static Kind>,
    given: &'h [FactValue],
) -> impl Iterator<Item = &'static str> + use<'h> {
    let kinds = kinds::all().filter(move |kind| kind.may_stand_in(owner) && !matches!(kind.head, Head::Arrow));
    let facts = owner.into_iter().flat_map(|owner| owner.all_facts());
    let facts = facts.filter(move |fact| fact.many || !given.iter().any(|one| one.fact == *fact));
    kinds.map(|kind| kind.name).chain(facts.map(|fact| fact.name))
}

/// The command that explains a word, as a shell takes it.
fn explain(word: &str) -> String {
    if word.contains('>') { format!("`groma explain '{word}'`") } else { format!("`groma explain {word}`") }
}

fn range_of((start, end): (u32, u32)) -> std::ops::Range<usize> {
    start as usize..end as usize
}

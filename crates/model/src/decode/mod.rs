//! One tree to the declared nodes of one file. Names are not resolved here, so the result of a file
//! depends on nothing but its text.

mod values;

use crate::items::number_names;
pub use crate::items::{FactValue, FileModel, Item, NONE, Text, Value, find_fact};
use crate::kinds;
use crate::kinds::class;
use crate::misplaced::{self, Context};
use crate::schema::{Class, Fact, Head, Kind, TOP, Type};
use crate::write::is_name;
use groma_base::{Diagnostic, FileId, Range, Span, did_you_mean, list_words, nearest};
use groma_syntax::{Entry, Node, NodeId, Tree, Word, WordKind};
use std::borrow::Cow;

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
    };
    for node in tree.roots() {
        decoder.node(node, NONE, None);
    }
    let Decoder { items, facts, problems, .. } = decoder;
    FileModel { file, text: tree.text.clone(), items, facts, problems }
}

struct Decoder<'t> {
    file: FileId,
    tree: &'t Tree,
    items: Vec<Item>,
    facts: Vec<FactValue>,
    problems: Vec<Diagnostic>,
    /// The kind whose first value is read, which has no name of its own for messages.
    head_of: Option<&'static str>,
}

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

    /// Reads a node that is not a fact of its parent.
    fn node(&mut self, id: NodeId, parent: u32, owner: Option<&'static Kind>) {
        let node = self.tree.node(id);
        if let Some(kind) = self.arrow_kind(id, owner) {
            return match kind.may_stand_in(owner) {
                true => self.arrow(id, kind, parent),
                false => self.misplaced_arrow(id, owner),
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
        let first = self.tree.entries(id).first()?;
        if first.key.is_some() || first.value.kind != WordKind::Bare {
            return None;
        }
        match first.value.range().of(&self.tree.text) {
            word @ ("->" | "-->") => kinds::arrow(word, owner),
            _ => None,
        }
    }

    fn may_be_own_kind(&self, id: NodeId, owner: Option<&Kind>) -> bool {
        let elements = holds(owner, &class::CONTAINER) || holds(owner, &class::COMPONENT);
        let named = self
            .tree
            .entries(id)
            .first()
            .is_some_and(|entry| !entry.key.is_some() && entry.value.kind == WordKind::Bare);
        elements && named && self.arrow_like(id).is_none()
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
    }

    fn misplaced_arrow(&mut self, id: NodeId, owner: Option<&'static Kind>) {
        let place = owner.map_or("at the top of a file".to_owned(), |owner| format!("in `{}`", owner.name));
        let Some(arrow) = self.tree.entries(id).first().map(|entry| entry.value.range()) else { return };
        let word = arrow.of(&self.tree.text).to_owned();
        let span = self.span(arrow);
        let finding = self.report(MISPLACED, arrow, format!("`{word}` cannot stand {place}"));
        if word == "-->" && holds(owner, &class::RELATION) {
            finding.help.push("`-->` is an answer in a `flow`; a relationship is written `->`".to_owned());
            *finding = finding.clone().fix("write `->`", span, "->");
        } else {
            finding.help.push("relationships stand at the top of a file or in elements, steps in a `flow`".to_owned());
        }
    }

    /// What was meant as an arrow and is none: `a->b`, `a <- b`, `a → b`.
    fn arrow_like(&self, id: NodeId) -> Option<Range> {
        let word = self.tree.node(id).name;
        if word.kind == WordKind::Bare && word.range().of(&self.tree.text).contains("->") {
            return Some(word.range());
        }
        let second = self.tree.entries(id).first().filter(|entry| !entry.key.is_some())?.value;
        let arrows = ["-", "--", "<-", "<--", "<->", "->>", "--->", "→", "⇒", "➜"];
        let is_arrow = second.kind == WordKind::Bare && arrows.contains(&second.range().of(&self.tree.text));
        is_arrow.then(|| second.range())
    }

    fn unknown_word(&mut self, id: NodeId, word: &str, parent: u32, owner: Option<&'static Kind>) {
        let node = self.tree.node(id);
        if let Some(arrow) = self.arrow_like(id) {
            let finding = self.report(UNKNOWN_WORD, arrow, "this looks like a relationship, but is none");
            return finding
                .help
                .push("write `a -> b \"does what\"`, with a space on each side of the arrow".to_owned());
        }
        let given = self.items.get(parent as usize).map_or(&[][..], |item| &self.facts[range_of(item.facts)]);
        let known: Vec<&str> = known_words(owner, given).collect();
        let meant = kinds::other_name(word).filter(|meant| known.contains(meant));
        if meant.is_none() && self.belongs_elsewhere(node.name.range(), word, parent, None) {
            return;
        }
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
        let message = format!("nothing called `{word}` can stand {place}");
        self.unknown(node.name.range(), message, &near, nearer, otherwise);
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
        let tree = self.tree;
        let at = self.push_item(id, kind, own, parent);
        let mut gathered = Gathered::new();
        let mut arguments = tree.entries(id).iter().filter(|entry| !entry.key.is_some());
        match kind.head {
            Head::Named | Head::Arrow => self.name_argument(at, kind, arguments.next()),
            Head::Value(fact) if fact.name.is_empty() => {}
            Head::Value(fact) => self.head_value(at, kind, fact, arguments.next(), &mut gathered),
        }
        self.title_and_flags(at, kind, arguments, &mut gathered);
        self.finish_item(id, at, kind, gathered);
    }

    /// The title, if there is one, and bare words that name facts to which they say yes: `system payments "Payments" external`.
    fn title_and_flags<'e>(
        &mut self,
        at: u32,
        kind: &'static Kind,
        arguments: impl Iterator<Item = &'e Entry>,
        gathered: &mut Gathered,
    ) {
        let mut arguments = arguments.peekable();
        if let Some(title) = arguments.next_if(|entry| self.flag(entry, |name| kind.fact(name)).is_none()) {
            self.title_argument(at, title);
        }
        let rest = self.take_flags(arguments, |name| kind.fact(name), gathered);
        self.no_more_arguments(kind.name, rest);
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

    /// Gathers the bare words that say yes to a fact; what is left is the first that does not.
    fn take_flags<'e>(
        &mut self,
        arguments: impl Iterator<Item = &'e Entry>,
        fact: impl Fn(&str) -> Option<&'static Fact>,
        gathered: &mut Gathered,
    ) -> Option<&'e Entry> {
        for entry in arguments {
            match self.flag(entry, &fact) {
                Some(flag) => gathered.push(flag),
                None => return Some(entry),
            }
        }
        None
    }

    fn name_argument(&mut self, at: u32, kind: &'static Kind, entry: Option<&Entry>) {
        let word = self.items[at as usize].word;
        let Some(entry) = entry else {
            let finding = self.report(MISSING_PART, word, format!("this {} has no name", kind.name));
            finding.help.push(format!("write `{} name \"Title\"`", kind.name));
            return;
        };
        let range = entry.value.range();
        let text = self.tree.string(entry.value);
        if !is_name(&text) || !entry.value.kind.is_string() {
            let finding = self.report(WRONG_VALUE, range, format!("`{text}` cannot be a name"));
            finding.help.push("a name is made of letters, digits, `-` and `_`, begins with a letter, and has no dots; the title comes after it".to_owned());
            return;
        }
        self.items[at as usize].name = self.plain(entry.value);
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
        let range = entry.value.range();
        if !entry.value.kind.is_string() {
            self.report(WRONG_VALUE, range, "expected a title here").help.push("put the title in quotes".to_owned());
            return;
        }
        let title = self.text_of(entry.value);
        let item = &mut self.items[at as usize];
        item.title = Some(title);
        item.title_range = range;
    }

    fn no_more_arguments(&mut self, name: &str, extra: Option<&Entry>) {
        if let Some(extra) = extra {
            let finding =
                self.report(WRONG_VALUE, extra.value.range(), format!("`{name}` takes no further value here"));
            finding.help.push("write facts as `name=value`, and a title of several words in quotes".to_owned());
        }
    }

    fn arrow(&mut self, id: NodeId, kind: &'static Kind, parent: u32) {
        let tree = self.tree;
        let at = self.push_item(id, kind, false, parent);
        let node = tree.node(id);
        let mut arguments = tree.entries(id).iter().filter(|entry| !entry.key.is_some());
        let arrow = arguments.next().map_or(node.name.range(), |entry| entry.value.range());
        self.items[at as usize].name = self.plain(node.name);
        match arguments.next() {
            Some(entry) if entry.value.kind.is_string() => self.items[at as usize].target = self.plain(entry.value),
            Some(entry) => {
                self.report(WRONG_VALUE, entry.value.range(), "expected the name of an element after the arrow")
                    .help
                    .push("write `a -> b \"does what\"`".to_owned());
            }
            None => {
                self.report(MISSING_PART, arrow, "this arrow leads nowhere")
                    .help
                    .push("write `a -> b \"does what\"`".to_owned());
            }
        }
        let mut gathered = Gathered::new();
        self.title_and_flags(at, kind, arguments, &mut gathered);
        self.finish_item(id, at, kind, gathered);
    }

    /// Properties, facts in the block, and the nodes in it.
    fn finish_item(&mut self, id: NodeId, at: u32, kind: &'static Kind, mut gathered: Gathered) {
        let tree = self.tree;
        let owner = Owner { item: at, fact: None, node: id };
        for entry in tree.entries(id).iter().filter(|entry| entry.key.is_some()) {
            self.property(owner, entry, &mut gathered);
        }
        for child in tree.children(id) {
            let word = tree.node(child).name;
            let fact = if self.arrow_kind(child, Some(kind)).is_some() { None } else { kind.fact(&tree.string(word)) };
            if let Some(fact) = fact {
                self.fact_node(at, child, fact, &mut gathered);
            }
        }
        self.check_repeats(&gathered);
        let start = self.facts.len() as u32;
        self.facts.append(&mut gathered);
        self.items[at as usize].facts = (start, self.facts.len() as u32);
        number_names(&mut self.facts, start);
        for child in tree.children(id) {
            let word = tree.node(child).name;
            if self.arrow_kind(child, Some(kind)).is_some() || kind.fact(&tree.string(word)).is_none() {
                self.node(child, at, Some(kind));
            }
        }
        self.items[at as usize].subtree_end = self.items.len() as u32;
    }

    fn check_repeats(&mut self, gathered: &Gathered) {
        // One a fact, so that these stay few however many values there are.
        let mut firsts: Vec<&FactValue> = Vec::new();
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
        let near = nearest(key, known.map(|fact| fact.name).filter(|name| !given.iter().any(|one| one == name)));
        let name = owner.fact.map_or(kind.name, |fact| fact.name);
        let message = format!("`{name}` has no fact called `{key}`");
        let nearer =
            self.in_context(owner.item, owner.fact, |context| misplaced::nearer_elsewhere(key, &near, context));
        self.unknown(range, message, &near, nearer, format!("{} lists its facts", explain(name)));
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
        let (first, rest) = self.fact_arguments(id, fact, &mut parts);
        self.check_repeats(&parts);
        let start = self.facts.len() as u32;
        self.facts.append(&mut parts);
        let parts = (start, self.facts.len() as u32);
        let whole = node.head_range(tree);
        match first {
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
                    for entry in rest {
                        self.fact_argument(fact, entry, whole, parts, gathered);
                    }
                } else {
                    self.no_more_arguments(fact.name, rest.first().copied());
                }
            }
        }
    }

    /// The values of a fact: the first, and the others without the bare words that say yes to a part, which are gathered. A fact
    /// that is itself a yes may have none before them.
    fn fact_arguments(
        &self,
        id: NodeId,
        fact: &'static Fact,
        parts: &mut Gathered,
    ) -> (Option<&'t Entry>, Vec<&'t Entry>) {
        let part = |name: &str| fact.parts.iter().find(|part| part.name == name).copied();
        let tree = self.tree;
        let mut arguments = tree.entries(id).iter().filter(|entry| !entry.key.is_some()).peekable();
        let is_yes = matches!(fact.ty, Type::Bool);
        let first = arguments.next_if(|entry| !is_yes || self.flag(entry, part).is_none());
        let (mut rest, mut flags) = (Vec::new(), Vec::new());
        for entry in arguments {
            match self.flag(entry, part) {
                Some(flag) => flags.push(flag),
                None => rest.push(entry),
            }
        }
        parts.append(&mut flags);
        (first, rest)
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
    let facts = facts.filter(move |fact| !given.iter().any(|one| one.fact == *fact));
    kinds.map(|kind| kind.name).chain(facts.map(|fact| fact.name))
}

/// The command that explains a word, as a shell takes it.
fn explain(word: &str) -> String {
    if word.contains('>') { format!("`groma explain '{word}'`") } else { format!("`groma explain {word}`") }
}

fn range_of((start, end): (u32, u32)) -> std::ops::Range<usize> {
    start as usize..end as usize
}

//! The name and the title of a node where they are written as facts: `service name=core title="Core"`, `a -> b label="Reads"`.

use super::{Decoder, UNKNOWN_WORD, UNTITLED, WRONG_VALUE};
use crate::items::ItemId;
use crate::schema::{Head, Kind};
use crate::write::{is_name, quoted};
use groma_base::{Edit, Fix};
use groma_syntax::{Entry, NodeId, WordKind};

/// What a node's name is called elsewhere.
const NAMES: [&str; 2] = ["name", "id"];

/// What its title is called elsewhere.
const TITLES: [&str; 4] = ["title", "label", "caption", "name"];

/// Whether a word is what the name or the title of a node is called elsewhere.
pub(super) fn is_key(word: &str) -> bool {
    NAMES.contains(&word) || TITLES.contains(&word)
}

/// What is given as a fact and stands before the facts.
#[derive(Default)]
pub(super) struct KeyedHead {
    pub(super) name: Option<Entry>,
    pub(super) title: Option<Entry>,
}

impl Decoder<'_> {
    /// Whether a property is the name or the title of its node: it is told with the head.
    pub(super) fn is_keyed_head(&self, kind: &Kind, entry: &Entry) -> bool {
        if !self.seeks_slips {
            return false;
        }
        let key = self.tree.string(entry.key);
        let is_text = entry.value.kind.is_string() && entry.value.kind != WordKind::Broken;
        let may_be = TITLES.contains(&&*key) || NAMES.contains(&&*key) && matches!(kind.head, Head::Named);
        is_text && may_be && kind.fact(&key).is_none() && !kind.class.is_in(UNTITLED)
    }

    /// The name and the title that a node has as facts, which is reported once.
    pub(super) fn keyed_head(&mut self, id: NodeId, kind: &'static Kind, given: &[Entry]) -> KeyedHead {
        let tree = self.tree;
        let keyed = tree.entries(id).iter().filter(|entry| entry.key.is_some() && self.is_keyed_head(kind, entry));
        let keyed: Vec<Entry> = keyed.copied().collect();
        let Some(first) = keyed.first() else { return KeyedHead::default() };
        let called = |words: &[&str]| keyed.iter().find(|entry| words.contains(&&*tree.string(entry.key))).copied();
        let is_bare_name = |entry: &&Entry| entry.value.kind == WordKind::Bare && is_name(&tree.string(entry.value));
        let is_named = matches!(kind.head, Head::Named);
        let stands = given.first().filter(|entry| is_named && is_bare_name(entry));
        let fits = |entry: &Entry| is_name(&tree.string(entry.value));
        let name = called(&NAMES).filter(|entry| is_named && stands.is_none() && fits(entry));
        let has_title = given.len() > usize::from(stands.is_some());
        let title = match name {
            Some(_) => called(&TITLES[..3]),
            None => called(&TITLES),
        };
        let title = title.filter(|_| !has_title);
        let of = |entry: Entry, is_title: bool| match is_title {
            true if entry.value.kind == WordKind::Bare => quoted(&tree.string(entry.value)),
            _ => entry.value.range().of(&tree.text).to_owned(),
        };
        let parts: Vec<(Entry, String)> = name
            .map(|entry| (entry, of(entry, false)))
            .into_iter()
            .chain(title.map(|entry| (entry, of(entry, true))))
            .collect();
        let words: Vec<&str> = parts.iter().map(|(_, text)| text.as_str()).collect();
        // Where it stands it must come before what it comes before.
        let start = |entry: &Entry| entry.key.range().start;
        let in_order = parts.is_sorted_by_key(|(entry, _)| start(entry))
            && name.is_none_or(|name| given.iter().all(|other| other.value.range().start > start(&name)))
            && parts.len() == keyed.len();
        let whole = first.range();
        let edits = parts.iter().map(|(entry, text)| Edit { span: self.span(entry.range()), text: text.clone() });
        let fix = Fix { message: format!("write `{}`", words.join(" ")), edits: edits.collect() };
        let help = match kind.head {
            Head::Arrow => "what it does goes in quotes after the end of the arrow, without a key",
            _ => "the name comes first, and the title after it in quotes, both without a key",
        };
        let finding = self.report(WRONG_VALUE, whole, format!("`{}` is not written as a fact", tree.string(first.key)));
        finding.help.push(if parts.is_empty() {
            help.to_owned()
        } else {
            format!("{help}: write `{}`", words.join(" "))
        });
        if in_order {
            finding.fixes.push(fix);
        }
        KeyedHead { name, title }
    }

    /// A title as a node in the block: `label "Reads"`. Whether it was one.
    pub(super) fn title_in_block(&mut self, id: NodeId, word: &str, parent: Option<ItemId>) -> bool {
        let Some(item) = parent.map(|parent| &self.items[parent]) else { return false };
        let tree = self.tree;
        let [only] = tree.entries(id) else { return false };
        let is_text = !only.key.is_some() && only.value.kind.is_string() && only.value.kind != WordKind::Broken;
        if !is_text || !TITLES.contains(&word) || item.kind.class.is_in(UNTITLED) {
            return false;
        }
        let text = &tree.text;
        let head = match item.kind.head {
            Head::Arrow => format!("{} -> {}", item.name.of(text), item.target.of(text)),
            _ => format!("{} {}", item.word.of(text), item.name.of(text)),
        };
        let what = if matches!(item.kind.head, Head::Arrow) { "what an arrow does" } else { "a title" };
        let help = match item.title {
            Some(_) => format!("{what} is in quotes on its line already: remove this"),
            None => format!("{what} goes in quotes on its line: write `{head} {}`", quoted(&tree.string(only.value))),
        };
        let node = *tree.node(id);
        let message = format!("unknown word `{word}` in `{}`", self.called(parent, item.kind));
        self.report(UNKNOWN_WORD, node.name.range(), message).help.push(help);
        self.lost.push(node.range());
        true
    }
}

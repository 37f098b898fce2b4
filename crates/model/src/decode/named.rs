//! The names of nodes: what can be none, and what stands where one should.

use super::{Decoder, MISSING_PART, UNTITLED, WRONG_VALUE};
use crate::items::{ItemId, NAMELESS};
use crate::kinds;
use crate::misplaced;
use crate::schema::{Head, Kind};
use crate::write::{identifier, is_name, quoted};
use groma_base::Range;
use groma_syntax::{Entry, NodeId, Word, WordKind};
use rustc_hash::FxHashSet;

/// So many dots of a path are looked at: what one is made of has no more levels.
const MOST_DOTS: usize = 16;

impl<'t> Decoder<'t> {
    pub(super) fn name_argument(&mut self, at: ItemId, kind: &'static Kind, entry: Option<&Entry>) {
        let word = self.items[at].word;
        let Some(entry) = entry else {
            if self.name_in_block(at, kind) {
                return;
            }
            let finding = self.report(MISSING_PART, word, format!("this {} has no name", kind.name));
            finding.help.push(format!("write `{} name \"Title\"`", kind.name));
            return self.lost.push(NAMELESS);
        };
        if self.begins_slip(entry.value) {
            // Told with its quotes or its unit.
            return self.lost.push(NAMELESS);
        }
        if entry.value.kind == WordKind::Broken {
            return self.lost.push(NAMELESS);
        }
        let value = self.without_comma(entry.value);
        let text = self.tree.string(value);
        if let Some(name) = self.name_with_colon(value) {
            self.items[at].name = name;
            return;
        }
        if self.title_for_name(at, kind, entry, &text) {
            return;
        }
        if !is_name(&text) || !value.kind.is_string() {
            self.no_name(kind, entry.value.range(), value.kind, &text);
            return;
        }
        self.items[at].name = self.plain(value);
    }

    /// `failure { bank "The bank is gone"`: the name, and what goes with it, behind the `{`, which is reported. Whether it stands there.
    fn name_in_block(&mut self, at: ItemId, kind: &'static Kind) -> bool {
        let tree = self.tree;
        let Some(id) = self.node_of(at).filter(|_| self.seeks_slips && matches!(kind.head, Head::Named)) else {
            return false;
        };
        let Some(child) = tree.children(id).next().map(|child| (child, *tree.node(child))) else { return false };
        let ((child, inner), node) = (child, *tree.node(id));
        let (line, before) = (inner.head_range(tree), Range::new(node.block.start, inner.name.range().start));
        let is_titled = tree.entries(child).first().is_none_or(|first| first.value.kind == WordKind::Quoted);
        let is_name = inner.name.kind == WordKind::Bare && is_name(self.source(inner.name.range()));
        let is_right_behind = self.source(before).trim_matches([' ', '\t']) == "{" && inner.block.is_none();
        if !is_name || !is_titled || !is_right_behind || !self.means_nothing(child) {
            return false;
        }
        self.items[at].name = inner.name.range();
        let (span, meant) = (self.span(before.cover(line)), format!("{} {{", self.source(line)));
        self.spoil(Range::new(inner.name.range().start - 1, line.end));
        let message = format!("the name of the {} comes before its `{{`", kind.name);
        self.report(WRONG_VALUE, inner.name.range(), message).add_meant(span, meant);
        true
    }

    /// Reports a word that cannot be a name.
    fn no_name(&mut self, kind: &'static Kind, range: Range, word: WordKind, text: &str) {
        let message = match text.is_empty() {
            true => "a name cannot be empty".to_owned(),
            false => format!("`{text}` cannot be a name"),
        };
        let meant = identifier(text);
        let is_title = word.is_string() && word != WordKind::Bare && !text.is_empty();
        let home = misplaced::home_of_fact(kind.name).filter(|_| !word.is_string());
        let rule = "a name is made of letters, digits, `-` and `_`, begins with a letter, and has no dots";
        let help = match (home, is_title, text.chars().any(char::is_alphanumeric)) {
            (Some(home), ..) => format!("`{} {text}` says something of `{home}`: write it in its block", kind.name),
            (None, true, true) => {
                format!("write a name before the title: `{} {meant} {}`; {rule}", kind.name, quoted(text))
            }
            (None, false, true) if is_name(&meant) => format!("write `{meant}`; {rule}"),
            _ => format!("{rule}; the title comes after it"),
        };
        self.report(WRONG_VALUE, range, message).help.push(help);
        self.lost.extend([NAMELESS, range]);
    }

    /// A title that stands before the name, which is reported. Whether it does.
    pub(super) fn title_before_name(
        &mut self,
        at: ItemId,
        kind: &'static Kind,
        (name, next): (Option<&Entry>, Option<&Entry>),
    ) -> bool {
        let (Some(title), Some(name)) = (name, next) else { return false };
        let is_title = matches!(title.value.kind, WordKind::Quoted) && !self.begins_slip(title.value);
        let text = self.tree.string(name.value);
        let is_swapped = is_title && name.value.kind == WordKind::Bare && is_name(&text);
        let says = || kind.fact(&text).is_some() || self.bare_choice(name, kind).is_some();
        if !is_swapped || says() || is_like_a_name(&self.tree.string(title.value)) {
            return false;
        }
        let (title_range, name_range) = (title.value.range(), name.value.range());
        let whole = title_range.cover(name_range);
        let meant = format!("{text} {}", title_range.of(&self.tree.text));
        self.title_argument(at, title);
        self.items[at].name = name_range;
        let span = self.span(whole);
        self.report(WRONG_VALUE, title_range, "the name comes before the title").add_meant(span, meant);
        true
    }

    /// The characters of a name, without quotes. Names are looked up as they stand in the file, so an escape in
    /// one is refused.
    pub(super) fn plain(&mut self, word: Word) -> Range {
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

    /// `flow buy: {`: a name with a colon, which is reported. The name.
    fn name_with_colon(&mut self, word: Word) -> Option<Range> {
        let range = word.range();
        let name = self.source(range).strip_suffix(':').filter(|name| word.kind == WordKind::Bare && is_name(name))?;
        let (help, colon) = (format!("write `{name}`"), Range::new(range.end - 1, range.end));
        let span = self.span(colon);
        let finding = self.report(WRONG_VALUE, range, "a name is not followed by a colon");
        finding.help.push(help.clone());
        finding.add_fix(help, span, "");
        Some(Range::new(range.start, range.end - 1))
    }

    /// `system "Shop" {`: a title without a name before it, which is reported. Whether it is one.
    fn title_for_name(&mut self, at: ItemId, kind: &'static Kind, entry: &Entry, text: &str) -> bool {
        let is_quoted = entry.value.kind == WordKind::Quoted && is_name(text) && !is_like_a_name(text);
        if !is_quoted || kind.class.is_in(UNTITLED) || self.is_titled(at, kind, entry) || self.is_used_as_name(text) {
            return false;
        }
        let meant = format!("{} {}", identifier(text), quoted(text));
        let range = entry.value.range();
        let (span, is_used) = (self.span(range), self.is_used_as_name(&identifier(text)));
        // What need not be named may as well be called so.
        if !is_used && !kind.class.is_element() {
            return false;
        }
        let finding = self.report(WRONG_VALUE, range, "a name stands before the title");
        finding.help.push(format!("write `{} {meant}`", kind.name));
        // Another name may be meant where nothing is called so.
        if is_used {
            finding.add_fix(format!("write `{meant}`"), span, meant);
        }
        self.lost.extend([NAMELESS, range]);
        self.title_argument(at, entry);
        true
    }

    /// Whether a title follows a value on the line of an item.
    fn is_titled(&self, at: ItemId, kind: &'static Kind, entry: &Entry) -> bool {
        let entries = self.node_of(at).map_or(&[][..], |node: NodeId| self.tree.entries(node));
        let mut rest = entries.iter().skip_while(|other| other.value.range() != entry.value.range()).skip(1);
        rest.any(|next| !next.key.is_some() && kind.fact(self.source(next.value.range())).is_none())
    }

    /// Whether a text stands somewhere without quotes, as a name does.
    pub(super) fn is_used_as_name(&self, text: &str) -> bool {
        self.bare_words.get_or_init(|| self.parts_of_bare_words()).contains(text)
    }

    /// Whether something is declared by this name in the file.
    pub(super) fn is_declared(&self, name: &str) -> bool {
        self.declared.get_or_init(|| self.declared_names()).contains(name)
    }

    /// The names without quotes that stand behind the word of a kind.
    fn declared_names(&self) -> FxHashSet<&'t str> {
        let tree = self.tree;
        let is_kind = |node: &NodeId| {
            let word = tree.node(*node).name.range().of(&tree.text);
            kinds::by_name(word).is_some() || self.own.has_kind(word)
        };
        let nodes = (0..tree.node_count() as u32).map(NodeId).filter(is_kind);
        let names = nodes.filter_map(|node| tree.entries(node).first().filter(|first| !first.key.is_some()));
        let bare = names.filter(|name| name.value.kind == WordKind::Bare);
        bare.map(|name| name.value.range().of(&tree.text)).collect()
    }

    /// The parts of all words without quotes that may be names, and what these begin with, up to each dot: the values, and what stands
    /// before an arrow.
    fn parts_of_bare_words(&self) -> FxHashSet<&'t str> {
        let tree = self.tree;
        let words = (0..tree.node_count() as u32).map(NodeId).flat_map(|node| {
            let entries = tree.entries(node);
            let is_arrow = entries.first().is_some_and(|first| self.is_arrow(first));
            let before = is_arrow.then(|| tree.node(node).name);
            before.into_iter().chain(entries.iter().map(|entry| entry.value))
        });
        let bare = words.filter(|word| word.kind == WordKind::Bare);
        let mut names: FxHashSet<&'t str> = FxHashSet::default();
        for word in bare.map(|word| word.range().of(&tree.text)) {
            names.extend(word.split('.'));
            names.extend(word.match_indices('.').take(MOST_DOTS).map(|(at, _)| &word[..at]));
            names.insert(word);
        }
        names
    }
}

/// Whether a text looks like a name, and not like a title: it is in small letters.
fn is_like_a_name(text: &str) -> bool {
    is_name(text) && !text.chars().any(char::is_uppercase)
}

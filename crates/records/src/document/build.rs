//! From the events of the Markdown parser to a [`Document`].

use super::outline;
use super::{Anchor, Block, Document, Kind, Type, Words};
use crate::parts::{Part, part};
use groma_base::Range;
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

/// The Markdown of `text` from the byte `from` on.
pub(crate) fn build(text: &str, from: usize) -> Document {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let mut builder = Builder::new(text, from);
    for (event, range) in Parser::new_ext(&text[from..], options).into_offset_iter() {
        builder.event(event, Range::new((range.start + from) as u32, (range.end + from) as u32));
    }
    let mut document = builder.document;
    // What is set within something else ends first.
    document.set.sort_by_key(|(_, words)| (words.start, std::cmp::Reverse(words.end)));
    outline::underline_numbered(&mut document, text);
    outline::part_from_items(&mut document, text);
    outline::split_bold(&mut document);
    document
}

struct Builder<'a> {
    text: &'a str,
    document: Document,
    /// For each open list nothing but that it is open.
    lists: u16,
    quotes: u16,
    /// The block that takes words.
    leaf: Option<usize>,
    /// The item that has no words yet.
    fresh_item: Option<usize>,
    /// The heading row is open.
    head: bool,
    first_cell: usize,
    /// Within pictures and struck-out words nothing is said.
    silent: u16,
    set: Vec<(Type, u32)>,
    links: Vec<(u32, String, Range)>,
}

impl<'a> Builder<'a> {
    fn new(text: &'a str, from: usize) -> Builder<'a> {
        let mut document = Document::default();
        document.plain.reserve(text.len() - from);
        Builder {
            text,
            document,
            lists: 0,
            quotes: 0,
            leaf: None,
            fresh_item: None,
            head: false,
            first_cell: 0,
            silent: 0,
            set: Vec::new(),
            links: Vec::new(),
        }
    }

    fn event(&mut self, event: Event, range: Range) {
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag, range),
            Event::Text(words) => self.say(&words, range),
            Event::Code(words) => {
                let start = self.at();
                // The marks around it are no part of the words.
                let inside = range.of(self.text).find(&*words).map_or(range, |at| {
                    let from = range.start + at as u32;
                    Range::new(from, from + words.len() as u32)
                });
                self.say(&words, inside);
                self.document.set.push((Type::Code, Words::new(start, self.at())));
            }
            Event::SoftBreak | Event::HardBreak => self.say("\n", range),
            Event::InlineHtml(html) if is_break(&html) => self.say("\n", range),
            Event::Html(html) => self.html(&html, range),
            Event::Rule => self.push(Kind::Rule, range),
            Event::TaskListMarker(ticked) => self.tick(ticked),
            _ => {}
        }
    }

    fn at(&self) -> usize {
        self.document.plain.len()
    }

    fn push(&mut self, kind: Kind, range: Range) {
        let at = self.at();
        self.document.blocks.push(Block {
            kind,
            words: Words::new(at, at),
            range,
            depth: self.lists,
            quoted: self.quotes > 0,
        });
        self.leaf = None;
        self.fresh_item = None;
    }

    fn open(&mut self, kind: Kind, range: Range) {
        self.push(kind, range);
        self.leaf = Some(self.document.blocks.len() - 1);
    }

    fn start(&mut self, tag: Tag, range: Range) {
        match tag {
            Tag::Paragraph => match self.fresh_item.take() {
                Some(item) => self.leaf = Some(item),
                None => self.open(Kind::Paragraph, range),
            },
            Tag::Heading { level, .. } => self.open(Kind::Heading(level as u8), range),
            Tag::BlockQuote(_) => self.quotes += 1,
            Tag::CodeBlock(kind) => self.code(kind, range),
            Tag::HtmlBlock => self.html_block(range),
            Tag::List(_) => {
                self.lists += 1;
                self.leaf = None;
            }
            Tag::Item => {
                self.open(Kind::Item { ticked: None }, range);
                self.fresh_item = self.leaf;
            }
            Tag::TableHead => self.row(true, range),
            Tag::TableRow => self.row(false, range),
            Tag::TableCell => self.first_cell = self.at(),
            Tag::Strong => self.set.push((Type::Strong, self.at() as u32)),
            Tag::Emphasis => self.set.push((Type::Emphasis, self.at() as u32)),
            Tag::Strikethrough => self.silent += 1,
            Tag::Image { .. } => {
                self.silent += 1;
                self.document.pictures += 1;
            }
            Tag::Link { dest_url, .. } => self.links.push((self.at() as u32, dest_url.into_string(), range)),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd, range: Range) {
        match tag {
            TagEnd::Paragraph => self.leaf = None,
            TagEnd::Heading(_) => {
                self.leaf = None;
                self.underlined(range);
            }
            TagEnd::BlockQuote(_) => self.quotes = self.quotes.saturating_sub(1),
            TagEnd::CodeBlock | TagEnd::HtmlBlock | TagEnd::TableRow => self.leaf = None,
            TagEnd::TableHead => {
                self.leaf = None;
                self.head = false;
            }
            TagEnd::List(_) => {
                self.lists = self.lists.saturating_sub(1);
                self.leaf = None;
            }
            TagEnd::Item => (self.leaf, self.fresh_item) = (None, None),
            TagEnd::TableCell => self.cell(range),
            TagEnd::Strong | TagEnd::Emphasis => {
                if let Some((kind, start)) = self.set.pop() {
                    let words = Words::new(start as usize, self.at());
                    self.document.set.push((kind, words));
                }
            }
            TagEnd::Strikethrough | TagEnd::Image => self.silent = self.silent.saturating_sub(1),
            TagEnd::Link => {
                if let Some((start, target, range)) = self.links.pop() {
                    let words = Words::new(start as usize, self.at());
                    self.document.links.push(Anchor { words, target, range });
                }
            }
            _ => {}
        }
    }

    /// Adds words to the open block; those that stand in none, after the children of an item, begin a paragraph.
    fn say(&mut self, words: &str, range: Range) {
        if self.silent > 0 {
            return;
        }
        if self.leaf.is_none() {
            self.open(Kind::Paragraph, range);
        }
        let Some(leaf) = self.leaf else { return };
        if matches!(self.document.blocks[leaf].kind, Kind::Code | Kind::Html) {
            return;
        }
        self.fresh_item = None;
        let start = self.at();
        self.document.plain.push_str(words);
        let said = Words::new(start, self.at());
        self.document.pieces.push(said, range);
        self.document.blocks[leaf].words.end = said.end;
    }

    fn row(&mut self, head: bool, range: Range) {
        let first = self.document.cells.len();
        self.head = head;
        self.open(Kind::Row { cells: first..first, head }, range);
    }

    fn cell(&mut self, range: Range) {
        let words = Words::new(self.first_cell, self.at());
        self.document.cells.push(words);
        let count = self.document.cells.len();
        let Some(leaf) = self.leaf else { return };
        if let Kind::Row { cells, .. } = &mut self.document.blocks[leaf].kind {
            cells.end = count;
        }
        // What parts the cells is a blank.
        self.say(" ", Range::new(range.end, range.end));
    }

    fn tick(&mut self, now: bool) {
        if let Some(Block { kind: Kind::Item { ticked }, .. }) = self.document.blocks.last_mut() {
            *ticked = Some(now);
        }
    }

    fn code(&mut self, kind: CodeBlockKind, range: Range) {
        self.open(Kind::Code, range);
        let is_last = self.text[range.end as usize..].trim().is_empty();
        if matches!(kind, CodeBlockKind::Fenced(_)) && is_last && !is_closed(range.of(self.text)) {
            self.document.open_fence = Some(range);
        }
    }

    fn html_block(&mut self, range: Range) {
        self.open(Kind::Html, range);
        let html = range.of(self.text);
        if html.trim_start().starts_with("<!--") && !html.contains("-->") {
            self.document.open_comment = Some(range);
        }
    }

    /// What stands on the line of a comment, behind it, is read by everyone.
    fn html(&mut self, html: &str, range: Range) {
        let Some(end) = html.rfind("-->") else { return };
        let rest = &html[end + 3..];
        let is_text =
            !rest.trim().is_empty() && !rest.contains(['<', '>']) && html.len() == (range.end - range.start) as usize;
        if is_text {
            let from = range.start + end as u32 + 3;
            let words = rest.trim_end();
            self.open(Kind::Paragraph, Range::new(from, range.end));
            self.say(words, Range::new(from, from + words.len() as u32));
            self.leaf = None;
        }
    }

    /// Label lines right above `---` are a heading to Markdown, and label lines to everyone else.
    fn underlined(&mut self, range: Range) {
        let Some(block) = self.document.blocks.last_mut() else { return };
        let is_underlined = !range.of(self.text).trim_start().starts_with('#');
        let words = &self.document.plain[block.words.start as usize..block.words.end as usize];
        let is_label = words.split_once(':').is_some_and(|(label, value)| {
            !value.trim().is_empty() && !matches!(part(label), Part::Other | Part::Context | Part::Outcome)
        });
        if is_underlined && is_label {
            block.kind = Kind::Paragraph;
        }
    }
}

fn is_break(html: &str) -> bool {
    html.get(..3).is_some_and(|head| head.eq_ignore_ascii_case("<br"))
}

/// Whether the last line of a fenced block is its closing fence.
fn is_closed(block: &str) -> bool {
    let block = block.trim_end();
    let Some(sign) = block.chars().next() else { return true };
    let length = block.len() - block.trim_start_matches(sign).len();
    let Some((_, last)) = block.rsplit_once(['\n', '\r']) else { return false };
    let last = last.trim().trim_start_matches('>').trim();
    last.len() >= length && last.chars().all(|letter| letter == sign)
}

//! Markdown of a workspace as part of a page. Nothing in it can do anything: what is HTML there is shown as text, pictures are told by
//! their words, and a link leads to a page of the site, to the web, or nowhere.

use maud::{Markup, PreEscaped};
use pulldown_cmark::{CowStr, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd, html};
use std::ops::Range;

/// Where the links and the names of a text lead, from the page that it stands on.
pub(crate) struct Leads<'a> {
    /// Where a path leads that is written in a link; `None` if to no page.
    pub(crate) path: &'a dyn Fn(&str) -> Option<String>,
    /// Where a name leads that is written as code.
    pub(crate) name: &'a dyn Fn(&str) -> Option<String>,
    /// What of the text is left out, as the page says it otherwise.
    pub(crate) left_out: &'a [Range<usize>],
}

/// A text without its front matter and its first heading, which the page says otherwise.
pub(crate) fn rendered(text: &str, leads: &Leads<'_>) -> Markup {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    let mut pass = Pass { leads, skips: None, had_title: false, images: 0, dead_links: Vec::new() };
    let events = Parser::new_ext(text, options).into_offset_iter();
    let kept = events.filter(|(_, range)| !is_left_out(text, range, leads.left_out));
    let events: Vec<Event<'_>> = kept.filter_map(|(event, _)| pass.event(event)).collect();
    let mut page = String::with_capacity(text.len() * 3 / 2);
    html::push_html(&mut page, with_lines_of_labels(events).into_iter());
    PreEscaped(page)
}

/// Whether all of a range is left out; what is empty around it does not count.
fn is_left_out(text: &str, range: &Range<usize>, left_out: &[Range<usize>]) -> bool {
    let end = range.start + text[range.clone()].trim_end().len();
    let end = if end == range.start { range.end } else { end };
    left_out.iter().any(|cut| cut.start <= range.start && end <= cut.end)
}

/// Labels that each have a line of their own in the text, such as `**Status:** Accepted`, keep it.
fn with_lines_of_labels(mut events: Vec<Event<'_>>) -> Vec<Event<'_>> {
    for at in 0..events.len().saturating_sub(2) {
        let is_label = matches!(&events[at + 2], Event::Text(text) if text.ends_with(':'));
        if is_label && events[at] == Event::SoftBreak && events[at + 1] == Event::Start(Tag::Strong) {
            events[at] = Event::HardBreak;
        }
    }
    events
}

struct Pass<'a> {
    leads: &'a Leads<'a>,
    /// What is left out until it ends.
    skips: Option<TagEnd>,
    had_title: bool,
    /// In how many pictures this stands.
    images: usize,
    /// Of the links that are open, which lead nowhere.
    dead_links: Vec<bool>,
}

impl Pass<'_> {
    fn event<'t>(&mut self, event: Event<'t>) -> Option<Event<'t>> {
        if let Some(end) = self.skips {
            if event == Event::End(end) {
                self.skips = None;
            }
            return None;
        }
        match event {
            Event::Start(Tag::MetadataBlock(kind)) => self.skip(TagEnd::MetadataBlock(kind)),
            Event::Start(Tag::Heading { level: HeadingLevel::H1, .. }) if !self.had_title => {
                self.had_title = true;
                self.skip(TagEnd::Heading(HeadingLevel::H1))
            }
            // The title of the page is the only one of its level.
            Event::Start(Tag::Heading { level, .. }) => Some(Event::Start(heading(level))),
            Event::End(TagEnd::Heading(level)) => Some(Event::End(heading(level).to_end())),
            Event::Start(Tag::HtmlBlock) => Some(Event::Start(Tag::Paragraph)),
            Event::End(TagEnd::HtmlBlock) => Some(Event::End(TagEnd::Paragraph)),
            // A comment is for whoever writes.
            Event::Html(text) | Event::InlineHtml(text) if text.trim_start().starts_with("<!--") => None,
            Event::InlineHtml(text) if is_line_break(&text) => Some(Event::HardBreak),
            Event::Html(text) | Event::InlineHtml(text) => Some(Event::Text(text)),
            Event::Start(Tag::Image { .. }) => {
                self.images += 1;
                Some(Event::Text("[picture: ".into()))
            }
            Event::End(TagEnd::Image) => {
                self.images -= 1;
                Some(Event::Text("]".into()))
            }
            Event::Start(Tag::Link { dest_url, .. }) => self.link(&dest_url),
            Event::End(TagEnd::Link) => {
                (!self.dead_links.pop().unwrap_or_default()).then_some(Event::End(TagEnd::Link))
            }
            Event::Code(code) => Some(self.code(code)),
            event => Some(event),
        }
    }

    fn skip<'t>(&mut self, end: TagEnd) -> Option<Event<'t>> {
        self.skips = Some(end);
        None
    }

    fn link<'t>(&mut self, target: &str) -> Option<Event<'t>> {
        let lower = target.to_ascii_lowercase();
        let is_of_web = ["http://", "https://", "mailto:"].iter().any(|scheme| lower.starts_with(scheme));
        let address = if is_of_web { Some(target.to_owned()) } else { (self.leads.path)(target) };
        self.dead_links.push(address.is_none());
        let link = |address: String| Tag::Link {
            link_type: LinkType::Inline,
            dest_url: CowStr::from(address),
            title: CowStr::from(""),
            id: CowStr::from(""),
        };
        Some(Event::Start(link(address?)))
    }

    fn code<'t>(&self, code: CowStr<'t>) -> Event<'t> {
        // A link within a link is none.
        let is_free = self.images == 0 && self.dead_links.iter().all(|is_dead| *is_dead);
        let Some(address) = is_free.then(|| (self.leads.name)(&code)).flatten() else { return Event::Code(code) };
        let linked = maud::html! { a href=(address) { code { (&*code) } } };
        Event::InlineHtml(linked.into_string().into())
    }
}

/// `<br>`, `<br/>`, `<br />`
fn is_line_break(tag: &str) -> bool {
    tag.to_ascii_lowercase().trim_end_matches(['>', '/', ' ']) == "<br"
}

/// A heading one level lower, as the title of the page is the first.
fn heading<'t>(level: HeadingLevel) -> Tag<'t> {
    let level = match level {
        HeadingLevel::H1 | HeadingLevel::H2 => HeadingLevel::H2,
        level => level,
    };
    Tag::Heading { level, id: None, classes: Vec::new(), attrs: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::{Leads, rendered};

    fn shown(text: &str) -> String {
        let path = |path: &str| (path == "0002-b.md").then(|| "2.html".to_owned());
        let name = |name: &str| (name == "shop.db").then(|| "../element/shop.db.html".to_owned());
        rendered(text, &Leads { path: &path, name: &name, left_out: &[] }).into_string()
    }

    #[test]
    fn links_and_names_lead_to_pages_of_the_site_or_nowhere() {
        assert_eq!(
            shown(
                "---\na: b\n---\n\n# 1. T\n\nSee [b](0002-b.md), [c](../c.md), [d](https://d.example) and `shop.db`.\n"
            ),
            "<p>See <a href=\"2.html\">b</a>, c, <a href=\"https://d.example\">d</a> and \
             <a href=\"../element/shop.db.html\"><code>shop.db</code></a>.</p>\n"
        );
        assert_eq!(
            shown("**Status:** new\n**Date:** today\nand **more**\n"),
            "<p><strong>Status:</strong> new<br />\n<strong>Date:</strong> today\nand <strong>more</strong></p>\n"
        );
        assert_eq!(shown("[`shop.db`](0002-b.md)"), "<p><a href=\"2.html\"><code>shop.db</code></a></p>\n");
    }

    #[test]
    fn what_is_html_is_text() {
        for text in [
            "<script>alert(1)</script>",
            "a <b onclick=x>b</b>",
            "<img src=x onerror=y>",
            "[x](javascript:alert)",
            "![p](javascript:x)",
            "![p](https://x.example/p.png)",
            "<javascript:alert(1)>",
            "<div>\n\nx\n\n</div>",
        ] {
            let page = shown(text);
            for mark in ["<script", "<b ", "<img", "<div", "href"] {
                assert!(!page.contains(mark), "{text} -> {page}");
            }
        }
        assert_eq!(shown("a <!-- for us --> b"), "<p>a  b</p>\n");
    }
}

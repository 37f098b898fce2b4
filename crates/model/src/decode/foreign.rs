//! Words that begin something in other languages and nothing here: each is told once, for all that stands in its block.

use super::arrows::Ends;
use super::{Decoder, Gathered, UNKNOWN_WORD};
use crate::facts::relation::PROTOCOL;
use crate::items::{ItemId, Text};
use crate::kinds;
use crate::kinds::class;
use crate::schema::Kind;
use crate::write::{identifier, is_name, quoted};
use groma_base::{Edit, Fix, Range, is_groma};
use groma_syntax::{NodeId, WordKind};
use std::path::Path;

/// What is done with what stands in the block of a foreign word.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Inside {
    /// It is read as if it stood beside the word.
    Beside,
    /// It is read as if it stood at the top of the file.
    AtTop,
    /// Nothing: it means something in the other language alone.
    Nothing,
}

/// What is said of a word that other languages have here, and what becomes of its block.
pub(super) fn foreign(word: &str) -> Option<(&'static str, Inside)> {
    const MODEL: &str = "remove it and its braces: what is in it goes at the top of a file here";
    const VIEW: &str = "a picture is written `view name \"Title\" show=context of=shop`";
    const FIRST: &str = "remove it: Groma's language is another one; `groma explain language` shows it";
    const CHOICE: &str = "a choice is written `either { case 30% \"…\" { … } otherwise { … } }`; for steps that happen only sometimes `chance 30% { … }` does";
    const COMMENT: &str = "a comment begins with `//`";
    Some(match word {
        "model" | "views" | "elements" | "relationships" => (MODEL, Inside::Beside),
        "specification" => ("remove it; an own kind is declared `kind lambda \"Lambda\" is=function`", Inside::Nothing),
        "systemContext" | "systemLandscape" | "filtered" | "custom" => (VIEW, Inside::Nothing),
        "styles" | "theme" | "themes" | "branding" | "autoLayout" | "autolayout" | "skinparam" | "perspectives"
        | "properties" | "animation" | "terminology" | "configuration" => (NOTHING_OF_THE_KIND, Inside::Nothing),
        "graph"
        | "flowchart"
        | "sequenceDiagram"
        | "classDiagram"
        | "erDiagram"
        | "stateDiagram"
        | "digraph"
        | "@startuml"
        | "@enduml"
        | "C4Context"
        | "C4Container"
        | "!identifiers"
        | "!define"
        | "!constant"
        | "!docs"
        | "!adrs"
        | "!theme"
        | "!impliedRelationships" => (FIRST, Inside::Nothing),
        "alt" | "else" | "switch" => (CHOICE, Inside::Nothing),
        "participant" | "actor:" => ("declare it: `person name \"Title\"` or `system name \"Title\"`", Inside::Nothing),
        "--" | "<!--" | "%%" | "'" | ";;" | "//-" | "REM" => (COMMENT, Inside::Nothing),
        _ => return None,
    })
}

const NOTHING_OF_THE_KIND: &str = "remove it: Groma has nothing of the kind";

/// Whether a text names a protocol: `HTTPS`, `JSON/HTTPS`, `HTTP/2`, `gRPC over TLS`.
pub(super) fn is_protocol(text: &str) -> bool {
    let lower = text.to_lowercase();
    let words = || lower.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    let is_joint = |word: &str| matches!(word, "over" | "and" | "or" | "2" | "3" | "1" | "api" | "wss" | "ws");
    let is_usual = |word: &str| PROTOCOL.usual.iter().any(|usual| usual.eq_ignore_ascii_case(word));
    words().any(is_usual) && words().all(|word| is_joint(word) || is_usual(word))
}

impl Decoder<'_> {
    /// Reports a word that begins something in another language. Whether it was one.
    pub(super) fn foreign_word(
        &mut self,
        id: NodeId,
        word: &str,
        parent: Option<ItemId>,
        owner: Option<&'static Kind>,
    ) -> bool {
        if matches!(word, "!include" | "import" | "@import" | "require" | "source") && owner.is_none() {
            self.included(id);
            return true;
        }
        let written = match word {
            "views" => self.view_of_block(id),
            "container" | "component" if owner.is_none() => self.view_of(id),
            _ => None,
        };
        let first = self.tree.entries(id).first().map(|first| first.value);
        let is_selector =
            first.is_some_and(|first| matches!(first.range().of(&self.tree.text), "element" | "relationship"));
        let is_labelled = first.is_none_or(|first| first.kind == WordKind::Quoted);
        let found = if let Some(view) = written {
            Some((format!("a picture is written at the top of a file: `{view}`"), Inside::Nothing))
        } else if word == "style" && is_selector {
            Some((NOTHING_OF_THE_KIND.to_owned(), Inside::Nothing))
        } else if owner.is_none() && is_labelled && is_of_terraform(word) {
            let help = "say where containers run: `deployment production \"Production\" { host db \"Database\" technology=\"Amazon RDS\" { instance shop.db } }`";
            Some((help.to_owned(), Inside::Nothing))
        } else if word == "model" && owner.is_some_and(|owner| owner.is(&class::WORKSPACE)) {
            let help = "remove it and its braces, and close `workspace` before it: what is in it goes at the top of a file here";
            Some((help.to_owned(), Inside::AtTop))
        } else {
            foreign(word).map(|(help, inside)| (help.to_owned(), inside))
        };
        let Some((help, inside)) = found else { return false };
        self.foreign(id, help, inside, parent, owner);
        true
    }

    /// `!include other.dsl`, `import "./b.groma"`.
    fn included(&mut self, id: NodeId) {
        let node = *self.tree.node(id);
        let path = self.tree.entries(id).first().map(|first| self.tree.string(first.value).into_owned());
        let text = node.name.range().of(&self.tree.text).to_owned();
        let span = self.span(node.head_range(self.tree));
        let finding = self.report(UNKNOWN_WORD, node.name.range(), format!("unknown node kind `{text}`"));
        match path.filter(|path| is_groma(Path::new(path))) {
            Some(path) => finding.add_meant(span, format!("include {}", quoted(&path))),
            None => finding
                .help
                .push("write `include \"…\"` with the path of a `.groma` file or a folder of them".to_owned()),
        }
        self.lost.push(node.range());
    }

    /// The first picture in a block of pictures, as it is written here.
    fn view_of_block(&self, id: NodeId) -> Option<String> {
        self.tree.children(id).find_map(|child| self.view_of(child))
    }

    /// `container shop "Title" {` as a picture is written here.
    fn view_of(&self, id: NodeId) -> Option<String> {
        let show = match &*self.tree.name(id) {
            "systemContext" => "context",
            "systemLandscape" => "landscape",
            "container" => "container",
            "component" => "component",
            _ => return None,
        };
        let first = self.tree.entries(id).first().filter(|first| !first.key.is_some());
        let of =
            first.filter(|first| first.value.kind == WordKind::Bare).map(|of| of.value.range().of(&self.tree.text));
        let of = of.filter(|of| *of != "*" && show != "landscape");
        let name = of.map_or_else(|| "all".to_owned(), identifier);
        Some(format!("view {name} show={show}{}", of.map_or(String::new(), |of| format!(" of={of}"))))
    }

    /// Reports a word that other languages have here, and reads of its block what may be read.
    fn foreign(
        &mut self,
        id: NodeId,
        help: String,
        inside: Inside,
        parent: Option<ItemId>,
        owner: Option<&'static Kind>,
    ) {
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
        finding.help.push(help);
        if let Some((span, slashes)) = comment {
            finding.fixes.push(Fix { message: "write `//`".into(), edits: vec![Edit { span, text: slashes.into() }] });
        }
        if let (Inside::Beside, Some(open), Some(close)) = (inside, opening, closing) {
            let edits = [open, close].map(|span| Edit { span, text: String::new() });
            finding.fixes.push(Fix { message: "remove it and its braces".into(), edits: edits.into() });
        }
        match inside {
            Inside::Beside => self.nodes(self.tree.children(id), parent, owner),
            Inside::AtTop => self.nodes(self.tree.children(id), None, None),
            Inside::Nothing => {
                self.foreign.push(node.block);
                self.lost.push(node.range());
            }
        }
    }

    /// Words without an arrow for a relationship or a place where something runs: `depends_on db` in a service, a bare name in a host.
    /// Whether it was that.
    pub(super) fn without_arrow(
        &mut self,
        id: NodeId,
        word: &str,
        parent: Option<ItemId>,
        owner: Option<&'static Kind>,
    ) -> bool {
        let (Some(parent), Some(owner)) = (parent, owner) else { return false };
        let node = *self.tree.node(id);
        let entries = self.tree.entries(id);
        let is_bare = entries.iter().all(|entry| !entry.key.is_some() && entry.value.kind == WordKind::Bare);
        let text = &self.tree.text;
        let message = format!("unknown word `{word}` in `{}`", self.called(Some(parent), owner));
        if owner.class.is_element() && is_dependency(word) && is_bare && !entries.is_empty() {
            let from = self.items[parent].name.of(text);
            let each = entries.iter().map(|entry| entry.value.range().of(text).trim_end_matches(','));
            let each: Vec<String> = each.map(|to| format!("`{from} -> {to} \"…\"`")).collect();
            let help = format!("a relationship is an arrow with what is done: write {}", each.join(", "));
            self.report(UNKNOWN_WORD, node.name.range(), message).help.push(help);
            if let Some(kind) = kinds::arrow("->", Some(owner)).filter(|kind| kind.may_stand_in(Some(owner))) {
                let from = self.items[parent].name;
                for entry in entries {
                    let to = entry.value.range();
                    let comma = u32::from(to.of(text).ends_with(','));
                    let ends = Ends { from, to: Some(Range::new(to.start, to.end - comma)), rest: entries.len() };
                    let at = self.items.end();
                    self.arrow(id, kind, Some(parent), Some(ends));
                    // What it does is asked for already.
                    self.items[at].title = Some(Text::Slice(node.name.range()));
                }
            }
            return true;
        }
        let is_path = word.contains('.') && word.split('.').all(is_name);
        if is_path && class::INSTANCE.may_stand_in(owner.class) && node.name.kind == WordKind::Bare {
            let span = self.span(node.name.range());
            self.report(UNKNOWN_WORD, node.name.range(), message).add_meant(span, format!("instance {word}"));
            if let Some(kind) = kinds::by_name("instance") {
                let at = self.push_item(id, kind, false, Some(parent));
                self.items[at].name = node.name.range();
                self.finish_item(id, at, kind, Gathered::new());
            }
            return true;
        }
        false
    }
}

/// Whether other tools begin a list of what something uses with this word.
pub(super) fn is_dependency(word: &str) -> bool {
    matches!(word, "depends_on" | "depends-on" | "dependsOn" | "dependencies" | "uses" | "calls" | "links" | "requires")
}

fn is_of_terraform(word: &str) -> bool {
    matches!(word, "resource" | "provider" | "variable" | "output" | "data" | "module" | "terraform" | "locals")
}

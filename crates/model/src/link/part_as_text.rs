//! `web -> shop core`: a part that stands where the text of an arrow or an instance is read.

use super::Linker;
use crate::entity::Entity;
use crate::facets::structure::ElementId;
use crate::items::{ItemRef, WRONG_VALUE};
use groma_base::{Diagnostic, Range, Span};

impl Linker {
    /// Reports a text without quotes that stands beside the name of an element and is the name of a part of it: nobody can tell which of
    /// the two is meant, and read as a text it would leave the part out.
    pub(super) fn part_as_text(&mut self, at: ItemRef, name: Range, element: ElementId) {
        let file = self.files.file(at);
        let title = self.files.item(at).title_range;
        let text = title.of(&file.text);
        let is_beside = title.start > name.end && Range::new(name.end, title.start).of(&file.text).trim().is_empty();
        if !is_beside || text.starts_with(['"', '#']) {
            return;
        }
        let part = self.resolver().lookup(Some(element), text);
        let is_part = |part: ElementId| self.linked.elements[part].parent == Some(element);
        if !matches!(part, Some(Entity::Element(part)) if is_part(part)) {
            return;
        }
        let whole = name.of(&file.text);
        let message = format!("`{text}` is read as a text here, and is also the name of a part of `{whole}`");
        let finding = Diagnostic::error(WRONG_VALUE, Span::new(at.file, title), message)
            .help(format!("write `{whole}.{text}` if the part is meant, or `\"{text}\"` if the text is"));
        self.problems.push(finding);
    }
}

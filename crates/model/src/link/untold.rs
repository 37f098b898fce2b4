//! A flow whose steps name the parts of one system by their short names, and that does not say whose flow it is.

use super::Linker;
use super::problems::UNRESOLVED_NAME;
use crate::entity::Entity;
use crate::facets::flows::class::{REPLY, STEP};
use crate::facets::structure::ElementId;
use crate::facts;
use crate::items::ItemRef;
use groma_base::{Diagnostic, Range, Span};

/// In a longer flow, or among more unknown names, it is not looked for what is meant.
const MOST_NAMES: usize = 100;

impl Linker {
    /// The system whose flow this is, of which it says nothing, if all names in it that mean nothing are direct parts of that one, and
    /// several are. Then that is reported.
    pub(crate) fn untold_subject(&mut self, flow: ItemRef) -> Option<ElementId> {
        if let Some(known) = self.untold.get(&flow) {
            return *known;
        }
        let found = self.find_untold_subject(flow);
        self.untold.insert(flow, found);
        found
    }

    fn find_untold_subject(&mut self, flow: ItemRef) -> Option<ElementId> {
        let is_said = self.files.text(flow, &facts::flow::OF).is_some() || self.scope_of(flow).is_some();
        if is_said || !self.problems.suggests() {
            return None;
        }
        let file = self.files.file(flow);
        let mut unknown: Vec<(&str, Range)> = Vec::new();
        for item in flow.item.next().until(self.files.item(flow).subtree_end) {
            let item = &file.items[item];
            if !item.kind.is(&STEP) && !item.kind.is(&REPLY) {
                continue;
            }
            for range in [item.name, item.target] {
                let name = range.of(&file.text);
                let is_known = || self.resolver().structure(None, name, &|_| true).is_some();
                if !name.is_empty() && unknown.iter().all(|(known, _)| *known != name) && !is_known() {
                    unknown.push((name, range));
                }
            }
            if unknown.len() > MOST_NAMES {
                return None;
            }
        }
        let [(first, range), _, ..] = unknown[..] else { return None };
        let systems = self.linked.elements.ids().filter(|id| self.linked.elements[*id].parent.is_none());
        let has_all = |system: &ElementId| {
            let is_part = |name: &str| {
                let direct = name.split('.').next().unwrap_or(name);
                let part = self.resolver().lookup(Some(*system), direct);
                let is_its = |part: ElementId| self.linked.elements[part].parent == Some(*system);
                matches!(part, Some(Entity::Element(part)) if is_its(part))
                    && self.resolver().element(Some(*system), name).is_some()
            };
            unknown.iter().all(|(name, _)| is_part(name))
        };
        let mut meant = systems.filter(has_all);
        let (system, None) = (meant.next()?, meant.next()) else { return None };
        let path = self.linked.elements[system].path.to_string();
        // Said in another word, which is told where it stands.
        let is_said = self.files.item(flow).head.of(&file.text).contains(&format!("={path}"));
        if is_said {
            return Some(system);
        }
        let message = format!("`{first}` is a part of `{path}`, and this flow does not say that it is of that");
        let end = self.files.item(flow).head.end;
        let at = Span::new(flow.file, Range::new(end, end));
        let finding = Diagnostic::error(UNRESOLVED_NAME, Span::new(flow.file, range), message)
            .help(format!("write `of={path}` on the line of the flow"))
            .fix(format!("write `of={path}`"), at, format!(" of={path}"));
        self.problems.push(finding);
        Some(system)
    }
}

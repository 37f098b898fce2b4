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
        let unknown = self.unknown_ends(flow)?;
        let [(first, range), _, ..] = unknown[..] else { return None };
        let system = self.only_system_with(&unknown)?;
        let path = self.linked.elements[system].path.to_string();
        // Said in another word, which is told where it stands.
        let text = &self.files.file(flow).text;
        let is_said = self.files.item(flow).head.of(text).contains(&format!("={path}"));
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

    /// The names in the steps of a flow that mean nothing at the top, each once, with where it stands first. `None` if they are many.
    fn unknown_ends(&self, flow: ItemRef) -> Option<Vec<(&str, Range)>> {
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
        Some(unknown)
    }

    /// The only system that has parts with all these names, if there is one.
    fn only_system_with(&self, names: &[(&str, Range)]) -> Option<ElementId> {
        let systems = self.linked.elements.ids().filter(|id| self.linked.elements[*id].parent.is_none());
        let has_all = |system: &ElementId| {
            let is_part = |name: &str| {
                let direct = name.split('.').next().unwrap_or(name);
                let part = self.resolver().lookup(Some(*system), direct);
                let is_its = |part: ElementId| self.linked.elements[part].parent == Some(*system);
                matches!(part, Some(Entity::Element(part)) if is_its(part))
                    && self.resolver().element(Some(*system), name).is_some()
            };
            names.iter().all(|(name, _)| is_part(name))
        };
        let mut meant = systems.filter(has_all);
        match (meant.next(), meant.next()) {
            (Some(only), None) => Some(only),
            _ => None,
        }
    }
}

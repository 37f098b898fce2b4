//! `mix place order` for `place-order`: a name that stands as several words.

use super::Linker;
use super::problems::UNRESOLVED_NAME;
use crate::architecture::references;

use crate::facets::structure::ElementId;
use crate::items::{FactValue, Item, ItemRef, Value};
use crate::schema::Class;
use groma_base::{Diagnostic, Range, Span};

/// What may stand for the space between the words of a name.
const SIGNS: [&str; 3] = ["-", "_", "."];

/// Where more facts are given than these, no name is looked for in several words: each would be looked for among all.
const MOST_FACTS: usize = 64;

impl Linker {
    /// Reports names that mean nothing and stand beside each other, if joined they are one name: at the first of them, which is read as
    /// that. Whether this is one of such names.
    pub(super) fn parted_name(
        &mut self,
        (item, at): (&Item, ItemRef),
        value: &FactValue,
        scope: Option<ElementId>,
        wanted: &'static [&'static Class],
    ) -> bool {
        let files = self.files.clone();
        let file = files.file(at);
        if file.facts_of(item).len() > MOST_FACTS {
            return false;
        }
        let is_spaced = |one: &FactValue, next: &FactValue| {
            let gap = one.range.end..next.range.start;
            !gap.is_empty() && Range::new(gap.start, gap.end).of(&file.text).trim_matches([' ', '\t']).is_empty()
        };
        let all: Vec<&FactValue> = references(file, item).filter(|one| one.fact == value.fact).collect();
        let mut beside = all.chunk_by(|one, next| is_spaced(one, next));
        let Some(beside) = beside.find(|some| some.iter().any(|one| one.range == value.range)) else {
            return false;
        };
        let name = |one: &&FactValue| match &one.value {
            Value::Reference(text) => file.text(text).to_owned(),
            _ => String::new(),
        };
        let means = |name: &str| self.resolver().resolve(scope, name, wanted).ok();
        let names: Vec<String> = beside.iter().map(name).collect();
        if names.len() < 2 || names.iter().any(|name| means(name).is_some()) {
            return false;
        }
        let joined = SIGNS.iter().map(|sign| names.join(sign));
        let Some((entity, joined)) = joined.filter_map(|name| Some((means(&name)?, name))).next() else {
            return false;
        };
        if beside[0].range == value.range {
            let whole = Span::new(at.file, value.range.cover(beside[beside.len() - 1].range));
            let message = format!("`{joined}` is one name");
            let help = format!("write `{joined}`");
            let finding = Diagnostic::error(UNRESOLVED_NAME, whole, message).help(help.as_str());
            self.problems.push(finding.fix(help, whole, joined));
            self.linked.references.note(at, value, entity);
        }
        true
    }
}

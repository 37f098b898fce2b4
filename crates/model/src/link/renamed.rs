//! Names that nothing has any more: what had them is called otherwise, as its `was` tells.

use super::Linker;
use super::problems::{Problems, UNRESOLVED_NAME};
use crate::entity::Entity;
use crate::facets::standards::class::STANDARD;
use crate::facets::structure::ElementId;
use crate::facets::structure::class::{GROUP, ZONE};
use crate::facets::workspace::facts::allow;
use crate::facts::WAS;
use crate::items::{FileModel, ItemRef};
use crate::names::old::OldNames;
use crate::names::split_kind;
use crate::schema::Class;
use groma_base::{Diagnostic, Span, now_called};
use rustc_hash::FxHashMap;

impl Linker {
    /// What had a name that nothing has. That it has another now is reported; if several things had it, all of them are named.
    pub(crate) fn renamed(
        &mut self,
        span: Span,
        (scope, name): (Option<ElementId>, &str),
        wanted: &'static [&'static Class],
    ) -> Vec<Entity> {
        let Some(old) = self.old_names() else { return Vec::new() };
        let meant = old.meant_among(self.resolver(), scope, name, wanted);
        let only = if let [only] = meant[..] { Some(only) } else { None };
        if meant.is_empty() {
            return meant;
        }
        let today: Vec<String> = meant.iter().map(|entity| self.written_now(scope, *entity, wanted)).collect();
        // From elsewhere the same name may mean something else.
        if let Some(known) = self.problems.reported_as((span.file, name), wanted, only) {
            self.problems.used_again(known, span, only.and(today.into_iter().next()));
            return meant;
        }
        let finding = self.problems.old_name(span, name, &today);
        self.problems.remember(Some(finding), span, (name, wanted), only);
        meant
    }

    /// Reports the old name of a group or zone where an element is wanted. Whether it is one.
    pub(super) fn renamed_group(&mut self, span: Span, scope: Option<ElementId>, name: &str) -> bool {
        let Some(old) = self.old_names() else { return false };
        let [Entity::Group(group)] = old.meant_among(self.resolver(), scope, name, &[&GROUP, &ZONE])[..] else {
            return false;
        };
        let (kind, today) = (self.kind_of_group(group), self.resolver().path(Entity::Group(group)));
        self.problems.no_element(span, name, &format!("{kind} that is now called `{today}`"));
        true
    }

    /// What old names mean, if anything had another and it is still looked for what may be meant.
    pub(crate) fn old_names(&mut self) -> Option<OldNames> {
        if !self.has_old_names() || !self.problems.suggests() {
            return None;
        }
        self.problems.compares(self.linked.elements.len());
        Some(OldNames::of(self.resolver(), None))
    }

    /// The standards that an `allow` names by what they were called: it holds as before.
    pub(super) fn rules_by_old_names(&mut self) {
        if !self.has_old_names() {
            return;
        }
        let (files, mut meant) = (self.files.clone(), FxHashMap::default());
        let items = || files.iter().flat_map(|file| file.items.entries().map(move |(id, item)| (file, id, item)));
        for (file, _, item) in items().filter(|(.., item)| item.kind.is(&STANDARD)) {
            let Ok(entity) = self.resolver().resolve(None, item.name.of(&file.text), &[&STANDARD]) else { continue };
            let was = file.facts_of(item).iter().filter(|fact| *fact.fact == WAS).map(|fact| file.words(fact));
            for name in was.flat_map(|names| names.split(',')) {
                meant.entry(name.trim()).or_insert(entity);
            }
        }
        for (file, id, item) in items().filter(|_| !meant.is_empty()) {
            for rule in file.facts_of(item).iter().filter(|fact| *fact.fact == allow::RULE) {
                let name = file.words(rule);
                if self.resolver().resolve(None, name, &[&STANDARD]).is_err()
                    && let Some(entity) = meant.get(name)
                {
                    self.linked.references.note(ItemRef { file: file.file, item: id }, rule, *entity);
                }
            }
        }
    }

    /// Whether anything says that it had another name.
    fn has_old_names(&self) -> bool {
        let of_file = |file: &FileModel| file.facts.iter().any(|fact| *fact.fact == WAS);
        *self.has_old_names.get_or_init(|| self.files.iter().any(|file| of_file(file)))
    }

    /// The shortest name of something that means it from a scope, or else what it is called from anywhere.
    fn written_now(&self, scope: Option<ElementId>, entity: Entity, wanted: &[&'static Class]) -> String {
        let names = self.resolver();
        self.written_from(scope, entity, wanted).unwrap_or_else(|| {
            let path = names.path(entity);
            match names.resolve(scope, &path, wanted) == Ok(entity) {
                true => path,
                false => names.unmistakable(entity, &path),
            }
        })
    }
}

impl Problems {
    /// Reports the old name of something, with what it is called today. The number of the finding.
    pub(crate) fn old_name(&mut self, span: Span, name: &str, today: &[String]) -> usize {
        let (message, help, only) = now_called(split_kind(name).1, today);
        let finding = Diagnostic::error(UNRESOLVED_NAME, span, message).help(help.as_str());
        self.push(match only {
            Some(only) => finding.fix(help, span, only),
            None => finding,
        });
        self.found.len() - 1
    }
}

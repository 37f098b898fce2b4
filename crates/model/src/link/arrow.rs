//! Facts that name a relationship by its ends.

use super::Linker;
use super::problems::UNRESOLVED_NAME;
use crate::entity::Entity;
use crate::facets::structure::ElementId;
use crate::facets::structure::class::RELATION;
use crate::items::{FactValue, FileModel, ItemRef};
use crate::names::Arrow;
use groma_base::{Diagnostic, Span, last_part, list_words};

/// So many relationships are listed at most where another one is wanted.
const MOST_LISTED: usize = 4;

impl Linker {
    /// Notes what an arrow in a fact means. An end that nothing has is told as one of a relationship would be; else that there is no such
    /// relationship, or that there are several.
    pub(super) fn relation_named(
        &mut self,
        at: ItemRef,
        value: &FactValue,
        scope: Option<ElementId>,
        arrow: Arrow<'_>,
    ) {
        if arrow.from.is_empty() || arrow.to.is_empty() {
            let span = Span::new(at.file, value.range);
            let finding = Diagnostic::error(UNRESOLVED_NAME, span, "an arrow stands between two elements");
            return self.problems.push(
                finding.help("name both as one name, in quotes where this is no record: `\"shop.core -> shop.db\"`"),
            );
        }
        let ends = Arrow::ends_in(&self.files.file(at).text, value.range).unwrap_or([value.range; 2]);
        let [Some(from), Some(to)] = ends.map(|end| self.element_named(at, scope, end)) else { return };
        match self.resolver().relations(from, to, arrow)[..] {
            [only] => self.linked.references.note(at, value, Entity::Relation(only)),
            // A relationship of which an end is not understood may be the one, and is told.
            [] if self.is_perhaps_broken(arrow) => {}
            ref several => {
                let finding = self.no_one_relation(Span::new(at.file, value.range), (from, to), several.len());
                self.problems.push(finding);
            }
        }
    }

    /// Whether a relationship that could not be linked has an end that is called as one of an arrow.
    fn is_perhaps_broken(&self, arrow: Arrow<'_>) -> bool {
        let broken = self.broken_ends.get_or_init(|| {
            let (files, linked) = (self.files.to_vec(), &self.linked);
            let of_file = |file: &FileModel| -> Vec<String> {
                let at = |item| ItemRef { file: file.file, item };
                let relations = file.items.ids().filter(|item| file.items[*item].kind.is(&RELATION));
                let broken = relations.filter(|item| linked.relation_at.get(at(*item)).is_none());
                let ends = broken.flat_map(|item| [file.items[item].name, file.items[item].target]);
                ends.map(|end| last_part(end.of(&file.text)).to_owned()).collect()
            };
            files.iter().flat_map(|file| of_file(file)).collect()
        });
        [arrow.from, arrow.to].into_iter().any(|end| broken.contains(last_part(end)))
    }

    fn no_one_relation(&self, span: Span, (from, to): (ElementId, ElementId), count: usize) -> Diagnostic {
        let path = |id: ElementId| &self.linked.elements[id].path;
        let name = |id| self.resolver().path(Entity::Relation(id));
        let listed = |names: Vec<String>| list_words(names.iter().map(String::as_str), "or");
        if count > 1 {
            let all: Vec<String> = self.linked.relations_between(from, to).map(name).take(MOST_LISTED).collect();
            let message = format!("several relationships lead from `{}` to `{}`", path(from), path(to));
            return Diagnostic::error(UNRESOLVED_NAME, span, message).help(format!("write {}", listed(all)));
        }
        let message = format!("no such relationship leads from `{}` to `{}`", path(from), path(to));
        let others = [(from, to), (to, from)].map(|(from, to)| self.linked.relations_between(from, to));
        let beside: Vec<String> = others.into_iter().flatten().map(name).take(MOST_LISTED).collect();
        let help = match beside.is_empty() {
            true => "write it in the model, or name what is meant by it".to_owned(),
            false => format!("write {}", listed(beside)),
        };
        Diagnostic::error(UNRESOLVED_NAME, span, message).help(help)
    }
}

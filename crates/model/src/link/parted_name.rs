//! `mix place order` for `place-order`: a name that stands as several words.

use super::Linker;
use super::problems::UNRESOLVED_NAME;
use crate::architecture::references;
use crate::entity::Entity;
use crate::facets::structure::ElementId;
use crate::items::{FactValue, Item, ItemRef, Value, WRONG_VALUE};
use crate::names::NotFound;
use crate::schema::Class;
use groma_base::{Diagnostic, Range, Span};

/// What may stand for the space between the words of a name.
const SIGNS: [&str; 3] = ["-", "_", "."];

/// Where more facts are given than these, no name is looked for in several words: each would be looked for among all.
const MOST_FACTS: usize = 64;

impl Linker {
    /// Reports names that stand beside each other and of which one means nothing, if joined they are one name: once, at the first that
    /// means nothing, which is read as that. Whether this is one of such names.
    pub(super) fn parted_name(
        &mut self,
        (item, at): (&Item, ItemRef),
        value: &FactValue,
        scope: Option<ElementId>,
        wanted: &'static [&'static Class],
    ) -> bool {
        let means = |name: &str| self.resolver().resolve(scope, name, wanted).ok();
        let beside = self.names_beside((item, at), value);
        // What is told of the first of them that means nothing is told of all: of `shop core` that of `core`.
        let Some((unknown, _)) = beside.iter().find(|(_, name)| means(name).is_none()) else { return false };
        if beside.len() < 2 {
            return false;
        }
        let words: Vec<&str> = beside.iter().map(|(_, name)| name.as_str()).collect();
        let Some((entity, joined)) = self.joined(&words, scope, wanted) else { return false };
        if *unknown == value.range {
            let whole = Span::new(at.file, beside[0].0.cover(beside[beside.len() - 1].0));
            self.is_one_name(whole, joined);
            self.linked.references.note(at, value, entity);
        }
        true
    }

    /// Reports names that stand beside each other where nothing has any of them nor one like it, as in `realized-by core and others`: once,
    /// at the first. Whether this is one of such names.
    pub(super) fn unknown_names(
        &mut self,
        (item, at): (&Item, ItemRef),
        value: &FactValue,
        scope: Option<ElementId>,
        wanted: &'static [&'static Class],
    ) -> bool {
        let is_unknown = |name: &str| self.resolver().resolve(scope, name, wanted) == Err(NotFound::Nothing);
        let beside = self.names_beside((item, at), value);
        let mut runs = beside.chunk_by(|(_, one), (_, next)| is_unknown(one) && is_unknown(next));
        let Some(run) = runs.find(|run| run.iter().any(|(range, _)| *range == value.range)) else { return false };
        let (first, last) = (run[0].0, run[run.len() - 1].0);
        let span = Span::new(at.file, first.cover(last));
        let names: Vec<&str> = run.iter().map(|(_, name)| name.as_str()).collect();
        match first == value.range {
            _ if run.len() < 2 => false,
            true => self.report_unknown(span, (scope, &names), wanted),
            false => self.problems.is_told_at(span, names[0]),
        }
    }

    /// The names that stand beside one in a fact, with just space between them, and that itself.
    fn names_beside(&self, (item, at): (&Item, ItemRef), value: &FactValue) -> Vec<(Range, String)> {
        let file = self.files.file(at);
        if file.facts_of(item).len() > MOST_FACTS {
            return Vec::new();
        }
        let is_spaced = |one: &FactValue, next: &FactValue| {
            let gap = one.range.end..next.range.start;
            !gap.is_empty() && Range::new(gap.start, gap.end).of(&file.text).trim_matches([' ', '\t']).is_empty()
        };
        let all: Vec<&FactValue> = references(file, item).filter(|one| one.fact == value.fact).collect();
        let mut beside = all.chunk_by(|one, next| is_spaced(one, next));
        let beside = beside.find(|some| some.iter().any(|one| one.range == value.range)).unwrap_or_default();
        let name = |one: &&FactValue| match &one.value {
            Value::Reference(text) => (one.range, file.text(text).to_owned()),
            _ => (one.range, String::new()),
        };
        beside.iter().map(name).collect()
    }

    /// Reports a path whose names stand with something else between them than a dot, `shop/core`, `shop::core` or `shop,core`. What it means.
    pub(crate) fn otherwise_parted(
        &mut self,
        span: Span,
        (scope, name): (Option<ElementId>, &str),
        wanted: &'static [&'static Class],
    ) -> Option<Entity> {
        let is_letter = |letter: char| letter.is_alphanumeric();
        let in_names = |letter: char| is_letter(letter) || matches!(letter, '-' | '_');
        let with_dots = |is_in_name: &dyn Fn(char) -> bool| {
            let names = name.split(|letter| !is_in_name(letter)).filter(|name| !name.is_empty());
            names.collect::<Vec<&str>>().join(".")
        };
        let ways = [with_dots(&in_names), with_dots(&is_letter)];
        let is_other = |way: &&String| way.contains('.') && *way != name;
        let mut found = ways.iter().filter(is_other);
        let (entity, meant) =
            found.find_map(|way| Some((self.resolver().resolve(scope, way, wanted).ok()?, way.clone())))?;
        let help = format!("write `{meant}`");
        let finding = Diagnostic::error(UNRESOLVED_NAME, span, "the names of a path have dots between them");
        self.problems.push(finding.help(help.as_str()).fix(help, span, meant));
        Some(entity)
    }

    /// Reports names that mean nothing in a fact that takes one name, and was read as one of several words. Nothing is told if no word of it means anything.
    pub(super) fn parted_value(
        &mut self,
        at: ItemRef,
        value: &FactValue,
        scope: Option<ElementId>,
        wanted: &'static [&'static Class],
    ) -> bool {
        let files = self.files.clone();
        let words: Vec<&str> = value.range.of(&files.file(at).text).split_whitespace().collect();
        let [first, rest @ ..] = &words[..] else { return false };
        if rest.is_empty() || first.starts_with(['"', '#']) {
            return false;
        }
        let span = Span::new(at.file, value.range);
        if let Some((entity, joined)) = self.joined(&words, scope, wanted) {
            self.is_one_name(span, joined);
            self.linked.references.note(at, value, entity);
            return true;
        }
        let meant = words.iter().find_map(|word| Some((self.resolver().resolve(scope, word, wanted).ok()?, word)));
        let Some((entity, meant)) = meant else { return false };
        let (fact, shown) = (value.fact.name, words.join(" "));
        let message = format!("`{fact}` takes one name, and `{shown}` is {} words", words.len());
        let help = format!("write `{meant}` alone, or the name that is meant");
        self.problems.push(Diagnostic::error(UNRESOLVED_NAME, span, message).help(help));
        self.linked.references.note(at, value, entity);
        true
    }

    /// Reports a text with commas of which each part is a name: `decision="one, two"`. A fact that names several has each by itself.
    pub(super) fn names_in_text(
        &mut self,
        at: ItemRef,
        value: &FactValue,
        (scope, name): (Option<ElementId>, &str),
        wanted: &'static [&'static Class],
    ) -> bool {
        let parts: Vec<&str> = name.split(',').map(str::trim).collect();
        let is_plain = |part: &&str| part.chars().all(|letter| letter.is_alphanumeric() || "-_.".contains(letter));
        if parts.len() < 2 || !value.fact.many || !parts.iter().all(is_plain) {
            return false;
        }
        let means = |part: &&str| self.resolver().resolve(scope, part, wanted).ok();
        let Some(meant) = parts.iter().map(means).collect::<Option<Vec<_>>>() else { return false };
        let files = self.files.clone();
        let is_property = files.file(at).text[..value.range.start as usize].ends_with('=');
        let sign = if is_property { format!(" {}=", value.fact.name) } else { " ".to_owned() };
        let written = parts.join(&sign);
        let span = Span::new(at.file, value.range);
        let finding =
            Diagnostic::error(UNRESOLVED_NAME, span, format!("`{name}` is {} names in one text", parts.len()));
        let shown = if is_property { format!("{}={written}", value.fact.name) } else { written.clone() };
        let help = format!("each stands by itself: `{shown}`");
        self.problems.push(finding.help(help.as_str()).fix(help, span, written));
        for entity in meant {
            self.linked.references.note(at, value, entity);
        }
        true
    }

    /// What several words mean if they are joined to one name, and that.
    fn joined(
        &self,
        words: &[&str],
        scope: Option<ElementId>,
        wanted: &'static [&'static Class],
    ) -> Option<(Entity, String)> {
        let means = |name: &str| self.resolver().resolve(scope, name, wanted).ok();
        SIGNS.iter().map(|sign| words.join(sign)).find_map(|name| Some((means(&name)?, name)))
    }

    /// Reports words that are one name.
    fn is_one_name(&mut self, whole: Span, joined: String) {
        let help = format!("write `{joined}`");
        let finding = Diagnostic::error(UNRESOLVED_NAME, whole, format!("`{joined}` is one name"));
        self.problems.push(finding.help(help.as_str()).fix(help, whole, joined));
    }

    /// `mix mix buy`: the name of a fact that stands again before the names that it takes, and is none of them. Whether it is so.
    pub(super) fn fact_twice(&mut self, (item, at): (&Item, ItemRef), value: &FactValue) -> bool {
        let files = self.files.clone();
        let file = files.file(at);
        let (whole, range) = (value.whole, value.range);
        let before = Range::new(whole.start, range.start).of(&file.text);
        let is_again =
            range.of(&file.text) == value.fact.name && before.trim_end_matches([' ', '\t']) == value.fact.name;
        let mut others = references(file, item).filter(|one| one.whole == whole && one.fact == value.fact);
        if !is_again || others.all(|other| other.range == range) {
            return false;
        }
        let again = Range::new(whole.start + value.fact.name.len() as u32, range.end);
        let message = format!("`{}` stands here twice", value.fact.name);
        let mut finding = Diagnostic::error(WRONG_VALUE, Span::new(at.file, range), message);
        finding.add_removal(Span::new(at.file, again));
        self.problems.push(finding);
        true
    }
}

//! What is said about names that mean nothing, and about those that mean two things.

use super::Linker;
use crate::entity::Entity;
use crate::facets::structure::ElementId;
use crate::items::{Files, ItemRef};
use crate::names::{NotFound, told_apart};
use crate::schema::{Class, phrase};
use groma_base::{Diagnostic, FileId, Label, Span, did_you_mean, list_words, nearest};
use rustc_hash::FxHashMap;

/// A name that means nothing.
pub const UNRESOLVED_NAME: &str = "unresolved-name";
/// Two things with one name.
pub const DUPLICATE_NAME: &str = "duplicate-name";

/// At most this many further uses of an unknown name are labelled.
const MOST_LABELS: usize = 4;
/// For at most this many unknown names near ones are looked for.
const MOST_SUGGESTIONS: usize = 200;
/// At most so often an unknown name is compared with a known one.
const MOST_COMPARISONS: usize = 2_000_000;
/// So many names are listed where none is near.
const MOST_NAMES: usize = 8;

/// The findings about names.
#[derive(Default)]
pub(crate) struct Problems {
    pub(crate) found: Vec<Diagnostic>,
    /// Where a name that means nothing was reported first.
    reported: FxHashMap<(FileId, Box<str>), usize>,
    /// How often an unknown name was compared with a known one.
    compared: usize,
}

impl Problems {
    /// Adds a finding.
    pub(crate) fn push(&mut self, finding: Diagnostic) {
        self.found.push(finding);
    }

    pub(super) fn duplicate(&mut self, files: &Files, at: ItemRef, first: ItemRef) {
        let message = format!("`{}` is declared twice", files.name(at));
        let finding = Diagnostic::error(DUPLICATE_NAME, files.name_span(at), message)
            .secondary(files.name_span(first), "first declared here")
            .help("rename one of them; to add parts to an element from another place, write `extend path { … }`");
        self.push(finding);
    }

    pub(super) fn no_element(&mut self, span: Span, name: &str, called: &str) {
        let finding = Diagnostic::error(UNRESOLVED_NAME, span, format!("`{name}` is a {called}, not an element"));
        self.push(finding.help("name an element in it"));
    }

    /// Whether a name was reported before in this file; then the new place is added as a label.
    fn is_reported(&mut self, span: Span, name: &str) -> bool {
        let Some(&first) = self.reported.get(&(span.file, name.into())) else { return false };
        let finding = &mut self.found[first];
        if finding.secondary.len() < MOST_LABELS && finding.primary.span != span {
            finding.secondary.push(Label { span, message: "and here".into() });
        }
        true
    }

    /// Whether near names are still looked for: in a text full of errors they cost much and help nobody.
    pub(crate) fn suggests(&self) -> bool {
        self.reported.len() < MOST_SUGGESTIONS && self.compared < MOST_COMPARISONS
    }

    /// Counts comparisons with known names.
    pub(crate) fn compares(&mut self, times: usize) {
        self.compared += times;
    }

    /// Reports a name that means nothing. The same name again in the same file is the same mistake: it only
    /// adds a label.
    pub(crate) fn unresolved(&mut self, span: Span, name: &str, what: &str, known: Vec<&str>) {
        if self.is_reported(span, name) {
            return;
        }
        self.compared += known.len();
        let near = nearest(name, known.iter().copied());
        self.unresolved_near(span, name, what, &near, (known, true));
    }

    /// Reports a name that means nothing and was not reported before, with those that may be meant; `known` are listed where
    /// there are none.
    fn unresolved_near(
        &mut self,
        span: Span,
        name: &str,
        what: &str,
        near: &[&str],
        (known, may_be_fixed): (Vec<&str>, bool),
    ) {
        self.reported.insert((span.file, name.into()), self.found.len());
        let finding = Diagnostic::error(UNRESOLVED_NAME, span, format!("there is no {what} called `{name}`"));
        let finding = finding.help(did_you_mean(near).unwrap_or_else(|| what_there_is(what, known)));
        let finding = match near {
            [only] if may_be_fixed => finding.fix(format!("write `{only}`"), span, *only),
            _ => finding,
        };
        self.push(finding);
    }
}

impl Linker {
    /// Reports a name that no element has, with near short names and paths.
    pub(crate) fn unresolved_element(&mut self, span: Span, name: &str) {
        if self.problems.is_reported(span, name) {
            return;
        }
        if !self.problems.suggests() {
            return self.problems.unresolved(span, name, "element", Vec::new());
        }
        let last = short(name);
        self.problems.compared += self.linked.elements.len();
        let paths: Vec<&str> = self.linked.elements.iter().map(|element| &*element.path).collect();
        let mut near: Vec<&str> = nearest(name, paths.iter().copied());
        near.extend(paths.iter().copied().filter(|path| short(path) == last).take(3));
        if near.is_empty() {
            let close = nearest(last, paths.iter().map(|path| short(path)));
            near.extend(paths.iter().copied().filter(|path| close.contains(&short(path))).take(3));
        }
        let mut seen: Vec<&str> = Vec::new();
        near.retain(|path| {
            !seen.contains(path) && {
                seen.push(path);
                true
            }
        });
        near.truncate(3);
        self.problems.unresolved_near(span, name, "element", &near, (Vec::new(), true));
    }

    /// Reports a name in a fact that means nothing there.
    pub(super) fn report_reference(
        &mut self,
        span: Span,
        (scope, name): (Option<ElementId>, &str),
        wanted: &'static [&'static Class],
        reason: &NotFound,
    ) {
        if self.problems.is_reported(span, name) {
            return;
        }
        match reason {
            NotFound::Other(Entity::Element(found)) => self.other_than_wanted(span, name, wanted, *found),
            NotFound::Several(meant) => self.several(span, name, meant),
            NotFound::Other(_) | NotFound::Nothing if wanted.iter().all(|class| class.is_element()) => {
                self.unresolved_element(span, name);
            }
            NotFound::Other(_) | NotFound::Nothing => {
                let what = phrase(wanted).replace(" a ", " ").replace(" an ", " ");
                let what = what.trim_start_matches("an ").trim_start_matches("a ").to_owned();
                let known = if self.problems.suggests() { self.resolver().names_of(wanted) } else { Vec::new() };
                let known: Vec<&str> = known.iter().map(String::as_str).collect();
                self.problems.compares(known.len());
                let near = nearest(name, known.iter().copied());
                // What fits several things, or none from here, is no correction.
                let may_be_fixed = near.iter().all(|near| self.resolver().resolve(scope, near, wanted).is_ok());
                self.problems.unresolved_near(span, name, &what, &near, (known, may_be_fixed));
            }
        }
    }

    fn other_than_wanted(&mut self, span: Span, name: &str, wanted: &'static [&'static Class], found: ElementId) {
        let (word, bare) = told_apart(name);
        let wanted_words = word.map_or_else(|| phrase(wanted), |word| format!("a {word}"));
        let message = format!("`{bare}` is a {}, not {wanted_words}", self.linked.elements[found].kind_name);
        let names = &self.linked.names;
        let mut known: Vec<&str> = wanted.iter().flat_map(|class| names.own_names(class).take(MOST_NAMES)).collect();
        known.sort_unstable();
        known.dedup();
        known.truncate(MOST_NAMES);
        let help = match known.as_slice() {
            _ if word.is_some() => "correct the word before the colon, or leave it out".to_owned(),
            [] => format!("name {wanted_words}"),
            known => format!("name {wanted_words}, such as {}", list_words(known.iter().copied(), "or")),
        };
        self.problems.push(Diagnostic::error(UNRESOLVED_NAME, span, message).help(help));
    }

    /// Reports a name that fits several things.
    fn several(&mut self, span: Span, name: &str, meant: &[Entity]) {
        let are_places = meant.iter().all(|entity| matches!(entity, Entity::Place(_)));
        let what = if are_places { "several places are called" } else { "several things are called" };
        let message = format!("{what} `{name}`");
        let resolver = self.resolver();
        let way = |entity: &Entity| match entity {
            Entity::Place(_) if are_places => {
                let way = resolver.unmistakable(*entity, name);
                way.split_once(':').map_or(way.clone(), |(_, path)| path.to_owned())
            }
            entity => resolver.unmistakable(*entity, name),
        };
        let ways = meant.iter().map(way).take(MOST_LABELS);
        let ways: Vec<String> = ways.collect();
        let finding = Diagnostic::error(UNRESOLVED_NAME, span, message);
        let help = format!("write {}", list_words(ways.iter().map(String::as_str), "or"));
        self.problems.push(finding.help(help));
    }
}

fn short(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

/// What to do about a name that nothing has and none is near to. A query lists elements and nothing else.
fn what_there_is(what: &str, mut known: Vec<&str>) -> String {
    if what == "element" {
        return "declare it, or correct the name; `groma query '*'` lists the elements".to_owned();
    }
    known.sort_unstable();
    known.dedup();
    match known.len() {
        0 => "declare it, or correct the name".to_owned(),
        1 => format!("declare it, or correct the name; there is {}", list_words(known, "and")),
        2..=MOST_NAMES => format!("declare it, or correct the name; there are {}", list_words(known, "and")),
        many => {
            let first: Vec<String> = known.iter().take(MOST_NAMES).map(|name| format!("`{name}`")).collect();
            format!("declare it, or correct the name; there are {} and {} more", first.join(", "), many - MOST_NAMES)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::what_there_is;
    use crate::link::link;
    use groma_base::FileId;
    use std::sync::Arc;

    /// The first help about the names in a text.
    fn help(text: &str) -> String {
        let (tree, errors) = groma_syntax::parse(text.to_owned());
        assert!(errors.is_empty(), "{text}");
        let (_, problems) = link(vec![Arc::new(crate::decode::decode(FileId(0), &tree))]);
        problems[0].help[0].clone()
    }

    #[test]
    fn what_there_is_of_the_kind_is_listed_where_no_name_is_near() {
        let query = "declare it, or correct the name; `groma query '*'` lists the elements";
        assert_eq!(help("person p; system s; p -> zzzz"), query);
        let known = "flow one; flow two; load peak; failure gone; slo up; ";
        for (wrong, expected) in [
            ("load l { mix zzzz; }", "there are `one` and `two`"),
            ("quality q { require p95 load=zzzz under=1s; }", "there is `peak`"),
            ("quality q { require p95 failure=zzzz under=1s; }", "there is `gone`"),
            ("alert a { slo zzzz; }", "there is `up`"),
        ] {
            let help = help(&format!("{known}{wrong}"));
            assert_eq!(help, format!("declare it, or correct the name; {expected}"), "{wrong}");
        }
    }

    #[test]
    fn long_lists_are_cut() {
        let names: Vec<String> = (0..20).map(|number| format!("n{number:02}")).collect();
        let told = what_there_is("flow", names.iter().map(String::as_str).collect());
        assert!(told.ends_with("`n06`, `n07` and 12 more"), "{told}");
        assert_eq!(what_there_is("flow", Vec::new()), "declare it, or correct the name");
    }
}

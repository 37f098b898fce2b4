//! The technologies that Groma knows by itself. They are written as a workspace writes its own, in the files of `catalogue/`, each with
//! where it was read; what could not be looked up is not in them.

use crate::decode::decode;
use crate::facets::technologies::class::TECHNOLOGY;
use crate::facets::technologies::facts::technology::{self, Category};
use crate::items::{FactValue, FileModel, Item, find_fact};
use crate::schema::Fact;
use groma_base::FileId;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

const FILES: [&str; 4] = [
    include_str!("catalogue/compute.groma"),
    include_str!("catalogue/data.groma"),
    include_str!("catalogue/languages.groma"),
    include_str!("catalogue/operations.groma"),
];

/// What Groma knows of a technology.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    file: &'static FileModel,
    item: &'static Item,
}

impl PartialEq for Entry {
    fn eq(&self, other: &Entry) -> bool {
        std::ptr::eq(self.item, other.item)
    }
}

impl Eq for Entry {}

impl std::hash::Hash for Entry {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        std::ptr::from_ref(self.item).hash(state);
    }
}

impl Entry {
    /// Its name, such as `postgresql`.
    pub fn name(self) -> &'static str {
        self.file.name(self.item)
    }

    /// Its name as its makers write it.
    pub fn title(self) -> &'static str {
        self.item.title.as_ref().map_or_else(|| self.name(), |title| self.file.text(title))
    }

    /// A fact of it.
    pub fn fact(self, fact: &'static Fact) -> Option<&'static FactValue> {
        find_fact(self.file.facts_of(self.item), fact)
    }

    /// All values of a fact.
    pub fn all(self, fact: &'static Fact) -> impl Iterator<Item = &'static FactValue> {
        self.file.facts_of(self.item).iter().filter(move |given| given.fact == fact)
    }

    /// A part of a fact.
    pub fn part(self, given: &'static FactValue, part: &'static Fact) -> Option<&'static str> {
        find_fact(self.file.parts_of(given), part).map(|part| self.words(part))
    }

    /// The words of a fact.
    pub fn text(self, fact: &'static Fact) -> Option<&'static str> {
        self.fact(fact).map(|given| self.words(given))
    }

    /// The words of a value.
    pub fn words(self, given: &'static FactValue) -> &'static str {
        self.file.words(given)
    }

    /// What it is for.
    pub fn category(self) -> Option<Category> {
        self.fact(&technology::CATEGORY)?.choice()
    }

    /// What people call it: its name, its title, and whatever else they write.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        let also = self.text(&technology::ALSO).unwrap_or_default();
        [self.name(), self.title()].into_iter().chain(also.split(',').map(str::trim)).filter(|name| !name.is_empty())
    }
}

/// The catalogue, read.
struct Catalogue {
    entries: Vec<Entry>,
    by_name: FxHashMap<String, Entry>,
}

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    let mut entries: Vec<Entry> = Vec::new();
    for (text, file) in FILES.into_iter().zip(0..) {
        let (tree, _) = groma_syntax::parse(text.to_owned());
        let file: &'static FileModel = Box::leak(Box::new(decode(FileId(file), &tree)));
        let items = file.items.iter().filter(|item| item.kind.is(&TECHNOLOGY));
        entries.extend(items.map(|item| Entry { file, item }));
    }
    entries.sort_by_key(|entry| entry.name());
    let names = entries.iter().flat_map(|entry| entry.names().map(|name| (plain(name), *entry)));
    let by_name = names.collect();
    Catalogue { entries, by_name }
});

/// All of the catalogue, in the order of their names.
pub fn entries() -> &'static [Entry] {
    &CATALOGUE.entries
}

/// What Groma knows of a technology that is called so.
pub fn catalogue(name: &str) -> Option<Entry> {
    CATALOGUE.by_name.get(&plain(name)).copied()
}

/// A name without what people write differently: case, blanks, dots, hyphens and the like.
pub fn plain(name: &str) -> String {
    let letters = name.chars().filter(|letter| letter.is_alphanumeric() || matches!(letter, '+' | '#'));
    letters.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::{FILES, entries, plain};
    use crate::facts::technology;
    use groma_base::{FileId, is_date};
    use rustc_hash::FxHashMap;

    #[test]
    fn the_catalogue_is_read_without_an_error() {
        for (text, file) in FILES.into_iter().zip(0..) {
            let (tree, errors) = groma_syntax::parse(text.to_owned());
            assert!(errors.is_empty(), "{errors:?}");
            let model = crate::decode::decode(FileId(file), &tree);
            assert!(model.problems.is_empty(), "{:?}", model.problems);
        }
        assert!(entries().len() > 500, "{}", entries().len());
    }

    #[test]
    fn each_name_means_one_technology() {
        let mut known: FxHashMap<String, &str> = FxHashMap::default();
        for entry in entries() {
            for name in entry.names() {
                let first = known.entry(plain(name)).or_insert(entry.name());
                assert_eq!(*first, entry.name(), "`{name}` means two");
            }
        }
    }

    #[test]
    fn each_entry_says_what_it_is_and_where_that_was_read() {
        let numbers = [
            &technology::CONNECTIONS,
            &technology::PAYLOAD,
            &technology::COLD_START,
            &technology::CPU_TIME,
            &technology::TIME_LIMIT,
            &technology::MEMORY_LIMIT,
            &technology::CONCURRENCY,
            &technology::VERSION,
        ];
        for entry in entries() {
            let name = entry.name();
            assert!(entry.category().is_some(), "{name}");
            let sources: Vec<_> = entry.all(&technology::SOURCE).collect();
            assert!(!sources.is_empty(), "{name}");
            let part = |part| sources.iter().map(move |given| entry.part(given, part));
            for seen in part(&technology::SOURCE_SEEN) {
                assert!(seen.is_some_and(is_date), "{name}");
            }
            let supported: String = part(&technology::SOURCE_FOR).flatten().collect::<Vec<_>>().join(", ");
            for number in numbers.into_iter().filter(|number| entry.fact(number).is_some()) {
                let is_supported = supported.split(',').any(|fact| fact.trim() == number.name);
                assert!(is_supported, "{name}: where was `{}` read?", number.name);
            }
            for language in
                entry.text(&technology::LANGUAGE).unwrap_or_default().split(',').filter(|one| !one.is_empty())
            {
                let known = super::catalogue(language);
                assert_eq!(
                    known.and_then(super::Entry::category),
                    Some(technology::Category::Language),
                    "{name}: {language}"
                );
            }
        }
    }
}

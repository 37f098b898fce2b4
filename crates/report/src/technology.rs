//! What Groma knows of technologies, in Markdown.

use groma_model::decode::FactValue;
use groma_model::facts::technology::{self, Category};
use groma_model::schema::Fact;
use groma_model::stack::{Entry, Support, catalogue, entries};
use std::fmt::Write;

/// The numbers of a technology, each with what it is called.
const NUMBERS: &[(&Fact, &str)] = &[
    (&technology::CONNECTIONS, "connections it accepts unless it is told otherwise"),
    (&technology::CONCURRENCY, "requests at once unless it is told otherwise"),
    (&technology::PAYLOAD, "the largest request, message or value"),
    (&technology::CPU_TIME, "the most processor time of one request"),
    (&technology::TIME_LIMIT, "the longest request or run"),
    (&technology::MEMORY_LIMIT, "the most memory of one instance"),
    (&technology::COLD_START, "to begin when it is not running"),
];

/// The page of a technology of the catalogue, or of all of a category.
pub fn technology_page(word: &str) -> Option<String> {
    match Category::of(word) {
        Some(category) => Some(category_page(category)),
        None => catalogue(word).map(page),
    }
}

/// Every technology of a category, each on a line.
pub fn category_page(category: Category) -> String {
    let words = category.meaning();
    let quadrant = category.quadrant().word();
    let mut page = format!(
        "# {}\n\nTechnologies for this purpose: {words}. On a radar they stand among the {quadrant}.\n\n",
        category.word()
    );
    for entry in entries().iter().filter(|entry| entry.category() == Some(category)) {
        let what = entry.text(&groma_model::facts::DESCRIPTION).unwrap_or_default();
        let _ = writeln!(page, "- `{}` {}: {what}", entry.name(), entry.title());
    }
    page
}

/// How many technologies are known of each category, in the order of the language.
pub fn categories() -> Vec<(Category, usize)> {
    let count = |category| entries().iter().filter(|entry| entry.category() == Some(category)).count();
    Category::ALL.iter().map(|category| (*category, count(*category))).collect()
}

/// The last day on which it was looked up which versions there are.
fn versions_seen(entry: Entry) -> Option<&'static str> {
    let is_of_versions = |given: &'static FactValue| {
        let of_what = entry.part(given, &technology::SOURCE_FOR).unwrap_or_default();
        of_what.split(',').any(|fact| fact.trim() == technology::VERSION.name)
    };
    let sources = entry.all(&technology::SOURCE).filter(|given| is_of_versions(given));
    sources.filter_map(|given| entry.part(given, &technology::SOURCE_SEEN)).max()
}

fn page(entry: Entry) -> String {
    let mut page = format!("# {}\n\n", entry.title());
    if let Some(what) = entry.text(&groma_model::facts::DESCRIPTION) {
        let _ = writeln!(page, "{}.\n", what.trim_end_matches('.'));
    }
    let category = entry.category();
    let said = [
        ("Called", Some(format!("`{}`", entry.names().collect::<Vec<_>>().join("`, `")))),
        ("For", category.map(|category| format!("{} ({})", category.word(), category.quadrant().word()))),
        (
            "Run by its vendor",
            entry
                .fact(&technology::MANAGED)
                .map(|given| (if given.flag() == Some(true) { "yes" } else { "no" }).to_owned()),
        ),
        ("Languages", entry.text(&technology::LANGUAGE).map(str::to_owned)),
        ("Platforms", entry.text(&technology::PLATFORM).map(str::to_owned)),
        ("Licence", entry.text(&technology::LICENCE).map(str::to_owned)),
        ("When to choose it", entry.text(&technology::WHEN).map(str::to_owned)),
        ("When not", entry.text(&technology::AVOID).map(str::to_owned)),
        ("Successor", entry.text(&technology::SUCCESSOR).map(str::to_owned)),
        ("Ended", entry.text(&technology::ENDED).map(str::to_owned)),
    ];
    for (heading, text) in said {
        if let Some(text) = text {
            let _ = writeln!(page, "- {heading}: {text}");
        }
    }
    for (fact, what) in NUMBERS {
        if let Some(value) = entry.text(fact) {
            let _ = writeln!(page, "- `{}` {value}: {what}", fact.name);
        }
    }
    for given in entry.all(&technology::VERSION) {
        let support = Support::Supported(entry.part(given, &technology::SUPPORT_UNTIL));
        let _ = writeln!(page, "- Version {} is {}", entry.words(given), support.words());
    }
    if let Some(day) = versions_seen(entry) {
        let _ = writeln!(page, "- Of versions that came later nothing is known: these were looked up on {day}");
    }
    page.push_str("\nRead at:\n\n");
    for given in entry.all(&technology::SOURCE) {
        let of_what =
            entry.part(given, &technology::SOURCE_FOR).map_or(String::new(), |facts| format!(", for {facts}"));
        let seen = entry.part(given, &technology::SOURCE_SEEN).unwrap_or_default();
        let _ = writeln!(page, "- {} ({seen}{of_what})", entry.words(given));
    }
    let _ = writeln!(
        page,
        "\nWhat you know better you say yourself: `technology {} \"{}\" …` (`groma explain technology`).",
        entry.name(),
        entry.title()
    );
    page
}

#[cfg(test)]
mod tests {
    use super::technology_page;

    #[test]
    fn a_page_says_since_when_versions_are_not_known() {
        let page = technology_page("go").unwrap();
        assert!(page.contains("- Of versions that came later nothing is known: these were looked up on 20"), "{page}");
        assert!(!technology_page("haskell").unwrap().contains("came later"));
    }
}

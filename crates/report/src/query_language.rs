//! The query language, to text.

use groma_model::query::{OtherSide, Sort, Term, kind_words, other_sides, vocabulary};

/// The page of the query language.
pub fn query_language() -> String {
    let rows = |sort: Sort| -> String {
        let of_sort = vocabulary().into_iter().filter(|term| term.sort == sort);
        of_sort.map(|term| format!("  {:15} {}\n", term.name, summary(&term))).collect()
    };
    let [signs, joins, words] = [Sort::Sign, Sort::Join, Sort::Word].map(rows);
    let [keys, comparisons, functions] = [Sort::Key, Sort::Comparison, Sort::Function].map(rows);
    let sides: String = other_sides().iter().map(|side| format!("  {:15} {}\n", side.name, seen_from(side))).collect();
    let kinds = word_lines(&kind_words());
    format!(
        "A query selects things: elements, unless it names another kind.\n\n\
         Names: a path such as `shop.core`. `requirement:search` is the requirement of that name. A name as it is written comes first, and\n\
         so does a kind, a tag, an owner, a zone, a group and a rule; where nothing is written so, other letters (`SHOP.core`) will do if one\n\
         alone has them.\n\n\
         Signs:\n{signs}\n\
         Joining terms:\n{joins}\n\
         Words:\n{words}  and each fact that says yes or no, such as `standby`\n\n\
         Terms `key:value`:\n{keys}  and each fact with words, such as `priority:must` or `protocol:HTTPS`, in letters of either case\n\n\
         Comparisons:\n{comparisons}  with any fact that has a number or a date, such as `due<2026-12-31`\n\n\
         What is not given is not compared: neither `timeout<1s` nor `timeout>=1s` selects what has no timeout, `not timeout<1s` does.\n\
         A default counts as given, but for `has`, unless it holds in some cases only.\n\n\
         Functions:\n{functions}  and each fact that names things, such as `realized-by(shop.core)`, `led-to(12)` or `owner(team:core)`\n\n\
         From the other side such a fact is a function with another name: what `decides` of decision 12 names is `decided-by(12)`.\n{sides}\n\
         Kinds:\n{kinds}\n\
         Examples:\n  shop.** and (kind:service or tag:core) and not uses(external)\n  \
         kind:requirement and priority:must and not realized\n  \
         kind:relationship and to(kind:database) and not has:pool\n  \
         kind:allow and in(shop.core) and expires<2026-12-31\n"
    )
}

/// The page of a word of the query language; `None` if it is none.
pub fn query_word_page(word: &str) -> Option<String> {
    let meant = vocabulary().into_iter().filter(|term| term.name == word);
    let line = |term: Term| format!("- as a {}: {}\n", term.sort.word(), summary(&term));
    let sides = other_sides().into_iter().filter(|side| side.name == word);
    let side = |side: OtherSide| format!("- as a function: {}\n", seen_from(&side));
    let lines: String = meant.map(line).chain(sides.map(side)).collect();
    (!lines.is_empty())
        .then(|| format!("# {word} in queries\n\n{lines}\n`groma explain query` explains the language.\n"))
}

/// All words of the query language.
pub fn query_words() -> impl Iterator<Item = &'static str> + Clone {
    let sides = other_sides().into_iter().map(|side| side.name);
    vocabulary().into_iter().map(|term| term.name).chain(sides)
}

/// What a function selects that a fact is from the other side.
fn seen_from(side: &OtherSide) -> String {
    let whose = if let [only] = side.of[..] { only.phrase } else { "a thing" };
    format!("what `{}` of {whose} names, given the name of that", side.fact.name)
}

/// What it selects, and of what it is asked if that is not elements.
fn summary(term: &Term) -> String {
    if term.of.is_empty() || term.of.iter().all(|class| class.is_element()) {
        return term.summary.to_owned();
    }
    let of = groma_base::list_words(term.of.iter().map(|class| class.word), "and").replace('`', "");
    format!("{} (of {of})", term.summary)
}

/// Words on lines of at most 100 characters.
fn word_lines(words: &[&str]) -> String {
    let mut lines = vec![String::from("  ")];
    for word in words {
        let last = lines.last_mut().expect("there is a line");
        if last.len() + word.len() + 1 > 100 {
            lines.push(format!("  {word} "));
        } else {
            last.push_str(word);
            last.push(' ');
        }
    }
    lines.iter().map(|line| format!("{}\n", line.trim_end())).collect()
}

#[cfg(test)]
mod tests {
    use super::{query_language, query_word_page};
    use groma_model::query::{other_sides, vocabulary};

    #[test]
    fn every_word_of_the_language_is_explained_and_listed() {
        let all = query_language();
        for term in vocabulary() {
            assert!(query_word_page(term.name).is_some_and(|page| page.contains(term.summary)), "{}", term.name);
            assert!(all.lines().any(|line| line.trim_start().starts_with(term.name)), "{}", term.name);
        }
        for side in other_sides() {
            let page = query_word_page(side.name).unwrap_or_default();
            assert!(page.contains(&format!("`{}`", side.fact.name)), "{}: {page}", side.name);
            assert!(all.contains(&format!("\n  {} ", side.name)), "{}", side.name);
        }
        assert!(all.contains("\n  follows-from    what `decision` of a choice between options names"), "{all}");
        assert_eq!(query_word_page("xyzzy"), None);
    }
}

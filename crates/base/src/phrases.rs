//! What names and lists of words are in the sentences of messages.

use std::borrow::Borrow;

/// `a`, `a or b`, `a, b or c`, each word in backquotes.
pub fn list_words<'a>(words: impl IntoIterator<Item = &'a str>, last: &str) -> String {
    let quoted: Vec<String> = words.into_iter().map(|word| format!("`{word}`")).collect();
    join_words(&quoted, last)
}

/// Phrases in a sentence as they are, with `last` before the last of several: `a, b or c`.
pub fn join_words<W: Borrow<str>>(words: &[W], last: &str) -> String {
    match words {
        [] => String::new(),
        [one] => one.borrow().to_owned(),
        [head @ .., tail] => format!("{} {last} {}", head.join(", "), tail.borrow()),
    }
}

/// What there is, in a sentence: `there is`, or `there are`, and the words.
pub fn there_are<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let words: Vec<&str> = words.into_iter().collect();
    let verb = if words.len() == 1 { "is" } else { "are" };
    format!("there {verb} {}", list_words(words, "and"))
}

/// What several of something are called: `steps of a flow`, `technologies`.
pub fn plural(one: &str) -> String {
    let (head, rest) = one.find(" of ").map_or((one, ""), |at| one.split_at(at));
    match head.strip_suffix('y') {
        Some(stem) => format!("{stem}ies{rest}"),
        None if head.ends_with('x') => format!("{head}es{rest}"),
        None => format!("{head}s{rest}"),
    }
}

/// So many of something.
pub fn counted(count: usize, one: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {}", plural(one)) }
}

/// The last part of a path, as what it names is called where it stands: `core` of `shop.core`.
pub fn last_part(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

/// The question that names what may be meant; `None` if nothing is near.
pub fn did_you_mean(near: &[impl AsRef<str>]) -> Option<String> {
    (!near.is_empty()).then(|| format!("did you mean {}?", list_words(near.iter().map(AsRef::as_ref), "or")))
}

/// That a name is an old one, and what to write for it: the message, the help, and the only name that is meant.
pub fn now_called<'n>(name: &str, today: &'n [String]) -> (String, String, Option<&'n str>) {
    let either = list_words(today.iter().map(String::as_str), "or");
    let message = match today {
        [_] => format!("`{name}` is now called {either}"),
        _ => format!("`{name}` is the old name of several things"),
    };
    let only = if let [only] = today { Some(only.as_str()) } else { None };
    (message, format!("write {either}"), only)
}

#[cfg(test)]
mod tests {
    use super::{counted, list_words};

    #[test]
    fn what_is_counted_is_called_by_its_plural() {
        let told = ["fix", "technology", "call of a flow"].map(|one| counted(2, one));
        assert_eq!(told, ["2 fixes", "2 technologies", "2 calls of a flow"]);
        assert_eq!(counted(1, "fix"), "1 fix");
    }

    #[test]
    fn the_last_of_several_words_has_another_between() {
        assert_eq!(list_words(["a", "b", "c"], "or"), "`a`, `b` or `c`");
        assert_eq!(list_words(["a"], "or"), "`a`");
    }
}

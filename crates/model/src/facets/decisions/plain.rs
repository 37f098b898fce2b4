//! Texts as plain words, to look names up in.

/// A text as words of letters and digits in lower case, one blank around each.
pub fn plain(text: &str) -> String {
    let words = text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

/// Whether whole words stand in a text; both plain.
pub(crate) fn is_in(words: &str, text: &str) -> bool {
    format!(" {text} ").contains(&format!(" {words} "))
}

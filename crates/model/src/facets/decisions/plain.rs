//! Texts as plain words, to look names up in.

/// A text as words of letters and digits in lower case, one blank around each.
pub fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for word in text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()) {
        if !plain.is_empty() {
            plain.push(' ');
        }
        match word.is_ascii() {
            true => plain.extend(word.bytes().map(|byte| char::from(byte.to_ascii_lowercase()))),
            false => plain.push_str(&word.to_lowercase()),
        }
    }
    plain
}

/// Whether whole words stand in a text; both plain.
pub fn is_in(words: &str, text: &str) -> bool {
    place_in(words, text).is_some()
}

/// Where whole words stand first in a text; both plain. No words stand nowhere.
pub(crate) fn place_in(words: &str, text: &str) -> Option<usize> {
    let is_whole = |at: usize| {
        let (before, after) = (&text[..at], &text[at + words.len()..]);
        (before.is_empty() || before.ends_with(' ')) && (after.is_empty() || after.starts_with(' '))
    };
    let next = words.chars().next()?.len_utf8();
    let mut from = 0;
    while let Some(at) = text[from..].find(words).map(|at| from + at) {
        if is_whole(at) {
            return Some(at);
        }
        from = at + next;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{place_in, plain};

    #[test]
    fn whole_words_are_found() {
        assert_eq!(plain("  Use PostgreSQL-17, 'nicht' Äpfel! "), "use postgresql 17 nicht äpfel");
        for (words, text, place) in [
            ("use", "use a queue", Some(0)),
            ("queue", "a queued queue", Some(9)),
            ("a queue", "a queue", Some(0)),
            ("que", "a queue", None),
            ("x x", "xx x x", Some(3)),
            ("", "a queue", None),
            ("", "", None),
        ] {
            assert_eq!(place_in(words, text), place, "{words} in {text}");
        }
    }
}

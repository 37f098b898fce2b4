//! What a standard says of exceptions, as far as it says that there are none.

/// First words of a text that there is no exception, and words that say so together.
const SAYS_NONE: &[&str] = &["none", "never", "n/a"];
const SAY_NONE: &[[&str; 2]] = &[
    ["no", "exception"],
    ["no", "exceptions"],
    ["is", "none"],
    ["are", "none"],
    ["not", "granted"],
    ["never", "granted"],
    ["nobody", "grants"],
];

/// Words after which there is one all the same.
const BUT: &[&str] = &["but", "except", "unless", "without", "until", "other", "apart"];

/// Whether what is said of exceptions is that there is none. `Nobody but the board grants one` says that there is.
pub fn says_none(text: &str) -> bool {
    let lower = text.to_lowercase();
    let is_sign = |letter: char| !letter.is_alphanumeric() && letter != '/';
    let words: Vec<&str> = lower.split(is_sign).filter(|word| !word.is_empty()).collect();
    let says = words.first().is_none_or(|first| SAYS_NONE.contains(first))
        || words.windows(2).any(|two| SAY_NONE.iter().any(|none| none == two));
    says && !words.iter().any(|word| BUT.contains(word))
}

#[cfg(test)]
mod tests {
    use super::says_none;

    #[test]
    fn a_text_that_there_is_no_exception_is_understood() {
        for text in [
            "None.",
            "None: ask for more reviewers instead.",
            "none",
            "There are none",
            "No exceptions.",
            "Never",
            "Exceptions are not granted.",
            "n/a",
            "-",
        ] {
            assert!(says_none(text), "{text}");
        }
        for text in [
            "Ask the platform team, with a date.",
            "None but those of the board.",
            "No exceptions without a date; ask the platform team.",
            "No more than a month; ask Ines.",
            "Nobody but the board grants one.",
            "The team \"none\" grants it",
        ] {
            assert!(!says_none(text), "{text}");
        }
    }
}

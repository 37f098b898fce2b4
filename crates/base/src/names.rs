//! Near names for an unknown one, and lists of words for messages.

/// The candidates that look most like `word`, best first, at most three.
///
/// A candidate counts as near when its Damerau-Levenshtein distance is at most a third of the longer
/// word, or when one is a prefix of the other.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let lower = word.to_lowercase();
    let length = lower.chars().count();
    let mut found: Vec<(usize, &str)> = Vec::new();
    if length > LONGEST {
        return Vec::new();
    }
    for candidate in candidates {
        let other = candidate.to_lowercase();
        let other_length = other.chars().count();
        if other_length > LONGEST {
            continue;
        }
        let limit = (length.max(other_length) / 3).max(1);
        let prefix = length >= 3 && (other.starts_with(&lower) || (other_length >= 3 && lower.starts_with(&other)));
        if !prefix && length.abs_diff(other_length) > limit {
            continue;
        }
        let distance = strsim::damerau_levenshtein(&lower, &other);
        if distance <= limit || prefix {
            found.push((distance, candidate));
        }
    }
    found.sort();
    found.dedup();
    found.into_iter().take(3).map(|(_, candidate)| candidate).collect()
}

/// A longer word has no near ones: the comparison costs the product of the lengths.
const LONGEST: usize = 100;

/// `a`, `a or b`, `a, b or c`, each word in backquotes.
pub fn list_words<'a>(words: impl IntoIterator<Item = &'a str>, last: &str) -> String {
    let quoted: Vec<String> = words.into_iter().map(|word| format!("`{word}`")).collect();
    match quoted.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [head @ .., tail] => format!("{} {last} {tail}", head.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_come_best_first() {
        assert_eq!(nearest("gatway", ["gateway", "getaway", "web"]), ["gateway", "getaway"]);
        assert_eq!(nearest("cor", ["core", "cart", "car"]), ["car", "core"]);
        assert!(nearest("x", ["database"]).is_empty());
        assert_eq!(list_words(["a", "b", "c"], "or"), "`a`, `b` or `c`");
    }
}

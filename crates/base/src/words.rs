//! Near names for an unknown one, and lists of words for messages.

use std::borrow::Cow;

/// The candidates that look most like `word`, best first, at most three.
///
/// A candidate counts as near when its Damerau-Levenshtein distance is at most a third of the longer
/// word, or when one is a prefix of the other.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let lower = in_lower_case(word);
    let length = lower.chars().count();
    let mut found: Vec<(usize, &str)> = Vec::new();
    if length > LONGEST {
        return Vec::new();
    }
    let letters = Letters::of(&lower);
    for candidate in candidates {
        let other = in_lower_case(candidate);
        let other_length = other.chars().count();
        if other_length > LONGEST {
            continue;
        }
        let limit = (length.max(other_length) / 3).max(1);
        // What begins a word is an abbreviation of it; what it begins with is near only if it is most of it.
        let is_most = other_length >= 3 && 2 * other_length > length;
        let prefix = length >= 3 && (other.starts_with(&*lower) || (is_most && lower.starts_with(&*other)));
        if !prefix && (length.abs_diff(other_length) > limit || letters.least_distance(length, &other) > limit) {
            continue;
        }
        let distance = strsim::damerau_levenshtein(&lower, &other);
        // A name of which no letter is the same is another name.
        let is_other = distance >= length.max(other_length);
        if (distance <= limit || prefix) && !is_other {
            found.push((distance, candidate));
        }
    }
    found.sort();
    found.dedup();
    found.into_iter().take(3).map(|(_, candidate)| candidate).collect()
}

/// Whether a word differs from another by a slip of the pen, one letter of many, and is not just another word.
pub fn is_slip(word: &str, meant: &str) -> bool {
    meant.chars().count() >= LEAST_OF_A_SLIP && strsim::damerau_levenshtein(&in_lower_case(word), meant) == 1
}

/// In a shorter word one letter makes another word: `rps` of `rpo`.
const LEAST_OF_A_SLIP: usize = 5;

fn in_lower_case(word: &str) -> Cow<'_, str> {
    let is_lower = word.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase());
    if is_lower { Cow::Borrowed(word) } else { Cow::Owned(word.to_lowercase()) }
}

/// How often each letter occurs in a word, to see cheaply that another is far from it. Letters that share a counter
/// only make it look nearer.
struct Letters([i8; 128]);

impl Letters {
    fn of(word: &str) -> Letters {
        let mut counts = [0; 128];
        word.chars().for_each(|letter| counts[letter as usize % 128] += 1);
        Letters(counts)
    }

    /// A distance that the other word at least has: one change mends at most one letter too many and one too few.
    fn least_distance(&self, length: usize, other: &str) -> usize {
        let mut left = self.0;
        let (mut common, mut other_length) = (0, 0);
        for letter in other.chars() {
            let count = &mut left[letter as usize % 128];
            *count -= 1;
            common += usize::from(*count >= 0);
            other_length += 1;
        }
        length.max(other_length) - common
    }
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

/// The question that names what may be meant; `None` if nothing is near.
pub fn did_you_mean(near: &[impl AsRef<str>]) -> Option<String> {
    (!near.is_empty()).then(|| format!("did you mean {}?", list_words(near.iter().map(AsRef::as_ref), "or")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_distance_is_never_more_than_the_distance() {
        let words =
            ["", "a", "ab", "ba", "abc", "cab", "gateway", "getaway", "gatway", "übung", "aaaa", "aab", "á1", "x9y9"];
        for (a, b) in words.iter().flat_map(|a| words.iter().map(move |b| (a, b))) {
            let least = Letters::of(a).least_distance(a.chars().count(), b);
            assert!(least <= strsim::damerau_levenshtein(a, b), "{a} {b}: {least}");
        }
        assert_eq!(Letters::of("gatway").least_distance(6, "database"), 5, "common are a, t and a again");
    }

    #[test]
    fn near_names_come_best_first() {
        assert_eq!(nearest("gatway", ["gateway", "getaway", "web"]), ["gateway", "getaway"]);
        assert_eq!(nearest("cor", ["core", "cart", "car"]), ["car", "core"]);
        assert!(nearest("x", ["database"]).is_empty());
        assert_eq!(list_words(["a", "b", "c"], "or"), "`a`, `b` or `c`");
    }
}

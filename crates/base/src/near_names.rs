//! Which names an unknown one may be meant for.

use crate::phrases::did_you_mean;
use std::borrow::Cow;
use std::cmp::Reverse;

/// At most so many near words are of help: of more nobody reads each.
pub const MOST_NEAR: usize = 3;

/// The candidates that look most like `word`, best first, at most [`MOST_NEAR`]; of equally near ones those first that begin like it.
///
/// A candidate counts as near when its Damerau-Levenshtein distance is at most a third of the longer
/// word, or when one is a prefix of the other.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let lower = in_lower_case(word);
    let length = lower.chars().count();
    let mut found: Vec<(usize, bool, &str)> = Vec::new();
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
            let begins_otherwise = lower.chars().next() != other.chars().next();
            found.push((distance, begins_otherwise, candidate));
        }
    }
    found.sort();
    found.dedup();
    // What is the same word in other letters is meant before all that is only like it.
    if found.first().is_some_and(|(distance, ..)| *distance == 0) {
        found.retain(|(distance, ..)| *distance == 0);
    }
    found.into_iter().take(MOST_NEAR).map(|(.., candidate)| candidate).collect()
}

/// What to ask of whoever wrote a word that nothing is called: which of those that look like it is meant, or else of those that have a word
/// in common with it, as `lonely` and `lonely-actor` have. `None` if there are none.
pub fn may_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let known: Vec<&str> = known.into_iter().collect();
    let near = nearest(word, known.iter().copied());
    did_you_mean(&if near.is_empty() { akin(word, &known) } else { near })
}

/// At most [`MOST_NEAR`] names that have a word in common with one, those with most first.
fn akin<'a>(name: &str, known: &[&'a str]) -> Vec<&'a str> {
    let words = |name: &str| -> Vec<String> {
        let words = name.split(|sign: char| !sign.is_alphanumeric()).filter(|word| word.len() >= LEAST_IN_COMMON);
        words.map(str::to_lowercase).collect()
    };
    let own = words(name);
    let is_same = |a: &str, b: &str| a.starts_with(b) || b.starts_with(a);
    let in_common = |other: &str| {
        let others = words(other);
        own.iter().filter(|word| others.iter().any(|other| is_same(word, other))).count()
    };
    let mut found: Vec<(usize, &str)> = known.iter().map(|known| (in_common(known), *known)).collect();
    found.retain(|(count, _)| *count > 0);
    found.sort_by_key(|(count, known)| (Reverse(*count), *known));
    found.dedup();
    found.into_iter().take(MOST_NEAR).map(|(_, known)| known).collect()
}

/// Shorter words are in many names that have nothing to do with each other.
const LEAST_IN_COMMON: usize = 4;

/// Whether two names are the same but for capitals.
pub fn is_same_but_for_capitals(name: &str, other: &str) -> bool {
    in_lower_case(name) == in_lower_case(other)
}

/// The one of the near words that an unknown one is certainly meant for: what `--fix` may write without asking. All other near words
/// are shown as help and no more, for to write another word is to say something else. Certain is
///
/// - another way to write the same letters, with capitals, `-` or `_`;
/// - a slip of the pen, as [`is_slip`] has it.
///
/// Neither is where two of the near words are meant with the same right. (That words which are declared to be the same are certain
/// as well is said where they are declared.)
pub fn only_meant<'a>(word: &str, near: &[&'a str]) -> Option<&'a str> {
    let only = |fits: &dyn Fn(&str) -> bool| {
        let mut fitting = near.iter().copied().filter(|near| fits(near));
        let first = fitting.next();
        (first, first.is_some() && fitting.next().is_none())
    };
    let letters = letters_of(word);
    match only(&|near| letters_of(near) == letters) {
        (None, _) => {}
        (same, is_only) => return same.filter(|_| is_only),
    }
    let (slip, is_only) = only(&|near| is_slip(word, near));
    slip.filter(|_| is_only)
}

/// Whether two words have the same letters, with other capitals, `-` or `_`.
pub fn has_same_letters(word: &str, other: &str) -> bool {
    letters_of(word) == letters_of(other)
}

/// Whether a word differs from another by a slip of the pen, and is not just another word: two letters are swapped, or one is missing,
/// too many or wrong, in one of the parts that it has between its `.`, `-` and `_`. A name has five letters or more, and so has its part
/// unless it has several; then four are enough.
///
/// The first letter is right, for a word that begins otherwise may be the opposite (`sync` of `async`), and so are the digits, for they
/// number things (`core2`) and percentiles.
pub fn is_slip(word: &str, meant: &str) -> bool {
    let (word, meant) = (in_lower_case(word), in_lower_case(meant));
    let Some((name, other)) = only_difference(&word, &meant, &['.']) else { return false };
    let Some((part, other_part)) = only_difference(name, other, &['-', '_']) else { return false };
    let length = |part: &str| part.chars().count();
    let least = if length(part) < length(name) { LEAST_OF_A_SLIP - 1 } else { LEAST_OF_A_SLIP };
    let digits = |part: &str| part.chars().filter(char::is_ascii_digit).collect::<String>();
    length(name).min(length(other)) >= LEAST_OF_A_SLIP
        && length(part).min(length(other_part)) >= least
        && part.chars().next() == other_part.chars().next()
        && digits(part) == digits(other_part)
        && strsim::damerau_levenshtein(part, other_part) == 1
}

/// Whether a word differs from another, which is not too short for that, by one slip of the pen behind its first letter, whichever letters are
/// capitals. Another number and the plural are other words.
pub fn is_one_edit(word: &str, other: &str) -> bool {
    // Most words differ in more, which is seen without another form of them.
    if word.is_ascii() && other.is_ascii() {
        let [first, other_first] =
            [word, other].map(|one| one.bytes().next().map(|letter| letter.to_ascii_lowercase()));
        if word.len().abs_diff(other.len()) > 1 || first != other_first {
            return false;
        }
    }
    let (word, other) = (in_lower_case(word), in_lower_case(other));
    let digits = |word: &str| word.chars().filter(char::is_ascii_digit).collect::<String>();
    other.chars().count() >= LEAST_OF_A_SLIP - 1
        && word.chars().next() == other.chars().next()
        && digits(&word) == digits(&other)
        && word.strip_suffix('s') != Some(&*other)
        && strsim::damerau_levenshtein(&word, &other) == 1
}

/// Whether two words have the same letters in another order, whichever are capitals.
pub fn has_swapped_letters(word: &str, other: &str) -> bool {
    let sorted = |word: &str| {
        let mut letters: Vec<char> = in_lower_case(word).chars().collect();
        letters.sort_unstable();
        letters
    };
    sorted(word) == sorted(other)
}

/// The only part in which two texts of as many parts differ.
fn only_difference<'a>(a: &'a str, b: &'a str, separators: &[char]) -> Option<(&'a str, &'a str)> {
    let (parts, others): (Vec<&str>, Vec<&str>) = (a.split(separators).collect(), b.split(separators).collect());
    let mut differing = parts.iter().zip(&others).filter(|(part, other)| part != other);
    let (part, other) = differing.next().filter(|_| parts.len() == others.len())?;
    differing.next().is_none().then_some((*part, *other))
}

/// In a shorter word one letter makes another word: `rps` of `rpo`.
const LEAST_OF_A_SLIP: usize = 5;

/// The letters of a name, however its words are joined.
fn letters_of(word: &str) -> String {
    in_lower_case(word).chars().filter(|letter| !matches!(letter, '-' | '_')).collect()
}

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
    fn what_is_meant_is_certain_only_where_no_other_meaning_is_near() {
        let meant = |word: &'static str, near: &[&'static str]| only_meant(word, near);
        for (word, right) in [
            ("Database", "database"),
            ("read_replicas", "read-replicas"),
            ("readReplicas", "read-replicas"),
            ("tiemout", "timeout"),
            ("timeouts", "timeout"),
            ("databse", "database"),
            ("rate-limt", "rate-limit"),
            ("shop.gatway", "shop.gateway"),
            ("SHOP.CORE", "shop.core"),
        ] {
            assert_eq!(meant(word, &[right, "data"]), Some(right), "{word}");
            assert!(has_same_letters(word, right) || is_slip(word, right), "{word}");
        }
        for (word, other) in [
            ("miss-ratio", "hit-ratio"),
            ("write-replicas", "read-replicas"),
            ("minReplicas", "replicas"),
            ("p999", "p99"),
            ("mttd", "mttr"),
            ("min-connections", "connections"),
            ("latency-p99", "latency"),
            ("availability-zone", "availability"),
            ("sync", "async"),
            ("internal", "external"),
            ("unavailability", "availability"),
            ("prod", "production"),
            ("checkout2", "checkout1"),
            ("shard-a", "shard-b"),
            ("shop.db", "shop.dc"),
            ("eshop", "shops"),
        ] {
            assert_eq!(meant(word, &[other]), None, "{word}");
        }
        assert_eq!(meant("orders", &["Orders", "order"]), Some("Orders"));
        assert_eq!(meant("gatewa", &["gateway", "gatewax"]), None, "two are as near");
        assert_eq!(meant("a_b", &["a-b", "A-B"]), None, "two are the same");
    }

    #[test]
    fn what_has_a_word_in_common_is_asked_for_where_nothing_is_near() {
        let rules = ["lonely-actor", "lonely-element", "unknown-owner", "open-question"];
        let asked = |word: &str| may_mean(word, rules);
        assert_eq!(asked("lonely").as_deref(), Some("did you mean `lonely-actor` or `lonely-element`?"));
        assert_eq!(asked("missing-owners").as_deref(), Some("did you mean `unknown-owner`?"));
        assert_eq!(asked("open-qestion").as_deref(), Some("did you mean `open-question`?"));
        assert_eq!(asked("the-end"), None);
    }

    #[test]
    fn one_edit_is_a_slip_but_for_numbers_plurals_and_other_beginnings() {
        for (word, usual) in [("non", "none"), ("HTTSP", "https"), ("toekn", "token"), ("Kafak", "Kafka")] {
            assert!(is_one_edit(word, usual), "{word}");
        }
        for (word, other) in [("tokens", "token"), ("HTTP2", "HTTP"), ("trpc", "gRPC"), ("none", "none"), ("SQ", "SQL")]
        {
            assert!(!is_one_edit(word, other), "{word}");
        }
        assert!(has_swapped_letters("HTTSP", "https") && !has_swapped_letters("HTTSP", "HTTP"));
    }

    #[test]
    fn near_names_come_best_first() {
        assert_eq!(nearest("gatway", ["gateway", "getaway", "web"]), ["gateway", "getaway"]);
        assert_eq!(nearest("cor", ["core", "cart", "car"]), ["car", "core"]);
        assert!(nearest("x", ["database"]).is_empty());
        assert_eq!(nearest("A.api", ["b.api", "a.api", "ab.api"]), ["a.api"], "the same but for capitals comes alone");
    }
}

//! Which numbers of a text are scores and shares of a matrix, as a record has them that is made of a choice: they are what was calculated
//! from what the decision rests on, and nothing that it rests on.

/// Whether a text has a digit besides those of scores and shares: `Answers in 30 ms (4.5 of 5)` has, `All of us (5 of 5)` has not.
pub(super) fn has_figure(text: &str) -> bool {
    let raw: Vec<&str> = text.split_whitespace().collect();
    let words: Vec<&str> = raw.iter().map(|word| bare(word)).collect();
    let has_digit = |at: &usize| words[*at].bytes().any(|byte| byte.is_ascii_digit());
    // `(4 of 5)`, `scores 3.9 of 5`: the first of these is where the score stands.
    let is_score_at = |at: usize| {
        let closes = raw.get(at + 2).is_some_and(|word| word.starts_with("5)"));
        words[at + 1..].starts_with(&["of", "5"]) && (closes || words[..at].ends_with(&["scores"]))
    };
    let is_score = |at: usize| is_score_at(at) || at >= 2 && is_score_at(at - 2) || is_share(&words, at);
    (0..words.len()).filter(has_digit).any(|at| !is_score(at))
}

/// A word without the signs around it.
fn bare(word: &str) -> &str {
    word.trim_matches(|letter: char| !letter.is_alphanumeric() && letter != '%')
}

/// Whether a number is the share of a weight, or where the winner of a choice changes.
fn is_share(words: &[&str], at: usize) -> bool {
    let is_number = words[at].chars().all(|letter| letter.is_ascii_digit() || ".–-%".contains(letter));
    let (before, after) = (&words[..at], &words[at + 1..]);
    let is_share = after.starts_with(&["of", "the", "weight"]) || after.starts_with(&["of", "the", "weightings"]);
    let is_switch = matches!(after, ["or", "lower" | "higher", ..])
        || before.ends_with(&["weighed", "below"])
        || before.ends_with(&["weighed", "above"]);
    // `is 3.2 or lower (it is 4)`
    let is_now = matches!(before, [.., "or", "lower" | "higher", "it", "is"]);
    is_number && (is_share || is_switch || is_now)
}

#[cfg(test)]
mod tests {
    use super::has_figure;

    #[test]
    fn scores_and_shares_are_no_figures() {
        for text in [
            "Answers fast (30% of the weight)",
            "Team familiarity: How well does the team know it? (40% of the weight)",
            "Little to run: An extension of what runs (4–5 of 5)",
            "Chosen option: \"pg_trgm\", because by the criteria it scores 3.92–4.14 of 5. pg_trgm is firmly first: it wins 99.9%–100% of the weightings near the given one",
            "it is first, but not if the score of Redis by `cost` is 3.2 or lower (it is 4).",
            "and Redis would win if `cost` weighed below 2.5.",
            "no digits",
        ] {
            assert!(!has_figure(text), "{text}");
        }
        for text in [
            "Answers fast: a spike (65.2 ms, 2.71–2.77 of 5)",
            "300 people search at the same time.",
            "3 of 5 replicas answer",
            "PostgreSQL 16 is what we run (5 of 5)",
            "5 % of all, and 5 of the users",
        ] {
            assert!(has_figure(text), "{text}");
        }
    }
}

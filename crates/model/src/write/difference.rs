//! What tells two texts apart.

use groma_base::Range;

/// The part of a text that another one has replaced, in whole words, and by what. It is empty where something was only added.
pub fn difference(old: &str, new: &str) -> (Range, String) {
    let (olds, news) = (words(old), words(new));
    let same = |(a, b): &(&&str, &&str)| a == b;
    let length = |(word, _): (&&str, &&str)| word.len();
    let mut before: usize = olds.iter().zip(&news).take_while(same).map(length).sum();
    let backwards = olds.iter().rev().zip(news.iter().rev());
    let behind: usize = backwards.take_while(same).map(length).sum();
    let mut behind = behind.min(old.len().min(new.len()) - before);
    // What was added behind a word begins with the space before it.
    let added = |before: usize, behind: usize| &new[before..new.len() - behind];
    while before + behind == old.len() && added(before, behind).ends_with(' ') && old[..before].ends_with(' ') {
        (before, behind) = (before - 1, behind + 1);
    }
    (Range::new(before as u32, (old.len() - behind) as u32), added(before, behind).to_owned())
}

/// Words, and each character between them.
fn words(text: &str) -> Vec<&str> {
    text.split_inclusive(ends)
        .flat_map(|word| {
            word.char_indices().next_back().map_or([word, ""], |(last, letter)| {
                if ends(letter) { [&word[..last], &word[last..]] } else { [word, ""] }
            })
        })
        .filter(|word| !word.is_empty())
        .collect()
}

fn ends(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '=' | '{' | '}' | ';')
}

#[cfg(test)]
mod tests {
    use super::difference;

    #[test]
    fn a_difference_is_told_in_whole_words() {
        for (old, new, was, is) in [
            ("a replicas=2 b", "a replicas=20 b", "2", "20"),
            ("a replicas=12 b", "a replicas=2 b", "12", "2"),
            ("a pool=20 {", "a pool=20 min=20 {", "", " min=20"),
            ("a external {", "a external=#false {", "", "=#false"),
            ("a x=5s;", "a x=15s;", "5s", "15s"),
            ("a ö=ä", "a ö=ü", "ä", "ü"),
            ("a", "a", "", ""),
            ("a a", "a a a", "", " a"),
            ("a { b 5 }", "a { b 5 every=30s }", "", " every=30s"),
        ] {
            let (range, text) = difference(old, new);
            assert_eq!((range.of(old), &*text), (was, is), "{old} -> {new}");
            assert_eq!(groma_base::apply_edits(old, &[(range, &text)]), new);
        }
    }
}

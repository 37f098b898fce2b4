//! What a file is decoded to without looking for slips is what it is decoded to with that: random edits of single words never make a text in which
//! decoding would find a slip and did not look for it. `decode` asserts this of every text it reads in a debug build. What is told of such a
//! text in all, by linking and by the rules too, is judged by `mistakes` in `session`.

use groma_base::FileId;
use groma_model::decode::decode;
use groma_testing::Dice;
use std::fs;
use std::path::{Path, PathBuf};

/// The declarations of the examples, each a text of its own, so that a doubt about one says nothing of the others.
fn texts() -> Vec<String> {
    let mut waiting = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples")];
    let mut files: Vec<PathBuf> = Vec::new();
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            match path.extension() {
                Some(extension) if extension == "groma" => files.push(path),
                None => waiting.extend(path.is_dir().then_some(path)),
                _ => {}
            }
        }
    }
    files.sort();
    assert!(files.len() > 10, "{files:?}");
    let texts = files.iter().map(|file| fs::read_to_string(file).expect("a text"));
    let declarations = texts.flat_map(|text| text.split_inclusive("\n}\n").map(str::to_owned).collect::<Vec<_>>());
    declarations.filter(|text| text.split_whitespace().count() > 1).collect()
}

/// Where the words of a text begin and end; what stands between quotes is in one word.
fn words_of(text: &str) -> Vec<(usize, usize)> {
    let (mut words, mut start, mut is_quoted) = (Vec::new(), None, false);
    for (at, letter) in text.char_indices() {
        is_quoted ^= letter == '"';
        match start {
            Some(from) if letter.is_whitespace() && !is_quoted => {
                words.push((from, at));
                start = None;
            }
            None if !letter.is_whitespace() => start = Some(at),
            _ => {}
        }
    }
    words
}

/// A text with one of its words taken out, doubled, swapped with the next, joined with it, without its quotes, with an
/// arrow before it, or replaced by another.
fn edited(text: &str, words: &[(usize, usize)], dice: &mut Dice) -> String {
    let at = dice.roll(words.len() - 1);
    let ((start, end), (next, next_end)) = (words[at], words[at + 1]);
    let word = &text[start..end];
    let (other, other_end) = words[dice.roll(words.len())];
    let (until, meant) = match dice.roll(9) {
        0 => (end, String::new()),
        1 => (end, format!("{word} {word}")),
        2 => (next_end, format!("{} {word}", &text[next..next_end])),
        3 => (next, word.to_owned()),
        4 => (end, word.replace('"', "")),
        5 => (end, text[other..other_end].to_owned()),
        6 => (end, format!("{} {word}", &text[other..other_end])),
        7 => (end, format!("->{word}")),
        _ => (end, word.replace('=', " ")),
    };
    format!("{}{meant}{}", &text[..start], &text[until..])
}

#[test]
fn decoding_looks_for_slips_wherever_it_would_find_one() {
    let mut dice = Dice::new(20_260_101);
    for text in texts() {
        let words = words_of(&text);
        for _ in 0..2 * words.len() {
            let mutant = edited(&text, &words, &mut dice);
            let (tree, errors) = groma_syntax::parse(mutant);
            if errors.is_empty() {
                decode(FileId(0), &tree);
            }
        }
    }
}

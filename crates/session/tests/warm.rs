//! After any edit, what a session says is what a fresh reading of the same texts says.

use groma_session::{MemoryFiles, Session};
use std::path::{Path, PathBuf};

const TODAY: &str = "2026-01-01";

fn texts(example: &str) -> Vec<(String, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(example);
    let mut found: Vec<(String, String)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| {
            (format!("w/{}", entry.file_name().to_string_lossy()), std::fs::read_to_string(entry.path()).unwrap())
        })
        .collect();
    found.sort();
    found
}

fn open(texts: &[(String, String)]) -> Session {
    let borrowed: Vec<(&str, &str)> = texts.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    Session::open(&MemoryFiles::new(&borrowed), Path::new("w")).ok().unwrap()
}

/// A small generator of numbers: the same seed, the same edits.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) as usize % sides.max(1)
    }
}

/// One edit of one line: taken out, doubled, or changed in one of the ways that rules look at.
fn edit(text: &str, dice: &mut Dice) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let at = dice.roll(lines.len());
    let line = lines[at].clone();
    let changes: [(&str, &str); 10] = [
        ("HTTPS", "HTTP"),
        ("technology=", "owner="),
        ("description", "responsibility"),
        ("timeout 10s", "timeout 5s"),
        ("backoff=exponential", "backoff=none"),
        ("->", "-> shop."),
        ("\"The ", "\"Another "),
        ("external=#true", "external=#false"),
        ("data=personal", "data=card"),
        ("authentication=JWT", ""),
    ];
    match dice.roll(4) {
        0 => drop(lines.remove(at)),
        1 => lines.insert(at, line),
        _ => {
            let applicable: Vec<_> = lines
                .iter()
                .enumerate()
                .flat_map(|(at, line)| {
                    changes.iter().filter(|(from, _)| line.contains(from)).map(move |change| (at, change))
                })
                .collect();
            if let Some((at, (from, to))) = applicable.get(dice.roll(applicable.len())).copied() {
                lines[at] = lines[at].replacen(from, to, 1);
            }
        }
    }
    lines.join("\n") + "\n"
}

#[test]
fn a_session_after_edits_agrees_with_a_fresh_one() {
    for example in ["storefront", "orders", "orders-as-found"] {
        let original = texts(example);
        let mut dice = Dice(7);
        let mut texts = original.clone();
        let mut session = open(&texts);
        session.snapshot();
        for round in 0..250 {
            let file = dice.roll(texts.len());
            // Back to the original now and then, so that edits do not pile up into rubble.
            texts[file].1 = if round % 4 == 3 { original[file].1.clone() } else { edit(&texts[file].1, &mut dice) };
            session.set_text(&texts[file].0, texts[file].1.clone());
            let warm = session.snapshot().findings(TODAY);
            let cold = open(&texts).snapshot().findings(TODAY);
            assert_eq!(warm, cold, "{example}, round {round}, {}:\n{}", texts[file].0, texts[file].1);
        }
    }
}

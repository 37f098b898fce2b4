//! What is brought up to date after an edit is what a fresh run finds: the reach that each rule declares is true.
//!
//! The blocks of the pages, taken apart into several files, are edited at random. The seed is fixed: every run makes the
//! same edits.

use super::{TODAY, Workspace, blocks, declarations};
use crate::{Block, Findings, check, finish, rerun, run};
use groma_base::{Diagnostic, FileId};
use groma_model::Architecture;
use groma_testing::Dice;
use std::collections::{BTreeMap, BTreeSet};

const NAMES: [&str; 3] = ["a.groma", "b.groma", "c.groma"];

/// A block with its declarations spread over files.
fn spread(block: &Block, dice: &mut Dice) -> Block {
    let mut files: Vec<(&str, String)> = NAMES.map(|name| (name, String::new())).to_vec();
    for (name, text) in &block.files {
        if name.ends_with(".csv") {
            files.push((name, text.clone()));
            continue;
        }
        let mut own = dice.roll(NAMES.len());
        for declaration in declarations(text) {
            files[own].1 += &declaration;
            own = dice.roll(NAMES.len());
        }
    }
    Block { finds: block.finds, files }
}

/// A word of a text, as bytes: a value with the fact that it belongs to, if it stands behind one.
struct Word<'a> {
    start: usize,
    fact: Option<&'a str>,
    text: &'a str,
}

/// The words of a text; what is in quotes is one.
fn words(text: &str) -> Vec<Word<'_>> {
    let is_end = |letter: char| letter.is_whitespace() || matches!(letter, '{' | '}' | ';' | '"' | '=');
    let (mut found, mut at) = (Vec::new(), 0);
    while at < text.len() {
        let rest = &text[at..];
        let comment = rest.strip_prefix("//").map(|rest| 2 + rest.find('\n').unwrap_or(rest.len()));
        let quoted = rest.strip_prefix('"').map(|rest| 2 + rest.find('"').unwrap_or(rest.len() - 1));
        let length = comment.or(quoted).unwrap_or_else(|| rest.find(is_end).unwrap_or(rest.len()));
        if length > 0 && comment.is_none() {
            let fact = text[..at].strip_suffix('=').and_then(|before| before.rsplit(is_end).next());
            let word = &rest[..length];
            found.push(Word { start: at, fact, text: word });
        }
        at += length.max(1);
    }
    found
}

impl Word<'_> {
    fn is_quoted(&self) -> bool {
        self.text.starts_with('"')
    }

    fn is_number(&self) -> bool {
        self.text.starts_with(|letter: char| letter.is_ascii_digit())
    }

    fn is_bare(&self) -> bool {
        self.fact.is_none() && !self.is_quoted()
    }
}

/// What stands on the pages, to edit others with.
struct Stock {
    /// The values of facts.
    values: BTreeMap<String, BTreeSet<String>>,
    bare: BTreeSet<String>,
}

impl Stock {
    fn new() -> Stock {
        let mut stock = Stock { values: BTreeMap::new(), bare: BTreeSet::new() };
        let texts = blocks().flat_map(|(_, block)| block.files).map(|(_, text)| text);
        for text in texts {
            for word in words(&text) {
                if let Some(fact) = word.fact.filter(|fact| !fact.is_empty()) {
                    stock.values.entry(fact.into()).or_default().insert(word.text.into());
                } else if word.is_bare() {
                    stock.bare.insert(word.text.into());
                }
            }
        }
        stock
    }

    /// A fact with a value.
    fn fact(&self, dice: &mut Dice) -> String {
        let Some((fact, values)) = self.values.iter().nth(dice.roll(self.values.len())) else { return String::new() };
        format!("{fact}={}", one_of(values, dice))
    }
}

fn one_of<'a>(words: &'a BTreeSet<String>, dice: &mut Dice) -> &'a str {
    words.iter().nth(dice.roll(words.len())).map_or("", String::as_str)
}

/// A text with one word replaced.
fn replaced(text: &str, word: &Word<'_>, new: &str) -> String {
    format!("{}{new}{}", &text[..word.start], &text[word.start + word.text.len()..])
}

/// Titles and descriptions that rules look into, and some that they do not.
const TEXTS: [&str; 8] = [
    "\"A\"",
    "\"Another text\"",
    "\"Kubernetes 1.34\"",
    "\"Java 21, Go 1.24\"",
    "\"PostgreSQL\"",
    "\"s.c\"",
    "\"\"",
    "\"kind:system\"",
];
const NUMBERS: [&str; 7] = ["0", "1", "2", "7", "40", "99", "1000"];

/// One edit of a text, such as an author makes.
fn edited(text: &str, stock: &Stock, dice: &mut Dice) -> String {
    let is_meant: fn(&Word<'_>) -> bool = match dice.roll(10) {
        0 | 1 => |word| word.is_number(),
        2 => |word| word.is_quoted(),
        3..=5 => |word| word.fact.is_some(),
        6 | 7 => |word| word.fact.is_some() || word.is_quoted(),
        8 => |word| word.is_bare(),
        _ => return format!("\n{text}"),
    };
    let meant: Vec<Word<'_>> = words(text).into_iter().filter(|word| is_meant(word)).collect();
    let Some(word) = dice.pick(&meant) else { return text.to_owned() };
    let known = word.fact.and_then(|fact| stock.values.get(fact));
    match dice.roll(4) {
        0 => without(text, word),
        1 => replaced(text, word, &format!("{} {}", word.text, stock.fact(dice))),
        _ if word.is_number() => {
            let unit = word.text.trim_start_matches(|letter: char| letter.is_ascii_digit());
            replaced(text, word, &format!("{}{unit}", dice.one_of(&NUMBERS)))
        }
        _ if word.is_quoted() => replaced(text, word, dice.one_of(&TEXTS)),
        _ => replaced(text, word, one_of(known.unwrap_or(&stock.bare), dice)),
    }
}

/// A text without a fact, or without a word.
fn without(text: &str, word: &Word<'_>) -> String {
    let start = word.start - word.fact.map_or(0, |fact| fact.len() + 1);
    format!("{}{}", &text[..start], &text[word.start + word.text.len()..])
}

/// What is kept between edits.
struct Warm {
    arch: Architecture,
    unresolved: Vec<Diagnostic>,
    found: Findings,
}

impl Warm {
    fn new(workspace: &Workspace) -> Warm {
        let (arch, unresolved) = workspace.link();
        Warm { found: run(&arch), arch, unresolved }
    }

    /// Brought up to date after a file has changed, as a session does it; `None` if all must be linked anew.
    fn after(self, workspace: &Workspace, file: FileId) -> Option<Warm> {
        let points_here = |finding: &Diagnostic| {
            finding.primary.span.file == file || finding.secondary.iter().any(|label| label.span.file == file)
        };
        if self.unresolved.iter().any(points_here) {
            return None;
        }
        let model = &workspace.models[file.0 as usize];
        let same_numbers = self.arch.has_same_numbers(model);
        let arch = self.arch.with_file(model.clone())?;
        Some(Warm { found: rerun(&arch, self.found, file, same_numbers), arch, unresolved: self.unresolved })
    }
}

/// How what was brought up to date differs from what a fresh run finds: the rules, and what they say. Empty if it does not.
fn difference(workspace: &Workspace, warm: &Warm, cold: &Warm) -> (String, String) {
    let problems = |of: &Warm| workspace.problems(of.unresolved.clone());
    let told = finish(&warm.arch, &warm.found, problems(warm), TODAY).findings;
    let fresh = check(&cold.arch, problems(cold), TODAY);
    let only_in = |these: &[Diagnostic], those: &[Diagnostic]| -> Vec<Diagnostic> {
        these.iter().filter(|one| !those.contains(one)).cloned().collect()
    };
    let all = only_in(&told, &fresh).into_iter().map(|one| ("no more true", one));
    let all = all.chain(only_in(&fresh, &told).into_iter().map(|one| ("missed", one)));
    let (mut rules, mut said) = (String::new(), String::new());
    for (what, one) in all {
        rules += &format!("{} ", one.code);
        said += &format!("{what}: {}: {}\n", one.code, one.message);
    }
    (rules, said)
}

/// A workspace in edits: its files, and what is known of them.
struct Edited {
    block: Block,
    warm: Warm,
}

impl Edited {
    fn new(block: &Block, dice: &mut Dice) -> Edited {
        let block = spread(block, dice);
        Edited { warm: Warm::new(&Workspace::new(&block)), block }
    }

    /// Edits a file. `None` if all must be linked anew, else how what is kept differs from a fresh run, with the texts.
    fn edit(&mut self, stock: &Stock, dice: &mut Dice) -> Option<(String, String)> {
        let file = dice.roll(NAMES.len());
        let before = self.block.files[file].1.clone();
        self.block.files[file].1 = edited(&before, stock, dice);
        let workspace = Workspace::new(&self.block);
        let known = std::mem::replace(&mut self.warm, Warm::new(&workspace));
        let kept = known.after(&workspace, FileId(file as u32))?;
        let (rules, said) = difference(&workspace, &kept, &self.warm);
        // What is right is kept, so that faults of several edits show; what is wrong is told once.
        if said.is_empty() {
            self.warm = kept;
        }
        let texts: String = self.block.files.iter().map(|(name, text)| format!("// file: {name}\n{text}")).collect();
        Some((rules, format!("{said}{} was\n{before}\nand now there is\n{texts}", NAMES[file])))
    }
}

/// How often each block is taken apart, and how many edits follow each other.
const ROUNDS: usize = 6;
const EDITS: usize = 8;
/// How often that is done with a workspace that has nearly everything in it.
const WIDE_ROUNDS: usize = 60;

#[test]
fn what_is_brought_up_to_date_is_what_a_fresh_run_finds() {
    let (stock, mut dice) = (Stock::new(), Dice::new(7));
    let wide = Block { finds: true, files: vec![("main.groma", include_str!("wide.groma").to_owned())] };
    let pages = blocks().flat_map(|(_, block)| vec![block; ROUNDS]);
    let mut compared = 0;
    // One example for each rule that is wrong, or rules that are wrong together.
    let mut wrong: BTreeMap<String, String> = BTreeMap::new();
    for block in pages.chain(vec![wide; WIDE_ROUNDS]) {
        let mut workspace = Edited::new(&block, &mut dice);
        for _ in 0..EDITS {
            let Some((rules, shown)) = workspace.edit(&stock, &mut dice) else { continue };
            compared += 1;
            if !rules.is_empty() {
                wrong.entry(rules).or_insert(shown);
            }
        }
    }
    let shown: Vec<String> = wrong.into_iter().map(|(rules, shown)| format!("=== {rules}\n{shown}")).collect();
    let what_to_do = "what a rule finds depends on more than its `reach` promises (CONTRIBUTING.md): if in doubt it is `Reach::Whole`";
    assert!(shown.is_empty(), "of {compared} edits: {what_to_do}\n{}", shown.join("\n"));
    assert!(compared > 2_000, "only {compared} edits left the names as they were");
}

#[test]
fn the_words_of_a_text_are_its_values() {
    let found = words("load peak \"The peak\" rate=50/s { mix ask; } // error: [x] \"y\"");
    let found: Vec<_> = found.iter().map(|word| (word.fact, word.text)).collect();
    let of_load = [(None, "load"), (None, "peak"), (None, "\"The peak\""), (None, "rate"), (Some("rate"), "50/s")];
    assert_eq!(found, [&of_load[..], &[(None, "mix"), (None, "ask")]].concat());
}

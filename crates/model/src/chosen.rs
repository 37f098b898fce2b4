//! Which option a decision chose, where its words leave no doubt.

use crate::Architecture;
use crate::facets::decisions::class::DECISION;
use crate::facets::decisions::{is_in, place_in, plain};
use crate::facts::decision::{OPTION, OPTION_BECAUSE, OUTCOME};
use crate::items::{Chosen, FactValue, ItemRef, find_fact};
use crate::stack::catalogue;

/// What parts the chosen from what it was chosen over.
const OVER: [&str; 6] = [" over ", " instead of ", " rather than ", " in place of ", " and not ", ", not "];

/// How words begin by which one thing is preferred to another.
const PREFERS: [&str; 6] = ["chose", "choose", "prefer", "favo", "select", "pick"];

impl Architecture {
    /// The option that a decision chose: the one that its outcome names before it says over what, else the one that its title names;
    /// never one with a reason why it was rejected. `None` where no option or several are named.
    pub fn chosen_option(&self, decision: ItemRef) -> Option<&FactValue> {
        self.values_of(decision, &OPTION).nth(self.chosen(decision)?.option?)
    }

    /// What a decision chose, read once for all decisions of its file.
    fn chosen(&self, decision: ItemRef) -> Option<&Chosen> {
        let all = self.file(decision).chosen.get_or_init(|| {
            let (file, items) = (decision.file, &self.file(decision).items);
            let decisions = items.ids().filter(|item| items[*item].kind.is(&DECISION));
            decisions.map(|item| (item, self.read_chosen(ItemRef { file, item }))).collect()
        });
        let nth = all.binary_search_by_key(&decision.item, |(item, _)| *item).ok()?;
        Some(&all[nth].1)
    }

    fn read_chosen(&self, decision: ItemRef) -> Chosen {
        let option = self.read_option(decision);
        let words = option.map(|option| self.words(decision, option));
        let texts = [words, self.text(decision, &OUTCOME), Some(self.title(decision))];
        let said = texts.into_iter().flatten().map(|text| plain(before_over(&text.to_lowercase()))).collect();
        let mut all = self.values_of(decision, &OPTION);
        Chosen { option: option.and_then(|option| all.position(|one| std::ptr::eq(one, option))), said }
    }

    fn read_option(&self, decision: ItemRef) -> Option<&FactValue> {
        let is_rejected = |option: &FactValue| {
            let parts = self.file(decision).parts_of(option);
            find_fact(parts, &OPTION_BECAUSE).is_some()
        };
        let open: Vec<&FactValue> = self.values_of(decision, &OPTION).filter(|option| !is_rejected(option)).collect();
        let all: Vec<&FactValue> = self.values_of(decision, &OPTION).collect();
        let names: Vec<Vec<String>> = open
            .iter()
            .map(|option| {
                let nth = all.iter().position(|other| std::ptr::eq(*other, *option)).unwrap_or_default() + 1;
                names_of_option(self.words(decision, option), nth)
            })
            .collect();
        let outcome = self.text(decision, &OUTCOME);
        let texts = outcome.into_iter().chain([self.title(decision)]);
        texts.filter_map(|text| named_first(&names, text)).next().map(|nth| open[nth])
    }

    /// Whether the outcome of a decision says over what it was taken.
    pub fn says_over_what(&self, decision: ItemRef) -> bool {
        let outcome = format!(" {}", self.text(decision, &OUTCOME).unwrap_or_default().to_lowercase());
        let is_over = |words: &&&str| match **words {
            // `all over HTTPS` and `over the weekend` are no choices.
            " over " => PREFERS.iter().any(|stem| outcome.contains(stem)),
            ", not " | " and not " => outcome.split(**words).skip(1).any(|rest| !rest.starts_with("only ")),
            _ => true,
        };
        OVER.iter().filter(|words| outcome.contains(**words)).any(|words| is_over(&words))
            || is_rejecting(&plain(&outcome))
    }

    /// Whether the outcome of a decision says of an option that it was rejected.
    pub fn outcome_rejects(&self, decision: ItemRef, option: &FactValue) -> bool {
        let title = plain(self.words(decision, option));
        let outcome = self.text(decision, &OUTCOME).unwrap_or_default();
        let mut sentences = outcome.split(['.', ';', '\n']).map(plain);
        sentences.any(|sentence| is_in(&title, &sentence) && is_rejecting(&sentence))
    }

    /// Whether what a decision says was decided names something, before it says over what.
    pub fn decides_for(&self, decision: ItemRef, names: &[&str]) -> bool {
        let texts = self.said_for(decision);
        names.iter().map(|name| plain(name)).any(|name| texts.iter().any(|text| is_taken(&name, text)))
    }

    /// All that a decision is for by its words, to look many names up in: each run of up to four plain words that is not left behind.
    pub fn phrases_for(&self, decision: ItemRef) -> Vec<String> {
        self.said_for(decision).iter().flat_map(|text| runs(text, |_, _| true)).collect()
    }

    /// The same runs as far as the words around each say that it is taken: `Use Go and Python`, `Keep orders in PostgreSQL`, and not `Back up
    /// orders to MySQL` or `Offer a Java client`.
    pub fn phrases_taken(&self, decision: ItemRef) -> Vec<String> {
        let texts = self.text(decision, &OUTCOME).into_iter().chain([self.title(decision)]);
        texts.flat_map(taken_in).collect()
    }

    /// What a decision says was decided, before it says over what: its chosen option, its outcome and its title as plain words.
    fn said_for(&self, decision: ItemRef) -> &[String] {
        self.chosen(decision).map_or(&[], |chosen| &chosen.said)
    }
}

/// Whether an option says nothing by itself of what is chosen, so that two decisions may have it that have nothing to do with each other: `Yes`,
/// `Option 2`, `Do nothing`.
pub fn is_general_option(title: &str) -> bool {
    const WHOLE: [&str; 22] = [
        "yes",
        "no",
        "none",
        "neither",
        "both",
        "all",
        "nothing",
        "do nothing",
        "do it",
        "do not",
        "do not do it",
        "not now",
        "later",
        "wait",
        "no change",
        "status quo",
        "as is",
        "keep as is",
        "leave as is",
        "keep it as it is",
        "leave it as it is",
        "other",
    ];
    const NUMBERED: [&str; 9] =
        ["option", "alternative", "variant", "solution", "approach", "proposal", "candidate", "plan", "choice"];
    let words = plain(title);
    let is_number = |word: &str| word.len() == 1 || word.bytes().all(|byte| byte.is_ascii_digit());
    let is_numbered = match words.split_once(' ') {
        Some((first, rest)) => NUMBERED.contains(&first) && is_number(rest),
        None => is_number(title.trim()),
    };
    WHOLE.contains(&words.as_str()) || is_numbered
}

/// The runs of a few plain words that are not left behind, and of which the words before and behind say so.
fn runs(text: &str, is_meant: impl Fn(&[&str], &[&str]) -> bool) -> Vec<String> {
    const LONGEST: usize = 4;
    let words: Vec<&str> = text.split(' ').collect();
    let mut runs = Vec::new();
    for start in (0..words.len()).filter(|start| !is_left_behind(words[..*start].iter().rev().copied())) {
        let ends =
            (start + 1..=words.len().min(start + LONGEST)).filter(|end| is_meant(&words[..start], &words[*end..]));
        runs.extend(ends.map(|end| words[start..end].join(" ")));
    }
    runs
}

/// The runs of words that the sentences of a text say are taken.
fn taken_in(text: &str) -> Vec<String> {
    let sentences = text.split('\n').flat_map(|line| line.split(". ")).flat_map(|part| part.split([';', ':']));
    sentences.flat_map(|one| runs(&plain(before_over(&one.to_lowercase())), is_said_to_be_taken)).collect()
}

/// Beginnings of words by which something is taken: `use`, `uses`, `used`.
const TAKES: [&str; 9] = ["use", "using", "choos", "chose", "adopt", "select", "pick", "prefer", "introduc"];
/// The same of words by which something is put into what is taken, or made with it.
const PUTS: [&str; 24] = [
    "store",
    "storing",
    "keep",
    "kept",
    "persist",
    "save",
    "put",
    "hold",
    "writ",
    "build",
    "built",
    "implement",
    "run",
    "host",
    "migrat",
    "mov",
    "switch",
    "chang",
    "replac",
    "port",
    "rely",
    "bas",
    "go",
    "standardi",
];
/// Words between these and a name.
const INTO: [&str; 7] = ["in", "on", "with", "by", "to", "into", "onto"];
/// Words right before a name that say nothing.
const SMALL: [&str; 8] = ["the", "a", "an", "only", "both", "managed", "plain", "our"];
/// Beginnings of words by which nothing is taken yet.
const DOUBTS: [&str; 9] = ["evaluat", "consider", "whether", "compar", "test", "try", "assess", "investigat", "explor"];
/// Words right behind a name that is no part of another: not `MySQL client`.
const GOES_ON: [&str; 20] = [
    "for",
    "as",
    "to",
    "in",
    "on",
    "with",
    "and",
    "or",
    "at",
    "by",
    "everywhere",
    "only",
    "now",
    "today",
    "when",
    "where",
    "since",
    "but",
    "until",
    "it",
];

/// Whether the words before and behind a name say that it is what is taken.
fn is_said_to_be_taken(before: &[&str], behind: &[&str]) -> bool {
    let begins = |stems: &[&str], word: &str| stems.iter().any(|stem| word.starts_with(stem));
    let is_end =
        behind.first().is_none_or(|word| GOES_ON.contains(word) || word.starts_with(|one: char| one.is_ascii_digit()));
    if !is_end || before.iter().any(|word| begins(&DOUBTS, word)) {
        return false;
    }
    let mut near = before.iter().rev().copied().skip_while(|word| SMALL.contains(word));
    match near.next() {
        None => true,
        Some("and" | "or") => near.take(4).any(|word| begins(&TAKES, word)),
        Some(word) if INTO.contains(&word) => near.any(|word| begins(&PUTS, word) || begins(&TAKES, word)),
        Some(word) => begins(&TAKES, word),
    }
}

/// By what an option may be named, as plain words: its title, what the technology of that title is also called, and its place.
fn names_of_option(title: &str, nth: usize) -> Vec<String> {
    let also = catalogue(title).into_iter().flat_map(|entry| entry.names().map(plain).collect::<Vec<_>>());
    let letter = u8::try_from(nth).ok().filter(|nth| (1..=26).contains(nth)).map(|nth| char::from(b'a' + nth - 1));
    let place = [Some(format!("option {nth}")), letter.map(|letter| format!("option {letter}"))];
    [plain(title)].into_iter().chain(also).chain(place.into_iter().flatten()).collect()
}

/// Which one of some things a text names by one of its names before it says over what, if it is one alone. A name within another counts as
/// the longer one.
fn named_first(names: &[Vec<String>], text: &str) -> Option<usize> {
    let text = plain(before_over(&text.to_lowercase()));
    let longest = |nth: usize| names[nth].iter().filter(|name| is_taken(name, &text)).max_by_key(|name| name.len());
    let named: Vec<(usize, &String)> = (0..names.len()).filter_map(|nth| Some((nth, longest(nth)?))).collect();
    let is_part =
        |(nth, name): &(usize, &String)| named.iter().any(|(other, longer)| other != nth && is_in(name, longer));
    match named.iter().filter(|one| !is_part(one)).collect::<Vec<_>>()[..] {
        [(nth, _)] => Some(*nth),
        _ => None,
    }
}

/// Whether plain words say that something was not chosen.
fn is_rejecting(words: &str) -> bool {
    let all = ["rejected", "discarded", "dismissed", "ruled out", "not chosen", "decided against"];
    all.iter().any(|one| is_in(one, words))
}

/// Words before a name by which it is left behind.
const AGAINST: [&str; 16] = [
    "not",
    "no",
    "never",
    "avoid",
    "replace",
    "replaces",
    "replacing",
    "from",
    "drop",
    "leave",
    "remove",
    "retire",
    "stop",
    "without",
    "against",
    "instead",
];

/// Whether a text names something and does not say in the words right before that it is left behind; both plain.
fn is_taken(name: &str, text: &str) -> bool {
    let Some(at) = place_in(name, text) else { return false };
    !is_left_behind(text[..at].trim_end().rsplit(' ')) && !is_turned_down(&text[at + name.len()..])
}

/// Whether the words right behind a name say that it was not taken: `is rejected`, `has been ruled out`, `loses`.
fn is_turned_down(after: &str) -> bool {
    const SMALL: [&str; 8] = ["is", "was", "are", "were", "has", "have", "been", "being"];
    const DOWN: [&str; 14] = [
        "rejected",
        "discarded",
        "dismissed",
        "declined",
        "ruled",
        "out",
        "no",
        "not",
        "loses",
        "lost",
        "dropped",
        "retired",
        "removed",
        "replaced",
    ];
    let word = after.split_whitespace().find(|word| !SMALL.contains(word));
    word.is_some_and(|word| DOWN.contains(&word))
}

/// Whether the words right before a name, the nearest first, say that it is left behind.
fn is_left_behind<'t>(before: impl Iterator<Item = &'t str>) -> bool {
    const WORDS_BEFORE: usize = 4;
    // `replace MongoDB with PostgreSQL`: what follows these words is what comes instead.
    let is_turn = |word: &&str| ["with", "by", "to", "into"].contains(word);
    let before: Vec<&str> = before.take(WORDS_BEFORE).take_while(|word| !is_turn(word)).collect();
    // `from 2025 on`: what follows comes then.
    let is_time = |nth: usize| {
        let next = nth.checked_sub(1).map_or("", |next| before[next]);
        before[nth] == "from" && (next.starts_with(|one: char| one.is_ascii_digit()) || ["now", "then"].contains(&next))
    };
    before.iter().enumerate().any(|(nth, word)| AGAINST.contains(word) && !is_time(nth))
}

/// What a text says before the words that lead to what was not chosen, or to the reason.
fn before_over(lower: &str) -> &str {
    // Each of these begins with a blank or a comma.
    let mut places = lower.match_indices([' ', ',']).map(|(at, _)| at);
    let is_end = |at: &usize| OVER.iter().chain(&[" because "]).any(|words| lower[*at..].starts_with(words));
    &lower[..places.find(is_end).unwrap_or(lower.len())]
}

#[cfg(test)]
mod tests {
    use super::{is_general_option, is_left_behind, named_first, names_of_option, taken_in};

    #[test]
    fn an_option_may_say_nothing_by_itself() {
        for title in ["Yes", "Option 1", "option B", "2", "Do nothing", "Keep it as it is."] {
            assert!(is_general_option(title), "{title}");
        }
        for title in ["PostgreSQL", "Option 1: PostgreSQL", "Keep MySQL", "C#"] {
            assert!(!is_general_option(title), "{title}");
        }
    }

    #[test]
    fn the_words_around_a_name_say_whether_it_is_taken() {
        let is_taken = |text: &str| taken_in(text).iter().any(|run| run == "mysql");
        for text in [
            "MySQL",
            "Use MySQL",
            "We will use the managed MySQL 8 for orders.",
            "Use PostgreSQL and MySQL",
            "Keep orders in MySQL",
            "Migrate from PostgreSQL to MySQL",
            "Replace PostgreSQL with MySQL",
            "MySQL over PostgreSQL",
            "Chosen: MySQL. Orders must last.",
        ] {
            assert!(is_taken(text), "{text}");
        }
        for text in [
            "Evaluate MySQL",
            "Evaluate whether to use MySQL",
            "Back up orders to MySQL every night",
            "Generate MySQL clients from core",
            "Offer a MySQL client",
            "Use a MySQL-compatible schema",
            "Connect with the MySQL driver",
            "Do not use MySQL",
        ] {
            assert!(!is_taken(text), "{text}");
        }
    }

    #[test]
    fn words_before_a_name_may_leave_it_behind() {
        let words = |text: &'static str| text.rsplit(' ');
        assert!(is_left_behind(words("we replace")) && is_left_behind(words("do not use")));
        assert!(!is_left_behind(words("we replace mongodb with")) && !is_left_behind(words("we use")));
    }

    #[test]
    fn the_one_that_is_named_before_what_it_was_chosen_over_is_chosen() {
        let names = ["PostgreSQL", "MongoDB", "PostgreSQL with Citus"];
        let names: Vec<Vec<String>> = names.iter().zip(1..).map(|(name, nth)| names_of_option(name, nth)).collect();
        for (text, chosen) in [
            ("We will use PostgreSQL over MongoDB.", Some(0)),
            ("Chosen option: \"MongoDB\", because PostgreSQL is dear", Some(1)),
            ("Use PostgreSQL with Citus", Some(2)),
            ("Use both PostgreSQL and MongoDB", None),
            ("Use MySQL", None),
            ("We use Postgres.", Some(0)),
            ("We take option 2", Some(1)),
            ("Option C", Some(2)),
            ("MongoDB is rejected.", None),
            ("MongoDB has been ruled out; PostgreSQL it is", Some(0)),
            ("Instead of MongoDB we use PostgreSQL.", Some(0)),
            ("Use PostgreSQLite", None),
            ("We will not use MongoDB", None),
            ("We replace MongoDB with PostgreSQL", Some(0)),
            ("Migrate from MongoDB to PostgreSQL", Some(0)),
            ("For now MongoDB; from 2025 on PostgreSQL.", None),
        ] {
            assert_eq!(named_first(&names, text), chosen, "{text}");
        }
    }
}

//! The options that were considered, with what speaks for and against each.

use crate::document::{BOLD, Block, Document, Head, Kind, Type, Words};
use crate::parts::{Part, part};
use crate::record::Choice;
use crate::weigh::{self, Balance, said, weigh, without_sign, without_stop};
use crate::words::is_placeholder;

/// The options of a record.
pub(crate) fn options(document: &Document, heads: &[Head]) -> Vec<Choice> {
    let mut choices = Vec::new();
    for head in heads.iter().filter(|head| head.part == Part::Options) {
        choices.extend(of_section(document, heads, head));
        if let Some(value) = head.value.filter(|_| choices.is_empty()) {
            choices.extend(listed(document, value));
        }
    }
    for head in heads.iter().filter(|head| head.part == Part::ProsAndCons) {
        let is_empty = choices.is_empty();
        for (below, end) in below(heads, head) {
            let found = of_head(document, below, end);
            match same(&mut choices, &found.title.value, is_empty) {
                Some(choice) => join(choice, found),
                None if is_empty => choices.push(found),
                None => {}
            }
        }
    }
    choices.retain(|choice| !choice.title.value.is_empty() && !is_placeholder(&choice.title.value));
    choices
}

/// The options that a text lists, parted by semicolons.
pub(crate) fn listed(document: &Document, words: Words) -> Vec<Choice> {
    weigh::pieces(document, words)
        .into_iter()
        .map(|piece| choice(document, without_stop(document, piece), Balance::default()))
        .collect()
}

fn choice(document: &Document, title: Words, balance: Balance) -> Choice {
    let (title, is_rejected) = without_verdict(document, title);
    let mut balance = balance;
    // `Kafka (rejected)`, and below it why.
    if is_rejected && balance.why_not.is_none() && !balance.unweighed.is_empty() {
        balance.why_not = Some(balance.unweighed.remove(0));
    }
    Choice {
        title: said(document, title),
        pros: balance.good,
        cons: balance.bad,
        rejected_because: balance.why_not,
        about: balance.unweighed.into_iter().next(),
    }
}

/// Words behind the name of an option that say what became of it.
const CHOSEN: &[&str] = &["chosen", "selected", "accepted", "preferred", "recommended", "our choice"];
const REJECTED: &[&str] = &["rejected", "discarded", "dismissed", "not chosen", "not selected", "declined"];

/// The name of an option without what became of it, in parentheses or behind a colon or dash; and whether it was rejected.
fn without_verdict(document: &Document, title: Words) -> (Words, bool) {
    let text = document.text(title);
    let bare = text.trim_end_matches(|letter: char| !letter.is_alphanumeric());
    let verdict = |words: &&&str| {
        let start = bare.len().checked_sub(words.len()).filter(|start| bare.is_char_boundary(*start));
        let Some((before, end)) = start.map(|start| bare.split_at(start)) else { return false };
        end.eq_ignore_ascii_case(words) && before.trim_end().ends_with(['(', '[', ':', '-', '–', '—'])
    };
    let found = REJECTED.iter().find(verdict).map(|words| (words, true));
    let Some((words, is_rejected)) = found.or_else(|| CHOSEN.iter().find(verdict).map(|words| (words, false))) else {
        return (title, false);
    };
    let before = title.part(0, bare.len() - words.len());
    let is_sign = |letter: char| letter.is_whitespace() || "([:–—-*".contains(letter);
    (document.trimmed_of(before, is_sign), is_rejected)
}

fn join(choice: &mut Choice, other: Choice) {
    choice.pros.extend(other.pros);
    choice.cons.extend(other.cons);
    if choice.rejected_because.is_none() {
        choice.rejected_because = other.rejected_because;
    }
    if choice.about.is_none() {
        choice.about = other.about;
    }
}

fn of_section(document: &Document, heads: &[Head], head: &Head) -> Vec<Choice> {
    let own = &document.blocks[head.block + 1..head.own_end];
    let mut choices = table(document, own);
    if choices.is_empty() {
        choices = items(document, own);
    }
    let is_empty = choices.is_empty();
    for (below, end) in below(heads, head) {
        let found = of_head(document, below, end);
        match same(&mut choices, &found.title.value, is_empty) {
            Some(choice) => join(choice, found),
            None if is_empty => choices.push(found),
            None => {}
        }
    }
    choices
}

/// The headings one level below another that are no known words, each with where what is below it ends: a line of bold type is no heading to
/// Markdown, so that lines of bold type such as `Pros:` stand beside it and not below.
fn below<'h>(heads: &'h [Head], head: &'h Head) -> Vec<(&'h Head, usize)> {
    let inside = head.below(heads);
    let is_named = |other: &&Head| matches!(other.part, Part::Other | Part::Known | Part::TradeOffs);
    let level = inside.iter().filter(is_named).map(|other| other.level).min();
    let named: Vec<&Head> = inside.iter().filter(is_named).filter(|other| Some(other.level) == level).collect();
    let next = named.iter().skip(1).map(|next| next.block).chain([head.end]);
    named.iter().copied().zip(next).map(|(own, next)| (own, if own.level == BOLD { next } else { own.end })).collect()
}

fn of_head(document: &Document, head: &Head, end: usize) -> Choice {
    let balance = weigh(document, &document.blocks[head.block + 1..end], None);
    let title = document.blocks[head.block].words;
    choice(document, bare_title(document, title), balance)
}

/// A title without `Option 1:`, `2.` and signs before it, and without a stop after it.
fn bare_title(document: &Document, words: Words) -> Words {
    let words = without_sign(document, document.trimmed(words));
    let text = document.text(words);
    let mut rest = text;
    for word in ["option", "alternative", "position", "variant", "approach", "choice"] {
        if rest.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word)) {
            let after = rest[word.len()..].trim_start();
            let label = after.len() - after.trim_start_matches(char::is_alphanumeric).len();
            let signs = after[label..].trim_start();
            if (1..=2).contains(&label) && signs.starts_with([':', '-', '–', '—', '.', ')']) {
                rest = signs[signs.chars().next().map_or(0, char::len_utf8)..].trim_start();
                break;
            }
        }
    }
    let digits = rest.len() - rest.trim_start_matches(|letter: char| letter.is_ascii_digit()).len();
    if digits > 0 && rest[digits..].starts_with(['.', ')', ':']) && rest[digits + 1..].starts_with(' ') {
        rest = rest[digits + 1..].trim_start();
    }
    document.trimmed_of(words.part(text.len() - rest.len(), text.len()), |letter| {
        letter.is_whitespace() || ".:".contains(letter)
    })
}

/// The one of some options that a title means, signs and case apart: the same, or, unless all are found by their headings, one of which it
/// says more or less.
fn same<'c>(choices: &'c mut [Choice], title: &str, is_whole: bool) -> Option<&'c mut Choice> {
    let bare = |text: &str| {
        text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>()
    };
    let title = bare(title);
    let known: Vec<String> = choices.iter().map(|choice| bare(&choice.title.value)).collect();
    let begins = |own: &String| !own.is_empty() && (own.starts_with(&title) || title.starts_with(own.as_str()));
    let equal = known.iter().position(|own| *own == title);
    // Of several that it begins like, the longest says most of what it does.
    let nearest = || (0..known.len()).filter(|at| begins(&known[*at])).max_by_key(|at| known[*at].len());
    let at = equal.or_else(|| nearest().filter(|_| !is_whole && !title.is_empty()))?;
    choices.get_mut(at)
}

/// The items of a list as options.
fn items(document: &Document, blocks: &[Block]) -> Vec<Choice> {
    let Some(depth) = blocks.iter().find(|block| matches!(block.kind, Kind::Item { .. })).map(|block| block.depth)
    else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for (at, block) in blocks.iter().enumerate() {
        if !matches!(block.kind, Kind::Item { .. }) || block.depth != depth {
            continue;
        }
        let end =
            blocks[at + 1..].iter().position(|other| other.depth <= depth).map_or(blocks.len(), |next| at + 1 + next);
        found.push(of_item(document, block, &blocks[at + 1..end]));
    }
    found
}

fn of_item(document: &Document, item: &Block, inside: &[Block]) -> Choice {
    let words = without_sign(document, document.trimmed(item.words));
    let text = document.text(words);
    let mut balance = weigh(document, inside, None);
    let reason = weigh::reason(text);
    if let Some((_, start)) = reason {
        let words = without_stop(document, words.part(start, text.len()));
        // `Go (rejected: only one knows it)`
        let words = match document.text(words) {
            inside if inside.ends_with(')') && !inside.contains('(') => {
                document.trimmed_of(words, |letter| letter == ')' || letter.is_whitespace())
            }
            _ => words,
        };
        balance.why_not = Some(said(document, words));
    }
    let set_off = [Type::Strong, Type::Emphasis].into_iter().find_map(|set| document.set_so(set, words).next());
    let set_off = set_off.filter(|set| set.start == words.start);
    if let Some(set_off) = set_off.filter(|_| reason.is_none()) {
        let rest = words.part((set_off.end - words.start) as usize, text.len());
        let rest = document.trimmed_of(rest, |letter| letter.is_whitespace() || "*_,;:–—-".contains(letter));
        balance.unweighed.splice(0..0, Some(said(document, rest)).filter(|said| !said.value.is_empty()));
    }
    let parted = parted(text).filter(|_| set_off.is_none() && reason.is_none());
    if let Some((_, rest)) = parted {
        let said = said(document, document.trimmed(words.part(rest, text.len())));
        balance.unweighed.insert(0, said);
    }
    let title = match (set_off, reason) {
        (Some(set_off), _) => set_off,
        (None, None) if parted.is_some() => words.part(0, parted.map_or(text.len(), |(end, _)| end)),
        (None, Some((at, _))) => {
            document.trimmed_of(words.part(0, at), |letter| letter.is_whitespace() || ".,;:–—-(".contains(letter))
        }
        (None, None) => words,
    };
    choice(document, bare_title(document, title), balance)
}

/// Where the name of an option ends and what is said of it begins: `Amazon SQS: nobody here runs on it`. A label such as `Option 1:` is part
/// of no name, and a dash may be part of one.
fn parted(text: &str) -> Option<(usize, usize)> {
    const LONGEST_NAME: usize = 60;
    let at = text.find(": ").filter(|at| (1..=LONGEST_NAME).contains(at))?;
    let rest = at + ": ".len();
    let first = text.split_whitespace().next().unwrap_or_default().trim_end_matches(':');
    let is_label = ["option", "alternative", "position", "variant", "approach", "choice"]
        .iter()
        .any(|word| word.eq_ignore_ascii_case(first));
    (!is_label && text[rest..].split_whitespace().count() >= 3).then_some((at, rest))
}

/// The rows of a table as options: one column is called so.
fn table(document: &Document, blocks: &[Block]) -> Vec<Choice> {
    let mut found = Vec::new();
    let mut title = None;
    let mut head_block = None;
    for (at, block) in blocks.iter().enumerate() {
        let Kind::Row { cells, head } = &block.kind else { continue };
        let cells = &document.cells[cells.clone()];
        if *head {
            title = cells.iter().position(|cell| is_option_word(document.text(*cell)));
            head_block = Some(at);
        } else if let (Some(title), Some(head)) = (title.and_then(|at| cells.get(at)), head_block) {
            let rows = [blocks[head].clone(), block.clone()];
            found.push(choice(document, bare_title(document, *title), weigh(document, &rows, None)));
        }
    }
    found
}

fn is_option_word(text: &str) -> bool {
    let text = text.trim();
    ["option", "alternative", "approach"].iter().any(|word| word.eq_ignore_ascii_case(text))
        || part(text) == Part::Options
}

//! The words that records use, as tables: of sections and labels, of states and relations, of months, of templates.

use crate::record::State;
use rustc_hash::FxHashMap;
use std::sync::OnceLock;

/// What a section or a line of the header holds, by its heading or label.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Part {
    /// The status.
    Status,
    /// The date of the decision.
    Date,
    /// The date on which writing began.
    Created,
    /// The date of the last change.
    Updated,
    /// Who decided.
    Deciders,
    /// Who was asked.
    Consulted,
    /// Who was told.
    Informed,
    /// Context, problem, question.
    Context,
    /// Decision drivers.
    Drivers,
    /// Considered options.
    Options,
    /// Pros and cons of the options.
    ProsAndCons,
    /// What was decided.
    Outcome,
    /// Consequences of every kind.
    Consequences,
    /// Good consequences.
    Positive,
    /// Bad consequences.
    Negative,
    /// Consequences that are neither.
    Neutral,
    /// What speaks for an option.
    Pros,
    /// What speaks against an option.
    Cons,
    /// Why an option was rejected.
    WhyNot,
    /// Confirmation, validation, compliance.
    Confirmation,
    /// Links.
    Links,
    /// Facts about the record.
    Metadata,
    /// What this record replaces.
    Supersedes,
    /// What replaced this record.
    SupersededBy,
    /// What is decided, by name.
    Decides,
    /// The title.
    Title,
    /// The number.
    Number,
    /// A known word for something that no field holds: author, tags, notes.
    Known,
    /// No known word.
    Other,
}

use Part::*;

/// Headings and labels by their words in lower case, sorted by them.
const PARTS: &[(&str, Part)] = &[
    ("abstract", Known),
    ("accepted date", Date),
    ("accepted on", Date),
    ("additional information", Known),
    ("adr", Number),
    ("adr number", Number),
    ("advantages", Pros),
    ("alternatives", Options),
    ("alternatives considered", Options),
    ("alternatives considerees", Options),
    ("alternativen", Options),
    ("appendix", Known),
    ("approval date", Date),
    ("approved by", Deciders),
    ("approved on", Date),
    ("approver", Deciders),
    ("approvers", Deciders),
    ("argument", Known),
    ("arguments", Known),
    ("assumptions", Known),
    ("author", Known),
    ("author(s)", Known),
    ("authors", Known),
    ("background", Context),
    ("beratende", Consulted),
    ("betrachtete optionen", Options),
    ("category", Known),
    ("changelog", Known),
    ("compliance", Confirmation),
    ("conclusion", Outcome),
    ("confirmation", Confirmation),
    ("cons", Cons),
    ("consecuencias", Consequences),
    ("consecuencias negativas", Negative),
    ("consecuencias positivas", Positive),
    ("consequence", Consequences),
    ("consequences", Consequences),
    ("consequências", Consequences),
    ("considered alternatives", Options),
    ("considered options", Options),
    ("constraints", Known),
    ("consulted", Consulted),
    ("consultés", Consulted),
    ("context", Context),
    ("context & problem statement", Context),
    ("context and background", Context),
    ("context and problem", Context),
    ("context and problem statement", Context),
    ("context/problem", Context),
    ("contexte", Context),
    ("contexte et énoncé du problème", Context),
    ("contexto", Context),
    ("contexto y planteamiento del problema", Context),
    ("contributors", Known),
    ("conséquences", Consequences),
    ("conséquences négatives", Negative),
    ("conséquences positives", Positive),
    ("created", Created),
    ("created date", Created),
    ("created on", Created),
    ("creation date", Created),
    ("current status", Status),
    ("data", Date),
    ("date", Date),
    ("date accepted", Date),
    ("date approved", Date),
    ("date created", Created),
    ("date decided", Date),
    ("date of decision", Date),
    ("date of last update", Updated),
    ("date of review", Known),
    ("datum", Date),
    ("decided", Date),
    ("decided at", Date),
    ("decided by", Deciders),
    ("decided on", Date),
    ("decider", Deciders),
    ("decider(s)", Deciders),
    ("deciders", Deciders),
    ("decides", Decides),
    ("decision", Outcome),
    ("decision and rationale", Outcome),
    ("decision date", Date),
    ("decision drivers", Drivers),
    ("decision maker", Deciders),
    ("decision maker(s)", Deciders),
    ("decision makers", Deciders),
    ("decision outcome", Outcome),
    ("decision status", Status),
    ("decision-makers", Deciders),
    ("decisionmakers", Deciders),
    ("decisions", Outcome),
    ("decisión", Outcome),
    ("decisão", Outcome),
    ("deprecated by", Known),
    ("description", Known),
    ("details", Known),
    ("disadvantages", Cons),
    ("discussion", Known),
    ("document status", Status),
    ("drawbacks", Negative),
    ("drivers", Drivers),
    ("décideurs", Deciders),
    ("décision", Outcome),
    ("entscheidende", Deciders),
    ("entscheider", Deciders),
    ("entscheidung", Outcome),
    ("entscheidungsfaktoren", Drivers),
    ("estado", Status),
    ("facteurs de décision", Drivers),
    ("fecha", Date),
    ("final decision", Outcome),
    ("forces", Drivers),
    ("further information", Known),
    ("future work", Known),
    ("goals", Known),
    ("group", Known),
    ("history", Known),
    ("id", Number),
    ("impact", Known),
    ("implementation", Known),
    ("implementation notes", Known),
    ("implementation plan", Known),
    ("implications", Known),
    ("informed", Informed),
    ("informés", Informed),
    ("informierte", Informed),
    ("introduction", Context),
    ("issue", Context),
    ("issues", Known),
    ("konsequenzen", Consequences),
    ("kontext", Context),
    ("kontext und problemstellung", Context),
    ("last modified", Updated),
    ("last reviewed", Known),
    ("last updated", Updated),
    ("last-updated", Updated),
    ("lien", Links),
    ("liens", Links),
    ("links", Links),
    ("metadata", Metadata),
    ("mitigation", Known),
    ("mitigations", Known),
    ("more information", Links),
    ("motivation", Context),
    ("negative", Negative),
    ("negative consequence", Negative),
    ("negative consequences", Negative),
    ("negative impacts", Negative),
    ("negatives", Negative),
    ("neutral", Neutral),
    ("neutral consequences", Neutral),
    ("next steps", Known),
    ("non-goals", Known),
    ("note", Known),
    ("notes", Known),
    ("number", Number),
    ("obsoleted by", SupersededBy),
    ("obsoletes", Supersedes),
    ("opciones consideradas", Options),
    ("open questions", Known),
    ("options", Options),
    ("options considered", Options),
    ("options considérées", Options),
    ("outcome", Outcome),
    ("overview", Context),
    ("owner", Known),
    ("owners", Known),
    ("owning group", Known),
    ("participants", Known),
    ("positions", Options),
    ("positive", Positive),
    ("positive consequence", Positive),
    ("positive consequences", Positive),
    ("positive impacts", Positive),
    ("positives", Positive),
    ("problem", Context),
    ("problem statement", Context),
    ("proposal", Outcome),
    ("pros", Pros),
    ("pros & cons of the options", ProsAndCons),
    ("pros and cons", ProsAndCons),
    ("pros and cons of the alternatives", ProsAndCons),
    ("pros and cons of the options", ProsAndCons),
    ("prüfung", Confirmation),
    ("question", Context),
    ("rationale", Known),
    ("reason", Known),
    ("reason for rejection", WhyNot),
    ("reasons", Known),
    ("record status", Status),
    ("reference", Links),
    ("references", Links),
    ("related", Known),
    ("related adrs", Links),
    ("related artifacts", Links),
    ("related decisions", Links),
    ("related documents", Links),
    ("related links", Links),
    ("related principles", Known),
    ("related requirements", Known),
    ("relates to", Known),
    ("replaced by", SupersededBy),
    ("replaces", Supersedes),
    ("requirements", Known),
    ("resources", Links),
    ("review date", Known),
    ("reviewed", Known),
    ("reviewed by", Known),
    ("reviewer", Known),
    ("reviewers", Known),
    ("revision", Known),
    ("revision history", Known),
    ("rfc", Number),
    ("risks", Known),
    ("résultat de la décision", Outcome),
    ("scope", Known),
    ("see also", Known),
    ("solution", Outcome),
    ("stakeholders", Known),
    ("state", Status),
    ("status", Status),
    ("statut", Status),
    ("summary", Known),
    ("supercedes", Supersedes),
    ("superceded by", SupersededBy),
    ("superseded by", SupersededBy),
    ("supersedes", Supersedes),
    ("superseeded by", SupersededBy),
    ("superseeds", Supersedes),
    ("tags", Known),
    ("tags/labels", Known),
    ("technical story", Known),
    ("ticket", Known),
    ("timestamp", Date),
    ("title", Title),
    ("trade-offs", Known),
    ("tradeoffs", Known),
    ("type", Known),
    ("unresolved questions", Known),
    ("updated", Updated),
    ("updates", Known),
    ("userstory", Known),
    ("validation", Confirmation),
    ("version", Known),
    ("vor- und nachteile der optionen", ProsAndCons),
    ("what", Outcome),
    ("why", Known),
    ("why not", WhyNot),
    ("why not chosen", WhyNot),
    ("why rejected", WhyNot),
    ("título", Title),
    ("status quo", Known),
    ("결정 일자", Date),
    ("결정일", Date),
    ("작성일", Date),
    ("결정자", Deciders),
    ("決定者", Deciders),
    ("決定日", Date),
    ("作成日", Created),
    ("承認日", Date),
    ("tanggal", Date),
    ("nomor", Number),
    ("judul", Title),
    ("titel", Title),
    ("titre", Title),
    ("decision id", Number),
    ("decision number", Number),
    ("adr id", Number),
    ("record id", Number),
    ("stato", Status),
    ("статусы", Status),
    ("zustand", Status),
    ("contesto", Context),
    ("decisione", Outcome),
    ("conseguenze", Consequences),
    ("opzioni considerate", Options),
    ("alternativas consideradas", Options),
    ("alternativas", Options),
    ("alternatives considérées", Options),
    ("opções consideradas", Options),
    ("conséquence", Consequences),
    ("决策者", Deciders),
    ("决定", Outcome),
    ("上下文", Context),
    ("后果", Consequences),
    ("contexto e problema", Context),
    ("consequências positivas", Positive),
    ("consequências negativas", Negative),
    ("decision made", Date),
    ("decision taken", Date),
    ("effective date", Known),
    ("date proposed", Created),
    ("proposed date", Created),
    ("proposed on", Created),
    ("date de décision", Date),
    ("decisores", Deciders),
    ("tomadores de decisão", Deciders),
    ("décideur", Deciders),
    ("创建日期", Created),
    ("最后更新", Updated),
    ("创建时间", Created),
    ("作者", Known),
    ("date updated", Updated),
    ("last update", Updated),
    ("modified", Updated),
    ("updated on", Updated),
    ("revised", Updated),
    ("last revised", Updated),
    ("ステータス", Status),
    ("コンテキスト", Context),
    ("日付", Date),
    ("決定", Outcome),
    ("状态", Status),
    ("状態", Status),
    ("日期", Date),
    ("背景", Context),
    ("结果", Consequences),
    ("結果", Consequences),
    ("决策", Outcome),
    ("статус", Status),
    ("дата", Date),
    ("контекст", Context),
    ("решение", Outcome),
    ("последствия", Consequences),
    ("상태", Status),
    ("날짜", Date),
];

/// The table as a map, made once.
fn parts() -> &'static FxHashMap<&'static str, Part> {
    static MAP: OnceLock<FxHashMap<&'static str, Part>> = OnceLock::new();
    MAP.get_or_init(|| PARTS.iter().copied().collect())
}

/// So many bytes has the longest word of the table.
const LONGEST: usize = 60;

/// What a heading or label says that it holds.
pub(crate) fn part(words: &str) -> Part {
    let bare = bare(words);
    if bare.is_empty() || bare.len() > LONGEST {
        return Part::Other;
    }
    parts().get(bare.as_str()).copied().unwrap_or(Part::Other)
}

/// The words of a heading or label as the tables have them: in lower case, without numbering, signs, and what stands in parentheses
/// at the end; `_` between words is a blank.
fn bare(words: &str) -> String {
    let words = without_anchor(words).trim_start_matches(|letter: char| !letter.is_alphabetic());
    let words = words.trim_end_matches(|letter: char| !letter.is_alphanumeric() && letter != ')');
    let words = match words.strip_suffix(')').and_then(|_| words.rfind(" (")) {
        Some(at) => &words[..at],
        None => words,
    };
    if words.len() > LONGEST {
        return String::new();
    }
    let mut bare = String::with_capacity(words.len());
    for word in words.split(|letter: char| letter.is_whitespace() || letter == '_').filter(|word| !word.is_empty()) {
        if !bare.is_empty() {
            bare.push(' ');
        }
        match word.is_ascii() {
            true => bare.extend(word.bytes().map(|byte| char::from(byte.to_ascii_lowercase()))),
            false => bare.extend(word.chars().flat_map(char::to_lowercase)),
        }
    }
    bare
}

/// A heading without the name that some tools write behind it: `Status {#status}`.
pub(crate) fn without_anchor(words: &str) -> &str {
    if !words.ends_with('}') {
        return words;
    }
    words.rfind("{#").map_or(words, |at| words[..at].trim_end())
}

/// Words of states, in lower case.
const STATES: &[(&str, State)] = &[
    ("accepted", State::Accepted),
    ("approved", State::Accepted),
    ("proposed", State::Proposed),
    ("draft", State::Draft),
    ("rejected", State::Rejected),
    ("deprecated", State::Deprecated),
    ("superseded", State::Superseded),
    ("superceded", State::Superseded),
    ("superseeded", State::Superseded),
];

/// The state that one word names.
pub(crate) fn state(word: &str) -> Option<State> {
    let is_long_enough = (5..=11).contains(&word.len());
    let found = is_long_enough.then(|| STATES.iter().find(|(known, _)| known.eq_ignore_ascii_case(word)))?;
    found.map(|(_, state)| *state)
}

/// Which way a relation to another record leads.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Way {
    /// This record replaces the other.
    Supersedes,
    /// The other replaced this one.
    SupersededBy,
    /// Neither: amends, refines, see also.
    Beside,
}

/// Phrases that say how a record stands to another, in lower case; of two that fit the longer comes first.
const RELATIONS: &[(&str, Way)] = &[
    ("superseded by", Way::SupersededBy),
    ("superceded by", Way::SupersededBy),
    ("superseeded by", Way::SupersededBy),
    ("replaced by", Way::SupersededBy),
    ("obsoleted by", Way::SupersededBy),
    ("superseded-by", Way::SupersededBy),
    ("supersedes", Way::Supersedes),
    ("supercedes", Way::Supersedes),
    ("superseeds", Way::Supersedes),
    ("supersede", Way::Supersedes),
    ("supercede", Way::Supersedes),
    ("replaces", Way::Supersedes),
    ("obsoletes", Way::Supersedes),
    ("amended by", Way::Beside),
    ("amends", Way::Beside),
    ("updated by", Way::Beside),
    ("updates", Way::Beside),
    ("refined by", Way::Beside),
    ("refines", Way::Beside),
    ("clarified by", Way::Beside),
    ("clarifies", Way::Beside),
    ("extended by", Way::Beside),
    ("extends", Way::Beside),
    ("deprecates", Way::Beside),
    ("deprecated by", Way::Beside),
    ("relates to", Way::Beside),
    ("related to", Way::Beside),
    ("depends on", Way::Beside),
    ("see also", Way::Beside),
    ("see", Way::Beside),
];

/// The phrase of a relation that a text begins with, and its length.
pub(crate) fn relation_at(text: &str) -> Option<(usize, Way)> {
    let bytes = text.as_bytes();
    if !matches!(bytes.first()?.to_ascii_lowercase(), b's' | b'r' | b'o' | b'a' | b'u' | b'c' | b'e' | b'd') {
        return None;
    }
    let fits = |phrase: &str| {
        let head = bytes.get(..phrase.len()).is_some_and(|head| head.eq_ignore_ascii_case(phrase.as_bytes()));
        head && !bytes.get(phrase.len()).is_some_and(u8::is_ascii_alphanumeric)
    };
    RELATIONS.iter().find(|(phrase, _)| fits(phrase)).map(|(phrase, way)| (phrase.len(), *way))
}

/// Months by the first letters that tell them, in lower case.
const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// The number of the month that a word names, whole or cut short.
pub(crate) fn month(word: &str) -> Option<u32> {
    let word = word.trim_end_matches('.').to_ascii_lowercase();
    if word.len() < 3 {
        return None;
    }
    let at = MONTHS.iter().position(|month| month.starts_with(&word) || (word == "sept" && *month == "september"))?;
    Some(at as u32 + 1)
}

/// Whether a text stands where a value is still to come, or says that there is none.
pub(crate) fn is_nothing(text: &str) -> bool {
    const NOTHING: &[&str] =
        &["", "none", "null", "~", "-", "–", "—", "n/a", "na", "tbd", "tba", "todo", "?", "...", "…", "nil", "[]"];
    let text = text.trim().trim_end_matches('.');
    NOTHING.iter().any(|word| word.eq_ignore_ascii_case(text)) || is_placeholder(text)
}

/// Whether a text is what a template has where a value is to stand: `{…}`, `[a | b]`, `<…>`, `YYYY-MM-DD`.
pub(crate) fn is_placeholder(text: &str) -> bool {
    let text = text.trim().trim_matches('"').trim();
    let is_marked = text.starts_with(['{', '<', '[']);
    let is_pattern = text.len() < 80 && text.bytes().any(|byte| matches!(byte, b'Y' | b'y'));
    if !is_marked && !is_pattern {
        return false;
    }
    let within = |open, close| text.starts_with(open) && text.ends_with(close) && text.len() > 2;
    let is_link = text.contains("](");
    let upper = if is_pattern { text.to_ascii_uppercase() } else { String::new() };
    let upper = |pattern: &str| upper.contains(pattern);
    within('{', '}')
        || within('<', '>') && !text.contains("://")
        || within('[', ']') && !is_link && (text.contains('|') || text.contains(' '))
        || upper("YYYY-MM")
        || upper("YYYY/MM")
        || upper("DD.MM.YYYY")
        || upper("MM/DD/YYYY")
        || upper("DD/MM/YYYY")
}

/// Whether a title is what the template has there: `[short title of solved problem and solution]`.
pub(crate) fn is_placeholder_title(text: &str) -> bool {
    let within = |open, close| text.starts_with(open) && text.ends_with(close);
    let lower = text.to_lowercase();
    within('{', '}')
        || within('<', '>')
        || within('[', ']') && ["title", "name of"].iter().any(|word| lower.contains(word))
}

#[cfg(test)]
mod tests {
    use super::{PARTS, Part, month, part};

    #[test]
    fn no_word_is_long_or_stands_twice() {
        let mut words: Vec<&str> = PARTS.iter().map(|(word, _)| *word).collect();
        assert!(words.iter().all(|word| word.len() <= super::LONGEST && *word == super::bare(word)), "{words:?}");
        words.sort_unstable();
        assert!(words.windows(2).all(|two| two[0] != two[1]));
    }

    #[test]
    fn headings_are_known_by_their_bare_words() {
        for (words, expected) in [
            ("Decision Outcome", Part::Outcome),
            ("2. ✅ Decision", Part::Outcome),
            ("Considered Options (optional)", Part::Options),
            ("decision_makers", Part::Deciders),
            ("Status of the work", Part::Other),
            ("Author(s)", Part::Known),
        ] {
            assert_eq!(part(words), expected, "{words}");
        }
        assert_eq!((month("Sept."), month("mar"), month("ma"), month("marchpane")), (Some(9), Some(3), None, None));
    }
}

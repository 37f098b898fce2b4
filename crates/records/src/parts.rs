//! What sections and labels hold, by their words, in the languages in which records are met.

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
    /// What was given up for what: neither good nor bad among consequences, and more elsewhere.
    TradeOffs,
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
    ("about", Known),
    ("abstract", Known),
    ("accepted date", Date),
    ("accepted on", Date),
    ("additional information", Known),
    ("adr", Number),
    ("adr id", Number),
    ("adr number", Number),
    ("advantages", Pros),
    ("affects", Known),
    ("alternativas", Options),
    ("alternativas consideradas", Options),
    ("alternative considered", Options),
    ("alternativen", Options),
    ("alternatives", Options),
    ("alternatives considered", Options),
    ("alternatives considerees", Options),
    ("alternatives considérées", Options),
    ("alternatives evaluated", Options),
    ("alternatives rejected", Options),
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
    ("bad", Negative),
    ("benefits", Pros),
    ("beratende", Consulted),
    ("betrachtete optionen", Options),
    ("better", Positive),
    ("category", Known),
    ("changelog", Known),
    ("comments by", Known),
    ("comments until", Known),
    ("compliance", Confirmation),
    ("con", Cons),
    ("concerns", Known),
    ("conclusion", Outcome),
    ("confirmation", Confirmation),
    ("cons", Cons),
    ("consecuencias", Consequences),
    ("consecuencias negativas", Negative),
    ("consecuencias positivas", Positive),
    ("conseguenze", Consequences),
    ("consequence", Consequences),
    ("consequences", Consequences),
    ("consequências", Consequences),
    ("consequências negativas", Negative),
    ("consequências positivas", Positive),
    ("considered", Options),
    ("considered alternatives", Options),
    ("considered options", Options),
    ("considered solutions", Options),
    ("constraints", Known),
    ("consulted", Consulted),
    ("consultés", Consulted),
    ("conséquence", Consequences),
    ("conséquences", Consequences),
    ("conséquences négatives", Negative),
    ("conséquences positives", Positive),
    ("contesto", Context),
    ("context", Context),
    ("context & problem statement", Context),
    ("context and background", Context),
    ("context and problem", Context),
    ("context and problem statement", Context),
    ("context/problem", Context),
    ("contexte", Context),
    ("contexte et énoncé du problème", Context),
    ("contexto", Context),
    ("contexto e problema", Context),
    ("contexto y planteamiento del problema", Context),
    ("contra", Cons),
    ("contras", Cons),
    ("contributors", Known),
    ("costs", Known),
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
    ("date de décision", Date),
    ("date decided", Date),
    ("date of decision", Date),
    ("date of last update", Updated),
    ("date of review", Known),
    ("date proposed", Created),
    ("date updated", Updated),
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
    ("decision id", Number),
    ("decision made", Date),
    ("decision maker", Deciders),
    ("decision maker(s)", Deciders),
    ("decision makers", Deciders),
    ("decision number", Number),
    ("decision outcome", Outcome),
    ("decision result", Outcome),
    ("decision status", Status),
    ("decision taken", Date),
    ("decision-makers", Deciders),
    ("decisione", Outcome),
    ("decisionmakers", Deciders),
    ("decisions", Outcome),
    ("decisión", Outcome),
    ("decisores", Deciders),
    ("decisão", Outcome),
    ("deprecated by", Known),
    ("description", Known),
    ("details", Known),
    ("disadvantages", Cons),
    ("discussion", Known),
    ("disqualified", WhyNot),
    ("disqualified because", WhyNot),
    ("document status", Status),
    ("downsides", Cons),
    ("drawbacks", Negative),
    ("drivers", Drivers),
    ("décideur", Deciders),
    ("décideurs", Deciders),
    ("décision", Outcome),
    ("easier", Positive),
    ("effective date", Known),
    ("entscheidende", Deciders),
    ("entscheider", Deciders),
    ("entscheidung", Outcome),
    ("entscheidungsfaktoren", Drivers),
    ("estado", Status),
    ("evaluated options", Options),
    ("facteurs de décision", Drivers),
    ("feature name", Title),
    ("fecha", Date),
    ("feedback by", Known),
    ("feedback until", Known),
    ("final comment period", Known),
    ("final decision", Outcome),
    ("forces", Drivers),
    ("from rfc", Known),
    ("further information", Known),
    ("future work", Known),
    ("goals", Known),
    ("good", Positive),
    ("group", Known),
    ("harder", Negative),
    ("history", Known),
    ("id", Number),
    ("impact", Known),
    ("implementation", Known),
    ("implementation notes", Known),
    ("implementation plan", Known),
    ("implications", Known),
    ("informed", Informed),
    ("informierte", Informed),
    ("informés", Informed),
    ("introduction", Context),
    ("issue", Context),
    ("issues", Known),
    ("judul", Title),
    ("konsequenzen", Consequences),
    ("kontext", Context),
    ("kontext und problemstellung", Context),
    ("last call", Known),
    ("last modified", Updated),
    ("last reviewed", Known),
    ("last revised", Updated),
    ("last update", Updated),
    ("last updated", Updated),
    ("last-updated", Updated),
    ("led to", Known),
    ("lien", Links),
    ("liens", Links),
    ("links", Links),
    ("metadata", Metadata),
    ("mitigation", Known),
    ("mitigations", Known),
    ("modified", Updated),
    ("more information", Links),
    ("motivation", Context),
    ("nachteile", Cons),
    ("negative", Negative),
    ("negative consequence", Negative),
    ("negative consequences", Negative),
    ("negative impact", Negative),
    ("negative impacts", Negative),
    ("negative outcomes", Negative),
    ("negatives", Negative),
    ("neutral", Neutral),
    ("neutral consequences", Neutral),
    ("next steps", Known),
    ("nomor", Number),
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
    ("options evaluated", Options),
    ("opzioni considerate", Options),
    ("opções consideradas", Options),
    ("other options", Options),
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
    ("positive impact", Positive),
    ("positive impacts", Positive),
    ("positive outcomes", Positive),
    ("positives", Positive),
    ("pro", Pros),
    ("problem", Context),
    ("problem context", Context),
    ("problem statement", Context),
    ("proposal", Outcome),
    ("proposed date", Created),
    ("proposed on", Created),
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
    ("reason not chosen", WhyNot),
    ("reason rejected", WhyNot),
    ("reasons", Known),
    ("record id", Number),
    ("record status", Status),
    ("reference", Links),
    ("references", Links),
    ("rejected alternatives", Options),
    ("rejected because", WhyNot),
    ("rejected options", Options),
    ("rejection reason", WhyNot),
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
    ("required reviewers", Known),
    ("requirements", Known),
    ("resources", Links),
    ("result", Outcome),
    ("resulting decisions", Known),
    ("review", Known),
    ("review by", Known),
    ("review date", Known),
    ("review until", Known),
    ("reviewed", Known),
    ("reviewed by", Known),
    ("reviewer", Known),
    ("reviewers", Known),
    ("reviewers by role", Known),
    ("revised", Updated),
    ("revision", Known),
    ("revision history", Known),
    ("revisit", Known),
    ("rfc", Number),
    ("rfc pr", Known),
    ("rfcs", Known),
    ("risks", Known),
    ("rust issue", Known),
    ("résultat de la décision", Outcome),
    ("scope", Known),
    ("see also", Known),
    ("solution", Outcome),
    ("stakeholders", Known),
    ("start date", Created),
    ("state", Status),
    ("stato", Status),
    ("status", Status),
    ("status quo", Known),
    ("statut", Status),
    ("strengths", Pros),
    ("summary", Known),
    ("superceded by", SupersededBy),
    ("supercedes", Supersedes),
    ("superseded by", SupersededBy),
    ("supersedes", Supersedes),
    ("superseeded by", SupersededBy),
    ("superseeds", Supersedes),
    ("tags", Known),
    ("tags/labels", Known),
    ("tanggal", Date),
    ("technical story", Known),
    ("ticket", Known),
    ("timestamp", Date),
    ("titel", Title),
    ("title", Title),
    ("titre", Title),
    ("tomadores de decisão", Deciders),
    ("tracking issue", Known),
    ("trade-offs", TradeOffs),
    ("tradeoffs", TradeOffs),
    ("type", Known),
    ("título", Title),
    ("unresolved questions", Known),
    ("updated", Updated),
    ("updated on", Updated),
    ("updates", Known),
    ("upsides", Pros),
    ("userstory", Known),
    ("validation", Confirmation),
    ("version", Known),
    ("vor- und nachteile der optionen", ProsAndCons),
    ("vorteile", Pros),
    ("weaknesses", Cons),
    ("what", Outcome),
    ("what becomes easier", Positive),
    ("what becomes harder", Negative),
    ("what this makes easier", Positive),
    ("what this makes harder", Negative),
    ("why", Known),
    ("why it was rejected", WhyNot),
    ("why not", WhyNot),
    ("why not chosen", WhyNot),
    ("why not selected", WhyNot),
    ("why rejected", WhyNot),
    ("worse", Negative),
    ("written by", Known),
    ("zustand", Status),
    ("дата", Date),
    ("контекст", Context),
    ("последствия", Consequences),
    ("решение", Outcome),
    ("статус", Status),
    ("статусы", Status),
    ("コンテキスト", Context),
    ("ステータス", Status),
    ("上下文", Context),
    ("作成日", Created),
    ("作者", Known),
    ("决定", Outcome),
    ("决策", Outcome),
    ("决策者", Deciders),
    ("创建日期", Created),
    ("创建时间", Created),
    ("后果", Consequences),
    ("承認日", Date),
    ("日付", Date),
    ("日期", Date),
    ("最后更新", Updated),
    ("決定", Outcome),
    ("決定日", Date),
    ("決定者", Deciders),
    ("状态", Status),
    ("状態", Status),
    ("結果", Consequences),
    ("结果", Consequences),
    ("背景", Context),
    ("결정 일자", Date),
    ("결정일", Date),
    ("결정자", Deciders),
    ("날짜", Date),
    ("상태", Status),
    ("작성일", Date),
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
pub(crate) fn bare(words: &str) -> String {
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

#[cfg(test)]
mod tests {
    use super::{LONGEST, PARTS, Part, bare, part};

    #[test]
    fn no_word_is_long_or_stands_twice() {
        let mut words: Vec<&str> = PARTS.iter().map(|(word, _)| *word).collect();
        assert!(words.iter().all(|word| word.len() <= LONGEST && *word == bare(word)), "{words:?}");
        words.sort_unstable();
        assert!(words.windows(2).all(|two| two[0] != two[1]));
    }

    #[test]
    fn headings_are_known_by_their_bare_words() {
        for (words, expected) in [
            ("Decision Outcome", Part::Outcome),
            ("2. ✅ Decision", Part::Outcome),
            ("Considered Options (optional)", Part::Options),
            ("Status {#adr-12-status}", Part::Status),
            ("decision_makers", Part::Deciders),
            ("Status of the work", Part::Other),
            ("Author(s)", Part::Known),
        ] {
            assert_eq!(part(words), expected, "{words}");
        }
    }
}

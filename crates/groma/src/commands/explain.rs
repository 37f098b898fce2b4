//! `groma explain`: the page of a rule, a kind, or a part of the language.

mod known;

use crate::output::{Exit, Failure, print};
use crate::workspace;
use clap::Args;
use groma_base::{did_you_mean, join_words, list_words};
use groma_model::facets::FACETS;
use groma_model::kinds::{self, class};
use groma_model::schema::{Fact, Head, Kind, Type};
use groma_model::{Architecture, Container, ItemRef, facts};
use groma_session::Snapshot;
use std::path::Path;

/// Explain a rule, a kind of node, a fact, a technology, a decision or a topic
#[derive(Args)]
pub(crate) struct ExplainArgs {
    /// The name of a rule, a kind, a fact or a technology, or a topic; without one, the topics are listed. After it a workspace may
    /// stand, whose own facts, kinds, standards, technologies, decisions and choices are explained as well; a word that the language does not have is looked
    /// for in the folder where you are
    #[arg(allow_hyphen_values = true, num_args = 0..=3)]
    words: Vec<String>,
}

pub(crate) fn run(args: &ExplainArgs) -> Result<Exit, Failure> {
    let (words, path) = match &args.words[..] {
        [words @ .., last] if !words.is_empty() && workspace::is_workspace(last) => (words, Some(Path::new(last))),
        words => (words, None),
    };
    let word = match words {
        [] => {
            print(TOPICS)?;
            return Ok(Exit::Clean);
        }
        [word] => word.as_str(),
        // `technology postgresql`
        [topic, word] if topic == class::TECHNOLOGY.word => word,
        [_, unknown, ..] => {
            return Err(Failure::new(format!("`{unknown}` is no workspace"))
                .help("write one word, and after it perhaps a folder or a `.groma` file"));
        }
    };
    let word = without_sort(word);
    let snapshot = match path {
        Some(path) => Some(workspace::open_to_answer(path)?),
        // A word that the language does not have may be one of the workspace in which it is asked.
        None if built_in(word).is_none() => workspace::open_to_answer(Path::new(".")).ok(),
        None => None,
    };
    let own = snapshot.as_ref();
    let pages = [
        own.and_then(|own| own_page(word, own)),
        built_in(word),
        own.and_then(|own| groma_report::own_facts_on(&own.arch, kinds_named(word).first()?.word())),
    ];
    let Some(page) = joined(pages) else { return Err(unknown(word, own.map(|own| &own.arch))) };
    print(&page)?;
    Ok(Exit::Clean)
}

/// A word without what it is a name of, as it stands elsewhere where several things have one: `technology:go`, `fact:cost`.
fn without_sort(word: &str) -> &str {
    const SORTS: [&str; 6] = ["kind", "fact", "value", "rule", "standard", "technology"];
    let sorted = word.split_once(':').filter(|(sort, name)| SORTS.contains(sort) && !name.is_empty());
    sorted.map_or(word, |(_, name)| name)
}

/// The page of what the language, the rules and the catalogue of technologies have under this name.
fn built_in(word: &str) -> Option<String> {
    let page = match word {
        "rules" => rules(),
        "language" => language(),
        "query" => groma_report::query_language(),
        "units" => units(),
        "technologies" => technologies(),
        "baseline" => BASELINE.to_owned(),
        "relationship" | "relation" => kind_pages(kinds_named("->")),
        word if word == class::CONTAINER.word => {
            kind_pages(Container::ALL.iter().flat_map(|kind| kinds_named(kind.word())).collect())
        }
        word => match (groma_check::rule(word), kinds_named(word).as_slice()) {
            (Some(rule), _) => rule_page(rule),
            (None, kinds) => {
                let page = (!kinds.is_empty()).then(|| kind_pages(kinds.to_vec())).or_else(|| class_page(word));
                let in_queries = groma_report::query_word_page(word);
                let page = joined([page.or_else(|| fact_page(word)), value_page(word), in_queries]);
                return joined([page, groma_report::technology_page(word)]).or_else(|| other_name_page(word));
            }
        },
    };
    Some(page)
}

/// Several pages of one word, below each other: a `queue` is a kind of element, and what is required of one.
fn joined(pages: impl IntoIterator<Item = Option<String>>) -> Option<String> {
    let pages: Vec<String> = pages.into_iter().flatten().collect();
    (!pages.is_empty()).then(|| pages.join("\n"))
}

/// How many technologies Groma knows for each purpose.
fn technologies() -> String {
    let categories = groma_report::categories();
    let all: usize = categories.iter().map(|(_, count)| count).sum();
    let mut out = format!("Groma knows {all} technologies; `groma explain CATEGORY` lists those of one purpose:\n\n");
    for (category, count) in categories {
        out.push_str(&format!("  {:26} {count:3}  {}\n", category.word(), category.meaning()));
    }
    out
}

/// The page of what a workspace declares under this name.
fn own_page(word: &str, snapshot: &Snapshot) -> Option<String> {
    let place = |at: ItemRef| snapshot.sources.location(snapshot.arch.name_span(at));
    groma_report::own_page(&snapshot.arch, word, &place)
}

/// What can be explained.
const TOPICS: &str = "\
`groma explain WORD` explains:

  language    the syntax, and every kind of node
  query       how elements are selected
  units       the units of quantities
  rules       every rule, with what it finds
  baseline    how the findings of today are spared, and new ones fail
  container   all kinds of containers
  a kind      such as `service`, `flow`, `quality` or `'->'`
  a fact      such as `replicas`, `timeout` or `require`
  a value     such as `p95` or `landscape`
  a word of queries   such as `neighbours`, `has` or `and`
  a rule      such as `unresolved-name`
  technologies   what is known, by what it is for
  a technology   such as `postgresql`; or what it is for, such as `vector-database`

`groma explain WORD WORKSPACE` also explains its own facts, kinds, standards, technologies, decisions and choices.
";

/// What a baseline is, in Markdown; `docs/company-rules.md` says more.
const BASELINE: &str = "\
# baseline

The findings that a workspace had when a team began to look, listed in a file. They are spared, and new ones fail the check.

- `groma check --write-baseline FILE` lists all findings of today in a new file.
- `groma check --baseline FILE` spares those that are listed there, and says how many are gone.
- `groma check --baseline FILE --shrink` takes those out that are gone, and writes the others as they are called now.
- `groma check --baseline FILE --show-suppressed` also lists what is spared.
- `groma build --baseline FILE` shows on the site what is spared apart from what is open.

Each line is one finding: how grave it is, its rule, and the address of what it is about, never the number of a line:
`warning[unguarded-dependency] shop.core -> bank`. One that has become graver is told. What was renamed stays known if it says
`was=old-name`. The list never grows: a file that is there is not written anew.

To excuse one finding for good, with a reason, write an `allow` where it is instead.
";

/// The page of a rule, with what its declaration says.
fn rule_page(rule: &groma_check::Rule) -> String {
    let blocks = if rule.blocks_forecast { BLOCKS } else { "" };
    let older = groma_check::ALIASES.iter().filter(|(_, name)| *name == rule.name).map(|(old, _)| *old);
    let older: Vec<&str> = older.collect();
    let formerly = if older.is_empty() { String::new() } else { format!("formerly {}\n", list_words(older, "and")) };
    format!("{}\n{} by default: {}\n{formerly}{blocks}", rule.page, rule.severity.word(), rule.summary)
}

/// What it means that a rule blocks forecasts.
const BLOCKS: &str = "blocks forecasts: where it finds something, nothing is simulated, even if an `allow` or `rule … severity=off` \
hides the finding\n";

fn kind_pages(kinds: Vec<&Kind>) -> String {
    kinds.into_iter().map(kind_page).collect::<Vec<_>>().join("\n")
}

/// What a word means that is a value of facts, such as `p95` or `landscape`.
fn value_page(word: &str) -> Option<String> {
    let mut meanings: Vec<(&str, Vec<String>)> = Vec::new();
    for kind in kinds::all() {
        for fact in kind.all_facts().flat_map(|fact| std::iter::once(fact).chain(fact.parts.iter().copied())) {
            let Type::OneOf(words) = fact.ty else { continue };
            let Some((_, meaning)) = words.iter().find(|(known, _)| *known == word) else { continue };
            let place = format!("`{}` of `{}`", fact.name, kind.name);
            match meanings.iter_mut().find(|(known, _)| known == meaning) {
                Some((_, places)) if places.contains(&place) => {}
                Some((_, places)) => places.push(place),
                None => meanings.push((meaning, vec![place])),
            }
        }
    }
    let line = |(meaning, places): &(&str, Vec<String>)| format!("- as {}: {meaning}\n", join_words(places, "or"));
    let lines: String = meanings.iter().map(line).collect();
    (!lines.is_empty()).then(|| format!("# {word}\n\n{lines}"))
}

/// The kinds of things that have a name together, such as the records, each with what it is.
fn class_page(word: &str) -> Option<String> {
    let kinds = kinds::all().filter(|kind| kind.class.word == word);
    let lines: String = kinds.map(|kind| format!("- `{}`: {}\n", kind.name, kind.summary)).collect();
    (!lines.is_empty()).then(|| format!("# {word}\n\nIts kinds, of which `groma explain KIND` says more:\n\n{lines}"))
}

fn kinds_named(word: &str) -> Vec<&'static Kind> {
    // Arrows share their sign; the class tells them apart: `connection`.
    let is_arrow = |kind: &Kind| matches!(kind.head, Head::Arrow) && kind.class.word == word;
    kinds::all().filter(|kind| kind.name == word || is_arrow(kind)).collect()
}

/// What a fact means, and on which kinds it may stand. Facts with one name can mean several things.
fn fact_page(name: &str) -> Option<String> {
    fact_pages(name, |fact| fact.is_called(name))
}

/// Where a fact stands: for each fact that it is a part of, or for itself, on which kinds.
type Places = Vec<(Option<&'static str>, Vec<&'static str>)>;

/// The facts for which this holds, under a name.
fn fact_pages(name: &str, is_one: impl Fn(&Fact) -> bool) -> Option<String> {
    let mut meanings: Vec<(&'static Fact, Places)> = Vec::new();
    for kind in kinds::all() {
        for fact in kind.all_facts() {
            let under = std::iter::once(fact).chain(fact.parts.iter().copied());
            for one in under.filter(|one| is_one(one)) {
                let whole = (one != fact).then_some(fact.name);
                let known = meanings.iter().position(|(known, _)| *known == one).unwrap_or_else(|| {
                    meanings.push((one, Places::new()));
                    meanings.len() - 1
                });
                let places = &mut meanings[known].1;
                match places.iter_mut().find(|(of, _)| *of == whole) {
                    Some((_, on)) => on.push(kind.name),
                    None => places.push((whole, vec![kind.name])),
                }
            }
        }
    }
    let page = |(fact, places): (&'static Fact, Places)| {
        let mut out = String::new();
        fact_lines(fact, 0, &mut out);
        let places = places.into_iter().map(|(whole, mut on)| {
            on.dedup();
            let on = on.join(", ");
            whole.map_or(on.clone(), |whole| format!("{whole} of {on}"))
        });
        let used = kinds::used_by(fact).map_or(String::new(), |used| format!("\nUsed by: {used}.\n"));
        format!("{out}\nOn: {}.\n{used}", places.collect::<Vec<_>>().join("; "))
    };
    let pages: Vec<String> = meanings.into_iter().map(page).collect();
    (!pages.is_empty()).then(|| format!("# {name}\n\n{}", pages.join("\n")))
}

/// What a word of other tools is called here, with the page of that; or what is written instead of it.
fn other_name_page(word: &str) -> Option<String> {
    let word = &*word.to_lowercase();
    let kinds = kinds::all().filter(|kind| kind.other_names.contains(&word)).map(|kind| kind.name);
    let facts = known::facts().filter(|fact| fact.other_names.contains(&word)).map(|fact| fact.name);
    let mut names: Vec<&str> = Vec::new();
    for name in kinds.chain(facts) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let habits = kinds::all().filter_map(|kind| Some((kind.name, kind.instead(word)?)));
    let mut told: Vec<String> = habits.map(|(kind, instead)| format!("In `{kind}`: {instead}.\n")).collect();
    told.dedup();
    if !names.is_empty() {
        told.insert(0, format!("`{word}` is called {} here.\n", list_words(names.iter().copied(), "or")));
    }
    if let [only] = names[..] {
        let kinds = kinds_named(only);
        told.push(if kinds.is_empty() {
            fact_pages(only, |fact| fact.other_names.contains(&word)).unwrap_or_default()
        } else {
            kind_pages(kinds)
        });
    }
    (!told.is_empty()).then(|| told.join("\n"))
}

fn unknown(word: &str, own: Option<&Architecture>) -> Failure {
    let thing = own.and_then(|arch| Some((arch, arch.resolve_short(word, &kinds::classes(), &|_| true).ok()?)));
    if let Some((arch, thing)) = thing {
        let address = arch.address(thing);
        return Failure::new(format!("`{word}` is a thing of the workspace, and none of the language")).help(format!(
            "`groma query {address}` shows it; `groma explain {}` explains what it is",
            arch.kind_word(arch.declared_at(thing))
        ));
    }
    let near = known::near(word, own);
    let topics = || format!("the topics are {}", list_words(known::TOPICS, "and"));
    Failure::new(format!("there is nothing called `{word}` to explain"))
        .help(did_you_mean(&near).unwrap_or_else(topics))
}

fn rules() -> String {
    let width = groma_check::RULES.iter().map(|rule| rule.name.len()).max().unwrap_or(0);
    groma_check::RULES
        .iter()
        .map(|rule| {
            let blocks = if rule.blocks_forecast { "; blocks forecasts" } else { "" };
            format!("{:width$}  {:7}  {}{blocks}\n", rule.name, rule.severity.word(), rule.summary)
        })
        .collect()
}

fn language() -> String {
    let mut out = "The syntax is KDL 2 (https://kdl.dev) with bare quantities such as 10s, 99.9%, 3..20.\nA statement is `kind name \"Title\" fact=value { parts }`; a relationship is `a -> b \"does what\"`.\n`groma explain KIND` says more about each:\n".to_owned();
    for facet in FACETS {
        out.push_str(&format!("\n{}\n", facet.title));
        for kind in facet.kinds {
            out.push_str(&format!("  {:12} {}\n", kind.name, kind.summary));
        }
    }
    out
}

/// The page of a kind, in Markdown.
pub(crate) fn kind_page(kind: &Kind) -> String {
    let mut out =
        format!("# {}\n\n{}.\n\n{}\n\n```groma\n{}\n```\n", kind.name, capital(kind.summary), kind.doc, kind.example);
    if let Head::Value(fact) | Head::Perhaps(fact) = kind.head {
        let may = if matches!(kind.head, Head::Perhaps(_)) { " and may be left out" } else { "" };
        out.push_str(&format!("\nIts first value is {}{may}: {}.\n", fact.expected(), fact.described()));
    }
    for (heading, facts) in grouped(kind) {
        out.push_str(&format!("\n{heading}:\n\n"));
        facts.into_iter().for_each(|fact| fact_lines(fact, 0, &mut out));
    }
    let inside: Vec<&str> = kinds::held_by(Some(kind)).map(|other| other.name).collect();
    if !inside.is_empty() {
        out.push_str(&format!("\nIts block may hold {}.\n", list_words(inside, "and")));
    }
    out
}

/// From how many facts on those of a kind are shown in groups.
const MANY: usize = 15;

/// The facts that are given most often, in the order in which they are shown.
const USUAL: &[&Fact] = &[
    &facts::DESCRIPTION,
    &facts::TECHNOLOGY,
    &facts::OWNER,
    &facts::element::REPLICAS,
    &facts::element::CONCURRENCY,
    &facts::element::AVAILABILITY,
    &facts::element::RATE_LIMIT,
    &facts::element::AUTHENTICATION,
    &facts::DATA,
    &facts::TAGS,
    &facts::relation::PROTOCOL,
    &facts::relation::TIMEOUT,
    &facts::relation::RETRY,
    &facts::relation::BREAKER,
    &facts::relation::FALLBACK,
    &facts::ASYNC,
];

/// So many of them are shown first.
const FIRST: usize = 10;

/// What other facts are about, each with some of their names.
const GROUPS: &[(&str, &[&Fact])] = &[
    (
        "What it is",
        &[
            &facts::LINK,
            &facts::STATUS,
            &facts::element::EXTERNAL,
            &facts::element::IN_ZONE,
            &facts::REALIZES,
            &facts::element::RESPONSIBILITY,
            &facts::element::INTERFACE,
            &facts::element::ERROR_HANDLING,
            &facts::element::STYLE,
            &facts::element::LAYERS,
            &facts::element::LAYER,
        ],
    ),
    (
        "Security",
        &[
            &facts::element::PUBLIC,
            &facts::element::AUTHENTICATION,
            &facts::relation::ENCRYPTED,
            &facts::element::ENCRYPTED_AT_REST,
            &facts::DATA,
        ],
    ),
    (
        "Load and queues",
        &[
            &facts::element::CONCURRENCY,
            &facts::element::CPU,
            &facts::element::QUEUE_LIMIT,
            &facts::element::QUEUE_TIMEOUT,
            &facts::element::CONNECTIONS,
            &facts::relation::POOL,
            &facts::relation::BULKHEAD,
            &facts::relation::LATENCY,
            &facts::relation::HEDGE,
        ],
    ),
    (
        "Failures",
        &[
            &facts::element::AVAILABILITY,
            &facts::element::MTBF,
            &facts::element::MTTR,
            &facts::element::COMMON_CAUSE,
            &facts::element::FAILOVER,
            &facts::ERROR_RATE,
            &facts::relation::IDEMPOTENT,
            &facts::relation::FALLBACK,
        ],
    ),
    (
        "Caches and copies",
        &[
            &facts::element::HIT_RATIO,
            &facts::element::KEYS,
            &facts::element::ENTRIES,
            &facts::element::TTL,
            &facts::element::READ_REPLICAS,
        ],
    ),
];

/// The facts of a kind under headings. Where there are many, the usual ones stand first.
fn grouped(kind: &Kind) -> Vec<(String, Vec<&'static Fact>)> {
    let written = "each written `name=value` on its line or `name value` in its block";
    let mut left: Vec<&Fact> = kind.all_facts().collect();
    // Some facts of elements have the name and the meaning of one of relationships.
    let mut take = |wanted: &[&Fact], most: usize| -> Vec<&'static Fact> {
        let found = wanted.iter().filter_map(|one| left.iter().copied().find(|fact| fact.name == one.name));
        let found: Vec<&Fact> = found.take(most).collect();
        left.retain(|fact| !found.contains(fact));
        found
    };
    let mut groups = Vec::new();
    if kind.all_facts().count() >= MANY {
        groups.push((format!("The usual facts, {written}"), take(USUAL, FIRST)));
        groups.extend(GROUPS.iter().map(|(heading, wanted)| ((*heading).to_owned(), take(wanted, usize::MAX))));
        groups.push(("Others".to_owned(), left));
    } else {
        groups.push((format!("Facts, {written}"), left));
    }
    groups.retain(|(_, facts)| !facts.is_empty());
    groups
}

fn fact_lines(fact: &Fact, depth: usize, out: &mut String) {
    let many = if fact.many { " May be given several times." } else { "" };
    let taken = match fact.ty {
        Type::OneOf(_) => format!("{many} One of:"),
        _ => format!(" {}.{many}", capital(&fact.expected())),
    };
    let older: String = fact.older_names.iter().map(|name| format!(", formerly `{name}`")).collect();
    let (around, inside) = ("  ".repeat(depth), "  ".repeat(depth + 1));
    out.push_str(&format!("{around}- `{}`{older}: {}.{taken}\n", fact.name, fact.described()));
    if let Type::OneOf(words) = fact.ty {
        for (word, meaning) in words {
            out.push_str(&format!("{inside}- `{word}`: {meaning}\n"));
        }
    }
    if !fact.parts.is_empty() {
        out.push_str(&format!("{inside}Its parts, each written `name=value` after the value:\n"));
    }
    for part in fact.parts {
        fact_lines(part, depth + 1, out);
    }
}

fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or(String::new(), |first| first.to_uppercase().chain(characters).collect())
}

fn units() -> String {
    let rows = groma_base::UNITS
        .iter()
        .map(|unit| format!("  {:6} {:16} {}\n", unit.symbol, unit.dimension.word(), unit.meaning));
    format!(
        "A quantity is a number with a unit, written bare: 10s 99.9% 5GiB 800/s $3000/month. A range is 3..20 or 8..10d.\nA currency sign ($ € £ ¥) may stand before; `/` and a unit of time or data after: 100/min is a rate, $40/month a cost.\n\n{}",
        rows.collect::<String>()
    )
}

#[cfg(test)]
mod tests {
    use super::fact_lines;
    use groma_model::facts::element::FAILOVER;

    /// What is written after a value is none of the values.
    #[test]
    fn values_and_parts_stand_apart() {
        let mut out = String::new();
        fact_lines(&FAILOVER, 1, &mut out);
        let starts: Vec<&str> = out.lines().map(|line| line.split(':').next().unwrap()).collect();
        let heading = "    Its parts, each written `name=value` after the value";
        assert_eq!(
            starts,
            ["  - `failover`", "    - `automatic`", "    - `manual`", "    - `none`", heading, "    - `after`"]
        );
    }
}

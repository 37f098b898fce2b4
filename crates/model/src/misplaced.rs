//! Says which words can stand where, and of a misplaced fact where it belongs. A word that is a fact elsewhere is no slip of the pen: to replace it by one that looks
//! like it would change what the text says.

use crate::items::FactValue;
use crate::kinds;
use crate::kinds::class;
use crate::schema::{Fact, Head, Kind, Type};
use groma_base::{is_slip, join_words, list_words, nearest};
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// A word that nothing in the language explains.
pub const UNKNOWN_WORD: &str = "unknown-word";
/// A node that may not stand where it stands.
pub const MISPLACED: &str = "misplaced";

/// So many places are named in a message.
const MOST_PLACES: usize = 4;

/// Where a word stands that is no fact there.
#[derive(Clone, Copy)]
pub(crate) struct Context<'t> {
    /// The kind of node that it stands in; `None` at the top of a file.
    pub(crate) kind: Option<&'static Kind>,
    /// The fact of that node that it is given as a part of.
    pub(crate) fact: Option<&'static Fact>,
    /// The node as written if it is an arrow: `a -> b`.
    pub(crate) arrow: &'t str,
    /// What the node is called, by a kind of the workspace's own if it is of one.
    pub(crate) called: &'t str,
}

/// The words that can begin a node in this place, but for the facts that are given already.
pub(crate) fn known_words<'h>(
    owner: Option<&'static Kind>,
    given: &'h [FactValue],
) -> impl Iterator<Item = &'static str> + use<'h> {
    let kinds = kinds::all().filter(move |kind| kind.may_stand_in(owner) && !matches!(kind.head, Head::Arrow));
    let facts = owner.into_iter().flat_map(|owner| owner.all_facts());
    let facts = facts.filter(move |fact| fact.many || !given.iter().any(|one| one.fact == *fact));
    kinds.map(|kind| kind.name).chain(facts.map(|fact| fact.name))
}

/// All facts and their parts, those of several kinds once for each.
fn facts_and_parts() -> impl Iterator<Item = &'static Fact> {
    let facts = kinds::all().flat_map(Kind::all_facts);
    facts.flat_map(|fact| std::iter::once(fact).chain(fact.parts.iter().copied()))
}

/// The names of all facts and of their parts, each once.
static NAMES: LazyLock<BTreeSet<&'static str>> = LazyLock::new(|| facts_and_parts().map(|fact| fact.name).collect());

/// The facts, and parts of facts, that a word names anywhere, here or in other tools.
pub(crate) fn facts_called(word: &str) -> impl Iterator<Item = &'static Fact> {
    facts_and_parts().filter(move |fact| fact.is_called(word) || fact.other_names.contains(&word))
}

/// Whether a word is a fact that says yes or no, or such a part of one, somewhere.
pub(crate) fn is_flag(word: &str) -> bool {
    facts_and_parts().any(|fact| fact.name == word && matches!(fact.ty, Type::Bool))
}

/// Whether a word is a fact, or a part of one, somewhere.
pub(crate) fn is_fact(word: &str) -> bool {
    NAMES.contains(word)
}

/// Whether a word is a kind or a fact anywhere, here or in other tools, or is nearly so written as one.
pub(crate) fn is_near(word: &str) -> bool {
    let lower = word.to_lowercase();
    let names = || kinds::all().map(|kind| kind.name).chain(NAMES.iter().copied());
    let is_known =
        names().any(|name| name == word) || kinds::other_name(&lower).is_some() || calls_so(&lower).is_some();
    is_known || nearest(word, names()).first().is_some_and(|near| is_slip(word, near))
}

/// The fact that other tools call so, in small letters, if all facts that they call so have one name.
pub fn calls_so(word: &str) -> Option<&'static str> {
    let mut found = facts_and_parts().filter(|fact| fact.other_names.contains(&word)).map(|fact| fact.name);
    let first = found.next()?;
    found.all(|other| other == first).then_some(first)
}

/// The fact that an unknown word looks more like than any of those that it could be here, and where that belongs.
pub(crate) fn nearer_elsewhere(word: &str, here: &[&str], context: Context<'_>) -> Option<String> {
    let best = *nearest(word, NAMES.iter().copied()).first()?;
    let is_known_here = match (context.kind, context.fact) {
        (_, Some(fact)) => fact.part(best).is_some(),
        (Some(kind), None) => kind.fact(best).is_some(),
        (None, None) => false,
    };
    let rivals = here.iter().copied().chain([best]);
    let is_nearest = !here.contains(&best) && nearest(word, rivals).first() == Some(&best);
    if is_known_here || !is_nearest || !is_slip(word, best) {
        return None;
    }
    Some(format!("correct the word; {}", elsewhere(best, context)?))
}

/// In which other place a fact of this name belongs, as a sentence; `None` if there is no such fact.
pub(crate) fn elsewhere(name: &str, context: Context<'_>) -> Option<String> {
    let home = nearby(name, context).or_else(|| far(name))?;
    Some(format!("`{name}` belongs {home}, {}", not_here(context)))
}

/// Its place in the same node, or on the other side of an arrow: on the relationship of a step, on a step of a relationship.
fn nearby(name: &str, context: Context<'_>) -> Option<String> {
    let kind = context.kind?;
    if context.fact.is_some() && kind.fact(name).is_some() {
        return Some(format!("on {}", itself(kind, context.called)));
    }
    let owners: Vec<&str> = facts_with_part(kind, name).map(|fact| fact.name).take(MOST_PLACES).collect();
    if !owners.is_empty() {
        return Some(format!("to {}", list_words(owners, "or")));
    }
    let (other, called) = match kind {
        kind if kind.is(&class::STEP) => (&class::RELATION, format!("the relationship `{}`", context.arrow)),
        kind if kind.is(&class::RELATION) => (&class::STEP, "a step of a flow".to_owned()),
        _ => return None,
    };
    let other = kinds::all().find(|kind| kind.class == other)?;
    let owner = facts_with_part(other, name).next();
    match other.fact(name) {
        Some(_) => Some(format!("on {called}")),
        None => owner.map(|fact| format!("to `{}` of {called}", fact.name)),
    }
}

/// Its places in other nodes.
fn far(name: &str) -> Option<String> {
    let with = |has: &dyn Fn(&Kind) -> bool| {
        let mut found: Vec<String> = kinds::all().filter(|kind| has(kind)).map(by_kind).collect();
        found.dedup();
        found.truncate(MOST_PLACES);
        found
    };
    let owners = with(&|kind| kind.fact(name).is_some());
    // Each fact with the kinds that have it: `arrivals` of `load` or `slow` of `failure`.
    let mut homes: Vec<(&str, Vec<String>)> = Vec::new();
    for (kind, fact) in kinds::all().flat_map(|kind| facts_with_part(kind, name).map(move |fact| (kind, fact))) {
        match homes.iter_mut().find(|(known, _)| *known == fact.name) {
            Some((_, owners)) if owners.len() < MOST_PLACES => owners.push(by_kind(kind)),
            Some(_) => {}
            None => homes.push((fact.name, vec![by_kind(kind)])),
        }
    }
    let mut told: Vec<String> = homes
        .into_iter()
        .map(|(fact, mut owners)| {
            owners.dedup();
            format!("`{fact}` of {}", join_words(&owners, "or"))
        })
        .collect();
    told.truncate(MOST_PLACES);
    let as_part = (!told.is_empty()).then(|| format!("to {}", join_words(&told, "or")));
    match (owners.is_empty(), as_part) {
        (true, as_part) => as_part,
        (false, Some(as_part)) if owners.len() < MOST_PLACES => {
            Some(format!("on {}, or {as_part}", join_words(&owners, "or")))
        }
        (false, _) => Some(format!("on {}", join_words(&owners, "or"))),
    }
}

/// The kind that has a fact with the name of a kind of record: `team` of `workspace`.
pub(crate) fn home_of_fact(name: &str) -> Option<&'static str> {
    kinds::all().find(|kind| kind.fact(name).is_some_and(|fact| fact.ty.dimension().is_some())).map(|kind| kind.name)
}

fn facts_with_part(kind: &Kind, name: &str) -> impl Iterator<Item = &'static Fact> {
    kind.all_facts().filter(move |fact| fact.part(name).is_some())
}

fn not_here(context: Context<'_>) -> String {
    match (context.kind, context.fact) {
        (_, Some(fact)) => format!("not to `{}`", fact.name),
        (Some(kind), None) => format!("not on {}", itself(kind, context.called)),
        (None, None) => "not at the top of a file".to_owned(),
    }
}

/// A node of a kind that is called so, in words.
fn itself(kind: &Kind, called: &str) -> String {
    match kind.head {
        Head::Arrow => kind.class.phrase.to_owned(),
        Head::Named | Head::Title | Head::Value(_) | Head::Perhaps(_) => format!("`{called}`"),
    }
}

/// The nodes of a kind in words.
fn by_kind(kind: &Kind) -> String {
    itself(kind, kind.name)
}

#[cfg(test)]
mod tests {
    use super::{Fact, Kind, NAMES, kinds};
    use crate::decode::{MISPLACED, UNKNOWN_WORD, decode};
    use crate::facts::relation::RETRY;
    use crate::schema::Habit;
    use groma_base::{Diagnostic, FileId};

    fn problems(text: &str) -> Vec<Diagnostic> {
        let (tree, errors) = groma_syntax::parse(text.to_owned());
        assert!(errors.is_empty(), "{text}");
        decode(FileId(0), &tree).problems
    }

    #[test]
    fn a_known_fact_in_a_wrong_place_is_never_taken_for_a_slip() {
        type May<'a> = &'a dyn Fn(&str) -> bool;
        let relation = kinds::arrow("->", None).unwrap();
        let step = kinds::arrow("->", kinds::by_name("flow")).unwrap();
        let person = kinds::by_name("person").unwrap();
        let is_part = |name: &str| RETRY.part(name).is_some() || RETRY.part_also_called(name).is_some();
        // What other tools call a fact of the place is told as that.
        let known = |kind: &Kind, name: &str| {
            let other = kinds::other_name(name).and_then(kinds::by_name);
            kind.fact(name).is_some()
                || kind.fact_also_called(name).is_some()
                || kind.instead(name).is_some()
                || other.is_some_and(|other| other.may_stand_in(Some(kind)))
        };
        let places: [(&str, May<'_>); 6] = [
            ("a -> b \"x\" NAME=1", &|name| known(relation, name)),
            ("a -> b \"x\" { NAME 1\n}", &|name| known(relation, name)),
            ("flow f { a -> b \"x\" NAME=1\n}", &|name| known(step, name)),
            ("flow f { a -> b \"x\" { NAME 1\n} }", &|name| known(step, name)),
            ("person p NAME=1", &|name| known(person, name)),
            ("a -> b { retry 3 NAME=1\n}", &is_part),
        ];
        let mut tried = 0;
        for (text, may_stand) in places {
            let strangers = NAMES.iter().filter(|name| !may_stand(name) && kinds::by_name(name).is_none());
            for name in strangers {
                let found = problems(&text.replace("NAME", name));
                let [one] = found.as_slice() else { panic!("{name} in {text}: {found:?}") };
                assert_eq!(one.code, MISPLACED, "{name} in {text}");
                assert!(one.message.starts_with(&format!("`{name}` belongs ")), "{}", one.message);
                assert!(one.fixes.is_empty(), "{name} in {text}");
                tried += 1;
            }
        }
        assert!(tried > 300, "{tried}");
    }

    #[test]
    fn a_word_of_other_tools_stands_for_one_fact_in_each_place() {
        let check = |place: &str, facts: &[&'static Fact], habits: &'static [Habit]| {
            let others = facts.iter().flat_map(|fact| fact.other_names.iter().copied());
            let others = others.chain(habits.iter().flat_map(|habit| habit.words.iter().copied()));
            let mut seen: Vec<&str> = Vec::new();
            for word in others {
                assert_eq!(word, word.to_lowercase(), "{place}");
                assert!(!seen.contains(&word), "{place}: `{word}` twice");
                seen.push(word);
            }
        };
        for kind in kinds::all() {
            check(kind.name, &kind.all_facts().collect::<Vec<_>>(), kind.habits);
            kind.all_facts().for_each(|fact| check(fact.name, fact.parts, fact.habits));
        }
    }

    #[test]
    fn messages_say_where_a_fact_belongs() {
        for (text, message) in [
            (
                "flow f { s.a -> s.b \"x\" timeout=3s; }",
                "`timeout` belongs on the relationship `s.a -> s.b`, not on a step of a flow",
            ),
            (
                "flow f { a -> b { backoff none; } }",
                "`backoff` belongs to `retry` of the relationship `a -> b`, not on a step of a flow",
            ),
            ("a -> b \"x\" time=3ms", "`time` belongs on a step of a flow, not on a relationship"),
            ("a -> b \"x\" max-age=3s", "`max-age` belongs to `fallback`, not on a relationship"),
            ("a -> b { retry 3 timeout=3s; }", "`timeout` belongs on a relationship, not to `retry`"),
            ("flow f \"F\" weight=3", "`weight` belongs on `criterion`, or to `mix` of `load`, not on `flow`"),
            ("timeout 3s", "`timeout` belongs on a relationship, not at the top of a file"),
        ] {
            assert_eq!(problems(text)[0].message, message);
        }
    }

    #[test]
    fn only_the_nearest_word_of_all_is_put_in_place_and_none_that_is_there() {
        let fixed = |text: &str| {
            let found = problems(text);
            assert!(found.iter().all(|one| one.code == UNKNOWN_WORD) && !found.is_empty(), "{text}: {found:?}");
            found[0].fixes.first().map(|fix| fix.edits[0].text.clone())
        };
        assert_eq!(fixed("a -> b \"x\" tiemout=3s").as_deref(), Some("timeout"));
        assert_eq!(fixed("a -> b { retry 3 bakoff=none; }").as_deref(), Some("backoff"));
        assert_eq!(fixed("person p { ownre x; }").as_deref(), Some("owner"));
        for text in [
            "a -> b \"x\" tiemout=3s timeout=3s",
            "a -> b \"x\" tiemout=3s { timeout 3s; }",
            "person p { ownre x; owner y; }",
            "person p owner=y { ownre x; }",
            "a -> b { retry 3 bakoff=none backoff=none; }",
            // Nearer to `timeout`, which stands on relationships, than to `time`.
            "flow f { a -> b \"x\" timeot=3s; }",
            "flow f { a -> b { timeot 3s; } }",
        ] {
            assert_eq!(fixed(text), None, "{text}");
        }
    }

    #[test]
    fn a_command_in_a_message_is_one_that_a_shell_takes() {
        assert_eq!(problems("a -> b \"x\" zzz=3")[0].help, ["`groma explain '->'` lists its facts"]);
        assert_eq!(problems("person p zzz=3")[0].help, ["`groma explain person` lists its facts"]);
    }
}

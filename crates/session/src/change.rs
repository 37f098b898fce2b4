//! Changes to facts, made in the text: comments and formatting stay as they are.

use groma_base::{Edit, Span, did_you_mean, list_words, nearest};
use groma_model::kinds::{self, class};
use groma_model::schema::{Class, Fact, Type};
use groma_model::write::{Document, EditError, Value, difference};
use groma_model::{Architecture, ElementId, Entity, ItemRef, NotFound, RelationId, SIMULATED};
use groma_syntax::NodeId;

/// What is to be changed, as the command line says it: `shop.core.replicas=6`, or for a relationship
/// `shop.core->shop.db.pool=20`; where there are several between these, with its text: `shop.core->shop.db "Reads".pool=20`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    /// As it was written.
    pub words: String,
    /// What it changes.
    pub target: Target,
    /// The edit that makes it.
    pub edit: Edit,
}

/// What is given another value: the same however it is spelled.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Target {
    /// The node that has the fact.
    at: ItemRef,
    /// The fact as it is called today.
    fact: &'static str,
    /// The part of it, if only that is changed.
    part: Option<&'static str>,
}

impl Change {
    /// How what is changed was spelled.
    fn spelling(&self) -> &str {
        target_and_value(&self.words).map_or(&*self.words, |(target, _)| target.trim())
    }
}

/// How that is spelled which two changes give a value, if any do: only one of both could be meant.
pub(crate) fn changed_twice(changes: &[Change]) -> Option<[String; 2]> {
    changes.iter().enumerate().find_map(|(at, second)| {
        let first = changes[..at].iter().find(|first| first.target == second.target)?;
        Some([first.spelling().to_owned(), second.spelling().to_owned()])
    })
}

/// Finds what a change means in an architecture.
///
/// # Errors
/// If it is not of that form, or names something that there is not; the error says what there is.
pub fn change(arch: &Architecture, words: &str) -> Result<Change, String> {
    let (target, value) = target_and_value(words).ok_or("write it as `element.fact=value`")?;
    let (owner, fact) = owner_and_fact(target).ok_or("write it as `element.fact=value`")?;
    let at = match node(arch, owner, fact.trim()) {
        Ok(at) => at,
        // What stands before the last dot may be a fact itself, of which a part is meant.
        Err(error) => return part(arch, words, owner, fact.trim(), value.trim()).unwrap_or(Err(error)),
    };
    is_simulated(arch, at, owner)?;
    let known = arch.item(at).kind;
    let Some(fact) = known.fact(fact.trim()) else {
        return Err(format!("`{owner}` has no fact called `{fact}`{}", meant_by(arch, at, owner, fact.trim())));
    };
    only_row(arch, at, owner, fact)?;
    let edit = set_fact(arch, at, fact, &typed(value)?).map_err(|error| error.to_string())?;
    Ok(Change { words: words.to_owned(), target: Target { at, fact: fact.name, part: None }, edit })
}

/// A change that names things by names which they no longer have, with those that they have today; `None` if it names none so.
pub(crate) fn in_names_of_today(arch: &Architecture, words: &str) -> Option<String> {
    let (owner, _) = owner_and_fact(target_and_value(words)?.0)?;
    let mut renewed = words.to_owned();
    let ends: Vec<&str> = owner.split("->").collect();
    // From the end, so that what stands before stays where it is.
    for end in ends.into_iter().rev() {
        let name = end.split('"').next().unwrap_or_default().trim();
        // What stands before the last dot may be a fact itself.
        let names = [Some(name), owner_and_fact(name).map(|(name, _)| name)];
        let today = |name: &str| match &arch.names_of_today(name, &kinds::CHANGEABLE)[..] {
            [today] => Some(today.clone()),
            _ => None,
        };
        if let Some((name, today)) = names.into_iter().flatten().find_map(|name| Some((name, today(name)?))) {
            let start = name.as_ptr() as usize - words.as_ptr() as usize;
            renewed.replace_range(start..start + name.len(), &today);
        }
    }
    (renewed != words).then_some(renewed)
}

/// Fails at what stands in a deployment that is not simulated: nothing comes of a change there.
fn is_simulated(arch: &Architecture, at: ItemRef, owner: &str) -> Result<(), String> {
    let of = arch.items_around(at).find(|around| arch.item(*around).kind.is(&class::DEPLOYMENT));
    let Some((simulated, of)) = arch.deployments.get(SIMULATED).zip(of).filter(|(one, of)| one.at != *of) else {
        return Ok(());
    };
    let (own, simulated) = (arch.name(of), arch.name(simulated.at));
    Err(format!("`{owner}` is of the deployment `{own}`, and `{simulated}` is the one that is simulated"))
}

/// What may be meant by a word that is no fact of a node, as the end of a message: a part of one of its facts, or a fact that is
/// called nearly so.
fn meant_by(arch: &Architecture, at: ItemRef, owner: &str, word: &str) -> String {
    let facts = || arch.item(at).kind.all_facts();
    let of: Vec<&'static Fact> = facts().filter(|fact| fact.part(word).is_some()).collect();
    let said = of.iter().filter(|fact| arch.fact(at, fact).is_some());
    let ways: Vec<String> = said.map(|fact| format!("{owner}.{}.{word}", fact.name)).collect();
    match (&*of, &*ways) {
        ([], _) => hint(&nearest(word, facts().map(|fact| fact.name))),
        (of, []) => {
            let of = list_words(of.iter().map(|fact| fact.name), "or");
            format!(": it is a part of {of}, which `{owner}` does not have")
        }
        (_, ways) => format!(": write {}", list_words(ways.iter().map(String::as_str), "or")),
    }
}

/// What is changed, and to what: what stands before and after the first `=` that is in no text.
pub(crate) fn target_and_value(words: &str) -> Option<(&str, &str)> {
    let at = outside_texts(words, '=').next()?;
    Some((&words[..at], &words[at + 1..]))
}

/// What has a fact, and the fact: what stands before and after the last dot that is in no text.
fn owner_and_fact(target: &str) -> Option<(&str, &str)> {
    let at = outside_texts(target, '.').last()?;
    Some((&target[..at], &target[at + 1..]))
}

/// Where a character stands outside of texts between quotes.
fn outside_texts(words: &str, wanted: char) -> impl Iterator<Item = usize> {
    let (mut is_text, mut is_escaped) = (false, false);
    words.char_indices().filter_map(move |(at, letter)| {
        let is_quote = letter == '"' && !is_escaped;
        is_escaped = is_text && letter == '\\' && !is_escaped;
        is_text ^= is_quote;
        (letter == wanted && !is_text).then_some(at)
    })
}

/// A value as it was typed. A word that cannot be read is told of where it is written.
pub(crate) fn typed(value: &str) -> Result<Value, String> {
    let value = value.trim();
    Value::typed(value).ok_or_else(|| format!("`{value}` is not a valid value"))
}

/// That a fact stands in one row: of several nothing says which is meant.
fn only_row(arch: &Architecture, at: ItemRef, owner: &str, fact: &'static Fact) -> Result<(), String> {
    match arch.values_of(at, fact).count() {
        0 | 1 => Ok(()),
        count => Err(format!("`{owner}` has {count} rows of `{}`, and nothing says which is meant", fact.name)),
    }
}

/// The node that is named and may have a fact: an element, a load, a failure, a place, or a relationship `a->b`, perhaps with its text.
fn node(arch: &Architecture, owner: &str, fact: &str) -> Result<ItemRef, String> {
    match owner.split_once("->") {
        // Its kind may stand before it, as in a query.
        Some((from, to)) => {
            let bare = from.trim().strip_prefix(class::RELATION.word).and_then(|behind| behind.strip_prefix(':'));
            relation(arch, bare.unwrap_or(from.trim()), to.trim())
        }
        None => changeable(arch, owner.trim(), fact),
    }
}

/// What may be meant, as the end of a message; empty if nothing is near.
fn hint(near: &[impl AsRef<str>]) -> String {
    did_you_mean(near).map(|question| format!(": {question}")).unwrap_or_default()
}

/// What to write for a name that nothing has, as the end of a message; empty if nobody knows.
fn instead(arch: &Architecture, name: &str, wanted: &[&'static Class]) -> String {
    arch.instead_of(name, wanted, &[]).map(|help| format!(": {help}")).unwrap_or_default()
}

/// The change of a part of a fact, as in `shop.db.failover.after=15s`. `None` if no fact of anything is named.
fn part(arch: &Architecture, words: &str, owner: &str, part: &str, value: &str) -> Option<Result<Change, String>> {
    let (owner, fact) = owner_and_fact(owner)?;
    let at = node(arch, owner, fact.trim()).ok()?;
    let fact = arch.item(at).kind.fact(fact.trim())?;
    if let Err(several) = only_row(arch, at, owner, fact) {
        return Some(Err(several));
    }
    let Some(known) = fact.part(part) else {
        let near = nearest(part, fact.parts.iter().map(|part| part.name));
        return Some(Err(format!("`{}` has no part called `{part}`{}", fact.name, hint(&near))));
    };
    if arch.fact(at, fact).is_none() {
        return Some(Err(format!("`{owner}` has no `{}` that `{part}` could be a part of", fact.name)));
    }
    let edited =
        typed(value).and_then(|value| set_part(arch, at, fact, known, &value).map_err(|error| error.to_string()));
    let target = Target { at, fact: fact.name, part: Some(known.name) };
    Some(edited.map(|edit| Change { words: words.to_owned(), target, edit }))
}

/// The edit that gives a fact of a node another value, or adds the fact to the node's line.
///
/// # Errors
/// If the text cannot be read, or gives the fact several values.
pub fn set_fact(arch: &Architecture, at: ItemRef, fact: &'static Fact, value: &Value) -> Result<Edit, EditError> {
    let yes = fact.parts.iter().filter(|part| matches!(part.ty, Type::Bool));
    let yes: Vec<&str> = yes.flat_map(|part| std::iter::once(&part.name).chain(part.older_names)).copied().collect();
    edit(arch, at, |document, node| document.set_fact_beside(node, written(document, node, fact), value, &yes))
}

/// The edit that gives a part of a fact of a node another value, or adds the part. A fact on the node's line, where it can have
/// no parts, moves into the block.
///
/// # Errors
/// If the text cannot be read, does not say the fact, or says it several times.
pub(crate) fn set_part(
    arch: &Architecture,
    at: ItemRef,
    fact: &'static Fact,
    part: &'static Fact,
    value: &Value,
) -> Result<Edit, EditError> {
    edit(arch, at, |document, node| {
        let fact = written(document, node, fact);
        let said = document.fact_nodes(node, fact).first().copied();
        let part = said.map_or(part.name, |said| written(document, said, part));
        document.set_part(node, fact, part, value)
    })
}

/// The name by which a node says a fact: perhaps an older one.
fn written(document: &Document, node: NodeId, fact: &'static Fact) -> &'static str {
    let mut names = std::iter::once(&fact.name).chain(fact.older_names);
    names.find(|name| document.says(node, name)).copied().unwrap_or(fact.name)
}

/// What making a change to a node replaces in its file.
fn edit(
    arch: &Architecture,
    at: ItemRef,
    make: impl FnOnce(&mut Document, NodeId) -> Result<(), EditError>,
) -> Result<Edit, EditError> {
    let text = &arch.file(at).text;
    let mut document = Document::open(text).map_err(|_| EditError::NoSuchNode)?;
    let node = document.node_at(arch.item(at).range.start).ok_or(EditError::NoSuchNode)?;
    make(&mut document, node)?;
    let (range, text) = difference(text, &document.text());
    Ok(Edit { span: Span::new(at.file, range), text })
}

/// What is called so, by its whole name or its last part, and may have a fact: of several things that alone tells which is meant.
fn changeable(arch: &Architecture, name: &str, fact: &str) -> Result<ItemRef, String> {
    let kind = |entity: &Entity| arch.item(arch.declared_at(*entity)).kind;
    let may_have = |entity: &Entity| kind(entity).fact(fact).is_some();
    match arch.resolve_short(name, &kinds::CHANGEABLE, &may_have) {
        Ok(entity) => Ok(arch.declared_at(entity)),
        Err(NotFound::Several(several)) if several.iter().any(may_have) => {
            Err(fits_several(arch, name, &several).join(": "))
        }
        Err(NotFound::Several(several)) => {
            let known = several.iter().flat_map(|entity| kind(entity).all_facts()).map(|fact| fact.name);
            let near = hint(&nearest(fact, known));
            Err(format!("`{name}` fits several things, and none has a fact called `{fact}`{near}"))
        }
        Err(NotFound::Nothing | NotFound::Other(_)) => {
            let words: Vec<&str> = kinds::CHANGEABLE.iter().map(|class| class.word).collect();
            Err(format!("there is no {} `{name}`{}", list_words(words, "or"), instead(arch, name, &kinds::CHANGEABLE)))
        }
    }
}

/// That a name fits several things, and how each is written.
pub(crate) fn fits_several(arch: &Architecture, name: &str, several: &[Entity]) -> [String; 2] {
    let way = |entity: &Entity| match arch.path(*entity) {
        path if path == name => arch.unmistakable(*entity, name),
        path => path,
    };
    let ways: Vec<String> = several.iter().map(way).collect();
    let ways = list_words(ways.iter().map(String::as_str), "or");
    [format!("`{name}` fits several things"), format!("write {ways}")]
}

/// The end of a relationship.
fn end(arch: &Architecture, name: &str) -> Result<ElementId, String> {
    match arch.resolve_short(name, class::ELEMENTS, &|_| true) {
        Ok(Entity::Element(id)) => Ok(id),
        Err(NotFound::Several(several)) => Err(fits_several(arch, name, &several).join(": ")),
        Ok(_) | Err(NotFound::Nothing | NotFound::Other(_)) => match arch.resolve(None, name, &kinds::CHANGEABLE) {
            Ok(_) => Err(format!("`{name}` is not an element")),
            Err(_) => Err(format!("there is no element `{name}`{}", instead(arch, name, class::ELEMENTS))),
        },
    }
}

fn relation(arch: &Architecture, from: &str, to: &str) -> Result<ItemRef, String> {
    let (to, text) = match to.find('"') {
        Some(at) => (to[..at].trim_end(), Some(&to[at..])),
        None => (to, None),
    };
    let known: Vec<RelationId> = arch.relations_between(end(arch, from)?, end(arch, to)?).collect();
    let words = |id: RelationId| arch.relation_words(id);
    let numbered = |id: RelationId| format!("{} {}", words(id), arch.relation_number(id));
    let is_meant = |id: &RelationId| text.is_none_or(|text| words(*id) == text || numbered(*id) == text);
    let meant: Vec<RelationId> = known.iter().copied().filter(is_meant).collect();
    let of = match (&meant[..], &known[..]) {
        ([only], _) => return Ok(arch.relation(*only).at),
        (_, []) => return Err(format!("there is no relationship `{from} -> {to}`")),
        ([], known) => known,
        (several, _) => several,
    };
    let has_twin = |id: RelationId| known.iter().any(|other| *other != id && words(*other) == words(id));
    let way = |id: &RelationId| {
        format!("{} {}", arch.relation_ends(*id), if has_twin(*id) { numbered(*id) } else { words(*id) })
    };
    let ways: Vec<String> = of.iter().map(way).collect();
    let ways = list_words(ways.iter().map(String::as_str), "or");
    Err(match text.filter(|_| meant.is_empty()) {
        Some(text) => format!("no relationship from `{from}` to `{to}` has the text {text}: write {ways}"),
        None => format!("{} relationships lead from `{from}` to `{to}`: write {ways}", meant.len()),
    })
}

#[cfg(test)]
mod tests {
    use super::change;
    use crate::{MemoryFileSystem, Session};
    use std::path::Path;

    #[test]
    fn a_bare_word_that_says_yes_is_given_a_value() {
        let text = "system s \"S\" external {\n    service a \"A\" {\n        public\n    }\n}\nsystem t \"T\"\ns.a -> t \"x\" encrypted {\n    retry 3 jitter\n}\n";
        let mut session = Session::open(&MemoryFileSystem::new(&[("w/a.groma", text)]), Path::new("w")).unwrap();
        let arch = session.snapshot().arch;
        let changed = |words: &str| {
            let edit = change(&arch, words).unwrap().edit;
            let mut text = text.to_owned();
            text.replace_range(edit.span.range.start as usize..edit.span.range.end as usize, &edit.text);
            text
        };
        assert!(changed("s.external=#false").starts_with("system s \"S\" external=#false {"));
        assert!(changed("s.a.public=#false").contains("    public #false\n"));
        assert!(changed("s.a->t.encrypted=#false").contains("\"x\" encrypted=#false {"));
        assert!(changed("relationship:s.a->t.encrypted=#false").contains("\"x\" encrypted=#false {"));
        assert!(changed("s.a->t.retry.jitter=#false").contains("retry 3 jitter=#false"));
        assert!(changed("s.a->t.retry=1").contains("retry 1 jitter"));
    }

    #[test]
    fn facts_and_their_parts_are_changed_wherever_they_stand() {
        let text = "system s \"S\" {\n    database d \"D\" failover=automatic\n    service a \"A\" { replicas 2..8 delay=20s }\n    a -> d \"x\" pool=5\n}\ndeployment p \"P\" { host h \"H\" cpu=2 { instance s.a } }\nload l \"L\" { stage 1min rate=5/s\nstage 2min rate=8/s\nwith n }\nload m \"M\" rate=1/s\nload n \"N\" rate=1/s\n";
        let mut session = Session::open(&MemoryFileSystem::new(&[("w/a.groma", text)]), Path::new("w")).unwrap();
        let arch = session.snapshot().arch;
        let changed = |words: &str| {
            let edit = change(&arch, words).unwrap().edit;
            groma_base::apply_edits(text, &[(edit.span.range, &edit.text)])
        };
        assert!(changed("s.a.replicas=3").contains("replicas 3 delay=20s"));
        assert!(changed("s.a.replicas.delay=5s").contains("replicas 2..8 delay=5s"));
        assert!(changed("s.a.replicas.every=30s").contains("replicas 2..8 delay=20s every=30s"));
        assert!(changed("s.d.failover=manual").contains("failover=manual"));
        assert!(changed("s.a->s.d.pool=9").contains("pool=9"));
        assert!(changed("p.h.machines=3").contains("cpu=2 machines=3"));
        assert!(change(&arch, "s.a.replicas.dellay=5s").unwrap_err().contains("did you mean `delay`"));
        let moved = "database d \"D\" {\n        failover automatic after=5s\n    }\n";
        assert!(changed("s.d.failover.after=5s").contains(moved), "{}", changed("s.d.failover.after=5s"));
        assert!(change(&arch, "s.d.after=5s").unwrap_err().ends_with("`after`: write `s.d.failover.after`"));
        let none = "`m` has no fact called `think`: it is a part of `users`, which `m` does not have";
        assert_eq!(change(&arch, "m.think=5s").unwrap_err(), none);
        assert!(changed("s.a.owner=\"us; {them}\"").contains("owner=\"us; {them}\""));
        assert!(change(&arch, "s.a.replicas=3 delay=5s").unwrap_err().contains("is not a valid value"));
        assert!(change(&arch, "s.a.cpu.x=5s").is_err());
        assert!(change(&arch, "l.stage=5s").unwrap_err().contains("2 rows of `stage`"));
        assert!(change(&arch, "l.stage.rate=5/s").unwrap_err().contains("2 rows of `stage`"));
        assert!(changed("l.with=m").contains("with m"));
        assert!(change(&arch, "s.b.replicas=5").is_err());
    }

    #[test]
    fn a_name_that_only_one_thing_has_is_enough() {
        let text = "system s \"S\" { service core \"C\"; service web \"W\"; web -> core \"x\" }\nsystem t \"T\" { service core \"C\" }\nload core \"L\" rate=1/s\nfailure search \"F\" {\n    fail s.web for=1min\n}\nload search \"L\" rate=1/s\n";
        let mut session = Session::open(&MemoryFileSystem::new(&[("w/a.groma", text)]), Path::new("w")).unwrap();
        let arch = session.snapshot().arch;
        let changed = |words: &str| {
            let edit = change(&arch, words).unwrap().edit;
            groma_base::apply_edits(text, &[(edit.span.range, &edit.text)])
        };
        let error = |words: &str| change(&arch, words).unwrap_err();
        assert!(changed("web.replicas=2").contains("service web \"W\" replicas=2"));
        assert!(changed("web->s.core.pool=2").contains("\"x\" pool=2"));
        // What has the whole name is meant before what ends with it.
        assert!(changed("core.rate=2/s").contains("load core \"L\" rate=2/s"));
        assert_eq!(error("web->core.pool=2"), "`core` fits several things: write `s.core` or `t.core`");
        assert_eq!(error("web->cor.pool=2"), "there is no element `cor`");
        // Of several things with a name, what has the fact is meant.
        assert!(changed("search.rate=2/s").contains("load search \"L\" rate=2/s"));
        assert!(changed("search.fail.for=2min").contains("fail s.web for=2min"));
        assert!(changed("failure:search.fail.for=2min").contains("fail s.web for=2min"));
        assert_eq!(error("search.replicas=1"), "`search` fits several things, and none has a fact called `replicas`");
        // What cannot have the fact is not meant, whatever its name.
        assert_eq!(error("core.replicas=2"), "`core` fits several things: write `s.core` or `t.core`");
        let none = "`core` fits several things, and none has a fact called `replica`: did you mean `replicas`?";
        assert_eq!(error("core.replica=2"), none);
    }

    #[test]
    fn a_name_in_other_letters_is_enough_where_none_has_just_these() {
        let text = "system a \"A\" { service api \"A\" }\nsystem b \"B\" { service api \"B\"; service x \"X\"; service X \"X\" }\na.api -> b.api \"x\"\nload day \"L\" rate=1/s\nload Night \"L\" rate=1/s\nfailure night \"F\" { fail a.api }\n";
        let mut session = Session::open(&MemoryFileSystem::new(&[("w/a.groma", text)]), Path::new("w")).unwrap();
        let arch = session.snapshot().arch;
        let changed = |words: &str| {
            let edit = change(&arch, words).unwrap().edit;
            groma_base::apply_edits(text, &[(edit.span.range, &edit.text)])
        };
        assert!(changed("A.api.replicas=2").contains("system a \"A\" { service api \"A\" replicas=2"));
        assert!(changed("A.Api -> B.API.pool=2").contains("\"x\" pool=2"));
        assert!(changed("load:DAY.rate=2/s").contains("load day \"L\" rate=2/s"));
        assert!(changed("NIGHT.rate=2/s").contains("load Night \"L\" rate=2/s"), "only a load has a rate");
        assert!(changed("b.X.replicas=2").contains("service X \"X\" replicas=2"), "just these letters come first");
        assert_eq!(change(&arch, "B.x.replicas=2").unwrap_err(), "`B.x` fits several things: write `b.x` or `b.X`");
        let near = change(&arch, "A.apj.replicas=2").unwrap_err();
        assert!(near.ends_with("did you mean `a.api`?"), "{near}");
    }

    #[test]
    fn a_short_name_means_the_same_whatever_else_is_called_so() {
        for other in ["b", "a"] {
            let text = format!("system s \"S\" {{\n    service a \"A\"\n}}\nload {other} \"L\" rate=1/s\n");
            let mut session = Session::open(&MemoryFileSystem::new(&[("w/a.groma", &text)]), Path::new("w")).unwrap();
            let edit = change(&session.snapshot().arch, "a.replicas=5").unwrap().edit;
            assert!(groma_base::apply_edits(&text, &[(edit.span.range, &edit.text)]).contains("\"A\" replicas=5"));
        }
    }

    #[test]
    fn what_is_not_simulated_is_not_changed() {
        let text = "system s \"S\" { service a \"A\" }\ndeployment alpha \"A\" { host h \"H\" { instance s.a } }\ndeployment beta \"B\" { host h \"H\" { instance s.a } }\n";
        let mut session = Session::open(&MemoryFileSystem::new(&[("w/a.groma", text)]), Path::new("w")).unwrap();
        let arch = session.snapshot().arch;
        assert!(change(&arch, "alpha.h.cpu=8").is_ok());
        let told = "`beta.h` is of the deployment `beta`, and `alpha` is the one that is simulated";
        assert_eq!(change(&arch, "beta.h.cpu=8").unwrap_err(), told);
    }

    #[test]
    fn of_several_relationships_the_text_says_which_is_meant() {
        let text = "system s \"S\" {\n    service a \"A\"\n    service b \"B\"\n    a -> b \"x\" pool=9\n    a -> b \"gets v1.2=x\" pool=1\n    a -> b \"x\" pool=2\n    b -> a \"z\" pool=3\n}\n";
        let mut session = Session::open(&MemoryFileSystem::new(&[("w/a.groma", text)]), Path::new("w")).unwrap();
        let arch = session.snapshot().arch;
        let changed = |words: &str| {
            let edit = change(&arch, words).unwrap().edit;
            groma_base::apply_edits(text, &[(edit.span.range, &edit.text)])
        };
        assert!(changed("s.a -> s.b \"gets v1.2=x\".pool=4").contains("\"gets v1.2=x\" pool=4"));
        assert!(changed("s.a->s.b \"x\" #1.pool=4").contains("\"x\" pool=4\n    a -> b \"gets"));
        assert!(changed("s.a->s.b \"x\" #2.pool=4").contains("\"x\" pool=4\n    b -> a"));
        assert!(changed("s.b->s.a \"z\".pool=4").contains("\"z\" pool=4"));
        let twins = "2 relationships lead from `s.a` to `s.b`: write `s.a -> s.b \"x\" #1` or `s.a -> s.b \"x\" #2`";
        assert_eq!(change(&arch, "s.a->s.b \"x\".pool=4").unwrap_err(), twins);
        let ways = "write `s.a -> s.b \"x\" #1`, `s.a -> s.b \"gets v1.2=x\"` or `s.a -> s.b \"x\" #2`";
        let several = format!("3 relationships lead from `s.a` to `s.b`: {ways}");
        assert_eq!(change(&arch, "s.a->s.b.pool=10").unwrap_err(), several);
        let none = format!("no relationship from `s.a` to `s.b` has the text \"y\": {ways}");
        assert_eq!(change(&arch, "s.a->s.b \"y\".pool=10").unwrap_err(), none);
        assert_eq!(change(&arch, "s.b->s.b \"y\".pool=10").unwrap_err(), "there is no relationship `s.b -> s.b`");
    }
}

//! Changes to facts, made in the text: comments and formatting stay as they are.

use groma_base::{Edit, Span, did_you_mean, list_words, nearest};
use groma_model::kinds::{self, class};
use groma_model::schema::Fact;
use groma_model::write::{Document, EditError, Value, difference};
use groma_model::{Architecture, Entity, ItemRef, NotFound};
use groma_syntax::NodeId;

/// What is to be changed, as the command line says it: `shop.core.replicas=6`, or for a relationship
/// `shop.core->shop.db.pool=20`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    /// As it was written.
    pub words: String,
    /// The edit that makes it.
    pub edit: Edit,
}

/// Finds what a change means in an architecture.
///
/// # Errors
/// If it is not of that form, or names something that there is not; the error says what there is.
pub fn change(arch: &Architecture, words: &str) -> Result<Change, String> {
    let (target, value) = words.split_once('=').ok_or("write it as `element.fact=value`")?;
    let (owner, fact) = target.rsplit_once('.').ok_or("write it as `element.fact=value`")?;
    let at = match node(arch, owner) {
        Ok(at) => at,
        // What stands before the last dot may be a fact itself, of which a part is meant.
        Err(error) => return part(arch, words, owner, fact.trim(), value.trim()).unwrap_or(Err(error)),
    };
    let known = arch.item(at).kind;
    let Some(fact) = known.fact(fact.trim()) else {
        let near = nearest(fact, known.all_facts().map(|fact| fact.name));
        return Err(format!("`{owner}` has no fact called `{fact}`{}", hint(&near)));
    };
    only_row(arch, at, owner, fact)?;
    let edit = set_fact(arch, at, fact, &typed(value)?).map_err(|error| error.to_string())?;
    Ok(Change { words: words.to_owned(), edit })
}

/// A value as it was typed. A word that cannot be read is told of where it is written.
fn typed(value: &str) -> Result<Value, String> {
    let value = value.trim();
    Value::typed(value).ok_or_else(|| format!("`{value}` is not a valid value"))
}

/// That a fact stands in one row: of several nothing says which is meant.
fn only_row(arch: &Architecture, at: ItemRef, owner: &str, fact: &'static Fact) -> Result<(), String> {
    match arch.all_facts(at, fact).count() {
        0 | 1 => Ok(()),
        count => Err(format!("`{owner}` has {count} rows of `{}`, and nothing says which is meant", fact.name)),
    }
}

/// The node that is named: an element, a load, a failure, a place, or a relationship `a->b`.
fn node(arch: &Architecture, owner: &str) -> Result<ItemRef, String> {
    match owner.split_once("->") {
        Some((from, to)) => relation(arch, from.trim(), to.trim()),
        None => element(arch, owner.trim()),
    }
}

/// What may be meant, as the end of a message; empty if nothing is near.
fn hint(near: &[impl AsRef<str>]) -> String {
    did_you_mean(near).map(|question| format!(": {question}")).unwrap_or_default()
}

/// The change of a part of a fact, as in `shop.db.failover.after=15s`. `None` if no fact of anything is named.
fn part(arch: &Architecture, words: &str, owner: &str, part: &str, value: &str) -> Option<Result<Change, String>> {
    let (owner, fact) = owner.rsplit_once('.')?;
    let at = node(arch, owner).ok()?;
    let fact = arch.item(at).kind.fact(fact.trim())?;
    if let Err(several) = only_row(arch, at, owner, fact) {
        return Some(Err(several));
    }
    let Some(known) = fact.part(part) else {
        let near = nearest(part, fact.parts.iter().map(|part| part.name));
        return Some(Err(format!("`{}` has no part called `{part}`{}", fact.name, hint(&near))));
    };
    let Some(given) = arch.fact(at, fact) else {
        return Some(Err(format!("`{owner}` has no `{}` that `{part}` could be a part of", fact.name)));
    };
    if given.whole.end <= arch.item(at).head.end {
        let message = format!("`{}` must stand on a line of its own in `{owner}` to have a `{part}`", fact.name);
        return Some(Err(message));
    }
    let edited = typed(value).and_then(|value| {
        edit(arch, at, |document, node| {
            let said =
                *document.fact_nodes(node, written(document, node, fact)).first().ok_or(EditError::NoSuchNode)?;
            document.set_fact(said, written(document, said, known), &value)
        })
        .map_err(|error| error.to_string())
    });
    Some(edited.map(|edit| Change { words: words.to_owned(), edit }))
}

/// The edit that gives a fact of a node another value, or adds the fact to the node's line.
///
/// # Errors
/// If the text cannot be read, or gives the fact several values.
pub fn set_fact(arch: &Architecture, at: ItemRef, fact: &'static Fact, value: &Value) -> Result<Edit, EditError> {
    edit(arch, at, |document, node| document.set_fact(node, written(document, node, fact), value))
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

fn element(arch: &Architecture, path: &str) -> Result<ItemRef, String> {
    match arch.resolve(None, path, &kinds::CHANGEABLE) {
        Ok(entity) => Ok(arch.declared_at(entity)),
        Err(NotFound::Several(meant)) => {
            let ways: Vec<String> = meant.iter().map(|entity| arch.unmistakable(*entity, path)).collect();
            let ways = list_words(ways.iter().map(String::as_str), "or");
            Err(format!("`{path}` fits several things: write {ways}"))
        }
        Err(NotFound::Nothing | NotFound::Other(_)) => {
            let near = arch.near_names(path, &kinds::CHANGEABLE);
            Err(format!("there is no element, load, failure or place `{path}`{}", hint(&near)))
        }
    }
}

fn relation(arch: &Architecture, from: &str, to: &str) -> Result<ItemRef, String> {
    let end = |path: &str| match arch.resolve(None, path, class::ELEMENTS) {
        Ok(Entity::Element(id)) => Ok(id),
        _ => element(arch, path).and(Err(format!("`{path}` is not an element"))),
    };
    let found = arch.relations_between(end(from)?, end(to)?).next();
    found.map(|id| arch.relation(id).at).ok_or_else(|| format!("there is no relationship `{from} -> {to}`"))
}

#[cfg(test)]
mod tests {
    use super::change;
    use crate::{MemoryFiles, Session};
    use std::path::Path;

    #[test]
    fn a_bare_word_that_says_yes_is_given_a_value() {
        let text = "system s \"S\" external {\n    service a \"A\" {\n        public\n    }\n}\nsystem t \"T\"\ns.a -> t \"x\" encrypted {\n    retry 3 jitter\n}\n";
        let mut session = Session::open(&MemoryFiles::new(&[("w/a.groma", text)]), Path::new("w")).unwrap();
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
        assert!(changed("s.a->t.retry.jitter=#false").contains("retry 3 jitter=#false"));
    }

    #[test]
    fn facts_and_their_parts_are_changed_wherever_they_stand() {
        let text = "system s \"S\" {\n    database d \"D\" failover=automatic\n    service a \"A\" { replicas 2..8 delay=20s }\n    a -> d \"x\" pool=5\n}\ndeployment p \"P\" { host h \"H\" cpu=2 { instance s.a } }\nload l \"L\" { stage 1min rate=5/s\nstage 2min rate=8/s\nwith n }\nload m \"M\" rate=1/s\nload n \"N\" rate=1/s\n";
        let mut session = Session::open(&MemoryFiles::new(&[("w/a.groma", text)]), Path::new("w")).unwrap();
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
        assert!(change(&arch, "s.d.failover.after=5s").unwrap_err().contains("on a line of its own"));
        assert!(changed("s.a.owner=\"us; {them}\"").contains("owner=\"us; {them}\""));
        assert!(change(&arch, "s.a.replicas=3 delay=5s").unwrap_err().contains("is not a valid value"));
        assert!(change(&arch, "s.a.cpu.x=5s").is_err());
        assert!(change(&arch, "l.stage=5s").unwrap_err().contains("2 rows of `stage`"));
        assert!(change(&arch, "l.stage.rate=5/s").unwrap_err().contains("2 rows of `stage`"));
        assert!(changed("l.with=m").contains("with m"));
        assert!(change(&arch, "s.b.replicas=5").is_err());
    }
}

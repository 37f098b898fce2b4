//! What is said of words that nothing explains where they stand, and what is read for them all the same.

use super::facts::Facts;
use super::{Decoder, MISPLACED, Owner, UNKNOWN_WORD, holds, range_of};
use crate::items::{FactValue, ItemId, NAMELESS};
use crate::kinds;
use crate::kinds::class;
use crate::misplaced::{self, Context, known_words};
use crate::schema::{Fact, Head, Kind};
use crate::write::{identifier, is_name, quoted};
use groma_base::{Range, did_you_mean, has_same_letters, is_slip, list_words, nearest, now_called, only_meant};
use groma_syntax::{NodeId, Word, WordKind};
use std::borrow::Cow;

impl Decoder<'_> {
    pub(super) fn misplaced(
        &mut self,
        id: NodeId,
        kind: &'static Kind,
        parent: Option<ItemId>,
        owner: Option<&'static Kind>,
    ) {
        if self.habit_of_kind(id, kind, parent, owner) {
            return;
        }
        let node = self.tree.node(id);
        let place =
            owner.map_or("at the top of a file".to_owned(), |owner| format!("in `{}`", self.called(parent, owner)));
        let message = format!("`{}` cannot stand {place}", kind.name);
        self.report(MISPLACED, node.name.range(), message).help.push(move_it(kind));
        self.lost.push(node.range());
    }

    pub(super) fn misplaced_arrow(&mut self, id: NodeId, owner: Option<&'static Kind>, parent: Option<ItemId>) {
        let place =
            owner.map_or("at the top of a file".to_owned(), |owner| format!("in `{}`", self.called(parent, owner)));
        let Some(arrow) = self.tree.entries(id).first().map(|entry| entry.value.range()) else { return };
        let around =
            parent.map(|parent| self.items[parent].range).filter(|_| owner.is_some_and(|one| one.is(&class::EITHER)));
        let is_told = |lost: &Range| around.is_some_and(|around| around.start <= lost.start && lost.end <= around.end);
        if self.lost.iter().any(is_told) {
            return;
        }
        let word = arrow.of(&self.tree.text).to_owned();
        let span = self.span(arrow);
        let finding = self.report(MISPLACED, arrow, format!("`{word}` cannot stand {place}"));
        if word == "-->" && holds(owner, &class::RELATION) {
            finding.help.push("`-->` is an answer in a `flow`; a relationship is written `->`".to_owned());
            finding.add_fix("write `->`", span, "->");
            if let Some(kind) = kinds::arrow("->", owner).filter(|kind| kind.may_stand_in(owner)) {
                self.arrow(id, kind, parent, None);
            }
        } else {
            finding.help.push(match around {
                Some(_) => "put it into a `case 30% \"…\" { … }` or `otherwise { … }` of the `either`; for steps that happen only sometimes `chance 30% { … }` does".to_owned(),
                None => "relationships go at the top of a file or in elements, steps in a `flow`".to_owned(),
            });
            if around.is_some() {
                self.lost.push(self.tree.node(id).range());
            }
        }
    }

    pub(super) fn unknown_word(
        &mut self,
        id: NodeId,
        word: &str,
        parent: Option<ItemId>,
        owner: Option<&'static Kind>,
    ) {
        let node = self.tree.node(id);
        if self.word_before_kind(id, word, parent, owner) {
            return;
        }
        if parent.is_some_and(|parent| self.declared_elsewhere(parent, node.name.range(), word)) {
            return self.lost.push(node.range());
        }
        if parent.is_some() && self.renamed_fact(node.name.range(), word).is_some() {
            return self.lost.push(node.range());
        }
        if self.foreign_word(id, word, parent, owner) || self.without_arrow(id, word, parent, owner) {
            return;
        }
        if let Some(key) = word.strip_suffix(':').filter(|_| node.name.kind == WordKind::Bare) {
            return self.with_colon(id, key, parent, owner);
        }
        let given = parent.map_or(&[][..], |parent| &self.facts[range_of(self.items[parent].facts)]);
        // But what was read for this very node.
        let given: Vec<FactValue> = given.iter().filter(|fact| !node.range().contains(fact.range)).cloned().collect();
        let known: Vec<&str> = known_words(owner, &given).chain(self.own_facts_of(parent, &given)).collect();
        if self.name_without_kind(id, word, parent, owner) {
            return;
        }
        let same: Vec<&str> = known.iter().copied().filter(|known| has_same_letters(word, known)).collect();
        if same.len() == 1 {
            return self.nearly_known(id, word, same, parent, owner);
        }
        if self.title_in_block(id, word, parent)
            || self.end_in_block(id, word, parent)
            || self.habit(id, word, parent, owner)
        {
            return;
        }
        let meant = kinds::other_name(word).filter(|meant| known.contains(meant));
        if meant.is_none() && self.belongs_elsewhere(node.name.range(), word, parent, None) {
            // What stands in its block is not read.
            self.lost.extend(self.tree.children(id).next().map(|_| node.range()));
            return;
        }
        let is_step = || meant.is_none() && nearest(word, known.iter().copied()).is_empty();
        if is_step() && self.step_without_arrow(id, word, parent, owner) {
            return;
        }
        let near = || self.those_that_fit(id, nearest(word, known.iter().copied()));
        let near = meant.map_or_else(near, |meant| vec![meant]);
        self.nearly_known(id, word, near, parent, owner);
    }

    /// The names of the workspace's own facts that an item may have, but for those that it has already and may have once.
    fn own_facts_of(&self, item: Option<ItemId>, given: &[FactValue]) -> Vec<&'static str> {
        let Some(item) = item.map(|item| &self.items[item]) else { return Vec::new() };
        let is_free = |fact: &&'static Fact| fact.many || given.iter().all(|one| one.fact != *fact);
        self.own.of(item.kind, item.word.of(&self.tree.text)).filter(is_free).map(|fact| fact.name).collect()
    }

    /// The word that one which is none is read as at the beginning of a node: the one that is certainly meant, or else the nearest
    /// that begins like it. `None` if the workspace has a kind of that name.
    pub(super) fn slip_of(&mut self, word: &str, owner: Option<&'static Kind>) -> Option<&'static str> {
        if self.own.has_kind(word) {
            return None;
        }
        let key = (word.to_owned(), owner.map(|owner| owner.name));
        let found = || {
            let near = nearest(word, known_words(owner, &[]));
            only_meant(word, &near).or_else(|| read_as(word, &near))
        };
        *self.slips.entry(key).or_insert_with(found)
    }

    /// The fact that the first word of a node is certainly meant for, if it is neither a kind nor given already.
    pub(super) fn misspelt_fact(
        &mut self,
        id: NodeId,
        owner: &'static Kind,
        facts: Facts<'_>,
        given: &[FactValue],
    ) -> Option<&'static Fact> {
        // A word alone says too little to be read as another.
        if self.tree.entries(id).is_empty() || self.arrow_kind(id, Some(owner)).is_some() {
            return None;
        }
        let word = self.tree.name(id);
        let is_known = || kinds::by_name(&word).is_some() || misplaced::is_fact(&word) || facts.called(&word).is_some();
        if is_known() || self.arrow_slip(id, Some(owner)).is_some() {
            return None;
        }
        let meant = self.slip_of(&word, Some(owner)).filter(|meant| kinds::by_name(meant).is_none())?;
        // What is a name elsewhere lacks the word of its kind.
        if self.lacks_kind(id) {
            return None;
        }
        let is_new = |fact: &&'static Fact| fact.many || given.iter().all(|one| one.fact != *fact);
        let has_parts = |fact: &&'static Fact| {
            let mut keyed = self.tree.entries(id).iter().filter(|entry| entry.key.is_some());
            keyed.all(|entry| fact.part(&self.tree.string(entry.key)).is_some())
        };
        // Of several the one that takes what is said with it.
        let near = nearest(&word, known_words(Some(owner), &[])).into_iter().filter_map(|near| facts.called(near));
        let mut meant = facts.called(meant).into_iter().chain(near).filter(is_new).peekable();
        let first = meant.peek().copied();
        meant.find(has_parts).or(first)
    }

    /// Reports a word that may be meant for one of those near, and reads it as the nearest.
    fn nearly_known(
        &mut self,
        id: NodeId,
        word: &str,
        near: Vec<&'static str>,
        parent: Option<ItemId>,
        owner: Option<&'static Kind>,
    ) {
        let node = self.tree.node(id);
        let meant = kinds::other_name(word).filter(|meant| near == [*meant]);
        let place = owner.map_or("here".to_owned(), |owner| format!("in `{}`", self.called(parent, owner)));
        let otherwise = match owner {
            Some(owner) => format!("{} lists what can go here", explain(owner.name)),
            None => "`groma explain language` lists what can go here".to_owned(),
        };
        let is_same = near.first().is_some_and(|near| has_same_letters(word, near));
        let elsewhere = || {
            self.called_elsewhere(word, parent, None)
                .or_else(|| self.in_context(parent, None, |context| misplaced::nearer_elsewhere(word, &near, context)))
        };
        let nearer = if is_same || meant.is_some() { None } else { elsewhere() };
        let nearer = nearer.or_else(|| if near.is_empty() { kind_elsewhere(word) } else { None });
        let message = match owner {
            None => format!("unknown node kind `{word}`"),
            Some(_) => format!("unknown word `{word}` {place}"),
        };
        let is_named_so = nearer.is_none() && !near.is_empty();
        let only = match &near[..] {
            [only] if is_named_so => kinds::by_name(only).filter(|kind| kind.may_stand_in(owner)),
            _ => None,
        };
        if only.is_some_and(|kind| self.other_word_in_disorder(id, kind, &message, parent)) {
            return;
        }
        let only = only.filter(|kind| matches!(kind.head, Head::Named)).map(|kind| kind.name);
        if let (Some(title), Some(only)) = (self.title_alone(id), only) {
            let finding = self.report(UNKNOWN_WORD, node.name.range(), message);
            finding.help.push(format!("write `{only} {} {}`", identifier(&title), quoted(&title)));
            self.lost.extend([NAMELESS, node.range()]);
            return;
        }
        let certain = meant.or_else(|| only_meant(word, &near));
        self.unknown(node.name.range(), message, (&near, certain), nearer, otherwise);
        // A word alone says too little to be read as another.
        let is_more = !self.tree.entries(id).is_empty();
        let nearest = near.first().filter(|_| is_named_so && is_more).and_then(|near| kinds::by_name(near));
        match nearest.filter(|kind| kind.may_stand_in(owner)) {
            Some(kind) => self.declared(id, kind, false, parent),
            None => self.lost.push(node.range()),
        }
    }

    /// The title of a node that has no name before it.
    pub(super) fn title_alone(&self, id: NodeId) -> Option<String> {
        self.title_of(id).map(|title| self.tree.string(title).into_owned())
    }

    /// The title of a node right behind its first word.
    pub(super) fn title_of(&self, id: NodeId) -> Option<Word> {
        let first = self.tree.entries(id).first().filter(|first| !first.key.is_some())?.value;
        let text = self.tree.string(first);
        let is_like_a_name = is_name(&text) && !text.chars().any(char::is_uppercase);
        (first.kind == WordKind::Quoted && !is_like_a_name && !text.is_empty()).then_some(first)
    }

    /// Reports a word with a colon, as YAML has its keys.
    pub(super) fn with_colon(&mut self, id: NodeId, key: &str, parent: Option<ItemId>, owner: Option<&'static Kind>) {
        let node = *self.tree.node(id);
        let range = node.name.range();
        if self.kind_after_colon(id, key, parent, owner) {
            return;
        }
        let colon = self.span(Range::new(range.end - 1, range.end));
        let is_known = known_words(owner, &[]).any(|word| word == key);
        let finding = self.report(UNKNOWN_WORD, range, "a word is not followed by a colon");
        if is_known {
            finding.help.push(format!("write `{key}`"));
            finding.add_fix(format!("write `{key}`"), colon, "");
        } else {
            let help = "write a node as `kind name \"Title\"`, and a fact as `name value` in its block";
            finding.help.push(help.to_owned());
        }
        let kind = kinds::by_name(key).filter(|kind| is_known && kind.may_stand_in(owner));
        match kind {
            Some(kind) => self.declared(id, kind, false, parent),
            None => self.lost.push(node.range()),
        }
    }

    /// `jobs: queue "Jobs"`: the name before the kind. Whether it was that.
    fn kind_after_colon(
        &mut self,
        id: NodeId,
        key: &str,
        parent: Option<ItemId>,
        owner: Option<&'static Kind>,
    ) -> bool {
        let node = *self.tree.node(id);
        let [first, rest @ ..] = self.tree.entries(id) else { return false };
        let first = first.value.range();
        let kind = kinds::by_name(first.of(&self.tree.text)).filter(|kind| kind.may_stand_in(owner));
        let Some(kind) = kind.filter(|kind| matches!(kind.head, Head::Named) && is_name(key)) else { return false };
        let is_named = rest.first().is_some_and(|next| !next.key.is_some() && next.value.kind == WordKind::Bare);
        if is_named || node.block.is_none() && rest.is_empty() {
            return false;
        }
        let name = node.name.range();
        let whole = self.span(name.cover(first));
        let meant = format!("{} {key}", kind.name);
        self.report(UNKNOWN_WORD, name, "the kind of a node comes before its name").add_meant(whole, meant);
        let at = self.push_item(id, kind, false, parent);
        self.items[at].name = Range::new(name.start, name.end - 1);
        let mut gathered = super::Gathered::new();
        let rest = self.arguments(id, 1);
        self.title_and_flags((id, at), kind, &rest, &mut gathered);
        self.finish_item(id, at, kind, gathered);
        true
    }

    /// `db "Write" time=4ms` among steps: whom a step calls, without who calls it. Whether it was that.
    fn step_without_arrow(
        &mut self,
        id: NodeId,
        word: &str,
        parent: Option<ItemId>,
        owner: Option<&'static Kind>,
    ) -> bool {
        let node = *self.tree.node(id);
        let is_titled = self
            .tree
            .entries(id)
            .first()
            .is_some_and(|first| !first.key.is_some() && first.value.kind == WordKind::Quoted);
        let is_path = node.name.kind == WordKind::Bare && word.split('.').all(is_name);
        if !is_titled
            || !is_path
            || owner.is_none()
            || !holds(owner, &class::STEP)
            || owner.is_some_and(|owner| owner.is(&class::EITHER))
        {
            return false;
        }
        let items = std::iter::successors(parent, |item| self.items[*item].parent);
        let around = items.into_iter().find(|item| self.items[*item].kind.is(&class::STEP));
        let text = &self.tree.text;
        let from = around.map_or("a", |step| self.items[step].target.of(text));
        let title = self.tree.entries(id)[0].value.range().of(text);
        let help = format!("a step is an arrow: write `{from} -> {word} {title}`");
        let message = format!("`{word}` is no kind of step");
        self.report(UNKNOWN_WORD, node.name.range(), message).help.push(help);
        self.lost.push(node.range());
        true
    }

    /// Reports a property that its owner does not have. Only what is no fact anywhere is taken for a slip of the pen, and
    /// never for a fact that is given already. The fact that it is read as, if there is one.
    pub(super) fn unknown_fact(&mut self, owner: Owner, range: Range, key: &str) -> Option<&'static Fact> {
        if let Some(today) = owner.fact.is_none().then(|| self.renamed_fact(range, key)).flatten() {
            return self.facts_at(owner).called(today?);
        }
        if owner.fact.is_none() && self.declared_elsewhere(owner.item, range, key)
            || self.end_of_range(owner, range, key)
            || self.habit_of_property(owner, range, key)
            || self.part_on_line(owner, range, key)
            || self.belongs_elsewhere(range, key, Some(owner.item), owner.fact)
        {
            return None;
        }
        let kind = self.items[owner.item].kind;
        let given = self.given(owner.node);
        let known = self.facts_at(owner).all().into_iter();
        let known = known.filter(|fact| fact.many || !given.iter().any(|one| one == fact.name)).map(|fact| fact.name);
        let known: Vec<&str> = known.collect();
        let near = nearest(key, known.iter().copied());
        let name = owner.fact.map_or(kind.name, |fact| fact.name);
        let message = format!("`{}` has no fact called `{key}`", self.name_of(owner));
        let nearer = self.called_elsewhere(key, Some(owner.item), owner.fact).or_else(|| {
            self.in_context(Some(owner.item), owner.fact, |context| misplaced::nearer_elsewhere(key, &near, context))
        });
        let nearer = nearer.or_else(|| other_percentile(key, &known));
        let otherwise = match owner.fact {
            Some(fact) if !known.is_empty() => {
                format!("`{}` has {}", fact.name, list_words(known.iter().copied().take(8), "and"))
            }
            _ => format!("{} lists its facts", explain(name)),
        };
        let is_here = nearer.is_none();
        let certain = only_meant(key, &near).filter(|_| is_here);
        self.unknown(range, message, (&near, certain), nearer, otherwise);
        let read_as = certain.or_else(|| read_as(key, &near).filter(|_| is_here));
        self.facts_at(owner).called(read_as?)
    }

    /// Reports a fact of the workspace's own that other kinds of things have. Whether it was one.
    fn declared_elsewhere(&mut self, item: ItemId, range: Range, key: &str) -> bool {
        let Some(own) = self.own.all().iter().find(|own| own.fact.name == key) else { return false };
        let name = self.called(Some(item), self.items[item].kind);
        let on = list_words(own.on.iter().map(|word| &**word), "and");
        let help = format!("it is declared on {on}: add `{name}` to `on` of `fact {key}`");
        self.report(UNKNOWN_WORD, range, format!("`{name}` has no fact called `{key}`")).help.push(help);
        true
    }

    /// Reports the old name of a fact of the workspace's own. The only fact that had it; `None` if none had.
    fn renamed_fact(&mut self, range: Range, key: &str) -> Option<Option<&'static str>> {
        let had_it = self.own.all().iter().filter(|own| own.fact.other_names.contains(&key)).map(|own| own.fact.name);
        let names: Vec<&'static str> = had_it.collect();
        if names.is_empty() {
            return None;
        }
        let today: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let (message, help, only) = now_called(key, &today);
        let span = self.span(range);
        let finding = self.report(UNKNOWN_WORD, range, message);
        finding.help.push(help.clone());
        if let Some(only) = only {
            finding.add_fix(help, span, only);
        }
        Some(only.and(names.first().copied()))
    }

    /// Reports an unknown word with the words that it may be meant for, and puts the one in its place that certainly is. `nearer` tells
    /// where one belongs that is nearer, and `otherwise` what to do where none is near.
    pub(super) fn unknown(
        &mut self,
        range: Range,
        message: String,
        (near, certain): (&[&str], Option<&str>),
        nearer: Option<String>,
        otherwise: String,
    ) {
        let span = self.span(range);
        let finding = self.report(UNKNOWN_WORD, range, message);
        finding.help.push(match &nearer {
            Some(nearer) => nearer.clone(),
            None => did_you_mean(near).unwrap_or(otherwise),
        });
        if let (Some(certain), None) = (certain, nearer) {
            finding.add_fix(format!("write `{certain}`"), span, certain);
        }
    }

    /// The names of the properties and nodes in a node.
    pub(super) fn given(&self, node: NodeId) -> Vec<Cow<'_, str>> {
        let keys = self.tree.entries(node).iter().filter(|entry| entry.key.is_some());
        let keys = keys.map(|entry| self.tree.string(entry.key));
        keys.chain(self.tree.children(node).map(|child| self.tree.name(child))).collect()
    }

    /// Asks something about the place of a word in an item, or in a fact of it.
    pub(super) fn in_context<T>(
        &self,
        item: Option<ItemId>,
        fact: Option<&'static Fact>,
        ask: impl FnOnce(Context<'_>) -> T,
    ) -> T {
        let kind = item.map(|item| self.items[item].kind);
        let called = kind.map_or("", |kind| self.called(item, kind));
        let item = item.map(|item| &self.items[item]);
        let text = &self.tree.text;
        let arrow = item.map_or(String::new(), |item| format!("{} -> {}", item.name.of(text), item.target.of(text)));
        ask(Context { kind, fact, arrow: &arrow, called })
    }

    /// Reports a word that is a fact, but not of this item, or not a part of this fact of it. Tells whether it is one.
    pub(super) fn belongs_elsewhere(
        &mut self,
        range: Range,
        word: &str,
        item: Option<ItemId>,
        fact: Option<&'static Fact>,
    ) -> bool {
        let message = self.in_context(item, fact, |context| misplaced::elsewhere(word, context));
        let Some(message) = message else { return false };
        let help = match word {
            "title" => "a title goes in quotes on the line of its node, after the name".to_owned(),
            _ => format!("move it there; {} explains it", explain(word)),
        };
        self.report(MISPLACED, range, message).help.push(help);
        true
    }

    pub(super) fn unknown_part(&mut self, id: NodeId, word: &str, item: ItemId, fact: &'static Fact) {
        let node = self.tree.node(id);
        if let Some(meant) = fact.part_also_called(&word.to_lowercase()) {
            return self.called_otherwise(
                id,
                meant,
                UNKNOWN_WORD,
                format!("`{}` has no part called `{word}`", fact.name),
            );
        }
        if self.belongs_elsewhere(node.name.range(), word, Some(item), Some(fact)) {
            return;
        }
        let known: Vec<&str> = fact.parts.iter().map(|part| part.name).collect();
        let help = if known.is_empty() {
            format!("`{}` has no parts", fact.name)
        } else {
            format!("it has {}", list_words(known, "and"))
        };
        self.report(UNKNOWN_WORD, node.name.range(), format!("`{}` has no part called `{word}`", fact.name))
            .help
            .push(help);
    }
}

/// What is said of a percentile that is not among those that there are.
fn other_percentile(word: &str, known: &[&str]) -> Option<String> {
    let known: Vec<&str> = known.iter().copied().filter(|known| is_percentile(known)).collect();
    let says = || format!("the percentiles are {}", list_words(known.iter().copied(), "and"));
    (is_percentile(word) && !known.is_empty()).then(says)
}

/// `p95`.
pub(super) fn is_percentile(word: &str) -> bool {
    word.strip_prefix('p').is_some_and(|number| number.parse::<f64>().is_ok())
}

fn first_few<'a>(words: &[&'a str]) -> Vec<&'a str> {
    words.iter().filter(|word| !word.starts_with('-')).take(6).copied().collect()
}

/// The command that explains a word, as a shell takes it.
fn explain(word: &str) -> String {
    if word.contains('>') { format!("`groma explain '{word}'`") } else { format!("`groma explain {word}`") }
}

/// Where a node of a kind is to be put.
fn move_it(kind: &Kind) -> String {
    let homes: Vec<&str> = kinds::all().filter(|home| kind.may_stand_in(Some(home))).map(|home| home.name).collect();
    match (kind.may_stand_in(None), homes.is_empty()) {
        (true, true) => "move it to the top of the file".to_owned(),
        (true, false) => format!("move it to the top of the file or into {}", list_words(first_few(&homes), "or")),
        (false, _) => format!("put it into {}", list_words(first_few(&homes), "or")),
    }
}

/// The kind that an unknown word is a slip of, though it cannot stand there, and where it can.
fn kind_elsewhere(word: &str) -> Option<String> {
    let names = kinds::all().filter(|kind| !matches!(kind.head, Head::Arrow)).map(|kind| kind.name);
    let meant = *nearest(word, names).first().filter(|meant| is_slip(word, meant))?;
    Some(format!("did you mean `{meant}`? {}", move_it(kinds::by_name(meant)?)))
}

/// The nearest of the words that are near to one, if it begins like it: not so certain that it may be written, but it may be read.
fn read_as<'n>(word: &str, near: &[&'n str]) -> Option<&'n str> {
    near.first().copied().filter(|nearest| word.get(..1) == nearest.get(..1))
}
